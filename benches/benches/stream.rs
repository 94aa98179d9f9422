//! Compile time of programs whose bytes come in pieces, beside all at once, in bytes of Wasm per second.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use lightbeam::compile::{Compiler, CompilerConfig};
use lightbeam_harness::bench::Case;
use std::hint::black_box;
use std::time::Duration;

/// Bytes of a piece: one by one, a packet of the network, a page.
const PIECES: [usize; 3] = [1, 1460, 4096];

fn stream(criterion: &mut Criterion) {
    let config = CompilerConfig::native().expect("it runs here");
    for case in Case::programs() {
        let mut group = criterion.benchmark_group(format!("stream/{}", case.name));
        group.throughput(Throughput::Bytes(case.wasm.len() as u64));
        group.sample_size(20).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(500));
        for piece in PIECES.into_iter().chain([case.wasm.len()]) {
            let name = if piece == case.wasm.len() { "at-once".to_string() } else { piece.to_string() };
            group.bench_function(BenchmarkId::new("lightbeam", name), |bencher| {
                bencher.iter(|| {
                    let mut compiler = Compiler::new(&config);
                    case.wasm.chunks(piece).for_each(|bytes| compiler.push(bytes).expect("the program is valid"));
                    black_box(compiler.finish().expect("the program is whole"))
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, stream);
criterion_main!(benches);
