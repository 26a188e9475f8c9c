/* The sign of a value, as far as the text tells it: numbers, ranges that the modeller gives, functions that are never
 * negative, and stocks that never fall below 0 because whatever drains them ends when they are empty.  The last are
 * found together: all stocks that begin at 0 or above are taken to stay there, and those that are not kept there by
 * their rates, given all the others, are dropped until the rest agree.  That holds in continuous time. */
#include <math.h>
#include <string.h>

#include "model/structure.h"

enum { IN_WORK = 255, LARGEST_AXIS = 1000 };

pl_sign pl_sign_product(pl_sign a, pl_sign b) {
    if (a == PL_SIGN_ZERO || b == PL_SIGN_ZERO) return PL_SIGN_ZERO;
    if (a == PL_SIGN_UNKNOWN || b == PL_SIGN_UNKNOWN) return PL_SIGN_UNKNOWN;
    return a == b ? PL_SIGN_POSITIVE : PL_SIGN_NEGATIVE;
}

static pl_sign negative(pl_sign a) { return pl_sign_product(a, PL_SIGN_NEGATIVE); }

/* Of a sum, a choice, or all cells of an array. */
static pl_sign both(pl_sign a, pl_sign b) { return a == b || b == PL_SIGN_ZERO ? a : a == PL_SIGN_ZERO ? b : PL_SIGN_UNKNOWN; }

static pl_sign of_number(double x) {
    return x == 0 ? PL_SIGN_ZERO : x > 0 ? PL_SIGN_POSITIVE : x < 0 ? PL_SIGN_NEGATIVE : PL_SIGN_UNKNOWN;
}

static pl_sign of_range(pl_range r) {
    if (r.low == 0 && r.high == 0) return PL_SIGN_ZERO;
    return r.low >= 0 ? PL_SIGN_POSITIVE : r.high <= 0 ? PL_SIGN_NEGATIVE : PL_SIGN_UNKNOWN;
}

/* A sum of which the signs do not tell enough. */
static pl_sign of_sum(pl_signs *s, const pl_expr *call, pl_sign sign) {
    return sign == PL_SIGN_UNKNOWN ? of_range(pl_ranges_expr(s, call)) : sign;
}

static pl_sign of_numbers(const double *numbers, int count) {
    pl_sign sign = count > 0 ? of_number(numbers[0]) : PL_SIGN_UNKNOWN;
    for (int i = 1; i < count; i++) sign = both(sign, of_number(numbers[i]));
    return sign;
}

/* ---- lookups -------------------------------------------------------------------------------------------- */

static pl_sign table_slope(const pl_table *table) {
    pl_sign sign = PL_SIGN_ZERO;
    for (int i = 1; i < table->count; i++) sign = both(sign, of_number(table->y[i] - table->y[i - 1]));
    return sign;
}

pl_sign pl_signs_slope(const pl_variable *lookup) {
    pl_sign sign = PL_SIGN_ZERO;
    for (int i = 0; i < lookup->size && lookup->tables; i++)
        if (lookup->tables[i]) sign = both(sign, table_slope(lookup->tables[i]));
    return lookup->tables ? sign : PL_SIGN_UNKNOWN;
}

static pl_sign of_lookup(const pl_variable *lookup) {
    pl_sign sign = PL_SIGN_ZERO;
    if (!lookup->tables) return PL_SIGN_UNKNOWN;
    for (int i = 0; i < lookup->size; i++) {
        const pl_table *table = lookup->tables[i];
        if (table && table->extrapolate) return PL_SIGN_UNKNOWN;
        if (table) sign = both(sign, of_numbers(table->y, table->count));
    }
    return sign;
}

/* ---- variables ------------------------------------------------------------------------------------------ */

static pl_sign of_equations(pl_signs *s, const pl_variable *variable) {
    pl_sign sign = PL_SIGN_ZERO;
    if (variable->equation_count == 0) return PL_SIGN_UNKNOWN;
    for (int i = 0; i < variable->equation_count; i++) {
        const pl_equation *equation = variable->equations[i];
        if (equation->numbers) sign = both(sign, of_numbers(equation->numbers, equation->cell_count));
        else sign = equation->expr ? both(sign, pl_signs_expr(s, equation->expr)) : PL_SIGN_UNKNOWN;
    }
    return sign;
}

