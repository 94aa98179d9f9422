//! Loads and stores. There are no bounds checks: the address space behind a memory faults.

use super::Emitter;
use super::address::Address;
use super::asm::SCRATCH;
use super::encode::Opcode;
use super::lookback::Sum;
use super::memory_base::MemoryBase;
use super::operand::as_const;
use super::rewrites::Rewrite;
use crate::microwasm::{Load, MemArg, Store, Type};
use crate::seeded::{Bug, seeded};
use crate::state::reg::{Gpr, Reg, RegClass};
use crate::state::{Value, class_of};
use crate::trap::TrapKind;
use dynasmrt::{DynasmApi, dynasm};

/// The instruction that loads a scalar.
fn load_instruction(op: Load, address: Address) -> Opcode {
    match op {
        Load::F32Load => Opcode::escape(0x10).prefix(0xf3),
        Load::F64Load => Opcode::escape(0x10).prefix(0xf2),
        Load::I32Load | Load::I64Load32U => Opcode::new(0x8b),
        Load::I64Load => Opcode::new(0x8b).wide(true),
        Load::I64Load8S if seeded(Bug::Load8SignedHalf) => Opcode::escape(0xbe),
        Load::I32Load8S => Opcode::escape(0xbe),
        Load::I32Load8U | Load::I64Load8U => Opcode::escape(0xb6),
        Load::I32Load16U if seeded(Bug::Load16Signed) && matches!(address, Address::Fixed(_)) => Opcode::escape(0xbf),
        Load::I32Load16S => Opcode::escape(0xbf),
        Load::I32Load16U | Load::I64Load16U => Opcode::escape(0xb7),
        Load::I64Load8S => Opcode::escape(0xbe).wide(true),
        Load::I64Load16S => Opcode::escape(0xbf).wide(true),
        Load::I64Load32S => Opcode::new(0x63).wide(true),
        _ => unreachable!("not a load of a scalar: {op:?}"),
    }
}

/// The instruction that stores a scalar from a register.
fn store_instruction(op: Store) -> Opcode {
    match op {
        Store::F32Store => Opcode::escape(0x11).prefix(0xf3),
        Store::F64Store => Opcode::escape(0x11).prefix(0xf2),
        Store::I32Store | Store::I64Store32 => Opcode::new(0x89),
        Store::I64Store => Opcode::new(0x89).wide(true),
        Store::I32Store8 | Store::I64Store8 => Opcode::new(0x88).byte(),
        Store::I32Store16 | Store::I64Store16 => Opcode::new(0x89).prefix(0x66),
        Store::V128Store => unreachable!("not a store of a scalar: {op:?}"),
    }
}

impl Emitter {
    /// `T.load`.
    pub(super) fn load(&mut self, op: Load, arg: MemArg) {
        let ty = op.result();
        if ty == Type::V128 {
            return self.load_vector(op, arg);
        }
        let operand = self.state.pop();
        let address = self.address(operand, arg);
        let dst: Reg = match address {
            _ if class_of(ty) == RegClass::Float => self.alloc_xmm().into(),
            Address::Indexed(index, _) if index != SCRATCH => self.result_gpr(index).into(),
            Address::Wrapping(sum) => self.result_gpr_of(sum).into(),
            _ => self.alloc_gpr().into(),
        };
        let start = self.asm.buf.position();
        self.asm.may_trap(TrapKind::MemoryOutOfBounds);
        self.with_memory(load_instruction(op, address), dst.number(), address);
        self.remember_load(start, dst, op, address);
        self.push(ty, dst);
    }

    /// A register for what is loaded from this address: one of the address, if this was its last use.
    fn result_gpr_of(&mut self, address: Sum) -> Gpr {
        match (address.base, address.index) {
            (Some(base), Some((index, _))) if !self.state.is_unowned(base.into()) => self.result_gpr(index),
            (Some(base), _) => self.result_gpr(base),
            (None, Some((index, _))) => self.result_gpr(index),
            (None, None) => self.alloc_gpr(),
        }
    }

    /// `T.store`.
    pub(super) fn store(&mut self, op: Store, arg: MemArg) {
        if op == Store::V128Store {
            return self.store_vector(arg);
        }
        let value = self.state.pop();
        let operand = self.state.pop();
        if class_of(op.result()) == RegClass::Int
            && let Some(imm) = self.immediate_of(value)
        {
            let address = self.address(operand, arg);
            self.asm.may_trap(TrapKind::MemoryOutOfBounds);
            let (instruction, bytes) = match op {
                Store::I64Store if seeded(Bug::StoreConstantHalf) => (Opcode::new(0xc7), 4),
                Store::I32Store | Store::I64Store32 => (Opcode::new(0xc7), 4),
                Store::I64Store => (Opcode::new(0xc7).wide(true), 4),
                Store::I32Store16 if seeded(Bug::StoreConstantNarrow) => (Opcode::new(0xc6), 1),
                Store::I32Store8 | Store::I64Store8 => (Opcode::new(0xc6), 1),
                Store::I32Store16 | Store::I64Store16 => (Opcode::new(0xc7).prefix(0x66), 2),
                _ => unreachable!("not a store of an integer: {op:?}"),
            };
            return self.with_memory_and(instruction, 0, address, imm, bytes);
        }
        let src = self.reg_of(value);
        let address = self.address(operand, arg);
        self.asm.may_trap(TrapKind::MemoryOutOfBounds);
        self.with_memory(store_instruction(op), src.number(), address);
    }

    /// The address of an access. The sum of a 32-bit address and a 32-bit offset does not wrap: it
    /// lies in the memory or in the reserved space behind it.
    #[inline(always)]
    pub(super) fn address(&mut self, operand: Value, arg: MemArg) -> Address {
        if let Some(bits) = as_const(operand)
            && self.may(Rewrite::ConstantAddress)
        {
            let sum = bits + arg.offset;
            let sum = if seeded(Bug::ConstantAddressWraps) { sum & 0xffff_ffff } else { sum };
            return match i32::try_from(sum) {
                Ok(disp) => Address::Fixed(disp),
                Err(_) => {
                    self.asm.set_gpr(SCRATCH, sum);
                    Address::Indexed(SCRATCH, 0)
                }
            };
        }
        if self.memory_base == MemoryBase::Segment
            && arg.offset == 0
            && let Some((_, sum)) = self.sum_of(operand)
            && !sum.wide
            && self.may(Rewrite::NarrowAddress)
        {
            let address = Address::Wrapping(sum);
            self.take_back();
            address.registers().iter().for_each(|reg| self.state.hold(reg));
            return address;
        }
        let index = self.gpr_of(operand);
        match i32::try_from(arg.offset) {
            Ok(disp @ 128..256) if seeded(Bug::ByteOffsetSigned) => Address::Indexed(index, disp - 256),
            Ok(disp) => Address::Indexed(index, disp),
            Err(_) => {
                self.asm.set_gpr(SCRATCH, arg.offset);
                match seeded(Bug::LargeOffsetWraps) {
                    true => dynasm!(self.asm.buf ; .arch x64 ; add Rd(SCRATCH.0), Rd(index.0)),
                    false => dynasm!(self.asm.buf ; .arch x64 ; add Rq(SCRATCH.0), Rq(index.0)),
                }
                Address::Indexed(SCRATCH, 0)
            }
        }
    }
}
