//! Checks a stream of Microwasm against the rules M1 to M7 of [`super`].

use std::collections::HashMap;
use std::fmt::Display;

use super::{Callers, FuncType, Label, Op, Sink, Target, Type};
use crate::wasm::module::ModuleInfo;

/// An entry on the stack. Its number tells it from any other entry that the function ever pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    ty: Type,
    number: u64,
}

/// What is known of a label.
#[derive(Debug)]
struct Known {
    keep: u32,
    /// The topmost kept entry. While it is on the stack, so are all below it.
    top: Option<Entry>,
    params: Box<[Type]>,
    callers: Callers,
    backward: bool,
    branches: u32,
    bound: bool,
}

/// A sink that checks, in time linear in the operators.
///
/// It is stricter than M2 in one point: a kept entry must not only have the same type at a branch as
/// at the definition, it must be the same entry.
#[derive(Debug, Default)]
pub struct Checker {
    stack: Vec<Entry>,
    pushed: u64,
    labels: HashMap<Label, Known>,
    results: Box<[Type]>,
    globals: Vec<Type>,
    tables: Vec<Type>,
    /// Whether control cannot come here.
    dead: bool,
    /// Whether locals may still be declared.
    start: bool,
    function: u32,
    offset: u32,
    operators: u64,
    functions: u64,
    violations: Vec<String>,
}

impl Checker {
    /// How many operators were seen.
    pub fn operators(&self) -> u64 {
        self.operators
    }

    /// How many functions were seen.
    pub fn functions(&self) -> u64 {
        self.functions
    }

    /// Each violation: the rule, what is wrong, the function and the Wasm byte offset.
    pub fn violations(&self) -> &[String] {
        &self.violations
    }

    fn fail(&mut self, rule: &str, what: impl Display) {
        let Checker { function, offset, .. } = *self;
        self.violations.push(format!("{rule}: {what} (function {function}, offset {offset:#x})"));
    }

    fn push(&mut self, ty: Type) {
        self.pushed += 1;
        self.stack.push(Entry { ty, number: self.pushed });
    }

    fn push_all(&mut self, types: &[Type]) {
        types.iter().for_each(|ty| self.push(*ty));
    }

    fn pop_any(&mut self) -> Option<Type> {
        let entry = self.stack.pop();
        if entry.is_none() {
            self.fail("M1", "the stack is empty");
        }
        entry.map(|entry| entry.ty)
    }

    fn pop(&mut self, ty: Type) {
        if let Some(found) = self.pop_any().filter(|found| *found != ty) {
            self.fail("M1", format_args!("{ty} expected, {found} found"));
        }
    }

    fn pop_all(&mut self, types: &[Type]) {
        types.iter().rev().for_each(|ty| self.pop(*ty));
    }

    /// The type at this depth.
    fn peek(&mut self, depth: u32) -> Option<Type> {
        let found = self.stack.iter().nth_back(depth as usize).map(|entry| entry.ty);
        if found.is_none() {
            self.fail("M1", format_args!("depth {depth} is below the stack"));
        }
        found
    }

    /// Whether the types are on top.
    fn on_top(&self, types: &[Type], above: usize) -> bool {
        let Some(below) = self.stack.len().checked_sub(types.len()) else { return false };
        below >= above && self.stack[below..].iter().map(|entry| entry.ty).eq(types.iter().copied())
    }

    /// Whether a label's kept entries are on the stack.
    fn kept(&self, known: &Known) -> bool {
        known.keep == 0 || self.stack.get(known.keep as usize - 1).copied() == known.top
    }

