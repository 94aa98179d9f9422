//! Conversions between integers and floats.

use super::Emitter;
use super::asm::{FLOAT_SCRATCH, SCRATCH};
use super::compare::unordered_compare;
use super::cond;
use super::encode::Opcode;
use super::jumps::Fixups;
use super::rewrites::Rewrite;
use crate::microwasm::{Type, Unary};
use crate::seeded::{Bug, seeded};
use crate::state::Machine;
use crate::state::reg::{Gpr, Xmm};
use crate::trap::TrapKind;
use dynasmrt::{DynasmApi, dynasm};

/// A float converted to an integer by truncation.
#[derive(Debug, Clone, Copy)]
struct Truncation {
    double: bool,
    wide: bool,
    signed: bool,
    saturating: bool,
}

impl Truncation {
    fn of(op: Unary) -> Option<Truncation> {
        let t = |double, wide, signed, saturating| Some(Truncation { double, wide, signed, saturating });
        match op {
            Unary::I32TruncF32S => t(false, false, true, false),
            Unary::I32TruncF32U => t(false, false, false, false),
            Unary::I32TruncF64S => t(true, false, true, false),
            Unary::I32TruncF64U => t(true, false, false, false),
            Unary::I64TruncF32S => t(false, true, true, false),
            Unary::I64TruncF32U => t(false, true, false, false),
            Unary::I64TruncF64S => t(true, true, true, false),
            Unary::I64TruncF64U => t(true, true, false, false),
            Unary::I32TruncSatF32S => t(false, false, true, true),
            Unary::I32TruncSatF32U => t(false, false, false, true),
            Unary::I32TruncSatF64S => t(true, false, true, true),
            Unary::I32TruncSatF64U => t(true, false, false, true),
            Unary::I64TruncSatF32S => t(false, true, true, true),
            Unary::I64TruncSatF32U => t(false, true, false, true),
            Unary::I64TruncSatF64S => t(true, true, true, true),
            Unary::I64TruncSatF64U => t(true, true, false, true),
            _ => None,
        }
    }

    /// 2 to the power of 63 in the float type.
    fn two_to_63(self) -> u64 {
        if self.double { 0x43e0_0000_0000_0000 } else { 0x5f00_0000 }
    }

    /// -(2 to the power of 63) in the float type.
    fn minus_two_to_63(self) -> u64 {
        if self.double { 0xc3e0_0000_0000_0000 } else { 0xdf00_0000 }
    }
}

/// The conversion of signed numbers to the same floats.
fn signed(op: Unary) -> Unary {
    match op {
        Unary::F32ConvertI64U => Unary::F32ConvertI64S,
        _ => Unary::F64ConvertI64S,
    }
}

impl Emitter {
    /// Every operator that converts between the register files, or between float sizes.
    pub(super) fn convert(&mut self, op: Unary) {
        if let Some(truncation) = Truncation::of(op) {
            return self.truncate(truncation, op.result());
        }
        let operand = self.state.pop();
        match op {
            Unary::F32DemoteF64 | Unary::F64PromoteF32 => {
                let src = self.xmm_of(operand);
                let dst = self.result_xmm(src);
                match op {
                    // With three operands, what the destination held is not waited for.
                    Unary::F32DemoteF64 if self.features.avx => {
                        dynasm!(self.asm.buf ; .arch x64 ; vcvtsd2ss Rx(dst.0), Rx(src.0), Rx(src.0));
                    }
                    _ if self.features.avx => {
                        dynasm!(self.asm.buf ; .arch x64 ; vcvtss2sd Rx(dst.0), Rx(src.0), Rx(src.0));
                    }
                    Unary::F32DemoteF64 => dynasm!(self.asm.buf ; .arch x64 ; cvtsd2ss Rx(dst.0), Rx(src.0)),
                    _ => dynasm!(self.asm.buf ; .arch x64 ; cvtss2sd Rx(dst.0), Rx(src.0)),
                }
                self.push(op.result(), dst);
            }
            Unary::I32ReinterpretF32 | Unary::I64ReinterpretF64 => {
                let src = self.xmm_of(operand);
                let dst = self.alloc_gpr();
                match op {
                    Unary::I32ReinterpretF32 => dynasm!(self.asm.buf ; .arch x64 ; movd Rd(dst.0), Rx(src.0)),
                    _ => dynasm!(self.asm.buf ; .arch x64 ; movq Rq(dst.0), Rx(src.0)),
                }
                self.push(op.result(), dst);
            }
            Unary::F32ReinterpretI32 | Unary::F64ReinterpretI64 => {
                let src = self.gpr_of(operand);
                let dst = self.alloc_xmm();
                match op {
                    Unary::F32ReinterpretI32 => dynasm!(self.asm.buf ; .arch x64 ; movd Rx(dst.0), Rd(src.0)),
                    _ => dynasm!(self.asm.buf ; .arch x64 ; movq Rx(dst.0), Rq(src.0)),
                }
                self.push(op.result(), dst);
            }
            _ => {
                let unsigned = matches!(op, Unary::F32ConvertI64U | Unary::F64ConvertI64U);
                let same_signed = unsigned && self.has_clear_sign(operand) && self.may(Rewrite::KnownSign);
                let src = self.gpr_of(operand);
                let dst = self.alloc_xmm();
                self.float_from_int(if same_signed { signed(op) } else { op }, dst, src);
                self.push(op.result(), dst);
            }
        }
    }

