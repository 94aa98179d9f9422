//! Vectors through the front end, the checker, both formats and the interpreter.

use lightbeam::CompileError;
use lightbeam::microwasm::check::{Checker, Fault};
use lightbeam::microwasm::text::{Printer, parse};
use lightbeam::microwasm::{Const, FuncType, Lane, LoadLane, MemArg, Op, Sink, StoreLane, Target, Type};
use lightbeam::wasm::module::{GlobalType, ModuleInfo};
use lightbeam::wasm::stream::Frontend;

/// Operators are passed by value for each Wasm operator: vectors make them no larger.
#[test]
fn operators_stay_small() {
    assert_eq!(size_of::<Op<'_>>(), 32);
    assert!(size_of::<Const>() <= 24);
}

/// The fault of a function `[] -> []` of a module with a memory.
fn fault(body: &[Op<'_>]) -> Option<Fault> {
    let ty = FuncType::default();
    let limits = lightbeam::Limits { min: 1, max: None };
    let memories = vec![lightbeam::MemoryType { limits }];
    let info = ModuleInfo { types: vec![ty.clone()], funcs: vec![0], memories, ..ModuleInfo::default() };
    let mut checker = Checker::new(());
    checker.module(&info);
    checker.begin(0, &ty, 0);
    body.iter().for_each(|op| checker.op(*op));
    checker.end();
    checker.fault().cloned()
}

/// Pushes operands, applies the operator, drops the result if there is one.
fn applied(op: Op<'_>, operands: &[Type], results: u32) -> Option<Fault> {
    let constant = |ty: &Type| match ty {
        Type::I32 => Op::Const(Const::I32(1)),
        Type::I64 => Op::Const(Const::I64(1)),
        Type::F32 => Op::Const(Const::F32(1)),
        Type::F64 => Op::Const(Const::F64(1)),
        _ => Op::Const(Const::V128([1; 16])),
    };
    let mut body: Vec<Op<'_>> = operands.iter().map(constant).collect();
    body.push(op);
    body.extend((results != 0).then_some(Op::Drop(results)));
    body.push(Op::Br(Target::Return));
    fault(&body)
}

#[test]
fn lanes_are_bounded() {
    let arg = MemArg { offset: 0 };
    let beyond = |fault: Option<Fault>| {
        assert!(matches!(&fault, Some(Fault::Rule(None, message)) if message.starts_with("M1: lane")), "{fault:?}");
    };
    for op in Lane::ALL {
        assert_eq!(applied(Op::Lane(*op, op.lanes() - 1), op.operands(), 1), None);
        beyond(applied(Op::Lane(*op, op.lanes()), op.operands(), 1));
    }
    for op in LoadLane::ALL {
        assert_eq!(applied(Op::LoadLane(*op, arg, op.lanes() - 1), op.operands(), 1), None);
        beyond(applied(Op::LoadLane(*op, arg, op.lanes()), op.operands(), 1));
    }
    for op in StoreLane::ALL {
        assert_eq!(applied(Op::StoreLane(*op, arg, op.lanes() - 1), op.operands(), 0), None);
        beyond(applied(Op::StoreLane(*op, arg, op.lanes()), op.operands(), 0));
    }
    let mut bytes = [31; 16];
    assert_eq!(applied(Op::Shuffle(bytes), &[Type::V128; 2], 1), None);
    bytes[7] = 32;
    beyond(applied(Op::Shuffle(bytes), &[Type::V128; 2], 1));
}

/// The Microwasm of a function of this type and body.
fn lowered(func: &str) -> String {
    let wasm = wat::parse_str(format!("(module (memory 1) (func {func}))")).expect("well-formed text");
    let mut frontend = Frontend::new(Printer::new(String::new()));
    frontend.push(&wasm).expect("it is valid");
    let (info, printer) = frontend.finish().expect("it is complete");
    let text = printer.finish(&info).expect("a string takes everything");
    let lines: Vec<&str> = text.lines().map(str::trim).skip_while(|line| *line != "code 0").collect();
    assert_eq!(lines.last(), Some(&"end"));
    lines[1..lines.len() - 1].join("; ")
}

#[test]
fn vectors_have_their_text() {
    let text = lowered(
        "(param v128 i32) (result v128) (local v128)
        (local.set 2 (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get 0) (v128.const i64x2 1 -2)))
        (v128.store8_lane offset=7 15 (local.get 1) (i16x8.shr_u (local.get 2) (local.get 1)))
        (if (result v128) (v128.any_true (i8x16.lt_u (local.get 0) (local.get 2)))
          (then (v128.load32_lane 2 (local.get 1) (local.get 0)))
          (else (v128.bitselect (v128.load16x4_u offset=8 (local.get 1)) (local.get 0)
            (f32x4.replace_lane 3 (local.get 2) (f32.convert_i32_s (i8x16.extract_lane_s 9 (local.get 0)))))))",
    );
    let expected = [
        "locals 1 v128",
        "pick 0",
        "v128.const i32x4 0x00000001 0x00000000 0xfffffffe 0xffffffff",
        "i8x16.shuffle [0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23]",
        "put 2",
        "pick 1",
        "pick 2",
        "pick 1",
        "u16x8.shr",
        "v128.store8_lane offset=7 lane=15",
        "pick 0",
        "pick 2",
        "u8x16.lt",
        "v128.any_true",
        "def .L0 keep=3 params=[v128] callers=many",
        "def .L1 keep=3 params=[] callers=1",
        "def .L2 keep=3 params=[] callers=1",
        "br_if .L2, .L1",
        ".L2:",
        "pick 1",
        "pick 0",
        "v128.load32_lane offset=0 lane=2",
        "br .L0",
        ".L1:",
        "pick 1",
        "u32x4.load16x4 offset=8",
        "pick 0",
        "pick 2",
        "pick 0",
        "i8x16.extract_lane 9",
        "f32.convert_from.i32",
        "f32x4.replace_lane 3",
        "v128.bitselect",
        "br .L0",
        ".L0:",
        "br .return",
    ];
    assert_eq!(text, expected.join("; "));
}

#[test]
fn what_is_no_vector_is_said_with_its_place() {
    let wrong = |line: &str, column: u32, message: &str| {
        let text = format!("microwasm 1\nmemory 0 :: min=1\nfunc 0 :: [v128] -> []\ncode 0\n{line}\nend\n");
        match parse(&text, ()) {
            Err(CompileError::Text { line: 5, column: at, message: found }) => {
                assert_eq!((at, found.contains(message)), (column, true), "{line}: {found}");
            }
            other => panic!("{line}: {other:?}"),
        }
    };
    wrong("v128.const i32x4 1 2 3", 24, "expected a number");
    wrong("v128.const i32x4 1 2 3 0x1_0000_0000", 24, "has no 32 bits");
    wrong("v128.const i64x2 1 2", 12, "expected `i32x4`");
    wrong("i8x16.shuffle [0, 1]", 20, "expected `,`");
    wrong("i8x16.extract_lane 256", 20, "so many lanes");
    wrong("i8x16.extract_lane 16", 1, "lane 16 of 16");
    wrong("v128.load8_lane offset=1", 26, "expected `lane`");
}

/// Vectors in arguments, results, globals, host calls and selections, in the interpreter.
#[test]
fn vectors_go_everywhere() {
    use lightbeam::interpreter::{External, Limits, Module, Store, Value};
    let wasm = wat::parse_str(
        r#"(module
            (import "host" "swap" (func $swap (param v128 i64 v128) (result v128 v128)))
            (import "host" "given" (global $given v128))
            (global $kept (mut v128) (v128.const i32x4 1 2 3 4))
            (global $copy v128 (global.get $given))
            (func (export "f") (param v128 i32) (result v128)
                (local.get 0)
                (call $swap (global.get $kept) (i64.const 5) (global.get $copy))
                (global.set $kept)
                (select (local.get 1)))
            (func (export "kept") (result v128) (global.get $kept)))"#,
    )
    .expect("well-formed text");
    let module = Module::from_wasm(&wasm).expect("it is valid");
    let mut store = Store::new(Limits::default());
    let params = [Type::V128, Type::I64, Type::V128].into();
    let swap = store.add_func(FuncType { params, results: [Type::V128; 2].into() }, |_, args| {
        assert_eq!(args[1], Value::I64(5));
        Ok(vec![args[2], args[0]])
    });
    let ty = GlobalType { content: Type::V128, mutable: false };
    let given = Value::V128(7 << 100);
    let global = store.add_global(ty, given).expect("it has the type");
    let imports = [External::Func(swap), External::Global(global)];
    let instance = store.instantiate(&module, &imports).expect("it fits");
    let mut call = |name: &str, args: &[Value]| {
        let func = store.export(instance, name).and_then(External::func).expect("it is exported");
        store.call(func, args).expect("it returns")
    };
    let initial = Value::V128(0x0000_0004_0000_0003_0000_0002_0000_0001);
    let argument = Value::V128(u128::MAX / 3);
    assert_eq!(call("kept", &[]), [initial]);
    assert_eq!(call("f", &[argument, Value::I32(1)]), [argument]);
    assert_eq!(call("kept", &[]), [initial]);
    assert_eq!(call("f", &[argument, Value::I32(0)]), [given]);
}
