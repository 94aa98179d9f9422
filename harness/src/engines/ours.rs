//! Lightbeam, the engine under test, through its public interface.

use crate::engine::{Engine, Instance, Module};
use crate::engines::setup::{Delivery, Setup};
use crate::engines::wasmtime::STACK_BYTES;
use crate::guest::{self, Guest};
use crate::host::{Host, HostCall};
use crate::linking::{self, Item, ItemOf, Linker, Origin, Pair, PartsOf, Which};
use crate::outcome::{Outcome, Place, Rejection, Trap, TrapKind};
use crate::rewrite::{fuel, names};
use crate::shape::{FuncShape, ImportShape, Shape};
use crate::value::{FuncIdentity, Value, ValueType};
use lightbeam::microwasm::binary::encode;
use lightbeam::{
    AsContext, AsContextMut, Caller, CompileError, Error, Extern, ExternRef, Func, FuncType, Global, GlobalType,
    Limits, Memory, MemoryType, ModuleBuilder, Store, Table, TableType, Val, ValType,
};
use std::sync::Arc;

/// Lightbeam in one of its configurations.
pub struct Lightbeam {
    name: String,
    engine: lightbeam::Engine,
    delivery: Delivery,
}

impl Lightbeam {
    /// An engine for comparisons, in the configuration of this name.
    ///
    /// # Errors
    ///
    /// If there is no such configuration, or if the process cannot have signal handlers.
    pub fn new(name: &str) -> anyhow::Result<Lightbeam> {
        let setup = Setup::parse(name)?;
        let mut config = setup.config();
        config.max_wasm_stack(STACK_BYTES);
        let engine = lightbeam::Engine::new(&config)?;
        Ok(Lightbeam { name: name.to_string(), engine, delivery: setup.delivery })
    }
}

/// Compiles a module that reaches the compiler in a certain way.
///
/// # Errors
///
/// If the module is refused.
pub fn module(engine: &lightbeam::Engine, wasm: &[u8], delivery: Delivery) -> Result<lightbeam::Module, Error> {
    match delivery {
        Delivery::Whole => lightbeam::Module::new(engine, wasm),
        Delivery::Pieces => {
            let mut builder = ModuleBuilder::new(engine);
            // Pieces of 1, 2, 4, 7, 11.. bytes: short ones where sections begin, not slow for large modules.
            let (mut rest, mut length, mut step) = (wasm, 1, 1);
            while !rest.is_empty() {
                let (piece, after) = rest.split_at(length.min(rest.len()));
                builder.push(piece)?;
                (rest, length, step) = (after, length + step, step + 1);
            }
            builder.finish()
        }
        Delivery::Microwasm => lightbeam::Module::from_microwasm(engine, encode(wasm)?),
    }
}

