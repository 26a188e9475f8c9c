/* See ranking.h. */
#include "study/ranking.h"

#include <math.h>
#include <string.h>

#include "study/statistics.h"

/* ---- lines ------------------------------------------------------------------------------------------------ */

static double value_at(const pl_lines *l, int option, double x) { return l->at_zero[option] + l->slope[option] * x; }

/* Whether b is the better one from x on (below every number where x is not finite). */
static bool is_better(const pl_lines *l, int b, int a, double x) {
    double lead = l->slope[b] - l->slope[a];
    if (!isfinite(x)) return lead < 0 || (lead == 0 && l->at_zero[b] > l->at_zero[a]);
    double now = value_at(l, b, x) - value_at(l, a, x);
    return now > 0 || (now == 0 && lead > 0);
}

static double crossing(const pl_lines *l, int a, int b) {
    return (l->at_zero[a] - l->at_zero[b]) / (l->slope[b] - l->slope[a]);
}

void pl_lines_envelope(const pl_lines *l, double low, double high, pl_switches *s) {
    s->best = 0, s->count = 0;
    for (int k = 1; k < l->count; k++)
        if (is_better(l, k, s->best, low)) s->best = k;
    for (int at = s->best, next; s->count < l->count - 1; at = next) {
        double nearest = INFINITY;
        next = -1;
        for (int k = 0; k < l->count; k++) {
            if (l->slope[k] <= l->slope[at]) continue;
            double x = crossing(l, at, k);
            if (x > high || x > nearest || (x == nearest && l->slope[k] <= l->slope[next])) continue;
            nearest = x, next = k;
        }
        if (next < 0 || nearest >= high) return;
        s->items[s->count++] = (pl_switch){at, next, {nearest, NAN, NAN}};
    }
}

/* ---- weights ------------------------------------------------------------------------------------------------ */

typedef struct work {
    pl_ranking *ranking;
    pl_arena *arena;
    const pl_play *play;
    const pl_actor *actor;
    int courses, wants, replicates;
    double *columns; /* [want][course][future of the sample] of measure / per */
    double *drawn;   /* [want][course][replicate] their means */
    double *at_zero, *slope;
} work;

static double *mean_row(const work *w, int want) { return w->ranking->means + (size_t)want * (size_t)w->courses; }

static void find_means(work *w, const pl_against *against) {
    const pl_ensemble *e = w->play->ensemble;
    long count = w->play->futures;
    for (int j = 0; j < w->wants; j++)
        for (int k = 0; k < w->courses; k++) {
            double *column = w->columns + ((size_t)j * (size_t)w->courses + (size_t)k) * (size_t)count, sum = 0;
            pl_against_values(against, w->play, pl_ensemble_measure(e, w->actor->wants[j].measure, 0), k, column);
            for (long f = 0; f < count; f++) sum += column[f] /= w->actor->wants[j].per;
            mean_row(w, j)[k] = sum / (double)count;
        }
}

static void resample(work *w) {
    const pl_sample *sample = &w->play->sample;
    double *units = PL_ARRAY(w->arena, sample->units, double), *weights = PL_ARRAY(w->arena, sample->count, double);
    for (int r = 0; r < w->replicates; r++) {
        pl_sample_draw(sample, r, units);
        double total = pl_sample_spread(sample, units, weights);
        for (size_t row = 0; row < (size_t)w->wants * (size_t)w->courses; row++)
            w->drawn[row * (size_t)w->replicates + (size_t)r] =
                pl_weighted_sum(weights, w->columns + row * (size_t)sample->count, sample->count) / total;
    }
}

/* The best course by weights of the wants; ties: the first. */
static int best_course(const work *w, const double *weight) {
    int best = 0;
    double most = -INFINITY;
    for (int k = 0; k < w->courses; k++) {
        double value = 0;
        for (int j = 0; j < w->wants; j++) value += weight[j] * mean_row(w, j)[k];
        if (value > most) most = value, best = k;
    }
    return best;
}

static void count_first(work *w) {
    const pl_ensemble *e = w->play->ensemble;
    double *weight = PL_ARRAY(w->arena, w->wants, double);
    double *is_first = PL_ARRAY(w->arena, (size_t)w->courses * (size_t)e->futures, double);
    w->ranking->first = PL_ARRAY(w->arena, w->courses, pl_interval);
    bool any = false;
    for (int j = 0; j < w->wants; j++) any = any || w->actor->wants[j].drawn >= 0;
    w->ranking->draws = any && e->weights ? e->futures : 0;
    for (long f = 0; f < w->ranking->draws; f++) {
        for (int j = 0; j < w->wants; j++) {
            const pl_want *want = &w->actor->wants[j];
            const double *drawn = e->weights + (size_t)(want->drawn < 0 ? 0 : want->drawn) * (size_t)e->futures;
            weight[j] = want->drawn < 0 ? want->weight.value : drawn[f];
        }
        is_first[(size_t)best_course(w, weight) * (size_t)e->futures + (size_t)f] = 1;
    }
    for (int k = 0; k < w->courses; k++) {
        long count;
        w->ranking->first[k] = (pl_interval){NAN, NAN, NAN};
        if (w->ranking->draws)
            w->ranking->first[k] = pl_share_of(is_first + (size_t)k * (size_t)e->futures, e->futures,
                                               pl_ensemble_is_random(e), &count);
    }
}

