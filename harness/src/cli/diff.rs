//! `lightbeam diff`: two engines run the same modules, and everything must be equal.

use super::{FINE, FOUND, files, progress, say, write_json};
use crate::compare::Report;
use crate::cpu;
use crate::finding::Finding;
use crate::generate::Generator;
use crate::rewrite::operators;
use crate::sample::Tally;
use crate::worker::Work;
use crate::worker::pool::{self, CaseResult, Settings};
use crate::worker::roster::Roster;
use anyhow::{Result, bail};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How many generated modules a worker gets at once.
const BATCH: u64 = 16;
/// How many findings of one signature are written.
const WRITTEN_ALIKE: u64 = 3;
/// Where modules are shipped, from the repository's root.
const SHIPPED: [&str; 3] = ["corpora/regressions", "corpora/seeds", "benches/programs"];

/// Runs modules on two engines and compares every result, trap, host call and piece of state.
///
/// Without FILES: generated modules. With FILES (or folders of .wasm and .wat): those, their
/// imports filled by deterministic host functions, and each export called. A file written by an
/// earlier finding holds its own calls and replays exactly.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  lightbeam diff                               a minute of generated modules, and those that are shipped
  lightbeam diff --seconds 900 --seed 7        a quarter of an hour
  lightbeam diff program.wasm                  a module of your own
  lightbeam diff findings/call-1a2b3c4d.wasm   a finding, once more
  lightbeam diff --engine winch --seconds 60   another engine against the oracle
  lightbeam diff --engine lightbeam:plain,lightbeam:no-fuse-test+baseline --seconds 60   other configurations")]
pub struct Args {
    /// Modules, or folders of modules
    files: Vec<PathBuf>,
    /// How long to run generated modules
    #[arg(long, value_name = "N")]
    seconds: Option<u64>,
    /// How many generated modules to run at most
    #[arg(long, value_name = "N")]
    modules: Option<u64>,
    /// The seed of generated modules, and of calls of modules without a plan
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many processes [default: one a processor]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Where findings are written
    #[arg(long, value_name = "DIR", default_value = "findings")]
    out: PathBuf,
    /// The engine under test; several share the modules: names with commas, each with its share
    #[arg(long, value_name = "NAMES", default_value = Roster::OURS)]
    engine: Roster,
    /// The engine that is taken to be right; several share the modules
    #[arg(long, value_name = "NAMES", default_value = Roster::ORACLES)]
    oracle: Roster,
    /// What makes generated modules
    #[arg(long, value_name = "NAME", default_value = "mix")]
    generator: Generator,
    /// The seeded bug that acts; only in a build that has them
    #[arg(long, value_name = "N", default_value_t = 0, hide = true)]
    seeded_bug: u32,
    /// How long one module may take; large files get more
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    watchdog: u64,
    /// Where to write the figures
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Debug, Default, Serialize)]
struct Totals {
    modules: u64,
    calls: u64,
    returned: u64,
    trapped: u64,
    out_of_fuel: u64,
    poisoned: u64,
    lost_calls: u64,
    failed_starts: u64,
    /// Traps at other places on the oracle alone.
    excused: u64,
    mismatches: u64,
    crashes: u64,
    not_run: BTreeMap<String, u64>,
    unreadable: Vec<String>,
    signatures: BTreeMap<String, u64>,
    /// Samples of whether anybody notices when an operator is wrong.
    operators: BTreeMap<String, Tally>,
    findings: Vec<Finding>,
    seconds: f64,
    cpu_seconds: f64,
    modules_per_cpu_second: f64,
    returned_share: f64,
}

impl Totals {
    fn add(&mut self, report: &Report) {
        self.modules += 1;
        self.calls += report.calls;
        self.returned += report.returned;
        self.trapped += report.trapped;
        self.out_of_fuel += report.out_of_fuel;
        self.poisoned += report.poisoned;
        self.lost_calls += report.lost;
        self.failed_starts += u64::from(report.failed_start);
        self.excused += u64::from(report.excused);
        if let Some(sample) = &report.sample {
            self.operators.entry(sample.operator.clone()).or_default().add(sample);
        }
        if let Some(reason) = &report.not_run {
            // Offsets and names in a reason would make each its own row.
            let reason: String = reason.chars().take(100).filter(|c| !c.is_ascii_digit()).collect();
            *self.not_run.entry(reason).or_default() += 1;
        }
    }
}

