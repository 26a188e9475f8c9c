/* What a table of points over time says: the instruction SERIES, lane by lane.  Times are compared with room for the
 * rounding of INITIAL TIME + n x TIME STEP.  Where there is no answer it is :NA:. */
#include "program/math.h"
#include "program/tape.h"

typedef struct points {
    const double *x, *y;
    int count;
} points;

static double slack(double time) {
    double size = pl_fabs(time);
    return 1e-9 * (size > 1.0 ? size : 1.0);
}

/* How many points lie before a time, by more than rounding. */
static int points_before(const points *p, double time) {
    int low = 0, high = p->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (p->x[middle] < time - slack(time)) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* How many points lie at a time or before it. */
static int points_until(const points *p, double time) {
    int low = 0, high = p->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (p->x[middle] <= time + slack(time)) low = middle + 1;
        else high = middle;
    }
    return low;
}

static double forward(const points *p, double time) {
    int at = points_before(p, time);
    return p->y[at < p->count ? at : p->count - 1];
}

static double backward(const points *p, double time) {
    int until = points_until(p, time);
    return p->y[until > 0 ? until - 1 : 0];
}

static double exact(const points *p, double time) {
    int at = points_before(p, time);
    return at < p->count && at < points_until(p, time) ? p->y[at] : PL_NOT_AVAILABLE;
}

/* Vensim's results for the modes 1 and -1 are those of the time cut to a whole number, and -1 gives the point before
 * one that is met. */
static double between(const points *p, double time, double mode) {
    if (points_until(p, time) == 0 || points_before(p, time) == p->count) return PL_NOT_AVAILABLE;
    if (mode >= 0.5) return forward(p, pl_floor(time + slack(time)));
    if (mode <= -0.5) {
        int before = points_before(p, pl_floor(time + slack(time)));
        return p->y[before > 0 ? before - 1 : 0];
    }
    int at = points_before(p, time);
    if (at == 0 || at < points_until(p, time)) return p->y[at];
    double share = (time - p->x[at - 1]) / (p->x[at] - p->x[at - 1]);
    return p->y[at - 1] + share * (p->y[at] - p->y[at - 1]);
}

static double fold(int take, const double *y, int count) {
    double value = take == PL_SERIES_MEAN ? 0.0 : y[0];
    for (int i = 0; i < count; i++)
        switch (take) {
        case PL_SERIES_MIN: value = y[i] < value ? y[i] : value; break;
        case PL_SERIES_MAX: value = y[i] > value ? y[i] : value; break;
        default: value += y[i];
        }
    return take == PL_SERIES_MEAN ? value / count : value;
}

/* Bits of numbers in the order of the numbers. */
static uint64_t rank_of(double x) {
    uint64_t bits = pl_bits(x);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

/* The number of a rank from 0, by halving the range of bits: no memory is taken. */
static double nth(const double *y, int count, int n) {
    uint64_t low = 0, high = ~(uint64_t)0;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        int below = 0;
        for (int i = 0; i < count; i++) below += rank_of(y[i]) <= middle;
        if (below > n) high = middle;
        else low = middle + 1;
    }
    return pl_of_bits(low >> 63 ? low & ~((uint64_t)1 << 63) : ~low);
}

static double median(const double *y, int count) {
    double upper = nth(y, count, count / 2);
    return count % 2 ? upper : (nth(y, count, count / 2 - 1) + upper) / 2.0;
}

static double series(int take, const points *p, double a, double b) {
    if (!(a == a) || !(b == b)) return PL_NAN;
    switch ((pl_series_take)take) {
    case PL_SERIES_FORWARD: return forward(p, a);
    case PL_SERIES_BACKWARD: return backward(p, a);
    case PL_SERIES_EXACT: return exact(p, a);
    case PL_SERIES_BETWEEN: return between(p, a, b);
    default: break;
    }
    int from = points_before(p, a), count = points_until(p, b) - from;
    if (take == PL_SERIES_POINTS) return count > 0 ? count : 0.0;
    if (count <= 0) return PL_NOT_AVAILABLE;
    return take == PL_SERIES_MEDIAN ? median(p->y + from, count) : fold(take, p->y + from, count);
}

void pl_run_series(const pl_frame *f, const pl_instruction *in) {
    const pl_program *program = f->program;
    const int32_t *ints = program->ints + in->detail;
    for (int e = 0; e < in->count; e++) {
        const double *numbers = program->numbers + program->table_at[ints[1 + e]];
        int count = program->table_size[ints[1 + e]];
        points p = {numbers, numbers + count, count};
        double *out = pl_register_out(f, in, e);
        for (int i = 0; i < f->lanes; i++)
            out[i] = series(ints[0], &p, pl_lane_value(f, in->in[0], e, i), pl_lane_value(f, in->in[1], e, i));
    }
}
