//! Conformance by assertion, on every engine of the matrix.

use super::{Context, Description, Figure, JSON, Part, Plan, Value, fields, number};
use crate::conform::report;
use crate::conform::report::Counts;
use crate::nightly::report::{Conformance, NotPassed};
use std::collections::BTreeMap;

/// The part.
#[derive(Debug)]
pub struct Conform;

impl Part for Conform {
    fn about(&self) -> Description {
        Description {
            name: "conform",
            title: "the specification's tests, assertion by assertion, on every engine",
            need: 150.0,
            weight: 0.0,
            processes: 1,
        }
    }

    fn plan(&self, context: &Context<'_>) -> Plan {
        let seconds = context.whole_seconds().to_string();
        let jobs = context.jobs.to_string();
        Plan::run([
            "conform",
            "--engine",
            "all",
            "--watchdog",
            "60",
            "--seconds",
            &seconds,
            "--jobs",
            &jobs,
            "--json",
            JSON,
        ])
    }

    fn figures(&self, data: &Value) -> Vec<Figure> {
        let mut figures = Vec::new();
        for (engine, counts) in fields(data, "/totals") {
            // Assertions are compared one by one.
            for what in ["passed", "failed", "skipped", "blocked", "crashed", "timed_out", "unexpectedly_passing"] {
                let Some(count) = number(counts, &format!("/{what}")) else { continue };
                let figure = Figure::info("conform", engine, what, "count", count);
                figures.push(if what == "passed" { figure.higher().headline() } else { figure });
            }
        }
        figures
    }
}

/// The part's JSON in short: `None` if it is not of this version.
pub fn short(data: &Value) -> Option<Conformance> {
    let full: report::Report = serde_json::from_value(data.clone()).ok()?;
    let mut proposals = BTreeMap::<String, BTreeMap<String, Counts>>::new();
    let mut not_passed = Vec::new();
    for file in &full.files {
        for assertion in &file.assertions {
            for engine in &full.engines {
                if let Some(status) = assertion.on(engine).filter(|_| file.seconds.contains_key(engine)) {
                    let by_engine = proposals.entry(file.proposal.clone()).or_default();
                    by_engine.entry(engine.clone()).or_default().add(status);
                }
            }
            if !assertion.not_passed.is_empty() {
                let (directive, not_passed_on) = (assertion.directive.clone(), assertion.not_passed.clone());
                not_passed.push(NotPassed { file: file.file.clone(), directive, not_passed: not_passed_on });
            }
        }
    }
    let files = full.files.iter().map(|file| (file.file.clone(), file.seconds.keys().cloned().collect())).collect();
    Some(Conformance {
        suite: full.suite,
        engines: full.engines,
        absent: full.absent,
        proposals,
        files,
        not_passed,
        stale: full.stale,
    })
}
