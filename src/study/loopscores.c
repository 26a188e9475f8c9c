/* Shares of loops in one run and over the futures.  See loopscores.h.
 *
 * The run alone gives the times and the first loops; where a partition has too many of them, a pass over the futures finds
 * those that are strong there.  Then the set stands, and a second pass scores each of its loops in each future. */
#include "study/loopscores.h"

#include <math.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "ensemble/explore.h"
#include "ensemble/reading.h"
#include "study/looprun.h"
#include "study/statistics.h"

enum { FUTURES = 100, SEARCHED_POINTS = 12, MOST_CELLS = 60000000 };
static const double confident = 0.99; /* polarity confidence of Ru and Bu */

typedef struct item_set { /* the loops found in one block of futures */
    pl_arena arena;
    pl_loop_set set;
    jmp_buf escape;
} item_set;

enum { SEEN_POSITIVE = 1, SEEN_NEGATIVE = 2 };

/* Sums over the window of one lane of one thread. */
typedef struct tally {
    double *scores, *shares, *sums; /* [loop], [loop], [partition] of one point */
    double *sizes, *signs;          /* [loop] sums of |share| and of share */
    double *active;                 /* [partition] points at which something changed */
} tally;

typedef struct work {
    pl_loop_scores *l;
    pl_arena *arena;
    const pl_loops_options *options;
    pl_loop_runs runs;
    double *links;      /* [point][link] of the run alone */
    pl_loop_set found;  /* there; the scores' own set takes those that are strong somewhere */
    item_set *items;
    int search_every;
    tally *tallies;     /* [thread][lane] */
    double *means, *signed_means; /* [loop][future] */
    bool *relevant;     /* [loop] */
    int *series_of;     /* [loop] its row in series, or -1 */
    float *series;      /* [row][point][future] */
    unsigned char *seen; /* [thread][link] 1: a positive score, 2: a negative one, in some future */
    double *positive, *negative; /* [loop] over the run and the futures */
    atomic_long done;
    long all;
    atomic_bool stopped;
    jmp_buf escape;
} work;

/* ---- what is asked ---------------------------------------------------------------------------------------- */

static pl_status find_target(pl_loop_scores *l, const char *name, pl_error *error) {
    const pl_situation *s = l->situation;
    l->measure = -1, l->element = -1;
    if (!name) return PL_OK;
    l->target = pl_arena_text(&l->arena, name, strlen(name));
    for (int i = 0; s && i < s->measure_count && l->measure < 0; i++)
        if (pl_names_equal(s->measures[i].name, name)) l->measure = i;
    if (l->measure >= 0) {
        const pl_measure_spec *spec = &s->measures[l->measure].spec;
        l->variable = spec->variable, l->element = spec->variable->size > 1 ? spec->element : -1;
        return PL_OK;
    }
    pl_variable *variable;
    pl_status status = pl_model_find_element(l->model, name, &variable, &l->element, error);
    l->variable = status == PL_OK ? variable : NULL;
    return status;
}

static pl_status find_profile(pl_loop_scores *l, const char *name, pl_error *error) {
    const pl_situation *s = l->situation;
    char list[300] = "";
    if (!s) return PL_OK;
    l->profile = pl_situation_combination(s, s->base_course);
    if (!name) return PL_OK;
    for (int i = 0; i < s->profile_count; i++) {
        if (pl_names_equal(s->profiles[i].name, name)) {
            l->profile = pl_situation_combination(s, s->profiles[i].course);
            return PL_OK;
        }
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s'%s'", used ? ", " : "", s->profiles[i].name);
    }
    return pl_error_set(error, PL_USAGE, NULL, 0, 0, "there is no profile '%.60s'; the profiles are %s", name, list);
}

static void set_window(work *w) {
    pl_loop_scores *l = w->l;
    const pl_situation *s = l->situation;
    l->from = s ? s->run_from : NAN, l->to = NAN;
    if (l->measure >= 0) {
        const pl_measure_spec *spec = &s->measures[l->measure].spec;
        bool at = spec->take == PL_TAKE_AT;
        if (!at && !isnan(spec->from)) l->from = spec->from;
        l->to = at ? spec->from : spec->to;
    }
    if (isnan(l->from)) l->from = l->times[0];
    if (isnan(l->to) || l->to > l->times[l->points - 1]) l->to = l->times[l->points - 1];
    double slack = l->points > 1 ? (l->times[1] - l->times[0]) * 1e-6 : 0;
    l->first = 1;
    while (l->first < l->points - 1 && l->times[l->first] < l->from - slack) l->first++;
    for (l->last = l->points - 1; l->last > l->first && l->times[l->last] > l->to + slack;) l->last--;
    for (int i = 0; i < PL_LOOP_PERIODS; i++) l->period_ends[i] = l->from + (l->to - l->from) * (i + 1) / PL_LOOP_PERIODS;
}

