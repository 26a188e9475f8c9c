/* Small dense linear systems, row after row in one block of memory. */
#ifndef PL_MATRIX_H
#define PL_MATRIX_H
#include <stdbool.h>

/* Factors a[n][n] in place into L and U with partial pivoting; pivot[n] takes the order of rows. Returns the sign of
 * the determinant: 0 where the matrix is singular to rounding. */
int pl_matrix_factor(double *a, int *pivot, int n);
/* Solves with what pl_matrix_factor left; b[n] becomes the solution. */
void pl_matrix_solve(const double *a, const int *pivot, int n, double *b);
/* The inverse of a[n][n] into out[n][n]; a is overwritten. false: singular to rounding. */
bool pl_matrix_invert(double *a, int *pivot, int n, double *out);
/* How many rows of a[rows][columns] are independent, by elimination with full pivoting, where numbers below tolerance
 * times the largest count as 0. a is overwritten. */
int pl_matrix_rank(double *a, int rows, int columns, double tolerance);
#endif
