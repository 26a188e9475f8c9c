/* Equations to nodes.  An expression is lowered in an iteration space and a context and gives a `value`: one element
 * where it is the same in all iterations, else one per iteration, row-major.  A form (INITIAL, SAMPLE IF TRUE, ...)
 * has its case in lower_form; everything element-wise needs none. */
#include <math.h>
#include <string.h>

#include "base/philox.h"
#include "program/graph.h"
#include "program/tape.h"

typedef struct value {
    pl_arg arg;
    int count; /* 1 or the size of the space */
} value;

typedef struct lowering {
    pl_graph *g;
    enum pl_context context;
    const pl_equation *equation;
    pl_space *space;
} lowering;

static value lower(lowering *l, const pl_expr *expr);

/* ---- iteration spaces ---- */

void pl_space_push(pl_graph *g, pl_space *space, const pl_expr *reduction) {
    for (int i = 0; i < reduction->reduced_count; i++) {
        if (space->count == PL_MOST_AXES)
            pl_graph_fail(g, PL_UNSUPPORTED, reduction->at, "more than %d subscripts at once", PL_MOST_AXES);
        space->counts[space->count] = reduction->reduced[i]->count;
        space->fixed[space->count++] = -1;
    }
}

void pl_space_of(pl_graph *g, pl_space *space, const pl_equation *equation, int cell) {
    space->count = equation->axis_count;
    if (space->count > PL_MOST_AXES)
        pl_graph_fail(g, PL_UNSUPPORTED, equation->at, "more than %d subscripts at once", PL_MOST_AXES);
    for (int k = space->count; k-- > 0;) {
        space->counts[k] = equation->axes[k]->count;
        space->fixed[k] = cell < 0 ? -1 : cell % space->counts[k];
        if (cell >= 0) cell /= space->counts[k];
    }
}

int pl_space_size(const pl_space *space) {
    int size = 1;
    for (int k = 0; k < space->count; k++)
        if (space->fixed[k] < 0) size *= space->counts[k];
    return size;
}

void pl_space_elements(const pl_space *space, const pl_expr *reference, int *elements) {
    const pl_variable *v = reference->variable;
    int position[PL_MOST_AXES];
    for (int k = 0; k < space->count; k++) position[k] = space->fixed[k] < 0 ? 0 : space->fixed[k];
    int size = pl_space_size(space);
    for (int i = 0; i < size; i++) {
        int flat = 0;
        for (int r = 0; r < v->rank; r++) {
            const pl_subscript *s = &reference->subscripts[r];
            flat = flat * v->axes[r]->count + (s->axis < 0 ? s->element : s->map[position[s->axis]]);
        }
        elements[i] = flat;
        for (int k = space->count; k-- > 0;) {
            if (space->fixed[k] >= 0) continue;
            if (++position[k] < space->counts[k]) break;
            position[k] = 0;
        }
    }
}

/* ---- references ---- */

/* Whether the reference is the same in all iterations of the space. */
static bool is_invariant(const pl_space *space, const pl_expr *reference) {
    for (int r = 0; r < reference->variable->rank; r++) {
        int axis = reference->subscripts[r].axis;
        if (axis >= 0 && space->fixed[axis] < 0 && space->counts[axis] > 1) return false;
    }
    return true;
}

static void fail_undefined(lowering *l, const pl_expr *reference, int element) {
    char name[200];
    pl_variable_element_name(reference->variable, element, name, sizeof name);
    pl_graph_fail(l->g, PL_INVALID, reference->at, "%s has no equation", name);
}

