//! Whether a divergence is there again in a fresh process, before anybody hears of it.

use super::Work;
use super::pool::{CaseResult, End, Settings, Worker, watchdog};
use crate::compare::Divergence;
use crate::finding;
use anyhow::Result;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::fmt;
use std::sync::atomic::Ordering;

/// Fresh processes that must show it.
const ROUNDS: u32 = 2;

/// What fresh processes show of a case that diverged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confirmation {
    /// The same, each time.
    Confirmed,
    /// At least once something else: this.
    Flaky(String),
}

impl fmt::Display for Confirmation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Confirmation::Confirmed => f.write_str("confirmed in fresh processes"),
            Confirmation::Flaky(other) => write!(f, "flaky: a fresh process shows {other}"),
        }
    }
}

/// Runs the case with this number of some work in fresh processes. `None` if the run is to end before they have.
///
/// # Errors
///
/// If a process cannot be started, or if it does not speak as it should.
pub fn confirm(settings: &Settings, work: &Work, number: u64, divergence: &Divergence) -> Result<Option<Confirmation>> {
    let wanted = finding::signature(divergence);
    let only = work.only(number);
    for _ in 0..ROUNDS {
        let Some(shown) = again(settings, &only)? else { return Ok(None) };
        let same = shown.as_ref().is_ok_and(|shown| finding::signature(shown) == wanted);
        if !same {
            return Ok(Some(Confirmation::Flaky(
                shown
                    .map_or_else(|other| other, |other| format!("{}: {} and {}", other.what, other.ours, other.oracle)),
            )));
        }
    }
    Ok(Some(Confirmation::Confirmed))
}

/// The divergence that one fresh process shows, or in words what else it does. `None` if the run is to end.
fn again(settings: &Settings, only: &Work) -> Result<Option<Result<Divergence, String>>> {
    if settings.stop.load(Ordering::Relaxed) {
        return Ok(None);
    }
    let mut worker = Worker::start(settings)?;
    let said = RefCell::new(None);
    let done = |result: CaseResult| *said.borrow_mut() = Some(result.report);
    match worker.run(settings, only, watchdog(settings, only), &done)? {
        End::Died { how, .. } => return Ok(Some(Ok(Divergence::death(how)))),
        End::Stopped { .. } => return Ok(None),
        End::Done => worker.end()?,
    }
    Ok(Some(match said.into_inner() {
        Some(Ok(report)) => report.into_divergence().ok_or_else(|| "no difference".to_string()),
        Some(Err(reason)) => Err(format!("that the case cannot be read: {reason}")),
        None => Err("nothing".to_string()),
    }))
}
