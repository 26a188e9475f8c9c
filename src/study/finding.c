/* See finding.h. */
#include "study/finding.h"

#include <math.h>
#include <setjmp.h>
#include <string.h>

#include "base/error.h"
#include "study/statistics.h"

typedef struct work {
    pl_conclusions *out;
    const pl_ensemble *e;
    const pl_situation *s;
    const pl_comparison *c;
    const pl_play *play;
    const pl_risk_share *risks;
    bool random;
    pl_finding best[PL_FINDING_COUNT]; /* rank 0: none */
    double *up, *down, *scratch; /* [futures], scratch three times that */
    jmp_buf back;
} work;

static void leave(void *context) { longjmp(((work *)context)->back, 1); }

int pl_measure_wanted(const pl_situation *s, int measure) {
    int actors = 0;
    for (int a = 0; a < s->actor_count; a++)
        for (int k = 0; k < s->actors[a].want_count; k++)
            if (s->actors[a].wants[k].measure == measure) {
                actors++;
                break;
            }
    return actors;
}

/* ---- margins ------------------------------------------------------------------------------------------- */

/* The share of futures with a margin above 0. */
static pl_interval share_of(work *w, const double *margin) {
    long count;
    for (long f = 0; f < w->e->futures; f++) w->scratch[f] = isnan(margin[f]) ? NAN : margin[f] > 0;
    return pl_share_of(w->scratch, w->e->futures, w->random, &count);
}

/* Into scratch; how many. */
static long sort_present(work *w, const double *values) {
    return pl_sort_known(values, w->e->futures, 1, w->scratch);
}

static double median_of(work *w, const double *margin) {
    return pl_quantile(w->scratch, sort_present(w, margin), 0.5);
}

/* From the 5 % to the 95 % quantile of a measure under the base. */
static double spread_of(work *w, int measure) {
    long count = sort_present(w, pl_ensemble_measure(w->e, measure, w->e->base));
    return pl_quantile(w->scratch, count, 0.95) - pl_quantile(w->scratch, count, 0.05);
}

static const double *draws_of(const pl_ensemble *e, int input) {
    if (input < e->uncertainty_count) return e->draws + (size_t)input * (size_t)e->futures;
    return e->weights + (size_t)(input - e->uncertainty_count) * (size_t)e->futures;
}

static int inputs_of(const pl_ensemble *e) {
    return e->uncertainty_count + (e->weights ? e->situation->weight_count : 0);
}

/* The input whose draws go with values most, by rank. */
static int find_turns(work *w, const double *values, double *correlation) {
    int found = -1;
    *correlation = 0;
    for (int i = 0; i < inputs_of(w->e); i++) {
        double r = pl_rank_correlation(values, draws_of(w->e, i), w->e->futures, w->scratch);
        if (isnan(r) || fabs(r) <= fabs(*correlation)) continue;
        found = i;
        *correlation = r;
    }
    return found;
}

/* In what share of the fifth of futures with the highest (lowest) draws the margin is above 0. */
static double share_there(work *w, const double *margin, int input, bool high) {
    const double *draws = draws_of(w->e, input);
    double edge = pl_quantile(w->scratch, sort_present(w, draws), high ? 0.8 : 0.2), holds = 0, count = 0;
    for (long f = 0; f < w->e->futures; f++) {
        if (isnan(margin[f]) || !(high ? draws[f] >= edge : draws[f] <= edge)) continue;
        holds += margin[f] > 0;
        count++;
    }
    return count > 0 ? holds / count : NAN;
}

/* ---- candidates ---------------------------------------------------------------------------------------- */

/* A statement that was tested: kept where it passes and is the best of its kind so far. */
static void offer(work *w, pl_finding candidate, const double *margin) {
    pl_finding *best = &w->best[candidate.kind];
    w->out->tested++;
    if (!(candidate.share.estimate >= PL_FINDING_SHARE)) return;
    w->out->held++;
    if (candidate.rank <= best->rank) return;
    double *kept = best->margin ? best->margin : PL_ARRAY(&w->out->arena, w->e->futures, double);
    memcpy(kept, margin, (size_t)w->e->futures * sizeof *kept);
    *best = candidate;
    best->margin = kept;
}

/* Of a profile, what a course was already found to do to the same measure: it would say little more. */
static bool is_told(const work *w, const pl_finding *candidate) {
    const pl_finding *told = &w->best[PL_FINDING_COURSE];
    return candidate->kind == PL_FINDING_PROFILE && told->rank > 0 && told->measure == candidate->measure;
}

