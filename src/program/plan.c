/* From the graph to what one specification needs of it.
 *
 * fold   a node whose operands are all known numbers is computed here, by the same kernels that would compute it in
 *        a run; a select whose condition is known stands for one of its branches from then on
 * slice  only what measures and outputs need, through the states that they need (slice.c)
 * class  per lane or uniform, dynamic or static: a fixpoint over what lives from step to step
 * None of this changes the order or rounding of an operation: it only moves or drops whole operations. */
#include "program/plan.h"

#include <math.h>
#include <string.h>

pl_arg pl_plan_resolve(const pl_plan *plan, pl_arg arg) {
    pl_arg same = plan->facts[arg.node].same;
    if (same.node == arg.node) return arg;
    return (pl_arg){same.node, same.first + same.stride * arg.first, same.stride * arg.stride};
}

/* ---- instructions ---- */

int pl_plan_ints(pl_plan *plan, int count) {
    pl_program *p = plan->p;
    p->ints = pl_arena_grow(plan->arena, p->ints, p->int_count, &plan->int_room, p->int_count + count,
                            sizeof *p->ints);
    p->int_count += count;
    return p->int_count - count;
}

static bool is_flat_place(pl_register place, int count) {
    bool lanes = PL_PLACE_BASE(place) <= PL_SCRATCH;
    return count == 1 || lanes == (PL_PLACE_STRIDE(place) != 0);
}

static void set_operands(pl_plan *plan, const pl_node *node, int side, pl_place_fn *place, pl_instruction *in) {
    in->operands = (uint8_t)node->arg_count;
    in->flat = 1;
    for (int i = 0; i < node->arg_count; i++) {
        in->in[i] = place(plan, side, pl_plan_resolve(plan, node->args[i]));
        in->flat &= is_flat_place(in->in[i], node->count);
    }
}

static void set_lookup(pl_plan *plan, const pl_node *node, pl_instruction *in) {
    const int *tables = plan->g->ints + node->detail;
    bool one = true;
    for (int i = 1; i < node->count; i++) one = one && tables[i] == tables[0];
    in->flat = in->flat && one;
    in->detail = pl_plan_ints(plan, node->count);
    for (int i = 0; i < node->count; i++) plan->p->ints[in->detail + i] = tables[i];
}

static void set_belt(pl_plan *plan, const pl_node *node, int side, pl_place_fn *place, pl_instruction *in) {
    const pl_belt_shape *shape = &plan->g->belts[node->detail].shape;
    in->code = (uint8_t)(PL_CODE_BELT_FILL + node->op - PL_OP_BELT_FILL);
    set_operands(plan, node, side, place, in);
    in->flat = 0;
    in->detail = pl_plan_ints(plan, 5);
    int32_t *ints = plan->p->ints + in->detail;
    ints[0] = shape->elements, ints[1] = shape->slats, ints[2] = shape->leaks;
    ints[3] = shape->flags, ints[4] = shape->listed;
}

