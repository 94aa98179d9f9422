//! Aimed at the rules of a one-pass code generator with a register cache: more live values than
//! registers across joins, calls and fixed-register operators; what happens to values that are
//! pending (a comparison, a load, a copy of a local) when what they depend on changes.

mod pending;
mod update;

use self::pending::{aliases, pending_compare, pending_load, upper_bits};
use self::update::{conversions, immediates, rotations, updates};
use super::draft::{Body, NUMBERS};
use super::expression::{declare, fill_table, surroundings};
use super::operators::Operator;
use super::vectors;
use super::writer::{Label, Writer};
use crate::plan::Case;
use crate::rng::Rng;
use crate::value::{Value, ValueType};
use ValueType::{F32, FuncRef, I32, I64, V128};
use wasm_encoder::{BlockType, Instruction as I};

/// The case with this number in the sequence of a seed.
pub fn case(seed: u64, number: u64) -> Case {
    chosen(&mut Rng::new(seed, number ^ 0x7072_6573_7375), false)
}

/// The case that these choices make, with vectors or without.
pub fn chosen(rng: &mut Rng, vectors: bool) -> Case {
    let mut draft = surroundings(rng, vectors);
    let count = *rng.pick(&[1, 1, 1, 2, 3]);
    let funcs: Vec<u32> = (0..count)
        .map(|_| {
            let most = *rng.pick(&[3, 6, 10, 20]);
            declare(&mut draft, rng, most, 5)
        })
        .collect();
    fill_table(&mut draft, rng);
    for func in funcs {
        // Mostly small: the oracle's compiler takes most of a case's time.
        let limit = *rng.pick(&[40, 80, 150, 250, 600]);
        let mut writer = Writer::new(rng, &mut draft, func, limit);
        variables(&mut writer);
        for number in 0..1 + writer.rng.below(4) {
            // The variables alone may have filled it.
            if number == 0 || !writer.tired() {
                pattern(&mut writer, func, 2);
            }
        }
        let body = writer.finish();
        draft.define(func, body);
    }
    draft.case(rng, 3)
}

/// Locals, sometimes more of a type than there are registers, sometimes hundreds, with values in some of them.
fn variables(w: &mut Writer) {
    let crowd = w.some_type();
    for ty in NUMBERS.into_iter().chain(w.draft.vectors.then_some(V128)) {
        let count = match w.rng.below(20) {
            0..=9 if ty == crowd => 8 + w.rng.below(12),
            10 => w.rng.below(80),
            _ => w.rng.below(3),
        };
        let first = w.body.locals().len() as u32;
        (0..count).for_each(|_| _ = w.body.local(ty));
        for local in (first..first + count as u32).take(20) {
            // What was never written is zero, which is a state of its own.
            if !w.rng.one_in(4) {
                w.value(ty, 1);
                w.body.set(local);
            }
        }
    }
}

/// One of the situations in which code generators err.
fn pattern(w: &mut Writer, func: u32, depth: u32) {
    match w.rng.below(28) {
        0..=2 => permuting_loop(w, func, depth),
        3 => carrying_loop(w, func, depth),
        4..=5 => join(w, func, depth),
        6..=8 => deep_stack(w),
        9..=10 => pending_compare(w),
        11..=12 => pending_load(w),
        13..=14 => aliases(w),
        15 => upper_bits(w),
        16 => dispatch(w, func, depth),
        17 => changed_table(w),
        18 if w.rng.one_in(2) => recursion(w, func),
        18 => dead_code(w),
        19 => calling_loop(w),
        20..=21 => updates(w),
        22..=23 => rotations(w),
        24 => conversions(w),
        _ => immediates(w),
    }
}

/// Patterns within something, as long as nesting is shallow.
fn inner(w: &mut Writer, func: u32, depth: u32) {
    match depth {
        0 => w.statements(2, 1),
        depth => {
            for _ in 0..w.rng.below(3) {
                if !w.tired() {
                    pattern(w, func, depth - 1);
                }
            }
        }
    }
}

/// Locals of one type, in any order, none twice.
fn locals_of(w: &mut Writer, ty: ValueType, most: u64) -> Vec<u32> {
    let wanted = 2 + w.rng.below(most) as usize;
    let mut found = Vec::with_capacity(wanted);
    for _ in 0..2 * wanted {
        let local = w.some_local(ty);
        if found.len() < wanted && !found.contains(&local) {
            found.push(local);
        }
    }
    found
}