/* A statement about a measure, in the direction that the margins up and down say: wanted by many actors first, then by the
 * size of the median change against the measure's spread under the base. */
static void offer_measure(work *w, pl_finding candidate, double spread) {
    const double *margins[] = {w->up, w->down};
    for (int lower = 0; lower < 2; lower++) {
        candidate.lower = lower;
        candidate.share = share_of(w, margins[lower]);
        candidate.median = median_of(w, margins[lower]);
        double size = spread > 0 ? candidate.median / spread : 0;
        if (!(size > 0.01)) candidate.rank = 0; /* too small to matter */
        else candidate.rank = pl_measure_wanted(w->s, candidate.measure) + size / (1 + size);
        if (is_told(w, &candidate)) candidate.rank /= 1e6; /* only where there is nothing else */
        offer(w, candidate, margins[lower]);
    }
}

/* ---- the kinds ----------------------------------------------------------------------------------------- */

/* What leaving costs, in each future, the actor whom it costs least. */
static void equilibrium_margin(work *w, long profile) {
    const pl_game *g = w->play->game;
    for (long f = 0; f < w->e->futures; f++) w->up[f] = INFINITY;
    for (int a = 0; a < g->player_count; a++) {
        const double *stay = pl_ensemble_payoff(w->e, a, profile);
        for (int k = 0; k < g->players[a].strategy_count; k++) {
            if (k == pl_game_strategy(g, profile, a)) continue;
            const double *go = pl_ensemble_payoff(w->e, a, pl_game_deviate(g, profile, a, k));
            for (long f = 0; f < w->e->futures; f++) {
                double cost = stay[f] - go[f];
                if (isnan(cost) || cost < w->up[f]) w->up[f] = isnan(w->up[f]) ? NAN : cost;
            }
        }
    }
}

static void find_EQUILIBRIUM(work *w) {
    if (!w->play || !w->play->replicates) return;
    for (int i = 0; i < w->play->solution->count; i++) {
        const pl_equilibrium *equilibrium = &w->play->solution->equilibria[i];
        if (equilibrium->profile < 0 || isnan(w->play->share[i])) continue;
        equilibrium_margin(w, equilibrium->profile);
        pl_finding candidate = {.kind = PL_FINDING_EQUILIBRIUM,
                                .share = {w->play->share[i], NAN, NAN},
                                .median = median_of(w, w->up),
                                .profile = equilibrium->profile,
                                .rank = w->play->share[i]};
        offer(w, candidate, w->up);
    }
}

/* How far apart in profiles two neighbouring courses of an actor lie. */
static long stride_of(const pl_situation *s, int actor) {
    long stride = 1;
    for (int a = actor + 1; a < s->actor_count; a++) stride *= s->actors[a].course_count;
    return stride;
}

/* The least change of a measure, upwards and downwards, over all combinations of the others' courses. */
static void course_margins(work *w, int actor, int course, int measure) {
    long stride = stride_of(w->s, actor);
    int base = pl_situation_course(w->s, w->e->base, actor);
    for (long f = 0; f < w->e->futures; f++) w->up[f] = w->down[f] = INFINITY;
    for (long p = 0; p < w->e->profiles; p++) {
        if (pl_situation_course(w->s, p, actor) != course) continue;
        const double *own = pl_ensemble_measure(w->e, measure, p);
        const double *other = pl_ensemble_measure(w->e, measure, p + (base - course) * stride);
        for (long f = 0; f < w->e->futures; f++) {
            double change = own[f] - other[f];
            w->up[f] = isnan(change) || isnan(w->up[f]) ? NAN : fmin(w->up[f], change);
            w->down[f] = isnan(change) || isnan(w->down[f]) ? NAN : fmin(w->down[f], -change);
        }
    }
}

static void find_COURSE(work *w) {
    for (int m = 0; m < w->e->measure_count; m++) {
        if (!pl_measure_wanted(w->s, m)) continue;
        double spread = spread_of(w, m);
        for (int a = 0; a < w->s->actor_count; a++)
            for (int k = 0; k < w->s->actors[a].course_count; k++) {
                if (k == pl_situation_course(w->s, w->e->base, a)) continue;
                course_margins(w, a, k, m);
                offer_measure(w, (pl_finding){.kind = PL_FINDING_COURSE, .actor = a, .course = k, .measure = m}, spread);
            }
    }
}

