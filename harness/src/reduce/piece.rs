//! A function's operators as pieces that can be taken apart and put together: branches name the block that they leave
//! rather than a depth, and each piece knows the types of what it takes and gives.

use super::body::{Body, Callee, Op, Part, encoded};
use super::change::Types;
use crate::value::ValueType;
use wasm_encoder::{BlockType, Instruction};

/// Something that an operator takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    /// Its type.
    pub ty: ValueType,
    /// It is no longer wanted: what is there is dropped.
    pub gone: bool,
}

/// What opens a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Opening {
    /// `block`.
    Block,
    /// `if`.
    If,
    /// `loop`.
    Loop,
}

/// A branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Jump {
    /// `br`.
    Always,
    /// `br_if`.
    If,
    /// `br_table`; the default is the last target.
    Table,
    /// `return`.
    Return,
}

/// What an operator does that is no structure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    /// `local.get`.
    Get(u32),
    /// `local.set`.
    Set(u32),
    /// `local.tee`.
    Tee(u32),
    /// A call.
    Call(Callee),
    /// Anything else, encoded.
    Other(Vec<u8>),
}

/// The label of the function.
pub(super) const FUNCTION: u32 = 0;

/// An operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// It opens a block.
    Open {
        /// What branches call it.
        label: u32,
        /// What it is.
        opening: Opening,
        /// What it takes, without the condition of an `if`.
        params: Vec<Slot>,
        /// What is there behind it.
        results: Vec<Slot>,
    },
    /// `else`.
    Else,
    /// `end`.
    End,
    /// A branch to the blocks with these labels.
    Jump {
        /// Which.
        jump: Jump,
        /// Where to.
        targets: Vec<u32>,
    },
    /// `unreachable`.
    Unreachable,
    /// `drop`.
    Drop,
    /// Any other.
    Plain {
        /// What it does.
        action: Action,
        /// What it takes.
        takes: Vec<Slot>,
        /// What it gives.
        gives: Vec<ValueType>,
        /// The types of what it takes are all known; they are not in unreachable code.
        known: bool,
    },
}

impl Slot {
    /// Slots that are all wanted.
    pub fn all(types: &[ValueType]) -> Vec<Slot> {
        types.iter().map(|ty| Slot { ty: *ty, gone: false }).collect()
    }
}

impl Piece {
    /// An operator without operands or with known ones.
    pub fn plain(action: Action, takes: &[ValueType], gives: &[ValueType]) -> Piece {
        Piece::Plain { action, takes: Slot::all(takes), gives: gives.to_vec(), known: true }
    }

    /// The operator that pushes the zero of a type.
    pub fn zero(ty: ValueType) -> Option<Piece> {
        Some(Piece::plain(Action::Other(super::body::constant(ty.zero())?), &[], &[ty]))
    }

    /// Whether it only pushes one value, so that it need not be there if the value is not needed.
    pub fn only_pushes(&self) -> bool {
        match self {
            Piece::Plain { action, takes, gives, .. } => {
                takes.is_empty() && gives.len() == 1 && !matches!(action, Action::Call(_))
            }
            _ => false,
        }
    }

    /// How much there is to understand, beyond that it is there.
    fn weight(&self) -> usize {
        match self {
            Piece::Open { opening, params, results, .. } => params.len() + results.len() + *opening as usize,
            Piece::Jump { jump: Jump::If, .. } => 1,
            Piece::Jump { jump: Jump::Table, targets } => 1 + targets.len(),
            Piece::Plain { action: Action::Call(Callee::Indirect { .. }), .. } => 1,
            _ => 0,
        }
    }
}

/// How much there is to understand: pieces, and what makes them difficult.
pub(super) fn weight(pieces: &[Piece]) -> (usize, usize) {
    (pieces.len(), pieces.iter().map(Piece::weight).sum())
}

