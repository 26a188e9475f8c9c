/* See density.h. */
#include "study/density.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

enum { POINTS = PL_DENSITY_POINTS, HALF = POINTS / 2, MOST_WAVES = 64, MOST_CELLS = 1 << 23 };

/* In standard deviations of a kernel: what lies farther off, of values and of frequencies alike, is exp(-28). */
static const double reach = 7.5;
static const double two_pi = 6.283185307179586477;

/* ---- tables ------------------------------------------------------------------------------------------------ */

/* The spread of the values that are there, and the grid. */
static double find_grid(pl_density *d) {
    double most = -INFINITY, mean = 0, squares = 0;
    long used = 0;
    d->least = INFINITY, d->step = 0;
    for (long i = 0; i < d->count; i++) {
        double y = d->values[i];
        if (!isfinite(y)) continue;
        d->least = fmin(d->least, y), most = fmax(most, y);
        mean += y, used++;
    }
    mean /= used ? (double)used : 1;
    for (long i = 0; i < d->count; i++)
        if (isfinite(d->values[i])) squares += (d->values[i] - mean) * (d->values[i] - mean);
    if (used) d->step = (most - d->least) / (POINTS - 1);
    return used > 1 ? sqrt(squares / (double)(used - 1)) : 0;
}

/* Cosine and sine of waves 1, 2, .. at a place from the middle, `stride` numbers apart. */
static void put_waves(const pl_density *d, double place, double *cosine, double *sine, size_t stride) {
    double c = cos(d->pitch * place), s = sin(d->pitch * place), a = c, b = s;
    for (int j = 0; j < d->waves; j++) {
        cosine[(size_t)j * stride] = a, sine[(size_t)j * stride] = b;
        double next = a * c - b * s;
        b = a * s + b * c, a = next;
    }
}

pl_status pl_density_start(pl_density *d, const double *values, long count, double part) {
    *d = (pl_density){.values = values, .count = count};
    double spread = find_grid(d), width = spread * pow(part * 0.75, -0.2), range = d->step * (POINTS - 1);
    if (!(d->step > 0) || !isfinite(range) || !(width > 0)) return PL_OK;
    d->widest = 1.3 * width;
    d->pitch = two_pi / (range + reach * d->widest);
    /* Of a kernel as wide as expected; those of one half as wide are kept, too. */
    double waves = ceil(reach / (d->pitch * width));
    if (!(waves <= MOST_WAVES) || 2 * waves > (double)MOST_CELLS / (double)count) return PL_OK;
    d->waves = 2 * waves < MOST_WAVES ? (int)(2 * waves) : MOST_WAVES;
    size_t row = 2 * (size_t)d->waves;
    d->table = pl_allocate((size_t)count * row * sizeof(double));
    d->back = pl_allocate(row * HALF * sizeof(double));
    if (!d->table || !d->back) return PL_MEMORY;
    double middle = d->least + 0.5 * range;
    for (long i = 0; i < count; i++) {
        double *to = d->table + (size_t)i * row;
        if (isfinite(values[i])) put_waves(d, values[i] - middle, to, to + 1, 2);
    }
    for (int k = 0; k < HALF; k++) put_waves(d, (k + 0.5) * d->step, d->back + k, d->back + HALF + k, POINTS);
    return PL_OK;
}

void pl_density_free(pl_density *d) { pl_release(d->table), pl_release(d->back); }

/* ---- kernels one by one ------------------------------------------------------------------------------------ */

/* Adds a kernel to count points of the grid, one way from the first: each value is the last one's times a ratio, and
 * each ratio the last one's times `shrink`.  Four chains at once keep the processor busy; they end where nothing is
 * left. */
static void add_tail(double *density, int count, int way, double value, double ratio, double shrink) {
    double chain[4], ratios[4], square = shrink * shrink, far = square * square;
    int k = 0;
    for (int i = 0; i < 4; i++) {
        chain[i] = value, ratios[i] = ratio * ratio * ratio * ratio * square * far;
        value *= ratio, ratio *= shrink;
    }
    far = far * far, far = far * far; /* shrink^16 */
    for (; k + 4 <= count && chain[0] > 1e-18; k += 4)
        for (int i = 0; i < 4; i++) {
            density[way * (k + i)] += chain[i];
            chain[i] *= ratios[i], ratios[i] *= far;
        }
    for (int i = 0; k + i < count && i < 4; i++) density[way * (k + i)] += chain[i];
}

