//! Scripts that are made of cases pass on every engine, and fail on one that is wrong.

use lightbeam_harness::engines::by_name;
use lightbeam_harness::generate::Generator;
use lightbeam_harness::script::script;
use lightbeam_harness::wast::script::Listener;
use lightbeam_harness::wast::{self, Directive, Status};

/// Counts what passes and notes what does not.
#[derive(Default)]
struct Notes {
    outline: Vec<Directive>,
    failed: Vec<String>,
    count: usize,
}

impl Listener for Notes {
    fn outline(&mut self, directives: &[Directive]) {
        self.outline = directives.to_vec();
    }

    fn at(&mut self, _: usize) {}

    fn done(&mut self, number: usize, status: Status) {
        let directive = &self.outline[number];
        self.count += usize::from(directive.is_assertion());
        if status != Status::Passed {
            self.failed.push(format!("line {}: {status:?}", directive.line));
        }
    }
}

/// The assertions of a script that fail on an engine, and how many there are.
fn failures(text: &str, engine: &str) -> (Vec<String>, usize) {
    let mut embedding = wast::by_name(engine).expect("the engine is there");
    let mut notes = Notes::default();
    wast::script::run(text, &mut *embedding, &mut notes).expect("the script can be parsed");
    (notes.failed, notes.count)
}

#[test]
fn scripts_of_cases_pass_everywhere() {
    let oracle = by_name("cranelift").expect("the engine is there");
    for generator in [Generator::Smith, Generator::Expression, Generator::Pressure] {
        let (mut passed, mut refused) = (0, Vec::new());
        for number in 0..300 {
            let case = generator.case(11, number).1;
            let text = match script(&case, &*oracle) {
                Ok(text) if !case.plan.calls.is_empty() => text,
                Ok(_) => continue,
                Err(reason) => {
                    refused.push(reason);
                    continue;
                }
            };
            for engine in ["cranelift", "lightbeam", "microwasm"] {
                let (failed, count) = failures(&text, engine);
                assert!(failed.is_empty(), "{} {number} on {engine}: {failed:?}\n{text}", generator.name());
                assert_ne!(count, 0);
            }
            passed += 1;
            if passed == 15 {
                break;
            }
        }
        assert_eq!(passed, 15, "{}: {refused:?}", generator.name());
    }
}

#[test]
fn a_wrong_expectation_fails() {
    let oracle = by_name("cranelift").expect("the engine is there");
    let case = lightbeam_harness::plan::Case {
        wasm: wat::parse_str(
            r#"(module (import "a\"b" "c" (func (result i32))) (memory 1)
                (func (export "f") (result i32) (i32.store (i32.const 8) (i32.const 7)) (i32.const 1234567)))"#,
        )
        .expect("the text is well-formed"),
        plan: serde_json::from_str(
            r#"{"host_seed":1,"manner":"wild","fuel":100,"fuel_mode":"leave","nan":"no-floats",
                "calls":[{"func":1,"args":[]}]}"#,
        )
        .expect("the plan is well-formed"),
    };
    let text = script(&case, &*oracle).expect("it can be said in a script");
    assert_eq!(failures(&text, "lightbeam").0, Vec::<String>::new());
    let wrong_result = text.replacen("(i32.const 1234567)", "(i32.const 1234568)", 1);
    assert_eq!(failures(&wrong_result, "lightbeam").0.len(), 1, "{wrong_result}");
    let wrong_memory = text.replacen("i32.const 7", "i32.const 9", 1);
    assert_eq!(failures(&wrong_memory, "lightbeam").0.len(), 1, "{wrong_memory}");
}

#[test]
fn calls_that_run_out_of_fuel_and_tables_are_in_scripts() {
    let oracle = by_name("cranelift").expect("the engine is there");
    for mode in ["leave", "trap"] {
        let case = lightbeam_harness::plan::Case {
            wasm: wat::parse_str(
                r#"(module
                    (table 2 3 funcref) (table 2 externref) (global $n (mut i32) (i32.const 0)) (memory 1)
                    (elem (i32.const 1) $f)
                    (func $f (export "f") (param externref) (result i32)
                        (table.set 1 (i32.const 1) (local.get 0))
                        (loop $l
                            (global.set $n (i32.add (global.get $n) (i32.const 1)))
                            (i32.store (i32.const 8) (global.get $n))
                            (br $l))
                        (i32.const 5)))"#,
            )
            .expect("the text is well-formed"),
            plan: serde_json::from_str(&format!(
                r#"{{"host_seed": 3, "manner": "tame", "fuel": 40, "fuel_mode": "{mode}", "nan": "no-floats",
                    "calls": [{{"func": 0, "args": [{{"ExternRef": 7}}]}}, {{"func": 0, "args": [{{"ExternRef": 9}}]}}]}}"#
            ))
            .expect("the plan is well-formed"),
        };
        let text = script(&case, &*oracle).expect("it can be said");
        for engine in ["cranelift", "lightbeam", "microwasm"] {
            let (failed, count) = failures(&text, engine);
            assert!(failed.is_empty() && count >= 10, "{engine}: {failed:?}\n{text}");
        }
        // Another token, another function, more rounds: each of them would show.
        for (right, wrong) in
            [("(i32.const 1)) (ref.extern 9)", "(i32.const 1)) (ref.extern 8)"), ("(ref.func)", "(ref.null func)")]
        {
            assert!(text.contains(right), "{text}");
            assert_ne!(failures(&text.replacen(right, wrong, 1), "cranelift").0, [""; 0], "{wrong}");
        }
        assert_ne!(failures(&text.replace("(i32.const 40)", "(i32.const 41)"), "cranelift").0, [""; 0], "{text}");
    }
}
