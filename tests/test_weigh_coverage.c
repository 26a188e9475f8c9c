/* Whether the 95 % intervals of `weigh` hold in 95 of 100 samples: outcomes of known distributions, of which every
 * criterion has a closed form (below), in 100 and in 500 futures.  With the argument `long` 1,000 samples of each, else
 * 30 of 100 futures with wider limits.  All draws are addressed: the outcome is always the same. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/philox.h"
#include "model/model.h"
#include "study/criteria.h"

enum { OPTIONS = 2, RESAMPLES = 1000, SEED = 20261122 };
static bool at_length;
static int samples = 30;
static double slack = 0.12; /* beside the limits: three standard errors of 30 samples of 95 % */

typedef enum shape { NORMAL, EXPONENTIAL } shape;

typedef struct trial {
    const char *name;
    shape kind;
    double mean[OPTIONS]; /* the standard deviations are 1 */
    long futures;
} trial;

static double draw(const trial *t, long sample, long future, int option) {
    uint64_t key = pl_stream_key(SEED, (uint64_t)t->kind * 1000 + (uint64_t)t->futures);
    double u = pl_uniform_at(key, (uint64_t)sample * OPTIONS + (uint64_t)option, (uint64_t)future);
    return t->mean[option] + (t->kind == NORMAL ? pl_normal_quantile(u) : -log(u) - 1);
}

/* ---- the truth --------------------------------------------------------------------------------------------- */

/* The quantile of an outcome whose mean is 0. */
static double quantile(shape kind, double p) { return kind == NORMAL ? pl_normal_quantile(p) : -log(1 - p) - 1; }

/* Of independent normal outcomes a - b is normal with variance 2. Of independent exponential ones of unit rate it is
 * Laplace's, P(a - b > x) = exp(-x) / 2 for x >= 0, about the difference of their means, here d. */
static double regret_quantile(const trial *t, int option) {
    double d = t->mean[1 - option] - t->mean[option];
    double q = d + (t->kind == NORMAL ? sqrt(2) * pl_normal_quantile(0.9) : -log(2 * (1 - 0.9)));
    return q > 0 ? q : 0;
}

/* Values above 2 satisfy. The mean below the median: of a normal -sqrt(2 / pi), as of half a normal; of an exponential
 * E(v; v < ln 2) = 1 - ln 2, less ln 2. */
static double truth(const trial *t, int criterion, int option) {
    double mean = t->mean[option], low = quantile(t->kind, 0.1), middle = quantile(t->kind, 0.5);
    double high = quantile(t->kind, 0.9), z = 2 - mean;
    switch (criterion) {
    case PL_CRITERION_EXPECTED:
    case PL_CRITERION_LAPLACE: return mean;
    case PL_CRITERION_REGRET_90: return regret_quantile(t, option);
    case PL_CRITERION_SATISFICING: return t->kind == NORMAL ? 0.5 * erfc(z / sqrt(2)) : fmin(1, exp(-1 - z));
    case PL_CRITERION_MEAN_VARIANCE: return (mean + 1) / 2;
    case PL_CRITERION_SIGNAL_TO_NOISE: return mean;
    case PL_CRITERION_DEVIATIONS: return t->kind == NORMAL ? -sqrt(2 / 3.14159265358979324) : 1 - 2 * log(2);
    case PL_CRITERION_SKEWNESS: return (middle - (high + low) / 2) / ((high - low) / 2);
    case PL_CRITERION_PEAKEDNESS: return (high - low) / (quantile(t->kind, 0.75) - quantile(t->kind, 0.25));
    default: return NAN;
    }
}

/* ---- coverage ---------------------------------------------------------------------------------------------- */

typedef struct tally {
    int value[PL_CRITERION_COUNT], behind[PL_CRITERION_COUNT]; /* intervals that hold the truth */
    int values[PL_CRITERION_COUNT], behinds[PL_CRITERION_COUNT];
} tally;