    fn branch(&mut self, target: Target) {
        let Target::Label(label) = target else {
            if !self.on_top(&self.results, 0) {
                self.fail("M1", "the results are not on top at a return");
            }
            return;
        };
        let Some(mut known) = self.labels.remove(&label) else {
            return self.fail("M6", format_args!("branch to {target}, which is not defined"));
        };
        if !self.on_top(&known.params, known.keep as usize) || !self.kept(&known) {
            self.fail("M2", format_args!("the stack at a branch to {target} is not the label's"));
        }
        known.branches += 1;
        if known.bound && !known.backward {
            self.fail("M4", format_args!("branch to {target} after it was bound"));
        }
        if known.callers == Callers::One && known.branches > 1 {
            self.fail("M5", format_args!("{target} is branched to more than once"));
        }
        self.labels.insert(label, known);
    }

    fn define(&mut self, label: Label, known: Known) {
        if known.keep as usize > self.stack.len() {
            self.fail("M2", format_args!(".L{} keeps more than there is", label.0));
        }
        if known.backward && known.callers == Callers::One {
            self.fail("M5", format_args!(".L{} is backward and has one caller", label.0));
        }
        if let Some(old) = self.labels.insert(label, known) {
            self.close(label, &old);
        }
    }

    /// A label's number goes to another label, or the function ends.
    fn close(&mut self, label: Label, old: &Known) {
        if !old.bound && (old.branches > 0 || old.backward) {
            self.fail("M6", format_args!(".L{} is given up before it is bound", label.0));
        }
    }

    fn bind(&mut self, label: Label) {
        if !self.dead {
            self.fail("M3", format_args!("control falls into .L{}", label.0));
        }
        let Some(mut known) = self.labels.remove(&label) else {
            return self.fail("M6", format_args!(".L{} is bound and not defined", label.0));
        };
        if known.bound {
            self.fail("M4", format_args!(".L{} is bound twice", label.0));
        }
        if known.branches == 0 {
            self.fail("M7", format_args!("nothing branches to .L{}", label.0));
        }
        if !self.kept(&known) {
            self.fail("M2", format_args!("what .L{} keeps is gone", label.0));
        }
        self.stack.truncate(known.keep as usize);
        self.push_all(&known.params);
        self.dead = false;
        known.bound = true;
        self.labels.insert(label, known);
    }

    fn table(&mut self, table: u32) -> Type {
        self.tables.get(table as usize).copied().unwrap_or_else(|| {
            self.fail("M1", format_args!("no table {table}"));
            Type::FuncRef
        })
    }

    /// `[i32 i32 i32] -> []`.
    fn bulk(&mut self) {
        self.pop_all(&[Type::I32; 3]);
    }

