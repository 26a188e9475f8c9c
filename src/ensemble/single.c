/* One run of a situation: the model's own constants, the courses chosen (else the base's), what --set gives. */
#include "program/single.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ensemble/explore.h"

typedef struct choice_run {
    const pl_situation *s;
    long profile;     /* the combination of courses */
    pl_input *inputs; /* what is set, then the levers that are not */
    double *values;   /* [input]: NaN for levers, which start at the model's value */
    int *input_of;    /* [situation's input]: its place in inputs, or -1 */
    int count;
} choice_run;

/* ---- the courses ---------------------------------------------------------------------------------------- */

static bool same_name(const char *a, const char *b) {
    char x[512], y[512];
    size_t n = strlen(a), m = strlen(b);
    if (n >= sizeof x || m >= sizeof y) return false;
    x[pl_name_fold(a, n, x)] = 0;
    y[pl_name_fold(b, m, y)] = 0;
    return strcmp(x, y) == 0;
}

static void join(char *list, size_t room, const char *name) {
    size_t used = strlen(list);
    snprintf(list + used, room - used, "%s'%s'", used ? ", " : "", name);
}

static pl_status find_actor(const pl_situation *s, const char *name, int *actor, pl_error *error) {
    char list[300] = "";
    for (int a = 0; a < s->actor_count; a++) {
        *actor = a;
        if (same_name(s->actors[a].name, name)) return PL_OK;
        join(list, sizeof list, s->actors[a].name);
    }
    return pl_error_set(error, PL_USAGE, NULL, 0, 0, "there is no actor '%.60s'; the actors are %s", name, list);
}

static pl_status find_course(const pl_actor *actor, const char *name, int *course, pl_error *error) {
    char list[300] = "";
    for (int k = 0; k < actor->course_count; k++) {
        *course = k;
        if (same_name(actor->courses[k].name, name)) return PL_OK;
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

static bool is_set(const choice_run *r, const pl_input *input, int sets) {
    for (int i = 0; i < sets; i++) {
        const pl_input *set = &r->inputs[i];
        if (set->variable == input->variable &&
            (set->element == input->element || set->element < 0 || input->element < 0))
            return true;
    }
    return false;
}

/* A constant that is set stays so: the courses' changes of it are left out. */
static void list_inputs(choice_run *r, int sets) {
    r->count = sets;
    for (int i = 0; i < r->s->input_count; i++) {
        const pl_input *input = &r->s->inputs[i];
        bool used = input->input_class == PL_INPUT_LEVER && !is_set(r, input, sets);
        r->input_of[i] = used ? r->count : -1;
        if (!used) continue;
        r->values[r->count] = NAN;
        r->inputs[r->count++] = *input;
    }
}

static pl_status make_track(void *context, const pl_program *program, pl_track **track) {
    const choice_run *r = context;
    pl_lever_change *changes;
    int count, kept = 0;
    pl_status status = pl_profile_changes(r->s, program, r->profile, &changes, &count);
    if (status != PL_OK) return status;
    for (int i = 0; i < count; i++) {
        int input = r->input_of[changes[i].input];
        if (input < 0) continue;
        changes[kept] = changes[i];
        changes[kept++].input = input;
    }
    status = pl_track_new(program, changes, kept, track);
    pl_release(changes);
    return status;
}

static pl_status run(choice_run *r, const pl_set *sets, int set_count, uint64_t seed, pl_series **series,
                     pl_error *error) {
    pl_status status = pl_single_bind(r->s->model, sets, set_count, r->inputs, r->values, error);
    if (status != PL_OK) return status;
    list_inputs(r, set_count);
    pl_single single = {.inputs = r->inputs,
                        .input_count = r->count,
                        .values = r->values,
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
    size_t room = (size_t)situation->input_count + (size_t)set_count + 1;
    choice_run r = {.s = situation};
    *series = NULL;
    pl_status status = choose(&r, choices, choice_count, error);
    if (status != PL_OK) return status;
    r.inputs = pl_allocate(room * sizeof *r.inputs);
    r.values = pl_allocate(room * sizeof *r.values);
    r.input_of = pl_allocate(room * sizeof *r.input_of);
    if (r.inputs && r.values && r.input_of)
        status = run(&r, sets, set_count, seed ? *seed : situation->seed, series, error);
    else
        status = pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    pl_release(r.inputs);
    pl_release(r.values);
    pl_release(r.input_of);
    return status;
}
