// An open-addressing hash table of 64-bit keys: insert, look up, delete. Multiplications, masks, scattered memory.
typedef unsigned long long u64;
typedef unsigned int u32;
enum { SLOTS = 1 << 17, KEYS = 70000, ROUNDS = 16 };
typedef struct {
    u64 key;
    u32 value, used;
} Entry;
static Entry entries[SLOTS];

static u32 slot_of(u64 key) { return (u32)((key * 0x9e3779b97f4a7c15ull) >> 47) & (SLOTS - 1); }

static __attribute__((noinline)) Entry *find(u64 key) {
    u32 i = slot_of(key);
    while (entries[i].used && entries[i].key != key) i = (i + 1) & (SLOTS - 1);
    return &entries[i];
}

static u64 key_at(u32 i, u32 round) { return (u64)i * 2654435761u ^ (u64)round << 40; }

long long run(void) {
    u64 mix = 0;
    for (u32 round = 0; round < ROUNDS; round++) {
        for (u32 i = 0; i < SLOTS; i++) entries[i].used = 0;
        for (u32 i = 0; i < KEYS; i++) {
            Entry *e = find(key_at(i % (KEYS / 2 + 1000 * round), round));
            if (!e->used) {
                e->used = 1;
                e->key = key_at(i % (KEYS / 2 + 1000 * round), round);
                e->value = i;
            } else {
                e->value += i;
            }
        }
        for (u32 i = 0; i < KEYS; i++) {
            Entry *e = find(key_at(i, round));
            mix = mix * 31 + (e->used ? e->value : 1u);
        }
    }
    return (long long)mix;
}
