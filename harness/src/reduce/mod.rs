//! Makes a case smaller as long as somebody finds it interesting: calls first, then functions and what else a module
//! declares, then the operators of functions.
//!
//! Every step is a candidate that is valid Wasm, unless it is validity that is in question, and simpler than what there is; nothing is drawn at random, so that
//! equal inputs reduce alike.

mod blocks;
mod body;
mod calls;
mod change;
mod functions;
mod garbage;
mod inline;
mod inputs;
mod invalid;
mod observe;
mod operators;
mod piece;
pub mod predicate;
mod ranges;
mod repair;
mod signatures;
mod work;

use crate::engine::Engine;
use crate::generate;
use crate::plan::Case;
use crate::shape::Shape;
use std::collections::HashSet;
use std::time::{Duration, Instant};
use xxhash_rust::xxh3::xxh3_128;

/// What a reduction may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// How often a candidate may be tried.
    pub tries: u64,
    /// How long it may take. Where this ends a reduction, its result depends on the machine.
    pub time: Duration,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { tries: 20_000, time: Duration::from_secs(300) }
    }
}

/// How far a reduction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Candidates tried.
    pub tries: u64,
    /// Operators that are left in functions.
    pub operators: u64,
    /// Calls that are left in the plan.
    pub calls: usize,
}

/// What a reduction came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reduced {
    /// The smallest case that is interesting.
    pub case: Case,
    /// Candidates tried.
    pub tries: u64,
    /// Operators in functions, before and after.
    pub operators: (u64, u64),
    /// Whether the budget ended it: it might get smaller still.
    pub spent: bool,
}

/// Makes a case smaller as long as it is `interesting`. The oracle tells which values expressions have.
///
/// A case that is not interesting to begin with comes back as it is. One that is not valid is not run: candidates need
/// not be valid, either.
pub fn reduce(
    case: &Case,
    oracle: &dyn Engine,
    interesting: &mut dyn FnMut(&Case) -> bool,
    budget: &Budget,
    progress: &mut dyn FnMut(&Progress),
) -> Reduced {
    let before = operators(&case.wasm);
    let mut search = Search {
        case: case.clone(),
        only_valid: valid(case),
        oracle,
        interesting,
        budget: *budget,
        progress,
        begin: Instant::now(),
        tries: 0,
        seen: HashSet::new(),
    };
    if search.attempt(case.clone()) {
        loop {
            let round = search.case.clone();
            if search.only_valid {
                calls::reduce(&mut search);
                functions::reduce(&mut search);
                operators::reduce(&mut search);
                inline::reduce(&mut search);
                signatures::reduce(&mut search);
            } else {
                invalid::reduce(&mut search);
            }
            if search.spent() || search.case == round {
                break;
            }
        }
    }
    let spent = search.spent();
    let Search { case, tries, .. } = search;
    Reduced { operators: (before, operators(&case.wasm)), case, tries, spent }
}

/// How many operators a module's functions have, with the `end` of each function. What cannot be parsed counts
/// nothing.
pub fn operators(wasm: &[u8]) -> u64 {
    let payloads = wasmparser::Parser::new(0).parse_all(wasm).map_while(Result::ok);
    let count = |payload| match payload {
        wasmparser::Payload::CodeSectionEntry(body) => body
            .get_operators_reader()
            .map_or(0, |operators| operators.into_iter().map_while(Result::ok).count() as u64),
        _ => 0,
    };
    payloads.map(count).sum()
}

/// A reduction on its way.
struct Search<'a> {
    /// The smallest interesting case.
    case: Case,
    /// Whether candidates must be valid, as the case was.
    only_valid: bool,
    oracle: &'a dyn Engine,
    interesting: &'a mut dyn FnMut(&Case) -> bool,
    budget: Budget,
    progress: &'a mut dyn FnMut(&Progress),
    begin: Instant,
    tries: u64,
    /// Hashes of what was tried: later rounds propose much of it again.
    seen: HashSet<u128>,
}

impl Search<'_> {
    /// Whether nothing more may be tried.
    fn spent(&self) -> bool {
        self.tries >= self.budget.tries || self.begin.elapsed() >= self.budget.time
    }

    /// Tries a candidate, and takes it if it is interesting.
    fn attempt(&mut self, candidate: Case) -> bool {
        let known = self.spent() || !self.seen.insert(xxh3_128(&candidate.to_envelope()));
        if known || self.only_valid && !valid(&candidate) {
            return false;
        }
        self.tries += 1;
        let interesting = (self.interesting)(&candidate);
        if interesting {
            self.case = candidate;
        }
        (self.progress)(&Progress {
            tries: self.tries,
            operators: operators(&self.case.wasm),
            calls: self.case.plan.calls.len(),
        });
        interesting
    }

    /// Tries another module with the same plan.
    fn attempt_wasm(&mut self, wasm: Vec<u8>) -> bool {
        self.attempt(Case { wasm, plan: self.case.plan.clone() })
    }
}

fn valid(case: &Case) -> bool {
    generate::supported(&case.wasm).is_ok() && Shape::parse(&case.wasm).is_ok_and(|shape| case.fits(&shape))
}

/// Calls `without` with ever smaller ranges of `count` things, until none of them can be left out: it says whether it
/// left them out.
fn ddmin(mut count: usize, mut without: impl FnMut(std::ops::Range<usize>) -> bool) {
    let mut size = count;
    while size > 0 {
        let mut end = count;
        while end > 0 {
            let start = end.saturating_sub(size);
            if without(start..end) {
                count -= end - start;
            }
            end = start;
        }
        size /= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ddmin_keeps_what_is_needed() {
        let mut things: Vec<u32> = (0..100).collect();
        ddmin(100, |range| {
            let mut fewer = things.clone();
            fewer.drain(range);
            let enough = fewer.contains(&3) && fewer.contains(&50) && fewer.contains(&51);
            if enough {
                things = fewer;
            }
            enough
        });
        assert_eq!(things, [3, 50, 51]);
    }
}
