//! What a body does with vectors, in modules that have them.

use super::super::draft::NUMBERS;
use super::super::grid::items::Encoded;
use super::super::vectors::{self, ACCESSES, LANE_ACCESSES, LANES};
use super::Writer;
use crate::value::ValueType;
use ValueType::{I32, V128};
use wasm_encoder::Instruction as I;

impl Writer<'_> {
    /// A type of data: a number's, or in modules with vectors often theirs.
    pub fn some_type(&mut self) -> ValueType {
        if self.draft.vectors && self.rng.one_in(2) { V128 } else { *self.rng.pick(&NUMBERS) }
    }

    /// Pushes a vector, by operators nested no deeper than `depth`.
    pub(super) fn vector(&mut self, depth: u32) {
        match self.rng.below(32) {
            0..=1 => self.leaf(V128),
            2..=15 => {
                let operator = vectors::yielding(self.rng);
                self.operator(operator, depth);
            }
            16..=17 => {
                let offset = self.address(depth);
                let (load, _) = *self.rng.pick(&ACCESSES[..ACCESSES.len() - 1]);
                self.body.access(load, offset);
            }
            18 => {
                let offset = self.address(depth);
                self.value(V128, depth);
                self.lane_access(offset, false);
            }
            19..=20 => {
                self.values(&[V128, V128], depth);
                let shuffle = vectors::shuffle(self.rng);
                self.body.encoded(Encoded::new(0x0d, &shuffle).bytes());
            }
            21 => {
                let replacing: Vec<_> = LANES.iter().filter(|lane| !lane.3).collect();
                let (number, shape, scalar, _) = **self.rng.pick(&replacing);
                self.values(&[V128, scalar], depth);
                let lane = self.rng.below(shape.lanes().into()) as u8;
                self.body.encoded(Encoded::new(number, &[lane]).bytes());
            }
            22..=23 => {
                self.values(&[V128, V128], depth);
                self.condition(depth);
                self.body.i(if self.rng.one_in(2) { I::TypedSelect(V128.to_encoder()) } else { I::Select });
            }
            24 => {
                self.values(&[V128, V128], depth);
                let comparison = vectors::comparison(self.rng);
                self.operator(comparison, depth);
                self.body.i(I::V128Bitselect);
            }
            25 => self.branches(V128, depth),
            26..=27 => self.block(V128, depth),
            28 => self.rounds(V128, depth),
            29 => self.call(Some(V128), depth),
            _ => {
                self.value(V128, depth);
                let local = self.some_local(V128);
                self.body.tee(local);
            }
        }
    }

    /// Pushes a number of a type that comes from a vector.
    pub(super) fn number_of_vector(&mut self, ty: ValueType, depth: u32) {
        if ty == I32 && self.rng.one_in(2) {
            let test = vectors::test(self.rng);
            return self.operator(test, depth);
        }
        self.value(V128, depth);
        let reading: Vec<_> = LANES.iter().filter(|lane| lane.3 && lane.2 == ty).collect();
        let (number, shape, ..) = **self.rng.pick(&reading);
        let lane = self.rng.below(shape.lanes().into()) as u8;
        self.body.encoded(Encoded::new(number, &[lane]).bytes());
    }

    /// Stores a vector or a lane of one.
    pub(super) fn store_vector(&mut self, depth: u32) {
        let offset = self.address(depth);
        self.value(V128, depth);
        match self.rng.one_in(3) {
            true => self.lane_access(offset, true),
            false => self.body.access(ACCESSES[ACCESSES.len() - 1].0, offset),
        }
    }

    fn lane_access(&mut self, offset: u64, stores: bool) {
        let fitting: Vec<_> = LANE_ACCESSES.iter().filter(|access| access.2 == stores).collect();
        let (number, width, _) = **self.rng.pick(&fitting);
        let lane = self.rng.below(u64::from(16 / width)) as u8;
        self.body.encoded(Encoded::access(number, offset, lane).bytes());
    }
}
