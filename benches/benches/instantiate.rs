//! Time from a compiled program to an instance, by engine.

use criterion::{Criterion, criterion_group, criterion_main};
use lightbeam_harness::bench::{Case, instantiate};
use std::time::Duration;

fn instantiation_time(criterion: &mut Criterion) {
    for case in Case::programs() {
        let field = instantiate::field(&case).expect("both engines take the program");
        let mut group = criterion.benchmark_group(format!("instantiate/{}", case.name));
        group.sample_size(20).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(500));
        for mut contender in field.contenders {
            group.bench_function(contender.name(), |bencher| {
                bencher.iter_custom(|count| (0..count).map(|_| contender.once().expect("it did before")).sum());
            });
        }
        group.finish();
    }
}

criterion_group!(benches, instantiation_time);
criterion_main!(benches);
