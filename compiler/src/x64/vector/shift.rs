//! Shifts of all lanes by one count.

use super::mnemonic::*;
use super::{bytes, quadwords};
use crate::microwasm::{Type, Vector};
use crate::seeded::{Bug, seeded};
use crate::state::Value;
use crate::state::reg::Xmm;
use crate::x64::Emitter;
use crate::x64::asm::{FLOAT_SCRATCH, SCRATCH};
use crate::x64::encode::{Arithmetic, Opcode};
use crate::x64::lookback::LaneShift;
use crate::x64::operand::as_const;
use crate::x64::packed::Packed;
use crate::x64::rewrites::Rewrite;
use dynasmrt::DynasmApi;

/// The shift instructions of a direction and a lane size.
#[derive(Debug, Clone, Copy)]
struct Shift {
    by_register: Packed,
    by_immediate: ImmediateShift,
    lane_bits: u8,
}

const LEFT16: Shift = Shift { by_register: PSLLW, by_immediate: PSLLW_IMM, lane_bits: 16 };
const LEFT32: Shift = Shift { by_register: PSLLD, by_immediate: PSLLD_IMM, lane_bits: 32 };
const LEFT64: Shift = Shift { by_register: PSLLQ, by_immediate: PSLLQ_IMM, lane_bits: 64 };
const RIGHT16: Shift = Shift { by_register: PSRLW, by_immediate: PSRLW_IMM, lane_bits: 16 };
const RIGHT32: Shift = Shift { by_register: PSRLD, by_immediate: PSRLD_IMM, lane_bits: 32 };
const RIGHT64: Shift = Shift { by_register: PSRLQ, by_immediate: PSRLQ_IMM, lane_bits: 64 };
const SIGNED16: Shift = Shift { by_register: PSRAW, by_immediate: PSRAW_IMM, lane_bits: 16 };
const SIGNED32: Shift = Shift { by_register: PSRAD, by_immediate: PSRAD_IMM, lane_bits: 32 };

/// Whether a shift is to the left, and the bits of a lane, if it is a logical one of lanes that have an instruction.
pub(super) fn logical_shift(op: Vector) -> Option<(bool, u8)> {
    Some(match op {
        Vector::I16x8Shl => (true, 16),
        Vector::I32x4Shl => (true, 32),
        Vector::I64x2Shl => (true, 64),
        Vector::I16x8ShrU => (false, 16),
        Vector::I32x4ShrU => (false, 32),
        Vector::I64x2ShrU => (false, 64),
        _ => return None,
    })
}

impl Emitter {
    /// `T.shl` and `T.shr`: the count is taken modulo the lane's bits.
    pub(super) fn shift_lanes(&mut self, op: Vector) {
        let count = self.state.pop();
        let src = self.pop_vector();
        let constant = match as_const(count) {
            Some(bits) if self.may(Rewrite::ShiftImmediate) => Some(bits as u8),
            _ => None,
        };
        let dst = match (op, constant) {
            (Vector::I16x8Shl, _) => self.shift_whole(op, LEFT16, src, count, constant),
            (Vector::I32x4Shl, _) => self.shift_whole(op, LEFT32, src, count, constant),
            (Vector::I64x2Shl, _) => self.shift_whole(op, LEFT64, src, count, constant),
            (Vector::I16x8ShrU, _) => self.shift_whole(op, RIGHT16, src, count, constant),
            (Vector::I32x4ShrU, _) => self.shift_whole(op, RIGHT32, src, count, constant),
            (Vector::I64x2ShrU, _) => self.shift_whole(op, RIGHT64, src, count, constant),
            (Vector::I16x8ShrS, _) => self.shift_whole(op, SIGNED16, src, count, constant),
            (Vector::I32x4ShrS, _) => self.shift_whole(op, SIGNED32, src, count, constant),
            (Vector::I8x16ShrS, Some(n)) => self.signed_bytes_by_constant(src, n & 7),
            (Vector::I8x16ShrS, None) => self.signed_bytes(src, count),
            (Vector::I64x2ShrS, Some(n)) => self.signed_quadwords_by_constant(src, n & 63),
            (Vector::I64x2ShrS, None) => self.signed_quadwords(src, count),
            (Vector::I8x16Shl, Some(n)) => {
                let dst = self.dst_over(src);
                self.shift_by(PSLLW_IMM, dst, src, n & 7);
                self.packed_constant(PAND, dst, dst, bytes(0xff << (n & 7)));
                dst
            }
            (Vector::I8x16ShrU, Some(n)) => {
                let dst = self.dst_over(src);
                self.shift_by(PSRLW_IMM, dst, src, n & 7);
                if !seeded(Bug::ByteShiftKeepsNeighbours) {
                    self.packed_constant(PAND, dst, dst, bytes(0xff >> (n & 7)));
                }
                dst
            }
            (Vector::I8x16Shl | Vector::I8x16ShrU, None) => self.unsigned_bytes(op, src, count),
            _ => unreachable!("not a shift: {op:?}"),
        };
        self.push(Type::V128, dst);
    }

