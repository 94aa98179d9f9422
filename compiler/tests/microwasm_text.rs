//! The text format: what is printed is read again without loss, and what is wrong is said with its
//! line and column.

mod common;

use lightbeam::CompileError;
use lightbeam::microwasm::text::{Printer, parse};
use lightbeam::microwasm::{Binary, Both, Compare, Counter, FuncType, Load, Op, Sink, Store, Unary, Vector};
use lightbeam::wasm::module::ModuleInfo;
use lightbeam::wasm::stream::Frontend;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// Writes down what it is told, but for offsets.
#[derive(Default)]
struct Log(Vec<String>);

impl Sink for Log {
    fn module(&mut self, _module: &ModuleInfo) {}
    fn begin(&mut self, index: u32, ty: &FuncType, _offset: u32) {
        self.0.push(format!("begin {index} {ty:?}"));
    }
    fn at(&mut self, _offset: u32) {}
    fn op(&mut self, op: Op<'_>) {
        self.0.push(format!("{op:?}"));
    }
    fn end(&mut self) {
        self.0.push("end".to_string());
    }
}

/// Wasm to text and back: the same declarations, operators and text.
fn round_trip(wasm: &[u8], name: &str) {
    let mut frontend = Frontend::new(Both(Printer::new(String::new()), Log::default()));
    frontend.push(wasm).unwrap_or_else(|error| panic!("{name}: {error}"));
    let (info, Both(printer, log)) = frontend.finish().unwrap_or_else(|error| panic!("{name}: {error}"));
    let text = printer.finish(&info).expect("a string takes everything");
    let parsed = parse(&text, Both(Printer::new(String::new()), Log::default()));
    let (again, Both(printer, read)) = parsed.unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
    assert_eq!(again, info, "{name}");
    assert_eq!(read.0, log.0, "{name}");
    assert_eq!(printer.finish(&again).expect("a string takes everything"), text, "{name}");
}

#[test]
fn the_suite_survives() {
    let mut modules = 0;
    common::suite_modules(|name, wasm| {
        round_trip(wasm, name);
        modules += 1;
    });
    assert!(modules > 1000, "{modules} modules");
}

#[test]
fn everything_that_is_declared_survives() {
    let wasm = wat::parse_str(
        r#"(module
            (type (func (param i32 i64) (result f32 f64))) (type (func))
            (import "a \"b\"\n" "ü" (func (type 1)))
            (import "m" "t" (table 1 2 externref)) (import "m" "mem" (memory 1)) (import "m" "g" (global i64))
            (table 2 funcref) (global (mut f32) (f32.const nan:0x1)) (global funcref (ref.func 1))
            (global i64 (global.get 0)) (func $f (type 1) (drop (global.get 0)))
            (export "f" (func $f)) (export "f again" (func $f)) (export "" (global 1)) (export "m" (memory 0))
            (export "t" (table 1)) (export "f_again" (func 0)) (start $f)
            (elem (table 1) (i32.const 0) func $f) (elem declare func $f) (elem externref (ref.null extern))
            (elem (table 1) (i32.const 0) funcref (ref.null func) (ref.func $f))
            (data (i32.const 3) "\00\ff\22\5c ;; x") (data "passive")
            (func (memory.init 1 (i32.const 0) (i32.const 0) (i32.const 0))))"#,
    )
    .expect("well-formed text");
    round_trip(&wasm, "declarations");
}

const HEAD: &str = "microwasm 1\nfunc $f :: [i32] -> [i32]\ncode $f\n";

#[test]
fn hand_written_text_may_leave_out_what_is_clear() {
    let text = "
        ;; a loop with two entries
        microwasm 1
        func $f :: [i32] -> [i32]  ;; its type is declared with it
        export \"f\" func $f
        code 0
          def .odd backward
          def .even backward
          pick 0
          br_if .odd, .even
        .odd:
          br .even
        .even:
          pick 0
          i32.const 0x1_0
          i32.sub
          tee 0
          def .out callers=1
          pick 0
          br_if .odd, .out
        .out:
          br .return
        end";
    let (info, log) = parse(text, Log::default()).expect("what is left out is clear");
    let log = log.0;
    assert_eq!(info.exports.len(), 1);
    let first = "Def { label: Label(0), keep: 1, params: [], callers: Many, backward: true }";
    assert_eq!(log[1], first);
    assert!(log.contains(&"Def { label: Label(2), keep: 2, params: [], callers: One, backward: false }".to_string()));
    let error = parse(&text.replace("i32.sub", "i32.store"), ()).expect_err("there is no memory");
    assert_eq!(error.to_string(), "invalid Microwasm at 16:11: M1: the module has no memory");
}

