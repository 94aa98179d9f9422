//! The property that compiled Microwasm does what the interpreter says: for generated programs with
//! control flow of any kind, and for whatever bytes the checker accepts.

use crate::generate::microwasm::{self as program, generate};
use crate::rng::Rng;
use lightbeam::compile::{CompiledModule, CompilerConfig, OperatorCompiler};
use lightbeam::interpreter::{self, Error as Refused, Limits, Recorder, Value};
use lightbeam::microwasm::binary::Decoder;
use lightbeam::microwasm::check::Checker;
use lightbeam::microwasm::{Both, FuncType, Op, Sink, Unary};
use lightbeam::wasm::module::{ExportKind, ImportKind, ModuleInfo};
use lightbeam::{Error, Extern, Func, TrapKind, Val, ValType};
use xxhash_rust::xxh3::xxh3_64;

/// What the interpreter may use. What ends within it, compiled code must end, too.
const LIMITS: Limits = Limits { depth: 200, values: 1 << 16, steps: Some(100_000) };
/// Larger memories (in pages) and tables (in elements) are not made.
const MOST_PAGES: u64 = 64;
const MOST_ELEMENTS: u64 = 10_000;
/// How often each exported function is called.
const CALLS: u64 = 2;

/// How far a module got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ran {
    /// The checker refused it.
    Refused,
    /// It was compiled and not run: it needs more than is offered, with the reason.
    NotRun(&'static str),
    /// It ran on both sides, and this many calls were compared.
    Compared(u32),
}

/// Where compiled code and the interpreter differ.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: compiled {compiled}, interpreted {interpreted}")]
pub struct Difference {
    /// What differs.
    pub what: String,
    /// What compiled code gives.
    pub compiled: String,
    /// What the interpreter gives.
    pub interpreted: String,
}

impl Difference {
    fn new(what: impl Into<String>, compiled: impl ToString, interpreted: impl ToString) -> Difference {
        Difference { what: what.into(), compiled: compiled.to_string(), interpreted: interpreted.to_string() }
    }
}

/// A module on both sides, fed by one stream of operators.
type Sides = Both<OperatorCompiler, Both<Checker<Recorder>, Leaks>>;

fn sides(config: &CompilerConfig) -> Sides {
    Both(OperatorCompiler::new(config), Both(Checker::new(Recorder::new()), Leaks::default()))
}

/// Generates a program, compiles and interprets it.
///
/// # Errors
///
/// If the two differ.
pub fn generated(seed: u64, number: u64, config: &CompilerConfig) -> Result<Ran, Difference> {
    let mut rng = Rng::new(seed, number);
    let mut sides = sides(config);
    let info = generate(&mut rng, &mut sides);
    // What is generated shows nothing that machine code chooses.
    sides.1.1 = Leaks::default();
    compare(info, sides, &mut rng)
}

/// Decodes bytes, compiles and interprets what the checker accepts.
///
/// # Errors
///
/// If the two differ.
pub fn decoded(microwasm: &[u8], config: &CompilerConfig) -> Result<Ran, Difference> {
    let mut decoder = Decoder::new(sides(config));
    if decoder.push(microwasm).is_err() {
        return Ok(Ran::Refused);
    }
    match decoder.finish() {
        Ok((info, sides)) => compare(info, sides, &mut Rng::new(xxh3_64(microwasm), 0)),
        Err(_) => Ok(Ran::Refused),
    }
}

/// The property for a fuzzer.
///
/// # Panics
///
/// If compiled code and the interpreter differ.
pub fn microwasm_bytes(data: &[u8]) {
    let config = CompilerConfig::native().expect("the fuzzer runs where the compiler does");
    if let Err(difference) = decoded(data, &config) {
        panic!("{difference}");
    }
}

/// Says whether the bits of a NaN may reach an integer, a vector or the memory, or results be one of several: then
/// engines may differ.
#[derive(Debug, Default)]
struct Leaks {
    found: bool,
}

impl Sink for Leaks {
    fn module(&mut self, module: &ModuleInfo) {
        self.found |= module.imports.iter().any(|import| match import.kind {
            ImportKind::Func(ty) => module.types[ty as usize].params.iter().any(|ty| is_scalar_float(*ty)),
            _ => false,
        });
    }

