/* See statistics.h. */
#include "study/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

static pl_design_basis basis_of(const pl_ensemble *ensemble) {
    return ensemble->situation && ensemble->situation->design ? pl_design_basis_of(ensemble->situation->design)
                                                              : PL_BASIS_DRAWS;
}

bool pl_ensemble_is_random(const pl_ensemble *ensemble) { return basis_of(ensemble) == PL_BASIS_DRAWS; }

pl_status pl_ensemble_require_sample(const pl_ensemble *ensemble, pl_error *error) {
    if (basis_of(ensemble) != PL_BASIS_NONE) return PL_OK;
    return pl_error_set(error, PL_UNSUPPORTED, NULL, 0, 0,
                        "the futures of the design '%s' are an experiment, no sample of what may come: this needs another "
                        "(random, latin or halton)", ensemble->situation->design);
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Few values by insertion, without a call for each comparison. */
void pl_sort(double *values, long count) {
    enum { FEW = 16 };
    if (count > FEW) {
        qsort(values, (size_t)count, sizeof *values, ascending);
        return;
    }
    for (long i = 1; i < count; i++) {
        double value = values[i];
        long k = i;
        for (; k > 0 && values[k - 1] > value; k--) values[k] = values[k - 1];
        values[k] = value;
    }
}

long pl_keep_known(const double *values, long count, size_t step, double *known) {
    long some = 0;
    for (long i = 0; i < count; i++)
        if (!isnan(values[(size_t)i * step])) known[some++] = values[(size_t)i * step];
    return some;
}

long pl_sort_known(const double *values, long count, size_t step, double *sorted) {
    long some = pl_keep_known(values, count, step, sorted);
    pl_sort(sorted, some);
    return some;
}

double pl_quantile(const double *sorted, long count, double p) {
    if (count <= 0) return NAN;
    double place = p * (double)(count - 1);
    long below = (long)place;
    if (below >= count - 1) return sorted[count - 1];
    return sorted[below] + (place - (double)below) * (sorted[below + 1] - sorted[below]);
}

double pl_crps(const double *sorted, long count, double observed) {
    double distance = 0, between = 0, n = (double)count;
    for (long i = 0; i < count; i++) {
        distance += fabs(sorted[i] - observed) / n;
        between += (2.0 * (double)i + 1 - n) * sorted[i] / (n * n);
    }
    return count > 0 ? distance - between : (double)NAN;
}

long pl_median_rank(long n) {
    /* The largest l with P(Binomial(n, 1/2) < l) <= 2.5 %; the terms by logarithms, so that no n underflows. */
    double term = -(double)n * log(2.0), below = 0;
    long rank = 0;
    for (long i = 0; i < n; i++) {
        below += exp(term);
        if (below > 0.025) break;
        rank = i + 1;
        term += log((double)(n - i)) - log((double)(i + 1));
    }
    return rank;
}

bool pl_quantile_ranks(long n, double p, long *low, long *high) {
    double term = (double)n * log1p(-p), odds = log(p) - log1p(-p), below = 0; /* below: P(Binomial(n, p) < i) */
    *low = *high = 0;
    for (long i = 0; i <= n && !*high; i++) {
        if (below <= 0.025) *low = i;
        if (below >= 0.975) *high = i;
        below += exp(term);
        if (i < n) term += log((double)(n - i)) - log((double)(i + 1)) + odds;
    }
    return *low >= 1 && *high >= 1;
}

double pl_replicates_half_width(const double values[PL_REPLICATES]) {
    const double t = 2.2621571628; /* 97.5 % quantile of Student's t, 9 degrees of freedom */
    double mean = 0, squares = 0;
    for (int i = 0; i < PL_REPLICATES; i++) mean += values[i] / PL_REPLICATES;
    for (int i = 0; i < PL_REPLICATES; i++) squares += (values[i] - mean) * (values[i] - mean);
    return t * sqrt(squares / (PL_REPLICATES - 1) / PL_REPLICATES);
}

/* The interval of a median from the medians of the replicates; NaN where one of them has no value. */
static double median_half_width(const double *values, long futures, double *work) {
    double medians[PL_REPLICATES];
    long from = 0;
    for (int r = 0; r < PL_REPLICATES; r++) {
        long to = from;
        while (to < futures && pl_design_replicate(futures, to).number == r) to++;
        long count = pl_sort_known(values + from, to - from, 1, work);
        medians[r] = pl_quantile(work, count, 0.5);
        from = to;
    }
    return pl_replicates_half_width(medians);
}

pl_spread pl_spread_of(const double *values, long futures, bool random, double *work) {
    long count = pl_sort_known(values, futures, 1, work);
    double median = pl_quantile(work, count, 0.5);
    pl_spread spread = {count, {median, NAN, NAN}, pl_quantile(work, count, 0.05), pl_quantile(work, count, 0.95)};
    if (!random) {
        double half = median_half_width(values, futures, work + futures);
        spread.median.low = median - half;
        spread.median.high = median + half;
        return spread;
    }
    long rank = pl_median_rank(count);
    if (rank > 0) {
        spread.median.low = work[rank - 1];
        spread.median.high = work[count - rank];
    }
    return spread;
}

/* ---- means and shares --------------------------------------------------------------------------------- */

static const double z = 1.959963985; /* 97.5 % quantile of the normal distribution */

static pl_interval over_replicates(const double *values, long futures) {
    double sum[PL_REPLICATES] = {0}, count[PL_REPLICATES] = {0}, mean = 0, all = 0;
    for (long f = 0; f < futures; f++) {
        if (isnan(values[f])) continue;
        int r = pl_design_replicate(futures, f).number;
        sum[r] += values[f];
        count[r] += 1;
    }
    for (int r = 0; r < PL_REPLICATES; r++) {
        mean += sum[r];
        all += count[r];
        sum[r] /= count[r];
    }
    double half = pl_replicates_half_width(sum);
    return (pl_interval){mean / all, mean / all - half, mean / all + half};
}

static double plain_mean(const double *values, long futures, long *count) {
    double sum = 0;
    *count = 0;
    for (long f = 0; f < futures; f++) {
        if (isnan(values[f])) continue;
        sum += values[f];
        ++*count;
    }
    return *count ? sum / (double)*count : NAN;
}

static pl_interval wilson(double share, double n) {
    double middle = (share + z * z / (2 * n)) / (1 + z * z / n);
    double half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n));
    return (pl_interval){share, share > 0 ? middle - half : 0, share < 1 ? middle + half : 1};
}

