/* The integrators: Runge-Kutta of order 4 against CVODE (SUNDIALS) on a stiff and on an oscillating model, and the
 * orders of convergence on the logistic equation y' = y (1 - y), y(0) = 1/10, whose solution is 1 / (1 + 9 e^-t). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>

#include <cmocka.h>

#include "parley.h"

/* The numbers of the settings section that stand for a method. */
enum { EULER = 0, RK2 = 4, RK4 = 5 };

static pl_series *run_model(const char *equations, int method, double step, double saved, double end) {
    char text[4096];
    int length = snprintf(text, sizeof text,
                          "%s\nINITIAL TIME = 0 ~~|\nFINAL TIME = %.17g ~~|\nTIME STEP = %.17g ~~|\n"
                          "SAVEPER = %.17g ~~|\n"
                          "\\\\\\---/// Sketch information\nV300\n///---\\\\\\\n:L\177<%%^E!@\n15:0,0,0,%d,0,0\n",
                          equations, end, step, saved, method);
    assert_true(length > 0 && (size_t)length < sizeof text);
    pl_model *model = NULL;
    pl_series *series = NULL;
    pl_error error = {0};
    if (pl_model_parse(text, (size_t)length, "model.mdl", &model, NULL, &error) != PL_OK) fail_msg("%s", error.message);
    if (pl_model_run(model, NULL, 0, 1, &series, &error) != PL_OK) fail_msg("%s", error.message);
    pl_model_free(model);
    return series;
}

static const double *values_of(const pl_series *series, const char *name) {
    for (int i = 0; i < pl_series_columns(series); i++)
        if (strcmp(pl_series_name(series, i), name) == 0) return pl_series_values(series, i);
    fail_msg("no column %s", name);
    return NULL;
}

/* ---- against CVODE ------------------------------------------------------------------------------------- */

typedef struct oracle {
    SUNContext context;
    N_Vector y;
    SUNMatrix matrix;
    SUNLinearSolver solver;
    void *cvode;
} oracle;

static void oracle_start(oracle *o, int method, CVRhsFn f, double y0, double y1) {
    assert_int_equal(SUNContext_Create(NULL, &o->context), 0);
    o->y = N_VNew_Serial(2, o->context);
    NV_Ith_S(o->y, 0) = y0;
    NV_Ith_S(o->y, 1) = y1;
    o->cvode = CVodeCreate(method, o->context);
    assert_non_null(o->cvode);
    assert_int_equal(CVodeInit(o->cvode, f, 0, o->y), CV_SUCCESS);
    assert_int_equal(CVodeSStolerances(o->cvode, 1e-13, 1e-15), CV_SUCCESS);
    o->matrix = SUNDenseMatrix(2, 2, o->context);
    o->solver = SUNLinSol_Dense(o->y, o->matrix, o->context);
    assert_int_equal(CVodeSetLinearSolver(o->cvode, o->solver, o->matrix), CV_SUCCESS);
    assert_int_equal(CVodeSetMaxNumSteps(o->cvode, 1000000), CV_SUCCESS);
}

static void oracle_end(oracle *o) {
    CVodeFree(&o->cvode);
    SUNLinSolFree(o->solver);
    SUNMatDestroy(o->matrix);
    N_VDestroy(o->y);
    SUNContext_Free(&o->context);
}

static void agree_with_oracle(oracle *o, const pl_series *series) {
    const double *a = values_of(series, "a"), *b = values_of(series, "b"), *times = pl_series_times(series);
    int rows = pl_series_rows(series);
    assert_true(rows > 10);
    for (int i = 1; i < rows; i++) {
        double reached;
        assert_int_equal(CVodeSetStopTime(o->cvode, times[i]), CV_SUCCESS);
        assert_true(CVode(o->cvode, times[i], o->y, &reached, CV_NORMAL) >= 0);
        double difference = fmax(fabs(NV_Ith_S(o->y, 0) - a[i]), fabs(NV_Ith_S(o->y, 1) - b[i]));
        if (!(difference <= 1e-8)) fail_msg("at %g the difference is %g", times[i], difference);
    }
}

/* a' = -100 (a - b^2), b' = -b: a follows b^2 a hundred times faster than b falls */
static int stiff_rates(double t, N_Vector y, N_Vector rate, void *data) {
    (void)t, (void)data;
    double a = NV_Ith_S(y, 0), b = NV_Ith_S(y, 1);
    NV_Ith_S(rate, 0) = -100 * (a - b * b);
    NV_Ith_S(rate, 1) = -b;
    return 0;
}

static void rk4_agrees_with_cvode_on_a_stiff_model(void **state) {
    (void)state;
    pl_series *series = run_model("a = INTEG(-100 * (a - b * b), 2) ~~|\nb = INTEG(-b, 1) ~~|", RK4, 1.0 / 4096, 0.125,
                                  2);
    oracle o;
    oracle_start(&o, CV_BDF, stiff_rates, 2, 1);
    agree_with_oracle(&o, series);
    oracle_end(&o);
    pl_series_free(series);
}

/* a' = b, b' = -sin a: a pendulum that swings far */
static int pendulum_rates(double t, N_Vector y, N_Vector rate, void *data) {
    (void)t, (void)data;
    NV_Ith_S(rate, 0) = NV_Ith_S(y, 1);
    NV_Ith_S(rate, 1) = -sin(NV_Ith_S(y, 0));
    return 0;
}

static void rk4_agrees_with_cvode_on_an_oscillating_model(void **state) {
    (void)state;
    pl_series *series = run_model("a = INTEG(b, 2) ~~|\nb = INTEG(-SIN(a), 0) ~~|", RK4, 1.0 / 256, 0.5, 20);
    oracle o;
    oracle_start(&o, CV_ADAMS, pendulum_rates, 2, 0);
    agree_with_oracle(&o, series);
    oracle_end(&o);
    pl_series_free(series);
}

/* ---- orders of convergence ----------------------------------------------------------------------------- */

static double logistic_error(int method, double step) {
    pl_series *series = run_model("y = INTEG(y * (1 - y), 0.1) ~~|", method, step, 4, 4);
    double error = fabs(values_of(series, "y")[pl_series_rows(series) - 1] - 1 / (1 + 9 * exp(-4)));
    pl_series_free(series);
    return error;
}

static void converges_at_order(int method, double order) {
    double coarse = logistic_error(method, 1.0 / 16), fine = logistic_error(method, 1.0 / 32);
    double measured = log2(coarse / fine);
    if (!(fabs(measured - order) <= 0.15))
        fail_msg("order %g, measured %g (errors %g, %g)", order, measured, coarse, fine);
}

static void euler_converges_at_order_1(void **state) {
    (void)state;
    converges_at_order(EULER, 1);
}

static void rk2_converges_at_order_2(void **state) {
    (void)state;
    converges_at_order(RK2, 2);
}

static void rk4_converges_at_order_4(void **state) {
    (void)state;
    converges_at_order(RK4, 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rk4_agrees_with_cvode_on_a_stiff_model),
        cmocka_unit_test(rk4_agrees_with_cvode_on_an_oscillating_model),
        cmocka_unit_test(euler_converges_at_order_1),
        cmocka_unit_test(rk2_converges_at_order_2),
        cmocka_unit_test(rk4_converges_at_order_4),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
