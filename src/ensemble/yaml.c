/* YAML -> tree, by libyaml's events.  Positions are found again from the events' character index, because libyaml
 * counts columns in characters and takes more than LF for the end of a line; events come in order, so one pass over
 * the text is enough for all of them. */
#include "ensemble/yaml.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/number.h"

typedef struct builder {
    pl_arena *arena;
    yaml_parser_t parser;
    yaml_event_t event;
    bool event_held;
    pl_place place;
    size_t characters, bytes, line_start; /* the cursor: how far positions are known */
    int line;
    pl_error *error;
    pl_status status;
    jmp_buf out;
} builder;

static pl_yaml *build(builder *b, int depth);

static void stop(builder *b, pl_status status) {
    b->status = status;
    longjmp(b->out, 1);
}

static void out_of_memory(void *context) { stop(context, PL_MEMORY); }

/* ---- positions ---------------------------------------------------------------------------------------- */

static void step_byte(builder *b) {
    if (b->place.text[b->bytes++] == '\n') b->line++, b->line_start = b->bytes;
}

static void restart(builder *b) { b->characters = b->bytes = b->line_start = 0, b->line = 1; }

static void locate_byte(builder *b, size_t offset) {
    restart(b);
    while (b->bytes < offset && b->bytes < b->place.length) step_byte(b);
}

/* Moves the cursor to a character: UTF-8 continuation bytes do not count. */
static void locate(builder *b, size_t character) {
    if (character < b->characters) restart(b);
    while (b->characters < character && b->bytes < b->place.length) {
        do step_byte(b);
        while (b->bytes < b->place.length && ((unsigned char)b->place.text[b->bytes] & 0xC0) == 0x80);
        b->characters++;
    }
}

static pl_place here(builder *b) {
    pl_place place = b->place;
    place.line = b->line;
    place.column = (int)(b->bytes - b->line_start) + 1;
    return place;
}

/* ---- errors ------------------------------------------------------------------------------------------- */

static void refuse(builder *b, const char *what) {
    locate(b, b->event.start_mark.index);
    stop(b, pl_error_at(b->error, PL_UNSUPPORTED, here(b), "%s not supported in a situation file", what));
}

static void report_syntax(builder *b) {
    const yaml_parser_t *p = &b->parser;
    if (p->error == YAML_MEMORY_ERROR) stop(b, PL_MEMORY);
    if (p->error == YAML_READER_ERROR)
        locate_byte(b, p->problem_offset);
    else
        locate(b, p->problem_mark.index);
    stop(b, pl_error_at(b->error, PL_INVALID, here(b), "not YAML: %s%s%s", p->problem ? p->problem : "unreadable",
                        p->context ? " " : "", p->context ? p->context : ""));
}

/* ---- events to nodes ---------------------------------------------------------------------------------- */

static void drop_event(builder *b) {
    if (b->event_held) yaml_event_delete(&b->event);
    b->event_held = false;
}

static yaml_event_type_t next(builder *b) {
    drop_event(b);
    if (!yaml_parser_parse(&b->parser, &b->event)) report_syntax(b);
    b->event_held = true;
    return b->event.type;
}

static pl_yaml *new_node(builder *b, pl_yaml_kind kind) {
    pl_yaml *node = PL_NEW(b->arena, pl_yaml);
    locate(b, b->event.start_mark.index);
    pl_place place = here(b);
    node->kind = kind, node->line = place.line, node->column = place.column;
    return node;
}

static pl_yaml *build_scalar(builder *b) {
    if (b->event.data.scalar.anchor) refuse(b, "an anchor (&) is");
    if (b->event.data.scalar.tag) refuse(b, "a tag (!) is");
    pl_yaml *node = new_node(b, PL_YAML_SCALAR);
    const char *text = (const char *)b->event.data.scalar.value;
    size_t length = b->event.data.scalar.length;
    if (memchr(text, 0, length)) refuse(b, "a zero byte is");
    node->text = pl_arena_text(b->arena, text, length);
    yaml_scalar_style_t style = b->event.data.scalar.style;
    node->quoted = style != YAML_PLAIN_SCALAR_STYLE;
    node->block = style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE;
    return node;
}

static pl_yaml *build_sequence(builder *b, int depth) {
    if (b->event.data.sequence_start.anchor) refuse(b, "an anchor (&) is");
    if (b->event.data.sequence_start.tag) refuse(b, "a tag (!) is");
    pl_yaml *node = new_node(b, PL_YAML_SEQUENCE);
    int room = 0;
    while (next(b) != YAML_SEQUENCE_END_EVENT) {
        pl_yaml *item = build(b, depth + 1);
        node->items = pl_arena_grow(b->arena, node->items, node->count, &room, node->count + 1, sizeof item);
        node->items[node->count++] = item;
    }
    return node;
}

