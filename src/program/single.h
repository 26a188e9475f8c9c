/* One run with all variables saved: what `run` of a model and of a situation share. */
#ifndef PL_SINGLE_H
#define PL_SINGLE_H
#include "program/program.h"

typedef struct pl_single {
    const pl_input *inputs; /* [input_count] all of them levers */
    int input_count;
    const pl_rule *rules;
    int rule_count;
    const pl_override *overrides;
    int override_count;
    const double *values;   /* [input_count] as in pl_program_spec */
    double final_time, act_from;
    /* Makes the track; NULL: nothing changes over time. */
    pl_status (*track)(void *context, const pl_program *program, pl_track **track);
    void *context;
    uint64_t seed;
} pl_single;

/* Compiles and runs. PL_RUN_FAILED gives the series, too. */
pl_status pl_single_run(const struct pl_model *model, const pl_single *single, pl_series **series, pl_error *error);
/* Finds the constants that are set: inputs and values have room for count. */
pl_status pl_single_bind(const struct pl_model *model, const pl_set *sets, int count, pl_input *inputs, double *values,
                         pl_error *error);
#endif
