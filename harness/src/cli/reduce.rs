//! `lightbeam reduce`: a mismatch as a module that fits on a screen.

use super::progress::bar;
use super::{FINE, TROUBLE, say, write_json};
use crate::engine::Engine;
use crate::reduce::predicate::Judge;
use crate::reduce::{Budget, Progress, Reduced};
use crate::triage::dossier::{engines as engines_of, load};
use crate::triage::probe::Prober;
use crate::{engines, script};
use anyhow::{Context, Result};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Makes a module smaller as long as two engines differ on it: fewer calls, then fewer functions, then fewer
/// operators, with expressions replaced by the values that the oracle sees.
///
/// Writes the module with its plan, its text, and a script that any engine can run.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  lightbeam reduce findings/call-1a2b3c4d.wasm
  lightbeam reduce case.wasm -o small.wasm --engine lightbeam:baseline --oracle cranelift-none

Exit codes: 0 it was reduced, 2 there is no mismatch, or usage.")]
pub struct Args {
    /// The module, with its plan if it is a finding
    file: PathBuf,
    /// Where to write what is left [default: FILE.reduced.wasm]
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The engine under test [default: the finding's, or lightbeam]
    #[arg(long, value_name = "NAME")]
    engine: Option<String>,
    /// The oracle [default: the finding's, or cranelift]
    #[arg(long, value_name = "NAME")]
    oracle: Option<String>,
    /// How many candidates are tried at the most
    #[arg(long, value_name = "N", default_value_t = Budget::default().tries)]
    tries: u64,
    /// How long it may take
    #[arg(long, value_name = "SECONDS", default_value_t = Budget::default().time.as_secs())]
    seconds: u64,
    /// Run each candidate in a process of its own
    #[arg(long)]
    apart: bool,
    /// The seeded bug that acts; only in a build that has them
    #[arg(long, value_name = "N", default_value_t = 0, hide = true)]
    seeded_bug: u32,
    /// How long one run in a process of its own may take
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    watchdog: u64,
    /// Where to write what it came to
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// What it came to.
#[derive(Debug, Serialize)]
struct Summary {
    operators_before: u64,
    operators_after: u64,
    calls_before: usize,
    calls_after: usize,
    tries: u64,
    seconds: f64,
    spent: bool,
    /// Why there is no script.
    no_script: Option<String>,
}

/// Runs the command.
///
/// # Errors
///
/// If the file cannot be read, if there is no such engine, or if nothing can be written.
pub fn run(args: &Args) -> Result<u8> {
    let (case, finding) = load(&args.file, 1)?;
    let (engine, oracle) = engines_of(args.engine.as_ref(), args.oracle.as_ref(), finding.as_ref());
    let prober = Prober::new(Duration::from_secs(args.watchdog), args.seeded_bug)?;
    crate::mutants::select(args.seeded_bug)?;
    let oracle_engine = engines::by_name(&oracle)?;
    engines::by_name(&engine)?;
    let Some(mut judge) = Judge::new(&prober, &engine, &oracle, &case, args.apart)? else {
        eprintln!("error: {engine} and {oracle} do not differ on {}", args.file.display());
        return Ok(TROUBLE);
    };
    let budget = Budget { tries: args.tries, time: Duration::from_secs(args.seconds) };
    let shown = bar(args.tries, "tries");
    let mut progress = |progress: &Progress| {
        shown.set_position(progress.tries);
        shown.set_message(format!("{} operators, {} calls", progress.operators, progress.calls));
    };
    let begin = std::time::Instant::now();
    let reduced = judge.reduce(&*oracle_engine, &case, &budget, &mut progress)?;
    shown.finish_and_clear();
    let out = args.out.clone().unwrap_or_else(|| args.file.with_extension("reduced.wasm"));
    let no_script = write(&out, &reduced, &*oracle_engine)?;
    let summary = Summary {
        operators_before: reduced.operators.0,
        operators_after: reduced.operators.1,
        calls_before: case.plan.calls.len(),
        calls_after: reduced.case.plan.calls.len(),
        tries: reduced.tries,
        seconds: begin.elapsed().as_secs_f64(),
        spent: reduced.spent,
        no_script,
    };
    report(&summary, &out);
    if let Some(path) = &args.json {
        write_json(path, &summary)?;
    }
    Ok(FINE)
}

/// Writes the module with its plan, its text and its script. Returns why there is no script.
fn write(out: &Path, reduced: &Reduced, oracle: &dyn Engine) -> Result<Option<String>> {
    let write = |path: &Path, bytes: &[u8]| {
        std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
    };
    write(out, &reduced.case.to_envelope())?;
    write(&out.with_extension("wat"), reduced.case.to_text().as_bytes())?;
    match script::script(&reduced.case, oracle) {
        Ok(script) => write(&out.with_extension("wast"), script.as_bytes()).map(|()| None),
        Err(reason) => Ok(Some(reason)),
    }
}

fn report(summary: &Summary, out: &Path) {
    if let Some(reason) = &summary.no_script {
        say(format_args!("no script: {reason}"));
    }
    if summary.spent {
        say("the budget is spent: it might get smaller still");
    }
    say(format_args!(
        "reduce: {} -> {} operators, {} -> {} calls, {} tries in {:.1} s: {}",
        summary.operators_before,
        summary.operators_after,
        summary.calls_before,
        summary.calls_after,
        summary.tries,
        summary.seconds,
        out.display()
    ));
}
