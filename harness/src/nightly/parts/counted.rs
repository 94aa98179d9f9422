//! Executed instructions, counted by callgrind: the figure that noise does not touch.

use super::{Context, Description, Figure, JSON, Part, Plan, Value, rows, text};
use crate::bench::counted;
use crate::bench::stats::geometric_mean;

/// Changes that are none yet: of operators, of programs, and of compiling, where tables with random hashes take part.
const OPERATOR: f64 = 0.002;
const EXECUTE: f64 = 0.003;
const COMPILE: f64 = 0.02;

/// The part.
#[derive(Debug)]
pub struct Counted;

impl Part for Counted {
    fn about(&self) -> Description {
        Description {
            name: "counted",
            title: "executed instructions of each operator, each program and its compilation, counted by callgrind",
            need: 180.0,
            weight: 0.0,
            processes: 1,
        }
    }

    fn plan(&self, _: &Context<'_>) -> Plan {
        match counted::version() {
            Ok(_) => Plan::run(["bench", "counted", "--json", JSON]),
            Err(error) => Plan::Missing(format!("{error:#}")),
        }
    }

    fn figures(&self, data: &Value) -> Vec<Figure> {
        let mut figures = Vec::new();
        let (mut execute, mut compile) = (Vec::new(), Vec::new());
        for row in rows(data, "/rows") {
            let (Some(name), Some(count)) = (text(row, "name"), row["instructions"].as_f64()) else { continue };
            figures.push(match text(row, "subject") {
                Some("operator") => {
                    let figure = Figure::exact("counted", name, "executed", "instructions", count, OPERATOR);
                    figure.of_operator(text(row, "operator").unwrap_or(name))
                }
                Some("compile") => {
                    compile.push(count);
                    Figure::exact("counted", name, "compiling", "instructions", count, COMPILE)
                }
                _ => {
                    execute.push(count);
                    Figure::exact("counted", name, "running", "instructions", count, EXECUTE)
                }
            });
        }
        let void = rows(data, "/void").count() as f64;
        figures.push(Figure::exact("counted", "all", "void", "count", void, 0.0));
        for (what, counts) in [("running", execute), ("compiling", compile)] {
            if let Some(mean) = geometric_mean(counts) {
                let figure = Figure::exact("counted", "all", what, "instructions", mean, COMPILE);
                figures.push(figure.shown_only().headline());
            }
        }
        figures
    }
}
