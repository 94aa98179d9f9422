//! The reference interpreter of Microwasm: Lightbeam's front end without its back end.

use crate::engine::{Engine, Instance, Module};
use crate::engines::ours::{HostTrap, trap_kind, val_type};
use crate::guest::{self, Guest};
use crate::host::{Host, HostCall};
use crate::linking::{self, Item, ItemOf, Linker, Origin, Pair, PartsOf, Which};
use crate::outcome::{Outcome, Place, Rejection, Trap, TrapKind};
use crate::rewrite::fuel;
use crate::shape::{FuncShape, ImportShape, Shape};
use crate::value::{FuncIdentity, Value};
use lightbeam::interpreter::{
    self, Caller, Error, External, FuncAddr, GlobalAddr, HostError, Limits, MemoryAddr, Store, TableAddr,
};
use lightbeam::{CompileError, FuncType, GlobalType, MemoryType, TableType};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// The name of this engine.
pub const NAME: &str = "microwasm";

/// The most steps that an instance may take over all calls: some seconds, and well below a watchdog.
const STEPS: u64 = 300_000_000;

/// The interpreter.
#[derive(Debug, Clone, Copy, Default)]
pub struct Interpreter;

impl Engine for Interpreter {
    fn name(&self) -> &str {
        NAME
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, Rejection> {
        match interpreter::Module::from_wasm(wasm) {
            Ok(module) => Ok(Box::new(InterpretedModule { module })),
            Err(error) => Err(rejection(&error)),
        }
    }
}

/// Why a module was refused.
pub fn rejection(error: &CompileError) -> Rejection {
    let message = error.to_string();
    match error {
        // Without the offset, so that equal reasons can be counted.
        CompileError::Unsupported { feature, .. } => Rejection::Unsupported((*feature).to_string()),
        CompileError::Limit { .. } => Rejection::Limit(message),
        // Also what breaks a rule of Microwasm: it comes from a valid module, and so from a wrong front end.
        _ => Rejection::Invalid(message),
    }
}

fn failed(error: &Error) -> Outcome {
    match error {
        Error::Host(host) => match host.downcast_ref::<HostTrap>() {
            Some(HostTrap(number)) => Outcome::Trapped(Trap::new(TrapKind::Host(*number), [])),
            None => Outcome::Poison(host.to_string()),
        },
        Error::Trap(trap) => match trap_kind(trap.kind) {
            Some(kind) => {
                let place = |frame: &interpreter::Frame| Place { func: frame.func, offset: frame.offset };
                Outcome::Trapped(Trap::new(kind, trap.frames.iter().map(place)))
            }
            None => Outcome::Poison(trap.kind.to_string()),
        },
        Error::Link(link) => Outcome::Unlinkable(link.to_string()),
        other => Outcome::Poison(other.to_string()),
    }
}

struct InterpretedModule {
    module: interpreter::Module,
}

struct InterpretedInstance {
    store: Store,
    module: interpreter::Module,
    shape: Arc<Shape>,
    host: Rc<RefCell<Host>>,
    origins: Option<Vec<Origin>>,
    parts: Pair<PartsOf<Self>>,
    /// Each function of the instance to its index; none before the instance is there.
    identities: HashMap<FuncAddr, u32>,
}

impl Module for InterpretedModule {
    fn prepare(&self, shape: Arc<Shape>, host: Host) -> Result<Box<dyn Instance>, String> {
        let origins = host.origins(&shape);
        let mut instance = InterpretedInstance {
            store: Store::new(Limits::default()),
            module: self.module.clone(),
            host: Rc::new(RefCell::new(host)),
            shape,
            origins,
            parts: Pair::default(),
            identities: HashMap::new(),
        };
        let linked = instance.origins.is_some();
        linking::prepare(&mut instance, linked)?;
        Ok(Box::new(instance))
    }
}

impl InterpretedInstance {
    fn created(&mut self, kind: ImportShape) -> Result<External, Error> {
        Ok(match kind {
            ImportShape::Func(index) => {
                let shape = self.shape.clone();
                let host = self.host.clone();
                let code = move |caller: &mut Caller<'_>, args: &[interpreter::Value]| {
                    host_call(&host, caller, index, &shape, args)
                };
                External::Func(self.store.add_func(func_type(self.shape.func_type(index)), code))
            }
            ImportShape::Global(index) => {
                let shape = self.shape.globals[index as usize];
                let value = to_interpreter(self.host.borrow().global(index, shape), &[]);
                let ty = GlobalType { content: val_type(shape.ty), mutable: shape.mutable };
                External::Global(self.store.add_global(ty, value)?)
            }
            ImportShape::Memory(index) => {
                let limits = self.shape.memories[index as usize];
                let max = fuel::memory_maximum(limits.min, limits.max);
                let ty = MemoryType { limits: lightbeam::Limits { min: limits.min, max: Some(max) } };
                let memory = self.store.add_memory(&ty)?;
                self.host.borrow().fill_memory(index, self.store.bytes_mut(memory));
                External::Memory(memory)
            }
            ImportShape::Table(index) => {
                let shape = self.shape.tables[index as usize];
                let max = fuel::table_maximum(shape.limits.min, shape.limits.max);
                let limits = lightbeam::Limits { min: shape.limits.min, max: Some(max) };
                let fill = to_interpreter(self.host.borrow().table_element(index, shape.element), &[]);
                let ty = TableType { element: val_type(shape.element), limits };
                External::Table(self.store.add_table(ty, fill)?)
            }
        })
    }

