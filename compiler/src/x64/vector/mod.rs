//! Operators on vectors.
//!
//! Most are one instruction ([`instruction`]); the others are short sequences, written once for both encodings: with
//! AVX an instruction has a destination of its own, without it the first operand is overwritten, and
//! [`Emitter::packed`] and its like copy that operand first where it has to stay.

mod arithmetic;
mod compare;
mod convert;
mod float;
mod instruction;
mod lane;
mod memory;
mod mnemonic;
mod rotate;
mod shift;
mod shuffle;

use super::asm::FLOAT_SCRATCH;
use super::lookback::Loaded;
use super::modrm::Rm;
use super::packed::Packed;
use super::pool::Constant;
use super::rewrites::Rewrite;
use super::{Emitter, Pending};
use crate::microwasm::{Load, Type, Vector};
use crate::seeded::{Bug, seeded};
use crate::state::reg::{Gpr, Xmm};
use crate::state::{Location, Machine, Value};
use dynasmrt::DynasmApi;
use instruction::{Form, Instruction, instruction};
use mnemonic::*;

pub(super) use rotate::Rotation;

/// The right-hand operand of an instruction.
#[derive(Debug, Clone, Copy)]
pub(super) enum Operand {
    Reg(Xmm),
    /// In memory 0.
    Memory(Loaded),
    /// So far above the stack pointer, aligned.
    Frame(i32),
    /// A constant in memory.
    Constant(u128),
}

/// `pshufd`: the upper quadword in both.
const HIGH_HALF: u8 = 0xee;

/// A constant whose bytes are all the same.
const fn bytes(byte: u8) -> u128 {
    u128::from_ne_bytes([byte; 16])
}

/// A constant of eight equal lanes.
const fn words(word: u16) -> u128 {
    word as u128 * 0x0001_0001_0001_0001_0001_0001_0001_0001
}

/// A constant of four equal lanes.
const fn doublewords(word: u32) -> u128 {
    word as u128 * 0x0000_0001_0000_0001_0000_0001_0000_0001
}

/// A constant of two equal lanes.
const fn quadwords(word: u64) -> u128 {
    word as u128 * 0x0000_0000_0000_0001_0000_0000_0000_0001
}

impl Emitter {
    /// An operator on vectors without immediates.
    pub(super) fn vector(&mut self, op: Vector) {
        if op == Vector::V128Or && self.rotate_lanes() {
            return;
        }
        self.flush();
        match op {
            Vector::V128AnyTrue => self.pending = Pending::Lanes { equal: None, negated: false },
            Vector::I8x16AllTrue => self.pending = Pending::Lanes { equal: Some(PCMPEQB), negated: false },
            Vector::I16x8AllTrue => {
                let equal = if seeded(Bug::AllTrueOfBytes) { PCMPEQB } else { PCMPEQW };
                self.pending = Pending::Lanes { equal: Some(equal), negated: false };
            }
            Vector::I32x4AllTrue => self.pending = Pending::Lanes { equal: Some(PCMPEQD), negated: false },
            Vector::I64x2AllTrue => self.pending = Pending::Lanes { equal: Some(PCMPEQQ), negated: false },
            Vector::I8x16Bitmask | Vector::I16x8Bitmask | Vector::I32x4Bitmask | Vector::I64x2Bitmask => {
                self.bitmask(op);
            }
            _ => self.pending = Pending::Vector(op),
        }
    }

    /// The pending operator on vectors is emitted; the result goes to the register `destination` where that costs
    /// nothing.
    pub(super) fn pending_vector(&mut self, destination: Option<Xmm>) {
        self.destination = destination;
        match std::mem::replace(&mut self.pending, Pending::None) {
            Pending::Vector(op) => match instruction(op) {
                Some(Instruction { op, form: Form::Unary, imm }) => self.vector_unary(op, imm),
                Some(instruction) => self.vector_binary(instruction),
                None => self.vector_sequence(op),
            },
            Pending::Rotate(rotation) => self.emit_rotation(rotation),
            pending => unreachable!("not an operator on vectors: {pending:?}"),
        }
        self.destination = None;
    }