#[test]
fn every_operator_has_its_name() {
    let names = Unary::ALL.iter().map(|op| op.name());
    let names = names.chain(Binary::ALL.iter().map(|op| op.name())).chain(Compare::ALL.iter().map(|op| op.name()));
    let names = names.chain(Vector::ALL.iter().map(|op| op.name()));
    for name in names.chain(Load::ALL.iter().map(|op| op.name())).chain(Store::ALL.iter().map(|op| op.name())) {
        let error = parse(&format!("{HEAD}{name}"), ()).expect_err("the operands are missing").to_string();
        assert!(error.contains("4:1: M1"), "{name}: {error}");
    }
}

#[track_caller]
fn wrong(text: &str, place: (u32, u32), message: &str) {
    match parse(text, ()) {
        Err(CompileError::Text { line, column, message: found }) => {
            assert_eq!((line, column), place, "{found}");
            assert!(found.contains(message), "{found}, expected {message}");
        }
        other => panic!("{other:?}, expected {message}"),
    }
}

#[test]
fn errors_have_a_place() {
    wrong("", (1, 1), "microwasm 1");
    wrong("\n  code 0", (2, 3), "the first line is `microwasm 1`");
    wrong("microwasm one", (1, 11), "a version is a number");
    wrong("microwasm 1 2", (1, 13), "expected the line's end");
    wrong("microwasm 1\nfunk", (2, 1), "`funk` declares nothing");
    wrong("microwasm 1\ntype 1 :: [] -> []", (2, 6), "type 0 comes next");
    wrong("microwasm 1\ntype 0 :: [i32,, i32] -> []", (2, 16), "expected a type");
    wrong("microwasm 1\ntype 0 :: [i33] -> []", (2, 12), "`i33` is no type");
    wrong("microwasm 1\ntype 0 : [] -> []", (2, 8), "expected `::`");
    wrong("microwasm 1\nfunc $f :: type 0", (2, 1), "there is no type 0");
    wrong("microwasm 1\nfunc $f :: [] -> []\nfunc $f :: [] -> []", (3, 6), "two are named $f");
    wrong("microwasm 1\nfunc $f :: [] -> []", (3, 1), "the code ends before function 0 of 1");
    wrong("microwasm 1\nexport \"a func 0", (2, 8), "not closed");
    wrong("microwasm 1\nexport \"\\zz\" func 0", (2, 8), "hexadecimal");
    wrong("microwasm 1\nexport \"\\ff\" memory 0", (2, 8), "UTF-8");
    wrong("microwasm 1\nexport \"a\" func $g", (2, 17), "$g, which nothing is");
    wrong("microwasm 1\nmemory 0 :: min=1 max=x", (2, 23), "the greatest size is a number");
    wrong("microwasm 1\nmemory 0 :: min=2 max=1", (2, 1), "limits of a memory");
    wrong("microwasm 1\nmemory $m :: min=1", (2, 8), "has no name");
    wrong("microwasm 1\nglobal 0 :: i32 = i64.const 1", (2, 1), "a constant i32 expected");
    wrong("microwasm 1\nglobal 0 :: i32 = i32.const 4294967296", (2, 29), "has no 32 bits");
    wrong("microwasm 1\ndata 0 :: declared = \"\"", (2, 1), "declares nothing");
    wrong("microwasm 1\n; x", (2, 1), "a comment starts");
    wrong(&format!("{HEAD}  nap"), (4, 3), "`nap` is no operator");
    wrong(&format!("{HEAD}  pick"), (4, 7), "expected a position");
    wrong(&format!("{HEAD}  pick 1"), (4, 3), "M1: the stack has no position 1");
    wrong(&format!("{HEAD}  i32.const 1 2"), (4, 15), "expected the line's end");
    wrong(&format!("{HEAD}  f32.const 1.x"), (4, 13), "no number");
    wrong(&format!("{HEAD}  br .gone"), (4, 6), "M6: no label .gone is open");
    wrong(&format!("{HEAD}  br gone"), (4, 6), "a label starts with a point");
    wrong(
        &format!("{HEAD}  def .a keep=7"),
        (4, 3),
        "M2: it keeps 7 entries of 1 (label .a)".split(" (").next().expect("text"),
    );
    wrong(&format!("{HEAD}  def .a size=7"), (4, 10), "a label has no `size`");
    wrong(&format!("{HEAD}  def .return"), (4, 7), "cannot be a label");
    wrong(&format!("{HEAD}  def .L1"), (4, 3), "M6: only 0 labels are open below it (label .L1)");
    wrong(&format!("{HEAD}  def .a\n  def .b\n  br .b\n.a:\n"), (7, 1), "M7: nothing branches to the label (label .a)");
    wrong(&format!("{HEAD}  def .a\n  br .a\n.a:\n  br .a"), (7, 6), "no label .a is open");
    wrong(&format!("{HEAD}  call $g"), (4, 8), "$g, which nothing is");
    wrong(&format!("{HEAD}  call 1"), (4, 8), "there is no function 1");
    wrong(&format!("{HEAD}  pick 0\n  br .return\n"), (6, 1), "expected `end`");
    wrong(&format!("{HEAD}  pick 0\nend"), (5, 1), "M3: control falls off");
    wrong(&format!("{HEAD}  unreachable\nend\ntype 1 :: [] -> []"), (6, 1), "cannot stand after the code begins");
    wrong(&format!("{HEAD}  unreachable\nend\ncode $f"), (6, 6), "function 1 comes next");
}