/* Adds weight x exp(-(g - y)^2 / 2 b^2) at every point g of the grid, from the nearest one outwards. */
static void add_kernel(const pl_density *d, double y, double weight, double bandwidth, double *points) {
    double place = (y - d->least) / d->step, h = d->step / bandwidth, shrink = exp(-h * h);
    int middle = place < 0 ? 0 : place > POINTS - 1 ? POINTS - 1 : (int)(place + 0.5);
    double t = (d->least + middle * d->step - y) / bandwidth, top = weight * exp(-0.5 * t * t);
    double up = exp(-h * t - 0.5 * h * h), down = exp(h * t - 0.5 * h * h);
    add_tail(points + middle, POINTS - middle, 1, top, up, shrink);
    if (middle > 0) add_tail(points + middle - 1, middle, -1, top * down, down * shrink, shrink);
}

static void add_kernels(const pl_density *d, const int *which, const double *weights, long used, double total,
                        double bandwidth, double *points) {
    double scale = 1 / (total * bandwidth * sqrt(two_pi));
    memset(points, 0, POINTS * sizeof *points);
    for (long i = 0; i < used; i++) add_kernel(d, d->values[which[i]], weights[i], bandwidth, points);
    for (int k = 0; k < POINTS; k++) points[k] *= scale;
}

/* ---- waves ------------------------------------------------------------------------------------------------- */

/* sums[cells] of weight x row of the table. Four rows at once spare three of four loads and stores of the sums. */
static void sum_waves(const pl_density *d, const int *which, const double *weights, long used, int cells,
                      double *restrict sums) {
    const size_t row = 2 * (size_t)d->waves;
    const double *table = d->table;
    long i = 0;
    memset(sums, 0, (size_t)cells * sizeof *sums);
    for (; i + 4 <= used; i += 4) {
        const double *restrict a = table + (size_t)which[i] * row, *restrict b = table + (size_t)which[i + 1] * row;
        const double *restrict c = table + (size_t)which[i + 2] * row, *restrict e = table + (size_t)which[i + 3] * row;
        double p = weights[i], q = weights[i + 1], r = weights[i + 2], s = weights[i + 3];
        for (int j = 0; j < cells; j++) sums[j] += (p * a[j] + q * b[j]) + (r * c[j] + s * e[j]);
    }
    for (; i < used; i++) {
        const double *restrict a = table + (size_t)which[i] * row;
        for (int j = 0; j < cells; j++) sums[j] += weights[i] * a[j];
    }
}

/* The waves' sum at the points: cosines are alike on both sides of the middle, sines opposite. */
static void add_waves(const pl_density *d, double *sums, int waves, double total, double bandwidth, double *points) {
    double even[HALF], odd[HALF] = {0}, w = d->pitch * bandwidth;
    double damp = exp(-0.5 * w * w), ratio = damp, shrink = damp * damp;
    double scale = d->pitch / (two_pi * total);
    for (int k = 0; k < HALF; k++) even[k] = 0.5 * total;
    for (int j = 0; j < waves; j++) {
        const double *restrict cosine = d->back + (size_t)j * POINTS, *restrict sine = cosine + HALF;
        double a = sums[2 * j] * damp, b = sums[2 * j + 1] * damp;
        for (int k = 0; k < HALF; k++) even[k] += a * cosine[k], odd[k] += b * sine[k];
        ratio *= shrink, damp *= ratio; /* damp is exp(-(j + 1)^2 w^2 / 2) */
    }
    for (int k = 0; k < HALF; k++) {
        points[HALF + k] = 2 * scale * (even[k] + odd[k]);
        points[HALF - 1 - k] = 2 * scale * (even[k] - odd[k]);
    }
}

bool pl_density_estimate(const pl_density *d, const int *which, const double *weights, long used,
                         double points[POINTS]) {
    double total = 0, mean = 0, squares = 0, sums[2 * MOST_WAVES];
    for (long i = 0; i < used; i++) total += weights[i], mean += weights[i] * d->values[which[i]];
    mean /= total;
    for (long i = 0; i < used; i++) {
        double off = d->values[which[i]] - mean;
        squares += weights[i] * off * off;
    }
    if (!(squares > 0 && d->step > 0) || !isfinite(squares) || !isfinite(d->step) || total < 2) {
        memset(points, 0, POINTS * sizeof *points);
        return false;
    }
    double bandwidth = sqrt(squares / (total - 1)) * pow(total * 0.75, -0.2);
    double waves = ceil(reach / (d->pitch * bandwidth));
    if (d->waves && waves <= d->waves && bandwidth <= d->widest) {
        sum_waves(d, which, weights, used, 2 * (int)waves, sums);
        add_waves(d, sums, (int)waves, total, bandwidth, points);
    } else {
        add_kernels(d, which, weights, used, total, bandwidth, points);
    }
    return true;
}
