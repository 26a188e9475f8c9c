/* Interval Newton by Hansen and Sengupta's componentwise step with a preconditioner (Hansen and Sengupta, BIT 21:201,
 * 1981; Krawczyk, Computing 4:187, 1969; Neumaier, Interval Methods for Systems of Equations, 1990, ch. 5): where the
 * step maps a box strictly into itself, the box holds exactly one solution; where it misses the box, none. */
#include "study/krawczyk.h"

#include <math.h>
#include <string.h>

#include "study/matrix.h"

void pl_krawczyk_new(pl_arena *arena, pl_bounds *bounds, pl_krawczyk *k) {
    size_t n = (size_t)bounds->total;
    *k = (pl_krawczyk){.bounds = bounds};
    int **lines[] = {&k->player, &k->strategy, &k->at, &k->pivot, &k->rest};
    for (size_t l = 0; l < sizeof lines / sizeof *lines; l++) *lines[l] = PL_ARRAY(arena, n, int);
    double **squares[] = {&k->low, &k->high, &k->middle, &k->inverse};
    for (size_t l = 0; l < sizeof squares / sizeof *squares; l++) *squares[l] = PL_ARRAY(arena, n * n, double);
    k->center = PL_ARRAY(arena, n, double);
    k->values = PL_ARRAY(arena, n, double);
    pl_box_new(arena, bounds, &k->point);
}

/* A point of the box whose probabilities sum to 1; the unknowns are all but the likeliest strategy of each player. */
static void set_center(pl_krawczyk *k, const pl_box *box) {
    const pl_game *game = k->bounds->game;
    k->count = 0;
    pl_box_copy(k->bounds, box, &k->point);
    for (int i = 0; i < game->player_count; i++) {
        int first = k->bounds->first[i], end = first + game->players[i].strategy_count, rest = -1;
        double low = 0, high = 0;
        for (int s = first; s < end; s++) {
            if (!pl_box_active(box, s)) continue;
            low += box->low[s];
            high += box->high[s];
            if (rest < 0 || box->high[s] + box->low[s] > box->high[rest] + box->low[rest]) rest = s;
        }
        double share = high > low ? (1 - low) / (high - low) : 0, left = 1;
        for (int s = first; s < end; s++) {
            if (!pl_box_active(box, s) || s == rest) continue;
            double value = box->low[s] + share * (box->high[s] - box->low[s]);
            k->point.low[s] = k->point.high[s] = value;
            left -= value;
            k->player[k->count] = i;
            k->strategy[k->count] = s - first;
            k->center[k->count] = value;
            k->at[k->count++] = s;
        }
        k->rest[i] = rest - first;
        k->point.low[rest] = k->point.high[rest] = left;
    }
}

/* Each equation says that the gain of a strategy over the player's rest is 0. */
static void put_slopes(pl_krawczyk *k, const pl_box *box, const pl_box *later) {
    int n = k->count;
    for (int r = 0; r < n; r++)
        for (int c = 0; c < n; c++) {
            int i = k->player[r], j = k->player[c];
            pl_gain_range slope = {0, 0};
            if (i != j)
                slope = pl_bounds_slope(k->bounds, box, later, i, k->strategy[r], k->rest[i], j, k->strategy[c],
                                        k->rest[j]);
            k->low[r * n + c] = slope.low;
            k->high[r * n + c] = slope.high;
        }
}

/* The equations at the center; what they may be off by is the slack. */
static void put_values(pl_krawczyk *k) {
    for (int r = 0; r < k->count; r++) {
        int i = k->player[r];
        pl_gain_range gain = pl_bounds_gain(k->bounds, &k->point, i, k->strategy[r], k->rest[i]);
        k->values[r] = (gain.low + gain.high) / 2;
    }
}

/* Cuts each unknown down to what the equations, each on its own, leave it (hull consistency). false: nothing is
 * left. */
static bool cut_rows(pl_krawczyk *k, pl_box *box) {
    int n = k->count;
    for (int r = 0; r < n; r++) {
        double least = k->values[r] - 2 * k->bounds->slack, most = k->values[r] + 2 * k->bounds->slack;
        double below[n], above[n], size = 0;
        for (int c = 0; c < n; c++) {
            double a = box->low[k->at[c]] - k->center[c], b = box->high[k->at[c]] - k->center[c];
            double low = k->low[r * n + c], high = k->high[r * n + c];
            least += below[c] = fmin(fmin(low * a, low * b), fmin(high * a, high * b));
            most += above[c] = fmax(fmax(low * a, low * b), fmax(high * a, high * b));
            size += fmax(fabs(below[c]), fabs(above[c]));
        }
        double margin = (2 * n + 8) * 0x1p-52 * (size + 1);
        if (least - margin > 0 || most + margin < 0) return false;
        for (int c = 0; c < n; c++) {
            double low = k->low[r * n + c], high = k->high[r * n + c];
            if (low <= 0 && high >= 0) continue;
            /* slope x (x - center) lies between a and b */
            double a = -(most - above[c]) - margin, b = -(least - below[c]) + margin;
            double q[4] = {a / low, a / high, b / low, b / high};
            double from = k->center[c] + fmin(fmin(q[0], q[1]), fmin(q[2], q[3])) - 0x1p-51;
            double to = k->center[c] + fmax(fmax(q[0], q[1]), fmax(q[2], q[3])) + 0x1p-51;
            double *own_low = &box->low[k->at[c]], *own_high = &box->high[k->at[c]];
            if (!(from <= *own_high && to >= *own_low)) return false;
            *own_low = fmax(*own_low, from);
            *own_high = fmin(*own_high, to);
        }
    }
    return true;
}

