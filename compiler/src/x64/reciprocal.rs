//! Division and remainder by constants, as multiplications by reciprocals.
//!
//! The method is that of T. Granlund and P. L. Montgomery, Division by Invariant Integers using Multiplication (PLDI
//! 1994), figures 4.1 and 5.1. For 32 bits, products and the sums behind them fit into 64-bit registers.

use super::Emitter;
use super::asm::SCRATCH;
use super::rewrites::Rewrite;
use crate::seeded::{Bug, seeded};
use crate::state::reg::Gpr;
use crate::state::{Machine, Value};
use dynasmrt::{DynasmApi, dynasm};

/// What a division is to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Division {
    pub(super) wide: bool,
    pub(super) signed: bool,
    pub(super) remainder: bool,
}

/// How to divide by a constant of at least 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reciprocal {
    /// Shift right.
    Power(u8),
    /// The upper half of the product with `factor`, shifted right.
    Product { factor: u64, shift: u8 },
    /// The upper half of the product with `2^bits + factor`, shifted right.
    LongProduct { factor: u64, shift: u8 },
}

impl Reciprocal {
    /// For dividends of so many bits without sign.
    fn unsigned(bits: u32, divisor: u64) -> Reciprocal {
        let log = ceil_log2(divisor);
        if divisor.is_power_of_two() {
            return Reciprocal::Power(log as u8);
        }
        let divisor = u128::from(divisor);
        for shift in 0..log {
            let factor = (1u128 << (bits + shift)).div_ceil(divisor);
            if factor * divisor - (1 << (bits + shift)) <= 1 << shift && factor < 1 << bits {
                return Reciprocal::Product { factor: factor as u64, shift: shift as u8 };
            }
        }
        let factor = (((1u128 << log) - divisor) << bits) / divisor + 1;
        Reciprocal::LongProduct { factor: factor as u64, shift: log as u8 }
    }

    /// For dividends of so many bits with a sign: the quotient is one too small where they are negative.
    fn signed(bits: u32, divisor: u64) -> (u64, u8) {
        let shift = ceil_log2(divisor) - 1;
        let factor = (1u128 << (bits + shift)) / u128::from(divisor) + 1;
        (factor as u64, shift as u8)
    }
}

/// The logarithm of a number of at least 2, rounded up.
fn ceil_log2(number: u64) -> u32 {
    64 - (number - 1).leading_zeros()
}

impl Emitter {
    /// Divides by a constant without a division, if there is a way and it may be used.
    pub(super) fn divide_by_constant(&mut self, division: Division, a: Value, divisor: u64) -> Option<Gpr> {
        let Division { wide, signed, .. } = division;
        let by = match (signed, wide) {
            (true, false) => i64::from(divisor as u32 as i32),
            (true, true) => divisor as i64,
            (false, _) => 2,
        };
        let useless = divisor < 2 || signed && matches!(by, -1..=1);
        if useless || !self.may(Rewrite::Reciprocal) {
            return None;
        }
        let dividend = self.gpr_of(a);
        Some(match (signed, wide) {
            (false, false) => self.divide_u32(division, dividend, divisor),
            (false, true) => self.divide_u64(division, dividend, divisor),
            (true, false) => self.divide_s32(division, dividend, by),
            (true, true) => self.divide_s64(division, dividend, by),
        })
    }

    fn divide_u32(&mut self, division: Division, dividend: Gpr, divisor: u64) -> Gpr {
        let quotient = self.alloc_gpr();
        let (q, n) = (quotient.0, dividend.0);
        match Reciprocal::unsigned(32, divisor) {
            Reciprocal::Power(shift) => return self.divide_by_power(division, quotient, dividend, divisor, shift),
            Reciprocal::Product { factor, shift } => {
                match i32::try_from(factor) {
                    Ok(factor) => dynasm!(self.asm.buf ; .arch x64 ; imul Rq(q), Rq(n), DWORD factor),
                    Err(_) => {
                        self.asm.set_gpr(quotient, factor);
                        dynasm!(self.asm.buf ; .arch x64 ; imul Rq(q), Rq(n));
                    }
                }
                dynasm!(self.asm.buf ; .arch x64 ; shr Rq(q), BYTE 32 + shift as i8);
            }
            Reciprocal::LongProduct { factor, shift } => {
                self.asm.set_gpr(quotient, factor);
                dynasm!(self.asm.buf ; .arch x64 ; imul Rq(q), Rq(n) ; shr Rq(q), 32);
                if !seeded(Bug::ReciprocalTooShort) {
                    dynasm!(self.asm.buf ; .arch x64 ; add Rq(q), Rq(n));
                }
                dynasm!(self.asm.buf ; .arch x64 ; shr Rq(q), BYTE shift as i8);
            }
        }
        self.quotient_or_remainder(division, quotient, dividend, divisor)
    }

