//! `lightbeam bisect`: the optional rewrite that a mismatch needs.

use super::{FINE, FOUND, TROUBLE, say, write_json};
use crate::reduce::predicate::Judge;
use crate::triage::bisect::{self, Culprit};
use crate::triage::dossier::{engines as engines_of, load};
use crate::triage::explicit;
use crate::triage::probe::Prober;
use anyhow::Result;
use std::path::PathBuf;
use std::time::Duration;

/// Finds the optional rewrite of the code generator that a mismatch needs: each is numbered, and the search is over how
/// many may happen.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  lightbeam bisect findings/call-1a2b3c4d.wasm
  lightbeam bisect case.wasm --engine lightbeam:baseline --oracle cranelift-none
  lightbeam diff case.wasm --engine lightbeam:limit=17    what the search runs

Exit codes: 0 a rewrite was found, 1 the mismatch needs none, 2 there is no mismatch, or usage.")]
pub struct Args {
    /// The module, with its plan if it is a finding
    file: PathBuf,
    /// The configuration of our engine [default: the finding's, or lightbeam]
    #[arg(long, value_name = "NAME")]
    engine: Option<String>,
    /// The oracle [default: the finding's, or cranelift]
    #[arg(long, value_name = "NAME")]
    oracle: Option<String>,
    /// The seeded bug that acts; only in a build that has them
    #[arg(long, value_name = "N", default_value_t = 0, hide = true)]
    seeded_bug: u32,
    /// How long one run may take
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    watchdog: u64,
    /// Where to write what was found
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
///
/// If the file cannot be read, or if the mismatch is not there each time.
pub fn run(args: &Args) -> Result<u8> {
    let (case, finding) = load(&args.file, 1)?;
    let (engine, oracle) = engines_of(args.engine.as_ref(), args.oracle.as_ref(), finding.as_ref());
    let prober = Prober::new(Duration::from_secs(args.watchdog), args.seeded_bug)?;
    let Some(judge) = Judge::new(&prober, &engine, &oracle, &case, false)? else {
        eprintln!("error: {engine} and {oracle} do not differ on {}", args.file.display());
        return Ok(TROUBLE);
    };
    let case = explicit::explicit(&judge, case)?;
    let culprit = bisect::bisect(&judge, &case)?;
    say(format_args!("rewrite: {culprit} ({} runs)", prober.runs()));
    if let Some(path) = &args.json {
        write_json(path, &culprit)?;
    }
    Ok(if culprit == Culprit::NoRewrite { FOUND } else { FINE })
}
