//! Wasm's operators without immediates, and loads and stores: opcodes with the types they take.
//!
//! The opcodes of one family follow each other, so a table of ranges says all of them.

use super::vectors::PREFIX;
use crate::rng::Rng;
use crate::value::{Value, ValueType};
use ValueType::{F32, F64, I32, I64};
use wasm_encoder::Encode;

/// An operator without immediates, which takes one or two numbers and yields one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operator {
    /// The opcode; above 0xFF: the prefix 0xFC with what follows it in the low byte, or 0xFD00 (the prefix of vectors)
    /// plus what follows it.
    pub code: u16,
    /// What it takes.
    pub params: &'static [ValueType],
    /// What it yields.
    pub result: ValueType,
}

/// The families: the first and last opcode, what they take, what they yield.
const FAMILIES: &[(u16, u16, &[ValueType], ValueType)] = &[
    (0x45, 0x45, &[I32], I32),
    (0x46, 0x4f, &[I32, I32], I32),
    (0x50, 0x50, &[I64], I32),
    (0x51, 0x5a, &[I64, I64], I32),
    (0x5b, 0x60, &[F32, F32], I32),
    (0x61, 0x66, &[F64, F64], I32),
    (0x67, 0x69, &[I32], I32),
    (0x6a, 0x78, &[I32, I32], I32),
    (0x79, 0x7b, &[I64], I64),
    (0x7c, 0x8a, &[I64, I64], I64),
    (0x8b, 0x91, &[F32], F32),
    (0x92, 0x98, &[F32, F32], F32),
    (0x99, 0x9f, &[F64], F64),
    (0xa0, 0xa6, &[F64, F64], F64),
    (0xa7, 0xa7, &[I64], I32),
    (0xa8, 0xa9, &[F32], I32),
    (0xaa, 0xab, &[F64], I32),
    (0xac, 0xad, &[I32], I64),
    (0xae, 0xaf, &[F32], I64),
    (0xb0, 0xb1, &[F64], I64),
    (0xb2, 0xb3, &[I32], F32),
    (0xb4, 0xb5, &[I64], F32),
    (0xb6, 0xb6, &[F64], F32),
    (0xb7, 0xb8, &[I32], F64),
    (0xb9, 0xba, &[I64], F64),
    (0xbb, 0xbb, &[F32], F64),
    (0xbc, 0xbc, &[F32], I32),
    (0xbd, 0xbd, &[F64], I64),
    (0xbe, 0xbe, &[I32], F32),
    (0xbf, 0xbf, &[I64], F64),
    (0xc0, 0xc1, &[I32], I32),
    (0xc2, 0xc4, &[I64], I64),
    (0xfc00, 0xfc01, &[F32], I32),
    (0xfc02, 0xfc03, &[F64], I32),
    (0xfc04, 0xfc05, &[F32], I64),
    (0xfc06, 0xfc07, &[F64], I64),
];

impl Operator {
    /// All of them, by opcode.
    pub fn all() -> impl Iterator<Item = Operator> {
        FAMILIES
            .iter()
            .flat_map(|(first, last, params, result)| (*first..=*last).map(move |code| (code, params, result)))
            .map(|(code, params, result)| Operator { code, params, result: *result })
    }

    /// One that yields this type, each as likely as another.
    ///
    /// # Panics
    ///
    /// If the type is not a number's.
    pub fn yielding(rng: &mut Rng, ty: ValueType) -> Operator {
        let families = || FAMILIES.iter().filter(|family| family.3 == ty);
        let total: u16 = families().map(|(first, last, ..)| last - first + 1).sum();
        let mut left = rng.below(u64::from(total)) as u16;
        for (first, last, params, result) in families() {
            if left <= last - first {
                return Operator { code: first + left, params, result: *result };
            }
            left -= last - first + 1;
        }
        unreachable!("only numbers are computed")
    }

    /// One among those with opcodes from `first` to `last`.
    ///
    /// # Panics
    ///
    /// If the range is not within one family.
    pub fn within(rng: &mut Rng, first: u16, last: u16) -> Operator {
        let code = first + rng.below(u64::from(last - first) + 1) as u16;
        Operator::of(code).expect("the range is within a family")
    }

    /// The operator with an opcode.
    pub fn of(code: u16) -> Option<Operator> {
        let family = FAMILIES.iter().find(|family| (family.0..=family.1).contains(&code))?;
        Some(Operator { code, params: family.2, result: family.3 })
    }

