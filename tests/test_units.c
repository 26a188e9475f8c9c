/* Units: reading, algebra, printing, and the warnings of each file under tests/units. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "model/units.h"

static pl_arena arena;
static pl_unit_system vensim, xmile;

static int begin(void **state) {
    (void)state;
    pl_model model = {.dialect = PL_XMILE};
    pl_unit_system_start(&vensim, &arena, NULL);
    pl_unit_system_start(&xmile, &arena, &model);
    return 0;
}

static int end(void **state) {
    (void)state;
    pl_arena_free(&arena);
    return 0;
}

static void reads_units(void **state) {
    (void)state;
    static const struct {
        const char *a, *b;
        int count; /* base units; -1: cannot be read */
    } cases[] = {{"People/Year/Year", "people / (year*YEAR)", 2},
                 {"Dmnl", "1", 0},
                 {"Dimensionless", "a/a", 0},
                 {"1/Month", "months^-1", 1},
                 {"watt/(meter*meter)", "Watt/meters^2", 2},
                 {"a*b/a", "b", 1},
                 {"a/b*c", "a*c/b", 3},
                 {"person*Widget per day", "people*widget per day", 2},
                 {"$s/Boxes", "Dollars/box", 2},
                 {"currencies*houses", "house*Currency", 2},
                 {"(m/s)^2", "m^2/s^2", 2},
                 {"m^(1/2)", "m^0.5", 1},
                 {"((m^(1/3)))^3", "m", 1},
                 {"1/(a*b)", "(a*b)^(-1)", 2},
                 {"people//year", "", -1},
                 {"(a", "", -1},
                 {"a^", "", -1},
                 {"a^x", "", -1},
                 {"a^(1/0)", "", -1},
                 {"a^9999", "", -1},
                 {"*a", "", -1},
                 {"a)", "", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const pl_units *a = pl_units_read(&vensim, cases[i].a), *b = pl_units_read(&vensim, cases[i].b);
        if ((cases[i].count < 0) != (a == NULL)) fail_msg("%s", cases[i].a);
        if (!a) continue;
        assert_int_equal(a->count, cases[i].count);
        if (!pl_units_equal(a, b)) fail_msg("%s is not %s", cases[i].a, cases[i].b);
    }
    assert_false(pl_units_equal(pl_units_read(&vensim, "ms"), pl_units_read(&vensim, "m")));
    assert_false(pl_units_equal(pl_units_read(&vensim, "gas"), pl_units_read(&vensim, "ga")));
    assert_null(pl_units_read(&vensim, ""));
}

static void reads_units_of_xmile(void **state) {
    (void)state;
    assert_true(pl_units_equal(pl_units_read(&xmile, "Months Per Year"), pl_units_read(&xmile, "month/year")));
    assert_true(pl_units_equal(pl_units_read(&xmile, "meters/(second-second)"), pl_units_read(&xmile, "meter/second^2")));
    assert_true(pl_units_equal(pl_units_read(&xmile, "kg_per_person_per_day"), pl_units_read(&xmile, "kg/(people*day)")));
    assert_int_equal(pl_units_read(&xmile, "percent")->count, 1);
    assert_int_equal(pl_units_read(&xmile, "1 per day")->count, 1);
    assert_int_equal(pl_units_read(&vensim, "people per day")->count, 1);
}

static void prints_units(void **state) {
    (void)state;
    static const char *const texts[] = {"Dmnl", "1/kg", "kg/(man*woman^2)", "kg*man", "kg^(1/2)", "kg^1.234/man^(2/3)"};
    char text[100];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_string_equal(pl_units_text(pl_units_read(&vensim, texts[i]), text, sizeof text), texts[i]);
    pl_units_text(pl_units_read(&vensim, "kg*man"), text, 5);
    assert_string_equal(text, "kg*m");
}

/* ---- the algebra, on random units ----------------------------------------------------------------------- */

static uint64_t random_state = 1;

static int draw(int below) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (int)((random_state >> 33) % (uint64_t)below);
}

static const pl_units *random_units(void) {
    static const char *const names[] = {"people", "year", "$", "kg", "m", "Box", "tonne C"};
    const pl_units *units = &pl_dimensionless;
    for (int i = draw(6); i > 0; i--) {
        const pl_units *factor = pl_units_read(&vensim, names[draw(7)]);
        units = pl_units_combine(&arena, units, 1.0, factor, (double)(draw(13) - 6) / (1 + draw(6)));
    }
    return units;
}

static void algebra_holds(void **state) {
    (void)state;
    for (int i = 0; i < 5000; i++) {
        const pl_units *u = random_units(), *v = random_units(), *w = random_units();
        const pl_units *uv = pl_units_combine(&arena, u, 1.0, v, 1.0), *vw = pl_units_combine(&arena, v, 1.0, w, 1.0);
        char text[400];
        assert_true(pl_units_equal(uv, pl_units_combine(&arena, v, 1.0, u, 1.0)));
        assert_true(pl_units_equal(pl_units_combine(&arena, uv, 1.0, v, -1.0), u));
        assert_true(pl_units_equal(pl_units_combine(&arena, uv, 1.0, w, 1.0), pl_units_combine(&arena, u, 1.0, vw, 1.0)));
        assert_true(pl_units_equal(pl_units_combine(&arena, pl_units_combine(&arena, u, 0.5, v, 0.5), 2.0, v, -1.0), u));
        assert_int_equal(pl_units_combine(&arena, u, 1.0, u, -1.0)->count, 0);
        const pl_units *again = pl_units_read(&vensim, pl_units_text(u, text, sizeof text));
        if (!again || !pl_units_equal(again, u)) fail_msg("%s", text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_units),
        cmocka_unit_test(reads_units_of_xmile),
        cmocka_unit_test(prints_units),
        cmocka_unit_test(algebra_holds),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
