/* Exact linear programs and linear complementarity problems: tableaus of whole numbers over one common denominator
 * (Edmonds, Journal of Research of the NBS 71B:241, 1967; Bareiss, Mathematics of Computation 22:565, 1968), in which
 * every division has no rest.  Used by the sequence form. */
#ifndef PL_TABLEAU_H
#define PL_TABLEAU_H
#include "study/rational.h"

/* scale * basic[row] + sum over columns of cells[row][column] * cobasic[column] = cells[row][last column]. */
typedef struct pl_tableau {
    int rows, columns; /* the last column is the right-hand side */
    mpz_t *cells;      /* [row][column] */
    mpz_t *scale;      /* > 0 */
    int *basic, *cobasic; /* [row], [column] variables by number */
} pl_tableau;

void pl_tableau_start(pl_tableau *tableau, int rows, int columns, pl_arena *arena, pl_rationals *rationals);
static inline mpz_t *pl_tableau_cell(const pl_tableau *t, int row, int column) {
    return &t->cells[(size_t)row * (size_t)t->columns + (size_t)column];
}
/* Sets a row from rationals[column], scaled by the least number that makes them whole; the scale must be 1. */
void pl_tableau_set_row(pl_tableau *tableau, int row, mpq_t *const values);
/* The basic variable of a row and the cobasic one of a column change places. */
void pl_tableau_pivot(pl_tableau *tableau, int row, int column);

/* Maximizes c x where A x = b and x >= 0. */
typedef struct pl_linear_program {
    int rows, columns;
    mpq_t *a; /* [row][column] */
    mpq_t *b; /* [row] */
    mpq_t *c; /* [column]; NULL: any x will do */
} pl_linear_program;
typedef enum pl_program_end { PL_LP_OPTIMAL, PL_LP_INFEASIBLE, PL_LP_UNBOUNDED } pl_program_end;
/* x[column] is the solution where there is one (may be NULL). */
pl_program_end pl_linear_program_solve(const pl_linear_program *program, mpq_t *x, pl_arena *arena,
                                       pl_rationals *rationals);

/* Lemke's algorithm (Management Science 11:681, 1965) with the covering vector of ones and lexicographic ties: z >= 0
 * with w = M z + b >= 0 and z w = 0. m[row][column]. False: it ended on a ray. */
bool pl_lemke_solve(int size, mpq_t *const m, mpq_t *const b, mpq_t *z, pl_arena *arena, pl_rationals *rationals);
#endif
