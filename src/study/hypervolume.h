/* Hypervolume: how much of the space below a reference point a set of points dominates; objectives are minimised.
 * Exact: a sweep in two dimensions, WFG (While, Bradstreet and Barone, IEEE Trans. Evol. Comput. 16:86, 2012) above. */
#ifndef PL_HYPERVOLUME_H
#define PL_HYPERVOLUME_H

/* Of points[count][dimensions] against reference[dimensions]; points that do not lie below it in every objective add
 * nothing. NaN where more than `budget` points would have to be looked at, or memory is out. */
double pl_hypervolume(const double *points, int count, int dimensions, const double *reference, long long budget);
#endif
