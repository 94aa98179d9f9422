// A stable merge sort of pointers to records by comparison functions: `call_indirect` for each comparison.
typedef struct {
    unsigned key;
    short group;
    unsigned char name[10];
} Record;
typedef int Compare(const Record *, const Record *);
enum { RECORDS = 16000 };
static Record records[RECORDS];
static const Record *sorted[RECORDS], *scratch[RECORDS];

static int by_key(const Record *a, const Record *b) { return (a->key > b->key) - (a->key < b->key); }
static int by_group(const Record *a, const Record *b) { return a->group - b->group; }
static int by_name(const Record *a, const Record *b) {
    for (int i = 0; i < 10; i++)
        if (a->name[i] != b->name[i]) return a->name[i] - b->name[i];
    return 0;
}
static int by_group_and_name(const Record *a, const Record *b) {
    int groups = by_group(a, b);
    return groups ? groups : by_name(a, b);
}

static void sort(const Record **from, const Record **spare, int count, Compare *compare) {
    if (count <= 8) {
        for (int i = 1; i < count; i++) {
            const Record *record = from[i];
            int j = i;
            for (; j > 0 && compare(from[j - 1], record) > 0; j--) from[j] = from[j - 1];
            from[j] = record;
        }
        return;
    }
    int half = count / 2;
    sort(from, spare, half, compare);
    sort(from + half, spare, count - half, compare);
    for (int i = 0; i < half; i++) spare[i] = from[i];
    int left = 0, right = half, to = 0;
    while (left < half && right < count)
        from[to++] = compare(spare[left], from[right]) <= 0 ? spare[left++] : from[right++];
    while (left < half) from[to++] = spare[left++];
}

int run(void) {
    static Compare *const orders[] = {by_key, by_name, by_group, by_group_and_name};
    unsigned seed = 21, mix = 0;
    for (int i = 0; i < RECORDS; i++) {
        seed = seed * 1664525u + 1013904223u;
        records[i].key = seed ^ seed >> 15;
        records[i].group = (short)((int)(seed >> 20 & 255) - 128);
        for (int c = 0; c < 10; c++) {
            seed = seed * 1664525u + 1013904223u;
            records[i].name[c] = (unsigned char)('a' + (seed >> 28) % 3);
        }
        sorted[i] = &records[i];
    }
    for (int order = 0; order < 4; order++) {
        sort(sorted, scratch, RECORDS, orders[order]);
        for (int i = 0; i < RECORDS; i++) mix = mix * 31u + (unsigned)(sorted[i] - records);
    }
    return (int)mix;
}
