/* Forms that are neither element-wise nor over arrays: what keeps a state of its own.  See lowering.h. */
#include "program/lowering.h"
#include "program/tape.h"

/* ---- forms with state ---- */

/* Condition and input, where the equation's own name means the value held so far, then the choice. */
static pl_value choose_sample(pl_lowering *l, const pl_expr *call, pl_value held) {
    pl_lowering inside = *l;
    if (call == l->equation->expr) inside.held = &held;
    pl_value condition = pl_lower(&inside, call->args[0]);
    return pl_value_choose(l, condition, pl_lower(&inside, call->args[1]), held);
}

pl_value pl_lower_sample(pl_lowering *l, const pl_expr *call) {
    int size = pl_space_size(l->space);
    if (l->context == PL_START_CONTEXT) return choose_sample(l, call, pl_lower(l, call->args[2]));
    pl_arg initial = pl_value_spread(l, pl_lower_in(l, PL_START_CONTEXT, call->args[2]), size);
    pl_state *state = pl_state_add(l->g, PL_STATE_HELD, size, l->equation);
    int index = (int)(state - l->g->states);
    state->initial = initial;
    pl_value next = choose_sample(l, call, pl_state_value(state));
    l->g->states[index].next = next.arg;
    return next;
}

pl_value pl_lower_delay(pl_lowering *l, const pl_expr *call) {
    if (l->context == PL_START_CONTEXT) return pl_lower(l, call->args[2]);
    int size = pl_space_size(l->space);
    pl_value length = pl_lower_in(l, PL_START_CONTEXT, call->args[1]);
    pl_arg initial = pl_value_spread(l, pl_lower_in(l, PL_START_CONTEXT, call->args[2]), size);
    pl_arg kept = pl_graph_node(l->g, PL_OP_SAVED, length.count, &length.arg, 1, 0);
    pl_value parts[2] = {{initial, size}, length};
    pl_arg both = pl_value_join(l, parts, 2, size);
    pl_state *state = pl_state_add(l->g, PL_STATE_DELAY, size, l->equation);
    state->initial = initial;
    state->length = length.arg;
    state->kept = kept;
    state->transit_initial = both;
    state->next_expr = call->args[0];
    state->space = PL_NEW(l->g->arena, pl_space);
    *state->space = *l->space;
    return pl_state_value(state);
}

pl_value pl_lower_transit(pl_lowering *l, const pl_expr *call) {
    if (l->context == PL_START_CONTEXT) return pl_lower(l, call->args[2]);
    int size = pl_space_size(l->space);
    pl_value parts[2] = {pl_lower_in(l, PL_START_CONTEXT, call->args[2]), pl_lower_in(l, PL_START_CONTEXT, call->args[1])};
    pl_arg both = pl_value_join(l, parts, 2, size);
    bool material = call->function->id == PL_FN_DELAY_MATERIAL;
    pl_state *state = pl_state_add(l->g, material ? PL_STATE_MATERIAL : PL_STATE_INFORMATION, size, l->equation);
    state->initial = both;
    state->next_expr = call->args[0], state->time_expr = call->args[1];
    state->missing_expr = material ? call->args[3] : NULL;
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
