/* Files of data over time that the caller names: points for the model's data variables.
 *
 * .dat is Vensim's text format: a line with a name, then lines with a time and a value.  Every other file is a table:
 * its first row names variables and its first column has the times, or the other way round.  As in Vensim a file may
 * hold more than the model asks for; of a variable in several files the last file counts. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "model/import.h"

typedef struct series {
    pl_point *points;
    int count, room;
} series;

typedef struct loading {
    pl_reader *reader;
    series **of;             /* [variable_count][size], NULL where the file has none */
    int unknown;             /* names that the model does not have, and the first of them */
    const char *first_unknown;
    int found;               /* names of its data variables */
} loading;

/* ---- names ---------------------------------------------------------------------------------------------- */

/* Whether a file may give an element its data: it has an equation without right side. */
static bool takes_data(pl_reader *reader, const pl_variable *variable, int element, pl_position at) {
    bool all = variable->kind == PL_DATA;
    for (int i = 0; i < variable->equation_count; i++)
        all &= variable->equations[i]->data && !variable->equations[i]->import;
    if (all || variable->broken) return all;
    for (int i = 0; i < variable->equation_count; i++) {
        const pl_equation *equation = variable->equations[i];
        if (!pl_reader_spend(reader, equation->cell_count, at)) return false;
        for (int j = 0; j < equation->cell_count; j++)
            if (equation->cells[j] == element) return equation->data && !equation->import;
    }
    return false;
}

/* The flat element of "a, b" between brackets; -1: an error has been recorded. */
static int find_element(loading *l, const pl_variable *variable, const char *from, const char *to, pl_position at) {
    int flat = 0, rank = 0;
    while (from && from <= to && rank < variable->rank) {
        const char *comma = memchr(from, ',', (size_t)(to - from)), *end = comma ? comma : to;
        const pl_axis *axis = variable->axes[rank++];
        int position = pl_axis_find(axis, pl_name_key(&l->reader->files, from, (size_t)(end - from)));
        if (position < 0) {
            pl_reader_error(l->reader, PL_INVALID, at, "'%.80s' has no element '%.*s' at place %d", variable->name,
                            (int)(end - from < 60 ? end - from : 60), from, rank);
            return -1;
        }
        flat = flat * axis->count + position;
        from = comma ? comma + 1 : NULL;
    }
    if (rank == variable->rank && !from) return flat;
    pl_reader_error(l->reader, PL_INVALID, at, "'%.80s' has %d subscripts: a series is for one of its elements",
                    variable->name, variable->rank);
    return -1;
}

/* The byte that ends the part of a name before its subscripts. */
static const char *base_end(const char *text, const char *end) {
    bool quoted = false;
    for (const char *at = text; at < end; at++) {
        if (*at == '"' && (at == text || at[-1] != '\\')) quoted = !quoted;
        if (*at == '[' && !quoted) return at;
    }
    return end;
}

/* The series that a name stands for; NULL: the model does not want it, or an error has been recorded. */
static series *find_series(loading *l, const char *text, size_t length, pl_position at) {
    pl_reader *reader = l->reader;
    while (length && strchr(" \t\r", text[length - 1])) length--;
    const char *end = text + length, *base = base_end(text, end);
    if (length > PL_LONGEST_NAME) return NULL;
    const pl_variable *variable =
        pl_name_table_get(&reader->model->names, pl_name_key(&reader->files, text, (size_t)(base - text)));
    if (!variable && l->unknown++ == 0) l->first_unknown = pl_arena_text(&reader->files, text, length);
    if (!variable || variable->broken || !variable->tables || variable->kind == PL_LOOKUP) return NULL;
    int element = 0;
    if (base < end && end[-1] != ']') {
        pl_reader_error(reader, PL_INVALID, at, "the ']' behind the subscripts of '%.80s' is missing", variable->name);
        return NULL;
    }
    if (base < end || variable->rank) element = find_element(l, variable, base < end ? base + 1 : NULL, end - 1, at);
    if (element < 0 || !takes_data(reader, variable, element, at)) return NULL;
    l->found++;
    if (!l->of[variable->index]) l->of[variable->index] = PL_ARRAY(&reader->files, variable->size, series);
    return &l->of[variable->index][element];
}

static void add_point(loading *l, series *s, double x, double y) {
    if (!s || y == -0x1p109 || !isfinite(x) || !isfinite(y)) return; /* :NA:, or too large for a double */
    s->points = pl_arena_grow(&l->reader->files, s->points, s->count, &s->room, s->count + 1, sizeof *s->points);
    s->points[s->count] = (pl_point){x, y, s->count};
    s->count++;
}

/* ---- .dat ----------------------------------------------------------------------------------------------- */

/* A number with a sign, at most up to end: the bytes it takes, 0 where there is none. */
static size_t signed_number(const char *at, const char *end, double *number) {
    bool minus = at < end && *at == '-';
    size_t sign = at < end && (*at == '-' || *at == '+'),
           used = pl_number_read(at + sign, (size_t)(end - at) - sign, number);
    if (minus) *number = -*number;
    return used ? sign + used : 0;
}

