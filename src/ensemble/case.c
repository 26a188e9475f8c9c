/* Cases: the draws of futures, and one case run alone, as whoever asks about a single case needs it.  See explore.h. */
#include <stdio.h>

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
