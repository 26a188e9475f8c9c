/* The search for robust policies inside: what the loop found, ready to be printed.  Objectives stand in their own
 * direction; intervals come from the re-evaluation on futures that the search has not seen. */
#ifndef PL_STUDY_SEARCH_H
#define PL_STUDY_SEARCH_H
#include "study/population.h"
#include "study/objectives.h"

/* One run of the search, of a seed of its own. */
typedef struct pl_search_run {
    int number;            /* from 0 */
    long evaluations;
    int restarts, archive, population; /* members at the end */
    int contributed;       /* policies of the result that are its */
    double probability[PL_OPERATOR_COUNT];
    long made[PL_OPERATOR_COUNT];
    int point_count;       /* hypervolume over evaluations */
    long *at;              /* [point_count] evaluations */
    double *hypervolume;   /* [point_count] NaN: too much to compute */
} pl_search_run;

typedef struct pl_found_policy {
    double *x, *values;    /* [variables] in [0, 1], and in their own units */
    double *searched;      /* [objectives] over the futures of the search */
    bool searched_feasible;
    pl_assessment checked; /* over the other futures */
    bool dominated;        /* by another policy, there */
    int seed;              /* the run that found it, from 0 */
    long evaluation;
} pl_found_policy;

/* A named profile over the same futures. */
typedef struct pl_compared_profile {
    long profile;
    const char *name;      /* NULL: the base, which has no name */
    pl_assessment checked;
    int dominators;        /* policies found that dominate it there */
} pl_compared_profile;

struct pl_policy_search {
    pl_arena arena;
    const pl_situation *s; /* not owned */
    const pl_search *search;
    uint64_t seed;
    long evaluations, futures, check_futures; /* of a run */
    bool varies;           /* futures differ */
    bool independent;      /* the check's futures are others than the search's */
    bool interrupted;      /* before it was over; what was found until then is here */
    bool checked;          /* policies were evaluated again; else `checked` of all is NaN, and there are no profiles */
    double *epsilon;       /* [objectives] that the archive ended with */
    double *reference;     /* [objectives] in their own direction */
    double *ideal;         /* [objectives] the best that was found, over the futures of the search */
    bool feasible;         /* the archive holds what the constraints allow */
    pl_search_run *runs;
    int run_count;
    pl_found_policy *policies;
    int policy_count;
    pl_compared_profile *profiles;
    int profile_count;
    double hypervolume;    /* of the policies of all runs; NaN: too much to compute */
};
#endif
