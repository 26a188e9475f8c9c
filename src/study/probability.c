/* See probability.h. */
#include "study/probability.h"

#include <math.h>

/* ---- beta ------------------------------------------------------------------------------------------------ */

static double away_from_zero(double x) { return fabs(x) < 1e-300 ? 1e-300 : x; }

/* The continued fraction by the modified Lentz algorithm; converges fast where x < (a + 1) / (a + b + 2). */
static double fraction(double x, double a, double b) {
    enum { MOST_TERMS = 100000 };
    double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), value = d;
    for (int m = 1; m < MOST_TERMS; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away_from_zero(1 + even * d);
        c = away_from_zero(1 + even / c);
        value *= c * d;
        d = 1 / away_from_zero(1 + odd * d);
        c = away_from_zero(1 + odd / c);
        value *= c * d;
        if (fabs(c * d - 1) < 1e-16) break;
    }
    return value;
}

double pl_beta_probability(double x, double a, double b) {
    if (!(a > 0) || !(b > 0) || isnan(x)) return NAN;
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    return x < (a + 1) / (a + b + 2) ? front * fraction(x, a, b) / a : 1 - front * fraction(1 - x, b, a) / b;
}

double pl_beta_quantile(double p, double a, double b) {
    double low = 0, high = 1;
    if (!(p >= 0 && p <= 1) || !(a > 0) || !(b > 0)) return NAN;
    if (p == 0 || p == 1) return p;
    for (int i = 0; i < 1100; i++) { /* down to the least double */
        double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high) break;
        if (pl_beta_probability(middle, a, b) < p) low = middle;
        else high = middle;
    }
    return 0.5 * (low + high);
}

/* ---- Student's t ----------------------------------------------------------------------------------------- */

double pl_t_probability(double t, double df) {
    double tail = 0.5 * pl_beta_probability(df / (df + t * t), 0.5 * df, 0.5);
    return t < 0 ? tail : 1 - tail;
}

double pl_t_quantile(double p, double df) {
    if (!(p > 0 && p < 1) || !(df > 0)) return NAN;
    double tail = p < 0.5 ? p : 1 - p, beyond = pl_beta_quantile(1 - 2 * tail, 0.5, 0.5 * df); /* t^2 / (df + t^2) */
    double t = sqrt(df * beyond / (1 - beyond));
    return p < 0.5 ? -t : t;
}

/* ---- binomial -------------------------------------------------------------------------------------------- */

double pl_binomial_at_least(long k, long n, double p) {
    if (k <= 0) return 1;
    return k > n ? 0 : pl_beta_probability(p, (double)k, (double)(n - k + 1));
}

double pl_binomial_at_most(long k, long n, double p) {
    if (k >= n) return 1;
    return k < 0 ? 0 : pl_beta_probability(1 - p, (double)(n - k), (double)(k + 1));
}