    /// Division without sign by a power of two.
    fn divide_by_power(&mut self, division: Division, dst: Gpr, dividend: Gpr, divisor: u64, shift: u8) -> Gpr {
        self.asm.mov(dst.into(), dividend.into());
        let d = dst.0;
        if !division.remainder {
            dynasm!(self.asm.buf ; .arch x64 ; shr Rq(d), BYTE shift as i8);
        } else if let Ok(mask) = i32::try_from(divisor - 1) {
            dynasm!(self.asm.buf ; .arch x64 ; and Rd(d), DWORD mask);
        } else {
            self.asm.set_gpr(SCRATCH, divisor - 1);
            dynasm!(self.asm.buf ; .arch x64 ; and Rq(d), Rq(SCRATCH.0));
        }
        dst
    }

    fn divide_u64(&mut self, division: Division, dividend: Gpr, divisor: u64) -> Gpr {
        let reciprocal = Reciprocal::unsigned(64, divisor);
        if let Reciprocal::Power(shift) = reciprocal {
            let dst = self.alloc_gpr();
            return self.divide_by_power(division, dst, dividend, divisor, shift);
        }
        let (Reciprocal::Product { factor, shift } | Reciprocal::LongProduct { factor, shift }) = reciprocal else {
            unreachable!("powers are done above")
        };
        let dividend = self.take_product(dividend, factor);
        dynasm!(self.asm.buf ; .arch x64 ; mul Rq(SCRATCH.0));
        let quotient = if matches!(reciprocal, Reciprocal::Product { .. }) {
            dynasm!(self.asm.buf ; .arch x64 ; shr rdx, BYTE shift as i8);
            Gpr::RDX
        } else {
            // The sum of dividend and product has 65 bits: half of the difference is added instead.
            dynasm!(self.asm.buf ; .arch x64
                ; mov rax, Rq(dividend.0) ; sub rax, rdx ; shr rax, 1 ; add rax, rdx ; shr rax, BYTE shift as i8 - 1);
            Gpr::RAX
        };
        self.quotient_or_remainder(division, quotient, dividend, divisor)
    }

    fn divide_s32(&mut self, division: Division, dividend: Gpr, divisor: i64) -> Gpr {
        let quotient = self.alloc_gpr();
        let (q, n, s) = (quotient.0, dividend.0, SCRATCH.0);
        let (factor, shift) = Reciprocal::signed(32, divisor.unsigned_abs());
        self.asm.set_gpr(SCRATCH, factor);
        dynasm!(self.asm.buf ; .arch x64
            ; movsxd Rq(q), Rd(n) ; imul Rq(q), Rq(s) ; sar Rq(q), BYTE 32 + shift as i8
            ; mov Rd(s), Rd(n) ; sar Rd(s), 31);
        if !seeded(Bug::ReciprocalRoundsDown) {
            dynasm!(self.asm.buf ; .arch x64 ; sub Rd(q), Rd(s));
        }
        if divisor < 0 {
            dynasm!(self.asm.buf ; .arch x64 ; neg Rd(q));
        }
        self.quotient_or_remainder(division, quotient, dividend, divisor as u64)
    }

    fn divide_s64(&mut self, division: Division, dividend: Gpr, divisor: i64) -> Gpr {
        let (factor, shift) = Reciprocal::signed(64, divisor.unsigned_abs());
        let dividend = self.take_product(dividend, factor);
        let n = dividend.0;
        dynasm!(self.asm.buf ; .arch x64 ; imul Rq(SCRATCH.0));
        if factor >> 63 != 0 {
            // The instruction took it for 2^64 less.
            dynasm!(self.asm.buf ; .arch x64 ; add rdx, Rq(n));
        }
        dynasm!(self.asm.buf ; .arch x64 ; sar rdx, BYTE shift as i8 ; mov rax, Rq(n) ; sar rax, 63 ; sub rdx, rax);
        if divisor < 0 {
            dynasm!(self.asm.buf ; .arch x64 ; neg rdx);
        }
        self.quotient_or_remainder(division, Gpr::RDX, dividend, divisor as u64)
    }

