//! What the registers hold at a label.

use super::reg::{Reg, RegSet};
use super::registers::ByRegister;
use smallvec::SmallVec;

/// What the registers hold at a label. One that is not needed any more can be used for another label: nothing in it has
/// to be written before but a few words.
///
/// A function may have many labels at a time, more than a cache holds: what each label needs is in two lines of it, and
/// the third is for vector registers.
#[derive(Debug, Clone)]
#[repr(C, align(64))]
pub struct Shape {
    taken: RegSet,
    /// Registers whose position's home slot holds the same value.
    pub(super) clean: RegSet,
    /// Constants, rarely any: only where the label has a single caller.
    pub(super) constants: SmallVec<[(u32, u64); 1]>,
    /// Positions, rarely many, that hold nothing at a loop's header: the loop writes them before it reads them,
    /// so a branch back need not bring them.
    pub(super) dead: SmallVec<[u32; 4]>,
    /// Whether code at the label exists, so that the shape cannot change any more.
    pub(super) bound: bool,
    /// By register of `taken`: the position whose value it holds. What this says of other registers means nothing.
    held: ByRegister,
}

const _: () = assert!(size_of::<Shape>() == 192, "a shape is three lines");

impl Default for Shape {
    fn default() -> Self {
        Shape {
            held: [0; Reg::COUNT],
            taken: RegSet::EMPTY,
            clean: RegSet::EMPTY,
            constants: SmallVec::new_const(),
            dead: SmallVec::new_const(),
            bound: false,
        }
    }
}

impl Shape {
    /// From now on everything is at home.
    pub fn clear(&mut self) {
        self.taken = RegSet::EMPTY;
        self.clean = RegSet::EMPTY;
        self.constants.clear();
        self.dead.clear();
        self.bound = false;
    }

    /// Registers that hold something.
    pub(super) fn taken(&self) -> RegSet {
        self.taken
    }

    /// The position whose value a register holds that is taken.
    pub(super) fn position(&self, reg: Reg) -> u32 {
        debug_assert!(self.taken.contains(reg));
        self.held[reg.index()]
    }

    /// The positions of all registers that are taken, and anything for the others.
    pub(super) fn positions(&self) -> &ByRegister {
        &self.held
    }

    /// At the label these registers hold the positions that they have in this table, the clean ones of which are at home,
    /// too, and everything else is at home alone.
    pub(super) fn hold(&mut self, held: &ByRegister, taken: RegSet, clean: RegSet) {
        self.clear();
        if taken.bits() >> 16 == 0 {
            self.held[..16].copy_from_slice(&held[..16]);
        } else {
            self.held = *held;
        }
        self.taken = taken;
        self.clean = clean.and(taken);
    }

    /// The register holds the position at the label, too.
    pub(super) fn add(&mut self, position: u32, reg: Reg) {
        debug_assert!(!self.taken.contains(reg), "a register holds one position at a label");
        self.held[reg.index()] = position;
        self.taken.insert(reg);
    }

    /// The register holds nothing at the label: its position is at home there.
    pub(super) fn vacate(&mut self, reg: Reg) {
        self.taken.remove(reg);
        self.clean.remove(reg);
    }

    /// The position holds nothing at the label.
    pub(super) fn forget(&mut self, position: u32) {
        if let Some(reg) = self.register_of(position) {
            self.vacate(reg);
        }
        self.dead.push(position);
    }

    /// The register that holds a position's value at the label, if one does.
    pub(super) fn register_of(&self, position: u32) -> Option<Reg> {
        self.taken.iter().find(|reg| self.held[reg.index()] == position)
    }
}
