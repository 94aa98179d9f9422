//! `lightbeam translate`: between Wasm and the forms of Microwasm.

use super::FINE;
use crate::source::Source;
use anyhow::{Context, Result, bail};
use lightbeam::microwasm::binary::Encoder;
use lightbeam::microwasm::text::Printer;
use std::path::PathBuf;

/// Translates a module to Microwasm, checked: Wasm to text or binary, text to binary, binary to text.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  lightbeam translate program.wasm program.mwat
  lightbeam translate program.mwat program.mwasm
  lightbeam translate program.wasm program.mwat --offsets    where each operator comes from, as comments")]
pub struct Args {
    /// The module: .wasm, .wat, .mwasm or .mwat
    input: PathBuf,
    /// Where to write it: .mwasm or .mwat
    output: PathBuf,
    /// Write the offsets of the input as comments
    #[arg(long)]
    offsets: bool,
}

/// Carries out the command.
///
/// # Errors
///
/// If a file cannot be read or written, or if the module is refused.
pub fn run(args: &Args) -> Result<u8> {
    let source = Source::read(&args.input)?;
    let name = || args.input.display().to_string();
    let translated = match args.output.extension().unwrap_or_default().to_string_lossy().as_ref() {
        "mwat" => {
            let printer = Printer::new(String::new());
            let printer = if args.offsets { printer.with_offsets() } else { printer };
            let (info, printer) = source.say(printer).with_context(name)?;
            printer.finish(&info)?.into_bytes()
        }
        "mwasm" => {
            let encoder = Encoder::new(Vec::new());
            let (info, encoder) = source.say(encoder).with_context(name)?;
            encoder.finish(&info)?
        }
        other => bail!("the output is .mwat or .mwasm, not .{other}"),
    };
    std::fs::write(&args.output, translated).with_context(|| format!("cannot write {}", args.output.display()))?;
    Ok(FINE)
}
