/* Delta, Borgonovo's moment-independent index, from given data: half the distance between an output's density and its
 * density given a class of the input, on average over classes (Borgonovo, Reliability Engineering & System Safety
 * 92:771, 2007; Plischke, Borgonovo and Smith, European Journal of Operational Research 226:536, 2013, eq. 26).
 * Classes, kernels and grid are those of SALib: equal frequencies, Gaussian kernels of Silverman's bandwidth, 100
 * points from the least to the largest output.
 *
 * The estimate is the mean over resamples of 2 d - d*, where d, too, is of a resample: what SALib gives (from 1.4.5 on)
 * in expectation, without the noise of a single draw.  An output that is 0 or 1 has no density: there the classes'
 * shares are compared.  The first-order index by the same classes is the variance of their means.
 *
 * Outputs one after the other, threads over inputs: what belongs to a resample of an output is made once.  See
 * sense.h. */
#include <string.h>

#include "base/arena.h"
#include "base/pool.h"
#include "study/density.h"
#include "study/sense.h"

enum { POINTS = PL_DENSITY_POINTS, MOST_CLASSES = 48 };

/* An output in a resample. */
typedef struct whole {
    double total, mean, variance, density[POINTS];
} whole;

typedef struct work {
    const pl_given_data *data;
    const pl_sense_output *output;
    const pl_sense_group *group; /* that it is of */
    int classes, resamples;
    double *counts;       /* [resample + 1][row] how often each counts, 0 where missing; first: of the sample itself */
    whole *all;           /* [resample + 1] */
    pl_density density;
    double *found[2];     /* [column][resample + 1] delta, first order */
} work;

/* What a thread needs: the rows of one class. */
typedef struct class {
    int *rows;            /* [used] */
    double *weights;
    long used;
} class;

/* ---- one input in one resample ----------------------------------------------------------------------------- */

/* The trapezoidal rule over |a - b|. */
static double distance(const work *w, const double a[POINTS], const double b[POINTS]) {
    double sum = 0;
    for (int k = 0; k < POINTS; k++) sum += (k == 0 || k == POINTS - 1 ? 0.5 : 1) * fabs(a[k] - b[k]);
    return sum * w->density.step;
}

/* What a class adds to both indices; it is empty then. */
static void add_class(const work *w, const whole *all, class *c, double *delta, double *first) {
    double density[POINTS], total = 0, mean = 0;
    long used = c->used;
    for (long i = 0; i < used; i++) total += c->weights[i], mean += c->weights[i] * w->output->values[c->rows[i]];
    c->used = 0;
    if (total == 0) return;
    mean /= total;
    *first += total / all->total * (mean - all->mean) * (mean - all->mean);
    if (w->output->share) {
        *delta += total / all->total * fabs(mean - all->mean);
        return;
    }
    pl_density_estimate(&w->density, c->rows, c->weights, used, density);
    *delta += 0.5 * total / all->total * distance(w, all->density, density);
}

/* Rows by rising input, cut into classes of equal frequency; a row that was drawn often may lie in two. */
static void study_column(const work *w, int column, int resample, class *c, double *delta, double *first) {
    const int *order = w->data->order + (size_t)column * (size_t)w->data->sample->rows;
    const double *counts = w->counts + (size_t)resample * (size_t)w->data->sample->rows;
    const whole *all = &w->all[resample];
    double rank = 0, variance = 0, end = floor(all->total / w->classes); /* ranks of the class go up to here */
    int number = 1;
    *delta = 0;
    for (long k = 0; k < w->data->sample->rows; k++) {
        double left = counts[order[k]];
        while (left > 0) {
            double taken = left < end - rank ? left : end - rank;
            if (taken > 0) {
                c->rows[c->used] = order[k], c->weights[c->used++] = taken;
                rank += taken, left -= taken;
            }
            if (rank < end) break;
            add_class(w, all, c, delta, &variance);
            end = floor(all->total * ++number / w->classes);
        }
    }
    if (c->used) add_class(w, all, c, delta, &variance);
    *first = all->variance > 0 ? variance / all->variance : NAN;
}

/* One input in all resamples: a work item of a thread. */
static pl_status study_item(void *context, long column, int thread) {
    work *w = context;
    size_t rows = (size_t)w->data->sample->rows;
    class c = {pl_allocate((rows + 1) * sizeof(int)), pl_allocate((rows + 1) * sizeof(double)), 0};
    (void)thread;
    for (int r = 0; c.rows && c.weights && r <= w->resamples; r++) {
        size_t place = (size_t)column * (size_t)(w->resamples + 1) + (size_t)r;
        study_column(w, (int)column, r, &c, &w->found[0][place], &w->found[1][place]);
    }
    pl_status status = c.rows && c.weights ? PL_OK : PL_MEMORY;
    pl_release(c.rows), pl_release(c.weights);
    return status;
}

/* ---- resamples of a group of outputs ------------------------------------------------------------------------ */

/* The number of classes, as SALib has it. */
static int class_count(long n) {
    double classes = ceil(pow((double)n, 2 / (7 + tanh((1500.0 - (double)n) / 500))));
    return classes > MOST_CLASSES ? MOST_CLASSES : (int)classes;
}

