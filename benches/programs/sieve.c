// Sieve of Eratosthenes over bytes: short strided loops of stores.
enum { LIMIT = 3000000 };
static unsigned char composite[LIMIT + 1];

int run(void) {
    for (int i = 0; i <= LIMIT; i++) composite[i] = 0;
    for (int i = 2; i * i <= LIMIT; i++)
        if (!composite[i])
            for (int j = i * i; j <= LIMIT; j += i) composite[j] = 1;
    int count = 0, mix = 0;
    for (int i = 2; i <= LIMIT; i++)
        if (!composite[i]) {
            count++;
            mix = mix * 31 + i;
        }
    return mix ^ count;
}
