// Modular powers of big numbers by Montgomery's multiplication: 32-bit digits, 64-bit products, carries passed on.
typedef unsigned long long u64;
typedef unsigned int u32;
enum { DIGITS = 16, BITS = 32 * DIGITS, POWERS = 30 };
typedef u32 Number[DIGITS];
static Number modulus, one;
static u32 inverse;

static int at_least(const u32 *a, const u32 *b) {
    for (int i = DIGITS - 1; i >= 0; i--)
        if (a[i] != b[i]) return a[i] > b[i];
    return 1;
}

static void subtract(u32 *a, const u32 *b) {
    u64 borrow = 0;
    for (int i = 0; i < DIGITS; i++) {
        u64 difference = (u64)a[i] - b[i] - borrow;
        a[i] = (u32)difference;
        borrow = difference >> 63;
    }
}

static __attribute__((noinline)) void multiply(u32 *to, const u32 *a, const u32 *b) {
    u32 sum[DIGITS + 2] = {0};
    for (int i = 0; i < DIGITS; i++) {
        u64 carry = 0;
        for (int j = 0; j < DIGITS; j++) {
            carry += (u64)a[j] * b[i] + sum[j];
            sum[j] = (u32)carry;
            carry >>= 32;
        }
        carry += sum[DIGITS];
        sum[DIGITS] = (u32)carry;
        sum[DIGITS + 1] = (u32)(carry >> 32);
        u32 factor = sum[0] * inverse;
        carry = ((u64)factor * modulus[0] + sum[0]) >> 32;
        for (int j = 1; j < DIGITS; j++) {
            carry += (u64)factor * modulus[j] + sum[j];
            sum[j - 1] = (u32)carry;
            carry >>= 32;
        }
        carry += sum[DIGITS];
        sum[DIGITS - 1] = (u32)carry;
        sum[DIGITS] = sum[DIGITS + 1] + (u32)(carry >> 32);
    }
    if (sum[DIGITS] || at_least(sum, modulus)) subtract(sum, modulus);
    for (int i = 0; i < DIGITS; i++) to[i] = sum[i];
}

// The modulus is odd, its top digit full; `one` becomes 2^BITS and then 2^(2 BITS) modulo it by doubling.
static void prepare(Number square) {
    inverse = 1;
    for (int i = 0; i < 5; i++) inverse *= 2 - modulus[0] * inverse;
    inverse = -inverse;
    for (int i = 0; i < DIGITS; i++) square[i] = 0;
    subtract(square, modulus);
    for (int i = 0; i < DIGITS; i++) one[i] = square[i];
    for (int bit = 0; bit < BITS; bit++) {
        u32 carry = square[DIGITS - 1] >> 31;
        for (int i = DIGITS - 1; i > 0; i--) square[i] = square[i] << 1 | square[i - 1] >> 31;
        square[0] <<= 1;
        if (carry || at_least(square, modulus)) subtract(square, modulus);
    }
}

static void power(u32 *to, const u32 *base, const u32 *exponent) {
    Number result;
    for (int i = 0; i < DIGITS; i++) result[i] = one[i];
    for (int bit = BITS - 1; bit >= 0; bit--) {
        multiply(result, result, result);
        if (exponent[bit / 32] >> bit % 32 & 1) multiply(result, result, base);
    }
    for (int i = 0; i < DIGITS; i++) to[i] = result[i];
}

int run(void) {
    Number square, base, exponent, plain = {1};
    u32 seed = 11, mix = 0;
    for (int i = 0; i < DIGITS; i++) {
        seed = seed * 1664525u + 1013904223u;
        modulus[i] = seed ^ seed >> 13;
        exponent[i] = seed * 2654435761u;
        base[i] = seed >> 5;
    }
    modulus[0] |= 1, modulus[DIGITS - 1] |= 0x80000000u;
    prepare(square);
    multiply(base, base, square);
    for (int i = 0; i < POWERS; i++) {
        power(base, base, exponent);
        exponent[i % DIGITS] ^= base[0];
        Number result;
        multiply(result, base, plain);
        for (int j = 0; j < DIGITS; j++) mix = mix * 31u + result[j];
    }
    return (int)mix;
}
