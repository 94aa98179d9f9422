//! Which register holds what: owners, free registers, eviction.

use super::State;
use super::entry::{Entry, Kind, NONE};
use super::machine::{Machine, class_of};
use super::reg::{Gpr, Reg, RegClass, RegSet};
use crate::seeded::{Bug, seeded};
use std::hint::select_unpredictable;

/// Taken first: not used by divisions, shifts and results.
const PREFERRED: RegSet = RegSet::of(&[Gpr::RSI, Gpr::RDI, Gpr::R8, Gpr::R9, Gpr::R10]);

/// The registers of a class.
pub(super) const fn class_set(class: RegClass) -> RegSet {
    match class {
        RegClass::Int => RegSet::from_bits(0xffff),
        RegClass::Float => RegSet::from_bits(0xffff_0000),
    }
}

impl State {
    /// A register of this class for the operator at work; evicts the least recently used value
    /// when none is free.
    ///
    /// # Panics
    ///
    /// If the operator at work holds all registers of the class.
    #[inline(always)]
    pub fn alloc(&mut self, class: RegClass, machine: &mut impl Machine) -> Reg {
        if let Some(reg) = self.alloc_free(class) {
            return reg;
        }
        if let Some(reg) = self.sink(class) {
            self.claim(reg);
            return reg;
        }
        let victim = self
            .allocatable
            .and(class_set(class))
            .minus(self.busy)
            .iter()
            .min_by_key(|reg| self.regs.stamp[reg.index()])
            .expect("an operator uses fewer registers than there are");
        self.evict(victim, machine);
        self.claim(victim);
        victim
    }

    /// A register of this class that holds nothing, if there is one.
    #[inline(always)]
    pub fn alloc_free(&mut self, class: RegClass) -> Option<Reg> {
        let free = self.free.minus(self.busy).and(class_set(class));
        let reg = free
            .and(PREFERRED)
            .first()
            .or_else(|| free.minus(self.callee_saved).first())
            .or_else(|| free.and(self.callee_saved.and(self.used)).first())
            .or_else(|| free.first())?;
        self.claim(reg);
        Some(reg)
    }

    /// Whether a register of this class holds nothing and the operator at work does not use it.
    pub fn has_free(&self, class: RegClass) -> bool {
        !self.free.minus(self.busy).and(class_set(class)).is_empty()
    }

    /// Whether this register holds nothing and the operator at work does not use it; then it does now.
    pub fn claim_free(&mut self, reg: Reg) -> bool {
        let free = self.free.minus(self.busy).contains(reg);
        if free {
            self.claim(reg);
        }
        free
    }

    /// A free callee-saved register, if there is one.
    pub fn alloc_callee_saved(&mut self) -> Option<Reg> {
        let free = self.free.minus(self.busy).and(self.callee_saved);
        let reg = free.and(self.used).first().or_else(|| free.first())?;
        self.claim(reg);
        Some(reg)
    }

    /// This very register for the operator at work; its values move to a free register or home.
    /// A register that the operator already uses keeps what the operator put there.
    pub fn take(&mut self, reg: Reg, machine: &mut impl Machine) {
        let ignored = seeded(Bug::TakeKeepsOwners) && self.regs.owners[reg.index()] == 2;
        if self.regs.owners[reg.index()] > 0 && !ignored {
            self.busy.insert(reg);
            match self.alloc_free(reg.class()) {
                Some(other) => self.relocate(reg, other, machine),
                None if self.header.can_sink(reg) => self.sink_register(reg),
                None => self.evict(reg, machine),
            }
        }
        self.claim(reg);
    }

    /// Moves all owners of a register to another that has none.
    pub fn relocate(&mut self, from: Reg, to: Reg, machine: &mut impl Machine) {
        machine.mov(to, from);
        self.rename(from, to);
    }

    /// A register that has no owners becomes the name of another.
    pub(super) fn rename(&mut self, from: Reg, to: Reg) {
        debug_assert_eq!(self.regs.owners[to.index()], 0);
        self.header.note_owners(from);
        self.operations += u64::from(self.regs.owners[from.index()]);
        self.regs.relocate(from, to);
        self.free.insert(from);
        self.free.remove(to);
        self.used.insert(to);
        let mut position = self.regs.head[to.index()];
        while position != NONE {
            let entry = &mut self.stack[position as usize];
            entry.reg = to;
            position = if seeded(Bug::RelocateFirstOwnerOnly) { NONE } else { entry.next() };
        }
    }

    /// Sends all owners of a register home.
    pub fn evict(&mut self, reg: Reg, machine: &mut impl Machine) {
        self.evict_below(reg, NONE, machine);
    }

