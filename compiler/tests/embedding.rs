//! The embedding interface: what a host does with modules that behave.

use lightbeam::{
    AsContextMut, Caller, Engine, Error, Extern, ExternRef, ExternType, Func, FuncType, Global, GlobalType, Instance,
    Limits, LinkError, Linker, Memory, MemoryBase, MemoryType, Module, ModuleBuilder, Store, Table, TableType, Val,
    ValType,
};

type Result<T = (), E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

fn engine() -> Engine {
    Engine::new(&lightbeam::Config::new()).expect("an engine")
}

fn module(engine: &Engine, wat: &str) -> Result<Module> {
    Ok(Module::new(engine, wat::parse_str(wat)?)?)
}

fn instance<T: 'static>(store: &mut Store<T>, wat: &str) -> Result<Instance> {
    let module = module(&store.engine().clone(), wat)?;
    Ok(Instance::new(store, &module, &[])?)
}

#[test]
fn typed_and_untyped_calls() -> Result {
    let mut store = Store::new(&engine(), ());
    let wat = r#"(module (func (export "sub") (param i32 i32) (result i32)
        (i32.sub (local.get 0) (local.get 1))))"#;
    let instance = instance(&mut store, wat)?;
    let sub = instance.get_typed_func::<(i32, i32), i32>(&store, "sub")?;
    assert_eq!(sub.call(&mut store, (5, 7))?, -2);
    let mut results = [Val::I32(0)];
    sub.func().call(&mut store, &[Val::I32(7), Val::I32(5)], &mut results)?;
    assert_eq!(results[0].i32(), Some(2));
    assert!(matches!(
        sub.func().call(&mut store, &[Val::I32(7)], &mut results),
        Err(Error::Count { what: "arguments", expected: 2, given: 1 })
    ));
    assert!(matches!(
        sub.func().call(&mut store, &[Val::I32(7), Val::I64(7)], &mut results),
        Err(Error::ValueType { expected: ValType::I32, given: ValType::I64 })
    ));
    assert!(matches!(instance.get_typed_func::<i32, i32>(&store, "sub"), Err(Error::FuncType { .. })));
    assert!(matches!(instance.get_typed_func::<i32, i32>(&store, "nothing"), Err(Error::NoExport { .. })));
    Ok(())
}

#[test]
fn many_arguments_and_results_go_both_ways() -> Result {
    // Ten integers and ten floats in, all of them out again, through the host and back.
    let types: Vec<ValType> =
        (0..20).map(|n| [ValType::I64, ValType::F64, ValType::I32, ValType::F32][n % 4]).collect();
    let names = types.iter().map(|ty| ty.name()).collect::<Vec<_>>().join(" ");
    let gets = (0..20).map(|n| format!("(local.get {n})")).collect::<String>();
    let wat = format!(
        r#"(module (import "" "turn" (func $turn (param {names}) (result {names})))
            (func (export "run") (param {names}) (result {names}) (call $turn {gets})))"#
    );
    let mut store = Store::new(&engine(), ());
    let ty = FuncType { params: types.clone().into(), results: types.clone().into() };
    let turn = Func::new(&mut store, ty, |_, params, results| {
        // Reverses the values of each type.
        let mut taken = vec![false; params.len()];
        for result in results.iter_mut() {
            let last = (0..params.len()).rev().find(|n| !taken[*n] && params[*n].ty() == result.ty()).unwrap();
            taken[last] = true;
            *result = params[last];
        }
        Ok(())
    })?;
    let module = module(&store.engine().clone(), &wat)?;
    let instance = Instance::new(&mut store, &module, &[turn.into()])?;
    let value = |ty: ValType, n: usize| match ty {
        ValType::I64 => Val::I64(-(n as i64) << 40),
        ValType::F64 => Val::from(n as f64 + 0.25),
        ValType::I32 => Val::I32(-(n as i32)),
        _ => Val::from(n as f32 + 0.5),
    };
    let params: Vec<Val> = types.iter().enumerate().map(|(n, ty)| value(*ty, n)).collect();
    let mut results = vec![Val::I32(0); 20];
    instance.get_func(&store, "run").unwrap().call(&mut store, &params, &mut results)?;
    for (n, result) in results.iter().enumerate() {
        let mirrored = (16 - n / 4 * 4) + n % 4;
        assert_eq!(format!("{result:?}"), format!("{:?}", value(types[n], mirrored)), "result {n}");
    }
    // The same without Wasm between.
    let mut direct = vec![Val::I32(0); 20];
    turn.call(&mut store, &params, &mut direct)?;
    assert_eq!(format!("{direct:?}"), format!("{results:?}"));
    Ok(())
}

