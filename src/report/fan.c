/* See fan.h. */
#include "report/fan.h"

#include <math.h>
#include <setjmp.h>
#include <string.h>

#include "ensemble/explore.h"
#include "study/statistics.h"

const double pl_fan_levels[PL_FAN_QUANTILES] = {0.05, 0.25, 0.5, 0.75, 0.95};

enum { MOST_LANES = 64, LANES_STEP = 16 };

typedef struct work {
    pl_fans *fans;
    const pl_ensemble *ensemble;
    pl_program *program;
    pl_track *track;
    pl_block *block;
    double *values;     /* [input][lane] */
    uint64_t *numbers;  /* [lane] futures */
    int every;          /* of saved rows, how many make a point */
    int profile, first; /* what is running: the profile, and the future in lane 0 */
    jmp_buf back;
} work;

static void leave(void *context) { longjmp(((work *)context)->back, 1); }

static bool same_output(const pl_output *a, const pl_measure_spec *b) {
    return a->variable == b->variable && a->element == b->element;
}

static void list_variables(pl_fans *f, const pl_situation *s) {
    f->variables = PL_ARRAY(&f->arena, s->measure_count + 1, pl_output);
    for (int m = 0; m < s->measure_count; m++) {
        const pl_measure_spec *spec = &s->measures[m].spec;
        bool known = false;
        for (int v = 0; v < f->variable_count; v++) known |= same_output(&f->variables[v], spec);
        if (!known) f->variables[f->variable_count++] = (pl_output){spec->variable, spec->element};
    }
}

static int row_count(const pl_program *p) {
    bool last_is_saved;
    int row = pl_program_row(p, pl_program_steps(p), &last_is_saved);
    return row + 1 + !last_is_saved;
}

/* The point that a saved step is, or -1: every few rows, and the last. */
static int point_of(const work *w, int step) {
    bool saved;
    int row = pl_program_row(w->program, step, &saved);
    if (step == pl_program_steps(w->program)) return w->fans->point_count - 1;
    return row % w->every ? -1 : row / w->every;
}

static void lay_out(work *w) {
    pl_fans *f = w->fans;
    int rows = row_count(w->program);
    w->every = (rows + PL_FAN_POINTS - 2) / (PL_FAN_POINTS - 1);
    f->point_count = (rows - 2) / w->every + 2;
    if (rows < 2) f->point_count = 1;
    f->times = PL_ARRAY(&f->arena, f->point_count, double);
    f->fans = PL_ARRAY(&f->arena, (size_t)f->variable_count * (size_t)f->profile_count, pl_fan);
    for (int i = 0; i < f->variable_count * f->profile_count; i++) {
        f->fans[i].paths = PL_ARRAY(&f->arena, (size_t)f->point_count * (size_t)f->futures, double);
        f->fans[i].quantiles = PL_ARRAY(&f->arena, (size_t)f->point_count * PL_FAN_QUANTILES, double);
    }
    f->act_from = pl_program_initial_time(w->program) +
                  pl_program_act_step(w->program) * pl_program_time_step(w->program);
}

static void save(void *context, int step, double time, const double *row) {
    work *w = context;
    pl_fans *f = w->fans;
    int point = point_of(w, step), lanes = pl_block_lanes(w->block);
    if (point < 0) return;
    f->times[point] = time;
    for (int v = 0; v < f->variable_count; v++) {
        double *to = pl_fan_of(f, v, w->profile)->paths + (size_t)point * (size_t)f->futures;
        for (int lane = 0; lane < lanes && w->first + lane < f->futures; lane++) {
            double value = row[v * lanes + lane];
            to[w->first + lane] = isfinite(value) ? value : NAN;
        }
    }
}

