// A stack machine that runs a prime-counting program: a dense switch in a loop (`br_table`), unpredictable jumps.
typedef unsigned char u8;
enum { PUSH, GET, SET, ADD, SUB, MUL, REM, LT, EQ, JZ, JMP, INC, OUT, HALT };

// limit in variable 0; for (n = 2; n < limit; n++) { for (d = 2; d * d < n + 1; d++) if (n % d == 0) goto next; count++ }
static const u8 code[] = {
    /*  0 */ PUSH, 2,  SET, 1,
    /*  4 */ GET,  1,  GET, 0, LT, JZ, 60,
    /* 11 */ PUSH, 2,  SET, 2,
    /* 15 */ GET,  2,  GET, 2, MUL, GET, 1, PUSH, 1, ADD, LT, JZ, 46,
    /* 28 */ GET,  1,  GET, 2, REM, PUSH, 0, EQ, JZ, 41,
    /* 38 */ JMP,  54, HALT,
    /* 41 */ INC,  2,  JMP, 15, HALT,
    /* 46 */ GET,  1,  OUT, INC, 3, JMP, 54, HALT,
    /* 54 */ INC,  1,  JMP, 4, HALT, HALT,
    /* 60 */ HALT};

int run(void) {
    int stack[16], variables[4] = {24000, 0, 0, 0};
    int sp = 0, pc = 0;
    unsigned out = 0;
    for (;;) {
        switch (code[pc++]) {
        case PUSH: stack[sp++] = code[pc++]; break;
        case GET: stack[sp++] = variables[code[pc++]]; break;
        case SET: variables[code[pc++]] = stack[--sp]; break;
        case ADD: sp--; stack[sp - 1] += stack[sp]; break;
        case SUB: sp--; stack[sp - 1] -= stack[sp]; break;
        case MUL: sp--; stack[sp - 1] *= stack[sp]; break;
        case REM: sp--; stack[sp - 1] %= stack[sp]; break;
        case LT: sp--; stack[sp - 1] = stack[sp - 1] < stack[sp]; break;
        case EQ: sp--; stack[sp - 1] = stack[sp - 1] == stack[sp]; break;
        case JZ: pc = stack[--sp] ? pc + 1 : code[pc]; break;
        case JMP: pc = code[pc]; break;
        case INC: variables[code[pc++]]++; break;
        case OUT: out = out * 31u + (unsigned)stack[--sp]; break;
        default: return (int)(out ^ (unsigned)variables[3]);
        }
    }
}
