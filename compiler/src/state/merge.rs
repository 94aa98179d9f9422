//! Joins: what the registers hold where control flow meets, and the moves that bring it about.
//!
//! The first branch to a label decides which position each register holds there: its [`Shape`].
//! Every later branch moves its own values into that shape. Positions that are in no register of
//! the shape are at home. All of this costs O(registers), plus O(parameters of the label).
//!
//! ```text
//!   first branch          shape of .L          second branch
//!   rdi: pos 0     ==>    rdi: pos 0     <==   rsi: pos 0      mov rdi, rsi
//!   rsi: pos 3            rsi: pos 3           home: pos 3     mov rsi, [home 3]
//!                                              rdi: pos 1      mov [home 1], rdi
//! ```

use super::entry::{Entry, Kind, Location, NONE};
use super::header::{LabelKind, MAX_DEAD};
use super::machine::{Machine, class_of};
use super::moves::{Moves, Place, Source};
use super::reg::{Reg, RegClass, RegSet};
use super::{ALLOCATABLE, FREE, MAX_LOOSE, State};
use crate::microwasm::Type;
use crate::seeded::{Bug, seeded};
use smallvec::SmallVec;

/// How many registers of each class a loop's header may claim. The rest is for the loop's own values. Of 12 integer
/// registers, 8 give the fewest instructions, loads and stores over the programs of the benches: 10 give 1.004, 1.03 and
/// 1.03 times as many, 6 give 1.003 times the instructions.
const HEADER_INTS: u32 = 8;
const HEADER_FLOATS: u32 = 13;

/// What the registers hold at a label.
#[derive(Debug, Clone)]
pub struct Shape {
    /// By register: the position whose value it holds, or [`NONE`].
    held: [u32; Reg::COUNT],
    /// Registers whose position's home slot holds the same value.
    clean: RegSet,
    /// Constants: only where the label has a single caller.
    constants: SmallVec<[(u32, u64); MAX_LOOSE]>,
    /// Positions that hold nothing at a loop's header: the loop writes them before it reads them,
    /// so a branch back need not bring them.
    dead: SmallVec<[u32; MAX_DEAD]>,
    /// Whether code at the label exists, so that the shape cannot change any more.
    bound: bool,
}

impl State {
    /// Makes every position below `keep` firm. Each position is made firm once, so this is
    /// amortised constant time for each value pushed.
    pub fn freeze(&mut self, keep: u32, machine: &mut impl Machine) {
        for position in self.watermark..keep {
            self.make_firm(position, machine);
        }
        self.watermark = self.watermark.max(keep);
    }

    /// A branch or a label exists from here on: paths may differ.
    pub fn see_control(&mut self) {
        self.control_seen = true;
    }

    /// Makes the loose positions firm, so that other branches can agree with this state.
    pub fn settle(&mut self, machine: &mut impl Machine) {
        while let Some(position) = self.loose.pop() {
            if position < self.len {
                self.make_firm(position, machine);
            }
        }
    }

    /// Puts a constant or an alias into a register of its own if one is free, else into its home.
    pub(super) fn make_firm(&mut self, position: u32, machine: &mut impl Machine) {
        let entry = *self.entry(position);
        match entry.kind {
            Kind::Home | Kind::Untouched => {}
            Kind::Const => {
                let Location::Const(bits) = entry.location() else { unreachable!("its kind says so") };
                match self.alloc_free(class_of(entry.ty)) {
                    Some(reg) => {
                        machine.constant(reg, bits);
                        self.become_primary(position, entry.ty, reg);
                    }
                    None => {
                        let slot = self.slots.for_write(position, entry.ty);
                        if !seeded(Bug::FirmConstantNotStored) {
                            machine.store_constant(slot, bits);
                        }
                        self.stack[position as usize] = Entry::home(entry.ty);
                    }
                }
            }
            Kind::Reg => {
                let primary = &mut self.regs[entry.reg.index()].primary;
                if *primary == NONE {
                    *primary = position;
                }
                if *primary == position {
                    return;
                }
                self.detach(position);
                match self.alloc_free(entry.reg.class()) {
                    Some(reg) => {
                        if !(seeded(Bug::FirmCopyNotMoved) && reg.class() == RegClass::Float) {
                            machine.mov(reg, entry.reg);
                        }
                        self.become_primary(position, entry.ty, reg);
                    }
                    None => {
                        if !entry.clean && !seeded(Bug::FirmCopyNotStored) {
                            machine.store(self.slots.for_write(position, entry.ty), entry.reg);
                        }
                        self.stack[position as usize] = Entry::home(entry.ty);
                    }
                }
            }
        }
    }

