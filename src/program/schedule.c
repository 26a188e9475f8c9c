/* When a program's steps are and which of them are saved.
 *
 * Where INITIAL TIME, TIME STEP, FINAL TIME and SAVEPER are known before the run, this is arithmetic.  Else a scout
 * goes ahead: a program of the last three alone, which nothing that varies may reach, is run once; what it meets becomes
 * the schedule of the program itself, whose cases then all have the same steps.  The time of a step is never
 * accumulated: it is that of the last change of TIME STEP plus whole steps. */
#include <math.h>
#include <string.h>

#include "program/plan.h"

enum { MOST_SCOUTED = 1000000 };
static const double nearly = 1e-6; /* of a step: what rounding may take from a time */

/* ---- what the settings depend on -------------------------------------------------------------------------------- */

/* What keeps a node from being the same in all cases: a constant that varies in *variable, or (true, NULL) a draw. */
static bool find_cause(pl_plan *plan, int node, const pl_variable **variable) {
    bool *seen = PL_ARRAY(plan->arena, plan->g->node_count, bool);
    int *stack = PL_ARRAY(plan->arena, plan->g->node_count, int), depth = 0;
    seen[node] = true, stack[depth++] = node;
    *variable = NULL;
    while (depth) {
        const pl_node *n = &plan->g->nodes[stack[--depth]];
        if (n->op == PL_OP_NOISE) return true;
        if (n->op == PL_OP_INPUT && plan->varies[n->detail]) {
            *variable = plan->g->model->variables[n->detail];
            return true;
        }
        const pl_state *state = n->op == PL_OP_STATE ? &plan->g->states[n->detail] : NULL;
        for (int i = 0; i < (state ? 2 : n->arg_count); i++) {
            int to = pl_plan_resolve(plan, state ? (i ? state->initial : state->next) : n->args[i]).node;
            if (!seen[to]) seen[to] = true, stack[depth++] = to;
        }
    }
    return false;
}

static pl_arg place_of(pl_plan *plan, enum pl_context context, const pl_variable *v) {
    pl_place_of *place = plan->g->places[context][v->index];
    if (!place || place->node < 0) pl_graph_fail(plan->g, PL_INVALID, v->at, "%s has no equation", v->name);
    return pl_plan_resolve(plan, (pl_arg){place->node, place->index, 0});
}

/* Whether a setting is known before the run, and its value then. One that is not may not differ between cases. */
static bool is_known(pl_plan *plan, enum pl_context context, const pl_variable *v, double *value) {
    pl_arg arg = place_of(plan, context, v);
    const pl_variable *cause;
    if (plan->facts[arg.node].constant) {
        *value = plan->values[plan->facts[arg.node].folded + arg.first];
        return true;
    }
    if (!find_cause(plan, arg.node, &cause)) return false;
    if (!cause)
        pl_graph_fail(plan->g, PL_UNSUPPORTED, v->at, "%s depends on a random draw: it must be the same in all cases",
                      v->name);
    pl_graph_fail(plan->g, PL_INVALID, v->at,
                  "%s depends on %s, which may not vary then: neither a lever nor an uncertainty", v->name,
                  cause->name);
    return false;
}

static double known_at_start(pl_plan *plan, const pl_variable *v) {
    double value = 0.0;
    if (!is_known(plan, PL_START_CONTEXT, v, &value))
        pl_graph_fail(plan->g, PL_UNSUPPORTED, v->at, "%s is not known before the run", v->name);
    return value;
}

static void check_step(pl_plan *plan, double dt) {
    if (!(dt > 0.0) || !(dt < 1e300))
        pl_graph_fail(plan->g, PL_INVALID, plan->g->model->time_step->at, "TIME STEP is %g: it must be above 0", dt);
}

/* ---- the scout -------------------------------------------------------------------------------------------------- */

typedef struct scout {
    pl_program *program;
    pl_arena *arena;     /* of clock and saved; gives NULL where memory runs out */
    bool changes;        /* TIME STEP does */
    double *clock;       /* [steps + 1] */
    int32_t *saved;      /* [saved_count] */
    int room, saved_room, saved_count, steps;
    bool ended;
    pl_status status;
    double base, dt;     /* the time at which TIME STEP last changed, and to what */
    int base_step;
    double save_base, saveper, next_save; /* the same of SAVEPER; when to save next */
    double every;        /* in place of SAVEPER; 0: its own */
    int save_count;
} scout;

