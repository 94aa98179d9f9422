//! Growth of compile time and memory on modules made to make them grow.

use super::{Context, Description, Figure, JSON, Part, Plan, Value, number, rows, text};
use crate::bench::bombs::TIME_EXPONENT;
use crate::pathological::ordinary;

/// Seconds in which Winch and Cranelift can take part.
const ENOUGH: f64 = 1200.0;

/// The part.
#[derive(Debug)]
pub struct Bombs;

impl Part for Bombs {
    fn about(&self) -> Description {
        Description {
            name: "bombs",
            title: "growth of compile time and memory on modules made to make them grow",
            need: 200.0,
            weight: 1.0,
            processes: 1,
        }
    }

    fn plan(&self, context: &Context<'_>) -> Plan {
        // Others do not change from night to night: they are for the eye.
        let enough = context.seconds >= ENOUGH;
        let (scales, limit, beside) =
            if enough { ("4,8,16", "2", "validate,winch,cranelift") } else { ("2,4,8", "1", "validate") };
        let report = context.folder.join("bombs.md");
        let report = report.to_string_lossy();
        Plan::run([
            "bench", "bombs", "--scales", scales, "--limit", limit, "--beside", beside, "--report", &report, "--json",
            JSON,
        ])
    }

    fn figures(&self, data: &Value) -> Vec<Figure> {
        let mut figures = Vec::new();
        let (mut broken, mut worst) = (0.0, 0.0_f64);
        for row in rows(data, "/rows") {
            let Some(family) = text(row, "family") else { continue };
            let mut nonlinear = false;
            if let Some(exponent) = number(row, "/work_exponent") {
                nonlinear |= exponent > ordinary::WORK_EXPONENT;
                figures.push(Figure::exact("bombs", family, "exponent of work", "exponent", exponent, 0.02));
            }
            if let Some(factor) = number(row, "/work_factor") {
                nonlinear |= factor > ordinary::WORK_FACTOR;
                figures.push(Figure::exact("bombs", family, "work over the mean", "ratio", factor, 0.02));
            }
            let ours = row.pointer("/curves/lightbeam");
            if let Some(exponent) = ours.and_then(|curve| curve["exponent"].as_f64()) {
                worst = worst.max(exponent);
                figures.push(Figure::info("bombs", family, "exponent of time", "exponent", exponent));
            }
            let last = ours.and_then(|curve| curve["points"].as_array()?.last());
            let of_last = |name: &str| Some(last?[name].as_f64()? / last?["bytes"].as_f64()?);
            if let Some(peak) = of_last("peak") {
                figures.push(Figure::info("bombs", family, "peak memory by byte", "bytes", peak));
            }
            if let Some(seconds) = of_last("seconds") {
                figures.push(Figure::info("bombs", family, "time by byte", "s", seconds));
            }
            broken += f64::from(u8::from(nonlinear));
        }
        figures.push(Figure::exact("bombs", "all", "families with too much work", "count", broken, 0.0).headline());
        let what = format!("largest exponent of time (at most {TIME_EXPONENT})");
        figures.push(Figure::info("bombs", "all", &what, "exponent", worst).headline());
        figures
    }
}
