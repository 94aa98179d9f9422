//! Compile time and peak memory over families of compiler bombs, ours beside validation, Winch and Cranelift, as
//! growth exponents.
//!
//! Each engine and family has a process of its own: peak memory is then nobody else's, and a module that takes an
//! engine too long costs the limit and no more. Sizes grow until one takes longer than the limit; all are then
//! measured in turn, again and again.

pub mod plot;
pub mod report;
pub mod worker;

use super::stats::Summary;
use super::{Machine, OURS};
use crate::pathological::{Bound, Family, Measured, exponent, families, ordinary};
use anyhow::Result;
use lightbeam::compile::CompilerConfig;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The engines, ours first.
pub const ENGINES: [&str; 4] = [OURS, "validate", "winch", "cranelift"];

/// How long an engine may take for one module unless somebody says otherwise.
pub const LIMIT: Duration = Duration::from_secs(5);

/// What to measure.
#[derive(Debug, Clone)]
pub struct Options {
    /// Only families whose name contains one of these; all when empty.
    pub only: Vec<String>,
    /// The sizes, as multiples of the one that the family's tests begin with.
    pub scales: Vec<u32>,
    /// How long an engine may take for one module.
    pub limit: Duration,
    /// Those of [`ENGINES`] that are measured beside ours.
    pub beside: Vec<String>,
}

impl Options {
    /// The engines to measure, ours first.
    pub fn engines(&self) -> Vec<&'static str> {
        let wants = |engine: &&str| *engine == OURS || self.beside.iter().any(|name| name == engine);
        ENGINES.into_iter().filter(wants).collect()
    }

    /// The families to measure.
    pub fn families(&self) -> Vec<&'static Family> {
        let wants = |family: &&Family| self.only.is_empty() || self.only.iter().any(|text| family.name.contains(text));
        families().filter(wants).collect()
    }
}

/// One module on one engine.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Point {
    /// The family's size.
    pub size: u32,
    /// Bytes of the module.
    pub bytes: usize,
    /// Processor seconds: of several runs the fewest.
    pub seconds: f64,
    /// By how many bytes the first compilation made the process's peak memory larger than it was, if the system says.
    pub peak: Option<u64>,
}

/// A family on one engine.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Curve {
    /// The modules, by ascending size.
    pub points: Vec<Point>,
    /// With which exponent the time grows with what bounds it, over all points: the median of the rounds'.
    pub exponent: Option<f64>,
    /// Why there are no more points, if there could be.
    pub ended: Option<String>,
}

impl Curve {
    /// `rounds` has all sizes each, the last one perhaps fewer; `bounds` what bounds the time of each size: bytes, or
    /// steps of validation.
    fn new(rounds: &[Vec<Point>], ended: Option<String>, bounds: &[f64]) -> Curve {
        // The peak is the first round's: later ones hide in memory that the process has kept.
        let mut points = rounds.first().cloned().unwrap_or_default();
        for round in rounds {
            for (point, again) in points.iter_mut().zip(round) {
                point.seconds = point.seconds.min(again.seconds);
            }
        }
        // The fewest seconds may be of a moment that only one size has seen; most rounds see one pace of the processor.
        // A single doubling says little where the smaller module takes microseconds.
        let whole = rounds.iter().filter(|round| round.len() == points.len() && round.len() > 2);
        let times = |round: &Vec<Point>| exponent(bounds.iter().copied().zip(round.iter().map(|point| point.seconds)));
        let exponents: Vec<f64> = whole.filter_map(times).collect();
        Curve { points, exponent: Summary::of(&exponents).map(|all| all.median), ended }
    }
}

/// One family.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Its name.
    pub family: &'static str,
    /// Why its work is compared with validation's and not with the module's bytes, if it is.
    pub by_validation: Option<&'static str>,
    /// With which exponent our deterministic work grows with the bytes.
    pub work_exponent: Option<f64>,
    /// Our work for the largest module, over the ordinary programs' mean: by byte, or by step of validation.
    pub work_factor: Option<f64>,
    /// The engines, by name.
    pub curves: BTreeMap<&'static str, Curve>,
}

impl Row {
    /// How many times as long as we another engine takes for the largest module that both compile.
    pub fn over_ours(&self, engine: &str) -> Option<f64> {
        let (ours, theirs) = (&self.curves.get(OURS)?.points, &self.curves.get(engine)?.points);
        let (ours, theirs) = ours.iter().zip(theirs).next_back()?;
        Some(theirs.seconds / ours.seconds)
    }
}

/// What was measured.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Where it ran.
    pub machine: Machine,
    /// Seconds that an engine had for one module.
    pub limit: f64,
    /// The families.
    pub rows: Vec<Row>,
    /// Whether somebody ended the run before all families were measured.
    pub interrupted: bool,
}

