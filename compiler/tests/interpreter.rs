//! The reference interpreter through its interface: results, every kind of trap with its place,
//! host functions, limits, and modules that share memories, tables and globals.

use lightbeam::interpreter::{Error, External, Frame, InstanceAddr, Limits, Module, Recorder, Store, Value};
use lightbeam::microwasm::check::Checker;
use lightbeam::microwasm::{Binary, Callers, Const, Label, Op, Sink, Target};
use lightbeam::wasm::module::ModuleInfo;
use lightbeam::{CompileError, FuncType, GlobalType, LinkError, MemoryType, TableType, TrapKind, ValType};
use wasmparser::Operator;

fn module(text: &str) -> Module {
    Module::from_wasm(&wat::parse_str(text).expect("the text is well-formed")).expect("the module is valid")
}

fn store() -> Store {
    Store::new(Limits::default())
}

fn call(store: &mut Store, instance: InstanceAddr, name: &str, args: &[Value]) -> Result<Vec<Value>, Error> {
    let func = store.export(instance, name).and_then(External::func).expect("the function is exported");
    store.call(func, args)
}

/// Runs the export `run` of a module without imports.
fn run(text: &str, args: &[Value]) -> Result<Vec<Value>, Error> {
    let mut store = store();
    let instance = store.instantiate(&module(text), &[])?;
    call(&mut store, instance, "run", args)
}

fn kind(result: Result<Vec<Value>, Error>) -> TrapKind {
    result.expect_err("it traps").as_trap().expect("it is a trap").kind
}

/// For each body, the offset of its last operator that does something.
fn places(wasm: &[u8]) -> Vec<u32> {
    let place = |payload: wasmparser::Payload<'_>| {
        let wasmparser::Payload::CodeSectionEntry(body) = payload else { return None };
        let operators = body.get_operators_reader().expect("the body is well-formed").into_iter_with_offsets();
        let operators = operators.map(|operator| operator.expect("the body is well-formed"));
        let idle = |operator: &Operator<'_>| matches!(operator, Operator::Drop | Operator::Nop | Operator::End);
        operators.filter(|(operator, _)| !idle(operator)).last().map(|(_, offset)| offset as u32)
    };
    let payloads = wasmparser::Parser::new(0).parse_all(wasm);
    payloads.filter_map(|payload| place(payload.expect("the module is well-formed"))).collect()
}

#[test]
fn loops_calls_and_several_results() {
    let text = r#"(module
        (func $factorial (param i64) (result i64)
            (if (result i64) (i64.eqz (local.get 0))
                (then (i64.const 1))
                (else (i64.mul (local.get 0) (call $factorial (i64.sub (local.get 0) (i64.const 1)))))))
        (func $sum (param i32) (result i32) (local i32)
            (loop (local.set 1 (i32.add (local.get 1) (local.get 0)))
                (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
            (local.get 1))
        (func (export "run") (param i64 i32) (result i64 i32 i32)
            (call $factorial (local.get 0)) (call $sum (local.get 1))
            (block $b (result i32) (br_if $b (i32.const 5) (local.get 1)) (drop) (i32.const 6))))"#;
    let results = run(text, &[Value::I64(20), Value::I32(100)]).expect("it returns");
    assert_eq!(results, [Value::I64(2_432_902_008_176_640_000), Value::I32(5050), Value::I32(5)]);
}

#[test]
fn tables_of_branches_go_to_their_target_with_what_they_pass() {
    let text = r#"(module (func (export "run") (param i32) (result i32)
        (i32.const 1000)
        (block $a (result i32) (block $b (result i32) (block $c (result i32)
            (i32.const 7) (i32.const 8)
            (br_table $c $b $a $b (local.get 0)))
            (return (i32.add (i32.const 100))))
            (return (i32.add (i32.const 200))))
        (i32.add)))"#;
    for (index, expected) in [(0, 108), (1, 208), (2, 1008), (3, 208), (u32::MAX, 208)] {
        assert_eq!(run(text, &[Value::I32(index)]).expect("it returns"), [Value::I32(expected)], "{index}");
    }
}

