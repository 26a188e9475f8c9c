/* See operators.h.  Sources: SBX and polynomial mutation, Deb and Agrawal (Complex Systems 9:115, 1995) and Deb's code
 * with bounds; DE, Storn and Price (J. Glob. Optim. 11:341, 1997); PCX, Deb, Anand and Joshi (Evol. Comput. 10:371,
 * 2002); SPX, Tsutsui, Yamamura and Higuchi (GECCO 1999); UNDX, Kita, Ono and Kobayashi (CEC 1999). */
#include "study/operators.h"

#include <string.h>

#include "base/philox.h"
#include "ensemble/situation.h"
#include "program/math.h"

static const double sbx_index = 15, mutation_index = 20, swap_rate = 0.5;
static const double de_rate = 0.1, de_step = 0.5;
static const double pcx_eta = 0.1, pcx_zeta = 0.1;
static const double spx_expansion = 3;
static const double undx_zeta = 0.5, undx_eta = 0.35;
static const double tiny = 1e-14;

static const struct {
    const char *name, *text;
    int parents, children;
    bool mutated;
} rows[] = {
#define X(id, name, parents, children, mutated, text) {name, text, parents, children, mutated},
    PL_OPERATORS(X)
#undef X
};

const char *pl_operator_name(pl_operator kind) { return rows[kind].name; }
const char *pl_operator_text(pl_operator kind) { return rows[kind].text; }
int pl_operator_parents(pl_operator kind) { return rows[kind].parents; }
int pl_operator_children(pl_operator kind) { return rows[kind].children; }

/* ---- random numbers -------------------------------------------------------------------------------------- */

double pl_dice_uniform(pl_dice *dice) { return pl_uniform_at(dice->key, dice->place, dice->counter++); }
double pl_dice_normal(pl_dice *dice) { return pl_normal_quantile(pl_dice_uniform(dice)); }
int pl_dice_below(pl_dice *dice, int count) {
    int index = (int)(pl_dice_uniform(dice) * count);
    return index < count ? index : count - 1;
}

/* ---- mutation -------------------------------------------------------------------------------------------- */

static double bound(double x) { return x < 0 ? 0 : x > 1 ? 1 : x; }

/* Polynomial, so that neither bound is left. */
static void mutate(pl_dice *dice, double *x, int variables) {
    for (int i = 0; i < variables; i++) {
        if (pl_dice_uniform(dice) * variables >= 1) continue;
        double u = pl_dice_uniform(dice), power = mutation_index + 1, shift;
        if (u < 0.5) shift = pl_pow(2 * u + (1 - 2 * u) * pl_pow(1 - x[i], power), 1 / power) - 1;
        else shift = 1 - pl_pow(2 * (1 - u) + (2 * u - 1) * pl_pow(x[i], power), 1 / power);
        x[i] = bound(x[i] + shift);
    }
}

void pl_mutate_uniformly(pl_dice *dice, double *x, int variables, double rate) {
    int certain = pl_dice_below(dice, variables);
    for (int i = 0; i < variables; i++)
        if (pl_dice_uniform(dice) < rate || i == certain) x[i] = pl_dice_uniform(dice);
}

/* ---- crossovers ------------------------------------------------------------------------------------------ */

/* How far children lie from the middle of their parents, in halves of their distance. */
static double spread_of(double u) {
    double power = 1 / (sbx_index + 1);
    return u <= 0.5 ? pl_pow(2 * u, power) : pl_pow(1 / (2 * (1 - u)), power);
}

static void sbx(pl_dice *dice, const double *const *parents, int variables, double *const *children, double *work) {
    (void)work;
    for (int i = 0; i < variables; i++) {
        double a = parents[0][i], b = parents[1][i], low = a < b ? a : b, high = a < b ? b : a, apart = high - low;
        children[0][i] = a, children[1][i] = b;
        double crossed = pl_dice_uniform(dice), u = pl_dice_uniform(dice), swapped = pl_dice_uniform(dice);
        if (crossed > swap_rate || apart < tiny) continue;
        double middle = (low + high) / 2, reach = spread_of(u) * apart / 2, x = middle - reach, y = middle + reach;
        bool swap = swapped < swap_rate;
        children[0][i] = swap ? y : x, children[1][i] = swap ? x : y;
    }
}

