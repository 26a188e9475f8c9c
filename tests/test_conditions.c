/* Conditions on measures and on variables, the checks of a situation, and delays that vary or are set. */
#include "explored.h"

#include "ensemble/condition.h"

enum { END }; /* the first measure of the line */

/* ---- conditions and checks ------------------------------------------------------------------------------ */

static pl_condition *bind_risk(const pl_ensemble *e, int risk, pl_arena *arena) {
    pl_condition *c;
    pl_error error;
    if (pl_condition_over_measures(arena, e->situation, e->situation->risks[risk].expr, &c, &error) != PL_OK)
        fail_msg("%s", error.message);
    return c;
}

static void risks_are_judged_in_each_case(void **state) {
    (void)state;
    pl_ensemble *e = explore_line();
    pl_arena arena = {0};
    pl_condition *large = bind_risk(e, 0, &arena), *larger = bind_risk(e, 1, &arena);
    double work[10];
    for (long p = 0; p < e->profiles; p++)
        for (long f = 0; f < e->futures; f++) {
            near(pl_condition_in_case(large, e, p, f, work), pl_ensemble_measure(e, END, p)[f] > 35);
            /* only the push adds 12; its payoff, 0.2 end - gain, falls by 9.6 against waiting: never a regret of 0 */
            near(pl_condition_in_case(larger, e, p, f, work), 0);
        }
    for (long f = 0; f < e->futures; f++) {
        near(pl_ensemble_regret(e, 0, 0, f), 0);
        near(pl_ensemble_regret(e, 0, 3, f), 0.8 * 12);
        near(pl_ensemble_regret(e, 1, 2, f), 2);
    }
    pl_arena_free(&arena);
    pl_ensemble_free(e);
}

/* A condition on constants: its value. */
static double value_of(const char *text) {
    pl_arena arena = {0};
    pl_situation s = {0};
    pl_condition *c;
    pl_error error;
    pl_expr *expr = pl_expr_parse(&arena, text, "", 1, 1, &error);
    if (!expr || pl_condition_over_measures(&arena, &s, expr, &c, &error) != PL_OK)
        fail_msg("%s: %s", text, error.message);
    double value = pl_condition_value(c, NULL);
    pl_arena_free(&arena);
    return value;
}

static void conditions_compute(void **state) {
    (void)state;
    near(value_of("2 + 3 * 4"), 14);
    near(value_of("MAX(2, 3) ^ 2 - ABS(-1)"), 8);
    near(value_of("1 < 2 :AND: 3 >= 3"), 1);
    near(value_of(":NOT: (1 < 2) :OR: 2 <> 2"), 0);
    near(value_of("IF THEN ELSE(1 > 2, 5, 7)"), 7);
    near(value_of("SQRT(16) / (1 - 3)"), -2);
}

static void failing_checks_say_when_and_what(void **state) {
    (void)state;
    pl_situation *s = read_situation(make_situation(
        "checks", "parley: 1\nmodel: model.mdl\nchecks:\n"
                  "  holds: {set: {v: 0}, expect: \"y = 0\"}\n"
                  "  grows: {expect: \"x >= 0 :AND: y <= 1 + initial(y)\"}\n"
                  "  breaks: {set: {u: 0}, expect: \"x < 5\"}\n"
                  "  truth: {set: {v: {2: 5}}, expect: \"MIN(3 - Time, 1)\"}\n", FRAGILE_MODEL));
    pl_findings *findings = pl_findings_new();
    pl_error error;
    assert_int_equal(pl_situation_check(s, findings, &error), PL_CHECK_FAILED);
    assert_int_equal(pl_findings_count(findings), 3);
    static const char *const messages[] = {
        "the check 'grows' does not hold at time 2: the left side is 2, the right side 1",
        "the check 'breaks' cannot be judged at time 1: a value is not finite",
        "the check 'truth' does not hold at time 3"};
    for (int i = 0; i < 3; i++) assert_string_equal(pl_findings_get(findings, i, NULL)->message, messages[i]);
    assert_string_equal(error.message, messages[0]);
    assert_true(error.line == 5 && error.column == 20);
    pl_findings_free(findings);
    pl_situation_free(s);
}


/* A delay may differ from future to future: at time 4 the input (the time) of lag before comes out, by steps of 1. */
static void a_delay_that_varies(void **state) {
    (void)state;
    pl_ensemble *e = explore_and_read(make_situation(
        "delay", "parley: 1\nmodel: model.mdl\nuncertainties: {lag: {uniform: [1, 3]}}\n"
                 "measures: {d: {of: d, take: final}}\n",
        "d = DELAY FIXED(Time, lag, 0) ~~| lag = 2 ~~|" TIMES), NULL);
    int seen[5] = {0};
    for (long f = 0; f < e->futures; f++) {
        double steps = floor(e->draws[f] + 0.5), found = pl_ensemble_measure(e, 0, 0)[f];
        assert_true(found == 4 - steps);
        seen[(int)steps]++;
    }
    assert_true(seen[1] > 0 && seen[2] > 0 && seen[3] > 0);
    pl_ensemble_free(e);
}

static void a_delay_that_is_set(void **state) {
    (void)state;
    const char *path = make_situation(
        "lever", "parley: 1\nmodel: model.mdl\nactors: {a: {courses: {short: {set: {lag: 1}}}}}\n"
                 "measures: {d: {of: d, take: final}}\n",
        "d = DELAY FIXED(Time, lag, 0) ~~| lag = 2 ~~|" TIMES);
    pl_situation *s = read_situation(path);
    pl_error error;
    assert_int_not_equal(pl_situation_check(s, NULL, &error), PL_OK);
    assert_non_null(strstr(error.message, "the delay time of DELAY FIXED in d depends on lag"));
    pl_situation_free(s);
}

/* Euler by steps of 1: y gains v each step, v = 1 until 2 and 5 from then on. */
static void checks_may_set_over_time(void **state) {
    (void)state;
    pl_situation *s = read_situation(make_situation(
        "times", "parley: 1\nmodel: model.mdl\nactors: {a: {courses: {act: {set: {v: {1: 3}}}}}}\nchecks:\n"
                 "  own: {set: {v: {2: 5}}, expect: \"y = MIN(Time, 2) + 5 * MAX(Time - 2, 0)\"}\n"
                 "  course: {expect: \"y = MIN(Time, 1) + 3 * MAX(Time - 1, 0)\"}\n", FRAGILE_MODEL));
    pl_error error;
    if (pl_situation_check(s, NULL, &error) != PL_OK) fail_msg("%s", error.message);
    pl_situation_free(s);
}

static void checks_of_the_line_hold(void **state) {
    (void)state;
    pl_situation *s = read_situation(under_root("tests/situations/linear"));
    pl_error error;
    if (pl_situation_check(s, NULL, &error) != PL_OK) fail_msg("%s", error.message);
    pl_situation_free(s);
}
int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(risks_are_judged_in_each_case),
        cmocka_unit_test(conditions_compute),
        cmocka_unit_test(failing_checks_say_when_and_what),
        cmocka_unit_test(a_delay_that_varies),
        cmocka_unit_test(a_delay_that_is_set),
        cmocka_unit_test(checks_may_set_over_time),
        cmocka_unit_test(checks_of_the_line_hold),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
