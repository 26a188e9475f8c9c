/* Forms that are neither element-wise nor over arrays: lookups, draws, and what keeps a state of its own.  See
 * lowering.h. */
#include "base/philox.h"
#include "program/lowering.h"
#include "program/tape.h"

/* Beyond one end of tables that extrapolate: the value there plus the slope of the line there times the way from it;
 * inside and for other tables the slope is not used or 0. */
static pl_value lower_beyond(pl_lowering *l, const pl_table *const *tables, int count, pl_value x, pl_value inside, bool upper) {
    double *ends = PL_ARRAY(l->g->arena, count, double), *values = PL_ARRAY(l->g->arena, count, double);
    double *slopes = PL_ARRAY(l->g->arena, count, double);
    for (int i = 0; i < count; i++) {
        const pl_table *t = tables[i];
        int end = upper ? t->count - 1 : 0, next = upper ? t->count - 2 : 1;
        ends[i] = t->x[end], values[i] = t->y[end];
        if (t->extrapolate && t->count > 1) slopes[i] = (t->y[next] - t->y[end]) / (t->x[next] - t->x[end]);
    }
    pl_value end = pl_value_numbers(l, ends, count);
    pl_value way[2] = {x, end};
    pl_value rise[2] = {pl_value_numbers(l, slopes, count), pl_value_apply(l, PL_FN_SUBTRACT, way, 2, 0)};
    pl_value sum[2] = {pl_value_numbers(l, values, count), pl_value_apply(l, PL_FN_MULTIPLY, rise, 2, 0)};
    pl_value choice[3] = {pl_value_apply(l, upper ? PL_FN_GREATER : PL_FN_LESS, way, 2, 0), pl_value_apply(l, PL_FN_ADD, sum, 2, 0), inside};
    return pl_value_apply(l, PL_FN_IF_THEN_ELSE, choice, 3, 0);
}

pl_value pl_lower_lookup(pl_lowering *l, const pl_expr *call) {
    pl_graph *g = l->g;
    const pl_expr *reference = call->args[0];
    if (reference->kind != PL_EXPR_REFERENCE || reference->variable->kind != PL_LOOKUP)
        pl_graph_fail(g, PL_INVALID, reference->at, "expected the name of a lookup");
    pl_value x = pl_lower(l, call->args[1]);
    int size = pl_space_invariant(l->space, reference) ? 1 : pl_space_size(l->space);
    pl_space space = *l->space;
    for (int k = 0; size == 1 && k < space.count; k++)
        if (space.fixed[k] < 0) space.fixed[k] = 0;
    int *elements = PL_ARRAY(g->arena, size, int);
    pl_space_elements(&space, reference, elements);
    int count = size > x.count ? size : x.count;
    int *tables = PL_ARRAY(g->arena, count, int);
    const pl_table **all = PL_ARRAY(g->arena, count, const pl_table *);
    bool extrapolates = false;
    for (int i = 0; i < count; i++) {
        const pl_table *table = reference->variable->tables[elements[size == 1 ? 0 : i]];
        if (!table) pl_lower_undefined(l, reference, elements[size == 1 ? 0 : i]);
        tables[i] = pl_graph_table(g, table);
        all[i] = table, extrapolates |= table->extrapolate;
    }
    pl_value found = {pl_graph_node(g, PL_OP_LOOKUP, count, &x.arg, 1, pl_graph_ints(g, tables, count)), count};
    if (!extrapolates) return found;
    return lower_beyond(l, all, count, x, lower_beyond(l, all, count, x, found, false), true);
}

/* A draw has an address of its own in each element: seed, future, name, call, step, number. */
pl_value pl_lower_noise(pl_lowering *l, const pl_expr *call) {
    pl_graph *g = l->g;
    int size = pl_space_size(l->space);
    pl_value args[8];
    if (call->arg_count > 6) pl_graph_fail(g, PL_UNSUPPORTED, call->at, "%s has too many arguments", call->function->name);
    for (int i = 0; i < call->arg_count; i++) args[i] = pl_lower(l, call->args[i]);
    uint64_t *hashes = PL_ARRAY(g->arena, size, uint64_t);
    for (int i = 0; i < size; i++) {
        char name[512], key[512];
        int element = pl_lower_cell(l, i);
        int length = pl_variable_element_name(l->equation->variable, element < 0 ? 0 : element, name, sizeof name);
        if (length >= (int)sizeof name) length = (int)sizeof name - 1;
        size_t folded = pl_name_fold(name, (size_t)length, key);
        hashes[i] = pl_fnv1a(key, folded) ^ (uint64_t)i * (l->space->count > l->equation->axis_count ? 0x9E3779B97F4A7C15u : 0);
    }
    g->draws = pl_arena_grow(g->arena, g->draws, g->draw_count, &g->draw_room, g->draw_count + 1, sizeof *g->draws);
    g->draws[g->draw_count] = (pl_draw){call->function->id, call->call, l->context == PL_START_CONTEXT, hashes};
    pl_arg operands[8];
    for (int i = 0; i < call->arg_count; i++) operands[i] = args[i].arg;
    return (pl_value){pl_graph_node(g, PL_OP_NOISE, size, operands, call->arg_count, g->draw_count++), size};
}

/* ---- forms with state ---- */

pl_value pl_lower_sample(pl_lowering *l, const pl_expr *call) {
    int size = pl_space_size(l->space);
    pl_value args[3] = {pl_lower(l, call->args[0]), pl_lower(l, call->args[1])};
    if (l->context == PL_START_CONTEXT) {
        args[2] = pl_lower(l, call->args[2]);
        return pl_value_apply(l, PL_FN_IF_THEN_ELSE, args, 3, 0);
    }
    pl_arg initial = pl_value_spread(l, pl_lower_in(l, PL_START_CONTEXT, call->args[2]), size);
    pl_state *state = pl_state_add(l->g, PL_STATE_HELD, size, l->equation);
    int index = (int)(state - l->g->states);
    state->initial = initial;
    args[2] = pl_state_value(state);
    pl_value held = pl_value_apply(l, PL_FN_IF_THEN_ELSE, args, 3, 0);
    l->g->states[index].next = held.arg;
    return held;
}

pl_value pl_lower_delay(pl_lowering *l, const pl_expr *call) {
    if (l->context == PL_START_CONTEXT) return pl_lower(l, call->args[2]);
    int size = pl_space_size(l->space);
    pl_value length = pl_lower_in(l, PL_START_CONTEXT, call->args[1]);
    pl_arg initial = pl_value_spread(l, pl_lower_in(l, PL_START_CONTEXT, call->args[2]), size);
    pl_state *state = pl_state_add(l->g, PL_STATE_DELAY, size, l->equation);
    state->initial = initial;
    state->length = length.arg;
    state->next_expr = call->args[0];
    state->space = PL_NEW(l->g->arena, pl_space);
    *state->space = *l->space;
    return pl_state_value(state);
}

/* The next value is the argument itself, lowered once all variables have their places. */
pl_value pl_lower_previous(pl_lowering *l, const pl_expr *call) {
    if (l->context == PL_START_CONTEXT) return pl_lower(l, call->args[1]);
    int size = pl_space_size(l->space);
    pl_arg initial = pl_value_spread(l, pl_lower_in(l, PL_START_CONTEXT, call->args[1]), size);
    pl_state *state = pl_state_add(l->g, PL_STATE_HELD, size, l->equation);
    state->initial = initial;
    state->next_expr = call->args[0];
    state->space = PL_NEW(l->g->arena, pl_space);
    *state->space = *l->space;
    return pl_state_value(state);
}
