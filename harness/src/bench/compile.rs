//! The suite `compile`: from a module's bytes to code that could be called, validation included, on one thread; ours also
//! on several where that is asked for.
//!
//! Both runtimes are asked for a `Module` and not for serialised code: that is what an embedder waits for, it includes
//! publishing the code as executable memory on both sides, and it copies nothing that only a cache would need.
//! Dropping the module is not measured. Wasmtime is built without parallel compilation, and its cache is off.

use super::patience::{NotMeasured, Patience};
use super::rounds::Contender;
use super::v8::{LIFTOFF, Liftoff, Work};
use super::{Case, Field, OURS};
use crate::engines::setup::Setup;
use crate::engines::wasmtime::{Backend, config};
use anyhow::{Context, Result, anyhow};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};
use wasmparser::{Validator, WasmFeatures};

/// Ours with several jobs.
pub(super) const JOBS: &str = "jobs";

/// What the compile suite takes part with.
///
/// # Errors
///
/// The outer one if Wasmtime cannot be configured; the inner one if we cannot compile the module, or not in time.
pub fn field<'a>(
    case: &'a Case,
    with_v8: bool,
    jobs: Option<usize>,
    patience: &mut Patience,
) -> Result<Result<Field<'a>, NotMeasured>> {
    let mut all: Vec<Box<dyn Contender + 'a>> =
        vec![Box::new(Lightbeam::new(OURS, &case.wasm, &Setup::DEFAULT)?), Box::new(Validation(&case.wasm))];
    if let Some(jobs) = jobs {
        all.push(Box::new(Lightbeam::new(JOBS, &case.wasm, &Setup { jobs, ..Setup::DEFAULT })?));
    }
    for (name, backend) in
        [("winch", Backend::Winch), ("cranelift-none", Backend::CraneliftNone), ("cranelift", Backend::CraneliftSpeed)]
    {
        all.push(Box::new(Wasmtime::new(name, backend, &case.wasm)?));
    }
    #[cfg(feature = "singlepass")]
    all.push(Box::new(Singlepass::new(&case.wasm)?));
    let mut absent = BTreeMap::new();
    if with_v8 {
        match Liftoff::new(&case.wasm, Work::Compile) {
            Ok(liftoff) => all.push(Box::new(liftoff)),
            Err(error) => {
                absent.insert(LIFTOFF, format!("{error:#}"));
            }
        }
    }
    Ok(patience.field(all, case.wasm.len()).map(|mut field| {
        field.absent.extend(absent);
        field
    }))
}

/// Our compiler with some of its rewrites.
pub(super) struct Lightbeam<'a> {
    name: &'static str,
    engine: lightbeam::Engine,
    wasm: &'a [u8],
}

impl<'a> Lightbeam<'a> {
    pub(super) fn new(name: &'static str, wasm: &'a [u8], setup: &Setup) -> Result<Self> {
        let engine = lightbeam::Engine::new(&setup.config()).context("our engine cannot be configured")?;
        Ok(Lightbeam { name, engine, wasm })
    }
}

impl Contender for Lightbeam<'_> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn once(&mut self) -> Result<Duration> {
        let begin = Instant::now();
        let module = black_box(lightbeam::Module::new(&self.engine, self.wasm));
        let elapsed = begin.elapsed();
        module.map_err(|error| anyhow!("{}: {error}", self.name))?;
        Ok(elapsed)
    }
}

/// wasmparser's validator alone: the time below which nobody can come who uses it.
struct Validation<'a>(&'a [u8]);

impl Contender for Validation<'_> {
    fn name(&self) -> &'static str {
        "validate"
    }

    fn once(&mut self) -> Result<Duration> {
        let begin = Instant::now();
        let types = black_box(Validator::new_with_features(WasmFeatures::WASM2).validate_all(self.0));
        let elapsed = begin.elapsed();
        types.map_err(|error| anyhow!("validate: {error}"))?;
        Ok(elapsed)
    }
}

/// Wasmtime with one of its compilers.
pub(super) struct Wasmtime<'a> {
    name: &'static str,
    engine: wasmtime::Engine,
    wasm: &'a [u8],
}

impl<'a> Wasmtime<'a> {
    pub(super) fn new(name: &'static str, backend: Backend, wasm: &'a [u8]) -> Result<Self> {
        let engine = wasmtime::Engine::new(&config(backend)).map_err(|error| anyhow!("{name}: {error}"))?;
        Ok(Wasmtime { name, engine, wasm })
    }
}

impl Contender for Wasmtime<'_> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn once(&mut self) -> Result<Duration> {
        let begin = Instant::now();
        let module = black_box(wasmtime::Module::from_binary(&self.engine, self.wasm));
        let elapsed = begin.elapsed();
        module.map_err(|error| anyhow!("{}: {error}", self.name))?;
        Ok(elapsed)
    }
}

/// Wasmer's one-pass compiler.
#[cfg(feature = "singlepass")]
struct Singlepass<'a> {
    wasmer: lightbeam_bench::singlepass::Singlepass,
    wasm: &'a [u8],
}

#[cfg(feature = "singlepass")]
impl<'a> Singlepass<'a> {
    fn new(wasm: &'a [u8]) -> Result<Self> {
        let wasmer = lightbeam_bench::singlepass::Singlepass::new().map_err(|error| anyhow!("singlepass: {error}"))?;
        Ok(Singlepass { wasmer, wasm })
    }
}

#[cfg(feature = "singlepass")]
impl Contender for Singlepass<'_> {
    fn name(&self) -> &'static str {
        "singlepass"
    }

    fn once(&mut self) -> Result<Duration> {
        let begin = Instant::now();
        let module = black_box(self.wasmer.compile(self.wasm));
        let elapsed = begin.elapsed();
        module.map_err(|error| anyhow!("singlepass: {error}"))?;
        Ok(elapsed)
    }
}
