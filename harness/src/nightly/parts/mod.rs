//! The parts of a night, one file each: which command a part is, how long it needs, and what its JSON means.

pub mod bench;
pub mod bombs;
pub mod conform;
pub mod counted;
pub mod diff;
pub mod mutants;
pub mod operators;
pub mod sizes;
pub mod triage;

use super::report::{Figure, Finding, PartResult, PartStatus};
use crate::bench::stats::Summary;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What a part may know.
#[derive(Debug)]
pub struct Context<'a> {
    /// The folder of the night's files of the parts.
    pub folder: &'a Path,
    /// Where findings are written.
    pub findings: &'a Path,
    /// Seconds that one of its processes has.
    pub seconds: f64,
    /// The seed of generated modules.
    pub seed: u64,
    /// How many processes work at once.
    pub jobs: usize,
    /// What came of the parts before it.
    pub done: &'a BTreeMap<String, PartResult>,
}

impl Context<'_> {
    /// Whole seconds, at least one.
    pub fn whole_seconds(&self) -> u64 {
        self.seconds.max(1.0) as u64
    }

    /// The findings of the parts so far.
    pub fn found(&self) -> Vec<Finding> {
        let parts = all().into_iter();
        let with_data = parts.filter_map(|part| Some((part, self.done.get(part.name())?.data.as_ref()?)));
        with_data.flat_map(|(part, data)| part.findings(data)).collect()
    }
}

/// How a part begins.
#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    /// With this program's arguments; its JSON goes where the argument `JSON` stands.
    Run(Vec<String>),
    /// It cannot be done here, for this reason.
    Missing(String),
    /// There is nothing to do, and this is the result.
    Nothing(Value),
}

/// The argument in whose place the file for the JSON is put.
pub const JSON: &str = "{json}";

impl Plan {
    /// A command of this program.
    pub fn run(args: impl IntoIterator<Item = impl ToString>) -> Plan {
        Plan::Run(args.into_iter().map(|arg| arg.to_string()).collect())
    }
}

/// What a part is.
#[derive(Debug, Clone, Copy)]
pub struct Description {
    /// Its name in the report and on the command line.
    pub name: &'static str,
    /// What it is, in words.
    pub title: &'static str,
    /// Seconds that all its processes need together to be complete.
    pub need: f64,
    /// Its share of the seconds that nobody needs.
    pub weight: f64,
    /// In how many fresh processes it is done: a process may be lucky or unlucky as a whole, and intervals must show it.
    pub processes: u32,
}

/// A part of a night.
pub trait Part: Sync {
    /// What it is.
    fn about(&self) -> Description;

    /// Its name in the report and on the command line.
    fn name(&self) -> &'static str {
        self.about().name
    }

    /// How it begins.
    fn plan(&self, context: &Context<'_>) -> Plan;

    /// The figures in its JSON.
    fn figures(&self, data: &Value) -> Vec<Figure>;

    /// The differences in its JSON.
    fn findings(&self, _data: &Value) -> Vec<Finding> {
        Vec::new()
    }

    /// The arguments that measure only these subjects again.
    fn again(&self, _subjects: &[String]) -> Option<Plan> {
        None
    }
}

/// All parts, in the order they run: what is right comes before what is fast.
pub fn all() -> Vec<&'static dyn Part> {
    vec![
        &conform::Conform,
        &diff::GRID,
        &diff::VECTOR_GRID,
        &diff::MIX,
        &diff::REAL,
        &triage::Triage,
        &sizes::Sizes,
        &counted::Counted,
        &operators::Operators,
        &bench::EXECUTE,
        &bench::SIMD,
        &bench::COMPILE,
        &bench::STREAMING,
        &bombs::Bombs,
        &mutants::Mutants,
    ]
}

/// How many seconds each of these parts gets of so many: what it needs, and its share of the rest; or less than it needs
/// if there is not enough.
pub fn seconds(parts: &[&dyn Part], total: f64) -> Vec<f64> {
    let needed: f64 = parts.iter().map(|part| part.about().need).sum();
    let weights: f64 = parts.iter().map(|part| part.about().weight).sum();
    let rest = (total - needed).max(0.0);
    let scale = if needed > total { total / needed } else { 1.0 };
    let share = |part: &&dyn Part| {
        let Description { need, weight, .. } = part.about();
        need * scale + if weights > 0.0 { rest * weight / weights } else { 0.0 }
    };
    parts.iter().map(share).collect()
}

/// How many seconds this part gets where so many of `total` are left: what those before it did not take is for those that
/// come. If they took too long, it still gets half of what it would have had.
pub fn share(parts: &[&dyn Part], index: usize, total: f64, left: f64) -> f64 {
    seconds(&parts[index..], left.max(0.0))[0].max(seconds(parts, total)[index] / 2.0)
}

/// The results of several processes as one: the first one's, with intervals that span all of them and their middle one as
/// median.
pub fn joined(mut results: Vec<Value>) -> Option<Value> {
    let mut first = if results.is_empty() { return None } else { results.remove(0) };
    join(&mut first, &results.iter().collect::<Vec<_>>());
    Some(first)
}

