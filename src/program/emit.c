/* Registers and tapes.
 *
 * Uniform side: each value has a register of its own.  Lane side: the slab holds inputs, states, saved values, what an
 * epoch computes for the steps, the measures' accumulators and the rings of delays; all else is scratch, given out
 * along each tape (start, epoch, rates followed by outputs).  An output register never overlaps an
 * operand's.  Chains of additions, subtractions and products with one user are fused, their order kept. */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "program/plan.h"

enum { NONE = -1, FOREVER = INT_MAX };
static const pl_register NOWHERE = UINT32_MAX;

/* ---- places ---- */

static void check_index(pl_plan *plan, int index) {
    if (index >= PL_INDEX_LIMIT) pl_graph_fail(plan->g, PL_UNSUPPORTED, (pl_position){0, 0}, "the model is too large");
}

static int take_slab(pl_plan *plan, int side, int count) {
    int at = plan->p->side[side].slab_registers;
    check_index(plan, at + count);
    plan->p->side[side].slab_registers = at + count;
    return at;
}

static int uniform_at(pl_plan *plan, int node) {
    pl_fact *fact = &plan->facts[node];
    if (fact->uniform_at == NONE) fact->uniform_at = take_slab(plan, PL_UNIFORM, plan->g->nodes[node].count);
    return fact->uniform_at;
}

/* The first of `count` entries of the pool or row that mirror the registers of a uniform node. */
static int export_node(pl_plan *plan, int node, int32_t **entries, int *count, int *room, int *at) {
    if (*at != NONE) return *at;
    int elements = plan->g->nodes[node].count, from = uniform_at(plan, node);
    *entries = pl_arena_grow(plan->arena, *entries, *count, room, *count + elements, sizeof **entries);
    for (int i = 0; i < elements; i++) (*entries)[*count + i] = from + i;
    *at = *count;
    *count += elements;
    return *at;
}

static pl_register place(pl_plan *plan, int side, pl_arg arg) {
    pl_fact *fact = &plan->facts[arg.node];
    pl_program *p = plan->p;
    if (fact->lane) return fact->lane_at + (pl_register)arg.first + PL_PLACE(0, arg.stride, 0);
    if (side == PL_UNIFORM) return PL_PLACE(PL_SLAB, arg.stride, uniform_at(plan, arg.node) + arg.first);
    if (fact->dynamic)
        return PL_PLACE(PL_ROW, arg.stride,
                        export_node(plan, arg.node, &p->row, &p->row_count, &plan->row_room, &fact->row_at) + arg.first);
    return PL_PLACE(PL_POOL, arg.stride,
                    export_node(plan, arg.node, &p->pool, &p->pool_count, &plan->pool_room, &fact->pool_at) + arg.first);
}

/* ---- which tape ---- */

static bool is_leaf(const pl_node *node) {
    return node->op == PL_OP_CONSTANT || node->op == PL_OP_INPUT || node->op == PL_OP_TIME || node->op == PL_OP_STATE;
}

bool pl_plan_belongs(const pl_plan *plan, int index, int side, pl_phase phase) {
    const pl_fact *fact = &plan->facts[index];
    const pl_node *node = &plan->g->nodes[index];
    if (!fact->needed || fact->constant || fact->same.node != index || is_leaf(node)) return false;
    if (fact->lane != (side == PL_LANE)) return false;
    bool step = fact->needed & (PL_FOR_RATES | PL_FOR_OUTPUTS);
    switch (phase) {
    case PL_START: return node->op == PL_OP_SAVED || fact->needed & PL_FOR_START;
    case PL_EPOCH: return step && !fact->dynamic && node->op != PL_OP_SAVED;
    case PL_RATES: return fact->dynamic && fact->needed & PL_FOR_RATES;
    case PL_OUTPUTS: return fact->dynamic && (fact->needed & (PL_FOR_RATES | PL_FOR_OUTPUTS)) == PL_FOR_OUTPUTS;
    case PL_PHASES: break;
    }
    return false;
}

/* ---- chains ---- */

static int chain_step(int op) {
    return op == PL_FN_ADD        ? PL_CHAIN_ADD
           : op == PL_FN_SUBTRACT ? PL_CHAIN_SUBTRACT
           : op == PL_FN_MULTIPLY ? PL_CHAIN_MULTIPLY
                                  : NONE;
}

