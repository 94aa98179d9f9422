//! `bench sizes`: static counters of the compiler's code, program by program: bytes, spills, moves on back-edges, rewrites;
//! the deterministic work of compiling; and how much memory compiling takes.

use super::{Case, Machine};
use anyhow::{Context, Result};
use lightbeam::compile::{Compiler, CompilerConfig, compile};
use lightbeam::statistics::statistics;
use serde::Serialize;
use std::collections::BTreeMap;

/// One module.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Whether it is a module that others have made for use.
    pub real: bool,
    /// Bytes of the module.
    pub wasm_bytes: u64,
    /// Each counter, summed over the functions, by name; rewrites as `rewrite NAME`.
    pub counters: BTreeMap<String, u64>,
    /// The most bytes of the module that the compiler held when they came a thousand at a time.
    pub held_bytes: u64,
    /// Our counted work of compiling, in steps.
    pub work: u64,
}

/// What was counted.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Where it ran.
    pub machine: Machine,
    /// The features of the CPU that code was compiled for.
    pub features: String,
    /// The modules.
    pub rows: Vec<Row>,
}

/// Bytes that arrive at once.
const PIECE: usize = 1000;

/// Counts on these modules; `progress` hears of each before it starts.
///
/// # Errors
///
/// If the compiler refuses one.
pub fn run(cases: &[Case], mut progress: impl FnMut(&str)) -> Result<Report> {
    let mut config = CompilerConfig::native()?;
    let features = format!("{:?}", config.features);
    config.listing = true;
    let mut rows = Vec::new();
    for case in cases {
        progress(&case.name);
        rows.push(row(case, &config).with_context(|| case.name.clone())?);
    }
    Ok(Report { machine: Machine::this(), features, rows })
}

fn row(case: &Case, config: &CompilerConfig) -> Result<Row> {
    let module = compile(&case.wasm, config)?;
    let mut counters = BTreeMap::<String, u64>::new();
    let mut add = |name: &str, count: u32| *counters.entry(name.to_string()).or_default() += u64::from(count);
    for function in statistics(&module) {
        add("code bytes", function.code_bytes);
        add("frame bytes", function.frame_bytes);
        add("spills", function.spills);
        add("reloads", function.reloads);
        add("back-edges", function.back_edges);
        add("back-edge moves", function.on_back_edges.moves);
        add("back-edge reloads", function.on_back_edges.reloads);
        add("back-edge spills", function.on_back_edges.spills);
        add("adaptors", function.adaptors);
        add("adaptor bytes", function.adaptor_bytes);
        for (rewrite, count) in &function.rewrites {
            add(&format!("rewrite {}", rewrite.name()), *count);
        }
    }
    let mut compiler = Compiler::new(config);
    let mut held = 0;
    for piece in case.wasm.chunks(PIECE) {
        compiler.push(piece)?;
        held = held.max(compiler.held());
    }
    compiler.finish()?;
    Ok(Row {
        name: case.name.clone(),
        real: case.real,
        wasm_bytes: case.wasm.len() as u64,
        counters,
        held_bytes: held as u64,
        work: module.work.total(),
    })
}
