//! Traps, host errors and host panics: what they report, and that everything works afterwards.

use lightbeam::{
    Caller, Config, Engine, Error, Extern, Func, Instance, Limits, Linker, Memory, MemoryType, Module, Store, Table,
    TableType, TrapKind, Val, ValType,
};
use std::panic::{AssertUnwindSafe, catch_unwind};

type Result<T = (), E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

fn engine() -> Engine {
    Engine::new(&Config::new()).expect("an engine")
}

fn module(engine: &Engine, wat: &str) -> Result<Module> {
    Ok(Module::new(engine, wat::parse_str(wat)?)?)
}

/// The kind of the trap that the call ends in.
fn kind<T: std::fmt::Debug>(result: std::result::Result<T, Error>) -> TrapKind {
    match result {
        Err(Error::Trap(trap)) => trap.kind(),
        other => panic!("expected a trap, got {other:?}"),
    }
}

/// The operator at a byte offset of the module, as the byte there.
fn opcode(wasm: &[u8], offset: u32) -> u8 {
    wasm[offset as usize]
}

#[test]
fn every_kind_of_trap_is_reported_where_it_happens() -> Result {
    let wat = r#"(module
        (memory 1)
        (table 3 funcref)
        (elem (i32.const 1) $other)
        (func $other (param i64))
        (func (export "unreachable") (param i32) (unreachable))
        (func (export "memory") (param i32) (drop (i32.load offset=4 (local.get 0))))
        (func (export "store") (param i32) (i32.store8 offset=65535 (local.get 0) (local.get 0)))
        (func (export "div0") (param i32) (drop (i32.div_u (i32.const 1) (i32.and (local.get 0) (i32.const 0)))))
        (func (export "overflow") (param i32) (drop (i32.div_s (i32.const 0x80000000) (i32.or (local.get 0) (i32.const -1)))))
        (func (export "nan") (param i32) (drop (i32.trunc_f32_s (f32.div (f32.const 0) (f32.const 0)))))
        (func (export "large") (param i32) (drop (i32.trunc_f64_s (f64.convert_i32_u (i32.or (local.get 0) (i32.const -1))))))
        (func (export "null") (param i32) (call_indirect (i32.const 0)))
        (func (export "signature") (param i32) (call_indirect (i32.const 1)))
        (func (export "table") (param i32) (call_indirect (local.get 0)))
        (func (export "table.get") (param i32) (drop (table.get (local.get 0))))
        (func (export "fill") (param i32) (memory.fill (i32.const 1) (i32.const 1) (i32.const 65536)))
        (func (export "table.fill") (param i32) (table.fill (i32.const 1) (ref.null func) (i32.const 3))))"#;
    let wasm = wat::parse_str(wat)?;
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &Module::new(&engine, &wasm)?, &[])?;
    let expected = [
        ("unreachable", TrapKind::Unreachable, 0x00),
        ("memory", TrapKind::MemoryOutOfBounds, 0x28),
        ("store", TrapKind::MemoryOutOfBounds, 0x3a),
        ("div0", TrapKind::IntegerDivisionByZero, 0x6e),
        ("overflow", TrapKind::IntegerOverflow, 0x6d),
        ("nan", TrapKind::BadConversionToInteger, 0xa8),
        ("large", TrapKind::IntegerOverflow, 0xaa),
        ("null", TrapKind::IndirectCallToNull, 0x11),
        ("signature", TrapKind::BadSignature, 0x11),
        ("table", TrapKind::TableOutOfBounds, 0x11),
        ("table.get", TrapKind::TableOutOfBounds, 0x25),
        ("fill", TrapKind::MemoryOutOfBounds, 0xfc),
        ("table.fill", TrapKind::TableOutOfBounds, 0xfc),
    ];
    for (index, (name, kind, op)) in expected.into_iter().enumerate() {
        let func = instance.get_typed_func::<i32, ()>(&store, name)?;
        // Twice, and with other values: the first trap leaves nothing behind.
        for argument in [-1, i32::MAX] {
            let Err(Error::Trap(trap)) = func.call(&mut store, argument) else { panic!("{name} traps") };
            assert_eq!(trap.kind(), kind, "{name}");
            assert_eq!(opcode(&wasm, trap.offset().unwrap()), op, "{name}");
            let frames = trap.backtrace().frames();
            assert_eq!(frames.len(), 1, "{name}: {trap}");
            assert_eq!(frames[0].func_index(), index as u32 + 1);
            assert_eq!(Some(frames[0].offset()), trap.offset());
        }
    }
    Ok(())
}

