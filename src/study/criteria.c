/* See criteria.h. */
#include "study/criteria.h"

#include <math.h>
#include <stdlib.h>

#include "study/statistics.h"

const pl_criterion pl_criteria[PL_CRITERION_COUNT] = {
#define X(id, name, heading, sign, basis, formula, source) {name, heading, sign, PL_##basis, formula, source},
    PL_CRITERIA(X)
#undef X
};

/* ---- outcomes ----------------------------------------------------------------------------------------- */

void pl_outcomes_start(pl_outcomes *o, pl_arena *arena, int options, long futures, double alpha) {
    size_t cells = (size_t)options * (size_t)futures;
    *o = (pl_outcomes){.options = options, .futures = futures, .alpha = alpha};
    o->value = PL_ARRAY(arena, cells, double);
    o->regret = PL_ARRAY(arena, cells, double);
    o->met = PL_ARRAY(arena, cells, double);
    o->by_value = PL_ARRAY(arena, cells, long);
    o->by_regret = PL_ARRAY(arena, cells, long);
}

void pl_outcomes_find_regrets(pl_outcomes *o) {
    for (long f = 0; f < o->futures; f++) {
        double best = -INFINITY;
        for (int k = 0; k < o->options; k++) best = fmax(best, pl_outcomes_row(o->value, o, k)[f]);
        for (int k = 0; k < o->options; k++)
            pl_outcomes_row(o->regret, o, k)[f] = best - pl_outcomes_row(o->value, o, k)[f];
    }
}

typedef struct placed {
    double value;
    long future;
} placed;

static int ascending(const void *a, const void *b) {
    const placed *x = a, *y = b;
    if (x->value != y->value) return x->value < y->value ? -1 : 1;
    return (x->future > y->future) - (x->future < y->future);
}

static void order(const double *values, long futures, placed *work, long *places) {
    for (long f = 0; f < futures; f++) work[f] = (placed){values[f], f};
    qsort(work, (size_t)futures, sizeof *work, ascending);
    for (long f = 0; f < futures; f++) places[f] = work[f].future;
}

void pl_outcomes_order(pl_outcomes *o, pl_arena *arena) {
    placed *work = PL_ARRAY(arena, o->futures, placed);
    for (int k = 0; k < o->options; k++) {
        size_t row = (size_t)k * (size_t)o->futures;
        order(o->value + row, o->futures, work, o->by_value + row);
        order(o->regret + row, o->futures, work, o->by_regret + row);
    }
}

/* ---- criteria ----------------------------------------------------------------------------------------- */

/* Values in rising order, each future counted as its weight says (whole numbers). */
typedef struct ranked {
    const double *values, *weights;
    const long *places;
    long count;   /* places */
    double total; /* of the weights */
} ranked;

/* The value of a rank from 0 to total - 1. */
static double value_at(const ranked *r, double rank) {
    double below = 0;
    for (long i = 0; i < r->count; i++) {
        below += r->weights[r->places[i]];
        if (below > rank) return r->values[r->places[i]];
    }
    return r->count ? r->values[r->places[r->count - 1]] : NAN;
}

static double quantile(const ranked *r, double p) {
    double place = p * (r->total - 1), below = floor(place), low = value_at(r, below);
    return place > below ? low + (place - below) * (value_at(r, below + 1) - low) : low;
}

static double highest(const ranked *r) {
    for (long i = r->count - 1; i >= 0; i--)
        if (r->weights[r->places[i]] > 0) return r->values[r->places[i]];
    return NAN;
}

static double lowest(const ranked *r) { return value_at(r, 0); }

static double mean(const double *weights, const double *values, long count, double total) {
    return pl_weighted_sum(weights, values, count) / total;
}

static double deviation(const ranked *r, double middle) {
    double squares = 0;
    for (long f = 0; f < r->count; f++) squares += r->weights[f] * (r->values[f] - middle) * (r->values[f] - middle);
    return r->total > 1 ? sqrt(squares / (r->total - 1)) : NAN;
}

