//! Conformance by assertion: every directive of every script, on every engine, has a fate of its own. Each script runs
//! in a process of its own, so that a crash or a hang costs that script on that engine and nothing else.

pub mod expectations;
pub mod junit;
pub mod process;
pub mod report;

use crate::wast::by_name;
use crate::wast::suite::Source;
use anyhow::{Result, ensure};
use expectations::Expectations;
use report::Report;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Every engine of the conformance matrix: ours by memory strategy and CPU path, the reference interpreter of Microwasm,
/// and Cranelift, which shows that the runner is right.
pub const ENGINES: [&str; 6] =
    ["lightbeam", "lightbeam:segment", "lightbeam:baseline", "lightbeam:plain", "microwasm", "cranelift"];
/// The name on the command line for all of [`ENGINES`].
pub const ALL: &str = "all";

/// What to run, and how.
#[derive(Debug)]
pub struct Options {
    /// The scripts.
    pub sources: Vec<Source>,
    /// The engines; the first one's scripts run first.
    pub engines: Vec<String>,
    /// How many processes at once.
    pub jobs: usize,
    /// How long one script may take.
    pub watchdog: Duration,
    /// After this time no script is begun any more.
    pub limit: Option<Duration>,
    /// What is expected not to hold.
    pub expectations: Expectations,
    /// The program that knows `wast-worker`.
    pub worker: PathBuf,
}

/// The engines of a list of names: `all` stands for [`ENGINES`].
///
/// # Errors
///
/// If there is no name.
pub fn engines(names: &[String]) -> Result<Vec<String>> {
    let mut engines: Vec<String> = Vec::new();
    for name in names {
        let expanded = if name == ALL { ENGINES.map(ToString::to_string).to_vec() } else { vec![name.clone()] };
        engines.extend(expanded.into_iter().filter(|name| !name.trim().is_empty()));
    }
    let mut seen = std::collections::BTreeSet::new();
    engines.retain(|name| seen.insert(name.clone()));
    ensure!(!engines.is_empty(), "no engine is named");
    Ok(engines)
}

/// Runs every script on every engine; `progress` hears of each that is done.
///
/// An engine that is one of several and cannot run on this machine is absent from the report's figures, with the reason.
///
/// # Errors
///
/// If the only engine cannot run here, or if processes cannot be started.
pub fn run(options: &Options, progress: impl Fn() + Sync) -> Result<Report> {
    let mut absent = BTreeMap::new();
    let mut present = Vec::new();
    for engine in &options.engines {
        match by_name(engine) {
            Ok(_) => present.push(engine.as_str()),
            Err(error) if options.engines.len() == 1 => return Err(error),
            Err(error) => {
                absent.insert(engine.clone(), format!("{error:#}"));
            }
        }
    }
    let jobs: Vec<(&str, &Source)> =
        present.iter().flat_map(|engine| options.sources.iter().map(move |source| (*engine, source))).collect();
    let (next, begin) = (AtomicUsize::new(0), Instant::now());
    let (runs, outlines) = (Mutex::new(Vec::new()), process::Outlines::default());
    std::thread::scope(|scope| -> Result<()> {
        let work = || -> Result<()> {
            while let Some((engine, source)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                let run = if options.limit.is_some_and(|limit| begin.elapsed() >= limit) {
                    process::not_begun(engine, source, &outlines)?
                } else {
                    process::run(options, engine, source)?
                };
                runs.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(run);
                progress();
            }
            Ok(())
        };
        let threads: Vec<_> = (0..options.jobs.max(1)).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })?;
    let runs = runs.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    Ok(Report::new(options, present.iter().map(ToString::to_string).collect(), absent, runs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_stands_for_every_engine_and_none_comes_twice() {
        let names = |list: &[&str]| engines(&list.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(names(&["winch", ALL, "lightbeam"]).expect("there are some").len(), ENGINES.len() + 1);
        assert!(names(&[" "]).is_err());
        assert!(ENGINES.iter().all(|name| name.contains(":segment") || by_name(name).is_ok()));
    }
}
