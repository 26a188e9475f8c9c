/* GET DIRECT ... and GET XLS ...: their literals, and the files that they name.
 *
 * A file is read once for each model.  Its path starts at the model's folder and stays in it: a model is untrusted, and
 * must not make the program read anything else.  What the cells mean is in fill.c. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "model/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
/* ---- literals ------------------------------------------------------------------------------------------- */

static const struct {
    const char *word;
    int literals;
} kinds[] = {
#define X(id, word, literals) {word, literals},
    PL_IMPORTS(X)
#undef X
};

/* Files of other programs, which nothing here reads. */
static const char *const refused[] = {"get 123 ", "get vdf ", "get odbc "};

static bool starts_with(const char *text, const char *start) { return strncmp(text, start, strlen(start)) == 0; }

static bool is_refused(const char *key) {
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (starts_with(key, refused[i])) return true;
    return false;
}

/* The kind of a folded name, PL_IMPORT_COUNT where it is none. */
static int kind_of(const char *key) {
    int kind = 0;
    const char *last = starts_with(key, "get direct ") ? key + 11 : starts_with(key, "get xls ") ? key + 8 : "";
    while (kind < PL_IMPORT_COUNT && strcmp(kinds[kind].word, last) != 0) kind++;
    return kind;
}

bool pl_import_is(const char *key) { return is_refused(key) || kind_of(key) < PL_IMPORT_COUNT; }

pl_import *pl_lexer_import(pl_lexer *lexer) {
    pl_token name = lexer->token;
    const pl_refused_function *other = is_refused(name.key) ? pl_refused_find(name.key) : NULL;
    if (is_refused(name.key)) {
        pl_reader_error(lexer->reader, PL_UNSUPPORTED, name.at, "the function '%.80s' is not supported: %s", name.name,
                        other ? other->why : "GET DIRECT and GET XLS are");
        longjmp(lexer->reader->next_equation, 1);
    }
    pl_import *import = PL_NEW(lexer->arena, pl_import);
    *import = (pl_import){.kind = (pl_import_kind)kind_of(name.key), .function = name.name, .at = name.at};
    for (int i = 0; i < PL_MOST_LITERALS; i++) import->literals[i] = "";
    pl_lexer_next(lexer);
    if (!pl_lexer_is(lexer, "(")) pl_lexer_expect(lexer, "(", "behind the name of a function");
    for (int i = 0; i < kinds[import->kind].literals; i++) {
        if (i > 0 && !pl_lexer_is(lexer, ","))
            pl_lexer_fail(lexer, lexer->token.at, "%.60s takes %d texts between single quotes, here it has %d",
                          name.name, kinds[import->kind].literals, i);
        import->literals[i] = pl_lexer_literal(lexer, &import->places[i]);
    }
    pl_lexer_expect(lexer, ")", "behind the last text");
    return import;
}

/* ---- paths ---------------------------------------------------------------------------------------------- */

/* "30:?tag=file" among the settings behind the equations. */
static void find_tags(pl_reader *reader) {
    reader->tags_known = true;
    const char *at = reader->text, *end = reader->text + reader->length;
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        if (!line_end) line_end = end;
        const char *equals = memchr(at, '=', (size_t)(line_end - at));
        if (line_end - at > 4 && memcmp(at, "30:?", 4) == 0 && equals) {
            size_t length = (size_t)(line_end - equals - 1);
            if (length && equals[length] == '\r') length--;
            pl_name_table_set(reader->arena, &reader->tags,
                              pl_name_key(reader->arena, at + 3, (size_t)(equals - at - 3)),
                              pl_arena_text(reader->arena, equals + 1, length));
        }
        at = line_end + 1;
    }
}

/* The file of a name: "?tag" stands for one of the model's settings. NULL: an error has been recorded. */
static const char *file_of(pl_reader *reader, const char *name, pl_position at) {
    if (*name != '?') return name;
    if (!reader->tags_known) find_tags(reader);
    const char *file = pl_name_table_get(&reader->tags, pl_name_key(reader->arena, name, strlen(name)));
    if (!file) pl_reader_error(reader, PL_INVALID, at, "the settings of the model name no file for '%.80s'", name);
    return file;
}

/* Whether a path goes down from a folder only. */
static bool stays_inside(const char *path) {
    if (!*path || *path == '/' || strchr(path, ':')) return false;
    while (path) {
        if (starts_with(path, "..") && (path[2] == '/' || !path[2])) return false;
        path = strchr(path, '/');
        if (path) path++;
    }
    return true;
}

/* Whether what a path leads to lies in the folder, wherever links go. */
static bool is_below(const char *folder, const char *path) {
    char *top = realpath(folder, NULL), *real = realpath(path, NULL);
    size_t length = top ? strlen(top) : 0;
    bool below =
        top && real && strncmp(top, real, length) == 0 && (real[length] == '/' || (length && top[length - 1] == '/'));
    free(top);
    free(real);
    return below;
}

