// Intrinsics: one image over another by a mask of bytes, and then a gain with rounding in Q15: bytes widened to 16 bits,
// multiplied, and narrowed with saturation. Native: the same by SSE4.1 (vectors.h).
#include "vectors.h"
typedef unsigned char u8;
enum { SIZE = 1 << 14, PASSES = 400 };
static u8 front[SIZE], back[SIZE], alpha[SIZE];

static v128_t mix8(v128_t f, v128_t b, v128_t a, v128_t gain) {
    v128_t both = wasm_i16x8_add(wasm_i16x8_mul(f, a), wasm_i16x8_mul(b, wasm_i16x8_sub(wasm_i16x8_splat(255), a)));
    both = wasm_i16x8_add(both, wasm_i16x8_splat(128));
    both = wasm_u16x8_shr(wasm_i16x8_add(both, wasm_u16x8_shr(both, 8)), 8);
    return wasm_i16x8_q15mulr_sat(both, gain);
}

static __attribute__((noinline)) void blend(u8 *to, const u8 *from, const u8 *mask, int size, short factor) {
    v128_t gain = wasm_i16x8_splat(factor);
    for (int i = 0; i < size; i += 16) {
        v128_t f = wasm_v128_load(from + i), b = wasm_v128_load(to + i), a = wasm_v128_load(mask + i);
        v128_t low = mix8(wasm_u16x8_extend_low_u8x16(f), wasm_u16x8_extend_low_u8x16(b), wasm_u16x8_extend_low_u8x16(a), gain);
        v128_t high =
            mix8(wasm_u16x8_extend_high_u8x16(f), wasm_u16x8_extend_high_u8x16(b), wasm_u16x8_extend_high_u8x16(a), gain);
        v128_t out = wasm_u8x16_narrow_i16x8(low, high);
        wasm_v128_store(to + i, wasm_u8x16_avgr(out, wasm_u8x16_max(out, f)));
    }
}

int run(void) {
    for (int i = 0; i < SIZE; i++)
        front[i] = (u8)(i * 7 + (i >> 5)), back[i] = (u8)(i * 11 ^ i >> 4), alpha[i] = (u8)(i * 3 + (i >> 8));
    for (int pass = 0; pass < PASSES; pass++) blend(back, front, alpha, SIZE, (short)(32767 - pass * 50));
    unsigned mix = 0;
    for (int i = 0; i < SIZE; i++) mix = mix * 31u + back[i];
    return (int)mix;
}