#[test]
fn backtraces_go_through_calls_of_every_sort() -> Result {
    let engine = engine();
    // Function 0 is the host's; 1 traps; 2 calls it with stack arguments; 3 through a table; 4 through the host.
    let wat = r#"(module
        (import "" "again" (func $again (param i32)))
        (table funcref (elem $args))
        (func $trap (param i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i32)
            (i32.div_u (i32.const 1) (i32.wrap_i64 (local.get 8))))
        (func $args (result i32)
            (i32.add (i32.const 1) (call $trap (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5)
                (i64.const 6) (i64.const 7) (i64.const 8) (i64.const 0))))
        (func $table (export "table") (param i32)
            (drop (i32.add (call_indirect (result i32) (i32.const 0)) (local.get 0))))
        (func $host (export "host") (param i32) (call $again (local.get 0))))"#;
    let module = module(&engine, wat)?;
    let mut linker = Linker::<()>::new(&engine);
    linker.func_wrap("", "again", |mut caller: Caller<'_, ()>, n: i32| -> std::result::Result<(), Error> {
        let next = caller.get_export(if n == 0 { "table" } else { "host" }).and_then(Extern::into_func).unwrap();
        next.typed::<i32, ()>(&caller)?.call(&mut caller, n - 1)
    })?;
    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &module)?;
    let host = instance.get_typed_func::<i32, ()>(&store, "host")?;
    for _ in 0..3 {
        let Err(Error::Trap(trap)) = host.call(&mut store, 2) else { panic!("it traps") };
        assert_eq!(trap.kind(), TrapKind::IntegerDivisionByZero);
        let frames: Vec<u32> = trap.backtrace().frames().iter().map(|frame| frame.func_index()).collect();
        assert_eq!(frames, [1, 2, 3, 4, 4, 4], "{trap}");
        assert!(trap.backtrace().frames().iter().all(|frame| Module::same(frame.module(), &module)));
        let offsets: Vec<u32> = trap.backtrace().frames().iter().map(|frame| frame.offset()).collect();
        assert_eq!(offsets[3], offsets[4]);
        assert!(offsets[0] < offsets[1] && offsets[1] < offsets[2] && offsets[2] < offsets[3]);
    }
    Ok(())
}

#[test]
fn traps_of_calls_with_stack_arguments_are_walked() -> Result {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let params = "(param i64 i64 i64 i64 i64 i64 i64 i64 i64)";
    let args = (0..9).map(|n| format!("(i64.const {n})")).collect::<String>();
    let wat = format!(
        r#"(module (table 2 funcref) (elem (i32.const 1) $f) (func $f)
            (func $g (param i32) (result i64)
                (call_indirect {params} {args} (local.get 0)) (i64.const 1))
            (func (export "run") (param i32) (drop (i64.add (i64.const 2) (call $g (local.get 0))))))"#
    );
    let instance = Instance::new(&mut store, &module(&engine, &wat)?, &[])?;
    let run = instance.get_typed_func::<i32, ()>(&store, "run")?;
    let expected = [TrapKind::IndirectCallToNull, TrapKind::BadSignature, TrapKind::TableOutOfBounds];
    for (index, kind) in expected.into_iter().enumerate() {
        let Err(Error::Trap(trap)) = run.call(&mut store, index as i32) else { panic!("it traps") };
        assert_eq!(trap.kind(), kind);
        let frames: Vec<u32> = trap.backtrace().frames().iter().map(|frame| frame.func_index()).collect();
        assert_eq!(frames, [1, 2], "{trap}");
    }
    Ok(())
}

