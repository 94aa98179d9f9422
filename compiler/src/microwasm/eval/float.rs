//! Floats: the operators on the sign bit alone, and minimum and maximum.

const SIGN_F32: u32 = 1 << 31;
const SIGN_F64: u64 = 1 << 63;

pub(super) fn f32_abs(a: u64) -> u64 {
    u64::from(a as u32 & !SIGN_F32)
}

pub(super) fn f32_neg(a: u64) -> u64 {
    u64::from(a as u32 ^ SIGN_F32)
}

pub(super) fn f32_copysign(a: u64, b: u64) -> u64 {
    u64::from((a as u32 & !SIGN_F32) | (b as u32 & SIGN_F32))
}

pub(super) fn f64_abs(a: u64) -> u64 {
    a & !SIGN_F64
}

pub(super) fn f64_neg(a: u64) -> u64 {
    a ^ SIGN_F64
}

pub(super) fn f64_copysign(a: u64, b: u64) -> u64 {
    (a & !SIGN_F64) | (b & SIGN_F64)
}

/// The smaller; NaN if either is, and -0 is smaller than 0.
pub(super) fn f32_min(a: f32, b: f32) -> f32 {
    if a.is_nan() || b.is_nan() {
        f32::NAN
    } else if a == b {
        // Equal floats differ at most in a zero's sign.
        f32::from_bits(a.to_bits() | b.to_bits())
    } else if a < b {
        a
    } else {
        b
    }
}

/// The larger; NaN if either is, and 0 is larger than -0.
pub(super) fn f32_max(a: f32, b: f32) -> f32 {
    if a.is_nan() || b.is_nan() {
        f32::NAN
    } else if a == b {
        f32::from_bits(a.to_bits() & b.to_bits())
    } else if a > b {
        a
    } else {
        b
    }
}

/// The smaller; NaN if either is, and -0 is smaller than 0.
pub(super) fn f64_min(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a == b {
        f64::from_bits(a.to_bits() | b.to_bits())
    } else if a < b {
        a
    } else {
        b
    }
}

/// The larger; NaN if either is, and 0 is larger than -0.
pub(super) fn f64_max(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a == b {
        f64::from_bits(a.to_bits() & b.to_bits())
    } else if a > b {
        a
    } else {
        b
    }
}