/* The mean distance of the worse half from the median; of an odd number the median itself belongs to it. */
static double worse_half(const ranked *r) {
    double median = quantile(r, 0.5), half = ceil(r->total / 2), left = half, sum = 0;
    for (long i = 0; i < r->count && left > 0; i++) {
        double times = fmin(r->weights[r->places[i]], left);
        if (times <= 0) continue;
        sum += times * (r->values[r->places[i]] - median);
        left -= times;
    }
    return sum / half;
}

static double ratio(double above, double below) { return below > 0 ? above / below : NAN; }

static double skewness(const ranked *r) {
    double low = quantile(r, 0.1), high = quantile(r, 0.9);
    return ratio(quantile(r, 0.5) - (high + low) / 2, (high - low) / 2);
}

static double peakedness(const ranked *r) {
    return ratio(quantile(r, 0.9) - quantile(r, 0.1), quantile(r, 0.75) - quantile(r, 0.25));
}

double pl_criterion_value(const pl_outcomes *o, pl_criterion_id criterion, int option, const double *weights) {
    size_t row = (size_t)option * (size_t)o->futures;
    double total = 0;
    for (long f = 0; f < o->futures; f++) total += weights[f];
    if (!(total > 0)) return NAN;
    ranked value = {o->value + row, weights, o->by_value + row, o->futures, total};
    ranked regret = {o->regret + row, weights, o->by_regret + row, o->futures, total};
    double middle = mean(weights, value.values, o->futures, total);
    switch (criterion) {
    case PL_CRITERION_EXPECTED:
    case PL_CRITERION_LAPLACE: return middle;
    case PL_CRITERION_MAXIMIN: return lowest(&value);
    case PL_CRITERION_MAXIMAX: return highest(&value);
    case PL_CRITERION_HURWICZ: return o->alpha * lowest(&value) + (1 - o->alpha) * highest(&value);
    case PL_CRITERION_REGRET: return highest(&regret);
    case PL_CRITERION_REGRET_90: return quantile(&regret, 0.9);
    case PL_CRITERION_SATISFICING: return mean(weights, o->met + row, o->futures, total);
    case PL_CRITERION_MEAN_VARIANCE: return (middle + 1) / (deviation(&value, middle) + 1);
    case PL_CRITERION_SIGNAL_TO_NOISE: {
        double noise = deviation(&value, middle);
        return noise > 0 ? middle / noise : NAN;
    }
    case PL_CRITERION_DEVIATIONS: return worse_half(&value);
    case PL_CRITERION_SKEWNESS: return skewness(&value);
    case PL_CRITERION_PEAKEDNESS: return peakedness(&value);
    case PL_CRITERION_COUNT: break;
    }
    return NAN;
}

double pl_extreme_share(long futures) { return futures > 0 ? -expm1(log(0.05) / (double)futures) : NAN; }

/* ---- how sure ------------------------------------------------------------------------------------------- */

typedef struct work {
    const pl_outcomes *o;
    const pl_sample *sample;
    pl_scores *scores;
    bool random;
    int replicates;
    double *by_replicate; /* [criterion][option][replicate] */
    double *weights, *units, *values;
} work;

static double *replicates_of(const work *w, int criterion, int option) {
    return w->by_replicate + ((size_t)criterion * (size_t)w->o->options + (size_t)option) * (size_t)w->replicates;
}

/* More is better; no -0, which would print as one. */
static double goodness(int criterion, double value) { return pl_criteria[criterion].sign * value + 0.0; }

/* The best of the values by a criterion; -1 where there is none. *ties: how many are as good. */
static int best_of(int criterion, const double *values, int options, int *ties) {
    int best = -1;
    *ties = 0;
    for (int k = 0; k < options; k++) {
        if (isnan(values[k])) continue;
        if (best < 0 || goodness(criterion, values[k]) > goodness(criterion, values[best])) best = k, *ties = 0;
        *ties += values[k] == values[best];
    }
    return best;
}

