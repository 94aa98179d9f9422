//! Shows that reduction finds what matters: an engine that computes one operator wrongly, and random modules.

use lightbeam_harness::compare;
use lightbeam_harness::engine::{Engine, Module};
use lightbeam_harness::engines::by_name;
use lightbeam_harness::generate::Generator;
use lightbeam_harness::outcome::{Outcome, Rejection};
use lightbeam_harness::plan::{Case, Variant};
use lightbeam_harness::reduce::{Budget, Reduced, operators, predicate, reduce};
use lightbeam_harness::rewrite::perturb::{Perturbation, perturb, present};
use lightbeam_harness::value::Value;
use std::time::{Duration, Instant};

/// An engine that computes one operator wrongly.
struct Wrong {
    inner: Box<dyn Engine>,
    operator: &'static str,
}

impl Engine for Wrong {
    fn name(&self) -> &str {
        "wrong"
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, Rejection> {
        let wrong = perturb(wasm, self.operator, Perturbation::Wrong);
        self.inner.compile(&wrong.map_err(|error| Rejection::Invalid(error.to_string()))?)
    }
}

fn engine(name: &str) -> Box<dyn Engine> {
    by_name(name).expect("the engine is there")
}

const BUDGET: Budget = Budget { tries: 20_000, time: Duration::from_secs(600) };

/// Reduces a case on which an engine and an oracle differ; `None` if they do not.
fn reduced(wrong: &dyn Engine, oracle: &dyn Engine, case: &Case, budget: &Budget) -> Option<Reduced> {
    let divergence = compare::run(wrong, oracle, case).divergence?;
    if divergence.what == compare::Observation::TrapPlace {
        return None;
    }
    let mut interesting = |case: &Case| {
        compare::run(wrong, oracle, case).divergence.is_some_and(|now| predicate::alike(&divergence, &now))
    };
    let reduced = reduce(case, oracle, &mut interesting, budget, &mut |_| {});
    assert!(interesting(&reduced.case), "what is left is not interesting");
    wasmparser::validate(&reduced.case.wasm).expect("what is left is valid");
    Some(reduced)
}

/// Cases of a generator with at least this many operators, and a way in which each can be wrong.
fn cases(generator: Generator, at_least: u64) -> impl Iterator<Item = (Case, &'static str)> {
    (0..)
        .map(move |number| (number, generator.case(77, number).1))
        .filter(move |(_, case)| operators(&case.wasm) >= at_least)
        .filter_map(|(number, case)| {
            let mut present = present(&case.wasm).ok()?;
            present.retain(|operator| {
                !lightbeam_harness::rewrite::perturb::is_structural(operator) && !operator.contains("Const")
            });
            let operator = *present.get(number as usize % present.len().max(1))?;
            Some((case, operator))
        })
}

#[test]
fn a_wrong_operator_is_left_almost_alone() {
    let oracle = engine("microwasm");
    for generator in [Generator::Smith, Generator::Expression, Generator::Pressure] {
        let (mut done, mut small) = (0, 0);
        for (case, operator) in cases(generator, 100).take(60) {
            let wrong = Wrong { inner: engine("microwasm"), operator };
            let begin = Instant::now();
            let Some(reduced) = reduced(&wrong, &*oracle, &case, &BUDGET) else { continue };
            let text = wasmprinter::print_bytes(&reduced.case.wasm).expect("it is valid");
            println!(
                "{}: {operator}: {:?} in {} tries, {:?}",
                generator.name(),
                reduced.operators,
                reduced.tries,
                begin.elapsed()
            );
            assert!(!reduced.spent, "the budget did not suffice for {operator}");
            // A function keeps its type, so that one with many results needs a constant for each.
            assert!(reduced.operators.1 <= 20, "{operator}, {} operators:\n{text}", reduced.operators.1);
            small += u32::from(reduced.operators.1 <= 15);
            assert!(text.len() < 3000, "{text}");
            done += 1;
            if done == 6 {
                break;
            }
        }
        assert!(small + 1 >= done, "{}: {small} of {done} have at most 15 operators", generator.name());
        assert!(done >= 4, "{}: too few cases show their wrong operator", generator.name());
    }
}

/// Whether some call of the plan returns a value with this bit set.
fn some_bit(oracle: &dyn Engine, case: &Case, bit: u32) -> bool {
    use lightbeam_harness::host::Host;
    use lightbeam_harness::rewrite::fuel;
    use lightbeam_harness::shape::Shape;
    let Ok(shape) = Shape::parse(&case.wasm) else { return false };
    let Ok(wasm) = fuel::instrument(&case.wasm, &shape, case.plan.fuel_mode, case.plan.nan) else { return false };
    let Ok(module) = oracle.compile(&wasm) else { return false };
    let Ok(mut instance) = module.prepare(shape.into(), Host::new(case.plan.host_seed, case.plan.manner)) else {
        return false;
    };
    if !matches!(instance.start(), Outcome::Returned(_)) {
        return false;
    }
    case.plan.calls.iter().any(|call| {
        instance.refuel(case.plan.fuel);
        let Outcome::Returned(values) = instance.call(call.func, &call.args) else { return false };
        values.iter().any(|value| matches!(value, Value::I64(bits) if bits >> bit & 1 == 1))
    })
}

#[test]
fn a_bit_of_a_result_needs_one_constant() {
    let oracle = engine("microwasm");
    let mut done = 0;
    for (case, _) in cases(Generator::Expression, 100).chain(cases(Generator::Smith, 100).take(20)).take(100) {
        if !some_bit(&*oracle, &case, 35) {
            continue;
        }
        let once = || reduce(&case, &*oracle, &mut |case| some_bit(&*oracle, case, 35), &BUDGET, &mut |_| {});
        let reduced = once();
        assert!(some_bit(&*oracle, &reduced.case, 35));
        let text = wasmprinter::print_bytes(&reduced.case.wasm).expect("it is valid");
        assert!(reduced.operators.1 <= 4, "{text}");
        assert_eq!(reduced.case.plan.calls.len(), 1);
        assert_eq!(reduced, once(), "reduction is not deterministic");
        done += 1;
        if done == 5 {
            return;
        }
    }
    panic!("too few cases return such a value");
}

#[test]
fn the_budget_is_kept_and_a_boring_case_comes_back() {
    let oracle = engine("microwasm");
    let (case, _) = cases(Generator::Expression, 100).next().expect("there are cases");
    let mut tries = 0;
    let budget = Budget { tries: 15, ..BUDGET };
    let mut interesting = |_: &Case| {
        tries += 1;
        tries % 2 == 1
    };
    let reduced = reduce(&case, &*oracle, &mut interesting, &budget, &mut |_| {});
    assert_eq!((reduced.tries, tries), (15, 15));
    assert!(reduced.spent);
    let none = Budget { time: Duration::ZERO, ..BUDGET };
    assert_eq!(reduce(&case, &*oracle, &mut |_| true, &none, &mut |_| {}).tries, 0);
    let boring = reduce(&case, &*oracle, &mut |_| false, &BUDGET, &mut |_| {});
    assert_eq!((boring.case, boring.tries), (case.clone(), 1));
    let malformed = Case { wasm: b"\0asm\x01\0\0\0\x0a\x02\x01\x7f".to_vec(), plan: case.plan };
    assert_eq!(reduce(&malformed, &*oracle, &mut |_| true, &BUDGET, &mut |_| {}).case, malformed);
}

/// Reduces a module of which one operator is wrong, with all exports called.
fn shrunk(wat: &str, variant: Variant, operator: &'static str) -> (Reduced, String) {
    use lightbeam_harness::plan::Plan;
    use lightbeam_harness::shape::Shape;
    let oracle = engine("microwasm");
    let wasm = wat::parse_str(wat).expect("the text is well-formed");
    let mut plan = Plan::real(&Shape::parse(&wasm).expect("it is a module"), 3);
    plan.variant = variant;
    let wrong = Wrong { inner: engine("microwasm"), operator };
    let case = Case { wasm, plan };
    let reduced = reduced(&wrong, &*oracle, &case, &BUDGET).expect("it shows that it is wrong");
    let text = wasmprinter::print_bytes(&reduced.case.wasm).expect("it is valid");
    (reduced, text)
}

#[test]
fn types_lose_what_nobody_needs() {
    let (reduced, text) = shrunk(
        r#"(module
            (func $f (param i64 f32 i32) (result f64 i32 i64)
                f64.const 1
                (i32.rotl (local.get 2) (i32.const 3))
                local.get 0)
            (func (export "f") (param f32) (result i64 i32 f64) (local i64 i32)
                (call $f (i64.const 4) (local.get 0) (i32.const 9))
                local.set 1
                local.set 2
                drop
                local.get 1
                local.get 2
                f64.const 2))"#,
        Variant::Fuelled,
        "I32Rotl",
    );
    assert!(reduced.operators.1 <= 4, "{text}");
    assert!(!text.contains("param") && text.contains("(result i32)"), "{text}");
}

