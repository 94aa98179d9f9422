// Intrinsics: escape times of four points at once in single precision, counted by subtracting comparisons, until none
// is left. Native: the same by SSE4.1 (vectors.h).
#include "vectors.h"
enum { WIDTH = 256, HEIGHT = 128, LIMIT = 200 };

static __attribute__((noinline)) v128_t escape(v128_t cx, v128_t cy) {
    v128_t x = wasm_f32x4_splat(0), y = x, count = x;
    for (int i = 0; i < LIMIT; i++) {
        v128_t xx = wasm_f32x4_mul(x, x), yy = wasm_f32x4_mul(y, y);
        v128_t inside = wasm_f32x4_le(wasm_f32x4_add(xx, yy), wasm_f32x4_splat(4.0f));
        if (!wasm_v128_any_true(inside)) break;
        count = wasm_i32x4_sub(count, inside);
        v128_t xy = wasm_f32x4_mul(x, y);
        x = wasm_f32x4_add(wasm_f32x4_sub(xx, yy), cx);
        y = wasm_f32x4_add(wasm_f32x4_add(xy, xy), cy);
    }
    return count;
}

int run(void) {
    unsigned mix = 0;
    for (int j = 0; j < HEIGHT; j++)
        for (int i = 0; i < WIDTH; i += 4) {
            v128_t column = wasm_i32x4_add(wasm_i32x4_splat(i), wasm_i32x4_const(0, 1, 2, 3));
            v128_t cx = wasm_f32x4_sub(wasm_f32x4_mul(wasm_f32x4_convert_i32x4(column), wasm_f32x4_splat(0.01171875f)),
                                       wasm_f32x4_splat(2.0f));
            v128_t cy = wasm_f32x4_splat((float)j * 0.0234375f - 1.5f);
            v128_t count = escape(cx, cy);
            mix = mix * 31u + (unsigned)wasm_i32x4_extract_lane(count, 0);
            mix = mix * 31u + (unsigned)wasm_i32x4_extract_lane(count, 1);
            mix = mix * 31u + (unsigned)wasm_i32x4_extract_lane(count, 2);
            mix = mix * 31u + (unsigned)wasm_i32x4_extract_lane(count, 3);
        }
    return (int)mix;
}
