/* Delta, Borgonovo's moment-independent index, from given data: half the distance between an output's density and its density
 * given a class of the input, on average over classes (Borgonovo, Reliability Engineering & System Safety 92:771, 2007;
 * Plischke, Borgonovo and Smith, European Journal of Operational Research 226:536, 2013, eq. 26).  Classes, kernels and grid
 * are those of SALib: equal frequencies, Gaussian kernels of Silverman's bandwidth, 100 points from the least to the largest
 * output.
 *
 * The estimate is the mean over resamples of 2 d - d*, where d, too, is of a resample: what SALib gives (from 1.4.5 on) in
 * expectation, without the noise of a single draw.  An output that is 0 or 1 has no density: there the classes' shares are
 * compared.  The first-order index by the same classes is the variance of their means.  See sense.h. */
#include <string.h>

#include "base/arena.h"
#include "study/sense.h"

enum { POINTS = 100, MOST_CLASSES = 48 };

typedef struct work {
    const pl_given_data *data;
    const pl_sense_output *output;
    long count;           /* rows that are present */
    int *present;         /* [count] */
    double least, step;   /* of the grid */
    int classes;
    double *drawn;        /* [count] how often each present row counts */
    double *counts;       /* [row] the same by row; 0 where missing */
    double *y, *weights;  /* [count] of one class */
    double *found[2];     /* [column][resample] delta, first order */
} work;

/* ---- densities ------------------------------------------------------------------------------------------- */

/* Adds a kernel to count points of the grid, one way from the first: each value is the last one's times a ratio, and each ratio
 * the last one's times `shrink`.  Four chains at once keep the processor busy; they end where nothing is left. */
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
static void add_kernel(const work *w, double y, double weight, double bandwidth, double *density) {
    double place = (y - w->least) / w->step, h = w->step / bandwidth, shrink = exp(-h * h);
    int middle = place < 0 ? 0 : place > POINTS - 1 ? POINTS - 1 : (int)(place + 0.5);
    double t = (w->least + middle * w->step - y) / bandwidth, top = weight * exp(-0.5 * t * t);
    double up = exp(-h * t - 0.5 * h * h), down = exp(h * t - 0.5 * h * h);
    add_tail(density + middle, POINTS - middle, 1, top, up, shrink);
    if (middle > 0) add_tail(density + middle - 1, middle, -1, top * down, down * shrink, shrink);
}

/* The kernel density of weighted values on the grid; false where they are all the same. */
static bool estimate_density(const work *w, const double *y, const double *weights, long count, double density[POINTS]) {
    double total = 0, mean = 0, squares = 0;
    for (long i = 0; i < count; i++) total += weights[i], mean += weights[i] * y[i];
    mean /= total;
    for (long i = 0; i < count; i++) squares += weights[i] * (y[i] - mean) * (y[i] - mean);
    memset(density, 0, POINTS * sizeof *density);
    if (!(squares > 0) || total < 2) return false;
    double bandwidth = sqrt(squares / (total - 1)) * pow(total * 0.75, -0.2);
    for (long i = 0; i < count; i++) add_kernel(w, y[i], weights[i], bandwidth, density);
    double scale = 1 / (total * bandwidth * 2.5066282746310005024); /* sqrt(2 pi) */
    for (int k = 0; k < POINTS; k++) density[k] *= scale;
    return true;
}

/* The trapezoidal rule over |a - b|. */
static double distance(const work *w, const double a[POINTS], const double b[POINTS]) {
    double sum = 0;
    for (int k = 0; k < POINTS; k++) sum += (k == 0 || k == POINTS - 1 ? 0.5 : 1) * fabs(a[k] - b[k]);
    return sum * w->step;
}

/* ---- one input in one resample ----------------------------------------------------------------------------- */

typedef struct whole {
    double total, mean, variance, density[POINTS];
} whole;

static void take_whole(const work *w, whole *all) {
    double sum = 0, squares = 0;
    long used = 0;
    *all = (whole){0};
    for (long i = 0; i < w->count; i++) {
        double count = w->drawn[i], y = w->output->values[w->present[i]];
        if (count == 0) continue;
        w->y[used] = y, w->weights[used++] = count;
        all->total += count, sum += count * y;
    }
    all->mean = sum / all->total;
    for (long i = 0; i < used; i++) squares += w->weights[i] * (w->y[i] - all->mean) * (w->y[i] - all->mean);
    all->variance = squares / all->total;
    if (!w->output->share) estimate_density(w, w->y, w->weights, used, all->density);
}

/* What a class of `used` values adds to both indices. */
static void add_class(const work *w, const whole *all, long used, double *delta, double *first) {
    double density[POINTS], total = 0, mean = 0;
    for (long i = 0; i < used; i++) total += w->weights[i], mean += w->weights[i] * w->y[i];
    if (total == 0) return;
    mean /= total;
    *first += total / all->total * (mean - all->mean) * (mean - all->mean);
    if (w->output->share) {
        *delta += total / all->total * fabs(mean - all->mean);
        return;
    }
    estimate_density(w, w->y, w->weights, used, density);
    *delta += 0.5 * total / all->total * distance(w, all->density, density);
}

