//! The figures of a run of `diff`: what ran, how it ended, what it was good for, and what was found.

use super::say;
use crate::compare::Report;
use crate::engines::holes::Hole;
use crate::engines::validator;
use crate::finding::Finding;
use crate::generate::Generator;
use crate::rewrite::operators;
use crate::sample::Tally;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How calls ended, and what came of the modules.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Counts {
    /// Cases that were run, or at least compiled.
    pub modules: u64,
    /// Calls made on both engines.
    pub calls: u64,
    /// Calls that returned.
    pub returned: u64,
    /// Calls that trapped.
    pub trapped: u64,
    /// Calls, among those, that used up their fuel.
    pub out_of_fuel: u64,
    /// Calls and instantiations without a verdict.
    pub poisoned: u64,
    /// Planned calls that were not made.
    pub lost_calls: u64,
    /// Instantiations that trapped.
    pub failed_starts: u64,
    /// Modules that were not run at all.
    pub not_run: u64,
    /// Differences, the flaky ones included.
    pub mismatches: u64,
    /// Seconds of processor time in workers, but for those that died.
    pub cpu_seconds: f64,
}

impl Counts {
    fn add(&mut self, report: &Report) {
        self.modules += 1;
        self.calls += report.calls;
        self.returned += report.returned;
        self.trapped += report.trapped;
        self.out_of_fuel += report.out_of_fuel;
        self.poisoned += report.poisoned;
        self.lost_calls += report.lost;
        self.failed_starts += u64::from(report.failed_start);
        self.not_run += u64::from(report.not_run.is_some());
        self.cpu_seconds += report.cpu_seconds;
    }
}

/// An oracle that did not compile what the engine under test did, or that stands alone with what it shows.
#[derive(Debug, Clone, Serialize)]
pub struct OracleFailure {
    /// How many modules.
    pub modules: u64,
    /// One of them.
    pub example: PathBuf,
}

/// What engines were asked about the validity of modules.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Validity {
    /// Modules, valid or broken.
    pub modules: u64,
    /// Those that every engine refused.
    pub invalid: u64,
    /// Those that the external validator was asked about.
    pub external: u64,
    /// Known mistakes by which it took a module for valid.
    pub holes: BTreeMap<Hole, u64>,
    /// Looks that could not ask the external validator: it is not installed.
    pub skipped: u64,
    /// The external validator's version, if it is installed.
    pub validator: Option<String>,
}

/// All figures of a run.
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    /// Over all modules.
    #[serde(flatten)]
    pub counts: Counts,
    /// By generator; files are under `files`.
    pub generators: BTreeMap<&'static str, Counts>,
    /// Modules by the engine under test and the oracle.
    pub engines: BTreeMap<String, u64>,
    /// Traps at other places on the oracle alone.
    pub excused: u64,
    /// Mismatches by which a process died or hung.
    pub crashes: u64,
    /// Mismatches that fresh processes do not show every time.
    pub flaky: u64,
    /// Modules that were not run, by reason.
    pub not_run_reasons: BTreeMap<String, u64>,
    /// Modules on which an oracle is wrong (see [`OracleFailure`]), by oracle and reason.
    pub oracle_failures: BTreeMap<String, OracleFailure>,
    /// What was asked about validity.
    pub validity: Validity,
    /// Files that could not be read or parsed, with the reason.
    pub unreadable: Vec<String>,
    /// Files that were not begun when the run ended.
    pub not_reached: Vec<String>,
    /// Findings by signature.
    pub signatures: BTreeMap<String, u64>,
    /// Samples of whether anybody notices when an operator is wrong.
    pub operators: BTreeMap<String, Tally>,
    /// The findings that were written.
    pub findings: Vec<Finding>,
    /// Whether somebody ended the run.
    pub interrupted: bool,
    /// Seconds.
    pub seconds: f64,
    /// Seconds of processor time of all processes.
    pub all_cpu_seconds: f64,
    /// The rate, all processes counted.
    pub modules_per_cpu_second: f64,
}

/// A text without numbers, so that equal reasons can be counted.
fn reason(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(100).filter(|c| !c.is_ascii_digit()).collect()
}

impl Summary {
    /// Takes in what a case showed. Its difference is not yet counted.
    pub fn add(&mut self, report: &Report, generator: Option<Generator>, engines: (&str, &str)) {
        self.counts.add(report);
        self.generators.entry(generator.map_or("files", Generator::name)).or_default().add(report);
        *self.engines.entry(format!("{} against {}", engines.0, engines.1)).or_default() += 1;
        self.excused += u64::from(report.excused);
        if let Some(sample) = &report.sample {
            self.operators.entry(sample.operator.clone()).or_default().add(sample);
        }
        if let Some(text) = &report.not_run {
            *self.not_run_reasons.entry(reason(text)).or_default() += 1;
        }
        if let Some(validity) = &report.validity {
            self.validity.modules += validity.modules;
            self.validity.invalid += validity.invalid;
            self.validity.external += validity.external;
            for hole in &validity.holes {
                *self.validity.holes.entry(*hole).or_default() += 1;
            }
            self.validity.skipped += u64::from(self.validity.validator.is_none());
        }
    }

