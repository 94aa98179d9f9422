//! Which operators may compute a NaN, whose bits the specification leaves open.

use wasm_encoder::Instruction as I;

/// What an operator computes, if a NaN in it has bits that the specification leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Computed {
    /// An `f32`.
    F32,
    /// An `f64`.
    F64,
    /// A vector whose lanes are `f32`.
    F32x4,
    /// A vector whose lanes are `f64`.
    F64x2,
}

impl Computed {
    /// Makes each NaN in the value on top the canonical one. `scratch` is a local of its type.
    pub(super) fn canonicalise(self, scratch: u32, f: &mut wasm_encoder::Function) {
        const NAN32: u32 = 0x7fc0_0000;
        const NAN64: u64 = 0x7ff8_0000_0000_0000;
        const LANES32: i128 = 0x7fc0_0000_7fc0_0000_7fc0_0000_7fc0_0000;
        const LANES64: i128 = 0x7ff8_0000_0000_0000_7ff8_0000_0000_0000;
        // A NaN is not equal to itself.
        let (canonical, equal, select) = match self {
            Computed::F32 => (I::F32Const(f32::from_bits(NAN32).into()), I::F32Eq, I::Select),
            Computed::F64 => (I::F64Const(f64::from_bits(NAN64).into()), I::F64Eq, I::Select),
            Computed::F32x4 => (I::V128Const(LANES32), I::F32x4Eq, I::V128Bitselect),
            Computed::F64x2 => (I::V128Const(LANES64), I::F64x2Eq, I::V128Bitselect),
        };
        f.instruction(&I::LocalTee(scratch)).instruction(&canonical);
        f.instruction(&I::LocalGet(scratch)).instruction(&I::LocalGet(scratch));
        f.instruction(&equal).instruction(&select);
    }

    /// Whether it is a vector.
    pub(super) const fn is_vector(self) -> bool {
        matches!(self, Computed::F32x4 | Computed::F64x2)
    }
}

/// What an operator computes, if a NaN in it has bits that the specification leaves open.
pub(super) fn computed_float(operator: &wasmparser::Operator<'_>) -> Option<Computed> {
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
        | Op::F32Nearest => Some(Computed::F32),
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
        | Op::F64Nearest => Some(Computed::F64),
        Op::F32x4Add
        | Op::F32x4Sub
        | Op::F32x4Mul
        | Op::F32x4Div
        | Op::F32x4Min
        | Op::F32x4Max
        | Op::F32x4Sqrt
        | Op::F32x4Ceil
        | Op::F32x4Floor
        | Op::F32x4Trunc
        | Op::F32x4Nearest => Some(Computed::F32x4),
        Op::F64x2Add
        | Op::F64x2Sub
        | Op::F64x2Mul
        | Op::F64x2Div
        | Op::F64x2Min
        | Op::F64x2Max
        | Op::F64x2Sqrt
        | Op::F64x2Ceil
        | Op::F64x2Floor
        | Op::F64x2Trunc
        | Op::F64x2Nearest => Some(Computed::F64x2),
        _ => converted_float(operator),
    }
}

/// As [`computed_float`], but only of the operators that the generator puts no canonicaliser behind.
pub(super) fn converted_float(operator: &wasmparser::Operator<'_>) -> Option<Computed> {
    use wasmparser::Operator as Op;
    match operator {
        Op::F32DemoteF64 => Some(Computed::F32),
        Op::F64PromoteF32 => Some(Computed::F64),
        Op::F32x4DemoteF64x2Zero
        | Op::F32x4RelaxedMadd
        | Op::F32x4RelaxedNmadd
        | Op::F32x4RelaxedMin
        | Op::F32x4RelaxedMax => Some(Computed::F32x4),
        Op::F64x2PromoteLowF32x4
        | Op::F64x2RelaxedMadd
        | Op::F64x2RelaxedNmadd
        | Op::F64x2RelaxedMin
        | Op::F64x2RelaxedMax => Some(Computed::F64x2),
        _ => None,
    }
}
