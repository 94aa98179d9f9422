// Autovectorised: a five-point stencil in single precision, a load at each of five places for every vector stored.
// Native is the same C through the vectoriser.
enum { WIDTH = 260, HEIGHT = 132, STEPS = 120 };
static float grids[2][HEIGHT][WIDTH];

static __attribute__((noinline)) void step(float (*restrict to)[WIDTH], const float (*restrict from)[WIDTH]) {
    for (int y = 1; y < HEIGHT - 1; y++)
        for (int x = 1; x < WIDTH - 1; x++) {
            float around = from[y - 1][x] + from[y + 1][x] + from[y][x - 1] + from[y][x + 1];
            to[y][x] = from[y][x] + 0.125f * (around - 4.0f * from[y][x]);
        }
}

double run(void) {
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) grids[0][y][x] = grids[1][y][x] = (float)((x * 7 + y * 5) % 13);
    for (int i = 0; i < STEPS; i++) step(grids[(i + 1) & 1], (const float (*)[WIDTH])grids[i & 1]);
    double sum = 0.0;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) sum += (double)grids[0][y][x] * (double)(1 + (x & 3));
    return sum;
}
