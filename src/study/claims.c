/* From claims to variations, and from their measures to verdicts.  Every side of every claim is a variation; equal sides
 * are run once.  See claims.h. */
#include "study/claims.h"

#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "ensemble/explore.h"
#include "ensemble/variation.h"
#include "study/influence.h"
#include "study/statistics.h"

const char *const pl_verdict_names[] = {
#define X(id, name, text) name,
    PL_VERDICTS(X)
#undef X
};

enum { FUTURES = 500 };
static const double small = 0.01, null_band = 0.05, most = 0.9, least = 0.1;

typedef struct side { /* of a claim: a variation as it is put together */
    int *course;
    pl_variation_set *sets;
    int set_count;
} side;

typedef struct sides { /* which variations a claim's effect is made of: (b - a) - (d - c); c, d < 0 where not moderated */
    int a, b, c, d;
} sides;

typedef struct work {
    pl_claim_tests *tests;
    pl_arena *arena;
    const pl_situation *s;      /* the tests' situation, with the spans' measures behind its own */
    pl_situation extended;
    pl_input *extra;            /* constants that no course or uncertainty has */
    int extra_count, extra_room;
    pl_variation *list;
    int list_count, list_room, measure_room;
    double *values;             /* [variation][measure][future] */
    double *draws;              /* [uncertainty][future] */
    double *difference, *sorted, *decides, *other; /* [future] */
    double *room;               /* [3 x future] */
    pl_structure *structure;
    pl_variations *variations;
    const pl_claims_options *options;
    jmp_buf out;
} work;

/* ---- sides ------------------------------------------------------------------------------------------------ */

/* The input of a constant: the situation's, or one of the extra ones. */
static int input_of(work *w, pl_variable *variable, int element) {
    const pl_situation *s = w->tests->situation;
    for (int i = 0; i < s->input_count; i++)
        if (s->inputs[i].variable == variable && s->inputs[i].element == element) return i;
    for (int i = 0; i < w->extra_count; i++)
        if (w->extra[i].variable == variable && w->extra[i].element == element) return s->input_count + i;
    w->extra = pl_arena_grow(w->arena, w->extra, w->extra_count, &w->extra_room, w->extra_count + 1, sizeof *w->extra);
    w->extra[w->extra_count++] = (pl_input){variable, element, PL_INPUT_LEVER};
    return s->input_count + w->extra_count - 1;
}

static void set(work *w, side *to, pl_variable *variable, int element, double value) {
    to->sets[to->set_count++] = (pl_variation_set){input_of(w, variable, element), value};
}

static side begin_side(work *w, const pl_claim *c) {
    const pl_situation *s = w->tests->situation;
    side made = {.course = PL_ARRAY(w->arena, s->actor_count + 1, int),
                 .sets = PL_ARRAY(w->arena, c->context_setting_count + 2, pl_variation_set)};
    memcpy(made.course, c->context_course, (size_t)s->actor_count * sizeof *made.course);
    for (int i = 0; i < c->context_setting_count; i++) {
        const pl_claim_setting *setting = &c->context_settings[i];
        set(w, &made, setting->variable, setting->element, setting->value);
    }
    return made;
}

/* Puts one end of a move into a side; course: of a move of courses. */
static void apply(work *w, side *to, const pl_claim_move *move, bool after, int course) {
    if (move->actor >= 0) to->course[move->actor] = course;
    else set(w, to, move->variable, move->element, after ? move->to : move->from);
}

static bool same_sets(const pl_variation *v, const side *other) {
    if (v->set_count != other->set_count) return false;
    for (int i = 0; i < v->set_count; i++)
        if (v->sets[i].input != other->sets[i].input || v->sets[i].value != other->sets[i].value) return false;
    return true;
}

/* The variation of a side, made where there is none yet. */
static int variation_of(work *w, const side *made) {
    long profile = pl_situation_combination(w->tests->situation, made->course);
    for (int i = 0; i < w->list_count; i++)
        if (w->list[i].profile == profile && same_sets(&w->list[i], made)) return i;
    w->list = pl_arena_grow(w->arena, w->list, w->list_count, &w->list_room, w->list_count + 1, sizeof *w->list);
    w->list[w->list_count] = (pl_variation){profile, made->sets, made->set_count};
    return w->list_count++;
}