    /// Shifts for which there is an instruction.
    fn shift_whole(&mut self, op: Vector, shift: Shift, src: Xmm, count: Value, constant: Option<u8>) -> Xmm {
        let dst = self.dst_over(src);
        match constant {
            Some(n) => {
                let (start, count) = (self.asm.buf.position(), n & (shift.lane_bits - 1));
                self.shift_by(shift.by_immediate, dst, src, count);
                self.remember_lane_shift(start, dst, LaneShift { op, src, count });
            }
            None => {
                self.count_into_scratch(count, shift.lane_bits - 1, 0);
                self.packed(shift.by_register, dst, src, FLOAT_SCRATCH);
            }
        }
        dst
    }

    /// Puts `(count & mask) + add` into the scratch vector register.
    fn count_into_scratch(&mut self, count: Value, mask: u8, add: i32) {
        let count = self.gpr_of(count);
        self.asm.buf.reg_reg(Opcode::new(0x8b), SCRATCH.0, count.0);
        if !seeded(Bug::LaneShiftNotMasked) {
            self.asm.buf.arithmetic_imm(Arithmetic::And, false, SCRATCH, mask.into());
        }
        if add != 0 {
            self.asm.buf.arithmetic_imm(Arithmetic::Add, false, SCRATCH, add);
        }
        self.move_from_gpr(false, FLOAT_SCRATCH, SCRATCH);
    }

    /// `dst = src` shifted by an immediate.
    pub(super) fn shift_by(&mut self, ImmediateShift(code, part): ImmediateShift, dst: Xmm, src: Xmm, count: u8) {
        use crate::state::Machine;
        let op = Packed::double(code);
        if self.features.avx {
            self.asm.buf.vex(op, part, dst.0, super::Rm::Reg(src.0));
        } else {
            if dst != src {
                self.asm.mov(dst.into(), src.into());
            }
            self.asm.buf.sse(op, part, super::Rm::Reg(dst.0));
        }
        self.asm.buf.push(count);
    }

    /// Bytes are shifted as the upper halves of words.
    fn signed_bytes_by_constant(&mut self, src: Xmm, count: u8) -> Xmm {
        let dst = self.dst_xmm();
        self.packed(PUNPCKHBW, FLOAT_SCRATCH, src, src);
        self.packed(PUNPCKLBW, dst, src, src);
        self.shift_by(PSRAW_IMM, FLOAT_SCRATCH, FLOAT_SCRATCH, count + 8);
        self.shift_by(PSRAW_IMM, dst, dst, count + 8);
        self.packed(PACKSSWB, dst, dst, FLOAT_SCRATCH);
        dst
    }

    fn signed_bytes(&mut self, src: Xmm, count: Value) -> Xmm {
        let (dst, high) = (self.dst_xmm(), self.alloc_xmm());
        self.count_into_scratch(count, 7, 8);
        self.packed(PUNPCKHBW, high, src, src);
        self.packed(PUNPCKLBW, dst, src, src);
        self.packed(PSRAW, high, high, FLOAT_SCRATCH);
        self.packed(PSRAW, dst, dst, FLOAT_SCRATCH);
        self.packed(PACKSSWB, dst, dst, high);
        dst
    }

    /// Words are shifted; the bits that come from a neighbour are masked, before the shift or after it.
    fn unsigned_bytes(&mut self, op: Vector, src: Xmm, count: Value) -> Xmm {
        let (dst, mask) = (self.dst_xmm(), self.alloc_xmm());
        self.count_into_scratch(count, 7, 8);
        self.all_ones(mask);
        self.packed(PSRLW, mask, mask, FLOAT_SCRATCH);
        self.packed(PACKUSWB, mask, mask, mask);
        self.asm.buf.arithmetic_imm(Arithmetic::Sub, false, SCRATCH, 8);
        self.move_from_gpr(false, FLOAT_SCRATCH, SCRATCH);
        if op == Vector::I8x16Shl {
            self.packed(PAND, dst, src, mask);
            self.packed(PSLLW, dst, dst, FLOAT_SCRATCH);
        } else {
            self.packed(PSRLW, dst, src, FLOAT_SCRATCH);
            self.packed(PAND, dst, dst, mask);
        }
        dst
    }

    /// The sign bit comes down without its copies; `(x ^ sign) - sign` makes them.
    fn signed_quadwords_by_constant(&mut self, src: Xmm, count: u8) -> Xmm {
        let dst = self.dst_over(src);
        let sign = quadwords(1 << (63 - count));
        self.shift_by(PSRLQ_IMM, dst, src, count);
        if seeded(Bug::QuadwordShiftLogical) {
            return dst;
        }
        self.packed_constant(PXOR, dst, dst, sign);
        self.packed_constant(PSUBQ, dst, dst, sign);
        dst
    }

    fn signed_quadwords(&mut self, src: Xmm, count: Value) -> Xmm {
        let (dst, sign) = (self.dst_xmm(), self.alloc_xmm());
        self.count_into_scratch(count, 63, 0);
        self.all_ones(sign);
        self.shift_by(PSLLQ_IMM, sign, sign, 63);
        self.packed(PSRLQ, sign, sign, FLOAT_SCRATCH);
        self.packed(PSRLQ, dst, src, FLOAT_SCRATCH);
        self.packed(PXOR, dst, dst, sign);
        self.packed(PSUBQ, dst, dst, sign);
        dst
    }
}