void pl_plan_instruction(pl_plan *plan, int index, int side, pl_register out, pl_place_fn *place,
                         pl_instruction *in) {
    const pl_node *node = &plan->g->nodes[index];
    *in = (pl_instruction){.count = node->count, .out = out, .variable = node->variable};
    switch (node->op) {
    case PL_OP_GATHER:
        in->code = PL_CODE_GATHER;
        in->detail = pl_plan_ints(plan, node->count);
        for (int i = 0; i < node->count; i++) { /* placing may add integers: address them anew each time */
            pl_register from = place(plan, side, pl_plan_resolve(plan, node->args[i]));
            plan->p->ints[in->detail + i] = (int32_t)from;
        }
        return;
    case PL_OP_REDUCE:
        in->code = PL_CODE_REDUCE;
        set_operands(plan, node, side, place, in);
        in->detail = pl_plan_ints(plan, 2);
        plan->p->ints[in->detail] = node->detail == PL_FN_SUM    ? PL_FN_ADD
                                    : node->detail == PL_FN_PROD ? PL_FN_MULTIPLY
                                    : node->detail == PL_FN_VMIN ? PL_FN_MIN
                                                                 : PL_FN_MAX;
        plan->p->ints[in->detail + 1] = node->run;
        return;
    case PL_OP_PICK:
        in->code = PL_CODE_PICK;
        set_operands(plan, node, side, place, in);
        in->detail = pl_plan_ints(plan, node->count + 1);
        plan->p->ints[in->detail] = node->run;
        memcpy(plan->p->ints + in->detail + 1, plan->g->ints + node->detail, (size_t)node->count * sizeof(int32_t));
        return;
    case PL_OP_GROUP:
        in->code = PL_CODE_GROUP;
        set_operands(plan, node, side, place, in);
        in->detail = pl_plan_ints(plan, 2);
        plan->p->ints[in->detail] = node->detail;
        plan->p->ints[in->detail + 1] = node->run;
        return;
    case PL_OP_LOOKUP:
        in->code = PL_CODE_LOOKUP;
        set_operands(plan, node, side, place, in);
        set_lookup(plan, node, in);
        return;
    case PL_OP_TABLE:
    case PL_OP_SERIES:
        in->code = node->op == PL_OP_TABLE ? PL_CODE_TABLE : PL_CODE_SERIES;
        set_operands(plan, node, side, place, in);
        in->detail = pl_plan_ints(plan, node->count + 1);
        memcpy(plan->p->ints + in->detail, plan->g->ints + node->detail, ((size_t)node->count + 1) * sizeof(int32_t));
        return;
    case PL_OP_BELT_FILL:
    case PL_OP_BELT_MOVE:
    case PL_OP_BELT_INSERT:
    case PL_OP_QUEUE_FILL:
    case PL_OP_QUEUE_SERVE: set_belt(plan, node, side, place, in); return;
    case PL_OP_NOISE:
        in->code = PL_CODE_NOISE;
        set_operands(plan, node, side, place, in);
        in->detail = node->detail;
        return;
    case PL_OP_SAVED:
        in->code = PL_CODE_COPY;
        set_operands(plan, node, side, place, in);
        return;
    default:
        in->code = PL_CODE_APPLY;
        set_operands(plan, node, side, place, in);
        in->detail = node->op;
    }
}

/* ---- folding ---- */

static pl_register place_folded(pl_plan *plan, int side, pl_arg arg) {
    (void)side;
    return PL_PLACE(PL_SLAB, arg.stride, plan->facts[arg.node].folded + arg.first);
}

int pl_plan_values(pl_plan *plan, int count) {
    plan->values = pl_arena_grow(plan->arena, plan->values, plan->value_count, &plan->value_room,
                                 plan->value_count + count + PL_CELL, sizeof *plan->values);
    plan->value_count += count;
    return plan->value_count - count;
}

static void compute(pl_plan *plan, int index) {
    pl_instruction in;
    int before = plan->p->int_count;
    pl_plan_instruction(plan, index, PL_UNIFORM, PL_PLACE(PL_SLAB, 0, plan->facts[index].folded), place_folded, &in);
    double reduce[2];
    pl_frame frame = {.program = plan->p, .kernels = pl_kernels_choose(), .reduce = reduce};
    pl_frame_shape(&frame, 1);
    for (int b = 0; b < PL_BASES; b++) frame.bases[b] = plan->values;
    pl_tape_run(&frame, &in, 1);
    plan->p->int_count = before;
}

