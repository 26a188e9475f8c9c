/* Equations to nodes.  An expression is lowered in an iteration space and a context and gives a pl_value: one element
 * where it is the same in all iterations, else one per iteration, row-major.  A form (INITIAL, SAMPLE IF TRUE, ...)
 * has its case in lower_call and its function in lower_arrays.c or lower_forms.c; everything element-wise needs none. */
#include "program/draws.h"
#include "program/lowering.h"
#include "program/tape.h"

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

bool pl_is_sample(const pl_equation *equation) {
    const pl_expr *expr = equation->expr;
    return expr && !equation->initial && expr->kind == PL_EXPR_CALL && expr->function->id == PL_FN_SAMPLE_IF_TRUE;
}

bool pl_space_own(pl_graph *g, const pl_space *space, const pl_equation *equation, const pl_expr *reference) {
    if (reference->variable != equation->variable || space->count != equation->axis_count) return false;
    int size = pl_space_size(space), cell = 0;
    int *elements = PL_ARRAY(g->arena, size, int);
    pl_space_elements(space, reference, elements);
    for (int k = 0; k < space->count; k++) cell = cell * space->counts[k] + (space->fixed[k] < 0 ? 0 : space->fixed[k]);
    for (int i = 0; i < size; i++) { /* all axes are fixed, or none */
        int own = equation->cells[cell + i];
        if (own >= 0 && own != elements[i]) return false;
    }
    return true;
}

/* ---- references ---- */

/* Whether the reference is the same in all iterations of the space. */
bool pl_space_invariant(const pl_space *space, const pl_expr *reference) {
    for (int r = 0; r < reference->variable->rank; r++) {
        int axis = reference->subscripts[r].axis;
        if (axis >= 0 && space->fixed[axis] < 0 && space->counts[axis] > 1) return false;
    }
    return true;
}

void pl_lower_undefined(pl_lowering *l, const pl_expr *reference, int element) {
    char name[200];
    pl_variable_element_name(reference->variable, element, name, sizeof name);
    pl_graph_fail(l->g, PL_INVALID, reference->at, "%s has no equation", name);
}

static pl_value lower_reference(pl_lowering *l, const pl_expr *reference) {
    pl_graph *g = l->g;
    const pl_variable *v = reference->variable;
    if (v->kind == PL_LOOKUP) pl_graph_fail(g, PL_INVALID, reference->at, "the lookup %s is used without an argument", v->name);
    if (l->held && pl_space_own(g, l->space, l->equation, reference)) return *l->held;
    pl_place_of *places = g->places[l->context][v->index];
    if (!places) pl_lower_undefined(l, reference, 0);
    int size = pl_space_size(l->space), count = pl_space_invariant(l->space, reference) ? 1 : size;
    pl_graph_spend(g, count, reference->at);
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
        if (found[i].node < 0) pl_lower_undefined(l, reference, elements[i]);
    }
    pl_value out;
    out.count = count;
    out.arg = pl_graph_collect(g, found, &out.count);
    return out;
}

static pl_value lower_element(pl_lowering *l, const pl_expr *expr) {
    const pl_subscript *s = expr->subscripts;
    if (s->axis < 0) return (pl_value){pl_graph_number(l->g, s->element), 1};
    if (l->space->fixed[s->axis] >= 0) return (pl_value){pl_graph_number(l->g, s->map[l->space->fixed[s->axis]]), 1};
    int size = pl_space_size(l->space), inner = 1;
    for (int k = s->axis + 1; k < l->space->count; k++)
        if (l->space->fixed[k] < 0) inner *= l->space->counts[k];
    pl_graph_spend(l->g, size, expr->at);
    double *numbers = PL_ARRAY(l->g->arena, size, double);
    for (int i = 0; i < size; i++) numbers[i] = s->map[i / inner % l->space->counts[s->axis]];
    return (pl_value){pl_graph_numbers(l->g, numbers, size), size};
}

/* Whether a node's value may change from step to step. */
static bool changes(pl_graph *g, int node) {
    bool *seen = PL_ARRAY(g->arena, g->node_count, bool);
    int *stack = PL_ARRAY(g->arena, g->node_count, int), depth = 0;
    seen[node] = true, stack[depth++] = node;
    while (depth) {
        const pl_node *n = &g->nodes[stack[--depth]];
        if (n->op == PL_OP_TIME || n->op == PL_OP_STATE || n->op == PL_OP_NOISE) return true;
        for (int i = 0; i < n->arg_count; i++)
            if (!seen[n->args[i].node]) seen[n->args[i].node] = true, stack[depth++] = n->args[i].node;
    }
    return false;
}

