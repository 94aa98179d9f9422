//! The first page: the verdict, and what changed.

use super::super::{Site, View};
use super::{context, list};
use serde_json::Value;
use std::collections::BTreeMap;

/// Other files of the folder that a reader may want.
const OTHERS: [&str; 3] = ["summary.md", "junit.xml", "history.jsonl"];

/// What the template goes through.
pub(super) fn view(site: &Site<'_>) -> View {
    let report = &site.source.report;
    let mut changes = BTreeMap::<&str, Vec<usize>>::new();
    for (index, change) in list(report, "/changes").enumerate() {
        changes.entry(change["state"].as_str().unwrap_or_default()).or_default().push(index);
    }
    let headlines = list(report, "/figures").enumerate().filter(|(_, figure)| figure["headline"] == true);
    let positions: BTreeMap<&str, usize> =
        headlines.filter_map(|(index, figure)| Some((figure["key"].as_str()?, index))).collect();
    let known = crate::nightly::parts::all().into_iter().map(|part| part.name());
    let absent: Vec<&str> = known.filter(|name| report["parts"][*name].is_null()).collect();
    let others: Vec<&str> = OTHERS.into_iter().filter(|name| site.folder.join(name).is_file()).collect();
    context! { changes, positions, absent, others }
}

/// Names of parts that look for differences between engines.
pub(super) const HUNTERS: [&str; 5] = ["grid", "vector-grid", "diff", "real", "triage"];

/// The parts among them that take samples of whether anybody would notice a wrong operator.
pub(super) fn samplers(report: &Value) -> Vec<&'static str> {
    HUNTERS.into_iter().filter(|name| report["parts"][*name]["data"]["operators"].is_object()).collect()
}
