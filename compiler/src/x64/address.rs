//! Addresses in memory 0, and instructions with an operand there.

use super::Emitter;
use super::asm::SCRATCH;
use super::encode::Opcode;
use super::lookback::Sum;
use super::memory_base::MemoryBase;
use super::modrm::{Rm, with_index};
use crate::state::reg::{Gpr, Reg, RegSet};

/// An address relative to the base of memory 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Address {
    /// A register, which holds a zero-extended 32-bit number, plus an offset.
    Indexed(Gpr, i32),
    /// A constant.
    Fixed(i32),
    /// A sum of 32 bits, which wraps as Wasm's addition does. Only the segment is added after it has wrapped.
    Wrapping(Sum),
}

impl Address {
    /// The registers that it needs.
    pub(super) fn registers(self) -> RegSet {
        let mut registers = RegSet::EMPTY;
        match self {
            Address::Indexed(index, _) => registers.insert(index.into()),
            Address::Fixed(_) => {}
            Address::Wrapping(sum) => {
                let both = [sum.base, sum.index.map(|(index, _)| index)];
                both.into_iter().flatten().for_each(|reg| registers.insert(reg.into()));
            }
        }
        registers
    }

    /// Whether it needs this register.
    pub(super) fn needs(self, reg: impl Into<Reg>) -> bool {
        self.registers().contains(reg.into())
    }

    /// Whether it holds only until the scratch register is used again.
    pub(super) fn uses_scratch(self) -> bool {
        self.needs(SCRATCH)
    }
}

impl Emitter {
    /// An address as an instruction's operand.
    pub(super) fn operand_at(&self, address: Address) -> Rm {
        match (self.memory_base, address) {
            (MemoryBase::Register, Address::Indexed(index, disp)) => Rm::Indexed(Gpr::R15, index, disp),
            (MemoryBase::Register, Address::Fixed(disp)) => Rm::Base(Gpr::R15, disp),
            (MemoryBase::Segment, Address::Indexed(base, disp)) => {
                Rm::Segment(Sum { wide: true, base: Some(base), index: None, disp })
            }
            (MemoryBase::Segment, Address::Fixed(disp)) => {
                Rm::Segment(Sum { wide: true, base: None, index: None, disp })
            }
            (MemoryBase::Segment, Address::Wrapping(sum)) => Rm::Segment(sum),
            (MemoryBase::Register, Address::Wrapping(_)) => unreachable!("a base in a register is part of the sum"),
        }
    }

    /// The same for instructions whose displacement, where it is all of the address, always has four bytes.
    pub(super) fn far_operand_at(&self, address: Address) -> Rm {
        match self.operand_at(address) {
            Rm::Base(base, disp) => Rm::Far(base, disp),
            other => other,
        }
    }

    /// An instruction of a register, or of a part of the opcode in its place, and memory 0.
    pub(super) fn with_memory(&mut self, op: Opcode, reg: u8, address: Address) {
        match (self.memory_base, address) {
            // Most often.
            (MemoryBase::Register, Address::Indexed(index, disp)) => {
                self.asm.buf.reg_operand(op, reg, with_index((reg & 7) << 3, Gpr::R15, index, 0, disp));
            }
            _ => self.asm.buf.reg_rm(op, reg, self.far_operand_at(address)),
        }
    }

    /// The same with an immediate of so many bytes.
    pub(super) fn with_memory_and(&mut self, op: Opcode, part: u8, address: Address, imm: i32, bytes: u32) {
        self.with_memory(op, part, address);
        self.asm.buf.push_word(u64::from(imm as u32), bytes);
    }
}
