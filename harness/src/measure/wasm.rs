//! The Wasm side of the comparison.

use crate::rewrite::bodies::rebuild;
use anyhow::Result;
use wasm_encoder::Function;
use wasmparser::{Operator, Parser, Payload};

/// A module without its custom sections: names and debugging information have no counterpart in Microwasm.
///
/// # Errors
///
/// If it is no module.
pub fn strip(wasm: &[u8]) -> Result<Vec<u8>> {
    Ok(rebuild(wasm, |_, payload| Ok(matches!(payload, Payload::CustomSection(_))), |_, _| Ok(None))?)
}

/// The same module with nothing in its functions: each is `unreachable`. What it costs to take is the cost of
/// everything else.
///
/// # Errors
///
/// If it is no module.
pub fn hollow(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut body = Function::new([]);
    body.instructions().unreachable().end();
    let body = body.into_raw_body();
    Ok(rebuild(wasm, |_, _| Ok(false), |_, _| Ok(Some(body.clone())))?)
}

/// Counts the blocks, loops and arms of ifs in function bodies.
///
/// # Errors
///
/// If the module is malformed.
pub fn labels(wasm: &[u8]) -> Result<u64> {
    let mut labels = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::CodeSectionEntry(body) = payload? {
            for operator in body.get_operators_reader()? {
                labels += u64::from(matches!(
                    operator?,
                    Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } | Operator::Else
                ));
            }
        }
    }
    Ok(labels)
}
