//! A divergence as files: the module that replays it, its text, and a description with one command.

use crate::blame::Blame;
use crate::compare::{Divergence, Observation};
use crate::engines::mutant;
use crate::engines::validator::{self, WasmValidate};
use crate::plan::Case;
use crate::vote::Vote;
use crate::worker::confirm::Confirmation;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

/// A divergence of a case, with what is needed to see it again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Finding {
    /// Equal for findings that look alike.
    pub signature: String,
    /// Where the case came from: a seed and a number, or a file.
    pub origin: String,
    /// The engine under test.
    pub engine: String,
    /// The oracle.
    pub oracle: String,
    /// The difference.
    pub divergence: Divergence,
    /// Which half of the compiler it comes from; `None` if the engine under test has no halves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blame: Option<Blame>,
    /// What the other engines say.
    #[serde(default)]
    pub votes: Vec<Vote>,
    /// Whether fresh processes show it again, if any were asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<Confirmation>,
    /// The command that shows it again.
    pub command: String,
    /// The versions that it was found with.
    pub versions: Vec<String>,
}

/// Versions of what this is built with, as the lock file has them.
const WASMTIME: &str = "wasmtime 48.0.8";
const WASMI: &str = "wasmi 1.1.0";
const WASM_MUTATE: &str = "wasm-mutate 0.263.0";

/// The versions of what takes part: of ours, and of these engines, each once.
pub fn versions<'n>(engines: impl IntoIterator<Item = &'n str>) -> Vec<String> {
    let mut versions = vec![format!("lightbeam {}", env!("CARGO_PKG_VERSION"))];
    let mut add = |version: String| {
        if !versions.contains(&version) {
            versions.push(version);
        }
    };
    for name in engines.into_iter().flat_map(|name| name.split('/')) {
        let inner = mutant::inner(name);
        if inner.is_some() {
            add(WASM_MUTATE.to_string());
        }
        match inner.unwrap_or(name) {
            "cranelift" | "cranelift-none" | "winch" => add(WASMTIME.to_string()),
            "wasmi" => add(WASMI.to_string()),
            validator::NAME => {
                let version = WasmValidate::find().map(|program| program.version());
                let known = |version: Result<String, _>| version.unwrap_or_else(|error| format!("({error})"));
                add(format!("wabt {}", version.map_or_else(|missing| format!("({missing})"), known)));
            }
            _ => {}
        }
    }
    versions
}

/// Names a divergence so that equal causes mostly get equal names: what differs, and in which words.
pub fn signature(divergence: &Divergence) -> String {
    let text = format!("{}|{}", words(&divergence.ours), words(&divergence.oracle));
    format!("{}-{:08x}", divergence.what.kind(), xxh3_64(text.as_bytes()) as u32)
}

/// The different words of a text in the order in which they come first, without any value: no number in whichever
/// base, no byte of a dump, no address, no line of a source, and no word for a float that is no number. How many values there are and how
/// many frames a trap has does not count either.
fn words(text: &str) -> String {
    const VALUES: [&str; 2] = ["NaN", "inf"];
    const MOST: usize = 40;
    let mut words: Vec<&str> = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '_') {
        let bytes = word.len() % 2 == 0 && word.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
        let value = word.starts_with(|c: char| c.is_ascii_digit()) || VALUES.contains(&word) || bytes;
        if !value && !words.contains(&word) && words.len() < MOST {
            words.push(word);
        }
    }
    words.join(" ")
}

impl Finding {
    /// A finding whose command is not yet known: [`Finding::write`] fills it in.
    pub fn new(origin: String, engine: &str, oracle: &str, divergence: Divergence, blame: Option<Blame>) -> Finding {
        Finding {
            signature: signature(&divergence),
            origin,
            engine: engine.to_string(),
            oracle: oracle.to_string(),
            divergence,
            blame,
            votes: Vec::new(),
            confirmation: None,
            command: String::new(),
            versions: versions([engine, oracle]),
        }
    }

    /// Adds what other engines say, and their versions.
    pub fn add_votes(&mut self, votes: Vec<Vote>) {
        let voters = votes.iter().map(|vote| vote.engine.as_str());
        self.versions = versions([self.engine.as_str(), &self.oracle].into_iter().chain(voters));
        self.votes = votes;
    }