#[test]
fn versions_limits_and_features_are_named() {
    assert_eq!(parse("microwasm 2", ()).err(), Some(CompileError::Version { found: 2 }));
    let many = parse(&format!("{HEAD}  locals 50000 i32"), ()).expect_err("they are too many");
    assert!(matches!(many, CompileError::Limit { limit: "variables of a function", .. }), "{many}");
}

/// Labels by name are found in constant time, however many there are.
#[test]
fn many_labels() {
    let count = 50_000;
    let labels: String = (0..count).map(|number| format!("def .a{} backward\n", number % 7)).collect();
    let text = format!("{HEAD}{labels}br .a3\n.a3:\nunreachable\nend");
    let (_, counter) = parse(&text, Counter::default()).expect("it is correct");
    assert_eq!(counter.labels, count);
}

/// Whatever is done to a text, it is read or refused.
#[test]
fn mutated_text_never_panics() {
    let wasm = wat::parse_str(
        r#"(module (memory 1) (global $g (mut i32) (i32.const 1)) (export "g" (global $g)) (data (i32.const 1) "a\00")
            (func (export "f") (param i32) (result i32) (local f64)
                (block (loop (br_if 1 (local.get 0)) (br_table 0 1 (local.get 0))))
                (i32.load offset=4 (global.get $g))))"#,
    )
    .expect("well-formed text");
    let mut frontend = Frontend::new(Printer::new(String::new()));
    frontend.push(&wasm).expect("valid");
    let (info, printer) = frontend.finish().expect("valid");
    let text = printer.finish(&info).expect("a string takes everything");
    let mut rng = StdRng::seed_from_u64(1);
    let mut accepted = 0;
    for _ in 0..20_000 {
        let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
        for _ in 0..rng.random_range(1..4) {
            let at = rng.random_range(0..lines.len());
            match rng.random_range(0..5) {
                0 => drop(lines.remove(at)),
                1 => lines.insert(at, lines[rng.random_range(0..lines.len())].clone()),
                2 => lines.swap(at, rng.random_range(0..text.lines().count()).min(at)),
                3 => {
                    let mut bytes: Vec<char> = lines[at].chars().collect();
                    let place = rng.random_range(0..=bytes.len());
                    bytes.insert(
                        place,
                        *b"0917.$L:[],=\"\\;- x".map(char::from).get(rng.random_range(0..18)).expect("there"),
                    );
                    lines[at] = bytes.into_iter().collect();
                }
                _ => lines[at] = lines[at].replace(['0', '1'], if rng.random() { "2" } else { "é" }),
            }
            if lines.is_empty() {
                break;
            }
        }
        accepted += u32::from(parse(&lines.join("\n"), ()).is_ok());
    }
    assert!(accepted > 20, "{accepted} mutants were accepted: the mutations are too coarse");
}
