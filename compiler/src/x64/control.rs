//! Labels and branches.
//!
//! A branch at the end of a block is not emitted at once: if the next thing is the label it goes
//! to, it is a fall through. [`Flow`] holds what is still to be emitted.

use super::Emitter;
use super::abi;
use super::asm::Assembler;
use super::cond::Cond;
use super::edges::EdgePart;
use super::jumps::{Anchor, Fixups};
use super::lookback::{Flags, Last};
use super::pending::Pending;
use super::rewrites::Rewrite;
use crate::microwasm::{Branch, Callers, Label, Target, Type};
use crate::seeded::{Bug, seeded};
use crate::state::{EntryMoves, LabelKind, Machine, Place, ShapeIndex};
use crate::trap::TrapKind;

/// How control reaches the place where code is emitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// From above.
    Open,
    /// Not at all.
    Closed,
    /// The values are in place for a jump to the target, which is not emitted yet.
    Jump(Target),
    /// By a branch, or the other side of one, to the target; nothing is in place yet.
    Continue(Target),
}

/// Where code can be put before a loop.
#[derive(Debug, Clone, Copy)]
pub(super) struct LoopEntry {
    head: Anchor,
    /// How many operators had been listed.
    listed: usize,
}

/// An open label. The record of a closed one is used again. Branches may go to many labels in any order: half a line of the
/// cache is what one needs, beside its shape.
#[derive(Debug)]
#[repr(align(32))]
pub(super) struct LabelState {
    pub(super) keep: u32,
    /// The types of its parameters, in a table: where they start, and how many there are.
    first_param: u32,
    pub(super) params: u32,
    /// How many labels the function had defined before it.
    serial: u32,
    pub(super) shape: Option<ShapeIndex>,
    /// Jumps that await the label.
    jumps: Fixups,
    /// Where it was bound, if it is backward.
    pub(super) bound: Option<Anchor>,
    callers: Callers,
    pub(super) backward: bool,
}

const _: () = assert!(size_of::<LabelState>() == 32, "two labels fill a line");

impl Default for LabelState {
    fn default() -> Self {
        LabelState {
            keep: 0,
            first_param: 0,
            params: 0,
            serial: 0,
            shape: None,
            jumps: Fixups::NONE,
            bound: None,
            callers: Callers::Many,
            backward: false,
        }
    }
}

impl Emitter {
    /// `def`.
    pub(super) fn define(&mut self, label: Label, keep: u32, params: &[Type], callers: Callers, backward: bool) {
        if self.pending != Pending::None && keep >= self.height() {
            // The label keeps the pending value: it is not the condition of a branch.
            self.flush();
        }
        if self.flow == Flow::Open && callers == Callers::Many {
            self.state.freeze(keep, &mut self.asm);
        }
        let index = label.0 as usize;
        debug_assert!(index <= self.labels.len(), "rule M6: labels are a stack");
        if index >= self.labels.len() {
            self.labels.push(LabelState::default());
        }
        self.asm.work.state_operations += params.len() as u64;
        // Labels are a stack, so that their parameters are one.
        let first_param = match index.checked_sub(1) {
            Some(below) if seeded(Bug::ParametersOverwritten) => self.labels[below].first_param,
            Some(below) => self.labels[below].first_param + self.labels[below].params,
            None => 0,
        };
        if !params.is_empty() {
            self.label_params.truncate(first_param as usize);
            params.iter().for_each(|ty| self.label_params.push(*ty));
        }
        let state = &mut self.labels[index];
        if let Some(shape) = state.shape.take() {
            self.shapes.give_back(shape);
        }
        state.keep = keep;
        state.first_param = first_param;
        state.params = params.len() as u32;
        state.callers = callers;
        state.backward = backward;
        state.serial = self.labels_defined;
        self.labels_defined += 1;
        state.jumps = Fixups::NONE;
        state.bound = None;
    }