#[test]
fn typed_host_functions_see_the_store() -> Result {
    let engine = engine();
    let mut linker = Linker::<Vec<i64>>::new(&engine);
    linker.func_wrap("host", "push", |mut caller: Caller<'_, Vec<i64>>, a: i32, b: i64| {
        caller.data_mut().push(i64::from(a) + b);
    })?;
    linker.func_wrap("host", "pair", |a: f32| -> (f64, u32) { (f64::from(a) * 2.0, 7) })?;
    linker.func_wrap(
        "host",
        "peek",
        |mut caller: Caller<'_, Vec<i64>>, at: u32| -> std::result::Result<u32, Error> {
            let memory = caller.get_export("memory").and_then(Extern::into_memory).expect("the importer's memory");
            memory.write(&mut caller, at as usize + 4, &[1, 0, 0, 0])?;
            let mut bytes = [0; 4];
            memory.read(&caller, at as usize, &mut bytes)?;
            Ok(u32::from_le_bytes(bytes))
        },
    )?;
    let module = module(
        &engine,
        r#"(module
            (import "host" "push" (func $push (param i32 i64)))
            (import "host" "pair" (func $pair (param f32) (result f64 i32)))
            (import "host" "peek" (func $peek (param i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 100) "\2a\00\00\00")
            (func (export "run") (result f64 i32 i32 i32)
                (call $push (i32.const -1) (i64.const 4294967296))
                (call $pair (f32.const 1.25))
                (call $peek (i32.const 100))
                (i32.load (i32.const 104))))"#,
    )?;
    let mut store = Store::new(&engine, Vec::new());
    let instance = linker.instantiate(&mut store, &module)?;
    let run = instance.get_typed_func::<(), (f64, i32, i32, i32)>(&store, "run")?;
    assert_eq!(run.call(&mut store, ())?, (2.5, 7, 42, 1));
    assert_eq!(*store.data(), [4_294_967_295]);
    // The same linker serves another store.
    let mut other = Store::new(&engine, Vec::new());
    let instance = linker.instantiate(&mut other, &module)?;
    instance.get_typed_func::<(), (f64, i32, i32, i32)>(&other, "run")?.call(&mut other, ())?;
    assert_eq!((store.data().len(), other.data().len()), (1, 1));
    Ok(())
}

/// The number that the calling instance exports, which a host function asks for.
fn number_of_caller(engine: &Engine) -> Result {
    let mut store = Store::new(engine, ());
    let host = Func::wrap(&mut store, |caller: Caller<'_, ()>| -> i64 {
        let global = caller.get_export("number").and_then(Extern::into_global).expect("the caller's number");
        global.get(&caller).i64().expect("it is an i64")
    })?;
    let owner = module(
        engine,
        r#"(module (import "" "host" (func $host (result i64)))
            (memory 1)
            (table (export "table") 2 2 funcref)
            (elem (i32.const 0) $host $through)
            (global (export "number") i64 (i64.const 1))
            (func $through (export "through") (result i64) call $host)
            (func (export "indirect") (result i64) (call_indirect (result i64) (i32.const 0))))"#,
    )?;
    let owner = Instance::new(&mut store, &owner, &[Extern::Func(host)])?;
    let table = owner.get_export(&store, "table").expect("a table");
    let other = module(
        engine,
        r#"(module (import "" "table" (table 2 2 funcref))
            (memory 1)
            (global (export "number") i64 (i64.const 2))
            (func (export "passed") (result i64)
                (i64.store (i32.const 8) (i64.const 40))
                (i64.add (call_indirect (result i64) (i32.const 0)) (i64.load (i32.const 8))))
            (func (export "owner") (result i64) (call_indirect (result i64) (i32.const 1))))"#,
    )?;
    let other = Instance::new(&mut store, &other, &[table])?;
    for (instance, name, number) in
        [(owner, "through", 1), (owner, "indirect", 1), (other, "passed", 42), (other, "owner", 1)]
    {
        let func = instance.get_typed_func::<(), i64>(&store, name)?;
        assert_eq!(func.call(&mut store, ())?, number, "{name}");
    }
    Ok(())
}

