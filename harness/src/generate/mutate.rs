//! Mutants of other generators' cases by wasm-mutate: some that mean something else, and some that
//! mean the same, which [`crate::engines::mutant`] runs as an oracle.

use super::{Generator, defined};
use crate::panics;
use crate::plan::{Case, NanMode, Plan};
use crate::rng::Rng;
use crate::shape::Shape;
use wasm_mutate::WasmMutate;

/// Attempts at each mutation. Most of them end in a module that is as good as the original.
const ATTEMPTS: u32 = 2;
/// Bytes of a module above which mutation takes too long.
const LARGEST: usize = 2000;
/// Steps of wasm-mutate's search for another expression.
const FUEL: u64 = 10;

/// The case with this number in the sequence of a seed: one of another generator after some mutations.
pub fn case(seed: u64, number: u64) -> Case {
    let mut rng = Rng::new(seed, number ^ 0x6d75_7461_7465);
    let generators =
        [Generator::Smith, Generator::Expression, Generator::Expression, Generator::Pressure, Generator::Fragments];
    let mut case = rng.pick(&generators).case(rng.next_u64(), number).1;
    for _ in 0..1 + rng.below(2) {
        if let Some((wasm, _)) = mutant(&case.wasm, false, &mut rng) {
            case.wasm = wasm;
        }
    }
    if let Ok(shape) = Shape::parse(&case.wasm) {
        // A generator's canonicalisers may be gone, and floats may have come.
        let generated = Plan::generated(&shape, NanMode::Rewritten, &mut rng);
        case.plan.nan = NanMode::Rewritten;
        if !case.fits(&shape) || case.plan.calls.is_empty() {
            case.plan = generated;
        }
    }
    case
}

/// A mutant of a case's module that means the same to its plan, if one is found: every function, global, memory and
/// table keeps its index. Loops may run a different number of rounds, so the fuel that is left means nothing.
pub fn preserving(case: &Case, rng: &mut Rng) -> Option<Vec<u8>> {
    let original = Shape::parse(&case.wasm).ok()?;
    let mut wasm: Option<Vec<u8>> = None;
    for _ in 0..1 + rng.below(3) {
        let from: &[u8] = wasm.as_deref().unwrap_or(&case.wasm[..]);
        if let Some((found, shape)) = mutant(from, true, rng)
            && extends(&shape, &original)
        {
            wasm = Some(found);
        }
    }
    // One mutation may undo another.
    wasm.filter(|found| *found != case.wasm)
}

/// Whether a module has all that another has, in the same places, with new things only behind.
fn extends(shape: &Shape, original: &Shape) -> bool {
    let types =
        |shape: &Shape| (0..shape.funcs.len() as u32).map(|func| shape.func_type(func).clone()).collect::<Vec<_>>();
    types(shape).starts_with(&types(original))
        && shape.imports == original.imports
        && shape.globals.starts_with(&original.globals)
        && shape.memories == original.memories
        && shape.tables == original.tables
        && shape.has_start == original.has_start
}

/// One mutation of a module that stays within what the compiler supports.
fn mutant(wasm: &[u8], preserve: bool, rng: &mut Rng) -> Option<(Vec<u8>, Shape)> {
    if wasm.len() > LARGEST {
        return None;
    }
    for _ in 0..ATTEMPTS {
        let seed = rng.next_u64();
        let attempt = || {
            let mut mutate = WasmMutate::default();
            mutate.seed(seed).preserve_semantics(preserve).fuel(FUEL);
            mutate.run(wasm).ok()?.next()?.ok()
        };
        // What wasm-mutate cannot do is none of our business, whichever way it says so.
        let Ok(Some(mutant)) = panics::catch(attempt) else { continue };
        if mutant == wasm || mutant.len() > 2 * LARGEST || defined(&mutant).is_err() {
            continue;
        }
        if let Ok(shape) = Shape::parse(&mutant) {
            return Some((mutant, shape));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::draft::tests::{assert_supported, assert_useful};
    use super::*;

    #[test]
    fn cases_are_functions_of_their_numbers_and_valid() {
        let mut callable = 0;
        for number in 0..60 {
            let case = case(3, number);
            assert_supported(&case);
            assert_eq!(case, super::case(3, number));
            callable += u64::from(!case.plan.calls.is_empty());
        }
        assert!(callable > 40, "{callable} of 60 can be called");
    }

    #[test]
    fn most_calls_return_and_nothing_diverges() {
        assert_useful((0..60).map(|number| case(1, number)), 70);
    }

    #[test]
    fn what_preserves_is_another_module_that_the_plan_fits() {
        let mut found = 0;
        for number in 0..40 {
            let mut rng = Rng::new(5, number);
            let (_, case) = Generator::Expression.case(5, number);
            if let Some(wasm) = preserving(&case, &mut rng) {
                found += 1;
                assert_ne!(wasm, case.wasm);
                let mutant = Case { wasm, plan: case.plan.clone() };
                assert_supported(&mutant);
                assert!(mutant.fits(&Shape::parse(&mutant.wasm).expect("it is supported")));
            }
        }
        assert!(found > 20, "{found} of 40 have a mutant");
    }
}