    /// Binds a label: the code that follows is what its branches go to.
    pub(super) fn label(&mut self, label: Label) {
        self.close_header();
        self.last = Last::NOTHING;
        self.flags = Flags::UNKNOWN;
        let target = Target::Label(label);
        match self.flow {
            Flow::Jump(to) if to == target => {}
            Flow::Continue(to) if to == target => {
                let state = &self.labels[label.0 as usize];
                let exact = self.state.len() == state.keep + state.params;
                if state.shape.is_none() && exact && !state.backward && self.may(Rewrite::Inherit) {
                    // The only way here is from above: everything stays as it is.
                    self.flow = Flow::Open;
                    return;
                }
                let start = self.asm.buf.position();
                self.last_branch_values(to);
                self.emit_branch_values(to);
                self.note_edge(start, to, EdgePart::Own);
            }
            _ => {
                debug_assert!(self.flow != Flow::Open, "rule M3: a block ends before a label");
                self.close_flow();
            }
        }
        let from_above = self.flow == Flow::Jump(target);
        self.flow = Flow::Open;
        let kind = self.place_label(label, from_above);
        let state = &mut self.labels[label.0 as usize];
        let params = &self.label_params[state.first_param as usize..][..state.params as usize];
        let index = match state.shape.take() {
            Some(index) => index,
            None => {
                let index = self.shapes.take();
                let mut shape = self.shapes.at(index);
                if state.backward {
                    // Every branch is still to come.
                    self.state.guess_header(&mut shape, state.keep, params);
                } else {
                    // A branch that was folded away may leave a label without any: its code is dead, but sound.
                    shape.clear();
                }
                index
            }
        };
        self.state.enter(&mut self.shapes.at(index), state.keep, params, kind);
        if state.backward {
            state.shape = Some(index);
            self.loops_bound += 1;
            self.open_header = Some(label);
        } else {
            self.shapes.give_back(index);
        }
    }

    /// The label is here. What kind it is: before an open header there may be code that loads what the loop turns out to
    /// need, if the only way in is from above.
    #[inline]
    fn place_label(&mut self, label: Label, from_above: bool) -> LabelKind {
        let state = &mut self.labels[label.0 as usize];
        let jumps = std::mem::replace(&mut state.jumps, Fixups::NONE);
        debug_assert!(
            from_above || self.met.is_empty(),
            "rule M5: the label that the code above falls into comes next"
        );
        if !state.backward {
            if self.met.is_empty() {
                self.asm.bind(jumps);
            } else {
                self.bind_met(jumps, Target::Label(label));
            }
            return LabelKind::Forward;
        }
        let before = seeded(Bug::BackEdgeReloads).then(|| self.asm.here());
        let aligned = self.may(Rewrite::AlignLoop);
        let head = self.asm.loop_head(aligned);
        self.asm.bind_to(jumps, head);
        self.labels[label.0 as usize].bound = Some(before.unwrap_or(head));
        if !self.may(Rewrite::OpenHeader) {
            return LabelKind::Header;
        }
        let can_hoist = from_above && jumps.is_empty();
        if can_hoist {
            self.loop_entry = Some(LoopEntry { head, listed: self.listing.as_ref().map_or(0, Vec::len) });
        }
        LabelKind::OpenHeader { can_hoist, can_sink: can_hoist && self.may(Rewrite::SinkAtHeader) }
    }

    /// The first branch, label or call after a loop's header: the header's shape is settled.
    #[inline]
    pub(super) fn close_header(&mut self) {
        if let Some(label) = self.open_header.take() {
            self.close_header_of(label);
        }
    }

    fn close_header_of(&mut self, label: Label) {
        let state = &mut self.labels[label.0 as usize];
        let moves = self.state.close_header(state.shape.map(|index| self.shapes.at(index)));
        let lost = seeded(Bug::SingleHoistNotLoaded) && moves.loads.len() == 1;
        if let (Some(entry), false) = (self.loop_entry.take(), moves.is_empty() || lost) {
            self.emit_loop_entry(entry, moves);
        }
    }

    /// A call comes: afterwards registers are not what they were at the header.
    pub(super) fn close_header_before_call(&mut self) {
        while let Some((to, from)) = self.state.carriable()
            && self.may(Rewrite::CarryOverCall)
        {
            self.state.carry(to, from);
        }
        if !seeded(Bug::CallKeepsHeaderOpen) {
            self.close_header();
        }
    }

