// Integer division of both widths, by variables and by constants: Euclid, prime tests, decimals, dates, Collatz.
typedef unsigned long long u64;
typedef unsigned int u32;
enum { PAIRS = 8000, CANDIDATES = 1500, NUMBERS = 40000, DATES = 200000, STARTS = 16000 };
static u64 seed;

static u64 next(void) { return seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17; }

static u64 common_divisor(u64 a, u64 b) {
    while (b) {
        u64 rest = a % b;
        a = b, b = rest;
    }
    return a;
}

static u64 power(u64 base, u64 exponent, u64 modulus) {
    u64 result = 1;
    for (base %= modulus; exponent; exponent >>= 1, base = base * base % modulus)
        if (exponent & 1) result = result * base % modulus;
    return result;
}

// Miller and Rabin's test with the bases that are enough below 2^32.
static int is_prime(u32 n) {
    static const u32 bases[] = {2, 3, 5, 7};
    u32 odd = n - 1;
    int twos = 0;
    for (; odd % 2 == 0; odd /= 2) twos++;
    for (int i = 0; i < 4; i++) {
        u64 x = power(bases[i], odd, n);
        int composite = x != 1;
        for (int k = 0; k < twos && composite; k++, x = x * x % n) composite = x != n - 1;
        if (composite) return 0;
    }
    return 1;
}

static u32 decimal(u64 n) {
    u32 hash = 2166136261u;
    do hash = (hash ^ (u32)(n % 10)) * 16777619u;
    while (n /= 10);
    return hash;
}

// Year, month and day in one number from days since 1970-01-01, for dates before it as well.
static int civil(int days) {
    days += 719468;
    int era = (days >= 0 ? days : days - 146096) / 146097, day = days - era * 146097;
    int year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int of_year = day - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
    int of_month = of_year - (153 * month + 2) / 5 + 1;
    return ((year + era * 400 + (month >= 10)) * 16 + (month + 2) % 12 + 1) * 32 + of_month;
}

long long run(void) {
    u64 mix = 0;
    seed = 0x9e3779b97f4a7c15;
    for (int i = 0; i < PAIRS; i++) {
        u64 a = next(), b = next() >> (i & 31);
        mix = mix * 31 + common_divisor(a, b);
        long long quotient = (long long)a / (1 + (long long)(b >> 1)), rest = (long long)a % -1000003;
        mix ^= (u64)(quotient * 7 + rest);
    }
    for (int i = 0; i < CANDIDATES; i++) {
        u32 n = ((u32)next() >> 1) | 1025;
        if (is_prime(n)) mix = mix * 31 + n;
    }
    for (int i = 0; i < NUMBERS; i++) mix = mix * 31 + decimal(next() >> (i & 63));
    for (int i = 0; i < DATES; i++) mix = mix * 31 + (u64)civil((int)(next() >> 43) - 1000000);
    for (u64 start = 1; start < STARTS; start++) {
        u64 n = start * 1234567;
        u32 steps = 0;
        for (; n != 1; steps++) n = n % 2 ? 3 * n + 1 : n / 2;
        mix = mix * 31 + steps;
    }
    return (long long)mix;
}
