//! The rules of a function's operators.

use super::module::{self, Declarations};
use super::stack::Stack;
use super::{Checked, Fault, MAX_LIST};
use crate::microwasm::{Callers, FuncType, Label, Op, Target, Type};
use crate::wasm::module::{DataSegment, ModuleInfo};
use std::collections::HashMap;

/// An open label.
#[derive(Debug, Clone, Copy)]
struct Open {
    keep: u32,
    /// What [`Stack::identity`] says of the kept entries.
    identity: u64,
    /// The number of the list of its parameters.
    params: u32,
    callers: Callers,
    backward: bool,
    branched: bool,
    bound: bool,
}

/// The state of checking one function of a module.
#[derive(Debug, Default)]
pub(super) struct Function {
    module: ModuleInfo,
    /// The function that comes next.
    next: u32,
    results: Box<[Type]>,
    stack: Stack,
    labels: Vec<Open>,
    /// Parameter lists of labels, each once.
    lists: Vec<Box<[Type]>>,
    list_numbers: HashMap<Box<[Type]>, u32>,
    /// Whether control cannot come here.
    dead: bool,
    /// The label with one caller that must come next, as the code above falls into it.
    falls_into: Option<u32>,
    /// Whether variables may still be declared.
    start: bool,
    /// Whether a function has begun and not ended.
    inside: bool,
}

fn about(label: u32, message: String) -> Box<Fault> {
    Box::new(Fault::Rule(Some(label), message))
}

/// A lane's number, of so many.
fn lane(number: u8, lanes: u8) -> Checked {
    if number < lanes { Ok(()) } else { Err(Fault::rule(format!("M1: lane {number} of {lanes}"))) }
}

impl Function {
    pub(super) fn module(&mut self, info: &ModuleInfo) -> Checked {
        Declarations::check(info)?;
        self.module = ModuleInfo { data: Vec::new(), ..info.clone() };
        self.next = info.imported_funcs;
        const SINGLE: [Type; 7] =
            [Type::I32, Type::I64, Type::F32, Type::F64, Type::V128, Type::FuncRef, Type::ExternRef];
        self.lists = [Box::from([])].into_iter().chain(SINGLE.map(|ty| Box::from([ty]))).collect();
        Ok(())
    }

    /// All functions are there, and these data segments.
    pub(super) fn finish(&self, data: &[DataSegment]) -> Checked {
        let funcs = self.module.funcs.len();
        if self.inside || self.next as usize != funcs {
            return Err(Fault::rule(format!("the code ends before function {} of {funcs} does", self.next)));
        }
        Declarations::check_data(&self.module, data)
    }

    /// What was declared before the code.
    pub(super) fn into_module(self) -> ModuleInfo {
        self.module
    }

    pub(super) fn begin(&mut self, index: u32, ty: &FuncType) -> Checked {
        if index != self.next || self.inside {
            return Err(Fault::rule(format!("function {index} begins where function {} is to come", self.next)));
        }
        if module::function_type(&self.module, index)? != ty {
            return Err(Fault::rule(format!("function {index} begins with a type that it was not declared with")));
        }
        self.next += 1;
        self.inside = true;
        self.stack.clear();
        self.labels.clear();
        for ty in &ty.params {
            self.stack.declare(1, *ty)?;
        }
        self.results.clone_from(&ty.results);
        self.dead = false;
        self.falls_into = None;
        self.start = true;
        Ok(())
    }

    pub(super) fn end(&mut self) -> Checked {
        if !self.inside {
            return Err(Fault::rule("a function ends that has not begun"));
        }
        if !self.dead {
            return Err(Fault::rule("M3: control falls off the function's end"));
        }
        self.close(0)?;
        self.inside = false;
        Ok(())
    }

    pub(super) fn height(&self) -> u32 {
        self.stack.height()
    }

    /// Whether what a label keeps is on the stack.
    #[inline]
    fn kept(&self, open: &Open) -> bool {
        self.stack.identity(open.keep) == Some(open.identity)
    }

