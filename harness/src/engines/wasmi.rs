//! wasmi, an interpreter with a front end and a runtime of its own. It tells no places of traps.

use crate::engine::{Engine, Instance, Module};
use crate::guest::{self, Guest};
use crate::host::{Host, HostCall};
use crate::linking::{self, Item, ItemOf, Linker, Origin, Pair, PartsOf, Which};
use crate::outcome::{Outcome, Rejection, Trap, TrapKind};
use crate::rewrite::{fuel, names};
use crate::shape::{ImportShape, Shape};
use crate::value::{FuncIdentity, Value, ValueType};
use std::collections::HashMap;
use std::sync::Arc;
use wasmi::errors::{ErrorKind, HostError, InstantiationError};
use wasmi::{
    AsContext, AsContextMut, Caller, Config, Error, Extern, ExternRef, F32, F64, Func, FuncType, Global, Memory,
    MemoryType, Mutability, Ref, Store, StoreContext, Table, TableType, TrapCode, Val, ValType,
};

/// The name of this engine.
pub const NAME: &str = "wasmi";

/// The interpreter.
pub struct Wasmi {
    engine: wasmi::Engine,
}

impl Wasmi {
    /// The interpreter for comparisons: Wasm 2.0 and nothing beyond it. Its own fuel is off: a plan's fuel is in the
    /// module.
    pub fn new() -> Wasmi {
        let mut config = Config::default();
        config
            .wasm_mutable_global(true)
            .wasm_sign_extension(true)
            .wasm_saturating_float_to_int(true)
            .wasm_multi_value(true)
            .wasm_bulk_memory(true)
            .wasm_reference_types(true)
            .wasm_simd(true)
            .wasm_relaxed_simd(false)
            .wasm_multi_memory(false)
            .wasm_memory64(false)
            .wasm_tail_call(false)
            .wasm_extended_const(false)
            .wasm_custom_page_sizes(false)
            .wasm_wide_arithmetic(false)
            .consume_fuel(false)
            // Every function is translated at once, so that one which cannot be shows there and not in a call.
            .compilation_mode(wasmi::CompilationMode::Eager);
        Wasmi { engine: wasmi::Engine::new(&config) }
    }
}

impl Default for Wasmi {
    fn default() -> Wasmi {
        Wasmi::new()
    }
}

