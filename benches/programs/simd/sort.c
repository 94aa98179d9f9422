// Intrinsics: merge sort of 32-bit integers: sixteen at a time by a network of minima and maxima with a transposition,
// then bitonic merges of runs, four at a step. Native: the same by SSE4.1 (vectors.h).
#include "vectors.h"
enum { N = 1 << 14, PASSES = 5 };
static int numbers[N], scratch[N];

#define ORDER(a, b)                                 \
    do {                                            \
        v128_t least = wasm_i32x4_min(a, b);        \
        b = wasm_i32x4_max(a, b), a = least;        \
    } while (0)

static void sixteen(int *at) {
    v128_t a = wasm_v128_load(at), b = wasm_v128_load(at + 4), c = wasm_v128_load(at + 8), d = wasm_v128_load(at + 12);
    ORDER(a, b);
    ORDER(c, d);
    ORDER(a, c);
    ORDER(b, d);
    ORDER(b, c);
    v128_t ab = wasm_i32x4_shuffle(a, b, 0, 4, 1, 5), cd = wasm_i32x4_shuffle(c, d, 0, 4, 1, 5);
    v128_t ab2 = wasm_i32x4_shuffle(a, b, 2, 6, 3, 7), cd2 = wasm_i32x4_shuffle(c, d, 2, 6, 3, 7);
    wasm_v128_store(at, wasm_i64x2_shuffle(ab, cd, 0, 2));
    wasm_v128_store(at + 4, wasm_i64x2_shuffle(ab, cd, 1, 3));
    wasm_v128_store(at + 8, wasm_i64x2_shuffle(ab2, cd2, 0, 2));
    wasm_v128_store(at + 12, wasm_i64x2_shuffle(ab2, cd2, 1, 3));
}

// Two ascending vectors become the lower four and the upper four of both, ascending.
#define MERGE(low, high)                                                                              \
    do {                                                                                              \
        v128_t back = wasm_i32x4_shuffle(high, high, 3, 2, 1, 0);                                     \
        v128_t l = wasm_i32x4_min(low, back), h = wasm_i32x4_max(low, back);                          \
        v128_t p = wasm_i32x4_shuffle(l, h, 0, 1, 4, 5), q = wasm_i32x4_shuffle(l, h, 2, 3, 6, 7);    \
        ORDER(p, q);                                                                                  \
        v128_t r = wasm_i32x4_shuffle(p, q, 0, 4, 2, 6), s = wasm_i32x4_shuffle(p, q, 1, 5, 3, 7);    \
        ORDER(r, s);                                                                                  \
        low = wasm_i32x4_shuffle(r, s, 0, 4, 1, 5), high = wasm_i32x4_shuffle(r, s, 2, 6, 3, 7);      \
    } while (0)

static __attribute__((noinline)) void merge(int *to, const int *p, const int *q, int length) {
    const int *p_end = p + length, *q_end = q + length;
    v128_t low = wasm_v128_load(p), high = wasm_v128_load(q);
    p += 4, q += 4;
    for (;;) {
        MERGE(low, high);
        wasm_v128_store(to, low);
        to += 4;
        if (p < p_end && (q == q_end || *p < *q))
            low = wasm_v128_load(p), p += 4;
        else if (q < q_end)
            low = wasm_v128_load(q), q += 4;
        else
            break;
    }
    wasm_v128_store(to, high);
}

int run(void) {
    unsigned seed = 3, mix = 0;
    for (int pass = 0; pass < PASSES; pass++) {
        for (int i = 0; i < N; i++) seed = seed * 1664525u + 1013904223u, numbers[i] = (int)(seed ^ seed >> 15);
        for (int i = 0; i < N; i += 16) sixteen(numbers + i);
        int *from = numbers, *to = scratch;
        for (int length = 4; length < N; length *= 2) {
            for (int i = 0; i < N; i += 2 * length) merge(to + i, from + i, from + i + length, length);
            int *other = from;
            from = to, to = other;
        }
        for (int i = 0; i < N; i++) mix = mix * 31u + (unsigned)from[i] + (unsigned)(i && from[i - 1] > from[i]);
    }
    return (int)mix;
}
