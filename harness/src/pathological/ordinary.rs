//! What the families are compared with: the programs of this repository.

use super::Measured;
use anyhow::{Context, Result};
use lightbeam::Work;
use lightbeam::compile::CompilerConfig;

/// The largest exponent that our work may grow with.
pub const WORK_EXPONENT: f64 = 1.05;
/// The most that our work may be, as a multiple of the ordinary programs' mean.
pub const WORK_FACTOR: f64 = 20.0;

/// All ordinary programs together: so its costs are means by byte, and by step of validation.
///
/// # Errors
///
/// If one of them cannot be compiled.
pub fn mean(config: &CompilerConfig) -> Result<Measured> {
    let mut sum = Measured { work: Work::default(), validation: 0 };
    for program in lightbeam_bench::programs().iter().chain(lightbeam_bench::simd_programs()) {
        let one = Measured::of(program.wasm, config).context(program.name)?;
        sum.validation += one.validation;
        sum.work.input_bytes += one.work.input_bytes;
        sum.work.state_operations += one.work.state_operations;
        sum.work.moves += one.work.moves;
        sum.work.bytes_emitted += one.work.bytes_emitted;
        sum.work.bytes_copied += one.work.bytes_copied;
        sum.work.allocations += one.work.allocations;
    }
    Ok(sum)
}
