//! Float arithmetic.

use super::Emitter;
use super::asm::FLOAT_SCRATCH;
use super::cond;
use super::encode::Opcode;
use super::jumps::Fixups;
use super::operand::as_const;
use super::packed::Packed;
use super::pool::Constant;
use crate::microwasm::{Binary, Type, Unary, eval};
use crate::seeded::{Bug, seeded};
use crate::state::reg::{Reg, Xmm};
use crate::state::{Location, Machine, Value};
use dynasmrt::{DynasmApi, dynasm};

/// The sign bit of a float type.
fn sign_bit(ty: Type) -> u64 {
    if ty == Type::F32 { 1 << 31 } else { 1 << 63 }
}

impl Emitter {
    /// `a op b`; the result goes to the register `hint` where that costs nothing.
    pub(super) fn float_binary(&mut self, op: Binary, a: Value, b: Value, hint: Option<Reg>) -> Reg {
        match op {
            Binary::F32Min | Binary::F64Min | Binary::F32Max | Binary::F64Max => self.min_max(op, a, b),
            Binary::F64Copysign if seeded(Bug::CopysignSwapped) => self.copysign(op.result(), b, a),
            Binary::F32Copysign | Binary::F64Copysign => self.copysign(op.result(), a, b),
            _ => self.float_arithmetic(op, a, b, hint),
        }
    }

    fn float_arithmetic(&mut self, op: Binary, a: Value, b: Value, hint: Option<Reg>) -> Reg {
        if self.features.avx {
            if let Some(dst) = self.float_with_constant(op, a, b, hint) {
                return dst;
            }
            // Not if both are one register, which the load made.
            if let (Location::Reg(left), Location::Reg(right)) = (a.location, b.location)
                && left != right
                && let Some(loaded) = self.fuse_load(b, op.result())
            {
                let kept = if self.state.is_unowned(left) { left } else { right };
                let dst = hint.unwrap_or(kept).xmm();
                self.float_from_memory(op, dst, left.xmm(), loaded);
                return dst.into();
            }
            let left = self.xmm_of(a);
            let right = self.xmm_of(b);
            let dst = match hint {
                Some(hint) => hint.xmm(),
                None if self.state.is_unowned(left.into()) => left,
                None => self.result_xmm(right),
            };
            let (buf, d, l, r) = (&mut self.asm.buf, dst.0, left.0, right.0);
            match op {
                Binary::F32Add => dynasm!(buf ; .arch x64 ; vaddss Rx(d), Rx(l), Rx(r)),
                Binary::F64Add => dynasm!(buf ; .arch x64 ; vaddsd Rx(d), Rx(l), Rx(r)),
                Binary::F32Sub => dynasm!(buf ; .arch x64 ; vsubss Rx(d), Rx(l), Rx(r)),
                Binary::F64Sub if seeded(Bug::FloatSubtractSwapped) && d == r => {
                    dynasm!(buf ; .arch x64 ; vsubsd Rx(d), Rx(r), Rx(l));
                }
                Binary::F64Sub => dynasm!(buf ; .arch x64 ; vsubsd Rx(d), Rx(l), Rx(r)),
                Binary::F32Mul => dynasm!(buf ; .arch x64 ; vmulss Rx(d), Rx(l), Rx(r)),
                Binary::F64Mul => dynasm!(buf ; .arch x64 ; vmulsd Rx(d), Rx(l), Rx(r)),
                Binary::F32Div => dynasm!(buf ; .arch x64 ; vdivss Rx(d), Rx(l), Rx(r)),
                Binary::F64Div => dynasm!(buf ; .arch x64 ; vdivsd Rx(d), Rx(l), Rx(r)),
                _ => unreachable!("not float arithmetic: {op:?}"),
            }
            return dst.into();
        }
        let right = self.xmm_of(b);
        let left = self.modifiable_apart(a, right);
        let (buf, d, r) = (&mut self.asm.buf, left.0, right.0);
        match op {
            Binary::F32Add => dynasm!(buf ; .arch x64 ; addss Rx(d), Rx(r)),
            Binary::F64Add => dynasm!(buf ; .arch x64 ; addsd Rx(d), Rx(r)),
            Binary::F32Sub => dynasm!(buf ; .arch x64 ; subss Rx(d), Rx(r)),
            Binary::F64Sub => dynasm!(buf ; .arch x64 ; subsd Rx(d), Rx(r)),
            Binary::F32Mul => dynasm!(buf ; .arch x64 ; mulss Rx(d), Rx(r)),
            Binary::F64Mul => dynasm!(buf ; .arch x64 ; mulsd Rx(d), Rx(r)),
            Binary::F32Div => dynasm!(buf ; .arch x64 ; divss Rx(d), Rx(r)),
            Binary::F64Div => dynasm!(buf ; .arch x64 ; divsd Rx(d), Rx(r)),
            _ => unreachable!("not float arithmetic: {op:?}"),
        }
        left.into()
    }

