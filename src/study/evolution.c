/* See evolution.h. */
#include "study/evolution.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/philox.h"

/* One member's random numbers of one generation: number k. */
enum { DRAW_STEP, DRAW_STEP_NEW, DRAW_CROSSING, DRAW_CROSSING_NEW, DRAW_BEST, DRAW_FIRST, DRAW_SECOND, DRAW_PLACE, DRAW_FREE };
static const double best_share = 0.15, renewal = 0.1;

typedef struct evolving {
    const pl_evolution *e;
    double *points, *values;   /* [member] of all populations */
    double *trials, *found;    /* the same of the candidates */
    double *steps, *crossings; /* [member] */
    double *new_steps, *new_crossings;
    int *order;                /* [size] members of one population, the best first */
    uint64_t generation;
} evolving;

static double draw(const evolving *v, long member, int k) {
    uint64_t members = (uint64_t)v->e->populations * (uint64_t)v->e->size;
    return pl_uniform_at(v->e->key, v->generation * members + (uint64_t)member, (uint64_t)k);
}

static int pick(const evolving *v, long member, int k, int count) {
    int chosen = (int)(draw(v, member, k) * count);
    return chosen < count ? chosen : count - 1;
}

static void begin(evolving *v, const double *start) {
    const pl_evolution *e = v->e;
    size_t d = (size_t)e->dimensions;
    for (long m = 0; m < (long)e->populations * e->size; m++) {
        v->steps[m] = 0.5, v->crossings[m] = 0.9;
        for (int i = 0; i < e->dimensions; i++) v->points[(size_t)m * d + (size_t)i] = draw(v, m, DRAW_FREE + i);
        if (start && m % e->size == 0) memcpy(v->points + (size_t)m * d, start, d * sizeof *start);
    }
}

/* The best members of a population first: insertion, for it is nearly in order. */
static void rank(const evolving *v, const double *values) {
    for (int i = 0; i < v->e->size; i++) {
        int k = i;
        for (; k > 0 && values[v->order[k - 1]] < values[i]; k--) v->order[k] = v->order[k - 1];
        v->order[k] = i;
    }
}

/* Back into the cube: half-way from the parent to the side that was crossed. */
static double inside(double x, double parent) { return x < 0 ? parent / 2 : x > 1 ? (parent + 1) / 2 : x; }

static void propose(evolving *v, int population, int i) {
    const pl_evolution *e = v->e;
    size_t d = (size_t)e->dimensions;
    long first = (long)population * e->size, m = first + i;
    int bests = (int)ceil(best_share * e->size), a = pick(v, m, DRAW_FIRST, e->size - 1), b = pick(v, m, DRAW_SECOND, e->size - 2);
    a += a >= i; /* three that differ */
    int low = a < i ? a : i, high = a < i ? i : a;
    b += b >= low, b += b >= high;
    double step = v->steps[m], crossing = v->crossings[m];
    if (draw(v, m, DRAW_STEP_NEW) < renewal) step = 0.1 + 0.9 * draw(v, m, DRAW_STEP);
    if (draw(v, m, DRAW_CROSSING_NEW) < renewal) crossing = draw(v, m, DRAW_CROSSING);
    v->new_steps[m] = step, v->new_crossings[m] = crossing;
    const double *own = v->points + (size_t)m * d, *best = v->points + (size_t)(first + v->order[pick(v, m, DRAW_BEST, bests)]) * d;
    const double *x = v->points + (size_t)(first + a) * d, *y = v->points + (size_t)(first + b) * d;
    double *trial = v->trials + (size_t)m * d;
    int always = pick(v, m, DRAW_PLACE, e->dimensions);
    for (int k = 0; k < e->dimensions; k++) {
        bool crossed = k == always || draw(v, m, DRAW_FREE + k) < crossing;
        double moved = own[k] + step * (best[k] - own[k]) + step * (x[k] - y[k]);
        trial[k] = crossed ? inside(moved, own[k]) : own[k];
    }
}

static void select_better(evolving *v, long members) {
    size_t d = (size_t)v->e->dimensions;
    for (long m = 0; m < members; m++) {
        if (!(v->found[m] >= v->values[m])) continue;
        memcpy(v->points + (size_t)m * d, v->trials + (size_t)m * d, d * sizeof *v->points);
        v->values[m] = v->found[m], v->steps[m] = v->new_steps[m], v->crossings[m] = v->new_crossings[m];
    }
}

static bool is_settled(const evolving *v) {
    for (int p = 0; p < v->e->populations; p++) {
        double low = INFINITY, high = -INFINITY;
        for (int i = 0; i < v->e->size; i++) {
            double value = v->values[(size_t)p * (size_t)v->e->size + (size_t)i];
            low = fmin(low, value), high = fmax(high, value);
        }
        if (!(high - low <= 1e-8)) return false;
    }
    return true;
}

static pl_status go(evolving *v, const double *start, int *generations) {
    const pl_evolution *e = v->e;
    long members = (long)e->populations * e->size;
    begin(v, start);
    pl_status status = e->value(e->context, v->points, members, v->values);
    for (*generations = 0; status == PL_OK && *generations < e->generations && !is_settled(v); ++*generations) {
        v->generation = (uint64_t)*generations + 1;
        for (int p = 0; p < e->populations; p++) {
            rank(v, v->values + (size_t)p * (size_t)e->size);
            for (int i = 0; i < e->size; i++) propose(v, p, i);
        }
        status = e->value(e->context, v->trials, members, v->found);
        if (status == PL_OK) select_better(v, members);
    }
    return status;
}

pl_status pl_evolve(const pl_evolution *e, const double *start, double *points, double *values, int *generations) {
    size_t members = (size_t)e->populations * (size_t)e->size, d = (size_t)e->dimensions;
    double *room = pl_allocate((members * (d + 5) + 1) * sizeof *room);
    int *order = pl_allocate(((size_t)e->size + 1) * sizeof *order);
    evolving v = {.e = e, .points = points, .values = values, .order = order};
    pl_status status = PL_MEMORY;
    if (room && order) {
        v.trials = room, v.found = room + members * d, v.steps = v.found + members, v.crossings = v.steps + members;
        v.new_steps = v.crossings + members, v.new_crossings = v.new_steps + members;
        status = go(&v, start, generations);
    }
    pl_release(room), pl_release(order);
    return status;
}
