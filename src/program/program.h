/* A compiled program and the machine that runs it.
 *
 * graph.c   lowers the resolved model to a graph of operations (single assignment, arrays kept whole)
 * plan.c    for one specification (what varies, what is asked for): folds, slices, classes, lays out registers,
 *           emits tapes; pl_program is the result and is immutable, so that threads share it
 * run.c     executes tapes over a block of lanes; integrators; measures
 * save.c    writes and reads a program as bytes
 *
 * Classes.  A value is uniform (the same in all lanes of a block: it depends on constants, levers and time only) or
 * per lane (it depends on an uncertainty or a noise draw).  Either is static (belongs to start and epoch) or dynamic
 * (changes from step to step).  All uniform values of a profile are computed once, one lane wide, and kept in a
 * pl_track: a pool of static values per epoch and a row of dynamic values per stage of each step.  Blocks of lanes
 * then read them with stride 0.
 *
 * Life of a case:   pl_track_history ... pl_track_branch      uniform values of the history, then of each profile
 *                   pl_block_start                            per-lane inputs -> initial state
 *                   pl_block_run(..., to step)                any number of times; epochs are honoured
 *                   memcpy of the slab                        forks the run
 *                   pl_block_measure                          the measures of all lanes
 * run.c, save.c, kernels and base's arena, hash and Philox also build for WebAssembly. */
#ifndef PL_PROGRAM_H
#define PL_PROGRAM_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parley.h"

struct pl_model;
struct pl_variable;
struct pl_expr;
typedef struct pl_program pl_program;
typedef struct pl_track pl_track;
typedef struct pl_block pl_block;

/* ---- what to compile ---------------------------------------------------------------------------------- */

typedef enum pl_input_class {
    PL_INPUT_LEVER,      /* the same in all lanes of a block; may change over time */
    PL_INPUT_UNCERTAINTY /* one value per lane, fixed over the run */
} pl_input_class;

typedef struct pl_input {
    struct pl_variable *variable; /* a constant of the model */
    int element;                  /* flat element; -1 = all of them, set to one number */
    pl_input_class input_class;
} pl_input;

/* Measures. X(id, name in the situation file, needs: 0 nothing, 1 a time, 2 a threshold, what it is) */
#define PL_TAKES(X)                                                                                     \
    X(FINAL, "final", 0, "the value at the end of the window")                                          \
    X(INITIAL, "initial", 0, "the value at the start of the window")                                    \
    X(AT, "at", 1, "the value at a time")                                                               \
    X(MEAN, "mean", 0, "the mean over the window's steps")                                              \
    X(SUM, "sum", 0, "the sum over the window's steps")                                                 \
    X(INTEGRAL, "integral", 0, "sum x TIME STEP without the last point")                                \
    X(MIN, "min", 0, "the smallest value in the window")                                                \
    X(MAX, "max", 0, "the largest value in the window")                                                 \
    X(CHANGE, "change", 0, "the last value minus the first")                                            \
    X(FIRST_ABOVE, "first", 2, "the first time at which the value is above the threshold")              \
    X(FIRST_BELOW, "first", 2, "the first time at which the value is below the threshold")

typedef enum pl_take {
#define X(id, name, needs, text) PL_TAKE_##id,
    PL_TAKES(X)
#undef X
        PL_TAKE_COUNT
} pl_take;

typedef struct pl_measure_spec {
    struct pl_variable *variable;
    int element; /* flat */
    pl_take take;
    double from, to;  /* window, both ends included (within dt/2); NaN = start, end of the run. AT: from is the time */
    double threshold; /* FIRST_* */
} pl_measure_spec;

/* A variable whose values the caller wants at saved times (run's columns, exact series). */
typedef struct pl_output {
    struct pl_variable *variable;
    int element; /* flat; -1 = all elements */
} pl_output;

/* A condition that is judged while the run goes on.  Once it has held while `armed` was not 0 the rule is met, from the
 * next step on, until `armed` is 0 again. */
typedef struct pl_rule {
    const struct pl_expr *condition; /* resolved, of one element; held where it is neither 0 nor a NaN */
    int armed;    /* an input, a LEVER */
    double every; /* judged at act_from + k x every, each at the first step with time >= that - dt/2; 0: at every step */
} pl_rule;