    /// What is left of the steps, for the next call.
    fn limit_steps(&mut self) {
        let left = STEPS.saturating_sub(self.store.steps());
        self.store.set_limits(Limits { steps: Some(left), ..Limits::default() });
    }

    fn value(&self, value: interpreter::Value) -> Value {
        from_interpreter(value, |func| {
            self.identities.get(&func).map_or(FuncIdentity::Foreign, |index| FuncIdentity::Index(*index))
        })
    }
}

impl Linker for InterpretedInstance {
    type Import = External;
    type Func = FuncAddr;
    type Global = GlobalAddr;
    type Memory = MemoryAddr;
    type Table = TableAddr;
    type Instance = interpreter::InstanceAddr;

    fn shape(&self) -> Arc<Shape> {
        self.shape.clone()
    }

    fn parts(&mut self) -> &mut Pair<PartsOf<Self>> {
        &mut self.parts
    }

    fn item(import: &External) -> Option<ItemOf<Self>> {
        match import {
            External::Func(func) => Some(Item::Func(*func)),
            External::Global(global) => Some(Item::Global(*global)),
            External::Memory(memory) => Some(Item::Memory(*memory)),
            External::Table(table) => Some(Item::Table(*table)),
        }
    }

    fn import(func: FuncAddr) -> External {
        External::Func(func)
    }

    fn create(&mut self, kind: ImportShape) -> Result<External, String> {
        self.created(kind).map_err(|error| error.to_string())
    }

    fn instantiate(&mut self, which: Which) -> Result<interpreter::InstanceAddr, Outcome> {
        self.limit_steps();
        self.store.instantiate(&self.module, &self.parts.of(which).imports).map_err(|error| failed(&error))
    }

    fn take_poison(&mut self) -> Option<String> {
        self.host.borrow_mut().take_poison()
    }

    fn export(&mut self, instance: interpreter::InstanceAddr, name: &str) -> Option<External> {
        self.store.export(instance, name)
    }

    fn identify(&mut self, _: interpreter::InstanceAddr) {
        self.identities = self.parts.own.funcs.iter().copied().zip(0..).collect();
    }

