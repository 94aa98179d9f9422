//! Integer arithmetic without divisions and shifts.

use super::Emitter;
use super::asm::SCRATCH;
use super::encode::{Arithmetic, Opcode};
use super::lookback::Sum;
use super::operand::{Rhs, as_const, immediate};
use super::rewrites::Rewrite;
use crate::microwasm::{Binary, Type, Unary};
use crate::seeded::{Bug, seeded};
use crate::state::reg::{Gpr, Reg};
use crate::state::{Location, Machine, Value};
use dynasmrt::{DynasmApi, dynasm};

/// The two-operand instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alu {
    Add,
    Sub,
    Mul,
    And,
    Or,
    Xor,
}

impl Alu {
    /// The instruction for an operator, if it is one of these.
    pub(super) fn of(op: Binary) -> Option<Alu> {
        Some(match op {
            Binary::I32Add | Binary::I64Add => Alu::Add,
            Binary::I32Sub | Binary::I64Sub => Alu::Sub,
            Binary::I32Mul | Binary::I64Mul => Alu::Mul,
            Binary::I32And | Binary::I64And => Alu::And,
            Binary::I32Or | Binary::I64Or => Alu::Or,
            Binary::I32Xor | Binary::I64Xor => Alu::Xor,
            _ => return None,
        })
    }

    /// The same but for the multiplication, which is encoded in another way.
    pub(super) fn arithmetic(self) -> Option<Arithmetic> {
        Some(match self {
            Alu::Add => Arithmetic::Add,
            Alu::Sub => Arithmetic::Sub,
            Alu::And => Arithmetic::And,
            Alu::Or => Arithmetic::Or,
            Alu::Xor => Arithmetic::Xor,
            Alu::Mul => return None,
        })
    }
}

/// By how much a number is to be shifted so that it and the result add up to its product with this factor.
fn shift_of_sum(factor: i32) -> Option<u8> {
    match factor {
        3 => Some(1),
        5 if seeded(Bug::FiveTimesIsNine) => Some(3),
        5 => Some(2),
        9 => Some(3),
        _ => None,
    }
}

impl Emitter {
    /// `a op b`; the result goes to the register `hint` where that costs nothing.
    pub(super) fn alu(&mut self, alu: Alu, ty: Type, a: Value, b: Value, hint: Option<Reg>) -> Reg {
        let wide = ty == Type::I64;
        let (mut a, mut b) = (a, b);
        if alu != Alu::Sub && as_const(a).is_some() {
            (a, b) = (b, a);
        }
        // Subtracting a constant is adding its negation, which can use `lea`.
        let subtrahend = if alu == Alu::Sub { self.immediate_of(b) } else { None };
        let negate = if seeded(Bug::SubtractSmallest) { |imm: i32| Some(imm.wrapping_neg()) } else { i32::checked_neg };
        if let Some(negated) = subtrahend.and_then(negate) {
            if let Some(dst) = self.longer_sum(wide, a, Rhs::Imm(negated), hint) {
                return dst.into();
            }
            let left = self.gpr_of(a);
            return self.alu_to(Alu::Add, wide, left, Rhs::Imm(negated), hint);
        }
        if let Some(dst) = self.alu_fused(alu, ty, a, b, hint) {
            return dst.into();
        }
        let mut left = self.gpr_of(a);
        if alu == Alu::And && wide && as_const(b) == Some(u32::MAX.into()) && self.may(Rewrite::MaskByCopy) {
            // Any instruction of 32 bits clears the upper half.
            let dst = self.alu_destination(left, Rhs::Imm(-1), hint);
            self.asm.buf.reg_reg(Opcode::new(0x8b), dst.0, left.0);
            return dst.into();
        }
        let mut right = self.rhs_of(b);
        if let Rhs::Reg(reg) = right {
            let right_dies = self.state.is_unowned(reg.into()) && !self.state.is_unowned(left.into());
            if (alu != Alu::Sub || seeded(Bug::SubtractCommutes))
                && (hint == Some(reg.into()) || (hint.is_none() && right_dies))
            {
                (left, right) = (reg, Rhs::Reg(left));
            }
        }
        self.alu_to(alu, wide, left, right, hint)
    }

