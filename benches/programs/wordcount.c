// Words of a text counted in a chained hash table that grows, then the most frequent ones: pointers and byte compares.
typedef unsigned int u32;
typedef unsigned char u8;
typedef struct Word Word;
struct Word {
    Word *next;
    const u8 *start;
    u32 length, hash, count;
};
enum { SIZE = 400000, MOST = 60000, FIRST = 64, TOP = 20 };
static u8 text[SIZE];
static Word words[MOST];
static Word *chains[MOST * 2];
static u32 used, size, seed;

static u32 next(u32 below) { return seed = seed * 1664525u + 1013904223u, (seed >> 16) % below; }

static void grow(void) {
    for (u32 i = size; i < 2 * size; i++) chains[i] = 0;
    for (u32 i = 0; i < size; i++) {
        Word **keep = &chains[i], **move = &chains[i + size];
        for (Word *word = *keep; word; word = word->next) {
            if (word->hash & size) *move = word, move = &word->next;
            else *keep = word, keep = &word->next;
        }
        *keep = *move = 0;
    }
    size *= 2;
}

static __attribute__((noinline)) Word *find(const u8 *start, u32 length, u32 hash) {
    for (Word *word = chains[hash & (size - 1)]; word; word = word->next) {
        if (word->hash != hash || word->length != length) continue;
        u32 i = 0;
        while (i < length && word->start[i] == start[i]) i++;
        if (i == length) return word;
    }
    return 0;
}

static void count(void) {
    for (const u8 *p = text, *end = text + SIZE; p < end;) {
        u32 hash = 2166136261u;
        const u8 *start = p;
        for (; p < end && ((*p | 32) >= 'a' && (*p | 32) <= 'z'); p++) hash = (hash ^ (*p | 32u)) * 16777619u;
        if (p == start) {
            p++;
            continue;
        }
        Word *word = find(start, (u32)(p - start), hash);
        if (!word) {
            if (used == size) grow();
            Word **chain = &chains[hash & (size - 1)];
            word = &words[used++];
            *word = (Word){*chain, start, (u32)(p - start), hash, 0};
            *chain = word;
        }
        word->count++;
    }
}

int run(void) {
    seed = 77, used = 0, size = FIRST;
    // Two letters out of the low end of the alphabet and a tail that is mostly empty make frequent and rare words.
    for (int at = 0; at < SIZE;) {
        for (u32 n = 2 + next(4) * (next(3) == 0); n > 0 && at < SIZE; n--)
            text[at++] = (u8)((next(30) ? 'a' : 'A') + next(next(2) ? 8 : 26));
        if (at < SIZE) text[at++] = (u8) " ,\n "[next(4)];
    }
    for (int i = 0; i < FIRST; i++) chains[i] = 0;
    count();
    u32 mix = used;
    for (int i = 0; i < TOP; i++) {
        Word *top = words;
        for (u32 w = 1; w < used; w++)
            if (words[w].count > top->count) top = &words[w];
        for (u32 c = 0; c < top->length; c++) mix = mix * 31u + (top->start[c] | 32u);
        mix = mix * 31u + top->count;
        top->count = 0;
    }
    return (int)mix;
}
