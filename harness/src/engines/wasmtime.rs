//! Wasmtime, the oracle: with Cranelift at two levels of optimisation, or with Winch.

use crate::engine::{Engine, Instance, Module};
use crate::guest::{self, Guest};
use crate::host::{Host, HostCall};
use crate::linking::{self, Item, ItemOf, Linker, Origin, Pair, PartsOf, Which};
use crate::outcome::{Outcome, Place, Rejection, Trap, TrapKind};
use crate::rewrite::{fuel, names};
use crate::shape::{ImportShape, Shape};
use crate::value::{FuncIdentity, Value, ValueType};
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use wasmtime::{
    AsContextMut, Caller, Config, Extern, ExternRef, FrameInfo, Func, FuncType, Global, GlobalType, HeapType, Memory,
    MemoryType, Mutability, OptLevel, Ref, RefType, RegallocAlgorithm, Store, Strategy, Table, TableType, Val, ValType,
    WasmBacktrace,
};

/// The stack that compiled code may use, in bytes. Fuel ends recursion long before.
pub const STACK_BYTES: usize = 16 << 20;

/// Which compiler of Wasmtime's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// Cranelift, optimising for speed.
    CraneliftSpeed,
    /// Cranelift without optimisation; as an oracle also with its one-pass register allocator.
    CraneliftNone,
    /// Winch, the baseline compiler.
    Winch,
}

impl Backend {
    /// The compiler of this name.
    pub fn by_name(name: &str) -> Option<Backend> {
        [Backend::CraneliftSpeed, Backend::CraneliftNone, Backend::Winch].into_iter().find(|b| b.name() == name)
    }

    const fn name(self) -> &'static str {
        match self {
            Backend::CraneliftSpeed => "cranelift",
            Backend::CraneliftNone => "cranelift-none",
            Backend::Winch => "winch",
        }
    }
}

/// The configuration for comparisons: Wasm 2.0 and relaxed vectors, which Winch does not have, and nothing beyond.
pub fn config(backend: Backend) -> Config {
    let mut config = Config::new();
    match backend {
        Backend::CraneliftSpeed => config.strategy(Strategy::Cranelift).cranelift_opt_level(OptLevel::Speed),
        Backend::CraneliftNone => config.strategy(Strategy::Cranelift).cranelift_opt_level(OptLevel::None),
        Backend::Winch => config.strategy(Strategy::Winch),
    };
    config
        .wasm_simd(true)
        .wasm_relaxed_simd(backend != Backend::Winch)
        .wasm_bulk_memory(true)
        .wasm_reference_types(true)
        .wasm_multi_value(true)
        .wasm_tail_call(false)
        .wasm_threads(false)
        .wasm_shared_everything_threads(false)
        .wasm_function_references(false)
        .wasm_gc(false)
        .wasm_multi_memory(false)
        .wasm_memory64(false)
        .wasm_extended_const(false)
        .wasm_exceptions(false)
        .wasm_stack_switching(false)
        .wasm_wide_arithmetic(false)
        .wasm_custom_page_sizes(false)
        .max_wasm_stack(STACK_BYTES)
        // Unused, but Wasmtime wants it larger than the above.
        .async_stack_size(2 * STACK_BYTES);
    config
}

/// Wasmtime with one of its compilers.
pub struct Wasmtime {
    engine: wasmtime::Engine,
    backend: Backend,
}

impl Wasmtime {
    /// An engine for comparisons.
    ///
    /// # Errors
    ///
    /// If Wasmtime refuses the configuration on this machine.
    pub fn new(backend: Backend) -> anyhow::Result<Wasmtime> {
        let mut config = config(backend);
        // What the specification leaves open has one result, which is our interpreter's.
        config.relaxed_simd_deterministic(true);
        config.wasm_backtrace_max_frames(NonZeroUsize::new(Trap::MOST_PLACES));
        if backend == Backend::CraneliftNone {
            // Another allocator of registers: the two levels share less, and compiling takes a third less time.
            config.cranelift_regalloc_algorithm(RegallocAlgorithm::SinglePass);
        }
        let engine = wasmtime::Engine::new(&config).map_err(|error| anyhow::anyhow!("{error:?}"))?;
        Ok(Wasmtime { engine, backend })
    }
}