    fn effect(&mut self, op: Op<'_>) {
        match op {
            Op::Locals { count, ty } => {
                if !self.start {
                    self.fail("M1", "locals after the function's start");
                }
                (0..count).for_each(|_| self.push(ty));
            }
            Op::Def { label, keep, params, callers, backward } => {
                let top = self.stack.get((keep as usize).wrapping_sub(1)).copied();
                let params = params.into();
                self.define(label, Known { keep, top, params, callers, backward, branches: 0, bound: false });
            }
            Op::Label(label) => self.bind(label),
            Op::Br(target) => self.branch(target),
            Op::BrIf { then, otherwise } => {
                self.pop(Type::I32);
                self.branch(then);
                self.branch(otherwise);
            }
            Op::BrTable { targets, default } => {
                self.pop(Type::I32);
                targets.iter().for_each(|target| self.branch(*target));
                self.branch(default);
            }
            Op::Unreachable => {}
            Op::Pick(depth) => {
                if let Some(ty) = self.peek(depth) {
                    self.push(ty);
                }
            }
            Op::Put(depth) | Op::Tee(depth) => {
                if let (Some(ty), Some(top)) = (self.peek(depth), self.peek(0))
                    && ty != top
                {
                    self.fail("M1", format_args!("{top} put over {ty}"));
                }
                if let Op::Put(_) = op {
                    if depth == 0 {
                        self.fail("M1", "put over the operand itself");
                    }
                    self.pop_any();
                }
            }
            Op::Drop(count) => (0..count).for_each(|_| {
                self.pop_any();
            }),
            Op::Const(value) => self.push(value.ty()),
            Op::Select => {
                self.pop(Type::I32);
                if let Some(ty) = self.pop_any() {
                    self.pop(ty);
                    self.push(ty);
                }
            }
            Op::Unary(op) => {
                self.pop_all(op.operands());
                self.push(op.result());
            }
            Op::Binary(op) => {
                self.pop_all(op.operands());
                self.push(op.result());
            }
            Op::Compare(op) => {
                self.pop_all(op.operands());
                self.push(op.result());
            }
            Op::Load(op, _) => {
                self.pop_all(op.operands());
                self.push(op.result());
            }
            Op::Store(op, _) => self.pop_all(op.operands()),
            Op::GlobalGet { index, ty } => {
                if self.globals.get(index as usize) != Some(&ty) {
                    self.fail("M1", format_args!("global {index} is no {ty}"));
                }
                self.push(ty);
            }
            Op::GlobalSet(index) => match self.globals.get(index as usize).copied() {
                Some(ty) => self.pop(ty),
                None => self.fail("M1", format_args!("no global {index}")),
            },
            Op::MemorySize | Op::TableSize(_) => self.push(Type::I32),
            Op::MemoryGrow => {
                self.pop(Type::I32);
                self.push(Type::I32);
            }
            Op::MemoryFill | Op::MemoryCopy | Op::MemoryInit(_) | Op::TableCopy { .. } | Op::TableInit { .. } => {
                self.bulk();
            }
            Op::DataDrop(_) | Op::ElemDrop(_) => {}
            Op::TableGet { table, ty } => {
                if self.table(table) != ty {
                    self.fail("M1", format_args!("table {table} holds no {ty}"));
                }
                self.pop(Type::I32);
                self.push(ty);
            }
            Op::TableSet(table) => {
                let ty = self.table(table);
                self.pop_all(&[Type::I32, ty]);
            }
            Op::TableGrow(table) => {
                let ty = self.table(table);
                self.pop_all(&[ty, Type::I32]);
                self.push(Type::I32);
            }
            Op::TableFill(table) => {
                let ty = self.table(table);
                self.pop_all(&[Type::I32, ty, Type::I32]);
            }
            Op::RefFunc(_) => self.push(Type::FuncRef),
            Op::Call { ty, .. } => {
                self.pop_all(&ty.params);
                self.push_all(&ty.results);
            }
            Op::CallIndirect { ty, .. } => {
                self.pop(Type::I32);
                self.pop_all(&ty.params);
                self.push_all(&ty.results);
            }
        }
    }
}

impl Sink for Checker {
    fn module(&mut self, module: &ModuleInfo) {
        self.globals = module.globals.iter().map(|global| global.content).collect();
        self.tables = module.tables.iter().map(|table| table.element).collect();
    }

    fn begin(&mut self, index: u32, ty: &FuncType, offset: u32) {
        self.function = index;
        self.offset = offset;
        self.functions += 1;
        self.stack.clear();
        self.labels.clear();
        self.push_all(&ty.params);
        self.results = ty.results.clone();
        self.dead = false;
        self.start = true;
    }

    fn at(&mut self, offset: u32) {
        self.offset = offset;
    }

    fn op(&mut self, op: Op<'_>) {
        self.operators += 1;
        if self.dead && !matches!(op, Op::Def { .. } | Op::Label(_)) {
            self.fail("M3", format_args!("unreachable operator {op}"));
        }
        self.effect(op);
        self.start &= matches!(op, Op::Locals { .. });
        if matches!(op, Op::Br(_) | Op::BrIf { .. } | Op::BrTable { .. } | Op::Unreachable) {
            self.dead = true;
        }
    }

    fn end(&mut self) {
        if !self.dead {
            self.fail("M3", "control falls off the function's end");
        }
        for (label, known) in std::mem::take(&mut self.labels) {
            self.close(label, &known);
        }
    }
}
