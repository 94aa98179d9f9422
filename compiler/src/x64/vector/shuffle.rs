//! `i8x16.shuffle` and `i8x16.swizzle`: the cheapest sequence for a pattern.

use super::bytes;
use super::mnemonic::*;
use crate::microwasm::Type;
use crate::seeded::{Bug, seeded};
use crate::state::Value;
use crate::state::reg::Xmm;
use crate::x64::Emitter;
use crate::x64::asm::FLOAT_SCRATCH;
use crate::x64::operand::as_const;
use crate::x64::packed::Packed;

/// What a shuffle turns out to be. Operands are numbered 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pattern {
    /// An operand as it is.
    Copy(usize),
    /// The doublewords of one operand.
    Doublewords(usize, u8),
    /// An instruction that interleaves: the first and the second operand of it.
    Interleave(Packed, usize, usize),
    /// Bytes from the middle of the first operand after the second.
    Extract { high: usize, low: usize, from: u8 },
    /// Two doublewords of one operand, then two of another.
    Halves(usize, usize, u8),
    /// Each word from where it is, in operand 1 where the bit is set.
    Blend(u8),
    /// Any bytes of one operand.
    Bytes(usize),
    /// Any bytes of both.
    Both,
}

/// A number for which `pshufb` gives zero.
const NONE: u8 = 0x80;

/// The instructions that interleave lanes, with the size of a lane and whether they take the upper halves.
const INTERLEAVES: [(Packed, usize, bool); 8] = [
    (PUNPCKLBW, 1, false),
    (PUNPCKLWD, 2, false),
    (PUNPCKLDQ, 4, false),
    (PUNPCKLQDQ, 8, false),
    (PUNPCKHBW, 1, true),
    (PUNPCKHWD, 2, true),
    (PUNPCKHDQ, 4, true),
    (PUNPCKHQDQ, 8, true),
];

/// The numbers of whole lanes of `N` bytes, if the bytes keep together.
fn lanes<const N: usize>(numbers: &[u8; 16]) -> Option<[u8; N]> {
    let bytes = 16 / N;
    let mut lanes = [0; N];
    for (lane, group) in lanes.iter_mut().zip(numbers.chunks(bytes)) {
        *lane = group[0] / bytes as u8;
        let together = group.iter().zip(0..).all(|(number, offset)| *number == *lane * bytes as u8 + offset);
        if !together {
            return None;
        }
    }
    Some(lanes)
}

/// The selector of four doublewords.
fn selector(lanes: [u8; 4]) -> u8 {
    lanes.iter().rev().fold(0, |selector, lane| selector << 2 | (lane & 3))
}

/// The pattern of a shuffle of two operands that are not the same.
fn pattern(numbers: &[u8; 16]) -> Pattern {
    let only = |operand: u8| numbers.iter().all(|number| number / 16 == operand);
    let one = if only(0) { Some(0) } else { only(1).then_some(1) };
    if let Some(operand) = one {
        if (0..16).all(|n| numbers[n] % 16 == n as u8) {
            return Pattern::Copy(operand);
        }
        if let Some(lanes) = lanes::<4>(numbers) {
            return Pattern::Doublewords(operand, selector(lanes));
        }
    }
    for (op, size, high) in INTERLEAVES {
        for (first, second) in [(0, 1), (1, 0), (0, 0), (1, 1)] {
            let start = if high { 8 } else { 0 };
            let expected = |n: usize| {
                let (pair, within) = (n / (2 * size), n % (2 * size));
                let operand = if within < size { first } else { second };
                operand * 16 + start + pair * size + within % size
            };
            if (0..16).all(|n| usize::from(numbers[n]) == expected(n)) {
                return Pattern::Interleave(op, first, second);
            }
        }
    }
    for (high, low) in [(1, 0), (0, 1), (0, 0), (1, 1)] {
        let from = numbers[0] % 16;
        let expected = |n: usize| match usize::from(from) + n {
            byte @ 0..16 => low * 16 + byte,
            byte => high * 16 + byte - 16,
        };
        if (0..16).all(|n| usize::from(numbers[n]) == expected(n)) {
            return Pattern::Extract { high, low, from };
        }
    }
    if let Some(lanes) = lanes::<4>(numbers)
        && lanes[0] / 4 == lanes[1] / 4
        && lanes[2] / 4 == lanes[3] / 4
    {
        return Pattern::Halves(usize::from(lanes[0] / 4), usize::from(lanes[2] / 4), selector(lanes));
    }
    if let Some(lanes) = lanes::<8>(numbers)
        && (0..8).all(|n| lanes[n] % 8 == n as u8)
    {
        return Pattern::Blend((0..8).fold(0, |mask, n| mask | (lanes[n] / 8) << n));
    }
    one.map_or(Pattern::Both, Pattern::Bytes)
}

