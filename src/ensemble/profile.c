/* From a situation to what runs: its program, the levers of a profile as changes over steps, the hash of what
 * determines its results.  See explore.h. */
#include "ensemble/explore.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/sha256.h"

/* ---- the program ---------------------------------------------------------------------------------------- */

pl_status pl_situation_compile_for(const pl_situation *s, const pl_compile_options *options, pl_program **program,
                                   pl_error *error) {
    int count = options->measures ? s->measure_count : 0;
    pl_measure_spec *specs = pl_allocate((size_t)(count + 1) * sizeof *specs);
    *program = NULL;
    if (!specs) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    for (int i = 0; i < count; i++) specs[i] = s->measures[i].spec;
    pl_program_spec spec = {.inputs = s->inputs,
                            .input_count = s->input_count,
                            .rules = s->rules,
                            .rule_count = s->rule_count,
                            .overrides = s->overrides,
                            .override_count = s->override_count,
                            .measures = specs,
                            .measure_count = count,
                            .outputs = options->outputs,
                            .output_count = options->output_count,
                            .save_every = options->every,
                            .final_time = s->run_to,
                            .act_from = s->run_from,
                            .one_case = options->one_case};
    pl_status status = pl_program_compile(s->model, &spec, program, error);
    pl_release(specs);
    return status;
}

pl_status pl_situation_compile(const pl_situation *s, bool measures, const pl_output *outputs, int output_count,
                               pl_program **program, pl_error *error) {
    pl_compile_options options = {.measures = measures, .outputs = outputs, .output_count = output_count};
    return pl_situation_compile_for(s, &options, program, error);
}

int pl_program_step_of(const pl_program *p, double time) {
    double start = pl_program_initial_time(p), dt = pl_program_time_step(p), target = time - dt / 2;
    double guess = floor((target - start) / dt) - 1;
    int last = pl_program_steps(p), step = guess < 0 ? 0 : guess > last ? last + 1 : (int)guess;
    while (step <= last && start + step * dt < target) step++;
    return step;
}

/* ---- a profile's levers --------------------------------------------------------------------------------- */

/* The step at which value k of a setting comes into force, or -1 where the next one replaces it in the same step. */
static int change_step(const pl_program *p, const pl_setting *setting, int k) {
    int act = pl_program_act_step(p), steps[2];
    for (int i = 0; i < 2; i++) {
        if (k + i >= setting->count) return steps[0];
        double time = setting->times[k + i];
        steps[i] = isnan(time) ? act : pl_program_step_of(p, time);
        if (steps[i] < act) steps[i] = act;
    }
    return steps[0] == steps[1] ? -1 : steps[0];
}

static const pl_course *course_of(const pl_situation *s, long profile, int actor) {
    return &s->actors[actor].courses[pl_situation_course(s, profile, actor)];
}

typedef struct change_list {
    const pl_program *p;
    bool means; /* values that are drawn are numbers, their means */
    pl_lever_change *changes;
    int count;
} change_list;

static void add_change(change_list *list, int step, int input, double value) {
    list->changes[list->count++] = (pl_lever_change){step, input, value};
}

/* At most two changes for each value: it comes into force, and a drawn one before it no longer is. */
static void add_setting(change_list *list, const pl_setting *setting) {
    int before = -1; /* what says that a drawn value is in force */
    for (int k = 0; k < setting->count; k++) {
        int step = change_step(list->p, setting, k), drawn = list->means ? -1 : setting->armed[k];
        if (step < 0 || step > pl_program_steps(list->p)) continue;
        if (before >= 0) add_change(list, step, before, 0);
        if (drawn >= 0) add_change(list, step, drawn, 1);
        else add_change(list, step, setting->input, setting->values[k].value);
        before = drawn;
    }
}

static size_t count_changes(const pl_course *course) {
    size_t count = (size_t)course->rule_count;
    for (int i = 0; i < course->setting_count; i++) count += 2 * (size_t)course->settings[i].count;
    return count;
}

static void add_course(change_list *list, const pl_course *course) {
    for (int i = 0; i < course->setting_count; i++) add_setting(list, &course->settings[i]);
    for (int i = 0; i < course->rule_count; i++) add_change(list, pl_program_act_step(list->p), course->rules[i].armed, 1);
}

pl_status pl_course_changes(const pl_program *p, const pl_course *course, pl_lever_change **changes, int *count) {
    change_list list = {.p = p};
    *count = 0;
    if (!(*changes = list.changes = pl_allocate((count_changes(course) + 1) * sizeof **changes))) return PL_MEMORY;
    add_course(&list, course);
    *count = list.count;
    return PL_OK;
}

pl_status pl_profile_changes(const pl_situation *s, const pl_program *p, long profile, bool means,
                             pl_lever_change **changes, int *count) {
    change_list list = {.p = p, .means = means};
    size_t room = 1 + (s->policy ? count_changes(s->policy) : 0);
    for (int a = 0; a < s->actor_count; a++) room += count_changes(course_of(s, profile, a));
    *count = 0;
    if (!(*changes = list.changes = pl_allocate(room * sizeof **changes))) return PL_MEMORY;
    for (int a = 0; a < s->actor_count; a++) add_course(&list, course_of(s, profile, a));
    if (s->policy) add_course(&list, s->policy);
    *count = list.count;
    return PL_OK;
}

