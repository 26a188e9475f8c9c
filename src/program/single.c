/* One run of a model with all its variables: `parley run`.  The same program, tapes and kernels as an ensemble, one
 * lane wide. */
#include "program/single.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/model.h"
#include "program/program.h"

struct pl_series {
    pl_arena arena;
    int rows, columns, room;
    const char **names;
    pl_timing *timing; /* NULL: none */
    double *times, *values; /* values[row * columns + column] while running, then by column */
};

void pl_series_free(pl_series *s) {
    if (!s) return;
    pl_arena_free(&s->arena);
    pl_release(s->values);
    pl_release(s->times);
    pl_timing_free(s->timing);
    pl_release(s);
}

void pl_series_take_timing(pl_series *s, pl_timing *timing) {
    pl_timing_free(s->timing);
    s->timing = timing;
}

const pl_timing *pl_series_timing(const pl_series *s) { return s->timing; }

int pl_series_rows(const pl_series *s) { return s->rows; }
int pl_series_columns(const pl_series *s) { return s->columns; }
const char *pl_series_name(const pl_series *s, int column) { return s->names[column]; }
const double *pl_series_times(const pl_series *s) { return s->times; }
const double *pl_series_values(const pl_series *s, int column) {
    return s->values + (size_t)column * (size_t)s->room;
}

/* The first row in which the column is not finite, or the number of rows. */
static int first_not_finite(const pl_series *s, int column) {
    const double *values = pl_series_values(s, column);
    int row = 0;
    while (row < s->rows && isfinite(values[row])) row++;
    return row;
}

int pl_series_not_finite(const pl_series *s, int *column, int *row) {
    int count = 0;
    *column = -1;
    *row = s->rows;
    for (int i = 0; i < s->columns; i++) {
        int first = first_not_finite(s, i);
        count += first < s->rows;
        if (first >= *row) continue;
        *row = first;
        *column = i;
    }
    return count;
}

static void save_row(void *context, int step, double time, const double *row) {
    pl_series *s = context;
    (void)step;
    if (s->rows >= s->room) return;
    s->times[s->rows] = time;
    for (int i = 0; i < s->columns; i++) s->values[(size_t)i * (size_t)s->room + (size_t)s->rows] = row[i];
    s->rows++;
}

/* Every variable that a user knows: not the reader's own, not lookups. */
static bool is_shown(const pl_variable *v) { return !v->hidden && v->kind != PL_LOOKUP; }

typedef struct wishes {
    pl_output *outputs;
    int count;
} wishes;

static bool list_outputs(const pl_model *model, pl_series *s, wishes *w) {
    int room = 0;
    for (int i = 0; i < model->variable_count; i++)
        if (is_shown(model->variables[i])) room += model->variables[i]->size;
    w->outputs = pl_arena_array(&s->arena, (size_t)room + 1, sizeof *w->outputs);
    s->names = pl_arena_array(&s->arena, (size_t)room + 1, sizeof *s->names);
    if (!w->outputs || !s->names) return false;
    for (int i = 0; i < model->variable_count; i++) {
        pl_variable *v = model->variables[i];
        for (int e = 0; is_shown(v) && e < v->size; e++) {
            if (v->size > 1 && !pl_variable_has_element(v, e)) continue;
            int length = pl_variable_element_name(v, e, NULL, 0);
            char *name = pl_arena_array(&s->arena, (size_t)length + 1, 1);
            if (!name) return false;
            pl_variable_element_name(v, e, name, (size_t)length + 1);
            s->names[w->count] = name;
            w->outputs[w->count++] = (pl_output){v, e};
        }
    }
    s->columns = w->count;
    return true;
}

pl_status pl_single_bind(const pl_model *model, const pl_set *sets, int count, pl_input *inputs, double *values,
                         pl_error *error) {
    for (int i = 0; i < count; i++) {
        pl_status status = pl_model_find_element(model, sets[i].name, &inputs[i].variable, &inputs[i].element, error);
        if (status != PL_OK) return status;
        if (inputs[i].variable->kind != PL_CONSTANT)
            return pl_error_set(error, PL_INVALID, model->file, inputs[i].variable->at.line,
                                inputs[i].variable->at.column, "%s is not a constant of the model: it cannot be set",
                                inputs[i].variable->name);
        inputs[i].input_class = PL_INPUT_LEVER;
        values[i] = sets[i].value;
    }
    return PL_OK;
}

