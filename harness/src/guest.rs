//! What a host function does to the instance that calls it: the same on every engine.

use crate::host::{Host, Meddling, bits, edge_value};
use crate::outcome::{Outcome, TrapKind};
use crate::rng::Rng;
use crate::shape::{FuncShape, Shape};
use crate::value::{Value, ValueType};

/// An instance, as a host function that it calls sees it. Indices are those of the module.
pub trait Guest {
    /// Does something with the host. Never while the guest is running.
    fn host<R>(&mut self, f: impl FnOnce(&mut Host) -> R) -> R;

    /// The bytes of memory 0.
    fn memory(&mut self) -> Option<&mut [u8]>;

    /// Grows memory 0 by pages; its size before, or `None` if it cannot grow.
    fn grow(&mut self, pages: u64) -> Option<u64>;

    /// Changes a mutable global that the module defines.
    fn set_global(&mut self, index: u32, value: Value);

    /// The size of a table that the module defines.
    fn table_size(&mut self, table: u32) -> u64;

    /// Puts a function, or null, into a table that the module defines.
    fn set_table(&mut self, table: u32, element: u64, func: Option<u32>);

    /// Calls a function.
    fn call(&mut self, func: u32, args: &[Value]) -> Outcome;
}

/// Handles a call of an imported function: its results, or the number of a trap.
///
/// # Errors
///
/// The number with which the host function traps.
pub fn respond(
    guest: &mut impl Guest,
    shape: &Shape,
    import: u32,
    ty: &FuncShape,
    args: &[Value],
) -> Result<Vec<Value>, u32> {
    let reply = guest.host(|host| host.call(import, ty, args));
    if reply.write.is_some()
        && let Some(memory) = guest.memory()
    {
        reply.apply(memory);
    }
    if let Some(meddling) = reply.meddling {
        meddle(guest, shape, meddling)?;
    }
    reply.end
}

fn meddle(guest: &mut impl Guest, shape: &Shape, meddling: Meddling) -> Result<(), u32> {
    match meddling {
        Meddling::Grow(pages) => {
            let old = guest.grow(pages);
            guest.host(|host| host.saw(0, vec![old.map_or(u128::MAX, u128::from)]));
        }
        Meddling::Global(choice) => {
            let own = shape.imported_globals..shape.globals.len() as u32;
            let mutable: Vec<u32> = own.filter(|index| shape.globals[*index as usize].mutable).collect();
            if let Some(index) = pick(&mutable, choice) {
                let value = edge_value(&mut Rng::new(choice, 2), shape.globals[index as usize].ty);
                // References that the host makes are told apart only from null.
                guest.set_global(index, value);
            }
        }
        Meddling::Table(choice) => {
            let own = shape.imported_tables..shape.tables.len() as u32;
            let functions = |index: &u32| shape.tables[*index as usize].element == ValueType::FuncRef;
            let tables: Vec<u32> = own.filter(functions).collect();
            let Some(table) = pick(&tables, choice) else { return Ok(()) };
            let size = guest.table_size(table);
            if size > 0 {
                let mut rng = Rng::new(choice, 3);
                let func = rng.below(shape.funcs.len() as u64 + 1) as u32;
                let func = (func < shape.funcs.len() as u32).then_some(func);
                guest.set_table(table, rng.below(size), func);
            }
        }
        Meddling::Call(choice, passes_traps) => {
            let own: Vec<u32> = (shape.imported_funcs..shape.funcs.len() as u32).collect();
            let Some(func) = pick(&own, choice) else { return Ok(()) };
            let mut rng = Rng::new(choice, 4);
            let args: Vec<Value> = shape.func_type(func).params.iter().map(|ty| edge_value(&mut rng, *ty)).collect();
            guest.host(Host::enter);
            let outcome = guest.call(func, &args);
            guest.host(Host::leave);
            return guest.host(|host| called_back(host, func, outcome, passes_traps));
        }
    }
    Ok(())
}

/// What a host function makes of a call's outcome.
fn called_back(host: &mut Host, func: u32, outcome: Outcome, passes_traps: bool) -> Result<(), u32> {
    match outcome {
        Outcome::Returned(values) => host.saw(func, bits(&values)),
        Outcome::Trapped(trap) => {
            host.saw(func, vec![u128::MAX, u128::from(trap_number(trap.kind))]);
            if passes_traps {
                return Err(trap_number(trap.kind));
            }
        }
        // One engine's stack may end before the other's: nothing can be said from here on.
        other => {
            host.poison(format!("a call from the host: {other}"));
            return Err(u32::MAX);
        }
    }
    Ok(())
}