impl Engine for Lightbeam {
    fn name(&self) -> &str {
        &self.name
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, Rejection> {
        match module(&self.engine, wasm, self.delivery) {
            Ok(module) => Ok(Box::new(LightbeamModule { module, tells_places: self.delivery != Delivery::Microwasm })),
            Err(error) => Err(rejection(&error)),
        }
    }
}

/// Why a module was refused.
pub fn rejection(error: &Error) -> Rejection {
    let message = error.to_string();
    match error {
        Error::Compile(
            CompileError::Invalid { .. }
            | CompileError::UnexpectedEnd { .. }
            | CompileError::Microwasm { .. }
            | CompileError::Text { .. },
        ) => Rejection::Invalid(message),
        // Without the offset, so that equal reasons can be counted.
        Error::Compile(CompileError::Unsupported { feature, .. }) => Rejection::Unsupported((*feature).to_string()),
        Error::Compile(CompileError::Limit { .. }) | Error::Resource { .. } => Rejection::Limit(message),
        _ => Rejection::Unsupported(message),
    }
}

/// The kind of a trap, or `None` for one that engines may differ in.
pub fn trap_kind(kind: lightbeam::TrapKind) -> Option<TrapKind> {
    use lightbeam::TrapKind as Kind;
    Some(match kind {
        Kind::Unreachable => TrapKind::Unreachable,
        Kind::MemoryOutOfBounds => TrapKind::MemoryOutOfBounds,
        Kind::TableOutOfBounds => TrapKind::TableOutOfBounds,
        Kind::IndirectCallToNull => TrapKind::IndirectCallToNull,
        Kind::BadSignature => TrapKind::BadSignature,
        Kind::IntegerDivisionByZero => TrapKind::IntegerDivisionByZero,
        Kind::IntegerOverflow => TrapKind::IntegerOverflow,
        Kind::BadConversionToInteger => TrapKind::BadConversionToInteger,
        _ => return None,
    })
}

fn places(backtrace: &lightbeam::Backtrace) -> Vec<Place> {
    let frames = backtrace.frames().iter().take(Trap::MOST_PLACES);
    frames.map(|frame| Place { func: frame.func_index(), offset: frame.offset() }).collect()
}

fn failed(error: &Error) -> Outcome {
    if let Some(HostTrap(number)) = error.downcast_ref::<HostTrap>() {
        let places = if let Error::Host(host) = error { places(host.backtrace()) } else { Vec::new() };
        return Outcome::Trapped(Trap::new(TrapKind::Host(*number), places));
    }
    match error {
        Error::Trap(trap) => match trap_kind(trap.kind()) {
            Some(kind) => Outcome::Trapped(Trap::new(kind, places(trap.backtrace()))),
            None => Outcome::Poison(trap.kind().to_string()),
        },
        other => Outcome::Poison(other.to_string()),
    }
}

/// The error by which a host function traps.
#[derive(Debug, thiserror::Error)]
#[error("host trap {0}")]
pub(super) struct HostTrap(pub(super) u32);

struct LightbeamModule {
    module: lightbeam::Module,
    /// Whether places in code are byte offsets of the Wasm.
    tells_places: bool,
}

/// What a store holds beside Wasm's own state.
struct State {
    host: Host,
    /// Set once the instance is there: before that, no function has an identity.
    instance: Option<lightbeam::Instance>,
    /// The functions that it imports.
    imported: Vec<Func>,
}

struct LightbeamInstance {
    store: Store<State>,
    module: lightbeam::Module,
    tells_places: bool,
    shape: Arc<Shape>,
    origins: Option<Vec<Origin>>,
    parts: Pair<PartsOf<Self>>,
}

impl Module for LightbeamModule {
    fn prepare(&self, shape: Arc<Shape>, host: Host) -> Result<Box<dyn Instance>, String> {
        let origins = host.origins(&shape);
        let state = State { host, instance: None, imported: Vec::new() };
        let mut instance = LightbeamInstance {
            store: Store::new(self.module.engine(), state),
            module: self.module.clone(),
            tells_places: self.tells_places,
            shape,
            origins,
            parts: Pair::default(),
        };
        let linked = instance.origins.is_some();
        linking::prepare(&mut instance, linked)?;
        Ok(Box::new(instance))
    }
}

impl LightbeamInstance {
    fn failed(&self, error: &Error) -> Outcome {
        match failed(error) {
            Outcome::Trapped(trap) if !self.tells_places => Outcome::Trapped(Trap::new(trap.kind, [])),
            outcome => outcome,
        }
    }

