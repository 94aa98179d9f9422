//! The suites `execute` and `simd`: one call of `run`, whose checksum every engine has to return each time.
//!
//! A user's module has no checksum on record: there Cranelift's first result is what the others must return.

use super::rounds::Contender;
use super::v8::{LIFTOFF, Liftoff, Work};
use super::{Case, Field, OURS};
use crate::engines::setup::Setup;
use crate::engines::wasmtime::{Backend, config};
use anyhow::{Context, Result, anyhow, bail};
use lightbeam_bench::{Checksum, NativeFn};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// A `run` that can be called again and again.
pub(super) type Run = Box<dyn FnMut() -> Result<Checksum>>;

/// What the execute suite takes part with.
///
/// # Errors
///
/// The inner one, a reason, if an engine returns a wrong result or we cannot run the module.
pub fn field(case: &Case, with_v8: bool) -> Result<Result<Field<'static>, String>> {
    let mut absent = BTreeMap::new();
    let mut runs: Vec<(&'static str, Run)> = Vec::new();
    match ours(&case.wasm, &Setup::DEFAULT) {
        Ok(run) => runs.push((OURS, run)),
        Err(error) => return Ok(Err(format!("{OURS}: {error:#}"))),
    }
    for (name, backend) in
        [("winch", Backend::Winch), ("cranelift-none", Backend::CraneliftNone), ("cranelift", Backend::CraneliftSpeed)]
    {
        match wasmtime(backend, &case.wasm) {
            Ok(run) => runs.push((name, run)),
            Err(error) => {
                absent.insert(name, format!("{error:#}"));
            }
        }
    }
    let native = |function: NativeFn| -> Run { Box::new(move || Ok(function.call())) };
    if let Some(program) = case.program {
        runs.push(("native-novec", native(program.native_novec)));
        runs.push(("native", native(program.native)));
    }

    let expected = match (case.program, runs.iter_mut().find(|(name, _)| *name == "cranelift")) {
        (Some(program), _) => program.checksum,
        (None, Some((_, run))) => match run() {
            Ok(checksum) => checksum,
            Err(error) => return Ok(Err(format!("cranelift: {error:#}"))),
        },
        (None, None) => return Ok(Err("no checksum, and Cranelift cannot say what is right".to_string())),
    };
    let mut contenders: Vec<Box<dyn Contender>> = runs
        .into_iter()
        .map(|(name, run)| -> Box<dyn Contender> { Box::new(Runner { name, run, expected }) })
        .collect();
    if with_v8 {
        let liftoff = Liftoff::new(&case.wasm, Work::Call(expected));
        match liftoff.and_then(|mut liftoff| liftoff.once().map(|_| liftoff)) {
            Ok(liftoff) => contenders.push(Box::new(liftoff)),
            Err(error) => {
                absent.insert(LIFTOFF, format!("{error:#}"));
            }
        }
    }
    Ok(Ok(Field { contenders, absent }))
}

/// What `run` must return: what is on record, or else what Cranelift says.
///
/// # Errors
///
/// If nothing is on record and Cranelift cannot run the module.
pub(super) fn expected(case: &Case) -> Result<Checksum> {
    match case.program {
        Some(program) => Ok(program.checksum),
        None => wasmtime(Backend::CraneliftSpeed, &case.wasm).and_then(|mut run| run()).context("cranelift"),
    }
}

/// A `run` with the result that it must have.
pub(super) struct Runner {
    pub(super) name: &'static str,
    pub(super) run: Run,
    pub(super) expected: Checksum,
}

impl Contender for Runner {
    fn name(&self) -> &'static str {
        self.name
    }

    fn once(&mut self) -> Result<Duration> {
        let begin = Instant::now();
        let result = black_box((self.run)());
        let elapsed = begin.elapsed();
        let result = result.with_context(|| self.name)?;
        if result != self.expected {
            bail!("{} returned {result}, not {}", self.name, self.expected);
        }
        Ok(elapsed)
    }
}

/// `run` of a Wasm module on Lightbeam in this configuration.
pub(super) fn ours(wasm: &[u8], setup: &Setup) -> Result<Run> {
    let engine = lightbeam::Engine::new(&setup.config())?;
    lightbeam(&engine, &lightbeam::Module::new(&engine, wasm)?)
}