    /// `falls` if the target may come next.
    fn branch(&mut self, target: Target, falls: bool) -> Checked {
        let Target::Label(Label(number)) = target else {
            if self.stack.has_on_top(&self.results, 0) {
                return Ok(());
            }
            return Err(Fault::rule("M1: the results are not on top at a return"));
        };
        let Some(mut open) = self.labels.get(number as usize).copied() else {
            return Err(about(number, "M6: a branch to a label that is not open".to_string()));
        };
        let on_top = self.stack.has_on_top(&self.lists[open.params as usize], open.keep);
        if !on_top || !self.kept(&open) {
            return Err(about(number, "M2: the stack at a branch is not the label's".to_string()));
        }
        if open.branched && open.callers == Callers::One {
            if !falls {
                return Err(about(number, "M5: a second branch to a label with one caller".to_string()));
            }
            self.falls_into = Some(number);
        }
        open.branched = true;
        self.labels[number as usize] = open;
        Ok(())
    }

    /// Closes the labels from this number up.
    fn close(&mut self, from: u32) -> Checked {
        for (above, open) in self.labels[from as usize..].iter().enumerate() {
            if open.branched && !open.bound {
                let number = from + above as u32;
                return Err(about(number, "M6: a label with branches is closed before it is bound".to_string()));
            }
        }
        self.labels.truncate(from as usize);
        Ok(())
    }

    fn list(&mut self, types: &[Type]) -> Checked<u32> {
        // Nearly all labels have no parameter or one: those lists have fixed numbers.
        match types {
            [] => return Ok(0),
            [ty] => return Ok(1 + *ty as u32),
            _ => {}
        }
        if let Some(number) = self.list_numbers.get(types) {
            return Ok(*number);
        }
        if types.len() > MAX_LIST {
            return Err(Box::new(Fault::Limit("parameters of a label")));
        }
        let number = self.lists.len() as u32;
        self.lists.push(types.into());
        self.list_numbers.insert(types.into(), number);
        Ok(number)
    }

    fn define(&mut self, label: u32, keep: u32, params: &[Type], callers: Callers, backward: bool) -> Checked {
        if label as usize > self.labels.len() {
            let open = self.labels.len();
            return Err(about(label, format!("M6: only {open} labels are open below it")));
        }
        self.close(label)?;
        if keep < self.stack.variables() {
            return Err(about(label, format!("M8: it keeps {keep} entries and not all variables")));
        }
        let Some(identity) = self.stack.identity(keep) else {
            return Err(about(label, format!("M2: it keeps {keep} entries of {}", self.stack.height())));
        };
        if backward && callers == Callers::One {
            return Err(about(label, "M5: it is backward and has one caller".to_string()));
        }
        let params = self.list(params)?;
        self.labels.push(Open { keep, identity, params, callers, backward, branched: false, bound: false });
        Ok(())
    }

    fn bind(&mut self, number: u32) -> Checked {
        if !self.dead {
            return Err(about(number, "M3: control falls into the label".to_string()));
        }
        let Some(mut open) = self.labels.get(number as usize).copied() else {
            return Err(about(number, "M6: a label is bound that is not open".to_string()));
        };
        if open.bound {
            return Err(about(number, "M4: the label is bound twice".to_string()));
        }
        if !open.branched && !open.backward {
            return Err(about(number, "M7: nothing branches to the label".to_string()));
        }
        if !self.kept(&open) {
            return Err(about(number, "M2: what the label keeps is gone".to_string()));
        }
        self.stack.truncate(open.keep);
        let params = &self.lists[open.params as usize];
        self.stack.push_all(params)?;
        self.dead = false;
        if open.backward {
            open.bound = true;
            self.labels[number as usize] = open;
        } else {
            self.close(number + 1)?;
            self.labels.truncate(number as usize);
        }
        Ok(())
    }

    #[inline]
    pub(super) fn op(&mut self, op: &Op<'_>) -> Checked {
        if self.dead && !matches!(op, Op::Def { .. } | Op::Label(_)) {
            return Err(Fault::rule(format!("M3: unreachable operator {op}")));
        }
        if !self.inside {
            return Err(Fault::rule("an operator outside of a function"));
        }
        if let Some(number) = self.falls_into.take()
            && *op != Op::Label(Label(number))
        {
            return Err(about(
                number,
                "M5: code falls into a label with one caller that does not come next".to_string(),
            ));
        }
        self.effect(op)?;
        self.start &= matches!(op, Op::Locals { .. });
        Ok(())
    }

