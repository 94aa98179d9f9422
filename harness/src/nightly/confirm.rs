//! A time that looks worse has to look worse again in fresh processes, or else nobody is sure.

use super::child::{self, End};
use super::parts::{self, JSON, Part, Plan};
use super::report::{Baseline, Change, Figure, Kind, State};
use super::verdict;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Fresh processes that must show it, each by itself.
const ROUNDS: u32 = 2;
/// How many subjects of a part are measured again; if more became slower, those that changed most stand for them.
const MOST: usize = 12;

/// Who measures again, and until when.
#[derive(Debug)]
pub struct Again<'a> {
    /// This program.
    pub program: &'a Path,
    /// The folder of the parts' files.
    pub folder: &'a Path,
    /// How long all of it may take.
    pub limit: Duration,
    /// Whether the night is to end.
    pub stop: &'a AtomicBool,
}

/// Measures again what became slower, and makes unsure what does not come again. Returns what could not be done.
pub fn confirm(changes: &mut [Change], before: &[Figure], baseline: &Baseline, again: &Again<'_>) -> Vec<String> {
    let begin = Instant::now();
    let mut warnings = Vec::new();
    for part in parts::all() {
        let candidates: Vec<usize> = (0..changes.len())
            .filter(|at| {
                let change = &changes[*at];
                change.regression && change.figure.kind == Kind::Timed && change.figure.part == part.name()
            })
            .collect();
        if candidates.is_empty() {
            continue;
        }
        let mut seen = vec![0; candidates.len()];
        for round in 0..ROUNDS {
            let subjects: Vec<String> =
                candidates.iter().take(MOST).map(|at| changes[*at].figure.subject.clone()).collect();
            let left = again.limit.saturating_sub(begin.elapsed());
            match measure(part, &subjects, again, left, round) {
                Ok(figures) => {
                    for (at, seen) in candidates.iter().zip(&mut seen) {
                        *seen += u32::from(still(&changes[*at].figure, &figures, before, baseline));
                    }
                }
                Err(reason) => {
                    warnings.push(format!("{}: what became slower could not be confirmed: {reason}", part.name()));
                    break;
                }
            }
        }
        for (at, seen) in candidates.into_iter().zip(seen) {
            settle(&mut changes[at], seen);
        }
    }
    verdict::sort(changes);
    warnings
}

/// Whether these figures show the same change for the worse.
fn still(figure: &Figure, figures: &[Figure], before: &[Figure], baseline: &Baseline) -> bool {
    let now = figures.iter().find(|other| other.key == figure.key);
    let then = before.iter().find(|other| other.key == figure.key);
    now.zip(then).is_some_and(|(now, then)| verdict::compare(now, then, baseline).state == State::Slower)
}

/// What `seen` of the fresh processes make of a change.
fn settle(change: &mut Change, seen: u32) {
    if seen == ROUNDS {
        change.reason = Some(format!("confirmed by {ROUNDS} fresh processes"));
    } else {
        change.state = State::Unsure;
        change.regression = false;
        change.reason = Some(format!("{seen} of {ROUNDS} fresh processes show it again"));
    }
}

/// A part's figures of these subjects, from a fresh process.
fn measure(
    part: &dyn Part,
    subjects: &[String],
    again: &Again<'_>,
    left: Duration,
    round: u32,
) -> Result<Vec<Figure>, String> {
    let Some(Plan::Run(args)) = part.again(subjects) else { return Err("it cannot be measured alone".to_string()) };
    if left.is_zero() {
        return Err("time was up".to_string());
    }
    let json = parts::json_file(again.folder, &format!("{}.again", part.name()), round);
    let file = json.to_string_lossy().into_owned();
    let args: Vec<String> = args.into_iter().map(|arg| if arg == JSON { file.clone() } else { arg }).collect();
    let ended = child::run(again.program, &args, left, again.stop).map_err(|error| format!("{error:#}"))?;
    match ended.end {
        End::Exited(0 | 1) => {}
        other => return Err(format!("{other:?}: {}", ended.output)),
    }
    let bytes = std::fs::read(&json).map_err(|error| error.to_string())?;
    let data = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
    Ok(part.figures(&data))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::stats::Summary;

    #[test]
    fn what_does_not_come_again_is_unsure() {
        let time = |median: f64| {
            let summary = Summary { median, low: median * 0.99, high: median * 1.01 };
            Figure::timed("execute", "aes", "over cranelift", "ratio", summary, 0.03)
        };
        let (before, baseline) = ([time(1.0)], Baseline::default());
        let mut change = verdict::compare(&time(1.2), &before[0], &baseline);
        assert!(change.regression);
        assert!(still(&change.figure, &[time(1.15)], &before, &baseline));
        assert!(!still(&change.figure, &[time(1.01)], &before, &baseline));
        assert!(!still(&change.figure, &[], &before, &baseline));
        settle(&mut change, ROUNDS);
        assert!(change.regression && change.state == State::Slower);
        settle(&mut change, ROUNDS - 1);
        assert!(!change.regression && change.state == State::Unsure);
    }
}
