/* Nash subsets and components from extreme equilibria.  Join the two vertices of each extreme equilibrium by an edge: the
 * maximal complete bipartite subgraphs are the maximal Nash subsets, and the connected components of this graph are
 * those of the set of equilibria (Winkels, Game Theory and Related Topics, 1979; von Stengel, Handbook of Game Theory 3,
 * ch. 45, 2002, sec. 2.6; Avis, Rosenberg, Savani and von Stengel, Economic Theory 42:9, 2010).
 *
 * A maximal complete subgraph is a closed set of neighbours: all are found as intersections of the neighbourhoods of
 * the first player's vertices. */
#include "study/components.h"

#include <string.h>

/* More Nash subsets than these in one component are not listed. */
enum { MOST_SUBSETS = 1000, BUCKETS = 1024 };

typedef struct joining {
    pl_solution *solution;
    const pl_extreme_pair *pairs;
    int count;
    pl_arena *scratch;
    int offset;     /* the second player's vertices come after the first's */
    int *parent;    /* [vertex of either] the forest of what is joined */
    int *component; /* [root] index into the solution's components, or -1 */
    int *place;     /* [vertex] its number among the vertices of its side in its component */
    int *members;   /* the pairs, component by component */
    int *start;     /* [component + 1] into members */
    int *chosen;    /* room for all pairs */
} joining;

/* Sets of the second player's vertices in a component. */
typedef struct family {
    int words, count;
    uint64_t **sets;
    int next[MOST_SUBSETS + 1], bucket[BUCKETS];
} family;

static int root_of(joining *j, int vertex) {
    while (j->parent[vertex] != vertex) vertex = j->parent[vertex] = j->parent[j->parent[vertex]];
    return vertex;
}

static pl_component *component_of(joining *j, int pair, int *index) {
    pl_solution *s = j->solution;
    int root = root_of(j, j->pairs[pair].vertex[0]);
    if (j->component[root] < 0) {
        j->component[root] = s->component_count;
        s->components = pl_arena_grow(&s->arena, s->components, s->component_count, &s->component_room,
                                      s->component_count + 1, sizeof *s->components);
        s->components[s->component_count++] = (pl_component){0};
    }
    *index = j->component[root];
    return &s->components[*index];
}

/* Groups the pairs by component, in the order of the equilibria. */
static void group(joining *j) {
    pl_solution *s = j->solution;
    int index;
    for (int k = 0; k < j->count; k++) {
        int a = root_of(j, j->pairs[k].vertex[0]), b = root_of(j, j->offset + j->pairs[k].vertex[1]);
        if (a != b) j->parent[b] = a;
    }
    for (int k = 0; k < j->count; k++) component_of(j, k, &index)->count++;
    j->start = PL_ARRAY(j->scratch, s->component_count + 1, int);
    j->members = PL_ARRAY(j->scratch, j->count, int);
    for (int c = 0; c < s->component_count; c++) {
        j->start[c + 1] = j->start[c] + s->components[c].count;
        s->components[c].equilibria = PL_ARRAY(&s->arena, s->components[c].count, int);
        s->components[c].count = 0;
    }
    for (int k = 0; k < j->count; k++) {
        pl_component *c = component_of(j, k, &index);
        j->members[j->start[index] + c->count] = k;
        c->equilibria[c->count++] = j->pairs[k].equilibrium;
    }
}

/* ---- Nash subsets ------------------------------------------------------------------------------------- */

static unsigned hash(const uint64_t *set, int words) {
    uint64_t h = 0;
    for (int w = 0; w < words; w++) h = (h ^ set[w]) * 0x9E3779B97F4A7C15u ^ h >> 29;
    return (unsigned)(h >> 40) % BUCKETS;
}

/* Adds a set that is not empty and not there; false where there is no more room. */
static bool add_set(joining *j, family *f, const uint64_t *set) {
    size_t size = (size_t)f->words * sizeof *set;
    uint64_t any = 0;
    for (int w = 0; w < f->words; w++) any |= set[w];
    if (!any) return true;
    int *bucket = &f->bucket[hash(set, f->words)];
    for (int k = *bucket; k; k = f->next[k])
        if (memcmp(f->sets[k], set, size) == 0) return true;
    if (f->count == MOST_SUBSETS) return false;
    int k = ++f->count;
    f->sets[k] = PL_ARRAY(j->scratch, f->words, uint64_t);
    memcpy(f->sets[k], set, size);
    f->next[k] = *bucket;
    *bucket = k;
    return true;
}