    /// Sends the owners of a register home whose positions are below `limit`.
    pub fn evict_below(&mut self, reg: Reg, limit: u32, machine: &mut impl Machine) {
        self.header.close();
        self.operations += u64::from(self.regs.owners[reg.index()]);
        let mut position = self.regs.head[reg.index()];
        if self.has_one_owner(reg) {
            // By far the most frequent case: there is no chain to mend.
            if position < limit {
                let entry = &mut self.stack[position as usize];
                if !self.regs.clean.contains(reg) {
                    machine.store(self.slots.for_write(position, entry.ty), reg);
                }
                *entry = Entry::home(entry.ty);
                self.regs.clear(reg);
                self.free.insert(reg);
            }
            return;
        }
        while position != NONE {
            let entry = self.stack[position as usize];
            if position < limit {
                let forgotten = seeded(Bug::EvictFirstOwnerOnly) && entry.prev() == NONE && entry.next() != NONE;
                if !self.is_clean(position, reg) && !forgotten {
                    let slot = self.slots.for_write(position, entry.ty);
                    machine.store(slot, reg);
                }
                self.detach(position);
                self.stack[position as usize] = Entry::home(entry.ty);
            }
            position = entry.next();
        }
    }

    /// Whether the value of this owner of a register is at home, too.
    pub(super) fn is_clean(&self, position: u32, reg: Reg) -> bool {
        self.regs.clean.contains(reg) && self.regs.primary[reg.index()] == position
    }

    /// Whether any owner of a register is below `limit`.
    pub fn has_owner_below(&self, reg: Reg, limit: u32) -> bool {
        let mut position = self.regs.head[reg.index()];
        while position != NONE {
            if position < limit {
                return true;
            }
            position = self.stack[position as usize].next();
        }
        false
    }

    /// Whether a value that the operator at work took off the stack was the register's last use,
    /// so that it may be overwritten.
    pub fn is_unowned(&self, reg: Reg) -> bool {
        let most = u32::from(seeded(Bug::SharedFloatOverwritten) && reg.class() == RegClass::Float);
        let most = most.max(u32::from(seeded(Bug::SharedLocalOverwritten) && self.len > 10));
        self.regs.owners[reg.index()] <= most
    }

    /// Whether exactly one position has its value in the register.
    pub fn has_one_owner(&self, reg: Reg) -> bool {
        self.regs.owners[reg.index()] == 1
    }

    /// Registers that own values now.
    pub fn occupied(&self) -> RegSet {
        self.allocatable.minus(self.free)
    }

    /// The operator at work does not need this register any more.
    pub fn release(&mut self, reg: Reg) {
        self.busy.remove(reg);
    }

    /// Keeps a register for the operator at work.
    pub fn hold(&mut self, reg: Reg) {
        self.busy.insert(reg);
    }

    pub(super) fn claim(&mut self, reg: Reg) {
        debug_assert!(self.allocatable.contains(reg));
        self.busy.insert(reg);
        self.used.insert(reg);
        self.header.note_register(reg);
    }

    pub(super) fn touch(&mut self, reg: Reg) {
        self.regs.stamp[reg.index()] = self.clock;
    }

    /// Links an entry, which names the register, into the chain of its owners.
    #[inline]
    pub(super) fn attach(&mut self, position: u32, reg: Reg) {
        self.stack[position as usize].link(NONE, self.regs.head[reg.index()]);
        self.become_head(position, reg);
    }

    /// An entry that names the register and links to the head of the chain of its owners becomes that head.
    #[inline]
    pub(super) fn become_head(&mut self, position: u32, reg: Reg) {
        debug_assert_eq!(class_of(self.stack[position as usize].ty), reg.class());
        self.header.note_owners(reg);
        let index = reg.index();
        let next = self.regs.head[index];
        self.regs.head[index] = position;
        self.regs.owners[index] += 1;
        self.regs.stamp[index] = self.clock;
        if next != NONE {
            let after = self.stack[next as usize].next();
            self.stack[next as usize].link(position, after);
        }
        self.free.remove(reg);
        self.used.insert(reg);
    }

    /// Unlinks an entry from its register, if it is in one. The caller overwrites or drops the entry.
    #[inline]
    pub(super) fn detach(&mut self, position: u32) {
        let entry = self.stack[position as usize];
        if entry.kind == Kind::Reg {
            self.unlink(position, entry);
        }
    }

    /// Unlinks this entry, which is in a register.
    ///
    /// Where a value is in the chain of its register's owners cannot be foretold, so nothing here branches on it: what has
    /// no neighbour changes itself, which means nothing any more.
    #[inline(always)]
    pub(super) fn unlink(&mut self, position: u32, entry: Entry) {
        self.header.note_owners(entry.reg);
        let (prev, next) = (entry.prev(), entry.next());
        let before = &mut self.stack[select_unpredictable(prev == NONE, position, prev) as usize];
        before.link(before.prev(), next);
        let after = &mut self.stack[select_unpredictable(next == NONE, position, next) as usize];
        after.link(prev, after.next());
        let index = entry.reg.index();
        let head = &mut self.regs.head[index];
        *head = select_unpredictable(prev == NONE, next, *head);
        let primary = &mut self.regs.primary[index];
        let is_primary = *primary == position;
        *primary = select_unpredictable(is_primary, NONE, *primary);
        self.regs.clean.remove_if(entry.reg, is_primary);
        self.regs.owners[index] -= 1;
        self.free.insert_if(entry.reg, self.regs.owners[index] == 0);
    }
}
