//! The table that `lightbeam bench` prints: our time, and ratios of ours over theirs.

use super::stats::Summary;
use super::{OURS, Report, Row, Suite, SuiteReport};
use std::fmt::{self, Write};

/// A whole report as text.
///
/// # Errors
///
/// Only those of `out`.
pub fn print(report: &Report, out: &mut impl Write) -> fmt::Result {
    let machine = &report.machine;
    writeln!(
        out,
        "machine: {}; native code by {}; Wasmtime {}",
        machine.cpu, machine.native_compiler, machine.wasmtime
    )?;
    if machine.debug_build {
        writeln!(
            out,
            "warning: built with debug assertions, so compile times mean nothing; use `cargo run --release`"
        )?;
    }
    for suite in Suite::ALL {
        if let Some(results) = report.suites.get(suite.name()) {
            writeln!(out)?;
            print_suite(suite, results, out)?;
        }
    }
    Ok(())
}

/// One suite as text.
fn print_suite(suite: Suite, results: &SuiteReport, out: &mut impl Write) -> fmt::Result {
    let engines: Vec<&'static str> = suite
        .engines()
        .iter()
        .copied()
        .filter(|engine| results.programs.iter().any(|row| row.ratio.contains_key(engine)))
        .collect();
    let width =
        results.programs.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).max("geometric mean".len());
    writeln!(out, "{}: our time over theirs, medians with 95 % intervals; below 1 we are faster", suite.name())?;
    write!(out, "{:width$}  {:>10}", "program", "ours")?;
    for engine in &engines {
        write!(out, "  {engine:>22}")?;
    }
    writeln!(out)?;
    for row in &results.programs {
        print_row(row, &engines, width, out)?;
    }
    write!(out, "{:width$}  {:>10}", "geometric mean", "")?;
    for engine in &engines {
        let mean = results.geomean.get(engine).map_or_else(String::new, |mean| format!("{mean:.3}"));
        write!(out, "  {mean:>22}")?;
    }
    writeln!(out)
}

/// One program as text, with what could not be measured below it.
fn print_row(row: &Row, engines: &[&'static str], width: usize, out: &mut impl Write) -> fmt::Result {
    write!(out, "{:width$}", row.name)?;
    if let Some(reason) = &row.void {
        return writeln!(out, "  void: {reason}");
    }
    write!(out, "  {:>10}", row.seconds.get(OURS).map_or_else(String::new, |seconds| time(seconds.median)))?;
    for engine in engines {
        write!(out, "  {:>22}", row.ratio.get(engine).map_or_else(|| "-".to_string(), ratio))?;
    }
    writeln!(out)?;
    for (engine, reason) in &row.absent {
        writeln!(out, "{:width$}  {engine} is absent: {reason}", "")?;
    }
    Ok(())
}

/// A ratio with its interval.
fn ratio(summary: &Summary) -> String {
    format!("{:.3} [{:.3} {:.3}]", summary.median, summary.low, summary.high)
}

/// Seconds in the unit that fits.
fn time(seconds: f64) -> String {
    match seconds {
        s if s < 1e-3 => format!("{:.2} us", s * 1e6),
        s if s < 1.0 => format!("{:.2} ms", s * 1e3),
        s => format!("{s:.2} s"),
    }
}
