/* See experiment.h.  A pass runs one state in all futures and keeps as many variables over time as fit in memory; where
 * not all fit, the next pass runs the same again and keeps the next.  A work item is one block of lanes, with places of
 * its own for what it finds, so threads do not show in the result. */
#include "serve/experiment.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/pool.h"
#include "program/tape.h"
#include "report/fan.h"
#include "report/playing.h"
#include "study/statistics.h"

enum { SERIES_ROOM = 256 << 20 };

const double pl_answer_levels[PL_ANSWER_QUANTILES] = {0.05, 0.25, 0.5, 0.75, 0.95};

struct pl_experiment {
    const pl_situation *s;
    pl_program *program;
    pl_traces *traces; /* its outputs are those of the program */
    int threads, lanes;
};

/* What one thread needs. */
typedef struct worker {
    pl_block *block;
    double *draws, *taken; /* [input][lane], [measure][lane] */
    double *sorted;        /* [future] */
} worker;

typedef struct pass {
    const pl_experiment *x;
    const pl_answer *answer;
    pl_answer_state *state;
    bool yours, first;      /* whether the request counts; whether measures are taken */
    pl_design design;
    pl_track *track;
    int from, to;           /* outputs that are kept */
    double *series;         /* [output - from][point][future] */
    worker *workers;
    pl_run_control *control;
} pass;

/* ---- compiling -------------------------------------------------------------------------------------------- */

void pl_experiment_free(pl_experiment *x) {
    if (!x) return;
    pl_program_free(x->program);
    pl_traces_free(x->traces);
    pl_release(x);
}

pl_status pl_experiment_new(const pl_ensemble *ensemble, int threads, pl_experiment **experiment, pl_error *error) {
    pl_experiment *x = *experiment = pl_allocate(sizeof *x);
    if (!x) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    x->s = ensemble->situation;
    x->threads = threads > 0 ? threads : pl_processor_count();
    pl_status status = pl_fans_choose(ensemble, &ensemble->base, 1, &x->traces, error);
    if (status == PL_OK)
        status = pl_playing_compile(x->s, x->traces->outputs, x->traces->count, &x->program, error);
    if (status == PL_OK) {
        x->lanes = pl_program_best_lanes(x->program);
        return PL_OK;
    }
    pl_experiment_free(x);
    *experiment = NULL;
    return status;
}

/* The situation with so many futures: drawn as `explore --futures` draws them, or the first of those that are given. */
static pl_status choose_futures(const pl_experiment *x, long futures, pl_situation *s, pl_error *error) {
    char why[300];
    *s = *x->s;
    if (s->given && futures > s->given->futures)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "the situation's file has %ld futures", s->given->futures);
    s->futures = futures;
    if (s->given) return PL_OK;
    pl_design design = pl_design_of(s);
    if (!pl_design_takes(design.kind, pl_design_parts(&design), futures, why, sizeof why))
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "%s", why);
    return PL_OK;
}

/* Ends that are quantiles are rounded: what lies as near to them as that is within. */
static pl_status check_range(const char *what, const char *name, double value, double low, double high, pl_error *error) {
    double slack = 1e-6 * (high - low);
    if (value >= low - slack && value <= high + slack) return PL_OK;
    return pl_error_set(error, PL_USAGE, NULL, 0, 0, "the %s '%.80s' goes from %g to %g", what, name, low, high);
}

/* A lever's range is that of all actors' sliders. */
static pl_status check_lever(const pl_experiment *x, int input, double value, pl_error *error) {
    double low = INFINITY, high = -INFINITY, from, to;
    char room[256];
    if (isnan(value)) return PL_OK;
    for (int a = 0; a < x->s->actor_count; a++)
        if (pl_playing_lever_range(x->s, x->program, a, input, &from, &to)) low = fmin(low, from), high = fmax(high, to);
    return check_range("lever", pl_playing_lever_name(x->s, input, room, sizeof room), value, low, high, error);
}

static pl_status check_uncertainty(const pl_experiment *x, int u, double value, pl_error *error) {
    double low, high;
    if (isnan(value)) return PL_OK;
    pl_playing_uncertainty_range(x->s, u, &low, &high);
    return check_range("uncertainty", x->s->uncertainties[u].name, value, low, high, error);
}

