/* Back-tests of a straight line and a parabola, whose values are plain arithmetic; and what is refused. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "study/backtest.h"

static const char *folder(void) {
    static char path[512];
    snprintf(path, sizeof path, "%s/tests/situations/backtest", getenv("PARLEY_ROOT"));
    return path;
}

static void values_and_outcomes(void **state) {
    (void)state;
    static const double values[] = {14, 15, 12, 2, 1, 18, 2003, 50, 40, 60, 14, NAN, NAN};
    pl_situation *s;
    pl_backtests *b;
    pl_error error;
    pl_findings *findings = pl_findings_new();
    assert_int_equal(pl_situation_read(folder(), &s, NULL, &error), PL_OK);
    if (pl_situation_backtest(s, &b, findings, &error) != PL_OK) fail_msg("%s", error.message);
    assert_int_equal(b->count, sizeof values / sizeof *values);
    for (int i = 0; i < b->count; i++) {
        const pl_backtest *t = &b->tests[i];
        if (isnan(values[i]) ? !isnan(t->value) : t->value != values[i]) fail_msg("%s: %.17g", t->id, t->value);
        assert_int_equal(t->outcome, t->expected);
    }
    assert_int_equal(pl_findings_count(findings), 0);
    pl_backtests_free(b);
    pl_findings_free(findings);
    pl_situation_free(s);
}

/* The same situation with another file of back-tests. */
static pl_status with(const char *text, int *different, pl_error *error) {
    char temporary[] = "/tmp/test-backtest-XXXXXX", command[2048], path[600];
    assert_non_null(mkdtemp(temporary));
    snprintf(command, sizeof command, "cp %s/model.mdl %s/situation.yaml %s", folder(), folder(), temporary);
    assert_int_equal(system(command), 0);
    snprintf(path, sizeof path, "%s/backtests.csv", temporary);
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    pl_situation *s;
    pl_backtests *b;
    assert_int_equal(pl_situation_read(temporary, &s, NULL, error), PL_OK);
    pl_status status = pl_situation_backtest(s, &b, NULL, error);
    if (different) *different = b ? b->different : -1;
    pl_backtests_free(b);
    pl_situation_free(s);
    snprintf(command, sizeof command, "rm -r %s", temporary);
    assert_int_equal(system(command), 0);
    return status;
}

static void otherwise_than_declared(void **state) {
    (void)state;
    int different;
    pl_error error;
    const char *text = "id,variable,target,tolerance,to,expected\nA,line,14,0,2002,fail\nB,line,15,0,2002,pass\n"
                       "C,line,14,0,2002,pass\n";
    assert_int_equal(with(text, &different, &error), PL_CHECK_FAILED);
    assert_int_equal(different, 2);
    assert_string_equal(error.message, "2 of 3 back-tests came out otherwise than declared");
}

static void what_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *text, *message;
        int line, column;
    } cases[] = {
        {"id,variable,target,to,expected\n", "a file of back-tests needs a column 'tolerance'", 1, 1},
        {"id,variable,target,tolerance,to,expected,why\n",
         "there is no column 'why' in a file of back-tests, or it comes twice", 1, 42},
        {"id,variable,target,tolerance,to,expected\nA,line,many,1,2002,pass\n",
         "expected a number for 'target', not 'many'", 2, 8},
        {"id,variable,target,tolerance,to,expected\nA,line,1,1,2002,maybe\n",
         "'expected' is one of pass, fail, cannot-represent, not 'maybe'", 2, 17},
        {"id,variable,target,tolerance,to,expected\nA,lime,1,1,2002,pass\n", "the run saves no variable 'lime'", 2, 3},
        {"id,variable,target,tolerance,from,to,expected\nA,line,1,1,2003,2002,pass\n", "'from' is after 'to'", 2, 12},
        {"id,variable,target,tolerance,to,expected,profile\nA,line,1,1,2002,pass,step\n",
         "no profile is named 'step'; did you mean 'steep'?", 2, 22},
        {"id,variable,target,tolerance,to,expected,set\nA,line,1,1,2002,pass,slope\n",
         "expected 'NAME=VALUE; NAME=VALUE', not 'slope'", 2, 22},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pl_error error;
        assert_int_equal(with(cases[i].text, NULL, &error), PL_INVALID);
        if (strcmp(error.message, cases[i].message) != 0 || error.line != cases[i].line ||
            error.column != cases[i].column)
            fail_msg("case %zu: %d:%d: %s", i, error.line, error.column, error.message);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_and_outcomes), cmocka_unit_test(otherwise_than_declared),
                                       cmocka_unit_test(what_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
