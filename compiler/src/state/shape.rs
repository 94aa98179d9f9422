//! What the registers hold at a label.
//!
//! A function may have many labels at a time, more than a cache holds, and branch to them in any order. What most labels
//! need is therefore in one line of it, and what few of them have is elsewhere.

use super::ALLOCATABLE;
use super::reg::{Gpr, Reg, RegClass, RegSet};
use super::registers::{ByRegister, select};
use crate::code::Growing;
use crate::seeded::{Bug, seeded};
use smallvec::SmallVec;

// The words of three registers that never hold a value say what else there is to know of a shape.
/// The word of the registers that are taken.
const TAKEN: usize = Gpr::RSP.0 as usize;
/// The word of the registers that are clean.
const CLEAN: usize = Gpr::R11.0 as usize;
/// The word of what follows.
const MARKS: usize = Gpr::R14.0 as usize;

/// The mark that code at the label exists, so that the shape cannot change any more.
const BOUND: u32 = 1;
/// The mark that something is constant or dead.
const SPECIAL: u32 = 2;
/// How many marks there are. Above them is which of the [`Rest`]s belongs to the shape, counted from one, or zero.
const REST: u32 = 2;

const _: () = assert!(ALLOCATABLE.bits() & (1 << TAKEN | 1 << CLEAN | 1 << MARKS) == 0, "these hold no values");

/// What is in one line of the cache.
#[derive(Debug, Default)]
#[repr(align(64))]
pub(super) struct Line {
    /// By general-purpose register that is taken: the position whose value it holds. What this says of others means
    /// nothing, but for the three words above.
    ints: [u32; 16],
}

/// What few shapes have.
#[derive(Debug, Default)]
pub(super) struct Rest {
    /// As in the line, by vector register.
    floats: [u32; 16],
    /// Constants: only where the label has a single caller.
    constants: SmallVec<[(u32, u64); 1]>,
    /// Positions that hold nothing at a loop's header: the loop writes them before it reads them, so a branch back need
    /// not bring them.
    dead: SmallVec<[u32; 4]>,
}

/// What the registers hold at a label. One that is not needed any more can be used for another label: nothing in it has
/// to be written before but a few words.
#[derive(Debug)]
pub struct Shape<'t> {
    pub(super) line: &'t mut Line,
    pub(super) rests: &'t mut Growing<Rest>,
}

