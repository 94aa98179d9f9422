//! One entry of the value stack: a type, and where the value is.

use super::reg::Reg;
use crate::microwasm::Type;

/// A position that is nowhere: the end of a chain, or no owner.
pub const NONE: u32 = u32::MAX;

/// Where a value is, as code generation sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// In the home slot of its position.
    Home,
    /// Nowhere: it is a constant with these bits.
    Const(u64),
    /// In a register.
    Reg(Reg),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A declared local that nothing has written yet anywhere in the code so far: zero.
    Untouched,
    /// See [`Location::Home`].
    Home,
    /// See [`Location::Const`]; the payload is the bits.
    Const,
    /// See [`Location::Reg`]; the payload links the register's owners.
    Reg,
}

/// An entry of the value stack.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The constant's bits, or the neighbours in the chain of the register's owners.
    payload: u64,
    pub(super) kind: Kind,
    pub(super) ty: Type,
    pub(super) reg: Reg,
}

const _: () = assert!(size_of::<Entry>() == 16, "an entry is two words");

impl Entry {
    pub(super) const UNTOUCHED: Entry = Entry::new(Kind::Untouched, Type::I32, 0);

    const fn new(kind: Kind, ty: Type, payload: u64) -> Entry {
        Entry { payload, kind, ty, reg: Reg::new(0) }
    }

    pub(super) const fn home(ty: Type) -> Entry {
        Entry::new(Kind::Home, ty, 0)
    }

    pub(super) const fn constant(ty: Type, bits: u64) -> Entry {
        Entry::new(Kind::Const, ty, bits)
    }

    /// A register that is not linked to its other owners yet.
    pub(super) const fn register(ty: Type, reg: Reg) -> Entry {
        Entry { payload: 0, kind: Kind::Reg, ty, reg }
    }

    /// A register that has no other owner.
    pub(super) const fn only(ty: Type, reg: Reg) -> Entry {
        Entry { payload: u64::MAX, kind: Kind::Reg, ty, reg }
    }

    /// The value's type.
    pub fn ty(&self) -> Type {
        self.ty
    }

    /// Where the value is. An untouched local counts as the constant zero.
    pub fn location(&self) -> Location {
        // In this order, and not by a table: most often it is in a register.
        if self.kind == Kind::Reg {
            Location::Reg(self.reg)
        } else if self.kind == Kind::Home {
            Location::Home
        } else {
            Location::Const(self.bits())
        }
    }

    /// The bits of a constant. An untouched local counts as the constant zero.
    pub(super) fn bits(&self) -> u64 {
        self.payload
    }

    pub(super) fn prev(&self) -> u32 {
        self.payload as u32
    }

    pub(super) fn next(&self) -> u32 {
        (self.payload >> 32) as u32
    }

    pub(super) fn link(&mut self, prev: u32, next: u32) {
        self.payload = u64::from(prev) | u64::from(next) << 32;
    }
}