#[test]
fn a_loop_with_parameters_discards_what_lies_between() {
    let text = r#"(module (func (export "run") (param i32) (result i32)
        (i32.const 1)
        (loop $l (param i32) (result i32)
            (i32.mul (local.get 0)) (i64.const 9) (f32.const 1) (drop) (drop)
            (i64.const 1) (drop) (i32.const 77) (drop)
            (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
            (br_if $l (local.get 0)))))"#;
    assert_eq!(run(text, &[Value::I32(5)]).expect("it returns"), [Value::I32(120)]);
}

/// A loop with two entries, which Wasm cannot say: A adds ten and goes to B, B adds one, counts down
/// and goes to A or ends. Odd numbers enter at A, even ones at B.
#[test]
fn a_loop_with_two_entries() {
    let ty = FuncType { params: [ValType::I32].into(), results: [ValType::I32].into() };
    let info = ModuleInfo { types: vec![ty.clone()], funcs: vec![0], ..ModuleInfo::default() };
    let [end, a, b] = [0, 1, 2].map(Label);
    let def = |label, params, backward| Op::Def { label, keep: 2, params, callers: Callers::Many, backward };
    let constant = |value| Op::Const(Const::I32(value));
    let (n, sum) = (0, 1);
    let mut checker = Checker::new(Recorder::new());
    checker.module(&info);
    checker.begin(0, &ty, 0);
    for op in [
        Op::Locals { count: 1, ty: ValType::I32 },
        def(end, &[ValType::I32], false),
        def(a, &[], true),
        def(b, &[], true),
        Op::Pick(n),
        constant(1),
        Op::Binary(Binary::I32And),
        Op::BrIf { then: Target::Label(a), otherwise: Target::Label(b) },
        Op::Label(a),
        Op::Pick(sum),
        constant(10),
        Op::Binary(Binary::I32Add),
        Op::Put(sum),
        Op::Br(Target::Label(b)),
        Op::Label(b),
        Op::Pick(sum),
        constant(1),
        Op::Binary(Binary::I32Add),
        Op::Tee(sum),
        Op::Pick(n),
        constant(1),
        Op::Binary(Binary::I32Sub),
        Op::Tee(n),
        Op::BrIf { then: Target::Label(a), otherwise: Target::Label(end) },
        Op::Label(end),
        Op::Br(Target::Return),
    ] {
        checker.op(op);
    }
    checker.end();
    let module = Module::from_checked(checker, Vec::new()).expect("the rules are kept");
    let mut store = store();
    let instance = store.instantiate(&module, &[]).expect("it instantiates");
    let run = store.func_of(instance, 0).expect("there is a function");
    for (n, expected) in [(1, 11), (2, 12), (3, 33), (4, 34), (101, 1111)] {
        assert_eq!(store.call(run, &[Value::I32(n)]).expect("it returns"), [Value::I32(expected)], "{n}");
    }
}

#[test]
fn what_breaks_a_rule_never_runs() {
    let ty = FuncType::default();
    let info = ModuleInfo { types: vec![ty.clone()], funcs: vec![0], ..ModuleInfo::default() };
    let mut checker = Checker::new(Recorder::new());
    checker.module(&info);
    checker.begin(0, &ty, 3);
    checker.op(Op::Drop(1));
    checker.end();
    let refused = Module::from_checked(checker, Vec::new());
    assert!(matches!(refused, Err(CompileError::Microwasm { offset: 3, .. })), "{refused:?}");
}