/// A copy of a list in another order.
fn shuffled(rng: &mut Rng, list: &[u32]) -> Vec<u32> {
    let mut list = list.to_vec();
    for at in (1..list.len()).rev() {
        list.swap(at, rng.below(at as u64 + 1) as usize);
    }
    list
}

/// Gets locals and sets the same in another order: a parallel move.
fn permute(w: &mut Writer, locals: &[u32]) {
    let order = shuffled(w.rng, locals);
    locals.iter().for_each(|local| w.body.get(*local));
    order.iter().for_each(|local| w.body.set(*local));
}

/// A loop in which locals change places on the way back, some only on rare paths.
fn permuting_loop(w: &mut Writer, func: u32, depth: u32) {
    let (a, b) = (*w.rng.pick(&[I32, I64]), w.some_type());
    let (integers, others) = (locals_of(w, a, 10), locals_of(w, b, 6));
    let counter = w.begin_loop(&[], 1);
    if w.rng.one_in(2) {
        // Read before anything is written: the header may want it in a register.
        let read = *w.rng.pick(&integers);
        w.body.i32(0);
        w.body.get(read);
        w.body.store(a, 0x3000);
    } else if w.rng.one_in(2) {
        // Written before it is read: dead at the header.
        let dead = *w.rng.pick(&others);
        w.value(b, 1);
        w.body.set(dead);
    }
    permute(w, &integers);
    if w.rng.one_in(2) {
        w.body.get(counter);
        let rare = 1 + w.rng.below(4) as i32;
        w.body.i32(rare);
        w.body.i(I::I32Eq);
        w.body.i(I::If(BlockType::Empty));
        w.labels.push(Label { types: Vec::new(), header: false });
        let changed = *w.rng.pick(&integers);
        w.value(a, 2);
        w.body.set(changed);
        if w.rng.one_in(2) {
            permute(w, &others);
        }
        w.labels.pop();
        w.body.i(I::End);
    }
    inner(w, func, depth);
    if w.rng.one_in(3) {
        // Leave from the middle, with whatever is where at the moment.
        let (target, carried) = w.target();
        w.values(&carried, 1);
        w.condition(1);
        w.body.i(I::BrIf(target));
        w.keep(&carried);
    }
    permute(w, &others);
    w.end_loop(counter);
}

/// A call, which sends locals home, and a loop that calls before it reads them: what the loop's header wants in
/// registers must survive that call.
fn calling_loop(w: &mut Writer) {
    let ty = w.some_type();
    let locals = locals_of(w, ty, 4);
    w.call(None, 0);
    let counter = w.begin_loop(&[], 0);
    w.call(None, 0);
    for (local, at) in locals.into_iter().zip(0..) {
        w.body.i32(0);
        w.body.get(local);
        w.body.store(ty, 0x3100 + 16 * at);
    }
    w.end_loop(counter);
}

/// A loop that carries many values on the stack and rotates those of one type.
fn carrying_loop(w: &mut Writer, func: u32, depth: u32) {
    let ty = w.some_type();
    let mut carried = vec![ty; 1 + w.rng.below(8) as usize];
    if w.rng.one_in(2) {
        carried.extend(w.types(4));
    }
    let counter = w.begin_loop(&carried, 1);
    let names: Vec<u32> = carried.iter().map(|ty| w.body.local(*ty)).collect();
    names.iter().rev().for_each(|local| w.body.set(*local));
    inner(w, func, depth.min(1));
    // Any of the same type at each place, the first among them most often: values double.
    for (ty, own) in carried.iter().zip(&names) {
        let same: Vec<u32> = carried.iter().zip(&names).filter(|(other, _)| *other == ty).map(|at| *at.1).collect();
        let local = if w.rng.one_in(6) { *own } else { *w.rng.pick(&same) };
        w.body.get(local);
    }
    w.end_loop(counter);
    w.keep(&carried);
}

