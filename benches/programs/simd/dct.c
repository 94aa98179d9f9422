// Intrinsics: the 8 by 8 discrete cosine transform of images, in 16-bit lanes: butterflies, rounded Q15 products, and
// transpositions by interleaving. Native: the same by SSE4.1 (vectors.h).
#include "vectors.h"
enum { BLOCKS = 256, PASSES = 320 };
static short pixels[BLOCKS][64], result[BLOCKS][64];

#define LOW16(a, b) wasm_i16x8_shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define HIGH16(a, b) wasm_i16x8_shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#define LOW32(a, b) wasm_i32x4_shuffle(a, b, 0, 4, 1, 5)
#define HIGH32(a, b) wasm_i32x4_shuffle(a, b, 2, 6, 3, 7)
#define LOW64(a, b) wasm_i64x2_shuffle(a, b, 0, 2)
#define HIGH64(a, b) wasm_i64x2_shuffle(a, b, 1, 3)

static void transpose(v128_t x[8]) {
    v128_t a0 = LOW16(x[0], x[1]), a1 = HIGH16(x[0], x[1]), a2 = LOW16(x[2], x[3]), a3 = HIGH16(x[2], x[3]);
    v128_t a4 = LOW16(x[4], x[5]), a5 = HIGH16(x[4], x[5]), a6 = LOW16(x[6], x[7]), a7 = HIGH16(x[6], x[7]);
    v128_t b0 = LOW32(a0, a2), b1 = HIGH32(a0, a2), b2 = LOW32(a1, a3), b3 = HIGH32(a1, a3);
    v128_t b4 = LOW32(a4, a6), b5 = HIGH32(a4, a6), b6 = LOW32(a5, a7), b7 = HIGH32(a5, a7);
    x[0] = LOW64(b0, b4), x[1] = HIGH64(b0, b4), x[2] = LOW64(b1, b5), x[3] = HIGH64(b1, b5);
    x[4] = LOW64(b2, b6), x[5] = HIGH64(b2, b6), x[6] = LOW64(b3, b7), x[7] = HIGH64(b3, b7);
}

static v128_t times(v128_t x, short factor) { return wasm_i16x8_q15mulr_sat(x, wasm_i16x8_splat(factor)); }

// One dimension of the transform by Arai, Agui and Nakajima, scaled.
static void columns(v128_t x[8]) {
    v128_t s0 = wasm_i16x8_add(x[0], x[7]), d0 = wasm_i16x8_sub(x[0], x[7]);
    v128_t s1 = wasm_i16x8_add(x[1], x[6]), d1 = wasm_i16x8_sub(x[1], x[6]);
    v128_t s2 = wasm_i16x8_add(x[2], x[5]), d2 = wasm_i16x8_sub(x[2], x[5]);
    v128_t s3 = wasm_i16x8_add(x[3], x[4]), d3 = wasm_i16x8_sub(x[3], x[4]);
    v128_t e0 = wasm_i16x8_add(s0, s3), e3 = wasm_i16x8_sub(s0, s3);
    v128_t e1 = wasm_i16x8_add(s1, s2), e2 = wasm_i16x8_sub(s1, s2);
    v128_t z = times(wasm_i16x8_add(e2, e3), 23170);
    x[0] = wasm_i16x8_add(e0, e1), x[4] = wasm_i16x8_sub(e0, e1);
    x[2] = wasm_i16x8_add(e3, z), x[6] = wasm_i16x8_sub(e3, z);
    v128_t o0 = wasm_i16x8_add(d3, d2), o1 = wasm_i16x8_add(d2, d1), o2 = wasm_i16x8_add(d1, d0);
    v128_t z5 = times(wasm_i16x8_sub(o0, o2), 12540);
    v128_t z2 = wasm_i16x8_add(times(o0, 17734), z5);
    v128_t z4 = wasm_i16x8_add(wasm_i16x8_add(o2, times(o2, 10045)), z5);
    v128_t z3 = times(o1, 23170);
    v128_t z11 = wasm_i16x8_add(d0, z3), z13 = wasm_i16x8_sub(d0, z3);
    x[5] = wasm_i16x8_add(z13, z2), x[3] = wasm_i16x8_sub(z13, z2);
    x[1] = wasm_i16x8_add(z11, z4), x[7] = wasm_i16x8_sub(z11, z4);
}

static __attribute__((noinline)) void transform(short *to, const short *from) {
    v128_t x[8];
    for (int i = 0; i < 8; i++) x[i] = wasm_i16x8_shl(wasm_v128_load(from + 8 * i), 2);
    columns(x);
    transpose(x);
    columns(x);
    for (int i = 0; i < 8; i++) wasm_v128_store(to + 8 * i, wasm_i16x8_shr(x[i], 3));
}

int run(void) {
    for (int b = 0; b < BLOCKS; b++)
        for (int i = 0; i < 64; i++) pixels[b][i] = (short)((b * 31 + i * 17 + (i * b >> 3)) % 256 - 128);
    unsigned mix = 0;
    for (int pass = 0; pass < PASSES; pass++) {
        for (int b = 0; b < BLOCKS; b++) transform(result[b], pixels[b]);
        pixels[pass * 5 % BLOCKS][pass % 64] ^= (short)(result[pass * 3 % BLOCKS][pass % 64] & 127);
    }
    for (int b = 0; b < BLOCKS; b++)
        for (int i = 0; i < 64; i++) mix = mix * 31u + (unsigned)result[b][i];
    return (int)mix;
}
