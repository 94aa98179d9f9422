//! The suite `microwasm`: programs whose control flow Wasm does not have, beside their best Wasm form.

use super::execute::{Run, Runner, lightbeam, wasmtime};
use super::rounds::Contender;
use super::{Case, Field, OURS};
use crate::engines::wasmtime::Backend;
use anyhow::{Context, Result};
use lightbeam_bench::Checksum;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A program in both languages. Both export `run: [] -> [i32]`.
#[derive(Debug, Clone, Copy)]
pub struct Twin {
    name: &'static str,
    microwasm: &'static str,
    wat: &'static str,
    result: i32,
}

/// The programs.
const TWINS: [Twin; 1] = [Twin {
    name: "threaded",
    microwasm: include_str!("../../../corpora/microwasm/threaded.mwat"),
    wat: include_str!("../../../corpora/microwasm/threaded.wat"),
    result: 299_162,
}];

/// The programs as cases.
///
/// # Errors
///
/// If the Wasm form of one is not well-formed.
pub fn cases() -> Result<Vec<Case>> {
    let case = |twin: &'static Twin| {
        let wasm = wat::parse_str(twin.wat).with_context(|| twin.name)?;
        Ok(Case { name: twin.name.to_string(), wasm: Cow::Owned(wasm), program: None, twin: Some(twin), real: false })
    };
    TWINS.iter().map(case).collect()
}

/// What the suite takes part with.
///
/// # Errors
///
/// The inner one, a reason, if a form cannot be run.
pub fn field(case: &Case) -> Result<Result<Field<'static>, String>> {
    let Some(twin) = case.twin else { return Ok(Err("it has no form in Microwasm".to_string())) };
    let engine = lightbeam::Engine::new(&lightbeam::Config::new())?;
    let ours = lightbeam::Module::from_microwasm_text(&engine, twin.microwasm);
    let runs = [
        (OURS, ours.map_err(anyhow::Error::from).and_then(|module| lightbeam(&engine, &module))),
        (
            "wasm",
            lightbeam::Module::new(&engine, &case.wasm).map_err(Into::into).and_then(|wasm| lightbeam(&engine, &wasm)),
        ),
        ("cranelift", wasmtime(Backend::CraneliftSpeed, &case.wasm)),
    ];
    let mut contenders: Vec<Box<dyn Contender>> = Vec::new();
    for (name, run) in runs {
        let run: Run = match run {
            Ok(run) => run,
            Err(error) => return Ok(Err(format!("{name}: {error:#}"))),
        };
        contenders.push(Box::new(Runner { name, run, expected: Checksum::I32(twin.result) }));
    }
    Ok(Ok(Field { contenders, absent: BTreeMap::new() }))
}
