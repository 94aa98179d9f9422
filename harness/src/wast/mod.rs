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
use std::borrow::Cow;

/// What became of an assertion on one engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", content = "reason", rename_all = "kebab-case")]
pub enum Status {
    /// It holds.
    Passed,
    /// It does not: this came instead.
    Failed(String),
    /// It does not, and was not expected to: the reason on record, and what came instead.
    ExpectedFailure(String),
    /// It holds, and was expected not to, for the reason on record.
    UnexpectedlyPassing(String),
    /// It was not tried, for this reason.
    Skipped(String),
    /// What it depends on failed before it.
    Blocked(String),
    /// The process died of it.
    Crashed(String),
    /// It did not end in time.
    TimedOut(String),
    /// It tests the parser of the text format, which is not part of any engine.
    TextOnly,
}

/// A directive of a script: its place and its kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Directive {
    /// Its line, from 1.
    pub line: usize,
    /// Its column in bytes, from 1: a line may have several.
    pub column: usize,
    /// Its name: `assert_return`, for example.
    pub kind: Cow<'static, str>,
    /// The export that it calls or reads, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
}

impl Directive {
    /// Whether it asserts something; others only fail where they should not.
    pub fn is_assertion(&self) -> bool {
        self.kind.starts_with("assert_")
    }
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