impl Report {
    /// Families on which our time or our work grows too fast, or our work is too much.
    pub fn broken(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| {
            let ours = row.curves.get(OURS);
            let time = ours.and_then(|curve| curve.exponent);
            let stopped = ours.is_none_or(|curve| curve.ended.is_some());
            let slow = time.is_none_or(|grows| grows > TIME_EXPONENT);
            let works = row.work_exponent.is_none_or(|grows| grows > ordinary::WORK_EXPONENT);
            stopped || slow || works || row.work_factor.is_none_or(|factor| factor > ordinary::WORK_FACTOR)
        })
    }
}

/// The largest exponent that our time may grow with: what is above 1 is for caches, which larger modules leave.
pub const TIME_EXPONENT: f64 = 1.15;

/// Our work on modules of these sizes, and why the next one is refused if it is.
fn measure_work(family: &Family, sizes: &[u32], config: &CompilerConfig) -> (Vec<Measured>, Option<String>) {
    let mut measured = Vec::new();
    for size in sizes {
        match Measured::of(&(family.build)(*size), config) {
            Ok(one) => measured.push(one),
            Err(error) => return (measured, Some(format!("size {size}: {error:#}"))),
        }
    }
    (measured, None)
}

/// Measures until `stop` becomes true; `progress` hears of each family and engine before it starts.
///
/// # Errors
///
/// If a process cannot be started.
pub fn run(options: &Options, stop: &AtomicBool, mut progress: impl FnMut(&str, &str)) -> Result<Report> {
    let wished = || stop.load(Ordering::Relaxed);
    let config = CompilerConfig::native()?;
    let mean = ordinary::mean(&config)?;
    let (mut rows, engines) = (Vec::new(), options.engines());
    'families: for family in options.families() {
        let mut sizes: Vec<u32> = options.scales.iter().map(|scale| scale * family.size).collect();
        let (measured, refused) = measure_work(family, &sizes, &config);
        sizes.truncate(measured.len());
        let bounds: Vec<f64> = measured.iter().map(|one| one.measure(family.bound) as f64).collect();
        let mut curves = BTreeMap::new();
        for &engine in &engines {
            progress(family.name, engine);
            let curve = worker::measure(engine, family, &sizes, options.limit);
            // The signal that ends this process may end the one that measures.
            if wished() {
                break 'families;
            }
            let (rounds, ended) = curve?;
            let ended = ended.or_else(|| refused.clone().filter(|_| engine == OURS));
            curves.insert(engine, Curve::new(&rounds, ended, &bounds));
        }
        let cost = measured.last().map(|largest| largest.cost(family.bound));
        rows.push(Row {
            family: family.name,
            by_validation: match family.bound {
                Bound::Bytes => None,
                Bound::Validation(reason) => Some(reason),
            },
            work_exponent: Measured::growth(&measured, family.bound),
            work_factor: cost.map(|cost| cost / mean.cost(family.bound)),
            curves,
        });
    }
    Ok(Report { machine: Machine::this(), limit: options.limit.as_secs_f64(), rows, interrupted: wished() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changing_processor_is_not_taken_for_growth() {
        let round = |seconds: &[f64], peak| {
            let sizes = [1, 2, 4].into_iter().zip(seconds);
            sizes.map(|(size, &seconds)| Point { size, bytes: 0, seconds, peak: Some(peak) }).collect::<Vec<_>>()
        };
        // It slows down in the first round, is fast for a moment in the third, and dies in the last.
        let rounds: [&[f64]; 5] = [&[1.1, 4.0, 8.0], &[2.0, 4.0, 8.0], &[2.0, 2.0, 8.0], &[2.0, 4.0, 8.0], &[1.0, 4.0]];
        let rounds: Vec<_> = rounds.iter().zip(7..).map(|(seconds, peak)| round(seconds, peak)).collect();
        let curve = Curve::new(&rounds, None, &[1.0, 2.0, 4.0]);
        let points: Vec<_> = curve.points.iter().map(|point| (point.size, point.seconds, point.peak)).collect();
        assert_eq!(points, [(1, 1.0, Some(7)), (2, 2.0, Some(7)), (4, 8.0, Some(7))]);
        assert!(curve.exponent.is_some_and(|grows| (grows - 1.0).abs() < 1e-9));
        // Nothing to compare the first round with, too few sizes, and none.
        assert!(Curve::new(&rounds[..1], None, &[1.0, 2.0, 4.0]).exponent.is_some_and(|grows| grows > TIME_EXPONENT));
        assert_eq!(Curve::new(&rounds[4..], None, &[1.0, 2.0, 4.0]).exponent, None);
        assert!(Curve::new(&[], None, &[]).points.is_empty());
    }

    #[test]
    fn a_size_that_we_refuse_ends_its_family_and_no_other() {
        let config = CompilerConfig::native().expect("this processor");
        let family = families().find(|family| family.name == "locals-used").expect("it is there");
        let (measured, refused) = measure_work(family, &[10, 20, 60_000, 40], &config);
        assert_eq!(measured.len(), 2);
        assert!(refused.is_some_and(|reason| reason.starts_with("size 60000") && reason.contains("locals")));
    }
}
