/* The table of an ensemble inside: a pl_comparison and where its rows and columns come from. */
#ifndef PL_TABLE_H
#define PL_TABLE_H
#include "ensemble/ensemble.h"

struct pl_comparison {
    pl_arena arena;
    const pl_ensemble *ensemble; /* not owned: the comparison ends before it */
    int rows, columns;
    long *profile;               /* [row] the combination of courses */
    const pl_profile **named;    /* [row] the named profile, or NULL */
    int base_row;                /* -1 where the base is no row */
    pl_cell *cells;              /* [row][column] */
};

enum { PL_NAME_ROOM = 512 };
/* The name of a row in a language: the named profile's title or name, else its courses. */
const char *pl_comparison_row_name(const pl_comparison *comparison, int row, pl_language language,
                                   char out[PL_NAME_ROOM]);
/* The name by which programs know a row: the named profile's, else its courses'. */
const char *pl_comparison_row_key(const pl_comparison *comparison, int row, char out[PL_NAME_ROOM]);
#endif
