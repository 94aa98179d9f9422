//! Makes a module smaller on whose validity engines disagree. No candidate need be valid, and none is run.

use super::{Search, ddmin};
use crate::rewrite::bodies::rebuild;
use std::ops::Range;
use wasm_encoder::Module;
use wasmparser::{Parser, Payload};

/// A function that is valid whatever its type is: no locals, `unreachable`, `end`.
const STUB: &[u8] = &[0, 0x00, 0x0b];

/// Leaves out sections, what functions do, and operators. A module that cannot be parsed stays as it is.
pub(super) fn reduce(search: &mut Search<'_>) {
    sections(search);
    stubs(search);
    for func in 0..bodies(&search.case.wasm).map_or(0, |bodies| bodies.len() as u32) {
        operators(search, func);
    }
}

/// Tries a module that a function makes of the current one, if it makes one.
fn attempt(search: &mut Search<'_>, make: impl FnOnce(&[u8]) -> Option<Vec<u8>>) -> bool {
    make(&search.case.wasm).is_some_and(|wasm| search.attempt_wasm(wasm))
}

fn sections(search: &mut Search<'_>) {
    let payloads = Parser::new(0).parse_all(&search.case.wasm).map_while(Result::ok);
    let sections = payloads.filter(|payload| payload.as_section().is_some());
    // The code is none that can be left out.
    let count = sections.filter(|payload| !matches!(payload, Payload::CodeSectionStart { .. })).count();
    ddmin(count, |gone| {
        attempt(search, |wasm| {
            let mut numbers = 0..;
            let leave_out = |_: &mut Module, _| Ok(numbers.next().is_some_and(|number| gone.contains(&number)));
            rebuild(wasm, leave_out, |_, _| Ok(None)).ok()
        })
    });
}

fn stubs(search: &mut Search<'_>) {
    let Some(bodies) = bodies(&search.case.wasm) else { return };
    let mut left: Vec<u32> =
        (0..bodies.len() as u32).filter(|func| bodies[*func as usize].len() > STUB.len()).collect();
    ddmin(left.len(), |range| {
        let gone = &left[range.clone()];
        let stubbed = attempt(search, |wasm| {
            rebuild(wasm, |_, _| Ok(false), |func, _| Ok(gone.contains(&func).then(|| STUB.to_vec()))).ok()
        });
        if stubbed {
            left.drain(range);
        }
        stubbed
    });
}

/// Leaves out operators of a function, but for its `end`.
fn operators(search: &mut Search<'_>, func: u32) {
    let Some((locals, mut ranges)) = operators_of(&search.case.wasm, func) else { return };
    // Where the function is in the module changes with it.
    let origin = search.case.wasm.clone();
    let Some(end) = ranges.pop() else { return };
    ddmin(ranges.len(), |gone| {
        let fewer: Vec<Range<usize>> = [&ranges[..gone.start], &ranges[gone.end..]].concat();
        let kept = [&locals].into_iter().chain(&fewer).chain([&end]);
        let body: Vec<u8> = kept.flat_map(|range| &origin[range.clone()]).copied().collect();
        let left_out = attempt(search, |wasm| {
            rebuild(wasm, |_, _| Ok(false), |number, _| Ok((number == func).then(|| body.clone()))).ok()
        });
        if left_out {
            ranges = fewer;
        }
        left_out
    });
}

/// Where the bodies of functions are. `None` if the module cannot be parsed.
fn bodies(wasm: &[u8]) -> Option<Vec<Range<usize>>> {
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::CodeSectionEntry(body) = payload.ok()? {
            bodies.push(body.range().start as usize..body.range().end as usize);
        }
    }
    Some(bodies)
}

/// Where a function's locals and its operators are. `None` if it cannot be parsed.
fn operators_of(wasm: &[u8], func: u32) -> Option<(Range<usize>, Vec<Range<usize>>)> {
    let bodies = Parser::new(0).parse_all(wasm).map_while(Result::ok).filter_map(|payload| match payload {
        Payload::CodeSectionEntry(body) => Some(body),
        _ => None,
    });
    let body = bodies.into_iter().nth(func as usize)?;
    let mut reader = body.get_operators_reader().ok()?;
    let locals = body.range().start as usize..reader.original_position() as usize;
    let mut ranges = Vec::new();
    while !reader.eof() {
        let start = reader.original_position() as usize;
        reader.read().ok()?;
        ranges.push(start..reader.original_position() as usize);
    }
    Some((locals, ranges))
}
