//! Runs one case in a process of its own, so that whatever happens there is an answer.

use crate::compare::Report;
use crate::plan::Case;
use crate::worker::Work;
use crate::worker::pool::{self, Settings};
use anyhow::{Context, Result};
use std::sync::Mutex;
use std::time::Duration;
use tempfile::TempDir;

/// Runs cases, each in a fresh process.
#[derive(Debug)]
pub struct Prober {
    folder: TempDir,
    watchdog: Duration,
    seeded_bug: u32,
    /// How many processes were started.
    runs: Mutex<u64>,
}

impl Prober {
    /// A prober whose processes get this long, and in which this seeded bug acts (0 for none).
    ///
    /// # Errors
    ///
    /// If there is no place for files.
    pub fn new(watchdog: Duration, seeded_bug: u32) -> Result<Prober> {
        let folder = tempfile::tempdir().context("no folder for cases")?;
        Ok(Prober { folder, watchdog, seeded_bug, runs: Mutex::new(0) })
    }

    /// How many processes were started.
    pub fn runs(&self) -> u64 {
        *self.runs.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// The report of a case on an engine and an oracle. The death of the process is a divergence, too.
    ///
    /// # Errors
    ///
    /// If the process cannot be started, or if it cannot read the case.
    pub fn run(&self, engine: &str, oracle: &str, case: &Case) -> Result<Report> {
        let number = {
            let mut runs = self.runs.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            *runs += 1;
            *runs
        };
        let path = self.folder.path().join(format!("{number}.wasm"));
        std::fs::write(&path, case.to_envelope()).with_context(|| format!("cannot write {}", path.display()))?;
        let settings = Settings {
            engine: engine.parse()?,
            oracle: oracle.parse()?,
            jobs: 1,
            watchdog: self.watchdog,
            seeded_bug: self.seeded_bug,
        };
        let work = Mutex::new(Some(Work::File { path: path.clone(), seed: 0 }));
        let said = Mutex::new(None);
        pool::run(
            &settings,
            || work.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take(),
            |result| *said.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(result.report),
        )?;
        std::fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        let report = said.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        report.context("the process said nothing")?.map_err(anyhow::Error::msg)
    }
}
