/* The cases of an ensemble, and what every table of cases ends with.  See cases.h. */
#include "study/cases.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ensemble/condition.h"
#include "ensemble/reading.h"
#include "study/statistics.h"

enum { BY_FUTURE, BY_PROFILE };

const char *const pl_factor_kind_names[PL_FACTOR_KIND_COUNT] = {
#define X(id, name) name,
    PL_FACTOR_KINDS(X)
#undef X
};

void pl_cases_leave_out(pl_arena *arena, pl_cases *cases, const char *name, const char *why) {
    cases->left_out = pl_arena_grow(arena, cases->left_out, cases->left_out_count, &cases->left_out_room,
                                    cases->left_out_count + 1, sizeof *cases->left_out);
    cases->left_out[cases->left_out_count++] = (pl_left_out){name, why};
}

/* ---- orders and ranges ------------------------------------------------------------------------------------ */

typedef struct sortable {
    double value;
    int unit;
} sortable;

static int by_value(const void *a, const void *b) {
    const sortable *x = a, *y = b;
    if (x->value != y->value) return x->value < y->value ? -1 : 1;
    return (x->unit > y->unit) - (x->unit < y->unit);
}

/* Which units of a grain have cases. */
static unsigned char *units_in_use(pl_arena *arena, const pl_cases *cases, const pl_grain *grain) {
    unsigned char *used = PL_ARRAY(arena, grain->units, unsigned char);
    for (long i = 0; i < cases->count; i++) used[grain->unit ? grain->unit[i] : i] = 1;
    return used;
}

static void order_numbers(pl_arena *arena, pl_factor *f, const unsigned char *used, long units) {
    sortable *list = PL_ARRAY(arena, units, sortable);
    for (long u = 0; u < units; u++)
        if (used[u]) list[f->ordered++] = (sortable){f->values[u], (int)u};
    qsort(list, (size_t)f->ordered, sizeof *list, by_value);
    f->order = PL_ARRAY(arena, f->ordered, int);
    for (long i = 0; i < f->ordered; i++) f->order[i] = list[i].unit;
    f->low = list[0].value, f->high = list[f->ordered - 1].value;
}

static bool has_choice(const pl_factor *f, const unsigned char *used, long units) {
    double first = -1;
    for (long u = 0; u < units; u++) {
        if (!used[u]) continue;
        if (first >= 0 && f->values[u] != first) return true;
        first = f->values[u];
    }
    return false;
}

static void finish_factors(pl_arena *arena, pl_cases *cases) {
    const unsigned char *used[PL_GRAINS] = {NULL};
    int kept = 0;
    for (int g = 0; g < PL_GRAINS; g++)
        if (cases->grains[g].units) used[g] = units_in_use(arena, cases, &cases->grains[g]);
    for (int i = 0; i < cases->factor_count; i++) {
        pl_factor *f = &cases->factors[i];
        long units = cases->grains[f->grain].units;
        if (f->kind != PL_FACTOR_CATEGORY) {
            order_numbers(arena, f, used[f->grain], units);
        } else if (!has_choice(f, used[f->grain], units)) {
            pl_cases_leave_out(arena, cases, f->name, "it has only one category");
            continue;
        } else {
            f->first = cases->category_count;
            cases->category_count += f->category_count;
        }
        cases->factors[kept++] = *f;
    }
    cases->factor_count = kept;
}

pl_status pl_cases_finish(pl_arena *arena, pl_cases *cases, pl_error *error) {
    if (cases->count == 0)
        return pl_error_set(error, PL_INVALID, NULL, 0, 0, "there is no case in which nothing is missing");
    finish_factors(arena, cases);
    if (cases->factor_count == 0)
        return pl_error_set(error, PL_INVALID, NULL, 0, 0, "there is no input whose values could explain anything");
    for (long i = 0; i < cases->count; i++) cases->hits += cases->interest[i];
    return PL_OK;
}

/* ---- of an ensemble --------------------------------------------------------------------------------------- */

