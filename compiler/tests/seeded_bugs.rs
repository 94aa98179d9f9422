//! Bugs on purpose: they are told apart, nothing changes while none is selected, and a selected one acts.
#![cfg(feature = "seeded-bugs")]

use lightbeam::seeded::{Area, Bug, select};
use lightbeam::{Config, Engine, Instance, Module, Store};
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
}
