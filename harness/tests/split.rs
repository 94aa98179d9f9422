//! How a module's bytes arrive, and how many jobs compile them, changes neither its code nor what is wrong with it.

use lightbeam::compile::{self, CompilerConfig};
use lightbeam_harness::property::split::{compile_in_pieces, difference, jobs_difference};
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

/// Numbers of jobs, and bytes that each takes at a time.
const JOBS: [(usize, usize); 5] = [(2, 1), (2, 1 << 15), (3, 1), (3, 700), (8, 1)];

#[test]
fn programs_compile_the_same_by_any_number_of_jobs() {
    let mut config = CompilerConfig::native().expect("the host is supported");
    let mut modules = programs();
    // Those are fetched: where there are none, the programs of the repository stand for them. A build that checks the
    // compiler's state after each operator would take minutes for the largest.
    let most = if cfg!(debug_assertions) { 1 << 19 } else { usize::MAX };
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpora/real");
    for entry in std::fs::read_dir(real).into_iter().flatten() {
        let path = entry.expect("a folder can be listed").path();
        let bytes = std::fs::read(&path).expect("a module can be read");
        if bytes.len() <= most {
            modules.push((path, bytes));
        }
    }
    for (path, wasm) in modules {
        let whole = compile::compile(&wasm, &config);
        let code = whole.as_ref().map_or(0, |whole| whole.code.bytes.len());
        assert!(code > 0, "{}", path.display());
        for (jobs, batch) in JOBS {
            let difference = jobs_difference(&wasm, &whole, &config, jobs, batch);
            assert_eq!(difference, None, "{} by {jobs} jobs of {batch} bytes", path.display());
        }
        // Too much code is found where it is.
        config.max_code_bytes = code as u32 / 2;
        let whole = compile::compile(&wasm, &config);
        assert!(whole.is_err());
        assert_eq!(jobs_difference(&wasm, &whole, &config, 2, 700), None, "{} is too large", path.display());
        config = CompilerConfig::native().expect("the host is supported");
    }
}

#[test]
fn broken_programs_are_refused_the_same_by_any_number_of_jobs() {
    let config = CompilerConfig::native().expect("the host is supported");
    let mut rng = SmallRng::seed_from_u64(8);
    let mut refused = 0;
    for (path, wasm) in programs() {
        for _ in 0..20 {
            let mut broken = wasm.clone();
            for _ in 0..rng.random_range(1..4) {
                let at = rng.random_range(8..broken.len());
                broken[at] = rng.random();
            }
            let whole = compile::compile(&broken, &config);
            refused += usize::from(whole.is_err());
            for (jobs, batch) in JOBS {
                let difference = jobs_difference(&broken, &whole, &config, jobs, batch);
                assert_eq!(difference, None, "{} by {jobs} jobs of {batch} bytes", path.display());
            }
        }
    }
    assert!(refused > 300, "{refused} were refused");
}