impl Engine for Wasmi {
    fn name(&self) -> &str {
        NAME
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, Rejection> {
        match wasmi::Module::new(&self.engine, wasm) {
            Ok(module) => Ok(Box::new(WasmiModule { module })),
            Err(error) => Err(rejection(&error)),
        }
    }
}

/// Tells an invalid module from one that only this engine refuses.
fn rejection(error: &Error) -> Rejection {
    let message = error.to_string();
    match error.kind() {
        // The kind is the same as that of what is invalid.
        ErrorKind::Wasm(_) if message.contains("relaxed SIMD support is not enabled") => {
            Rejection::Unsupported("relaxed-simd".to_string())
        }
        ErrorKind::Wasm(_) | ErrorKind::Read(_) => Rejection::Invalid(message),
        ErrorKind::Translation(_)
        | ErrorKind::Limits(_)
        | ErrorKind::Ir(_)
        | ErrorKind::Memory(_)
        | ErrorKind::Table(_) => Rejection::Limit(message),
        _ => Rejection::Unsupported(message),
    }
}

/// The kind of a trap, or `None` for one that engines may differ in.
const fn trap_kind(trap: TrapCode) -> Option<TrapKind> {
    Some(match trap {
        TrapCode::UnreachableCodeReached => TrapKind::Unreachable,
        TrapCode::MemoryOutOfBounds => TrapKind::MemoryOutOfBounds,
        TrapCode::TableOutOfBounds => TrapKind::TableOutOfBounds,
        TrapCode::IndirectCallToNull => TrapKind::IndirectCallToNull,
        TrapCode::BadSignature => TrapKind::BadSignature,
        TrapCode::IntegerDivisionByZero => TrapKind::IntegerDivisionByZero,
        TrapCode::IntegerOverflow => TrapKind::IntegerOverflow,
        TrapCode::BadConversionToInteger => TrapKind::BadConversionToInteger,
        TrapCode::StackOverflow | TrapCode::OutOfFuel | TrapCode::GrowthOperationLimited => return None,
    })
}

fn failed(error: &Error) -> Outcome {
    if let Some(HostTrap(number)) = error.downcast_ref::<HostTrap>() {
        return Outcome::Trapped(Trap::new(TrapKind::Host(*number), []));
    }
    let kind = match error.kind() {
        // An active segment is the operator that fills a table.
        ErrorKind::Instantiation(InstantiationError::ElementSegmentDoesNotFit { .. }) => {
            Some(TrapKind::TableOutOfBounds)
        }
        ErrorKind::Instantiation(_) => return Outcome::Unlinkable(error.to_string()),
        _ => error.as_trap_code().and_then(trap_kind),
    };
    match kind {
        Some(kind) => Outcome::Trapped(Trap::new(kind, [])),
        None => Outcome::Poison(error.to_string()),
    }
}

/// The error by which a host function traps.
#[derive(Debug, thiserror::Error)]
#[error("host trap {0}")]
struct HostTrap(u32);

impl HostError for HostTrap {}

struct WasmiModule {
    module: wasmi::Module,
}

/// What a store holds beside Wasm's own state.
struct State {
    host: Host,
    /// Each function of the instance to its index.
    identities: HashMap<String, u32>,
}

struct WasmiInstance {
    store: Store<State>,
    module: wasmi::Module,
    shape: Arc<Shape>,
    origins: Option<Vec<Origin>>,
    parts: Pair<PartsOf<Self>>,
}

impl Module for WasmiModule {
    fn prepare(&self, shape: Arc<Shape>, host: Host) -> Result<Box<dyn Instance>, String> {
        let origins = host.origins(&shape);
        let mut instance = WasmiInstance {
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

impl WasmiInstance {
    fn created(&mut self, kind: ImportShape) -> Result<Extern, Error> {
        Ok(match kind {
            ImportShape::Func(index) => {
                let shape = self.shape.clone();
                let types = |types: &[ValueType]| types.iter().map(|ty| val_type(*ty)).collect::<Vec<_>>();
                let ty = shape.func_type(index);
                let ty = FuncType::new(types(&ty.params), types(&ty.results));
                let func = Func::new(&mut self.store, ty, move |caller: Caller<'_, State>, args, results| {
                    host_call(caller, index, &shape, args, results)
                });
                Extern::Func(func)
            }
            ImportShape::Global(index) => {
                let shape = self.shape.globals[index as usize];
                let mutability = if shape.mutable { Mutability::Var } else { Mutability::Const };
                let value = self.store.data().host.global(index, shape);
                let value = to_val(&mut self.store, value, &[]);
                Extern::Global(Global::new(&mut self.store, value, mutability))
            }
            ImportShape::Memory(index) => {
                let limits = self.shape.memories[index as usize];
                let max = fuel::memory_maximum(limits.min, limits.max);
                let ty = MemoryType::new(size(limits.min)?, Some(size(max)?));
                let memory = Memory::new(&mut self.store, ty)?;
                let (bytes, state) = memory.data_and_store_mut(&mut self.store);
                state.host.fill_memory(index, bytes);
                Extern::Memory(memory)
            }
            ImportShape::Table(index) => {
                let shape = self.shape.tables[index as usize];
                let max = fuel::table_maximum(shape.limits.min, shape.limits.max);
                let ty = TableType::new(val_type(shape.element), size(shape.limits.min)?, u32::try_from(max).ok());
                let fill = self.store.data().host.table_element(index, shape.element);
                let fill = to_val(&mut self.store, fill, &[]);
                Extern::Table(Table::new(&mut self.store, ty, fill)?)
            }
        })
    }
}

impl Linker for WasmiInstance {
    type Import = Extern;
    type Func = Func;
    type Global = Global;
    type Memory = Memory;
    type Table = Table;
    type Instance = wasmi::Instance;

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

    fn instantiate(&mut self, which: Which) -> Result<wasmi::Instance, Outcome> {
        // wasmi wants them by kind, and within a kind in the module's order.
        let mut imports = self.parts.of(which).imports.clone();
        imports.sort_by_key(|import| match import {
            Extern::Func(_) => 0,
            Extern::Table(_) => 1,
            Extern::Memory(_) => 2,
            Extern::Global(_) => 3,
        });
        wasmi::Instance::new(&mut self.store, &self.module, &imports).map_err(|error| failed(&error))
    }

    fn take_poison(&mut self) -> Option<String> {
        self.store.data_mut().host.take_poison()
    }

    fn export(&mut self, instance: wasmi::Instance, name: &str) -> Option<Extern> {
        instance.get_export(&self.store, name)
    }

    fn identify(&mut self, _: wasmi::Instance) {
        for (func, index) in self.parts.own.funcs.iter().zip(0..) {
            self.store.data_mut().identities.insert(identity(func), index);
        }
    }
}

/// A function's identity in its store. Handles have neither equality nor a number but in their `Debug` form, which a
/// test holds to this.
fn identity(func: &Func) -> String {
    format!("{func:?}")
}

/// A number of pages or elements in the type that wasmi takes.
fn size(size: u64) -> Result<u32, Error> {
    u32::try_from(size).map_err(|error| Error::new(format!("a size of {size}: {error}")))
}

impl Instance for WasmiInstance {
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
            Ok(()) => Outcome::Returned(results.iter().map(|val| from_val(self.store.as_context(), val)).collect()),
            Err(error) => failed(&error),
        }
    }

