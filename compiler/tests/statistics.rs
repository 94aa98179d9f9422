//! Static counters of functions whose code can be counted by hand.
#![cfg(feature = "explain")]

use lightbeam::Rewrite;
use lightbeam::compile::{CompilerConfig, compile};
use lightbeam::statistics::{FunctionStatistics, Transfers, statistics};

fn count(text: &str) -> Vec<FunctionStatistics> {
    let wasm = wat::parse_str(text).expect("it is well-formed");
    let mut config = CompilerConfig::native().expect("this CPU will do");
    config.listing = true;
    let module = compile(&wasm, &config).expect("it compiles");
    let counted = statistics(&module);
    let bytes: u32 = counted.iter().map(|function| function.code_bytes).sum();
    assert!(bytes as usize <= module.code.bytes.len(), "no byte counts twice");
    counted
}

#[test]
fn a_loop_that_keeps_its_values_moves_nothing() {
    let counted = count(
        "(module (func (param i32) (result i32) (local i32)
            (loop $again
                (local.set 1 (i32.add (local.get 1) (local.get 0)))
                (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
            (local.get 1)))",
    );
    let [function] = &counted[..] else { panic!("one function") };
    assert_eq!((function.back_edges, function.on_back_edges), (1, Transfers::default()), "{function:?}");
    assert_eq!(function.rewrites.get(&Rewrite::Immediate), Some(&1), "{function:?}");
}

#[test]
fn a_loop_that_swaps_moves_on_its_back_edge() {
    let counted = count(
        "(module (import \"\" \"f\" (func)) (func (param i32 i32) (result i32) (local i32)
            (loop $again
                (local.set 2 (local.get 0))
                (local.set 0 (local.get 1))
                (local.set 1 (local.get 2))
                (br_if $again (i32.gt_s (local.get 0) (i32.const 3))))
            (local.get 0))
          (func (result i32) (i32.const 7)))",
    );
    let [swap, plain] = &counted[..] else { panic!("two functions") };
    assert_eq!((swap.index, swap.back_edges, plain.index, plain.back_edges), (1, 1, 2, 0));
    assert!(swap.on_back_edges.moves >= 3, "a ring of two takes three moves: {swap:?}");
    assert!(swap.adaptors == 1 && swap.adaptor_bytes >= 6, "the way out moves nothing: {swap:?}");
    assert_eq!((plain.adaptors, plain.spills, plain.reloads), (0, 0, 0), "{plain:?}");
    // Its body: no locals, a constant of two bytes, the end.
    assert_eq!(plain.wasm_bytes, 4);
}

#[test]
fn what_lives_across_calls_in_the_frame_is_stored_and_loaded() {
    let values: String = (0..12).map(|n| format!("(f32.const {n}) (f32.add (local.get 0)) ")).collect();
    let sums = "f32.add ".repeat(11);
    let counted = count(&format!("(module (func $f) (func (param f32) (result f32) {values} call $f {sums}))"));
    let caller = &counted[1];
    // No register for floats survives a call.
    assert!(caller.spills >= 12 && caller.reloads >= 12, "{caller:?}");
    assert_eq!((counted[0].spills, counted[0].reloads, counted[0].frame_bytes), (0, 0, 0));
}
