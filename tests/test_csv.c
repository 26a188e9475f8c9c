/* Comma-separated text: fields and their places after RFC 4180, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv.h"

static pl_status read_text(pl_arena *arena, const char *text, pl_csv *csv, pl_error *error) {
    return pl_csv_read(arena, text, strlen(text), "t.csv", csv, error);
}

static void expect(const pl_csv *csv, int row, int column, const char *text, int line, int at) {
    const pl_csv_field *field = pl_csv_at(csv, row, column);
    assert_string_equal(field->text, text);
    assert_int_equal(field->line, line);
    assert_int_equal(field->column, at);
}

static void fields_and_places(void **state) {
    (void)state;
    pl_arena arena = {0};
    pl_csv csv;
    pl_error error;
    const char *text = "\xEF\xBB\xBFname, value ,note\r\n# a remark\n\n"
                       "a , 1.5,\"two\nlines, and \"\"quotes\"\"\" \n  b,-2e3,\n\"\"\"\",+7,last";
    assert_int_equal(read_text(&arena, text, &csv, &error), PL_OK);
    assert_int_equal(csv.columns, 3);
    assert_int_equal(csv.rows, 3);
    expect(&csv, -1, 1, "value", 1, 7);
    expect(&csv, 0, 0, "a", 4, 1);
    expect(&csv, 0, 1, "1.5", 4, 5);
    expect(&csv, 0, 2, "two\nlines, and \"quotes\"", 4, 9);
    expect(&csv, 1, 0, "b", 6, 3);
    expect(&csv, 1, 2, "", 6, 10);
    expect(&csv, 2, 0, "\"", 7, 1);
    assert_int_equal(pl_csv_column(&csv, "VALUE"), 1);
    assert_int_equal(pl_csv_column(&csv, "none"), -1);
    double value;
    const double values[] = {1.5, -2000, 7};
    for (int row = 0; row < 3; row++) {
        assert_true(pl_csv_number(pl_csv_at(&csv, row, 1), &value));
        assert_true(value == values[row]);
    }
    assert_false(pl_csv_number(pl_csv_at(&csv, 1, 2), &value));
    assert_false(pl_csv_number(pl_csv_at(&csv, 0, 0), &value));
    pl_arena_free(&arena);
}

static void what_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *text, *message;
        int line, column;
    } cases[] = {
        {"", "expected a header row with the names of the columns", 1, 1},
        {"\n # only this\n", "expected a header row with the names of the columns", 1, 1},
        {"a,b\n1,2\n3\n", "this row has 1 fields, the header 2", 3, 1},
        {"a,b\n1,2,3\n", "this row has 3 fields, the header 2", 2, 1},
        {"a,b\n1,\"2\n3,4\n", "this quote never ends", 2, 3},
        {"a,b\n\"1\"x,2\n", "expected a comma or the end of the line after the quote", 2, 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pl_arena arena = {0};
        pl_csv csv;
        pl_error error;
        assert_int_equal(read_text(&arena, cases[i].text, &csv, &error), PL_INVALID);
        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(error.line, cases[i].line);
        assert_int_equal(error.column, cases[i].column);
        pl_arena_free(&arena);
    }
    pl_arena arena = {0};
    pl_csv csv;
    assert_int_equal(pl_csv_read(&arena, "a\0b\n", 4, "t.csv", &csv, NULL), PL_INVALID);
    pl_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(fields_and_places), cmocka_unit_test(what_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
