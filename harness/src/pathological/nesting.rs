//! Deep nesting of blocks, loops and ifs, and code that is never reached.

use super::Family;
use super::draft::{Draft, done, function, plain, times};
use wasm_encoder::BlockType::{Empty, FunctionType, Result};
use wasm_encoder::ValType::I32;

/// The families of this kind.
pub(super) const FAMILIES: &[Family] = &[
    Family::new("nested-blocks", "a join at every `end`, with the same values kept", 1000, |n| {
        plain(&[], |f| {
            (0..n).for_each(|_| done(f.block(Empty)));
            (0..n).for_each(|_| done(f.end()));
        })
    }),
    Family::new("nested-blocks-left", "a branch out of every level to the next", 1000, |n| {
        plain(&[], |f| {
            (0..n).for_each(|_| done(f.block(Empty)));
            (0..n).for_each(|level| done(f.local_get(level % 4).br_if(0).end()));
        })
    }),
    Family::new("nested-blocks-results", "a value goes through every `end`", 1000, |n| {
        function(times(4, I32), times(1, I32), &[], |f| {
            (0..n).for_each(|_| done(f.block(Result(I32))));
            f.local_get(0);
            (0..n).for_each(|level| done(f.local_get(level % 4).br_if(0).end()));
        })
    }),
    Family::new("nested-loops", "a header at every level, with values kept in registers", 1000, |n| {
        plain(&[], |f| {
            (0..n).for_each(|_| done(f.loop_(Empty)));
            (0..n).for_each(|level| done(f.local_get(level % 4).br_if(0).end()));
        })
    }),
    Family::new("nested-loops-far-back", "branches back over all levels to the outermost headers", 1000, |n| {
        plain(&[], |f| {
            for level in 0..n {
                f.loop_(Empty).local_get(level % 4).i32_const(1).i32_sub().local_tee(level % 4).br_if(level);
            }
            (0..n).for_each(|_| done(f.end()));
        })
    }),
    Family::new("nested-ifs", "two arms at every level, the second empty", 1000, |n| {
        plain(&[], |f| {
            (0..n).for_each(|level| done(f.local_get(level % 4).if_(Empty)));
            (0..n).for_each(|_| done(f.end()));
        })
    }),
    Family::new("nested-ifs-results", "two arms at every level that must agree on a value", 1000, |n| {
        function(times(4, I32), times(1, I32), &[], |f| {
            (0..n).for_each(|level| done(f.local_get(level % 4).if_(Result(I32))));
            f.local_get(0);
            (0..n).for_each(|level| done(f.else_().local_get(level % 4).end()));
        })
    }),
    Family::new("if-chain", "one `if` after the other, each with two arms that set a local", 1000, |n| {
        plain(&[], |f| {
            for arm in 0..n {
                f.local_get(arm % 4).if_(Empty).i32_const(1).local_set(0).else_().i32_const(2).local_set(1).end();
            }
        })
    }),
    Family::new("nested-block-parameters", "parameters go into and results out of every level", 1000, |n| {
        let mut draft = Draft::default();
        let three = draft.ty(times(3, I32), times(3, I32));
        let ty = draft.ty(times(4, I32), times(3, I32));
        draft.function(ty, &[], |f| {
            f.local_get(0).local_get(1).local_get(2);
            (0..n).for_each(|_| done(f.block(FunctionType(three))));
            (0..n).for_each(|level| done(f.local_get(level % 4).br_if(0).end()));
        });
        draft.finish()
    }),
    Family::new("dead-code", "operators and branches after a branch", 1000, |n| {
        plain(&[], |f| {
            f.br(0);
            for index in 0..n {
                f.local_get(index % 4).i32_const(7).i32_add().local_set(1).local_get(0).br_if(0);
            }
        })
    }),
    Family::new("dead-blocks", "blocks, loops and ifs after a branch, nested", 1000, |n| {
        plain(&[], |f| {
            f.unreachable();
            (0..n).for_each(|_| done(f.block(Empty).loop_(Empty).local_get(0).if_(Empty)));
            (0..3 * n).for_each(|_| done(f.end()));
        })
    }),
    Family::new("dead-ends", "blocks that end unreachable, each followed by reachable code", 1000, |n| {
        plain(&[], |f| {
            (0..n).for_each(|_| done(f.block(Empty).br(0).end()));
        })
    }),
];
