//! One script on one engine, in a process of its own.

use super::Options;
use crate::wast::script::{self, Listener};
use crate::wast::suite::Source;
use crate::wast::{Directive, Status, by_name};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// The stack of the thread that runs a script.
const STACK_BYTES: usize = 64 << 20;
/// Why a script was not begun when time was up.
pub const TIME_WAS_UP: &str = "not begun: time was up";

/// What a script's process says, one line each.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Message {
    /// The script's directives.
    Outline(Vec<Directive>),
    /// The directive with this number is next.
    At(usize),
    /// That became of it.
    Done(usize, Status),
    /// The script cannot be parsed.
    Unparsable(String),
    /// The script has ended.
    End,
}

/// What became of one script on one engine.
#[derive(Debug)]
pub struct Run {
    /// The engine.
    pub engine: String,
    /// The script's name.
    pub file: String,
    /// The folder of the suite that it is in.
    pub proposal: String,
    /// How long it took.
    pub seconds: f64,
    /// What became of each assertion, and of whatever else did not go as it should.
    pub fates: Vec<(Directive, Status)>,
}

impl Run {
    fn new(engine: &str, source: &Source) -> Run {
        let (engine, file, proposal) = (engine.to_string(), source.name(), source.group().to_string());
        Run { engine, file, proposal, seconds: 0.0, fates: Vec::new() }
    }

    /// Notes what became of a directive; one that is no assertion and went well is not worth a note.
    fn note(&mut self, directive: &Directive, status: Status) {
        if directive.is_assertion() || status != Status::Passed {
            self.fates.push((directive.clone(), status));
        }
    }
}

/// What stands for a whole script.
fn whole() -> Directive {
    Directive { line: 1, column: 1, kind: "script".into(), what: None }
}

/// What is in the scripts that there was no time for: parsed once, and not for each engine.
#[derive(Debug, Default)]
pub(super) struct Outlines(Mutex<BTreeMap<String, Vec<Directive>>>);

/// A script that there was no time for: each of its assertions is skipped.
///
/// # Errors
///
/// If there is no such script.
pub(super) fn not_begun(engine: &str, source: &Source, outlines: &Outlines) -> Result<Run> {
    let mut run = Run::new(engine, source);
    let status = Status::Skipped(TIME_WAS_UP.to_string());
    let mut outlines = outlines.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let outline = match outlines.entry(source.name()) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(empty) => {
            let outline = script::outline(&source.text()?).unwrap_or_else(|_| vec![whole()]);
            let wanted = |directive: &Directive| directive.is_assertion() || *directive == whole();
            empty.insert(outline.into_iter().filter(wanted).collect())
        }
    };
    run.fates = outline.iter().map(|directive| (directive.clone(), status.clone())).collect();
    Ok(run)
}

/// Runs a script in a process of its own.
///
/// # Errors
///
/// If the process cannot be started, or does not speak as it should.
pub(super) fn run(options: &Options, engine: &str, source: &Source) -> Result<Run> {
    let started = Instant::now();
    let mut child = Command::new(&options.worker)
        .args(["wast-worker", "--engine", engine, "--source", &serde_json::to_string(source)?])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .with_context(|| format!("cannot start {}", options.worker.display()))?;
    let stdout = child.stdout.take().context("the process has no output")?;
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    let mut run = Run::new(engine, source);
    let (mut outline, mut current, mut ended) = (Vec::new(), None, false);
    let death = loop {
        let left = options.watchdog.saturating_sub(started.elapsed());
        match lines.recv_timeout(left) {
            Ok(line) => match serde_json::from_str(&line).with_context(|| format!("a process said: {line}"))? {
                Message::Outline(directives) => outline = directives,
                Message::At(number) => current = Some(number),
                Message::Done(number, status) => {
                    let directive = outline.get(number).context("a process spoke of a directive that there is not")?;
                    run.note(directive, status);
                    current = Some(number + 1);
                }
                Message::Unparsable(reason) => {
                    run.note(&whole(), Status::Failed(format!("cannot be parsed: {reason}")));
                }
                Message::End => ended = true,
            },
            Err(RecvTimeoutError::Timeout) => {
                child.kill()?;
                child.wait()?;
                break Some(Status::TimedOut(format!("no end within {} s", options.watchdog.as_secs())));
            }
            Err(RecvTimeoutError::Disconnected) => {
                let status = child.wait()?;
                break (!ended).then(|| Status::Crashed(status.to_string()));
            }
        }
    };
    if let Some(death) = death {
        let number = current.unwrap_or_default();
        match outline.get(number) {
            Some(directive) => run.note(directive, death),
            None => run.note(&whole(), death),
        }
        let line = outline.get(number).map_or(1, |directive| directive.line);
        let status = Status::Blocked(format!("the process had died at line {line}"));
        let rest = outline.iter().skip(number + 1).filter(|directive| directive.is_assertion());
        rest.for_each(|directive| run.note(directive, status.clone()));
    }
    run.seconds = started.elapsed().as_secs_f64();
    Ok(run)
}

/// Tells the parent.
struct Teller;

impl Teller {
    fn tell(&self, message: &Message) {
        let mut line = serde_json::to_vec(message).unwrap_or_default();
        line.push(b'\n');
        // The parent is gone when a line cannot be written, and then nobody wants to know.
        if std::io::stdout().lock().write_all(&line).is_err() {
            std::process::exit(i32::from(crate::cli::TROUBLE));
        }
    }
}

impl Listener for Teller {
    fn outline(&mut self, directives: &[Directive]) {
        self.tell(&Message::Outline(directives.to_vec()));
    }

    fn at(&mut self, number: usize) {
        self.tell(&Message::At(number));
    }

    fn done(&mut self, number: usize, status: Status) {
        self.tell(&Message::Done(number, status));
    }
}

/// How often a script's process looks whether its parent is still there.
const ORPHAN_CHECK: Duration = Duration::from_millis(500);

/// The process of one script.
///
/// # Errors
///
/// If there is no such script or engine, or if the parent has gone.
pub fn worker(engine: &str, source: &str) -> Result<()> {
    let source: Source = serde_json::from_str(source)?;
    let engine = engine.to_string();
    let parent = std::os::unix::process::parent_id();
    std::thread::spawn(move || {
        // A script may hang, and then nobody is left who would end it.
        while std::os::unix::process::parent_id() == parent {
            std::thread::sleep(ORPHAN_CHECK);
        }
        std::process::exit(i32::from(crate::cli::TROUBLE));
    });
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || -> Result<()> {
        let text = source.text()?;
        let mut embedding = by_name(&engine)?;
        if let Err(reason) = script::run(&text, &mut *embedding, &mut Teller) {
            Teller.tell(&Message::Unparsable(reason));
        }
        Teller.tell(&Message::End);
        Ok(())
    })?;
    match thread.join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}