    fn created(&mut self, kind: ImportShape) -> Result<Extern, Error> {
        Ok(match kind {
            ImportShape::Func(index) => {
                let shape = self.shape.clone();
                let ty = func_type(shape.func_type(index));
                Extern::Func(Func::new(&mut self.store, ty, move |caller, args, results| {
                    host_call(caller, index, &shape, args, results)
                })?)
            }
            ImportShape::Global(index) => {
                let shape = self.shape.globals[index as usize];
                let value = self.store.data().host.global(index, shape);
                let value = to_val(&mut self.store, value, &[]);
                let ty = GlobalType { content: val_type(shape.ty), mutable: shape.mutable };
                Extern::Global(Global::new(&mut self.store, ty, value)?)
            }
            ImportShape::Memory(index) => {
                let limits = self.shape.memories[index as usize];
                let max = fuel::memory_maximum(limits.min, limits.max);
                let ty = MemoryType { limits: Limits { min: limits.min, max: Some(max) } };
                let memory = Memory::new(&mut self.store, ty)?;
                let (bytes, state) = memory.data_and_store_mut(&mut self.store);
                state.host.fill_memory(index, bytes);
                Extern::Memory(memory)
            }
            ImportShape::Table(index) => {
                let shape = self.shape.tables[index as usize];
                let max = fuel::table_maximum(shape.limits.min, shape.limits.max);
                let limits = Limits { min: shape.limits.min, max: Some(max) };
                let fill = self.store.data().host.table_element(index, shape.element);
                let fill = to_val(&mut self.store, fill, &[]);
                let ty = TableType { element: val_type(shape.element), limits };
                Extern::Table(Table::new(&mut self.store, ty, fill)?)
            }
        })
    }
}

impl Linker for LightbeamInstance {
    type Import = Extern;
    type Func = Func;
    type Global = Global;
    type Memory = Memory;
    type Table = Table;
    type Instance = lightbeam::Instance;

    fn shape(&self) -> Arc<Shape> {
        self.shape.clone()
    }

    fn parts(&mut self) -> &mut Pair<PartsOf<Self>> {
        &mut self.parts
    }

    fn item(import: &Extern) -> Option<ItemOf<Self>> {
        match import {
            Extern::Func(func) => Some(Item::Func(*func)),
            Extern::Global(global) => Some(Item::Global(*global)),
            Extern::Memory(memory) => Some(Item::Memory(*memory)),
            Extern::Table(table) => Some(Item::Table(*table)),
        }
    }

    fn import(func: Func) -> Extern {
        Extern::Func(func)
    }

    fn create(&mut self, kind: ImportShape) -> Result<Extern, String> {
        self.created(kind).map_err(|error| error.to_string())
    }

    fn instantiate(&mut self, which: Which) -> Result<lightbeam::Instance, Outcome> {
        lightbeam::Instance::new(&mut self.store, &self.module, &self.parts.of(which).imports)
            .map_err(|error| self.failed(&error))
    }

    fn take_poison(&mut self) -> Option<String> {
        self.store.data_mut().host.take_poison()
    }

    fn export(&mut self, instance: lightbeam::Instance, name: &str) -> Option<Extern> {
        instance.get_export(&self.store, name)
    }

    fn identify(&mut self, instance: lightbeam::Instance) {
        let imported = self.parts.own.imports.iter().filter_map(|import| import.into_func()).collect();
        let state = self.store.data_mut();
        (state.instance, state.imported) = (Some(instance), imported);
    }
}

impl Instance for LightbeamInstance {
    fn start(&mut self) -> Outcome {
        let origins = self.origins.take();
        linking::start(self, origins.as_deref())
    }

    fn call(&mut self, func: u32, args: &[Value]) -> Outcome {
        let funcs = &self.parts.own.funcs;
        let Some(callee) = funcs.get(func as usize).copied() else {
            return Outcome::Poison("there is no such function".to_string());
        };
        let params: Vec<Val> = args.iter().map(|arg| to_val(&mut self.store, *arg, funcs)).collect();
        let mut results = vec![Val::I32(0); self.shape.func_type(func).results.len()];
        let outcome = callee.call(&mut self.store, &params, &mut results);
        if let Some(why) = self.store.data_mut().host.take_poison() {
            return Outcome::Poison(why);
        }
        match outcome {
            Ok(()) => Outcome::Returned(results.iter().map(|val| from_val(&self.store, val)).collect()),
            Err(error) => self.failed(&error),
        }
    }

    fn global(&mut self, index: u32) -> Option<Value> {
        let global = self.parts.global(&self.shape, index)?;
        let val = global.get(&self.store);
        Some(from_val(&self.store, &val))
    }

