//! Memory 0 through a register and through the segment: what compiled code does at the borders between instances, hosts
//! and threads is the same with either, and a host finds the segment as it left it.

use lightbeam::compile::{CompilerConfig, compile};
use lightbeam::{
    Caller, CompileError, Config, Engine, Error, Func, Instance, Limits, Linker, MemoryBase, Module, Store, Table,
    TableType, TrapKind, Val, ValType,
};

type Result<T = (), E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

/// An engine for each way that this machine has.
fn engines() -> Vec<Engine> {
    let mut engines = Vec::new();
    for base in MemoryBase::ALL {
        match Engine::new(Config::new().memory_base(base)) {
            Ok(engine) => engines.push(engine),
            Err(Error::Compile(CompileError::Host(reason))) if base == MemoryBase::Segment => {
                assert!(reason.contains("FSGSBASE"), "{reason}");
                eprintln!("skipped: {reason}");
            }
            Err(error) => panic!("{base:?}: {error}"),
        }
    }
    engines
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

/// The segment's base, as the kernel says it.
fn segment_base() -> u64 {
    const ARCH_GET_GS: i32 = 0x1004;
    let mut base = 0u64;
    // SAFETY: the kernel writes eight bytes.
    let status = unsafe { libc::syscall(libc::SYS_arch_prctl, ARCH_GET_GS, &raw mut base) };
    assert_eq!(status, 0, "the kernel says the base");
    base
}

#[test]
fn addresses_wrap_as_additions_do_and_offsets_do_not() -> Result {
    let wat = r#"(module (memory 1)
        (data (i32.const 16) "\2a\00\00\00\07")
        (func (export "sum") (param i32 i32) (result i32) (i32.load (i32.add (local.get 0) (local.get 1))))
        (func (export "constant") (param i32 i32) (result i32) (i32.load (i32.add (local.get 0) (i32.const 32))))
        (func (export "scaled") (param i32 i32) (result i32)
            (i32.load (i32.add (local.get 0) (i32.shl (local.get 1) (i32.const 2)))))
        (func (export "byte") (param i32 i32) (result i32) (i32.load8_u (i32.add (local.get 0) (local.get 1))))
        (func (export "added") (param i32 i32) (result i32)
            (i32.add (local.get 0) (i32.load (i32.add (local.get 0) (local.get 1)))))
        (func (export "store") (param i32 i32) (result i32)
            (i32.store (i32.add (local.get 0) (local.get 1)) (local.get 1))
            (i32.load (i32.const 16)))
        (func (export "offset") (param i32 i32) (result i32)
            (i32.load offset=16 (i32.add (local.get 0) (local.get 1))))
        (func (export "vector") (param i32 i32) (result i32)
            (i32x4.extract_lane 1 (v128.load (i32.add (local.get 0) (local.get 1))))))"#;
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module(&engine, wat)?, &[])?;
        let mut call = |name: &str, a: i32, b: i32| {
            let f = instance.get_typed_func::<(i32, i32), i32>(&store, name).expect("it is exported");
            f.call(&mut store, (a, b))
        };
        for (a, b) in [(0, 16), (16, 0), (-16, 32), (i32::MIN, i32::MIN + 16)] {
            assert_eq!(call("sum", a, b)?, 42);
            assert_eq!(call("vector", a, b)?, 7);
            assert_eq!(call("byte", a, b.wrapping_add(4))?, 7);
            assert_eq!(call("added", a, b)?, a.wrapping_add(42));
        }
        assert_eq!(call("constant", -16, 0)?, 42);
        assert_eq!(call("scaled", -64, 20)?, 42);
        assert_eq!(call("scaled", 16, i32::MIN)?, 42);
        assert_eq!(call("offset", -16, 16)?, 42);
        assert_eq!(call("store", -16, 32)?, 32);
        // The sum is below 2^32, and the offset adds to it without wrapping.
        assert_eq!(kind(call("offset", -17, 1)), TrapKind::MemoryOutOfBounds);
        assert_eq!(kind(call("sum", -16, 0)), TrapKind::MemoryOutOfBounds);
        assert_eq!(kind(call("store", 65535, -2)), TrapKind::MemoryOutOfBounds);
    }
    Ok(())
}

