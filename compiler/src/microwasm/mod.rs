//! Microwasm: the small language between Wasm and machine code.
//!
//! A function is a flat stream of [`Op`]s over one value stack. There are no locals: parameters
//! and locals are the bottom of the stack, copied by [`Op::Pick`] and overwritten by [`Op::Put`].
//! There is no nesting and no unreachable code: control goes from label to label, and each label
//! is declared ([`Op::Def`]) before anything branches to it.
//!
//! Microwasm is a push interface: a producer (lowering, a parser, a decoder) calls a [`Sink`] once
//! for each operator, and nothing is stored. Positions on the stack are counted from the bottom
//! (position 0 is the first parameter). `MICROWASM.md` beside the sources is the specification.
//!
//! # Rules (what a sink may assume, and what [`check::Checker`] verifies)
//!
//! - M1: An operator's operands are on the stack with the types of its row in [`op`].
//! - M2: A label's stack is the bottom `keep` entries at its definition, plus its parameters. The
//!   kept entries stay on the stack as long as the label is used: what is kept at a branch and at
//!   the label is what was kept at the definition (though [`Op::Put`] may have changed its value).
//! - M3: After an operator that never falls through ([`Op::Br`], [`Op::BrIf`], [`Op::BrTable`],
//!   [`Op::Unreachable`]) only [`Op::Def`] and [`Op::Label`] may follow, or the end.
//! - M4: A label is bound at most once. All branches to a forward label come before; a backward
//!   label may also be branched to after.
//! - M5: A label with [`Callers::One`] is branched to at most once and is never backward. The code right above it may fall
//!   into it, too: by [`Op::Br`] as its last operator.
//! - M6: Labels are a stack, and a label's number is its place there. [`Op::Def`] closes the labels
//!   from its number up and opens its own; binding a forward label closes it and the labels above
//!   it. A label that was branched to must be bound before it is closed.
//! - M7: Binding a label that nothing has branched to is only allowed if it is backward.
//! - M8: The variables (parameters and [`Op::Locals`]) are never popped: every label keeps them.

pub mod binary;
pub mod check;
pub mod eval;
pub mod lower;
pub mod op;
pub mod text;
pub mod types;
pub mod vector;

mod both;
mod counter;

pub use both::Both;
pub use counter::Counter;
pub use op::{Binary, Callers, Compare, Label, Load, MemArg, Op, Store, Target, Unary};
pub use types::{Const, FuncType, Type};
pub use vector::{Lane, LoadLane, StoreLane, Vector};

use crate::wasm::module::ModuleInfo;

/// The version of the language, its text and its binary format.
pub const VERSION: u32 = 1;

/// A conditional branch whose other side goes on right behind it: see [`Sink::branch_on`].
#[derive(Debug, Clone, Copy)]
pub struct Branch<'a> {
    /// Where it goes ...
    pub target: Target,
    /// ... if the condition is zero, or if it is not.
    pub if_zero: bool,
    /// The label behind it.
    pub next: Label,
    /// What that label keeps.
    pub keep: u32,
    /// The parameters of that label.
    pub params: &'a [Type],
}

/// A consumer of Microwasm: the x86-64 emitter, the printer, a counter, and others.
///
/// Calls come in this order: `module` once, then for each function `begin`, `at` and `op` in turn,
/// and `end`.
pub trait Sink {
    /// Everything that is declared before the first function's body: all but the data segments.
    fn module(&mut self, module: &ModuleInfo);
    /// A function starts; its parameters are on the stack.
    ///
    /// `index` counts imported functions too; `offset` is the byte offset of the body in the module.
    fn begin(&mut self, index: u32, ty: &FuncType, offset: u32);
    /// The operators that follow come from the Wasm operator at this byte offset in the module.
    fn at(&mut self, offset: u32);
    /// The next operator.
    fn op(&mut self, op: Op<'_>);
    /// The next three operators: [`Op::Def`] of a label with one caller, [`Op::BrIf`] with that label on its other side, and
    /// [`Op::Label`]. All conditional branches of Wasm have this form, so a consumer may do it at once.
    #[inline]
    fn branch_on(&mut self, branch: Branch<'_>) {
        let Branch { target, if_zero, next: label, keep, params } = branch;
        self.op(Op::Def { label, keep, params, callers: Callers::One, backward: false });
        let next = Target::Label(label);
        let (then, otherwise) = if if_zero { (next, target) } else { (target, next) };
        self.op(Op::BrIf { then, otherwise });
        self.op(Op::Label(label));
    }
    /// The function is complete. Every path has ended in a branch or a trap.
    fn end(&mut self);
}