    fn begin(&mut self, _index: u32, _ty: &FuncType, _offset: u32) {}

    fn at(&mut self, _offset: u32) {}

    fn op(&mut self, op: Op<'_>) {
        use lightbeam::microwasm::Binary;
        self.found |= match op {
            Op::Unary(op) => matches!(op, Unary::I32ReinterpretF32 | Unary::I64ReinterpretF64),
            Op::Binary(op) => matches!(op, Binary::F32Copysign | Binary::F64Copysign),
            Op::Store(op, _) => is_scalar_float(op.operands()[1]),
            op => program::leaks(op),
        };
    }

    fn end(&mut self) {}
}

/// Whether a value of this type is a float. Vectors are none: no NaN that machine code chooses gets into them.
fn is_scalar_float(ty: ValType) -> bool {
    matches!(ty, ValType::F32 | ValType::F64)
}

fn compare(info: ModuleInfo, Both(compiler, Both(recorder, leaks)): Sides, rng: &mut Rng) -> Result<Ran, Difference> {
    let compiled = compiler.finish(info.data.clone());
    let recorded = interpreter::Module::from_checked(recorder, info.data.clone());
    let (compiled, recorded) = match (compiled, recorded) {
        (Ok(compiled), Ok(recorded)) => (compiled, recorded),
        (Err(compiled), Err(interpreted)) if compiled == interpreted => return Ok(Ran::Refused),
        // Machine code has limits of its own.
        (Err(lightbeam::CompileError::Limit { .. }), Ok(_)) => return Ok(Ran::NotRun("a limit of machine code")),
        (compiled, interpreted) => {
            let text = |result: Result<(), lightbeam::CompileError>| format!("{result:?}");
            return Err(Difference::new("the verdict", text(compiled.map(drop)), text(interpreted.map(drop))));
        }
    };
    if let Some(reason) = unrunnable(&info) {
        return Ok(Ran::NotRun(reason));
    }
    let mut pair = match Pair::new(&info, compiled, &recorded)? {
        Ok(pair) => pair,
        Err(reason) => return Ok(Ran::NotRun(reason)),
    };
    pair.leaks = leaks.found;
    let mut calls = 0;
    for _ in 0..CALLS {
        for export in &info.exports {
            let ExportKind::Func(index) = export.kind else { continue };
            let args: Vec<Value> = info.func_type(index).params.iter().map(|ty| argument(*ty, rng)).collect();
            match pair.call(&export.name, &args)? {
                Ok(()) => calls += 1,
                Err(reason) => return Ok(if calls == 0 { Ran::NotRun(reason) } else { Ran::Compared(calls) }),
            }
        }
    }
    pair.state(&info)?;
    Ok(Ran::Compared(calls))
}

/// Why a module is not run at all.
fn unrunnable(info: &ModuleInfo) -> Option<&'static str> {
    if info.imports.iter().any(|import| !matches!(import.kind, ImportKind::Func(_))) {
        return Some("it imports more than functions");
    }
    let large = info.memories.iter().any(|memory| memory.limits.min > MOST_PAGES)
        || info.tables.iter().any(|table| table.limits.min > MOST_ELEMENTS);
    large.then_some("its memory or tables are large")
}

fn argument(ty: ValType, rng: &mut Rng) -> Value {
    let number = match rng.below(3) {
        0 => rng.below(20) as i64 - 5,
        1 => *rng.pick(&[i64::MIN, i64::MAX, i32::MIN.into(), i32::MAX.into(), 1 << 32, -1, 0]),
        _ => rng.next_u64() as i64,
    };
    match ty {
        ValType::I64 => Value::I64(number as u64),
        ValType::F32 => Value::F32((number as f32).to_bits()),
        ValType::F64 => Value::F64((number as f64).to_bits()),
        ValType::FuncRef => Value::FuncRef(None),
        ValType::ExternRef => Value::ExternRef(None),
        ValType::V128 => Value::V128(u128::from(number as u64) | u128::from(rng.next_u64()) << 64),
        ValType::I32 => Value::I32(number as u32),
    }
}

