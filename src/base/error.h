/* Filling errors and lists of findings.  pl_error_set is the one way to write a pl_error. */
#ifndef PL_ERROR_H
#define PL_ERROR_H
#include "parley.h"

#if defined(__GNUC__)
#define PL_FORMAT(a, b) __attribute__((format(printf, a, b)))
#else
#define PL_FORMAT(a, b)
#endif

/* Where a line of a text begins: whoever finds many places in one text keeps the last line, and places that come in its
 * order cost one walk through it. Starts as {0}. */
typedef struct pl_line_mark {
    int line; /* from 1; 0: none yet */
    size_t offset;
} pl_line_mark;

/* A place in a text that was read. text/length is the whole file (may be NULL): the source line is cut from it. */
typedef struct pl_place {
    const char *file, *text;
    size_t length;
    int line, column;
    pl_line_mark *mark; /* of this text, or NULL */
} pl_place;

/* Fills error (NULL is fine) and returns status. Every message goes through here; file may be NULL. */
pl_status pl_error_set(pl_error *error, pl_status status, const char *file, int line, int column,
                       const char *format, ...) PL_FORMAT(6, 7);
/* The same with the source line and caret cut out of the text. */
pl_status pl_error_at(pl_error *error, pl_status status, pl_place place, const char *format, ...) PL_FORMAT(4, 5);

/* Adds a finding (the list may be NULL: nothing is kept). Returns 0 where memory ran out. */
int pl_findings_add(pl_findings *findings, pl_severity severity, const pl_error *error);
#endif
