/* Numbers as text: the shortest decimal that reads back, and reading that never looks at the locale.  Native only:
 * WebAssembly gets its numbers as bytes. */
#ifndef PL_NUMBER_H
#define PL_NUMBER_H
#include <stddef.h>

/* Writes the shortest decimal that reads back to the same double ("0.1", "1e+300" as "1e300", "nan" for NaN, "inf",
 * "-inf") and a NUL. Returns its length. */
size_t pl_number_print(double value, char out[32]);
/* Reads a decimal number at text (digits, ., e/E exponent; no sign, no hex, no inf) of at most length bytes. Returns
 * the bytes used, 0 where there is none; correctly rounded. A number too large reads as infinity. */
size_t pl_number_read(const char *text, size_t length, double *value);
#endif
