// LU decomposition with partial pivoting and two substitutions: rows of doubles, one row subtracted from another.
enum { N = 150, ROUNDS = 12 };
static double matrix[N][N], factors[N][N], solution[N];
static int pivots[N];

static double magnitude(double x) { return x < 0.0 ? -x : x; }

static void decompose(void) {
    for (int k = 0; k < N; k++) {
        int pivot = k;
        for (int i = k + 1; i < N; i++)
            if (magnitude(factors[i][k]) > magnitude(factors[pivot][k])) pivot = i;
        pivots[k] = pivot;
        for (int j = 0; j < N; j++) {
            double swap = factors[k][j];
            factors[k][j] = factors[pivot][j];
            factors[pivot][j] = swap;
        }
        double reciprocal = 1.0 / factors[k][k];
        for (int i = k + 1; i < N; i++) {
            double scale = factors[i][k] *= reciprocal;
            for (int j = k + 1; j < N; j++) factors[i][j] -= scale * factors[k][j];
        }
    }
}

static void solve(double x[N]) {
    for (int k = 0; k < N; k++) {
        double swap = x[k];
        x[k] = x[pivots[k]];
        x[pivots[k]] = swap;
    }
    for (int i = 0; i < N; i++)
        for (int j = 0; j < i; j++) x[i] -= factors[i][j] * x[j];
    for (int i = N - 1; i >= 0; i--) {
        for (int j = i + 1; j < N; j++) x[i] -= factors[i][j] * x[j];
        x[i] /= factors[i][i];
    }
}

double run(void) {
    double sum = 0.0;
    unsigned seed = 7;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < N; j++) {
                seed = seed * 1664525u + 1013904223u;
                factors[i][j] = matrix[i][j] = (double)(seed >> 16) / 65536.0 - 0.5;
            }
            solution[i] = (double)(i % 11) - 5.0;
        }
        decompose();
        solve(solution);
        for (int i = 0; i < N; i++) {
            double residue = (double)(i % 11) - 5.0;
            for (int j = 0; j < N; j++) residue -= matrix[i][j] * solution[j];
            sum += solution[i] + magnitude(residue) * 1e6;
        }
    }
    return sum;
}