static void count_first(work *w, int criterion) {
    for (int k = 0; k < w->o->options; k++) w->values[k] = pl_score_of(w->scores, w->o, criterion, k)->value.estimate;
    int ties;
    w->scores->best[criterion] = best_of(criterion, w->values, w->o->options, &ties);
    for (int k = 0; k < w->o->options; k++)
        w->scores->score[criterion * w->o->options + k].first = w->replicates ? 0 : NAN;
    for (int r = 0; r < w->replicates; r++) {
        for (int k = 0; k < w->o->options; k++) w->values[k] = replicates_of(w, criterion, k)[r];
        int best = best_of(criterion, w->values, w->o->options, &ties);
        for (int k = 0; k < w->o->options && best >= 0; k++)
            if (w->values[k] == w->values[best])
                w->scores->score[criterion * w->o->options + k].first += 1.0 / ties / w->replicates;
    }
}

/* Whether a future more moves a criterion little: means do, quantiles jump. */
static bool is_smooth(int criterion) {
    pl_criterion_basis basis = pl_criteria[criterion].basis;
    return basis == PL_BY_MEAN || basis == PL_BY_SHARE || basis == PL_BY_RESAMPLES;
}

/* The place of a quantile among the resamples: bias-corrected and accelerated (Efron and Tibshirani, An Introduction to
 * the Bootstrap, 1993, 14.3). bias: the normal quantile of the share of resamples below the estimate. */
static double place_of(double bias, double acceleration, double z) {
    return pl_normal_probability(bias + (bias + z) / (1 - acceleration * (bias + z)));
}

/* What a criterion, or how far it is behind another option's (other < 0: none), is without each of up to PARTS parts of
 * the futures; from these its acceleration: the skewness of its influences, over six. */
static double acceleration_of(const work *w, int criterion, int option, int other) {
    enum { PARTS = 200 };
    double values[PARTS], mean = 0, squares = 0, cubes = 0;
    long parts = w->o->futures < PARTS ? w->o->futures : PARTS;
    for (long p = 0; p < parts; p++) {
        for (long f = 0; f < w->o->futures; f++) w->weights[f] = f % parts != p;
        double own = pl_criterion_value(w->o, (pl_criterion_id)criterion, option, w->weights);
        double its = other < 0 ? 0 : pl_criterion_value(w->o, (pl_criterion_id)criterion, other, w->weights);
        values[p] = other < 0 ? own : goodness(criterion, its - own);
        mean += values[p] / (double)parts;
    }
    for (long p = 0; p < parts; p++) {
        double off = mean - values[p];
        squares += off * off, cubes += off * off * off;
    }
    return squares > 0 ? cubes / (6 * pow(squares, 1.5)) : 0;
}

/* The interval from what the resamples gave, in `values`; none where a resample had no value. Percentiles, and of what is
 * smooth in the futures those that correct for bias and skewness. */
static void set_percentiles(const work *w, pl_interval *interval, int criterion, int option, int other) {
    double *values = w->values, below = 0, bias = 0, acceleration = 0, z = pl_normal_quantile(0.975);
    int count = w->replicates;
    for (int r = 0; r < count; r++) {
        if (isnan(values[r])) return;
        below += values[r] < interval->estimate ? 1 : values[r] == interval->estimate ? 0.5 : 0;
    }
    pl_sort(values, count);
    if (is_smooth(criterion)) {
        double least = 1.0 / (count + 1);
        bias = pl_normal_quantile(fmax(least, fmin(1 - least, below / count)));
        acceleration = acceleration_of(w, criterion, option, other);
    }
    interval->low = pl_quantile(values, count, place_of(bias, acceleration, -z));
    interval->high = pl_quantile(values, count, place_of(bias, acceleration, z));
}

/* Student's t over the design's replicates, each by itself. */
static void set_t(const work *w, pl_interval *interval, int criterion, int option, int other) {
    double values[PL_REPLICATES];
    if (w->sample->units != PL_REPLICATES) return;
    for (int r = 0; r < PL_REPLICATES; r++) {
        for (long f = 0; f < w->o->futures; f++) w->weights[f] = w->sample->unit[f] == r;
        values[r] = pl_criterion_value(w->o, (pl_criterion_id)criterion, option, w->weights);
        if (other < 0) continue;
        double best = pl_criterion_value(w->o, (pl_criterion_id)criterion, other, w->weights);
        values[r] = goodness(criterion, best - values[r]);
    }
    double half = pl_replicates_half_width(values);
    interval->low = interval->estimate - half;
    interval->high = interval->estimate + half;
}

