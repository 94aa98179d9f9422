//! Arbitrary bytes and mutated valid modules as `.mwasm`: never a panic, and what the checker accepts is compiled and
//! does what the interpreter says.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lightbeam_harness::property::microwasm_bytes;

fuzz_target!(|data: &[u8]| microwasm_bytes(data));
