//! What each operator computes: the one definition, for the interpreter and for constant folding.
//!
//! Values are bits as [`super::Const::bits`] has them: zero-extended to 64 bits, an `f32` in the
//! low 32. A reference is null when its bits are zero. Upper halves of 32-bit operands are ignored,
//! and those of 32-bit results are zero.
//!
//! # NaN
//!
//! Where an operator produces a NaN, the specification permits a set of them; here it is always the
//! canonical one (positive, quiet, no payload), whatever the operands' payloads. Machine code may
//! leave another of the set, so a float result that [`is_nan`] must not be folded into a constant.
//! `abs`, `neg`, `copysign` and the reinterpretations produce no NaN: they change the sign or
//! nothing, and are exact on every bit pattern.

mod convert;
mod float;
mod int;
mod memory;
#[cfg(test)]
mod tests;
mod vector;

pub use memory::{load_bytes, load_lane, load_value, store_bytes, store_lane};
pub use vector::{extract_lane, permits, replace_lane, shuffle, vector};

use super::{Binary, Compare, Type, Unary};
use crate::trap::TrapKind;

/// Bits of the NaN of type `f32` that operators produce.
pub const CANONICAL_NAN_F32: u32 = 0x7fc0_0000;
/// Bits of the NaN of type `f64` that operators produce.
pub const CANONICAL_NAN_F64: u64 = 0x7ff8_0000_0000_0000;

/// Whether these bits of this type are a NaN, so that machine code's may be others.
pub const fn is_nan(ty: Type, bits: u64) -> bool {
    match ty {
        Type::F32 => f32::from_bits(bits as u32).is_nan(),
        Type::F64 => f64::from_bits(bits).is_nan(),
        _ => false,
    }
}

/// The bits of a float, its NaN made the canonical one.
fn from_f32(value: f32) -> u64 {
    u64::from(if value.is_nan() { CANONICAL_NAN_F32 } else { value.to_bits() })
}

/// The bits of a float, its NaN made the canonical one.
fn from_f64(value: f64) -> u64 {
    if value.is_nan() { CANONICAL_NAN_F64 } else { value.to_bits() }
}

fn to_f32(bits: u64) -> f32 {
    f32::from_bits(bits as u32)
}

fn to_f64(bits: u64) -> f64 {
    f64::from_bits(bits)
}

