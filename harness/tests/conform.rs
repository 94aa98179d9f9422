//! `lightbeam conform`: what became of each assertion, whatever becomes of the script and of its process.

mod common;

use common::{finish, lightbeam};
use quick_junit::{Report, TestCaseStatus};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// A script with a bit of everything; the last module never becomes an instance.
const SCRIPT: &str = r#"(module (func (export "one") (result i32) (i32.const 1)) (func (export "forever") (loop (br 0))))
(assert_return (invoke "one") (i32.const 1))
(assert_return (invoke "one") (i32.const 2)) (assert_return (invoke "one") (i32.const 1))
(assert_malformed (module quote "(func") "unexpected end")
(module (import "no" "where" (func)) (func (export "two")))
(assert_return (invoke "two"))
"#;

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

/// What became of the assertions on an engine: place, status and reason.
fn fates(json: &Path, engine: &str) -> Vec<(u64, String, String)> {
    let report: Value = serde_json::from_slice(&fs::read(json).expect("it was written")).expect("it is JSON");
    let assertions = report["files"][0]["assertions"].as_array().expect("there is a script").clone();
    let fate = |assertion: &Value| {
        let status = &assertion["not_passed"][engine];
        let text = |name: &str| status[name].as_str().unwrap_or_default().to_string();
        let word = if status.is_null() { "passed".to_string() } else { text("status") };
        (assertion["line"].as_u64().expect("a line"), word, text("reason"))
    };
    assertions.iter().map(fate).collect()
}

fn words(fates: &[(u64, String, String)]) -> Vec<(u64, &str)> {
    fates.iter().map(|(line, word, _)| (*line, word.as_str())).collect()
}

#[test]
fn each_assertion_has_a_fate_on_each_engine() {
    let folder = folder("conform-fates");
    let (script, json, junit) = (folder.join("a.wast"), folder.join("a.json"), folder.join("a.xml"));
    fs::write(&script, SCRIPT).expect("it can be written");
    let mut command = lightbeam(&["conform", "--engine", "lightbeam,microwasm"]);
    command.arg(&script).arg("--json").arg(&json).arg("--junit").arg(&junit);
    let (text, code) = finish(command);
    assert_eq!(code, Some(1), "{text}");
    let last = text.lines().last().unwrap_or_default();
    assert!(last.starts_with("conform: 4 passed, 4 failed, 0 skipped, 0 crashed, 0 timed out, 2 blocked"), "{text}");
    let expected = [(2, "passed"), (3, "failed"), (3, "passed"), (4, "text-only"), (5, "failed"), (6, "blocked")];
    for engine in ["lightbeam", "microwasm"] {
        let fates = fates(&json, engine);
        assert_eq!(words(&fates), expected, "{engine}");
        assert!(fates[4].2.contains("no"), "{fates:?}");
    }

    let xml = fs::read_to_string(&junit).expect("it was written");
    let report = Report::deserialize_from_str(&xml).expect("it is a JUnit report");
    let suites: Vec<(&str, usize, usize, usize)> = report
        .test_suites
        .iter()
        .map(|suite| (suite.name.as_str(), suite.tests, suite.failures, suite.errors))
        .collect();
    assert_eq!(suites.len(), 2);
    assert!(suites.iter().all(|(_, tests, failures, errors)| (*tests, *failures, *errors) == (6, 2, 0)), "{suites:?}");
    assert!(suites[0].0.starts_with("lightbeam: ") && suites[1].0.starts_with("microwasm: "), "{suites:?}");
    let skipped = |suite: &quick_junit::TestSuite| {
        suite.test_cases.iter().filter(|case| matches!(case.status, TestCaseStatus::Skipped { .. })).count()
    };
    assert_eq!(report.test_suites.iter().map(skipped).collect::<Vec<_>>(), [2, 2]);
    assert_eq!(report.test_suites[0].test_cases[0].name.as_str(), "2:2 assert_return one");
    // Attributes that not every schema knows.
    assert!(!xml.contains(" disabled=") && !xml.contains("<skipped message"), "{xml}");
}

