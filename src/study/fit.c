/* The whole of a fit: which uncertainties the data reach; search, polish, sample, profiles; predictions.  See fit.h. */
#include "study/fit.h"

#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "base/philox.h"
#include "ensemble/explore.h"
#include "study/polish.h"
#include "study/profile.h"
#include "study/statistics.h"

const char *const pl_identification_names[] = {
#define X(id, name, text) name,
    PL_IDENTIFICATION(X)
#undef X
};

enum {
    ENSEMBLES = 4, MEMBERS = 64, WALKERS = 16, GENERATIONS = 200, POLISH_CALLS = 300, /* of the search and the sample */
    FIRST_STEPS = 250, EFFORT = 32, KEPT = 200,
    ROOM = 512, ATTEMPTS = 20
};

typedef struct work {
    pl_fit *fit;
    pl_fit_problem problem;
    const pl_fit_options *options;
    pl_arena *arena;
    pl_findings *findings;
    pl_error *error;
    double *members, *found;   /* of the search: [ensemble][member][parameter], [ensemble][member] */
    double (*priors)[3];       /* [point] 5, 50 and 95 % of the model's value over the priors */
    jmp_buf out;
} work;

static uint64_t key_of(const work *w, const char *name) {
    return pl_stream_key(w->fit->seed, pl_fnv1a(name, strlen(name)));
}

static size_t points_of(const work *w) { return (size_t)pl_candidates_points(w->problem.candidates); }

/* ---- what is fitted --------------------------------------------------------------------------------------- */

/* All that is correlated is fitted together. */
static pl_status close_correlations(work *w, bool *chosen) {
    const pl_situation *s = w->problem.s;
    bool some = false;
    for (int u = 0; u < s->uncertainty_count; u++) some |= chosen[u] && s->uncertainties[u].copula_row >= 0;
    for (int u = 0; some && u < s->uncertainty_count; u++) {
        if (s->uncertainties[u].copula_row < 0 || chosen[u]) continue;
        if (s->fit.parameter_count)
            return pl_error_set(w->error, PL_INVALID, s->file, s->fit.at.line, s->fit.at.column,
                                "what is correlated is fitted together: 'parameters' lacks '%.80s'", s->uncertainties[u].name);
        chosen[u] = true;
    }
    return PL_OK;
}

static pl_status choose_parameters(work *w) {
    pl_fit_problem *p = &w->problem;
    const pl_situation *s = p->s;
    bool *reached = PL_ARRAY(w->arena, s->uncertainty_count + 1, bool), *chosen = PL_ARRAY(w->arena, s->uncertainty_count + 1, bool);
    pl_status status = pl_fit_find_reached(p, w->fit->seed, w->arena, w->priors, reached);
    if (status != PL_OK) return pl_error_set(w->error, status, NULL, 0, 0, "%s", pl_status_text(status));
    for (int u = 0; u < s->uncertainty_count; u++) chosen[u] = reached[u] && !s->fit.parameter_count;
    for (int i = 0; i < s->fit.parameter_count; i++) chosen[s->fit.parameters[i]] = true;
    if ((status = close_correlations(w, chosen)) != PL_OK) return status;
    p->parameters = PL_ARRAY(w->arena, s->uncertainty_count + 1, int);
    w->fit->reached = PL_ARRAY(w->arena, s->uncertainty_count + 1, int);
    for (int u = 0; u < s->uncertainty_count; u++) {
        if (chosen[u]) p->parameters[p->parameter_count++] = u;
        else if (reached[u]) w->fit->reached[w->fit->reached_count++] = u;
    }
    if (p->parameter_count) return PL_OK;
    return pl_error_set(w->error, PL_INVALID, s->file, s->fit.at.line, s->fit.at.column,
                        "there is nothing to fit: no uncertainty moves what the data show");
}

/* ---- search ---------------------------------------------------------------------------------------------- */

