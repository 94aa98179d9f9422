//! Condition codes, and conditions that take more than one.

/// A condition code, as the low four bits of `jcc`, `setcc` and `cmovcc` have it.
pub type Cc = u8;

/// Unsigned below; carry.
pub const B: Cc = 0x2;
/// Unsigned above or equal.
pub const AE: Cc = 0x3;
/// Equal; zero.
pub const E: Cc = 0x4;
/// Not equal; not zero.
pub const NE: Cc = 0x5;
/// Unsigned below or equal.
pub const BE: Cc = 0x6;
/// Unsigned above.
pub const A: Cc = 0x7;
/// Negative.
pub const S: Cc = 0x8;
/// Not negative.
pub const NS: Cc = 0x9;
/// Parity: after `ucomis`, unordered.
pub const P: Cc = 0xa;
/// No parity.
pub const NP: Cc = 0xb;
/// Signed less.
pub const L: Cc = 0xc;
/// Signed greater or equal.
pub const GE: Cc = 0xd;
/// Signed less or equal.
pub const LE: Cc = 0xe;
/// Signed greater.
pub const G: Cc = 0xf;
/// No signed overflow.
pub const NO: Cc = 0x1;

/// What the flags say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cond {
    /// One condition code.
    Code(Cc),
    /// After `ucomis`: equal and ordered.
    FloatEq,
    /// After `ucomis`: not equal, or unordered.
    FloatNe,
}

impl Cond {
    /// The opposite.
    pub fn not(self) -> Cond {
        self.negate_if(true)
    }

    /// The opposite, if asked for.
    pub fn negate_if(self, negate: bool) -> Cond {
        match self {
            // Without a branch on what nobody can foretell.
            Cond::Code(cc) => Cond::Code(cc ^ u8::from(negate)),
            Cond::FloatEq if negate => Cond::FloatNe,
            Cond::FloatNe if negate => Cond::FloatEq,
            Cond::FloatEq | Cond::FloatNe => self,
        }
    }
}