    /// A register for the result, which is none of the operands'.
    fn dst_xmm(&mut self) -> Xmm {
        match self.destination.take() {
            Some(destination) if self.state.claim_free(destination.into()) => destination,
            _ => self.alloc_xmm(),
        }
    }

    /// A register for the result: this operand's or none of the operands'.
    fn dst_over(&mut self, src: Xmm) -> Xmm {
        match self.destination.take() {
            Some(destination) if destination == src && self.state.is_unowned(src.into()) => src,
            Some(destination) if self.state.claim_free(destination.into()) => destination,
            _ => self.result_xmm(src),
        }
    }

    fn vector_binary(&mut self, Instruction { op, form, imm }: Instruction) {
        let b = self.state.pop();
        let a = self.state.pop();
        let hint = self.destination.filter(|hint| self.state.is_unowned((*hint).into()));
        let (mut left, mut right) = if form == Form::Exchanged { (b, a) } else { (a, b) };
        let taken_back = |emitter: &Emitter, value| emitter.is_last_vector(value);
        if form == Form::Commutative && taken_back(self, left) && !taken_back(self, right) {
            (left, right) = (right, left);
        }
        // Not if both are one register, which the last instruction made.
        if let (Location::Reg(first), Location::Reg(second)) = (left.location, right.location)
            && first != second
            && let Some(operand) = self.fuse_vector(right, imm.is_none())
        {
            let first = first.xmm();
            let dst = match hint {
                Some(hint) => hint,
                None if self.state.is_unowned(first.into()) => first,
                None => second.xmm(),
            };
            self.packed_operand(op, dst, first, operand, imm);
            return self.push(Type::V128, dst);
        }
        if let Some(disp) = self.asm.aligned_frame_disp(right)
            && self.may(Rewrite::MemoryOperand)
        {
            let first = self.xmm_of(left);
            let dst = match hint {
                Some(hint) if self.features.avx => hint,
                _ if self.state.is_unowned(first.into()) => first,
                _ => self.alloc_xmm(),
            };
            self.packed_operand(op, dst, first, Operand::Frame(disp), imm);
            return self.push(Type::V128, dst);
        }
        let second = self.xmm_of(right);
        let first = self.xmm_of(left);
        let dst = match hint {
            Some(hint) if self.features.avx => hint,
            _ if self.state.is_unowned(first.into()) => first,
            _ if self.state.is_unowned(second.into()) && (self.features.avx || form == Form::Commutative) => second,
            _ => self.alloc_xmm(),
        };
        if dst == second && form == Form::Commutative {
            self.packed_operand(op, dst, second, Operand::Reg(first), imm);
        } else {
            self.packed_operand(op, dst, first, Operand::Reg(second), imm);
        }
        self.push(Type::V128, dst);
    }

    fn vector_unary(&mut self, op: Packed, imm: Option<u8>) {
        let operand = self.state.pop();
        let src = self.xmm_of(operand);
        let dst = self.dst_over(src);
        match imm {
            Some(imm) => self.packed2_imm(op, dst, src, imm),
            None => self.packed2(op, dst, src),
        }
        self.push(Type::V128, dst);
    }

    /// Whether a value was made by the last instruction, which can be made an operand of the next.
    fn is_last_vector(&self, value: Value) -> bool {
        self.load_of(value).is_some_and(|loaded| loaded.op == Load::V128Load) || self.constant_of(value).is_some()
    }

    /// Takes back the load of this value, if it may be fused. Without AVX an operand in memory must be aligned, which
    /// only constants are.
    fn fuse_vector(&mut self, value: Value, constants: bool) -> Option<Operand> {
        let operand = match (self.load_of(value), self.constant_of(value)) {
            (Some(loaded), _) if loaded.op == Load::V128Load && self.features.avx => Operand::Memory(loaded),
            (_, Some(bits)) if constants => Operand::Constant(bits),
            _ => return None,
        };
        if !self.may(Rewrite::MemoryOperand) {
            return None;
        }
        self.take_back();
        Some(operand)
    }

    /// Pushes a constant that is not zero: it is loaded from memory, unless it is all ones.
    pub(super) fn vector_constant(&mut self, bits: u128) {
        let bits = if seeded(Bug::VectorConstantHalf) { bits & u128::from(u64::MAX) } else { bits };
        let dst = self.alloc_xmm();
        if bits == u128::MAX {
            self.all_ones(dst);
        } else {
            let start = self.asm.buf.position();
            self.load_constant(dst, bits);
            self.remember_constant(start, dst, bits);
        }
        self.push(Type::V128, dst);
    }