    fn memory(&mut self, index: u32) -> Option<&[u8]> {
        let memory = self.parts.memory(&self.shape, index)?;
        Some(memory.data(&self.store))
    }

    fn table_size(&mut self, index: u32) -> Option<u64> {
        let table = self.parts.table(&self.shape, index)?;
        Some(table.size(&self.store))
    }

    fn table_get(&mut self, index: u32, element: u64) -> Option<Value> {
        let table = self.parts.table(&self.shape, index)?;
        let element = table.get(&self.store, element)?;
        Some(from_val(&self.store, &element))
    }

    fn fuel(&mut self) -> Option<(u32, bool)> {
        self.parts.fuel(|global| global.get(&self.store).i32())
    }

    fn refuel(&mut self, units: u32) {
        for (fuel, out) in self.parts.fuels() {
            fuel.set(&mut self.store, Val::I32(units as i32)).expect("the fuel is a mutable i32");
            out.set(&mut self.store, Val::I32(0)).expect("the flag is a mutable i32");
        }
    }

    fn take_trace(&mut self) -> (Vec<HostCall>, u64) {
        self.store.data_mut().host.take_trace()
    }
}

/// The instance that calls a host function.
struct Inside<'a, 'b> {
    caller: &'a mut Caller<'b, State>,
    shape: &'a Shape,
}

impl Inside<'_, '_> {
    fn func(&self, index: u32) -> Option<Func> {
        self.caller.get_export(&names::func(index))?.into_func()
    }

    fn table(&self, index: u32) -> Option<Table> {
        self.caller.get_export(&names::table(index))?.into_table()
    }
}

impl Guest for Inside<'_, '_> {
    fn host<R>(&mut self, f: impl FnOnce(&mut Host) -> R) -> R {
        f(&mut self.caller.data_mut().host)
    }

    fn memory(&mut self) -> Option<&mut [u8]> {
        let memory = self.caller.get_export(&names::memory(0))?.into_memory()?;
        Some(memory.data_mut(self.caller))
    }

    fn grow(&mut self, pages: u64) -> Option<u64> {
        let memory = self.caller.get_export(&names::memory(0))?.into_memory()?;
        memory.grow(&mut *self.caller, pages).ok()
    }

    fn set_global(&mut self, index: u32, value: Value) {
        let global = self.caller.get_export(&names::global(index)).and_then(Extern::into_global);
        let value = to_val(&mut *self.caller, value, &[]);
        let set = global.map(|global| global.set(&mut *self.caller, value));
        assert!(matches!(set, Some(Ok(()))), "global {index} is exported and can take the value: {set:?}");
    }

    fn table_size(&mut self, table: u32) -> u64 {
        self.table(table).map_or(0, |table| table.size(&*self.caller))
    }

    fn set_table(&mut self, table: u32, element: u64, func: Option<u32>) {
        let value = Val::FuncRef(func.and_then(|func| self.func(func)));
        let set = self.table(table).map(|table| table.set(&mut *self.caller, element, value));
        assert!(matches!(set, Some(Ok(()))), "table {table} is exported and has element {element}: {set:?}");
    }