    /// Moves what the loop needs, before the loop.
    fn emit_loop_entry(&mut self, entry: LoopEntry, moves: EntryMoves) {
        let middle = self.asm.buf.position();
        for (slot, reg) in moves.stores {
            if !seeded(Bug::SunkValueNotStored) {
                self.asm.store(slot, reg);
            }
        }
        for (to, from) in moves.copies {
            if !seeded(Bug::CarriedNotCopied) {
                self.asm.mov(to, from);
            }
        }
        for (reg, slot) in moves.loads {
            self.asm.load(reg, slot);
        }
        let start = self.asm.position_of(entry.head);
        let bytes = self.asm.move_before(entry.head, middle);
        self.last = Last::NOTHING;
        for operator in self.listing.iter_mut().flat_map(|listing| &mut listing[entry.listed..]) {
            operator.code_offset += bytes;
        }
        self.note_loop_entry(start, start + bytes);
    }

    /// `br`.
    pub(super) fn br(&mut self, target: Target) {
        self.close_header();
        if let Target::Label(label) = target
            && let LabelState { shape: None, backward: false, .. } = self.labels[label.0 as usize]
        {
            // If the label comes next, nobody else has branched to it.
            self.flow = Flow::Continue(target);
            return;
        }
        let start = self.asm.buf.position();
        self.meet(target);
        self.last_branch_values(target);
        self.emit_branch_values(target);
        self.note_edge(start, target, EdgePart::Own);
        self.flow = Flow::Jump(target);
    }

    /// The code above falls into a label that one branch goes to: what is a constant there has to be somewhere. The branch
    /// brings it there on its way.
    fn meet(&mut self, target: Target) {
        if let Target::Label(label) = target
            && let LabelState { callers: Callers::One, shape: Some(shape), .. } = self.labels[label.0 as usize]
        {
            self.state.place_constants(&mut self.shapes.at(shape), &mut self.met);
        }
    }

    /// Binds the jumps to a label that the code above falls into, and brings what they left out to its place.
    fn bind_met(&mut self, jumps: Fixups, target: Target) {
        let mut over = Fixups::NONE;
        self.asm.jmp(&mut over);
        self.asm.bind(jumps);
        let start = self.asm.buf.position();
        for (place, bits) in std::mem::take(&mut self.met) {
            match place {
                _ if seeded(Bug::MetConstantLost) => {}
                Place::Reg(reg) => self.asm.constant(reg, bits),
                Place::Slot(slot) => self.asm.store_constant(slot, bits),
            }
        }
        self.note_edge(start, target, EdgePart::Adaptor);
        self.asm.bind(over);
    }

    /// `br_if`.
    pub(super) fn br_if(&mut self, then: Target, otherwise: Target) {
        if let Some(holds) = self.fold_condition() {
            return self.br(if holds { then } else { otherwise });
        }
        let negate = self.likely_next(then) > self.likely_next(otherwise);
        let (taken, next) = if negate { (otherwise, then) } else { (then, otherwise) };
        self.branch_to(taken, negate);
        self.flow = Flow::Continue(next);
    }

    /// `br_if` whose other side comes next, with the label that stands there.
    pub(super) fn branch_or_go_on(&mut self, branch: Branch<'_>) {
        let Branch { target, if_zero, next, keep, params } = branch;
        if self.knows_condition() || !self.may(Rewrite::Inherit) {
            self.define(next, keep, params, Callers::One, false);
            let next = Target::Label(next);
            if if_zero {
                self.br_if(next, target)
            } else {
                self.br_if(target, next)
            };
            return self.label(branch.next);
        }
        self.branch_to(target, if_zero);
        debug_assert_eq!(self.state.len(), keep + params.len() as u32, "rule M2: the stack is the label's");
        self.last = Last::NOTHING;
        self.flags = Flags::UNKNOWN;
    }

