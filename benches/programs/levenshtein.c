// Edit distance by dynamic programming over two rows: minima, loads of bytes, a loop-carried value.
typedef unsigned int u32;
typedef unsigned char u8;
enum { N = 4200 };
static u8 a[N], b[N];
static int row[N + 1];

int run(void) {
    u32 seed = 99;
    for (int i = 0; i < N; i++) {
        seed = seed * 1664525u + 1013904223u;
        a[i] = (u8)('a' + (seed >> 24) % 8);
        b[i] = (seed >> 12) % 5 ? a[i] : (u8)('a' + (seed >> 20) % 8);
    }
    for (int j = 0; j <= N; j++) row[j] = j;
    u32 mix = 0;
    for (int i = 1; i <= N; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= N; j++) {
            int best = diagonal + (a[i - 1] != b[j - 1]);
            int up = row[j] + 1, left = row[j - 1] + 1;
            diagonal = row[j];
            if (up < best) best = up;
            if (left < best) best = left;
            row[j] = best;
        }
        mix = mix * 31u + (u32)row[N];
    }
    return (int)mix;
}
