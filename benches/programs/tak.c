// Takeuchi's and Ackermann's functions and partitions of a number: calls with several arguments and nothing else.
static int tak(int x, int y, int z) {
    if (y >= x) return z;
    return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y));
}

static int ackermann(int m, int n) {
    if (m == 0) return n + 1;
    if (n == 0) return ackermann(m - 1, 1);
    return ackermann(m - 1, ackermann(m, n - 1));
}

static long long partitions(long long rest, int largest) {
    if (rest == 0) return 1;
    if (rest < 0 || largest == 0) return 0;
    return partitions(rest - largest, largest) + partitions(rest, largest - 1);
}

long long run(void) { return tak(16, 10, 5) * 1000000ll + ackermann(2, 700) * 1000ll + partitions(50, 50); }