pl_status pl_experiment_allows(const pl_experiment *x, const pl_request *request, pl_error *error) {
    pl_situation s;
    pl_status status = choose_futures(x, request->futures, &s, error);
    for (int i = 0; i < x->s->input_count && status == PL_OK; i++) status = check_lever(x, i, request->set[i], error);
    for (int u = 0; u < x->s->uncertainty_count && status == PL_OK; u++)
        status = check_uncertainty(x, u, request->fixed[u], error);
    return status;
}

/* ---- levers ----------------------------------------------------------------------------------------------- */

/* Whether an input is a lever that the reader set, or tells that a value which a course draws for one is in force. */
static bool is_replaced(const pl_situation *s, const pl_request *request, int input) {
    if (!isnan(request->set[input])) return true;
    for (int i = 0; i < s->override_count; i++)
        if (s->overrides[i].rule < 0 && s->overrides[i].armed == input && !isnan(request->set[s->overrides[i].lever]))
            return true;
    return false;
}

static pl_status add_course(const pass *p, const pl_course *course, pl_lever_change **changes, int *count) {
    const pl_situation *s = &p->answer->s;
    pl_lever_change *own;
    int own_count;
    pl_status status = pl_course_changes(p->x->program, course, &own, &own_count);
    if (status != PL_OK) return status;
    size_t room = (size_t)(*count + own_count + s->input_count + 1);
    pl_lever_change *all = pl_reallocate(*changes, room * sizeof *all);
    if (all) *changes = all;
    for (int i = 0; all && i < own_count; i++)
        if (!p->yours || !is_replaced(s, p->answer->request, own[i].input)) all[(*count)++] = own[i];
    pl_release(own);
    return all ? PL_OK : PL_MEMORY;
}

/* The levers of the state: what the courses say of those that the reader left alone, then the reader's. */
static pl_status make_track(pass *p) {
    const pl_situation *s = &p->answer->s;
    const pl_request *request = p->answer->request;
    const int *courses = p->yours ? request->courses : s->base_course;
    pl_lever_change *changes = pl_allocate((size_t)(s->input_count + 1) * sizeof *changes);
    int count = 0;
    pl_status status = changes ? PL_OK : PL_MEMORY;
    for (int a = 0; a < s->actor_count && status == PL_OK; a++)
        status = add_course(p, &s->actors[a].courses[courses[a]], &changes, &count);
    for (int i = 0; i < s->input_count && status == PL_OK && p->yours; i++)
        if (!isnan(request->set[i]))
            changes[count++] = (pl_lever_change){pl_program_act_step(p->x->program), i, request->set[i]};
    if (status == PL_OK) status = pl_track_new(p->x->program, changes, count, &p->track);
    pl_release(changes);
    return status;
}

/* ---- running ---------------------------------------------------------------------------------------------- */

static bool is_stopped(const pass *p) { return atomic_load(&p->control->stop); }

typedef struct slice {
    const pass *p;
    long first;
    int used;
} slice;

/* A value that is not finite, or :NA:, is missing. */
static void save(void *context, int step, double time, const double *row) {
    const slice *part = context;
    const pass *p = part->p;
    size_t futures = (size_t)p->answer->futures, points = (size_t)p->answer->points;
    bool saved;
    int point = pl_program_row(p->x->program, step, &saved);
    (void)time;
    for (int output = p->from; output < p->to; output++) {
        const double *values = row + (size_t)output * (size_t)p->x->lanes;
        double *out = p->series + ((size_t)(output - p->from) * points + (size_t)point) * futures + part->first;
        for (int lane = 0; lane < part->used; lane++)
            out[lane] = isfinite(values[lane]) && values[lane] != PL_NOT_AVAILABLE ? values[lane] : (double)NAN;
    }
}

static void draw(const pass *p, const worker *w, long first, int used) {
    const pl_situation *s = &p->answer->s;
    pl_futures_draw(s, &p->design, first, used, w->draws, (size_t)p->x->lanes);
    for (int u = 0; u < s->uncertainty_count && p->yours; u++) {
        double value = p->answer->request->fixed[u];
        double *row = w->draws + (size_t)s->uncertainties[u].input * (size_t)p->x->lanes;
        for (int lane = 0; lane < used && !isnan(value); lane++) row[lane] = value;
    }
}

static void take_measures(const pass *p, const worker *w, long first, int used) {
    unsigned char failed[PL_BEST_LANES];
    size_t lanes = (size_t)p->x->lanes, futures = (size_t)p->answer->futures, size = (size_t)used;
    double *measures = p->state->measures + first;
    pl_block_measure(w->block, w->taken, lanes, failed);
    for (int m = 0; m < p->answer->s.measure_count; m++)
        memcpy(measures + (size_t)m * futures, w->taken + (size_t)m * lanes, size * sizeof(double));
    memcpy(p->state->failed + first, failed, size);
}

