//! Whether a case still shows the same, in a process of its own: an engine may die.

use super::{Budget, Progress, Reduced};
use crate::blame::Blame;
use crate::compare::{Divergence, Observation, Report};
use crate::engine::Engine;
use crate::finding;
use crate::plan::Case;
use crate::rewrite::fuel::FuelMode;
use crate::triage::probe::Prober;
use crate::vote::Vote;
use anyhow::Result;
use std::time::{Duration, Instant};

/// How often a case is tried that does not show it each time.
const ATTEMPTS: u32 = 4;
/// How often it is run to see whether it shows it each time.
const TRIALS: u32 = 3;
/// How long a candidate may take at the least, however fast the case was.
const PATIENCE: Duration = Duration::from_secs(2);

/// Knows what a case showed, and looks for it in others.
#[derive(Debug)]
pub struct Judge<'p> {
    prober: &'p Prober,
    /// The engine under test.
    pub engine: String,
    /// The oracle.
    pub oracle: String,
    /// What the case showed.
    pub divergence: Divergence,
    /// Which half of the compiler it comes from.
    pub blame: Option<Blame>,
    /// What the other engines said of it.
    pub votes: Vec<Vote>,
    /// Each run is in a process of its own.
    apart: bool,
    /// What a process shows that is kept, a fresh one has to show, too.
    strict: bool,
    /// How often a case is run before it counts as one that does not show it.
    attempts: u32,
    /// The case had no fuel.
    endless: bool,
}

impl<'p> Judge<'p> {
    /// Runs a case in fresh processes, or in one that is kept unless `apart`. `None` if it shows no divergence.
    ///
    /// # Errors
    ///
    /// If processes cannot be started.
    pub fn new(prober: &'p Prober, engine: &str, oracle: &str, case: &Case, apart: bool) -> Result<Option<Judge<'p>>> {
        let Report { divergence, blame, votes, .. } = prober.run(engine, oracle, case)?;
        let Some(divergence) = divergence else { return Ok(None) };
        let endless = case.plan.fuel_mode == FuelMode::Off;
        let (engine, oracle) = (engine.to_string(), oracle.to_string());
        let mut judge =
            Judge { prober, engine, oracle, divergence, blame, votes, apart, strict: false, attempts: 1, endless };
        let (mut shown, mut longest) = (0, Duration::ZERO);
        for _ in 0..TRIALS {
            let begin = Instant::now();
            shown += u32::from(judge.shows(case)?);
            longest = longest.max(begin.elapsed());
        }
        if shown < TRIALS {
            judge.attempts = ATTEMPTS;
        }
        if !hangs(&judge.divergence) {
            prober.hurry((longest * 20).max(PATIENCE));
        } else {
            prober.hurry(PATIENCE);
        }
        Ok(Some(judge))
    }

    /// The case, smaller, as long as it shows what it showed, also in a fresh process.
    ///
    /// # Errors
    ///
    /// If a process cannot be started.
    pub fn reduce(
        &mut self,
        oracle: &dyn Engine,
        case: &Case,
        budget: &Budget,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Reduced> {
        let mut reduced = self.reduce_once(oracle, case, budget, progress)?;
        if !self.strict && !self.lasts(&reduced.case)? {
            // It needs what other cases have left in the process.
            self.strict = true;
            reduced = self.reduce_once(oracle, case, budget, progress)?;
        }
        Ok(reduced)
    }

    /// Whether a fresh process shows it, of several.
    fn lasts(&self, case: &Case) -> Result<bool> {
        for _ in 0..ATTEMPTS {
            let report = self.prober.run(&self.engine, &self.oracle, case)?;
            if report.divergence.is_some_and(|now| alike(&self.divergence, &now)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn reduce_once(
        &self,
        oracle: &dyn Engine,
        case: &Case,
        budget: &Budget,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Reduced> {
        let mut failure = None;
        let mut interesting = |case: &Case| {
            self.shows(case).unwrap_or_else(|error| {
                failure.get_or_insert(error);
                false
            })
        };
        let reduced = super::reduce(case, oracle, &mut interesting, budget, progress);
        match failure {
            Some(error) => Err(error.context("a candidate could not be run")),
            None => Ok(reduced),
        }
    }

    /// Whether a case shows what the first one showed.
    ///
    /// # Errors
    ///
    /// If a process cannot be started.
    pub fn shows(&self, case: &Case) -> Result<bool> {
        self.shows_on(&self.engine, case)
    }

    /// Whether a case shows it on this engine under test.
    ///
    /// # Errors
    ///
    /// If a process cannot be started.
    pub fn shows_on(&self, engine: &str, case: &Case) -> Result<bool> {
        for attempt in 0..self.attempts {
            let report = self.run(engine, case, attempt)?;
            // Without fuel both may run for ever.
            let ends = |now: &Divergence| self.endless || case.plan.fuel_mode != FuelMode::Off || !hangs(now);
            let shows = |report: &Report| {
                report.divergence.as_ref().is_some_and(|now| alike(&self.divergence, now) && ends(now))
            };
            if shows(&report) && (!self.strict || shows(&self.prober.run(engine, &self.oracle, case)?)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Any divergence that a case shows.
    ///
    /// # Errors
    ///
    /// If a process cannot be started.
    pub fn any(&self, case: &Case) -> Result<Option<Divergence>> {
        for attempt in 0..self.attempts {
            let report = self.run(&self.engine, case, attempt)?;
            if report.divergence.is_some() {
                return Ok(report.divergence);
            }
        }
        Ok(None)
    }

    fn run(&self, engine: &str, case: &Case, attempt: u32) -> Result<Report> {
        // A process that has run other cases before may hold their leftovers, or not.
        if self.apart || attempt % 2 == 1 {
            self.prober.run(engine, &self.oracle, case)
        } else {
            self.prober.run_kept(engine, &self.oracle, case)
        }
    }
}

/// Whether a process did not end.
fn hangs(divergence: &Divergence) -> bool {
    divergence.what == Observation::Process && divergence.ours.starts_with("timeout")
}

/// Whether two divergences may have one cause: what shows a wrong value (a result, a trap, a global, memory) may change
/// as a module shrinks, and what kills a process may turn into a wrong value; but a refusal stays one in the same words,
/// a panic a panic, and a trap's place a trap's place.
pub fn alike(before: &Divergence, now: &Divergence) -> bool {
    const WRONG: u32 = 4;
    let class = |divergence: &Divergence| {
        let class = match divergence.what {
            Observation::Process if hangs(divergence) => 0,
            Observation::Process => 1,
            Observation::Compile => 2,
            Observation::Validity => 5,
            Observation::TrapPlace => 3,
            _ => WRONG,
        };
        (class, divergence.ours.starts_with("panicked"), divergence.oracle.starts_with("panicked"))
    };
    if before.what == Observation::Validity && now.what == Observation::Validity {
        return finding::signature(before) == finding::signature(now);
    }
    class(before) == class(now) || before.what == Observation::Process && class(now) == (WRONG, false, false)
}
