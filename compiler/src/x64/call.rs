//! Calls.

use super::Emitter;
use super::abi;
use super::asm::{FLOAT_SCRATCH, SCRATCH};
use super::cond;
use super::encode::{Arithmetic, Opcode};
use super::memory_base::MemoryBase;
use super::rewrites::Rewrite;
use crate::microwasm::{FuncType, Type};
use crate::runtime::vmcontext::{VmContext, VmFuncRef, VmStore, VmValue};
use crate::seeded::{Bug, seeded};
use crate::state::reg::{Gpr, RegClass};
use crate::state::{Machine, NONE, Place, Source};
use crate::trap::TrapKind;
use dynasmrt::{DynasmApi, dynasm};
use std::mem::offset_of;

/// Where a context has the base of its memory 0.
const MEMORY0_BASE: i32 = offset_of!(VmContext, memory0_base) as i32;

/// A register that carries no argument and no result, and holds no value while a function is entered or has just returned.
/// What a call that may leave the instance enters finds its caller's context there.
const SPARE: Gpr = Gpr::R10;
/// `wrgsbase`, but for 3 in the place of its second operand.
const SET_SEGMENT_BASE: Opcode = Opcode::escape(0xae).prefix(0xf3).wide(true);

impl Emitter {
    /// `call`.
    pub(super) fn call(&mut self, func: u32, ty: &FuncType) {
        self.close_header_before_call();
        self.save_below(self.state.len() - ty.params.len() as u32);
        let imported = func < self.module.imported_funcs;
        if imported {
            // Arguments may push; the context is saved while the stack pointer is at home.
            self.save_context();
        }
        self.pass_arguments(ty);
        if imported {
            // Neither carries an argument.
            let funcs = if self.memory_base == MemoryBase::Register { SCRATCH } else { Gpr::RAX };
            self.asm.load_ptr(funcs, Gpr::R14, offset_of!(VmContext, funcs) as i32);
            let entry = (func as usize * size_of::<VmFuncRef>()) as i32;
            self.change_context(funcs, entry + offset_of!(VmFuncRef, vmctx) as i32, true);
            let code = entry + offset_of!(VmFuncRef, code) as i32;
            self.asm.loop_calls();
            dynasm!(self.asm.buf ; .arch x64 ; call QWORD [DWORD Rq(funcs.0) + code]);
        } else {
            let defined = func - self.module.imported_funcs;
            self.asm.call_function(defined);
        }
        self.after_call(ty);
        if imported {
            self.restore_context(true);
        }
        self.push_results(ty);
    }

    /// `call_indirect`.
    pub(super) fn call_indirect(&mut self, type_index: u32, ty: &FuncType, table: u32) {
        self.close_header_before_call();
        let operand = self.state.pop();
        let index = self.gpr_of(operand);
        // `rax` carries no argument, so it may hold the function while they are put in place.
        if !seeded(Bug::IndirectClobbersRax) {
            self.state.take(Gpr::RAX.into(), &mut self.asm);
        }
        self.table_element(table, index);
        dynasm!(self.asm.buf ; .arch x64 ; mov rax, [Rq(SCRATCH.0) + Rq(index.0) * 8]);
        let signature = offset_of!(VmFuncRef, signature) as i8;
        if self.may(Rewrite::NullByFault) {
            // Nothing is mapped where the signature of null would be.
            let wrong = seeded(Bug::NullFaultKind);
            if !seeded(Bug::NullNotChecked) {
                self.asm.may_trap(if wrong { TrapKind::BadSignature } else { TrapKind::IndirectCallToNull });
            }
        } else {
            dynasm!(self.asm.buf ; .arch x64 ; test rax, rax);
            if !seeded(Bug::NullNotChecked) {
                self.asm.trap_if(cond::E, TrapKind::IndirectCallToNull);
            }
        }
        dynasm!(self.asm.buf ; .arch x64 ; cmp DWORD [BYTE rax + signature], DWORD 0);
        self.asm.signature_field(type_index);
        if !seeded(Bug::SignatureNotChecked) {
            self.asm.trap_if(cond::NE, TrapKind::BadSignature);
        }

        self.save_below(self.state.len() - ty.params.len() as u32);
        self.save_context();
        self.pass_arguments(ty);
        if !seeded(Bug::CalleeContextNotLoaded) {
            self.change_context(Gpr::RAX, offset_of!(VmFuncRef, vmctx) as i32, false);
        }
        let code = offset_of!(VmFuncRef, code) as i8;
        self.asm.loop_calls();
        dynasm!(self.asm.buf ; .arch x64 ; call QWORD [BYTE rax + code]);
        self.after_call(ty);
        self.restore_context(false);
        self.push_results(ty);
    }

