//! Modules of a few functions whose values are all observed, written from the top down.

use super::draft::{Draft, NUMBERS};
use super::writer::Writer;
use crate::host::edge_value;
use crate::plan::Case;
use crate::rng::Rng;
use crate::value::{FuncIdentity, Value, ValueType};

/// The case with this number in the sequence of a seed.
pub fn case(seed: u64, number: u64) -> Case {
    chosen(&mut Rng::new(seed, number ^ 0x6578_7072), false)
}

/// The case that these choices make, with vectors or without.
pub fn chosen(rng: &mut Rng, vectors: bool) -> Case {
    let mut draft = surroundings(rng, vectors);
    let count = *rng.pick(&[1, 1, 1, 2, 3]);
    let funcs: Vec<u32> = (0..count).map(|_| declare(&mut draft, rng, 6, 2)).collect();
    fill_table(&mut draft, rng);
    for func in funcs {
        // Mostly small: the oracle's compiler takes most of a case's time.
        let limit = *rng.pick(&[20, 40, 60, 100, 300]);
        let mut writer = Writer::new(rng, &mut draft, func, limit);
        for _ in 0..10 {
            writer.statement(4);
        }
        let body = writer.finish();
        draft.define(func, body);
    }
    draft.case(rng, 4)
}

/// Up to this many types, seldom of references.
pub(super) fn types(rng: &mut Rng, most: u64, vectors: bool) -> Vec<ValueType> {
    let count = rng.below(most + 1);
    let ty = |rng: &mut Rng| match rng.below(24) {
        0 => ValueType::FuncRef,
        1 => ValueType::ExternRef,
        2..=12 if vectors => ValueType::V128,
        _ => *rng.pick(&NUMBERS),
    };
    (0..count).map(|_| ty(rng)).collect()
}

/// Declares a function of up to so many parameters and results and one more: sometimes of the type of an import, for
/// which it may stand in another instance.
pub(super) fn declare(draft: &mut Draft, rng: &mut Rng, params: u64, results: u64) -> u32 {
    let imported = u64::from(draft.imported());
    if imported > 0 && rng.one_in(2) {
        let (params, results) = draft.signature(rng.below(imported) as u32).clone();
        return draft.declare(&params, &results);
    }
    let params = types(rng, params, draft.vectors);
    let mut results = types(rng, results, draft.vectors);
    results.push(*rng.pick(&NUMBERS));
    draft.declare(&params, &results)
}

/// A module with host functions, globals, a memory, tables and segments, but without functions.
pub(super) fn surroundings(rng: &mut Rng, vectors: bool) -> Draft {
    let mut draft = Draft::default();
    draft.vectors = vectors;
    draft.memory = Some((1, 2));
    (draft.memory_imported, draft.table_imported) = (rng.one_in(4), rng.one_in(4));
    for _ in 0..rng.below(3) {
        let (params, results) = (types(rng, 4, vectors), types(rng, 2, vectors));
        draft.import(&params, &results);
    }
    for ty in NUMBERS.into_iter().chain(vectors.then_some(ValueType::V128)) {
        for _ in 0..rng.below(3) {
            let value = edge_value(rng, ty);
            draft.global(value);
        }
    }
    if rng.one_in(4) {
        draft.global(Value::FuncRef(FuncIdentity::Null));
    }
    let length = 16 + rng.below(64) as usize;
    let address = rng.below(32) as u32;
    draft.data.push((Some(address), rng.bytes(length)));
    if rng.one_in(2) {
        draft.data.push((None, rng.bytes(24)));
    }
    draft
}

/// Tables: all functions in the first, and room behind them.
pub(super) fn fill_table(draft: &mut Draft, rng: &mut Rng) {
    let count = draft.func_count();
    draft.tables.push((ValueType::FuncRef, count + 3, count + 6));
    draft.elements.push((Some((0, 0)), (0..count).map(Some).collect()));
    if rng.one_in(3) {
        draft.tables.push((ValueType::ExternRef, 3, 5));
    }
    if rng.one_in(3) {
        let func = rng.below(u64::from(count)) as u32;
        draft.elements.push((None, vec![Some(func), None]));
    }
}

#[cfg(test)]
mod tests {
    use super::super::draft::tests::{assert_supported, assert_useful};
    use super::*;

    #[test]
    fn cases_are_functions_of_their_numbers_and_valid() {
        for number in 0..300 {
            let case = case(3, number);
            assert_supported(&case);
            assert_eq!(case, super::case(3, number));
        }
        assert_ne!(case(3, 0), case(4, 0));
    }

    #[test]
    fn most_calls_return_and_nothing_diverges() {
        assert_useful((0..60).map(|number| case(1, number)), 70);
    }
}
