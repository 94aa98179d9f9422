//! Hand-written Microwasm with control flow that Wasm does not have: each program states its calls and
//! their results, and both engines give them. One instance takes all calls of a program, in order.

use lightbeam::interpreter::{Limits, Recorder, Store, Value};
use lightbeam::microwasm::check::Checker;
use lightbeam::microwasm::text::parse;
use lightbeam::{Config, Engine, Instance, Module, Val, ValType, interpreter};
use std::path::Path;

/// A call that a program's comment states: `;; name(1, 2) = 3`.
struct Call<'t> {
    name: &'t str,
    args: Vec<i64>,
    result: i64,
}

fn calls(text: &str) -> Vec<Call<'_>> {
    let stated = |line: &'_ str| line.starts_with(";; ") && line.contains(") = ");
    let call = |line| {
        let (name, rest) = str::split_once(line, '(').expect("a call has arguments");
        let (args, result) = rest.split_once(") = ").expect("a call has a result");
        let number = |text: &str| text.trim().parse::<i64>().expect("a number");
        let args = args.split(',').filter(|arg| !arg.trim().is_empty()).map(number).collect();
        Call { name: name.trim_start_matches(";; "), args, result: number(result) }
    };
    text.lines().filter(|line| stated(line)).map(call).collect()
}

/// The calls' results on our engine.
fn compiled(text: &str, calls: &[Call<'_>]) -> Vec<i64> {
    let engine = Engine::new(&Config::new()).expect("signal handlers can be had");
    let module = Module::from_microwasm_text(&engine, text).unwrap_or_else(|error| panic!("{error}"));
    let mut store = lightbeam::Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).expect("it imports nothing");
    let mut results = Vec::new();
    for call in calls {
        let func = instance.get_func(&store, call.name).expect("it is exported");
        let params = func.ty(&store).params.clone();
        let arg =
            |(arg, ty): (&i64, &ValType)| if *ty == ValType::I64 { Val::I64(*arg) } else { Val::I32(*arg as i32) };
        let args: Vec<Val> = call.args.iter().zip(&params).map(arg).collect();
        let mut out = [Val::I32(0)];
        func.call(&mut store, &args, &mut out).expect("it returns");
        results.push(match out[0] {
            Val::I32(value) => value.into(),
            Val::I64(value) => value,
            ref other => panic!("{other:?}"),
        });
    }
    results
}

/// The calls' results in the interpreter.
fn interpreted(text: &str, calls: &[Call<'_>]) -> Vec<i64> {
    let (info, checker) = parse(text, Checker::new(Recorder::new())).unwrap_or_else(|error| panic!("{error}"));
    let module = interpreter::Module::from_checked(checker, info.data.clone()).expect("it was checked");
    let mut store = Store::new(Limits::default());
    let instance = store.instantiate(&module, &[]).expect("it imports nothing");
    let mut results = Vec::new();
    for call in calls {
        let func = store.export(instance, call.name).and_then(interpreter::External::func).expect("it is exported");
        let params = store.func_type(func).params.clone();
        let arg = |(arg, ty): (&i64, &ValType)| {
            if *ty == ValType::I64 { Value::I64(*arg as u64) } else { Value::I32(*arg as u32) }
        };
        let args: Vec<Value> = call.args.iter().zip(&params).map(arg).collect();
        results.push(match store.call(func, &args).expect("it returns")[0] {
            Value::I32(value) => (value as i32).into(),
            Value::I64(value) => value as i64,
            other => panic!("{other:?}"),
        });
    }
    results
}

#[test]
fn programs_do_what_they_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpora/microwasm");
    let mut programs = 0;
    for entry in std::fs::read_dir(folder).expect("the programs are shipped") {
        let path = entry.expect("a folder's entry").path();
        if path.extension().is_none_or(|extension| extension != "mwat") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a program can be read");
        let calls = calls(&text);
        let expected: Vec<i64> = calls.iter().map(|call| call.result).collect();
        assert!(!expected.is_empty(), "{} states no call", path.display());
        assert_eq!(compiled(&text, &calls), expected, "{}, compiled", path.display());
        assert_eq!(interpreted(&text, &calls), expected, "{}, interpreted", path.display());
        programs += 1;
    }
    assert!(programs >= 6, "{programs} programs");
}