/* An output of the group says which rows are there. */
static pl_status draw_counts(work *w, const pl_sense_output *output) {
    long rows = w->data->sample->rows;
    pl_draws draws = pl_draws_of(w->data->sample, w->group->rows);
    double *drawn = pl_allocate((size_t)(w->group->rows + 1) * sizeof *drawn);
    if (!drawn) return PL_MEMORY;
    for (int r = 0; r <= w->resamples; r++) {
        double *counts = w->counts + (size_t)r * (size_t)rows;
        long used = 0;
        if (r) pl_draws_take(&draws, r - 1, drawn);
        for (long row = 0; row < rows; row++) counts[row] = !isfinite(output->values[row]) ? 0 : r ? drawn[used++] : 1;
    }
    pl_release(drawn);
    return PL_OK;
}

/* ---- one output ------------------------------------------------------------------------------------------ */

static void take_whole(const work *w, int resample, class *c) {
    const double *counts = w->counts + (size_t)resample * (size_t)w->data->sample->rows, *y = w->output->values;
    whole *all = &w->all[resample];
    double sum = 0, squares = 0;
    *all = (whole){0};
    c->used = 0;
    for (long row = 0; row < w->data->sample->rows; row++) {
        if (counts[row] == 0) continue;
        c->rows[c->used] = (int)row, c->weights[c->used++] = counts[row];
        all->total += counts[row], sum += counts[row] * y[row];
    }
    all->mean = sum / all->total;
    for (long i = 0; i < c->used; i++) {
        double off = y[c->rows[i]] - all->mean;
        squares += c->weights[i] * off * off;
    }
    all->variance = squares / all->total;
    if (!w->output->share) pl_density_estimate(&w->density, c->rows, c->weights, c->used, all->density);
}

static pl_status take_wholes(work *w) {
    size_t rows = (size_t)w->data->sample->rows;
    class c = {pl_allocate((rows + 1) * sizeof(int)), pl_allocate((rows + 1) * sizeof(double)), 0};
    for (int r = 0; c.rows && c.weights && r <= w->resamples; r++) take_whole(w, r, &c);
    pl_status status = c.rows && c.weights ? PL_OK : PL_MEMORY;
    pl_release(c.rows), pl_release(c.weights);
    return status;
}

static double mean_of(const double *values, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) sum += values[i];
    return sum / count;
}

/* Whether an input has one value in all rows that are present: then nothing can be said of it. */
static bool is_constant(const work *w, int column) {
    const double *x = w->data->x + (size_t)column * (size_t)w->data->sample->rows, *some = NULL;
    for (long row = 0; row < w->data->sample->rows; row++) {
        if (!isfinite(w->output->values[row])) continue;
        if (some && x[row] != *some) return false;
        some = &x[row];
    }
    return true;
}

static void set_results(const work *w, pl_delta *result) {
    int inputs = w->data->columns - 1, resamples = w->resamples;
    result->classes = w->classes;
    for (int c = 0; c <= inputs; c++) {
        const double *deltas = w->found[0] + (size_t)c * (size_t)(resamples + 1) + 1;
        const double *first = w->found[1] + (size_t)c * (size_t)(resamples + 1);
        pl_interval delta = pl_sense_interval(mean_of(deltas, resamples), deltas, resamples);
        if (c == inputs) {
            result->noise = delta.high;
            break;
        }
        result->delta[c] = delta;
        result->first[c] = pl_sense_interval(first[0], first + 1, resamples);
        if (is_constant(w, c)) result->delta[c] = result->first[c] = (pl_interval){NAN, NAN, NAN};
    }
}

static void set_missing(int inputs, pl_delta *result) {
    for (int i = 0; i < inputs; i++) result->delta[i] = result->first[i] = (pl_interval){NAN, NAN, NAN};
    result->noise = NAN;
}

static pl_status study_output(work *w, int threads, pl_delta *result) {
    w->classes = class_count(w->group->rows);
    pl_status status = pl_density_start(&w->density, w->output->values, w->data->sample->rows,
                                        (double)w->group->rows / (w->classes ? w->classes : 1));
    if (status == PL_OK && (w->group->rows < 10 || !(w->density.step > 0))) {
        set_missing(w->data->columns - 1, result);
    } else if (status == PL_OK) {
        status = take_wholes(w);
        if (status == PL_OK) status = pl_parallel_for(w->data->columns, threads, study_item, w);
        if (status == PL_OK) set_results(w, result);
    }
    pl_density_free(&w->density);
    return status;
}

pl_status pl_sense_delta(const pl_given_data *data, const pl_sense_groups *groups, int resamples, int threads,
                         pl_delta *results) {
    size_t rounds = (size_t)resamples + 1, cells = (size_t)data->columns * rounds;
    work w = {.data = data, .resamples = resamples};
    w.counts = pl_allocate((rounds * (size_t)data->sample->rows + 1) * sizeof(double));
    w.all = pl_allocate(rounds * sizeof(whole));
    w.found[0] = pl_allocate(2 * cells * sizeof(double));
    w.found[1] = w.found[0] + cells;
    pl_status status = w.counts && w.all && w.found[0] ? PL_OK : PL_MEMORY;
    for (int g = 0; g < groups->count && status == PL_OK; g++) {
        w.group = &groups->groups[g];
        const int *order = groups->order + w.group->first;
        status = draw_counts(&w, &data->sample->outputs[order[0]]);
        for (int i = 0; i < w.group->count && status == PL_OK; i++) {
            w.output = &data->sample->outputs[order[i]];
            status = study_output(&w, threads, &results[order[i]]);
        }
    }
    pl_release(w.counts), pl_release(w.all), pl_release(w.found[0]);
    return status;
}
