//! `lightbeam bench operators`, `counted` and `sizes`: what one operator costs, and what can be counted.

use super::bench::Measured;
use super::interrupt::{Interrupt, remark};
use super::{FOUND, progress, say};
use crate::bench::rounds::Effort;
use crate::bench::stats::Summary;
use crate::bench::{Case, counted, operators, sizes};
use crate::worker::pool::worker_binary;
use anyhow::{Result, ensure};

/// Measures each operator in its kernel.
///
/// # Errors
///
/// If nothing is left to measure, or if an engine cannot run here.
pub(super) fn operators(only: &[String], effort: &Effort, to: &Measured<'_>) -> Result<u8> {
    let kernels = operators::kernels(only);
    ensure!(!kernels.is_empty(), "nothing to measure: no operator's name contains {only:?}");
    let bar = progress::bar(kernels.len() as u64, "operators");
    let interrupt = Interrupt::watch()?;
    let report = operators::run(&kernels, Some(effort), &interrupt.flag(), |name| {
        bar.inc(1);
        bar.set_message(name.to_string());
    })?;
    bar.finish_and_clear();
    let width = report.rows.iter().map(|row| row.name.len()).max().unwrap_or_default();
    say(format_args!("{:width$}  {:>6}  {:>6}  {:>8}  over cranelift", "operator", "instr", "bytes", "ns"));
    for row in &report.rows {
        let (code, ns) = (row.code, row.nanoseconds.map_or_else(String::new, |ns| format!("{:.3}", ns.median)));
        let ratio = |ratio: Summary| format!("{:.3} [{:.3} {:.3}]", ratio.median, ratio.low, ratio.high);
        let ratio = row.ratio.map_or_else(|| row.void.clone().unwrap_or_default(), ratio);
        say(format_args!("{:width$}  {:>6.2}  {:>6.2}  {ns:>8}  {ratio}", row.name, code.instructions, code.bytes));
    }
    let worse = to.done(&report)?;
    let void = report.void().count();
    let early = remark(report.interrupted);
    say(format_args!("bench: {} operators, {void} void{early}", report.rows.len()));
    Ok(if void == 0 { worse } else { FOUND })
}

/// Counts executed instructions.
///
/// # Errors
///
/// If valgrind is not installed, or if what it runs does not end well.
pub(super) fn counted(only: &[String], to: &Measured<'_>) -> Result<u8> {
    use counted::Subject::{Compile, Execute, Operator};
    let report = counted::run(&worker_binary()?, only, &[Operator, Execute, Compile])?;
    let void = report.void.len();
    ensure!(report.rows.len() + void > 0, "nothing to count: no name contains {only:?}");
    let width = report.rows.iter().map(|row| row.name.len()).max().unwrap_or_default();
    for row in &report.rows {
        let subject = match row.subject {
            Operator => "operator",
            Execute => "execute",
            Compile => "compile",
        };
        say(format_args!("{subject:8}  {:width$}  {:>14.3}", row.name, row.instructions));
    }
    for void in &report.void {
        say(format_args!("void: {}: {}", void.name, void.reason));
    }
    let worse = to.done(&report)?;
    say(format_args!("bench: {} counts by {}, {void} void", report.rows.len(), report.valgrind));
    Ok(if void == 0 { worse } else { FOUND })
}

/// Counts what is in the code of each program.
///
/// # Errors
///
/// If nothing is left to count, or if the compiler refuses a program.
pub(super) fn sizes(only: &[String], to: &Measured<'_>) -> Result<u8> {
    let mut cases: Vec<Case> = Case::programs();
    cases.extend(Case::simd_programs().into_iter().map(|case| Case { name: format!("simd/{}", case.name), ..case }));
    cases.extend(Case::real_modules()?);
    cases.retain(|case| only.is_empty() || only.iter().any(|text| case.name.contains(text.as_str())));
    ensure!(!cases.is_empty(), "nothing to count: no program's name contains {only:?}");
    let bar = progress::bar(cases.len() as u64, "programs");
    let report = sizes::run(&cases, |name| {
        bar.inc(1);
        bar.set_message(name.to_string());
    })?;
    bar.finish_and_clear();
    let width = report.rows.iter().map(|row| row.name.len()).max().unwrap_or_default();
    say(format_args!("{:width$}  {:>9}  {:>9}  {:>8}  {:>8}  work", "program", "wasm", "code", "spills", "reloads"));
    for row in &report.rows {
        let counter = |name: &str| row.counters.get(name).copied().unwrap_or_default();
        let (code, spills, reloads) = (counter("code bytes"), counter("spills"), counter("reloads"));
        say(format_args!(
            "{:width$}  {:>9}  {code:>9}  {spills:>8}  {reloads:>8}  {}",
            row.name, row.wasm_bytes, row.work
        ));
    }
    let worse = to.done(&report)?;
    say(format_args!("bench: {} programs counted", report.rows.len()));
    Ok(worse)
}
