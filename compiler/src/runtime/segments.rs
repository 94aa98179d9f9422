//! Element and data segments, and copying inside and between tables and memories.
//!
//! Every function checks the whole range before it writes anything.

use crate::runtime::instance::InstanceData;
use crate::runtime::table::range;
use crate::seeded::{Bug, seeded};
use crate::trap::TrapKind;
use std::ptr;

impl InstanceData {
    /// Copies items of an element segment to a table. A dropped segment has no items.
    pub(crate) fn table_init(
        &mut self,
        table: u32,
        segment: u32,
        destination: u32,
        offset: u32,
        length: u32,
    ) -> Result<(), TrapKind> {
        let module = self.module.clone();
        let items = match self.dropped_elements[segment as usize] && !seeded(Bug::DroppedElementsStay) {
            true => &[],
            false => &*module.info().elements[segment as usize].items,
        };
        let table = self.tables[table as usize];
        // SAFETY: the store keeps its tables; no other reference to one is alive.
        let size = unsafe { (*table).size() };
        let source = range(offset.into(), length.into(), items.len() as u64)?;
        let target = range(destination.into(), length.into(), size)?;
        for (index, item) in target.zip(&items[source]) {
            let bits = self.evaluate(*item) as u64;
            // SAFETY: as above; the index was checked.
            unsafe { (*table).elements_mut()[index] = bits };
        }
        Ok(())
    }

    /// Copies elements from one table to another, or inside one.
    pub(crate) fn table_copy(
        &mut self,
        to: u32,
        from: u32,
        destination: u32,
        source: u32,
        length: u32,
    ) -> Result<(), TrapKind> {
        let (to, from) = (self.tables[to as usize], self.tables[from as usize]);
        // SAFETY: the store keeps its tables; both pointers may be the same, so no references are made.
        unsafe {
            let source = range(source.into(), length.into(), (*from).size())?;
            let target = range(destination.into(), length.into(), (*to).size())?;
            if seeded(Bug::TableCopyBackwards) && !source.is_empty() {
                for (from_index, to_index) in source.zip(target) {
                    let bits = (*from).elements()[from_index];
                    (*to).elements_mut()[to_index] = bits;
                }
                return Ok(());
            }
            if !source.is_empty() {
                let from = (*from).elements().as_ptr().add(source.start);
                ptr::copy(from, (*to).elements_mut().as_mut_ptr().add(target.start), source.len());
            }
        }
        Ok(())
    }

    /// Copies bytes of a data segment to memory 0. A dropped segment has no bytes.
    pub(crate) fn memory_init(
        &mut self,
        segment: u32,
        destination: u32,
        offset: u32,
        length: u32,
    ) -> Result<(), TrapKind> {
        let bytes = match self.dropped_data[segment as usize] && !seeded(Bug::DroppedDataStays) {
            true => &[],
            false => &*self.module.info().data[segment as usize].bytes,
        };
        let source = bounds(offset, length, bytes.len())?;
        let target = bounds(destination, length, self.memory_bytes())?;
        // SAFETY: both ranges were checked; segments lie outside memories.
        unsafe {
            ptr::copy_nonoverlapping(bytes.as_ptr().add(source), self.memory_base().add(target), length as usize)
        };
        Ok(())
    }

    /// Copies bytes inside memory 0.
    pub(crate) fn memory_copy(&mut self, destination: u32, source: u32, length: u32) -> Result<(), TrapKind> {
        let source = bounds(source, length, self.memory_bytes())?;
        let target = bounds(destination, length, self.memory_bytes())?;
        let base = self.memory_base();
        if seeded(Bug::CopyForwards) {
            for index in 0..length as usize {
                // SAFETY: both ranges were checked.
                unsafe { *base.add(target + index) = *base.add(source + index) };
            }
            return Ok(());
        }
        // SAFETY: both ranges were checked; they may overlap.
        unsafe { ptr::copy(base.add(source), base.add(target), length as usize) };
        Ok(())
    }

    /// Fills bytes of memory 0.
    pub(crate) fn memory_fill(&mut self, destination: u32, value: u8, length: u32) -> Result<(), TrapKind> {
        if seeded(Bug::FillWritesPart) && destination as usize <= self.memory_bytes() {
            let room = (self.memory_bytes() - destination as usize).min(length as usize);
            // SAFETY: so many bytes are there.
            unsafe { ptr::write_bytes(self.memory_base().add(destination as usize), value, room) };
        }
        let target = bounds(destination, length, self.memory_bytes())?;
        // SAFETY: the range was checked.
        unsafe { ptr::write_bytes(self.memory_base().add(target), value, length as usize) };
        Ok(())
    }
}

/// The start of the range, if it lies inside that many bytes.
fn bounds(start: u32, length: u32, size: usize) -> Result<usize, TrapKind> {
    if seeded(Bug::EmptyRangeAnywhere) && length == 0 {
        return Ok(0);
    }
    let end = u64::from(start) + u64::from(length);
    let size = size + usize::from(seeded(Bug::BulkBoundsByOne));
    if end <= size as u64 { Ok(start as usize) } else { Err(TrapKind::MemoryOutOfBounds) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_checked_to_their_end() {
        assert_eq!(bounds(0, 0, 0), Ok(0));
        assert_eq!(bounds(1, 0, 0), Err(TrapKind::MemoryOutOfBounds));
        assert_eq!(bounds(u32::MAX, u32::MAX, 4 << 30), Err(TrapKind::MemoryOutOfBounds));
        assert_eq!(bounds(u32::MAX, 1, 4 << 30), Ok(u32::MAX as usize));
    }
}