    /// Counts a difference.
    pub fn mismatch(&mut self, generator: Option<Generator>) {
        self.counts.mismatches += 1;
        self.generators.entry(generator.map_or("files", Generator::name)).or_default().mismatches += 1;
    }

    /// Counts an oracle's failure. `example` is asked for a file if it is the first of its kind.
    pub fn oracle_failed(&mut self, oracle: &str, text: &str, example: impl FnOnce() -> PathBuf) {
        let known = self.oracle_failures.entry(format!("{oracle}: {}", reason(text)));
        known.or_insert_with(|| OracleFailure { modules: 0, example: example() }).modules += 1;
    }

    /// Works out the rates.
    pub fn finish(&mut self, seconds: f64, all_cpu_seconds: f64) {
        self.seconds = seconds;
        self.all_cpu_seconds = all_cpu_seconds;
        self.modules_per_cpu_second = self.counts.modules as f64 / all_cpu_seconds.max(0.001);
    }

    /// Prints it; the last line is for programs.
    pub fn print(&self) {
        if self.interrupted {
            say("interrupted: what was begun is finished or given up, and everything is counted");
        }
        for reason in &self.unreadable {
            say(format_args!("unreadable: {reason}"));
        }
        if !self.not_reached.is_empty() {
            let (count, names) = (self.not_reached.len(), self.not_reached.join(", "));
            say(format_args!("not reached: {count} files: {names}"));
        }
        for (signature, count) in &self.signatures {
            say(format_args!("mismatch {signature}: {count} times"));
        }
        if self.flaky > 0 {
            say(format_args!("flaky: {} of the mismatches are not there each time", self.flaky));
        }
        for (reason, failure) in &self.oracle_failures {
            let example = failure.example.display();
            say(format_args!("oracle failed: {} modules: {reason} (one is {example})", failure.modules));
        }
        for (reason, count) in &self.not_run_reasons {
            say(format_args!("not run: {count} modules: {reason}"));
        }
        self.print_validity();
        if !self.operators.is_empty() {
            print_operators(&self.operators);
        }
        for (generator, counts) in &self.generators {
            say(format_args!(
                "{generator}: {} modules, {:.0} per CPU second, {} calls, {} mismatches",
                counts.modules,
                counts.modules as f64 / counts.cpu_seconds.max(0.001),
                shares(counts),
                counts.mismatches,
            ));
        }
        say(format_args!(
            "rate: {:.0} modules per CPU second, {:.0} per second ({:.1} CPU seconds in {:.1} s)",
            self.modules_per_cpu_second,
            self.counts.modules as f64 / self.seconds.max(0.001),
            self.all_cpu_seconds,
            self.seconds,
        ));
        say(format_args!(
            "calls: {}; {} failed starts, {} calls lost, {} places of traps wrong on the oracle alone",
            shares(&self.counts),
            self.counts.failed_starts,
            self.counts.lost_calls,
            self.excused,
        ));
        say(format_args!(
            "diff: {} modules, {} calls, {} mismatches, {} poisoned",
            self.counts.modules, self.counts.calls, self.counts.mismatches, self.counts.poisoned
        ));
    }

    fn print_validity(&self) {
        let validity = &self.validity;
        if validity.modules > 0 {
            say(format_args!("validity: {} modules, {} of them refused by all", validity.modules, validity.invalid));
        }
        match &validity.validator {
            Some(version) if validity.modules > 0 => {
                say(format_args!("validity: {} {version} was asked {} times", validator::NAME, validity.external));
            }
            None => {
                let (name, skipped) = (validator::NAME, validity.skipped);
                say(format_args!("validity: {skipped} looks skipped {name}, which is not installed"));
            }
            Some(_) => {}
        }
        for (hole, count) in &validity.holes {
            say(format_args!("validity: {count} times {} lets pass {hole}, as it is known to", validator::NAME));
        }
    }
}

/// How calls ended, in words.
fn shares(counts: &Counts) -> String {
    let share = |part: u64| 100.0 * part as f64 / (counts.calls as f64).max(1.0);
    format!(
        "{:.1} % returned, {:.1} % trapped, {:.1} % used up their fuel, {:.1} % poisoned",
        share(counts.returned),
        share(counts.trapped),
        share(counts.out_of_fuel),
        share(counts.poisoned)
    )
}

/// Which operators were executed, and which of them would have been missed.
fn print_operators(operators: &BTreeMap<String, Tally>) {
    let found: Vec<&str> = operators.keys().map(String::as_str).collect();
    let supported = operators::expected(&found);
    let without = |seen: fn(&Tally) -> u64| -> Vec<&str> {
        supported.iter().copied().filter(|name| operators.get(*name).is_none_or(|tally| seen(tally) == 0)).collect()
    };
    let (idle, unseen) = (without(|tally| tally.executed), without(|tally| tally.observed));
    say(format_args!(
        "operators: {} supported, {} executed, {} observed (in samples)",
        supported.len(),
        supported.len() - idle.len(),
        supported.len() - unseen.len()
    ));
    for (what, names) in [("executed", idle), ("observed", unseen)] {
        if !names.is_empty() {
            say(format_args!("never {what}: {}", names.join(", ")));
        }
    }
}