static pl_status run_block(void *context, long item, int thread) {
    const pass *p = context;
    const worker *w = &p->workers[thread];
    long first = item * p->x->lanes, left = p->answer->futures - first;
    slice part = {p, first, left < p->x->lanes ? (int)left : p->x->lanes};
    uint64_t numbers[PL_BEST_LANES];
    if (is_stopped(p)) return PL_INTERRUPTED;
    for (int lane = 0; lane < part.used; lane++) numbers[lane] = (uint64_t)(first + lane);
    draw(p, w, first, part.used);
    pl_block_start(w->block, p->track, w->draws, (size_t)p->x->lanes, numbers, p->design.seed, part.used);
    pl_block_run(w->block, p->track, pl_program_steps(p->x->program), save, &part);
    if (p->first) take_measures(p, w, first, part.used);
    atomic_fetch_add(&p->control->done, part.used);
    return PL_OK;
}

/* ---- over the futures ------------------------------------------------------------------------------------- */

/* One variable at one time. */
static pl_status take_point(void *context, long item, int thread) {
    const pass *p = context;
    const pl_answer *a = p->answer;
    long output = p->from + item / a->points, point = item % a->points;
    const double *values = p->series + (size_t)item * (size_t)a->futures;
    double *sorted = p->workers[thread].sorted;
    if (is_stopped(p)) return PL_INTERRUPTED;
    long count = pl_sort_known(values, a->futures, 1, sorted);
    for (int level = 0; level < PL_ANSWER_QUANTILES; level++)
        p->state->quantiles[(output * PL_ANSWER_QUANTILES + level) * a->points + point] =
            pl_quantile(sorted, count, pl_answer_levels[level]);
    for (long k = 0; k < a->paths; k++) p->state->paths[(output * a->paths + k) * a->points + point] = values[k];
    if (point == a->points - 1)
        memcpy(p->state->ends + (size_t)output * (size_t)a->futures, values, (size_t)a->futures * sizeof *values);
    atomic_fetch_add(&p->control->done, 1);
    return PL_OK;
}

static void take_payoffs(pass *p) {
    const pl_answer *a = p->answer;
    for (int actor = 0; actor < a->s.actor_count; actor++)
        pl_actor_payoff(&a->s.actors[actor], &p->design, p->state->measures, (size_t)a->futures, 0, (size_t)a->futures,
                        p->state->payoffs + (size_t)actor * (size_t)a->futures);
}

/* ---- passes ----------------------------------------------------------------------------------------------- */

/* How many variables a pass keeps; at least 1. */
static int bundle_of(const pl_experiment *x, long futures) {
    int outputs = pl_program_output_count(x->program);
    size_t each = (size_t)pl_program_rows(x->program) * (size_t)futures * sizeof(double), fit = SERIES_ROOM / each;
    return fit < 1 ? 1 : fit > (size_t)outputs ? outputs : (int)fit;
}

static int states_of(const pl_request *request) { return request->same ? 1 : PL_ANSWER_STATES; }

long pl_experiment_work(const pl_experiment *x, const pl_request *request) {
    long outputs = pl_program_output_count(x->program), bundle = bundle_of(x, request->futures);
    long passes = outputs ? (outputs + bundle - 1) / bundle : 1;
    long of_state = passes * request->futures + outputs * pl_program_rows(x->program);
    return states_of(request) * of_state + request->futures;
}

static pl_status run_pass(pass *p) {
    const pl_answer *a = p->answer;
    long blocks = (a->futures + p->x->lanes - 1) / p->x->lanes;
    pl_status status = pl_parallel_for(blocks, p->x->threads, run_block, p);
    if (status != PL_OK) return status;
    if (p->first) take_payoffs(p);
    return pl_parallel_for((long)(p->to - p->from) * a->points, p->x->threads, take_point, p);
}

static pl_status run_state(pass *p) {
    const pl_answer *a = p->answer;
    int bundle = bundle_of(p->x, a->futures);
    pl_status status = make_track(p);
    p->first = true;
    for (p->from = 0; status == PL_OK && (p->first || p->from < a->output_count); p->from = p->to, p->first = false) {
        p->to = p->from + bundle < a->output_count ? p->from + bundle : a->output_count;
        status = run_pass(p);
    }
    pl_track_free(p->track);
    p->track = NULL;
    return status;
}

