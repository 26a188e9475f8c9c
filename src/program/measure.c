/* Measures on the fly: what a block takes from each step in a measure's window, and what comes out at the end.
 * Three registers per measure in the slab, so a fork carries them. */
#include "program/measure.h"

#include <string.h>

static double canonical_nan(void) {
    uint64_t bits = 0x7FF8000000000000u;
    double nan;
    memcpy(&nan, &bits, sizeof nan);
    return nan;
}

bool pl_gauge_active(const pl_gauge *g, int step) {
    switch (g->take) {
    case PL_TAKE_FINAL: return step == g->to;
    case PL_TAKE_INITIAL:
    case PL_TAKE_AT: return step == g->from;
    case PL_TAKE_CHANGE: return step == g->from || step == g->to;
    default: return step >= g->from && step <= g->to;
    }
}

static void take_first(const pl_gauge *g, const double *x, double *value, int lanes, bool opening, double time) {
    double none = canonical_nan();
    for (int i = 0; i < lanes; i++) {
        double before = opening ? none : value[i];
        bool met = g->take == PL_TAKE_FIRST_ABOVE ? x[i] > g->threshold : x[i] < g->threshold;
        value[i] = before == before ? before : met ? time : none;
    }
}

static pl_gauge_kind kind_at(const pl_gauge *g, int step) {
    bool opening = step == g->from, last = step == g->to;
    switch (g->take) {
    case PL_TAKE_FIRST_ABOVE:
    case PL_TAKE_FIRST_BELOW: return PL_GAUGE_KEEP;
    case PL_TAKE_INTEGRAL: return opening ? (last ? PL_GAUGE_ZERO : PL_GAUGE_SET) : last ? PL_GAUGE_KEEP : PL_GAUGE_ADD;
    case PL_TAKE_CHANGE: return opening ? (last ? PL_GAUGE_ZERO : PL_GAUGE_SET) : PL_GAUGE_CHANGE;
    case PL_TAKE_MIN: return opening ? PL_GAUGE_SET : PL_GAUGE_LEAST;
    case PL_TAKE_MAX: return opening ? PL_GAUGE_SET : PL_GAUGE_MOST;
    case PL_TAKE_MEAN:
    case PL_TAKE_SUM: return opening ? PL_GAUGE_SET : PL_GAUGE_ADD;
    default: return PL_GAUGE_SET;
    }
}

void pl_gauge_take(const pl_kernels *kernels, const pl_gauge *g, const double *x, double *registers, int lanes, int step,
                   double time) {
    kernels->gauge[kind_at(g, step)](registers, x, (size_t)lanes);
    if (g->take == PL_TAKE_FIRST_ABOVE || g->take == PL_TAKE_FIRST_BELOW)
        take_first(g, x, registers, lanes, step == g->from, time);
}

void pl_gauge_read(const pl_gauge *g, const double *registers, int lanes, double dt, double *out,
                   unsigned char *failed) {
    const double *value = registers, *trouble = registers + lanes, *missing = registers + 2 * lanes;
    double none = canonical_nan(), steps = (double)(g->to - g->from + 1);
    for (int i = 0; i < lanes; i++) {
        double v = g->take == PL_TAKE_MEAN ? value[i] / steps : g->take == PL_TAKE_INTEGRAL ? value[i] * dt : value[i];
        bool bad = trouble[i] != trouble[i];
        if (bad) failed[i] = 1;
        out[i] = bad || missing[i] != 0.0 || v != v ? none : v;
    }
}
