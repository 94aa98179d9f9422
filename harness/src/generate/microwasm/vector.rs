//! Vectors in random Microwasm.
//!
//! Relaxed operators are left out: the interpreter need not choose as machine code does. After an operator whose
//! result may hold a NaN that machine code chooses, such lanes become zeros, or something is computed of them that
//! any NaN gives.

use super::{Body, EDGES};
use crate::rng::Rng;
use lightbeam::ValType as Type;
use lightbeam::microwasm::{Lane, Load, LoadLane, MemArg, Op, Sink, Store, StoreLane, Vector};
use std::sync::LazyLock;

/// How much of vectors a program has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vectors {
    /// Nothing.
    None,
    /// What is exact: no NaN is made.
    Exact,
    /// All but relaxed operators.
    All,
}

/// The lanes in which an operator may leave a NaN with bits that machine code chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Floats {
    F32x4,
    F64x2,
}

/// The lanes in which this operator's result may hold a NaN whose bits machine code chooses, as far as it is not
/// relaxed.
const fn chosen(op: Vector) -> Option<Floats> {
    use Vector as V;
    match op {
        V::F32x4Splat
        | V::F32x4Ceil
        | V::F32x4Floor
        | V::F32x4Trunc
        | V::F32x4Nearest
        | V::F32x4Sqrt
        | V::F32x4Add
        | V::F32x4Sub
        | V::F32x4Mul
        | V::F32x4Div
        | V::F32x4Min
        | V::F32x4Max
        | V::F32x4DemoteF64x2Zero => Some(Floats::F32x4),
        V::F64x2Splat
        | V::F64x2Ceil
        | V::F64x2Floor
        | V::F64x2Trunc
        | V::F64x2Nearest
        | V::F64x2Sqrt
        | V::F64x2Add
        | V::F64x2Sub
        | V::F64x2Mul
        | V::F64x2Div
        | V::F64x2Min
        | V::F64x2Max
        | V::F64x2PromoteLowF32x4 => Some(Floats::F64x2),
        _ => None,
    }
}

const fn chosen_of_lane(op: Lane) -> Option<Floats> {
    match op {
        Lane::F32x4ReplaceLane => Some(Floats::F32x4),
        Lane::F64x2ReplaceLane => Some(Floats::F64x2),
        _ => None,
    }
}

/// Whether it is relaxed: several results are right.
fn is_relaxed(op: Vector) -> bool {
    op.name().contains("relaxed")
}

/// Whether bits that machine code may choose, or a result that it may, get into a vector by this operator.
pub fn leaks(op: Op<'_>) -> bool {
    match op {
        Op::Vector(op) => chosen(op).is_some() || is_relaxed(op),
        Op::Lane(op, _) => chosen_of_lane(op).is_some(),
        _ => false,
    }
}

/// The operators that are not relaxed.
static PLAIN: LazyLock<Vec<Vector>> =
    LazyLock::new(|| Vector::ALL.iter().copied().filter(|op| !is_relaxed(*op)).collect());

/// A constant: lanes of 8 to 64 bits, at edges or anything.
pub(super) fn constant(rng: &mut Rng) -> [u8; 16] {
    let width = *rng.pick(&[1, 2, 4, 8]);
    let mut bytes = [0; 16];
    for lane in bytes.chunks_mut(width) {
        let bits = if rng.one_in(3) { rng.next_u64() as i64 } else { *rng.pick(&EDGES) };
        // The edges of 64 bits, in fewer.
        let bits = if rng.one_in(4) { bits >> (64 - 8 * width) } else { bits };
        lane.copy_from_slice(&bits.to_le_bytes()[..width]);
    }
    bytes
}

impl<S: Sink> Body<'_, S> {
    /// An operator on vectors.
    pub(super) fn vector_operator(&mut self) {
        match self.rng.below(16) {
            0..=8 => {
                let op = *self.rng.pick(&PLAIN);
                let floats = chosen(op);
                if floats.is_none() || self.vectors == Vectors::All {
                    self.apply(Op::Vector(op), op.operands(), Some(op.result()));
                    self.settle(floats);
                }
            }
            9..=10 => {
                let op = *self.rng.pick(Lane::ALL);
                let floats = chosen_of_lane(op);
                if floats.is_none() || self.vectors == Vectors::All {
                    let lane = self.rng.below(op.lanes().into()) as u8;
                    self.apply(Op::Lane(op, lane), op.operands(), Some(op.result()));
                    self.settle(floats);
                }
            }
            11 => {
                let mask = self.rng.below(32) as u8;
                let bytes = std::array::from_fn(|_| self.rng.below(32) as u8 & mask);
                self.apply(Op::Shuffle(bytes), &[Type::V128, Type::V128], Some(Type::V128));
            }
            12 => {
                let op = *self.rng.pick(LoadLane::ALL);
                let lane = self.rng.below(op.lanes().into()) as u8;
                let memarg = self.operands_at(true);
                self.popped(2);
                self.push(Op::LoadLane(op, memarg, lane), Type::V128);
            }
            13 => {
                let op = *self.rng.pick(StoreLane::ALL);
                let lane = self.rng.below(op.lanes().into()) as u8;
                let memarg = self.operands_at(true);
                self.popped(2);
                self.sink.op(Op::StoreLane(op, memarg, lane));
            }
            14 => {
                let vectors: Vec<_> = Load::ALL.iter().filter(|op| op.result() == Type::V128).collect();
                let op = **self.rng.pick(&vectors);
                let memarg = self.operands_at(false);
                self.popped(1);
                self.push(Op::Load(op, memarg), Type::V128);
            }
            _ => {
                let memarg = self.operands_at(true);
                self.popped(2);
                self.sink.op(Op::Store(Store::V128Store, memarg));
            }
        }
    }

    /// Pushes an address, with a vector if there is one; the offset.
    fn operands_at(&mut self, vector: bool) -> MemArg {
        self.address();
        let offset = self.offset();
        if vector {
            self.value(Type::V128);
        }
        MemArg { offset }
    }

    /// Makes of the vector on top, where lanes may hold some NaN, one that is the same for all of them.
    fn settle(&mut self, floats: Option<Floats>) {
        let Some(floats) = floats else { return };
        let (equal, less, convert) = match floats {
            Floats::F32x4 => (Vector::F32x4Eq, Vector::F32x4Lt, Vector::I32x4TruncSatF32x4U),
            Floats::F64x2 => (Vector::F64x2Eq, Vector::F64x2Lt, Vector::I32x4TruncSatF64x2SZero),
        };
        let position = self.types.len() as u32 - 1;
        match self.rng.below(4) {
            0 => self.sink.op(Op::Vector(convert)),
            1 => {
                self.value(Type::V128);
                self.types.pop();
                self.sink.op(Op::Vector(less));
            }
            _ => {
                self.sink.op(Op::Pick(position));
                self.sink.op(Op::Pick(position));
                self.sink.op(Op::Vector(equal));
                self.sink.op(Op::Vector(Vector::V128And));
            }
        }
    }
}
