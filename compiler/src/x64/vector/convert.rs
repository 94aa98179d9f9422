//! Conversions between integers and floats that take several instructions.

use super::instruction::{LESS_OR_EQUAL, ORDERED, TRUNCATE};
use super::mnemonic::*;
use super::{doublewords, quadwords};
use crate::microwasm::{Type, Vector};
use crate::seeded::{Bug, seeded};
use crate::x64::Emitter;
use crate::x64::asm::FLOAT_SCRATCH;

/// 2^31 as `f32`, 2^31 - 1 and 2^32 - 1 and 2^52 as `f64`.
const TWO_31: u32 = 0x4f00_0000;
const I32_MAX: u64 = 0x41df_ffff_ffc0_0000;
const U32_MAX: u64 = 0x41ef_ffff_ffe0_0000;
const TWO_52: u64 = 0x4330_0000_0000_0000;

impl Emitter {
    pub(super) fn convert_lanes(&mut self, op: Vector) {
        match op {
            Vector::I32x4TruncSatF32x4S | Vector::I32x4RelaxedTruncF32x4S => self.singles_to_signed(),
            Vector::I32x4TruncSatF32x4U | Vector::I32x4RelaxedTruncF32x4U => self.singles_to_unsigned(),
            Vector::I32x4TruncSatF64x2SZero | Vector::I32x4RelaxedTruncF64x2SZero => self.doubles_to_signed(),
            Vector::I32x4TruncSatF64x2UZero | Vector::I32x4RelaxedTruncF64x2UZero => self.doubles_to_unsigned(),
            Vector::F32x4ConvertI32x4U => self.unsigned_to_singles(),
            Vector::F64x2ConvertLowI32x4U => self.unsigned_to_doubles(),
            _ => unreachable!("not a conversion of several instructions: {op:?}"),
        }
    }

    /// The instruction gives 0x80000000 for all that does not fit: that is wrong for NaNs, which become zero first, and
    /// for what is too large, which is complemented afterwards.
    fn singles_to_signed(&mut self) {
        let src = self.pop_vector();
        let dst = self.dst_xmm();
        self.packed_imm(CMPPS, FLOAT_SCRATCH, src, src, ORDERED);
        let ordered = if seeded(Bug::LaneOfNanConverted) { src } else { FLOAT_SCRATCH };
        self.packed(ANDPS, dst, src, ordered);
        // The sign bit is set where the number is one and not negative.
        self.packed(PXOR, FLOAT_SCRATCH, FLOAT_SCRATCH, dst);
        self.packed2(CVTTPS2DQ, dst, dst);
        self.packed(PAND, FLOAT_SCRATCH, FLOAT_SCRATCH, dst);
        self.shift_by(PSRAD_IMM, FLOAT_SCRATCH, FLOAT_SCRATCH, 31);
        self.packed(PXOR, dst, dst, FLOAT_SCRATCH);
        self.push(Type::V128, dst);
    }

    /// The sum of what fits into 31 bits and of what is beyond.
    fn singles_to_unsigned(&mut self) {
        let src = self.pop_vector();
        let (dst, beyond) = (self.dst_xmm(), self.alloc_xmm());
        self.zero(FLOAT_SCRATCH);
        // NaNs and negative numbers become zero.
        self.packed(MAXPS, dst, src, FLOAT_SCRATCH);
        self.load_constant(FLOAT_SCRATCH, doublewords(TWO_31));
        self.packed(SUBPS, beyond, dst, FLOAT_SCRATCH);
        // All ones where even 32 bits are too few.
        self.packed_imm(CMPPS, FLOAT_SCRATCH, FLOAT_SCRATCH, beyond, LESS_OR_EQUAL);
        self.packed2(CVTTPS2DQ, beyond, beyond);
        self.packed(PXOR, beyond, beyond, FLOAT_SCRATCH);
        self.zero(FLOAT_SCRATCH);
        self.packed(PMAXSD, beyond, beyond, FLOAT_SCRATCH);
        self.packed2(CVTTPS2DQ, dst, dst);
        self.packed(PADDD, dst, dst, beyond);
        self.push(Type::V128, dst);
    }

    /// What is too large is limited; a NaN's limit is zero, which the instruction returns for it.
    fn doubles_to_signed(&mut self) {
        let src = self.pop_vector();
        let dst = self.dst_xmm();
        self.packed_imm(CMPPD, FLOAT_SCRATCH, src, src, ORDERED);
        self.packed_constant(ANDPS, FLOAT_SCRATCH, FLOAT_SCRATCH, quadwords(I32_MAX));
        self.packed(MINPD, dst, src, FLOAT_SCRATCH);
        self.packed2(CVTTPD2DQ, dst, dst);
        self.push(Type::V128, dst);
    }

    /// A whole number below 2^32, added to 2^52, is in the lower half of the sum's bits.
    fn doubles_to_unsigned(&mut self) {
        let src = self.pop_vector();
        let dst = self.dst_xmm();
        self.zero(FLOAT_SCRATCH);
        self.packed(MAXPD, dst, src, FLOAT_SCRATCH);
        self.packed_constant(MINPD, dst, dst, quadwords(U32_MAX));
        self.packed2_imm(ROUNDPD, dst, dst, TRUNCATE);
        self.packed_constant(ADDPD, dst, dst, quadwords(TWO_52));
        self.packed_imm(SHUFPS, dst, dst, FLOAT_SCRATCH, 0x88);
        self.push(Type::V128, dst);
    }

    /// The lower 16 bits are converted, and half of the rest, twice; only the sum is rounded.
    fn unsigned_to_singles(&mut self) {
        let src = self.pop_vector();
        let (dst, low) = (self.dst_xmm(), self.alloc_xmm());
        if seeded(Bug::LaneConvertedSigned) {
            self.packed2(CVTDQ2PS, dst, src);
            return self.push(Type::V128, dst);
        }
        self.zero(low);
        self.packed_imm(PBLENDW, low, low, src, 0x55);
        self.packed(PSUBD, dst, src, low);
        self.packed2(CVTDQ2PS, low, low);
        self.shift_by(PSRLD_IMM, dst, dst, 1);
        self.packed2(CVTDQ2PS, dst, dst);
        self.packed(ADDPS, dst, dst, dst);
        self.packed(ADDPS, dst, dst, low);
        self.push(Type::V128, dst);
    }

    /// The number as the lower half of 2^52 plus it, less 2^52.
    fn unsigned_to_doubles(&mut self) {
        let src = self.pop_vector();
        let dst = self.dst_over(src);
        self.packed_constant(PUNPCKLDQ, dst, src, doublewords((TWO_52 >> 32) as u32));
        self.packed_constant(SUBPD, dst, dst, quadwords(TWO_52));
        self.push(Type::V128, dst);
    }
}
