/* See pareto.h. */
#include "study/pareto.h"

#include <math.h>

static bool dominates(const double *means, const int *sign, int goals, long options, long a, long b) {
    bool better = false;
    for (int g = 0; g < goals; g++) {
        double lead = sign[g] * (means[g * options + a] - means[g * options + b]);
        if (lead < 0) return false;
        better = better || lead > 0;
    }
    return better;
}

bool pl_is_dominated(const double *means, const int *sign, int goals, long options, long option) {
    for (long other = 0; other < options; other++)
        if (dominates(means, sign, goals, options, other, option)) return true;
    return false;
}

static void average(const pl_front *front, const double *columns, long count, const double *weights, double total,
                    double *means) {
    for (long row = 0; row < front->goals * front->options; row++)
        means[row] = pl_weighted_sum(weights, columns + (size_t)row * (size_t)count, count) / total;
}

void pl_front_make(pl_front *front, pl_arena *arena, const double *columns, const int *sign, int goals, long options,
                   const pl_sample *sample, int replicates) {
    *front = (pl_front){.goals = goals, .options = options};
    front->means = PL_ARRAY(arena, (size_t)goals * (size_t)options, double);
    front->on = PL_ARRAY(arena, options, bool);
    front->share = PL_ARRAY(arena, options, double);
    double *drawn = PL_ARRAY(arena, (size_t)goals * (size_t)options, double);
    double *units = PL_ARRAY(arena, sample->units, double), *weights = PL_ARRAY(arena, sample->count, double);
    for (long k = 0; k < sample->count; k++) weights[k] = 1;
    average(front, columns, sample->count, weights, (double)sample->count, front->means);
    for (long i = 0; i < options; i++) {
        front->on[i] = !pl_is_dominated(front->means, sign, goals, options, i);
        front->count += front->on[i];
        front->share[i] = sample->units < 2 ? NAN : 0;
    }
    for (long r = 0; r < replicates && sample->units >= 2; r++) {
        pl_sample_draw(sample, r, units);
        double total = pl_sample_spread(sample, units, weights);
        average(front, columns, sample->count, weights, total, drawn);
        for (long i = 0; i < options; i++)
            front->share[i] += !pl_is_dominated(drawn, sign, goals, options, i) / (double)replicates;
    }
}