static pl_status search(work *w) {
    pl_fit_problem *p = &w->problem;
    size_t d = (size_t)p->parameter_count;
    pl_evolution e = {.dimensions = p->parameter_count, .populations = ENSEMBLES, .size = MEMBERS,
                      .generations = GENERATIONS, .key = key_of(w, "fit search"), .value = pl_fit_likelihood, .context = p};
    w->members = PL_ARRAY(w->arena, ENSEMBLES * MEMBERS * d, double);
    w->found = PL_ARRAY(w->arena, ENSEMBLES * MEMBERS, double);
    pl_status status = pl_evolve(&e, NULL, w->members, w->found, &w->fit->generations);
    if (status != PL_OK) return status;
    long best = 0;
    for (long m = 1; m < ENSEMBLES * MEMBERS; m++)
        if (w->found[m] > w->found[best]) best = m;
    p->best = PL_ARRAY(w->arena, d, double);
    memcpy(p->best, w->members + (size_t)best * d, d * sizeof *p->best);
    w->fit->log_likelihood = w->found[best];
    if (!isfinite(w->found[best])) return PL_INVALID;
    pl_polish polish = {.dimensions = p->parameter_count, .held = -1, .calls = POLISH_CALLS, .enough = 1e-7,
                        .value = pl_fit_likelihood, .context = p};
    return pl_polish_point(&polish, p->best, &w->fit->log_likelihood);
}

/* ---- the posterior --------------------------------------------------------------------------------------- */

/* Walkers begin at the members of their ensemble's population, which came there by themselves; one whose run fails at the
 * best of it. */
static void start_walkers(const work *w, double *start) {
    const pl_fit_problem *p = &w->problem;
    int d = p->parameter_count;
    for (int e = 0; e < ENSEMBLES; e++)
        for (int i = 0; i < WALKERS; i++) {
            long from = (long)e * MEMBERS + i;
            for (int m = 0; !isfinite(w->found[from]) && m < MEMBERS; m++) from = (long)e * MEMBERS + m;
            const double *point = isfinite(w->found[from]) ? w->members + from * d : p->best;
            double *scores = start + ((long)e * WALKERS + i) * d;
            for (int k = 0; k < d; k++) scores[k] = pl_normal_quantile(fmin(fmax(point[k], 1e-3), 1 - 1e-3));
        }
}

static pl_status sample(work *w) {
    pl_fit_problem *p = &w->problem;
    int effort = w->options->effort > 0 ? w->options->effort : EFFORT, d = p->parameter_count;
    double *start = PL_ARRAY(w->arena, ENSEMBLES * WALKERS * (size_t)d, double);
    pl_chains chains = {.dimensions = d, .ensembles = ENSEMBLES, .walkers = WALKERS, .first = FIRST_STEPS,
                        .most = FIRST_STEPS * effort, .kept = KEPT, .rhat = 1.01, .size = 400,
                        .key = key_of(w, "fit sample"), .log_density = pl_fit_density, .context = p};
    start_walkers(w, start);
    return pl_chains_run(&chains, start, &w->fit->sampled);
}

/* A kept draw of the posterior as scores. */
static void take_draw(const work *w, long draw, double *scores) {
    const pl_sampled *s = &w->fit->sampled;
    size_t each = (size_t)s->chains * (size_t)s->count;
    for (int k = 0; k < w->problem.parameter_count; k++)
        scores[k] = s->draws[(size_t)k * each + (size_t)draw];
}

/* Draws that are wanted, spread over all kept ones; they come again where there are more. */
static long nth_draw(const work *w, long n) {
    long all = (long)w->fit->sampled.chains * w->fit->sampled.count;
    return (long)pl_permute(key_of(w, "fit futures"), (uint64_t)(n % all), (uint64_t)all);
}

static double value_at(const work *w, const double *point, int parameter, double *values) {
    pl_fit_place(&w->problem, point, values);
    return values[w->problem.parameters[parameter]];
}

