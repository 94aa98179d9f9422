// Autovectorised: motion search by sums of absolute differences of blocks of 16 by 16 bytes at every displacement.
// Native is the same C through the vectoriser (which may find `psadbw`; Wasm has no such operator).
typedef unsigned char u8;
enum { WIDTH = 192, HEIGHT = 160, BLOCK = 16, REACH = 8 };
static u8 before[HEIGHT][WIDTH], after[HEIGHT][WIDTH];

static __attribute__((noinline)) int difference(const u8 *p, const u8 *q) {
    int sum = 0;
    for (int y = 0; y < BLOCK; y++, p += WIDTH, q += WIDTH)
        for (int x = 0; x < BLOCK; x++) {
            int d = p[x] - q[x];
            sum += d < 0 ? -d : d;
        }
    return sum;
}

int run(void) {
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) before[y][x] = (u8)(x * y + (x >> 3) * 11 + y * 7);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            after[y][x] = before[(y + 3) % HEIGHT][(x + 5) % WIDTH] ^ (u8)((x * 31 + y) % 17 == 0);
    unsigned mix = 0;
    for (int y = REACH; y + BLOCK + REACH <= HEIGHT; y += BLOCK)
        for (int x = REACH; x + BLOCK + REACH <= WIDTH; x += BLOCK) {
            int least = 1 << 30, where = 0;
            for (int dy = -REACH; dy <= REACH; dy++)
                for (int dx = -REACH; dx <= REACH; dx++) {
                    int sum = difference(&after[y][x], &before[y + dy][x + dx]);
                    if (sum < least) least = sum, where = dy * 64 + dx;
                }
            mix = mix * 31u + (unsigned)least * 7u + (unsigned)where;
        }
    return (int)mix;
}
