//! What the functions of the plan's calls get and give: values that are computed come in as arguments, and the first
//! value that shows the difference goes out as the result.

use super::Search;
use super::body::{Body, Callee};
use super::change::Change;
use super::observe::{Observed, observe};
use super::piece::{Action, Jump, Opening, Piece, Slot};
use super::work::Work;
use crate::plan::Case;
use crate::value::{Value, ValueType};
use std::collections::HashMap;
use std::ops::Range;

/// Simplifies what this function gets and gives, if only the plan calls it.
pub(super) fn reduce(search: &mut Search<'_>, func: u32) {
    if !only_planned(&search.case, func) {
        return;
    }
    result(search, func);
    results(search, func);
    arguments(search, func);
}

/// Lets values be results that are dropped, stored, or written to locals or globals.
fn results(search: &mut Search<'_>, func: u32) {
    let mut at = Work::read(&search.case.wasm, func).map_or(0, |work| work.pieces.len());
    while at > 0 && !search.spent() {
        let Some(work) = Work::read(&search.case.wasm, func) else { return };
        at = (at - 1).min(work.pieces.len() - 1);
        if let Some(case) = with_result(&search.case, work, at) {
            search.attempt(case);
        }
    }
}

/// The case in which what an operator takes that gives nothing are results.
fn with_result(case: &Case, mut work: Work, at: usize) -> Option<Case> {
    let (mut depth, mut height) = (0, 0_usize);
    let mut ty = None;
    for piece in &work.pieces[..at] {
        match piece {
            Piece::Open { opening, params, results, .. } => {
                if depth == 0 {
                    height = height.checked_sub(params.len() + usize::from(*opening == Opening::If))?;
                    height += results.len();
                    ty = results.last().map(|slot| slot.ty);
                }
                depth += 1;
            }
            Piece::End => depth -= 1,
            Piece::Plain { takes, gives, .. } if depth == 0 => {
                height = (height + gives.len()).checked_sub(takes.len())?;
                ty = gives.last().copied();
            }
            Piece::Drop if depth == 0 => (height, ty) = (height.checked_sub(1)?, None),
            Piece::Jump { jump: Jump::If, .. } if depth == 0 => height = height.checked_sub(1)?,
            Piece::Jump { .. } | Piece::Unreachable if depth == 0 => return None,
            _ => {}
        }
    }
    let types = match &work.pieces[at] {
        Piece::Drop => vec![ty?],
        Piece::Plain { takes, gives, known: true, .. } if gives.is_empty() => {
            takes.iter().map(|slot| slot.ty).collect()
        }
        _ => return None,
    };
    if depth > 0 {
        return None;
    }
    let shape = work.shape.func_type(work.index());
    let (params, mut results) = (shape.params.clone(), shape.results.clone());
    let below = height.checked_sub(types.len()).filter(|below| *below <= results.len())?;
    results.splice(below..below, types);
    let mut change = Change::of(&work.shape);
    change.funcs.insert(work.index(), change.types.index(&params, &results));
    work.results = Slot::all(&results);
    let before = work.pieces.len();
    let mut pieces = work.pieces.clone();
    pieces.remove(at);
    let (size, _) = work.put(&mut change, &pieces, true)?;
    (size < before).then_some(())?;
    Some(Case { wasm: change.apply(&case.wasm)?, plan: case.plan.clone() })
}

/// Whether the plan calls a function, and no function does.
fn only_planned(case: &Case, func: u32) -> bool {
    let Some(work) = Work::read(&case.wasm, func) else { return false };
    let called = |body: u32| {
        Body::read(&case.wasm, body)
            .is_none_or(|body| body.ops.iter().any(|op| op.callee == Some(Callee::Direct(work.index()))))
    };
    case.plan.calls.iter().any(|call| call.func == work.index()) && !(0..work.shape.bodies).any(called)
}

/// Lets the function end with a value that it computes on its way.
fn result(search: &mut Search<'_>, func: u32) {
    let mut at = 0;
    while let Some(work) = Work::read(&search.case.wasm, func).filter(|work| at + 1 < work.pieces.len()) {
        if search.spent() {
            return;
        }
        let before = work.pieces.len();
        if let Some(ty) = gives(&work.pieces, at)
            && let Some((case, size)) = ended(&search.case, work, at, ty)
            && size < before
            && search.attempt(case)
        {
            // The earlier a value is, the less is left: there is no better one behind it.
            return;
        }
        at += 1;
    }
}

