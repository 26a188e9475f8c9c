/* Johnson's algorithm where loops are few, else depth-first searches that follow the strongest links first and never
 * reach a node by a weaker path than before.  See loopset.h. */
#include "study/loopset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/philox.h"
#include "study/loops.h"

enum { BUCKETS = 4096, MOST_STEPS = 20000 };

/* ---- the set ---------------------------------------------------------------------------------------------- */

static bool same_loop(const pl_scored_loop *loop, const int *nodes, int length) {
    return loop->length == length && memcmp(loop->nodes, nodes, (size_t)length * sizeof *nodes) == 0;
}

static int link_of(const pl_link_graph *g, int from, int to) {
    int low = g->first[from], high = g->first[from + 1];
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (g->to[middle] <= to) low = middle;
        else high = middle;
    }
    return low;
}

static void insert(pl_loop_set *s, const int *nodes, int length, bool strong, int bucket) {
    int *own = PL_ARRAY(s->arena, length, int), *links = PL_ARRAY(s->arena, length, int);
    memcpy(own, nodes, (size_t)length * sizeof *own);
    for (int i = 0; i < length; i++) links[i] = link_of(s->graph, nodes[i], nodes[(i + 1) % length]);
    s->loops = pl_arena_grow(s->arena, s->loops, s->count, &s->room, s->count + 1, sizeof *s->loops);
    s->chain = pl_arena_grow(s->arena, s->chain, s->count, &s->chain_room, s->count + 1, sizeof *s->chain);
    s->loops[s->count] = (pl_scored_loop){own, links, length, s->graph->nodes[nodes[0]].partition, strong};
    s->chain[s->count] = s->buckets[bucket];
    s->buckets[bucket] = ++s->count;
}

/* Turned so that its smallest node comes first. False where the set is full. */
static bool add(pl_loop_set *s, const int *path, int length, bool strong) {
    int *nodes = PL_ARRAY(s->arena, length, int), least = 0;
    for (int i = 1; i < length; i++)
        if (path[i] < path[least]) least = i;
    for (int i = 0; i < length; i++) nodes[i] = path[(least + i) % length];
    int bucket = (int)(pl_fnv1a((const char *)nodes, (size_t)length * sizeof *nodes) % BUCKETS);
    for (int at = s->buckets[bucket]; at; at = s->chain[at - 1])
        if (same_loop(&s->loops[at - 1], nodes, length)) return s->loops[at - 1].strong |= strong, true;
    if (s->count >= PL_MOST_FOUND) s->full = true;
    else insert(s, nodes, length, strong, bucket);
    return !s->full;
}

void pl_loop_set_join(pl_loop_set *set, const pl_loop_set *other) {
    set->full = set->full || other->full;
    for (int i = 0; i < other->count; i++)
        if (other->loops[i].strong) add(set, other->loops[i].nodes, other->loops[i].length, true);
}

/* ---- all loops -------------------------------------------------------------------------------------------- */

static bool take(void *context, const int *nodes, int length) { return add(context, nodes, length, true); }

/* The links of one partition alone. Returns how many loops it has, counted up to a limit. */
static pl_loop_count visit_partition(pl_loop_set *s, int partition, long most, pl_loop_visit *visit) {
    const pl_link_graph *g = s->graph;
    pl_arena *arena = &s->finder.arena;
    int *first = PL_ARRAY(arena, g->node_count + 1, int), *to = PL_ARRAY(arena, g->link_count + 1, int), count = 0;
    for (int n = 0; n < g->node_count; n++) {
        first[n] = count;
        for (int i = g->first[n]; i < g->first[n + 1] && g->nodes[n].partition == partition; i++) to[count++] = g->to[i];
    }
    first[g->node_count] = count;
    pl_loops_start_links(&s->finder, g->node_count, first, to);
    pl_loop_count result = pl_loops_each(&s->finder, most, visit, s);
    pl_arena_free(arena);
    return result;
}

static void begin(pl_loop_set *set, pl_arena *arena, const pl_link_graph *graph) {
    *set = (pl_loop_set){.arena = arena, .graph = graph};
    set->finder.arena.out_of_memory = arena->out_of_memory, set->finder.arena.context = arena->context;
    set->buckets = PL_ARRAY(arena, BUCKETS, int);
}

void pl_loop_set_start(pl_loop_set *set, pl_arena *arena, const pl_link_graph *graph) {
    begin(set, arena, graph);
    set->whole = PL_ARRAY(arena, graph->partition_count + 1, bool);
    for (int i = 0; i < graph->partition_count; i++) {
        set->whole[i] = graph->partition_nodes[i] == 1 || !visit_partition(set, i, PL_FEW_LOOPS, NULL).more;
        if (set->whole[i]) visit_partition(set, i, PL_MOST_FOUND, take);
        else set->searches = true;
    }
}

void pl_loop_set_like(pl_loop_set *set, pl_arena *arena, const pl_loop_set *other) {
    begin(set, arena, other->graph);
    set->whole = PL_ARRAY(arena, other->graph->partition_count + 1, bool), set->searches = other->searches;
    memcpy(set->whole, other->whole, (size_t)other->graph->partition_count * sizeof *set->whole);
}

void pl_loop_set_end(pl_loop_set *set) { pl_arena_free(&set->finder.arena); }

/* ---- scores ----------------------------------------------------------------------------------------------- */