impl Engine for Wasmtime {
    fn name(&self) -> &str {
        self.backend.name()
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, Rejection> {
        match wasmtime::Module::new(&self.engine, wasm) {
            Ok(module) => Ok(Box::new(WasmtimeModule { module })),
            Err(error) => Err(rejection(&self.engine, wasm, &error)),
        }
    }
}

/// Tells an invalid module from one that only this engine refuses.
pub fn rejection(engine: &wasmtime::Engine, wasm: &[u8], error: &wasmtime::Error) -> Rejection {
    let message = format!("{error:?}");
    match wasmtime::Module::validate(engine, wasm) {
        // Winch has no references, and says so in the words of the validator.
        _ if message.contains("gc types are disallowed") => Rejection::Unsupported("references".to_string()),
        // Some malformed names are found only on the way to the compiler.
        _ if message.contains("failed to parse WebAssembly module") => Rejection::Invalid(message),
        Err(_) => Rejection::Invalid(message),
        Ok(()) if message.to_lowercase().contains("limit") => Rejection::Limit(message),
        Ok(()) => Rejection::Unsupported(message),
    }
}

/// The kind of a trap, or `None` for one that engines may differ in.
pub fn trap_kind(trap: wasmtime::Trap) -> Option<TrapKind> {
    use wasmtime::Trap;
    Some(match trap {
        Trap::UnreachableCodeReached => TrapKind::Unreachable,
        Trap::MemoryOutOfBounds => TrapKind::MemoryOutOfBounds,
        Trap::TableOutOfBounds => TrapKind::TableOutOfBounds,
        Trap::IndirectCallToNull => TrapKind::IndirectCallToNull,
        Trap::BadSignature => TrapKind::BadSignature,
        Trap::IntegerDivisionByZero => TrapKind::IntegerDivisionByZero,
        Trap::IntegerOverflow => TrapKind::IntegerOverflow,
        Trap::BadConversionToInteger => TrapKind::BadConversionToInteger,
        _ => return None,
    })
}

fn places(error: &wasmtime::Error) -> Vec<Place> {
    let frames = error.downcast_ref::<WasmBacktrace>().map_or(&[][..], WasmBacktrace::frames);
    let place = |frame: &FrameInfo| {
        let offset = frame.module_offset().and_then(|offset| u32::try_from(offset).ok())?;
        Some(Place { func: frame.func_index(), offset })
    };
    frames.iter().filter_map(place).collect()
}

fn failed(error: &wasmtime::Error) -> Outcome {
    if let Some(HostTrap(number)) = error.downcast_ref::<HostTrap>() {
        return Outcome::Trapped(Trap::new(TrapKind::Host(*number), places(error)));
    }
    match error.downcast_ref::<wasmtime::Trap>() {
        Some(trap) => match trap_kind(*trap) {
            Some(kind) => Outcome::Trapped(Trap::new(kind, places(error))),
            None => Outcome::Poison(trap.to_string()),
        },
        None => Outcome::Poison(format!("{error:?}")),
    }
}

/// The error by which a host function traps.
#[derive(Debug, thiserror::Error)]
#[error("host trap {0}")]
struct HostTrap(u32);

struct WasmtimeModule {
    module: wasmtime::Module,
}

/// What a store holds beside Wasm's own state.
struct State {
    host: Host,
    /// The address of each function of the instance to its index.
    identities: HashMap<usize, u32>,
}

struct WasmtimeInstance {
    store: Store<State>,
    module: wasmtime::Module,
    shape: Arc<Shape>,
    origins: Option<Vec<Origin>>,
    parts: Pair<PartsOf<Self>>,
}

impl Module for WasmtimeModule {
    fn prepare(&self, shape: Arc<Shape>, host: Host) -> Result<Box<dyn Instance>, String> {
        let origins = host.origins(&shape);
        let mut instance = WasmtimeInstance {
            store: Store::new(self.module.engine(), State { host, identities: HashMap::new() }),
            module: self.module.clone(),
            shape,
            origins,
            parts: Pair::default(),
        };
        let linked = instance.origins.is_some();
        linking::prepare(&mut instance, linked)?;
        Ok(Box::new(instance))
    }
}

impl WasmtimeInstance {
    fn created(&mut self, kind: ImportShape) -> wasmtime::Result<Extern> {
        let engine = self.module.engine().clone();
        Ok(match kind {
            ImportShape::Func(index) => {
                let shape = self.shape.clone();
                let ty = shape.func_type(index);
                let (params, results) = (ty.params.iter(), ty.results.iter());
                let ty = FuncType::new(&engine, params.map(|ty| val_type(*ty)), results.map(|ty| val_type(*ty)));
                let func = Func::new(&mut self.store, ty, move |caller, args, results| {
                    host_call(caller, index, &shape, args, results)
                });
                Extern::Func(func)
            }
            ImportShape::Global(index) => {
                let shape = self.shape.globals[index as usize];
                let mutability = if shape.mutable { Mutability::Var } else { Mutability::Const };
                let value = self.store.data().host.global(index, shape);
                let value = to_val(&mut self.store, value, &[])?;
                let ty = GlobalType::new(val_type(shape.ty), mutability);
                Extern::Global(Global::new(&mut self.store, ty, value)?)
            }
            ImportShape::Memory(index) => {
                let limits = self.shape.memories[index as usize];
                let max = fuel::memory_maximum(limits.min, limits.max);
                let ty = MemoryType::builder().min(limits.min).max(Some(max)).build()?;
                let memory = Memory::new(&mut self.store, ty)?;
                let (bytes, state) = memory.data_and_store_mut(&mut self.store);
                state.host.fill_memory(index, bytes);
                Extern::Memory(memory)
            }
            ImportShape::Table(index) => {
                let shape = self.shape.tables[index as usize];
                let max = fuel::table_maximum(shape.limits.min, shape.limits.max);
                let element = if shape.element == ValueType::FuncRef { RefType::FUNCREF } else { RefType::EXTERNREF };
                let ty = TableType::new(element, u32::try_from(shape.limits.min)?, u32::try_from(max).ok());
                let fill = self.store.data().host.table_element(index, shape.element);
                let fill = to_val(&mut self.store, fill, &[])?;
                let fill = fill.ref_().unwrap_or(Ref::Func(None));
                Extern::Table(Table::new(&mut self.store, ty, fill)?)
            }
        })
    }
}

impl Linker for WasmtimeInstance {
    type Import = Extern;
    type Func = Func;
    type Global = Global;
    type Memory = Memory;
    type Table = Table;
    type Instance = wasmtime::Instance;

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
            _ => None,
        }
    }

    fn import(func: Func) -> Extern {
        Extern::Func(func)
    }

    fn create(&mut self, kind: ImportShape) -> Result<Extern, String> {
        self.created(kind).map_err(|error| format!("{error:?}"))
    }

    fn instantiate(&mut self, which: Which) -> Result<wasmtime::Instance, Outcome> {
        wasmtime::Instance::new(&mut self.store, &self.module, &self.parts.of(which).imports)
            .map_err(|error| failed(&error))
    }

    fn take_poison(&mut self) -> Option<String> {
        self.store.data_mut().host.take_poison()
    }

    fn export(&mut self, instance: wasmtime::Instance, name: &str) -> Option<Extern> {
        instance.get_export(&mut self.store, name)
    }

    fn identify(&mut self, _: wasmtime::Instance) {
        let (imports, funcs) = (&self.parts.own.imports, &self.parts.own.funcs);
        // Where an import is handed out as a function of the instance, it has another address.
        let imported = imports.iter().filter_map(|import| import.clone().into_func()).zip(0..);
        for (func, index) in funcs.iter().copied().zip(0..).chain(imported) {
            let address = func.to_raw(&mut self.store) as usize;
            self.store.data_mut().identities.insert(address, index);
        }
    }
}

