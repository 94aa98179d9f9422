// Five bodies under gravity: double precision with square roots and divisions, structures in memory.
enum { BODIES = 5, STEPS = 200000 };
typedef struct {
    double x, y, z, vx, vy, vz, mass;
} Body;
static Body bodies[BODIES];

static void set(int i, double x, double y, double z, double vx, double vy, double vz, double mass) {
    Body *b = &bodies[i];
    b->x = x, b->y = y, b->z = z, b->vx = vx, b->vy = vy, b->vz = vz, b->mass = mass;
}

static __attribute__((noinline)) void advance(double dt) {
    for (int i = 0; i < BODIES; i++) {
        Body *a = &bodies[i];
        for (int j = i + 1; j < BODIES; j++) {
            Body *b = &bodies[j];
            double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
            double d2 = dx * dx + dy * dy + dz * dz;
            double mag = dt / (d2 * __builtin_sqrt(d2));
            a->vx -= dx * b->mass * mag;
            a->vy -= dy * b->mass * mag;
            a->vz -= dz * b->mass * mag;
            b->vx += dx * a->mass * mag;
            b->vy += dy * a->mass * mag;
            b->vz += dz * a->mass * mag;
        }
    }
    for (int i = 0; i < BODIES; i++) {
        Body *b = &bodies[i];
        b->x += dt * b->vx;
        b->y += dt * b->vy;
        b->z += dt * b->vz;
    }
}

double run(void) {
    set(0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 40.0);
    set(1, 5.0, -1.0, 0.1, 0.6, 2.8, -0.02, 0.04);
    set(2, 8.0, 4.0, -0.4, -1.0, 1.8, 0.008, 0.011);
    set(3, 13.0, -15.0, -0.2, 1.1, 0.9, -0.01, 0.0017);
    set(4, 15.0, -26.0, 0.18, 0.98, 0.6, -0.03, 0.002);
    for (int i = 0; i < STEPS; i++) advance(0.001);
    double energy = 0.0;
    for (int i = 0; i < BODIES; i++) {
        Body *a = &bodies[i];
        energy += 0.5 * a->mass * (a->vx * a->vx + a->vy * a->vy + a->vz * a->vz);
        for (int j = i + 1; j < BODIES; j++) {
            Body *b = &bodies[j];
            double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
            energy -= a->mass * b->mass / __builtin_sqrt(dx * dx + dy * dy + dz * dz);
        }
    }
    return energy;
}
