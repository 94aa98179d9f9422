//! A case as a script that any engine can run: modules that stand for the host, the module, and what the oracle says of
//! each call and of all state.

use crate::engine::Engine;
use crate::host::{Host, HostCall, Manner, Reply};
use crate::outcome::{Outcome, Trap, TrapKind};
use crate::panics;
use crate::plan::{Case, PlannedCall};
use crate::rewrite::fuel::{self, FuelMode};
use crate::rewrite::names;
use crate::shape::{Import, ImportShape, Shape};
use crate::value::{FuncIdentity, Value, ValueType};
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::sync::Arc;
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, HeapType, Ieee32, Ieee64, Instruction, MemorySection, MemoryType, Module, RefType,
    TableSection, TableType, TypeSection, ValType,
};

/// The most replies of one imported function that are written down.
const MOST_REPLIES: usize = 200;
/// The elements of a table that are compared, from its beginning.
const MOST_ELEMENTS: u64 = 256;
/// The bytes of a memory that are compared, from its beginning, as a hash.
const HASHED_BYTES: usize = 16 << 16;
/// Multiplies the hash for each word.
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// Writes a case as a script, with the oracle's results.
///
/// The module is the one that rewriting makes, without fuel if all calls end within theirs: its state is exported, and
/// NaNs are canonical where the plan needs that. References to functions count only as null or not.
///
/// # Errors
///
/// With the reason, if the case cannot be said in a script: if it takes a second instance, if the start function does not
/// end within its fuel, if the host traps, writes to memory or hands out references, or if the oracle does not run it.
pub fn script(case: &Case, oracle: &dyn Engine) -> Result<String, String> {
    let shape = Shape::parse(&case.wasm).map_err(|error| error.to_string())?;
    if !case.fits(&shape) {
        return Err("the plan does not fit the module".to_string());
    }
    if case.plan.manner == Manner::Linked {
        return Err("a second instance of the module takes part".to_string());
    }
    let shape = Arc::new(shape);
    let run = panics::catch(|| Run::new(case, &shape, oracle)).map_err(|message| format!("panicked: {message}"))??;
    let mode = if run.fuelled { case.plan.fuel_mode } else { FuelMode::Off };
    let wasm = fuel::instrument(&case.wasm, &shape, mode, case.plan.nan).map_err(|error| error.to_string())?;
    let mut text = String::new();
    for (name, module) in host_modules(case, &shape, &run)? {
        let _ = writeln!(text, "{}\n(register {})", print(&module)?.trim_end(), quoted(&name));
    }
    let module = print(&wasm)?;
    if let Some(kind) = run.start {
        let _ = writeln!(text, "(assert_trap\n{}\n{})", module.trim_end(), quoted(message(kind)?));
        return Ok(text);
    }
    if run.fuelled {
        let rest = module.trim_end().strip_prefix("(module").ok_or("the module's text does not begin as one")?;
        if rest.trim_start().starts_with('$') {
            return Err("the module has a name already".to_string());
        }
        let _ = writeln!(text, "(module $case{rest}");
        text.push_str(&refueller(case.plan.fuel));
    } else {
        let _ = writeln!(text, "{}", module.trim_end());
    }
    for (call, ended) in case.plan.calls.iter().zip(&run.calls) {
        let args = words(&call.args, argument)?;
        let mut invoke = format!("(invoke {}{args})", quoted(&names::func(call.func)));
        if run.fuelled {
            invoke.insert_str("(invoke ".len(), "$case ");
            text.push_str("(invoke $fuel \"refuel\")\n");
        }
        let _ = match ended {
            Ok(results) => writeln!(text, "(assert_return {invoke}{})", words(results, result)?),
            Err(kind) => writeln!(text, "(assert_trap {invoke} {})", quoted(message(*kind)?)),
        };
    }
    for (index, value) in run.globals.iter().enumerate() {
        let of = if run.fuelled { "$case " } else { "" };
        let get = format!("(get {of}{})", quoted(&names::global(index as u32)));
        let _ = writeln!(text, "(assert_return {get}{})", words(&[*value], result)?);
    }
    let shown = run.memories.len() + run.tables.len();
    if !run.fuelled && shown > 0 {
        let _ = writeln!(text, "(register \"lightbeam\")");
    }
    for (index, (pages, hash)) in run.memories.iter().enumerate() {
        text.push_str(&reader(index as u32));
        let _ = writeln!(text, "(assert_return (invoke \"pages\") (i32.const {pages}))");
        let _ = writeln!(text, "(assert_return (invoke \"hash\") (i64.const {}))", *hash as i64);
    }
    for (index, (size, elements)) in run.tables.iter().enumerate() {
        text.push_str(&table_reader(index as u32, shape.tables[index].element));
        let _ = writeln!(text, "(assert_return (invoke \"size\") (i32.const {}))", *size as i32);
        for (element, value) in elements.iter().enumerate() {
            let get = format!("(invoke \"get\" (i32.const {element}))");
            let _ = writeln!(text, "(assert_return {get}{})", words(&[*value], result)?);
        }
    }
    Ok(text)
}

