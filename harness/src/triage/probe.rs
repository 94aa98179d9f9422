//! Runs cases in other processes, so that whatever happens there is an answer.

use crate::compare::{Divergence, Report};
use crate::plan::Case;
use crate::worker::Work;
use crate::worker::pool::{self, CaseResult, End, Settings, Worker};
use anyhow::{Context, Result};
use std::cell::{Cell, RefCell};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// Runs cases in other processes.
#[derive(Debug)]
pub struct Prober {
    folder: TempDir,
    watchdog: Duration,
    /// How long a case may take in the process that is kept.
    kept_watchdog: Cell<Duration>,
    seeded_bug: u32,
    /// How many cases were run.
    runs: Cell<u64>,
    /// The process that is kept, with the names of its engines.
    kept: RefCell<Option<(String, String, Worker)>>,
}

impl Prober {
    /// A prober whose cases get this long, and in whose processes this seeded bug acts (0 for none).
    ///
    /// # Errors
    ///
    /// If there is no place for files.
    pub fn new(watchdog: Duration, seeded_bug: u32) -> Result<Prober> {
        let folder = tempfile::tempdir().context("no folder for cases")?;
        let (kept_watchdog, runs, kept) = (Cell::new(watchdog), Cell::new(0), RefCell::new(None));
        Ok(Prober { folder, watchdog, kept_watchdog, seeded_bug, runs, kept })
    }

    /// Gives cases in the process that is kept no more than this long, and no more than others get.
    pub fn hurry(&self, watchdog: Duration) {
        self.kept_watchdog.set(watchdog.min(self.watchdog));
    }

    /// How many cases were run.
    pub fn runs(&self) -> u64 {
        self.runs.get()
    }

    /// The report of a case on an engine and an oracle, in a process of its own. The death of the process is a
    /// divergence, too.
    ///
    /// # Errors
    ///
    /// If the process cannot be started, or if it cannot read the case.
    pub fn run(&self, engine: &str, oracle: &str, case: &Case) -> Result<Report> {
        let settings = self.settings(engine, oracle)?;
        let work = Mutex::new(Some(self.work(case)?));
        let said = Mutex::new(None);
        pool::run(
            &settings,
            || work.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take(),
            |result| *said.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(result.report),
        )?;
        let report = said.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        report.context("the process said nothing")?.map_err(anyhow::Error::msg)
    }

    /// As [`Prober::run`], in a process that is kept for the next case as long as it lives: for many cases in a row.
    /// Nobody is blamed for its death.
    ///
    /// # Errors
    ///
    /// As [`Prober::run`].
    pub fn run_kept(&self, engine: &str, oracle: &str, case: &Case) -> Result<Report> {
        let work = self.work(case)?;
        let settings = self.settings(engine, oracle)?;
        let said = RefCell::new(None);
        let done = |result: CaseResult| *said.borrow_mut() = Some(result.report);
        let run = |worker: &mut Worker| worker.run(&settings, &work, self.kept_watchdog.get(), &done);
        let kept = self.kept.borrow_mut().take().filter(|(of, beside, _)| of == engine && beside == oracle);
        let (worker, end) = match kept.map(|(_, _, mut worker)| (run(&mut worker), worker)) {
            Some((Ok(end), worker)) => (worker, end),
            // What the last case has left behind may have ended a worker that was kept since.
            Some((Err(_), _)) | None => {
                let mut worker = Worker::start(&settings)?;
                let end = run(&mut worker)?;
                (worker, end)
            }
        };
        if let End::Died { how, .. } = end {
            return Ok(Report { divergence: Some(Divergence::death(how)), ..Report::default() });
        }
        *self.kept.borrow_mut() = Some((engine.to_string(), oracle.to_string(), worker));
        said.into_inner().context("the process said nothing")?.map_err(anyhow::Error::msg)
    }

    fn settings(&self, engine: &str, oracle: &str) -> Result<Settings> {
        let (engine, oracle) = (engine.parse()?, oracle.parse()?);
        let (watchdog, seeded_bug, stop) = (self.watchdog, self.seeded_bug, Arc::default());
        Ok(Settings { engine, oracle, jobs: 1, watchdog, seeded_bug, stop })
    }

    /// The case as a file: one, written anew for each.
    fn work(&self, case: &Case) -> Result<Work> {
        self.runs.set(self.runs.get() + 1);
        let path = self.folder.path().join("case.wasm");
        std::fs::write(&path, case.to_envelope()).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Work::File { path, seed: 0 })
    }
}
