//! Facts about the tree that no compiler checks: where `unsafe` and `dynasm!` may be, that every file says what it is
//! for, that files stay small, and that nothing names a place on somebody's machine.

use std::fs;
use std::path::{Path, PathBuf};

/// More lines than this mean that a file holds two things.
const MOST_LINES: usize = 800;
/// Folders that hold nothing of ours.
const FOREIGN: [&str; 6] = ["target", ".git", "real", "corpus", "artifacts", "findings"];

/// A text file of the repository.
struct Source {
    /// Its path from the repository's root, with `/`.
    path: String,
    text: String,
}

impl Source {
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The file's lines of code by number: without comments, and strings emptied.
    fn code(&self) -> impl Iterator<Item = (usize, String)> {
        self.text.lines().enumerate().map(|(number, line)| (number + 1, code_of(line)))
    }
}

/// A line without its comment and without what its strings hold. Good enough for lines that rustfmt has laid out.
fn code_of(line: &str) -> String {
    let mut code = String::new();
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if quoted => drop(characters.next()),
            '\'' if !quoted && characters.peek() == Some(&'"') => drop(characters.next()),
            '"' => quoted = !quoted,
            '/' if !quoted && characters.peek() == Some(&'/') => break,
            _ if !quoted => code.push(character),
            _ => {}
        }
    }
    code
}

/// Whether a word stands in a line of code by itself.
fn has_word(code: &str, word: &str) -> bool {
    code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
}

/// The repository's text files.
fn sources() -> Vec<Source> {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository").to_path_buf();
    let mut folders = vec![root.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("folders can be read") {
            let path: PathBuf = entry.expect("entries can be read").path();
            let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
            if path.is_symlink() {
                continue;
            }
            if path.is_dir() {
                if !FOREIGN.contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if let Ok(text) = fs::read_to_string(&path) {
                let path =
                    path.strip_prefix(&root).expect("it lies under the root").to_string_lossy().replace('\\', "/");
                sources.push(Source { path, text });
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(sources.iter().filter(|source| source.is_rust()).count() > 20, "the repository was not found");
    sources
}

/// Fails with all findings at once.
fn none(findings: &[String], rule: &str) {
    assert!(findings.is_empty(), "{rule}:\n  {}", findings.join("\n  "));
}

#[test]
fn every_rust_file_says_what_it_is_for() {
    let silent: Vec<String> =
        sources().into_iter().filter(|s| s.is_rust() && !s.text.starts_with("//! ")).map(|s| s.path).collect();
    none(&silent, "each .rs file begins with a `//!` comment");
}

#[test]
fn unsafe_has_an_address() {
    let mut findings = Vec::new();
    for source in sources().iter().filter(|source| source.is_rust() && source.path.starts_with("compiler/src/")) {
        if source.path.starts_with("compiler/src/link/") || source.path.starts_with("compiler/src/runtime/") {
            continue;
        }
        findings.extend(
            source
                .code()
                .filter(|(_, code)| has_word(code, "unsafe"))
                .map(|(line, _)| format!("{}:{line}", source.path)),
        );
    }
    none(&findings, "`unsafe` is only under compiler/src/link/ and compiler/src/runtime/");
}

#[test]
fn machine_code_is_written_in_one_place() {
    let mut findings = Vec::new();
    for source in sources().iter().filter(|source| source.is_rust()) {
        if source.path.starts_with("compiler/src/x64/") || source.path == "compiler/src/link/trampoline.rs" {
            continue;
        }
        let written = source.code().filter(|(_, code)| code.contains("dynasm!"));
        findings.extend(written.map(|(line, _)| format!("{}:{line}", source.path)));
    }
    none(&findings, "`dynasm!` is only under compiler/src/x64/ and in compiler/src/link/trampoline.rs");
}

#[test]
fn files_stay_small() {
    let mut sizes: Vec<(usize, String)> =
        sources().into_iter().filter(Source::is_rust).map(|s| (s.text.lines().count(), s.path)).collect();
    sizes.sort_by(|a, b| b.cmp(a));
    for (lines, path) in sizes.iter().take(10) {
        println!("{lines:5} {path}");
    }
    let long: Vec<String> =
        sizes.iter().filter(|(lines, _)| *lines > MOST_LINES).map(|(lines, path)| format!("{path}: {lines}")).collect();
    none(&long, "no .rs file is longer than 800 lines");
}

#[test]
fn nothing_names_a_place_on_somebodys_machine() {
    // Put together here, so that this file does not find itself.
    let places = ["home", "root", "Users", "work"].map(|folder| format!("/{folder}/"));
    let mut findings = Vec::new();
    for source in sources() {
        for (number, line) in source.text.lines().enumerate() {
            let starts_path = |place: &String| {
                line.match_indices(place.as_str()).any(|(at, _)| {
                    // A path that starts there, not the middle of a relative one or of an address on the web.
                    line[..at]
                        .chars()
                        .next_back()
                        .is_none_or(|before| !before.is_alphanumeric() && !"._-)}".contains(before))
                })
            };
            if places.iter().any(starts_path) {
                findings.push(format!("{}:{}", source.path, number + 1));
            }
        }
    }
    none(&findings, "no file names an absolute path of a machine");
}

#[test]
fn the_reader_of_lines_is_right() {
    assert_eq!(code_of("let a = \"unsafe // \\\" {\"; // unsafe"), "let a = ; ");
    assert_eq!(code_of("if c == '\"' { unsafe { f() } }"), "if c == ' { unsafe { f() } }");
    assert!(has_word("pub unsafe fn f()", "unsafe"));
    assert!(!has_word("unsafe_op_in_unsafe_fn", "unsafe"));
}