    fn part(&mut self, instance: interpreter::InstanceAddr, what: ImportShape) -> Option<ItemOf<Self>> {
        Some(match what {
            ImportShape::Func(index) => Item::Func(self.store.func_of(instance, index)?),
            ImportShape::Global(index) => Item::Global(self.store.global_of(instance, index)?),
            ImportShape::Memory(index) => Item::Memory(self.store.memory_of(instance, index)?),
            ImportShape::Table(index) => Item::Table(self.store.table_of(instance, index)?),
        })
    }
}

impl Instance for InterpretedInstance {
    fn start(&mut self) -> Outcome {
        let origins = self.origins.take();
        linking::start(self, origins.as_deref())
    }

    fn call(&mut self, func: u32, args: &[Value]) -> Outcome {
        let funcs = &self.parts.own.funcs;
        let Some(callee) = funcs.get(func as usize).copied() else {
            return Outcome::Poison("there is no such function".to_string());
        };
        let args: Vec<_> = args.iter().map(|arg| to_interpreter(*arg, funcs)).collect();
        self.limit_steps();
        let outcome = self.store.call(callee, &args);
        if let Some(why) = self.host.borrow_mut().take_poison() {
            return Outcome::Poison(why);
        }
        match outcome {
            Ok(results) => Outcome::Returned(results.iter().map(|result| self.value(*result)).collect()),
            Err(error) => failed(&error),
        }
    }

    fn global(&mut self, index: u32) -> Option<Value> {
        let global = self.parts.global(&self.shape, index)?;
        Some(self.value(self.store.global(global)))
    }

    fn memory(&mut self, index: u32) -> Option<&[u8]> {
        let memory = self.parts.memory(&self.shape, index)?;
        Some(self.store.bytes(memory))
    }

    fn table_size(&mut self, index: u32) -> Option<u64> {
        let table = self.parts.table(&self.shape, index)?;
        Some(self.store.table_size(table))
    }

    fn table_get(&mut self, index: u32, element: u64) -> Option<Value> {
        let table = self.parts.table(&self.shape, index)?;
        let element = self.store.table_get(table, element)?;
        Some(self.value(element))
    }

    fn fuel(&mut self) -> Option<(u32, bool)> {
        self.parts.fuel(|global| match self.store.global(global) {
            interpreter::Value::I32(bits) => Some(bits as i32),
            _ => None,
        })
    }

    fn refuel(&mut self, units: u32) {
        for (fuel, out) in self.parts.fuels() {
            self.store.set_global(fuel, interpreter::Value::I32(units)).expect("the fuel is a mutable i32");
            self.store.set_global(out, interpreter::Value::I32(0)).expect("the flag is a mutable i32");
        }
    }

    fn take_trace(&mut self) -> (Vec<HostCall>, u64) {
        self.host.borrow_mut().take_trace()
    }
}

/// The instance that calls a host function.
struct Inside<'a, 'b> {
    host: &'a RefCell<Host>,
    caller: &'a mut Caller<'b>,
}

impl Inside<'_, '_> {
    fn func(&mut self, index: u32) -> Option<FuncAddr> {
        let instance = self.caller.instance()?;
        self.caller.store_mut().func_of(instance, index)
    }

    fn table(&mut self, index: u32) -> Option<TableAddr> {
        let instance = self.caller.instance()?;
        self.caller.store_mut().table_of(instance, index)
    }

    fn try_set_global(&mut self, index: u32, value: Value) -> Option<Result<(), Error>> {
        let instance = self.caller.instance()?;
        let global = self.caller.store_mut().global_of(instance, index)?;
        Some(self.caller.store_mut().set_global(global, to_interpreter(value, &[])))
    }
}

impl Guest for Inside<'_, '_> {
    fn host<R>(&mut self, f: impl FnOnce(&mut Host) -> R) -> R {
        f(&mut self.host.borrow_mut())
    }

    fn memory(&mut self) -> Option<&mut [u8]> {
        let memory = self.caller.memory(0)?;
        Some(self.caller.bytes_mut(memory))
    }

    fn grow(&mut self, pages: u64) -> Option<u64> {
        let memory = self.caller.memory(0)?;
        self.caller.store_mut().grow_memory(memory, pages)
    }

