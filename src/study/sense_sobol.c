/* Sobol' indices from Saltelli's design, by the estimators that the field uses: first order (b) and total order (f) of table
 * 2 in Saltelli and others, Computer Physics Communications 181:259, 2010 (the latter Jansen's, 1999), second order of
 * Saltelli, Computer Physics Communications 145:280, 2002.  Outputs are standardised over all rows first, and variances are
 * those of A and B together.  See sense.h. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/pool.h"
#include "study/least_squares.h"
#include "study/sense.h"

/* One output: its rows in whole blocks, standardised and taken apart. */
typedef struct work {
    long blocks;
    int inputs;
    double *a, *b;          /* [block] */
    double *ab, *ba;        /* [input][block]; ba NULL: none */
    double *first, *total;  /* [input][block] the terms whose means are the indices' numerators */
    double *counts, *weighted; /* [block] */
    double *found;          /* [index][resample] */
} work;

typedef struct context {
    pl_sense_part *part;
    pl_draws draws;
    /* [resample][block] how often each counts, for all outputs of which every block is whole; NULL: too many. */
    float *counts;
} context;

/* ---- blocks ---------------------------------------------------------------------------------------------- */

/* Mean and standard deviation over the rows of whole blocks. */
static void find_scale(const pl_sense_sample *s, const double *values, double *mean, double *deviation) {
    double sum = 0, squares = 0, count = 0;
    int unit = s->saltelli.unit;
    for (long block = 0; block < s->rows / unit; block++) {
        if (!pl_sense_whole(values + block * unit, unit)) continue;
        for (int i = 0; i < unit; i++) sum += values[block * unit + i];
        count += unit;
    }
    *mean = sum / count;
    for (long block = 0; block < s->rows / unit; block++) {
        if (!pl_sense_whole(values + block * unit, unit)) continue;
        for (int i = 0; i < unit; i++) squares += (values[block * unit + i] - *mean) * (values[block * unit + i] - *mean);
    }
    *deviation = sqrt(squares / count);
}

static void take_block(work *w, const pl_sense_sample *s, const double *rows, double mean, double deviation) {
    const pl_saltelli *at = &s->saltelli;
    long n = w->blocks++, blocks = s->rows / at->unit;
    double a = w->a[n] = (rows[at->a] - mean) / deviation, b = w->b[n] = (rows[at->b] - mean) / deviation;
    for (int i = 0; i < w->inputs; i++) {
        double ab = (rows[at->ab + i] - mean) / deviation;
        size_t place = (size_t)i * (size_t)blocks + (size_t)n;
        w->ab[place] = ab;
        w->first[place] = b * (ab - a);
        w->total[place] = 0.5 * (a - ab) * (a - ab);
        if (w->ba) w->ba[place] = (rows[at->ba + i] - mean) / deviation;
    }
}

static void take_blocks(work *w, const pl_sense_sample *s, const double *values) {
    double mean, deviation;
    int unit = s->saltelli.unit;
    find_scale(s, values, &mean, &deviation);
    for (long block = 0; block < s->rows / unit; block++)
        if (pl_sense_whole(values + block * unit, unit)) take_block(w, s, values + block * unit, mean, deviation);
}

/* ---- estimates ------------------------------------------------------------------------------------------- */

/* The variance of A and B in a resample. */
static double variance(const work *w, double total) {
    double sum = pl_dot(w->counts, w->a, w->blocks) + pl_dot(w->counts, w->b, w->blocks), squares = 0;
    for (long n = 0; n < w->blocks; n++) squares += w->counts[n] * (w->a[n] * w->a[n] + w->b[n] * w->b[n]);
    double mean = sum / (2 * total);
    return squares / (2 * total) - mean * mean;
}

/* All indices under the counts: first, total, then pairs. */
static void estimate(work *w, long blocks, double *out, size_t stride) {
    double total = 0;
    for (long n = 0; n < w->blocks; n++) total += w->counts[n];
    double scale = variance(w, total) * total;
    int d = w->inputs;
    for (int i = 0; i < d; i++) {
        out[(size_t)i * stride] = pl_dot(w->counts, w->first + i * blocks, w->blocks) / scale;
        out[(size_t)(d + i) * stride] = pl_dot(w->counts, w->total + i * blocks, w->blocks) / scale;
    }
    if (!w->ba) return;
    double product = 0;
    for (long n = 0; n < w->blocks; n++) product += w->counts[n] * w->a[n] * w->b[n];
    for (int i = 0, pair = 2 * d; i < d; i++) {
        for (long n = 0; n < w->blocks; n++) w->weighted[n] = w->counts[n] * w->ba[i * blocks + n];
        for (int k = i + 1; k < d; k++, pair++)
            out[(size_t)pair * stride] = (pl_dot(w->weighted, w->ab + k * blocks, w->blocks) - product) / scale -
                                         out[(size_t)i * stride] - out[(size_t)k * stride];
    }
}

