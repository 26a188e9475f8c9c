/* What is known before a fit: the model over the priors, and which uncertainties the data reach.  See fit.h. */
#include <math.h>
#include <string.h>

#include "ensemble/explore.h"
#include "study/fit.h"
#include "study/statistics.h"

enum { PRIOR_DRAWS = 200, BASES = 9 };
static const double reach = 1e-3; /* of the spread over the priors: what moves nothing so far is not reached */

void pl_fit_quantiles(const double *matrix, long rows, size_t columns, size_t column, const double *at, int count,
                      double *out, double *room) {
    long some = pl_sort_known(matrix + column, rows, columns, room);
    for (int k = 0; k < count; k++) out[k] = pl_quantile(room, some, at[k]);
}

/* values[draw][uncertainty] of the first futures of the random design. */
static void draw_priors(const pl_situation *s, uint64_t seed, long count, double *values) {
    pl_design design = {.kind = PL_DESIGN_RANDOM, .seed = seed, .futures = count,
                        .dimensions = s->uncertainty_count, .bases = s->bases, .copula = s->copula};
    for (long i = 0; i < count; i++)
        for (int u = 0; u < s->uncertainty_count; u++)
            values[(size_t)i * (size_t)s->uncertainty_count + (size_t)u] = pl_design_draw(&design, &s->uncertainties[u], i);
}

pl_status pl_fit_run_priors(pl_fit_problem *p, uint64_t seed, pl_arena *arena, double (*priors)[3]) {
    static const double at[] = {0.05, 0.5, 0.95};
    size_t points = (size_t)pl_candidates_points(p->candidates), inputs = (size_t)p->s->uncertainty_count;
    double *values = PL_ARRAY(arena, PRIOR_DRAWS * inputs + 1, double), room[PRIOR_DRAWS];
    double *predicted = PL_ARRAY(arena, PRIOR_DRAWS * points, double);
    draw_priors(p->s, seed, PRIOR_DRAWS, values);
    pl_status status = pl_candidates_run(p->candidates, values, PRIOR_DRAWS, true, predicted);
    for (size_t i = 0; i < points; i++) pl_fit_quantiles(predicted, PRIOR_DRAWS, points, i, at, 3, priors[i], room);
    return status == PL_OK ? pl_fit_count(p, PRIOR_DRAWS) : status;
}

/* Whether two predictions differ where a series is fitted to and counts. */
static bool differs(const pl_fit_problem *p, double (*priors)[3], const double *a, const double *b) {
    const pl_observations *data = p->data;
    size_t at = 0;
    for (int i = 0; i < data->count; at += (size_t)data->series[i].count, i++)
        for (int k = 0; data->series[i].of->weight > 0 && k < data->series[i].fitted; k++) {
            size_t point = at + (size_t)k;
            double difference = fabs(a[point] - b[point]);
            if (isnan(difference) ? isnan(a[point]) != isnan(b[point])
                                  : difference > reach * (priors[point][2] - priors[point][0]))
                return true;
        }
    return false;
}

/* Each uncertainty alone from its 2 % to its 98 % quantile, at the model's own values and at some draws. */
pl_status pl_fit_find_reached(pl_fit_problem *p, uint64_t seed, pl_arena *arena, double (*priors)[3], bool *reached) {
    const pl_situation *s = p->s;
    size_t inputs = (size_t)s->uncertainty_count, points = (size_t)pl_candidates_points(p->candidates);
    double *bases = PL_ARRAY(arena, BASES * inputs + 1, double), *values = PL_ARRAY(arena, 2 * BASES * inputs + 1, double);
    double *predicted = PL_ARRAY(arena, 2 * BASES * points, double);
    draw_priors(s, seed, BASES, bases);
    for (size_t u = 0; u < inputs; u++) bases[u] = pl_candidates_own(p->candidates, (int)u);
    for (size_t u = 0; u < inputs; u++) {
        for (size_t b = 0; b < 2 * BASES; b++) {
            memcpy(values + b * inputs, bases + b / 2 * inputs, inputs * sizeof *values);
            values[b * inputs + u] = pl_distribution_quantile(&s->uncertainties[u].distribution, b % 2 ? 0.98 : 0.02);
        }
        pl_status status = pl_candidates_run(p->candidates, values, 2 * BASES, false, predicted);
        if (status == PL_OK) status = pl_fit_count(p, 2 * BASES);
        if (status != PL_OK) return status;
        for (size_t b = 0; b < BASES; b++)
            reached[u] |= differs(p, priors, predicted + 2 * b * points, predicted + (2 * b + 1) * points);
    }
    return PL_OK;
}