    /// Brings the dividend to `rax` and the factor to the scratch register; `rdx` is free. Returns where else the
    /// dividend is.
    fn take_product(&mut self, dividend: Gpr, factor: u64) -> Gpr {
        let mut other = dividend;
        if dividend == Gpr::RAX || dividend == Gpr::RDX {
            other = self.alloc_free_of_division();
            self.asm.mov(other.into(), dividend.into());
        }
        self.state.take(Gpr::RAX.into(), &mut self.asm);
        self.state.take(Gpr::RDX.into(), &mut self.asm);
        self.asm.mov(Gpr::RAX.into(), other.into());
        self.asm.set_gpr(SCRATCH, factor);
        other
    }

    /// The quotient, or what the dividend is more than its product with the divisor.
    fn quotient_or_remainder(&mut self, division: Division, quotient: Gpr, dividend: Gpr, divisor: u64) -> Gpr {
        if !division.remainder {
            return quotient;
        }
        let (q, s) = (quotient.0, SCRATCH.0);
        match (i32::try_from(divisor as i64), division.wide) {
            (Ok(divisor), true) => dynasm!(self.asm.buf ; .arch x64 ; imul Rq(q), Rq(q), DWORD divisor),
            (Err(_), true) => {
                self.asm.set_gpr(SCRATCH, divisor);
                dynasm!(self.asm.buf ; .arch x64 ; imul Rq(q), Rq(s));
            }
            (_, false) => dynasm!(self.asm.buf ; .arch x64 ; imul Rd(q), Rd(q), DWORD divisor as i32),
        }
        let in_place = self.state.is_unowned(dividend.into());
        let dst = if in_place { dividend } else { SCRATCH };
        if !in_place {
            self.asm.mov(dst.into(), dividend.into());
        }
        match division.wide {
            false => dynasm!(self.asm.buf ; .arch x64 ; sub Rd(dst.0), Rd(q)),
            true => dynasm!(self.asm.buf ; .arch x64 ; sub Rq(dst.0), Rq(q)),
        }
        if in_place {
            return dividend;
        }
        self.asm.mov(quotient.into(), SCRATCH.into());
        quotient
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn divide(bits: u32, dividend: u64, divisor: u64) -> u64 {
        let n = u128::from(dividend);
        (match Reciprocal::unsigned(bits, divisor) {
            Reciprocal::Power(shift) => n >> shift,
            Reciprocal::Product { factor, shift } => (n * u128::from(factor)) >> bits >> shift,
            Reciprocal::LongProduct { factor, shift } => (((n * u128::from(factor)) >> bits) + n) >> shift,
        }) as u64
    }

    fn divide_signed(bits: u32, dividend: i64, divisor: u64) -> i64 {
        let (factor, shift) = Reciprocal::signed(bits, divisor);
        // The upper half, whose product with the lower half of the factor may take more than 128 bits.
        let (high, low) = ((factor >> 32) as i128, (factor & 0xffff_ffff) as i128);
        let n = i128::from(dividend);
        let product = (n * high + ((n * low) >> 32)) >> (bits - 32) >> shift;
        product as i64 - (dividend >> 63)
    }

    fn edges(bits: u32) -> Vec<u64> {
        let mask = u64::MAX >> (64 - bits);
        let near = |number: u64| (0..7).map(move |more| number.wrapping_sub(3).wrapping_add(more));
        let mut edges: Vec<u64> = (0..bits).flat_map(|bit| near(1 << bit)).collect();
        edges.extend([7, 10, 25, 100, 641, 1000, 10_000, 86_400, 1_000_000_007, 0x5555_5555_5555_5555]);
        edges.extend((1..40u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        edges.iter().map(|edge| edge & mask).collect()
    }

    #[test]
    fn reciprocals_divide_exactly() {
        for bits in [32, 64] {
            let edges = edges(bits);
            for divisor in edges.iter().copied().filter(|divisor| *divisor >= 2) {
                let near = [divisor.wrapping_sub(1), divisor, divisor.wrapping_mul(3).wrapping_sub(1)];
                let mask = u64::MAX >> (64 - bits);
                for dividend in edges.iter().copied().chain(near.map(|near| near & mask)) {
                    assert_eq!(
                        divide(bits, dividend, divisor),
                        dividend / divisor,
                        "{dividend} / {divisor}, {bits} bits"
                    );
                    let signed = if bits == 32 { i64::from(dividend as u32 as i32) } else { dividend as i64 };
                    if divisor >> (bits - 1) == 0 {
                        let quotient = divide_signed(bits, signed, divisor);
                        assert_eq!(quotient, signed / divisor as i64, "{signed} / {divisor}, {bits} bits");
                    }
                }
            }
        }
    }
}
