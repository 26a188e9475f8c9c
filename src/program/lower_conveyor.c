/* Conveyors and queues to nodes; conveyor.c runs them.  The reader has given each a number and a call for each thing
 * that it tells; all calls of one number over the same elements share one state.
 *
 *   CONVEYOR(what, number, content, transit time, sample, arrest, held, inflow, flags, leakages,
 *            fraction, start, end, held of each leakage, list of initial contents)
 *       what: 0 the outflow, k >= 1 the leakage k, leakages + 1 what stays, CONTENT the content at the start
 *   QUEUE(what, number, content, inflow, outflows, limit and flags of each)
 *       what: 0 .. the outflows
 *
 * How many slats there are is known when a plan is made: pl_plan_belts. */
#include <math.h>

#include "program/lowering.h"
#include "program/plan.h"

enum { CONTENT = -1, NEXT = -2 };
enum { WHAT, NUMBER, BELT_CONTENT, BELT_TIME, BELT_SAMPLE, BELT_ARREST, BELT_HELD, BELT_INFLOW, BELT_FLAGS, BELT_LEAKS,
       BELT_EACH, LEAK_ARGS = 4 };
enum { QUEUE_CONTENT = 2, QUEUE_INFLOW, QUEUE_OUTFLOWS, QUEUE_EACH, OUTFLOW_ARGS = 2 };

static int number_at(const pl_expr *call, int k) { return (int)call->args[k]->number; }

/* ---- the belts of a graph ---- */

static pl_belt *add_belt(pl_lowering *l, const pl_expr *call, int first) {
    pl_graph *g = l->g;
    int number = number_at(call, NUMBER), old = g->belt_of_count;
    if (number >= old) {
        g->belt_of = pl_arena_grow(g->arena, g->belt_of, old, &g->belt_of_room, number + 1, sizeof *g->belt_of);
        for (int i = old; i <= number; i++) g->belt_of[i] = 0;
        g->belt_of_count = number + 1;
    }
    g->belts = pl_arena_grow(g->arena, g->belts, g->belt_count, &g->belt_room, g->belt_count + 1, sizeof *g->belts);
    pl_belt *belt = &g->belts[g->belt_count];
    *belt = (pl_belt){.cell = first, .state = -1, .fill = -1, .insert = -1, .move = {-1, -1}, .call = call};
    belt->shape = (pl_belt_shape){.elements = pl_space_size(l->space), .slats = 1};
    belt->space = PL_NEW(g->arena, pl_space);
    *belt->space = *l->space;
    belt->next = g->belt_of[number];
    g->belt_of[number] = ++g->belt_count;
    return belt;
}

static int find_belt(pl_lowering *l, const pl_expr *call) {
    pl_graph *g = l->g;
    int number = number_at(call, NUMBER), first = pl_lower_cell(l, 0), size = pl_space_size(l->space);
    for (int i = number < g->belt_of_count ? g->belt_of[number] : 0; i; i = g->belts[i - 1].next)
        if (g->belts[i - 1].cell == first && g->belts[i - 1].shape.elements == size) return i - 1;
    pl_belt *belt = add_belt(l, call, first);
    bool conveyor = call->function->id == PL_FN_CONVEYOR;
    belt->shape.leaks = number_at(call, conveyor ? BELT_LEAKS : QUEUE_OUTFLOWS);
    belt->shape.flags = conveyor ? number_at(call, BELT_FLAGS) : 0;
    if (conveyor) belt->shape.listed = call->arg_count - BELT_EACH - LEAK_ARGS * belt->shape.leaks;
    return g->belt_count - 1;
}

/* Values as one run of registers: all elements of the first, of the second, ... */
static pl_arg list_params(pl_lowering *l, const pl_value *values, int count, int elements) {
    pl_arg *args = PL_ARRAY(l->g->arena, count * elements, pl_arg);
    for (int p = 0; p < count; p++)
        for (int e = 0; e < elements; e++) {
            pl_arg from = values[p].arg;
            args[p * elements + e] = (pl_arg){from.node, from.first + (values[p].count > 1 ? from.stride * e : 0), 0};
        }
    pl_arg run = pl_graph_node(l->g, PL_OP_GATHER, count * elements, args, count * elements, 0);
    return (pl_arg){run.node, 0, 1};
}

