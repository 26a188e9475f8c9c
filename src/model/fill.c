/* What the cells that a model asks for mean: constants, points of lookups and of data, elements of dimensions.
 *
 * Constants are read to the right over the last subscript range of the left side and down over the one before ('*': the
 * other way round).  Points stand along a row or a column of times (or of x), one row or column for each element;
 * where a time or a value is no number the point is left out. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "model/import.h"

/* Cells from a first one to a last one (-1: to the end of the sheet). */
typedef struct area {
    const pl_sheet *sheet;
    int row, column, last_row, last_column;
    bool transposed;
} area;

/* ---- addresses ------------------------------------------------------------------------------------------ */

static void *fail(pl_reader *reader, const pl_import *import, int literal, pl_status status, const char *format, ...)
    PL_FORMAT(5, 6);

static void *fail(pl_reader *reader, const pl_import *import, int literal, pl_status status, const char *format, ...) {
    char message[300];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    pl_reader_error(reader, status, import->places[literal], "%s", message);
    return NULL;
}

/* The delimiter of a text file: the tab argument where it is one byte, else a comma in .csv files and a tab in others.
 */
static char delimiter_of(const pl_import *import) {
    const char *dot = strrchr(import->literals[0], '.');
    const char *tab = import->literals[1];
    if (strlen(tab) == 1) return *tab;
    if (strcmp(tab, "\\t") == 0) return '\t';
    return dot && strcasecmp(dot, ".csv") == 0 ? ',' : '\t';
}

typedef struct wanted {
    const pl_book *book;
    const pl_sheet *sheet;
} wanted;

static bool open_sheet(pl_reader *reader, const pl_import *import, wanted *w) {
    w->book = pl_reader_book(reader, import->literals[0], delimiter_of(import), import->places[0]);
    w->sheet = w->book ? pl_book_sheet(w->book, import->literals[1]) : NULL;
    if (w->book && !w->sheet)
        fail(reader, import, 1, PL_NO_DATA, "'%.80s' has no sheet '%.80s'", import->literals[0], import->literals[1]);
    return w->sheet != NULL;
}

/* Takes the '*' off the end of an address. */
static const char *without_star(pl_reader *reader, const char *text, bool *star) {
    size_t length = strlen(text);
    while (length && (text[length - 1] == ' ' || text[length - 1] == '*')) *star |= text[--length] == '*';
    while (*text == ' ') text++, length--;
    return pl_arena_text(reader->arena, text, length);
}

/* An address "B2" or the name of a range. */
static bool find_cells(pl_reader *reader, const pl_import *import, const wanted *w, int literal, area *a) {
    bool star = false;
    const char *text = without_star(reader, import->literals[literal], &star);
    *a = (area){.sheet = w->sheet, .last_row = -1, .last_column = -1, .transposed = star};
    size_t used = pl_sheet_address(text, &a->row, &a->column);
    if (used && !text[used] && a->row >= 0 && a->column >= 0) return true;
    const pl_sheet_range *range = pl_book_range(w->book, w->sheet, text);
    if (!range) {
        fail(reader, import, literal, PL_INVALID, "'%.80s' is no cell, such as B2, and no range that '%.80s' names",
             text, import->literals[0]);
        return false;
    }
    *a = (area){range->sheet, range->row, range->column, range->last_row, range->last_column, star};
    return true;
}

static const char *cell_name(int row, int column, char out[16]) {
    char letters[8];
    int count = 0;
    for (int left = column + 1; left > 0 && count < 7; left = (left - 1) / 26)
        letters[count++] = (char)('A' + (left - 1) % 26);
    for (int i = 0; i < count; i++) out[i] = letters[count - 1 - i];
    snprintf(out + count, 16 - (size_t)count, "%d", row + 1 > 9999999 ? 9999999 : row + 1);
    return out;
}

/* ---- constants ------------------------------------------------------------------------------------------ */

static bool constant(pl_reader *reader, const pl_import *import, const area *a, int row, int column, double *number) {
    char name[16];
    bool inside = (a->last_row < 0 || row <= a->last_row) && (a->last_column < 0 || column <= a->last_column);
    if (inside && pl_sheet_number(a->sheet, row, column, number)) return true;
    const pl_sheet_cell *cell = inside ? pl_sheet_find(a->sheet, row, column) : NULL;
    fail(reader, import, 2, PL_NO_DATA,
         cell ? "cell %s of '%.80s' holds no number but '%.60s'" : "cell %s of '%.80s' is %s",
         cell_name(row, column, name), import->literals[0],
         cell     ? cell->text
         : inside ? "empty"
                  : "outside the range that is named");
    return false;
}