static pl_status make_worker(const pass *p, worker *w) {
    size_t lanes = (size_t)p->x->lanes;
    pl_status status = pl_block_new(p->x->program, p->x->lanes, &w->block);
    if (status != PL_OK) return status;
    w->draws = pl_allocate((size_t)(p->answer->s.input_count + 1) * lanes * sizeof(double));
    w->taken = pl_allocate((size_t)(p->answer->s.measure_count + 1) * lanes * sizeof(double));
    w->sorted = pl_allocate((size_t)p->answer->futures * sizeof(double));
    return w->draws && w->taken && w->sorted ? PL_OK : PL_MEMORY;
}

static pl_status make_workers(pass *p) {
    const pl_answer *a = p->answer;
    pl_status status = PL_OK;
    size_t each = (size_t)a->points * (size_t)a->futures * sizeof(double);
    p->series = pl_allocate((size_t)bundle_of(p->x, a->futures) * each + 1);
    p->workers = pl_allocate((size_t)p->x->threads * sizeof *p->workers);
    if (!p->series || !p->workers) return PL_MEMORY;
    for (int i = 0; i < p->x->threads && status == PL_OK; i++) status = make_worker(p, &p->workers[i]);
    return status;
}

static void free_pass(pass *p) {
    for (int i = 0; p->workers && i < p->x->threads; i++) {
        const worker *w = &p->workers[i];
        pl_block_free(w->block);
        pl_release(w->draws), pl_release(w->taken), pl_release(w->sorted);
    }
    pl_release(p->workers), pl_release(p->series);
}

/* ---- answers ---------------------------------------------------------------------------------------------- */

static pl_status make_state(const pl_answer *a, pl_answer_state *state) {
    size_t futures = (size_t)a->futures, outputs = (size_t)a->output_count + 1, points = (size_t)a->points;
    state->measures = pl_allocate((size_t)(a->s.measure_count + 1) * futures * sizeof(double));
    state->payoffs = pl_allocate((size_t)(a->s.actor_count + 1) * futures * sizeof(double));
    state->quantiles = pl_allocate(outputs * PL_ANSWER_QUANTILES * points * sizeof(double));
    state->paths = pl_allocate(outputs * PL_ANSWER_PATHS * points * sizeof(double));
    state->ends = pl_allocate(outputs * futures * sizeof(double));
    state->failed = pl_allocate(futures);
    bool all = state->measures && state->payoffs && state->quantiles && state->paths && state->ends && state->failed;
    return all ? PL_OK : PL_MEMORY;
}

static void free_state(pl_answer_state *state) {
    pl_release(state->measures), pl_release(state->payoffs), pl_release(state->quantiles);
    pl_release(state->paths), pl_release(state->ends), pl_release(state->failed);
    *state = (pl_answer_state){0};
}

void pl_answer_free(pl_answer *a) {
    if (a->states[1].measures == a->states[0].measures) a->states[1] = (pl_answer_state){0};
    for (int i = 0; i < PL_ANSWER_STATES; i++) free_state(&a->states[i]);
}

static pl_status run_states(const pl_experiment *x, pl_answer *a, pl_run_control *control) {
    pass p = {.x = x, .answer = a, .design = pl_design_of(&a->s), .control = control};
    int states = states_of(a->request);
    pl_status status = make_workers(&p);
    for (int i = 0; i < states && status == PL_OK; i++) {
        p.state = &a->states[i], p.yours = i > 0;
        status = make_state(a, p.state);
        if (status == PL_OK) status = run_state(&p);
    }
    if (states == 1) a->states[1] = a->states[0];
    free_pass(&p);
    return status;
}

pl_status pl_experiment_run(const pl_experiment *x, const pl_request *request, pl_run_control *control,
                            pl_answer *answer, pl_error *error) {
    *answer = (pl_answer){.program = x->program, .outputs = x->traces->outputs, .request = request,
                          .futures = request->futures, .threads = x->threads,
                          .output_count = pl_program_output_count(x->program), .points = pl_program_rows(x->program)};
    answer->paths = request->futures < PL_ANSWER_PATHS ? (int)request->futures : PL_ANSWER_PATHS;
    pl_status status = choose_futures(x, request->futures, &answer->s, error);
    if (status != PL_OK) return status;
    status = run_states(x, answer, control);
    if (status == PL_OK) return PL_OK;
    pl_answer_free(answer);
    return pl_error_set(error, status, NULL, 0, 0, "%s", pl_status_text(status));
}
