//! Lightbeam and Cranelift agree on every case. Inputs are modules that carry their plan, so a corpus entry or an
//! artifact is a `.wasm` file that `lightbeam diff FILE` replays.
#![no_main]

use libfuzzer_sys::{fuzz_crossover, fuzz_mutator, fuzz_target, fuzzer_mutate};
use lightbeam_harness::property::{cross_bytes, diff_bytes, mutate_bytes, plant_seeds};
use std::path::Path;

fuzz_target!(
    init: plant_seeds(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpora/seeds")),
    |data: &[u8]| diff_bytes(data)
);

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate_bytes(data, size, max_size, seed, fuzzer_mutate)
});

fuzz_crossover!(|one: &[u8], other: &[u8], out: &mut [u8], seed: u32| { cross_bytes(one, other, out, seed) });
