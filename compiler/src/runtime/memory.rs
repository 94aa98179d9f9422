//! Linear memories: guarded reservations that never move.

use crate::link::mapping::page_size;
use crate::runtime::error::Error;
use crate::runtime::stable::Stable;
use crate::runtime::store::{AsContext, AsContextMut, StoreId, StoreOpaque};
use crate::runtime::vmcontext::VmMemory;
use crate::seeded::{Bug, seeded};
use crate::wasm::module::{Limits, MemoryType};
use std::io;
use std::ptr;

/// A page of a Wasm memory, in bytes.
pub const WASM_PAGE: usize = 64 << 10;
/// The most pages that a 32-bit memory can have.
pub const MAX_PAGES: u64 = 1 << 16;
/// The address space of each memory: a 32-bit address plus a 32-bit offset plus the widest access
/// lie inside, so compiled code checks no bounds.
pub(crate) const RESERVED_BYTES: usize = (8 << 30) + WASM_PAGE;

/// Address space without memory behind it, of [`RESERVED_BYTES`].
#[derive(Debug)]
struct Reservation {
    base: *mut u8,
}

impl Reservation {
    fn new() -> io::Result<Reservation> {
        // SAFETY: a new mapping at an address of the system's choice, without access.
        let base = unsafe {
            libc::mmap(
                ptr::null_mut(),
                RESERVED_BYTES,
                libc::PROT_NONE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if base == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(Reservation { base: base.cast() }) }
    }

    /// Makes bytes readable and writable; they are zero.
    fn commit(&self, from: usize, to: usize) -> io::Result<()> {
        debug_assert!(from <= to && to <= 4 << 30 && from.is_multiple_of(page_size()));
        if from == to {
            return Ok(());
        }
        // SAFETY: a part of our own mapping.
        let status =
            unsafe { libc::mprotect(self.base.add(from).cast(), to - from, libc::PROT_READ | libc::PROT_WRITE) };
        if status == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        // SAFETY: our own mapping; its store is being dropped, so nothing uses it any more.
        let status = unsafe { libc::munmap(self.base.cast(), RESERVED_BYTES) };
        debug_assert_eq!(status, 0, "a mapping of our own can be unmapped");
    }
}

/// A memory of a store.
#[derive(Debug)]
#[repr(C)]
pub struct MemoryRecord {
    /// What compiled code reads; must be the first field.
    vm: VmMemory,
    max: Option<u64>,
    reservation: Reservation,
}

impl MemoryRecord {
    /// A memory of this type, filled with zeros.
    pub(crate) fn new(ty: &MemoryType) -> Result<MemoryRecord, Error> {
        let refused = |reason: String| Error::Resource { what: "a memory", reason };
        if ty.limits.min > MAX_PAGES {
            return Err(refused(format!("{} pages are more than {MAX_PAGES}", ty.limits.min)));
        }
        let bytes = ty.limits.min as usize * WASM_PAGE;
        let reservation = Reservation::new().map_err(|error| refused(error.to_string()))?;
        reservation.commit(0, bytes).map_err(|error| refused(error.to_string()))?;
        Ok(MemoryRecord { vm: VmMemory { base: reservation.base, bytes }, max: ty.limits.max, reservation })
    }

    /// The size in pages.
    pub(crate) fn pages(&self) -> u64 {
        (self.vm.bytes / WASM_PAGE) as u64
    }

    pub(crate) fn base(&self) -> *mut u8 {
        self.vm.base
    }

    pub(crate) fn bytes(&self) -> usize {
        self.vm.bytes
    }

    /// Grows by pages and returns the old size, or `None` if a limit or the system forbids it.
    pub(crate) fn grow(&mut self, delta: u64) -> Option<u64> {
        let old = self.pages();
        let new = old.checked_add(delta)?;
        let max = if seeded(Bug::GrowIgnoresMaximum) { None } else { self.max };
        if new > max.unwrap_or(MAX_PAGES).min(MAX_PAGES) {
            return None;
        }
        let bytes = new as usize * WASM_PAGE;
        self.reservation.commit(self.vm.bytes, bytes).ok()?;
        self.vm.bytes = bytes;
        Some(if seeded(Bug::GrowReturnsNewSize) { new } else { old })
    }

    pub(crate) fn ty(&self) -> MemoryType {
        MemoryType { limits: Limits { min: self.pages(), max: self.max } }
    }
}

/// A memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Memory {
    store: StoreId,
    index: usize,
}

impl Memory {
    /// A memory of the host's own.
    ///
    /// # Errors
    ///
    /// [`Error::Resource`] if the address space or the memory cannot be had.
    pub fn new(mut store: impl AsContextMut, ty: MemoryType) -> Result<Memory, Error> {
        let store = &mut store.as_context_mut().0.opaque;
        Memory::add(store, &ty).map(|index| Memory::from_index(store.id(), index))
    }

    pub(crate) fn add(store: &mut StoreOpaque, ty: &MemoryType) -> Result<usize, Error> {
        store.memories.push(Stable::new(MemoryRecord::new(ty)?));
        Ok(store.memories.len() - 1)
    }

    pub(crate) fn from_index(store: StoreId, index: usize) -> Memory {
        Memory { store, index }
    }

    pub(crate) fn index_in(self, store: &StoreOpaque) -> Option<usize> {
        (self.store == store.id()).then_some(self.index)
    }