/* TIME STEP where it changes during the run: lowered before all that needs it. NULL: it is as of the start. */
static const pl_place_of *changing_step(pl_graph *g) {
    const pl_place_of *place = g->places[PL_STEP_CONTEXT][g->model->time_step->index];
    if (!place || place->node < 0) return NULL;
    if (g->time_step == PL_STEP_UNKNOWN) g->time_step = changes(g, place->node) ? PL_STEP_CHANGES : PL_STEP_STEADY;
    return g->time_step == PL_STEP_CHANGES ? place : NULL;
}

/* INITIAL TIME or TIME STEP as of the start; but a TIME STEP that changes is that of the step. */
pl_value pl_lower_control(pl_lowering *l, const pl_variable *control, pl_position at) {
    bool step = l->context == PL_STEP_CONTEXT && control == l->g->model->time_step;
    const pl_place_of *now = step ? changing_step(l->g) : NULL;
    if (now) return (pl_value){{now->node, now->index, 0}, 1};
    const pl_place_of *place = l->g->places[PL_START_CONTEXT][control->index];
    if (!place || place->node < 0)
        pl_graph_fail(l->g, PL_INVALID, at, "%s depends on the time, which starts with it", control->name);
    return (pl_value){{place->node, place->index, 0}, 1};
}

/* By Euler the two clocks are one. */
pl_value pl_lower_time(pl_lowering *l, int clock, pl_position at) {
    if (l->g->model->method == PL_EULER) clock = PL_STAGE_CLOCK;
    if (l->context == PL_STEP_CONTEXT) return (pl_value){pl_graph_node(l->g, PL_OP_TIME, 1, NULL, 0, clock), 1};
    if (l->g->current == l->g->model->initial_time->index) return pl_value_number(l, 0.0); /* before there is a time, it is 0 */
    return pl_lower_control(l, l->g->model->initial_time, at);
}

/* ---- calls ---- */

/* All elements of a value, one per iteration: a single one is repeated. */
pl_arg pl_value_spread(pl_lowering *l, pl_value v, int size) {
    if (v.count == size) return v.arg;
    pl_arg *args = PL_ARRAY(l->g->arena, size, pl_arg);
    for (int i = 0; i < size; i++) args[i] = (pl_arg){v.arg.node, v.arg.first, 0};
    return pl_graph_node(l->g, PL_OP_GATHER, size, args, size, 0);
}

pl_arg pl_value_join(pl_lowering *l, const pl_value *values, int count, int size) {
    pl_arg *args = PL_ARRAY(l->g->arena, count * size, pl_arg);
    for (int k = 0; k < count; k++)
        for (int i = 0; i < size; i++)
            args[k * size + i] = (pl_arg){values[k].arg.node, values[k].arg.first + (values[k].count > 1 ? i * values[k].arg.stride : 0), 0};
    return pl_graph_node(l->g, PL_OP_GATHER, count * size, args, count * size, 0);
}

pl_value pl_value_apply(pl_lowering *l, int op, const pl_value *args, int arg_count, int detail) {
    int count = 1;
    pl_arg operands[PL_MOST_AXES];
    for (int i = 0; i < arg_count; i++) {
        operands[i] = args[i].arg;
        if (args[i].count > count) count = args[i].count;
    }
    return (pl_value){pl_graph_node(l->g, op, count, operands, arg_count, detail), count};
}

pl_value pl_value_choose(pl_lowering *l, pl_value condition, pl_value yes, pl_value no) {
    pl_value args[3] = {condition, yes, no};
    return pl_value_apply(l, PL_FN_IF_THEN_ELSE, args, 3, 0);
}

pl_value pl_value_pair(pl_lowering *l, int function, pl_value a, pl_value b) {
    pl_value args[2] = {a, b};
    return pl_value_apply(l, function, args, 2, 0);
}

pl_value pl_value_number(pl_lowering *l, double x) { return (pl_value){pl_graph_number(l->g, x), 1}; }

pl_value pl_value_numbers(pl_lowering *l, const double *numbers, int count) {
    return (pl_value){pl_graph_numbers(l->g, numbers, count), count};
}

pl_value pl_lower_in(pl_lowering *l, enum pl_context context, const pl_expr *expr) {
    pl_lowering other = *l;
    other.context = context;
    return pl_lower(&other, expr);
}

pl_state *pl_state_add(pl_graph *g, pl_state_kind kind, int count, const pl_equation *equation) {
    g->states = pl_arena_grow(g->arena, g->states, g->state_count, &g->state_room, g->state_count + 1,
                              sizeof *g->states);
    pl_state *state = &g->states[g->state_count];
    *state = (pl_state){.kind = kind, .count = count, .variable = equation->variable, .equation = equation};
    state->next.node = -1;
    state->node = pl_graph_node(g, PL_OP_STATE, count, NULL, 0, g->state_count++).node;
    return state;
}

