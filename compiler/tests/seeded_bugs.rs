//! Bugs on purpose: they are told apart, nothing changes while none is selected, and a selected one acts.
#![cfg(feature = "seeded-bugs")]

use lightbeam::seeded::{Area, Bug, select};
use lightbeam::{Config, Engine, Instance, MemoryBase, Module, Store};
use std::collections::BTreeSet;

#[test]
fn bugs_are_numbered_from_one_and_spread_over_all_areas() {
    let numbers: Vec<u32> = Bug::ALL.iter().map(|bug| bug.number()).collect();
    assert!(numbers.iter().copied().eq(1..=numbers.len() as u32));
    assert!(numbers.len() >= 80, "{} bugs", numbers.len());
    assert_eq!(Bug::ALL.iter().map(|bug| bug.name()).collect::<BTreeSet<_>>().len(), numbers.len());
    let areas: BTreeSet<Area> = Bug::ALL.iter().filter_map(|bug| bug.area()).collect();
    assert_eq!(areas.len(), 12);
}

/// What `f` returns for these arguments.
fn run(text: &str, args: (i64, i64)) -> i64 {
    let engine = Engine::new(&Config::new()).expect("signal handlers can be had");
    let module = Module::new(&engine, wat::parse_str(text).expect("well-formed text")).expect("it is valid");
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).expect("it imports nothing");
    let f = instance.get_typed_func::<(i64, i64), i64>(&mut store, "f").expect("it is exported");
    f.call(&mut store, args).expect("it returns")
}

/// What `f` of an instance returns that looks at its memory with a 32-bit sum, after a call of another instance. A trap is
/// -1.
fn run_through_segment(engine: &Engine) -> i32 {
    let module =
        |text: &str| Module::new(engine, wat::parse_str(text).expect("well-formed text")).expect("it is valid");
    let mut store = Store::new(engine, ());
    let other = r#"(module (memory 1) (data (i32.const 0) "\02")
        (func (export "g") (result i32) (i32.load8_u (i32.const 0))))"#;
    let other = Instance::new(&mut store, &module(other), &[]).expect("it imports nothing");
    let own = r#"(module (import "" "g" (func $g (result i32))) (memory 1) (data (i32.const 0) "\0a")
        (func (export "f") (param i32 i32) (result i32)
            (i32.add (call $g) (i32.load8_u (i32.add (local.get 0) (local.get 1))))))"#;
    let g = other.get_func(&store, "g").expect("it is exported");
    let instance = Instance::new(&mut store, &module(own), &[g.into()]).expect("it imports what there is");
    let f = instance.get_typed_func::<(i32, i32), i32>(&mut store, "f").expect("it is exported");
    f.call(&mut store, (-8, 8)).unwrap_or(-1)
}

// One test: the selection is the whole process's.
#[test]
fn a_selected_bug_acts_and_only_then() {
    let module = |body: &str| format!("(module (func (export \"f\") (param i64 i64) (result i64) {body}))");
    for (bug, body, args) in [
        (Bug::RemainderSigned, "(i64.rem_u (local.get 0) (local.get 1))", (-1, 10)),
        (Bug::ShiftCountCut, "(i64.shl (local.get 0) (i64.const 33))", (1, 0)),
        (Bug::ImmediateUnsigned, "(i64.add (local.get 0) (i64.const 0x80000000))", (0, 0)),
        (Bug::SubtractSmallest, "(i64.sub (local.get 0) (i64.const -0x80000000))", (0, 0)),
        (Bug::RotateOtherWay, "(i64.rotr (local.get 0) (i64.const 3))", (1, 0)),
        (Bug::MaskExtendsSign, "(i64.add (local.get 0) (i64.and (local.get 0) (i64.const 255)))", (200, 0)),
        (Bug::FiveTimesIsNine, "(i64.mul (local.get 0) (i64.const 5))", (1, 0)),
        (
            Bug::SignTakenForClear,
            "(i64.trunc_sat_f64_u (f64.convert_i64_u (i64.shr_s (local.get 0) (i64.const 1))))",
            (-8, 0),
        ),
    ] {
        let text = module(body);
        select(0);
        let right = run(&text, args);
        select(bug.number());
        let wrong = run(&text, args);
        select(0);
        assert_ne!(right, wrong, "{}", bug.name());
        assert_eq!(right, run(&text, args), "{}", bug.name());
    }
    if !MemoryBase::Segment.is_permitted() {
        return eprintln!("skipped: the base of gs may not be set here");
    }
    let engine = Engine::new(Config::new().memory_base(MemoryBase::Segment)).expect("it is permitted");
    for (bug, wrong) in [(Bug::AddressNotWrapped, -1), (Bug::SegmentNotRestored, 4)] {
        assert_eq!(run_through_segment(&engine), 12);
        select(bug.number());
        let result = run_through_segment(&engine);
        select(0);
        assert_eq!(result, wrong, "{}", bug.name());
    }
}
