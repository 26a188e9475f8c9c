/* Numbers as text.  The C library rounds correctly both ways; what it lacks is independence from the locale, so
 * reading hands it digits and an exponent only (no decimal point), and printing replaces whatever point it wrote. */
#include "base/number.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
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

size_t pl_number_print(double value, char out[32]) {
    if (isnan(value)) return strlen(strcpy(out, "nan"));
    if (isinf(value)) return strlen(strcpy(out, value > 0 ? "inf" : "-inf"));
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
