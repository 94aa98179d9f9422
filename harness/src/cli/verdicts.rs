//! `lightbeam bench --baseline`: faster, slower, the same or unsure, beside what was measured before.

use super::{FINE, FOUND, say};
use crate::nightly::baseline;
use crate::nightly::blame::in_words;
use crate::nightly::parts;
use crate::nightly::report::{Baseline, FORMAT, Figure, State};
use crate::nightly::verdict;
use anyhow::{Context, Result, ensure};
use serde::Serialize;
use serde_json::Value;
use std::path::Path;

/// Compares what was measured with a file: the JSON of the same command, or a nightly report. Says each figure that is not
/// the same, and returns the exit code: 1 if one that gates became worse.
///
/// # Errors
///
/// If the file cannot be read, or has none of these figures.
pub(super) fn compare(now: &impl Serialize, file: &Path) -> Result<u8> {
    let now = figures(&serde_json::to_value(now)?);
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let value: Value = serde_json::from_slice(&bytes).with_context(|| format!("{} is no JSON", file.display()))?;
    let before = if value["format"] == FORMAT { baseline::read(file)?.figures } else { figures(&value) };
    let common = now.iter().filter(|figure| before.iter().any(|other| other.key == figure.key)).count();
    ensure!(common > 0, "{} has none of the figures that were measured", file.display());
    let changes = verdict::changes(&now, &before, &Baseline::default());
    for change in &changes {
        let word = match change.state {
            State::Slower => "slower",
            State::Faster => "faster",
            State::Unsure => "unsure",
            State::Same => "same",
        };
        let reason = change.reason.as_ref().map_or_else(String::new, |reason| format!(" ({reason})"));
        say(format_args!("{word}: {}{reason}", in_words(change)));
    }
    let count = |state: State| changes.iter().filter(|change| change.state == state).count();
    let (slower, faster, unsure) = (count(State::Slower), count(State::Faster), count(State::Unsure));
    let same = common - changes.len();
    say(format_args!("baseline: {slower} slower, {faster} faster, {unsure} unsure, {same} the same"));
    Ok(if changes.iter().any(|change| change.regression) { FOUND } else { FINE })
}

/// The figures of a bench's JSON, whichever suite it is of.
fn figures(data: &Value) -> Vec<Figure> {
    let benches = ["sizes", "counted", "operators", "execute", "simd", "compile", "streaming", "bombs"];
    let has = |part: &str| match part {
        "sizes" => data.pointer("/rows/0/counters").is_some(),
        "counted" => data.pointer("/rows/0/subject").is_some(),
        "operators" => data.pointer("/rows/0/digest").is_some(),
        "bombs" => data.pointer("/rows/0/curves").is_some(),
        suite => data.get("suites").is_some_and(|suites| suites.get(suite).is_some()),
    };
    let parts = parts::all().into_iter().filter(|part| benches.contains(&part.name()) && has(part.name()));
    parts.flat_map(|part| part.figures(data)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_bench_is_compared_with_its_own_json() {
        let report = |bytes: u64| json!({"rows": [{"name": "aes", "real": false, "counters": {"code bytes": bytes}}]});
        let folder = tempfile::tempdir().expect("a folder for the test");
        let file = folder.path().join("before.json");
        std::fs::write(&file, report(1000).to_string()).expect("it can be written");
        assert_eq!(compare(&report(1001), &file).expect("both are of sizes"), FINE);
        assert_eq!(compare(&report(1100), &file).expect("both are of sizes"), FOUND);
        assert_eq!(compare(&report(900), &file).expect("both are of sizes"), FINE);
        std::fs::write(&file, "{}").expect("it can be written");
        assert!(compare(&report(900), &file).is_err());
    }
}
