/* The normal form of a part of a tree: a strategy names an action at each set of a player; the reduced form (with
 * perfect recall) only at those that its own earlier actions lead to. */
#ifndef PL_STRATEGIC_H
#define PL_STRATEGIC_H
#include "study/part.h"

enum { PL_MOST_PROFILES = 200000 };
/* Operations that each solver of the normal form may spend where the caller does not say, for there may be many
 * parts. */
#define PL_STRATEGIC_BUDGET 300000000LL

typedef struct pl_strategies {
    int *count;   /* [player of the tree] */
    int *set_count; /* [player] of the part */
    int **sets;   /* [player][set] its index in the part */
    int **choice; /* [player][strategy][set] an action, -1 where the strategy does not lead */
} pl_strategies;

/* False: more profiles than `most`. The game is to be freed by pl_game_free. */
bool pl_strategic_form(pl_part *part, long most, pl_strategies *strategies, pl_game **game);
/* The whole tree's, for writing it: PL_UNSUPPORTED where it has more than PL_MOST_PROFILES profiles; PL_MEMORY. */
pl_status pl_tree_strategic(const pl_tree *tree, pl_game **game, pl_error *error);
#endif
