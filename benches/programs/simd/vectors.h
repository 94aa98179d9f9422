// What the programs take from `wasm_simd128.h`: that header in Wasm, and natively the same names by SSE4.1, with the
// instructions that a native programmer would write. Only what the programs rely on holds natively: indices of
// `swizzle` are below 16, and `q15mulr_sat` never multiplies -32768 by itself.
#pragma once

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#else
#include <smmintrin.h>

typedef __m128i v128_t;
typedef signed char i8x16 __attribute__((vector_size(16)));
typedef short i16x8 __attribute__((vector_size(16)));
typedef int i32x4 __attribute__((vector_size(16)));
typedef long long i64x2 __attribute__((vector_size(16)));

#define VECTOR static inline __attribute__((always_inline)) v128_t
#define FLOATS(x) _mm_castsi128_ps(x)
#define DOUBLES(x) _mm_castsi128_pd(x)
#define FROM_FLOATS(x) _mm_castps_si128(x)
#define FROM_DOUBLES(x) _mm_castpd_si128(x)

VECTOR wasm_v128_load(const void *at) { return _mm_loadu_si128((const __m128i *)at); }
VECTOR wasm_v128_load64_splat(const void *at) { return FROM_DOUBLES(_mm_loaddup_pd((const double *)at)); }
static inline void wasm_v128_store(void *at, v128_t x) { _mm_storeu_si128((__m128i *)at, x); }

VECTOR wasm_v128_and(v128_t a, v128_t b) { return _mm_and_si128(a, b); }
VECTOR wasm_v128_or(v128_t a, v128_t b) { return _mm_or_si128(a, b); }
VECTOR wasm_v128_xor(v128_t a, v128_t b) { return _mm_xor_si128(a, b); }
static inline int wasm_v128_any_true(v128_t x) { return !_mm_testz_si128(x, x); }

VECTOR wasm_i8x16_splat(signed char x) { return _mm_set1_epi8(x); }
VECTOR wasm_u8x16_splat(unsigned char x) { return _mm_set1_epi8((char)x); }
VECTOR wasm_i16x8_splat(short x) { return _mm_set1_epi16(x); }
VECTOR wasm_i32x4_splat(int x) { return _mm_set1_epi32(x); }
VECTOR wasm_f32x4_splat(float x) { return FROM_FLOATS(_mm_set1_ps(x)); }
VECTOR wasm_f64x2_splat(double x) { return FROM_DOUBLES(_mm_set1_pd(x)); }
#define wasm_i8x16_const(...) ((v128_t)(i8x16){__VA_ARGS__})
#define wasm_u8x16_const(...) ((v128_t)(unsigned char __attribute__((vector_size(16)))){__VA_ARGS__})
#define wasm_i16x8_const(...) ((v128_t)(i16x8){__VA_ARGS__})
#define wasm_i32x4_const(...) ((v128_t)(i32x4){__VA_ARGS__})

// Compilers find the best instructions for a constant pattern, as engines have to.
#define wasm_i8x16_shuffle(a, b, ...) ((v128_t)__builtin_shufflevector((i8x16)(a), (i8x16)(b), __VA_ARGS__))
#define wasm_i16x8_shuffle(a, b, ...) ((v128_t)__builtin_shufflevector((i16x8)(a), (i16x8)(b), __VA_ARGS__))
#define wasm_i32x4_shuffle(a, b, ...) ((v128_t)__builtin_shufflevector((i32x4)(a), (i32x4)(b), __VA_ARGS__))
#define wasm_i64x2_shuffle(a, b, ...) ((v128_t)__builtin_shufflevector((i64x2)(a), (i64x2)(b), __VA_ARGS__))
VECTOR wasm_i8x16_swizzle(v128_t table, v128_t index) { return _mm_shuffle_epi8(table, index); }
#define wasm_i32x4_extract_lane(x, lane) _mm_extract_epi32(x, lane)

VECTOR wasm_i8x16_add(v128_t a, v128_t b) { return _mm_add_epi8(a, b); }
VECTOR wasm_u8x16_sub_sat(v128_t a, v128_t b) { return _mm_subs_epu8(a, b); }
VECTOR wasm_u8x16_max(v128_t a, v128_t b) { return _mm_max_epu8(a, b); }
VECTOR wasm_u8x16_avgr(v128_t a, v128_t b) { return _mm_avg_epu8(a, b); }
VECTOR wasm_i8x16_eq(v128_t a, v128_t b) { return _mm_cmpeq_epi8(a, b); }
VECTOR wasm_i8x16_lt(v128_t a, v128_t b) { return _mm_cmplt_epi8(a, b); }
static inline int wasm_i8x16_bitmask(v128_t x) { return _mm_movemask_epi8(x); }
VECTOR wasm_u8x16_shr(v128_t x, int by) {
    return _mm_and_si128(_mm_srli_epi16(x, by), _mm_set1_epi8((char)(0xff >> by)));
}