static pl_status simulate(const pl_program *p, const pl_single *single, pl_series *s, const char *file,
                          pl_error *error) {
    pl_track *track = NULL;
    pl_block *block = NULL;
    uint64_t future = 0;
    s->room = pl_program_rows(p);
    s->times = pl_allocate((size_t)s->room * sizeof *s->times);
    s->values = pl_allocate((size_t)s->room * (size_t)s->columns * sizeof *s->values);
    pl_status status = PL_MEMORY;
    if (s->times && s->values)
        status = single->track ? single->track(single->context, p, &track) : pl_track_new(p, NULL, 0, &track);
    if (status == PL_OK) status = pl_block_new(p, 1, &block);
    if (status == PL_OK) {
        pl_block_start(block, track, NULL, 0, &future, single->seed, 1);
        pl_block_run(block, track, pl_program_steps(p), save_row, s);
        const char *variable;
        double time;
        if (pl_block_failure(block, 0, &variable, &time))
            status = pl_error_set(error, PL_RUN_FAILED, file, 0, 0, "the run failed: %s is not finite at time %.10g",
                                  variable, time);
    } else {
        pl_error_set(error, status, file, 0, 0, "%s", pl_status_text(status));
    }
    pl_block_free(block);
    pl_track_free(track);
    return status;
}

static pl_status compile(const pl_model *model, const pl_single *single, pl_series *s, pl_program **program,
                         pl_error *error) {
    wishes w = {0};
    if (!list_outputs(model, s, &w)) return pl_error_set(error, PL_MEMORY, model->file, 0, 0, "out of memory");
    pl_program_spec spec = {.inputs = single->inputs,
                            .input_count = single->input_count,
                            .rules = single->rules,
                            .rule_count = single->rule_count,
                            .overrides = single->overrides,
                            .override_count = single->override_count,
                            .outputs = w.outputs,
                            .output_count = w.count,
                            .final_time = single->final_time,
                            .act_from = single->act_from,
                            .one_case = true,
                            .values = single->values};
    return pl_program_compile(model, &spec, program, error);
}

pl_status pl_single_run(const pl_model *model, const pl_single *single, pl_series **series, pl_error *error) {
    *series = NULL;
    pl_series *s = pl_allocate(sizeof *s);
    if (!s) return pl_error_set(error, PL_MEMORY, model->file, 0, 0, "out of memory");
    pl_program *program = NULL;
    pl_status status = compile(model, single, s, &program, error);
    if (status == PL_OK) status = simulate(program, single, s, model->file, error);
    pl_program_free(program);
    if (status == PL_OK || status == PL_RUN_FAILED)
        *series = s;
    else
        pl_series_free(s);
    return status;
}

pl_status pl_model_run(const pl_model *model, const pl_set *sets, int set_count, uint64_t seed, pl_series **series,
                       pl_error *error) {
    *series = NULL;
    pl_input *inputs = pl_allocate(((size_t)set_count + 1) * sizeof *inputs);
    double *values = pl_allocate(((size_t)set_count + 1) * sizeof *values);
    pl_status status = inputs && values ? pl_single_bind(model, sets, set_count, inputs, values, error)
                                        : pl_error_set(error, PL_MEMORY, model->file, 0, 0, "out of memory");
    if (status == PL_OK) {
        pl_single single = {.inputs = inputs, .input_count = set_count, .values = values, .final_time = NAN,
                            .act_from = NAN, .seed = seed};
        status = pl_single_run(model, &single, series, error);
    }
    pl_release(inputs);
    pl_release(values);
    return status;
}

pl_status pl_model_check(const pl_model *model, pl_findings *findings, pl_error *error) {
    pl_single single = {.final_time = NAN, .act_from = NAN};
    pl_error own;
    pl_series *s = pl_allocate(sizeof *s);
    if (!s) return pl_error_set(error, PL_MEMORY, model->file, 0, 0, "out of memory");
    pl_program *program = NULL;
    pl_status status = compile(model, &single, s, &program, &own);
    if (status != PL_OK && !pl_findings_add(findings, PL_ERROR, &own)) status = PL_MEMORY;
    if (status != PL_OK && error) *error = own;
    pl_program_free(program);
    pl_series_free(s);
    return status;
}

pl_status pl_model_time(const pl_model *model, uint64_t seed, pl_timing **timing, pl_error *error) {
    *timing = NULL;
    pl_single single = {.final_time = NAN, .act_from = NAN};
    pl_series *s = pl_allocate(sizeof *s);
    if (!s) return pl_error_set(error, PL_MEMORY, model->file, 0, 0, "out of memory");
    pl_program *program = NULL;
    pl_track *track = NULL;
    pl_status status = compile(model, &single, s, &program, error);
    if (status == PL_OK) {
        status = pl_track_new(program, NULL, 0, &track);
        if (status == PL_OK) status = pl_timing_new(program, model, track, NULL, 1, seed, timing);
        if (status != PL_OK) pl_error_set(error, status, model->file, 0, 0, "%s", pl_status_text(status));
    }
    pl_track_free(track);
    pl_program_free(program);
    pl_series_free(s);
    return status;
}
