/* A fit as a problem of points: from the unit cube, or from normal scores, to values of uncertainties, runs and
 * likelihoods.  See fit.h. */
#include <math.h>
#include <string.h>

#include "base/pool.h"
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

/* Points and what comes of them; its parts are worked on side by side. */
typedef struct batch {
    const pl_fit_problem *p;
    const double *points;
    bool scores;               /* points are normal scores, and values log densities; else log-likelihoods */
    long count;
    double *inputs, *predicted; /* room for `count` candidates */
    double *values;            /* [count] */
} batch;

static double value_of(const batch *b, const double *point, const double *predicted) {
    double prior = 0;
    if (!b->scores) return best_likelihood(b->p, predicted);
    for (int k = 0; k < b->p->parameter_count; k++) prior -= 0.5 * point[k] * point[k];
    return prior + marginal_likelihood(b->p, predicted);
}

static void run_part(const batch *b, int thread, long from, long count) {
    const pl_fit_problem *p = b->p;
    size_t uncertainties = (size_t)p->s->uncertainty_count, seen = (size_t)pl_candidates_points(p->candidates);
    const double *points = b->points + from * p->parameter_count;
    double *inputs = b->inputs + (size_t)from * uncertainties, *predicted = b->predicted + (size_t)from * seen;
    for (long i = 0; i < count; i++)
        (b->scores ? place_scores : pl_fit_place)(p, points + i * p->parameter_count, inputs + (size_t)i * uncertainties);
    pl_candidates_run_on(p->candidates, thread, inputs, count, false, predicted);
    for (long i = 0; i < count; i++)
        b->values[from + i] = value_of(b, points + i * p->parameter_count, predicted + (size_t)i * seen);
}

static pl_status run_item(void *context, long item, int thread) {
    const batch *b = context;
    long lanes = pl_candidates_lanes(b->p->candidates), from = item * lanes;
    run_part(b, thread, from, b->count - from < lanes ? b->count - from : lanes);
    return PL_OK;
}

static pl_status run_all(pl_fit_problem *p, const double *points, bool scores, long count, double *values) {
    long lanes = pl_candidates_lanes(p->candidates);
    pl_status status = PL_OK;
    for (long from = 0; status == PL_OK && from < count; from += p->room) {
        long some = count - from < p->room ? count - from : p->room;
        batch b = {p, points + from * p->parameter_count, scores, some, p->values, p->predicted, values + from};
        status = pl_parallel_for((some + lanes - 1) / lanes, pl_candidates_threads(p->candidates), run_item, &b);
        if (status == PL_OK) status = pl_fit_count(p, some);
    }
    return status;
}

pl_status pl_fit_likelihood(void *problem, const double *points, long count, double *values) {
    return run_all(problem, points, false, count, values);
}

pl_status pl_fit_density(void *problem, const double *scores, long count, double *values) {
    return run_all(problem, scores, true, count, values);
}

pl_status pl_fit_likelihood_on(void *thread, const double *points, long count, double *values) {
    const pl_fit_thread *t = thread;
    batch b = {t->problem, points, false, count, t->values, t->predicted, values};
    run_part(&b, t->thread, 0, count);
    return PL_OK;
}