VECTOR wasm_i16x8_add(v128_t a, v128_t b) { return _mm_add_epi16(a, b); }
VECTOR wasm_i16x8_sub(v128_t a, v128_t b) { return _mm_sub_epi16(a, b); }
VECTOR wasm_i16x8_mul(v128_t a, v128_t b) { return _mm_mullo_epi16(a, b); }
VECTOR wasm_i16x8_q15mulr_sat(v128_t a, v128_t b) { return _mm_mulhrs_epi16(a, b); }
VECTOR wasm_i16x8_shl(v128_t x, int by) { return _mm_slli_epi16(x, by); }
VECTOR wasm_i16x8_shr(v128_t x, int by) { return _mm_srai_epi16(x, by); }
VECTOR wasm_u16x8_shr(v128_t x, int by) { return _mm_srli_epi16(x, by); }
VECTOR wasm_u16x8_extend_low_u8x16(v128_t x) { return _mm_cvtepu8_epi16(x); }
VECTOR wasm_u16x8_extend_high_u8x16(v128_t x) { return _mm_unpackhi_epi8(x, _mm_setzero_si128()); }
VECTOR wasm_u8x16_narrow_i16x8(v128_t a, v128_t b) { return _mm_packus_epi16(a, b); }
VECTOR wasm_u16x8_extadd_pairwise_u8x16(v128_t x) { return _mm_maddubs_epi16(x, _mm_set1_epi8(1)); }

VECTOR wasm_i32x4_add(v128_t a, v128_t b) { return _mm_add_epi32(a, b); }
VECTOR wasm_i32x4_sub(v128_t a, v128_t b) { return _mm_sub_epi32(a, b); }
VECTOR wasm_i32x4_min(v128_t a, v128_t b) { return _mm_min_epi32(a, b); }
VECTOR wasm_i32x4_max(v128_t a, v128_t b) { return _mm_max_epi32(a, b); }
VECTOR wasm_i32x4_shl(v128_t x, int by) { return _mm_slli_epi32(x, by); }
VECTOR wasm_u32x4_shr(v128_t x, int by) { return _mm_srli_epi32(x, by); }
VECTOR wasm_i32x4_dot_i16x8(v128_t a, v128_t b) { return _mm_madd_epi16(a, b); }
VECTOR wasm_u32x4_extadd_pairwise_u16x8(v128_t x) {
    return _mm_add_epi32(_mm_and_si128(x, _mm_set1_epi32(0xffff)), _mm_srli_epi32(x, 16));
}

VECTOR wasm_f32x4_add(v128_t a, v128_t b) { return FROM_FLOATS(_mm_add_ps(FLOATS(a), FLOATS(b))); }
VECTOR wasm_f32x4_sub(v128_t a, v128_t b) { return FROM_FLOATS(_mm_sub_ps(FLOATS(a), FLOATS(b))); }
VECTOR wasm_f32x4_mul(v128_t a, v128_t b) { return FROM_FLOATS(_mm_mul_ps(FLOATS(a), FLOATS(b))); }
VECTOR wasm_f32x4_le(v128_t a, v128_t b) { return FROM_FLOATS(_mm_cmple_ps(FLOATS(a), FLOATS(b))); }
VECTOR wasm_f32x4_convert_i32x4(v128_t x) { return FROM_FLOATS(_mm_cvtepi32_ps(x)); }

VECTOR wasm_f64x2_add(v128_t a, v128_t b) { return FROM_DOUBLES(_mm_add_pd(DOUBLES(a), DOUBLES(b))); }
VECTOR wasm_f64x2_sub(v128_t a, v128_t b) { return FROM_DOUBLES(_mm_sub_pd(DOUBLES(a), DOUBLES(b))); }
VECTOR wasm_f64x2_mul(v128_t a, v128_t b) { return FROM_DOUBLES(_mm_mul_pd(DOUBLES(a), DOUBLES(b))); }
VECTOR wasm_f64x2_div(v128_t a, v128_t b) { return FROM_DOUBLES(_mm_div_pd(DOUBLES(a), DOUBLES(b))); }
VECTOR wasm_f64x2_sqrt(v128_t x) { return FROM_DOUBLES(_mm_sqrt_pd(DOUBLES(x))); }
#endif
