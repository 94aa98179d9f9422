// Intrinsics: running sums of 32-bit integers and running maxima, by shifting whole vectors against themselves; each
// step needs the one before. Native: the same by SSE4.1 (vectors.h).
#include "vectors.h"
enum { N = 1 << 14, PASSES = 200 };
static int numbers[N], sums[N], peaks[N];

static __attribute__((noinline)) void scan(int *to, int *peak, const int *from) {
    v128_t zero = wasm_i32x4_splat(0), carry = zero, most = wasm_i32x4_splat((int)0x80000000), floor = most;
    for (int i = 0; i < N; i += 4) {
        v128_t x = wasm_v128_load(from + i);
        x = wasm_i32x4_add(x, wasm_i32x4_shuffle(zero, x, 0, 4, 5, 6));
        x = wasm_i32x4_add(x, wasm_i32x4_shuffle(zero, x, 0, 1, 4, 5));
        x = wasm_i32x4_add(x, carry);
        carry = wasm_i32x4_shuffle(x, x, 3, 3, 3, 3);
        wasm_v128_store(to + i, x);
        v128_t y = wasm_i32x4_max(x, wasm_i32x4_shuffle(floor, x, 0, 4, 5, 6));
        y = wasm_i32x4_max(y, wasm_i32x4_shuffle(floor, y, 0, 1, 4, 5));
        y = wasm_i32x4_max(y, most);
        most = wasm_i32x4_shuffle(y, y, 3, 3, 3, 3);
        wasm_v128_store(peak + i, y);
    }
}

int run(void) {
    for (int i = 0; i < N; i++) numbers[i] = (int)((unsigned)i * 2654435761u) >> 20;
    for (int pass = 0; pass < PASSES; pass++) {
        scan(sums, peaks, numbers);
        numbers[pass * 391 % N] += peaks[pass * 17] & 255;
    }
    unsigned mix = 0;
    for (int i = 0; i < N; i++) mix = mix * 31u + (unsigned)sums[i] + (unsigned)peaks[i] * 7u;
    return (int)mix;
}