/* One side of a claim: without or with the cause, without (-1), before (0) or after (1) the moderator's move. */
static int side_of(work *w, const pl_claim *c, bool with, int from_course, int moderated) {
    side made = begin_side(w, c);
    const pl_claim_move *m = &c->moderator;
    if (moderated >= 0) apply(w, &made, m, moderated, moderated ? m->to_course : m->from_course);
    apply(w, &made, &c->cause, with, with ? c->cause.to_course : from_course);
    return variation_of(w, &made);
}

static int other_count(const work *w, const pl_claim *c) {
    return c->cause.actor >= 0 && c->cause.from_course < 0
               ? w->tests->situation->actors[c->cause.actor].course_count : 1;
}

/* The k-th comparison of a claim; a is -1 where it would compare a course with itself. */
static sides sides_of(work *w, const pl_claim *c, int k) {
    bool moderated = c->form == PL_CLAIM_MODERATED;
    int from = c->cause.actor >= 0 && c->cause.from_course < 0 ? k : c->cause.from_course;
    sides found = {-1, -1, -1, -1};
    if (c->form == PL_CLAIM_COMPARATIVE && from == c->cause.to_course) return found;
    found.a = side_of(w, c, false, from, moderated ? 1 : -1);
    found.b = side_of(w, c, true, from, moderated ? 1 : -1);
    if (!moderated) return found;
    found.c = side_of(w, c, false, from, 0);
    found.d = side_of(w, c, true, from, 0);
    return found;
}

/* ---- measures --------------------------------------------------------------------------------------------- */

static bool same_window(double a, double b) { return a == b || (isnan(a) && isnan(b)); }

/* The measure over a span: its own, or one more that is made here. */
static int measure_over(work *w, int measure, pl_span span) {
    pl_situation *s = &w->extended;
    pl_measure wanted = w->tests->situation->measures[measure];
    bool whole = !isnan(span.to);
    if (whole) wanted.spec.from = span.from, wanted.spec.to = span.to;
    else if (!isnan(span.from) && wanted.spec.take != PL_TAKE_AT && !(wanted.spec.from >= span.from))
        wanted.spec.from = span.from;
    for (int m = 0; m < s->measure_count; m++) {
        const pl_measure_spec *spec = &s->measures[m].spec;
        if (s->measures[m].name == wanted.name && same_window(spec->from, wanted.spec.from) &&
            same_window(spec->to, wanted.spec.to))
            return m;
    }
    s->measures = pl_arena_grow(w->arena, s->measures, s->measure_count, &w->measure_room, s->measure_count + 1,
                                sizeof *s->measures);
    s->measures[s->measure_count] = wanted;
    return s->measure_count++;
}

/* A year before run.from asks for no more than the run: courses act from there on. */
static pl_span span_of(const work *w, const pl_claim *c, int k) {
    pl_span span = c->spans[c->form == PL_CLAIM_HORIZON ? k : 0];
    double from = w->tests->situation->run_from;
    if (isnan(span.to) && !(span.from > from)) span.from = NAN;
    return span;
}

/* The measure of the k-th effect, and the same over its span. */
static int measure_of(const pl_claim *c, int k) { return c->effects[k < c->effect_count ? k : 0]; }

static int effect_measure(work *w, const pl_claim *c, int k) {
    return measure_over(w, measure_of(c, k), span_of(w, c, k));
}

static int effect_count(const pl_claim *c) {
    return c->form == PL_CLAIM_CHAIN ? c->effect_count : c->form == PL_CLAIM_HORIZON ? 2 : 1;
}

/* Asks for all variations and measures before anything is compiled; the second time they are only found again. */
static void prepare(work *w) {
    for (int i = 0; i < w->tests->count; i++) {
        const pl_claim *c = w->tests->results[i].claim;
        for (int k = 0; k < other_count(w, c); k++) sides_of(w, c, k);
        for (int k = 0; k < effect_count(c); k++) effect_measure(w, c, k);
        const pl_situation *s = w->tests->situation;
        for (int a = 0; c->form == PL_CLAIM_MOTIVE && a < s->actors[c->cause.actor].want_count; a++)
            measure_over(w, s->actors[c->cause.actor].wants[a].measure, (pl_span){NAN, NAN});
    }
}

/* ---- effects ---------------------------------------------------------------------------------------------- */

static const double *values_of(const work *w, int variation, int measure) {
    size_t row = (size_t)variation * (size_t)w->extended.measure_count + (size_t)measure;
    return w->values + row * (size_t)w->tests->futures;
}

