//! The sink that records functions.

use super::code::{Branch, Definition, Function, Instr};
use crate::microwasm::{Const, FuncType, Label, Op, Sink, Target};
use crate::wasm::module::ModuleInfo;
use std::rc::Rc;

/// An open label.
#[derive(Debug, Clone, Copy)]
struct Open {
    /// Its definition's number.
    definition: u32,
    backward: bool,
}

/// Records a module's functions. It relies on the rules of [`crate::microwasm`]: what comes from
/// an untrusted producer goes through a [`crate::microwasm::check::Checker`] first.
#[derive(Debug, Default)]
pub struct Recorder {
    functions: Vec<Rc<Function>>,
    current: Function,
    /// The open labels, a stack: a label's number is its place (rule M6).
    open: Vec<Open>,
    /// What [`Sink::at`] said last.
    offset: u32,
}

impl Recorder {
    /// A recorder that was told nothing.
    pub fn new() -> Recorder {
        Recorder::default()
    }

    /// The functions that were completed, in order.
    pub fn into_functions(self) -> Vec<Rc<Function>> {
        self.functions
    }

    fn define(&mut self, label: Label, keep: u32, params: usize, backward: bool) {
        let definition = self.current.definitions.len() as u32;
        // Not bound yet: no branch is taken before it is, or the label would have to be backward.
        self.current.definitions.push(Definition { keep, params: params as u32, pc: usize::MAX });
        self.open.truncate(label.0 as usize);
        self.open.push(Open { definition, backward });
    }

    fn bind(&mut self, label: Label) {
        let open = self.open[label.0 as usize];
        self.current.definitions[open.definition as usize].pc = self.current.code.len();
        if !open.backward {
            self.open.truncate(label.0 as usize);
        }
    }

    fn branch(&self, target: Target) -> Branch {
        match target {
            Target::Label(label) => Branch::To(self.open[label.0 as usize].definition),
            Target::Return => Branch::Return,
        }
    }

    fn push(&mut self, instr: Instr) {
        self.current.code.push(instr);
        self.current.offsets.push(self.offset);
    }
}

impl Sink for Recorder {
    fn module(&mut self, _module: &ModuleInfo) {}

    fn begin(&mut self, index: u32, ty: &FuncType, offset: u32) {
        let (params, results) = (ty.params.len(), ty.results.len());
        self.current = Function { index, params, results, ..Function::default() };
        self.open.clear();
        self.offset = offset;
    }

    fn at(&mut self, offset: u32) {
        self.offset = offset;
    }