static const char *skip_blank(const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '\t' || *at == ',')) at++;
    return at;
}

/* A name up to a comment behind '/', or a time base in '<>', which is refused. */
static series *name_line(loading *l, const char *at, const char *end, pl_position place) {
    bool quoted = false;
    const char *stop = at;
    for (; stop < end && (quoted || (*stop != '/' && *stop != '<')); stop++)
        if (*stop == '"') quoted = !quoted;
    if (stop < end && *stop == '<') {
        pl_reader_error(l->reader, PL_UNSUPPORTED, place, "a time base behind the name of a series is not supported");
        return NULL;
    }
    return find_series(l, at, (size_t)(stop - at), place);
}

static void read_dat(loading *l, const char *text, size_t length) {
    const char *end = text + length;
    series *s = NULL;
    bool named = false;
    for (int line = 1; text < end && l->reader->error_count < PL_MOST_FINDINGS; line++) {
        const char *stop = memchr(text, '\n', (size_t)(end - text)), *line_end = stop ? stop : end;
        while (line_end > text && strchr(" \t\r", line_end[-1])) line_end--;
        const char *at = skip_blank(text, line_end);
        pl_position place = {line, (int)(at - text) + 1};
        double time, value;
        size_t used = signed_number(at, line_end, &time);
        if (used) {
            const char *next = skip_blank(at + used, line_end);
            bool missing = line_end - next >= 4 && strncasecmp(next, ":NA:", 4) == 0;
            if (!named) pl_reader_error(l->reader, PL_INVALID, place, "no line with a name stands before this point");
            else if (!missing && !signed_number(next, line_end, &value))
                pl_reader_error(l->reader, PL_INVALID, (pl_position){line, (int)(next - text) + 1},
                                "expected a value behind the time");
            else if (!missing) add_point(l, s, time, value);
            if (!named) return;
        } else if (at < line_end) {
            s = name_line(l, at, line_end, place);
            named = true;
        }
        text = stop ? stop + 1 : end;
    }
}

/* ---- tables --------------------------------------------------------------------------------------------- */

/* Where the first row has a text behind its first cell it names the variables. */
static bool names_stand_across(const pl_sheet *sheet) {
    for (int i = 0; i < sheet->count && sheet->cells[i].row == sheet->cells[0].row; i++)
        if (sheet->cells[i].column > 0 && sheet->cells[i].text) return true;
    return false;
}

static void read_table(loading *l, const pl_sheet *sheet) {
    if (sheet->count == 0) return;
    bool across = names_stand_across(sheet);
    int head = sheet->cells[0].row, room = across ? sheet->columns : sheet->rows;
    series **of = PL_ARRAY(&l->reader->files, room, series *);
    for (int i = 0; i < sheet->count; i++) {
        const pl_sheet_cell *cell = &sheet->cells[i];
        int name = across ? cell->column : cell->row;
        bool is_name = across ? cell->row == head && cell->column > 0 : cell->column == 0 && cell->row > head;
        double time;
        if (is_name && cell->text)
            of[name] = find_series(l, cell->text, strlen(cell->text), (pl_position){cell->row + 1, 0});
        if (is_name || cell->text || !of[name] || cell->column == 0 || cell->row == head) continue;
        if (pl_sheet_number(sheet, across ? cell->row : head, across ? 0 : cell->column, &time))
            add_point(l, of[name], time, cell->number);
    }
}

static bool has_end(const char *path, const char *end) {
    size_t length = strlen(path), size = strlen(end);
    return length >= size && strcasecmp(path + length - size, end) == 0;
}

