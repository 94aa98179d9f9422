//! What was measured before somebody ended a run of benchmarks is reported.

use lightbeam_harness::bench::rounds::Effort;
use lightbeam_harness::bench::{self, Options, Suite, operators, streaming};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const BRIEF: Effort = Effort { rounds: 1, round: Duration::from_millis(1), budget: Duration::ZERO };

#[test]
fn programs_measured_before_the_end_are_kept() {
    let options = Options {
        suites: vec![Suite::Execute, Suite::Compile],
        files: Vec::new(),
        only: ["fib", "sieve"].map(str::to_string).to_vec(),
        v8: false,
        jobs: None,
        rate: streaming::Rate::default(),
        effort: BRIEF,
        limit: None,
    };
    let stop = AtomicBool::new(false);
    // While the first is measured.
    let report = bench::run(&options, &stop, |_, _| stop.store(true, Ordering::Relaxed)).expect("it measures");
    assert!(report.interrupted);
    let suite = &report.suites["execute"];
    assert!(options.cases(Suite::Execute).expect("they are there").len() > 1);
    assert_eq!(suite.programs.len(), 1, "what comes behind was not begun");
    assert!(suite.programs[0].void.is_none() && suite.programs[0].ratio.contains_key("cranelift"));
    assert!(report.suites["compile"].programs.is_empty());
}

#[test]
fn operators_measured_before_the_end_are_kept() {
    let kernels = operators::kernels(&["i32.add", "i32.sub", "i32.mul"].map(str::to_string));
    let stop = AtomicBool::new(false);
    let report = operators::run(&kernels, Some(&BRIEF), &stop, |name| {
        stop.store(name == kernels[1].name, Ordering::Relaxed);
    });
    let report = report.expect("it measures");
    assert!(report.interrupted && kernels.len() > 2);
    assert_eq!(report.rows.len(), 2);
    assert!(report.rows.iter().all(|row| row.void.is_none() && row.ratio.is_some()));
}