static pl_sign find_sign(pl_signs *s, const pl_variable *variable) {
    if (variable->index == s->zero) return PL_SIGN_ZERO;
    if (s->given && s->given[variable->index].low <= s->given[variable->index].high)
        return of_range(s->given[variable->index]);
    if (variable->kind == PL_STOCK && s->held[variable->index]) return PL_SIGN_POSITIVE;
    pl_sign own = variable->kind == PL_CONSTANT || variable->kind == PL_AUXILIARY ? of_equations(s, variable)
                                                                                  : PL_SIGN_UNKNOWN;
    if (own != PL_SIGN_UNKNOWN) return own;
    return variable->low >= 0 ? PL_SIGN_POSITIVE : variable->high <= 0 ? PL_SIGN_NEGATIVE : PL_SIGN_UNKNOWN;
}

static pl_sign of_variable(pl_signs *s, const pl_variable *variable) {
    unsigned char *known = &s->known[variable->index];
    if (*known == IN_WORK || s->work <= 0) return PL_SIGN_UNKNOWN;
    if (*known) return (pl_sign)(*known - 1);
    *known = IN_WORK;
    pl_sign sign = find_sign(s, variable);
    *known = (unsigned char)(sign + 1);
    return sign;
}

/* Whether a reference means the same element as the equation that it stands in. */
static bool is_own_element(const pl_expr *reference) {
    for (int i = 0; i < reference->variable->rank; i++) {
        pl_subscript subscript = reference->subscripts[i];
        if (subscript.axis != i) return false;
        for (int k = 0; k < reference->variable->axes[i]->count; k++)
            if (subscript.map[k] != k) return false;
    }
    return true;
}

/* While a stock is taken to be empty, so is only the element in question. */
static pl_sign of_reference(pl_signs *s, const pl_expr *reference) {
    const pl_variable *variable = reference->variable;
    if (s->zero < 0 || variable->rank == 0) return of_variable(s, variable);
    for (int i = 0; i < variable->rank; i++)
        if (reference->subscripts[i].axis >= 0 && variable->axes[i]->count > LARGEST_AXIS) return PL_SIGN_UNKNOWN;
    if (is_own_element(reference)) return of_variable(s, variable);
    return variable->kind == PL_STOCK && s->held[variable->index] ? PL_SIGN_POSITIVE
           : variable->kind == PL_CONSTANT                        ? of_variable(s, variable)
                                                                  : PL_SIGN_UNKNOWN;
}

/* ---- expressions ---------------------------------------------------------------------------------------- */

static pl_sign of_max(pl_sign a, pl_sign b) {
    if (a == PL_SIGN_POSITIVE || b == PL_SIGN_POSITIVE) return PL_SIGN_POSITIVE;
    if (a == PL_SIGN_NEGATIVE && b == PL_SIGN_NEGATIVE) return PL_SIGN_NEGATIVE;
    if (a == PL_SIGN_ZERO) return b == PL_SIGN_NEGATIVE || b == PL_SIGN_ZERO ? PL_SIGN_ZERO : PL_SIGN_POSITIVE;
    return b == PL_SIGN_ZERO ? of_max(b, a) : PL_SIGN_UNKNOWN;
}

static pl_sign of_call(pl_signs *s, const pl_expr *call) {
    pl_expr *const *args = call->args;
    pl_sign a = call->arg_count > 0 ? pl_signs_expr(s, args[0]) : PL_SIGN_UNKNOWN;
    switch (call->function->id) {
    case PL_FN_ADD: return of_sum(s, call, both(a, pl_signs_expr(s, args[1])));
    case PL_FN_SUBTRACT: return of_sum(s, call, both(a, negative(pl_signs_expr(s, args[1]))));
    case PL_FN_MULTIPLY:
    case PL_FN_DIVIDE:
    case PL_FN_ZIDZ: return pl_sign_product(a, pl_signs_expr(s, args[1]));
    case PL_FN_XIDZ:
    case PL_FN_SAFEDIV: return both(pl_sign_product(a, pl_signs_expr(s, args[1])), pl_signs_expr(s, args[2]));
    case PL_FN_NEGATE: return negative(a);
    case PL_FN_MAX: return of_max(a, pl_signs_expr(s, args[1]));
    case PL_FN_MIN: return negative(of_max(negative(a), negative(pl_signs_expr(s, args[1]))));
    case PL_FN_IF_THEN_ELSE: return both(pl_signs_expr(s, args[1]), pl_signs_expr(s, args[2]));
    case PL_FN_RAISE:
    case PL_FN_POWER: return a == PL_SIGN_POSITIVE ? a : PL_SIGN_UNKNOWN;
    case PL_FN_ABS:
    case PL_FN_SQUARE: return a == PL_SIGN_ZERO ? a : PL_SIGN_POSITIVE;
    case PL_FN_EXP:
    case PL_FN_COSH:
    case PL_FN_EQUAL:
    case PL_FN_UNEQUAL:
    case PL_FN_LESS:
    case PL_FN_LESS_EQUAL:
    case PL_FN_GREATER:
    case PL_FN_GREATER_EQUAL:
    case PL_FN_AND:
    case PL_FN_OR:
    case PL_FN_NOT:
    case PL_FN_PULSE:
    case PL_FN_PULSE_TRAIN: return PL_SIGN_POSITIVE;
    case PL_FN_SQRT:
    case PL_FN_INTEGER:
    case PL_FN_STEP:
    case PL_FN_SUM:
    case PL_FN_VMIN:
    case PL_FN_VMAX: return a;
    case PL_FN_INITIAL: /* what was does not change while a stock is taken to be empty */
    case PL_FN_SMOOTH:
    case PL_FN_SMOOTH3:
    case PL_FN_DELAY1:
    case PL_FN_DELAY3: return s->zero < 0 ? a : PL_SIGN_UNKNOWN;
    case PL_FN_LOOKUP: return args[0]->kind == PL_EXPR_REFERENCE ? of_lookup(args[0]->variable) : PL_SIGN_UNKNOWN;
    default: return PL_SIGN_UNKNOWN;
    }
}

