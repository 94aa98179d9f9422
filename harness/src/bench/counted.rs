//! `bench counted`: executed instructions, counted by valgrind's callgrind, which noise does not touch: of each operator's
//! kernel, of each program's `run`, and of compiling each program.
//!
//! One process under callgrind does all of it. Only what runs inside of `counted_section` is counted, and callgrind
//! writes the count down each time that function returns.

use super::execute::ours;
use super::{Case, operators};
use crate::engines::setup::Setup;
use crate::kernels::{COPIES, time};
use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// The program.
const VALGRIND: &str = "valgrind";
/// The function whose inside is counted, as callgrind's patterns name it.
const SECTION: &str = "*counted_section";
/// Turns of a kernel in the shorter and in the longer call: the difference is free of what comes before the loop.
const TURNS: [i32; 2] = [50, 150];

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// An operator, in its kernel, with what brings its operands and takes its result.
    Operator,
    /// One call of a program's `run`.
    Execute,
    /// Compiling a program.
    Compile,
}

/// One count.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Row {
    /// What was counted.
    pub subject: Subject,
    /// The kernel's or the program's name.
    pub name: String,
    /// The operator's name, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// Executed instructions: of one copy of an operator, or in all.
    pub instructions: f64,
}

/// What was counted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// What valgrind calls itself.
    pub valgrind: String,
    /// The counts.
    pub rows: Vec<Row>,
}

/// What valgrind calls itself.
///
/// # Errors
///
/// If it is not installed.
pub fn version() -> Result<String> {
    let output = Command::new(VALGRIND).arg("--version").output();
    let output = output.with_context(|| format!("{VALGRIND} is not installed: the package {VALGRIND} has it"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_string())
}

/// A section that a worker has announced.
#[derive(Debug, Serialize, Deserialize)]
struct Section {
    subject: Subject,
    name: String,
    operator: Option<String>,
    /// What the count is to be divided by; that of the section before is taken off first if it has the same name.
    copies: f64,
}

/// Counts those whose names contain one of these texts (all without any), with a process under callgrind.
///
/// # Errors
///
/// If valgrind is not there, or if the process does not end well.
pub fn run(worker: &Path, only: &[String], subjects: &[Subject]) -> Result<Report> {
    let valgrind = version()?;
    let folder = tempfile::tempdir().context("no folder for the counts")?;
    let counts = folder.path().join("counts");
    let mut command = Command::new(VALGRIND);
    command
        .args(["--tool=callgrind", "--combine-dumps=yes", "--compress-strings=yes", "-q"])
        .arg(format!("--toggle-collect={SECTION}"))
        .arg(format!("--dump-after={SECTION}"))
        .arg(format!("--callgrind-out-file={}", counts.display()))
        .arg(worker)
        .arg("count-worker");
    for text in only {
        command.args(["--only", text]);
    }
    for subject in subjects {
        command.args(["--subject", &serde_json::to_string(subject)?]);
    }
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start {VALGRIND}"))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the process under {VALGRIND} ended with {}: {errors}", output.status);
    let announced = String::from_utf8_lossy(&output.stdout);
    let sections: Vec<Section> = announced
        .lines()
        .map(|line| serde_json::from_str(line).with_context(|| format!("the process said: {line}")))
        .collect::<Result<_>>()?;
    let text = std::fs::read_to_string(&counts).context("callgrind wrote no counts")?;
    Ok(Report { valgrind, rows: rows(&sections, &totals(&text)?)? })
}

/// The counts of all dumps but the last, which is of what came after the sections.
fn totals(text: &str) -> Result<Vec<u64>> {
    let mut totals = Vec::new();
    let mut is_section = false;
    for line in text.lines() {
        if let Some(trigger) = line.strip_prefix("desc: Trigger: ") {
            is_section = trigger.starts_with("--dump-after");
        }
        if let Some(count) = line.strip_prefix("summary: ").filter(|_| is_section) {
            totals.push(count.trim().parse().with_context(|| format!("callgrind wrote: {line}"))?);
        }
    }
    Ok(totals)
}

fn rows(sections: &[Section], totals: &[u64]) -> Result<Vec<Row>> {
    if sections.len() != totals.len() {
        bail!("callgrind counted {} sections of {}: it must see the function's name", totals.len(), sections.len());
    }
    let mut rows = Vec::new();
    for (at, (section, total)) in sections.iter().zip(totals).enumerate() {
        let shorter = at.checked_sub(1).filter(|before| {
            let before = &sections[*before];
            (before.subject, &before.name) == (section.subject, &section.name)
        });
        if sections.get(at + 1).is_some_and(|next| (next.subject, &next.name) == (section.subject, &section.name)) {
            continue;
        }
        let less = shorter.map_or(0, |before| totals[before]);
        rows.push(Row {
            subject: section.subject,
            name: section.name.clone(),
            operator: section.operator.clone(),
            instructions: total.saturating_sub(less) as f64 / section.copies,
        });
    }
    Ok(rows)
}

