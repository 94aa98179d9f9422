//! The committed programs are what the manifest says: digests, features, and the results of both native twins.
//! The Wasm side is checked against the same checksums by `lightbeam bench` and by the harness's tests.

use lightbeam_bench::programs;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use wasmparser::{Validator, WasmFeatures};

#[test]
fn native_twins_return_their_checksums() {
    for program in programs() {
        // Twice: a program may be called again in the same instance.
        for _ in 0..2 {
            assert_eq!(program.native.call(), program.checksum, "{} at -O2", program.name);
            assert_eq!(program.native_novec.call(), program.checksum, "{} without vectoriser", program.name);
        }
    }
}

#[test]
fn modules_need_wasm_2_without_simd_and_import_nothing() {
    for program in programs() {
        let features = WasmFeatures::WASM2.difference(WasmFeatures::SIMD);
        let types = Validator::new_with_features(features)
            .validate_all(program.wasm)
            .unwrap_or_else(|error| panic!("{}: {error}", program.name));
        assert_eq!(types.as_ref().core_imports().map(Iterator::count), Some(0), "{} imports something", program.name);
    }
}

#[test]
fn modules_have_the_digests_of_the_last_build() {
    let sums = include_str!("../programs/SHA256SUMS");
    assert_eq!(sums.lines().count(), programs().len(), "each program has one line in SHA256SUMS");
    for program in programs() {
        let mut digest = String::new();
        for byte in Sha256::digest(program.wasm) {
            write!(digest, "{byte:02x}").expect("a string takes everything");
        }
        let line = format!("{digest}  {}.wasm", program.name);
        assert!(sums.lines().any(|known| known == line), "{} changed without programs/build.sh", program.name);
    }
}
