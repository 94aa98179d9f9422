//! Open headers: what the first straight stretch of a loop teaches about the loop's header.
//!
//! Nothing has been read yet when a header is bound, so its shape is a guess. Until the first
//! branch, label, call or eviction the guess can still be corrected, because nothing but the entry
//! and the instructions since then depends on it:
//!
//! - a position that is written before it is read is *dead* at the header: a branch back need not
//!   bring it;
//! - a position that is read and is at home is *hoisted*: it gets a register that no instruction
//!   has written since the header, the entry loads it there once, and from now on the header has it
//!   in that register.

use super::entry::{Entry, Kind};
use super::machine::{Slot, class_of};
use super::merge::Shape;
use super::reg::{Reg, RegClass, RegSet};
use super::{CALLEE_SAVED, State};
use crate::seeded::{Bug, seeded};
use smallvec::SmallVec;

/// How many positions a header remembers as dead.
pub(super) const MAX_DEAD: usize = 16;
/// How many reads are remembered before a header is closed.
const MAX_READS: usize = 24;

/// What kind of label is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelKind {
    /// All its branches came before.
    Forward,
    /// A loop's header whose shape is fixed.
    Header,
    /// A loop's header whose shape may be corrected.
    OpenHeader {
        /// Whether the entry can be made to load more.
        can_hoist: bool,
    },
}

/// What has happened since the last loop's header was bound.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// Positions below are watched; 0 when the header is closed.
    keep: u32,
    /// Watched positions that were read.
    read: SmallVec<[u32; MAX_READS]>,
    /// Watched positions that were written and not read before.
    dead: SmallVec<[u32; MAX_DEAD]>,
    /// Watched positions that the entry is to load, and where.
    hoisted: SmallVec<[(u32, Reg, Slot); 8]>,
    /// Registers that held something at the header or were written since.
    written: RegSet,
    /// Whether the entry can still load anything.
    can_hoist: bool,
}

impl Header {
    /// A label was bound, with these registers occupied.
    pub(super) fn bind(&mut self, kind: LabelKind, keep: u32, occupied: RegSet) {
        self.close();
        self.read.clear();
        self.dead.clear();
        self.hoisted.clear();
        if let LabelKind::OpenHeader { can_hoist } = kind {
            self.keep = keep;
            self.written = occupied;
            self.can_hoist = can_hoist;
        }
    }

    /// From here on the header's shape is fixed.
    pub(super) fn close(&mut self) {
        self.keep = 0;
    }

    pub(super) fn note_register(&mut self, reg: Reg) {
        self.written.insert(reg);
    }

    /// A position is read. Says whether that is the first that happens to it.
    pub(super) fn note_read(&mut self, position: u32) -> bool {
        if position >= self.keep || self.dead.contains(&position) || self.read.contains(&position) {
            return false;
        }
        if self.read.len() == MAX_READS {
            self.close();
            return false;
        }
        if !seeded(Bug::HeaderReadForgotten) {
            self.read.push(position);
        }
        true
    }

    /// A position is overwritten.
    pub(super) fn note_write(&mut self, position: u32) {
        let watched = (position < self.keep || seeded(Bug::DeadAfterRead)) && self.dead.len() < MAX_DEAD;
        if watched && !self.read.contains(&position) && !self.dead.contains(&position) {
            self.dead.push(position);
        }
    }
}

impl State {
    /// Gives a position that is at home a register at the loop's header, if one is untouched since.
    pub(super) fn hoist(&mut self, position: u32) {
        let at_home = matches!(self.entry(position).kind, Kind::Home | Kind::Untouched);
        if !self.header.can_hoist || !at_home {
            return;
        }
        let ty = self.type_at(position);
        let class = match class_of(ty) {
            RegClass::Int => RegSet::from_bits(0xffff),
            RegClass::Float => RegSet::from_bits(0xffff_0000),
        };
        let written = if seeded(Bug::HoistIntoUsedRegister) { RegSet::EMPTY } else { self.header.written };
        let virgin = self.free.minus(self.busy).minus(written).and(class);
        let Some(reg) = virgin.minus(CALLEE_SAVED).first().or_else(|| virgin.first()) else { return };
        if self.entry(position).kind == Kind::Untouched {
            self.first_touch(position);
        }
        let slot = self.slots.for_read(position);
        self.header.hoisted.push((position, reg, slot));
        self.claim(reg);
        self.release(reg);
        self.stack[position as usize] = Entry::register(ty, reg, false);
        self.attach(position, reg);
        self.regs[reg.index()].primary = position;
    }

    /// The first branch, label or call after a loop's header: what was learned goes into the
    /// header's shape. Returns what the loop's entry must load.
    pub fn close_header(&mut self, shape: Option<&mut Shape>) -> SmallVec<[(Reg, Slot); 8]> {
        self.header.close();
        if let Some(shape) = shape {
            for position in &self.header.dead {
                shape.forget(*position);
            }
            for (position, reg, _) in &self.header.hoisted {
                shape.add(*position, *reg);
            }
        }
        self.header.dead.clear();
        self.header.hoisted.drain(..).map(|(_, reg, slot)| (reg, slot)).collect()
    }

    /// A call was emitted: registers are not what they were at the header.
    pub fn note_call(&mut self) {
        if seeded(Bug::CallKeepsHeaderOpen) {
            return;
        }
        self.header.close();
    }
}
