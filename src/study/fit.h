/* Fitting a situation to its data: the maximum of the likelihood within the ranges of the uncertainties, a sample of the
 * posterior whose priors are their distributions, what the data leave open, and how what was fitted does on values that were
 * kept out.  docs/fit.md says what is reported.
 *
 * reached.c      the priors, and what the data reach
 * problem.c      candidates as points of the unit cube, their likelihood
 * profile.c      profile likelihoods
 * forecast.c     errors on the values that were kept out, beside those of other forecasts
 * futures.c      fitted futures, and how they do beside those of the priors
 * fit.c          the whole */
#ifndef PL_FIT_H
#define PL_FIT_H
#include "ensemble/design.h"
#include "study/chains.h"
#include "study/convergence.h"
#include "study/likelihood.h"

/* X(id, name, what it means: of the 95 % profile interval of a parameter) */
#define PL_IDENTIFICATION(X)                                                          \
    X(BOTH, "identified", "the interval ends within the range on both sides")         \
    X(BELOW, "bounded below", "it reaches the upper end of the range")                \
    X(ABOVE, "bounded above", "it reaches the lower end of the range")                \
    X(NONE, "not identified", "it is the whole range")

typedef enum pl_identification {
#define X(id, name, text) PL_IDENTIFIED_##id,
    PL_IDENTIFICATION(X)
#undef X
        PL_IDENTIFIED_COUNT
} pl_identification;
extern const char *const pl_identification_names[PL_IDENTIFIED_COUNT];

typedef struct pl_fit_parameter {
    int uncertainty;     /* of the situation */
    double range[2];     /* of its distribution; where that has no end, its quantiles at 1e-6 and 1 - 1e-6 */
    double prior[3];     /* 5, 50 and 95 % */
    double own;          /* the model's value */
    double best;         /* most likely */
    double posterior[3]; /* 5, 50 and 95 % */
    double profile90[2], profile95[2]; /* intervals by profile likelihood */
    pl_identification identification;
    pl_convergence convergence;
} pl_fit_parameter;

/* What a forecast's errors over the values that were kept out are. X(id, name, what it forecasts) */
#define PL_FORECASTS(X)                                                                          \
    X(FITTED, "fitted", "the median over the posterior, with what is left of the last error where errors are correlated") \
    X(MODEL, "model alone", "the same without the last error")                                   \
    X(UNFITTED, "unfitted", "the model with its own constants")                                  \
    X(PRIOR, "prior", "the median over the distributions before the fit")                        \
    X(LAST, "last value", "the last value that is fitted to")                                    \
    X(TREND, "trend", "the straight line through the values that are fitted to, by least squares")

typedef enum pl_forecast {
#define X(id, name, text) PL_FORECAST_##id,
    PL_FORECASTS(X)
#undef X
        PL_FORECAST_COUNT
} pl_forecast;
extern const char *const pl_forecast_names[PL_FORECAST_COUNT];

typedef struct pl_fit_point { /* of the model at one observed value */
    double own, best, prior;
    double posterior[3];  /* 5, 50 and 95 % of the model's value */
    double forecast;      /* the median of what is to be expected after the last error */
    double predicted[2];  /* 5 and 95 % of what would be observed */
} pl_fit_point;

typedef struct pl_fit_series {
    const pl_observed_series *data;
    pl_fit_point *points; /* [data->count] */
    pl_scatter best;      /* of the errors at the most likely point */
    bool estimated[2];    /* the errors' scale, their correlation */
    double scatter[2][3]; /* the posterior of each: 5, 50 and 95 % */
    double fitted_error[2];     /* root mean square over the values that are fitted to: unfitted, fitted */
    double autocorrelation;     /* of the fitted errors from one value to the next; NaN under 4 values */
    int held_out, covered;      /* values kept out, and how many of them lie within `predicted` */
    double error[PL_FORECAST_COUNT];    /* root mean square over them; NaN where there is none */
    double absolute[PL_FORECAST_COUNT]; /* mean absolute */
    double score[2];                    /* mean continuous ranked probability score of futures: of the priors, fitted */
} pl_fit_series;

