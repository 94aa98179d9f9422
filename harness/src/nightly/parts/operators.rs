//! What each operator costs: its code, and its time over Cranelift's.

use super::{Context, Description, Figure, JSON, Part, Plan, Value, fields, number, rows, summary, text};
use crate::bench::stats::{Summary, geometric_mean};

/// A change of an operator's code that is none yet: less than one instruction in eight copies of fifty.
const CODE: f64 = 0.002;
/// The same of its mean over programs, which other operators' consumers move.
const SHARE: f64 = 0.02;
/// The same of its time.
const TIME: f64 = 0.05;

/// The part.
#[derive(Debug)]
pub struct Operators;

impl Part for Operators {
    fn about(&self) -> Description {
        Description {
            name: "operators",
            title: "each operator in a loop of its own: its code, and its time beside Cranelift's",
            need: 120.0,
            weight: 0.0,
            processes: 3,
        }
    }

    fn plan(&self, context: &Context<'_>) -> Plan {
        // About a tenth of a second a kernel goes into compiling it and into calls that set it up.
        let rounds = if context.seconds < 15.0 { 3 } else { 7 };
        Plan::run(["bench", "operators", "--rounds", &rounds.to_string(), "--round-ms", "1", "--json", JSON])
    }

    fn figures(&self, data: &Value) -> Vec<Figure> {
        let mut figures = Vec::new();
        let mut ratios: Vec<Summary> = Vec::new();
        let mut void = 0.0;
        for row in rows(data, "/rows") {
            let (Some(name), Some(operator)) = (text(row, "name"), text(row, "operator")) else { continue };
            let mut add = |figure: Figure| figures.push(figure.of_operator(operator));
            for what in ["instructions", "bytes"] {
                if let Some(value) = number(row, &format!("/code/{what}")) {
                    add(Figure::exact("operators", name, what, what, value, CODE));
                }
            }
            if let Some(ratio) = row.get("ratio").and_then(summary) {
                ratios.push(ratio);
                let figure = Figure::timed("operators", name, "over cranelift", "ratio", ratio, TIME);
                add(figure.of_code(text(row, "digest")));
            }
            if let Some(time) = row.get("nanoseconds").and_then(summary) {
                let figure = Figure::timed("operators", name, "time", "ns", time, TIME).shown_only();
                add(figure.of_code(text(row, "digest")));
            }
            void += f64::from(u8::from(row["void"].is_string()));
        }
        for corpus in ["programs", "real"] {
            for (operator, share) in fields(data, &format!("/{corpus}")) {
                let Some(count) = number(share, "/count").filter(|count| *count > 0.0) else { continue };
                for what in ["instructions", "bytes"] {
                    let Some(sum) = number(share, &format!("/{what}")) else { continue };
                    let name = format!("mean {what} in {corpus}");
                    let figure = Figure::exact("operators", operator, &name, what, sum / count, SHARE);
                    figures.push(figure.shown_only().of_operator(operator));
                }
            }
        }
        figures.extend(mean("operators", "over cranelift", &ratios, TIME));
        figures.push(Figure::exact("operators", "all", "void", "count", void, 0.0));
        figures
    }

    fn again(&self, subjects: &[String]) -> Option<Plan> {
        let mut args: Vec<String> =
            ["bench", "operators", "--rounds", "9", "--round-ms", "1"].map(ToString::to_string).into();
        subjects.iter().for_each(|subject| args.extend(["--only".to_string(), subject.clone()]));
        args.extend(["--json", JSON].map(ToString::to_string));
        Some(Plan::Run(args))
    }
}

/// The geometric mean of ratios: of the medians, and of the ends of the intervals.
pub(super) fn mean(part: &str, what: &str, ratios: &[Summary], threshold: f64) -> Option<Figure> {
    let mean = |of: fn(&Summary) -> f64| geometric_mean(ratios.iter().map(of));
    let summary = Summary { median: mean(|s| s.median)?, low: mean(|s| s.low)?, high: mean(|s| s.high)? };
    // Programs are compared one by one: the mean is for the eye.
    Some(Figure::timed(part, "all", what, "ratio", summary, threshold).shown_only().headline())
}
