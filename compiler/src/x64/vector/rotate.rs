//! Rotations of lanes, which Wasm writes as `(x << n) | (x >> (bits - n))`.
//!
//! The three operators become one that waits for its destination, so that it takes no register beside that and the
//! scratch register.

use super::mnemonic::*;
use super::shift::logical_shift;
use crate::microwasm::Type;
use crate::seeded::{Bug, seeded};
use crate::state::Location;
use crate::x64::asm::FLOAT_SCRATCH;
use crate::x64::rewrites::Rewrite;
use crate::x64::{Emitter, Pending};

/// A rotation to the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::x64) struct Rotation {
    lane_bits: u8,
    /// More than 0 and less than the bits of a lane.
    count: u8,
}

impl Emitter {
    /// `v128.or`, if its operands are the two halves of a rotation: the last instruction, and a pending operator.
    pub(super) fn rotate_lanes(&mut self) -> bool {
        let Pending::Vector(second) = self.pending else { return false };
        let (Some((left, lane_bits)), Some(part)) = (logical_shift(second), self.lane_shift_at(2)) else {
            return false;
        };
        let (source, count) = (self.state.len() - 2, self.state.len() - 1);
        let Location::Const(count) = self.state.entry(count).location() else { return false };
        let count = count as u8 & (lane_bits - 1);
        let halves = logical_shift(part.op) == Some((!left, lane_bits))
            && self.state.entry(source).location() == Location::Reg(part.src.into())
            && part.count + count == lane_bits;
        if !halves || !self.may(Rewrite::RotateLanes) {
            return false;
        }
        self.state.drop(1);
        self.take_back();
        self.state.put(self.state.len() - 2, &mut self.asm);
        let right = seeded(Bug::LanesRotatedRight);
        self.pending = Pending::Rotate(Rotation { lane_bits, count: if left != right { count } else { part.count } });
        true
    }

    /// The pending rotation is emitted.
    pub(super) fn emit_rotation(&mut self, Rotation { lane_bits, count }: Rotation) {
        let src = self.pop_vector();
        let dst = self.dst_over(src);
        let (left, right) = match lane_bits {
            16 => (PSLLW_IMM, PSRLW_IMM),
            32 => (PSLLD_IMM, PSRLD_IMM),
            _ => (PSLLQ_IMM, PSRLQ_IMM),
        };
        if count.is_multiple_of(8) {
            self.packed_constant(PSHUFB, dst, src, rotated_bytes(lane_bits / 8, count / 8));
        } else {
            self.shift_by(left, FLOAT_SCRATCH, src, count);
            self.shift_by(right, dst, src, lane_bits - count);
            self.packed(POR, dst, dst, FLOAT_SCRATCH);
        }
        self.push(Type::V128, dst);
    }
}

/// The shuffle that rotates lanes of so many bytes to the left by so many.
fn rotated_bytes(lane: u8, count: u8) -> u128 {
    let indices: [u8; 16] = std::array::from_fn(|byte| {
        let (byte, start) = (byte as u8, byte as u8 / lane * lane);
        start + (byte - start + lane - count) % lane
    });
    u128::from_le_bytes(indices)
}