/// What an imported function returns: the same on both sides.
fn reply(ty: ValType) -> Value {
    match ty {
        ValType::F32 => Value::F32(1.5f32.to_bits()),
        ValType::F64 => Value::F64(2.5f64.to_bits()),
        ValType::I64 => Value::I64(7),
        ValType::FuncRef => Value::FuncRef(None),
        ValType::ExternRef => Value::ExternRef(None),
        ValType::V128 => Value::V128(u128::from_le_bytes([9; 16])),
        ValType::I32 => Value::I32(3),
    }
}

/// How a call ended, so far as engines must agree.
#[derive(Debug, PartialEq)]
enum End {
    Returned(Vec<Value>),
    Trapped(TrapKind),
}

/// An instance on both sides.
struct Pair {
    store: lightbeam::Store<()>,
    instance: lightbeam::Instance,
    reference: interpreter::Store,
    reference_instance: interpreter::InstanceAddr,
    leaks: bool,
}

/// A result, or the reason why none can be compared.
type Conclusive<T> = Result<Result<T, &'static str>, Difference>;

impl Pair {
    /// Instantiates on both sides, the interpreter first: if it does not end, the code is not run.
    fn new(info: &ModuleInfo, compiled: CompiledModule, recorded: &interpreter::Module) -> Conclusive<Pair> {
        let mut reference = interpreter::Store::new(LIMITS);
        let engine = lightbeam::Engine::new(&lightbeam::Config::new()).expect("signal handlers can be had");
        let mut store = lightbeam::Store::new(&engine, ());
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for import in &info.imports {
            let ImportKind::Func(ty) = import.kind else { continue };
            let ty = info.types[ty as usize].clone();
            let results: Vec<Value> = ty.results.iter().map(|ty| reply(*ty)).collect();
            let vals: Vec<Val> = results.iter().map(|value| to_val(*value)).collect();
            let func = Func::new(&mut store, ty.clone(), move |_, _, out| {
                out.clone_from_slice(&vals);
                Ok(())
            });
            ours.push(Extern::Func(func.expect("any signature is fine")));
            let func = reference.add_func(ty, move |_, _| Ok(results.clone()));
            theirs.push(interpreter::External::Func(func));
        }
        let interpreted = reference.instantiate(recorded, &theirs);
        if let Err(error) = &interpreted
            && inconclusive(error)
        {
            return Ok(Err("its start goes beyond the interpreter's limits"));
        }
        let module = match lightbeam::Module::from_compiled(&engine, compiled) {
            Ok(module) => module,
            Err(_) => return Ok(Err("no executable memory")),
        };
        let instantiated = lightbeam::Instance::new(&mut store, &module, &ours);
        match (instantiated, interpreted) {
            (Ok(instance), Ok(reference_instance)) => {
                Ok(Ok(Pair { store, instance, reference, reference_instance, leaks: false }))
            }
            (Err(Error::Trap(trap)), _) if trap.kind() == TrapKind::StackOverflow => Ok(Err("its stack is deep")),
            (Err(Error::Trap(ours)), Err(Refused::Trap(theirs))) if ours.kind() == theirs.kind => {
                Ok(Err("its start traps"))
            }
            (ours, theirs) => Err(Difference::new(
                "instantiation",
                ours.map_or_else(|error| error.to_string(), |_| "succeeds".to_string()),
                theirs.map_or_else(|error| error.to_string(), |_| "succeeds".to_string()),
            )),
        }
    }

