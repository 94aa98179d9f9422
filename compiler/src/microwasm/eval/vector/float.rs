//! Lanes that are floats. A NaN that an operator produces is the canonical one, as for scalars.

use super::lanes::{Lane, map, zip, zip3};
use crate::microwasm::eval::{from_f32, from_f64};

/// The float with its NaN made the canonical one.
fn canonical32(value: f32) -> f32 {
    f32::from_bits(from_f32(value) as u32)
}

/// The float with its NaN made the canonical one.
fn canonical64(value: f64) -> f64 {
    f64::from_bits(from_f64(value))
}

/// An operator on each lane.
pub(super) fn unary32(a: u128, f: impl Fn(f32) -> f32) -> u128 {
    map(a, |a| canonical32(f(a)))
}

/// An operator on each lane.
pub(super) fn unary64(a: u128, f: impl Fn(f64) -> f64) -> u128 {
    map(a, |a| canonical64(f(a)))
}

/// An operator on each two lanes.
pub(super) fn binary32(a: u128, b: u128, f: impl Fn(f32, f32) -> f32) -> u128 {
    zip(a, b, |a, b| canonical32(f(a, b)))
}

/// An operator on each two lanes.
pub(super) fn binary64(a: u128, b: u128, f: impl Fn(f64, f64) -> f64) -> u128 {
    zip(a, b, |a, b| canonical64(f(a, b)))
}

/// An operator on each three lanes.
pub(super) fn ternary32(a: u128, b: u128, c: u128, f: impl Fn(f32, f32, f32) -> f32) -> u128 {
    zip3(a, b, c, |a, b, c| canonical32(f(a, b, c)))
}

/// An operator on each three lanes.
pub(super) fn ternary64(a: u128, b: u128, c: u128, f: impl Fn(f64, f64, f64) -> f64) -> u128 {
    zip3(a, b, c, |a, b, c| canonical64(f(a, b, c)))
}

/// The second lane if it is less than the first, else the first: the bits as they are.
pub(super) fn pseudo_min<T: Lane + PartialOrd>(a: u128, b: u128) -> u128 {
    zip::<T, T>(a, b, |a, b| if b < a { b } else { a })
}

/// The second lane if the first is less than it, else the first: the bits as they are.
pub(super) fn pseudo_max<T: Lane + PartialOrd>(a: u128, b: u128) -> u128 {
    zip::<T, T>(a, b, |a, b| if a < b { b } else { a })
}

/// To `f32`, the result's high half zero.
pub(super) fn demote(a: u128) -> u128 {
    map::<f64, f32>(a, |a| canonical32(a as f32))
}

/// To `f64`, from the low half.
pub(super) fn promote(a: u128) -> u128 {
    map::<f32, f64>(a, |a| canonical64(a.into()))
}
