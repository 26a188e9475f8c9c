/* Draws within a run, 100,000 of each distribution: exact moments within the sampling error, and the test of Kolmogorov
 * and Smirnov against the exact distribution function (for counts it is conservative).  The distribution functions are
 * closed forms, sums of probabilities by the C library's lgamma, or densities integrated by Simpson's rule; nothing of
 * program/math.h is used in them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/philox.h"
#include "parley.h"
#include "program/draws.h"

enum { DRAWS = 100000 };

/* 0.1 % of samples from the distribution itself are further from it: Kolmogorov's limit law. */
static const double ks_limit = 1.9495;

/* ---- distribution functions: of x, and the shapes --------------------------------------------------------------- */

static double normal_cdf(double x, const double *p) { return (void)p, 0.5 * erfc(-x / sqrt(2)); }
static double uniform_cdf(double x, const double *p) { return (void)p, x; }
static double between_cdf(double x, const double *p) { return (x - p[0]) / (p[1] - p[0]); }
static double exponential_cdf(double x, const double *p) { return (void)p, -expm1(-x); }
static double weibull_cdf(double x, const double *p) { return x > 0 ? -expm1(-pow(x, p[0])) : 0; }
static double weibull_of_mean_1_cdf(double x, const double *p) { return weibull_cdf(x * tgamma(1 + 1 / p[0]), p); }
static double logistic_cdf(double x, const double *p) { return (void)p, 1 / (1 + exp(-x)); }
static double pareto_cdf(double x, const double *p) { return x > 1 ? 1 - pow(x, -p[0]) : 0; }
static double lognormal_cdf(double x, const double *p) { return x > 0 ? normal_cdf((log(x) - p[0]) / p[1], p) : 0; }
static double bernoulli_cdf(double x, const double *p) { return x < 0 ? 0 : x < 1 ? 1 - p[0] / 100 : 1; }
static double geometric_cdf(double x, const double *p) { return x < 1 ? 0 : -expm1(floor(x) * log1p(-p[0])); }

static double triangular_cdf(double x, const double *p) {
    double width = p[2] - p[0];
    if (x <= p[1]) return (x - p[0]) * (x - p[0]) / (width * (p[1] - p[0]));
    return 1 - (p[2] - x) * (p[2] - x) / (width * (p[2] - p[1]));
}

/* The density of the lookup below: 1, 3, 0 at 0, 2, 4: up by 1 for each 1, then down by 1.5. Its area is 7. */
static double tabled_cdf(double x, const double *p) {
    (void)p;
    return x <= 2 ? (x + x * x / 2) / 7 : 1 - 0.75 * (4 - x) * (4 - x) / 7;
}

/* The integral of a density from 0 by Simpson's rule, for points that rise: kept from one to the next. */
typedef double density(double x, const double *p);

static double integrate(density *f, const double *p, double from, double to) {
    double h = (to - from) / 8, sum = f(from, p) + f(to, p);
    for (int i = 1; i < 8; i++) sum += (i % 2 ? 4 : 2) * f(from + i * h, p);
    return sum * h / 3;
}

static double gamma_density(double x, const double *p) {
    return x > 0 ? exp((p[0] - 1) * log(x) - x - lgamma(p[0])) : 0;
}

static double beta_density(double x, const double *p) {
    if (x <= 0 || x >= 1) return 0;
    return exp((p[0] - 1) * log(x) + (p[1] - 1) * log1p(-x) + lgamma(p[0] + p[1]) - lgamma(p[0]) - lgamma(p[1]));
}

/* Below 1e-3 the density is x^(a-1) times what hardly changes: its integral there is closed. */
static double small_gamma_density(double root, const double *p) { /* in t = x^a: 1 / a as t -> 0, smooth */
    return exp(-pow(root, 1 / p[0]) - lgamma(p[0])) / p[0];
}

