//! Generated and real modules, ours against other engines; and the grid of single operators, whose modules have the name
//! of what is wrong.

use super::{Context, Description, Figure, Finding, JSON, Part, Plan, Value, fields, number, rows};
use crate::bench::REAL_MODULES;
use crate::generate::Generator;
use crate::generate::grid::{RELAXED, SCALARS, VECTORS};
use crate::kernels;
use crate::worker::confirm::Confirmation;
use clap::ValueEnum;
use std::collections::BTreeSet;
use std::path::Path;

/// What is run.
#[derive(Debug, Clone, Copy)]
enum Modules {
    /// As many as there is time for.
    Mix,
    /// Each point of a grid once, if there is time.
    Grid(Generator),
    /// Those in [`REAL_MODULES`].
    Real,
}

/// A run of `diff`.
#[derive(Debug)]
pub struct Diff {
    about: Description,
    modules: Modules,
}

/// Generated modules of all kinds.
pub static MIX: Diff = Diff {
    about: Description {
        name: "diff",
        title: "generated modules of all kinds, ours against other engines",
        need: 120.0,
        weight: 5.0,
        processes: 1,
    },
    modules: Modules::Mix,
};
/// Every scalar operator with every kind of operand.
pub static GRID: Diff = Diff {
    about: Description {
        name: "grid",
        title: "every operator without vectors, with every kind of operand, ours against other engines",
        need: 20.0,
        weight: 0.0,
        processes: 1,
    },
    modules: Modules::Grid(Generator::Grid),
};
/// Every operator on vectors with every kind of operand.
pub static VECTOR_GRID: Diff = Diff {
    about: Description {
        name: "vector-grid",
        title: "every operator on vectors, with every kind of operand, ours against other engines",
        need: 30.0,
        weight: 0.0,
        processes: 1,
    },
    modules: Modules::Grid(Generator::VectorGrid),
};
/// Modules that others have made for use.
pub static REAL: Diff = Diff {
    about: Description {
        name: "real",
        title: "real modules, each export called, ours against other engines",
        need: 100.0,
        weight: 1.0,
        processes: 1,
    },
    modules: Modules::Real,
};

impl Part for Diff {
    fn about(&self) -> Description {
        self.about
    }

    fn plan(&self, context: &Context<'_>) -> Plan {
        let out = context.findings.join(self.about.name);
        let mut args = vec!["diff".to_string()];
        let mut add = |more: &[&str]| args.extend(more.iter().map(ToString::to_string));
        let seed = context.seed.to_string();
        let seconds = context.whole_seconds().to_string();
        match self.modules {
            Modules::Mix => add(&["--seconds", &seconds]),
            Modules::Grid(generator) => {
                let grid = if generator == Generator::Grid { &SCALARS } else { &VECTORS };
                let (count, name) = (grid.count().to_string(), generator.name());
                // Whichever ends first: as many modules as the grid has show each of its points once.
                add(&["--generator", name, "--modules", &count, "--seconds", &seconds]);
            }
            Modules::Real => {
                if !Path::new(REAL_MODULES).is_dir() {
                    let reason = format!("there is no {REAL_MODULES}: `lightbeam corpora fetch` brings it");
                    return Plan::Missing(reason);
                }
                add(&[REAL_MODULES, "--oracle", "cranelift", "--limit", &seconds]);
            }
        }
        add(&["--jobs", &context.jobs.to_string()]);
        add(&["--seed", &seed, "--out", &out.to_string_lossy(), "--json", JSON]);
        Plan::Run(args)
    }

    fn figures(&self, data: &Value) -> Vec<Figure> {
        let info = |what: &str, unit: &str, path: &str| {
            Some(Figure::info(self.about.name, "all", what, unit, number(data, path)?))
        };
        let mut figures: Vec<Figure> = [
            info("mismatches", "count", "/mismatches").map(Figure::headline),
            info("modules", "count", "/modules").map(Figure::higher).map(Figure::headline),
            info("calls", "count", "/calls").map(Figure::higher),
            info("poisoned", "count", "/poisoned"),
            info("flaky", "count", "/flaky"),
            info("modules per CPU second", "1/s", "/modules_per_cpu_second").map(Figure::higher),
        ]
        .into_iter()
        .flatten()
        .collect();
        if matches!(self.modules, Modules::Real) {
            let left = rows(data, "/not_reached").count() as f64;
            figures.push(Figure::info(self.about.name, "all", "modules not reached", "count", left).headline());
        }
        let operators = fields(data, "/operators").count();
        if operators > 0 {
            let seen = |what: &str| {
                let count = fields(data, "/operators").filter(|(_, tally)| number(tally, what).unwrap_or(0.0) > 0.0);
                count.count() as f64
            };
            figures.push(Figure::info(self.about.name, "operators", "executed", "count", seen("/executed")).higher());
            figures.push(Figure::info(self.about.name, "operators", "observed", "count", seen("/observed")).higher());
        }
        figures
    }

    fn findings(&self, data: &Value) -> Vec<Finding> {
        rows(data, "/findings").filter_map(|row| finding(self.about.name, row, data)).collect()
    }
}

fn finding(part: &str, row: &Value, data: &Value) -> Option<Finding> {
    let found: crate::finding::Finding = serde_json::from_value(row.clone()).ok()?;
    let operator = of_grid(&found.origin);
    Some(Finding {
        part: part.to_string(),
        located: operator.is_some().then(|| "grid".to_string()),
        operator,
        holds: BTreeSet::new(),
        what: found.divergence.what.to_string(),
        engine: found.engine,
        oracle: found.oracle,
        ours: found.divergence.ours,
        theirs: found.divergence.oracle,
        blame: found.blame.map(|blame| blame.to_string()),
        votes: found.votes.iter().map(ToString::to_string).collect(),
        origin: found.origin,
        count: data.get("signatures").and_then(|all| all.get(&found.signature)?.as_u64()).unwrap_or(1),
        reproducer: file(&found.command),
        command: found.command,
        flaky: matches!(found.confirmation, Some(Confirmation::Flaky(_))),
        signature: found.signature,
        new: true,
    })
}

/// The module in a command that shows a finding again.
pub(super) fn file(command: &str) -> Option<String> {
    command.split(' ').find(|word| word.ends_with(".wasm")).map(ToString::to_string)
}

/// The operator that a module of a grid is about, by where it comes from: `generator NAME, seed S, module N`.
fn of_grid(origin: &str) -> Option<String> {
    let (generator, rest) = origin.strip_prefix("generator ")?.split_once(", seed ")?;
    let (seed, number) = rest.split_once(", module ")?;
    let (seed, number) = (seed.parse().ok()?, number.parse().ok()?);
    let grid = match Generator::from_str(generator, false).ok()?.of(seed, number) {
        Generator::Grid => &SCALARS,
        Generator::VectorGrid => &VECTORS,
        Generator::RelaxedGrid => &RELAXED,
        _ => return None,
    };
    kernels::operator(grid.item(seed, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_of_the_grid_has_its_operators_name() {
        let names: BTreeSet<String> = (0..SCALARS.count())
            .filter_map(|number| of_grid(&format!("generator grid, seed 7, module {number}")))
            .collect();
        assert!(names.contains("i32.rotl") && names.contains("f64.copysign"), "{names:?}");
        assert_eq!(of_grid("generator smith, seed 7, module 3"), None);
        assert_eq!(of_grid("corpora/real/x.wasm"), None);
        assert_eq!(file("lightbeam diff a/b.wasm --engine lightbeam").as_deref(), Some("a/b.wasm"));
    }
}