#[test]
fn every_kind_of_trap_has_its_place() {
    let cases: &[(TrapKind, &str)] = &[
        (TrapKind::Unreachable, "(unreachable)"),
        (TrapKind::MemoryOutOfBounds, "(drop (i32.load (i32.const 65533)))"),
        (TrapKind::MemoryOutOfBounds, "(i64.store offset=4294967295 (i32.const -1) (i64.const 1))"),
        (TrapKind::MemoryOutOfBounds, "(memory.fill (i32.const 1) (i32.const 0) (i32.const 65536))"),
        (TrapKind::MemoryOutOfBounds, "(memory.copy (i32.const 1) (i32.const 0) (i32.const -1))"),
        (TrapKind::MemoryOutOfBounds, "(memory.init 0 (i32.const 0) (i32.const 2) (i32.const 2))"),
        (TrapKind::TableOutOfBounds, "(drop (table.get 0 (i32.const 3)))"),
        (TrapKind::TableOutOfBounds, "(table.set 0 (i32.const -1) (ref.null func))"),
        (TrapKind::TableOutOfBounds, "(table.fill 0 (i32.const 4) (ref.null func) (i32.const 0))"),
        (TrapKind::TableOutOfBounds, "(table.copy (i32.const 0) (i32.const 2) (i32.const 2))"),
        (TrapKind::TableOutOfBounds, "(table.init 0 (i32.const 0) (i32.const 0) (i32.const 2))"),
        (TrapKind::TableOutOfBounds, "(call_indirect (i32.const 3))"),
        (TrapKind::IndirectCallToNull, "(call_indirect (i32.const 1))"),
        (TrapKind::BadSignature, "(call_indirect (param i64) (i64.const 0) (i32.const 0))"),
        (TrapKind::IntegerDivisionByZero, "(drop (i64.rem_u (i64.const 1) (i64.const 0)))"),
        (TrapKind::IntegerOverflow, "(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))"),
        (TrapKind::IntegerOverflow, "(drop (i32.trunc_f32_u (f32.const -1)))"),
        (TrapKind::BadConversionToInteger, "(drop (i64.trunc_f64_s (f64.const nan)))"),
        (TrapKind::StackOverflow, "(call $inner)"),
    ];
    for (expected, operator) in cases {
        let text = format!(
            r#"(module (import "host" "f" (func $imported)) (memory 1 1) (table 3 funcref) (data "abc")
                (elem func $inner) (elem (i32.const 0) $imported)
                (func $inner (nop) {operator} (nop))
                (func (export "run") (block (call $inner))))"#
        );
        let wasm = wat::parse_str(&text).expect("the text is well-formed");
        let mut store = store();
        let imported = store.add_func(FuncType::default(), |_, _| Ok(Vec::new()));
        let module = Module::from_wasm(&wasm).expect("the module is valid");
        let instance = store.instantiate(&module, &[External::Func(imported)]).expect("it instantiates");
        let error = call(&mut store, instance, "run", &[]).expect_err("it traps");
        let trap = error.as_trap().unwrap_or_else(|| panic!("{operator}: {error}"));
        assert_eq!(trap.kind, *expected, "{operator}");
        let [inner, outer] = places(&wasm)[..] else { panic!("there are two functions") };
        assert_eq!(trap.frames[0], Frame { func: 1, offset: inner }, "{operator}");
        assert_eq!(trap.frames.last(), Some(&Frame { func: 2, offset: outer }), "{operator}");
        if *expected != TrapKind::StackOverflow {
            assert_eq!(trap.frames.len(), 2, "{operator}");
        }
    }
}

#[test]
fn the_depth_of_calls_and_the_height_of_the_stack_are_limited() {
    let text = r#"(module
        (func $deep (param i32) (if (local.get 0) (then (call $deep (i32.sub (local.get 0) (i32.const 1))))))
        (func $wide (param i32) (local i64 i64 i64 i64 i64 i64 i64 i64)
            (if (local.get 0) (then (call $wide (i32.sub (local.get 0) (i32.const 1))))))
        (export "deep" (func $deep)) (export "wide" (func $wide)))"#;
    let mut store = Store::new(Limits { depth: 10, values: 70, steps: None });
    let instance = store.instantiate(&module(text), &[]).expect("it instantiates");
    assert_eq!(call(&mut store, instance, "deep", &[Value::I32(9)]).expect("ten calls fit"), []);
    assert_eq!(kind(call(&mut store, instance, "deep", &[Value::I32(10)])), TrapKind::StackOverflow);
    assert_eq!(kind(call(&mut store, instance, "wide", &[Value::I32(9)])), TrapKind::StackOverflow);
    assert_eq!(call(&mut store, instance, "wide", &[Value::I32(5)]).expect("the store can be used on"), []);
}