/* The operand (0 or 1) of a chain's node whose own node can join the chain; NONE if neither can. */
static int joining_operand(const pl_plan *plan, int index, pl_phase phase) {
    const pl_node *node = &plan->g->nodes[index];
    for (int k = 0; k < 2; k++) {
        pl_arg arg = pl_plan_resolve(plan, node->args[k]);
        const pl_fact *fact = &plan->facts[arg.node];
        const pl_node *operand = &plan->g->nodes[arg.node];
        if (chain_step(operand->op) == NONE || operand->count != node->count || arg.first) continue;
        if (node->count > 1 && !arg.stride) continue;
        if (fact->users == 1 && !fact->root && !fact->absorbed && pl_plan_belongs(plan, arg.node, PL_LANE, phase)) return k;
    }
    return NONE;
}

typedef struct chain {
    int length, code;
    pl_arg operands[PL_MOST_OPERANDS - 1];
} chain;

/* The chain that ends at a node: walks down while operands may join, absorbs them, then lists from the deepest. */
static chain find_chain(pl_plan *plan, int index, pl_phase phase) {
    int nodes[4], joins[4], length = 0;
    for (int node = index; length < 4;) {
        nodes[length] = node;
        int k = length < 3 ? joining_operand(plan, node, phase) : NONE;
        joins[length++] = k;
        if (k == NONE) break;
        node = pl_plan_resolve(plan, plan->g->nodes[node].args[k]).node;
    }
    chain c = {.length = length};
    const pl_node *deepest = &plan->g->nodes[nodes[length - 1]];
    c.operands[0] = pl_plan_resolve(plan, deepest->args[0]);
    c.operands[1] = pl_plan_resolve(plan, deepest->args[1]);
    c.code = chain_step(deepest->op);
    for (int i = 1; i < length; i++) {
        const pl_node *node = &plan->g->nodes[nodes[length - 1 - i]];
        int k = joins[length - 1 - i], step = chain_step(node->op);
        c.operands[i + 1] = pl_plan_resolve(plan, node->args[1 - k]);
        if (step == PL_CHAIN_SUBTRACT && k == 1) step = PL_CHAIN_REVERSED;
        c.code |= step << 2 * i;
        plan->facts[nodes[length - i]].absorbed = true;
    }
    return c;
}

static bool starts_chain(const pl_plan *plan, int index) {
    return chain_step(plan->g->nodes[index].op) != NONE;
}

/* ---- tapes ---- */

/* The nodes of a tape in order, and room for what is found on the way. */
typedef struct writing {
    pl_plan *plan;
    int side;
    int *nodes, count;
    chain *chains; /* [count]; length 0 or 1: none */
    pl_arg **products; /* [count] the factors of sums of products; NULL: none */
    int *free;     /* [elements] 1 + the first register of those given back */
    int *after;    /* [register] the next in its list */
    int scratch, after_room;
} writing;

static void list_nodes(writing *w, pl_phase phase) {
    int nodes = w->plan->g->node_count, most = 0;
    for (int i = 0; i < nodes && !w->nodes; i++)
        if (w->plan->g->nodes[i].count > most) most = w->plan->g->nodes[i].count;
    if (!w->nodes) {
        w->nodes = PL_ARRAY(w->plan->arena, nodes + 1, int);
        w->free = PL_ARRAY(w->plan->arena, most + 1, int);
    }
    for (int i = 0; i < nodes; i++)
        if (pl_plan_belongs(w->plan, i, w->side, phase)) w->nodes[w->count++] = i;
}

/* A node on the way to being written: its operands come first. */
typedef struct waiting {
    int node, operand;
} waiting;

/* Depth first from what no other node of the tape takes: so a value is mostly computed just before it is taken
 * (sweep.h), and few wait at a time. */
