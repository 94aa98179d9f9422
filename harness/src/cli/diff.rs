//! `lightbeam diff`: two engines run the same modules, and everything must be equal.

use super::interrupt::Interrupt;
use super::summary::Summary;
use super::{FINE, FOUND, TROUBLE, files, jobs, progress, say, write_json};
use crate::blame::Blame;
use crate::compare::{Divergence, Observation};
use crate::cpu;
use crate::engines::mutant;
use crate::engines::validator::WasmValidate;
use crate::finding::{self, Finding};
use crate::generate::Generator;
use crate::plan::Case;
use crate::validity::Validity;
use crate::vote::Vote;
use crate::worker::Work;
use crate::worker::confirm::{self, Confirmation};
use crate::worker::pool::{self, CaseResult, Settings};
use crate::worker::roster::Roster;
use anyhow::{Result, bail};
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
///
/// What differs is run again in fresh processes before it is reported; what is not there each time is kept in the
/// folder `flaky`. What an oracle does not compile and the engine under test does is no finding, nor is what an oracle has
/// alone against engines that share no code with it or with ours: one of each kind is kept in the folder `oracle`. Some modules are also broken, and engines must agree on whether they are valid; so must
/// WABT's `wasm-validate`, if it is installed. Ctrl-C ends the run with its figures.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  lightbeam diff                               a minute of generated modules, and those that are shipped
  lightbeam diff --seconds 900 --seed 7        a quarter of an hour
  lightbeam diff program.wasm                  a module of your own
  lightbeam diff findings/call-1a2b3c4d.wasm   a finding, once more
  lightbeam diff --engine winch --seconds 60   another engine against the oracle
  lightbeam diff --oracle mutant --seconds 60  ours against itself on modules rewritten to mean the same
  lightbeam diff --engine lightbeam:plain,lightbeam:no-fuse-test+baseline --seconds 60   other configurations

Exit codes: 0 no mismatch, 1 mismatches, 2 usage, or files that cannot be read or parsed (the others are run).")]
pub struct Args {
    /// Modules, or folders of modules
    files: Vec<PathBuf>,
    /// How long to run generated modules
    #[arg(long, value_name = "N")]
    seconds: Option<u64>,
    /// End after so long with what there is: files that were not reached are named
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// How many generated modules to run at most
    #[arg(long, value_name = "N")]
    modules: Option<u64>,
    /// The seed of generated modules, and of calls of modules without a plan
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many processes [default: one a processor]
    #[arg(long, value_name = "N", value_parser = jobs::count)]
    jobs: Option<usize>,
    /// Where findings are written
    #[arg(long, value_name = "DIR", default_value = "findings")]
    out: PathBuf,
    /// The engine under test; several share the modules: names with commas, each with its share
    #[arg(long, value_name = "NAMES", default_value_t = Roster::ours())]
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
    let jobs = jobs::or_processors(args.jobs);
    let interrupt = Interrupt::watch()?;
    let settings = Settings {
        engine: args.engine.clone(),
        oracle: args.oracle.clone(),
        jobs,
        watchdog: Duration::from_secs(args.watchdog),
        seeded_bug: args.seeded_bug,
        stop: interrupt.flag(),
    };
    let started = Instant::now();
    let by_time = generated && (args.seconds.is_some() || args.modules.is_none());
    let bar = match args.modules {
        _ if by_time => progress::clock(seconds),
        Some(modules) => progress::bar(modules, "modules"),
        None => progress::bar(files.len() as u64, "files"),
    };
    let queue = Mutex::new((files.into_iter(), 0u64));
    let late = || args.limit.is_some_and(|limit| started.elapsed().as_secs() >= limit);
    let next = || {
        if interrupt.wished() || late() {
            return None;
        }
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
    let summary = Mutex::new(Summary::default());
    let lock = || summary.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Ok(validator) = WasmValidate::find() {
        lock().validity.validator = Some(validator.version().unwrap_or_else(|error| format!("({error})")));
    }
    pool::run(&settings, next, |result| {
        let find = |found: Found| {
            let known = lock().signatures.get(&finding::signature(&found.divergence)).copied().unwrap_or_default();
            // While nobody else has to wait. What looks like others is only counted.
            let again = (known < WRITTEN_ALIKE)
                .then(|| confirm::confirm(&settings, &result.work, result.number, &found.divergence).transpose())
                .flatten();
            report_finding(args, &mut lock(), &result, found, again, &bar);
        };
        let found = take(args, &mut lock(), &result);
        found.into_iter().for_each(find);
        if by_time {
            bar.set_position(started.elapsed().as_secs());
        } else {
            bar.inc(1);
        }
        let counts = lock().counts.clone();
        let rate = counts.modules as f64 / started.elapsed().as_secs_f64().max(0.001);
        bar.set_message(format!("{} modules, {rate:.0}/s, {} mismatches", counts.modules, counts.mismatches));
    })?;
    bar.finish_and_clear();
    let mut summary = summary.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    summary.interrupted = interrupt.wished();
    let left = queue.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()).0;
    summary.not_reached = left.map(|path| path.display().to_string()).collect();
    summary.finish(started.elapsed().as_secs_f64(), cpu::seconds(cpu::Of::Children));
    summary.print();
    if let Some(path) = &args.json {
        write_json(path, &summary)?;
    }
    if summary.counts.modules == 0 && !summary.interrupted {
        let late = (!summary.not_reached.is_empty()).then(|| "--limit came first".to_string());
        bail!("nothing was run: {}", late.into_iter().chain(summary.unreadable).collect::<Vec<_>>().join("; "));
    }
    Ok(match (summary.counts.mismatches, summary.unreadable.is_empty()) {
        (0, true) => FINE,
        (0, false) => TROUBLE,
        _ => FOUND,
    })
}

