//! Which operators may compute a NaN, whose bits the specification leaves open.

use crate::value::ValueType;

/// The type of the float that an operator computes, if a NaN among its results has bits that the
/// specification leaves open.
pub(super) fn computed_float(operator: &wasmparser::Operator<'_>) -> Option<ValueType> {
    use wasmparser::Operator as Op;
    match operator {
        Op::F32Add
        | Op::F32Sub
        | Op::F32Mul
        | Op::F32Div
        | Op::F32Min
        | Op::F32Max
        | Op::F32Sqrt
        | Op::F32Ceil
        | Op::F32Floor
        | Op::F32Trunc
        | Op::F32Nearest
        | Op::F32DemoteF64 => Some(ValueType::F32),
        Op::F64Add
        | Op::F64Sub
        | Op::F64Mul
        | Op::F64Div
        | Op::F64Min
        | Op::F64Max
        | Op::F64Sqrt
        | Op::F64Ceil
        | Op::F64Floor
        | Op::F64Trunc
        | Op::F64Nearest
        | Op::F64PromoteF32 => Some(ValueType::F64),
        _ => None,
    }
}

/// As [`computed_float`], but only of the operators that the generator puts no canonicaliser behind.
pub(super) fn converted_float(operator: &wasmparser::Operator<'_>) -> Option<ValueType> {
    match operator {
        wasmparser::Operator::F32DemoteF64 => Some(ValueType::F32),
        wasmparser::Operator::F64PromoteF32 => Some(ValueType::F64),
        _ => None,
    }
}
