//! Operands: from the value stack into registers.

use super::Emitter;
use super::rewrites::Rewrite;
use crate::microwasm::Type;
use crate::seeded::{Bug, seeded};
use crate::state::reg::{Gpr, Reg, RegClass, Xmm};
use crate::state::{Location, Machine, Place, Source, Value, class_of};

/// The right-hand operand of an integer instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rhs {
    /// In a register.
    Reg(Gpr),
    /// An immediate, sign-extended to the operation's width.
    Imm(i32),
}

/// The constant in a value, if it is one.
pub(super) fn as_const(value: Value) -> Option<u64> {
    match value.location {
        Location::Const(bits) => Some(bits),
        _ => None,
    }
}

/// Where a value that was taken off the stack is, as the source of a move.
pub(super) fn source_of(value: Value) -> Source {
    match value.location {
        Location::Const(bits) => Source::Const(bits),
        Location::Reg(reg) => Source::Place(Place::Reg(reg)),
        Location::Home => Source::Place(Place::Slot(value.home)),
    }
}

impl Emitter {
    /// A register that holds the value, to be read only.
    #[inline(always)]
    pub(super) fn reg_of(&mut self, value: Value) -> Reg {
        match value.location {
            Location::Reg(reg) => reg,
            Location::Const(_) | Location::Home => self.bring(value),
        }
    }

    /// Gets a value that is in no register into one.
    #[inline(never)]
    fn bring(&mut self, value: Value) -> Reg {
        let reg = self.state.alloc(class_of(value.ty), &mut self.asm);
        match value.location {
            Location::Const(bits) => self.asm.constant(reg, bits),
            Location::Home => self.asm.load(reg, value.home),
            Location::Reg(_) => unreachable!("a value in a register is not brought into one"),
        }
        reg
    }

    /// Like [`Emitter::reg_of`], for integers.
    pub(super) fn gpr_of(&mut self, value: Value) -> Gpr {
        self.reg_of(value).gpr()
    }

    /// Like [`Emitter::reg_of`], for floats.
    pub(super) fn xmm_of(&mut self, value: Value) -> Xmm {
        self.reg_of(value).xmm()
    }

    /// A register that holds the value and may be overwritten.
    pub(super) fn modifiable_of(&mut self, value: Value) -> Reg {
        let reg = self.reg_of(value);
        if self.state.is_unowned(reg) {
            return reg;
        }
        let copy = self.state.alloc(reg.class(), &mut self.asm);
        self.asm.mov(copy, reg);
        copy
    }

    /// The right-hand side of an integer instruction of this width.
    #[inline(always)]
    pub(super) fn rhs_of(&mut self, value: Value) -> Rhs {
        match self.immediate_of(value) {
            Some(imm) => Rhs::Imm(imm),
            None => Rhs::Reg(self.gpr_of(value)),
        }
    }

    /// The value as an immediate of an integer instruction of this width.
    pub(super) fn immediate_of(&mut self, value: Value) -> Option<i32> {
        let imm = as_const(value).and_then(|bits| immediate(bits, value.ty))?;
        self.may(Rewrite::Immediate).then_some(imm)
    }

    /// A fresh general-purpose register.
    pub(super) fn alloc_gpr(&mut self) -> Gpr {
        self.state.alloc(RegClass::Int, &mut self.asm).gpr()
    }

    /// A fresh vector register.
    pub(super) fn alloc_xmm(&mut self) -> Xmm {
        self.state.alloc(RegClass::Float, &mut self.asm).xmm()
    }

    /// A general-purpose register for a result: an operand's, if this was its last use.
    pub(super) fn result_gpr(&mut self, operand: Gpr) -> Gpr {
        if self.state.is_unowned(operand.into()) { operand } else { self.alloc_gpr() }
    }

    /// A vector register for a result: an operand's, if this was its last use.
    pub(super) fn result_xmm(&mut self, operand: Xmm) -> Xmm {
        if self.state.is_unowned(operand.into()) { operand } else { self.alloc_xmm() }
    }

    /// Pushes a result.
    pub(super) fn push(&mut self, ty: Type, reg: impl Into<Reg>) {
        self.state.push_reg(ty, reg.into());
    }
}

/// A constant as a sign-extended 32-bit immediate of an operation on this type.
pub(super) fn immediate(bits: u64, ty: Type) -> Option<i32> {
    match ty {
        Type::I32 => Some(bits as u32 as i32),
        _ if seeded(Bug::ImmediateUnsigned) && bits >> 31 == 1 => Some(bits as u32 as i32),
        _ => i32::try_from(bits as i64).ok(),
    }
}