/* Numbers the vertices of one side that a component has, from 0; returns how many. */
static int number_vertices(joining *j, int c, int side) {
    int count = 0;
    for (int k = j->start[c]; k < j->start[c + 1]; k++) {
        int *place = &j->place[side * j->offset + j->pairs[j->members[k]].vertex[side]];
        if (*place < 0) *place = count++;
    }
    return count;
}

static int place_of(const joining *j, int member, int side) {
    return j->place[side * j->offset + j->pairs[j->members[member]].vertex[side]];
}

/* The equilibria of a closed set: those whose first vertex has all of it as neighbours, and whose second is in it. */
static void add_subset(joining *j, int c, const family *f, const uint64_t *set, uint64_t *const *neighbours) {
    pl_component *component = &j->solution->components[c];
    int found = 0;
    for (int k = j->start[c]; k < j->start[c + 1]; k++) {
        const uint64_t *own = neighbours[place_of(j, k, 0)];
        int second = place_of(j, k, 1);
        bool inside = set[second / 64] >> (second % 64) & 1;
        for (int w = 0; w < f->words && inside; w++) inside = (set[w] & ~own[w]) == 0;
        if (inside) j->chosen[found++] = component->equilibria[k - j->start[c]];
    }
    pl_nash_subset *subset = &component->subsets[component->subset_count++];
    subset->equilibria = PL_ARRAY(&j->solution->arena, found, int);
    memcpy(subset->equilibria, j->chosen, (size_t)found * sizeof *j->chosen);
    subset->count = found;
}

static void find_subsets(joining *j, int c) {
    pl_component *component = &j->solution->components[c];
    int firsts = number_vertices(j, c, 0), seconds = number_vertices(j, c, 1);
    if ((long)firsts * seconds == component->count) { /* the whole is one */
        component->subsets = PL_ARRAY(&j->solution->arena, 1, pl_nash_subset);
        *component->subsets = (pl_nash_subset){component->equilibria, component->count};
        component->subset_count = 1;
        return;
    }
    family *f = PL_NEW(j->scratch, family);
    f->words = (seconds + 63) / 64;
    f->sets = PL_ARRAY(j->scratch, MOST_SUBSETS + 1, uint64_t *);
    uint64_t **neighbours = PL_ARRAY(j->scratch, firsts, uint64_t *), *both = PL_ARRAY(j->scratch, f->words, uint64_t);
    for (int k = 0; k < firsts; k++) neighbours[k] = PL_ARRAY(j->scratch, f->words, uint64_t);
    for (int k = j->start[c]; k < j->start[c + 1]; k++) {
        int second = place_of(j, k, 1);
        neighbours[place_of(j, k, 0)][second / 64] |= (uint64_t)1 << (second % 64);
    }
    for (int k = 0; k < firsts; k++) {
        for (int set = f->count; set > 0; set--) {
            for (int w = 0; w < f->words; w++) both[w] = f->sets[set][w] & neighbours[k][w];
            if (!add_set(j, f, both)) return;
        }
        if (!add_set(j, f, neighbours[k])) return;
    }
    component->subsets = PL_ARRAY(&j->solution->arena, f->count, pl_nash_subset);
    for (int set = 1; set <= f->count; set++) add_subset(j, c, f, f->sets[set], neighbours);
}

void pl_solution_join(pl_solution *solution, const pl_extreme_pair *pairs, int count, const int vertices[2],
                      pl_arena *scratch) {
    int all = vertices[0] + vertices[1];
    joining j = {.solution = solution, .pairs = pairs, .count = count, .scratch = scratch, .offset = vertices[0]};
    j.parent = PL_ARRAY(scratch, all, int);
    j.component = PL_ARRAY(scratch, all, int);
    j.place = PL_ARRAY(scratch, all, int);
    j.chosen = PL_ARRAY(scratch, count, int);
    for (int k = 0; k < all; k++) j.parent[k] = k, j.component[k] = j.place[k] = -1;
    group(&j);
    for (int c = 0; c < solution->component_count; c++) find_subsets(&j, c);
}
