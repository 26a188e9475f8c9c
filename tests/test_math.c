/* The mathematics of program/math.h against MPFR at 240 bits: largest errors in ulp over many arguments, and the
 * special values that C99 (annex F) gives. PARLEY_LONG=1 in the environment takes 50 times as many arguments. */
#include <math.h>
#include <mpfr.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "program/math.h"

enum { BITS = 240, ARGUMENTS = 20000 };

static uint64_t random_state = 88172645463325252u;

static uint64_t random_bits(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    return random_state ^= random_state << 17;
}

static double random_between(double low, double high) {
    return low + (high - low) * ((double)(random_bits() >> 11) * 0x1p-53);
}

/* of either sign, its logarithm uniform: exercises every exponent below `most` */
static double random_magnitude(double most, int sign) {
    double x = exp2(random_between(-1074, log2(most)));
    return sign < 0 && random_bits() & 1 ? -x : x;
}

/* The distance of y from the exact value, in units of the last place of the double nearest to it. */
static double error_in_ulp(double y, mpfr_t exact) {
    double nearest = mpfr_get_d(exact, MPFR_RNDN);
    if (isinf(nearest) || isinf(y)) return nearest == y || fabs(y) >= 0x1.fffffffffffffp1023 ? 0 : INFINITY;
    int exponent = nearest == 0 ? -1074 : ilogb(nearest) - 52;
    mpfr_t d;
    mpfr_init2(d, BITS);
    mpfr_sub_d(d, exact, y, MPFR_RNDN);
    mpfr_mul_2si(d, d, -(exponent < -1074 ? -1074 : exponent), MPFR_RNDN);
    double ulps = fabs(mpfr_get_d(d, MPFR_RNDN));
    mpfr_clear(d);
    return ulps;
}

typedef int reference(mpfr_t, const mpfr_t, mpfr_rnd_t);

/* X(name, low, high: the range of the dense arguments, most: of those of every magnitude, allowed error in ulp) */
#define FUNCTIONS(X)             \
    X(exp, -745, 709.7, 700, 0.8)   \
    X(log, 0, 3, 1e308, 0.8)        \
    X(sin, -20, 20, 1e8, 0.8)       \
    X(cos, -20, 20, 1e8, 0.8)       \
    X(tan, -20, 20, 1e8, 2)         \
    X(asin, -1, 1, 1, 2)            \
    X(acos, -1, 1, 1, 2)            \
    X(atan, -5, 5, 1e308, 2)        \
    X(sinh, -710, 710, 700, 2)      \
    X(cosh, -710, 710, 700, 2)      \
    X(tanh, -3, 3, 1e308, 2)        \
    X(lngamma, 0, 12, 1e305, 8)

typedef struct pl_function_test {
    const char *name;
    double (*ours)(double);
    reference *theirs;
    double low, high, most, allowed;
} pl_function_test;

#define pl_lngamma pl_gamma_ln
#define X(name, low, high, most, allowed) \
    static double our_##name(double x) { return pl_##name(x); }
FUNCTIONS(X)
#undef X

static const pl_function_test functions[] = {
#define X(name, low, high, most, allowed) {#name, our_##name, mpfr_##name, low, high, most, allowed},
    FUNCTIONS(X)
#undef X
};
enum { FUNCTION_COUNT = sizeof functions / sizeof functions[0] };

static long argument_count(void) { return getenv("PARLEY_LONG") ? 50l * ARGUMENTS : ARGUMENTS; }

