/* Sums of products, such as SUM(conflict[group, rival!] * members[rival!]): the SUM, the product under it and the elements
 * that were collected for it become one instruction, DOT, which reads both factors where they are.  Otherwise a matrix
 * times a vector would be written to memory twice for every lane before it is added up.
 *
 * What it computes is the same, in the same order: each product rounded, then added to the sum so far. */
#include "program/plan.h"

/* Whether nothing but its one user, of the same tape, takes a value as a whole. */
static bool is_only_taken_here(const pl_plan *plan, pl_arg arg, int count, pl_phase phase) {
    const pl_fact *fact = &plan->facts[arg.node];
    return !arg.first && arg.stride && plan->g->nodes[arg.node].count == count && fact->users == 1 && !fact->root &&
           !fact->absorbed && pl_plan_belongs(plan, arg.node, PL_LANE, phase);
}

/* Where each element of a factor is: factors[2 * element]. */
static void list_factor(pl_plan *plan, pl_arg arg, int count, pl_phase phase, pl_arg *factors) {
    const pl_node *node = &plan->g->nodes[arg.node];
    bool gathered = node->op == PL_OP_GATHER && is_only_taken_here(plan, arg, count, phase);
    if (gathered) plan->facts[arg.node].absorbed = true;
    for (int i = 0; i < count; i++) {
        pl_arg at = gathered ? pl_plan_resolve(plan, node->args[i]) : (pl_arg){arg.node, arg.first + i * arg.stride, 0};
        factors[2 * i] = (pl_arg){at.node, at.first, 0};
    }
}

pl_arg *pl_plan_products(pl_plan *plan, int index, pl_phase phase) {
    const pl_node *sum = &plan->g->nodes[index];
    if (sum->op != PL_OP_REDUCE || sum->detail != PL_FN_SUM) return NULL;
    int count = sum->count * sum->run;
    pl_arg arg = pl_plan_resolve(plan, sum->args[0]);
    if (plan->g->nodes[arg.node].op != PL_FN_MULTIPLY || !is_only_taken_here(plan, arg, count, phase)) return NULL;
    const pl_node *product = &plan->g->nodes[arg.node];
    pl_arg *factors = PL_ARRAY(plan->arena, 2 * (size_t)count, pl_arg);
    plan->facts[arg.node].absorbed = true;
    for (int k = 0; k < 2; k++) list_factor(plan, pl_plan_resolve(plan, product->args[k]), count, phase, factors + k);
    return factors;
}

void pl_plan_dot(pl_plan *plan, int index, const pl_arg *factors, pl_place_fn *place, pl_instruction *in) {
    const pl_node *sum = &plan->g->nodes[index];
    int count = 2 * sum->count * sum->run, detail = pl_plan_ints(plan, count + 1);
    *in = (pl_instruction){.code = PL_CODE_DOT, .count = sum->count, .detail = detail, .variable = sum->variable};
    plan->p->ints[detail] = sum->run;
    for (int i = 0; i < count; i++) { /* placing may add integers: address them anew each time */
        pl_register at = place(plan, PL_LANE, factors[i]);
        plan->p->ints[detail + 1 + i] = (int32_t)at;
    }
}
