//! The operators of functions: statements go, expressions become constants or one of their operands, blocks become
//! what is in them. Large ranges first.

use super::body::{Body, Op, Part, constant, encoded};
use super::calls::simpler;
use super::observe::{Observed, observe};
use super::{Search, blocks, ddmin, inputs, ranges};
use crate::shape::Shape;
use crate::value::{Value, ValueType};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use wasm_encoder::Instruction;

/// How many expressions within an expression are tried in its place.
const MOST_INNER: usize = 12;

/// Simplifies each function, the longest first.
pub(super) fn reduce(search: &mut Search<'_>) {
    let bodies = Shape::parse(&search.case.wasm).map_or(0, |shape| shape.bodies);
    let length = |func: u32| Body::read(&search.case.wasm, func).map_or(0, |body| body.ops.len());
    let mut funcs: Vec<(usize, u32)> = (0..bodies).map(|func| (length(func), func)).collect();
    funcs.sort_by_key(|(length, func)| (std::cmp::Reverse(*length), *func));
    for (_, func) in funcs {
        if search.spent() {
            return;
        }
        dead_code(search, func);
        statements(search, func);
        ranges::reduce(search, func);
        expressions(search, func);
        blocks::reduce(search, func);
        inputs::reduce(search, func);
        ranges::together(search, func);
        locals(search, func);
    }
}

/// Removes what follows a branch, to the end of its block.
fn dead_code(search: &mut Search<'_>, func: u32) {
    let Some(body) = Body::read(&search.case.wasm, func) else { return };
    let mut kept: Vec<&[u8]> = Vec::new();
    let (mut dead, mut within) = (false, 0);
    for op in &body.ops {
        if dead {
            match op.part {
                Part::Opener => within += 1,
                Part::End if within > 0 => {
                    within -= 1;
                    continue;
                }
                Part::Else | Part::End if within == 0 => dead = false,
                _ => {}
            }
        }
        if !dead {
            kept.push(&op.bytes);
            dead = matches!(op.name, "Unreachable" | "Br" | "BrTable" | "Return");
        }
    }
    if kept.len() < body.ops.len()
        && let Some(wasm) = body.splice(&search.case.wasm, &body.locals, &kept)
    {
        search.attempt_wasm(wasm);
    }
}

/// Removes statements, block by block from the outside in: what leaves the stack as it was.
fn statements(search: &mut Search<'_>, func: u32) {
    let mut begin = 0;
    loop {
        let Some(body) = Body::read(&search.case.wasm, func) else { return };
        if begin >= body.ops.len() {
            return;
        }
        let (start, end) = block(&body, begin);
        let bytes = |range: Range<usize>| body.ops[range].iter().map(|op| &op.bytes[..]).collect::<Vec<_>>().concat();
        let (before, after) = (bytes(0..start), bytes(end..body.ops.len()));
        let mut left: Vec<Vec<u8>> = split(&body, start..end).into_iter().map(bytes).collect();
        ddmin(left.len(), |range| {
            let pieces = left[..range.start].iter().chain(&left[range.end..]);
            let pieces = std::iter::once(&before).chain(pieces).chain([&after]).map(|piece| &piece[..]);
            let candidate = body.splice(&search.case.wasm, &body.locals, &pieces.collect::<Vec<_>>());
            let removed = candidate.is_some_and(|wasm| search.attempt_wasm(wasm));
            if removed {
                left.drain(range);
            }
            removed
        });
        // The next block begins within this one or behind it; nothing before this one has changed.
        let Some(body) = Body::read(&search.case.wasm, func) else { return };
        let next = (start..body.ops.len()).find(|at| matches!(body.ops[*at].part, Part::Opener | Part::Else));
        match next {
            Some(at) => begin = at + 1,
            None => return,
        }
    }
}

/// The operators of the block that this one is the first of.
fn block(body: &Body, start: usize) -> (usize, usize) {
    let end = match start.checked_sub(1).map(|before| (before, &body.ops[before])) {
        Some((_, Op { part: Part::Opener, partner, other, .. })) => other.unwrap_or(*partner),
        Some((before, Op { part: Part::Else, .. })) => {
            let opener = body.ops[..before].iter().rposition(|op| op.other == Some(before));
            opener.map_or(start, |opener| body.ops[opener].partner)
        }
        _ => body.ops.len() - 1,
    };
    (start, end)
}

