//! A divergence as files: the module that replays it, its text, and a description with one command.

use crate::blame::Blame;
use crate::compare::Divergence;
use crate::plan::Case;
use crate::vote::Vote;
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
    /// The command that shows it again.
    pub command: String,
    /// The versions that it was found with.
    pub versions: Vec<String>,
}

/// The versions of what takes part.
pub fn versions() -> Vec<String> {
    vec![format!("lightbeam {}", env!("CARGO_PKG_VERSION")), "wasmtime 48.0.8".to_string()]
}

/// Names a divergence so that equal causes mostly get equal names: what differs, and how, without
/// any number.
pub fn signature(divergence: &Divergence) -> String {
    let words = |text: &str| -> String { text.chars().filter(|c| c.is_alphabetic() || *c == ' ').take(80).collect() };
    let text = format!("{}|{}", words(&divergence.ours), words(&divergence.oracle));
    format!("{}-{:08x}", divergence.what.kind(), xxh3_64(text.as_bytes()) as u32)
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
            command: String::new(),
            versions: versions(),
        }
    }

    /// Writes the `.wasm` (which holds its plan), the `.wat` and the `.json` into a folder, and
    /// returns the path of the `.wasm`.
    ///
    /// # Errors
    ///
    /// If the folder or a file cannot be written.
    pub fn write(&mut self, case: &Case, folder: &Path) -> Result<PathBuf> {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let envelope = case.to_envelope();
        let name = format!("{}-{:08x}", self.signature, xxh3_64(&envelope) as u32);
        let path = folder.join(format!("{name}.wasm"));
        self.command = format!("lightbeam diff {} --engine {} --oracle {}", path.display(), self.engine, self.oracle);
        let text = wasmprinter::print_bytes(&case.wasm).unwrap_or_else(|error| format!(";; not printable: {error}"));
        let plan = serde_json::to_string(&case.plan)?;
        let wat = format!(";; {}\n;; {plan}\n{text}", self.to_string().replace('\n', "\n;; "));
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
        self.votes.iter().try_for_each(|vote| write!(f, "\n  {:>14}: {vote}", "vote"))
    }
}
