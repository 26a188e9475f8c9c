/* Staged play's runs: at each of some times the actors choose courses again, and every sequence of profiles is run.
 *
 * A course is what it would be had it been played from run.from on: when an actor changes to it, each of the actor's
 * levers takes the value that the new course has in force at that time (the model's own where it has none), and the
 * course's later changes follow. A course's rules (`when`) begin anew. Before the first time the base is played.
 *
 * The tree is run depth first: the state of a block of futures is copied at each node and every profile goes on from
 * the copy with a track of its own, so that what sequences have in common is run once. A future's numbers are the same
 * bits as those of an exploration with these values of the levers. */
#ifndef PL_STAGES_H
#define PL_STAGES_H
#include "ensemble/situation.h"

enum { PL_MOST_STAGES = 12 };

typedef struct pl_stages {
    const pl_situation *s;
    int count;                     /* times at which actors choose */
    double at[PL_MOST_STAGES];
    const pl_choice_set *courses;  /* [actor] those that take part */
    long profiles;                 /* combinations of these, the last actor fastest */
    long leaves;                   /* sequences: profiles ^ count, the first time's profile slowest */
    double segments;               /* pieces of run: profiles + ... + profiles ^ count; exact below 2^53 */
} pl_stages;

/* Whether a situation's `play` has times for staged play, which lie within its run: before anything is run. PL_INVALID,
 * PL_MEMORY, and what compiling returns. */
pl_status pl_stages_check(const pl_situation *s, pl_error *error);
/* The stages of a situation's `play`. leaves is 0 where they are more than memory has addresses for. PL_INVALID: no
 * times, or times outside the run; more are found by pl_stages_run. */
pl_status pl_stages_make(const pl_situation *s, const pl_choice_set *courses, pl_stages *stages, pl_error *error);
/* The course that an actor plays in a profile of those that take part: its index among the situation's. */
int pl_stages_course(const pl_stages *stages, long profile, int actor);

/* Runs all: payoffs[leaf][actor][future], NaN where one is missing. From options: threads, lanes and progress (counted
 * in segments of one future). PL_INTERRUPTED, PL_INVALID, PL_MEMORY, and what compiling returns. */
pl_status pl_stages_run(const pl_stages *stages, const pl_explore_options *options, double *payoffs, pl_error *error);
#endif