static int period_of(const pl_loop_scores *l, int point) {
    int period = 0;
    while (period < PL_LOOP_PERIODS - 1 && l->times[point] > l->period_ends[period] + 1e-9 * fabs(l->period_ends[period]))
        period++;
    return period;
}

static bool is_target(const pl_loop_scores *l, const pl_variable *variable, int element) {
    return variable == l->variable && (l->element < 0 || element == l->element);
}

/* The nodes on loops from which the target is reached without passing another such node: what acts on it at once. */
static void find_entries(const work *w, bool *entries) {
    const pl_link_graph *g = w->l->graph;
    const pl_partials *p = g->partials;
    int *node_of = PL_ARRAY(w->arena, p->node_count + 1, int);
    bool *reaches = PL_ARRAY(w->arena, p->node_count + 1, bool);
    for (int n = 0; n < g->node_count; n++) node_of[g->nodes[n].raw] = n + 1;
    for (int n = 0; n < p->node_count; n++) reaches[n] = is_target(w->l, p->nodes[n].variable, p->nodes[n].element);
    for (bool more = true; more;) {
        more = false;
        for (int n = p->node_count - 1; n >= 0; n--)
            for (int i = p->first[n]; i < p->first[n + 1] && !reaches[n]; i++)
                if (reaches[p->to[i]] && !node_of[p->to[i]]) reaches[n] = more = true;
    }
    for (int n = 0; n < p->node_count; n++)
        if (reaches[n] && node_of[n]) entries[node_of[n] - 1] = true;
}

/* Which loops count: those through the target, else those through what acts on it. */
static void find_relevant(work *w) {
    pl_loop_scores *l = w->l;
    const pl_link_graph *g = l->graph;
    bool *nodes = PL_ARRAY(w->arena, g->node_count + 1, bool);
    w->relevant = PL_ARRAY(w->arena, l->set.count + 1, bool);
    for (int n = 0; n < g->node_count && l->variable; n++) {
        nodes[n] = is_target(l, g->nodes[n].variable, g->nodes[n].element);
        l->through = l->through || nodes[n];
    }
    if (l->variable && !l->through) find_entries(w, nodes);
    l->entries = PL_ARRAY(&l->arena, g->node_count + 1, int), l->entry_count = 0;
    for (int n = 0; n < g->node_count; n++)
        if (nodes[n]) l->entries[l->entry_count++] = n;
    for (int i = 0; i < l->set.count; i++) {
        const pl_scored_loop *loop = &l->set.loops[i];
        w->relevant[i] = !l->variable;
        for (int k = 0; l->variable && k < loop->length; k++) w->relevant[i] = w->relevant[i] || nodes[loop->nodes[k]];
    }
}

/* ---- the run alone ---------------------------------------------------------------------------------------- */

static bool keep_row(void *context, long item, int thread, long future, int point, const double *scores) {
    work *w = context;
    int links = w->l->graph->link_count;
    (void)item, (void)thread, (void)future;
    if (!w->links) w->links = pl_allocate(((size_t)w->runs.points * (size_t)links + 1) * sizeof *w->links);
    if (w->links) memcpy(w->links + (size_t)point * (size_t)links, scores, (size_t)links * sizeof *scores);
    return w->links != NULL;
}

static pl_status run_alone(work *w, pl_error *error) {
    pl_loop_scores *l = w->l;
    w->runs.visit = keep_row;
    pl_status status = pl_loop_run_alone(&w->runs, error);
    if (status != PL_OK) return status;
    l->points = w->runs.points;
    l->times = PL_ARRAY(&l->arena, l->points, double);
    memcpy(l->times, w->runs.times, (size_t)l->points * sizeof *l->times);
    if (l->points < 2 || !w->links)
        return pl_error_set(error, PL_INVALID, l->model->file, 0, 0, "the run has no second saved time, so that nothing changes");
    for (int point = 1; point < l->points; point++)
        pl_loop_set_search(&w->found, w->links + (size_t)point * (size_t)l->graph->link_count);
    pl_loop_set_like(&l->set, &l->arena, &w->found);
    pl_loop_set_join(&l->set, &w->found);
    return PL_OK;
}

