//! What each operator on vectors computes. A vector is a `u128`, its lowest lane the lowest bits.
//!
//! # Relaxed operators
//!
//! The specification permits several results; here it is always the one that the operator has which
//! is not relaxed, where there is one: saturation, an index beyond the end gives zero, bits are
//! selected, multiplication and addition are fused.
//! [`permits`] tells whether a result is among the permitted ones: machine code may choose another.

mod float;
mod lanes;
mod permitted;
mod relaxed;

pub use permitted::permits;

use super::{convert, float as scalar};
use crate::microwasm::{Lane, Vector};
use float::{binary32, binary64, pseudo_max, pseudo_min, unary32, unary64};
use lanes::{all, map, mask, narrow, pairs, pairs2, splat, test, zip};

const SIGNS32: u128 = 0x8000_0000_8000_0000_8000_0000_8000_0000;
const SIGNS64: u128 = 0x8000_0000_0000_0000_8000_0000_0000_0000;

/// The result of an operator; operands that it does not have are ignored. Scalars are their bits,
/// and a scalar's upper bits are ignored in operands and zero in results.
pub fn vector(op: Vector, [a, b, c]: [u128; 3]) -> u128 {
    match op {
        Vector::I8x16Swizzle => swizzle(a, b),
        Vector::I8x16Splat => splat(a as u8),
        Vector::I16x8Splat => splat(a as u16),
        Vector::I32x4Splat => splat(a as u32),
        Vector::I64x2Splat => splat(a as u64),
        Vector::F32x4Splat => splat(a as u32),
        Vector::F64x2Splat => splat(a as u64),
        Vector::I8x16Eq => test::<u8>(a, b, |a, b| a == b),
        Vector::I8x16Ne => test::<u8>(a, b, |a, b| a != b),
        Vector::I8x16LtS => test::<i8>(a, b, |a, b| a < b),
        Vector::I8x16LtU => test::<u8>(a, b, |a, b| a < b),
        Vector::I8x16GtS => test::<i8>(a, b, |a, b| a > b),
        Vector::I8x16GtU => test::<u8>(a, b, |a, b| a > b),
        Vector::I8x16LeS => test::<i8>(a, b, |a, b| a <= b),
        Vector::I8x16LeU => test::<u8>(a, b, |a, b| a <= b),
        Vector::I8x16GeS => test::<i8>(a, b, |a, b| a >= b),
        Vector::I8x16GeU => test::<u8>(a, b, |a, b| a >= b),
        Vector::I16x8Eq => test::<u16>(a, b, |a, b| a == b),
        Vector::I16x8Ne => test::<u16>(a, b, |a, b| a != b),
        Vector::I16x8LtS => test::<i16>(a, b, |a, b| a < b),
        Vector::I16x8LtU => test::<u16>(a, b, |a, b| a < b),
        Vector::I16x8GtS => test::<i16>(a, b, |a, b| a > b),
        Vector::I16x8GtU => test::<u16>(a, b, |a, b| a > b),
        Vector::I16x8LeS => test::<i16>(a, b, |a, b| a <= b),
        Vector::I16x8LeU => test::<u16>(a, b, |a, b| a <= b),
        Vector::I16x8GeS => test::<i16>(a, b, |a, b| a >= b),
        Vector::I16x8GeU => test::<u16>(a, b, |a, b| a >= b),
        Vector::I32x4Eq => test::<u32>(a, b, |a, b| a == b),
        Vector::I32x4Ne => test::<u32>(a, b, |a, b| a != b),
        Vector::I32x4LtS => test::<i32>(a, b, |a, b| a < b),
        Vector::I32x4LtU => test::<u32>(a, b, |a, b| a < b),
        Vector::I32x4GtS => test::<i32>(a, b, |a, b| a > b),
        Vector::I32x4GtU => test::<u32>(a, b, |a, b| a > b),
        Vector::I32x4LeS => test::<i32>(a, b, |a, b| a <= b),
        Vector::I32x4LeU => test::<u32>(a, b, |a, b| a <= b),
        Vector::I32x4GeS => test::<i32>(a, b, |a, b| a >= b),
        Vector::I32x4GeU => test::<u32>(a, b, |a, b| a >= b),
        Vector::I64x2Eq => test::<u64>(a, b, |a, b| a == b),
        Vector::I64x2Ne => test::<u64>(a, b, |a, b| a != b),
        Vector::I64x2LtS => test::<i64>(a, b, |a, b| a < b),
        Vector::I64x2GtS => test::<i64>(a, b, |a, b| a > b),
        Vector::I64x2LeS => test::<i64>(a, b, |a, b| a <= b),
        Vector::I64x2GeS => test::<i64>(a, b, |a, b| a >= b),
        Vector::F32x4Eq => test::<f32>(a, b, |a, b| a == b),
        Vector::F32x4Ne => test::<f32>(a, b, |a, b| a != b),
        Vector::F32x4Lt => test::<f32>(a, b, |a, b| a < b),
        Vector::F32x4Gt => test::<f32>(a, b, |a, b| a > b),
        Vector::F32x4Le => test::<f32>(a, b, |a, b| a <= b),
        Vector::F32x4Ge => test::<f32>(a, b, |a, b| a >= b),
        Vector::F64x2Eq => test::<f64>(a, b, |a, b| a == b),
        Vector::F64x2Ne => test::<f64>(a, b, |a, b| a != b),
        Vector::F64x2Lt => test::<f64>(a, b, |a, b| a < b),
        Vector::F64x2Gt => test::<f64>(a, b, |a, b| a > b),
        Vector::F64x2Le => test::<f64>(a, b, |a, b| a <= b),
        Vector::F64x2Ge => test::<f64>(a, b, |a, b| a >= b),
        Vector::V128Not => !a,
        Vector::V128And => a & b,
        Vector::V128AndNot => a & !b,
        Vector::V128Or => a | b,
        Vector::V128Xor => a ^ b,
        Vector::V128Bitselect => select(a, b, c),
        Vector::V128AnyTrue => u128::from(a != 0),
        Vector::I8x16Abs => map(a, i8::wrapping_abs),
        Vector::I8x16Neg => map(a, i8::wrapping_neg),
        Vector::I8x16Popcnt => map(a, |a: u8| a.count_ones() as u8),
        Vector::I8x16AllTrue => all::<u8>(a),
        Vector::I8x16Bitmask => mask::<u8>(a),
        Vector::I8x16NarrowI16x8S => narrow(a, b, |a: i16| a.clamp(i8::MIN.into(), i8::MAX.into()) as i8),
        Vector::I8x16NarrowI16x8U => narrow(a, b, |a: i16| a.clamp(u8::MIN.into(), u8::MAX.into()) as u8),
        Vector::I8x16Shl => map(a, |a: u8| a.wrapping_shl(b as u32)),
        Vector::I8x16ShrS => map(a, |a: i8| a.wrapping_shr(b as u32)),
        Vector::I8x16ShrU => map(a, |a: u8| a.wrapping_shr(b as u32)),
        Vector::I8x16Add => zip(a, b, u8::wrapping_add),
        Vector::I8x16AddSatS => zip(a, b, i8::saturating_add),
        Vector::I8x16AddSatU => zip(a, b, u8::saturating_add),
        Vector::I8x16Sub => zip(a, b, u8::wrapping_sub),
        Vector::I8x16SubSatS => zip(a, b, i8::saturating_sub),
        Vector::I8x16SubSatU => zip(a, b, u8::saturating_sub),
        Vector::I8x16MinS => zip(a, b, <i8 as Ord>::min),
        Vector::I8x16MinU => zip(a, b, <u8 as Ord>::min),
        Vector::I8x16MaxS => zip(a, b, <i8 as Ord>::max),
        Vector::I8x16MaxU => zip(a, b, <u8 as Ord>::max),
        Vector::I8x16AvgrU => zip(a, b, |a: u8, b: u8| (u16::from(a) + u16::from(b)).div_ceil(2) as u8),
        Vector::I16x8ExtAddPairwiseI8x16S => pairs(a, |a: i8, b: i8| i16::from(a) + i16::from(b)),
        Vector::I16x8ExtAddPairwiseI8x16U => pairs(a, |a: u8, b: u8| u16::from(a) + u16::from(b)),
        Vector::I16x8Abs => map(a, i16::wrapping_abs),
        Vector::I16x8Neg => map(a, i16::wrapping_neg),
        Vector::I16x8Q15MulrSatS => zip(a, b, q15_multiply),
        Vector::I16x8AllTrue => all::<u16>(a),
        Vector::I16x8Bitmask => mask::<u16>(a),
        Vector::I16x8NarrowI32x4S => narrow(a, b, |a: i32| a.clamp(i16::MIN.into(), i16::MAX.into()) as i16),
        Vector::I16x8NarrowI32x4U => narrow(a, b, |a: i32| a.clamp(u16::MIN.into(), u16::MAX.into()) as u16),
        Vector::I16x8ExtendLowI8x16S => map(a, |a: i8| i16::from(a)),
        Vector::I16x8ExtendHighI8x16S => map(a >> 64, |a: i8| i16::from(a)),
        Vector::I16x8ExtendLowI8x16U => map(a, |a: u8| u16::from(a)),
        Vector::I16x8ExtendHighI8x16U => map(a >> 64, |a: u8| u16::from(a)),
        Vector::I16x8Shl => map(a, |a: u16| a.wrapping_shl(b as u32)),
        Vector::I16x8ShrS => map(a, |a: i16| a.wrapping_shr(b as u32)),
        Vector::I16x8ShrU => map(a, |a: u16| a.wrapping_shr(b as u32)),
        Vector::I16x8Add => zip(a, b, u16::wrapping_add),
        Vector::I16x8AddSatS => zip(a, b, i16::saturating_add),
        Vector::I16x8AddSatU => zip(a, b, u16::saturating_add),
        Vector::I16x8Sub => zip(a, b, u16::wrapping_sub),
        Vector::I16x8SubSatS => zip(a, b, i16::saturating_sub),
        Vector::I16x8SubSatU => zip(a, b, u16::saturating_sub),
        Vector::I16x8Mul => zip(a, b, u16::wrapping_mul),
        Vector::I16x8MinS => zip(a, b, <i16 as Ord>::min),
        Vector::I16x8MinU => zip(a, b, <u16 as Ord>::min),
        Vector::I16x8MaxS => zip(a, b, <i16 as Ord>::max),
        Vector::I16x8MaxU => zip(a, b, <u16 as Ord>::max),
        Vector::I16x8AvgrU => zip(a, b, |a: u16, b: u16| (u32::from(a) + u32::from(b)).div_ceil(2) as u16),
        Vector::I16x8ExtMulLowI8x16S => zip(a, b, |a: i8, b: i8| i16::from(a) * i16::from(b)),
        Vector::I16x8ExtMulHighI8x16S => zip(a >> 64, b >> 64, |a: i8, b: i8| i16::from(a) * i16::from(b)),
        Vector::I16x8ExtMulLowI8x16U => zip(a, b, |a: u8, b: u8| u16::from(a) * u16::from(b)),
        Vector::I16x8ExtMulHighI8x16U => zip(a >> 64, b >> 64, |a: u8, b: u8| u16::from(a) * u16::from(b)),
        Vector::I32x4ExtAddPairwiseI16x8S => pairs(a, |a: i16, b: i16| i32::from(a) + i32::from(b)),
        Vector::I32x4ExtAddPairwiseI16x8U => pairs(a, |a: u16, b: u16| u32::from(a) + u32::from(b)),
        Vector::I32x4Abs => map(a, i32::wrapping_abs),
        Vector::I32x4Neg => map(a, i32::wrapping_neg),
        Vector::I32x4AllTrue => all::<u32>(a),
        Vector::I32x4Bitmask => mask::<u32>(a),
        Vector::I32x4ExtendLowI16x8S => map(a, |a: i16| i32::from(a)),
        Vector::I32x4ExtendHighI16x8S => map(a >> 64, |a: i16| i32::from(a)),
        Vector::I32x4ExtendLowI16x8U => map(a, |a: u16| u32::from(a)),
        Vector::I32x4ExtendHighI16x8U => map(a >> 64, |a: u16| u32::from(a)),
        Vector::I32x4Shl => map(a, |a: u32| a.wrapping_shl(b as u32)),
        Vector::I32x4ShrS => map(a, |a: i32| a.wrapping_shr(b as u32)),
        Vector::I32x4ShrU => map(a, |a: u32| a.wrapping_shr(b as u32)),
        Vector::I32x4Add => zip(a, b, u32::wrapping_add),
        Vector::I32x4Sub => zip(a, b, u32::wrapping_sub),
        Vector::I32x4Mul => zip(a, b, u32::wrapping_mul),
        Vector::I32x4MinS => zip(a, b, <i32 as Ord>::min),
        Vector::I32x4MinU => zip(a, b, <u32 as Ord>::min),
        Vector::I32x4MaxS => zip(a, b, <i32 as Ord>::max),
        Vector::I32x4MaxU => zip(a, b, <u32 as Ord>::max),
        Vector::I32x4DotI16x8S => pairs2(a, b, dot),
        Vector::I32x4ExtMulLowI16x8S => zip(a, b, |a: i16, b: i16| i32::from(a) * i32::from(b)),
        Vector::I32x4ExtMulHighI16x8S => zip(a >> 64, b >> 64, |a: i16, b: i16| i32::from(a) * i32::from(b)),
        Vector::I32x4ExtMulLowI16x8U => zip(a, b, |a: u16, b: u16| u32::from(a) * u32::from(b)),
        Vector::I32x4ExtMulHighI16x8U => zip(a >> 64, b >> 64, |a: u16, b: u16| u32::from(a) * u32::from(b)),
        Vector::I64x2Abs => map(a, i64::wrapping_abs),
        Vector::I64x2Neg => map(a, i64::wrapping_neg),
        Vector::I64x2AllTrue => all::<u64>(a),
        Vector::I64x2Bitmask => mask::<u64>(a),
        Vector::I64x2ExtendLowI32x4S => map(a, |a: i32| i64::from(a)),
        Vector::I64x2ExtendHighI32x4S => map(a >> 64, |a: i32| i64::from(a)),
        Vector::I64x2ExtendLowI32x4U => map(a, |a: u32| u64::from(a)),
        Vector::I64x2ExtendHighI32x4U => map(a >> 64, |a: u32| u64::from(a)),
        Vector::I64x2Shl => map(a, |a: u64| a.wrapping_shl(b as u32)),
        Vector::I64x2ShrS => map(a, |a: i64| a.wrapping_shr(b as u32)),
        Vector::I64x2ShrU => map(a, |a: u64| a.wrapping_shr(b as u32)),
        Vector::I64x2Add => zip(a, b, u64::wrapping_add),
        Vector::I64x2Sub => zip(a, b, u64::wrapping_sub),
        Vector::I64x2Mul => zip(a, b, u64::wrapping_mul),
        Vector::I64x2ExtMulLowI32x4S => zip(a, b, |a: i32, b: i32| i64::from(a) * i64::from(b)),
        Vector::I64x2ExtMulHighI32x4S => zip(a >> 64, b >> 64, |a: i32, b: i32| i64::from(a) * i64::from(b)),
        Vector::I64x2ExtMulLowI32x4U => zip(a, b, |a: u32, b: u32| u64::from(a) * u64::from(b)),
        Vector::I64x2ExtMulHighI32x4U => zip(a >> 64, b >> 64, |a: u32, b: u32| u64::from(a) * u64::from(b)),
        Vector::F32x4Ceil => unary32(a, f32::ceil),
        Vector::F32x4Floor => unary32(a, f32::floor),
        Vector::F32x4Trunc => unary32(a, f32::trunc),
        Vector::F32x4Nearest => unary32(a, f32::round_ties_even),
        Vector::F32x4Abs => a & !SIGNS32,
        Vector::F32x4Neg => a ^ SIGNS32,
        Vector::F32x4Sqrt => unary32(a, f32::sqrt),
        Vector::F32x4Add => binary32(a, b, |a, b| a + b),
        Vector::F32x4Sub => binary32(a, b, |a, b| a - b),
        Vector::F32x4Mul => binary32(a, b, |a, b| a * b),
        Vector::F32x4Div => binary32(a, b, |a, b| a / b),
        Vector::F32x4Min => binary32(a, b, scalar::f32_min),
        Vector::F32x4Max => binary32(a, b, scalar::f32_max),
        Vector::F32x4PMin => pseudo_min::<f32>(a, b),
        Vector::F32x4PMax => pseudo_max::<f32>(a, b),
        Vector::F64x2Ceil => unary64(a, f64::ceil),
        Vector::F64x2Floor => unary64(a, f64::floor),
        Vector::F64x2Trunc => unary64(a, f64::trunc),
        Vector::F64x2Nearest => unary64(a, f64::round_ties_even),
        Vector::F64x2Abs => a & !SIGNS64,
        Vector::F64x2Neg => a ^ SIGNS64,
        Vector::F64x2Sqrt => unary64(a, f64::sqrt),
        Vector::F64x2Add => binary64(a, b, |a, b| a + b),
        Vector::F64x2Sub => binary64(a, b, |a, b| a - b),
        Vector::F64x2Mul => binary64(a, b, |a, b| a * b),
        Vector::F64x2Div => binary64(a, b, |a, b| a / b),
        Vector::F64x2Min => binary64(a, b, scalar::f64_min),
        Vector::F64x2Max => binary64(a, b, scalar::f64_max),
        Vector::F64x2PMin => pseudo_min::<f64>(a, b),
        Vector::F64x2PMax => pseudo_max::<f64>(a, b),
        Vector::I32x4TruncSatF32x4S => map(a, |a: f32| convert::i32_trunc_sat(a.into())),
        Vector::I32x4TruncSatF32x4U => map(a, |a: f32| convert::u32_trunc_sat(a.into())),
        Vector::F32x4ConvertI32x4S => map(a, |a: i32| a as f32),
        Vector::F32x4ConvertI32x4U => map(a, |a: u32| a as f32),
        Vector::I32x4TruncSatF64x2SZero => map(a, convert::i32_trunc_sat),
        Vector::I32x4TruncSatF64x2UZero => map(a, convert::u32_trunc_sat),
        Vector::F64x2ConvertLowI32x4S => map(a, |a: i32| f64::from(a)),
        Vector::F64x2ConvertLowI32x4U => map(a, |a: u32| f64::from(a)),
        Vector::F32x4DemoteF64x2Zero => float::demote(a),
        Vector::F64x2PromoteLowF32x4 => float::promote(a),
        Vector::I8x16RelaxedSwizzle
        | Vector::I32x4RelaxedTruncF32x4S
        | Vector::I32x4RelaxedTruncF32x4U
        | Vector::I32x4RelaxedTruncF64x2SZero
        | Vector::I32x4RelaxedTruncF64x2UZero
        | Vector::F32x4RelaxedMadd
        | Vector::F32x4RelaxedNmadd
        | Vector::F64x2RelaxedMadd
        | Vector::F64x2RelaxedNmadd
        | Vector::I8x16RelaxedLaneselect
        | Vector::I16x8RelaxedLaneselect
        | Vector::I32x4RelaxedLaneselect
        | Vector::I64x2RelaxedLaneselect
        | Vector::F32x4RelaxedMin
        | Vector::F32x4RelaxedMax
        | Vector::F64x2RelaxedMin
        | Vector::F64x2RelaxedMax
        | Vector::I16x8RelaxedQ15mulrS
        | Vector::I16x8RelaxedDotI8x16I7x16S
        | Vector::I32x4RelaxedDotI8x16I7x16AddS => relaxed::vector(op, [a, b, c]),
    }
}

