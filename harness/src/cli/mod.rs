//! The command line: one file a command.

pub mod bench;
pub mod bisect;
pub mod bombs;
pub mod conform;
pub mod corpora;
pub mod count;
pub mod diff;
pub mod explain;
pub mod files;
pub mod interrupt;
pub mod jobs;
pub mod measure;
pub mod mutants;
pub mod nightly;
pub mod progress;
pub mod reduce;
pub mod roundtrip;
pub mod run;
pub mod site;
pub mod statistics;
pub mod summary;
pub mod translate;
pub mod triage;
pub mod verdicts;

use crate::worker::roster::Roster;
use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use serde::Serialize;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

/// Everything was as it should be.
pub const FINE: u8 = 0;
/// There are findings: mismatches, failed assertions, a trap.
pub const FOUND: u8 = 1;
/// The command could not be carried out: wrong usage, unreadable files.
pub const TROUBLE: u8 = 2;

/// Lightbeam: a one-pass compiler from WebAssembly to x86-64, and what proves it.
#[derive(Debug, Parser)]
#[command(name = "lightbeam", version, after_help = "Exit codes: 0 fine, 1 findings or failures, 2 usage or files.")]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Diff(diff::Args),
    Conform(conform::Args),
    Run(run::Args),
    Explain(explain::Args),
    Bisect(bisect::Args),
    Reduce(reduce::Args),
    Bench(bench::Args),
    Measure(measure::Args),
    Mutants(mutants::Args),
    Nightly(nightly::Args),
    Site(site::Args),
    Translate(translate::Args),
    Triage(triage::Args),
    Roundtrip(roundtrip::Args),
    Corpora(corpora::Args),
    /// Runs cases for `diff`; speaks JSON on its pipes.
    #[command(hide = true)]
    Worker {
        #[arg(long)]
        engine: Roster,
        #[arg(long)]
        oracle: Roster,
        #[arg(long, default_value_t = 0)]
        seeded_bug: u32,
    },
    /// Lets one engine compile a family of compiler bombs for `bench bombs`; speaks JSON on its output.
    #[command(hide = true)]
    BombWorker {
        #[arg(long)]
        engine: String,
        #[arg(long)]
        family: String,
        sizes: Vec<u32>,
    },
    /// Compiles the module on its input for `bench compile` and says what memory that took.
    #[command(hide = true)]
    MemoryWorker,
    /// Runs what `bench counted` counts, under callgrind; speaks JSON on its output.
    #[command(hide = true)]
    CountWorker {
        #[arg(long)]
        only: Vec<String>,
        #[arg(long)]
        subject: Vec<String>,
    },
    /// Runs one script for `conform`; speaks JSON on its output.
    #[command(hide = true)]
    WastWorker {
        #[arg(long)]
        engine: String,
        #[arg(long)]
        source: String,
    },
}

impl Cli {
    /// Carries out the command.
    pub fn run(self) -> ExitCode {
        if let Err(error) = crate::nightly::child::leave_with_parent() {
            eprintln!("error: {error:#}");
            return TROUBLE.into();
        }
        let result = match self.command {
            Command::Diff(args) => diff::run(&args),
            Command::Conform(args) => conform::run(&args),
            Command::Run(args) => run::run(&args),
            Command::Explain(args) => explain::run(&args),
            Command::Bisect(args) => bisect::run(&args),
            Command::Reduce(args) => reduce::run(&args),
            Command::Bench(args) => bench::run(&args),
            Command::Translate(args) => translate::run(&args),
            Command::Triage(args) => triage::run(&args),
            Command::Roundtrip(args) => roundtrip::run(&args),
            Command::Measure(args) => measure::run(&args),
            Command::Mutants(args) => mutants::run(&args),
            Command::Nightly(args) => nightly::run(&args),
            Command::Site(args) => site::run(&args),
            Command::Corpora(args) => corpora::run(&args),
            Command::BombWorker { engine, family, sizes } => {
                crate::bench::bombs::worker::main(&engine, &family, &sizes).map(|()| FINE)
            }
            Command::MemoryWorker => crate::bench::memory::main().map(|()| FINE),
            Command::CountWorker { only, subject } => crate::bench::counted::worker(&only, &subject).map(|()| FINE),
            Command::WastWorker { engine, source } => crate::conform::process::worker(&engine, &source).map(|()| FINE),
            Command::Worker { engine, oracle, seeded_bug } => {
                crate::worker::main(&engine, &oracle, seeded_bug).map(|()| FINE)
            }
        };
        match result {
            Ok(code) => code.into(),
            Err(error) => {
                eprintln!("error: {error:#}");
                TROUBLE.into()
            }
        }
    }
}

/// Prints a line. A reader that has had enough (`| head`) ends the program and is no error.
pub(crate) fn say(line: impl std::fmt::Display) {
    let written = writeln!(std::io::stdout().lock(), "{line}");
    if written.is_err_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe) {
        std::process::exit(i32::from(FINE));
    }
}

/// Writes a report as JSON.
///
/// # Errors
///
/// If the file cannot be written.
pub fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}