static value lower_reference(lowering *l, const pl_expr *reference) {
    pl_graph *g = l->g;
    const pl_variable *v = reference->variable;
    if (v->kind == PL_LOOKUP) pl_graph_fail(g, PL_INVALID, reference->at, "the lookup %s is used without an argument", v->name);
    if (v->kind == PL_DATA) pl_graph_fail(g, PL_UNSUPPORTED, reference->at, "%s is data: not supported yet", v->name);
    pl_place_of *places = g->places[l->context][v->index];
    if (!places) fail_undefined(l, reference, 0);
    int size = pl_space_size(l->space), count = is_invariant(l->space, reference) ? 1 : size;
    pl_space space = *l->space;
    if (count == 1) /* one iteration stands for all */
        for (int k = 0; k < space.count; k++)
            if (space.fixed[k] < 0) space.fixed[k] = 0;
    int *elements = PL_ARRAY(g->arena, count, int);
    pl_space_elements(&space, reference, elements);
    pl_place_of *found = PL_ARRAY(g->arena, count, pl_place_of);
    const int *cells = l->equation->cells;
    bool whole = size == l->equation->cell_count; /* else inside a reduction or at one cell */
    for (int i = 0; i < count; i++) {
        found[i] = places[elements[i]];
        if (found[i].node < 0 && whole && count == size && cells[i] < 0) { /* left out by :EXCEPT: */
            found[i].node = pl_graph_number(g, 0.0).node;
            found[i].index = 0;
        }
        if (found[i].node < 0) fail_undefined(l, reference, elements[i]);
    }
    value out;
    out.count = count;
    out.arg = pl_graph_collect(g, found, &out.count);
    return out;
}

static value lower_element(lowering *l, const pl_expr *expr) {
    const pl_subscript *s = expr->subscripts;
    if (s->axis < 0) return (value){pl_graph_number(l->g, s->element), 1};
    if (l->space->fixed[s->axis] >= 0) return (value){pl_graph_number(l->g, s->map[l->space->fixed[s->axis]]), 1};
    int size = pl_space_size(l->space), inner = 1;
    for (int k = s->axis + 1; k < l->space->count; k++)
        if (l->space->fixed[k] < 0) inner *= l->space->counts[k];
    double *numbers = PL_ARRAY(l->g->arena, size, double);
    for (int i = 0; i < size; i++) numbers[i] = s->map[i / inner % l->space->counts[s->axis]];
    return (value){pl_graph_numbers(l->g, numbers, size), size};
}

/* INITIAL TIME or TIME STEP as of the start. */
static value lower_control(lowering *l, const pl_variable *control, pl_position at) {
    const pl_place_of *place = l->g->places[PL_START_CONTEXT][control->index];
    if (!place || place->node < 0)
        pl_graph_fail(l->g, PL_INVALID, at, "%s depends on the time, which starts with it", control->name);
    return (value){{place->node, place->index, 0}, 1};
}

/* By Euler the two clocks are one. */
static value lower_time(lowering *l, int clock, pl_position at) {
    if (l->g->model->method == PL_EULER) clock = PL_STAGE_CLOCK;
    if (l->context == PL_STEP_CONTEXT) return (value){pl_graph_node(l->g, PL_OP_TIME, 1, NULL, 0, clock), 1};
    return lower_control(l, l->g->model->initial_time, at);
}

/* ---- calls ---- */

/* All elements of a value, one per iteration: a single one is repeated. */
static pl_arg spread(lowering *l, value v, int size) {
    if (v.count == size) return v.arg;
    pl_arg *args = PL_ARRAY(l->g->arena, size, pl_arg);
    for (int i = 0; i < size; i++) args[i] = (pl_arg){v.arg.node, v.arg.first, 0};
    return pl_graph_node(l->g, PL_OP_GATHER, size, args, size, 0);
}

static value apply(lowering *l, int op, const value *args, int arg_count, int detail) {
    int count = 1;
    pl_arg operands[PL_MOST_AXES];
    for (int i = 0; i < arg_count; i++) {
        operands[i] = args[i].arg;
        if (args[i].count > count) count = args[i].count;
    }
    return (value){pl_graph_node(l->g, op, count, operands, arg_count, detail), count};
}

static bool uses_time(int function) {
    switch (function) {
#define FN(id, vensim, xmile, arity, value, text, example)
#define FT(id, vensim, xmile, arity, value, text, example) case PL_FN_##id:
#define OTHER(id, vensim, xmile, least, most, text, example)
        PL_FUNCTIONS(FN, FT, OTHER, OTHER)
#undef FN
#undef FT
#undef OTHER
        return true;
    default: return false;
    }
}

static value lower_elementwise(lowering *l, const pl_expr *call) {
    value args[8];
    int count = call->arg_count;
    if (count > 6) pl_graph_fail(l->g, PL_UNSUPPORTED, call->at, "%s has too many arguments", call->function->name);
    for (int i = 0; i < count; i++) args[i] = lower(l, call->args[i]);
    if (uses_time(call->function->id)) {
        args[count++] = lower_time(l, PL_STEP_CLOCK, call->at);
        args[count++] = lower_control(l, l->g->model->time_step, call->at);
    }
    return apply(l, call->function->id, args, count, 0);
}

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

