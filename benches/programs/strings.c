// Text in memory: generate words, search by Horspool's method, count, reverse and case-fold. Byte loads and stores.
typedef unsigned int u32;
typedef unsigned char u8;
enum { SIZE = 600000, WORDS = 40 };
static u8 text[SIZE], copy[SIZE];
static u8 words[WORDS][12];
static int lengths[WORDS];
static u32 seed;

static u32 next(void) { return seed = seed * 1664525u + 1013904223u, seed >> 16; }

static __attribute__((noinline)) int count(const u8 *word, int length) {
    int skip[256];
    for (int i = 0; i < 256; i++) skip[i] = length;
    for (int i = 0; i < length - 1; i++) skip[word[i]] = length - 1 - i;
    int found = 0;
    for (int at = 0; at + length <= SIZE;) {
        int i = length - 1;
        while (i >= 0 && text[at + i] == word[i]) i--;
        if (i < 0) found++;
        at += skip[text[at + length - 1]];
    }
    return found;
}

int run(void) {
    seed = 42;
    for (int w = 0; w < WORDS; w++) {
        lengths[w] = 3 + (int)(next() % 8);
        for (int i = 0; i < lengths[w]; i++) words[w][i] = (u8)('a' + next() % 16);
    }
    for (int at = 0; at < SIZE;) {
        u32 w = next() % WORDS;
        for (int i = 0; i < lengths[w] && at < SIZE; i++) text[at++] = words[w][i];
        if (at < SIZE) text[at++] = ' ';
    }
    u32 mix = 0;
    for (int w = 0; w < WORDS; w++) mix = mix * 31u + (u32)count(words[w], lengths[w]);
    for (int i = 0; i < SIZE; i++) {
        u8 c = text[SIZE - 1 - i];
        copy[i] = c >= 'a' && c <= 'p' ? (u8)(c - 32) : c;
    }
    for (int start = 0; start < SIZE;) {
        int end = start;
        u32 hash = 2166136261u;
        while (end < SIZE && copy[end] != ' ') hash = (hash ^ copy[end++]) * 16777619u;
        mix ^= hash + (u32)(end - start);
        start = end + 1;
    }
    return (int)mix;
}