/* Row r of the preconditioned derivatives, widened by more than rounding. */
static void precondition(const pl_krawczyk *k, int r, double *low, double *high) {
    int n = k->count;
    for (int c = 0; c < n; c++) {
        double size = 0;
        low[c] = high[c] = 0;
        for (int m = 0; m < n; m++) {
            double y = k->inverse[r * n + m], a = y * k->low[m * n + c], b = y * k->high[m * n + c];
            low[c] += fmin(a, b);
            high[c] += fmax(a, b);
            size += fmax(fabs(a), fabs(b));
        }
        double margin = (n + 4) * 0x1p-52 * size;
        low[c] -= margin;
        high[c] += margin;
    }
}

/* What row r says of its unknown: its range is left in *range; false where nothing. */
static bool solve_row(const pl_krawczyk *k, const pl_box *box, int r, pl_gain_range *range) {
    int n = k->count;
    double low[n], high[n], least = 0, most = 0, size = 0;
    low[r] = high[r] = 0;
    precondition(k, r, low, high);
    if (low[r] <= 0) return false;
    for (int m = 0; m < n; m++) {
        double y = k->inverse[r * n + m], value = y * k->values[m], margin = 2 * fabs(y) * k->bounds->slack;
        least += value - margin;
        most += value + margin;
        size += fabs(value) + margin;
    }
    for (int c = 0; c < n; c++) {
        if (c == r) continue;
        double a = box->low[k->at[c]] - k->center[c], b = box->high[k->at[c]] - k->center[c];
        double p[4] = {low[c] * a, low[c] * b, high[c] * a, high[c] * b};
        least += fmin(fmin(p[0], p[1]), fmin(p[2], p[3]));
        most += fmax(fmax(p[0], p[1]), fmax(p[2], p[3]));
        size += fmax(fabs(low[c]), fabs(high[c])) * fmax(fabs(a), fabs(b));
    }
    double margin = (2 * n + 8) * 0x1p-52 * (size + low[r]);
    least -= margin;
    most += margin;
    range->low = k->center[r] - (most > 0 ? most / low[r] : most / high[r]) - 0x1p-51;
    range->high = k->center[r] - (least < 0 ? least / low[r] : least / high[r]) + 0x1p-51;
    return true;
}

static bool set_inverse(pl_krawczyk *k) {
    int n = k->count;
    for (int m = 0; m < n * n; m++) k->middle[m] = (k->low[m] + k->high[m]) / 2;
    k->bounds->spent += (long long)n * n * n * 3;
    return pl_matrix_invert(k->middle, k->pivot, n, k->inverse);
}

pl_step pl_krawczyk_contract(pl_krawczyk *k, pl_box *box) {
    set_center(k, box);
    put_slopes(k, box, &k->point);
    put_values(k);
    if (!cut_rows(k, box)) return PL_STEP_EMPTY;
    if (!set_inverse(k)) return PL_STEP_NONE;
    for (int r = 0; r < k->count; r++) {
        pl_gain_range range;
        double *low = &box->low[k->at[r]], *high = &box->high[k->at[r]];
        if (!solve_row(k, box, r, &range)) continue;
        if (!(range.low <= *high && range.high >= *low)) return PL_STEP_EMPTY;
        *low = fmax(*low, range.low);
        *high = fmin(*high, range.high);
    }
    return PL_STEP_NONE;
}

int pl_krawczyk_widest(const pl_krawczyk *k, const pl_box *box) {
    int widest = k->at[0];
    double most = -1;
    for (int c = 0; c < k->count; c++) {
        double smear = 0, width = box->high[k->at[c]] - box->low[k->at[c]];
        for (int r = 0; r < k->count; r++)
            smear += fmax(fabs(k->low[r * k->count + c]), fabs(k->high[r * k->count + c]));
        smear = (smear + 1e-3) * width;
        if (smear > most) {
            most = smear;
            widest = k->at[c];
        }
    }
    return widest;
}

/* What the unknowns of a player leave to its rest, over the whole box. */
static void widen_rests(const pl_krawczyk *k, pl_box *box) {
    for (int r = 0; r < k->count; r++) {
        int at = k->bounds->first[k->player[r]] + k->rest[k->player[r]];
        if (r == 0 || k->player[r - 1] != k->player[r]) box->low[at] = box->high[at] = 1;
        box->low[at] -= box->high[k->at[r]] + 0x1p-51;
        box->high[at] -= box->low[k->at[r]] - 0x1p-51;
    }
}

pl_step pl_krawczyk_verify(pl_krawczyk *k, pl_box *box) {
    set_center(k, box);
    widen_rests(k, box);
    put_slopes(k, box, box);
    put_values(k);
    if (!set_inverse(k)) return PL_STEP_NONE;
    for (int r = 0; r < k->count; r++) {
        pl_gain_range range;
        double *low = &box->low[k->at[r]], *high = &box->high[k->at[r]];
        if (!solve_row(k, box, r, &range) || !(range.low > *low && range.high < *high)) return PL_STEP_NONE;
        *low = range.low;
        *high = range.high;
    }
    return PL_STEP_UNIQUE;
}
