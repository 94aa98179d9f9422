//! Parallel moves: many copies that happen at once, put into an order in which none destroys what
//! another still reads. Knows nothing of instructions.
//!
//! Every destination is written once, so the moves form chains that end in places nobody reads,
//! and rings. Chains are emitted from their end; a ring is broken by parking one value. The time
//! is linear in the number of moves.

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
#[derive(Debug, Default)]
pub struct Moves {
    moves: Vec<(Place, Place)>,
    /// Registers that are read, and those that are written.
    read: RegSet,
    written: RegSet,
    /// Whether any slot is read, and whether any is written.
    reads_slots: bool,
    writes_slots: bool,
    constants: Vec<(Place, u64)>,
    /// By [`Moves::node_index`]; all idle between uses.
    nodes: Vec<Node>,
    ready: Vec<u32>,
}

impl Moves {
    /// Adds a move. A move of a place to itself is nothing.
    ///
    /// Each destination may be given once.
    #[inline(always)]
    pub fn add(&mut self, dst: Place, src: Source) {
        match src {
            Source::Place(src) if src == dst => {}
            Source::Place(src) => {
                match src {
                    Place::Reg(reg) => self.read.insert(reg),
                    Place::Slot(_) => self.reads_slots = true,
                }
                match dst {
                    Place::Reg(reg) => self.written.insert(reg),
                    Place::Slot(_) => self.writes_slots = true,
                }
                self.moves.push((dst, src));
            }
            Source::Const(bits) => self.constants.push((dst, bits)),
        }
    }

    /// Whether there is nothing to move.
    pub fn is_empty(&self) -> bool {
        self.moves.is_empty() && self.constants.is_empty()
    }

    /// How many moves there are.
    pub fn len(&self) -> usize {
        self.moves.len() + self.constants.len()
    }

    /// Emits the moves and forgets them.
    #[inline]
    pub fn emit(&mut self, machine: &mut impl Machine) {
        if !self.moves.is_empty() {
            self.emit_moves(machine);
        }
        if !self.constants.is_empty() {
            self.emit_constants(machine);
        }
    }

    fn emit_moves(&mut self, machine: &mut impl Machine) {
        match self.moves.len() {
            1 => copy(machine, self.moves[0].0, self.moves[0].1),
            2 if seeded(Bug::TwoMovesInOrder) => self.moves.iter().for_each(|(dst, src)| copy(machine, *dst, *src)),
            3 if seeded(Bug::ThreeMovesInOrder) => self.moves.iter().for_each(|(dst, src)| copy(machine, *dst, *src)),
            // Nothing that is written is read.
            _ if self.read.and(self.written).is_empty() && !(self.reads_slots && self.writes_slots) => {
                self.moves.iter().rev().for_each(|(dst, src)| copy(machine, *dst, *src));
            }
            _ => self.emit_ordered(machine),
        }
        self.moves.clear();
        (self.read, self.written) = (RegSet::EMPTY, RegSet::EMPTY);
        (self.reads_slots, self.writes_slots) = (false, false);
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

    fn emit_ordered(&mut self, machine: &mut impl Machine) {
        for index in 0..self.moves.len() {
            let (dst, src) = self.moves[index];
            self.node(src).readers += 1;
            let node = self.node(dst);
            debug_assert_eq!(node.writer, NO_MOVE, "a destination is written once");
            node.writer = index as u32;
        }
        for index in 0..self.moves.len() {
            if self.node(self.moves[index].0).readers == 0 {
                self.ready.push(index as u32);
            }
        }
        self.drain_ready(machine);
        // What is left are rings, each place read and written once.
        let is_copy = |(dst, src): &(Place, Place)| matches!((dst, src), (Place::Slot(_), Place::Slot(_)));
        let copies = self.moves.iter().any(is_copy);
        for index in 0..self.moves.len() {
            let (dst, src) = self.moves[index];
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
    }

    fn drain_ready(&mut self, machine: &mut impl Machine) {
        while let Some(index) = self.ready.pop() {
            let (dst, src) = self.moves[index as usize];
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
