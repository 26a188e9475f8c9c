/* Designs: which futures are drawn.  A draw is addressed by seed, name and future, so that any case can be made alone
 * and an uncertainty more or less changes no other draw. */
#ifndef PL_DESIGN_H
#define PL_DESIGN_H
#include "ensemble/situation.h"

typedef struct pl_design {
    bool latin; /* Latin hypercubes of 10 independent replicates, else independent draws */
    uint64_t seed;
    long futures;
} pl_design;

/* The situation's design; names that pl_situation_read accepts. */
pl_design pl_design_of(const pl_situation *s);

/* The replicate of a future, from 0, its first future and its size: consecutive futures, sizes that differ by one at
 * most, the first ones longer. */
enum { PL_REPLICATES = 10 };
typedef struct pl_replicate {
    int number;
    long first, size;
} pl_replicate;
pl_replicate pl_design_replicate(long futures, long future);

/* The probability at which an uncertainty's quantile is taken in a future, in (0, 1). hash: of its name. */
double pl_design_probability(const pl_design *design, uint64_t hash, long future);
/* The value of an uncertainty in a future. */
double pl_design_draw(const pl_design *design, const pl_uncertainty *uncertainty, long future);
#endif