/// The result of an operator with one operand.
///
/// # Errors
///
/// The trap of a float that is converted to an integer that it is not: for a NaN
/// [`TrapKind::BadConversionToInteger`], outside the integer's range [`TrapKind::IntegerOverflow`].
pub fn unary(op: Unary, a: u64) -> Result<u64, TrapKind> {
    Ok(match op {
        Unary::I32Eqz => u64::from(a as u32 == 0),
        Unary::I32Clz => u64::from((a as u32).leading_zeros()),
        Unary::I32Ctz => u64::from((a as u32).trailing_zeros()),
        Unary::I32Popcnt => u64::from((a as u32).count_ones()),
        Unary::I32Extend8S => int::from_i32(i32::from(a as i8)),
        Unary::I32Extend16S => int::from_i32(i32::from(a as i16)),
        Unary::I64Eqz => u64::from(a == 0),
        Unary::I64Clz => u64::from(a.leading_zeros()),
        Unary::I64Ctz => u64::from(a.trailing_zeros()),
        Unary::I64Popcnt => u64::from(a.count_ones()),
        Unary::I64Extend8S => int::from_i64(i64::from(a as i8)),
        Unary::I64Extend16S => int::from_i64(i64::from(a as i16)),
        Unary::I64Extend32S => int::from_i64(i64::from(a as i32)),
        Unary::F32Abs => float::f32_abs(a),
        Unary::F32Neg => float::f32_neg(a),
        Unary::F32Ceil => from_f32(to_f32(a).ceil()),
        Unary::F32Floor => from_f32(to_f32(a).floor()),
        Unary::F32Trunc => from_f32(to_f32(a).trunc()),
        Unary::F32Nearest => from_f32(to_f32(a).round_ties_even()),
        Unary::F32Sqrt => from_f32(to_f32(a).sqrt()),
        Unary::F64Abs => float::f64_abs(a),
        Unary::F64Neg => float::f64_neg(a),
        Unary::F64Ceil => from_f64(to_f64(a).ceil()),
        Unary::F64Floor => from_f64(to_f64(a).floor()),
        Unary::F64Trunc => from_f64(to_f64(a).trunc()),
        Unary::F64Nearest => from_f64(to_f64(a).round_ties_even()),
        Unary::F64Sqrt => from_f64(to_f64(a).sqrt()),
        Unary::I32WrapI64 => u64::from(a as u32),
        Unary::I64ExtendI32S => int::from_i64(i64::from(a as i32)),
        Unary::I64ExtendI32U => u64::from(a as u32),
        // An `f32` is exactly an `f64`, so one function serves both.
        Unary::I32TruncF32S => int::from_i32(convert::i32_trunc(to_f32(a).into())?),
        Unary::I32TruncSatF32S => int::from_i32(convert::i32_trunc_sat(to_f32(a).into())),
        Unary::I32TruncF32U => u64::from(convert::u32_trunc(to_f32(a).into())?),
        Unary::I32TruncSatF32U => u64::from(convert::u32_trunc_sat(to_f32(a).into())),
        Unary::I32TruncF64S => int::from_i32(convert::i32_trunc(to_f64(a))?),
        Unary::I32TruncSatF64S => int::from_i32(convert::i32_trunc_sat(to_f64(a))),
        Unary::I32TruncF64U => u64::from(convert::u32_trunc(to_f64(a))?),
        Unary::I32TruncSatF64U => u64::from(convert::u32_trunc_sat(to_f64(a))),
        Unary::I64TruncF32S => int::from_i64(convert::i64_trunc(to_f32(a).into())?),
        Unary::I64TruncSatF32S => int::from_i64(convert::i64_trunc_sat(to_f32(a).into())),
        Unary::I64TruncF32U => convert::u64_trunc(to_f32(a).into())?,
        Unary::I64TruncSatF32U => convert::u64_trunc_sat(to_f32(a).into()),
        Unary::I64TruncF64S => int::from_i64(convert::i64_trunc(to_f64(a))?),
        Unary::I64TruncSatF64S => int::from_i64(convert::i64_trunc_sat(to_f64(a))),
        Unary::I64TruncF64U => convert::u64_trunc(to_f64(a))?,
        Unary::I64TruncSatF64U => convert::u64_trunc_sat(to_f64(a)),
        // From integers, `as` rounds to the nearest float, ties to even.
        Unary::F32ConvertI32S => from_f32(a as i32 as f32),
        Unary::F32ConvertI32U => from_f32(a as u32 as f32),
        Unary::F32ConvertI64S => from_f32(a as i64 as f32),
        Unary::F32ConvertI64U => from_f32(a as f32),
        Unary::F64ConvertI32S => from_f64(f64::from(a as i32)),
        Unary::F64ConvertI32U => from_f64(f64::from(a as u32)),
        Unary::F64ConvertI64S => from_f64(a as i64 as f64),
        Unary::F64ConvertI64U => from_f64(a as f64),
        Unary::F32DemoteF64 => from_f32(to_f64(a) as f32),
        Unary::F64PromoteF32 => from_f64(to_f32(a).into()),
        Unary::I32ReinterpretF32 | Unary::F32ReinterpretI32 => u64::from(a as u32),
        Unary::I64ReinterpretF64 | Unary::F64ReinterpretI64 => a,
        Unary::FuncRefIsNull | Unary::ExternRefIsNull => u64::from(a == 0),
    })
}

