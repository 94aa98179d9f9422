// A stack machine whose instructions carry the address of their handler: `call_indirect` for each, state in memory.
typedef struct Machine Machine;
typedef struct Instruction Instruction;
struct Instruction {
    const Instruction *(*run)(Machine *, const Instruction *);
    int operand;
};
struct Machine {
    unsigned *top;
    const Instruction *code;
    unsigned variables[4], stack[16];
};
#define HANDLER(name) static const Instruction *name(Machine *m, const Instruction *i)

HANDLER(push) { return *m->top++ = (unsigned)i->operand, i + 1; }
HANDLER(get) { return *m->top++ = m->variables[i->operand], i + 1; }
HANDLER(set) { return m->variables[i->operand] = *--m->top, i + 1; }
HANDLER(add) { return m->top--, m->top[-1] += *m->top, i + 1; }
HANDLER(multiply) { return m->top--, m->top[-1] *= *m->top, i + 1; }
HANDLER(and) { return m->top--, m->top[-1] &= *m->top, i + 1; }
HANDLER(shift) { return m->top[-1] >>= i->operand, i + 1; }
HANDLER(less) { return m->top--, m->top[-1] = m->top[-1] < *m->top, i + 1; }
HANDLER(jump) { return m->code + i->operand; }
HANDLER(jump_if_zero) { return *--m->top ? i + 1 : m->code + i->operand; }
HANDLER(jump_unless_one) { return *--m->top == 1 ? i + 1 : m->code + i->operand; }
HANDLER(halt) { return (void)m, (void)i, (const Instruction *)0; }

// The steps that the Collatz sequences take to 1 from each number below the limit.
enum { START, N, STEPS, LIMIT };
static const Instruction program[] = {
    /*  0 */ {get, START}, {get, LIMIT}, {less, 0}, {jump_if_zero, 31},
    /*  4 */ {get, START}, {set, N},
    /*  6 */ {get, STEPS}, {push, 1}, {add, 0}, {set, STEPS},
    /* 10 */ {get, N}, {push, 1}, {and, 0}, {jump_if_zero, 21},
    /* 14 */ {get, N}, {push, 3}, {multiply, 0}, {push, 1}, {add, 0}, {set, N}, {jump, 24},
    /* 21 */ {get, N}, {shift, 1}, {set, N},
    /* 24 */ {get, N}, {jump_unless_one, 6},
    /* 26 */ {get, START}, {push, 1}, {add, 0}, {set, START}, {jump, 0},
    /* 31 */ {halt, 0}};

int run(void) {
    Machine machine = {0};
    machine.top = machine.stack;
    machine.code = program;
    machine.variables[START] = 2;
    machine.variables[LIMIT] = 4500;
    const Instruction *at = program;
    while (at) at = at->run(&machine, at);
    return (int)machine.variables[STEPS];
}