    fn call(&mut self, func: u32, args: &[Value]) -> Outcome {
        let Some(callee) = self.func(func) else {
            return Outcome::Poison("there is no such function".to_string());
        };
        let params: Vec<Val> = args.iter().map(|arg| to_val(&mut *self.caller, *arg, &[])).collect();
        let mut results = vec![Val::I32(0); self.shape.func_type(func).results.len()];
        match callee.call(&mut *self.caller, &params, &mut results) {
            Ok(()) => Outcome::Returned(results.iter().map(|val| from_val(&*self.caller, val)).collect()),
            Err(error) => failed(&error),
        }
    }
}

fn host_call(
    mut caller: Caller<'_, State>,
    import: u32,
    shape: &Shape,
    args: &[Val],
    results: &mut [Val],
) -> Result<(), Error> {
    let args: Vec<Value> = args.iter().map(|arg| from_val(&caller, arg)).collect();
    let mut guest = Inside { caller: &mut caller, shape };
    match guest::respond(&mut guest, shape, import, shape.func_type(import), &args) {
        Ok(values) => {
            for (result, value) in results.iter_mut().zip(values) {
                *result = to_val(&mut caller, value, &[]);
            }
            Ok(())
        }
        Err(number) => Err(Error::host(HostTrap(number))),
    }
}

/// Lightbeam's name of a type.
pub fn val_type(ty: ValueType) -> ValType {
    match ty {
        ValueType::I32 => ValType::I32,
        ValueType::I64 => ValType::I64,
        ValueType::F32 => ValType::F32,
        ValueType::F64 => ValType::F64,
        ValueType::V128 => ValType::V128,
        ValueType::FuncRef => ValType::FuncRef,
        ValueType::ExternRef => ValType::ExternRef,
    }
}

/// The harness's name of a type.
pub fn value_type(ty: ValType) -> ValueType {
    match ty {
        ValType::I32 => ValueType::I32,
        ValType::I64 => ValueType::I64,
        ValType::F32 => ValueType::F32,
        ValType::F64 => ValueType::F64,
        ValType::V128 => ValueType::V128,
        ValType::FuncRef => ValueType::FuncRef,
        ValType::ExternRef => ValueType::ExternRef,
    }
}

fn func_type(shape: &FuncShape) -> FuncType {
    let types = |types: &[ValueType]| types.iter().map(|ty| val_type(*ty)).collect();
    FuncType { params: types(&shape.params), results: types(&shape.results) }
}

/// A value in Lightbeam's form. Functions are looked up in `funcs`; a foreign one becomes null.
pub fn to_val(mut store: impl AsContextMut, value: Value, funcs: &[Func]) -> Val {
    match value {
        Value::I32(v) => Val::I32(v as i32),
        Value::I64(v) => Val::I64(v as i64),
        Value::F32(bits) => Val::F32(bits),
        Value::F64(bits) => Val::F64(bits),
        Value::V128(bits) => Val::V128(bits),
        Value::FuncRef(FuncIdentity::Index(index)) => Val::FuncRef(funcs.get(index as usize).copied()),
        Value::FuncRef(_) => Val::FuncRef(None),
        Value::ExternRef(None) => Val::ExternRef(None),
        Value::ExternRef(Some(token)) => Val::ExternRef(Some(ExternRef::new(&mut store, token))),
    }
}

/// A value of Lightbeam's, whose functions are identified by `identify`.
///
/// # Panics
///
/// If it is an external reference that the harness did not make.
pub fn from_val_with<S: AsContext<Data: 'static>>(
    store: &S,
    val: &Val,
    identify: impl FnOnce(&Func) -> FuncIdentity,
) -> Value {
    match val {
        Val::I32(v) => Value::I32(*v as u32),
        Val::I64(v) => Value::I64(*v as u64),
        Val::F32(bits) => Value::F32(*bits),
        Val::F64(bits) => Value::F64(*bits),
        Val::V128(bits) => Value::V128(*bits),
        Val::FuncRef(None) => Value::FuncRef(FuncIdentity::Null),
        Val::FuncRef(Some(func)) => Value::FuncRef(identify(func)),
        Val::ExternRef(reference) => Value::ExternRef(reference.as_ref().map(|reference| {
            *reference.data(store).downcast_ref::<u32>().expect("only the harness makes external references")
        })),
    }
}

fn from_val(store: &impl AsContext<Data = State>, val: &Val) -> Value {
    from_val_with(store, val, |func| {
        let state = store.as_context().data();
        let Some(instance) = state.instance else { return FuncIdentity::Foreign };
        match func.definition(store) {
            Some((definer, index)) if definer == instance => FuncIdentity::Index(index),
            _ => match state.imported.iter().position(|imported| Func::same(imported, func, store)) {
                Some(index) => FuncIdentity::Index(index as u32),
                None => FuncIdentity::Foreign,
            },
        }
    })
}
