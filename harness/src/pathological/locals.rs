//! Many locals, alone and times control flow.

use super::Family;
use super::draft::{Draft, done, function, plain, times};
use wasm_encoder::BlockType::Empty;
use wasm_encoder::InstructionSink;
use wasm_encoder::ValType::{F64, I32, I64, V128};

/// So many locals get values that no constant folding knows.
fn write_all(f: &mut InstructionSink<'_>, locals: u32) {
    for local in 4..4 + locals {
        f.local_get(local % 4).i32_const(local as i32).i32_add().local_set(local);
    }
}

/// The families of this kind.
pub(super) const FAMILIES: &[Family] = &[
    Family::new("locals-used", "each of many locals is read and written once", 1000, |n| {
        plain(&[(n, I32)], |f| {
            (4..4 + n).for_each(|local| done(f.local_get(local).i32_const(1).i32_add().local_set(local)));
        })
    }),
    Family::new("locals-declared", "functions that declare 50,000 locals in five bytes", 1000, |n| {
        let mut draft = Draft::default();
        let ty = draft.ty(Vec::new(), Vec::new());
        (0..n).for_each(|_| done(draft.function(ty, &[(50_000, I64)], |_| {})));
        draft.finish()
    }),
    Family::new("locals-declared-last-used", "the last of 50,000 declared locals is used in a loop", 400, |n| {
        let mut draft = Draft::default();
        let ty = draft.ty(Vec::new(), Vec::new());
        for _ in 0..n {
            draft.function(ty, &[(50_000, I64)], |f| {
                f.loop_(Empty).local_get(49_999).i64_const(1).i64_add().local_tee(49_999).i64_eqz().br_if(0).end();
            });
        }
        draft.finish()
    }),
    Family::new("local-runs", "many runs of one local each, read where their type must be looked up", 1000, |n| {
        let runs: Vec<_> = (0..n).map(|run| (1, if run % 2 == 0 { I32 } else { F64 })).collect();
        plain(&runs, |f| {
            (4..4 + n).for_each(|local| done(f.local_get(local).drop()));
        })
    }),
    Family::new("locals-times-blocks", "blocks with a branch out of them, beside many locals", 600, |n| {
        plain(&[(n, I32)], |f| {
            write_all(f, n);
            (0..n).for_each(|index| done(f.block(Empty).local_get(4 + index).br_if(0).end()));
        })
    }),
    Family::new("locals-times-ifs", "ifs with both arms beside many locals", 600, |n| {
        plain(&[(n, I32)], |f| {
            write_all(f, n);
            for index in 0..n {
                f.local_get(4 + index).if_(Empty).local_get(0).local_set(4 + index).else_();
                f.local_get(1).local_set(4 + index).end();
            }
        })
    }),
    Family::new("locals-times-loops", "loops beside many locals", 600, |n| {
        plain(&[(n, I32)], |f| {
            write_all(f, n);
            for index in 0..n {
                f.loop_(Empty).local_get(4 + index).i32_const(1).i32_sub().local_tee(4 + index).br_if(0).end();
            }
        })
    }),
    Family::new("locals-times-calls", "calls beside many locals, a few of which are in registers", 600, |n| {
        let mut draft = Draft::default();
        let nothing = draft.ty(Vec::new(), Vec::new());
        let ty = draft.ty(times(4, I32), Vec::new());
        let callee = draft.function(nothing, &[], |_| {});
        draft.function(ty, &[(n, I32)], |f| {
            write_all(f, n);
            (0..n).for_each(|index| done(f.local_get(0).local_set(4 + index).call(callee)));
        });
        draft.finish()
    }),
    Family::new(
        "locals-zeroed",
        "locals first written after a branch, so that the prologue must zero them",
        1000,
        |n| {
            plain(&[(n, I32)], |f| {
                for local in 4..4 + n {
                    f.local_get(0).if_(Empty).local_get(1).local_set(local).end().local_get(local).drop();
                }
            })
        },
    ),
    Family::new("vector-locals", "vectors in locals, whose homes take two words each", 600, |n| {
        plain(&[(n, V128)], |f| {
            for local in 4..4 + n {
                f.local_get(0).i32x4_splat().local_set(local).block(Empty).local_get(1).br_if(0).end();
            }
        })
    }),
    Family::new("locals-of-all-types", "locals that a branch finds in registers of both classes", 500, |n| {
        function(times(4, I32), Vec::new(), &[(n, I32), (n, F64), (n, I64)], |f| {
            for index in 0..n {
                f.local_get(0).local_set(4 + index);
                f.local_get(1).f64_convert_i32_s().local_set(4 + n + index);
                f.local_get(2).i64_extend_i32_s().local_set(4 + 2 * n + index);
                f.block(Empty).local_get(3).br_if(0).end();
            }
        })
    }),
];