static void profile_margins(work *w, int row, int measure) {
    const double *own = pl_ensemble_measure(w->e, measure, w->c->profile[row]);
    const double *base = pl_ensemble_measure(w->e, measure, w->e->base);
    for (long f = 0; f < w->e->futures; f++) {
        w->up[f] = own[f] - base[f];
        w->down[f] = -w->up[f];
    }
}

static void find_PROFILE(work *w) {
    for (int m = 0; m < w->e->measure_count; m++) {
        if (w->s->actor_count && !pl_measure_wanted(w->s, m)) continue;
        double spread = spread_of(w, m);
        for (int row = 0; row < w->c->rows; row++) {
            if (row == w->c->base_row) continue;
            profile_margins(w, row, m);
            offer_measure(w, (pl_finding){.kind = PL_FINDING_PROFILE, .profile = row, .measure = m}, spread);
        }
    }
}

/* The least gain of one course over another, over all combinations of the others' courses. */
static void dominance_margin(work *w, int actor, int better, int worse, double *margin) {
    long stride = stride_of(w->s, actor);
    for (long p = 0; p < w->e->profiles; p++) {
        if (pl_situation_course(w->s, p, actor) != better) continue;
        const double *own = pl_ensemble_payoff(w->e, actor, p);
        const double *other = pl_ensemble_payoff(w->e, actor, p + (worse - better) * stride);
        for (long f = 0; f < w->e->futures; f++) {
            double gain = own[f] - other[f];
            margin[f] = isnan(gain) || isnan(margin[f]) ? NAN : fmin(margin[f], gain);
        }
    }
}

/* Over which of the actor's courses it is better in enough futures, each by itself; then over all of these at once. */
static void test_dominant(work *w, int actor, int course) {
    int beaten = 0;
    bool *beats = PL_ARRAY(&w->out->arena, w->s->actors[actor].course_count, bool);
    for (long f = 0; f < w->e->futures; f++) w->up[f] = INFINITY;
    for (int k = 0; k < w->s->actors[actor].course_count; k++) {
        if (k == course) continue;
        for (long f = 0; f < w->e->futures; f++) w->down[f] = INFINITY;
        dominance_margin(w, actor, course, k, w->down);
        if (!(share_of(w, w->down).estimate >= PL_FINDING_SHARE)) continue;
        beats[k] = true, beaten++;
        for (long f = 0; f < w->e->futures; f++)
            w->up[f] = isnan(w->down[f]) || isnan(w->up[f]) ? NAN : fmin(w->up[f], w->down[f]);
    }
    if (!beaten) {
        w->out->tested++;
        return;
    }
    pl_interval share = share_of(w, w->up);
    offer(w, (pl_finding){.kind = PL_FINDING_DOMINANT, .actor = actor, .course = course, .beaten = beaten, .beats = beats, .share = share,
                          .median = median_of(w, w->up),
                          .rank = (double)beaten / w->s->actors[actor].course_count + 0.01 * share.estimate}, w->up);
}

static void find_DOMINANT(work *w) {
    for (int a = 0; a < w->s->actor_count; a++)
        for (int k = 0; k < w->s->actors[a].course_count; k++) test_dominant(w, a, k);
}

static int count_risks(const work *w, int row, bool sure) {
    int count = 0;
    for (int i = 0; i < w->s->risk_count; i++) {
        const pl_risk_share *share = &w->risks[i * w->c->rows + row];
        if (!share->futures) continue;
        count += sure ? share->share.estimate >= PL_FINDING_SHARE : share->share.estimate <= 1 - PL_FINDING_SHARE;
    }
    return count;
}

static void find_RISKS(work *w) {
    int most = -1, least = -1;
    for (int row = 0; row < w->c->rows && w->s->risk_count; row++) {
        if (row == w->c->base_row) continue; /* many risks are told against the base: it has none of them */
        if (most < 0 || count_risks(w, row, true) > count_risks(w, most, true)) most = row;
        if (least < 0 || count_risks(w, row, false) > count_risks(w, least, false)) least = row;
    }
    w->out->tested += (long)w->s->risk_count * w->c->rows;
    if (most < 0) return;
    for (int row = 0; row < w->c->rows; row++) w->out->held += count_risks(w, row, true) + count_risks(w, row, false);
    if (count_risks(w, most, true) == 0) return;
    w->best[PL_FINDING_RISKS] = (pl_finding){.kind = PL_FINDING_RISKS,
                                             .share = {NAN, NAN, NAN},
                                             .median = NAN,
                                             .profile = most,
                                             .second = least,
                                             .sure = count_risks(w, most, true),
                                             .second_sure = count_risks(w, least, true),
                                             .second_rare = count_risks(w, least, false),
                                             .rank = 1};
}

