// Intrinsics: the outer planets in double precision, a body's x and y in one vector, the distances of two pairs in
// another: square roots and divisions of two. Native: the same by SSE4.1 (vectors.h).
#include "vectors.h"
enum { BODIES = 5, PAIRS = 10, STEPS = 20000 };
typedef struct { double at[4], speed[4], mass; } Body;
static Body bodies[BODIES];
static double deltas[PAIRS][4], magnitudes[PAIRS];
static const Body start[BODIES] = {
    {{0, 0, 0, 0}, {0, 0, 0, 0}, 39.47841760435743},
    {{4.84143144246472090, -1.16032004402742839, -0.103622044471123109, 0},
     {0.606326392995832, 2.81198684491626016, -0.02521836165988763, 0}, 0.03769367487038949},
    {{8.34336671824457987, 4.12479856412430479, -0.403523417114321381, 0},
     {-1.01077434617879236, 1.82566237123041186, 0.00841576137658415351, 0}, 0.011286326131968767},
    {{12.8943695621391310, -15.1111514016986312, -0.223307578892655734, 0},
     {1.08279100644153536, 0.868713018169608219, -0.0108326374013636358, 0}, 0.0017237240570597112},
    {{15.3796971148509165, -25.9193146099879641, 0.179258772950371181, 0},
     {0.979090732243897976, 0.594698998647676061, -0.0347559555078104196, 0}, 0.0020336868699246304},
};

static __attribute__((noinline)) void advance(double step) {
    for (int i = 0, k = 0; i < BODIES; i++)
        for (int j = i + 1; j < BODIES; j++, k++) {
            const double *p = bodies[i].at, *q = bodies[j].at;
            wasm_v128_store(deltas[k], wasm_f64x2_sub(wasm_v128_load(p), wasm_v128_load(q)));
            wasm_v128_store(deltas[k] + 2, wasm_f64x2_sub(wasm_v128_load(p + 2), wasm_v128_load(q + 2)));
        }
    for (int k = 0; k < PAIRS; k += 2) {
        v128_t a = wasm_v128_load(deltas[k]), b = wasm_v128_load(deltas[k + 1]);
        v128_t x = wasm_i64x2_shuffle(a, b, 0, 2), y = wasm_i64x2_shuffle(a, b, 1, 3);
        v128_t z = wasm_i64x2_shuffle(wasm_v128_load(deltas[k] + 2), wasm_v128_load(deltas[k + 1] + 2), 0, 2);
        v128_t square = wasm_f64x2_add(wasm_f64x2_add(wasm_f64x2_mul(x, x), wasm_f64x2_mul(y, y)), wasm_f64x2_mul(z, z));
        v128_t cube = wasm_f64x2_mul(square, wasm_f64x2_sqrt(square));
        wasm_v128_store(magnitudes + k, wasm_f64x2_div(wasm_f64x2_splat(step), cube));
    }
    for (int i = 0, k = 0; i < BODIES; i++)
        for (int j = i + 1; j < BODIES; j++, k++) {
            v128_t away = wasm_f64x2_splat(bodies[j].mass * magnitudes[k]);
            v128_t back = wasm_f64x2_splat(bodies[i].mass * magnitudes[k]);
            for (int half = 0; half < 4; half += 2) {
                v128_t delta = wasm_v128_load(deltas[k] + half);
                double *v = bodies[i].speed + half, *w = bodies[j].speed + half;
                wasm_v128_store(v, wasm_f64x2_sub(wasm_v128_load(v), wasm_f64x2_mul(delta, away)));
                wasm_v128_store(w, wasm_f64x2_add(wasm_v128_load(w), wasm_f64x2_mul(delta, back)));
            }
        }
    for (int i = 0; i < BODIES; i++)
        for (int half = 0; half < 4; half += 2) {
            double *p = bodies[i].at + half;
            v128_t moved = wasm_f64x2_mul(wasm_v128_load(bodies[i].speed + half), wasm_f64x2_splat(step));
            wasm_v128_store(p, wasm_f64x2_add(wasm_v128_load(p), moved));
        }
}

double run(void) {
    for (int i = 0; i < BODIES; i++) bodies[i] = start[i];
    for (int i = 0; i < STEPS; i++) advance(0.01);
    double sum = 0.0;
    for (int i = 0; i < BODIES; i++)
        for (int k = 0; k < 3; k++) sum += bodies[i].at[k] * (double)(i + 1) + bodies[i].speed[k];
    return sum;
}
