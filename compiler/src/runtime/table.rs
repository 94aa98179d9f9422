//! Tables of references.

use crate::microwasm::Type;
use crate::runtime::error::Error;
use crate::runtime::stable::Stable;
use crate::runtime::store::{AsContext, AsContextMut, StoreId, StoreOpaque};
use crate::runtime::value::Val;
use crate::runtime::vmcontext::VmTable;
use crate::seeded::{Bug, seeded};
use crate::trap::TrapKind;
use crate::wasm::module::{Limits, TableType};

/// The most elements that a table can have: the limit of the JavaScript embedding.
pub const MAX_ELEMENTS: u64 = 10_000_000;

/// A table of a store.
#[derive(Debug)]
#[repr(C)]
pub struct TableRecord {
    /// What compiled code reads; must be the first field.
    vm: VmTable,
    elements: Vec<u64>,
    element: Type,
    max: Option<u64>,
}

impl TableRecord {
    /// A table of this type, filled with the reference's bits.
    pub(crate) fn new(ty: &TableType, init: u64) -> Result<TableRecord, Error> {
        let mut table = TableRecord {
            vm: VmTable { base: std::ptr::null_mut(), elements: 0 },
            elements: Vec::new(),
            element: ty.element,
            max: ty.limits.max,
        };
        if !table.resize(ty.limits.min, init) {
            let reason = format!("{} elements exceed the limit or the system's memory", ty.limits.min);
            return Err(Error::Resource { what: "a table", reason });
        }
        Ok(table)
    }

    fn resize(&mut self, size: u64, init: u64) -> bool {
        if size > MAX_ELEMENTS {
            return false;
        }
        let size = size as usize;
        if self.elements.try_reserve(size.saturating_sub(self.elements.len())).is_err() {
            return false;
        }
        self.elements.resize(size, init);
        self.vm = VmTable { base: self.elements.as_mut_ptr(), elements: size };
        true
    }

    /// The size in elements.
    pub(crate) fn size(&self) -> u64 {
        self.vm.elements as u64
    }

    /// Grows by elements and returns the old size, or `None` if a limit or the system forbids it.
    pub(crate) fn grow(&mut self, delta: u64, init: u64) -> Option<u64> {
        let old = self.size();
        let new = old.checked_add(delta)?;
        let init = if seeded(Bug::TableGrowsNull) { 0 } else { init };
        let max = if seeded(Bug::TableMaximumIgnored) { None } else { self.max };
        (new <= max.unwrap_or(MAX_ELEMENTS) && self.resize(new, init)).then_some(old)
    }

    /// The elements' bits.
    pub(crate) fn elements(&self) -> &[u64] {
        if self.vm.elements == 0 {
            return &[];
        }
        // SAFETY: the array's address and size; it is read by the pointer that compiled code writes through.
        unsafe { std::slice::from_raw_parts(self.vm.base, self.vm.elements) }
    }

    /// The elements' bits, to be changed.
    pub(crate) fn elements_mut(&mut self) -> &mut [u64] {
        if self.vm.elements == 0 {
            return &mut [];
        }
        // SAFETY: as for `elements`; `self` is mutably borrowed.
        unsafe { std::slice::from_raw_parts_mut(self.vm.base, self.vm.elements) }
    }

    /// Overwrites a range with one reference.
    pub(crate) fn fill(&mut self, start: u64, value: u64, length: u64) -> Result<(), TrapKind> {
        let mut range = range(start, length, self.size())?;
        range.end -= usize::from(seeded(Bug::TableFillShort) && length > 1);
        self.elements_mut()[range].fill(value);
        Ok(())
    }

    pub(crate) fn ty(&self) -> TableType {
        TableType { element: self.element, limits: Limits { min: self.size(), max: self.max } }
    }
}

/// The range, if it lies inside a table of this size.
pub(crate) fn range(start: u64, length: u64, size: u64) -> Result<std::ops::Range<usize>, TrapKind> {
    match start.checked_add(length) {
        Some(end) if end <= size => Ok(start as usize..end as usize),
        _ => Err(TrapKind::TableOutOfBounds),
    }
}

/// A table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Table {
    store: StoreId,
    index: usize,
}