static void check_function(const pl_function_test *f) {
    mpfr_t x, y;
    mpfr_inits2(BITS, x, y, (mpfr_ptr)0);
    double worst = 0, at = 0;
    int sign = f->ours == our_log || f->ours == our_lngamma ? 1 : -1;
    for (long i = 0; i < argument_count(); i++) {
        double a = i % 2 ? random_between(f->low, f->high) : random_magnitude(f->most, sign);
        if (i % 16 == 0 && f->ours == our_lngamma) /* near its zeros */
            a = (double)(1 + i / 16 % 2) + random_magnitude(0.5, -1);
        if (i % 16 == 0 && f->high == 20) /* near a multiple of pi/2, where sine or cosine is small */
            a = nearbyint(random_between(-6e7, 6e7)) * 0x1.921fb54442d18p0;
        mpfr_set_d(x, a, MPFR_RNDN);
        f->theirs(y, x, MPFR_RNDN);
        double error = error_in_ulp(f->ours(a), y);
        if (!(error <= worst)) worst = error, at = a;
    }
    mpfr_clears(x, y, (mpfr_ptr)0);
    print_message("    %-5s %.3f ulp at %a\n", f->name, worst, at);
    assert_true(worst <= f->allowed);
}

static void functions_are_accurate(void **state) {
    (void)state;
    for (int i = 0; i < FUNCTION_COUNT; i++) check_function(&functions[i]);
}

static void power_is_accurate(void **state) {
    (void)state;
    mpfr_t x, y, z;
    mpfr_inits2(BITS, x, y, z, (mpfr_ptr)0);
    double worst = 0, at_x = 0, at_y = 0;
    for (long i = 0; i < 2 * argument_count(); i++) {
        double a = i % 4 == 0 ? random_magnitude(1e308, 1) : i % 4 == 1 ? random_between(0, 3)
                 : i % 4 == 2 ? random_between(0.999, 1.001) : -(double)(1 + random_bits() % 40);
        double b = i % 4 == 3 ? (double)(int)(random_bits() % 41) - 20 : random_between(-1, 1) * 745 / fabs(log(a));
        if (a == 1 || a == 0) continue;
        mpfr_set_d(x, a, MPFR_RNDN);
        mpfr_set_d(y, b, MPFR_RNDN);
        mpfr_pow(z, x, y, MPFR_RNDN);
        double error = error_in_ulp(pl_pow(a, b), z);
        if (!(error <= worst)) worst = error, at_x = a, at_y = b;
    }
    mpfr_clears(x, y, z, (mpfr_ptr)0);
    print_message("    pow   %.3f ulp at %a, %a\n", worst, at_x, at_y);
    assert_true(worst <= 0.75);
}

/* the same value, the sign of a zero included, or both NaN */
static int same(double a, double b) { return pl_bits(a) == pl_bits(b) || (a != a && b != b); }

static void check_special(const char *what, double got, double expected) {
    if (!same(got, expected)) fail_msg("%s is %a, expected %a", what, got, expected);
}

#define SPECIAL(call, expected) check_special(#call, call, expected)

static void special_values(void **state) {
    (void)state;
    SPECIAL(pl_exp(0.0), 1.0);
    SPECIAL(pl_exp(-0.0), 1.0);
    SPECIAL(pl_exp(INFINITY), INFINITY);
    SPECIAL(pl_exp(-INFINITY), 0.0);
    SPECIAL(pl_exp(1e300), INFINITY);
    SPECIAL(pl_exp(-1e300), 0.0);
    SPECIAL(pl_log(1.0), 0.0);
    SPECIAL(pl_log(0.0), -INFINITY);
    SPECIAL(pl_log(-0.0), -INFINITY);
    SPECIAL(pl_log(-1.0), NAN);
    SPECIAL(pl_log(-INFINITY), NAN);
    SPECIAL(pl_log(INFINITY), INFINITY);
    SPECIAL(pl_sin(-0.0), -0.0);
    SPECIAL(pl_cos(0.0), 1.0);
    SPECIAL(pl_tan(-0.0), -0.0);
    SPECIAL(pl_sin(INFINITY), NAN);
    SPECIAL(pl_sin(1.5e8), NAN); /* ours: beyond 1e8 */
    SPECIAL(pl_asin(-0.0), -0.0);
    SPECIAL(pl_asin(1.0), 0x1.921fb54442d18p0);
    SPECIAL(pl_asin(1.0000001), NAN);
    SPECIAL(pl_acos(1.0), 0.0);
    SPECIAL(pl_acos(-1.0), 0x1.921fb54442d18p1);
    SPECIAL(pl_acos(-2.0), NAN);
    SPECIAL(pl_atan(-0.0), -0.0);
    SPECIAL(pl_atan(INFINITY), 0x1.921fb54442d18p0);
    SPECIAL(pl_atan(-INFINITY), -0x1.921fb54442d18p0);
    SPECIAL(pl_sinh(-0.0), -0.0);
    SPECIAL(pl_sinh(-INFINITY), -INFINITY);
    SPECIAL(pl_sinh(800.0), INFINITY);
    SPECIAL(pl_cosh(-INFINITY), INFINITY);
    SPECIAL(pl_cosh(0.0), 1.0);
    SPECIAL(pl_tanh(-0.0), -0.0);
    SPECIAL(pl_tanh(INFINITY), 1.0);
    SPECIAL(pl_tanh(-50.0), -1.0);
    SPECIAL(pl_sqrt(-0.0), -0.0);
    SPECIAL(pl_sqrt(-1.0), NAN);
    for (int i = 0; i < FUNCTION_COUNT; i++) check_special(functions[i].name, functions[i].ours(NAN), NAN);
}

