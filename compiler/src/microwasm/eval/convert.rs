//! Floats to integers, rounding toward zero: with traps, and saturating.

use crate::trap::TrapKind;

const TWO_31: f64 = 2_147_483_648.0;
const TWO_32: f64 = 4_294_967_296.0;
const TWO_63: f64 = 9_223_372_036_854_775_808.0;
const TWO_64: f64 = 18_446_744_073_709_551_616.0;

/// The float's integer part, if it lies in `low..high`.
fn truncate(value: f64, low: f64, high: f64) -> Result<f64, TrapKind> {
    if value.is_nan() {
        return Err(TrapKind::BadConversionToInteger);
    }
    let whole = value.trunc();
    if low <= whole && whole < high { Ok(whole) } else { Err(TrapKind::IntegerOverflow) }
}

// A whole number in the integer's range is exactly one of its values: `as` does not change it.

pub(super) fn i32_trunc(value: f64) -> Result<i32, TrapKind> {
    truncate(value, -TWO_31, TWO_31).map(|whole| whole as i32)
}

pub(super) fn u32_trunc(value: f64) -> Result<u32, TrapKind> {
    truncate(value, 0.0, TWO_32).map(|whole| whole as u32)
}

pub(super) fn i64_trunc(value: f64) -> Result<i64, TrapKind> {
    truncate(value, -TWO_63, TWO_63).map(|whole| whole as i64)
}

pub(super) fn u64_trunc(value: f64) -> Result<u64, TrapKind> {
    truncate(value, 0.0, TWO_64).map(|whole| whole as u64)
}

// Rust's `as` from a float saturates, and makes NaN zero: just what is asked for.

pub(super) fn i32_trunc_sat(value: f64) -> i32 {
    value as i32
}

pub(super) fn u32_trunc_sat(value: f64) -> u32 {
    value as u32
}

pub(super) fn i64_trunc_sat(value: f64) -> i64 {
    value as i64
}

pub(super) fn u64_trunc_sat(value: f64) -> u64 {
    value as u64
}
