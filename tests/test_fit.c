/* Fits whose answers are known in closed form: straight lines, whose likelihood is that of linear regression; what
 * cannot be identified; forecasts; and the parts: densities, search, chains' convergence, the reader of data. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/philox.h"
#include "fitted.h"
#include "study/statistics.h"

static const double pi = 3.14159265358979323846;

static void near(double found, double expected, double tolerance, const char *what) {
    if (!(fabs(found - expected) <= tolerance)) fail_msg("%s: %.10g, expected %.10g", what, found, expected);
}

/* ---- a straight line ------------------------------------------------------------------------------------ */

static const char line_model[] = "level= INTEG(slope, start) ~~| start= 3 ~~| slope= 1 ~~| idle= 1 ~~|\n" FIT_TIMES;
static const double line_values[] = {2.9, 2.1, 4.4, 4.0, 5.9, 5.2, 6.1, 7.9, 7.1, 8.8};

/* Ordinary least squares (any textbook): estimates, and their standard errors where the errors' sd is 1. */
typedef struct regression {
    double start, slope, start_error, slope_error;
} regression;

static regression regress(const double *y, int n) {
    double mean_t = (n - 1) / 2.0, mean_y = 0, squares = 0, products = 0;
    for (int t = 0; t < n; t++) mean_y += y[t] / n;
    for (int t = 0; t < n; t++) squares += (t - mean_t) * (t - mean_t), products += (t - mean_t) * (y[t] - mean_y);
    double slope = products / squares;
    return (regression){mean_y - slope * mean_t, slope, sqrt(1.0 / n + mean_t * mean_t / squares), sqrt(1 / squares)};
}

static void print_data(const double *y, int n, char *text) {
    text += sprintf(text, "time,value\n");
    for (int t = 0; t < n; t++) text += sprintf(text, "%d,%.17g\n", t, y[t]);
}

static void line_is_regression(void **state) {
    (void)state;
    char data[1000];
    pl_fit *fit;
    pl_error error;
    print_data(line_values, 10, data);
    const char *files[] = {"model.mdl", line_model, "d.csv", data, "situation.yaml",
                           "parley: 1\nmodel: model.mdl\nuncertainties: {start: {uniform: [-20, 20]}, slope: {uniform: "
                           "[-10, 10]}, idle: {uniform: [0, 1]}}\n"
                           "data: [{variable: level, file: d.csv, error: {normal: 1}}]\n",
                           NULL};
    if (fit_files(files, NULL, &fit, &error) != PL_OK) fail_msg("%s", error.message);
    regression r = regress(line_values, 10);
    assert_int_equal(fit->parameter_count, 2); /* what moves nothing is left alone */
    assert_true(fit->sampled.converged);
    const double estimate[] = {r.start, r.slope}, se[] = {r.start_error, r.slope_error};
    for (int i = 0; i < 2; i++) {
        const pl_fit_parameter *p = &fit->parameters[i];
        near(p->best, estimate[i], 1e-3 * se[i], "likeliest");
        near(p->posterior[1], estimate[i], 0.06 * se[i], "median");
        near(p->posterior[0], estimate[i] - 1.6449 * se[i], 0.12 * se[i], "5 %");
        near(p->posterior[2], estimate[i] + 1.6449 * se[i], 0.12 * se[i], "95 %");
        for (int k = 0; k < 2; k++) {
            near(p->profile90[k], estimate[i] + (k ? 1.6449 : -1.6449) * se[i], 0.01 * se[i], "profile, 90 %");
            near(p->profile95[k], estimate[i] + (k ? 1.9600 : -1.9600) * se[i], 0.01 * se[i], "profile, 95 %");
        }
        assert_int_equal(p->identification, PL_IDENTIFIED_BOTH);
    }
    pl_fit_free(fit);
}

/* Two numbers of which only the sum shows; and one whose likelihood rises to the end of its range. */
static void what_data_leave_open(void **state) {
    (void)state;
    pl_fit *fit;
    pl_error error;
    const char *files[] = {"model.mdl", "level= a + b ~~| other= c ~~| a= 0.5 ~~| b= 0.5 ~~| c= 0.5 ~~|\n" FIT_TIMES,
                           "d.csv", "time,value\n1,1\n2,1.01\n3,0.99\n", "e.csv", "year,value,source\n1,2,x\n2,2.2,x\n",
                           "situation.yaml",
                           "parley: 1\nmodel: model.mdl\nuncertainties: {a: {uniform: [0, 1]}, b: {uniform: [0, 1]}, "
                           "c: "
                           "{uniform: [0, 1]}}\ndata:\n  - {variable: level, file: d.csv, error: {normal: 0.01}}\n"
                           "  - {variable: other, file: e.csv, error: {normal: 0.3}}\n", NULL};
    if (fit_files(files, NULL, &fit, &error) != PL_OK) fail_msg("%s", error.message);
    assert_int_equal(fit->parameters[0].identification, PL_IDENTIFIED_NONE);
    assert_int_equal(fit->parameters[1].identification, PL_IDENTIFIED_NONE);
    assert_int_equal(fit->parameters[2].identification, PL_IDENTIFIED_BELOW);
    near(fit->parameters[2].best, 1, 1e-4, "the end of the range");
    pl_fit_free(fit);
}

