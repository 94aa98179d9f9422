//! Integer arithmetic that takes several instructions.

use super::mnemonic::*;
use super::{HIGH_HALF, bytes, doublewords, words};
use crate::microwasm::{Type, Vector};
use crate::seeded::{Bug, seeded};
use crate::state::reg::Xmm;
use crate::x64::Emitter;
use crate::x64::asm::FLOAT_SCRATCH;
use crate::x64::packed::Packed;
use crate::x64::rewrites::Rewrite;

/// `pshufd`: each quadword's lower half twice, of the lower and of the upper two lanes.
const LOW_PAIRS: u8 = 0x50;
const HIGH_PAIRS: u8 = 0xfa;

impl Emitter {
    pub(super) fn vector_arithmetic(&mut self, op: Vector) {
        match op {
            Vector::I8x16Neg => self.negate(PSUBB),
            Vector::I16x8Neg => self.negate(PSUBW),
            Vector::I32x4Neg => self.negate(PSUBD),
            Vector::I64x2Neg => self.negate(PSUBQ),
            Vector::I64x2Abs => self.absolute_quadwords(),
            Vector::I8x16Popcnt => self.popcnt_bytes(),
            Vector::I16x8ExtendHighI8x16S => self.extend_high(PMOVSXBW),
            Vector::I16x8ExtendHighI8x16U => self.interleave_zero(PUNPCKHBW),
            Vector::I32x4ExtendHighI16x8S => self.extend_high(PMOVSXWD),
            Vector::I32x4ExtendHighI16x8U => self.interleave_zero(PUNPCKHWD),
            Vector::I64x2ExtendHighI32x4S => self.extend_high(PMOVSXDQ),
            Vector::I64x2ExtendHighI32x4U => self.interleave_zero(PUNPCKHDQ),
            Vector::I16x8ExtAddPairwiseI8x16S => {
                // The instruction multiplies unsigned bytes by signed ones: here by ones.
                let src = self.pop_vector();
                let dst = self.dst_xmm();
                self.load_constant(dst, bytes(1));
                self.packed(PMADDUBSW, dst, dst, src);
                self.push(Type::V128, dst);
            }
            Vector::I16x8ExtAddPairwiseI8x16U => {
                let start = self.asm.buf.position();
                let src = self.pop_vector();
                let dst = self.dst_over(src);
                self.packed_constant(PMADDUBSW, dst, src, bytes(1));
                self.remember_small_words(start, dst);
                self.push(Type::V128, dst);
            }
            Vector::I32x4ExtAddPairwiseI16x8S => self.with_right_constant(PMADDWD, words(1)),
            Vector::I32x4ExtAddPairwiseI16x8U => {
                let value = self.state.pop();
                if self.has_small_words(value) && self.may(Rewrite::KnownSign) {
                    let src = self.xmm_of(value);
                    let dst = self.dst_over(src);
                    self.packed_constant(PMADDWD, dst, src, words(1));
                    return self.push(Type::V128, dst);
                }
                let src = self.xmm_of(value);
                let dst = self.dst_over(src);
                self.shift_by(PSRLD_IMM, FLOAT_SCRATCH, src, 16);
                self.packed_constant(PAND, dst, src, doublewords(0xffff));
                self.packed(PADDD, dst, dst, FLOAT_SCRATCH);
                self.push(Type::V128, dst);
            }
            Vector::I16x8Q15MulrSatS | Vector::I16x8RelaxedQ15mulrS => {
                // Only -1 times -1 does not fit: 0x8000, which is complemented.
                let b = self.pop_vector();
                let a = self.pop_vector();
                let dst = self.dst_xmm();
                self.packed(PMULHRSW, dst, a, b);
                self.packed_constant(PCMPEQW, FLOAT_SCRATCH, dst, words(0x8000));
                if !seeded(Bug::RoundingProductOverflows) {
                    self.packed(PXOR, dst, dst, FLOAT_SCRATCH);
                }
                self.push(Type::V128, dst);
            }
            Vector::I16x8ExtMulLowI8x16S => self.extend_and_multiply(PMOVSXBW, false),
            Vector::I16x8ExtMulHighI8x16S => self.extend_and_multiply(PMOVSXBW, true),
            Vector::I16x8ExtMulLowI8x16U => self.extend_and_multiply(PMOVZXBW, false),
            Vector::I16x8ExtMulHighI8x16U => self.extend_and_multiply(PMOVZXBW, true),
            Vector::I32x4ExtMulLowI16x8S => self.multiply_halves(PMULHW, PUNPCKLWD),
            Vector::I32x4ExtMulHighI16x8S => self.multiply_halves(PMULHW, PUNPCKHWD),
            Vector::I32x4ExtMulLowI16x8U => self.multiply_halves(PMULHUW, PUNPCKLWD),
            Vector::I32x4ExtMulHighI16x8U if seeded(Bug::ExtendedProductHalf) => {
                self.multiply_halves(PMULHUW, PUNPCKLWD);
            }
            Vector::I32x4ExtMulHighI16x8U => self.multiply_halves(PMULHUW, PUNPCKHWD),
            Vector::I64x2ExtMulLowI32x4S => self.multiply_spread(PMULDQ, LOW_PAIRS),
            Vector::I64x2ExtMulHighI32x4S => self.multiply_spread(PMULDQ, HIGH_PAIRS),
            Vector::I64x2ExtMulLowI32x4U => self.multiply_spread(PMULUDQ, LOW_PAIRS),
            Vector::I64x2ExtMulHighI32x4U => self.multiply_spread(PMULUDQ, HIGH_PAIRS),
            Vector::I64x2Mul => self.multiply_quadwords(),
            Vector::I16x8RelaxedDotI8x16I7x16S => {
                let dst = self.dot_bytes();
                self.push(Type::V128, dst);
            }
            Vector::I32x4RelaxedDotI8x16I7x16AddS => {
                let sum = self.pop_vector();
                let dst = self.dot_bytes();
                self.packed_constant(PMADDWD, dst, dst, words(1));
                self.packed(PADDD, dst, dst, sum);
                self.push(Type::V128, dst);
            }
            _ => unreachable!("has a file of its own or is one instruction: {op:?}"),
        }
    }

