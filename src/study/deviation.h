/* Who would leave a profile, and why: for each course that an actor could change to, what it gains and which of the
 * measures that it wants make the gain. Differences are paired: the same futures with and without the change. */
#ifndef PL_DEVIATION_H
#define PL_DEVIATION_H
#include "ensemble/ensemble.h"
#include "study/resample.h"

typedef struct pl_deviation {
    int actor, course;
    long profile;      /* that it leads to */
    pl_interval gain;  /* of the actor's payoff */
    pl_interval *part; /* [want of the actor] weight x difference of the measure / per; the parts add up to the gain */
} pl_deviation;

typedef struct pl_deviations {
    long profile;
    pl_deviation *items; /* actor by actor, the largest gain first */
    int count;
} pl_deviations;

/* The profile of a name: a named profile's, or "base". PL_USAGE, with the names there are. */
pl_status pl_profile_find(const pl_ensemble *ensemble, const char *name, long *profile, pl_error *error);
pl_status pl_profile_find_in(const pl_situation *situation, const char *name, long *profile, pl_error *error);
void pl_deviations_make(pl_deviations *deviations, pl_arena *arena, const pl_ensemble *ensemble, const pl_sample *sample,
                        long profile);
#endif
