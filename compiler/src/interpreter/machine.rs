//! Execution: frames, one stack of values, one operator after another.

use super::code::{Branch, Function, Instr};
use super::error::{Error, Frame as Place, Trap, check_types};
use super::host::{Caller, HostFunction};
use super::instance::{Instance, InstanceAddr};
use super::memory::Memory;
use super::store::{FuncAddr, FuncCode, Store};
use super::table::Table;
use super::value::{self, Value};
use crate::microwasm::{FuncType, eval};
use crate::runtime::memory::WASM_PAGE;
use crate::trap::TrapKind;
use std::rc::Rc;

/// Bytes or elements that an operator on a range handles in one step.
const RANGE_STEP: u64 = 64;

/// A function that is running.
struct Frame {
    function: Rc<Function>,
    instance: InstanceAddr,
    /// Where its position 0 is on the stack.
    base: usize,
    /// The operator that it is at; in a caller, the call.
    pc: usize,
}

/// What to do after an operator.
enum Next {
    /// The operator that follows.
    Operator,
    Branch(Branch),
    Call(FuncAddr),
}

/// Why there is no next operator.
enum Fault {
    Trap(TrapKind),
    Other(Error),
}

impl From<TrapKind> for Fault {
    fn from(kind: TrapKind) -> Fault {
        Fault::Trap(kind)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::Other(error)
    }
}

struct Machine<'s> {
    store: &'s mut Store,
    /// The stacks of all running functions, the innermost on top.
    /// One is wide enough for a vector; above what is narrower are zeros.
    values: Vec<u128>,
    /// Running functions that wait for a call, the innermost last.
    callers: Vec<Frame>,
    steps: u64,
}

/// Calls a function with arguments of its types. `caller` is the instance on whose behalf it is
/// called: a host function sees it.
pub(super) fn run(
    store: &mut Store,
    func: FuncAddr,
    args: Vec<u128>,
    caller: Option<InstanceAddr>,
) -> Result<Vec<u128>, Error> {
    let steps = store.limits.steps.unwrap_or(u64::MAX);
    let mut machine = Machine { store, values: args, callers: Vec::new(), steps };
    let result = machine.call(func, caller);
    machine.store.steps += steps - machine.steps;
    result.map(|()| machine.values)
}

