//! The mutation score: which of the bugs that are seeded in the compiler the harness finds, and how fast.
//!
//! Needs a build with the feature `seeded-bugs`; each bug acts in worker processes of its own.

pub mod journal;
pub mod report;

use crate::compare::Observation;
use crate::generate::Generator;
use crate::worker::Work;
use crate::worker::pool::{self, CaseResult, Settings};
use crate::worker::roster::Roster;
use anyhow::Result;
use journal::Journal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Modules that a worker gets at once: after a kill, those of a batch that come later are wasted.
const BATCH: u64 = 8;
/// A worker that takes no processor time is stuck in the operating system: it is given up after this many times its
/// budget of wall-clock time.
const PATIENCE: f64 = 6.0;

/// A seeded bug, as reports name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bug {
    /// Its number; 0 is none.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// The part of the compiler that it is in.
    pub area: String,
    /// What is wrong.
    pub what: String,
    /// What it is modelled on.
    pub model: String,
}

/// The bugs of this build; empty without the feature.
pub fn bugs() -> Vec<Bug> {
    #[cfg(feature = "seeded-bugs")]
    return lightbeam::seeded::Bug::ALL
        .iter()
        .map(|bug| Bug {
            number: bug.number(),
            name: bug.name().to_string(),
            area: bug.area().map_or(String::new(), |area| format!("{area:?}")),
            what: bug.what().to_string(),
            model: bug.model().to_string(),
        })
        .collect();
    #[cfg(not(feature = "seeded-bugs"))]
    Vec::new()
}

/// Makes a bug act in this process.
///
/// # Errors
///
/// If this build has none.
pub fn select(number: u32) -> Result<()> {
    #[cfg(feature = "seeded-bugs")]
    lightbeam::seeded::select(number);
    #[cfg(not(feature = "seeded-bugs"))]
    anyhow::ensure!(number == 0, "this build has no seeded bugs");
    Ok(())
}

/// What is hunted, by whom, and for how long.
#[derive(Debug, Clone)]
pub struct Hunt {
    /// The generators, each on its own.
    pub generators: Vec<Generator>,
    /// The seeds, each on its own.
    pub seeds: Vec<u64>,
    /// The most seconds of processor time for a bug and a seed with the first generator.
    pub seconds: f64,
    /// The same with each of the others.
    pub other_seconds: f64,
    /// The engine under test.
    pub engine: Roster,
    /// The oracles.
    pub oracle: Roster,
    /// How many bugs at a time.
    pub jobs: usize,
}

impl Hunt {
    /// The most seconds of processor time for a bug and a seed with this generator.
    pub fn seconds_of(&self, generator: Generator) -> f64 {
        if self.generators.first() == Some(&generator) { self.seconds } else { self.other_seconds }
    }
}

/// How one hunt for one bug ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Trial {
    /// The generator.
    pub generator: Generator,
    /// The seed.
    pub seed: u64,
    /// Modules run, the one that killed included.
    pub modules: u64,
    /// Seconds of processor time until the kill, or in vain.
    pub seconds: f64,
    /// What showed the bug; `None` if nothing did.
    pub killed: Option<Observation>,
    /// The generator in a mix that made the module.
    pub killer: Option<Generator>,
}

/// What became of one bug.
#[derive(Debug, Clone, Serialize)]
pub struct Fate {
    /// The bug.
    pub bug: Bug,
    /// The hunts for it.
    pub trials: Vec<Trial>,
}

impl Fate {
    /// The hunts by a generator.
    pub fn by(&self, generator: Generator) -> impl Iterator<Item = &Trial> {
        self.trials.iter().filter(move |trial| trial.generator == generator)
    }

    /// Whether every hunt by this generator found it.
    pub fn killed_by(&self, generator: Generator) -> bool {
        let mut trials = self.by(generator).peekable();
        trials.peek().is_some() && trials.all(|trial| trial.killed.is_some())
    }
}

/// Hunts all of these bugs, but where the journal knows the end; `done` hears of each trial.
///
/// # Errors
///
/// If workers cannot be started, or the journal cannot be written.
pub fn hunt(hunt: &Hunt, bugs: &[Bug], journal: &Journal, done: impl Fn(&Bug, &Trial) + Sync) -> Result<Vec<Fate>> {
    let mut jobs = Vec::new();
    for bug in bugs {
        for generator in &hunt.generators {
            jobs.extend(hunt.seeds.iter().map(|seed| (bug, *generator, *seed)));
        }
    }
    let queue = Mutex::new(jobs.into_iter());
    let trials = Mutex::new(BTreeMap::<u32, Vec<Trial>>::new());
    std::thread::scope(|scope| {
        let work = || -> Result<()> {
            loop {
                let next = queue.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).next();
                let Some((bug, generator, seed)) = next else { return Ok(()) };
                let trial = match journal.known(bug, generator, seed) {
                    Some(known) => known.clone(),
                    None => {
                        let trial = trial(hunt, bug.number, generator, seed)?;
                        journal.note(bug, &trial)?;
                        trial
                    }
                };
                done(bug, &trial);
                let mut trials = trials.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                trials.entry(bug.number).or_default().push(trial);
            }
        };
        let threads: Vec<_> = (0..hunt.jobs.max(1)).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            match thread.join() {
                Ok(result) => result?,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok::<(), anyhow::Error>(())
    })?;
    let mut trials = trials.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    let fate = |bug: &Bug| {
        let mut trials = trials.remove(&bug.number).unwrap_or_default();
        trials.sort_by_key(|trial| (trial.generator, trial.seed));
        Fate { bug: bug.clone(), trials }
    };
    Ok(bugs.iter().map(fate).collect())
}

/// Runs modules in a worker where the bug acts, until one shows it or time is up.
fn trial(hunt: &Hunt, bug: u32, generator: Generator, seed: u64) -> Result<Trial> {
    let settings = Settings {
        engine: hunt.engine.clone(),
        oracle: hunt.oracle.clone(),
        jobs: 1,
        watchdog: Duration::from_secs(20),
        seeded_bug: bug,
        stop: Arc::default(),
    };
    let (begin, seconds) = (Instant::now(), hunt.seconds_of(generator));
    let state = Mutex::new((Trial { generator, seed, modules: 0, seconds: 0.0, killed: None, killer: None }, 0));
    let lock = || state.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let next = || {
        let (trial, first) = &mut *lock();
        let over = trial.seconds >= seconds || begin.elapsed().as_secs_f64() > seconds * PATIENCE;
        if trial.killed.is_some() || over {
            return None;
        }
        *first += BATCH;
        Some(Work::Generated { seed, first: *first - BATCH, count: BATCH, generator })
    };
    pool::run(&settings, next, |result: CaseResult| {
        let (trial, _) = &mut *lock();
        if trial.killed.is_some() {
            return;
        }
        trial.modules += 1;
        let Ok(report) = result.report else { return };
        trial.seconds += report.cpu_seconds;
        if let Some(divergence) = report.into_divergence() {
            trial.killed = Some(divergence.what);
            trial.killer = result.work.generator(result.number);
        }
    })?;
    let (trial, _) = state.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    Ok(trial)
}
