// Intrinsics: a complex FFT in single precision, two complex numbers a vector: shuffles of 32-bit lanes and the signs of
// a complex product by exclusive or. Native: the same by SSE4.1 (vectors.h).
#include "vectors.h"
enum { LOG = 10, N = 1 << LOG, PASSES = 300 };
static float numbers[2 * N], scratch[2 * N], roots[2 * N];

// The products of two pairs of complex numbers.
static v128_t multiply(v128_t x, v128_t w) {
    v128_t real = wasm_i32x4_shuffle(w, w, 0, 0, 2, 2), imaginary = wasm_i32x4_shuffle(w, w, 1, 1, 3, 3);
    v128_t turned = wasm_i32x4_shuffle(x, x, 1, 0, 3, 2);
    v128_t signs = wasm_i32x4_const((int)0x80000000, 0, (int)0x80000000, 0);
    return wasm_f32x4_add(wasm_f32x4_mul(x, real), wasm_v128_xor(wasm_f32x4_mul(turned, imaginary), signs));
}

// One pass of Stockham's algorithm: pairs half the array apart become neighbours.
static __attribute__((noinline)) void pass(float *to, const float *from, int span) {
    for (int block = 0; block < N / 2; block += span) {
        v128_t w = wasm_v128_load64_splat(roots + 2 * block);
        const float *low = from + 2 * block, *high = low + N;
        float *out = to + 4 * block;
        for (int i = 0; i < 2 * span; i += 4) {
            v128_t a = wasm_v128_load(low + i), b = wasm_v128_load(high + i);
            wasm_v128_store(out + i, wasm_f32x4_add(a, b));
            wasm_v128_store(out + i + 2 * span, multiply(wasm_f32x4_sub(a, b), w));
        }
    }
}

// The first pass, where neighbours have different roots.
static __attribute__((noinline)) void first(float *to, const float *from) {
    for (int i = 0; i < N; i += 4) {
        v128_t a = wasm_v128_load(from + i), b = wasm_v128_load(from + i + N);
        v128_t sum = wasm_f32x4_add(a, b), rest = multiply(wasm_f32x4_sub(a, b), wasm_v128_load(roots + i));
        wasm_v128_store(to + 2 * i, wasm_i64x2_shuffle(sum, rest, 0, 2));
        wasm_v128_store(to + 2 * i + 4, wasm_i64x2_shuffle(sum, rest, 1, 3));
    }
}

double run(void) {
    // The roots of unity by repeated multiplication in double precision: exp(-2 pi i / N).
    double real = 1.0, imaginary = 0.0;
    const double c = 0.99998117528260111, s = -0.0061358846491544753;
    for (int i = 0; i < N / 2; i++) {
        roots[2 * i] = (float)real, roots[2 * i + 1] = (float)imaginary;
        double next = real * c - imaginary * s;
        imaginary = real * s + imaginary * c, real = next;
    }
    for (int i = 0; i < 2 * N; i++) numbers[i] = (float)(i * 37 % 101 - 50) * 0.02f;
    for (int round = 0; round < PASSES; round++) {
        float *from = numbers, *to = scratch;
        first(to, from);
        for (int span = 2; span < N; span *= 2) {
            float *other = from;
            from = to, to = other;
            pass(to, from, span);
        }
        for (int i = 0; i < 2 * N; i += 4)
            wasm_v128_store(numbers + i, wasm_f32x4_mul(wasm_v128_load(to + i), wasm_f32x4_splat(0.03125f)));
    }
    double sum = 0.0;
    for (int i = 0; i < 2 * N; i++) sum += (double)numbers[i] * (double)(1 + (i & 7));
    return sum;
}