static bool is_table(const char *path) {
    static const char *const ends[] = {".csv", ".tab", ".tsv", ".txt", ".xls", ".xlsx"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (has_end(path, ends[i])) return true;
    return false;
}

/* ---- files ---------------------------------------------------------------------------------------------- */

pl_source pl_source_enter(pl_reader *reader, const char *file, const char *text, size_t length) {
    pl_source before = {reader->file, reader->text, reader->length, reader->first_line};
    reader->file = file, reader->text = text, reader->length = length, reader->first_line = 1;
    return before;
}

void pl_source_leave(pl_reader *reader, pl_source before) {
    reader->file = before.file, reader->text = before.text, reader->length = before.length;
    reader->first_line = before.first_line;
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *pl_reader_input(pl_reader *reader, const pl_file *file, size_t *length) {
    bool latin;
    const char *bytes = pl_reader_bytes(reader, file, base_name(file->name), (pl_position){0, 0}, length);
    if (!bytes) return NULL;
    if (!memchr(bytes, 0, *length)) return pl_reader_utf8(&reader->files, bytes, length, &latin);
    pl_reader_error(reader, PL_NO_DATA, (pl_position){0, 0}, "this is no text: it holds a byte 0");
    return NULL;
}

static void read_file(loading *l, const pl_file *file) {
    pl_reader *reader = l->reader;
    size_t length = 0;
    if (is_table(file->name)) {
        char delimiter = has_end(file->name, ".csv") ? ',' : '\t';
        const pl_book *book = pl_reader_open_book(reader, file, base_name(file->name), delimiter, (pl_position){0, 0});
        if (book && book->sheet_count) read_table(l, &book->sheets[0]);
        return;
    }
    const char *text = pl_reader_input(reader, file, &length);
    if (!text) return;
    reader->text = text, reader->length = length;
    read_dat(l, text, length);
}

static void take_series(loading *l) {
    pl_model *model = l->reader->model;
    for (int i = 0; i < model->variable_count; i++)
        for (int e = 0; l->of[i] && e < model->variables[i]->size; e++)
            if (l->of[i][e].count)
                model->variables[i]->tables[e] =
                    pl_points_table(l->reader->arena, l->of[i][e].points, l->of[i][e].count);
}

void pl_reader_data(pl_reader *reader) {
    for (int i = 0; reader->inputs && i < reader->inputs->count; i++) {
        const pl_file *file = &reader->inputs->files[i];
        if (file->role != PL_ROLE_DATA) continue;
        loading l = {.reader = reader, .of = PL_ARRAY(&reader->files, reader->model->variable_count, series *)};
        pl_source before = pl_source_enter(reader, file->name, NULL, 0);
        read_file(&l, file);
        take_series(&l);
        if (l.unknown)
            pl_reader_note(reader, PL_NOTE, (pl_position){0, 0}, "the model has no variable '%.80s'%s of this file",
                           l.first_unknown, l.unknown > 1 ? ", nor others" : "");
        pl_source_leave(reader, before);
    }
}

/* ---- data that are other data ---------------------------------------------------------------------------- */

/* The element that a reference means in a cell of its equation. */
static int element_at(const pl_equation *equation, const pl_expr *reference, int cell) {
    int position[PL_MOST_AXES], flat = 0;
    for (int k = equation->axis_count; k-- > 0; cell /= equation->axes[k]->count)
        position[k] = cell % equation->axes[k]->count;
    for (int r = 0; r < reference->variable->rank; r++) {
        const pl_subscript *s = &reference->subscripts[r];
        flat = flat * reference->variable->axes[r]->count + (s->axis < 0 ? s->element : s->map[position[s->axis]]);
    }
    return flat;
}

static bool is_alias(const pl_variable *variable) {
    for (int i = 0; i < variable->equation_count; i++) {
        const pl_equation *equation = variable->equations[i];
        bool data = equation->assigned && equation->expr && equation->expr->kind == PL_EXPR_REFERENCE &&
                    equation->expr->variable->kind == PL_DATA && equation->axis_count <= PL_MOST_AXES;
        if (!data) return false;
    }
    return variable->kind == PL_AUXILIARY && !variable->broken && variable->equation_count > 0;
}

static void take_alias(pl_reader *reader, pl_variable *variable) {
    variable->tables = PL_ARRAY(reader->arena, variable->size, pl_table *);
    for (int i = 0; i < variable->equation_count; i++) {
        pl_equation *equation = variable->equations[i];
        for (int j = 0; j < equation->cell_count; j++)
            if (equation->cells[j] >= 0)
                variable->tables[equation->cells[j]] =
                    equation->expr->variable->tables[element_at(equation, equation->expr, j)];
        equation->data = true;
    }
    variable->kind = PL_DATA;
}

/* An alias of an alias waits for the next round. */
void pl_reader_alias_data(pl_reader *reader) {
    const pl_model *model = reader->model;
    bool found = reader->error_count == 0;
    while (found) {
        found = false;
        if (!pl_reader_spend(reader, model->variable_count, (pl_position){0, 0})) return;
        for (int i = 0; i < model->variable_count; i++)
            if (is_alias(model->variables[i])) take_alias(reader, model->variables[i]), found = true;
    }
    for (int i = 0; i < model->variable_count; i++)
        for (int j = 0; j < model->variables[i]->equation_count; j++) {
            const pl_equation *equation = model->variables[i]->equations[j];
            if (equation->mode != PL_DATA_INTERPOLATE && !equation->data && model->variables[i]->kind != PL_DATA)
                pl_reader_error(reader, PL_UNSUPPORTED, equation->at,
                                "a keyword such as :RAW: before ':=' can only stand where the right side is data or "
                                "names other data");
        }
}

/* ---- what is still missing ------------------------------------------------------------------------------ */

static bool has_data(const pl_variable *variable) {
    for (int i = 0; i < variable->size; i++)
        if (variable->tables[i]) return true;
    return false;
}

void pl_reader_check_data(pl_reader *reader) {
    for (int i = 0; i < reader->model->variable_count; i++) {
        const pl_variable *variable = reader->model->variables[i];
        if (variable->kind != PL_DATA || has_data(variable)) continue;
        if (!variable->used)
            pl_reader_note(reader, PL_NOTE, variable->at,
                           "'%.80s' is data over time that no file gives and no equation needs", variable->name);
        else
            pl_reader_error(reader, PL_NO_DATA, variable->at,
                            "'%.80s' has no equation: it is data over time, and no file gives its values",
                            variable->name);
    }
}
