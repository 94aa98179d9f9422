// Shortest paths in a sparse graph with a binary heap that knows its places, and the same graph in breadth first.
typedef unsigned int u32;
enum { NODES = 12000, EDGES = 5 * NODES, SOURCES = 4, FAR = 1 << 30 };
static int first[NODES + 1], target[EDGES], weight[EDGES], source[EDGES];
static int distance[NODES], heap[NODES + 1], place[NODES], heaped;

static void sift_up(int at, int node) {
    for (; at > 1 && distance[heap[at / 2]] > distance[node]; at /= 2) heap[at] = heap[at / 2], place[heap[at]] = at;
    heap[at] = node, place[node] = at;
}

static int pop(void) {
    int top = heap[1], node = heap[heaped--], at = 1;
    for (int child; (child = 2 * at) <= heaped; at = child) {
        if (child < heaped && distance[heap[child + 1]] < distance[heap[child]]) child++;
        if (distance[heap[child]] >= distance[node]) break;
        heap[at] = heap[child], place[heap[at]] = at;
    }
    heap[at] = node, place[node] = at;
    place[top] = -1;
    return top;
}

static void shortest(int from) {
    for (int i = 0; i < NODES; i++) distance[i] = FAR, place[i] = 0;
    distance[from] = 0, heaped = 1;
    sift_up(1, from);
    while (heaped > 0) {
        int node = pop();
        for (int e = first[node]; e < first[node + 1]; e++) {
            int to = target[e], along = distance[node] + weight[e];
            if (along >= distance[to]) continue;
            distance[to] = along;
            sift_up(place[to] > 0 ? place[to] : ++heaped, to);
        }
    }
}

static int breadth(int from) {
    int *queue = heap, head = 0, tail = 0;
    for (int i = 0; i < NODES; i++) place[i] = -1;
    place[from] = 0;
    for (queue[tail++] = from; head < tail; head++)
        for (int e = first[queue[head]]; e < first[queue[head] + 1]; e++)
            if (place[target[e]] < 0) place[target[e]] = place[queue[head]] + 1, queue[tail++] = target[e];
    return tail;
}

int run(void) {
    u32 seed = 15, mix = 0;
    // Edges in the order of their sources, by counting; most are short, so that the graph is deep.
    for (int i = 0; i <= NODES; i++) first[i] = 0;
    for (int e = 0; e < EDGES; e++) {
        seed = seed * 1664525u + 1013904223u;
        source[e] = (int)((seed >> 8) % NODES);
        first[source[e] + 1]++;
    }
    for (int i = 0; i < NODES; i++) first[i + 1] += first[i];
    for (int i = 0; i < NODES; i++) place[i] = first[i];
    for (int e = 0; e < EDGES; e++) {
        int at = place[source[e]]++;
        seed = seed * 1664525u + 1013904223u;
        target[at] = (source[e] + 1 + (int)(seed >> 24)) % NODES;
        weight[at] = 1 + (int)(seed >> 12 & 255);
    }
    for (int i = 0; i < SOURCES; i++) {
        int from = i * 2999 % NODES;
        shortest(from);
        mix = mix * 31u + (u32)breadth(from);
        for (int n = 0; n < NODES; n++) mix = mix * 31u + (u32)(distance[n] + place[n]);
    }
    return (int)mix;
}
