//! From a compiled module to an instance with its memory, tables and segments, in a store of its own, for `cargo bench`.

use super::rounds::Contender;
use super::{Case, Field, OURS};
use crate::engines::setup::Setup;
use crate::engines::wasmtime::{Backend, config};
use anyhow::{Result, anyhow};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Ours and Wasmtime, which has one way to instantiate whoever compiled.
///
/// # Errors
///
/// If one of the two cannot compile or instantiate the module, which must import nothing.
pub fn field(case: &Case) -> Result<Field<'static>> {
    let engine = lightbeam::Engine::new(&Setup::DEFAULT.config())?;
    let module = lightbeam::Module::new(&engine, &case.wasm)?;
    let ours = move || -> Result<()> {
        let mut store = lightbeam::Store::new(&engine, ());
        black_box(lightbeam::Instance::new(&mut store, &module, &[])?);
        Ok(())
    };
    let plain = |error: wasmtime::Error| anyhow!("{error:#}");
    let engine = wasmtime::Engine::new(&config(Backend::CraneliftSpeed)).map_err(plain)?;
    let module = wasmtime::Module::from_binary(&engine, &case.wasm).map_err(plain)?;
    let theirs = move || -> Result<()> {
        let mut store = wasmtime::Store::new(&engine, ());
        black_box(wasmtime::Instance::new(&mut store, &module, &[]).map_err(plain)?);
        Ok(())
    };
    let mut contenders: Vec<Box<dyn Contender>> = vec![
        Box::new(Instantiation { name: OURS, work: Box::new(ours) }),
        Box::new(Instantiation { name: "wasmtime", work: Box::new(theirs) }),
    ];
    contenders.iter_mut().try_for_each(|contender| contender.once().map(drop))?;
    Ok(Field { contenders, absent: BTreeMap::new() })
}

struct Instantiation {
    name: &'static str,
    work: Box<dyn FnMut() -> Result<()>>,
}

impl Contender for Instantiation {
    fn name(&self) -> &'static str {
        self.name
    }

    /// With the end of the store: that memory goes back is part of what an instance costs.
    fn once(&mut self) -> Result<Duration> {
        let begin = Instant::now();
        (self.work)()?;
        Ok(begin.elapsed())
    }
}