    /// An operator of one of the families, which all have a row of operands and a result.
    #[inline]
    fn row(&mut self, operands: &[Type], result: Type) -> Checked {
        self.stack.pop_all(operands)?;
        self.stack.push(result)
    }

    fn effect(&mut self, op: &Op<'_>) -> Checked {
        match *op {
            Op::Pick(position) => {
                let ty = self.stack.at(position)?;
                self.stack.push(ty)
            }
            Op::Put(position) => {
                let top = self.stack.pop_any()?;
                self.overwrite(position, top)
            }
            Op::Tee(position) => {
                let top = self.stack.top()?;
                if position >= self.stack.height() - 1 {
                    return Err(Fault::rule("M1: the top is copied over itself"));
                }
                self.overwrite(position, top)
            }
            Op::Const(value) => self.stack.push(value.ty()),
            Op::Unary(op) => self.row(op.operands(), op.result()),
            Op::Binary(op) => self.row(op.operands(), op.result()),
            Op::Compare(op) => self.row(op.operands(), op.result()),
            Op::Load(op, arg) => {
                self.memory(arg.offset)?;
                self.row(op.operands(), op.result())
            }
            Op::Store(op, arg) => {
                self.memory(arg.offset)?;
                self.stack.pop_all(op.operands())
            }
            Op::Def { label, keep, params, callers, backward } => self.define(label.0, keep, params, callers, backward),
            Op::Label(label) => self.bind(label.0),
            Op::Br(target) => {
                self.branch(target, true)?;
                self.die()
            }
            Op::BrIf { then, otherwise } => {
                self.stack.pop(Type::I32)?;
                self.branch(then, false)?;
                self.branch(otherwise, false)?;
                self.die()
            }
            Op::BrTable { targets, default } => {
                self.stack.pop(Type::I32)?;
                targets.iter().try_for_each(|target| self.branch(*target, false))?;
                self.branch(default, false)?;
                self.die()
            }
            Op::Unreachable => self.die(),
            Op::Drop(count) => (0..count).try_for_each(|_| self.stack.pop_any().map(drop)),
            Op::Select => {
                self.stack.pop(Type::I32)?;
                let ty = self.stack.pop_any()?;
                self.stack.pop(ty)?;
                self.stack.push(ty)
            }
            Op::Locals { count, ty } => {
                if !self.start || count == 0 {
                    return Err(Fault::rule("M1: variables are declared at a function's start, and at least one"));
                }
                self.stack.declare(count, ty)
            }
            Op::Vector(_) | Op::Lane(..) | Op::Shuffle(_) | Op::LoadLane(..) | Op::StoreLane(..) => self.vector(op),
            _ => self.module_effect(op),
        }
    }

    /// Operators that only vectors have.
    fn vector(&mut self, op: &Op<'_>) -> Checked {
        match *op {
            Op::Vector(op) => self.row(op.operands(), op.result()),
            Op::Lane(op, number) => {
                lane(number, op.lanes())?;
                self.row(op.operands(), op.result())
            }
            Op::Shuffle(bytes) => {
                bytes.iter().try_for_each(|byte| lane(*byte, 32))?;
                self.row(&[Type::V128; 2], Type::V128)
            }
            Op::LoadLane(op, arg, number) => {
                lane(number, op.lanes())?;
                self.memory(arg.offset)?;
                self.row(op.operands(), op.result())
            }
            Op::StoreLane(op, arg, number) => {
                lane(number, op.lanes())?;
                self.memory(arg.offset)?;
                self.stack.pop_all(op.operands())
            }
            _ => unreachable!("it is no operator of vectors alone"),
        }
    }

