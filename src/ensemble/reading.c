/* The kinds of values in a situation file, rows of keys, and errors with their places. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "ensemble/reading.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_ERRORS = 100 };

/* ---- errors ------------------------------------------------------------------------------------------- */

pl_place pl_reading_place(pl_reading *r, const pl_yaml *at) {
    pl_place place = {.file = r->s->file, .text = r->s->text, .length = r->s->length, .mark = &r->mark};
    if (at) place.line = at->line, place.column = at->column;
    return place;
}

static void leave(pl_reading *r, pl_status status) {
    r->status = status;
    longjmp(r->out, 1);
}

void pl_reading_keep(pl_reading *r, pl_severity severity, const pl_error *error) {
    if (!pl_findings_add(r->findings, severity, error)) leave(r, PL_MEMORY);
    if (severity != PL_ERROR) return;
    if (!r->errors++) {
        r->status = error->status;
        if (r->error) *r->error = *error;
    }
    if (r->errors >= MOST_ERRORS) leave(r, r->status);
}

/* vsnprintf into a finding's message at a node. */
static void keep_at(pl_reading *r, pl_severity severity, pl_status status, const pl_yaml *at, const char *format,
                    va_list arguments) {
    char message[512];
    vsnprintf(message, sizeof message, format, arguments);
    pl_error error;
    pl_error_at(&error, status, pl_reading_place(r, at), "%s", message);
    pl_reading_keep(r, severity, &error);
}

void pl_reading_error(pl_reading *r, const pl_yaml *at, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    keep_at(r, PL_ERROR, PL_INVALID, at, format, arguments);
    va_end(arguments);
}

void pl_reading_warn(pl_reading *r, const pl_yaml *at, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    keep_at(r, PL_WARNING, PL_OK, at, format, arguments);
    va_end(arguments);
}

void pl_reading_refuse(pl_reading *r, const pl_yaml *at, const char *what) {
    pl_error error;
    pl_error_at(&error, PL_UNSUPPORTED, pl_reading_place(r, at), "%s not supported yet", what);
    pl_reading_keep(r, PL_ERROR, &error);
}

void pl_reading_pass(pl_reading *r, const pl_yaml *at, const pl_error *found) {
    if (found->status == PL_MEMORY) leave(r, PL_MEMORY);
    pl_error error;
    pl_error_at(&error, found->status, pl_reading_place(r, at), "%s", found->message);
    pl_reading_keep(r, PL_ERROR, &error);
}

/* ---- values ------------------------------------------------------------------------------------------- */

bool pl_reading_is(pl_reading *r, const pl_yaml *node, pl_yaml_kind kind, const char *what) {
    static const char *const kinds[] = {"a text or number", "a list", "a mapping of keys to values"};
    if (node->kind == kind) return true;
    pl_reading_error(r, node, "%s must be %s", what, kinds[kind]);
    return false;
}

bool pl_reading_text(pl_reading *r, const pl_yaml *node, const char *what, const char **text) {
    if (node->kind != PL_YAML_SCALAR || pl_yaml_is_empty(node)) {
        pl_reading_error(r, node, "%s must be a text", what);
        return false;
    }
    *text = node->text;
    return true;
}

bool pl_reading_number(pl_reading *r, const pl_yaml *node, const char *what, double *value) {
    if (pl_yaml_number(node, value)) return true;
    if (node->kind == PL_YAML_SCALAR)
        pl_reading_error(r, node, "%s must be a number, not '%.80s'", what, node->text);
    else
        pl_reading_error(r, node, "%s must be a number", what);
    return false;
}

bool pl_reading_whole(pl_reading *r, const pl_yaml *node, const char *what, double least, double most, double *value) {
    if (!pl_reading_number(r, node, what, value)) return false;
    if (*value >= least && *value <= most && *value == (double)(long long)*value) return true;
    pl_reading_error(r, node, "%s must be a whole number from %.0f to %.0f", what, least, most);
    return false;
}

bool pl_reading_truth(pl_reading *r, const pl_yaml *node, const char *what, bool *value) {
    const char *text = node->kind == PL_YAML_SCALAR && !node->quoted ? node->text : "";
    *value = strcmp(text, "true") == 0;
    if (*value || strcmp(text, "false") == 0) return true;
    pl_reading_error(r, node, "%s must be true or false", what);
    return false;
}

static void read_language(pl_reading *r, const pl_yaml *value, const char **into) {
    pl_reading_text(r, value, "a title", into);
}
static void read_en(pl_reading *r, const pl_yaml *value, void *title) {
    read_language(r, value, &((pl_title *)title)->in[PL_EN]);
}
static void read_es(pl_reading *r, const pl_yaml *value, void *title) {
    read_language(r, value, &((pl_title *)title)->in[PL_ES]);
}
static const pl_key_row title_rows[] = {{"en", false, read_en}, {"es", false, read_es}};

void pl_reading_title(pl_reading *r, const pl_yaml *node, pl_title *title) {
    title->in[PL_EN] = title->in[PL_ES] = NULL;
    if (node->kind == PL_YAML_MAPPING)
        pl_reading_mapping(r, node, PL_ROWS(title_rows), "a title", title, NULL);
    else if (pl_reading_text(r, node, "a title", &title->in[PL_EN]))
        title->in[PL_ES] = title->in[PL_EN];
    if (!title->in[PL_EN]) title->in[PL_EN] = title->in[PL_ES] ? title->in[PL_ES] : "";
    if (!title->in[PL_ES]) title->in[PL_ES] = title->in[PL_EN];
}