/// The function whose inside callgrind counts.
#[inline(never)]
fn counted_section(work: &mut dyn FnMut() -> Result<()>) -> Result<()> {
    // What is behind the call keeps it from being a jump, behind which the function would be gone.
    black_box(work())
}

/// The process under callgrind: says what it is about to run, and runs it.
///
/// # Errors
///
/// If something does not run to its end, or if the parent has gone.
pub fn worker(only: &[String], subjects: &[String]) -> Result<()> {
    let subjects: Vec<Subject> =
        subjects.iter().map(|subject| Ok(serde_json::from_str(subject)?)).collect::<Result<_>>()?;
    let section = |section: &Section, work: &mut dyn FnMut() -> Result<()>| -> Result<()> {
        let mut line = serde_json::to_vec(section)?;
        line.push(b'\n');
        std::io::stdout().write_all(&line)?;
        counted_section(work).with_context(|| section.name.clone())
    };
    let wanted = |name: &str| only.is_empty() || only.iter().any(|text| name.contains(text.as_str()));
    if subjects.contains(&Subject::Operator) {
        let engine = time::engine()?;
        for kernel in operators::kernels(only) {
            let mut call = time::prepare(&engine, &kernel)?;
            // The first call does what is done once.
            call(1)?;
            for turns in TURNS {
                let copies = f64::from(TURNS[1] - TURNS[0]) * f64::from(COPIES);
                let (name, operator) = (kernel.name.clone(), Some(kernel.operator.clone()));
                section(&Section { subject: Subject::Operator, name, operator, copies }, &mut || call(turns))?;
            }
        }
    }
    let cases: Vec<Case> =
        Case::programs().into_iter().chain(Case::simd_programs()).filter(|case| wanted(&case.name)).collect();
    for case in &cases {
        let of = |subject| Section { subject, name: name(case), operator: None, copies: 1.0 };
        if subjects.contains(&Subject::Compile) {
            let config = Setup::DEFAULT.compiler_config()?;
            let mut compile = || -> Result<()> {
                black_box(lightbeam::compile::compile(&case.wasm, &config)?);
                Ok(())
            };
            compile()?;
            section(&of(Subject::Compile), &mut compile)?;
        }
        if subjects.contains(&Subject::Execute) {
            let mut run = ours(&case.wasm, &Setup::DEFAULT)?;
            let checksum = case.program.map(|program| program.checksum);
            section(&of(Subject::Execute), &mut || {
                let result = run()?;
                ensure!(checksum.is_none_or(|checksum| checksum == result), "returned {result}");
                Ok(())
            })?;
        }
    }
    Ok(())
}

/// A program's name; scalar programs and those with vectors have some in common.
fn name(case: &Case) -> String {
    let simd = lightbeam_bench::simd_programs();
    let is_simd = case.program.is_some_and(|program| simd.iter().any(|one| std::ptr::eq(one, program)));
    if is_simd { format!("simd/{}", case.name) } else { case.name.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(name: &str, copies: f64) -> Section {
        Section { subject: Subject::Operator, name: name.to_string(), operator: None, copies }
    }

    #[test]
    fn counts_are_read_from_dumps() {
        let text = "version: 1\npart: 1\ndesc: Trigger: --dump-after=x\nevents: Ir\nsummary: 1000\ntotals: 1000\n\
                    part: 2\ndesc: Trigger: --dump-after=x\nsummary: 1800\n\
                    part: 3\ndesc: Trigger: --dump-after=x\nsummary: 70\n\
                    part: 4\ndesc: Trigger: Program termination\nsummary: 5\n";
        let totals = totals(text).expect("it is well-formed");
        assert_eq!(totals, [1000, 1800, 70]);
        let sections = [section("a", 100.0), section("a", 100.0), section("b", 1.0)];
        let rows = rows(&sections, &totals).expect("each section was counted");
        let counts: Vec<(&str, f64)> = rows.iter().map(|row| (row.name.as_str(), row.instructions)).collect();
        assert_eq!(counts, [("a", 8.0), ("b", 70.0)]);
        assert!(super::rows(&sections, &totals[1..]).is_err());
    }
}
