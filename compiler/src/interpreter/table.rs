//! Tables of references.

use crate::microwasm::Type;
use crate::runtime::table::MAX_ELEMENTS;
use crate::trap::TrapKind;
use crate::wasm::module::{Limits, TableType};

/// A table of a store.
#[derive(Debug)]
pub(super) struct Table {
    /// The bits of its elements.
    pub(super) elements: Vec<u64>,
    pub(super) element: Type,
    max: Option<u64>,
}

impl Table {
    /// A table filled with a reference, or `None` if a limit or the system forbids it.
    pub(super) fn new(ty: &TableType, init: u64) -> Option<Table> {
        let mut table = Table { elements: Vec::new(), element: ty.element, max: ty.limits.max };
        table.resize(ty.limits.min, init).then_some(table)
    }

    /// The size in elements.
    pub(super) fn size(&self) -> u64 {
        self.elements.len() as u64
    }

    /// Its type; the minimum is its present size.
    pub(super) fn ty(&self) -> TableType {
        TableType { element: self.element, limits: Limits { min: self.size(), max: self.max } }
    }

    fn resize(&mut self, size: u64, init: u64) -> bool {
        if size > MAX_ELEMENTS || self.elements.try_reserve(size as usize - self.elements.len()).is_err() {
            return false;
        }
        self.elements.resize(size as usize, init);
        true
    }

    /// Grows by elements and returns the old size, or `None` if a limit or the system forbids it.
    pub(super) fn grow(&mut self, delta: u32, init: u64) -> Option<u64> {
        let old = self.size();
        let new = old + u64::from(delta);
        (new <= self.max.unwrap_or(MAX_ELEMENTS) && self.resize(new, init)).then_some(old)
    }

    fn range(&self, start: u32, length: u32) -> Result<std::ops::Range<usize>, TrapKind> {
        super::segments::range(start.into(), length.into(), self.elements.len()).ok_or(TrapKind::TableOutOfBounds)
    }

    pub(super) fn get(&self, index: u32) -> Result<u64, TrapKind> {
        self.elements.get(index as usize).copied().ok_or(TrapKind::TableOutOfBounds)
    }

    pub(super) fn set(&mut self, index: u32, value: u64) -> Result<(), TrapKind> {
        *self.elements.get_mut(index as usize).ok_or(TrapKind::TableOutOfBounds)? = value;
        Ok(())
    }

    pub(super) fn fill(&mut self, start: u32, value: u64, length: u32) -> Result<(), TrapKind> {
        let range = self.range(start, length)?;
        self.elements[range].fill(value);
        Ok(())
    }

    pub(super) fn copy_within(&mut self, to: u32, from: u32, length: u32) -> Result<(), TrapKind> {
        let source = self.range(from, length)?;
        let target = self.range(to, length)?;
        self.elements.copy_within(source, target.start);
        Ok(())
    }

    /// Copies from a list of references: another table's, or a segment's.
    pub(super) fn init(&mut self, to: u32, from: u32, length: u32, items: &[u64]) -> Result<(), TrapKind> {
        let source = super::segments::range(from.into(), length.into(), items.len());
        let source = source.ok_or(TrapKind::TableOutOfBounds)?;
        let target = self.range(to, length)?;
        self.elements[target].copy_from_slice(&items[source]);
        Ok(())
    }
}
