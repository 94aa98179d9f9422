//! Differences between engines, with the modules that show them.

use super::super::{Site, View};
use super::index::HUNTERS;
use super::{context, list};
use serde_json::Value;
use std::fmt::Write;
use std::path::{Component, Path, PathBuf};

/// Where triage writes its dossiers, from the report's folder on.
const TRIAGE: &str = "findings/triage";
/// The files of a dossier that a reader wants.
const DOSSIER: [&str; 6] = ["README.md", "case.wasm", "case.wat", "case.wast", "engine.asm", "oracle.asm"];

/// What the template goes through.
pub(super) fn view(site: &Site<'_>) -> View {
    let reproducers = || list(&site.source.report, "/findings").map(|finding| finding["reproducer"].as_str());
    let dossiers = dossiers(site.folder);
    let links: Vec<Vec<View>> =
        reproducers().map(|path| path.map_or_else(Vec::new, |path| links(site.folder, path))).collect();
    let triage: Vec<Vec<View>> =
        reproducers().map(|path| path.map_or_else(Vec::new, |path| of_dossier(&dossiers, path))).collect();
    context! { links, triage, hunters => HUNTERS }
}

/// The module and its text, if they are in the report's folder.
fn links(folder: &Path, reproducer: &str) -> Vec<View> {
    let path = Path::new(reproducer);
    if !path.components().all(|part| matches!(part, Component::Normal(_))) {
        return Vec::new();
    }
    let mut files = vec![path.to_path_buf(), path.with_extension("wat")];
    files.dedup();
    files.retain(|file| folder.join(file).is_file());
    let link = |file: &PathBuf| {
        let text = file.to_string_lossy();
        context! { href => href(&text), text }
    };
    files.iter().map(link).collect()
}

/// What triage wrote in the report's folder: the case that each dossier is about, and the dossier's folder.
fn dossiers(folder: &Path) -> Vec<(PathBuf, PathBuf)> {
    let folders = std::fs::read_dir(folder.join(TRIAGE)).into_iter().flatten().flatten().map(|entry| entry.path());
    let origin = |folder: PathBuf| {
        let dossier: Value = serde_json::from_slice(&std::fs::read(folder.join("dossier.json")).ok()?).ok()?;
        Some((PathBuf::from(dossier["origin"].as_str()?), folder))
    };
    let mut dossiers: Vec<_> = folders.filter_map(origin).collect();
    dossiers.sort();
    dossiers
}

/// The files of the dossiers about this reproducer.
fn of_dossier(dossiers: &[(PathBuf, PathBuf)], reproducer: &str) -> Vec<View> {
    let mut links = Vec::new();
    for (_, folder) in dossiers.iter().filter(|(origin, _)| origin.ends_with(reproducer)) {
        let Some(name) = folder.file_name() else { continue };
        for file in DOSSIER.iter().filter(|file| folder.join(file).is_file()) {
            links.push(context! { href => href(&format!("{TRIAGE}/{}/{file}", name.to_string_lossy())), text => file });
        }
    }
    links
}

/// A path as a relative address.
fn href(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("a string takes everything");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_folder_are_linked() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        std::fs::write(folder.path().join("a b.wasm"), "").expect("it can be written");
        assert_eq!(links(folder.path(), "a b.wasm").len(), 1);
        std::fs::write(folder.path().join("a b.wat"), "").expect("it can be written");
        assert_eq!(links(folder.path(), "a b.wasm").len(), 2);
        assert_eq!(links(folder.path(), "b.wasm").len(), 0);
        assert_eq!(links(&folder.path().join("x"), "../a b.wasm").len(), 0);
        assert_eq!(links(folder.path(), "/etc/passwd").len(), 0);
        assert_eq!(href("a b#c?.wasm"), "a%20b%23c%3F.wasm");
    }
}
