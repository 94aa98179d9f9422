//! How much validation has to do, counted like the compiler's work and not timed: the measure for modules in which a
//! few bytes stand for many values.

use anyhow::Result;
use wasmparser::{FuncValidatorAllocations, Operator, OperatorsReader, Parser, ValidPayload, Validator, WasmFeatures};

/// Validates a module and counts: each byte is a step, and each value that an operator takes, leaves or compares with
/// a label's; a function's parameters are, too.
///
/// # Errors
///
/// If the module is not valid.
pub fn steps(wasm: &[u8]) -> Result<u64> {
    let mut validator = Validator::new_with_features(WasmFeatures::WASM2);
    let mut allocations = FuncValidatorAllocations::default();
    let mut steps = wasm.len() as u64;
    for payload in Parser::new(0).parse_all(wasm) {
        let ValidPayload::Func(function, body) = validator.payload(&payload?)? else { continue };
        let mut function = function.into_validator(allocations);
        let mut reader = body.get_binary_reader();
        function.read_locals(&mut reader)?;
        steps += u64::from(function.len_locals().min(PARAMETERS));
        let mut operators = OperatorsReader::new(reader);
        while !operators.eof() {
            let (operator, offset) = operators.read_with_offset()?;
            let (takes, leaves) = operator.operator_arity(&function).unwrap_or((0, 0));
            let targets = match &operator {
                Operator::BrTable { targets } => u64::from(targets.len()) + 1,
                _ => 1,
            };
            steps += targets * (u64::from(takes) + u64::from(leaves));
            function.op(offset, &operator)?;
        }
        allocations = function.into_allocations();
    }
    Ok(steps)
}

/// Parameters come first among the locals, and there are no more than this; declared locals are run-length encoded.
const PARAMETERS: u32 = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_bytes_and_values() {
        let count = |body: &str| {
            let wasm = wat::parse_str(format!("(module (func (param i32 i64) {body}))")).expect("it is well-formed");
            (steps(&wasm).expect("it is valid"), wasm.len() as u64)
        };
        let (empty, bytes) = count("");
        assert_eq!(empty, bytes + 2);
        let (steps, bytes) = count("local.get 0 drop");
        assert_eq!(steps, bytes + 2 + 2);
        let wide = " (block (result i32 i32 i32) i32.const 0 i32.const 0 i32.const 0 br 0) drop drop drop";
        assert!(count(wide).0 > count("").0 + 3 + 3 + 3);
    }
}
