/* Distributions: quantiles and means.  All by program/math.h, so that a draw has the same bits everywhere. */
#include "ensemble/situation.h"
#include "program/math.h"

/* c[0] + c[1] x + ... + c[7] x^7 */
static double polynomial(const double c[8], double x) {
    double sum = c[7];
    for (int i = 6; i >= 0; i--) sum = sum * x + c[i];
    return sum;
}

/* The normal quantile by rational approximations in three ranges: Wichura (1988), Algorithm AS 241 (PPND16), Applied
 * Statistics 37, 477-484; relative error about 1e-16 before rounding. */
double pl_normal_quantile(double u) {
    static const double a[8] = {3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
                                1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static const double b[8] = {1.0,                      4.2313330701600911252e+1, 6.8718700749205790830e+2,
                                5.3941960214247511077e+3, 2.1213794301586595867e+4, 3.9307895800092710610e+4,
                                2.8729085735721942674e+4, 5.2264952788528545610e+3};
    static const double c[8] = {1.42343711074968357734e0, 4.63033784615654529590e0,  5.76949722146069140550e0,
                                3.64784832476320460504e0, 1.27045825245236838258e0,  2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[8] = {1.0,                       2.05319162663775882187e0,  1.67638483018380384940e0,
                                6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2,
                                5.47593808499534494600e-4, 1.05075007164441684324e-9};
    static const double e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                                2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[8] = {1.0,                       5.99832206555887937690e-1, 1.36929880922735805310e-1,
                                1.48753612908506148525e-2, 7.86869131145613259100e-4, 1.84631831751005468180e-5,
                                1.42151175831644588870e-7, 2.04426310338993978564e-15};
    double q = u - 0.5;
    if (pl_fabs(q) <= 0.425) {
        double r = 0.180625 - q * q;
        return q * polynomial(a, r) / polynomial(b, r);
    }
    double r = pl_sqrt(-pl_log(q < 0 ? u : 1 - u));
    double z = r <= 5 ? polynomial(c, r - 1.6) / polynomial(d, r - 1.6) : polynomial(e, r - 5) / polynomial(f, r - 5);
    return q < 0 ? -z : z;
}

/* The probability below z. Within 2.5 of 0 the series of Marsaglia (2004), Evaluating the normal distribution, J. Stat.
 * Software 11(4); beyond, Laplace's continued fraction (Abramowitz and Stegun 26.2.14), from its 100th term back. */
double pl_normal_probability(double z) {
    double x = pl_fabs(z), density = 0.3989422804014326779 * pl_exp(-0.5 * x * x);
    if (x < 2.5) {
        double term = x, sum = x;
        for (int k = 1; k < 60; k++) {
            term = term * (x * x) / (2 * k + 1);
            sum += term;
        }
        return z < 0 ? 0.5 - density * sum : 0.5 + density * sum;
    }
    double fraction = x;
    for (int k = 100; k >= 1; k--) fraction = x + k / fraction;
    return z < 0 ? density / fraction : 1 - density / fraction;
}

static double triangular_quantile(double low, double mode, double high, double u) {
    double width = high - low, left = mode - low, right = high - mode;
    if (u * width < left) return low + pl_sqrt(u * width * left);
    return high - pl_sqrt((1 - u) * width * right);
}

static double loguniform_quantile(double low, double high, double u) {
    double from = pl_log(low), x = pl_exp(from + u * (pl_log(high) - from));
    return x < low ? low : x > high ? high : x;
}

/* The first value whose cumulative probability is above u; the last one takes what rounding leaves. */
static double discrete_quantile(const pl_distribution *d, double u) {
    double sum = 0;
    int i = 0;
    for (; i < d->count - 1; i++) {
        sum += d->number[d->count + i];
        if (u < sum) break;
    }
    return d->number[i];
}

double pl_distribution_quantile(const pl_distribution *d, double u) {
    const double *x = d->number;
    switch (d->kind) {
    case PL_DIST_UNIFORM: return x[0] + u * (x[1] - x[0]);
    case PL_DIST_TRIANGULAR: return triangular_quantile(x[0], x[1], x[2], u);
    case PL_DIST_NORMAL: return x[0] + x[1] * pl_normal_quantile(u);
    case PL_DIST_LOGNORMAL: return x[0] * pl_exp(x[1] * pl_normal_quantile(u));
    case PL_DIST_LOGUNIFORM: return loguniform_quantile(x[0], x[1], u);
    case PL_DIST_DISCRETE: return discrete_quantile(d, u);
    default: return PL_NAN;
    }
}

double pl_distribution_mean(const pl_distribution *d) {
    const double *x = d->number;
    double sum = 0;
    switch (d->kind) {
    case PL_DIST_UNIFORM: return x[0] + (x[1] - x[0]) / 2;
    case PL_DIST_TRIANGULAR: return (x[0] + x[1] + x[2]) / 3;
    case PL_DIST_NORMAL: return x[0];
    case PL_DIST_LOGNORMAL: return x[0] * pl_exp(x[1] * x[1] / 2);
    case PL_DIST_LOGUNIFORM: return (x[1] - x[0]) / (pl_log(x[1]) - pl_log(x[0]));
    case PL_DIST_DISCRETE:
        for (int i = 0; i < d->count; i++) sum += d->number[i] * d->number[d->count + i];
        return sum;
    default: return PL_NAN;
    }
}

bool pl_distribution_covers(const pl_distribution *d, double value) {
    const double *x = d->number;
    switch (d->kind) {
    case PL_DIST_UNIFORM:
    case PL_DIST_LOGUNIFORM: return value >= x[0] && value <= x[1];
    case PL_DIST_TRIANGULAR: return value >= x[0] && value <= x[2];
    case PL_DIST_LOGNORMAL: return value > 0;
    case PL_DIST_DISCRETE:
        for (int i = 0; i < d->count; i++)
            if (x[i] == value) return true;
        return false;
    default: return true;
    }
}
