//! What the registers hold: copies, evictions, loops that need more values than there are registers.

use super::Family;
use super::draft::{Draft, done, function, plain, times};
use wasm_encoder::BlockType::Empty;
use wasm_encoder::InstructionSink;
use wasm_encoder::ValType::{F64, I32, V128};

/// As many locals as keep every integer register busy, and more.
const MANY: u32 = 40;

/// So many locals get values that no constant folding knows.
fn write_all(f: &mut InstructionSink<'_>, locals: u32) {
    for local in 4..4 + locals {
        f.local_get(local % 4).i32_const(local as i32).i32_add().local_set(local);
    }
}

/// The families of this kind.
pub(super) const FAMILIES: &[Family] = &[
    Family::new("copies-overwritten", "a local has many copies on the stack when it is written", 480, |n| {
        plain(&[], |f| {
            for index in 0..n {
                (0..31).for_each(|_| done(f.local_get(0)));
                f.local_get(1).i32_const(index as i32).i32_xor().local_set(0);
                (0..31).for_each(|_| done(f.drop()));
            }
        })
    }),
    Family::new("copies-evicted-by-calls", "every register has many owners when a call takes it away", 8, |n| {
        let mut draft = Draft::default();
        let nothing = draft.ty(Vec::new(), Vec::new());
        let ty = draft.ty(times(4, I32), Vec::new());
        let callee = draft.function(nothing, &[], |_| {});
        draft.function(ty, &[(12, I32)], |f| {
            for _ in 0..n {
                write_all(f, 12);
                (0..12).for_each(|local| (0..31).for_each(|_| done(f.local_get(4 + local))));
                f.call(callee);
                (0..12 * 31).for_each(|_| done(f.drop()));
            }
        });
        draft.finish()
    }),
    Family::new("copies-moved-by-shifts", "a register with many owners is wanted by shifts and divisions", 1600, |n| {
        function(times(4, I32), times(1, I32), &[(12, I32)], |f| {
            write_all(f, 12);
            (0..12).for_each(|local| (0..31).for_each(|_| done(f.local_get(4 + local))));
            for index in 0..n {
                f.local_get(index % 12 + 4).local_get((index + 5) % 12 + 4).i32_rotl();
                f.local_get((index + 3) % 12 + 4).i32_div_u().local_set(index % 4);
            }
            (1..12 * 31).for_each(|_| done(f.i32_add()));
        })
    }),
    Family::new("copies-between-locals", "locals that are copies of each other, settled before each branch", 60, |n| {
        plain(&[(MANY, I32)], |f| {
            for index in 0..n {
                f.local_get(index % 4).i32_const(5).i32_add().local_set(4);
                (5..4 + MANY).for_each(|local| done(f.local_get(4).local_set(local)));
                f.block(Empty).local_get(1).br_if(0).end();
            }
        })
    }),
    Family::new("constants-in-locals", "locals that are constants, settled before each branch", 60, |n| {
        plain(&[(MANY, I32)], |f| {
            for index in 0..n {
                (4..4 + MANY).for_each(|local| done(f.i32_const((index * local) as i32).local_set(local)));
                f.block(Empty).local_get(1).br_if(0).end();
            }
        })
    }),
    Family::new("evictions", "more values than registers, used in turn", 1200, |n| {
        plain(&[(MANY, I32)], |f| {
            write_all(f, MANY);
            for index in 0..n {
                f.local_get(4 + index % MANY).local_get(4 + (index * 17) % MANY).i32_add();
                f.local_set(4 + (index * 29) % MANY);
            }
        })
    }),
    Family::new("evictions-of-floats", "the same with floats", 800, |n| {
        plain(&[(MANY, F64)], |f| {
            for index in 0..n {
                f.local_get(4 + index % MANY).local_get(4 + (index * 17) % MANY).f64_add();
                f.local_set(4 + (index * 29) % MANY);
            }
        })
    }),
    Family::new("evictions-of-vectors", "the same with vectors", 1200, |n| {
        plain(&[(MANY, V128)], |f| {
            for index in 0..n {
                f.local_get(4 + index % MANY).local_get(4 + (index * 17) % MANY).i32x4_add();
                f.local_set(4 + (index * 29) % MANY);
            }
        })
    }),
    Family::new("loops-that-spill", "each loop reads other locals than the one before", 100, |n| {
        plain(&[(MANY, I32)], |f| {
            write_all(f, MANY);
            for index in 0..n {
                f.loop_(Empty);
                for step in 0..16 {
                    let local = 4 + (index * 13 + step) % MANY;
                    f.local_get(local).i32_const(1).i32_add().local_set(local);
                }
                f.local_get(index % 4).br_if(0).end();
            }
        })
    }),
    Family::new("loops-that-hoist", "each loop reads what is at home, which its entry loads", 100, |n| {
        let mut draft = Draft::default();
        let nothing = draft.ty(Vec::new(), Vec::new());
        let ty = draft.ty(times(4, I32), Vec::new());
        let callee = draft.function(nothing, &[], |_| {});
        draft.function(ty, &[(24, I32)], |f| {
            write_all(f, 24);
            for index in 0..n {
                f.call(callee).loop_(Empty);
                (0..24).for_each(|local| done(f.local_get(4 + local).global_set(0)));
                f.local_get(index % 4).br_if(0).end();
            }
        });
        draft.finish()
    }),
    Family::new("calls-in-loops", "a call in each of many loops, with values that live across it", 800, |n| {
        let mut draft = Draft::default();
        let takes = draft.ty(times(2, I32), times(1, I32));
        let ty = draft.ty(times(4, I32), Vec::new());
        let callee = draft.function(takes, &[], |f| done(f.local_get(0)));
        draft.function(ty, &[(12, I32)], |f| {
            write_all(f, 12);
            for index in 0..n {
                f.loop_(Empty).local_get(4 + index % 12).local_get(4 + (index + 1) % 12).call(callee);
                f.local_tee(4 + (index * 5) % 12).br_if(0).end();
            }
        });
        draft.finish()
    }),
    Family::new("one-loop-with-everything", "one loop's header, and a long body between branches back", 1200, |n| {
        plain(&[(MANY, I32)], |f| {
            write_all(f, MANY);
            f.loop_(Empty);
            for index in 0..n {
                let local = 4 + (index * 7) % MANY;
                f.local_get(local).local_get(4 + index % MANY).i32_mul().local_tee(local).br_if(0);
            }
            f.end();
        })
    }),
];
