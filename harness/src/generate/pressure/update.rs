//! What code generators make one instruction of, and what only looks like it: updates of memory with their near
//! misses, arithmetic with constants, conversions and rotations.

use super::super::operators::{Access, LOADS, Operator, STORES};
use super::super::vectors;
use super::super::writer::Writer;
use super::disturb;
use crate::value::{Value, ValueType};
use ValueType::{I32, I64, V128};
use wasm_encoder::Instruction as I;

/// Loads from a base, operators on what was loaded, and stores at the same base or another, at the same offset or
/// another, of as many bytes or not.
pub(super) fn updates(w: &mut Writer) {
    let bases = [base(w), base(w)];
    for _ in 0..1 + w.rng.below(5) {
        update(w, bases);
    }
}

/// A local with an address; sometimes one that another base is likely to have, too.
fn base(w: &mut Writer) -> u32 {
    let local = w.some_local(I32);
    w.value(I32, 1);
    let mask = *w.rng.pick(&[0, 8, 0x18, 0xff8]);
    w.body.i32(mask);
    w.body.i(I::I32And);
    w.body.set(local);
    local
}

fn update(w: &mut Writer, [base, other]: [u32; 2]) {
    let ty = *w.rng.pick(&[I32, I64]);
    let load = some(w, &LOADS, ty, None);
    let width = (!w.rng.one_in(3)).then_some(load.width);
    let store = some(w, &STORES, ty, width);
    let loaded = w.rng.below(8) * 4;
    let stored = match w.rng.below(5) {
        0..=1 => loaded,
        2 => loaded + u64::from(load.width),
        3 => loaded ^ 1,
        _ => w.rng.below(64),
    };
    let constant = w.rng.one_in(5).then(|| w.rng.below(64) as i32);
    let (to, from) = if w.rng.one_in(4) { (other, base) } else { (base, base) };
    let address = |w: &mut Writer, local| match constant {
        Some(address) => w.body.i32(address),
        None => w.body.get(local),
    };
    let (depth, operand_first) = (u32::from(w.rng.one_in(4)), w.rng.one_in(3));
    address(w, to);
    if operand_first {
        w.value(ty, depth);
    }
    address(w, from);
    w.body.access(load, loaded);
    if w.rng.one_in(6) {
        // What was loaded is used again.
        let again = w.some_local(ty);
        w.body.tee(again);
    }
    if !operand_first {
        w.value(ty, depth);
    }
    if w.rng.one_in(8) {
        disturb(w);
    }
    let operator = arithmetic(w, ty);
    w.apply(operator);
    match w.rng.below(8) {
        0 => {
            // So is the result.
            let again = w.some_local(ty);
            w.body.tee(again);
        }
        1 => {
            // The address that was loaded from is another one now.
            w.value(I32, 0);
            w.body.i32(0xff8);
            w.body.i(I::I32And);
            w.body.set(from);
        }
        2 => {
            // What was loaded changes before it is stored.
            w.body.get(from);
            w.value(ty, 0);
            w.body.store(ty, loaded);
        }
        _ => {}
    }
    w.body.access(store, stored);
}

/// An access of this type, of so many bytes if that is said.
fn some(w: &mut Writer, accesses: &[Access], ty: ValueType, width: Option<u32>) -> Access {
    let fits = |access: &&Access| access.ty == ty && width.is_none_or(|width| access.width == width);
    let fitting: Vec<&Access> = accesses.iter().filter(fits).collect();
    **w.rng.pick(&fitting)
}

/// Addition, subtraction or one of the bitwise operators; sometimes another.
fn arithmetic(w: &mut Writer, ty: ValueType) -> Operator {
    let base = if ty == I32 { 0x6a } else { 0x7c };
    let (first, last) = *w.rng.pick(&[(0, 1), (0, 1), (7, 9), (0, 14)]);
    Operator::within(w.rng, base + first, base + last)
}

