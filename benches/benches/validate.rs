//! Time to validate programs, and to validate and lower them to Microwasm, in bytes of Wasm per second: what of compile time
//! is before any machine code.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lightbeam::microwasm::Counter;
use lightbeam::wasm::stream::Frontend;
use lightbeam_harness::bench::Case;
use std::hint::black_box;
use std::time::Duration;
use wasmparser::{Validator, WasmFeatures};

fn validate(criterion: &mut Criterion) {
    for case in Case::programs() {
        let mut group = criterion.benchmark_group(format!("validate/{}", case.name));
        group.throughput(Throughput::Bytes(case.wasm.len() as u64));
        group.sample_size(20).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(500));
        group.bench_function("wasmparser", |bencher| {
            bencher.iter(|| {
                let mut validator = Validator::new_with_features(WasmFeatures::WASM2);
                black_box(validator.validate_all(&case.wasm).expect("the program is valid"))
            });
        });
        group.bench_function("lowered", |bencher| {
            bencher.iter(|| {
                let mut frontend = Frontend::new(Counter::default());
                frontend.push(&case.wasm).expect("the program is valid");
                black_box(frontend.finish().expect("the program is whole"))
            });
        });
        group.finish();
    }
}

criterion_group!(benches, validate);
criterion_main!(benches);
