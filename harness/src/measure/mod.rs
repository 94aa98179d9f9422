//! Microwasm beside the Wasm that it came from: bytes, compressed bytes, operators, labels, and the
//! time to decode and check it.

pub mod kinds;
pub mod table;
pub mod wasm;

use crate::bench::rounds::{self, Contender, Effort};
use crate::bench::stats::{Summary, geometric_mean};
use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use kinds::Ledger;
use lightbeam::CompileError;
use lightbeam::compile::{self, CompilerConfig};
use lightbeam::microwasm::Counter;
use lightbeam::microwasm::binary::{Decoder, Encoder};
use lightbeam::wasm::stream::Frontend;
use serde::Serialize;
use std::hint::black_box;
use std::io::Write;
use std::ops::{Div, Sub};
use std::path::Path;
use std::time::{Duration, Instant};
use wasmparser::{Validator, WasmFeatures};

/// The level of gzip: its best, which is what servers store.
const GZIP: Compression = Compression::best();
/// The level of zstd.
const ZSTD: i32 = 19;

/// What one form of a module is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Form {
    /// Bytes, without custom sections.
    pub bytes: usize,
    /// Bytes after gzip at its highest level.
    pub gzip: usize,
    /// Bytes after zstd at level 19.
    pub zstd: usize,
    /// Bytes of functions: what is not declarations or data.
    pub code: u64,
    /// Operators of functions.
    pub operators: u64,
    /// Labels: in Wasm the functions' blocks, loops and ifs (an `if` with `else` counts twice).
    pub labels: u64,
    /// Bytes and operators by kind.
    pub kinds: Ledger,
}

/// A module in both forms.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// The file's name.
    pub name: String,
    /// As Wasm.
    pub wasm: Form,
    /// As Microwasm.
    pub microwasm: Form,
    /// Seconds to validate the Wasm, with nothing behind the validator.
    pub validate: Option<Summary>,
    /// Time to decode and check the Microwasm over time to validate the Wasm.
    pub check_ratio: Option<Summary>,
    /// Time to validate and lower the Wasm, to a sink that counts, over time to validate it.
    pub lower_ratio: Option<Summary>,
    /// The part of compiling that is lowering to Microwasm: time of the counting sink less that of the validator,
    /// over time to compile. Reading declarations is no part of it: the same difference for the module with
    /// [hollow](wasm::hollow) functions is taken off.
    pub layer_share: Option<Summary>,
}

impl Row {
    /// Bytes of Microwasm over bytes of Wasm.
    pub fn size_ratio(&self) -> f64 {
        self.microwasm.bytes as f64 / self.wasm.bytes as f64
    }
}

/// What was measured.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Modules, in the order given.
    pub modules: Vec<Row>,
    /// Modules that the compiler does not take, with the reason.
    pub skipped: Vec<(String, String)>,
    /// The version of the format.
    pub version: u32,
}

impl Report {
    /// The geometric mean of a ratio over the modules, where they have it.
    pub fn mean(&self, ratio: impl Fn(&Row) -> Option<f64>) -> Option<f64> {
        geometric_mean(self.modules.iter().filter_map(ratio))
    }
}

/// Wasm to Microwasm in its binary format.
///
/// # Errors
///
/// If the module is refused.
pub fn encode(wasm: &[u8]) -> Result<Vec<u8>, CompileError> {
    let mut frontend = Frontend::new(Encoder::new(Vec::new()));
    frontend.push(wasm)?;
    let (info, encoder) = frontend.finish()?;
    Ok(encoder.finish(&info).expect("a vector takes everything"))
}

/// Measures a module: its Wasm's bytes, without custom sections, and the name for the table. With
/// `effort`, also the times.
///
/// # Errors
///
/// If the module is refused: the reason is in the inner result. If a time cannot be taken.
pub fn row(name: String, wasm: &[u8], effort: Option<&Effort>) -> Result<Result<Row, CompileError>> {
    let wasm = wasm::strip(wasm)?;
    let microwasm = match encode(&wasm) {
        Ok(bytes) => bytes,
        Err(error) => return Ok(Err(error)),
    };
    let (kinds, counter) = kinds::of_microwasm(&microwasm)?;
    let mut row = Row {
        name,
        wasm: form(&wasm, wasm::labels(&wasm)?, kinds::of_wasm(&wasm)?)?,
        microwasm: form(&microwasm, counter.labels, kinds)?,
        validate: None,
        check_ratio: None,
        lower_ratio: None,
        layer_share: None,
    };
    if let Some(effort) = effort {
        times(&mut row, &wasm, &microwasm, effort)?;
    }
    Ok(Ok(row))
}

