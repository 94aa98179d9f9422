// Floyd-Warshall: all shortest paths of a dense graph with the way they go, minimum by compare and conditional stores.
enum { N = 200, FAR = 1 << 28 };
static int distance[N][N];
static unsigned char via[N][N];

int run(void) {
    unsigned seed = 3;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            seed = seed * 1664525u + 1013904223u;
            distance[i][j] = i == j ? 0 : seed >> 28 == 0 ? 1 + (int)(seed >> 16 & 1023) : FAR;
            via[i][j] = (unsigned char)j;
        }
    for (int k = 0; k < N; k++)
        for (int i = 0; i < N; i++) {
            int first = distance[i][k];
            if (first == FAR) continue;
            for (int j = 0; j < N; j++)
                if (first + distance[k][j] < distance[i][j]) {
                    distance[i][j] = first + distance[k][j];
                    via[i][j] = via[i][k];
                }
        }
    unsigned mix = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            unsigned hops = 0;
            if (distance[i][j] < FAR)
                for (int at = i; at != j; at = via[at][j]) hops++;
            mix = mix * 31u + (unsigned)distance[i][j] + hops;
        }
    return (int)mix;
}
