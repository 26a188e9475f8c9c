/* Slices: only what measures and outputs need is kept, element by element and through the states that they need.
 *
 * First the elements that are needed of every node are marked.  Then the graph is written anew with these alone: a node
 * keeps as many elements as are needed of it, side by side in their old order.  Where the elements that an operation
 * takes no longer follow each other, a GATHER puts them together (known numbers are written out again instead).
 * An operation of which elements cannot be told apart (the default below) keeps all, and so do its operands. */
#include "program/plan.h"

#include <string.h>

enum { WORD = 64 };

typedef struct run { /* elements of a node that are needed for the parts now, and were not before */
    int node, first, count;
    uint8_t parts;
} run;

/* What became of a node: its new number, and where its elements went: each one at + its rank among those kept. */
typedef struct moved {
    int node, at;
} moved;

typedef struct slicing {
    pl_plan *plan;
    uint64_t **bits; /* [node] elements needed; NULL: none yet */
    int **ranks;     /* [node] needed elements before each word; NULL: all are needed */
    run *stack;
    int depth, room;
    moved *moved;    /* [old node] */
    pl_node *nodes;  /* the new graph */
    pl_fact *facts;
    int count, node_room, fact_room;
} slicing;

/* ---- what is needed ---- */

static void push(slicing *s, run r) {
    s->stack = pl_arena_grow(s->plan->arena, s->stack, s->depth, &s->room, s->depth + 1, sizeof *s->stack);
    s->stack[s->depth++] = r;
}

static bool is_needed(const slicing *s, int node, int element) {
    return s->bits[node] && s->bits[node][element / WORD] >> element % WORD & 1;
}

/* Pushes the runs of elements first .. end - 1 that are needed (or not) already. */
static void push_runs(slicing *s, int node, int first, int end, bool needed, uint8_t parts) {
    for (int from = first; from < end;) {
        while (from < end && is_needed(s, node, from) != needed) from++;
        int to = from;
        while (to < end && is_needed(s, node, to) == needed) to++;
        if (to > from) push(s, (run){node, from, to - from, parts});
        from = to;
    }
}

/* Whole nodes are computed in a part: what is needed of one for any part is needed of it in all of them. */
static void need(slicing *s, int node, int first, int count, uint8_t parts) {
    pl_fact *fact = &s->plan->facts[node];
    const pl_node *n = &s->plan->g->nodes[node];
    uint8_t more = parts & ~fact->needed;
    if (!s->bits[node]) s->bits[node] = PL_ARRAY(s->plan->arena, n->count / WORD + 1, uint64_t);
    if (more && fact->needed) push_runs(s, node, 0, n->count, true, more);
    fact->needed |= parts;
    push_runs(s, node, first, first + count, false, fact->needed);
    for (int i = first; i < first + count; i++) s->bits[node][i / WORD] |= (uint64_t)1 << i % WORD;
}

/* Elements first .. of those that an operand gives. */
static void need_operand(slicing *s, pl_arg arg, int first, int count, uint8_t parts) {
    arg = pl_plan_resolve(s->plan, arg);
    if (arg.stride)
        need(s, arg.node, arg.first + first, count, parts);
    else
        need(s, arg.node, arg.first, 1, parts);
}

static void need_whole(slicing *s, pl_arg arg, uint8_t parts) {
    int node = pl_plan_resolve(s->plan, arg).node;
    need(s, node, 0, s->plan->g->nodes[node].count, parts);
}

static void need_state(slicing *s, int index, int first, int count) {
    const pl_state *state = &s->plan->g->states[index];
    s->plan->state_needed[index] = true;
    if (pl_state_is_transit((int)state->kind)) {
        need(s, state->node, 0, state->count, PL_FOR_RATES);
        need_operand(s, state->next, 0, state->count * 3, PL_FOR_RATES);
        need_operand(s, state->initial, 0, state->count * 2, PL_FOR_START);
        return;
    }
    need_operand(s, state->next, first, count, PL_FOR_RATES);
    need_operand(s, state->initial, first, count, PL_FOR_START);
    if (state->kind == PL_STATE_DELAY) need_operand(s, state->length, first, count, PL_FOR_START);
}

