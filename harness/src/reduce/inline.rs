//! Calls: a function that is called once stands at its call, and the plan calls what matters directly.

use super::Search;
use super::body::{Body, Callee};
use super::change::Change;
use super::observe::observe;
use super::piece::{Action, Jump, Opening, Piece, Slot};
use super::work::Work;
use crate::plan::{Case, PlannedCall};
use crate::shape::Shape;
use crate::value::Value;

/// How long a function may be that is copied to its calls although there are others.
const SHORT: usize = 8;
/// How many calls within a function are tried in the place of a call of the plan.
const MOST_DIRECT: usize = 24;

/// Calls functions directly that others call, and puts functions in the place of their calls.
pub(super) fn reduce(search: &mut Search<'_>) {
    direct(search);
    let bodies = Shape::parse(&search.case.wasm).map_or(0, |shape| shape.bodies);
    for func in 0..bodies {
        inline(search, func);
    }
}

/// Lets the plan make a call that one of its functions makes, with the same arguments.
fn direct(search: &mut Search<'_>) {
    let mut number = search.case.plan.calls.len();
    while number > 0 && !search.spent() {
        number = (number - 1).min(search.case.plan.calls.len() - 1);
        let found = calls_within(search, number).into_iter().take(MOST_DIRECT).any(|call| {
            let mut case = search.case.clone();
            case.plan.calls[number] = call;
            search.attempt(case)
        });
        if found {
            number += 1;
        }
    }
}

/// The calls that a planned call's function makes of functions of the module, with the arguments that were observed.
fn calls_within(search: &Search<'_>, number: usize) -> Vec<PlannedCall> {
    let Ok(shape) = Shape::parse(&search.case.wasm) else { return Vec::new() };
    let caller = search.case.plan.calls[number].func;
    let body = caller.checked_sub(shape.imported_funcs).and_then(|func| Body::read(&search.case.wasm, func));
    let Some(body) = body else { return Vec::new() };
    let mut calls = Vec::new();
    if body.ops.iter().all(|op| op.callee.is_none()) {
        return calls;
    }
    let observed = observe(&search.case, &body, search.oracle);
    for (at, op) in body.ops.iter().enumerate() {
        let Some(Callee::Direct(func)) = op.callee else { continue };
        if func < shape.imported_funcs || func == caller {
            continue;
        }
        let mut args: Vec<Value> = Vec::new();
        let mut end = at;
        for ty in shape.func_type(func).params.iter().rev() {
            let value = end.checked_sub(1).and_then(|last| observed.get(&last)).map(|observed| observed.last);
            args.push(value.filter(|value| value.ty() == *ty).unwrap_or(ty.zero()));
            end = body.operands(end, 1).unwrap_or(0);
        }
        args.reverse();
        calls.push(PlannedCall { func, args });
    }
    calls
}

/// Puts functions in the place of their calls in this one.
fn inline(search: &mut Search<'_>, func: u32) {
    let Some(mut work) = Work::read(&search.case.wasm, func) else { return };
    let mut at = work.pieces.len();
    while at > 0 && !search.spent() {
        at = (at - 1).min(work.pieces.len() - 1);
        let Piece::Plain { action: Action::Call(Callee::Direct(callee)), .. } = work.pieces[at] else { continue };
        for zeroed in [false, true] {
            let Some(case) = inlined(&search.case, &work, at, callee, zeroed) else { continue };
            if search.attempt(case)
                && let Some(again) = Work::read(&search.case.wasm, func)
            {
                work = again;
                break;
            }
        }
    }
}

/// The case with a function in the place of its call; with its locals set to zero first if `zeroed`.
fn inlined(case: &Case, work: &Work, at: usize, callee: u32, zeroed: bool) -> Option<Case> {
    let number = callee.checked_sub(work.shape.imported_funcs)?;
    if callee == work.index() {
        return None;
    }
    let inner = Work::read(&case.wasm, number)?;
    if zeroed && inner.locals.is_empty() || inner.pieces.len() > SHORT && others(case, work, callee) {
        return None;
    }
    let ty = work.shape.func_type(callee);
    let params = work.shape.func_type(work.index()).params.len();
    let first = (params + work.locals.len()) as u32;
    // Labels of the inner function come behind all that there are.
    let labels = work.pieces.len() as u32 + 1;
    let mut with: Vec<Piece> = Vec::new();
    for (local, ty) in ty.params.iter().enumerate().rev() {
        with.push(Piece::plain(Action::Set(first + local as u32), &[*ty], &[]));
    }
    for (local, zero) in inner.locals.iter().enumerate().filter(|_| zeroed) {
        let local = first + (ty.params.len() + local) as u32;
        with.push(Piece::zero(*zero)?);
        with.push(Piece::plain(Action::Set(local), &[*zero], &[]));
    }
    let results = Slot::all(&ty.results);
    with.push(Piece::Open { label: labels, opening: Opening::Block, params: Vec::new(), results });
    for piece in &inner.pieces {
        let mut piece = piece.clone();
        match &mut piece {
            Piece::Open { label, .. } => *label += labels,
            Piece::Jump { jump, targets } => {
                targets.iter_mut().for_each(|target| *target += labels);
                if *jump == Jump::Return {
                    *jump = Jump::Always;
                }
            }
            Piece::Plain { action: Action::Get(local) | Action::Set(local) | Action::Tee(local), .. } => {
                *local += first;
            }
            _ => {}
        }
        with.push(piece);
    }
    let mut whole = work.pieces[..at].to_vec();
    whole.extend(with);
    whole.extend_from_slice(&work.pieces[at + 1..]);
    let mut locals = work.locals.clone();
    locals.extend(ty.params.iter().chain(&inner.locals));
    let mut change = Change::of(&work.shape);
    let outer = Work::read(&case.wasm, work.func)?;
    Work { locals, ..outer }.put(&mut change, &whole, true)?;
    Some(Case { wasm: change.apply(&case.wasm)?, plan: case.plan.clone() })
}

/// Whether something else than this function's one call refers to a function.
fn others(case: &Case, work: &Work, callee: u32) -> bool {
    let calls = |pieces: &[Piece]| {
        let call = |piece: &&Piece| matches!(piece, Piece::Plain { action: Action::Call(Callee::Direct(func)), .. } if *func == callee);
        pieces.iter().filter(call).count()
    };
    case.plan.calls.iter().any(|call| call.func == callee)
        || calls(&work.pieces) > 1
        || (0..work.shape.bodies).filter(|func| *func != work.func).any(|func| {
            Body::read(&case.wasm, func)
                .is_none_or(|body| body.ops.iter().any(|op| op.callee == Some(Callee::Direct(callee))))
        })
}
