//! Samples of what comparisons can see: an operator of a module is made wrong, and the module compared
//! with itself. What nobody notices, a miscompile of that operator would not show either.

use crate::compare;
use crate::engine::Engine;
use crate::plan::{Case, Plan, Variant};
use crate::rewrite::perturb::{self, Perturbation};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What was seen of one operator in one module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// The operator's name.
    pub operator: String,
    /// Whether it was executed.
    pub executed: bool,
    /// Whether it shows when it is wrong.
    pub observed: bool,
}

/// How often an operator was executed and observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Modules that were looked at.
    pub samples: u64,
    /// Modules that executed it.
    pub executed: u64,
    /// Modules in which it shows when it is wrong.
    pub observed: u64,
}

impl Tally {
    /// Counts a sample.
    pub fn add(&mut self, sample: &Sample) {
        self.samples += 1;
        self.executed += u64::from(sample.executed);
        self.observed += u64::from(sample.observed);
    }
}

/// Takes a sample of one case in so many.
const EVERY: u64 = 8;

/// Chooses operators: those that were seen least.
#[derive(Debug, Default)]
pub struct Sampler {
    cases: u64,
    seen: HashMap<&'static str, Tally>,
}

impl Sampler {
    /// Looks at a case, if it is its turn, on an engine that is right about it.
    pub fn take(&mut self, engine: &dyn Engine, case: &Case) -> Option<Sample> {
        self.cases += 1;
        if !self.cases.is_multiple_of(EVERY) {
            return None;
        }
        let present = perturb::present(&case.wasm).ok()?;
        let least = |name: &&'static str| {
            let tally = self.seen.get(name).copied().unwrap_or_default();
            (tally.observed, tally.samples)
        };
        let operator = present.into_iter().min_by_key(least)?;
        let sample = sample(engine, case, operator)?;
        self.seen.entry(operator).or_default().add(&sample);
        Some(sample)
    }
}

/// Looks at one operator of a case. `None` if the case cannot be run.
pub fn sample(engine: &dyn Engine, case: &Case, operator: &'static str) -> Option<Sample> {
    // What is made wrong may not end without fuel.
    let plan = Plan { variant: Variant::Fuelled, ..case.plan.clone() };
    let case = Case { wasm: case.wasm.clone(), plan };
    let shows = |how| {
        let wasm = perturb::perturb(&case.wasm, operator, how).ok()?;
        let report = compare::run_two(engine, &case, &Case { wasm, plan: case.plan.clone() }).ok()?;
        Some(report.divergence.is_some())
    };
    let observed = !perturb::is_structural(operator) && shows(Perturbation::Wrong)?;
    let executed = observed || shows(Perturbation::Trap)?;
    // Where control goes is observed by what comes after it.
    let observed = observed || (executed && perturb::is_structural(operator));
    Some(Sample { operator: operator.to_string(), executed, observed })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::NanMode;
    use crate::rng::Rng;
    use crate::shape::Shape;

    #[test]
    fn what_is_dropped_is_executed_and_not_observed() {
        let wasm = wat::parse_str(
            "(module (global (mut i32) (i32.const 0))
               (func (export \"f\") (param i32)
                 (drop (i32.clz (local.get 0)))
                 (global.set 0 (i32.ctz (local.get 0)))
                 (if (i32.const 0) (then (global.set 0 (i32.popcnt (local.get 0)))))))",
        )
        .expect("well-formed text");
        let shape = Shape::parse(&wasm).expect("it is valid");
        let case = Case { wasm, plan: Plan::generated(&shape, NanMode::NoFloats, &mut Rng::new(1, 1)) };
        let engine = crate::engines::by_name("lightbeam").expect("it runs everywhere");
        let look = |operator| {
            let sample = sample(&*engine, &case, operator).expect("it can be run");
            (sample.executed, sample.observed)
        };
        assert_eq!(look("I32Clz"), (true, false));
        assert_eq!(look("I32Ctz"), (true, true));
        assert_eq!(look("I32Popcnt"), (false, false));
        assert_eq!(look("Drop"), (true, true));
        assert_eq!(look("GlobalSet"), (true, true));
    }
}