static void describe_parameter(work *w, int i, double *draws, double *values) {
    const pl_fit_problem *p = &w->problem;
    const pl_uncertainty *u = &p->s->uncertainties[p->parameters[i]];
    pl_fit_parameter *q = &w->fit->parameters[i];
    const pl_distribution *d = &u->distribution;
    bool open = d->kind == PL_DIST_NORMAL || d->kind == PL_DIST_LOGNORMAL;
    *q = (pl_fit_parameter){.uncertainty = p->parameters[i], .own = pl_candidates_own(p->candidates, p->parameters[i]),
                            .best = value_at(w, p->best, i, values), .convergence = w->fit->sampled.convergence[i]};
    for (int k = 0; k < 2; k++)
        q->range[k] = pl_distribution_quantile(d, k ? 1 - (open ? 1e-6 : 1e-15) : open ? 1e-6 : 1e-300);
    long all = (long)w->fit->sampled.chains * w->fit->sampled.count;
    pl_sort(draws, all);
    for (int k = 0; k < 3; k++) {
        q->prior[k] = pl_distribution_quantile(d, k == 0 ? 0.05 : k == 1 ? 0.5 : 0.95);
        q->posterior[k] = pl_quantile(draws, all, k == 0 ? 0.05 : k == 1 ? 0.5 : 0.95);
        q->profile90[k == 2] = q->profile95[k == 2] = NAN;
    }
    q->identification = PL_IDENTIFIED_COUNT;
}

/* Values of all draws of one parameter after the other; and, as first steps of the profiles, their spread. */
static void describe_parameters(work *w) {
    pl_fit_problem *p = &w->problem;
    const pl_sampled *s = &w->fit->sampled;
    long all = (long)s->chains * s->count;
    size_t inputs = (size_t)p->s->uncertainty_count;
    double *draws = PL_ARRAY(w->arena, all, double), *values = PL_ARRAY(w->arena, inputs + 1, double);
    double scores[p->parameter_count];
    p->steps = PL_ARRAY(w->arena, p->parameter_count, double);
    w->fit->parameters = PL_ARRAY(w->arena, p->parameter_count, pl_fit_parameter);
    w->fit->parameter_count = p->parameter_count;
    for (int i = 0; i < p->parameter_count; i++) {
        double mean = 0, squares = 0;
        for (long n = 0; n < all; n++) {
            take_draw(w, n, scores);
            double u = pl_normal_probability(scores[i]);
            mean += u / (double)all, squares += u * u / (double)all;
            double point[p->parameter_count];
            for (int k = 0; k < p->parameter_count; k++) point[k] = pl_normal_probability(scores[k]);
            draws[n] = p->s->uncertainties[p->parameters[i]].copula_row < 0
                           ? pl_distribution_quantile(&p->s->uncertainties[p->parameters[i]].distribution, u)
                           : value_at(w, point, i, values);
        }
        p->steps[i] = fmax(sqrt(fmax(squares - mean * mean, 0)), 1e-4);
        describe_parameter(w, i, draws, values);
    }
}

/* ---- predictions ----------------------------------------------------------------------------------------- */

typedef struct predictions {
    double *fitted, *expected, *observed; /* [future][point] of the model; after the last error; what would be observed */
    double *best, *own;        /* [point] */
    pl_scatter *scatters;      /* [series][future] */
} predictions;