fn print(wasm: &[u8]) -> Result<String, String> {
    wasmprinter::print_bytes(wasm).map_err(|error| error.to_string())
}

/// What the oracle says.
struct Run {
    /// The trap of the instantiation.
    start: Option<TrapKind>,
    /// The results or the trap of each call.
    calls: Vec<Result<Vec<Value>, TrapKind>>,
    globals: Vec<Value>,
    /// Pages, and the hash of the first bytes.
    memories: Vec<(usize, u64)>,
    /// The size, and the first elements.
    tables: Vec<(u64, Vec<Value>)>,
    /// Some call does not end within its fuel.
    fuelled: bool,
    /// All calls of the host, in order.
    host: Vec<HostCall>,
}

impl Run {
    fn new(case: &Case, shape: &Arc<Shape>, oracle: &dyn Engine) -> Result<Run, String> {
        let wasm = fuel::instrument(&case.wasm, shape, case.plan.fuel_mode, case.plan.nan);
        let module = oracle.compile(&wasm.map_err(|error| error.to_string())?).map_err(|error| error.to_string())?;
        let mut instance = module.prepare(shape.clone(), Host::new(case.plan.host_seed, case.plan.manner))?;
        let mut run = Run {
            start: None,
            calls: Vec::new(),
            globals: Vec::new(),
            memories: Vec::new(),
            tables: Vec::new(),
            fuelled: false,
            host: Vec::new(),
        };
        let started = instance.start();
        run.host(instance.take_trace().0)?;
        match started {
            Outcome::Returned(_) => {}
            Outcome::Trapped(Trap { kind, .. }) => {
                run.start = Some(kind);
                return Ok(run);
            }
            outcome => return Err(format!("instantiation: {outcome}")),
        }
        // The start function runs without fuel of its own: what it lacks shows at once.
        if instance.fuel().is_some_and(|(_, out)| out) {
            return Err("the start function does not end within its fuel".to_string());
        }
        for PlannedCall { func, args } in &case.plan.calls {
            instance.refuel(case.plan.fuel);
            let outcome = instance.call(*func, args);
            if case.plan.fuel_mode != FuelMode::Off {
                run.fuelled |= instance.fuel().ok_or("its fuel is out of reach")?.1;
            }
            run.host(instance.take_trace().0)?;
            run.calls.push(match outcome {
                Outcome::Returned(values) => Ok(values),
                Outcome::Trapped(trap) => Err(trap.kind),
                outcome => return Err(format!("a call: {outcome}")),
            });
        }
        for index in 0..shape.globals.len() as u32 {
            run.globals.push(instance.global(index).ok_or("a global is out of reach")?);
        }
        for index in 0..shape.memories.len() as u32 {
            let bytes = instance.memory(index).ok_or("a memory is out of reach")?;
            run.memories.push((bytes.len() >> 16, hash(bytes)));
        }
        for index in 0..shape.tables.len() as u32 {
            let size = instance.table_size(index).ok_or("a table is out of reach")?;
            let elements = (0..size.min(MOST_ELEMENTS)).map(|element| instance.table_get(index, element));
            run.tables.push((size, elements.collect::<Option<Vec<_>>>().ok_or("an element is out of reach")?));
        }
        Ok(run)
    }

    fn host(&mut self, calls: Vec<HostCall>) -> Result<(), String> {
        // As many as are kept: there may have been more.
        if calls.len() >= MOST_REPLIES {
            return Err("the host is called too often".to_string());
        }
        self.host.extend(calls);
        Ok(())
    }
}