static bool holds(pl_interval i, double value) { return i.low <= value && value <= i.high; }

static void look_at(const trial *t, const pl_scores *scores, const pl_outcomes *o, tally *n) {
    for (int c = 0; c < PL_CRITERION_COUNT; c++) {
        if (pl_criteria[c].basis == PL_BY_EXTREME) continue;
        int best = scores->best[c];
        for (int k = 0; k < OPTIONS; k++) {
            const pl_score *score = pl_score_of(scores, o, c, k);
            n->values[c]++;
            n->value[c] += holds(score->value, truth(t, c, k));
            if (k == best) continue;
            n->behinds[c]++;
            n->behind[c] += holds(score->behind, pl_criteria[c].sign * (truth(t, c, best) - truth(t, c, k)));
        }
    }
}

static void try_sample(const trial *t, long number, tally *n) {
    pl_arena arena = {0};
    pl_outcomes o;
    pl_scores scores;
    pl_sample sample = {.count = t->futures, .units = t->futures, .key = pl_stream_key(SEED, (uint64_t)number)};
    pl_outcomes_start(&o, &arena, OPTIONS, t->futures, 0.5);
    for (int k = 0; k < OPTIONS; k++)
        for (long f = 0; f < t->futures; f++) {
            double value = draw(t, number, f, k);
            pl_outcomes_row(o.value, &o, k)[f] = value;
            pl_outcomes_row(o.met, &o, k)[f] = value > 2;
        }
    pl_outcomes_find_regrets(&o);
    pl_outcomes_order(&o, &arena);
    pl_scores_make(&scores, &arena, &o, &sample, true, RESAMPLES);
    look_at(t, &scores, &o, n);
    pl_arena_free(&arena);
}

/* At least 90 % and at most 98 % of the samples. Known exceptions (docs/weigh.md): ratios to the standard deviation,
 * which in 100 values with a skewness of 2 is often much too small; quantiles of 100 values, whose bootstrap is too
 * wide. */
static double least_of(const trial *t, int criterion) {
    bool ratio = criterion == PL_CRITERION_MEAN_VARIANCE || criterion == PL_CRITERION_SIGNAL_TO_NOISE;
    return (ratio && t->kind == EXPONENTIAL && t->futures == 100 ? 0.86 : 0.9) - slack;
}

static double most_of(const trial *t, int criterion) {
    return (pl_criteria[criterion].basis == PL_BY_QUANTILES && t->futures == 100 ? 1 : 0.985) + slack;
}

static void cover(const trial *t) {
    tally n;
    memset(&n, 0, sizeof n);
    for (long s = 0; s < samples; s++) try_sample(t, s, &n);
    for (int c = 0; c < PL_CRITERION_COUNT; c++) {
        if (!n.values[c]) continue;
        double value = (double)n.value[c] / n.values[c], behind = (double)n.behind[c] / n.behinds[c];
        print_message("%s, %s: %.3f, behind the best %.3f\n", t->name, pl_criteria[c].name, value, behind);
        double least = least_of(t, c), most = most_of(t, c);
        assert_true(value >= least && value <= most && behind >= least && behind <= most);
    }
}

static void intervals_cover(void **state) {
    (void)state;
    const trial trials[] = {
        {"normal, 100 futures", NORMAL, {2, 1}, 100},
        {"exponential, 100 futures", EXPONENTIAL, {2, 1}, 100},
        {"normal, 500 futures", NORMAL, {2, 1}, 500},
        {"exponential, 500 futures", EXPONENTIAL, {2, 1}, 500},
    };
    for (int i = 0; i < (at_length ? 4 : 2); i++) cover(&trials[i]);
}

int main(int count, char **arguments) {
    at_length = count > 1 && strcmp(arguments[1], "long") == 0;
    if (at_length) samples = 1000, slack = 0;
    const struct CMUnitTest tests[] = {cmocka_unit_test(intervals_cover)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
