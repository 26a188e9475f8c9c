/* Errors by value, and the list of findings of a reader.  Lines are shown in at most 200 bytes around the caret. */
#include "base/error.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

static const struct {
    int code;
    const char *text;
} statuses[] = {
#define X(id, code, text) {code, text},
    PL_STATUS_MAP(X)
#undef X
};

const char *pl_status_text(pl_status status) {
    return (unsigned)status < PL_STATUS_COUNT ? statuses[status].text : "unknown status";
}

int pl_status_exit_code(pl_status status) {
    return (unsigned)status < PL_STATUS_COUNT ? statuses[status].code : 1;
}

static void set(pl_error *error, pl_status status, const char *file, int line, int column, const char *format,
                va_list arguments) {
    memset(error, 0, sizeof *error);
    error->status = status;
    error->line = line;
    error->column = column;
    error->caret = -1;
    if (file) snprintf(error->file, sizeof error->file, "%s", file);
    vsnprintf(error->message, sizeof error->message, format, arguments);
}

pl_status pl_error_set(pl_error *error, pl_status status, const char *file, int line, int column,
                       const char *format, ...) {
    if (error) {
        va_list arguments;
        va_start(arguments, format);
        set(error, status, file, line, column, format, arguments);
        va_end(arguments);
    }
    return status;
}

/* Where the line of a place begins, from the mark on where it is not behind; NULL: the text is shorter. */
static const char *find_line(pl_place place) {
    bool marked = place.mark && place.mark->line > 0 && place.mark->line <= place.line;
    const char *at = place.text + (marked ? place.mark->offset : 0), *end = place.text + place.length;
    for (int line = marked ? place.mark->line : 1; line < place.line && at < end; line++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline) return NULL;
        at = newline + 1;
    }
    if (place.mark) *place.mark = (pl_line_mark){place.line, (size_t)(at - place.text)};
    return at;
}

/* Cuts the line of the place out of its text, shortened to what fits around the column. */
static void cut_line(pl_error *error, pl_place place) {
    const char *at = find_line(place), *end = place.text + place.length;
    if (!at) return;
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    if (!stop) stop = end;
    if (stop > at && stop[-1] == '\r') stop--;
    size_t offset = place.column > 0 ? (size_t)place.column - 1 : 0, length = (size_t)(stop - at);
    if (offset > length) offset = length;
    if (length > 200) { /* keep 120 bytes before the caret */
        size_t skip = offset > 120 ? offset - 120 : 0;
        at += skip, offset -= skip, length -= skip;
        if (length > 200) length = 200;
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)at[i];
        error->source[i] = (char)(c < 32 || c == 127 ? ' ' : c);
    }
    error->source[length] = 0;
    error->caret = (int)offset;
}

pl_status pl_error_at(pl_error *error, pl_status status, pl_place place, const char *format, ...) {
    if (!error) return status;
    va_list arguments;
    va_start(arguments, format);
    set(error, status, place.file, place.line, place.column, format, arguments);
    va_end(arguments);
    if (place.text && place.line > 0) cut_line(error, place);
    return status;
}

typedef struct finding {
    pl_severity severity;
    pl_error error;
} finding;

struct pl_findings {
    finding *rows;
    int count, room, errors;
};

pl_findings *pl_findings_new(void) { return pl_allocate(sizeof(pl_findings)); }

void pl_findings_free(pl_findings *findings) {
    if (!findings) return;
    pl_release(findings->rows);
    pl_release(findings);
}

int pl_findings_count(const pl_findings *findings) { return findings ? findings->count : 0; }
int pl_findings_errors(const pl_findings *findings) { return findings ? findings->errors : 0; }

const pl_error *pl_findings_get(const pl_findings *findings, int index, pl_severity *severity) {
    if (severity) *severity = findings->rows[index].severity;
    return &findings->rows[index].error;
}

int pl_findings_add(pl_findings *findings, pl_severity severity, const pl_error *error) {
    if (!findings) return 1;
    if (findings->count == findings->room) {
        int room = findings->room ? findings->room * 2 : 8;
        finding *rows = pl_reallocate(findings->rows, (size_t)room * sizeof *rows);
        if (!rows) return 0;
        findings->rows = rows, findings->room = room;
    }
    findings->rows[findings->count].severity = severity;
    findings->rows[findings->count++].error = *error;
    findings->errors += severity == PL_ERROR;
    return 1;
}