typedef struct work {
    pl_arena *arena;
    const pl_ensemble *e;
    const pl_situation *s;
    pl_cases *cases;
    pl_condition *condition;
    pl_factor_names names;
    bool *taken;       /* [names.count] */
    long one;          /* the only profile; -1: all of them */
    pl_error *error;
} work;

static const pl_risk *find_risk(const pl_situation *s, const char *text) {
    for (int r = 0; r < s->risk_count; r++)
        if (pl_names_equal(s->risks[r].name, text)) return &s->risks[r];
    return NULL;
}

static pl_status bind(work *w, const char *where) {
    const pl_risk *risk = w->cases->risk = find_risk(w->s, where);
    const pl_expr *expr = risk ? risk->expr : pl_expr_parse(w->arena, where, "--where", 1, 1, w->error);
    w->cases->where = risk ? risk->condition : where;
    return expr ? pl_condition_over_measures(w->arena, w->s, expr, &w->condition, w->error) : PL_INVALID;
}

static pl_status find_profile(work *w, const char *name) {
    w->one = -1;
    if (!name) return PL_OK;
    pl_near near;
    char text[PL_NEAR_TEXT];
    pl_near_start(&near, name);
    for (int p = 0; p < w->s->profile_count; p++) {
        pl_near_offer(&near, w->s->profiles[p].name);
        if (!pl_names_equal(w->s->profiles[p].name, name)) continue;
        w->one = pl_situation_combination(w->s, w->s->profiles[p].course);
        w->cases->profile = w->s->profiles[p].name;
        return PL_OK;
    }
    return pl_error_set(w->error, PL_USAGE, NULL, 0, 0, "no profile is named '%.80s'%s", name, pl_near_text(&near, text));
}

/* Whether a factor is asked for. */
static bool takes(work *w, const char *name) {
    if (!w->names.count) return true;
    for (int i = 0; i < w->names.count; i++) {
        if (!pl_names_equal(w->names.names[i], name)) continue;
        w->taken[i] = true;
        return true;
    }
    return false;
}

/* Judges every case; those that can be judged are the cases. */
static void judge(work *w) {
    const pl_ensemble *e = w->e;
    pl_cases *c = w->cases;
    long first = w->one < 0 ? 0 : w->one, behind = w->one < 0 ? e->profiles : w->one + 1;
    long all = (behind - first) * e->futures;
    int *future = PL_ARRAY(w->arena, all, int), *profile = PL_ARRAY(w->arena, all, int);
    double *terms = PL_ARRAY(w->arena, w->condition->term_count + 1, double);
    c->interest = PL_ARRAY(w->arena, all, unsigned char);
    for (long p = first; p < behind; p++)
        for (long f = 0; f < e->futures; f++) {
            double value = pl_condition_in_case(w->condition, e, p, f, terms);
            if (isnan(value)) {
                c->missing++;
                continue;
            }
            future[c->count] = (int)f, profile[c->count] = (int)p;
            c->interest[c->count++] = value != 0;
        }
    c->grains[BY_FUTURE] = (pl_grain){e->futures, future};
    c->grains[BY_PROFILE] = (pl_grain){e->profiles, profile};
    c->clusters = e->futures;
    c->random = pl_ensemble_is_random(e);
    if (w->one < 0 && e->profiles > 1) c->cluster = future;
    if (w->one >= 0 || e->profiles == 1) c->cluster = c->random ? NULL : future;
}

static bool is_whole(double x) { return x == floor(x) && fabs(x) < 1e15; }

static pl_factor_kind kind_of(const pl_distribution *d) {
    if (d->kind != PL_DIST_DISCRETE) return PL_FACTOR_REAL;
    for (int i = 0; i < d->count; i++)
        if (!is_whole(d->number[i])) return PL_FACTOR_REAL;
    return PL_FACTOR_INTEGER;
}

static void add_by_future(work *w, const char *name, pl_factor_kind kind, double *values, const pl_uncertainty *u) {
    if (!takes(w, name)) return;
    w->cases->factors[w->cases->factor_count++] =
        (pl_factor){.name = name, .kind = kind, .grain = BY_FUTURE, .values = values, .uncertainty = u};
}

/* Whether the course that draws the uncertainty ("actor/course/lever") is played in the one profile that is asked
 * for. */
