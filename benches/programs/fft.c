// A fast Fourier transform of complex doubles and its inverse, for a convolution: strides that double, bit reversal.
enum { BITS = 13, N = 1 << BITS, ROUNDS = 16 };
typedef struct {
    double re, im;
} Complex;
static Complex a[N], b[N], roots[N / 2];

// The roots of unity by halving the angle (square roots only), then by products.
static void make_roots(void) {
    Complex root = {0.0, 1.0};
    roots[0] = (Complex){1.0, 0.0};
    for (int i = N / 4; i >= 1; i /= 2) {
        roots[i] = root;
        root.re = __builtin_sqrt(0.5 + 0.5 * root.re);
        root.im /= 2.0 * root.re;
    }
    for (int i = 1; i < N / 2; i++) {
        int low = i & -i, rest = i - low;
        if (rest == 0) continue;
        Complex p = roots[rest], q = roots[low];
        roots[i] = (Complex){p.re * q.re - p.im * q.im, p.re * q.im + p.im * q.re};
    }
}

static __attribute__((noinline)) void transform(Complex *x, double sign) {
    for (int i = 0, j = 0; i < N; i++) {
        if (i < j) {
            Complex swap = x[i];
            x[i] = x[j];
            x[j] = swap;
        }
        int bit = N >> 1;
        while (j & bit) j ^= bit, bit >>= 1;
        j |= bit;
    }
    for (int half = 1; half < N; half *= 2)
        for (int block = 0; block < N; block += 2 * half)
            for (int i = 0; i < half; i++) {
                Complex w = roots[i * (N / 2 / half)], u = x[block + i], v = x[block + i + half];
                double re = v.re * w.re - v.im * w.im * sign, im = v.re * w.im * sign + v.im * w.re;
                x[block + i] = (Complex){u.re + re, u.im + im};
                x[block + i + half] = (Complex){u.re - re, u.im - im};
            }
}

double run(void) {
    make_roots();
    double sum = 0.0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < N; i++) {
            a[i] = (Complex){i < N / 2 ? (double)((i * 7 + round) % 19) - 9.0 : 0.0, 0.0};
            b[i] = (Complex){i < N / 2 ? (double)((i * 5 + round) % 23) - 11.0 : 0.0, 0.0};
        }
        transform(a, 1.0);
        transform(b, 1.0);
        for (int i = 0; i < N; i++)
            a[i] = (Complex){a[i].re * b[i].re - a[i].im * b[i].im, a[i].re * b[i].im + a[i].im * b[i].re};
        transform(a, -1.0);
        for (int i = 0; i < N; i++) sum += a[i].re / N * (i % 16) + a[i].im;
    }
    return sum;
}
