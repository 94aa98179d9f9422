//! What the explorer shows of programs: nothing is lost on the way from the source to machine code, and what belongs
//! together stands together.

use lightbeam_harness::explorer::{Explored, explore};
use std::collections::BTreeSet;

fn explored(program: &str) -> Explored {
    explore(program, lightbeam_bench::program(program).expect("there is one")).expect("it can be explored")
}

/// How many instructions a text has: lines that begin with an offset.
fn instructions<'a>(texts: impl Iterator<Item = &'a str>) -> u64 {
    let is_instruction = |line: &&str| {
        line.trim_start().split_once(' ').is_some_and(|(offset, text)| {
            let is_data = ["dd ", "dq ", "db "].iter().any(|data| text[1..].starts_with(data));
            u32::from_str_radix(offset, 16).is_ok() && !is_data
        })
    };
    texts.flat_map(str::lines).filter(is_instruction).count() as u64
}

#[test]
fn nothing_is_lost() {
    for name in ["quicksort", "dispatch", "interpreter", "mixture", "fib_readme"] {
        let explored = explored(name);
        assert!(explored.absent.is_empty(), "{name}: {:?}", explored.absent);
        let operators = || explored.functions.iter().flat_map(|function| &function.runs).flat_map(|run| &run.operators);
        let sizes = &explored.counts;
        assert_eq!(operators().count() as u64, sizes.wasm.operators, "{name}");
        assert!(operators().all(|operator| !operator.wasm.is_empty()), "{name}");
        let runs = || explored.functions.iter().flat_map(|function| &function.runs);
        let functions = || explored.functions.iter();
        let microwasm = operators().map(|o| &o.microwasm).chain(functions().map(|f| &f.microwasm));
        let microwasm: usize = microwasm.map(|text| text.lines().count()).sum();
        assert_eq!(microwasm as u64, sizes.microwasm.operators, "{name}");
        let shown = [
            instructions(operators().map(|o| o.ours.as_str()).chain(functions().map(|f| f.ours.as_str()))),
            instructions(operators().map(|o| o.cranelift.as_str()).chain(functions().map(|f| f.cranelift.as_str()))),
            instructions(runs().map(|r| r.native.as_str()).chain(explored.rest.iter().map(|r| r.native.as_str()))),
        ];
        let counted = ["lightbeam", "cranelift", "native"].map(|engine| sizes.engines[engine].size.instructions);
        assert_eq!(shown, counted, "{name}");
        assert!(counted.iter().all(|count| *count > 0), "{name}: {counted:?}");
    }
}

#[test]
fn lines_stand_with_their_code() {
    let explored = explored("quicksort");
    let names: Vec<_> = explored.functions.iter().map(|function| function.name.as_deref()).collect();
    assert_eq!(names, [Some("run"), Some("sort")]);
    let runs = || explored.functions.iter().flat_map(|function| &function.runs);
    let run = runs().find(|run| run.text.contains("mix * 1099511628211ull") && run.first).expect("the line is there");
    let has = |what: &str, text: String| assert!(text.contains(what), "{what}: {text}");
    has("i64.mul", run.operators.iter().map(|operator| operator.wasm.as_str()).collect());
    has("mul", run.operators.iter().map(|operator| operator.microwasm.as_str()).collect());
    has("imul", run.operators.iter().map(|operator| operator.ours.as_str()).collect());
    has("imul", run.operators.iter().map(|operator| operator.cranelift.as_str()).collect());
    has("imul", run.native.clone());
    let lines = runs().filter(|run| run.first).count();
    assert_eq!(lines, runs().map(|run| run.line).filter(|line| *line != 0).collect::<BTreeSet<_>>().len());
}

#[test]
fn wasm_that_is_not_from_c_has_no_lines() {
    let explored = explored("fib_readme");
    assert!(!explored.from_c);
    assert!(explored.functions.iter().flat_map(|function| &function.runs).all(|run| run.line == 0 && !run.first));
    assert!(explored.rest.iter().any(|rest| rest.text.contains("fib(n - 1) + fib(n - 2)")));
    let native = &explored.counts.engines["native"];
    assert_eq!(native.unplaced, native.size.instructions);
}
