//! Segments: copying from them to tables and memories, and dropping them.

use super::instance::InstanceAddr;
use super::store::Store;
use crate::trap::TrapKind;

/// The range, if it lies inside so many bytes or elements.
pub(super) fn range(start: u64, length: u64, size: usize) -> Option<std::ops::Range<usize>> {
    let end = start.checked_add(length)?;
    (end <= size as u64).then_some(start as usize..end as usize)
}

impl Store {
    /// `memory.init`. A dropped segment has no bytes.
    pub(super) fn memory_init(
        &mut self,
        instance: InstanceAddr,
        segment: u32,
        to: u32,
        from: u32,
        length: u32,
    ) -> Result<(), TrapKind> {
        let instance = &self.instances[instance.0];
        let dropped = instance.dropped_data[segment as usize];
        let bytes: &[u8] = if dropped { &[] } else { &instance.module.info().data[segment as usize].bytes };
        self.memories[instance.memories[0].0].init(to, from, length, bytes)
    }

    /// `data.drop`.
    pub(super) fn data_drop(&mut self, instance: InstanceAddr, segment: u32) {
        self.instances[instance.0].dropped_data[segment as usize] = true;
    }

    /// `table.init`. A dropped segment has no items.
    pub(super) fn table_init(
        &mut self,
        instance: InstanceAddr,
        segment: u32,
        table: u32,
        to: u32,
        from: u32,
        length: u32,
    ) -> Result<(), TrapKind> {
        let instance = &self.instances[instance.0];
        let table = instance.tables[table as usize];
        self.tables[table.0].init(to, from, length, &instance.elements[segment as usize])
    }

    /// `elem.drop`.
    pub(super) fn elem_drop(&mut self, instance: InstanceAddr, segment: u32) {
        self.instances[instance.0].elements[segment as usize] = [].into();
    }

    /// `table.copy`.
    pub(super) fn table_copy(
        &mut self,
        instance: InstanceAddr,
        [dst, src]: [u32; 2],
        to: u32,
        from: u32,
        length: u32,
    ) -> Result<(), TrapKind> {
        let instance = &self.instances[instance.0];
        let (dst, src) = (instance.tables[dst as usize].0, instance.tables[src as usize].0);
        // One table may have two indices in an instance.
        match self.tables.get_disjoint_mut([dst, src]) {
            Ok([dst, src]) => dst.init(to, from, length, &src.elements),
            Err(_) => self.tables[dst].copy_within(to, from, length),
        }
    }
}