static double accumulate(density *f, double x, const double *p) {
    static density *last_f;
    static double last_x, last_p, sum;
    if (f != last_f || x < last_x || p[0] != last_p) last_f = f, last_x = 0, last_p = p[0], sum = 0;
    double step = fmin(0.01, fmax(x - last_x, 1e-12));
    while (last_x < x) {
        double to = fmin(x, last_x + step);
        sum += integrate(f, p, last_x, to);
        last_x = to;
    }
    return sum;
}

static double gamma_cdf(double x, const double *p) {
    return p[0] < 1 ? accumulate(small_gamma_density, pow(x, p[0]), p) : accumulate(gamma_density, x, p);
}
static double beta_cdf(double x, const double *p) { return accumulate(beta_density, x, p); }

/* Erlang: one minus the probability of fewer than `order` events. */
static double erlang_cdf(double x, const double *p) {
    double term = exp(-x), sum = 0;
    for (int k = 0; k < (int)p[0]; k++) sum += term, term *= x / (k + 1);
    return 1 - sum;
}

/* Sums of probabilities up to floor(x), kept from one call to the next one of a larger x. */
typedef double probability(double k, const double *p);

static double poisson_probability(double k, const double *p) { return exp(k * log(p[0]) - p[0] - lgamma(k + 1)); }
static double binomial_probability(double k, const double *p) {
    return exp(lgamma(p[1] + 1) - lgamma(k + 1) - lgamma(p[1] - k + 1) + k * log(p[0]) + (p[1] - k) * log1p(-p[0]));
}
static double negative_probability(double k, const double *p) {
    return exp(lgamma(k) - lgamma(p[1]) - lgamma(k - p[1] + 1) + p[1] * log(p[0]) + (k - p[1]) * log1p(-p[0]));
}

static double add_up(probability *f, double x, const double *p, double first) {
    static probability *last_f;
    static double last_k, last_p, sum;
    if (f != last_f || floor(x) < last_k || p[0] != last_p) last_f = f, last_k = first - 1, last_p = p[0], sum = 0;
    while (last_k < floor(x)) sum += f(++last_k, p);
    return sum;
}

static double poisson_cdf(double x, const double *p) {
    return add_up(poisson_probability, x, p, fmax(0, floor(p[0] - 12 * sqrt(p[0]))));
}
static double binomial_cdf(double x, const double *p) {
    double sd = sqrt(p[0] * p[1] * (1 - p[0]));
    return x < 0 ? 0 : add_up(binomial_probability, fmin(x, p[1]), p, fmax(0, floor(p[0] * p[1] - 12 * sd)));
}
static double negative_cdf(double x, const double *p) { return add_up(negative_probability, x, p, p[1]); }
/* So large a mean that the difference (at most 0.08 / sd) is below 1e-6. */
static double huge_poisson_cdf(double x, const double *p) { return normal_cdf((x + 0.5 - p[0]) / sqrt(p[0]), p); }

/* ---- the cases -------------------------------------------------------------------------------------------------- */

#define WHOLE -INFINITY, INFINITY
#define PI 3.14159265358979324

typedef double cdf(double x, const double *p);

