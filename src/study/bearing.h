/* Who bears what: for each measure that falls on a group, how a profile differs from the base in the same futures, and
 * in what share of them the group is worse off. */
#ifndef PL_BEARING_H
#define PL_BEARING_H
#include "study/table.h"

typedef struct pl_burden {
    int group, measure, sign; /* -1: more of the measure is worse for the group */
    /* [row of the comparison] the share of futures in which the group is worse off than in the base */
    pl_interval *worse;
    pl_interval *better;      /* [row] the same for better; in the rest it is the same */
} pl_burden;

typedef struct pl_burdens {
    pl_burden *items; /* group by group */
    int count;
} pl_burdens;

/* The differences themselves are the comparison's cells. Leaves by the arena's out_of_memory. */
void pl_burdens_make(pl_burdens *burdens, pl_arena *arena, const pl_comparison *comparison);
#endif
