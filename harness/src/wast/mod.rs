//! The specification's tests: runs `.wast` scripts on any engine, and accounts for each assertion.

pub mod embedding;
pub mod interpreter;
pub mod matching;
pub mod ours;
pub mod script;
pub mod suite;
pub mod wasmtime;

use crate::engines::setup::Setup;
use anyhow::{Result, bail};
use embedding::Embedding;
use serde::{Deserialize, Serialize};

/// What became of an assertion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It holds.
    Passed,
    /// It does not, or what it depends on failed.
    Failed(String),
    /// It was not tried, for this reason.
    Skipped(String),
    /// It tests the parser of the text format, which is not part of any engine.
    TextOnly,
}

/// An assertion's place and fate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assertion {
    /// The line of the directive, from 1.
    pub line: usize,
    /// The directive's name.
    pub directive: String,
    /// What became of it.
    pub status: Status,
}

/// The engines that run scripts; `lightbeam` in each configuration ([`Setup`]).
const ENGINES: [&str; 5] = ["lightbeam", "cranelift", "cranelift-none", "winch", "microwasm"];

/// The embedding of this name.
///
/// # Errors
///
/// If there is no such engine or configuration, with the names of those that there are, or if it cannot run on this
/// machine.
pub fn by_name(name: &str) -> Result<Box<dyn Embedding>> {
    use crate::engines::wasmtime::Backend;
    Ok(match name {
        "cranelift" => Box::new(wasmtime::Script::new(Backend::CraneliftSpeed)?),
        "cranelift-none" => Box::new(wasmtime::Script::new(Backend::CraneliftNone)?),
        "winch" => Box::new(wasmtime::Script::new(Backend::Winch)?),
        "microwasm" => Box::new(interpreter::Script::new()?),
        _ if name.starts_with("lightbeam") && !name.contains('/') => Box::new(ours::Script::new(&Setup::parse(name)?)?),
        _ => {
            bail!("no engine that runs single modules and scripts is called `{name}`; there are {}", ENGINES.join(", "))
        }
    })
}
