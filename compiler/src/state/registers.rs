//! What each register holds, one table for each question, so that a join asks it of all registers at once.

use super::entry::NONE;
use super::reg::{Reg, RegSet};

/// A number for each register.
pub(super) type ByRegister = [u32; Reg::COUNT];

/// The registers' owners.
#[derive(Debug)]
pub(super) struct Registers {
    /// The first owner in the chain, or [`NONE`].
    pub(super) head: ByRegister,
    /// How many owners there are.
    pub(super) owners: ByRegister,
    /// The owner that joins will find here, or [`NONE`].
    pub(super) primary: ByRegister,
    /// When it was last used.
    pub(super) stamp: ByRegister,
    /// Registers whose primary is in its home slot, too.
    pub(super) clean: RegSet,
}

impl Registers {
    /// No register has an owner.
    pub(super) const FREE: Registers = Registers {
        head: [NONE; Reg::COUNT],
        owners: [0; Reg::COUNT],
        primary: [NONE; Reg::COUNT],
        stamp: [0; Reg::COUNT],
        clean: RegSet::EMPTY,
    };

    /// The register has no owner any more.
    pub(super) fn clear(&mut self, reg: Reg) {
        let index = reg.index();
        (self.head[index], self.owners[index]) = (NONE, 0);
        (self.primary[index], self.stamp[index]) = (NONE, 0);
        self.clean.remove(reg);
    }

    /// One register's owners become another's, which has none.
    pub(super) fn relocate(&mut self, from: Reg, to: Reg) {
        for table in [&mut self.head, &mut self.owners, &mut self.primary, &mut self.stamp] {
            table[to.index()] = table[from.index()];
        }
        self.clean.set(to, self.clean.contains(from));
        self.clear(from);
    }

    /// Those of these registers whose primary is below a position.
    #[inline(always)]
    pub(super) fn below(&self, among: RegSet, limit: u32) -> RegSet {
        let is_below = |reg| self.primary[reg] < limit;
        let ints = select(among, 0, is_below);
        if among.has_floats() { ints.or(select(among, 16, is_below)) } else { ints }
    }

    /// The register has one owner, which is its primary; `clean` if that is at home, too.
    #[inline(always)]
    pub(super) fn give(&mut self, reg: Reg, position: u32, clean: bool, stamp: u32) {
        self.clean.set(reg, clean);
        let index = reg.index();
        (self.head[index], self.owners[index]) = (position, 1);
        (self.primary[index], self.stamp[index]) = (position, stamp);
    }
}

/// Those of these registers for which this holds, of the file whose registers have numbers from `first` on, without
/// branches: a few operations on vectors, as long as `holds` has no branches and compares numbers as signed ones.
#[inline(always)]
pub(super) fn select(among: RegSet, first: usize, holds: impl Fn(usize) -> bool) -> RegSet {
    let bits = (first..first + 16).fold(0, |all, index| all | if holds(index) { 1 << index } else { 0 });
    among.and(RegSet::from_bits(bits))
}