static void run_block(work *w) {
    const pl_ensemble *e = w->ensemble;
    int lanes = pl_block_lanes(w->block), left = w->fans->futures - w->first, used = left < lanes ? left : lanes;
    for (int lane = 0; lane < used; lane++) {
        int future = w->first + lane;
        w->numbers[lane] = (uint64_t)future;
        for (int u = 0; u < e->uncertainty_count; u++) {
            size_t input = (size_t)e->situation->uncertainties[u].input;
            w->values[input * (size_t)lanes + (size_t)lane] = e->draws[(size_t)u * (size_t)e->futures + (size_t)future];
        }
    }
    pl_block_start(w->block, w->track, w->values, (size_t)lanes, w->numbers, e->seed, used);
    pl_block_run(w->block, w->track, pl_program_steps(w->program), save, w);
}

static void take_quantiles(pl_fans *f) {
    double *sorted = PL_ARRAY(&f->arena, f->futures, double);
    for (int i = 0; i < f->variable_count * f->profile_count; i++) {
        for (int point = 0; point < f->point_count; point++) {
            const double *values = f->fans[i].paths + (size_t)point * (size_t)f->futures;
            long count = 0;
            for (int k = 0; k < f->futures; k++)
                if (!isnan(values[k])) sorted[count++] = values[k];
            pl_sort(sorted, count);
            for (int level = 0; level < PL_FAN_QUANTILES; level++)
                f->fans[i].quantiles[level * f->point_count + point] = pl_quantile(sorted, count, pl_fan_levels[level]);
        }
    }
}

static pl_status run_profiles(work *w, const long *profiles) {
    pl_status status = PL_OK;
    for (w->profile = 0; w->profile < w->fans->profile_count && status == PL_OK; w->profile++) {
        status = pl_profile_track(w->ensemble->situation, w->program, NULL, profiles[w->profile], &w->track);
        int lanes = pl_block_lanes(w->block);
        for (w->first = 0; w->first < w->fans->futures && status == PL_OK; w->first += lanes) run_block(w);
        pl_track_free(w->track);
        w->track = NULL;
    }
    return status;
}

static pl_status run(work *w, const long *profiles, pl_error *error) {
    pl_fans *f = w->fans;
    const pl_situation *s = w->ensemble->situation;
    list_variables(f, s);
    pl_status status = pl_situation_compile(s, false, f->variables, f->variable_count, &w->program, error);
    if (status != PL_OK) return status;
    int wanted = (f->futures + LANES_STEP - 1) / LANES_STEP * LANES_STEP;
    status = pl_block_new(w->program, wanted < MOST_LANES ? wanted : MOST_LANES, &w->block);
    if (status != PL_OK) return pl_error_set(error, status, NULL, 0, 0, "%s", pl_status_text(status));
    lay_out(w);
    w->values = PL_ARRAY(&f->arena, (size_t)(s->input_count + 1) * MOST_LANES, double);
    w->numbers = PL_ARRAY(&f->arena, MOST_LANES, uint64_t);
    status = run_profiles(w, profiles);
    if (status != PL_OK) return pl_error_set(error, status, NULL, 0, 0, "%s", pl_status_text(status));
    take_quantiles(f);
    return PL_OK;
}

static pl_status guard(work *w, const long *profiles, pl_error *error) {
    if (setjmp(w->back)) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    return run(w, profiles, error);
}

pl_status pl_fans_run(const pl_ensemble *ensemble, const long *profiles, int profile_count, pl_fans **fans,
                      pl_error *error) {
    *fans = NULL;
    pl_fans *f = pl_allocate(sizeof *f);
    if (!f) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    work w = {.fans = f, .ensemble = ensemble};
    f->profile_count = profile_count;
    f->futures = ensemble->futures < PL_FAN_FUTURES ? (int)ensemble->futures : PL_FAN_FUTURES;
    f->arena.out_of_memory = leave;
    f->arena.context = &w;
    pl_status status = guard(&w, profiles, error);
    f->arena.out_of_memory = NULL;
    pl_track_free(w.track);
    pl_block_free(w.block);
    pl_program_free(w.program);
    if (status != PL_OK) pl_fans_free(f);
    else *fans = f;
    return status;
}

void pl_fans_free(pl_fans *fans) {
    if (!fans) return;
    pl_arena_free(&fans->arena);
    pl_release(fans);
}