static void sort_nodes(writing *w, int from) {
    const pl_plan *plan = w->plan;
    int total = w->count - from, depth = 0, at = from;
    int *users = PL_ARRAY(plan->arena, plan->g->node_count, int); /* 0: of another tape, or written */
    int *sorted = PL_ARRAY(plan->arena, total + 1, int);
    waiting *stack = PL_ARRAY(plan->arena, total + 1, waiting);
    memcpy(sorted, w->nodes + from, (size_t)total * sizeof *sorted);
    for (int i = 0; i < total; i++) users[sorted[i]] = 1;
    for (int i = 0; i < total; i++) {
        const pl_node *node = &plan->g->nodes[sorted[i]];
        for (int k = 0; k < node->arg_count; k++) {
            int operand = pl_plan_resolve(plan, node->args[k]).node;
            if (users[operand]) users[operand]++;
        }
    }
    for (int i = 0; i < total; i++) {
        if (users[sorted[i]] != 1) continue;
        stack[depth++] = (waiting){sorted[i], 0};
        while (depth) {
            waiting *top = &stack[depth - 1];
            const pl_node *node = &plan->g->nodes[top->node];
            if (top->operand == node->arg_count) {
                w->nodes[at++] = top->node;
                depth--;
                continue;
            }
            int operand = pl_plan_resolve(plan, node->args[top->operand++]).node;
            if (!users[operand]) continue;
            users[operand] = 0;
            stack[depth++] = (waiting){operand, 0};
        }
    }
}

static void find_chains(writing *w, int from, pl_phase phase) {
    for (int i = w->count; i-- > from;) {
        int node = w->nodes[i];
        if (w->plan->facts[node].absorbed) continue;
        if (starts_chain(w->plan, node)) w->chains[i] = find_chain(w->plan, node, phase);
        else w->products[i] = pl_plan_products(w->plan, node, phase);
    }
}

static int operands_of(const writing *w, int i, const pl_arg **args) {
    if (w->chains && w->chains[i].length > 1) {
        *args = w->chains[i].operands;
        return w->chains[i].length + 1;
    }
    const pl_node *node = &w->plan->g->nodes[w->nodes[i]];
    bool products = w->products && w->products[i];
    *args = products ? w->products[i] : node->args;
    return products ? 2 * node->count * node->run : node->arg_count;
}

static void find_last_uses(writing *w) {
    pl_plan *plan = w->plan;
    for (int i = 0; i < w->count; i++) {
        if (plan->facts[w->nodes[i]].absorbed) continue;
        const pl_arg *args;
        int count = operands_of(w, i, &args);
        for (int k = 0; k < count; k++) {
            pl_fact *fact = &plan->facts[pl_plan_resolve(plan, args[k]).node];
            if (fact->last_use != FOREVER) fact->last_use = i;
        }
    }
}

/* Registers given back wait in a list of their number of elements, the latest first: it is still in the cache. */
static int take_scratch(writing *w, int count) {
    int first = w->free[count] - 1;
    if (first >= 0) {
        w->free[count] = w->after[first];
        return first;
    }
    first = w->scratch;
    w->scratch += count;
    w->after = pl_arena_grow(w->plan->arena, w->after, first, &w->after_room, w->scratch, sizeof *w->after);
    pl_side *side = &w->plan->p->side[PL_LANE];
    if (w->scratch > side->scratch_registers) side->scratch_registers = w->scratch;
    check_index(w->plan, w->scratch);
    return first;
}

static void release_scratch(writing *w, pl_register place, int count) {
    int first = (int)PL_PLACE_INDEX(place);
    w->after[first] = w->free[count];
    w->free[count] = first + 1;
}

static void release_operands(writing *w, int i) {
    pl_plan *plan = w->plan;
    const pl_arg *args;
    int count = operands_of(w, i, &args);
    for (int k = 0; k < count; k++) {
        int node = pl_plan_resolve(plan, args[k]).node;
        pl_fact *fact = &plan->facts[node];
        if (!fact->lane || fact->last_use != i || PL_PLACE_BASE(fact->lane_at) != PL_SCRATCH) continue;
        release_scratch(w, fact->lane_at, plan->g->nodes[node].count);
        fact->last_use = -2; /* named twice by one instruction: freed once */
    }
}

static pl_register out_place(writing *w, int node) {
    pl_fact *fact = &w->plan->facts[node];
    if (w->side == PL_UNIFORM) return PL_PLACE(PL_SLAB, 0, uniform_at(w->plan, node));
    if (fact->lane_at == NOWHERE) fact->lane_at = PL_PLACE(PL_SCRATCH, 0, take_scratch(w, w->plan->g->nodes[node].count));
    return fact->lane_at;
}

