//! The Wasm side of the comparison.

use anyhow::Result;
use wasm_encoder::{CodeSection, Function, Module, RawSection};
use wasmparser::{Operator, Parser, Payload};

/// A module without its custom sections: names and debugging information have no counterpart in Microwasm.
///
/// # Errors
///
/// If it is no module.
pub fn strip(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        if matches!(payload, Payload::CustomSection(_)) {
            continue;
        }
        if let Some((id, range)) = payload.as_section() {
            module.section(&RawSection { id, data: &wasm[range.start as usize..range.end as usize] });
        }
    }
    Ok(module.finish())
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
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        if let Payload::CodeSectionStart { count, .. } = payload {
            let mut code = CodeSection::new();
            for _ in 0..count {
                code.function(&body);
            }
            module.section(&code);
        } else if let Some((id, range)) = payload.as_section() {
            module.section(&RawSection { id, data: &wasm[range.start as usize..range.end as usize] });
        }
    }
    Ok(module.finish())
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
