//! What is on the pages: each file finds in the JSON what its template goes through.

mod benchmarks;
mod bombs;
mod conformance;
mod explorer;
mod findings;
mod history;
mod index;
mod operators;
mod part;

use super::chart::Interval;
use super::{INDEX, PAGES, Page, Site};
use minijinja::{Value as View, context};
use serde_json::Value;

/// All pages.
pub(super) fn all(site: &Site<'_>) -> Vec<Page> {
    let report = &site.source.report;
    let views = [
        index::view(site),
        conformance::view(report),
        benchmarks::view(report),
        history::view(&site.source),
        bombs::view(report),
        findings::view(site),
        context! {},
        operators::view(report),
        explorer::view(site.programs),
    ];
    let mut pages: Vec<Page> =
        PAGES.into_iter().zip(views).map(|((title, path), view)| page(title, path, view)).collect();
    pages.extend(conformance::scripts(report));
    pages.extend(part::pages(report));
    pages.extend(explorer::pages(site.programs));
    pages
}

/// A page that every page links to.
fn page(title: &'static str, path: &'static str, view: View) -> Page {
    let template = match path.strip_prefix("site/") {
        Some("explorer/index.html") => "explorer.html",
        Some(template) => template,
        None => INDEX,
    };
    Page { path: path.to_string(), template, title: title.to_string(), section: title, base: String::new(), view }
}

/// The elements of a list, none if it is none.
fn list<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

/// A figure for a chart.
fn interval(figure: &Value, name: &str) -> Option<Interval> {
    let number = |field: &str| figure[field].as_f64();
    Some(Interval { name: name.to_string(), low: number("low")?, value: number("value")?, high: number("high")? })
}
