//! The threads of a compilation by several jobs are gone once it returns: the only test here, since it counts those of its
//! process.
#![cfg(target_os = "linux")]

use lightbeam::compile::{self, CompilerConfig};

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").expect("the system lists threads").count()
}

#[test]
fn threads_end_with_the_compilation() {
    let functions = "(func (result i32) (i32.add (i32.const 1) (i32.const 2)))".repeat(20);
    let wasm = wat::parse_str(format!("(module {functions})")).expect("it is a module");
    let mut config = CompilerConfig::native().expect("the host is supported");
    (config.jobs, config.batch_bytes) = (8, 1);
    let before = threads();
    let mut left = 0;
    for _ in 0..100 {
        compile::compile(&wasm, &config).expect("it is valid");
        left += usize::from(threads() > before);
    }
    // The system may list one for some time yet that has been waited for.
    assert!(left < 25, "{left} of 100 compilations left threads behind");
}
