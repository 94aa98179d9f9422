//! `lightbeam conform`: the specification's tests, each file in a process of its own.

use super::{FINE, FOUND, progress, say, write_json};
use crate::wast::suite::{self, Source};
use crate::wast::{Assertion, Status, by_name, script};
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// The stack of the thread that runs a script.
const STACK_BYTES: usize = 64 << 20;

/// Runs the specification's tests (Wasm 1.0 and 2.0), or .wast files of your own.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  lightbeam conform                            the whole suite
  lightbeam conform --filter wasm-v2/call      some of its files
  lightbeam conform my.wast --engine cranelift")]
pub struct Args {
    /// Scripts, or folders of scripts
    paths: Vec<PathBuf>,
    /// Only files whose name holds this
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// The engine
    #[arg(long, value_name = "NAME", default_value = "lightbeam")]
    engine: String,
    /// How many processes at once [default: one a processor]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// How long one file may take
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    watchdog: u64,
    /// Where to write each assertion's status
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// What a script's process says, one line each.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Message {
    /// The directive at this line is next.
    At(usize),
    /// An assertion is done.
    Done(Assertion),
    /// The script cannot be parsed.
    Unparsable(String),
    /// The script has ended.
    End,
}

/// What became of one script.
#[derive(Debug, Default, Serialize)]
struct FileReport {
    file: String,
    seconds: f64,
    passed: u64,
    failed: u64,
    skipped: u64,
    text_only: u64,
    /// How the process died, and at which line.
    crashed: Option<String>,
    assertions: Vec<Assertion>,
}

#[derive(Debug, Serialize)]
struct Report {
    engine: String,
    passed: u64,
    failed: u64,
    skipped: u64,
    crashed: u64,
    text_only: u64,
    skips: BTreeMap<String, u64>,
    files: Vec<FileReport>,
}

/// Runs the command.
///
/// # Errors
///
/// If there are no such files or engine, or if processes cannot be started.
pub fn run(args: &Args) -> Result<u8> {
    by_name(&args.engine)?;
    let mut sources = Vec::new();
    for path in &args.paths {
        sources.extend(suite::at(path)?);
    }
    if args.paths.is_empty() {
        sources = suite::all();
    }
    if let Some(filter) = &args.filter {
        sources.retain(|source| source.name().contains(filter.as_str()));
    }
    if sources.is_empty() {
        bail!("no script to run");
    }
    let jobs = args.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let bar = progress::bar(sources.len() as u64, "files");
    let next = AtomicUsize::new(0);
    let files = Mutex::new(Vec::new());
    std::thread::scope(|scope| -> Result<()> {
        let work = || -> Result<()> {
            while let Some(source) = sources.get(next.fetch_add(1, Ordering::Relaxed)) {
                let report = run_apart(args, source)?;
                bar.inc(1);
                files.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(report);
            }
            Ok(())
        };
        let threads: Vec<_> = (0..jobs.max(1)).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })?;
    bar.finish_and_clear();
    let mut files = files.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    files.sort_by(|a, b| a.file.cmp(&b.file));
    let report = summarise(&args.engine, files);
    print(&report);
    if let Some(path) = &args.json {
        write_json(path, &report)?;
    }
    Ok(if report.failed == 0 && report.crashed == 0 { FINE } else { FOUND })
}

fn summarise(engine: &str, files: Vec<FileReport>) -> Report {
    let sum = |count: fn(&FileReport) -> u64| files.iter().map(count).sum();
    let mut skips = BTreeMap::new();
    for assertion in files.iter().flat_map(|file| &file.assertions) {
        if let Status::Skipped(reason) = &assertion.status {
            *skips.entry(reason.clone()).or_default() += 1;
        }
    }
    Report {
        engine: engine.to_string(),
        passed: sum(|file| file.passed),
        failed: sum(|file| file.failed),
        skipped: sum(|file| file.skipped),
        crashed: sum(|file| u64::from(file.crashed.is_some())),
        text_only: sum(|file| file.text_only),
        skips,
        files,
    }
}

fn print(report: &Report) {
    for file in &report.files {
        for assertion in &file.assertions {
            if let Status::Failed(reason) = &assertion.status {
                say(format_args!("failed: {}:{}: {}: {reason}", file.file, assertion.line, assertion.directive));
            }
        }
        if let Some(crashed) = &file.crashed {
            say(format_args!("crashed: {}: {crashed}", file.file));
        }
    }
    for (reason, count) in &report.skips {
        say(format_args!("skipped: {count}: {reason}"));
    }
    say(format_args!(
        "conform: {} passed, {} failed, {} skipped, {} crashed, {} text-only",
        report.passed, report.failed, report.skipped, report.crashed, report.text_only
    ));
}

/// Runs one script in a process of its own.
fn run_apart(args: &Args, source: &Source) -> Result<FileReport> {
    let binary = crate::worker::pool::worker_binary()?;
    let started = Instant::now();
    let mut child = Command::new(&binary)
        .args(["wast-worker", "--engine", &args.engine, "--source", &serde_json::to_string(source)?])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {}", binary.display()))?;
    let stdout = child.stdout.take().context("the process has no output")?;
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    let mut report = FileReport { file: source.name(), ..FileReport::default() };
    let mut at = 0;
    let mut ended = false;
    loop {
        let left = Duration::from_secs(args.watchdog).saturating_sub(started.elapsed());
        match lines.recv_timeout(left) {
            Ok(line) => match serde_json::from_str(&line).with_context(|| format!("a process said: {line}"))? {
                Message::At(line) => at = line,
                Message::Done(assertion) => count(&mut report, assertion),
                Message::Unparsable(reason) => {
                    let status = Status::Failed(format!("cannot be parsed: {reason}"));
                    count(&mut report, Assertion { line: 1, directive: "script".to_string(), status });
                }
                Message::End => ended = true,
            },
            Err(RecvTimeoutError::Timeout) => {
                child.kill()?;
                child.wait()?;
                report.crashed = Some(format!("line {at}: no end within {} s", args.watchdog));
                break;
            }
            Err(RecvTimeoutError::Disconnected) => {
                let status = child.wait()?;
                if !ended {
                    report.crashed = Some(format!("line {at}: {status}"));
                }
                break;
            }
        }
    }
    report.seconds = started.elapsed().as_secs_f64();
    Ok(report)
}

fn count(report: &mut FileReport, assertion: Assertion) {
    match assertion.status {
        Status::Passed => report.passed += 1,
        Status::Failed(_) => report.failed += 1,
        Status::Skipped(_) => report.skipped += 1,
        Status::TextOnly => report.text_only += 1,
    }
    report.assertions.push(assertion);
}

/// The process of one script.
///
/// # Errors
///
/// If there is no such script or engine, or if the parent has gone.
pub fn worker(engine: &str, source: &str) -> Result<()> {
    let source: Source = serde_json::from_str(source)?;
    let engine = engine.to_string();
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || -> Result<()> {
        let text = source.text()?;
        let mut embedding = by_name(&engine)?;
        // The parent is gone when a line cannot be written, and then nobody wants to know.
        let tell = |message: Message| {
            let mut line = serde_json::to_vec(&message).unwrap_or_default();
            line.push(b'\n');
            if std::io::stdout().lock().write_all(&line).is_err() {
                std::process::exit(i32::from(super::TROUBLE));
            }
        };
        let ran = script::run(&text, &mut *embedding, |line| tell(Message::At(line)), |done| tell(Message::Done(done)));
        if let Err(reason) = ran {
            tell(Message::Unparsable(reason));
        }
        tell(Message::End);
        Ok(())
    })?;
    match thread.join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}
