// Random doubles from xorshift128+: pi, a sum of uniform numbers as a normal one, paths that end at a barrier.
// Conversions of unsigned 64-bit integers, comparisons of doubles, minimum and maximum.
typedef unsigned long long u64;
enum { POINTS = 600000, PATHS = 6000, DAYS = 60 };
static u64 state[2];

static double uniform(void) {
    u64 a = state[0], b = state[1];
    state[0] = b;
    a ^= a << 23;
    state[1] = a ^ b ^ a >> 18 ^ b >> 5;
    return (double)((state[1] + b) >> 11) * 0x1p-53;
}

static double normal(void) {
    double sum = -6.0;
    for (int i = 0; i < 12; i++) sum += uniform();
    return sum;
}

// The mean of what is over the strike at the end of those paths that never fell below the barrier.
static double option(double price, double strike, double barrier) {
    double total = 0.0;
    for (int path = 0; path < PATHS; path++) {
        double now = price, lowest = price, highest = price;
        for (int day = 0; day < DAYS && lowest >= barrier; day++) {
            now *= 1.0002 + 0.015 * normal();
            lowest = now < lowest ? now : lowest;
            highest = now > highest ? now : highest;
        }
        if (lowest >= barrier && now > strike) total += now - strike + 0.01 * (highest - lowest);
    }
    return total / PATHS;
}

double run(void) {
    state[0] = 0x853c49e6748fea9b, state[1] = 0xda3e39cb94b95bdb;
    int inside = 0;
    double area = 0.0;
    for (int i = 0; i < POINTS; i++) {
        double x = uniform(), y = uniform();
        inside += x * x + y * y < 1.0;
        area += __builtin_sqrt(1.0 - x * x);
    }
    return 4.0 * inside / POINTS + 4.0 * area / POINTS + option(100.0, 102.0, 88.0) + option(50.0, 45.0, 47.0);
}
