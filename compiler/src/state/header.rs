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
//!   in that register;
//! - a register that nothing has used since the header, while the loop needs one more, is *sunk*: the
//!   entry stores its value, and from now on the header has that value at home;
//! - a register that nothing has used since the header, when a call comes that would destroy it, is
//!   *carried*: the entry copies its value to a register that callees preserve, and from now on the
//!   header has it there.

use super::State;
use super::alloc::class_set;
use super::entry::{Entry, Kind};
use super::machine::{Slot, class_of};
use super::reg::{Reg, RegClass, RegSet};
use super::shape::Shape;
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
        /// Whether the entry can be made to store more.
        can_sink: bool,
    },
}

/// What the entry of a loop does before it goes to the header: the stores, then the copies, then the loads.
#[derive(Debug, Default)]
pub struct EntryMoves {
    /// Registers whose values go home.
    pub stores: SmallVec<[(Slot, Reg); 4]>,
    /// Registers that get what is in others, the first ones.
    pub copies: SmallVec<[(Reg, Reg); 4]>,
    /// Registers that get what is at home.
    pub loads: SmallVec<[(Reg, Slot); 8]>,
}

impl EntryMoves {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.stores.is_empty() && self.copies.is_empty() && self.loads.is_empty()
    }
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
    /// Registers that do not hold at the header what they held there, and the slot that the entry is to store to.
    sunk: SmallVec<[(Reg, Option<Slot>); 8]>,
    /// Registers that hold at the header what others held there, the second ones, and the position of that.
    carried: SmallVec<[(Reg, Reg, u32); 4]>,
    /// Registers that hold what they held at the header, which nothing has read since.
    unused: RegSet,
    /// Registers that held something at the header or were written since.
    written: RegSet,
    /// Whether the entry can still load anything.
    can_hoist: bool,
}

impl Header {
    /// A label was bound, with these registers occupied, some of them by what is below `keep`.
    #[inline(always)]
    pub(super) fn bind(&mut self, kind: LabelKind, keep: u32, occupied: RegSet, kept: impl Fn() -> RegSet) {
        self.close();
        if let LabelKind::OpenHeader { can_hoist, can_sink } = kind {
            self.read.clear();
            self.dead.clear();
            self.hoisted.clear();
            self.sunk.clear();
            self.carried.clear();
            self.keep = keep;
            self.written = occupied;
            self.can_hoist = can_hoist;
            self.unused = if can_sink { kept() } else { RegSet::EMPTY };
        }
    }

    /// From here on the header's shape is fixed.
    pub(super) fn close(&mut self) {
        self.keep = 0;
        self.unused = RegSet::EMPTY;
    }

    fn has_learned_nothing(&self) -> bool {
        self.dead.is_empty() && self.hoisted.is_empty() && self.sunk.is_empty() && self.carried.is_empty()
    }

    pub(super) fn note_register(&mut self, reg: Reg) {
        self.written.insert(reg);
    }

    /// The owners of a register change.
    pub(super) fn note_owners(&mut self, reg: Reg) {
        self.unused.remove(reg);
    }

    /// Whether a register holds what it held at the header, unread since.
    pub(super) fn can_sink(&self, reg: Reg) -> bool {
        self.unused.contains(reg)
    }

    /// A position is read. Says whether that is the first that happens to it.
    #[inline]
    pub(super) fn note_read(&mut self, position: u32) -> bool {
        position < self.keep && self.note_watched_read(position)
    }