    fn op(&mut self, op: Op<'_>) {
        let instr = match op {
            Op::Def { label, keep, params, backward, .. } => return self.define(label, keep, params.len(), backward),
            Op::Label(label) => return self.bind(label),
            Op::Locals { count, .. } => Instr::Locals(count),
            Op::Br(target) => Instr::Br(self.branch(target)),
            Op::BrIf { then, otherwise } => Instr::BrIf { then: self.branch(then), otherwise: self.branch(otherwise) },
            Op::BrTable { targets, default } => Instr::BrTable {
                targets: targets.iter().map(|target| self.branch(*target)).collect(),
                default: self.branch(default),
            },
            Op::Unreachable => Instr::Unreachable,
            Op::Pick(position) => Instr::Pick(position),
            Op::Put(position) => Instr::Put(position),
            Op::Tee(position) => Instr::Tee(position),
            Op::Drop(count) => Instr::Drop(count),
            Op::Const(Const::V128(bytes)) => Instr::V128Const(bytes),
            Op::Const(value) => Instr::Const(value.bits()),
            Op::Select => Instr::Select,
            Op::Unary(op) => Instr::Unary(op),
            Op::Binary(op) => Instr::Binary(op),
            Op::Compare(op) => Instr::Compare(op),
            Op::Load(op, arg) => Instr::Load(op, arg.offset),
            Op::Store(op, arg) => Instr::Store(op, arg.offset),
            Op::Vector(op) => Instr::Vector(op),
            Op::Lane(op, lane) => Instr::Lane(op, lane),
            Op::Shuffle(bytes) => Instr::Shuffle(bytes),
            Op::LoadLane(op, arg, lane) => Instr::LoadLane(op, arg.offset, lane),
            Op::StoreLane(op, arg, lane) => Instr::StoreLane(op, arg.offset, lane),
            Op::GlobalGet { index, .. } => Instr::GlobalGet(index),
            Op::GlobalSet(index) => Instr::GlobalSet(index),
            Op::MemorySize => Instr::MemorySize,
            Op::MemoryGrow => Instr::MemoryGrow,
            Op::MemoryFill => Instr::MemoryFill,
            Op::MemoryCopy => Instr::MemoryCopy,
            Op::MemoryInit(segment) => Instr::MemoryInit(segment),
            Op::DataDrop(segment) => Instr::DataDrop(segment),
            Op::TableGet { table, .. } => Instr::TableGet(table),
            Op::TableSet(table) => Instr::TableSet(table),
            Op::TableSize(table) => Instr::TableSize(table),
            Op::TableGrow(table) => Instr::TableGrow(table),
            Op::TableFill(table) => Instr::TableFill(table),
            Op::TableCopy { dst, src } => Instr::TableCopy { dst, src },
            Op::TableInit { segment, table } => Instr::TableInit { segment, table },
            Op::ElemDrop(segment) => Instr::ElemDrop(segment),
            Op::RefFunc(func) => Instr::RefFunc(func),
            Op::Call { func, .. } => Instr::Call(func),
            Op::CallIndirect { type_index, table, .. } => Instr::CallIndirect { type_index, table },
        };
        self.push(instr);
    }

    fn end(&mut self) {
        self.functions.push(Rc::new(std::mem::take(&mut self.current)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::microwasm::{Callers, Type};

    /// Two labels of one number: each branch belongs to the definition that was open.
    #[test]
    fn a_number_that_is_used_again_is_another_label() {
        let mut recorder = Recorder::new();
        let def = |label| Op::Def { label, keep: 0, params: &[], callers: Callers::Many, backward: false };
        let ty = FuncType { params: [].into(), results: [Type::I32].into() };
        recorder.begin(0, &ty, 7);
        for (number, op) in [
            def(Label(0)),
            Op::Br(Target::Label(Label(0))),
            Op::Label(Label(0)),
            def(Label(0)),
            Op::Br(Target::Label(Label(0))),
            Op::Label(Label(0)),
            Op::Const(Const::I32(-1)),
            Op::Br(Target::Return),
        ]
        .into_iter()
        .enumerate()
        {
            recorder.at(100 + number as u32);
            recorder.op(op);
        }
        recorder.end();
        let function = recorder.into_functions().remove(0);
        let expected = [Branch::To(0), Branch::To(1)].map(Instr::Br);
        assert_eq!(function.code[..2], expected);
        assert_eq!(function.code[2..], [Instr::Const(0xffff_ffff), Instr::Br(Branch::Return)]);
        assert_eq!(function.definitions.iter().map(|definition| definition.pc).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(function.offsets, [101, 104, 106, 107]);
    }

    #[test]
    fn a_backward_label_stays_open() {
        let mut recorder = Recorder::new();
        recorder.begin(0, &FuncType::default(), 0);
        let params = &[Type::I32, Type::I64];
        recorder.op(Op::Const(Const::I32(0)));
        recorder.op(Op::Const(Const::I64(0)));
        recorder.op(Op::Def { label: Label(0), keep: 0, params, callers: Callers::Many, backward: true });
        recorder.op(Op::Br(Target::Label(Label(0))));
        recorder.op(Op::Label(Label(0)));
        recorder.op(Op::Br(Target::Label(Label(0))));
        recorder.end();
        let function = recorder.into_functions().remove(0);
        assert_eq!(function.definitions, [Definition { keep: 0, params: 2, pc: 3 }]);
        assert_eq!(function.code[3], Instr::Br(Branch::To(0)));
    }
}
