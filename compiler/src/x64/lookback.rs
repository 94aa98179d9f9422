//! The instruction emitted last, as long as it may still be taken back: if the next operator is its only consumer, one
//! instruction can do the work of both.
//!
//! Taking it back is sound because nothing depends on it yet: nothing has been emitted since, no label lies between,
//! and its result has no owner but the operator at work. Registers then hold again what they held before it.
//!
//! - L1: An instruction is remembered only while it is the last of the code; a label forgets it.
//! - L2: Its operands are registers that hold values, never a scratch register.

use super::Emitter;
use super::address::Address;
use super::cond;
use crate::microwasm::{Load, Vector};
use crate::seeded::{Bug, seeded};
use crate::state::reg::{Gpr, Reg, Xmm};
use crate::state::{Location, Value};

/// A sum as `lea` computes it: `base + (index << shift) + disp`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    pub(super) wide: bool,
    pub(super) base: Option<Gpr>,
    pub(super) index: Option<(Gpr, u8)>,
    pub(super) disp: i32,
}

/// A value in memory 0, as an operand, and the Wasm offset of its load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Loaded {
    pub(super) op: Load,
    pub(super) address: Address,
    wasm_offset: u32,
}

/// A shift of lanes by a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LaneShift {
    pub(super) op: Vector,
    pub(super) src: Xmm,
    pub(super) count: u8,
}

#[derive(Debug, Clone, Copy)]
enum Work {
    Nothing,
    Load(Loaded),
    Sum(Sum),
    /// Loads a vector that is a constant.
    Constant(u128),
    LaneShift(LaneShift),
    /// Computes a vector whose 16-bit lanes are not negative as signed numbers.
    SmallWords,
    /// Computes a 64-bit number that is not negative as a signed one.
    ClearSign,
}

/// What the last instruction did.
#[derive(Debug, Clone, Copy)]
pub(super) struct Last {
    start: u32,
    end: u32,
    dst: Reg,
    work: Work,
}

/// What the flags say of a register after the last instruction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flags {
    end: u32,
    reg: Gpr,
    meaning: Meaning,
}

#[derive(Debug, Clone, Copy)]
enum Meaning {
    /// Whether it is zero. `whole` if they say all that a comparison with zero would.
    Result { wide: bool, whole: bool },
    /// It is 1 if they fulfil this condition, and 0 if not.
    Truth(cond::Cc),
}

impl Flags {
    /// Nothing is known of them.
    pub(super) const UNKNOWN: Flags =
        Flags { end: u32::MAX, reg: Gpr::RSP, meaning: Meaning::Result { wide: false, whole: false } };
}

impl Last {
    /// No instruction that could be taken back.
    pub(super) const NOTHING: Last = Last { start: 0, end: u32::MAX, dst: Reg::new(0), work: Work::Nothing };
}

impl Emitter {
    /// Remembers the load that begins at `start` and ends here.
    pub(super) fn remember_load(&mut self, start: u32, dst: Reg, op: Load, address: Address) {
        if address.uses_scratch() {
            return;
        }
        let loaded = Loaded { op, address, wasm_offset: self.asm.wasm_offset };
        self.last = Last { start, end: self.asm.buf.position(), dst, work: Work::Load(loaded) };
    }

    /// Remembers the sum that begins at `start` and ends here.
    pub(super) fn remember_sum(&mut self, start: u32, dst: Gpr, sum: Sum) {
        self.last = Last { start, end: self.asm.buf.position(), dst: dst.into(), work: Work::Sum(sum) };
    }

    /// Remembers the load of a constant that begins at `start` and ends here.
    pub(super) fn remember_constant(&mut self, start: u32, dst: Xmm, bits: u128) {
        self.last = Last { start, end: self.asm.buf.position(), dst: dst.into(), work: Work::Constant(bits) };
    }

    /// Remembers the shift of lanes that begins at `start` and ends here.
    pub(super) fn remember_lane_shift(&mut self, start: u32, dst: Xmm, shift: LaneShift) {
        if shift.src != dst {
            self.last = Last { start, end: self.asm.buf.position(), dst: dst.into(), work: Work::LaneShift(shift) };
        }
    }

    /// The shift that made the value so deep on the stack, if it is the last instruction and nobody else needs its
    /// result.
    pub(super) fn lane_shift_at(&self, depth: u32) -> Option<LaneShift> {
        match self.last.work {
            Work::LaneShift(shift) if self.is_last_at(depth) => Some(shift),
            _ => None,
        }
    }

    /// The constant that this value is, if loading it is the last instruction and nobody else needs its result.
    pub(super) fn constant_of(&self, value: Value) -> Option<u128> {
        match self.last.work {
            Work::Constant(bits) if self.is_last(value) => Some(bits),
            _ => None,
        }
    }

    /// Remembers that the instruction just emitted set the flags by its result. `whole` if it left no carry and no
    /// overflow.
    pub(super) fn remember_flags(&mut self, reg: Gpr, wide: bool, whole: bool) {
        self.flags = Flags { end: self.asm.buf.position(), reg, meaning: Meaning::Result { wide, whole } };
    }

