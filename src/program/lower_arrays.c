/* Forms over arrays: reductions, and the functions that select, pick and sort elements.  See lowering.h. */
#include <math.h>

#include "program/lowering.h"
#include "program/tape.h"

/* Whether an expression refers to one of the first `axes` axes that are not fixed. */
static bool uses_outer(const pl_space *space, int axes, const pl_expr *expr) {
    int rank = expr->kind == PL_EXPR_REFERENCE ? expr->variable->rank : expr->kind == PL_EXPR_ELEMENT ? 1 : 0;
    for (int r = 0; r < rank; r++) {
        int axis = expr->subscripts[r].axis;
        if (axis >= 0 && axis < axes && space->fixed[axis] < 0) return true;
    }
    for (int i = 0; i < expr->arg_count; i++)
        if (uses_outer(space, axes, expr->args[i])) return true;
    return false;
}

pl_value pl_lower_reduction(pl_lowering *l, const pl_expr *call) {
    pl_space inner = *l->space, *outer = l->space;
    int axes = inner.count, size = pl_space_size(outer);
    if (size > 1 && !uses_outer(&inner, axes, call->args[0])) {
        for (int k = 0; k < axes; k++)
            if (inner.fixed[k] < 0) inner.fixed[k] = 0;
        size = 1;
    }
    pl_space_push(l->g, &inner, call);
    int all = pl_space_size(&inner);
    l->space = &inner;
    pl_arg operand = pl_value_spread(l, pl_lower(l, call->args[0]), all);
    l->space = outer;
    if (all == size) return (pl_value){operand, size};
    return (pl_value){pl_graph_runs(l->g, PL_OP_REDUCE, size, all / size, &operand, 1, call->function->id), size};
}

/* Folds x over the reduced axes; what is not selected counts as nothing. */
static pl_value fold_selected(pl_lowering *l, int function, pl_value selected, pl_value x, int size, int all) {
    double nothing = function == PL_FN_SUM    ? 0.0
                     : function == PL_FN_PROD ? 1.0
                     : function == PL_FN_VMIN ? INFINITY
                                              : -INFINITY;
    pl_arg operand = pl_value_spread(l, pl_value_choose(l, selected, x, pl_value_number(l, nothing)), all);
    return (pl_value){pl_graph_runs(l->g, PL_OP_REDUCE, size, all / size, &operand, 1, function), size};
}

/* What VECTOR SELECT does by its fourth argument, as Vensim's reference manual says; for 5, where the manual has the
 * power the other way round, as Vensim's results do. */
static const struct {
    int fold, with; /* with: how selection and expression combine, PL_FN_COUNT: the expression alone */
    bool mean;
} selections[] = {
    {PL_FN_SUM, PL_FN_MULTIPLY, false}, {PL_FN_PROD, PL_FN_MULTIPLY, false}, {PL_FN_VMIN, PL_FN_MULTIPLY, false},
    {PL_FN_VMAX, PL_FN_MULTIPLY, false}, {PL_FN_SUM, PL_FN_MULTIPLY, true},  {PL_FN_PROD, PL_FN_RAISE, false},
    {PL_FN_SUM, PL_FN_COUNT, false},    {PL_FN_PROD, PL_FN_COUNT, false},    {PL_FN_VMIN, PL_FN_COUNT, false},
    {PL_FN_VMAX, PL_FN_COUNT, false},   {PL_FN_SUM, PL_FN_COUNT, true},
};

/* All actions are lowered and chosen from; where the action is a number of the model, folding leaves one. */
pl_value pl_lower_vector_select(pl_lowering *l, const pl_expr *call) {
    enum { ACTIONS = sizeof selections / sizeof *selections };
    pl_space inner = *l->space, *outer = l->space;
    int size = pl_space_size(outer);
    pl_space_push(l->g, &inner, call);
    int all = pl_space_size(&inner);
    l->space = &inner;
    pl_value selected = pl_lower(l, call->args[0]), x = pl_lower(l, call->args[1]), made[ACTIONS];
    for (int k = 0; k < ACTIONS; k++)
        made[k] = selections[k].with == PL_FN_COUNT ? x : pl_value_pair(l, selections[k].with, x, selected);
    l->space = outer;
    pl_value missing = pl_lower(l, call->args[2]), action = pl_lower(l, call->args[3]);
    pl_value count = fold_selected(l, PL_FN_SUM, selected, pl_value_number(l, 1.0), size, all);
    pl_value result = pl_value_number(l, PL_NOT_AVAILABLE); /* no such action */
    for (int k = ACTIONS; k-- > 0;) {
        pl_value folded = fold_selected(l, selections[k].fold, selected, made[k], size, all);
        if (selections[k].mean) folded = pl_value_pair(l, PL_FN_DIVIDE, folded, count);
        result = pl_value_choose(l, pl_value_pair(l, PL_FN_EQUAL, action, pl_value_number(l, k)), folded, result);
    }
    return pl_value_choose(l, count, result, missing);
}

/* VECTOR ELM MAP: an offset from an element, counted over the whole array. */
pl_value pl_lower_pick(pl_lowering *l, const pl_expr *call) {
    pl_graph *g = l->g;
    const pl_expr *reference = call->args[0];
    if (reference->kind != PL_EXPR_REFERENCE)
        pl_graph_fail(g, PL_INVALID, reference->at, "VECTOR ELM MAP takes an element of an array");
    const pl_variable *v = reference->variable;
    const pl_place_of *places = g->places[l->context][v->index];
    for (int i = 0; i < v->size; i++)
        if (!places || places[i].node < 0) pl_lower_undefined(l, reference, i);
    int run = v->size, size = pl_space_size(l->space), first = pl_space_invariant(l->space, reference) ? 1 : size;
    pl_space space = *l->space;
    for (int k = 0; first == 1 && k < space.count; k++)
        if (space.fixed[k] < 0) space.fixed[k] = 0;
    int *elements = PL_ARRAY(g->arena, first, int), *bases = PL_ARRAY(g->arena, size, int);
    pl_space_elements(&space, reference, elements);
    pl_value offset = pl_lower(l, call->args[1]);
    int count = first > offset.count ? first : offset.count;
    for (int i = 0; i < count; i++) bases[i] = elements[first == 1 ? 0 : i];
    pl_arg array = pl_graph_collect(g, places, &run);
    pl_arg operands[2] = {pl_value_spread(l, (pl_value){array, run}, v->size), offset.arg};
    return (pl_value){pl_graph_runs(g, PL_OP_PICK, count, v->size, operands, 2, pl_graph_ints(g, bases, count)), count};
}