#[test]
fn steps_are_limited_and_count_ranges() {
    let text = r#"(module (memory 1)
        (func (export "spin") (loop (br 0)))
        (func (export "fill") (loop (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (br 0)))
        (func (export "short") (result i32) (i32.const 3)))"#;
    let mut store = Store::new(Limits { steps: Some(10_000), ..Limits::default() });
    let instance = store.instantiate(&module(text), &[]).expect("it instantiates");
    for name in ["spin", "fill"] {
        let result = call(&mut store, instance, name, &[]);
        assert!(matches!(result, Err(Error::OutOfSteps)), "{name}: {result:?}");
    }
    // Each call has its own steps.
    assert_eq!(call(&mut store, instance, "short", &[]).expect("it is short"), [Value::I32(3)]);
    store.set_limits(Limits { steps: Some(1), ..Limits::default() });
    assert!(matches!(call(&mut store, instance, "short", &[]), Err(Error::OutOfSteps)));
    store.set_limits(Limits { steps: Some(2), ..Limits::default() });
    let before = store.steps();
    assert_eq!(call(&mut store, instance, "short", &[]).expect("two are enough"), [Value::I32(3)]);
    assert_eq!(store.steps() - before, 2);
}

#[test]
fn host_functions_see_their_caller_and_end_calls() {
    let text = r#"(module
        (import "host" "poke" (func $poke (param i32 f64) (result f64 i32)))
        (memory (export "memory") 1)
        (export "poke" (func $poke))
        (func (export "run") (param i32) (result f64 i32 i32)
            (call $poke (local.get 0) (f64.const 1.5)) (i32.load8_u (i32.const 9))))"#;
    let mut store = store();
    let ty = FuncType { params: [ValType::I32, ValType::F64].into(), results: [ValType::F64, ValType::I32].into() };
    let poke = store.add_func(ty, |caller, args| {
        let [Value::I32(number), Value::F64(bits)] = *args else { return Err("other arguments".into()) };
        match number {
            0 => return Err("zero is refused".into()),
            1 => return Ok(vec![Value::I32(1)]),
            _ => {}
        }
        if let Some(External::Memory(memory)) = caller.export("memory") {
            assert_eq!(caller.memory(0), Some(memory));
            caller.bytes_mut(memory)[9] = number as u8;
        }
        Ok(vec![Value::F64(bits), Value::I32(u32::from(caller.instance().is_some()))])
    });
    let instance = store.instantiate(&module(text), &[External::Func(poke)]).expect("it instantiates");
    let bits = 1.5f64.to_bits();
    let results = call(&mut store, instance, "run", &[Value::I32(77)]).expect("it returns");
    assert_eq!(results, [Value::F64(bits), Value::I32(1), Value::I32(77)]);
    let error = call(&mut store, instance, "run", &[Value::I32(0)]).expect_err("the host refuses");
    assert!(matches!(&error, Error::Host(reason) if reason.to_string() == "zero is refused"), "{error}");
    let error = call(&mut store, instance, "run", &[Value::I32(1)]).expect_err("the host returns something else");
    assert!(matches!(error, Error::Types { what: "results of the host", .. }), "{error}");
    // Called from outside there is no instance that calls.
    let results = call(&mut store, instance, "poke", &[Value::I32(5), Value::F64(0)]).expect("it returns");
    assert_eq!(results, [Value::F64(0), Value::I32(0)]);
    let error = call(&mut store, instance, "run", &[Value::I64(0)]).expect_err("the argument has another type");
    assert!(matches!(error, Error::Types { what: "arguments", .. }), "{error}");
}

