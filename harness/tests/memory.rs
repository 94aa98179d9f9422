//! The memory that compiling takes, as a process of its own measures it.

use lightbeam_harness::bench::memory::Memory;
use std::io::Write;
use std::process::{Command, Stdio};

/// The most that compiling takes beside the code and the tables that stay, for modules whose functions are no larger
/// than programs have them.
const MOST_BESIDE: u64 = 1 << 20;

/// What a process of its own says of a module; `None` where the system does not tell.
fn measure(text: &str) -> Option<Memory> {
    let wasm = wat::parse_str(text).expect("valid");
    let mut child = Command::new(env!("CARGO_BIN_EXE_lightbeam"))
        .arg("memory-worker")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    child.stdin.take().expect("it is piped").write_all(&wasm).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("it speaks JSON")
}

#[test]
fn code_and_segments_are_accounted_for() {
    let stores = "(i32.store (local.get 0) (i32.const 1))".repeat(20_000);
    let text = format!(r#"(module (memory 1) (data "{}") (func (param i32) {stores}))"#, "x".repeat(50_000));
    let Some(memory) = measure(&text) else { return };
    assert!(memory.code > 100_000 && memory.tables > 50_000 + 20_000 * 12, "{memory:?}");
    assert!(memory.peak >= memory.code + memory.tables && memory.beside() <= MOST_BESIDE, "{memory:?}");
}

#[test]
fn tables_grow_without_a_second_copy() {
    let stores = "(i32.store (local.get 0) (i32.const 1)) (call 0 (local.get 0))".repeat(200);
    let functions = format!("(func (param i32) {stores})").repeat(1_500);
    let segments = r#"(data "abc")"#.repeat(60_000);
    let Some(memory) = measure(&format!("(module (memory 1) {functions} {segments})")) else { return };
    assert!(memory.tables > 1_500 * 200 * 24 + 60_000 * 40, "{memory:?}");
    assert!(memory.beside() <= MOST_BESIDE, "{memory:?}");
}
