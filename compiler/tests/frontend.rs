//! The front end over any split of its input, and over input that is cut, broken or unsupported.

use lightbeam::error::CompileError;
use lightbeam::microwasm::text::Printer;
use lightbeam::microwasm::{FuncType, Op, Sink};
use lightbeam::wasm::module::ModuleInfo;
use lightbeam::wasm::stream::Frontend;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use std::cell::Cell;

type Seen = Result<(ModuleInfo, String), CompileError>;

/// What comes of these pieces, with all calls on the sink as text.
fn lower<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Seen {
    let mut frontend = Frontend::new(Printer::new(String::new()).with_offsets());
    for piece in pieces {
        if let Err(error) = frontend.push(piece) {
            assert_eq!(frontend.push(&[0]), Err(error.clone()), "the same error again");
            assert_eq!(frontend.finish().err(), Some(error.clone()), "the same error at the end");
            return Err(error);
        }
    }
    let (info, printer) = frontend.finish()?;
    let text = printer.finish(&info).expect("a string takes everything");
    Ok((info, text))
}

const MODULE: &str = r#"
(module
  (type $t (func (param i32) (result i32)))
  (import "m" "f" (func $f (type $t)))
  (import "m" "g" (global $g i32))
  (memory 1 2)
  (table 4 funcref)
  (global $h (mut f64) (f64.const 1.5))
  (export "a" (func $a))
  (start $s)
  (elem (i32.const 0) $a $f)
  (func $s)
  (func $a (type $t) (if (result i32) (local.get 0) (then (call $f (i32.const 1))) (else (i32.load (i32.const 8)))))
  (func $c (param i32 i32) (local i32 f64 i32 v128)
    (block (block (block (br_table 0 1 2 0 1 2 0 1 2 0 1 2 0 1 2 0 1 2 0 1 2 0 1 2 0 1 2 0 1 2 0 1 2 0 1 2 0 (local.get 0)))
        (drop (i32x4.add (v128.const i32x4 1 2 3 4) (local.get 5)))) (return)) (drop (i64.const -0x123456789abcdef)))
  (func $b (local i64) (loop (br_if 0 (i64.eqz (local.get 0)))) (memory.init 1 (i32.const 0) (i32.const 0) (i32.const 1)))
  (data (global.get $g) "hello")
  (data "world"))
"#;

fn module() -> Vec<u8> {
    wat::parse_str(MODULE).expect("well-formed text")
}

#[test]
fn declarations_arrive() {
    let (info, text) = lower([module().as_slice()]).expect("a valid module");
    assert_eq!((info.funcs.len(), info.imported_funcs, info.start), (5, 1, Some(1)));
    assert_eq!((info.data.len(), info.elements.len(), info.exports.len()), (2, 1, 1));
    assert_eq!(&*info.data[1].bytes, b"world");
    assert_eq!(text.matches("\ncode ").count(), 4);
}

#[test]
fn splits_do_not_matter() {
    let wasm = module();
    let mut rng = SmallRng::seed_from_u64(1);
    // Whole, cut anywhere, and with any byte changed.
    for case in 0..3000 {
        let mut bytes = wasm.clone();
        match case % 3 {
            0 => {}
            1 => bytes.truncate(rng.random_range(0..wasm.len())),
            _ => {
                let at = rng.random_range(0..wasm.len());
                bytes[at] = rng.random();
            }
        }
        let whole = lower([bytes.as_slice()]);
        assert_eq!(lower(bytes.chunks(1)), whole, "byte by byte, case {case}");
        let mut pieces = Vec::new();
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(rng.random_range(0..=rest.len()));
            pieces.push(piece);
            rest = after;
        }
        assert_eq!(lower(pieces), whole, "in pieces, case {case}");
    }
}

/// A sink that counts operators where the test can see it.
struct Count<'c>(&'c Cell<usize>);

impl Sink for Count<'_> {
    fn module(&mut self, _module: &ModuleInfo) {}
    fn begin(&mut self, _index: u32, _ty: &FuncType, _offset: u32) {}
    fn at(&mut self, _offset: u32) {}
    fn op(&mut self, _op: Op<'_>) {
        self.0.set(self.0.get() + 1);
    }
    fn end(&mut self) {}
}