/* Registers first .. of a node as a node of their own: who takes them does not take the state too. */
static int list_results(pl_lowering *l, int node, int count) {
    pl_arg *args = PL_ARRAY(l->g->arena, count, pl_arg);
    for (int i = 0; i < count; i++) args[i] = (pl_arg){node, i, 0};
    return pl_graph_node(l->g, PL_OP_GATHER, count, args, count, 0).node;
}

static pl_value result_of(const pl_belt *belt, int node, int what) {
    int elements = belt->shape.elements;
    return (pl_value){{node, what * elements, elements > 1}, elements};
}

enum { SIZED_LATER = 2 }; /* more than one, so that it counts as a run */

/* The leakages' arguments, `each` of them, behind those that have been lowered. */
static int lower_leaks(pl_lowering *l, enum pl_context context, const pl_expr *call, int each, pl_value *values,
                       int at) {
    for (int k = 0; k < number_at(call, BELT_LEAKS); k++)
        for (int i = 0; i < each; i++)
            values[at++] = pl_lower_in(l, context, call->args[BELT_EACH + LEAK_ARGS * k + i]);
    return at;
}

/* ---- conveyors ---- */

static void note_time(pl_belt *belt, int which, pl_value time) {
    belt->times[which] = time.arg;
    belt->time_strides[which] = time.count > 1 ? time.arg.stride : 0;
}

static int fill_belt(pl_lowering *l, int index, const pl_expr *call) {
    if (l->g->belts[index].fill >= 0) return l->g->belts[index].fill;
    int listed = l->g->belts[index].shape.listed, elements = l->g->belts[index].shape.elements;
    pl_value *values = PL_ARRAY(l->g->arena, call->arg_count, pl_value);
    values[0] = listed ? pl_value_number(l, 0.0) : pl_lower_in(l, PL_START_CONTEXT, call->args[BELT_CONTENT]);
    values[1] = pl_lower_in(l, PL_START_CONTEXT, call->args[BELT_TIME]);
    note_time(&l->g->belts[index], 0, values[1]);
    int count = lower_leaks(l, PL_START_CONTEXT, call, 3, values, 2);
    for (int i = 0; i < listed; i++) values[count++] = pl_lower(l, call->args[call->arg_count - listed + i]);
    pl_arg params = list_params(l, values, count, elements);
    int node = pl_graph_runs(l->g, PL_OP_BELT_FILL, SIZED_LATER * elements, 0, &params, 1, index).node;
    return l->g->belts[index].fill = node;
}

static int belt_state(pl_lowering *l, int index, const pl_expr *call, int fill, int fill_first) {
    pl_state *state = pl_state_add(l->g, PL_STATE_HELD, SIZED_LATER * l->g->belts[index].shape.elements, l->equation);
    pl_expr *next = PL_NEW(l->g->arena, pl_expr);
    *next = *call;
    next->args = PL_ARRAY(l->g->arena, call->arg_count, pl_expr *);
    for (int i = 0; i < call->arg_count; i++) next->args[i] = call->args[i];
    pl_expr *what = PL_NEW(l->g->arena, pl_expr);
    *what = (pl_expr){.kind = PL_EXPR_NUMBER, .number = NEXT, .height = 1};
    next->args[WHAT] = what;
    state->initial = (pl_arg){fill, fill_first, 1};
    state->next_expr = next, state->space = l->g->belts[index].space;
    l->g->belts[index].state = (int)(state - l->g->states);
    return state->node;
}

