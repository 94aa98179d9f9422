//! Loads and stores of vectors and of their lanes.

use super::mnemonic::*;
use crate::microwasm::{Load, LoadLane, MemArg, StoreLane, Type};
use crate::seeded::{Bug, seeded};
use crate::state::Machine;
use crate::state::reg::Xmm;
use crate::trap::TrapKind;
use crate::x64::Emitter;
use crate::x64::address::Address;
use crate::x64::packed::Packed;
use dynasmrt::DynasmApi;

impl Emitter {
    /// `v128.load` and its kin.
    pub(in crate::x64) fn load_vector(&mut self, op: Load, arg: MemArg) {
        let operand = self.state.pop();
        let address = self.address(operand, arg);
        let dst = self.alloc_xmm();
        let start = self.asm.buf.position();
        match op {
            Load::V128Load => self.vector_from_memory(MOVUPS_LOAD, dst, address),
            Load::V128Load8x8S if seeded(Bug::ExtendedLoadUnsigned) => self.vector_from_memory(PMOVZXBW, dst, address),
            Load::V128Load8x8S => self.vector_from_memory(PMOVSXBW, dst, address),
            Load::V128Load8x8U => self.vector_from_memory(PMOVZXBW, dst, address),
            Load::V128Load16x4S => self.vector_from_memory(PMOVSXWD, dst, address),
            Load::V128Load16x4U => self.vector_from_memory(PMOVZXWD, dst, address),
            Load::V128Load32x2S => self.vector_from_memory(PMOVSXDQ, dst, address),
            Load::V128Load32x2U => self.vector_from_memory(PMOVZXDQ, dst, address),
            Load::V128Load8Splat if self.features.avx2 => self.vector_from_memory(VPBROADCASTB, dst, address),
            Load::V128Load16Splat if self.features.avx2 => self.vector_from_memory(VPBROADCASTW, dst, address),
            Load::V128Load32Splat if self.features.avx => self.vector_from_memory(VBROADCASTSS, dst, address),
            Load::V128Load8Splat => {
                self.lane_from_memory(PINSRB, dst, dst, address, 0);
                self.spread_byte(dst);
            }
            Load::V128Load16Splat => {
                self.lane_from_memory(PINSRW, dst, dst, address, 0);
                self.spread_word(dst);
            }
            Load::V128Load32Splat => {
                self.vector_from_memory(MOVSS_LOAD, dst, address);
                self.packed_imm(SHUFPS, dst, dst, dst, 0);
            }
            Load::V128Load64Splat => self.vector_from_memory(MOVDDUP, dst, address),
            Load::V128Load32Zero => self.vector_from_memory(MOVSS_LOAD, dst, address),
            _ => self.vector_from_memory(MOVQ_LOAD, dst, address),
        }
        if op == Load::V128Load {
            self.remember_load(start, dst.into(), op, address);
        }
        self.push(Type::V128, dst);
    }

    /// `v128.store`.
    pub(in crate::x64) fn store_vector(&mut self, arg: MemArg) {
        let src = self.pop_vector();
        let operand = self.state.pop();
        let address = self.address(operand, arg);
        self.vector_from_memory(MOVUPS_STORE, src, address);
    }

    /// `v128.loadN_lane`.
    pub(in crate::x64) fn load_lane(&mut self, op: LoadLane, arg: MemArg, lane: u8) {
        self.flush();
        let src = self.pop_vector();
        let operand = self.state.pop();
        let address = self.address(operand, arg);
        let dst = self.result_xmm(src);
        let insert = match op {
            LoadLane::V128Load8Lane => PINSRB,
            LoadLane::V128Load16Lane => PINSRW,
            LoadLane::V128Load32Lane => PINSRD,
            LoadLane::V128Load64Lane => PINSRQ,
        };
        self.lane_from_memory(insert, dst, src, address, lane);
        self.push(Type::V128, dst);
    }

    /// `v128.storeN_lane`.
    pub(in crate::x64) fn store_lane(&mut self, op: StoreLane, arg: MemArg, lane: u8) {
        self.flush();
        let src = self.pop_vector();
        let operand = self.state.pop();
        let address = self.address(operand, arg);
        let (store, lane) = match (op, lane) {
            (StoreLane::V128Store8Lane, lane) => (PEXTRB, Some(lane)),
            (StoreLane::V128Store16Lane, lane) => (PEXTRW_STORE, Some(lane)),
            (StoreLane::V128Store32Lane, 0) => (MOVSS_STORE, None),
            (StoreLane::V128Store32Lane, lane) => (PEXTRD, Some(lane)),
            (StoreLane::V128Store64Lane, 0) => (MOVQ_STORE, None),
            (StoreLane::V128Store64Lane, _) => (MOVHPS_STORE, None),
        };
        self.vector_from_memory(store, src, address);
        if let Some(lane) = lane {
            self.asm.buf.push(lane);
        }
    }

    /// An instruction of one vector register and memory 0, in whichever direction.
    fn vector_from_memory(&mut self, op: Packed, reg: Xmm, address: Address) {
        self.asm.may_trap(TrapKind::MemoryOutOfBounds);
        let memory = self.operand_at(address);
        self.encode2(op, reg.0, memory);
    }

    /// `dst` is `src` but for one lane, which comes from memory 0.
    fn lane_from_memory(&mut self, op: Packed, dst: Xmm, src: Xmm, address: Address, lane: u8) {
        if !self.features.avx && dst != src {
            self.asm.mov(dst.into(), src.into());
        }
        self.asm.may_trap(TrapKind::MemoryOutOfBounds);
        let memory = self.operand_at(address);
        self.encode(op, dst.0, src.0, memory);
        self.asm.buf.push(lane);
    }
}
