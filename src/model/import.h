/* What models take from files: GET DIRECT ..., GET XLS ... (import.c, fill.c), data over time and constant changes that
 * the caller names (data.c, changes.c).  Private to src/model.  Places are those of the model's text, or of the file
 * that is read while pl_source_enter holds. */
#ifndef PL_IMPORT_H
#define PL_IMPORT_H
#include "model/reader.h"
#include "model/sheet.h"

/* Whether a folded name is a GET ... that reads a file. */
bool pl_import_is(const char *key);
/* Reads "GET DIRECT DATA('file', ...)" at the lexer's current token. Refused ones leave by an error. */
pl_import *pl_lexer_import(pl_lexer *lexer);

/* The elements of a dimension, read at once: they are names of the text. Calls add for each. */
void pl_import_elements(pl_reader *reader, const pl_import *import,
                        void (*add)(void *context, const char *name, pl_position at), void *context);
/* The numbers or tables of a variable's equations, whose shape is known. Marks the variable as broken on an error. */
void pl_import_fill(pl_reader *reader, pl_variable *variable);

/* The bytes of a file, kept in the model under a name. NULL: an error has been recorded. */
const char *pl_reader_bytes(pl_reader *reader, const pl_file *file, const char *name, pl_position at, size_t *size);
/* The same as a book. */
const pl_book *pl_reader_open_book(pl_reader *reader, const pl_file *file, const char *name, char delimiter,
                                   pl_position at);
/* A file of the model's folder as a book, read once; NULL: an error has been recorded at the place. */
const pl_book *pl_reader_book(pl_reader *reader, const char *name, char delimiter, pl_position at);
/* A whole file; *bytes to be released by the caller. */
pl_status pl_reader_file(const char *path, char **bytes, size_t *size, pl_error *error);
/* UTF-8 with line ends of \n, from whatever the bytes are. *latin: they were latin-1. */
char *pl_reader_utf8(pl_arena *arena, const char *bytes, size_t *length, bool *latin);

/* While another text is read its name and lines are what errors show. */
typedef struct pl_source {
    const char *file, *text;
    size_t length;
    int first_line;
} pl_source;
pl_source pl_source_enter(pl_reader *reader, const char *file, const char *text, size_t length);
void pl_source_leave(pl_reader *reader, pl_source before);

/* Makes the model's text with its files behind it; takes them off a text from memory, whose own length it returns.
 * attach.c */
void pl_reader_attach(pl_reader *reader);
size_t pl_reader_detach(pl_reader *reader, const char *text, size_t length);

/* Points over time or over x, in any order; of those at one x the last counts. NULL where there are none. */
typedef struct pl_point {
    double x, y;
    int order;
} pl_point;
pl_table *pl_points_table(pl_arena *arena, pl_point *points, int count);

/* The text of a file that the caller gives, in UTF-8; NULL: an error has been recorded. */
char *pl_reader_input(pl_reader *reader, const pl_file *file, size_t *length);
/* Reads the caller's files of data into the tables of data variables. */
void pl_reader_data(pl_reader *reader);
/* Gives "name := other data" the other's points, with the mode of its own. */
void pl_reader_alias_data(pl_reader *reader);
/* Says which data variables no file has given values. */
void pl_reader_check_data(pl_reader *reader);
/* Reads the caller's files of changes into numbers and tables. */
void pl_reader_changes(pl_reader *reader);
#endif