static void difference_of(const work *w, const sides *x, int measure, double *out) {
    const double *a = values_of(w, x->a, measure), *b = values_of(w, x->b, measure);
    const double *c = x->c < 0 ? NULL : values_of(w, x->c, measure), *d = x->d < 0 ? NULL : values_of(w, x->d, measure);
    for (long f = 0; f < w->tests->futures; f++) {
        out[f] = b[f] - a[f];
        if (c) out[f] -= d[f] - c[f];
    }
}

/* Of several comparisons, in each future the one that speaks most against the claimed sign. */
static void least_favourable(work *w, const pl_claim *c, int measure, char sign, double *out) {
    for (long f = 0; f < w->tests->futures; f++) out[f] = NAN;
    for (int k = 0; k < other_count(w, c); k++) {
        sides x = sides_of(w, c, k);
        if (x.a < 0) continue;
        difference_of(w, &x, measure, w->other);
        for (long f = 0; f < w->tests->futures; f++)
            if (isnan(out[f]) || (sign == '-' ? w->other[f] > out[f] : w->other[f] < out[f])) out[f] = w->other[f];
    }
}

/* What an actor gains by the cause, with one want left out (-1: none). */
static void gain_of(work *w, const pl_claim *c, int left_out, double *out) {
    const pl_situation *s = w->tests->situation;
    const pl_actor *actor = &s->actors[c->cause.actor];
    pl_design design = pl_design_of(s);
    sides x = sides_of(w, c, 0);
    for (long f = 0; f < w->tests->futures; f++) out[f] = 0;
    for (int i = 0; i < actor->want_count; i++) {
        const pl_want *want = &actor->wants[i];
        if (want->measure == left_out) continue;
        difference_of(w, &x, want->measure, w->other);
        for (long f = 0; f < w->tests->futures; f++)
            out[f] += pl_design_weight(&design, want, f) * w->other[f] / want->per;
    }
}

/* The part of the gain that a want makes; `decides` says whether it decides. */
static void motive_of(work *w, const pl_claim *c, double *out) {
    gain_of(w, c, c->effects[0], w->sorted);
    gain_of(w, c, -1, out);
    for (long f = 0; f < w->tests->futures; f++) {
        w->decides[f] = out[f] > 0 && !(w->sorted[f] > 0);
        out[f] -= w->sorted[f];
    }
}

/* ---- statistics ------------------------------------------------------------------------------------------- */

static double spread_of(work *w, const double *values) {
    long count = pl_sort_known(values, w->tests->futures, 1, w->sorted);
    return pl_quantile(w->sorted, count, 0.95) - pl_quantile(w->sorted, count, 0.05);
}

static double median_of(work *w, const double *values, long *count) {
    *count = pl_sort_known(values, w->tests->futures, 1, w->sorted);
    return pl_quantile(w->sorted, *count, 0.5);
}

/* Whether an effect has the claimed sign; of a null claim, whether it lies within the band. */
static bool agrees(double effect, char sign, double spread) {
    switch (sign) {
    case '-': return effect < 0;
    case '0': return fabs(effect) <= null_band * spread;
    default: return effect > 0;
    }
}

/* The uncertainty whose draws go with the differences most. */
static void find_turn(work *w, const double *difference, pl_effect *e) {
    const pl_situation *s = w->tests->situation;
    e->turns = -1;
    for (int u = 0; u < s->uncertainty_count; u++) {
        double r = pl_rank_correlation(w->draws + (size_t)u * (size_t)w->tests->futures, difference, w->tests->futures,
                                       w->room);
        if (isnan(r) || (e->turns >= 0 && fabs(r) <= fabs(e->correlation))) continue;
        e->turns = u, e->correlation = r;
    }
}

static bool excludes_zero(pl_interval x) { return x.low > 0 || x.high < 0; }

static pl_verdict judge(const pl_effect *e) {
    if (!e->futures) return PL_VERDICT_UNTOLD;
    if (e->sign == '0') {
        if (e->share.estimate >= most) return e->assumed ? PL_VERDICT_ASSUMED : PL_VERDICT_SUPPORTED;
        return e->share.estimate <= least ? PL_VERDICT_CONTRADICTED : PL_VERDICT_CONTESTED;
    }
    if (!(fabs(e->median) >= small * e->spread) || e->median == 0) return PL_VERDICT_TOO_SMALL;
    if (e->sign == '?') return PL_VERDICT_OPEN;
    if (e->share.estimate >= most && excludes_zero(e->effect)) return e->assumed ? PL_VERDICT_ASSUMED : PL_VERDICT_SUPPORTED;
    if (e->share.estimate <= least && excludes_zero(e->effect)) return PL_VERDICT_CONTRADICTED;
    return PL_VERDICT_CONTESTED;
}

