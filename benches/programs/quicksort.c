// Quicksort of 64-bit keys: recursion, swaps and branches that cannot be predicted.
typedef unsigned long long u64;
enum { N = 300000 };
static u64 keys[N];

static void sort(int lo, int hi) {
    while (lo < hi) {
        u64 pivot = keys[lo + (hi - lo) / 2];
        int i = lo, j = hi;
        while (i <= j) {
            while (keys[i] < pivot) i++;
            while (keys[j] > pivot) j--;
            if (i <= j) {
                u64 t = keys[i];
                keys[i++] = keys[j];
                keys[j--] = t;
            }
        }
        sort(lo, j);
        lo = i;
    }
}

long long run(void) {
    u64 x = 88172645463325252ull;
    for (int i = 0; i < N; i++) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        keys[i] = x;
    }
    sort(0, N - 1);
    u64 mix = 0;
    for (int i = 0; i < N; i++) mix = mix * 1099511628211ull + (keys[i] ^ (u64)i);
    return (long long)mix;
}