/// The first's bits where the mask has ones, else the second's.
fn select(a: u128, b: u128, mask: u128) -> u128 {
    (a & mask) | (b & !mask)
}

/// The bytes of the first by numbers; zero for a number beyond the end.
fn swizzle(a: u128, numbers: u128) -> u128 {
    let bytes = a.to_le_bytes();
    map(numbers, |number: u8| bytes.get(usize::from(number)).copied().unwrap_or(0))
}

/// The product of fractions in steps of 2^-15, rounded to the nearest, ties up, and saturated.
fn q15_multiply(a: i16, b: i16) -> i16 {
    let product = (i32::from(a) * i32::from(b) + 0x4000) >> 15;
    product.min(i16::MAX.into()) as i16
}

/// The sum of two products.
fn dot([a, b]: [i16; 2], [c, d]: [i16; 2]) -> i32 {
    // Only the least squared twice is too large.
    (i32::from(a) * i32::from(c)).wrapping_add(i32::from(b) * i32::from(d))
}

/// The bytes of two vectors by numbers below 32, as `i8x16.shuffle` has them.
///
/// # Panics
///
/// If a number is 32 or more.
pub fn shuffle(numbers: [u8; 16], a: u128, b: u128) -> u128 {
    let bytes = [a.to_le_bytes(), b.to_le_bytes()];
    u128::from_le_bytes(numbers.map(|number| bytes[usize::from(number / 16)][usize::from(number % 16)]))
}