#[test]
fn host_functions_that_come_through_a_table_know_who_calls() -> Result {
    number_of_caller(&engine())?;
    if !MemoryBase::Segment.is_permitted() {
        eprintln!("skipped: the base of gs may not be set here");
        return Ok(());
    }
    number_of_caller(&Engine::new(lightbeam::Config::new().memory_base(MemoryBase::Segment))?)
}

#[test]
fn hosts_call_back_and_grow_memory() -> Result {
    let engine = engine();
    let mut linker = Linker::<()>::new(&engine);
    linker.func_wrap("", "again", |mut caller: Caller<'_, ()>, n: i32| -> std::result::Result<i32, Error> {
        let memory = caller.get_export("memory").and_then(Extern::into_memory).expect("a memory");
        memory.grow(&mut caller, 1)?;
        if n == 0 {
            return Ok(0);
        }
        let run = caller.get_export("run").and_then(Extern::into_func).expect("a function");
        let run = run.typed::<i32, i32>(&caller)?;
        run.call(&mut caller, n - 1)
    })?;
    let module = module(
        &engine,
        r#"(module (import "" "again" (func $again (param i32) (result i32)))
            (memory (export "memory") 1)
            (func (export "run") (param i32) (result i32)
                (i32.store8 (i32.const 65535) (i32.const 9))
                (i32.add (call $again (local.get 0))
                    (i32.add (memory.size) (i32.load8_u (i32.const 65535))))))"#,
    )?;
    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &module)?;
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    assert_eq!(run.call(&mut store, 9)?, 10 * (11 + 9));
    assert_eq!(instance.get_memory(&store, "memory").unwrap().size(&store), 11);
    Ok(())
}

#[test]
fn everything_can_be_imported_and_exported() -> Result {
    let mut store = Store::new(&engine(), ());
    let first = instance(
        &mut store,
        r#"(module
            (memory (export "memory") 1 4)
            (table (export "table") 4 10 funcref)
            (global (export "counter") (mut i64) (i64.const 5))
            (global (export "constant") i32 (i32.const 3))
            (func (export "bump") (result i64)
                (global.set 0 (i64.add (global.get 0) (i64.const 1)))
                (global.get 0)))"#,
    )?;
    let second = module(
        &store.engine().clone(),
        r#"(module
            (import "a" "memory" (memory 1))
            (import "a" "table" (table 2 funcref))
            (import "a" "counter" (global $counter (mut i64)))
            (import "a" "constant" (global $constant i32))
            (import "a" "bump" (func $bump (result i64)))
            (export "bump again" (func $bump))
            (elem (offset (global.get $constant)) func $own)
            (data (i32.const 8) "hello")
            (func $own (result i64) (i64.const 77))
            (func (export "run") (result i64)
                (global.set $counter (i64.const 40))
                (drop (memory.grow (i32.const 1)))
                (drop (table.grow (ref.func $own) (i32.const 1)))
                (drop (call $bump))
                (call $bump)))"#,
    )?;
    let mut linker = Linker::new(store.engine());
    linker.instance(&store, "a", first)?;
    let instance = linker.instantiate(&mut store, &second)?;
    assert_eq!(instance.get_typed_func::<(), i64>(&store, "run")?.call(&mut store, ())?, 42);
    assert!(matches!(first.get_global(&store, "counter").unwrap().get(&store), Val::I64(42)));
    let memory = first.get_memory(&store, "memory").unwrap();
    assert_eq!(memory.size(&store), 2);
    assert_eq!(&memory.data(&store)[8..13], b"hello");
    let table = first.get_table(&store, "table").unwrap();
    assert_eq!(table.size(&store), 5);
    for index in [3, 4] {
        let Some(Val::FuncRef(Some(own))) = table.get(&store, index) else { panic!("element {index} is set") };
        assert_eq!(own.definition(&store), Some((instance, 1)));
        assert_eq!(own.typed::<(), i64>(&store)?.call(&mut store, ())?, 77);
    }
    assert!(matches!(table.get(&store, 0), Some(Val::FuncRef(None))));
    assert!(table.get(&store, 5).is_none());
    let bump = first.get_func(&store, "bump").unwrap();
    let again = instance.get_func(&store, "bump again").unwrap();
    assert!(Func::same(&bump, &again, &store));
    assert_eq!(again.definition(&store), Some((first, 0)));
    Ok(())
}