    /// Operators that name something of the module.
    fn module_effect(&mut self, op: &Op<'_>) -> Checked {
        const I32: Type = Type::I32;
        match *op {
            Op::GlobalGet { index, ty } => {
                if module::global(&self.module, index)?.content != ty {
                    return Err(Fault::rule(format!("M1: global {index} is no {ty}")));
                }
                self.stack.push(ty)
            }
            Op::GlobalSet(index) => {
                let global = *module::global(&self.module, index)?;
                if !global.mutable {
                    return Err(Fault::rule(format!("M1: global {index} cannot be written")));
                }
                self.stack.pop(global.content)
            }
            Op::MemorySize => {
                self.memory(0)?;
                self.stack.push(I32)
            }
            Op::MemoryGrow => {
                self.memory(0)?;
                self.row(&[I32], I32)
            }
            Op::MemoryFill | Op::MemoryCopy => {
                self.memory(0)?;
                self.stack.pop_all(&[I32; 3])
            }
            Op::MemoryInit(segment) => {
                self.memory(0)?;
                module::data_segment(&self.module, segment)?;
                self.stack.pop_all(&[I32; 3])
            }
            Op::DataDrop(segment) => module::data_segment(&self.module, segment),
            Op::TableGet { table, ty } => {
                if module::table(&self.module, table)?.element != ty {
                    return Err(Fault::rule(format!("M1: table {table} holds no {ty}")));
                }
                self.row(&[I32], ty)
            }
            Op::TableSet(table) => {
                let ty = module::table(&self.module, table)?.element;
                self.stack.pop_all(&[I32, ty])
            }
            Op::TableSize(table) => {
                module::table(&self.module, table)?;
                self.stack.push(I32)
            }
            Op::TableGrow(table) => {
                let ty = module::table(&self.module, table)?.element;
                self.row(&[ty, I32], I32)
            }
            Op::TableFill(table) => {
                let ty = module::table(&self.module, table)?.element;
                self.stack.pop_all(&[I32, ty, I32])
            }
            Op::TableCopy { dst, src } => {
                if module::table(&self.module, dst)?.element != module::table(&self.module, src)?.element {
                    return Err(Fault::rule(format!("M1: tables {dst} and {src} hold different types")));
                }
                self.stack.pop_all(&[I32; 3])
            }
            Op::TableInit { segment, table } => {
                let element = module::element_segment(&self.module, segment)?.element;
                if module::table(&self.module, table)?.element != element {
                    return Err(Fault::rule(format!("M1: table {table} holds no {element}")));
                }
                self.stack.pop_all(&[I32; 3])
            }
            Op::ElemDrop(segment) => module::element_segment(&self.module, segment).map(drop),
            Op::RefFunc(func) => {
                module::function_type(&self.module, func)?;
                self.stack.push(Type::FuncRef)
            }
            Op::Call { func, ty } => {
                if module::function_type(&self.module, func)? != ty {
                    return Err(Fault::rule(format!("M1: function {func} has another type")));
                }
                self.stack.pop_all(&ty.params)?;
                self.stack.push_all(&ty.results)
            }
            Op::CallIndirect { type_index, ty, table } => {
                if module::table(&self.module, table)?.element != Type::FuncRef {
                    return Err(Fault::rule(format!("M1: table {table} holds no functions")));
                }
                if self.module.types.get(type_index as usize) != Some(ty) {
                    return Err(Fault::rule(format!("M1: type {type_index} is another one")));
                }
                self.stack.pop(I32)?;
                self.stack.pop_all(&ty.params)?;
                self.stack.push_all(&ty.results)
            }
            _ => unreachable!("it names nothing of the module"),
        }
    }

    /// `top` has been popped and goes over a position.
    fn overwrite(&mut self, position: u32, top: Type) -> Checked {
        let old = self.stack.at(position)?;
        if old == top { Ok(()) } else { Err(Fault::rule(format!("M1: {top} put over {old}"))) }
    }

    fn memory(&self, offset: u64) -> Checked {
        if self.module.memories.is_empty() {
            return Err(Fault::rule("M1: the module has no memory"));
        }
        if offset > u64::from(u32::MAX) {
            return Err(Fault::rule(format!("M1: offset {offset} of a 32-bit memory")));
        }
        Ok(())
    }

    fn die(&mut self) -> Checked {
        self.dead = true;
        Ok(())
    }
}
