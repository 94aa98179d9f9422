// Conway's game of life on a torus of bytes: eight neighbours added, rows that wrap, a rule of two comparisons.
typedef unsigned char u8;
enum { WIDTH = 200, HEIGHT = 150, GENERATIONS = 60 };
static u8 fields[2][HEIGHT][WIDTH];

static __attribute__((noinline)) int step(u8 (*restrict to)[WIDTH], u8 (*restrict from)[WIDTH]) {
    int alive = 0;
    for (int y = 0; y < HEIGHT; y++) {
        const u8 *above = from[y ? y - 1 : HEIGHT - 1], *row = from[y], *below = from[y + 1 < HEIGHT ? y + 1 : 0];
        for (int x = 0; x < WIDTH; x++) {
            int left = x ? x - 1 : WIDTH - 1, right = x + 1 < WIDTH ? x + 1 : 0;
            int around = above[left] + above[x] + above[right] + row[left] + row[right] + below[left] + below[x] +
                         below[right];
            to[y][x] = around == 3 || (around == 2 && row[x]);
            alive += to[y][x];
        }
    }
    return alive;
}

int run(void) {
    unsigned seed = 4, mix = 0;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            seed = seed * 1664525u + 1013904223u;
            fields[0][y][x] = seed >> 30 == 0;
        }
    for (int i = 0; i < GENERATIONS; i++) mix = mix * 31u + (unsigned)step(fields[(i + 1) & 1], fields[i & 1]);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) mix = mix * 2 + fields[0][y][x] + (mix >> 31);
    return (int)mix;
}