/* The line of each course in the weight of a want. mean(j, k): of want j under course k. */
static pl_lines lines_of(work *w, int want, const double *means, size_t stride) {
    for (int k = 0; k < w->courses; k++) {
        w->at_zero[k] = 0;
        for (int j = 0; j < w->wants; j++) {
            double mean = means[((size_t)j * (size_t)w->courses + (size_t)k) * stride];
            if (j == want) w->slope[k] = mean;
            else w->at_zero[k] += w->actor->wants[j].weight.value * mean;
        }
    }
    return (pl_lines){w->courses, w->at_zero, w->slope};
}

/* Where the two courses of a switch change places in the resamples. Of means of independent futures the percentiles; a
 * resample in which the two lines are parallel or change the other way leaves no interval. */
static void set_interval(work *w, int want, pl_switch *s, double *work_space) {
    if (!w->replicates) return;
    for (int r = 0; r < w->replicates; r++) {
        pl_lines l = lines_of(w, want, w->drawn + r, (size_t)w->replicates);
        if (l.slope[s->to] <= l.slope[s->from]) return;
        work_space[r] = crossing(&l, s->from, s->to);
    }
    pl_sort(work_space, w->replicates);
    s->at.low = pl_quantile(work_space, w->replicates, 0.025);
    s->at.high = pl_quantile(work_space, w->replicates, 0.975);
}

static void find_range(const pl_want *want, pl_want_ranking *r) {
    const pl_distribution *d = want->weight.distribution;
    double value = want->weight.value;
    r->drawn = d != NULL;
    r->low = d ? pl_distribution_quantile(d, 1e-12) : fmin(0, 2 * value);
    r->high = d ? pl_distribution_quantile(d, 1 - 1e-12) : fmax(0, 2 * value);
    if (!d) return;
    switch (d->kind) {
    case PL_DIST_UNIFORM:
    case PL_DIST_LOGUNIFORM: r->low = d->number[0], r->high = d->number[1]; break;
    case PL_DIST_TRIANGULAR: r->low = d->number[0], r->high = d->number[2]; break;
    case PL_DIST_NORMAL:
    case PL_DIST_LOGNORMAL:
        r->low = pl_distribution_quantile(d, 0.05), r->high = pl_distribution_quantile(d, 0.95);
        break;
    case PL_DIST_DISCRETE:
    case PL_DIST_COUNT: break;
    }
}

static void rank_want(work *w, int want, double *work_space) {
    pl_want_ranking *r = &w->ranking->wants[want];
    r->want = want;
    find_range(&w->actor->wants[want], r);
    r->within.items = PL_ARRAY(w->arena, w->courses, pl_switch);
    r->below.from = r->above.from = -1;
    pl_lines lines = lines_of(w, want, w->ranking->means, 1);
    pl_lines_envelope(&lines, r->low, r->high, &r->within);
    pl_switches all = {.items = PL_ARRAY(w->arena, w->courses, pl_switch)};
    double least = r->low >= 0 ? 0 : -INFINITY, most = r->high <= 0 ? 0 : INFINITY;
    pl_lines_envelope(&lines, -INFINITY, INFINITY, &all);
    for (int i = 0; i < all.count; i++) {
        double at = all.items[i].at.estimate;
        if (at >= least && at <= r->low) r->below = all.items[i];
        if (at >= r->high && at <= most && r->above.from < 0) r->above = all.items[i];
    }
    for (int i = 0; i < r->within.count; i++) set_interval(w, want, &r->within.items[i], work_space);
    if (r->below.from >= 0) set_interval(w, want, &r->below, work_space);
    if (r->above.from >= 0) set_interval(w, want, &r->above, work_space);
}

void pl_ranking_make(pl_ranking *ranking, pl_arena *arena, const pl_play *play, const pl_against *against,
                     int replicates) {
    const pl_actor *actor = &play->ensemble->situation->actors[against->actor];
    work w = {.ranking = ranking, .arena = arena, .play = play, .actor = actor, .courses = actor->course_count,
              .wants = actor->want_count, .replicates = play->sample.units < 2 ? 0 : replicates};
    size_t rows = (size_t)w.wants * (size_t)w.courses;
    ranking->means = PL_ARRAY(arena, rows, double);
    ranking->wants = PL_ARRAY(arena, w.wants, pl_want_ranking);
    w.columns = PL_ARRAY(arena, rows * (size_t)play->futures, double);
    w.drawn = PL_ARRAY(arena, rows * (size_t)w.replicates, double);
    w.at_zero = PL_ARRAY(arena, w.courses, double);
    w.slope = PL_ARRAY(arena, w.courses, double);
    double *work_space = PL_ARRAY(arena, w.replicates, double);
    find_means(&w, against);
    resample(&w);
    count_first(&w);
    for (int j = 0; j < w.wants; j++) rank_want(&w, j, work_space);
}