    /// Saves every value that a call would destroy.
    pub(super) fn save_for_call(&mut self) {
        self.save_below(NONE);
    }

    /// Saves the values of positions below `limit` that a call would destroy: in a loop to
    /// registers that the callee preserves, as long as there are some; else to their homes.
    fn save_below(&mut self, limit: u32) {
        let limit = if seeded(Bug::NewestNotSaved) { limit.saturating_sub(1) } else { limit };
        let volatile = self.state.occupied().minus(self.state.callee_saved());
        for reg in volatile.iter() {
            let lost = seeded(Bug::FloatsNotSaved) && reg.class() == RegClass::Float;
            if lost || !self.state.has_owner_below(reg, limit) {
                continue;
            }
            if self.in_loop()
                && reg.class() == RegClass::Int
                && let Some(saved) = self.state.alloc_callee_saved()
            {
                if !seeded(Bug::SavedRegisterReused) || self.state.len() < 4 {
                    self.state.relocate(reg, saved, &mut self.asm);
                }
                continue;
            }
            self.state.evict_below(reg, limit, &mut self.asm);
        }
    }

    /// Moves the arguments to their places and takes them off the stack.
    fn pass_arguments(&mut self, ty: &FuncType) {
        self.asm.work.state_operations += (ty.params.len() + ty.results.len()) as u64;
        let first = self.state.len() - ty.params.len() as u32;
        let pushed = abi::stack_argument_bytes(ty);
        if pushed > 0 {
            dynasm!(self.asm.buf ; .arch x64 ; sub rsp, DWORD pushed as i32);
            self.asm.pushed = pushed;
            for (index, place) in abi::arguments(ty).enumerate() {
                if let abi::Place::Memory(word) = place {
                    let position = first + index as u32;
                    let source = self.state.source(position);
                    let ty = self.state.type_at(position);
                    let swapped = seeded(Bug::StackArgumentsSwapped) && pushed >= 16 && word < 2 && ty != Type::V128;
                    let word = if swapped { 1 - word } else { word };
                    self.store_source(ty, Gpr::RSP, (word * 8) as i32, source);
                }
            }
        }
        for (index, place) in abi::arguments(ty).enumerate() {
            if let abi::Place::Reg(reg) = place {
                let source = self.state.source(first + index as u32);
                let source = match source {
                    Source::Const(bits) if seeded(Bug::ConstantArgumentCut) => Source::Const(bits & 0xffff_ffff),
                    source => source,
                };
                self.state.moves().add(Place::Reg(reg), source);
            }
        }
        self.state.emit_moves(&mut self.asm);
        self.state.drop(ty.params.len() as u32);
    }

    /// Stores a value of a type to memory that is not a home slot.
    pub(super) fn store_source(&mut self, ty: Type, base: Gpr, disp: i32, source: Source) {
        self.asm.work.moves += 1;
        match source {
            Source::Place(Place::Reg(reg)) if seeded(Bug::VectorArgumentHalf) => self.asm.store_reg(base, disp, reg),
            Source::Place(Place::Reg(reg)) => self.asm.store_value(ty, base, disp, reg),
            Source::Place(Place::Slot(slot)) => {
                self.asm.load(FLOAT_SCRATCH.into(), slot);
                self.asm.store_value(ty, base, disp, FLOAT_SCRATCH.into());
            }
            Source::Const(bits) if ty == Type::V128 => {
                self.asm.constant(FLOAT_SCRATCH.into(), bits);
                self.asm.store_vector(base, disp, FLOAT_SCRATCH);
            }
            Source::Const(bits) => {
                // The scratch register may be the base: go through the other one.
                if base == SCRATCH {
                    dynasm!(self.asm.buf ; .arch x64 ; mov DWORD [DWORD Rq(base.0) + disp], DWORD bits as i32);
                    let upper = (bits >> 32) as i32;
                    dynasm!(self.asm.buf ; .arch x64 ; mov DWORD [DWORD Rq(base.0) + disp + 4], DWORD upper);
                } else {
                    self.asm.set_gpr(SCRATCH, bits);
                    self.asm.store_ptr(base, disp, SCRATCH);
                }
            }
        }
    }

    fn after_call(&mut self, ty: &FuncType) {
        self.asm.call_returns();
        self.asm.pushed = 0;
        self.has_calls = true;
        self.state.next_operator();
        debug_assert!(
            ty.results.is_empty() || self.state.occupied().minus(self.state.callee_saved()).is_empty(),
            "nothing that a call destroys is in use after it"
        );
    }