#[test]
fn calls_through_tables_cross_instances() -> Result {
    let mut store = Store::new(&engine(), ());
    let wat = |value: i32, slot: i32| {
        format!(
            r#"(module (import "" "t" (table 4 funcref))
                (memory 1)
                (data (i32.const 0) "\{value:02x}")
                (elem (i32.const {slot}) $load)
                (func $load (param i32) (result i32) (i32.add (local.get 0) (i32.load8_u (i32.const 0))))
                (func (export "run") (param i32 i32) (result i32)
                    (i32.add
                        (call_indirect (param i32) (result i32) (local.get 1) (local.get 0))
                        (i32.load8_u (i32.const 0)))))"#
        )
    };
    let ty = TableType { element: ValType::FuncRef, limits: Limits { min: 4, max: None } };
    let table = Table::new(&mut store, ty, Val::FuncRef(None))?;
    let host = Func::wrap(&mut store, |a: i32| a * 100)?;
    table.set(&mut store, 3, Val::from(host))?;
    let engine = store.engine().clone();
    let a = Instance::new(&mut store, &module(&engine, &wat(10, 0))?, &[table.into()])?;
    let b = Instance::new(&mut store, &module(&engine, &wat(20, 1))?, &[table.into()])?;
    let a = a.get_typed_func::<(i32, i32), i32>(&store, "run")?;
    let b = b.get_typed_func::<(i32, i32), i32>(&store, "run")?;
    for (own, run) in [(10, a), (20, b)] {
        assert_eq!(run.call(&mut store, (0, 1))?, 1 + 10 + own);
        assert_eq!(run.call(&mut store, (1, 1))?, 1 + 20 + own);
        assert_eq!(run.call(&mut store, (3, 1))?, 100 + own);
        assert!(run.call(&mut store, (2, 1)).is_err());
    }
    Ok(())
}

#[test]
fn references_go_through() -> Result {
    let mut store = Store::new(&engine(), ());
    let instance = instance(
        &mut store,
        r#"(module (table (export "t") 2 externref)
            (func (export "swap") (param externref) (result externref)
                (table.get (i32.const 0)) (table.set (i32.const 0) (local.get 0)))
            (func $f) (elem declare func $f)
            (func (export "f") (result funcref) (ref.func $f))
            (func (export "null") (param funcref) (result i32) (ref.is_null (local.get 0))))"#,
    )?;
    let swap = instance.get_typed_func::<Option<ExternRef>, Option<ExternRef>>(&store, "swap")?;
    let apple = ExternRef::new(&mut store, "apple");
    assert!(swap.call(&mut store, Some(apple))?.is_none());
    let back = swap.call(&mut store, None)?.expect("the reference comes back");
    assert_eq!(back.data(&store).downcast_ref::<&str>(), Some(&"apple"));
    let f = instance.get_typed_func::<(), Option<Func>>(&store, "f")?.call(&mut store, ())?;
    assert_eq!(f.unwrap().definition(&store), Some((instance, 1)));
    let null = instance.get_typed_func::<Option<Func>, i32>(&store, "null")?;
    assert_eq!((null.call(&mut store, f)?, null.call(&mut store, None)?), (0, 1));
    // A reference of another store is refused before anything runs.
    let mut other = Store::new(store.engine(), ());
    let pear = ExternRef::new(&mut other, "pear");
    assert!(matches!(swap.call(&mut store, Some(pear)), Err(Error::WrongStore(_))));
    Ok(())
}

