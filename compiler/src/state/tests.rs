//! Random programs over the state, executed on a simulated machine: every value must be where the
//! state says, at every step and at every join.

use super::*;
use crate::microwasm::Const;
use rand::{Rng, SeedableRng, rngs::StdRng};
use reg::{Reg, RegClass};
use std::collections::HashMap;

/// Registers and slots with values.
#[derive(Debug, Clone, Default)]
struct Simulator {
    places: HashMap<Place, u64>,
    parked: Option<u64>,
}

/// Set in the values that stand for vectors, so that a slot of the wrong size shows.
const VECTOR: u64 = 1 << 63;

fn random_bits(rng: &mut StdRng, ty: Type) -> u64 {
    let bits = rng.random::<u64>();
    if ty == Type::V128 { bits | VECTOR } else { bits & !VECTOR }
}

impl Simulator {
    /// A slot is read or written; zero stands for zeroed locals of any type.
    fn fits(slot: Slot, value: u64) -> u64 {
        assert!(value == 0 || slot.halves().is_some() == (value & VECTOR != 0), "{slot:?} for {value:#x}");
        value
    }

    fn get(&self, place: Place) -> u64 {
        *self.places.get(&place).unwrap_or_else(|| panic!("{place:?} was never written"))
    }
    fn reg(&mut self, reg: Reg, value: u64) {
        self.places.insert(Place::Reg(reg), value);
    }
}

impl Machine for Simulator {
    fn mov(&mut self, dst: Reg, src: Reg) {
        assert_eq!(dst.class(), src.class());
        self.reg(dst, self.get(Place::Reg(src)));
    }
    fn load(&mut self, dst: Reg, src: Slot) {
        // What was never written is a zeroed local: see `check_zeroed`.
        let value = self.places.get(&Place::Slot(src)).copied().unwrap_or(0);
        self.reg(dst, Simulator::fits(src, value));
    }
    fn store(&mut self, dst: Slot, src: Reg) {
        let value = self.get(Place::Reg(src));
        self.places.insert(Place::Slot(dst), Simulator::fits(dst, value));
    }
    fn copy(&mut self, dst: Slot, src: Slot) {
        let value = self.places.get(&Place::Slot(src)).copied().unwrap_or(0);
        self.places.insert(Place::Slot(dst), Simulator::fits(dst, value));
    }
    fn constant(&mut self, dst: Reg, bits: u64) {
        self.reg(dst, bits);
    }
    fn store_constant(&mut self, dst: Slot, bits: u64) {
        self.places.insert(Place::Slot(dst), bits);
    }
    fn park(&mut self, src: Place, _copies: bool) {
        self.parked = Some(self.places.get(&src).copied().unwrap_or(0));
    }
    fn unpark(&mut self, dst: Place, _src: Place, _copies: bool) {
        let value = self.parked.take().expect("something is parked");
        self.places.insert(dst, value);
    }
}

/// A label with the shape that its first branch gave it.
struct Join {
    keep: u32,
    params: Vec<Type>,
    shape: ShapeIndex,
}

struct Program {
    rng: StdRng,
    state: State,
    machine: Simulator,
    /// What each position of the stack must hold.
    model: Vec<(Type, u64)>,
    shapes: Shapes,
    join: Option<Join>,
}

