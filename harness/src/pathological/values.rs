//! Many values at once: block parameters and results, parameters and results of functions.
//!
//! Here an operator of two bytes stands for as many values as its type has, and validation deals with each of them. So
//! the wide ones are held to a multiple of validation's steps.

use super::draft::{Draft, done, times};
use super::{Bound, Family};
use wasm_encoder::BlockType::FunctionType;
use wasm_encoder::InstructionSink;
use wasm_encoder::ValType::{F64, I32, I64};

/// As many values as a function type may have.
const MOST: u32 = 1000;
const ARITY: &str = "two bytes name a type of 1,000 values, each of which validation pops or pushes, too";
const MEDIUM: &str = "two bytes name a type of 32 values, each of which validation pops or pushes, too";

/// A module whose function has so many `i32` on the stack while `body` runs, which gets the index of the type that
/// takes and gives so many.
fn wide(values: u32, body: impl FnOnce(&mut InstructionSink<'_>, u32)) -> Vec<u8> {
    let mut draft = Draft::default();
    let same = draft.ty(times(values, I32), times(values, I32));
    let ty = draft.ty(times(4, I32), Vec::new());
    draft.function(ty, &[], |f| {
        (0..values).for_each(|value| done(f.local_get(value % 4)));
        body(f, same);
        (0..values).for_each(|_| done(f.drop()));
    });
    draft.finish()
}

/// The families of this kind.
pub(super) const FAMILIES: &[Family] = &[
    Family::new("block-values-4", "blocks that take and give four values", 800, |n| {
        wide(4, |f, ty| (0..n).for_each(|_| done(f.block(FunctionType(ty)).end())))
    }),
    Family::new("block-values-32", "blocks that take and give 32 values", 800, |n| {
        wide(32, |f, ty| (0..n).for_each(|_| done(f.block(FunctionType(ty)).end())))
    })
    .bound(Bound::Validation(MEDIUM)),
    Family::new("block-values-1000", "blocks that take and give 1,000 values", 100, |n| {
        wide(MOST, |f, ty| (0..n).for_each(|_| done(f.block(FunctionType(ty)).end())))
    })
    .bound(Bound::Validation(ARITY)),
    Family::new("branch-values-4", "branches that carry four values", 800, |n| {
        wide(4, |f, ty| {
            f.block(FunctionType(ty));
            (0..n).for_each(|index| done(f.local_get(index % 4).br_if(0)));
            f.end();
        })
    }),
    Family::new("branch-values-32", "branches that carry 32 values from other places than the last", 800, |n| {
        wide(32, |f, ty| {
            f.block(FunctionType(ty));
            (0..n).for_each(|index| done(f.drop().local_get(index % 4).local_get(0).br_if(0)));
            f.end();
        })
    })
    .bound(Bound::Validation(MEDIUM)),
    Family::new("branch-values-1000", "branches that carry 1,000 values upwards, so that all must move", 200, |n| {
        wide(MOST, |f, ty| {
            f.block(FunctionType(ty));
            (0..MOST).for_each(|value| done(f.local_get(value % 3)));
            (0..n).for_each(|index| done(f.local_get(index % 4).br_if(0)));
            (0..MOST).for_each(|_| done(f.drop()));
            f.end();
        })
    })
    .bound(Bound::Validation(ARITY)),
    Family::new("loop-values-16", "loops that take 16 values, which a branch back rotates", 200, |n| {
        let mut draft = Draft::default();
        let sixteen = draft.ty(times(16, I32), Vec::new());
        let ty = draft.ty(times(4, I32), Vec::new());
        draft.function(ty, &[(16, I32)], |f| {
            for _ in 0..n {
                (0..16).for_each(|value| done(f.local_get(value % 4)));
                f.loop_(FunctionType(sixteen));
                (0..16).for_each(|value| done(f.local_set(4 + value)));
                (0..16).for_each(|value| done(f.local_get(4 + (value + 5) % 16)));
                f.local_get(0).br_if(0);
                (0..16).for_each(|_| done(f.drop()));
                f.end();
            }
        });
        draft.finish()
    }),
    Family::new("branch-table-values-32", "a `br_table` to many labels that take 32 values each", 50, |n| {
        let mut draft = Draft::default();
        let results = draft.ty(Vec::new(), times(32, I32));
        let ty = draft.ty(times(4, I32), Vec::new());
        draft.function(ty, &[], |f| {
            (0..n).for_each(|_| done(f.block(FunctionType(results))));
            (0..32).for_each(|value| done(f.local_get(value % 4)));
            f.local_get(0).br_table(0..n, 0);
            for _ in 0..n {
                f.end();
                (0..32).for_each(|_| done(f.drop()));
                (0..32).for_each(|value| done(f.local_get(value % 4)));
            }
            (0..32).for_each(|_| done(f.drop()));
        });
        // What a block leaves goes on to the next.
        draft.finish()
    }),
    Family::new("call-values-1000", "calls that give 1,000 values to one that takes them", 50, |n| {
        let mut draft = Draft::default();
        let gives = draft.ty(Vec::new(), times(MOST, I32));
        let takes = draft.ty(times(MOST, I32), Vec::new());
        let ty = draft.ty(Vec::new(), Vec::new());
        let giver = draft.function(gives, &[], |f| (0..MOST).for_each(|value| done(f.i32_const(value as i32))));
        let taker = draft.function(takes, &[], |_| {});
        draft.function(ty, &[], |f| (0..n).for_each(|_| done(f.call(giver).call(taker))));
        draft.finish()
    })
    .bound(Bound::Validation(ARITY)),
    Family::new("call-values-8", "calls with eight arguments in other places than they are wanted", 400, |n| {
        let mut draft = Draft::default();
        let takes = draft.ty(vec![I32, F64, I64, I32, F64, I64, I32, I32], vec![I32]);
        let callee = draft.function(takes, &[], |f| done(f.local_get(7)));
        draft.function(takes, &[], |f| {
            for _ in 0..n {
                f.local_get(7).local_get(4).local_get(5).local_get(0).local_get(1).local_get(2).local_get(6);
                f.local_get(3).call(callee).local_set(7);
            }
            f.local_get(7);
        });
        draft.finish()
    }),
    Family::new("return-values-1000", "conditional returns of 1,000 values", 50, |n| {
        let mut draft = Draft::default();
        let ty = draft.ty(times(4, I32), times(MOST, I32));
        draft.function(ty, &[], |f| {
            (0..MOST).for_each(|value| done(f.local_get(value % 4)));
            (0..n).for_each(|index| done(f.local_get(index % 4).br_if(0)));
        });
        draft.finish()
    })
    .bound(Bound::Validation(ARITY)),
    Family::new("parameters-1000", "functions with 1,000 parameters and nothing else", 100, |n| {
        let mut draft = Draft::default();
        let ty = draft.ty(times(MOST, I32), Vec::new());
        (0..n).for_each(|_| done(draft.function(ty, &[], |_| {})));
        draft.finish()
    })
    .bound(Bound::Validation(ARITY)),
    Family::new("parameters-used", "functions with 20 parameters, each of which is used", 100, |n| {
        let mut draft = Draft::default();
        let ty = draft.ty(times(20, I32), times(1, I32));
        for _ in 0..n {
            draft.function(ty, &[], |f| {
                f.local_get(0);
                (1..20).for_each(|param| done(f.local_get(param).i32_add()));
            });
        }
        draft.finish()
    }),
];
