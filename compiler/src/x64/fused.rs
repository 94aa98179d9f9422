//! Instructions that also do the work of a load: their right-hand operand is in memory 0.

use super::Emitter;
use super::address::{Address, from_memory, to_memory};
use super::cond;
use super::encode::{Arithmetic, Opcode};
use super::int::Alu;
use super::lookback::Loaded;
use super::rewrites::Rewrite;
use crate::microwasm::{Binary, Load, Type};
use crate::seeded::{Bug, seeded};
use crate::state::Value;
use crate::state::reg::{Gpr, Xmm};
use dynasmrt::{DynasmApi, dynasm};

impl Emitter {
    /// Takes back the load that made this value, if it has the whole width of the type, and if it may be fused.
    pub(super) fn fuse_load(&mut self, value: Value, ty: Type) -> Option<Loaded> {
        let loaded = self.load_of(value)?;
        let whole = match ty {
            Type::I32 => Load::I32Load,
            Type::I64 => Load::I64Load,
            Type::F32 => Load::F32Load,
            Type::F64 => Load::F64Load,
            Type::V128 | Type::FuncRef | Type::ExternRef => return None,
        };
        let half = seeded(Bug::FusedLoadTooWide) && ty == Type::I64 && loaded.op == Load::I64Load32U;
        if loaded.op != whole && !half || !self.may(Rewrite::MemoryOperand) {
            return None;
        }
        self.take_back();
        Some(loaded)
    }

    /// Takes back the load of a byte without sign that made this value, if it may be fused.
    pub(super) fn fuse_byte(&mut self, value: Value) -> Option<Loaded> {
        let loaded = self.load_of(value)?;
        if !matches!(loaded.op, Load::I32Load8U | Load::I64Load8U) || !self.may(Rewrite::MemoryOperand) {
            return None;
        }
        self.take_back();
        Some(loaded)
    }

    /// `dst = dst op [memory]`.
    pub(super) fn alu_from_memory(&mut self, alu: Alu, wide: bool, dst: Gpr, right: Loaded) {
        self.may_trap_as(right);
        let (buf, d, address) = (&mut self.asm.buf, dst.0, right.address);
        match (alu, wide) {
            (Alu::Add, false) => from_memory!(buf, address, add Rd(d),),
            (Alu::Add, true) => from_memory!(buf, address, add Rq(d),),
            (Alu::Sub, false) => from_memory!(buf, address, sub Rd(d),),
            (Alu::Sub, true) => from_memory!(buf, address, sub Rq(d),),
            (Alu::Mul, false) => from_memory!(buf, address, imul Rd(d),),
            (Alu::Mul, true) => from_memory!(buf, address, imul Rq(d),),
            (Alu::And, false) => from_memory!(buf, address, and Rd(d),),
            (Alu::And, true) => from_memory!(buf, address, and Rq(d),),
            (Alu::Or, false) => from_memory!(buf, address, or Rd(d),),
            (Alu::Or, true) => from_memory!(buf, address, or Rq(d),),
            (Alu::Xor, false) => from_memory!(buf, address, xor Rd(d),),
            (Alu::Xor, true) => from_memory!(buf, address, xor Rq(d),),
        }
    }

    /// Compares a register with memory.
    pub(super) fn compare_with_memory(&mut self, wide: bool, left: Gpr, right: Loaded) {
        self.may_trap_as(right);
        match wide {
            false => from_memory!(self.asm.buf, right.address, cmp Rd(left.0),),
            true => from_memory!(self.asm.buf, right.address, cmp Rq(left.0),),
        }
    }

    /// Compares memory with a constant.
    pub(super) fn compare_memory_with(&mut self, left: Loaded, right: i32) {
        self.may_trap_as(left);
        let buf = &mut self.asm.buf;
        if matches!(left.op, Load::I32Load8U | Load::I64Load8U) {
            return to_memory!(buf, left.address, (BYTE) cmp right as i8);
        }
        let form = Opcode::new(0).wide(left.op == Load::I64Load);
        buf.memory_imm(Arithmetic::Cmp, form, left.address, right, 4);
    }

    /// Compares a float in a register with one in memory.
    pub(super) fn compare_float_with_memory(&mut self, left: Xmm, right: Loaded) {
        self.may_trap_as(right);
        match right.op {
            Load::F32Load => from_memory!(self.asm.buf, right.address, ucomiss Rx(left.0),),
            _ => from_memory!(self.asm.buf, right.address, ucomisd Rx(left.0),),
        }
    }

    /// `dst = left op [memory]` with three operands.
    pub(super) fn float_from_memory(&mut self, op: Binary, dst: Xmm, left: Xmm, right: Loaded) {
        self.may_trap_as(right);
        let (buf, d, l, address) = (&mut self.asm.buf, dst.0, left.0, right.address);
        match op {
            Binary::F32Add => from_memory!(buf, address, vaddss Rx(d), Rx(l),),
            Binary::F64Add => from_memory!(buf, address, vaddsd Rx(d), Rx(l),),
            Binary::F32Sub => from_memory!(buf, address, vsubss Rx(d), Rx(l),),
            Binary::F64Sub => from_memory!(buf, address, vsubsd Rx(d), Rx(l),),
            Binary::F32Mul => from_memory!(buf, address, vmulss Rx(d), Rx(l),),
            Binary::F64Mul => from_memory!(buf, address, vmulsd Rx(d), Rx(l),),
            Binary::F32Div => from_memory!(buf, address, vdivss Rx(d), Rx(l),),
            Binary::F64Div => from_memory!(buf, address, vdivsd Rx(d), Rx(l),),
            _ => unreachable!("not float arithmetic: {op:?}"),
        }
    }
}

/// Whether a byte without sign compares with a constant as bytes do.
pub(super) fn compares_as_byte(cc: cond::Cc, imm: i32) -> bool {
    matches!(cc, cond::E | cond::NE | cond::B | cond::AE | cond::A | cond::BE) && (0..256).contains(&imm)
}
