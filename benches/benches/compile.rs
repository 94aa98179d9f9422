//! Compile time by program and engine, on one thread, in bytes of Wasm per second.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lightbeam_harness::bench::patience::Patience;
use lightbeam_harness::bench::{Case, compile};
use std::time::Duration;

fn compile_time(criterion: &mut Criterion) {
    for case in Case::programs() {
        let field = compile::field(&case, false, None, &mut Patience::default())
            .expect("the engines can be configured")
            .expect("our compiler takes the program");
        let mut group = criterion.benchmark_group(format!("compile/{}", case.name));
        group.throughput(Throughput::Bytes(case.wasm.len() as u64));
        group.sample_size(20).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
        for mut contender in field.contenders {
            group.bench_function(contender.name(), |bencher| {
                bencher.iter_custom(|count| (0..count).map(|_| contender.once().expect("it compiled before")).sum());
            });
        }
        group.finish();
    }
}

criterion_group!(benches, compile_time);
criterion_main!(benches);