/// A number for each kind of trap, above those that a host draws.
fn trap_number(kind: TrapKind) -> u32 {
    match kind {
        TrapKind::Host(number) => number,
        TrapKind::Unreachable => 100,
        TrapKind::MemoryOutOfBounds => 101,
        TrapKind::TableOutOfBounds => 102,
        TrapKind::IndirectCallToNull => 103,
        TrapKind::BadSignature => 104,
        TrapKind::IntegerDivisionByZero => 105,
        TrapKind::IntegerOverflow => 106,
        TrapKind::BadConversionToInteger => 107,
    }
}

fn pick(from: &[u32], choice: u64) -> Option<u32> {
    from.get((choice % from.len().max(1) as u64) as usize).copied()
}

#[cfg(test)]
mod tests {
    use crate::compare;
    use crate::engines::by_name;
    use crate::host::{Host, Manner};
    use crate::outcome::Outcome;
    use crate::plan::{Case, NanMode, Plan, PlannedCall, Variant};
    use crate::rewrite::fuel::FuelMode;
    use crate::shape::Shape;
    use crate::value::Value;
    use std::sync::Arc;

    /// Whatever the host changes is read again after it returned.
    const GUEST: &str = r#"(module
        (import "host" "f" (func $host (param i32) (result i32)))
        (memory 1 3)
        (table 4 4 funcref)
        (elem (i32.const 0) $twice $again)
        (global $g (mut i64) (i64.const 5))
        (type $unary (func (param i32) (result i32)))
        (func $twice (export "twice") (type $unary) (i32.mul (local.get 0) (i32.const 2)))
        (func $again (export "again") (type $unary) (i32.add (call $host (local.get 0)) (local.get 0)))
        (func (export "observe") (param i32) (result i32 i64 i32 i32)
            (global.set $g (i64.const 9))
            (call $host (local.get 0))
            (global.get $g)
            (memory.size)
            (call_indirect (type $unary) (local.get 0) (i32.and (local.get 0) (i32.const 1)))))"#;

    fn case(seed: u64) -> Case {
        let wasm = wat::parse_str(GUEST).expect("it is a module");
        let calls =
            (0..12).map(|number| PlannedCall { func: 2 + number % 2, args: vec![Value::I32(number)] }).collect();
        let plan = Plan {
            host_seed: seed,
            manner: Manner::Meddling,
            fuel: 1000,
            fuel_mode: FuelMode::Trap,
            nan: NanMode::NoFloats,
            variant: Variant::Fuelled,
            calls,
        };
        Case { wasm, plan }
    }

    #[test]
    fn engines_agree_on_what_a_meddling_host_does() {
        let names = [
            "cranelift",
            "microwasm",
            #[cfg(feature = "wasmi")]
            "wasmi",
        ];
        let ours = by_name("lightbeam").expect("it exists");
        for seed in 0..40 {
            for oracle in names {
                let oracle = by_name(oracle).expect("it exists");
                let report = compare::run(&*ours, &*oracle, &case(seed));
                assert_eq!(report.divergence, None, "seed {seed} beside {}", oracle.name());
                assert!(report.calls > 0 && report.poisoned == 0, "{report:?}");
            }
        }
    }

    #[test]
    fn a_meddling_host_calls_grows_and_changes() {
        let engine = by_name("lightbeam").expect("it exists");
        let (mut back, mut grown, mut changed, mut replaced) = (0, 0, 0, 0);
        for seed in 0..40 {
            let case = case(seed);
            let wasm = compare::rewritten(&case).expect("it can be rewritten");
            let shape = Arc::new(Shape::parse(&case.wasm).expect("it has a shape"));
            let host = Host::new(seed, Manner::Meddling);
            let mut instance = engine.compile(&wasm).expect("it is valid").prepare(shape, host).expect("imports");
            assert!(matches!(instance.start(), Outcome::Returned(_)));
            let before = instance.table_get(0, 0);
            for call in &case.plan.calls {
                instance.refuel(1000);
                instance.call(call.func, &call.args);
            }
            back += instance.take_trace().0.iter().filter(|event| event.back && event.args.len() == 1).count();
            grown += usize::from(instance.memory(0).is_some_and(|bytes| bytes.len() > 0x1_0000));
            changed += usize::from(!matches!(instance.global(0), Some(Value::I64(5 | 9))));
            replaced += usize::from(instance.table_get(0, 0) != before);
        }
        assert!(back > 20 && grown > 5 && changed > 2 && replaced > 2, "{back} {grown} {changed} {replaced}");
    }
}
