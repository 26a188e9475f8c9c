/* See recommendation.h.  A place of a recommendation says what is done: a profile sets every actor's course, a course
 * that of its actor, a lever goes to the value farthest from the model's own that a course gives it, an uncertainty to
 * its 95 % quantile.  All else is the base. */
#include "study/recommendation.h"

#include <math.h>
#include <setjmp.h>
#include <string.h>

#include "ensemble/condition.h"
#include "ensemble/explore.h"
#include "ensemble/variation.h"
#include "study/statistics.h"

enum { DEFAULT_FUTURES = 200 };

typedef struct work {
    pl_recommendations *r;
    pl_arena *arena;
    pl_variations *variations;
    pl_variation *list;
    long list_count;
    double *values;   /* [variation][measure][future] */
    double *payoffs;  /* [actor][variation][future] */
    double *row, *spread;
    bool random;
    jmp_buf back;
} work;

static void leave(void *context) { longjmp(((work *)context)->back, 1); }

/* ---- what is done ------------------------------------------------------------------------------------------- */

static void widen(double own, double value, double *farthest) {
    if (fabs(value - own) > fabs(*farthest - own)) *farthest = value;
}

/* The value of a lever that a course gives it, the farthest from the model's own; drawn ones by their means. */
static double lever_value(const work *w, int input) {
    const pl_situation *s = w->r->situation;
    double own = pl_variations_own(w->variations, input), farthest = own;
    for (int a = 0; a < s->actor_count; a++)
        for (int k = 0; k < s->actors[a].course_count; k++) {
            const pl_setting *setting;
            for (int i = 0; (setting = pl_course_setting(&s->actors[a].courses[k], i)); i++)
                for (int v = 0; setting->input == input && v < setting->count; v++)
                    widen(own, setting->values[v].value, &farthest);
        }
    return farthest;
}

static bool is_done(const pl_claim_place *place) {
    return place->kind == PL_PLACE_COURSE || place->kind == PL_PLACE_PROFILE || place->kind == PL_PLACE_LEVER ||
           place->kind == PL_PLACE_UNCERTAINTY;
}

static void add_set(pl_variation *to, pl_variation_set *sets, int input, double value) {
    sets[to->set_count++] = (pl_variation_set){input, value};
}

/* Adds the variation of a recommendation; -1 where none of its places is something to do. */
static int add_variation(work *w, const pl_claim *claim) {
    const pl_situation *s = w->r->situation;
    int *course = PL_ARRAY(w->arena, s->actor_count + 1, int);
    pl_variation_set *sets = PL_ARRAY(w->arena, claim->place_count, pl_variation_set);
    pl_variation *to = &w->list[w->list_count];
    bool any = false;
    memcpy(course, s->base_course, (size_t)s->actor_count * sizeof *course);
    *to = (pl_variation){.sets = sets};
    for (int i = 0; i < claim->place_count; i++)
        if (claim->places[i].kind == PL_PLACE_PROFILE)
            memcpy(course, s->profiles[claim->places[i].index].course, (size_t)s->actor_count * sizeof *course);
    for (int i = 0; i < claim->place_count; i++) {
        const pl_claim_place *place = &claim->places[i];
        any = any || is_done(place);
        if (place->kind == PL_PLACE_COURSE) course[place->index] = place->course;
        if (place->kind == PL_PLACE_LEVER) add_set(to, sets, place->index, lever_value(w, place->index));
        if (place->kind == PL_PLACE_UNCERTAINTY) {
            const pl_uncertainty *u = &s->uncertainties[place->index];
            add_set(to, sets, u->input, pl_distribution_quantile(&u->distribution, 0.95));
        }
    }
    to->profile = pl_situation_combination(s, course);
    return any ? (int)w->list_count++ : -1;
}

static void add_yardsticks(pl_recommendations *r, const pl_claim *claim) {
    for (int i = 0; i < claim->place_count; i++) {
        if (claim->places[i].kind == PL_PLACE_MEASURE) r->measures[r->measure_count++] = claim->places[i].index;
        if (claim->places[i].kind == PL_PLACE_RISK) r->risks[r->risk_count++] = claim->places[i].index;
    }
}

