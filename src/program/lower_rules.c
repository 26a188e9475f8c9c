/* Rules and overrides of levers: what a course's `when` and a value that is drawn become.
 *
 * A rule is a latch, a value held from step to step: next = armed and (latch or (due and the condition holds)).  So it is
 * judged with the values of a step and acts from the next one, as if the model had a stock for it.  An override is a
 * select in the place of the lever's own value, which all equations then see. */
#include <math.h>

#include "program/lowering.h"

typedef struct pl_latch {
    int state;   /* index of the latch */
    int counter; /* index of the number of the next time at which it is judged; -1: at every step */
} pl_latch;

static const pl_variable *input_variable(const pl_graph *g, int input) { return g->spec->inputs[input].variable; }

/* A single number that the specification gives. */
static pl_value input_value(pl_graph *g, int input) {
    const pl_variable *v = input_variable(g, input);
    return (pl_value){pl_graph_node(g, PL_OP_INPUT, v->size, NULL, 0, v->index), 1};
}

static int add_state(pl_graph *g, const pl_equation *equation) {
    pl_arg zero = pl_graph_number(g, 0.0);
    pl_state *state = pl_state_add(g, PL_STATE_HELD, 1, equation);
    state->initial = zero;
    return (int)(state - g->states);
}

/* The rule's own input lends the states its name. */
static const pl_equation *equation_of(const pl_graph *g, const pl_rule *rule) {
    return input_variable(g, rule->armed)->equations[0];
}

void pl_lower_latches(pl_graph *g) {
    const pl_program_spec *spec = g->spec;
    g->latches = PL_ARRAY(g->arena, spec->rule_count, pl_latch);
    for (int i = 0; i < spec->rule_count; i++) {
        const pl_rule *rule = &spec->rules[i];
        g->current = input_variable(g, rule->armed)->index;
        g->latches[i].state = add_state(g, equation_of(g, rule));
        g->latches[i].counter = rule->every > 0.0 ? add_state(g, equation_of(g, rule)) : -1;
    }
}

/* ---- overrides ---------------------------------------------------------------------------------------------- */

static pl_value is_in_force(pl_lowering *l, const pl_override *o) {
    pl_value armed = input_value(l->g, o->armed);
    if (o->rule < 0) return armed;
    return pl_value_pair(l, PL_FN_AND, armed, pl_state_value(&l->g->states[l->g->latches[o->rule].state]));
}

static void override_run(pl_lowering *l, const pl_override *o, pl_place_of *places, int count) {
    pl_value own = {.count = count};
    own.arg = pl_graph_collect(l->g, places, &own.count);
    pl_value value = o->value < 0 ? pl_value_number(l, o->number) : input_value(l->g, o->value);
    pl_value chosen = pl_value_choose(l, is_in_force(l, o), value, own);
    for (int i = 0; i < count; i++)
        places[i] = (pl_place_of){chosen.arg.node, chosen.arg.first + (chosen.count > 1 ? i * chosen.arg.stride : 0)};
}

/* Runs of elements that have an equation, at once; or one element. */
static void override_places(pl_lowering *l, const pl_override *o, const pl_variable *lever, pl_place_of *places) {
    int element = l->g->spec->inputs[o->lever].element, end = element < 0 ? lever->size : element + 1;
    for (int i = element < 0 ? 0 : element; i < end; i++) {
        int count = 0;
        while (i + count < end && places[i + count].node >= 0) count++;
        if (count) override_run(l, o, places + i, count);
        i += count;
    }
}

/* Most constants have none, and there may be many of both. */
static bool has_override(pl_graph *g, const pl_variable *lever) {
    if (!g->overridden) {
        g->overridden = PL_ARRAY(g->arena, g->model->variable_count, bool);
        for (int i = 0; i < g->spec->override_count; i++)
            g->overridden[input_variable(g, g->spec->overrides[i].lever)->index] = true;
    }
    return g->overridden[lever->index];
}