impl Machine<'_> {
    /// Calls a function from outside, and runs it and all that it calls to its end.
    fn call(&mut self, func: FuncAddr, caller: Option<InstanceAddr>) -> Result<(), Error> {
        let mut frame = match self.enter(func, caller, 0) {
            Ok(Some(frame)) => frame,
            Ok(None) => return Ok(()),
            Err(fault) => return Err(self.error(fault, None)),
        };
        loop {
            match self.advance(&mut frame) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(fault) => return Err(self.error(fault, Some(&frame))),
            }
        }
    }

    /// A fault in this frame, with the places of all that were running.
    fn error(&self, fault: Fault, frame: Option<&Frame>) -> Error {
        match fault {
            Fault::Other(error) => error,
            Fault::Trap(kind) => {
                let running = frame.into_iter().chain(self.callers.iter().rev());
                let place =
                    |frame: &Frame| Place { func: frame.function.index, offset: frame.function.offsets[frame.pc] };
                Error::Trap(Trap { kind, frames: running.map(place).collect() })
            }
        }
    }

    /// Executes an operator and goes to the next one; whether there is one.
    fn advance(&mut self, frame: &mut Frame) -> Result<bool, Fault> {
        self.spend(1)?;
        match self.operator(frame, &frame.function.code[frame.pc])? {
            Next::Operator => frame.pc += 1,
            Next::Branch(Branch::To(definition)) => {
                let label = frame.function.definitions[definition as usize];
                self.slide(frame.base + label.keep as usize, label.params as usize);
                frame.pc = label.pc;
            }
            Next::Branch(Branch::Return) => {
                self.slide(frame.base, frame.function.results);
                let Some(caller) = self.callers.pop() else { return Ok(false) };
                *frame = caller;
                frame.pc += 1;
            }
            Next::Call(func) => match self.enter(func, Some(frame.instance), self.callers.len() + 1)? {
                Some(callee) => self.callers.push(std::mem::replace(frame, callee)),
                None => frame.pc += 1,
            },
        }
        Ok(true)
    }

    /// Starts a call whose arguments are on top, when so many are running. A host function is done at
    /// once and has no frame.
    fn enter(&mut self, func: FuncAddr, caller: Option<InstanceAddr>, depth: usize) -> Result<Option<Frame>, Fault> {
        let func = &self.store.funcs[func.0 as usize];
        match &func.code {
            FuncCode::Host(code) => {
                let (code, ty) = (code.clone(), func.ty.clone());
                self.call_host(&code, &ty, caller)?;
                Ok(None)
            }
            FuncCode::Wasm(instance, number) => {
                let function = self.store.instances[instance.0].module.functions()[*number].clone();
                if depth >= self.store.limits.depth || self.values.len() > self.store.limits.values {
                    return Err(TrapKind::StackOverflow.into());
                }
                let base = self.values.len() - function.params;
                Ok(Some(Frame { function, instance: *instance, base, pc: 0 }))
            }
        }
    }

    fn call_host(&mut self, code: &HostFunction, ty: &FuncType, instance: Option<InstanceAddr>) -> Result<(), Fault> {
        let args = self.values.split_off(self.values.len() - ty.params.len());
        let args: Vec<Value> = args.iter().zip(&ty.params).map(|(bits, ty)| Value::from_bits(*ty, *bits)).collect();
        // What the host function calls takes its steps from ours.
        let limits = self.store.limits;
        let before = self.store.steps;
        self.store.limits.steps = limits.steps.map(|_| self.steps);
        let mut caller = Caller { store: self.store, instance };
        let results = (code.0)(&mut caller, &args);
        self.store.limits = limits;
        self.steps = self.steps.saturating_sub(self.store.steps - before);
        self.store.steps = before;
        let results = results.map_err(Error::Host)?;
        check_types("results of the host", &ty.results, &results)?;
        self.values.extend(results.iter().map(|result| result.bits()));
        Ok(())
    }

    /// Takes steps from what is left.
    fn spend(&mut self, steps: u64) -> Result<(), Fault> {
        self.steps = self.steps.checked_sub(steps).ok_or(Fault::Other(Error::OutOfSteps))?;
        Ok(())
    }

    /// For a range that was handled: it lies in a memory or table, so its length is bounded.
    fn spend_on_range(&mut self, length: u64) -> Result<(), Fault> {
        self.spend(length / RANGE_STEP)
    }

    /// Moves the top entries down to a place and discards what was between.
    fn slide(&mut self, to: usize, count: usize) {
        let from = self.values.len() - count;
        self.values.copy_within(from.., to);
        self.values.truncate(to + count);
    }

    fn push(&mut self, bits: u64) {
        self.push_wide(bits.into());
    }

    fn push_wide(&mut self, bits: u128) {
        self.values.push(bits);
    }

    fn push_u32(&mut self, value: u32) {
        self.values.push(value.into());
    }

    fn pop(&mut self) -> u64 {
        self.pop_wide() as u64
    }

    fn pop_wide(&mut self) -> u128 {
        self.values.pop().expect("M1: operands are on the stack")
    }

    fn pop_u32(&mut self) -> u32 {
        self.pop() as u32
    }

    fn instance(&self, frame: &Frame) -> &Instance {
        &self.store.instances[frame.instance.0]
    }

    fn memory(&mut self, frame: &Frame) -> &mut Memory {
        let address = self.instance(frame).memories[0];
        &mut self.store.memories[address.0]
    }

    fn table(&mut self, frame: &Frame, index: u32) -> &mut Table {
        let address = self.instance(frame).tables[index as usize];
        &mut self.store.tables[address.0]
    }

    /// The effect of one operator.
    fn operator(&mut self, frame: &Frame, instr: &Instr) -> Result<Next, Fault> {
        match instr {
            Instr::Br(target) => return Ok(Next::Branch(*target)),
            Instr::BrIf { then, otherwise } => {
                let condition = self.pop_u32();
                return Ok(Next::Branch(if condition != 0 { *then } else { *otherwise }));
            }
            Instr::BrTable { targets, default } => {
                let index = self.pop_u32() as usize;
                return Ok(Next::Branch(*targets.get(index).unwrap_or(default)));
            }
            Instr::Unreachable => return Err(TrapKind::Unreachable.into()),
            Instr::Call(func) => return Ok(Next::Call(self.instance(frame).funcs[*func as usize])),
            Instr::CallIndirect { type_index, table } => return self.call_indirect(frame, *type_index, *table),
            Instr::Locals(count) => {
                if self.values.len() + *count as usize > self.store.limits.values {
                    return Err(TrapKind::StackOverflow.into());
                }
                self.values.resize(self.values.len() + *count as usize, 0);
            }
            Instr::Pick(position) => self.push_wide(self.values[frame.base + *position as usize]),
            Instr::Put(position) => {
                let top = self.pop_wide();
                self.values[frame.base + *position as usize] = top;
            }
            Instr::Tee(position) => {
                let top = self.values[self.values.len() - 1];
                self.values[frame.base + *position as usize] = top;
            }
            Instr::Drop(count) => self.values.truncate(self.values.len() - *count as usize),
            Instr::Const(bits) => self.push(*bits),
            Instr::Select => {
                let condition = self.pop_u32();
                let (b, a) = (self.pop_wide(), self.pop_wide());
                self.push_wide(if condition != 0 { a } else { b });
            }
            Instr::Unary(op) => {
                let a = self.pop();
                self.push(eval::unary(*op, a)?);
            }
            Instr::Binary(op) => {
                let (b, a) = (self.pop(), self.pop());
                self.push(eval::binary(*op, a, b)?);
            }
            Instr::Compare(op) => {
                let (b, a) = (self.pop(), self.pop());
                self.push(eval::compare(*op, a, b).into());
            }
            Instr::GlobalGet(index) => {
                let address = self.instance(frame).globals[*index as usize];
                self.push_wide(self.store.globals[address.0].bits);
            }
            Instr::GlobalSet(index) => {
                let bits = self.pop_wide();
                let address = self.instance(frame).globals[*index as usize];
                self.store.globals[address.0].bits = bits;
            }
            Instr::RefFunc(func) => {
                let address = self.instance(frame).funcs[*func as usize];
                self.push_wide(Value::FuncRef(Some(address)).bits());
            }
            Instr::V128Const(_) | Instr::Vector(_) | Instr::Lane(..) | Instr::Shuffle(_) => self.vector_operator(instr),
            _ => self.memory_operator(frame, instr)?,
        }
        Ok(Next::Operator)
    }

    /// The effect of an operator on vectors that leaves memories alone.
    fn vector_operator(&mut self, instr: &Instr) {
        let result = match instr {
            Instr::V128Const(bytes) => u128::from_le_bytes(*bytes),
            Instr::Vector(op) => {
                let mut operands = [0; 3];
                for operand in operands[..op.operands().len()].iter_mut().rev() {
                    *operand = self.pop_wide();
                }
                eval::vector(*op, operands)
            }
            Instr::Lane(op, lane) => match op.operands().len() {
                1 => eval::extract_lane(*op, *lane, self.pop_wide()).into(),
                _ => {
                    let value = self.pop();
                    eval::replace_lane(*op, *lane, self.pop_wide(), value)
                }
            },
            Instr::Shuffle(bytes) => {
                let (b, a) = (self.pop_wide(), self.pop_wide());
                eval::shuffle(*bytes, a, b)
            }
            _ => unreachable!("it is no operator of vectors"),
        };
        self.push_wide(result);
    }

    fn call_indirect(&mut self, frame: &Frame, type_index: u32, table: u32) -> Result<Next, Fault> {
        let index = self.pop_u32();
        let reference = self.table(frame, table).get(index)?;
        let func = value::func_of(reference).ok_or(TrapKind::IndirectCallToNull)?;
        // Types are equal when their parameters and results are.
        if self.store.funcs[func.0 as usize].ty != self.instance(frame).types[type_index as usize] {
            return Err(TrapKind::BadSignature.into());
        }
        Ok(Next::Call(func))
    }

    /// The effect of an operator on memories or tables.
    fn memory_operator(&mut self, frame: &Frame, instr: &Instr) -> Result<(), Fault> {
        match instr {
            Instr::Load(op, offset) => {
                let address = u64::from(self.pop_u32()).checked_add(*offset).ok_or(TrapKind::MemoryOutOfBounds)?;
                let raw = self.memory(frame).load(address, eval::load_bytes(*op))?;
                self.push_wide(eval::load_value(*op, raw));
            }
            Instr::Store(op, offset) => {
                let value = self.pop_wide();
                let address = u64::from(self.pop_u32()).checked_add(*offset).ok_or(TrapKind::MemoryOutOfBounds)?;
                self.memory(frame).store(address, eval::store_bytes(*op), value)?;
            }
            Instr::LoadLane(op, offset, lane) => {
                let vector = self.pop_wide();
                let address = u64::from(self.pop_u32()).checked_add(*offset).ok_or(TrapKind::MemoryOutOfBounds)?;
                let raw = self.memory(frame).load(address, op.bytes().into())?;
                self.push_wide(eval::load_lane(*op, *lane, vector, raw));
            }
            Instr::StoreLane(op, offset, lane) => {
                let value = eval::store_lane(*op, *lane, self.pop_wide());
                let address = u64::from(self.pop_u32()).checked_add(*offset).ok_or(TrapKind::MemoryOutOfBounds)?;
                self.memory(frame).store(address, op.bytes().into(), value)?;
            }
            Instr::MemorySize => {
                let pages = self.memory(frame).pages();
                self.push(pages);
            }
            Instr::MemoryGrow => {
                let delta = self.pop_u32();
                let old = self.memory(frame).grow(delta.into());
                self.push_u32(old.map_or(u32::MAX, |old| old as u32));
                self.spend_on_range(old.map_or(0, |_| u64::from(delta) * WASM_PAGE as u64))?;
            }
            Instr::MemoryFill => {
                let (length, value, to) = (self.pop_u32(), self.pop_u32(), self.pop_u32());
                self.memory(frame).fill(to, value as u8, length)?;
                self.spend_on_range(length.into())?;
            }
            Instr::MemoryCopy => {
                let (length, from, to) = (self.pop_u32(), self.pop_u32(), self.pop_u32());
                self.memory(frame).copy(to, from, length)?;
                self.spend_on_range(length.into())?;
            }
            Instr::MemoryInit(segment) => {
                let (length, from, to) = (self.pop_u32(), self.pop_u32(), self.pop_u32());
                self.store.memory_init(frame.instance, *segment, to, from, length)?;
                self.spend_on_range(length.into())?;
            }
            Instr::DataDrop(segment) => self.store.data_drop(frame.instance, *segment),
            Instr::TableGet(table) => {
                let index = self.pop_u32();
                let reference = self.table(frame, *table).get(index)?;
                self.push(reference);
            }
            Instr::TableSet(table) => {
                let (reference, index) = (self.pop(), self.pop_u32());
                self.table(frame, *table).set(index, reference)?;
            }
            Instr::TableSize(table) => {
                let size = self.table(frame, *table).size();
                self.push(size);
            }
            Instr::TableGrow(table) => {
                let (delta, init) = (self.pop_u32(), self.pop());
                let old = self.table(frame, *table).grow(delta, init);
                self.push_u32(old.map_or(u32::MAX, |old| old as u32));
                self.spend_on_range(old.map_or(0, |_| delta.into()))?;
            }
            Instr::TableFill(table) => {
                let (length, value, to) = (self.pop_u32(), self.pop(), self.pop_u32());
                self.table(frame, *table).fill(to, value, length)?;
                self.spend_on_range(length.into())?;
            }
            Instr::TableCopy { dst, src } => {
                let (length, from, to) = (self.pop_u32(), self.pop_u32(), self.pop_u32());
                self.store.table_copy(frame.instance, [*dst, *src], to, from, length)?;
                self.spend_on_range(length.into())?;
            }
            Instr::TableInit { segment, table } => {
                let (length, from, to) = (self.pop_u32(), self.pop_u32(), self.pop_u32());
                self.store.table_init(frame.instance, *segment, *table, to, from, length)?;
                self.spend_on_range(length.into())?;
            }
            Instr::ElemDrop(segment) => self.store.elem_drop(frame.instance, *segment),
            Instr::Br(_)
            | Instr::BrIf { .. }
            | Instr::BrTable { .. }
            | Instr::Unreachable
            | Instr::Call(_)
            | Instr::CallIndirect { .. }
            | Instr::Locals(_)
            | Instr::Pick(_)
            | Instr::Put(_)
            | Instr::Tee(_)
            | Instr::Drop(_)
            | Instr::Const(_)
            | Instr::V128Const(_)
            | Instr::Vector(_)
            | Instr::Lane(..)
            | Instr::Shuffle(_)
            | Instr::Select
            | Instr::Unary(_)
            | Instr::Binary(_)
            | Instr::Compare(_)
            | Instr::GlobalGet(_)
            | Instr::GlobalSet(_)
            | Instr::RefFunc(_) => unreachable!("`operator` knows these"),
        }
        Ok(())
    }
}