impl Shape<'_> {
    /// From now on everything is at home.
    pub fn clear(&mut self) {
        if self.has_special() && !seeded(Bug::ShapeKeepsConstants) {
            let rest = self.rest_mut();
            rest.constants.clear();
            rest.dead.clear();
        }
        self.line.ints[MARKS] &= u32::MAX << REST;
        self.line.ints[TAKEN] = 0;
        self.line.ints[CLEAN] = 0;
    }

    /// Registers that hold something.
    #[inline(always)]
    pub(super) fn taken(&self) -> RegSet {
        RegSet::from_bits(self.line.ints[TAKEN])
    }

    /// Registers whose position's home slot holds the same value.
    #[inline(always)]
    pub(super) fn clean(&self) -> RegSet {
        RegSet::from_bits(self.line.ints[CLEAN])
    }

    /// Changes the set that a word is.
    #[inline(always)]
    fn change(&mut self, word: usize, change: impl FnOnce(&mut RegSet)) {
        let mut set = RegSet::from_bits(self.line.ints[word]);
        change(&mut set);
        self.line.ints[word] = set.bits();
    }

    /// Whether code at the label exists, so that the shape cannot change any more.
    #[inline(always)]
    pub(super) fn is_bound(&self) -> bool {
        self.line.ints[MARKS] & BOUND != 0
    }

    /// Code at the label starts.
    pub(super) fn bind(&mut self) {
        self.line.ints[MARKS] |= BOUND;
    }

    #[inline(always)]
    fn has_special(&self) -> bool {
        self.line.ints[MARKS] & SPECIAL != 0
    }

    #[inline(always)]
    fn rest(&self) -> &Rest {
        &self.rests[(self.line.ints[MARKS] >> REST) as usize - 1]
    }

    fn rest_mut(&mut self) -> &mut Rest {
        let mut number = self.line.ints[MARKS] >> REST;
        if number == 0 {
            self.rests.push(Rest::default());
            number = self.rests.len() as u32;
            self.line.ints[MARKS] |= number << REST;
        }
        &mut self.rests[number as usize - 1]
    }

    /// The position whose value a register holds that is taken.
    #[inline(always)]
    pub(super) fn position(&self, reg: Reg) -> u32 {
        debug_assert!(self.taken().contains(reg));
        let words = if reg.class() == RegClass::Int { &self.line.ints } else { &self.rest().floats };
        words[usize::from(reg.number())]
    }

    /// Those of the registers that are taken, with the positions that they hold, for which this holds: see [`select`].
    #[inline(always)]
    pub(super) fn select(&self, holds: impl Fn(usize, u32) -> bool) -> RegSet {
        let taken = self.taken();
        let ints = select(taken, 0, |reg| holds(reg, self.line.ints[reg]));
        if !taken.has_floats() {
            return ints;
        }
        let floats = &self.rest().floats;
        ints.or(select(taken, 16, |reg| holds(reg, floats[reg - 16])))
    }

    /// At the label these registers hold the positions that they have in this table, the clean ones of which are at home,
    /// too, and everything else is at home alone.
    pub(super) fn hold(&mut self, held: &ByRegister, taken: RegSet, clean: RegSet) {
        if self.has_special() {
            self.clear();
        }
        let marks = self.line.ints[MARKS] & u32::MAX << REST;
        self.line.ints.copy_from_slice(&held[..16]);
        self.line.ints[MARKS] = marks;
        self.line.ints[TAKEN] = taken.bits();
        self.line.ints[CLEAN] = clean.and(taken).bits();
        if taken.has_floats() {
            self.rest_mut().floats.copy_from_slice(&held[16..]);
        }
    }

    /// The register holds the position at the label, too.
    pub(super) fn add(&mut self, position: u32, reg: Reg) {
        debug_assert!(!self.taken().contains(reg), "a register holds one position at a label");
        let number = usize::from(reg.number());
        if reg.class() == RegClass::Int {
            debug_assert!(![TAKEN, CLEAN, MARKS].contains(&number), "its word says something else");
            self.line.ints[number] = position;
        } else {
            self.rest_mut().floats[number] = position;
        }
        self.change(TAKEN, |taken| taken.insert(reg));
    }

    /// The register holds nothing at the label: its position is at home there.
    pub(super) fn vacate(&mut self, reg: Reg) {
        self.change(TAKEN, |taken| taken.remove(reg));
        self.soil(reg);
    }

    /// What the register holds at the label is not at home there.
    pub(super) fn soil(&mut self, reg: Reg) {
        self.change(CLEAN, |clean| clean.remove(reg));
    }

    /// The position holds this constant at the label.
    pub(super) fn set_constant(&mut self, position: u32, bits: u64) {
        self.line.ints[MARKS] |= SPECIAL;
        self.rest_mut().constants.push((position, bits));
    }

    /// The constants, by position: rarely any.
    #[inline(always)]
    pub(super) fn constants(&self) -> &[(u32, u64)] {
        if self.has_special() { &self.rest().constants } else { &[] }
    }

    /// The constants, which are none afterwards.
    pub(super) fn take_constants(&mut self) -> SmallVec<[(u32, u64); 1]> {
        if self.has_special() { std::mem::take(&mut self.rest_mut().constants) } else { SmallVec::new() }
    }

    /// The position holds nothing at the label.
    pub(super) fn forget(&mut self, position: u32) {
        if let Some(reg) = self.register_of(position) {
            self.vacate(reg);
        }
        self.line.ints[MARKS] |= SPECIAL;
        self.rest_mut().dead.push(position);
    }

    /// Whether the position holds nothing at the label: rarely one does.
    #[inline(always)]
    pub(super) fn is_dead(&self, position: u32) -> bool {
        self.has_special() && self.rest().dead.contains(&position)
    }

    /// The register that holds a position's value at the label, if one does.
    pub(super) fn register_of(&self, position: u32) -> Option<Reg> {
        self.taken().iter().find(|reg| self.position(*reg) == position)
    }
}
