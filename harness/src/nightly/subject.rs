//! What is examined: the commit and the program.

use super::report::Subject;
use anyhow::{Context, Result};
use std::path::Path;
use std::process::Command;
use xxhash_rust::xxh3::xxh3_128;

/// What this program is.
///
/// # Errors
///
/// If its own file cannot be read.
pub fn this(program: &Path) -> Result<Subject> {
    let bytes = std::fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    let unknown = || "unknown".to_string();
    Ok(Subject {
        commit: git(&["rev-parse", "HEAD"]).unwrap_or_else(unknown),
        title: git(&["log", "-1", "--format=%s"]).unwrap_or_else(unknown),
        committed: git(&["log", "-1", "--format=%ct"]).and_then(|text| text.parse().ok()),
        dirty: git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|changes| !changes.is_empty()),
        binary: format!("{:032x}", xxh3_128(&bytes)),
        lightbeam: env!("CARGO_PKG_VERSION").to_string(),
    })
}

/// What git says of the repository that this was built from; `None` if either is gone.
fn git(args: &[&str]) -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("git").arg("-C").arg(root).args(args).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_string())
}