/* The step is saved where the next time of saving has come. */
static void mark_saved(scout *s, int step, double time, double saveper) {
    if (step > 0 && time < s->next_save - nearly * s->dt) return;
    if (saveper != s->saveper) s->save_base = time, s->saveper = saveper, s->save_count = 0;
    s->next_save = s->save_base + ++s->save_count * saveper;
    if (!(s->next_save > time)) s->next_save = s->save_base = time, s->save_count = 0; /* every step */
    s->saved = pl_arena_grow(s->arena, s->saved, s->saved_count, &s->saved_room, s->saved_count + 1, sizeof *s->saved);
    if (s->saved) s->saved[s->saved_count++] = step;
    else s->status = PL_MEMORY;
}

/* After the values of a step: TIME STEP, FINAL TIME, SAVEPER. */
static void note_step(void *context, int step, double time, const double *row) {
    scout *s = context;
    if (s->ended) return;
    s->steps = step;
    if (row[0] != s->dt) s->base = time, s->base_step = step, s->dt = row[0];
    if (!(s->dt > 0.0) || !(s->dt < 1e300)) s->status = PL_INVALID;
    if (s->status == PL_OK) mark_saved(s, step, time, s->every > 0.0 ? s->every : row[2]);
    double next = s->base + (step + 1 - s->base_step) * s->dt;
    s->ended = s->status != PL_OK || !(next - s->dt / 2.0 <= row[1]) || step == MOST_SCOUTED;
    if (s->ended || !s->changes) return;
    s->clock = pl_arena_grow(s->arena, s->clock, step + 1, &s->room, step + 2, sizeof *s->clock);
    s->program->clock = s->clock;
    if (s->clock) s->clock[step + 1] = next;
    else s->status = PL_MEMORY, s->ended = true;
}

static void walk_ahead(scout *s, double initial_time) {
    pl_track *track = NULL;
    pl_block *block = NULL;
    uint64_t future = 0;
    pl_program *p = s->program;
    s->clock = pl_arena_grow(s->arena, NULL, 0, &s->room, 1, sizeof *s->clock);
    if (s->clock) s->clock[0] = initial_time;
    if (s->changes) p->clock = s->clock, p->clock_count = 1;
    s->status = s->clock ? pl_track_new(p, NULL, 0, &track) : PL_MEMORY;
    p->steps = MOST_SCOUTED + 1;
    if (s->status == PL_OK) s->status = pl_block_new(p, 1, &block);
    if (s->status == PL_OK) {
        pl_block_start(block, track, NULL, 0, &future, 0, 1);
        for (int step = 1; !s->ended; step++) pl_block_run(block, track, step, note_step, s);
    }
    pl_block_free(block);
    pl_track_free(track);
}

/* The specification of the scout: the settings over time, what does not vary at its value. */
static pl_status make_scout(pl_plan *plan, pl_program **program) {
    const pl_model *model = plan->g->model;
    const pl_program_spec *spec = plan->spec;
    pl_input *inputs = PL_ARRAY(plan->arena, spec->input_count + 1, pl_input);
    double *values = PL_ARRAY(plan->arena, spec->input_count + 1, double);
    pl_output outputs[3] = {{model->time_step, 0}, {model->final_time, 0}, {model->saveper, 0}};
    pl_program_spec own = {.inputs = inputs, .values = values, .outputs = outputs, .output_count = 3,
                           .final_time = spec->final_time, .act_from = NAN, .one_case = true, .scout = true};
    for (int i = 0; i < spec->input_count && spec->values; i++) {
        if (spec->values[i] != spec->values[i]) continue;
        inputs[own.input_count] = spec->inputs[i];
        values[own.input_count++] = spec->values[i];
    }
    return pl_program_compile(model, &own, program, plan->g->error);
}

