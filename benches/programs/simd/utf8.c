// Intrinsics: validation of UTF-8 by three tables of sixteen classes (Keiser and Lemire), and runs of ASCII at a glance.
// Native: the same by SSE4.1 (vectors.h).
#include "vectors.h"
typedef unsigned char u8;
enum { SIZE = 1 << 15, PASSES = 160 };
static u8 text[SIZE + 64];

enum {
    SHORT = 1, LONG = 2, OVERLONG3 = 4, TOO_LARGE = 8, SURROGATE = 16, OVERLONG2 = 32, TOO_LARGE1000 = 64,
    OVERLONG4 = 64, CONTS = 128, CARRY = SHORT | LONG | CONTS
};

static v128_t before(v128_t now, v128_t last, int n) {
    switch (n) {
    case 1: return wasm_i8x16_shuffle(last, now, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
    case 2: return wasm_i8x16_shuffle(last, now, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
    default: return wasm_i8x16_shuffle(last, now, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28);
    }
}

static __attribute__((noinline)) int valid(const u8 *p, int size) {
    const v128_t first_high = wasm_u8x16_const(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, CONTS, CONTS, CONTS, CONTS,
        SHORT | OVERLONG2, SHORT, SHORT | OVERLONG3 | SURROGATE, SHORT | TOO_LARGE | TOO_LARGE1000 | OVERLONG4);
    const v128_t first_low = wasm_u8x16_const(CARRY | OVERLONG3 | OVERLONG2 | OVERLONG4, CARRY | OVERLONG2, CARRY, CARRY,
        CARRY | TOO_LARGE, CARRY | TOO_LARGE | TOO_LARGE1000, CARRY | TOO_LARGE | TOO_LARGE1000,
        CARRY | TOO_LARGE | TOO_LARGE1000, CARRY | TOO_LARGE | TOO_LARGE1000, CARRY | TOO_LARGE | TOO_LARGE1000,
        CARRY | TOO_LARGE | TOO_LARGE1000, CARRY | TOO_LARGE | TOO_LARGE1000, CARRY | TOO_LARGE | TOO_LARGE1000,
        CARRY | TOO_LARGE | TOO_LARGE1000 | SURROGATE, CARRY | TOO_LARGE | TOO_LARGE1000,
        CARRY | TOO_LARGE | TOO_LARGE1000);
    const v128_t second_high = wasm_u8x16_const(SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT,
        LONG | OVERLONG2 | CONTS | OVERLONG3 | TOO_LARGE1000 | OVERLONG4, LONG | OVERLONG2 | CONTS | OVERLONG3 | TOO_LARGE,
        LONG | OVERLONG2 | CONTS | SURROGATE | TOO_LARGE, LONG | OVERLONG2 | CONTS | SURROGATE | TOO_LARGE, SHORT, SHORT,
        SHORT, SHORT);
    v128_t wrong = wasm_i8x16_splat(0), last = wrong, open = wrong;
    for (int i = 0; i < size; i += 16) {
        v128_t now = wasm_v128_load(p + i);
        if (wasm_i8x16_bitmask(now) == 0) {
            wrong = wasm_v128_or(wrong, open), open = wasm_i8x16_splat(0), last = now;
            continue;
        }
        v128_t one = before(now, last, 1), nibble = wasm_i8x16_splat(15);
        v128_t classes = wasm_v128_and(
            wasm_v128_and(wasm_i8x16_swizzle(first_high, wasm_u8x16_shr(one, 4)),
                          wasm_i8x16_swizzle(first_low, wasm_v128_and(one, nibble))),
            wasm_i8x16_swizzle(second_high, wasm_u8x16_shr(now, 4)));
        v128_t third = wasm_u8x16_sub_sat(before(now, last, 2), wasm_u8x16_splat(0xe0 - 0x80));
        v128_t fourth = wasm_u8x16_sub_sat(before(now, last, 3), wasm_u8x16_splat(0xf0 - 0x80));
        v128_t must = wasm_v128_and(wasm_v128_or(third, fourth), wasm_u8x16_splat(0x80));
        wrong = wasm_v128_or(wrong, wasm_v128_xor(must, classes));
        open = wasm_u8x16_sub_sat(now, wasm_u8x16_const(255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
                                                        0xef, 0xdf, 0xbf));
        last = now;
    }
    return !wasm_v128_any_true(wasm_v128_or(wrong, open));
}

int run(void) {
    int at = 0;
    unsigned seed = 5, mix = 0;
    while (at < SIZE - 16) {
        seed = seed * 1664525u + 1013904223u;
        unsigned r = seed >> 22;
        if (r < 880) {
            text[at++] = (u8)(32 + r % 90);
        } else if (r < 960) {
            text[at++] = (u8)(0xc3 + r % 20), text[at++] = (u8)(0x80 + r % 64);
        } else if (r < 1000) {
            text[at++] = (u8)(0xe1 + r % 12), text[at++] = (u8)(0x80 + r % 64), text[at++] = (u8)(0x80 + r % 61);
        } else {
            text[at++] = 0xf0, text[at++] = (u8)(0x90 + r % 48), text[at++] = (u8)(0x80 + r % 64), text[at++] = 0x81;
        }
    }
    while (at < SIZE + 64) text[at++] = ' ';
    for (int pass = 0; pass < PASSES; pass++) {
        u8 kept = text[pass * 761 % SIZE];
        if (pass & 1) text[pass * 761 % SIZE] = (u8)(0x41 + pass * 3);
        mix = mix * 3u + (unsigned)valid(text, SIZE);
        text[pass * 761 % SIZE] = kept;
    }
    return (int)mix;
}
