/* One run of a situation: the model's own constants, the courses chosen (else the base's), what --set gives.
 * The checks' runs are made of the same parts. */
#include "program/single.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ensemble/explore.h"
#include "ensemble/reading.h"

typedef struct choice_run {
    const pl_situation *s;
    long profile; /* the combination of courses */
    pl_alone alone;
} choice_run;

/* ---- the courses ---------------------------------------------------------------------------------------- */

static void join(char *list, size_t room, const char *name) {
    size_t used = strlen(list);
    snprintf(list + used, room - used, "%s'%s'", used ? ", " : "", name);
}

static pl_status find_actor(const pl_situation *s, const char *name, int *actor, pl_error *error) {
    char list[300] = "";
    for (int a = 0; a < s->actor_count; a++) {
        *actor = a;
        if (pl_names_equal(s->actors[a].name, name)) return PL_OK;
        join(list, sizeof list, s->actors[a].name);
    }
    return pl_error_set(error, PL_USAGE, NULL, 0, 0, "there is no actor '%.60s'; the actors are %s", name, list);
}

static pl_status find_course(const pl_actor *actor, const char *name, int *course, pl_error *error) {
    char list[300] = "";
    for (int k = 0; k < actor->course_count; k++) {
        *course = k;
        if (pl_names_equal(actor->courses[k].name, name)) return PL_OK;
        join(list, sizeof list, actor->courses[k].name);
    }
    return pl_error_set(error, PL_USAGE, NULL, 0, 0, "'%s' has no course '%.60s'; its courses are %s", actor->name,
                        name, list);
}

static pl_status choose(choice_run *r, const pl_choice *choices, int count, pl_error *error) {
    const pl_situation *s = r->s;
    int *course = pl_allocate(((size_t)s->actor_count + 1) * sizeof *course);
    if (!course) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    for (int a = 0; a < s->actor_count; a++) course[a] = s->base_course[a];
    pl_status status = PL_OK;
    for (int i = 0, actor = 0; i < count && status == PL_OK; i++) {
        status = find_actor(s, choices[i].actor, &actor, error);
        if (status == PL_OK) status = find_course(&s->actors[actor], choices[i].course, &course[actor], error);
    }
    r->profile = pl_situation_combination(s, course);
    pl_release(course);
    return status;
}

/* ---- the inputs ----------------------------------------------------------------------------------------- */

pl_status pl_alone_make(const pl_situation *s, int own, pl_alone *a) {
    size_t room = (size_t)s->input_count + (size_t)own + 1;
    *a = (pl_alone){0};
    a->inputs = pl_allocate(room * sizeof *a->inputs);
    a->values = pl_allocate(room * sizeof *a->values);
    a->input_of = pl_allocate(room * sizeof *a->input_of);
    a->rules = pl_allocate(((size_t)s->rule_count + 1) * sizeof *a->rules);
    a->overrides = pl_allocate(((size_t)s->override_count + 1) * sizeof *a->overrides);
    return a->inputs && a->values && a->input_of && a->rules && a->overrides ? PL_OK : PL_MEMORY;
}

void pl_alone_free(pl_alone *a) {
    pl_release(a->inputs), pl_release(a->values), pl_release(a->input_of);
    pl_release(a->rules), pl_release(a->overrides);
}

static bool is_set(const pl_alone *a, const pl_input *input, int own) {
    for (int i = 0; i < own; i++) {
        const pl_input *set = &a->inputs[i];
        if (set->variable == input->variable &&
            (set->element == input->element || set->element < 0 || input->element < 0))
            return true;
    }
    return false;
}

/* What rules do to levers that stay; drawn values are in the changes, as numbers. */
static void list_rules(const pl_situation *s, pl_alone *a) {
    for (int i = 0; i < s->rule_count; i++) {
        a->rules[i] = s->rules[i];
        a->rules[i].armed = a->input_of[s->rules[i].armed];
    }
    for (int i = 0; i < s->override_count; i++) {
        pl_override o = s->overrides[i];
        if (o.rule < 0 || a->input_of[o.lever] < 0) continue;
        o.lever = a->input_of[o.lever], o.armed = a->input_of[o.armed], o.value = -1;
        a->overrides[a->override_count++] = o;
    }
}

/* A constant that is set stays so: the courses' changes of it are left out. */
void pl_alone_fill(const pl_situation *s, int own, pl_alone *a) {
    a->input_count = own;
    for (int i = 0; i < s->input_count; i++) {
        const pl_input *input = &s->inputs[i];
        bool used = input->input_class == PL_INPUT_LEVER && !is_set(a, input, own);
        a->input_of[i] = used ? a->input_count : -1;
        if (!used) continue;
        a->values[a->input_count] = NAN;
        a->inputs[a->input_count++] = *input;
    }
    list_rules(s, a);
}

pl_status pl_alone_changes(const pl_situation *s, const pl_alone *a, const pl_program *p, long profile,
                           pl_lever_change **changes, int *count) {
    int all;
    pl_status status = pl_profile_changes(s, p, profile, true, changes, &all);
    *count = 0;
    for (int i = 0; i < all && status == PL_OK; i++) {
        pl_lever_change change = (*changes)[i];
        change.input = a->input_of[change.input];
        if (change.input >= 0) (*changes)[(*count)++] = change;
    }
    return status;
}

/* ---- the run -------------------------------------------------------------------------------------------- */

static pl_status make_track(void *context, const pl_program *program, pl_track **track) {
    const choice_run *r = context;
    pl_lever_change *changes;
    int count;
    pl_status status = pl_alone_changes(r->s, &r->alone, program, r->profile, &changes, &count);
    if (status != PL_OK) return status;
    status = pl_track_new(program, changes, count, track);
    pl_release(changes);
    return status;
}

static pl_status run(choice_run *r, const pl_set *sets, int set_count, uint64_t seed, pl_series **series,
                     pl_error *error) {
    pl_alone *a = &r->alone;
    pl_status status = pl_single_bind(r->s->model, sets, set_count, a->inputs, a->values, error);
    if (status != PL_OK) return status;
    pl_alone_fill(r->s, set_count, a);
    pl_single single = {.inputs = a->inputs,
                        .input_count = a->input_count,
                        .values = a->values,
                        .rules = a->rules,
                        .rule_count = r->s->rule_count,
                        .overrides = a->overrides,
                        .override_count = a->override_count,
                        .final_time = r->s->run_to,
                        .act_from = r->s->run_from,
                        .track = make_track,
                        .context = r,
                        .seed = seed};
    return pl_single_run(r->s->model, &single, series, error);
}

pl_status pl_situation_run(const pl_situation *situation, const pl_choice *choices, int choice_count,
                           const pl_set *sets, int set_count, const uint64_t *seed, pl_series **series,
                           pl_error *error) {
    choice_run r = {.s = situation};
    *series = NULL;
    pl_status status = choose(&r, choices, choice_count, error);
    if (status != PL_OK) return status;
    if (pl_alone_make(situation, set_count, &r.alone) == PL_OK)
        status = run(&r, sets, set_count, seed ? *seed : situation->seed, series, error);
    else
        status = pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    pl_alone_free(&r.alone);
    return status;
}