    /// One instruction for this operator and the last instruction, if that made an operand.
    fn alu_fused(&mut self, alu: Alu, ty: Type, a: Value, b: Value, hint: Option<Reg>) -> Option<Gpr> {
        let wide = ty == Type::I64;
        if alu == Alu::Add {
            let term = match as_const(b) {
                Some(bits) => Rhs::Imm(immediate(bits, ty)?),
                None => Rhs::Reg(gpr_in(b)?),
            };
            if let Some(dst) = self.longer_sum(wide, a, term, hint) {
                return Some(dst);
            }
            if let Some(left) = gpr_in(a)
                && let Some(dst) = self.longer_sum(wide, b, Rhs::Reg(left), hint)
            {
                return Some(dst);
            }
        }
        let (left, right) = (gpr_in(a)?, gpr_in(b)?);
        if let Some(dst) = self.alu_with_load(alu, ty, left, b, hint) {
            return Some(dst);
        }
        if alu == Alu::Sub { None } else { self.alu_with_load(alu, ty, right, a, hint) }
    }

    /// `left op right`, where the right-hand side may have been loaded by the last instruction.
    fn alu_with_load(&mut self, alu: Alu, ty: Type, left: Gpr, right: Value, hint: Option<Reg>) -> Option<Gpr> {
        let loaded = self.load_of(right)?;
        if right.location == Location::Reg(left.into()) {
            return None;
        }
        let dst = match hint.map(Reg::gpr) {
            Some(hint) if hint == left => left,
            // What is computed in the register of a local that the loop goes round with needs no move at its end.
            Some(hint) if self.in_loop() && alu != Alu::Add && !loaded.address.needs(hint) => hint,
            Some(_) if self.in_loop() => return None,
            _ if self.state.is_unowned(left.into()) => left,
            _ => return None,
        };
        let loaded = self.fuse_load(right, ty)?;
        if dst != left {
            self.asm.mov(dst.into(), left.into());
        }
        self.alu_from_memory(alu, ty == Type::I64, dst, loaded);
        Some(dst)
    }

    /// A sum that the last instruction made, with one more term.
    #[inline(always)]
    fn longer_sum(&mut self, wide: bool, sum: Value, term: Rhs, hint: Option<Reg>) -> Option<Gpr> {
        let (last, mut sum) = self.sum_of(sum)?;
        if sum.wide != wide {
            return None;
        }
        match term {
            Rhs::Imm(imm) => sum.disp = sum.disp.checked_add(imm)?,
            Rhs::Reg(reg) if reg == last => return None,
            Rhs::Reg(reg) if sum.base.is_none() => sum.base = Some(reg),
            Rhs::Reg(reg) if sum.index.is_none() => sum.index = Some((reg, 0)),
            Rhs::Reg(_) => return None,
        }
        if !self.may(Rewrite::FuseSum) {
            return None;
        }
        self.take_back();
        let dst = hint.map_or(last, Reg::gpr);
        self.emit_sum(dst, sum);
        Some(dst)
    }

    /// `dst = base + (index << shift) + disp`, by `lea`.
    fn emit_sum(&mut self, dst: Gpr, sum: Sum) {
        let start = self.asm.buf.position();
        let lost = seeded(Bug::SumForgetsOffset) && sum.index.is_some() && sum.base.is_some();
        let disp = if lost { 0 } else { sum.disp };
        let wide = sum.wide || seeded(Bug::LeaUpperHalf) && sum.index.is_some();
        self.asm.buf.lea(wide, dst, Sum { disp, ..sum });
        self.remember_sum(start, dst, sum);
        self.keep_flags(start, dst);
    }

    /// A register for the result of an operator on these.
    fn alu_destination(&mut self, left: Gpr, right: Rhs, hint: Option<Reg>) -> Gpr {
        let left_dies = self.state.is_unowned(left.into());
        match hint {
            Some(hint) if hint == left.into() => left,
            // A copy now saves one at the loop's end.
            Some(hint) if right != Rhs::Reg(hint.gpr()) && (!left_dies || self.in_loop()) => hint.gpr(),
            _ if left_dies => left,
            _ => self.alloc_gpr(),
        }
    }

