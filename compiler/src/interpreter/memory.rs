//! Linear memories.

use crate::runtime::memory::{MAX_PAGES, WASM_PAGE};
use crate::trap::TrapKind;
use crate::wasm::module::{Limits, MemoryType};

/// A memory of a store.
#[derive(Debug)]
pub(super) struct Memory {
    pub(super) bytes: Vec<u8>,
    max: Option<u64>,
}

impl Memory {
    /// A memory filled with zeros, or `None` if a limit or the system forbids it.
    pub(super) fn new(ty: &MemoryType) -> Option<Memory> {
        if ty.limits.min > MAX_PAGES {
            return None;
        }
        let size = ty.limits.min as usize * WASM_PAGE;
        // `vec!` gets zeros from the system as they are touched, but ends the process without memory: ask first.
        Vec::<u8>::new().try_reserve_exact(size).ok()?;
        Some(Memory { bytes: vec![0; size], max: ty.limits.max })
    }

    /// The size in pages.
    pub(super) fn pages(&self) -> u64 {
        (self.bytes.len() / WASM_PAGE) as u64
    }

    /// Its type; the minimum is its present size.
    pub(super) fn ty(&self) -> MemoryType {
        MemoryType { limits: Limits { min: self.pages(), max: self.max } }
    }

    /// Grows by pages and returns the old size, or `None` if a limit or the system forbids it.
    pub(super) fn grow(&mut self, delta: u64) -> Option<u64> {
        let old = self.pages();
        let new = old.checked_add(delta)?;
        if new > self.max.unwrap_or(MAX_PAGES).min(MAX_PAGES) {
            return None;
        }
        let size = new as usize * WASM_PAGE;
        self.bytes.try_reserve(size - self.bytes.len()).ok()?;
        self.bytes.resize(size, 0);
        Some(old)
    }

    /// The range, if it lies in the memory.
    fn range(&self, start: u64, length: u64) -> Result<std::ops::Range<usize>, TrapKind> {
        super::segments::range(start, length, self.bytes.len()).ok_or(TrapKind::MemoryOutOfBounds)
    }

    /// So many bytes at an address, in little-endian order, zeros above.
    pub(super) fn load(&self, address: u64, bytes: u32) -> Result<u128, TrapKind> {
        let mut raw = [0; 16];
        raw[..bytes as usize].copy_from_slice(&self.bytes[self.range(address, bytes.into())?]);
        Ok(u128::from_le_bytes(raw))
    }

    /// Writes a value's lowest bytes, in little-endian order.
    pub(super) fn store(&mut self, address: u64, bytes: u32, value: u128) -> Result<(), TrapKind> {
        let range = self.range(address, bytes.into())?;
        self.bytes[range].copy_from_slice(&value.to_le_bytes()[..bytes as usize]);
        Ok(())
    }

    pub(super) fn fill(&mut self, start: u32, value: u8, length: u32) -> Result<(), TrapKind> {
        let range = self.range(start.into(), length.into())?;
        self.bytes[range].fill(value);
        Ok(())
    }

    pub(super) fn copy(&mut self, to: u32, from: u32, length: u32) -> Result<(), TrapKind> {
        let source = self.range(from.into(), length.into())?;
        let target = self.range(to.into(), length.into())?;
        self.bytes.copy_within(source, target.start);
        Ok(())
    }

    pub(super) fn init(&mut self, to: u32, from: u32, length: u32, data: &[u8]) -> Result<(), TrapKind> {
        let source = super::segments::range(from.into(), length.into(), data.len());
        let source = source.ok_or(TrapKind::MemoryOutOfBounds)?;
        let target = self.range(to.into(), length.into())?;
        self.bytes[target].copy_from_slice(&data[source]);
        Ok(())
    }
}
