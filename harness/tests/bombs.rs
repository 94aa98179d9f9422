//! Compiling is linear: for every family of compiler bombs our deterministic work grows with the module, and is not many
//! times what ordinary modules take.

use lightbeam::compile::CompilerConfig;
use lightbeam_harness::pathological::{Bound, Family, Measured, families, ordinary};

/// A family's modules at n, 2n, 4n and 8n.
fn measured(family: &Family, config: &CompilerConfig) -> Vec<Measured> {
    let one = |times: u32| {
        Measured::of(&(family.build)(times * family.size), config)
            .unwrap_or_else(|error| panic!("{} at {times} times {}: {error:#}", family.name, family.size))
    };
    [1, 2, 4, 8].map(one).to_vec()
}

#[test]
fn work_is_linear_in_every_family() {
    let config = CompilerConfig::native().expect("this CPU can be compiled for");
    let mean = ordinary::mean(&config).expect("the programs compile");
    let mut wrong = Vec::new();
    for family in families() {
        let modules = measured(family, &config);
        let grows = Measured::growth(&modules, family.bound).expect("the sizes differ");
        let factor = modules[3].cost(family.bound) / mean.cost(family.bound);
        if grows > ordinary::WORK_EXPONENT || factor > ordinary::WORK_FACTOR {
            wrong.push(format!("{}: exponent {grows:.3}, {factor:.1} times the mean", family.name));
        }
    }
    assert!(wrong.is_empty(), "not linear:\n{}", wrong.join("\n"));
}

#[test]
fn only_what_validation_pays_for_too_is_compared_with_it() {
    let config = CompilerConfig::native().expect("this CPU can be compiled for");
    for family in families() {
        let module = Measured::of(&(family.build)(family.size), &config).expect("it compiles");
        let steps_a_byte = module.validation as f64 / module.work.input_bytes as f64;
        let wide = matches!(family.bound, Bound::Validation(_));
        assert!(!wide || steps_a_byte > 4.0, "{}: validation takes {steps_a_byte:.1} steps a byte", family.name);
    }
}

#[test]
fn work_depends_on_the_module_alone() {
    let config = CompilerConfig::native().expect("this CPU can be compiled for");
    for program in lightbeam_bench::programs().iter().take(8) {
        let whole = lightbeam::compile::compile(program.wasm, &config).expect("it compiles").work;
        let mut compiler = lightbeam::compile::Compiler::new(&config);
        for piece in program.wasm.chunks(3) {
            compiler.push(piece).expect("it compiles in pieces");
        }
        let pieces = compiler.finish().expect("it compiles in pieces").work;
        assert_eq!(whole, pieces, "{}", program.name);
        assert_eq!(whole.input_bytes, program.wasm.len() as u64);
        assert!(whole.bytes_emitted > 0 && whole.moves > 0 && whole.state_operations > whole.moves);
    }
}

#[test]
fn a_quadratic_compiler_would_be_seen() {
    let config = CompilerConfig::native().expect("this CPU can be compiled for");
    let family = families().find(|family| family.name == "stack-times-blocks").expect("it is there");
    let mut modules = measured(family, &config);
    let first = modules[0].work.input_bytes;
    for module in &mut modules {
        // What a copy of the whole stack at each block would add.
        module.work.state_operations += module.work.input_bytes * module.work.input_bytes / first;
    }
    let grows = Measured::growth(&modules, family.bound).expect("the sizes differ");
    assert!(grows > ordinary::WORK_EXPONENT, "{grows}");
}

#[test]
fn every_family_is_described() {
    let readme = include_str!("../../corpora/pathological/README.md");
    for family in families() {
        let row = format!("| `{}` | {} |", family.name, family.strains);
        assert!(readme.contains(&row), "corpora/pathological/README.md lacks\n{row}");
    }
    let rows = readme.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, families().count(), "it describes families that are not there");
}
