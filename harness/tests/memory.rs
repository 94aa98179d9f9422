//! The memory that compiling takes, as a process of its own measures it.

use lightbeam_harness::bench::memory::Memory;
use std::io::Write;
use std::process::{Command, Stdio};

#[test]
fn code_and_segments_are_accounted_for() {
    let wasm = format!(
        r#"(module (memory 1) (data "{}") (func (param i32) {}))"#,
        "x".repeat(50_000),
        "(i32.store (local.get 0) (i32.const 1))".repeat(20_000)
    );
    let wasm = wat::parse_str(wasm).expect("valid");
    let mut child = Command::new(env!("CARGO_BIN_EXE_lightbeam"))
        .arg("memory-worker")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    child.stdin.take().expect("it is piped").write_all(&wasm).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{output:?}");
    let memory: Option<Memory> = serde_json::from_slice(&output.stdout).expect("it speaks JSON");
    // Not every system tells.
    let Some(memory) = memory else { return };
    assert!(memory.code > 100_000 && memory.tables > 50_000 + 20_000 * 12, "{memory:?}");
    assert!(memory.peak >= memory.code + memory.tables && memory.beside() < 4 << 20, "{memory:?}");
}