    /// Arithmetic with three operands, one of them a constant in memory.
    fn float_with_constant(&mut self, op: Binary, a: Value, b: Value, hint: Option<Reg>) -> Option<Reg> {
        let commutes = matches!(op, Binary::F32Add | Binary::F64Add | Binary::F32Mul | Binary::F64Mul);
        let (a, bits) = match (as_const(a), as_const(b)) {
            (None, Some(bits)) => (a, bits),
            (Some(bits), None) if commutes && !eval::is_nan(op.result(), bits) => (b, bits),
            _ => return None,
        };
        if !self.asm.pooled {
            return None;
        }
        let left = self.xmm_of(a);
        let dst = match hint {
            Some(hint) => hint.xmm(),
            None => self.result_xmm(left),
        };
        let code = match op {
            Binary::F32Add | Binary::F64Add => 0x58,
            Binary::F32Mul | Binary::F64Mul => 0x59,
            Binary::F32Sub | Binary::F64Sub => 0x5c,
            Binary::F32Div | Binary::F64Div => 0x5e,
            _ => unreachable!("not float arithmetic: {op:?}"),
        };
        let (op, constant) = match op.result() {
            Type::F32 => (Packed::single(code).f3(), Constant::Single(bits as u32)),
            _ => (Packed::single(code).f2(), Constant::Double(bits)),
        };
        self.asm.vex_with_constant(op, dst, left, constant);
        Some(dst.into())
    }

    /// Combines a register with a constant of 128 bits, which are the same 64 bits twice.
    fn mask(&mut self, opcode: u8, dst: Xmm, bits: u64) {
        if self.asm.pooled {
            let bits = u128::from(bits) << 64 | u128::from(bits);
            return self.asm.with_constant(Opcode::escape(opcode), dst, Constant::Vector(bits));
        }
        self.float_scratch_constant(bits);
        self.asm.buf.reg_reg(Opcode::escape(opcode), dst.0, FLOAT_SCRATCH.0);
    }

    /// A register with the value that may be overwritten without changing `other`.
    fn modifiable_apart(&mut self, value: Value, other: Xmm) -> Xmm {
        let reg = self.modifiable_of(value).xmm();
        if reg != other || seeded(Bug::AvxOnly) {
            return reg;
        }
        let copy = self.alloc_xmm();
        self.asm.mov(copy.into(), reg.into());
        copy
    }

    /// The instructions `min` and `max` return their second operand for zeros and NaNs, so those
    /// go their own ways: NaNs are added, zeros are combined by their sign bits.
    fn min_max(&mut self, op: Binary, a: Value, b: Value) -> Reg {
        let right = self.xmm_of(b);
        let left = self.modifiable_apart(a, right);
        let (mut differ, mut unordered, mut done) = (Fixups::NONE, Fixups::NONE, Fixups::NONE);
        let double = op.result() == Type::F64;
        let (l, r) = (left.0, right.0);
        let asm = &mut self.asm;
        match double {
            false => dynasm!(asm.buf ; .arch x64 ; ucomiss Rx(l), Rx(r)),
            true => dynasm!(asm.buf ; .arch x64 ; ucomisd Rx(l), Rx(r)),
        }
        if !(seeded(Bug::MaximumOfNan) && matches!(op, Binary::F32Max | Binary::F64Max)) {
            asm.jcc(cond::P, &mut unordered);
        }
        asm.jcc(cond::NE, &mut differ);
        match op {
            Binary::F32Min | Binary::F64Min if !seeded(Bug::MinimumOfZeros) => {
                dynasm!(asm.buf ; .arch x64 ; orps Rx(l), Rx(r));
            }
            _ => dynasm!(asm.buf ; .arch x64 ; andps Rx(l), Rx(r)),
        }
        asm.jmp(&mut done);
        asm.bind(unordered);
        match double {
            false => dynasm!(asm.buf ; .arch x64 ; addss Rx(l), Rx(r)),
            true => dynasm!(asm.buf ; .arch x64 ; addsd Rx(l), Rx(r)),
        }
        asm.jmp(&mut done);
        asm.bind(differ);
        match op {
            Binary::F32Min => dynasm!(asm.buf ; .arch x64 ; minss Rx(l), Rx(r)),
            Binary::F64Min => dynasm!(asm.buf ; .arch x64 ; minsd Rx(l), Rx(r)),
            Binary::F32Max => dynasm!(asm.buf ; .arch x64 ; maxss Rx(l), Rx(r)),
            _ => dynasm!(asm.buf ; .arch x64 ; maxsd Rx(l), Rx(r)),
        }
        asm.bind(done);
        left.into()
    }

    /// The magnitude of `a` with the sign of `b`.
    fn copysign(&mut self, ty: Type, a: Value, b: Value) -> Reg {
        let magnitude = self.xmm_of(a);
        let dst = self.modifiable_apart(b, magnitude);
        self.float_scratch_constant(sign_bit(ty));
        let (d, m, s) = (dst.0, magnitude.0, FLOAT_SCRATCH.0);
        dynasm!(self.asm.buf ; .arch x64 ; andps Rx(d), Rx(s) ; andnps Rx(s), Rx(m) ; orps Rx(d), Rx(s));
        dst.into()
    }

