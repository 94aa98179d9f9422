//! `lightbeam conform`: the specification's tests, each file in a process of its own.

use super::{FINE, FOUND, jobs, progress, say};
use crate::conform::expectations::{self, Expectations};
use crate::conform::{self, Options, junit};
use crate::wast::suite;
use crate::worker::pool::worker_binary;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Runs the specification's tests (Wasm 1.0 and 2.0), or .wast files of your own.
///
/// Each assertion passes, fails, fails as expected, passes unexpectedly, is skipped, blocked by what failed before it,
/// crashes, times out, or is about the text format alone.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  lightbeam conform                            the whole suite
  lightbeam conform --filter wasm-v2/call      some of its files
  lightbeam conform --engine all --junit conform.xml   every engine, as JUnit XML
  lightbeam conform my.wast --engine cranelift,microwasm

Exit codes: 0 nothing is wrong, 1 something failed, crashed, hung, passed unexpectedly or is expected no more, 2 usage.")]
pub struct Args {
    /// Scripts, or folders of scripts
    paths: Vec<PathBuf>,
    /// Only files whose name holds this
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// The engines, with commas; `all` for those of the conformance matrix
    #[arg(long, value_name = "NAMES", value_delimiter = ',', default_value = "lightbeam")]
    engine: Vec<String>,
    /// How many processes at once [default: one a processor]
    #[arg(long, value_name = "N", value_parser = jobs::count)]
    jobs: Option<usize>,
    /// How long one file may take
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    watchdog: u64,
    /// After this time no file is begun; its assertions are skipped
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
    /// What is expected not to hold [default: corpora/expectations.toml, if it is there]
    #[arg(long, value_name = "FILE")]
    expectations: Option<PathBuf>,
    /// Where to write each assertion's status
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Where to write the same as JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
///
/// If there are no such files or engine, or if processes cannot be started.
pub fn run(args: &Args) -> Result<u8> {
    let mut sources = Vec::new();
    for path in &args.paths {
        sources.extend(suite::at(path)?);
    }
    if args.paths.is_empty() {
        sources = suite::all();
    }
    if let Some(filter) = &args.filter {
        sources.retain(|source| source.name().contains(filter.as_str()));
    }
    if sources.is_empty() {
        bail!("no script to run");
    }
    let expectations = match &args.expectations {
        Some(path) => Expectations::read(path)?,
        None if Path::new(expectations::FILE).is_file() => Expectations::read(Path::new(expectations::FILE))?,
        None => Expectations::default(),
    };
    let options = Options {
        sources,
        engines: conform::engines(&args.engine)?,
        jobs: jobs::or_processors(args.jobs),
        watchdog: Duration::from_secs(args.watchdog),
        limit: args.seconds.map(Duration::from_secs),
        expectations,
        worker: worker_binary()?,
    };
    let bar = progress::bar((options.sources.len() * options.engines.len()) as u64, "files");
    let report = conform::run(&options, || bar.inc(1))?;
    bar.finish_and_clear();
    report.lines().iter().for_each(say);
    if let Some(path) = &args.json {
        // Tens of thousands of assertions: not pretty.
        let bytes = serde_json::to_vec(&report)?;
        std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    if let Some(path) = &args.junit {
        std::fs::write(path, junit::xml(&report)?).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(if report.is_fine() { FINE } else { FOUND })
}
