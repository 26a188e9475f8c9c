/* Workbooks: the sheets of a file, each a list of cells in order of row and column, and the ranges that it names.
 *
 * sheet.c reads delimited text (one sheet) and finds cells; sheet_xlsx.c reads .xlsx, sheet_xls.c the older .xls. Which
 * of them a file is, its first bytes tell.  Files are untrusted: memory and time go with their size. */
#ifndef PL_SHEET_H
#define PL_SHEET_H
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Rows and columns count from 0. */
typedef struct pl_sheet_cell {
    int row, column;
    double number;
    const char *text; /* as written, without blanks around; NULL: a number */
} pl_sheet_cell;

typedef struct pl_sheet {
    const char *name; /* "" of a text */
    pl_sheet_cell *cells;
    int count, room;
    int rows, columns; /* behind the last cell */
} pl_sheet;

/* A name for cells; sheet < 0: of the whole book. */
typedef struct pl_sheet_range {
    const char *name;
    int scope;
    const pl_sheet *sheet;
    int row, column, last_row, last_column;
} pl_sheet_range;

typedef struct pl_book {
    pl_arena *arena;
    pl_sheet *sheets;
    int sheet_count, sheet_room;
    pl_sheet_range *ranges;
    int range_count, range_room;
    bool text;       /* delimited text: one sheet */
    int cells;       /* of all sheets, at most PL_MOST_CELLS; with texts of so many bytes, at most PL_MOST_CELL_TEXT: */
    size_t bytes;    /* a workbook is packed, and says a long text once for many cells */
    const char *why; /* why it could not be read, in lower case; NULL: it could */
} pl_book;

/* Reads a book from its bytes; delimiter separates the cells of a text. What cannot be read leaves book->why. Memory
 * is the arena's, whose out_of_memory is called where there is none. */
void pl_book_parse(pl_book *book, const char *bytes, size_t size, char delimiter);
/* Whether bytes begin like a .xls file, which only pl_book_read_xls can read: the library under it takes paths only. */
bool pl_book_is_xls(const char *bytes, size_t size);
void pl_book_read_xls(pl_book *book, const char *path);
/* From bytes, by way of a file that is gone at once. */
void pl_book_parse_xls(pl_book *book, const char *bytes, size_t size);
/* Of bytes that begin like a zip archive. False: out of memory. */
bool pl_book_parse_xlsx(pl_book *book, const char *bytes, size_t size);

/* A sheet by its name in any case, NULL where there is none. A text has one sheet, whatever it is called. */
const pl_sheet *pl_book_sheet(const pl_book *book, const char *name);
/* The range of a name in any case: of the sheet itself, else of the book; NULL where there is none. */
const pl_sheet_range *pl_book_range(const pl_book *book, const pl_sheet *sheet, const char *name);
/* The cell of a place, NULL where it is empty. */
const pl_sheet_cell *pl_sheet_find(const pl_sheet *sheet, int row, int column);
/* Whether it holds a number, and which. */
bool pl_sheet_number(const pl_sheet *sheet, int row, int column, double *number);

/* For the readers: a new sheet, NULL where memory ran out; a cell with a number, or with a text that is copied (a
 * number in it stays a text); false where memory ran out. pl_sheet_close puts the cells in order. */
pl_sheet *pl_book_add(pl_book *book, const char *name);
bool pl_sheet_add(pl_book *book, pl_sheet *sheet, int row, int column, double number, const char *text, size_t length);
void pl_sheet_close(pl_sheet *sheet);

/* A whole text as a number (blanks around it, a sign); false where it is none. */
bool pl_number_whole(const char *text, size_t length, double *number);

enum { PL_SHEET_ROWS = 1 << 20, PL_SHEET_COLUMNS = 1 << 14, PL_MOST_CELLS = 1 << 24, PL_MOST_CELL_TEXT = 1 << 28 };
/* "B2" or "$B$2" at text: the bytes it takes, 0 where it is no address. A part that is missing ("B", "2") is -1. */
size_t pl_sheet_address(const char *text, int *row, int *column);
#endif
