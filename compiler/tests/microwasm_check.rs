//! The checker refuses what breaks a rule, by the rule's number and the label's, and nothing of it
//! reaches the sink; hostile sizes cost what they say and no more.

use lightbeam::microwasm::check::{Checker, Fault, MAX_HEIGHT};
use lightbeam::microwasm::{
    Binary, Callers, Const, Counter, FuncType, Label, Load, MemArg, Op, Sink, Target, Type, Unary,
};
use lightbeam::wasm::module::{
    ConstExpr, DataSegment, Export, ExportKind, GlobalType, Limits, MemoryType, ModuleInfo, SegmentMode,
};
use lightbeam::{CompileError, TableType};

const I32: Type = Type::I32;
const RETURN: Op<'static> = Op::Br(Target::Return);
const ZERO: Op<'static> = Op::Const(Const::I32(0));

fn def(label: u32, keep: u32) -> Op<'static> {
    Op::Def { label: Label(label), keep, params: &[], callers: Callers::Many, backward: false }
}

fn once(label: u32, keep: u32) -> Op<'static> {
    Op::Def { label: Label(label), keep, params: &[], callers: Callers::One, backward: false }
}

fn backward(label: u32, keep: u32) -> Op<'static> {
    Op::Def { label: Label(label), keep, params: &[], callers: Callers::Many, backward: true }
}

fn br(label: u32) -> Op<'static> {
    Op::Br(Target::Label(Label(label)))
}

fn br_if(then: u32, otherwise: u32) -> Op<'static> {
    Op::BrIf { then: Target::Label(Label(then)), otherwise: Target::Label(Label(otherwise)) }
}

fn bind(label: u32) -> Op<'static> {
    Op::Label(Label(label))
}

/// A module with one function `[i32] -> []`, a memory, a constant and a variable global, a table.
fn module() -> ModuleInfo {
    let limits = Limits { min: 1, max: None };
    ModuleInfo {
        types: vec![FuncType { params: [I32].into(), results: [].into() }],
        funcs: vec![0],
        memories: vec![MemoryType { limits }],
        tables: vec![TableType { element: Type::ExternRef, limits }],
        globals: vec![GlobalType { content: I32, mutable: false }, GlobalType { content: Type::F64, mutable: true }],
        global_inits: vec![ConstExpr::Const(Const::I32(1)), ConstExpr::Const(Const::F64(0))],
        ..ModuleInfo::default()
    }
}

