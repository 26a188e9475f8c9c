/* How good policies are over a set of futures: the objectives of `search` and what breaks its constraints, for the
 * candidates of an evolution, and with intervals for those that are reported. */
#ifndef PL_OBJECTIVES_H
#define PL_OBJECTIVES_H
#include "ensemble/policies.h"
#include "study/archive.h"

typedef struct pl_objectives pl_objectives;
typedef struct pl_objectives_options {
    pl_design design;     /* of the futures */
    long first, futures;
    long expected;        /* candidates at a time, about */
    int threads;
    /* As of pl_explore_options; done and all are counted by the caller, who gets the runs made since the last call. */
    int (*progress)(void *context, long runs);
    void *context;
} pl_objectives_options;

/* The situation has a search, and outlives them. What compiling may return; PL_INVALID where a condition cannot be
 * judged in a search. */
pl_status pl_objectives_new(const pl_situation *situation, const pl_objectives_options *options,
                            pl_objectives **objectives, pl_error *error);
void pl_objectives_free(pl_objectives *objectives);
/* Whether futures differ in anything. */
bool pl_objectives_vary(const pl_objectives *objectives);

/* The value of a variable of a search where a candidate's is x in [0, 1]. */
double pl_search_value(const pl_search_variable *variable, double x);

/* Fills in f (what is to be as high as possible turned over) and violation of candidates[count]. A run that gives no
 * number breaks the constraints more than anything else. */
pl_status pl_objectives_evaluate(pl_objectives *objectives, pl_candidate *const *candidates, long count,
                                 pl_error *error);

/* What came of a policy. The arrays are the caller's. */
typedef struct pl_assessment {
    pl_interval *objectives;  /* [objectives] in their own direction; no interval for a worst or a best */
    pl_interval *constraints; /* [constraints] the share of the futures in which each holds */
    long missing;             /* futures in which a measure is missing */
    bool feasible;            /* no constraint is broken, nothing is missing */
} pl_assessment;
/* Of policies x[count][variables] in [0, 1], and of combinations of courses without one. */
pl_status pl_objectives_assess(pl_objectives *objectives, const double *const *x, long count,
                               pl_assessment *assessments, pl_error *error);
pl_status pl_objectives_assess_profiles(pl_objectives *objectives, const long *profiles, long count,
                                        pl_assessment *assessments, pl_error *error);
#endif
