// Autovectorised: lines, spaces, capitals and bytes beyond ASCII of a text: comparisons of bytes, sums in wider lanes.
// Native is the same C through the vectoriser.
typedef unsigned char u8;
enum { SIZE = 1 << 15, PASSES = 96 };
static u8 text[SIZE];

static __attribute__((noinline)) int count(const u8 *p, int size, u8 byte) {
    int found = 0;
    for (int i = 0; i < size; i++) found += p[i] == byte;
    return found;
}

static __attribute__((noinline)) int between(const u8 *p, int size, u8 low, u8 high) {
    int found = 0;
    for (int i = 0; i < size; i++) found += p[i] >= low && p[i] <= high;
    return found;
}

static __attribute__((noinline)) int ascii(const u8 *p, int size) {
    u8 all = 0;
    for (int i = 0; i < size; i++) all |= p[i];
    return all < 128;
}

int run(void) {
    unsigned seed = 1, mix = 0;
    for (int i = 0; i < SIZE; i++) {
        seed = seed * 1664525u + 1013904223u;
        unsigned r = seed >> 24;
        text[i] = r < 6 ? '\n' : r < 44 ? ' ' : r < 60 ? (u8)('A' + r % 26) : (u8)('a' + r % 26);
    }
    for (int pass = 0; pass < PASSES; pass++) {
        text[(pass * 1237) % SIZE] = (u8)(pass * 11);
        mix = mix * 31u + (unsigned)count(text, SIZE - pass, '\n');
        mix = mix * 31u + (unsigned)count(text + pass, SIZE - pass, ' ');
        mix = mix * 31u + (unsigned)between(text, SIZE - pass, 'A', 'Z');
        mix = mix * 31u + (unsigned)ascii(text, SIZE - pass);
    }
    return (int)mix;
}