impl Program {
    fn new(seed: u64) -> Program {
        let mut rng = StdRng::seed_from_u64(seed);
        let params: Vec<Type> = (0..rng.random_range(0..10)).map(|_| random_type(&mut rng)).collect();
        let ty = FuncType { params: params.clone().into(), results: Box::default() };
        // Every other program has one register more.
        let spared = if seed.is_multiple_of(2) { RegSet::EMPTY } else { RegSet::of(&[Gpr::R15]) };
        let mut state = State::with(spared);
        state.begin(&ty);
        let mut machine = Simulator::default();
        let mut model = Vec::new();
        for (ty, place) in params.iter().zip(abi::arguments(&ty)) {
            let value = random_bits(&mut rng, *ty);
            let place = match place {
                abi::Place::Reg(reg) => Place::Reg(reg),
                abi::Place::Memory(word) if *ty == Type::V128 => Place::Slot(Slot::WideIncoming(word)),
                abi::Place::Memory(word) => Place::Slot(Slot::Incoming(word)),
            };
            machine.places.insert(place, value);
            model.push((*ty, value));
        }
        for _ in 0..rng.random_range(0..3) {
            let (count, ty) = (rng.random_range(1..12), random_type(&mut rng));
            state.declare_locals(count, ty);
            model.extend((0..count).map(|_| (ty, 0)));
        }
        Program { rng, state, machine, model, shapes: Shapes::default(), join: None }
    }

    fn value_of(&self, value: Value) -> u64 {
        match value.location {
            Location::Const(bits) => bits,
            Location::Reg(reg) => self.machine.get(Place::Reg(reg)),
            Location::Home => self.machine.places.get(&Place::Slot(value.home)).copied().unwrap_or(0),
        }
    }

    fn locals(&self) -> u32 {
        self.state.locals_end
    }

    fn step(&mut self) {
        self.state.next_operator();
        let base = self.join.as_ref().map_or(self.locals(), |join| join.keep);
        let operands = self.state.len() - base;
        match self.rng.random_range(0..12) {
            0..3 if !self.state.is_empty() => {
                let position = self.rng.random_range(0..self.state.len());
                self.state.pick(position, &mut self.machine);
                self.model.push(self.model[position as usize]);
            }
            3 => {
                let ty = if self.rng.random() { Type::I64 } else { Type::F64 };
                let bits = random_bits(&mut self.rng, ty);
                let value = match ty {
                    Type::I64 => Const::I64(bits as i64),
                    _ => Const::F64(bits),
                };
                self.state.push_const(value);
                self.model.push((ty, bits));
            }
            4..6 => {
                let ty = random_type(&mut self.rng);
                let reg = self.state.alloc(class_of(ty), &mut self.machine);
                let bits = random_bits(&mut self.rng, ty);
                self.machine.reg(reg, bits);
                self.state.push_reg(ty, reg);
                self.model.push((ty, bits));
            }
            6..9 if operands > 0 => {
                let (ty, bits) = self.model[self.model.len() - 1];
                let same: Vec<u32> = (0..self.locals()).filter(|p| self.model[*p as usize].0 == ty).collect();
                if same.is_empty() {
                    return;
                }
                let position = same[self.rng.random_range(0..same.len())];
                self.model[position as usize].1 = bits;
                if self.rng.random() {
                    self.state.tee(position, &mut self.machine);
                } else {
                    self.state.put(position, &mut self.machine);
                    self.model.pop();
                }
            }
            9 if operands > 0 => {
                let value = self.state.pop();
                let (ty, bits) = self.model.pop().expect("the model has it too");
                assert_eq!((value.ty, self.value_of(value)), (ty, bits));
            }
            10 => {
                let registers = self.state.allocatable;
                let reg = registers.iter().nth(self.rng.random_range(0..registers.len() as usize)).expect("so many");
                self.state.take(reg, &mut self.machine);
                let bits = random_bits(&mut self.rng, Type::I64);
                self.machine.reg(reg, bits);
            }
            _ => self.branch(),
        }
        self.state.check();
    }

