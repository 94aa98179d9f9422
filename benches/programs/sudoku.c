// Sudoku by backtracking over sets of digits in masks: `popcnt` and `ctz`, recursion, small arrays.
typedef unsigned short u16;
static u16 rows[9], columns[9], boxes[9];
static char board[81];
static int places;

static int box_of(int cell) { return cell / 27 * 3 + cell % 9 / 3; }

static void flip(int cell, int mask) {
    rows[cell / 9] ^= (u16)mask;
    columns[cell % 9] ^= (u16)mask;
    boxes[box_of(cell)] ^= (u16)mask;
}

// Fills the empty cell with the fewest candidates first; counts the solutions up to the limit and keeps the last.
static int solve(int limit, char solution[81]) {
    int best = -1, fewest = 10, candidates = 0;
    for (int cell = 0; cell < 81 && fewest > 1; cell++) {
        if (board[cell] != '.') continue;
        int open = ~(rows[cell / 9] | columns[cell % 9] | boxes[box_of(cell)]) & 511;
        int count = __builtin_popcount((unsigned)open);
        if (count < fewest) fewest = count, best = cell, candidates = open;
    }
    if (best < 0) {
        for (int cell = 0; cell < 81; cell++) solution[cell] = board[cell];
        return 1;
    }
    int found = 0;
    for (; candidates && found < limit; candidates &= candidates - 1) {
        int mask = candidates & -candidates;
        board[best] = (char)('1' + __builtin_ctz((unsigned)mask));
        flip(best, mask);
        places++;
        found += solve(limit - found, solution);
        flip(best, mask);
        board[best] = '.';
    }
    return found;
}

int run(void) {
    char solution[81];
    unsigned mix = 0, seed = 31;
    places = 0;
    for (int i = 0; i < 9; i++) rows[i] = columns[i] = boxes[i] = 0;
    for (int cell = 0; cell < 81; cell++) board[cell] = '.';
    // Starting from an empty board, clues are added from its first solution until there is one solution only.
    for (int game = 0; game < 4; game++) {
        for (int clues = 0; clues < 81; clues++) {
            int found = solve(20, solution);
            mix = mix * 31u + (unsigned)found;
            if (found == 1) break;
            int cell;
            do cell = (int)((seed = seed * 1664525u + 1013904223u) >> 16) % 81;
            while (board[cell] != '.');
            board[cell] = solution[cell];
            flip(cell, 1 << (solution[cell] - '1'));
        }
        for (int cell = 0; cell < 81; cell++) {
            mix = mix * 31u + (unsigned)solution[cell];
            if (board[cell] != '.') flip(cell, 1 << (board[cell] - '1'));
            board[cell] = '.';
        }
    }
    return (int)(mix ^ (unsigned)places);
}
