/* From a situation to runs: its program, the levers of a profile as changes over steps, what determines its results.
 * profile.c and case.c make these, explore.c runs everything; the report and `run` take single profiles from here. */
#ifndef PL_EXPLORE_H
#define PL_EXPLORE_H
#include "ensemble/design.h"
#include "ensemble/part.h"
#include "ensemble/traces.h"

/* Compiles the situation's model with its inputs, run and (where wanted) measures, and the given outputs. */
pl_status pl_situation_compile(const pl_situation *s, bool measures, const pl_output *outputs, int output_count,
                               pl_program **program, pl_error *error);
typedef struct pl_compile_options {
    bool measures, one_case; /* one_case: everything is per lane, so that a block sees each stock that may fail */
    const pl_output *outputs;
    int output_count;
    double every;            /* the time between saved steps; 0: the model's SAVEPER */
} pl_compile_options;
pl_status pl_situation_compile_for(const pl_situation *s, const pl_compile_options *options, pl_program **program,
                                   pl_error *error);
/* The first step at which a change at a time is in force: time >= t - dt/2; at least 0. */
int pl_program_step_of(const pl_program *p, double time);
/* The lever changes of a combination of courses, of which there are *count; pl_release frees them. means: values that
 * are drawn are numbers, their means. PL_MEMORY. */
pl_status pl_profile_changes(const pl_situation *s, const pl_program *p, long profile, bool means,
                             pl_lever_change **changes, int *count);
/* The part of them that one course makes: a profile's changes are its courses' in the order of the actors. */
pl_status pl_course_changes(const pl_program *p, const pl_course *course, pl_lever_change **changes, int *count);
/* One run with the model's own constants.  Its inputs begin with `own` ones that are set; all levers of the situation
 * that they leave alone follow, with what the courses' rules need.  Values that courses draw are their means. */
typedef struct pl_alone {
    pl_input *inputs;      /* [input_count] */
    double *values;        /* [input_count]: NaN for levers, which start at the model's value */
    int *input_of;         /* [situation's input]: its place in inputs, or -1 */
    pl_rule *rules;        /* [situation's rules] */
    pl_override *overrides;
    int input_count, override_count;
} pl_alone;
/* Makes room for `own` inputs and their values. PL_MEMORY. pl_alone_free frees it in any state. */
pl_status pl_alone_make(const pl_situation *s, int own, pl_alone *alone);
/* Fills in the rest, once the first `own` inputs and values are there. */
void pl_alone_fill(const pl_situation *s, int own, pl_alone *alone);
/* The levers of a profile as changes of its inputs, those that stay alone; as pl_profile_changes. */
pl_status pl_alone_changes(const pl_situation *s, const pl_alone *alone, const pl_program *p, long profile,
                           pl_lever_change **changes, int *count);
void pl_alone_free(pl_alone *alone);
/* The uniform values of a profile: forked from the history where courses act later than the first step. history may be
 * NULL where they act at once; else it must outlive the track. */
pl_status pl_profile_track(const pl_situation *s, const pl_program *p, const pl_track *history, long profile,
                           pl_track **track);

/* The uncertain inputs of futures first .. first + count - 1: draws[input * stride + k]; rows of levers are left. */
void pl_futures_draw(const pl_situation *s, const pl_design *design, long first, int count, double *draws,
                     size_t stride);
/* An actor's payoff in futures first .. first + count - 1: the sum of weight x measure / per in the order of its wants,
 * NaN where a measure is missing. measures[measure * stride + k] of future first + k. */
void pl_actor_payoff(const pl_actor *actor, const pl_design *design, const double *measures, size_t stride, long first,
                     size_t count, double *payoff);
/* One case run alone: measures[measure], each NaN where it is missing; and whether it failed. Which variable was not
 * finite, and when, is known ("" where not) of a program compiled for one case. PL_MEMORY. */
typedef struct pl_outcome {
    unsigned char failed;
    char variable[128];
    double time;
} pl_outcome;
pl_status pl_case_run(const pl_situation *s, const pl_program *p, const pl_design *design, long profile, long future,
                      double *measures, pl_outcome *outcome);

/* SHA-256 of what determines the results: parley's version, situation, model, seed, futures, design, the file of
 * futures, the series that are kept. */
void pl_situation_hash(const pl_situation *s, const char *version, char out[65]);
/* SHA-256 of what futures are fitted to: the situation's text, but for how many futures it asks for or which file of
 * them it names, and the model with its files. */
void pl_situation_source(const pl_situation *s, char out[65]);
/* Whether the situation's given futures say of themselves that they were fitted to another source than this; then the
 * warning is filled (given.c). */
bool pl_given_is_outdated(const pl_situation *s, pl_error *warning);
/* Puts the options in the place of the situation's own futures, seed and design; its texts must live as long as the
 * situation is used. PL_USAGE where they make no sense. */
pl_status pl_situation_override(pl_situation *s, const pl_explore_options *options, pl_error *error);

/* Failed cases: how many, and the first of them, profile by profile; how many cases, and kept series, were never
 * run. */
typedef struct pl_failures {
    long count, profile, future, missing, missing_series;
} pl_failures;
/* Writes FILE.nc from .part files of one exploration; records that none of them has are missing in it (results.c).
 * traces: the series that the parts keep, with their times; NULL: none. */
pl_status pl_results_write(const pl_situation *s, const pl_traces *traces, pl_part *const *parts, int part_count,
                           const char *path, pl_failures *failures, pl_error *error);
/* The hash in a results file; PL_FILE or PL_INVALID where there is none, or where cases are missing (ensemble.c). */
pl_status pl_results_hash(const char *path, char out[65], pl_error *error);
/* How many cases of a results file failed. */
pl_status pl_results_failures(const char *path, long *failed, pl_error *error);
#endif