#[test]
fn host_made_items() -> Result {
    let mut store = Store::new(&engine(), ());
    let ty = GlobalType { content: ValType::F64, mutable: true };
    let global = Global::new(&mut store, ty, Val::from(1.5))?;
    global.set(&mut store, Val::from(2.5))?;
    assert_eq!(global.get(&store).f64(), Some(2.5));
    assert!(matches!(global.set(&mut store, Val::I32(1)), Err(Error::ValueType { .. })));
    let fixed = Global::new(&mut store, GlobalType { content: ValType::I32, mutable: false }, Val::I32(1))?;
    assert!(matches!(fixed.set(&mut store, Val::I32(2)), Err(Error::Immutable)));
    let memory = Memory::new(&mut store, MemoryType { limits: Limits { min: 1, max: Some(2) } })?;
    memory.write(&mut store, 65530, b"end...")?;
    assert!(matches!(memory.write(&mut store, 65531, b"end..."), Err(Error::OutOfBounds("memory"))));
    assert_eq!(memory.grow(&mut store, 1)?, 1);
    assert!(matches!(memory.grow(&mut store, 1), Err(Error::Resource { .. })));
    assert_eq!(&memory.data(&store)[65530..65537], b"end...\0");
    let ty = TableType { element: ValType::ExternRef, limits: Limits { min: 1, max: Some(3) } };
    let table = Table::new(&mut store, ty, Val::ExternRef(None))?;
    let value = ExternRef::new(&mut store, 5u8);
    assert_eq!(table.grow(&mut store, 2, value.into())?, 1);
    assert!(table.grow(&mut store, 1, value.into()).is_err());
    assert!(matches!(table.fill(&mut store, 2, value.into(), 2), Err(Error::OutOfBounds("table"))));
    assert!(matches!(table.set(&mut store, 0, Val::FuncRef(None)), Err(Error::ValueType { .. })));
    assert!(matches!(table.get(&store, 0), Some(Val::ExternRef(None))));
    assert!(matches!(table.get(&store, 2), Some(Val::ExternRef(Some(found))) if found == value));
    Ok(())
}