struct pl_fit {
    pl_arena arena;
    pl_situation *situation; /* owned */
    pl_observations observations;
    uint64_t seed;
    pl_fit_parameter *parameters;
    int parameter_count;
    int *reached;            /* [reached_count] uncertainties that the data reach, and that are not fitted */
    int reached_count;
    pl_fit_series *series;   /* [observations.count] */
    double log_likelihood, own_log_likelihood; /* the highest; with the model's own constants, at the best scales */
    int generations;         /* of the search */
    pl_sampled sampled;      /* dimensions: parameters */
    long runs, futures;
    double *fitted;          /* [futures][parameter_count] draws of the posterior */
};

/* ---- the problem ---------------------------------------------------------------------------------------- */

/* A point has a coordinate in (0, 1) for each parameter: the probability at which its quantile is taken (of correlated
 * ones before the correlation, as of a future).  Prior densities are uniform there. */
typedef struct pl_fit_problem {
    const pl_situation *s;
    pl_observations *data;
    pl_candidates *candidates;
    int *parameters, parameter_count; /* uncertainties */
    double *fixed;                    /* [uncertainty] what the others are */
    double *best;                     /* [parameter_count] the most likely point */
    double *steps;                    /* [parameter_count] first steps of the profiles */
    double *values, *predicted;       /* room for `room` candidates */
    long room, runs, all_runs;
    int (*progress)(void *context, long done, long all);
    void *context;
} pl_fit_problem;

/* The values of all uncertainties at a point. */
void pl_fit_place(const pl_fit_problem *problem, const double *point, double *values);
/* The log-likelihoods of points, the scales being the best for each: a pl_point_function of a problem. */
pl_status pl_fit_likelihood(void *problem, const double *points, long count, double *values);
/* The same on one thread, with no count of runs: points of [parameter_count]. */
typedef struct pl_fit_thread {
    const pl_fit_problem *problem;
    int thread;
    double *values, *predicted; /* room for 2 x parameter_count + 1 candidates */
} pl_fit_thread;
pl_status pl_fit_likelihood_on(void *thread, const double *points, long count, double *values);
/* The log of the posterior density of normal scores: of the parameters, with how errors scatter
 * integrated out. */
pl_status pl_fit_density(void *problem, const double *scores, long count, double *values);
/* Counts runs and tells; PL_INTERRUPTED where that says so. */
pl_status pl_fit_count(pl_fit_problem *problem, long runs);

/* ---- before the fit ---------------------------------------------------------------------------------------- */

/* The quantiles `at` of a column of matrix[rows][columns], without what is missing. room: [rows]. */
void pl_fit_quantiles(const double *matrix, long rows, size_t columns, size_t column, const double *at, int count,
                      double *out, double *room);
/* priors[point]: 5, 50 and 95 % of the model's value over 200 draws of the priors, the first futures of the random design. */
pl_status pl_fit_run_priors(pl_fit_problem *problem, uint64_t seed, pl_arena *arena, double (*priors)[3]);
/* reached[uncertainty], false before: whether it alone moves a value that counts by a thousandth of its spread over the priors. */
pl_status pl_fit_find_reached(pl_fit_problem *problem, uint64_t seed, pl_arena *arena, double (*priors)[3], bool *reached);

/* Fills the errors of a series, whose points are known, over what was kept out. */
void pl_fit_judge(pl_fit_series *series);

/* ---- futures -------------------------------------------------------------------------------------------- */

/* Of the futures that a fit writes, as without it. */
pl_design pl_fit_design(const pl_fit *fit);
/* values[uncertainty] of a future: as the design draws them, but for those that were fitted where that is asked for. */
void pl_fit_future(const pl_fit *fit, const pl_design *design, long future, bool fitted, double *values);
/* Fills the series' scores: of the fit's futures, and of the same with the fitted uncertainties drawn from the priors. */
pl_status pl_fit_score_futures(pl_fit *fit, pl_candidates *candidates);
#endif
