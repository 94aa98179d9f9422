//! Shifts and rotations.

use super::Emitter;
use super::encode::Opcode;
use super::lookback::Sum;
use super::operand::as_const;
use super::rewrites::Rewrite;
use crate::microwasm::{Binary, Type};
use crate::seeded::{Bug, seeded};
use crate::state::reg::{Gpr, Reg};
use crate::state::{Machine, Value};
use dynasmrt::{DynasmApi, dynasm};

/// The shift and rotate instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shift {
    Shl,
    ShrS,
    ShrU,
    Rotl,
    Rotr,
}

impl Shift {
    /// The instruction for an operator, if it is one of these.
    pub(super) fn of(op: Binary) -> Option<Shift> {
        Some(match op {
            Binary::I32Shl | Binary::I64Shl => Shift::Shl,
            Binary::I32ShrS | Binary::I64ShrS => Shift::ShrS,
            Binary::I32ShrU | Binary::I64ShrU => Shift::ShrU,
            Binary::I32Rotl | Binary::I64Rotl => Shift::Rotl,
            Binary::I32Rotr | Binary::I64Rotr => Shift::Rotr,
            _ => return None,
        })
    }
}

impl Emitter {
    /// `a shift b`; the result goes to the register `hint` where that costs nothing.
    pub(super) fn shift(&mut self, shift: Shift, ty: Type, a: Value, b: Value, hint: Option<Reg>) -> Reg {
        let wide = ty == Type::I64;
        if let Some(count) = as_const(b)
            && self.may(Rewrite::ShiftImmediate)
        {
            // Both Wasm and the instructions take the count modulo the width.
            let count = (count & if wide && !seeded(Bug::ShiftCountCut) { 63 } else { 31 }) as u8;
            let value = self.reg_of(a);
            let dst = self.shift_destination(value, hint);
            let start = self.asm.buf.position();
            if dst != value.gpr() {
                self.asm.mov(dst.into(), value);
            }
            self.shift_immediate(shift, wide, dst, count as i8);
            if shift == Shift::Shl && (1..=3).contains(&count) {
                let sum = Sum { wide, base: None, index: Some((value.gpr(), count)), disp: 0 };
                self.remember_sum(start, dst, sum);
            }
            let signed = shift == Shift::ShrS && seeded(Bug::SignTakenForClear);
            if wide && count > 0 && (shift == Shift::ShrU || signed) {
                self.remember_clear_sign(start, dst);
            }
            return dst.into();
        }
        let three_operands = self.features.bmi2 && matches!(shift, Shift::Shl | Shift::ShrS | Shift::ShrU);
        if three_operands && self.may(Rewrite::ThreeOperandShift) {
            return self.shift_three_operands(shift, wide, a, b, hint);
        }
        // The count must be in `cl`.
        let count = self.gpr_of(b);
        let mut value = self.gpr_of(a);
        if count != Gpr::RCX {
            if value == Gpr::RCX {
                value = self.alloc_gpr();
                self.asm.mov(value.into(), Gpr::RCX.into());
            }
            if seeded(Bug::ShiftClobbersRcx) {
                self.state.hold(Gpr::RCX.into());
            } else {
                self.state.take(Gpr::RCX.into(), &mut self.asm);
            }
            self.asm.mov(Gpr::RCX.into(), count.into());
        } else {
            self.state.hold(Gpr::RCX.into());
        }
        let dst = if value != Gpr::RCX && self.state.is_unowned(value.into()) {
            value
        } else {
            let dst = self.alloc_gpr();
            self.asm.mov(dst.into(), value.into());
            dst
        };
        let (buf, d) = (&mut self.asm.buf, dst.0);
        match (shift, wide) {
            (Shift::Shl, false) => dynasm!(buf ; .arch x64 ; shl Rd(d), cl),
            (Shift::Shl, true) => dynasm!(buf ; .arch x64 ; shl Rq(d), cl),
            (Shift::ShrS, false) => dynasm!(buf ; .arch x64 ; sar Rd(d), cl),
            (Shift::ShrS, true) => dynasm!(buf ; .arch x64 ; sar Rq(d), cl),
            (Shift::ShrU, false) => dynasm!(buf ; .arch x64 ; shr Rd(d), cl),
            (Shift::ShrU, true) => dynasm!(buf ; .arch x64 ; shr Rq(d), cl),
            (Shift::Rotl, false) => dynasm!(buf ; .arch x64 ; rol Rd(d), cl),
            (Shift::Rotl, true) => dynasm!(buf ; .arch x64 ; rol Rq(d), cl),
            (Shift::Rotr, false) => dynasm!(buf ; .arch x64 ; ror Rd(d), cl),
            (Shift::Rotr, true) => dynasm!(buf ; .arch x64 ; ror Rq(d), cl),
        }
        dst.into()
    }

    /// A register for the shifted value: the hint, or the value's own.
    fn shift_destination(&mut self, value: Reg, hint: Option<Reg>) -> Gpr {
        let dies = self.state.is_unowned(value);
        match hint {
            Some(hint) if !dies || self.in_loop() => hint.gpr(),
            _ if dies => value.gpr(),
            _ => self.alloc_gpr(),
        }
    }

    fn shift_immediate(&mut self, shift: Shift, wide: bool, dst: Gpr, count: i8) {
        let buf = &mut self.asm.buf;
        let number = match shift {
            Shift::Rotr if wide && seeded(Bug::RotateOtherWay) => 0,
            Shift::Rotl => 0,
            Shift::Rotr => 1,
            Shift::Shl => 4,
            Shift::ShrU => 5,
            Shift::ShrS => 7,
        };
        if count == 1 {
            buf.reg_reg(Opcode::new(0xd1).wide(wide), number, dst.0);
        } else {
            buf.reg_reg(Opcode::new(0xc1).wide(wide), number, dst.0);
            buf.push_i8(count);
        }
        if number >= 4 && count != 0 {
            self.remember_flags(dst, wide, false);
        }
    }

    fn shift_three_operands(&mut self, shift: Shift, wide: bool, a: Value, b: Value, hint: Option<Reg>) -> Reg {
        let count = self.gpr_of(b);
        let value = self.gpr_of(a);
        let dst = match hint {
            Some(hint) => hint.gpr(),
            None => self.result_gpr(value),
        };
        let (buf, d, v, c) = (&mut self.asm.buf, dst.0, value.0, count.0);
        match (shift, wide) {
            (Shift::Shl, false) => dynasm!(buf ; .arch x64 ; shlx Rd(d), Rd(v), Rd(c)),
            (Shift::Shl, true) => dynasm!(buf ; .arch x64 ; shlx Rq(d), Rq(v), Rq(c)),
            (Shift::ShrS, false) => dynasm!(buf ; .arch x64 ; sarx Rd(d), Rd(v), Rd(c)),
            (Shift::ShrS, true) => dynasm!(buf ; .arch x64 ; sarx Rq(d), Rq(v), Rq(c)),
            (_, false) => dynasm!(buf ; .arch x64 ; shrx Rd(d), Rd(v), Rd(c)),
            (_, true) => dynasm!(buf ; .arch x64 ; shrx Rq(d), Rq(v), Rq(c)),
        }
        dst.into()
    }
}