static value lower_reduction(lowering *l, const pl_expr *call) {
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
    pl_arg operand = spread(l, lower(l, call->args[0]), all);
    l->space = outer;
    if (all == size) return (value){operand, size};
    return (value){pl_graph_runs(l->g, PL_OP_REDUCE, size, all / size, &operand, 1, call->function->id), size};
}

static value choose(lowering *l, value condition, value yes, value no) {
    value args[3] = {condition, yes, no};
    return apply(l, PL_FN_IF_THEN_ELSE, args, 3, 0);
}

static value pair(lowering *l, int function, value a, value b) {
    value args[2] = {a, b};
    return apply(l, function, args, 2, 0);
}

static value number(lowering *l, double x) { return (value){pl_graph_number(l->g, x), 1}; }

/* Folds x over the reduced axes; what is not selected counts as nothing. */
static value fold_selected(lowering *l, int function, value selected, value x, int size, int all) {
    double nothing = function == PL_FN_SUM    ? 0.0
                     : function == PL_FN_PROD ? 1.0
                     : function == PL_FN_VMIN ? INFINITY
                                              : -INFINITY;
    pl_arg operand = spread(l, choose(l, selected, x, number(l, nothing)), all);
    return (value){pl_graph_runs(l->g, PL_OP_REDUCE, size, all / size, &operand, 1, function), size};
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
static value lower_vector_select(lowering *l, const pl_expr *call) {
    enum { ACTIONS = sizeof selections / sizeof *selections };
    pl_space inner = *l->space, *outer = l->space;
    int size = pl_space_size(outer);
    pl_space_push(l->g, &inner, call);
    int all = pl_space_size(&inner);
    l->space = &inner;
    value selected = lower(l, call->args[0]), x = lower(l, call->args[1]), made[ACTIONS];
    for (int k = 0; k < ACTIONS; k++)
        made[k] = selections[k].with == PL_FN_COUNT ? x : pair(l, selections[k].with, x, selected);
    l->space = outer;
    value missing = lower(l, call->args[2]), action = lower(l, call->args[3]);
    value count = fold_selected(l, PL_FN_SUM, selected, number(l, 1.0), size, all);
    value result = number(l, PL_NOT_AVAILABLE); /* no such action */
    for (int k = ACTIONS; k-- > 0;) {
        value folded = fold_selected(l, selections[k].fold, selected, made[k], size, all);
        if (selections[k].mean) folded = pair(l, PL_FN_DIVIDE, folded, count);
        result = choose(l, pair(l, PL_FN_EQUAL, action, number(l, k)), folded, result);
    }
    return choose(l, count, result, missing);
}

/* VECTOR ELM MAP: an offset from an element, counted over the whole array. */
static value lower_pick(lowering *l, const pl_expr *call) {
    pl_graph *g = l->g;
    const pl_expr *reference = call->args[0];
    if (reference->kind != PL_EXPR_REFERENCE)
        pl_graph_fail(g, PL_INVALID, reference->at, "VECTOR ELM MAP takes an element of an array");
    const pl_variable *v = reference->variable;
    const pl_place_of *places = g->places[l->context][v->index];
    for (int i = 0; i < v->size; i++)
        if (!places || places[i].node < 0) fail_undefined(l, reference, i);
    int run = v->size, size = pl_space_size(l->space), first = is_invariant(l->space, reference) ? 1 : size;
    pl_space space = *l->space;
    for (int k = 0; first == 1 && k < space.count; k++)
        if (space.fixed[k] < 0) space.fixed[k] = 0;
    int *elements = PL_ARRAY(g->arena, first, int), *bases = PL_ARRAY(g->arena, size, int);
    pl_space_elements(&space, reference, elements);
    value offset = lower(l, call->args[1]);
    int count = first > offset.count ? first : offset.count;
    for (int i = 0; i < count; i++) bases[i] = elements[first == 1 ? 0 : i];
    pl_arg array = pl_graph_collect(g, places, &run);
    pl_arg operands[2] = {spread(l, (value){array, run}, v->size), offset.arg};
    return (value){pl_graph_runs(g, PL_OP_PICK, count, v->size, operands, 2, pl_graph_ints(g, bases, count)), count};
}

/* The iteration axis of the argument's last subscript, which must be the innermost that is not fixed. */
static int sorted_axis(lowering *l, const pl_expr *call) {
    const pl_expr *reference = call->args[0];
    int rank = reference->kind == PL_EXPR_REFERENCE ? reference->variable->rank : 0;
    int axis = rank ? reference->subscripts[rank - 1].axis : -1;
    for (int k = axis + 1; k < l->space->count; k++)
        if (l->space->fixed[k] < 0) axis = -1;
    if (axis < 0)
        pl_graph_fail(l->g, PL_UNSUPPORTED, call->at,
                      "%s sorts over the last subscript, which must be that of the left side too", call->function->vensim);
    return axis;
}

/* VECTOR SORT ORDER and VECTOR RANK; at one cell, the whole run is sorted and its element taken. */
static value lower_sort(lowering *l, const pl_expr *call) {
    int axis = sorted_axis(l, call), fixed = l->space->fixed[axis];
    l->space->fixed[axis] = -1;
    int size = pl_space_size(l->space), run = l->space->counts[axis];
    pl_arg operands[2] = {spread(l, lower(l, call->args[0]), size), spread(l, lower(l, call->args[1]), size)};
    l->space->fixed[axis] = fixed;
    if (run > PL_MOST_SORTED)
        pl_graph_fail(l->g, PL_UNSUPPORTED, call->at, "more than %d elements to sort", PL_MOST_SORTED);
    pl_arg sorted = pl_graph_runs(l->g, PL_OP_SORT, size, run, operands, 2, call->function->id);
    return fixed < 0 ? (value){sorted, size} : (value){{sorted.node, fixed, 0}, 1};
}

static value number_values(lowering *l, const double *numbers, int count) {
    return (value){pl_graph_numbers(l->g, numbers, count), count};
}

/* Beyond one end of tables that extrapolate: the value there plus the slope of the line there times the way from it;
 * inside and for other tables the slope is not used or 0. */
static value lower_beyond(lowering *l, const pl_table *const *tables, int count, value x, value inside, bool upper) {
    double *ends = PL_ARRAY(l->g->arena, count, double), *values = PL_ARRAY(l->g->arena, count, double);
    double *slopes = PL_ARRAY(l->g->arena, count, double);
    for (int i = 0; i < count; i++) {
        const pl_table *t = tables[i];
        int end = upper ? t->count - 1 : 0, next = upper ? t->count - 2 : 1;
        ends[i] = t->x[end], values[i] = t->y[end];
        if (t->extrapolate && t->count > 1) slopes[i] = (t->y[next] - t->y[end]) / (t->x[next] - t->x[end]);
    }
    value end = number_values(l, ends, count);
    value way[2] = {x, end};
    value rise[2] = {number_values(l, slopes, count), apply(l, PL_FN_SUBTRACT, way, 2, 0)};
    value sum[2] = {number_values(l, values, count), apply(l, PL_FN_MULTIPLY, rise, 2, 0)};
    value choice[3] = {apply(l, upper ? PL_FN_GREATER : PL_FN_LESS, way, 2, 0), apply(l, PL_FN_ADD, sum, 2, 0), inside};
    return apply(l, PL_FN_IF_THEN_ELSE, choice, 3, 0);
}

static value lower_lookup(lowering *l, const pl_expr *call) {
    pl_graph *g = l->g;
    const pl_expr *reference = call->args[0];
    if (reference->kind != PL_EXPR_REFERENCE || reference->variable->kind != PL_LOOKUP)
        pl_graph_fail(g, PL_INVALID, reference->at, "expected the name of a lookup");
    value x = lower(l, call->args[1]);
    int size = is_invariant(l->space, reference) ? 1 : pl_space_size(l->space);
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
        if (!table) fail_undefined(l, reference, elements[size == 1 ? 0 : i]);
        tables[i] = pl_graph_table(g, table);
        all[i] = table, extrapolates |= table->extrapolate;
    }
    value found = {pl_graph_node(g, PL_OP_LOOKUP, count, &x.arg, 1, pl_graph_ints(g, tables, count)), count};
    if (!extrapolates) return found;
    return lower_beyond(l, all, count, x, lower_beyond(l, all, count, x, found, false), true);
}

