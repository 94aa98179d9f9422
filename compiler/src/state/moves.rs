//! Parallel moves: many copies that happen at once, put into an order in which none destroys what
//! another still reads. Knows nothing of instructions.
//!
//! Every destination is written once, so the moves form chains that end in places nobody reads,
//! and rings. Chains are emitted from their end; a ring is broken by parking one value. The time
//! is linear in the number of moves, but for those between registers: they take up to the square of
//! the number of registers, in steps of an instruction or two.

use super::machine::{Machine, Slot};
use super::reg::{Reg, RegSet};
use crate::seeded::{Bug, seeded};

/// A register or a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// A register.
    Reg(Reg),
    /// A slot.
    Slot(Slot),
}

impl From<Reg> for Place {
    fn from(reg: Reg) -> Place {
        Place::Reg(reg)
    }
}

impl From<Slot> for Place {
    fn from(slot: Slot) -> Place {
        Place::Slot(slot)
    }
}

/// Where a moved value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A register or a slot.
    Place(Place),
    /// A constant.
    Const(u64),
}

#[derive(Debug, Clone, Copy)]
struct Node {
    /// How many pending moves read this place.
    readers: u32,
    /// The pending move that writes this place, or `NO_MOVE`.
    writer: u32,
}

const NO_MOVE: u32 = u32::MAX;
const IDLE: Node = Node { readers: 0, writer: NO_MOVE };

/// A set of moves that happen at once. Reused, so that collecting moves allocates nothing.
#[derive(Debug)]
pub struct Moves {
    /// By register of `written`: the register whose value it gets. What this says of other registers means nothing.
    sources: [Reg; Reg::COUNT],
    /// Registers that get the value of another.
    written: RegSet,
    loads: Vec<(Reg, Slot)>,
    stores: Vec<(Slot, Reg)>,
    copies: Vec<(Slot, Slot)>,
    /// A [`slot_bit`] for each slot that is read, and for each that is written.
    slots_read: u64,
    slots_written: u64,
    constants: Vec<(Place, u64)>,
    /// All moves but those of constants, where a slot may be both read and written.
    mixed: Vec<(Place, Place)>,
    /// By place, see [`Moves::node`]; all idle between uses.
    nodes: Vec<Node>,
    ready: Vec<u32>,
}

impl Default for Moves {
    fn default() -> Self {
        Moves {
            sources: [Reg::new(0); Reg::COUNT],
            written: RegSet::EMPTY,
            loads: Vec::new(),
            stores: Vec::new(),
            copies: Vec::new(),
            slots_read: 0,
            slots_written: 0,
            constants: Vec::new(),
            mixed: Vec::new(),
            nodes: Vec::new(),
            ready: Vec::new(),
        }
    }
}

impl Moves {
    /// Adds a move. A move of a place to itself is nothing.
    ///
    /// Each destination may be given once.
    #[inline(always)]
    pub fn add(&mut self, dst: Place, src: Source) {
        match (dst, src) {
            (_, Source::Const(bits)) => self.constants.push((dst, bits)),
            (_, Source::Place(src)) if src == dst => {}
            (Place::Reg(dst), Source::Place(Place::Reg(src))) => {
                debug_assert!(!self.written.contains(dst), "a destination is written once");
                self.sources[dst.index()] = src;
                self.written.insert(dst);
            }
            (Place::Reg(dst), Source::Place(Place::Slot(src))) => {
                self.slots_read |= slot_bit(src);
                self.loads.push((dst, src));
            }
            (Place::Slot(dst), Source::Place(Place::Reg(src))) => {
                self.slots_written |= slot_bit(dst);
                self.stores.push((dst, src));
            }
            (Place::Slot(dst), Source::Place(Place::Slot(src))) => {
                self.slots_read |= slot_bit(src);
                self.slots_written |= slot_bit(dst);
                self.copies.push((dst, src));
            }
        }
    }