#[test]
fn imports_are_named_when_they_do_not_fit() -> Result {
    let engine = engine();
    let module = module(&engine, r#"(module (import "env" "log" (func (param i32))))"#)?;
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    let error = linker.instantiate(&mut store, &module).unwrap_err();
    assert!(matches!(&error, Error::Link(LinkError::Missing { module, name }) if module == "env" && name == "log"));
    assert!(error.to_string().contains("`env` `log`"), "{error}");
    linker.func_wrap("env", "log", |_: i64| {})?;
    let error = linker.instantiate(&mut store, &module).unwrap_err();
    assert!(matches!(error, Error::Link(LinkError::Incompatible { .. })), "{error}");
    assert!(matches!(
        linker.func_wrap("env", "log", |_: i32| {}).map(|_| ()),
        Err(Error::Link(LinkError::Duplicate { .. }))
    ));
    linker.allow_shadowing(true).func_wrap("env", "log", |_: i32| {})?;
    linker.instantiate(&mut store, &module)?;
    assert!(matches!(Instance::new(&mut store, &module, &[]), Err(Error::Count { what: "imports", .. })));
    let mut other = Store::new(&engine, ());
    let foreign = Func::wrap(&mut other, |_: i32| {})?;
    assert!(matches!(Instance::new(&mut store, &module, &[foreign.into()]), Err(Error::WrongStore(_))));
    Ok(())
}

#[test]
fn limits_of_imports_are_present_sizes() -> Result {
    let engine = engine();
    let needs_two = module(&engine, r#"(module (import "" "m" (memory 2 3)))"#)?;
    let mut store = Store::new(&engine, ());
    let memory = Memory::new(&mut store, MemoryType { limits: Limits { min: 1, max: Some(3) } })?;
    assert!(matches!(Instance::new(&mut store, &needs_two, &[memory.into()]), Err(Error::Link(_))));
    memory.grow(&mut store, 1)?;
    Instance::new(&mut store, &needs_two, &[memory.into()])?;
    Ok(())
}

#[test]
fn modules_tell_what_they_import_and_export() -> Result {
    let wat = r#"(module (import "a" "f" (func (param i32))) (import "a" "g" (global (mut f32)))
        (memory (export "m") 1 2) (func (export "h") (result i64) (i64.const 0)))"#;
    let engine = engine();
    let whole = module(&engine, wat)?;
    let imports: Vec<String> = whole.imports().map(|i| format!("{}.{} {}", i.module(), i.name(), i.ty())).collect();
    assert_eq!(imports, ["a.f function [i32] -> []", "a.g mutable global f32"]);
    let exports: Vec<(&str, ExternType)> = whole.exports().map(|e| (e.name(), e.ty().clone())).collect();
    assert_eq!(exports[0], ("m", ExternType::Memory(MemoryType { limits: Limits { min: 1, max: Some(2) } })));
    assert_eq!(exports[1].0, "h");
    // The same bytes in pieces are the same module.
    let mut builder = ModuleBuilder::new(&engine);
    for byte in wat::parse_str(wat)? {
        builder.push(&[byte])?;
    }
    assert_eq!(builder.finish()?.info(), whole.info());
    assert!(matches!(Module::new(&engine, b"\0asm\x01\0\0\0\x01"), Err(Error::Compile(_))));
    Ok(())
}

#[test]
fn start_functions_run_once() -> Result {
    let engine = engine();
    let module =
        module(&engine, r#"(module (import "" "tick" (func $tick)) (start $s) (func $s (call $tick) (call $tick)))"#)?;
    let host_start = wat::parse_str(r#"(module (import "" "tick" (func $tick)) (start $tick))"#)?;
    let mut linker = Linker::<u32>::new(&engine);
    linker.func_wrap("", "tick", |mut caller: Caller<'_, u32>| *caller.data_mut() += 1)?;
    let mut store = Store::new(&engine, 0);
    linker.instantiate(&mut store, &module)?;
    assert_eq!(*store.data(), 2);
    linker.instantiate(&mut store, &Module::new(&engine, host_start)?)?;
    assert_eq!(store.into_data(), 3);
    Ok(())
}

#[test]
fn stores_move_between_threads() -> Result {
    let mut store = Store::new(&engine(), 1);
    let instance = instance(&mut store, r#"(module (func (export "one") (result i32) (i32.const 1)))"#)?;
    let mut store = std::thread::spawn(move || {
        let one = instance.get_typed_func::<(), i32>(&store, "one").unwrap();
        *store.data_mut() += one.call(&mut store, ()).unwrap();
        store
    })
    .join()
    .unwrap();
    assert_eq!(*store.as_context_mut().data(), 2);
    assert_eq!(instance.get_typed_func::<(), i32>(&store, "one")?.call(&mut store, ())?, 1);
    Ok(())
}

#[test]
fn everything_of_an_instance_by_index() -> Result {
    let mut store = Store::new(&engine(), ());
    let instance = instance(
        &mut store,
        r#"(module (global i32 (i32.const 1)) (global i64 (i64.const 2)) (memory 1) (table 3 funcref)
            (func) (func (result i32) (i32.const 9)))"#,
    )?;
    assert!(matches!(instance.global_by_index(&store, 1).unwrap().get(&store), Val::I64(2)));
    assert!(instance.global_by_index(&store, 2).is_none());
    assert_eq!(instance.memory_by_index(&store, 0).unwrap().size(&store), 1);
    assert!(instance.memory_by_index(&store, 1).is_none());
    assert_eq!(instance.table_by_index(&store, 0).unwrap().size(&store), 3);
    let func = instance.func_by_index(&store, 1).unwrap();
    assert_eq!(func.typed::<(), i32>(&store)?.call(&mut store, ())?, 9);
    assert!(instance.func_by_index(&store, 2).is_none());
    Ok(())
}