    /// Remembers that the register was just made 1 if the flags fulfil the condition, and 0 if not.
    pub(super) fn remember_truth(&mut self, reg: Gpr, cc: cond::Cc) {
        self.flags = Flags { end: self.asm.buf.position(), reg, meaning: Meaning::Truth(cc) };
    }

    /// Everything emitted since `start` has left the flags as they were, and written this register.
    pub(super) fn keep_flags(&mut self, start: u32, written: Gpr) {
        if self.flags.end == start && self.flags.reg != written {
            self.flags.end = self.asm.buf.position();
        }
    }

    /// The condition that the flags fulfil if this one would hold after a comparison of the register with zero.
    pub(super) fn flags_compare_zero(&self, reg: Gpr, wide: bool, cc: cond::Cc) -> Option<cond::Cc> {
        let flags = self.flags;
        if flags.end != self.asm.buf.position() || flags.reg != reg && !seeded(Bug::FlagsOfAnother) {
            return None;
        }
        match flags.meaning {
            Meaning::Result { wide: of_wide, whole } => {
                let known = whole && of_wide == wide || matches!(cc, cond::E | cond::NE);
                (known && (wide || !of_wide)).then_some(cc)
            }
            Meaning::Truth(truth) => match cc {
                cond::NE => Some(truth),
                cond::E if seeded(Bug::KeptFlagsNotNegated) => Some(truth),
                cond::E => Some(truth ^ 1),
                _ => None,
            },
        }
    }

    /// Remembers that the instructions since `start` made a vector whose 16-bit lanes are not negative.
    pub(super) fn remember_small_words(&mut self, start: u32, dst: Xmm) {
        self.last = Last { start, end: self.asm.buf.position(), dst: dst.into(), work: Work::SmallWords };
    }

    /// Whether the last instruction shows that no 16-bit lane of this vector is negative.
    pub(super) fn has_small_words(&self, value: Value) -> bool {
        let small = matches!(self.last.work, Work::SmallWords) || seeded(Bug::WordsTakenForSmall);
        self.last.end == self.asm.buf.position() && value.location == Location::Reg(self.last.dst) && small
    }

    /// Remembers that the instructions since `start` made a 64-bit number whose highest bit is clear.
    pub(super) fn remember_clear_sign(&mut self, start: u32, dst: Gpr) {
        self.last = Last { start, end: self.asm.buf.position(), dst: dst.into(), work: Work::ClearSign };
    }

    /// Whether the last instruction shows that the highest bit of this 64-bit number is clear.
    pub(super) fn has_clear_sign(&self, value: Value) -> bool {
        self.last.end == self.asm.buf.position()
            && value.location == Location::Reg(self.last.dst)
            && matches!(self.last.work, Work::ClearSign)
    }

    /// The load of the value so deep on the stack, if it is the last instruction and nobody else needs its result.
    pub(super) fn load_at(&self, depth: u32) -> Option<Loaded> {
        match self.last.work {
            Work::Load(loaded) if self.is_last_at(depth) => Some(loaded),
            _ => None,
        }
    }

    /// Whether the value so deep on the stack was made by the last instruction, and nobody else needs it.
    fn is_last_at(&self, depth: u32) -> bool {
        self.last.end == self.asm.buf.position()
            && self.state.has_one_owner(self.last.dst)
            && self
                .state
                .len()
                .checked_sub(depth + 1)
                .is_some_and(|position| self.state.entry(position).location() == Location::Reg(self.last.dst))
    }

    /// The load that made this value, if it is the last instruction and nobody else needs its result.
    pub(super) fn load_of(&self, value: Value) -> Option<Loaded> {
        match self.last.work {
            Work::Load(loaded) if self.is_last(value) => Some(loaded),
            _ => None,
        }
    }

    /// The sum that made this value, if it is the last instruction and nobody else needs its result.
    pub(super) fn sum_of(&self, value: Value) -> Option<(Gpr, Sum)> {
        match self.last.work {
            Work::Sum(sum) if self.is_last(value) => Some((self.last.dst.gpr(), sum)),
            _ => None,
        }
    }

    fn is_last(&self, value: Value) -> bool {
        self.last.end == self.asm.buf.position()
            && value.location == Location::Reg(self.last.dst)
            && self.state.is_unowned(self.last.dst)
    }

    /// Takes the last instruction back: the operator at work does what it did.
    pub(super) fn take_back(&mut self) {
        debug_assert_eq!(self.last.end, self.asm.buf.position(), "L1");
        let start = self.last.start;
        self.asm.buf.truncate(start);
        self.flags = Flags::UNKNOWN;
        if let Work::Load(loaded) = self.last.work {
            let trap = self.asm.code.traps.pop();
            debug_assert_eq!(trap.map(|trap| trap.wasm_offset), Some(loaded.wasm_offset), "a load may trap");
            loaded.address.registers().iter().for_each(|reg| self.state.hold(reg));
        }
        if let Work::Constant(_) = self.last.work {
            let used = self.asm.jumps.constants.pop();
            debug_assert!(used.is_some_and(|used| used.field >= start), "it uses a constant");
        }
        self.last = Last::NOTHING;
        let Some(listing) = &mut self.listing else { return };
        for operator in listing.iter_mut().rev().take_while(|operator| operator.code_offset > start) {
            operator.code_offset = start;
        }
    }