#[test]
fn backtraces_are_bounded() -> Result {
    let mut config = Config::new();
    config.max_backtrace_frames(5);
    let engine = Engine::new(&config)?;
    let mut store = Store::new(&engine, ());
    let wat = r#"(module (func $f (export "f") (param i32)
        (if (i32.eqz (local.get 0)) (then unreachable)) (call $f (i32.sub (local.get 0) (i32.const 1)))))"#;
    let instance = Instance::new(&mut store, &module(&engine, wat)?, &[])?;
    let f = instance.get_typed_func::<i32, ()>(&store, "f")?;
    let Err(Error::Trap(trap)) = f.call(&mut store, 100) else { panic!("it traps") };
    assert_eq!(trap.backtrace().frames().len(), 5);
    Ok(())
}

const RECURSE: &str = r#"(module (import "" "host" (func $host (param i32)))
    (func $f (export "f") (param i32) (result i32)
        (i32.add (call $f (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
    (func $g (export "g") (param i32) (call $host (local.get 0)))
    (func (export "ok") (result i32) (i32.const 3)))"#;

fn exhaust(bytes: usize) -> Result {
    let mut config = Config::new();
    config.max_wasm_stack(bytes);
    let engine = Engine::new(&config)?;
    let mut linker = Linker::<()>::new(&engine);
    linker.func_wrap("", "host", |mut caller: Caller<'_, ()>, n: i32| -> std::result::Result<(), Error> {
        let g = caller.get_export("g").and_then(Extern::into_func).unwrap();
        g.typed::<i32, ()>(&caller)?.call(&mut caller, n + 1)
    })?;
    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &module(&engine, RECURSE)?)?;
    let f = instance.get_typed_func::<i32, i32>(&store, "f")?;
    let g = instance.get_typed_func::<i32, ()>(&store, "g")?;
    let ok = instance.get_typed_func::<(), i32>(&store, "ok")?;
    for _ in 0..3 {
        let Err(Error::Trap(trap)) = f.call(&mut store, 0) else { panic!("it traps") };
        assert_eq!(trap.kind(), TrapKind::StackOverflow);
        assert_eq!(trap.backtrace().frames().len(), 64);
        assert!(trap.backtrace().frames().iter().all(|frame| frame.func_index() == 1));
        assert_eq!(ok.call(&mut store, ())?, 3);
        assert_eq!(kind(g.call(&mut store, 0)), TrapKind::StackOverflow);
        assert_eq!(ok.call(&mut store, ())?, 3);
    }
    Ok(())
}

#[test]
fn stack_overflow_is_an_ordinary_trap() -> Result {
    exhaust(512 << 10)
}

#[test]
fn stack_overflow_comes_before_the_end_of_a_small_thread() {
    for size in [192 << 10, 256 << 10, 1 << 20] {
        let thread = std::thread::Builder::new().stack_size(size);
        let outcome = thread.spawn(|| exhaust(1 << 30).map_err(|error| error.to_string())).unwrap().join().unwrap();
        assert!(outcome.is_ok(), "{size}: {outcome:?}");
    }
}

#[derive(Debug, PartialEq, thiserror::Error)]
#[error("refused with code {0}")]
struct Refused(u32);

#[test]
fn host_errors_come_back_with_the_wasm_backtrace() -> Result {
    let engine = engine();
    let mut linker = Linker::<()>::new(&engine);
    linker.func_wrap("", "fail", |code: u32| -> std::result::Result<(), Error> { Err(Error::host(Refused(code))) })?;
    let module = module(
        &engine,
        r#"(module (import "" "fail" (func $fail (param i32))) (func $a (export "a") (param i32)
            (call $fail (local.get 0)) unreachable) (func (export "b") (param i32) (call $a (local.get 0))))"#,
    )?;
    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &module)?;
    let b = instance.get_typed_func::<u32, ()>(&store, "b")?;
    for code in 0..3 {
        let error = b.call(&mut store, code).unwrap_err();
        assert_eq!(error.downcast_ref::<Refused>(), Some(&Refused(code)));
        assert_eq!(error.to_string(), format!("refused with code {code}"));
        let Error::Host(host) = error else { panic!("a host error") };
        let frames: Vec<u32> = host.backtrace().frames().iter().map(|frame| frame.func_index()).collect();
        assert_eq!(frames, [1, 2]);
    }
    // A result of a wrong type is an error too.
    let ty = lightbeam::FuncType { params: [].into(), results: [ValType::I32].into() };
    let wrong = Func::new(&mut store, ty, |_, _, results| {
        results[0] = Val::I64(1);
        Ok(())
    })?;
    let result = wrong.call(&mut store, &[], &mut [Val::I32(0)]);
    assert!(matches!(result, Err(Error::ValueType { expected: ValType::I32, given: ValType::I64 })));
    Ok(())
}

