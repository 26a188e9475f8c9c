/* See history.h. */
#include "study/history.h"

#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "model/import.h"
#include "study/statistics.h"

typedef struct work {
    pl_history *history;
    pl_fit_problem problem;
    jmp_buf out;
} work;

static const char mark[] = "# fitted:"; /* how the file of fitted futures begins (src/report/fit.c) */

bool pl_given_is_fitted(const pl_given *given) {
    return given && given->length >= sizeof mark - 1 && memcmp(given->text, mark, sizeof mark - 1) == 0;
}

/* ---- the situation ---------------------------------------------------------------------------------------- */

static pl_status read_with(const char *path, const pl_file *futures, pl_situation **situation, pl_error *error) {
    pl_inputs inputs = {.files = futures, .count = 1};
    return pl_situation_read_with(path, &inputs, situation, NULL, error);
}

/* With its fitted futures where they can be had; a file of them that is of another situation is as none. */
static pl_status read_situation(const char *path, const pl_given *fitted, pl_situation **situation, pl_error *error) {
    pl_situation *with = NULL;
    char file[2048];
    pl_status status = pl_situation_read(path, situation, NULL, error);
    if (status != PL_OK) return status;
    pl_file futures = {.role = PL_ROLE_FUTURES, .name = file};
    snprintf(file, sizeof file, "%s/fitted.csv", (*situation)->folder);
    if (fitted) futures.bytes = fitted->text, futures.size = fitted->length;
    if (read_with(path, &futures, &with, NULL) != PL_OK) return PL_OK;
    if (pl_given_is_fitted(with->given)) {
        pl_situation_free(*situation);
        *situation = with;
    } else {
        pl_situation_free(with);
    }
    return PL_OK;
}

/* ---- predictions ------------------------------------------------------------------------------------------ */

static size_t points_of(const work *w) { return (size_t)pl_candidates_points(w->problem.candidates); }

static pl_status run_own(work *w, double *own) {
    pl_fit_problem *p = &w->problem;
    double *values = PL_ARRAY(&w->history->arena, p->s->uncertainty_count + 1, double);
    for (int u = 0; u < p->s->uncertainty_count; u++) values[u] = pl_candidates_own(p->candidates, u);
    return pl_candidates_run(p->candidates, values, 1, true, own);
}

/* The quantiles of each point over the fitted futures. */
static pl_status run_fitted(work *w, double (*posterior)[3]) {
    static const double at[] = {0.05, 0.5, 0.95};
    const pl_situation *s = w->problem.s;
    size_t points = points_of(w), inputs = (size_t)s->uncertainty_count;
    long count = w->history->fitted;
    double *values = PL_ARRAY(&w->history->arena, (size_t)count * inputs + 1, double);
    double *predicted = PL_ARRAY(&w->history->arena, (size_t)count * points + 1, double);
    double *room = PL_ARRAY(&w->history->arena, count, double);
    for (long f = 0; f < count; f++)
        memcpy(values + (size_t)f * inputs, s->given->values + (size_t)f * (size_t)s->given->columns,
               inputs * sizeof *values);
    pl_status status = pl_candidates_run(w->problem.candidates, values, count, true, predicted);
    for (size_t i = 0; i < points; i++) pl_fit_quantiles(predicted, count, points, i, at, 3, posterior[i], room);
    return status;
}

static void describe(work *w, const double *own, double (*priors)[3], double (*posterior)[3]) {
    pl_history *h = w->history;
    size_t at = 0;
    h->series = PL_ARRAY(&h->arena, h->observations.count + 1, pl_history_series);
    for (int i = 0; i < h->observations.count; i++) {
        pl_history_series *series = &h->series[i];
        const pl_observed_series *data = &h->observations.series[i];
        series->judged = (pl_fit_series){.data = data, .points = PL_ARRAY(&h->arena, data->count + 1, pl_fit_point)};
        series->prior = priors + at;
        for (int k = 0; k < data->count; k++, at++) {
            pl_fit_point *point = &series->judged.points[k];
            *point = (pl_fit_point){.own = own[at], .best = NAN, .prior = priors[at][1], .forecast = NAN,
                                    .predicted = {NAN, NAN}};
            memcpy(point->posterior, posterior[at], sizeof point->posterior);
        }
        pl_fit_judge(&series->judged);
    }
}

/* ---- what the data reach ---------------------------------------------------------------------------------- */