static void score_alone(work *w) {
    pl_loop_scores *l = w->l;
    int count = l->set.count;
    double *scores = PL_ARRAY(w->arena, count + 1, double), *shares = PL_ARRAY(w->arena, count + 1, double);
    double *sums = PL_ARRAY(w->arena, l->graph->partition_count + 1, double);
    l->scores = PL_ARRAY(&l->arena, (size_t)(count + 1) * (size_t)l->points, double);
    l->shares = PL_ARRAY(&l->arena, (size_t)(count + 1) * (size_t)l->points, double);
    for (int point = 1; point < l->points; point++) {
        pl_loop_set_scores(&l->set, w->links + (size_t)point * (size_t)l->graph->link_count, scores, shares, sums);
        for (int i = 0; i < count; i++) {
            l->scores[(size_t)i * (size_t)l->points + (size_t)point] = scores[i];
            l->shares[(size_t)i * (size_t)l->points + (size_t)point] = shares[i];
        }
    }
}

static signed char sign_of(int seen) {
    return seen == SEEN_POSITIVE ? 1 : seen == SEEN_NEGATIVE ? -1 : 0;
}

/* The signs of links in the run; of one that never has a score there, in the futures. */
static void find_link_signs(work *w) {
    pl_loop_scores *l = w->l;
    int links = l->graph->link_count;
    l->link_signs = PL_ARRAY(&l->arena, links + 1, signed char);
    for (int i = 0; i < links; i++) {
        int seen = 0, elsewhere = 0;
        for (int point = 1; point < l->points; point++) {
            double score = w->links[(size_t)point * (size_t)links + (size_t)i];
            seen |= score > 0 ? SEEN_POSITIVE : score < 0 ? SEEN_NEGATIVE : 0;
        }
        for (int thread = 0; w->seen && thread < w->runs.threads; thread++)
            elsewhere |= w->seen[(size_t)thread * (size_t)links + (size_t)i];
        l->link_signs[i] = sign_of(seen ? seen : elsewhere);
    }
}

static const double *shares_of(const pl_loop_scores *l, int loop) { return l->shares + (size_t)loop * (size_t)l->points; }

/* ---- futures ---------------------------------------------------------------------------------------------- */

static bool report(work *w, int point, long future) {
    if (point != w->runs.points - 1) return true;
    long done = atomic_fetch_add(&w->done, 1) + 1;
    (void)future;
    if (w->options->progress && w->options->progress(w->options->context, done, w->all)) atomic_store(&w->stopped, true);
    return !atomic_load(&w->stopped);
}

static void leave_item(void *context) { longjmp(((item_set *)context)->escape, 1); }

static bool search_row(void *context, long item, int thread, long future, int point, const double *scores) {
    work *w = context;
    item_set *own = &w->items[item];
    (void)thread;
    own->arena.out_of_memory = leave_item, own->arena.context = own;
    if (setjmp(own->escape)) return false;
    if (!own->set.graph) pl_loop_set_like(&own->set, &own->arena, &w->l->set);
    if (point % w->search_every == 0) pl_loop_set_search(&own->set, scores);
    return report(w, point, future);
}

/* Whether futures need be searched at all. */
static pl_status search_futures(work *w, long items, pl_error *error) {
    pl_loop_scores *l = w->l;
    w->items = PL_ARRAY(w->arena, items, item_set);
    w->search_every = (l->points - 2) / SEARCHED_POINTS + 1;
    w->runs.visit = search_row;
    pl_status status = pl_loop_run_futures(&w->runs, l->futures, error);
    for (long i = 0; i < items && status == PL_OK; i++) pl_loop_set_join(&l->set, &w->items[i].set);
    return status;
}

static void free_items(work *w, long items) {
    for (long i = 0; w->items && i < items; i++) {
        pl_loop_set_end(&w->items[i].set);
        pl_arena_free(&w->items[i].arena);
    }
    w->items = NULL;
}

