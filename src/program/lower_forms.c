/* Forms that are neither element-wise nor over arrays: draws, and what keeps a state of its own.  See lowering.h. */
#include "base/philox.h"
#include "program/lowering.h"
#include "program/tape.h"

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
