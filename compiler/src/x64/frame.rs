//! Frames: prologue, epilogue, and the function's record.
//!
//! ```text
//!   stack arguments        8 bytes each, popped by this function
//!   return address
//!   callee-saved registers only those that were used
//!   home slots             [rsp] upwards
//! ```
//!
//! The prologue is emitted last, when all of this is known, and moved into the gap left before the body; if the gap is
//! too small, it stays behind the body and jumps there.

use super::abi;
use super::asm::SCRATCH;
use super::cond;
use super::jumps::{Fixups, FunctionCall};
use super::layout::LINE;
use super::rewrites::Rewrite;
use super::{Emitter, NO_CALL};
use crate::code::FunctionCode;
use crate::runtime::vmcontext::{VmContext, VmStore};
use crate::seeded::{Bug, seeded};
use crate::state::Machine;
use crate::state::reg::{Gpr, RegSet};
use crate::trap::TrapKind;
use dynasmrt::{DynasmApi, dynasm};
use std::mem::offset_of;

/// Bytes left before each body for its prologue, and for what the loops of the function are moved by.
const GAP: u32 = 128;
/// A function that calls nothing and needs less than this many bytes checks no stack limit: below
/// the limit there is always room for more.
const UNCHECKED_LEAF_BYTES: u32 = 1024;

/// What a function's frame turned out to need.
#[derive(Debug, Clone, Copy)]
struct Frame {
    saved: RegSet,
    slot_bytes: u32,
    stack_check: bool,
    /// Whether slots that nothing loads are not stored to.
    only_loaded: bool,
}

impl Frame {
    fn bytes(self) -> u32 {
        self.slot_bytes + 8 * self.saved.len()
    }
}

impl Emitter {
    /// Leaves the gap and starts the body.
    pub(super) fn begin_frame(&mut self) {
        self.function_start = self.asm.begin_function();
        self.asm.buf.skip(GAP);
        self.body = self.asm.here();
    }

    /// Emits everything of the function that is not its body, and records the function.
    pub(super) fn end_frame(&mut self) {
        let only_loaded = self.leave_out_dead_stores();
        let frame = self.plan_frame(only_loaded);
        let body = self.function_start.next_multiple_of(LINE) + GAP;
        if self.falls_into_epilogue || !self.returns.is_empty() {
            let returns = std::mem::replace(&mut self.returns, Fixups::NONE);
            self.asm.bind(returns);
            self.emit_epilogue(frame);
        }
        self.asm.emit_traps();
        let prologue = self.asm.buf.position();
        let stores = self.asm.slot_use.count();
        self.emit_prologue(frame);
        self.asm.slot_use.truncate(stores);
        let length = self.asm.buf.position() - prologue;
        let (from, entry) = if length <= GAP {
            self.asm.move_to_front(prologue, body - length);
            (body - length, body - length)
        } else {
            self.asm.jmp_back(self.body);
            (body, prologue)
        };
        self.asm.emit_traps();
        let (rewrites, offset) = (&mut self.rewrites, self.function_offset);
        let may_shorten = || rewrites.allow(Rewrite::ShortJump, offset);
        let start = self.asm.lay_out(from, self.function_start, may_shorten);
        self.move_listing();
        self.asm.patch_incoming(frame.bytes());
        let entry = self.asm.moved(entry);
        self.asm.code.functions.push(FunctionCode {
            start,
            entry,
            end: self.asm.buf.position(),
            frame_bytes: frame.bytes(),
            wasm_offset: self.function_offset,
        });
        #[cfg(feature = "parallel")]
        if let Some(apart) = &mut self.apart {
            return apart.keep(&mut self.asm);
        }
        self.bind_callers(entry);
    }

    /// Whether the stores that nothing in the function needs are left out.
    fn leave_out_dead_stores(&mut self) -> bool {
        let dead = self.asm.slot_use.keep_dead();
        let left_out = dead && self.rewrites.allow(Rewrite::DeadStore, self.function_offset);
        if !left_out {
            self.asm.slot_use.truncate(0);
        }
        left_out
    }

    fn plan_frame(&self, only_loaded: bool) -> Frame {
        let mut saved = self.state.used_registers().and(self.state.callee_saved());
        if seeded(Bug::ThirdRegisterNotPreserved)
            && let Some(third) = saved.iter().nth(2)
        {
            saved.remove(third);
        }
        let words = if only_loaded { self.asm.slot_use.loaded_words() } else { self.state.frame_words() };
        let mut slot_bytes = 8 * words;
        let bytes = slot_bytes + 8 * saved.len();
        let is_leaf = !self.has_calls;
        // The return address makes a frame of 8 mod 16 the aligned one.
        if !(is_leaf && bytes == 0) && bytes % 16 != 8 {
            slot_bytes += 8;
        }
        Frame { saved, slot_bytes, stack_check: !is_leaf || bytes > UNCHECKED_LEAF_BYTES, only_loaded }
    }

