/* A text that grows, and how values are put into it.  After memory runs out it stays as it is and `failed` is set, so
 * that writers need not check; pl_text_finish tells once. */
#ifndef PL_TEXT_H
#define PL_TEXT_H
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef struct pl_text {
    char *data;
    size_t length, room;
    bool failed;
} pl_text;

void pl_text_put(pl_text *text, const char *string);
void pl_text_put_bytes(pl_text *text, const char *bytes, size_t length);
void pl_text_repeat(pl_text *text, char c, int times);
void pl_text_format(pl_text *text, const char *format, ...) PL_FORMAT(2, 3);
/* The shortest decimal that reads back. */
void pl_text_number(pl_text *text, double value);
/* A field of CSV, quoted where RFC 4180 asks for it. */
void pl_text_csv(pl_text *text, const char *field);
/* Left or right in a column of `width` characters (UTF-8 counted by character); at least the whole string. */
void pl_text_left(pl_text *text, const char *string, int width);
void pl_text_right(pl_text *text, const char *string, int width);
/* At most `width` characters, "..." for the rest; and padded to them. */
void pl_text_cut(pl_text *text, const char *string, int width);
void pl_text_cut_left(pl_text *text, const char *string, int width);
/* Characters of a UTF-8 string. */
int pl_text_width(const char *string);

/* Hands the text over (NUL-terminated), or frees it and says PL_MEMORY. */
pl_status pl_text_finish(pl_text *text, char **out, size_t *length);

/* Rounding for reading: the number of decimals that keeps `digits` significant digits of a column whose largest size is
 * `largest` (never negative under a million; from there on two digits more are kept, and tens or hundreds rounded
 * away), and a number so rounded, thousands separated by commas as in English and Mexican Spanish. "-" for NaN. */
int pl_rounding(double largest, int digits);
enum { PL_ROUNDED_ROOM = 64 };
const char *pl_rounded(double value, int decimals, char out[PL_ROUNDED_ROOM]);
/* "s" behind a noun, unless there is one of it. */
static inline const char *pl_plural(long count) { return count == 1 ? "" : "s"; }
#endif
