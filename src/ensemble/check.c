/* Declared checks: what must hold in the base profile with the model's own constants and the check's `set`, at every
 * saved time.  Before them, whether the situation can be explored at all. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "ensemble/condition.h"
#include "ensemble/explore.h"

typedef struct checking {
    const pl_situation *s;
    const pl_check *check;
    pl_arena arena;           /* of this check */
    pl_condition *condition;
    pl_output *outputs;       /* [term]: what each term needs; TIME asks for nothing and has none */
    int *output_of;           /* [term], -1 for TIME */
    int output_count;
    pl_alone alone;           /* its own inputs are the constants that it sets */
    pl_lever_change *changes; /* [change_count] */
    int change_count;
    double *terms, *initial;  /* [term] */
    bool broken, missing, compared;
    double time, left, right; /* of the first failure */
} checking;

/* ---- what to run ---------------------------------------------------------------------------------------- */

/* A single number of a check is there from the start and for good; anything else changes a lever. */
static bool list_inputs(checking *c) {
    const pl_check *check = c->check;
    if (pl_alone_make(c->s, check->setting_count, &c->alone) != PL_OK) return false;
    for (int i = 0; i < check->setting_count; i++) {
        const pl_input *input = &check->inputs[check->settings[i].input];
        c->alone.inputs[i] = (pl_input){input->variable, input->element, PL_INPUT_LEVER};
        c->alone.values[i] = isnan(check->settings[i].times[0]) ? check->settings[i].values[0].value : (double)NAN;
    }
    pl_alone_fill(c->s, check->setting_count, &c->alone);
    return true;
}

static void add_changes(checking *c, const pl_program *p, const pl_setting *setting, int input) {
    for (int k = 0; k < setting->count; k++) {
        int step = pl_program_step_of(p, setting->times[k]);
        if (step > pl_program_steps(p)) continue;
        bool replaced = k + 1 < setting->count && pl_program_step_of(p, setting->times[k + 1]) <= step;
        if (!replaced) c->changes[c->change_count++] = (pl_lever_change){step, input, setting->values[k].value};
    }
}

/* The base courses' changes, then the check's own. */
static pl_status list_changes(checking *c, const pl_program *p) {
    const pl_check *check = c->check;
    pl_lever_change *base;
    int own = 0;
    pl_status status =
        pl_alone_changes(c->s, &c->alone, p, pl_situation_combination(c->s, c->s->base_course), &base, &c->change_count);
    if (status != PL_OK) return status;
    for (int i = 0; i < check->setting_count; i++) own += check->settings[i].count;
    c->changes = PL_ARRAY(&c->arena, c->change_count + own + 1, pl_lever_change);
    if (c->changes && c->change_count) memcpy(c->changes, base, (size_t)c->change_count * sizeof *base);
    pl_release(base);
    for (int i = 0; c->changes && i < check->setting_count; i++)
        if (isnan(c->alone.values[i])) add_changes(c, p, &check->settings[i], i);
    return c->changes ? PL_OK : PL_MEMORY;
}

static bool list_outputs(checking *c) {
    int count = c->condition->term_count;
    c->outputs = PL_ARRAY(&c->arena, count + 1, pl_output);
    c->output_of = PL_ARRAY(&c->arena, count + 1, int);
    c->terms = PL_ARRAY(&c->arena, count + 1, double);
    c->initial = PL_ARRAY(&c->arena, count + 1, double);
    if (!c->outputs || !c->output_of || !c->terms || !c->initial) return false;
    for (int i = 0; i < count; i++) {
        const pl_term *term = &c->condition->terms[i];
        c->output_of[i] = term->kind == PL_TERM_TIME ? -1 : c->output_count;
        if (term->kind != PL_TERM_TIME) c->outputs[c->output_count++] = (pl_output){term->variable, term->element};
    }
    return true;
}

/* ---- the run -------------------------------------------------------------------------------------------- */

static void judge(void *context, int step, double time, const double *row) {
    checking *c = context;
    for (int i = 0; i < c->condition->term_count; i++) {
        double value = c->output_of[i] < 0 ? time : row[c->output_of[i]];
        if (!(value - value == 0)) value = NAN; /* not finite: as good as missing */
        if (step == 0) c->initial[i] = value;
        c->terms[i] = c->condition->terms[i].kind == PL_TERM_INITIAL ? c->initial[i] : value;
    }
    double held = c->broken ? 1 : pl_condition_value(c->condition, c->terms);
    if (held != 0 && !isnan(held)) return;
    c->broken = true, c->missing = isnan(held), c->time = time;
    c->compared = !c->missing && pl_condition_sides(c->condition, c->terms, &c->left, &c->right);
}