/* Statistics of differences; agreement[future]: 1 or 0, NaN where missing. */
static void summarise(work *w, const double *difference, const double *agreement, pl_effect *e) {
    bool random = pl_design_basis_of(w->tests->situation->design) == PL_BASIS_DRAWS;
    long counted;
    e->median = median_of(w, difference, &e->futures);
    e->effect = pl_mean_of(difference, w->tests->futures, random);
    e->share = pl_share_of(agreement, w->tests->futures, random, &counted);
    find_turn(w, difference, e);
    e->verdict = judge(e);
}

/* Leaves the differences in w->difference, and in agreement[future] whether each has the claimed sign. */
static void find_effect(work *w, const pl_claim *c, int k, double *agreement, pl_effect *e) {
    int measure = effect_measure(w, c, k);
    *e = (pl_effect){.measure = measure_of(c, k), .span = span_of(w, c, k),
                     .sign = c->signs[k], .assumed = e->assumed};
    sides first = sides_of(w, c, 0);
    if (first.a < 0) first = sides_of(w, c, 1);
    e->spread = spread_of(w, values_of(w, first.a, measure));
    if (c->form == PL_CLAIM_COMPARATIVE) least_favourable(w, c, measure, e->sign, w->difference);
    else if (c->form == PL_CLAIM_MOTIVE) motive_of(w, c, w->difference);
    else difference_of(w, &first, measure, w->difference);
    if (c->form == PL_CLAIM_MOTIVE) e->spread = 0;
    for (long f = 0; f < w->tests->futures; f++) {
        bool held = c->form == PL_CLAIM_MOTIVE ? w->decides[f] > 0 : agrees(w->difference[f], e->sign, e->spread);
        agreement[f] = isnan(w->difference[f]) ? NAN : held;
    }
    summarise(w, w->difference, agreement, e);
}

/* ---- the basis -------------------------------------------------------------------------------------------- */

static pl_sign sign_of(double x) { return x > 0 ? PL_SIGN_POSITIVE : x < 0 ? PL_SIGN_NEGATIVE : PL_SIGN_ZERO; }

/* A course's one value of a lever for good; false where it has none: it changes, is drawn, or hangs on a rule. */
static bool value_in(const pl_course *course, int lever, double own, double *value) {
    const pl_setting *setting;
    *value = own;
    for (int i = 0; (setting = pl_course_setting(course, i)); i++) {
        if (setting->input != lever) continue;
        if (i >= course->setting_count || setting->count != 1 || setting->values[0].distribution) return false;
        *value = setting->values[0].value;
    }
    return true;
}

static void add_root(const pl_situation *s, const pl_claim_move *m, int lever, pl_root *roots, int *count) {
    const pl_course *courses = s->actors[m->actor].courses;
    const pl_variable *variable = s->inputs[lever].variable;
    double own = variable->equations[0]->numbers ? variable->equations[0]->numbers[0] : 0, from = 0, to = 0;
    for (int i = 0; i < *count; i++)
        if (roots[i].variable == variable->index) return;
    bool plain = m->from_course >= 0 && variable->size == 1 && value_in(&courses[m->from_course], lever, own, &from) &&
                 value_in(&courses[m->to_course], lever, own, &to);
    if (plain && from == to) return;
    roots[(*count)++] = (pl_root){variable->index, plain ? sign_of(to - from) : PL_SIGN_UNKNOWN};
}

/* What a claim's cause changes: a constant, or every lever that two courses set to different values. */
static int find_roots(work *w, const pl_claim *c, pl_root **roots) {
    const pl_situation *s = w->tests->situation;
    const pl_claim_move *m = &c->cause;
    int count = 0;
    *roots = PL_ARRAY(w->arena, s->input_count + 1, pl_root);
    if (m->actor < 0) {
        (*roots)[0] = (pl_root){m->variable->index, sign_of(m->to - m->from)};
        return 1;
    }
    for (int k = 0; k < s->actors[m->actor].course_count; k++) {
        const pl_setting *setting;
        bool takes_part = k == m->to_course || m->from_course < 0 || k == m->from_course;
        for (int i = 0; takes_part && (setting = pl_course_setting(&s->actors[m->actor].courses[k], i)); i++)
            add_root(s, m, setting->input, *roots, &count);
    }
    return count;
}

