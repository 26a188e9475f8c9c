/* Whether claims live where they say they do.  Every lever, uncertainty and course is moved over its range in the same
 * few futures, under the base profile and, where nothing comes of it there, under the named ones; what moves no measure
 * by a thousandth of its spread is dead, and a claim that only lives in dead places is as good as outside.  Variables
 * must lie on the way from something that moves to a measure. */
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "ensemble/claims.h"
#include "ensemble/explore.h"
#include "ensemble/variation.h"
#include "study/influence.h"
#include "study/statistics.h"

enum { FUTURES = 50, MOST_ON_ONE_PLACE = 6, MOST_CONTEXTS = 40 };
static const double least_shift = 0.001;

/* Something that can be moved: an input from low to high, or an actor from its base course to another. */
typedef struct mover {
    int input;          /* of the situation; -1: a course */
    double low, high;
    int actor, course;
    bool moves;
    int sides[2];       /* variations of the round at hand */
} mover;

typedef struct work {
    const pl_situation *s;
    pl_arena arena;
    pl_claims *claims;
    pl_claims_count *count;
    pl_findings *findings;
    pl_error *error;
    pl_status status;       /* of the first finding */
    pl_structure *structure;
    pl_variations *variations;
    mover *movers;
    int mover_count;
    long contexts[MOST_CONTEXTS]; /* combinations of courses */
    int context_count;
    pl_variation *list;     /* of a round: its context first, then two sides of each mover */
    pl_variation_set *sets; /* [2 x mover] */
    long list_count;
    double *values, *spread, *work; /* [variation][measure][future]; [measure]; [2 x future] */
    bool *measure_moves;    /* [measure] */
    bool *alive;            /* [variable] on the way from a mover that moves something to a measure */
    jmp_buf out;
} work;

/* ---- findings --------------------------------------------------------------------------------------------- */

PL_FORMAT(3, 4) static void report(work *w, const pl_place *at, const char *format, ...) {
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    pl_error found;
    if (at) pl_error_at(&found, PL_CHECK_FAILED, *at, "%s", message);
    else pl_error_set(&found, PL_CHECK_FAILED, w->s->file, 0, 0, "%s", message);
    if (w->status == PL_OK && w->error) *w->error = found;
    w->status = PL_CHECK_FAILED;
    if (!pl_findings_add(w->findings, PL_ERROR, &found)) longjmp(w->out, 1);
}

/* ---- what can be moved ------------------------------------------------------------------------------------ */

static void widen(mover *m, double value) {
    if (value < m->low) m->low = value;
    if (value > m->high) m->high = value;
}

/* A lever between the least and the greatest of its values in courses and its own; drawn ones by their quantiles. */
static void add_lever(work *w, int input) {
    const pl_situation *s = w->s;
    double own = pl_variations_own(w->variations, input);
    mover *m = &w->movers[w->mover_count++];
    *m = (mover){.input = input, .low = own, .high = own, .actor = -1};
    for (int a = 0; a < s->actor_count; a++)
        for (int k = 0; k < s->actors[a].course_count; k++) {
            const pl_setting *setting;
            for (int i = 0; (setting = pl_course_setting(&s->actors[a].courses[k], i)); i++)
                for (int v = 0; setting->input == input && v < setting->count; v++) {
                    const pl_distribution *d = setting->values[v].distribution;
                    widen(m, d ? pl_distribution_quantile(d, 0.05) : setting->values[v].value);
                    if (d) widen(m, pl_distribution_quantile(d, 0.95));
                }
        }
}

