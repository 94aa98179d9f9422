//! The structures that compiled code and the runtime share, laid out for machine code.
//!
//! Compiled code finds fields with `offset_of!` on these definitions; there is no second table.

use crate::wasm::module::ModuleInfo;
use std::mem::{offset_of, size_of};

/// A global's value, and an entry of argument, result and host-call arrays: 16 bytes, so that a
/// vector fits. Scalars are in the low bytes; the rest of an integer or reference is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(C, align(16))]
pub struct VmValue(pub u128);

/// What all instances of a store share.
#[derive(Debug)]
#[repr(C)]
pub struct VmStore {
    /// A function may not lower the stack pointer below this address.
    pub stack_limit: usize,
    /// The result buffer: results that do not travel in registers. At least 1,000 entries.
    pub results: *mut VmValue,
    /// Where compiled code last left to the host: the return address into compiled code.
    pub exit_pc: usize,
    /// The address of that return address on the stack.
    pub exit_sp: usize,
}

/// A memory's definition. Its owner updates it when the memory grows; the base never moves.
#[derive(Debug)]
#[repr(C)]
pub struct VmMemory {
    /// The first byte.
    pub base: *mut u8,
    /// The size in bytes.
    pub bytes: usize,
}

/// A table's definition. Its owner updates it when the table grows.
#[derive(Debug)]
#[repr(C)]
pub struct VmTable {
    /// The elements: `*const VmFuncRef` or an external reference's handle; null is 0.
    pub base: *mut u64,
    /// The size in elements.
    pub elements: usize,
}

/// A function as a value: what a `funcref` points at.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct VmFuncRef {
    /// The code, entered by the convention of `x64::abi`.
    pub code: *const u8,
    /// The `r14` that the code expects: a [`VmContext`], or a host function's context.
    pub vmctx: *mut VmContext,
    /// The engine's number of its type.
    pub signature: u32,
    /// Its index in the module that defines it.
    pub index: u32,
}

/// What compiled code calls in the runtime, by the C convention of the System V ABI.
///
/// Each names its arguments after the context. `memory_grow` and `table_grow` return a size; of the
/// others, those that return `u32` return 0, or 1 when the operator traps.
#[derive(Debug)]
#[repr(C)]
pub struct VmBuiltins {
    /// `memory.grow`: pages. Returns the old size in pages, or `u32::MAX`.
    pub memory_grow: unsafe extern "C" fn(*mut VmContext, u32) -> u32,
    /// `memory.fill`: destination, value, length.
    pub memory_fill: unsafe extern "C" fn(*mut VmContext, u32, u32, u32) -> u32,
    /// `memory.copy`: destination, source, length.
    pub memory_copy: unsafe extern "C" fn(*mut VmContext, u32, u32, u32) -> u32,
    /// `memory.init`: segment, destination, offset in the segment, length.
    pub memory_init: unsafe extern "C" fn(*mut VmContext, u32, u32, u32, u32) -> u32,
    /// `data.drop`: segment.
    pub data_drop: unsafe extern "C" fn(*mut VmContext, u32),
    /// `table.grow`: table, delta, initial value. Returns the old size, or `u32::MAX`.
    pub table_grow: unsafe extern "C" fn(*mut VmContext, u32, u32, u64) -> u32,
    /// `table.fill`: table, start, value, length.
    pub table_fill: unsafe extern "C" fn(*mut VmContext, u32, u32, u64, u32) -> u32,
    /// `table.copy`: destination table, source table, destination, source, length.
    pub table_copy: unsafe extern "C" fn(*mut VmContext, u32, u32, u32, u32, u32) -> u32,
    /// `table.init`: table and segment (`segment << 32 | table`), destination, offset, length.
    pub table_init: unsafe extern "C" fn(*mut VmContext, u64, u32, u32, u32) -> u32,
    /// `elem.drop`: segment.
    pub elem_drop: unsafe extern "C" fn(*mut VmContext, u32),
}

/// An instance, as compiled code sees it. What [`VmOffsets`] describes follows it in memory.
#[derive(Debug)]
#[repr(C, align(16))]
pub struct VmContext {
    /// The store's shared part.
    pub store: *mut VmStore,
    /// The base of memory 0, or null.
    pub memory0_base: *mut u8,
    /// The definition of memory 0, or null.
    pub memory0: *mut VmMemory,
    /// One entry a function of the module, imported ones first.
    pub funcs: *mut VmFuncRef,
    /// What compiled code may call.
    pub builtins: *const VmBuiltins,
    /// The runtime's own record of the instance.
    pub instance: *mut u8,
}

/// Offsets of a context's variable part, from the start of its [`VmContext`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VmOffsets {
    tables: u32,
    imported_globals: u32,
    own_globals: u32,
    imported_global_count: u32,
    size: u32,
}

impl VmOffsets {
    /// The layout for a module.
    pub fn new(module: &ModuleInfo) -> VmOffsets {
        let tables = size_of::<VmContext>() as u32;
        let imported_globals = tables + 8 * module.tables.len() as u32;
        let own_globals = (imported_globals + 8 * module.imported_globals).next_multiple_of(16);
        let own = module.globals.len() as u32 - module.imported_globals;
        VmOffsets {
            tables,
            imported_globals,
            own_globals,
            imported_global_count: module.imported_globals,
            size: own_globals + size_of::<VmValue>() as u32 * own,
        }
    }

    /// Where the pointer to a table's [`VmTable`] is.
    pub fn table(&self, index: u32) -> u32 {
        self.tables + 8 * index
    }

    /// Where an imported global's pointer to its [`VmValue`] is.
    pub fn imported_global(&self, index: u32) -> u32 {
        debug_assert!(index < self.imported_global_count);
        self.imported_globals + 8 * index
    }

    /// Where the [`VmValue`] of a global that is not imported is.
    pub fn own_global(&self, index: u32) -> u32 {
        debug_assert!(index >= self.imported_global_count);
        self.own_globals + size_of::<VmValue>() as u32 * (index - self.imported_global_count)
    }

    /// The size of the whole context in bytes.
    pub fn size(&self) -> u32 {
        self.size
    }
}

const _: () = assert!(offset_of!(VmContext, store) == 0, "host contexts begin with the same field");
