/* A fit as a problem of points: from the unit cube, or from normal scores, to values of uncertainties, runs and
 * likelihoods.  See fit.h. */
#include <math.h>
#include <string.h>

#include "program/math.h"
#include "study/fit.h"

static const double edge = 1e-12; /* a probability stays inside by this */

static double inside(double u) { return u < edge ? edge : u > 1 - edge ? 1 - edge : u; }

/* The score of a member of the copula: those of the members so far, weighted. */
static double correlated(const pl_fit_problem *p, const double *scores, int row) {
    const pl_copula *copula = p->s->copula;
    double sum = 0;
    for (int k = 0; k <= row; k++)
        for (int i = 0; i < p->parameter_count; i++)
            if (p->parameters[i] == copula->members[k].place) sum += copula->lower[row * copula->count + k] * scores[i];
    return sum;
}

static void place_scores(const pl_fit_problem *p, const double *scores, double *values) {
    memcpy(values, p->fixed, (size_t)p->s->uncertainty_count * sizeof *values);
    for (int i = 0; i < p->parameter_count; i++) {
        const pl_uncertainty *u = &p->s->uncertainties[p->parameters[i]];
        double score = u->copula_row < 0 ? scores[i] : correlated(p, scores, u->copula_row);
        values[p->parameters[i]] = pl_distribution_quantile(&u->distribution, inside(pl_normal_probability(score)));
    }
}

void pl_fit_place(const pl_fit_problem *p, const double *point, double *values) {
    double scores[p->parameter_count];
    for (int i = 0; i < p->parameter_count; i++) scores[i] = pl_normal_quantile(inside(point[i]));
    place_scores(p, scores, values);
}

/* ---- likelihoods ---------------------------------------------------------------------------------------- */

/* At the best scale of each series. */
static double best_likelihood(const pl_fit_problem *p, const double *predicted) {
    double sum = 0;
    for (int i = 0; i < p->data->count; i++) {
        const pl_observed_series *series = &p->data->series[i];
        sum += pl_series_log_likelihood(series, predicted, pl_series_best_scatter(series, predicted));
        predicted += series->count;
    }
    return sum;
}

static double marginal_likelihood(const pl_fit_problem *p, const double *predicted) {
    double sum = 0;
    for (int i = 0; i < p->data->count; i++) {
        sum += pl_series_marginal(&p->data->series[i], predicted);
        predicted += p->data->series[i].count;
    }
    return sum;
}

pl_status pl_fit_count(pl_fit_problem *p, long runs) {
    p->runs += runs;
    long all = p->all_runs > p->runs ? p->all_runs : p->runs;
    return p->progress && p->progress(p->context, p->runs, all) ? PL_INTERRUPTED : PL_OK;
}

pl_status pl_fit_likelihood(void *problem, const double *points, long count, double *values) {
    pl_fit_problem *p = problem;
    size_t uncertainties = (size_t)p->s->uncertainty_count, seen = (size_t)pl_candidates_points(p->candidates);
    pl_status status = PL_OK;
    for (long from = 0; status == PL_OK && from < count; from += p->room) {
        long some = count - from < p->room ? count - from : p->room;
        for (long i = 0; i < some; i++)
            pl_fit_place(p, points + (from + i) * p->parameter_count, p->values + (size_t)i * uncertainties);
        status = pl_candidates_run(p->candidates, p->values, some, false, p->predicted);
        for (long i = 0; i < some; i++) values[from + i] = best_likelihood(p, p->predicted + (size_t)i * seen);
        if (status == PL_OK) status = pl_fit_count(p, some);
    }
    return status;
}

pl_status pl_fit_likelihood_on(void *thread, const double *points, long count, double *values) {
    const pl_fit_thread *t = thread;
    const pl_fit_problem *p = t->problem;
    size_t uncertainties = (size_t)p->s->uncertainty_count, seen = (size_t)pl_candidates_points(p->candidates);
    for (long i = 0; i < count; i++) pl_fit_place(p, points + i * p->parameter_count, t->values + (size_t)i * uncertainties);
    pl_candidates_run_on(p->candidates, t->thread, t->values, count, false, t->predicted);
    for (long i = 0; i < count; i++) values[i] = best_likelihood(p, t->predicted + (size_t)i * seen);
    return PL_OK;
}

pl_status pl_fit_density(void *problem, const double *scores, long count, double *values) {
    pl_fit_problem *p = problem;
    size_t uncertainties = (size_t)p->s->uncertainty_count, seen = (size_t)pl_candidates_points(p->candidates);
    int d = p->parameter_count;
    pl_status status = PL_OK;
    for (long from = 0; status == PL_OK && from < count; from += p->room) {
        long some = count - from < p->room ? count - from : p->room;
        for (long i = 0; i < some; i++) place_scores(p, scores + (from + i) * d, p->values + (size_t)i * uncertainties);
        status = pl_candidates_run(p->candidates, p->values, some, false, p->predicted);
        for (long i = 0; i < some; i++) {
            const double *x = scores + (from + i) * d;
            double prior = 0;
            for (int k = 0; k < d; k++) prior -= 0.5 * x[k] * x[k];
            values[from + i] = prior + marginal_likelihood(p, p->predicted + (size_t)i * seen);
        }
        if (status == PL_OK) status = pl_fit_count(p, some);
    }
    return status;
}
