//! Registers, register classes and sets of registers.

use std::fmt;

/// A general-purpose register, by its number in the instruction encoding.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gpr(pub u8);

#[allow(missing_docs, reason = "the registers' own names")]
impl Gpr {
    pub const RAX: Gpr = Gpr(0);
    pub const RCX: Gpr = Gpr(1);
    pub const RDX: Gpr = Gpr(2);
    pub const RBX: Gpr = Gpr(3);
    pub const RSP: Gpr = Gpr(4);
    pub const RBP: Gpr = Gpr(5);
    pub const RSI: Gpr = Gpr(6);
    pub const RDI: Gpr = Gpr(7);
    pub const R8: Gpr = Gpr(8);
    pub const R9: Gpr = Gpr(9);
    pub const R10: Gpr = Gpr(10);
    pub const R11: Gpr = Gpr(11);
    pub const R12: Gpr = Gpr(12);
    pub const R13: Gpr = Gpr(13);
    pub const R14: Gpr = Gpr(14);
    pub const R15: Gpr = Gpr(15);
}

/// A vector register, by its number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Xmm(pub u8);

/// The two register files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RegClass {
    /// General-purpose registers: integers and references.
    Int,
    /// Vector registers: floats.
    Float,
}

/// Any register: numbers 0 to 15 are general-purpose, 16 to 31 are vector registers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reg(u8);

impl Reg {
    /// How many registers there are.
    pub const COUNT: usize = 32;

    /// The register with this number.
    pub const fn new(number: u8) -> Reg {
        debug_assert!(number < 32);
        Reg(number)
    }

    /// The register's number, from 0 to 31.
    #[inline]
    pub const fn index(self) -> usize {
        // The mask changes nothing; it shows that the number is an index of any table by register.
        (self.0 & 31) as usize
    }

    /// Its number in its file, as instructions encode it.
    pub const fn number(self) -> u8 {
        self.0 & 15
    }

    /// The file it belongs to.
    pub const fn class(self) -> RegClass {
        if self.0 < 16 { RegClass::Int } else { RegClass::Float }
    }

    /// As a general-purpose register.
    pub const fn gpr(self) -> Gpr {
        debug_assert!(self.0 < 16);
        Gpr(self.0)
    }

    /// As a vector register.
    pub const fn xmm(self) -> Xmm {
        debug_assert!(self.0 >= 16);
        Xmm(self.0 - 16)
    }
}

impl From<Gpr> for Reg {
    fn from(gpr: Gpr) -> Reg {
        Reg(gpr.0)
    }
}

impl From<Xmm> for Reg {
    fn from(xmm: Xmm) -> Reg {
        Reg(xmm.0 + 16)
    }
}

impl fmt::Debug for Gpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [&str; 16] = [
            "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
            "r15",
        ];
        f.write_str(NAMES[usize::from(self.0)])
    }
}

impl fmt::Debug for Xmm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "xmm{}", self.0)
    }
}

impl fmt::Debug for Reg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.class() {
            RegClass::Int => self.gpr().fmt(f),
            RegClass::Float => self.xmm().fmt(f),
        }
    }
}

/// A set of registers.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct RegSet(u32);

impl RegSet {
    /// No register.
    pub const EMPTY: RegSet = RegSet(0);

    /// The registers whose bits are set: bit `n` is [`Reg`] number `n`.
    pub const fn from_bits(bits: u32) -> RegSet {
        RegSet(bits)
    }

    /// The set of these general-purpose registers.
    pub const fn of(gprs: &[Gpr]) -> RegSet {
        let (mut bits, mut i) = (0, 0);
        while i < gprs.len() {
            bits |= 1 << gprs[i].0;
            i += 1;
        }
        RegSet(bits)
    }

    /// The bits.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether nothing is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether any vector register is in the set.
    pub const fn has_floats(self) -> bool {
        self.0 >> 16 != 0
    }

    /// How many registers are in the set.
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether the register is in the set.
    pub const fn contains(self, reg: Reg) -> bool {
        self.0 & (1 << reg.0) != 0
    }

    /// Adds a register.
    pub fn insert(&mut self, reg: Reg) {
        self.0 |= 1 << reg.0;
    }

    /// Adds a register, if so.
    pub fn insert_if(&mut self, reg: Reg, so: bool) {
        self.0 |= u32::from(so) << reg.0;
    }

    /// Removes a register, if so.
    pub fn remove_if(&mut self, reg: Reg, so: bool) {
        self.0 &= !(u32::from(so) << reg.0);
    }

    /// Adds a register, or removes it.
    pub fn set(&mut self, reg: Reg, contained: bool) {
        self.0 = self.0 & !(1 << reg.0) | u32::from(contained) << reg.0;
    }

    /// Removes a register.
    pub fn remove(&mut self, reg: Reg) {
        self.0 &= !(1 << reg.0);
    }

    /// What is in both.
    pub const fn and(self, other: RegSet) -> RegSet {
        RegSet(self.0 & other.0)
    }

    /// What is in either.
    pub const fn or(self, other: RegSet) -> RegSet {
        RegSet(self.0 | other.0)
    }

    /// What is in this set and not in the other.
    pub const fn minus(self, other: RegSet) -> RegSet {
        RegSet(self.0 & !other.0)
    }

    /// The lowest register.
    pub fn first(self) -> Option<Reg> {
        (self.0 != 0).then(|| Reg(self.0.trailing_zeros() as u8))
    }

    /// The registers, lowest first.
    pub fn iter(self) -> impl Iterator<Item = Reg> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let reg = RegSet(rest).first()?;
            rest &= rest - 1;
            Some(reg)
        })
    }
}

impl fmt::Debug for RegSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
