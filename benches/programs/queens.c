// Solutions of the n-queens problem by bit masks: recursion with few arguments and little memory.
static __attribute__((noinline)) int place(unsigned all, unsigned columns, unsigned left, unsigned right) {
    if (columns == all) return 1;
    int count = 0;
    unsigned free = all & ~(columns | left | right);
    while (free) {
        unsigned bit = free & -free;
        free ^= bit;
        count += place(all, columns | bit, (left | bit) << 1, (right | bit) >> 1);
    }
    return count;
}

int run(void) {
    int mix = 0;
    for (int n = 4; n <= 12; n++) mix = mix * 7 + place((1u << n) - 1, 0, 0, 0);
    return mix;
}
