// CRC-32 by table over a buffer: one dependent chain of table loads.
typedef unsigned int u32;
typedef unsigned char u8;
enum { SIZE = 1 << 20, ROUNDS = 8 };
static u32 table[256];
static u8 data[SIZE];

int run(void) {
    for (u32 i = 0; i < 256; i++) {
        u32 c = i;
        for (int k = 0; k < 8; k++) c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1;
        table[i] = c;
    }
    u32 seed = 7;
    for (int i = 0; i < SIZE; i++) {
        seed = seed * 1103515245u + 12345u;
        data[i] = (u8)(seed >> 16);
    }
    u32 crc = ~0u;
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < SIZE; i++) crc = table[(crc ^ data[i]) & 255] ^ crc >> 8;
    return (int)~crc;
}
