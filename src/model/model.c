/* Reading a model: the text made uniform (UTF-8, lines that end in \n), then mdl.c and resolve.c.  Everything is in the
 * model's arena; when it runs dry the reader is left by longjmp to here. */
#include <stdio.h>
#include <string.h>

#include "model/import.h"

/* ---- errors --------------------------------------------------------------------------------------------- */

static void record(pl_reader *reader, pl_severity severity, pl_status status, pl_position at, const char *message) {
    pl_error error;
    if (reader->finding_count++ >= PL_MOST_FINDINGS && severity != PL_ERROR) return;
    pl_place place = {reader->file, reader->text, reader->length, at.line, at.column, NULL};
    if (reader->first_line > 1) { /* a text from inside another file: show it whole */
        pl_error_set(&error, status, place.file, at.line, at.column, "%s", message);
    } else {
        pl_error_at(&error, status, place, "%s", message);
    }
    if (severity == PL_ERROR && reader->error_count++ == 0) {
        reader->status = status;
        if (reader->error) *reader->error = error;
    }
    if (!pl_findings_add(reader->findings, severity, &error) && reader->model) longjmp(reader->out_of_memory, 1);
}

void pl_reader_error(pl_reader *reader, pl_status status, pl_position at, const char *format, ...) {
    char message[sizeof((pl_error *)0)->message];
    va_list arguments;
    if (reader->error_count >= PL_MOST_FINDINGS) return;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    record(reader, PL_ERROR, status, at, message);
}

void pl_reader_note(pl_reader *reader, pl_severity severity, pl_position at, const char *format, ...) {
    char message[sizeof((pl_error *)0)->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    record(reader, severity, PL_OK, at, message);
}

bool pl_reader_is_spent(const pl_reader *reader) { return reader->work > 8e9 / (1 << PL_SMALLER); }

bool pl_reader_spend(pl_reader *reader, double steps, pl_position at) {
    bool said = pl_reader_is_spent(reader);
    reader->work += steps;
    if (!pl_reader_is_spent(reader)) return true;
    if (!said) pl_reader_error(reader, PL_UNSUPPORTED, at, "the arrays of this model are too large to be checked");
    return false;
}

bool pl_reader_grow(pl_reader *reader, double nodes, pl_position at) {
    double most = PL_MOST_NODES + 8.0 * (double)reader->length;
    bool said = reader->nodes > most;
    reader->nodes += nodes;
    if (reader->nodes <= most) return true;
    if (!said)
        pl_reader_error(reader, PL_UNSUPPORTED, at, "the equations of this model are too large once macros are written out");
    return false;
}

/* ---- the text ------------------------------------------------------------------------------------------- */

/* The length of the UTF-8 sequence at a byte, 0 where it is none. */
static size_t sequence(const unsigned char *at, const unsigned char *end) {
    size_t length = *at < 0x80                  ? 1
                    : *at >= 0xc2 && *at < 0xe0 ? 2
                    : *at >= 0xe0 && *at < 0xf0 ? 3
                    : *at >= 0xf0 && *at < 0xf5 ? 4
                                                : 0;
    if (length == 0 || (size_t)(end - at) < length) return 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xc0) != 0x80) return 0;
    return length;
}

static bool is_utf8(const char *text, size_t length) {
    const unsigned char *at = (const unsigned char *)text, *end = at + length;
    while (at < end) {
        size_t step = sequence(at, end);
        if (step == 0) return false;
        at += step;
    }
    return true;
}

/* A copy in UTF-8: each byte of latin-1 above 127 becomes two. */
static char *from_latin1(pl_arena *arena, const char *text, size_t *length) {
    size_t high = 0;
    for (size_t i = 0; i < *length; i++) high += (unsigned char)text[i] >= 0x80;
    char *copy = pl_arena_array(arena, *length + high + 1, 1), *to = copy;
    for (size_t i = 0; i < *length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x80) *to++ = (char)c;
        else *to++ = (char)(0xc0 | c >> 6), *to++ = (char)(0x80 | (c & 0x3f));
    }
    *length = (size_t)(to - copy);
    return copy;
}

