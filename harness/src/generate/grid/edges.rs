//! The values at which operators go wrong, for each kind of operand.

use super::super::vectors::Shape;
use super::lanes;
use crate::value::{FuncIdentity, Value, ValueType};

/// What an operand stands for, which decides the values worth trying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Domain {
    /// Any number or reference.
    Any,
    /// An address of this many bytes at an offset.
    Address(u64),
    /// A small number: a length, an index, a condition.
    Small,
    /// A vector of such lanes.
    Lanes(Shape),
}

const I32: [i32; 22] = [
    0,
    1,
    -1,
    2,
    3,
    7,
    8,
    31,
    32,
    33,
    63,
    127,
    128,
    -128,
    255,
    0xffff,
    0x1_0000,
    -3,
    i32::MIN,
    i32::MIN + 1,
    i32::MAX,
    0x5555_aaaa,
];
const I64: [i64; 26] = [
    0,
    1,
    -1,
    2,
    3,
    31,
    32,
    33,
    63,
    64,
    65,
    -128,
    255,
    0xffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    0x1_0000_0000,
    -0x8000_0000,
    -0x8000_0001,
    i64::MIN,
    i64::MIN + 1,
    i64::MAX,
    0x5555_aaaa_1234_8765,
    // Just above the middle between two floats: of 53 bits, of 24.
    i64::MIN + 0x401,
    i64::MIN + 0x80_0000_0001,
];
const F32: [u32; 24] = [
    0,
    0x8000_0000,
    0x3f80_0000,
    0xbf80_0000,
    0x3f00_0000,
    0xbf00_0000,
    0x3fc0_0000,
    0x4020_0000,
    0x7f80_0000,
    0xff80_0000,
    0x7fc0_0000,
    0xffc0_0000,
    0x7fa0_0001,
    1,
    0x8000_0001,
    0x007f_ffff,
    0x0080_0000,
    0x7f7f_ffff,
    0x4eff_ffff,
    0x4f00_0000,
    0xcf00_0001,
    0x4f80_0000,
    0x5f00_0000,
    0x5f80_0000,
];
const F64: [u64; 28] = [
    0,
    0x8000_0000_0000_0000,
    0x3ff0_0000_0000_0000,
    0xbff0_0000_0000_0000,
    0x3fe0_0000_0000_0000,
    0xbfe0_0000_0000_0000,
    0x3ff8_0000_0000_0000,
    0x4004_0000_0000_0000,
    0x7ff0_0000_0000_0000,
    0xfff0_0000_0000_0000,
    0x7ff8_0000_0000_0000,
    0xfff8_0000_0000_0000,
    0x7ff4_0000_0000_0001,
    1,
    0x8000_0000_0000_0001,
    0x000f_ffff_ffff_ffff,
    0x7fef_ffff_ffff_ffff,
    // Around 2^31, 2^32, 2^52, 2^63 and 2^64.
    0x41df_ffff_ffc0_0000,
    0x41df_ffff_ffff_ffff,
    0x41e0_0000_0000_0000,
    0xc1e0_0000_0010_0000,
    0xc1e0_0000_0020_0000,
    0x41ef_ffff_ffff_ffff,
    0x41f0_0000_0000_0000,
    0x432f_ffff_ffff_ffff,
    0x43df_ffff_ffff_ffff,
    0x43e0_0000_0000_0000,
    0x43f0_0000_0000_0000,
];

/// The bytes of the grid's memory.
const MEMORY: u64 = 0x1_0000;

/// The values to try.
pub fn edges(ty: ValueType, domain: Domain) -> Vec<Value> {
    match (ty, domain) {
        (ValueType::I32, Domain::Any | Domain::Lanes(_)) => I32.iter().map(|value| Value::I32(*value as u32)).collect(),
        (ValueType::I32, Domain::Small) => [0, 1, 2, 3, 4, 5, 9, u32::MAX].map(Value::I32).into(),
        (_, Domain::Address(width)) => {
            let last = (MEMORY - 8).saturating_sub(width);
            let beyond = (MEMORY + 1 - width.min(MEMORY)) as u32;
            let near = [0, 1, 8, 0x123, last as u32, beyond, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff - 7, u32::MAX];
            near.map(Value::I32).into()
        }
        (ValueType::I64, _) => I64.iter().map(|value| Value::I64(*value as u64)).collect(),
        (ValueType::F32, _) => F32.iter().map(|bits| Value::F32(*bits)).collect(),
        (ValueType::F64, _) => F64.iter().map(|bits| Value::F64(*bits)).collect(),
        (ValueType::FuncRef, _) => {
            [FuncIdentity::Null, FuncIdentity::Index(0), FuncIdentity::Index(2)].map(Value::FuncRef).into()
        }
        (ValueType::ExternRef, _) => [None, Some(7), Some(8)].map(Value::ExternRef).into(),
        (ValueType::V128, Domain::Lanes(shape)) => lanes::vectors(shape),
        (ValueType::V128, _) => lanes::vectors(Shape::I32x4),
    }
}

/// The powers of two with their neighbours, for constants that are encoded or reduced in many ways.
pub fn powers(ty: ValueType) -> Vec<Value> {
    let around = |bit: u32| [(1u64 << bit).wrapping_sub(1), 1 << bit, (1u64 << bit).wrapping_neg()];
    match ty {
        ValueType::I32 => (2..32).flat_map(around).map(|value| Value::I32(value as u32)).collect(),
        ValueType::I64 => (2..64).flat_map(around).map(Value::I64).collect(),
        _ => Vec::new(),
    }
}

/// Constants of a reference type are null; of a number's type, the edges.
pub fn constants(ty: ValueType, domain: Domain) -> Vec<Value> {
    match ty {
        ValueType::FuncRef | ValueType::ExternRef => vec![ty.zero()],
        ty => edges(ty, domain),
    }
}