#[test]
fn the_type_of_an_indirect_call_changes_with_the_functions() {
    use lightbeam_harness::plan::Plan;
    use lightbeam_harness::shape::Shape;
    let oracle = engine("microwasm");
    let wasm = wat::parse_str(
        r#"(module
            (type $t (func (param i64 f32 i32) (result f64 i64)))
            (table 1 funcref)
            (elem (i32.const 0) $f)
            (func $f (type $t) f64.const 1 (i64.const 0x800000000))
            (func (export "f") (result i64)
                (call_indirect (type $t) (i64.const 4) (f32.const 1) (i32.const 9) (i32.const 0))
                (global.set $g)
                drop
                global.get $g)
            (global $g (mut i64) (i64.const 0)))"#,
    );
    let wasm = wasm.expect("the text is well-formed");
    let plan = Plan::real(&Shape::parse(&wasm).expect("it is a module"), 3);
    let text = |case: &Case| wasmprinter::print_bytes(&case.wasm).expect("it is valid");
    // A call with another type than the function's would trap.
    let mut interesting = |case: &Case| text(case).contains("call_indirect") && some_bit(&*oracle, case, 35);
    let case = Case { wasm, plan };
    assert!(interesting(&case));
    let reduced = reduce(&case, &*oracle, &mut interesting, &BUDGET, &mut |_| {});
    let text = text(&reduced.case);
    assert!(reduced.operators.1 <= 5, "{text}");
    assert!(!text.contains("param") && !text.contains("f64"), "{text}");
}

