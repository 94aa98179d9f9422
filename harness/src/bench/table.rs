//! The tables that `lightbeam bench` prints: our time, and ratios of ours over theirs; or ratios by switch.

use super::stats::Summary;
use super::{Machine, OURS, Report, Row, Suite, SuiteReport, ablate};
use std::fmt::{self, Write};

/// A whole report as text.
///
/// # Errors
///
/// Only those of `out`.
pub fn print(report: &Report, out: &mut impl Write) -> fmt::Result {
    print_machine(&report.machine, out)?;
    for suite in Suite::ALL {
        if let Some(results) = report.suites.get(suite.name()) {
            writeln!(out)?;
            print_suite(suite, results, out)?;
        }
    }
    Ok(())
}

/// Where it ran.
fn print_machine(machine: &Machine, out: &mut impl Write) -> fmt::Result {
    let v8 = machine.v8.as_ref().map_or_else(String::new, |version| format!("; V8 {version}"));
    writeln!(
        out,
        "machine: {}; native code by {}; Wasmtime {}{v8}",
        machine.cpu, machine.native_compiler, machine.wasmtime
    )?;
    if machine.debug_build {
        writeln!(
            out,
            "warning: built with debug assertions, so compile times mean nothing; use `cargo run --release`"
        )?;
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
        results.programs.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).max("of real modules".len());
    writeln!(out, "{}: our time over theirs, medians with 95 % intervals; below 1 we are faster", suite.name())?;
    write!(out, "{:width$}  {:>10}", "program", "ours")?;
    for engine in &engines {
        write!(out, "  {engine:>22}")?;
    }
    writeln!(out)?;
    for row in &results.programs {
        print_row(row, &engines, width, out)?;
    }
    for (name, means) in [("geometric mean", &results.geomean), ("of real modules", &results.geomean_real)] {
        if means.is_empty() {
            continue;
        }
        write!(out, "{name:width$}  {:>10}", "")?;
        for engine in &engines {
            let mean = means.get(engine).map_or_else(String::new, |mean| format!("{mean:.3}"));
            write!(out, "  {mean:>22}")?;
        }
        writeln!(out)?;
    }
    match suite {
        Suite::Compile => print_memory(results, width, out),
        Suite::Streaming => print_arrivals(results, width, out),
        _ => Ok(()),
    }
}

/// The memory that we took as text.
fn print_memory(results: &SuiteReport, width: usize, out: &mut impl Write) -> fmt::Result {
    writeln!(
        out,
        "\n{:width$}  {:>10}  {:>10}  {:>10}  {:>10}",
        "memory, KiB", "peak", "code", "tables", "beside both"
    )?;
    for row in &results.programs {
        let Some(memory) = &row.memory else { continue };
        let [peak, code, tables, beside] =
            [memory.peak, memory.code, memory.tables, memory.beside()].map(|bytes| bytes as f64 / 1024.0);
        writeln!(out, "{:width$}  {peak:>10.0}  {code:>10.0}  {tables:>10.0}  {beside:>11.0}", row.name)?;
    }
    Ok(())
}

/// What the arrivals were like as text.
fn print_arrivals(results: &SuiteReport, width: usize, out: &mut impl Write) -> fmt::Result {
    writeln!(
        out,
        "\n{:width$}  {:>10}  {:>10}  {:>10}  {:>14}  {:>10}",
        "arrival", "bytes", "arriving", "compiling", "first function", "held"
    )?;
    for row in &results.programs {
        let Some(arrival) = &row.arrival else { continue };
        let (arriving, compiling, first) =
            (time(arrival.arriving), time(arrival.compiling), time(arrival.first_function));
        writeln!(
            out,
            "{:width$}  {:>10}  {arriving:>10}  {compiling:>10}  {first:>14}  {:>10}",
            row.name, row.bytes, arrival.held
        )?;
    }
    Ok(())
}

/// One program as text, with what could not be measured below it.
fn print_row(row: &Row, engines: &[&'static str], width: usize, out: &mut impl Write) -> fmt::Result {
    write!(out, "{:width$}", row.name)?;
    if let Some(reason) = &row.void {
        return writeln!(out, "  void: {reason}");
    }
    if let Some(reason) = &row.skipped {
        return writeln!(out, "  not measured: {reason}");
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

/// The effect of each switch as text.
///
/// # Errors
///
/// Only those of `out`.
pub fn print_ablation(report: &ablate::Report, out: &mut impl Write) -> fmt::Result {
    print_machine(&report.machine, out)?;
    writeln!(out)?;
    for (name, reason) in report.void() {
        writeln!(out, "void: {name}: {reason}")?;
    }
    let time = if report.suite == Suite::Compile { "compile time" } else { "run time" };
    let (programs, modules) = (report.programs.len(), report.modules.len());
    writeln!(out, "everything on over one switch off, geometric means of {programs} programs and the code of")?;
    writeln!(out, "{modules} other modules, time with its 95 % interval; below 1 the switch pays")?;
    let width = report.switches.iter().map(|effect| effect.switch.len()).max().unwrap_or(0).max("switch".len());
    writeln!(
        out,
        "{:width$}  {:>8}  {:>8}  {time:>22}  {:>7}  {:22}  worst",
        "switch", "code", "modules", "changes", "best"
    )?;
    let plain = |mean: Option<f64>| mean.map_or_else(|| "-".to_string(), |mean| format!("{mean:.4}"));
    let extreme = |end: &Option<ablate::Extreme>| {
        end.as_ref().map_or_else(|| "-".to_string(), |end| format!("{} {:.3}", end.program, end.ratio))
    };
    for effect in &report.switches {
        let line = format!(
            "{:width$}  {:>8}  {:>8}  {:>22}  {:>7}  {:22}  {}",
            effect.switch,
            plain(effect.program_code),
            plain(effect.module_code),
            effect.time.as_ref().map_or_else(|| "-".to_string(), ratio),
            effect.changed,
            extreme(&effect.best),
            extreme(&effect.worst),
        );
        writeln!(out, "{}", line.trim_end())?;
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
