//! Constant folding: an operator on constants is a constant, as [`eval`] defines it. What would
//! trap, and what would be a NaN, is left to the machine.

use super::rewrites::Rewrite;
use super::{Emitter, Pending};
use crate::microwasm::{Binary, Compare, Const, Type, Unary, eval};
use crate::state::Location;

impl Emitter {
    /// The constant at this depth from the top, if it is one and nothing is pending.
    fn constant_at(&self, depth: u32) -> Option<u64> {
        if self.pending != Pending::None {
            return None;
        }
        let position = self.state.len().checked_sub(depth + 1)?;
        match self.state.entry(position).location() {
            Location::Const(bits) => Some(bits),
            _ => None,
        }
    }

    /// Replaces constant operands by the result, if there is one that machine code would give, too.
    fn replace(&mut self, operands: u32, ty: Type, bits: u64) -> bool {
        if eval::is_nan(ty, bits) {
            return false;
        }
        let Some(value) = Const::from_bits(ty, bits) else { return false };
        if !self.may(Rewrite::FoldConstant) {
            return false;
        }
        self.state.drop(operands);
        self.state.push_const(value);
        true
    }

    /// Folds an operator, if its operand is constant. Says whether it did.
    pub(super) fn fold_unary(&mut self, op: Unary) -> bool {
        let Some(a) = self.constant_at(0) else { return false };
        eval::unary(op, a).is_ok_and(|bits| self.replace(1, op.result(), bits))
    }

    /// Folds an operator, if its operands are constant. Says whether it did.
    #[inline(always)]
    pub(super) fn fold_binary(&mut self, op: Binary) -> bool {
        let Some((a, b)) = self.constant_operands() else { return false };
        eval::binary(op, a, b).is_ok_and(|bits| self.replace(2, op.result(), bits))
    }

    /// Folds a comparison, if its operands are constant. Says whether it did.
    pub(super) fn fold_compare(&mut self, op: Compare) -> bool {
        let Some((a, b)) = self.constant_operands() else { return false };
        self.replace(2, Type::I32, eval::compare(op, a, b).into())
    }

    fn constant_operands(&self) -> Option<(u64, u64)> {
        let b = self.constant_at(0)?;
        Some((self.constant_at(1)?, b))
    }

    /// Whether the condition on top is a constant.
    #[inline]
    pub(super) fn knows_condition(&self) -> bool {
        self.constant_at(0).is_some()
    }

    /// Whether the condition on top is true, if that is known; it is popped then.
    #[inline(always)]
    pub(super) fn fold_condition(&mut self) -> Option<bool> {
        let bits = self.constant_at(0)?;
        if !self.may(Rewrite::FoldCondition) {
            return None;
        }
        self.state.drop(1);
        Some(bits as u32 != 0)
    }
}