/// The result of an operator with two operands, `b` the one on top.
///
/// # Errors
///
/// The traps of integer division: by zero [`TrapKind::IntegerDivisionByZero`], and for a quotient
/// that does not fit [`TrapKind::IntegerOverflow`].
pub fn binary(op: Binary, a: u64, b: u64) -> Result<u64, TrapKind> {
    Ok(match op {
        Binary::I32Add => u64::from((a as u32).wrapping_add(b as u32)),
        Binary::I32Sub => u64::from((a as u32).wrapping_sub(b as u32)),
        Binary::I32Mul => u64::from((a as u32).wrapping_mul(b as u32)),
        Binary::I32DivS => int::from_i32(int::i32_div(a as i32, b as i32)?),
        Binary::I32DivU => u64::from(int::u32_div(a as u32, b as u32)?),
        Binary::I32RemS => int::from_i32(int::i32_rem(a as i32, b as i32)?),
        Binary::I32RemU => u64::from(int::u32_rem(a as u32, b as u32)?),
        Binary::I32And => u64::from(a as u32 & b as u32),
        Binary::I32Or => u64::from(a as u32 | b as u32),
        Binary::I32Xor => u64::from(a as u32 ^ b as u32),
        // A shift's distance counts modulo the width, which is what `wrapping_` means here.
        Binary::I32Shl => u64::from((a as u32).wrapping_shl(b as u32)),
        Binary::I32ShrS => int::from_i32((a as i32).wrapping_shr(b as u32)),
        Binary::I32ShrU => u64::from((a as u32).wrapping_shr(b as u32)),
        Binary::I32Rotl => u64::from((a as u32).rotate_left(b as u32 % 32)),
        Binary::I32Rotr => u64::from((a as u32).rotate_right(b as u32 % 32)),
        Binary::I64Add => a.wrapping_add(b),
        Binary::I64Sub => a.wrapping_sub(b),
        Binary::I64Mul => a.wrapping_mul(b),
        Binary::I64DivS => int::from_i64(int::i64_div(a as i64, b as i64)?),
        Binary::I64DivU => int::u64_div(a, b)?,
        Binary::I64RemS => int::from_i64(int::i64_rem(a as i64, b as i64)?),
        Binary::I64RemU => int::u64_rem(a, b)?,
        Binary::I64And => a & b,
        Binary::I64Or => a | b,
        Binary::I64Xor => a ^ b,
        Binary::I64Shl => a.wrapping_shl(b as u32),
        Binary::I64ShrS => int::from_i64((a as i64).wrapping_shr(b as u32)),
        Binary::I64ShrU => a.wrapping_shr(b as u32),
        Binary::I64Rotl => a.rotate_left(b as u32 % 64),
        Binary::I64Rotr => a.rotate_right(b as u32 % 64),
        Binary::F32Add => from_f32(to_f32(a) + to_f32(b)),
        Binary::F32Sub => from_f32(to_f32(a) - to_f32(b)),
        Binary::F32Mul => from_f32(to_f32(a) * to_f32(b)),
        Binary::F32Div => from_f32(to_f32(a) / to_f32(b)),
        Binary::F32Min => from_f32(float::f32_min(to_f32(a), to_f32(b))),
        Binary::F32Max => from_f32(float::f32_max(to_f32(a), to_f32(b))),
        Binary::F32Copysign => float::f32_copysign(a, b),
        Binary::F64Add => from_f64(to_f64(a) + to_f64(b)),
        Binary::F64Sub => from_f64(to_f64(a) - to_f64(b)),
        Binary::F64Mul => from_f64(to_f64(a) * to_f64(b)),
        Binary::F64Div => from_f64(to_f64(a) / to_f64(b)),
        Binary::F64Min => from_f64(float::f64_min(to_f64(a), to_f64(b))),
        Binary::F64Max => from_f64(float::f64_max(to_f64(a), to_f64(b))),
        Binary::F64Copysign => float::f64_copysign(a, b),
    })
}

/// Whether a comparison holds; `b` is the operand on top. With a NaN only `ne` holds.
pub fn compare(op: Compare, a: u64, b: u64) -> bool {
    match op {
        Compare::I32Eq => a as u32 == b as u32,
        Compare::I32Ne => a as u32 != b as u32,
        Compare::I32LtS => (a as i32) < b as i32,
        Compare::I32LtU => (a as u32) < b as u32,
        Compare::I32GtS => a as i32 > b as i32,
        Compare::I32GtU => a as u32 > b as u32,
        Compare::I32LeS => a as i32 <= b as i32,
        Compare::I32LeU => a as u32 <= b as u32,
        Compare::I32GeS => a as i32 >= b as i32,
        Compare::I32GeU => a as u32 >= b as u32,
        Compare::I64Eq => a == b,
        Compare::I64Ne => a != b,
        Compare::I64LtS => (a as i64) < b as i64,
        Compare::I64LtU => a < b,
        Compare::I64GtS => a as i64 > b as i64,
        Compare::I64GtU => a > b,
        Compare::I64LeS => a as i64 <= b as i64,
        Compare::I64LeU => a <= b,
        Compare::I64GeS => a as i64 >= b as i64,
        Compare::I64GeU => a >= b,
        Compare::F32Eq => to_f32(a) == to_f32(b),
        Compare::F32Ne => to_f32(a) != to_f32(b),
        Compare::F32Lt => to_f32(a) < to_f32(b),
        Compare::F32Gt => to_f32(a) > to_f32(b),
        Compare::F32Le => to_f32(a) <= to_f32(b),
        Compare::F32Ge => to_f32(a) >= to_f32(b),
        Compare::F64Eq => to_f64(a) == to_f64(b),
        Compare::F64Ne => to_f64(a) != to_f64(b),
        Compare::F64Lt => to_f64(a) < to_f64(b),
        Compare::F64Gt => to_f64(a) > to_f64(b),
        Compare::F64Le => to_f64(a) <= to_f64(b),
        Compare::F64Ge => to_f64(a) >= to_f64(b),
    }
}
