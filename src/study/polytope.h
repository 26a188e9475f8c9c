/* Vertices of a polytope {z : z >= 0, M z <= 1} with M > 0, all of them, exactly.
 *
 * Variables 0 .. columns-1 are the z, columns .. columns+rows-1 the slacks of the rows. A vertex is known by its tight
 * set: the variables that are 0 there, as bits. Best-response polytopes of two-player games are of this form (von
 * Stengel, Handbook of Game Theory 3, ch. 45, 2002). */
#ifndef PL_POLYTOPE_H
#define PL_POLYTOPE_H
#include <stdint.h>

#include "base/arena.h"
#include "study/rational.h"

enum { PL_POLYTOPE_MOST = 64 }; /* rows + columns */

typedef struct pl_polytope {
    int rows, columns;
    mpz_t *integers; /* [rows][columns] positive: M, times unit */
    mpz_t *unit;     /* the right-hand side that goes with them */
    double *matrix;  /* [rows][columns] integers / unit, each within a few units of the last place; in [1, 2] */
} pl_polytope;

typedef struct pl_vertex {
    uint64_t tight;    /* all variables that are 0 */
    uint64_t cobasis;  /* columns many of them that determine it */
} pl_vertex;

typedef struct pl_vertices {
    pl_vertex *vertex; /* each once, sorted by tight; the origin is left out */
    int count;
    bool complete;     /* false where *left ran out */
    long bases, exact; /* bases visited; those of them that needed exact arithmetic */
} pl_vertices;

/* What a search needs of memory; it lies in the arena, as all results do. The polytope must stay. */
typedef struct pl_polytope_search pl_polytope_search;
pl_polytope_search *pl_polytope_begin(const pl_polytope *polytope, pl_rationals *owner, pl_arena *arena);
/* Once for each search. Spends operations from *left: those of one limb of GMP where numbers are long. */
pl_vertices pl_polytope_vertices(pl_polytope_search *search, long long *left);
/* The point of a cobasis: z[columns]. */
void pl_polytope_point(pl_polytope_search *search, uint64_t cobasis, mpq_t *z);
#endif
