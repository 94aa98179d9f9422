// Dense matrix product in double precision, the loop order that a vectoriser likes. Floats in registers across loops.
enum { N = 400 };
static double a[N][N], b[N][N], c[N][N];

double run(void) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = (double)((i * 7 + j * 3) % 31) * 0.25;
            b[i][j] = (double)((i * 5 + j * 11) % 29) * 0.5;
            c[i][j] = 0.0;
        }
    for (int i = 0; i < N; i++)
        for (int k = 0; k < N; k++) {
            double x = a[i][k];
            for (int j = 0; j < N; j++) c[i][j] += x * b[k][j];
        }
    double sum = 0.0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) sum += c[i][j] * (double)((i ^ j) & 7);
    return sum;
}
