//! The value stack's operations: push, pop, pick, put, tee, drop.

use super::entry::{Entry, Kind, Location, NONE};
use super::machine::{Machine, Slot, class_of};
use super::reg::Reg;
use super::{MAX_LOOSE, MAX_OWNERS, State, Value};
use crate::microwasm::{Const, Type};
use crate::seeded::{Bug, seeded};

impl State {
    /// Pushes a value that the operator at work left in a register.
    #[inline(always)]
    pub fn push_reg(&mut self, ty: Type, reg: Reg) {
        debug_assert!(self.is_unowned(reg), "a result shares its register with nothing");
        self.push_owner(ty, reg);
    }

    /// Pushes a constant.
    pub fn push_const(&mut self, value: Const) {
        let extended = seeded(Bug::ConstantSignExtended) && value.ty() == Type::I32;
        let bits = if extended { value.bits() as u32 as i32 as u64 } else { value.bits() };
        self.push_entry(Entry::constant(value.ty(), bits));
    }

    /// Pushes a value that is written to its home slot, which is returned.
    pub fn push_home(&mut self, ty: Type) -> Slot {
        let position = self.len;
        self.push_entry(Entry::home(ty));
        self.slots.for_write(position, ty)
    }

    /// Takes the top off the stack.
    #[inline(always)]
    pub fn pop(&mut self) -> Value {
        let position = self.len - 1;
        self.header.note_read(position);
        let entry = *self.entry(position);
        self.len = position;
        if !seeded(Bug::PopKeepsWatermark) {
            self.watermark = self.watermark.min(position);
        }
        if entry.kind == Kind::Reg {
            self.unlink(position, entry);
            self.touch(entry.reg);
            self.hold(entry.reg);
            return Value { ty: entry.ty, location: Location::Reg(entry.reg), home: Slot::Frame(0) };
        }
        self.pop_from_elsewhere(position, entry)
    }

    #[inline(never)]
    fn pop_from_elsewhere(&mut self, position: u32, entry: Entry) -> Value {
        let at_home = entry.kind == Kind::Home;
        let home = if at_home { self.slots.for_read(position, entry.ty) } else { Slot::Frame(0) };
        Value { ty: entry.ty, location: entry.location(), home }
    }

    /// Removes values from the top.
    pub fn drop(&mut self, count: u32) {
        self.operations += u64::from(count);
        for _ in 0..count {
            self.detach(self.len - 1);
            self.len -= 1;
        }
        self.watermark = self.watermark.min(self.len);
    }

    /// Pushes a copy of the value at a position.
    #[inline]
    pub fn pick(&mut self, position: u32, machine: &mut impl Machine) {
        let entry = *self.entry(position);
        if entry.kind == Kind::Reg && self.regs.owners[entry.reg.index()] < MAX_OWNERS {
            self.header.note_read(position);
            self.push_owner(entry.ty, entry.reg);
        } else {
            self.pick_from_elsewhere(position, machine);
        }
    }

    /// What is picked has to get into a register, is nowhere, or is in a register that has too many owners.
    fn pick_from_elsewhere(&mut self, position: u32, machine: &mut impl Machine) {
        if self.header.note_read(position) {
            self.hoist(position);
        }
        if self.entry(position).kind == Kind::Untouched {
            if !self.loop_seen || seeded(Bug::LoopLocalStaysZero) {
                let ty = self.type_at(position);
                return self.push_entry(Entry::constant(ty, 0));
            }
            self.first_touch(position);
        }
        let entry = *self.entry(position);
        if entry.kind == Kind::Reg {
            if self.regs.owners[entry.reg.index()] < MAX_OWNERS {
                return self.push_owner(entry.ty, entry.reg);
            }
            self.hold(entry.reg);
            let copy = self.alloc(entry.reg.class(), machine);
            machine.mov(copy, entry.reg);
            self.push_reg(entry.ty, copy);
        } else if entry.kind == Kind::Home {
            let reg = self.alloc(class_of(entry.ty), machine);
            machine.load(reg, self.slots.for_read(position, entry.ty));
            self.stack[position as usize] = Entry::only(entry.ty, reg);
            self.regs.give(reg, position, true, self.clock);
            self.push_owner(entry.ty, reg);
        } else {
            self.push_entry(Entry::constant(entry.ty, entry.bits()));
        }
    }