/* parameters as in draws.h; the mean and the variance of what is drawn, NaN where the limits cut the distribution */
static const struct test_case {
    int function;
    double p[6];
    cdf *f;
    double mean, variance;
} cases[] = {
    {PL_FN_RANDOM_0_1, {0}, uniform_cdf, 0.5, 1.0 / 12},
    {PL_FN_RANDOM_UNIFORM, {2, 5}, between_cdf, 3.5, 9.0 / 12},
    {PL_FN_RANDOM_NORMAL, {WHOLE, 10, 2}, normal_cdf, 10, 4},
    {PL_FN_RANDOM_NORMAL, {9, 13, 10, 2}, normal_cdf, NAN, NAN},
    {PL_FN_RANDOM_NORMAL, {14, INFINITY, 10, 2}, normal_cdf, NAN, NAN},
    {PL_FN_RANDOM_EXPONENTIAL, {WHOLE, 1, 3}, exponential_cdf, 4, 9},
    {PL_FN_RANDOM_EXPONENTIAL, {2, 7, 1, 3}, exponential_cdf, NAN, NAN},
    {PL_FN_RANDOM_BETA, {WHOLE, 2.5, 3.75, 0, 1}, beta_cdf, 0.4, 0.24 / 7.25},
    {PL_FN_RANDOM_BETA, {WHOLE, 40, 3, 10, 2}, beta_cdf, 10 + 80.0 / 43, 4 * 120.0 / (43 * 43 * 44)},
    {PL_FN_RANDOM_BETA, {0.2, 0.5, 2.5, 3.75, 0, 1}, beta_cdf, NAN, NAN},
    {PL_FN_RANDOM_GAMMA, {WHOLE, 3, 1, 2}, erlang_cdf, 7, 12},
    {PL_FN_RANDOM_GAMMA, {WHOLE, 0.5, 0, 1}, exponential_cdf, 1, 1}, /* an order below 1 counts as 1 */
    {PL_FN_RANDOM_GAMMA, {WHOLE, 7.3, 0, 1}, gamma_cdf, 7.3, 7.3},
    {PL_FN_RANDOM_GAMMA, {2, 9, 3, 0, 2}, erlang_cdf, NAN, NAN},
    {PL_FN_DRAW_GAMMA, {WHOLE, 0.3, 0, 2}, gamma_cdf, 0.6, 1.2},
    {PL_FN_RANDOM_WEIBULL, {WHOLE, 2, 0, 3}, weibull_of_mean_1_cdf, 3, 9 * (4 / PI - 1)},
    {PL_FN_RANDOM_WEIBULL, {1, 4, 0.7, 0, 2}, weibull_of_mean_1_cdf, NAN, NAN},
    {PL_FN_DRAW_WEIBULL, {WHOLE, 2, 0, 3}, weibull_cdf, 1.5 * 1.77245385090551603, 9 * (1 - PI / 4)},
    {PL_FN_RANDOM_TRIANGULAR, {WHOLE, 1, 2, 6}, triangular_cdf, 3, (1 + 4 + 36 - 2 - 6 - 12) / 18.0},
    {PL_FN_RANDOM_TRIANGULAR, {1.5, 4, 1, 2, 6}, triangular_cdf, NAN, NAN},
    {PL_FN_RANDOM_LOOKUP, {WHOLE, 1, 2}, tabled_cdf, 1 + 2 * 38.0 / 21, 4 * (86.0 / 21 - 38.0 * 38 / 441)},
    {PL_FN_RANDOM_LOOKUP, {2, 6, 1, 2}, tabled_cdf, NAN, NAN},
    {PL_FN_RANDOM_BINOMIAL, {WHOLE, 0.3, 20, 0, 1}, binomial_cdf, 6, 4.2},
    {PL_FN_RANDOM_BINOMIAL, {WHOLE, 0.7, 500, 10, 2}, binomial_cdf, 710, 420},
    {PL_FN_RANDOM_BINOMIAL, {WHOLE, 0.45, 40000000, 0, 1}, binomial_cdf, 18e6, 9.9e6},
    {PL_FN_RANDOM_BINOMIAL, {3, 8, 0.3, 20, 0, 1}, binomial_cdf, NAN, NAN},
    {PL_FN_RANDOM_POISSON, {WHOLE, 3.5, 0, 1}, poisson_cdf, 3.5, 3.5},
    {PL_FN_RANDOM_POISSON, {WHOLE, 10.5, 0, 1}, poisson_cdf, 10.5, 10.5},
    {PL_FN_RANDOM_POISSON, {WHOLE, 1e6, 0, 1}, poisson_cdf, 1e6, 1e6},
    {PL_FN_RANDOM_POISSON, {WHOLE, 1e12, 0, 1}, huge_poisson_cdf, 1e12, 1e12},
    {PL_FN_RANDOM_POISSON, {2, 6, 3.5, 0, 1}, poisson_cdf, NAN, NAN},
    {PL_FN_RANDOM_NEGATIVE_BINOMIAL, {WHOLE, 0.25, 3, 0, 1}, negative_cdf, 12, 36},
    {PL_FN_RANDOM_NEGATIVE_BINOMIAL, {WHOLE, 0.01, 50, 0, 1}, negative_cdf, 5000, 50 * 0.99 / 1e-4},
    {PL_FN_DRAW_BERNOULLI, {WHOLE, 30}, bernoulli_cdf, 0.3, 0.21},
    {PL_FN_DRAW_GEOMETRIC, {WHOLE, 0.2}, geometric_cdf, 5, 20},
    {PL_FN_DRAW_GEOMETRIC, {WHOLE, 1e-9}, geometric_cdf, 1e9, 1e18},
    {PL_FN_DRAW_LOGISTIC, {WHOLE, 5, 2}, logistic_cdf, 5, 4 * PI * PI / 3},
    {PL_FN_DRAW_LOGNORMAL, {WHOLE, 1, 0.5}, lognormal_cdf, 3.08021684891803, 2.69476363720187},
    {PL_FN_DRAW_PARETO, {WHOLE, 5, 0, 2}, pareto_cdf, 2.5, 4 * (5.0 / 3 - 25.0 / 16)},
};