    fn negate(&mut self, subtract: Packed) {
        let src = self.pop_vector();
        let dst = self.dst_xmm();
        self.zero(dst);
        self.packed(subtract, dst, dst, src);
        self.push(Type::V128, dst);
    }

    /// `(x ^ sign) - sign`, with the sign in all bits.
    fn absolute_quadwords(&mut self) {
        let src = self.pop_vector();
        let dst = self.dst_over(src);
        self.shift_by(PSRAD_IMM, FLOAT_SCRATCH, src, 31);
        self.packed2_imm(PSHUFD, FLOAT_SCRATCH, FLOAT_SCRATCH, 0xf5);
        self.packed(PXOR, dst, src, FLOAT_SCRATCH);
        self.packed(PSUBQ, dst, dst, FLOAT_SCRATCH);
        self.push(Type::V128, dst);
    }

    /// Each byte's halves choose from a table of sixteen counts.
    fn popcnt_bytes(&mut self) {
        const COUNTS: u128 = u128::from_le_bytes([0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4]);
        let src = self.pop_vector();
        let (dst, low) = (self.dst_xmm(), self.alloc_xmm());
        self.packed_constant(PAND, low, src, bytes(0x0f));
        self.shift_by(PSRLW_IMM, FLOAT_SCRATCH, src, 4);
        self.packed_constant(PAND, FLOAT_SCRATCH, FLOAT_SCRATCH, bytes(0x0f));
        let counts = if seeded(Bug::ByteCountOfOnes) { COUNTS - (1 << 120) } else { COUNTS };
        self.load_constant(dst, counts);
        self.packed(PSHUFB, dst, dst, low);
        self.load_constant(low, COUNTS);
        self.packed(PSHUFB, low, low, FLOAT_SCRATCH);
        self.packed(PADDB, dst, dst, low);
        self.push(Type::V128, dst);
    }

    fn extend_high(&mut self, extend: Packed) {
        let src = self.pop_vector();
        let dst = self.dst_over(src);
        self.packed2_imm(PSHUFD, dst, src, HIGH_HALF);
        self.packed2(extend, dst, dst);
        self.push(Type::V128, dst);
    }

    fn interleave_zero(&mut self, unpack: Packed) {
        let src = self.pop_vector();
        let dst = self.dst_over(src);
        self.zero(FLOAT_SCRATCH);
        self.packed(unpack, dst, src, FLOAT_SCRATCH);
        self.push(Type::V128, dst);
    }