    /// Writes the opcode.
    pub fn encode(self, sink: &mut Vec<u8>) {
        opcode(self.code, sink);
    }

    /// Whether it divides integers.
    pub const fn divides(self) -> bool {
        matches!(self.code, 0x6d..=0x70 | 0x7f..=0x82)
    }

    /// Whether it traps where a float has no integer.
    pub const fn truncates(self) -> bool {
        matches!(self.code, 0xa8..=0xab | 0xae..=0xb1)
    }

    /// Whether it compares, `eqz` included.
    pub const fn compares(self) -> bool {
        matches!(self.code, 0x45..=0x66)
    }

    /// Whether it traps with these operands.
    pub fn traps(self, operands: &[Value]) -> bool {
        match operands {
            [_, Value::I32(0)] | [_, Value::I64(0)] => self.divides(),
            [Value::I32(0x8000_0000), Value::I32(u32::MAX)] => self.code == 0x6d,
            [Value::I64(0x8000_0000_0000_0000), Value::I64(u64::MAX)] => self.code == 0x7f,
            [Value::F32(bits)] => self.truncates() && self.out_of_range(f64::from(f32::from_bits(*bits))),
            [Value::F64(bits)] => self.truncates() && self.out_of_range(f64::from_bits(*bits)),
            _ => false,
        }
    }

    /// Whether a truncation of this number traps.
    fn out_of_range(self, value: f64) -> bool {
        let value = value.trunc();
        let unsigned = self.code % 2 == 1;
        let (low, high) = match (self.result, unsigned) {
            (I32, false) => (-2147483648.0, 2147483648.0),
            (I32, true) => (0.0, 4294967296.0),
            (_, false) => (-9223372036854775808.0, 9223372036854775808.0),
            (_, true) => (0.0, 18446744073709551616.0),
        };
        // A NaN is in no range.
        !(value >= low && value < high)
    }
}

/// Writes an opcode, with its prefix if it has one.
pub fn opcode(code: u16, sink: &mut Vec<u8>) {
    match code {
        0..0x100 => sink.push(code as u8),
        0x100..PREFIX => sink.extend([0xfc, code as u8]),
        PREFIX.. => {
            sink.push(0xfd);
            u32::from(code - PREFIX).encode(sink);
        }
    }
}

/// A load or a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Access {
    /// The opcode, as [`Operator::code`].
    pub code: u16,
    /// The type of what is loaded or stored.
    pub ty: ValueType,
    /// How many bytes.
    pub width: u32,
}

/// All loads.
pub const LOADS: [Access; 14] = [
    Access { code: 0x28, ty: I32, width: 4 },
    Access { code: 0x29, ty: I64, width: 8 },
    Access { code: 0x2a, ty: F32, width: 4 },
    Access { code: 0x2b, ty: F64, width: 8 },
    Access { code: 0x2c, ty: I32, width: 1 },
    Access { code: 0x2d, ty: I32, width: 1 },
    Access { code: 0x2e, ty: I32, width: 2 },
    Access { code: 0x2f, ty: I32, width: 2 },
    Access { code: 0x30, ty: I64, width: 1 },
    Access { code: 0x31, ty: I64, width: 1 },
    Access { code: 0x32, ty: I64, width: 2 },
    Access { code: 0x33, ty: I64, width: 2 },
    Access { code: 0x34, ty: I64, width: 4 },
    Access { code: 0x35, ty: I64, width: 4 },
];

/// All stores.
pub const STORES: [Access; 9] = [
    Access { code: 0x36, ty: I32, width: 4 },
    Access { code: 0x37, ty: I64, width: 8 },
    Access { code: 0x38, ty: F32, width: 4 },
    Access { code: 0x39, ty: F64, width: 8 },
    Access { code: 0x3a, ty: I32, width: 1 },
    Access { code: 0x3b, ty: I32, width: 2 },
    Access { code: 0x3c, ty: I64, width: 1 },
    Access { code: 0x3d, ty: I64, width: 2 },
    Access { code: 0x3e, ty: I64, width: 4 },
];

impl Access {
    /// Writes the opcode and its immediates.
    pub fn encode(self, offset: u64, sink: &mut Vec<u8>) {
        opcode(self.code, sink);
        // The alignment is a promise that engines may not rely on: none is given.
        sink.push(0);
        offset.encode(sink);
    }
}
