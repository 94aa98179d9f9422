//! Arbitrary bytes and mutated valid modules as `.mwasm`: never a panic, and what the checker accepts is compiled and
//! does what the interpreter says.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use lightbeam_harness::property::{microwasm_bytes, splice_bytes};

fuzz_target!(|data: &[u8]| microwasm_bytes(data));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    splice_bytes(data, size, max_size, seed, fuzzer_mutate)
});
