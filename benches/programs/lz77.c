// LZ77 with a hash table of recent places: text is compressed, decompressed and compared. Byte copies that overlap.
typedef unsigned int u32;
typedef unsigned char u8;
enum { SIZE = 300000, BITS = 13, SHORTEST = 4, LONGEST = SHORTEST + 127, ROUNDS = 4 };
static u8 text[SIZE], packed[SIZE * 2], unpacked[SIZE];
static int recent[1 << BITS];

static u32 four(const u8 *p) { return p[0] | (u32)p[1] << 8 | (u32)p[2] << 16 | (u32)p[3] << 24; }

// A byte below 128 is followed by that many literals plus one; another one, by a distance in two bytes.
static int compress(const u8 *in, int size, u8 *out) {
    int used = 0, literals = 0;
    for (int i = 0; i < 1 << BITS; i++) recent[i] = -1;
    for (int at = 0; at < size;) {
        int length = 0, from = 0;
        if (at + SHORTEST <= size) {
            u32 slot = four(in + at) * 2654435761u >> (32 - BITS);
            from = recent[slot];
            recent[slot] = at;
            if (from >= 0 && at - from < 65536)
                while (length < LONGEST && at + length < size && in[from + length] == in[at + length]) length++;
        }
        int match = length >= SHORTEST;
        if (!match) literals++, at++;
        if (literals > 0 && (match || literals == 128 || at == size)) {
            out[used++] = (u8)(literals - 1);
            for (const u8 *p = in + at - literals; literals > 0; literals--) out[used++] = *p++;
        }
        if (match) {
            out[used++] = (u8)(128 + length - SHORTEST);
            out[used++] = (u8)(at - from);
            out[used++] = (u8)((at - from) >> 8);
            at += length;
        }
    }
    return used;
}

static int decompress(const u8 *in, int size, u8 *out) {
    int made = 0;
    for (int at = 0; at < size;) {
        int length = in[at++];
        if (length < 128) {
            for (length++; length > 0; length--) out[made++] = in[at++];
        } else {
            int distance = in[at] | in[at + 1] << 8;
            at += 2;
            for (length += SHORTEST - 128; length > 0; length--, made++) out[made] = out[made - distance];
        }
    }
    return made;
}

int run(void) {
    u32 seed = 99, mix = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int at = 0; at < SIZE;) {
            seed = seed * 1664525u + 1013904223u;
            int length = 3 + (int)(seed >> 28), back = 1 + (int)(seed >> 8 & 8191);
            int repeat = at > back && (seed >> 21 & 7) != 0;
            for (; length > 0 && at < SIZE; length--, at++)
                text[at] = repeat ? text[at - back] : (u8)(' ' + (seed = seed * 1664525u + 1013904223u) % 61 % 40);
        }
        int size = compress(text, SIZE, packed);
        if (decompress(packed, size, unpacked) != SIZE) return -1;
        for (int i = 0; i < SIZE; i++)
            if (text[i] != unpacked[i]) return -2;
        mix = mix * 31u + (u32)size;
        for (int i = 0; i < size; i += 5) mix = mix * 31u + packed[i];
    }
    return (int)mix;
}