/// Splits the operators of a block where the stack is as at its beginning.
fn split(body: &Body, block: Range<usize>) -> Vec<Range<usize>> {
    let mut statements = Vec::new();
    let (mut begin, mut at) = (block.start, block.start);
    while at < block.end {
        at = if body.ops[at].part == Part::Opener { body.ops[at].partner + 1 } else { at + 1 };
        if at >= block.end || body.ops[at].height == body.ops[block.start].height {
            statements.push(begin..at.min(block.end));
            begin = at;
        }
    }
    statements
}

/// Replaces expressions, from the last one to the first, the outer before the inner.
fn expressions(search: &mut Search<'_>, func: u32) {
    let Some(mut body) = Body::read(&search.case.wasm, func) else { return };
    // What is replaced lies behind all that is still to be looked at, so that the indices stay right.
    let observed = observe(&search.case, &body, search.oracle);
    let mut at = body.ops.len() - 1;
    while at > 0 && !search.spent() {
        at -= 1;
        let candidates = match body.ops[at].part {
            Part::Opener => unwrapped(&body, at),
            _ => replacements(&body, at, &observed),
        };
        for Candidate { range, with } in candidates {
            let pieces: Vec<&[u8]> = with.iter().map(|piece| &piece[..]).collect();
            let Some(wasm) = body.replace(&search.case.wasm, range.clone(), &pieces) else { continue };
            if search.attempt_wasm(wasm) {
                let Some(smaller) = Body::read(&search.case.wasm, func) else { return };
                // What took its place is looked at, too.
                let tail = body.ops.len() - range.end;
                at = (smaller.ops.len() - tail).min(at + 1);
                body = smaller;
                break;
            }
        }
    }
}

/// What could stand in the place of some operators.
struct Candidate<'b> {
    range: Range<usize>,
    with: Vec<Cow<'b, [u8]>>,
}

/// The operators themselves.
fn copied(body: &Body, range: Range<usize>) -> Vec<Cow<'_, [u8]>> {
    body.ops[range].iter().map(|op| Cow::Borrowed(&op.bytes[..])).collect()
}

/// What could stand in the place of the expression or statement that ends here, the simplest first.
fn replacements<'b>(body: &'b Body, end: usize, observed: &HashMap<usize, Observed>) -> Vec<Candidate<'b>> {
    let Some(range) = body.expression(end) else { return Vec::new() };
    let op = &body.ops[end];
    let mut candidates = Vec::new();
    let mut add = |with: Vec<Cow<'b, [u8]>>| candidates.push(Candidate { range: range.clone(), with });
    let with_constants = |values: &[Value]| -> Option<Vec<Cow<'b, [u8]>>> {
        values.iter().map(|value| constant(*value).map(Cow::Owned)).collect()
    };
    if let Some(value) = op.value {
        simpler(value).into_iter().filter_map(|value| with_constants(&[value])).for_each(add);
        return candidates;
    }
    if op.name == "RefNull" {
        return candidates;
    }
    let zeros: Vec<Value> = op.results.iter().map(|ty| ty.zero()).collect();
    if op.results.len() == op.pushes as usize {
        with_constants(&zeros).into_iter().for_each(&mut add);
    }
    if let [ty] = op.results[..] {
        with_constants(&one(ty)).into_iter().filter(|ones| !ones.is_empty()).for_each(&mut add);
        if let Some(Observed { first, last }) = observed.get(&end) {
            with_constants(&[*last]).into_iter().for_each(&mut add);
            if first != last {
                with_constants(&[*first]).into_iter().for_each(&mut add);
            }
        }
        inner(body, &range, ty).into_iter().for_each(|inner| add(copied(body, inner)));
    }
    if op.part == Part::None && op.pops == op.pushes + 1 {
        // Without its last operand: what is left flows through, as behind `br_if`.
        if let Some(start) = body.operands(end, 1) {
            candidates.push(Candidate { range: start..end + 1, with: Vec::new() });
        }
    }
    candidates
}

fn one(ty: ValueType) -> Vec<Value> {
    match ty {
        ValueType::I32 => vec![Value::I32(1)],
        ValueType::I64 => vec![Value::I64(1)],
        ValueType::F32 => vec![Value::F32(1.0f32.to_bits())],
        ValueType::F64 => vec![Value::F64(1.0f64.to_bits())],
        _ => Vec::new(),
    }
}

