/* Candidates against data: runs of a situation's model with other values of its uncertainties, one candidate per lane, and
 * how likely the observed values are if a candidate holds.
 *
 * Each observed value is a measure of the program, so that a run keeps nothing else.  A run goes no further than the last
 * value that is asked for; FINAL TIME stays what it is.  Noise within runs is that of future 0 for all candidates. */
#ifndef PL_LIKELIHOOD_H
#define PL_LIKELIHOOD_H
#include "study/observations.h"

typedef struct pl_candidates pl_candidates;

/* Compiles. Values outside of the model's time are dropped from the observations, with a warning for each series. threads
 * 0: as many as there are processors. Situation and observations outlive it. PL_INVALID where nothing is left to fit to;
 * what compiling may return. */
pl_status pl_candidates_new(const pl_situation *situation, pl_observations *observations, int threads,
                            pl_candidates **candidates, pl_findings *findings, pl_error *error);
void pl_candidates_free(pl_candidates *candidates);
int pl_candidates_threads(const pl_candidates *candidates);
/* How many candidates run at a time on one thread. */
int pl_candidates_lanes(const pl_candidates *candidates);
/* How many observed values there are: of series 0 first, each in the order of time. */
int pl_candidates_points(const pl_candidates *candidates);
/* The model's own value of an uncertainty; of what a course draws, the mean. */
double pl_candidates_own(const pl_candidates *candidates, int uncertainty);
/* Runs count candidates, each with values[candidate * uncertainties + uncertainty]:
 * predicted[candidate * points + point], NaN where it is missing; without `whole` only up to the last value that is fitted
 * to (the others are of no meaning then). PL_MEMORY. */
pl_status pl_candidates_run(pl_candidates *candidates, const double *values, long count, bool whole, double *predicted);
/* The same on one thread, [0, threads): several may run at once. */
void pl_candidates_run_on(pl_candidates *candidates, int thread, const double *values, long count, bool whole,
                          double *predicted);

/* ---- errors --------------------------------------------------------------------------------------------- */

/* The log of the density, or probability, of an observed value about the model's; -infinity where it cannot be. */
double pl_error_log_density(pl_error_model error, double observed, double model, double scale);
/* The quantile at u in (0, 1) of what would be observed. */
double pl_error_quantile(pl_error_model error, double model, double scale, double u);
/* How errors scatter: their scale, and the correlation of errors one unit of time apart (0: independent). */
typedef struct pl_scatter {
    double scale, correlation;
} pl_scatter;
/* The log-likelihood of a series' fitted values, times its weight; predicted[point of the series]. Errors that are
 * correlated are an Ornstein-Uhlenbeck process: over a time t by correlation^t. */
double pl_series_log_likelihood(const pl_observed_series *series, const double *predicted, pl_scatter scatter);
/* The scatter that makes it largest, within its ranges. */
pl_scatter pl_series_best_scatter(const pl_observed_series *series, const double *predicted);
/* The log of the likelihood with what is estimated of the scatter integrated out: the logarithm of the scale and the
 * correlation are uniform over their ranges. */
double pl_series_marginal(const pl_observed_series *series, const double *predicted);
/* A draw of the scatter given the values; u: three numbers in (0, 1). */
pl_scatter pl_series_draw_scatter(const pl_observed_series *series, const double *predicted, const double u[3]);
/* What is to be expected of a later value (point k) after the last fitted error: the value, and in *sd the standard
 * deviation of its error in units of the scale. */
double pl_series_forecast(const pl_observed_series *series, const double *predicted, pl_scatter scatter, int k, double *sd);
#endif
