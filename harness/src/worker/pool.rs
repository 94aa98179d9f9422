//! The pool: hands work to worker processes, and outlives each of them.

use super::roster::Roster;
use super::{Message, Work};
use crate::blame::{self, Blame};
use crate::compare::{Divergence, Report};
use crate::engines::interpreter;
use anyhow::{Context, Result};
use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long a case may still take when the run is to end.
const GRACE: Duration = Duration::from_secs(2);
/// How often somebody looks whether it is.
const LOOK: Duration = Duration::from_millis(100);

/// How to run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The engine under test, or several that share the cases.
    pub engine: Roster,
    /// The oracle, or several.
    pub oracle: Roster,
    /// How many workers.
    pub jobs: usize,
    /// How long one case may take before its worker is ended.
    pub watchdog: Duration,
    /// The number of the seeded bug that acts in the workers; 0 for none.
    pub seeded_bug: u32,
    /// Whether the run is to end: cases that have begun get little time, and others do not begin.
    pub stop: Arc<AtomicBool>,
}

/// How some work ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// All of it was done.
    Done,
    /// The worker died, or was ended for taking too long.
    Died {
        /// The case on which it did.
        number: u64,
        /// In which way.
        how: String,
    },
    /// The run is to end: the worker was ended, and the rest was not done.
    Stopped {
        /// The case on which it was ended, if there was one on the way.
        number: Option<u64>,
    },
}

/// What became of one case.
#[derive(Debug)]
pub struct CaseResult {
    /// The work that it was part of.
    pub work: Work,
    /// Its number in the work.
    pub number: u64,
    /// What it showed; an error if it could not be read.
    pub report: Result<Report, String>,
}

/// Runs work until `next` has no more, calling `done` after each case.
///
/// # Errors
///
/// If workers cannot be started at all.
pub fn run(
    settings: &Settings,
    next: impl Fn() -> Option<Work> + Sync,
    done: impl Fn(CaseResult) + Sync,
) -> Result<()> {
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..settings.jobs.max(1)).map(|_| scope.spawn(|| serve(settings, &next, &done))).collect();
        for thread in threads {
            match thread.join() {
                Ok(result) => result?,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(())
    })
}

/// Keeps one worker busy, and replaces it when it dies.
fn serve(
    settings: &Settings,
    next: &(impl Fn() -> Option<Work> + Sync),
    done: &(impl Fn(CaseResult) + Sync),
) -> Result<()> {
    let mut worker: Option<Worker> = None;
    while let Some(work) = next() {
        let mut rest = Some(work);
        while let Some(work) = rest.take() {
            let mut active = match worker.take() {
                Some(worker) => worker,
                None => Worker::start(settings)?,
            };
            match active.run(settings, &work, watchdog(settings, &work), done)? {
                End::Done => worker = Some(active),
                End::Stopped { number: None } => {}
                End::Stopped { number: Some(number) } => {
                    let not_run = Some("given up when the run was to end".to_string());
                    let report = Report { no_verdict: not_run.clone(), not_run, ..Report::default() };
                    done(CaseResult { work: work.clone(), number, report: Ok(report) });
                }
                End::Died { number, how } => {
                    let divergence = Divergence::death(how);
                    let (engine, oracle) = work.engines(&settings.engine, &settings.oracle, number)?;
                    let blame = blame_death(settings, engine, oracle, &work.only(number))?;
                    let report = Report { divergence: Some(divergence), blame, ..Report::default() };
                    done(CaseResult { work: work.clone(), number, report: Ok(report) });
                    rest = work.skip(number + 1);
                }
            }
        }
    }
    if let Some(worker) = worker {
        worker.end()?;
    }
    Ok(())
}

/// Says who is to blame for the death of a worker that ran one case, which a fresh one runs on the
/// interpreter instead. `None` if the engine under test is not Lightbeam.
fn blame_death(settings: &Settings, engine: &str, oracle: &str, case: &Work) -> Result<Option<Blame>> {
    if !blame::is_ours(engine) {
        return Ok(None);
    }
    let settings = Settings { engine: interpreter::NAME.parse()?, oracle: oracle.parse()?, ..settings.clone() };
    let mut worker = Worker::start(&settings)?;
    let said = RefCell::new(None);
    let done = |result: CaseResult| *said.borrow_mut() = Some(result.report);
    let report = match worker.run(&settings, case, watchdog(&settings, case), &done)? {
        End::Died { how, .. } => Err(how),
        End::Stopped { .. } => Err("the run was to end".to_string()),
        End::Done => {
            worker.end()?;
            said.into_inner().unwrap_or_else(|| Err("it said nothing".to_string()))
        }
    };
    Ok(Some(blame::after_death(report)))
}

/// What a worker says.
enum Said {
    /// This.
    Line(String),
    /// Nothing in time.
    Nothing,
    /// Nothing, and the run is to end.
    Stopped,
    /// It has ended by itself.
    Dead(ExitStatus),
}

/// A worker process. It ends when this is dropped.
#[derive(Debug)]
pub struct Worker {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
}

