//! Leaves out ranges of a function's operators, large ones first, whatever they leave on the stack.

use super::Search;
use super::piece::{Action, Piece};
use super::work::{Work, partners};
use crate::value::ValueType;
use std::ops::Range;

/// How long a function may be for any two of its operators to be tried, and any two runs of two, and any three.
const MOST_FOR: [usize; 3] = [64, 32, 20];
/// How far apart the writing and the reading of a local may be to be tried without both.
const MOST_BETWEEN: usize = 40;

/// Leaves out what can be left out.
pub(super) fn reduce(search: &mut Search<'_>, func: u32) {
    let Some(mut work) = Work::read(&search.case.wasm, func) else { return };
    let mut size = work.pieces.len() / 2;
    while size > 0 {
        let mut end = work.pieces.len() - 1;
        while end > 0 {
            if search.spent() {
                return;
            }
            let start = end.saturating_sub(size);
            let fewer = without(&work.pieces, start..end);
            if fewer.len() < work.pieces.len() {
                work.attempt(search, &fewer);
            }
            end = start.min(work.pieces.len() - 1);
        }
        size /= 2;
    }
    through_locals(search, &mut work);
    shared(search, &mut work);
}

/// Leaves out what can only go together, from functions that are short already.
pub(super) fn together(search: &mut Search<'_>, func: u32) {
    let Some(mut work) = Work::read(&search.case.wasm, func) else { return };
    let [pairs, wide, triples] = MOST_FOR;
    let mut first = 0;
    while first < work.pieces.len() && work.pieces.len() <= pairs {
        let begin = work.pieces.len();
        // What goes beside the first: each later operator, each two in a row, or each two.
        let mut second = first + 1;
        while second < work.pieces.len() && begin == work.pieces.len() {
            if search.spent() {
                return;
            }
            let mut goes: Vec<Vec<usize>> = vec![vec![first, second]];
            if begin <= wide {
                goes.push(vec![first, first + 1, second, second + 1]);
                goes.push(vec![first, second, second + 1]);
                goes.push(vec![first, first + 1, second]);
            }
            if begin <= triples {
                goes.extend((second + 1..begin).map(|third| vec![first, second, third]));
            }
            for goes in goes {
                let stays = |at: usize| !goes.contains(&at) || structure(&work.pieces[at]);
                let fewer: Vec<Piece> = (0..begin).filter(|at| stays(*at)).map(|at| work.pieces[at].clone()).collect();
                if fewer.len() < begin && work.attempt(search, &fewer) {
                    break;
                }
            }
            second += 1;
        }
        if work.pieces.len() == begin {
            first += 1;
        }
    }
}

fn structure(piece: &Piece) -> bool {
    matches!(piece, Piece::Open { .. } | Piece::Else | Piece::End)
}

/// Lets locals that begin with constants share one.
fn shared(search: &mut Search<'_>, work: &mut Work) {
    let constant = |piece: &Piece| match piece {
        Piece::Plain { action: Action::Other(_), takes, gives, .. } if takes.is_empty() => gives.first().copied(),
        _ => None,
    };
    let writes = |piece: &Piece, ty: ValueType| match piece {
        Piece::Plain { action: Action::Set(_) | Action::Tee(_), takes, .. } => {
            takes.first().is_some_and(|slot| slot.ty == ty)
        }
        _ => false,
    };
    let last = |piece: &Piece| matches!(piece, Piece::Plain { action: Action::Set(_), .. });
    let mut at = work.pieces.len();
    while at > 1 && !search.spent() {
        at = (at - 1).min(work.pieces.len() - 1);
        let Some(ty) = constant(&work.pieces[at]) else { continue };
        // The operators that write the constant to locals, of which the last one takes it.
        let mut writing = work.pieces[at + 1..].iter().take_while(|piece| writes(piece, ty));
        let Some(count) = writing.position(last) else { continue };
        let Some(before) = work.pieces[..at].iter().rposition(|piece| last(piece) && writes(piece, ty)) else {
            continue;
        };
        let mut pieces = work.pieces.clone();
        let moved: Vec<Piece> = pieces.drain(at..at + count + 2).skip(1).collect();
        if let Piece::Plain { action: action @ Action::Set(_), gives, .. } = &mut pieces[before]
            && let Action::Set(first) = *action
        {
            *action = Action::Tee(first);
            gives.push(ty);
        }
        pieces.splice(before + 1..before + 1, moved);
        work.attempt(search, &pieces);
    }
}

/// The pieces without a range; blocks that are only partly in it stay blocks.
fn without(pieces: &[Piece], range: Range<usize>) -> Vec<Piece> {
    let partners = partners(pieces);
    let goes = |at: usize| {
        range.contains(&at)
            && match pieces[at] {
                Piece::Open { .. } | Piece::Else | Piece::End => {
                    let opener = if matches!(pieces[at], Piece::Open { .. }) { at } else { partners[at].0 };
                    range.contains(&opener) && range.contains(&partners[opener].0)
                }
                _ => true,
            }
    };
    pieces.iter().enumerate().filter(|(at, _)| !goes(*at)).map(|(_, piece)| piece.clone()).collect()
}

/// Leaves values on the stack that are written to a local and read from it.
fn through_locals(search: &mut Search<'_>, work: &mut Work) {
    let mut at = work.pieces.len();
    while at > 0 && !search.spent() {
        at = (at - 1).min(work.pieces.len() - 1);
        let Piece::Plain { action: Action::Set(local) | Action::Tee(local), .. } = work.pieces[at] else { continue };
        let reads = |piece: &Piece| matches!(piece, Piece::Plain { action: Action::Get(read), .. } if *read == local);
        let Some(read) = work.pieces[at..].iter().take(MOST_BETWEEN).position(reads) else { continue };
        let mut fewer = work.pieces.clone();
        fewer.remove(at + read);
        fewer.remove(at);
        work.attempt(search, &fewer);
    }
}
