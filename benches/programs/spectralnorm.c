// Spectral norm of an infinite matrix: divisions, conversions from integers, small pure calls.
enum { N = 480 };
static double u[N], v[N], t[N];

static double a(int i, int j) { return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1); }

static __attribute__((noinline)) void times(double *out, const double *in) {
    for (int i = 0; i < N; i++) {
        double sum = 0.0;
        for (int j = 0; j < N; j++) sum += a(i, j) * in[j];
        out[i] = sum;
    }
}

static __attribute__((noinline)) void transposed_times(double *out, const double *in) {
    for (int i = 0; i < N; i++) {
        double sum = 0.0;
        for (int j = 0; j < N; j++) sum += a(j, i) * in[j];
        out[i] = sum;
    }
}

double run(void) {
    for (int i = 0; i < N; i++) u[i] = 1.0;
    for (int i = 0; i < 8; i++) {
        times(t, u);
        transposed_times(v, t);
        times(t, v);
        transposed_times(u, t);
    }
    double vbv = 0.0, vv = 0.0;
    for (int i = 0; i < N; i++) {
        vbv += u[i] * v[i];
        vv += v[i] * v[i];
    }
    return __builtin_sqrt(vbv / vv);
}