    /// Pops the top into a position.
    pub fn put(&mut self, position: u32, machine: &mut impl Machine) {
        let top = self.len - 1;
        let value = *self.entry(top);
        self.kill(position);
        if value.kind == Kind::Reg {
            self.len = top;
            if self.has_one_owner(value.reg) {
                self.header.note_owners(value.reg);
                self.stack[position as usize] = Entry::only(value.ty, value.reg);
                self.regs.give(value.reg, position, seeded(Bug::WrittenLocalIsClean), self.clock);
            } else {
                // Its neighbours in the chain may have changed since it was read.
                self.detach(top);
                self.own(position, value.ty, value.reg, machine);
            }
        } else if value.kind == Kind::Home {
            let reg = self.alloc(class_of(value.ty), machine);
            let from = if seeded(Bug::PutReadsDestination) { position } else { top };
            machine.load(reg, self.slots.for_read(from, value.ty));
            self.len = top;
            self.own(position, value.ty, reg, machine);
        } else {
            self.len = top;
            self.stack[position as usize] = Entry::constant(value.ty, value.bits());
            self.add_loose(position, machine);
        }
        self.watermark = self.watermark.min(top);
    }

    /// The top counts as a value of another type of the same class from now on.
    pub fn retype_top(&mut self, ty: Type) {
        let position = self.len - 1;
        debug_assert_eq!(class_of(self.entry(position).ty), class_of(ty));
        self.stack[position as usize].ty = ty;
    }

    /// Copies the top to a position; the top stays.
    pub fn tee(&mut self, position: u32, machine: &mut impl Machine) {
        let top = self.len - 1;
        let entry = *self.entry(top);
        if entry.kind == Kind::Reg && self.regs.owners[entry.reg.index()] < MAX_OWNERS {
            self.kill(position);
            self.own(position, entry.ty, entry.reg, machine);
        } else {
            self.pick(top, machine);
            self.put(position, machine);
        }
    }

    /// The value at a position is about to be overwritten: whatever it was is not needed there.
    #[inline(always)]
    pub fn kill(&mut self, position: u32) {
        self.header.note_write(position);
        if self.entry(position).kind == Kind::Untouched {
            self.first_touch(position);
        }
        self.detach(position);
        let ty = self.stack[position as usize].ty;
        self.stack[position as usize] = Entry::home(ty);
    }

    /// Makes a position, which is in no register, an owner of this one.
    #[inline(always)]
    fn own(&mut self, position: u32, ty: Type, reg: Reg, machine: &mut impl Machine) {
        self.stack[position as usize] = Entry::register(ty, reg);
        self.attach(position, reg);
        let primary = &mut self.regs.primary[reg.index()];
        if *primary == NONE {
            *primary = position;
            self.regs.clean.set(reg, seeded(Bug::WrittenLocalIsClean));
        } else {
            self.add_loose(position, machine);
        }
    }

    /// Pushes a value that is in a register, whatever else is.
    #[inline(always)]
    fn push_owner(&mut self, ty: Type, reg: Reg) {
        let position = self.len;
        let mut entry = Entry::register(ty, reg);
        entry.link(NONE, self.regs.head[reg.index()]);
        self.push_entry(entry);
        self.become_head(position, reg);
    }

    #[inline]
    pub(super) fn push_entry(&mut self, entry: Entry) {
        match self.stack.get_mut(self.len as usize) {
            Some(place) => *place = entry,
            None => self.grow(entry),
        }
        self.len += 1;
        self.high = self.high.max(self.len);
    }

    #[cold]
    fn grow(&mut self, entry: Entry) {
        self.stack.push(entry);
    }

    /// A declared local stops being untouched. Where control flow has begun, other paths see it as
    /// a zero at home.
    pub(super) fn first_touch(&mut self, position: u32) {
        let ty = self.type_at(position);
        self.stack[position as usize] = Entry::home(ty);
        self.touched.push(position);
        if self.control_seen && !seeded(Bug::UntouchedLocalNotZeroed) {
            self.slots.set_unwritten(position);
        }
    }

    fn add_loose(&mut self, position: u32, machine: &mut impl Machine) {
        if position >= self.watermark || self.loose.contains(&position) {
            return;
        }
        if self.loose.len() == MAX_LOOSE {
            let oldest = self.loose.remove(0);
            if !seeded(Bug::SeventeenthCopyForgotten) {
                self.make_firm(oldest, machine);
            }
        }
        self.loose.push(position);
    }
}
