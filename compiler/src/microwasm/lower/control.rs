//! Structured control to labels: the stack of open blocks, and the operators that branch.

use wasmparser::BrTable;

use super::{Lower, Lowered};
use crate::microwasm::{Branch, Callers, FuncType, Label, Op, Sink, Target, Type};
use crate::seeded::{Bug, seeded};
use crate::wasm::module::ModuleInfo;

/// A block's type, small enough to be copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockType {
    /// `[] -> []`.
    Empty,
    /// `[] -> [t]`.
    Value(Type),
    /// A function type of the module, by its index.
    Func(u32),
}

impl BlockType {
    /// What the block takes from the stack.
    ///
    /// # Panics
    ///
    /// If the module has no such type.
    pub fn params(self, info: &ModuleInfo) -> &[Type] {
        match self {
            BlockType::Empty | BlockType::Value(_) => &[],
            BlockType::Func(index) => &info.types[index as usize].params,
        }
    }

    /// What the block leaves on the stack.
    ///
    /// # Panics
    ///
    /// If the module has no such type.
    pub fn results(self, info: &ModuleInfo) -> &[Type] {
        match self {
            BlockType::Empty => &[],
            BlockType::Value(ty) => single(ty),
            BlockType::Func(index) => &info.types[index as usize].results,
        }
    }
}

/// A list of one type that lives for ever, so that a block allocates nothing.
const fn single(ty: Type) -> &'static [Type] {
    match ty {
        Type::I32 => &[Type::I32],
        Type::I64 => &[Type::I64],
        Type::F32 => &[Type::F32],
        Type::F64 => &[Type::F64],
        Type::V128 => &[Type::V128],
        Type::FuncRef => &[Type::FuncRef],
        Type::ExternRef => &[Type::ExternRef],
    }
}

/// What kind of block is open, with the label that only this kind has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The function's body; branches to it return.
    Function,
    /// A block, or the `else` arm of an `if`.
    Block,
    /// A loop with the label of its header.
    Loop(Label),
    /// The first arm of an `if` with the label of the second.
    If(Label),
}

/// An open block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    kind: Kind,
    ty: BlockType,
    /// How many entries lie below its parameters, locals included.
    height: u32,
    /// The label after its end.
    end: Label,
    /// Whether anything branches to `end`.
    reached: bool,
}

/// What an operator does to the nesting of blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nesting {
    /// Nothing.
    Same,
    /// Opens a block.
    Opens,
    /// Goes from the first arm of an `if` to the second.
    Else,
    /// Closes a block.
    Closes,
}

impl<'m, S: Sink> Lower<'m, S> {
    /// Whether the next operator is to be lowered: the one place where unreachable code is dropped.
    #[inline]
    pub fn live(&mut self, nesting: Nesting) -> bool {
        if self.state.reachable {
            return true;
        }
        match nesting {
            Nesting::Same => false,
            Nesting::Opens => {
                self.state.dead_blocks += u32::from(!(seeded(Bug::DeadBlockNotCounted) && self.state.dead_blocks == 1));
                false
            }
            Nesting::Else => self.state.dead_blocks == 0,
            Nesting::Closes if self.state.dead_blocks == 0 => true,
            Nesting::Closes => {
                self.state.dead_blocks -= 1;
                false
            }
        }
    }

    pub(super) fn open_function(&mut self) {
        self.push_frame(Kind::Function, BlockType::Empty, 0, Label(0));
    }

    fn push_frame(&mut self, kind: Kind, ty: BlockType, height: u32, end: Label) {
        self.state.frames.push(Frame { kind, ty, height, end, reached: false });
    }

    /// The innermost open block.
    fn frame(&mut self) -> &mut Frame {
        self.state.frames.last_mut().expect("the validator refuses operators after the body's end")
    }

    fn fresh_label(&mut self) -> Label {
        let label = Label(self.state.next_label);
        self.state.next_label += 1;
        label
    }

    fn define(&mut self, label: Label, keep: u32, params: &[Type], callers: Callers) {
        self.op(Op::Def { label, keep, params, callers, backward: false });
    }

    fn bind(&mut self, label: Label, height: u32) {
        self.op(Op::Label(label));
        self.state.height = height;
        self.state.reachable = true;
    }

    /// What follows is unreachable.
    pub(super) fn stop(&mut self, op: Op<'_>) -> Lowered {
        self.op(op);
        self.state.reachable = false;
        Ok(())
    }

    /// The target of a branch to the open block at this depth, which it marks as reached.
    fn target(&mut self, depth: u32) -> Target {
        let innermost = self.state.frames.len() - 1;
        let frame = &mut self.state.frames[innermost - depth as usize];
        match frame.kind {
            Kind::Function => Target::Return,
            Kind::Loop(header) => Target::Label(header),
            Kind::Block | Kind::If(_) => {
                frame.reached = true;
                Target::Label(frame.end)
            }
        }
    }

    #[allow(missing_docs, reason = "a Wasm operator")]
    pub fn visit_block(&mut self, ty: BlockType) -> Lowered {
        let keep = self.state.height - ty.params(self.info).len() as u32;
        let end = self.fresh_label();
        self.define(end, keep, ty.results(self.info), Callers::Many);
        self.push_frame(Kind::Block, ty, keep, end);
        Ok(())
    }

