//! `lightbeam measure`: Microwasm beside the Wasm that it came from.

use super::{FINE, FOUND, files, progress, say, write_json};
use crate::bench::rounds::Effort;
use crate::measure::{self, table};
use anyhow::{Context, Result, ensure};
use std::path::PathBuf;
use std::time::Duration;

/// Compares Microwasm with the Wasm that it came from: bytes, compressed bytes, operators, labels,
/// and the time to decode and check it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  lightbeam measure corpora/real                  all real modules; the table goes to reports/microwasm.md
  lightbeam measure program.wasm --no-times       sizes only, in a moment
  lightbeam measure corpora/real --json sizes.json")]
pub struct Args {
    /// Modules, or folders of modules
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Measure no times
    #[arg(long)]
    no_times: bool,
    /// Rounds for each module
    #[arg(long, default_value_t = 11, value_name = "N")]
    rounds: usize,
    /// Seconds after which no further round of a module is begun (three are always run)
    #[arg(long, default_value_t = 10, value_name = "N")]
    budget: u64,
    /// Where the table is written
    #[arg(long, default_value = "reports/microwasm.md", value_name = "FILE")]
    out: PathBuf,
    /// Where to write the figures
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Carries out the command.
///
/// # Errors
///
/// If a file cannot be read or written, or if there is nothing to measure.
pub fn run(args: &Args) -> Result<u8> {
    let files = files::modules(&args.files)?;
    ensure!(!files.is_empty(), "there is no .wasm or .wat to measure");
    let effort =
        Effort { rounds: args.rounds, round: Duration::from_millis(20), budget: Duration::from_secs(args.budget) };
    let bar = progress::bar(files.len() as u64, "modules");
    let report = measure::run(&files, (!args.no_times).then_some(&effort), |name| {
        bar.set_message(name.to_string());
        bar.inc(1);
    })?;
    bar.finish_and_clear();
    let mut text = String::new();
    table::print(&report, &mut text).context("a table cannot be printed")?;
    say(text.trim_end());
    if let Some(folder) = args.out.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    std::fs::write(&args.out, &text).with_context(|| format!("cannot write {}", args.out.display()))?;
    if let Some(path) = &args.json {
        write_json(path, &report)?;
    }
    say(format_args!("measure: {} modules, {} skipped", report.modules.len(), report.skipped.len()));
    Ok(if report.skipped.is_empty() { FINE } else { FOUND })
}
