//! The Microwasm that each shape of control is lowered to, its rules over the specification's
//! suite, and that lowering is linear.

mod common;

use lightbeam::microwasm::Both;
use lightbeam::microwasm::check::Checker;
use lightbeam::microwasm::text::Printer;
use lightbeam::wasm::stream::Frontend;

/// Lowers a module: its Microwasm, and how many operators the checker found nothing wrong with.
fn lower(wasm: &[u8]) -> (String, u64) {
    let mut frontend = Frontend::new(Both(Printer::new(String::new()), Checker::new(())));
    frontend.push(wasm).expect("a valid module");
    let (info, Both(printer, checker)) = frontend.finish().expect("a valid module");
    assert_eq!(checker.fault(), None);
    (printer.finish(&info).expect("a string takes everything"), checker.operators())
}

/// The lines between a function's first and last, in one function of this type and body.
fn body(func: &str) -> String {
    let wasm = wat::parse_str(format!("(module (memory 1) (func $f {func}))")).expect("well-formed text");
    let (text, _) = lower(&wasm);
    let lines: Vec<_> = text.lines().map(str::trim).skip_while(|line| *line != "code 0").collect();
    assert_eq!(lines.last(), Some(&"end"));
    lines[1..lines.len() - 1].join("\n")
}

#[track_caller]
fn check(func: &str, expected: &[&str]) {
    assert_eq!(body(func), expected.join("\n"));
}

#[test]
fn locals_are_runs_on_the_stack() {
    check(
        "(param i32) (result i32) (local i64 i64 f32) (local.set 0 (i32.const 7)) (local.tee 0 (local.get 0))",
        &["locals 2 i64", "locals 1 f32", "i32.const 7", "put 0", "pick 0", "tee 0", "br .return"],
    );
}

#[test]
fn block_binds_its_end_only_if_reached() {
    check(
        "(result i32) (block (result i32) (i32.const 1))",
        &["def .L0 keep=0 params=[i32] callers=many", "i32.const 1", "br .L0", ".L0:", "br .return"],
    );
    check(
        "(block (block (br 1)) (drop (i32.const 1)))",
        &[
            "def .L0 keep=0 params=[] callers=many",
            "def .L1 keep=0 params=[] callers=many",
            "br .L0",
            ".L0:",
            "br .return",
        ],
    );
}

#[test]
fn loop_enters_its_header_with_its_parameters() {
    check(
        "(param i32) (i32.const 3) (loop (param i32) (br_if 0 (i32.const 5) (local.get 0)) drop drop)",
        &[
            "i32.const 3",
            "def .L0 keep=1 params=[] callers=many",
            "def .L1 keep=1 params=[i32] callers=many backward",
            "br .L1",
            ".L1:",
            "i32.const 5",
            "pick 0",
            "def .L2 keep=3 params=[] callers=1",
            "br_if .L1, .L2",
            ".L2:",
            "drop 1",
            "drop 1",
            "br .L0",
            ".L0:",
            "br .return",
        ],
    );
}

#[test]
fn if_has_two_arms() {
    check(
        "(param i32) (result i32) (if (result i32) (local.get 0) (then (i32.const 1)) (else (i32.const 2)))",
        &[
            "pick 0",
            "def .L0 keep=1 params=[i32] callers=many",
            "def .L1 keep=1 params=[] callers=1",
            "def .L2 keep=1 params=[] callers=1",
            "br_if .L2, .L1",
            ".L2:",
            "i32.const 1",
            "br .L0",
            ".L1:",
            "i32.const 2",
            "br .L0",
            ".L0:",
            "br .return",
        ],
    );
}

