/* The samplers of draws.h.  All arithmetic is that of math.h, so a draw has the same bits everywhere.  A sampler takes
 * one uniform number where the quantile is a formula; the others reject and take more.  Parameters that no
 * distribution has give NaN.  No parameter makes a loop endless: an address has 65,536 numbers, and a sampler that
 * comes to their end gives NaN. */
#include "program/draws.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/philox.h"
#include "program/math.h"

typedef pl_draw_source source;

enum { NUMBERS = 0x10000 };

/* The next uniform number in (0, 1). */
static double next(source *s) {
    unsigned k = s->taken++ % NUMBERS;
    return pl_uniform_at(s->key, s->future, (uint64_t)(uint32_t)s->step << 32 | (uint64_t)(uint16_t)s->call << 16 | k);
}

static bool has_more(const source *s) { return s->taken < NUMBERS; }

/* ---- special functions ------------------------------------------------------------------------------------------ */

/* log(1 + x); the rounding of 1 + x is made good (Kahan's way). */
static double log_of_1_plus(double x) {
    double u = 1.0 + x;
    return u == 1.0 ? x : pl_log(u) * (x / (u - 1.0));
}

/* What Stirling's formula leaves of log Gamma(x + 1), x >= 16: its series, the first term left out is below 1e-16. */
static double stirling_series(double x) {
    double z = x * x;
    return (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / z) / z) / z) / z) / x;
}

/* The same of log n! for a whole n; below 16 from a table (60-digit arithmetic), 0 for n = 0, which nobody asks. */
static double stirling_error(double n) {
    static const double table[16] = {
        0.0,                  0x1.4c071bcda0a5bp-4, 0x1.52a9b923ea649p-5, 0x1.c579a268d80b3p-6,
        0x1.54a2662fd78a9p-6, 0x1.10b4e513fcbedp-6, 0x1.c6b167bebdf36p-7, 0x1.85d4d612e4a86p-7,
        0x1.552805e7b3076p-7, 0x1.2f4871b12ab64p-7, 0x1.10f9d4c0743a7p-7, 0x1.f0593088014f8p-8,
        0x1.c7018733aa9c6p-8, 0x1.a40514700f36cp-8, 0x1.86076c002d4a7p-8, 0x1.6c08f6f194a10p-8};
    return n < 16.0 ? table[(int)n] : stirling_series(n);
}

double pl_log_gamma(double x) {
    const double half_log_2_pi = 0.9189385332046727;
    double product = 1.0, n = x - 1.0;
    while (n < 16.0) n += 1.0, product *= n;
    return (n + 0.5) * pl_log(n) - n + half_log_2_pi + stirling_series(n) - pl_log(product);
}

/* x log(x / mean) + mean - x without cancellation: Loader, "Fast and accurate computation of binomial probabilities",
 * 2000. */
static double deviance(double x, double mean) {
    double difference = x - mean, sum = x + mean;
    if (pl_fabs(difference) >= 0.1 * sum) return x * pl_log(x / mean) - difference;
    double v = difference / sum, total = difference * v, term = 2.0 * x * v;
    for (int j = 3; j < 100; j += 2) {
        term *= v * v;
        double with = total + term / (double)j;
        if (with == total) break;
        total = with;
    }
    return total;
}

/* Logarithms of probabilities by Loader's saddle points: right to 1e-13 however large the mean is. */
static double log_poisson(double k, double mean) {
    if (k == 0.0) return -mean;
    return -stirling_error(k) - deviance(k, mean) - 0.5 * pl_log(6.283185307179586 * k);
}

static double log_binomial(double k, double n, double p) {
    if (k == 0.0) return n * log_of_1_plus(-p);
    if (k == n) return n * pl_log(p);
    double rest = stirling_error(n) - stirling_error(k) - stirling_error(n - k);
    return rest - deviance(k, n * p) - deviance(n - k, n * (1.0 - p)) -
           0.5 * pl_log(6.283185307179586 * k * ((n - k) / n));
}

/* ---- one uniform number ----------------------------------------------------------------------------------------- */

static double uniform(source *s, const double *p) {
    (void)p;
    return next(s);
}

static double uniform_between(source *s, const double *p) { return p[0] + (p[1] - p[0]) * next(s); }

static double exponential(source *s, const double *p) {
    (void)p;
    return -pl_log(next(s));
}

static double triangular(source *s, const double *p) {
    double u = next(s), width = p[2] - p[0], left = p[1] - p[0], right = p[2] - p[1];
    if (!(left >= 0.0) || !(right >= 0.0)) return PL_NAN;
    return u * width < left ? p[0] + pl_sqrt(u * width * left) : p[2] - pl_sqrt((1.0 - u) * width * right);
}

static double weibull(source *s, const double *p) {
    return p[0] > 0.0 ? pl_pow(exponential(s, p), 1.0 / p[0]) : PL_NAN;
}