pl_value pl_state_value(const pl_state *state) { return (pl_value){{state->node, 0, state->count > 1}, state->count}; }

/* The flat element of the equation's variable at iteration i of the space (reductions around do not count). */
int pl_lower_cell(const pl_lowering *l, int i) {
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

static pl_value lower_elementwise(pl_lowering *l, const pl_expr *call) {
    pl_value args[8];
    int count = call->arg_count;
    if (count > 6) pl_graph_fail(l->g, PL_UNSUPPORTED, call->at, "%s has too many arguments", call->function->name);
    for (int i = 0; i < count; i++) args[i] = pl_lower(l, call->args[i]);
    if (call->function->takes_time) {
        args[count++] = pl_lower_time(l, PL_STEP_CLOCK, call->at);
        args[count++] = pl_lower_control(l, l->g->model->time_step, call->at);
    }
    return pl_value_apply(l, call->function->id, args, count, 0);
}

static pl_value lower_call(pl_lowering *l, const pl_expr *call) {
    const pl_function *f = call->function;
    if (f->kind == PL_FUNCTION_ELEMENTWISE) return lower_elementwise(l, call);
    if (pl_group_is(f->id)) return pl_lower_group(l, call);
    switch (f->id) {
    case PL_FN_INITIAL: {
        pl_value v = pl_lower_in(l, PL_START_CONTEXT, call->args[0]);
        if (l->context == PL_START_CONTEXT) return v;
        return (pl_value){pl_graph_node(l->g, PL_OP_SAVED, v.count, &v.arg, 1, 0), v.count};
    }
    case PL_FN_ACTIVE_INITIAL: return pl_lower(l, call->args[l->context == PL_START_CONTEXT]);
    case PL_FN_SUM:
    case PL_FN_PROD:
    case PL_FN_VMIN:
    case PL_FN_VMAX: return pl_lower_reduction(l, call);
    case PL_FN_VECTOR_SELECT: return pl_lower_vector_select(l, call);
    case PL_FN_VECTOR_ELM_MAP: return pl_lower_pick(l, call);
    case PL_FN_LOOKUP:
    case PL_FN_LOOKUP_EXTRAPOLATE: return pl_lower_lookup(l, call);
    case PL_FN_LOOKUP_FORWARD:
    case PL_FN_LOOKUP_BACKWARD:
    case PL_FN_LOOKUP_INVERT:
    case PL_FN_LOOKUP_SLOPE:
    case PL_FN_LOOKUP_AREA: return pl_lower_table(l, call);
    case PL_FN_GET_DATA_AT_TIME:
    case PL_FN_GET_DATA_BETWEEN_TIMES:
    case PL_FN_GET_DATA_FIRST_TIME:
    case PL_FN_GET_DATA_LAST_TIME:
    case PL_FN_GET_DATA_MEAN:
    case PL_FN_GET_DATA_MEDIAN:
    case PL_FN_GET_DATA_MIN:
    case PL_FN_GET_DATA_MAX:
    case PL_FN_GET_DATA_TOTAL_POINTS: return pl_lower_series(l, call);
    case PL_FN_SAMPLE_IF_TRUE: return pl_lower_sample(l, call);
    case PL_FN_DELAY_FIXED: return pl_lower_delay(l, call);
    case PL_FN_DELAY_INFORMATION:
    case PL_FN_DELAY_MATERIAL: return pl_lower_transit(l, call);
    case PL_FN_PREVIOUS: return pl_lower_previous(l, call);
#define X(id, sampler, shapes, form) case PL_FN_##id:
    PL_DRAWS(X)
#undef X
    return pl_lower_noise(l, call);
    case PL_FN_CONVEYOR: return pl_lower_conveyor(l, call);
    case PL_FN_QUEUE: return pl_lower_queue(l, call);
    default:
        pl_graph_fail(l->g, PL_UNSUPPORTED, call->at, "%s is not supported here",
                      *f->vensim ? f->vensim : f->name);
        return (pl_value){{0, 0, 0}, 1};
    }
}

pl_value pl_lower(pl_lowering *l, const pl_expr *expr) {
    switch (expr->kind) {
    case PL_EXPR_NUMBER: return (pl_value){pl_graph_number(l->g, expr->number), 1};
    case PL_EXPR_REFERENCE: return lower_reference(l, expr);
    case PL_EXPR_TIME: return pl_lower_time(l, PL_STAGE_CLOCK, expr->at);
    case PL_EXPR_ELEMENT: return lower_element(l, expr);
    case PL_EXPR_CALL: return lower_call(l, expr);
    case PL_EXPR_NAME: break;
    }
    pl_graph_fail(l->g, PL_INVALID, expr->at, "the name %s is not bound", expr->name ? expr->name : "");
    return (pl_value){{0, 0, 0}, 1};
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

static void place_cells(pl_graph *g, enum pl_context context, const pl_equation *equation, pl_value v) {
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
    pl_lower_overrides(g, context, v, places);
}

void pl_lower_unit(pl_graph *g, enum pl_context context, pl_unit unit) {
    const pl_variable *v = g->model->variables[unit.variable];
    g->current = unit.variable;
    if (v == g->model->final_time && g->final_time == g->final_time) {
        *places_of(g, context, v) = (pl_place_of){pl_graph_number(g, g->final_time).node, 0};
        return;
    }
    if (v->kind == PL_LOOKUP) return;
    if (v->kind == PL_CONSTANT) {
        lower_constant(g, context, v);
        return;
    }
    int from = unit.equation >= 0 ? unit.equation : 0, to = unit.equation >= 0 ? from + 1 : v->equation_count;
    for (int k = from; k < to; k++) {
        const pl_equation *equation = v->equations[k];
        if (equation->initial && context == PL_STEP_CONTEXT) continue; /* placed by pl_lower_stocks */
        pl_space space;
        pl_space_of(g, &space, equation, unit.equation >= 0 ? unit.cell : -1);
        pl_lowering l = {g, context, equation, &space, NULL};
        pl_value result = equation->data ? pl_lower_data(&l)
                                         : pl_lower(&l, equation->initial ? equation->initial : equation->expr);
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
            if (!equation->initial) continue;
            int count = equation->cell_count;
            pl_place_of *from = PL_ARRAY(g->arena, count, pl_place_of);
            pl_place_of zero = {pl_graph_number(g, 0.0).node, 0}; /* for cells that :EXCEPT: leaves out */
            for (int c = 0; c < count; c++)
                from[c] = equation->cells[c] < 0 ? zero : g->places[PL_START_CONTEXT][i][equation->cells[c]];
            pl_state *state = pl_state_add(g, PL_STATE_STOCK, count, equation);
            int index = (int)(state - g->states), collected = count;
            pl_arg initial = pl_graph_collect(g, from, &collected);
            state = &g->states[index];
            state->initial = initial;
            state->next_expr = equation->expr;
            state->space = PL_NEW(g->arena, pl_space);
            pl_space_of(g, state->space, equation, -1);
            place_cells(g, PL_STEP_CONTEXT, equation, pl_state_value(state));
        }
    }
}

/* state + TIME STEP * rate, element by element. */
static pl_arg euler_next(pl_lowering *l, const pl_state *state, pl_value rate) {
    pl_value product[2] = {pl_lower_control(l, l->g->model->time_step, state->equation->at), rate};
    pl_value sum[2] = {pl_state_value(state), pl_value_apply(l, PL_FN_MULTIPLY, product, 2, 0)};
    pl_value next = pl_value_apply(l, PL_FN_ADD, sum, 2, 0);
    if (!state->variable->non_negative) return next.arg;
    pl_value held[2] = {next, {pl_graph_number(l->g, 0.0), 1}};
    return pl_value_apply(l, PL_FN_MAX, held, 2, 0).arg;
}

/* The inputs of a delay with their delay times, and what stands where nothing is due. */
static pl_arg transit_next(pl_lowering *l, const pl_state *state, pl_value input) {
    pl_value parts[3] = {input, {state->kept, l->g->nodes[state->kept.node].count}, pl_value_number(l, 0.0)};
    if (state->time_expr) parts[1] = pl_lower(l, state->time_expr);
    if (state->missing_expr) parts[2] = pl_lower(l, state->missing_expr);
    return pl_value_join(l, parts, 3, state->count);
}

void pl_lower_nexts(pl_graph *g) {
    for (int i = 0; i < g->state_count; i++) { /* lowering one may add states */
        if (!g->states[i].next_expr) continue;
        pl_state state = g->states[i];
        g->current = state.variable->index;
        pl_lowering l = {g, PL_STEP_CONTEXT, state.equation, state.space, NULL};
        pl_value next = pl_lower(&l, state.next_expr);
        bool euler = state.kind == PL_STATE_STOCK && g->model->method == PL_EULER;
        bool transit = state.kind == PL_STATE_DELAY || pl_state_is_transit((int)state.kind);
        pl_arg joined = transit ? transit_next(&l, &state, next) : next.arg;
        if (state.kind == PL_STATE_DELAY) g->states[i].transit_next = joined;
        if (pl_state_is_transit((int)state.kind)) next.arg = joined;
        g->states[i].next = euler ? euler_next(&l, &state, next) : next.arg;
    }
}