static void list_movers(work *w) {
    const pl_situation *s = w->s;
    int courses = 0;
    for (int a = 0; a < s->actor_count; a++) courses += s->actors[a].course_count;
    w->movers = PL_ARRAY(&w->arena, s->input_count + courses + 1, mover);
    for (int u = 0; u < s->uncertainty_count; u++) {
        const pl_uncertainty *uncertainty = &s->uncertainties[u];
        if (uncertainty->of_course) continue;
        w->movers[w->mover_count++] = (mover){.input = uncertainty->input, .actor = -1,
                                              .low = pl_distribution_quantile(&uncertainty->distribution, 0.05),
                                              .high = pl_distribution_quantile(&uncertainty->distribution, 0.95)};
    }
    for (int i = 0; i < s->input_count; i++)
        if (s->inputs[i].variable && s->inputs[i].input_class == PL_INPUT_LEVER) add_lever(w, i);
    for (int a = 0; a < s->actor_count; a++)
        for (int k = 0; k < s->actors[a].course_count; k++)
            w->movers[w->mover_count++] = (mover){.input = -1, .actor = a, .course = k};
}

/* The base profile, then the named ones. */
static void list_contexts(work *w) {
    const pl_situation *s = w->s;
    w->contexts[w->context_count++] = pl_situation_combination(s, s->base_course);
    for (int p = 0; p < s->profile_count && w->context_count < MOST_CONTEXTS; p++) {
        long profile = pl_situation_combination(s, s->profiles[p].course);
        bool known = false;
        for (int i = 0; i < w->context_count; i++) known |= w->contexts[i] == profile;
        if (!known) w->contexts[w->context_count++] = profile;
    }
}

/* ---- moving ----------------------------------------------------------------------------------------------- */

static int add_side(work *w, const mover *m, long context, double value) {
    const pl_situation *s = w->s;
    pl_variation *side = &w->list[w->list_count];
    *side = (pl_variation){.profile = context};
    if (m->input >= 0) {
        pl_variation_set *set = &w->sets[w->list_count];
        *set = (pl_variation_set){m->input, value};
        side->sets = set, side->set_count = 1;
    } else {
        int course[s->actor_count];
        for (int a = 0; a < s->actor_count; a++) course[a] = pl_situation_course(s, context, a);
        course[m->actor] = m->course;
        side->profile = pl_situation_combination(s, course);
    }
    return (int)w->list_count++;
}

static void list_sides(work *w, long context) {
    w->list_count = 0;
    w->list[w->list_count++] = (pl_variation){.profile = context};
    for (int i = 0; i < w->mover_count; i++) {
        mover *m = &w->movers[i];
        if (m->moves) continue;
        m->sides[0] = m->input >= 0 ? add_side(w, m, context, m->low) : 0;
        m->sides[1] = add_side(w, m, context, m->high);
    }
}

static const double *values_of(const work *w, int variation, int measure) {
    return w->values + ((size_t)variation * (size_t)w->s->measure_count + (size_t)measure) * FUTURES;
}

static void find_spreads(work *w) {
    for (int m = 0; m < w->s->measure_count; m++) {
        const double *values = values_of(w, 0, m);
        long count = pl_sort_known(values, FUTURES, 1, w->work);
        double spread = pl_quantile(w->work, count, 0.95) - pl_quantile(w->work, count, 0.05);
        if (!(spread <= w->spread[m])) w->spread[m] = spread;
    }
}

/* The mean size of the difference between two sides, where both have numbers; a number on one side only is a shift. */
static bool shifts(const work *w, const mover *m, int measure) {
    const double *a = values_of(w, m->sides[0], measure), *b = values_of(w, m->sides[1], measure);
    double sum = 0, count = 0;
    for (int f = 0; f < FUTURES; f++) {
        if (isnan(a[f]) != isnan(b[f])) return true;
        if (isnan(a[f])) continue;
        sum += fabs(b[f] - a[f]);
        count++;
    }
    return sum > 0 && sum / count >= least_shift * (isnan(w->spread[measure]) ? 0 : w->spread[measure]);
}

static void note_shifts(work *w) {
    for (int i = 0; i < w->mover_count; i++) {
        mover *m = &w->movers[i];
        if (m->moves) continue;
        for (int k = 0; k < w->s->measure_count; k++) {
            if (!shifts(w, m, k)) continue;
            m->moves = true;
            w->measure_moves[k] = true;
        }
    }
}

