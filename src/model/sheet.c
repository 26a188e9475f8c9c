/* Delimited text as a sheet, and finding what a book holds.  See sheet.h. */
#include "model/sheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"

/* ---- filling -------------------------------------------------------------------------------------------- */

pl_sheet *pl_book_add(pl_book *book, const char *name) {
    pl_sheet *sheets = pl_arena_grow(book->arena, book->sheets, book->sheet_count, &book->sheet_room,
                                     book->sheet_count + 1, sizeof *sheets);
    const char *copy = pl_arena_text(book->arena, name, strlen(name));
    if (!sheets || !copy) return NULL;
    book->sheets = sheets;
    pl_sheet *sheet = &sheets[book->sheet_count++];
    *sheet = (pl_sheet){.name = copy};
    return sheet;
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static void trim(const char **text, size_t *length) {
    while (*length > 0 && is_blank(**text)) ++*text, --*length;
    while (*length > 0 && is_blank((*text)[*length - 1])) --*length;
}

bool pl_number_whole(const char *text, size_t length, double *number) {
    trim(&text, &length);
    bool minus = length > 0 && *text == '-';
    if (length > 0 && (*text == '-' || *text == '+')) text++, length--;
    if (length == 0 || pl_number_read(text, length, number) != length || !isfinite(*number)) return false;
    if (minus) *number = -*number;
    return true;
}

bool pl_sheet_add(pl_book *book, pl_sheet *sheet, int row, int column, double number, const char *text, size_t length) {
    if (text) trim(&text, &length);
    if (text && length == 0) return true;
    if (row < 0 || column < 0 || row >= PL_SHEET_ROWS * 64 || column >= PL_SHEET_COLUMNS * 64 ||
        book->cells >= PL_MOST_CELLS || (text && length > PL_MOST_CELL_TEXT - book->bytes)) {
        book->why = "it has too many cells";
        return true;
    }
    pl_sheet_cell *cells =
        pl_arena_grow(book->arena, sheet->cells, sheet->count, &sheet->room, sheet->count + 1, sizeof *cells);
    const char *copy = text && cells ? pl_arena_text(book->arena, text, length) : NULL;
    if (!cells || (text && !copy)) return false;
    sheet->cells = cells;
    cells[sheet->count++] = (pl_sheet_cell){row, column, number, copy};
    book->cells++, book->bytes += text ? length : 0;
    if (row >= sheet->rows) sheet->rows = row + 1;
    if (column >= sheet->columns) sheet->columns = column + 1;
    return true;
}

static int compare_cells(const void *a, const void *b) {
    const pl_sheet_cell *left = a, *right = b;
    if (left->row != right->row) return left->row < right->row ? -1 : 1;
    return left->column < right->column ? -1 : left->column > right->column;
}

/* Readers meet cells in order but for odd files; of a cell given twice the first in memory counts. */
void pl_sheet_close(pl_sheet *sheet) {
    for (int i = 1; i < sheet->count; i++)
        if (compare_cells(&sheet->cells[i - 1], &sheet->cells[i]) > 0) {
            qsort(sheet->cells, (size_t)sheet->count, sizeof *sheet->cells, compare_cells);
            return;
        }
}

/* ---- delimited text ------------------------------------------------------------------------------------- */

typedef struct scan {
    pl_book *book;
    pl_sheet *sheet;
    const char *at, *end;
    char delimiter;
    int row, column;
} scan;

static bool at_line_end(const scan *s) { return *s->at == '\n' || *s->at == '\r'; }

/* A cell between quotes: "" is a quote, line ends are part of it. What follows up to the delimiter is dropped. */
static void quoted(scan *s) {
    const char *close = ++s->at;
    while (close < s->end && (*close != '"' || (close + 1 < s->end && close[1] == '"'))) close += *close == '"' ? 2 : 1;
    char *text = pl_arena_array(s->book->arena, (size_t)(close - s->at) + 1, 1), *to = text;
    if (!text) return;
    while (s->at < s->end && (*s->at != '"' || (s->at + 1 < s->end && s->at[1] == '"'))) {
        s->at += *s->at == '"';
        *to++ = *s->at++;
    }
    while (s->at < s->end && *s->at != s->delimiter && !at_line_end(s)) s->at++;
    double number = 0.0;
    bool is_number = pl_number_whole(text, (size_t)(to - text), &number);
    pl_sheet_add(s->book, s->sheet, s->row, s->column, number, is_number ? NULL : text, (size_t)(to - text));
}

static void plain(scan *s) {
    const char *from = s->at;
    while (s->at < s->end && *s->at != s->delimiter && !at_line_end(s)) s->at++;
    double number = 0.0;
    size_t length = (size_t)(s->at - from);
    bool is_number = pl_number_whole(from, length, &number);
    pl_sheet_add(s->book, s->sheet, s->row, s->column, number, is_number ? NULL : from, length);
}

static void take_cell(scan *s) {
    while (s->at < s->end && *s->at == ' ' && s->delimiter != ' ') s->at++;
    if (s->at < s->end && *s->at == '"') quoted(s);
    else plain(s);
    if (s->at < s->end && *s->at == s->delimiter) {
        s->at++, s->column++;
        return;
    }
    if (s->at + 1 < s->end && *s->at == '\r' && s->at[1] == '\n') s->at++;
    if (s->at < s->end) s->at++;
    s->row++, s->column = 0;
}

static void parse_text(pl_book *book, const char *bytes, size_t size, char delimiter) {
    book->text = true;
    scan s = {book, pl_book_add(book, ""), bytes, bytes + size, delimiter, 0, 0};
    while (s.sheet && s.at < s.end && !book->why) take_cell(&s);
}

void pl_book_parse(pl_book *book, const char *bytes, size_t size, char delimiter) {
    if (size >= 4 && memcmp(bytes, "PK\3\4", 4) == 0) {
        void (*out_of_memory)(void *) = book->arena->out_of_memory;
        book->arena->out_of_memory = NULL; /* never a jump through the libraries' frames */
        bool good = pl_book_parse_xlsx(book, bytes, size);
        book->arena->out_of_memory = out_of_memory;
        if (!good && out_of_memory) out_of_memory(book->arena->context);
        return;
    }
    if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) bytes += 3, size -= 3;
    if (memchr(bytes, 0, size)) book->why = "it is neither a text nor a workbook";
    else parse_text(book, bytes, size, delimiter);
}

