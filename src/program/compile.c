/* Compiling: graph, plan, tapes, and the program that keeps nothing of the model.
 * All work happens in one arena; errors leave by longjmp to pl_program_compile. */
#include <math.h>
#include <string.h>

#include "program/plan.h"

/* ---- what the specification says ---- */

static void copy_numbers(pl_plan *plan, const pl_variable *v) {
    double *numbers = plan->numbers[v->index] = PL_ARRAY(plan->arena, v->size, double);
    for (int k = 0; k < v->equation_count; k++)
        for (int i = 0; i < v->equations[k]->cell_count; i++)
            if (v->equations[k]->cells[i] >= 0) numbers[v->equations[k]->cells[i]] = v->equations[k]->numbers[i];
}

static void read_inputs(pl_plan *plan) {
    const pl_model *model = plan->g->model;
    plan->varies = PL_ARRAY(plan->arena, model->variable_count, uint8_t);
    plan->numbers = PL_ARRAY(plan->arena, model->variable_count, double *);
    for (int i = 0; i < model->variable_count; i++)
        if (model->variables[i]->kind == PL_CONSTANT) copy_numbers(plan, model->variables[i]);
    for (int i = 0; i < plan->spec->input_count; i++) {
        const pl_input *input = &plan->spec->inputs[i];
        const pl_variable *v = input->variable;
        if (v->kind != PL_CONSTANT)
            pl_graph_fail(plan->g, PL_INVALID, v->at, "%s is not a constant of the model: it cannot be set", v->name);
        if (v->settled)
            pl_graph_fail(plan->g, PL_INVALID, v->at, "%s decides the order of a DELAY N or SMOOTH N: it can neither vary nor be set",
                          v->name);
        if (v == model->final_time && plan->spec->final_time == plan->spec->final_time)
            pl_graph_fail(plan->g, PL_INVALID, v->at, "FINAL TIME is already set by the end of the run: it cannot vary");
        double value = plan->spec->values ? plan->spec->values[i] : (double)NAN;
        for (int e = 0; e < v->size; e++)
            if (value == value && (input->element < 0 || input->element == e)) plan->numbers[v->index][e] = value;
        uint8_t varies = value == value ? 0 : input->input_class == PL_INPUT_UNCERTAINTY ? 2 : 1;
        if (varies > plan->varies[v->index]) plan->varies[v->index] = varies;
    }
}

static pl_arg element_arg(pl_plan *plan, const pl_variable *v, int element) {
    pl_place_of *places = plan->g->places[PL_STEP_CONTEXT][v->index];
    if (!places || places[element].node < 0) {
        char name[256];
        pl_variable_element_name(v, element, name, sizeof name);
        pl_graph_fail(plan->g, PL_INVALID, v->at, "%s has no value of its own", name);
    }
    return (pl_arg){places[element].node, places[element].index, 0};
}

static void read_wishes(pl_plan *plan) {
    const pl_program_spec *spec = plan->spec;
    plan->measure_args = PL_ARRAY(plan->arena, spec->measure_count, pl_arg);
    for (int i = 0; i < spec->measure_count; i++) {
        const pl_measure_spec *m = &spec->measures[i];
        plan->measure_args[i] = element_arg(plan, m->variable, m->element < 0 ? 0 : m->element);
    }
    int count = 0;
    for (int i = 0; i < spec->output_count; i++)
        count += spec->outputs[i].element < 0 ? spec->outputs[i].variable->size : 1;
    plan->output_args = PL_ARRAY(plan->arena, count, pl_arg);
    plan->p->output_count = 0;
    for (int i = 0; i < spec->output_count; i++) {
        const pl_output *o = &spec->outputs[i];
        for (int e = o->element < 0 ? 0 : o->element; e < o->variable->size && (o->element < 0 || e == o->element); e++)
            plan->output_args[plan->p->output_count++] = element_arg(plan, o->variable, e);
    }
}

/* Lookup tables as the kernels take them: xs, ys, slopes. */
static void copy_tables(pl_plan *plan) {
    const pl_graph *g = plan->g;
    pl_program *p = plan->p;
    for (int i = 0; i < g->table_count; i++) p->number_count += 3 * g->tables[i]->count;
    p->table_count = g->table_count;
    p->numbers = PL_ARRAY(plan->arena, p->number_count, double);
    p->table_at = PL_ARRAY(plan->arena, p->table_count, int32_t);
    p->table_size = PL_ARRAY(plan->arena, p->table_count, int32_t);
    double *out = p->numbers;
    for (int i = 0; i < g->table_count; i++) {
        const pl_table *t = g->tables[i];
        p->table_at[i] = (int32_t)(out - p->numbers);
        p->table_size[i] = t->count;
        memcpy(out, t->x, (size_t)t->count * sizeof *out);
        memcpy(out + t->count, t->y, (size_t)t->count * sizeof *out);
        for (int k = 0; k + 1 < t->count; k++) out[2 * t->count + k] = (t->y[k + 1] - t->y[k]) / (t->x[k + 1] - t->x[k]);
        out += 3 * t->count;
    }
}

static void compile(pl_plan *plan) {
    pl_graph_build(plan->g);
    read_inputs(plan);
    copy_tables(plan);
    pl_plan_fold(plan);
    pl_plan_delays(plan);
    pl_plan_times(plan);
    pl_plan_belts(plan);
    read_wishes(plan);
    pl_plan_slice(plan);
    pl_plan_class(plan);
    pl_plan_emit(plan);
}

/* Copies what a plan made out of its arena. */
static pl_program *seal(const pl_program *made) {
    pl_program *p = pl_allocate(sizeof *p);
    if (!p) return NULL;
    *p = *made;
    if (!pl_program_allocate(p)) {
        pl_release(p);
        return NULL;
    }
#define X(type, member, count) \
    if (p->count) memcpy(p->member, made->member, (size_t)(p->count) * sizeof(type));
    PL_PROGRAM_ARRAYS(X)
#undef X
    return p;
}

static void run_out(void *context) { longjmp(*(jmp_buf *)context, PL_MEMORY); }

pl_status pl_program_compile(const pl_model *model, const pl_program_spec *spec, pl_program **program,
                             pl_error *error) {
    pl_error unused;
    jmp_buf escape;
    pl_arena arena = {.out_of_memory = run_out, .context = &escape}, scouted = {0};
    *program = NULL;
    pl_status status = (pl_status)setjmp(escape);
    if (status == PL_OK) {
        pl_program made = {0};
        pl_graph graph = {.arena = &arena, .model = model, .final_time = spec->final_time, .spec = spec, .error = error ? error : &unused, .escape = &escape};
        pl_plan plan = {.g = &graph, .spec = spec, .p = &made, .arena = &arena, .scouted = &scouted};
        compile(&plan);
        *program = seal(&made);
        status = *program ? PL_OK : PL_MEMORY;
    }
    pl_arena_free(&arena);
    pl_arena_free(&scouted);
    if (status == PL_MEMORY) pl_error_set(error, PL_MEMORY, model->file, 0, 0, "out of memory");
    return status;
}