#[test]
fn instances_share_what_they_import() {
    let mut store = store();
    let a = module(
        r#"(module
            (memory (export "m") 1 4) (table (export "t") 4 funcref) (global (export "g") (mut i32) (i32.const 1))
            (func (export "f") (result i32) (i32.load (i32.const 0)))
            (func (export "via") (param i32) (result i32) (call_indirect (result i32) (local.get 0))))"#,
    );
    let b = module(
        r#"(module
            (import "a" "m" (memory 1)) (import "a" "t" (table 4 funcref)) (import "a" "g" (global $g (mut i32)))
            (import "a" "f" (func $f (result i32)))
            (elem (i32.const 1) $own $f)
            (data (i32.const 0) "\2a\00\00\00")
            (func $own (result i32) (global.set $g (i32.add (global.get $g) (i32.const 10))) (global.get $g))
            (func (export "grow") (result i32) (memory.grow (i32.const 2)))
            (func (export "same") (result i32) (call $f))
            (func (export "ref") (result funcref) (ref.func $f))
            (func (export "item") (result funcref) (table.get 0 (i32.const 2))))"#,
    );
    let a = store.instantiate(&a, &[]).expect("it instantiates");
    let imports = ["m", "t", "g", "f"].map(|name| store.export(a, name).expect("it is exported"));
    let b = store.instantiate(&b, &imports).expect("it instantiates");
    assert_eq!(call(&mut store, a, "f", &[]).expect("it returns"), [Value::I32(42)]);
    assert_eq!(call(&mut store, b, "same", &[]).expect("it returns"), [Value::I32(42)]);
    assert_eq!(call(&mut store, a, "via", &[Value::I32(1)]).expect("it returns"), [Value::I32(11)]);
    assert_eq!(call(&mut store, a, "via", &[Value::I32(2)]).expect("it returns"), [Value::I32(42)]);
    assert_eq!(kind(call(&mut store, a, "via", &[Value::I32(0)])), TrapKind::IndirectCallToNull);
    assert_eq!(call(&mut store, b, "grow", &[]).expect("it returns"), [Value::I32(1)]);
    let External::Memory(memory) = imports[0] else { panic!("the first is a memory") };
    assert_eq!(store.bytes(memory).len(), 3 << 16);
    // One function has one identity, by whatever way it is reached.
    let f = Value::FuncRef(imports[3].func());
    assert_eq!(call(&mut store, b, "ref", &[]).expect("it returns"), [f]);
    assert_eq!(call(&mut store, b, "item", &[]).expect("it returns"), [f]);
    let global = imports[2].global().expect("the third is a global");
    assert_eq!(store.global(global), Value::I32(11));
    store.set_global(global, Value::I32(100)).expect("it is mutable");
    assert_eq!(call(&mut store, a, "via", &[Value::I32(1)]).expect("it returns"), [Value::I32(110)]);
}

#[test]
fn imports_are_matched_by_type_and_limits() {
    let mut store = store();
    let limits = |min, max| lightbeam::Limits { min, max };
    let ty = |params: &[ValType]| FuncType { params: params.into(), results: [].into() };
    let func = External::Func(store.add_func(ty(&[ValType::I32]), |_, _| Ok(Vec::new())));
    let memory = store.add_memory(&MemoryType { limits: limits(2, Some(3)) }).expect("there is memory");
    let memory = External::Memory(memory);
    let table_type = TableType { element: ValType::FuncRef, limits: limits(2, None) };
    let table = External::Table(store.add_table(table_type, Value::FuncRef(None)).expect("there is memory"));
    let global_type = GlobalType { content: ValType::I32, mutable: true };
    let global = External::Global(store.add_global(global_type, Value::I32(0)).expect("the type is right"));
    let cases: &[(&str, External, bool)] = &[
        ("(func (param i32))", func, true),
        ("(func)", func, false),
        ("(func (param i32) (result i32))", func, false),
        ("(memory 2 3)", memory, true),
        ("(memory 1 4)", memory, true),
        ("(memory 0)", memory, true),
        ("(memory 3)", memory, false),
        ("(memory 1 2)", memory, false),
        ("(table 2 funcref)", table, true),
        ("(table 2 10 funcref)", table, false),
        ("(table 2 externref)", table, false),
        ("(global (mut i32))", global, true),
        ("(global i32)", global, false),
        ("(global (mut i64))", global, false),
        ("(global (mut i32))", memory, false),
    ];
    for (import, given, fits) in cases {
        let module = module(&format!("(module (import \"a\" \"b\" {import}))"));
        let result = store.instantiate(&module, &[*given]);
        match &result {
            Ok(_) => assert!(fits, "{import}"),
            Err(Error::Link(LinkError::Incompatible { module, name, .. })) => {
                assert!(!fits && module == "a" && name == "b", "{import}");
            }
            other => panic!("{import}: {other:?}"),
        }
    }
    let module = module("(module (import \"a\" \"b\" (func)))");
    assert!(matches!(store.instantiate(&module, &[]), Err(Error::Imports { expected: 1, given: 0 })));
}

