//! Wasm through Microwasm's text and binary format gives byte for byte the machine code of the direct way. Inputs are
//! those of the target `diff`.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use lightbeam_harness::property::{mutate_bytes, roundtrip_bytes};

fuzz_target!(|data: &[u8]| roundtrip_bytes(data));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate_bytes(data, size, max_size, seed, fuzzer_mutate)
});
