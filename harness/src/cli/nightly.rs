//! `lightbeam nightly`: everything that there is to examine, in one report.

use super::interrupt::Interrupt;
use super::{FINE, FOUND, jobs, say};
use crate::nightly::report::{PartStatus, Settings};
use crate::nightly::{self, Event, Options};
use crate::worker::pool::worker_binary;
use anyhow::{Result, bail};
use std::path::PathBuf;

/// The baseline that is the newest report of the history.
const PREVIOUS: &str = "previous";

/// Conformance, real and generated modules, single operators, seeded bugs, benchmarks, counted instructions, streaming,
/// sizes and compiler bombs: in one report, compared with the night before.
///
/// Each part is a process of its own, and has its share of the minutes; one that crashes, hangs or cannot be done here is
/// named in the report, and costs nothing else. A night that was cut short goes on where it was when it is started again
/// with the same commit, program and settings. Writes report.json (documented in reports/NIGHTLY.md), index.html with its
/// pages in site/, summary.md, junit.xml, and a line of history.jsonl. The last line is `nightly: ok` or
/// `nightly: N regressions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  lightbeam nightly --out nights                       an hour
  lightbeam nightly --out nights --minutes 20          a quick look
  lightbeam nightly --out nights --part sizes --part operators   some parts
  lightbeam nightly --out nights --baseline main/report.json     compared with another report

Exit codes: 0 nothing became worse, 1 regressions, 2 usage, files, or interrupted.")]
pub struct Args {
    /// The folder of the report and of the history
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Minutes for all parts together
    #[arg(long, value_name = "N", default_value_t = 60.0, value_parser = minutes)]
    minutes: f64,
    /// The report to compare with; `previous` for the newest in the history of DIR
    #[arg(long, value_name = "FILE", default_value = PREVIOUS)]
    baseline: String,
    /// Only this part. May be repeated
    #[arg(long = "part", value_name = "NAME")]
    parts: Vec<String>,
    /// The seed of generated modules
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many processes work at once [default: one a processor]
    #[arg(long, value_name = "N", value_parser = jobs::count)]
    jobs: Option<usize>,
}

/// A time that something can take.
fn minutes(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(minutes) if minutes > 0.0 && f64::is_finite(minutes) => Ok(minutes),
        _ => Err("not a positive number".to_string()),
    }
}

/// Carries out the command.
///
/// # Errors
///
/// If there is no such part or baseline, if the folder cannot be written or holds something newer, or if somebody ended
/// it.
pub fn run(args: &Args) -> Result<u8> {
    let options = Options {
        folder: args.out.clone(),
        baseline: (args.baseline != PREVIOUS).then(|| PathBuf::from(&args.baseline)),
        settings: Settings { minutes: args.minutes, only: args.parts.clone(), seed: args.seed },
        jobs: jobs::or_processors(args.jobs),
        program: worker_binary()?,
    };
    let interrupt = Interrupt::watch()?;
    let report = nightly::run(&options, &interrupt.flag(), |event| match event {
        Event::Begin(part, seconds) => say(format_args!("{part}: begins, {seconds:.0} s")),
        Event::End(part, result) => {
            let how = match (result.status, result.resumed) {
                (PartStatus::Done, true) => "resumed: done before",
                (PartStatus::Done, false) => "done",
                (PartStatus::Failed, _) => "failed",
                (PartStatus::Missing, _) => "missing",
                (PartStatus::TimedOut, _) => "timed out",
            };
            let reason = result.reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
            say(format_args!("{part}: {how} after {:.1} s{reason}", result.seconds));
        }
        Event::Warning(warning) => say(format_args!("warning: {warning}")),
    })?;
    let Some(report) = report else {
        bail!("interrupted: the parts that are done are kept; the same command goes on");
    };
    for (number, blame) in report.verdict.reasons.iter().enumerate() {
        say(format_args!("{}. {blame}", number + 1));
    }
    say(format_args!("report: {}", options.folder.join("report.json").display()));
    say(report.verdict.line());
    Ok(if report.verdict.regressions == 0 { FINE } else { FOUND })
}
