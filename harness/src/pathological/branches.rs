//! Many branches: to one label, to many, through tables, and with registers that disagree with the label's.

use super::Family;
use super::draft::{done, function, plain, times};
use wasm_encoder::BlockType::{Empty, Result};
use wasm_encoder::ValType::{I32, I64};

/// The families of this kind.
pub(super) const FAMILIES: &[Family] = &[
    Family::new("branches-to-one-label", "a long chain of `br_if` to the end of one block", 4000, |n| {
        plain(&[], |f| {
            f.block(Empty);
            (0..n).for_each(|index| done(f.local_get(index % 4).br_if(0)));
            f.end();
        })
    }),
    Family::new("branches-back", "a long chain of `br_if` to one loop's header", 4000, |n| {
        plain(&[], |f| {
            f.loop_(Empty);
            (0..n).for_each(|index| done(f.local_get(index % 4).br_if(0)));
            f.end();
        })
    }),
    Family::new("branches-to-every-depth", "each `br_if` to another of many nested blocks", 1000, |n| {
        plain(&[], |f| {
            (0..n).for_each(|_| done(f.block(Empty)));
            (0..n).for_each(|index| done(f.local_get(index % 4).br_if((index * 7919) % n)));
            (0..n).for_each(|_| done(f.end()));
        })
    }),
    Family::new(
        "branches-that-shuffle",
        "each `br_if` finds all registers other than its label wants them",
        1600,
        |n| {
            plain(&[(28, I32)], |f| {
                (4..32)
                    .for_each(|local| done(f.local_get(local % 4).i32_const(local as i32).i32_add().local_set(local)));
                // The label gets the registers of the first of these locals, ...
                f.block(Empty);
                (4..18).for_each(|local| done(f.local_get(local).i32_const(1).i32_add().local_set(local)));
                f.local_get(0).br_if(0);
                // ... then the registers get the others.
                (18..32).for_each(|local| done(f.local_get(local).i32_const(1).i32_add().local_set(local)));
                (0..n).for_each(|index| done(f.local_get(18 + index % 14).br_if(0)));
                f.end();
            })
        },
    ),
    Family::new("branches-after-writes", "a local is written before each `br_if` of a chain", 600, |n| {
        plain(&[(28, I32)], |f| {
            (4..32).for_each(|local| done(f.local_get(local % 4).i32_const(local as i32).i32_add().local_set(local)));
            f.block(Empty);
            f.local_get(0).br_if(0);
            for index in 0..n {
                f.local_get(4 + index % 28).i32_const(1).i32_add().local_tee(4 + (index * 5) % 28).br_if(0);
            }
            f.end();
        })
    }),
    // Large, so that what comes before the branches, which costs far less by byte, does not count.
    Family::new("branches-to-shuffled-loops", "branches back to a header from a state unlike it", 1600, |n| {
        plain(&[(28, I64)], |f| {
            (4..32).for_each(|local| done(f.local_get(local % 4).i64_extend_i32_s().local_set(local)));
            f.loop_(Empty);
            (4..18).for_each(|local| done(f.local_get(local).i64_const(1).i64_add().local_set(local)));
            (18..32).for_each(|local| done(f.local_get(local).i64_const(3).i64_add().local_set(local)));
            (0..n).for_each(|index| done(f.local_get(18 + index % 14).i64_eqz().br_if(0)));
            f.end();
        })
    }),
    Family::new("branches-with-constants", "a constant goes to the label with each branch", 800, |n| {
        function(times(4, I32), times(1, I32), &[], |f| {
            f.block(Result(I32)).i32_const(-1);
            (0..n).for_each(|index| done(f.drop().i32_const(index as i32 * 77).local_get(index % 4).br_if(0)));
            f.end();
        })
    }),
    Family::new("folded-branches", "branches whose condition is a constant", 1000, |n| {
        plain(&[], |f| {
            for index in 0..n {
                f.block(Empty).i32_const((index % 2) as i32).br_if(0).local_get(0).local_set(1).end();
            }
        })
    }),
    Family::new("table-of-all-depths", "one `br_table` to each of many nested blocks", 1000, |n| {
        plain(&[], |f| {
            (0..n).for_each(|_| done(f.block(Empty)));
            f.local_get(0).br_table(0..n, 0);
            (0..n).for_each(|_| done(f.end()));
        })
    }),
    Family::new("table-of-one-label", "one `br_table` with the same target many times", 1000, |n| {
        plain(&[], |f| {
            f.block(Empty).local_get(0).br_table((0..n).map(|_| 0), 0).end();
        })
    }),
    Family::new("nested-tables", "a `br_table` at every level of nested blocks, near and far", 500, |n| {
        plain(&[], |f| {
            (0..n).for_each(|_| done(f.block(Empty)));
            for level in 0..n {
                f.local_get(level % 4).br_table([0, (n - level) / 2, 0], n - level - 1).end();
            }
        })
    }),
    Family::new("tables-of-headers", "each `br_table` goes back to headers with registers of their own", 200, |n| {
        plain(&[(28, I32)], |f| {
            (4..32).for_each(|local| done(f.local_get(local % 4).i32_const(local as i32).i32_add().local_set(local)));
            for _ in 0..8 {
                f.loop_(Empty);
            }
            for index in 0..n {
                f.local_get(4 + index % 28).i32_const(1).i32_add().local_set(4 + index % 28);
                f.block(Empty).local_get(0).br_table([0, 1, 2, 3, 4, 5, 6, 7], 8).end();
            }
            (0..8).for_each(|_| done(f.end()));
        })
    }),
    Family::new("many-small-tables", "one small `br_table` after the other", 600, |n| {
        plain(&[], |f| {
            (0..n).for_each(|index| done(f.block(Empty).local_get(index % 4).br_table([0, 0], 0).end()));
        })
    }),
    Family::new("returns", "conditional returns", 1000, |n| {
        function(times(4, I32), times(2, I32), &[], |f| {
            f.local_get(0).local_get(1);
            (0..n).for_each(|index| done(f.local_get(index % 4).br_if(0)));
        })
    }),
    Family::new("selects", "a long chain of `select`", 4000, |n| {
        function(times(4, I32), times(1, I32), &[], |f| {
            f.local_get(0);
            (0..n).for_each(|index| done(f.local_get(index % 3).local_get(index % 4).select()));
        })
    }),
];