static void write_chain(writing *w, int i, pl_instruction *in) {
    const chain *c = &w->chains[i];
    const pl_node *node = &w->plan->g->nodes[w->nodes[i]];
    *in = (pl_instruction){.code = PL_CODE_CHAIN, .operands = (uint8_t)(c->length + 1), .flat = 1,
                           .count = node->count, .detail = c->code, .variable = node->variable};
    for (int k = 0; k <= c->length; k++) {
        in->in[k] = place(w->plan, w->side, c->operands[k]);
        bool lanes = PL_PLACE_BASE(in->in[k]) <= PL_SCRATCH;
        in->flat &= node->count == 1 || lanes == (PL_PLACE_STRIDE(in->in[k]) != 0);
    }
}

/* Elements that lie in order in the slab already need no copy: the GATHER stands there. What is a state's next value
 * does not, for states change one after the other. */
static bool lies_in_slab(writing *w, int index) {
    const pl_node *node = &w->plan->g->nodes[index];
    pl_fact *fact = &w->plan->facts[index];
    if (fact->in_place) return true;
    if (node->op != PL_OP_GATHER || !fact->lane || fact->root || fact->lane_at != NOWHERE) return false;
    for (int i = 0; i < node->count; i++) {
        const pl_arg arg = pl_plan_resolve(w->plan, node->args[i]);
        if (!w->plan->facts[arg.node].lane) return false;
        pl_register from = place(w->plan, PL_LANE, arg), first = from - (pl_register)i;
        if (PL_PLACE_BASE(from) != PL_SLAB || (i && first != fact->lane_at)) {
            fact->lane_at = NOWHERE;
            return false;
        }
        fact->lane_at = first;
    }
    return fact->in_place = true;
}

static void write_nodes(writing *w, int from, int to, pl_phase phase) {
    pl_side *side = &w->plan->p->side[w->side];
    pl_instruction *tape = PL_ARRAY(w->plan->arena, to - from + w->plan->g->state_count, pl_instruction);
    int length = 0;
    for (int i = from; i < to; i++) {
        int node = w->nodes[i];
        if (w->plan->facts[node].absorbed || lies_in_slab(w, node)) continue;
        pl_instruction *in = &tape[length++];
        if (w->chains && w->chains[i].length > 1)
            write_chain(w, i, in);
        else if (w->products && w->products[i])
            pl_plan_dot(w->plan, node, w->products[i], place, in);
        else
            pl_plan_instruction(w->plan, node, w->side, 0, place, in);
        in->out = out_place(w, node);
        release_operands(w, i);
        pl_fact *fact = &w->plan->facts[node];
        if (w->side == PL_LANE && fact->last_use == NONE && PL_PLACE_BASE(fact->lane_at) == PL_SCRATCH)
            release_scratch(w, fact->lane_at, in->count);
    }
    side->tape[phase] = tape;
    side->length[phase] = length;
}

static void reset_uses(pl_plan *plan) {
    for (int i = 0; i < plan->g->node_count; i++) {
        pl_fact *fact = &plan->facts[i];
        fact->last_use = fact->root ? FOREVER : NONE;
        fact->absorbed = false;
        if (fact->lane_at != NOWHERE && PL_PLACE_BASE(fact->lane_at) == PL_SCRATCH) fact->lane_at = NOWHERE;
    }
}

/* ---- slots of states ---- */

/* A state's next value must stand in registers of its own, one per element: else it is copied at the end of rates. */
static pl_register place_next(writing *w, int side_index, pl_arg next, int count) {
    pl_plan *plan = w->plan;
    const pl_node *node = &plan->g->nodes[next.node];
    pl_register from = place(plan, side_index, next);
    bool same_side = plan->facts[next.node].lane == (side_index == PL_LANE);
    if (same_side && node->op != PL_OP_STATE && (count == 1 || next.stride)) return from;
    pl_register out = side_index == PL_LANE ? PL_PLACE(PL_SCRATCH, 0, take_scratch(w, count))
                                            : PL_PLACE(PL_SLAB, 0, take_slab(plan, PL_UNIFORM, count));
    pl_side *side = &plan->p->side[side_index];
    side->tape[PL_RATES][side->length[PL_RATES]++] = (pl_instruction){
        .code = PL_CODE_COPY, .operands = 1, .count = count, .variable = node->variable, .out = out, .in = {from}};
    return out;
}

