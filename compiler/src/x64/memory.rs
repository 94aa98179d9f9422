//! Loads and stores. There are no bounds checks: the address space behind a memory faults.

use super::Emitter;
use super::address::{Address, from_memory, to_memory};
use super::asm::SCRATCH;
use super::operand::as_const;
use super::rewrites::Rewrite;
use crate::microwasm::{Load, MemArg, Store, Type};
use crate::seeded::{Bug, seeded};
use crate::state::reg::RegClass;
use crate::state::{Value, class_of};
use crate::trap::TrapKind;
use dynasmrt::{DynasmApi, dynasm};

impl Emitter {
    /// `T.load`.
    pub(super) fn load(&mut self, op: Load, arg: MemArg) {
        let ty = op.result();
        if ty == Type::V128 {
            return self.load_vector(op, arg);
        }
        let operand = self.state.pop();
        let address = self.address(operand, arg);
        if class_of(ty) == RegClass::Float {
            let dst = self.alloc_xmm();
            let start = self.asm.buf.position();
            self.asm.may_trap(TrapKind::MemoryOutOfBounds);
            let (buf, d) = (&mut self.asm.buf, dst.0);
            match op {
                Load::F32Load => from_memory!(buf, address, movss Rx(d),),
                _ => from_memory!(buf, address, movsd Rx(d),),
            }
            self.remember_load(start, dst.into(), op, address);
            return self.push(ty, dst);
        }
        let dst = match address {
            Address::Indexed(index, _) if index != SCRATCH => self.result_gpr(index),
            _ => self.alloc_gpr(),
        };
        let start = self.asm.buf.position();
        self.asm.may_trap(TrapKind::MemoryOutOfBounds);
        let (buf, d) = (&mut self.asm.buf, dst.0);
        match op {
            Load::I32Load | Load::I64Load32U => from_memory!(buf, address, mov Rd(d),),
            Load::I64Load => from_memory!(buf, address, mov Rq(d),),
            Load::I64Load8S if seeded(Bug::Load8SignedHalf) => from_memory!(buf, address, movsx Rd(d), BYTE),
            Load::I32Load8S => from_memory!(buf, address, movsx Rd(d), BYTE),
            Load::I32Load8U | Load::I64Load8U => from_memory!(buf, address, movzx Rd(d), BYTE),
            Load::I32Load16U if seeded(Bug::Load16Signed) && matches!(address, Address::Fixed(_)) => {
                from_memory!(buf, address, movsx Rd(d), WORD);
            }
            Load::I32Load16S => from_memory!(buf, address, movsx Rd(d), WORD),
            Load::I32Load16U | Load::I64Load16U => from_memory!(buf, address, movzx Rd(d), WORD),
            Load::I64Load8S => from_memory!(buf, address, movsx Rq(d), BYTE),
            Load::I64Load16S => from_memory!(buf, address, movsx Rq(d), WORD),
            Load::I64Load32S => from_memory!(buf, address, movsxd Rq(d), DWORD),
            _ => unreachable!("not a load of an integer: {op:?}"),
        }
        self.remember_load(start, dst.into(), op, address);
        self.push(ty, dst);
    }

    /// `T.store`.
    pub(super) fn store(&mut self, op: Store, arg: MemArg) {
        if op == Store::V128Store {
            return self.store_vector(arg);
        }
        let value = self.state.pop();
        let operand = self.state.pop();
        if class_of(op.result()) == RegClass::Float {
            let src = self.xmm_of(value);
            let address = self.address(operand, arg);
            self.asm.may_trap(TrapKind::MemoryOutOfBounds);
            let (buf, s) = (&mut self.asm.buf, src.0);
            match op {
                Store::F32Store => to_memory!(buf, address, () movss Rx(s)),
                _ => to_memory!(buf, address, () movsd Rx(s)),
            }
            return;
        }
        if let Some(imm) = self.immediate_of(value) {
            let address = self.address(operand, arg);
            self.asm.may_trap(TrapKind::MemoryOutOfBounds);
            let buf = &mut self.asm.buf;
            match op {
                Store::I64Store if seeded(Bug::StoreConstantHalf) => to_memory!(buf, address, (DWORD) mov imm),
                Store::I32Store | Store::I64Store32 => to_memory!(buf, address, (DWORD) mov imm),
                Store::I64Store => to_memory!(buf, address, (QWORD) mov imm),
                Store::I32Store16 if seeded(Bug::StoreConstantNarrow) => to_memory!(buf, address, (BYTE) mov imm as i8),
                Store::I32Store8 | Store::I64Store8 => to_memory!(buf, address, (BYTE) mov imm as i8),
                Store::I32Store16 | Store::I64Store16 => to_memory!(buf, address, (WORD) mov imm as i16),
                _ => unreachable!("not a store of an integer: {op:?}"),
            }
            return;
        }
        let src = self.gpr_of(value);
        let address = self.address(operand, arg);
        self.asm.may_trap(TrapKind::MemoryOutOfBounds);
        let (buf, s) = (&mut self.asm.buf, src.0);
        match op {
            Store::I32Store | Store::I64Store32 => to_memory!(buf, address, () mov Rd(s)),
            Store::I64Store => to_memory!(buf, address, () mov Rq(s)),
            Store::I32Store8 | Store::I64Store8 => to_memory!(buf, address, () mov Rb(s)),
            Store::I32Store16 | Store::I64Store16 => to_memory!(buf, address, () mov Rw(s)),
            _ => unreachable!("not a store of an integer: {op:?}"),
        }
    }

    /// The address of an access. The sum of a 32-bit address and a 32-bit offset does not wrap: it
    /// lies in the memory or in the reserved space behind it.
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