/* Whether element i takes element i of each operand. */
static bool goes_by_element(int op) {
    return op < PL_OP_FIRST || op == PL_OP_LOOKUP || op == PL_OP_TABLE || op == PL_OP_SERIES || op == PL_OP_NOISE || op == PL_OP_SAVED || op == PL_OP_REDUCE;
}

static void need_operands(slicing *s, run r) {
    const pl_node *node = &s->plan->g->nodes[r.node];
    if (s->plan->facts[r.node].constant) return;
    switch (node->op) {
    case PL_OP_CONSTANT:
    case PL_OP_TIME: return;
    case PL_OP_INPUT: need(s, r.node, 0, node->count, r.parts); return; /* set as a whole */
    case PL_OP_STATE: need_state(s, node->detail, r.first, r.count); return;
    case PL_OP_GATHER:
        for (int i = r.first; i < r.first + r.count; i++) need_operand(s, node->args[i], 0, 1, r.parts);
        return;
    case PL_OP_REDUCE: need_operand(s, node->args[0], r.first * node->run, r.count * node->run, r.parts); return;
    case PL_OP_PICK:
        need_whole(s, node->args[0], r.parts);
        need_operand(s, node->args[1], r.first, r.count, r.parts);
        return;
    case PL_OP_SAVED: need_operand(s, node->args[0], r.first, r.count, PL_FOR_START); return;
    default:
        if (goes_by_element(node->op)) {
            for (int k = 0; k < node->arg_count; k++) need_operand(s, node->args[k], r.first, r.count, r.parts);
            return;
        }
        need(s, r.node, 0, node->count, r.parts);
        for (int k = 0; k < node->arg_count; k++) need_whole(s, node->args[k], r.parts);
    }
}

static void find_needs(slicing *s) {
    pl_plan *plan = s->plan;
    int nodes = plan->g->node_count;
    s->bits = PL_ARRAY(plan->arena, nodes, uint64_t *);
    plan->state_needed = PL_ARRAY(plan->arena, plan->g->state_count, bool);
    for (int i = 0; i < plan->spec->measure_count; i++) need_operand(s, plan->measure_args[i], 0, 1, PL_FOR_OUTPUTS);
    for (int i = 0; i < plan->p->output_count; i++) need_operand(s, plan->output_args[i], 0, 1, PL_FOR_OUTPUTS);
    while (s->depth) need_operands(s, s->stack[--s->depth]);
}

/* ---- where elements went ---- */

/* Lists the elements kept of a node; returns how many. */
static int list_elements(slicing *s, int node, int *elements) {
    int count = 0;
    for (int e = 0; e < s->plan->g->nodes[node].count; e++)
        if (is_needed(s, node, e)) elements[count++] = e;
    return count;
}

static int count_elements(slicing *s, int node) {
    int words = s->plan->g->nodes[node].count / WORD + 1, count = 0;
    for (int w = 0; w < words; w++) count += __builtin_popcountll(s->bits[node][w]);
    if (count == s->plan->g->nodes[node].count) return count;
    int *ranks = s->ranks[node] = PL_ARRAY(s->plan->arena, words, int);
    for (int w = 1; w < words; w++) ranks[w] = ranks[w - 1] + __builtin_popcountll(s->bits[node][w - 1]);
    return count;
}

static pl_place_of find_element(const slicing *s, int node, int element) {
    const moved *to = &s->moved[node];
    if (!s->ranks[node]) return (pl_place_of){to->node, to->at + element};
    uint64_t before = s->bits[node][element / WORD] & (((uint64_t)1 << element % WORD) - 1);
    return (pl_place_of){to->node, to->at + s->ranks[node][element / WORD] + __builtin_popcountll(before)};
}

/* ---- the new graph ---- */

static int add_node(slicing *s, pl_node node, pl_fact fact) {
    pl_arena *arena = s->plan->arena;
    s->nodes = pl_arena_grow(arena, s->nodes, s->count, &s->node_room, s->count + 1, sizeof *s->nodes);
    s->facts = pl_arena_grow(arena, s->facts, s->count, &s->fact_room, s->count + 1, sizeof *s->facts);
    fact.same = (pl_arg){s->count, 0, node.count > 1};
    s->nodes[s->count] = node;
    s->facts[s->count] = fact;
    return s->count++;
}

/* Elements of known numbers, written out again. */
static int copy_values(pl_plan *plan, int from, const int *elements, int count) {
    int at = pl_plan_values(plan, count);
    for (int i = 0; i < count; i++) plan->values[at + i] = plan->values[from + elements[i]];
    return at;
}

