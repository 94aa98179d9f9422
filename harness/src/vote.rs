//! A vote on a divergence: what every other engine says of the same case.

use crate::blame;
use crate::compare::{self, Divergence, Observation, Report};
use crate::engine::Engine;
use crate::engines::interpreter;
use crate::plan::Case;
use crate::worker::roster::Stable;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The engines that vote.
#[cfg(not(feature = "wasmi"))]
pub const VOTERS: &[&str] = &["cranelift", "cranelift-none", "winch", "microwasm"];
/// The engines that vote.
#[cfg(feature = "wasmi")]
pub const VOTERS: &[&str] = &["cranelift", "cranelift-none", "winch", "microwasm", "wasmi"];

/// With whom an engine agrees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// With the engine under test.
    Engine,
    /// With the oracle.
    Oracle,
    /// With neither.
    Neither,
    /// It cannot say, for this reason.
    Abstains(String),
}

/// One engine's vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// The engine.
    pub engine: String,
    /// With whom it agrees.
    pub side: Side,
}

impl fmt::Display for Vote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.side {
            Side::Engine => write!(f, "{}: with the engine under test", self.engine),
            Side::Oracle => write!(f, "{}: with the oracle", self.engine),
            Side::Neither => write!(f, "{}: with neither", self.engine),
            Side::Abstains(reason) => {
                write!(f, "{}: abstains ({})", self.engine, reason.lines().next().unwrap_or_default())
            }
        }
    }
}

/// Lets the engines vote that are neither side of the divergence.
pub fn vote(
    engine: &dyn Engine,
    oracle: &dyn Engine,
    case: &Case,
    divergence: &Divergence,
    stable: &mut Stable,
) -> Vec<Vote> {
    let mut case = case.clone();
    // What comes after the divergence says nothing about it.
    case.plan.calls.truncate(divergence.call.map_or(0, |call| call + 1));
    among(engine, oracle, stable, |a, b| agrees(a, b, &case, divergence))
}

/// The same about whether a module is valid.
pub fn vote_on_validity(engine: &dyn Engine, oracle: &dyn Engine, wasm: &[u8], stable: &mut Stable) -> Vec<Vote> {
    among(engine, oracle, stable, |a, b| {
        let Report { divergence, no_verdict, .. } = compare::validity(a, b, wasm);
        no_verdict.map_or(Ok(divergence.is_none()), Err)
    })
}

/// Lets the engines vote that are neither side, by how two of them agree.
fn among(
    engine: &dyn Engine,
    oracle: &dyn Engine,
    stable: &mut Stable,
    agrees: impl Fn(&dyn Engine, &dyn Engine) -> Result<bool, String>,
) -> Vec<Vote> {
    let others = VOTERS.iter().filter(|name| **name != oracle.name() && **name != engine.name());
    let side = |name: &str, stable: &mut Stable| {
        let voter = match stable.ready(name) {
            Ok(voter) => voter,
            Err(error) => return Side::Abstains(format!("{error:#}")),
        };
        match agrees(&*voter, oracle) {
            Err(reason) => Side::Abstains(reason),
            Ok(true) => Side::Oracle,
            Ok(false) => match agrees(engine, &*voter) {
                Err(reason) => Side::Abstains(reason),
                Ok(true) => Side::Engine,
                Ok(false) => Side::Neither,
            },
        }
    };
    others.map(|name| Vote { engine: name.to_string(), side: side(name, stable) }).collect()
}

/// Whether two engines show no difference in a case.
fn agrees(a: &dyn Engine, b: &dyn Engine, case: &Case, divergence: &Divergence) -> Result<bool, String> {
    let Report { divergence: found, no_verdict, .. } = compare::run(a, b, case);
    match (found, no_verdict) {
        // Where a trap happened matters only if that is what is voted on.
        (Some(found), _) if found.what == Observation::TrapPlace => Ok(divergence.what != Observation::TrapPlace),
        (Some(_), _) => Ok(false),
        (None, Some(reason)) => Err(reason),
        (None, None) => Ok(true),
    }
}

/// Whether a report's divergence is owed to the oracle: a trap at a place that only the oracle has
/// otherwise. Compilers merge traps, interpreters do not; and where our front end may be wrong for
/// both of our engines, the module itself must show that it can trap there.
pub fn excuses(report: &Report) -> bool {
    let place = report.divergence.as_ref().is_some_and(|divergence| divergence.what == Observation::TrapPlace);
    place && report.plausible_place && report.votes.iter().any(|vote| vote.side == Side::Engine)
}

