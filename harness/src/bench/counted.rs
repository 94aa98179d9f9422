//! `bench counted`: executed instructions, counted by valgrind's callgrind, which noise does not touch: of each operator's
//! kernel, of each program's `run`, and of compiling each program.
//!
//! One process under callgrind does all of it. Only what runs inside of `counted_section` is counted, and callgrind
//! writes the count down each time that function returns.

use super::execute::ours;
use super::{Case, operators};
use crate::engines::setup::Setup;
use crate::kernels::{COPIES, Kernel, time};
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
    /// What could not be counted.
    #[serde(default)]
    pub void: Vec<Void>,
}

/// Something without a count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Void {
    /// What it is.
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// Why: it returned something wrong, or did not run to its end.
    pub reason: String,
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

/// A line of a worker's.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Line {
    /// A section begins.
    Section(Section),
    /// What it last began, or could not begin, counts for nothing.
    Void(Void),
}

/// A section that a worker has announced.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
/// If valgrind is not there, or if the process did not count anything.
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
    let (mut sections, mut void) = (Vec::new(), Vec::new());
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        match serde_json::from_str(line).with_context(|| format!("the process said: {line}"))? {
            Line::Section(section) => sections.push(section),
            Line::Void(reason) => void.push(reason),
        }
    }
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        let reason = format!("the process ended with {}, and nothing behind this was counted: {errors}", output.status);
        let Some(Section { subject, name, .. }) = sections.last().cloned() else { bail!("{reason}") };
        void.push(Void { subject, name, reason });
    }
    let text = std::fs::read_to_string(&counts).context("callgrind wrote no counts")?;
    let totals = totals(&text)?;
    if !output.status.success() {
        sections.truncate(totals.len());
    }
    let mut rows = rows(&sections, &totals)?;
    rows.retain(|row| !void.iter().any(|void| (void.subject, &void.name) == (row.subject, &row.name)));
    Ok(Report { valgrind, rows, void })
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

/// The process under callgrind: says what it is about to run, and runs it. What returns something wrong or fails is said to
/// be void, and the others are run.
///
/// # Errors
///
/// If the parent has gone.
pub fn worker(only: &[String], subjects: &[String]) -> Result<()> {
    let subjects: Vec<Subject> =
        subjects.iter().map(|subject| Ok(serde_json::from_str(subject)?)).collect::<Result<_>>()?;
    let wanted = |name: &str| only.is_empty() || only.iter().any(|text| name.contains(text.as_str()));
    if subjects.contains(&Subject::Operator) {
        let engine = time::engine()?;
        for kernel in operators::kernels(only) {
            attempt(Subject::Operator, &kernel.name, || operator(&engine, &kernel))?;
        }
    }
    let cases = Case::programs().into_iter().chain(Case::simd_programs()).filter(|case| wanted(&case.name));
    for case in cases {
        for (subject, work) in [(Subject::Compile, compile as fn(&Case) -> Result<()>), (Subject::Execute, execute)] {
            if subjects.contains(&subject) {
                attempt(subject, &name(&case), || work(&case))?;
            }
        }
    }
    Ok(())
}

/// Runs something, and says so if it fails.
fn attempt(subject: Subject, name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    match work() {
        Ok(()) => Ok(()),
        Err(error) => say(&Line::Void(Void { subject, name: name.to_string(), reason: format!("{error:#}") })),
    }
}

fn say(line: &Line) -> Result<()> {
    let mut line = serde_json::to_vec(line)?;
    line.push(b'\n');
    Ok(std::io::stdout().write_all(&line)?)
}

fn section(section: Section, work: &mut dyn FnMut() -> Result<()>) -> Result<()> {
    say(&Line::Section(section))?;
    counted_section(work)
}

fn operator(engine: &lightbeam::Engine, kernel: &Kernel) -> Result<()> {
    let mut call = time::prepare(engine, kernel)?;
    // The first call does what is done once.
    call(1)?;
    for turns in TURNS {
        let copies = f64::from(TURNS[1] - TURNS[0]) * f64::from(COPIES);
        let (name, operator) = (kernel.name.clone(), Some(kernel.operator.clone()));
        section(Section { subject: Subject::Operator, name, operator, copies }, &mut || call(turns))?;
    }
    Ok(())
}

fn compile(case: &Case) -> Result<()> {
    let config = Setup::DEFAULT.compiler_config()?;
    let mut compile = || -> Result<()> {
        black_box(lightbeam::compile::compile(&case.wasm, &config)?);
        Ok(())
    };
    compile()?;
    section(Section { subject: Subject::Compile, name: name(case), operator: None, copies: 1.0 }, &mut compile)
}

fn execute(case: &Case) -> Result<()> {
    let mut run = ours(&case.wasm, &Setup::DEFAULT)?;
    let checksum = case.program.map(|program| program.checksum);
    section(Section { subject: Subject::Execute, name: name(case), operator: None, copies: 1.0 }, &mut || {
        let result = run()?;
        ensure!(checksum.is_none_or(|checksum| checksum == result), "returned {result}");
        Ok(())
    })
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