    /// Sets all bits of a register.
    fn all_ones(&mut self, dst: Xmm) {
        // Itself as the operands: the CPU knows that it need not wait for them.
        self.packed(PCMPEQD, dst, dst, dst);
    }

    /// Loads a constant from memory.
    fn load_constant(&mut self, dst: Xmm, bits: u128) {
        self.asm.buf.sse(MOVAPS, dst.0, Rm::Constant);
        self.asm.use_constant(Constant::Vector(bits));
    }

    /// `dst = left op right`. Neither `left` nor `right` is changed, unless it is `dst`.
    fn packed(&mut self, op: Packed, dst: Xmm, left: Xmm, right: Xmm) {
        self.packed_operand(op, dst, left, Operand::Reg(right), None);
    }

    /// The same with an immediate.
    fn packed_imm(&mut self, op: Packed, dst: Xmm, left: Xmm, right: Xmm, imm: u8) {
        self.packed_operand(op, dst, left, Operand::Reg(right), Some(imm));
    }

    /// The same with a constant on the right.
    fn packed_constant(&mut self, op: Packed, dst: Xmm, left: Xmm, bits: u128) {
        self.packed_operand(op, dst, left, Operand::Constant(bits), None);
    }

    fn packed_operand(&mut self, op: Packed, dst: Xmm, left: Xmm, right: Operand, imm: Option<u8>) {
        let mut right = right;
        if !self.features.avx && dst != left {
            if let Operand::Reg(reg) = right
                && reg == dst
            {
                debug_assert!(left != FLOAT_SCRATCH, "the scratch register is needed for a copy");
                self.asm.mov(FLOAT_SCRATCH.into(), reg.into());
                right = Operand::Reg(FLOAT_SCRATCH);
            }
            self.asm.mov(dst.into(), left.into());
        }
        match right {
            Operand::Reg(reg) => self.encode(op, dst.0, left.0, Rm::Reg(reg.0)),
            Operand::Memory(loaded) => {
                self.may_trap_as(loaded);
                let memory = self.operand_at(loaded.address);
                self.encode(op, dst.0, left.0, memory);
            }
            Operand::Frame(disp) => self.encode(op, dst.0, left.0, Rm::Base(Gpr::RSP, disp)),
            Operand::Constant(bits) => {
                debug_assert!(imm.is_none(), "an immediate would follow the distance to the constant");
                self.encode(op, dst.0, left.0, Rm::Constant);
                self.asm.use_constant(Constant::Vector(bits));
            }
        }
        if let Some(imm) = imm {
            self.asm.buf.push(imm);
        }
    }

    /// An instruction of three operands, or of two of which the first is `left`, too.
    fn encode(&mut self, op: Packed, dst: u8, left: u8, right: Rm) {
        match self.features.avx {
            true => self.asm.buf.vex(op, dst, left, right),
            false => self.asm.buf.sse(op, dst, right),
        }
    }

    /// `dst = op src`.
    fn packed2(&mut self, op: Packed, dst: Xmm, src: Xmm) {
        self.encode2(op, dst.0, Rm::Reg(src.0));
    }

    /// The same with an immediate.
    fn packed2_imm(&mut self, op: Packed, dst: Xmm, src: Xmm, imm: u8) {
        self.packed2(op, dst, src);
        self.asm.buf.push(imm);
    }

    /// An instruction of two operands, which are in any registers or in memory.
    fn encode2(&mut self, op: Packed, reg: u8, rm: Rm) {
        match self.features.avx {
            true => self.asm.buf.vex(op, reg, 0, rm),
            false => self.asm.buf.sse(op, reg, rm),
        }
    }

    /// Moves the low 32 or 64 bits of a general-purpose register to a vector register; the rest becomes zero.
    fn move_from_gpr(&mut self, wide: bool, dst: Xmm, src: Gpr) {
        let op = if wide { MOVD_LOAD.wide() } else { MOVD_LOAD };
        self.encode2(op, dst.0, Rm::Reg(src.0));
    }