    /// The instruction that comes next does what a load did that was taken back.
    pub(super) fn may_trap_as(&mut self, loaded: Loaded) {
        let now = self.asm.wasm_offset;
        if !seeded(Bug::FusedTrapPlace) {
            self.asm.wasm_offset = loaded.wasm_offset;
        }
        self.asm.may_trap(crate::trap::TrapKind::MemoryOutOfBounds);
        self.asm.wasm_offset = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::microwasm::{FuncType, MemArg, Op, Sink, Type};
    use crate::x64::features::CpuFeatures;
    use crate::x64::memory_base::MemoryBase;
    use crate::x64::rewrites::Switches;

    /// A function of two integers that has just loaded what the first is the address of.
    fn after_load() -> Emitter {
        let mut emitter = Emitter::new(CpuFeatures::BASELINE, Switches::ALL, MemoryBase::Register);
        emitter.record_listing();
        let ty = FuncType { params: Box::new([Type::I32, Type::I32]), results: Box::new([]) };
        emitter.begin(0, &ty, 0);
        emitter.at(1);
        emitter.op(Op::Pick(0));
        emitter.op(Op::Load(Load::I32Load, MemArg { offset: 8 }));
        emitter.at(2);
        emitter
    }

    #[test]
    fn a_load_is_taken_back_without_a_trace() {
        let mut emitter = after_load();
        let before = emitter.last.start;
        assert_eq!(emitter.asm.code.traps.len(), 1);
        let value = emitter.state.pop();
        let loaded = emitter.load_of(value).expect("nothing came since");
        let Address::Indexed(_, 8) = loaded.address else { panic!("its address is in a register") };
        assert_eq!((loaded.op, loaded.wasm_offset), (Load::I32Load, 1));
        emitter.take_back();
        assert_eq!(emitter.asm.buf.position(), before);
        assert!(emitter.asm.code.traps.is_empty());
        let listing = emitter.listing.as_ref().expect("it is recorded");
        assert!(listing.iter().all(|operator| operator.code_offset <= before), "no operator begins behind the end");
        assert!(emitter.load_of(value).is_none(), "it is gone");
    }

    #[test]
    fn a_load_stays_if_anybody_else_needs_it() {
        let mut emitter = after_load();
        emitter.op(Op::Tee(1));
        let value = emitter.state.pop();
        assert!(emitter.load_of(value).is_none(), "a local has its value, too");
    }

    #[test]
    fn a_load_stays_if_anything_came_since() {
        let mut emitter = after_load();
        emitter.op(Op::Pick(0));
        emitter.op(Op::Load(Load::I32Load, MemArg { offset: 0 }));
        let newer = emitter.state.pop();
        let older = emitter.state.pop();
        assert!(emitter.load_of(older).is_none() && emitter.load_of(newer).is_some());
    }

    #[test]
    fn flags_are_those_of_the_last_instruction_and_of_its_register() {
        let mut emitter = after_load();
        let (reg, other) = (Gpr::RSI, Gpr::RDI);
        emitter.remember_flags(reg, false, false);
        assert_eq!(emitter.flags_compare_zero(reg, false, cond::E), Some(cond::E));
        assert_eq!(emitter.flags_compare_zero(reg, true, cond::NE), Some(cond::NE), "the upper half is zero");
        assert_eq!(emitter.flags_compare_zero(reg, false, cond::L), None, "a sum may overflow");
        assert_eq!(emitter.flags_compare_zero(other, false, cond::E), None);
        emitter.remember_flags(reg, true, true);
        assert_eq!(emitter.flags_compare_zero(reg, true, cond::L), Some(cond::L));
        assert_eq!(emitter.flags_compare_zero(reg, false, cond::E), None, "the upper half may differ from zero alone");
        emitter.remember_truth(reg, cond::B);
        assert_eq!(emitter.flags_compare_zero(reg, false, cond::NE), Some(cond::B));
        assert_eq!(emitter.flags_compare_zero(reg, false, cond::E), Some(cond::AE));
        assert_eq!(emitter.flags_compare_zero(reg, false, cond::G), None);
        emitter.keep_flags(emitter.asm.buf.position(), reg);
        assert_eq!(emitter.flags_compare_zero(reg, false, cond::L), None, "the register has changed since");
        emitter.op(Op::Pick(0));
        emitter.op(Op::Load(Load::I32Load, MemArg { offset: 0 }));
        assert_eq!(emitter.flags_compare_zero(reg, true, cond::E), None, "an instruction came since");
        emitter.remember_flags(reg, true, true);
        emitter.take_back();
        assert_eq!(emitter.flags_compare_zero(reg, true, cond::E), None, "what set them is gone");
    }
}
