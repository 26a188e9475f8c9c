/* What a setting reaches through the model: time settings must be the same for all runs, and initial values are made
 * before a course acts.  A walk over the resolved model, each variable once. */
#include <math.h>
#include <stdio.h>

#include "ensemble/reading.h"

typedef struct walk {
    const pl_model *model;
    bool *reached; /* [variable] the variables that the roots need */
    pl_variable **stack;
    int depth;
} walk;

static void push(walk *w, pl_variable *variable) {
    if (w->reached[variable->index]) return;
    w->reached[variable->index] = true;
    w->stack[w->depth++] = variable;
}

/* The height of expressions is bounded by the reader. */
static void push_names(walk *w, const pl_expr *expr) {
    if (!expr) return;
    if (expr->kind == PL_EXPR_REFERENCE) push(w, expr->variable);
    for (int i = 0; i < expr->arg_count; i++) push_names(w, expr->args[i]);
}

/* At the start a stock is its initial value, anything else its equation. */
static void push_needs(walk *w, const pl_variable *variable) {
    for (int i = 0; i < variable->equation_count; i++)
        push_names(w, variable->equations[i]->initial ? variable->equations[i]->initial : variable->equations[i]->expr);
}

static void finish(walk *w) {
    while (w->depth) push_needs(w, w->stack[--w->depth]);
}

static walk new_walk(pl_reading *r) {
    const pl_model *model = r->s->model;
    return (walk){.model = model,
                  .reached = PL_ARRAY(&r->s->arena, model->variable_count + 1, bool),
                  .stack = PL_ARRAY(&r->s->arena, model->variable_count + 1, pl_variable *)};
}

/* Only the modeller's own stocks: that a delay begins with the value of its input is as it should be. */
static bool *reach_initial_values(pl_reading *r) {
    walk w = new_walk(r);
    for (int i = 0; i < w.model->variable_count; i++) {
        const pl_variable *v = w.model->variables[i];
        if (v->kind == PL_STOCK && !v->hidden) push_needs(&w, v);
    }
    finish(&w);
    return w.reached;
}

/* Reports a setting whose constant one of the named time settings needs. */
static void check_time_setting(pl_reading *r, pl_variable *root, const char *name, bool levers_only) {
    walk w = new_walk(r);
    push(&w, root);
    finish(&w);
    for (int a = 0; a < r->s->actor_count; a++)
        for (int c = 0; c < r->s->actors[a].course_count; c++)
            for (int i = 0; pl_course_setting(&r->s->actors[a].courses[c], i); i++) {
                const pl_setting *setting = pl_course_setting(&r->s->actors[a].courses[c], i);
                if (!w.reached[r->s->inputs[setting->input].variable->index]) continue;
                pl_yaml at = {.line = setting->at.line, .column = setting->at.column};
                pl_reading_error(r, &at, "'%.80s' cannot be set by a course: %s depends on it", setting->lever, name);
            }
    for (int i = 0; i < r->s->uncertainty_count && !levers_only; i++) {
        const pl_uncertainty *u = &r->s->uncertainties[i];
        if (!w.reached[r->s->inputs[u->input].variable->index]) continue;
        pl_yaml at = {.line = u->at.line, .column = u->at.column};
        pl_reading_error(r, &at, "'%.80s' cannot be uncertain: %s depends on it", u->name, name);
    }
}

static void warn_initial_values(pl_reading *r) {
    const bool *reached = reach_initial_values(r);
    for (int a = 0; a < r->s->actor_count; a++)
        for (int c = 0; c < r->s->actors[a].course_count; c++)
            for (int i = 0; pl_course_setting(&r->s->actors[a].courses[c], i); i++) {
                const pl_setting *setting = pl_course_setting(&r->s->actors[a].courses[c], i);
                if (!reached[r->s->inputs[setting->input].variable->index]) continue;
                pl_yaml at = {.line = setting->at.line, .column = setting->at.column};
                pl_reading_warn(r, &at, "an initial value depends on '%.80s', and is made before the course acts",
                                setting->lever);
            }
}

void pl_reading_reach(pl_reading *r) {
    const pl_model *model = r->s->model;
    check_time_setting(r, model->time_step, "TIME STEP", false);
    check_time_setting(r, model->saveper, "SAVEPER", false);
    check_time_setting(r, model->initial_time, "INITIAL TIME", false);
    check_time_setting(r, model->final_time, "FINAL TIME", true);
    if (r->s->run_from > r->initial) warn_initial_values(r);
}