static int delay_slots(pl_plan *plan, const pl_state *state, int element) {
    pl_arg length = pl_plan_resolve(plan, state->length);
    double time = plan->values[plan->facts[length.node].folded + length.first + (length.stride ? element : 0)];
    double steps = floor(time / plan->p->time_step + 0.5);
    if (!(steps < 1e7))
        pl_graph_fail(plan->g, PL_UNSUPPORTED, state->variable->at, "the delay of %s is %g steps long",
                      state->variable->name, steps);
    return steps < 1.0 ? 1 : (int)steps;
}

/* The steps that an element of a bundle of delay times says, or -1 where that is not known. */
static double known_steps(pl_plan *plan, pl_arg bundle, int element) {
    pl_arg arg = pl_plan_resolve(plan, bundle);
    const pl_node *node = &plan->g->nodes[arg.node];
    int index = arg.first + element * arg.stride;
    if (!plan->facts[arg.node].constant && node->op == PL_OP_GATHER)
        arg = pl_plan_resolve(plan, node->args[index]), index = arg.first;
    if (!plan->facts[arg.node].constant) return -1.0;
    return fmax(floor(plan->values[plan->facts[arg.node].folded + index] / plan->p->time_step + 0.5), 1.0);
}

/* Rows for all steps that may be waited for; where that is not known, for those of the whole run, for what is due later
 * is never seen. */
static int transit_slots(pl_plan *plan, const pl_state *state) {
    double most = 1.0, all = (double)plan->p->steps + 1.0;
    for (int e = 0; e < state->count; e++) {
        double now = known_steps(plan, state->next, state->count + e);
        double start = known_steps(plan, state->initial, state->count + e);
        most = fmax(most, now < 0.0 || start < 0.0 ? all : fmax(now, start));
    }
    most = fmin(most, all);
    if (!(most * state->count < (double)(1 << 24)))
        pl_graph_fail(plan->g, PL_UNSUPPORTED, state->variable->at, "the delay of %s may be %g steps long: too long",
                      state->variable->name, most);
    return (int)most;
}

/* Where states live, before any tape is written. A delay whose times differ by element gets a slot for each. */
static void place_states(pl_plan *plan) {
    for (int i = 0; i < plan->g->state_count; i++) {
        const pl_state *state = &plan->g->states[i];
        if (!plan->state_needed[i]) continue;
        int side = plan->state_lane[i] ? PL_LANE : PL_UNIFORM;
        if (side == PL_LANE)
            plan->facts[state->node].lane_at = PL_PLACE(PL_SLAB, 0, take_slab(plan, side, state->count));
        else
            (void)uniform_at(plan, state->node);
        if (state->kind == PL_STATE_STOCK)
            plan->p->side[side].stock_registers += state->count;
        else
            plan->p->side[side].held_registers += state->count * pl_state_next_width((int)state->kind);
    }
}

static int add_name(pl_plan *plan, const char *name) {
    pl_program *p = plan->p;
    int size = (int)strlen(name) + 1;
    p->text = pl_arena_grow(plan->arena, p->text, p->text_size, &plan->text_room, p->text_size + size, 1);
    memcpy(p->text + p->text_size, name, (size_t)size);
    p->text_size += size;
    return p->text_size - size;
}

static int slots_of(pl_plan *plan, const pl_state *state) {
    if (state->kind != PL_STATE_DELAY) return 1;
    for (int e = 1; e < state->count; e++)
        if (delay_slots(plan, state, e) != delay_slots(plan, state, 0)) return state->count;
    return 1;
}

static pl_arg element_of(pl_arg arg, int element) { return (pl_arg){arg.node, arg.first + arg.stride * element, 0}; }

