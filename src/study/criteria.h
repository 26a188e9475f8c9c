/* Criteria of decisions when nobody knows the future: each makes one number of what an option gives in every future.
 * The options of a choice meet the same futures, so that regrets, ranks and differences are paired.
 *
 * v is what an option gives in a future, n the number of futures, q(p) the quantile of type 7 (Hyndman and Fan, The
 * American Statistician 50:361, 1996), sd the standard deviation with n - 1.  Where not said otherwise the formula is
 * that of McPhail, Maier, Kwakkel, Giuliani, Castelletti and Westra, Earth's Future 6:169, 2018, and of those authors'
 * published program; the sign is such that more is better, but for regret. */
#ifndef PL_CRITERIA_H
#define PL_CRITERIA_H
#include <stdbool.h>

#include "base/arena.h"
#include "study/resample.h"

/* Where the interval of a criterion comes from: of a mean, the normal one; of a share, Wilson's; of a quantile, order
 * statistics; else resamples of the futures, of what quantiles make up as they are, of what is smooth corrected for bias
 * and skewness. The best or the worst of the futures has none: further futures can only
 * move it one way, and resampling cannot see past it. */
typedef enum pl_criterion_basis {
    PL_BY_MEAN, PL_BY_SHARE, PL_BY_ORDER, PL_BY_RESAMPLES, PL_BY_QUANTILES, PL_BY_EXTREME
} pl_criterion_basis;

/* X(id, "name", "heading", sign: 1 more is better, -1 less is, basis, "formula", "source") */
#define PL_CRITERIA(X) \
    X(EXPECTED, "expected value", "expected", 1, BY_MEAN, "mean of v: futures are drawn with their probabilities", \
      "Bernoulli 1738; von Neumann and Morgenstern 1944") \
    X(LAPLACE, "Laplace", "Laplace", 1, BY_MEAN, \
      "mean of v, each future alike: of futures that are draws the same as the expected value", "Laplace 1814") \
    X(MAXIMIN, "maximin", "worst", 1, BY_EXTREME, "min v", "Wald 1950") \
    X(MAXIMAX, "maximax", "best", 1, BY_EXTREME, "max v", "as maximin, by the best future") \
    X(HURWICZ, "Hurwicz", "Hurwicz", 1, BY_EXTREME, "alpha min v + (1 - alpha) max v", \
      "Hurwicz 1951; Luce and Raiffa, Games and Decisions, 1957, 13.3") \
    X(REGRET, "minimax regret", "regret max", -1, BY_EXTREME, \
      "max over futures of (the best option's v there - v)", "Savage, JASA 46:55, 1951") \
    X(REGRET_90, "90th-percentile regret", "regret 90%", -1, BY_ORDER, "q(0.9) of (the best option's v there - v)", \
      "Herman, Reed, Zeff and Characklis, J. Water Resour. Plann. Manage. 141:04015012, 2015") \
    X(SATISFICING, "satisficing", "satisfied", 1, BY_SHARE, "share of futures in which the thresholds are met", \
      "domain criterion: Starr, Product Design and Decision Theory, 1963; " \
      "Schneller and Sphicas, Theory and Decision 15:321, 1983") \
    X(MEAN_VARIANCE, "mean-variance", "mean-var", 1, BY_RESAMPLES, "(mean v + 1) / (sd v + 1)", \
      "Hamarat, Kwakkel, Pruyt and Loonen, Simul. Model. Pract. Theory 46:25, 2014") \
    X(SIGNAL_TO_NOISE, "signal-to-noise", "signal", 1, BY_RESAMPLES, "mean v / sd v", \
      "as mean-variance, without its ones") \
    X(DEVIATIONS, "undesirable deviations", "deviations", 1, BY_RESAMPLES, \
      "mean of (v - median v) over the worse half of the futures", \
      "Takriti and Ahmed, Math. Program. 99:109, 2004; Kwakkel, Eker and Pruyt 2016") \
    X(SKEWNESS, "percentile skewness", "skewness", 1, BY_QUANTILES, \
      "(q(0.5) - (q(0.9) + q(0.1)) / 2) / ((q(0.9) - q(0.1)) / 2): more of the futures near the good end is more", \
      "Voudouris, Matsumoto, Skea and others 2014") \
    X(PEAKEDNESS, "percentile peakedness", "peakedness", 1, BY_QUANTILES, "(q(0.9) - q(0.1)) / (q(0.75) - q(0.25))", \
      "as percentile skewness")

typedef enum pl_criterion_id {
#define X(id, name, heading, sign, basis, formula, source) PL_CRITERION_##id,
    PL_CRITERIA(X)
#undef X
        PL_CRITERION_COUNT
} pl_criterion_id;

typedef struct pl_criterion {
    const char *name, *heading;
    int sign;
    pl_criterion_basis basis;
    const char *formula, *source;
} pl_criterion;
extern const pl_criterion pl_criteria[PL_CRITERION_COUNT];

/* What the options of one choice give, over the futures of a sample: [option][future], no value missing. */
typedef struct pl_outcomes {
    int options;
    long futures;
    double *value, *regret;
    double *met;                /* from 0 to 1: how far the thresholds are met */
    long *by_value, *by_regret; /* [option][place] futures, the lowest first */
    double alpha;               /* Hurwicz's, the weight of the worst future */
} pl_outcomes;

/* The arrays, all 0, but for the order. */
void pl_outcomes_start(pl_outcomes *outcomes, pl_arena *arena, int options, long futures, double alpha);
static inline double *pl_outcomes_row(double *rows, const pl_outcomes *o, int option) {
    return rows + (size_t)option * (size_t)o->futures;
}
/* Regrets from the values: the best of the options in each future is what there is to lose. */
void pl_outcomes_find_regrets(pl_outcomes *outcomes);
/* The order of values and regrets, once they are final. */
void pl_outcomes_order(pl_outcomes *outcomes, pl_arena *arena);

/* A criterion of an option, each future counted so many times; NaN where it cannot be told (no spread, one future). */
double pl_criterion_value(const pl_outcomes *outcomes, pl_criterion_id criterion, int option, const double *weights);

typedef struct pl_score {
    pl_interval value; /* no interval: low and high are NaN */
    pl_interval behind; /* how much worse than the best option's, in the same futures; 0 for the best */
    double first;      /* the share of resamples in which it is the best, ties divided; NaN: no resamples */
} pl_score;

typedef struct pl_scores {
    pl_score *score; /* [criterion][option] */
    int best[PL_CRITERION_COUNT]; /* the first of the best options; -1 where none has a value */
} pl_scores;
static inline const pl_score *pl_score_of(const pl_scores *s, const pl_outcomes *o, int criterion, int option) {
    return &s->score[criterion * o->options + option];
}

/* All criteria of all options with their intervals. sample: whose futures the outcomes are over; random: they are
 * independent draws, else intervals are Student's t over the design's replicates. Leaves by the arena's
 * out_of_memory. */
void pl_scores_make(pl_scores *scores, pl_arena *arena, const pl_outcomes *outcomes, const pl_sample *sample,
                    bool random, int replicates);

/* At most this share of all futures is worse than the worst of n of them, with 95 % confidence: 1 - 0.05^(1/n) (Wilks,
 * Annals of Mathematical Statistics 12:91, 1941). */
double pl_extreme_share(long futures);
#endif
