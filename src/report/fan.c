/* See fan.h. */
#include "report/fan.h"

#include <math.h>
#include <setjmp.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "study/statistics.h"

const double pl_fan_levels[PL_FAN_QUANTILES] = {0.05, 0.25, 0.5, 0.75, 0.95};

typedef struct work {
    pl_fans *fans;
    const pl_ensemble *ensemble;
    pl_traces *runs;         /* what is run again: all of it, or the profiles that the results lack; NULL: nothing */
    const pl_traces *traces;  /* the variables and times: the results', else those of the runs */
    double *values;         /* [trace of a bundle][future][point of the traces] */
    int every;              /* of the traces' points, how many make one of the fans' */
    jmp_buf back;
} work;

static void leave(void *context) { longjmp(((work *)context)->back, 1); }

/* ---- what is shown -------------------------------------------------------------------------------------- */

static pl_status choose_measured(const pl_situation *s, const long *profiles, int profile_count, pl_traces **traces,
                                 pl_error *error) {
    pl_output *outputs = pl_allocate((size_t)(s->measure_count + 1) * sizeof *outputs);
    if (!outputs) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    for (int m = 0; m < s->measure_count; m++)
        outputs[m] = (pl_output){s->measures[m].spec.variable, s->measures[m].spec.element};
    pl_status status = pl_traces_choose(s, outputs, s->measure_count, profiles, profile_count, traces, error);
    pl_release(outputs);
    return status;
}

pl_status pl_fans_choose(const pl_ensemble *ensemble, const long *profiles, int profile_count, pl_traces **traces,
                         pl_error *error) {
    const pl_traces *kept = ensemble->traces;
    if (!kept) return choose_measured(ensemble->situation, profiles, profile_count, traces, error);
    return pl_traces_choose(ensemble->situation, kept->outputs, kept->count, profiles, profile_count, traces, error);
}

static bool lacks_profile(const pl_traces *kept, const long *profiles, int count) {
    bool lacks = false;
    for (int i = 0; i < count; i++) lacks |= pl_traces_place(kept, profiles[i]) < 0;
    return lacks;
}

static pl_status choose_traces(work *w, const long *profiles, pl_error *error) {
    const pl_traces *kept = w->traces = w->ensemble->traces;
    const pl_fans *f = w->fans;
    if (kept && !lacks_profile(kept, profiles, f->profile_count)) return PL_OK;
    pl_status status = pl_fans_choose(w->ensemble, profiles, f->profile_count, &w->runs, error);
    if (status != PL_OK) return status;
    w->runs->draws = w->ensemble->draws, w->runs->draw_stride = (size_t)w->ensemble->futures;
    if (w->ensemble->futures < w->runs->futures) w->runs->futures = (int)w->ensemble->futures;
    if (w->runs->count) status = pl_traces_compile(w->runs, error);
    if (!kept) w->traces = w->runs;
    return status;
}

static void lay_out(work *w) {
    pl_fans *f = w->fans;
    const pl_traces *p = w->traces;
    const pl_situation *s = w->ensemble->situation;
    w->every = p->points > PL_FAN_POINTS ? (p->points + PL_FAN_POINTS - 3) / (PL_FAN_POINTS - 1) : 1;
    f->point_count = p->points < 2 ? p->points : (p->points - 2) / w->every + 2;
    f->variable_count = p->count, f->futures = p->futures;
    f->variables = PL_ARRAY(&f->arena, p->count, pl_output);
    if (p->count) memcpy(f->variables, p->outputs, (size_t)p->count * sizeof *p->outputs);
    f->times = PL_ARRAY(&f->arena, f->point_count, double);
    f->fans = PL_ARRAY(&f->arena, (size_t)f->variable_count * (size_t)f->profile_count, pl_fan);
    for (int i = 0; i < f->variable_count * f->profile_count; i++) {
        f->fans[i].paths = PL_ARRAY(&f->arena, (size_t)f->point_count * (size_t)f->futures, double);
        f->fans[i].quantiles = PL_ARRAY(&f->arena, (size_t)f->point_count * PL_FAN_QUANTILES, double);
    }
    w->values = PL_ARRAY(&f->arena, (size_t)pl_traces_bundle(p) * (size_t)p->futures * (size_t)p->points, double);
    f->act_from = !isnan(s->run_from) || !p->points ? s->run_from : p->times[0];
}