    fn global(&mut self, index: u32) -> Option<Value> {
        let global = self.parts.global(&self.shape, index)?;
        let val = global.get(&self.store);
        Some(from_val(self.store.as_context(), &val))
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
        Some(from_val(self.store.as_context(), &element))
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
        Some(memory.data_mut(&mut *self.caller))
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
        let value = Val::FuncRef(func.and_then(|func| self.func(func)).map_or(Ref::Null, Ref::Val));
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
            Ok(()) => Outcome::Returned(results.iter().map(|val| from_val(self.caller.as_context(), val)).collect()),
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
    // One that no Wasm function calls, but that is the start function or called from outside, sees no instance.
    if caller.get_export(names::FUEL).is_none() {
        caller.data_mut().host.poison("wasmi calls an import without the instance".to_string());
        return Err(Error::host(HostTrap(u32::MAX)));
    }
    let args: Vec<Value> = args.iter().map(|arg| from_val(caller.as_context(), arg)).collect();
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

/// wasmi's name of a type.
const fn val_type(ty: ValueType) -> ValType {
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

/// A value in wasmi's form. Functions are looked up in `funcs`; a foreign one becomes null.
fn to_val(store: impl AsContextMut<Data = State>, value: Value, funcs: &[Func]) -> Val {
    match value {
        Value::I32(v) => Val::I32(v as i32),
        Value::I64(v) => Val::I64(v as i64),
        Value::F32(bits) => Val::F32(F32::from_bits(bits)),
        Value::F64(bits) => Val::F64(F64::from_bits(bits)),
        Value::V128(bits) => Val::V128(bits.into()),
        Value::FuncRef(FuncIdentity::Index(index)) => {
            Val::FuncRef(funcs.get(index as usize).copied().map_or(Ref::Null, Ref::Val))
        }
        Value::FuncRef(_) => Val::FuncRef(Ref::Null),
        Value::ExternRef(None) => Val::ExternRef(Ref::Null),
        Value::ExternRef(Some(token)) => Val::ExternRef(Ref::Val(ExternRef::new(store, token))),
    }
}

fn from_val(store: StoreContext<'_, State>, val: &Val) -> Value {
    match val {
        Val::I32(v) => Value::I32(*v as u32),
        Val::I64(v) => Value::I64(*v as u64),
        Val::F32(float) => Value::F32(float.to_bits()),
        Val::F64(float) => Value::F64(float.to_bits()),
        Val::V128(bits) => Value::V128(bits.as_u128()),
        Val::FuncRef(Ref::Null) => Value::FuncRef(FuncIdentity::Null),
        Val::FuncRef(Ref::Val(func)) => {
            let identity = store.data().identities.get(&identity(func));
            Value::FuncRef(identity.map_or(FuncIdentity::Foreign, |index| FuncIdentity::Index(*index)))
        }
        Val::ExternRef(Ref::Null) => Value::ExternRef(None),
        Val::ExternRef(Ref::Val(reference)) => {
            let token = reference.data(store).downcast_ref::<u32>();
            Value::ExternRef(Some(*token.expect("only the harness makes external references")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare;
    use crate::generate::Generator;

    #[test]
    fn generated_modules_agree_with_cranelift() {
        let (wasmi, cranelift) = (Wasmi::new(), crate::engines::by_name("cranelift-none").expect("it is there"));
        let mut returned = 0;
        for number in 0..150 {
            let (generator, case) = Generator::Mix.case(11, number);
            let report = compare::run(&wasmi, &*cranelift, &case);
            assert_eq!(report.divergence, None, "{} {number}", generator.name());
            returned += report.returned;
        }
        assert!(returned > 500, "{returned} calls returned");
    }

    /// Such a host function could not write to memory.
    #[test]
    fn an_imported_start_function_proves_nothing() {
        let wasm = wat::parse_str("(module (import \"h\" \"f\" (func)) (memory (export \"m\") 1) (start 0))");
        let wasm = wasm.expect("well-formed text");
        let cranelift = crate::engines::by_name("cranelift-none").expect("it is there");
        for host_seed in 0..20 {
            let mut plan = crate::plan::Plan::real(&Shape::parse(&wasm).expect("it is valid"), 1);
            (plan.host_seed, plan.manner) = (host_seed, crate::host::Manner::Meddling);
            let report = compare::run(&Wasmi::new(), &*cranelift, &crate::plan::Case { wasm: wasm.clone(), plan });
            assert_eq!((report.divergence, report.poisoned), (None, 1));
        }
    }

    #[test]
    fn functions_have_identities() {
        let wasm = wat::parse_str(
            "(module (import \"h\" \"f\" (func $imported)) (func $a) (func $b) (table 4 funcref)
               (elem (i32.const 0) func $b $imported $a)
               (func (export \"get\") (param i32) (result funcref) (table.get (local.get 0))))",
        )
        .expect("well-formed text");
        let shape = Arc::new(Shape::parse(&wasm).expect("it is valid"));
        let plan = crate::plan::Plan::real(&shape, 1);
        let wasm = fuel::instrument(&wasm, &shape, fuel::FuelMode::Trap, plan.nan).expect("it can be rewritten");
        let module = Wasmi::new().compile(&wasm).expect("it is valid");
        let mut instance = module.prepare(shape, Host::new(1, plan.manner)).expect("the imports can be made");
        assert_eq!(instance.start(), Outcome::Returned(Vec::new()));
        instance.refuel(10);
        for (element, expected) in [(0, 2), (1, 0), (2, 1)] {
            let expected = Value::FuncRef(FuncIdentity::Index(expected));
            assert_eq!(instance.table_get(0, element), Some(expected));
            assert_eq!(instance.call(3, &[Value::I32(element as u32)]), Outcome::Returned(vec![expected]));
        }
        assert_eq!(instance.table_get(0, 3), Some(Value::FuncRef(FuncIdentity::Null)));
    }
}
