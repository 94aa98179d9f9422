// Intrinsics: Adler-32 in 16-byte steps: pairwise widening sums for the first half, inner products with the weights
// 16..1 for the second. Native: the same by SSE4.1 (vectors.h).
#include "vectors.h"
typedef unsigned char u8;
typedef unsigned int u32;
enum { SIZE = 5552 * 8, PASSES = 240, BASE = 65521, RUN = 5552 };
static u8 bytes[SIZE];

static u32 total(v128_t x) {
    return (u32)wasm_i32x4_extract_lane(x, 0) + (u32)wasm_i32x4_extract_lane(x, 1) +
           (u32)wasm_i32x4_extract_lane(x, 2) + (u32)wasm_i32x4_extract_lane(x, 3);
}

static __attribute__((noinline)) u32 adler32(u32 adler, const u8 *p, int size) {
    const v128_t high = wasm_i16x8_const(16, 15, 14, 13, 12, 11, 10, 9), low = wasm_i16x8_const(8, 7, 6, 5, 4, 3, 2, 1);
    u32 a = adler & 0xffff, b = adler >> 16;
    for (; size > 0; size -= RUN) {
        v128_t sums = wasm_i32x4_splat(0), earlier = sums, weighted = sums;
        for (int i = 0; i < RUN; i += 16, p += 16) {
            v128_t in = wasm_v128_load(p);
            earlier = wasm_i32x4_add(earlier, sums);
            sums = wasm_i32x4_add(sums, wasm_u32x4_extadd_pairwise_u16x8(wasm_u16x8_extadd_pairwise_u8x16(in)));
            weighted = wasm_i32x4_add(weighted, wasm_i32x4_dot_i16x8(wasm_u16x8_extend_low_u8x16(in), high));
            weighted = wasm_i32x4_add(weighted, wasm_i32x4_dot_i16x8(wasm_u16x8_extend_high_u8x16(in), low));
        }
        b = (b + a * RUN + total(earlier) * 16 + total(weighted)) % BASE;
        a = (a + total(sums)) % BASE;
    }
    return b << 16 | a;
}

int run(void) {
    for (int i = 0; i < SIZE; i++) bytes[i] = (u8)(i * 17 + (i >> 6));
    u32 adler = 1;
    for (int pass = 0; pass < PASSES; pass++) {
        adler = adler32(adler, bytes, SIZE);
        bytes[pass * 311 % SIZE] ^= (u8)adler;
    }
    return (int)adler;
}
