//! Structured control flow to labels.

use super::lower::Lowering;
use super::{Callers, Label, Op, Sink, Target, Type};
use crate::wasm::module::ModuleInfo;
use wasmparser::{BlockType, BrTable, Operator};

/// What opened a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Function,
    Block,
    Loop {
        header: Label,
    },
    /// The `if` part; `otherwise` is not bound yet.
    If {
        otherwise: Label,
    },
    Else,
}

/// An open block.
#[derive(Debug)]
pub(super) struct Frame {
    kind: Kind,
    end: Label,
    /// Whether a branch to the end label was emitted.
    end_reached: bool,
    /// Values below the block's parameters.
    keep: u32,
    params: u32,
    results: u32,
    /// The label number to go on with when the block is closed.
    first_label: u32,
}

impl Frame {
    pub(super) fn function(results: u32) -> Frame {
        let end = Label(u32::MAX);
        Frame { kind: Kind::Function, end, end_reached: false, keep: 0, params: 0, results, first_label: 0 }
    }
}

fn single(ty: wasmparser::ValType) -> &'static [Type] {
    match crate::wasm::value_type(ty) {
        Some(Type::I32) => &[Type::I32],
        Some(Type::I64) => &[Type::I64],
        Some(Type::F32) => &[Type::F32],
        Some(Type::F64) => &[Type::F64],
        Some(Type::FuncRef) => &[Type::FuncRef],
        Some(Type::ExternRef) => &[Type::ExternRef],
        Some(Type::V128) | None => unreachable!("validation admits no other type"),
    }
}

fn signature(module: &ModuleInfo, ty: BlockType) -> (&[Type], &[Type]) {
    match ty {
        BlockType::Empty => (&[], &[]),
        BlockType::Type(ty) => (&[], single(ty)),
        BlockType::FuncType(index) => {
            let ty = &module.types[index as usize];
            (&ty.params, &ty.results)
        }
    }
}