/// The pieces of a body. `None` if an operator's block cannot be told.
pub(super) fn pieces(body: &Body) -> Option<Vec<Piece>> {
    let mut open = vec![FUNCTION];
    let piece = |(index, op): (usize, &Op)| -> Option<Piece> {
        let known = op.operands.len() == op.pops as usize && op.results.len() == op.pushes as usize;
        Some(match (op.part, op.name) {
            (Part::Opener, name) => {
                let opening = match name {
                    "Block" => Opening::Block,
                    "Loop" => Opening::Loop,
                    _ => Opening::If,
                };
                let label = index as u32 + 1;
                open.push(label);
                let mut params = Slot::all(&op.operands);
                if opening == Opening::If {
                    params.pop();
                }
                Piece::Open { label, opening, params, results: Slot::all(&body.ops[op.partner].results) }
            }
            (Part::Else, _) => Piece::Else,
            (Part::End, _) => {
                open.pop()?;
                Piece::End
            }
            (Part::None, name @ ("Br" | "BrIf" | "BrTable")) => {
                let target = |depth: &u32| open.iter().rev().nth(*depth as usize).copied();
                let targets = op.labels.iter().map(target).collect::<Option<Vec<u32>>>()?;
                let jump = match name {
                    "Br" => Jump::Always,
                    "BrIf" => Jump::If,
                    _ => Jump::Table,
                };
                Piece::Jump { jump, targets }
            }
            (Part::None, "Return") => Piece::Jump { jump: Jump::Return, targets: vec![FUNCTION] },
            (Part::None, "Unreachable") => Piece::Unreachable,
            (Part::None, "Drop") => Piece::Drop,
            (Part::None, name) => {
                let action = match (name, op.local, op.callee) {
                    ("LocalGet", Some(local), _) => Action::Get(local),
                    ("LocalSet", Some(local), _) => Action::Set(local),
                    ("LocalTee", Some(local), _) => Action::Tee(local),
                    (_, _, Some(callee)) => Action::Call(callee),
                    _ => Action::Other(op.bytes.clone()),
                };
                Piece::Plain { action, takes: Slot::all(&op.operands), gives: op.results.clone(), known }
            }
        })
    };
    body.ops.iter().enumerate().map(piece).collect()
}

/// The bytes of pieces that fit together. `None` if a branch names a block that is not around it.
pub(super) fn render(pieces: &[Piece], types: &mut Types) -> Option<Vec<u8>> {
    let mut open = vec![FUNCTION];
    let mut bytes = Vec::new();
    for piece in pieces {
        let depth = |label: &u32| open.iter().rev().position(|open| open == label).map(|depth| depth as u32);
        let instruction = match piece {
            Piece::Open { label, opening, params, results } => {
                open.push(*label);
                let ty = block_type(params, results, types);
                match opening {
                    Opening::Block => Instruction::Block(ty),
                    Opening::Loop => Instruction::Loop(ty),
                    Opening::If => Instruction::If(ty),
                }
            }
            Piece::Else => Instruction::Else,
            Piece::End => {
                open.pop()?;
                Instruction::End
            }
            Piece::Jump { jump, targets } => {
                let mut depths = targets.iter().map(depth).collect::<Option<Vec<u32>>>()?;
                let last = depths.pop()?;
                match jump {
                    Jump::Always => Instruction::Br(last),
                    Jump::If => Instruction::BrIf(last),
                    Jump::Table => Instruction::BrTable(depths.into(), last),
                    Jump::Return => Instruction::Return,
                }
            }
            Piece::Unreachable => Instruction::Unreachable,
            Piece::Drop => Instruction::Drop,
            Piece::Plain { action, .. } => match action {
                Action::Get(local) => Instruction::LocalGet(*local),
                Action::Set(local) => Instruction::LocalSet(*local),
                Action::Tee(local) => Instruction::LocalTee(*local),
                Action::Call(Callee::Direct(func)) => Instruction::Call(*func),
                Action::Call(Callee::Indirect { table, ty }) => {
                    Instruction::CallIndirect { type_index: *ty, table_index: *table }
                }
                Action::Other(other) => {
                    bytes.extend_from_slice(other);
                    continue;
                }
            },
        };
        bytes.extend(encoded(&instruction));
    }
    Some(bytes)
}

fn block_type(params: &[Slot], results: &[Slot], types: &mut Types) -> BlockType {
    let wanted = |slots: &[Slot]| slots.iter().filter(|slot| !slot.gone).map(|slot| slot.ty).collect::<Vec<_>>();
    match (&wanted(params)[..], &wanted(results)[..]) {
        ([], []) => BlockType::Empty,
        ([], [one]) => BlockType::Result(one.to_encoder()),
        (params, results) => BlockType::FunctionType(types.index(params, results)),
    }
}
