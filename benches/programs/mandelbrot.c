// Escape times of the Mandelbrot set: a tight loop over double-precision values with an early exit.
enum { SIZE = 360, LIMIT = 250 };

int run(void) {
    int mix = 0;
    for (int py = 0; py < SIZE; py++)
        for (int px = 0; px < SIZE; px++) {
            double cx = 3.0 * px / SIZE - 2.2, cy = 2.6 * py / SIZE - 1.3;
            double x = 0.0, y = 0.0;
            int n = 0;
            while (n < LIMIT) {
                double xx = x * x, yy = y * y;
                if (xx + yy > 4.0) break;
                y = 2.0 * x * y + cy;
                x = xx - yy + cx;
                n++;
            }
            mix = (int)((unsigned)mix * 33u + (unsigned)n);
        }
    return mix;
}
