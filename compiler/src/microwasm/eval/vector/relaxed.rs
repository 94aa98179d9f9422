//! The relaxed operators: what they compute here.

use super::float::{binary32, binary64, ternary32, ternary64};
use super::lanes::{map, pairs, pairs2, zip};
use super::{q15_multiply, select, swizzle};
use crate::microwasm::Vector;
use crate::microwasm::eval::{convert, float as scalar};

/// The result of a relaxed operator. The choice is Wasmtime's where it is told to be deterministic. Where x86
/// has an instruction with another choice, which is permitted too, the row says so.
///
/// # Panics
///
/// If the operator is not relaxed.
pub(super) fn vector(op: Vector, [a, b, c]: [u128; 3]) -> u128 {
    match op {
        // `pshufb` takes the low four bits of a number below 128.
        Vector::I8x16RelaxedSwizzle => swizzle(a, b),
        // `cvttps2dq` and `cvttpd2dq` give the least integer for all that is none.
        Vector::I32x4RelaxedTruncF32x4S => map(a, |a: f32| convert::i32_trunc_sat(a.into())),
        Vector::I32x4RelaxedTruncF32x4U => map(a, |a: f32| convert::u32_trunc_sat(a.into())),
        Vector::I32x4RelaxedTruncF64x2SZero => map(a, convert::i32_trunc_sat),
        Vector::I32x4RelaxedTruncF64x2UZero => map(a, convert::u32_trunc_sat),
        // As FMA has it. Without FMA, two operators round twice.
        Vector::F32x4RelaxedMadd => ternary32(a, b, c, f32::mul_add),
        Vector::F32x4RelaxedNmadd => ternary32(a, b, c, |a, b, c| (-a).mul_add(b, c)),
        Vector::F64x2RelaxedMadd => ternary64(a, b, c, f64::mul_add),
        Vector::F64x2RelaxedNmadd => ternary64(a, b, c, |a, b, c| (-a).mul_add(b, c)),
        // Blends look at the highest bit of each byte, of 32 or of 64 bits.
        Vector::I8x16RelaxedLaneselect
        | Vector::I16x8RelaxedLaneselect
        | Vector::I32x4RelaxedLaneselect
        | Vector::I64x2RelaxedLaneselect => select(a, b, c),
        // `minps` and `maxps` give the second operand if either is a NaN, or for two zeros.
        Vector::F32x4RelaxedMin => binary32(a, b, scalar::f32_min),
        Vector::F32x4RelaxedMax => binary32(a, b, scalar::f32_max),
        Vector::F64x2RelaxedMin => binary64(a, b, scalar::f64_min),
        Vector::F64x2RelaxedMax => binary64(a, b, scalar::f64_max),
        // `pmulhrsw` wraps.
        Vector::I16x8RelaxedQ15mulrS => zip(a, b, q15_multiply),
        // `pmaddubsw` takes the second operand's bytes without sign, and saturates.
        Vector::I16x8RelaxedDotI8x16I7x16S => pairs2(a, b, dot),
        Vector::I32x4RelaxedDotI8x16I7x16AddS => add_pairs(pairs2(a, b, dot), c),
        _ => panic!("{op:?} is not relaxed"),
    }
}

/// The sum of two products of signed bytes.
fn dot([a, b]: [i8; 2], [c, d]: [i8; 2]) -> i16 {
    (i16::from(a) * i16::from(c)).wrapping_add(i16::from(b) * i16::from(d))
}

/// The sums of neighbours, and of the other vector's lanes.
fn add_pairs(products: u128, c: u128) -> u128 {
    let sums = pairs(products, |a: i16, b: i16| i32::from(a) + i32::from(b));
    zip(sums, c, i32::wrapping_add)
}