static void add_slots(pl_plan *plan, int index) {
    const pl_state *state = &plan->g->states[index];
    int side_index = plan->state_lane[index] ? PL_LANE : PL_UNIFORM, parts = slots_of(plan, state);
    pl_side *side = &plan->p->side[side_index];
    pl_arg initial = pl_plan_resolve(plan, state->initial), self = {state->node, 0, 0};
    for (int k = 0; k < parts; k++) {
        pl_slot *slot = &side->slots[side->slot_count++];
        *slot = (pl_slot){.kind = state->kind, .count = parts > 1 ? 1 : state->count};
        slot->at = place(plan, side_index, element_of((pl_arg){self.node, 0, 1}, k));
        slot->initial = place(plan, side_index, parts > 1 ? element_of(initial, k) : initial);
        slot->name = add_name(plan, state->variable->name);
        bool transit = pl_state_is_transit((int)state->kind);
        if (state->kind != PL_STATE_DELAY && !transit) continue;
        slot->slots = transit ? transit_slots(plan, state) : delay_slots(plan, state, k);
        double ring = ((double)slot->slots + transit) * slot->count;
        if (ring >= PL_INDEX_LIMIT)
            pl_graph_fail(plan->g, PL_UNSUPPORTED, state->variable->at, "the delays of %s would keep %.0f values",
                          state->variable->name, ring);
        slot->ring = take_slab(plan, side_index, (int)ring);
    }
}

static void set_nexts(writing *w, int side_index) {
    pl_plan *plan = w->plan;
    int slot = 0;
    for (int i = 0; i < plan->g->state_count; i++) {
        const pl_state *state = &plan->g->states[i];
        if (!plan->state_needed[i] || plan->state_lane[i] != (side_index == PL_LANE)) continue;
        pl_register next = place_next(w, side_index, pl_plan_resolve(plan, state->next),
                                      state->count * pl_state_next_width((int)state->kind));
        int parts = slots_of(plan, state);
        for (int k = 0; k < parts; k++) plan->p->side[side_index].slots[slot++].next = next + (pl_register)k;
    }
}

/* ---- the whole ---- */

static void place_inputs(pl_plan *plan) {
    pl_program *p = plan->p;
    for (int clock = 0; clock < PL_CLOCKS; clock++) p->time_at[PL_UNIFORM][clock] = p->time_at[PL_LANE][clock] = NONE;
    for (int i = 0; i < plan->g->node_count; i++) {
        const pl_node *node = &plan->g->nodes[i];
        pl_fact *fact = &plan->facts[i];
        if (!fact->needed || fact->constant) continue;
        if (node->op == PL_OP_INPUT && fact->lane)
            fact->lane_at = PL_PLACE(PL_SLAB, 0, take_slab(plan, PL_LANE, node->count));
        if (node->op == PL_OP_INPUT && !fact->lane) (void)uniform_at(plan, i);
    }
    p->lane_inputs = p->side[PL_LANE].slab_registers;
    p->lane_image = PL_ARRAY(plan->arena, p->lane_inputs + 1, double);
    for (int i = 0; i < plan->g->node_count; i++) {
        const pl_node *node = &plan->g->nodes[i];
        pl_fact *fact = &plan->facts[i];
        if (!fact->needed || fact->constant) continue;
        if (node->op == PL_OP_INPUT && fact->lane)
            memcpy(p->lane_image + PL_PLACE_INDEX(fact->lane_at), plan->numbers[node->detail],
                   (size_t)node->count * sizeof(double));
        if (node->op != PL_OP_TIME) continue;
        p->time_at[fact->lane][node->detail] = fact->lane ? take_slab(plan, PL_LANE, 1) : uniform_at(plan, i);
        if (fact->lane) fact->lane_at = PL_PLACE(PL_SLAB, 0, p->time_at[PL_LANE][node->detail]);
    }
}