/// `run` on Lightbeam.
pub(super) fn lightbeam(engine: &lightbeam::Engine, module: &lightbeam::Module) -> Result<Run> {
    let mut store = lightbeam::Store::new(engine, ());
    let instance = lightbeam::Instance::new(&mut store, module, &[])?;
    if let Ok(run) = instance.get_typed_func::<(), i32>(&mut store, "run") {
        return Ok(Box::new(move || Ok(Checksum::I32(run.call(&mut store, ())?))));
    }
    if let Ok(run) = instance.get_typed_func::<(), i64>(&mut store, "run") {
        return Ok(Box::new(move || Ok(Checksum::I64(run.call(&mut store, ())?))));
    }
    if let Ok(run) = instance.get_typed_func::<(), f64>(&mut store, "run") {
        return Ok(Box::new(move || Ok(Checksum::F64(run.call(&mut store, ())?))));
    }
    bail!("no export `run: [] -> [i32|i64|f64]`")
}

/// `run` on Wasmtime.
pub(super) fn wasmtime(backend: Backend, wasm: &[u8]) -> Result<Run> {
    let plain = |error: wasmtime::Error| anyhow!("{error:#}");
    let engine = wasmtime::Engine::new(&config(backend)).map_err(plain)?;
    let module = wasmtime::Module::from_binary(&engine, wasm).map_err(plain)?;
    let mut store = wasmtime::Store::new(&engine, ());
    let instance = wasmtime::Instance::new(&mut store, &module, &[]).map_err(plain)?;
    if let Ok(run) = instance.get_typed_func::<(), i32>(&mut store, "run") {
        return Ok(Box::new(move || Ok(Checksum::I32(run.call(&mut store, ()).map_err(plain)?))));
    }
    if let Ok(run) = instance.get_typed_func::<(), i64>(&mut store, "run") {
        return Ok(Box::new(move || Ok(Checksum::I64(run.call(&mut store, ()).map_err(plain)?))));
    }
    if let Ok(run) = instance.get_typed_func::<(), f64>(&mut store, "run") {
        return Ok(Box::new(move || Ok(Checksum::F64(run.call(&mut store, ()).map_err(plain)?))));
    }
    bail!("no export `run: [] -> [i32|i64|f64]`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use lightbeam::Switches;
    use lightbeam::interpreter::{Limits, Module, Store, Value};
    use lightbeam_bench::simd_programs;

    #[test]
    fn every_engine_runs_the_programs_with_vectors_and_agrees() {
        for case in Case::simd_programs() {
            let field = field(&case, false).expect("engines can be configured");
            let mut field = field.unwrap_or_else(|reason| panic!("{}: {reason}", case.name));
            for contender in &mut field.contenders {
                // Twice: a program may be called again in the same instance.
                for _ in 0..2 {
                    contender.once().unwrap_or_else(|error| panic!("{}: {error:#}", case.name));
                }
            }
            let absent: Vec<&str> = field.absent.keys().copied().filter(|name| *name != "winch").collect();
            assert!(absent.is_empty(), "{}: {:?}", case.name, field.absent);
        }
    }

    #[test]
    fn rewrites_do_not_change_what_programs_with_vectors_return() {
        let plain = Setup { switches: Switches::NONE, ..Setup::DEFAULT };
        for program in simd_programs() {
            let mut run = ours(program.wasm, &plain).unwrap_or_else(|error| panic!("{}: {error}", program.name));
            let result = run().unwrap_or_else(|error| panic!("{}: {error}", program.name));
            assert_eq!(result, program.checksum, "{}", program.name);
        }
    }

    #[test]
    fn the_interpreter_agrees_on_the_programs_with_vectors() {
        for program in simd_programs() {
            let module = Module::from_wasm(program.wasm).unwrap_or_else(|error| panic!("{}: {error}", program.name));
            let mut store = Store::new(Limits::default());
            let instance = store.instantiate(&module, &[]).unwrap_or_else(|error| panic!("{}: {error}", program.name));
            let run = store.export(instance, "run").and_then(|export| export.func()).expect("`run` is exported");
            let results = store.call(run, &[]).unwrap_or_else(|error| panic!("{}: {error}", program.name));
            let checksum = match results[..] {
                [Value::I32(bits)] => Checksum::I32(bits.cast_signed()),
                [Value::I64(bits)] => Checksum::I64(bits.cast_signed()),
                [Value::F64(bits)] => Checksum::F64(f64::from_bits(bits)),
                _ => panic!("{}: {results:?}", program.name),
            };
            assert_eq!(checksum, program.checksum, "{}", program.name);
        }
    }
}
