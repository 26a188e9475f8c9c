/* Exact rational numbers (GMP): arrays that are freed at once, read from text and written as text.  GMP takes its own
 * memory and cannot say that it ran out, so what is read is bounded in digits (PL_RATIONAL_DIGITS). */
#ifndef PL_RATIONAL_H
#define PL_RATIONAL_H
#include <gmp.h>
#include <stdbool.h>

#include "base/arena.h"

/* The arrays of numbers of one owner; their place is an arena's, their digits are GMP's. */
typedef struct pl_rationals {
    struct pl_rational_array *arrays;
} pl_rationals;
/* count numbers, all 0; count whole numbers. */
mpq_t *pl_rationals_new(pl_rationals *owner, pl_arena *arena, size_t count);
mpz_t *pl_integers_new(pl_rationals *owner, pl_arena *arena, size_t count);
/* Frees the digits; call it before the arena is freed. */
void pl_rationals_free(pl_rationals *owner);

enum { PL_RATIONAL_DIGITS = 1000 };
/* Reads "-2", "1/3", ".25", "6.02e23" at text. Returns the bytes used; 0 where there is no number, or where *why says
 * what is wrong with it (too many digits, division by 0). */
size_t pl_rational_read(const char *text, size_t length, mpq_t value, const char **why);
/* A text of a rational as pl_rational_write gives it, or as a game's file has it. False: it is none. */
bool pl_rational_parse(const char *text, mpq_t value);
/* "1/3", "-2": in an arena. */
const char *pl_rational_write(pl_arena *arena, const mpq_t value);
/* The double that is nearest. */
double pl_rational_double(const mpq_t value);
/* The decimal that a double is printed as (its shortest that reads back), exactly: 0.1 is 1/10. */
void pl_rational_set_double(mpq_t value, double number);
#endif