#[test]
fn memories_grow_while_code_runs() -> Result {
    let wat = r#"(module (memory (export "memory") 0 4)
        (func (export "run") (param i32) (result i32)
            (drop (memory.grow (i32.const 1)))
            (i32.store (local.get 0) (i32.const 77))
            (i32.load (local.get 0))))"#;
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module(&engine, wat)?, &[])?;
        let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
        for pages in 1..=4 {
            assert_eq!(run.call(&mut store, pages * 65536 - 4)?, 77);
        }
        assert_eq!(kind(run.call(&mut store, 4 * 65536 - 3)), TrapKind::MemoryOutOfBounds);
        let memory = instance.get_memory(&store, "memory").expect("it is exported");
        assert_eq!(memory.data(&store)[3 * 65536 - 4], 77);
    }
    Ok(())
}

/// Two instances whose memories hold their numbers call each other directly and by a table, with one in between that has
/// no memory.
#[test]
fn each_instance_finds_its_own_memory() -> Result {
    let with_memory = |number: i32| {
        format!(
            r#"(module
                (import "" "table" (table 8 funcref))
                (memory 1)
                (data (i32.const 0) "\{number:02x}")
                (elem (i32.const {number}) $own)
                (func $own (export "own") (param i32) (result i32) (i32.load8_u (i32.const 0)))
                (func (export "through") (param i32) (result i32)
                    (i32.add
                        (i32.mul (call_indirect (param i32) (result i32) (i32.const 9) (local.get 0)) (i32.const 10))
                        (i32.load8_u (i32.const 0))))
                (func (export "loop") (param i32) (result i32) (local $sum i32) (local $i i32)
                    (loop $again
                        (local.set $sum (i32.add (local.get $sum)
                            (call_indirect (param i32) (result i32) (i32.const 9) (local.get 0))))
                        (local.set $sum (i32.add (local.get $sum) (i32.load8_u (i32.const 0))))
                        (br_if $again
                            (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10))))
                    (local.get $sum)))"#
        )
    };
    let between = r#"(module
        (import "" "table" (table 8 funcref))
        (elem (i32.const 6) $pass)
        (elem (i32.const 7) $twice)
        (import "" "own" (func $imported (param i32) (result i32)))
        (func $pass (param i32) (result i32) (call $imported (local.get 0)))
        (func $twice (param i32) (result i32)
            (i32.add (call_indirect (param i32) (result i32) (i32.const 9) (i32.const 1)) (call $pass (i32.const 0)))))"#;
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let ty = TableType { element: ValType::FuncRef, limits: Limits { min: 8, max: None } };
        let table = Table::new(&mut store, ty, Val::FuncRef(None))?;
        let one = Instance::new(&mut store, &module(&engine, &with_memory(1))?, &[table.into()])?;
        let two = Instance::new(&mut store, &module(&engine, &with_memory(2))?, &[table.into()])?;
        let own = two.get_func(&store, "own").expect("it is exported");
        Instance::new(&mut store, &module(&engine, between)?, &[table.into(), own.into()])?;
        for (number, instance) in [(1, one), (2, two)] {
            let through = instance.get_typed_func::<i32, i32>(&store, "through")?;
            let rounds = instance.get_typed_func::<i32, i32>(&store, "loop")?;
            for (slot, found) in [(1, 1), (2, 2), (6, 2), (7, 3)] {
                assert_eq!(through.call(&mut store, slot)?, 10 * found + number, "{number} calls {slot}");
                assert_eq!(rounds.call(&mut store, slot)?, 10 * (found + number), "{number} calls {slot}");
            }
            assert_eq!(kind(through.call(&mut store, 5)), TrapKind::IndirectCallToNull);
        }
    }
    Ok(())
}

/// What the host knows of: functions that it calls back.
#[derive(Default)]
struct Known {
    called: Option<Func>,
    bases: Vec<u64>,
}