/// A value combined with several constants, and seldom with something else: constants on the right have encodings and
/// rewrites of their own, and most operators of a kind share them.
pub(super) fn immediates(w: &mut Writer) {
    let ty = if w.draft.vectors && !w.rng.one_in(4) { V128 } else { *w.rng.pick(&[I32, I64]) };
    let value = w.some_local(ty);
    if w.rng.one_in(3) {
        w.value(ty, 1);
    } else {
        w.constant(ty);
    }
    w.body.set(value);
    // In memory each result stays; in locals those that come later take their places.
    let stored = !w.rng.one_in(3);
    let mut results = Vec::new();
    for number in 0..2 + w.rng.below(10) {
        if stored {
            w.body.i32(0);
        }
        let product = w.rng.one_in(6);
        let operator = match ty {
            V128 => vectors::shift(w.rng),
            I32 if product => Operator::within(w.rng, 0x6c, 0x6c),
            I64 if product => Operator::within(w.rng, 0x7e, 0x7e),
            _ => arithmetic(w, ty),
        };
        w.body.get(value);
        let right = operator.params[1];
        match w.rng.below(10) {
            0..=1 => w.value(right, 1),
            // Products with small numbers are sums.
            2..=6 if product && ty != V128 => {
                let factor = w.rng.below(18);
                w.body.constant(if ty == I32 { Value::I32(factor as u32) } else { Value::I64(factor) });
            }
            _ => w.immediate(right),
        }
        w.apply(operator);
        if stored {
            w.body.store(ty, 0x3200 + 16 * number);
            continue;
        }
        results.push(ty);
        if w.rng.one_in(3) {
            w.keep(&std::mem::take(&mut results));
        }
    }
    w.keep(&results);
}

/// Shifted numbers as floats: after some shifts, signed and unsigned conversions agree.
pub(super) fn conversions(w: &mut Writer) {
    let value = w.some_local(I64);
    w.value(I64, 1);
    w.body.set(value);
    for number in 0..1 + w.rng.below(5) {
        let count = w.rng.below(64) >> w.rng.below(6);
        let (first, last) = *w.rng.pick(&[(0xb4, 0xb5), (0xb9, 0xba)]);
        let conversion = Operator::within(w.rng, first, last);
        w.body.i32(0);
        w.body.get(value);
        if w.rng.one_in(4) {
            w.body.constant(Value::I64(u64::MAX));
            w.body.i(I::I64Xor);
        }
        w.body.constant(Value::I64(count));
        w.body.op(Operator::within(w.rng, 0x86, 0x88));
        w.body.op(conversion);
        w.body.store(conversion.result, 0x3400 + 16 * number);
    }
}

/// Values shifted to both sides, with both results joined: rotations, if the counts add up to the bits.
pub(super) fn rotations(w: &mut Writer) {
    let ty = if w.draft.vectors && !w.rng.one_in(4) { V128 } else { *w.rng.pick(&[I32, I64]) };
    let values = [w.some_local(ty), w.some_local(ty)];
    for value in values {
        w.value(ty, 1);
        w.body.set(value);
    }
    for number in 0..1 + w.rng.below(6) {
        let (left, right, bits) = match ty {
            V128 => vectors::opposite_shifts(w.rng),
            I32 => (Operator::within(w.rng, 0x74, 0x74), Operator::within(w.rng, 0x75, 0x76), 32),
            _ => (Operator::within(w.rng, 0x86, 0x86), Operator::within(w.rng, 0x87, 0x88), 64),
        };
        let count = w.rng.below(bits);
        let rest = if w.rng.one_in(5) { w.rng.below(bits) } else { bits - count };
        let halves = if w.rng.one_in(2) { [(left, count), (right, rest)] } else { [(right, rest), (left, count)] };
        let value = *w.rng.pick(&values);
        let other = if w.rng.one_in(6) { *w.rng.pick(&values) } else { value };
        let stored = w.rng.one_in(2);
        if stored {
            w.body.i32(0);
        }
        for ((shift, count), value) in halves.into_iter().zip([value, other]) {
            w.body.get(value);
            match shift.params[1] {
                I64 => w.body.constant(Value::I64(count)),
                _ => w.body.i32(count as i32),
            }
            w.body.op(shift);
        }
        let operator = match ty {
            V128 => vectors::join(w.rng),
            I32 => Operator::within(w.rng, 0x71, 0x73),
            _ => Operator::within(w.rng, 0x83, 0x85),
        };
        w.body.op(operator);
        if stored {
            w.body.store(ty, 0x3300 + 16 * number);
        } else {
            w.body.set(value);
        }
    }
    w.body.get(values[0]);
    w.keep(&[ty]);
}