/* E|X - x| - E|X - X'| / 2 over what the futures give at times 5 to 7, as sums over all pairs. */
static double score_by_pairs(const pl_fit *fit, bool fitted) {
    pl_design design = pl_fit_design(fit);
    double score = 0, n = (double)fit->futures, x[2], y[2];
    for (long i = 0; i < fit->futures; i++) {
        pl_fit_future(fit, &design, i, fitted, x);
        for (int t = 5; t < 8; t++) score += fabs(x[0] + x[1] * t - (2 + 3 * t)) / (3 * n);
        for (long j = 0; j < fit->futures; j++) {
            pl_fit_future(fit, &design, j, fitted, y);
            for (int t = 5; t < 8; t++) score -= fabs(x[0] + x[1] * t - (y[0] + y[1] * t)) / (6 * n * n);
        }
    }
    return score;
}

/* Observed 2 + 3 t without error: the trend has none, the last value (14, of time 4) is 3, 6, 9 short. */
static void forecasts_by_hand(void **state) {
    (void)state;
    pl_fit *fit;
    pl_error error;
    const char *files[] = {"model.mdl", line_model, "d.csv", "time,value\n0,2\n1,5\n2,8\n3,11\n4,14\n5,17\n6,20\n"
                                                             "7,23\n",
                           "situation.yaml",
                           "parley: 1\nmodel: model.mdl\nuncertainties: {start: {uniform: [-9, 9]}, slope: {uniform: "
                           "[0, 9]}}\n"
                           "data: [{variable: level, file: d.csv, error: {normal: 0.01}}]\n"
                           "fit: {holdout: 5, futures: 50}\n",
                           NULL};
    pl_fit_options options = {.plain = 1};
    if (fit_files(files, &options, &fit, &error) != PL_OK) fail_msg("%s", error.message);
    const pl_fit_series *s = &fit->series[0];
    assert_int_equal(s->held_out, 3);
    assert_int_equal(s->covered, 3);
    near(s->error[PL_FORECAST_TREND], 0, 1e-9, "trend");
    near(s->error[PL_FORECAST_LAST], sqrt((9.0 + 36 + 81) / 3), 1e-9, "last value");
    near(s->absolute[PL_FORECAST_LAST], 6, 1e-9, "last value, absolute");
    near(s->error[PL_FORECAST_UNFITTED], sqrt((81.0 + 121 + 169) / 3), 1e-9, "3 + t");
    near(s->error[PL_FORECAST_FITTED], 0, 0.03, "fitted");
    for (int fitted = 0; fitted < 2; fitted++)
        near(s->score[fitted], score_by_pairs(fit, fitted), 1e-9, "score of futures");
    assert_true(s->score[1] < 0.03 && s->score[0] > 1);
    char *text;
    size_t length;
    assert_int_equal(pl_fit_print_futures(fit, &text, &length), PL_OK);
    assert_non_null(strstr(text, "\nstart,slope\n"));
    pl_text_free(text);
    pl_fit_free(fit);
}

/* ---- densities ------------------------------------------------------------------------------------------ */

static void densities(void **state) {
    (void)state;
    near(pl_error_log_density(PL_ERRORS_NORMAL, 3, 1, 2), log(exp(-0.5) / (2 * sqrt(2 * pi))), 1e-12, "normal");
    near(pl_error_log_density(PL_ERRORS_RELATIVE, 3, 2, 0.5), log(exp(-0.5) / sqrt(2 * pi)), 1e-12, "relative");
    near(pl_error_log_density(PL_ERRORS_LOGNORMAL, exp(1), 1, 1), log(exp(-0.5) / sqrt(2 * pi)) - 1, 1e-12,
         "lognormal");
    near(pl_error_log_density(PL_ERRORS_POISSON, 3, 2.5, 0), log(exp(-2.5) * 2.5 * 2.5 * 2.5 / 6), 1e-12, "Poisson");
    /* k = 2, p = 2 / (2 + 4): C(4, 3) p^2 (1 - p)^3 = 32 / 243 */
    near(pl_error_log_density(PL_ERRORS_NEGATIVE_BINOMIAL, 3, 4, 0.5), log(32.0 / 243), 1e-12, "negative binomial");
    near(pl_error_quantile(PL_ERRORS_POISSON, 2, 0, 0.5), 2, 0,
         "median of Poisson(2)"); /* P(1) = 0.406, P(2) = 0.677 */
    assert_true(isinf(pl_error_log_density(PL_ERRORS_LOGNORMAL, 1, -1, 1)));
}