static double product(const pl_scored_loop *loop, const double *scores) {
    double score = 1;
    for (int i = 0; i < loop->length; i++) score *= scores[loop->links[i]];
    return score;
}

/* Where products leave the range of numbers: shares by their logarithms. */
static void share_by_logarithms(const pl_loop_set *s, int partition, const double *scores, double *shares) {
    double largest = -INFINITY, sum = 0;
    for (int pass = 0; pass < 3; pass++)
        for (int i = 0; i < s->count; i++) {
            const pl_scored_loop *loop = &s->loops[i];
            if (loop->partition != partition) continue;
            double logarithm = 0, sign = 1;
            for (int k = 0; k < loop->length; k++) {
                logarithm += log(fabs(scores[loop->links[k]]));
                if (scores[loop->links[k]] < 0) sign = -sign;
            }
            if (pass == 0) largest = fmax(largest, logarithm);
            else if (pass == 1) sum += exp(logarithm - largest);
            else shares[i] = isfinite(largest) ? sign * exp(logarithm - largest) / sum : 0;
        }
}

void pl_loop_set_scores(const pl_loop_set *s, const double *scores, double *out, double *shares, double *sums) {
    int partitions = s->graph->partition_count;
    memset(sums, 0, (size_t)partitions * sizeof *sums);
    for (int i = 0; i < s->count; i++) {
        out[i] = product(&s->loops[i], scores);
        sums[s->loops[i].partition] += fabs(out[i]);
    }
    for (int i = 0; i < s->count; i++) {
        double sum = sums[s->loops[i].partition];
        shares[i] = sum > 0 && isfinite(sum) ? out[i] / sum : 0;
    }
    for (int p = 0; p < partitions; p++)
        if (!(sums[p] > 1e-290) || !isfinite(sums[p])) share_by_logarithms(s, p, scores, shares);
}

/* ---- the strongest paths ---------------------------------------------------------------------------------- */

typedef struct search {
    pl_loop_set *set;
    const double *scores;
    int *links;     /* of each node in falling order of size, [first[n], end[n]) */
    int *end;
    double *best;   /* [node] the strongest way on which it was reached */
    double *reached; /* [depth] */
    int *path, *next;
    bool *on_path;
} search;

static void sort_links(search *s) {
    const pl_link_graph *g = s->set->graph;
    for (int n = 0; n < g->node_count; n++) {
        int end = g->first[n];
        for (int i = g->first[n]; i < g->first[n + 1]; i++) {
            double size = fabs(s->scores[i]);
            int k = end;
            if (size == 0) continue;
            for (; k > g->first[n] && fabs(s->scores[s->links[k - 1]]) < size; k--) s->links[k] = s->links[k - 1];
            s->links[k] = i;
            end++;
        }
        s->end[n] = end;
    }
}

/* From a target, back to it. A way that is weaker than one that reached the same node before goes no further. */
static void search_from(search *s, int target) {
    const pl_link_graph *g = s->set->graph;
    int depth = 1, steps = 0;
    memset(s->best, 0, (size_t)g->node_count * sizeof *s->best);
    s->path[0] = target, s->reached[0] = 1, s->next[0] = g->first[target], s->best[target] = 1, s->on_path[target] = true;
    while (depth > 0) {
        int level = depth - 1, at = s->path[level];
        if (s->next[level] == s->end[at] || steps > MOST_STEPS) {
            s->on_path[at] = false;
            depth--;
            continue;
        }
        int link = s->links[s->next[level]++], to = g->to[link];
        double score = s->reached[level] * fabs(s->scores[link]);
        steps++;
        if (to == target) add(s->set, s->path, depth, false);
        if (s->on_path[to] || score < s->best[to] || score == 0) continue;
        s->best[to] = score, s->on_path[to] = true;
        s->path[depth] = to, s->reached[depth] = score, s->next[depth++] = g->first[to];
    }
}

static void mark_strong(pl_loop_set *set, const double *scores) {
    pl_arena *arena = &set->finder.arena;
    double *out = PL_ARRAY(arena, set->count + 1, double), *shares = PL_ARRAY(arena, set->count + 1, double);
    pl_loop_set_scores(set, scores, out, shares, PL_ARRAY(arena, set->graph->partition_count + 1, double));
    for (int i = 0; i < set->count; i++)
        set->loops[i].strong = set->loops[i].strong || fabs(shares[i]) >= PL_LEAST_SHARE;
}

void pl_loop_set_search(pl_loop_set *set, const double *scores) {
    const pl_link_graph *g = set->graph;
    if (!set->searches) return;
    pl_arena *arena = &set->finder.arena;
    search s = {.set = set, .scores = scores};
    s.links = PL_ARRAY(arena, g->link_count + 1, int), s.end = PL_ARRAY(arena, g->node_count + 1, int);
    s.best = PL_ARRAY(arena, g->node_count + 1, double), s.reached = PL_ARRAY(arena, g->node_count + 1, double);
    s.path = PL_ARRAY(arena, g->node_count + 1, int), s.next = PL_ARRAY(arena, g->node_count + 1, int);
    s.on_path = PL_ARRAY(arena, g->node_count + 1, bool);
    sort_links(&s);
    for (int n = 0; n < g->node_count; n++)
        if (g->nodes[n].start && !set->whole[g->nodes[n].partition]) search_from(&s, n);
    mark_strong(set, scores);
    pl_arena_free(arena);
}
