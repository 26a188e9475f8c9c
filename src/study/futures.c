/* Fitted futures: draws of the posterior among draws of everything else, and how futures do on values that were kept out, with
 * the fit and with the priors alone.  See fit.h. */
#include <math.h>

#include "study/fit.h"
#include "study/statistics.h"

pl_design pl_fit_design(const pl_fit *fit) {
    const pl_situation *s = fit->situation;
    return (pl_design){.kind = PL_DESIGN_RANDOM, .seed = fit->seed, .futures = fit->futures,
                       .dimensions = s->uncertainty_count, .bases = s->bases, .copula = s->copula};
}

void pl_fit_future(const pl_fit *fit, const pl_design *design, long future, bool fitted, double *values) {
    for (int u = 0; u < fit->situation->uncertainty_count; u++)
        values[u] = pl_design_draw(design, &fit->situation->uncertainties[u], future);
    for (int i = 0; fitted && i < fit->parameter_count; i++)
        values[fit->parameters[i].uncertainty] = fit->fitted[(size_t)future * (size_t)fit->parameter_count + (size_t)i];
}

/* The mean over what was kept out of a series, the first of whose points is in column `at`. */
static double score(const pl_fit *fit, const double *predicted, size_t points, size_t at, const pl_observed_series *data,
                    double *room) {
    double sum = 0;
    for (int k = data->fitted; k < data->count; k++) {
        long some = pl_sort_known(predicted + at + (size_t)k, fit->futures, points, room);
        sum += pl_crps(room, some, data->data[k].value);
    }
    return data->count > data->fitted ? sum / (data->count - data->fitted) : (double)NAN;
}

pl_status pl_fit_score_futures(pl_fit *fit, pl_candidates *candidates) {
    size_t points = (size_t)pl_candidates_points(candidates), inputs = (size_t)fit->situation->uncertainty_count;
    double *values = PL_ARRAY(&fit->arena, (size_t)fit->futures * inputs + 1, double);
    double *predicted = PL_ARRAY(&fit->arena, (size_t)fit->futures * points, double);
    double *room = PL_ARRAY(&fit->arena, fit->futures, double);
    pl_design design = pl_fit_design(fit);
    pl_status status = PL_OK;
    for (int fitted = 0; status == PL_OK && fitted < 2; fitted++) {
        for (long n = 0; n < fit->futures; n++) pl_fit_future(fit, &design, n, fitted, values + (size_t)n * inputs);
        status = pl_candidates_run(candidates, values, fit->futures, true, predicted);
        size_t at = 0;
        for (int i = 0; status == PL_OK && i < fit->observations.count; at += (size_t)fit->series[i++].data->count)
            fit->series[i].score[fitted] = score(fit, predicted, points, at, fit->series[i].data, room);
    }
    return status;
}
