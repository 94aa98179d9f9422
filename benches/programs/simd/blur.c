// Autovectorised: a five-tap binomial blur of bytes in both directions, in 16-bit lanes: widening loads, shifts,
// and narrowing stores. Native is the same C through the vectoriser.
typedef unsigned char u8;
typedef unsigned short u16;
enum { WIDTH = 256, HEIGHT = 128, PASSES = 96 };
static u8 image[HEIGHT][WIDTH];
static u16 rows[HEIGHT][WIDTH];

static __attribute__((noinline)) void horizontal(u16 (*restrict to)[WIDTH], const u8 (*restrict from)[WIDTH]) {
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 2; x < WIDTH - 2; x++)
            to[y][x] = (u16)(from[y][x - 2] + from[y][x + 2] + 4 * (from[y][x - 1] + from[y][x + 1]) + 6 * from[y][x]);
}

static __attribute__((noinline)) void vertical(u8 (*restrict to)[WIDTH], const u16 (*restrict from)[WIDTH]) {
    for (int y = 2; y < HEIGHT - 2; y++)
        for (int x = 0; x < WIDTH; x++) {
            u16 outer = (u16)(from[y - 2][x] + from[y + 2][x]), inner = (u16)(from[y - 1][x] + from[y + 1][x]);
            to[y][x] = (u8)((u16)(outer + 4 * inner + 6 * from[y][x] + 128) >> 8);
        }
}

int run(void) {
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) image[y][x] = (u8)(x * 3 ^ y * 5), rows[y][x] = 0;
    for (int pass = 0; pass < PASSES; pass++) {
        horizontal(rows, (const u8 (*)[WIDTH])image);
        vertical(image, (const u16 (*)[WIDTH])rows);
        image[(pass + 40) % HEIGHT][(pass * 3 + 60) % WIDTH] = 255;
    }
    unsigned mix = 0;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) mix = mix * 31u + image[y][x];
    return (int)mix;
}
