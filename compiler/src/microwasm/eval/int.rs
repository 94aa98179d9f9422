//! Integers: division and its traps.

use crate::trap::TrapKind;

/// The bits of a 32-bit integer, zero-extended.
pub(super) const fn from_i32(value: i32) -> u64 {
    value as u32 as u64
}

/// The bits of a 64-bit integer.
pub(super) const fn from_i64(value: i64) -> u64 {
    value as u64
}

/// Rounds toward zero. The smallest integer divided by -1 does not fit.
pub(super) fn i32_div(a: i32, b: i32) -> Result<i32, TrapKind> {
    if b == 0 {
        return Err(TrapKind::IntegerDivisionByZero);
    }
    a.checked_div(b).ok_or(TrapKind::IntegerOverflow)
}

pub(super) fn u32_div(a: u32, b: u32) -> Result<u32, TrapKind> {
    a.checked_div(b).ok_or(TrapKind::IntegerDivisionByZero)
}

/// The remainder has the dividend's sign; that of the smallest integer and -1 is 0, without a trap.
pub(super) fn i32_rem(a: i32, b: i32) -> Result<i32, TrapKind> {
    if b == 0 { Err(TrapKind::IntegerDivisionByZero) } else { Ok(a.wrapping_rem(b)) }
}

pub(super) fn u32_rem(a: u32, b: u32) -> Result<u32, TrapKind> {
    a.checked_rem(b).ok_or(TrapKind::IntegerDivisionByZero)
}

/// Rounds toward zero. The smallest integer divided by -1 does not fit.
pub(super) fn i64_div(a: i64, b: i64) -> Result<i64, TrapKind> {
    if b == 0 {
        return Err(TrapKind::IntegerDivisionByZero);
    }
    a.checked_div(b).ok_or(TrapKind::IntegerOverflow)
}

pub(super) fn u64_div(a: u64, b: u64) -> Result<u64, TrapKind> {
    a.checked_div(b).ok_or(TrapKind::IntegerDivisionByZero)
}

/// The remainder has the dividend's sign; that of the smallest integer and -1 is 0, without a trap.
pub(super) fn i64_rem(a: i64, b: i64) -> Result<i64, TrapKind> {
    if b == 0 { Err(TrapKind::IntegerDivisionByZero) } else { Ok(a.wrapping_rem(b)) }
}

pub(super) fn u64_rem(a: u64, b: u64) -> Result<u64, TrapKind> {
    a.checked_rem(b).ok_or(TrapKind::IntegerDivisionByZero)
}
