//! Wasm's operators on vectors: opcodes with the types they take, and the shape of their lanes.
//!
//! As in [`super::operators`], opcodes of one family follow each other.

use super::operators::{Access, Operator};
use crate::rng::Rng;
use crate::value::ValueType;
use ValueType::{F32, F64, I32, I64, V128};
use std::sync::LazyLock;

/// What is added to a vector operator's number to make an opcode of it.
pub const PREFIX: u16 = 0xfd00;
/// The opcode of the first relaxed operator.
const RELAXED: u16 = PREFIX + 0x100;

/// The shape of lanes, which decides the values worth trying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// 16 of 8 bits.
    I8x16,
    /// 8 of 16 bits.
    I16x8,
    /// 4 of 32 bits.
    I32x4,
    /// 2 of 64 bits.
    I64x2,
    /// 4 floats of 32 bits.
    F32x4,
    /// 2 floats of 64 bits.
    F64x2,
}

use Shape::{F32x4, F64x2, I8x16, I16x8, I32x4, I64x2};

const UNARY: &[ValueType] = &[V128];
const BINARY: &[ValueType] = &[V128, V128];
const TERNARY: &[ValueType] = &[V128, V128, V128];
const SHIFT: &[ValueType] = &[V128, I32];

/// The families: the first and last number, what they take, what they yield, the shape of what they take.
const FAMILIES: &[(u16, u16, &[ValueType], ValueType, Shape)] = &[
    (0x0e, 0x0e, BINARY, V128, I8x16),
    (0x0f, 0x11, &[I32], V128, I32x4),
    (0x12, 0x12, &[I64], V128, I64x2),
    (0x13, 0x13, &[F32], V128, F32x4),
    (0x14, 0x14, &[F64], V128, F64x2),
    (0x23, 0x2c, BINARY, V128, I8x16),
    (0x2d, 0x36, BINARY, V128, I16x8),
    (0x37, 0x40, BINARY, V128, I32x4),
    (0x41, 0x46, BINARY, V128, F32x4),
    (0x47, 0x4c, BINARY, V128, F64x2),
    (0x4d, 0x4d, UNARY, V128, I32x4),
    (0x4e, 0x51, BINARY, V128, I32x4),
    (0x52, 0x52, TERNARY, V128, I32x4),
    (0x53, 0x53, UNARY, I32, I8x16),
    (0x5e, 0x5e, UNARY, V128, F64x2),
    (0x5f, 0x5f, UNARY, V128, F32x4),
    (0x60, 0x62, UNARY, V128, I8x16),
    (0x63, 0x64, UNARY, I32, I8x16),
    (0x65, 0x66, BINARY, V128, I16x8),
    (0x67, 0x6a, UNARY, V128, F32x4),
    (0x6b, 0x6d, SHIFT, V128, I8x16),
    (0x6e, 0x73, BINARY, V128, I8x16),
    (0x74, 0x75, UNARY, V128, F64x2),
    (0x76, 0x79, BINARY, V128, I8x16),
    (0x7a, 0x7a, UNARY, V128, F64x2),
    (0x7b, 0x7b, BINARY, V128, I8x16),
    (0x7c, 0x7d, UNARY, V128, I8x16),
    (0x7e, 0x7f, UNARY, V128, I16x8),
    (0x80, 0x81, UNARY, V128, I16x8),
    (0x82, 0x82, BINARY, V128, I16x8),
    (0x83, 0x84, UNARY, I32, I16x8),
    (0x85, 0x86, BINARY, V128, I32x4),
    (0x87, 0x8a, UNARY, V128, I8x16),
    (0x8b, 0x8d, SHIFT, V128, I16x8),
    (0x8e, 0x93, BINARY, V128, I16x8),
    (0x94, 0x94, UNARY, V128, F64x2),
    (0x95, 0x99, BINARY, V128, I16x8),
    (0x9b, 0x9b, BINARY, V128, I16x8),
    (0x9c, 0x9f, BINARY, V128, I8x16),
    (0xa0, 0xa1, UNARY, V128, I32x4),
    (0xa3, 0xa4, UNARY, I32, I32x4),
    (0xa7, 0xaa, UNARY, V128, I16x8),
    (0xab, 0xad, SHIFT, V128, I32x4),
    (0xae, 0xae, BINARY, V128, I32x4),
    (0xb1, 0xb1, BINARY, V128, I32x4),
    (0xb5, 0xb9, BINARY, V128, I32x4),
    (0xba, 0xba, BINARY, V128, I16x8),
    (0xbc, 0xbf, BINARY, V128, I16x8),
    (0xc0, 0xc1, UNARY, V128, I64x2),
    (0xc3, 0xc4, UNARY, I32, I64x2),
    (0xc7, 0xca, UNARY, V128, I32x4),
    (0xcb, 0xcd, SHIFT, V128, I64x2),
    (0xce, 0xce, BINARY, V128, I64x2),
    (0xd1, 0xd1, BINARY, V128, I64x2),
    (0xd5, 0xdb, BINARY, V128, I64x2),
    (0xdc, 0xdf, BINARY, V128, I32x4),
    (0xe0, 0xe1, UNARY, V128, F32x4),
    (0xe3, 0xe3, UNARY, V128, F32x4),
    (0xe4, 0xeb, BINARY, V128, F32x4),
    (0xec, 0xed, UNARY, V128, F64x2),
    (0xef, 0xef, UNARY, V128, F64x2),
    (0xf0, 0xf7, BINARY, V128, F64x2),
    (0xf8, 0xf9, UNARY, V128, F32x4),
    (0xfa, 0xfb, UNARY, V128, I32x4),
    (0xfc, 0xfd, UNARY, V128, F64x2),
    (0xfe, 0xff, UNARY, V128, I32x4),
    (0x100, 0x100, BINARY, V128, I8x16),
    (0x101, 0x102, UNARY, V128, F32x4),
    (0x103, 0x104, UNARY, V128, F64x2),
    (0x105, 0x106, TERNARY, V128, F32x4),
    (0x107, 0x108, TERNARY, V128, F64x2),
    (0x109, 0x109, TERNARY, V128, I8x16),
    (0x10a, 0x10a, TERNARY, V128, I16x8),
    (0x10b, 0x10b, TERNARY, V128, I32x4),
    (0x10c, 0x10c, TERNARY, V128, I64x2),
    (0x10d, 0x10e, BINARY, V128, F32x4),
    (0x10f, 0x110, BINARY, V128, F64x2),
    (0x111, 0x111, BINARY, V128, I16x8),
    (0x112, 0x112, BINARY, V128, I8x16),
    (0x113, 0x113, TERNARY, V128, I8x16),
];

