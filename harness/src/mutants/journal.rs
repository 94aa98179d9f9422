//! What the hunts have found so far, in a file: a run that was cut short goes on where it ended.

use super::{Bug, Hunt, Trial};
use crate::generate::Generator;
use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Mutex;

/// What has to be the same for hunts to count together.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Conditions {
    seconds: f64,
    other_seconds: f64,
    generators: Vec<Generator>,
    engine: String,
    oracle: String,
}

/// One hunt that has ended.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    bug: String,
    trial: Trial,
}

/// The hunts that have ended, by bug, generator and seed, and the file where further ones are noted.
#[derive(Debug, Default)]
pub struct Journal {
    file: Option<Mutex<File>>,
    known: BTreeMap<(String, Generator, u64), Trial>,
}

impl Journal {
    /// Opens a journal, or begins one. A last line that was not written to its end is removed.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or written, is no journal, or is one of hunts under other conditions.
    pub fn open(path: &Path, hunt: &Hunt) -> Result<Journal> {
        let conditions = Conditions {
            seconds: hunt.seconds,
            other_seconds: hunt.other_seconds,
            generators: hunt.generators.clone(),
            engine: hunt.engine.to_string(),
            oracle: hunt.oracle.to_string(),
        };
        let name = path.display();
        let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = open.with_context(|| format!("cannot open {name}"))?;
        let text = std::io::read_to_string(&file).with_context(|| format!("cannot read {name}"))?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        file.set_len(whole as u64)?;
        file.seek(SeekFrom::End(0))?;
        let mut lines = text[..whole].lines();
        let mut known = BTreeMap::new();
        match lines.next() {
            None => {
                serde_json::to_writer(&file, &conditions)?;
                file.write_all(b"\n")?;
            }
            Some(line) => {
                let before: Conditions = serde_json::from_str(line).with_context(|| format!("{name} is no journal"))?;
                ensure!(before == conditions, "{name} is the journal of hunts under other conditions: {line}");
            }
        }
        for (number, line) in lines.enumerate() {
            let Line { bug, trial } =
                serde_json::from_str(line).with_context(|| format!("{name}: line {} is damaged", number + 2))?;
            known.insert((bug, trial.generator, trial.seed), trial);
        }
        Ok(Journal { file: Some(Mutex::new(file)), known })
    }

    /// How a hunt ended that was noted before.
    pub(super) fn known(&self, bug: &Bug, generator: Generator, seed: u64) -> Option<&Trial> {
        self.known.get(&(bug.name.clone(), generator, seed))
    }

    /// Notes how a hunt has ended.
    pub(super) fn note(&self, bug: &Bug, trial: &Trial) -> Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let mut line = serde_json::to_vec(&Line { bug: bug.name.clone(), trial: trial.clone() })?;
        line.push(b'\n');
        let mut file = file.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        file.write_all(&line).context("cannot write the journal")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worker::roster::Roster;

    #[test]
    fn what_was_noted_is_known_and_a_cut_line_is_not() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("journal");
        let hunt = Hunt {
            generators: vec![Generator::Mix],
            seeds: vec![1, 2],
            seconds: 5.0,
            other_seconds: 1.0,
            engine: Roster::ours(),
            oracle: Roster::ORACLES.parse().expect("a roster"),
            jobs: 1,
        };
        let bug = Bug { number: 3, name: "X".into(), area: String::new(), what: String::new(), model: String::new() };
        let trial = Trial { generator: Generator::Mix, seed: 1, modules: 4, seconds: 0.5, killed: None, killer: None };
        let journal = Journal::open(&path, &hunt).expect("it is new");
        journal.note(&bug, &trial).expect("it can be written");
        journal.note(&bug, &Trial { seed: 2, ..trial.clone() }).expect("it can be written");
        let text = std::fs::read_to_string(&path).expect("it is there");
        std::fs::write(&path, &text[..text.len() - 3]).expect("it can be written");

        let journal = Journal::open(&path, &hunt).expect("it is whole but for its end");
        assert_eq!(journal.known(&bug, Generator::Mix, 1).map(|trial| trial.modules), Some(4));
        assert!(journal.known(&bug, Generator::Mix, 2).is_none(), "its line was cut");
        journal.note(&bug, &Trial { seed: 2, ..trial }).expect("it can be written");
        let journal = Journal::open(&path, &hunt).expect("it is whole");
        assert!(journal.known(&bug, Generator::Mix, 2).is_some());

        let longer = Hunt { seconds: 6.0, ..hunt.clone() };
        let error = Journal::open(&path, &longer).expect_err("those were other hunts").to_string();
        assert!(error.contains("other conditions"), "{error}");
        std::fs::write(&path, "{}\n").expect("it can be written");
        let error = Journal::open(&path, &hunt).expect_err("it is something else").to_string();
        assert!(error.contains("is no journal"), "{error}");
    }
}
