/* Lookups in other modes than between two points, lane by lane.  See run.c. */
#include "program/math.h"
#include "program/tape.h"

typedef struct table {
    const double *x, *y;
    int count;
} table;

/* The last point at or below a value, by bisection; 0 where there is none. NaN counts as below all. */
static int find_point(table t, double value) {
    int at = 0;
    for (int left = t.count; left > 1;) {
        int half = left / 2;
        if (value >= t.x[at + half]) at += half;
        left -= half;
    }
    return at;
}

static double slope_at(table t, int piece) { return (t.y[piece + 1] - t.y[piece]) / (t.x[piece + 1] - t.x[piece]); }

static double value_in(table t, double x) {
    int at = find_point(t, x);
    if (x <= t.x[0] || t.count == 1) return t.y[0];
    return at == t.count - 1 ? t.y[at] : t.y[at] + (x - t.x[at]) * slope_at(t, at);
}

static double backward(table t, double x) { return x == x ? t.y[find_point(t, x)] : x; }

static double forward(table t, double x) {
    int at = find_point(t, x);
    if (x != x) return x;
    return t.y[x > t.x[at] && at + 1 < t.count ? at + 1 : at];
}

/* The first x at which the lines between the points have the value; else the point whose y is nearest. */
static double invert(table t, double value) {
    if (value != value) return value;
    int nearest = 0;
    for (int i = 0; i < t.count; i++) {
        if (t.y[i] == value) return t.x[i];
        if (pl_fabs(t.y[i] - value) < pl_fabs(t.y[nearest] - value)) nearest = i;
        if (i + 1 < t.count && (t.y[i] < value) == (value < t.y[i + 1]) && t.y[i + 1] != value)
            return t.x[i] + (value - t.y[i]) / (t.y[i + 1] - t.y[i]) * (t.x[i + 1] - t.x[i]);
    }
    return t.x[nearest];
}

/* At a point the mean of the slopes on both sides, at the first and the last that of the only one. Outside by `beyond`:
 * 0 as a lookup that is level there, 1 as one that goes on, -1 :NA:. */
static double slope(table t, double x, double beyond) {
    int last = t.count - 1, at = find_point(t, x);
    if (x != x) return x;
    bool outside = x < t.x[0] || x > t.x[last];
    if (outside && beyond < 0.0) return PL_NOT_AVAILABLE;
    if (last == 0 || (outside && !(beyond > 0.0))) return 0.0;
    if (at == last) return slope_at(t, last - 1);
    return x == t.x[at] && at > 0 ? (slope_at(t, at - 1) + slope_at(t, at)) / 2.0 : slope_at(t, at);
}

/* From one x to a larger one, level outside the points: trapezoids from point to point. */
static double area(table t, double from, double to) {
    double sum = 0.0, x = from, y = value_in(t, from);
    for (int i = 0; i < t.count && t.x[i] < to; i++) {
        if (t.x[i] <= x) continue;
        sum += (t.x[i] - x) * (y + t.y[i]) / 2.0;
        x = t.x[i], y = t.y[i];
    }
    return sum + (to - x) * (y + value_in(t, to)) / 2.0;
}

static double value_of(pl_table_mode mode, table t, double a, double b) {
    switch (mode) {
    case PL_TABLE_FORWARD: return forward(t, a);
    case PL_TABLE_BACKWARD: return backward(t, a);
    case PL_TABLE_INVERT: return invert(t, a);
    case PL_TABLE_SLOPE: return slope(t, a, b);
    case PL_TABLE_AREA: return a <= b ? area(t, a, b) : -area(t, b, a);
    case PL_TABLE_MODES: break;
    }
    return PL_NAN;
}

void pl_run_table(const pl_frame *f, const pl_instruction *in) {
    const pl_program *p = f->program;
    const int32_t *ints = p->ints + in->detail;
    for (int e = 0; e < in->count; e++) {
        double *out = pl_register_out(f, in, e);
        int count = p->table_size[ints[1 + e]];
        const double *x = p->numbers + p->table_at[ints[1 + e]];
        table t = {x, x + count, count};
        for (int i = 0; i < f->lanes; i++) {
            double a = pl_lane_value(f, in->in[0], e, i);
            out[i] = value_of((pl_table_mode)ints[0], t, a, in->operands > 1 ? pl_lane_value(f, in->in[1], e, i) : 0.0);
        }
    }
}