void pl_lower_overrides(pl_graph *g, enum pl_context context, const pl_variable *lever, pl_place_of *places) {
    pl_space space = {0};
    pl_lowering l = {g, context, lever->equations[0], &space, NULL};
    if (!has_override(g, lever)) return;
    for (int i = 0; i < g->spec->override_count; i++) {
        const pl_override *o = &g->spec->overrides[i];
        if (input_variable(g, o->lever) != lever) continue;
        if (o->rule < 0 || context == PL_STEP_CONTEXT) override_places(&l, o, lever, places);
    }
}

/* ---- rules -------------------------------------------------------------------------------------------------- */

/* Whether the time of judging has come: time >= from + count x every - dt/2, as a schedule's would be. *next: the count
 * afterwards, past all times that this step has reached. */
static pl_value judge_time(pl_lowering *l, const pl_rule *rule, pl_value armed, pl_value count, pl_value *next) {
    const pl_model *model = l->g->model;
    double act = l->g->spec->act_from;
    pl_value time = pl_lower_time(l, PL_STEP_CLOCK, model->time_step->at);
    pl_value half = pl_value_pair(l, PL_FN_DIVIDE, pl_lower_control(l, model->time_step, model->time_step->at),
                                  pl_value_number(l, 2.0));
    pl_value from = isnan(act) ? pl_lower_control(l, model->initial_time, model->initial_time->at) : pl_value_number(l, act);
    pl_value every = pl_value_number(l, rule->every), one = pl_value_number(l, 1.0);
    pl_value target = pl_value_pair(l, PL_FN_ADD, from, pl_value_pair(l, PL_FN_MULTIPLY, count, every));
    pl_value come = pl_value_pair(l, PL_FN_GREATER_EQUAL, time, pl_value_pair(l, PL_FN_SUBTRACT, target, half));
    pl_value due = pl_value_pair(l, PL_FN_AND, armed, come);
    pl_value since = pl_value_pair(l, PL_FN_SUBTRACT, pl_value_pair(l, PL_FN_ADD, time, half), from);
    pl_value passed = pl_value_pair(l, PL_FN_DIVIDE, since, every);
    passed = pl_value_pair(l, PL_FN_MAX, count, pl_value_apply(l, PL_FN_INTEGER, &passed, 1, 0));
    *next = pl_value_choose(l, due, pl_value_pair(l, PL_FN_ADD, passed, one), count);
    return due;
}

static void lower_rule(pl_lowering *l, const pl_rule *rule, pl_latch latch) {
    pl_graph *g = l->g;
    pl_value armed = input_value(g, rule->armed), due = armed;
    pl_value condition = pl_lower(l, rule->condition);
    condition = pl_value_apply(l, PL_FN_ABS, &condition, 1, 0); /* a NaN is not above 0 */
    pl_value holds = pl_value_pair(l, PL_FN_GREATER, condition, pl_value_number(l, 0.0));
    if (latch.counter >= 0) {
        pl_value next;
        due = judge_time(l, rule, armed, pl_state_value(&g->states[latch.counter]), &next);
        g->states[latch.counter].next = next.arg;
    }
    pl_value met = pl_value_pair(l, PL_FN_AND, due, holds);
    pl_value either = pl_value_pair(l, PL_FN_OR, pl_state_value(&g->states[latch.state]), met);
    g->states[latch.state].next = pl_value_pair(l, PL_FN_AND, armed, either).arg;
}

void pl_lower_rules(pl_graph *g) {
    for (int i = 0; i < g->spec->rule_count; i++) {
        const pl_rule *rule = &g->spec->rules[i];
        pl_space space = {0};
        pl_lowering l = {g, PL_STEP_CONTEXT, equation_of(g, rule), &space, NULL};
        g->current = input_variable(g, rule->armed)->index;
        lower_rule(&l, rule, g->latches[i]);
    }
}
