// A mixture as in an embedded processor's benchmark: a linked list sorted and searched, small integer matrices, a state
// machine over text, and a checksum of everything bit by bit.
typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned char u8;
typedef struct Item Item;
struct Item {
    Item *next;
    short data, index;
};
enum { ITEMS = 64, N = 12, TEXT = 400, ROUNDS = 1500 };
static Item items[ITEMS];
static short a[N][N], b[N][N];
static int c[N][N];
static u8 text[TEXT + 1];

static u16 crc(u16 sum, u32 value, int bits) {
    for (; bits > 0; bits--, value >>= 1) {
        u32 carry = (sum ^ value) & 1;
        sum >>= 1;
        if (carry) sum ^= 0xa001;
    }
    return sum;
}

static Item *merge(Item *left, Item *right, int by_index) {
    Item *head = 0, **tail = &head;
    while (left && right) {
        int first = by_index ? left->index <= right->index : left->data <= right->data;
        Item **from = first ? &left : &right;
        *tail = *from;
        tail = &(*tail)->next;
        *from = (*from)->next;
    }
    *tail = left ? left : right;
    return head;
}

static Item *sort(Item *list, int by_index) {
    if (!list || !list->next) return list;
    Item *slow = list;
    for (Item *fast = list->next; fast && fast->next; fast = fast->next->next) slow = slow->next;
    Item *half = slow->next;
    slow->next = 0;
    return merge(sort(list, by_index), sort(half, by_index), by_index);
}

static u16 lists(u16 sum, int round) {
    for (int i = 0; i < ITEMS; i++) {
        items[i].data = (short)((items[i].data * 5 + i + round) & 1023);
        items[i].index = (short)i;
        items[i].next = i + 1 < ITEMS ? &items[i + 1] : 0;
    }
    Item *list = sort(items, 0);
    for (int wanted = 0; wanted < 16; wanted++)
        for (Item *item = list; item; item = item->next)
            if ((item->data & 15) == wanted) {
                sum = crc(sum, (u32)item->index, 8);
                break;
            }
    Item *reversed = 0;
    while (list) {
        Item *next = list->next;
        list->next = reversed;
        reversed = list, list = next;
    }
    for (Item *item = sort(reversed, 1); item; item = item->next) sum = crc(sum, (u32)item->data, 16);
    return sum;
}

static u16 matrices(u16 sum, int round) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) a[i][j] = (short)(i * j + round), b[i][j] = (short)((i ^ j) - round % 7);
    int total = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            int cell = 0;
            for (int k = 0; k < N; k++) cell += a[i][k] * b[k][j];
            c[i][j] = cell;
            total += cell > 1000 ? 10 : cell >> 2 & 15;
        }
    for (int i = 0; i < N; i++) sum = crc(sum, (u32)c[i][i], 32);
    return crc(sum, (u32)total, 32);
}

static u16 numbers(u16 sum, int round) {
    enum { START, INTEGER, FRACTION, EXPONENT, INVALID, STATES } state = START;
    u32 seen[STATES] = {0};
    for (int i = 0; i < TEXT; i++) text[i] = (u8) "0123456789.5,-+e7,31"[(i * 7 + i / 20 * round) % 20];
    for (int i = 0; i < TEXT; i++) {
        u8 ch = text[i];
        int digit = ch >= '0' && ch <= '9';
        if (ch == ',') {
            seen[state]++;
            state = START;
            continue;
        }
        switch (state) {
        case START: state = digit || ch == '+' || ch == '-' ? INTEGER : ch == '.' ? FRACTION : INVALID; break;
        case INTEGER: state = digit ? INTEGER : ch == '.' ? FRACTION : ch == 'e' ? EXPONENT : INVALID; break;
        case FRACTION: state = digit ? FRACTION : ch == 'e' ? EXPONENT : INVALID; break;
        case EXPONENT: state = digit || ch == '-' || ch == '+' ? EXPONENT : INVALID; break;
        default: break;
        }
    }
    for (int i = 0; i < STATES; i++) sum = crc(sum, seen[i], 16);
    return sum;
}

int run(void) {
    u32 mix = 0;
    u16 sum = 0xffff;
    for (int i = 0; i < ITEMS; i++) items[i].data = (short)(i * 37 % 64);
    for (int round = 0; round < ROUNDS; round++) {
        sum = lists(sum, round);
        sum = matrices(sum, round);
        sum = numbers(sum, round);
        mix = mix * 31u + sum;
    }
    return (int)mix;
}