/* What would be observed: the error's quantile at a number of its own for each future and point. */
static void add_errors(work *w, predictions *r, long future) {
    const pl_fit_problem *p = &w->problem;
    size_t points = points_of(w), at = 0;
    uint64_t key = key_of(w, "fit errors");
    for (int i = 0; i < p->data->count; i++) {
        const pl_observed_series *series = &p->data->series[i];
        const double *predicted = r->fitted + (size_t)future * points + at;
        uint64_t own = pl_stream_key(key, (uint64_t)i + 1);
        double u[3];
        for (int k = 0; k < 3; k++) u[k] = pl_uniform_at(own, (uint64_t)future, (uint64_t)k);
        pl_scatter scatter = pl_series_draw_scatter(series, predicted, u);
        r->scatters[(size_t)i * (size_t)w->fit->futures + (size_t)future] = scatter;
        for (int j = 0; j < series->count; j++, at++) {
            size_t place = (size_t)future * points + at;
            double sd = 1;
            r->expected[place] = j < series->fitted ? predicted[j] : pl_series_forecast(series, predicted, scatter, j, &sd);
            r->observed[place] = pl_error_quantile(series->of->error, r->expected[place], scatter.scale * sd,
                                                   pl_uniform_at(key, (uint64_t)future, at));
        }
    }
}

static pl_status predict_futures(work *w, predictions *r) {
    pl_fit_problem *p = &w->problem;
    pl_fit *fit = w->fit;
    size_t inputs = (size_t)p->s->uncertainty_count, points = points_of(w), d = (size_t)p->parameter_count;
    double *values = PL_ARRAY(w->arena, (size_t)fit->futures * inputs + 1, double), point[d];
    double scores[d];
    fit->fitted = PL_ARRAY(w->arena, (size_t)fit->futures * d, double);
    for (long f = 0; f < fit->futures; f++) {
        take_draw(w, nth_draw(w, f), scores);
        for (size_t k = 0; k < d; k++) point[k] = pl_normal_probability(scores[k]);
        pl_fit_place(p, point, values + (size_t)f * inputs);
        for (size_t k = 0; k < d; k++) fit->fitted[(size_t)f * d + k] = values[(size_t)f * inputs + (size_t)p->parameters[k]];
    }
    r->fitted = PL_ARRAY(w->arena, (size_t)fit->futures * points, double);
    r->scatters = PL_ARRAY(w->arena, (size_t)p->data->count * (size_t)fit->futures, pl_scatter);
    r->expected = PL_ARRAY(w->arena, (size_t)fit->futures * points, double);
    r->observed = PL_ARRAY(w->arena, (size_t)fit->futures * points, double);
    pl_status status = pl_candidates_run(p->candidates, values, fit->futures, true, r->fitted);
    for (long f = 0; f < fit->futures; f++) add_errors(w, r, f);
    return status == PL_OK ? pl_fit_count(p, fit->futures) : status;
}

static pl_status predict_single(work *w, predictions *r) {
    pl_fit_problem *p = &w->problem;
    size_t inputs = (size_t)p->s->uncertainty_count, points = points_of(w);
    double *values = PL_ARRAY(w->arena, 2 * inputs + 1, double);
    r->best = PL_ARRAY(w->arena, 2 * points, double), r->own = r->best + points;
    pl_fit_place(p, p->best, values);
    for (size_t u = 0; u < inputs; u++) values[inputs + u] = pl_candidates_own(p->candidates, (int)u);
    pl_status status = pl_candidates_run(p->candidates, values, 2, true, r->best);
    const double *own = r->own;
    w->fit->own_log_likelihood = 0;
    for (int i = 0; i < p->data->count; own += p->data->series[i].count, i++)
        w->fit->own_log_likelihood += pl_series_log_likelihood(&p->data->series[i], own,
                                                               pl_series_best_scatter(&p->data->series[i], own));
    return status == PL_OK ? pl_fit_count(p, 2) : status;
}