static double weibull_of_mean_1(source *s, const double *p) {
    return p[0] > 0.0 ? weibull(s, p) / pl_exp(pl_log_gamma(1.0 + 1.0 / p[0])) : PL_NAN;
}

/* The percentage p[0] of draws is 1. */
static double bernoulli(source *s, const double *p) {
    return p[0] == p[0] ? (next(s) * 100.0 < p[0] ? 1.0 : 0.0) : PL_NAN;
}

static double logistic(source *s, const double *p) {
    (void)p;
    double u = next(s);
    return pl_log(u / (1.0 - u));
}

static double pareto(source *s, const double *p) { return p[0] > 0.0 ? pl_pow(next(s), -1.0 / p[0]) : PL_NAN; }

/* The trial, from 1, that is the first to succeed. */
static double geometric(source *s, const double *p) {
    if (!(p[0] > 0.0) || !(p[0] <= 1.0)) return PL_NAN;
    double trials = -pl_floor(-(pl_log(next(s)) / log_of_1_plus(-p[0])));
    return trials >= 1.0 ? trials : 1.0;
}

/* The density is the line through the table's points, where it is above 0. */
static double tabled(source *s, const double *p) {
    (void)p;
    const double *x = s->table, *y = s->table + s->points;
    double area = 0.0, u = next(s);
    for (int i = 0; i + 1 < s->points; i++)
        area += (x[i + 1] - x[i]) * 0.5 * ((y[i] > 0.0 ? y[i] : 0.0) + (y[i + 1] > 0.0 ? y[i + 1] : 0.0));
    if (!(area > 0.0)) return s->points == 1 ? x[0] : PL_NAN;
    double rest = u * area;
    for (int i = 0; i + 1 < s->points; i++) {
        double from = y[i] > 0.0 ? y[i] : 0.0, to = y[i + 1] > 0.0 ? y[i + 1] : 0.0, width = x[i + 1] - x[i];
        double part = width * 0.5 * (from + to);
        if (rest < part) {
            double at = 2.0 * rest / (from + pl_sqrt(from * from + 2.0 * ((to - from) / width) * rest));
            return x[i] + (at < width ? at : width);
        }
        rest -= part;
    }
    return x[s->points - 1];
}

/* ---- several: normal, gamma, beta ------------------------------------------------------------------------------- */

/* Box and Muller, "A note on the generation of random normal deviates", 1958. */
static double normal(source *s, const double *p) {
    (void)p;
    double u = next(s), v = next(s);
    return pl_sqrt(-2.0 * pl_log(u)) * pl_cos(6.283185307179586 * v);
}

static double lognormal(source *s, const double *p) { return pl_exp(p[0] + p[1] * normal(s, p)); }

/* The logarithm of a gamma variate: Marsaglia and Tsang, "A simple method for generating gamma variables", 2000; a
 * shape below 1 by one of shape + 1 times u^(1 / shape), which would be 0 without the logarithm. */
static double log_of_gamma(source *s, double shape) {
    if (!(shape > 0.0) || !(shape < 1e300)) return PL_NAN;
    double more = shape < 1.0 ? pl_log(next(s)) / shape : 0.0;
    double d = (shape < 1.0 ? shape + 1.0 : shape) - 1.0 / 3.0, c = 1.0 / pl_sqrt(9.0 * d);
    while (has_more(s)) {
        double x = normal(s, NULL), u = next(s), v = 1.0 + c * x;
        if (!(v > 0.0)) continue;
        v = v * v * v;
        if (pl_log(u) < 0.5 * x * x + d - d * v + d * pl_log(v)) return pl_log(d * v) + more;
    }
    return PL_NAN;
}

static double gamma_of_shape(source *s, const double *p) { return pl_exp(log_of_gamma(s, p[0])); }

/* Vensim takes an order below 1 as 1. */
static double gamma_of_order(source *s, const double *p) { return pl_exp(log_of_gamma(s, p[0] < 1.0 ? 1.0 : p[0])); }

/* X / (X + Y) of two gamma variates. */
static double beta(source *s, const double *p) {
    double x = log_of_gamma(s, p[0]), y = log_of_gamma(s, p[1]);
    return 1.0 / (1.0 + pl_exp(y - x));
}

/* ---- counts ----------------------------------------------------------------------------------------------------- */

/* Counts up from 0 until the probabilities reach a uniform number; the next one is the last times `ratio`. */
static double poisson_from_0(source *s, double mean) {
    double u = next(s), probability = pl_exp(-mean), k = 0.0;
    for (; u > probability && k < 1000.0; k += 1.0) u -= probability, probability *= mean / (k + 1.0);
    return k;
}

