//! What `diff` is measured against: the same cases on the same engines, but every input is fresh, whatever coverage says.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use lightbeam_harness::property::{diff_bytes, fresh_bytes};

fuzz_target!(|data: &[u8]| diff_bytes(data));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { fresh_bytes(data, size, max_size, seed) });