/* Lines that end in \r alone (old Macintosh files, or parts of one) end in \n. */
static void fix_line_ends(char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\r' && (i + 1 == length || text[i + 1] != '\n')) text[i] = '\n';
}

/* How Vensim's binary files (.vmf, and .mdl so saved) begin. */
static bool is_binary(const char *text, size_t length) {
    return length >= 3 && memcmp(text, "\x7f\xf7\x17", 3) == 0;
}

char *pl_reader_utf8(pl_arena *arena, const char *bytes, size_t *length, bool *latin) {
    bool mark = *length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0;
    if (mark) bytes += 3, *length -= 3;
    *latin = !is_utf8(bytes, *length);
    char *copy = *latin ? from_latin1(arena, bytes, length) : pl_arena_text(arena, bytes, *length);
    fix_line_ends(copy, *length);
    return copy;
}

static void take_text(pl_reader *reader, const char *text, size_t length) {
    pl_model *model = reader->model;
    if (is_binary(text, length)) {
        pl_reader_error(reader, PL_UNSUPPORTED, (pl_position){0, 0},
                        "this is a binary Vensim file: save it there as text (.mdl)");
        return;
    }
    bool latin;
    char *copy = pl_reader_utf8(reader->arena, text, &length, &latin);
    model->text = reader->text = copy;
    model->length = reader->length = length;
    const char *zero = memchr(copy, 0, length);
    if (zero) {
        int line = 1;
        for (const char *at = copy; at < zero; at++) line += *at == '\n';
        reader->text = NULL;
        pl_reader_error(reader, PL_INVALID, (pl_position){line, 0}, "this is no text: it holds a byte 0");
    } else if (latin) {
        pl_reader_note(reader, PL_NOTE, (pl_position){0, 0}, "the file is not in UTF-8; it was read as latin-1");
    }
}

/* ---- the public functions ------------------------------------------------------------------------------- */

static void jump_out(void *context) { longjmp(((pl_reader *)context)->out_of_memory, 1); }

/* No .mdl file begins with a '<'. */
static bool is_xml(const pl_reader *reader) {
    size_t blank = 0;
    while (blank < reader->length && strchr(" \t\r\n", reader->text[blank])) blank++;
    return blank < reader->length && reader->text[blank] == '<';
}

static void read_text(pl_reader *reader, const char *text, size_t length, const char *name) {
    pl_model *model = reader->model;
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name, *dot = strrchr(base, '.');
    model->file = reader->file = pl_arena_text(reader->arena, name, strlen(name));
    model->name = pl_arena_text(reader->arena, base, dot && dot > base ? (size_t)(dot - base) : strlen(base));
    take_text(reader, text, pl_reader_detach(reader, text, length));
    if (reader->error_count == 0) {
        if (is_xml(reader)) pl_reader_xmile(reader);
        else pl_reader_mdl(reader);
        if (reader->trial > 0) pl_reality_try(reader);
        pl_reader_resolve(reader);
        pl_reader_attach(reader);
    }
}

/* Reads a text; folder and inputs as of pl_reader. */
static pl_status parse(pl_reader *reader, const char *text, size_t length, const char *name, pl_model **model) {
    *model = NULL;
    if (length > INT32_MAX - 16)
        return pl_error_set(reader->error, PL_INVALID, name, 0, 0, "a model of more than 2 GB cannot be read");
    reader->model = pl_allocate(sizeof *reader->model);
    if (!reader->model) return pl_error_set(reader->error, PL_MEMORY, name, 0, 0, "out of memory");
    reader->arena = &reader->model->arena;
    reader->arena->out_of_memory = reader->files.out_of_memory = jump_out;
    reader->arena->context = reader->files.context = reader;
    if (setjmp(reader->out_of_memory)) {
        pl_arena_free(&reader->files);
        pl_model_free(reader->model);
        return pl_error_set(reader->error, PL_MEMORY, name, 0, 0, "out of memory while the model was read");
    }
    read_text(reader, text, length, name);
    pl_arena_free(&reader->files);
    if (reader->error_count > 0) {
        pl_model_free(reader->model);
        return reader->status;
    }
    reader->arena->out_of_memory = NULL, reader->arena->context = NULL;
    *model = reader->model;
    return PL_OK;
}

