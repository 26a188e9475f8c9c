/* History against the model: y = a t with the own constant a = 2, observed as 3, 5 and (kept out) 6, 8.  All expected
 * numbers are worked by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "fitted.h"
#include "study/history.h"

static const char model[] = "{UTF-8} a= 2 ~~| b= 1 ~~| y= a * Time ~~| z= b ~~|" FIT_TIMES "\n";
static const char situation[] =
    "parley: 1\nmodel: m.mdl\n"
    "uncertainties: {a: {uniform: [1, 3]}, b: {uniform: [0, 1]}}\n"
    "measures: {end: {of: y, take: final}, other: {of: z, take: final}}\n"
    "data: [{variable: y, file: y.csv, error: {normal: 1}}]\nfit: {holdout: 3}\n";
static const char data[] = "time,value\n1,3\n2,5\n3,6\n4,8\n";

static void expect_near(double value, double expected, double tolerance) {
    if (!(fabs(value - expected) <= tolerance)) fail_msg("%.17g, expected %.17g", value, expected);
}

static pl_history *find(const char *fitted) {
    char folder[] = "/tmp/test-history-XXXXXX", command[64];
    pl_history *history;
    pl_error error;
    if (!mkdtemp(folder)) abort();
    write_text(folder, "m.mdl", model), write_text(folder, "situation.yaml", situation),
        write_text(folder, "y.csv", data);
    if (fitted) write_text(folder, "fitted.csv", fitted);
    if (pl_history_find(folder, NULL, 1, &history, &error) != PL_OK) fail_msg("%s", error.message);
    snprintf(command, sizeof command, "rm -r %s", folder);
    if (system(command) != 0) abort();
    assert_non_null(history);
    return history;
}

/* Kept out: the model gives 6 and 8; the last value is 5; the line through (1, 3), (2, 5) gives 7 and 9. */
static void errors_beside_simple_forecasts(void **state) {
    (void)state;
    pl_history *h = find(NULL);
    const pl_fit_series *s = &h->series[0].judged;
    assert_int_equal(h->observations.count, 1);
    assert_int_equal(s->data->count, 4);
    assert_int_equal(s->held_out, 2);
    expect_near(s->error[PL_FORECAST_UNFITTED], 0, 1e-12);
    expect_near(s->error[PL_FORECAST_LAST], sqrt((1 + 9) / 2.0), 1e-12);
    expect_near(s->error[PL_FORECAST_TREND], 1, 1e-12);
    assert_true(isnan(s->error[PL_FORECAST_MODEL]));
    assert_int_equal(h->fitted, 0);
    for (int k = 0; k < 4; k++) { /* 5 and 95 % of a are 1.1 and 2.9, over 200 draws */
        expect_near(h->series[0].prior[k][0], 1.1 * (k + 1), 0.15 * (k + 1));
        expect_near(h->series[0].prior[k][2], 2.9 * (k + 1), 0.15 * (k + 1));
    }
    assert_int_equal(h->basis[0], PL_DATA_REACHED);
    assert_int_equal(h->basis[1], PL_DATA_UNREACHED);
    pl_history_free(h);
}

static void fitted_futures_are_shown(void **state) {
    (void)state;
    pl_history *h = find("# fitted: a\n# seed 1, not converged\na,b\n2.5,0.5\n2.5,0.1\n2.5,0.9\n");
    const pl_fit_series *s = &h->series[0].judged;
    assert_int_equal(h->fitted, 3);
    assert_false(h->converged);
    for (int k = 0; k < 4; k++)
        for (int q = 0; q < 3; q++) expect_near(s->points[k].posterior[q], 2.5 * (k + 1), 1e-12);
    expect_near(s->error[PL_FORECAST_MODEL], sqrt((1.5 * 1.5 + 2 * 2) / 2), 1e-12);
    assert_int_equal(h->basis[0], PL_DATA_FITTED);
    pl_history_free(h);
    h = find("# fitted: a; b\n# seed 1, converged\na,b\n2.5,0.5\n");
    assert_true(h->converged);
    assert_int_equal(h->basis[1], PL_DATA_FITTED);
    pl_history_free(h);
}

/* What is not of this situation, or not fitted, is as none. */
static void other_futures_are_not(void **state) {
    (void)state;
    const char *const others[] = {"# fitted: a\na,c\n2.5,0.5\n", "a,b\n2.5,0.5\n", "# fitted: a\na,b\nx,0.5\n", ""};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        pl_history *h = find(others[i]);
        assert_int_equal(h->fitted, 0);
        pl_history_free(h);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_beside_simple_forecasts),
        cmocka_unit_test(fitted_futures_are_shown),
        cmocka_unit_test(other_futures_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
