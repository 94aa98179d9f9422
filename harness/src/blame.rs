//! Which half of the compiler a divergence comes from: the interpreter runs the same case.
//!
//! The interpreter has Lightbeam's front end and none of its back end. Where it agrees with the
//! oracle, the front end was right; where it agrees with Lightbeam, the front end was wrong.

use crate::compare::{self, Divergence, Report};
use crate::engine::Engine;
use crate::engines::interpreter;
use crate::engines::setup::Setup;
use crate::plan::Case;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Whether an engine is Lightbeam in any configuration: it consists of two halves.
pub fn is_ours(engine: &str) -> bool {
    Setup::parse(engine).is_ok()
}

/// Whom a divergence between Lightbeam and an oracle is owed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Blame {
    /// From Microwasm to machine code, and the runtime: the interpreter agrees with the oracle.
    BackEnd,
    /// From Wasm to Microwasm: the interpreter agrees with Lightbeam, and not with the oracle.
    FrontEnd,
    /// It cannot be told, for this reason.
    Unclear(String),
}

impl fmt::Display for Blame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Blame::BackEnd => f.write_str("back end"),
            Blame::FrontEnd => f.write_str("front end"),
            Blame::Unclear(reason) => write!(f, "unclear: {reason}"),
        }
    }
}

/// What two runs of a case say together.
enum Agreement {
    Agree,
    Differ(Divergence),
    Unknown(String),
}

fn agreement(report: Report) -> Agreement {
    match (report.divergence, report.no_verdict) {
        (Some(divergence), _) => Agreement::Differ(divergence),
        (None, Some(reason)) => Agreement::Unknown(reason),
        (None, None) => Agreement::Agree,
    }
}

/// Says who is to blame for a divergence of `ours` from the oracle, with the help of an interpreter
/// of what the front end of `ours` makes.
pub fn blame(
    ours: &dyn Engine,
    oracle: &dyn Engine,
    interpreter: &dyn Engine,
    case: &Case,
    divergence: &Divergence,
) -> Blame {
    // What comes after the divergence says nothing about it.
    let mut case = case.clone();
    case.plan.calls.truncate(divergence.call.map_or(0, |call| call + 1));
    let from_oracle = match agreement(compare::run(interpreter, oracle, &case)) {
        Agreement::Agree => return Blame::BackEnd,
        Agreement::Unknown(reason) => return Blame::Unclear(format!("the interpreter and the oracle: {reason}")),
        Agreement::Differ(divergence) => divergence,
    };
    // Panics never count as equal, but one at the same place is the same one.
    if from_oracle.ours.starts_with("panicked") && from_oracle == *divergence {
        return Blame::FrontEnd;
    }
    match agreement(compare::run(ours, interpreter, &case)) {
        Agreement::Agree => Blame::FrontEnd,
        Agreement::Unknown(reason) => Blame::Unclear(format!("the interpreter and {}: {reason}", ours.name())),
        Agreement::Differ(_) => Blame::Unclear("three different results".to_string()),
    }
}

/// As [`blame`] for an engine of this name: `None` for one that is not Lightbeam.
pub fn of(ours: &dyn Engine, oracle: &dyn Engine, case: &Case, divergence: &Divergence) -> Option<Blame> {
    is_ours(ours.name()).then(|| blame(ours, oracle, &interpreter::Interpreter, case, divergence))
}

/// Says who is to blame for the death of a process in which Lightbeam and the oracle ran a case,
/// when a fresh process ran it on the interpreter and the oracle: its report, or how it died.
pub fn after_death(report: Result<Report, String>) -> Blame {
    match report.map(agreement) {
        Ok(Agreement::Agree) => Blame::BackEnd,
        Ok(Agreement::Unknown(reason)) => Blame::Unclear(format!("the interpreter and the oracle: {reason}")),
        Ok(Agreement::Differ(divergence)) => {
            Blame::Unclear(format!("the interpreter and the oracle differ too: {}", divergence.what))
        }
        Err(death) => Blame::Unclear(format!("without the back end the process died too: {death}")),
    }
}
