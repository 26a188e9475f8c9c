/* Numbers as text: shortest and correctly rounded, in any locale. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <locale.h>
#include <cmocka.h>

#include "base/number.h"
#include "base/philox.h"

static void prints(void **state) {
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0.0, "0"},
                 {-0.0, "-0"},
                 {0.1, "0.1"},
                 {1e300, "1e300"},
                 {1e-5, "1e-5"},
                 {100000.0, "100000"},
                 {1.0 / 3.0, "0.3333333333333333"},
                 {0.1 + 0.2, "0.30000000000000004"},
                 {5e-324, "5e-324"},
                 {1.7976931348623157e308, "1.7976931348623157e308"},
                 {123456789012345680.0, "1.2345678901234568e17"},
                 {INFINITY, "inf"},
                 {-INFINITY, "-inf"},
                 {NAN, "nan"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[32];
        assert_int_equal(pl_number_print(cases[i].value, out), strlen(cases[i].text));
        assert_string_equal(out, cases[i].text);
    }
}

static void reads(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double value;
        size_t used;
    } cases[] = {{"0", 0.0, 1},
                 {"12.5e1x", 125.0, 6},
                 {".5", 0.5, 2},
                 {"3.", 3.0, 2},
                 {"1e", 1.0, 1},
                 {"1e+", 1.0, 1},
                 {"1e400", INFINITY, 5},
                 {"1e-400", 0.0, 6},
                 {"0x10", 0.0, 1},
                 {"9007199254740993", 9007199254740992.0, 16},
                 {"9007199254740993.00000000000000000000001", 9007199254740994.0, 40},
                 {".", -1.0, 0},
                 {"e5", -1.0, 0},
                 {"0.000000000000000000000000000001e30", 1.0, 35},
                 {"", -1.0, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = -1.0;
        assert_int_equal(pl_number_read(cases[i].text, strlen(cases[i].text), &value), cases[i].used);
        assert_true(value == cases[i].value);
    }
}

/* The text of a double reads back to it, whatever its exponent. */
static void reads_back(void **state) {
    (void)state;
    uint64_t bits = 1;
    for (int i = 0; i < 20000; i++) {
        double value, back = 0.0;
        char out[32];
        bits = bits * 6364136223846793005u + 1442695040888963407u;
        uint64_t positive = bits >> 1;
        memcpy(&value, &positive, sizeof value);
        if (!isfinite(value)) continue;
        size_t length = pl_number_print(value, out);
        assert_int_equal(pl_number_read(out, length, &back), length);
        assert_true(back == value);
    }
}

/* The C library's digits: the fewest from 15 on that it reads back. */
static void is_the_librarys(double value) {
    char out[32], expected[48];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(expected, sizeof expected, "%.*g", digits, value);
        if (strtod(expected, NULL) == value) break;
    }
    pl_number_print(value, out);
    assert_string_equal(out, expected);
}

/* Where no exponent is written; around powers of ten and of two, whose neighbours are not equally near. */
static void prints_the_librarys_digits(void **state) {
    (void)state;
    for (uint64_t i = 0; i < 100000; i++) {
        double u = pl_uniform_at(7, i, 0), scale = pow(10, floor(18 * pl_uniform_at(7, i, 1)) - 3);
        is_the_librarys(u * scale + 1e-4);
        is_the_librarys(-floor(u * 1e6) / scale - 1);
        is_the_librarys(floor(u * scale) + 1);
    }
    for (double power = 1e-3; power < 1e14; power *= 10)
        is_the_librarys(power), is_the_librarys(nextafter(power, 0)), is_the_librarys(nextafter(power, 1e300));
    for (double power = 0x1p-13; power < 0x1p46; power *= 2)
        is_the_librarys(power), is_the_librarys(nextafter(power, 0)), is_the_librarys(nextafter(power, 1e300));
}

static void ignores_the_locale(void **state) {
    (void)state;
    double value = 0.0;
    char out[32];
    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8") && !setlocale(LC_NUMERIC, "de_DE")) skip();
    assert_int_equal(pl_number_read("1.5", 3, &value), 3);
    pl_number_print(0.25, out);
    setlocale(LC_NUMERIC, "C");
    assert_true(value == 1.5);
    assert_string_equal(out, "0.25");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(prints), cmocka_unit_test(reads), cmocka_unit_test(reads_back),
                                       cmocka_unit_test(prints_the_librarys_digits),
                                       cmocka_unit_test(ignores_the_locale)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
