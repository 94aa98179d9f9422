//! A page for each part: how it ended, and all its figures.

use super::super::{Page, part_pages};
use super::{context, list};
use serde_json::Value;

/// The pages.
pub(super) fn pages(report: &Value) -> impl Iterator<Item = Page> {
    part_pages(report).into_iter().map(move |(name, file)| {
        let figures: Vec<usize> = list(report, "/figures")
            .enumerate()
            .filter(|(_, figure)| figure["part"] == name.as_str())
            .map(|(index, _)| index)
            .collect();
        Page {
            path: format!("site/{file}"),
            template: "part.html",
            title: format!("Part: {name}"),
            section: "Verdict",
            base: String::new(),
            view: context! { name, figures },
        }
    })
}