static void finish_lane(work *w, const tally *t, long future) {
    const pl_loop_set *set = &w->l->set;
    for (int i = 0; i < set->count; i++) {
        double active = t->active[set->loops[i].partition];
        size_t at = (size_t)i * (size_t)w->l->futures + (size_t)future;
        w->means[at] = active > 0 ? t->sizes[i] / active : NAN;
        w->signed_means[at] = active > 0 ? t->signs[i] / active : NAN;
    }
}

static void clear_lane(const work *w, tally *t) {
    memset(t->sizes, 0, (size_t)w->l->set.count * sizeof *t->sizes);
    memset(t->signs, 0, (size_t)w->l->set.count * sizeof *t->signs);
    memset(t->active, 0, (size_t)w->l->graph->partition_count * sizeof *t->active);
}

static bool score_row(void *context, long item, int thread, long future, int point, const double *scores) {
    work *w = context;
    pl_loop_scores *l = w->l;
    tally *t = &w->tallies[thread * PL_LOOP_LANES + future % PL_LOOP_LANES];
    (void)item;
    unsigned char *seen = w->seen + (size_t)thread * (size_t)l->graph->link_count;
    if (point == 1) clear_lane(w, t);
    for (int i = 0; i < l->graph->link_count; i++)
        seen[i] |= scores[i] > 0 ? SEEN_POSITIVE : scores[i] < 0 ? SEEN_NEGATIVE : 0;
    pl_loop_set_scores(&l->set, scores, t->scores, t->shares, t->sums);
    for (int i = 0; i < l->set.count; i++)
        if (w->series_of[i] >= 0) {
            size_t row = (size_t)w->series_of[i] * (size_t)l->points + (size_t)point;
            w->series[row * (size_t)l->futures + (size_t)future] = (float)fabs(t->shares[i]);
        }
    if (point >= l->first && point <= l->last) {
        for (int p = 0; p < l->graph->partition_count; p++) t->active[p] += t->sums[p] > 0;
        for (int i = 0; i < l->set.count; i++) t->sizes[i] += fabs(t->shares[i]), t->signs[i] += t->shares[i];
    }
    if (point == l->points - 1) finish_lane(w, t, future);
    return report(w, point, future);
}

static void make_tallies(work *w, int threads) {
    size_t loops = (size_t)w->l->set.count + 1, partitions = (size_t)w->l->graph->partition_count + 1;
    w->tallies = PL_ARRAY(w->arena, threads * PL_LOOP_LANES, tally);
    w->seen = PL_ARRAY(w->arena, (size_t)threads * ((size_t)w->l->graph->link_count + 1), unsigned char);
    for (int thread = 0; thread < threads; thread++) {
        double *scores = PL_ARRAY(w->arena, loops, double), *shares = PL_ARRAY(w->arena, loops, double);
        double *sums = PL_ARRAY(w->arena, partitions, double); /* of one row: lanes of a thread share them */
        for (int lane = 0; lane < PL_LOOP_LANES; lane++)
            w->tallies[thread * PL_LOOP_LANES + lane] = (tally){
                scores, shares, sums, PL_ARRAY(w->arena, loops, double), PL_ARRAY(w->arena, loops, double),
                PL_ARRAY(w->arena, partitions, double)};
    }
}

static double own_mean(const pl_loop_scores *l, int loop) {
    double sum = 0;
    for (int point = l->first; point <= l->last; point++) sum += fabs(shares_of(l, loop)[point]);
    return sum / (l->last - l->first + 1);
}

/* The loops of which the shares are kept over time: the strongest in the run alone. */
static void choose_series(work *w) {
    pl_loop_scores *l = w->l;
    double *means = PL_ARRAY(w->arena, l->set.count + 1, double);
    int rows = 0;
    w->series_of = PL_ARRAY(w->arena, l->set.count + 1, int);
    for (int i = 0; i < l->set.count; i++) means[i] = own_mean(l, i), w->series_of[i] = -1;
    for (; rows < PL_LOOP_SERIES; rows++) {
        int best = -1;
        for (int i = 0; i < l->set.count; i++)
            if (w->relevant[i] && w->series_of[i] < 0 && (best < 0 || means[i] > means[best])) best = i;
        if (best < 0) break;
        w->series_of[best] = rows;
    }
    w->series = PL_ARRAY(w->arena, (size_t)(rows + 1) * (size_t)l->points * (size_t)l->futures, float);
}

