/* Numbers as text.  The C library rounds correctly both ways; what it lacks is independence from the locale, so
 * reading hands it digits and an exponent only (no decimal point), and printing replaces whatever point it wrote. */
#include "base/number.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEPT_DIGITS = 800, /* 767 digits decide any double; what follows only breaks ties, which a last 1 stands for */
    LARGEST_EXPONENT = 100000
};

/* Copies a number as printf wrote it: any decimal point becomes '.', an exponent loses '+' and leading zeros. */
static size_t tidy(const char *from, char *out) {
    char *at = out;
    bool point = false;
    for (; *from && *from != 'e'; from++) {
        if ((*from >= '0' && *from <= '9') || *from == '-') *at++ = *from, point = false;
        else if (!point) *at++ = '.', point = true;
    }
    if (*from == 'e') {
        *at++ = *from++;
        if (*from == '-') *at++ = '-';
        from++;
        while (*from == '0') from++;
        while (*from) *at++ = *from++;
    }
    *at = 0;
    return (size_t)(at - out);
}

/* ---- printing --------------------------------------------------------------------------------------------- */

/* Where long double has 64 bits, most numbers need no more: value 10^k, rounded once, is off by less than 1e-19 of itself,
 * so what is further than that from being decided otherwise is decided. */
#define FAST_LEAST 1e-4
#define FAST_MOST 1e15

static const long double powers[] = {1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,  1e7L,  1e8L,  1e9L,  1e10L,
                                     1e11L, 1e12L, 1e13L, 1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L, 1e20L};

/* The digits of a value from FAST_LEAST to FAST_MOST, rounded to `count`, and whether they read back: 1, 0, or -1 where
 * this cannot tell; there are `behind` of them behind the point. */
static int round_digits(double value, int count, int behind, uint64_t *digits) {
    long double x = value * powers[behind], unsure = 1e-19L * powers[count], rest;
    *digits = (uint64_t)x;
    rest = x - *digits;
    if (fabsl(rest - 0.5L) < unsure) return -1;
    if (rest > 0.5L) ++*digits, rest = 1 - rest;
    if (*digits < (uint64_t)powers[count - 1] || *digits >= (uint64_t)powers[count]) return -1;
    if (count == DBL_DECIMAL_DIG) return 1;
    int exponent;
    bool power = frexp(value, &exponent) == 0.5; /* of two: the neighbour below is nearer */
    long double half = ldexpl(powers[behind], exponent - DBL_MANT_DIG - 1);
    if (power && rest > half / 2 - unsure) return -1;
    return fabsl(rest - half) < unsure ? -1 : rest < half;
}

/* Writes digits with `behind` of them behind the point, without zeros at the end. */
static size_t put_digits(uint64_t digits, int behind, bool negative, char *out) {
    char reversed[40], *at = out;
    int count = 0;
    for (; behind && digits % 10 == 0; behind--) digits /= 10;
    for (; digits || count <= behind; digits /= 10) {
        if (behind && count == behind) reversed[count++] = '.', behind = 0;
        reversed[count++] = (char)('0' + digits % 10);
    }
    if (negative) *at++ = '-';
    while (count) *at++ = reversed[--count];
    *at = 0;
    return (size_t)(at - out);
}

/* The length of the text, or 0 where this cannot tell. */
static size_t print_fast(double value, char *out) {
    double size = fabs(value);
    if (LDBL_MANT_DIG < 64 || !(size >= FAST_LEAST && size < FAST_MOST)) return 0;
    int behind = DBL_DIG - 1; /* so many that 15 digits are there */
    while (behind > 0 && size >= powers[DBL_DIG - behind]) behind--;
    for (; size * powers[behind] < powers[DBL_DIG - 1];) behind++;
    for (int count = DBL_DIG; count <= DBL_DECIMAL_DIG; count++, behind++) {
        uint64_t digits;
        int known = round_digits(size, count, behind, &digits);
        if (known < 0) return 0;
        if (known) return put_digits(digits, behind, value < 0, out);
    }
    return 0;
}

size_t pl_number_print(double value, char out[32]) {
    if (isnan(value)) return strlen(strcpy(out, "nan"));
    if (isinf(value)) return strlen(strcpy(out, value > 0 ? "inf" : "-inf"));
    if (value == 0) return strlen(strcpy(out, signbit(value) ? "-0" : "0"));
    size_t length = print_fast(value, out);
    if (length) return length;
    char text[48];
    for (int digits = fabs(value) < DBL_MIN ? 1 : DBL_DIG; digits <= DBL_DECIMAL_DIG; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value) break;
    }
    return tidy(text, out);
}

/* The significant digits of a number and the power of ten of the last of them. */
typedef struct decimal {
    char digits[KEPT_DIGITS + 16];
    int count;
    long exponent;
    bool more; /* a non-zero digit was dropped */
} decimal;

static bool is_digit(const char *at, const char *end) { return at < end && *at >= '0' && *at <= '9'; }

/* Takes digits up to the first other byte; those behind the point lower the exponent. */
static const char *take_digits(decimal *number, const char *at, const char *end, bool behind_point) {
    for (; is_digit(at, end); at++) {
        if (number->count == 0 && *at == '0') number->exponent -= behind_point;
        else if (number->count < KEPT_DIGITS) number->digits[number->count++] = *at, number->exponent -= behind_point;
        else number->more |= *at != '0', number->exponent += !behind_point;
    }
    return at;
}

static const char *take_exponent(decimal *number, const char *at, const char *end) {
    const char *from = at + 1;
    bool negative = from < end && *from == '-';
    if (from < end && (*from == '-' || *from == '+')) from++;
    if (!is_digit(from, end)) return at;
    long exponent = 0;
    for (; is_digit(from, end); from++)
        if (exponent < LARGEST_EXPONENT * 100L) exponent = exponent * 10 + (*from - '0');
    number->exponent += negative ? -exponent : exponent;
    return from;
}

static double round_decimal(decimal *number) {
    if (number->count == 0) return 0.0;
    if (number->more) number->digits[number->count++] = '1', number->exponent--;
    if (number->exponent > LARGEST_EXPONENT) number->exponent = LARGEST_EXPONENT;
    if (number->exponent < -LARGEST_EXPONENT) number->exponent = -LARGEST_EXPONENT;
    snprintf(number->digits + number->count, 16, "e%ld", number->exponent);
    return strtod(number->digits, NULL);
}

size_t pl_number_read(const char *text, size_t length, double *value) {
    const char *at = text, *end = text + length;
    decimal number;
    number.count = 0, number.exponent = 0, number.more = false;
    bool digits = is_digit(at, end);
    at = take_digits(&number, at, end, false);
    if (at < end && *at == '.' && (digits || is_digit(at + 1, end))) {
        digits = true;
        at = take_digits(&number, at + 1, end, true);
    }
    if (!digits) return 0;
    if (at < end && (*at == 'e' || *at == 'E')) at = take_exponent(&number, at, end);
    *value = round_decimal(&number);
    return (size_t)(at - text);
}
