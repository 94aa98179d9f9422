//! How long the operators' kernels run, ours over Cranelift's, interleaved in one process.

use super::Kernel;
use crate::bench::OURS;
use crate::bench::rounds::{self, Contender, Effort};
use crate::bench::stats::Summary;
use crate::engines::setup::Setup;
use crate::engines::wasmtime::{Backend, config};
use anyhow::{Context, Result, anyhow};
use std::time::{Duration, Instant};

/// Turns of the loop in one call: some tens of microseconds.
const TURNS: i32 = 2000;

/// A kernel that can be called with a number of turns.
pub type Call = Box<dyn FnMut(i32) -> Result<()>>;

/// Our engine as embedders get it.
///
/// # Errors
///
/// If it cannot run here.
pub fn engine() -> Result<lightbeam::Engine> {
    Ok(lightbeam::Engine::new(&Setup::DEFAULT.config())?)
}

/// Cranelift.
///
/// # Errors
///
/// If it cannot run here.
pub fn cranelift() -> Result<wasmtime::Engine> {
    wasmtime::Engine::new(&config(Backend::CraneliftSpeed)).map_err(|error| anyhow!("{error:#}"))
}

/// A kernel on our engine.
///
/// # Errors
///
/// If it cannot be compiled or instantiated.
pub fn prepare(engine: &lightbeam::Engine, kernel: &Kernel) -> Result<Call> {
    let module = lightbeam::Module::new(engine, &kernel.wasm)?;
    let mut store = lightbeam::Store::new(engine, ());
    let instance = lightbeam::Instance::new(&mut store, &module, &[])?;
    let run = instance.get_typed_func::<i32, ()>(&mut store, &kernel.export)?;
    Ok(Box::new(move |turns| Ok(run.call(&mut store, turns)?)))
}

/// A kernel on Cranelift.
fn prepare_theirs(engine: &wasmtime::Engine, kernel: &Kernel) -> Result<Call> {
    let plain = |error: wasmtime::Error| anyhow!("{error:#}");
    let module = wasmtime::Module::from_binary(engine, &kernel.wasm).map_err(plain)?;
    let mut store = wasmtime::Store::new(engine, ());
    let instance = wasmtime::Instance::new(&mut store, &module, &[]).map_err(plain)?;
    let run = instance.get_typed_func::<i32, ()>(&mut store, &kernel.export).map_err(plain)?;
    Ok(Box::new(move |turns| run.call(&mut store, turns).map_err(plain)))
}

/// Runs a kernel once on our engine.
///
/// # Errors
///
/// If it cannot be run to its end.
pub fn ours(engine: &lightbeam::Engine, kernel: &Kernel, turns: i32) -> Result<()> {
    prepare(engine, kernel)?(turns)
}

/// Runs a kernel once on Cranelift.
///
/// # Errors
///
/// If it cannot be run to its end.
pub fn theirs(engine: &wasmtime::Engine, kernel: &Kernel, turns: i32) -> Result<()> {
    prepare_theirs(engine, kernel)?(turns)
}

struct Timed {
    name: &'static str,
    call: Call,
}

impl Contender for Timed {
    fn name(&self) -> &'static str {
        self.name
    }

    fn once(&mut self) -> Result<Duration> {
        let begin = Instant::now();
        (self.call)(TURNS)?;
        Ok(begin.elapsed())
    }
}

/// Our nanoseconds for one operator, and our time over Cranelift's.
///
/// # Errors
///
/// If one of the two cannot run the kernel.
pub fn measure(
    engine: &lightbeam::Engine,
    cranelift: &wasmtime::Engine,
    kernel: &Kernel,
    effort: &Effort,
) -> Result<(Summary, Summary)> {
    let mut contenders: Vec<Box<dyn Contender>> = vec![
        Box::new(Timed { name: OURS, call: prepare(engine, kernel)? }),
        Box::new(Timed { name: "cranelift", call: prepare_theirs(cranelift, kernel)? }),
    ];
    let samples = rounds::measure(&mut contenders, effort).with_context(|| kernel.name.clone())?;
    let each = 1e9 / (f64::from(TURNS) * f64::from(super::COPIES));
    let nanoseconds: Vec<f64> = samples[0].iter().map(|seconds| seconds * each).collect();
    let ratios: Vec<f64> = samples[0].iter().zip(&samples[1]).map(|(ours, theirs)| ours / theirs).collect();
    Summary::of(&nanoseconds).zip(Summary::of(&ratios)).context("nothing was measured")
}
