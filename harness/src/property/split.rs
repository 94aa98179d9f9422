//! The property that how a module's bytes arrive changes nothing: any split, and any number of jobs, gives byte
//! for byte the same code, or the same error at the same place, for whole modules and for broken ones.

use lightbeam::CompileError;
use lightbeam::compile::{self, CompiledModule, Compiler, CompilerConfig};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use xxhash_rust::xxh3::xxh3_64;

/// Compiles bytes that arrive in pieces of these lengths; what is left after the last length comes at once.
///
/// # Errors
///
/// As [`Compiler::push`] and [`Compiler::finish`].
pub fn compile_in_pieces(
    mut wasm: &[u8],
    lengths: impl IntoIterator<Item = usize>,
    config: &CompilerConfig,
) -> Result<CompiledModule, CompileError> {
    let mut compiler = Compiler::new(config);
    for length in lengths {
        if wasm.is_empty() {
            break;
        }
        let (piece, rest) = wasm.split_at(length.min(wasm.len()));
        compiler.push(piece)?;
        wasm = rest;
    }
    compiler.push(wasm)?;
    compiler.finish()
}

/// What differs between two outcomes of compiling the same bytes, if anything.
pub fn difference(
    whole: &Result<CompiledModule, CompileError>,
    pieces: &Result<CompiledModule, CompileError>,
) -> Option<String> {
    match (whole, pieces) {
        (Ok(whole), Ok(pieces)) if whole == pieces => None,
        (Ok(whole), Ok(pieces)) if whole.code == pieces.code => Some("the declarations differ".to_string()),
        (Ok(_), Ok(_)) => Some("the code differs".to_string()),
        (Err(whole), Err(pieces)) if whole == pieces => None,
        (whole, pieces) => {
            let outcome = |result: &Result<CompiledModule, CompileError>| match result {
                Ok(_) => "compiled".to_string(),
                Err(error) => error.to_string(),
            };
            Some(format!("at once by one job: {}; otherwise: {}", outcome(whole), outcome(pieces)))
        }
    }
}

/// The property for a fuzzer: the bytes themselves, and a module that they are or describe, whole and broken, in
/// pieces that depend on the bytes alone.
///
/// # Panics
///
/// If a split makes a difference.
pub fn split_bytes(data: &[u8]) {
    let mut rng = SmallRng::seed_from_u64(xxh3_64(data));
    check(data, &mut rng);
    let Some(case) = super::differential::case(data) else { return };
    let mut wasm = case.wasm;
    check(&wasm, &mut rng);
    if wasm.is_empty() {
        return;
    }
    check(&wasm[..rng.random_range(0..wasm.len())], &mut rng);
    let at = rng.random_range(0..wasm.len());
    wasm[at] = rng.random();
    check(&wasm, &mut rng);
}

/// What differs if several jobs compile the bytes, if anything: all but the work, as each job has tables of its own.
pub fn jobs_difference(
    wasm: &[u8],
    whole: &Result<CompiledModule, CompileError>,
    config: &CompilerConfig,
    jobs: usize,
    batch_bytes: usize,
) -> Option<String> {
    let mut config = config.clone();
    (config.jobs, config.batch_bytes) = (jobs, batch_bytes);
    let mut together = compile::compile(wasm, &config);
    if let (Ok(whole), Ok(together)) = (whole, &mut together) {
        together.work = whole.work;
    }
    difference(whole, &together)
}

fn check(wasm: &[u8], rng: &mut SmallRng) {
    let config = CompilerConfig::native().expect("the fuzzer runs where the compiler does");
    let whole = compile::compile(wasm, &config);
    let longest = rng.random_range(1..=wasm.len().clamp(1, 200));
    let random = std::iter::repeat_with(|| rng.random_range(0..=longest));
    let splits = [
        ("byte by byte", compile_in_pieces(wasm, std::iter::repeat_n(1, wasm.len()), &config)),
        ("in random pieces", compile_in_pieces(wasm, random.take(4 * wasm.len()), &config)),
    ];
    for (how, pieces) in &splits {
        if let Some(difference) = difference(&whole, pieces) {
            panic!("{how}: {difference}");
        }
    }
    let (jobs, batch) = ([2, 3, 8][rng.random_range(0..3)], rng.random_range(1..=1 + wasm.len() / 2));
    if let Some(difference) = jobs_difference(wasm, &whole, &config, jobs, batch) {
        panic!("{jobs} jobs, {batch} bytes each: {difference}");
    }
}
