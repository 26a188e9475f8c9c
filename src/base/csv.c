/* One pass over the text, field by field.  See csv.h. */
#include "base/csv.h"

#include <string.h>
#include <strings.h>

#include "base/number.h"

typedef struct reader {
    pl_arena *arena;
    pl_csv *csv;
    pl_error *error;
    const char *at, *end;
    int line, count; /* fields so far */
    const char *line_start;
} reader;

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

static bool at_end_of_row(const reader *r) { return r->at == r->end || *r->at == '\n' || *r->at == '\r'; }

static pl_status refuse(const reader *r, int line, int column, const char *what) {
    pl_place place = {r->csv->file, r->csv->source, r->csv->length, line, column, NULL};
    return pl_error_at(r->error, PL_INVALID, place, "%s", what);
}

static int column_of(const reader *r) { return (int)(r->at - r->line_start) + 1; }

static void skip_line_end(reader *r) {
    if (r->at < r->end && *r->at == '\r') r->at++;
    if (r->at < r->end && *r->at == '\n') r->at++;
    r->line++;
    r->line_start = r->at;
}

static void add(reader *r, const char *text, size_t length, int line, int column) {
    pl_csv *c = r->csv;
    c->fields = pl_arena_grow(r->arena, c->fields, r->count, &c->room, r->count + 1, sizeof *c->fields);
    c->fields[r->count++] = (pl_csv_field){pl_arena_text(r->arena, text, length), line, column};
}

/* A field between quotes; a doubled quote is one. */
static pl_status read_quoted(reader *r) {
    int line = r->line, column = column_of(r);
    const char *from = ++r->at;
    size_t doubled = 0;
    for (;; r->at++) {
        if (r->at == r->end) return refuse(r, line, column, "this quote never ends");
        if (*r->at == '\n') r->line++, r->line_start = r->at + 1;
        if (*r->at != '"') continue;
        if (r->at + 1 < r->end && r->at[1] == '"') r->at++, doubled++;
        else break;
    }
    size_t length = (size_t)(r->at - from) - doubled, put = 0;
    char *text = pl_arena_text(r->arena, from, (size_t)(r->at - from));
    for (const char *c = text; put < length; c++) {
        text[put++] = *c;
        if (*c == '"') c++;
    }
    r->at++;
    add(r, text, length, line, column);
    while (r->at < r->end && is_blank(*r->at)) r->at++;
    if (at_end_of_row(r) || *r->at == ',') return PL_OK;
    return refuse(r, r->line, column_of(r), "expected a comma or the end of the line after the quote");
}

static void read_plain(reader *r) {
    int column = column_of(r);
    const char *from = r->at;
    while (!at_end_of_row(r) && *r->at != ',') r->at++;
    const char *to = r->at;
    while (to > from && is_blank(to[-1])) to--;
    add(r, from, (size_t)(to - from), r->line, column);
}

static pl_status read_row(reader *r) {
    int before = r->count, line = r->line;
    for (;; r->at++) {
        while (r->at < r->end && is_blank(*r->at)) r->at++;
        pl_status status = PL_OK;
        if (r->at < r->end && *r->at == '"') status = read_quoted(r);
        else read_plain(r);
        if (status != PL_OK) return status;
        if (at_end_of_row(r)) break;
    }
    int count = r->count - before;
    if (r->csv->columns && count != r->csv->columns) {
        pl_place place = {r->csv->file, r->csv->source, r->csv->length, line, 1, NULL};
        return pl_error_at(r->error, PL_INVALID, place, "this row has %d fields, the header %d", count, r->csv->columns);
    }
    if (r->csv->columns) r->csv->rows++;
    else r->csv->columns = count;
    return PL_OK;
}

static bool is_skipped(const reader *r) {
    const char *c = r->at;
    while (c < r->end && is_blank(*c)) c++;
    return c == r->end || *c == '\n' || *c == '\r' || *c == '#';
}

pl_status pl_csv_read(pl_arena *arena, const char *text, size_t length, const char *file, pl_csv *csv,
                      pl_error *error) {
    *csv = (pl_csv){.file = file, .source = text, .length = length};
    reader r = {.arena = arena, .csv = csv, .error = error, .at = text, .end = text + length, .line = 1, .line_start = text};
    if (length && memchr(text, 0, length)) return refuse(&r, 0, 0, "a zero byte: this is no text");
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) r.at = r.line_start = text + 3;
    while (r.at < r.end) {
        pl_status status = PL_OK;
        if (is_skipped(&r)) while (!at_end_of_row(&r)) r.at++;
        else status = read_row(&r);
        if (status != PL_OK) return status;
        if (r.at < r.end) skip_line_end(&r);
    }
    return csv->columns ? PL_OK : refuse(&r, 1, 1, "expected a header row with the names of the columns");
}

const pl_csv_field *pl_csv_at(const pl_csv *csv, int row, int column) {
    static const pl_csv_field none = {"", 0, 0};
    return column < 0 ? &none : &csv->fields[(size_t)(row + 1) * (size_t)csv->columns + (size_t)column];
}

int pl_csv_column(const pl_csv *csv, const char *name) {
    for (int c = 0; c < csv->columns; c++)
        if (strcasecmp(pl_csv_at(csv, -1, c)->text, name) == 0) return c;
    return -1;
}

void pl_csv_columns(const pl_csv *csv, const char *const *names, int count, int *column) {
    for (int k = 0; k < count; k++) column[k] = pl_csv_column(csv, names[k]);
}

int pl_csv_other(const pl_csv *csv, const int *column, int count, int from) {
    for (int c = from; c < csv->columns; c++) {
        bool known = false;
        for (int k = 0; k < count; k++) known |= column[k] == c;
        if (!known) return c;
    }
    return -1;
}

pl_place pl_csv_place(const pl_csv *csv, const pl_csv_field *field) {
    return (pl_place){csv->file, csv->source, csv->length, field->line, field->column, NULL};
}

bool pl_csv_number(const pl_csv_field *field, double *value) {
    const char *text = field->text;
    bool negative = *text == '-';
    if (*text == '-' || *text == '+') text++;
    size_t length = strlen(text), used = pl_number_read(text, length, value);
    if (negative) *value = -*value;
    return used > 0 && used == length;
}