    #[allow(missing_docs, reason = "a Wasm operator")]
    pub fn visit_loop(&mut self, ty: BlockType) -> Lowered {
        let params = ty.params(self.info);
        let keep = self.state.height - params.len() as u32;
        let end = self.fresh_label();
        let header = self.fresh_label();
        self.define(end, keep, ty.results(self.info), Callers::Many);
        self.op(Op::Def { label: header, keep, params, callers: Callers::Many, backward: true });
        self.op(Op::Br(Target::Label(header)));
        self.bind(header, self.state.height);
        self.push_frame(Kind::Loop(header), ty, keep, end);
        Ok(())
    }

    #[allow(missing_docs, reason = "a Wasm operator")]
    pub fn visit_if(&mut self, ty: BlockType) -> Lowered {
        let params = ty.params(self.info);
        let height = self.state.height - 1;
        let keep = height - params.len() as u32;
        let end = self.fresh_label();
        let otherwise = self.fresh_label();
        self.define(end, keep, ty.results(self.info), Callers::Many);
        self.define(otherwise, keep, params, Callers::One);
        // Bound at once, so the number stays free.
        let next = Label(self.state.next_label);
        self.sink.branch_on(Branch { target: Target::Label(otherwise), if_zero: true, next, keep, params });
        self.state.height = height;
        self.push_frame(Kind::If(otherwise), ty, keep, end);
        Ok(())
    }

    #[allow(missing_docs, reason = "a Wasm operator")]
    pub fn visit_else(&mut self, offset: u32) -> Lowered {
        self.at(offset);
        let reachable = self.state.reachable;
        let frame = self.frame();
        frame.reached |= reachable;
        let end = frame.end;
        self.second_arm(end);
        Ok(())
    }

    /// Ends the first arm of an `if`, which goes on at a label, and starts the second.
    fn second_arm(&mut self, next: Label) {
        let (reachable, info) = (self.state.reachable, self.info);
        let frame = self.frame();
        let Kind::If(otherwise) = frame.kind else { return };
        frame.kind = Kind::Block;
        let height = frame.height + frame.ty.params(info).len() as u32;
        if reachable {
            self.op(Op::Br(Target::Label(next)));
        }
        self.bind(otherwise, height);
        self.state.next_label = otherwise.0;
    }

    #[allow(missing_docs, reason = "a Wasm operator")]
    pub fn visit_end(&mut self, offset: u32) -> Lowered {
        let frame = *self.frame();
        let only_arm = matches!(frame.kind, Kind::If(_));
        if self.state.reachable || frame.reached || only_arm {
            self.at(offset);
        }
        if let Kind::If(otherwise) = frame.kind {
            // The block's parameters are its results: its only arm ends where there would be a second one.
            self.second_arm(otherwise);
        }
        self.state.frames.pop();
        if frame.kind == Kind::Function {
            if self.state.reachable {
                self.stop(Op::Br(Target::Return))?;
            }
            return Ok(());
        }
        let reached = frame.reached || self.state.reachable;
        if self.state.reachable {
            self.stop(Op::Br(Target::Label(frame.end)))?;
        }
        if reached {
            self.bind(frame.end, frame.height + frame.ty.results(self.info).len() as u32);
        }
        self.state.next_label = frame.end.0;
        Ok(())
    }

    #[allow(missing_docs, reason = "a Wasm operator")]
    pub fn visit_br(&mut self, depth: u32) -> Lowered {
        let target = self.target(depth);
        self.stop(Op::Br(target))
    }

    #[allow(missing_docs, reason = "a Wasm operator")]
    pub fn visit_return(&mut self) -> Lowered {
        self.stop(Op::Br(Target::Return))
    }

    #[allow(missing_docs, reason = "a Wasm operator")]
    pub fn visit_br_if(&mut self, depth: u32) -> Lowered {
        let target = self.target(depth);
        self.state.height -= 1;
        let (next, keep) = (Label(self.state.next_label), self.state.height);
        self.sink.branch_on(Branch { target, if_zero: false, next, keep, params: &[] });
        Ok(())
    }

    #[allow(missing_docs, reason = "a Wasm operator")]
    pub fn visit_br_table(&mut self, table: &BrTable<'_>) -> Lowered {
        let mut targets = std::mem::take(&mut self.state.targets);
        targets.clear();
        for depth in table.targets() {
            targets.push(self.target(depth?));
        }
        let default = self.target(table.default());
        let default =
            if seeded(Bug::BrTableDefaultFirst) { targets.first().copied().unwrap_or(default) } else { default };
        self.stop(Op::BrTable { targets: &targets, default })?;
        self.state.targets = targets;
        Ok(())
    }

    #[allow(missing_docs, reason = "a Wasm operator")]
    pub fn visit_unreachable(&mut self) -> Lowered {
        self.stop(Op::Unreachable)
    }

    pub(super) fn enter(&mut self, ty: &FuncType) {
        self.state.height = ty.params.len() as u32;
        self.open_function();
    }
}
