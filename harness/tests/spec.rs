//! The specification's tests for Wasm 1.0 and 2.0, on Lightbeam, on the reference interpreter of
//! Microwasm and, as a check of the runner, on Cranelift.

mod common;

use common::{finish, lightbeam};

fn conform(engine: &str) -> (u64, String) {
    let (text, code) = finish(lightbeam(&["conform", "--engine", engine]));
    let last = text.lines().last().unwrap_or_default().to_string();
    assert_eq!(code, Some(0), "{text}");
    assert!(last.contains(" 0 failed, ") && last.contains(" 0 crashed, "), "{text}");
    let passed = last.strip_prefix("conform: ").and_then(|rest| rest.split(' ').next());
    (passed.and_then(|number| number.parse().ok()).expect("the last line begins with a number"), text)
}

#[test]
fn lightbeam_passes_all_but_vectors() {
    let (passed, text) = conform("lightbeam");
    // All of Wasm 1.0's and 2.0's scalar assertions; a suite that shrinks must be noticed.
    assert!(passed >= 44_000, "{text}");
}

#[test]
fn the_interpreter_passes_all_but_vectors() {
    let (passed, text) = conform("microwasm");
    assert!(passed >= 44_000, "{text}");
}

#[test]
fn the_runner_finds_nothing_wrong_with_cranelift() {
    let (passed, text) = conform("cranelift-none");
    assert!(passed >= 69_000, "{text}");
}
