// Autovectorised: y += a x and the inner product, in single precision, on vectors that fit the first cache.
// Native is the same C through the vectoriser. The product has eight partial sums, since a sum may not be reordered.
enum { N = 2048, PASSES = 3000, LANES = 8 };
static float x[N], y[N];

static __attribute__((noinline)) void axpy(float *restrict to, const float *restrict from, float a) {
    for (int i = 0; i < N; i++) to[i] += a * from[i];
}

static __attribute__((noinline)) float dot(const float *p, const float *q) {
    float sums[LANES] = {0};
    for (int i = 0; i < N; i += LANES)
        for (int lane = 0; lane < LANES; lane++) sums[lane] += p[i + lane] * q[i + lane];
    float sum = 0.0f;
    for (int lane = 0; lane < LANES; lane++) sum += sums[lane];
    return sum;
}

double run(void) {
    for (int i = 0; i < N; i++) x[i] = (float)(i % 37 - 18) * 0.0625f, y[i] = (float)(i % 41) * 0.03125f;
    double total = 0.0;
    for (int pass = 0; pass < PASSES; pass++) {
        axpy(y, x, pass & 1 ? 0.125f : -0.109375f);
        total += (double)dot(x, y);
    }
    return total;
}
