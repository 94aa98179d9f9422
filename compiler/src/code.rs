//! What the emitter makes: position-independent machine code and the tables that explain it.
//!
//! Offsets are in bytes from the start of [`Code::bytes`] unless they are said to be Wasm offsets,
//! which are from the start of the module.

pub use crate::link::growing::Growing;
pub use crate::link::memory::CodeBytes;
use crate::trap::TrapKind;
use crate::x64::memory_base::MemoryBase;

/// The machine code of a module's functions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Code {
    /// The code. It may be placed at any address that is a multiple of 16; its loops are laid out for a
    /// multiple of 64.
    pub bytes: CodeBytes,
    /// The functions defined in the module, in order, which is also the order of their code.
    pub functions: Growing<FunctionCode>,
    /// Where code may trap, by ascending `offset`.
    pub traps: Growing<TrapSite>,
    /// Where code calls, by ascending `return_offset`.
    pub calls: Growing<CallSite>,
    /// Where the engine's signature numbers must be written before the code runs.
    pub signatures: Growing<SignatureUse>,
    /// Jump tables between the instructions, by ascending `start`.
    pub tables: Growing<JumpTable>,
    /// Where the code looks for the base of memory 0.
    pub memory_base: MemoryBase,
}

#[cfg(feature = "parallel")]
impl Code {
    /// Empties the tables; there is room for as much again.
    pub(crate) fn clear(&mut self) {
        self.functions.clear();
        self.traps.clear();
        self.calls.clear();
        self.signatures.clear();
        self.tables.clear();
    }
}

/// One function's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunctionCode {
    /// The first byte that belongs to it.
    pub start: u32,
    /// Where it is entered.
    pub entry: u32,
    /// One past its last byte.
    pub end: u32,
    /// Bytes from the stack pointer, as it is throughout the body, to the return address.
    pub frame_bytes: u32,
    /// The Wasm offset of its body.
    pub wasm_offset: u32,
}

/// An instruction that may trap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrapSite {
    /// Where the instruction starts.
    pub offset: u32,
    /// The Wasm offset of the operator.
    pub wasm_offset: u32,
    /// What it means when this instruction faults. At a [`TrapKind::StackOverflow`] the frame is
    /// not yet there: the stack pointer points at the return address.
    pub kind: TrapKind,
}

/// A call instruction, as a stack walk sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallSite {
    /// Where the call returns to.
    pub return_offset: u32,
    /// The Wasm offset of the operator.
    pub wasm_offset: u32,
    /// Bytes of arguments below the frame before the call. The callee pops them; while it runs
    /// they lie between its return address and the caller's frame.
    pub pushed_bytes: u32,
}

/// A jump table: 32-bit distances from its start to code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JumpTable {
    /// Where it starts.
    pub start: u32,
    /// How many entries it has.
    pub entries: u32,
}

/// A 32-bit field that must hold the engine's number of a function type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignatureUse {
    /// Where the field is.
    pub offset: u32,
    /// The type's index in the module.
    pub type_index: u32,
}
