//! Assertions that are not what they were.

use super::report::{Conformance, ConformanceChange};
use crate::rewrite::operators;
use crate::wast::{Directive, Status};
use std::collections::BTreeMap;

/// Whether a status fails a run.
fn wrong(status: Option<&Status>) -> bool {
    use Status::{Crashed, Failed, TimedOut, UnexpectedlyPassing};
    matches!(status, Some(Failed(_) | UnexpectedlyPassing(_) | Crashed(_) | TimedOut(_)))
}

/// Whether two statuses are of one kind: reasons have numbers in them that do not matter.
fn alike(a: Option<&Status>, b: Option<&Status>) -> bool {
    a.map(std::mem::discriminant) == b.map(std::mem::discriminant)
}

/// What is known of assertions that did not pass, by script, place and engine.
type Known<'a> = BTreeMap<(&'a str, &'a Directive, &'a str), &'a Status>;

fn known(conformance: &Conformance) -> Known<'_> {
    let mut known = BTreeMap::new();
    for one in &conformance.not_passed {
        for (engine, status) in &one.not_passed {
            known.insert((one.file.as_str(), &one.directive, engine.as_str()), status);
        }
    }
    known
}

/// Whether an engine ran a script.
fn ran(conformance: &Conformance, file: &str, engine: &str) -> bool {
    conformance.files.get(file).is_some_and(|engines| engines.iter().any(|name| name == engine))
}

/// Compares; what is wrong now and was not wrong before is a regression, and so is all that is wrong if there is nothing to
/// compare with. Regressions come first.
pub fn changes(now: &Conformance, before: Option<&Conformance>) -> Vec<ConformanceChange> {
    let nothing = Conformance::default();
    let before = before.unwrap_or(&nothing);
    let (is, was) = (known(now), known(before));
    let passed = Status::Passed;
    let mut places: Vec<_> = is.keys().chain(was.keys()).copied().collect();
    places.sort();
    places.dedup();
    let mut changes = Vec::new();
    for place in places {
        let (file, directive, engine) = place;
        // Where an engine ran a script, what did not fail is taken to have passed: the suite says what is in a script.
        let status = |conformance: &Conformance, found: Option<&&'_ Status>| match found {
            Some(status) => Some((**status).clone()),
            None => (ran(conformance, file, engine) && directive.is_assertion()).then(|| passed.clone()),
        };
        let (after, earlier) = (status(now, is.get(&place)), status(before, was.get(&place)));
        let regression = wrong(after.as_ref()) && !wrong(earlier.as_ref());
        let compared = before.files.is_empty() || !ran(now, file, engine) || !ran(before, file, engine);
        if alike(after.as_ref(), earlier.as_ref()) || (compared && !regression) {
            continue;
        }
        changes.push(ConformanceChange {
            file: file.to_string(),
            directive: directive.clone(),
            engine: engine.to_string(),
            operator: operator(file, directive),
            before: earlier,
            after,
            regression,
        });
    }
    changes.sort_by_key(|change| !change.regression);
    changes
}

/// The operator that an assertion is about: scripts of the suite are named after a type and their exports after what
/// follows the dot, or after the whole operator.
fn operator(file: &str, directive: &Directive) -> Option<String> {
    let export = directive.what.as_deref()?;
    let stem = file.rsplit('/').next()?.strip_suffix(".wast")?;
    let stem = stem.strip_prefix("simd_").unwrap_or(stem);
    let stem = stem.split('_').next()?;
    [export.to_string(), format!("{stem}.{export}")].into_iter().find(|name| operators::is_text(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nightly::report::NotPassed;

    fn directive(line: usize, what: &str) -> Directive {
        Directive { line, column: 2, kind: "assert_return".into(), what: Some(what.to_string()) }
    }

    fn conformance(not_passed: &[(usize, &str, Status)]) -> Conformance {
        let one = |(line, what, status): &(usize, &str, Status)| NotPassed {
            file: "wasm-v2/i32.wast".to_string(),
            directive: directive(*line, what),
            not_passed: BTreeMap::from([("lightbeam".to_string(), status.clone())]),
        };
        Conformance {
            engines: vec!["lightbeam".to_string()],
            files: BTreeMap::from([("wasm-v2/i32.wast".to_string(), vec!["lightbeam".to_string()])]),
            not_passed: not_passed.iter().map(one).collect(),
            ..Conformance::default()
        }
    }

    fn failed(what: &str) -> Status {
        Status::Failed(what.to_string())
    }

    #[test]
    fn what_fails_now_and_did_not_before_is_a_regression_with_its_operators_name() {
        let before = conformance(&[(3, "add", failed("1")), (9, "sub", Status::Skipped("no".to_string()))]);
        let now = conformance(&[(5, "rotl", failed("2")), (9, "sub", Status::Skipped("else".to_string()))]);
        let found = changes(&now, Some(&before));
        let short: Vec<_> =
            found.iter().map(|one| (one.directive.line, one.regression, one.operator.as_deref())).collect();
        assert_eq!(short, [(5, true, Some("i32.rotl")), (3, false, Some("i32.add"))]);
        assert_eq!((&found[1].before, &found[1].after), (&Some(failed("1")), &Some(Status::Passed)));
        assert!(changes(&now, Some(&now)).is_empty(), "the same is no change");
        let known = conformance(&[(5, "rotl", failed("another value"))]);
        assert!(!changes(&now, Some(&known)).iter().any(|one| one.regression), "it was known");
    }

    #[test]
    fn without_a_baseline_all_that_is_wrong_is_a_regression() {
        let now = conformance(&[(5, "rotl", Status::Crashed("signal 11".to_string())), (6, "x", Status::TextOnly)]);
        let found = changes(&now, None);
        assert_eq!(found.len(), 1);
        assert!(found[0].regression && found[0].before.is_none());
    }
}
