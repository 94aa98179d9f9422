//! How a module's bytes arrive changes neither its code nor what is wrong with it.

use lightbeam::compile::{self, CompilerConfig};
use lightbeam_harness::property::split::{compile_in_pieces, difference};
use lightbeam_harness::property::split_bytes;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use std::path::{Path, PathBuf};

fn programs() -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../benches/programs");
    let mut programs = Vec::new();
    for folder in [folder.join("simd"), folder] {
        for entry in std::fs::read_dir(folder).expect("the programs are in the repository") {
            let path = entry.expect("a folder can be listed").path();
            if path.extension().is_some_and(|extension| extension == "wasm") {
                let bytes = std::fs::read(&path).expect("a program can be read");
                programs.push((path, bytes));
            }
        }
    }
    programs.sort();
    programs
}

#[test]
fn programs_compile_the_same_in_any_pieces() {
    let config = CompilerConfig::native().expect("the host is supported");
    let programs = programs();
    assert!(programs.len() > 40);
    for (path, wasm) in programs {
        let whole = compile::compile(&wasm, &config);
        assert!(whole.is_ok(), "{}", path.display());
        for length in [1, 2, 3, 7, 64, 1000] {
            let pieces = compile_in_pieces(&wasm, std::iter::repeat_n(length, wasm.len()), &config);
            assert_eq!(difference(&whole, &pieces), None, "{} in pieces of {length}", path.display());
        }
    }
}

#[test]
fn a_program_cut_anywhere_is_refused_the_same_in_any_pieces() {
    let config = CompilerConfig::native().expect("the host is supported");
    let (path, wasm) = programs().into_iter().min_by_key(|(_, wasm)| wasm.len()).expect("there are programs");
    for end in 0..wasm.len() {
        let whole = compile::compile(&wasm[..end], &config);
        let pieces = compile_in_pieces(&wasm[..end], std::iter::repeat_n(1, end), &config);
        assert_eq!(difference(&whole, &pieces), None, "{} cut at {end}", path.display());
    }
}

#[test]
fn generated_modules_compile_the_same_in_any_pieces() {
    let mut rng = SmallRng::seed_from_u64(7);
    for _ in 0..400 {
        let mut data = vec![0; rng.random_range(0..3000)];
        rng.fill(&mut data[..]);
        split_bytes(&data);
    }
}