/* Of what is estimated of a series' errors. */
static void describe_scatter(const work *w, const predictions *r, int i, double *room, pl_fit_series *series) {
    const pl_scatter *drawn = r->scatters + (size_t)i * (size_t)w->fit->futures;
    const double *rho = series->data->of->correlation;
    bool counts = series->data->fitted > 0 && series->data->of->weight > 0;
    series->estimated[0] = counts && series->data->scale[0] < series->data->scale[1];
    series->estimated[1] = counts && rho[0] < rho[1];
    for (int which = 0; which < 2; which++) {
        for (long f = 0; f < w->fit->futures; f++) room[f] = which ? drawn[f].correlation : drawn[f].scale;
        pl_sort(room, w->fit->futures);
        for (int k = 0; k < 3; k++)
            series->scatter[which][k] = pl_quantile(room, w->fit->futures, k == 0 ? 0.05 : k == 1 ? 0.5 : 0.95);
    }
}

static void describe_point(const work *w, const predictions *r, size_t at, double *room, pl_fit_point *point) {
    static const double quantiles[] = {0.05, 0.5, 0.95}, ends[] = {0.05, 0.95};
    *point = (pl_fit_point){.own = r->own[at], .best = r->best[at], .prior = w->priors[at][1]};
    pl_fit_quantiles(r->fitted, w->fit->futures, points_of(w), at, quantiles, 3, point->posterior, room);
    pl_fit_quantiles(r->expected, w->fit->futures, points_of(w), at, quantiles + 1, 1, &point->forecast, room);
    pl_fit_quantiles(r->observed, w->fit->futures, points_of(w), at, ends, 2, point->predicted, room);
}

static pl_status predict(work *w) {
    const pl_fit_problem *p = &w->problem;
    predictions r = {0};
    pl_status status = predict_futures(w, &r);
    if (status == PL_OK) status = predict_single(w, &r);
    if (status != PL_OK) return status;
    double *room = PL_ARRAY(w->arena, w->fit->futures, double);
    size_t at = 0;
    w->fit->series = PL_ARRAY(w->arena, p->data->count, pl_fit_series);
    for (int i = 0; i < p->data->count; i++) {
        pl_fit_series *series = &w->fit->series[i];
        *series = (pl_fit_series){.data = &p->data->series[i], .best = pl_series_best_scatter(&p->data->series[i], r.best + at)};
        series->points = PL_ARRAY(w->arena, series->data->count + 1, pl_fit_point);
        describe_scatter(w, &r, i, room, series);
        for (int j = 0; j < series->data->count; j++, at++) describe_point(w, &r, at, room, &series->points[j]);
        pl_fit_judge(series);
    }
    return PL_OK;
}

/* ---- the whole ------------------------------------------------------------------------------------------- */

/* What is not fitted, and room for candidates. */
static void prepare(work *w) {
    pl_fit_problem *p = &w->problem;
    p->fixed = PL_ARRAY(w->arena, p->s->uncertainty_count + 1, double);
    for (int u = 0; u < p->s->uncertainty_count; u++) p->fixed[u] = pl_candidates_own(p->candidates, u);
    p->room = ROOM;
    p->values = PL_ARRAY(w->arena, ROOM * ((size_t)p->s->uncertainty_count + 1), double);
    p->predicted = PL_ARRAY(w->arena, ROOM * points_of(w), double);
    p->all_runs = (long)ENSEMBLES * MEMBERS * GENERATIONS +
                  2L * ENSEMBLES * WALKERS * FIRST_STEPS * (w->options->effort > 0 ? w->options->effort : EFFORT);
}

