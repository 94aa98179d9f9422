//! The suites of `bench`: our time over others', program by program.

use super::operators::mean;
use super::{Context, Description, Figure, JSON, Part, Plan, Value, fields, rows, summary, text};
use crate::bench::Suite;
use crate::bench::stats::Summary;
use std::collections::BTreeMap;

/// A change of a time that is none yet.
const TIME: f64 = 0.05;

/// A suite.
#[derive(Debug)]
pub struct Bench {
    about: Description,
    suite: Suite,
    /// The engine whose ratio gates.
    gate: &'static str,
    /// Seconds that an engine may take for a module when there is little time, and when there is enough.
    limits: Option<[f64; 2]>,
}

/// Run time of programs.
pub static EXECUTE: Bench = Bench {
    about: Description {
        name: "execute",
        title: "run time of programs beside Winch, Cranelift and native code",
        need: 210.0,
        weight: 2.0,
        processes: 3,
    },
    suite: Suite::Execute,
    gate: "cranelift",
    limits: None,
};
/// Run time of programs with vectors.
pub static SIMD: Bench = Bench {
    about: Description {
        name: "simd",
        title: "run time of programs with vectors beside Winch, Cranelift and native code",
        need: 100.0,
        weight: 1.0,
        processes: 3,
    },
    suite: Suite::Simd,
    gate: "cranelift",
    limits: None,
};
/// Compile time.
pub static COMPILE: Bench = Bench {
    about: Description {
        name: "compile",
        title: "compile time beside validation, Winch and Cranelift",
        need: 150.0,
        weight: 1.0,
        processes: 3,
    },
    suite: Suite::Compile,
    gate: "validate",
    limits: Some([0.25, 2.0]),
};
/// From the last byte to code.
pub static STREAMING: Bench = Bench {
    about: Description {
        name: "streaming",
        title: "from the last byte of an arriving module to code that can be called",
        need: 100.0,
        weight: 1.0,
        processes: 3,
    },
    suite: Suite::Streaming,
    gate: "at-once",
    limits: Some([0.25, 2.0]),
};

/// Rounds of a program when there is little time, and when there is enough.
const ROUNDS: [u32; 2] = [3, 9];

impl Bench {
    fn command(&self, enough: bool, budget: u64, only: &[String]) -> Plan {
        let rounds = ROUNDS[usize::from(enough)].to_string();
        let (budget, length) = (budget.to_string(), if enough { "10" } else { "1" });
        let mut args: Vec<String> =
            ["bench", self.suite.name(), "--rounds", &rounds, "--round-ms", length, "--budget", &budget]
                .map(ToString::to_string)
                .into();
        if let Some(limits) = self.limits {
            args.extend(["--limit".to_string(), limits[usize::from(enough)].to_string()]);
        }
        only.iter().for_each(|name| args.extend(["--only".to_string(), name.clone()]));
        args.extend(["--json", JSON].map(ToString::to_string));
        Plan::Run(args)
    }
}

impl Part for Bench {
    fn about(&self) -> Description {
        self.about
    }

    fn plan(&self, context: &Context<'_>) -> Plan {
        let enough = context.seconds * f64::from(self.about.processes) >= self.about.need;
        // Programs are some dozens: a second for each is what there is.
        self.command(enough, u64::from(enough), &[])
    }

    fn figures(&self, data: &Value) -> Vec<Figure> {
        let part = self.about.name;
        let mut figures = Vec::new();
        let mut ratios = BTreeMap::<(bool, &str), Vec<Summary>>::new();
        let (mut void, mut skipped) = (0.0, 0.0);
        for row in rows(data, &format!("/suites/{part}/programs")) {
            let Some(name) = text(row, "name") else { continue };
            void += f64::from(u8::from(row["void"].is_string()));
            skipped += f64::from(u8::from(row["skipped"].is_string()));
            let code = text(row, "code");
            for (engine, ratio) in fields(row, "/ratio") {
                let Some(ratio) = summary(ratio) else { continue };
                ratios.entry((row["real"].as_bool().unwrap_or_default(), engine)).or_default().push(ratio);
                let figure = Figure::timed(part, name, &format!("over {engine}"), "ratio", ratio, TIME).of_code(code);
                figures.push(if engine == self.gate { figure } else { figure.shown_only() });
            }
            if let Some(seconds) = row.pointer("/seconds/lightbeam").and_then(summary) {
                let figure = Figure::timed(part, name, "time", "s", seconds, TIME);
                figures.push(figure.shown_only().of_code(code));
            }
            if let Some(held) = row.pointer("/arrival/held").and_then(Value::as_f64) {
                figures.push(Figure::info(part, name, "bytes held", "bytes", held));
            }
        }
        for ((real, engine), ratios) in ratios {
            let what = if real { format!("over {engine}, real modules") } else { format!("over {engine}") };
            figures.extend(mean(part, &what, &ratios, TIME));
        }
        figures.push(Figure::exact(part, "all", "void", "count", void, 0.0));
        figures.push(Figure::info(part, "all", "not measured", "count", skipped));
        figures
    }

    fn again(&self, subjects: &[String]) -> Option<Plan> {
        Some(self.command(true, 5, subjects))
    }
}