static bool is_assumed(work *w, const pl_claim *c, int measure, pl_claim_result *result) {
    pl_root *roots;
    int count = find_roots(w, c, &roots);
    pl_influence found;
    bool whole = c->cause.actor < 0;
    pl_influence_find(w->arena, w->structure, roots, count, w->tests->situation->measures[measure].spec.variable->index,
                      whole, &found);
    result->path = found.path, result->path_length = found.length;
    bool simple = c->form == PL_CLAIM_DIRECT || c->form == PL_CLAIM_CHAIN || c->form == PL_CLAIM_HORIZON;
    return simple && found.length > 0 && !(found.positive && found.negative);
}

/* ---- claims ----------------------------------------------------------------------------------------------- */

/* All effects together: contradicted by one that is, supported where all are and their signs come together. */
static pl_verdict join_verdicts(const pl_claim_result *r) {
    bool every = true, small_one = false;
    for (int k = 0; k < r->effect_count; k++) {
        pl_verdict v = r->effects[k].verdict;
        if (v == PL_VERDICT_UNTOLD || v == PL_VERDICT_CONTRADICTED) return v;
        small_one |= v == PL_VERDICT_TOO_SMALL;
        every &= v == PL_VERDICT_SUPPORTED || v == PL_VERDICT_ASSUMED || v == PL_VERDICT_OPEN;
    }
    if (small_one) return PL_VERDICT_TOO_SMALL;
    if (!every || r->share.estimate < most) return PL_VERDICT_CONTESTED;
    return r->assumed ? PL_VERDICT_ASSUMED : PL_VERDICT_SUPPORTED;
}

static void test_claim(work *w, pl_claim_result *r) {
    const pl_claim *c = r->claim;
    long futures = w->tests->futures;
    double *agreement = PL_ARRAY(w->arena, futures, double), *all = PL_ARRAY(w->arena, futures, double);
    for (long f = 0; f < futures; f++) all[f] = 1;
    r->effect_count = effect_count(c);
    r->effects = PL_ARRAY(w->arena, r->effect_count, pl_effect);
    r->assumed = true;
    for (int k = 0; k < r->effect_count; k++) {
        pl_effect *e = &r->effects[k];
        e->assumed = is_assumed(w, c, measure_of(c, k), r);
        r->assumed &= e->assumed;
        find_effect(w, c, k, agreement, e);
        for (long f = 0; f < futures; f++) all[f] = isnan(agreement[f]) || isnan(all[f]) ? NAN : all[f] * agreement[f];
    }
    bool random = pl_design_basis_of(w->tests->situation->design) == PL_BASIS_DRAWS;
    long counted;
    r->share = pl_share_of(all, futures, random, &counted);
    r->verdict = r->effect_count == 1 ? r->effects[0].verdict : join_verdicts(r);
}

/* ---- the whole -------------------------------------------------------------------------------------------- */

static pl_status choose_claims(work *w, pl_error *error) {
    pl_claim_tests *t = w->tests;
    t->results = PL_ARRAY(w->arena, t->claims->count + 1, pl_claim_result);
    bool known = false;
    for (int i = 0; i < t->claims->count; i++) {
        const pl_claim *c = &t->claims->claims[i];
        bool wanted = !w->options->id || strcmp(w->options->id, c->id) == 0;
        known |= wanted;
        t->outside += c->places[0].kind == PL_PLACE_OUTSIDE;
        if (wanted && c->tested) t->results[t->count++].claim = c;
        t->untested += !c->tested;
    }
    if (known && (t->count || !w->options->id)) return PL_OK;
    return pl_error_set(error, PL_USAGE, t->claims->file, 0, 0,
                        known ? "the claim '%.40s' names no cause and effect, so there is nothing to test"
                              : "there is no claim '%.40s'", w->options->id);
}

static void draw_futures(work *w) {
    const pl_situation *s = w->tests->situation;
    pl_design design = pl_design_of(s);
    w->draws = PL_ARRAY(w->arena, (size_t)(s->uncertainty_count + 1) * (size_t)w->tests->futures, double);
    for (int u = 0; u < s->uncertainty_count; u++)
        for (long f = 0; f < w->tests->futures; f++)
            w->draws[(size_t)u * (size_t)w->tests->futures + (size_t)f] = pl_design_draw(&design, &s->uncertainties[u], f);
}