/// A difference, and where it is.
struct Found {
    divergence: Divergence,
    engine: String,
    oracle: String,
    votes: Vec<Vote>,
    blame: Option<Blame>,
    /// The module, if it is another one than the case's.
    wasm: Option<Vec<u8>>,
}

/// Takes in one case's result, and returns what it found.
fn take(args: &Args, summary: &mut Summary, result: &CaseResult) -> Option<Found> {
    let origin = result.work.origin(result.number);
    let report = match &result.report {
        Ok(report) => report,
        Err(reason) => {
            summary.unreadable.push(reason.clone());
            return None;
        }
    };
    let (engine, oracle) = match result.work.engines(&args.engine, &args.oracle, result.number) {
        Ok(engines) => engines,
        Err(error) => {
            summary.unreadable.push(format!("{origin}: {error:#}"));
            return None;
        }
    };
    let generator = result.work.generator(result.number);
    summary.add(report, generator, (engine, oracle));
    if let Some(reason) = &report.malformed {
        summary.unreadable.push(format!("{origin} does not parse: {reason}"));
    }
    // A module without a mutant is no failure of the engine that would run it.
    if let Some(reason) = &report.oracle_failed
        && mutant::inner(oracle).is_none()
    {
        let ours = "compiled it".to_string();
        let divergence = Divergence { what: Observation::Compile, call: None, ours, oracle: reason.clone() };
        summary.oracle_failed(oracle, reason, || keep_example(args, result, engine, oracle, divergence));
    }
    if let Some(divergence) = &report.lone_oracle {
        let reason = format!("it stands alone: {}", divergence.what);
        summary.oracle_failed(oracle, &reason, || keep_example(args, result, engine, oracle, divergence.clone()));
    }
    let (engine, oracle) = (engine.to_string(), oracle.to_string());
    let found = match (&report.divergence, &report.validity) {
        (Some(divergence), _) => {
            let (divergence, votes, blame) = (divergence.clone(), report.votes.clone(), report.blame.clone());
            Found { divergence, engine, oracle, votes, blame, wasm: None }
        }
        (None, Some(Validity { disagreement: Some(found), .. })) => Found {
            divergence: found.divergence.clone(),
            engine,
            oracle: found.oracle.clone(),
            votes: Vec::new(),
            blame: None,
            wasm: Some(found.wasm.clone()),
        },
        _ => return None,
    };
    summary.mismatch(generator);
    summary.crashes += u64::from(found.divergence.what == Observation::Process);
    Some(found)
}

/// Counts a finding, and unless there were enough of its signature writes and prints it.
fn report_finding(
    args: &Args,
    summary: &mut Summary,
    result: &CaseResult,
    found: Found,
    again: Option<Result<Confirmation>>,
    bar: &indicatif::ProgressBar,
) {
    let origin = result.work.origin(result.number);
    let mut finding = Finding::new(origin, &found.engine, &found.oracle, found.divergence, found.blame);
    finding.add_votes(found.votes);
    // A process that cannot be started shows nothing.
    finding.confirmation = again.map(|again| again.unwrap_or_else(|error| Confirmation::Flaky(format!("{error:#}"))));
    let flaky = matches!(finding.confirmation, Some(Confirmation::Flaky(_)));
    summary.flaky += u64::from(flaky);
    let alike = summary.signatures.entry(finding.signature.clone()).or_default();
    *alike += 1;
    if *alike > WRITTEN_ALIKE {
        return;
    }
    let folder = if flaky { args.out.join("flaky") } else { args.out.clone() };
    let case = result.work.case(result.number).map(|case| match found.wasm {
        Some(wasm) => Case { wasm, plan: case.plan },
        None => case,
    });
    let written = case.and_then(|case| finding.write(&case, &folder));
    bar.suspend(|| {
        say(format_args!("{finding}"));
        match written {
            Ok(_) => say(format_args!("  again: {}\n", finding.command)),
            Err(error) => say(format_args!("  not written: {error:#}\n")),
        }
    });
    summary.findings.push(finding);
}

/// Writes a module on which an oracle is wrong, and returns its path.
fn keep_example(args: &Args, result: &CaseResult, engine: &str, oracle: &str, divergence: Divergence) -> PathBuf {
    let mut finding = Finding::new(result.work.origin(result.number), engine, oracle, divergence, None);
    let case = result.work.case(result.number);
    let written = case.and_then(|case| finding.write(&case, &args.out.join("oracle")));
    written.unwrap_or_else(|error| PathBuf::from(format!("not written: {error:#}")))
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