/* The flat element of the equation's variable at iteration i of the space (reductions around do not count). */
static int cell_at(const lowering *l, int i) {
    const pl_equation *e = l->equation;
    int all = 1, cell = 0;
    for (int k = 0; k < l->space->count; k++)
        if (l->space->fixed[k] < 0) all *= l->space->counts[k];
    for (int k = 0; k < l->space->count; k++) {
        int position = l->space->fixed[k];
        if (position < 0) {
            all /= l->space->counts[k];
            position = i / all % l->space->counts[k];
        }
        if (k < e->axis_count) cell = cell * e->axes[k]->count + position;
    }
    return e->cells[cell];
}

/* A draw has an address of its own in each element: seed, future, name, call, step, number. */
static value lower_noise(lowering *l, const pl_expr *call) {
    pl_graph *g = l->g;
    int size = pl_space_size(l->space);
    value args[8];
    if (call->arg_count > 6) pl_graph_fail(g, PL_UNSUPPORTED, call->at, "%s has too many arguments", call->function->name);
    for (int i = 0; i < call->arg_count; i++) args[i] = lower(l, call->args[i]);
    uint64_t *hashes = PL_ARRAY(g->arena, size, uint64_t);
    for (int i = 0; i < size; i++) {
        char name[512], key[512];
        int element = cell_at(l, i);
        int length = pl_variable_element_name(l->equation->variable, element < 0 ? 0 : element, name, sizeof name);
        if (length >= (int)sizeof name) length = (int)sizeof name - 1;
        size_t folded = pl_name_fold(name, (size_t)length, key);
        hashes[i] = pl_fnv1a(key, folded) ^ (uint64_t)i * (l->space->count > l->equation->axis_count ? 0x9E3779B97F4A7C15u : 0);
    }
    g->draws = pl_arena_grow(g->arena, g->draws, g->draw_count, &g->draw_room, g->draw_count + 1, sizeof *g->draws);
    g->draws[g->draw_count] = (pl_draw){call->function->id, call->call, l->context == PL_START_CONTEXT, hashes};
    pl_arg operands[8];
    for (int i = 0; i < call->arg_count; i++) operands[i] = args[i].arg;
    return (value){pl_graph_node(g, PL_OP_NOISE, size, operands, call->arg_count, g->draw_count++), size};
}

