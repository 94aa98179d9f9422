//! The grid has every operator, and its cases are valid, small and useful.

use super::super::draft::tests::{assert_supported, assert_useful};
use super::*;
use std::collections::BTreeSet;

/// All grids, with whether they have vectors.
const GRIDS: [(&GridOf, bool); 3] = [(&SCALARS, false), (&VECTORS, true), (&RELAXED, true)];

#[test]
fn cases_are_valid_and_small() {
    for (grid, vectors) in GRIDS {
        let (mut bytes, mut most) = (0, 0);
        for number in 0..grid.count() {
            let case = grid.case(number);
            assert_supported(&case);
            most = most.max(case.wasm.len());
            bytes += case.wasm.len();
        }
        println!("{} cases of {} bytes on the average, {most} at most", grid.count(), bytes as u64 / grid.count());
        let (large, usual) = if vectors { (32_000, 8_000) } else { (16_000, 4_000) };
        assert!(most < large && bytes as u64 / grid.count() < usual, "{most} bytes at most, {bytes} in all");
        assert_eq!(grid.case(5), grid.case(5 + grid.count()));
    }
}

#[test]
fn a_shuffle_shows_every_case() {
    for (grid, _) in GRIDS {
        let count = u128::from(grid.count());
        let numbers: BTreeSet<u128> = (0..count).map(|number| number * 1_000_003 % count).collect();
        assert_eq!(numbers.len() as u128, count);
        assert_ne!(grid.shuffled(1, 0), grid.shuffled(2, 0));
    }
}

#[test]
fn some_cases_run_and_nothing_diverges() {
    assert_useful((0..60).map(|number| SCALARS.shuffled(1, number)), 70);
}

/// The name of every operator in a module.
fn names(wasm: &[u8], names: &mut BTreeSet<String>) {
    for payload in wasmparser::Parser::new(0).parse_all(wasm) {
        if let wasmparser::Payload::CodeSectionEntry(body) = payload.expect("it parses") {
            for operator in body.get_operators_reader().expect("it parses") {
                let text = format!("{:?}", operator.expect("it parses"));
                names.insert(text.split([' ', '{', '(']).next().unwrap_or_default().to_string());
            }
        }
    }
}

macro_rules! known {
    ($(@$proposal:ident $operator:ident $({ $($fields:tt)* })? => $visit:ident ($($annotation:tt)*))*) => {
        [$((stringify!($proposal), stringify!($operator)),)*]
    };
}

#[test]
fn every_operator_occurs() {
    const PROPOSALS: [&str; 8] = [
        "mvp",
        "sign_extension",
        "saturating_float_to_int",
        "bulk_memory",
        "reference_types",
        "multi_value",
        "simd",
        "relaxed_simd",
    ];
    let mut found = BTreeSet::new();
    for (grid, _) in GRIDS {
        (0..grid.count()).for_each(|number| names(&grid.case(number).wasm, &mut found));
    }
    let scalars = wasmparser::for_each_visit_operator!(known);
    let vectors = wasmparser::for_each_visit_simd_operator!(known);
    let wanted = scalars.iter().chain(&vectors).filter(|(proposal, operator)| {
        // Its only valid form is `TypedSelect`.
        PROPOSALS.contains(proposal) && *operator != "TypedSelectMulti"
    });
    let missing: Vec<&str> = wanted.map(|at| at.1).filter(|name| !found.contains(*name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(found.len() > 426, "{found:?}");
}

#[test]
fn every_kind_of_first_operand_meets_eight_of_the_second() {
    let item = items::items().into_iter().find(|item| item.params.len() == 2 && item.params[0].0 == I64);
    let item = item.expect("integers are compared");
    let grid = Grid::new(&item, false);
    for first in KINDS.into_iter().filter(|kind| kind.fits(&grid.types, 0)) {
        assert!(grid.combinations(first).len() >= 8);
    }
}
