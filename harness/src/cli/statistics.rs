//! `lightbeam explain --stats`: static counters of a module's functions.

use super::{FINE, say, write_json};
use crate::source::Source;
use anyhow::{Result, bail};
use lightbeam::compile::{Compiler, CompilerConfig, compile, compile_text};
use lightbeam::statistics::{FunctionStatistics, Transfers, statistics};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// The counters of a function, or of all of them.
#[derive(Debug, Clone, Default, Serialize)]
struct Counters {
    /// Nothing for the sum.
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u32>,
    /// Bytes of the body; nothing for Microwasm.
    wasm_bytes: Option<u32>,
    code_bytes: u64,
    /// Bytes of code per byte of Wasm.
    expansion: Option<f64>,
    frame_bytes: u64,
    spills: u64,
    reloads: u64,
    back_edges: u64,
    back_edge_moves: u64,
    back_edge_reloads: u64,
    back_edge_spills: u64,
    adaptors: u64,
    adaptor_bytes: u64,
    rewrites: BTreeMap<&'static str, u64>,
}

/// What is written as JSON.
#[derive(Debug, Serialize)]
struct Report<'a> {
    functions: &'a [Counters],
    sum: &'a Counters,
}

/// Counts and prints.
///
/// # Errors
///
/// If the module is refused or has no such function.
pub(super) fn run(source: &Source, config: CompilerConfig, func: Option<u32>, json: Option<&Path>) -> Result<u8> {
    let mut config = config;
    config.listing = true;
    let module = match source {
        Source::Wasm(wasm) => compile(wasm, &config)?,
        Source::Microwasm(bytes) => {
            let mut compiler = Compiler::for_microwasm(&config);
            compiler.push(bytes)?;
            compiler.finish()?
        }
        Source::MicrowasmText(text) => compile_text(text, &config)?,
    };
    let is_wasm = matches!(source, Source::Wasm(_));
    let counted = statistics(&module);
    let counted = counted.iter().filter(|function| func.is_none_or(|func| function.index == func));
    let functions: Vec<Counters> = counted.map(|function| counters(function, is_wasm)).collect();
    if functions.is_empty() {
        bail!("there is no such function");
    }
    let sum = sum(&functions);
    let mut text = String::new();
    writeln!(
        text,
        "{:>8}  {:>8} {:>8} {:>6}  {:>6}  {:>6} {:>7}  {:>10} {:>5} {:>7} {:>6}  {:>8} {:>6}  rewrites",
        "function",
        "wasm",
        "code",
        "ratio",
        "frame",
        "spills",
        "reloads",
        "back-edges",
        "moves",
        "reloads",
        "spills",
        "adaptors",
        "bytes"
    )?;
    for line in functions.iter().chain([&sum]) {
        print(&mut text, line)?;
    }
    say(text.trim_end());
    if let Some(path) = json {
        write_json(path, &Report { functions: &functions, sum: &sum })?;
    }
    Ok(FINE)
}

fn counters(function: &FunctionStatistics, is_wasm: bool) -> Counters {
    let Transfers { moves, reloads, spills } = function.on_back_edges;
    let rewrites = function.rewrites.iter().map(|(rewrite, count)| (rewrite.name(), u64::from(*count)));
    let mut counters = Counters {
        index: Some(function.index),
        wasm_bytes: is_wasm.then_some(function.wasm_bytes),
        code_bytes: function.code_bytes.into(),
        expansion: None,
        frame_bytes: function.frame_bytes.into(),
        spills: function.spills.into(),
        reloads: function.reloads.into(),
        back_edges: function.back_edges.into(),
        back_edge_moves: moves.into(),
        back_edge_reloads: reloads.into(),
        back_edge_spills: spills.into(),
        adaptors: function.adaptors.into(),
        adaptor_bytes: function.adaptor_bytes.into(),
        rewrites: rewrites.collect(),
    };
    counters.expansion = expansion(&counters);
    counters
}

fn expansion(counters: &Counters) -> Option<f64> {
    let wasm = counters.wasm_bytes.filter(|bytes| *bytes > 0)?;
    Some(counters.code_bytes as f64 / f64::from(wasm))
}

fn sum(functions: &[Counters]) -> Counters {
    let mut sum = Counters::default();
    for function in functions {
        if let Some(bytes) = function.wasm_bytes {
            *sum.wasm_bytes.get_or_insert(0) += bytes;
        }
        sum.code_bytes += function.code_bytes;
        sum.frame_bytes += function.frame_bytes;
        sum.spills += function.spills;
        sum.reloads += function.reloads;
        sum.back_edges += function.back_edges;
        sum.back_edge_moves += function.back_edge_moves;
        sum.back_edge_reloads += function.back_edge_reloads;
        sum.back_edge_spills += function.back_edge_spills;
        sum.adaptors += function.adaptors;
        sum.adaptor_bytes += function.adaptor_bytes;
        for (rewrite, count) in &function.rewrites {
            *sum.rewrites.entry(rewrite).or_default() += count;
        }
    }
    sum.expansion = expansion(&sum);
    sum
}

fn print(text: &mut String, line: &Counters) -> Result<()> {
    let or_dash = |number: Option<String>| number.unwrap_or_else(|| "-".to_string());
    let rewrites: Vec<String> = line.rewrites.iter().map(|(name, count)| format!("{name} {count}")).collect();
    let written = format!(
        "{:>8}  {:>8} {:>8} {:>6}  {:>6}  {:>6} {:>7}  {:>10} {:>5} {:>7} {:>6}  {:>8} {:>6}  {}",
        line.index.map_or_else(|| "all".to_string(), |index| index.to_string()),
        or_dash(line.wasm_bytes.map(|bytes| bytes.to_string())),
        line.code_bytes,
        or_dash(line.expansion.map(|ratio| format!("{ratio:.2}"))),
        line.frame_bytes,
        line.spills,
        line.reloads,
        line.back_edges,
        line.back_edge_moves,
        line.back_edge_reloads,
        line.back_edge_spills,
        line.adaptors,
        line.adaptor_bytes,
        rewrites.join(", "),
    );
    writeln!(text, "{}", written.trim_end())?;
    Ok(())
}
