//! Run time of control flow that Wasm does not have, beside its best Wasm form, both on our compiler.

use criterion::{Criterion, criterion_group, criterion_main};
use lightbeam::{Config, Engine, Instance, Module, Store};
use std::hint::black_box;
use std::time::Duration;

const MICROWASM: &str = include_str!("../../corpora/microwasm/threaded.mwat");
const WASM: &str = include_str!("../../corpora/microwasm/threaded.wat");
/// What both return.
const RESULT: i32 = 299_162;

fn threaded_code(criterion: &mut Criterion) {
    let engine = Engine::new(&Config::new()).expect("signal handlers can be had");
    let wasm = wat::parse_str(WASM).expect("well-formed text");
    let microwasm = Module::from_microwasm_text(&engine, MICROWASM).expect("it is correct");
    let wasm = Module::new(&engine, wasm).expect("it is valid");
    let mut store = Store::new(&engine, ());
    let mut group = criterion.benchmark_group("microwasm/threaded");
    group.sample_size(30).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    for (name, module) in [("microwasm", microwasm), ("wasm", wasm)] {
        let instance = Instance::new(&mut store, &module, &[]).expect("it imports nothing");
        let run = instance.get_typed_func::<(), i32>(&mut store, "run").expect("it is exported");
        group.bench_function(name, |bencher| {
            bencher.iter(|| assert_eq!(black_box(run.call(&mut store, ()).expect("it returns")), RESULT));
        });
    }
    group.finish();
}

criterion_group!(benches, threaded_code);
criterion_main!(benches);