static bool fill_constants(pl_reader *reader, pl_equation *equation, const wanted *w) {
    const pl_import *import = equation->import;
    int axes = equation->axis_count, across = axes > 0 ? equation->axes[axes - 1]->count : 1;
    area a;
    if (!find_cells(reader, import, w, 2, &a)) return false;
    if (axes > 2) {
        pl_reader_error(reader, PL_UNSUPPORTED, import->at,
                        "%.60s fills at most two subscript ranges of the left side, here it has %d", import->function,
                        axes);
        return false;
    }
    equation->numbers = PL_ARRAY(reader->arena, equation->cell_count, double);
    equation->number_count = equation->cell_count;
    for (int i = 0; i < equation->cell_count; i++) {
        int down = i / across, right = i % across;
        if (equation->cells[i] < 0) continue;
        if (!constant(reader, import, &a, a.row + (a.transposed ? right : down),
                      a.column + (a.transposed ? down : right), &equation->numbers[i]))
            return false;
    }
    return true;
}

/* ---- points --------------------------------------------------------------------------------------------- */

static int compare_points(const void *a, const void *b) {
    const pl_point *left = a, *right = b;
    if (left->x != right->x) return left->x < right->x ? -1 : 1;
    return left->order < right->order ? -1 : left->order > right->order;
}

pl_table *pl_points_table(pl_arena *arena, pl_point *points, int count) {
    if (count == 0) return NULL;
    qsort(points, (size_t)count, sizeof *points, compare_points);
    pl_table *table = PL_NEW(arena, pl_table);
    double *x = PL_ARRAY(arena, count, double), *y = PL_ARRAY(arena, count, double);
    for (int i = 0; i < count; i++) {
        if (i + 1 < count && points[i].x == points[i + 1].x) continue;
        x[table->count] = points[i].x, y[table->count++] = points[i].y;
    }
    table->x = x, table->y = y;
    table->low_x = table->high_x = table->low_y = table->high_y = NAN;
    return table;
}

/* The cells of the times: along a row or down a column, from where the values begin or as a range is named. */
static bool find_times(pl_reader *reader, const pl_import *import, const wanted *w, const area *values, area *times,
                       bool *along_row) {
    bool star = false;
    const char *text = without_star(reader, import->literals[2], &star);
    int row, column;
    size_t used = pl_sheet_address(text, &row, &column);
    *along_row = column < 0;
    if (used && !text[used] && (row < 0 || column < 0)) {
        *times = (area){.sheet = w->sheet,
                        .row = row < 0 ? values->row : row,
                        .column = column < 0 ? values->column : column,
                        .last_row = -1,
                        .last_column = -1};
        return true;
    }
    const pl_sheet_range *range = pl_book_range(w->book, w->sheet, text);
    bool line = range && (range->row == range->last_row || range->column == range->last_column);
    if (!line) {
        fail(reader, import, 2, PL_INVALID,
             range ? "'%.80s' names a range of '%.80s' that is neither a row nor a column"
                   : "'%.80s' is no row such as 1, no column such as A, and no range that '%.80s' names",
             text, import->literals[0]);
        return false;
    }
    *times = (area){range->sheet, range->row, range->column, range->last_row, range->last_column, false};
    *along_row = range->row == range->last_row && range->column != range->last_column;
    return true;
}

typedef struct moment {
    int step; /* cells from the first */
    double x;
} moment;

/* The times that are numbers. */
static moment *list_moments(pl_reader *reader, const area *times, bool along_row, int *count) {
    int from = along_row ? times->column : times->row, last = along_row ? times->last_column : times->last_row;
    int end = along_row ? times->sheet->columns : times->sheet->rows, room = 0;
    if (last >= 0 && last + 1 < end) end = last + 1;
    moment *list = NULL;
    for (int i = from; i < end; i++) {
        double x;
        if (!pl_sheet_number(times->sheet, along_row ? times->row : i, along_row ? i : times->column, &x)) continue;
        list = pl_arena_grow(&reader->files, list, *count, &room, *count + 1, sizeof *list);
        list[(*count)++] = (moment){i - from, x};
    }
    return list;
}

