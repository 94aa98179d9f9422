// Autovectorised: a dense matrix product in single precision, four rows at once, so that each load serves four sums.
// Native is the same C through the vectoriser.
enum { N = 192, PASSES = 3 };
static float a[N][N], b[N][N], c[N][N];

static __attribute__((noinline)) void product(void) {
    for (int i = 0; i < N; i += 4)
        for (int k = 0; k < N; k++) {
            const float *restrict row = b[k];
            float *restrict c0 = c[i], *restrict c1 = c[i + 1], *restrict c2 = c[i + 2], *restrict c3 = c[i + 3];
            float a0 = a[i][k], a1 = a[i + 1][k], a2 = a[i + 2][k], a3 = a[i + 3][k];
            for (int j = 0; j < N; j++) {
                c0[j] += a0 * row[j];
                c1[j] += a1 * row[j];
                c2[j] += a2 * row[j];
                c3[j] += a3 * row[j];
            }
        }
}

double run(void) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = (float)((i * 7 + j * 3) % 31) * 0.25f;
            b[i][j] = (float)((i * 5 + j * 11) % 29) * 0.5f;
            c[i][j] = 0.0f;
        }
    for (int pass = 0; pass < PASSES; pass++) product();
    double sum = 0.0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) sum += (double)c[i][j] * (double)((i ^ j) & 7);
    return sum;
}