/* A select whose condition is known and the same in all elements becomes the branch taken. */
static void take_branch(pl_plan *plan, int index) {
    const pl_node *node = &plan->g->nodes[index];
    if (node->op != PL_FN_IF_THEN_ELSE) return;
    pl_arg condition = pl_plan_resolve(plan, node->args[0]);
    if (!plan->facts[condition.node].constant) return;
    const double *x = plan->values + plan->facts[condition.node].folded + condition.first;
    int count = condition.stride ? node->count : 1;
    for (int i = 1; i < count; i++)
        if ((x[i] != 0.0) != (x[0] != 0.0)) return;
    pl_arg branch = pl_plan_resolve(plan, node->args[x[0] != 0.0 ? 1 : 2]);
    if (node->count > 1 && !branch.stride) return; /* all elements one: the select spreads it */
    plan->facts[index].same = branch;
}

static bool all_constant(const pl_plan *plan, const pl_node *node) {
    for (int i = 0; i < node->arg_count; i++)
        if (!plan->facts[pl_plan_resolve(plan, node->args[i]).node].constant) return false;
    return true;
}

static void fold_node(pl_plan *plan, int index) {
    const pl_node *node = &plan->g->nodes[index];
    pl_fact *fact = &plan->facts[index];
    switch (node->op) {
    case PL_OP_TIME:
    case PL_OP_STATE:
    case PL_OP_NOISE:
    case PL_OP_BELT_FILL: /* not sized yet */
    case PL_OP_BELT_MOVE:
    case PL_OP_BELT_INSERT:
    case PL_OP_QUEUE_FILL:
    case PL_OP_QUEUE_SERVE: return;
    case PL_OP_INPUT:
        if (plan->varies[node->detail]) return;
        fact->constant = true;
        fact->folded = pl_plan_values(plan, node->count);
        memcpy(plan->values + fact->folded, plan->numbers[node->detail], (size_t)node->count * sizeof(double));
        return;
    case PL_OP_CONSTANT:
        fact->constant = true;
        fact->folded = pl_plan_values(plan, node->count);
        memcpy(plan->values + fact->folded, plan->g->numbers + node->detail, (size_t)node->count * sizeof(double));
        return;
    case PL_OP_SAVED: {
        pl_arg kept = pl_plan_resolve(plan, node->args[0]);
        if (plan->facts[kept.node].constant && (kept.stride || node->count == 1)) fact->same = kept;
        return;
    }
    default: break;
    }
    take_branch(plan, index);
    if (fact->same.node != index || !all_constant(plan, node)) return;
    fact->constant = true;
    fact->folded = pl_plan_values(plan, node->count);
    compute(plan, index);
}

void pl_plan_fold(pl_plan *plan) {
    int count = plan->g->node_count;
    plan->facts = PL_ARRAY(plan->arena, count, pl_fact);
    for (int i = 0; i < count; i++) {
        pl_fact *fact = &plan->facts[i];
        fact->same = (pl_arg){i, 0, plan->g->nodes[i].count > 1};
        fact->uniform_at = fact->pool_at = fact->row_at = -1;
        fact->lane_at = UINT32_MAX;
        fold_node(plan, i);
    }
}

/* ---- delays ---- */

/* The first lever that a node depends on, NULL where there is none. */
static const pl_variable *find_lever(pl_plan *plan, int node) {
    bool *seen = PL_ARRAY(plan->arena, plan->g->node_count, bool);
    int *stack = PL_ARRAY(plan->arena, plan->g->node_count, int), depth = 0;
    for (seen[node] = true, stack[depth++] = node; depth;) {
        const pl_node *n = &plan->g->nodes[stack[--depth]];
        for (int i = 0; n->op == PL_OP_INPUT && i < plan->spec->input_count; i++)
            if (plan->spec->inputs[i].variable->index == n->detail && plan->varies[n->detail] &&
                plan->spec->inputs[i].input_class == PL_INPUT_LEVER)
                return plan->spec->inputs[i].variable;
        for (int i = 0; i < n->arg_count; i++) {
            int to = pl_plan_resolve(plan, n->args[i]).node;
            if (!seen[to]) seen[to] = true, stack[depth++] = to;
        }
    }
    return NULL;
}

