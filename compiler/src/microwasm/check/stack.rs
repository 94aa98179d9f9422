//! The types on the value stack, with which the checker tells entries apart.

use super::{Checked, Fault, MAX_HEIGHT, MAX_VARIABLES};
use crate::microwasm::Type;

/// How many variables are listed one by one; those above are found by their run.
const LISTED: u32 = 256;

/// An entry above the variables. Its number tells it from any other that the function ever pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    ty: Type,
    number: u64,
}

/// The value stack of a function: its variables, and what is above them.
#[derive(Debug, Default)]
pub(super) struct Stack {
    /// How many variables there are.
    variables: u32,
    /// The types of the first variables.
    listed: Vec<Type>,
    /// All variables, as runs: the position after the run, and its type.
    runs: Vec<(u32, Type)>,
    entries: Vec<Entry>,
    pushed: u64,
}

impl Stack {
    /// Empties it, variables included.
    pub(super) fn clear(&mut self) {
        self.variables = 0;
        self.listed.clear();
        self.runs.clear();
        self.entries.clear();
    }

    /// Adds variables of one type.
    pub(super) fn declare(&mut self, count: u32, ty: Type) -> Checked {
        let total = u64::from(self.variables) + u64::from(count);
        if total > u64::from(MAX_VARIABLES) {
            return Err(Box::new(Fault::Limit("variables of a function")));
        }
        self.variables = total as u32;
        self.listed.resize(self.variables.min(LISTED) as usize, ty);
        self.runs.push((self.variables, ty));
        Ok(())
    }

    /// How many variables there are.
    pub(super) fn variables(&self) -> u32 {
        self.variables
    }

    /// How many entries there are, variables included.
    pub(super) fn height(&self) -> u32 {
        self.variables + self.entries.len() as u32
    }

    /// The type at a position.
    #[inline]
    pub(super) fn at(&self, position: u32) -> Checked<Type> {
        if let Some(ty) = self.listed.get(position as usize) {
            return Ok(*ty);
        }
        if position < self.variables {
            let run = self.runs.partition_point(|(end, _)| *end <= position);
            return Ok(self.runs[run].1);
        }
        match self.entries.get((position - self.variables) as usize) {
            Some(entry) => Ok(entry.ty),
            None => Err(Fault::rule(format!("M1: the stack has no position {position}"))),
        }
    }

    /// Identifies everything below a height, as long as it stays on the stack; `None` if it is not there.
    #[inline]
    pub(super) fn identity(&self, height: u32) -> Option<u64> {
        let above = height.checked_sub(self.variables)?;
        if above == 0 {
            return Some(0);
        }
        self.entries.get(above as usize - 1).map(|entry| entry.number)
    }

    #[inline]
    pub(super) fn push(&mut self, ty: Type) -> Checked {
        if self.entries.len() as u32 >= MAX_HEIGHT {
            return Err(Box::new(Fault::Limit("entries on a function's stack")));
        }
        self.pushed += 1;
        self.entries.push(Entry { ty, number: self.pushed });
        Ok(())
    }

    pub(super) fn push_all(&mut self, types: &[Type]) -> Checked {
        types.iter().try_for_each(|ty| self.push(*ty))
    }

    /// The type of the top.
    #[inline]
    pub(super) fn top(&self) -> Checked<Type> {
        match self.entries.last() {
            Some(entry) => Ok(entry.ty),
            None => Err(Fault::rule("M1: nothing is on the stack but variables")),
        }
    }

    /// Takes the top off, whatever its type.
    #[inline]
    pub(super) fn pop_any(&mut self) -> Checked<Type> {
        let ty = self.top()?;
        self.entries.pop();
        Ok(ty)
    }

    #[inline]
    pub(super) fn pop(&mut self, ty: Type) -> Checked {
        let found = self.pop_any()?;
        if found == ty { Ok(()) } else { Err(Fault::rule(format!("M1: {ty} expected, {found} found"))) }
    }

    pub(super) fn pop_all(&mut self, types: &[Type]) -> Checked {
        types.iter().rev().try_for_each(|ty| self.pop(*ty))
    }

    /// Removes everything above a height, which is not below the variables.
    pub(super) fn truncate(&mut self, height: u32) {
        self.entries.truncate((height - self.variables) as usize);
    }

    /// Whether the types are on top of at least `above` entries.
    #[inline]
    pub(super) fn has_on_top(&self, types: &[Type], above: u32) -> bool {
        let above = above.saturating_sub(self.variables) as usize;
        let Some(below) = self.entries.len().checked_sub(types.len()) else { return false };
        below >= above && self.entries[below..].iter().map(|entry| entry.ty).eq(types.iter().copied())
    }
}