/// All operators without immediates by opcode, with the shape of what they take; relaxed ones or all others.
pub fn operators(relaxed: bool) -> impl Iterator<Item = (Operator, Shape)> {
    let one = |(first, last, params, result, shape): &'static (u16, u16, &[ValueType], ValueType, Shape)| {
        (*first..=*last).map(move |number| (Operator { code: PREFIX + number, params, result: *result }, *shape))
    };
    FAMILIES.iter().flat_map(one).filter(move |(operator, _)| (operator.code >= RELAXED) == relaxed)
}

static PLAIN: LazyLock<Vec<Operator>> = LazyLock::new(|| operators(false).map(|(operator, _)| operator).collect());

/// One of those operators for which this holds, each as likely as another.
fn some(rng: &mut Rng, fits: impl Fn(&Operator) -> bool) -> Operator {
    loop {
        let operator = *rng.pick(&PLAIN);
        if fits(&operator) {
            return operator;
        }
    }
}

/// An operator that yields a vector; not a relaxed one.
pub fn yielding(rng: &mut Rng) -> Operator {
    some(rng, |operator| operator.result == V128)
}

/// An operator on two vectors that yields one; not a relaxed one.
pub fn binary(rng: &mut Rng) -> Operator {
    some(rng, |operator| operator.params == BINARY)
}