/* Hormann, "The transformed rejection method for generating Poisson random variables", 1993: PTRS, mean >= 10. */
static double poisson_by_rejection(source *s, double mean) {
    double b = 0.931 + 2.53 * pl_sqrt(mean), a = -0.059 + 0.02483 * b;
    double inverse = 1.1239 + 1.1328 / (b - 3.4), squeeze = 0.9277 - 3.6224 / (b - 2.0);
    while (has_more(s)) {
        double u = next(s) - 0.5, v = next(s), edge = 0.5 - pl_fabs(u);
        double k = pl_floor((2.0 * a / edge + b) * u + mean + 0.43);
        if (edge >= 0.07 && v <= squeeze) return k;
        if (k < 0.0 || (edge < 0.013 && v > edge)) continue;
        if (pl_log(v * inverse / (a / (edge * edge) + b)) <= log_poisson(k, mean)) return k;
    }
    return PL_NAN;
}

static double poisson_of_mean(source *s, double mean) {
    if (!(mean >= 0.0) || !(mean < 1e300)) return PL_NAN;
    return mean < 10.0 ? poisson_from_0(s, mean) : poisson_by_rejection(s, mean);
}

static double poisson(source *s, const double *p) { return poisson_of_mean(s, p[0]); }

static double binomial_from_0(source *s, double n, double p) {
    double u = next(s), probability = pl_exp(n * log_of_1_plus(-p)), k = 0.0, odds = p / (1.0 - p);
    for (; u > probability && k < n && k < 1000.0; k += 1.0)
        u -= probability, probability *= (n - k) / (k + 1.0) * odds;
    return k;
}

/* Hormann, "The generation of binomial random variates", 1993: BTRS, n p >= 10 and p <= 1/2. */
static double binomial_by_rejection(source *s, double n, double p) {
    double spread = pl_sqrt(n * p * (1.0 - p)), b = 1.15 + 2.53 * spread, a = -0.0873 + 0.0248 * b + 0.01 * p;
    double squeeze = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * spread, mode = pl_floor((n + 1.0) * p);
    double most = log_binomial(mode, n, p);
    while (has_more(s)) {
        double u = next(s) - 0.5, v = next(s), edge = 0.5 - pl_fabs(u);
        double k = pl_floor((2.0 * a / edge + b) * u + n * p + 0.5);
        if (edge >= 0.07 && v <= squeeze) return k;
        if (k < 0.0 || k > n) continue;
        if (pl_log(v * alpha / (a / (edge * edge) + b)) <= log_binomial(k, n, p) - most) return k;
    }
    return PL_NAN;
}

/* p[0]: the probability, taken as 0 below 0 and as 1 above 1; p[1]: the number of trials, rounded. */
static double binomial(source *s, const double *p) {
    double n = pl_floor(p[1] + 0.5), chance = p[0] < 0.0 ? 0.0 : p[0] > 1.0 ? 1.0 : p[0];
    if (!(n >= 0.0) || !(n < 1e300) || chance != chance) return PL_NAN;
    if (n == 0.0 || chance == 0.0) return 0.0;
    if (chance == 1.0) return n;
    double less = chance > 0.5 ? 1.0 - chance : chance;
    double k = n * less < 10.0 ? binomial_from_0(s, n, less) : binomial_by_rejection(s, n, less);
    return chance > 0.5 ? n - k : k;
}

/* p[0]: the probability; p[1]: the successes, rounded. The trials that it takes: those that fail are a Poisson number
 * whose mean is a gamma variate. */
static double negative_binomial(source *s, const double *p) {
    double n = pl_floor(p[1] + 0.5);
    if (!(n >= 0.0) || !(p[0] > 0.0) || !(p[0] <= 1.0)) return PL_NAN;
    if (n == 0.0 || p[0] == 1.0) return n;
    double mean = pl_exp(log_of_gamma(s, n)) * ((1.0 - p[0]) / p[0]);
    return n + poisson_of_mean(s, mean);
}

/* ---- the table -------------------------------------------------------------------------------------------------- */

enum { PLAIN, CUT, MOVED };

typedef struct row {
    double (*sample)(source *s, const double *shapes);
    int shapes, form;
} row;

static row row_of(int function) {
    switch (function) {
#define X(id, sampler, shapes, form) \
    case PL_FN_##id: return (row){sampler, shapes, form};
        PL_DRAWS(X)
#undef X
    default: return (row){0};
    }
}

int pl_draw_parameters(int function) {
    row r = row_of(function);
    return !r.sample ? -1 : r.shapes + (r.form == PLAIN ? 0 : r.form == CUT ? 2 : 4);
}

double pl_draw_take(int function, pl_draw_source *s, const double *p) {
    row r = row_of(function);
    if (!r.sample) return PL_NAN;
    if (r.form == PLAIN) return r.sample(s, p);
    double shift = r.form == MOVED ? p[2 + r.shapes] : 0.0, stretch = r.form == MOVED ? p[3 + r.shapes] : 1.0,
           x = PL_NAN;
    for (int i = 0; i < PL_MOST_REDRAWS && has_more(s); i++) {
        x = shift + stretch * r.sample(s, p + 2);
        if ((x >= p[0] && x <= p[1]) || x != x) return x;
        if (!(p[0] < p[1])) break;
    }
    return x < p[0] ? p[0] : p[1];
}