    /// Moves the low 32 or 64 bits of a vector register to a general-purpose register.
    fn move_to_gpr(&mut self, wide: bool, dst: Gpr, src: Xmm) {
        let op = if wide { MOVD_STORE.wide() } else { MOVD_STORE };
        self.encode2(op, src.0, Rm::Reg(dst.0));
    }

    /// `dst = 0`.
    fn zero(&mut self, dst: Xmm) {
        self.asm.constant(dst.into(), 0);
    }

    /// Pops an operand into a register.
    fn pop_vector(&mut self) -> Xmm {
        let value = self.state.pop();
        self.xmm_of(value)
    }

    /// Operators that take more than one instruction.
    fn vector_sequence(&mut self, op: Vector) {
        match op {
            Vector::I8x16Swizzle | Vector::I8x16RelaxedSwizzle => self.swizzle(),
            Vector::I8x16Splat
            | Vector::I16x8Splat
            | Vector::I32x4Splat
            | Vector::I64x2Splat
            | Vector::F32x4Splat
            | Vector::F64x2Splat => self.splat(op),
            Vector::I8x16Ne
            | Vector::I8x16LtU
            | Vector::I8x16GtU
            | Vector::I8x16LeS
            | Vector::I8x16LeU
            | Vector::I8x16GeS
            | Vector::I8x16GeU
            | Vector::I16x8Ne
            | Vector::I16x8LtU
            | Vector::I16x8GtU
            | Vector::I16x8LeS
            | Vector::I16x8LeU
            | Vector::I16x8GeS
            | Vector::I16x8GeU
            | Vector::I32x4Ne
            | Vector::I32x4LtU
            | Vector::I32x4GtU
            | Vector::I32x4LeS
            | Vector::I32x4LeU
            | Vector::I32x4GeS
            | Vector::I32x4GeU
            | Vector::I64x2Ne
            | Vector::I64x2LtS
            | Vector::I64x2GtS
            | Vector::I64x2LeS
            | Vector::I64x2GeS => self.compare_lanes(op),
            Vector::V128Not => self.complement(),
            Vector::V128Bitselect
            | Vector::I8x16RelaxedLaneselect
            | Vector::I16x8RelaxedLaneselect
            | Vector::I32x4RelaxedLaneselect
            | Vector::I64x2RelaxedLaneselect => self.bitselect(),
            Vector::I8x16Shl
            | Vector::I8x16ShrS
            | Vector::I8x16ShrU
            | Vector::I16x8Shl
            | Vector::I16x8ShrS
            | Vector::I16x8ShrU
            | Vector::I32x4Shl
            | Vector::I32x4ShrS
            | Vector::I32x4ShrU
            | Vector::I64x2Shl
            | Vector::I64x2ShrS
            | Vector::I64x2ShrU => self.shift_lanes(op),
            Vector::F32x4Abs
            | Vector::F32x4Neg
            | Vector::F64x2Abs
            | Vector::F64x2Neg
            | Vector::F32x4Min
            | Vector::F32x4Max
            | Vector::F64x2Min
            | Vector::F64x2Max
            | Vector::F32x4RelaxedMin
            | Vector::F32x4RelaxedMax
            | Vector::F64x2RelaxedMin
            | Vector::F64x2RelaxedMax
            | Vector::F32x4RelaxedMadd
            | Vector::F32x4RelaxedNmadd
            | Vector::F64x2RelaxedMadd
            | Vector::F64x2RelaxedNmadd => self.vector_float(op),
            Vector::I32x4TruncSatF32x4S
            | Vector::I32x4TruncSatF32x4U
            | Vector::F32x4ConvertI32x4U
            | Vector::I32x4TruncSatF64x2SZero
            | Vector::I32x4TruncSatF64x2UZero
            | Vector::F64x2ConvertLowI32x4U
            | Vector::I32x4RelaxedTruncF32x4S
            | Vector::I32x4RelaxedTruncF32x4U
            | Vector::I32x4RelaxedTruncF64x2SZero
            | Vector::I32x4RelaxedTruncF64x2UZero => self.convert_lanes(op),
            _ => self.vector_arithmetic(op),
        }
    }
}

#[cfg(test)]
mod tests;
