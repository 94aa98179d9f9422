// A seven-point Jacobi stencil in three dimensions, with a residue: neighbouring loads at large constant strides.
enum { N = 44, STEPS = 60 };
static double grids[2][N][N][N];

static __attribute__((noinline)) void step(double (*restrict to)[N][N], const double (*restrict from)[N][N]) {
    for (int x = 1; x < N - 1; x++)
        for (int y = 1; y < N - 1; y++)
            for (int z = 1; z < N - 1; z++) {
                double around = from[x - 1][y][z] + from[x + 1][y][z] + from[x][y - 1][z] + from[x][y + 1][z] +
                                from[x][y][z - 1] + from[x][y][z + 1];
                to[x][y][z] = 0.4 * from[x][y][z] + 0.1 * around;
            }
}

double run(void) {
    for (int x = 0; x < N; x++)
        for (int y = 0; y < N; y++)
            for (int z = 0; z < N; z++) {
                int inside = x > 0 && x < N - 1 && y > 0 && y < N - 1 && z > 0 && z < N - 1;
                grids[0][x][y][z] = grids[1][x][y][z] = inside ? 0.0 : (double)((x * 7 + y * 5 + z * 3) % 13);
            }
    for (int i = 0; i < STEPS; i++) step(grids[(i + 1) & 1], grids[i & 1]);
    double sum = 0.0, change = 0.0;
    for (int x = 0; x < N; x++)
        for (int y = 0; y < N; y++)
            for (int z = 0; z < N; z++) {
                double difference = grids[0][x][y][z] - grids[1][x][y][z];
                sum += grids[0][x][y][z];
                change += difference * difference;
            }
    return sum + change;
}