static pl_interval normal(const double *values, long futures) {
    long n;
    double mean = plain_mean(values, futures, &n), squares = 0;
    for (long f = 0; f < futures; f++)
        if (!isnan(values[f])) squares += (values[f] - mean) * (values[f] - mean);
    double half = n > 1 ? z * sqrt(squares / (double)(n - 1) / (double)n) : NAN;
    return (pl_interval){mean, mean - half, mean + half};
}

pl_interval pl_mean_of(const double *values, long futures, bool random) {
    return random ? normal(values, futures) : over_replicates(values, futures);
}

pl_interval pl_share_of(const double *values, long futures, bool random, long *count) {
    double share = plain_mean(values, futures, count);
    return random ? wilson(share, (double)*count) : over_replicates(values, futures);
}

pl_interval pl_fraction_of(const double *values, long futures) {
    bool whole = true;
    for (long f = 0; f < futures; f++) whole = whole && (values[f] == 0 || values[f] == 1);
    long count;
    pl_interval mean = whole ? pl_share_of(values, futures, true, &count) : normal(values, futures);
    if (mean.low < 0) mean.low = 0;
    if (mean.high > 1) mean.high = 1;
    return mean;
}

pl_interval pl_share_of_counts(const double hits[PL_REPLICATES], const double all[PL_REPLICATES], bool random) {
    double sum = 0, count = 0, shares[PL_REPLICATES];
    for (int r = 0; r < PL_REPLICATES; r++) {
        sum += hits[r];
        count += all[r];
        shares[r] = hits[r] / all[r]; /* NaN where a replicate is empty */
    }
    if (random) return wilson(sum / count, count);
    double half = pl_replicates_half_width(shares);
    return (pl_interval){sum / count, sum / count - half, sum / count + half};
}

/* The variance of sum(hits) / sum(all) between clusters, linearised. */
static double ratio_variance(const double *hits, const double *all, long clusters, double share, double cases) {
    double squares = 0, used = 0;
    for (long c = 0; c < clusters; c++) {
        if (all[c] == 0) continue;
        squares += (hits[c] - share * all[c]) * (hits[c] - share * all[c]);
        used += 1;
    }
    return used > 1 ? squares * used / (used - 1) / (cases * cases) : 0;
}

pl_interval pl_share_of_clusters(const double *hits, const double *all, long clusters, bool random) {
    double hit[PL_REPLICATES] = {0}, of[PL_REPLICATES] = {0}, sum = 0, cases = 0, used = 0;
    for (long c = 0; c < clusters; c++) {
        int r = pl_design_replicate(clusters, c).number;
        hit[r] += hits[c], of[r] += all[c];
        sum += hits[c], cases += all[c], used += all[c] > 0;
    }
    if (!random) return pl_share_of_counts(hit, of, false);
    double share = sum / cases, variance = ratio_variance(hits, all, clusters, share, cases);
    double effective = variance > 0 ? share * (1 - share) / variance : used;
    return wilson(share, effective < cases ? effective : cases);
}

/* ---- ranks --------------------------------------------------------------------------------------------- */

/* Ranks of values, those of ties their mean; a missing one has none. */
static void rank(const double *values, const double *other, long count, double *ranks, double *sorted) {
    long present = 0;
    for (long i = 0; i < count; i++)
        if (!isnan(values[i]) && !isnan(other[i])) sorted[present++] = values[i];
    pl_sort(sorted, present);
    for (long i = 0; i < count; i++) {
        ranks[i] = NAN;
        if (isnan(values[i]) || isnan(other[i])) continue;
        long below = 0, above = present; /* the first that is not below, the first that is above */
        for (long low = 0, high = present; low < high;) {
            long middle = (low + high) / 2;
            if (sorted[middle] < values[i]) low = middle + 1;
            else high = middle;
            below = low;
        }
        for (long low = below, high = present; low < high;) {
            long middle = (low + high) / 2;
            if (sorted[middle] <= values[i]) low = middle + 1;
            else high = middle;
            above = low;
        }
        ranks[i] = 0.5 * (double)(below + above + 1);
    }
}

void pl_ranks(const double *values, long count, double *ranks, double *sorted) {
    rank(values, values, count, ranks, sorted);
}

double pl_rank_correlation(const double *x, const double *y, long count, double *work) {
    long n;
    double *a = work, *b = work + count, *sorted = work + 2 * count, mean, xy = 0, xx = 0, yy = 0;
    rank(x, y, count, a, sorted);
    rank(y, x, count, b, sorted);
    mean = plain_mean(a, count, &n);
    for (long i = 0; i < count; i++) {
        if (isnan(a[i])) continue;
        xy += (a[i] - mean) * (b[i] - mean);
        xx += (a[i] - mean) * (a[i] - mean);
        yy += (b[i] - mean) * (b[i] - mean);
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : NAN;
}
