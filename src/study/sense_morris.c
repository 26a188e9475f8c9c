/* Morris' elementary effects: how an output changes per unit of an input's probability, from trajectories in which one input
 * (or group) after the other moves (Morris, Technometrics 33:161, 1991); mu* of Campolongo, Cariboni and Saltelli,
 * Environmental Modelling & Software 22:1509, 2007.  Trajectories are what is resampled.  See sense.h. */
#include <math.h>
#include <string.h>

#include "base/pool.h"
#include "study/sense.h"

typedef struct work {
    int inputs;
    long trajectories;  /* whole ones */
    double *effects;    /* [input][trajectory] */
    double *counts;     /* [trajectory] */
    double *found;      /* [mu, mu*, sigma][resample] of one input */
} work;

/* The input that moves into a row: the first whose level is another than in the row before. */
static int moved(const pl_sense_sample *s, long row) {
    for (int i = 0; i < s->input_count; i++)
        if (s->x[i][row] != s->x[i][row - 1]) return i;
    return -1;
}

static void take_effects(work *w, const pl_sense_sample *s, const double *values) {
    int unit = s->input_count + 1;
    long room = s->rows / unit;
    for (long t = 0; t < room; t++) {
        if (!pl_sense_whole(values + t * unit, unit)) continue;
        for (long row = t * unit + 1; row < (t + 1) * unit; row++) {
            int i = moved(s, row);
            if (i >= 0)
                w->effects[i * room + w->trajectories] = (values[row] - values[row - 1]) / (s->x[i][row] - s->x[i][row - 1]);
        }
        w->trajectories++;
    }
}

/* mu, mu* and sigma (with n - 1) under the counts. */
static void estimate(const work *w, const double *effects, double out[3]) {
    double total = 0, sum = 0, sizes = 0, squares = 0;
    for (long t = 0; t < w->trajectories; t++) {
        total += w->counts[t];
        sum += w->counts[t] * effects[t];
        sizes += w->counts[t] * fabs(effects[t]);
    }
    out[0] = sum / total, out[1] = sizes / total;
    for (long t = 0; t < w->trajectories; t++) squares += w->counts[t] * (effects[t] - out[0]) * (effects[t] - out[0]);
    out[2] = total > 1 ? sqrt(squares / (total - 1)) : NAN;
}

static void study_input(work *w, const pl_draws *draws, const double *effects, int resamples, pl_interval out[3]) {
    double own[3], one[3];
    for (long t = 0; t < w->trajectories; t++) w->counts[t] = 1;
    estimate(w, effects, own);
    int taken = draws->units > 1 ? resamples : 0;
    for (int r = 0; r < taken; r++) {
        pl_draws_take(draws, r, w->counts);
        estimate(w, effects, one);
        for (int k = 0; k < 3; k++) w->found[k * resamples + r] = one[k];
    }
    for (int k = 0; k < 3; k++) out[k] = pl_sense_interval(own[k], w->found + k * resamples, taken);
}

static pl_status study_output(void *given, long output, int thread) {
    pl_sense_part *part = given;
    const pl_sense_sample *s = &part->sample;
    pl_morris *result = &part->morris[output];
    long room = s->rows / (s->input_count + 1);
    work w = {.inputs = s->input_count};
    (void)thread;
    w.effects = pl_allocate(((size_t)room * (size_t)(s->input_count + 1) + 3 * (size_t)part->resamples + 1) * sizeof(double));
    if (!w.effects) return PL_MEMORY;
    w.counts = w.effects + (size_t)s->input_count * (size_t)room, w.found = w.counts + room;
    take_effects(&w, s, s->outputs[output].values);
    result->trajectories = w.trajectories, result->dropped = room - w.trajectories;
    pl_draws draws = pl_draws_of(s, w.trajectories);
    for (int i = 0; i < s->input_count; i++) {
        pl_interval found[3];
        study_input(&w, &draws, w.effects + i * room, part->resamples, found);
        bool group = s->members && s->members[i];
        const pl_interval none = {NAN, NAN, NAN}; /* its inputs move in directions of their own */
        result->mu[i] = group ? none : found[0];
        result->mu_star[i] = found[1];
        result->sigma[i] = group ? none : found[2];
    }
    pl_release(w.effects);
    return PL_OK;
}

pl_status pl_sense_morris(pl_sense_part *part, int threads) {
    const pl_sense_sample *s = &part->sample;
    part->morris = PL_ARRAY(s->arena, s->output_count, pl_morris);
    for (int o = 0; o < s->output_count; o++) {
        part->morris[o].mu = PL_ARRAY(s->arena, s->input_count, pl_interval);
        part->morris[o].mu_star = PL_ARRAY(s->arena, s->input_count, pl_interval);
        part->morris[o].sigma = PL_ARRAY(s->arena, s->input_count, pl_interval);
    }
    return pl_parallel_for(s->output_count, threads, study_output, part);
}