    fn emit_prologue(&mut self, frame: Frame) {
        if frame.stack_check {
            self.asm.wasm_offset = self.function_offset;
            self.asm.load_ptr(SCRATCH, Gpr::R14, offset_of!(VmContext, store) as i32);
            let limit = offset_of!(VmStore, stack_limit) as i32;
            if frame.bytes() > UNCHECKED_LEAF_BYTES {
                self.asm.load_ptr(SCRATCH, SCRATCH, limit);
                dynasm!(self.asm.buf ; .arch x64
                    ; add Rq(SCRATCH.0), DWORD frame.bytes() as i32 ; cmp rsp, Rq(SCRATCH.0));
            } else {
                dynasm!(self.asm.buf ; .arch x64 ; cmp rsp, [BYTE Rq(SCRATCH.0) + limit as i8]);
            }
            self.asm.trap_if(cond::B, TrapKind::StackOverflow);
        }
        for reg in frame.saved.iter() {
            self.asm.buf.push_pop(false, reg.gpr());
        }
        if frame.slot_bytes > 0 {
            match i8::try_from(frame.slot_bytes) {
                Ok(bytes) => dynasm!(self.asm.buf ; .arch x64 ; sub rsp, BYTE bytes),
                Err(_) => dynasm!(self.asm.buf ; .arch x64 ; sub rsp, DWORD frame.slot_bytes as i32),
            }
        }
        let count = self.state.zero_slots().len();
        let lost = seeded(Bug::ContextNotSaved) && count > 0;
        if let Some(slot) = self.context_slot.filter(|_| self.context_in_prologue && !lost) {
            self.asm.store(slot, Gpr::R14.into());
        }
        if count > 0 {
            self.asm.set_gpr(SCRATCH, 0);
            for index in 0..count {
                let slot = self.state.zero_slots()[index];
                if frame.only_loaded && !self.asm.slot_use.is_loaded(slot) {
                    continue;
                }
                let (halves, whole) = (slot.halves(), [slot]);
                let words = halves.as_ref().map_or(&whole[..], |halves| &halves[..]);
                let skipped = usize::from(seeded(Bug::VectorLocalHalfZero) && words.len() == 2);
                for word in &words[..words.len() - skipped] {
                    self.asm.store(*word, SCRATCH.into());
                }
            }
        }
    }

    fn emit_epilogue(&mut self, frame: Frame) {
        if frame.slot_bytes > 0 {
            match i8::try_from(frame.slot_bytes) {
                Ok(bytes) => dynasm!(self.asm.buf ; .arch x64 ; add rsp, BYTE bytes),
                Err(_) => dynasm!(self.asm.buf ; .arch x64 ; add rsp, DWORD frame.slot_bytes as i32),
            }
        }
        let saved: smallvec::SmallVec<[_; 5]> = frame.saved.iter().collect();
        for reg in saved.into_iter().rev() {
            self.asm.buf.push_pop(true, reg.gpr());
        }
        match abi::stack_argument_bytes(&self.ty) {
            0 => dynasm!(self.asm.buf ; .arch x64 ; ret),
            bytes => {
                let kept = if seeded(Bug::ReturnPopsTooLittle) && bytes > 16 { 16 } else { 0 };
                dynasm!(self.asm.buf ; .arch x64 ; ret (bytes - kept) as i16)
            }
        }
    }

    /// The entry of the function just emitted is known: calls so far go there. If the code has
    /// become too large, it is discarded instead.
    pub(super) fn bind_callers(&mut self, entry: u32) {
        if self.asm.buf.position() > self.max_code_bytes {
            self.too_large.get_or_insert(self.function_offset);
        }
        if self.too_large.is_some() {
            self.asm.discard();
            return;
        }
        let defined = (self.index - self.module.imported_funcs) as usize;
        debug_assert_eq!(self.asm.code.functions.len(), defined + 1, "functions come in order");
        let mut caller = std::mem::replace(&mut self.callers[defined], NO_CALL);
        while caller != NO_CALL {
            let next = self.asm.buf.read_u32(caller);
            self.asm.buf.patch(caller, &entry.wrapping_sub(caller + 4).to_le_bytes());
            caller = next;
        }
        for FunctionCall { field, callee } in self.asm.jumps.calls.drain(..) {
            let value = match self.asm.code.functions.get(callee as usize) {
                Some(function) => function.entry.wrapping_sub(field + 4),
                None => std::mem::replace(&mut self.callers[callee as usize], field),
            };
            self.asm.buf.patch(field, &value.to_le_bytes());
        }
        self.asm.chain_constants();
    }

    /// What was recorded of the function's code follows it to its place.
    fn move_listing(&mut self) {
        let Some(listing) = &mut self.listing else { return };
        for operator in &mut listing[self.listing_start..] {
            operator.code_offset = self.asm.moved(operator.code_offset);
        }
        self.listing_start = listing.len();
        for edge in &mut self.edges[self.edges_start..] {
            let moved = self.asm.moved_range(edge.start..edge.end);
            (edge.start, edge.end) = (moved.start, moved.end);
        }
        self.edges_start = self.edges.len();
    }
}
