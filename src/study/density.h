/* Gaussian kernel densities of many weighted parts of the same values, on 100 points from the least value to the
 * largest.
 *
 * A density is a sum of waves, each the sum over the part of the wave at the values, damped as the kernel's width
 * has it: what depends on the values is made once, and a part costs one sum of rows of a table.  Waves are left out
 * where the kernel damps them below 1e-12, and the period is longer than the range by as much as the widest kernel
 * reaches, so that this is the sum of kernels itself (tests/test_density.c).  Where kernels are so narrow that each
 * touches few points, or wider than was expected, they are added one by one. */
#ifndef PL_DENSITY_H
#define PL_DENSITY_H
#include <stdbool.h>

#include "base/error.h"

enum { PL_DENSITY_POINTS = 100 };

typedef struct pl_density {
    const double *values; /* not owned; NaN: missing, in no part */
    long count;
    double least, step;   /* of the grid; step 0: the values are all the same, or there are none */
    double pitch;         /* 2 pi / period: the first wave's frequency */
    double widest;        /* the largest standard deviation of kernels for which the period is long enough */
    int waves;            /* in the tables; 0: there are none */
    double *table;        /* [value][wave] its cosine and sine there */
    double *back;         /* [wave] its cosine at the points above the middle of the range, then its sine */
} pl_density;

/* Over values[count]; a part will have some `part` of them. PL_MEMORY. */
pl_status pl_density_start(pl_density *density, const double *values, long count, double part);
void pl_density_free(pl_density *density);
/* The density of the values which[used] with whole weights[used], by kernels of Silverman's width (s (3 n / 4)^-1/5,
 * where n is the sum of weights and s the standard deviation), at the points. False, and zeros: they are all the
 * same. */
bool pl_density_estimate(const pl_density *density, const int *which, const double *weights, long used,
                         double points[PL_DENSITY_POINTS]);
#endif
