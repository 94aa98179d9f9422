//! The runner: one script's directives, one after another, on one embedding.

use super::embedding::{Embedding, Failure, InstanceId, ModuleId};
use super::{Directive, Status, matching};
use crate::outcome::{Rejection, TrapKind};
use crate::value::{FuncIdentity, Value, display_values};
use std::collections::HashMap;
use wast::core::{AbstractHeapType, HeapType, V128Const, WastArgCore};
use wast::lexer::Lexer;
use wast::parser::{self, ParseBuffer};
use wast::token::Id;
use wast::{QuoteWat, WastArg, WastDirective, WastExecute, WastInvoke, Wat};

/// What a running script tells.
pub trait Listener {
    /// These are its directives, before any of them runs.
    fn outline(&mut self, directives: &[Directive]);

    /// The directive with this number runs next.
    fn at(&mut self, number: usize);

    /// That became of it.
    fn done(&mut self, number: usize, status: Status);
}

/// Runs a script.
///
/// # Errors
///
/// If the script cannot be parsed.
pub fn run(text: &str, embedding: &mut dyn Embedding, listener: &mut dyn Listener) -> Result<(), String> {
    let buffer = buffer(text)?;
    let script = parser::parse::<wast::Wast<'_>>(&buffer).map_err(|error| error.to_string())?;
    listener.outline(&places(&script, text));
    let mut run = Run {
        embedding,
        modules: HashMap::new(),
        last_module: Err(Absent::Missing),
        instances: HashMap::new(),
        current: Err(Absent::Missing),
    };
    for (number, directive) in script.directives.into_iter().enumerate() {
        listener.at(number);
        let status = run.directive(directive);
        listener.done(number, status);
    }
    Ok(())
}

/// The directives of a script, in order, without running it.
///
/// # Errors
///
/// If the script cannot be parsed.
pub fn outline(text: &str) -> Result<Vec<Directive>, String> {
    let buffer = buffer(text)?;
    let script = parser::parse::<wast::Wast<'_>>(&buffer).map_err(|error| error.to_string())?;
    Ok(places(&script, text))
}

fn buffer(text: &str) -> Result<ParseBuffer<'_>, String> {
    let mut lexer = Lexer::new(text);
    // The tests of comments hold characters that a careful text would not.
    lexer.allow_confusing_unicode(true);
    ParseBuffer::new_with_lexer(lexer).map_err(|error| error.to_string())
}

fn places(script: &wast::Wast<'_>, text: &str) -> Vec<Directive> {
    let place = |directive: &WastDirective<'_>| {
        let (line, column) = directive.span().linecol_in(text);
        let (kind, what) = (directive_name(directive).into(), called(directive).map(ToString::to_string));
        Directive { line: line + 1, column: column + 1, kind, what }
    };
    script.directives.iter().map(place).collect()
}

/// Why something that a directive needs is not there.
#[derive(Debug, Clone)]
enum Absent {
    /// It failed: what depends on it is blocked.
    Failed(String),
    /// It was skipped: what depends on it is skipped.
    Skipped(String),
    /// The script never had it.
    Missing,
}

impl Absent {
    /// What this means for the directive that it belongs to itself.
    fn own(self) -> Status {
        match self {
            Absent::Failed(reason) => Status::Failed(reason),
            Absent::Skipped(reason) => Status::Skipped(reason),
            Absent::Missing => Status::Failed("there is no such module or instance".to_string()),
        }
    }

    /// What this means for one that depends on it.
    fn dependent(self) -> Status {
        match self {
            Absent::Failed(reason) => Status::Blocked(reason),
            other => other.own(),
        }
    }
}

struct Run<'e> {
    embedding: &'e mut dyn Embedding,
    modules: HashMap<String, Result<ModuleId, Absent>>,
    last_module: Result<ModuleId, Absent>,
    instances: HashMap<String, Result<InstanceId, Absent>>,
    current: Result<InstanceId, Absent>,
}

