/* See traces.h. */
#include "ensemble/traces.h"

#include <math.h>
#include <setjmp.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "ensemble/explore.h"
#include "program/tape.h"

enum { LANES = 48, BUNDLE_ROOM = 16 << 20 };

/* ---- what is kept --------------------------------------------------------------------------------------- */

typedef struct listing {
    pl_traces *traces;
    jmp_buf back;
} listing;

static void leave(void *context) { longjmp(((listing *)context)->back, 1); }

static bool is_listed(const pl_traces *p, const pl_variable *variable, int element) {
    for (int i = 0; i < p->count; i++)
        if (p->outputs[i].variable == variable && p->outputs[i].element == element) return true;
    return false;
}

/* A variable, an array by its elements; what is listed already comes once. */
static pl_status add_output(pl_traces *p, pl_output output, pl_error *error) {
    pl_variable *v = output.variable;
    int from = output.element < 0 ? 0 : output.element, to = output.element < 0 ? v->size : output.element + 1;
    for (int e = from; e < to; e++) {
        if (is_listed(p, v, e) || (v->size > 1 && !pl_variable_has_element(v, e))) continue;
        if (p->count == PL_MOST_TRACES)
            return pl_error_set(error, PL_INVALID, p->s->file, 0, 0, "at most %d series are kept, arrays by element",
                                PL_MOST_TRACES);
        size_t length = (size_t)pl_variable_element_name(v, e, NULL, 0);
        char *name = pl_arena_take(&p->arena, length + 1);
        pl_variable_element_name(v, e, name, length + 1);
        p->names[p->count] = name;
        p->outputs[p->count++] = (pl_output){v, e};
    }
    return PL_OK;
}

static void add_profile(pl_traces *p, long profile) {
    if (pl_traces_place(p, profile) < 0) p->profiles[p->profile_count++] = profile;
}

static void make_room(pl_traces *p, int profiles) {
    p->outputs = PL_ARRAY(&p->arena, PL_MOST_TRACES, pl_output);
    p->names = PL_ARRAY(&p->arena, PL_MOST_TRACES, const char *);
    p->profiles = PL_ARRAY(&p->arena, profiles, long);
    p->futures = p->s->futures < PL_TRACE_FUTURES ? (int)p->s->futures : PL_TRACE_FUTURES;
}

static pl_status add_named(pl_traces *p, const char *name, pl_error *error) {
    pl_output output;
    pl_error found;
    if (pl_model_find_element(p->s->model, name, &output.variable, &output.element, &found) != PL_OK)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "%s", found.message);
    if (output.variable->kind == PL_LOOKUP)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "'%.80s' is a lookup, which has no value of its own", name);
    return add_output(p, output, error);
}

static pl_status list_all(pl_traces *p, pl_error *error) {
    const pl_situation *s = p->s;
    make_room(p, s->profile_count + 1);
    pl_status status = PL_OK;
    for (int i = 0; i < s->series_count && status == PL_OK; i++) status = add_output(p, s->series[i], error);
    for (int i = 0; i < s->keep_count && status == PL_OK; i++) status = add_named(p, s->keep[i], error);
    for (int i = 0; i < s->profile_count; i++) add_profile(p, pl_situation_combination(s, s->profiles[i].course));
    add_profile(p, pl_situation_combination(s, s->base_course));
    return status;
}

static pl_status guard(listing *l, pl_error *error) {
    if (setjmp(l->back)) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    return list_all(l->traces, error);
}

static pl_status begin(const pl_situation *s, pl_traces **traces, pl_error *error) {
    if (!(*traces = pl_allocate(sizeof **traces))) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    (*traces)->s = s;
    return PL_OK;
}

static pl_status end(pl_traces **traces, pl_status status) {
    (*traces)->arena.out_of_memory = NULL;
    if (status == PL_OK) return PL_OK;
    pl_traces_free(*traces);
    *traces = NULL;
    return status;
}

pl_status pl_traces_list(const pl_situation *s, pl_traces **traces, pl_error *error) {
    if (begin(s, traces, error) != PL_OK) return PL_MEMORY;
    listing l = {.traces = *traces};
    l.traces->arena.out_of_memory = leave, l.traces->arena.context = &l;
    return end(traces, guard(&l, error));
}

static pl_status guard_choice(listing *l, const pl_output *outputs, int count, const long *profiles, int profile_count,
                              pl_error *error) {
    if (setjmp(l->back)) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    make_room(l->traces, profile_count);
    pl_status status = PL_OK;
    for (int i = 0; i < count && status == PL_OK; i++) status = add_output(l->traces, outputs[i], error);
    for (int i = 0; i < profile_count; i++) add_profile(l->traces, profiles[i]);
    return status;
}

pl_status pl_traces_choose(const pl_situation *s, const pl_output *outputs, int count, const long *profiles,
                          int profile_count, pl_traces **traces, pl_error *error) {
    if (begin(s, traces, error) != PL_OK) return PL_MEMORY;
    listing l = {.traces = *traces};
    l.traces->arena.out_of_memory = leave, l.traces->arena.context = &l;
    return end(traces, guard_choice(&l, outputs, count, profiles, profile_count, error));
}

void pl_traces_free(pl_traces *traces) {
    if (!traces) return;
    pl_program_free(traces->program);
    pl_arena_free(&traces->arena);
    pl_release(traces);
}

int pl_traces_place(const pl_traces *traces, long profile) {
    for (int i = 0; i < traces->profile_count; i++)
        if (traces->profiles[i] == profile) return i;
    return -1;
}

/* ---- names as lines ------------------------------------------------------------------------------------- */