static void set_interval(const work *w, int criterion, int option) {
    const pl_outcomes *o = w->o;
    pl_interval *value = &w->scores->score[criterion * o->options + option].value;
    size_t row = (size_t)option * (size_t)o->futures;
    long count = o->futures;
    if (o->futures < 2 || pl_criteria[criterion].basis == PL_BY_EXTREME) return;
    if (!w->random) {
        set_t(w, value, criterion, option, -1);
        return;
    }
    switch (pl_criteria[criterion].basis) {
    case PL_BY_MEAN: *value = pl_mean_of(o->value + row, o->futures, true); break;
    case PL_BY_SHARE: *value = pl_fraction_of(o->met + row, o->futures); break;
    case PL_BY_ORDER: {
        long low, high;
        if (!pl_quantile_ranks(count, 0.9, &low, &high)) break;
        value->low = o->regret[row + (size_t)o->by_regret[row + (size_t)low - 1]];
        value->high = o->regret[row + (size_t)o->by_regret[row + (size_t)high - 1]];
        break;
    }
    case PL_BY_RESAMPLES:
    case PL_BY_QUANTILES:
        for (int r = 0; r < w->replicates; r++) w->values[r] = replicates_of(w, criterion, option)[r];
        set_percentiles(w, value, criterion, option, -1);
        break;
    case PL_BY_EXTREME: break;
    }
}

/* How far behind the best option, resample by resample, both over the same futures. */
static void set_behind(const work *w, int criterion, int option) {
    pl_score *score = &w->scores->score[criterion * w->o->options + option];
    int best = w->scores->best[criterion];
    score->behind = (pl_interval){NAN, NAN, NAN};
    if (best < 0) return;
    double top = pl_score_of(w->scores, w->o, criterion, best)->value.estimate;
    score->behind.estimate = goodness(criterion, top - score->value.estimate);
    if (pl_criteria[criterion].basis == PL_BY_EXTREME || w->o->futures < 2) return;
    if (!w->random) {
        set_t(w, &score->behind, criterion, option, best);
        return;
    }
    for (int r = 0; r < w->replicates; r++)
        w->values[r] =
            goodness(criterion, replicates_of(w, criterion, best)[r] - replicates_of(w, criterion, option)[r]);
    set_percentiles(w, &score->behind, criterion, option, best);
}

static void resample(work *w) {
    for (int r = 0; r < w->replicates; r++) {
        pl_sample_draw(w->sample, r, w->units);
        pl_sample_spread(w->sample, w->units, w->weights);
        for (int c = 0; c < PL_CRITERION_COUNT; c++)
            for (int k = 0; k < w->o->options; k++)
                replicates_of(w, c, k)[r] = pl_criterion_value(w->o, (pl_criterion_id)c, k, w->weights);
    }
}

void pl_scores_make(pl_scores *scores, pl_arena *arena, const pl_outcomes *o, const pl_sample *sample, bool random,
                    int replicates) {
    work w = {.o = o, .sample = sample, .scores = scores, .random = random,
              .replicates = sample->units < 2 ? 0 : replicates};
    scores->score = PL_ARRAY(arena, PL_CRITERION_COUNT * o->options, pl_score);
    w.by_replicate = PL_ARRAY(arena, (size_t)PL_CRITERION_COUNT * (size_t)o->options * (size_t)w.replicates, double);
    w.weights = PL_ARRAY(arena, o->futures, double);
    w.units = PL_ARRAY(arena, sample->units, double);
    w.values = PL_ARRAY(arena, w.replicates + o->options, double);
    for (long f = 0; f < o->futures; f++) w.weights[f] = 1;
    for (int c = 0; c < PL_CRITERION_COUNT; c++)
        for (int k = 0; k < o->options; k++) {
            double value = pl_criterion_value(o, (pl_criterion_id)c, k, w.weights);
            scores->score[c * o->options + k].value = (pl_interval){value, NAN, NAN};
        }
    resample(&w);
    for (int c = 0; c < PL_CRITERION_COUNT; c++) {
        count_first(&w, c);
        for (int k = 0; k < o->options; k++) set_interval(&w, c, k);
        for (int k = 0; k < o->options; k++) set_behind(&w, c, k);
    }
}