fn hash(bytes: &[u8]) -> u64 {
    let (words, _) = bytes[..bytes.len().min(HASHED_BYTES)].as_chunks::<8>();
    words.iter().fold(0, |hash, word| (hash ^ u64::from_le_bytes(*word)).wrapping_mul(PRIME))
}

/// Names the module, and defines one that gives it fuel.
fn refueller(fuel: u32) -> String {
    format!(
        r#"(register "lightbeam")
(module $fuel
  (import "lightbeam" "{left}" (global $left (mut i32)))
  (import "lightbeam" "{out}" (global $out (mut i32)))
  (func (export "refuel")
    (global.set $left (i32.const {fuel}))
    (global.set $out (i32.const 0))))
"#,
        left = names::FUEL,
        out = names::OUT,
        fuel = fuel as i32,
    )
}

/// A module that shows a table of the module that is registered.
fn table_reader(table: u32, element: ValueType) -> String {
    let (name, ty) = (names::table(table), if element == ValueType::FuncRef { "funcref" } else { "externref" });
    format!(
        r#"(module
  (import "lightbeam" "{name}" (table 0 {ty}))
  (func (export "size") (result i32) (table.size 0))
  (func (export "get") (param i32) (result {ty}) (table.get 0 (local.get 0))))
"#
    )
}

/// A module that shows a memory of the module that is registered.
fn reader(memory: u32) -> String {
    let (name, most) = (names::memory(memory), HASHED_BYTES);
    format!(
        r#"(module
  (import "lightbeam" "{name}" (memory 0))
  (func (export "pages") (result i32) memory.size)
  (func (export "hash") (result i64) (local $at i32) (local $end i32) (local $hash i64)
    (local.set $end (i32.const {most}))
    (if (i32.lt_u (memory.size) (i32.const {pages}))
      (then (local.set $end (i32.shl (memory.size) (i32.const 16)))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $hash
          (i64.mul (i64.xor (local.get $hash) (i64.load (local.get $at))) (i64.const {PRIME})))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br $next)))
    (local.get $hash)))
"#,
        pages = most >> 16,
    )
}

/// The modules that stand for the host, by the names that they are imported from.
fn host_modules(case: &Case, shape: &Shape, run: &Run) -> Result<Vec<(String, Vec<u8>)>, String> {
    let replies = replies(case, shape, run)?;
    let host = Host::new(case.plan.host_seed, case.plan.manner);
    let mut by_module: BTreeMap<&str, Vec<&Import>> = BTreeMap::new();
    let mut seen = HashSet::new();
    for import in &shape.imports {
        if !seen.insert((&import.module, &import.name)) {
            return Err("two imports have the same name".to_string());
        }
        if import.module == "spectest" || import.module == "lightbeam" {
            return Err(format!("the name `{}` is taken", import.module));
        }
        by_module.entry(&import.module).or_default().push(import);
    }
    let modules = by_module.into_iter();
    modules.map(|(name, imports)| Ok((name.to_string(), host_module(&imports, shape, &host, &replies)?))).collect()
}

/// What the host replied, by imported function and in order.
fn replies(case: &Case, shape: &Shape, run: &Run) -> Result<Vec<Vec<Vec<Value>>>, String> {
    let mut host = Host::new(case.plan.host_seed, case.plan.manner);
    let mut replies = vec![Vec::new(); shape.imported_funcs as usize];
    for call in &run.host {
        let ty = shape.func_type(call.import);
        let args: Vec<Value> = ty.params.iter().zip(&call.args).map(|(ty, bits)| from_trace(*ty, *bits)).collect();
        match host.call(call.import, ty, &args) {
            Reply { meddling: Some(_), .. } => return Err("the host calls back or changes state".to_string()),
            Reply { write: Some(_), .. } if case.plan.manner != Manner::Tame && !shape.memories.is_empty() => {
                return Err("the host writes to memory".to_string());
            }
            Reply { end: Err(_), .. } => return Err("the host traps".to_string()),
            Reply { end: Ok(values), .. } => replies[call.import as usize].push(values),
        }
    }
    Ok(replies)
}

