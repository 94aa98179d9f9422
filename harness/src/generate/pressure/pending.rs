//! Values that wait: comparisons, loads, copies of locals and halves of integers that are used only
//! after what they depend on may have changed.

use super::super::draft::{Body, NUMBERS};
use super::super::operators::{LOADS, Operator};
use super::super::writer::{Label, Writer};
use super::{binary, disturb, fixed, locals_of};
use crate::value::ValueType;
use ValueType::{F32, F64, I32, I64};
use wasm_encoder::{BlockType, Instruction as I};

/// A comparison that is used only after something else has happened.
pub(super) fn pending_compare(w: &mut Writer) {
    let ty = *w.rng.pick(&NUMBERS);
    let selects = w.rng.one_in(2);
    let operands = locals_of(w, ty, 3);
    if selects {
        w.values(&[ty, ty], 1);
    }
    w.body.get(operands[0]);
    match operands.get(1) {
        Some(local) => w.body.get(*local),
        None => w.leaf(ty),
    }
    let (first, last) = match ty {
        I32 => (0x46, 0x4f),
        I64 => (0x51, 0x5a),
        F32 => (0x5b, 0x60),
        _ => (0x61, 0x66),
    };
    let operator = Operator::within(w.rng, first, last);
    w.body.op(operator);
    if w.rng.one_in(4) {
        w.body.i(I::I32Eqz);
    }
    match w.rng.below(4) {
        0 => {
            // What was compared changes while the comparison waits.
            w.value(ty, 1);
            w.body.set(operands[0]);
        }
        1 | 2 => disturb(w),
        _ => {}
    }
    if selects {
        w.body.i(I::Select);
        return w.keep(&[ty]);
    }
    match w.rng.below(4) {
        0 => {
            w.body.i(I::If(BlockType::Empty));
            w.labels.push(Label { types: Vec::new(), header: false });
            disturb(w);
            w.labels.pop();
            w.body.i(I::End);
        }
        1 => {
            w.body.i(I::I64ExtendI32U);
            w.keep(&[I64]);
        }
        2 => {
            let operator = Operator::within(w.rng, 0x6a, 0x78);
            w.value(I32, 1);
            w.apply(operator);
            w.keep(&[I32]);
        }
        _ => w.keep(&[I32]),
    }
}

/// Loads that are used only after the memory or the address may have changed.
pub(super) fn pending_load(w: &mut Writer) {
    let base = w.some_local(I32);
    let first = w.rng.below(LOADS.len() as u64 + 2) as usize;
    // Whole numbers more often than parts of them.
    let load = *LOADS.get(first).unwrap_or(&LOADS[first % 2]);
    let address = |body: &mut Body| {
        body.get(base);
        body.i32(0xff8);
        body.i(I::I32And);
    };
    let before = w.rng.one_in(2).then_some(load.ty);
    before.iter().for_each(|ty| w.value(*ty, 1));
    address(&mut w.body);
    w.body.access(load, 0);
    match w.rng.below(5) {
        0 => {
            // What it loads changes.
            address(&mut w.body);
            w.value(load.ty, 1);
            w.body.store(load.ty, 0);
        }
        1 => {
            w.value(I32, 1);
            w.body.set(base);
        }
        2 => {
            // The first of two loads waits for the second.
            address(&mut w.body);
            w.body.access(load, 8);
            disturb(w);
            let operator = binary(w.rng, load.ty);
            w.apply(operator);
        }
        _ => disturb(w),
    }
    if before.is_some() {
        let operator = binary(w.rng, load.ty);
        w.apply(operator);
    }
    if load.ty == I32 && w.rng.one_in(3) {
        w.body.i(if w.rng.one_in(2) { I::I64ExtendI32U } else { I::I64ExtendI32S });
        return w.keep(&[I64]);
    }
    w.keep(&[load.ty]);
}

/// Several copies of locals on the stack while the locals are overwritten in some order.
pub(super) fn aliases(w: &mut Writer) {
    let ty = w.some_type();
    let locals = locals_of(w, ty, 4);
    let mut live = 0;
    for _ in 0..2 + w.rng.below(8) {
        let local = *w.rng.pick(&locals);
        match w.rng.below(6) {
            0..=2 => {
                w.body.get(local);
                live += 1;
            }
            3 => {
                w.value(ty, 1);
                w.body.set(local);
            }
            4 => {
                let other = *w.rng.pick(&locals);
                w.body.get(local);
                w.body.tee(other);
                live += 1;
            }
            _ if live > 0 => {
                w.body.tee(local);
                let other = *w.rng.pick(&locals);
                w.body.set(other);
                live -= 1;
            }
            _ => disturb(w),
        }
    }
    w.keep(&vec![ty; live]);
}

/// An `i32` from the lower half of an `i64`, where 64 bits are read.
pub(super) fn upper_bits(w: &mut Writer) {
    if w.rng.one_in(2) {
        w.value(I64, 2);
        w.body.i(I::I32WrapI64);
    } else {
        // Arithmetic on locals that live on: its result is in a third register, with whatever carry there is.
        let (a, b) = (w.some_local(I32), w.some_local(I32));
        w.body.get(a);
        w.body.get(b);
        let operator = Operator::within(w.rng, 0x6a, 0x6c);
        w.body.op(operator);
    }
    match w.rng.below(5) {
        0 => {
            w.body.i(if w.rng.one_in(3) { I::I64ExtendI32S } else { I::I64ExtendI32U });
            w.keep(&[I64]);
        }
        1 => {
            let local = w.some_local(I32);
            w.body.tee(local);
            w.body.i32(0x7ff);
            w.body.i(I::I32And);
            w.body.load(I64, 4);
            w.keep(&[I64]);
        }
        2 => {
            let operator = Operator::within(w.rng, 0xb7, 0xb8);
            w.body.op(operator);
            w.keep(&[F64]);
        }
        3 => {
            let local = w.some_local(I32);
            w.body.set(local);
            w.value(I64, 1);
            w.body.get(local);
            w.body.i(I::I64ExtendI32U);
            let operator = fixed(w.rng, I64);
            w.apply(operator);
            w.keep(&[I64]);
        }
        _ => {
            w.value(I32, 1);
            let operator = Operator::within(w.rng, 0x46, 0x4f);
            w.body.op(operator);
            w.keep(&[I32]);
        }
    }
}
