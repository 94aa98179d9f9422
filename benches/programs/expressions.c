// Arithmetic expressions: tokens by a table of character classes, precedence climbing to code, the code evaluated.
typedef unsigned int u32;
typedef unsigned char u8;
enum { SOURCE = 60000, LINE = 8000, PARSES = 4, EVALUATIONS = 8 };
enum { NONE, SPACE, DIGIT, LETTER, OPERATOR };
enum { END, NUMBER, NAME, PLUS, MINUS, STAR, SLASH, PERCENT, SHIFT, LESS, AND, CARET, BAR, OPEN, CLOSE, NEGATE };
static u8 source[SOURCE + LINE], classes[256], precedence[256], operations[SOURCE];
static u32 operands[SOURCE], emitted, written, seed;

static u32 next(u32 below) { return seed = seed * 1664525u + 1013904223u, (seed >> 16) % below; }

static void write_operator(void) {
    u8 c = (u8) "+-*/%<&^|+*-"[next(12)];
    source[written++] = c;
    if (c == '<' && next(2)) source[written++] = c;
}

static void write_operand(int depth) {
    if (depth > 0 && next(3) == 0) {
        source[written++] = '(';
        for (u32 n = 1 + next(4); n > 0; n--) {
            write_operand(depth - 1);
            if (next(2)) source[written++] = ' ';
            if (n > 1) write_operator();
            if (next(2)) source[written++] = ' ';
        }
        source[written++] = ')';
    } else {
        int digits = next(2) == 0;
        if (!digits && next(4) == 0) source[written++] = '-';
        for (u32 n = 1 + next(4); n > 0; n--) source[written++] = (u8)(digits ? '0' + next(10) : 'a' + next(26));
    }
}

static const u8 *at;
static u32 token, operand;

static void advance(void) {
    while (classes[*at] == SPACE) at++;
    operand = 0;
    switch (classes[*at]) {
    case DIGIT:
        for (token = NUMBER; classes[*at] == DIGIT; at++) operand = operand * 10 + (*at - '0');
        break;
    case LETTER:
        for (token = NAME; classes[*at] == LETTER; at++) operand = operand * 33 + *at;
        break;
    case OPERATOR:
        switch (*at++) {
        case '+': token = PLUS; break;
        case '-': token = MINUS; break;
        case '*': token = STAR; break;
        case '/': token = SLASH; break;
        case '%': token = PERCENT; break;
        case '<': token = *at == '<' ? at++, SHIFT : LESS; break;
        case '&': token = AND; break;
        case '^': token = CARET; break;
        case '|': token = BAR; break;
        case '(': token = OPEN; break;
        default: token = CLOSE;
        }
        break;
    default: token = END;
    }
}

static void emit(u32 operation, u32 with) {
    operations[emitted] = (u8)operation;
    operands[emitted++] = with;
}

static void expression(u32 above) {
    if (token == MINUS) {
        advance();
        expression(precedence[STAR]);
        emit(NEGATE, 0);
    } else if (token == OPEN) {
        advance();
        expression(0);
        if (token == CLOSE) advance();
    } else {
        emit(token, operand & 63);
        if (token == NUMBER) operands[emitted - 1] = operand;
        advance();
    }
    while (precedence[token] > above) {
        u32 operation = token;
        advance();
        expression(precedence[operation]);
        emit(operation, 0);
    }
}

static u32 evaluate(const u32 names[64]) {
    static u32 stack[1024];
    u32 top = 0;
    for (u32 i = 0; i < emitted; i++) {
        if (operations[i] <= NAME) {
            stack[++top] = operations[i] == NUMBER ? operands[i] : names[operands[i]];
            continue;
        }
        u32 b = stack[top--], a = operations[i] == NEGATE ? (top++, 0u) : stack[top];
        switch (operations[i]) {
        case PLUS: a += b; break;
        case MINUS:
        case NEGATE: a -= b; break;
        case STAR: a *= b; break;
        case SLASH: a /= b | 1; break;
        case PERCENT: a %= b | 1; break;
        case SHIFT: a <<= b & 31; break;
        case LESS: a = a < b; break;
        case AND: a &= b; break;
        case CARET: a ^= b; break;
        default: a |= b;
        }
        stack[top] = a;
    }
    return stack[top];
}

int run(void) {
    static const u8 levels[] = {[BAR] = 1, [CARET] = 2, [AND] = 3, [LESS] = 4, [SHIFT] = 5, [PLUS] = 6, [MINUS] = 6,
                                [STAR] = 7, [SLASH] = 7, [PERCENT] = 7};
    for (u32 i = 0; i < sizeof levels; i++) precedence[i] = levels[i];
    for (int c = '!'; c < 127; c++)
        classes[c] = c >= '0' && c <= '9' ? DIGIT : c >= 'a' && c <= 'z' ? LETTER : OPERATOR;
    classes[' '] = classes['\n'] = SPACE;
    seed = 12, written = 0;
    while (written < SOURCE) {
        write_operand(5);
        if (next(9)) source[written++] = ' ';
        write_operator();
    }
    source[written++] = '1';
    source[written] = 0;
    u32 mix = 0, names[64];
    for (u32 parse = 0; parse < PARSES; parse++) {
        at = source, emitted = 0;
        advance();
        expression(0);
        if (token != END) return -1;
        for (u32 i = 0; i < EVALUATIONS; i++) {
            for (u32 n = 0; n < 64; n++) names[n] = n * (i + 3) + parse;
            mix = mix * 31u + evaluate(names);
        }
    }
    return (int)mix;
}
