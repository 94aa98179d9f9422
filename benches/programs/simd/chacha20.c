// Intrinsics: ChaCha20, four blocks at once, one in each lane: sixteen live vectors, rotations by shuffle and by shift,
// and a transposition at the end. Native: the same by SSE4.1 (vectors.h).
#include "vectors.h"
typedef unsigned int u32;
typedef unsigned char u8;
enum { SIZE = 1 << 14, PASSES = 160 };
static u8 buffer[SIZE];

#define ROTATE16(x) wasm_i8x16_shuffle(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)
#define ROTATE8(x) wasm_i8x16_shuffle(x, x, 3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14)
#define ROTATE(x, n) wasm_v128_or(wasm_i32x4_shl(x, n), wasm_u32x4_shr(x, 32 - n))
#define QUARTER(a, b, c, d)                                                         \
    a = wasm_i32x4_add(a, b), d = wasm_v128_xor(d, a), d = ROTATE16(d);             \
    c = wasm_i32x4_add(c, d), b = wasm_v128_xor(b, c), b = ROTATE(b, 12);           \
    a = wasm_i32x4_add(a, b), d = wasm_v128_xor(d, a), d = ROTATE8(d);              \
    c = wasm_i32x4_add(c, d), b = wasm_v128_xor(b, c), b = ROTATE(b, 7)

static void mixin(u8 *at, v128_t a, v128_t b, v128_t c, v128_t d) {
    v128_t ab = wasm_i32x4_shuffle(a, b, 0, 4, 1, 5), cd = wasm_i32x4_shuffle(c, d, 0, 4, 1, 5);
    v128_t ab2 = wasm_i32x4_shuffle(a, b, 2, 6, 3, 7), cd2 = wasm_i32x4_shuffle(c, d, 2, 6, 3, 7);
    v128_t rows[4] = {wasm_i64x2_shuffle(ab, cd, 0, 2), wasm_i64x2_shuffle(ab, cd, 1, 3),
                      wasm_i64x2_shuffle(ab2, cd2, 0, 2), wasm_i64x2_shuffle(ab2, cd2, 1, 3)};
    for (int i = 0; i < 4; i++)
        wasm_v128_store(at + 64 * i, wasm_v128_xor(wasm_v128_load(at + 64 * i), rows[i]));
}

static __attribute__((noinline)) void blocks(u8 *at, const u32 key[12], u32 counter) {
    v128_t in[16] = {wasm_i32x4_splat(0x61707865), wasm_i32x4_splat(0x3320646e), wasm_i32x4_splat(0x79622d32),
                     wasm_i32x4_splat(0x6b206574)};
    for (int i = 4; i < 16; i++) in[i] = wasm_i32x4_splat((int)key[i - 4]);
    in[12] = wasm_i32x4_add(wasm_i32x4_splat((int)counter), wasm_i32x4_const(0, 1, 2, 3));
    v128_t x0 = in[0], x1 = in[1], x2 = in[2], x3 = in[3], x4 = in[4], x5 = in[5], x6 = in[6], x7 = in[7];
    v128_t x8 = in[8], x9 = in[9], xa = in[10], xb = in[11], xc = in[12], xd = in[13], xe = in[14], xf = in[15];
    for (int i = 0; i < 10; i++) {
        QUARTER(x0, x4, x8, xc);
        QUARTER(x1, x5, x9, xd);
        QUARTER(x2, x6, xa, xe);
        QUARTER(x3, x7, xb, xf);
        QUARTER(x0, x5, xa, xf);
        QUARTER(x1, x6, xb, xc);
        QUARTER(x2, x7, x8, xd);
        QUARTER(x3, x4, x9, xe);
    }
    mixin(at, wasm_i32x4_add(x0, in[0]), wasm_i32x4_add(x1, in[1]), wasm_i32x4_add(x2, in[2]), wasm_i32x4_add(x3, in[3]));
    mixin(at + 16, wasm_i32x4_add(x4, in[4]), wasm_i32x4_add(x5, in[5]), wasm_i32x4_add(x6, in[6]),
          wasm_i32x4_add(x7, in[7]));
    mixin(at + 32, wasm_i32x4_add(x8, in[8]), wasm_i32x4_add(x9, in[9]), wasm_i32x4_add(xa, in[10]),
          wasm_i32x4_add(xb, in[11]));
    mixin(at + 48, wasm_i32x4_add(xc, in[12]), wasm_i32x4_add(xd, in[13]), wasm_i32x4_add(xe, in[14]),
          wasm_i32x4_add(xf, in[15]));
}

int run(void) {
    u32 key[12], counter = 0, mix = 0;
    for (u32 i = 0; i < 12; i++) key[i] = (i + 4) * 0x9e3779b9u;
    for (int i = 0; i < SIZE; i++) buffer[i] = (u8)(i * 7);
    for (int pass = 0; pass < PASSES; pass++)
        for (int at = 0; at < SIZE; at += 256, counter += 4) blocks(buffer + at, key, counter);
    for (int i = 0; i < SIZE; i++) mix = mix * 31u + buffer[i];
    return (int)mix;
}
