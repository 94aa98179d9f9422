// JSON: a document is generated, then parsed by recursive descent. Bytes compared and counted, unpredictable branches.
typedef unsigned int u32;
typedef unsigned char u8;
enum { SIZE = 300000, ENOUGH = 200000, DEPTH = 6, PARSES = 16 };
static u8 text[SIZE];
static u32 length, seed;

static u32 next(u32 below) { return seed = seed * 1664525u + 1013904223u, (seed >> 16) % below; }

static void put(const char *s) {
    while (*s) text[length++] = (u8)*s++;
}

static void put_string(void) {
    put("\"");
    for (u32 n = 2 + next(14); n > 0; n--) {
        if (next(12) == 0) put(next(2) ? "\\n" : "\\u0041");
        else text[length++] = (u8)('a' + next(26));
    }
    put("\"");
}

static void put_number(void) {
    if (next(3) == 0) put("-");
    text[length++] = (u8)('1' + next(9));
    for (u32 n = next(6); n > 0; n--) text[length++] = (u8)('0' + next(10));
    if (next(2)) put("."), text[length++] = (u8)('0' + next(10));
    if (next(5) == 0) put("e"), put(next(2) ? "-" : "+"), text[length++] = (u8)('1' + next(3));
}

static void put_value(int depth) {
    u32 kind = next(depth > 0 ? 9 : 5);
    if (kind == 0) put(next(3) ? next(2) ? "true" : "false" : "null");
    else if (kind < 3) put_number();
    else if (kind < 5) put_string();
    else {
        put(kind < 7 ? "[" : "{");
        for (u32 n = 1 + next(8); n > 0; n--) {
            if (kind >= 7) put_string(), put(": ");
            put_value(depth - 1);
            if (n > 1) put(",\n  ");
        }
        put(kind < 7 ? "]" : "}");
    }
}

static const u8 *at;
static u32 strings, containers;
static double total;

static void space(void) {
    while (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r') at++;
}

static int string(void) {
    if (*at++ != '"') return 0;
    u32 hash = 2166136261u;
    while (*at != '"') {
        u32 c = *at++;
        if (c < ' ') return 0;
        if (c == '\\') {
            c = *at++;
            if (c == 'n') c = '\n';
            else if (c == 'u') {
                c = 0;
                for (int i = 0; i < 4; i++, at++) c = c * 16 + (*at <= '9' ? *at - '0' : (*at | 32u) - 'a' + 10u);
            }
        }
        hash = (hash ^ c) * 16777619u;
    }
    at++;
    strings = strings * 31u + hash;
    return 1;
}

static int number(void) {
    int negative = *at == '-', exponent = 0, down = 0;
    double value = 0.0, scale = 1.0;
    at += negative;
    if (*at < '0' || *at > '9') return 0;
    while (*at >= '0' && *at <= '9') value = value * 10.0 + (*at++ - '0');
    if (*at == '.')
        for (at++; *at >= '0' && *at <= '9'; at++) value = value * 10.0 + (*at - '0'), scale *= 10.0;
    if (*at == 'e') {
        down = *++at == '-';
        for (at++; *at >= '0' && *at <= '9'; at++) exponent = exponent * 10 + (*at - '0');
    }
    for (; exponent > 0; exponent--) value = down ? value / 10.0 : value * 10.0;
    total += (negative ? -value : value) / scale;
    return 1;
}

static int word(const char *s) {
    while (*s)
        if (*at++ != (u8)*s++) return 0;
    return 1;
}

static int value(void) {
    u8 first = *at;
    switch (first) {
    case '"': return string();
    case 't': return word("true");
    case 'f': return word("false");
    case 'n': return word("null");
    case '[':
    case '{':
        containers++;
        do {
            at++;
            space();
            if (first == '{') {
                if (!string() || *at++ != ':') return 0;
                space();
            }
            if (!value()) return 0;
            space();
        } while (*at == ',');
        return *at++ == (first == '[' ? ']' : '}');
    default: return number();
    }
}

double run(void) {
    length = strings = containers = 0, seed = 2024, total = 0.0;
    put("[");
    while (length < ENOUGH) put_value(DEPTH), put(", ");
    put("0]");
    text[length] = 0;
    for (int parse = 0; parse < PARSES; parse++) {
        at = text;
        if (!value() || at != text + length) return -1.0;
    }
    return total + containers + strings;
}