static pl_status move_all(work *w) {
    size_t most = 2 * (size_t)w->mover_count + 1;
    w->list = PL_ARRAY(&w->arena, most, pl_variation);
    w->sets = PL_ARRAY(&w->arena, most, pl_variation_set);
    w->values = PL_ARRAY(&w->arena, most * (size_t)w->s->measure_count * FUTURES, double);
    w->spread = PL_ARRAY(&w->arena, w->s->measure_count, double);
    w->work = PL_ARRAY(&w->arena, 2 * FUTURES, double);
    w->measure_moves = PL_ARRAY(&w->arena, w->s->measure_count, bool);
    for (int c = 0; c < w->context_count; c++) {
        list_sides(w, w->contexts[c]);
        if (w->list_count == 1) return PL_OK;
        pl_status status = pl_variations_run(w->variations, w->list, w->list_count, FUTURES, w->values, NULL, NULL, w->error);
        if (status != PL_OK) return status;
        find_spreads(w);
        note_shifts(w);
    }
    return PL_OK;
}

/* ---- variables -------------------------------------------------------------------------------------------- */

/* Marks what can be reached from the marked, along the links or against them. */
static void spread_marks(work *w, bool *marked, bool forwards) {
    const pl_structure *t = w->structure;
    const int *first = forwards ? t->first_use : t->first_cause;
    const pl_link *links = forwards ? t->uses : t->causes;
    int count = w->s->model->variable_count, *stack = PL_ARRAY(&w->arena, count + 1, int), depth = 0;
    for (int v = 0; v < count; v++)
        if (marked[v]) stack[depth++] = v;
    while (depth) {
        int v = stack[--depth];
        for (int i = first[v]; i < first[v + 1]; i++) {
            if (marked[links[i].variable]) continue;
            marked[links[i].variable] = true;
            stack[depth++] = links[i].variable;
        }
    }
}

static void find_alive(work *w, bool *needed) {
    const pl_situation *s = w->s;
    int count = s->model->variable_count;
    bool *reached = PL_ARRAY(&w->arena, count + 1, bool);
    w->alive = PL_ARRAY(&w->arena, count + 1, bool);
    for (int i = 0; i < w->mover_count; i++)
        if (w->movers[i].input >= 0 && w->movers[i].moves) reached[s->inputs[w->movers[i].input].variable->index] = true;
    for (int m = 0; m < s->measure_count; m++) needed[s->measures[m].spec.variable->index] = true;
    for (int i = 0; i < s->observed_count; i++) needed[s->observed[i].variable->index] = true;
    for (int i = 0; i < s->series_count; i++) needed[s->series[i].variable->index] = true;
    spread_marks(w, reached, true);
    spread_marks(w, needed, false);
    for (int v = 0; v < count; v++) /* a constant that is no input is reached by whoever edits the model */
        w->alive[v] = needed[v] && (reached[v] || s->model->variables[v]->kind == PL_CONSTANT);
}

static bool is_of_time(const pl_model *model, const pl_variable *v) {
    return v == model->time_step || v == model->saveper || v == model->initial_time || v == model->final_time;
}

static void report_dead(work *w, const bool *needed) {
    const pl_situation *s = w->s;
    for (int i = 0; i < w->mover_count; i++) {
        const mover *m = &w->movers[i];
        if (m->moves) continue;
        if (m->input >= 0)
            report(w, NULL, "%s '%.80s' is dead: from %g to %g it moves no measure by 0.1 %% of its spread",
                   s->inputs[m->input].input_class == PL_INPUT_LEVER ? "the lever" : "the uncertainty",
                   s->inputs[m->input].variable->name, m->low, m->high);
        else if (m->course != s->base_course[m->actor])
            report(w, NULL, "the course '%.60s' of '%.60s' is dead: it moves no measure by 0.1 %% of its spread",
                   s->actors[m->actor].courses[m->course].name, s->actors[m->actor].name);
    }
    for (int v = 0; v < s->model->variable_count; v++) {
        const pl_variable *variable = s->model->variables[v];
        if (!needed[v] && !variable->hidden && !is_of_time(s->model, variable))
            report(w, NULL, "the variable '%.80s' is dead: no measure, series or data needs it", variable->name);
    }
}

