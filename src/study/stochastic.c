/* See stochastic.h.  Two options have as many futures each, so that the first order compares the sorted values rank by
 * rank, and the second order their running sums (Levy, Stochastic Dominance, ch. 5). */
#include "study/stochastic.h"

#include <float.h>
#include <math.h>

#include "study/statistics.h"

const char *const pl_dominance_names[PL_DOMINANCE_COUNT] = {
#define X(id, name, text) name,
    PL_DOMINANCES(X)
#undef X
};

typedef struct work {
    const pl_outcomes *o;
    double *sorted; /* [option][rank] of the futures or of a resample */
    long count;
} work;

/* The values of every option in rising order, futures counted by their weights. */
static void sort_options(work *w, const double *weights) {
    const pl_outcomes *o = w->o;
    double total = 0;
    for (long f = 0; f < o->futures; f++) total += weights[f];
    w->count = (long)total;
    for (int k = 0; k < o->options; k++) {
        const long *places = o->by_value + (size_t)k * (size_t)o->futures;
        const double *values = o->value + (size_t)k * (size_t)o->futures;
        double *out = w->sorted + (size_t)k * (size_t)w->count;
        for (long i = 0; i < o->futures; i++)
            for (double n = weights[places[i]]; n > 0; n--) *out++ = values[places[i]];
    }
}

static bool first_order(const double *a, const double *b, long count) {
    bool better = false;
    for (long i = 0; i < count; i++) {
        if (a[i] < b[i]) return false;
        better = better || a[i] > b[i];
    }
    return better;
}

/* Sums that differ by less than their rounding are equal. */
static bool second_order(const double *a, const double *b, long count) {
    bool better = false;
    double lead = 0, size = 0;
    for (long i = 0; i < count; i++) {
        lead += a[i] - b[i];
        size += fabs(a[i]) + fabs(b[i]);
        double rounding = 4 * DBL_EPSILON * size;
        if (lead < -rounding) return false;
        better = better || lead > rounding;
    }
    return better;
}

/* Of states: the futures of a resample that count at all. */
static pl_dominance of_states(const pl_outcomes *o, const double *weights, int a, int b) {
    const double *x = pl_outcomes_row(o->value, o, a), *y = pl_outcomes_row(o->value, o, b);
    bool strict = true, better = false;
    for (long f = 0; f < o->futures; f++) {
        if (weights[f] <= 0) continue;
        if (x[f] < y[f]) return PL_DOMINANCE_COUNT;
        strict = strict && x[f] > y[f];
        better = better || x[f] > y[f];
    }
    return strict && better ? PL_DOMINANCE_STRICT : better ? PL_DOMINANCE_WEAK : PL_DOMINANCE_COUNT;
}

static pl_dominance strongest(const work *w, const double *weights, int a, int b) {
    const double *x = w->sorted + (size_t)a * (size_t)w->count, *y = w->sorted + (size_t)b * (size_t)w->count;
    pl_dominance states = of_states(w->o, weights, a, b);
    if (states != PL_DOMINANCE_COUNT) return states;
    if (first_order(x, y, w->count)) return PL_DOMINANCE_FIRST;
    return second_order(x, y, w->count) ? PL_DOMINANCE_SECOND : PL_DOMINANCE_COUNT;
}

/* Share and mean of the differences future by future, with missing ones where the sample has none. */
static void compare(const pl_outcomes *o, const pl_sample *sample, const pl_ensemble *e, int a, int b, pl_pair *pair,
                    double *by_future) {
    bool random = pl_ensemble_is_random(e);
    const double *x = pl_outcomes_row(o->value, o, a), *y = pl_outcomes_row(o->value, o, b);
    long count;
    for (long f = 0; f < e->futures; f++) by_future[f] = NAN;
    for (long k = 0; k < o->futures; k++) by_future[sample->future[k]] = x[k] > y[k];
    pair->better = pl_share_of(by_future, e->futures, random, &count);
    for (long k = 0; k < o->futures; k++) by_future[sample->future[k]] = x[k] - y[k];
    pair->lead = pl_mean_of(by_future, e->futures, random);
}

/* The most that a resample may count: units of a design that lacks futures differ in size. */
static long largest_resample(const pl_sample *sample) {
    long most = 1, own = 0;
    if (!sample->unit) return sample->units;
    for (long k = 0; k < sample->count; k++) {
        own = k && sample->unit[k] == sample->unit[k - 1] ? own + 1 : 1;
        if (own > most) most = own;
    }
    return most * sample->units;
}

pl_pair *pl_pairs_make(pl_arena *arena, const pl_outcomes *o, const pl_sample *sample, const pl_ensemble *e,
                       int replicates) {
    int options = o->options;
    pl_pair *pairs = PL_ARRAY(arena, options * options, pl_pair);
    work w = {.o = o, .sorted = PL_ARRAY(arena, (size_t)options * (size_t)largest_resample(sample), double)};
    double *weights = PL_ARRAY(arena, o->futures, double), *units = PL_ARRAY(arena, sample->units, double);
    double *by_future = PL_ARRAY(arena, e->futures, double);
    if (sample->units < 2) replicates = 0;
    for (long f = 0; f < o->futures; f++) weights[f] = 1;
    sort_options(&w, weights);
    for (int a = 0; a < options; a++)
        for (int b = 0; b < options; b++) {
            pl_pair *pair = &pairs[a * options + b];
            if (a == b) continue;
            compare(o, sample, e, a, b, pair, by_future);
            pair->holds = strongest(&w, weights, a, b);
            for (int d = 0; d < PL_DOMINANCE_COUNT; d++) pair->share[d] = replicates ? 0 : NAN;
        }
    for (int r = 0; r < replicates; r++) {
        pl_sample_draw(sample, r, units);
        pl_sample_spread(sample, units, weights);
        sort_options(&w, weights);
        for (int i = 0; i < options * options; i++)
            if (i / options != i % options)
                for (int d = strongest(&w, weights, i / options, i % options); d < PL_DOMINANCE_COUNT; d++)
                    pairs[i].share[d] += 1.0 / replicates;
    }
    return pairs;
}
