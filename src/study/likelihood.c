/* Runs of candidates.  See likelihood.h; scatter.c has the densities of errors. */
#include "study/likelihood.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/pool.h"
#include "ensemble/explore.h"

enum { LANES_STEP = 16, MOST_LANES = 32 }; /* few, so that a step of some chains is work for two threads */

typedef struct worker {
    pl_block *block;
    double *draws, *taken; /* [input][lane], [point][lane] */
} worker;

struct pl_candidates {
    pl_situation s; /* a copy whose measures are the observed values */
    pl_measure *measures;
    pl_program *program;
    pl_track *track;
    uint64_t futures[MOST_LANES]; /* zero: the noise of one future for all */
    int points, threads, lanes, fitted_steps, whole_steps;
    worker *workers;
};

/* ---- what is measured ----------------------------------------------------------------------------------- */

static double time_step(const pl_model *m) {
    const pl_variable *v = m->time_step;
    bool plain = v && v->kind == PL_CONSTANT && v->size == 1 && v->equation_count && v->equations[0]->numbers;
    return plain ? v->equations[0]->numbers[0] : 0;
}

/* A mean over a span takes the steps in it, without the one that begins the next span. */
static void find_window(const pl_observed *o, double time, double dt, double *from, double *to) {
    *from = o->take == PL_OBSERVED_MEAN ? time - o->over / 2 : time;
    *to = o->take == PL_OBSERVED_AT ? time : *from + o->over - dt;
    if (*to < *from) *to = *from;
}

/* The model's first and last time, from a program with nothing to measure. */
static pl_status find_times(const pl_candidates *c, double *first, double *last, pl_error *error) {
    pl_situation bare = c->s;
    pl_program *p;
    bare.measure_count = 0;
    pl_status status = pl_situation_compile(&bare, true, NULL, 0, &p, error);
    if (status != PL_OK) return status;
    *first = pl_program_initial_time(p), *last = pl_program_final_time(p);
    pl_program_free(p);
    return PL_OK;
}

static pl_status drop_outside(const pl_candidates *c, pl_observations *data, pl_findings *findings, pl_error *error) {
    double first, last, dt = time_step(c->s.model);
    pl_status status = find_times(c, &first, &last, error);
    for (int i = 0; status == PL_OK && i < data->count; i++) {
        pl_observed_series *series = &data->series[i];
        int before = series->count, kept = 0;
        series->fitted = 0;
        for (int k = 0; k < before; k++) {
            double from, to;
            find_window(series->of, series->data[k].time, dt, &from, &to);
            if (from < first - dt / 2 || to > last + dt / 2) continue;
            series->fitted += !series->data[k].held_out;
            series->data[kept++] = series->data[k];
        }
        series->count = kept;
        if (kept == before) continue;
        pl_error found;
        pl_error_set(&found, PL_OK, series->path, 0, 0, "%d of %d values of '%.80s' lie outside of the model's time, %g to %g",
                     before - kept, before, series->of->name, first, last);
        if (!pl_findings_add(findings, PL_WARNING, &found)) status = PL_MEMORY;
    }
    return status;
}

static pl_status add_measures(pl_candidates *c, const pl_observations *data) {
    int fitted = 0;
    double dt = time_step(c->s.model);
    for (int i = 0; i < data->count; i++) c->points += data->series[i].count, fitted += data->series[i].fitted;
    if (!fitted) return PL_INVALID;
    if (!(c->measures = pl_allocate((size_t)(c->points + 1) * sizeof *c->measures))) return PL_MEMORY;
    pl_measure *m = c->measures;
    for (int i = 0; i < data->count; i++)
        for (int k = 0; k < data->series[i].count; k++, m++) {
            const pl_observed *o = data->series[i].of;
            m->name = o->name;
            m->spec = (pl_measure_spec){.variable = o->variable, .element = o->element,
                                        .take = o->take == PL_OBSERVED_AT ? PL_TAKE_AT : PL_TAKE_MEAN};
            find_window(o, data->series[i].data[k].time, dt, &m->spec.from, &m->spec.to);
        }
    c->s.measures = c->measures, c->s.measure_count = c->points;
    return PL_OK;
}

/* How many steps until the last value that is fitted to, and until the last one, are complete. */
static void find_ends(pl_candidates *c, const pl_observations *data) {
    const pl_measure *m = c->measures;
    int last = pl_program_steps(c->program);
    for (int i = 0; i < data->count; i++)
        for (int k = 0; k < data->series[i].count; k++, m++) {
            int end = pl_program_step_of(c->program, m->spec.to) + 2;
            if (end > last) end = last;
            if (end > c->whole_steps) c->whole_steps = end;
            if (!data->series[i].data[k].held_out && end > c->fitted_steps) c->fitted_steps = end;
        }
}

/* ---- making --------------------------------------------------------------------------------------------- */