/// The bits of a lane as a scalar.
///
/// # Panics
///
/// If the operator replaces a lane.
pub fn extract_lane(op: Lane, number: u8, vector: u128) -> u64 {
    let number = u32::from(number);
    match op {
        Lane::I8x16ExtractLaneS => u64::from(i32::from(lanes::lane::<i8>(vector, number)) as u32),
        Lane::I8x16ExtractLaneU => u64::from(lanes::lane::<u8>(vector, number)),
        Lane::I16x8ExtractLaneS => u64::from(i32::from(lanes::lane::<i16>(vector, number)) as u32),
        Lane::I16x8ExtractLaneU => u64::from(lanes::lane::<u16>(vector, number)),
        Lane::I32x4ExtractLane | Lane::F32x4ExtractLane => u64::from(lanes::lane::<u32>(vector, number)),
        Lane::I64x2ExtractLane | Lane::F64x2ExtractLane => lanes::lane::<u64>(vector, number),
        _ => panic!("{op:?} takes a scalar"),
    }
}

/// The vector with a lane replaced by a scalar's bits.
///
/// # Panics
///
/// If the operator extracts a lane.
pub fn replace_lane(op: Lane, number: u8, vector: u128, value: u64) -> u128 {
    let bits = match op {
        Lane::I8x16ReplaceLane => 8,
        Lane::I16x8ReplaceLane => 16,
        Lane::I32x4ReplaceLane | Lane::F32x4ReplaceLane => 32,
        Lane::I64x2ReplaceLane | Lane::F64x2ReplaceLane => 64,
        _ => panic!("{op:?} takes no scalar"),
    };
    insert(bits, number, vector, value.into())
}

/// The vector with a lane of so many bits replaced by the low bits of a value.
pub(super) fn insert(bits: u32, number: u8, vector: u128, value: u128) -> u128 {
    let at = bits * u32::from(number);
    let lane = ((1 << bits) - 1) << at;
    select(value << at, vector, lane)
}