static void de(pl_dice *dice, const double *const *parents, int variables, double *const *children, double *work) {
    int certain = pl_dice_below(dice, variables);
    (void)work;
    for (int i = 0; i < variables; i++) {
        bool crossed = pl_dice_uniform(dice) < de_rate || i == certain;
        double moved = parents[1][i] + de_step * (parents[2][i] - parents[3][i]);
        children[0][i] = crossed ? bound(moved) : parents[0][i];
    }
}

static double dot(const double *a, const double *b, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) sum += a[i] * b[i];
    return sum;
}

/* Takes the part along a unit vector out of v. */
static void take_out(double *v, const double *unit, int count) {
    double along = dot(v, unit, count);
    for (int i = 0; i < count; i++) v[i] -= along * unit[i];
}

static double make_unit(double *v, int count) {
    double length = pl_sqrt(dot(v, v, count));
    for (int i = 0; i < count && length > tiny; i++) v[i] /= length;
    return length;
}

static void mean_of(const double *const *parents, int count, int variables, double *mean) {
    for (int i = 0; i < variables; i++) {
        double sum = 0;
        for (int k = 0; k < count; k++) sum += parents[k][i];
        mean[i] = sum / count;
    }
}

static void add_normal(pl_dice *dice, double *to, double scale, const double *direction, int count) {
    double step = scale * pl_dice_normal(dice);
    for (int i = 0; i < count; i++) to[i] += step * direction[i];
}

/* A normal step in the space that is orthogonal to the units: a normal one everywhere, without its part along them. */
static void add_orthogonal(pl_dice *dice, double *to, double scale, const double *units, int unit_count, int count,
                           double *work) {
    for (int i = 0; i < count; i++) work[i] = scale * pl_dice_normal(dice);
    for (int k = 0; k < unit_count; k++) take_out(work, units + (size_t)k * (size_t)count, count);
    for (int i = 0; i < count; i++) to[i] += work[i];
}

/* About the first parent: along its way from the mean of all, and across it by the other parents' mean distance from
 * that way. */
static void pcx_child(pl_dice *dice, const double *const *parents, int variables, double *child, double *work) {
    double *way = work, *unit = work + variables, *other = work + 2 * variables, distance = 0;
    int count = rows[PL_OPERATOR_PCX].parents;
    mean_of(parents, count, variables, other);
    for (int i = 0; i < variables; i++) way[i] = parents[0][i] - other[i];
    memcpy(unit, way, (size_t)variables * sizeof *unit);
    double length = make_unit(unit, variables);
    for (int k = 1; k < count; k++) {
        for (int i = 0; i < variables; i++) other[i] = parents[k][i] - parents[0][i];
        if (length > tiny) take_out(other, unit, variables);
        distance += pl_sqrt(dot(other, other, variables)) / (count - 1);
    }
    memcpy(child, parents[0], (size_t)variables * sizeof *child);
    add_normal(dice, child, pcx_zeta, way, variables);
    add_orthogonal(dice, child, pcx_eta * distance, unit, length > tiny, variables, other);
}

static void pcx(pl_dice *dice, const double *const *parents, int variables, double *const *children, double *work) {
    for (int c = 0; c < rows[PL_OPERATOR_PCX].children; c++) pcx_child(dice, parents, variables, children[c], work);
}