/* Elements of one constant, as a node. `of` is of the new graph. */
static pl_arg add_constant(slicing *s, int of, const int *elements, int count) {
    pl_fact fact = s->facts[of];
    fact.folded = copy_values(s->plan, fact.folded, elements, count);
    pl_node node = {.op = PL_OP_CONSTANT, .count = count, .variable = s->nodes[of].variable};
    return (pl_arg){add_node(s, node, fact), 0, count > 1};
}

/* Elements of several places of the new graph, needed for the parts given. */
static pl_arg add_gather(slicing *s, const pl_place_of *places, int count, uint8_t parts, int variable) {
    pl_arg *args = PL_ARRAY(s->plan->arena, count, pl_arg);
    pl_fact fact = s->facts[places[0].node];
    fact.constant = false;
    fact.needed = parts;
    for (int i = 0; i < count; i++) args[i] = (pl_arg){places[i].node, places[i].index, 0};
    pl_node node = {.op = PL_OP_GATHER, .count = count, .args = args, .arg_count = count, .variable = variable};
    return (pl_arg){add_node(s, node, fact), 0, count > 1};
}

/* The places as an operand: as they stand where they follow each other in one node. */
static pl_arg collect(slicing *s, const pl_place_of *places, int count, uint8_t parts, int variable) {
    bool one = true, follow = true;
    for (int i = 1; i < count; i++) {
        one = one && places[i].node == places[0].node;
        follow = follow && places[i].index == places[0].index + i;
    }
    if (one && follow) return (pl_arg){places[0].node, places[0].index, count > 1};
    if (!one || !s->facts[places[0].node].constant) return add_gather(s, places, count, parts, variable);
    int *elements = PL_ARRAY(s->plan->arena, count, int);
    for (int i = 0; i < count; i++) elements[i] = places[i].index;
    return add_constant(s, places[0].node, elements, count);
}

/* An operand of the old graph, of which `width` elements go with each of those listed. */
static pl_arg move_operand(slicing *s, pl_arg arg, const int *elements, int count, int width, uint8_t parts) {
    arg = pl_plan_resolve(s->plan, arg);
    pl_place_of first = find_element(s, arg.node, arg.first + (arg.stride ? elements[0] * width : 0));
    if (!arg.stride) return (pl_arg){first.node, first.index, 0};
    bool whole = !s->ranks[arg.node] && elements[count - 1] - elements[0] == count - 1;
    if (whole) return (pl_arg){first.node, first.index, count * width > 1};
    pl_place_of *places = PL_ARRAY(s->plan->arena, count * width, pl_place_of);
    for (int i = 0; i < count; i++)
        for (int k = 0; k < width; k++)
            places[i * width + k] = find_element(s, arg.node, arg.first + elements[i] * width + k);
    return collect(s, places, count * width, parts, s->plan->g->nodes[arg.node].variable);
}

/* An operand all of whose elements are kept. */
static pl_arg move_whole(const slicing *s, pl_arg arg) {
    arg = pl_plan_resolve(s->plan, arg);
    pl_place_of place = find_element(s, arg.node, arg.first);
    return (pl_arg){place.node, place.index, arg.stride};
}

static pl_draw move_draw(slicing *s, const pl_draw *draw, const int *elements, int count) {
    pl_draw kept = *draw;
    kept.hashes = PL_ARRAY(s->plan->arena, count, uint64_t);
    for (int i = 0; i < count; i++) kept.hashes[i] = draw->hashes[elements[i]];
    return kept;
}

/* What a node says of each element in the graph's pools, for those kept. */
static void move_detail(slicing *s, pl_node *node, const int *elements, int count) {
    pl_graph *g = s->plan->g;
    if (node->op == PL_OP_NOISE) g->draws[node->detail] = move_draw(s, &g->draws[node->detail], elements, count);
    if (node->op != PL_OP_LOOKUP && node->op != PL_OP_PICK && node->op != PL_OP_TABLE &&
        node->op != PL_OP_SERIES)
        return;
    int *ints = PL_ARRAY(s->plan->arena, count + 1, int), head = node->op == PL_OP_TABLE || node->op == PL_OP_SERIES; /* its mode */
    ints[0] = g->ints[node->detail];
    for (int i = 0; i < count; i++) ints[head + i] = g->ints[node->detail + head + elements[i]];
    node->detail = pl_graph_ints(g, ints, head + count);
}

