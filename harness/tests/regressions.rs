//! Replays what was once wrong: `corpora/regressions`.

mod common;

use common::{finish, lightbeam};
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpora/regressions")
}

fn count(extensions: &[&str]) -> usize {
    let entries = std::fs::read_dir(folder()).expect("the corpus is part of the repository");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    paths.filter(|path| extensions.iter().any(|wanted| path.extension().is_some_and(|found| found == *wanted))).count()
}

#[test]
fn modules_agree_with_cranelift() {
    let modules = count(&["wasm", "wat"]);
    assert_ne!(modules, 0, "the corpus is empty");
    let (text, code) = finish(lightbeam(&["diff", &folder().to_string_lossy()]));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains(&format!("diff: {modules} modules")), "{text}");
}

#[test]
fn scripts_pass() {
    let (text, code) = finish(lightbeam(&["conform", &folder().to_string_lossy()]));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains(" 0 failed, 0 skipped, 0 crashed"), "{text}");
}
