/* Least squares by Householder's QR (Golub and Van Loan, Matrix Computations, 5.3), for several responses at once. */
#ifndef PL_LEAST_SQUARES_H
#define PL_LEAST_SQUARES_H
#include "parley.h"

/* What a fit found; the caller gives the arrays. A column that is a combination of those before it (to 1e-9 of its
 * length) is left out: its numbers are NaN. */
typedef struct pl_least_squares {
    int columns, responses;
    double *coefficient; /* [response][column] */
    double *scale;       /* [column] the square root of its place on the diagonal of the inverse of X'X; NULL: not asked */
    double *residual;    /* [response] sum of squares */
    int rank;            /* columns that were used */
} pl_least_squares;

/* Fits y[response][row] by x[column][row], both overwritten; a constant term is a column of ones, or the caller centres
 * both. A residual's degrees of freedom are rows - rank. PL_MEMORY. */
pl_status pl_least_squares_fit(double *x, double *y, long rows, pl_least_squares *fit);

/* The sum of products, in a fixed order. */
double pl_dot(const double *a, const double *b, long count);
/* Subtracts the mean of values, and returns the sum of squares that is left. */
double pl_centre(double *values, long count);
#endif
