// Spheres over a chequered floor with a light, shadows and mirrors: single-precision vectors, `sqrt`, short recursion.
enum { WIDTH = 320, HEIGHT = 240, SPHERES = 12, BOUNCES = 4 };
typedef struct {
    float x, y, z;
} Vector;
typedef struct {
    Vector centre, colour;
    float radius, mirror;
} Sphere;
static Sphere spheres[SPHERES];
static const Vector light = {-6.0f, 12.0f, -8.0f};

static Vector add(Vector a, Vector b) { return (Vector){a.x + b.x, a.y + b.y, a.z + b.z}; }
static Vector sub(Vector a, Vector b) { return (Vector){a.x - b.x, a.y - b.y, a.z - b.z}; }
static Vector mul(Vector a, float f) { return (Vector){a.x * f, a.y * f, a.z * f}; }
static float dot(Vector a, Vector b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
static Vector unit(Vector a) { return mul(a, 1.0f / __builtin_sqrtf(dot(a, a))); }

// The nearest sphere that the ray meets before `far`, or -1; `far` becomes the distance.
static __attribute__((noinline)) int meet(Vector from, Vector along, float *far) {
    int nearest = -1;
    for (int i = 0; i < SPHERES; i++) {
        Vector to = sub(spheres[i].centre, from);
        float middle = dot(to, along);
        float inside = spheres[i].radius * spheres[i].radius - dot(to, to) + middle * middle;
        if (middle < 0.0f || inside < 0.0f) continue;
        float distance = middle - __builtin_sqrtf(inside);
        if (distance > 1e-3f && distance < *far) *far = distance, nearest = i;
    }
    return nearest;
}

static Vector trace(Vector from, Vector along, int bounces) {
    float far = 1e9f, mirror = 0.2f;
    int hit = meet(from, along, &far);
    float floor = along.y < -1e-4f ? -from.y / along.y : 1e9f;
    Vector point, normal, colour;
    if (floor < far && floor > 1e-3f) {
        point = add(from, mul(along, floor));
        normal = (Vector){0.0f, 1.0f, 0.0f};
        int dark = ((int)(point.x + 1000.0f) ^ (int)(point.z + 1000.0f)) & 1;
        colour = dark ? (Vector){0.2f, 0.2f, 0.25f} : (Vector){0.9f, 0.9f, 0.85f};
        if (floor > 60.0f) return (Vector){0.6f, 0.7f, 0.8f};
    } else if (hit >= 0) {
        point = add(from, mul(along, far));
        normal = unit(sub(point, spheres[hit].centre));
        colour = spheres[hit].colour;
        mirror = spheres[hit].mirror;
    } else {
        return (Vector){0.6f, 0.7f, 0.8f + 0.2f * along.y};
    }
    Vector to_light = sub(light, point);
    float distance = __builtin_sqrtf(dot(to_light, to_light));
    to_light = mul(to_light, 1.0f / distance);
    float bright = dot(normal, to_light), reach = distance;
    if (bright < 0.0f || meet(point, to_light, &reach) >= 0) bright = 0.0f;
    colour = mul(colour, 0.15f + 0.85f * bright);
    if (bounces == 0) return colour;
    Vector back = trace(point, sub(along, mul(normal, 2.0f * dot(along, normal))), bounces - 1);
    return add(mul(colour, 1.0f - mirror), mul(back, mirror));
}

int run(void) {
    for (int i = 0; i < SPHERES; i++) {
        float radius = 0.4f + 0.15f * (float)(i % 4);
        float x = (float)(i % 4) * 2.0f - 3.0f, behind = (float)(i / 4);
        spheres[i].centre = (Vector){x, radius + 0.5f * behind, 2.5f * behind};
        spheres[i].colour = (Vector){0.3f + 0.05f * (float)i, 0.9f - 0.06f * (float)i, 0.5f};
        spheres[i].radius = radius;
        spheres[i].mirror = 0.1f * (float)(i % 6);
    }
    Vector eye = {0.0f, 2.0f, -7.0f};
    unsigned mix = 0;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            Vector along = {(float)(x - WIDTH / 2) / HEIGHT, (float)(HEIGHT / 2 - y) / HEIGHT - 0.1f, 1.0f};
            Vector colour = trace(eye, unit(along), BOUNCES);
            unsigned red = (unsigned)(int)(colour.x * 255.0f), green = (unsigned)(int)(colour.y * 255.0f);
            mix = mix * 31u + (red << 16 | green << 8 | (unsigned)(int)(colour.z * 255.0f));
        }
    return (int)mix;
}
