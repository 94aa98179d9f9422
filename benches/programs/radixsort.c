// Sorting of 64-bit keys by their bytes and of floats in a heap, each checked: counters in memory, index arithmetic.
typedef unsigned long long u64;
typedef unsigned int u32;
enum { KEYS = 30000, FLOATS = 30000 };
static u64 keys[KEYS], spare[KEYS];
static float heap[FLOATS];

static __attribute__((noinline)) void radix_sort(void) {
    u64 *from = keys, *to = spare;
    for (int shift = 0; shift < 64; shift += 8) {
        u32 places[256] = {0}, sum = 0;
        for (int i = 0; i < KEYS; i++) places[from[i] >> shift & 255]++;
        for (int i = 0; i < 256; i++) {
            u32 count = places[i];
            places[i] = sum;
            sum += count;
        }
        for (int i = 0; i < KEYS; i++) to[places[from[i] >> shift & 255]++] = from[i];
        u64 *swap = from;
        from = to, to = swap;
    }
}

static void sift(int at, int count) {
    float value = heap[at];
    for (int child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && heap[child + 1] > heap[child]) child++;
        if (heap[child] <= value) break;
        heap[at] = heap[child];
    }
    heap[at] = value;
}

static __attribute__((noinline)) void heap_sort(void) {
    for (int i = FLOATS / 2 - 1; i >= 0; i--) sift(i, FLOATS);
    for (int last = FLOATS - 1; last > 0; last--) {
        float top = heap[0];
        heap[0] = heap[last];
        heap[last] = top;
        sift(0, last);
    }
}

long long run(void) {
    u64 seed = 0x9e3779b97f4a7c15, mix = 0;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < KEYS; i++) {
            seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
            keys[i] = seed;
            heap[i] = (float)(int)(seed >> 40) * 0.125f - 1000.0f;
        }
        radix_sort();
        heap_sort();
        for (int i = 1; i < KEYS; i++)
            if (keys[i - 1] > keys[i] || heap[i - 1] > heap[i]) return -1;
        for (int i = 0; i < KEYS; i += 3) mix = mix * 31 + keys[i] + (u64)(long long)heap[i];
    }
    return (long long)mix;
}