static int move_belt(pl_lowering *l, int index, const pl_expr *call) {
    pl_graph *g = l->g;
    bool start = l->context == PL_START_CONTEXT;
    if (g->belts[index].move[start] >= 0) return g->belts[index].results[start];
    int fill = fill_belt(l, index, call), elements = g->belts[index].shape.elements,
        leaks = g->belts[index].shape.leaks;
    pl_value *values = PL_ARRAY(g->arena, call->arg_count, pl_value);
    values[0] = pl_lower(l, call->args[BELT_ARREST]), values[1] = pl_lower(l, call->args[BELT_HELD]);
    int count = lower_leaks(l, l->context, call, LEAK_ARGS, values, 2);
    pl_arg operands[2] = {{fill, elements, 1}, list_params(l, values, count, elements)};
    if (!start) operands[0] = (pl_arg){belt_state(l, index, call, fill, elements), 0, 1};
    int node = pl_graph_runs(g, PL_OP_BELT_MOVE, SIZED_LATER * elements, 0, operands, 2, index).node;
    g->belts[index].move[start] = node;
    return g->belts[index].results[start] = list_results(l, node, (2 + leaks) * elements);
}

static pl_value insert_belt(pl_lowering *l, int index, const pl_expr *call) {
    static const int order[] = {BELT_INFLOW, BELT_TIME, BELT_SAMPLE, BELT_ARREST};
    pl_belt *belt = &l->g->belts[index];
    int elements = belt->shape.elements, leaks = belt->shape.leaks, moved = belt->move[PL_STEP_CONTEXT], count = 4;
    pl_value *values = PL_ARRAY(l->g->arena, call->arg_count, pl_value);
    for (int i = 0; i < count; i++) values[i] = pl_lower(l, call->args[order[i]]);
    note_time(&l->g->belts[index], 1, values[1]);
    count = lower_leaks(l, PL_STEP_CONTEXT, call, 3, values, count);
    pl_arg operands[2] = {{moved, (2 + leaks) * elements, 1}, list_params(l, values, count, elements)};
    int node = pl_graph_runs(l->g, PL_OP_BELT_INSERT, SIZED_LATER * elements, 0, operands, 2, index).node;
    l->g->belts[index].insert = node;
    return (pl_value){{node, 0, 1}, 1};
}

pl_value pl_lower_conveyor(pl_lowering *l, const pl_expr *call) {
    int what = number_at(call, WHAT), index = find_belt(l, call);
    if (what == CONTENT) return result_of(&l->g->belts[index], fill_belt(l, index, call), 0);
    if (what == NEXT) return insert_belt(l, index, call);
    int results = move_belt(l, index, call);
    return result_of(&l->g->belts[index], results, what);
}

/* ---- queues ---- */

static int fill_queue(pl_lowering *l, int index, const pl_expr *call) {
    if (l->g->belts[index].fill >= 0) return l->g->belts[index].fill;
    int elements = l->g->belts[index].shape.elements;
    pl_value content = pl_lower_in(l, PL_START_CONTEXT, call->args[QUEUE_CONTENT]);
    pl_value twice[2] = {content, content}; /* a run has more than one register */
    pl_arg params = list_params(l, twice, 2, elements);
    int node = pl_graph_runs(l->g, PL_OP_QUEUE_FILL, SIZED_LATER * elements, 0, &params, 1, index).node;
    return l->g->belts[index].fill = node;
}

static int serve_queue(pl_lowering *l, int index, const pl_expr *call) {
    pl_graph *g = l->g;
    bool start = l->context == PL_START_CONTEXT;
    if (g->belts[index].move[start] >= 0) return g->belts[index].results[start];
    int fill = fill_queue(l, index, call), elements = g->belts[index].shape.elements,
        outflows = g->belts[index].shape.leaks;
    pl_value *values = PL_ARRAY(g->arena, call->arg_count, pl_value);
    int count = 1 + OUTFLOW_ARGS * outflows;
    values[0] = pl_lower(l, call->args[QUEUE_INFLOW]);
    for (int i = 1; i < count; i++) values[i] = pl_lower(l, call->args[QUEUE_EACH + i - 1]);
    pl_arg operands[2] = {{fill, 0, 1}, list_params(l, values, count, elements)};
    if (!start) operands[0] = (pl_arg){belt_state(l, index, call, fill, 0), 0, 1};
    int node = pl_graph_runs(g, PL_OP_QUEUE_SERVE, SIZED_LATER * elements, 0, operands, 2, index).node;
    g->belts[index].move[start] = node;
    return g->belts[index].results[start] = list_results(l, node, outflows * elements);
}