/// How long one case of some work may take.
pub fn watchdog(settings: &Settings, work: &Work) -> Duration {
    settings.watchdog + patience(work)
}

/// How much longer than a generated module a file may take: optimising compilers need seconds for a megabyte.
fn patience(work: &Work) -> Duration {
    const BYTES_A_SECOND: u64 = 50_000;
    match work {
        Work::Generated { .. } => Duration::ZERO,
        Work::File { path, .. } => {
            let bytes = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
            Duration::from_secs(bytes / BYTES_A_SECOND)
        }
    }
}

impl Worker {
    /// Starts a worker.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub fn start(settings: &Settings) -> Result<Worker> {
        let binary = worker_binary()?;
        let mut child = Command::new(&binary)
            .args(["worker", "--engine", &settings.engine.to_string(), "--oracle", &settings.oracle.to_string()])
            .args(["--seeded-bug", &settings.seeded_bug.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Ctrl-C is for the pool, which lets its workers finish what they have begun.
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take().context("the worker has no output")?;
        let (sender, lines) = channel();
        // Ends by itself when the worker closes its output.
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Worker { child, stdin, lines })
    }

    /// Runs one piece of work, of which a case may take as long as `watchdog`. Only after [`End::Done`] can there be more.
    ///
    /// # Errors
    ///
    /// If the worker does not speak as it should.
    pub fn run(
        &mut self,
        settings: &Settings,
        work: &Work,
        watchdog: Duration,
        done: &impl Fn(CaseResult),
    ) -> Result<End> {
        let mut line = serde_json::to_vec(work)?;
        line.push(b'\n');
        let sent = self.stdin.as_mut().is_some_and(|stdin| stdin.write_all(&line).is_ok());
        let mut current = 0;
        loop {
            let message = match self.line(settings, watchdog)? {
                Said::Line(line) => serde_json::from_str(&line).with_context(|| format!("a worker said: {line}"))?,
                Said::Nothing => {
                    let how = format!("timeout: no end within {} s", watchdog.as_secs());
                    return Ok(End::Died { number: current, how });
                }
                Said::Stopped => return Ok(End::Stopped { number: Some(current) }),
                Said::Dead(status) => {
                    anyhow::ensure!(sent, "a worker ended before it had work: {status}");
                    return Ok(End::Died { number: current, how: format!("crash: {}", death(status)) });
                }
            };
            let report = match message {
                Message::Start { number } if number > 0 && settings.stop.load(Ordering::Relaxed) => {
                    self.kill()?;
                    return Ok(End::Stopped { number: None });
                }
                Message::Start { number } => {
                    current = number;
                    continue;
                }
                Message::Done => return Ok(End::Done),
                Message::Report(report) => Ok(*report),
                Message::Unreadable(reason) => Err(reason),
            };
            done(CaseResult { work: work.clone(), number: current, report });
        }
    }

    /// Waits for what the worker says next. It has ended when this is no line.
    fn line(&mut self, settings: &Settings, watchdog: Duration) -> Result<Said> {
        let (begin, mut stopped) = (Instant::now(), None::<Instant>);
        loop {
            let left = watchdog.saturating_sub(begin.elapsed());
            match self.lines.recv_timeout(left.min(LOOK)) {
                Ok(line) => return Ok(Said::Line(line)),
                Err(RecvTimeoutError::Disconnected) => return Ok(Said::Dead(self.child.wait()?)),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if settings.stop.load(Ordering::Relaxed) && stopped.get_or_insert_with(Instant::now).elapsed() >= GRACE {
                self.kill()?;
                return Ok(Said::Stopped);
            }
            if begin.elapsed() >= watchdog {
                self.kill()?;
                return Ok(Said::Nothing);
            }
        }
    }

    fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Ends a worker that has nothing to do, and waits so that its processor time is known.
    ///
    /// # Errors
    ///
    /// If it cannot be waited for.
    pub fn end(mut self) -> Result<()> {
        drop(self.stdin.take());
        self.child.wait()?;
        Ok(())
    }
}

/// The binary that knows the hidden subcommands: this one, unless a test says otherwise by the
/// variable `LIGHTBEAM_WORKER`.
///
/// # Errors
///
/// If the running binary cannot be found.
pub fn worker_binary() -> Result<std::path::PathBuf> {
    if let Some(path) = std::env::var_os("LIGHTBEAM_WORKER") {
        return Ok(path.into());
    }
    std::env::current_exe().context("cannot find the running binary")
}

fn death(status: ExitStatus) -> String {
    match status.signal() {
        Some(libc::SIGSEGV) => "SIGSEGV".to_string(),
        Some(libc::SIGBUS) => "SIGBUS".to_string(),
        Some(libc::SIGILL) => "SIGILL".to_string(),
        Some(libc::SIGFPE) => "SIGFPE".to_string(),
        Some(libc::SIGABRT) => "SIGABRT".to_string(),
        Some(signal) => format!("signal {signal}"),
        None => format!("exit code {}", status.code().unwrap_or(-1)),
    }
}