/* ---- claims ----------------------------------------------------------------------------------------------- */

static bool input_moves(const work *w, int input) {
    for (int i = 0; i < w->mover_count; i++)
        if (w->movers[i].input == input) return w->movers[i].moves;
    return false;
}

static bool course_moves(const work *w, int actor, int course) {
    for (int i = 0; i < w->mover_count; i++) {
        const mover *m = &w->movers[i];
        if (m->input < 0 && m->actor == actor && (course < 0 || m->course == course) && m->moves) return true;
    }
    return course >= 0 && course == w->s->base_course[actor]; /* what the others are compared with */
}

static bool profile_moves(const work *w, const pl_profile *profile) {
    bool base = true;
    for (int a = 0; a < w->s->actor_count; a++) {
        if (profile->course[a] == w->s->base_course[a]) continue;
        base = false;
        if (course_moves(w, a, profile->course[a])) return true;
    }
    return base;
}

static bool is_live(const work *w, const pl_claim_place *place) {
    const pl_situation *s = w->s;
    switch (place->kind) {
    case PL_PLACE_VARIABLE: return w->alive[place->index];
    case PL_PLACE_LEVER: return input_moves(w, place->index);
    case PL_PLACE_UNCERTAINTY: return input_moves(w, s->uncertainties[place->index].input);
    case PL_PLACE_COURSE: return course_moves(w, place->index, place->course);
    case PL_PLACE_ACTOR: return course_moves(w, place->index, -1);
    case PL_PLACE_MEASURE: return w->alive[s->measures[place->index].spec.variable->index];
    case PL_PLACE_PROFILE: return profile_moves(w, &s->profiles[place->index]);
    case PL_PLACE_OUTSIDE: return false;
    default: return true;
    }
}

static void check_places(work *w) {
    for (int i = 0; i < w->claims->count; i++) {
        const pl_claim *c = &w->claims->claims[i];
        bool live = false;
        for (int k = 0; k < c->place_count; k++) live |= is_live(w, &c->places[k]);
        w->count->placed += live;
        w->count->outside += !live;
    }
    if (10 * w->count->outside > w->claims->count)
        report(w, NULL, "%d of %d claims are outside of the model, or in places that move nothing: at most 10 %% may be",
               w->count->outside, w->claims->count);
}

static bool same_place(const pl_claim_place *a, const pl_claim_place *b) {
    return a->kind == b->kind && a->index == b->index && a->course == b->course;
}

static int count_sharing(const work *w, const pl_claim_place *place) {
    int count = 0;
    for (int i = 0; i < w->claims->count; i++) {
        const pl_claim *c = &w->claims->claims[i];
        bool there = false;
        for (int k = 0; k < c->place_count; k++) there |= same_place(place, &c->places[k]);
        count += there;
    }
    return count;
}

static void check_sharing(work *w, const pl_claim *c) {
    for (int k = 0; k < c->place_count && !*c->reason; k++) {
        const pl_claim_place *place = &c->places[k];
        if (place->kind == PL_PLACE_OUTSIDE || count_sharing(w, place) <= MOST_ON_ONE_PLACE) continue;
        report(w, &c->at, "'%.80s' is the place of more than %d claims: each needs a reason", place->text,
               MOST_ON_ONE_PLACE);
    }
}