/// A shift of lanes.
pub fn shift(rng: &mut Rng) -> Operator {
    some(rng, |operator| operator.params == SHIFT)
}

/// A shift of lanes to the left, one of the same lanes to the right, and the bits of a lane.
pub fn opposite_shifts(rng: &mut Rng) -> (Operator, Operator, u64) {
    let (left, bits) = *rng.pick(&[(0x6b, 8), (0x8b, 16), (0xab, 32), (0xcb, 64)]);
    // Logical more often than arithmetic.
    let right = left + if rng.one_in(6) { 1 } else { 2 };
    let shift = |number| Operator { code: PREFIX + number, params: SHIFT, result: V128 };
    (shift(left), shift(right), bits)
}

/// `v128.or`; sometimes another bitwise operator.
pub fn join(rng: &mut Rng) -> Operator {
    let number = *rng.pick(&[0x50, 0x50, 0x50, 0x50, 0x51, 0x4e]);
    Operator { code: PREFIX + number, params: BINARY, result: V128 }
}

/// A comparison of lanes.
pub fn comparison(rng: &mut Rng) -> Operator {
    some(rng, |operator| matches!(operator.code - PREFIX, 0x23..=0x4c | 0xd6..=0xdb))
}

/// `any_true`, `all_true` or `bitmask`.
pub fn test(rng: &mut Rng) -> Operator {
    some(rng, |operator| tests(*operator))
}

/// The bytes of a shuffle.
pub fn shuffle(rng: &mut Rng) -> [u8; 16] {
    static KNOWN: LazyLock<Vec<[u8; 16]>> = LazyLock::new(shuffles);
    if rng.one_in(3) { std::array::from_fn(|_| rng.below(32) as u8) } else { *rng.pick(&KNOWN) }
}

/// Whether it yields a condition: `any_true`, `all_true`, `bitmask`.
pub fn tests(operator: Operator) -> bool {
    operator.result == I32
}

/// Loads and the store of vectors.
pub const ACCESSES: [(Access, bool); 14] = [
    (Access { code: PREFIX, ty: V128, width: 16 }, true),
    (Access { code: PREFIX + 1, ty: V128, width: 8 }, true),
    (Access { code: PREFIX + 2, ty: V128, width: 8 }, true),
    (Access { code: PREFIX + 3, ty: V128, width: 8 }, true),
    (Access { code: PREFIX + 4, ty: V128, width: 8 }, true),
    (Access { code: PREFIX + 5, ty: V128, width: 8 }, true),
    (Access { code: PREFIX + 6, ty: V128, width: 8 }, true),
    (Access { code: PREFIX + 7, ty: V128, width: 1 }, true),
    (Access { code: PREFIX + 8, ty: V128, width: 2 }, true),
    (Access { code: PREFIX + 9, ty: V128, width: 4 }, true),
    (Access { code: PREFIX + 10, ty: V128, width: 8 }, true),
    (Access { code: PREFIX + 0x5c, ty: V128, width: 4 }, true),
    (Access { code: PREFIX + 0x5d, ty: V128, width: 8 }, true),
    (Access { code: PREFIX + 11, ty: V128, width: 16 }, false),
];

/// Reading and replacing a lane: the number, the shape, the scalar, and whether it is read.
pub const LANES: [(u8, Shape, ValueType, bool); 14] = [
    (0x15, I8x16, I32, true),
    (0x16, I8x16, I32, true),
    (0x17, I8x16, I32, false),
    (0x18, I16x8, I32, true),
    (0x19, I16x8, I32, true),
    (0x1a, I16x8, I32, false),
    (0x1b, I32x4, I32, true),
    (0x1c, I32x4, I32, false),
    (0x1d, I64x2, I64, true),
    (0x1e, I64x2, I64, false),
    (0x1f, F32x4, F32, true),
    (0x20, F32x4, F32, false),
    (0x21, F64x2, F64, true),
    (0x22, F64x2, F64, false),
];

