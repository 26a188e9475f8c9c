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

pl_status pl_situation_compile_for(const pl_situation *s, bool one_case, bool measures, const pl_output *outputs,
                                   int output_count, pl_program **program, pl_error *error) {
    int count = measures ? s->measure_count : 0;
    pl_measure_spec *specs = pl_allocate((size_t)(count + 1) * sizeof *specs);
    *program = NULL;
    if (!specs) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    for (int i = 0; i < count; i++) specs[i] = s->measures[i].spec;
    pl_program_spec spec = {.inputs = s->inputs,
                            .input_count = s->input_count,
                            .measures = specs,
                            .measure_count = count,
                            .outputs = outputs,
                            .output_count = output_count,
                            .final_time = s->run_to,
                            .act_from = s->run_from,
                            .one_case = one_case};
    pl_status status = pl_program_compile(s->model, &spec, program, error);
    pl_release(specs);
    return status;
}

pl_status pl_situation_compile(const pl_situation *s, bool measures, const pl_output *outputs, int output_count,
                               pl_program **program, pl_error *error) {
    return pl_situation_compile_for(s, false, measures, outputs, output_count, program, error);
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

pl_status pl_profile_changes(const pl_situation *s, const pl_program *p, long profile, pl_lever_change **changes,
                             int *count) {
    size_t room = 1;
    for (int a = 0; a < s->actor_count; a++)
        for (int i = 0; i < course_of(s, profile, a)->setting_count; i++)
            room += (size_t)course_of(s, profile, a)->settings[i].count;
    *count = 0;
    if (!(*changes = pl_allocate(room * sizeof **changes))) return PL_MEMORY;
    for (int a = 0; a < s->actor_count; a++)
        for (int i = 0; i < course_of(s, profile, a)->setting_count; i++) {
            const pl_setting *setting = &course_of(s, profile, a)->settings[i];
            for (int k = 0; k < setting->count; k++) {
                int step = change_step(p, setting, k);
                if (step < 0 || step > pl_program_steps(p)) continue;
                (*changes)[(*count)++] = (pl_lever_change){step, setting->input, setting->values[k].value};
            }
        }
    return PL_OK;
}

pl_status pl_profile_track(const pl_situation *s, const pl_program *p, const pl_track *history, long profile,
                           pl_track **track) {
    pl_lever_change *changes;
    int count, act = pl_program_act_step(p);
    pl_status status = pl_profile_changes(s, p, profile, &changes, &count);
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
    pl_sha256(text, (size_t)length, out);
}

/* Whether the futures can be drawn by the design. */
static pl_status check_design(const pl_situation *s, pl_status mistake, pl_error *error) {
    char why[300];
    pl_design design = pl_design_of(s);
    if (!pl_design_takes(design.kind, design.dimensions, s->futures, why, sizeof why))
        return pl_error_set(error, mistake, mistake == PL_USAGE ? NULL : s->file, 0, 0, "%s", why);
    if (design.copula && pl_design_basis_of(s->design) == PL_BASIS_NONE)
        return pl_error_set(error, mistake, s->file, 0, 0, "the design '%s' takes no correlations", s->design);
    return PL_OK;
}

pl_status pl_situation_override(pl_situation *s, const pl_explore_options *options, pl_error *error) {
    char list[300];
    if (!options) return check_design(s, PL_INVALID, error);
    if (options->futures < 0 || options->futures > PL_MOST_FUTURES)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "the number of futures must be from 1 to %d", PL_MOST_FUTURES);
    int kind = options->design ? pl_design_named(options->design) : PL_DESIGN_RANDOM;
    if (kind < 0)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "the design '%.40s' is not known: %s", options->design,
                            pl_design_list(list, sizeof list));
    if (options->futures) s->futures = options->futures;
    if (options->seed_given) s->seed = options->seed;
    if (options->design) s->design = pl_design_name((pl_design_kind)kind);
    return check_design(s, options->futures || options->design ? PL_USAGE : PL_INVALID, error);
}