/* What the cause of a claim changes. */
static int find_roots(work *w, const pl_claim *c, pl_root *roots) {
    const pl_situation *s = w->s;
    int count = 0;
    if (c->cause.actor < 0) {
        roots[0] = (pl_root){c->cause.variable->index, PL_SIGN_UNKNOWN};
        return 1;
    }
    for (int k = 0; k < s->actors[c->cause.actor].course_count; k++) {
        const pl_setting *setting;
        bool takes_part = k == c->cause.to_course || k == c->cause.from_course || c->cause.from_course < 0;
        for (int i = 0; takes_part && (setting = pl_course_setting(&s->actors[c->cause.actor].courses[k], i)); i++) {
            bool known = false;
            for (int r = 0; r < count; r++) known |= roots[r].variable == s->inputs[setting->input].variable->index;
            if (!known) roots[count++] = (pl_root){s->inputs[setting->input].variable->index, PL_SIGN_UNKNOWN};
        }
    }
    return count;
}

/* The variables that a claim names as its place must lie between its cause and one of its effects. */
static void check_mechanism(work *w, const pl_claim *c) {
    if (!c->tested || (c->form != PL_CLAIM_DIRECT && c->form != PL_CLAIM_CHAIN && c->form != PL_CLAIM_HORIZON)) return;
    pl_root *roots = PL_ARRAY(&w->arena, w->s->input_count + 1, pl_root);
    int count = find_roots(w, c, roots);
    bool *between = PL_ARRAY(&w->arena, w->s->model->variable_count + 1, bool);
    for (int k = 0; k < c->effect_count; k++) {
        pl_influence found;
        pl_influence_find(&w->arena, w->structure, roots, count, w->s->measures[c->effects[k]].spec.variable->index, true,
                          &found);
        for (int v = 0; v < w->s->model->variable_count; v++) between[v] |= found.between[v];
    }
    for (int k = 0; k < c->place_count; k++)
        if (c->places[k].kind == PL_PLACE_VARIABLE && !between[c->places[k].index])
            report(w, &c->at, "no way from the cause to the effect passes through the mechanism that claim %.20s names, '%.80s'",
                   c->id, w->s->model->variables[c->places[k].index]->name);
}

/* ---- the whole -------------------------------------------------------------------------------------------- */

static pl_status check_all(work *w) {
    bool *needed = PL_ARRAY(&w->arena, w->s->model->variable_count + 1, bool);
    list_movers(w);
    list_contexts(w);
    pl_status status = move_all(w);
    if (status != PL_OK) return status;
    find_alive(w, needed);
    report_dead(w, needed);
    check_places(w);
    for (int i = 0; i < w->claims->count; i++) {
        check_sharing(w, &w->claims->claims[i]);
        check_mechanism(w, &w->claims->claims[i]);
    }
    return w->status;
}

static void leave(void *context) { longjmp(((work *)context)->out, 1); }

static pl_status guard(work *w) {
    w->arena.out_of_memory = leave, w->arena.context = w;
    if (setjmp(w->out)) return pl_error_set(w->error, PL_MEMORY, NULL, 0, 0, "out of memory");
    return check_all(w);
}

const char *pl_situation_claims(const pl_situation *situation) { return situation->claims; }

pl_status pl_situation_check_claims(const pl_situation *situation, int threads, pl_claims_count *count,
                                    pl_findings *findings, pl_error *error) {
    pl_situation s = *situation;
    *count = (pl_claims_count){0, 0};
    pl_explore_options options = {.futures = FUTURES, .design = "random"};
    work w = {.s = &s, .count = count, .findings = findings, .error = error, .status = PL_OK};
    pl_status status = pl_claims_read(situation, &w.claims, findings, error);
    if (status == PL_OK) status = pl_situation_override(&s, &options, error);
    if (status == PL_OK) status = pl_situation_structure(&s, &w.structure, error);
    if (status == PL_OK) status = pl_variations_new(&s, NULL, 0, threads, &w.variations, error);
    if (status == PL_OK) status = guard(&w);
    pl_variations_free(w.variations);
    pl_structure_free(w.structure);
    pl_claims_free(w.claims);
    pl_arena_free(&w.arena);
    return status;
}