/* Every pair of these against the C library's pow, whose special values and exact cases are C99's. */
static void special_powers(void **state) {
    (void)state;
    static const double values[] = {0.0,         -0.0,
                                    1.0,         -1.0,
                                    2.0,         -2.0,
                                    3.0,         -3.0,
                                    0.5,         -0.5,
                                    2.5,         -2.5,
                                    1e300,       -1e300,
                                    1e-300,      -1e-300,
                                    0x1p53,      0x1p53 + 2,
                                    -0x1p53 - 2, 0x1.fffffffffffffp52,
                                    INFINITY,    -INFINITY,
                                    NAN,         0x1p-1074,
                                    -0x1p-1074,  0x1.fffffffffffffp1023,
                                    1001.0,      -1001.0};
    enum { COUNT = sizeof values / sizeof values[0] };
    for (int i = 0; i < COUNT; i++)
        for (int j = 0; j < COUNT; j++) {
            double got = pl_pow(values[i], values[j]), expected = pow(values[i], values[j]);
            int near = fabs(got - expected) <= fabs(expected) * 0x1p-52 && expected != 0.0;
            if (!same(got, expected) && !near)
                fail_msg("pow(%a, %a) is %a, expected %a", values[i], values[j], got, expected);
        }
}

static void whole_powers_are_exact(void **state) {
    (void)state;
    for (int base = 2; base <= 30; base++) {
        double power = 1;
        for (int n = 0; power * base <= 0x1p53; n++, power *= base) SPECIAL(pl_pow(base, n), power);
    }
}

static void rounding_is_exact(void **state) {
    (void)state;
    static const double values[] = {0.0,
                                    -0.0,
                                    0.3,
                                    -0.3,
                                    0.5,
                                    -0.5,
                                    1.0,
                                    -1.0,
                                    2.7,
                                    -2.7,
                                    0x1p52 - 0.5,
                                    0x1p52,
                                    0x1p53,
                                    1e300,
                                    -1e300,
                                    INFINITY,
                                    -INFINITY,
                                    NAN,
                                    0x1.fffffffffffffp-1,
                                    -0x1p-1074};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        check_special("trunc", pl_trunc(values[i]), trunc(values[i]));
        check_special("floor", pl_floor(values[i]), floor(values[i]));
    }
    for (int i = 0; i < 100000; i++) {
        double x = pl_of_bits(random_bits());
        if (i % 2) x = random_between(-1e6, 1e6);
        check_special("trunc", pl_trunc(x), trunc(x));
        check_special("floor", pl_floor(x), floor(x));
        check_special("fabs", pl_fabs(x), fabs(x));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_are_accurate), cmocka_unit_test(power_is_accurate),
        cmocka_unit_test(special_values),         cmocka_unit_test(special_powers),
        cmocka_unit_test(whole_powers_are_exact), cmocka_unit_test(rounding_is_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