impl Instance for WasmtimeInstance {
    fn start(&mut self) -> Outcome {
        let origins = self.origins.take();
        linking::start(self, origins.as_deref())
    }

    fn call(&mut self, func: u32, args: &[Value]) -> Outcome {
        let funcs = &self.parts.own.funcs;
        let Some(callee) = funcs.get(func as usize).copied() else {
            return Outcome::Poison("there is no such function".to_string());
        };
        let mut params = Vec::with_capacity(args.len());
        for arg in args {
            match to_val(&mut self.store, *arg, funcs) {
                Ok(val) => params.push(val),
                Err(error) => return Outcome::Poison(format!("{error:?}")),
            }
        }
        let mut results = vec![Val::I32(0); self.shape.func_type(func).results.len()];
        let outcome = callee.call(&mut self.store, &params, &mut results);
        if let Some(why) = self.store.data_mut().host.take_poison() {
            return Outcome::Poison(why);
        }
        match outcome {
            Ok(()) => Outcome::Returned(results.iter().map(|val| from_val(&mut self.store, val)).collect()),
            Err(error) => failed(&error),
        }
    }

    fn global(&mut self, index: u32) -> Option<Value> {
        let global = self.parts.global(&self.shape, index)?;
        let val = global.get(&mut self.store);
        Some(from_val(&mut self.store, &val))
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
        let element = table.get(&mut self.store, element)?;
        Some(from_val(&mut self.store, &element.into()))
    }