static void move_gather(slicing *s, int old, const int *elements, int count) {
    const pl_node *node = &s->plan->g->nodes[old];
    pl_place_of *places = PL_ARRAY(s->plan->arena, count, pl_place_of);
    for (int i = 0; i < count; i++) {
        pl_arg arg = pl_plan_resolve(s->plan, node->args[elements[i]]);
        places[i] = find_element(s, arg.node, arg.first);
    }
    pl_arg found = collect(s, places, count, s->plan->facts[old].needed, node->variable);
    s->moved[old] = (moved){found.node, found.first};
}

static void move_operands(slicing *s, pl_node *node, const int *elements, int count, uint8_t parts) {
    const pl_arg *args = node->args;
    node->args = PL_ARRAY(s->plan->arena, node->arg_count, pl_arg);
    for (int k = 0; k < node->arg_count; k++) {
        bool whole = node->op == PL_OP_PICK ? k == 0 : !goes_by_element(node->op);
        int width = node->op == PL_OP_REDUCE ? node->run : 1;
        node->args[k] = whole ? move_whole(s, args[k]) : move_operand(s, args[k], elements, count, width, parts);
    }
}

static void move_node(slicing *s, int old, int *elements) {
    pl_plan *plan = s->plan;
    pl_node node = plan->g->nodes[old];
    pl_fact fact = plan->facts[old];
    int all = node.count, count = node.count = count_elements(s, old);
    list_elements(s, old, elements);
    if (fact.constant) {
        if (count < all) fact.folded = copy_values(plan, fact.folded, elements, count);
        node = (pl_node){.op = PL_OP_CONSTANT, .count = count, .variable = node.variable};
    } else if (node.op == PL_OP_GATHER) {
        move_gather(s, old, elements, count);
        return;
    } else {
        move_operands(s, &node, elements, count, node.op == PL_OP_SAVED ? PL_FOR_START : fact.needed);
        if (count < all) move_detail(s, &node, elements, count);
    }
    s->moved[old].node = add_node(s, node, fact);
}

static void move_state(slicing *s, pl_state *state, int *elements) {
    int count = list_elements(s, state->node, elements);
    if (pl_state_is_transit((int)state->kind)) { /* all elements are kept */
        state->next = move_whole(s, state->next);
        state->initial = move_whole(s, state->initial);
        state->node = s->moved[state->node].node;
        return;
    }
    state->next = move_operand(s, state->next, elements, count, 1, PL_FOR_RATES);
    state->initial = move_operand(s, state->initial, elements, count, 1, PL_FOR_START);
    if (state->kind == PL_STATE_DELAY) state->length = move_operand(s, state->length, elements, count, 1, PL_FOR_START);
    state->count = count;
    state->node = s->moved[state->node].node;
}

static void move_all(slicing *s) {
    pl_plan *plan = s->plan;
    pl_graph *g = plan->g;
    int most = 1;
    for (int i = 0; i < g->node_count; i++) most = g->nodes[i].count > most ? g->nodes[i].count : most;
    int *elements = PL_ARRAY(plan->arena, most, int);
    s->ranks = PL_ARRAY(plan->arena, g->node_count, int *);
    s->moved = PL_ARRAY(plan->arena, g->node_count, moved);
    for (int i = 0; i < g->node_count; i++)
        if (plan->facts[i].needed) move_node(s, i, elements);
    for (int i = 0; i < g->state_count; i++)
        if (plan->state_needed[i]) move_state(s, &g->states[i], elements);
    static const int first[1] = {0};
    for (int i = 0; i < plan->spec->measure_count; i++)
        plan->measure_args[i] = move_operand(s, plan->measure_args[i], first, 1, 1, PL_FOR_OUTPUTS);
    for (int i = 0; i < plan->p->output_count; i++)
        plan->output_args[i] = move_operand(s, plan->output_args[i], first, 1, 1, PL_FOR_OUTPUTS);
}

void pl_plan_slice(pl_plan *plan) {
    slicing s = {.plan = plan};
    find_needs(&s);
    move_all(&s);
    plan->g->nodes = s.nodes;
    plan->g->node_count = s.count;
    plan->facts = s.facts;
}