/// What came of running something that may trap.
type Ran = Result<Vec<Value>, Failure>;

impl Run<'_> {
    fn directive(&mut self, directive: WastDirective<'_>) -> Status {
        match directive {
            WastDirective::Module(mut module) => {
                let name = module.name();
                let defined = self.define(&mut module);
                let instance = defined.and_then(|module| self.instantiate(module));
                self.remember(name, instance)
            }
            WastDirective::ModuleDefinition(mut module) => {
                let defined = self.define(&mut module);
                if let Some(name) = module.name() {
                    self.modules.insert(name.name().to_string(), defined.clone());
                }
                self.last_module = defined.clone();
                defined.map_or_else(Absent::own, |_| Status::Passed)
            }
            WastDirective::ModuleInstance { instance, module, .. } => {
                let module = match module {
                    Some(id) => self.modules.get(id.name()).cloned().unwrap_or(Err(Absent::Missing)),
                    None => self.last_module.clone(),
                };
                match module {
                    Ok(module) => {
                        let made = self.instantiate(module);
                        self.remember(instance, made)
                    }
                    Err(absent) => {
                        self.remember(instance, Err(absent.clone()));
                        absent.dependent()
                    }
                }
            }
            WastDirective::Register { name, module, .. } => match self.instance(module) {
                Ok(instance) => match self.embedding.register(instance, name) {
                    Ok(()) => Status::Passed,
                    Err(failure) => Status::Failed(failure.to_string()),
                },
                Err(absent) => absent.dependent(),
            },
            WastDirective::Invoke(invoke) => match self.invoke(&invoke) {
                Ok(Ok(_)) => Status::Passed,
                Ok(Err(failure)) => Status::Failed(failure.to_string()),
                Err(absent) => absent.dependent(),
            },
            WastDirective::AssertReturn { exec, results, .. } => match self.execute(exec) {
                Ok(Ok(values)) if matching::results(&results, &values) => Status::Passed,
                Ok(Ok(values)) => Status::Failed(format!("returned {}, expected {results:?}", display_values(&values))),
                Ok(Err(failure)) => Status::Failed(format!("{failure}, expected {results:?}")),
                Err(status) => status,
            },
            WastDirective::AssertTrap { exec, message, .. } => match self.execute(exec) {
                Ok(Err(Failure::Trap(kind, _))) if matching::trap(message, kind) => Status::Passed,
                Ok(outcome) => unexpected(&outcome, message),
                Err(status) => status,
            },
            WastDirective::AssertExhaustion { call, message, .. } => match self.invoke(&call) {
                Ok(Err(Failure::Exhausted)) => Status::Passed,
                Ok(outcome) => unexpected(&outcome, message),
                Err(absent) => absent.dependent(),
            },
            WastDirective::AssertInvalid { module, message, .. }
            | WastDirective::AssertMalformed { module, message, .. } => self.assert_refused(module, message),
            WastDirective::AssertUnlinkable { module, message, .. } => self.assert_unlinkable(module, message),
            WastDirective::AssertException { .. } => Status::Skipped("exception handling".to_string()),
            WastDirective::AssertSuspension { .. } => Status::Skipped("stack switching".to_string()),
            WastDirective::AssertInvalidCustom { .. } | WastDirective::AssertMalformedCustom { .. } => {
                Status::Skipped("custom sections mean nothing to an engine".to_string())
            }
            WastDirective::Thread(_) | WastDirective::Wait { .. } => Status::Skipped("threads".to_string()),
        }
    }

    fn define(&mut self, module: &mut QuoteWat<'_>) -> Result<ModuleId, Absent> {
        let wasm = module.encode().map_err(|error| Absent::Failed(format!("does not encode: {error}")))?;
        self.embedding.define(&wasm).map_err(|rejection| match rejection {
            Rejection::Invalid(_)
                if !valid(&wasm, wasmparser::WasmFeatures::WASM2) && valid(&wasm, wasmparser::WasmFeatures::all()) =>
            {
                Absent::Skipped("the module needs more than Wasm 2.0".to_string())
            }
            Rejection::Invalid(_) | Rejection::Limit(_) => Absent::Failed(rejection.to_string()),
            Rejection::Unsupported(what) => Absent::Skipped(format!("unsupported: {what}")),
        })
    }

    fn instantiate(&mut self, module: ModuleId) -> Result<InstanceId, Absent> {
        self.embedding.instantiate(module).map_err(|failure| Absent::Failed(failure.to_string()))
    }

    /// Makes an instance the current one, even if it is absent: what follows depends on it.
    fn remember(&mut self, name: Option<Id<'_>>, instance: Result<InstanceId, Absent>) -> Status {
        if let Some(name) = name {
            self.instances.insert(name.name().to_string(), instance.clone());
        }
        self.current = instance.clone();
        instance.map_or_else(Absent::own, |_| Status::Passed)
    }

    fn instance(&self, id: Option<Id<'_>>) -> Result<InstanceId, Absent> {
        match id {
            Some(id) => self.instances.get(id.name()).cloned().unwrap_or(Err(Absent::Missing)),
            None => self.current.clone(),
        }
    }

    fn invoke(&mut self, invoke: &WastInvoke<'_>) -> Result<Ran, Absent> {
        let instance = self.instance(invoke.module)?;
        let mut args = Vec::with_capacity(invoke.args.len());
        for arg in &invoke.args {
            match argument(arg) {
                Some(arg) => args.push(arg),
                None => return Err(Absent::Skipped(format!("unsupported: argument {arg:?}"))),
            }
        }
        Ok(self.embedding.invoke(instance, invoke.name, &args))
    }

    fn execute(&mut self, execute: WastExecute<'_>) -> Result<Ran, Status> {
        match execute {
            WastExecute::Invoke(invoke) => self.invoke(&invoke).map_err(Absent::dependent),
            WastExecute::Get { module, global, .. } => {
                let instance = self.instance(module).map_err(Absent::dependent)?;
                Ok(self.embedding.get(instance, global).map(|value| vec![value]))
            }
            WastExecute::Wat(module) => {
                let module = self.define(&mut QuoteWat::Wat(module)).map_err(Absent::own)?;
                Ok(self.embedding.instantiate(module).map(|_| Vec::new()))
            }
        }
    }

    fn assert_refused(&mut self, mut module: QuoteWat<'_>, message: &str) -> Status {
        // What the text parser refuses never reaches an engine.
        let Ok(wasm) = module.encode() else { return Status::TextOnly };
        match self.embedding.define(&wasm) {
            Err(Rejection::Invalid(_)) => Status::Passed,
            Err(Rejection::Unsupported(what)) => Status::Skipped(format!("unsupported: {what}")),
            Err(rejection) => Status::Failed(format!("{rejection}, expected {message}")),
            Ok(_) if matches!(module, QuoteWat::QuoteModule(..)) && valid(&wasm, wasmparser::WasmFeatures::WASM1) => {
                // Text that was malformed once and is not any more.
                Status::TextOnly
            }
            Ok(_)
                if !valid(&wasm, wasmparser::WasmFeatures::WASM1) && valid(&wasm, wasmparser::WasmFeatures::WASM2) =>
            {
                Status::Skipped("valid since Wasm 2.0".to_string())
            }
            Ok(_) => Status::Failed(format!("accepted, expected {message}")),
        }
    }

    fn assert_unlinkable(&mut self, module: Wat<'_>, message: &str) -> Status {
        let module = match self.define(&mut QuoteWat::Wat(module)) {
            Ok(module) => module,
            Err(absent) => return absent.own(),
        };
        match self.embedding.instantiate(module) {
            Err(Failure::Unlinkable(_)) => Status::Passed,
            Err(Failure::Trap(TrapKind::MemoryOutOfBounds | TrapKind::TableOutOfBounds, _))
                if message.contains("does not fit") =>
            {
                Status::Skipped("a trap since Wasm 2.0".to_string())
            }
            Err(failure) => Status::Failed(format!("{failure}, expected {message}")),
            Ok(_) => Status::Failed(format!("linked, expected {message}")),
        }
    }
}

