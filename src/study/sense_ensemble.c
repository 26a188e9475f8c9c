/* Sensitivity from results: nothing is simulated.  What the profile's runs gave, how that differs from the base, which
 * equilibrium each future's own game has, and a series that is kept, over time.  See sense.h. */
#include <stdio.h>
#include <string.h>

#include "ensemble/reading.h"
#include "study/deviation.h"
#include "study/outlook.h"
#include "study/play.h"
#include "study/sense.h"

enum { MOST_EQUILIBRIA = 6 };

/* ---- outputs --------------------------------------------------------------------------------------------- */

static const double **measures_of(pl_arena *arena, const pl_ensemble *e, long profile) {
    const double **columns = PL_ARRAY(arena, e->measure_count + 1, const double *);
    for (int m = 0; m < e->measure_count; m++) columns[m] = pl_ensemble_measure(e, m, profile);
    return columns;
}

static const double **payoffs_of(pl_arena *arena, const pl_ensemble *e, long profile) {
    const double **columns = PL_ARRAY(arena, e->actor_count + 1, const double *);
    for (int a = 0; a < e->actor_count; a++) columns[a] = pl_ensemble_payoff(e, a, profile);
    return columns;
}

static void add_values(pl_sense_sample *sample, const pl_ensemble *e, long profile) {
    bool base = profile == e->base;
    pl_sense_view view = {measures_of(sample->arena, e, profile), base ? NULL : measures_of(sample->arena, e, e->base),
                          payoffs_of(sample->arena, e, profile), base ? NULL : payoffs_of(sample->arena, e, e->base)};
    pl_sense_add_view(sample, e->situation, &view);
}

static const char *courses_of(const pl_situation *s, long profile, char *out, size_t room) {
    size_t used = (size_t)snprintf(out, room, "equilibrium(%s", profile < 0 ? "none" : "");
    for (int a = 0; profile >= 0 && a < s->actor_count && used < room; a++)
        used += (size_t)snprintf(out + used, room - used, "%s%s", a ? " / " : "",
                                 s->actors[a].courses[pl_situation_course(s, profile, a)].name);
    if (used < room) snprintf(out + used, room - used, ")");
    return out;
}

/* Where each future's own game ends: one output for each equilibrium that is played neither hardly ever nor always. */
static pl_status add_equilibria(pl_sense *sense, pl_sense_sample *sample, const pl_ensemble *e, pl_error *error) {
    pl_sample futures;
    pl_outlook outlook = {0};
    char name[600];
    if (e->actor_count < 1 || e->profiles < 2) return PL_OK;
    pl_status status = pl_situation_game(e->situation, sample->arena, &sense->game, error);
    if (status != PL_OK) return status;
    const double **rows = payoffs_of(sample->arena, e, 0);
    pl_sample_make(&futures, sample->arena, e, rows, e->actor_count, "sense");
    if (futures.count > 1) pl_outlook_make(&outlook, sample->arena, e, sense->game, &futures);
    double *played = PL_ARRAY(sample->arena, e->futures + 1, double);
    int used = 0, left = 0;
    for (int i = 0; i < outlook.count; i++) {
        double share = outlook.rows[i].played.estimate;
        if (!(share > 0 && share < 1)) continue;
        if (used == MOST_EQUILIBRIA || share * (double)futures.count < 10) {
            left++;
            continue;
        }
        for (long f = 0; f < e->futures; f++) played[f] = outlook.row[f] < 0 ? NAN : outlook.row[f] == i;
        pl_sense_add(sample, courses_of(e->situation, outlook.rows[i].profile, name, sizeof name), played, NULL)->share = true;
        used++;
    }
    if (left) pl_sense_note(sense, "%d equilibria that are played more rarely are not shown.", left);
    return PL_OK;
}

/* ---- series ---------------------------------------------------------------------------------------------- */

static pl_status refuse_series(const pl_ensemble *e, const char *name, pl_error *error) {
    char list[300] = "none";
    for (int i = 0; e->traces && i < e->traces->count; i++) {
        size_t used = i ? strlen(list) : 0;
        snprintf(list + used, sizeof list - used, "%s'%s'", i ? ", " : "", e->traces->names[i]);
    }
    return pl_error_set(error, PL_USAGE, NULL, 0, 0, "the results keep no series of '%.80s' (explore --keep-series); kept: %s",
                        name, list);
}