static void fail_scouting(pl_plan *plan, const scout *s) {
    if (s->status == PL_MEMORY) longjmp(*plan->g->escape, PL_MEMORY);
    check_step(plan, s->dt);
    pl_graph_fail(plan->g, PL_UNSUPPORTED, plan->g->model->final_time->at, "FINAL TIME is not reached within %d steps",
                  MOST_SCOUTED);
}

static void scout_ahead(pl_plan *plan, bool changes) {
    pl_program *p = plan->p;
    scout s = {.arena = plan->scouted, .changes = changes, .base = p->initial_time, .dt = p->time_step,
               .save_base = p->initial_time, .every = plan->spec->save_every};
    pl_status status = make_scout(plan, &s.program);
    if (status != PL_OK) longjmp(*plan->g->escape, status);
    walk_ahead(&s, p->initial_time);
    pl_program_free(s.program);
    if (s.status != PL_OK || s.steps == MOST_SCOUTED) fail_scouting(plan, &s);
    p->steps = s.steps;
    p->saved = s.saved, p->saved_count = s.saved_count;
    if (changes) p->clock = s.clock, p->clock_count = s.steps + 1;
}

/* ---- the program's own ------------------------------------------------------------------------------------------ */

/* What counts steps before the run needs one length of them. */
static void check_changing_step(pl_plan *plan) {
    const pl_graph *g = plan->g;
    const pl_variable *step = g->model->time_step;
    if (plan->spec->act_from == plan->spec->act_from || plan->spec->measure_count > 0)
        pl_graph_fail(plan->g, PL_UNSUPPORTED, step->at,
                      "TIME STEP changes during the run: not supported in a situation");
    if (g->model->method != PL_EULER)
        pl_graph_fail(plan->g, PL_UNSUPPORTED, step->at,
                      "TIME STEP changes during the run: not supported with Runge-Kutta");
    for (int i = 0; i < g->state_count; i++)
        if (g->states[i].kind == PL_STATE_DELAY || pl_state_is_transit((int)g->states[i].kind))
            pl_graph_fail(plan->g, PL_UNSUPPORTED, step->at,
                          "TIME STEP changes during the run: not supported with the delay in %s",
                          g->states[i].variable->name);
}

static int step_of(double time, double initial, double dt) { return (int)floor((time - initial) / dt + 0.5); }

/* A SAVEPER that is nearly a whole number of steps is one. */
static double saved_steps(double saveper, double dt) {
    double steps = saveper > dt && saveper < 1e300 ? saveper / dt : 1.0, whole = floor(steps + 0.5);
    return fabs(steps - whole) <= nearly * whole ? whole : steps;
}

static void set_steps(pl_plan *plan, double final, double dt) {
    pl_program *p = plan->p;
    if (!(final >= p->initial_time) || !((final - p->initial_time) / dt < 1e9))
        pl_graph_fail(plan->g, PL_INVALID, plan->g->model->final_time->at,
                      "FINAL TIME %g is before INITIAL TIME %g, or more than 1e9 steps after it", final,
                      p->initial_time);
    p->steps = step_of(final, p->initial_time, dt);
}

void pl_plan_times(pl_plan *plan) {
    const pl_model *model = plan->g->model;
    pl_program *p = plan->p;
    double dt, final, save, act = plan->spec->act_from;
    p->method = model->method;
    p->initial_time = known_at_start(plan, model->initial_time);
    p->time_step = known_at_start(plan, model->time_step);
    p->save_steps = 1.0;
    check_step(plan, p->time_step);
    if (plan->spec->scout) return;
    bool steady = is_known(plan, PL_STEP_CONTEXT, model->time_step, &dt);
    bool ends = is_known(plan, PL_STEP_CONTEXT, model->final_time, &final);
    bool saves = is_known(plan, PL_STEP_CONTEXT, model->saveper, &save);
    if (plan->spec->save_every > 0.0) saves = true, save = plan->spec->save_every;
    if (!steady) check_changing_step(plan);
    if (steady && ends) set_steps(plan, final, dt);
    if (steady && ends && saves) p->save_steps = saved_steps(save, dt);
    else scout_ahead(plan, !steady);
    p->act_step = act == act ? step_of(act, p->initial_time, p->time_step) : 0;
    if (p->act_step < 0) p->act_step = 0;
    if (p->act_step > p->steps) p->act_step = p->steps;
}
