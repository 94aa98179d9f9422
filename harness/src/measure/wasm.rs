//! The Wasm side of the comparison.

use anyhow::Result;
use wasm_encoder::{Module, RawSection};
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

/// What function bodies hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct Count {
    /// Bytes of bodies, with their sizes.
    pub code: usize,
    /// Operators, `end` included.
    pub operators: u64,
    /// Blocks, loops and arms of ifs.
    pub labels: u64,
}

/// Counts what function bodies hold.
///
/// # Errors
///
/// If the module is malformed.
pub fn count(wasm: &[u8]) -> Result<Count> {
    let mut count = Count::default();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::CodeSectionStart { size, .. } => count.code = size as usize,
            Payload::CodeSectionEntry(body) => {
                for operator in body.get_operators_reader()? {
                    count.operators += 1;
                    count.labels += u64::from(matches!(
                        operator?,
                        Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } | Operator::Else
                    ));
                }
            }
            _ => {}
        }
    }
    Ok(count)
}