/// An `if` with parameters and results whose arms leave values in different places.
fn join(w: &mut Writer, func: u32, depth: u32) {
    let (params, results) = (w.types(4), w.types(5));
    let below = push_live(w, 3);
    w.values(&params, 1);
    w.condition(2);
    let block = w.draft.block(&params, &results);
    w.body.i(I::If(block));
    w.labels.push(Label { types: results.clone(), header: false });
    for arm in 0..2 {
        if arm == 1 {
            w.body.i(I::Else);
        }
        w.keep(&params);
        inner(w, func, depth);
        if w.rng.one_in(3) {
            w.values(&results, 1);
            w.condition(1);
            w.body.i(I::BrIf(0));
            w.keep(&results);
        }
        if w.rng.one_in(8) {
            w.leave(1);
        }
        w.values(&results, if arm == 0 { 1 } else { 2 });
    }
    w.labels.pop();
    w.body.i(I::End);
    w.keep(&results);
    w.keep(&below);
}

/// Pushes values that stay below what follows. They must be kept afterwards.
fn push_live(w: &mut Writer, most: u64) -> Vec<ValueType> {
    let live = w.types(most);
    w.values(&live, 1);
    live
}

/// Many operands on the stack, then something that needs registers or invalidates what is pending.
fn deep_stack(w: &mut Writer) {
    let mut live = Vec::new();
    let single = w.rng.one_in(2).then(|| w.some_type());
    for _ in 0..3 + w.rng.below(18) {
        let ty = single.unwrap_or_else(|| w.some_type());
        let depth = w.rng.below(3) as u32;
        w.value(ty, depth);
        live.push(ty);
        if w.rng.one_in(3) && !w.tired() {
            let operator = binary(w.rng, ty);
            w.operator(operator, 0);
            live.push(operator.result);
        }
    }
    disturb(w);
    if w.rng.one_in(2) {
        let ty = *w.rng.pick(&[I32, I64]);
        w.values(&[ty, ty], 0);
        let fixed = fixed(w.rng, ty);
        w.apply(fixed);
        live.push(ty);
    }
    // Consumed by operators from the top, then by locals.
    while live.len() > 1 && live[live.len() - 1] == live[live.len() - 2] && !w.rng.one_in(4) {
        let ty = live[live.len() - 1];
        let operator = binary(w.rng, ty);
        w.apply(operator);
        live.truncate(live.len() - 2);
        live.push(operator.result);
    }
    w.keep(&live);
}

/// A binary operator on this type.
fn binary(rng: &mut Rng, ty: ValueType) -> Operator {
    let (first, last) = match ty {
        I32 => (0x6a, 0x78),
        I64 => (0x7c, 0x8a),
        F32 => (0x92, 0x98),
        V128 => return vectors::binary(rng),
        _ => (0xa0, 0xa6),
    };
    Operator::within(rng, first, last)
}

/// A division, shift or rotation: operators with fixed registers.
fn fixed(rng: &mut Rng, ty: ValueType) -> Operator {
    let base = if ty == I32 { 0x6d } else { 0x7f };
    let (first, last) = *rng.pick(&[(0, 3), (7, 11)]);
    Operator::within(rng, base + first, base + last)
}

/// Does one of the things that may change a local, the memory, a table, or the flags.
fn disturb(w: &mut Writer) {
    match w.rng.below(12) {
        0..=2 => {
            let ty = w.some_type();
            let local = w.some_local(ty);
            w.value(ty, 1);
            w.body.set(local);
        }
        3..=4 => w.store(1),
        5..=6 => w.call(None, 1),
        7 => w.bulk(0),
        8 => {
            let delta = w.rng.below(2) as i32;
            w.body.i32(delta);
            w.body.i(I::MemoryGrow(0));
            w.keep(&[I32]);
        }
        9 => {
            // A local's neighbour through the operand stack.
            let ty = w.some_type();
            let locals = locals_of(w, ty, 3);
            permute(w, &locals);
        }
        10 => {
            let ty = *w.rng.pick(&[I32, I64]);
            let operator = fixed(w.rng, ty);
            w.operator(operator, 0);
            w.keep(&[ty]);
        }
        _ => w.statement(1),
    }
}

