//! The property that nothing is lost on the way through Microwasm's text and binary format: the
//! machine code is byte for byte that of the direct way.

use lightbeam::CompileError;
use lightbeam::code::{Code, TrapSite};
use lightbeam::compile::{self, CompiledModule, Compiler, CompilerConfig};
use lightbeam::microwasm::Both;
use lightbeam::microwasm::binary::Encoder;
use lightbeam::microwasm::text::{self, Printer};
use lightbeam::wasm::stream::Frontend;
use std::fmt;

/// What a round trip was like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trip {
    /// The compiler does not take the module.
    Refused(CompileError),
    /// Nothing was lost.
    Kept {
        /// Bytes of text.
        text: usize,
        /// Bytes of the binary form.
        binary: usize,
        /// Bytes of machine code.
        code: usize,
    },
    /// Something was lost.
    Lost(String),
}

impl fmt::Display for Trip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trip::Refused(error) => write!(f, "refused: {error}"),
            Trip::Kept { text, binary, code } => {
                write!(f, "{text} bytes of text, {binary} bytes of binary, {code} bytes of code")
            }
            Trip::Lost(what) => write!(f, "lost: {what}"),
        }
    }
}

/// Wasm → text → parse → binary → decode → machine code, beside Wasm → machine code.
pub fn trip(wasm: &[u8], config: &CompilerConfig) -> Trip {
    let direct = match compile::compile(wasm, config) {
        Ok(direct) => direct,
        Err(error) => return Trip::Refused(error),
    };
    match detour(wasm, config, &direct) {
        Ok((text, binary)) => Trip::Kept { text, binary, code: direct.code.bytes.len() },
        Err(what) => Trip::Lost(what),
    }
}

fn detour(wasm: &[u8], config: &CompilerConfig, direct: &CompiledModule) -> Result<(usize, usize), String> {
    let mut frontend = Frontend::new(Both(Printer::new(String::new()), Encoder::new(Vec::new())));
    frontend.push(wasm).map_err(|error| format!("lowering: {error}"))?;
    let (info, Both(printer, encoder)) = frontend.finish().map_err(|error| format!("lowering: {error}"))?;
    let text = printer.finish(&info).map_err(|error| format!("printing: {error}"))?;
    let encoded = encoder.finish(&info).map_err(|error| format!("encoding: {error}"))?;

    let sinks = Both(Printer::new(String::new()), Encoder::new(Vec::new()));
    let (parsed, Both(printer, encoder)) = text::parse(&text, sinks).map_err(|error| format!("parsing: {error}"))?;
    same(parsed == info, "the declarations, through text")?;
    same(printer.finish(&parsed).is_ok_and(|again| again == text), "the text, printed again")?;
    let binary = encoder.finish(&parsed).map_err(|error| format!("encoding: {error}"))?;
    same(binary == encoded, "the binary form, through text")?;

    let mut compiler = Compiler::for_microwasm(config);
    compiler.push(&binary).map_err(|error| format!("decoding: {error}"))?;
    let compiled = compiler.finish().map_err(|error| format!("decoding: {error}"))?;
    same(compiled.info == direct.info, "the declarations, through the binary form")?;
    same_code(&direct.code, &compiled.code)?;
    Ok((text.len(), binary.len()))
}

fn same(equal: bool, what: &str) -> Result<(), String> {
    if equal { Ok(()) } else { Err(what.to_string()) }
}

/// Everything but positions in the source, which are those of another file.
fn same_code(direct: &Code, detour: &Code) -> Result<(), String> {
    let trap = |site: &TrapSite| (site.offset, site.kind);
    same(direct.bytes == detour.bytes, "the machine code")?;
    let frames = |code: &Code| -> Vec<_> {
        code.functions
            .iter()
            .map(|function| (function.start, function.entry, function.end, function.frame_bytes))
            .collect()
    };
    same(frames(direct) == frames(detour), "the functions' places")?;
    same(direct.traps.iter().map(trap).eq(detour.traps.iter().map(trap)), "the places of traps")?;
    let call =
        |code: &Code| -> Vec<_> { code.calls.iter().map(|site| (site.return_offset, site.pushed_bytes)).collect() };
    same(call(direct) == call(detour), "the places of calls")?;
    same(direct.signatures == detour.signatures, "the places of signatures")
}

/// The property for a fuzzer: a module that the bytes are, or that they describe, loses nothing.
///
/// # Panics
///
/// If something is lost.
pub fn roundtrip_bytes(data: &[u8]) {
    let Some(case) = super::differential::case(data) else { return };
    let config = CompilerConfig::native().expect("the fuzzer runs where the compiler does");
    if let Trip::Lost(what) = trip(&case.wasm, &config) {
        panic!("lost: {what}");
    }
}
