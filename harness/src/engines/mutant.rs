//! An oracle that needs no other engine: an engine that runs a mutant of each module which means the same. Everything
//! but the places of traps must be as in the original, the fuel that is left and the path that is taken included,
//! because what is mutated is the module after rewriting.

use super::filtered::Filtered;
use crate::compare;
use crate::engine::{Engine, Module};
use crate::generate::{self, mutate};
use crate::outcome::{Outcome, Rejection, Trap};
use crate::plan::{Case, Plan};
use crate::rng::Rng;
use crate::shape::Shape;
use xxhash_rust::xxh3::xxh3_64;

/// The name of this engine: `mutant` for ours in its default configuration, `mutant:NAME` for another.
pub const NAME: &str = "mutant";
/// The engine that `mutant` alone stands for.
const DEFAULT: &str = "lightbeam";

/// The name of the engine that runs the mutants, if this is the name of such an engine.
pub fn inner(name: &str) -> Option<&str> {
    let rest = name.strip_prefix(NAME)?;
    if rest.is_empty() { Some(DEFAULT) } else { rest.strip_prefix(':') }
}

/// An engine that runs a mutant of each module.
pub struct Mutant {
    name: String,
    inner: Box<dyn Engine>,
}

impl Mutant {
    /// The mutants on an engine.
    pub fn new(inner: Box<dyn Engine>) -> Mutant {
        Mutant { name: format!("{NAME}:{}", inner.name()), inner }
    }
}

impl Engine for Mutant {
    fn name(&self) -> &str {
        &self.name
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, Rejection> {
        // A mutation may take away what is wrong, so a mutant says nothing of validity.
        if generate::supported(wasm).is_err() {
            return Err(Rejection::Unsupported("no mutant of an invalid module means the same".to_string()));
        }
        // The module decides on the mutant, so that a finding replays.
        let mut rng = Rng::new(xxh3_64(wasm), 0);
        let case = Case { wasm: wasm.to_vec(), plan: Plan::real(&Shape::default(), 0) };
        match mutate::preserving(&case, &mut rng) {
            Some(mutant) => Ok(Box::new(Filtered::new(self.inner.compile(&mutant)?, without_places))),
            None => Err(Rejection::Unsupported("no mutant that means the same".to_string())),
        }
    }
}

/// Whether a case's mutant means something else, to an engine that has not been asked yet: one in some hundred
/// mutations does not keep the meaning that it should.
///
/// # Errors
///
/// If there is no engine of this name.
pub fn changes_meaning(case: &Case, referee: &str) -> anyhow::Result<bool> {
    let mutant = Mutant::new(super::by_name(referee)?);
    Ok(compare::run(&*mutant.inner, &mutant, case).divergence.is_some())
}

/// The outcome without places, which are others in a mutant.
fn without_places(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Trapped(trap) => Outcome::Trapped(Trap::new(trap.kind, [])),
        outcome => outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engines::by_name;
    use crate::generate::Generator;

    #[test]
    fn mutants_agree_with_their_originals() {
        let (engine, mutant) = (by_name("lightbeam").expect("known"), by_name("mutant").expect("known"));
        assert_eq!(mutant.name(), "mutant:lightbeam");
        let (mut run, mut others) = (0, 0);
        for number in 0..120 {
            let (generator, case) = Generator::Mix.case(21, number);
            let report = compare::run(&*engine, &*mutant, &case);
            run += u64::from(report.calls > 0);
            if report.divergence.is_some() {
                others += 1;
                let changed = changes_meaning(&case, "cranelift-none").expect("known");
                assert!(changed, "{} {number}: {report:?}", generator.name());
            }
        }
        assert!(
            run > 15 && others < run / 10,
            "of 120, {run} have a mutant that was run, {others} mean something else"
        );
    }

    #[test]
    fn nothing_is_said_of_invalid_modules() {
        // Mutations of it take away the export, which is all that is wrong.
        let wasm =
            wat::parse_str(r#"(module (func (export "f")) (export "g" (global 8)))"#).expect("it can be written");
        let mutant = by_name("mutant").expect("known");
        let refused = matches!(mutant.compile(&wasm), Err(Rejection::Unsupported(why)) if why.contains("invalid"));
        assert!(refused);
    }

    #[test]
    fn names_have_an_engine() {
        assert_eq!(inner("mutant"), Some("lightbeam"));
        assert_eq!(inner("mutant:cranelift"), Some("cranelift"));
        assert!(inner("mutants").is_none() && inner("cranelift").is_none());
        assert!(by_name("mutant:nothing").is_err());
    }
}
