/* Candidates of a search, and the epsilon-box archive that keeps the best of them (Laumanns et al., Evol. Comput.
 * 10:263, 2002).  Variables lie in [0, 1]; objectives are minimised. */
#ifndef PL_ARCHIVE_H
#define PL_ARCHIVE_H
#include <stdbool.h>

#include "parley.h"

/* How many variables and objectives the candidates of a search have. */
typedef struct pl_extent {
    int variables, objectives;
} pl_extent;

typedef struct pl_candidate {
    double *x;        /* [variables] */
    double *f;        /* [objectives], finite */
    double violation; /* of the constraints; 0: feasible */
    int maker;        /* the operator that made it; -1: none */
    int seed;         /* of which run of the search, from 0 */
    long evaluation;  /* its number in that run */
} pl_candidate;

/* Room for `count` candidates with their numbers behind them; pl_release frees all. NULL: out of memory. */
pl_candidate *pl_candidate_list(pl_extent extent, long count);
void pl_candidate_copy(pl_extent extent, pl_candidate *to, const pl_candidate *from);
/* Which of two is better: less than 0 the first, above 0 the second, 0 neither. What breaks the constraints less comes
 * first (Deb, Comput. Methods Appl. Mech. Eng. 186:311, 2000), then dominance. */
int pl_candidate_compare(pl_extent extent, const pl_candidate *a, const pl_candidate *b);

/* The archive: no member's epsilon-box is dominated by another's, one member a box. While no candidate is feasible it
 * holds the one that breaks the constraints least. */
typedef struct pl_archive {
    pl_extent extent;
    double *epsilon;       /* [objectives] */
    pl_candidate *members; /* [count] */
    int count, room;
    long improvements;     /* boxes that were new: epsilon-progress (Hadka and Reed, Evol. Comput. 21:231, 2013) */
} pl_archive;

/* epsilon is copied. PL_MEMORY. */
pl_status pl_archive_new(pl_extent extent, const double *epsilon, pl_archive *archive);
void pl_archive_free(pl_archive *archive);
/* Offers a candidate, which is copied where it is taken. PL_MEMORY. */
pl_status pl_archive_offer(pl_archive *archive, const pl_candidate *candidate, bool *taken);
/* Makes every box twice as wide in each objective, so that fewer members are left. PL_MEMORY. */
pl_status pl_archive_widen(pl_archive *archive);
#endif
