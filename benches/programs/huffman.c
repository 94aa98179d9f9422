// Huffman coding: frequencies, a tree by a heap, canonical codes, bits packed, and unpacked by walking the lengths.
typedef unsigned long long u64;
typedef unsigned int u32;
typedef unsigned char u8;
enum { SIZE = 250000, SYMBOLS = 256, LONGEST = 32, ROUNDS = 2 };
static u8 text[SIZE], packed[SIZE * 2], unpacked[SIZE];
static u32 frequency[2 * SYMBOLS];
static int parent[2 * SYMBOLS], heap[SYMBOLS + 1], heaped;
static u8 lengths[SYMBOLS], ordered[SYMBOLS];
static u32 codes[SYMBOLS], count[LONGEST + 1];

static void sift_up(int at) {
    int node = heap[at];
    for (; at > 1 && frequency[heap[at / 2]] > frequency[node]; at /= 2) heap[at] = heap[at / 2];
    heap[at] = node;
}

static int pop(void) {
    int top = heap[1], node = heap[heaped--], at = 1;
    for (int child; (child = 2 * at) <= heaped; at = child) {
        if (child < heaped && frequency[heap[child + 1]] < frequency[heap[child]]) child++;
        if (frequency[heap[child]] >= frequency[node]) break;
        heap[at] = heap[child];
    }
    heap[at] = node;
    return top;
}

static void make_codes(void) {
    int nodes = SYMBOLS;
    for (int s = 0; s < SYMBOLS; s++) frequency[s] = 1;
    for (int i = 0; i < SIZE; i++) frequency[text[i]]++;
    heaped = 0;
    for (int s = 0; s < SYMBOLS; s++) heap[++heaped] = s, sift_up(heaped);
    while (heaped > 1) {
        int a = pop(), b = pop();
        frequency[nodes] = frequency[a] + frequency[b];
        parent[a] = parent[b] = nodes;
        heap[++heaped] = nodes++;
        sift_up(heaped);
    }
    for (int i = 0; i <= LONGEST; i++) count[i] = 0;
    for (int s = 0; s < SYMBOLS; s++) {
        u8 length = 0;
        for (int node = s; node != nodes - 1; node = parent[node]) length++;
        lengths[s] = length;
        count[length]++;
    }
    u32 code = 0;
    int place = 0;
    for (u8 length = 1; length <= LONGEST; length++, code <<= 1)
        for (int s = 0; s < SYMBOLS; s++)
            if (lengths[s] == length) codes[s] = code++, ordered[place++] = (u8)s;
}

static u32 pack(void) {
    u64 bits = 0;
    u32 used = 0;
    int held = 0;
    for (int i = 0; i < SIZE; i++) {
        bits = bits << lengths[text[i]] | codes[text[i]];
        for (held += lengths[text[i]]; held >= 8; held -= 8) packed[used++] = (u8)(bits >> (held - 8));
    }
    packed[used++] = (u8)(bits << (8 - held));
    return used;
}

static void unpack(void) {
    u32 bit = 0;
    for (int i = 0; i < SIZE; i++) {
        u32 code = 0, first = 0, place = 0;
        for (int length = 1;; length++) {
            code |= packed[bit >> 3] >> (7 - (bit & 7)) & 1u;
            bit++;
            if (code - first < count[length]) {
                unpacked[i] = ordered[place + code - first];
                break;
            }
            place += count[length];
            first = (first + count[length]) << 1;
            code <<= 1;
        }
    }
}

int run(void) {
    u32 seed = 8, mix = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < SIZE; i++) {
            seed = seed * 1664525u + 1013904223u;
            u32 a = seed >> 24, b = seed >> 16 & 255;
            text[i] = (u8)(a * b * (seed >> 8 & 255) >> 16);
        }
        make_codes();
        u32 size = pack();
        unpack();
        for (int i = 0; i < SIZE; i++)
            if (text[i] != unpacked[i]) return -1;
        for (u32 i = 0; i < size; i += 7) mix = mix * 31u + packed[i];
        mix ^= size;
    }
    return (int)mix;
}