#[test]
fn host_panics_pass_through_wasm() -> Result {
    let engine = engine();
    let mut linker = Linker::<u32>::new(&engine);
    linker.func_wrap("", "panic", |mut caller: Caller<'_, u32>, depth: u32| -> std::result::Result<(), Error> {
        struct Count<'a, 'b>(&'a mut Caller<'b, u32>);
        impl Drop for Count<'_, '_> {
            fn drop(&mut self) {
                *self.0.data_mut() += 1;
            }
        }
        let counted = Count(&mut caller);
        if depth == 0 {
            std::panic::panic_any(Refused(17));
        }
        let run = counted.0.get_export("run").and_then(Extern::into_func).unwrap();
        run.typed::<u32, u32>(&*counted.0)?.call(&mut *counted.0, depth - 1).map(|_| ())
    })?;
    let module = module(
        &engine,
        r#"(module (import "" "panic" (func $panic (param i32)))
            (func (export "run") (param i32) (result i32) (call $panic (local.get 0)) (i32.const 1))
            (func (export "ok") (result i32) (i32.const 4)))"#,
    )?;
    let mut store = Store::new(&engine, 0);
    let instance = linker.instantiate(&mut store, &module)?;
    let run = instance.get_typed_func::<u32, u32>(&store, "run")?;
    for round in 1..4 {
        let payload = catch_unwind(AssertUnwindSafe(|| run.call(&mut store, 2))).unwrap_err();
        assert_eq!(payload.downcast_ref::<Refused>(), Some(&Refused(17)));
        // Every host frame in between was left in the ordinary way.
        assert_eq!(*store.data(), 3 * round);
        assert_eq!(instance.get_typed_func::<(), i32>(&store, "ok")?.call(&mut store, ())?, 4);
    }
    Ok(())
}

#[test]
fn a_nested_trap_can_be_survived() -> Result {
    let engine = engine();
    let mut linker = Linker::<()>::new(&engine);
    linker.func_wrap("", "try", |mut caller: Caller<'_, ()>| -> i32 {
        let trap = caller.get_export("trap").and_then(Extern::into_func).unwrap();
        let outcome = trap.typed::<(), ()>(&caller).unwrap().call(&mut caller, ());
        // The frames of the outer call are found again after the inner one ended.
        assert_eq!(caller.backtrace().frames().len(), 1);
        i32::from(kind(outcome) == TrapKind::Unreachable)
    })?;
    let module = module(
        &engine,
        r#"(module (import "" "try" (func $try (result i32)))
            (func (export "trap") unreachable)
            (func (export "run") (param i32 i64 f64) (result i32 i64 f64)
                (i32.add (call $try) (local.get 0)) (local.get 1) (local.get 2)))"#,
    )?;
    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &module)?;
    let run = instance.get_typed_func::<(i32, i64, f64), (i32, i64, f64)>(&store, "run")?;
    assert_eq!(run.call(&mut store, (5, 6, 7.5))?, (6, 6, 7.5));
    Ok(())
}