bool pl_book_is_xls(const char *bytes, size_t size) {
    return size >= 8 && memcmp(bytes, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) == 0;
}

/* ---- finding -------------------------------------------------------------------------------------------- */

const pl_sheet *pl_book_sheet(const pl_book *book, const char *name) {
    if (book->text) return book->sheet_count ? book->sheets : NULL;
    for (int i = 0; i < book->sheet_count; i++)
        if (strcasecmp(book->sheets[i].name, name) == 0) return &book->sheets[i];
    return NULL;
}

const pl_sheet_range *pl_book_range(const pl_book *book, const pl_sheet *sheet, const char *name) {
    const pl_sheet_range *found = NULL;
    for (int i = 0; i < book->range_count; i++) {
        const pl_sheet_range *range = &book->ranges[i];
        if (strcasecmp(range->name, name) != 0) continue;
        if (range->scope >= 0 && &book->sheets[range->scope] == sheet) return range;
        if (range->scope < 0 && !found) found = range;
    }
    return found;
}

const pl_sheet_cell *pl_sheet_find(const pl_sheet *sheet, int row, int column) {
    pl_sheet_cell wanted = {.row = row, .column = column};
    return sheet->count ? bsearch(&wanted, sheet->cells, (size_t)sheet->count, sizeof wanted, compare_cells) : NULL;
}

bool pl_sheet_number(const pl_sheet *sheet, int row, int column, double *number) {
    const pl_sheet_cell *cell = pl_sheet_find(sheet, row, column);
    if (!cell || cell->text) return false;
    *number = cell->number;
    return true;
}

size_t pl_sheet_address(const char *text, int *row, int *column) {
    const char *at = text;
    int letters = 0, digits = 0;
    at += *at == '$';
    for (*column = 0; ((*at | 32) >= 'a' && (*at | 32) <= 'z') && letters < 4; at++, letters++)
        *column = *column * 26 + ((*at | 32) - 'a' + 1);
    if (letters && *at == '$') at++;
    for (*row = 0; *at >= '0' && *at <= '9' && digits < 8; at++, digits++) *row = *row * 10 + (*at - '0');
    --*row, --*column;
    if (!digits) *row = -1;
    bool good = (letters || digits) && letters < 4 && digits < 8 && (!digits || *row >= 0) && at[-1] != '$';
    return good ? (size_t)(at - text) : 0;
}