    /// Puts a constant into the scratch vector register.
    pub(super) fn float_scratch_constant(&mut self, bits: u64) {
        self.asm.constant(FLOAT_SCRATCH.into(), bits);
    }

    /// Float operators of one operand.
    pub(super) fn float_unary(&mut self, op: Unary) {
        let ty = op.result();
        let operand = self.state.pop();
        match op {
            Unary::F32Abs | Unary::F64Abs => {
                let dst = self.modifiable_of(operand).xmm();
                self.mask(0x54, dst, sign_bit(ty) - 1);
                self.push(ty, dst);
            }
            Unary::F32Neg | Unary::F64Neg => {
                let dst = self.modifiable_of(operand).xmm();
                self.mask(0x57, dst, sign_bit(ty));
                self.push(ty, dst);
            }
            _ => {
                let src = self.xmm_of(operand);
                let dst = self.result_xmm(src);
                self.round_or_root(op, dst, src);
                self.push(ty, dst);
            }
        }
    }

    fn round_or_root(&mut self, op: Unary, dst: Xmm, src: Xmm) {
        if self.features.avx && dst != src {
            return self.round_or_root_apart(op, dst, src);
        }
        let (buf, d, s) = (&mut self.asm.buf, dst.0, src.0);
        // Rounding modes: 0 nearest, 1 down, 2 up, 3 to zero; 8 suppresses the precision exception.
        match op {
            Unary::F32Sqrt => dynasm!(buf ; .arch x64 ; sqrtss Rx(d), Rx(s)),
            Unary::F64Sqrt => dynasm!(buf ; .arch x64 ; sqrtsd Rx(d), Rx(s)),
            Unary::F32Ceil => dynasm!(buf ; .arch x64 ; roundss Rx(d), Rx(s), BYTE 10),
            Unary::F64Ceil => dynasm!(buf ; .arch x64 ; roundsd Rx(d), Rx(s), BYTE 10),
            Unary::F32Floor => dynasm!(buf ; .arch x64 ; roundss Rx(d), Rx(s), BYTE 9),
            Unary::F64Floor => dynasm!(buf ; .arch x64 ; roundsd Rx(d), Rx(s), BYTE 9),
            Unary::F32Trunc => dynasm!(buf ; .arch x64 ; roundss Rx(d), Rx(s), BYTE 11),
            Unary::F64Trunc => {
                let mode = if seeded(Bug::TruncateAsFloor) { 9 } else { 11 };
                dynasm!(buf ; .arch x64 ; roundsd Rx(d), Rx(s), BYTE mode)
            }
            Unary::F32Nearest => dynasm!(buf ; .arch x64 ; roundss Rx(d), Rx(s), BYTE 8),
            Unary::F64Nearest => dynasm!(buf ; .arch x64 ; roundsd Rx(d), Rx(s), BYTE 8),
            _ => unreachable!("not a rounding or a root: {op:?}"),
        }
    }

    /// The same with three operands: what the destination held is not waited for.
    fn round_or_root_apart(&mut self, op: Unary, dst: Xmm, src: Xmm) {
        let (buf, d, s) = (&mut self.asm.buf, dst.0, src.0);
        match op {
            Unary::F32Sqrt => dynasm!(buf ; .arch x64 ; vsqrtss Rx(d), Rx(s), Rx(s)),
            Unary::F64Sqrt => dynasm!(buf ; .arch x64 ; vsqrtsd Rx(d), Rx(s), Rx(s)),
            Unary::F32Ceil => dynasm!(buf ; .arch x64 ; vroundss Rx(d), Rx(s), Rx(s), BYTE 10),
            Unary::F64Ceil => dynasm!(buf ; .arch x64 ; vroundsd Rx(d), Rx(s), Rx(s), BYTE 10),
            Unary::F32Floor => dynasm!(buf ; .arch x64 ; vroundss Rx(d), Rx(s), Rx(s), BYTE 9),
            Unary::F64Floor => dynasm!(buf ; .arch x64 ; vroundsd Rx(d), Rx(s), Rx(s), BYTE 9),
            Unary::F32Trunc => dynasm!(buf ; .arch x64 ; vroundss Rx(d), Rx(s), Rx(s), BYTE 11),
            Unary::F64Trunc => dynasm!(buf ; .arch x64 ; vroundsd Rx(d), Rx(s), Rx(s), BYTE 11),
            Unary::F32Nearest => dynasm!(buf ; .arch x64 ; vroundss Rx(d), Rx(s), Rx(s), BYTE 8),
            Unary::F64Nearest => dynasm!(buf ; .arch x64 ; vroundsd Rx(d), Rx(s), Rx(s), BYTE 8),
            _ => unreachable!("not a rounding or a root: {op:?}"),
        }
    }
}
