// XXH64 of pieces of many lengths, and SipHash-2-4 of short keys: 64-bit products and rotations, unaligned wide loads.
typedef unsigned long long u64;
typedef unsigned int u32;
typedef unsigned char u8;
enum { SIZE = 1 << 16, PIECES = 4000, KEYS = 70000 };
static const u64 P1 = 0x9e3779b185ebca87, P2 = 0xc2b2ae3d27d4eb4f, P3 = 0x165667b19e3779f9, P4 = 0x85ebca77c2b2ae63,
                 P5 = 0x27d4eb2f165667c5;
static u8 buffer[SIZE];

static u64 rotl(u64 x, int n) { return x << n | x >> (64 - n); }

static u64 read64(const u8 *p) {
    u64 x;
    __builtin_memcpy(&x, p, sizeof x);
    return x;
}

static u32 read32(const u8 *p) {
    u32 x;
    __builtin_memcpy(&x, p, sizeof x);
    return x;
}

static u64 stir(u64 lane, u64 input) { return rotl(lane + input * P2, 31) * P1; }
static u64 merge(u64 hash, u64 lane) { return (hash ^ stir(0, lane)) * P1 + P4; }

static __attribute__((noinline)) u64 xxh64(const u8 *p, u32 size, u64 seed) {
    const u8 *end = p + size;
    u64 hash = seed + P5;
    if (size >= 32) {
        u64 a = seed + P1 + P2, b = seed + P2, c = seed, d = seed - P1;
        for (; end - p >= 32; p += 32) {
            a = stir(a, read64(p)), b = stir(b, read64(p + 8));
            c = stir(c, read64(p + 16)), d = stir(d, read64(p + 24));
        }
        hash = rotl(a, 1) + rotl(b, 7) + rotl(c, 12) + rotl(d, 18);
        hash = merge(merge(merge(merge(hash, a), b), c), d);
    }
    hash += size;
    for (; end - p >= 8; p += 8) hash = rotl(hash ^ stir(0, read64(p)), 27) * P1 + P4;
    if (end - p >= 4) hash = rotl(hash ^ read32(p) * P1, 23) * P2 + P3, p += 4;
    while (p < end) hash = rotl(hash ^ *p++ * P5, 11) * P1;
    hash = (hash ^ hash >> 33) * P2;
    hash = (hash ^ hash >> 29) * P3;
    return hash ^ hash >> 32;
}

typedef struct {
    u64 a, b, c, d;
} Sip;

static void rounds(Sip *s, int count) {
    for (; count > 0; count--) {
        s->a += s->b, s->b = rotl(s->b, 13) ^ s->a, s->a = rotl(s->a, 32);
        s->c += s->d, s->d = rotl(s->d, 16) ^ s->c;
        s->a += s->d, s->d = rotl(s->d, 21) ^ s->a;
        s->c += s->b, s->b = rotl(s->b, 17) ^ s->c, s->c = rotl(s->c, 32);
    }
}

static __attribute__((noinline)) u64 siphash(const u8 *p, u32 size, u64 k0, u64 k1) {
    Sip s = {k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573};
    u64 last = (u64)size << 56;
    u32 at = 0;
    for (; at + 8 <= size; at += 8) {
        u64 word = read64(p + at);
        s.d ^= word;
        rounds(&s, 2);
        s.a ^= word;
    }
    for (int shift = 0; at < size; shift += 8) last |= (u64)p[at++] << shift;
    s.d ^= last;
    rounds(&s, 2);
    s.a ^= last, s.c ^= 255;
    rounds(&s, 4);
    return s.a ^ s.b ^ s.c ^ s.d;
}

long long run(void) {
    for (u32 i = 0; i < SIZE; i++) buffer[i] = (u8)i;
    // The published result for nothing, and the one in the appendix of SipHash's paper.
    u64 mix = xxh64(buffer, 0, 0);
    if (mix != 0xef46db3751d8e999) return 0;
    if (siphash(buffer, 15, 0x0706050403020100, 0x0f0e0d0c0b0a0908) != 0xa129ca6149be45e5) return 0;
    for (u32 i = 0; i < SIZE; i++) buffer[i] = (u8)(i * i >> 3 ^ i);
    for (u32 i = 0; i < PIECES; i++) {
        u32 size = i * 37 % 32000;
        mix = xxh64(buffer + (mix & 32767), size, mix);
    }
    for (u32 i = 0; i < KEYS; i++) mix += siphash(buffer + (mix & 32767), 3 + (i & 31), mix, i);
    return (long long)mix;
}