/* ---- forms with state ---- */

static value lower_in(lowering *l, enum pl_context context, const pl_expr *expr) {
    lowering other = *l;
    other.context = context;
    return lower(&other, expr);
}

static pl_state *add_state(pl_graph *g, pl_state_kind kind, int count, const pl_equation *equation) {
    g->states = pl_arena_grow(g->arena, g->states, g->state_count, &g->state_room, g->state_count + 1,
                              sizeof *g->states);
    pl_state *state = &g->states[g->state_count];
    *state = (pl_state){.kind = kind, .count = count, .variable = equation->variable, .equation = equation};
    state->next.node = -1;
    state->node = pl_graph_node(g, PL_OP_STATE, count, NULL, 0, g->state_count++).node;
    return state;
}

static value state_value(const pl_state *state) { return (value){{state->node, 0, state->count > 1}, state->count}; }

static value lower_sample(lowering *l, const pl_expr *call) {
    int size = pl_space_size(l->space);
    value args[3] = {lower(l, call->args[0]), lower(l, call->args[1])};
    if (l->context == PL_START_CONTEXT) {
        args[2] = lower(l, call->args[2]);
        return apply(l, PL_FN_IF_THEN_ELSE, args, 3, 0);
    }
    pl_arg initial = spread(l, lower_in(l, PL_START_CONTEXT, call->args[2]), size);
    pl_state *state = add_state(l->g, PL_STATE_HELD, size, l->equation);
    int index = (int)(state - l->g->states);
    state->initial = initial;
    args[2] = state_value(state);
    value held = apply(l, PL_FN_IF_THEN_ELSE, args, 3, 0);
    l->g->states[index].next = held.arg;
    return held;
}

static value lower_delay(lowering *l, const pl_expr *call) {
    if (l->context == PL_START_CONTEXT) return lower(l, call->args[2]);
    int size = pl_space_size(l->space);
    value length = lower_in(l, PL_START_CONTEXT, call->args[1]);
    pl_arg initial = spread(l, lower_in(l, PL_START_CONTEXT, call->args[2]), size);
    pl_state *state = add_state(l->g, PL_STATE_DELAY, size, l->equation);
    state->initial = initial;
    state->length = length.arg;
    state->next_expr = call->args[0];
    state->space = PL_NEW(l->g->arena, pl_space);
    *state->space = *l->space;
    return state_value(state);
}