/* The traces' point that is a fan's: every few, and the last. */
static int point_at(const work *w, int point) {
    return point == w->fans->point_count - 1 ? w->traces->points - 1 : point * w->every;
}

/* ---- values --------------------------------------------------------------------------------------------- */

static void take_path(work *w, const double *values, const pl_fan *fan) {
    const pl_fans *f = w->fans;
    for (int point = 0; point < f->point_count; point++)
        for (int future = 0; future < f->futures; future++)
            fan->paths[(size_t)point * (size_t)f->futures + (size_t)future] =
                values[(size_t)future * (size_t)w->traces->points + (size_t)point_at(w, point)];
}

/* Paths [from, to) under a profile: from the results, or run. */
static pl_status get_values(work *w, long profile, int from, int to, pl_error *error) {
    const pl_traces *kept = w->ensemble->traces;
    int place = kept ? pl_traces_place(kept, profile) : -1;
    pl_status status = PL_OK;
    if (place < 0) {
        status = pl_traces_run(w->runs, profile, from, to, w->values);
        return status == PL_OK ? PL_OK : pl_error_set(error, status, NULL, 0, 0, "%s", pl_status_text(status));
    }
    size_t size = (size_t)kept->futures * (size_t)kept->points;
    for (int i = from; i < to && status == PL_OK; i++)
        status = pl_ensemble_series(w->ensemble, i, place, w->values + (size_t)(i - from) * size, error);
    return status;
}

static pl_status fill(work *w, const long *profiles, pl_error *error) {
    pl_fans *f = w->fans;
    int bundle = pl_traces_bundle(w->traces);
    size_t size = (size_t)w->traces->futures * (size_t)w->traces->points;
    for (int point = 0; point < f->point_count; point++) f->times[point] = w->traces->times[point_at(w, point)];
    for (int k = 0; k < f->profile_count; k++)
        for (int from = 0; from < f->variable_count; from += bundle) {
            int to = from + bundle < f->variable_count ? from + bundle : f->variable_count;
            pl_status status = get_values(w, profiles[k], from, to, error);
            if (status != PL_OK) return status;
            for (int v = from; v < to; v++) take_path(w, w->values + (size_t)(v - from) * size, pl_fan_of(f, v, k));
        }
    return PL_OK;
}

static void take_quantiles(pl_fans *f) {
    double *sorted = PL_ARRAY(&f->arena, f->futures, double);
    for (int i = 0; i < f->variable_count * f->profile_count; i++) {
        for (int point = 0; point < f->point_count; point++) {
            const double *values = f->fans[i].paths + (size_t)point * (size_t)f->futures;
            long count = pl_sort_known(values, f->futures, 1, sorted);
            for (int level = 0; level < PL_FAN_QUANTILES; level++)
                f->fans[i].quantiles[level * f->point_count + point] = pl_quantile(sorted, count, pl_fan_levels[level]);
        }
    }
}

/* ---- the whole ------------------------------------------------------------------------------------------ */

static pl_status make(work *w, const long *profiles, pl_error *error) {
    pl_status status = choose_traces(w, profiles, error);
    if (status != PL_OK || !w->traces->count) return status;
    lay_out(w);
    status = fill(w, profiles, error);
    if (status == PL_OK) take_quantiles(w->fans);
    return status;
}

static pl_status guard(work *w, const long *profiles, pl_error *error) {
    if (setjmp(w->back)) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    return make(w, profiles, error);
}

pl_status pl_fans_make(const pl_ensemble *ensemble, const long *profiles, int profile_count, pl_fans **fans,
                       pl_error *error) {
    *fans = NULL;
    pl_fans *f = pl_allocate(sizeof *f);
    if (!f) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    work w = {.fans = f, .ensemble = ensemble};
    f->profile_count = profile_count;
    f->arena.out_of_memory = leave;
    f->arena.context = &w;
    pl_status status = guard(&w, profiles, error);
    f->arena.out_of_memory = NULL;
    pl_traces_free(w.runs);
    if (status != PL_OK) pl_fans_free(f);
    else *fans = f;
    return status;
}

void pl_fans_free(pl_fans *fans) {
    if (!fans) return;
    pl_arena_free(&fans->arena);
    pl_release(fans);
}
