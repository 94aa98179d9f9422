//! Compiling is linear in the size of the input, for inputs on which other compilers are not.
//!
//! What is compared is deterministic: bytes of code and of frames, at a size and at twice the size.
//! Time is not compared, but a quadratic step would make these sizes take minutes.

use lightbeam::CompileError;
use lightbeam::compile::{CompiledModule, CompilerConfig, compile};

fn compiled(body: &str) -> CompiledModule {
    let wasm =
        wat::parse_str(format!("(module (memory 1) (func $f (export \"f\") {body}))")).expect("well-formed text");
    let config = CompilerConfig::native().expect("this CPU can be compiled for");
    compile(&wasm, &config).expect("a valid module")
}

/// Asserts that a family's code and frames at most double when its size doubles.
fn assert_linear(family: impl Fn(usize) -> String, n: usize) {
    let (small, large) = (compiled(&family(n)), compiled(&family(2 * n)));
    let (small_bytes, large_bytes) = (small.code.bytes.len(), large.code.bytes.len());
    assert!(large_bytes <= 2 * small_bytes + 1024, "{small_bytes} bytes of code at {n}, {large_bytes} at {}", 2 * n);
    let frame = |module: &CompiledModule| module.code.functions[0].frame_bytes;
    assert!(frame(&large) <= 2 * frame(&small) + 1024, "frames of {} and {} bytes", frame(&small), frame(&large));
}

#[test]
fn many_locals_used() {
    assert_linear(
        |n| {
            let sets: String =
                (0..n).map(|i| format!("(local.set {i} (i32.add (local.get {i}) (i32.const 1)))")).collect();
            format!("(local{}) {sets}", " i32".repeat(n))
        },
        20_000,
    );
}

#[test]
fn many_locals_declared_cost_nothing() {
    let few = compiled("(local i32) (drop (local.get 0))");
    let many = compiled(&format!("(local{}) (drop (local.get 0))", " i32".repeat(50_000)));
    assert_eq!(few.code.bytes, many.code.bytes);
}

#[test]
fn locals_times_blocks() {
    let locals = " i32".repeat(5_000);
    let touch: String = (0..5_000).map(|i| format!("(local.set {i} (i32.const {i}))")).collect();
    let base = compiled(&format!("(local{locals}) {touch}")).code.bytes.len();
    let with = |blocks: usize, open: &str| {
        let body = format!("{open} (br_if 0 (local.get 7)) end ").repeat(blocks);
        compiled(&format!("(local{locals}) {touch} {body}")).code.bytes.len() - base
    };
    for open in ["block", "loop", "local.get 9 if"] {
        let per_block = with(4_000, open) / 4_000;
        assert!(per_block <= 400, "{per_block} bytes for each `{open}` beside 5,000 locals");
    }
}

#[test]
fn nested_blocks_loops_and_ifs() {
    for open in ["block ", "loop ", "local.get 0 if "] {
        assert_linear(|n| format!("(param i32) {}{}", open.repeat(n), "end ".repeat(n)), 20_000);
        assert_linear(|n| format!("(param i32) {}local.get 0 br_if 3 {}", open.repeat(n), "end ".repeat(n)), 20_000);
    }
    assert_linear(
        |n| format!("(param i32) {}{}", "block local.get 0 br_if 0 ".repeat(n), "local.get 0 br_if 0 end ".repeat(n)),
        20_000,
    );
}

#[test]
fn large_branch_tables() {
    assert_linear(
        |n| format!("(param i32) block block local.get 0 br_table{} 2 end end", " 0 1".repeat(n / 2)),
        50_000,
    );
    assert_linear(
        |n| format!("(param i32) {} local.get 0 br_table{} {}", "block ".repeat(n), targets(n), "end ".repeat(n)),
        10_000,
    );
}

fn targets(n: usize) -> String {
    (0..n).map(|target| format!(" {target}")).collect()
}

#[test]
fn deep_operand_stacks() {
    assert_linear(|n| format!("(param i32) {}{}", "local.get 0 ".repeat(n), "drop ".repeat(n)), 20_000);
    let loads = |n| "(i32.load (local.get 0)) ".repeat(n);
    assert_linear(|n| format!("(param i32) {}{}", loads(n), "drop ".repeat(n)), 20_000);
    // Each block, branch and call above a deep stack costs the same as above a shallow one.
    assert_linear(
        |n| format!("(param i32) {}{}{}", loads(n), "block local.get 0 br_if 0 end ".repeat(n), "drop ".repeat(n)),
        20_000,
    );
    assert_linear(
        |n| format!("(param i32) {}{}{}", loads(n), "local.get 0 call $f ".repeat(n), "drop ".repeat(n)),
        20_000,
    );
    assert_linear(
        |n| {
            format!(
                "(param i32) {}{}{}",
                "local.get 0 ".repeat(n),
                "local.get 0 local.get 0 i32.div_u local.set 0 ".repeat(n),
                "drop ".repeat(n)
            )
        },
        20_000,
    );
}

#[test]
fn too_much_code_is_a_limit_that_names_itself() {
    let call = "(func $g (call $f) (drop (i32.const 1))) (func $h (call $g) (call $k)) (func $k)";
    let wasm = wat::parse_str(format!("(module (func $f (call $h) {}) {call})", "(call $k)".repeat(300)))
        .expect("well-formed");
    let mut config = CompilerConfig::native().expect("this CPU can be compiled for");
    config.max_code_bytes = 1024;
    let error = compile(&wasm, &config).expect_err("300 calls are more than 1,024 bytes");
    let CompileError::Limit { offset, limit } = error else { panic!("{error}") };
    assert_eq!(limit, "bytes of machine code");
    assert!((offset as usize) < wasm.len());
    config.max_code_bytes = 4096;
    compile(&wasm, &config).expect("they are less than 4,096 bytes");
}
