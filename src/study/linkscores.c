/* Seeing through what is hidden, and scores from partial changes.  See linkscores.h. */
#include "study/linkscores.h"

#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "study/loops.h"

enum { MOST_WAYS = 20000, MOST_WAYS_FROM = 500 };
static const double rounding = 16 * 2.220446049250313e-16;

/* ---- ways between variables that are shown ---------------------------------------------------------------- */

typedef struct found_way {
    int from, to; /* partial nodes */
    pl_way way;
    bool stock;   /* passes one that is hidden */
} found_way;

typedef struct builder {
    pl_link_graph *g;
    pl_arena *arena;
    const pl_partials *p;
    int *first;      /* [partial node] its first partial link */
    found_way *ways;
    int way_count, way_room, from_one; /* from_one: of the node searched from */
    int *path, depth;
    int *next;       /* [depth] the link to be tried */
    bool *on_path;
    int *node_of;    /* [partial node] */
    pl_loops loops;
    jmp_buf escape;
} builder;

static bool is_hidden(const builder *b, int node) { return b->p->nodes[node].variable->hidden; }

static void index_links(builder *b) {
    const pl_partials *p = b->p;
    b->first = PL_ARRAY(b->arena, p->node_count + 1, int);
    for (int i = 0, node = 0; node <= p->node_count; node++) {
        while (i < p->link_count && p->links[i].from < node) i++;
        b->first[node] = i;
    }
}

static void keep_way(builder *b, int from, int to) {
    int *links = PL_ARRAY(b->arena, b->depth, int);
    bool stock = false;
    memcpy(links, b->path, (size_t)b->depth * sizeof *links);
    for (int i = 0; i + 1 < b->depth; i++) stock = stock || b->p->nodes[b->p->links[b->path[i]].to].stock;
    b->ways = pl_arena_grow(b->arena, b->ways, b->way_count, &b->way_room, b->way_count + 1, sizeof *b->ways);
    b->ways[b->way_count++] = (found_way){from, to, {links, b->depth}, stock};
    b->from_one++;
}

static bool too_many(builder *b) {
    bool full = b->from_one >= MOST_WAYS_FROM || b->way_count >= MOST_WAYS;
    b->g->cut_off = b->g->cut_off || (full && b->depth > 1);
    return full && b->depth > 1; /* direct links are never left out */
}

/* Depth first through hidden nodes, each at most once on a way. */
static void find_ways(builder *b, int from) {
    const pl_partials *p = b->p;
    b->from_one = 0, b->depth = 1, b->next[0] = b->first[from];
    while (b->depth > 0) {
        int level = b->depth - 1, at = level == 0 ? from : p->links[b->path[level - 1]].to;
        if (b->next[level] == b->first[at + 1] || too_many(b)) {
            b->on_path[at] = false;
            b->depth--;
            continue;
        }
        int link = b->next[level]++, to = p->links[link].to;
        b->path[level] = link;
        if (!is_hidden(b, to)) keep_way(b, from, to);
        else if (!b->on_path[to]) b->on_path[to] = true, b->next[b->depth++] = b->first[to];
    }
}