/// The type of the value that a piece leaves on top.
fn gives(pieces: &[Piece], at: usize) -> Option<ValueType> {
    match &pieces[at] {
        Piece::Plain { gives, .. } => gives.last().copied(),
        Piece::End => {
            let (opener, _) = super::work::partners(pieces)[at];
            match &pieces[opener] {
                Piece::Open { results, .. } => results.last().map(|slot| slot.ty),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The case in which a function returns the value that this piece leaves, and how many operators the function has then.
fn ended(case: &Case, mut work: Work, at: usize, ty: ValueType) -> Option<(Case, usize)> {
    let mut change = Change::of(&work.shape);
    let params = &work.shape.func_type(work.index()).params;
    change.funcs.insert(work.index(), change.types.index(params, &[ty]));
    work.results = Slot::all(&[ty]);
    let mut pieces = work.pieces[..=at].to_vec();
    let nested = pieces.iter().fold(0, |depth, piece| match piece {
        Piece::Open { .. } => depth + 1,
        Piece::End => depth - 1,
        _ => depth,
    });
    if nested > 0 {
        pieces.push(Piece::Jump { jump: Jump::Return, targets: vec![super::piece::FUNCTION] });
        pieces.extend_from_slice(&work.pieces[at + 1..]);
    } else {
        pieces.push(Piece::End);
    }
    let (size, _) = work.put(&mut change, &pieces, false)?;
    Some((Case { wasm: change.apply(&case.wasm)?, plan: case.plan.clone() }, size))
}

/// Lets values come in as arguments: expressions that are not as good as constants, and what locals begin with.
fn arguments(search: &mut Search<'_>, func: u32) {
    let Some(mut body) = Body::read(&search.case.wasm, func) else { return };
    let mut observed = observe(&search.case, &body, search.oracle);
    let mut end = body.ops.len();
    while end > 0 && !search.spent() {
        end = (end - 1).min(body.ops.len() - 1);
        let taken = candidates(&body, end, &observed).into_iter().any(|(range, local, value)| {
            with_argument(&search.case, func, range, local, value).is_some_and(|case| search.attempt(case))
        });
        if taken {
            let Some(again) = Body::read(&search.case.wasm, func) else { return };
            body = again;
            observed = observe(&search.case, &body, search.oracle);
        }
    }
}

/// Operators that an argument may stand for: those of an expression, or those that give a local its value, with that
/// local.
fn candidates(body: &Body, end: usize, observed: &HashMap<usize, Observed>) -> Vec<(Range<usize>, Option<u32>, Value)> {
    let Some(range) = body.expression(end) else { return Vec::new() };
    let op = &body.ops[end];
    let of = |at: usize| match body.ops[at].value {
        Some(value) => vec![value],
        None => observed.get(&at).map_or(Vec::new(), |observed| vec![observed.last, observed.first]),
    };
    if range.len() < 2 {
        return Vec::new();
    }
    let (values, local) = match (op.name, op.local) {
        ("LocalSet", Some(local)) if local >= body.params => (of(end - 1), Some(local)),
        _ if op.results.len() == 1 && op.pushes == 1 => (of(end), None),
        _ => return Vec::new(),
    };
    let mut values: Vec<_> = values.into_iter().map(|value| (range.clone(), local, value)).collect();
    values.dedup();
    values
}

/// The case in which a function has one parameter more, with this value. It stands for the operators, or it is the
/// local that they set.
fn with_argument(case: &Case, func: u32, range: Range<usize>, local: Option<u32>, value: Value) -> Option<Case> {
    let mut work = Work::read(&case.wasm, func)?;
    let mut params = work.shape.func_type(work.index()).params.clone();
    let new = params.len() as u32;
    params.push(value.ty());
    let mut pieces: Vec<Piece> = work.pieces.clone();
    for piece in &mut pieces {
        if let Piece::Plain { action: Action::Get(at) | Action::Set(at) | Action::Tee(at), .. } = piece {
            *at = match *at {
                at if Some(at) == local => new,
                at if at >= new && local.is_none_or(|local| at < local) => at + 1,
                at => at,
            };
        }
    }
    if let Some(local) = local {
        work.locals.remove(local.checked_sub(new)? as usize);
    }
    let get = Piece::plain(Action::Get(new), &[], &[value.ty()]);
    pieces.splice(range, local.is_none().then_some(get));
    let mut change = Change::of(&work.shape);
    change.funcs.insert(work.index(), change.types.index(&params, &work.shape.func_type(work.index()).results));
    let before = work.pieces.len();
    if work.put(&mut change, &pieces, true)?.0 >= before {
        return None;
    }
    let mut plan = case.plan.clone();
    for call in plan.calls.iter_mut().filter(|call| call.func == work.index()) {
        call.args.push(value);
    }
    Some(Case { wasm: change.apply(&case.wasm)?, plan })
}