/// Whether a report's divergence is that the oracle takes a module for invalid which the engine under test and others
/// take for valid. Our interpreter has the front end of our compiler, and does not count.
pub fn refuses_alone(report: &Report) -> bool {
    let refused = |found: &Divergence| found.what == Observation::Validity && found.ours.starts_with("returned");
    report.divergence.as_ref().is_some_and(refused)
        && report.votes.iter().all(|vote| vote.side != Side::Oracle)
        && report.votes.iter().any(|vote| vote.side == Side::Engine && vote.engine != interpreter::NAME)
}

/// Whether a report's divergence is the oracle's: nobody agrees with it, and an engine that shares no code with it or with
/// ours agrees with ours. Engines of Wasmtime share their front end and their runtime.
pub fn stands_alone(report: &Report, oracle: &str) -> bool {
    let wasmtime = |name: &str| name.starts_with("cranelift") || name.starts_with("winch");
    let others = |name: &str| name != interpreter::NAME && wasmtime(name) != wasmtime(oracle);
    let crash = |found: &Divergence| found.what == Observation::Process;
    !blame::is_ours(oracle)
        && oracle != interpreter::NAME
        && report.divergence.as_ref().is_some_and(|found| !crash(found))
        && report.votes.iter().all(|vote| matches!(vote.side, Side::Engine | Side::Abstains(_)))
        && report.votes.iter().any(|vote| vote.side == Side::Engine && others(&vote.engine))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_oracle_that_refuses_alone_is_told_from_one_that_is_right() {
        let divergence = |ours: &str| Divergence {
            what: Observation::Validity,
            call: None,
            ours: ours.to_string(),
            oracle: "rejected: invalid: made up".to_string(),
        };
        let report = |ours: &str, sides: &[(&str, Side)]| {
            let vote = |(engine, side): &(&str, Side)| Vote { engine: (*engine).to_string(), side: side.clone() };
            let votes = sides.iter().map(vote).collect();
            Report { divergence: Some(divergence(ours)), votes, ..Report::default() }
        };
        let (with, against) = (Side::Engine, Side::Oracle);
        let abstains = Side::Abstains("references".to_string());
        assert!(refuses_alone(&report("returned []", &[("cranelift", with.clone()), ("winch", abstains.clone())])));
        assert!(!refuses_alone(&report("returned []", &[("cranelift", with.clone()), ("winch", against)])));
        assert!(!refuses_alone(&report("returned []", &[("microwasm", with.clone()), ("winch", abstains)])));
        assert!(!refuses_alone(&report("rejected: invalid: x", &[("cranelift", with)])));
        assert!(!refuses_alone(&Report::default()));
    }

    #[test]
    fn an_oracle_stands_alone_if_engines_of_others_say_so() {
        let report = |what: Observation, sides: &[(&str, Side)]| {
            let vote = |(engine, side): &(&str, Side)| Vote { engine: (*engine).to_string(), side: side.clone() };
            let votes = sides.iter().map(vote).collect();
            let divergence = Divergence { what, call: None, ours: "1".to_string(), oracle: "2".to_string() };
            Report { divergence: Some(divergence), votes, ..Report::default() }
        };
        let call = |sides: &[(&str, Side)]| report(Observation::Call, sides);
        let abstains = Side::Abstains("references".to_string());
        let with = |engine: &'static str| (engine, Side::Engine);
        assert!(stands_alone(&call(&[with("cranelift"), ("winch", abstains.clone()), with("microwasm")]), "wasmi"));
        assert!(stands_alone(&call(&[with("wasmi"), with("cranelift-none")]), "cranelift"));
        // The same code may be wrong in both.
        assert!(!stands_alone(&call(&[with("cranelift-none"), with("microwasm")]), "winch/cranelift-none"));
        assert!(!stands_alone(&call(&[with("microwasm"), ("cranelift", abstains)]), "wasmi"));
        assert!(!stands_alone(&call(&[with("cranelift"), ("winch", Side::Oracle)]), "wasmi"));
        assert!(!stands_alone(&call(&[with("cranelift"), ("winch", Side::Neither)]), "wasmi"));
        assert!(!stands_alone(&call(&[with("cranelift"), with("wasmi")]), "microwasm"));
        assert!(!stands_alone(&report(Observation::Process, &[with("cranelift")]), "wasmi"));
        assert!(!stands_alone(&Report::default(), "wasmi"));
    }
}