/// A module whose memory begins with this number, that calls the host and then looks at its memory.
fn calls_host(number: i32) -> String {
    format!(
        r#"(module
            (import "" "host" (func $host (param i32) (result i32)))
            (import "" "table" (table 4 funcref))
            (memory 1)
            (data (i32.const 0) "\{number:02x}")
            (func (export "run") (param i32) (result i32)
                (i32.add (call $host (local.get 0)) (i32.load8_u (i32.const 0))))
            (func (export "by_table") (param i32) (result i32)
                (i32.add
                    (call_indirect (param i32) (result i32) (local.get 0) (i32.const 0))
                    (i32.load8_u (i32.const 0))))
            (func (export "trap") (param i32) (result i32) (i32.load (i32.const -4))))"#
    )
}

#[test]
fn hosts_call_other_instances_and_survive_their_traps() -> Result {
    let before = segment_base();
    for engine in engines() {
        let mut store = Store::new(&engine, Known::default());
        let mut linker = Linker::<Known>::new(&engine);
        linker.func_wrap("", "host", |mut caller: Caller<'_, Known>, n: i32| -> i32 {
            caller.data_mut().bases.push(segment_base());
            let Some(called) = caller.data_mut().called.take() else { return 0 };
            let called = called.typed::<i32, i32>(&caller).expect("it has this type");
            let result = match called.call(&mut caller, n) {
                Ok(value) => 10 * value,
                Err(Error::Trap(trap)) if trap.kind() == TrapKind::MemoryOutOfBounds => 1000,
                Err(error) => panic!("{error}"),
            };
            caller.data_mut().bases.push(segment_base());
            result
        })?;
        let ty = TableType { element: ValType::FuncRef, limits: Limits { min: 4, max: None } };
        let host = Func::wrap(&mut store, |a: i32| 100 * a)?;
        let table = Table::new(&mut store, ty, Val::from(host))?;
        linker.define(&store, "", "table", table)?;
        let one = linker.instantiate(&mut store, &module(&engine, &calls_host(1))?)?;
        let two = linker.instantiate(&mut store, &module(&engine, &calls_host(2))?)?;
        let func = |name: &str, instance: &Instance, store: &Store<Known>| instance.get_func(store, name);
        for (number, outer, inner) in [(1, one, two), (2, two, one)] {
            let run = outer.get_typed_func::<i32, i32>(&store, "run")?;
            for (name, nested) in [("run", 10 * (3 - number)), ("by_table", 10 * (500 + 3 - number)), ("trap", 1000)] {
                store.data_mut().called = func(name, &inner, &store);
                assert_eq!(run.call(&mut store, 5)?, nested + number, "{name} below {number}");
                let bases = std::mem::take(&mut store.data_mut().bases);
                assert_eq!(bases.first(), bases.last(), "a nested call leaves the segment as it was");
                assert_eq!(segment_base(), before);
            }
            let by_table = outer.get_typed_func::<i32, i32>(&store, "by_table")?;
            assert_eq!(by_table.call(&mut store, 5)?, 500 + number);
            let trap = outer.get_typed_func::<i32, i32>(&store, "trap")?;
            assert_eq!(kind(trap.call(&mut store, 5)), TrapKind::MemoryOutOfBounds);
            assert_eq!(segment_base(), before, "a trap leaves the segment as it was");
        }
    }
    Ok(())
}

#[test]
fn errors_and_panics_of_hosts_leave_the_segment_as_it_was() -> Result {
    let before = segment_base();
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::<()>::new(&engine);
        linker.func_wrap("", "host", |n: i32| -> std::result::Result<(), Error> {
            assert!(n != 1, "on purpose");
            Err(Error::host("on purpose"))
        })?;
        let wat = r#"(module (import "" "host" (func $host (param i32))) (memory 1)
            (func (export "run") (param i32) (call $host (local.get 0))))"#;
        let instance = linker.instantiate(&mut store, &module(&engine, wat)?)?;
        let run = instance.get_typed_func::<i32, ()>(&store, "run")?;
        assert!(matches!(run.call(&mut store, 0), Err(Error::Host(_))));
        assert_eq!(segment_base(), before);
        let call = std::panic::AssertUnwindSafe(|| run.call(&mut store, 1));
        assert!(std::panic::catch_unwind(call).is_err());
        assert_eq!(segment_base(), before);
    }
    Ok(())
}

