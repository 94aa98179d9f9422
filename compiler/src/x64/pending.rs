//! The operator that waits for its consumer.

use super::Emitter;
use super::packed::Packed;
use super::vector::Rotation;
use crate::microwasm::{Binary, Compare, Vector};

/// An operator on top of the stack that waits for its consumer: its operands are still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pending {
    None,
    /// Waits to learn its destination.
    Binary(Binary),
    /// The same for an operator on vectors.
    Vector(Vector),
    /// The same for a rotation of lanes.
    Rotate(Rotation),
    /// Waits to learn whether flags will do. `negated` by `eqz`.
    Compare {
        op: Compare,
        negated: bool,
    },
    /// A value compared with zero: true if it is zero, or if it is not where `negated`.
    Zero {
        wide: bool,
        negated: bool,
    },
    /// Whether any bit of a vector is set; with a comparison, whether no lane equals zero by it.
    Lanes {
        equal: Option<Packed>,
        negated: bool,
    },
}

impl Emitter {
    /// How many values Microwasm sees on the stack.
    pub(super) fn height(&self) -> u32 {
        let pending = match self.pending {
            Pending::Binary(_) | Pending::Compare { .. } => 1,
            Pending::Vector(op) => op.operands().len() as u32 - 1,
            Pending::None | Pending::Rotate(_) | Pending::Zero { .. } | Pending::Lanes { .. } => 0,
        };
        self.state.len() - pending
    }

    /// The pending operator, if any, becomes a value.
    #[inline]
    pub(super) fn flush(&mut self) {
        if self.pending != Pending::None {
            self.flush_pending();
        }
    }

    fn flush_pending(&mut self) {
        match self.pending {
            Pending::None => {}
            Pending::Binary(op) => {
                self.pending = Pending::None;
                let b = self.state.pop();
                let a = self.state.pop();
                let reg = self.binary(op, a, b, None);
                self.push(op.result(), reg);
            }
            Pending::Vector(_) | Pending::Rotate(_) => self.pending_vector(None),
            Pending::Compare { .. } | Pending::Zero { .. } | Pending::Lanes { .. } => self.flush_test(),
        }
    }
}
