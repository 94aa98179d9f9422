// A backtracking matcher of regular expressions over generated lines: recursion over two pointers, byte compares.
typedef unsigned int u32;
typedef unsigned char u8;
enum { LINES = 1000, WIDTH = 48 };
static char lines[LINES][WIDTH + 1];

static int matches_here(const char *pattern, const char *text);

// What one element (a character, a dot, an escape, a class in brackets) takes of the pattern.
static int element_length(const char *pattern) {
    if (*pattern == '\\') return 2;
    if (*pattern != '[') return 1;
    int length = 1;
    while (pattern[length] != ']') length++;
    return length + 1;
}

static int takes(const char *pattern, char c) {
    if (c == 0) return 0;
    switch (*pattern) {
    case '.': return 1;
    case '\\': return pattern[1] == 'd' ? c >= '0' && c <= '9' : pattern[1] == c;
    case '[': {
        int negated = pattern[1] == '^', found = 0;
        for (const char *p = pattern + 1 + negated; *p != ']'; p++) {
            if (p[1] == '-' && p[2] != ']') found |= c >= p[0] && c <= p[2], p += 2;
            else found |= *p == c;
        }
        return found != negated;
    }
    default: return *pattern == c;
    }
}

static int matches_many(const char *element, const char *rest, const char *text, int least, int most) {
    int count = 0;
    while (count < most && takes(element, text[count])) count++;
    for (; count >= least; count--)
        if (matches_here(rest, text + count)) return 1;
    return 0;
}

static int matches_here(const char *pattern, const char *text) {
    while (*pattern) {
        if (*pattern == '$' && pattern[1] == 0) return *text == 0;
        const char *after = pattern + element_length(pattern);
        switch (*after) {
        case '*': return matches_many(pattern, after + 1, text, 0, WIDTH);
        case '+': return matches_many(pattern, after + 1, text, 1, WIDTH);
        case '?': return matches_many(pattern, after + 1, text, 0, 1);
        default:
            if (!takes(pattern, *text++)) return 0;
            pattern = after;
        }
    }
    return 1;
}

static int matches(const char *pattern, const char *text) {
    if (*pattern == '^') return matches_here(pattern + 1, text);
    do
        if (matches_here(pattern, text)) return 1;
    while (*text++);
    return 0;
}

int run(void) {
    static const char *const patterns[] = {
        "abc",  "^[a-d]+\\d",  "a.*b.*c.*d$",   "[^a-c ]+ [^a-c ]+$",    "\\d\\d?\\.\\d+",
        "x*x*y", "(.*)",       "\\([a-f]*\\d*\\)", "a?b?c?d?e?f? ?\\d$", "[a-c]*[b-d]*[c-e]*[d-f]*\\.$"};
    static const char alphabet[] = "aaabbcdef  0123.()xy";
    u32 seed = 6, mix = 0;
    for (int i = 0; i < LINES; i++) {
        int length = 10 + i % (WIDTH - 9);
        for (int c = 0; c < length; c++) {
            seed = seed * 1664525u + 1013904223u;
            lines[i][c] = alphabet[(seed >> 16) % 20];
        }
        lines[i][length] = 0;
    }
    for (int i = 0; i < LINES; i++)
        for (u32 p = 0; p < sizeof patterns / sizeof *patterns; p++)
            mix = mix * 31u + (u32)matches(patterns[p], lines[i]) * (p + 1);
    return (int)mix;
}