static int compare_keys(const void *a, const void *b) {
    const pl_yaml *x = *(pl_yaml *const *)a, *y = *(pl_yaml *const *)b;
    int order = strcmp(x->text, y->text);
    if (order) return order;
    if (x->line != y->line) return x->line < y->line ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

static void refuse_twice(builder *b, const pl_yaml *mapping) {
    if (mapping->count < 2) return;
    pl_yaml **sorted = PL_ARRAY(b->arena, mapping->count, pl_yaml *);
    memcpy(sorted, mapping->keys, (size_t)mapping->count * sizeof *sorted);
    qsort(sorted, (size_t)mapping->count, sizeof *sorted, compare_keys);
    for (int i = 1; i < mapping->count; i++) {
        if (strcmp(sorted[i]->text, sorted[i - 1]->text) != 0) continue;
        pl_place place = b->place;
        place.line = sorted[i]->line, place.column = sorted[i]->column;
        stop(b, pl_error_at(b->error, PL_INVALID, place, "'%.80s' is given twice (first in line %d)", sorted[i]->text,
                            sorted[i - 1]->line));
    }
}

static pl_yaml *build_mapping(builder *b, int depth) {
    if (b->event.data.mapping_start.anchor) refuse(b, "an anchor (&) is");
    if (b->event.data.mapping_start.tag) refuse(b, "a tag (!) is");
    pl_yaml *node = new_node(b, PL_YAML_MAPPING);
    int item_room = 0, key_room = 0;
    while (next(b) != YAML_MAPPING_END_EVENT) {
        if (b->event.type == YAML_SEQUENCE_START_EVENT || b->event.type == YAML_MAPPING_START_EVENT)
            refuse(b, "a key that is no plain text is");
        pl_yaml *key = build(b, depth + 1);
        next(b);
        pl_yaml *item = build(b, depth + 1);
        node->keys = pl_arena_grow(b->arena, node->keys, node->count, &key_room, node->count + 1, sizeof key);
        node->items = pl_arena_grow(b->arena, node->items, node->count, &item_room, node->count + 1, sizeof item);
        node->keys[node->count] = key;
        node->items[node->count++] = item;
    }
    refuse_twice(b, node);
    return node;
}

/* The node that begins with the event held. */
static pl_yaml *build(builder *b, int depth) {
    if (depth > PL_YAML_DEPTH) refuse(b, "nesting deeper than 32 levels is");
    switch (b->event.type) {
    case YAML_SCALAR_EVENT: return build_scalar(b);
    case YAML_SEQUENCE_START_EVENT: return build_sequence(b, depth);
    case YAML_MAPPING_START_EVENT: return build_mapping(b, depth);
    default: refuse(b, "an alias (*) is"); return NULL;
    }
}

static pl_yaml *build_document(builder *b) {
    next(b); /* the start of the stream */
    if (next(b) == YAML_STREAM_END_EVENT)
        stop(b, pl_error_at(b->error, PL_INVALID, here(b), "the file is empty"));
    next(b);
    pl_yaml *root = build(b, 0);
    next(b); /* the end of the document */
    if (next(b) != YAML_STREAM_END_EVENT) refuse(b, "a second document (---) is");
    return root;
}

/* Out of memory and errors come back here. The builder belongs to the caller, so that longjmp leaves it as it is. */
static pl_yaml *build_or_stop(builder *b) { return setjmp(b->out) == 0 ? build_document(b) : NULL; }

pl_status pl_yaml_read(pl_arena *arena, const char *text, size_t length, const char *file, pl_yaml **root,
                       pl_error *error) {
    *root = NULL;
    builder b = {.arena = arena, .place = {.file = file, .text = text, .length = length}, .line = 1, .error = error};
    if (length > PL_YAML_LENGTH)
        return pl_error_set(error, PL_UNSUPPORTED, file, 0, 0, "a situation file is at most 4 MiB long");
    if (!yaml_parser_initialize(&b.parser)) return pl_error_set(error, PL_MEMORY, file, 0, 0, "out of memory");
    yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&b.parser, (const unsigned char *)text, length);
    void (*hook)(void *) = arena->out_of_memory;
    void *context = arena->context;
    arena->out_of_memory = out_of_memory, arena->context = &b;
    *root = build_or_stop(&b);
    arena->out_of_memory = hook, arena->context = context;
    drop_event(&b);
    yaml_parser_delete(&b.parser);
    if (b.status == PL_MEMORY) return pl_error_set(error, PL_MEMORY, file, 0, 0, "out of memory");
    return b.status;
}

/* ---- reading nodes ------------------------------------------------------------------------------------ */

pl_yaml *pl_yaml_get(const pl_yaml *mapping, const char *key) {
    for (int i = 0; i < mapping->count; i++)
        if (strcmp(mapping->keys[i]->text, key) == 0) return mapping->items[i];
    return NULL;
}

bool pl_yaml_is_empty(const pl_yaml *node) {
    if (node->kind != PL_YAML_SCALAR || node->quoted) return false;
    return !node->text[0] || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0;
}

bool pl_yaml_number(const pl_yaml *node, double *value) {
    if (node->kind != PL_YAML_SCALAR || node->quoted) return false;
    const char *text = node->text;
    bool negative = *text == '-';
    if (*text == '-' || *text == '+') text++;
    size_t length = strlen(text);
    if (!length || pl_number_read(text, length, value) != length) return false;
    if (negative) *value = -*value;
    return *value - *value == 0; /* 1e999 is no number */
}
