//! `lightbeam nightly`: killed in the middle it goes on where it was, two nights of one commit are the same, and what is
//! there from before is not overwritten.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(fs::remove_dir_all(&folder));
    folder
}

/// The command over these parts, with some seconds for all of them.
fn nightly(folder: &Path, minutes: &str, parts: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lightbeam"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    command.current_dir(root).args(["nightly", "--minutes", minutes, "--out"]).arg(folder);
    parts.iter().for_each(|part| _ = command.args(["--part", part]));
    command
}

fn said(output: &Output) -> (String, Option<i32>) {
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (text, output.status.code())
}

fn json(file: &Path) -> Value {
    serde_json::from_slice(&fs::read(file).expect("it was written")).expect("it is JSON")
}

#[test]
fn a_night_that_was_killed_goes_on_and_a_second_one_is_the_same() {
    let folder = folder("nightly-killed");
    // In the order they run.
    let parts = ["grid", "diff", "sizes"];
    let mut first = nightly(&folder, "0.15", &parts).stdout(Stdio::null()).spawn().expect("it starts");
    let begin = Instant::now();
    while !folder.join("parts/grid.json").exists() {
        assert!(begin.elapsed() < Duration::from_secs(120), "the first part does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
    // As the machine would: without a chance to write anything.
    first.kill().expect("it runs");
    first.wait().expect("it ends");
    assert!(!folder.join("report.json").exists());

    let (text, code) = said(&nightly(&folder, "0.15", &parts).output().expect("it starts"));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("grid: resumed") && !text.contains("diff: resumed"), "{text}");
    assert_eq!(text.lines().last(), Some("nightly: ok"), "{text}");
    let report = json(&folder.join("report.json"));
    assert_eq!(report["format"], "lightbeam-nightly");
    assert_eq!(
        (&report["parts"]["grid"]["resumed"], &report["parts"]["diff"]["status"]),
        (&true.into(), &"done".into())
    );
    assert!(report["parts"]["diff"]["data"]["modules"].as_u64().is_some_and(|modules| modules > 0));
    assert!(folder.join("index.html").is_file() && folder.join("site/part-sizes.html").is_file(), "{text}");
    let junit = fs::read_to_string(folder.join("junit.xml")).expect("it was written");
    let junit = quick_junit::Report::deserialize_from_str(&junit).expect("it is a JUnit report");
    assert_eq!(junit.test_suites[0].tests, parts.len());

    // Its history has been damaged since.
    let history = folder.join("history.jsonl");
    let mut lines = fs::read_to_string(&history).expect("it was written");
    assert_eq!(lines.lines().count(), 1);
    lines.push_str("{\"version\": 1, \"star");
    fs::write(&history, lines).expect("it can be written");
    let (text, code) = said(&nightly(&folder, "0.15", &["sizes"]).output().expect("it starts"));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("history.jsonl.damaged-1") && !text.contains("resumed"), "{text}");
    let report = json(&folder.join("report.json"));
    assert!(report["baseline"]["file"].is_string(), "{}", report["baseline"]);
    assert_eq!(report["changes"], Value::Array(Vec::new()), "two nights of one commit are the same");
    assert_eq!(fs::read_to_string(&history).expect("it is there").lines().count(), 2);
    let summary = fs::read_to_string(folder.join("summary.md")).expect("it was written");
    assert!(summary.starts_with("# nightly: ok\n") && summary.len() < 1 << 20, "{summary}");
}

#[test]
fn a_change_for_the_worse_is_a_regression_and_newer_reports_are_refused() {
    let folder = folder("nightly-worse");
    let (_, code) = said(&nightly(&folder, "1", &["sizes"]).output().expect("it starts"));
    assert_eq!(code, Some(0));
    // As if the code had been smaller before.
    let mut before = json(&folder.join("report.json"));
    let figures = before["figures"].as_array_mut().expect("there are figures");
    let figure = figures.iter_mut().find(|figure| figure["key"] == "sizes/sha256/code bytes").expect("it is counted");
    let less = figure["value"].as_f64().expect("a number") * 0.9;
    for name in ["value", "low", "high"] {
        figure[name] = less.into();
    }
    // By another program: of the same, nothing can have become worse.
    before["subject"]["binary"] = "another".into();
    let baseline = folder.join("before.json");
    fs::write(&baseline, before.to_string()).expect("it can be written");
    let (text, code) =
        said(&nightly(&folder, "1", &["sizes"]).arg("--baseline").arg(&baseline).output().expect("it starts"));
    assert_eq!(code, Some(1), "{text}");
    assert_eq!(text.lines().last(), Some("nightly: 1 regressions"), "{text}");
    assert_eq!(json(&folder.join("report.json"))["blame"][0]["subject"], "sizes: sha256");

    before["version"] = 99.into();
    fs::write(&baseline, before.to_string()).expect("it can be written");
    let (text, code) =
        said(&nightly(&folder, "1", &["sizes"]).arg("--baseline").arg(&baseline).output().expect("it starts"));
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("before.json is a report of version 99"), "{text}");
    let (text, code) = said(&nightly(&folder, "1", &["everything"]).output().expect("it starts"));
    assert!(code == Some(2) && text.contains("there is no part `everything`"), "{text}");
}
