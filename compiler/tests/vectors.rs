//! Vectors through the front end, the checker, both formats and the interpreter.

use lightbeam::CompileError;
use lightbeam::microwasm::binary::{Decoder, Encoder};
use lightbeam::microwasm::check::{Checker, Fault};
use lightbeam::microwasm::text::{Printer, parse};
use lightbeam::microwasm::{Both, Const, FuncType, Lane, LoadLane, MemArg, Op, Sink, StoreLane, Target, Type};
use lightbeam::wasm::module::{GlobalType, Import, ImportKind, ModuleInfo};
use lightbeam::wasm::stream::Frontend;

/// A consumer without vectors.
#[derive(Debug, Default)]
struct Scalars;

impl Sink for Scalars {
    fn takes_vectors() -> bool {
        false
    }
    fn module(&mut self, _module: &ModuleInfo) {}
    fn begin(&mut self, _index: u32, _ty: &FuncType, _offset: u32) {}
    fn at(&mut self, _offset: u32) {}
    fn op(&mut self, op: Op<'_>) {
        assert!(!matches!(op, Op::Const(Const::V128(_)) | Op::Vector(_)), "{op} came through");
    }
    fn end(&mut self) {}
}

fn is_refused(error: Option<CompileError>) {
    assert!(matches!(error, Some(CompileError::Unsupported { feature: "simd", .. })), "{error:?}");
}

/// Operators are passed by value for each Wasm operator: vectors make them no larger.
#[test]
fn operators_stay_small() {
    assert_eq!(size_of::<Op<'_>>(), 32);
    assert!(size_of::<Const>() <= 24);
}

#[test]
fn a_consumer_without_vectors_sees_none() {
    for text in [
        "(module (func (drop (v128.const i64x2 0 0))))",
        "(module (func (local v128)))",
        "(module (func (param v128)))",
        "(module (global v128 (v128.const i64x2 0 0)))",
        "(module (func (drop (i8x16.relaxed_swizzle (v128.const i64x2 0 0) (v128.const i64x2 0 0)))))",
    ] {
        let wasm = wat::parse_str(text).expect("well-formed text");
        let mut frontend = Frontend::new(Both((), Scalars));
        let result = frontend.push(&wasm).and_then(|()| frontend.finish().map(drop));
        is_refused(result.err());
        // The same module in Microwasm.
        let mut frontend = Frontend::new(Both(Printer::new(String::new()), Encoder::new(Vec::new())));
        frontend.push(&wasm).expect("it is valid");
        let (info, Both(printer, encoder)) = frontend.finish().expect("it is complete");
        let text = printer.finish(&info).expect("a string takes everything");
        let result = parse(&text, Scalars).map(drop);
        is_refused(result.err());
        let mut decoder = Decoder::new(Scalars);
        let bytes = encoder.finish(&info).expect("a vector takes everything");
        let result = decoder.push(&bytes).and_then(|()| decoder.finish().map(drop));
        is_refused(result.err());
    }
    let mut checker = Checker::new(Scalars);
    let kind = ImportKind::Global(GlobalType { content: Type::V128, mutable: false });
    let import = Import { module: "a".into(), name: "b".into(), kind };
    checker.module(&ModuleInfo { imports: vec![import], ..ModuleInfo::default() });
    assert_eq!(checker.fault(), Some(&Fault::Unsupported("simd")));
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