void pl_plan_delays(pl_plan *plan) {
    for (int i = 0; i < plan->g->state_count; i++) {
        pl_state *state = &plan->g->states[i];
        if (state->kind != PL_STATE_DELAY) continue;
        int length = pl_plan_resolve(plan, state->length).node;
        if (plan->facts[length].constant) continue;
        const pl_variable *lever = find_lever(plan, length);
        if (lever)
            pl_graph_fail(plan->g, PL_INVALID, state->variable->at,
                          "the delay time of DELAY FIXED in %s depends on %s, which may not be a lever then",
                          state->variable->name, lever->name);
        state->kind = PL_STATE_INFORMATION;
        state->initial = state->transit_initial;
        state->next = state->transit_next;
    }
}

/* ---- classes ---- */

/* The nodes that take a node's value, a state's among them: users[first[node]] .. users[first[node + 1] - 1]. */
typedef struct uses {
    int *first, *users;
} uses;

static void add_use(uses *u, int of, int user) {
    if (u->users)
        u->users[u->first[of + 1]++] = user;
    else
        u->first[of + 2]++;
}

static void add_uses(const pl_plan *plan, uses *u) {
    const pl_graph *g = plan->g;
    for (int i = 0; i < g->node_count; i++)
        for (int k = 0; k < g->nodes[i].arg_count; k++) add_use(u, g->nodes[i].args[k].node, i);
    for (int i = 0; i < g->state_count; i++) {
        if (!plan->state_needed[i]) continue;
        add_use(u, g->states[i].next.node, g->states[i].node);
        add_use(u, g->states[i].initial.node, g->states[i].node);
    }
}

static uses list_uses(const pl_plan *plan) {
    int count = plan->g->node_count;
    uses u = {.first = PL_ARRAY(plan->arena, count + 2, int)};
    add_uses(plan, &u); /* counts, */
    for (int i = 0; i <= count; i++) u.first[i + 1] += u.first[i];
    u.users = PL_ARRAY(plan->arena, u.first[count + 1] + 1, int);
    add_uses(plan, &u); /* then lists */
    return u;
}

/* What a node is whatever its operands are, and what follows from the operands before it. */
static void class_node(pl_plan *plan, int index) {
    const pl_node *node = &plan->g->nodes[index];
    pl_fact *fact = &plan->facts[index];
    if (fact->constant) return;
    switch (node->op) {
    case PL_OP_INPUT: fact->lane = plan->varies[node->detail] == 2; return;
    case PL_OP_TIME:
    case PL_OP_STATE: fact->dynamic = true; fact->lane = plan->spec->one_case; return;
    case PL_OP_NOISE: fact->lane = true; fact->dynamic = !plan->g->draws[node->detail].start; break;
    default: break;
    }
    for (int i = 0; i < node->arg_count; i++) fact->dynamic |= plan->facts[node->args[i].node].dynamic;
}

/* Of the sliced graph. A node is looked at once more when it becomes per lane, which its users then are. */
void pl_plan_class(pl_plan *plan) {
    pl_graph *g = plan->g;
    uses u = list_uses(plan);
    int *stack = PL_ARRAY(plan->arena, g->node_count, int), depth = 0;
    for (int i = 0; i < g->node_count; i++) {
        class_node(plan, i);
        if (plan->facts[i].lane) stack[depth++] = i;
    }
    while (depth) {
        int node = stack[--depth];
        for (int k = u.first[node]; k < u.first[node + 1]; k++) {
            pl_fact *fact = &plan->facts[u.users[k]];
            if (!fact->lane) fact->lane = true, stack[depth++] = u.users[k];
        }
    }
    plan->state_lane = PL_ARRAY(plan->arena, g->state_count, bool);
    for (int i = 0; i < g->state_count; i++)
        plan->state_lane[i] = plan->state_needed[i] && plan->facts[g->states[i].node].lane;
}
