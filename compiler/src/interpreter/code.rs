//! Recorded functions: operators with their branches resolved.

use crate::microwasm::{Binary, Compare, Lane, Load, LoadLane, Store, StoreLane, Unary, Vector};

/// Where a branch goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Branch {
    /// To a label, by its definition's number in [`Function::definitions`]. A label's own number is
    /// used again once it is closed, so it would not do.
    To(u32),
    /// Out of the function.
    Return,
}

/// A label's definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// How many entries from the bottom stay.
    pub keep: u32,
    /// How many entries from the top a branch passes.
    pub params: u32,
    /// Where the label is bound: an index in [`Function::code`].
    pub pc: usize,
}

/// An operator as it is executed: [`crate::microwasm::Op`] without definitions and labels.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the operator of the same name in `microwasm::Op`")]
pub enum Instr {
    Locals(u32),
    Br(Branch),
    BrIf { then: Branch, otherwise: Branch },
    BrTable { targets: Box<[Branch]>, default: Branch },
    Unreachable,
    Pick(u32),
    Put(u32),
    Tee(u32),
    Drop(u32),
    Const(u64),
    V128Const([u8; 16]),
    Select,
    Unary(Unary),
    Binary(Binary),
    Compare(Compare),
    Load(Load, u64),
    Store(Store, u64),
    Vector(Vector),
    Lane(Lane, u8),
    Shuffle([u8; 16]),
    LoadLane(LoadLane, u64, u8),
    StoreLane(StoreLane, u64, u8),
    GlobalGet(u32),
    GlobalSet(u32),
    MemorySize,
    MemoryGrow,
    MemoryFill,
    MemoryCopy,
    MemoryInit(u32),
    DataDrop(u32),
    TableGet(u32),
    TableSet(u32),
    TableSize(u32),
    TableGrow(u32),
    TableFill(u32),
    TableCopy { dst: u32, src: u32 },
    TableInit { segment: u32, table: u32 },
    ElemDrop(u32),
    RefFunc(u32),
    Call(u32),
    CallIndirect { type_index: u32, table: u32 },
}

/// A function's code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Function {
    /// Its index in the module, imported ones counted.
    pub index: u32,
    /// How many parameters it has.
    pub params: usize,
    /// How many results it has.
    pub results: usize,
    /// Its operators.
    pub code: Vec<Instr>,
    /// For each operator, the byte offset in the module of what it comes from.
    pub offsets: Vec<u32>,
    /// The labels, in the order of their definitions.
    pub definitions: Vec<Definition>,
}
