//! The committed programs are what the manifest says: digests, features, and the results of both native twins.
//! The Wasm side is checked against the same checksums by `lightbeam bench` and by the harness's tests.

use lightbeam_bench::{Program, programs, simd_programs};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use wasmparser::{Validator, WasmFeatures};

#[test]
fn native_twins_return_their_checksums() {
    for program in programs().iter().chain(simd_programs()) {
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
        imports_nothing(program, WasmFeatures::WASM2.difference(WasmFeatures::SIMD))
            .unwrap_or_else(|error| panic!("{}: {error}", program.name));
    }
}

#[test]
fn modules_with_vectors_need_wasm_2_with_simd_and_import_nothing() {
    for program in simd_programs() {
        imports_nothing(program, WasmFeatures::WASM2).unwrap_or_else(|error| panic!("{}: {error}", program.name));
        let scalar = imports_nothing(program, WasmFeatures::WASM2.difference(WasmFeatures::SIMD));
        assert!(scalar.is_err_and(|error| error.contains("SIMD")), "{} has no vectors", program.name);
    }
}

/// Validates a program, which may not import anything.
fn imports_nothing(program: &Program, features: WasmFeatures) -> Result<(), String> {
    let types = Validator::new_with_features(features).validate_all(program.wasm).map_err(|error| error.to_string())?;
    match types.as_ref().core_imports().map(Iterator::count) {
        Some(0) => Ok(()),
        count => Err(format!("{count:?} imports")),
    }
}

#[test]
fn modules_have_the_digests_of_the_last_build() {
    have_digests(programs(), include_str!("../programs/SHA256SUMS"));
    have_digests(simd_programs(), include_str!("../programs/simd/SHA256SUMS"));
}

/// Compares the programs with the lines of a digest file.
fn have_digests(programs: &[Program], sums: &str) {
    assert_eq!(sums.lines().count(), programs.len(), "each program has one line in SHA256SUMS");
    for program in programs {
        let mut digest = String::new();
        for byte in Sha256::digest(program.wasm) {
            write!(digest, "{byte:02x}").expect("a string takes everything");
        }
        let line = format!("{digest}  {}.wasm", program.name);
        assert!(sums.lines().any(|known| known == line), "{} changed without programs/build.sh", program.name);
    }
}
