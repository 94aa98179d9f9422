//! The value stack's operations: push, pop, pick, put, tee, drop.

use super::entry::{Entry, Kind, Location, NONE};
use super::machine::{Machine, Slot, class_of};
use super::reg::Reg;
use super::{MAX_LOOSE, MAX_OWNERS, State, Value};
use crate::microwasm::{Const, Type};
use crate::seeded::{Bug, seeded};

impl State {
    /// Pushes a value that the operator at work left in a register.
    pub fn push_reg(&mut self, ty: Type, reg: Reg) {
        debug_assert!(self.is_unowned(reg), "a result shares its register with nothing");
        let position = self.len;
        self.push_entry(Entry::register(ty, reg, false));
        self.attach(position, reg);
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
    pub fn pop(&mut self) -> Value {
        let position = self.len - 1;
        self.header.note_read(position);
        let entry = *self.entry(position);
        let mut home = Slot::Frame(0);
        match entry.kind {
            Kind::Reg => {
                self.detach(position);
                self.touch(entry.reg);
                self.hold(entry.reg);
            }
            Kind::Home => home = self.slots.for_read(position, entry.ty),
            Kind::Const | Kind::Untouched => {}
        }
        self.len = position;
        if !seeded(Bug::PopKeepsWatermark) {
            self.watermark = self.watermark.min(position);
        }
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
    pub fn pick(&mut self, position: u32, machine: &mut impl Machine) {
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
        match entry.location() {
            Location::Const(bits) => self.push_entry(Entry::constant(entry.ty, bits)),
            Location::Home => {
                let reg = self.alloc(class_of(entry.ty), machine);
                machine.load(reg, self.slots.for_read(position, entry.ty));
                self.stack[position as usize] = Entry::register(entry.ty, reg, true);
                self.attach(position, reg);
                self.regs[reg.index()].primary = position;
                self.push_alias(entry.ty, reg);
            }
            Location::Reg(reg) if self.regs[reg.index()].owners < MAX_OWNERS => {
                self.push_alias(entry.ty, reg);
            }
            Location::Reg(reg) => {
                self.hold(reg);
                let copy = self.alloc(reg.class(), machine);
                machine.mov(copy, reg);
                self.push_reg(entry.ty, copy);
            }
        }
    }

    /// Pops the top into a position.
    pub fn put(&mut self, position: u32, machine: &mut impl Machine) {
        let top = self.len - 1;
        let value = *self.entry(top);
        self.kill(position);
        match value.location() {
            Location::Const(bits) => {
                self.len = top;
                self.stack[position as usize] = Entry::constant(value.ty, bits);
                self.add_loose(position, machine);
            }
            Location::Reg(reg) => {
                self.detach(top);
                self.len = top;
                self.own(position, value.ty, reg, machine);
            }
            Location::Home => {
                let reg = self.alloc(class_of(value.ty), machine);
                let from = if seeded(Bug::PutReadsDestination) { position } else { top };
                machine.load(reg, self.slots.for_read(from, value.ty));
                self.len = top;
                self.own(position, value.ty, reg, machine);
            }
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
        self.pick(top, machine);
        self.put(position, machine);
    }

    /// The value at a position is about to be overwritten: whatever it was is not needed there.
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
    fn own(&mut self, position: u32, ty: Type, reg: Reg, machine: &mut impl Machine) {
        self.stack[position as usize] = Entry::register(ty, reg, seeded(Bug::WrittenLocalIsClean));
        self.attach(position, reg);
        let state = &mut self.regs[reg.index()];
        if state.primary == NONE {
            state.primary = position;
        } else {
            self.add_loose(position, machine);
        }
    }

    fn push_alias(&mut self, ty: Type, reg: Reg) {
        let position = self.len;
        self.push_entry(Entry::register(ty, reg, false));
        self.attach(position, reg);
    }

    pub(super) fn push_entry(&mut self, entry: Entry) {
        let index = self.len as usize;
        if index < self.stack.len() {
            self.stack[index] = entry;
        } else {
            self.stack.push(entry);
        }
        self.len += 1;
        self.high = self.high.max(self.len);
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
