//! A trap happens at the same place on all engines: the same functions on the stack, at the same operators.

use lightbeam_harness::wast::by_name;
use lightbeam_harness::wast::embedding::{Failure, Place};

const TRAPS: &[&str] = &[
    "unreachable",
    "(drop (i32.div_u (i32.const 1) (i32.const 0)))",
    "(drop (i32.load (i32.const -1)))",
    "(i64.store offset=65536 (i32.const 0) (i64.const 1))",
    "(call_indirect (i32.const 7))",
    "(drop (i32.trunc_f64_s (f64.const nan)))",
    "(memory.fill (i32.const 65536) (i32.const 0) (i32.const 1))",
    "(drop (table.get 0 (i32.const 9)))",
];

fn places(engine: &str, wasm: &[u8]) -> Vec<Place> {
    let mut embedding = by_name(engine).expect("the engine is known");
    let module = embedding.define(wasm).expect("the module is valid");
    let instance = embedding.instantiate(module).expect("it has no start function");
    match embedding.invoke(instance, "run", &[]) {
        Err(Failure::Trap(_, places)) => places,
        other => panic!("{engine}: {other:?}"),
    }
}

#[test]
fn traps_happen_at_the_same_places() {
    for operator in TRAPS {
        let wasm = wat::parse_str(format!(
            "(module (memory 1) (table 2 funcref)
               (func $inner (param i32) (nop) {operator})
               (func $middle (loop (call $inner (i32.const 3))))
               (func (export \"run\") (call $middle)))"
        ))
        .expect("well-formed text");
        let ours = places("lightbeam", &wasm);
        assert_eq!(ours.iter().map(|place| place.func).collect::<Vec<_>>(), [0, 1, 2], "{operator}");
        assert_eq!(ours, places("cranelift", &wasm), "{operator}");
        assert_eq!(ours, places("microwasm", &wasm), "{operator}");
    }
}