    fn float_from_int(&mut self, op: Unary, dst: Xmm, src: Gpr) {
        let (buf, d, s) = (&mut self.asm.buf, dst.0, src.0);
        // The conversion writes only a part of the register: cut the dependency on the rest.
        buf.reg_reg(Opcode::escape(0x57), d, d);
        match op {
            Unary::F32ConvertI32S => dynasm!(buf ; .arch x64 ; cvtsi2ss Rx(d), Rd(s)),
            Unary::F64ConvertI32U if seeded(Bug::ConvertU32Signed) => dynasm!(buf ; .arch x64 ; cvtsi2sd Rx(d), Rd(s)),
            Unary::F64ConvertI32S => dynasm!(buf ; .arch x64 ; cvtsi2sd Rx(d), Rd(s)),
            // The upper half is zero, so the 64-bit number is the unsigned 32-bit one.
            Unary::F32ConvertI32U | Unary::F32ConvertI64S => dynasm!(buf ; .arch x64 ; cvtsi2ss Rx(d), Rq(s)),
            Unary::F64ConvertI32U | Unary::F64ConvertI64S => dynasm!(buf ; .arch x64 ; cvtsi2sd Rx(d), Rq(s)),
            Unary::F32ConvertI64U | Unary::F64ConvertI64U => self.float_from_u64(op == Unary::F64ConvertI64U, dst, src),
            _ => unreachable!("not a conversion from an integer: {op:?}"),
        }
    }

    /// Numbers with the top bit set are halved, rounding to odd, converted, and doubled.
    fn float_from_u64(&mut self, double: bool, dst: Xmm, src: Gpr) {
        let (mut big, mut done) = (Fixups::NONE, Fixups::NONE);
        let half = self.alloc_gpr();
        let (asm, d, s, h, low) = (&mut self.asm, dst.0, src.0, half.0, SCRATCH.0);
        dynasm!(asm.buf ; .arch x64 ; test Rq(s), Rq(s));
        asm.jcc(cond::S, &mut big);
        match double {
            false => dynasm!(asm.buf ; .arch x64 ; cvtsi2ss Rx(d), Rq(s)),
            true => dynasm!(asm.buf ; .arch x64 ; cvtsi2sd Rx(d), Rq(s)),
        }
        asm.jmp(&mut done);
        asm.bind(big);
        dynasm!(asm.buf ; .arch x64
            ; mov Rq(h), Rq(s) ; mov Rd(low), Rd(s) ; shr Rq(h), 1 ; and Rd(low), BYTE if seeded(Bug::ConvertNotSticky) { 0 } else { 1 } ; or Rq(h), Rq(low));
        match double {
            false => dynasm!(asm.buf ; .arch x64 ; cvtsi2ss Rx(d), Rq(h) ; addss Rx(d), Rx(d)),
            true => dynasm!(asm.buf ; .arch x64 ; cvtsi2sd Rx(d), Rq(h) ; addsd Rx(d), Rx(d)),
        }
        asm.bind(done);
    }

    fn truncate(&mut self, t: Truncation, ty: Type) {
        let operand = self.state.pop();
        let src = self.xmm_of(operand);
        let dst = self.alloc_gpr();
        match (t.wide, t.signed) {
            (false, _) => self.truncate_to_32(t, dst, src),
            (true, true) => self.truncate_to_i64(t, dst, src),
            (true, false) => self.truncate_to_u64(t, dst, src),
        }
        self.push(ty, dst);
    }

    /// The 64-bit conversion holds every 32-bit result; it fits if it survives narrowing.
    fn truncate_to_32(&mut self, t: Truncation, dst: Gpr, src: Xmm) {
        let (mut fits, mut done) = (Fixups::NONE, Fixups::NONE);
        self.cvtt(t.double, dst, src);
        let (d, n) = (dst.0, SCRATCH.0);
        match t.signed {
            true => dynasm!(self.asm.buf ; .arch x64 ; movsxd Rq(n), Rd(d)),
            false => dynasm!(self.asm.buf ; .arch x64 ; mov Rd(n), Rd(d)),
        }
        dynasm!(self.asm.buf ; .arch x64 ; cmp Rq(n), Rq(d));
        self.asm.jcc(cond::E, &mut fits);
        if t.saturating {
            let (min, max) = if t.signed { (0x8000_0000, 0x7fff_ffff) } else { (0, 0xffff_ffff) };
            self.saturate(t, dst, src, min, max, &mut done);
        } else {
            self.truncation_trap(t, src);
        }
        self.asm.bind(fits);
        dynasm!(self.asm.buf ; .arch x64 ; mov Rd(d), Rd(d));
        self.asm.bind(done);
    }