fn form(bytes: &[u8], labels: u64, kinds: Ledger) -> Result<Form> {
    let mut gzip = GzEncoder::new(Vec::new(), GZIP);
    gzip.write_all(bytes)?;
    let gzip = gzip.finish()?.len();
    let zstd = zstd::bulk::compress(bytes, ZSTD)?.len();
    let (code, operators) = (kinds.code().bytes, kinds.total().operators);
    Ok(Form { bytes: bytes.len(), gzip, zstd, code, operators, labels, kinds })
}

/// One way to spend time on a module.
struct Timed<'a> {
    name: &'static str,
    bytes: &'a [u8],
    work: fn(&[u8]) -> Result<(), CompileError>,
}

impl Contender for Timed<'_> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn once(&mut self) -> Result<Duration> {
        let begin = Instant::now();
        let result = black_box((self.work)(black_box(self.bytes)));
        let elapsed = begin.elapsed();
        result.with_context(|| self.name)?;
        Ok(elapsed)
    }
}

fn validate(wasm: &[u8]) -> Result<(), CompileError> {
    Validator::new_with_features(WasmFeatures::WASM2).validate_all(wasm).map(drop).map_err(CompileError::from)
}

fn check(microwasm: &[u8]) -> Result<(), CompileError> {
    let mut decoder = Decoder::new(());
    decoder.push(microwasm)?;
    decoder.finish().map(drop)
}

fn lower(wasm: &[u8]) -> Result<(), CompileError> {
    let mut frontend = Frontend::new(Counter::default());
    frontend.push(wasm)?;
    black_box(frontend.finish()?.1);
    Ok(())
}

fn compile(wasm: &[u8]) -> Result<(), CompileError> {
    compile::compile(wasm, &CompilerConfig::native()?).map(drop)
}

fn times(row: &mut Row, wasm: &[u8], microwasm: &[u8], effort: &Effort) -> Result<()> {
    let hollow = wasm::hollow(wasm)?;
    let timed = |name, bytes, work| -> Box<dyn Contender + '_> { Box::new(Timed { name, bytes, work }) };
    let mut contenders = [
        timed("validate", wasm, validate),
        timed("check", microwasm, check),
        timed("lower", wasm, lower),
        timed("compile", wasm, compile),
        timed("validate declarations", &hollow, validate),
        timed("lower declarations", &hollow, lower),
    ];
    let samples = rounds::measure(&mut contenders, effort)?;
    let [validate, check, lower, compile, validate_rest, lower_rest] = &samples[..] else {
        unreachable!("one list of samples a contender")
    };
    let zip = |a: &[f64], b: &[f64], with: fn(f64, f64) -> f64| -> Vec<f64> {
        a.iter().zip(b).map(|(a, b)| with(*a, *b)).collect()
    };
    row.validate = Summary::of(validate);
    row.check_ratio = Summary::of(&zip(check, validate, Div::div));
    row.lower_ratio = Summary::of(&zip(lower, validate, Div::div));
    let layer = zip(&zip(lower, validate, Sub::sub), &zip(lower_rest, validate_rest, Sub::sub), Sub::sub);
    row.layer_share = Summary::of(&zip(&layer, compile, Div::div));
    Ok(())
}

/// Measures files.
///
/// # Errors
///
/// If a file cannot be read, or is no module at all.
pub fn run(files: &[impl AsRef<Path>], effort: Option<&Effort>, mut progress: impl FnMut(&str)) -> Result<Report> {
    let mut report = Report { modules: Vec::new(), skipped: Vec::new(), version: lightbeam::microwasm::VERSION };
    for path in files {
        let path = path.as_ref();
        let name = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        progress(&name);
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let bytes = wat::parse_bytes(&bytes).with_context(|| format!("{}", path.display()))?;
        match row(name.clone(), &bytes, effort).with_context(|| format!("{}", path.display()))? {
            Ok(row) => report.modules.push(row),
            Err(error) => report.skipped.push((name, error.to_string())),
        }
    }
    Ok(report)
}
