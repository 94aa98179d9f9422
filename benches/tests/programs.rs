//! The committed programs are what the manifest says: digests, features, source lines, and the results of both native twins.
//! The Wasm side is checked against the same checksums by `lightbeam bench` and by the harness's tests.

use lightbeam_bench::{Program, lines, programs, simd_programs};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use wasmparser::{Parser, Payload, Validator, WasmFeatures};

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
    let mut files = 0;
    for program in programs {
        let lines = program.lines.map(|lines| ("lines", lines.as_bytes()));
        for (extension, bytes) in [("wasm", program.wasm)].into_iter().chain(lines) {
            let mut digest = String::new();
            for byte in Sha256::digest(bytes) {
                write!(digest, "{byte:02x}").expect("a string takes everything");
            }
            let line = format!("{digest}  {}.{extension}", program.name);
            assert!(sums.lines().any(|known| known == line), "{} changed without programs/build.sh", program.name);
            files += 1;
        }
    }
    assert_eq!(sums.lines().count(), files, "each file has one line in SHA256SUMS");
}

#[test]
fn lines_are_of_operators_and_of_the_source() {
    let mut known = 0;
    for program in programs().iter().chain(simd_programs()) {
        let Some(text) = program.lines else {
            assert_eq!(program.name, "fib_readme", "only what is written in Wasm's text has no lines");
            continue;
        };
        let places = lines::read(text).unwrap_or_else(|error| panic!("{}: {error}", program.name));
        let (code, bodies) = bodies(program.wasm);
        let last = u32::try_from(program.source.lines().count()).expect("a small file");
        for pair in places.windows(2) {
            assert!(pair[0].offset < pair[1].offset, "{}: {:#x} comes twice", program.name, pair[1].offset);
            let same_line = pair[1].function.is_none() && pair[0].line == pair[1].line;
            assert!(!same_line, "{}: {:#x} says nothing new", program.name, pair[1].offset);
        }
        for place in &places {
            let offset = code + u64::from(place.offset);
            if bodies.iter().any(|body| body.end == offset) {
                assert_eq!(
                    (place.line, &place.function),
                    (0, &None),
                    "{}: {offset:#x} is behind a function",
                    program.name
                );
                continue;
            }
            let body = bodies.iter().find(|body| body.operators.contains(&offset));
            let body = body.unwrap_or_else(|| panic!("{}: {offset:#x} is no operator", program.name));
            let mut in_body = places.iter().filter(|place| body.operators.contains(&(code + u64::from(place.offset))));
            assert_eq!(place.function.is_some(), in_body.next() == Some(place), "{}: {offset:#x}", program.name);
            assert!(place.line <= last, "{}: there is no line {}", program.name, place.line);
            if place.line != 0 {
                let line = program.source.lines().nth(place.line as usize - 1).expect("it is there");
                assert!(!line.trim().is_empty(), "{}: line {} is empty", program.name, place.line);
                known += 1;
            }
        }
        assert_eq!(
            places.iter().filter(|place| place.function.as_deref() == Some("run")).count(),
            1,
            "{}",
            program.name
        );
    }
    assert!(known > 2000, "{known} places with lines");
}

/// A function's body.
struct Body {
    /// Where its declarations of locals and its operators are.
    operators: Vec<u64>,
    end: u64,
}

/// Where the code section's contents begin, and the functions in it.
fn bodies(wasm: &[u8]) -> (u64, Vec<Body>) {
    let (mut code, mut bodies) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.expect("it is valid") {
            Payload::CodeSectionStart { unchecked_range, .. } => code = unchecked_range.start,
            Payload::CodeSectionEntry(body) => {
                let mut operators = vec![body.range().start];
                let mut reader = body.get_operators_reader().expect("it is valid");
                while !reader.eof() {
                    operators.push(reader.read_with_offset().expect("it is valid").1);
                }
                bodies.push(Body { operators, end: body.range().end });
            }
            _ => {}
        }
    }
    (code, bodies)
}
