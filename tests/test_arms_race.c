/* The teaching situation against the closed form of Richardson's linear model for equal parties:
 * x(t) = x* + (x(0) - x*) e^-(k - 2l)t with x* = g / (k - 2l), and x(0) + g t where k = 2l. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "parley.h"

static pl_model *model;

static int setup(void **state) {
    (void)state;
    char path[4096];
    const char *root = getenv("PARLEY_ROOT");
    snprintf(path, sizeof path, "%s/situations/arms-race/model.mdl", root ? root : ".");
    return pl_model_read(path, &model, NULL, NULL) == PL_OK ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    pl_model_free(model);
    return 0;
}

static double closed_form(double defence, double fatigue, double grievance, double t) {
    double k = fatigue - 2 * defence;
    if (k == 0) return 10 + grievance * t;
    return grievance / k + (10 - grievance / k) * exp(-k * t);
}

/* Runge-Kutta 4 with k dt under 0.02 is within 1e-8 of it. */
static void expect_closed_form(double defence, double fatigue, double grievance) {
    const pl_set sets[] = {{"defence", defence}, {"fatigue", fatigue}, {"grievance of a", grievance},
                           {"grievance of b", grievance}, {"grievance of c", grievance}};
    const char *names[] = {"arms of a", "arms of b", "arms of c"};
    pl_series *series;
    assert_int_equal(pl_model_run(model, sets, 5, 1, &series, NULL), PL_OK);
    int found = 0, rows = pl_series_rows(series);
    assert_int_equal(rows, 21);
    for (int column = 0; column < pl_series_columns(series); column++)
        for (int party = 0; party < 3; party++)
            if (strcmp(pl_series_name(series, column), names[party]) == 0) {
                found++;
                for (int row = 0; row < rows; row++) {
                    double expected = closed_form(defence, fatigue, grievance, pl_series_times(series)[row]);
                    assert_true(fabs(pl_series_values(series, column)[row] - expected) <= 1e-8 * fabs(expected));
                }
            }
    assert_int_equal(found, 3);
    pl_series_free(series);
}

static void test_settles(void **state) {
    (void)state;
    expect_closed_form(0.1, 0.5, 1);
}

static void test_stays(void **state) {
    (void)state;
    expect_closed_form(0.2, 0.5, 1);
}

static void test_grows_by_grievance(void **state) {
    (void)state;
    expect_closed_form(0.2, 0.4, 1);
}

static void test_runs_away(void **state) {
    (void)state;
    expect_closed_form(0.25, 0.45, 0.5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settles),
        cmocka_unit_test(test_stays),
        cmocka_unit_test(test_grows_by_grievance),
        cmocka_unit_test(test_runs_away),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