fn unexpected(outcome: &Ran, expected: &str) -> Status {
    Status::Failed(match outcome {
        Ok(values) => format!("returned {}, expected {expected}", display_values(values)),
        Err(failure) => format!("{failure}, expected {expected}"),
    })
}

fn valid(wasm: &[u8], features: wasmparser::WasmFeatures) -> bool {
    wasmparser::Validator::new_with_features(features).validate_all(wasm).is_ok()
}

/// An argument's value; `None` for types beyond Wasm 2.0.
fn argument(arg: &WastArg<'_>) -> Option<Value> {
    let WastArg::Core(arg) = arg else { return None };
    Some(match arg {
        WastArgCore::I32(value) => Value::I32(*value as u32),
        WastArgCore::I64(value) => Value::I64(*value as u64),
        WastArgCore::F32(value) => Value::F32(value.bits),
        WastArgCore::F64(value) => Value::F64(value.bits),
        WastArgCore::V128(value) => Value::V128(v128_bits(value)),
        WastArgCore::RefNull(HeapType::Abstract { ty: AbstractHeapType::Func, .. }) => {
            Value::FuncRef(FuncIdentity::Null)
        }
        WastArgCore::RefNull(HeapType::Abstract { ty: AbstractHeapType::Extern, .. }) => Value::ExternRef(None),
        WastArgCore::RefExtern(token) => Value::ExternRef(Some(*token)),
        WastArgCore::RefNull(_) | WastArgCore::RefHost(_) => return None,
    })
}

