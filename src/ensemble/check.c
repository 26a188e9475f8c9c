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
    pl_input *inputs;         /* the base courses' levers, then the check's own constants */
    double *values;           /* [input]: a constant for the whole run, NaN where it changes or is the model's */
    pl_lever_change *changes; /* [change_count] */
    int input_count, change_count;
    double *terms, *initial;  /* [term] */
    bool broken, missing, compared;
    double time, left, right; /* of the first failure */
} checking;

/* ---- what to run ---------------------------------------------------------------------------------------- */

static bool overlap(const pl_input *a, const pl_input *b) {
    return a->variable == b->variable && (a->element == b->element || a->element < 0 || b->element < 0);
}

static bool is_overridden(const checking *c, const pl_input *input) {
    for (int i = 0; i < c->check->setting_count; i++)
        if (overlap(input, &c->check->inputs[i])) return true;
    return false;
}

static const pl_course *base_course(const pl_situation *s, int actor) {
    return &s->actors[actor].courses[s->base_course[actor]];
}

static int count_settings(const checking *c, int *values) {
    int count = c->check->setting_count;
    *values = 0;
    for (int i = 0; i < c->check->setting_count; i++) *values += c->check->settings[i].count;
    for (int a = 0; a < c->s->actor_count; a++) {
        const pl_course *course = base_course(c->s, a);
        count += course->setting_count;
        for (int i = 0; i < course->setting_count; i++) *values += course->settings[i].count;
    }
    return count;
}

/* A single number of a check is there from the start and for good; anything else changes a lever. */
static void add_input(checking *c, const pl_input *input, bool fixed, double value) {
    c->inputs[c->input_count] = (pl_input){input->variable, input->element, PL_INPUT_LEVER};
    c->values[c->input_count++] = fixed ? value : NAN;
}

static bool list_inputs(checking *c) {
    int values, count = count_settings(c, &values);
    c->inputs = PL_ARRAY(&c->arena, count + 1, pl_input);
    c->values = PL_ARRAY(&c->arena, count + 1, double);
    c->changes = PL_ARRAY(&c->arena, values + 1, pl_lever_change);
    if (!c->inputs || !c->values || !c->changes) return false;
    for (int i = 0; i < c->check->setting_count; i++) {
        const pl_setting *setting = &c->check->settings[i];
        add_input(c, &c->check->inputs[setting->input], isnan(setting->times[0]), setting->values[0].value);
    }
    for (int a = 0; a < c->s->actor_count; a++)
        for (int i = 0; i < base_course(c->s, a)->setting_count; i++) {
            const pl_input *input = &c->s->inputs[base_course(c->s, a)->settings[i].input];
            if (!is_overridden(c, input)) add_input(c, input, false, 0);
        }
    return true;
}

static void add_changes(checking *c, const pl_program *p, const pl_setting *setting, int input, int act) {
    for (int k = 0; k < setting->count; k++) {
        int step = isnan(setting->times[k]) ? act : pl_program_step_of(p, setting->times[k]);
        if (step < act) step = act;
        if (step > pl_program_steps(p)) continue;
        bool replaced = k + 1 < setting->count && pl_program_step_of(p, setting->times[k + 1]) <= step;
        if (!replaced) c->changes[c->change_count++] = (pl_lever_change){step, input, setting->values[k].value};
    }
}

static void list_changes(checking *c, const pl_program *p, int act) {
    int input = 0;
    for (; input < c->check->setting_count; input++)
        if (isnan(c->values[input])) add_changes(c, p, &c->check->settings[input], input, 0);
    for (int a = 0; a < c->s->actor_count; a++)
        for (int i = 0; i < base_course(c->s, a)->setting_count; i++) {
            const pl_setting *setting = &base_course(c->s, a)->settings[i];
            if (!is_overridden(c, &c->s->inputs[setting->input])) add_changes(c, p, setting, input++, act);
        }
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
    double start = pl_program_initial_time(p);
    int act = isnan(c->s->run_from) || c->s->run_from <= start ? 0 : pl_program_step_of(p, c->s->run_from);
    list_changes(c, p, act);
    pl_status status = pl_track_new(p, c->changes, c->change_count, &track);
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
    pl_program_spec spec = {.inputs = c->inputs, .input_count = c->input_count, .outputs = c->outputs,
                            .output_count = c->output_count, .final_time = c->s->run_to, .act_from = NAN,
                            .values = c->values};
    pl_program *program;
    pl_status status = pl_program_compile(c->s->model, &spec, &program, error);
    if (status != PL_OK) return status;
    status = run(c, program);
    pl_program_free(program);
    return status == PL_OK ? PL_OK : pl_error_set(error, status, NULL, 0, 0, "%s", pl_status_text(status));
}

/* ---- findings ------------------------------------------------------------------------------------------- */

static pl_place place_of(const pl_situation *s, pl_position at) {
    return (pl_place){s->file, s->text, s->length, at.line, at.column};
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
