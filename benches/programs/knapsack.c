// Dynamic programming: a knapsack with the choice kept for each cell, and the longest common subsequence of two texts.
typedef unsigned char u8;
enum { ITEMS = 120, CAPACITY = 6000, LENGTH = 1400 };
static int weights[ITEMS], values[ITEMS], best[CAPACITY + 1];
static u8 taken[ITEMS][CAPACITY + 1];
static u8 left[LENGTH], right[LENGTH];
static unsigned short longest[LENGTH + 1][LENGTH + 1];
static unsigned seed;

static int next(int below) { return seed = seed * 1664525u + 1013904223u, (int)((seed >> 16) % (unsigned)below); }

static unsigned fill_knapsack(void) {
    for (int c = 0; c <= CAPACITY; c++) best[c] = 0;
    for (int i = 0; i < ITEMS; i++) {
        int weight = weights[i], value = values[i];
        for (int c = CAPACITY; c >= 0; c--) {
            int with = c >= weight ? best[c - weight] + value : -1;
            taken[i][c] = with > best[c];
            if (with > best[c]) best[c] = with;
        }
    }
    unsigned mix = (unsigned)best[CAPACITY];
    for (int i = ITEMS - 1, c = CAPACITY; i >= 0; i--)
        if (taken[i][c]) mix = mix * 31u + (unsigned)i, c -= weights[i];
    return mix;
}

static unsigned common(void) {
    for (int i = 0; i < LENGTH; i++)
        for (int j = 0; j < LENGTH; j++) {
            unsigned short up = longest[i][j + 1], back = longest[i + 1][j];
            longest[i + 1][j + 1] = left[i] == right[j] ? (unsigned short)(longest[i][j] + 1) : up > back ? up : back;
        }
    unsigned mix = longest[LENGTH][LENGTH];
    for (int i = LENGTH, j = LENGTH; i > 0 && j > 0;) {
        if (left[i - 1] == right[j - 1]) mix = mix * 31u + left[i - 1], i--, j--;
        else if (longest[i - 1][j] >= longest[i][j - 1]) i--;
        else j--;
    }
    return mix;
}

int run(void) {
    seed = 17;
    unsigned mix = 0;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < ITEMS; i++) weights[i] = 20 + next(180), values[i] = 10 + next(90);
        for (int i = 0; i < LENGTH; i++) left[i] = (u8)('a' + next(6)), right[i] = (u8)('a' + next(6));
        mix = mix * 31u + fill_knapsack();
        mix = mix * 31u + common();
    }
    return (int)mix;
}
