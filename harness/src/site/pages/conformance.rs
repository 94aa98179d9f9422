//! Conformance: the matrix, and a page for each script.

use super::super::{Page, View, slug};
use super::{context, list};
use serde_json::Value;

/// Statuses that fail a run.
const WRONG: [&str; 4] = ["failed", "crashed", "timed-out", "unexpectedly-passing"];

/// What the template goes through.
pub(super) fn view(report: &Value) -> View {
    let is_wrong = |one: &Value| {
        let mut statuses = one["not_passed"].as_object().into_iter().flat_map(|engines| engines.values());
        statuses.any(|status| status["status"].as_str().is_some_and(|status| WRONG.contains(&status)))
    };
    let not_passed = list(report, "/conformance/not_passed").enumerate();
    let wrong: Vec<usize> = not_passed.filter(|(_, one)| is_wrong(one)).map(|(index, _)| index).collect();
    context! { wrong }
}

/// A page for each script, assertion by assertion.
pub(super) fn scripts(report: &Value) -> impl Iterator<Item = Page> {
    let all: Vec<&str> = list(report, "/parts/conform/data/engines").filter_map(Value::as_str).collect();
    list(report, "/parts/conform/data/files").enumerate().filter_map(move |(index, file)| {
        let name = file["file"].as_str()?;
        let engines: Vec<&str> = all.iter().copied().filter(|engine| !file["seconds"][engine].is_null()).collect();
        Some(Page {
            path: format!("site/conformance/{}.html", slug(name)),
            template: "script.html",
            title: name.to_string(),
            section: "Conformance",
            base: format!("/parts/conform/data/files/{index}/assertions"),
            view: context! { index, engines },
        })
    })
}
