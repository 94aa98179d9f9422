// Virtual calls: a table of functions over shapes, called through pointers (`call_indirect`) in a loop.
typedef struct Shape Shape;
struct Shape {
    double (*area)(const Shape *);
    void (*grow)(Shape *, double);
    double x, y;
};
enum { SHAPES = 1024, ROUNDS = 1500 };
static Shape shapes[SHAPES];

static double rectangle(const Shape *s) { return s->x * s->y; }
static double triangle(const Shape *s) { return s->x * s->y * 0.5; }
static double circle(const Shape *s) { return s->x * s->x * 3.140625; }
static double ring(const Shape *s) { return (s->x * s->x - s->y * s->y) * 3.140625; }
static void widen(Shape *s, double by) { s->x += by; }
static void heighten(Shape *s, double by) { s->y += by; }

double run(void) {
    for (int i = 0; i < SHAPES; i++) {
        Shape *s = &shapes[i];
        unsigned kind = (unsigned)i * 2654435761u >> 30;
        s->area = kind == 0 ? rectangle : kind == 1 ? triangle : kind == 2 ? circle : ring;
        s->grow = i & 4 ? widen : heighten;
        s->x = 1.0 + i % 7;
        s->y = 0.5 + i % 5;
    }
    double sum = 0.0;
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < SHAPES; i++) {
            Shape *s = &shapes[i];
            s->grow(s, 0.0009765625);
            sum += s->area(s);
        }
    return sum;
}