    fn note_watched_read(&mut self, position: u32) -> bool {
        if self.dead.contains(&position) || self.read.contains(&position) {
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
    #[inline]
    pub(super) fn note_write(&mut self, position: u32) {
        if position < self.keep || seeded(Bug::DeadAfterRead) {
            self.note_watched_write(position);
        }
    }

    fn note_watched_write(&mut self, position: u32) {
        if self.dead.len() < MAX_DEAD && !self.read.contains(&position) && !self.dead.contains(&position) {
            self.dead.push(position);
        }
    }
}

impl State {
    /// Gives a position that is at home a register at the loop's header, if one is untouched since or can be sunk.
    pub(super) fn hoist(&mut self, position: u32) {
        let at_home = matches!(self.entry(position).kind, Kind::Home | Kind::Untouched);
        if !self.header.can_hoist || !at_home {
            return;
        }
        let ty = self.type_at(position);
        let class = class_set(class_of(ty));
        let written = if seeded(Bug::HoistIntoUsedRegister) { RegSet::EMPTY } else { self.header.written };
        let virgin = self.free.minus(self.busy).minus(written).and(class);
        let virgin = virgin.minus(self.callee_saved).first().or_else(|| virgin.first());
        // What the loop reads is better in a register than what it may not even need.
        let Some(reg) = virgin.or_else(|| self.sink(class_of(ty))) else { return };
        if self.entry(position).kind == Kind::Untouched {
            self.first_touch(position);
        }
        let slot = self.slots.for_read(position, ty);
        self.header.hoisted.push((position, reg, slot));
        self.claim(reg);
        self.release(reg);
        self.stack[position as usize] = Entry::register(ty, reg);
        self.attach(position, reg);
        self.regs.primary[reg.index()] = position;
    }

    /// Frees a register at the loop's header: the least recently used of those whose value there nothing has read
    /// since.
    pub(super) fn sink(&mut self, class: RegClass) -> Option<Reg> {
        let unused = self.header.unused.minus(self.busy).and(class_set(class));
        let reg = unused.iter().min_by_key(|reg| self.regs.stamp[reg.index()])?;
        self.sink_register(reg);
        Some(reg)
    }

    /// Frees this register at the loop's header.
    pub(super) fn sink_register(&mut self, reg: Reg) {
        let position = self.regs.head[reg.index()];
        let entry = self.stack[position as usize];
        let clean = self.is_clean(position, reg);
        let slot = if clean { None } else { Some(self.slots.for_write(position, entry.ty)) };
        self.detach(position);
        self.stack[position as usize] = Entry::home(entry.ty);
        self.header.sunk.push((reg, slot));
    }

    /// Before a call: a register that it destroys and that nothing has used since the header, and one that callees
    /// preserve and that nothing has written since.
    pub fn carriable(&self) -> Option<(Reg, Reg)> {
        let from = self.header.unused.and(class_set(RegClass::Int)).minus(self.callee_saved).first()?;
        let written = if seeded(Bug::CarriedToUsed) { RegSet::EMPTY } else { self.header.written };
        let virgin = self.free.minus(self.busy).minus(written).and(self.callee_saved);
        Some((virgin.and(self.used).first().or_else(|| virgin.first())?, from))
    }

    /// Gives what the second of these registers holds at the loop's header to the first.
    pub fn carry(&mut self, to: Reg, from: Reg) {
        let position = self.regs.head[from.index()];
        self.header.note_register(to);
        self.rename(from, to);
        // The header's shape does not say that it is at home, too.
        self.regs.clean.remove(to);
        self.header.carried.push((to, from, position));
    }

    /// The first branch, label or call after a loop's header: what was learned goes into the
    /// header's shape. Returns what the loop's entry must move.
    pub fn close_header(&mut self, shape: Option<Shape<'_>>) -> EntryMoves {
        self.header.close();
        if self.header.has_learned_nothing() {
            return EntryMoves::default();
        }
        if let Some(mut shape) = shape {
            for (reg, _) in &self.header.sunk {
                shape.vacate(*reg);
            }
            for (to, from, position) in &self.header.carried {
                shape.vacate(*from);
                shape.add(*position, *to);
            }
            for position in &self.header.dead {
                shape.forget(*position);
            }
            for (position, reg, _) in &self.header.hoisted {
                shape.add(*position, *reg);
            }
        }
        self.header.dead.clear();
        EntryMoves {
            stores: self.header.sunk.drain(..).filter_map(|(reg, slot)| Some((slot?, reg))).collect(),
            copies: self.header.carried.drain(..).map(|(to, from, _)| (to, from)).collect(),
            loads: self.header.hoisted.drain(..).map(|(_, reg, slot)| (reg, slot)).collect(),
        }
    }
}