    /// A branch by the condition on top, the other side of which is still to be emitted.
    fn branch_to(&mut self, taken: Target, negate: bool) {
        let test = self.pop_condition();
        self.close_header();
        let start = self.asm.buf.position();
        self.settle_for(taken);
        self.branch_values(taken);
        self.note_edge(start, taken, EdgePart::Shared);
        let cond = self.emit_test(test).negate_if(negate);
        if seeded(Bug::BranchMovesOnBothPaths) && !self.has_memory_results(taken) {
            self.emit_branch_values(taken);
        }
        self.take_if(cond, taken);
    }

    /// A branch if the flags say so; its moves were collected.
    pub(super) fn take_if(&mut self, cond: Cond, taken: Target) {
        if self.state.moves().is_empty() && !self.has_memory_results(taken) {
            self.note_edge(self.asm.buf.position(), taken, EdgePart::Own);
            self.jump_to_if(cond, taken);
        } else {
            let mut over = Fixups::NONE;
            self.jump_if(cond.not(), &mut over);
            let start = self.asm.buf.position();
            self.emit_branch_values(taken);
            self.note_edge(start, taken, EdgePart::Adaptor);
            self.jump(taken);
            self.asm.bind(over);
        }
    }

    /// How likely code at a target comes next: what was defined last most likely does, what is bound never does.
    fn likely_next(&self, target: Target) -> u32 {
        let Target::Label(label) = target else { return 0 };
        let label = &self.labels[label.0 as usize];
        if label.bound.is_some() { 0 } else { label.serial + 1 }
    }

    /// `unreachable`.
    pub(super) fn unreachable(&mut self) {
        if seeded(Bug::UnreachableFallsThrough) && self.ty.results.is_empty() {
            return self.br(Target::Return);
        }
        self.asm.trap(TrapKind::Unreachable);
        self.flow = Flow::Closed;
    }

    /// The function ends: emits the last jump, unless it falls into the epilogue.
    pub(super) fn finish_flow(&mut self) {
        self.close_header();
        if self.flow == Flow::Jump(Target::Return) {
            self.falls_into_epilogue = true;
        } else {
            self.close_flow();
        }
    }

    /// Emits what is still to be emitted of the last branch.
    fn close_flow(&mut self) {
        match self.flow {
            Flow::Open | Flow::Closed => {}
            Flow::Jump(target) => self.jump(target),
            Flow::Continue(target) => {
                let start = self.asm.buf.position();
                self.last_branch_values(target);
                self.emit_branch_values(target);
                self.note_edge(start, target, EdgePart::Own);
                self.jump(target);
            }
        }
        self.flow = Flow::Closed;
    }

    /// [`Emitter::branch_values`] of a branch that is the only way on from here: where the target's shape is decided,
    /// nothing needs a register of its own on the way.
    #[inline(always)]
    fn last_branch_values(&mut self, target: Target) {
        if let Target::Label(label) = target
            && self.state.has_loose()
            && self.labels[label.0 as usize].shape.is_some()
            && self.may(Rewrite::DirectMoves)
        {
            self.close_header();
            self.state.see_control();
            let label = &mut self.labels[label.0 as usize];
            let (keep, params) = (label.keep, label.params);
            let mut shape = self.shapes.at(label.shape.expect("it is there"));
            self.state.transfer(&mut shape, keep, params);
            self.state.transfer_loose(&shape, keep);
        } else {
            self.branch_values(target);
        }
    }

    /// What must happen on both sides of a conditional branch, before its test.
    fn settle_for(&mut self, target: Target) {
        self.close_header();
        self.state.see_control();
        if let Target::Label(label) = target {
            let state = &self.labels[label.0 as usize];
            if state.callers == Callers::One && !state.backward && state.shape.is_none() {
                self.state.freeze(self.state.len(), &mut self.asm);
            } else {
                self.state.settle(&mut self.asm);
            }
        }
    }