static void place_input_slots(pl_plan *plan) {
    pl_program *p = plan->p;
    const pl_program_spec *spec = plan->spec;
    p->inputs = PL_ARRAY(plan->arena, spec->input_count, pl_input_slot);
    p->input_count = spec->input_count;
    int *node_of = PL_ARRAY(plan->arena, plan->g->model->variable_count, int);
    for (int i = 0; i < plan->g->node_count; i++)
        if (plan->g->nodes[i].op == PL_OP_INPUT && plan->facts[i].needed && !plan->facts[i].constant)
            node_of[plan->g->nodes[i].detail] = i + 1;
    for (int i = 0; i < spec->input_count; i++) {
        const pl_input *input = &spec->inputs[i];
        int node = node_of[input->variable->index] - 1, element = input->element < 0 ? 0 : input->element;
        pl_input_slot *slot = &p->inputs[i];
        *slot = (pl_input_slot){.side = NONE, .count = input->element < 0 ? input->variable->size : 1,
                                .input_class = input->input_class};
        slot->value = plan->numbers[input->variable->index][element];
        if (node < 0) continue;
        slot->side = plan->facts[node].lane ? PL_LANE : PL_UNIFORM;
        slot->at = element + (plan->facts[node].lane ? (int)PL_PLACE_INDEX(plan->facts[node].lane_at)
                                                     : plan->facts[node].uniform_at);
    }
}

/* Saved values, and what an epoch computes for the steps, live in the slab. */
static void place_kept(pl_plan *plan) {
    for (int i = 0; i < plan->g->node_count; i++) {
        pl_fact *fact = &plan->facts[i];
        const pl_node *node = &plan->g->nodes[i];
        if (!fact->lane || !fact->needed || fact->same.node != i) continue;
        bool kept = node->op == PL_OP_SAVED;
        if (pl_plan_belongs(plan, i, PL_LANE, PL_EPOCH)) kept = kept || fact->root || fact->used_by_step;
        if (kept) fact->lane_at = PL_PLACE(PL_SLAB, 0, take_slab(plan, PL_LANE, node->count));
    }
}

static void count_users(pl_plan *plan) {
    pl_graph *g = plan->g;
    for (int i = 0; i < g->node_count; i++) {
        const pl_fact *fact = &plan->facts[i];
        if (!fact->needed || fact->constant || fact->same.node != i) continue;
        for (int k = 0; k < g->nodes[i].arg_count; k++) {
            pl_fact *operand = &plan->facts[pl_plan_resolve(plan, g->nodes[i].args[k]).node];
            operand->users++;
            operand->used_by_step |= fact->dynamic;
        }
    }
    for (int i = 0; i < g->state_count; i++) {
        if (!plan->state_needed[i]) continue;
        plan->facts[pl_plan_resolve(plan, g->states[i].next).node].root = true;
        plan->facts[pl_plan_resolve(plan, g->states[i].initial).node].root = true;
    }
    for (int i = 0; i < plan->spec->measure_count; i++)
        plan->facts[pl_plan_resolve(plan, plan->measure_args[i]).node].root = true;
    for (int i = 0; i < plan->p->output_count; i++)
        plan->facts[pl_plan_resolve(plan, plan->output_args[i]).node].root = true;
}

static void write_side(pl_plan *plan, int side_index) {
    pl_graph *g = plan->g;
    static const pl_phase singles[2] = {PL_START, PL_EPOCH};
    for (int k = 0; k < 2; k++) {
        reset_uses(plan);
        writing w = {.plan = plan, .side = side_index};
        list_nodes(&w, singles[k]);
        find_last_uses(&w);
        write_nodes(&w, 0, w.count, singles[k]);
        if (singles[k] != PL_START) continue;
        plan->p->side[side_index].slots = PL_ARRAY(plan->arena, g->slot_room, pl_slot);
        for (int i = 0; i < g->state_count; i++)
            if (plan->state_needed[i] && plan->state_lane[i] == (side_index == PL_LANE)) add_slots(plan, i);
    }
    reset_uses(plan);
    writing w = {.plan = plan, .side = side_index};
    list_nodes(&w, PL_RATES);
    sort_nodes(&w, 0);
    int rates = w.count;
    list_nodes(&w, PL_OUTPUTS);
    sort_nodes(&w, rates);
    w.chains = PL_ARRAY(plan->arena, w.count, chain);
    w.products = PL_ARRAY(plan->arena, w.count, pl_arg *);
    if (side_index == PL_LANE) {
        find_chains(&w, rates, PL_OUTPUTS);
        int all = w.count;
        w.count = rates;
        find_chains(&w, 0, PL_RATES);
        w.count = all;
    }
    find_last_uses(&w);
    write_nodes(&w, 0, rates, PL_RATES);
    set_nexts(&w, side_index);
    write_nodes(&w, rates, w.count, PL_OUTPUTS);
}

