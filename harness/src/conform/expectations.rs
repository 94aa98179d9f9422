//! What is expected not to hold, with the reason, in a file: `corpora/expectations.toml`.

use crate::wast::Status;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where the expectations are, from the repository's root.
pub const FILE: &str = "corpora/expectations.toml";
/// The name that stands for every engine.
const EVERY: &str = "*";

/// Assertions of one script that are expected to fail on one engine.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The engine, or `*` for all.
    pub engine: String,
    /// The script, as reports name it.
    pub file: String,
    /// The lines of the assertions.
    pub lines: Vec<usize>,
    /// Why.
    pub reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    expected: Vec<Expected>,
}

/// All expectations, and which lines of them were met with.
#[derive(Debug, Default)]
pub struct Expectations {
    list: Vec<(Expected, Vec<AtomicBool>)>,
}

impl Expectations {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or if an expectation has no line or no reason.
    pub fn read(path: &Path) -> Result<Expectations> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Expectations::parse(&text).with_context(|| path.display().to_string())
    }

    /// Reads a text.
    ///
    /// # Errors
    ///
    /// As [`Expectations::read`].
    pub fn parse(text: &str) -> Result<Expectations> {
        let document: Document = toml::from_str(text)?;
        for one in &document.expected {
            ensure!(!one.reason.trim().is_empty(), "an expectation for {} on {} has no reason", one.file, one.engine);
            ensure!(!one.lines.is_empty(), "an expectation for {} on {} names no line", one.file, one.engine);
        }
        let list = document.expected.into_iter().map(|one| {
            let met = one.lines.iter().map(|_| AtomicBool::new(false)).collect();
            (one, met)
        });
        Ok(Expectations { list: list.collect() })
    }

    /// What an assertion's fate is in the light of what was expected. Only a failure can be expected: never a crash,
    /// never a hang.
    pub fn judge(&self, engine: &str, file: &str, line: usize, status: Status) -> Status {
        let expects = |one: &Expected| (one.engine == EVERY || one.engine == engine) && one.file == file;
        let found = self.list.iter().filter(|(one, _)| expects(one)).find_map(|(one, met)| {
            let at = one.lines.iter().position(|expected| *expected == line)?;
            met[at].store(true, Ordering::Relaxed);
            Some(one)
        });
        match (found, status) {
            (Some(one), Status::Failed(what)) => Status::ExpectedFailure(format!("{}: {what}", one.reason)),
            (Some(one), Status::Passed) => Status::UnexpectedlyPassing(one.reason.clone()),
            (_, status) => status,
        }
    }

    /// Expectations that nothing met, of those that are for one of these engines and scripts: they are out of date.
    pub fn stale(&self, engines: &[String], files: &[String]) -> Vec<String> {
        let mut stale = Vec::new();
        for (one, met) in &self.list {
            let engine = one.engine == EVERY || engines.contains(&one.engine);
            if !engine || !files.contains(&one.file) {
                continue;
            }
            let unmet = one.lines.iter().zip(met).filter(|(_, met)| !met.load(Ordering::Relaxed));
            stale.extend(unmet.map(|(line, _)| format!("{}:{line} on {}: {}", one.file, one.engine, one.reason)));
        }
        stale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[[expected]]\nengine = \"winch\"\nfile = \"a.wast\"\nlines = [3, 5, 9]\nreason = \"known\"\n";

    #[test]
    fn failures_are_expected_and_passes_then_are_not() {
        let expectations = Expectations::parse(TEXT).expect("it is well-formed");
        let judge = |engine, line, status| expectations.judge(engine, "a.wast", line, status);
        let failed = || Status::Failed("2 for 1".to_string());
        assert_eq!(judge("winch", 3, failed()), Status::ExpectedFailure("known: 2 for 1".to_string()));
        assert_eq!(judge("winch", 5, Status::Passed), Status::UnexpectedlyPassing("known".to_string()));
        assert_eq!(judge("winch", 4, failed()), failed());
        assert_eq!(judge("cranelift", 3, failed()), failed());
        let crash = Status::Crashed("signal 11".to_string());
        assert_eq!(judge("winch", 3, crash.clone()), crash, "nobody expects a crash");
        let (engines, files) = (["winch".to_string()], ["a.wast".to_string()]);
        assert_eq!(expectations.stale(&engines, &files), ["a.wast:9 on winch: known"]);
        assert!(expectations.stale(&["cranelift".to_string()], &files).is_empty());
    }

    #[test]
    fn an_expectation_needs_a_reason_and_a_line() {
        assert!(Expectations::parse(&TEXT.replace("known", " ")).is_err());
        assert!(Expectations::parse(&TEXT.replace("3, 5, 9", "")).is_err());
        assert!(Expectations::parse(&TEXT.replace("engine", "motor")).is_err());
    }
}