static void add_times(pl_sense_sample *sample, const pl_ensemble *e, const char *name, const double *values,
                      const double *base) {
    const pl_traces *t = e->traces;
    double *a = PL_ARRAY(sample->arena, t->futures + 1, double), *b = PL_ARRAY(sample->arena, t->futures + 1, double);
    char text[600];
    int first = 0;
    while (first < t->points - 1 && t->times[first] < e->situation->run_from) first++;
    int points = t->points - first, count = points < PL_SENSE_TIMES ? points : PL_SENSE_TIMES;
    for (int k = 0; k < count; k++) {
        int point = first + (count > 1 ? (int)((long)k * (points - 1) / (count - 1)) : 0);
        for (long f = 0; f < sample->rows; f++) {
            a[f] = values[f * t->points + point];
            b[f] = base ? base[f * t->points + point] : 0;
        }
        pl_sense_add(sample, name, a, NULL)->time = t->times[point];
        snprintf(text, sizeof text, "%.280s - base(%.280s)", name, name);
        if (base) pl_sense_add(sample, text, a, b)->time = t->times[point];
    }
}

static pl_status add_series(pl_sense *sense, const pl_ensemble *e, const pl_sense_part *scalars, long profile,
                            const char *variable, pl_error *error) {
    const pl_traces *t = e->traces;
    int trace = -1, place = t ? pl_traces_place(t, profile) : -1, base = t ? pl_traces_place(t, e->base) : -1;
    for (int i = 0; t && i < t->count; i++)
        if (pl_names_equal(t->names[i], variable)) trace = i;
    if (trace < 0 || place < 0) return refuse_series(e, variable, error);
    const pl_sense_sample *all = &scalars->sample;
    long unit = all->kind == PL_DESIGN_SALTELLI ? all->saltelli.unit : all->kind == PL_DESIGN_MORRIS ? all->input_count + 1 : 1;
    pl_sense_part *part = pl_sense_part_new(sense, all->kind, t->futures / unit * unit, e->seed, all->profile);
    long rows = part->sample.rows;
    part->sample.inputs = all->inputs, part->sample.members = all->members, part->sample.input_count = all->input_count;
    part->sample.x = all->x, part->sample.saltelli = all->saltelli;
    part->sample.text = "the futures whose series are kept";
    double *values = PL_ARRAY(&sense->arena, (size_t)t->futures * (size_t)t->points + 1, double), *other = NULL;
    pl_status status = pl_ensemble_series(e, trace, place, values, error);
    if (status == PL_OK && profile != e->base && base >= 0) {
        other = PL_ARRAY(&sense->arena, (size_t)t->futures * (size_t)t->points + 1, double);
        status = pl_ensemble_series(e, trace, base, other, error);
    }
    if (status == PL_OK && rows > 0) add_times(&part->sample, e, t->names[trace], values, other);
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------------------- */

pl_status pl_sense_read(pl_sense *sense, const pl_ensemble *e, const pl_sense_options *options, pl_error *error) {
    const pl_situation *s = e->situation;
    const pl_design design = pl_design_of(s);
    long profile = e->base;
    if (design.kind == PL_DESIGN_FACTORIAL || design.kind == PL_DESIGN_ONE_AT_A_TIME)
        return pl_error_set(error, PL_UNSUPPORTED, NULL, 0, 0,
                            "the design '%s' allows none of the methods: saltelli, morris, random, latin or halton do", s->design);
    pl_status status = options->profile ? pl_profile_find_in(s, options->profile, &profile, error) : PL_OK;
    if (status != PL_OK) return status;
    pl_sense_part *part = pl_sense_part_new(sense, design.kind, e->futures, e->seed, options->profile ? options->profile : "base");
    part->sample.text = "results";
    pl_sense_add_inputs(&part->sample, s, &design, e->futures);
    add_values(&part->sample, e, profile);
    status = add_equilibria(sense, &part->sample, e, error);
    if (status == PL_OK && options->over_time) status = add_series(sense, e, part, profile, options->over_time, error);
    return status;
}

static pl_status make(pl_sense *sense, const void *what, const pl_sense_options *options, pl_error *error) {
    const pl_ensemble *e = what;
    snprintf(sense->title, sizeof sense->title, "%s", e->situation->title.in[PL_EN]);
    return pl_sense_read(sense, e, options, error);
}

pl_status pl_ensemble_sense(const pl_ensemble *ensemble, const pl_sense_options *options, pl_sense **sense,
                            pl_error *error) {
    return pl_sense_new(make, ensemble, options, sense, error);
}