#[test]
fn functions_stand_at_their_calls() {
    let (reduced, text) = shrunk(
        r#"(module
            (memory 1)
            (func $g (param i32) (result i32)
                (if (i32.eqz (local.get 0)) (then (return (i32.const 7))))
                (i32.popcnt (i32.load (local.get 0))))
            (func $f (param i32) (result i32)
                (i32.store (local.get 0) (i32.const 0xffff))
                (call $g (local.get 0)))
            (func (export "f") (result i32) (call $f (i32.const 16))))"#,
        Variant::Fuelled,
        "I32Popcnt",
    );
    assert!(reduced.operators.1 <= 3, "{text}");
    assert!(!text.contains("call"), "{text}");
}

#[test]
fn blocks_go_although_there_are_branches_to_them() {
    let (reduced, text) = shrunk(
        r#"(module
            (global $g (mut i32) (i32.const 3))
            (func (export "f") (result i32) (local i32)
                (block $out (result i32)
                    (loop $again
                        (block $a
                            (block $b
                                (br_table $a $b $a (global.get $g)))
                            (br_if $again (i32.ctz (global.get $g)))
                            (drop (br_if $out (i32.const 3) (i32.eqz (global.get $g)))))
                        (local.set 0 (i32.clz (global.get $g)))
                        (global.set $g (i32.sub (global.get $g) (i32.const 1)))
                        (br_if $again (global.get $g)))
                    (local.get 0))))"#,
        Variant::Fuelled,
        "I32Clz",
    );
    assert!(reduced.operators.1 <= 3, "{text}");
    assert!(!text.contains("block") && !text.contains("loop") && !text.contains("br"), "{text}");
}

#[test]
fn what_tells_the_path_becomes_part_of_the_module() {
    let (reduced, text) = shrunk(
        r#"(module (func (export "f") (param i32) (result i32)
            (if (local.get 0) (then (return (i32.const 3))))
            (i32.popcnt (local.get 0))))"#,
        Variant::Traced,
        "I64Rotl",
    );
    assert_eq!(reduced.case.plan.variant, Variant::Fuelled);
    assert!(reduced.operators.1 <= 5 && text.contains("i64.rotl"), "{text}");
}

/// A module on whose validity engines disagree stays one, and what has nothing to do with it goes.
#[test]
fn what_is_not_valid_is_reduced_without_running() {
    let wasm = wat::parse_str(
        r#"(module (import "h" "f" (func (param i32))) (memory 1) (global $g (mut i64) (i64.const 1))
            (func (export "a") (param i64) (result i64) (i64.add (local.get 0) (global.get $g)))
            (func (param i32) (local i64 f32)
                (block (br_if 0 (local.get 0)) (call 0 (i32.load (i32.const 4))))
                (local.set 1 (i64.const 3))
                (local.set 1 (f32.neg (f32.mul (local.get 2) (f32.const 4))))
                (call 0 (i32.wrap_i64 (local.get 1))))
            (func (result i32) (i32.mul (i32.const 5) (i32.const 6)))
            (data (i32.const 0) "something"))"#,
    )
    .expect("well-formed text");
    let plan = lightbeam_harness::plan::Plan::real(&Default::default(), 1);
    let mismatch = |case: &Case| {
        wasmparser::validate(&case.wasm).is_err_and(|error| error.message().contains("expected i64, found f32"))
    };
    let case = Case { wasm, plan };
    assert!(mismatch(&case));
    let reduced = reduce(&case, &*engine("microwasm"), &mut |case| mismatch(case), &BUDGET, &mut |_| {});
    assert!(mismatch(&reduced.case) && !reduced.spent);
    let text = wasmprinter::print_bytes(&reduced.case.wasm).expect("it can be parsed");
    // `unreachable` and `end` of two functions; `f32.const`, `local.set` or the like, and `end` of the third.
    assert!(reduced.operators.1 <= 8, "{text}");
    assert!(!text.contains("global") && !text.contains("data") && !text.contains("export"), "{text}");
    // What cannot be parsed stays as it is.
    let case = Case { wasm: case.wasm[..case.wasm.len() - 20].to_vec(), ..case };
    let same = reduce(&case, &*engine("microwasm"), &mut |_| true, &BUDGET, &mut |_| {});
    assert_eq!(same.case, case);
}