/// A `br_table` out of several blocks that carry the same types, some targets twice.
fn dispatch(w: &mut Writer, func: u32, depth: u32) {
    let types = w.types(4);
    let blocks = 1 + w.rng.below(4);
    let block = w.draft.block(&[], &types);
    for _ in 0..blocks {
        w.body.i(I::Block(block));
        w.labels.push(Label { types: types.clone(), header: false });
    }
    // Below what the branch carries: dropped by it, and seen in the state that it meets at the labels.
    push_live(w, 8);
    w.values(&types, 1);
    w.value(I32, 1);
    if !w.rng.one_in(4) {
        w.body.i32(7);
        w.body.i(I::I32And);
    }
    let targets: Vec<u32> = (0..w.rng.below(9)).map(|_| w.rng.below(blocks) as u32).collect();
    let default = w.rng.below(blocks) as u32;
    w.body.i(I::BrTable(targets.into(), default));
    if w.rng.one_in(3) {
        w.statements(2, 1);
    }
    for left in (0..blocks).rev() {
        w.labels.pop();
        w.body.i(I::End);
        w.keep(&types);
        inner(w, func, depth.min(1));
        if left > 0 {
            w.values(&types, 1);
        }
    }
}

/// Puts a function into the table and calls it from there.
fn changed_table(w: &mut Writer) {
    let Some(table) = w.draft.tables.iter().position(|table| table.0 == FuncRef) else { return };
    let count = w.callable();
    if count == 0 {
        return;
    }
    let func = w.rng.below(u64::from(count)) as u32;
    let size = w.draft.tables[table].1;
    let at = (size - 1 - w.rng.below(3) as u32) as i32;
    w.body.i32(at);
    w.body.i(I::RefFunc(func));
    w.body.i(I::TableSet(table as u32));
    let (params, results) = w.draft.signature(func).clone();
    let below = push_live(w, 6);
    w.values(&params, 1);
    w.body.i32(at);
    let type_index = w.draft.type_of(func);
    w.body.i(I::CallIndirect { type_index, table_index: table as u32 });
    w.keep(&results);
    w.keep(&below);
}

/// Calls the function itself under a bound: its depth is kept in memory.
fn recursion(w: &mut Writer, func: u32) {
    let (params, results) = w.draft.signature(func).clone();
    let depth = |body: &mut Body| {
        body.i32(0);
        body.load(I32, 0x3ff0);
    };
    w.body.i32(0);
    depth(&mut w.body);
    w.body.i32(1);
    w.body.i(I::I32Add);
    w.body.store(I32, 0x3ff0);
    depth(&mut w.body);
    w.body.i32(3);
    w.body.i(I::I32And);
    w.body.i(I::If(BlockType::Empty));
    w.labels.push(Label { types: Vec::new(), header: false });
    let below = push_live(w, 6);
    w.values(&params, 1);
    w.body.i(I::Call(func));
    w.keep(&results);
    w.keep(&below);
    w.labels.pop();
    w.body.i(I::End);
}

/// A block of some kind whose end is not reached, with code behind the branch.
fn dead_code(w: &mut Writer) {
    let results = w.types(3);
    let block = w.draft.block(&[], &results);
    let kind = w.rng.below(3);
    if kind == 2 {
        w.condition(1);
    }
    w.body.i(match kind {
        0 => I::Block(block),
        1 => I::Loop(block),
        _ => I::If(block),
    });
    let label = Label { types: if kind == 1 { Vec::new() } else { results.clone() }, header: kind == 1 };
    w.labels.push(label);
    for arm in 0..if kind == 2 { 2 } else { 1 } {
        if arm == 1 {
            w.body.i(I::Else);
        }
        let below = push_live(w, 4);
        w.condition(1);
        w.body.i(I::If(BlockType::Empty));
        w.labels.push(Label { types: Vec::new(), header: false });
        w.leave(1);
        // Operators in dead code may take operands that are not there.
        w.body.i(I::I32Add);
        w.body.constant(Value::I64(1));
        w.statements(2, 1);
        w.body.i(I::Drop);
        w.body.i(I::Drop);
        w.labels.pop();
        w.body.i(I::End);
        w.keep(&below);
        w.values(&results, 1);
        if w.rng.one_in(2) && kind != 1 {
            w.body.i(I::Br(0));
            w.statements(1, 1);
        }
    }
    w.labels.pop();
    w.body.i(I::End);
    w.keep(&results);
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
