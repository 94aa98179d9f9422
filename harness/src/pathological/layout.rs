//! What the last pass over a function's code deals with: jumps, loops, traps, constants, calls.

use super::Family;
use super::draft::{Draft, done, function, plain, times, unaligned};
use wasm_encoder::BlockType::Empty;
use wasm_encoder::InstructionSink;
use wasm_encoder::ValType::{F64, I32, I64, V128};

/// Code of about so many times seven bytes.
fn fill(f: &mut InstructionSink<'_>, count: u32) {
    (0..count).for_each(|index| done(f.local_get(0).i32_const(0x1234_5678 + index as i32).i32_add().local_set(0)));
}

/// The families of this kind.
pub(super) const FAMILIES: &[Family] = &[
    Family::new(
        "jumps-that-just-fit",
        "jumps over as much code as a short jump reaches, some less and some more",
        240,
        |n| {
            plain(&[], |f| {
                for index in 0..n {
                    f.block(Empty).local_get(1).br_if(0);
                    fill(f, 16 + index % 6);
                    f.end();
                }
            })
        },
    ),
    Family::new(
        "jumps-that-depend",
        "jumps over jumps: whether one is short depends on those that it jumps over",
        1600,
        |n| {
            plain(&[], |f| {
                // Each block ends so many branches after it began.
                const OPEN: u32 = 16;
                (0..OPEN).for_each(|_| done(f.block(Empty)));
                for index in 0..n {
                    f.local_get(1).br_if(OPEN - 1).end().block(Empty).local_get(index % 4).br_if(0);
                }
                (0..OPEN).for_each(|_| done(f.end()));
            })
        },
    ),
    Family::new("small-loops", "loops that are moved to where they touch fewer lines", 800, |n| {
        plain(&[], |f| {
            for index in 0..n {
                f.loop_(Empty).local_get(0).i32_const(1).i32_sub().local_tee(0).br_if(0).end();
                fill(f, index % 5);
            }
        })
    }),
    Family::new("traps-by-jump", "divisions, each with traps of its own", 600, |n| {
        plain(&[], |f| {
            (0..n).for_each(|index| done(f.local_get(index % 4).local_get((index + 1) % 4).i32_div_s().local_set(0)));
        })
    }),
    Family::new("traps-by-fault", "loads, each of which may trap", 3000, |n| {
        plain(&[], |f| {
            (0..n).for_each(|index| done(f.local_get(index % 4).i32_load(unaligned(8)).local_set(index % 3)));
        })
    }),
    Family::new("conversions", "conversions with branches and traps inside one operator", 300, |n| {
        function(vec![F64, F64], vec![I32], &[], |f| {
            f.i32_const(0);
            (0..n).for_each(|index| done(f.local_get(index % 2).i32_trunc_f64_s().i32_xor()));
            (0..n).for_each(|index| done(f.local_get(index % 2).i32_trunc_sat_f64_u().i32_xor()));
        })
    }),
    Family::new("float-constants", "distinct constants in memory", 600, |n| {
        function(vec![F64], vec![F64], &[], |f| {
            f.local_get(0);
            (0..n).for_each(|index| done(f.f64_const((f64::from(index) + 0.1).into()).f64_add()));
        })
    }),
    Family::new("vector-constants", "distinct vectors in memory", 400, |n| {
        function(vec![V128], vec![V128], &[], |f| {
            f.local_get(0);
            (0..n).for_each(|index| done(f.v128_const(i128::from(index) << 40 | 0x77).i8x16_add()));
        })
    }),
    Family::new("integer-constants", "constants of 64 bits", 3000, |n| {
        function(vec![I64], vec![I64], &[], |f| {
            f.local_get(0);
            (0..n).for_each(|index| done(f.i64_const(i64::from(index) << 33 | 0x1_2345).i64_xor()));
        })
    }),
    Family::new("incoming-arguments", "parameters that arrive in memory, read again and again", 3000, |n| {
        function(times(24, I64), times(1, I64), &[], |f| {
            f.local_get(0);
            (0..n).for_each(|index| done(f.local_get(8 + index % 16).i64_add()));
        })
    }),
    Family::new("calls-forward", "calls of functions that come later", 300, |n| {
        let mut draft = Draft::default();
        let ty = draft.ty(Vec::new(), Vec::new());
        for index in 0..n {
            draft.function(ty, &[], |f| done(f.call(n - 1).call((index + 1).min(n - 1)).call((index * 31) % n)));
        }
        draft.finish()
    }),
    Family::new("calls-indirect", "indirect calls, each with a signature to be filled in", 400, |n| {
        plain(&[], |f| {
            (0..n).for_each(|index| {
                (0..4).for_each(|param| done(f.local_get(param)));
                f.local_get(index % 4).call_indirect(0, 0);
            });
        })
    }),
];