/* Another value of a lever, while `armed` is not 0 and the rule (where there is one) is met. Of several the last
 * counts. Initial values see one without a rule. */
typedef struct pl_override {
    int lever, armed; /* inputs */
    int rule;         /* -1: none */
    int value;        /* the input that holds the value, or -1: number */
    double number;
} pl_override;

typedef struct pl_program_spec {
    const pl_input *inputs;
    int input_count;
    const pl_rule *rules;
    int rule_count;
    const pl_override *overrides;
    int override_count;
    const pl_measure_spec *measures;
    int measure_count;
    const pl_output *outputs;
    int output_count;
    double final_time;   /* in place of the model's FINAL TIME, in its equations too; NaN: its own */
    double save_every;   /* in place of the model's SAVEPER; 0: its own */
    double act_from;     /* run.from: time at which levers may change first; NaN: INITIAL TIME */
    bool scout;          /* made by schedule.c: finds out when the steps are */
    bool one_case;       /* for a single run: what changes over time is per lane, so that no rows are kept */
    const double *values; /* the inputs' values in place of the model's for uniform, fixed inputs (run --set): NULL or [input_count]; NaN = the model's */
} pl_program_spec;

/* Compiles a resolved model. The program keeps nothing of the model. Errors name the variable, its line, and cycles
 * in full. PL_INVALID, PL_UNSUPPORTED, PL_MEMORY. */
pl_status pl_program_compile(const struct pl_model *model, const pl_program_spec *spec, pl_program **program,
                             pl_error *error);
void pl_program_free(pl_program *program);

/* ---- facts about a program ---------------------------------------------------------------------------- */

double pl_program_initial_time(const pl_program *p);
double pl_program_time_step(const pl_program *p);
int pl_program_steps(const pl_program *p);     /* steps from INITIAL TIME to FINAL TIME; time of step n = initial + n x dt */
double pl_program_final_time(const pl_program *p); /* of the last step */
double pl_program_time(const pl_program *p, int step);
int pl_program_rows(const pl_program *p);      /* steps that are saved (SAVEPER) */
/* The number of the last saved step up to a step, from 0; *saved: whether it is that step itself. */
int pl_program_row(const pl_program *p, int step, bool *saved);
int pl_program_act_step(const pl_program *p);  /* first step at which a lever acts (run.from) */
int pl_program_input_count(const pl_program *p);
double pl_program_input_value(const pl_program *p, int input); /* the model's own value */
int pl_program_measure_count(const pl_program *p);
int pl_program_output_count(const pl_program *p); /* elements, in the order asked for */
bool pl_program_draws(const pl_program *p);      /* whether anything is drawn within a run */
/* The block size from the number of live values and the cache: a multiple of 16, at most PL_BEST_LANES. */
enum { PL_BEST_LANES = 256 };
int pl_program_best_lanes(const pl_program *p);
size_t pl_program_slab_size(const pl_program *p, int lanes); /* bytes of state per block: what a fork copies */

/* ---- uniform values: tracks --------------------------------------------------------------------------- */

/* New values of levers from a step on. */
typedef struct pl_lever_change {
    int step;     /* the first step at which it is in force: time >= t - dt/2 */
    int input;    /* index into the specification's inputs; a LEVER */
    double value;
} pl_lever_change;

/* The uniform values from step 0 to the end with levers at the model's values and `changes` (any order; those at the
 * same step form one epoch). Changes at step 0 are seen by initial values. */
pl_status pl_track_new(const pl_program *p, const pl_lever_change *changes, int change_count, pl_track **track);
/* The same, but everything before `step` is taken from `base` (shared, which must outlive it), and the changes act
 * from `step` on at the earliest. A fork of the uniform part: blocks that use it stand at `step` or later. */
pl_status pl_track_branch(const pl_program *p, const pl_track *base, int step, const pl_lever_change *changes,
                          int change_count, pl_track **track);
/* The same up to a step, for blocks that run no further with it; base may be NULL: from the start. A branch of it from
 * that very step goes on from its state and costs no more than the steps that it adds. */
