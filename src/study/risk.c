/* See risk.h. */
#include "study/risk.h"

#include <math.h>
#include <setjmp.h>

#include "ensemble/condition.h"
#include "study/statistics.h"

static const double z = 1.959963985; /* 97.5 % quantile of the normal distribution */

/* The mean of values that are not missing, with Student's t over the design's replicates as its interval. */
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

static double mean_of(const double *values, long futures, long *count) {
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
    double mean = mean_of(values, futures, &n), squares = 0;
    for (long f = 0; f < futures; f++)
        if (!isnan(values[f])) squares += (values[f] - mean) * (values[f] - mean);
    double half = n > 1 ? z * sqrt(squares / (double)(n - 1) / (double)n) : NAN;
    return (pl_interval){mean, mean - half, mean + half};
}

static void judge(const pl_ensemble *e, const pl_condition *c, long profile, double *work, double *out) {
    for (long f = 0; f < e->futures; f++) {
        double value = pl_condition_in_case(c, e, profile, f, work);
        out[f] = isnan(value) ? NAN : value != 0;
    }
}

static pl_risk_share share_of(const pl_ensemble *e, const double *base, double *happens) {
    bool random = pl_ensemble_is_random(e);
    pl_risk_share result;
    double share = mean_of(happens, e->futures, &result.futures);
    result.share = random ? wilson(share, (double)result.futures) : over_replicates(happens, e->futures);
    for (long f = 0; f < e->futures; f++) happens[f] -= base[f];
    result.difference = random ? normal(happens, e->futures) : over_replicates(happens, e->futures);
    return result;
}

static pl_status fill(pl_arena *arena, const pl_ensemble *e, const long *profiles, int profile_count,
                      pl_risk_share *shares, pl_error *error) {
    double *base = PL_ARRAY(arena, e->futures, double), *happens = PL_ARRAY(arena, e->futures, double);
    for (int r = 0; r < e->situation->risk_count; r++) {
        pl_condition *condition;
        const pl_risk *risk = &e->situation->risks[r];
        pl_status status = pl_condition_over_measures(arena, e->situation, risk->expr, &condition, error);
        if (status != PL_OK) return status;
        double *work = PL_ARRAY(arena, condition->term_count + 1, double);
        judge(e, condition, e->base, work, base);
        for (int k = 0; k < profile_count; k++) {
            judge(e, condition, profiles[k], work, happens);
            shares[r * profile_count + k] = share_of(e, base, happens);
        }
    }
    return PL_OK;
}

static void leave(void *context) { longjmp(*(jmp_buf *)context, 1); }

pl_status pl_ensemble_risks(const pl_ensemble *ensemble, const long *profiles, int profile_count, pl_risk_share *shares,
                            pl_error *error) {
    jmp_buf back;
    pl_arena arena = {.out_of_memory = leave, .context = &back};
    if (setjmp(back)) {
        pl_arena_free(&arena);
        return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    }
    pl_status status = fill(&arena, ensemble, profiles, profile_count, shares, error);
    pl_arena_free(&arena);
    return status;
}
