//! The whole single-operator grids against Cranelift, every case.

use lightbeam_harness::compare::{self, Divergence, Observation};
use lightbeam_harness::engines::by_name;
use lightbeam_harness::generate::grid::{self, GridOf};

/// How many threads share the cases.
const THREADS: u64 = 2;

/// Every case of a grid on an engine.
fn agrees(engine: &str, grid: &GridOf) {
    let part = |first: u64| {
        let ours = by_name(engine).expect("it exists");
        let oracle = by_name("cranelift").expect("it exists");
        let interpreter = by_name("microwasm").expect("it exists");
        let (mut calls, mut returned, mut places) = (0, 0, 0);
        for number in (first..grid.count()).step_by(THREADS as usize) {
            let case = grid.case(number);
            let report = compare::run(&*ours, &*oracle, &case);
            // An optimising oracle may report another of two equal traps; the interpreter does not.
            let place = |found: &Divergence| found.what == Observation::TrapPlace && report.plausible_place;
            let place_only = report.divergence.as_ref().is_some_and(place)
                && compare::run(&*ours, &*interpreter, &case).divergence.is_none();
            places += u64::from(place_only);
            if report.divergence.is_some() && !place_only || report.not_run.is_some() || report.lost > 0 {
                let text = wasmprinter::print_bytes(&case.wasm).unwrap_or_default();
                panic!("case {number}: {report:?}\n{text}");
            }
            (calls, returned) = (calls + report.calls, returned + report.returned);
        }
        (calls, returned, places)
    };
    let (calls, returned, places) = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..THREADS).map(|first| scope.spawn(move || part(first))).collect();
        let sums = parts.into_iter().map(|part| part.join().expect("no case fails"));
        sums.fold((0, 0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1, sum.2 + part.2))
    });
    println!("{} cases, {returned} of {calls} calls returned, {places} traps elsewhere", grid.count());
    assert!(calls > 100 * grid.count() && returned * 10 > calls * 7, "{returned} of {calls} calls returned");
}

#[test]
fn the_whole_grid_agrees_with_cranelift() {
    agrees("lightbeam", &grid::SCALARS);
}

#[test]
fn the_whole_grid_of_vectors_agrees_with_cranelift() {
    agrees("lightbeam", &grid::VECTORS);
}

/// Where the CPU cannot multiply and add in one, ours rounds twice, which is permitted, but not what Cranelift does.
#[test]
fn the_whole_grid_of_relaxed_vectors_agrees_with_cranelift() {
    let fused = lightbeam::CpuFeatures::detect().is_ok_and(|features| features.fma);
    agrees(if fused { "lightbeam" } else { "microwasm" }, &grid::RELAXED);
}
