//! Benchmarks: for each suite and engine the ratios of all programs.

use super::super::View;
use super::super::chart;
use super::{context, interval, list};
use serde_json::Value;
use std::collections::BTreeMap;

const SUITES: [&str; 4] = ["execute", "simd", "compile", "streaming"];

/// What the template goes through.
pub(super) fn view(report: &Value) -> View {
    let suites: Vec<View> =
        SUITES.iter().map(|suite| context! { name => suite, groups => groups(report, suite) }).collect();
    context! { suites }
}

/// The ratios of a suite by what they are over.
fn groups(report: &Value, suite: &str) -> Vec<View> {
    let mut groups = BTreeMap::<&str, Vec<(usize, &Value)>>::new();
    for (index, figure) in list(report, "/figures").enumerate() {
        if figure["part"] == suite && figure["unit"] == "ratio" {
            groups.entry(figure["what"].as_str().unwrap_or_default()).or_default().push((index, figure));
        }
    }
    let group = |(what, figures): (&str, Vec<(usize, &Value)>)| {
        let rows: Vec<_> =
            figures.iter().filter_map(|(_, figure)| interval(figure, figure["subject"].as_str()?)).collect();
        let chart = chart::intervals(&rows, &format!("{suite}: our time {what}, program by program"));
        let rows: Vec<usize> = figures.iter().map(|(index, _)| *index).collect();
        context! { what, chart, rows }
    };
    groups.into_iter().map(group).collect()
}