/// A value with these bits in the trace of the host.
fn from_trace(ty: ValueType, bits: u128) -> Value {
    match ty {
        ValueType::I32 => Value::I32(bits as u32),
        ValueType::I64 => Value::I64(bits as u64),
        ValueType::F32 => Value::F32(bits as u32),
        ValueType::F64 => Value::F64(bits as u64),
        ValueType::V128 => Value::V128(bits),
        ValueType::FuncRef if bits == u128::MAX => Value::FuncRef(FuncIdentity::Null),
        ValueType::FuncRef => Value::FuncRef(FuncIdentity::Foreign),
        ValueType::ExternRef if bits == u128::MAX => Value::ExternRef(None),
        ValueType::ExternRef => Value::ExternRef(Some(bits as u32)),
    }
}

fn host_module(
    imports: &[&Import],
    shape: &Shape,
    host: &Host,
    replies: &[Vec<Vec<Value>>],
) -> Result<Vec<u8>, String> {
    let (mut types, mut funcs, mut code) = (TypeSection::new(), FunctionSection::new(), CodeSection::new());
    let (mut tables, mut memories, mut globals) = (TableSection::new(), MemorySection::new(), GlobalSection::new());
    let (mut exports, mut datas) = (ExportSection::new(), DataSection::new());
    for import in imports {
        match import.kind {
            ImportShape::Func(index) => {
                let ty = shape.func_type(index);
                let encoded = |types: &[ValueType]| types.iter().map(|ty| ty.to_encoder()).collect::<Vec<_>>();
                exports.export(&import.name, ExportKind::Func, funcs.len());
                funcs.function(types.len());
                types.ty().function(encoded(&ty.params), encoded(&ty.results));
                let ty = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
                code.function(&replier(&replies[index as usize], globals.len())?);
                globals.global(ty, &ConstExpr::i32_const(0));
            }
            ImportShape::Global(index) => {
                let ty = shape.globals[index as usize];
                exports.export(&import.name, ExportKind::Global, globals.len());
                let mut bytes = Vec::new();
                wasm_encoder::Encode::encode(&push(host.global(index, ty))?, &mut bytes);
                let ty = GlobalType { val_type: ty.ty.to_encoder(), mutable: ty.mutable, shared: false };
                globals.global(ty, &ConstExpr::raw(bytes));
            }
            ImportShape::Memory(index) => {
                let limits = shape.memories[index as usize];
                exports.export(&import.name, ExportKind::Memory, memories.len());
                let mut bytes = vec![0; if limits.min > 0 { 1024 } else { 0 }];
                host.fill_memory(index, &mut bytes);
                datas.active(memories.len(), &ConstExpr::i32_const(0), bytes);
                memories.memory(MemoryType {
                    minimum: limits.min,
                    maximum: Some(fuel::memory_maximum(limits.min, limits.max)),
                    memory64: false,
                    shared: false,
                    page_size_log2: None,
                });
            }
            ImportShape::Table(index) => {
                let table = shape.tables[index as usize];
                let fill = host.table_element(index, table.element);
                if fill != table.element.zero() && table.limits.min > 0 {
                    return Err("an imported table holds references of the host".to_string());
                }
                exports.export(&import.name, ExportKind::Table, tables.len());
                let func = table.element == ValueType::FuncRef;
                tables.table(TableType {
                    element_type: if func { RefType::FUNCREF } else { RefType::EXTERNREF },
                    table64: false,
                    minimum: table.limits.min,
                    maximum: Some(fuel::table_maximum(table.limits.min, table.limits.max)),
                    shared: false,
                });
            }
        }
    }
    let mut module = Module::new();
    module.section(&types).section(&funcs).section(&tables).section(&memories).section(&globals).section(&exports);
    module.section(&code).section(&datas);
    Ok(module.finish())
}

/// A function that gives these replies one after another; a global counts its calls.
fn replier(replies: &[Vec<Value>], count: u32) -> Result<Function, String> {
    let mut function = Function::new([]);
    function.instruction(&Instruction::GlobalGet(count));
    function.instruction(&Instruction::I32Const(1));
    function.instruction(&Instruction::I32Add);
    function.instruction(&Instruction::GlobalSet(count));
    for (number, values) in replies.iter().enumerate() {
        function.instruction(&Instruction::GlobalGet(count));
        function.instruction(&Instruction::I32Const(number as i32 + 1));
        function.instruction(&Instruction::I32Eq);
        function.instruction(&Instruction::If(BlockType::Empty));
        for value in values {
            function.instruction(&push(*value)?);
        }
        function.instruction(&Instruction::Return);
        function.instruction(&Instruction::End);
    }
    // Whoever calls it more often than the oracle does is wrong.
    function.instruction(&Instruction::Unreachable);
    function.instruction(&Instruction::End);
    Ok(function)
}

