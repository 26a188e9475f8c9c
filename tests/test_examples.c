/* Every row of model/functions.h with an example: the example is run as a model and must give its value. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/functions.h"
#include "parley.h"

typedef struct example {
    char text[256];
    double value, time;
} example;

/* Takes "EXPRESSION = VALUE" or "EXPRESSION = VALUE at t = TIME" apart. */
static int split_example(const char *written, example *e) {
    snprintf(e->text, sizeof e->text, "%s", written);
    e->time = 0;
    char *at = strstr(e->text, " at t = ");
    if (at) {
        e->time = strtod(at + strlen(" at t = "), NULL);
        *at = 0;
    }
    char *last = NULL;
    for (char *p = e->text; (p = strstr(p, " = ")); p++) last = p;
    if (!last) return 0;
    char *end;
    e->value = strtod(last + 3, &end);
    *last = 0;
    return *end == 0;
}

/* What examples may name; docs/functions.md shows it. */
static const char standing[] =
    "place: p1, p2, p3 ~~|\nother: o1, o2, o3 ~~|\nprofile: ptype, ppriority, pwidth, pextra ~~|\n"
    "amount[place] = 5, 3, 8 ~~|\n"
    "matrix[place, other] = 2, 0, 0; 0, 4, 0; 0, 1, 5; ~~|\n"
    "priority[place, profile] = 1, 3, 2, 0; 1, 2, 2, 0; 1, 1, 2, 0; ~~|\n"
    "curve((0, 1), (1, 1), (2, 2)) ~~|\n"
    "measured := GET DIRECT DATA('measured.csv', ',', 'A', 'B2') ~~|\n";
static const char measured[] = "time,measured\n0,3\n2,7\n4,5\n";

/* What stands behind `answer` on the left side, and in the name of the column that counts: the first element. */
static const char *shape_of(const char *text, const char **element) {
    bool matrix = strstr(text, "[place, other]"), list = strstr(text, "[place]") || strstr(text, "[place, ptype]");
    *element = matrix ? "answer[p1,o1]" : list ? "answer[p1]" : "answer";
    return matrix ? "[place, other]" : list ? "[place]" : "";
}

/* The last value of `answer` in a run from 0 by steps of 1. */
static int run_example(const example *e, double *value, pl_error *error) {
    char text[2048];
    const char *column, *shape = shape_of(e->text, &column);
    int length = snprintf(text, sizeof text,
                          "answer%s = %s ~~|\n%sINITIAL TIME = 0 ~~|\nFINAL TIME = %g ~~|\nTIME STEP = 1 ~~|\n"
                          "SAVEPER = TIME STEP ~~|\n",
                          shape, e->text, standing, e->time);
    pl_model *model = NULL;
    pl_series *series = NULL;
    int found = 0;
    pl_file file = {PL_ROLE_PART, "measured.csv", measured, strlen(measured)};
    pl_inputs inputs = {.files = &file, .count = 1};
    if (pl_model_parse_with(text, (size_t)length, "example.mdl", &inputs, &model, NULL, error) == PL_OK &&
        pl_model_run(model, NULL, 0, 1, &series, error) == PL_OK) {
        for (int i = 0; i < pl_series_columns(series); i++)
            if (strcmp(pl_series_name(series, i), column) == 0) {
                *value = pl_series_values(series, i)[pl_series_rows(series) - 1];
                found = 1;
            }
    }
    pl_series_free(series);
    pl_model_free(model);
    return found;
}

/* Only XMILE has it: its example is not Vensim's text. */
static int is_foreign(const pl_function *f) { return !f->vensim[0] && f->xmile[0]; }

static void every_example_gives_its_value(void **state) {
    (void)state;
    int run = 0, wrong = 0;
    for (int i = 0; i < PL_FN_COUNT; i++) {
        const pl_function *f = &pl_functions[i];
        example e;
        if (!f->example[0] || is_foreign(f)) continue;
        run++;
        double value = NAN;
        pl_error error = {0};
        if (!split_example(f->example, &e)) {
            print_error("%s: '%s' is not written as EXPRESSION = VALUE\n", f->name, f->example);
            wrong++;
        } else if (!run_example(&e, &value, &error)) {
            print_error("%s: '%s' does not run: %s\n", f->name, f->example, error.message);
            wrong++;
        } else if (!(fabs(value - e.value) <= 1e-9 * fmax(1, fabs(e.value)))) {
            print_error("%s: '%s' gives %.17g\n", f->name, f->example, value);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
    assert_true(run > 40);
}

static void every_row_has_an_example(void **state) {
    (void)state;
    for (int i = 0; i < PL_FN_COUNT; i++) {
        const pl_function *f = &pl_functions[i];
        bool named = f->vensim[0] || f->xmile[0]; /* the others stand for what a model says otherwise: tests/models */
        if (named && !f->example[0]) fail_msg("%s has no example", f->name);
    }
}

static void every_row_is_described(void **state) {
    (void)state;
    for (int i = 0; i < PL_FN_COUNT; i++) {
        assert_int_equal(pl_functions[i].id, i);
        assert_true(strlen(pl_functions[i].text) > 2);
        assert_true(pl_functions[i].least >= 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_gives_its_value),
        cmocka_unit_test(every_row_has_an_example),
        cmocka_unit_test(every_row_is_described),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