pl_status pl_keep_print(const pl_situation *s, char **lines, size_t *length) {
    size_t room = 1, at = 0;
    for (int i = 0; i < s->keep_count; i++) room += strlen(s->keep[i]) + 1;
    *length = 0;
    if (!(*lines = pl_allocate(room))) return PL_MEMORY;
    for (int i = 0; i < s->keep_count; i++) {
        size_t size = strlen(s->keep[i]);
        if (i) (*lines)[at++] = '\n';
        memcpy(*lines + at, s->keep[i], size);
        at += size;
    }
    *length = at;
    return PL_OK;
}

pl_status pl_keep_read(pl_arena *arena, const char *lines, size_t length, const char *const **names, int *count) {
    int lists = length > 0;
    *names = NULL, *count = 0;
    for (size_t i = 0; i < length; i++) lists += lines[i] == '\n';
    const char **list = pl_arena_array(arena, (size_t)lists + 1, sizeof *list);
    char *text = pl_arena_text(arena, lines, length);
    if (!list || !text) return PL_MEMORY;
    for (int i = 0; i < lists; i++) {
        list[i] = text;
        text += strcspn(text, "\n");
        if (*text) *text++ = 0;
    }
    *names = list, *count = lists;
    return PL_OK;
}

/* ---- when ----------------------------------------------------------------------------------------------- */

pl_status pl_traces_compile(pl_traces *p, pl_error *error) {
    pl_compile_options options = {.outputs = p->outputs, .output_count = p->count, .every = p->s->series_every};
    pl_status status = pl_situation_compile_for(p->s, &options, &p->program, error);
    if (status != PL_OK) return status;
    int points = pl_program_rows(p->program);
    if (points > PL_MOST_POINTS)
        return pl_error_set(error, PL_INVALID, p->s->file, 0, 0,
                            "the series have %d points in time; at most %d are kept: a longer 'every' gives fewer", points,
                            PL_MOST_POINTS);
    if (!(p->times = pl_arena_array(&p->arena, (size_t)points, sizeof *p->times)))
        return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    for (int step = 0; step <= pl_program_steps(p->program); step++) {
        bool saved;
        int row = pl_program_row(p->program, step, &saved);
        if (saved) p->times[row] = pl_program_time(p->program, step);
    }
    p->points = points;
    return PL_OK;
}

pl_status pl_traces_make(const pl_situation *s, pl_traces **traces, pl_error *error) {
    pl_status status = pl_traces_list(s, traces, error);
    if (status == PL_OK && (*traces)->count) status = pl_traces_compile(*traces, error);
    if (status == PL_OK && (*traces)->count) return PL_OK;
    pl_traces_free(*traces);
    *traces = NULL;
    return status;
}

/* ---- running -------------------------------------------------------------------------------------------- */

int pl_traces_bundle(const pl_traces *p) {
    size_t trace = (size_t)p->futures * (size_t)p->points * sizeof(double), fit = BUNDLE_ROOM / (trace ? trace : 1);
    return fit < 1 ? 1 : fit > (size_t)p->count ? p->count : (int)fit;
}

/* The lanes of a block that runs, and where its values go. */
typedef struct run {
    const pl_traces *traces;
    int from, to, first, used, lanes; /* traces; future in lane 0; lanes that count */
    double *values;
} run;

static void save(void *context, int step, double time, const double *row) {
    const run *r = context;
    const pl_traces *p = r->traces;
    bool saved;
    int point = pl_program_row(p->program, step, &saved);
    (void)time;
    for (int trace = r->from; trace < r->to; trace++)
        for (int lane = 0; lane < r->used; lane++) {
            double value = row[(size_t)trace * (size_t)r->lanes + (size_t)lane];
            size_t future = (size_t)(trace - r->from) * (size_t)p->futures + (size_t)(r->first + lane);
            r->values[future * (size_t)p->points + (size_t)point] =
                isfinite(value) && value != PL_NOT_AVAILABLE ? value : (double)NAN;
        }
}

/* The uncertain inputs of a block's lanes. */
static void draw(const run *r, const pl_design *design, double *draws) {
    const pl_traces *p = r->traces;
    if (!p->draws) {
        pl_futures_draw(p->s, design, r->first, r->used, draws, LANES);
        return;
    }
    for (int u = 0; u < p->s->uncertainty_count; u++)
        memcpy(draws + (size_t)p->s->uncertainties[u].input * LANES, p->draws + (size_t)u * p->draw_stride + r->first,
               (size_t)r->used * sizeof *draws);
}

static void run_blocks(run *r, pl_block *block, const pl_track *track, double *draws) {
    const pl_traces *p = r->traces;
    pl_design design = pl_design_of(p->s);
    uint64_t numbers[LANES];
    for (r->first = 0; r->first < p->futures; r->first += r->lanes) {
        int left = p->futures - r->first;
        r->used = left < r->lanes ? left : r->lanes;
        for (int lane = 0; lane < r->used; lane++) numbers[lane] = (uint64_t)(r->first + lane);
        draw(r, &design, draws);
        pl_block_start(block, track, draws, LANES, numbers, design.seed, r->used);
        pl_block_run(block, track, pl_program_steps(p->program), save, r);
    }
}

pl_status pl_traces_run(const pl_traces *traces, long profile, int from, int to, double *values) {
    run r = {.traces = traces, .from = from, .to = to, .lanes = LANES, .values = values};
    pl_block *block = NULL;
    pl_track *track = NULL;
    double *draws = pl_allocate(((size_t)traces->s->input_count + 1) * LANES * sizeof *draws);
    pl_status status = draws ? pl_profile_track(traces->s, traces->program, NULL, profile, &track) : PL_MEMORY;
    if (status == PL_OK) status = pl_block_new(traces->program, LANES, &block);
    if (status == PL_OK) run_blocks(&r, block, track, draws);
    pl_block_free(block);
    pl_track_free(track);
    pl_release(draws);
    return status;
}
