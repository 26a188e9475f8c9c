/* Draws: their parameters, and the address of each element's.  See lowering.h, draws.h. */
#include "base/philox.h"
#include "program/draws.h"
#include "program/lowering.h"
#include "program/tape.h"

/* The hash of the full name of what is drawn in each iteration; inside a reduction the iteration counts as well. */
static uint64_t *draw_hashes(pl_lowering *l, int size) {
    uint64_t *hashes = PL_ARRAY(l->g->arena, size, uint64_t);
    for (int i = 0; i < size; i++) {
        char name[512], key[512];
        int element = pl_lower_cell(l, i);
        int length = pl_variable_element_name(l->equation->variable, element < 0 ? 0 : element, name, sizeof name);
        if (length >= (int)sizeof name) length = (int)sizeof name - 1;
        size_t folded = pl_name_fold(name, (size_t)length, key);
        hashes[i] =
            pl_fnv1a(key, folded) ^ (uint64_t)i * (l->space->count > l->equation->axis_count ? 0x9E3779B97F4A7C15u : 0);
    }
    return hashes;
}

/* The table of RANDOM LOOKUP in each iteration. */
static int *draw_tables(pl_lowering *l, const pl_expr *reference, int size) {
    if (reference->kind != PL_EXPR_REFERENCE || reference->variable->kind != PL_LOOKUP)
        pl_graph_fail(l->g, PL_INVALID, reference->at, "expected the name of a lookup");
    int *elements = PL_ARRAY(l->g->arena, size, int), *tables = PL_ARRAY(l->g->arena, size, int);
    pl_space_elements(l->space, reference, elements);
    for (int i = 0; i < size; i++) {
        const pl_table *table = reference->variable->tables[elements[i]];
        if (!table) pl_lower_undefined(l, reference, elements[i]);
        tables[i] = pl_graph_table(l->g, table);
    }
    return tables;
}

/* A draw has an address of its own in each element: seed, future, name, call, step, number. The model's seed, the last
 * argument, is not used. */
pl_value pl_lower_noise(pl_lowering *l, const pl_expr *call) {
    pl_graph *g = l->g;
    int size = pl_space_size(l->space), tabled = call->function->id == PL_FN_RANDOM_LOOKUP;
    int count = pl_draw_parameters(call->function->id);
    pl_arg operands[PL_MOST_OPERANDS];
    for (int i = 0; i < count; i++) operands[i] = pl_lower(l, call->args[i + tabled]).arg;
    pl_draw draw = {call->function->id, call->call, l->context == PL_START_CONTEXT, draw_hashes(l, size), NULL};
    if (tabled) draw.tables = draw_tables(l, call->args[0], size);
    g->draws = pl_arena_grow(g->arena, g->draws, g->draw_count, &g->draw_room, g->draw_count + 1, sizeof *g->draws);
    g->draws[g->draw_count] = draw;
    return (pl_value){pl_graph_node(g, PL_OP_NOISE, size, operands, count, g->draw_count++), size};
}
