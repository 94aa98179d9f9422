//! Jumps within the function at work, its calls of other functions, and where it uses constants.
//!
//! They are emitted in their long form and without their targets; when the function is complete, [`layout`] shortens
//! what it can and fills in the distances. Until then nothing in the code depends on where the code is, so that what was
//! emitted last can still be moved.
//!
//! [`layout`]: super::layout

use super::asm::Assembler;
use super::pool::ConstantUse;
use crate::code::Growing;
use crate::seeded::{Bug, seeded};
use crate::state::reg::Gpr;
use std::num::NonZeroU32;

/// A place in the code of the function at work, counted from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor(NonZeroU32);

impl Anchor {
    /// The first place of a function.
    pub const FIRST: Anchor = Anchor(NonZeroU32::MIN);

    fn new(index: usize) -> Anchor {
        Anchor(NonZeroU32::MIN.saturating_add(index as u32))
    }

    /// Which of the places it is.
    fn index(self) -> u32 {
        self.0.get() - 1
    }
}

/// Jumps to one place that is not known yet, each of which names the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fixups {
    /// The last of them.
    last: u32,
}

impl Fixups {
    /// No jumps.
    pub const NONE: Fixups = Fixups { last: NO_JUMP };

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self == Fixups::NONE
    }
}

const NO_JUMP: u32 = u32::MAX;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JumpKind {
    Always,
    Conditional,
    /// Not a jump, but an address that is relative to the instruction, too.
    Address,
    /// An entry of the jump table at this anchor: a distance from the table's start.
    Entry(Anchor),
    /// A jump whose distance was found to fit into a byte.
    Short,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Jump {
    /// Where the distance is to be written.
    pub(super) field: u32,
    /// The index of its [`Place`]; before that is known, of another jump to the same place.
    pub(super) target: u32,
    pub(super) kind: JumpKind,
}

/// Where an [`Anchor`] is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) position: u32,
    /// For the head of a loop, where its last jump back ends; 0 if there was none.
    pub(super) end: u32,
    pub(super) head: Head,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    /// Not the head of a loop.
    No,
    /// It stays where it is.
    Loop,
    /// It may be moved to where its loop runs better.
    Aligned,
}

/// A call of a function of the module.
#[derive(Debug, Clone, Copy)]
pub(super) struct FunctionCall {
    /// Where the distance is to be written.
    pub(super) field: u32,
    /// The index among the functions that the module defines.
    pub(super) callee: u32,
}

/// What the code of the function at work does not say yet. By ascending position, each.
#[derive(Debug, Default)]
pub struct Jumps {
    pub(super) jumps: Growing<Jump>,
    pub(super) places: Growing<Place>,
    pub(super) calls: Vec<FunctionCall>,
    pub(super) constants: Vec<ConstantUse>,
    last_head: Option<Anchor>,
}

impl Jumps {
    /// How many jumps, places and uses there are.
    pub(super) fn count(&self) -> usize {
        self.jumps.len() + self.places.len() + self.calls.len() + self.constants.len()
    }

    pub(super) fn clear(&mut self) {
        self.jumps.clear();
        self.places.clear();
        self.calls.clear();
        self.constants.clear();
        self.last_head = None;
    }
}

impl Assembler {
    /// Here.
    #[inline(always)]
    pub fn here(&mut self) -> Anchor {
        self.add_place(Head::No)
    }

    /// Here, where a loop starts that may be `aligned`.
    pub fn loop_head(&mut self, aligned: bool) -> Anchor {
        self.add_place(if aligned { Head::Aligned } else { Head::Loop })
    }

    fn add_place(&mut self, head: Head) -> Anchor {
        let anchor = Anchor::new(self.jumps.places.len());
        self.jumps.places.push(Place { position: self.buf.position(), end: 0, head });
        if head != Head::No {
            self.jumps.last_head = Some(anchor);
        }
        anchor
    }

    /// Where the code after an anchor starts, as long as it has not been moved.
    pub fn position_of(&self, anchor: Anchor) -> u32 {
        self.jumps.places[anchor.index() as usize].position
    }

    /// `jmp` to a place not known yet.
    pub fn jmp(&mut self, to: &mut Fixups) {
        to.last = self.emit_jmp(to.last);
    }

    /// A conditional jump to a place not known yet.
    pub fn jcc(&mut self, cc: u8, to: &mut Fixups) {
        to.last = self.emit_jcc(cc, to.last);
    }

    /// `jmp` to a place before this.
    pub fn jmp_back(&mut self, to: Anchor) {
        self.emit_jmp(to.index());
        self.loop_ends(to);
    }

    /// A conditional jump to a place before this.
    pub fn jcc_back(&mut self, cc: u8, to: Anchor) {
        self.emit_jcc(cc, to.index());
        self.loop_ends(to);
    }

    /// The last jump back to this head so far was emitted.
    pub fn loop_ends(&mut self, head: Anchor) {
        self.jumps.places[head.index() as usize].end = self.buf.position();
    }

    #[inline(always)]
    fn emit_jmp(&mut self, target: u32) -> u32 {
        self.buf.push_word(0xe9, 5);
        self.add_jump(target, JumpKind::Always)
    }

