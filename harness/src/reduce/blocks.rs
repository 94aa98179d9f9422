//! Blocks and branches: blocks become what is in them, also where there are branches to them; loops become blocks,
//! types lose results and parameters, tables of targets shrink.

use super::Search;
use super::body::Callee;
use super::piece::{Action, Jump, Opening, Piece, Slot};
use super::work::{Work, partners};
use crate::value::ValueType;
use std::ops::Range;

/// How many functions are tried in the place of an indirect call's.
const MOST_CALLEES: usize = 6;

/// Simplifies each block and each branch of a function, the last one first.
pub(super) fn reduce(search: &mut Search<'_>, func: u32) {
    let Some(mut work) = Work::read(&search.case.wasm, func) else { return };
    let mut at = work.pieces.len();
    while at > 0 && !search.spent() {
        at = (at - 1).min(work.pieces.len() - 1);
        for candidate in candidates(&work, at) {
            if work.attempt(search, &candidate) {
                // What took its place is looked at, too.
                at += 1;
                break;
            }
        }
    }
}

/// What could stand in the place of a function's pieces, of which this one changes.
fn candidates(work: &Work, at: usize) -> Vec<Vec<Piece>> {
    let instead = |with: Vec<Piece>| -> Vec<Piece> {
        let mut pieces = work.pieces[..at].to_vec();
        pieces.extend(with);
        pieces.extend_from_slice(&work.pieces[at + 1..]);
        pieces
    };
    match &work.pieces[at] {
        Piece::Open { .. } => block(&work.pieces, at),
        Piece::Jump { jump: Jump::If, targets } => {
            vec![instead(vec![Piece::Drop, Piece::Jump { jump: Jump::Always, targets: targets.clone() }])]
        }
        Piece::Jump { jump: Jump::Table, targets } => {
            let mut fewer = Vec::new();
            for target in targets.iter().rev() {
                fewer.push(instead(vec![Piece::Drop, Piece::Jump { jump: Jump::Always, targets: vec![*target] }]));
            }
            for without in (0..targets.len()).filter(|_| targets.len() > 1) {
                let mut targets = targets.clone();
                targets.remove(without);
                fewer.push(instead(vec![Piece::Jump { jump: Jump::Table, targets }]));
            }
            fewer
        }
        Piece::Plain { action: Action::Call(Callee::Indirect { ty, .. }), takes, gives, known: true } => {
            let of_type =
                |func: &u32| work.shape.types.get(*ty as usize).is_some_and(|ty| work.shape.func_type(*func) == ty);
            let callees = (0..work.shape.funcs.len() as u32).filter(of_type).take(MOST_CALLEES);
            let direct = |func: u32| {
                let mut takes = takes.clone();
                takes.iter_mut().last().into_iter().for_each(|index| index.gone = true);
                let action = Action::Call(Callee::Direct(func));
                instead(vec![Piece::Plain { action, takes, gives: gives.clone(), known: true }])
            };
            callees.map(direct).collect()
        }
        _ => Vec::new(),
    }
}

/// The candidates for the block that begins here.
fn block(pieces: &[Piece], at: usize) -> Vec<Vec<Piece>> {
    let Piece::Open { label, opening, params, results } = &pieces[at] else { return Vec::new() };
    let (end, other) = partners(pieces)[at];
    let put = |opener: Option<Piece>, inside: Range<usize>, close: Vec<Piece>| -> Vec<Piece> {
        let mut all = pieces[..at].to_vec();
        all.extend(opener);
        all.extend_from_slice(&pieces[inside]);
        all.extend(close);
        all.extend_from_slice(&pieces[end + 1..]);
        all
    };
    let mut all = Vec::new();
    let mut add = |pieces: Vec<Piece>| all.push(pieces);
    let opener = |opening: Opening, params: &[Slot], results: &[Slot]| {
        Some(Piece::Open { label: *label, opening, params: params.to_vec(), results: results.to_vec() })
    };
    match (opening, other) {
        (Opening::If, Some(other)) => {
            let condition = Some(Piece::Drop);
            add(put(condition.clone(), at + 1..other, Vec::new()));
            add(put(condition, other + 1..end, Vec::new()));
            add(put(opener(Opening::If, params, results), at + 1..other, vec![Piece::End]));
            let eqz = Piece::plain(Action::Other(vec![0x45]), &[ValueType::I32], &[ValueType::I32]);
            let mut negated = pieces[..at].to_vec();
            negated.push(eqz);
            negated.extend(opener(Opening::If, params, results));
            negated.extend_from_slice(&pieces[other + 1..]);
            add(negated);
        }
        (Opening::If, None) => {
            add(put(Some(Piece::Drop), at + 1..end, Vec::new()));
        }
        _ => add(put(None, at + 1..end, Vec::new())),
    }
    if *opening != Opening::Block && other.is_none() {
        let mut blocks = put(opener(Opening::Block, params, results), at + 1..end, vec![Piece::End]);
        if *opening == Opening::If {
            blocks.insert(at, Piece::Drop);
        }
        add(blocks);
    }
    for gone in (0..results.len()).rev() {
        let mut results = results.clone();
        let mut close = vec![Piece::End];
        let ty = results[gone].ty;
        results[gone].gone = true;
        // What passes through goes on both ends.
        if let Some(through) = params.iter().rposition(|param| param.ty == ty) {
            let mut params = params.clone();
            params[through].gone = true;
            add(put(opener(*opening, &params, &results), at + 1..end, close.clone()));
        }
        add(put(opener(*opening, params, &results), at + 1..end, close.clone()));
        close.extend(Piece::zero(ty));
        add(put(opener(*opening, params, &results), at + 1..end, close));
    }
    for gone in (0..params.len()).rev() {
        let mut params = params.clone();
        params[gone].gone = true;
        add(put(opener(*opening, &params, results), at + 1..end, vec![Piece::End]));
    }
    all
}
