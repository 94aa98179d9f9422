//! Instructions that also do the work of a load: their right-hand operand is in memory 0.

use super::Emitter;
use super::cond;
use super::encode::{Arithmetic, Opcode};
use super::int::Alu;
use super::lookback::Loaded;
use super::packed::Packed;
use super::rewrites::Rewrite;
use crate::microwasm::{Binary, Load, Type};
use crate::seeded::{Bug, seeded};
use crate::state::Value;
use crate::state::reg::{Gpr, Xmm};

impl Emitter {
    /// Takes back the load that made this value, if it has the whole width of the type, and if it may be fused.
    #[inline(always)]
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
        let op = match alu.arithmetic() {
            Some(op) => from_memory(op),
            None => Opcode::escape(0xaf),
        };
        self.with_memory(op.wide(wide), dst.0, right.address);
    }

    /// Compares a register with memory.
    pub(super) fn compare_with_memory(&mut self, wide: bool, left: Gpr, right: Loaded) {
        self.may_trap_as(right);
        self.with_memory(from_memory(Arithmetic::Cmp).wide(wide), left.0, right.address);
    }

    /// Compares memory with a constant.
    pub(super) fn compare_memory_with(&mut self, left: Loaded, right: i32) {
        self.may_trap_as(left);
        if matches!(left.op, Load::I32Load8U | Load::I64Load8U) {
            return self.with_memory_and(Opcode::new(0x80), Arithmetic::Cmp as u8, left.address, right, 1);
        }
        let form = Opcode::new(0).wide(left.op == Load::I64Load);
        let memory = self.operand_at(left.address);
        self.asm.buf.memory_imm(Arithmetic::Cmp, form, memory, right, 4);
    }

    /// Compares a float in a register with one in memory.
    pub(super) fn compare_float_with_memory(&mut self, left: Xmm, right: Loaded) {
        self.may_trap_as(right);
        let op = match right.op {
            Load::F32Load => Opcode::escape(0x2e),
            _ => Opcode::escape(0x2e).prefix(0x66),
        };
        self.with_memory(op, left.0, right.address);
    }

    /// `dst = left op [memory]` with three operands.
    pub(super) fn float_from_memory(&mut self, op: Binary, dst: Xmm, left: Xmm, right: Loaded) {
        self.may_trap_as(right);
        let op = match op {
            Binary::F32Add => Packed::single(0x58).f3(),
            Binary::F64Add => Packed::single(0x58).f2(),
            Binary::F32Sub => Packed::single(0x5c).f3(),
            Binary::F64Sub => Packed::single(0x5c).f2(),
            Binary::F32Mul => Packed::single(0x59).f3(),
            Binary::F64Mul => Packed::single(0x59).f2(),
            Binary::F32Div => Packed::single(0x5e).f3(),
            Binary::F64Div => Packed::single(0x5e).f2(),
            _ => unreachable!("not float arithmetic: {op:?}"),
        };
        let memory = self.far_operand_at(right.address);
        self.asm.buf.vex(op, dst.0, left.0, memory);
    }
}

/// `op register, [memory]`.
fn from_memory(op: Arithmetic) -> Opcode {
    Opcode::new((op as u8) << 3 | 3)
}

/// Whether a byte without sign compares with a constant as bytes do.
pub(super) fn compares_as_byte(cc: cond::Cc, imm: i32) -> bool {
    matches!(cc, cond::E | cond::NE | cond::B | cond::AE | cond::A | cond::BE) && (0..256).contains(&imm)
}
