//! The runner: one script's directives, one after another, on one embedding.

use super::embedding::{Embedding, Failure, InstanceId, ModuleId};
use super::{Assertion, Status, matching};
use crate::outcome::{Rejection, TrapKind};
use crate::value::{FuncIdentity, Value, display_values};
use std::collections::HashMap;
use wast::core::{AbstractHeapType, HeapType, V128Const, WastArgCore};
use wast::lexer::Lexer;
use wast::parser::{self, ParseBuffer};
use wast::token::Id;
use wast::{QuoteWat, WastArg, WastDirective, WastExecute, WastInvoke, Wat};

/// Runs a script. `at` is told the line of each directive before it runs, and `done` what became
/// of each assertion (and of each other directive that failed).
///
/// # Errors
///
/// If the script cannot be parsed.
pub fn run(
    text: &str,
    embedding: &mut dyn Embedding,
    mut at: impl FnMut(usize),
    mut done: impl FnMut(Assertion),
) -> Result<(), String> {
    let mut lexer = Lexer::new(text);
    // The tests of comments hold characters that a careful text would not.
    lexer.allow_confusing_unicode(true);
    let buffer = ParseBuffer::new_with_lexer(lexer).map_err(|error| error.to_string())?;
    let script = parser::parse::<wast::Wast<'_>>(&buffer).map_err(|error| error.to_string())?;
    let mut run = Run {
        embedding,
        modules: HashMap::new(),
        last_module: Err(missing()),
        instances: HashMap::new(),
        current: Err(missing()),
    };
    for directive in script.directives {
        let line = directive.span().linecol_in(text).0 + 1;
        at(line);
        let name = directive_name(&directive);
        let status = run.directive(directive);
        // A definition or an action is no assertion, but it must not fail in silence.
        if name.starts_with("assert_") || status != Status::Passed {
            done(Assertion { line, directive: name.to_string(), status });
        }
    }
    Ok(())
}

/// Why something that a directive needs is not there.
#[derive(Debug, Clone)]
enum Absent {
    /// It failed: what depends on it fails.
    Failed(String),
    /// It was skipped: what depends on it is skipped.
    Skipped(String),
}

impl From<Absent> for Status {
    fn from(absent: Absent) -> Status {
        match absent {
            Absent::Failed(reason) => Status::Failed(format!("blocked: {reason}")),
            Absent::Skipped(reason) => Status::Skipped(reason),
        }
    }
}

fn missing() -> Absent {
    Absent::Failed("there is no module".to_string())
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
                defined.map_or_else(definition_status, |_| Status::Passed)
            }
            WastDirective::ModuleInstance { instance, module, .. } => {
                let module = match module {
                    Some(id) => self.modules.get(id.name()).cloned().unwrap_or_else(|| Err(missing())),
                    None => self.last_module.clone(),
                };
                let made = module.and_then(|module| self.instantiate(module));
                self.remember(instance, made)
            }
            WastDirective::Register { name, module, .. } => match self.instance(module) {
                Ok(instance) => match self.embedding.register(instance, name) {
                    Ok(()) => Status::Passed,
                    Err(failure) => Status::Failed(failure.to_string()),
                },
                Err(absent) => absent.into(),
            },
            WastDirective::Invoke(invoke) => match self.invoke(&invoke) {
                Ok(Ok(_)) => Status::Passed,
                Ok(Err(failure)) => Status::Failed(failure.to_string()),
                Err(absent) => absent.into(),
            },
            WastDirective::AssertReturn { exec, results, .. } => match self.execute(exec) {
                Ok(Ok(values)) if matching::results(&results, &values) => Status::Passed,
                Ok(Ok(values)) => Status::Failed(format!("returned {}, expected {results:?}", display_values(&values))),
                Ok(Err(failure)) => Status::Failed(format!("{failure}, expected {results:?}")),
                Err(absent) => absent.into(),
            },
            WastDirective::AssertTrap { exec, message, .. } => match self.execute(exec) {
                Ok(Err(Failure::Trap(kind, _))) if matching::trap(message, kind) => Status::Passed,
                Ok(outcome) => unexpected(&outcome, message),
                Err(absent) => absent.into(),
            },
            WastDirective::AssertExhaustion { call, message, .. } => match self.invoke(&call) {
                Ok(Err(Failure::Exhausted)) => Status::Passed,
                Ok(outcome) => unexpected(&outcome, message),
                Err(absent) => absent.into(),
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
        instance.map_or_else(definition_status, |_| Status::Passed)
    }

    fn instance(&self, id: Option<Id<'_>>) -> Result<InstanceId, Absent> {
        match id {
            Some(id) => self.instances.get(id.name()).cloned().unwrap_or_else(|| Err(missing())),
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

    fn execute(&mut self, execute: WastExecute<'_>) -> Result<Ran, Absent> {
        match execute {
            WastExecute::Invoke(invoke) => self.invoke(&invoke),
            WastExecute::Get { module, global, .. } => {
                let instance = self.instance(module)?;
                Ok(self.embedding.get(instance, global).map(|value| vec![value]))
            }
            WastExecute::Wat(module) => {
                let module = self.define(&mut QuoteWat::Wat(module))?;
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
            Err(absent) => return absent.into(),
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

fn definition_status(absent: Absent) -> Status {
    match absent {
        Absent::Failed(reason) => Status::Failed(reason),
        Absent::Skipped(reason) => Status::Skipped(reason),
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
