/* What pl_ensemble_weigh found: how the courses of each actor stand by the criteria, against a stated treatment of the
 * others, and what the profiles bring to each actor. */
#ifndef PL_WEIGH_H
#define PL_WEIGH_H
#include "study/against.h"
#include "study/bearing.h"
#include "study/criteria.h"
#include "study/pareto.h"
#include "study/ranking.h"
#include "study/risk.h"
#include "study/stochastic.h"
#include "study/table.h"

/* What a profile brings an actor, against the base in the same future. */
typedef struct pl_gain {
    pl_spread difference;    /* of the payoff */
    pl_interval wins, loses; /* the shares of futures with more and with less than under the base */
} pl_gain;

/* How the courses stand under one treatment of the others. */
typedef struct pl_treatment {
    pl_others_kind kind;
    pl_interval *mean;   /* [course] of the payoff */
    pl_interval *regret; /* [course] mean over the futures of what the best course there gives more */
    int best;
} pl_treatment;

typedef struct pl_weighed {
    int actor;
    pl_against against;
    pl_outcomes outcomes;    /* options are the courses */
    pl_scores scores;
    /* where the best course by Hurwicz's rule changes, alpha from 0 (the best future counts) to 1 */
    pl_switches alphas;
    pl_pair *pairs;          /* [course x courses + other] */
    pl_ranking ranking;
    pl_front front;          /* of the courses, in the means of the measures that the actor wants */
    pl_front profiles;       /* of all profiles */
    pl_interval *risks;      /* [risk][course] the share of futures in which each happens */
    pl_treatment *treatments; /* [treatment_count] */
    int treatment_count;
    double *regret;          /* [profile] mean over the futures of what another course would have given more */
    pl_outcomes row_outcomes; /* options are the rows: regret is against the actor's other courses */
    pl_scores row_scores;
    pl_gain *gains;          /* [row] */
} pl_weighed;

struct pl_weighing {
    pl_arena arena;
    const pl_ensemble *ensemble; /* not owned: the weighing ends before it */
    pl_play *play;               /* the game, its sample and equilibria */
    pl_comparison *comparison;   /* whose rows are the profiles that are listed */
    const char *against;         /* the treatment of the others, as asked for */
    const char *where;           /* the condition that satisfices; NULL: a payoff no lower than the base's */
    double alpha;
    int replicates;              /* 0: one future, or one unit of the design */
    pl_weighed *actors;
    int actor_count;
    pl_risk_share *risks;        /* [risk][row] */
    pl_burdens burdens;
};
#endif