    fn become_primary(&mut self, position: u32, ty: Type, reg: Reg) {
        self.stack[position as usize] = Entry::register(ty, reg, false);
        self.attach(position, reg);
        self.regs[reg.index()].primary = position;
        self.release(reg);
    }

    /// The shape that a loop's header gets: the most recently used values stay in registers.
    /// Call [`State::settle`] before.
    pub fn define_header(&mut self, keep: u32, params: u32, machine: &mut impl Machine) -> Shape {
        for (class, limit) in [(RegClass::Int, HEADER_INTS), (RegClass::Float, HEADER_FLOATS)] {
            loop {
                let held = self.occupied().iter().filter(|reg| reg.class() == class);
                let mut held: SmallVec<[Reg; 16]> = held.filter(|reg| self.regs[reg.index()].primary < keep).collect();
                if held.len() as u32 <= limit {
                    break;
                }
                held.sort_unstable_by_key(|reg| self.regs[reg.index()].stamp);
                self.evict(held[0], machine);
            }
        }
        self.define(keep, params)
    }

    /// The shape of a loop's header that is bound before any branch to it: what the registers held
    /// at the end of the code above, as far as a header may claim them. Emits nothing, since
    /// control does not come from above.
    pub fn guess_header(&mut self, keep: u32, params: &[Type]) -> Shape {
        let mut shape = Shape::EMPTY;
        let mut room = [(RegClass::Int, HEADER_INTS), (RegClass::Float, HEADER_FLOATS)];
        let mut claim = |class| {
            let room = room.iter_mut().find(|(of, _)| *of == class).expect("there are two classes");
            let any = room.1 > 0;
            room.1 = room.1.saturating_sub(1);
            any
        };
        let mut held: SmallVec<[Reg; 32]> =
            self.occupied().iter().filter(|reg| self.regs[reg.index()].primary < keep).collect();
        held.sort_unstable_by_key(|reg| std::cmp::Reverse(self.regs[reg.index()].stamp));
        for reg in held {
            if claim(reg.class()) {
                shape.held[reg.index()] = self.regs[reg.index()].primary;
            }
        }
        for (position, ty) in (keep..).zip(params.iter().take(Reg::COUNT)) {
            let class = class_of(*ty);
            let unused = ALLOCATABLE.iter().find(|reg| reg.class() == class && shape.held[reg.index()] == NONE);
            if let Some(reg) = unused.filter(|_| claim(class)) {
                shape.held[reg.index()] = position;
                self.used.insert(reg);
            }
        }
        shape
    }

    /// The shape that a label gets from this, its first branch. Call [`State::settle`] before.
    pub fn define(&mut self, keep: u32, params: u32) -> Shape {
        let mut shape = Shape::EMPTY;
        let mut taken = RegSet::EMPTY;
        for reg in self.occupied().iter() {
            let primary = self.regs[reg.index()].primary;
            if primary < keep {
                shape.held[reg.index()] = primary;
                taken.insert(reg);
                if self.entry(primary).clean {
                    shape.clean.insert(reg);
                }
            }
        }
        // Parameters stay where they are if they can, else they get what is left.
        let mut homeless: SmallVec<[u32; 8]> = SmallVec::new();
        let first = self.len - params;
        for index in 0..params {
            match self.entry(first + index).location() {
                Location::Reg(reg) if !taken.contains(reg) => {
                    shape.held[reg.index()] = keep + index;
                    taken.insert(reg);
                }
                _ if homeless.len() < 8 => homeless.push(index),
                _ => {}
            }
        }
        for index in homeless {
            let class = class_of(self.type_at(first + index));
            let unused = ALLOCATABLE.minus(taken).iter().filter(|reg| reg.class() == class);
            // A register that holds nothing is better than one whose value is discarded by the branch:
            // where the branch is conditional, the other path still has that value.
            if let Some(reg) = unused.min_by_key(|reg| !self.free.contains(*reg)) {
                shape.held[reg.index()] = keep + index;
                taken.insert(reg);
                self.used.insert(reg);
            }
        }
        shape
    }