static int compare_ways(const void *a, const void *b) {
    const found_way *x = a, *y = b;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

/* Stable, so that ways stay in the order in which they were found. */
static void sort_ways(builder *b) {
    found_way *sorted = PL_ARRAY(b->arena, b->way_count + 1, found_way);
    for (int from = 0, to = 0; from < b->way_count; from = to) { /* they rise by `from` already */
        while (to < b->way_count && b->ways[to].from == b->ways[from].from) to++;
        for (int i = from; i < to; i++) {
            int k = i;
            for (; k > from && compare_ways(&sorted[k - 1], &b->ways[i]) > 0; k--) sorted[k] = sorted[k - 1];
            sorted[k] = b->ways[i];
        }
    }
    b->ways = sorted;
}

/* ---- the graph of what is shown --------------------------------------------------------------------------- */

static void find_groups(builder *b) {
    int nodes = b->p->node_count, *first = PL_ARRAY(b->arena, nodes + 1, int), *to = PL_ARRAY(b->arena, b->way_count + 1, int);
    for (int i = 0, node = 0; node <= nodes; node++) {
        while (i < b->way_count && b->ways[i].from < node) to[i] = b->ways[i].to, i++;
        first[node] = i;
    }
    pl_loops_start_links(&b->loops, nodes, first, to);
}

static bool on_loop(const builder *b, const found_way *w) { return b->loops.group[w->from] == b->loops.group[w->to]; }

static int add_node(builder *b, int node, int *partition_of) {
    pl_link_graph *g = b->g;
    if (b->node_of[node] >= 0) return b->node_of[node];
    const pl_partial_node *n = &b->p->nodes[node];
    int *partition = &partition_of[b->loops.group[node]];
    if (*partition < 0) *partition = g->partition_count++;
    g->nodes[g->node_count] = (pl_score_node){n->variable, n->element, node, n->stock, *partition};
    return b->node_of[node] = g->node_count++;
}

/* Nodes in the order of the model. */
static void make_nodes(builder *b) {
    pl_link_graph *g = b->g;
    int nodes = b->p->node_count, *partition_of = PL_ARRAY(b->arena, nodes + 1, int);
    bool *looped = PL_ARRAY(b->arena, nodes + 1, bool);
    b->node_of = PL_ARRAY(b->arena, nodes + 1, int);
    g->nodes = PL_ARRAY(b->arena, nodes + 1, pl_score_node);
    memset(b->node_of, -1, ((size_t)nodes + 1) * sizeof *b->node_of);
    memset(partition_of, -1, ((size_t)nodes + 1) * sizeof *partition_of);
    for (int i = 0; i < b->way_count; i++)
        if (on_loop(b, &b->ways[i])) looped[b->ways[i].from] = looped[b->ways[i].to] = true;
    for (int n = 0; n < nodes; n++)
        if (looped[n]) add_node(b, n, partition_of);
    g->partition_nodes = PL_ARRAY(b->arena, g->partition_count + 1, int);
    for (int n = 0; n < g->node_count; n++) g->partition_nodes[g->nodes[n].partition]++;
}

static void make_links(builder *b) {
    pl_link_graph *g = b->g;
    g->links = PL_ARRAY(b->arena, b->way_count + 1, pl_score_link);
    pl_way *ways = PL_ARRAY(b->arena, b->way_count + 1, pl_way);
    for (int i = 0; i < b->way_count; i++) {
        const found_way *w = &b->ways[i];
        if (!on_loop(b, w)) continue;
        int from = b->node_of[w->from], to = b->node_of[w->to];
        pl_score_link *last = g->link_count ? &g->links[g->link_count - 1] : NULL;
        if (!last || last->from != from || last->to != to) {
            last = &g->links[g->link_count++];
            *last = (pl_score_link){from, to, &ways[i], 0};
        }
        ways[i] = w->way;
        last->way_count++;
        g->nodes[to].start = g->nodes[to].start || w->stock;
    }
    g->first = PL_ARRAY(b->arena, g->node_count + 1, int), g->to = PL_ARRAY(b->arena, g->link_count + 1, int);
    for (int i = 0, node = 0; node <= g->node_count; node++) {
        while (i < g->link_count && g->links[i].from < node) g->to[i] = g->links[i].to, i++;
        g->first[node] = i;
    }
}

static void build(builder *b) {
    const pl_partials *p = b->p;
    b->path = PL_ARRAY(b->arena, p->node_count + 2, int), b->next = PL_ARRAY(b->arena, p->node_count + 2, int);
    b->on_path = PL_ARRAY(b->arena, p->node_count + 1, bool);
    index_links(b);
    for (int n = 0; n < p->node_count; n++)
        if (!is_hidden(b, n)) find_ways(b, n);
    sort_ways(b);
    find_groups(b);
    make_nodes(b);
    make_links(b);
}

static void leave(void *context) { longjmp(((builder *)context)->escape, 1); }

static pl_status guard(builder *b) {
    if (setjmp(b->escape)) return PL_MEMORY;
    build(b);
    return PL_OK;
}

pl_status pl_link_graph_new(const pl_model *model, const bool *levers, pl_link_graph **graph, pl_error *error) {
    *graph = NULL;
    pl_link_graph *g = pl_allocate(sizeof *g);
    if (!g) return pl_error_set(error, PL_MEMORY, model->file, 0, 0, "out of memory");
    pl_status status = pl_partials_new(model, levers, &g->partials, error);
    if (status == PL_OK) {
        builder b = {.g = g, .arena = &g->arena, .p = g->partials};
        g->arena.out_of_memory = b.loops.arena.out_of_memory = leave;
        g->arena.context = b.loops.arena.context = &b;
        status = guard(&b);
        g->arena.out_of_memory = NULL, g->arena.context = NULL;
        pl_arena_free(&b.loops.arena);
        if (status != PL_OK) pl_error_set(error, status, model->file, 0, 0, "out of memory");
    }
    if (status == PL_OK) *graph = g;
    else pl_link_graph_free(g);
    return status;
}

void pl_link_graph_free(pl_link_graph *graph) {
    if (!graph) return;
    pl_partials_free(graph->partials);
    pl_arena_free(&graph->arena);
    pl_release(graph);
}

/* ---- scores ----------------------------------------------------------------------------------------------- */

/* 0 where the two are the same up to rounding, or one is no number. */
static double change(double now, double before) {
    double difference = now - before, size = fmax(fabs(now), fabs(before));
    return isfinite(difference) && fabs(difference) > rounding * size ? difference : 0;
}

static double raw_score(const pl_partials *p, const pl_partial_link *link, const double *row, size_t stride) {
    const pl_partial_node *from = &p->nodes[link->from];
    double of_cause = change(row[(size_t)from->now * stride], row[(size_t)from->before * stride]);
    double of_effect = change(row[(size_t)link->now * stride], row[(size_t)link->before * stride]);
    if (of_cause == 0 || of_effect == 0) return 0;
    double part = change(row[(size_t)link->out * stride], row[(size_t)link->base * stride]);
    double size = fabs(part / of_effect);
    return part == 0 || !isfinite(size) ? 0 : (part > 0) == (of_cause > 0) ? size : -size;
}

void pl_link_scores(const pl_link_graph *g, const double *row, size_t stride, double *raw, double *scores) {
    const pl_partials *p = g->partials;
    for (int i = 0; i < p->link_count; i++) raw[i] = raw_score(p, &p->links[i], row, stride);
    for (int i = 0; i < g->link_count; i++) {
        const pl_score_link *link = &g->links[i];
        scores[i] = 0;
        for (int k = 0; k < link->way_count; k++) {
            double score = 1;
            for (int j = 0; j < link->ways[k].length; j++) score *= raw[link->ways[k].links[j]];
            if (fabs(score) > fabs(scores[i])) scores[i] = score;
        }
    }
}