static pl_status score_futures(work *w, int threads, pl_error *error) {
    pl_loop_scores *l = w->l;
    size_t cells = (size_t)l->set.count * (size_t)l->futures;
    if (cells > MOST_CELLS)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "with %d loops there can be at most %d futures", l->set.count,
                            MOST_CELLS / (l->set.count + 1));
    choose_series(w);
    make_tallies(w, threads);
    w->means = PL_ARRAY(w->arena, cells + 1, double), w->signed_means = PL_ARRAY(w->arena, cells + 1, double);
    w->runs.visit = score_row;
    return pl_loop_run_futures(&w->runs, l->futures, error);
}

static pl_status run_futures(work *w, pl_error *error) {
    pl_loop_scores *l = w->l;
    long items = (l->futures + PL_LOOP_LANES - 1) / PL_LOOP_LANES;
    int threads = w->runs.threads;
    pl_status status = PL_OK;
    w->all = l->futures * (l->set.searches ? 2 : 1);
    if (l->set.searches) status = search_futures(w, items, error);
    free_items(w, items);
    if (status != PL_OK) return status;
    find_relevant(w); /* of the loops that came in */
    score_alone(w);
    return score_futures(w, threads, error);
}

/* ---- results ---------------------------------------------------------------------------------------------- */

static pl_loop_polarity polarity_of(double positive, double negative) {
    double confidence = positive + negative > 0 ? fabs(positive - negative) / (positive + negative) : 0;
    if (positive + negative == 0) return PL_LOOP_IDLE;
    if (negative == 0) return PL_LOOP_REINFORCING;
    if (positive == 0) return PL_LOOP_BALANCING;
    if (confidence <= confident) return PL_LOOP_CHANGING;
    return positive > negative ? PL_LOOP_MOSTLY_REINFORCING : PL_LOOP_MOSTLY_BALANCING;
}

/* Whether anything of a partition changes at a point of the run alone. */
static bool *find_active(work *w, int partition) {
    pl_loop_scores *l = w->l;
    bool *active = PL_ARRAY(w->arena, l->points, bool);
    for (int i = 0; i < l->set.count; i++)
        for (int point = 1; l->set.loops[i].partition == partition && point < l->points; point++)
            active[point] = active[point] || shares_of(l, i)[point] != 0;
    return active;
}

/* Means over the window and its periods of a row over points. */
static void average(const pl_loop_scores *l, const bool *active, const double *row, bool size, double *mean,
                    double periods[PL_LOOP_PERIODS]) {
    double sums[PL_LOOP_PERIODS + 1] = {0}, counts[PL_LOOP_PERIODS + 1] = {0};
    for (int point = l->first; point <= l->last; point++) {
        double value = size ? fabs(row[point]) : row[point];
        int period = period_of(l, point);
        if (!active[point]) continue;
        sums[period] += value, sums[PL_LOOP_PERIODS] += value;
        counts[period]++, counts[PL_LOOP_PERIODS]++;
    }
    for (int i = 0; i < PL_LOOP_PERIODS; i++) periods[i] = counts[i] > 0 ? sums[i] / counts[i] : NAN;
    *mean = counts[PL_LOOP_PERIODS] > 0 ? sums[PL_LOOP_PERIODS] / counts[PL_LOOP_PERIODS] : NAN;
}

static void add_signs(work *w, int loop) {
    const pl_loop_scores *l = w->l;
    for (int point = 1; point < l->points; point++) {
        double share = shares_of(l, loop)[point];
        if (share > 0) w->positive[loop] += share;
        else w->negative[loop] -= share;
    }
    for (long f = 0; f < l->futures; f++) {
        double size = w->means[(size_t)loop * (size_t)l->futures + (size_t)f];
        double sign = w->signed_means[(size_t)loop * (size_t)l->futures + (size_t)f];
        if (isnan(size)) continue;
        w->positive[loop] += size + sign > size * 1e-12 ? (size + sign) / 2 : 0;
        w->negative[loop] += size - sign > size * 1e-12 ? (size - sign) / 2 : 0;
    }
}