static pl_status fit_all(work *w) {
    pl_fit_problem *p = &w->problem;
    pl_status status = pl_observations_read(w->fit->situation, w->arena, p->data, w->error);
    if (status == PL_OK)
        status = pl_candidates_new(w->fit->situation, p->data, w->options->threads, &p->candidates, w->findings, w->error);
    if (status != PL_OK) return status;
    prepare(w);
    w->priors = pl_arena_array(w->arena, points_of(w) + 1, sizeof *w->priors);
    status = pl_fit_run_priors(p, w->fit->seed, w->arena, w->priors);
    if (status != PL_OK) return pl_error_set(w->error, status, NULL, 0, 0, "%s", pl_status_text(status));
    if ((status = choose_parameters(w)) != PL_OK) return status;
    if ((status = search(w)) == PL_OK) status = sample(w);
    if (status == PL_OK) describe_parameters(w);
    if (status == PL_OK && !w->options->plain) {
        status = pl_profiles_find(p, w->fit->parameters, &w->fit->log_likelihood);
        double *values = PL_ARRAY(w->arena, p->s->uncertainty_count + 1, double);
        for (int i = 0; i < p->parameter_count; i++) w->fit->parameters[i].best = value_at(w, p->best, i, values);
    }
    if (status == PL_OK) status = predict(w);
    if (status == PL_OK) status = pl_fit_score_futures(w->fit, p->candidates);
    if (status == PL_OK) status = pl_fit_count(p, 2 * w->fit->futures);
    w->fit->runs = p->runs;
    if (status == PL_INVALID)
        return pl_error_set(w->error, PL_INVALID, w->fit->situation->file, w->fit->situation->fit.at.line,
                            w->fit->situation->fit.at.column,
                            "no candidate can be: each run fails, or gives what cannot be observed");
    return status == PL_OK ? PL_OK : pl_error_set(w->error, status, NULL, 0, 0, "%s", pl_status_text(status));
}

static void leave(void *context) { longjmp(((work *)context)->out, 1); }

static pl_status guard(work *w) {
    w->arena->out_of_memory = leave, w->arena->context = w;
    if (setjmp(w->out)) return pl_error_set(w->error, PL_MEMORY, NULL, 0, 0, "out of memory");
    return fit_all(w);
}

static pl_status read_situation(const char *path, const pl_inputs *inputs, const pl_fit_options *options, pl_fit *fit,
                                pl_findings *findings, pl_error *error) {
    pl_status status = pl_situation_read_with(path, inputs, &fit->situation, findings, error);
    if (status != PL_OK) return status;
    const pl_situation *s = fit->situation;
    fit->seed = options->seed_given ? options->seed : s->seed;
    fit->futures = options->futures > 0 ? options->futures : s->fit.futures > 0 ? s->fit.futures : s->futures;
    if (fit->futures > 100000)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "a fit keeps at most 100000 futures, not %ld", fit->futures);
    return PL_OK;
}

pl_status pl_situation_fit_with(const char *path, const pl_inputs *inputs, const pl_fit_options *options, pl_fit **fit,
                                pl_findings *findings, pl_error *error) {
    static const pl_fit_options usual = {0};
    pl_error own;
    *fit = NULL;
    if (!error) error = &own;
    if (!options) options = &usual;
    pl_fit *f = pl_allocate(sizeof *f);
    if (!f) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    work w = {.fit = f, .options = options, .arena = &f->arena, .findings = findings, .error = error};
    pl_status status = read_situation(path, inputs, options, f, findings, error);
    w.problem = (pl_fit_problem){.s = f->situation, .data = &f->observations, .progress = options->progress,
                                 .context = options->context};
    if (status == PL_OK) status = guard(&w);
    f->arena.out_of_memory = NULL, f->arena.context = NULL;
    pl_release(f->observations.text);
    pl_candidates_free(w.problem.candidates);
    if (status == PL_OK) *fit = f;
    else pl_fit_free(f);
    return status;
}

pl_status pl_situation_fit(const char *path, const pl_fit_options *options, pl_fit **fit, pl_findings *findings,
                           pl_error *error) {
    return pl_situation_fit_with(path, NULL, options, fit, findings, error);
}

void pl_fit_free(pl_fit *fit) {
    if (!fit) return;
    pl_sampled_free(&fit->sampled);
    pl_situation_free(fit->situation);
    pl_arena_free(&fit->arena);
    pl_release(fit);
}

void pl_fit_futures_path(const pl_fit *fit, char *path, size_t room) {
    snprintf(path, room, "%s/fitted.csv", fit->situation->folder);
}