#[test]
fn calls_nest_across_stores() -> Result {
    let engine = engine();
    let inner_module = module(&engine, r#"(module (func (export "trap") unreachable))"#)?;
    let outer_module =
        module(&engine, r#"(module (import "" "other" (func $other)) (func (export "run") (call $other)))"#)?;
    let mut linker = Linker::<Store<()>>::new(&engine);
    linker.func_wrap("", "other", move |mut caller: Caller<'_, Store<()>>| -> std::result::Result<(), Error> {
        let inner = caller.data_mut();
        let instance = Instance::new(&mut *inner, &inner_module, &[])?;
        instance.get_typed_func::<(), ()>(&*inner, "trap")?.call(inner, ())
    })?;
    let inner = Store::new(&engine, ());
    let mut store = Store::new(&engine, inner);
    let instance = linker.instantiate(&mut store, &outer_module)?;
    let run = instance.get_typed_func::<(), ()>(&store, "run")?;
    let Err(Error::Trap(trap)) = run.call(&mut store, ()) else { panic!("it traps") };
    let frames: Vec<u32> = trap.backtrace().frames().iter().map(|frame| frame.func_index()).collect();
    assert_eq!(frames, [0, 1]);
    Ok(())
}

#[test]
fn segments_that_do_not_fit_leave_what_came_before() -> Result {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let memory = Memory::new(&mut store, MemoryType { limits: Limits { min: 1, max: None } })?;
    let ty = TableType { element: ValType::FuncRef, limits: Limits { min: 2, max: None } };
    let table = Table::new(&mut store, ty, Val::FuncRef(None))?;
    let data = module(
        &engine,
        r#"(module (import "" "m" (memory 1)) (import "" "t" (table 2 funcref)) (global $g (mut i32) (i32.const 41))
            (elem (i32.const 1) $f)
            (data (i32.const 0) "first") (data (i32.const 65534) "xyz") (data (i32.const 10) "last")
            (func $f (result i32) (global.set $g (i32.add (global.get $g) (i32.const 1))) (global.get $g)))"#,
    )?;
    let outcome = Instance::new(&mut store, &data, &[memory.into(), table.into()]);
    let Err(Error::Trap(trap)) = outcome else { panic!("it traps") };
    assert_eq!((trap.kind(), trap.offset()), (TrapKind::MemoryOutOfBounds, None));
    assert_eq!(&memory.data(&store)[..14], b"first\0\0\0\0\0\0\0\0\0");
    assert_eq!(&memory.data(&store)[65533..], [0; 3]);
    // The function of the failed instance is in the table, and alive.
    drop(data);
    let Some(Val::FuncRef(Some(f))) = table.get(&store, 1) else { panic!("the element was written") };
    assert_eq!(f.typed::<(), i32>(&store)?.call(&mut store, ())?, 42);
    let elements = module(
        &engine,
        r#"(module (import "" "m" (memory 1)) (import "" "t" (table 2 funcref))
            (elem (i32.const 0) $f) (elem (i32.const 1) $f $f) (data (i32.const 0) "other") (func $f))"#,
    )?;
    let outcome = Instance::new(&mut store, &elements, &[memory.into(), table.into()]);
    assert_eq!(kind(outcome), TrapKind::TableOutOfBounds);
    assert!(matches!(table.get(&store, 0), Some(Val::FuncRef(Some(_)))));
    assert_eq!(&memory.data(&store)[..5], b"first");
    Ok(())
}