#[test]
fn operators_do_not_wait_for_the_end_of_their_function() {
    let body = "(drop (i32.const 1000000))".repeat(1000);
    let wasm = wat::parse_str(format!("(module (func {body}))")).expect("well-formed text");
    let count = Cell::new(0);
    let mut frontend = Frontend::new(Count(&count));
    let code = wasm.len() - 5 * 1000;
    for (index, byte) in wasm.iter().enumerate() {
        frontend.push(&[*byte]).expect("a valid module");
        let whole = index.saturating_sub(code) / 5;
        assert!(count.get() >= 2 * whole, "{} operators of {whole} pairs after byte {index}", count.get());
        assert!(frontend.held() <= code.max(8), "{} bytes held at byte {index}", frontend.held());
    }
    frontend.finish().expect("a valid module");
}

#[test]
fn truncation_is_told() {
    let wasm = module();
    let header = 8;
    for end in 0..wasm.len() {
        match lower([&wasm[..end]]) {
            Err(CompileError::UnexpectedEnd { offset }) => assert_eq!(offset, end as u64),
            // Between sections a module may be whole, or lack the code or data that it promised.
            Ok(_) | Err(CompileError::Invalid { .. }) => assert!(end >= header),
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(lower([]), Err(CompileError::UnexpectedEnd { offset: 0 }));
}

/// The error for a module in text form, and its bytes.
fn refused(text: &str) -> (CompileError, Vec<u8>) {
    let wasm = wat::parse_str(text).expect("well-formed text");
    (lower([wasm.as_slice()]).expect_err("refused"), wasm)
}

#[test]
fn invalid_operators_are_located() {
    // Header 8, type section 6, function section 4, code section's id, size, count, body size, locals: 5.
    let (error, wasm) = refused("(module (func i32.const 1 i32.add))");
    let CompileError::Invalid { offset, message } = error else { panic!("{error}") };
    assert_eq!((offset, wasm[offset as usize]), (25, 0x6a));
    assert!(message.contains("type mismatch"), "{message}");
}

#[test]
fn malformed_headers_are_refused() {
    assert!(matches!(lower([b"\0asM\x01\0\0\0".as_slice()]), Err(CompileError::Invalid { offset: 0, .. })));
    assert!(matches!(lower([b"\0asm\x02\0\0\0".as_slice()]), Err(CompileError::Invalid { offset: 4, .. })));
}

#[test]
fn unsupported_features_are_named() {
    for (text, expected) in [
        ("(module (func $f (return_call $f)))", "tail-call"),
        ("(module (memory i64 1))", "memory64"),
        ("(module (memory 1) (memory 1))", "multi-memory"),
        ("(module (tag))", "exception-handling"),
        ("(module (global i32 (i32.add (i32.const 1) (i32.const 2))))", "extended-const"),
        ("(module (memory 1 1 shared))", "threads"),
    ] {
        let (error, _) = refused(text);
        let CompileError::Unsupported { feature, offset } = error else { panic!("{text}: {error}") };
        assert_eq!(feature, expected, "{text}");
        assert!(offset >= 8);
    }
}

#[test]
fn limits_are_named() {
    let (error, _) = refused(&format!("(module (func (local{})))", " i32".repeat(50_001)));
    assert!(matches!(error, CompileError::Limit { limit: "locals of a function", .. }), "{error}");
    let (error, _) = refused(&format!("(module (func (param{})))", " i32".repeat(1_001)));
    assert!(matches!(error, CompileError::Limit { limit: "parameters of a function", .. }), "{error}");
    // A body of eight million bytes is refused when its size has arrived.
    let mut head = wat::parse_str("(module (func))").expect("well-formed text");
    head.truncate(head.len() - 5);
    assert_eq!(head.pop(), Some(10), "the code section's id");
    head.extend([10, 0x85, 0xa4, 0xe8, 0x03, 1, 0x80, 0xa4, 0xe8, 0x03]);
    let offset = head.len() as u64;
    assert_eq!(lower([head.as_slice()]), Err(CompileError::Limit { offset, limit: "bytes of a function's body" }));
}
