/* See risk.h. */
#include "study/risk.h"

#include <math.h>
#include <setjmp.h>

#include "ensemble/condition.h"
#include "study/statistics.h"

static void judge(const pl_ensemble *e, const pl_condition *c, long profile, double *work, double *out) {
    for (long f = 0; f < e->futures; f++) {
        double value = pl_condition_in_case(c, e, profile, f, work);
        out[f] = isnan(value) ? NAN : value != 0;
    }
}

static pl_risk_share share_of(const pl_ensemble *e, const double *base, double *happens) {
    bool random = pl_ensemble_is_random(e);
    pl_risk_share result;
    result.share = pl_share_of(happens, e->futures, random, &result.futures);
    for (long f = 0; f < e->futures; f++) happens[f] -= base[f];
    result.difference = pl_mean_of(happens, e->futures, random);
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
