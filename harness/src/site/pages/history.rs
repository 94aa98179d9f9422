//! The history: each headline figure over the nights.

use super::super::View;
use super::super::chart::{self, Interval};
use super::super::number::Source;
use super::{context, list};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What the template goes through.
pub(super) fn view(source: &Source) -> View {
    let nights: Vec<&Value> = list(&source.history, "").collect();
    let fields = |night: &&Value| {
        night["figures"].as_object().into_iter().flat_map(|all| all.keys().cloned()).collect::<Vec<_>>()
    };
    let keys: BTreeSet<String> = nights.iter().flat_map(fields).collect();
    let units: BTreeMap<&str, &str> = list(&source.report, "/figures")
        .filter(|figure| figure["headline"] == true)
        .filter_map(|figure| Some((figure["key"].as_str()?, figure["unit"].as_str()?)))
        .collect();
    let units: BTreeMap<&String, &str> =
        keys.iter().map(|key| (key, units.get(key.as_str()).copied().unwrap_or("unknown"))).collect();
    let charts: Vec<View> = keys
        .iter()
        .filter_map(|key| {
            let points: Vec<Option<Interval>> = nights.iter().map(|night| point(night, key)).collect();
            let svg = chart::nights(&points, &format!("{key} over the nights"))?;
            Some(context! { key, svg })
        })
        .collect();
    context! { keys, units, charts }
}

/// A night's value, named by its commit.
fn point(night: &Value, key: &str) -> Option<Interval> {
    let number = |field: &str| night["figures"][key][field].as_f64();
    let name = night["subject"]["commit"].as_str().unwrap_or_default().chars().take(7).collect();
    Some(Interval { name, low: number("low")?, value: number("median")?, high: number("high")? })
}