static void set_results(pl_sobol *result, const work *w, const double *own, int resamples) {
    int d = w->inputs, pairs = w->ba ? d * (d - 1) / 2 : 0;
    for (int i = 0; i < 2 * d + pairs; i++) {
        pl_interval index = pl_sense_interval(own[i], w->found + (size_t)i * (size_t)resamples, resamples);
        *(i < d ? &result->first[i] : i < 2 * d ? &result->total[i - d] : &result->second[i - 2 * d]) = index;
    }
}

static bool make_work(work *w, const pl_sense_sample *s, int resamples) {
    size_t blocks = (size_t)(s->rows / s->saltelli.unit), d = (size_t)s->input_count;
    bool second = s->saltelli.ba >= 0;
    size_t indices = 2 * d + (second ? d * (d - 1) / 2 : 0);
    *w = (work){.inputs = s->input_count};
    double *room = pl_allocate((4 * blocks + (second ? 4 : 3) * d * blocks + 1) * sizeof(double));
    w->found = pl_allocate(indices * (size_t)resamples * sizeof(double) + indices * sizeof(double) + 1);
    if (!room || !w->found) {
        pl_release(room), pl_release(w->found);
        return false;
    }
    w->a = room, w->b = w->a + blocks, w->counts = w->b + blocks, w->weighted = w->counts + blocks;
    w->ab = w->weighted + blocks, w->first = w->ab + d * blocks, w->total = w->first + d * blocks;
    w->ba = second ? w->total + d * blocks : NULL;
    return true;
}

/* Into the work's counts. */
static void take_counts(const context *c, work *w, long blocks, int resample) {
    pl_draws draws = {c->draws.key, w->blocks};
    if (!c->counts || w->blocks != blocks) {
        pl_draws_take(&draws, resample, w->counts);
        return;
    }
    for (long n = 0; n < blocks; n++) w->counts[n] = (double)c->counts[resample * blocks + n];
}

static pl_status draw_counts(void *given, long resample, int thread) {
    context *c = given;
    double *counts = pl_allocate((size_t)(c->draws.units + 1) * sizeof *counts);
    (void)thread;
    if (!counts) return PL_MEMORY;
    pl_draws_take(&c->draws, resample, counts);
    for (long n = 0; n < c->draws.units; n++) c->counts[resample * c->draws.units + n] = (float)counts[n];
    pl_release(counts);
    return PL_OK;
}

static pl_status study_output(void *given, long output, int thread) {
    context *c = given;
    pl_sense_part *part = c->part;
    const pl_sense_sample *s = &part->sample;
    long blocks = s->rows / s->saltelli.unit;
    int d = s->input_count, resamples = part->resamples;
    size_t indices = 2 * (size_t)d + (s->saltelli.ba >= 0 ? (size_t)d * (size_t)(d - 1) / 2 : 0);
    work w;
    (void)thread;
    if (!make_work(&w, s, resamples)) return PL_MEMORY;
    take_blocks(&w, s, s->outputs[output].values);
    part->sobol[output].blocks = w.blocks, part->sobol[output].dropped = blocks - w.blocks;
    double *own = w.found + indices * (size_t)resamples;
    for (long n = 0; n < w.blocks; n++) w.counts[n] = 1;
    estimate(&w, blocks, own, 1);
    for (int r = 0; w.blocks > 1 && r < resamples; r++) {
        take_counts(c, &w, blocks, r);
        estimate(&w, blocks, w.found + r, (size_t)resamples);
    }
    set_results(&part->sobol[output], &w, own, w.blocks > 1 ? resamples : 0);
    pl_release(w.a), pl_release(w.found);
    return PL_OK;
}

pl_status pl_sense_sobol(pl_sense_part *part, int threads) {
    const pl_sense_sample *s = &part->sample;
    size_t d = (size_t)s->input_count;
    context c = {part, pl_draws_of(s, s->rows / s->saltelli.unit), NULL};
    part->sobol = PL_ARRAY(s->arena, s->output_count, pl_sobol);
    for (int o = 0; o < s->output_count; o++) {
        part->sobol[o].first = PL_ARRAY(s->arena, d, pl_interval);
        part->sobol[o].total = PL_ARRAY(s->arena, d, pl_interval);
        if (s->saltelli.ba >= 0) part->sobol[o].second = PL_ARRAY(s->arena, d * (d - 1) / 2 + 1, pl_interval);
    }
    enum { MOST_COUNTS = 1 << 24 };
    size_t cells = (size_t)part->resamples * (size_t)c.draws.units;
    pl_status status = PL_OK;
    if (cells <= MOST_COUNTS) {
        c.counts = pl_allocate((cells + 1) * sizeof(float));
        status = c.counts ? pl_parallel_for(part->resamples, threads, draw_counts, &c) : PL_MEMORY;
    }
    if (status == PL_OK) status = pl_parallel_for(s->output_count, threads, study_output, &c);
    pl_release(c.counts);
    return status;
}