static pl_status run(checking *c, const pl_program *p) {
    pl_track *track = NULL;
    pl_block *block = NULL;
    uint64_t future = 0;
    double nothing = 0;
    pl_status status = list_changes(c, p);
    if (status == PL_OK) status = pl_track_new(p, c->changes, c->change_count, &track);
    if (status == PL_OK) status = pl_block_new(p, 1, &block);
    if (status == PL_OK) {
        pl_block_start(block, track, &nothing, 1, &future, c->s->seed, 1);
        pl_block_run(block, track, pl_program_steps(p), judge, c);
    }
    pl_block_free(block);
    pl_track_free(track);
    return status;
}

static pl_status compile_and_run(checking *c, pl_error *error) {
    const pl_alone *a = &c->alone;
    pl_program_spec spec = {.inputs = a->inputs, .input_count = a->input_count, .rules = a->rules,
                            .rule_count = c->s->rule_count, .overrides = a->overrides,
                            .override_count = a->override_count, .outputs = c->outputs,
                            .output_count = c->output_count, .final_time = c->s->run_to, .act_from = c->s->run_from,
                            .values = a->values};
    pl_program *program;
    pl_status status = pl_program_compile(c->s->model, &spec, &program, error);
    if (status != PL_OK) return status;
    status = run(c, program);
    pl_program_free(program);
    return status == PL_OK ? PL_OK : pl_error_set(error, status, NULL, 0, 0, "%s", pl_status_text(status));
}

/* ---- findings ------------------------------------------------------------------------------------------- */

static pl_place place_of(const pl_situation *s, pl_position at) {
    return (pl_place){s->file, s->text, s->length, at.line, at.column, NULL};
}

static void describe(const checking *c, pl_error *error) {
    char time[32], left[32], right[32];
    pl_place place = place_of(c->s, c->check->at);
    pl_number_print(c->time, time), pl_number_print(c->left, left), pl_number_print(c->right, right);
    if (c->missing)
        pl_error_at(error, PL_CHECK_FAILED, place,
                    "the check '%.120s' cannot be judged at time %s: a value is not finite", c->check->name, time);
    else if (c->compared)
        pl_error_at(error, PL_CHECK_FAILED, place,
                    "the check '%.120s' does not hold at time %s: the left side is %s, the right side %s",
                    c->check->name, time, left, right);
    else
        pl_error_at(error, PL_CHECK_FAILED, place, "the check '%.120s' does not hold at time %s", c->check->name, time);
}

static pl_status check_one(checking *c, pl_error *found) {
    pl_status status = pl_condition_over_variables(&c->arena, c->s->model, c->check->expr, &c->condition, found);
    if (status != PL_OK) return status;
    if (!list_inputs(c) || !list_outputs(c)) return pl_error_set(found, PL_MEMORY, NULL, 0, 0, "out of memory");
    pl_error inner;
    status = compile_and_run(c, &inner);
    if (status != PL_OK)
        return pl_error_at(found, status, place_of(c->s, c->check->at), "the check '%.80s' cannot be run: %.300s",
                           c->check->name, inner.message);
    if (!c->broken) return PL_OK;
    describe(c, found);
    return PL_CHECK_FAILED;
}

/* ---- all of them ---------------------------------------------------------------------------------------- */

/* Whether the situation can be explored at all: what its levers and uncertainties reach shows in compiling. */
static pl_status check_program(const pl_situation *s, pl_error *found) {
    pl_program *program;
    pl_status status = pl_situation_compile(s, true, NULL, 0, &program, found);
    if (status == PL_OK) pl_program_free(program);
    return status;
}

static pl_status check_any(const pl_situation *s, int index, pl_error *found) {
    if (index < 0) return check_program(s, found);
    checking c = {.s = s, .check = &s->checks[index]};
    pl_status status = check_one(&c, found);
    pl_alone_free(&c.alone);
    pl_arena_free(&c.arena);
    return status;
}

pl_status pl_situation_check(const pl_situation *s, pl_findings *findings, pl_error *error) {
    pl_status first = PL_OK;
    for (int i = -1; i < s->check_count; i++) {
        pl_error found;
        pl_status status = check_any(s, i, &found);
        if (status == PL_OK) continue;
        if (first == PL_OK && error) *error = found;
        if (first == PL_OK) first = status;
        if (status == PL_MEMORY) return PL_MEMORY;
        if (!pl_findings_add(findings, PL_ERROR, &found))
            return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    }
    return first;
}