    fn with_right_constant(&mut self, op: Packed, bits: u128) {
        let src = self.pop_vector();
        let dst = self.dst_over(src);
        self.packed_constant(op, dst, src, bits);
        self.push(Type::V128, dst);
    }

    /// Products of extended bytes, of the lower or of the upper eight.
    fn extend_and_multiply(&mut self, extend: Packed, high: bool) {
        let b = self.pop_vector();
        let a = self.pop_vector();
        let dst = self.dst_xmm();
        if high && extend == PMOVZXBW {
            let zero = self.alloc_xmm();
            self.zero(zero);
            self.packed(PUNPCKHBW, dst, a, zero);
            self.packed(PUNPCKHBW, FLOAT_SCRATCH, b, zero);
        } else if high {
            self.packed2_imm(PSHUFD, dst, a, HIGH_HALF);
            self.packed2_imm(PSHUFD, FLOAT_SCRATCH, b, HIGH_HALF);
            self.packed2(extend, dst, dst);
            self.packed2(extend, FLOAT_SCRATCH, FLOAT_SCRATCH);
        } else {
            self.packed2(extend, dst, a);
            self.packed2(extend, FLOAT_SCRATCH, b);
        }
        self.packed(PMULLW, dst, dst, FLOAT_SCRATCH);
        self.push(Type::V128, dst);
    }

    /// The lower and the upper halves of products, interleaved.
    fn multiply_halves(&mut self, high: Packed, interleave: Packed) {
        let b = self.pop_vector();
        let a = self.pop_vector();
        let dst = self.dst_xmm();
        self.packed(high, FLOAT_SCRATCH, a, b);
        self.packed(PMULLW, dst, a, b);
        self.packed(interleave, dst, dst, FLOAT_SCRATCH);
        self.push(Type::V128, dst);
    }

    /// Products of two lanes, which are first spread to where the instruction takes them.
    fn multiply_spread(&mut self, multiply: Packed, spread: u8) {
        let b = self.pop_vector();
        let a = self.pop_vector();
        let dst = self.dst_xmm();
        self.packed2_imm(PSHUFD, dst, a, spread);
        self.packed2_imm(PSHUFD, FLOAT_SCRATCH, b, spread);
        self.packed(multiply, dst, dst, FLOAT_SCRATCH);
        self.push(Type::V128, dst);
    }

    /// Products of 64 bits from those of the halves.
    fn multiply_quadwords(&mut self) {
        let b = self.pop_vector();
        let a = self.pop_vector();
        let (dst, cross) = (self.dst_xmm(), self.alloc_xmm());
        self.shift_by(PSRLQ_IMM, cross, a, 32);
        self.packed(PMULUDQ, cross, cross, b);
        self.shift_by(PSRLQ_IMM, FLOAT_SCRATCH, b, 32);
        self.packed(PMULUDQ, FLOAT_SCRATCH, FLOAT_SCRATCH, a);
        if !seeded(Bug::CrossProductForgotten) {
            self.packed(PADDQ, cross, cross, FLOAT_SCRATCH);
        }
        self.shift_by(PSLLQ_IMM, cross, cross, 32);
        self.packed(PMULUDQ, dst, a, b);
        self.packed(PADDQ, dst, dst, cross);
        self.push(Type::V128, dst);
    }

    /// Sums of two neighbours' products, all bytes signed.
    fn dot_bytes(&mut self) -> Xmm {
        let b = self.pop_vector();
        let a = self.pop_vector();
        let (low, high) = (self.dst_xmm(), self.alloc_xmm());
        // Even bytes are shifted up and down again to have their signs in words, odd ones only down.
        self.shift_by(PSLLW_IMM, low, a, 8);
        self.shift_by(PSRAW_IMM, low, low, 8);
        self.shift_by(PSLLW_IMM, FLOAT_SCRATCH, b, 8);
        self.shift_by(PSRAW_IMM, FLOAT_SCRATCH, FLOAT_SCRATCH, 8);
        self.packed(PMULLW, low, low, FLOAT_SCRATCH);
        self.shift_by(PSRAW_IMM, high, a, 8);
        self.shift_by(PSRAW_IMM, FLOAT_SCRATCH, b, 8);
        self.packed(PMULLW, high, high, FLOAT_SCRATCH);
        self.packed(PADDW, low, low, high);
        low
    }
}
