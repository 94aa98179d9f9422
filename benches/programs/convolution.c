// A picture of bytes under a five by five kernel, clamped at its edges, then thresholded: narrow loads, saturation.
typedef unsigned char u8;
enum { WIDTH = 320, HEIGHT = 240, REACH = 2, ROUNDS = 6 };
static u8 pictures[2][HEIGHT][WIDTH];
static const signed char blur[5][5] = {
    {1, 4, 6, 4, 1}, {4, 16, 24, 16, 4}, {6, 24, 36, 24, 6}, {4, 16, 24, 16, 4}, {1, 4, 6, 4, 1}};
static const signed char sharpen[5][5] = {
    {-1, -3, -4, -3, -1}, {-3, 0, 6, 0, -3}, {-4, 6, 101, 6, -4}, {-3, 0, 6, 0, -3}, {-1, -3, -4, -3, -1}};

static int clamp(int x, int low, int high) { return x < low ? low : x > high ? high : x; }

static __attribute__((noinline)) void
convolve(u8 (*restrict to)[WIDTH], u8 (*restrict from)[WIDTH], const signed char kernel[5][5], int shift) {
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            int sum = 1 << shift >> 1;
            if (x >= REACH && x < WIDTH - REACH && y >= REACH && y < HEIGHT - REACH) {
                for (int dy = 0; dy < 5; dy++)
                    for (int dx = 0; dx < 5; dx++) sum += kernel[dy][dx] * from[y + dy - REACH][x + dx - REACH];
            } else {
                for (int dy = 0; dy < 5; dy++)
                    for (int dx = 0; dx < 5; dx++)
                        sum += kernel[dy][dx] *
                               from[clamp(y + dy - REACH, 0, HEIGHT - 1)][clamp(x + dx - REACH, 0, WIDTH - 1)];
            }
            to[y][x] = (u8)clamp(sum >> shift, 0, 255);
        }
}

int run(void) {
    unsigned seed = 5, mix = 0;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            seed = seed * 1664525u + 1013904223u;
            int inside = (x - 150) * (x - 150) + (y - 110) * (y - 110) < 8000;
            pictures[0][y][x] = (u8)((inside ? 160 : 40) + (seed >> 27));
        }
    for (int round = 0; round < ROUNDS; round++) {
        convolve(pictures[1], pictures[0], blur, 8);
        convolve(pictures[0], pictures[1], sharpen, 6);
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++) mix = mix * 31u + (pictures[0][y][x] > 100 ? pictures[0][y][x] : 1u);
    }
    return (int)mix;
}
