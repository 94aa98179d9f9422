//! The folder of a night: which parts are done, so that one that was cut short goes on where it was.

use super::baseline::set_aside;
use super::history::write_whole;
use super::report::{PartResult, PartStatus, Settings, Subject, VERSION};
use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The file that says what is under way.
const STATE: &str = "run.json";
/// The folder of the parts' results.
const PARTS: &str = "parts";

/// What is under way, or was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct State {
    version: u32,
    subject: Subject,
    settings: Settings,
    started: u64,
    finished: bool,
}

/// The folder of a night.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    state: State,
    /// Whether parts were done before.
    pub resumed: bool,
}

impl Store {
    /// Begins a night in a folder, or goes on with the one that was begun there and did not end, if it is the same
    /// commit, program and settings.
    ///
    /// # Errors
    ///
    /// If the folder cannot be written, or if it is of a newer version of this program.
    pub fn open(
        folder: &Path,
        subject: &Subject,
        settings: &Settings,
        now: u64,
        warnings: &mut Vec<String>,
    ) -> Result<Store> {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let fresh = State {
            version: VERSION,
            subject: subject.clone(),
            settings: settings.clone(),
            started: now,
            finished: false,
        };
        let file = folder.join(STATE);
        let before = match std::fs::read(&file) {
            Err(_) => None,
            Ok(bytes) => {
                let value: Option<serde_json::Value> = serde_json::from_slice(&bytes).ok();
                let version = value.as_ref().and_then(|value| value.get("version")?.as_u64()).unwrap_or_default();
                ensure!(
                    version <= u64::from(VERSION),
                    "{} is of version {version}, and this program knows version {VERSION} and older ones",
                    file.display()
                );
                let state = value.and_then(|value| serde_json::from_value::<State>(value).ok());
                if state.is_none() {
                    warnings.push(set_aside(&file, &format!("{} is damaged", file.display()))?);
                }
                state
            }
        };
        let same = |state: &State| !state.finished && (&state.subject, &state.settings) == (subject, settings);
        let (state, resumed) = match before.filter(same) {
            Some(state) => (state, true),
            None => (fresh, false),
        };
        let store = Store { folder: folder.to_path_buf(), state, resumed };
        if !resumed && store.parts().exists() {
            std::fs::remove_dir_all(store.parts()).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        std::fs::create_dir_all(store.parts()).with_context(|| format!("cannot write to {}", folder.display()))?;
        store.note()?;
        Ok(store)
    }

    /// The folder of the parts' files.
    pub fn parts(&self) -> PathBuf {
        self.folder.join(PARTS)
    }

    /// The file of a part's result.
    fn file(&self, part: &str) -> PathBuf {
        self.parts().join(format!("{part}.json"))
    }

    /// When the night began.
    pub const fn started(&self) -> u64 {
        self.state.started
    }

    /// What a part came to before this run, if that is a result.
    ///
    /// # Errors
    ///
    /// If a damaged one cannot be set aside.
    pub fn known(&self, part: &str, warnings: &mut Vec<String>) -> Result<Option<PartResult>> {
        let file = self.file(part);
        let Ok(bytes) = std::fs::read(&file) else { return Ok(None) };
        match serde_json::from_slice::<PartResult>(&bytes) {
            Ok(result) if result.status == PartStatus::Done => Ok(Some(PartResult { resumed: true, ..result })),
            Ok(_) => Ok(None),
            Err(error) => {
                warnings.push(set_aside(&file, &format!("{} is damaged: {error}", file.display()))?);
                Ok(None)
            }
        }
    }

    /// Keeps what a part came to.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn keep(&self, part: &str, result: &PartResult) -> Result<()> {
        write_whole(&self.file(part), &serde_json::to_vec(result)?)
    }

    /// The night is over: what comes next is another one.
    ///
    /// # Errors
    ///
    /// If that cannot be noted.
    pub fn finish(&mut self) -> Result<()> {
        self.state.finished = true;
        self.note()
    }

    fn note(&self) -> Result<()> {
        write_whole(&self.folder.join(STATE), &serde_json::to_vec_pretty(&self.state)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(commit: &str) -> Subject {
        Subject {
            commit: commit.to_string(),
            title: String::new(),
            committed: None,
            dirty: false,
            binary: "b".to_string(),
            lightbeam: "0".to_string(),
        }
    }

    fn result(status: PartStatus) -> PartResult {
        PartResult {
            title: "sizes".to_string(),
            status,
            reason: None,
            command: Vec::new(),
            processes: 1,
            exit_code: Some(0),
            output: String::new(),
            given: 1.0,
            seconds: 1.0,
            started: 0,
            resumed: false,
            data: Some(serde_json::json!({"rows": []})),
        }
    }

    #[test]
    fn what_is_done_is_kept_until_the_night_is_over() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let settings = Settings { minutes: 1.0, only: Vec::new(), seed: 1 };
        let mut warnings = Vec::new();
        let mut open = |subject: &Subject, now| {
            Store::open(folder.path(), subject, &settings, now, &mut warnings).expect("the folder can be written")
        };
        let store = open(&subject("a"), 10);
        assert!(!store.resumed);
        store.keep("sizes", &result(PartStatus::Done)).expect("it can be written");
        store.keep("diff", &result(PartStatus::TimedOut)).expect("it can be written");
        std::fs::write(store.parts().join("conform.json"), "{").expect("it can be written");

        let mut store = open(&subject("a"), 20);
        assert!(store.resumed && store.started() == 10);
        let mut notes = Vec::new();
        let mut known = |store: &Store, part: &str| store.known(part, &mut notes).expect("it can be read");
        assert!(known(&store, "sizes").is_some_and(|part| part.resumed && part.data.is_some()));
        assert!(known(&store, "diff").is_none() && known(&store, "conform").is_none());
        assert!(store.parts().join("conform.json.damaged-1").exists() && notes.len() == 1, "{notes:?}");

        store.finish().expect("it can be written");
        let store = open(&subject("a"), 30);
        assert!(!store.resumed && store.known("sizes", &mut Vec::new()).expect("it can be read").is_none());
        store.keep("sizes", &result(PartStatus::Done)).expect("it can be written");
        assert!(!open(&subject("b"), 40).resumed, "another commit is another night");
        std::fs::write(folder.path().join(STATE), "{\"version\": 99}").expect("it can be written");
        let error = Store::open(folder.path(), &subject("b"), &settings, 50, &mut Vec::new()).expect_err("it is newer");
        assert!(error.to_string().contains("version 99"), "{error}");
    }
}