/* Rows by rising input, cut into classes of equal frequency; a row that was drawn often may lie in two. */
static void study_column(const work *w, const whole *all, int column, double *delta, double *first) {
    const int *order = w->data->order + (size_t)column * (size_t)w->data->sample->rows;
    double rank = 0, variance = 0;
    long used = 0;
    int class = 0;
    *delta = 0;
    for (long k = 0; k < w->data->sample->rows; k++) {
        double left = w->counts[order[k]];
        while (left > 0) {
            double end = floor(all->total * (class + 1) / w->classes); /* ranks of the class go up to here */
            double taken = left < end - rank ? left : end - rank;
            if (taken > 0) {
                w->y[used] = w->output->values[order[k]], w->weights[used++] = taken;
                rank += taken, left -= taken;
            }
            if (rank < end) break;
            add_class(w, all, used, delta, &variance);
            used = 0, class++;
        }
    }
    if (used) add_class(w, all, used, delta, &variance);
    *first = all->variance > 0 ? variance / all->variance : NAN;
}

/* ---- one output ------------------------------------------------------------------------------------------ */

/* The number of classes, as SALib has it. */
static int class_count(long n) {
    double classes = ceil(pow((double)n, 2 / (7 + tanh((1500.0 - (double)n) / 500))));
    return classes > MOST_CLASSES ? MOST_CLASSES : (int)classes;
}

static void spread(work *w) {
    memset(w->counts, 0, (size_t)w->data->sample->rows * sizeof *w->counts);
    for (long i = 0; i < w->count; i++) w->counts[w->present[i]] = w->drawn[i];
}

static void resample(work *w, int resamples, double *first) {
    pl_draws draws = pl_draws_of(w->data->sample, w->count);
    whole all;
    double ignored;
    for (long i = 0; i < w->count; i++) w->drawn[i] = 1;
    spread(w);
    take_whole(w, &all);
    for (int c = 0; c < w->data->columns - 1; c++) study_column(w, &all, c, &ignored, &first[c]);
    for (int r = 0; r < resamples; r++) {
        pl_draws_take(&draws, r, w->drawn);
        spread(w);
        take_whole(w, &all);
        for (int c = 0; c < w->data->columns; c++) {
            size_t place = (size_t)c * (size_t)resamples + (size_t)r;
            study_column(w, &all, c, &w->found[0][place], &w->found[1][place]);
        }
    }
}

static double mean_of(const double *values, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) sum += values[i];
    return sum / count;
}

/* Whether an input has one value in all rows that are present: then nothing can be said of it. */
static bool is_constant(const work *w, int column) {
    const double *x = w->data->x + (size_t)column * (size_t)w->data->sample->rows;
    for (long i = 1; i < w->count; i++)
        if (x[w->present[i]] != x[w->present[0]]) return false;
    return true;
}

static void set_results(const work *w, int resamples, const double *first, pl_delta *result) {
    int inputs = w->data->columns - 1;
    result->classes = w->classes;
    for (int c = 0; c <= inputs; c++) {
        const double *deltas = w->found[0] + (size_t)c * (size_t)resamples;
        pl_interval delta = pl_sense_interval(mean_of(deltas, resamples), deltas, resamples);
        if (c == inputs) {
            result->noise = delta.high;
            break;
        }
        result->delta[c] = delta;
        result->first[c] = pl_sense_interval(first[c], w->found[1] + (size_t)c * (size_t)resamples, resamples);
        if (is_constant(w, c)) result->delta[c] = result->first[c] = (pl_interval){NAN, NAN, NAN};
    }
}

static void set_missing(int inputs, pl_delta *result) {
    for (int i = 0; i < inputs; i++) result->delta[i] = result->first[i] = (pl_interval){NAN, NAN, NAN};
    result->noise = NAN;
}

static void find_range(work *w) {
    double most = -INFINITY;
    w->least = INFINITY;
    for (long row = 0; row < w->data->sample->rows; row++) {
        double y = w->output->values[row];
        if (!isfinite(y)) continue;
        w->present[w->count++] = (int)row;
        w->least = fmin(w->least, y), most = fmax(most, y);
    }
    w->step = (most - w->least) / (POINTS - 1);
}

pl_status pl_sense_delta(const pl_given_data *data, const pl_sense_output *output, int resamples, pl_delta *result) {
    size_t rows = (size_t)data->sample->rows, cells = (size_t)data->columns * (size_t)resamples;
    work w = {.data = data, .output = output};
    double *room = pl_allocate((4 * rows + 2 * cells + (size_t)data->columns) * sizeof(double));
    w.present = pl_allocate((rows + 1) * sizeof(int));
    if (!room || !w.present) {
        pl_release(room), pl_release(w.present);
        return PL_MEMORY;
    }
    w.drawn = room, w.counts = room + rows, w.y = room + 2 * rows, w.weights = room + 3 * rows;
    w.found[0] = room + 4 * rows, w.found[1] = w.found[0] + cells;
    double *first = w.found[1] + cells;
    find_range(&w);
    w.classes = class_count(w.count);
    if (w.count < 10 || !(w.step > 0)) {
        set_missing(data->columns - 1, result);
    } else {
        resample(&w, resamples, first);
        set_results(&w, resamples, first, result);
    }
    pl_release(room), pl_release(w.present);
    return PL_OK;
}
