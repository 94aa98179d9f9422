//! A module in any pieces, whole or broken, gives byte for byte the code of the module at once, or the same error at the
//! same place. Inputs are those of the target `diff`, and their bytes as they are.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use lightbeam_harness::property::{mutate_bytes, split_bytes};

fuzz_target!(|data: &[u8]| split_bytes(data));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate_bytes(data, size, max_size, seed, fuzzer_mutate)
});