    fn push_results(&mut self, ty: &FuncType) {
        let mut buffer_is_loaded = false;
        for (ty, place) in ty.results.iter().zip(abi::results(ty)) {
            match place {
                abi::Place::Reg(reg) => self.state.push_reg(*ty, reg),
                abi::Place::Memory(entry) => {
                    if !std::mem::replace(&mut buffer_is_loaded, true) {
                        self.load_result_buffer();
                    }
                    let slot = self.state.push_home(*ty);
                    let entry = if seeded(Bug::ThirdResultRepeated) { 0 } else { entry };
                    self.asm.load_value(*ty, FLOAT_SCRATCH.into(), SCRATCH, entry as i32 * size_of::<VmValue>() as i32);
                    self.asm.store(slot, FLOAT_SCRATCH.into());
                }
            }
        }
    }

    /// Puts the address of the store's result buffer into the scratch register.
    pub(super) fn load_result_buffer(&mut self) {
        self.asm.load_ptr(SCRATCH, Gpr::R14, offset_of!(VmContext, store) as i32);
        self.asm.load_ptr(SCRATCH, SCRATCH, offset_of!(VmStore, results) as i32);
    }

    /// Lets the frame hold the context during a call that may change it: from the prologue on, or from here on.
    fn save_context(&mut self) {
        let slot = match self.context_slot {
            Some(slot) => slot,
            None => {
                self.context_in_prologue = self.may(Rewrite::ContextInPrologue);
                *self.context_slot.insert(self.state.reserve_word())
            }
        };
        if !self.context_in_prologue {
            self.asm.store(slot, Gpr::R14.into());
        }
    }

    /// Loads the callee's context from `[base + disp]`, and the base of its memory 0. `other` if the callee is hardly ever
    /// of this instance.
    fn change_context(&mut self, base: Gpr, disp: i32, other: bool) {
        if self.memory_base == MemoryBase::Register {
            self.asm.mov(SPARE.into(), Gpr::R14.into());
            self.asm.load_ptr(Gpr::R14, base, disp);
            return self.load_base(seeded(Bug::CalleeBaseNotLoaded));
        }
        self.asm.load_ptr(SPARE, base, disp);
        self.change_segment(other, false);
    }

    /// The caller's context is back, and the base of its memory 0.
    fn restore_context(&mut self, other: bool) {
        let slot = self.context_slot.expect("the context was saved before the call");
        if self.memory_base == MemoryBase::Register {
            self.asm.load(Gpr::R14.into(), slot);
            return self.load_base(seeded(Bug::BaseNotRestored));
        }
        // Callees preserve their context.
        self.asm.load(SPARE.into(), slot);
        self.change_segment(other, seeded(Bug::SegmentNotRestored));
    }

    /// Puts the base of the context's memory 0 into its register, if it is not `forgotten`.
    fn load_base(&mut self, forgotten: bool) {
        if !forgotten {
            self.asm.load_ptr(Gpr::R15, Gpr::R14, MEMORY0_BASE);
        }
    }

    /// Goes over to the context in the spare register, and leaves the present one there. The segment's base takes longer
    /// to set than to compare, and most often stays the same: the instance does, or the callee is a host function. `kept`
    /// leaves it alone.
    fn change_segment(&mut self, other: bool, kept: bool) {
        let same_context = (!other).then(|| {
            self.asm.buf.arithmetic(Arithmetic::Cmp, true, SPARE, Gpr::R14);
            self.jump_if_equal()
        });
        self.asm.load_ptr(SCRATCH, Gpr::R14, MEMORY0_BASE);
        dynasm!(self.asm.buf ; .arch x64 ; xchg r14, Rq(SPARE.0));
        if !kept {
            self.asm.buf.reg_mem(Opcode::new(0x3b).wide(true), SCRATCH.0, Gpr::R14, MEMORY0_BASE);
            let same_base = self.jump_if_equal();
            self.asm.load_ptr(SCRATCH, Gpr::R14, MEMORY0_BASE);
            self.asm.buf.reg_reg(SET_SEGMENT_BASE, 3, SCRATCH.0);
            self.jump_ends(same_base);
        }
        same_context.into_iter().for_each(|jump| self.jump_ends(jump));
    }

    /// `je` over a few instructions that have no jumps of their own.
    fn jump_if_equal(&mut self) -> u32 {
        dynasm!(self.asm.buf ; .arch x64 ; .u8 0x74, 0);
        self.asm.buf.position()
    }

    /// The jump that ended there leads here.
    fn jump_ends(&mut self, end: u32) {
        let distance = self.asm.buf.position() - end;
        self.asm.buf.patch(end - 1, &[distance as u8]);
    }
}
