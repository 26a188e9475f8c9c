/* What the sources of a situation recommend, each followed from the base on over the same futures, and ranked by what
 * it brings each actor.  A recommendation is a claim of the kind "recommendation"; where it names courses, profiles,
 * levers or uncertainties it is something to do, and where it names measures or risks only, it is a yardstick for the
 * others. */
#ifndef PL_RECOMMENDATION_H
#define PL_RECOMMENDATION_H
#include "ensemble/claims.h"

typedef struct pl_recommended { /* for one actor */
    pl_spread difference;    /* of the payoff from the base in the same future */
    pl_interval wins, loses; /* the shares of futures with more and with less */
    int rank;                /* among the recommendations to do, by the median difference, from 1 */
} pl_recommended;

typedef struct pl_recommendation {
    const pl_claim *claim;
    int variation;           /* of the runs; -1: it is a yardstick, or nothing that can be done */
    pl_recommended *actors;  /* [actor] */
    pl_interval *measures;   /* [yardstick measure] the median difference from the base, with its interval */
    pl_interval *risks;      /* [yardstick risk] the share of futures in which it happens */
} pl_recommendation;

struct pl_recommendations {
    pl_arena arena;
    pl_situation *situation; /* owned */
    pl_claims *claims;       /* owned */
    pl_recommendation *items;
    int count, done_count;   /* recommendations; those that can be done */
    int *measures, measure_count; /* the yardsticks */
    int *risks, risk_count;
    pl_interval *base_risks; /* [yardstick risk] under the base */
    long futures;
};
#endif
