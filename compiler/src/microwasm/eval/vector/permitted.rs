//! The results that the specification permits of relaxed operators.

use super::lanes::{Lane, lane};
use super::{mask, q15_multiply, select};
use crate::microwasm::Vector;
use crate::microwasm::eval::convert;

/// Whether the specification permits this result of a relaxed operator. It does not see whether the
/// same choice was made elsewhere.
///
/// # Panics
///
/// If the operator is not relaxed.
pub fn permits(op: Vector, operands: [u128; 3], result: u128) -> bool {
    let [a, b, c] = operands;
    match op {
        Vector::I8x16RelaxedSwizzle => lanes::<u8>(result, |at, found| {
            let number = lane::<u8>(b, at);
            let byte = lane::<u8>(a, u32::from(number % 16));
            found == byte && number < 128 || found == 0 && number >= 16
        }),
        Vector::I32x4RelaxedTruncF32x4S => lanes(result, |at, found| truncated(lane::<f32>(a, at).into(), found)),
        Vector::I32x4RelaxedTruncF32x4U => lanes(result, |at, found| truncated_u(lane::<f32>(a, at).into(), found)),
        Vector::I32x4RelaxedTruncF64x2SZero => lanes(result, |at, found| match at {
            0 | 1 => truncated(lane(a, at), found),
            _ => found == 0,
        }),
        Vector::I32x4RelaxedTruncF64x2UZero => lanes(result, |at, found| match at {
            0 | 1 => truncated_u(lane(a, at), found),
            _ => found == 0,
        }),
        Vector::F32x4RelaxedMadd => fused32(operands, result, 1.0),
        Vector::F32x4RelaxedNmadd => fused32(operands, result, -1.0),
        Vector::F64x2RelaxedMadd => fused64(operands, result, 1.0),
        Vector::F64x2RelaxedNmadd => fused64(operands, result, -1.0),
        Vector::I8x16RelaxedLaneselect => selected::<u8>(operands, result),
        // Also by the highest bit of each byte, which is what x86 has.
        Vector::I16x8RelaxedLaneselect => selected::<u16>(operands, result) || result == by_highest_bit::<u8>(a, b, c),
        Vector::I32x4RelaxedLaneselect => selected::<u32>(operands, result),
        Vector::I64x2RelaxedLaneselect => selected::<u64>(operands, result),
        Vector::F32x4RelaxedMin | Vector::F32x4RelaxedMax => lanes::<u32>(result, |at, found| {
            let (a, b) = (lane::<f32>(a, at), lane::<f32>(b, at));
            let first = if op == Vector::F32x4RelaxedMin { a < b } else { a > b };
            let exact = if first { a } else { b };
            let open = a == b || a.is_nan() || b.is_nan();
            if open {
                [a, b].iter().any(|one| one.to_bits() == found) || nan32(&[a, b], found)
            } else {
                exact.to_bits() == found
            }
        }),
        Vector::F64x2RelaxedMin | Vector::F64x2RelaxedMax => lanes::<u64>(result, |at, found| {
            let (a, b) = (lane::<f64>(a, at), lane::<f64>(b, at));
            let first = if op == Vector::F64x2RelaxedMin { a < b } else { a > b };
            let exact = if first { a } else { b };
            let open = a == b || a.is_nan() || b.is_nan();
            if open {
                [a, b].iter().any(|one| one.to_bits() == found) || nan64(&[a, b], found)
            } else {
                exact.to_bits() == found
            }
        }),
        Vector::I16x8RelaxedQ15mulrS => lanes::<i16>(result, |at, found| {
            let (a, b) = (lane::<i16>(a, at), lane::<i16>(b, at));
            found == q15_multiply(a, b) || (a, b, found) == (i16::MIN, i16::MIN, i16::MIN)
        }),
        Vector::I16x8RelaxedDotI8x16I7x16S => {
            lanes::<i16>(result, |at, found| dots(pair(a, at), pair(b, at)).contains(&found))
        }
        Vector::I32x4RelaxedDotI8x16I7x16AddS => lanes::<i32>(result, |at, found| {
            let (low, high) = (2 * at, 2 * at + 1);
            let (first, second) = (dots(pair(a, low), pair(b, low)), dots(pair(a, high), pair(b, high)));
            let sums = first.iter().zip(&second).map(|(one, other)| i32::from(*one) + i32::from(*other));
            // All four products at once need no 16 bits between.
            let product = |at: u32| i32::from(lane::<i8>(a, at)) * i32::from(lane::<u8>(b, at));
            let at_once = (4 * at..4 * at + 4).map(product).sum();
            sums.chain([at_once]).any(|sum: i32| sum.wrapping_add(lane(c, at)) == found)
        }),
        _ => panic!("{op:?} is not relaxed"),
    }
}