/// The fault of a body, and how many operators came through.
fn fault(body: &[Op<'_>]) -> (Option<Fault>, u64) {
    let info = module();
    let mut checker = Checker::new(Counter::default());
    checker.module(&info);
    checker.begin(0, &info.types[0], 0);
    for op in body {
        checker.op(*op);
    }
    checker.end();
    let fault = checker.fault().cloned();
    let passed = match checker.finish(Vec::new()) {
        Ok((_, counter)) => counter.operators,
        Err(_) => 0,
    };
    (fault, passed)
}

#[track_caller]
fn accepted(body: &[Op<'_>]) {
    assert_eq!(fault(body), (None, body.len() as u64));
}

#[track_caller]
fn refused(body: &[Op<'_>], rule: &str, label: Option<u32>) {
    match fault(body).0 {
        Some(Fault::Rule(at, message)) => {
            assert!(message.starts_with(rule), "{message}, expected {rule}");
            assert_eq!(at, label, "{message}");
        }
        other => panic!("{other:?}, expected {rule}"),
    }
}

#[test]
fn m1_operands_have_their_types() {
    accepted(&[ZERO, ZERO, Op::Binary(Binary::I32Add), Op::Put(0), RETURN]);
    refused(&[ZERO, Op::Binary(Binary::I32Add), RETURN], "M1", None);
    refused(&[ZERO, Op::Unary(Unary::I64Eqz), RETURN], "M1: i64 expected", None);
    refused(&[Op::Pick(1), RETURN], "M1: the stack has no position 1", None);
    refused(&[Op::Pick(u32::MAX), RETURN], "M1", None);
    refused(&[Op::Const(Const::I64(0)), Op::Put(0), RETURN], "M1: i64 put over i32", None);
    refused(&[ZERO, Op::Put(1), RETURN], "M1", None);
    refused(&[ZERO, Op::Tee(1), RETURN], "M1", None);
    refused(&[Op::Tee(0), RETURN], "M1", None);
    accepted(&[ZERO, Op::Tee(0), Op::Drop(1), RETURN]);
    refused(&[ZERO, Op::Locals { count: 1, ty: I32 }, RETURN], "M1", None);
    refused(&[ZERO, Op::Const(Const::F32(0)), ZERO, Op::Select, RETURN], "M1", None);
}

#[test]
fn m1_what_is_named_exists() {
    refused(&[Op::GlobalGet { index: 2, ty: I32 }, RETURN], "there is no global 2", None);
    refused(&[Op::GlobalGet { index: 1, ty: I32 }, RETURN], "M1: global 1 is no i32", None);
    refused(&[ZERO, Op::GlobalSet(0), RETURN], "M1: global 0 cannot be written", None);
    refused(&[ZERO, Op::TableGet { table: 0, ty: Type::FuncRef }, RETURN], "M1: table 0 holds no funcref", None);
    refused(&[Op::TableSize(1), RETURN], "there is no table 1", None);
    refused(&[Op::DataDrop(0), RETURN], "there is no data segment 0", None);
    refused(&[Op::ElemDrop(0), RETURN], "there is no element segment 0", None);
    refused(&[Op::RefFunc(1), RETURN], "there is no function 1", None);
    let other = FuncType::default();
    refused(&[Op::Call { func: 0, ty: &other }, RETURN], "M1: function 0 has another type", None);
    refused(&[ZERO, Op::CallIndirect { type_index: 0, ty: &other, table: 0 }, RETURN], "M1: table 0 holds no", None);
    refused(&[ZERO, Op::Load(Load::I32Load, MemArg { offset: 1 << 32 }), RETURN], "M1: offset", None);
}

#[test]
fn m2_what_a_label_keeps_stays() {
    accepted(&[ZERO, def(0, 2), br(0), bind(0), Op::Put(0), RETURN]);
    refused(&[def(0, 2), br(0), bind(0), RETURN], "M2: it keeps 2 entries of 1", Some(0));
    // Popped and pushed again is not the same entry.
    refused(&[ZERO, def(0, 2), Op::Drop(1), ZERO, br(0), bind(0), RETURN], "M2: the stack at a branch", Some(0));
    // A label below took away what this one keeps.
    refused(
        &[def(0, 1), ZERO, def(1, 2), ZERO, br_if(0, 1), bind(0), RETURN],
        "M6: a label with branches is closed",
        Some(1),
    );
    let params = Op::Def { label: Label(0), keep: 1, params: &[I32], callers: Callers::Many, backward: false };
    accepted(&[params, ZERO, ZERO, br(0), bind(0), Op::Put(0), RETURN]);
    refused(&[params, br(0), bind(0), RETURN], "M2: the stack at a branch", Some(0));
    refused(&[params, Op::Const(Const::I64(0)), br(0), bind(0), RETURN], "M2: the stack at a branch", Some(0));
}

#[test]
fn m3_blocks_end() {
    refused(&[RETURN, ZERO], "M3: unreachable operator i32.const 0", None);
    refused(&[def(0, 1), bind(0), RETURN], "M3: control falls into the label", Some(0));
    refused(&[ZERO], "M3: control falls off", None);
    accepted(&[Op::Unreachable]);
    accepted(&[RETURN, def(0, 1)]);
}

#[test]
fn m4_labels_are_bound_once() {
    accepted(&[backward(0, 1), br(0), bind(0), br(0)]);
    refused(&[backward(0, 1), br(0), bind(0), br(0), bind(0), RETURN], "M4: the label is bound twice", Some(0));
    refused(&[def(0, 1), br(0), bind(0), br(0)], "M6: a branch to a label that is not open", Some(0));
}

#[test]
fn m5_one_caller_is_one() {
    accepted(&[once(0, 1), br(0), bind(0), RETURN]);
    refused(&[once(0, 1), ZERO, br_if(0, 0), bind(0), RETURN], "M5: a second branch", Some(0));
    // The code above may fall into it.
    let arm = [once(0, 1), once(1, 1), ZERO, br_if(0, 1), bind(1), br(0)];
    accepted(&[&arm[..], &[bind(0), RETURN]].concat());
    refused(&[&arm[..], &[def(1, 1), br(1)]].concat(), "M5: code falls into a label", Some(0));
    refused(
        &[def(0, 1), once(1, 1), once(2, 1), ZERO, br_if(1, 2), bind(2), br(1), bind(0)],
        "M5: code falls",
        Some(1),
    );
    let both = Op::Def { label: Label(0), keep: 1, params: &[], callers: Callers::One, backward: true };
    refused(&[both, br(0), bind(0), RETURN], "M5: it is backward", Some(0));
}

#[test]
fn m6_labels_are_a_stack() {
    refused(&[def(1, 1), RETURN], "M6: only 0 labels are open", Some(1));
    // A definition closes the labels from its number up.
    accepted(&[def(0, 1), def(1, 1), def(0, 1), br(0), bind(0), RETURN]);
    refused(&[def(0, 1), br(0), def(0, 1), bind(0), RETURN], "M6: a label with branches is closed", Some(0));
    refused(&[def(0, 1), def(1, 1), br(0), bind(0), br(1)], "M6: a branch to a label that is not open", Some(1));
    refused(&[def(0, 1), br(0)], "M6: a label with branches is closed", Some(0));
    // A backward label stays open; two of them may branch to each other: an irreducible loop.
    accepted(&[backward(0, 1), backward(1, 1), ZERO, br_if(0, 1), bind(0), br(1), bind(1), br(0)]);
}

#[test]
fn m7_labels_are_reached() {
    refused(&[def(0, 1), RETURN, bind(0), RETURN], "M7", Some(0));
    // A loop's header may come before every branch to it.
    accepted(&[backward(0, 1), def(1, 1), br(1), bind(0), RETURN, bind(1), br(0)]);
}

#[test]
fn m8_variables_stay() {
    refused(&[Op::Drop(1), RETURN], "M1: nothing is on the stack but variables", None);
    refused(&[Op::Put(0), RETURN], "M1: nothing is on the stack but variables", None);
    refused(&[def(0, 0), br(0), bind(0), RETURN], "M8", Some(0));
}

#[test]
fn limits_name_themselves() {
    let locals = Op::Locals { count: 50_000, ty: I32 };
    assert_eq!(fault(&[locals, RETURN]).0, Some(Fault::Limit("variables of a function")));
    let many = [I32; 1001];
    let wide = Op::Def { label: Label(0), keep: 1, params: &many, callers: Callers::Many, backward: false };
    assert_eq!(fault(&[wide, RETURN]).0, Some(Fault::Limit("parameters of a label")));
}

#[test]
fn the_stack_is_bounded() {
    let params = [I32; 1000];
    let info = module();
    let mut checker = Checker::new(());
    checker.module(&info);
    checker.begin(0, &info.types[0], 0);
    params.iter().for_each(|_| checker.op(ZERO));
    let mut height = 1001;
    while checker.fault().is_none() {
        checker.op(Op::Def { label: Label(0), keep: height, params: &params, callers: Callers::One, backward: false });
        params.iter().for_each(|_| checker.op(ZERO));
        checker.op(br(0));
        checker.op(bind(0));
        height += 1000;
        assert!(height <= MAX_HEIGHT + 3000, "the stack must be refused before it is {height} high");
    }
    assert_eq!(checker.fault(), Some(&Fault::Limit("entries on a function's stack")));
}

#[test]
fn declarations_are_checked() {
    let error = |change: fn(&mut ModuleInfo)| {
        let mut info = module();
        change(&mut info);
        let mut checker = Checker::new(());
        checker.module(&info);
        checker.finish(Vec::new()).expect_err("it is wrong").to_string()
    };
    assert!(error(|info| info.funcs.push(1)).contains("there is no type 1"));
    assert!(error(|info| info.start = Some(0)).contains("start function"));
    assert!(error(|info| info.memories.push(info.memories[0])).contains("multi-memory"));
    assert!(error(|info| info.memories[0].limits.min = 65_537).contains("limits of a memory"));
    assert!(error(|info| info.global_inits[0] = ConstExpr::Const(Const::I64(0))).contains("a constant i32 expected"));
    assert!(error(|info| info.global_inits[0] = ConstExpr::GlobalGet(1)).contains("global 1 is no imported constant"));
    assert!(error(|info| info.imported_funcs = 1).contains("begin with the imports"));
    assert!(
        error(|info| {
            let export = Export { name: "a".into(), kind: ExportKind::Memory(0) };
            info.exports = vec![export.clone(), export];
        })
        .contains("two exports")
    );
}

#[test]
fn functions_and_data_are_complete() {
    let info = module();
    let mut checker = Checker::new(());
    checker.module(&info);
    let error = checker.finish(Vec::new()).expect_err("the function is missing");
    assert!(
        matches!(&error, CompileError::Microwasm { message, .. } if message.contains("function 0 of 1")),
        "{error}"
    );

    let mut checker = Checker::new(());
    checker.module(&ModuleInfo { data_count: Some(1), ..ModuleInfo::default() });
    assert!(checker.finish(Vec::new()).is_err());
    let mut checker = Checker::new(());
    checker.module(&ModuleInfo::default());
    let mode = SegmentMode::Active { index: 0, offset: ConstExpr::Const(Const::I32(0)) };
    let error = checker.finish(vec![DataSegment { mode, bytes: [].into() }]).expect_err("there is no memory");
    assert!(error.to_string().contains("there is no memory 0"), "{error}");

    let mut checker = Checker::new(());
    checker.module(&info);
    checker.begin(0, &FuncType::default(), 0);
    assert!(checker.finish(Vec::new()).is_err(), "the function has another type");
}
