/* Units: reading, algebra, printing, and the warnings of each file under tests/units. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <dirent.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/arena.h"
#include "model/rules.h"
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
    assert_true(
        pl_units_equal(pl_units_read(&xmile, "meters/(second-second)"), pl_units_read(&xmile, "meter/second^2")));
    assert_true(
        pl_units_equal(pl_units_read(&xmile, "kg_per_person_per_day"), pl_units_read(&xmile, "kg/(people*day)")));
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
        assert_true(
            pl_units_equal(pl_units_combine(&arena, uv, 1.0, w, 1.0), pl_units_combine(&arena, u, 1.0, vw, 1.0)));
        assert_true(
            pl_units_equal(pl_units_combine(&arena, pl_units_combine(&arena, u, 0.5, v, 0.5), 2.0, v, -1.0), u));
        assert_int_equal(pl_units_combine(&arena, u, 1.0, u, -1.0)->count, 0);
        const pl_units *again = pl_units_read(&vensim, pl_units_text(u, text, sizeof text));
        if (!again || !pl_units_equal(again, u)) fail_msg("%s", text);
    }
}

/* ---- the files of tests/units --------------------------------------------------------------------------- */

static char *read_text(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("%s cannot be read", path);
    char *text = calloc(1, 1 << 16);
    size_t length = fread(text, 1, (1 << 16) - 1, file);
    fclose(file);
    assert_true(length + 1 < 1 << 16);
    return text;
}

/* Whether a line of a model defines a variable whose name begins with a word. */
static int defines(const char *line, const char *word) {
    char name[40];
    size_t length = strcspn(line, "\n");
    snprintf(name, sizeof name, "name=\"%s ", word);
    const char *found = strstr(line, name);
    return (found && found < line + length) || (strncmp(line, name + 6, strlen(name) - 6) == 0);
}

static int warnings_in(const pl_findings *findings, int line) {
    int count = 0;
    for (int i = 0; i < pl_findings_count(findings); i++) count += pl_findings_get(findings, i, NULL)->line == line;
    return count;
}

/* Each variable "wrong ..." has one warning, each "right ..." has none. */
static void count_cases(const char *model, const pl_findings *findings, const char *name, int cases[2]) {
    int number = 1;
    for (const char *line = model; line; line = strchr(line, '\n'), number++) {
        line += *line == '\n';
        int wrong = defines(line, "wrong"), right = defines(line, "right"), said = warnings_in(findings, number);
        if ((wrong && said != 1) || (right && said != 0)) fail_msg("%s:%d: %d warnings", name, number, said);
        cases[0] += right, cases[1] += wrong;
    }
}

static void check_file(const char *folder, const char *name, int cases[2]) {
    char path[4096];
    pl_model *model;
    pl_findings *findings = pl_findings_new();
    char *printed, *text, *expected;
    assert_in_range(snprintf(path, sizeof path, "%s/%s", folder, name), 1, sizeof path - 1);
    text = read_text(path);
    strcpy(strrchr(path, '.'), ".txt");
    expected = read_text(path);
    pl_error error;
    if (pl_model_parse(text, strlen(text), name, &model, NULL, &error) != PL_OK)
        fail_msg("%s:%d: %s", name, error.line, error.message);
    assert_int_equal(pl_model_check_units(model, findings, NULL), PL_OK);
    assert_int_equal(pl_findings_print(findings, PL_FORMAT_TEXT, &printed, NULL), PL_OK);
    if (getenv("PARLEY_PRINT")) printf("%s", printed);
    else assert_string_equal(printed, expected);
    count_cases(text, findings, name, cases);
    pl_text_free(printed);
    pl_findings_free(findings);
    pl_model_free(model);
    free(text), free(expected);
}

static void warns_as_expected(void **state) {
    (void)state;
    char folder[4000];
    int files = 0, cases[2] = {0};
    const char *root = getenv("PARLEY_ROOT");
    snprintf(folder, sizeof folder, "%s/tests/units", root ? root : ".");
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory));) {
        const char *dot = strrchr(entry->d_name, '.');
        if (!dot || entry->d_name[0] == '.' || strcmp(dot, ".txt") == 0) continue;
        check_file(folder, entry->d_name, cases);
        files++;
    }
    closedir(directory);
    assert_true(files >= 16 && cases[0] >= 30 && cases[1] >= 30);
}

/* Running out of memory anywhere is a status. */
static void survives_without_memory(void **state) {
    (void)state;
    char path[4096];
    pl_model *model;
    pl_status status = PL_MEMORY;
    snprintf(path, sizeof path, "%s/tests/units/times.mdl", getenv("PARLEY_ROOT") ? getenv("PARLEY_ROOT") : ".");
    char *text = read_text(path);
    assert_int_equal(pl_model_parse(text, strlen(text), "times.mdl", &model, NULL, NULL), PL_OK);
    for (long n = 1; status == PL_MEMORY && n < 1000; n++) {
        pl_findings *findings = pl_findings_new();
        pl_allocation_fail_after(n);
        status = pl_model_check_units(model, findings, NULL);
        pl_allocation_fail_after(0);
        pl_findings_free(findings);
    }
    assert_int_equal(status, PL_OK);
    pl_model_free(model);
    free(text);
}

/* Each function says what it asks of units, but those that the reader settles itself. */
static void functions_have_rules(void **state) {
    (void)state;
    static const pl_function_id without[] = {PL_FN_INTEG, PL_FN_CONVEYOR, PL_FN_QUEUE};
    for (int i = 0; i < PL_FN_COUNT; i++) {
        int known = *pl_function_rule(&pl_functions[i])->units != 0;
        for (size_t k = 0; k < sizeof without / sizeof *without; k++) known |= without[k] == pl_functions[i].id;
        if (!known) fail_msg("%s has no row in rules.h", pl_functions[i].name);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_units),
        cmocka_unit_test(reads_units_of_xmile),
        cmocka_unit_test(prints_units),
        cmocka_unit_test(algebra_holds),
        cmocka_unit_test(warns_as_expected),
        cmocka_unit_test(survives_without_memory),
        cmocka_unit_test(functions_have_rules),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
