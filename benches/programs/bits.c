// Sets and chess boards in 64-bit words: ones counted, zeros counted from both ends, bits walked, bytes reversed.
typedef unsigned long long u64;
typedef unsigned int u32;
enum { WORDS = 4096, ROUNDS = 40 };
static u64 sets[2][WORDS];

static int similarity(void) {
    int both = 0, either = 0;
    for (int i = 0; i < WORDS; i++) {
        both += __builtin_popcountll(sets[0][i] & sets[1][i]);
        either += __builtin_popcountll(sets[0][i] | sets[1][i]);
    }
    return both * 1000 / either;
}

static u32 members(void) {
    u32 mix = 0;
    for (int i = 0; i < WORDS; i++)
        for (u64 set = sets[0][i] & ~sets[1][i]; set; set &= set - 1)
            mix = mix * 31u + (u32)(i * 64 + __builtin_ctzll(set));
    return mix;
}

// What a rook sees: the squares up to the first occupied one in each direction, by counting zeros.
static u64 rook(u64 occupied, int square) {
    int row = square / 8, column = square % 8;
    u64 line = occupied >> (8 * row) & 255, up = line >> column >> 1, down = line & ((1u << column) - 1);
    int right = up ? __builtin_ctzll(up) + 1 : 7 - column;
    int left = down ? column - (63 - __builtin_clzll(down)) : column;
    u64 seen = ((1ull << (right + left + 1)) - 1) << (square - left) & ~(1ull << square);
    u64 file = 0x0101010101010101ull << column, above = square < 56 ? (occupied & file) >> square >> 8 : 0;
    int reach = above ? __builtin_ctzll(above) / 8 + 1 : 7 - row;
    for (int i = 1; i <= reach; i++) seen |= 1ull << (square + 8 * i);
    u64 below = occupied & file & ((1ull << square) - 1);
    reach = below ? (square - (63 - __builtin_clzll(below))) / 8 : row;
    for (int i = 1; i <= reach; i++) seen |= 1ull << (square - 8 * i);
    return seen;
}

static u64 reverse(u64 x) {
    x = (x >> 1 & 0x5555555555555555) | (x & 0x5555555555555555) << 1;
    x = (x >> 2 & 0x3333333333333333) | (x & 0x3333333333333333) << 2;
    x = (x >> 4 & 0x0f0f0f0f0f0f0f0f) | (x & 0x0f0f0f0f0f0f0f0f) << 4;
    return __builtin_bswap64(x);
}

static u32 varint_sizes(void) {
    u32 bytes = 0;
    for (int i = 0; i < WORDS; i++) {
        u64 value = sets[0][i] >> (i & 63);
        bytes += (u32)(70 - __builtin_clzll(value | 1)) / 7;
        bytes += (u32)__builtin_clz((u32)value | 1) + (u32)__builtin_parityll(value);
    }
    return bytes;
}

int run(void) {
    u64 seed = 0x2545f4914f6cdd1d;
    u32 mix = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < WORDS; i++) {
            seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
            sets[0][i] = seed & seed << 9;
            sets[1][i] = seed ^ (seed >> 3 | seed << 61);
        }
        mix = mix * 31u + (u32)similarity();
        mix = mix * 31u + members();
        mix = mix * 31u + varint_sizes();
        for (int i = 0; i < WORDS; i++) {
            u64 seen = rook(sets[0][i], i & 63);
            sets[1][i] = reverse(seen) ^ seen;
            mix = mix * 31u + (u32)__builtin_popcountll(seen);
        }
        mix = mix * 31u + members();
    }
    return (int)mix;
}