impl Table {
    /// A table of the host's own, filled with this reference.
    ///
    /// # Errors
    ///
    /// [`Error::ValueType`] if the reference does not fit; [`Error::Resource`] if there is no
    /// memory for it.
    pub fn new(mut store: impl AsContextMut, ty: TableType, init: Val) -> Result<Table, Error> {
        let store = &mut store.as_context_mut().0.opaque;
        let bits = init.to_bits_of(ty.element, store)? as u64;
        store.tables.push(Stable::new(TableRecord::new(&ty, bits)?));
        Ok(Table { store: store.id(), index: store.tables.len() - 1 })
    }

    pub(crate) fn add(store: &mut StoreOpaque, ty: &TableType) -> Result<usize, Error> {
        store.tables.push(Stable::new(TableRecord::new(ty, 0)?));
        Ok(store.tables.len() - 1)
    }

    pub(crate) fn from_index(store: StoreId, index: usize) -> Table {
        Table { store, index }
    }

    pub(crate) fn index_in(self, store: &StoreOpaque) -> Option<usize> {
        (self.store == store.id()).then_some(self.index)
    }

    fn record<'a>(&self, store: &'a StoreOpaque) -> &'a TableRecord {
        store.check(self.store);
        store.tables[self.index].get()
    }

    fn record_mut<'a>(&self, store: &'a mut StoreOpaque) -> &'a mut TableRecord {
        store.check(self.store);
        store.tables[self.index].get_mut()
    }

    /// The table's type; the minimum is its present size.
    ///
    /// # Panics
    ///
    /// If it belongs to another store, as all functions here.
    pub fn ty(&self, store: impl AsContext) -> TableType {
        self.record(&store.as_context().0.opaque).ty()
    }

    /// The size in elements.
    pub fn size(&self, store: impl AsContext) -> u64 {
        self.record(&store.as_context().0.opaque).size()
    }

    /// An element, or `None` beyond the end.
    pub fn get(&self, store: impl AsContext, index: u64) -> Option<Val> {
        let record = self.record(&store.as_context().0.opaque);
        let bits = record.elements().get(usize::try_from(index).ok()?)?;
        Some(Val::from_bits(record.element, u128::from(*bits), self.store))
    }

    /// Overwrites an element.
    ///
    /// # Errors
    ///
    /// [`Error::ValueType`] if the reference does not fit; [`Error::OutOfBounds`].
    pub fn set(&self, store: impl AsContextMut, index: u64, value: Val) -> Result<(), Error> {
        self.fill(store, index, value, 1)
    }

    /// Overwrites a range with one reference.
    ///
    /// # Errors
    ///
    /// [`Error::ValueType`] if the reference does not fit; [`Error::OutOfBounds`], and then nothing
    /// was written.
    pub fn fill(&self, mut store: impl AsContextMut, start: u64, value: Val, length: u64) -> Result<(), Error> {
        let store = &mut store.as_context_mut().0.opaque;
        let bits = value.to_bits_of(self.record(store).element, store)? as u64;
        self.record_mut(store).fill(start, bits, length).map_err(|_| Error::OutOfBounds("table"))
    }

    /// Grows by elements, all this reference, and returns the old size.
    ///
    /// # Errors
    ///
    /// [`Error::ValueType`] if the reference does not fit; [`Error::Resource`] if its maximum or
    /// the system forbids it.
    pub fn grow(&self, mut store: impl AsContextMut, delta: u64, init: Val) -> Result<u64, Error> {
        let store = &mut store.as_context_mut().0.opaque;
        let bits = init.to_bits_of(self.record(store).element, store)? as u64;
        self.record_mut(store).grow(delta, bits).ok_or_else(|| Error::Resource {
            what: "table elements",
            reason: format!("growing by {delta} exceeds the maximum or the system's memory"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_fills_and_respects_limits() {
        let ty = TableType { element: Type::FuncRef, limits: Limits { min: 2, max: Some(5) } };
        let mut table = TableRecord::new(&ty, 0).unwrap();
        assert_eq!(table.grow(3, 9), Some(2));
        assert_eq!(table.grow(1, 9), None);
        assert_eq!(table.grow(u64::MAX, 9), None);
        assert_eq!(table.elements(), &[0, 0, 9, 9, 9]);
        assert_eq!(table.vm.base.cast_const(), table.elements.as_ptr());
        assert_eq!(table.fill(4, 1, 2), Err(TrapKind::TableOutOfBounds));
        assert_eq!(table.fill(5, 1, 0), Ok(()));
        assert_eq!(table.fill(6, 1, 0), Err(TrapKind::TableOutOfBounds));
        assert_eq!(table.elements(), &[0, 0, 9, 9, 9]);
    }
}