/* x, y of the lookup */
static const double table[6] = {0, 2, 4, 1, 3, 0};

static int is_moved(const struct test_case *c, int *shapes) {
    switch (c->function) {
#define PLAIN -2
#define CUT 0
#define MOVED 2
#define X(id, sampler, count, form)          \
    case PL_FN_##id: *shapes = count; return form;
        PL_DRAWS(X)
#undef X
    default: return -1;
    }
}

static double draw(const struct test_case *c, uint64_t number) {
    pl_draw_source source = {.key = pl_stream_key(1, 0x1234567 + (uint64_t)(c - cases)), .future = number, .step = 7,
                             .table = table, .points = 3};
    return pl_draw_take(c->function, &source, c->p);
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The probability of at most x, within the limits; below: of less than x. */
static double exact(const struct test_case *c, double x) {
    int shapes = 0, form = is_moved(c, &shapes);
    const double *p = form == PLAIN ? c->p : c->p + 2;
    double shift = form == MOVED ? p[shapes] : 0, stretch = form == MOVED ? p[shapes + 1] : 1;
    return c->f((x - shift) / stretch, p);
}

static double largest_distance(const struct test_case *c, const double *sorted) {
    int limited = c->mean != c->mean,
        is_count = sorted[0] == floor(sorted[0]) && sorted[DRAWS / 2] == floor(sorted[DRAWS / 2]);
    double low = limited ? exact(c, is_count ? c->p[0] - 1 : c->p[0]) : 0,
           high = limited && isfinite(c->p[1]) ? exact(c, c->p[1]) : 1;
    double most = 0, before = 0;
    for (int i = 0; i < DRAWS; i++) {
        int last = i;
        while (last + 1 < DRAWS && sorted[last + 1] == sorted[i]) last++;
        double f = (exact(c, sorted[i]) - low) / (high - low), left = is_count ? before : f;
        most = fmax(most, fmax(fabs((last + 1.0) / DRAWS - f), fabs((double)i / DRAWS - left)));
        before = f, i = last;
    }
    return most;
}

static void draws_are_distributed_as_said(void **state) {
    (void)state;
    double *x = malloc(DRAWS * sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct test_case *c = &cases[i];
        double sum = 0, squares = 0, fourth = 0;
        for (int k = 0; k < DRAWS; k++) sum += x[k] = draw(c, (uint64_t)k);
        double mean = sum / DRAWS;
        for (int k = 0; k < DRAWS; k++) squares += pow(x[k] - mean, 2), fourth += pow(x[k] - mean, 4);
        double variance = squares / DRAWS, error = sqrt((fourth / DRAWS - variance * variance) / DRAWS);
        if (fabs(mean - c->mean) > 4 * sqrt(variance / DRAWS))
            fail_msg("case %zu: mean %.9g, expected %.9g", i, mean, c->mean);
        if (fabs(variance - c->variance) > 4 * error)
            fail_msg("case %zu: variance %.9g, expected %.9g", i, variance, c->variance);
        qsort(x, DRAWS, sizeof *x, by_value);
        double distance = largest_distance(c, x) * sqrt(DRAWS);
        if (!(distance < ks_limit)) fail_msg("case %zu: Kolmogorov's distance is %.4g", i, distance);
    }
    free(x);
}

/* Every row of draws.h has a case. */
static void every_distribution_has_a_case(void **state) {
    (void)state;
#define X(id, sampler, shapes, form)                                              \
    {                                                                             \
        int found = 0;                                                            \
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) found |= cases[i].function == PL_FN_##id; \
        assert_true(found);                                                       \
    }
    PL_DRAWS(X)
#undef X
}