pl_status pl_model_parse_with(const char *text, size_t length, const char *name, const pl_inputs *inputs,
                              pl_model **model, pl_findings *findings, pl_error *error) {
    pl_reader reader = {.findings = findings, .error = error, .inputs = inputs};
    return parse(&reader, text, length, name, model);
}

pl_status pl_model_parse(const char *text, size_t length, const char *name, pl_model **model, pl_findings *findings,
                         pl_error *error) {
    return pl_model_parse_with(text, length, name, NULL, model, findings, error);
}

pl_inputs pl_model_inputs(const pl_model *model) { return (pl_inputs){.files = model->files, .count = model->file_count}; }

pl_status pl_model_trial(const pl_model *model, int check, pl_model **changed, pl_error *error) {
    pl_inputs inputs = pl_model_inputs(model);
    pl_reader reader = {.error = error, .inputs = &inputs, .trial = check + 1};
    return parse(&reader, model->text, model->length, model->file, changed);
}

void pl_model_free(pl_model *model) {
    if (!model) return;
    pl_arena_free(&model->arena);
    pl_release(model);
}

pl_status pl_reader_file(const char *path, char **text, size_t *length, pl_error *error) {
    FILE *file = fopen(path, "rb");
    size_t room = 0;
    *text = NULL, *length = 0;
    if (!file) return pl_error_set(error, PL_FILE, path, 0, 0, "the file cannot be opened");
    for (size_t got = 1; got > 0; *length += got) {
        if (*length == room) {
            room = room ? room * 2 : 1 << 16;
            char *more = room > (size_t)INT32_MAX + 1 ? NULL : pl_reallocate(*text, room);
            if (!more) {
                fclose(file);
                pl_release(*text);
                return pl_error_set(error, PL_MEMORY, path, 0, 0, "no memory for a file of this size");
            }
            *text = more;
        }
        got = fread(*text + *length, 1, room - *length, file);
    }
    bool failed = ferror(file);
    fclose(file);
    if (!failed) return PL_OK;
    pl_release(*text);
    return pl_error_set(error, PL_FILE, path, 0, 0, "the file cannot be read");
}

/* The folder of a path, with no slash at its end; "." where it names none. */
static bool folder_of(const char *path, char *folder, size_t room) {
    const char *slash = strrchr(path, '/');
    int length = !slash ? snprintf(folder, room, ".") : snprintf(folder, room, "%.*s", slash == path ? 1 : (int)(slash - path), path);
    return length > 0 && (size_t)length < room;
}

pl_status pl_model_read_with(const char *path, const pl_inputs *inputs, pl_model **model, pl_findings *findings,
                             pl_error *error) {
    char *text = NULL, folder[4096];
    size_t length = 0;
    pl_error found;
    *model = NULL;
    pl_status status = pl_reader_file(path, &text, &length, &found);
    if (status != PL_OK) {
        if (error) *error = found;
        return pl_findings_add(findings, PL_ERROR, &found) ? status : PL_MEMORY;
    }
    pl_reader reader = {.findings = findings, .error = error, .inputs = inputs};
    reader.folder = folder_of(path, folder, sizeof folder) ? folder : NULL;
    status = parse(&reader, text, length, path, model);
    pl_release(text);
    return status;
}

pl_status pl_model_parse_beside(const char *text, size_t length, const char *file, pl_model **model, pl_error *error) {
    char folder[4096];
    pl_reader reader = {.error = error};
    reader.folder = folder_of(file, folder, sizeof folder) ? folder : NULL;
    return parse(&reader, text, length, "", model);
}

pl_status pl_model_read(const char *path, pl_model **model, pl_findings *findings, pl_error *error) {
    return pl_model_read_with(path, NULL, model, findings, error);
}
