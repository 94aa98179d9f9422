//! The history: one line of JSON for each night, in `history.jsonl`, and each night's report without the parts' own data.

use super::baseline::{HISTORY, set_aside};
use super::report::{Report, Subject, VERSION};
use crate::bench::stats::Summary;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The file of the lines.
pub const FILE: &str = "history.jsonl";

/// A night in one line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The version of the report's format.
    pub version: u32,
    /// When: seconds since 1970.
    pub started: u64,
    /// The same as a date, UTC.
    pub date: String,
    /// What was examined.
    pub subject: Subject,
    /// The processor.
    pub cpu: String,
    /// Minutes that were given.
    pub minutes: f64,
    /// How many regressions there were.
    pub regressions: u64,
    /// The headline figures by key: the value and its interval.
    pub figures: BTreeMap<String, Summary>,
}

impl Line {
    /// What the history keeps of a report.
    pub fn of(report: &Report) -> Line {
        let headlines = report.figures.iter().filter(|figure| figure.headline);
        Line {
            version: VERSION,
            started: report.started,
            date: report.date.clone(),
            subject: report.subject.clone(),
            cpu: report.machine.cpu.clone(),
            minutes: report.settings.minutes,
            regressions: report.verdict.regressions,
            figures: headlines
                .map(|figure| {
                    (figure.key.clone(), Summary { median: figure.value, low: figure.low, high: figure.high })
                })
                .collect(),
        }
    }
}

/// Reads the history. A damaged one is set aside as a whole, with a warning; the lines that can be read begin a new one.
///
/// # Errors
///
/// If it cannot be read, or if a line is of a newer version than this program's.
pub fn read(folder: &Path, warnings: &mut Vec<String>) -> Result<Vec<Line>> {
    let file = folder.join(FILE);
    let bytes = match std::fs::read(&file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", file.display())),
    };
    let text = String::from_utf8_lossy(&bytes);
    let (mut lines, mut damage) = (Vec::new(), None);
    for (number, line) in text.lines().enumerate() {
        let value: Option<serde_json::Value> = serde_json::from_str(line).ok();
        let version = value.as_ref().and_then(|value| value.get("version")?.as_u64());
        if version.is_some_and(|version| version > u64::from(VERSION)) {
            bail!("{}: line {} is of a newer version than {VERSION}", file.display(), number + 1);
        }
        match value.and_then(|value| serde_json::from_value(value).ok()) {
            Some(line) => lines.push(line),
            None => damage = Some(number + 1),
        }
    }
    if let Some(number) = damage {
        let reason = format!("{}: line {number} is damaged", file.display());
        warnings.push(format!("{}; {} lines could be read", set_aside(&file, &reason)?, lines.len()));
        let mut again = Vec::new();
        for line in &lines {
            serde_json::to_writer(&mut again, line)?;
            again.push(b'\n');
        }
        std::fs::write(&file, again).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(lines)
}

/// Appends a night, and keeps its report without the parts' own data for later nights to be compared with. Returns where
/// it is kept.
///
/// # Errors
///
/// If it cannot be written.
pub fn append(folder: &Path, report: &Report) -> Result<PathBuf> {
    let short: String = report.subject.commit.chars().take(12).collect();
    let kept = folder.join(HISTORY).join(format!("{:010}-{short}.json", report.started));
    let mut slim = report.clone();
    slim.parts.values_mut().for_each(|part| part.data = None);
    if let Some(parent) = kept.parent() {
        std::fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
    }
    write_whole(&kept, &serde_json::to_vec(&slim)?)?;
    let file = folder.join(FILE);
    let mut line = serde_json::to_vec(&Line::of(report))?;
    line.push(b'\n');
    let open = std::fs::OpenOptions::new().create(true).append(true).open(&file);
    let written = open.and_then(|mut file| file.write_all(&line));
    written.with_context(|| format!("cannot write {}", file.display()))?;
    Ok(kept)
}

/// Writes a file so that there is never half of one under its name.
///
/// # Errors
///
/// If it cannot be written.
pub fn write_whole(file: &Path, bytes: &[u8]) -> Result<()> {
    let name = file.file_name().context("that is no file")?.to_string_lossy();
    let unfinished = file.with_file_name(format!(".{name}.unfinished"));
    std::fs::write(&unfinished, bytes)
        .and_then(|()| std::fs::rename(&unfinished, file))
        .with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(started: u64) -> Line {
        Line {
            version: VERSION,
            started,
            date: super::super::date::text(started),
            subject: Subject {
                commit: "c0ffee".to_string(),
                title: "A title".to_string(),
                committed: None,
                dirty: false,
                binary: "1".to_string(),
                lightbeam: "0".to_string(),
            },
            cpu: "a processor".to_string(),
            minutes: 1.0,
            regressions: 0,
            figures: BTreeMap::from([("a/b/c".to_string(), Summary { median: 1.0, low: 0.5, high: 2.0 })]),
        }
    }

    #[test]
    fn a_damaged_history_is_set_aside_and_what_can_be_read_goes_on() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let file = folder.path().join(FILE);
        let mut warnings = Vec::new();
        assert!(read(folder.path(), &mut warnings).expect("there is none").is_empty() && warnings.is_empty());
        let text = |line: &Line| serde_json::to_string(line).expect("it can be written");
        let damaged = format!("{}\n{}\n{{\"version\": 1, \"sta", text(&line(1)), text(&line(2)));
        std::fs::write(&file, &damaged).expect("it can be written");
        let lines = read(folder.path(), &mut warnings).expect("it is set aside");
        assert_eq!(lines, [line(1), line(2)]);
        assert!(warnings[0].contains("line 3 is damaged") && warnings[0].contains("history.jsonl.damaged-1"));
        let aside = std::fs::read_to_string(folder.path().join("history.jsonl.damaged-1")).expect("it is there");
        assert_eq!(aside, damaged);
        warnings.clear();
        assert_eq!(read(folder.path(), &mut warnings).expect("it is whole now").len(), 2);
        assert!(warnings.is_empty(), "{warnings:?}");
    }

    #[test]
    fn a_newer_line_is_refused_and_nothing_is_touched() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let file = folder.path().join(FILE);
        std::fs::write(&file, "{\"version\": 99}\n").expect("it can be written");
        let error = read(folder.path(), &mut Vec::new()).expect_err("it is newer").to_string();
        assert!(error.contains("newer version"), "{error}");
        assert_eq!(std::fs::read_to_string(&file).expect("it is there"), "{\"version\": 99}\n");
    }
}