fn push(value: Value) -> Result<Instruction<'static>, String> {
    Ok(match value {
        Value::I32(v) => Instruction::I32Const(v as i32),
        Value::I64(v) => Instruction::I64Const(v as i64),
        Value::F32(bits) => Instruction::F32Const(Ieee32::new(bits)),
        Value::F64(bits) => Instruction::F64Const(Ieee64::new(bits)),
        Value::V128(bits) => Instruction::V128Const(bits as i128),
        Value::FuncRef(FuncIdentity::Null) => Instruction::RefNull(HeapType::FUNC),
        Value::ExternRef(None) => Instruction::RefNull(HeapType::EXTERN),
        Value::FuncRef(_) | Value::ExternRef(Some(_)) => return Err("the host hands out references".to_string()),
    })
}

fn message(kind: TrapKind) -> Result<&'static str, String> {
    match kind {
        TrapKind::Host(_) => Err("the host traps".to_string()),
        kind => Ok(kind.message()),
    }
}

fn words(values: &[Value], word: fn(Value) -> Result<String, String>) -> Result<String, String> {
    let words = values.iter().map(|value| Ok(format!(" ({})", word(*value)?))).collect::<Result<Vec<_>, String>>()?;
    Ok(words.concat())
}

/// A value as an argument, to the bit.
fn argument(value: Value) -> Result<String, String> {
    Ok(match value {
        Value::I32(v) => format!("i32.const {}", v as i32),
        Value::I64(v) => format!("i64.const {}", v as i64),
        Value::F32(bits) => match f32::from_bits(bits) {
            v if v.is_nan() => format!("f32.const {}nan:{:#x}", sign(v.is_sign_negative()), bits & 0x7f_ffff),
            v => format!("f32.const {v:e}"),
        },
        Value::F64(bits) => match f64::from_bits(bits) {
            v if v.is_nan() => format!("f64.const {}nan:{:#x}", sign(v.is_sign_negative()), bits & 0xf_ffff_ffff_ffff),
            v => format!("f64.const {v:e}"),
        },
        Value::V128(bits) => {
            let lanes = (0..4).map(|lane| format!(" {}", (bits >> (32 * lane)) as u32 as i32));
            format!("v128.const i32x4{}", lanes.collect::<String>())
        }
        Value::FuncRef(FuncIdentity::Null) => "ref.null func".to_string(),
        Value::FuncRef(_) => return Err("an argument is a function".to_string()),
        Value::ExternRef(None) => "ref.null extern".to_string(),
        Value::ExternRef(Some(token)) => format!("ref.extern {token}"),
    })
}

const fn sign(negative: bool) -> &'static str {
    if negative { "-" } else { "" }
}

/// A value as a result, a quiet NaN as far as the specification tells its bits.
fn result(value: Value) -> Result<String, String> {
    Ok(match value {
        Value::F32(bits) if bits & 0x7fff_ffff == 0x7fc0_0000 => "f32.const nan:canonical".to_string(),
        Value::F32(bits) if bits & 0x7fc0_0000 == 0x7fc0_0000 => "f32.const nan:arithmetic".to_string(),
        Value::F64(bits) if bits & (u64::MAX >> 1) == 0x7ff8 << 48 => "f64.const nan:canonical".to_string(),
        Value::F64(bits) if bits & 0x7ff8 << 48 == 0x7ff8 << 48 => "f64.const nan:arithmetic".to_string(),
        Value::FuncRef(FuncIdentity::Index(_) | FuncIdentity::Foreign) => "ref.func".to_string(),
        value => argument(value)?,
    })
}

/// A string of the text format.
fn quoted(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b" :-_.".contains(&byte);
    let escape = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("\\{byte:02x}") };
    format!("\"{}\"", text.bytes().map(escape).collect::<String>())
}
