//! Shows that a reduction believes what fresh processes show, and tries again what is not there each time: with workers
//! that say what a test wants.

mod common;

use common::{finish, lightbeam};
use lightbeam_harness::compare::{Divergence, Observation, Report};
use lightbeam_harness::worker::Message;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// A module with much to leave out.
const MODULE: &str = r#"(module (memory 1) (global $g (mut i32) (i32.const 0))
    (func (export "a") (param i32) (result i32)
        (global.set $g (i32.add (global.get $g) (i32.const 1)))
        (i32.store (i32.const 8) (i32.mul (local.get 0) (i32.const 3)))
        (i32.load (i32.const 8)))
    (func (export "b") (param i64) (result i64)
        (if (result i64) (i64.eqz (local.get 0)) (then (i64.const 7)) (else (i64.shl (local.get 0) (i64.const 2)))))
    (func (export "c") (result i32) (i32.add (call 0 (i32.const 5)) (i32.const 2)))
    (data (i32.const 0) "something"))"#;

/// A line that a worker prints.
fn line(message: &Message) -> String {
    serde_json::to_string(message).expect("a message is JSON")
}

/// Reduces the module with workers that show a difference where this condition of the shell holds, in which `$cases` is
/// the number of the case in its process, `$size` its size in bytes, and `$runs` how many there were before in all
/// processes. Returns the file that is left.
fn reduced(folder: &Path, condition: &str) -> Vec<u8> {
    let divergence =
        Divergence { what: Observation::Call, call: Some(0), ours: "made".to_string(), oracle: "up".to_string() };
    let differs = line(&Message::Report(Box::new(Report { divergence: Some(divergence), ..Report::default() })));
    let agrees = line(&Message::Report(Box::default()));
    let (start, done) = (line(&Message::Start { number: 0 }), line(&Message::Done));
    let (case, worker, counter) = (folder.join("case.wat"), folder.join("worker.sh"), folder.join("runs"));
    let (left, counter_path) = (folder.join("left.wasm"), counter.display());
    let script = format!(
        r#"#!/bin/sh
cases=0
while read -r work; do
    file=${{work#*\"path\":\"}}
    size=$(wc -c < "${{file%%\"*}}")
    cases=$((cases + 1))
    runs=$(cat {counter_path})
    echo $((runs + 1)) > {counter_path}
    echo '{start}'
    if {condition}; then echo '{differs}'; else echo '{agrees}'; fi
    echo '{done}'
done
"#
    );
    std::fs::write(&case, MODULE).expect("the folder can be written");
    std::fs::write(&counter, "0").expect("the folder can be written");
    std::fs::write(&worker, script).expect("the folder can be written");
    std::fs::set_permissions(&worker, std::fs::Permissions::from_mode(0o755)).expect("the file is ours");
    let (case, out) = (case.to_string_lossy(), left.to_string_lossy());
    let mut command = lightbeam(&["reduce", &case, "-o", &out, "--engine", "lightbeam", "--oracle", "cranelift-none"]);
    command.env("LIGHTBEAM_WORKER", &worker);
    let (text, code) = finish(command);
    assert_eq!(code, Some(0), "{text}");
    std::fs::read(&left).expect("it was written")
}

#[test]
fn what_only_a_used_process_shows_is_not_enough() {
    let folder = tempfile::tempdir().expect("a folder");
    let smallest = reduced(folder.path(), "true");
    // The module has some 300 bytes, with its plan some hundreds more.
    let least = smallest.len() + 60;
    let condition = format!("[ $cases -gt 1 ] || [ $size -ge {least} ]");
    let left = reduced(folder.path(), &condition);
    assert!(left.len() >= least, "{} bytes are left, and fresh processes show {least}", left.len());
    let untouched = reduced(folder.path(), "[ $cases -eq 1 ] && [ $runs -lt 5 ]");
    assert!(left.len() < untouched.len(), "{} of {} bytes are left", left.len(), untouched.len());
}

#[test]
fn what_is_there_every_other_time_is_tried_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let always = reduced(folder.path(), "true");
    assert_eq!(reduced(folder.path(), "[ $((runs % 2)) -eq 0 ]"), always);
}
