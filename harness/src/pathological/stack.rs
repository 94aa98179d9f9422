//! Deep operand stacks, alone and times blocks, branches and calls.

use super::Family;
use super::draft::{Draft, done, function, times};
use wasm_encoder::BlockType::Empty;
use wasm_encoder::InstructionSink;
use wasm_encoder::ValType::I32;

/// Pushes values that no constant folding knows.
fn push(f: &mut InstructionSink<'_>, values: u32) {
    (0..values).for_each(|value| done(f.local_get(value % 4).i32_const(1).i32_shl()));
}

/// Adds up what [`push`] has pushed.
fn sum(f: &mut InstructionSink<'_>, values: u32) {
    (1..values).for_each(|_| done(f.i32_add()));
}

/// A module whose function pushes, does something, and adds up; `callee` has index 0 and takes and gives nothing.
fn high(values: u32, body: impl FnOnce(&mut InstructionSink<'_>)) -> Vec<u8> {
    let mut draft = Draft::default();
    let nothing = draft.ty(Vec::new(), Vec::new());
    let ty = draft.ty(times(4, I32), times(1, I32));
    draft.function(nothing, &[], |_| {});
    draft.function(ty, &[], |f| {
        push(f, values);
        body(f);
        sum(f, values);
    });
    draft.finish()
}

/// The families of this kind.
pub(super) const FAMILIES: &[Family] = &[
    Family::new("deep-stack", "many values on the stack at once", 1000, |n| high(n, |_| {})),
    Family::new("deep-stack-of-constants", "constants, which are nowhere until they must be somewhere", 1000, |n| {
        function(times(4, I32), times(1, I32), &[], |f| {
            (0..n).for_each(|value| done(f.i32_const(value as i32)));
            f.block(Empty).local_get(0).br_if(0).end();
            sum(f, n);
        })
    }),
    Family::new("deep-stack-of-copies", "copies of one local, more than a register may have", 1000, |n| {
        function(times(4, I32), times(1, I32), &[], |f| {
            (0..n).for_each(|_| done(f.local_get(0)));
            sum(f, n);
        })
    }),
    Family::new("stack-times-blocks", "empty blocks on a deep stack", 800, |n| {
        high(n, |f| (0..n).for_each(|_| done(f.block(Empty).end())))
    }),
    Family::new("stack-times-branches", "blocks that are left by a branch, on a deep stack", 800, |n| {
        high(n, |f| (0..n).for_each(|index| done(f.block(Empty).local_get(index % 4).br_if(0).end())))
    }),
    Family::new("stack-times-loops", "loops on a deep stack", 800, |n| {
        high(n, |f| (0..n).for_each(|index| done(f.loop_(Empty).local_get(index % 4).br_if(0).end())))
    }),
    Family::new("stack-times-calls", "calls on a deep stack", 800, |n| {
        high(n, |f| (0..n).for_each(|_| done(f.call(0))))
    }),
    Family::new("stack-grows-by-calls", "a value and a call, again and again", 800, |n| {
        high(1, |f| {
            (0..n).for_each(|index| done(f.local_get(index % 4).i32_const(3).i32_mul().call(0)));
            (0..n).for_each(|_| done(f.drop()));
        })
    }),
    Family::new("stack-times-bulk", "calls of the runtime (`memory.copy`) on a deep stack", 800, |n| {
        high(n, |f| {
            (0..n).for_each(|_| done(f.local_get(0).local_get(1).local_get(2).memory_copy(0, 0)));
        })
    }),
    Family::new("stack-times-overwrites", "a local with copies on a deep stack is written", 800, |n| {
        high(n, |f| {
            (0..n).for_each(|index| done(f.local_get(index % 4).local_get(1).i32_xor().local_set(index % 4)));
        })
    }),
    Family::new("stack-in-dead-copies", "values that are pushed and dropped without a use", 1000, |n| {
        function(times(4, I32), Vec::new(), &[], |f| {
            push(f, n);
            (0..n).for_each(|_| done(f.drop()));
        })
    }),
];
