//! `lightbeam translate`: between Wasm and the forms of Microwasm.

use super::FINE;
use anyhow::{Context, Result, bail};
use lightbeam::CompileError;
use lightbeam::microwasm::Sink;
use lightbeam::microwasm::binary::{Decoder, Encoder};
use lightbeam::microwasm::text::{Printer, parse};
use lightbeam::wasm::module::ModuleInfo;
use lightbeam::wasm::stream::Frontend;
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
    let bytes = std::fs::read(&args.input).with_context(|| format!("cannot read {}", args.input.display()))?;
    let extension = |path: &PathBuf| path.extension().unwrap_or_default().to_string_lossy().into_owned();
    let from = extension(&args.input);
    let translated = match extension(&args.output).as_str() {
        "mwat" => {
            let printer = Printer::new(String::new());
            let printer = if args.offsets { printer.with_offsets() } else { printer };
            let (info, printer) = read(&bytes, &from, printer).with_context(|| args.input.display().to_string())?;
            printer.finish(&info)?.into_bytes()
        }
        "mwasm" => {
            let encoder = Encoder::new(Vec::new());
            let (info, encoder) = read(&bytes, &from, encoder).with_context(|| args.input.display().to_string())?;
            encoder.finish(&info)?
        }
        other => bail!("the output is .mwat or .mwasm, not .{other}"),
    };
    std::fs::write(&args.output, translated).with_context(|| format!("cannot write {}", args.output.display()))?;
    Ok(FINE)
}

/// Says a module to a sink, by what its file's extension says that it is.
fn read<S: Sink>(bytes: &[u8], extension: &str, sink: S) -> Result<(ModuleInfo, S)> {
    let read: Result<(ModuleInfo, S), CompileError> = match extension {
        "mwat" => parse(std::str::from_utf8(bytes).context("the text is not UTF-8")?, sink),
        "mwasm" => {
            let mut decoder = Decoder::new(sink);
            decoder.push(bytes).and_then(|()| decoder.finish())
        }
        _ => {
            let mut frontend = Frontend::new(sink);
            frontend.push(&wat::parse_bytes(bytes)?).and_then(|()| frontend.finish())
        }
    };
    Ok(read?)
}