pl_value pl_lower_queue(pl_lowering *l, const pl_expr *call) {
    int what = number_at(call, WHAT), index = find_belt(l, call);
    const pl_belt *belt = &l->g->belts[index];
    if (what == NEXT)
        return (pl_value){{belt->move[PL_STEP_CONTEXT], belt->shape.leaks * belt->shape.elements, 1}, 1};
    int results = serve_queue(l, index, call);
    return result_of(&l->g->belts[index], results, what);
}

/* ---- sizes ---- */

/* The most slats that a transit time takes; INFINITY where it varies. */
static double slats_of(const pl_plan *plan, const pl_belt *belt, int which) {
    pl_arg time = pl_plan_resolve(plan, belt->times[which]);
    if (!plan->facts[time.node].constant) return INFINITY;
    double most = 1.0;
    for (int e = 0; e < belt->shape.elements; e++) {
        double at =
            plan->values[plan->facts[time.node].folded + time.first + belt->time_strides[which] * time.stride * e];
        double steps = floor(at / plan->p->time_step + 0.5);
        most = steps > most ? steps : most;
    }
    return most;
}

static void size_node(pl_plan *plan, int node, int64_t count) {
    if (count > 1 << 26)
        pl_graph_fail(plan->g, PL_UNSUPPORTED, (pl_position){0, 0}, "a conveyor or a queue is too long");
    if (node >= 0) plan->g->nodes[node].count = (int)count;
}

static void size_all(pl_plan *plan, pl_belt *belt, const int nodes[5], const int codes[5]) {
    int ints[5] = {belt->shape.elements, belt->shape.slats, belt->shape.leaks, belt->shape.flags, belt->shape.listed};
    int64_t out = 0, runs[2];
    for (int i = 0; i < 5; i++) {
        if (nodes[i] < 0 || !pl_belt_counts(codes[i], ints, &out, runs)) continue;
        size_node(plan, nodes[i], out);
        if (belt->state >= 0 && runs[1]) {
            size_node(plan, plan->g->states[belt->state].node, runs[0]);
            plan->g->states[belt->state].count = (int)runs[0];
        }
    }
}

/* A belt is as long as the transit time says. Where that varies it is as long as the run: what enters deeper would not
 * leave in it. A queue holds what enters in each step, and what was there. */
void pl_plan_belts(pl_plan *plan) {
    static const int conveyor[5] = {PL_CODE_BELT_FILL, PL_CODE_BELT_MOVE, PL_CODE_BELT_MOVE, PL_CODE_BELT_INSERT, 0};
    static const int queue[5] = {PL_CODE_QUEUE_FILL, PL_CODE_QUEUE_SERVE, PL_CODE_QUEUE_SERVE, 0, 0};
    for (int i = 0; i < plan->g->belt_count; i++) {
        pl_belt *belt = &plan->g->belts[i];
        bool is_queue = belt->call->function->id == PL_FN_QUEUE;
        const int nodes[5] = {belt->fill, belt->move[0], belt->move[1], belt->insert, -1};
        double most = plan->p->steps + (is_queue ? 2.0 : 1.0), slats = most;
        if (!is_queue && belt->fill >= 0) slats = slats_of(plan, belt, 0);
        if (!is_queue && belt->insert >= 0) slats = fmax(slats, slats_of(plan, belt, 1));
        belt->shape.slats = (int)fmin(slats, most);
        size_all(plan, belt, nodes, is_queue ? queue : conveyor);
    }
}
