//! The work that compiling a module took, counted in steps that are the same on every machine.
//!
//! Time depends on the machine and on what else it does; these counts depend on the module alone, so tests can assert
//! that they are linear in the module's bytes, and a fuzzer can look for modules that make them large. They are cheap
//! enough to be always on: bulk work adds its size once, and what can be read off when a function or the module is
//! complete is read off there.
//!
//! What is not counted is what `wasmparser` does to decode and validate, and the bytes that are held while a section
//! or an operator is incomplete, which depend on how the caller splits the module.
//!
//! The bound for each construct, with its reason, is in `LINEAR.md` beside this crate's sources.

use crate::link::growing::{self, Growing};
use crate::wasm::module::ModuleInfo;

/// What compiling a module took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// Bytes of the module; 0 where the compiler was told operators and not given bytes.
    pub input_bytes: u64,
    /// Steps that deal with one operator, stack entry, register, label, jump or declaration: each operator of Microwasm
    /// is one, and what it does to many of those at once (entering a label, going through a branch, evicting a
    /// register) is as many more.
    pub state_operations: u64,
    /// Instructions that only bring a value to its place: between registers, to and from home slots, constants into
    /// either, arguments and results of calls in memory.
    pub moves: u64,
    /// Bytes of machine code, before jumps got their short form.
    pub bytes_emitted: u64,
    /// Bytes that were copied from place to place: code that was moved, buffers and tables that grew, names and data
    /// that the module's declarations keep.
    pub bytes_copied: u64,
    /// Allocations of memory, growth of a buffer included.
    pub allocations: u64,
}

impl Work {
    /// All of it but the input: one figure to be compared with the input's bytes.
    pub fn total(&self) -> u64 {
        self.state_operations + self.moves + self.bytes_emitted + self.bytes_copied + self.allocations
    }

    /// The total by byte of input; of no input, the total.
    pub fn per_byte(&self) -> f64 {
        self.total() as f64 / self.input_bytes.max(1) as f64
    }

    #[cfg(feature = "parallel")]
    /// Adds what was done elsewhere for the same module.
    pub(crate) fn add(&mut self, other: &Work) {
        self.state_operations += other.state_operations;
        self.moves += other.moves;
        self.bytes_emitted += other.bytes_emitted;
        self.bytes_copied += other.bytes_copied;
        self.allocations += other.allocations;
    }

    /// A table that grew while it was filled: each time to twice its size, so that all its copies together are no
    /// longer than itself.
    pub(crate) fn add_table<T>(&mut self, table: &Vec<T>) {
        let capacity = table.capacity();
        if capacity > 0 {
            self.allocations += u64::from(capacity.ilog2());
            self.bytes_copied += (table.len() * size_of::<T>()) as u64;
        }
    }

    /// The same for a table that is not copied once it is large.
    pub(crate) fn add_growing<T>(&mut self, table: &Growing<T>) {
        let capacity = table.capacity();
        if capacity > 0 {
            self.allocations += u64::from(capacity.ilog2());
            self.bytes_copied += size_of_val(&**table).min(growing::SMALL) as u64;
        }
    }

    /// What a module declares was kept: a step for each item, and for each name, list and segment an allocation with a
    /// copy.
    pub(crate) fn add_declarations(&mut self, info: &ModuleInfo) {
        self.state_operations += (info.funcs.len() + info.tables.len() + info.memories.len()) as u64;
        self.state_operations += (info.globals.len() + info.imports.len() + info.exports.len()) as u64;
        for ty in &info.types {
            self.state_operations += (ty.params.len() + ty.results.len()) as u64;
            self.allocations += 2;
        }
        for import in &info.imports {
            self.keep(import.module.len());
            self.keep(import.name.len());
        }
        for export in &info.exports {
            self.keep(export.name.len());
        }
        for segment in &info.elements {
            self.state_operations += segment.items.len() as u64;
            self.keep(size_of_val(&*segment.items));
        }
        for segment in &info.data {
            self.keep(segment.bytes.len());
        }
    }

    fn keep(&mut self, bytes: usize) {
        self.allocations += 1;
        self.bytes_copied += bytes as u64;
    }
}