    #[inline(always)]
    fn alu_to(&mut self, alu: Alu, wide: bool, left: Gpr, right: Rhs, hint: Option<Reg>) -> Reg {
        let dst = self.alu_destination(left, right, hint);
        if let (Alu::Mul, Rhs::Imm(imm)) = (alu, right) {
            match shift_of_sum(imm) {
                Some(shift) if self.may(Rewrite::MultiplyBySum) => {
                    self.emit_sum(dst, Sum { wide, base: Some(left), index: Some((left, shift)), disp: 0 });
                }
                _ => self.multiply_immediate(wide, dst, left, imm),
            }
            return dst.into();
        }
        if let (Alu::And, Rhs::Imm(mask @ (0xff | 0xffff))) = (alu, right)
            && dst != left
            && self.may(Rewrite::MaskByCopy)
        {
            // `movzx`, or `movsx`.
            let code = if seeded(Bug::MaskExtendsSign) { 0xbe } else { 0xb6 };
            let op = if mask == 0xff { Opcode::escape(code).byte() } else { Opcode::escape(code + 1) };
            self.asm.buf.reg_reg(op, dst.0, left.0);
            return dst.into();
        }
        if alu != Alu::Add {
            if dst != left {
                self.asm.mov(dst.into(), left.into());
            }
            self.alu_in_place(alu, wide, dst, right);
            return dst.into();
        }
        let (index, disp) = match right {
            Rhs::Reg(index) => (Some((index, 0)), 0),
            Rhs::Imm(imm) => (None, imm),
        };
        let sum = Sum { wide, base: Some(left), index, disp };
        if dst != left && self.may(Rewrite::AddressArithmetic) {
            self.emit_sum(dst, sum);
        } else {
            let start = self.asm.buf.position();
            if dst != left {
                self.asm.mov(dst.into(), left.into());
            }
            self.alu_in_place(alu, wide, dst, right);
            self.remember_sum(start, dst, sum);
        }
        dst.into()
    }

    fn multiply_immediate(&mut self, wide: bool, dst: Gpr, src: Gpr, imm: i32) {
        let buf = &mut self.asm.buf;
        let imm = if seeded(Bug::MultiplyByteImmediate) && (128..256).contains(&imm) { imm - 256 } else { imm };
        match i8::try_from(imm) {
            Ok(imm) => {
                buf.reg_reg(Opcode::new(0x6b).wide(wide), dst.0, src.0);
                buf.push_i8(imm);
            }
            Err(_) => {
                buf.reg_reg(Opcode::new(0x69).wide(wide), dst.0, src.0);
                buf.push_i32(imm);
            }
        }
    }

    fn alu_in_place(&mut self, alu: Alu, wide: bool, dst: Gpr, right: Rhs) {
        // A complement sets no flags.
        let sets_flags = alu != Alu::Mul && !(alu == Alu::Xor && right == Rhs::Imm(-1));
        let buf = &mut self.asm.buf;
        match (alu.arithmetic(), right) {
            (Some(op), Rhs::Reg(src)) => buf.arithmetic(op, wide, dst, src),
            (Some(op), Rhs::Imm(imm)) => buf.arithmetic_imm(op, wide, dst, imm),
            (None, Rhs::Reg(src)) => buf.reg_reg(Opcode::escape(0xaf).wide(wide), dst.0, src.0),
            (None, Rhs::Imm(imm)) => self.multiply_immediate(wide, dst, dst, imm),
        }
        if sets_flags {
            self.remember_flags(dst, wide, matches!(alu, Alu::And | Alu::Or | Alu::Xor));
        }
    }

    /// Counts of leading, trailing and set bits.
    pub(super) fn count_bits(&mut self, op: Unary) {
        let ty = op.result();
        let wide = ty == Type::I64;
        let operand = self.state.pop();
        let src = self.gpr_of(operand);
        let dst = self.result_gpr(src);
        let (s, d) = (src.0, dst.0);
        let features = self.features;
        let buf = &mut self.asm.buf;
        match (op, wide) {
            (Unary::I32Clz, _) if features.lzcnt => dynasm!(buf ; .arch x64 ; lzcnt Rd(d), Rd(s)),
            (Unary::I64Clz, _) if features.lzcnt => dynasm!(buf ; .arch x64 ; lzcnt Rq(d), Rq(s)),
            (Unary::I32Ctz, _) if features.bmi1 => dynasm!(buf ; .arch x64 ; tzcnt Rd(d), Rd(s)),
            (Unary::I64Ctz, _) if features.bmi1 => dynasm!(buf ; .arch x64 ; tzcnt Rq(d), Rq(s)),
            (Unary::I32Popcnt, _) if features.popcnt => dynasm!(buf ; .arch x64 ; popcnt Rd(d), Rd(s)),
            (Unary::I64Popcnt, _) if features.popcnt => dynasm!(buf ; .arch x64 ; popcnt Rq(d), Rq(s)),
            // `bsr` of zero leaves its destination alone: start from what gives the right answer.
            (Unary::I32Clz, _) => dynasm!(buf ; .arch x64
                ; mov Rd(SCRATCH.0), 63 ; bsr Rd(SCRATCH.0), Rd(s) ; mov Rd(d), Rd(SCRATCH.0) ; xor Rd(d), BYTE 31),
            (Unary::I64Clz, _) => dynasm!(buf ; .arch x64
                ; mov Rd(SCRATCH.0), if seeded(Bug::LeadingZerosOfZero) { 0 } else { 127 } ; bsr Rq(SCRATCH.0), Rq(s) ; mov Rd(d), Rd(SCRATCH.0) ; xor Rd(d), BYTE 63),
            (Unary::I32Ctz, _) => dynasm!(buf ; .arch x64
                ; mov Rd(SCRATCH.0), 32 ; bsf Rd(SCRATCH.0), Rd(s) ; mov Rd(d), Rd(SCRATCH.0)),
            (Unary::I64Ctz, _) => dynasm!(buf ; .arch x64
                ; mov Rd(SCRATCH.0), 64 ; bsf Rq(SCRATCH.0), Rq(s) ; mov Rd(d), Rd(SCRATCH.0)),
            _ => self.popcnt_by_parts(wide, dst, src),
        }
        self.push(ty, dst);
    }

