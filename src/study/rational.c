/* See rational.h. */
#include "study/rational.h"

#include <math.h>
#include <string.h>

#include "base/number.h"

struct pl_rational_array {
    struct pl_rational_array *before;
    size_t count;
    mpq_t *rationals; /* one of the two */
    mpz_t *integers;
};

static struct pl_rational_array *add_array(pl_rationals *owner, pl_arena *arena, size_t count) {
    struct pl_rational_array *array = PL_NEW(arena, struct pl_rational_array);
    *array = (struct pl_rational_array){.count = count, .before = owner->arrays};
    return array;
}

mpq_t *pl_rationals_new(pl_rationals *owner, pl_arena *arena, size_t count) {
    mpq_t *values = PL_ARRAY(arena, count, mpq_t);
    struct pl_rational_array *array = add_array(owner, arena, count);
    for (size_t i = 0; i < count; i++) mpq_init(values[i]);
    array->rationals = values;
    owner->arrays = array;
    return values;
}

mpz_t *pl_integers_new(pl_rationals *owner, pl_arena *arena, size_t count) {
    mpz_t *values = PL_ARRAY(arena, count, mpz_t);
    struct pl_rational_array *array = add_array(owner, arena, count);
    for (size_t i = 0; i < count; i++) mpz_init(values[i]);
    array->integers = values;
    owner->arrays = array;
    return values;
}

void pl_rationals_free(pl_rationals *owner) {
    for (struct pl_rational_array *array = owner->arrays; array; array = array->before)
        for (size_t i = 0; i < array->count; i++) {
            if (array->rationals) mpq_clear(array->rationals[i]);
            else mpz_clear(array->integers[i]);
        }
    owner->arrays = NULL;
}

/* ---- reading ------------------------------------------------------------------------------------------ */

typedef struct cursor {
    const char *at, *end;
    int digits; /* of mantissa and exponent together */
} cursor;

static bool is_digit(const cursor *c) { return c->at < c->end && *c->at >= '0' && *c->at <= '9'; }

static bool take(cursor *c, char a, char b) {
    if (c->at >= c->end || (*c->at != a && *c->at != b)) return false;
    c->at++;
    return true;
}

static void read_digits(cursor *c, char *digits, int *count) {
    for (; is_digit(c); c->at++)
        if (c->digits++ < PL_RATIONAL_DIGITS) digits[(*count)++] = *c->at;
}

static int read_exponent(cursor *c) {
    cursor before = *c;
    int exponent = 0, sign = 1;
    if (!take(c, 'e', 'E')) return 0;
    if (take(c, '-', '-')) sign = -1;
    else take(c, '+', '+');
    if (!is_digit(c)) {
        *c = before;
        return 0;
    }
    for (; is_digit(c); c->at++)
        if (exponent < 100000) exponent = 10 * exponent + (*c->at - '0');
    c->digits += exponent;
    return sign * exponent;
}

/* Digits with a point and an exponent, without sign. False: there is no digit, or there are too many. */
static bool read_decimal(cursor *c, mpq_t value) {
    char digits[PL_RATIONAL_DIGITS + 1];
    int count = 0, whole;
    read_digits(c, digits, &count);
    whole = count;
    if (take(c, '.', '.')) read_digits(c, digits, &count);
    if (count == 0) return false;
    digits[count] = 0;
    int scale = read_exponent(c) - (count - whole);
    if (c->digits > PL_RATIONAL_DIGITS) return false;
    mpz_set_str(mpq_numref(value), digits, 10);
    mpz_set_ui(mpq_denref(value), 1);
    mpz_t power;
    mpz_init(power);
    mpz_ui_pow_ui(power, 10, (unsigned long)(scale < 0 ? -scale : scale));
    if (scale < 0) mpz_set(mpq_denref(value), power);
    else mpz_mul(mpq_numref(value), mpq_numref(value), power);
    mpz_clear(power);
    mpq_canonicalize(value);
    return true;
}

static bool divide(cursor *c, mpq_t value, const char **why) {
    mpq_t by;
    mpq_init(by);
    c->digits = 0;
    bool fine = read_decimal(c, by) && mpq_sgn(by) != 0;
    if (fine) mpq_div(value, value, by);
    else *why = c->digits > PL_RATIONAL_DIGITS ? "it has too many digits" : "it divides by nothing";
    mpq_clear(by);
    return fine;
}

size_t pl_rational_read(const char *text, size_t length, mpq_t value, const char **why) {
    cursor c = {text, text + length, 0};
    *why = NULL;
    bool minus = take(&c, '-', '-');
    if (!minus) take(&c, '+', '+');
    if (!read_decimal(&c, value)) {
        if (c.digits > PL_RATIONAL_DIGITS) *why = "it has too many digits";
        return 0;
    }
    if (take(&c, '/', '/') && !divide(&c, value, why)) return 0;
    if (minus) mpq_neg(value, value);
    return (size_t)(c.at - text);
}

bool pl_rational_parse(const char *text, mpq_t value) {
    const char *why;
    size_t length = strlen(text);
    return length && pl_rational_read(text, length, value, &why) == length;
}

/* ---- other forms -------------------------------------------------------------------------------------- */

const char *pl_rational_write(pl_arena *arena, const mpq_t value) {
    char *text = pl_arena_array(
        arena, mpz_sizeinbase(mpq_numref(value), 10) + mpz_sizeinbase(mpq_denref(value), 10) + 3, 1);
    return mpq_get_str(text, 10, value);
}

/* mpq_get_d cuts off; the nearest is that or its neighbour away from 0. */
double pl_rational_double(const mpq_t value) {
    double low = mpq_get_d(value), high = nextafter(low, mpq_sgn(value) < 0 ? -INFINITY : INFINITY);
    if (!isfinite(low) || !isfinite(high)) return low;
    mpq_t exact, middle;
    mpq_init(exact), mpq_init(middle);
    mpq_set_d(exact, low);
    mpq_set_d(middle, high);
    mpq_add(middle, middle, exact);
    mpq_div_2exp(middle, middle, 1);
    bool away = mpq_sgn(value) < 0 ? mpq_cmp(value, middle) < 0 : mpq_cmp(value, middle) > 0;
    mpq_clear(exact), mpq_clear(middle);
    return away ? high : low;
}

void pl_rational_set_double(mpq_t value, double number) {
    char text[32];
    if (!isfinite(number)) number = 0;
    text[pl_number_print(number, text)] = 0;
    pl_rational_parse(text, value);
}