static pl_sign of_expr(pl_signs *s, const pl_expr *expr) {
    if (expr->kind == PL_EXPR_NUMBER) return of_number(expr->number);
    if (expr->kind == PL_EXPR_ELEMENT) return PL_SIGN_POSITIVE;
    if (expr->kind == PL_EXPR_CALL) return of_call(s, expr);
    if (expr->kind != PL_EXPR_REFERENCE) return PL_SIGN_UNKNOWN;
    if (expr->origin) return expr->origin->function ? of_call(s, expr->origin) : PL_SIGN_UNKNOWN;
    return of_reference(s, expr);
}

pl_sign pl_signs_expr(pl_signs *s, const pl_expr *expr) {
    if (--s->work <= 0 || s->depth > PL_SIGNS_DEEPEST) return PL_SIGN_UNKNOWN;
    s->depth++;
    pl_sign sign = of_expr(s, expr);
    s->depth--;
    return sign;
}

/* ---- stocks that stay at 0 or above --------------------------------------------------------------------- */

static void forget(pl_signs *s) {
    memset(s->known, 0, (size_t)s->model->variable_count);
    s->work -= s->model->variable_count / 64.0;
}

static bool begins_held(pl_signs *s, const pl_variable *stock) {
    if (stock->non_negative) return true;
    for (int i = 0; i < stock->equation_count; i++) {
        const pl_equation *equation = stock->equations[i];
        pl_sign sign = pl_signs_expr(s, equation->initial ? equation->initial : equation->expr);
        if (sign != PL_SIGN_POSITIVE && sign != PL_SIGN_ZERO) return false;
    }
    return true;
}

/* Whether its rate is not negative while it is empty. */
static bool stays_held(pl_signs *s, const pl_variable *stock) {
    if (stock->non_negative) return true;
    bool held = true;
    forget(s);
    s->zero = stock->index;
    for (int i = 0; i < stock->equation_count && held; i++) {
        pl_sign sign = pl_signs_expr(s, stock->equations[i]->expr);
        held = sign == PL_SIGN_POSITIVE || sign == PL_SIGN_ZERO;
    }
    s->zero = -1;
    return held && s->work > 0;
}

static bool drop_stocks(pl_signs *s) {
    bool dropped = false;
    for (int i = 0; i < s->model->variable_count; i++) {
        if (!s->held[i] || stays_held(s, s->model->variables[i])) continue;
        s->held[i] = false;
        dropped = true;
    }
    return dropped;
}

void pl_signs_start(pl_signs *s, pl_arena *arena, const pl_model *model, const pl_range *given) {
    *s = (pl_signs){.model = model, .given = given, .zero = -1, .work = 2e7};
    s->known = PL_ARRAY(arena, model->variable_count + 1, unsigned char);
    s->held = PL_ARRAY(arena, model->variable_count + 1, bool);
    s->ranging = PL_ARRAY(arena, model->variable_count + 1, bool);
    for (int i = 0; i < model->variable_count; i++) s->held[i] = model->variables[i]->kind == PL_STOCK;
    for (bool dropped = true; dropped;) { /* what an initial value may count on changes with what is held */
        dropped = false;
        forget(s);
        for (int i = 0; i < model->variable_count; i++)
            if (s->held[i] && !begins_held(s, model->variables[i])) s->held[i] = false, dropped = true;
    }
    while (drop_stocks(s)) {}
    forget(s);
    s->work = 2e7;
}
