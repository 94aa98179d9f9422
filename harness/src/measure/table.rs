//! The measurement as a table in Markdown.

use super::kinds::{Cost, Ledger};
use super::{Form, Report, Row};
use crate::bench::stats::Summary;
use std::fmt::{self, Write};

/// Writes the table.
///
/// # Errors
///
/// Only those of `out`.
pub fn print(report: &Report, out: &mut impl Write) -> fmt::Result {
    writeln!(out, "# Microwasm (version {}) beside Wasm\n", report.version)?;
    writeln!(out, "Microwasm over Wasm; custom sections are left out on both sides. Below 1, Microwasm is smaller.\n")?;
    writeln!(out, "| module | Wasm bytes | Microwasm bytes | bytes | code | gzip | zstd | operators | labels |")?;
    writeln!(out, "|---|--:|--:|--:|--:|--:|--:|--:|--:|")?;
    for row in &report.modules {
        write!(out, "| {} | {} | {} |", row.name, row.wasm.bytes, row.microwasm.bytes)?;
        ratios(out, SIZES.map(|size| Some(ratio(row, size))))?;
    }
    write!(out, "| **geometric mean** | | |")?;
    ratios(out, SIZES.map(|size| report.mean(|row| Some(ratio(row, size)).filter(|ratio| *ratio > 0.0))))?;
    kinds(report, out)?;
    if report.modules.iter().any(|row| row.check_ratio.is_some()) {
        times(report, out)?;
    }
    for (name, reason) in &report.skipped {
        writeln!(out, "\nSkipped: {name}: {reason}")?;
    }
    Ok(())
}

/// What is compared, in the order of the columns.
const SIZES: [fn(&Form) -> f64; 6] = [
    |form| form.bytes as f64,
    |form| form.code as f64,
    |form| form.gzip as f64,
    |form| form.zstd as f64,
    |form| form.operators as f64,
    |form| form.labels as f64,
];

fn ratio(row: &Row, size: fn(&Form) -> f64) -> f64 {
    size(&row.microwasm) / size(&row.wasm)
}

fn ratios(out: &mut impl Write, ratios: [Option<f64>; 6]) -> fmt::Result {
    for ratio in ratios {
        match ratio.filter(|ratio| ratio.is_finite()) {
            Some(ratio) => write!(out, " {ratio:.3} |")?,
            None => write!(out, " |")?,
        }
    }
    writeln!(out)
}

/// What costs what, over all modules together.
fn kinds(report: &Report, out: &mut impl Write) -> fmt::Result {
    let (mut wasm, mut microwasm) = (Ledger::default(), Ledger::default());
    for row in &report.modules {
        wasm.add(&row.wasm.kinds);
        microwasm.add(&row.microwasm.kinds);
    }
    writeln!(out, "\nWhat costs what, all modules together.\n")?;
    writeln!(
        out,
        "| kind | Wasm bytes | Microwasm bytes | bytes | of Microwasm | Wasm operators | Microwasm operators |"
    )?;
    writeln!(out, "|---|--:|--:|--:|--:|--:|--:|")?;
    let total = microwasm.total();
    let mut line = |title: &str, wasm: Cost, microwasm: Cost| {
        let ratio = if wasm.bytes == 0 { String::new() } else { format!("{:.3}", share(microwasm, wasm)) };
        writeln!(
            out,
            "| {title} | {} | {} | {ratio} | {:.1} % | {} | {} |",
            wasm.bytes,
            microwasm.bytes,
            share(microwasm, total) * 100.0,
            wasm.operators,
            microwasm.operators
        )
    };
    for (kind, cost) in &microwasm.0 {
        line(kind.title(), wasm.0.get(kind).copied().unwrap_or_default(), *cost)?;
    }
    line("**code**", wasm.code(), microwasm.code())?;
    line("**all**", wasm.total(), total)
}

fn share(cost: Cost, of: Cost) -> f64 {
    cost.bytes as f64 / of.bytes as f64
}

fn times(report: &Report, out: &mut impl Write) -> fmt::Result {
    writeln!(
        out,
        "\nTimes, medians with 95 % intervals: decoding and checking Microwasm over validating Wasm; validating and \
         lowering Wasm, to a sink that counts, over validating it; and the part of compiling that lowering functions \
         is. That part is an upper bound for what the layer costs: without it, operators would still have to be told \
         apart and open blocks be remembered.\n"
    )?;
    writeln!(out, "| module | validate | check / validate | lower / validate | lowering, of compiling |")?;
    writeln!(out, "|---|--:|--:|--:|--:|")?;
    for row in &report.modules {
        let milliseconds = row.validate.map_or(String::new(), |time| format!("{:.2} ms", time.median * 1e3));
        write!(out, "| {} | {milliseconds} |", row.name)?;
        for summary in [row.check_ratio, row.lower_ratio] {
            write!(out, " {} |", summary.map_or(String::new(), |summary| interval(summary, 1.0, "")))?;
        }
        writeln!(out, " {} |", row.layer_share.map_or(String::new(), |summary| interval(summary, 100.0, " %")))?;
    }
    let mean = |of: fn(&Row) -> Option<Summary>| {
        report.mean(|row| of(row).map(|summary| summary.median)).map_or(String::new(), |mean| format!("{mean:.3}"))
    };
    writeln!(
        out,
        "| **geometric mean** | | {} | {} | {} |",
        mean(|row| row.check_ratio),
        mean(|row| row.lower_ratio),
        mean(|row| row.layer_share)
    )
}

fn interval(summary: Summary, scale: f64, unit: &str) -> String {
    let Summary { median, low, high } = summary;
    format!("{:.2}{unit} [{:.2} {:.2}]", median * scale, low * scale, high * scale)
}