    /// Remembers this state for the only branch to a label: constants survive.
    /// Call [`State::freeze`] for everything on the label's stack before.
    pub fn snapshot(&mut self, keep: u32, params: u32, machine: &mut impl Machine) -> Shape {
        let mut constants = SmallVec::new();
        let loose = std::mem::take(&mut self.loose);
        for position in loose {
            if position >= self.len {
                continue;
            }
            match self.entry(position).location() {
                Location::Const(bits) => {
                    if position < keep && !(seeded(Bug::SnapshotLosesZero) && bits == 0) {
                        constants.push((position, bits));
                    }
                    self.loose.push(position);
                }
                _ => self.make_firm(position, machine),
            }
        }
        let mut shape = self.define(keep, params);
        shape.constants = constants;
        shape
    }

    /// Collects the moves that bring this state into a label's shape. They do not change this
    /// state: on another path it goes on. Call [`State::settle`] before, unless the shape is this
    /// state's own [`State::snapshot`].
    pub fn transfer(&mut self, shape: &mut Shape, keep: u32, params: u32) {
        let first = self.len - params;
        let mut homed_params = params;
        for reg in RegSet::from_bits(!0).iter() {
            let position = shape.held[reg.index()];
            if position == NONE {
                continue;
            }
            let dst = Place::Reg(reg);
            if position >= keep {
                homed_params -= 1;
                let source = self.source(first + position - keep);
                self.moves.add(dst, source);
                continue;
            }
            let entry = *self.entry(position);
            let is_clean = match entry.kind {
                Kind::Reg => entry.clean || seeded(Bug::MergeTakesCleanForGranted),
                Kind::Home => true,
                Kind::Const | Kind::Untouched => false,
            };
            if entry.kind == Kind::Home && shape.clean.contains(reg) && !shape.bound {
                // Nobody needs it in the register: every other branch has it at home as well.
                shape.held[reg.index()] = NONE;
                shape.clean.remove(reg);
                continue;
            }
            let source = self.source(position);
            self.moves.add(dst, source);
            if shape.clean.contains(reg) && !is_clean {
                if shape.bound && seeded(Bug::BackEdgeForgetsStore) {
                    continue;
                }
                if shape.bound {
                    self.moves.add(Place::Slot(self.slots.for_write(position, entry.ty)), source);
                } else {
                    shape.clean.remove(reg);
                }
            }
        }
        for reg in self.occupied().iter() {
            let position = self.regs[reg.index()].primary;
            let absent = position < keep && !shape.holds(position, reg) && !shape.dead.contains(&position);
            let forgotten = seeded(Bug::MergeForgetsStore) && self.moves.len() > 2;
            if absent && !self.entry(position).clean && !forgotten {
                let ty = self.entry(position).ty;
                let slot = self.slots.for_write(position, ty);
                self.moves.add(Place::Slot(slot), Source::Place(Place::Reg(reg)));
            }
        }
        if homed_params > 0 {
            self.home_params(shape, keep, params);
        }
    }

    /// Collects the moves of parameters that the shape has at home.
    fn home_params(&mut self, shape: &Shape, keep: u32, params: u32) {
        let mut in_register: SmallVec<[u32; 32]> =
            shape.held.iter().copied().filter(|position| *position != NONE && *position >= keep).collect();
        in_register.sort_unstable();
        let mut rest = in_register.iter().peekable();
        for index in 0..params {
            if rest.next_if_eq(&&(keep + index)).is_some() {
                continue;
            }
            if seeded(Bug::LastParameterNotHomed) && index + 1 == params && params > 2 {
                continue;
            }
            let from = self.len - params + index;
            let source = self.source(from);
            let ty = self.type_at(from);
            let slot = self.slots.for_write(keep + index, ty);
            self.moves.add(Place::Slot(slot), source);
        }
    }

    /// Where a position's value is, as the source of a move.
    pub fn source(&mut self, position: u32) -> Source {
        match self.entry(position).location() {
            Location::Const(bits) => Source::Const(bits),
            Location::Reg(reg) => Source::Place(Place::Reg(reg)),
            Location::Home => {
                let ty = self.entry(position).ty;
                Source::Place(Place::Slot(self.slots.for_read(position, ty)))
            }
        }
    }

