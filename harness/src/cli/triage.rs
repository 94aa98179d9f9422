//! `lightbeam triage`: from mismatches to their causes.

use super::{FINE, FOUND, files, progress, say, write_json};
use crate::reduce::Budget;
use crate::script;
use crate::triage::dossier::{self, Dossier, Nothing, load};
use crate::triage::probe::Prober;
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// Finds out about each mismatch what can be found out without a hand: whether it is always there, what other engines
/// say, which half of the compiler, which optional rewrite and which operator it comes from; and makes it small.
///
/// Each gets a folder: the reduced module with its plan, its text, a script that any engine can run, the machine code
/// of both engines, and the command that shows it again. Mismatches of one meaning are counted, not repeated.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  lightbeam triage findings                     everything that diff has found
  lightbeam triage program.wasm                 a module of your own
  lightbeam triage case.wasm --engine lightbeam:plain --oracle cranelift-none

Exit codes: 0 no mismatch is left, 1 there are mismatches, 2 usage or files.")]
pub struct Args {
    /// Findings or modules, or folders of them
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The engine under test [default: the finding's, or lightbeam]
    #[arg(long, value_name = "NAME")]
    engine: Option<String>,
    /// The oracle [default: the finding's, or cranelift]
    #[arg(long, value_name = "NAME")]
    oracle: Option<String>,
    /// Where the folders are written
    #[arg(long, value_name = "DIR", default_value = "findings/triage")]
    out: PathBuf,
    /// How long one reduction may take
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    seconds: u64,
    /// The seeded bug that acts; only in a build that has them
    #[arg(long, value_name = "N", default_value_t = 0, hide = true)]
    seeded_bug: u32,
    /// How long one run may take
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    watchdog: u64,
    /// Where to write all of it
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Carries out the command.
///
/// # Errors
///
/// If a file cannot be read, or if nothing can be written.
pub fn run(args: &Args) -> Result<u8> {
    let files = files::modules(&args.files)?;
    crate::mutants::select(args.seeded_bug)?;
    let prober = Prober::new(Duration::from_secs(args.watchdog), args.seeded_bug)?;
    let budget = Budget { time: Duration::from_secs(args.seconds), ..Budget::default() };
    let bar = progress::bar(files.len() as u64, "files");
    let mut dossiers: Vec<Dossier> = Vec::new();
    let mut meanings = BTreeMap::<String, u64>::new();
    let (mut gone, mut unreadable) = (0, 0);
    for path in &files {
        bar.set_message(path.display().to_string());
        bar.inc(1);
        let (case, finding) = match load(path, 1) {
            Ok(loaded) => loaded,
            Err(error) => {
                unreadable += 1;
                bar.suspend(|| say(format_args!("unreadable: {error:#}")));
                continue;
            }
        };
        let (engine, oracle) = dossier::engines(args.engine.as_ref(), args.oracle.as_ref(), finding.as_ref());
        let origin = path.display().to_string();
        let step = |step: &str| bar.set_message(format!("{}: {step}", path.display()));
        let (dossier, small) = match dossier::investigate(&prober, origin, &engine, &oracle, &case, &budget, step)? {
            Ok(known) => known,
            Err(Nothing::NoDivergence) => {
                gone += 1;
                bar.suspend(|| say(format_args!("{}: {engine} and {oracle} show no difference", path.display())));
                continue;
            }
        };
        let alike = meanings.entry(dossier.signature.clone()).or_default();
        *alike += 1;
        if *alike == 1 {
            let script = script::script(&small, &*crate::engines::by_name(&dossier.oracle)?);
            let folder = dossier.write(&case, &small, script, &args.out)?;
            bar.suspend(|| say(format_args!("{}      folder: {}\n", dossier.summary(), folder.display())));
        }
        dossiers.push(dossier);
    }
    bar.finish_and_clear();
    for (meaning, count) in &meanings {
        say(format_args!("{count} of {meaning}"));
    }
    if let Some(path) = &args.json {
        write_json(path, &dossiers)?;
    }
    say(format_args!(
        "triage: {} mismatches, {} meanings, {gone} gone, {unreadable} unreadable",
        dossiers.len(),
        meanings.len()
    ));
    Ok(if dossiers.is_empty() && unreadable == 0 { FINE } else { FOUND })
}
