//! The modules that are named on a command line.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// Adds a file, or what a folder holds of modules (`.wasm` and `.wat`), in order. A file that was
/// `named` is taken whatever it is called; a text in a folder, unless it is that of the module beside it.
///
/// # Errors
///
/// If a named file does not exist, or if a folder cannot be read.
pub fn collect(path: &Path, named: bool, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        if named && !path.exists() {
            bail!("{} does not exist", path.display());
        }
        let is = |extension| path.extension().is_some_and(|own| own == extension);
        if named || is("wasm") || is("wat") && !path.with_extension("wasm").exists() {
            files.push(path.to_path_buf());
        }
        return Ok(());
    }
    let entries = std::fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        collect(&path, false, files)?;
    }
    Ok(())
}

/// What these files and folders hold of modules.
///
/// # Errors
///
/// As [`collect`].
pub fn modules(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, true, &mut files)?;
    }
    Ok(files)
}