fn v128_bits(value: &V128Const) -> u128 {
    u128::from_le_bytes(value.to_le_bytes())
}

/// The export that a directive calls or reads, if it does.
fn called<'a>(directive: &WastDirective<'a>) -> Option<&'a str> {
    match directive {
        WastDirective::Invoke(invoke) | WastDirective::AssertExhaustion { call: invoke, .. } => Some(invoke.name),
        WastDirective::AssertReturn { exec, .. } | WastDirective::AssertTrap { exec, .. } => match exec {
            WastExecute::Invoke(invoke) => Some(invoke.name),
            WastExecute::Get { global, .. } => Some(global),
            WastExecute::Wat(_) => None,
        },
        _ => None,
    }
}

fn directive_name(directive: &WastDirective<'_>) -> &'static str {
    match directive {
        WastDirective::Module(_) => "module",
        WastDirective::ModuleDefinition(_) => "module definition",
        WastDirective::ModuleInstance { .. } => "module instance",
        WastDirective::AssertMalformed { .. } => "assert_malformed",
        WastDirective::AssertInvalid { .. } => "assert_invalid",
        WastDirective::AssertInvalidCustom { .. } => "assert_invalid_custom",
        WastDirective::Register { .. } => "register",
        WastDirective::Invoke(_) => "invoke",
        WastDirective::AssertTrap { .. } => "assert_trap",
        WastDirective::AssertReturn { .. } => "assert_return",
        WastDirective::AssertExhaustion { .. } => "assert_exhaustion",
        WastDirective::AssertUnlinkable { .. } => "assert_unlinkable",
        WastDirective::AssertException { .. } => "assert_exception",
        WastDirective::AssertSuspension { .. } => "assert_suspension",
        WastDirective::Thread(_) => "thread",
        WastDirective::Wait { .. } => "wait",
        WastDirective::AssertMalformedCustom { .. } => "assert_malformed_custom",
    }
}
