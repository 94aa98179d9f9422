// Autovectorised: RGBA pixels to grey and to a thresholded mask: bytes taken apart, widened, multiplied, and narrowed.
// Native is the same C through the vectoriser.
typedef unsigned char u8;
typedef unsigned short u16;
enum { PIXELS = 1 << 14, PASSES = 60 };
static u8 rgba[4 * PIXELS], grey[PIXELS], mask[PIXELS];

static __attribute__((noinline)) void convert(u8 *restrict to, const u8 *restrict from) {
    for (int i = 0; i < PIXELS; i++)
        to[i] = (u8)((u16)(from[4 * i] * 77 + from[4 * i + 1] * 150 + from[4 * i + 2] * 29 + 128) >> 8);
}

static __attribute__((noinline)) void threshold(u8 *restrict to, const u8 *restrict from, u8 limit) {
    for (int i = 0; i < PIXELS; i++) to[i] = from[i] > limit ? 255 : from[i] >> 1;
}

int run(void) {
    for (int i = 0; i < 4 * PIXELS; i++) rgba[i] = (u8)(i * 13 + (i >> 7) * 5);
    unsigned mix = 0;
    for (int pass = 0; pass < PASSES; pass++) {
        convert(grey, rgba);
        threshold(mask, grey, (u8)(pass * 4));
        mix = mix * 31u + mask[pass * 97] + grey[pass * 193];
    }
    for (int i = 0; i < PIXELS; i++) mix = mix * 31u + mask[i];
    return (int)mix;
}