/* Whether the first line of the file of fitted futures, "# fitted: NAME; NAME", has the name. */
static bool is_listed(const pl_given *given, const char *name) {
    size_t length = strlen(name);
    const char *line = given->text + sizeof mark - 1, *end = memchr(line, '\n', given->length - (sizeof mark - 1));
    for (const char *at = line; end && at < end;) {
        while (at < end && *at == ' ') at++;
        const char *stop = memchr(at, ';', (size_t)(end - at));
        if (!stop) stop = end;
        size_t size = (size_t)(stop - at);
        if (size && stop[-1] == '\r') size--;
        if (size == length && memcmp(at, name, length) == 0) return true;
        at = stop + 1;
    }
    return false;
}

static pl_status find_basis(work *w, double (*priors)[3]) {
    pl_history *h = w->history;
    const pl_situation *s = h->situation;
    bool *reached = PL_ARRAY(&h->arena, s->uncertainty_count + 1, bool);
    pl_status status = pl_fit_find_reached(&w->problem, s->seed, &h->arena, priors, reached);
    h->basis = PL_ARRAY(&h->arena, s->uncertainty_count + 1, pl_data_basis);
    for (int u = 0; u < s->uncertainty_count; u++) {
        bool fitted = h->fitted && is_listed(s->given, s->uncertainties[u].name);
        for (int k = 0; k < s->fit.parameter_count; k++) fitted |= s->fit.parameters[k] == u;
        h->basis[u] = fitted ? PL_DATA_FITTED : reached[u] ? PL_DATA_REACHED : PL_DATA_UNREACHED;
    }
    return status;
}

/* ---- the whole -------------------------------------------------------------------------------------------- */

static pl_status run_all(work *w) {
    pl_history *h = w->history;
    size_t points = points_of(w);
    double *own = PL_ARRAY(&h->arena, points + 1, double);
    double (*priors)[3] = pl_arena_array(&h->arena, points + 1, sizeof *priors);
    double (*posterior)[3] = pl_arena_array(&h->arena, points + 1, sizeof *posterior);
    for (size_t i = 0; i < points; i++)
        for (int k = 0; k < 3; k++) posterior[i][k] = NAN;
    h->fitted = pl_given_is_fitted(h->situation->given) ? h->situation->given->futures : 0;
    h->converged = h->fitted && !strstr(h->situation->given->text, ", not converged");
    pl_status status = run_own(w, own);
    if (status == PL_OK) status = pl_fit_run_priors(&w->problem, h->situation->seed, &h->arena, priors);
    if (status == PL_OK && h->fitted) status = run_fitted(w, posterior);
    if (status == PL_OK) status = find_basis(w, priors);
    if (status == PL_OK) describe(w, own, priors, posterior);
    return status;
}

static void leave(void *context) { longjmp(((work *)context)->out, 1); }

static pl_status guard(work *w, int threads, pl_error *error) {
    pl_history *h = w->history;
    h->arena.out_of_memory = leave, h->arena.context = w;
    if (setjmp(w->out)) {
        pl_release(h->observations.text);
        return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    }
    pl_status status = pl_observations_read(h->situation, &h->arena, &h->observations, error);
    if (status != PL_OK) return status;
    w->problem.s = h->situation, w->problem.data = &h->observations;
    status = pl_candidates_new(h->situation, &h->observations, threads, &w->problem.candidates, NULL, error);
    if (status != PL_OK) return status;
    status = run_all(w);
    return status == PL_OK ? status : pl_error_set(error, status, NULL, 0, 0, "%s", pl_status_text(status));
}

pl_status pl_history_find(const char *path, const pl_given *fitted, int threads, pl_history **history,
                          pl_error *error) {
    pl_history *h = pl_allocate(sizeof *h);
    *history = NULL;
    if (!h) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    pl_status status = read_situation(path, fitted, &h->situation, error);
    work w = {.history = h};
    if (status == PL_OK && h->situation->observed_count) status = guard(&w, threads, error);
    pl_candidates_free(w.problem.candidates);
    h->arena.out_of_memory = NULL, h->arena.context = NULL;
    if (status == PL_OK && h->series) {
        *history = h;
        return PL_OK;
    }
    pl_history_free(h);
    return status == PL_INVALID ? PL_OK : status; /* no value that could be fitted to */
}

void pl_history_free(pl_history *history) {
    if (!history) return;
    pl_situation_free(history->situation);
    pl_arena_free(&history->arena);
    pl_release(history);
}