impl Emitter {
    /// `i8x16.shuffle`.
    pub(in crate::x64) fn shuffle(&mut self, numbers: [u8; 16]) {
        self.flush();
        let b = self.state.pop();
        let a = self.state.pop();
        match (as_const(a), as_const(b)) {
            (None, Some(_)) => return self.shuffle_with_zeros(a, numbers),
            (Some(_), None) => return self.shuffle_with_zeros(b, numbers.map(|number| number ^ 16)),
            _ => {}
        }
        let b = self.xmm_of(b);
        let a = self.xmm_of(a);
        let numbers = if a == b { numbers.map(|number| number % 16) } else { numbers };
        let operands = [a, b];
        let dst = self.alloc_xmm();
        match pattern(&numbers) {
            Pattern::Copy(operand) => self.packed2(MOVAPS, dst, operands[operand]),
            Pattern::Doublewords(operand, selector) => self.packed2_imm(PSHUFD, dst, operands[operand], selector),
            Pattern::Interleave(op, first, second) => self.packed(op, dst, operands[first], operands[second]),
            Pattern::Extract { high, low, from } => {
                let (high, low) = if seeded(Bug::ShuffleHalvesExchanged) { (low, high) } else { (high, low) };
                self.packed_imm(PALIGNR, dst, operands[high], operands[low], from);
            }
            Pattern::Halves(low, high, selector) => {
                self.packed_imm(SHUFPS, dst, operands[low], operands[high], selector);
            }
            Pattern::Blend(mask) => self.packed_imm(PBLENDW, dst, a, b, mask),
            Pattern::Bytes(operand) => {
                let numbers = u128::from_le_bytes(numbers.map(|number| number % 16));
                self.packed_constant(PSHUFB, dst, operands[operand], numbers);
            }
            Pattern::Both => self.shuffle_both(dst, a, b, numbers),
        }
        self.push(Type::V128, dst);
    }

    /// Bytes of one operand, and zeros for the numbers from 16 on: the only constant that is pending is zero.
    fn shuffle_with_zeros(&mut self, operand: Value, numbers: [u8; 16]) {
        let src = self.xmm_of(operand);
        let dst = self.result_xmm(src);
        let up = numbers.iter().take_while(|number| **number >= 16).count();
        let down = numbers.iter().rev().take_while(|number| **number >= 16).count();
        let moved = |kept: &[u8], first: u8| kept.iter().copied().eq(first..first + kept.len() as u8);
        if moved(&numbers[up..], 0) {
            self.shift_by(PSLLDQ_IMM, dst, src, up as u8);
        } else if moved(&numbers[..16 - down], down as u8) {
            self.shift_by(PSRLDQ_IMM, dst, src, down as u8);
        } else {
            let numbers = numbers.map(|number| if number < 16 { number } else { NONE });
            self.packed_constant(PSHUFB, dst, src, u128::from_le_bytes(numbers));
        }
        self.push(Type::V128, dst);
    }

    /// The bytes of each operand, zero where they are of the other.
    fn shuffle_both(&mut self, dst: Xmm, a: Xmm, b: Xmm, numbers: [u8; 16]) {
        let first = numbers.map(|number| if number < 16 { number } else { NONE });
        let second = numbers.map(|number| if number < 16 { NONE } else { number - 16 });
        self.packed_constant(PSHUFB, dst, a, u128::from_le_bytes(first));
        self.packed_constant(PSHUFB, FLOAT_SCRATCH, b, u128::from_le_bytes(second));
        self.packed(POR, dst, dst, FLOAT_SCRATCH);
    }

    /// `i8x16.swizzle`. The instruction gives zero for numbers from 128 on; here all from 16 on become such.
    pub(super) fn swizzle(&mut self) {
        let numbers = self.pop_vector();
        let src = self.pop_vector();
        let dst = self.dst_xmm();
        let added = if seeded(Bug::SwizzleWraps) { 0 } else { 0x70 };
        self.packed_constant(PADDUSB, FLOAT_SCRATCH, numbers, bytes(added));
        self.packed(PSHUFB, dst, src, FLOAT_SCRATCH);
        self.push(Type::V128, dst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_recognised() {
        let by = |number: fn(u8) -> u8| std::array::from_fn::<u8, 16, _>(|n| number(n as u8));
        assert_eq!(pattern(&by(|n| n + 16)), Pattern::Copy(1));
        assert_eq!(pattern(&by(|n| n % 4)), Pattern::Doublewords(0, 0));
        assert_eq!(pattern(&by(|n| n / 2 + n % 2 * 16)), Pattern::Interleave(PUNPCKLBW, 0, 1));
        assert_eq!(pattern(&by(|n| 8 + n % 8 + (n / 8) * 16)), Pattern::Interleave(PUNPCKHQDQ, 0, 1));
        assert_eq!(pattern(&by(|n| n + 3)), Pattern::Extract { high: 1, low: 0, from: 3 });
        assert_eq!(pattern(&by(|n| (n + 5) % 16)), Pattern::Extract { high: 0, low: 0, from: 5 });
        assert_eq!(pattern(&by(|n| n % 8 / 4 * 8 + n % 4 + n / 8 * 16)), Pattern::Halves(0, 1, 0x88));
        assert_eq!(pattern(&by(|n| if n / 2 % 2 == 1 { n + 16 } else { n })), Pattern::Blend(0xaa));
        assert_eq!(pattern(&by(|n| 15 - n)), Pattern::Bytes(0));
        assert_eq!(pattern(&by(|n| 31 - 2 * n % 32)), Pattern::Both);
    }
}