#[test]
fn growth_ends_at_the_limits() {
    let text = r#"(module (memory 1 3) (table $t 1 2 externref) (table $free 0 funcref)
        (func (export "memory") (param i32) (result i32 i32) (memory.grow (local.get 0)) (memory.size))
        (func (export "table") (param i32 externref) (result i32 i32)
            (table.grow $t (local.get 1) (local.get 0)) (table.size $t))
        (func (export "free") (param i32) (result i32) (table.grow $free (ref.null func) (local.get 0)))
        (func (export "get") (param i32) (result externref) (table.get $t (local.get 0))))"#;
    let mut store = store();
    let instance = store.instantiate(&module(text), &[]).expect("it instantiates");
    let mut grow = |delta| call(&mut store, instance, "memory", &[Value::I32(delta)]).expect("it returns");
    assert_eq!(grow(3), [Value::I32(u32::MAX), Value::I32(1)]);
    assert_eq!(grow(u32::MAX), [Value::I32(u32::MAX), Value::I32(1)]);
    assert_eq!(grow(2), [Value::I32(1), Value::I32(3)]);
    assert_eq!(grow(0), [Value::I32(3), Value::I32(3)]);
    let token = Value::ExternRef(Some(7));
    let mut grow = |delta| call(&mut store, instance, "table", &[Value::I32(delta), token]).expect("it returns");
    assert_eq!(grow(2), [Value::I32(u32::MAX), Value::I32(1)]);
    assert_eq!(grow(1), [Value::I32(1), Value::I32(2)]);
    assert_eq!(call(&mut store, instance, "get", &[Value::I32(1)]).expect("it returns"), [token]);
    assert_eq!(call(&mut store, instance, "get", &[Value::I32(0)]).expect("it returns"), [Value::ExternRef(None)]);
    let mut grow = |delta| call(&mut store, instance, "free", &[Value::I32(delta)]).expect("it returns");
    assert_eq!(grow(lightbeam::MAX_ELEMENTS as u32 + 1), [Value::I32(u32::MAX)]);
    assert_eq!(grow(3), [Value::I32(0)]);
}

#[test]
fn segments_are_applied_in_order_and_stay_written_before_a_trap() {
    let mut store = store();
    let memory =
        store.add_memory(&MemoryType { limits: lightbeam::Limits { min: 1, max: None } }).expect("there is memory");
    let text = r#"(module (import "a" "m" (memory 1)) (table 2 funcref) (func $f)
        (elem (i32.const 1) $f)
        (data (i32.const 0) "first") (data (i32.const 65535) "too long") (data (i32.const 8) "last"))"#;
    let error = store.instantiate(&module(text), &[External::Memory(memory)]).expect_err("a segment does not fit");
    let trap = error.as_trap().expect("it is a trap");
    assert_eq!((trap.kind, trap.frames.len()), (TrapKind::MemoryOutOfBounds, 0));
    assert_eq!(&store.bytes(memory)[..10], b"first\0\0\0\0\0");
    assert_eq!(store.bytes(memory)[65535], 0);
    let text = r#"(module (table 1 funcref) (func $f) (elem (i32.const 0) $f $f))"#;
    let error = store.instantiate(&module(text), &[]).expect_err("a segment does not fit");
    assert_eq!(error.as_trap().expect("it is a trap").kind, TrapKind::TableOutOfBounds);
}