    /// Collects the moves of a branch. The first branch to a label decides its shape.
    #[inline(always)]
    pub(super) fn branch_values(&mut self, target: Target) {
        let Target::Label(label) = target else { return self.result_moves() };
        self.settle_for(target);
        let label = &mut self.labels[label.0 as usize];
        let (keep, params) = (label.keep, label.params);
        let mut shape = match label.shape {
            Some(index) => self.shapes.at(index),
            None => {
                let index = *label.shape.insert(self.shapes.take());
                let mut shape = self.shapes.at(index);
                match (label.callers, label.backward) {
                    (Callers::One, false) => self.state.snapshot(&mut shape, keep, params, &mut self.asm),
                    (_, true) => self.state.define_header(&mut shape, keep, params, &mut self.asm),
                    (_, false) => self.state.define(&mut shape, keep, params),
                }
                if params == 0 || seeded(Bug::FirstBranchMovesNothing) {
                    debug_assert!(self.state.is_at(&mut shape, keep), "a shape is the state that it was defined by");
                    return;
                }
                shape
            }
        };
        self.state.transfer(&mut shape, keep, params);
    }

    /// Collects the moves of results to their registers.
    fn result_moves(&mut self) {
        self.asm.work.state_operations += self.ty.results.len() as u64;
        let first = self.state.len() - self.ty.results.len() as u32;
        for (index, place) in abi::results(&self.ty).enumerate() {
            if let abi::Place::Reg(reg) = place {
                let source = self.state.source(first + index as u32);
                self.state.moves().add(Place::Reg(reg), source);
            }
        }
    }

    pub(super) fn has_memory_results(&self, target: Target) -> bool {
        target == Target::Return && abi::results(&self.ty).any(|place| matches!(place, abi::Place::Memory(_)))
    }

    /// Emits the collected moves, and stores results that do not travel in registers.
    #[inline(always)]
    pub(super) fn emit_branch_values(&mut self, target: Target) {
        if self.has_memory_results(target) {
            let first = self.state.len() - self.ty.results.len() as u32;
            self.load_result_buffer();
            let ty = std::mem::take(&mut self.ty);
            for (index, place) in abi::results(&ty).enumerate() {
                if let abi::Place::Memory(entry) = place {
                    let lost = seeded(Bug::MemoryResultsLost) && index + 1 == ty.results.len() && index > 4;
                    let position = if lost { first } else { first + index as u32 };
                    let source = self.state.source(position);
                    let ty = self.state.type_at(position);
                    self.store_source(ty, super::asm::SCRATCH, entry as i32 * 16, source);
                }
            }
            self.ty = ty;
        }
        self.state.emit_moves(&mut self.asm);
    }

    /// The jumps that await a target which is not bound yet, and what emits more of them.
    pub(super) fn jumps_to(&mut self, target: Target) -> (&mut Assembler, &mut Fixups) {
        let jumps = match target {
            Target::Return => &mut self.returns,
            Target::Label(label) => &mut self.labels[label.0 as usize].jumps,
        };
        (&mut self.asm, jumps)
    }

    pub(super) fn jump(&mut self, target: Target) {
        match target {
            Target::Return => self.asm.jmp(&mut self.returns),
            Target::Label(label) => {
                let label = &mut self.labels[label.0 as usize];
                match label.bound {
                    Some(bound) => self.asm.jmp_back(bound),
                    None => self.asm.jmp(&mut label.jumps),
                }
            }
        }
    }

    fn jump_to_if(&mut self, cond: Cond, target: Target) {
        let mut jumps = match target {
            Target::Return => self.returns,
            Target::Label(label) => {
                let label = &self.labels[label.0 as usize];
                if let (Some(bound), Cond::Code(cc)) = (label.bound, cond) {
                    return self.asm.jcc_back(cc, bound);
                }
                label.jumps
            }
        };
        self.jump_if(cond, &mut jumps);
        match target {
            Target::Return => self.returns = jumps,
            Target::Label(label) => {
                let label = &mut self.labels[label.0 as usize];
                label.jumps = jumps;
                if let Some(bound) = label.bound {
                    self.asm.bind_to(std::mem::replace(&mut label.jumps, Fixups::NONE), bound);
                    self.asm.loop_ends(bound);
                }
            }
        }
    }
}