static void spread_series(work *w, pl_loop_result *r, double *room) {
    pl_loop_scores *l = w->l;
    double **rows[3] = {&r->futures.low, &r->futures.median, &r->futures.high};
    const double at[3] = {0.05, 0.5, 0.95};
    if (w->series_of[r->loop] < 0) return;
    for (int k = 0; k < 3; k++) *rows[k] = PL_ARRAY(&l->arena, l->points, double);
    for (int point = 1; point < l->points; point++) {
        size_t row = (size_t)w->series_of[r->loop] * (size_t)l->points + (size_t)point;
        for (long f = 0; f < l->futures; f++) room[f] = (double)w->series[row * (size_t)l->futures + (size_t)f];
        pl_sort(room, l->futures);
        for (int k = 0; k < 3; k++) (*rows[k])[point] = pl_quantile(room, l->futures, at[k]);
    }
}

/* leader[partition][future]: the loop of the largest mean share; -1: nothing changed. */
static int *find_leaders(work *w) {
    pl_loop_scores *l = w->l;
    int *leader = PL_ARRAY(w->arena, (size_t)(l->graph->partition_count + 1) * (size_t)l->futures, int);
    memset(leader, -1, (size_t)(l->graph->partition_count + 1) * (size_t)l->futures * sizeof *leader);
    for (int i = 0; i < l->set.count; i++)
        for (long f = 0; f < l->futures; f++) {
            int *best = &leader[(size_t)l->set.loops[i].partition * (size_t)l->futures + (size_t)f];
            const double *means = w->means + f;
            double own = means[(size_t)i * (size_t)l->futures];
            if (own > 0 && (*best < 0 || own > means[(size_t)*best * (size_t)l->futures])) *best = i;
        }
    return leader;
}

static void spread_futures(work *w, pl_loop_result *r, const int *leader, double *room) {
    pl_loop_scores *l = w->l;
    const double *means = w->means + (size_t)r->loop * (size_t)l->futures;
    const int *of_partition = leader + (size_t)l->set.loops[r->loop].partition * (size_t)l->futures;
    double *leads = room + 2 * l->futures;
    r->futures.share = pl_spread_of(means, l->futures, l->random, room);
    for (long f = 0; f < l->futures; f++) leads[f] = isnan(means[f]) ? (double)NAN : of_partition[f] == r->loop;
    r->futures.leads = pl_share_of(leads, l->futures, l->random, &r->futures.counted);
    spread_series(w, r, room);
}

/* ---- in order --------------------------------------------------------------------------------------------- */

static int compare_results(const void *a, const void *b) {
    const pl_loop_result *x = a, *y = b;
    if (x->weight != y->weight) return x->weight > y->weight ? -1 : 1;
    return (x->loop > y->loop) - (x->loop < y->loop);
}

/* Partitions with many variables first. */
static int *order_partitions(work *w, int *count) {
    const pl_link_graph *g = w->l->graph;
    int *order = PL_ARRAY(w->arena, g->partition_count + 1, int);
    bool *used = PL_ARRAY(w->arena, g->partition_count + 1, bool);
    *count = 0;
    for (int i = 0; i < w->l->set.count; i++)
        if (w->relevant[i]) used[w->l->set.loops[i].partition] = true;
    for (int p = 0; p < g->partition_count; p++) {
        if (!used[p]) continue;
        int k = (*count)++;
        for (; k > 0 && g->partition_nodes[order[k - 1]] < g->partition_nodes[p]; k--) order[k] = order[k - 1];
        order[k] = p;
    }
    return order;
}

/* "R1", "B2": a letter and a number within it, in the order of the results. */
static void name_results(pl_loop_scores *l) {
    static const char *const letters[] = {"R", "B", "Ru", "Bu", "U", "0-"};
    int counts[PL_LOOP_IDLE + 1] = {0};
    for (int i = 0; i < l->result_count; i++) {
        pl_loop_result *r = &l->results[i];
        snprintf(r->name, sizeof r->name, "%s%d", letters[r->polarity], ++counts[r->polarity]);
    }
}