    fn fuel(&mut self) -> Option<(u32, bool)> {
        self.parts.fuel(|global| global.get(&mut self.store).i32())
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
    fn func(&mut self, index: u32) -> Option<Func> {
        self.caller.get_export(&names::func(index))?.into_func()
    }

    fn table(&mut self, index: u32) -> Option<Table> {
        self.caller.get_export(&names::table(index))?.into_table()
    }

    fn try_call(&mut self, func: u32, args: &[Value]) -> wasmtime::Result<Vec<Value>> {
        let callee = self.func(func).ok_or_else(|| wasmtime::Error::msg("there is no such function"))?;
        let params = args.iter().map(|arg| to_val(&mut *self.caller, *arg, &[]));
        let params = params.collect::<wasmtime::Result<Vec<Val>>>()?;
        let mut results = vec![Val::I32(0); self.shape.func_type(func).results.len()];
        callee.call(&mut *self.caller, &params, &mut results)?;
        Ok(results.iter().map(|val| from_val(&mut *self.caller, val)).collect())
    }
}

impl Guest for Inside<'_, '_> {
    fn host<R>(&mut self, f: impl FnOnce(&mut Host) -> R) -> R {
        f(&mut self.caller.data_mut().host)
    }

    fn memory(&mut self) -> Option<&mut [u8]> {
        let memory = self.caller.get_export(&names::memory(0))?.into_memory()?;
        Some(memory.data_mut(&mut *self.caller))
    }

    fn grow(&mut self, pages: u64) -> Option<u64> {
        let memory = self.caller.get_export(&names::memory(0))?.into_memory()?;
        memory.grow(&mut *self.caller, pages).ok()
    }

    fn set_global(&mut self, index: u32, value: Value) {
        let global = self.caller.get_export(&names::global(index)).and_then(Extern::into_global);
        let value = to_val(&mut *self.caller, value, &[]);
        let set = global.zip(value.ok()).map(|(global, value)| global.set(&mut *self.caller, value));
        assert!(matches!(set, Some(Ok(()))), "global {index} is exported and can take the value: {set:?}");
    }