/* The next value is the argument itself, lowered once all variables have their places. */
static value lower_previous(lowering *l, const pl_expr *call) {
    if (l->context == PL_START_CONTEXT) return lower(l, call->args[1]);
    int size = pl_space_size(l->space);
    pl_arg initial = spread(l, lower_in(l, PL_START_CONTEXT, call->args[1]), size);
    pl_state *state = add_state(l->g, PL_STATE_HELD, size, l->equation);
    state->initial = initial;
    state->next_expr = call->args[0];
    state->space = PL_NEW(l->g->arena, pl_space);
    *state->space = *l->space;
    return state_value(state);
}

static value lower_call(lowering *l, const pl_expr *call) {
    const pl_function *f = call->function;
    if (f->kind == PL_FUNCTION_ELEMENTWISE) return lower_elementwise(l, call);
    switch (f->id) {
    case PL_FN_INITIAL: {
        value v = lower_in(l, PL_START_CONTEXT, call->args[0]);
        if (l->context == PL_START_CONTEXT) return v;
        return (value){pl_graph_node(l->g, PL_OP_SAVED, v.count, &v.arg, 1, 0), v.count};
    }
    case PL_FN_ACTIVE_INITIAL: return lower(l, call->args[l->context == PL_START_CONTEXT]);
    case PL_FN_SUM:
    case PL_FN_PROD:
    case PL_FN_VMIN:
    case PL_FN_VMAX: return lower_reduction(l, call);
    case PL_FN_VECTOR_SELECT: return lower_vector_select(l, call);
    case PL_FN_VECTOR_ELM_MAP: return lower_pick(l, call);
    case PL_FN_VECTOR_SORT_ORDER:
    case PL_FN_VECTOR_RANK: return lower_sort(l, call);
    case PL_FN_LOOKUP: return lower_lookup(l, call);
    case PL_FN_SAMPLE_IF_TRUE: return lower_sample(l, call);
    case PL_FN_DELAY_FIXED: return lower_delay(l, call);
    case PL_FN_PREVIOUS: return lower_previous(l, call);
    case PL_FN_RANDOM_UNIFORM:
    case PL_FN_RANDOM_NORMAL:
    case PL_FN_RANDOM_EXPONENTIAL: return lower_noise(l, call);
    default:
        pl_graph_fail(l->g, PL_UNSUPPORTED, call->at, "%s is not supported here",
                      *f->vensim ? f->vensim : f->name);
        return (value){{0, 0, 0}, 1};
    }
}

static value lower(lowering *l, const pl_expr *expr) {
    switch (expr->kind) {
    case PL_EXPR_NUMBER: return (value){pl_graph_number(l->g, expr->number), 1};
    case PL_EXPR_REFERENCE: return lower_reference(l, expr);
    case PL_EXPR_TIME: return lower_time(l, PL_STAGE_CLOCK, expr->at);
    case PL_EXPR_ELEMENT: return lower_element(l, expr);
    case PL_EXPR_CALL: return lower_call(l, expr);
    case PL_EXPR_NAME: break;
    }
    pl_graph_fail(l->g, PL_INVALID, expr->at, "the name %s is not bound", expr->name ? expr->name : "");
    return (value){{0, 0, 0}, 1};
}

/* ---- variables ---- */

static pl_place_of *places_of(pl_graph *g, enum pl_context context, const pl_variable *v) {
    pl_place_of **places = &g->places[context][v->index];
    if (!*places) {
        *places = PL_ARRAY(g->arena, v->size, pl_place_of);
        for (int i = 0; i < v->size; i++) (*places)[i].node = -1;
    }
    return *places;
}

static void place_cells(pl_graph *g, enum pl_context context, const pl_equation *equation, value v) {
    pl_place_of *places = places_of(g, context, equation->variable);
    for (int i = 0; i < equation->cell_count; i++)
        if (equation->cells[i] >= 0)
            places[equation->cells[i]] = (pl_place_of){v.arg.node, v.arg.first + (v.count > 1 ? i * v.arg.stride : 0)};
}

