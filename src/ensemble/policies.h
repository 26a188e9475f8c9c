/* Policies: many candidates for the values that `search` leaves open, each over the same futures.  A lane is a
 * candidate in a future, so that a whole population is one ensemble; up to run.from all candidates are one history,
 * made once. */
#ifndef PL_POLICIES_H
#define PL_POLICIES_H
#include "ensemble/design.h"
#include "ensemble/search.h"

typedef struct pl_policies pl_policies;
typedef struct pl_policies_options {
    const int *measures;  /* [measure_count] the situation's measures that are taken */
    int measure_count;
    pl_design design;     /* of the futures; it must outlive the policies */
    long first, futures;  /* which of its futures */
    long expected;        /* how many candidates come at a time, about: sets the size of blocks, changes no value */
    int threads;          /* 0: as many as there are processors */
} pl_policies_options;

/* Compiles a situation that has a search. It outlives the policies. What compiling may return. */
pl_status pl_policies_new(const pl_situation *situation, const pl_policies_options *options, pl_policies **policies,
                          pl_error *error);
void pl_policies_free(pl_policies *policies);

/* Runs candidates, values[candidate x variables + variable] in their own units:
 * taken[(candidate x measure_count + measure) x futures + future], NaN where missing. PL_MEMORY. */
pl_status pl_policies_run(pl_policies *policies, const double *values, long count, double *taken,
                          pl_error *error);
/* The same of combinations of courses without the policy. */
pl_status pl_policies_run_profiles(pl_policies *policies, const long *profiles, long count, double *taken,
                                   pl_error *error);
/* Whether futures differ in anything: in an uncertainty, or by draws within runs. */
bool pl_policies_vary(const pl_policies *policies);
#endif
