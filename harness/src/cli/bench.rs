//! `lightbeam bench`: compile time and run time beside other engines, as ratios.

use super::{FINE, FOUND, progress, write_json};
use crate::bench::rounds::Effort;
use crate::bench::{Options, Suite, run as run_suites, table};
use anyhow::{Context, Result, ensure};
use std::path::PathBuf;
use std::time::Duration;

/// Measures compile time and run time beside validation, Winch, Cranelift and native code.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  lightbeam bench                                 every suite, every program
  lightbeam bench compile corpora/real/*.wasm     compile time of other modules
  lightbeam bench execute --only sha              run time of some programs
  lightbeam bench microwasm                       control flow that Wasm does not have, beside its Wasm form")]
pub struct Args {
    /// The suite; all when it is left out.
    suite: Option<Suite>,
    /// Modules to measure in place of the shipped programs. For `execute` they must export
    /// `run: [] -> [i32|i64|f64]` and import nothing.
    files: Vec<PathBuf>,
    /// Only programs whose name contains this text. May be repeated.
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    /// Rounds for each program.
    #[arg(long, default_value_t = 15, value_name = "N")]
    rounds: usize,
    /// Milliseconds that each engine works in a round.
    #[arg(long, default_value_t = 20, value_name = "N")]
    round_ms: u64,
    /// Seconds after which no further round of a program is begun (three are always run).
    #[arg(long, default_value_t = 20, value_name = "N")]
    budget: u64,
    /// Writes the report as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Carries out the command.
///
/// # Errors
///
/// If a file cannot be read or written, or nothing is left to measure.
pub fn run(args: &Args) -> Result<u8> {
    let options = Options {
        suites: args.suite.map_or_else(|| Suite::ALL.to_vec(), |suite| vec![suite]),
        files: args.files.clone(),
        only: args.only.clone(),
        effort: Effort {
            rounds: args.rounds,
            round: Duration::from_millis(args.round_ms),
            budget: Duration::from_secs(args.budget),
        },
    };
    let cases: usize = options.suites.iter().map(|suite| Ok(options.cases(*suite)?.len())).sum::<Result<usize>>()?;
    ensure!(cases > 0, "nothing to measure: no program's name contains {:?}", args.only);
    let bar = progress::bar(cases as u64, "programs");
    let mut started = 0;
    let report = run_suites(&options, |suite, name| {
        bar.set_position(started);
        bar.set_message(format!("{} {name}", suite.name()));
        started += 1;
    })?;
    bar.finish_and_clear();

    let mut text = String::new();
    table::print(&report, &mut text).context("a table cannot be printed")?;
    print!("{text}");
    if let Some(path) = &args.json {
        write_json(path, &report)?;
    }
    let void = report.void().count();
    let measured: usize = report.suites.values().map(|suite| suite.programs.len()).sum();
    println!("bench: {measured} rows, {void} void");
    Ok(if void == 0 { FINE } else { FOUND })
}