static pl_status list_recommendations(work *w, pl_error *error) {
    pl_recommendations *r = w->r;
    int places = 0;
    for (int i = 0; i < r->claims->count; i++) places += r->claims->claims[i].place_count;
    r->items = PL_ARRAY(w->arena, r->claims->count, pl_recommendation);
    r->measures = PL_ARRAY(w->arena, places, int);
    r->risks = PL_ARRAY(w->arena, places, int);
    w->list = PL_ARRAY(w->arena, r->claims->count + 1, pl_variation);
    w->list[w->list_count++] = (pl_variation){.profile = pl_situation_combination(r->situation,
                                                                                  r->situation->base_course)};
    for (int i = 0; i < r->claims->count; i++) {
        const pl_claim *claim = &r->claims->claims[i];
        if (strcmp(claim->kind, "recommendation") != 0) continue;
        int variation = add_variation(w, claim);
        if (variation < 0) add_yardsticks(r, claim);
        r->done_count += variation >= 0;
        r->items[r->count++] = (pl_recommendation){.claim = claim, .variation = variation};
    }
    if (r->count) return PL_OK;
    return pl_error_set(error, PL_NO_DATA, r->claims->file, 0, 0, "there is no claim of the kind 'recommendation'");
}

/* ---- what comes of it --------------------------------------------------------------------------------------- */

static const double *measure_of(const work *w, long variation, int measure) {
    size_t row = (size_t)variation * (size_t)w->r->situation->measure_count + (size_t)measure;
    return w->values + row * (size_t)w->r->futures;
}

static double *payoff_of(const work *w, int actor, long variation) {
    return w->payoffs + ((size_t)actor * (size_t)w->list_count + (size_t)variation) * (size_t)w->r->futures;
}

static void find_payoffs(work *w) {
    const pl_situation *s = w->r->situation;
    pl_design design = pl_design_of(s);
    w->payoffs = PL_ARRAY(w->arena, (size_t)s->actor_count * (size_t)w->list_count * (size_t)w->r->futures, double);
    for (int a = 0; a < s->actor_count; a++)
        for (long v = 0; v < w->list_count; v++)
            pl_actor_payoff(&s->actors[a], &design, measure_of(w, v, 0), (size_t)w->r->futures, 0,
                            (size_t)w->r->futures,
                            payoff_of(w, a, v));
}

static pl_interval share_above(work *w, const double *own, const double *base, int sign) {
    long count;
    for (long f = 0; f < w->r->futures; f++) w->row[f] = isnan(own[f] - base[f]) ? NAN : sign * (own[f] - base[f]) > 0;
    return pl_share_of(w->row, w->r->futures, w->random, &count);
}

static pl_spread difference(work *w, const double *own, const double *base) {
    for (long f = 0; f < w->r->futures; f++) w->row[f] = own[f] - base[f];
    return pl_spread_of(w->row, w->r->futures, w->random, w->spread);
}

/* A condition on measures in a future of a variation; the base is variation 0. NaN where it cannot be told. */
static double judge(const work *w, const pl_condition *c, long variation, long future, double *terms) {
    for (int i = 0; i < c->term_count; i++) {
        const pl_term *t = &c->terms[i];
        if (t->kind == PL_TERM_MEASURE) terms[i] = measure_of(w, variation, t->index)[future];
        else if (t->kind == PL_TERM_BASE) terms[i] = measure_of(w, 0, t->index)[future];
        else if (t->kind == PL_TERM_PAYOFF) terms[i] = payoff_of(w, t->index, variation)[future];
        else return NAN; /* regret: the other courses were not run */
    }
    double value = pl_condition_value(c, terms);
    return isnan(value) ? NAN : value != 0;
}

static pl_interval risk_share(work *w, const pl_condition *c, long variation, double *terms) {
    long count;
    for (long f = 0; f < w->r->futures; f++) w->row[f] = judge(w, c, variation, f, terms);
    return pl_share_of(w->row, w->r->futures, w->random, &count);
}

static pl_status find_risks(work *w, pl_error *error) {
    pl_recommendations *r = w->r;
    r->base_risks = PL_ARRAY(w->arena, r->risk_count, pl_interval);
    for (int k = 0; k < r->risk_count; k++) {
        pl_condition *condition;
        pl_status status = pl_condition_over_measures(w->arena, r->situation, r->situation->risks[r->risks[k]].expr,
                                                      &condition, error);
        if (status != PL_OK) return status;
        double *terms = PL_ARRAY(w->arena, condition->term_count + 1, double);
        r->base_risks[k] = risk_share(w, condition, 0, terms);
        for (int i = 0; i < r->count; i++)
            if (r->items[i].variation >= 0) r->items[i].risks[k] = risk_share(w, condition, r->items[i].variation,
                                                                              terms);
    }
    return PL_OK;
}

