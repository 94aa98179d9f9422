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

use super::State;
use super::alloc::class_set;
use super::entry::{Entry, Kind, Location, NONE};
use super::header::LabelKind;
use super::machine::{Machine, class_of};
use super::moves::{Moves, Place, Source};
use super::reg::{Reg, RegClass, RegSet};
use super::registers::Registers;
use super::shape::Shape;
use crate::microwasm::Type;
use crate::seeded::{Bug, seeded};
use smallvec::SmallVec;

/// How many registers of each class a loop's header may claim. The rest is for the loop's own values. Of 12 integer
/// registers, 8 give the fewest instructions, loads and stores over the programs of the benches: 10 give 1.004, 1.03 and
/// 1.03 times as many, 6 give 1.003 times the instructions.
const HEADER_INTS: u32 = 8;
const HEADER_FLOATS: u32 = 13;

/// As how many steps of work it counts to deal with all registers at once.
const JOIN: u64 = 8;

impl State {
    /// Makes every position below `keep` firm. Each position is made firm once, so this is
    /// amortised constant time for each value pushed.
    pub fn freeze(&mut self, keep: u32, machine: &mut impl Machine) {
        self.operations += u64::from(keep.saturating_sub(self.watermark));
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
        self.operations += self.loose.len() as u64;
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
                let primary = &mut self.regs.primary[entry.reg.index()];
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
                        if !seeded(Bug::FirmCopyNotStored) {
                            machine.store(self.slots.for_write(position, entry.ty), entry.reg);
                        }
                        self.stack[position as usize] = Entry::home(entry.ty);
                    }
                }
            }
        }
    }

    fn become_primary(&mut self, position: u32, ty: Type, reg: Reg) {
        self.stack[position as usize] = Entry::register(ty, reg);
        self.attach(position, reg);
        self.regs.primary[reg.index()] = position;
        self.release(reg);
    }

    /// The shape that a loop's header gets: the most recently used values stay in registers.
    /// Call [`State::settle`] before.
    pub fn define_header(&mut self, shape: &mut Shape<'_>, keep: u32, params: u32, machine: &mut impl Machine) {
        for (class, limit) in [(RegClass::Int, HEADER_INTS), (RegClass::Float, HEADER_FLOATS)] {
            loop {
                let mut held = self.occupied().and(class_set(class));
                held.iter().filter(|reg| self.regs.primary[reg.index()] >= keep).for_each(|reg| held.remove(reg));
                if held.len() <= limit {
                    break;
                }
                let oldest = held.iter().min_by_key(|reg| self.regs.stamp[reg.index()]);
                self.evict(oldest.expect("there are more than the limit"), machine);
            }
        }
        self.define(shape, keep, params);
    }

    /// The shape of a loop's header that is bound before any branch to it: what the registers held
    /// at the end of the code above, as far as a header may claim them. Emits nothing, since
    /// control does not come from above.
    pub fn guess_header(&mut self, shape: &mut Shape<'_>, keep: u32, params: &[Type]) {
        shape.clear();
        let mut room = [(RegClass::Int, HEADER_INTS), (RegClass::Float, HEADER_FLOATS)];
        let mut claim = |class| {
            let room = room.iter_mut().find(|(of, _)| *of == class).expect("there are two classes");
            let any = room.1 > 0;
            room.1 = room.1.saturating_sub(1);
            any
        };
        let mut held: SmallVec<[Reg; 32]> =
            self.occupied().iter().filter(|reg| self.regs.primary[reg.index()] < keep).collect();
        held.sort_unstable_by_key(|reg| std::cmp::Reverse(self.regs.stamp[reg.index()]));
        for reg in held {
            if claim(reg.class()) {
                shape.add(self.regs.primary[reg.index()], reg);
            }
        }
        for (position, ty) in (keep..).zip(params.iter().take(Reg::COUNT)) {
            let class = class_of(*ty);
            let unused = self.allocatable.minus(shape.taken()).and(class_set(class)).first();
            if let Some(reg) = unused.filter(|_| claim(class)) {
                shape.add(position, reg);
                self.used.insert(reg);
            }
        }
    }

    /// The shape that a label gets from this, its first branch. Call [`State::settle`] before.
    pub fn define(&mut self, shape: &mut Shape<'_>, keep: u32, params: u32) {
        self.operations += JOIN + u64::from(params);
        let primary = &self.regs.primary;
        shape.hold(primary, self.regs.below(self.occupied(), keep), self.regs.clean);
        if params == 0 {
            return;
        }
        // Parameters stay where they are if they can, else they get what is left.
        let mut homeless: SmallVec<[u32; 8]> = SmallVec::new();
        let first = self.len - params;
        for index in 0..params {
            match self.entry(first + index).location() {
                Location::Reg(reg) if !shape.taken().contains(reg) => shape.add(keep + index, reg),
                _ if homeless.len() < 8 => homeless.push(index),
                _ => {}
            }
        }
        for index in homeless {
            let unused = self.allocatable.minus(shape.taken()).and(class_set(class_of(self.type_at(first + index))));
            // A register that holds nothing is better than one whose value is discarded by the branch:
            // where the branch is conditional, the other path still has that value.
            if let Some(reg) = unused.and(self.free).first().or_else(|| unused.first()) {
                shape.add(keep + index, reg);
                self.used.insert(reg);
            }
        }
    }

    /// Remembers this state for the only branch to a label: constants survive.
    /// Call [`State::freeze`] for everything on the label's stack before.
    pub fn snapshot(&mut self, shape: &mut Shape<'_>, keep: u32, params: u32, machine: &mut impl Machine) {
        if self.loose.is_empty() {
            return self.define(shape, keep, params);
        }
        let loose = std::mem::take(&mut self.loose);
        for position in loose {
            if position >= self.len {
                continue;
            }
            match self.entry(position).kind {
                Kind::Const | Kind::Untouched => self.loose.push(position),
                Kind::Home | Kind::Reg => self.make_firm(position, machine),
            }
        }
        self.define(shape, keep, params);
        for &position in self.loose.iter().filter(|position| **position < keep) {
            let bits = self.stack[position as usize].bits();
            if !(seeded(Bug::SnapshotLosesZero) && bits == 0) {
                shape.set_constant(position, bits);
            }
        }
    }

    /// The constants of a label's shape get places there, which are added to these: registers as long as there are some.
    pub fn place_constants(&mut self, shape: &mut Shape<'_>, places: &mut SmallVec<[(Place, u64); 2]>) {
        for (position, bits) in shape.take_constants() {
            let ty = self.type_at(position);
            let unused = self.allocatable.minus(shape.taken()).and(class_set(class_of(ty)));
            let here = self.entry(position).location();
            let reg = match here {
                Location::Reg(reg) if unused.contains(reg) => Some(reg),
                _ => unused.and(self.free).first(),
            };
            let place = match reg {
                Some(reg) => {
                    shape.add(position, reg);
                    self.used.insert(reg);
                    reg.into()
                }
                None => self.slots.for_write(position, ty).into(),
            };
            places.push((place, bits));
        }
    }

    /// Collects the moves that bring this state into a label's shape. They do not change this
    /// state: on another path it goes on. Call [`State::settle`] before, unless the shape is this
    /// state's own [`State::snapshot`], or [`State::transfer_loose`] after.
    pub fn transfer(&mut self, shape: &mut Shape<'_>, keep: u32, params: u32) {
        let first = self.len - params;
        let mut homed_params = params;
        // Positions are far below 2^31.
        let primary = &self.regs.primary;
        let in_place = shape.select(|reg, held| (held == primary[reg]) & ((held as i32) < keep as i32));
        let idle = in_place.minus(shape.clean().minus(self.regs.clean));
        // Registers whose position the shape holds, too, wherever.
        let mut carried = idle;
        // Its registers are dealt with here, and by what the label has for every branch: its entry.
        self.operations += 2 * JOIN;
        // By far the most frequent case: there is nothing to do.
        for reg in shape.taken().minus(idle).iter() {
            let position = shape.position(reg);
            let dst = Place::Reg(reg);
            if position >= keep {
                homed_params -= 1;
                let source = self.source(first + position - keep);
                self.moves.add(dst, source);
                continue;
            }
            let entry = self.stack[position as usize];
            let in_place = entry.kind == Kind::Reg && entry.reg == reg;
            if in_place && !shape.clean().contains(reg) {
                continue;
            }
            let is_clean = match entry.kind {
                Kind::Reg => {
                    if self.regs.primary[entry.reg.index()] == position {
                        carried.insert(entry.reg);
                    }
                    self.is_clean(position, entry.reg) || seeded(Bug::MergeTakesCleanForGranted)
                }
                Kind::Home => true,
                Kind::Const | Kind::Untouched => false,
            };
            if entry.kind == Kind::Home && shape.clean().contains(reg) && !shape.is_bound() {
                // Nobody needs it in the register: every other branch has it at home as well.
                shape.vacate(reg);
                continue;
            }
            let source = self.source(position);
            self.moves.add(dst, source);
            if shape.clean().contains(reg) && !is_clean {
                if shape.is_bound() && seeded(Bug::BackEdgeForgetsStore) {
                    continue;
                }
                if shape.is_bound() {
                    self.moves.add(Place::Slot(self.slots.for_write(position, entry.ty)), source);
                } else {
                    shape.soil(reg);
                }
            }
        }
        for reg in self.occupied().minus(carried).minus(self.regs.clean).iter() {
            let position = self.regs.primary[reg.index()];
            if position >= keep || shape.is_dead(position) {
                continue;
            }
            let entry = self.stack[position as usize];
            let forgotten = seeded(Bug::MergeForgetsStore) && self.moves.len() > 2;
            if !forgotten {
                let slot = self.slots.for_write(position, entry.ty);
                self.moves.add(Place::Slot(slot), Source::Place(Place::Reg(reg)));
            }
        }
        if homed_params > 0 {
            self.operations += u64::from(params);
            self.home_params(shape, keep, params);
        }
    }

    /// Whether a branch from here to a label without parameters has nothing to move.
    pub fn is_at(&mut self, shape: &mut Shape<'_>, keep: u32) -> bool {
        // Asked by debug builds only, whose count of work is that of others.
        let operations = self.operations;
        self.transfer(shape, keep, 0);
        self.operations = operations;
        self.moves.is_empty()
    }

    /// Whether any position is loose.
    pub fn has_loose(&self) -> bool {
        !self.loose.is_empty()
    }

    /// Collects, after [`State::transfer`], what else must move where the state was not settled and is not needed any
    /// more: loose positions that the shape has at home.
    pub fn transfer_loose(&mut self, shape: &Shape<'_>, keep: u32) {
        self.operations += self.loose.len() as u64;
        for index in 0..self.loose.len() {
            let position = self.loose[index];
            if position >= keep || shape.is_dead(position) || shape.register_of(position).is_some() {
                continue;
            }
            let entry = self.stack[position as usize];
            let is_home = match entry.kind {
                // The primary of a register was dealt with as such.
                Kind::Reg => self.regs.primary[entry.reg.index()] == position,
                Kind::Const => false,
                Kind::Home | Kind::Untouched => true,
            };
            let lost = seeded(Bug::LooseNotSentHome) && entry.kind == Kind::Reg;
            if !is_home && !lost {
                let source = self.source(position);
                self.moves.add(Place::Slot(self.slots.for_write(position, entry.ty)), source);
            }
        }
    }

    /// Collects the moves of parameters that the shape has at home.
    fn home_params(&mut self, shape: &Shape<'_>, keep: u32, params: u32) {
        let mut in_register: SmallVec<[u32; 32]> =
            shape.taken().iter().map(|reg| shape.position(reg)).filter(|position| *position >= keep).collect();
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
    #[inline(always)]
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
    pub fn enter(&mut self, shape: &mut Shape<'_>, keep: u32, params: &[Type], kind: LabelKind) {
        shape.bind();
        self.operations += JOIN + (self.loose.len() + params.len()) as u64;
        self.operations += u64::from(keep.saturating_sub(self.watermark));
        self.loop_seen |= kind != LabelKind::Forward;
        for &position in &self.loose {
            let believed = seeded(Bug::ConstantSurvivesJoin);
            if position < keep && self.stack[position as usize].kind == Kind::Const && !believed {
                let ty = self.stack[position as usize].ty;
                self.stack[position as usize] = Entry::home(ty);
            }
        }
        self.loose.clear();
        for position in self.watermark..keep {
            // Only where no branch has kept it: the code at the label is dead, but sound.
            if self.stack[position as usize].kind == Kind::Const {
                let ty = self.stack[position as usize].ty;
                self.stack[position as usize] = Entry::home(ty);
            }
        }
        let same = self.forget_registers(shape, keep);
        self.len = self.len.min(keep);
        debug_assert_eq!(self.len, keep, "what a label keeps is never popped before it is bound");
        for ty in params {
            self.push_entry(Entry::home(*ty));
        }
        self.regs.stamp = [self.clock; Reg::COUNT];
        self.regs.clean = shape.clean();
        for reg in shape.taken().minus(same).iter() {
            let position = shape.position(reg);
            let ty = self.stack[position as usize].ty;
            self.stack[position as usize] = Entry::only(ty, reg);
            let clean = shape.clean().contains(reg) || seeded(Bug::ParameterIsClean) && position >= keep;
            self.regs.give(reg, position, clean, self.clock);
        }
        self.free = self.allocatable.minus(shape.taken());
        self.used = self.used.or(shape.taken());
        self.header.bind(kind, keep, shape.taken(), || shape.select(|_, held| held < keep));
        for (position, bits) in shape.constants() {
            let ty = self.stack[*position as usize].ty;
            self.stack[*position as usize] = Entry::constant(ty, *bits);
            self.loose.push(*position);
        }
        self.watermark = self.len;
    }

    /// Empties the registers without emitting anything; what is below `keep` counts as at home. Registers that hold
    /// exactly what they hold in the shape, and nothing above `keep`, stay as they are: these are returned.
    fn forget_registers(&mut self, shape: &Shape<'_>, keep: u32) -> RegSet {
        let Registers { primary, owners, .. } = &self.regs;
        let same =
            shape.select(|reg, held| (held == primary[reg]) & ((held as i32) < keep as i32) & (owners[reg] == 1));
        for reg in self.occupied().minus(same).iter() {
            self.operations += u64::from(self.regs.owners[reg.index()]);
            let mut position = self.regs.head[reg.index()];
            while position != NONE {
                let entry = self.stack[position as usize];
                if position < keep {
                    self.stack[position as usize] = Entry::home(entry.ty);
                }
                position = entry.next();
            }
            self.regs.clear(reg);
        }
        same
    }
}