static void add_result(work *w, int loop, const bool *active, const int *leader, double *room) {
    pl_loop_scores *l = w->l;
    pl_loop_result *r = &l->results[l->result_count++];
    r->loop = loop;
    average(l, active, shares_of(l, loop), true, &r->share, r->periods);
    for (int point = l->first; point <= l->last; point++) r->largest = fmax(r->largest, fabs(shares_of(l, loop)[point]));
    add_signs(w, loop);
    r->polarity = polarity_of(w->positive[loop], w->negative[loop]);
    if (l->futures > 0) spread_futures(w, r, leader, room);
    r->weight = l->futures > 0 ? r->futures.share.median.estimate : r->share;
    if (isnan(r->weight)) r->weight = -1;
}

/* The loop of the largest share among those of a partition that count, at each point. */
static void find_phases(work *w, pl_loop_partition *p, const bool *active) {
    pl_loop_scores *l = w->l;
    p->phases = PL_ARRAY(&l->arena, l->last - l->first + 2, pl_loop_phase);
    int counted = 0;
    for (int point = l->first; point <= l->last; point++) {
        int best = -1;
        for (int i = p->first; i < p->first + p->count && active[point]; i++)
            if (best < 0 || fabs(shares_of(l, l->results[i].loop)[point]) > fabs(shares_of(l, l->results[best].loop)[point]))
                best = i;
        pl_loop_phase *last = p->phase_count ? &p->phases[p->phase_count - 1] : NULL;
        if (best < 0) continue;
        double share = fabs(shares_of(l, l->results[best].loop)[point]);
        if (!last || last->result != best) {
            last = &p->phases[p->phase_count++], counted = 0;
            *last = (pl_loop_phase){.from = l->times[point], .result = best};
        }
        last->to = l->times[point], last->share += (share - last->share) / ++counted;
    }
}

static void sum_reinforcing(work *w, pl_loop_partition *p, const bool *active) {
    pl_loop_scores *l = w->l;
    double *row = PL_ARRAY(w->arena, l->points, double);
    for (int i = 0; i < l->set.count; i++)
        for (int point = 1; l->set.loops[i].partition == p->partition && point < l->points; point++)
            row[point] += fmax(shares_of(l, i)[point], 0);
    average(l, active, row, false, &p->reinforcing[0], p->reinforcing + 1);
}

static void make_results(work *w) {
    pl_loop_scores *l = w->l;
    int *order = order_partitions(w, &l->partition_count), *leader = l->futures > 0 ? find_leaders(w) : NULL;
    double *room = PL_ARRAY(w->arena, 3 * l->futures + 1, double);
    bool **active = PL_ARRAY(w->arena, l->partition_count + 1, bool *);
    w->positive = PL_ARRAY(w->arena, l->set.count + 1, double), w->negative = PL_ARRAY(w->arena, l->set.count + 1, double);
    l->results = PL_ARRAY(&l->arena, l->set.count + 1, pl_loop_result);
    l->partitions = PL_ARRAY(&l->arena, l->partition_count + 1, pl_loop_partition);
    for (int k = 0; k < l->partition_count; k++) {
        pl_loop_partition *p = &l->partitions[k];
        *p = (pl_loop_partition){.partition = order[k], .variables = l->graph->partition_nodes[order[k]],
                                 .whole = l->set.whole[order[k]], .first = l->result_count};
        active[k] = find_active(w, order[k]);
        for (int i = 0; i < l->set.count; i++) {
            p->loops += l->set.loops[i].partition == order[k];
            if (w->relevant[i] && l->set.loops[i].partition == order[k]) add_result(w, i, active[k], leader, room);
        }
        p->count = l->result_count - p->first;
        qsort(l->results + p->first, (size_t)p->count, sizeof *l->results, compare_results);
        find_phases(w, p, active[k]);
        sum_reinforcing(w, p, active[k]);
    }
    name_results(l);
}

/* ---- the whole -------------------------------------------------------------------------------------------- */

static pl_status find_all(work *w, pl_error *error) {
    pl_loop_scores *l = w->l;
    pl_status status = find_target(l, w->options->target, error);
    if (status == PL_OK) status = find_profile(l, w->options->profile, error);
    if (status != PL_OK) return status;
    w->runs.profile = l->profile;
    pl_loop_set_start(&w->found, w->arena, l->graph);
    if (w->found.count == 0 && !w->found.searches)
        return pl_error_set(error, PL_INVALID, l->model->file, 0, 0, "the model has no feedback loop that can be scored");
    status = run_alone(w, error);
    if (status != PL_OK) return status;
    set_window(w);
    find_relevant(w);
    if (l->futures > 0) status = run_futures(w, error);
    else score_alone(w);
    if (status != PL_OK) return status;
    find_link_signs(w);
    make_results(w);
    if (l->result_count == 0)
        return pl_error_set(error, PL_INVALID, NULL, 0, 0, "no feedback loop acts on '%.80s'", l->target ? l->target : "");
    return PL_OK;
}

