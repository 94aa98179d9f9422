//! Growth of compile time on modules made to make it grow.

use super::super::View;
use super::super::chart::{self, Curve};
use super::{context, list};
use crate::bench::bombs::TIME_EXPONENT;
use serde_json::Value;
use std::collections::BTreeSet;

/// What the template goes through.
pub(super) fn view(report: &Value) -> View {
    let rows: Vec<&Value> = list(report, "/parts/bombs/data/rows").collect();
    let names =
        |row: &&Value| row["curves"].as_object().into_iter().flat_map(|all| all.keys().cloned()).collect::<Vec<_>>();
    let mut engines: Vec<String> = rows.iter().flat_map(names).collect::<BTreeSet<_>>().into_iter().collect();
    // Ours first.
    engines.sort_by_key(|engine| engine != "lightbeam");
    let curve = |row: &Value, engine: &str| {
        let curve = row["curves"].get(engine)?;
        let points =
            list(curve, "/points").filter_map(|point| Some((point["bytes"].as_f64()?, point["seconds"].as_f64()?)));
        let bad = curve["exponent"].as_f64().is_some_and(|exponent| exponent > TIME_EXPONENT);
        Some(Curve { name: row["family"].as_str()?.to_string(), points: points.collect(), bad })
    };
    let chart = |engine: &String| {
        let curves: Vec<Curve> = rows.iter().filter_map(|row| curve(row, engine)).collect();
        context! { engine, svg => chart::growth(&curves, &format!("{engine}: seconds over bytes for each family")) }
    };
    let charts: Vec<View> = engines.iter().map(chart).collect();
    context! { engines, charts, limit => TIME_EXPONENT }
}
