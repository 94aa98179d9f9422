//! Comparisons lane by lane, tests of all lanes, and selection by bits.

use super::mnemonic::*;
use crate::microwasm::{Type, Vector};
use crate::seeded::{Bug, seeded};
use crate::state::reg::Xmm;
use crate::x64::Emitter;
use crate::x64::asm::FLOAT_SCRATCH;
use crate::x64::modrm::Rm;
use crate::x64::packed::Packed;

impl Emitter {
    /// Comparisons for which there is no instruction: of two lanes that are ordered, the least or the greatest equals
    /// the first; the others are complements.
    pub(super) fn compare_lanes(&mut self, op: Vector) {
        let b = self.pop_vector();
        let a = self.pop_vector();
        let dst = self.dst_xmm();
        let (extreme, equal, complement) = match op {
            Vector::I8x16Ne => return self.not_equal(PCMPEQB, dst, a, b),
            Vector::I16x8Ne => return self.not_equal(PCMPEQW, dst, a, b),
            Vector::I32x4Ne => return self.not_equal(PCMPEQD, dst, a, b),
            Vector::I64x2Ne => return self.not_equal(PCMPEQQ, dst, a, b),
            Vector::I8x16LeS => (PMINSB, PCMPEQB, false),
            Vector::I8x16LeU => (PMINUB, PCMPEQB, false),
            Vector::I8x16GeS => (PMAXSB, PCMPEQB, false),
            Vector::I8x16GeU => (PMAXUB, PCMPEQB, false),
            Vector::I8x16LtU => (PMAXUB, PCMPEQB, true),
            Vector::I8x16GtU => (PMINUB, PCMPEQB, true),
            Vector::I16x8LeS => (PMINSW, PCMPEQW, false),
            Vector::I16x8LeU => (PMINUW, PCMPEQW, false),
            Vector::I16x8GeS => (PMAXSW, PCMPEQW, false),
            Vector::I16x8GeU => (PMAXUW, PCMPEQW, false),
            Vector::I16x8LtU => (PMAXUW, PCMPEQW, true),
            Vector::I16x8GtU => (PMINUW, PCMPEQW, true),
            Vector::I32x4LeS => (PMINSD, PCMPEQD, false),
            Vector::I32x4LeU => (PMINUD, PCMPEQD, false),
            Vector::I32x4GeS => (PMAXSD, PCMPEQD, false),
            Vector::I32x4GeU if seeded(Bug::LaneOrderSigned) => (PMAXSD, PCMPEQD, false),
            Vector::I32x4GeU => (PMAXUD, PCMPEQD, false),
            Vector::I32x4LtU => (PMAXUD, PCMPEQD, true),
            Vector::I32x4GtU => (PMINUD, PCMPEQD, true),
            Vector::I64x2GtS => return self.greater_quadwords(dst, a, b, false),
            Vector::I64x2LtS => return self.greater_quadwords(dst, b, a, false),
            Vector::I64x2LeS => return self.greater_quadwords(dst, a, b, true),
            Vector::I64x2GeS => return self.greater_quadwords(dst, b, a, true),
            _ => unreachable!("not a comparison: {op:?}"),
        };
        self.packed(extreme, dst, a, b);
        self.packed(equal, dst, dst, a);
        self.finish_comparison(dst, complement);
    }

    fn not_equal(&mut self, equal: Packed, dst: Xmm, a: Xmm, b: Xmm) {
        self.packed(equal, dst, a, b);
        self.finish_comparison(dst, true);
    }

    fn finish_comparison(&mut self, dst: Xmm, complement: bool) {
        if complement {
            self.all_ones(FLOAT_SCRATCH);
            self.packed(PXOR, dst, dst, FLOAT_SCRATCH);
        }
        self.push(Type::V128, dst);
    }

    /// `a > b`, or its complement.
    fn greater_quadwords(&mut self, dst: Xmm, a: Xmm, b: Xmm, complement: bool) {
        self.compare_quadwords(dst, a, b);
        self.finish_comparison(dst, complement);
    }

    /// `dst = a > b`; `dst` is neither of them.
    pub(super) fn compare_quadwords(&mut self, dst: Xmm, a: Xmm, b: Xmm) {
        if self.features.avx {
            return self.packed(PCMPGTQ, dst, a, b);
        }
        // The instruction is of SSE4.2. Without it the upper halves decide, or, where they are equal, the borrow of the
        // difference.
        self.packed(PSUBQ, dst, b, a);
        self.packed(PCMPEQD, FLOAT_SCRATCH, a, b);
        self.packed(PAND, dst, dst, FLOAT_SCRATCH);
        self.packed(PCMPGTD, FLOAT_SCRATCH, a, b);
        self.packed(POR, dst, dst, FLOAT_SCRATCH);
        self.packed2_imm(PSHUFD, dst, dst, 0xf5);
    }

    pub(super) fn complement(&mut self) {
        let src = self.pop_vector();
        let dst = self.dst_over(src);
        self.all_ones(FLOAT_SCRATCH);
        self.packed(PXOR, dst, src, FLOAT_SCRATCH);
        self.push(Type::V128, dst);
    }

    /// `a` where the mask's bits are set, else `b`.
    pub(super) fn bitselect(&mut self) {
        let mask = self.pop_vector();
        let b = self.pop_vector();
        let a = self.pop_vector();
        let dst = self.dst_xmm();
        self.packed(PAND, dst, a, mask);
        self.packed(PANDN, FLOAT_SCRATCH, mask, b);
        self.packed(POR, dst, dst, FLOAT_SCRATCH);
        self.push(Type::V128, dst);
    }

    /// `ptest`, which sets the zero flag if no bit of the register is set.
    pub(in crate::x64) fn test_bits(&mut self, src: Xmm) {
        self.encode2(PTEST, src.0, Rm::Reg(src.0));
    }

    /// Pops what is to be tested: the vector itself, or where it equals zero.
    pub(in crate::x64) fn pop_lanes(&mut self, equal: Option<Packed>) -> Xmm {
        let src = self.pop_vector();
        let Some(equal) = equal else { return src };
        let zero = self.alloc_xmm();
        self.zero(zero);
        self.packed(equal, zero, zero, src);
        zero
    }

    /// The lanes' highest bits, the first lane's the lowest.
    pub(super) fn bitmask(&mut self, op: Vector) {
        let src = self.pop_vector();
        let dst = self.alloc_gpr();
        match op {
            Vector::I8x16Bitmask => self.encode2(PMOVMSKB, dst.0, Rm::Reg(src.0)),
            Vector::I32x4Bitmask => self.encode2(MOVMSKPS, dst.0, Rm::Reg(src.0)),
            Vector::I64x2Bitmask => self.encode2(MOVMSKPD, dst.0, Rm::Reg(src.0)),
            _ => {
                // Saturation keeps the signs.
                let narrow = self.alloc_xmm();
                self.zero(FLOAT_SCRATCH);
                self.packed(PACKSSWB, narrow, src, FLOAT_SCRATCH);
                self.encode2(PMOVMSKB, dst.0, Rm::Reg(narrow.0));
            }
        }
        self.push(Type::I32, dst);
    }
}