/// Runs the command.
///
/// # Errors
///
/// If files cannot be found, or if workers cannot be started.
pub fn run(args: &Args) -> Result<u8> {
    // A wrong name fails here, once, and not in every worker.
    args.engine.check()?;
    args.oracle.check()?;
    let files = chosen(args)?;
    let generated = args.files.is_empty() || args.seconds.is_some() || args.modules.is_some();
    let seconds = args.seconds.unwrap_or(if generated && args.modules.is_none() { 60 } else { u64::MAX / 4 });
    let jobs = args.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let settings = Settings {
        engine: args.engine.clone(),
        oracle: args.oracle.clone(),
        jobs,
        watchdog: Duration::from_secs(args.watchdog),
        seeded_bug: args.seeded_bug,
    };
    let started = Instant::now();
    let by_time = generated && (args.seconds.is_some() || args.modules.is_none());
    let bar = match args.modules {
        _ if by_time => progress::clock(seconds),
        Some(modules) => progress::bar(modules, "modules"),
        None => progress::bar(files.len() as u64, "files"),
    };
    let queue = Mutex::new((files.into_iter(), 0u64));
    let next = || {
        let mut queue = queue.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(path) = queue.0.next() {
            return Some(Work::File { path, seed: args.seed });
        }
        let count = args.modules.map_or(BATCH, |modules| modules.saturating_sub(queue.1).min(BATCH));
        if !generated || count == 0 || started.elapsed().as_secs() >= seconds {
            return None;
        }
        queue.1 += count;
        Some(Work::Generated { seed: args.seed, first: queue.1 - count, count, generator: args.generator })
    };
    let totals = Mutex::new(Totals::default());
    pool::run(&settings, next, |result| {
        let mut totals = totals.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        take(args, &mut totals, result, &bar);
        if by_time {
            bar.set_position(started.elapsed().as_secs());
        } else {
            bar.inc(1);
        }
        let rate = totals.modules as f64 / started.elapsed().as_secs_f64().max(0.001);
        bar.set_message(format!("{} modules, {rate:.0}/s, {} mismatches", totals.modules, totals.mismatches));
    })?;
    bar.finish_and_clear();
    let mut totals = totals.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    totals.seconds = started.elapsed().as_secs_f64();
    totals.cpu_seconds = cpu::seconds(cpu::Of::Children);
    totals.modules_per_cpu_second = totals.modules as f64 / totals.cpu_seconds.max(0.001);
    totals.returned_share = totals.returned as f64 / (totals.calls as f64).max(1.0);
    print(&totals);
    if let Some(path) = &args.json {
        write_json(path, &totals)?;
    }
    if totals.modules == 0 {
        bail!("nothing was run: {}", totals.unreadable.join("; "));
    }
    Ok(if totals.mismatches == 0 && totals.unreadable.is_empty() { FINE } else { FOUND })
}

/// Takes in one case's result, and writes its finding.
fn take(args: &Args, totals: &mut Totals, result: CaseResult, bar: &indicatif::ProgressBar) {
    let report = match result.report {
        Ok(report) => report,
        Err(reason) => {
            totals.unreadable.push(reason);
            return;
        }
    };
    totals.add(&report);
    let Some(divergence) = report.divergence else { return };
    totals.mismatches += 1;
    totals.crashes += u64::from(divergence.what == crate::compare::Observation::Process);
    let origin = result.work.origin(result.number);
    let (engine, oracle) = match result.work.engines(&args.engine, &args.oracle, result.number) {
        Ok(engines) => engines,
        Err(error) => return totals.unreadable.push(format!("{origin}: {error:#}")),
    };
    let mut finding = Finding::new(origin, engine, oracle, divergence, report.blame);
    finding.votes = report.votes;
    let alike = totals.signatures.entry(finding.signature.clone()).or_default();
    *alike += 1;
    if *alike > WRITTEN_ALIKE {
        return;
    }
    let written = result.work.case(result.number).and_then(|case| finding.write(&case, &args.out));
    bar.suspend(|| {
        say(format_args!("{finding}"));
        match written {
            Ok(_) => say(format_args!("  again: {}\n", finding.command)),
            Err(error) => say(format_args!("  not written: {error:#}\n")),
        }
    });
    totals.findings.push(finding);
}

fn print(totals: &Totals) {
    for reason in &totals.unreadable {
        say(format_args!("unreadable: {reason}"));
    }
    for (signature, count) in &totals.signatures {
        say(format_args!("mismatch {signature}: {count} times"));
    }
    for (reason, count) in &totals.not_run {
        say(format_args!("not run: {count} modules: {reason}"));
    }
    if !totals.operators.is_empty() {
        print_operators(&totals.operators);
    }
    say(format_args!(
        "rate: {:.0} modules per CPU second, {:.0} per second ({:.1} CPU seconds in {:.1} s)",
        totals.modules_per_cpu_second,
        totals.modules as f64 / totals.seconds.max(0.001),
        totals.cpu_seconds,
        totals.seconds,
    ));
    say(format_args!(
        "calls: {:.1} % returned, {:.1} % trapped, {:.1} % used up their fuel; {} failed starts, {} calls lost, {} places \
         of traps wrong on the oracle alone",
        100.0 * totals.returned_share,
        100.0 * totals.trapped as f64 / (totals.calls as f64).max(1.0),
        100.0 * totals.out_of_fuel as f64 / (totals.calls as f64).max(1.0),
        totals.failed_starts,
        totals.lost_calls,
        totals.excused,
    ));
    say(format_args!(
        "diff: {} modules, {} calls, {} mismatches, {} poisoned",
        totals.modules, totals.calls, totals.mismatches, totals.poisoned
    ));
}

/// Which operators were executed, and which of them would have been missed.
fn print_operators(operators: &BTreeMap<String, Tally>) {
    let supported: Vec<&str> = operators::supported().collect();
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

/// The files to run: those of the command line, else those that are shipped.
fn chosen(args: &Args) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in &args.files {
        files::collect(path, true, &mut files)?;
    }
    if args.files.is_empty() && args.seconds.is_none() && args.modules.is_none() {
        for folder in SHIPPED.map(Path::new).into_iter().filter(|folder| folder.is_dir()) {
            files::collect(folder, false, &mut files)?;
        }
    }
    Ok(files)
}