#[test]
fn a_hang_costs_the_rest_of_the_script() {
    let folder = folder("conform-hang");
    let (script, json) = (folder.join("a.wast"), folder.join("a.json"));
    let hanging = "(assert_return (invoke \"forever\"))\n(assert_return (invoke \"one\") (i32.const 1))\n";
    let text = SCRIPT.lines().take(2).map(|line| format!("{line}\n")).collect::<String>() + hanging;
    fs::write(&script, text).expect("it can be written");
    let mut command = lightbeam(&["conform", "--watchdog", "2"]);
    command.arg(&script).arg("--json").arg(&json);
    let (text, code) = finish(command);
    assert_eq!(code, Some(1), "{text}");
    let fates = fates(&json, "lightbeam");
    assert_eq!(words(&fates), [(2, "passed"), (3, "timed-out"), (4, "blocked")]);
    assert!(fates[2].2.contains("died at line 3"), "{fates:?}");
}

#[test]
fn a_crash_costs_the_rest_of_the_script() {
    let folder = folder("conform-crash");
    let (script, json, worker) = (folder.join("a.wast"), folder.join("a.json"), folder.join("worker.sh"));
    fs::write(&script, SCRIPT).expect("it can be written");
    let directive = |line: usize| format!("{{\"line\":{line},\"column\":2,\"kind\":\"assert_return\"}}");
    let outline: Vec<String> = (1..5).map(directive).collect();
    let program = format!(
        "#!/bin/sh\necho '{{\"outline\":[{}]}}'\necho '{{\"at\":0}}'\necho '{{\"done\":[0,{{\"status\":\"passed\"}}]}}'\n\
         echo '{{\"at\":1}}'\nkill -SEGV $$\n",
        outline.join(",")
    );
    fs::write(&worker, program).expect("it can be written");
    fs::set_permissions(&worker, fs::Permissions::from_mode(0o755)).expect("it can be run");
    let mut command = lightbeam(&["conform"]);
    command.arg(&script).arg("--json").arg(&json).env("LIGHTBEAM_WORKER", &worker);
    let (text, code) = finish(command);
    assert_eq!(code, Some(1), "{text}");
    let fates = fates(&json, "lightbeam");
    assert_eq!(words(&fates), [(1, "passed"), (2, "crashed"), (3, "blocked"), (4, "blocked")]);
    assert!(fates[1].2.contains("signal: 11"), "{fates:?}");
}

#[test]
fn what_is_expected_is_no_failure_and_what_is_not_there_any_more_is() {
    let folder = folder("conform-expected");
    let (script, json, expected) = (folder.join("a.wast"), folder.join("a.json"), folder.join("e.toml"));
    fs::write(&script, SCRIPT).expect("it can be written");
    let run = |lines: &str| {
        let text = format!(
            "[[expected]]\nengine = \"lightbeam\"\nfile = \"{}\"\nlines = {lines}\nreason = \"known\"\n",
            script.display()
        );
        fs::write(&expected, text).expect("it can be written");
        let mut command = lightbeam(&["conform"]);
        command.arg(&script).arg("--json").arg(&json).arg("--expectations").arg(&expected);
        finish(command)
    };
    // The third line has an assertion that passes, too.
    let (text, code) = run("[3, 5]");
    assert_eq!(code, Some(1), "{text}");
    assert_eq!(
        words(&fates(&json, "lightbeam")),
        [
            (2, "passed"),
            (3, "expected-failure"),
            (3, "unexpectedly-passing"),
            (4, "text-only"),
            (5, "expected-failure"),
            (6, "blocked")
        ]
    );
    let (text, code) = run("[99]");
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("out of date") && text.contains(":99 on lightbeam: known"), "{text}");
}