/* ---- what is not known ---------------------------------------------------------------------------------- */

static void find_open(work *w) {
    pl_open_question *open = &w->out->open;
    double best = 0;
    *open = (pl_open_question){.row = -1, .measure = -1, .turns = -1};
    for (int m = 0; m < w->e->measure_count; m++) {
        int wanted = pl_measure_wanted(w->s, m);
        if (w->s->actor_count && !wanted) continue;
        double spread = spread_of(w, m);
        for (int row = 0; row < w->c->rows; row++) {
            if (row == w->c->base_row) continue;
            profile_margins(w, row, m);
            double share = share_of(w, w->up).estimate, fall = share_of(w, w->down).estimate;
            if (isnan(share)) continue;
            open->pairs++;
            if (share >= PL_FINDING_SHARE || fall >= PL_FINDING_SHARE || share + fall < 0.99) continue;
            open->undecided++;
            long count = sort_present(w, w->up);
            double reach = pl_quantile(w->scratch, count, 0.95) - pl_quantile(w->scratch, count, 0.05);
            double rank = wanted + (1 - fabs(2 * share - 1)) * (spread > 0 ? reach / (reach + spread) : 0);
            if (share < 0.25 || share > 0.75 || rank <= best) continue;
            best = rank;
            open->row = row;
            open->measure = m;
            open->share = share;
        }
    }
    if (open->row < 0) return;
    double correlation;
    profile_margins(w, open->row, open->measure);
    open->turns = find_turns(w, w->up, &correlation);
    open->turns_high = correlation > 0;
}

/* ---- the whole ----------------------------------------------------------------------------------------- */

static const int questions[PL_FINDING_COUNT] = {
#define X(id, question, text) question,
    PL_FINDING_KINDS(X)
#undef X
};

/* The first kind that found something for each question, then what other kinds found. */
static void choose(work *w) {
    bool taken[PL_FINDING_COUNT] = {false};
    for (int question = 0; question <= PL_FINDING_QUESTIONS; question++)
        for (int kind = 0; kind < PL_FINDING_COUNT; kind++) {
            if (taken[kind] || w->best[kind].rank <= 0) continue;
            if (question < PL_FINDING_QUESTIONS && questions[kind] != question) continue;
            w->out->list[w->out->count++] = w->best[kind];
            taken[kind] = true;
            if (question < PL_FINDING_QUESTIONS) break;
        }
}

static void find_breaks(work *w, pl_finding *finding) {
    finding->turns = -1;
    finding->there = NAN;
    if (!finding->margin) return;
    finding->turns = find_turns(w, finding->margin, &finding->correlation);
    if (finding->turns < 0) return;
    finding->turns_high = finding->correlation < 0;
    finding->there = share_there(w, finding->margin, finding->turns, finding->turns_high);
}

static pl_status conclude(work *w, pl_error *error) {
    if (setjmp(w->back)) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    w->up = PL_ARRAY(&w->out->arena, w->e->futures, double);
    w->down = PL_ARRAY(&w->out->arena, w->e->futures, double);
    w->scratch = PL_ARRAY(&w->out->arena, 3 * w->e->futures, double);
#define X(id, question, text) find_##id(w);
    PL_FINDING_KINDS(X)
#undef X
    choose(w);
    for (int i = 0; i < w->out->count; i++) find_breaks(w, &w->out->list[i]);
    find_open(w);
    return PL_OK;
}

pl_status pl_conclude(const pl_comparison *comparison, const pl_play *play, const pl_risk_share *risks,
                      pl_conclusions **conclusions, pl_error *error) {
    *conclusions = NULL;
    pl_conclusions *out = pl_allocate(sizeof *out);
    if (!out) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    const pl_ensemble *e = comparison->ensemble;
    work w = {.out = out, .e = e, .s = e->situation, .c = comparison, .play = play, .risks = risks,
              .random = pl_ensemble_is_random(e)};
    out->open = (pl_open_question){.row = -1, .measure = -1, .turns = -1};
    out->arena.out_of_memory = leave;
    out->arena.context = &w;
    pl_status status = pl_ensemble_require_sample(e, NULL) == PL_OK ? conclude(&w, error) : PL_OK;
    out->arena.out_of_memory = NULL;
    if (status == PL_OK) *conclusions = out;
    else pl_conclusions_free(out);
    return status;
}

void pl_conclusions_free(pl_conclusions *conclusions) {
    if (!conclusions) return;
    pl_arena_free(&conclusions->arena);
    pl_release(conclusions);
}