/// Whether it holds for each lane, by its number.
fn lanes<T: Lane>(vector: u128, holds: impl Fn(u32, T) -> bool) -> bool {
    (0..128 / T::BITS).all(|at| holds(at, lane(vector, at)))
}

/// What is no integer of the type saturates, or becomes the least.
fn truncated(value: f64, found: i32) -> bool {
    found == convert::i32_trunc_sat(value) || found == i32::MIN && convert::i32_trunc(value).is_err()
}

/// What is no integer of the type saturates, or becomes the largest.
fn truncated_u(value: f64, found: u32) -> bool {
    found == convert::u32_trunc_sat(value) || found == u32::MAX && convert::u32_trunc(value).is_err()
}

/// Whether these bits are a NaN that an operator may produce from these operands: a canonical one, or
/// if there is another among the operands, any quiet one.
fn nan32(operands: &[f32], found: u32) -> bool {
    let magnitude = found & !(1 << 31);
    let other = |operand: &f32| operand.is_nan() && operand.to_bits() << 1 != 0x7fc0_0000 << 1;
    let from_nan = operands.iter().any(|operand| operand.is_nan());
    magnitude == 0x7fc0_0000 && from_nan || magnitude >= 0x7fc0_0000 && operands.iter().any(other)
}

/// As [`nan32`].
fn nan64(operands: &[f64], found: u64) -> bool {
    let magnitude = found & !(1 << 63);
    let other = |operand: &f64| operand.is_nan() && operand.to_bits() << 1 != 0x7ff8 << 49;
    let from_nan = operands.iter().any(|operand| operand.is_nan());
    magnitude == 0x7ff8 << 48 && from_nan || magnitude >= 0x7ff8 << 48 && operands.iter().any(other)
}

/// Multiplied and added with one rounding, or with two.
fn fused32([a, b, c]: [u128; 3], result: u128, sign: f32) -> bool {
    lanes::<u32>(result, |at, found| {
        let (a, b, c) = (sign * lane::<f32>(a, at), lane::<f32>(b, at), lane::<f32>(c, at));
        [a.mul_add(b, c), a * b + c].iter().any(|sum| match sum.is_nan() {
            true => nan32(&[a, b, c, f32::from_bits(0x7fc0_0000)], found),
            false => sum.to_bits() == found,
        })
    })
}

/// As [`fused32`].
fn fused64([a, b, c]: [u128; 3], result: u128, sign: f64) -> bool {
    lanes::<u64>(result, |at, found| {
        let (a, b, c) = (sign * lane::<f64>(a, at), lane::<f64>(b, at), lane::<f64>(c, at));
        [a.mul_add(b, c), a * b + c].iter().any(|sum| match sum.is_nan() {
            true => nan64(&[a, b, c, f64::from_bits(0x7ff8 << 48)], found),
            false => sum.to_bits() == found,
        })
    })
}

/// The first's lanes where the mask's highest bit is one, else the second's.
fn by_highest_bit<T: Lane>(a: u128, b: u128, c: u128) -> u128 {
    let ones = u128::MAX >> (128 - T::BITS);
    let highest = mask::<T>(c);
    let whole = |at: u32| if highest >> at & 1 == 1 { ones << (T::BITS * at) } else { 0 };
    select(a, b, (0..128 / T::BITS).map(whole).fold(0, |mask, lane| mask | lane))
}

/// Bit by bit, or by the highest bit of each lane: any of the two in each.
fn selected<T: Lane>([a, b, c]: [u128; 3], result: u128) -> bool {
    result == select(a, b, c) || result == by_highest_bit::<T>(a, b, c)
}

/// Two neighbours.
fn pair(vector: u128, at: u32) -> [u8; 2] {
    [lane(vector, 2 * at), lane(vector, 2 * at + 1)]
}