/// Loads (and with the flag stores) of a lane: the number, the bytes.
pub const LANE_ACCESSES: [(u8, u8, bool); 8] = [
    (0x54, 1, false),
    (0x55, 2, false),
    (0x56, 4, false),
    (0x57, 8, false),
    (0x58, 1, true),
    (0x59, 2, true),
    (0x5a, 4, true),
    (0x5b, 8, true),
];

impl Shape {
    /// How many lanes there are.
    pub const fn lanes(self) -> u8 {
        match self {
            I8x16 => 16,
            I16x8 => 8,
            I32x4 | F32x4 => 4,
            I64x2 | F64x2 => 2,
        }
    }
}

/// Shuffles: those for which a CPU has an instruction or two, their near misses, and others.
pub fn shuffles() -> Vec<[u8; 16]> {
    // Groups of so many bytes, by the numbers of the groups.
    let groups = |bytes: u8, numbers: &[u8]| -> [u8; 16] {
        std::array::from_fn(|at| numbers[at / usize::from(bytes)] * bytes + at as u8 % bytes)
    };
    let mut shuffles = vec![
        groups(16, &[0]),
        groups(16, &[1]),
        groups(8, &[0, 2]),
        groups(8, &[1, 3]),
        groups(8, &[1, 0]),
        groups(8, &[0, 3]),
        groups(8, &[2, 1]),
        groups(8, &[3, 0]),
        groups(8, &[1, 1]),
        groups(8, &[2, 2]),
        groups(4, &[0, 4, 1, 5]),
        groups(4, &[2, 6, 3, 7]),
        groups(4, &[4, 0, 5, 1]),
        groups(4, &[0, 2, 4, 6]),
        groups(4, &[1, 3, 5, 7]),
        groups(4, &[3, 2, 1, 0]),
        groups(4, &[1, 0, 3, 2]),
        groups(4, &[2, 2, 2, 2]),
        groups(4, &[5, 5, 5, 5]),
        groups(4, &[0, 5, 2, 7]),
        groups(4, &[3, 3, 7, 7]),
        groups(4, &[7, 1, 4, 2]),
        groups(2, &[0, 8, 1, 9, 2, 10, 3, 11]),
        groups(2, &[4, 12, 5, 13, 6, 14, 7, 15]),
        groups(2, &[8, 0, 9, 1, 10, 2, 11, 3]),
        groups(2, &[3, 2, 1, 0, 4, 5, 6, 7]),
        groups(2, &[0, 1, 2, 3, 7, 6, 5, 4]),
        groups(2, &[3, 3, 3, 3, 3, 3, 3, 3]),
        groups(2, &[0, 9, 2, 11, 4, 13, 6, 15]),
        groups(2, &[0, 2, 4, 6, 8, 10, 12, 14]),
        groups(2, &[7, 6, 5, 4, 3, 2, 1, 0]),
        std::array::from_fn(|at| (at / 2 + at % 2 * 16) as u8),
        std::array::from_fn(|at| (8 + at / 2 + at % 2 * 16) as u8),
        std::array::from_fn(|at| (at * 2) as u8),
        std::array::from_fn(|at| (at * 2 + 1) as u8),
        std::array::from_fn(|at| 15 - at as u8),
        std::array::from_fn(|at| 31 - at as u8),
        std::array::from_fn(|at| at as u8 ^ 1),
        [0; 16],
        [9; 16],
        [17; 16],
        [31; 16],
        [16, 17, 2, 3, 20, 21, 6, 7, 24, 25, 10, 11, 28, 29, 14, 15],
        [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3],
        [3, 17, 4, 30, 5, 9, 22, 6, 25, 3, 19, 8, 29, 7, 16, 31],
    ];
    // The concatenation, shifted: both ways round.
    shuffles.extend([1, 4, 8, 12, 15].map(|shift| std::array::from_fn(|at| at as u8 + shift)));
    shuffles.extend([1, 5, 8, 15].map(|shift| std::array::from_fn(|at| (at as u8 + shift + 16) % 32)));
    shuffles.extend([3, 8].map(|shift| std::array::from_fn(|at| (at as u8 + shift) % 16)));
    shuffles
}
