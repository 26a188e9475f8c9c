/* A model's text with the files that it was made from behind it: what results keep, so that they stand alone.
 *
 * Behind a line of its own each file is a line: its role, its name and its bytes, the latter two as hexadecimal digits.
 * Only a text from memory is looked at for them; a file on disk is read as it is. */
#include <string.h>

#include "model/import.h"

static const char mark[] = "\n%parley files\n";

static char *put_hex(char *to, const void *bytes, size_t size) {
    const unsigned char *from = bytes;
    for (size_t i = 0; i < size; i++)
        *to++ = "0123456789abcdef"[from[i] >> 4], *to++ = "0123456789abcdef"[from[i] & 15];
    return to;
}

void pl_reader_attach(pl_reader *reader) {
    pl_model *model = reader->model;
    size_t size = model->length + sizeof mark;
    model->whole = model->text, model->whole_length = model->length;
    if (model->file_count == 0) return;
    for (int i = 0; i < model->file_count; i++) size += 2 * (strlen(model->files[i].name) + model->files[i].size) + 4;
    char *whole = PL_ARRAY(reader->arena, size, char), *to = whole + model->length;
    memcpy(whole, model->text, model->length);
    to = (char *)memcpy(to, mark, sizeof mark - 1) + sizeof mark - 1;
    for (int i = 0; i < model->file_count; i++) {
        const pl_file *file = &model->files[i];
        *to++ = (char)('0' + file->role), *to++ = ' ';
        to = put_hex(to, file->name, strlen(file->name));
        *to++ = ' ';
        to = put_hex(to, file->bytes, file->size);
        *to++ = '\n';
    }
    model->whole = whole, model->whole_length = (size_t)(to - whole);
}

static int digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

/* The bytes of hexadecimal digits up to another byte, with a 0 behind them; NULL: they are not in pairs. */
static char *take_hex(pl_reader *reader, const char **at, const char *end, size_t *size) {
    const char *from = *at;
    while (*at < end && digit(**at) >= 0) ++*at;
    *size = (size_t)(*at - from) / 2;
    if ((*at - from) % 2) return NULL;
    char *bytes = PL_ARRAY(reader->arena, *size + 1, char);
    for (size_t i = 0; i < *size; i++) bytes[i] = (char)(digit(from[2 * i]) * 16 + digit(from[2 * i + 1]));
    return bytes;
}

static bool take_file(pl_reader *reader, const char **at, const char *end, pl_file *file) {
    size_t name_size;
    if (end - *at < 4 || **at < '0' || **at > '0' + PL_ROLE_PART || (*at)[1] != ' ') return false;
    file->role = (pl_role)(**at - '0');
    *at += 2;
    file->name = take_hex(reader, at, end, &name_size);
    if (!file->name || *at >= end || *(*at)++ != ' ') return false;
    file->bytes = take_hex(reader, at, end, &file->size);
    return file->bytes && *at < end && *(*at)++ == '\n';
}

/* The last mark in a text: the bytes of files hold none. */
static const char *find_mark(const char *text, size_t length) {
    const char *found = NULL, *end = text + length;
    for (const char *at = text; (at = memchr(at, '\n', (size_t)(end - at))); at++)
        if ((size_t)(end - at) >= sizeof mark - 1 && memcmp(at, mark, sizeof mark - 1) == 0) found = at;
    return found;
}

size_t pl_reader_detach(pl_reader *reader, const char *text, size_t length) {
    const char *found = reader->folder || reader->inputs ? NULL : find_mark(text, length), *end = text + length;
    if (!found) return length;
    pl_inputs *inputs = PL_NEW(reader->arena, pl_inputs);
    pl_file *files = NULL;
    int room = 0;
    for (const char *at = found + sizeof mark - 1; at < end;) {
        files = pl_arena_grow(reader->arena, files, inputs->count, &room, inputs->count + 1, sizeof *files);
        if (!take_file(reader, &at, end, &files[inputs->count])) {
            pl_reader_error(reader, PL_INVALID, (pl_position){0, 0}, "the files behind this model's text are damaged");
            break;
        }
        inputs->count++;
    }
    inputs->files = files;
    reader->inputs = inputs;
    return (size_t)(found - text);
}
