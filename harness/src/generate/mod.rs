//! Generators of cases. Each is a function of a seed and a number, so that a case has a name.

pub mod draft;
pub mod expression;
pub mod fragments;
pub mod grid;
pub mod microwasm;
pub mod mutate;
pub mod operators;
pub mod pressure;
pub mod ranges;
pub mod smith;
pub mod vectors;
pub mod writer;

use crate::plan::Case;
use crate::rng::Rng;
use serde::{Deserialize, Serialize};

/// A generator of modules with the plan of their calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
#[value(rename_all = "kebab-case")]
pub enum Generator {
    /// All of the others in turn.
    Mix,
    /// wasm-smith, with a configuration drawn for each module.
    Smith,
    /// Few functions written from the top down: every value is observed.
    Expression,
    /// Situations in which one-pass code generators err.
    Pressure,
    /// The single-operator grid, in an order of the seed.
    Grid,
    /// Ranges of memories and tables, segments, and host functions with many arguments.
    Ranges,
    /// Functions of real modules, recombined.
    Fragments,
    /// Cases of the others after some mutations by wasm-mutate.
    Mutate,
    /// wasm-smith, with vectors.
    Vectors,
    /// As `expression` and `pressure`, with vectors.
    VectorCode,
    /// The single-operator grid of vectors.
    VectorGrid,
    /// The single-operator grid of relaxed vectors: for engines that make the same choices.
    RelaxedGrid,
}

impl Generator {
    /// The generators that [`Generator::Mix`] draws from, with their shares.
    pub const SHARES: &'static [(Generator, u64)] = &[
        (Generator::Smith, 10),
        (Generator::Expression, 6),
        (Generator::Pressure, 6),
        (Generator::Grid, 4),
        (Generator::Ranges, 2),
        (Generator::Fragments, 2),
        (Generator::Mutate, 2),
        (Generator::Vectors, 2),
        (Generator::VectorCode, 3),
        (Generator::VectorGrid, 4),
        (Generator::RelaxedGrid, 1),
    ];

    /// The name on the command line and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Generator::Mix => "mix",
            Generator::Smith => "smith",
            Generator::Expression => "expression",
            Generator::Pressure => "pressure",
            Generator::Grid => "grid",
            Generator::Ranges => "ranges",
            Generator::Fragments => "fragments",
            Generator::Mutate => "mutate",
            Generator::Vectors => "vectors",
            Generator::VectorCode => "vector-code",
            Generator::VectorGrid => "vector-grid",
            Generator::RelaxedGrid => "relaxed-grid",
        }
    }

    /// The case with this number in the sequence of a seed, and the generator that made it.
    pub fn case(self, seed: u64, number: u64) -> (Generator, Case) {
        match self {
            Generator::Mix => Self::drawn(seed, number).case(seed, number),
            Generator::Smith => (self, smith::case(seed, number)),
            Generator::Expression => (self, expression::case(seed, number)),
            Generator::Pressure => (self, pressure::case(seed, number)),
            Generator::Grid => (self, grid::SCALARS.shuffled(seed, number)),
            Generator::Ranges => (self, ranges::case(seed, number)),
            Generator::Fragments => (self, fragments::case(seed, number)),
            Generator::Mutate => (self, mutate::case(seed, number)),
            Generator::Vectors => (self, smith::vectors(seed, number)),
            Generator::VectorCode => (self, vector_code(seed, number)),
            Generator::VectorGrid => (self, grid::VECTORS.shuffled(seed, number)),
            Generator::RelaxedGrid => (self, grid::RELAXED.shuffled(seed, number)),
        }
    }

    /// The generator that makes the case with this number: itself, or the one that the mix draws.
    pub fn of(self, seed: u64, number: u64) -> Generator {
        if self == Generator::Mix { Self::drawn(seed, number) } else { self }
    }

    /// The generator that the mix uses for this number.
    fn drawn(seed: u64, number: u64) -> Generator {
        let total = Self::SHARES.iter().map(|(_, share)| share).sum();
        let mut left = Rng::new(seed, number ^ 0x6d69_785f_6361_7365).below(total);
        for (generator, share) in Self::SHARES {
            if left < *share {
                return *generator;
            }
            left -= share;
        }
        Generator::Smith
    }
}

/// The case with this number in the sequence of a seed, of one generator or the other.
fn vector_code(seed: u64, number: u64) -> Case {
    let mut rng = Rng::new(seed, number ^ 0x7663_6f64_6500);
    if rng.one_in(2) { expression::chosen(&mut rng, true) } else { pressure::chosen(&mut rng, true) }
}

/// Whether a module is within Wasm 2.0, where every operator has one result, up to the bits of a NaN.
///
/// # Errors
///
/// If it is not valid there, with the validator's reason.
pub fn defined(wasm: &[u8]) -> Result<(), wasmparser::BinaryReaderError> {
    within(wasm, wasmparser::WasmFeatures::WASM2)
}

/// Whether a module is within what the compiler supports: Wasm 2.0 and relaxed vectors.
///
/// # Errors
///
/// If it is not valid there, with the validator's reason.
pub fn supported(wasm: &[u8]) -> Result<(), wasmparser::BinaryReaderError> {
    within(wasm, wasmparser::WasmFeatures::WASM2.union(wasmparser::WasmFeatures::RELAXED_SIMD))
}

fn within(wasm: &[u8], features: wasmparser::WasmFeatures) -> Result<(), wasmparser::BinaryReaderError> {
    wasmparser::Validator::new_with_features(features).validate_all(wasm).map(|_| ())
}
