//! Constant expressions: initial values of globals and elements, offsets of segments.

use wasmparser::Operator;

use crate::error::{CompileError, CompileResult};
use crate::microwasm::Const;
use crate::wasm::module::ConstExpr;
use crate::wasm::refusal::heap_type;

/// Reads a constant expression that the validator has accepted.
///
/// # Errors
///
/// If it is more than one operator, or one that Wasm 2.0 does not have.
pub fn read(expr: &wasmparser::ConstExpr<'_>) -> CompileResult<ConstExpr> {
    let mut operators = expr.get_operators_reader();
    let offset = operators.original_position();
    let unsupported = |feature| CompileError::Unsupported { offset, feature };
    let value = match operators.read()? {
        Operator::I32Const { value } => ConstExpr::Const(Const::I32(value)),
        Operator::I64Const { value } => ConstExpr::Const(Const::I64(value)),
        Operator::F32Const { value } => ConstExpr::Const(Const::F32(value.bits())),
        Operator::F64Const { value } => ConstExpr::Const(Const::F64(value.bits())),
        Operator::V128Const { value } => ConstExpr::Const(Const::V128(*value.bytes())),
        Operator::RefNull { hty } => ConstExpr::Const(Const::Null(heap_type(hty).map_err(unsupported)?)),
        Operator::RefFunc { function_index } => ConstExpr::RefFunc(function_index),
        Operator::GlobalGet { global_index } => ConstExpr::GlobalGet(global_index),
        _ => return Err(unsupported("extended-const")),
    };
    match operators.read()? {
        Operator::End => Ok(value),
        _ => Err(unsupported("extended-const")),
    }
}
