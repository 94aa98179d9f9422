//! Splats, and reading and replacing one lane.

use super::HIGH_HALF;
use super::mnemonic::*;
use crate::microwasm::{Lane, Type, Vector};
use crate::seeded::{Bug, seeded};
use crate::state::Machine;
use crate::state::reg::{Gpr, Xmm};
use crate::x64::Emitter;
use crate::x64::asm::FLOAT_SCRATCH;
use crate::x64::encode::Opcode;
use crate::x64::modrm::Rm;
use crate::x64::operand::as_const;
use crate::x64::packed::Packed;
use dynasmrt::DynasmApi;

impl Emitter {
    /// `T.splat`.
    pub(super) fn splat(&mut self, op: Vector) {
        let value = self.state.pop();
        let dst = match op {
            Vector::F32x4Splat | Vector::F64x2Splat => {
                let src = self.xmm_of(value);
                let dst = self.dst_over(src);
                match op {
                    Vector::F32x4Splat => self.packed_imm(SHUFPS, dst, src, src, 0),
                    _ => self.packed2(MOVDDUP, dst, src),
                }
                dst
            }
            _ => {
                let src = self.gpr_of(value);
                let dst = self.dst_xmm();
                self.move_from_gpr(op == Vector::I64x2Splat, dst, src);
                match op {
                    Vector::I8x16Splat => self.spread_byte(dst),
                    Vector::I16x8Splat => self.spread_word(dst),
                    Vector::I32x4Splat => self.packed2_imm(PSHUFD, dst, dst, 0),
                    _ => self.packed(PUNPCKLQDQ, dst, dst, dst),
                }
                dst
            }
        };
        self.push(Type::V128, dst);
    }

    /// The lowest byte into all.
    pub(super) fn spread_byte(&mut self, dst: Xmm) {
        if self.features.avx2 {
            return self.packed2(VPBROADCASTB, dst, dst);
        }
        self.zero(FLOAT_SCRATCH);
        self.packed(PSHUFB, dst, dst, FLOAT_SCRATCH);
    }

    /// The lowest word into all.
    pub(super) fn spread_word(&mut self, dst: Xmm) {
        if self.features.avx2 {
            return self.packed2(VPBROADCASTW, dst, dst);
        }
        self.packed2_imm(PSHUFLW, dst, dst, 0);
        self.packed2_imm(PSHUFD, dst, dst, 0);
    }

    /// `T.extract_lane` and `T.replace_lane`.
    pub(in crate::x64) fn lane(&mut self, op: Lane, lane: u8) {
        self.flush();
        match op {
            Lane::F32x4ExtractLane | Lane::F64x2ExtractLane => self.extract_float(op, lane),
            Lane::I8x16ExtractLaneS
            | Lane::I8x16ExtractLaneU
            | Lane::I16x8ExtractLaneS
            | Lane::I16x8ExtractLaneU
            | Lane::I32x4ExtractLane
            | Lane::I64x2ExtractLane => self.extract_integer(op, lane),
            Lane::F32x4ReplaceLane | Lane::F64x2ReplaceLane => self.replace_float(op, lane),
            Lane::I8x16ReplaceLane if seeded(Bug::LaneBeside) && lane > 7 => self.replace_integer(PINSRB, lane - 1),
            Lane::I8x16ReplaceLane => self.replace_integer(PINSRB, lane),
            Lane::I16x8ReplaceLane => self.replace_integer(PINSRW, lane),
            Lane::I32x4ReplaceLane => self.replace_integer(PINSRD, lane),
            Lane::I64x2ReplaceLane => self.replace_integer(PINSRQ, lane),
        }
    }

    /// A float is the lowest lane of its register; what is above does not matter.
    fn extract_float(&mut self, op: Lane, lane: u8) {
        let src = self.pop_vector();
        let dst = self.result_xmm(src);
        match (op, lane) {
            (_, 0) if dst == src => {}
            (_, 0) => self.asm.mov(dst.into(), src.into()),
            (Lane::F32x4ExtractLane, lane) => self.packed2_imm(PSHUFD, dst, src, lane),
            _ => self.packed2_imm(PSHUFD, dst, src, HIGH_HALF),
        }
        self.push(op.result(), dst);
    }

    fn extract_integer(&mut self, op: Lane, lane: u8) {
        let src = self.pop_vector();
        let dst = self.alloc_gpr();
        match op {
            Lane::I32x4ExtractLane if lane == 0 => self.move_to_gpr(false, dst, src),
            Lane::I64x2ExtractLane if lane == 0 => self.move_to_gpr(true, dst, src),
            Lane::I32x4ExtractLane => self.extract(PEXTRD, dst, src, lane),
            Lane::I64x2ExtractLane => self.extract(PEXTRD.wide(), dst, src, lane),
            Lane::I8x16ExtractLaneS | Lane::I8x16ExtractLaneU => self.extract(PEXTRB, dst, src, lane),
            // Of all these only this one has its destination where the others have the source.
            _ => {
                self.encode2(PEXTRW, dst.0, Rm::Reg(src.0));
                self.asm.buf.push(lane);
            }
        }
        match op {
            Lane::I8x16ExtractLaneS if seeded(Bug::ExtractedByteUnsigned) => {}
            Lane::I8x16ExtractLaneS => self.asm.buf.reg_reg(Opcode::escape(0xbe).byte(), dst.0, dst.0),
            Lane::I16x8ExtractLaneS => self.asm.buf.reg_reg(Opcode::escape(0xbf), dst.0, dst.0),
            _ => {}
        }
        self.push(op.result(), dst);
    }

    fn extract(&mut self, op: Packed, dst: Gpr, src: Xmm, lane: u8) {
        self.encode2(op, src.0, Rm::Reg(dst.0));
        self.asm.buf.push(lane);
    }

    fn replace_integer(&mut self, op: Packed, lane: u8) {
        let value = self.state.pop();
        let value = self.gpr_of(value);
        let vector = self.state.pop();
        if lane == 0 && matches!(op, PINSRD | PINSRQ) && as_const(vector).is_some() {
            // The only constant that is pending is zero.
            let dst = self.alloc_xmm();
            self.move_from_gpr(op == PINSRQ, dst, value);
            return self.push(Type::V128, dst);
        }
        let src = self.xmm_of(vector);
        let dst = self.result_xmm(src);
        if !self.features.avx && dst != src {
            self.asm.mov(dst.into(), src.into());
        }
        self.encode(op, dst.0, src.0, Rm::Reg(value.0));
        self.asm.buf.push(lane);
        self.push(Type::V128, dst);
    }

    fn replace_float(&mut self, op: Lane, lane: u8) {
        let value = self.pop_vector();
        let src = self.pop_vector();
        let dst = self.result_xmm(src);
        match (op, lane) {
            (Lane::F32x4ReplaceLane, lane) => self.packed_imm(INSERTPS, dst, src, value, lane << 4),
            (_, 0) => self.packed(MOVSD, dst, src, value),
            _ => self.packed(MOVLHPS, dst, src, value),
        }
        self.push(Type::V128, dst);
    }
}