/* Uniform in the simplex of the parents, expanded about their mean. */
static void spx_child(pl_dice *dice, const double *const *parents, int variables, double *child, double *work) {
    double *mean = work, *reach = work + variables;
    int count = rows[PL_OPERATOR_SPX].parents;
    mean_of(parents, count, variables, mean);
    for (int i = 0; i < variables; i++) reach[i] = 0;
    for (int k = 0; k < count; k++) {
        double share = k ? pl_pow(pl_dice_uniform(dice), 1.0 / k) : 0;
        for (int i = 0; i < variables; i++) {
            double corner = mean[i] + spx_expansion * (parents[k][i] - mean[i]);
            double before = k ? mean[i] + spx_expansion * (parents[k - 1][i] - mean[i]) : 0;
            reach[i] = k ? share * (before - corner + reach[i]) : 0;
            if (k == count - 1) child[i] = corner + reach[i];
        }
    }
}

static void spx(pl_dice *dice, const double *const *parents, int variables, double *const *children, double *work) {
    for (int c = 0; c < rows[PL_OPERATOR_SPX].children; c++) spx_child(dice, parents, variables, children[c], work);
}

/* About the mean of all parents but the last: normal along the others' ways from it, and across them by the last
 * parent's distance. */
static void undx_child(pl_dice *dice, const double *const *parents, int variables, double *child, double *work) {
    double *mean = work, *way = work + variables, *units = work + 2 * variables, *other = work + 4 * variables;
    int near = rows[PL_OPERATOR_UNDX].parents - 1, unit_count = 0;
    mean_of(parents, near, variables, mean);
    memcpy(child, mean, (size_t)variables * sizeof *child);
    for (int k = 0; k < near; k++) {
        double *unit = units + (size_t)unit_count * (size_t)variables;
        for (int i = 0; i < variables; i++) way[i] = unit[i] = parents[k][i] - mean[i];
        for (int j = 0; j < unit_count; j++) take_out(unit, units + (size_t)j * (size_t)variables, variables);
        double length = make_unit(unit, variables);
        if (length <= 1e-10) continue; /* it lies along those before it */
        add_normal(dice, child, undx_zeta * length, unit, variables);
        unit_count++;
    }
    for (int i = 0; i < variables; i++) other[i] = parents[near][i] - mean[i];
    for (int k = 0; k < unit_count; k++) take_out(other, units + (size_t)k * (size_t)variables, variables);
    double distance = pl_sqrt(dot(other, other, variables));
    add_orthogonal(dice, child, undx_eta * distance / pl_sqrt(variables), units, unit_count, variables, other);
}

static void undx(pl_dice *dice, const double *const *parents, int variables, double *const *children, double *work) {
    for (int c = 0; c < rows[PL_OPERATOR_UNDX].children; c++) undx_child(dice, parents, variables, children[c], work);
}

static void um(pl_dice *dice, const double *const *parents, int variables, double *const *children, double *work) {
    (void)work;
    memcpy(children[0], parents[0], (size_t)variables * sizeof *children[0]);
    pl_mutate_uniformly(dice, children[0], variables, 1.0 / variables);
}

void pl_operator_cross(pl_operator kind, pl_dice *dice, const double *const *parents, int variables,
                       double *const *children, double *work) {
    switch (kind) {
    case PL_OPERATOR_SBX: sbx(dice, parents, variables, children, work); break;
    case PL_OPERATOR_DE: de(dice, parents, variables, children, work); break;
    case PL_OPERATOR_PCX: pcx(dice, parents, variables, children, work); break;
    case PL_OPERATOR_SPX: spx(dice, parents, variables, children, work); break;
    case PL_OPERATOR_UNDX: undx(dice, parents, variables, children, work); break;
    default: um(dice, parents, variables, children, work); break;
    }
    for (int c = 0; c < rows[kind].children; c++)
        for (int i = 0; i < variables; i++) children[c][i] = bound(children[c][i]);
}

void pl_operator_apply(pl_operator kind, pl_dice *dice, const double *const *parents, int variables,
                       double *const *children, double *work) {
    pl_operator_cross(kind, dice, parents, variables, children, work);
    for (int c = 0; c < rows[kind].children && rows[kind].mutated; c++) mutate(dice, children[c], variables);
}