static pl_status make_worker(const pl_candidates *c, worker *w) {
    size_t lanes = (size_t)c->lanes;
    pl_status status = pl_block_new(c->program, c->lanes, &w->block);
    if (status != PL_OK) return status;
    w->draws = pl_allocate(((size_t)c->s.input_count + 1) * lanes * sizeof(double));
    w->taken = pl_allocate(((size_t)c->points + 1) * lanes * sizeof(double));
    return w->draws && w->taken ? PL_OK : PL_MEMORY;
}

static pl_status compile(pl_candidates *c, const pl_observations *data, pl_error *error) {
    const pl_situation *s = &c->s;
    const int *course = s->fit.profile >= 0 ? s->profiles[s->fit.profile].course : s->base_course;
    pl_status status = pl_situation_compile(s, true, NULL, 0, &c->program, error);
    if (status == PL_OK)
        status = pl_profile_track(s, c->program, NULL, pl_situation_combination(s, course), &c->track);
    if (status != PL_OK) return status;
    find_ends(c, data);
    c->lanes = (pl_program_best_lanes(c->program) + LANES_STEP - 1) / LANES_STEP * LANES_STEP;
    if (c->lanes > MOST_LANES) c->lanes = MOST_LANES;
    if (!(c->workers = pl_allocate((size_t)c->threads * sizeof *c->workers))) return PL_MEMORY;
    for (int i = 0; status == PL_OK && i < c->threads; i++) status = make_worker(c, &c->workers[i]);
    return status;
}

pl_status pl_candidates_new(const pl_situation *situation, pl_observations *data, int threads, pl_candidates **candidates,
                            pl_findings *findings, pl_error *error) {
    pl_candidates *c = pl_allocate(sizeof *c);
    *candidates = NULL;
    if (!c) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    c->s = *situation;
    c->threads = threads > 0 ? threads : pl_processor_count();
    pl_status status = drop_outside(c, data, findings, error);
    if (status == PL_OK && (status = add_measures(c, data)) == PL_INVALID)
        pl_error_set(error, PL_INVALID, situation->file, situation->fit.at.line, situation->fit.at.column,
                     "there is nothing to fit to: no value lies before the holdout and within the model's time");
    if (status == PL_OK) status = compile(c, data, error);
    if (status == PL_MEMORY) pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    if (status == PL_OK) *candidates = c;
    else pl_candidates_free(c);
    return status;
}

void pl_candidates_free(pl_candidates *c) {
    if (!c) return;
    for (int i = 0; c->workers && i < c->threads; i++) {
        pl_block_free(c->workers[i].block);
        pl_release(c->workers[i].draws), pl_release(c->workers[i].taken);
    }
    pl_release(c->workers);
    pl_track_free(c->track);
    pl_program_free(c->program);
    pl_release(c->measures);
    pl_release(c);
}

int pl_candidates_threads(const pl_candidates *c) { return c->threads; }
int pl_candidates_lanes(const pl_candidates *c) { return c->lanes; }
int pl_candidates_points(const pl_candidates *c) { return c->points; }

double pl_candidates_own(const pl_candidates *c, int u) {
    const pl_uncertainty *uncertainty = &c->s.uncertainties[u];
    return uncertainty->of_course ? pl_distribution_mean(&uncertainty->distribution)
                                  : pl_program_input_value(c->program, uncertainty->input);
}

/* ---- running -------------------------------------------------------------------------------------------- */

typedef struct batch {
    pl_candidates *c;
    const double *values;
    long count;
    bool whole;
    double *predicted;
} batch;

static void run_block(const batch *b, int thread, long first) {
    pl_candidates *c = b->c;
    const worker *w = &c->workers[thread];
    size_t lanes = (size_t)c->lanes, inputs = (size_t)c->s.uncertainty_count, points = (size_t)c->points;
    int used = b->count - first < c->lanes ? (int)(b->count - first) : c->lanes;
    for (size_t u = 0; u < inputs; u++)
        for (int k = 0; k < used; k++)
            w->draws[(size_t)c->s.uncertainties[u].input * lanes + (size_t)k] = b->values[(size_t)(first + k) * inputs + u];
    pl_block_start(w->block, c->track, w->draws, lanes, c->futures, c->s.seed, used);
    pl_block_run(w->block, c->track, b->whole ? c->whole_steps : c->fitted_steps, NULL, NULL);
    pl_block_measure(w->block, w->taken, lanes, NULL);
    for (int k = 0; k < used; k++)
        for (size_t i = 0; i < points; i++) b->predicted[(size_t)(first + k) * points + i] = w->taken[i * lanes + (size_t)k];
}

static pl_status run_item(void *context, long item, int thread) {
    const batch *b = context;
    run_block(b, thread, item * b->c->lanes);
    return PL_OK;
}

pl_status pl_candidates_run(pl_candidates *c, const double *values, long count, bool whole, double *predicted) {
    batch b = {c, values, count, whole, predicted};
    return pl_parallel_for((count + c->lanes - 1) / c->lanes, c->threads, run_item, &b);
}

void pl_candidates_run_on(pl_candidates *c, int thread, const double *values, long count, bool whole,
                          double *predicted) {
    batch b = {c, values, count, whole, predicted};
    for (long first = 0; first < count; first += c->lanes) run_block(&b, thread, first);
}