    /// The conversion says "does not fit" by the smallest number, which may also be right.
    fn truncate_to_i64(&mut self, t: Truncation, dst: Gpr, src: Xmm) {
        let mut done = Fixups::NONE;
        self.cvtt(t.double, dst, src);
        dynasm!(self.asm.buf ; .arch x64 ; cmp Rq(dst.0), BYTE 1);
        self.asm.jcc(cond::NO, &mut done);
        if t.saturating {
            let mut converted = Fixups::NONE;
            self.saturate(t, dst, src, 1 << 63, i64::MAX as u64, &mut converted);
            self.asm.bind(converted);
        } else {
            self.trap_if_nan(t.double, src);
            self.float_scratch_constant(t.minus_two_to_63());
            self.ucomis(t.double, src, FLOAT_SCRATCH);
            self.asm.trap_if(cond::NE, TrapKind::IntegerOverflow);
        }
        self.asm.bind(done);
    }

    /// Numbers from 2^63 on are converted after 2^63 was subtracted.
    fn truncate_to_u64(&mut self, t: Truncation, dst: Gpr, src: Xmm) {
        let (mut big, mut done) = (Fixups::NONE, Fixups::NONE);
        // Registers are given out before the paths part: giving one out may spill.
        let rest = self.alloc_xmm();
        self.float_scratch_constant(t.two_to_63());
        self.ucomis(t.double, src, FLOAT_SCRATCH);
        self.asm.jcc(if seeded(Bug::TruncateBorder) { cond::A } else { cond::AE }, &mut big);
        self.cvtt(t.double, dst, src);
        let d = dst.0;
        dynasm!(self.asm.buf ; .arch x64 ; test Rq(d), Rq(d));
        self.asm.jcc(cond::NS, &mut done);
        if t.saturating {
            // Negative, or NaN.
            self.asm.set_gpr(dst, 0);
            self.asm.jmp(&mut done);
        } else {
            self.truncation_trap(t, src);
        }
        self.asm.bind(big);
        self.asm.mov(rest.into(), src.into());
        match t.double {
            false => dynasm!(self.asm.buf ; .arch x64 ; subss Rx(rest.0), Rx(FLOAT_SCRATCH.0)),
            true => dynasm!(self.asm.buf ; .arch x64 ; subsd Rx(rest.0), Rx(FLOAT_SCRATCH.0)),
        }
        self.cvtt(t.double, dst, rest);
        dynasm!(self.asm.buf ; .arch x64 ; test Rq(d), Rq(d));
        if t.saturating {
            let mut fits = Fixups::NONE;
            self.asm.jcc(cond::NS, &mut fits);
            self.asm.set_gpr(dst, u64::MAX);
            self.asm.jmp(&mut done);
            self.asm.bind(fits);
        } else {
            self.asm.trap_if(cond::S, TrapKind::IntegerOverflow);
        }
        self.asm.set_gpr(SCRATCH, 1 << 63);
        dynasm!(self.asm.buf ; .arch x64 ; xor Rq(d), Rq(SCRATCH.0));
        self.asm.bind(done);
    }

    /// For a number that does not fit: 0 for NaN, else the nearest limit. Ends at `done`.
    fn saturate(&mut self, t: Truncation, dst: Gpr, src: Xmm, min: u64, max: u64, done: &mut Fixups) {
        let (mut number, mut negative) = (Fixups::NONE, Fixups::NONE);
        self.ucomis(t.double, src, src);
        self.asm.jcc(cond::NP, &mut number);
        self.asm.set_gpr(dst, if seeded(Bug::SaturateNan) { max } else { 0 });
        self.asm.jmp(done);
        self.asm.bind(number);
        dynasm!(self.asm.buf ; .arch x64 ; xorps Rx(FLOAT_SCRATCH.0), Rx(FLOAT_SCRATCH.0));
        self.ucomis(t.double, src, FLOAT_SCRATCH);
        self.asm.jcc(cond::B, &mut negative);
        self.asm.set_gpr(dst, max);
        self.asm.jmp(done);
        self.asm.bind(negative);
        self.asm.set_gpr(dst, min);
        self.asm.jmp(done);
    }

    fn truncation_trap(&mut self, t: Truncation, src: Xmm) {
        self.trap_if_nan(t.double, src);
        self.asm.trap(TrapKind::IntegerOverflow);
    }

    fn trap_if_nan(&mut self, double: bool, src: Xmm) {
        self.ucomis(double, src, src);
        let kind = if seeded(Bug::NanTrapKind) { TrapKind::IntegerOverflow } else { TrapKind::BadConversionToInteger };
        self.asm.trap_if(cond::P, kind);
    }

    /// Truncates to a signed 64-bit integer.
    fn cvtt(&mut self, double: bool, dst: Gpr, src: Xmm) {
        match double {
            false => dynasm!(self.asm.buf ; .arch x64 ; cvttss2si Rq(dst.0), Rx(src.0)),
            true => dynasm!(self.asm.buf ; .arch x64 ; cvttsd2si Rq(dst.0), Rx(src.0)),
        }
    }

    fn ucomis(&mut self, double: bool, left: Xmm, right: Xmm) {
        self.asm.buf.reg_reg(unordered_compare(double), left.0, right.0);
    }
}
