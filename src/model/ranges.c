/* Between which numbers a value lies, as far as the text tells it: interval arithmetic (Moore, Interval Analysis, 1966)
 * over numbers, constants with all the values that they may take, and whatever is computed from them.  Of everything
 * else only the sign counts.  Bounds are rounded as the arithmetic rounds: they tell signs, not digits. */
#include <math.h>

#include "model/structure.h"

static const pl_range everything = {-INFINITY, INFINITY};

static pl_range of_sign(pl_sign sign) {
    switch (sign) {
    case PL_SIGN_ZERO: return (pl_range){0, 0};
    case PL_SIGN_POSITIVE: return (pl_range){0, INFINITY};
    case PL_SIGN_NEGATIVE: return (pl_range){-INFINITY, 0};
    default: return everything;
    }
}

pl_range pl_range_hull(pl_range a, pl_range b) { return (pl_range){fmin(a.low, b.low), fmax(a.high, b.high)}; }

static pl_range negate(pl_range a) { return (pl_range){-a.high, -a.low}; }

static pl_range add(pl_range a, pl_range b) { return (pl_range){a.low + b.low, a.high + b.high}; }

/* 0 x infinity is 0 here: the bound is not reached. */
static double times(double a, double b) { return a == 0 || b == 0 ? 0 : a * b; }

static pl_range multiply(pl_range a, pl_range b) {
    double p = times(a.low, b.low), q = times(a.low, b.high), r = times(a.high, b.low), s = times(a.high, b.high);
    return (pl_range){fmin(fmin(p, q), fmin(r, s)), fmax(fmax(p, q), fmax(r, s))};
}

static pl_range divide(pl_range a, pl_range b) {
    if (b.low < 0 && b.high > 0) return everything;
    return multiply(a, (pl_range){b.high == 0 ? -INFINITY : 1 / b.high, b.low == 0 ? INFINITY : 1 / b.low});
}

static pl_range of_call(pl_signs *s, const pl_expr *call) {
    pl_expr *const *args = call->args;
    switch (call->function->id) {
    case PL_FN_ADD: return add(pl_ranges_expr(s, args[0]), pl_ranges_expr(s, args[1]));
    case PL_FN_SUBTRACT: return add(pl_ranges_expr(s, args[0]), negate(pl_ranges_expr(s, args[1])));
    case PL_FN_MULTIPLY: return multiply(pl_ranges_expr(s, args[0]), pl_ranges_expr(s, args[1]));
    case PL_FN_DIVIDE: return divide(pl_ranges_expr(s, args[0]), pl_ranges_expr(s, args[1]));
    case PL_FN_NEGATE: return negate(pl_ranges_expr(s, args[0]));
    case PL_FN_IF_THEN_ELSE: return pl_range_hull(pl_ranges_expr(s, args[1]), pl_ranges_expr(s, args[2]));
    case PL_FN_MAX:
    case PL_FN_MIN: {
        pl_range a = pl_ranges_expr(s, args[0]), b = pl_ranges_expr(s, args[1]);
        if (call->function->id == PL_FN_MAX) return (pl_range){fmax(a.low, b.low), fmax(a.high, b.high)};
        return (pl_range){fmin(a.low, b.low), fmin(a.high, b.high)};
    }
    default: return of_sign(pl_signs_expr(s, call));
    }
}

pl_range pl_range_of_constant(const pl_variable *constant) {
    pl_range range = {INFINITY, -INFINITY};
    for (int i = 0; i < constant->equation_count; i++) {
        const pl_equation *equation = constant->equations[i];
        if (!equation->numbers) return everything;
        for (int k = 0; k < equation->cell_count; k++)
            range = pl_range_hull(range, (pl_range){equation->numbers[k], equation->numbers[k]});
    }
    return range.low <= range.high ? range : everything;
}

static pl_range of_auxiliary(pl_signs *s, const pl_variable *variable) {
    pl_range range = {INFINITY, -INFINITY};
    for (int i = 0; i < variable->equation_count; i++) {
        if (!variable->equations[i]->expr) return everything;
        range = pl_range_hull(range, pl_ranges_expr(s, variable->equations[i]->expr));
    }
    return range.low <= range.high ? range : everything;
}

static pl_range of_variable(pl_signs *s, const pl_variable *variable) {
    if (s->given && s->given[variable->index].low <= s->given[variable->index].high) return s->given[variable->index];
    if (variable->kind == PL_CONSTANT) return pl_range_of_constant(variable);
    if (variable->kind != PL_AUXILIARY || s->ranging[variable->index]) return everything;
    s->ranging[variable->index] = true;
    pl_range range = of_auxiliary(s, variable);
    s->ranging[variable->index] = false;
    return range;
}

static bool tells_nothing(pl_range range) { return range.low == -INFINITY && range.high == INFINITY; }

pl_range pl_ranges_expr(pl_signs *s, const pl_expr *expr) {
    if (--s->work <= 0 || s->depth > PL_SIGNS_DEEPEST) return everything;
    pl_range range = everything;
    s->depth++;
    if (expr->kind == PL_EXPR_NUMBER) range = (pl_range){expr->number, expr->number};
    else if (expr->kind == PL_EXPR_CALL) range = of_call(s, expr);
    else if (expr->kind == PL_EXPR_REFERENCE && !expr->origin) range = of_variable(s, expr->variable);
    if (tells_nothing(range) && expr->kind == PL_EXPR_REFERENCE) range = of_sign(pl_signs_expr(s, expr));
    s->depth--;
    return range;
}