/* Parameters of no distribution give NaN, and none makes a loop endless; limits that leave nothing give a limit. */
static void parameters_out_of_range(void **state) {
    (void)state;
    static const double odd[] = {NAN, -1, -INFINITY, INFINITY, 1e308, 0, 5e-324, 1, 1e18};
    for (int function = 0; function < PL_FN_COUNT; function++) {
        int count = pl_draw_parameters(function);
        if (count < 0) continue;
        for (int a = 0; a < 9; a++)
            for (int b = 0; b < 9; b++) {
                double p[6] = {-1e300, 1e300, odd[a], odd[b], odd[b], odd[a]};
                pl_draw_source source = {.key = 1, .future = 2, .table = table, .points = 3};
                pl_draw_take(function, &source, p);
                assert_true(source.taken < 0x20000);
            }
    }
    const struct test_case below = {PL_FN_RANDOM_NORMAL, {-1e6, -1e5, 0, 1}, NULL, 0, 0};
    const struct test_case crossed = {PL_FN_RANDOM_POISSON, {9, 3, 5, 0, 1}, NULL, 0, 0};
    pl_draw_source source = {.key = 1};
    assert_true(pl_draw_take(below.function, &source, below.p) == -1e5);
    source.taken = 0;
    double x = pl_draw_take(crossed.function, &source, crossed.p);
    assert_true(x == 9 || x == 3);
}

/* ---- in a model ------------------------------------------------------------------------------------------------- */

typedef struct run {
    pl_model *model;
    pl_series *series;
} run;

static run run_text(const char *text, uint64_t seed) {
    char whole[4000];
    run r;
    pl_error error;
    int length = snprintf(whole, sizeof whole,
                          "%s INITIAL TIME = 0 ~~| FINAL TIME = 99999 ~~| TIME STEP = 1 ~~| SAVEPER = 1 ~~|", text);
    if (pl_model_parse(whole, (size_t)length, "draws.mdl", &r.model, NULL, &error) != PL_OK ||
        pl_model_run(r.model, NULL, 0, seed, &r.series, &error) != PL_OK)
        fail_msg("%d:%d: %s", error.line, error.column, error.message);
    return r;
}

static const double *column(const run *r, const char *name) {
    for (int i = 0; i < pl_series_columns(r->series); i++)
        if (strcmp(pl_series_name(r->series, i), name) == 0) return pl_series_values(r->series, i);
    fail_msg("no column %s", name);
    return NULL;
}

static void free_run(run *r) {
    pl_series_free(r->series);
    pl_model_free(r->model);
}

static double correlation(const double *x, const double *y, int n) {
    double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
    for (int i = 0; i < n; i++) mx += x[i] / n, my += y[i] / n;
    for (int i = 0; i < n; i++)
        xx += (x[i] - mx) * (x[i] - mx), yy += (y[i] - my) * (y[i] - my), xy += (x[i] - mx) * (y[i] - my);
    return xy / sqrt(xx * yy);
}

