//! The night that this one is compared with: found, read, and set aside if it is damaged.

use super::report::{Baseline, FORMAT, Report, VERSION};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The folder of earlier reports in the folder of the nights.
pub const HISTORY: &str = "history";

/// Why a report cannot be read.
#[derive(Debug, Error)]
pub enum Unreadable {
    /// It is of a version that this program does not know.
    #[error("{file} is a report of version {version}, and this program knows version {VERSION} and older ones")]
    Newer {
        /// The file.
        file: PathBuf,
        /// Its version.
        version: u32,
    },
    /// It is no report, or not a whole one.
    #[error("{file} is no nightly report: {reason}")]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The operating system does not give it.
    #[error("{file} cannot be read: {reason}")]
    Inaccessible {
        /// The file.
        file: PathBuf,
        /// What it says.
        reason: std::io::Error,
    },
}

/// What every version has.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

/// Reads a report.
///
/// # Errors
///
/// If there is none, if it is damaged, or if its version is newer than this program's.
pub fn read(file: &Path) -> Result<Report, Unreadable> {
    let bytes = std::fs::read(file).map_err(|reason| Unreadable::Inaccessible { file: file.to_path_buf(), reason })?;
    let damaged = |reason: String| Unreadable::Damaged { file: file.to_path_buf(), reason };
    let head: Head = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
    if head.format != FORMAT {
        return Err(damaged(format!("it calls itself {}", head.format)));
    }
    if head.version > VERSION {
        return Err(Unreadable::Newer { file: file.to_path_buf(), version: head.version });
    }
    serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))
}

/// Renames a damaged file to `NAME.damaged-N`, the first such name that is free, and returns what happened in words.
///
/// # Errors
///
/// If it cannot be renamed.
pub fn set_aside(file: &Path, reason: &str) -> Result<String> {
    let name = file.file_name().context("that is no file")?.to_string_lossy();
    for number in 1.. {
        let aside = file.with_file_name(format!("{name}.damaged-{number}"));
        if !aside.exists() {
            std::fs::rename(file, &aside)
                .with_context(|| format!("cannot rename {} to {}", file.display(), aside.display()))?;
            return Ok(format!("{reason}; set aside as {}", aside.display()));
        }
    }
    bail!("no name is free beside {}", file.display())
}

/// The baseline: the file that was named, or else the newest report of the history that can be read.
///
/// A damaged one in the history is set aside, with a warning, and the one before it is taken; a named one is refused.
///
/// # Errors
///
/// If the named file cannot be read, if a report of the history is of a newer version, or if one cannot be set aside.
pub fn find(named: Option<&Path>, folder: &Path, warnings: &mut Vec<String>) -> Result<(Baseline, Option<Report>)> {
    if let Some(file) = named {
        let report = read(file)?;
        return Ok((describe(file, &report), Some(report)));
    }
    let history = folder.join(HISTORY);
    let mut files: Vec<PathBuf> = match std::fs::read_dir(&history) {
        Ok(entries) => entries.filter_map(|entry| Some(entry.ok()?.path())).collect(),
        Err(_) => Vec::new(),
    };
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    // Their names begin with the time.
    files.sort();
    while let Some(file) = files.pop() {
        match read(&file) {
            Ok(report) => return Ok((describe(&file, &report), Some(report))),
            Err(damaged @ Unreadable::Damaged { .. }) => warnings.push(set_aside(&file, &damaged.to_string())?),
            Err(other) => return Err(other.into()),
        }
    }
    let reason = Some(format!("there is no earlier report in {}", history.display()));
    Ok((Baseline { reason, ..Baseline::default() }, None))
}

fn describe(file: &Path, report: &Report) -> Baseline {
    Baseline {
        file: Some(file.display().to_string()),
        subject: Some(report.subject.clone()),
        date: Some(report.date.clone()),
        ..Baseline::default()
    }
}

/// Why times and code cannot be compared, if they cannot.
pub fn obstacles(baseline: &mut Baseline, before: &Report, now: &Report) {
    let (there, here) = (&before.machine, &now.machine);
    baseline.same_program = before.subject.binary == now.subject.binary;
    if baseline.same_program {
        baseline.times = Some("the program is the same: this is the machine".to_string());
    } else if there.cpu != here.cpu {
        baseline.times = Some(format!("another processor: {}, and then {}", there.cpu, here.cpu));
    } else if there.wasmtime != here.wasmtime {
        baseline.times = Some(format!("another Wasmtime: {}, and then {}", there.wasmtime, here.wasmtime));
    } else if there.debug_build != here.debug_build {
        baseline.times = Some("one of the two was built without optimisation".to_string());
    }
    if let (Some(there), Some(here)) = (&before.features, &now.features)
        && there != here
    {
        baseline.code = Some(format!("code was compiled for other features: {there}, and then {here}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_report_is_refused_by_name_and_a_damaged_one_set_aside() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let history = folder.path().join(HISTORY);
        std::fs::create_dir(&history).expect("it is new");
        let newer = history.join("1-new.json");
        std::fs::write(&newer, format!("{{\"format\": \"{FORMAT}\", \"version\": {}, \"else\": 1}}", VERSION + 1))
            .expect("it can be written");
        let mut warnings = Vec::new();
        let error = find(None, folder.path(), &mut warnings).expect_err("it is newer").to_string();
        assert!(error.contains("1-new.json is a report of version 2"), "{error}");
        assert!(newer.exists() && warnings.is_empty(), "it is left as it is");

        std::fs::remove_file(&newer).expect("it is there");
        let damaged = history.join("2-cut.json");
        for number in 1..3 {
            std::fs::write(&damaged, "{\"format\": \"light").expect("it can be written");
            warnings.clear();
            let (baseline, report) = find(None, folder.path(), &mut warnings).expect("it is set aside");
            assert!(report.is_none() && baseline.reason.is_some());
            assert!(warnings[0].contains(&format!("2-cut.json.damaged-{number}")), "{warnings:?}");
            assert!(history.join(format!("2-cut.json.damaged-{number}")).exists());
        }
        std::fs::write(&damaged, "{}").expect("it can be written");
        assert!(find(Some(&damaged), folder.path(), &mut warnings).is_err(), "a named one is refused");
        assert!(damaged.exists(), "and left as it is");
    }
}
