// Intrinsics: base64, twelve bytes to sixteen letters by a shuffle, masks and shifts, and a table of
// sixteen offsets. Native: the same by SSE4.1 (vectors.h).
#include "vectors.h"
typedef unsigned char u8;
enum { SIZE = 12 * 4096, PASSES = 160 };
static u8 bytes[SIZE + 16], letters[SIZE / 3 * 4];

static __attribute__((noinline)) void encode(u8 *to, const u8 *from, int size) {
    const v128_t offsets = wasm_i8x16_const('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                                            '0' - 52, '0' - 52, '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0);
    for (int i = 0; i < size; i += 12, to += 16) {
        v128_t in = wasm_v128_load(from + i);
        in = wasm_i8x16_shuffle(in, in, 1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
        // Each 32-bit lane has four sixes of bits: two in its low half's middle, two in its high half's.
        v128_t first = wasm_u32x4_shr(wasm_v128_and(in, wasm_i32x4_splat(0x0000fc00)), 10);
        v128_t second = wasm_i32x4_shl(wasm_v128_and(in, wasm_i32x4_splat(0x000003f0)), 4);
        v128_t third = wasm_u32x4_shr(wasm_v128_and(in, wasm_i32x4_splat(0x0fc00000)), 6);
        v128_t fourth = wasm_i32x4_shl(wasm_v128_and(in, wasm_i32x4_splat(0x003f0000)), 8);
        v128_t sixes = wasm_v128_or(wasm_v128_or(first, second), wasm_v128_or(third, fourth));
        // 0..25 to 13, 26..51 to 0, 52..61 to 1..10, 62 to 11, 63 to 12.
        v128_t index = wasm_u8x16_sub_sat(sixes, wasm_i8x16_splat(51));
        v128_t capital = wasm_i8x16_lt(sixes, wasm_i8x16_splat(26));
        index = wasm_v128_or(index, wasm_v128_and(capital, wasm_i8x16_splat(13)));
        wasm_v128_store(to, wasm_i8x16_add(sixes, wasm_i8x16_swizzle(offsets, index)));
    }
}

int run(void) {
    for (int i = 0; i < SIZE; i++) bytes[i] = (u8)(i * 29 + (i >> 8) * 3);
    unsigned mix = 0;
    for (int pass = 0; pass < PASSES; pass++) {
        encode(letters, bytes, SIZE);
        bytes[pass * 577 % SIZE] ^= letters[pass * 331];
    }
    for (int i = 0; i < SIZE / 3 * 4; i++) mix = mix * 31u + letters[i];
    return (int)mix;
}