    /// Counts set bits without `popcnt`: pairs, nibbles, bytes, and their sum by a multiplication.
    fn popcnt_by_parts(&mut self, wide: bool, dst: Gpr, src: Gpr) {
        self.asm.mov(dst.into(), src.into());
        self.state.hold(dst.into());
        let part = self.alloc_gpr();
        let repeat = |byte: u8| u64::from_le_bytes([byte; 8]) >> if wide { 0 } else { 32 };
        let (d, p, m) = (dst.0, part.0, SCRATCH.0);
        self.asm.mov(part.into(), dst.into());
        self.asm.set_gpr(SCRATCH, repeat(0x55));
        dynasm!(self.asm.buf ; .arch x64 ; shr Rq(p), 1 ; and Rq(p), Rq(m) ; sub Rq(d), Rq(p));
        self.asm.mov(part.into(), dst.into());
        self.asm.set_gpr(SCRATCH, repeat(0x33));
        dynasm!(self.asm.buf ; .arch x64
            ; shr Rq(p), 2 ; and Rq(p), Rq(m) ; and Rq(d), Rq(m) ; add Rq(d), Rq(p));
        self.asm.mov(part.into(), dst.into());
        self.asm.set_gpr(SCRATCH, repeat(if seeded(Bug::PopcountMask) { 0x07 } else { 0x0f }));
        dynasm!(self.asm.buf ; .arch x64 ; shr Rq(p), 4 ; add Rq(d), Rq(p) ; and Rq(d), Rq(m));
        self.asm.set_gpr(SCRATCH, repeat(0x01));
        if wide {
            dynasm!(self.asm.buf ; .arch x64 ; imul Rq(d), Rq(m) ; shr Rq(d), 56);
        } else {
            dynasm!(self.asm.buf ; .arch x64 ; imul Rd(d), Rd(m) ; shr Rd(d), 24);
        }
    }

    /// Sign extension within a register, and `i32.wrap_i64`.
    pub(super) fn extend(&mut self, op: Unary) {
        let operand = self.state.pop();
        let src = self.gpr_of(operand);
        let dst = self.result_gpr(src);
        let (s, d) = (src.0, dst.0);
        let buf = &mut self.asm.buf;
        match op {
            Unary::I32Extend8S => dynasm!(buf ; .arch x64 ; movsx Rd(d), Rb(s)),
            Unary::I32Extend16S => dynasm!(buf ; .arch x64 ; movsx Rd(d), Rw(s)),
            Unary::I64Extend8S => dynasm!(buf ; .arch x64 ; movsx Rq(d), Rb(s)),
            Unary::I64Extend16S => dynasm!(buf ; .arch x64 ; movsx Rq(d), Rw(s)),
            Unary::I64Extend32S | Unary::I64ExtendI32S => dynasm!(buf ; .arch x64 ; movsxd Rq(d), Rd(s)),
            Unary::I32WrapI64 => dynasm!(buf ; .arch x64 ; mov Rd(d), Rd(s)),
            _ => unreachable!("not an extension: {op:?}"),
        }
        self.push(op.result(), dst);
    }
}

/// The general-purpose register that holds a value, if one does.
fn gpr_in(value: Value) -> Option<Gpr> {
    match value.location {
        Location::Reg(reg) => Some(reg.gpr()),
        _ => None,
    }
}