static void make_room(work *w) {
    long futures = w->tests->futures;
    size_t rows = (size_t)w->list_count * (size_t)w->extended.measure_count;
    w->values = PL_ARRAY(w->arena, (rows + 1) * (size_t)futures, double);
    w->difference = PL_ARRAY(w->arena, futures, double);
    w->sorted = PL_ARRAY(w->arena, futures, double);
    w->decides = PL_ARRAY(w->arena, futures, double);
    w->room = PL_ARRAY(w->arena, 3 * futures, double);
    w->other = PL_ARRAY(w->arena, futures, double);
}

static pl_status test_all(work *w, pl_error *error) {
    pl_status status = choose_claims(w, error);
    if (status != PL_OK) return status;
    w->extended = *w->tests->situation;
    w->measure_room = 0; /* so that the first one more copies the situation's */
    prepare(w);
    status = pl_situation_structure(w->tests->situation, &w->structure, error);
    if (status == PL_OK)
        status = pl_variations_new(&w->extended, w->extra, w->extra_count, w->options->threads, &w->variations, error);
    if (status != PL_OK) return status;
    make_room(w);
    draw_futures(w);
    w->tests->runs = w->list_count * w->tests->futures;
    status = pl_variations_run(w->variations, w->list, w->list_count, w->tests->futures, w->values, w->options->progress,
                               w->options->context, error);
    for (int i = 0; status == PL_OK && i < w->tests->count; i++) test_claim(w, &w->tests->results[i]);
    return status;
}

static void leave(void *context) { longjmp(((work *)context)->out, 1); }

static pl_status guard(work *w, pl_error *error) {
    if (setjmp(w->out)) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    return test_all(w, error);
}

static bool holds_futures(const pl_inputs *inputs) {
    for (int i = 0; inputs && i < inputs->count; i++)
        if (inputs->files[i].role == PL_ROLE_FUTURES) return true;
    return false;
}

/* Without a number of futures those of a file, all of them, else FUTURES. A design draws in place of the situation's own
 * file; with one of the inputs it is refused. */
static pl_status choose_futures(pl_claim_tests *t, const pl_inputs *inputs, const pl_claims_options *options,
                                pl_error *error) {
    pl_explore_options override = {.futures = options->futures, .design = options->design,
                                   .seed_given = options->seed_given, .seed = options->seed};
    bool drawn = options->design && pl_design_named(options->design) != PL_DESIGN_GIVEN && !holds_futures(inputs);
    if (override.futures <= 0) override.futures = t->situation->given && !drawn ? 0 : FUTURES;
    pl_status status = pl_situation_override(t->situation, &override, error);
    t->futures = t->situation->futures;
    return status;
}

static pl_status read_all(const char *path, const pl_inputs *inputs, const pl_claims_options *options,
                          pl_claim_tests *t, pl_findings *findings, pl_error *error) {
    pl_status status = pl_situation_read_with(path, inputs, &t->situation, findings, error);
    if (status == PL_OK) status = choose_futures(t, inputs, options, error);
    if (status != PL_OK) return status;
    return pl_claims_read(t->situation, &t->claims, findings, error);
}

pl_status pl_claims_test_with(const char *situation_path, const pl_inputs *inputs, const pl_claims_options *options,
                              pl_claim_tests **tests, pl_findings *findings, pl_error *error) {
    static const pl_claims_options usual = {0};
    *tests = NULL;
    pl_claim_tests *t = pl_allocate(sizeof *t);
    if (!t) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    work w = {.tests = t, .options = options ? options : &usual, .arena = &t->arena};
    pl_status status = read_all(situation_path, inputs, w.options, t, findings, error);
    t->arena.out_of_memory = leave, t->arena.context = &w;
    if (status == PL_OK) status = guard(&w, error);
    t->arena.out_of_memory = NULL, t->arena.context = NULL;
    pl_variations_free(w.variations);
    pl_structure_free(w.structure);
    if (status == PL_OK) *tests = t;
    else pl_claim_tests_free(t);
    return status;
}

pl_status pl_claims_test(const char *situation_path, const pl_claims_options *options, pl_claim_tests **tests,
                         pl_findings *findings, pl_error *error) {
    return pl_claims_test_with(situation_path, NULL, options, tests, findings, error);
}

void pl_claim_tests_free(pl_claim_tests *tests) {
    if (!tests) return;
    pl_claims_free(tests->claims);
    pl_situation_free(tests->situation);
    pl_arena_free(&tests->arena);
    pl_release(tests);
}
