//! A part's process: this program once more, under a limit of time. Nothing that it does can end the night.

use anyhow::{Context, Result};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The variable that tells a process whom to leave with.
pub const PARENT: &str = "LIGHTBEAM_PARENT";
/// How many of its last lines are kept.
const LINES: usize = 40;
/// How long it may take to end when it is asked to.
const GRACE: Duration = Duration::from_secs(8);
/// How often somebody looks.
const LOOK: Duration = Duration::from_millis(50);

/// How a process ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// By itself, with this exit code.
    Exited(i32),
    /// By a signal.
    Died(String),
    /// It was ended for taking too long.
    TimedOut,
    /// The night is to end.
    Interrupted,
}

/// A process that has ended.
#[derive(Debug)]
pub struct Ended {
    /// How.
    pub end: End,
    /// Its last lines, those of its errors behind the others.
    pub output: String,
}

/// Runs a program with these arguments, for no longer than `limit`, unless `stop` becomes true.
///
/// # Errors
///
/// If it cannot be started.
pub fn run(program: &Path, args: &[String], limit: Duration, stop: &AtomicBool) -> Result<Ended> {
    let mut child = Command::new(program)
        .args(args)
        .env(PARENT, std::process::id().to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let readers = [child.stdout.take().map(tail), child.stderr.take().map(tail)];
    let begin = Instant::now();
    let mut asked: Option<(End, Instant)> = None;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        let reason = match () {
            () if stop.load(Ordering::Relaxed) => Some(End::Interrupted),
            () if begin.elapsed() >= limit => Some(End::TimedOut),
            () => None,
        };
        match (&asked, reason) {
            (None, Some(reason)) => {
                signal(&child, libc::SIGTERM);
                asked = Some((reason, Instant::now()));
            }
            (Some((_, since)), _) if since.elapsed() >= GRACE => {
                signal(&child, libc::SIGKILL);
                child.kill()?;
                break child.wait()?;
            }
            _ => {}
        }
        std::thread::sleep(LOOK);
    };
    // What it has started and left behind would hold its output open.
    signal(&child, libc::SIGKILL);
    let lines: Vec<String> =
        readers.into_iter().flatten().flat_map(|reader| reader.join().unwrap_or_default()).collect();
    let end = asked.map_or_else(|| ended(status), |(reason, _)| reason);
    Ok(Ended { end, output: lines.join("\n") })
}

/// Sends a signal to a process and to all that it has started. There may be nobody left, which is no error.
fn signal(child: &Child, signal: libc::c_int) {
    if let Ok(group) = libc::pid_t::try_from(child.id()) {
        // SAFETY: a call of the system that touches no memory of ours.
        unsafe { libc::killpg(group, signal) };
    }
}

fn ended(status: ExitStatus) -> End {
    match (status.code(), status.signal()) {
        (Some(code), _) => End::Exited(code),
        (None, Some(signal)) => End::Died(format!("signal {signal}")),
        (None, None) => End::Died(status.to_string()),
    }
}

/// Reads everything and keeps the last lines.
fn tail(pipe: impl Read + Send + 'static) -> JoinHandle<Vec<String>> {
    std::thread::spawn(move || {
        let mut lines = VecDeque::new();
        for line in BufReader::new(pipe).split(b'\n').map_while(std::result::Result::ok) {
            if lines.len() == LINES {
                lines.pop_front();
            }
            lines.push_back(String::from_utf8_lossy(&line).chars().take(400).collect());
        }
        lines.into()
    })
}

/// Makes this process end with the one that the variable names, if it does.
///
/// # Errors
///
/// If there can be no further thread.
pub fn leave_with_parent() -> Result<()> {
    let parent = std::env::var(PARENT).ok().and_then(|text| text.parse::<u32>().ok());
    // Only its own children are meant, not theirs, which inherit the variable.
    if let Some(parent) = parent.filter(|parent| *parent == std::os::unix::process::parent_id()) {
        std::thread::Builder::new().spawn(crate::worker::leave_with(parent))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, limit: u64, stop: bool) -> Ended {
        let args = ["-c".to_string(), script.to_string()];
        run(Path::new("sh"), &args, Duration::from_millis(limit), &AtomicBool::new(stop)).expect("there is a shell")
    }

    #[test]
    fn ends_are_told_apart() {
        let ended = shell("echo one; echo two >&2; exit 3", 60_000, false);
        assert_eq!((ended.end, ended.output.as_str()), (End::Exited(3), "one\ntwo"));
        assert_eq!(shell("kill -SEGV $$", 60_000, false).end, End::Died("signal 11".to_string()));
        assert_eq!(shell("sleep 600 & sleep 600", 100, false).end, End::TimedOut);
        assert_eq!(shell("sleep 600", 60_000, true).end, End::Interrupted);
        assert!(run(Path::new("/nowhere"), &[], Duration::from_secs(1), &AtomicBool::new(false)).is_err());
    }
}