/* Steps, variables, elements, calls and seeds give independent numbers: correlations are within 4 / sqrt(n) of 0. */
static void draws_are_independent(void **state) {
    (void)state;
    static const char text[] =
        "d: d1, d2 ~~| a = RANDOM UNIFORM(0, 1, 5) ~~| b = RANDOM UNIFORM(0, 1, 5) ~~|"
        "e[d] = RANDOM UNIFORM(0, 1, 5) ~~| two = RANDOM UNIFORM(0, 1, 5) - RANDOM UNIFORM(0, 1, 5) ~~|"
        "g = RANDOM GAMMA(-9, 99, 3, 0, 1, 5) ~~| p = RANDOM POISSON(0, 999, 20, 0, 1, 5) ~~|";
    static const char *const names[] = {"a", "b", "e[d1]", "e[d2]", "g", "p"};
    enum { NAMES = 6 };
    const double limit = 4 / sqrt(DRAWS);
    run one = run_text(text, 1), other = run_text(text, 2);
    for (int i = 0; i < NAMES; i++) {
        const double *x = column(&one, names[i]);
        for (int lag = 1; lag < 4; lag++) assert_true(fabs(correlation(x, x + lag, DRAWS - lag)) < limit);
        assert_true(fabs(correlation(x, column(&other, names[i]), DRAWS)) < limit);
        for (int j = 0; j < i; j++) {
            assert_true(fabs(correlation(x, column(&one, names[j]), DRAWS)) < limit);
            assert_true(fabs(correlation(x + 1, column(&one, names[j]), DRAWS - 1)) < limit);
        }
    }
    const double *two = column(&one, "two");
    double squares = 0;
    for (int i = 0; i < DRAWS; i++) squares += two[i] * two[i] / DRAWS;
    assert_true(fabs(squares - 1.0 / 6) < 4 * sqrt((1.0 / 15 - 1.0 / 36) / DRAWS)); /* of a difference of two calls */
    free_run(&one);
    free_run(&other);
}

/* A draw depends on its own address alone: not on the other variables. */
static void other_variables_change_no_draw(void **state) {
    (void)state;
    run one = run_text("x = RANDOM GAMMA(-9, 99, 3, 0, 1, 5) ~~|", 3);
    run more =
        run_text("a = RANDOM NORMAL(0, 9, 5, 1, 7) ~~| x = RANDOM GAMMA(-9, 99, 3, 0, 1, 6) ~~| y = x + a ~~|", 3);
    assert_memory_equal(column(&one, "x"), column(&more, "x"), DRAWS * sizeof(double));
    free_run(&one);
    free_run(&more);
}

/* Mean, spread, and a correlation of 1 - dt / T over one step and its powers over more. */
static void pink_noise(void **state) {
    (void)state;
    run r = run_text("x = RANDOM PINK NOISE(5, 2, 4, 1) ~~|", 1);
    const double *x = column(&r, "x");
    double mean = 0, variance = 0, part = 1 - 1.0 / 4, effective = DRAWS * (1 - part) / (1 + part);
    for (int i = 0; i < DRAWS; i++) mean += x[i] / DRAWS;
    for (int i = 0; i < DRAWS; i++) variance += (x[i] - mean) * (x[i] - mean) / DRAWS;
    assert_true(fabs(mean - 5) < 4 * 2 / sqrt(effective));
    assert_true(fabs(variance - 4) < 4 * 4 * sqrt(2 / effective));
    for (int lag = 1; lag < 8; lag++)
        assert_true(fabs(correlation(x, x + lag, DRAWS - lag) - pow(part, lag)) < 4 / sqrt(effective));
    free_run(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_are_distributed_as_said),
        cmocka_unit_test(every_distribution_has_a_case),
        cmocka_unit_test(parameters_out_of_range),
        cmocka_unit_test(draws_are_independent),
        cmocka_unit_test(other_variables_change_no_draw),
        cmocka_unit_test(pink_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