    /// Branches to the open label, or opens one.
    fn branch(&mut self) {
        let Some(join) = self.join.take() else {
            let keep = self.rng.random_range(self.locals()..=self.state.len());
            self.state.freeze(keep, &mut self.machine);
            let params: Vec<Type> = self.model[keep as usize..].iter().map(|(ty, _)| *ty).collect();
            self.state.see_control();
            self.state.settle(&mut self.machine);
            let shape = self.shapes.take();
            self.state.define(&mut self.shapes.at(shape), keep, params.len() as u32);
            let join = Join { keep, params, shape };
            self.check_edge(&join);
            self.join = Some(join);
            return;
        };
        let count = join.params.len() as u32;
        let fits = self.state.len() >= join.keep + count
            && self.model[self.model.len() - count as usize..].iter().zip(&join.params).all(|((ty, _), p)| ty == p);
        if fits {
            if self.rng.random() {
                self.state.settle(&mut self.machine);
            }
            self.check_edge(&join);
            if self.rng.random_range(0..3) == 0 {
                // This branch is the last: go on at the label.
                self.state.transfer(&mut self.shapes.at(join.shape), join.keep, count);
                self.state.transfer_loose(&self.shapes.at(join.shape), join.keep);
                self.state.emit_moves(&mut self.machine);
                let mut shape = self.shapes.at(join.shape);
                self.state.enter(&mut shape, join.keep, &join.params, LabelKind::Forward);
                self.shapes.give_back(join.shape);
                let params = self.model.split_off(self.model.len() - count as usize);
                self.model.truncate(join.keep as usize);
                self.model.extend(params);
                return;
            }
        }
        self.join = Some(join);
    }

    /// Takes the branch on a copy of the machine and looks at what the label would find.
    fn check_edge(&mut self, join: &Join) {
        let count = join.params.len() as u32;
        let mut there = self.machine.clone();
        self.state.transfer(&mut self.shapes.at(join.shape), join.keep, count);
        self.state.transfer_loose(&self.shapes.at(join.shape), join.keep);
        self.state.emit_moves(&mut there);
        let mut after = State::with(self.state.allocatable.minus(ALLOCATABLE));
        // Not the real thing's history, but the same slots: what the label believes is in its shape.
        std::mem::swap(&mut after.slots, &mut self.state.slots);
        let params = self.model[self.model.len() - count as usize..].iter();
        let expected: Vec<_> = self.model[..join.keep as usize].iter().chain(params).copied().collect();
        for (position, (_, bits)) in expected.iter().enumerate() {
            let position = position as u32;
            if position < join.keep && self.state.entry(position).kind == Kind::Untouched {
                continue;
            }
            let place = match self.shapes.at(join.shape).register_of(position) {
                Some(reg) => Place::Reg(reg),
                None => Place::Slot(after.slots.for_write(position, expected[position as usize].0)),
            };
            let found = there.places.get(&place).copied().unwrap_or(0);
            assert_eq!(found, *bits, "position {position} in {place:?} at the label");
        }
        std::mem::swap(&mut after.slots, &mut self.state.slots);
    }

    fn check_all(&mut self) {
        while !self.state.is_empty() {
            self.state.next_operator();
            let value = self.state.pop();
            let (_, bits) = self.model.pop().expect("the model has it too");
            assert_eq!(self.value_of(value), bits, "position {}", self.model.len());
        }
    }
}

fn random_type(rng: &mut StdRng) -> Type {
    [Type::I64, Type::F64, Type::V128][rng.random_range(0..3)]
}

#[test]
fn random_programs_keep_every_value() {
    for seed in 0..3000 {
        let mut program = Program::new(seed);
        for _ in 0..program.rng.random_range(1..300) {
            program.step();
        }
        program.check_all();
    }
}

#[test]
fn declaring_many_locals_costs_nothing_per_function() {
    let mut state = State::default();
    let ty = FuncType::default();
    for _ in 0..10_000 {
        state.begin(&ty);
        state.declare_locals(50_000, Type::I32);
    }
    assert_eq!(state.len(), 50_000);
    assert_eq!(state.frame_words(), 0);
    assert_eq!(state.type_at(49_999), Type::I32);
}

#[test]
fn the_classes_are_apart() {
    assert_eq!(class_of(Type::I32), RegClass::Int);
    assert_eq!(class_of(Type::F32), RegClass::Float);
    assert_eq!(ALLOCATABLE.len(), 27);
}