#[test]
fn if_without_else_ends_at_its_second_label() {
    let before = [
        "pick 0",
        "def .L0 keep=1 params=[] callers=many",
        "def .L1 keep=1 params=[] callers=1",
        "def .L2 keep=1 params=[] callers=1",
        "br_if .L2, .L1",
        ".L2:",
    ];
    let after = |rest: &[&'static str]| [&before, rest].concat();
    check(
        "(param i32) (if (local.get 0) (then return))",
        &after(&["br .return", ".L1:", "br .L0", ".L0:", "br .return"]),
    );
    check("(param i32) (if (local.get 0) (then))", &after(&["br .L1", ".L1:", "br .L0", ".L0:", "br .return"]));
    check("(param i32) (if (local.get 0) (then (br 0)))", &after(&["br .L0", ".L1:", "br .L0", ".L0:", "br .return"]));
}

#[test]
fn br_if_to_the_outermost_block_returns() {
    check(
        "(param i32) (br_if 0 (local.get 0))",
        &["pick 0", "def .L0 keep=1 params=[] callers=1", "br_if .return, .L0", ".L0:", "br .return"],
    );
}

#[test]
fn br_table_names_every_target() {
    check(
        "(param i32) (block (block (br_table 0 1 2 0 (local.get 0))))",
        &[
            "def .L0 keep=1 params=[] callers=many",
            "def .L1 keep=1 params=[] callers=many",
            "pick 0",
            "br_table [.L1, .L0, .return], .L1",
            ".L1:",
            "br .L0",
            ".L0:",
            "br .return",
        ],
    );
}

#[test]
fn unreachable_code_is_dropped() {
    check("unreachable (if (then) (else (loop (br 0)))) (drop (i32.add)) (block (br 0))", &["unreachable"]);
}

#[test]
fn text_is_exact() {
    check(
        "(param i32) (drop (f32.const -nan:0x200001)) (drop (f64.const -0)) (drop (f64.const 0.1))
         (drop (f32.const inf)) (drop (ref.null extern)) (drop (i64.load16_s offset=16 align=1 (local.get 0)))
         (call $f (ref.is_null (ref.null func)))",
        &[
            "f32.const -nan:0x200001",
            "drop 1",
            "f64.const -0.0",
            "drop 1",
            "f64.const 0.1",
            "drop 1",
            "f32.const inf",
            "drop 1",
            "externref.null",
            "drop 1",
            "pick 0",
            "i64.load16 offset=16",
            "drop 1",
            "funcref.null",
            "funcref.is_null",
            "call 0",
            "br .return",
        ],
    );
}

/// Lowers every valid module of the suite's first two versions through the checker.
#[test]
fn suite_keeps_the_rules() {
    let (mut modules, mut functions) = (0, 0);
    common::suite_modules(|name, wasm| {
        let mut frontend = Frontend::new(Checker::new(()));
        let pushed = frontend.push(wasm);
        let result = pushed.and_then(|()| frontend.finish());
        let (info, checker) = result.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(checker.fault(), None, "{name}");
        modules += 1;
        functions += info.funcs.len() as u64 - u64::from(info.imported_funcs);
    });
    assert!(modules > 1000 && functions > 5000, "{modules} modules, {functions} functions");
}

/// How many operators a function with this text is lowered to.
fn operators(func: &str) -> u64 {
    let wasm = wat::parse_str(format!("(module (func {func}))")).expect("well-formed text");
    lower(&wasm).1
}

#[test]
fn lowering_is_linear() {
    // 50,000 locals of one type are one operator.
    assert_eq!(operators(&format!("(local{})", " i32".repeat(50_000))), 2);
    assert_eq!(operators(&"(local i32) (local i64)".repeat(25_000)), 50_001);
    // Each block is its label's definition, a branch to it and the label.
    let blocks = 40_000;
    assert_eq!(operators(&format!("{}{}", "block ".repeat(blocks), "end ".repeat(blocks))), 3 * blocks as u64 + 1);
    assert_eq!(operators(&format!("i32.const 0 br_table 0 {}", "0 ".repeat(100_000))), 2);
    let depth = 40_000;
    let deep = format!("{}{}", "i32.const 1 ".repeat(depth), "drop ".repeat(depth));
    assert_eq!(operators(&deep), 2 * depth as u64 + 1);
}