    /// The moves collected and not yet emitted.
    pub fn moves(&mut self) -> &mut Moves {
        &mut self.moves
    }

    /// Emits the collected moves.
    pub fn emit_moves(&mut self, machine: &mut impl Machine) {
        self.moves.emit(machine);
    }

    /// Code at a label starts: the state becomes its shape.
    pub fn enter(&mut self, shape: &mut Shape, keep: u32, params: &[Type], kind: LabelKind) {
        shape.bound = true;
        self.loop_seen |= kind != LabelKind::Forward;
        for position in self.loose.drain(..) {
            let believed = seeded(Bug::ConstantSurvivesJoin);
            if position < keep && self.stack[position as usize].kind == Kind::Const && !believed {
                let ty = self.stack[position as usize].ty;
                self.stack[position as usize] = Entry::home(ty);
            }
        }
        for position in self.watermark..keep {
            // Only where no branch has kept it: the code at the label is dead, but sound.
            if self.stack[position as usize].kind == Kind::Const {
                let ty = self.stack[position as usize].ty;
                self.stack[position as usize] = Entry::home(ty);
            }
        }
        self.forget_registers(keep);
        self.len = self.len.min(keep);
        debug_assert_eq!(self.len, keep, "what a label keeps is never popped before it is bound");
        for ty in params {
            self.push_entry(Entry::home(*ty));
        }
        for reg in ALLOCATABLE.iter() {
            let position = shape.held[reg.index()];
            if position == NONE {
                continue;
            }
            let ty = self.stack[position as usize].ty;
            let clean =
                shape.clean.contains(reg) && position < keep || seeded(Bug::ParameterIsClean) && position >= keep;
            self.stack[position as usize] = Entry::register(ty, reg, clean);
            self.attach(position, reg);
            self.regs[reg.index()].primary = position;
        }
        let occupied = self.occupied();
        let mut kept = occupied;
        occupied.iter().filter(|reg| self.regs[reg.index()].primary >= keep).for_each(|reg| kept.remove(reg));
        self.header.bind(kind, keep, occupied, kept);
        for (position, bits) in &shape.constants {
            let ty = self.stack[*position as usize].ty;
            self.stack[*position as usize] = Entry::constant(ty, *bits);
            self.loose.push(*position);
        }
        self.watermark = self.len;
    }

    /// Empties the registers without emitting anything; what is below `keep` counts as at home.
    fn forget_registers(&mut self, keep: u32) {
        for reg in self.occupied().iter() {
            let mut position = self.regs[reg.index()].head;
            while position != NONE {
                let entry = self.stack[position as usize];
                if position < keep {
                    self.stack[position as usize] = Entry::home(entry.ty);
                }
                position = entry.next();
            }
            self.regs[reg.index()] = FREE;
        }
        self.free = ALLOCATABLE;
    }
}

impl Shape {
    /// Everything is at home.
    pub const EMPTY: Shape = Shape {
        held: [NONE; Reg::COUNT],
        clean: RegSet::EMPTY,
        constants: SmallVec::new_const(),
        dead: SmallVec::new_const(),
        bound: false,
    };

    /// The register that holds a position's value at the label, if one does.
    #[cfg(test)]
    pub(super) fn register_of(&self, position: u32) -> Option<Reg> {
        self.held.iter().position(|held| *held == position).map(|number| Reg::new(number as u8))
    }

    /// The position holds nothing at the label.
    pub(super) fn forget(&mut self, position: u32) {
        if let Some(held) = self.held.iter_mut().find(|held| **held == position) {
            *held = NONE;
        }
        self.dead.push(position);
    }

    /// The register holds nothing at the label: its position is at home there.
    pub(super) fn vacate(&mut self, reg: Reg) {
        self.held[reg.index()] = NONE;
        self.clean.remove(reg);
    }

    /// The register holds the position at the label, too.
    pub(super) fn add(&mut self, position: u32, reg: Reg) {
        debug_assert_eq!(self.held[reg.index()], NONE, "a hoisted value gets a register that is free at the header");
        self.held[reg.index()] = position;
    }

    /// Whether the position is in a register; `likely` is looked at first.
    fn holds(&self, position: u32, likely: Reg) -> bool {
        self.held[likely.index()] == position || self.held.contains(&position)
    }
}
