//! The plan: fewer calls, simpler arguments, and nothing added to the module that is not needed.

use super::{Search, ddmin};
use crate::host::Manner;
use crate::plan::{Case, NanMode, Variant};
use crate::rewrite::fuel::FuelMode;
use crate::rewrite::path;
use crate::shape::Shape;
use crate::value::{FuncIdentity, Value};
use wasmparser::{Operator, Parser, Payload};

/// Simplifies the plan.
pub(super) fn reduce(search: &mut Search<'_>) {
    prefix(search);
    let count = search.case.plan.calls.len();
    ddmin(count, |range| {
        let mut case = search.case.clone();
        case.plan.calls.drain(range);
        search.attempt(case)
    });
    arguments(search);
    additions(search);
}

/// Drops what comes after the call that matters: the shortest beginning that is interesting, by bisection.
fn prefix(search: &mut Search<'_>) {
    let (mut boring, mut enough) = (0, search.case.plan.calls.len());
    while enough - boring > 1 {
        let middle = boring + (enough - boring) / 2;
        let mut case = search.case.clone();
        case.plan.calls.truncate(middle);
        if search.attempt(case) {
            enough = middle;
        } else {
            boring = middle;
        }
    }
}

fn arguments(search: &mut Search<'_>) {
    for call in 0..search.case.plan.calls.len() {
        for arg in 0..search.case.plan.calls[call].args.len() {
            for simple in simpler(search.case.plan.calls[call].args[arg]) {
                let mut case = search.case.clone();
                case.plan.calls[call].args[arg] = simple;
                if search.attempt(case) {
                    break;
                }
            }
        }
    }
}

/// Simpler values of the same type, the simplest first.
pub(super) fn simpler(value: Value) -> Vec<Value> {
    let simple = match value {
        Value::I32(_) => vec![Value::I32(0), Value::I32(1), Value::I32(u32::MAX)],
        Value::I64(_) => vec![Value::I64(0), Value::I64(1), Value::I64(u64::MAX)],
        Value::F32(_) => vec![Value::F32(0), Value::F32(1.0f32.to_bits())],
        Value::F64(_) => vec![Value::F64(0), Value::F64(1.0f64.to_bits())],
        Value::V128(_) => vec![Value::V128(0)],
        Value::FuncRef(_) => vec![Value::FuncRef(FuncIdentity::Null)],
        Value::ExternRef(_) => vec![Value::ExternRef(None)],
    };
    let rank = simple.iter().position(|simple| *simple == value).unwrap_or(simple.len());
    simple.into_iter().take(rank).collect()
}

/// Tries without what rewriting adds.
fn additions(search: &mut Search<'_>) {
    let (holds, before) = (Contents::of(&search.case.wasm), search.case.plan.manner);
    let traced = (search.case.plan.variant == Variant::Traced).then(|| traced(&search.case.wasm)).flatten();
    let mut change = |wanted: bool, edit: &dyn Fn(&mut Case)| {
        let mut case = search.case.clone();
        edit(&mut case);
        wanted && case != search.case && search.attempt(case)
    };
    let plain = change(true, &|case| case.plan.variant = Variant::Fuelled);
    // If what is added matters, it is the module's from now on, and shrinks with it.
    if let Some(traced) = traced.filter(|_| !plain) {
        change(true, &|case| (case.wasm, case.plan.variant) = (traced.clone(), Variant::Fuelled));
    }
    // The less the host does the better.
    let manners = [Manner::Tame, Manner::Wild, Manner::Meddling].into_iter();
    let _ =
        manners.take_while(|manner| *manner != before).any(|manner| change(true, &|case| case.plan.manner = manner));
    change(!holds.floats, &|case| case.plan.nan = NanMode::NoFloats);
    // Only what cannot run for ever goes without fuel.
    change(!holds.repeats, &|case| case.plan.fuel_mode = FuelMode::Off);
}

/// The module with what tells the path of an execution.
fn traced(wasm: &[u8]) -> Option<Vec<u8>> {
    let globals = Shape::parse(wasm).ok()?.globals.len() as u32;
    path::trace(wasm, globals).ok()
}

/// What of a module's operators decides about the plan.
struct Contents {
    /// An operator that computes a float.
    floats: bool,
    /// A loop or a call.
    repeats: bool,
}

impl Contents {
    fn of(wasm: &[u8]) -> Contents {
        let mut contents = Contents { floats: false, repeats: false };
        for payload in Parser::new(0).parse_all(wasm).map_while(Result::ok) {
            if let Payload::CodeSectionEntry(body) = payload
                && let Ok(operators) = body.get_operators_reader()
            {
                for operator in operators.into_iter().map_while(Result::ok) {
                    let name = crate::rewrite::operators::name(&operator);
                    contents.floats |= name.starts_with("F32") || name.starts_with("F64");
                    contents.repeats |= matches!(
                        operator,
                        Operator::Loop { .. } | Operator::Call { .. } | Operator::CallIndirect { .. }
                    );
                }
            }
        }
        contents
    }
}
