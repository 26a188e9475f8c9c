/* Variations: profiles with some constants at other numbers, over the same futures as the ensemble.  What asks "what if
 * this one thing were different" (claims, the places that `check` moves) takes its runs from here.
 *
 * A lever is set from run.from on, as a course would; an uncertainty, and any other constant, for the whole run. */
#ifndef PL_VARIATION_H
#define PL_VARIATION_H
#include "ensemble/situation.h"

typedef struct pl_variation_set {
    int input; /* of the situation's inputs, or input_count + an extra one */
    double value;
} pl_variation_set;

typedef struct pl_variation {
    long profile;                 /* a combination of courses */
    const pl_variation_set *sets; /* [set_count]; they act after the courses' own settings of the same time, in place of what the
                                   * course draws, and before its rules */
    int set_count;
} pl_variation;

/* A situation compiled for variations. */
typedef struct pl_variations pl_variations;

/* extra[extra_count]: constants besides the situation's inputs (their class is not looked at). threads 0: as many as
 * there are processors. The situation outlives it. What compiling may return. */
pl_status pl_variations_new(const pl_situation *situation, const pl_input *extra, int extra_count, int threads,
                            pl_variations **variations, pl_error *error);
void pl_variations_free(pl_variations *variations);

/* Runs each variation in the first `futures` futures of the situation's design: values[(variation x measure_count +
 * measure) x futures + future], NaN where missing. PL_MEMORY, or PL_INTERRUPTED where `progress` (may be NULL; called
 * from one thread with runs done and in all) returns non-zero. */
pl_status pl_variations_run(pl_variations *variations, const pl_variation *list, long count, long futures,
                            double *values, int (*progress)(void *context, long done, long all), void *context,
                            pl_error *error);
/* A constant's own value in the model (of an element where the input is one). */
double pl_variations_own(const pl_variations *variations, int input);
#endif