    fn record<'a, T: 'static>(&self, store: &'a impl AsContext<Data = T>) -> &'a MemoryRecord {
        let store = &store.as_context().0.opaque;
        store.check(self.store);
        store.memories[self.index].get()
    }

    /// The memory's type; the minimum is its present size.
    ///
    /// # Panics
    ///
    /// If it belongs to another store, as all functions here.
    pub fn ty(&self, store: impl AsContext) -> MemoryType {
        self.record(&store).ty()
    }

    /// The size in pages of 64 KiB.
    pub fn size(&self, store: impl AsContext) -> u64 {
        self.record(&store).pages()
    }

    /// The size in bytes.
    pub fn data_size(&self, store: impl AsContext) -> usize {
        self.record(&store).bytes()
    }

    /// The bytes.
    pub fn data<'a, T: 'static>(&self, store: &'a impl AsContext<Data = T>) -> &'a [u8] {
        let record = self.record(store);
        // SAFETY: that many bytes are mapped; while the store is borrowed nothing writes to them.
        unsafe { std::slice::from_raw_parts(record.base(), record.bytes()) }
    }

    /// The bytes, to be changed.
    pub fn data_mut<'a, T: 'static>(&self, store: &'a mut impl AsContextMut<Data = T>) -> &'a mut [u8] {
        let record = self.record(store);
        // SAFETY: that many bytes are mapped; the store is mutably borrowed, so nothing else reads or writes them.
        unsafe { std::slice::from_raw_parts_mut(record.base(), record.bytes()) }
    }

    /// The bytes to be changed, and the host's data beside them.
    pub fn data_and_store_mut<'a, T: 'static>(
        &self,
        store: &'a mut impl AsContextMut<Data = T>,
    ) -> (&'a mut [u8], &'a mut T) {
        let record = self.record(store);
        let (base, bytes) = (record.base(), record.bytes());
        let data = &mut store.as_context_mut().0.data as *mut T;
        // SAFETY: as for `data_mut`; a memory's bytes lie outside the store's own structures, so that the two borrows
        // do not overlap, and both last no longer than the borrow of the store.
        unsafe { (std::slice::from_raw_parts_mut(base, bytes), &mut *data) }
    }

    /// Copies from the memory.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfBounds`]; then nothing was copied.
    pub fn read(&self, store: impl AsContext, offset: usize, buffer: &mut [u8]) -> Result<(), Error> {
        let data = self.data(&store);
        let end = offset.checked_add(buffer.len());
        let source = end.and_then(|end| data.get(offset..end)).ok_or(Error::OutOfBounds("memory"))?;
        buffer.copy_from_slice(source);
        Ok(())
    }

    /// Copies to the memory.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfBounds`]; then nothing was copied.
    pub fn write(&self, mut store: impl AsContextMut, offset: usize, buffer: &[u8]) -> Result<(), Error> {
        let data = self.data_mut(&mut store);
        let end = offset.checked_add(buffer.len());
        let target = end.and_then(|end| data.get_mut(offset..end)).ok_or(Error::OutOfBounds("memory"))?;
        target.copy_from_slice(buffer);
        Ok(())
    }

    /// Grows by pages of 64 KiB and returns the old size in pages.
    ///
    /// # Errors
    ///
    /// [`Error::Resource`] if its maximum or the system forbids it.
    pub fn grow(&self, mut store: impl AsContextMut, delta: u64) -> Result<u64, Error> {
        let store = &mut store.as_context_mut().0.opaque;
        store.check(self.store);
        store.memories[self.index].get_mut().grow(delta).ok_or_else(|| Error::Resource {
            what: "memory pages",
            reason: format!("growing by {delta} exceeds the maximum or the system's memory"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(min: u64, max: Option<u64>) -> MemoryRecord {
        MemoryRecord::new(&MemoryType { limits: Limits { min, max } }).unwrap()
    }

    #[test]
    fn growth_keeps_place_and_contents() {
        let mut record = memory(1, Some(3));
        let base = record.base();
        // SAFETY: inside the first page.
        unsafe { *base.add(WASM_PAGE - 1) = 7 };
        assert_eq!(record.grow(2), Some(1));
        assert_eq!(record.grow(1), None);
        assert_eq!(record.grow(0), Some(3));
        assert_eq!(record.base(), base);
        // SAFETY: inside three pages.
        let bytes = unsafe { std::slice::from_raw_parts(base, 3 * WASM_PAGE) };
        assert_eq!(bytes.iter().map(|byte| u64::from(*byte)).sum::<u64>(), 7);
        assert_eq!(bytes[WASM_PAGE - 1], 7);
    }

    #[test]
    fn the_whole_address_space_can_be_used() {
        let mut record = memory(0, None);
        assert_eq!(record.grow(u64::MAX), None);
        assert_eq!(record.grow(MAX_PAGES + 1), None);
        assert_eq!(record.grow(MAX_PAGES), Some(0));
        assert_eq!(record.bytes(), 4 << 30);
        // SAFETY: the last byte of 4 GiB.
        unsafe { assert_eq!(*record.base().add((4 << 30) - 1), 0) };
    }

    #[test]
    fn too_large_is_an_error() {
        let ty = MemoryType { limits: Limits { min: MAX_PAGES + 1, max: None } };
        assert!(matches!(MemoryRecord::new(&ty), Err(Error::Resource { .. })));
    }
}