    fn set_global(&mut self, index: u32, value: Value) {
        let set = self.try_set_global(index, value);
        assert!(matches!(set, Some(Ok(()))), "global {index} exists and can take the value: {set:?}");
    }

    fn table_size(&mut self, table: u32) -> u64 {
        self.table(table).map_or(0, |table| self.caller.store_mut().table_size(table))
    }

    fn set_table(&mut self, table: u32, element: u64, func: Option<u32>) {
        let value = interpreter::Value::FuncRef(func.and_then(|func| self.func(func)));
        let set = self.table(table).map(|table| self.caller.store_mut().table_set(table, element as u32, value));
        assert!(matches!(set, Some(Ok(()))), "table {table} exists and has element {element}: {set:?}");
    }

    fn call(&mut self, func: u32, args: &[Value]) -> Outcome {
        let args: Vec<_> = args.iter().map(|arg| to_interpreter(*arg, &[])).collect();
        let Some(callee) = self.func(func) else {
            return Outcome::Poison("there is no such function".to_string());
        };
        match self.caller.store_mut().call(callee, &args) {
            Ok(results) => Outcome::Returned(results.iter().map(|value| unidentified(*value)).collect()),
            Err(error) => failed(&error),
        }
    }
}

/// A value for the host, whose trace tells functions apart only from null.
fn unidentified(value: interpreter::Value) -> Value {
    from_interpreter(value, |_| FuncIdentity::Foreign)
}

fn host_call(
    host: &RefCell<Host>,
    caller: &mut Caller<'_>,
    import: u32,
    shape: &Shape,
    args: &[interpreter::Value],
) -> Result<Vec<interpreter::Value>, HostError> {
    let args: Vec<Value> = args.iter().map(|arg| unidentified(*arg)).collect();
    match guest::respond(&mut Inside { host, caller }, shape, import, shape.func_type(import), &args) {
        Ok(values) => Ok(values.into_iter().map(|value| to_interpreter(value, &[])).collect()),
        Err(number) => Err(Box::new(HostTrap(number))),
    }
}

fn func_type(shape: &FuncShape) -> FuncType {
    let types = |types: &[crate::value::ValueType]| types.iter().map(|ty| val_type(*ty)).collect();
    FuncType { params: types(&shape.params), results: types(&shape.results) }
}

/// A value in the interpreter's form. Functions are looked up in `funcs`; a foreign one becomes null.
pub fn to_interpreter(value: Value, funcs: &[FuncAddr]) -> interpreter::Value {
    match value {
        Value::I32(bits) => interpreter::Value::I32(bits),
        Value::I64(bits) => interpreter::Value::I64(bits),
        Value::F32(bits) => interpreter::Value::F32(bits),
        Value::F64(bits) => interpreter::Value::F64(bits),
        Value::V128(bits) => interpreter::Value::V128(bits),
        Value::FuncRef(FuncIdentity::Index(index)) => interpreter::Value::FuncRef(funcs.get(index as usize).copied()),
        Value::FuncRef(_) => interpreter::Value::FuncRef(None),
        Value::ExternRef(token) => interpreter::Value::ExternRef(token),
    }
}

/// A value of the interpreter's, whose functions are identified by `identify`.
pub fn from_interpreter(value: interpreter::Value, identify: impl FnOnce(FuncAddr) -> FuncIdentity) -> Value {
    match value {
        interpreter::Value::I32(bits) => Value::I32(bits),
        interpreter::Value::I64(bits) => Value::I64(bits),
        interpreter::Value::F32(bits) => Value::F32(bits),
        interpreter::Value::F64(bits) => Value::F64(bits),
        interpreter::Value::V128(bits) => Value::V128(bits),
        interpreter::Value::FuncRef(func) => Value::FuncRef(func.map_or(FuncIdentity::Null, identify)),
        interpreter::Value::ExternRef(token) => Value::ExternRef(token),
    }
}
