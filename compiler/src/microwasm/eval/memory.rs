//! Loads and stores: how many bytes, and how they become a value.

use crate::microwasm::{Load, LoadLane, Store, StoreLane, Vector};

/// How many bytes a load reads.
pub const fn load_bytes(op: Load) -> u32 {
    match op {
        Load::I32Load | Load::F32Load | Load::I64Load32S | Load::I64Load32U => 4,
        Load::I64Load | Load::F64Load => 8,
        Load::I32Load8S | Load::I32Load8U | Load::I64Load8S | Load::I64Load8U => 1,
        Load::I32Load16S | Load::I32Load16U | Load::I64Load16S | Load::I64Load16U => 2,
        Load::V128Load => 16,
        Load::V128Load8x8S | Load::V128Load8x8U | Load::V128Load16x4S | Load::V128Load16x4U => 8,
        Load::V128Load32x2S | Load::V128Load32x2U | Load::V128Load64Splat | Load::V128Load64Zero => 8,
        Load::V128Load32Splat | Load::V128Load32Zero => 4,
        Load::V128Load16Splat => 2,
        Load::V128Load8Splat => 1,
    }
}

/// The value that a load makes of its bytes, which `raw` holds in little-endian order, zeros above.
pub fn load_value(op: Load, raw: u128) -> u128 {
    let low = raw as u64;
    let value = match op {
        Load::I32Load | Load::F32Load => u64::from(low as u32),
        Load::I64Load | Load::F64Load => low,
        Load::I32Load8S => u64::from(low as i8 as i32 as u32),
        Load::I32Load8U | Load::I64Load8U => u64::from(low as u8),
        Load::I32Load16S => u64::from(low as i16 as i32 as u32),
        Load::I32Load16U | Load::I64Load16U => u64::from(low as u16),
        Load::I64Load8S => low as i8 as i64 as u64,
        Load::I64Load16S => low as i16 as i64 as u64,
        Load::I64Load32S => low as i32 as i64 as u64,
        Load::I64Load32U => u64::from(low as u32),
        _ => return load_vector(op, raw),
    };
    value.into()
}

/// The same for a load of a vector.
fn load_vector(op: Load, raw: u128) -> u128 {
    match op {
        Load::V128Load8x8S => super::vector(Vector::I16x8ExtendLowI8x16S, [raw, 0, 0]),
        Load::V128Load8x8U => super::vector(Vector::I16x8ExtendLowI8x16U, [raw, 0, 0]),
        Load::V128Load16x4S => super::vector(Vector::I32x4ExtendLowI16x8S, [raw, 0, 0]),
        Load::V128Load16x4U => super::vector(Vector::I32x4ExtendLowI16x8U, [raw, 0, 0]),
        Load::V128Load32x2S => super::vector(Vector::I64x2ExtendLowI32x4S, [raw, 0, 0]),
        Load::V128Load32x2U => super::vector(Vector::I64x2ExtendLowI32x4U, [raw, 0, 0]),
        Load::V128Load8Splat => super::vector(Vector::I8x16Splat, [raw, 0, 0]),
        Load::V128Load16Splat => super::vector(Vector::I16x8Splat, [raw, 0, 0]),
        Load::V128Load32Splat => super::vector(Vector::I32x4Splat, [raw, 0, 0]),
        Load::V128Load64Splat => super::vector(Vector::I64x2Splat, [raw, 0, 0]),
        // What is not loaded is zero already.
        _ => raw,
    }
}

/// How many bytes a store writes: the value's low ones, in little-endian order.
pub const fn store_bytes(op: Store) -> u32 {
    match op {
        Store::I32Store | Store::F32Store | Store::I64Store32 => 4,
        Store::I64Store | Store::F64Store => 8,
        Store::I32Store8 | Store::I64Store8 => 1,
        Store::I32Store16 | Store::I64Store16 => 2,
        Store::V128Store => 16,
    }
}

/// The vector with a lane replaced by the low bytes of `raw`.
pub fn load_lane(op: LoadLane, lane: u8, vector: u128, raw: u128) -> u128 {
    super::vector::insert(8 * u32::from(op.bytes()), lane, vector, raw)
}

/// What a store of a lane writes: the low bytes.
pub fn store_lane(op: StoreLane, lane: u8, vector: u128) -> u128 {
    vector >> (8 * u32::from(op.bytes()) * u32::from(lane))
}