/* Errors 1 and 0.5, a time of 2 apart, correlation 0.5 (so 0.25), sd 2: the bivariate normal density. */
static void correlated_errors(void **state) {
    (void)state;
    pl_observed of = {.error = PL_ERRORS_NORMAL, .weight = 1, .correlation = {0.5, 0.5}};
    pl_datum data[] = {{.time = 0, .value = 1}, {.time = 2, .value = 0.5}, {.time = 3, .value = 9}};
    pl_observed_series series = {.of = &of, .data = data, .count = 3, .fitted = 2, .scale = {0.1, 10}};
    const double predicted[] = {0, 0, 0};
    double r = 0.25, q = (1 - 2 * r * 0.5 + 0.25) / (4 * (1 - r * r));
    near(pl_series_log_likelihood(&series, predicted, (pl_scatter){2, 0.5}),
         -0.5 * q - log(2 * pi * 4 * sqrt(1 - r * r)), 1e-12, "bivariate normal");
    near(pl_series_best_scatter(&series, predicted).scale, sqrt((1 - 2 * r * 0.5 + 0.25) / (1 - r * r) / 2), 1e-9,
         "scale");
    double sd;
    near(pl_series_forecast(&series, predicted, (pl_scatter){2, 0.5}, 2, &sd), 0.25, 1e-12, "half of the last error");
    near(sd, sqrt(0.75), 1e-12, "its sd");
    double sum = 0; /* the scale integrated out, by many small steps */
    for (int i = 0; i < 20000; i++)
        sum += exp(pl_series_log_likelihood(&series, predicted, (pl_scatter){0.1 * pow(100, (i + 0.5) / 20000), 0.5})) /
               20000;
    near(pl_series_marginal(&series, predicted), log(sum), 0.02, "without the scale");
}

/* ---- search and chains ---------------------------------------------------------------------------------- */

/* Rastrigin's function in four dimensions, with its one highest point at 0.5 + 0.1 i and many lower ones about it. */
static pl_status rastrigin(void *context, const double *points, long count, double *values) {
    (void)context;
    for (long p = 0; p < count; p++) {
        values[p] = 0;
        for (int i = 0; i < 4; i++) {
            double x = 10 * (points[4 * p + i] - 0.5 - 0.1 * i);
            values[p] -= x * x + 10 * (1 - cos(2 * pi * x));
        }
    }
    return PL_OK;
}

static void global_search(void **state) {
    (void)state;
    static double points[2 * 40 * 4], values[2 * 40];
    int generations;
    pl_evolution e = {.dimensions = 4, .populations = 2, .size = 40, .generations = 600, .key = 5, .value = rastrigin};
    assert_int_equal(pl_evolve(&e, NULL, points, values, &generations), PL_OK);
    for (int p = 0; p < 2; p++)
        for (int i = 0; i < 4; i++) near(points[p * 160 + i], 0.5 + 0.1 * i, 1e-3, "the highest point");
}

/* x is normal, y normal about x^2 / 4 with standard deviation 1 / 2. */
static pl_status crooked(void *context, const double *points, long count, double *values) {
    (void)context;
    for (long p = 0; p < count; p++) {
        double x = points[2 * p], away = 2 * (points[2 * p + 1] - x * x / 4);
        values[p] = -x * x / 2 - away * away / 2;
    }
    return PL_OK;
}

/* E y = E x^2 / 4, E y^2 = 1 / 4 + E x^4 / 16. */
static void chains_keep_a_density(void **state) {
    (void)state;
    static const double at[] = {0.05, 0.25, 0.5, 0.75, 0.95};
    double start[4 * 16 * 2], mean = 0, square = 0;
    for (int i = 0; i < 4 * 16 * 2; i++) start[i] = pl_normal_quantile(pl_uniform_at(78, (uint64_t)i, 0));
    pl_chains chains = {.dimensions = 2, .ensembles = 4, .walkers = 16, .first = 250, .most = 8000, .kept = 500,
                        .rhat = 1, .size = 1e9, .key = 9, .log_density = crooked};
    pl_sampled sampled;
    assert_int_equal(pl_chains_run(&chains, start, &sampled), PL_OK);
    long all = (long)sampled.chains * sampled.count;
    for (long i = 0; i < all; i++) {
        double y = sampled.draws[all + i];
        mean += y / (double)all, square += y * y / (double)all;
    }
    near(mean, 0.25, 0.02, "mean of y");
    near(square, 0.4375, 0.04, "mean square of y");
    pl_sort(sampled.draws, all);
    for (int k = 0; k < 5; k++)
        near(pl_quantile(sampled.draws, all, at[k]), pl_normal_quantile(at[k]), 0.05, "quantile of x");
    pl_sampled_free(&sampled);
}