#[test]
fn engines_of_both_ways_nest() -> Result {
    let wat = |number: i32| {
        format!(
            r#"(module (import "" "other" (func $other (result i32))) (memory 1)
                (data (i32.const 0) "\{number:02x}")
                (func (export "run") (result i32)
                    (i32.add (i32.mul (call $other) (i32.const 10)) (i32.load8_u (i32.const 0)))))"#
        )
    };
    let engines = engines();
    for outer in &engines {
        for inner in &engines {
            let mut inner_store = Store::new(inner, ());
            let mut linker = Linker::<()>::new(inner);
            linker.func_wrap("", "other", || 3)?;
            let inner_instance = linker.instantiate(&mut inner_store, &module(inner, &wat(2))?)?;
            let mut store = Store::new(outer, inner_store);
            let mut linker = Linker::<Store<()>>::new(outer);
            linker.func_wrap("", "other", move |mut caller: Caller<'_, Store<()>>| {
                let store = caller.data_mut();
                inner_instance.get_typed_func::<(), i32>(&*store, "run")?.call(store, ())
            })?;
            let instance = linker.instantiate(&mut store, &module(outer, &wat(1))?)?;
            assert_eq!(instance.get_typed_func::<(), i32>(&store, "run")?.call(&mut store, ())?, 321);
        }
    }
    Ok(())
}

#[test]
fn stores_are_used_on_any_thread() -> Result {
    let wat = r#"(module (memory (export "memory") 1)
        (func (export "run") (param i32) (result i32)
            (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (local.get 0)))
            (i32.load (i32.const 0)))
        (func (export "trap") (result i32) (i32.load (i32.const -1))))"#;
    for engine in engines() {
        let module = module(&engine, wat)?;
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[])?;
        let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
        let trap = instance.get_typed_func::<(), i32>(&store, "trap")?;
        let mut expected = 0;
        for _ in 0..3 {
            assert_eq!(run.call(&mut store, 1)?, expected + 1);
            (store, expected) = std::thread::scope(|scope| {
                let there = scope.spawn(|| {
                    assert_eq!(run.call(&mut store, 10).expect("it returns"), expected + 11);
                    assert_eq!(kind(trap.call(&mut store, ())), TrapKind::MemoryOutOfBounds);
                    assert_eq!(run.call(&mut store, 100).expect("it returns"), expected + 111);
                    (store, expected + 111)
                });
                there.join().expect("the thread ends")
            });
        }
        // Many threads at once, each with a memory of its own.
        std::thread::scope(|scope| {
            for number in 1..5 {
                let (engine, module) = (&engine, &module);
                scope.spawn(move || {
                    let mut store = Store::new(engine, ());
                    let instance = Instance::new(&mut store, module, &[]).expect("it imports nothing");
                    let run = instance.get_typed_func::<i32, i32>(&store, "run").expect("it is exported");
                    for round in 1..=10_000 {
                        assert_eq!(run.call(&mut store, number).expect("it returns"), round * number);
                    }
                });
            }
        });
    }
    Ok(())
}

#[test]
fn code_for_another_way_is_refused() -> Result {
    let wasm = wat::parse_str("(module (memory 1) (func (export \"f\") (drop (i32.load (i32.const 0)))))")?;
    let engine = Engine::new(&Config::new())?;
    let mut config = CompilerConfig::native()?;
    Module::from_compiled(&engine, compile(&wasm, &config)?)?;
    config.memory_base = MemoryBase::Segment;
    let refused = Module::from_compiled(&engine, compile(&wasm, &config)?);
    assert!(matches!(refused, Err(Error::Compile(CompileError::Host(_)))), "{refused:?}");
    Ok(())
}
