//! The types of functions: results and parameters go, together with what calls give and take.

use super::Search;
use super::body::Callee;
use super::change::Change;
use super::piece::{Action, Piece};
use super::work::Work;
use crate::plan::Case;
use crate::shape::{FuncShape, Shape};
use std::collections::HashSet;

/// What goes from a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gone {
    Result(usize),
    Param(usize),
}

/// Leaves out results and parameters of each function, the last ones first.
pub(super) fn reduce(search: &mut Search<'_>) {
    let Ok(shape) = Shape::parse(&search.case.wasm) else { return };
    for func in 0..shape.funcs.len() as u32 {
        let Ok(now) = Shape::parse(&search.case.wasm) else { return };
        let ty = now.func_type(func).clone();
        let results = (0..ty.results.len()).rev().map(Gone::Result);
        for gone in results.chain((0..ty.params.len()).rev().map(Gone::Param)) {
            if search.spent() {
                return;
            }
            // The function by itself, or else all of its type: then indirect calls still find it.
            let alone = candidate(&search.case, func, gone, false);
            if !alone.is_some_and(|case| search.attempt(case))
                && let Some(all) = candidate(&search.case, func, gone, true)
            {
                search.attempt(all);
            }
        }
    }
}

fn fewer(ty: &FuncShape, gone: Gone) -> Option<FuncShape> {
    let mut ty = ty.clone();
    match gone {
        Gone::Result(at) if at < ty.results.len() => _ = ty.results.remove(at),
        Gone::Param(at) if at < ty.params.len() => _ = ty.params.remove(at),
        _ => return None,
    }
    Some(ty)
}

/// The case in which a function's type has less, and all functions' of this type if `all`. `None` if that is no change,
/// or if more operators would come for it than go.
fn candidate(case: &Case, func: u32, gone: Gone, all: bool) -> Option<Case> {
    let shape = Shape::parse(&case.wasm).ok()?;
    let ty = shape.func_type(func);
    let same = |other: &u32| *other == func || all && shape.func_type(*other) == ty;
    let funcs: HashSet<u32> = (0..shape.funcs.len() as u32).filter(same).collect();
    let new = fewer(ty, gone)?;
    let mut change = Change::of(&shape);
    let index = change.types.index(&new.params, &new.results);
    change.funcs.extend(funcs.iter().map(|func| (*func, index)));
    let calls = |callee: &Callee| match callee {
        Callee::Direct(func) => funcs.contains(func),
        Callee::Indirect { ty: other, .. } => all && shape.types.get(*other as usize) == Some(ty),
    };
    let (mut before, mut after) = (0, 0);
    for body in 0..shape.bodies {
        let own = funcs.contains(&(body + shape.imported_funcs));
        if !own && !calls_any(&case.wasm, body, &calls) {
            continue;
        }
        let mut work = Work::read(&case.wasm, body)?;
        before += work.pieces.len();
        let mut pieces = at_calls(&work, gone, &calls, index);
        if own {
            match gone {
                Gone::Result(at) => work.results[at].gone = true,
                Gone::Param(at) => without_param(&mut work, &mut pieces, at, ty),
            }
        }
        after += work.put(&mut change, &pieces, true)?.0;
    }
    if after > before {
        return None;
    }
    let mut plan = case.plan.clone();
    for call in plan.calls.iter_mut().filter(|call| funcs.contains(&call.func)) {
        if let Gone::Param(at) = gone {
            call.args.remove(at);
        }
    }
    Some(Case { wasm: change.apply(&case.wasm)?, plan })
}

/// Whether a body has a call of that kind.
fn calls_any(wasm: &[u8], body: u32, calls: &impl Fn(&Callee) -> bool) -> bool {
    let Some(body) = super::body::Body::read(wasm, body) else { return false };
    body.ops.iter().any(|op| op.callee.as_ref().is_some_and(calls))
}

/// The pieces with calls that take or give less.
fn at_calls(work: &Work, gone: Gone, calls: &impl Fn(&Callee) -> bool, index: u32) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(work.pieces.len());
    for piece in &work.pieces {
        let Piece::Plain { action: Action::Call(callee), takes, gives, known } = piece else {
            pieces.push(piece.clone());
            continue;
        };
        if !calls(callee) {
            pieces.push(piece.clone());
            continue;
        }
        let callee = match *callee {
            Callee::Indirect { table, .. } => Callee::Indirect { table, ty: index },
            direct => direct,
        };
        let (mut takes, mut gives) = (takes.clone(), gives.clone());
        let mut zero = None;
        match gone {
            Gone::Param(at) => takes.iter_mut().skip(at).take(1).for_each(|slot| slot.gone = true),
            Gone::Result(at) if at < gives.len() => {
                let ty = gives.remove(at);
                if at == gives.len() {
                    zero = Piece::zero(ty);
                }
            }
            Gone::Result(_) => {}
        }
        pieces.push(Piece::Plain { action: Action::Call(callee), takes, gives, known: *known });
        pieces.extend(zero);
    }
    pieces
}

/// A parameter becomes a local, if it is used at all.
fn without_param(work: &mut Work, pieces: &mut [Piece], gone: usize, ty: &FuncShape) {
    let (gone, local) = (gone as u32, (ty.params.len() - 1 + work.locals.len()) as u32);
    let mut used = false;
    for piece in pieces.iter_mut() {
        if let Piece::Plain { action: Action::Get(at) | Action::Set(at) | Action::Tee(at), .. } = piece {
            used |= *at == gone;
            *at = match (*at).cmp(&gone) {
                std::cmp::Ordering::Less => *at,
                std::cmp::Ordering::Equal => local,
                std::cmp::Ordering::Greater => *at - 1,
            };
        }
    }
    if used {
        work.locals.push(ty.params[gone as usize]);
    }
}