    fn table_size(&mut self, table: u32) -> u64 {
        self.table(table).map_or(0, |table| table.size(&*self.caller))
    }

    fn set_table(&mut self, table: u32, element: u64, func: Option<u32>) {
        let value = Ref::Func(func.and_then(|func| self.func(func)));
        let set = self.table(table).map(|table| table.set(&mut *self.caller, element, value));
        assert!(matches!(set, Some(Ok(()))), "table {table} is exported and has element {element}: {set:?}");
    }

    fn call(&mut self, func: u32, args: &[Value]) -> Outcome {
        match self.try_call(func, args) {
            Ok(values) => Outcome::Returned(values),
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
) -> wasmtime::Result<()> {
    let args: Vec<Value> = args.iter().map(|arg| from_val(&mut caller, arg)).collect();
    let mut guest = Inside { caller: &mut caller, shape };
    match guest::respond(&mut guest, shape, import, shape.func_type(import), &args) {
        Ok(values) => {
            for (result, value) in results.iter_mut().zip(values) {
                *result = to_val(&mut caller, value, &[])?;
            }
            Ok(())
        }
        Err(number) => Err(HostTrap(number).into()),
    }
}

/// Wasmtime's name of a type.
pub fn val_type(ty: ValueType) -> ValType {
    match ty {
        ValueType::I32 => ValType::I32,
        ValueType::I64 => ValType::I64,
        ValueType::F32 => ValType::F32,
        ValueType::F64 => ValType::F64,
        ValueType::V128 => ValType::V128,
        ValueType::FuncRef => ValType::FUNCREF,
        ValueType::ExternRef => ValType::EXTERNREF,
    }
}

/// A value in Wasmtime's form. Functions are looked up in `funcs`; a foreign one becomes null.
fn to_val(mut store: impl AsContextMut<Data = State>, value: Value, funcs: &[Func]) -> wasmtime::Result<Val> {
    Ok(match value {
        Value::I32(v) => Val::I32(v as i32),
        Value::I64(v) => Val::I64(v as i64),
        Value::F32(bits) => Val::F32(bits),
        Value::F64(bits) => Val::F64(bits),
        Value::V128(bits) => Val::V128(bits.into()),
        Value::FuncRef(FuncIdentity::Index(index)) => Val::FuncRef(funcs.get(index as usize).copied()),
        Value::FuncRef(_) => Val::FuncRef(None),
        Value::ExternRef(None) => Val::null_ref(&HeapType::Extern),
        Value::ExternRef(Some(token)) => Val::ExternRef(Some(ExternRef::new(&mut store, token)?)),
    })
}

fn from_val(mut store: impl AsContextMut<Data = State>, val: &Val) -> Value {
    match val {
        Val::I32(v) => Value::I32(*v as u32),
        Val::I64(v) => Value::I64(*v as u64),
        Val::F32(bits) => Value::F32(*bits),
        Val::F64(bits) => Value::F64(*bits),
        Val::V128(bits) => Value::V128(bits.as_u128()),
        Val::FuncRef(None) => Value::FuncRef(FuncIdentity::Null),
        Val::FuncRef(Some(func)) => {
            let address = func.to_raw(&mut store) as usize;
            let identity = store.as_context().data().identities.get(&address);
            Value::FuncRef(identity.map_or(FuncIdentity::Foreign, |index| FuncIdentity::Index(*index)))
        }
        Val::ExternRef(reference) => Value::ExternRef(reference.as_ref().map(|reference| {
            let data = reference.data(store.as_context()).ok().flatten();
            *data.and_then(|data| data.downcast_ref::<u32>()).expect("only the harness makes external references")
        })),
        Val::AnyRef(_) | Val::ExnRef(_) | Val::ContRef(_) => unreachable!("the configuration has no such types"),
    }
}