static void find_item(work *w, pl_recommendation *item) {
    const pl_recommendations *r = w->r;
    int actors = r->situation->actor_count;
    item->actors = PL_ARRAY(w->arena, actors, pl_recommended);
    item->measures = PL_ARRAY(w->arena, r->measure_count, pl_interval);
    item->risks = PL_ARRAY(w->arena, r->risk_count, pl_interval);
    for (int a = 0; a < actors && item->variation >= 0; a++) {
        const double *own = payoff_of(w, a, item->variation), *base = payoff_of(w, a, 0);
        item->actors[a].difference = difference(w, own, base);
        item->actors[a].wins = share_above(w, own, base, 1);
        item->actors[a].loses = share_above(w, own, base, -1);
    }
    for (int k = 0; k < r->measure_count && item->variation >= 0; k++)
        item->measures[k] =
            difference(w, measure_of(w, item->variation, r->measures[k]), measure_of(w, 0, r->measures[k])).median;
}

static void rank_items(pl_recommendations *r, int actor) {
    for (int i = 0; i < r->count; i++) {
        pl_recommendation *item = &r->items[i];
        if (item->variation < 0) continue;
        int rank = 1;
        for (int k = 0; k < r->count; k++)
            rank += r->items[k].variation >= 0 && r->items[k].actors[actor].difference.median.estimate >
                                                      item->actors[actor].difference.median.estimate;
        item->actors[actor].rank = rank;
    }
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

static pl_status run(work *w, const pl_claims_options *options, pl_error *error) {
    const pl_situation *s = w->r->situation;
    size_t cells = (size_t)w->list_count * (size_t)s->measure_count * (size_t)w->r->futures;
    w->values = pl_arena_array(w->arena, cells, sizeof *w->values);
    w->row = PL_ARRAY(w->arena, w->r->futures, double);
    w->spread = PL_ARRAY(w->arena, 2 * w->r->futures, double);
    return pl_variations_run(w->variations, w->list, w->list_count, w->r->futures, w->values, options->progress,
                             options->context, error);
}

static pl_status build(work *w, const pl_claims_options *options, pl_error *error) {
    pl_recommendations *r = w->r;
    if (setjmp(w->back)) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    pl_status status = list_recommendations(w, error);
    if (status == PL_OK) status = run(w, options, error);
    if (status != PL_OK) return status;
    find_payoffs(w);
    for (int i = 0; i < r->count; i++) find_item(w, &r->items[i]);
    for (int a = 0; a < r->situation->actor_count; a++) rank_items(r, a);
    return find_risks(w, error);
}

static pl_status read_all(const char *path, const pl_claims_options *options, work *w, pl_findings *findings,
                          pl_error *error) {
    pl_recommendations *r = w->r;
    pl_status status = pl_situation_read(path, &r->situation, findings, error);
    if (status != PL_OK) return status;
    r->futures = options->futures > 0 ? options->futures : DEFAULT_FUTURES;
    pl_explore_options override = {.futures = r->futures, .seed_given = options->seed_given, .seed = options->seed};
    status = pl_situation_override(r->situation, &override, error);
    if (status == PL_OK) status = pl_claims_read(r->situation, &r->claims, findings, error);
    if (status != PL_OK) return status;
    pl_design_basis basis = pl_design_basis_of(r->situation->design);
    if (basis == PL_BASIS_NONE)
        return pl_error_set(error, PL_UNSUPPORTED, NULL, 0, 0,
                            "the futures of the design '%s' are no sample of what may come",
                            r->situation->design);
    w->random = basis == PL_BASIS_DRAWS;
    return pl_variations_new(r->situation, NULL, 0, options->threads, &w->variations, error);
}

pl_status pl_recommendations_weigh(const char *path, const pl_claims_options *options,
                                   pl_recommendations **recommendations,
                                   pl_findings *findings, pl_error *error) {
    static const pl_claims_options usual = {0};
    *recommendations = NULL;
    if (!options) options = &usual;
    pl_recommendations *r = pl_allocate(sizeof *r);
    if (!r) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    work w = {.r = r, .arena = &r->arena};
    pl_status status = read_all(path, options, &w, findings, error);
    r->arena.out_of_memory = leave, r->arena.context = &w;
    if (status == PL_OK) status = build(&w, options, error);
    r->arena.out_of_memory = NULL;
    pl_variations_free(w.variations);
    if (status == PL_OK) *recommendations = r;
    else pl_recommendations_free(r);
    return status;
}

void pl_recommendations_free(pl_recommendations *r) {
    if (!r) return;
    pl_claims_free(r->claims);
    pl_situation_free(r->situation);
    pl_arena_free(&r->arena);
    pl_release(r);
}