pl_status pl_profile_track(const pl_situation *s, const pl_program *p, const pl_track *history, long profile,
                           pl_track **track) {
    pl_lever_change *changes;
    int count, act = pl_program_act_step(p);
    pl_status status = pl_profile_changes(s, p, profile, false, &changes, &count);
    if (status != PL_OK) return status;
    status = act > 0 && history ? pl_track_branch(p, history, act, changes, count, track)
                                : pl_track_new(p, changes, count, track);
    pl_release(changes);
    return status;
}

/* ---- what determines results ---------------------------------------------------------------------------- */

void pl_situation_hash(const pl_situation *s, const char *version, char out[65]) {
    char situation[65], model[65], text[512];
    pl_sha256(s->text, s->length, situation);
    pl_sha256(s->model->whole, s->model->whole_length, model);
    int length = snprintf(text, sizeof text,
                          "parley %.64s\nsituation %s\nmodel %s\nseed %llu\nfutures %ld\ndesign %s\n", version,
                          situation, model, (unsigned long long)s->seed, s->futures, s->design);
    if (s->given) {
        char given[65];
        pl_sha256(s->given->text, s->given->length, given);
        length += snprintf(text + length, sizeof text - (size_t)length, "given %s\n", given);
    }
    if (s->chosen_length) {
        char chosen[65];
        pl_sha256(s->chosen, s->chosen_length, chosen);
        length += snprintf(text + length, sizeof text - (size_t)length, "courses %s\n", chosen);
    }
    pl_sha256(text, (size_t)length, out);
    for (int i = 0; i < s->keep_count; i++) {
        char kept[65], before[65];
        memcpy(before, out, sizeof before);
        pl_sha256(s->keep[i], strlen(s->keep[i]), kept);
        length = snprintf(text, sizeof text, "%s\nseries %s\n", before, kept);
        pl_sha256(text, (size_t)length, out);
    }
}

void pl_situation_source(const pl_situation *s, char out[65]) {
    char before[65], after[65], model[65], text[256];
    const char *end = s->text + s->length, *from = s->futures_at ? s->futures_at : end;
    const char *to = from + strcspn(from, ",}#\n");
    pl_sha256(s->text, (size_t)(from - s->text), before);
    pl_sha256(to, to < end ? (size_t)(end - to) : 0, after);
    pl_sha256(s->model->whole, s->model->whole_length, model);
    int length = snprintf(text, sizeof text, "situation %s %s\nmodel %s\n", before, after, model);
    pl_sha256(text, (size_t)length, out);
}

/* Whether the futures can be drawn by the design. */
static pl_status check_design(const pl_situation *s, pl_status mistake, pl_error *error) {
    char why[300];
    pl_design design = pl_design_of(s);
    if (!pl_design_takes(design.kind, pl_design_parts(&design), s->futures, why, sizeof why))
        return pl_error_set(error, mistake, mistake == PL_USAGE ? NULL : s->file, 0, 0, "%s", why);
    if (design.copula && pl_design_basis_of(s->design) == PL_BASIS_NONE)
        return pl_error_set(error, mistake, s->file, 0, 0, "the design '%s' takes no correlations", s->design);
    return PL_OK;
}

/* Futures that are drawn after all, where the situation's are given. */
static void drop_given(pl_situation *s) {
    s->given = NULL;
    s->design = pl_design_name(PL_DESIGN_RANDOM);
}

static pl_status override_design(pl_situation *s, const char *name, pl_error *error) {
    char list[300];
    int kind = pl_design_named(name);
    if (kind < 0)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "the design '%.40s' is not known: %s", name,
                            pl_design_list(list, sizeof list));
    if (kind == PL_DESIGN_GIVEN && !s->given)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "the design 'given' needs a file of futures");
    if (kind != PL_DESIGN_GIVEN && s->given)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0,
                            "futures from a file have no design: '%s' needs the number of futures to draw", name);
    s->design = pl_design_name((pl_design_kind)kind);
    return PL_OK;
}

pl_status pl_situation_override(pl_situation *s, const pl_explore_options *options, pl_error *error) {
    if (!options) return check_design(s, PL_INVALID, error);
    if (options->futures < 0 || options->futures > PL_MOST_FUTURES)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "the number of futures must be from 1 to %d", PL_MOST_FUTURES);
    bool given = options->design && pl_design_named(options->design) == PL_DESIGN_GIVEN;
    if (options->futures && s->given && !given) drop_given(s);
    if (options->futures && s->given && options->futures != s->given->futures)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "the file of futures has %ld, not %ld", s->given->futures,
                            options->futures);
    pl_status status = options->design ? override_design(s, options->design, error) : PL_OK;
    if (status != PL_OK) return status;
    if (options->futures) s->futures = options->futures;
    if (options->seed_given) s->seed = options->seed;
    s->keep = options->keep_series, s->keep_count = options->keep_count;
    return check_design(s, options->futures || options->design ? PL_USAGE : PL_INVALID, error);
}