/* A file of the model's folder, or of the inputs where they have it. False: an error has been recorded. */
static bool find_part(pl_reader *reader, const char *name, pl_position at, pl_file *part) {
    size_t room = strlen(name) + (reader->folder ? strlen(reader->folder) : 0) + 2;
    char *path = PL_ARRAY(reader->arena, room, char), *inner = PL_ARRAY(reader->arena, strlen(name) + 1, char);
    struct stat about;
    *part = (pl_file){.role = PL_ROLE_PART, .name = name};
    for (int i = 0; reader->inputs && i < reader->inputs->count; i++)
        if (reader->inputs->files[i].role == PL_ROLE_PART && strcmp(reader->inputs->files[i].name, name) == 0)
            return *part = reader->inputs->files[i], true;
    for (size_t i = 0; name[i]; i++) inner[i] = name[i] == '\\' ? '/' : name[i];
    snprintf(path, room, "%s/%s", reader->folder ? reader->folder : "", inner);
    if (!stays_inside(inner) || (reader->folder && stat(path, &about) == 0 && !is_below(reader->folder, path))) {
        pl_reader_error(reader, PL_INVALID, at, "'%.120s' is outside the model's folder: only files in it are read",
                        name);
        return false;
    }
    if (!reader->folder) {
        pl_reader_error(reader, PL_NO_DATA, at, "'%.120s' cannot be read: this model was not read from a folder", name);
        return false;
    }
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode)) {
        pl_reader_error(reader, PL_NO_DATA, at, "there is no file '%.120s' in the model's folder", name);
        return false;
    }
    part->name = path;
    return true;
}

/* ---- books ---------------------------------------------------------------------------------------------- */

const char *pl_reader_bytes(pl_reader *reader, const pl_file *file, const char *name, pl_position at, size_t *size) {
    pl_model *model = reader->model;
    const char *copy;
    if (file->bytes) {
        copy = pl_arena_text(reader->arena, file->bytes, *size = file->size);
    } else {
        char *bytes;
        pl_error error;
        if (pl_reader_file(file->name, &bytes, size, &error) != PL_OK) {
            if (at.line) pl_reader_error(reader, PL_NO_DATA, at, "'%.120s': %s", name, error.message);
            else pl_reader_error(reader, PL_NO_DATA, at, "%s", error.message);
            return NULL;
        }
        reader->arena->out_of_memory = NULL; /* the bytes are to be released first */
        copy = pl_arena_text(reader->arena, bytes, *size);
        reader->arena->out_of_memory = reader->files.out_of_memory;
        pl_release(bytes);
        if (!copy) longjmp(reader->out_of_memory, 1);
    }
    model->files = pl_arena_grow(reader->arena, model->files, model->file_count, &model->file_room,
                                 model->file_count + 1, sizeof *model->files);
    model->files[model->file_count++] =
        (pl_file){file->role, pl_arena_text(reader->arena, name, strlen(name)), copy, *size};
    return copy;
}

const pl_book *pl_reader_open_book(pl_reader *reader, const pl_file *file, const char *name, char delimiter,
                                   pl_position at) {
    size_t size;
    bool latin;
    const char *bytes = pl_reader_bytes(reader, file, name, at, &size);
    if (!bytes) return NULL;
    bool xls = pl_book_is_xls(bytes, size), packed = xls || (size > 1 && memcmp(bytes, "PK", 2) == 0);
    if (!packed && !memchr(bytes, 0, size)) bytes = pl_reader_utf8(&reader->files, bytes, &size, &latin);
    pl_book *book = PL_NEW(&reader->files, pl_book);
    book->arena = &reader->files;
    if (!xls) pl_book_parse(book, bytes, size, delimiter);
    else if (file->bytes) pl_book_parse_xls(book, bytes, size);
    else pl_book_read_xls(book, file->name);
    if (!book->why) return book;
    pl_reader_error(reader, PL_NO_DATA, at, "'%.120s' cannot be read: %s", name, book->why);
    return NULL;
}

const pl_book *pl_reader_book(pl_reader *reader, const char *name, char delimiter, pl_position at) {
    const char *file = file_of(reader, name, at);
    pl_file part;
    if (!file) return NULL;
    size_t room = strlen(file) + 2;
    char *key = PL_ARRAY(reader->arena, room, char);
    snprintf(key, room, "%c%s", delimiter, file);
    const pl_book *book = pl_name_table_get(&reader->books, key);
    if (book || !find_part(reader, file, at, &part)) return book;
    book = pl_reader_open_book(reader, &part, file, delimiter, at);
    if (book) pl_name_table_set(reader->arena, &reader->books, key, (void *)(uintptr_t)book);
    return book;
}
