//! Run time by program and engine; each call's checksum is verified.

use criterion::{Criterion, criterion_group, criterion_main};
use lightbeam_harness::bench::{Case, execute};
use std::time::Duration;

fn run_time(criterion: &mut Criterion) {
    let simd = Case::simd_programs().into_iter().map(|case| ("simd", case));
    for (suite, case) in Case::programs().into_iter().map(|case| ("execute", case)).chain(simd) {
        let field = execute::field(&case, false)
            .expect("the engines can be configured")
            .expect("every engine runs the program");
        let mut group = criterion.benchmark_group(format!("{suite}/{}", case.name));
        group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));
        for mut contender in field.contenders {
            group.bench_function(contender.name(), |bencher| {
                bencher.iter_custom(|count| (0..count).map(|_| contender.once().expect("the checksum is right")).sum());
            });
        }
        group.finish();
    }
}

criterion_group!(benches, run_time);
criterion_main!(benches);
