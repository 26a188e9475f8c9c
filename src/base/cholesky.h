/* The Cholesky factor of a small symmetric matrix. Native only. */
#ifndef PL_CHOLESKY_H
#define PL_CHOLESKY_H
#include <stdbool.h>

/* Turns matrix[n][n], of which the lower half counts, into the lower factor L of L L' in the same half; what is above the
 * diagonal stays. false: it is not positive definite to rounding, and the matrix is spoilt. */
bool pl_cholesky_factor(double *matrix, int n);
#endif