    #[inline(always)]
    fn emit_jcc(&mut self, cc: u8, target: u32) -> u32 {
        self.buf.push_word(0x800f | u64::from(cc) << 8, 6);
        self.add_jump(target, JumpKind::Conditional)
    }

    /// The address of code that is not known yet.
    pub fn lea_code(&mut self, dst: Gpr, to: &mut Fixups) {
        let (rex, modrm) = (0x48 | (dst.0 >> 3) << 2, 0x05 | (dst.0 & 7) << 3);
        self.buf.push_word(u64::from_le_bytes([rex, 0x8d, modrm, 0, 0, 0, 0, 0]), 7);
        to.last = self.add_jump(to.last, JumpKind::Address);
    }

    fn add_jump(&mut self, target: u32, kind: JumpKind) -> u32 {
        self.jumps.jumps.push(Jump { field: self.buf.position() - 4, target, kind });
        self.jumps.jumps.len() as u32 - 1
    }

    /// The place that these jumps go to is here.
    pub fn bind(&mut self, jumps: Fixups) {
        if !jumps.is_empty() {
            let here = self.here();
            self.bind_to(jumps, here);
        }
    }

    /// The place that these jumps go to.
    pub fn bind_to(&mut self, jumps: Fixups, to: Anchor) {
        let mut index = jumps.last;
        while index != NO_JUMP {
            let jump = &mut self.jumps.jumps[index as usize];
            index = std::mem::replace(&mut jump.target, to.index());
        }
    }

    /// These jumps go to the same place as those.
    pub fn join(&mut self, jumps: Fixups, to: &mut Fixups) {
        let mut first = jumps.last;
        while let Some(jump) = self.jumps.jumps.get_mut(first as usize) {
            if jump.target == NO_JUMP {
                jump.target = std::mem::replace(&mut to.last, jumps.last);
                return;
            }
            first = jump.target;
        }
    }

    /// An entry of the jump table that starts at `table`, for a place before this.
    pub fn table_entry_back(&mut self, table: Anchor, to: Anchor) {
        self.emit_table_entry(table, to.index());
    }

    /// An entry of the jump table that starts at `table`, for a place not known yet.
    pub fn table_entry(&mut self, table: Anchor, to: &mut Fixups) {
        to.last = self.emit_table_entry(table, to.last);
    }

    fn emit_table_entry(&mut self, table: Anchor, target: u32) -> u32 {
        self.buf.push_word(0, 4);
        self.add_jump(target, JumpKind::Entry(table))
    }

    /// The loop at work calls: then its own code is a small part of what it executes.
    pub fn loop_calls(&mut self) {
        if let Some(head) = self.jumps.last_head {
            self.jumps.places[head.index() as usize].head = Head::Loop;
        }
    }

    /// `call` of a function that the module defines.
    pub fn call_function(&mut self, callee: u32) {
        self.loop_calls();
        self.buf.push_word(0xe8, 5);
        self.jumps.calls.push(FunctionCall { field: self.buf.position() - 4, callee });
    }

    /// Moves the code from `middle` on, which contains no jumps and no
    /// constants, before the code that stands between the anchor and
    /// `middle`, which contains no calls and no anchors but this one and those that only jumps between the two go to.
    /// The anchor moves with its code. Returns by how much.
    pub fn move_before(&mut self, anchor: Anchor, middle: u32) -> u32 {
        let start = self.jumps.places[anchor.index() as usize].position;
        let bytes = self.buf.position() - middle;
        self.slot_use.rotate(start, middle, self.buf.position());
        self.buf.rotate(start, middle);
        for place in &mut self.jumps.places[anchor.index() as usize..] {
            place.position += bytes;
        }
        for jump in self.jumps.jumps.iter_mut().rev().take_while(|jump| jump.field >= start) {
            jump.field += bytes;
        }
        for constant in self.jumps.constants.iter_mut().rev().take_while(|constant| constant.field >= start) {
            constant.field += bytes;
        }
        if !seeded(Bug::MovedTrapStays) {
            for trap in self.code.traps.iter_mut().rev().take_while(|trap| trap.offset >= start) {
                trap.offset += bytes;
            }
        }
        for field in self.incoming.iter_mut().rev().take_while(|field| **field >= start) {
            *field = if *field >= middle { *field - (middle - start) } else { *field + bytes };
        }
        bytes
    }

    /// The prologue, the code from `from` on, is moved to `to`, before everything else of the function. If it jumps, then
    /// by the last jump, which is to the only trap that is still to be emitted.
    pub fn move_to_front(&mut self, from: u32, to: u32) {
        self.buf.move_bytes(from, self.buf.position(), to);
        self.buf.truncate(from);
        let jumps = &mut self.jumps.jumps;
        if let Some(jump) = jumps.last_mut().filter(|jump| jump.field >= from) {
            jump.field = jump.field - from + to;
            jumps.rotate_right(1);
            for trap in &mut self.traps {
                trap.jump = Fixups { last: 0 };
            }
        }
    }
}