/* Autoregressive chains with coefficient phi: a draw is worth (1 - phi) / (1 + phi) independent ones. */
static void effective_sizes(void **state) {
    (void)state;
    enum { CHAINS = 8, DRAWS = 2000 };
    static double draws[CHAINS * DRAWS];
    const double phi[] = {0, 0.6};
    pl_convergence c;
    for (int kind = 0; kind < 2; kind++) {
        for (int chain = 0; chain < CHAINS; chain++)
            for (int i = 0; i < DRAWS; i++) {
                double z = pl_normal_quantile(pl_uniform_at(77 + (uint64_t)kind, (uint64_t)chain, (uint64_t)i));
                double *x = draws + chain * DRAWS + i;
                *x = i ? phi[kind] * x[-1] + sqrt(1 - phi[kind] * phi[kind]) * z : z;
            }
        assert_int_equal(pl_convergence_of(draws, CHAINS, DRAWS, &c), PL_OK);
        double worth = CHAINS * DRAWS * (1 - phi[kind]) / (1 + phi[kind]);
        near(c.bulk, worth, 0.15 * worth, "effective size");
        assert_true(c.rhat < 1.01);
    }
    for (int i = 0; i < DRAWS; i++) draws[i] += 3; /* one chain elsewhere */
    assert_int_equal(pl_convergence_of(draws, CHAINS, DRAWS, &c), PL_OK);
    assert_true(c.rhat > 1.1);
}

/* ---- the reader of data --------------------------------------------------------------------------------- */

static void refuses(pl_error_model kind, const char *text, int line, const char *message) {
    pl_observed of = {.name = "level", .column = "value", .error = kind, .from = NAN, .to = NAN, .holdout = NAN,
                      .scale = {NAN, NAN}, .weight = 1};
    pl_arena arena = {0};
    pl_observed_series series;
    pl_error error;
    assert_int_equal(pl_observed_series_read(&of, NAN, text, strlen(text), "d.csv", &arena, &series, &error),
                     PL_INVALID);
    assert_string_equal(error.message, message);
    assert_int_equal(error.line, line);
    pl_arena_free(&arena);
}

static void bad_data(void **state) {
    (void)state;
    refuses(PL_ERRORS_NORMAL, "when,value\n1,2\n", 1, "a file of data needs a column 'time' or 'year'");
    refuses(PL_ERRORS_NORMAL, "year,count\n1,2\n", 1, "there is no column 'value' for the values of 'level'");
    refuses(PL_ERRORS_NORMAL, "year,value\n2015-01,2\n", 2, "expected a time as a number, not '2015-01'");
    refuses(PL_ERRORS_NORMAL, "year,value\n1,2\n2,two\n", 3, "expected a number, not 'two'");
    refuses(PL_ERRORS_NORMAL, "year,value\n1,2\n1,3\n", 3, "a second value of the time 1");
    refuses(PL_ERRORS_NORMAL, "year,value\n", 1, "no value of 'level' lies within 'from' and 'to'");
    refuses(PL_ERRORS_LOGNORMAL, "year,value\n1,0\n", 2, "with this error a value is above 0, not '0'");
    refuses(PL_ERRORS_POISSON, "year,value\n1,1.5\n", 2,
            "with this error a value is a count: a whole number from 0 up, not '1.5'");
}

static void nothing_to_fit(void **state) {
    (void)state;
    pl_fit *fit;
    pl_error error;
    const char *files[] = {"model.mdl", line_model, "d.csv", "time,value\n1,2\n", "situation.yaml",
                           "parley: 1\nmodel: model.mdl\nuncertainties: {idle: {uniform: [0, 1]}}\n"
                           "data: [{variable: level, file: d.csv}]\nfit: {holdout: 5}\n", NULL};
    assert_int_equal(fit_files(files, NULL, &fit, &error), PL_INVALID);
    assert_string_equal(error.message, "there is nothing to fit: no uncertainty moves what the data show");
    assert_int_equal(error.line, 5);
    files[3] = "time,value\n6,2\n";
    assert_int_equal(fit_files(files, NULL, &fit, &error), PL_INVALID);
    assert_string_equal(error.message,
                        "there is nothing to fit to: no value lies before the holdout and within the model's time");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_is_regression),
        cmocka_unit_test(what_data_leave_open),
        cmocka_unit_test(forecasts_by_hand),
        cmocka_unit_test(densities),
        cmocka_unit_test(correlated_errors),
        cmocka_unit_test(global_search),
        cmocka_unit_test(chains_keep_a_density),
        cmocka_unit_test(effective_sizes),
        cmocka_unit_test(bad_data),
        cmocka_unit_test(nothing_to_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