/* Points of the element at place k. */
static pl_table *series(pl_reader *reader, const area *values, bool along_row, const moment *moments, int count, int k,
                        pl_point *points) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
        int row = values->row + (along_row ? k : moments[i].step),
            column = values->column + (along_row ? moments[i].step : k);
        double y;
        bool inside = (values->last_row < 0 || row <= values->last_row) &&
                      (values->last_column < 0 || column <= values->last_column);
        if (!inside || !pl_sheet_number(values->sheet, row, column, &y)) continue;
        points[kept] = (pl_point){moments[i].x, y, kept};
        kept++;
    }
    return pl_points_table(reader->arena, points, kept);
}

static bool fill_points(pl_reader *reader, pl_equation *equation, const wanted *w) {
    const pl_import *import = equation->import;
    area values, times;
    bool along_row;
    int count = 0;
    if (!find_cells(reader, import, w, 3, &values) || !find_times(reader, import, w, &values, &times, &along_row))
        return false;
    if (values.transposed)
        return fail(reader, import, 3, PL_UNSUPPORTED,
                    "'*' is for constants: points follow the row or column of the times");
    if (!pl_reader_spend(reader, 32.0 * (along_row ? times.sheet->columns : times.sheet->rows), import->at))
        return false;
    const moment *moments = list_moments(reader, &times, along_row, &count);
    if (!pl_reader_spend(reader, 32.0 * count * equation->cell_count, import->at)) return false;
    pl_point *points = PL_ARRAY(&reader->files, count, pl_point);
    equation->tables = PL_ARRAY(reader->arena, equation->cell_count, pl_table *);
    for (int k = 0; k < equation->cell_count; k++) {
        if (equation->cells[k] < 0) continue;
        equation->tables[k] = series(reader, &values, along_row, moments, count, k, points);
        if (equation->tables[k]) continue;
        char name[120];
        pl_variable_element_name(equation->variable, equation->cells[k], name, sizeof name);
        fail(reader, import, 3, PL_NO_DATA, "'%.80s' has no points for '%s' here", import->literals[0], name);
        return false;
    }
    return true;
}

void pl_import_fill(pl_reader *reader, pl_variable *variable) {
    for (int i = 0; i < variable->equation_count && !variable->broken; i++) {
        pl_equation *equation = variable->equations[i];
        wanted w;
        if (!equation->import) continue;
        variable->broken = !open_sheet(reader, equation->import, &w) ||
                           !(equation->import->kind == PL_IMPORT_CONSTANTS ? fill_constants(reader, equation, &w)
                                                                           : fill_points(reader, equation, &w));
    }
}

/* ---- elements ------------------------------------------------------------------------------------------- */

/* Where the elements end: a cell, or the end of the first one's column ('A') or row ('2'). */
static bool find_end(pl_reader *reader, const pl_import *import, const wanted *w, area *a) {
    bool star = false;
    const char *text = without_star(reader, import->literals[3], &star);
    int row, column;
    size_t used = pl_sheet_address(text, &row, &column);
    if (!used || text[used]) {
        fail(reader, import, 3, PL_INVALID, "'%.80s' is no cell such as B6, no column such as B, and no row such as 6",
             text);
        return false;
    }
    a->last_row = row < 0 ? w->sheet->rows - 1 : row;
    a->last_column = column < 0 ? w->sheet->columns - 1 : column;
    return true;
}

static void add_cell(pl_reader *reader, const pl_import *import, const pl_sheet_cell *cell,
                     void (*add)(void *context, const char *name, pl_position at), void *context) {
    char number[32], name[PL_LONGEST_NAME];
    if (!cell->text) pl_number_print(cell->number, number);
    int length = snprintf(name, sizeof name, "%s%s", import->literals[4], cell->text ? cell->text : number);
    if (length >= (int)sizeof name)
        fail(reader, import, 2, PL_INVALID, "the name of an element is longer than %d bytes", PL_LONGEST_NAME);
    else add(context, pl_arena_text(reader->arena, name, (size_t)length), import->at);
}

void pl_import_elements(pl_reader *reader, const pl_import *import,
                        void (*add)(void *context, const char *name, pl_position at), void *context) {
    wanted w;
    area a;
    int count = 0;
    if (!open_sheet(reader, import, &w) || !find_cells(reader, import, &w, 2, &a) || !find_end(reader, import, &w, &a))
        return;
    for (int i = 0; i < a.sheet->count; i++) { /* cells are in order of row and column */
        const pl_sheet_cell *cell = &a.sheet->cells[i];
        if (cell->row < a.row || cell->row > a.last_row || cell->column < a.column || cell->column > a.last_column)
            continue;
        add_cell(reader, import, cell, add, context);
        count++;
    }
    if (count == 0) fail(reader, import, 2, PL_NO_DATA, "'%.80s' has no names of elements here", import->literals[0]);
}
