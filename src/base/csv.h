/* Comma-separated text with a header row (RFC 4180): fields with their places.  Every row has as many fields as the
 * header; a field in quotes may hold commas, line ends and doubled quotes; blanks around a field are dropped; empty
 * lines and lines that begin with # are skipped. */
#ifndef PL_CSV_H
#define PL_CSV_H
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

typedef struct pl_csv_field {
    const char *text; /* NUL at its end; "" where it is empty */
    int line, column; /* of its first byte, from 1 */
} pl_csv_field;

typedef struct pl_csv {
    const char *file, *source; /* for messages: the name and the whole text; not copied */
    size_t length;
    int columns, rows;    /* rows without the header */
    pl_csv_field *fields; /* [(rows + 1) x columns], the header first */
    int room;
} pl_csv;

/* Reads a text; file names it in errors. Memory is the arena's, whose out_of_memory leaves. PL_INVALID with the place:
 * no header, a row of another length, a quote that never ends, a zero byte. */
pl_status pl_csv_read(pl_arena *arena, const char *text, size_t length, const char *file, pl_csv *csv,
                      pl_error *error);
/* A field of a row (from 0); of the header: row -1. Column -1: an empty field, as of a column that the file lacks. */
const pl_csv_field *pl_csv_at(const pl_csv *csv, int row, int column);
/* The column of a name in the header, in any case; -1 where there is none. */
int pl_csv_column(const pl_csv *csv, const char *name);
/* column[count]: those of names in the header. */
void pl_csv_columns(const pl_csv *csv, const char *const *names, int count, int *column);
/* The first column from `from` on that is none of column[count]: of another name, or a name that comes again; -1: none. */
int pl_csv_other(const pl_csv *csv, const int *column, int count, int from);
/* The place of a field, for pl_error_at. */
pl_place pl_csv_place(const pl_csv *csv, const pl_csv_field *field);
/* The whole field as a number with an optional sign; false where it is none. */
bool pl_csv_number(const pl_csv_field *field, double *value);
#endif
