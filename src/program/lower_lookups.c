/* Calls of lookups.  The common one is an instruction of its own with kernels; what LOOKUP FORWARD and its kind do goes
 * lane by lane (lookups.c).  See lowering.h. */
#include "program/lowering.h"
#include "program/tape.h"

/* The tables that a call meets: one for all iterations where the reference is the same in all. */
typedef struct tables {
    const pl_table **all;
    int count;
} tables;

static tables find_tables(pl_lowering *l, const pl_expr *reference, int least) {
    pl_graph *g = l->g;
    if (reference->kind != PL_EXPR_REFERENCE || reference->variable->kind != PL_LOOKUP)
        pl_graph_fail(g, PL_INVALID, reference->at, "expected the name of a lookup");
    int size = pl_space_invariant(l->space, reference) ? 1 : pl_space_size(l->space);
    pl_space space = *l->space;
    for (int k = 0; size == 1 && k < space.count; k++)
        if (space.fixed[k] < 0) space.fixed[k] = 0;
    int *elements = PL_ARRAY(g->arena, size, int);
    pl_space_elements(&space, reference, elements);
    tables found = {.count = size > least ? size : least};
    found.all = PL_ARRAY(g->arena, found.count, const pl_table *);
    for (int i = 0; i < found.count; i++) {
        int element = elements[size == 1 ? 0 : i];
        found.all[i] = reference->variable->tables[element];
        if (!found.all[i]) pl_lower_undefined(l, reference, element);
    }
    return found;
}

static int add_tables(pl_graph *g, tables t, int mode) {
    int *numbers = PL_ARRAY(g->arena, t.count + 1, int), first = mode < 0;
    numbers[0] = mode;
    for (int i = 0; i < t.count; i++) numbers[i + 1] = pl_graph_table(g, t.all[i]);
    return pl_graph_ints(g, numbers + first, t.count + 1 - first);
}

/* Beyond one end of tables that extrapolate: the value there plus the slope of the line there times the way from it;
 * inside and for other tables the slope is not used or 0. */
static pl_value lower_beyond(pl_lowering *l, tables t, bool all, pl_value x, pl_value inside, bool upper) {
    double *ends = PL_ARRAY(l->g->arena, t.count, double), *values = PL_ARRAY(l->g->arena, t.count, double);
    double *slopes = PL_ARRAY(l->g->arena, t.count, double);
    for (int i = 0; i < t.count; i++) {
        const pl_table *table = t.all[i];
        int end = upper ? table->count - 1 : 0, next = upper ? table->count - 2 : 1;
        ends[i] = table->x[end], values[i] = table->y[end];
        if ((all || table->extrapolate) && table->count > 1)
            slopes[i] = (table->y[next] - table->y[end]) / (table->x[next] - table->x[end]);
    }
    pl_value end = pl_value_numbers(l, ends, t.count);
    pl_value way[2] = {x, end};
    pl_value rise[2] = {pl_value_numbers(l, slopes, t.count), pl_value_apply(l, PL_FN_SUBTRACT, way, 2, 0)};
    pl_value sum[2] = {pl_value_numbers(l, values, t.count), pl_value_apply(l, PL_FN_MULTIPLY, rise, 2, 0)};
    pl_value choice[3] = {pl_value_apply(l, upper ? PL_FN_GREATER : PL_FN_LESS, way, 2, 0), pl_value_apply(l, PL_FN_ADD, sum, 2, 0), inside};
    return pl_value_apply(l, PL_FN_IF_THEN_ELSE, choice, 3, 0);
}

pl_value pl_lower_lookup(pl_lowering *l, const pl_expr *call) {
    pl_value x = pl_lower(l, call->args[1]);
    tables t = find_tables(l, call->args[0], x.count);
    bool all = call->function->id == PL_FN_LOOKUP_EXTRAPOLATE, any = all;
    for (int i = 0; i < t.count; i++) any |= t.all[i]->extrapolate;
    pl_value found = {pl_graph_node(l->g, PL_OP_LOOKUP, t.count, &x.arg, 1, add_tables(l->g, t, -1)), t.count};
    if (!any) return found;
    return lower_beyond(l, t, all, x, lower_beyond(l, t, all, x, found, false), true);
}

static pl_table_mode mode_of(int function) {
    switch (function) {
    case PL_FN_LOOKUP_FORWARD: return PL_TABLE_FORWARD;
    case PL_FN_LOOKUP_BACKWARD: return PL_TABLE_BACKWARD;
    case PL_FN_LOOKUP_INVERT: return PL_TABLE_INVERT;
    case PL_FN_LOOKUP_SLOPE: return PL_TABLE_SLOPE;
    default: return PL_TABLE_AREA;
    }
}

pl_value pl_lower_table(pl_lowering *l, const pl_expr *call) {
    int arg_count = call->arg_count - 1, least = 1;
    pl_arg operands[2];
    for (int i = 0; i < arg_count && i < 2; i++) {
        pl_value v = pl_lower(l, call->args[i + 1]);
        operands[i] = v.arg;
        if (v.count > least) least = v.count;
    }
    tables t = find_tables(l, call->args[0], least);
    int detail = add_tables(l->g, t, mode_of(call->function->id));
    return (pl_value){pl_graph_node(l->g, PL_OP_TABLE, t.count, operands, arg_count, detail), t.count};
}
