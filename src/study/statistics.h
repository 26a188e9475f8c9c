/* Statistics of samples over futures: quantiles, spreads, intervals.  Missing values are NaN and left out. */
#ifndef PL_STATISTICS_H
#define PL_STATISTICS_H
#include <stdbool.h>

#include "ensemble/design.h"
#include "ensemble/ensemble.h"

/* Whether the futures are independent draws. */
bool pl_ensemble_is_random(const pl_ensemble *ensemble);
/* PL_UNSUPPORTED where the futures are no sample of what may come, so that shares and medians of them mean nothing. */
pl_status pl_ensemble_require_sample(const pl_ensemble *ensemble, pl_error *error);

/* The quantile of sorted values at probability p: Hyndman and Fan's type 7. NaN where there are none. */
double pl_quantile(const double *sorted, long count, double p);
/* Sorts ascending. */
void pl_sort(double *values, long count);
/* Of values[0], values[step], ..., `count` of them, those that are not missing, in their order; and the same sorted. How
 * many there are. */
long pl_keep_known(const double *values, long count, size_t step, double *known);
long pl_sort_known(const double *values, long count, size_t step, double *sorted);
/* The continuous ranked probability score of sorted values as a forecast of what was observed: E|X - x| - E|X - X'| / 2, over
 * the values; the distance where there is one (Gneiting and Raftery, JASA 102:359, 2007, eq. 21). NaN where there are none. */
double pl_crps(const double *sorted, long count, double observed);
/* The rank l (from 1) such that [x(l), x(n+1-l)] covers the median with at least 95 %; 0 where n is under 6. */
long pl_median_rank(long n);
/* Ranks low and high (from 1) such that [x(low), x(high)] covers the quantile at p with at least 95 %, 2.5 % at most on either
 * side; false where so few values have none (Conover, Practical Nonparametric Statistics, 3rd ed., 3.2). */
bool pl_quantile_ranks(long n, double p, long *low, long *high);
/* Half the width of the 95 % interval of a mean of PL_REPLICATES values: Student's t with 9 degrees of freedom. */
double pl_replicates_half_width(const double values[PL_REPLICATES]);

/* Ranks of values[count], from 1; those of ties are their mean, a missing one (NaN) has none. sorted has room for count
 * numbers. */
void pl_ranks(const double *values, long count, double *ranks, double *sorted);
/* Spearman's rank correlation of pairs of which neither is missing; ties have their mean rank. NaN where one does not
 * vary. work has room for 3 x count numbers. */
double pl_rank_correlation(const double *x, const double *y, long count, double *work);

/* The spread of values[futures] (NaN = missing). work has room for 2 x futures numbers. */
pl_spread pl_spread_of(const double *values, long futures, bool random, double *work);

/* The mean of values[futures] (NaN = missing) with its normal interval; of values that are 0 or 1, the share of 1 with
 * Wilson's (JASA 22:209, 1927) and, in *count, of how many. Where futures are not independent draws, Student's t over
 * the design's replicates. */
pl_interval pl_mean_of(const double *values, long futures, bool random);
pl_interval pl_share_of(const double *values, long futures, bool random, long *count);
/* The mean of values from 0 to 1: where all of them are 0 or 1 with Wilson's interval, else with the normal one, within 0 and 1.
 * None may be missing; futures are independent draws. */
pl_interval pl_fraction_of(const double *values, long futures);
/* The same share from counts by the design's replicates: of how many, in all[], and in how many it is so. */
pl_interval pl_share_of_counts(const double hits[PL_REPLICATES], const double all[PL_REPLICATES], bool random);
/* The share sum(hits) / sum(all) where each cluster (a future) brings all[cluster] cases that are alike: Wilson's interval at the
 * effective number of cases share (1 - share) / variance, with the variance of a ratio between clusters (Kish, Survey
 * Sampling, 1965; Franco et al., JSSAM 7:334, 2019), never more than there are; without variance, at the number of
 * clusters. Where clusters are not independent draws, Student's t over the design's replicates. */
pl_interval pl_share_of_clusters(const double *hits, const double *all, long clusters, bool random);
#endif