    /// Whether there is nothing to move.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.written.is_empty() && self.slots_read | self.slots_written == 0 && self.constants.is_empty()
    }

    /// How many moves there are.
    pub fn len(&self) -> usize {
        let slots = self.loads.len() + self.stores.len() + self.copies.len();
        self.written.len() as usize + slots + self.constants.len()
    }

    /// Emits the moves and forgets them.
    #[inline(always)]
    pub fn emit(&mut self, machine: &mut impl Machine) {
        if !self.is_empty() {
            self.emit_all(machine);
        }
    }

    fn emit_all(&mut self, machine: &mut impl Machine) {
        if self.slots_read & self.slots_written != 0 {
            self.emit_mixed(machine);
        } else {
            // No slot that is read is written. Neither do stores change registers, nor do loads read any.
            self.copies.iter().for_each(|(dst, src)| machine.copy(*dst, *src));
            self.stores.iter().for_each(|(dst, src)| machine.store(*dst, *src));
            self.emit_registers(machine);
            self.loads.iter().for_each(|(dst, src)| machine.load(*dst, *src));
        }
        self.written = RegSet::EMPTY;
        if self.slots_read | self.slots_written != 0 {
            self.copies.clear();
            self.stores.clear();
            self.loads.clear();
            (self.slots_read, self.slots_written) = (0, 0);
        }
        if !self.constants.is_empty() {
            self.emit_constants(machine);
        }
    }

    /// Moves between registers: again and again all of those whose destination no other reads. That is at most once for
    /// each register.
    fn emit_registers(&mut self, machine: &mut impl Machine) {
        let mut pending = self.written;
        while !pending.is_empty() {
            let mut read = RegSet::EMPTY;
            pending.iter().for_each(|dst| read.insert(self.sources[dst.index()]));
            let in_order = match pending.len() {
                2 => seeded(Bug::TwoMovesInOrder),
                3 => seeded(Bug::ThreeMovesInOrder),
                _ => false,
            };
            let ready = if in_order { pending } else { pending.minus(read) };
            if ready.is_empty() {
                return self.emit_rings(pending, machine);
            }
            ready.iter().for_each(|dst| machine.mov(dst, self.sources[dst.index()]));
            pending = pending.minus(ready);
        }
    }

    /// Moves between registers each of which is read once and written once.
    fn emit_rings(&mut self, mut pending: RegSet, machine: &mut impl Machine) {
        while let Some(first) = pending.first() {
            let parked = self.sources[first.index()];
            if !seeded(Bug::RingNotParked) {
                machine.park(parked.into(), false);
            }
            pending.remove(first);
            let mut dst = parked;
            while pending.contains(dst) {
                pending.remove(dst);
                let src = self.sources[dst.index()];
                machine.mov(dst, src);
                dst = src;
            }
            machine.unpark(first.into(), parked.into(), false);
        }
    }

    /// A constant reads nothing, so it may come last, when all sources are read.
    fn emit_constants(&mut self, machine: &mut impl Machine) {
        for (dst, bits) in self.constants.drain(..) {
            match dst {
                Place::Reg(reg) => machine.constant(reg, bits),
                Place::Slot(slot) => machine.store_constant(slot, bits),
            }
        }
    }

    /// Moves of which some may read slots that others write.
    fn emit_mixed(&mut self, machine: &mut impl Machine) {
        let registers = self.written.iter().map(|dst| (dst.into(), self.sources[dst.index()].into()));
        self.mixed.extend(registers);
        self.mixed.extend(self.loads.iter().map(|(dst, src)| ((*dst).into(), (*src).into())));
        self.mixed.extend(self.stores.iter().map(|(dst, src)| ((*dst).into(), (*src).into())));
        self.mixed.extend(self.copies.iter().map(|(dst, src)| ((*dst).into(), (*src).into())));
        for index in 0..self.mixed.len() {
            let (dst, src) = self.mixed[index];
            self.node(src).readers += 1;
            let node = self.node(dst);
            debug_assert_eq!(node.writer, NO_MOVE, "a destination is written once");
            node.writer = index as u32;
        }
        for index in 0..self.mixed.len() {
            if self.node(self.mixed[index].0).readers == 0 {
                self.ready.push(index as u32);
            }
        }
        self.drain_ready(machine);
        // What is left are rings, each place read and written once.
        let is_copy = |(dst, src): &(Place, Place)| matches!((dst, src), (Place::Slot(_), Place::Slot(_)));
        let copies = self.mixed.iter().any(is_copy);
        for index in 0..self.mixed.len() {
            let (dst, src) = self.mixed[index];
            if self.node(dst).writer == NO_MOVE {
                continue;
            }
            if !seeded(Bug::RingNotParked) {
                machine.park(src, copies);
            }
            self.node(dst).writer = NO_MOVE;
            self.release(src);
            self.drain_ready(machine);
            machine.unpark(dst, src, copies);
        }
        self.mixed.clear();
    }

    fn drain_ready(&mut self, machine: &mut impl Machine) {
        while let Some(index) = self.ready.pop() {
            let (dst, src) = self.mixed[index as usize];
            copy(machine, dst, src);
            self.node(dst).writer = NO_MOVE;
            self.release(src);
        }
    }

    /// One move has read this place; when it was the last, the place may be written.
    #[inline(always)]
    fn release(&mut self, src: Place) {
        let node = self.node(src);
        node.readers -= 1;
        if node.readers == 0 && node.writer != NO_MOVE {
            let writer = node.writer;
            self.ready.push(writer);
        }
    }

    fn node(&mut self, place: Place) -> &mut Node {
        let index = match place {
            Place::Reg(reg) => reg.index(),
            // A wide slot counts as its first word: it shares none with another slot.
            Place::Slot(Slot::Frame(n) | Slot::WideFrame(n)) => Reg::COUNT + 2 * n as usize,
            Place::Slot(Slot::Incoming(n) | Slot::WideIncoming(n)) => Reg::COUNT + 2 * n as usize + 1,
        };
        if index >= self.nodes.len() {
            self.nodes.resize(index + 1, IDLE);
        }
        &mut self.nodes[index]
    }
}