/* A relative path without `..`: it cannot leave the folder by its spelling. */
static bool stays_inside(const char *path) {
    if (path[0] == '/') return false;
    for (const char *part = path; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || !part[2])) return false;
    }
    return true;
}

/* Neither does it by a symbolic link. */
static bool resolves_inside(const char *folder, const char *path) {
    char whole_folder[PATH_MAX], whole_path[PATH_MAX];
    if (!realpath(folder, whole_folder) || !realpath(path, whole_path)) return false;
    size_t length = strlen(whole_folder);
    if (length == 1) length = 0; /* the folder is / */
    return strncmp(whole_folder, whole_path, length) == 0 && whole_path[length] == '/';
}

const char *pl_reading_file(pl_reading *r, const pl_yaml *node, const char *what) {
    const char *name;
    if (!pl_reading_text(r, node, what, &name)) return NULL;
    if (!stays_inside(name)) {
        pl_reading_error(r, node, "%s must lie in the situation's folder: '%.120s'", what, name);
        return NULL;
    }
    if (!r->from_disk) return name;
    size_t room = strlen(r->s->folder) + strlen(name) + 2;
    char *path = pl_arena_take(&r->s->arena, room);
    snprintf(path, room, "%s/%s", r->s->folder, name);
    struct stat facts;
    if (stat(path, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        pl_error error;
        pl_error_at(&error, PL_FILE, pl_reading_place(r, node), "%s is not there: '%.120s'", what, name);
        pl_reading_keep(r, PL_ERROR, &error);
        return NULL;
    }
    if (resolves_inside(r->s->folder, path)) return path;
    pl_reading_error(r, node, "%s must lie in the situation's folder: '%.120s'", what, name);
    return NULL;
}

const char *pl_reading_bytes(pl_reading *r, const char *path, size_t most, size_t *length) {
    FILE *file = fopen(path, "rb");
    struct stat facts;
    if (!file || fstat(fileno(file), &facts) != 0 || !S_ISREG(facts.st_mode)) {
        if (file) fclose(file);
        return NULL;
    }
    size_t room = (unsigned long long)facts.st_size > most ? most + 1 : (size_t)facts.st_size;
    char *bytes = pl_allocate(room + 1); /* not yet from the arena: its longjmp would leave the file open */
    *length = bytes ? fread(bytes, 1, room, file) : 0;
    fclose(file);
    if (!bytes) leave(r, PL_MEMORY);
    void (*hook)(void *) = r->s->arena.out_of_memory;
    r->s->arena.out_of_memory = NULL;
    const char *kept = pl_arena_text(&r->s->arena, bytes, *length);
    r->s->arena.out_of_memory = hook;
    pl_release(bytes);
    if (!kept) leave(r, PL_MEMORY);
    return kept;
}

/* ---- rows of keys ------------------------------------------------------------------------------------- */

static const pl_key_row *find_row(const pl_key_row *rows, int count, const char *name) {
    for (int i = 0; i < count; i++)
        if (strcmp(rows[i].name, name) == 0) return &rows[i];
    return NULL;
}

static void refuse_key(pl_reading *r, const pl_yaml *key, const pl_key_row *rows, int count, const char *what) {
    pl_near near;
    char text[PL_NEAR_TEXT];
    pl_near_start(&near, key->text);
    for (int i = 0; i < count; i++) pl_near_offer(&near, rows[i].name);
    pl_near_text(&near, text);
    if (!near.nearest.names[0]) { /* none is near: name them all */
        size_t length = (size_t)snprintf(text, sizeof text, "; known:");
        for (int i = 0; i < count && length < sizeof text; i++)
            length += (size_t)snprintf(text + length, sizeof text - length, "%s %s", i ? "," : "", rows[i].name);
    }
    pl_reading_error(r, key, "unknown key '%.80s' in %s%s", key->text, what, text);
}

void pl_reading_mapping(pl_reading *r, const pl_yaml *node, const pl_key_row *rows, int count, const char *what,
                        void *object, void (*other)(pl_reading *, const pl_yaml *, const pl_yaml *, void *)) {
    static const pl_yaml nothing = {.kind = PL_YAML_MAPPING};
    const pl_yaml *mapping = pl_yaml_is_empty(node) ? &nothing : node;
    if (!pl_reading_is(r, mapping, PL_YAML_MAPPING, what)) return;
    for (int i = 0; i < count; i++) {
        const pl_yaml *value = pl_yaml_get(mapping, rows[i].name);
        if (value)
            rows[i].read(r, value, object);
        else if (rows[i].required)
            pl_reading_error(r, node, "%s needs the key '%s'", what, rows[i].name);
    }
    for (int i = 0; i < mapping->count; i++) {
        if (find_row(rows, count, mapping->keys[i]->text)) continue;
        if (other)
            other(r, mapping->keys[i], mapping->items[i], object);
        else
            refuse_key(r, mapping->keys[i], rows, count, what);
    }
}