#[test]
fn dropped_segments_have_nothing() {
    let text = r#"(module (memory 1) (table 2 funcref) (func $f)
        (data $d "xyz") (elem $e func $f) (elem $declared declare func $f) (data $active (i32.const 0) "q")
        (func (export "data") (param i32) (memory.init $d (i32.const 0) (i32.const 0) (local.get 0)))
        (func (export "elem") (param i32) (table.init $e (i32.const 0) (i32.const 0) (local.get 0)))
        (func (export "active") (memory.init $active (i32.const 0) (i32.const 0) (i32.const 1)))
        (func (export "declared") (table.init $declared (i32.const 0) (i32.const 0) (i32.const 1)))
        (func (export "drop") (data.drop $d) (elem.drop $e)))"#;
    let mut store = store();
    let instance = store.instantiate(&module(text), &[]).expect("it instantiates");
    let cases = [("data", 3, TrapKind::MemoryOutOfBounds), ("elem", 1, TrapKind::TableOutOfBounds)];
    for (name, length, _) in cases {
        assert_eq!(call(&mut store, instance, name, &[Value::I32(length)]).expect("it is there"), []);
    }
    assert_eq!(call(&mut store, instance, "drop", &[]).expect("it returns"), []);
    for (name, length, expected) in cases {
        assert_eq!(call(&mut store, instance, name, &[Value::I32(0)]).expect("nothing can be copied"), []);
        assert_eq!(kind(call(&mut store, instance, name, &[Value::I32(length)])), expected);
    }
    assert_eq!(kind(call(&mut store, instance, "active", &[])), TrapKind::MemoryOutOfBounds);
    assert_eq!(kind(call(&mut store, instance, "declared", &[])), TrapKind::TableOutOfBounds);
}

#[test]
fn copies_may_overlap_and_go_between_tables() {
    let text = r#"(module (memory 1) (table $a 4 funcref) (table $b 2 funcref) (func $f) (func $g)
        (data (i32.const 0) "abcdef") (elem (table $a) (i32.const 0) func $f $g) (elem (table $b) (i32.const 0) func $g)
        (func (export "run") (result i64 i32 i32 i32)
            (memory.copy (i32.const 2) (i32.const 0) (i32.const 4))
            (table.copy $a $a (i32.const 1) (i32.const 0) (i32.const 2))
            (table.copy $a $b (i32.const 3) (i32.const 1) (i32.const 1))
            (i64.load (i32.const 0))
            (ref.is_null (table.get $a (i32.const 1))) (ref.is_null (table.get $a (i32.const 2)))
            (ref.is_null (table.get $a (i32.const 3)))))"#;
    let bytes = u64::from_le_bytes(*b"ababcd\0\0");
    let expected = [Value::I64(bytes), Value::I32(0), Value::I32(0), Value::I32(1)];
    assert_eq!(run(text, &[]).expect("it returns"), expected);
}

#[test]
fn a_start_function_runs_and_may_trap() {
    let text = r#"(module (global $g (export "g") (mut i32) (i32.const 1)) (start $s)
        (func $s (global.set $g (i32.const 5))))"#;
    let mut store = store();
    let instance = store.instantiate(&module(text), &[]).expect("it instantiates");
    let global = store.export(instance, "g").and_then(External::global).expect("it is exported");
    assert_eq!(store.global(global), Value::I32(5));
    // A host function that is the start function is called by the instance.
    let write = store.add_func(FuncType::default(), |caller, _| {
        let memory = caller.memory(0).ok_or("no instance calls")?;
        caller.bytes_mut(memory)[3] = 9;
        Ok(Vec::new())
    });
    let text = r#"(module (import "host" "write" (func $w)) (memory 1) (start $w)
        (func (export "run") (result i32) (i32.load (i32.const 0))))"#;
    let instance = store.instantiate(&module(text), &[External::Func(write)]).expect("it instantiates");
    assert_eq!(call(&mut store, instance, "run", &[]).expect("it returns"), [Value::I32(9 << 24)]);
    let error = store.instantiate(&module("(module (start 0) (func (unreachable)))"), &[]).expect_err("it traps");
    assert_eq!(error.as_trap().expect("it is a trap").frames.len(), 1);
}

#[test]
fn what_is_no_module_is_refused() {
    assert!(matches!(Module::from_wasm(b"\0asm\x02\0\0\0"), Err(CompileError::Invalid { .. })));
    assert!(matches!(Module::from_wasm(b"\0asm"), Err(CompileError::UnexpectedEnd { .. })));
}
