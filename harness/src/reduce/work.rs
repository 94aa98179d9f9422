//! A function on the bench: its pieces, and the modules in which it has others.

use super::Search;
use super::body::Body;
use super::change::Change;
use super::piece::{Piece, Slot, pieces, render, weight};
use super::repair::repair;
use crate::shape::Shape;
use crate::value::ValueType;

/// A function that is looked at.
pub(super) struct Work {
    /// The module's declarations.
    pub shape: Shape,
    /// The number among the defined functions.
    pub func: u32,
    /// The locals that are no parameters.
    pub locals: Vec<ValueType>,
    /// Its operators.
    pub pieces: Vec<Piece>,
    /// Its results.
    pub results: Vec<Slot>,
}

impl Work {
    /// Reads a defined function. `None` if the module is not valid or has none.
    pub fn read(wasm: &[u8], func: u32) -> Option<Work> {
        let body = Body::read(wasm, func)?;
        let pieces = pieces(&body)?;
        let shape = Shape::parse(wasm).ok()?;
        let results = Slot::all(&shape.func_type(func + shape.imported_funcs).results);
        Some(Work { shape, func, locals: body.locals, pieces, results })
    }

    /// The index of the function.
    pub fn index(&self) -> u32 {
        self.func + self.shape.imported_funcs
    }

    /// Puts pieces in the place of the function's, in what changes anyway: together with those that are missing. `None`
    /// if that cannot be.
    pub fn put(&self, change: &mut Change, pieces: &[Piece], kept: bool) -> Option<(usize, usize)> {
        let whole = repair(pieces, &self.results, kept)?;
        let bytes = render(&whole, &mut change.types)?;
        change.bodies.insert(self.func, (self.locals.clone(), bytes));
        Some(weight(&whole))
    }

    /// Tries the function with these pieces, if it gets simpler: it has fewer operators, or no more but easier ones.
    /// Then it is read again.
    pub fn attempt(&mut self, search: &mut Search<'_>, pieces: &[Piece]) -> bool {
        let limit = weight(&self.pieces);
        // Without what cannot be reached, and with it: that may be what matters.
        for kept in [false, true] {
            let mut change = Change::of(&self.shape);
            let wasm = match self.put(&mut change, pieces, kept) {
                Some(weight) if weight < limit => change.apply(&search.case.wasm),
                _ => None,
            };
            if wasm.is_some_and(|wasm| search.attempt_wasm(wasm))
                && let Some(again) = Work::read(&search.case.wasm, self.func)
            {
                *self = again;
                return true;
            }
        }
        false
    }
}

/// The piece that ends the block that each piece opens, and the `else` between them; for `end`, what it ends.
pub(super) fn partners(pieces: &[Piece]) -> Vec<(usize, Option<usize>)> {
    let mut partners: Vec<(usize, Option<usize>)> = (0..pieces.len()).map(|at| (at, None)).collect();
    let mut open = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Open { .. } => open.push(at),
            Piece::Else => {
                if let Some(opener) = open.last() {
                    partners[*opener].1 = Some(at);
                    partners[at].0 = *opener;
                }
            }
            Piece::End => {
                if let Some(opener) = open.pop() {
                    partners[opener].0 = at;
                    partners[at].0 = opener;
                }
            }
            _ => {}
        }
    }
    partners
}
