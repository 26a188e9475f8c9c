/* How a cause can act on an effect through a model: along simple paths of its links, whose signs multiply.  Where every
 * path has the same sign, the sign of the effect follows from the model's form and from the signs of its ranges: it is
 * assumed, and no run can contradict it. */
#ifndef PL_INFLUENCE_H
#define PL_INFLUENCE_H
#include "ensemble/situation.h"
#include "model/structure.h"

/* The links of a situation's model, with signs that hold for all values of levers and uncertainties. */
pl_status pl_situation_structure(const pl_situation *situation, pl_structure **structure, pl_error *error);

typedef struct pl_root { /* a variable that is changed, and the way */
    int variable;
    pl_sign sign; /* UNKNOWN: both ways */
} pl_root;

typedef struct pl_influence {
    bool positive, negative; /* a path of that sign was found */
    bool certain;            /* all paths were looked at, or one of either sign was found */
    int *path, length;       /* the shortest path, from cause to effect; length 0: there is none */
    bool *between;           /* [variable] it can be reached from the cause, and the effect from it */
} pl_influence;

/* Looks at the simple paths from the roots to an effect; links that only count for initial values where `initial`.
 * Memory is the arena's, whose out_of_memory leaves. The work is bounded. */
void pl_influence_find(pl_arena *arena, const pl_structure *structure, const pl_root *roots, int root_count, int effect,
                       bool initial, pl_influence *influence);
#endif
