// Binary trees from a bump allocator: allocation, pointers, recursion in both directions.
typedef struct Node Node;
struct Node {
    Node *left, *right;
    int value;
};
enum { NODES = 1 << 16, DEPTH = 14, ROUNDS = 24 };
static Node nodes[NODES];
static int used;

static Node *build(int depth, int value) {
    Node *node = &nodes[used++];
    node->value = value;
    node->left = depth ? build(depth - 1, value * 2) : 0;
    node->right = depth ? build(depth - 1, value * 2 + 1) : 0;
    return node;
}

static int sum(const Node *node, int sign) {
    if (!node) return 0;
    return sum(node->left, -sign) + sum(node->right, sign) + sign * (node->value & 1023);
}

static void mirror(Node *node) {
    if (!node) return;
    Node *left = node->left;
    node->left = node->right;
    node->right = left;
    mirror(node->left);
    mirror(node->right);
}

int run(void) {
    unsigned mix = 0;
    for (int round = 0; round < ROUNDS; round++) {
        used = 0;
        Node *root = build(DEPTH, round + 1);
        mix = mix * 31u + (unsigned)sum(root, 1);
        mirror(root);
        mix = mix * 31u + (unsigned)sum(root, 1);
    }
    return (int)mix;
}
