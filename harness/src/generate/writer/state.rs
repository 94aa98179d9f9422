//! What a body does with tables, references and the memory as a whole.

use super::Writer;
use crate::value::ValueType;
use ValueType::{FuncRef, I32, I64};
use wasm_encoder::Instruction as I;

impl Writer<'_> {
    /// Pushes a size, or grows.
    pub(super) fn size(&mut self, depth: u32) {
        match self.rng.below(4) {
            0 => self.body.i(I::MemorySize(0)),
            1 => {
                let delta = if self.rng.one_in(4) { 1 } else { self.rng.below(2) as i32 * 0x10000 };
                self.body.i32(delta);
                self.body.i(I::MemoryGrow(0));
            }
            kind if !self.draft.tables.is_empty() => {
                let table = self.rng.below(self.draft.tables.len() as u64) as u32;
                if kind == 2 {
                    return self.body.i(I::TableSize(table));
                }
                self.value(self.draft.tables[table as usize].0, depth);
                let delta = self.rng.below(3) as i32;
                self.body.i32(delta);
                self.body.i(I::TableGrow(table));
            }
            _ => self.leaf(I32),
        }
    }

    /// Pushes a reference.
    pub(super) fn reference(&mut self, ty: ValueType, depth: u32) {
        let table = self.draft.tables.iter().position(|table| table.0 == ty);
        match (self.rng.below(5), table) {
            (0, Some(table)) => {
                self.table_index(table, depth);
                self.body.i(I::TableGet(table as u32));
            }
            (1, _) => {
                self.values(&[ty, ty], depth);
                self.condition(depth);
                self.body.i(I::TypedSelect(ty.to_encoder()));
            }
            _ => self.leaf(ty),
        }
    }

    /// Pushes an index that is mostly inside a table.
    pub fn table_index(&mut self, table: usize, depth: u32) {
        let size = self.draft.tables[table].1;
        if self.rng.one_in(2) {
            let index = self.rng.below(u64::from(size)) as i32;
            return self.body.i32(index);
        }
        self.value(I32, depth);
        if !self.rng.one_in(40) {
            self.body.i32(size as i32);
            self.body.i(I::I32RemU);
        }
    }

    fn small(&mut self, bound: u64) {
        let value = self.rng.below(bound) as i32;
        self.body.i32(value);
    }

    /// A bulk operation on the memory.
    pub fn bulk(&mut self, depth: u32) {
        self.address(depth);
        match self.rng.below(3) {
            0 => {
                self.value(I32, depth);
                self.small(40);
                self.body.i(I::MemoryFill(0));
            }
            1 => {
                self.address(depth);
                self.small(40);
                self.body.i(I::MemoryCopy { src_mem: 0, dst_mem: 0 });
            }
            _ => match self.draft.data.iter().rposition(|(place, _)| place.is_none()) {
                Some(segment) => {
                    let length = self.draft.data[segment].1.len() as u64;
                    let from = self.rng.below(length + 1);
                    self.body.i32(from as i32);
                    self.small(length - from + 1);
                    self.body.i(I::MemoryInit { mem: 0, data_index: segment as u32 });
                    if self.rng.one_in(20) {
                        self.body.i(I::DataDrop(segment as u32));
                    }
                }
                None => {
                    self.value(I64, depth);
                    self.body.store(I64, 0);
                }
            },
        }
    }

    /// Changes a table. The entries that were there at the start mostly stay.
    pub fn table(&mut self, depth: u32) {
        if self.draft.tables.is_empty() {
            return;
        }
        let table = self.rng.below(self.draft.tables.len() as u64) as usize;
        let (ty, size, _) = self.draft.tables[table];
        let free = self.draft.func_count().min(size - 1);
        let at = if self.rng.one_in(10) { 0 } else { free };
        let to = at + self.rng.below(u64::from(size - at)) as u32;
        self.body.i32(to as i32);
        match self.rng.below(5) {
            0 => {
                self.value(ty, depth);
                self.small(u64::from(size - to + 1));
                self.body.i(I::TableFill(table as u32));
            }
            1 => {
                self.table_index(table, depth);
                self.body.i32(1);
                self.body.i(I::TableCopy { src_table: table as u32, dst_table: table as u32 });
            }
            2 if ty == FuncRef && self.draft.elements.iter().any(|(place, _)| place.is_none()) => {
                let passive = self.draft.elements.iter().rposition(|(place, _)| place.is_none());
                let segment = passive.unwrap_or_default();
                self.body.i32(0);
                self.body.i32(1);
                self.body.i(I::TableInit { elem_index: segment as u32, table: table as u32 });
            }
            _ => {
                self.value(ty, depth);
                self.body.i(I::TableSet(table as u32));
            }
        }
    }
}