#[test]
fn a_trap_in_the_start_function_fails_the_instantiation() -> Result {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let trapping = module(&engine, "(module (start $s) (func $s unreachable))")?;
    assert_eq!(kind(Instance::new(&mut store, &trapping, &[])), TrapKind::Unreachable);
    let fine = module(&engine, r#"(module (func (export "ok") (result i32) (i32.const 1)))"#)?;
    let instance = Instance::new(&mut store, &fine, &[])?;
    assert_eq!(instance.get_typed_func::<(), i32>(&store, "ok")?.call(&mut store, ())?, 1);
    Ok(())
}

#[test]
fn dropped_segments_are_empty() -> Result {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let module = module(
        &engine,
        r#"(module (memory 1) (table 4 funcref) (func $f)
            (elem $active (i32.const 0) func $f) (elem $passive func $f $f) (elem $declared declare func $f)
            (data $d0 (i32.const 0) "a") (data $d1 "bc")
            (func (export "active elem") (param i32) (table.init $active (i32.const 0) (i32.const 0) (local.get 0)))
            (func (export "declared elem") (param i32) (table.init $declared (i32.const 0) (i32.const 0) (local.get 0)))
            (func (export "elem") (param i32) (table.init $passive (i32.const 2) (i32.const 0) (local.get 0)))
            (func (export "drop elem") (elem.drop $passive))
            (func (export "active data") (param i32) (memory.init $d0 (i32.const 0) (i32.const 0) (local.get 0)))
            (func (export "data") (param i32) (memory.init $d1 (i32.const 0) (i32.const 0) (local.get 0)))
            (func (export "drop data") (data.drop $d1)))"#,
    )?;
    let instance = Instance::new(&mut store, &module, &[])?;
    let call = |store: &mut Store<()>, name: &str, n: i32| {
        instance.get_typed_func::<i32, ()>(&*store, name).unwrap().call(store, n)
    };
    for name in ["active elem", "declared elem"] {
        call(&mut store, name, 0)?;
        assert_eq!(kind(call(&mut store, name, 1)), TrapKind::TableOutOfBounds);
    }
    call(&mut store, "active data", 0)?;
    assert_eq!(kind(call(&mut store, "active data", 1)), TrapKind::MemoryOutOfBounds);
    call(&mut store, "elem", 2)?;
    assert_eq!(kind(call(&mut store, "elem", 3)), TrapKind::TableOutOfBounds);
    call(&mut store, "data", 2)?;
    assert_eq!(kind(call(&mut store, "data", 3)), TrapKind::MemoryOutOfBounds);
    for name in ["drop elem", "drop data"] {
        instance.get_typed_func::<(), ()>(&store, name)?.call(&mut store, ())?;
    }
    call(&mut store, "elem", 0)?;
    call(&mut store, "data", 0)?;
    assert_eq!(kind(call(&mut store, "elem", 1)), TrapKind::TableOutOfBounds);
    assert_eq!(kind(call(&mut store, "data", 1)), TrapKind::MemoryOutOfBounds);
    Ok(())
}

#[test]
fn many_threads_trap_at_once() {
    let engine = engine();
    let threads: Vec<_> = (0..8)
        .map(|n| {
            let engine = engine.clone();
            std::thread::spawn(move || {
                for round in 0..50 {
                    // Modules come and go while other threads look for theirs.
                    let wat =
                        r#"(module (memory 1) (func (export "f") (param i32) (result i32) (i32.load (local.get 0))))"#;
                    let mut store = Store::new(&engine, ());
                    let module = module(&engine, wat).unwrap();
                    let instance = Instance::new(&mut store, &module, &[]).unwrap();
                    let f = instance.get_typed_func::<i32, i32>(&store, "f").unwrap();
                    assert_eq!(f.call(&mut store, n).unwrap(), 0);
                    assert_eq!(kind(f.call(&mut store, 65533 + round * 100_000)), TrapKind::MemoryOutOfBounds);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}