pl_status pl_track_branch_to(const pl_program *p, const pl_track *base, int step, const pl_lever_change *changes,
                             int change_count, int to, pl_track **track);
void pl_track_free(pl_track *track);

/* ---- blocks of lanes ----------------------------------------------------------------------------------- */

/* A block: lanes cases that run together, all of one profile. Owned by one thread. lanes is a multiple of 16
 * (1 is allowed too, for a single run). */
pl_status pl_block_new(const pl_program *p, int lanes, pl_block **block);
void pl_block_free(pl_block *block);
int pl_block_lanes(const pl_block *block);
/* The state: pl_program_slab_size bytes without pointers. Copy it (with the step) to fork or to resume. */
void *pl_block_slab(pl_block *block);
int pl_block_step(const pl_block *block);
void pl_block_set_step(pl_block *block, int step);

/* Starts `used` lanes (the rest are copies of the last) at step 0. values[input * stride + lane] holds the UNCERTAINTY
 * inputs (rows of LEVERs are not read); futures[lane] and seed address the noise. */
void pl_block_start(pl_block *block, const pl_track *track, const double *values, size_t stride,
                    const uint64_t *futures, uint64_t seed, int used);
/* Takes up a state that another block of the same program and lanes had at a step: its slab is copied in already. */
void pl_block_resume(pl_block *block, int step, uint64_t seed, int used);
/* Gives an UNCERTAINTY input other values in mid-run, values[lane] for each lane in use; what depends on it is made
 * again with the next step. Initial values have seen the old ones. */
void pl_block_set_input(pl_block *block, int input, const double *values);
/* Called at each saved time (pl_program_row) with the outputs of all lanes:
 * row[output * lanes + lane]. time is exact: initial + n x dt. */
typedef void pl_save(void *context, int step, double time, const double *row);
/* Runs to a step (exclusive of nothing: afterwards pl_block_step == to). At to == pl_program_steps the last point is
 * evaluated too, so measures are complete. save may be NULL. */
void pl_block_run(pl_block *block, const pl_track *track, int to, pl_save *save, void *context);
/* The measures at the end: out[measure * stride + lane]. A missing value (failed run, :NA:, first never met) is the
 * canonical NaN. failed[lane] (may be NULL) is set to 1 where a stock or a measured variable was not finite. */
void pl_block_measure(pl_block *block, double *out, size_t stride, unsigned char *failed);
/* Why a lane failed: the first variable (name with element) and time that was not finite; run the case alone to
 * know. Returns 0 where it did not fail. */
int pl_block_failure(const pl_block *block, int lane, const char **variable, double *time);

/* ---- timing -------------------------------------------------------------------------------------------- */

enum { PL_TIMED_PHASES = 4 }; /* as tape.h has them */

/* Ticks of a clock, added up while a block runs: of each instruction of its tapes, and of what is none. */
typedef struct pl_times {
    uint64_t (*clock)(void);
    uint64_t *ticks[PL_TIMED_PHASES], passes[PL_TIMED_PHASES]; /* passes: how often the tape was run */
    uint64_t measures, saving, integration; /* integration: without the stages in it */
} pl_times;

/* From now on the block runs its instructions one by one, in no sweeps, and adds up their times. `times` and its arrays
 * are the caller's, and outlive the block. PL_MEMORY. */
pl_status pl_block_time(pl_block *block, pl_times *times);
/* timing.c: times blocks of these cases until some tenths of a second are over; arguments as for pl_block_start. */
pl_status pl_timing_new(const pl_program *p, const struct pl_model *model, const pl_track *track, const double *values,
                        int lanes, uint64_t seed, pl_timing **timing);

/* ---- saving -------------------------------------------------------------------------------------------- */

/* The program as bytes (versioned, little-endian): *size bytes in a buffer that pl_release frees. */
pl_status pl_program_save(const pl_program *p, unsigned char **bytes, size_t *size);
/* Reads one; everything is bounds-checked. PL_INVALID where it is not a program of this version. */
pl_status pl_program_load(const unsigned char *bytes, size_t size, pl_program **program);
#endif
