//! Each operator: its code, its time, and whether anybody would notice if it were wrong.

use super::super::View;
use super::super::chart::{self, Interval};
use super::super::number::segment;
use super::index::{HUNTERS, samplers};
use super::{context, list};
use crate::rewrite::operators;
use serde_json::Value;
use std::collections::BTreeMap;

/// How many operators the chart shows.
const WORST: usize = 40;

/// What is known of an operator.
#[derive(Default)]
struct Operator {
    /// Its kernels among the rows.
    rows: Vec<Option<usize>>,
    /// Where the samplers have it.
    samples: Vec<Option<String>>,
}

/// What the template goes through.
pub(super) fn view(report: &Value) -> View {
    let samplers = samplers(report);
    let mut all = BTreeMap::<String, Operator>::new();
    let mut worst = Vec::new();
    for (index, row) in list(report, "/parts/operators/data/rows").enumerate() {
        let Some(name) = row["operator"].as_str() else { continue };
        all.entry(name.to_string()).or_default().rows.push(Some(index));
        let number = |field: &str| row["ratio"][field].as_f64();
        if let (Some(low), Some(value), Some(high), true) =
            (number("low"), number("median"), number("high"), row["void"].is_null())
        {
            worst.push(Interval { name: row["name"].as_str().unwrap_or(name).to_string(), low, value, high });
        }
    }
    for name in fields(report, "/parts/operators/data/programs") {
        all.entry(name.to_string()).or_default();
    }
    for (place, sampler) in samplers.iter().enumerate() {
        for name in fields(report, &format!("/parts/{sampler}/data/operators")) {
            // Samplers tell apart what has one name in the text format.
            let text = operators::text(name);
            let taken = all.get(&text).and_then(|operator| operator.samples.get(place)?.as_ref()).is_some();
            let operator = all.entry(if taken { name.to_string() } else { text }).or_default();
            operator.samples.resize(samplers.len(), None);
            operator.samples[place] = Some(format!("/parts/{sampler}/data/operators/{}", segment(name)));
        }
    }
    worst.sort_by(|a, b| b.low.total_cmp(&a.low));
    worst.truncate(WORST);
    let title = format!("The {} slowest beside Cranelift, by the lower end of their interval", worst.len());
    let svg = chart::intervals(&worst, &title);
    let charts: Vec<View> = svg.into_iter().map(|svg| context! { title, svg }).collect();
    let operator = |(name, mut operator): (String, Operator)| {
        if operator.rows.is_empty() {
            operator.rows.push(None);
        }
        operator.samples.resize(samplers.len(), None);
        context! { name, rows => operator.rows, samples => operator.samples }
    };
    let operators: Vec<View> = all.into_iter().map(operator).collect();
    context! { operators, charts, samplers, hunters => HUNTERS }
}

fn fields<'a>(report: &'a Value, pointer: &str) -> impl Iterator<Item = &'a str> {
    report.pointer(pointer).and_then(Value::as_object).into_iter().flat_map(|fields| fields.keys().map(String::as_str))
}
