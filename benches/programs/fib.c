// Recursive Fibonacci, fib(0) = fib(1) = 1: the function the ancestor of this compiler was measured on. Calls only.
typedef unsigned int u32;

static __attribute__((noinline)) u32 fib(u32 n) {
    if (n < 2) return 1;
    return fib(n - 1) + fib(n - 2);
}

int run(void) { return (int)fib(34); }
