//! Float arithmetic that takes several instructions.

use super::instruction::UNORDERED;
use super::mnemonic::*;
use super::{doublewords, quadwords};
use crate::microwasm::{Type, Vector};
use crate::seeded::{Bug, seeded};
use crate::state::Location;
use crate::x64::Emitter;
use crate::x64::asm::FLOAT_SCRATCH;
use crate::x64::packed::Packed;

/// The instructions for one lane size.
#[derive(Debug, Clone, Copy)]
struct Lanes {
    minimum: Packed,
    maximum: Packed,
    subtract: Packed,
    compare: Packed,
    /// Moves all but the exponent's and the payload's highest bits out of a lane of ones.
    keep_payload: (ImmediateShift, u8),
}

const SINGLE: Lanes =
    Lanes { minimum: MINPS, maximum: MAXPS, subtract: SUBPS, compare: CMPPS, keep_payload: (PSRLD_IMM, 10) };
const DOUBLE: Lanes =
    Lanes { minimum: MINPD, maximum: MAXPD, subtract: SUBPD, compare: CMPPD, keep_payload: (PSRLQ_IMM, 13) };

const SIGNS32: u128 = doublewords(1 << 31);
const SIGNS64: u128 = quadwords(1 << 63);

impl Emitter {
    pub(super) fn vector_float(&mut self, op: Vector) {
        match op {
            Vector::F32x4Abs => self.change_signs(ANDPS, !SIGNS32),
            Vector::F64x2Abs => self.change_signs(ANDPS, !SIGNS64),
            Vector::F32x4Neg => self.change_signs(XORPS, SIGNS32),
            Vector::F64x2Neg => self.change_signs(XORPS, SIGNS64),
            Vector::F32x4Min | Vector::F32x4RelaxedMin => self.lane_minimum(SINGLE),
            Vector::F64x2Min | Vector::F64x2RelaxedMin => self.lane_minimum(DOUBLE),
            Vector::F32x4Max | Vector::F32x4RelaxedMax => self.lane_maximum(SINGLE),
            Vector::F64x2Max | Vector::F64x2RelaxedMax => self.lane_maximum(DOUBLE),
            Vector::F32x4RelaxedMadd => self.multiply_add(VFMADD231PS, MULPS, ADDPS, false),
            Vector::F64x2RelaxedMadd => self.multiply_add(VFMADD231PD, MULPD, ADDPD, false),
            Vector::F32x4RelaxedNmadd => self.multiply_add(VFNMADD231PS, MULPS, SUBPS, true),
            Vector::F64x2RelaxedNmadd => self.multiply_add(VFNMADD231PD, MULPD, SUBPD, true),
            _ => unreachable!("has a file of its own or is one instruction: {op:?}"),
        }
    }

    fn change_signs(&mut self, op: Packed, bits: u128) {
        let src = self.pop_vector();
        let dst = self.dst_over(src);
        self.packed_constant(op, dst, src, bits);
        self.push(Type::V128, dst);
    }

    /// The instruction returns its second operand for zeros and NaNs: done both ways and combined, the negative zero
    /// and every NaN prevail.
    fn lane_minimum(&mut self, lanes: Lanes) {
        let b = self.pop_vector();
        let a = self.pop_vector();
        let dst = self.dst_xmm();
        self.packed(lanes.minimum, FLOAT_SCRATCH, b, a);
        self.packed(lanes.minimum, dst, a, b);
        if !seeded(Bug::LaneMinimumOfZeros) {
            self.packed(ORPS, FLOAT_SCRATCH, FLOAT_SCRATCH, dst);
        }
        self.packed_imm(lanes.compare, dst, dst, FLOAT_SCRATCH, UNORDERED);
        self.packed(ORPS, FLOAT_SCRATCH, FLOAT_SCRATCH, dst);
        self.finish_extreme(lanes, dst);
    }

    /// As [`Emitter::lane_minimum`]; where two zeros differ, subtracting what differs makes the positive one.
    fn lane_maximum(&mut self, lanes: Lanes) {
        let b = self.pop_vector();
        let a = self.pop_vector();
        let dst = self.dst_xmm();
        self.packed(lanes.maximum, FLOAT_SCRATCH, b, a);
        self.packed(lanes.maximum, dst, a, b);
        self.packed(XORPS, dst, dst, FLOAT_SCRATCH);
        self.packed(ORPS, FLOAT_SCRATCH, FLOAT_SCRATCH, dst);
        self.packed(lanes.subtract, FLOAT_SCRATCH, FLOAT_SCRATCH, dst);
        self.packed_imm(lanes.compare, dst, dst, FLOAT_SCRATCH, UNORDERED);
        self.finish_extreme(lanes, dst);
    }

    /// The result is in the scratch register, `dst` is all ones where it is a NaN: the NaN becomes quiet, and its
    /// payload empty.
    fn finish_extreme(&mut self, lanes: Lanes, dst: crate::state::reg::Xmm) {
        let (shift, count) = lanes.keep_payload;
        self.shift_by(shift, dst, dst, count);
        self.packed(ANDNPS, dst, dst, FLOAT_SCRATCH);
        self.push(Type::V128, dst);
    }

    /// `c + a * b` or `c - a * b`, rounded once where the CPU can, else twice.
    fn multiply_add(&mut self, fused: Packed, multiply: Packed, combine: Packed, negated: bool) {
        if self.features.fma {
            let c = self.state.pop();
            let b = self.state.pop();
            let a = self.state.pop();
            let dies = |location| matches!(location, Location::Reg(reg) if self.state.is_unowned(reg));
            if let (true, Location::Reg(left)) = (dies(c.location), a.location)
                && a.location != c.location
                // What made `b` is not taken back if it made another operand too.
                && b.location != a.location
                && b.location != c.location
                && let Some(operand) = self.fuse_vector(b, true)
            {
                let dst = self.xmm_of(c);
                self.packed_operand(fused, dst, left.xmm(), operand, None);
                return self.push(Type::V128, dst);
            }
            let (a, b, c) = (self.xmm_of(a), self.xmm_of(b), self.modifiable_of(c).xmm());
            let dst = if c == a || c == b { self.copy_of(c) } else { c };
            self.packed(fused, dst, a, b);
            return self.push(Type::V128, dst);
        }
        let c = self.pop_vector();
        let b = self.pop_vector();
        let a = self.pop_vector();
        let dst = self.dst_xmm();
        self.packed(multiply, FLOAT_SCRATCH, a, b);
        match negated {
            true => self.packed(combine, dst, c, FLOAT_SCRATCH),
            false => self.packed(combine, dst, FLOAT_SCRATCH, c),
        }
        self.push(Type::V128, dst);
    }

    fn copy_of(&mut self, src: crate::state::reg::Xmm) -> crate::state::reg::Xmm {
        use crate::state::Machine;
        let copy = self.alloc_xmm();
        self.asm.mov(copy.into(), src.into());
        copy
    }
}
