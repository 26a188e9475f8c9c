/* See polish.h. */
#include "study/polish.h"

#include <math.h>
#include <nlopt.h>
#include <string.h>

#include "base/arena.h"

static const double edge = 1e-6, width = 1e-4; /* of the cube; of a difference */

typedef struct work {
    const pl_polish *p;
    nlopt_opt search;
    double *points, *values; /* [2 x free + 1][dimensions] */
    double *best, best_value;
    int *free; /* [free_count] dimensions that move */
    int free_count;
    pl_status status;
} work;

/* The point of the free coordinates, and those beside it along each. */
static void set_points(work *w, const double *x, double *steps) {
    size_t d = (size_t)w->p->dimensions;
    memcpy(w->points, w->best, d * sizeof *w->points);
    for (int i = 0; i < w->free_count; i++) w->points[w->free[i]] = x[i];
    for (int i = 0; i < w->free_count; i++) {
        double low = x[i] - width < edge ? x[i] : x[i] - width, high = x[i] + width > 1 - edge ? x[i] : x[i] + width;
        double *beside = w->points + (size_t)(1 + 2 * i) * d;
        memcpy(beside, w->points, d * sizeof *beside);
        memcpy(beside + d, w->points, d * sizeof *beside);
        beside[w->free[i]] = low, beside[d + (size_t)w->free[i]] = high;
        steps[i] = high - low;
    }
}

/* What NLopt minimises: less the value, finite always. */
static double height(double value) { return isfinite(value) ? -value : 1e30; }

static double objective(unsigned n, const double *x, double *gradient, void *context) {
    work *w = context;
    double steps[n];
    set_points(w, x, steps);
    w->status = w->p->value(w->p->context, w->points, gradient ? 2 * (long)n + 1 : 1, w->values);
    if (w->status != PL_OK) {
        nlopt_force_stop(w->search);
        return 1e30;
    }
    for (unsigned i = 0; gradient && i < n; i++) {
        double low = w->values[1 + 2 * i], high = w->values[2 + 2 * i];
        gradient[i] = isfinite(low) && isfinite(high) ? (low - high) / steps[i] : 0;
    }
    if (w->values[0] > w->best_value) {
        w->best_value = w->values[0];
        for (unsigned i = 0; i < n; i++) w->best[w->free[i]] = x[i];
    }
    return height(w->values[0]);
}

static pl_status search(work *w, double *x) {
    unsigned n = (unsigned)w->free_count;
    if (!(w->search = nlopt_create(NLOPT_LD_SLSQP, n))) return PL_MEMORY;
    nlopt_result result = nlopt_set_min_objective(w->search, objective, w);
    if (result == NLOPT_SUCCESS) result = nlopt_set_lower_bounds1(w->search, edge);
    if (result == NLOPT_SUCCESS) result = nlopt_set_upper_bounds1(w->search, 1 - edge);
    if (result == NLOPT_SUCCESS) result = nlopt_set_maxeval(w->search, w->p->calls);
    if (result == NLOPT_SUCCESS) result = nlopt_set_ftol_abs(w->search, w->p->enough);
    if (result == NLOPT_SUCCESS) result = nlopt_set_xtol_rel(w->search, 1e-9);
    double found;
    if (result == NLOPT_SUCCESS) result = nlopt_optimize(w->search, x, &found); /* rounding may end it: the best counts */
    nlopt_destroy(w->search);
    return result == NLOPT_OUT_OF_MEMORY ? PL_MEMORY : w->status;
}

pl_status pl_polish_point(const pl_polish *p, double *point, double *value) {
    size_t d = (size_t)p->dimensions;
    double *room = pl_allocate(((2 * d + 1) * (d + 1) + d + 1) * sizeof *room);
    int *free = pl_allocate((d + 1) * sizeof *free);
    work w = {.p = p, .best = point, .best_value = -INFINITY, .free = free};
    pl_status status = room && free ? PL_OK : PL_MEMORY;
    if (status == PL_OK) {
        double *x = room + (2 * d + 1) * (d + 1);
        w.points = room, w.values = room + (2 * d + 1) * d;
        for (int i = 0; i < p->dimensions; i++) {
            point[i] = fmin(fmax(point[i], edge), 1 - edge);
            if (i == p->held) continue;
            x[w.free_count] = point[i], free[w.free_count++] = i;
        }
        status = p->value(p->context, point, 1, &w.best_value);
        if (status == PL_OK && w.free_count) status = search(&w, x);
        *value = w.best_value;
    }
    pl_release(room), pl_release(free);
    return status;
}