static void lower_constant(pl_graph *g, enum pl_context context, const pl_variable *v) {
    pl_place_of *places = places_of(g, context, v);
    pl_arg arg = pl_graph_node(g, PL_OP_INPUT, v->size, NULL, 0, v->index);
    for (int k = 0; k < v->equation_count; k++)
        for (int i = 0; i < v->equations[k]->cell_count; i++) {
            int cell = v->equations[k]->cells[i];
            if (cell >= 0) places[cell] = (pl_place_of){arg.node, cell};
        }
}

void pl_lower_unit(pl_graph *g, enum pl_context context, pl_unit unit) {
    const pl_variable *v = g->model->variables[unit.variable];
    g->current = unit.variable;
    if (v == g->model->final_time && g->final_time == g->final_time) {
        *places_of(g, context, v) = (pl_place_of){pl_graph_number(g, g->final_time).node, 0};
        return;
    }
    if (v->kind == PL_LOOKUP || v->kind == PL_DATA) return;
    if (v->kind == PL_STOCK && context == PL_STEP_CONTEXT) return; /* placed by pl_lower_stocks */
    if (v->kind == PL_CONSTANT) {
        lower_constant(g, context, v);
        return;
    }
    for (int k = 0; k < v->equation_count; k++) {
        const pl_equation *equation = v->equations[k];
        if (unit.equation >= 0 && unit.equation != k) continue;
        pl_space space;
        pl_space_of(g, &space, equation, unit.equation >= 0 ? unit.cell : -1);
        lowering l = {g, context, equation, &space};
        value result = lower(&l, v->kind == PL_STOCK ? equation->initial : equation->expr);
        if (unit.equation < 0)
            place_cells(g, context, equation, result);
        else
            places_of(g, context, v)[equation->cells[unit.cell]] = (pl_place_of){result.arg.node, result.arg.first};
    }
}

void pl_lower_stocks(pl_graph *g) {
    for (int i = 0; i < g->model->variable_count; i++) {
        const pl_variable *v = g->model->variables[i];
        if (v->kind != PL_STOCK) continue;
        g->current = i;
        for (int k = 0; k < v->equation_count; k++) {
            const pl_equation *equation = v->equations[k];
            int count = equation->cell_count;
            pl_place_of *from = PL_ARRAY(g->arena, count, pl_place_of);
            pl_place_of zero = {pl_graph_number(g, 0.0).node, 0}; /* for cells that :EXCEPT: leaves out */
            for (int c = 0; c < count; c++)
                from[c] = equation->cells[c] < 0 ? zero : g->places[PL_START_CONTEXT][i][equation->cells[c]];
            pl_state *state = add_state(g, PL_STATE_STOCK, count, equation);
            int index = (int)(state - g->states), collected = count;
            pl_arg initial = pl_graph_collect(g, from, &collected);
            state = &g->states[index];
            state->initial = initial;
            state->next_expr = equation->expr;
            state->space = PL_NEW(g->arena, pl_space);
            pl_space_of(g, state->space, equation, -1);
            place_cells(g, PL_STEP_CONTEXT, equation, state_value(state));
        }
    }
}

/* state + TIME STEP * rate, element by element. */
static pl_arg euler_next(lowering *l, const pl_state *state, value rate) {
    value product[2] = {lower_control(l, l->g->model->time_step, state->equation->at), rate};
    value sum[2] = {state_value(state), apply(l, PL_FN_MULTIPLY, product, 2, 0)};
    value next = apply(l, PL_FN_ADD, sum, 2, 0);
    if (!state->variable->non_negative) return next.arg;
    value held[2] = {next, {pl_graph_number(l->g, 0.0), 1}};
    return apply(l, PL_FN_MAX, held, 2, 0).arg;
}

void pl_lower_nexts(pl_graph *g) {
    for (int i = 0; i < g->state_count; i++) { /* lowering one may add states */
        if (!g->states[i].next_expr) continue;
        pl_state state = g->states[i];
        g->current = state.variable->index;
        lowering l = {g, PL_STEP_CONTEXT, state.equation, state.space};
        value next = lower(&l, state.next_expr);
        bool euler = state.kind == PL_STATE_STOCK && g->model->method == PL_EULER;
        g->states[i].next = euler ? euler_next(&l, &state, next) : next.arg;
    }
}