    /// Writes the `.wasm` and the `.wat` (which hold the plan) and the `.json` into a folder, and
    /// returns the path of the `.wasm`.
    ///
    /// # Errors
    ///
    /// If the folder or a file cannot be written.
    pub fn write(&mut self, case: &Case, folder: &Path) -> Result<PathBuf> {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        // A plan would only make another module of one that is not valid.
        let bare = self.divergence.what == Observation::Validity;
        let envelope = if bare { case.wasm.clone() } else { case.to_envelope() };
        let name = format!("{}-{:08x}", self.signature, xxh3_64(&envelope) as u32);
        let path = folder.join(format!("{name}.wasm"));
        self.command = format!("lightbeam diff {} --engine {} --oracle {}", path.display(), self.engine, self.oracle);
        let wat = format!(";; {}\n{}", self.to_string().replace('\n', "\n;; "), case.to_text());
        let write = |path: &Path, bytes: &[u8]| {
            std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
        };
        write(&path, &envelope)?;
        write(&path.with_extension("wat"), wat.as_bytes())?;
        write(&path.with_extension("json"), &serde_json::to_vec_pretty(&*self)?)?;
        Ok(path)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.signature, self.origin)?;
        match self.divergence.call {
            Some(call) => writeln!(f, "  {} after call {call}", self.divergence.what)?,
            None => writeln!(f, "  {}", self.divergence.what)?,
        }
        writeln!(f, "  {:>14}: {}", self.engine, self.divergence.ours)?;
        write!(f, "  {:>14}: {}", self.oracle, self.divergence.oracle)?;
        if let Some(blame) = &self.blame {
            write!(f, "\n  {:>14}: {blame}", "blame")?;
        }
        if let Some(confirmation @ Confirmation::Flaky(_)) = &self.confirmation {
            write!(f, "\n  {:>14}: {confirmation}", "again")?;
        }
        self.votes.iter().try_for_each(|vote| write!(f, "\n  {:>14}: {vote}", "vote"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_the_build() {
        let lock = include_str!("../../Cargo.lock");
        for version in [WASMTIME, WASMI, WASM_MUTATE] {
            let (name, number) = version.split_once(' ').expect("a name and a number");
            assert!(lock.contains(&format!("name = \"{name}\"\nversion = \"{number}\"\n")), "{version}");
        }
    }

    #[test]
    fn what_takes_part_has_its_version() {
        let names = |engines: &[&str]| -> Vec<String> {
            let versions = versions(engines.iter().copied());
            versions.iter().filter_map(|version| Some(version.split_once(' ')?.0.to_string())).collect()
        };
        assert_eq!(names(&["lightbeam:plain", "microwasm"]), ["lightbeam"]);
        assert_eq!(names(&["lightbeam", "winch/cranelift-none", "cranelift"]), ["lightbeam", "wasmtime"]);
        assert_eq!(
            names(&["lightbeam", "mutant:cranelift", "wasmi"]),
            ["lightbeam", "wasm-mutate", "wasmtime", "wasmi"]
        );
        assert_eq!(names(&["lightbeam", "wasm-validate"]), ["lightbeam", "wabt"]);
    }

    fn divergence(what: Observation, ours: &str, oracle: &str) -> Divergence {
        Divergence { what, call: Some(3), ours: ours.to_string(), oracle: oracle.to_string() }
    }

    #[test]
    fn values_and_places_do_not_change_a_signature() {
        let alike = [
            ("returned [i32:-5 (0xfffffffb)]", "returned [i32:171 (0xab)]"),
            ("returned [i32:7 (0x7), i32:1 (0x1)]", "returned [i32:0 (0x0), i32:250 (0xfa)]"),
        ];
        let signatures = alike.map(|(ours, oracle)| signature(&divergence(Observation::Call, ours, oracle)));
        assert_eq!(signatures[0], signatures[1]);
        let float = |text: &str| signature(&divergence(Observation::Call, text, "trapped: unreachable"));
        assert_eq!(float("returned [f32:NaN (0x7fc00000)]"), float("returned [f32:-inf (0xff800000)]"));
        assert_eq!(float("returned [f32:NaN (0x7fc00000)]"), float("returned [f32:1.5 (0x3fc00000)]"));
        let trap = |text: &str| signature(&divergence(Observation::Call, text, "returned []"));
        let (one, two) = ("trapped: unreachable; function 5 at 0x3b", "trapped: unreachable; function 12 at 0xfe");
        assert_eq!(trap(one), trap(&format!("{two}; function 1 at 0x12")));
        let memory = |at, text: &str| signature(&divergence(Observation::Memory(0, at), text, "[0, 0]"));
        assert_eq!(memory(7, "[1, 255]"), memory(9, "[1, 2, 3]"));
        let panic = |line| signature(&divergence(Observation::Compile, &format!("panicked at src/a.rs:{line}:9"), ""));
        assert_eq!(panic(12), panic(345));
    }

    #[test]
    fn what_differs_in_kind_differs_in_signature() {
        let call = |ours, oracle| signature(&divergence(Observation::Call, ours, oracle));
        let all = [
            call("returned [i32:1 (0x1)]", "returned [i32:2 (0x2)]"),
            call("returned [i64:1 (0x1)]", "returned [i64:2 (0x2)]"),
            call("returned [i32:1 (0x1)]", "trapped: unreachable"),
            call("trapped: unreachable", "returned [i32:1 (0x1)]"),
            call("trapped: integer overflow", "trapped: integer divide by zero"),
            signature(&divergence(Observation::Global(1), "Some(I32(1))", "Some(I32(2))")),
            signature(&divergence(Observation::Global(1), "Some(F64(1))", "Some(F64(2))")),
        ];
        let different: std::collections::BTreeSet<&String> = all.iter().collect();
        assert_eq!(different.len(), all.len(), "{all:?}");
    }
}