impl Lowering {
    /// An operator in unreachable code; says whether it makes code reachable again or ends the
    /// frame that is at work, so that it is to be lowered.
    pub(super) fn dead_operator(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                self.dead_frames += 1;
                false
            }
            Operator::Else => self.dead_frames == 0,
            Operator::End if self.dead_frames > 0 => {
                self.dead_frames -= 1;
                false
            }
            Operator::End => true,
            _ => false,
        }
    }

    fn new_label(&mut self) -> Label {
        self.next_label += 1;
        Label(self.next_label - 1)
    }

    fn define<S: Sink>(
        &mut self,
        sink: &mut S,
        label: Label,
        keep: u32,
        params: &[Type],
        callers: Callers,
        backward: bool,
    ) {
        sink.op(Op::Def { label, keep, params, callers, backward });
    }

    fn open(&mut self, kind: Kind, end: Label, keep: u32, params: u32, results: u32, first_label: u32) {
        self.frames.push(Frame { kind, end, end_reached: false, keep, params, results, first_label });
    }

    pub(super) fn block<S: Sink>(&mut self, sink: &mut S, module: &ModuleInfo, ty: BlockType) {
        let (params, results) = signature(module, ty);
        let keep = self.height - params.len() as u32;
        let first_label = self.next_label;
        let end = self.new_label();
        self.define(sink, end, keep, results, Callers::Many, false);
        self.open(Kind::Block, end, keep, params.len() as u32, results.len() as u32, first_label);
    }

    pub(super) fn loop_<S: Sink>(&mut self, sink: &mut S, module: &ModuleInfo, ty: BlockType) {
        let (params, results) = signature(module, ty);
        let keep = self.height - params.len() as u32;
        let first_label = self.next_label;
        let end = self.new_label();
        let header = self.new_label();
        self.define(sink, end, keep, results, Callers::Many, false);
        self.define(sink, header, keep, params, Callers::Many, true);
        sink.op(Op::Br(Target::Label(header)));
        sink.op(Op::Label(header));
        self.open(Kind::Loop { header }, end, keep, params.len() as u32, results.len() as u32, first_label);
    }

    pub(super) fn if_<S: Sink>(&mut self, sink: &mut S, module: &ModuleInfo, ty: BlockType) {
        let (params, results) = signature(module, ty);
        self.height -= 1;
        let keep = self.height - params.len() as u32;
        let first_label = self.next_label;
        let end = self.new_label();
        let otherwise = self.new_label();
        let then = self.new_label();
        self.define(sink, end, keep, results, Callers::Many, false);
        self.define(sink, otherwise, keep, params, Callers::One, false);
        self.define(sink, then, keep, params, Callers::One, false);
        sink.op(Op::BrIf { then: Target::Label(then), otherwise: Target::Label(otherwise) });
        sink.op(Op::Label(then));
        self.next_label = then.0;
        self.open(Kind::If { otherwise }, end, keep, params.len() as u32, results.len() as u32, first_label);
    }

    fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("validation balances blocks")
    }

    /// `br end` of the innermost frame, if its code can be reached.
    fn leave<S: Sink>(&mut self, sink: &mut S) {
        if self.reachable {
            let frame = self.frame();
            frame.end_reached = true;
            sink.op(Op::Br(Target::Label(frame.end)));
        }
    }

    pub(super) fn else_<S: Sink>(&mut self, sink: &mut S) {
        self.leave(sink);
        let frame = self.frame();
        let Kind::If { otherwise } = frame.kind else { unreachable!("validation pairs else with if") };
        frame.kind = Kind::Else;
        self.height = self.frame().keep + self.frame().params;
        sink.op(Op::Label(otherwise));
        self.reachable = true;
    }

    pub(super) fn end<S: Sink>(&mut self, sink: &mut S) {
        if self.frame().kind == Kind::Function {
            if self.reachable {
                sink.op(Op::Br(Target::Return));
            }
            self.reachable = false;
            return;
        }
        self.leave(sink);
        if let Kind::If { otherwise } = self.frame().kind {
            sink.op(Op::Label(otherwise));
            self.reachable = true;
            self.leave(sink);
        }
        let Some(frame) = self.frames.pop() else { return };
        if frame.end_reached {
            sink.op(Op::Label(frame.end));
        }
        self.reachable = frame.end_reached;
        self.height = frame.keep + frame.results;
        self.next_label = frame.first_label;
    }

    /// The target of a branch by relative depth.
    fn target(&mut self, depth: u32) -> Target {
        let index = self.frames.len() - 1 - depth as usize;
        let frame = &mut self.frames[index];
        match frame.kind {
            Kind::Function => Target::Return,
            Kind::Loop { header } => Target::Label(header),
            Kind::Block | Kind::If { .. } | Kind::Else => {
                frame.end_reached = true;
                Target::Label(frame.end)
            }
        }
    }

    pub(super) fn br<S: Sink>(&mut self, sink: &mut S, depth: u32) {
        let target = self.target(depth);
        sink.op(Op::Br(target));
        self.reachable = false;
    }

    pub(super) fn br_if<S: Sink>(&mut self, sink: &mut S, depth: u32) {
        self.height -= 1;
        let target = self.target(depth);
        let next = Label(self.next_label);
        self.define(sink, next, self.height, &[], Callers::One, false);
        sink.op(Op::BrIf { then: target, otherwise: Target::Label(next) });
        sink.op(Op::Label(next));
    }

    pub(super) fn br_table<S: Sink>(&mut self, sink: &mut S, table: &BrTable<'_>) {
        self.height -= 1;
        let mut targets = std::mem::take(&mut self.targets);
        targets.clear();
        for depth in table.targets() {
            let depth = depth.expect("validation has read the table");
            targets.push(self.target(depth));
        }
        let default = self.target(table.default());
        sink.op(Op::BrTable { targets: &targets, default });
        self.targets = targets;
        self.reachable = false;
    }
}
