//! Lightbeam and Cranelift agree on every case. Inputs are modules that carry their plan, so a corpus entry or an
//! artifact is a `.wasm` file that `lightbeam diff FILE` replays.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use lightbeam_harness::property::{diff_bytes, mutate_bytes};

fuzz_target!(|data: &[u8]| diff_bytes(data));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate_bytes(data, size, max_size, seed, fuzzer_mutate)
});