fn join(into: &mut Value, others: &[&Value]) {
    if let Some(summary) = summary(into) {
        let mut all: Vec<Summary> = others.iter().filter_map(|other| self::summary(other)).collect();
        all.push(summary);
        let mut medians: Vec<f64> = all.iter().map(|summary| summary.median).collect();
        medians.sort_by(f64::total_cmp);
        let middle = medians.len() / 2;
        let median =
            if medians.len() % 2 == 1 { medians[middle] } else { (medians[middle - 1] + medians[middle]) / 2.0 };
        let low = all.iter().map(|summary| summary.low).fold(f64::INFINITY, f64::min);
        let high = all.iter().map(|summary| summary.high).fold(f64::NEG_INFINITY, f64::max);
        *into = serde_json::json!({"median": median, "low": low, "high": high});
        return;
    }
    match into {
        Value::Object(fields) => {
            for (name, value) in fields {
                let same: Vec<&Value> = others.iter().filter_map(|other| other.get(name)).collect();
                // What any process found void is void.
                if name == "void" && value.is_null() {
                    *value = same.iter().find(|other| other.is_string()).map_or(Value::Null, |other| (*other).clone());
                } else {
                    join(value, &same);
                }
            }
        }
        Value::Array(values) => {
            for (at, value) in values.iter_mut().enumerate() {
                // Rows are of the same program if they have the same name.
                let same = |other: &&&Value| other.get("name") == value.get("name");
                let same: Vec<&Value> =
                    others.iter().filter_map(|other| other.get(at)).filter(|other| same(&other)).collect();
                join(value, &same);
            }
        }
        _ => {}
    }
}

/// A median with its interval, if that is what a value is.
pub fn summary(value: &Value) -> Option<Summary> {
    let number = |name: &str| value.get(name)?.as_f64();
    Some(Summary { median: number("median")?, low: number("low")?, high: number("high")? })
}

/// The number at a path of names.
fn number(data: &Value, path: &str) -> Option<f64> {
    data.pointer(path)?.as_f64()
}

/// The text at a name.
fn text<'v>(data: &'v Value, name: &str) -> Option<&'v str> {
    data.get(name)?.as_str()
}

/// The rows at a path.
fn rows<'v>(data: &'v Value, path: &str) -> impl Iterator<Item = &'v Value> {
    data.pointer(path).and_then(Value::as_array).into_iter().flatten()
}

/// The fields at a path.
fn fields<'v>(data: &'v Value, path: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    data.pointer(path).and_then(Value::as_object).into_iter().flatten()
}

/// The features of the CPU that a part's code was compiled for, as far as its JSON says.
pub fn features(parts: &BTreeMap<String, PartResult>) -> Option<String> {
    let said = |part: &PartResult| part.data.as_ref().and_then(|data| text(data, "features")).map(ToString::to_string);
    parts.values().filter(|part| part.status == PartStatus::Done).find_map(said)
}

/// Where a part's process writes its JSON.
pub fn json_file(folder: &Path, part: &str, process: u32) -> PathBuf {
    folder.join(format!("{part}.{process}.raw.json"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::collections::BTreeSet;

    #[test]
    fn parts_have_names_of_their_own_and_share_the_time() {
        let parts = all();
        let names: BTreeSet<&str> = parts.iter().map(|part| part.name()).collect();
        assert_eq!(names.len(), parts.len());
        for total in [30.0, 1200.0, 7200.0] {
            let sum: f64 = seconds(&parts, total).iter().sum();
            assert!((sum - total).abs() < 1e-6, "{sum}");
        }
        assert!(seconds(&parts, 7200.0).iter().zip(&parts).all(|(seconds, part)| *seconds >= part.about().need));
    }

    #[test]
    fn what_is_left_is_for_those_that_come() {
        let (parts, total) = (all(), 1200.0);
        let fixed = seconds(&parts, total);
        let last = parts.len() - 1;
        assert!((share(&parts, 0, total, total) - fixed[0]).abs() < 1e-6);
        assert!((share(&parts, last, total, 700.0) - 700.0).abs() < 1e-6);
        assert!((share(&parts, last, total, -60.0) - fixed[last] / 2.0).abs() < 1e-6);
    }

    #[test]
    fn intervals_span_all_processes() {
        let row = |median: f64, void: Option<&str>| {
            json!({"programs": [{"name": "aes", "ratio": {"cranelift": {"median": median, "low": median - 1.0,
                "high": median + 1.0}}, "void": void}]})
        };
        let all = joined(vec![row(5.0, None), row(8.0, None), row(6.0, Some("wrong"))]).expect("there are three");
        let ratio = &all["programs"][0]["ratio"]["cranelift"];
        assert_eq!(summary(ratio), Some(Summary { median: 6.0, low: 4.0, high: 9.0 }));
        assert_eq!(all["programs"][0]["void"], json!("wrong"));
        assert_eq!(joined(Vec::new()), None);
    }
}