/// A bit for a slot. Two slots may have the same.
fn slot_bit(slot: Slot) -> u64 {
    match slot {
        Slot::Frame(word) | Slot::WideFrame(word) => 1 << (word % 64),
        Slot::Incoming(word) | Slot::WideIncoming(word) => 1 << (!word % 64),
    }
}

fn copy(machine: &mut impl Machine, dst: Place, src: Place) {
    match (dst, src) {
        (Place::Reg(dst), Place::Reg(src)) => machine.mov(dst, src),
        (Place::Reg(dst), Place::Slot(src)) => machine.load(dst, src),
        (Place::Slot(dst), Place::Reg(src)) => machine.store(dst, src),
        (Place::Slot(dst), Place::Slot(src)) => machine.copy(dst, src),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng, rngs::StdRng};
    use std::collections::HashMap;

    /// Executes moves on a map from places to values.
    #[derive(Default)]
    struct Simulator {
        places: HashMap<Place, u64>,
        parked: Option<u64>,
        emitted: usize,
    }

    impl Simulator {
        fn get(&self, place: Place) -> u64 {
            self.places[&place]
        }
        fn set(&mut self, place: Place, value: u64) {
            self.emitted += 1;
            self.places.insert(place, value);
        }
    }

    impl Machine for Simulator {
        fn mov(&mut self, dst: Reg, src: Reg) {
            assert_eq!(dst.class(), src.class());
            self.set(Place::Reg(dst), self.get(Place::Reg(src)));
        }
        fn load(&mut self, dst: Reg, src: Slot) {
            self.set(Place::Reg(dst), self.get(Place::Slot(src)));
        }
        fn store(&mut self, dst: Slot, src: Reg) {
            self.set(Place::Slot(dst), self.get(Place::Reg(src)));
        }
        fn copy(&mut self, dst: Slot, src: Slot) {
            self.set(Place::Slot(dst), self.get(Place::Slot(src)));
        }
        fn constant(&mut self, dst: Reg, bits: u64) {
            self.set(Place::Reg(dst), bits);
        }
        fn store_constant(&mut self, dst: Slot, bits: u64) {
            self.set(Place::Slot(dst), bits);
        }
        fn park(&mut self, src: Place, _copies: bool) {
            assert!(self.parked.is_none(), "one value is parked at a time");
            self.parked = Some(self.get(src));
        }
        fn unpark(&mut self, dst: Place, _src: Place, _copies: bool) {
            let value = self.parked.take().expect("something is parked");
            self.set(dst, value);
        }
    }

    fn place(number: usize) -> Place {
        match number {
            0..16 => Place::Reg(Reg::new(number as u8)),
            16..32 => Place::Slot(Slot::Frame(number as u32)),
            _ => Place::Slot(Slot::Incoming(number as u32)),
        }
    }

    #[test]
    fn random_parallel_moves_do_what_simultaneous_moves_do() {
        let mut rng = StdRng::seed_from_u64(7);
        let mut moves = Moves::default();
        for _ in 0..20_000 {
            let mut simulator = Simulator::default();
            let count = rng.random_range(1..40);
            for number in 0..count {
                simulator.places.insert(place(number), 1000 + number as u64);
            }
            let before = simulator.places.clone();
            let mut expected = before.clone();
            for number in 0..count {
                let dst = place(number);
                match rng.random_range(0..10) {
                    0 => continue,
                    1 => {
                        moves.add(dst, Source::Const(number as u64));
                        expected.insert(dst, number as u64);
                    }
                    _ => {
                        let src = place(rng.random_range(0..count));
                        moves.add(dst, Source::Place(src));
                        expected.insert(dst, before[&src]);
                    }
                }
            }
            let wanted = moves.len();
            moves.emit(&mut simulator);
            assert_eq!(simulator.places, expected);
            assert!(moves.is_empty());
            assert_eq!(simulator.emitted, wanted, "each destination is written exactly once");
        }
    }
}
