// A text editor's gap buffer: edits at near and far places, then lines copied in order. Bulk moves of all sizes.
typedef unsigned int u32;
typedef unsigned char u8;
enum { CAPACITY = 1 << 18, EDITS = 60000, LINES = 20000 };
static u8 buffer[CAPACITY], sorted[CAPACITY];
static u32 gap, after, seed;

static u32 next(u32 below) { return seed = seed * 1664525u + 1013904223u, (seed >> 12) % below; }

static void move_gap(u32 to) {
    if (to < gap) {
        after -= gap - to;
        __builtin_memmove(buffer + after, buffer + to, gap - to);
    } else {
        __builtin_memmove(buffer + gap, buffer + after, to - gap);
        after += to - gap;
    }
    gap = to;
}

static void insert(const u8 *text, u32 length) {
    if (after - gap < length) return;
    __builtin_memcpy(buffer + gap, text, length);
    gap += length;
}

static u32 lines_by_length(void) {
    static u32 starts[LINES], lengths[LINES], places[256];
    u32 lines = 0, used = 0, start = 0;
    move_gap(gap + CAPACITY - after);
    for (u32 i = 0; i < gap && lines < LINES; i++)
        if (buffer[i] == '\n' || i - start == 254) {
            starts[lines] = start;
            lengths[lines++] = i + 1 - start;
            start = i + 1;
        }
    __builtin_memset(places, 0, sizeof places);
    for (u32 i = 0; i < lines; i++) places[lengths[i]] += lengths[i];
    for (u32 i = 0; i < 256; i++) {
        u32 size = places[i];
        places[i] = used;
        used += size;
    }
    for (u32 i = 0; i < lines; i++) {
        __builtin_memcpy(sorted + places[lengths[i]], buffer + starts[i], lengths[i]);
        places[lengths[i]] += lengths[i];
    }
    u32 mix = used;
    for (u32 i = 0; i < used; i++) mix = mix * 31u + sorted[i];
    return mix;
}

int run(void) {
    u8 typed[96];
    u32 mix = 0;
    seed = 1, gap = 0, after = CAPACITY;
    for (int i = 0; i < EDITS; i++) {
        u32 length = gap + CAPACITY - after, kind = next(16);
        if (kind == 0 && i % 8 == 0) move_gap(next(length + 1));
        else if (kind < 6) move_gap(gap > 40 ? gap - next(40) : gap);
        else if (kind < 10 && gap + 40 < length) move_gap(gap + next(40));
        if (kind < 13) {
            u32 size = 1 + next(kind < 8 ? 6 : 90);
            __builtin_memset(typed, (int)('a' + next(26)), size);
            if (next(4) == 0) typed[size - 1] = '\n';
            insert(typed, size);
        } else {
            u32 size = next(50);
            if (kind == 13 && gap > size) gap -= size;
            else if (CAPACITY - after > size) after += size;
        }
        if (i % 16384 == 0) mix = mix * 31u + lines_by_length();
    }
    return (int)(mix * 31u + lines_by_length());
}
