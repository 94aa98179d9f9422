//! The property that both engines agree on a case.

use crate::compare::Observation;
use crate::finding::Finding;
use crate::generate::{expression, pressure, ranges, smith};
use crate::plan::Case;
use crate::rng::Rng;
use crate::worker;
use crate::worker::roster::Stable;
use std::cell::RefCell;
use xxhash_rust::xxh3::xxh3_64;

/// The engine under test.
const ENGINE: &str = crate::engine::ENGINES[0];
/// The oracle: the one whose compiler is faster, so that more inputs are tried.
const ORACLE: &str = "cranelift-none";

/// How many bytes at the front say which generator makes the case, and with which knobs.
pub const HEAD: usize = 8;

thread_local! {
    static ENGINES: RefCell<Stable> = RefCell::default();
}

/// Runs the case that the bytes are: a `.wasm` with its plan (a corpus entry or a finding, which
/// stays the same case under every version of the generator), or else DNA for the generator.
///
/// Bytes that make no case do nothing.
///
/// # Panics
///
/// If the engines differ: the message begins with the finding's signature, and the innermost
/// frames name what differs, so that a fuzzer tells findings apart.
pub fn diff_bytes(data: &[u8]) {
    let Some(case) = case(data) else { return };
    let report = ENGINES.with(|engines| {
        worker::report(ENGINE, ORACLE, &case, &mut engines.borrow_mut())
            .expect("both engines run on every supported machine")
    });
    if let Some(divergence) = report.divergence {
        let what = divergence.what.clone();
        let origin = "fuzzing input".to_string();
        report_divergence(&what, &Finding::new(origin, ENGINE, ORACLE, divergence, report.blame));
    }
}

/// The case that the bytes are.
pub fn case(data: &[u8]) -> Option<Case> {
    if data.starts_with(b"\0asm") {
        return Case::from_envelope(data);
    }
    // The generator and its knobs follow from a few bytes at the front, so that a mutation behind them keeps them.
    let (head, dna) = data.split_at_checked(HEAD)?;
    let vectors = head[1].is_multiple_of(3);
    match head[0] % 8 {
        0..=3 => smith::from_dna(dna, &mut Rng::new(xxh3_64(head), 0), vectors),
        4 | 5 => Some(expression::chosen(&mut Rng::tape(dna), vectors)),
        6 => Some(pressure::chosen(&mut Rng::tape(dna), vectors)),
        _ => Some(ranges::chosen(&mut Rng::tape(dna))),
    }
}

fn report_divergence(what: &Observation, finding: &Finding) -> ! {
    match what {
        Observation::Validity | Observation::Compile => compile_differs(finding),
        Observation::Instantiate => instantiation_differs(finding),
        Observation::Call => call_differs(finding),
        Observation::TrapPlace => trap_place_differs(finding),
        Observation::Fuel => fuel_differs(finding),
        Observation::Path => path_differs(finding),
        Observation::Global(_) => global_differs(finding),
        Observation::MemorySize(_) | Observation::Memory(..) => memory_differs(finding),
        Observation::TableSize(_) | Observation::Table(..) => table_differs(finding),
        Observation::Twin(_) => twin_differs(finding),
        Observation::HostCalls | Observation::Process => host_calls_differ(finding),
    }
}

// Fuzzers tell findings apart by the innermost stack frames: one function an observation.

#[inline(never)]
fn compile_differs(finding: &Finding) -> ! {
    panic!("{finding}")
}

#[inline(never)]
fn instantiation_differs(finding: &Finding) -> ! {
    panic!("{finding}")
}

#[inline(never)]
fn call_differs(finding: &Finding) -> ! {
    panic!("{finding}")
}

#[inline(never)]
fn trap_place_differs(finding: &Finding) -> ! {
    panic!("{finding}")
}

#[inline(never)]
fn fuel_differs(finding: &Finding) -> ! {
    panic!("{finding}")
}

#[inline(never)]
fn path_differs(finding: &Finding) -> ! {
    panic!("{finding}")
}

#[inline(never)]
fn global_differs(finding: &Finding) -> ! {
    panic!("{finding}")
}

#[inline(never)]
fn memory_differs(finding: &Finding) -> ! {
    panic!("{finding}")
}

#[inline(never)]
fn table_differs(finding: &Finding) -> ! {
    panic!("{finding}")
}

#[inline(never)]
fn twin_differs(finding: &Finding) -> ! {
    panic!("{finding}")
}

#[inline(never)]
fn host_calls_differ(finding: &Finding) -> ! {
    panic!("{finding}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare;
    use crate::engines::by_name;

    #[test]
    fn a_third_of_the_inputs_may_have_vectors() {
        let scalar = wasmparser::WasmFeatures::WASM2.difference(wasmparser::WasmFeatures::SIMD);
        let (mut with, mut all) = (0, 0);
        for number in 0..300 {
            let Some(case) = case(&Rng::new(7, number).bytes(800)) else { continue };
            all += 1;
            let mut validator = wasmparser::Validator::new_with_features(scalar);
            with += u32::from(validator.validate_all(&case.wasm).is_err());
        }
        assert!(all > 200 && with * 5 > all && with * 2 < all, "{with} of {all}");
    }

    #[test]
    fn a_place_that_only_an_optimising_oracle_has_otherwise_is_no_finding() {
        let module = include_bytes!("../../../corpora/regressions/merged_trap_place.wasm");
        let case = case(module).expect("it holds its plan");
        let engine = |name| by_name(name).expect("it exists");
        let report = compare::run(&*engine(ENGINE), &*engine(ORACLE), &case);
        assert_eq!(report.divergence.map(|found| found.what), Some(Observation::TrapPlace));
        diff_bytes(module);
    }
}
