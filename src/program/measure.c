/* Measures on the fly: what a block takes from each step in a measure's window, and what comes out at the end.
 * Three registers per measure in the slab, so a fork carries them. */
#include "program/measure.h"

#include <string.h>

static const double not_available = -649037107316853453566312041152512.0; /* :NA:, -2^109 */

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

void pl_gauge_take(const pl_gauge *g, const double *x, double *registers, int lanes, int step, double time) {
    double *value = registers, *trouble = registers + lanes, *missing = registers + 2 * lanes;
    bool opening = step == g->from;
    for (int i = 0; i < lanes; i++) trouble[i] = trouble[i] + (x[i] - x[i]);
    for (int i = 0; i < lanes; i++) missing[i] = x[i] == not_available ? 1.0 : missing[i];
    if (g->take == PL_TAKE_FIRST_ABOVE || g->take == PL_TAKE_FIRST_BELOW) {
        take_first(g, x, value, lanes, opening, time);
        return;
    }
    if (opening || g->take == PL_TAKE_FINAL) {
        bool zero = (g->take == PL_TAKE_INTEGRAL || g->take == PL_TAKE_CHANGE) && step == g->to;
        for (int i = 0; i < lanes; i++) value[i] = zero ? 0.0 : x[i];
        return;
    }
    switch (g->take) {
    case PL_TAKE_CHANGE:
        for (int i = 0; i < lanes; i++) value[i] = x[i] - value[i];
        break;
    case PL_TAKE_MIN:
        for (int i = 0; i < lanes; i++) value[i] = x[i] < value[i] ? x[i] : value[i];
        break;
    case PL_TAKE_MAX:
        for (int i = 0; i < lanes; i++) value[i] = x[i] > value[i] ? x[i] : value[i];
        break;
    default: /* MEAN, SUM; INTEGRAL without the last point */
        if (g->take == PL_TAKE_INTEGRAL && step == g->to) break;
        for (int i = 0; i < lanes; i++) value[i] = value[i] + x[i];
    }
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
