/* Workbooks of the older kind (.xls) through freexl, which reads them from a path only.  See sheet.h. */
#include <freexl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/sheet.h"

/* NULL: a number or nothing. */
static const char *text_of(const FreeXL_CellValue *cell) {
    switch (cell->type) {
    case FREEXL_CELL_TEXT:
    case FREEXL_CELL_SST_TEXT:
    case FREEXL_CELL_DATE:
    case FREEXL_CELL_DATETIME:
    case FREEXL_CELL_TIME: return cell->value.text_value;
    default: return NULL;
    }
}

static bool take_cell(pl_book *book, pl_sheet *sheet, int row, int column, const FreeXL_CellValue *cell) {
    const char *text = text_of(cell);
    if (text) return pl_sheet_add(book, sheet, row, column, 0.0, text, strlen(text));
    if (cell->type == FREEXL_CELL_INT) return pl_sheet_add(book, sheet, row, column, cell->value.int_value, NULL, 0);
    if (cell->type == FREEXL_CELL_DOUBLE)
        return pl_sheet_add(book, sheet, row, column, cell->value.double_value, NULL, 0);
    return true;
}

/* False: out of memory. */
static bool take_sheet(pl_book *book, const void *handle, unsigned short index) {
    unsigned int rows = 0;
    unsigned short columns = 0;
    const char *name = NULL;
    if (freexl_get_worksheet_name(handle, index, &name) != FREEXL_OK || !name ||
        freexl_select_active_worksheet(handle, index) != FREEXL_OK ||
        freexl_worksheet_dimensions(handle, &rows, &columns) != FREEXL_OK)
        return true;
    pl_sheet *sheet = pl_book_add(book, name);
    if (!sheet) return false;
    for (unsigned int row = 0; row < rows && row < PL_SHEET_ROWS && !book->why; row++)
        for (unsigned short column = 0; column < columns; column++) {
            FreeXL_CellValue cell;
            if (freexl_get_cell_value(handle, row, column, &cell) != FREEXL_OK) continue;
            if (!take_cell(book, sheet, (int)row, column, &cell)) return false;
        }
    return true;
}

/* False: out of memory. */
static bool read_xls(pl_book *book, const char *path) {
    const void *handle = NULL;
    unsigned int sheets = 0;
    if (freexl_open(path, &handle) != FREEXL_OK) {
        if (handle) freexl_close(handle);
        book->why = "it is no workbook that can be read";
        return true;
    }
    bool good = true;
    if (freexl_get_info(handle, FREEXL_BIFF_SHEET_COUNT, &sheets) != FREEXL_OK) sheets = 0;
    for (unsigned int i = 0; i < sheets && i < 1000 && good && !book->why; i++)
        good = take_sheet(book, handle, (unsigned short)i);
    freexl_close(handle);
    return good;
}

void pl_book_read_xls(pl_book *book, const char *path) {
    void (*out_of_memory)(void *) = book->arena->out_of_memory;
    book->arena->out_of_memory = NULL; /* the handle must be closed before the reader is left */
    bool good = read_xls(book, path);
    book->arena->out_of_memory = out_of_memory;
    if (!good && out_of_memory) out_of_memory(book->arena->context);
}

void pl_book_parse_xls(pl_book *book, const char *bytes, size_t size) {
    const char *folder = getenv("TMPDIR");
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/parley-XXXXXX", folder && *folder ? folder : "/tmp");
    int file = length > 0 && (size_t)length < sizeof path ? mkstemp(path) : -1;
    bool written = file >= 0;
    for (size_t done = 0; written && done < size;) {
        ssize_t step = write(file, bytes + done, size - done);
        written = step > 0;
        done += written ? (size_t)step : 0;
    }
    if (file >= 0) close(file);
    if (written) {
        void (*out_of_memory)(void *) = book->arena->out_of_memory;
        book->arena->out_of_memory = NULL; /* the file must go before the reader is left */
        bool whole = read_xls(book, path);
        book->arena->out_of_memory = out_of_memory;
        unlink(path);
        if (!whole && out_of_memory) out_of_memory(book->arena->context);
    } else {
        if (file >= 0) unlink(path);
        book->why = "no file can be made for the library that reads it";
    }
}
