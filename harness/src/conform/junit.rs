//! A conformance report as JUnit XML: a test suite for each engine and script, a test case for each assertion.

use super::report::{Assertion, File, Report};
use crate::wast::Status;
use anyhow::{Context, Result};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use std::time::Duration;

/// The report as XML.
///
/// # Errors
///
/// If it cannot be written, which XML has no reason for.
pub fn xml(report: &Report) -> Result<String> {
    let mut all = quick_junit::Report::new("conformance");
    for engine in &report.engines {
        all.add_test_suites(report.files.iter().filter_map(|file| suite(engine, file, |_| true)));
    }
    finished(&all)
}

/// A report as text. How many test cases were skipped is called so: not every schema of JUnit knows another name.
///
/// # Errors
///
/// If it cannot be written, which XML has no reason for.
pub fn finished(report: &quick_junit::Report) -> Result<String> {
    let text = report.to_string().context("the JUnit report cannot be written")?;
    // Two characters that the suite has among its names, and that XML forbids.
    let text = text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    Ok(text.replace(" disabled=\"", " skipped=\""))
}

/// What was not executed, for this reason: as text, for no attribute of it is known to all schemas.
pub fn skipped(reason: impl Into<String>) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_description(reason.into());
    status
}

/// The test suite of a script on an engine, with those assertions that `wanted` holds for; `None` if it did not run.
pub fn suite(engine: &str, file: &File, wanted: impl Fn(&Status) -> bool) -> Option<TestSuite> {
    let seconds = *file.seconds.get(engine)?;
    let mut suite = TestSuite::new(format!("{engine}: {}", file.file));
    suite.set_time(Duration::from_secs_f64(seconds));
    for assertion in &file.assertions {
        if let Some(status) = assertion.on(engine).filter(|status| wanted(status)) {
            suite.add_test_case(case(engine, file, assertion, status));
        }
    }
    Some(suite)
}

fn case(engine: &str, file: &File, assertion: &Assertion, status: &Status) -> TestCase {
    let directive = &assertion.directive;
    let what = directive.what.as_ref().map_or_else(String::new, |what| format!(" {what}"));
    let name = format!("{}:{} {}{what}", directive.line, directive.column, directive.kind);
    let mut case = TestCase::new(name, verdict(status));
    // Dots separate packages for most readers: only the last one may be there.
    case.set_classname(format!("{}.{}", engine.replace('.', "_"), file.file.replace('.', "_")));
    case
}

/// A status as JUnit knows it: what was not executed counts as skipped, a dead process as an error.
fn verdict(status: &Status) -> TestCaseStatus {
    let failure = |kind, what: &str, message: &str| {
        let mut status = TestCaseStatus::non_success(kind);
        status.set_type(what).set_message(message);
        status
    };
    match status {
        Status::Passed => TestCaseStatus::success(),
        Status::Failed(what) => failure(NonSuccessKind::Failure, "failed", what),
        Status::UnexpectedlyPassing(what) => failure(NonSuccessKind::Failure, "unexpectedly-passing", what),
        Status::Crashed(what) => failure(NonSuccessKind::Error, "crashed", what),
        Status::TimedOut(what) => failure(NonSuccessKind::Error, "timed-out", what),
        Status::ExpectedFailure(what) => skipped(format!("expected failure: {what}")),
        Status::Skipped(what) => skipped(what.clone()),
        Status::Blocked(what) => skipped(format!("blocked: {what}")),
        Status::TextOnly => skipped("tests the parser of the text format, which is not part of any engine"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wast::Directive;
    use std::collections::BTreeMap;

    #[test]
    fn every_status_and_every_character_can_be_written() {
        let statuses = [
            Status::Passed,
            Status::Failed("<1 & \"2\"\u{1}".to_string()),
            Status::ExpectedFailure("known".to_string()),
            Status::UnexpectedlyPassing("known".to_string()),
            Status::Skipped("threads".to_string()),
            Status::Blocked("no module".to_string()),
            Status::Crashed("signal 11".to_string()),
            Status::TimedOut("no end".to_string()),
            Status::TextOnly,
        ];
        let assertion = |(line, status): (usize, &Status)| {
            let what = Some("\u{fffe}\u{ffff}\u{0}".to_string());
            let directive = Directive { line, column: 2, kind: "assert_return".into(), what };
            let not_passed = [("ours".to_string(), status.clone())].into_iter().filter(|one| one.1 != Status::Passed);
            Assertion { directive, not_passed: not_passed.collect(), not_counted: Vec::new() }
        };
        let file = File {
            file: "a.wast".to_string(),
            proposal: "files".to_string(),
            seconds: BTreeMap::from([("ours".to_string(), 0.5)]),
            assertions: statuses.iter().enumerate().map(assertion).collect(),
        };
        let mut report = quick_junit::Report::new("all");
        report.add_test_suites(suite("ours", &file, |_| true));
        assert!(suite("theirs", &file, |_| true).is_none(), "it did not run");
        let text = finished(&report).expect("it can be written");
        assert!(!text.contains(['\u{fffe}', '\u{ffff}', '\u{0}', '\u{1}']), "{text}");
        let read = quick_junit::Report::deserialize_from_str(&text).expect("it can be read");
        let suite = &read.test_suites[0];
        assert_eq!((suite.tests, suite.failures, suite.errors), (9, 2, 2), "{text}");
        let skipped =
            suite.test_cases.iter().filter(|case| matches!(case.status, TestCaseStatus::Skipped { .. })).count();
        assert_eq!(skipped, 4);
    }
}