/// The sums of two products: the second's bytes are below 128, or else with or without sign; what is too
/// large wraps or saturates. Strategies have fixed places.
fn dots(a: [u8; 2], b: [u8; 2]) -> [i16; 5] {
    let sum = |product: fn(u8, u8) -> i32| product(a[0], b[0]) + product(a[1], b[1]);
    let signed = sum(|a, b| i32::from(a as i8) * i32::from(b as i8));
    if b.iter().all(|byte| *byte < 128) {
        return [signed as i16; 5];
    }
    let mixed = sum(|a, b| i32::from(a as i8) * i32::from(b));
    let unsigned = sum(|a, b| i32::from(a) * i32::from(b));
    let saturated = |sum: i32| sum.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
    [signed as i16, saturated(signed), mixed as i16, saturated(mixed), unsigned as i16]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::microwasm::eval::vector;

    /// Vectors of edges, and of noise.
    fn samples() -> Vec<u128> {
        let mut samples =
            vec![0, u128::MAX, 0x8080_8080_8080_8080_8080_8080_8080_8080, 0x7f80_0000_ff80_0000_7fc0_0000_8000_0000];
        samples.extend([0x7fa0_0001_4f00_0000_cf00_0001_4f80_0000, 0x7ff8_0000_0000_0000_43e0_0000_0000_0000]);
        let mut noise = 1u128;
        for _ in 0..60 {
            noise = noise.wrapping_mul(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645).wrapping_add(0x9e37_79b9);
            samples.extend([noise, noise & 0x7f7f_7f7f_7f7f_7f7f_7f7f_7f7f_7f7f, noise >> 3]);
        }
        samples
    }

    #[test]
    fn what_is_computed_is_permitted() {
        let samples = samples();
        let relaxed = Vector::ALL.iter().filter(|op| op.name().contains("relaxed"));
        let mut refused = 0;
        for op in relaxed {
            for (at, a) in samples.iter().enumerate() {
                for (number, b) in samples.iter().enumerate() {
                    let operands = [*a, *b, samples[(at * 7 + number) % samples.len()]];
                    let result = vector(*op, operands);
                    assert!(permits(*op, operands, result), "{op:?} {operands:x?} {result:x}");
                    refused += usize::from(!permits(*op, operands, result ^ 2 << (at % 120)));
                }
            }
        }
        // Nearly every other result is not.
        assert!(refused > 19 * samples.len().pow(2), "{refused}");
    }

    #[test]
    fn other_choices_are_permitted() {
        let ones = |op, operands, results: &[u128], wrong: u128| {
            results.iter().for_each(|result| assert!(permits(op, operands, *result), "{op:?} {result:x}"));
            assert!(!permits(op, operands, wrong), "{op:?}");
        };
        let splat = |byte: u8| u128::from_le_bytes([byte; 16]);
        ones(Vector::I8x16RelaxedSwizzle, [splat(5), splat(17), 0], &[0, splat(5)], splat(17));
        ones(Vector::I8x16RelaxedSwizzle, [splat(5), splat(128), 0], &[0], splat(5));
        ones(Vector::I16x8RelaxedLaneselect, [splat(0x12), splat(0x34), 0x8000], &[splat(0x34) & !0xff00 | 0x1200], 0);
        ones(Vector::I16x8RelaxedQ15mulrS, [0x8000, 0x8000, 0], &[0x7fff, 0x8000], 0x8001);
        let (a, b) = (0x8080, 0x8181);
        ones(Vector::I16x8RelaxedDotI8x16I7x16S, [a, b, 0], &[0x8000, 32512, 33024], 0);
        let minus_zero = 1 << 31;
        let zeros = 0x8000_0000_8000_0000_8000_0000_0000_0000;
        ones(Vector::F32x4RelaxedMin, [minus_zero, 0, 0], &[0, minus_zero], zeros);
        ones(Vector::I32x4RelaxedTruncF32x4S, [0x7fc0_0000, 0, 0], &[0, 1 << 31], 1);
        ones(Vector::I32x4RelaxedTruncF32x4U, [0xbf80_0000, 0, 0], &[0, 0xffff_ffff], 1);
    }
}
