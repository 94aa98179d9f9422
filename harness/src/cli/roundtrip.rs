//! `lightbeam roundtrip`: nothing is lost on the way through Microwasm's text and binary format.

use super::{FINE, FOUND, files, progress, say};
use crate::property::roundtrip::{Trip, trip};
use anyhow::{Context, Result, ensure};
use lightbeam::compile::CompilerConfig;
use std::path::PathBuf;

/// Compiles modules twice, directly and by Wasm → text → parse → binary → decode, and compares the
/// machine code byte for byte.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  lightbeam roundtrip corpora/real benches/programs")]
pub struct Args {
    /// Modules, or folders of modules
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Carries out the command.
///
/// # Errors
///
/// If a file cannot be read, or if there is none.
pub fn run(args: &Args) -> Result<u8> {
    let files = files::modules(&args.files)?;
    ensure!(!files.is_empty(), "there is no .wasm or .wat");
    let config = CompilerConfig::native()?;
    let bar = progress::bar(files.len() as u64, "modules");
    let (mut kept, mut lost, mut refused) = (0, 0, 0);
    for path in &files {
        bar.set_message(path.display().to_string());
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let wasm = wat::parse_bytes(&bytes).with_context(|| format!("{}", path.display()))?;
        let trip = trip(&wasm, &config);
        match &trip {
            Trip::Kept { .. } => kept += 1,
            Trip::Lost(_) => lost += 1,
            Trip::Refused(_) => refused += 1,
        }
        if !matches!(trip, Trip::Kept { .. }) {
            bar.suspend(|| say(format_args!("{}: {trip}", path.display())));
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    say(format_args!("roundtrip: {kept} modules kept everything, {lost} lost something, {refused} refused"));
    Ok(if lost == 0 { FINE } else { FOUND })
}