static void set_gauges(pl_plan *plan) {
    pl_program *p = plan->p;
    const pl_program_spec *spec = plan->spec;
    p->gauges = PL_ARRAY(plan->arena, spec->measure_count, pl_gauge);
    p->gauge_count = spec->measure_count;
    for (int i = 0; i < spec->measure_count; i++) {
        const pl_measure_spec *m = &spec->measures[i];
        double t0 = p->initial_time, dt = p->time_step;
        pl_gauge *g = &p->gauges[i];
        g->take = m->take;
        g->threshold = m->threshold;
        double from = m->from == m->from ? floor((m->from - t0) / dt + 0.5) : 0.0;
        double to = m->to == m->to ? floor((m->to - t0) / dt + 0.5) : (double)p->steps;
        if (m->take == PL_TAKE_AT) to = from;
        if (!(from >= 0.0 && from <= to && to <= p->steps))
            pl_graph_fail(plan->g, PL_INVALID, m->variable->at, "the window of a measure of %s is outside the run",
                          m->variable->name);
        g->from = (int32_t)from, g->to = (int32_t)to;
        g->of = place(plan, PL_LANE, pl_plan_resolve(plan, plan->measure_args[i]));
        g->accumulator = take_slab(plan, PL_LANE, PL_GAUGE_REGISTERS);
        char name[256];
        pl_variable_element_name(m->variable, m->element < 0 ? 0 : m->element, name, sizeof name);
        g->name = add_name(plan, name);
    }
    p->outputs = PL_ARRAY(plan->arena, p->output_count, pl_register);
    for (int i = 0; i < p->output_count; i++)
        p->outputs[i] = place(plan, PL_LANE, pl_plan_resolve(plan, plan->output_args[i]));
}

static void set_draws(pl_plan *plan) {
    pl_graph *g = plan->g;
    pl_program *p = plan->p;
    int *first = PL_ARRAY(plan->arena, g->draw_count, int);
    for (int i = 0; i < g->node_count; i++) {
        if (g->nodes[i].op != PL_OP_NOISE) continue;
        first[g->nodes[i].detail] = p->draw_count;
        p->draw_count += g->nodes[i].count;
    }
    p->draws = PL_ARRAY(plan->arena, p->draw_count, pl_draw_spec);
    for (int i = 0; i < g->node_count; i++) {
        if (g->nodes[i].op != PL_OP_NOISE) continue;
        const pl_draw *draw = &g->draws[g->nodes[i].detail];
        for (int e = 0; e < g->nodes[i].count; e++)
            p->draws[first[g->nodes[i].detail] + e] = (pl_draw_spec){
                .function = draw->function, .call = draw->call, .hash = draw->hashes[e],
                .table = draw->tables ? draw->tables[e] : NONE};
        g->nodes[i].detail = first[g->nodes[i].detail];
    }
    p->future_at = p->draw_count ? take_slab(plan, PL_LANE, 1) : NONE;
}

static void fill_image(pl_plan *plan) {
    pl_program *p = plan->p;
    p->image = PL_ARRAY(plan->arena, p->side[PL_UNIFORM].slab_registers + PL_CELL, double);
    for (int i = 0; i < plan->g->node_count; i++) {
        const pl_fact *fact = &plan->facts[i];
        const pl_node *node = &plan->g->nodes[i];
        if (fact->uniform_at == NONE) continue;
        if (fact->constant)
            memcpy(p->image + fact->uniform_at, plan->values + fact->folded, (size_t)node->count * sizeof(double));
        else if (node->op == PL_OP_INPUT)
            memcpy(p->image + fact->uniform_at, plan->numbers[node->detail], (size_t)node->count * sizeof(double));
    }
}

void pl_plan_emit(pl_plan *plan) {
    count_users(plan);
    place_inputs(plan);
    set_draws(plan);
    place_states(plan);
    place_kept(plan);
    for (int i = 0; i < plan->g->state_count; i++) plan->g->slot_room += plan->g->states[i].count;
    write_side(plan, PL_LANE); /* first: it asks for what the uniform side must export */
    set_gauges(plan);
    write_side(plan, PL_UNIFORM);
    place_input_slots(plan);
    fill_image(plan);
}