/// The expressions of a type within an expression, its operands first.
fn inner(body: &Body, outer: &Range<usize>, ty: ValueType) -> Vec<Range<usize>> {
    let mut inner: Vec<Range<usize>> = Vec::new();
    let of_type = |end: usize| body.ops[end].results[..] == [ty] && body.ops[end].part != Part::Else;
    let unit = body.unit_ending_at(outer.end - 1);
    // The operands, from the last to the first.
    let mut end = unit.start;
    while end > outer.start {
        let Some(start) = body.operands(end, 1) else { break };
        if of_type(end - 1) {
            inner.push(start..end);
        }
        end = start;
    }
    let mut others: Vec<Range<usize>> = (outer.start..outer.end - 1)
        .rev()
        .take(4 * MOST_INNER)
        .filter(|end| of_type(*end))
        .filter_map(|end| body.expression(end))
        .filter(|range| !inner.contains(range) && range.len() + 1 < outer.len())
        .collect();
    others.sort_by_key(|range| std::cmp::Reverse(range.len()));
    inner.extend(others);
    inner.truncate(MOST_INNER);
    inner
}

/// The contents of the block that begins here in its place: each arm of an `if`.
fn unwrapped(body: &Body, opener: usize) -> Vec<Candidate<'_>> {
    let Op { partner: end, other, name, .. } = &body.ops[opener];
    let arms = match other {
        Some(other) => vec![opener + 1..*other, other + 1..*end],
        None => std::iter::once(opener + 1..*end).collect(),
    };
    let candidate = |arm: Range<usize>| -> Option<Candidate<'_>> {
        let mut with = Vec::with_capacity(arm.len() + 1);
        if *name == "If" {
            with.push(Cow::Owned(encoded(&Instruction::Drop)));
        }
        let mut depth = 0;
        for op in &body.ops[arm] {
            with.push(shallower(op, depth)?);
            match op.part {
                Part::Opener => depth += 1,
                Part::End => depth -= 1,
                _ => {}
            }
        }
        Some(Candidate { range: opener..end + 1, with })
    };
    arms.into_iter().filter_map(candidate).collect()
}

/// An operator this deep in a block without that block. `None` if it branches there.
fn shallower(op: &Op, depth: u32) -> Option<Cow<'_, [u8]>> {
    if op.labels.iter().all(|label| *label < depth) {
        return Some(Cow::Borrowed(&op.bytes));
    }
    let label = |label: &u32| match (*label).cmp(&depth) {
        std::cmp::Ordering::Less => Some(*label),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(label - 1),
    };
    let mut labels = op.labels.iter().map(label).collect::<Option<Vec<_>>>()?;
    let last = labels.pop()?;
    Some(Cow::Owned(encoded(&match op.name {
        "Br" => Instruction::Br(last),
        "BrIf" => Instruction::BrIf(last),
        _ => Instruction::BrTable(labels.into(), last),
    })))
}

/// Leaves out the locals that no operator names.
fn locals(search: &mut Search<'_>, func: u32) {
    let Some(body) = Body::read(&search.case.wasm, func) else { return };
    let mut used = vec![false; body.locals.len()];
    for local in body.ops.iter().filter_map(|op| op.local?.checked_sub(body.params)) {
        used[local as usize] = true;
    }
    if used.iter().all(|used| *used) {
        return;
    }
    let mut next = body.params;
    let number = |used: &bool| {
        next += u32::from(*used);
        next.saturating_sub(1)
    };
    let numbers: Vec<u32> = used.iter().map(number).collect();
    let renumbered = |op: &Op| match op.local.and_then(|local| local.checked_sub(body.params)) {
        None => op.bytes.clone(),
        Some(local) => {
            let local = numbers[local as usize];
            encoded(&match op.name {
                "LocalGet" => Instruction::LocalGet(local),
                "LocalSet" => Instruction::LocalSet(local),
                _ => Instruction::LocalTee(local),
            })
        }
    };
    let ops: Vec<Vec<u8>> = body.ops.iter().map(renumbered).collect();
    let locals: Vec<ValueType> = body.locals.iter().zip(&used).filter(|(_, used)| **used).map(|(ty, _)| *ty).collect();
    let ops: Vec<&[u8]> = ops.iter().map(|op| &op[..]).collect();
    if let Some(wasm) = body.splice(&search.case.wasm, &locals, &ops) {
        search.attempt_wasm(wasm);
    }
}
