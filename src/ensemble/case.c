/* Cases: the draws of futures, and one case run alone, as whoever asks about a single case needs it.  See explore.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "ensemble/explore.h"

void pl_futures_draw(const pl_situation *s, const pl_design *design, long first, int count, double *draws,
                     size_t stride) {
    for (int u = 0; u < s->uncertainty_count; u++) {
        const pl_uncertainty *uncertainty = &s->uncertainties[u];
        double *row = draws + (size_t)uncertainty->input * stride;
        for (int i = 0; i < count; i++) row[i] = pl_design_draw(design, uncertainty, first + i);
    }
}

void pl_actor_payoff(const pl_actor *actor, const pl_design *design, const double *measures, size_t stride, long first,
                     size_t count, double *payoff) {
    memset(payoff, 0, count * sizeof *payoff);
    for (int i = 0; i < actor->want_count; i++) {
        const pl_want *want = &actor->wants[i];
        const double *measure = measures + (size_t)want->measure * stride;
        for (size_t f = 0; f < count; f++)
            payoff[f] += pl_design_weight(design, want, first + (long)f) * measure[f] / want->per;
    }
    for (size_t f = 0; f < count; f++)
        if (isnan(payoff[f])) payoff[f] = NAN; /* one NaN for all, whatever its sign was */
}

static void run_block(pl_block *block, const pl_program *p, const pl_track *track, const double *draws, uint64_t future,
                      uint64_t seed, double *measures, pl_outcome *outcome) {
    const char *variable;
    pl_block_start(block, track, draws, 1, &future, seed, 1);
    pl_block_run(block, track, pl_program_steps(p), NULL, NULL);
    pl_block_measure(block, measures, 1, &outcome->failed);
    outcome->variable[0] = 0, outcome->time = 0;
    if (pl_block_failure(block, 0, &variable, &outcome->time))
        snprintf(outcome->variable, sizeof outcome->variable, "%s", variable);
}

pl_status pl_case_run(const pl_situation *s, const pl_program *p, const pl_design *design, long profile, long future,
                      double *measures, pl_outcome *outcome) {
    pl_track *track = NULL;
    pl_block *block = NULL;
    double *draws = pl_allocate(((size_t)s->input_count + 1) * sizeof *draws);
    pl_status status = draws ? pl_profile_track(s, p, NULL, profile, &track) : PL_MEMORY;
    if (status == PL_OK) status = pl_block_new(p, 1, &block);
    if (status == PL_OK) {
        pl_futures_draw(s, design, future, 1, draws, 1);
        run_block(block, p, track, draws, (uint64_t)future, design->seed, measures, outcome);
    }
    pl_block_free(block);
    pl_track_free(track);
    pl_release(draws);
    return status;
}

static pl_status time_program(const pl_situation *s, const pl_program *p, pl_timing **timing) {
    pl_design design = pl_design_of(s);
    pl_track *track = NULL;
    int lanes = pl_program_best_lanes(p);
    double *draws = pl_allocate(((size_t)s->input_count + 1) * (size_t)lanes * sizeof *draws);
    pl_status status = PL_MEMORY;
    if (draws) status = pl_profile_track(s, p, NULL, pl_situation_combination(s, s->base_course), &track);
    if (status == PL_OK) { /* a file may give fewer futures: they come again */
        int given = design.futures < lanes ? (int)design.futures : lanes;
        for (int k = 0; k < lanes; k++) pl_futures_draw(s, &design, k % given, 1, draws + k, (size_t)lanes);
        status = pl_timing_new(p, s->model, track, draws, lanes, design.seed, timing);
    }
    pl_track_free(track);
    pl_release(draws);
    return status;
}

pl_status pl_situation_time(const pl_situation *s, pl_timing **timing, pl_error *error) {
    pl_program *p;
    *timing = NULL;
    pl_status status = pl_situation_compile(s, true, NULL, 0, &p, error);
    if (status != PL_OK) return status;
    status = time_program(s, p, timing);
    pl_program_free(p);
    return status == PL_OK ? status : pl_error_set(error, status, s->file, 0, 0, "%s", pl_status_text(status));
}