static bool is_drawn(const work *w, int uncertainty) {
    if (w->one < 0 || !w->s->uncertainties[uncertainty].of_course) return true;
    for (int a = 0; a < w->s->actor_count; a++) {
        const pl_course *course = &w->s->actors[a].courses[pl_situation_course(w->s, w->one, a)];
        const pl_setting *setting;
        for (int k = 0; (setting = pl_course_setting(course, k)); k++)
            for (int i = 0; i < setting->count; i++)
                if (setting->drawn[i] == uncertainty) return true;
    }
    return false;
}

/* Weights that are drawn matter to conditions about what actors want. */
static bool is_about_wants(const pl_condition *c) {
    for (int i = 0; i < c->term_count; i++)
        if (c->terms[i].kind == PL_TERM_PAYOFF || c->terms[i].kind == PL_TERM_REGRET ||
            c->terms[i].kind == PL_TERM_EQUILIBRIUM)
            return true;
    return false;
}

static void add_actor(work *w, const pl_actor *actor, int place) {
    if (w->one >= 0 || actor->course_count < 2 || !takes(w, actor->name)) return;
    double *values = PL_ARRAY(w->arena, w->e->profiles, double);
    const char **names = PL_ARRAY(w->arena, actor->course_count, const char *);
    int *courses = PL_ARRAY(w->arena, actor->course_count, int);
    for (long p = 0; p < w->e->profiles; p++) values[p] = pl_situation_course(w->s, p, place);
    for (int k = 0; k < actor->course_count; k++) names[k] = actor->courses[k].name, courses[k] = k;
    w->cases->factors[w->cases->factor_count++] =
        (pl_factor){.name = actor->name, .kind = PL_FACTOR_CATEGORY, .grain = BY_PROFILE, .values = values,
                    .category_count = actor->course_count, .categories = names, .actor = actor, .courses = courses};
}

static void add_factors(work *w) {
    const pl_ensemble *e = w->e;
    const pl_situation *s = w->s;
    w->cases->factors = PL_ARRAY(w->arena, e->uncertainty_count + s->weight_count + s->actor_count + 1, pl_factor);
    for (int u = 0; u < e->uncertainty_count; u++)
        if (is_drawn(w, u))
            add_by_future(w, s->uncertainties[u].name, kind_of(&s->uncertainties[u].distribution),
                          e->draws + (size_t)u * (size_t)e->futures, &s->uncertainties[u]);
    for (int k = 0; is_about_wants(w->condition) && k < s->weight_count; k++) {
        const pl_drawn_weight *drawn = &s->weights[k];
        const pl_want *want = &s->actors[drawn->actor].wants[drawn->want];
        add_by_future(w, drawn->name, kind_of(want->weight.distribution), e->weights + (size_t)k * (size_t)e->futures, NULL);
    }
    for (int a = 0; a < s->actor_count; a++) add_actor(w, &s->actors[a], a);
}

static pl_status refuse_untaken(const work *w) {
    for (int i = 0; i < w->names.count; i++)
        if (!w->taken[i])
            return pl_error_set(w->error, PL_USAGE, NULL, 0, 0, "there is no input '%.80s' to choose", w->names.names[i]);
    return PL_OK;
}

pl_status pl_cases_of_ensemble(pl_arena *arena, const pl_ensemble *ensemble, const char *where, const char *profile,
                               pl_factor_names names, pl_cases *cases, pl_error *error) {
    work w = {.arena = arena, .e = ensemble, .s = ensemble->situation, .cases = cases, .names = names, .error = error};
    *cases = (pl_cases){.situation = ensemble->situation};
    w.taken = PL_ARRAY(arena, names.count + 1, bool);
    pl_status status = pl_ensemble_require_sample(ensemble, error);
    if (status == PL_OK) status = bind(&w, where);
    if (status == PL_OK) status = find_profile(&w, profile);
    if (status != PL_OK) return status;
    add_factors(&w);
    status = refuse_untaken(&w);
    if (status != PL_OK) return status;
    judge(&w);
    return pl_cases_finish(arena, cases, error);
}