    /// Calls an export on both sides.
    fn call(&mut self, name: &str, args: &[Value]) -> Conclusive<()> {
        let export = self.reference.export(self.reference_instance, name);
        let func = export.and_then(interpreter::External::func).expect("the export is a function");
        let interpreted = match self.reference.call(func, args) {
            Ok(values) => End::Returned(values.into_iter().map(canonical).collect()),
            Err(error) if inconclusive(&error) => return Ok(Err("it goes beyond the interpreter's limits")),
            Err(Refused::Trap(trap)) => End::Trapped(trap.kind),
            Err(error) => return Err(Difference::new(format!("call of {name:?}"), "", error)),
        };
        let func = self.instance.get_func(&self.store, name).expect("the export is a function");
        let args: Vec<Val> = args.iter().map(|arg| to_val(*arg)).collect();
        let mut results = vec![Val::I32(0); func.ty(&self.store).results.len()];
        let compiled = match func.call(&mut self.store, &args, &mut results) {
            Ok(()) => End::Returned(results.iter().map(|val| canonical(from_val(val))).collect()),
            Err(Error::Trap(trap)) if trap.kind() == TrapKind::StackOverflow => return Ok(Err("its stack is deep")),
            Err(Error::Trap(trap)) => End::Trapped(trap.kind()),
            Err(error) => return Err(Difference::new(format!("call of {name:?}"), error, format!("{interpreted:?}"))),
        };
        if compiled != interpreted && !self.leaks {
            let what = format!("call of {name:?} with {args:?}");
            return Err(Difference::new(what, format!("{compiled:?}"), format!("{interpreted:?}")));
        }
        Ok(Ok(()))
    }

    /// Compares exported memories and globals.
    fn state(&mut self, info: &ModuleInfo) -> Result<(), Difference> {
        if self.leaks {
            return Ok(());
        }
        for export in &info.exports {
            let theirs = self.reference.export(self.reference_instance, &export.name);
            let what = format!("{:?}", export.name);
            match theirs.expect("both have the same exports") {
                interpreter::External::Memory(memory) => {
                    let theirs = self.reference.bytes(memory);
                    let memory = self.instance.get_memory(&self.store, &export.name).expect("it is a memory");
                    let ours = memory.data(&self.store);
                    let first = ours.iter().zip(theirs).position(|(ours, theirs)| ours != theirs);
                    if let Some(first) = first {
                        return Err(Difference::new(format!("{what} at {first:#x}"), ours[first], theirs[first]));
                    }
                    if ours.len() != theirs.len() {
                        return Err(Difference::new(format!("size of {what}"), ours.len(), theirs.len()));
                    }
                }
                interpreter::External::Global(global) => {
                    let theirs = canonical(self.reference.global(global));
                    let global = self.instance.get_global(&self.store, &export.name).expect("it is a global");
                    let ours = canonical(from_val(&global.get(&self.store)));
                    if ours != theirs {
                        return Err(Difference::new(what, format!("{ours:?}"), format!("{theirs:?}")));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn inconclusive(error: &Refused) -> bool {
    matches!(error, Refused::OutOfSteps | Refused::Resource { .. })
        || error.as_trap().is_some_and(|trap| trap.kind == TrapKind::StackOverflow)
}

/// Any NaN as the same one, and any reference that is not null as the same one.
fn canonical(value: Value) -> Value {
    match value {
        Value::F32(bits) if f32::from_bits(bits).is_nan() => Value::F32(f32::NAN.to_bits()),
        Value::F64(bits) if f64::from_bits(bits).is_nan() => Value::F64(f64::NAN.to_bits()),
        Value::FuncRef(Some(_)) => Value::ExternRef(Some(0)),
        other => other,
    }
}

fn to_val(value: Value) -> Val {
    match value {
        Value::I32(bits) => Val::I32(bits as i32),
        Value::I64(bits) => Val::I64(bits as i64),
        Value::F32(bits) => Val::F32(bits),
        Value::F64(bits) => Val::F64(bits),
        Value::V128(bits) => Val::V128(bits),
        // No other references are passed.
        Value::FuncRef(_) => Val::FuncRef(None),
        Value::ExternRef(_) => Val::ExternRef(None),
    }
}

fn from_val(val: &Val) -> Value {
    match val {
        Val::I32(value) => Value::I32(*value as u32),
        Val::I64(value) => Value::I64(*value as u64),
        Val::F32(bits) => Value::F32(*bits),
        Val::F64(bits) => Value::F64(*bits),
        Val::V128(bits) => Value::V128(*bits),
        Val::FuncRef(None) => Value::FuncRef(None),
        Val::ExternRef(None) => Value::ExternRef(None),
        Val::FuncRef(Some(_)) | Val::ExternRef(Some(_)) => Value::ExternRef(Some(0)),
    }
}
