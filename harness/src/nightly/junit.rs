//! A night as JUnit XML: a test case for each part, each thing that became worse, and each assertion that did not pass on an
//! engine. Passing assertions are one test case for each script and engine: one by one, they would be a hundred megabytes.

use super::report::{PartStatus, Report};
use crate::conform::junit as conform;
use crate::conform::report::{Assertion, File};
use crate::wast::Status;
use anyhow::Result;
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use std::collections::BTreeMap;
use std::time::Duration;

/// The report as XML.
///
/// # Errors
///
/// If it cannot be written, which XML has no reason for.
pub fn xml(report: &Report) -> Result<String> {
    let mut all = quick_junit::Report::new("lightbeam nightly");
    all.set_time(Duration::from_secs_f64(report.seconds.max(0.0)));
    all.add_test_suite(parts(report));
    all.add_test_suite(regressions(report));
    conformance(report).into_iter().for_each(|suite| {
        all.add_test_suite(suite);
    });
    conform::finished(&all)
}

fn parts(report: &Report) -> TestSuite {
    let mut suite = TestSuite::new("parts");
    for (name, part) in &report.parts {
        let reason = part.reason.clone().unwrap_or_default();
        let status = match part.status {
            PartStatus::Done => TestCaseStatus::success(),
            PartStatus::Missing => conform::skipped(reason),
            PartStatus::Failed => bad(NonSuccessKind::Error, "failed", &reason),
            PartStatus::TimedOut => bad(NonSuccessKind::Error, "timed-out", &reason),
        };
        let mut case = TestCase::new(name.clone(), status);
        case.set_classname("nightly.parts").set_time(Duration::from_secs_f64(part.seconds.max(0.0)));
        suite.add_test_case(case);
    }
    suite
}

fn regressions(report: &Report) -> TestSuite {
    let mut suite = TestSuite::new("regressions");
    for blame in &report.blame {
        let fault = format!("{:?}", blame.fault);
        let mut status = bad(NonSuccessKind::Failure, &fault, blame.evidence.first().map_or("", String::as_str));
        status.set_description(blame.evidence.join("\n"));
        let mut case = TestCase::new(blame.subject.clone(), status);
        case.set_classname("nightly.regressions");
        suite.add_test_case(case);
    }
    suite
}

/// One suite for each engine and script.
fn conformance(report: &Report) -> Vec<TestSuite> {
    let Some(conformance) = &report.conformance else { return Vec::new() };
    let mut by_file = BTreeMap::<&str, Vec<Assertion>>::new();
    for one in &conformance.not_passed {
        let (directive, not_passed) = (one.directive.clone(), one.not_passed.clone());
        by_file.entry(&one.file).or_default().push(Assertion { directive, not_passed, not_counted: Vec::new() });
    }
    let mut suites = Vec::new();
    for (name, engines) in &conformance.files {
        let assertions = by_file.remove(name.as_str()).unwrap_or_default();
        let seconds = engines.iter().map(|engine| (engine.clone(), 0.0)).collect();
        let file = File { file: name.clone(), proposal: String::new(), seconds, assertions };
        for engine in engines {
            let Some(mut suite) = conform::suite(engine, &file, |status| *status != Status::Passed) else { continue };
            let mut rest = TestCase::new("all other assertions", TestCaseStatus::success());
            rest.set_classname(format!("{}.{}", engine.replace('.', "_"), name.replace('.', "_")));
            suite.add_test_case(rest);
            suites.push(suite);
        }
    }
    suites
}

fn bad(kind: NonSuccessKind, what: &str, message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(what).set_message(message);
    status
}