static void leave(void *context) { longjmp(((work *)context)->escape, 1); }

static pl_status guard(work *w, pl_error *error) {
    if (setjmp(w->escape)) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    return find_all(w, error);
}

/* Levers change over time; the values that a course draws and what arms its rules count as such, too. */
static pl_status make_graph(pl_loop_scores *l, pl_error *error) {
    const pl_situation *s = l->situation;
    bool *levers = pl_allocate((size_t)l->model->variable_count + 1);
    if (!levers) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    for (int i = 0; s && i < s->input_count; i++) {
        int index = s->inputs[i].variable->index;
        bool own = index >= 0 && index < l->model->variable_count && l->model->variables[index] == s->inputs[i].variable;
        if (own && s->inputs[i].input_class == PL_INPUT_LEVER) levers[index] = true;
    }
    pl_status status = pl_link_graph_new(l->model, levers, &l->graph, error);
    pl_release(levers);
    return status;
}

static pl_status score(pl_loop_scores *l, const pl_loops_options *options, pl_error *error) {
    pl_arena room = {0};
    work w = {.l = l, .arena = &room, .options = options};
    w.runs = (pl_loop_runs){.graph = l->graph, .model = l->model, .situation = l->situation, .context = &w,
                            .seed = l->situation ? l->situation->seed : options->seed,
                            .threads = options->threads > 0 ? options->threads : pl_processor_count()};
    room.out_of_memory = l->arena.out_of_memory = leave;
    room.context = l->arena.context = &w;
    pl_status status = guard(&w, error);
    l->arena.out_of_memory = NULL, l->arena.context = NULL;
    free_items(&w, (l->futures + PL_LOOP_LANES - 1) / PL_LOOP_LANES);
    pl_loop_set_end(&w.found);
    pl_release(w.links), pl_release(w.runs.times);
    pl_arena_free(&room);
    return status;
}

static pl_status make(const pl_model *model, const pl_situation *situation, const pl_loops_options *options,
                      pl_loop_scores **scores, pl_error *error) {
    *scores = NULL;
    pl_loop_scores *l = pl_allocate(sizeof *l + sizeof(pl_situation));
    if (!l) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    pl_status status = PL_OK;
    l->model = model;
    if (situation) { /* a copy in which the options stand; all else is shared and only read */
        pl_situation *s = (pl_situation *)(l + 1);
        *s = *situation;
        l->situation = s;
        l->futures = options->futures < 0 ? 0 : options->futures > 0 ? options->futures : FUTURES;
        if (s->given && options->futures == 0) l->futures = s->futures;
        pl_explore_options explore = {.futures = l->futures, .seed_given = options->seed_given, .seed = options->seed};
        status = pl_situation_override(s, &explore, error);
        if (s->uncertainty_count == 0) l->futures = 0;
        l->random = pl_design_basis_of(s->design) == PL_BASIS_DRAWS;
    }
    if (status == PL_OK) status = make_graph(l, error);
    if (status == PL_OK) status = score(l, options, error);
    if (status == PL_OK) *scores = l;
    else pl_loop_scores_free(l);
    return status;
}

pl_status pl_model_score_loops(const pl_model *model, const pl_loops_options *options, pl_loop_scores **scores,
                               pl_error *error) {
    static const pl_loops_options usual = {0};
    if (options && options->profile) {
        *scores = NULL;
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "a model alone has no profiles");
    }
    return make(model, NULL, options ? options : &usual, scores, error);
}

pl_status pl_situation_score_loops(const pl_situation *situation, const pl_loops_options *options,
                                   pl_loop_scores **scores, pl_error *error) {
    static const pl_loops_options usual = {0};
    return make(situation->model, situation, options ? options : &usual, scores, error);
}

void pl_loop_scores_free(pl_loop_scores *scores) {
    if (!scores) return;
    pl_loop_set_end(&scores->set);
    pl_link_graph_free(scores->graph);
    pl_arena_free(&scores->arena);
    pl_release(scores);
}
