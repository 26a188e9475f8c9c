/* See origin.h. */
#include "ensemble/origin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "ensemble/explore.h"

/* X(id, name) */
#define ITEMS(X)                  \
    X(VERSION, "version")         \
    X(DESIGN, "design")           \
    X(SEED, "seed")               \
    X(FUTURES, "futures")         \
    X(KEEP, "keep_series")        \
    X(MODEL_FILE, "model_file")   \
    X(SITUATION, "situation")     \
    X(MODEL, "model")             \
    X(GIVEN, "given")             \
    X(CHOSEN, "courses")

typedef enum item_id {
#define X(id, name) ITEM_##id,
    ITEMS(X)
#undef X
        ITEM_COUNT
} item_id;

static const char *const names[] = {
#define X(id, name) name,
    ITEMS(X)
#undef X
};

typedef struct item {
    const char *text;
    size_t length;
} item;

enum { LONGEST_HEAD = 64 };

static item of_text(const char *text) { return (item){text, strlen(text)}; }

pl_status pl_origin_print(const pl_situation *s, char **bytes, size_t *length) {
    char seed[32], futures[32], *keep;
    size_t keep_length;
    if (pl_keep_print(s, &keep, &keep_length) != PL_OK) return PL_MEMORY;
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)s->seed);
    snprintf(futures, sizeof futures, "%ld", s->futures);
    const item items[ITEM_COUNT] = {
        [ITEM_VERSION] = of_text(PL_VERSION),
        [ITEM_DESIGN] = of_text(s->design),
        [ITEM_SEED] = of_text(seed),
        [ITEM_FUTURES] = of_text(futures),
        [ITEM_KEEP] = {keep, keep_length},
        [ITEM_MODEL_FILE] = of_text(s->model_file),
        [ITEM_SITUATION] = {s->text, s->length},
        [ITEM_MODEL] = {s->model->whole, s->model->whole_length},
        [ITEM_GIVEN] = {s->given ? s->given->text : "", s->given ? s->given->length : 0},
        [ITEM_CHOSEN] = {s->chosen, s->chosen_length},
    };
    size_t room = 1, at = 0;
    for (int i = 0; i < ITEM_COUNT; i++) room += LONGEST_HEAD + items[i].length + 1;
    *bytes = pl_allocate(room);
    for (int i = 0; *bytes && i < ITEM_COUNT; i++) {
        at += (size_t)snprintf(*bytes + at, LONGEST_HEAD, "%s %zu\n", names[i], items[i].length);
        memcpy(*bytes + at, items[i].text, items[i].length);
        at += items[i].length;
        (*bytes)[at++] = '\n';
    }
    pl_release(keep);
    *length = at;
    return *bytes ? PL_OK : PL_MEMORY;
}

/* Takes the next item, whose name is known; *at moves behind it. */
static bool take(const char *bytes, size_t length, size_t *at, const char *name, item *out) {
    char head[LONGEST_HEAD + 1] = "", *end;
    size_t left = length - *at, name_length = strlen(name);
    memcpy(head, bytes + *at, left < LONGEST_HEAD ? left : LONGEST_HEAD);
    if (strncmp(head, name, name_length) != 0 || head[name_length] != ' ') return false;
    const char *digits = head + name_length + 1;
    if (*digits < '0' || *digits > '9') return false;
    unsigned long long size = strtoull(digits, &end, 10);
    if (*end != '\n') return false;
    size_t begin = (size_t)(end + 1 - head);
    if (begin > left || size >= left - begin || bytes[*at + begin + size] != '\n') return false;
    *out = (item){bytes + *at + begin, (size_t)size};
    *at += begin + (size_t)size + 1;
    return true;
}

/* A short item as a string. */
static bool copy(const item *from, char *out, size_t room) {
    if (from->length >= room || memchr(from->text, 0, from->length)) return false;
    memcpy(out, from->text, from->length);
    out[from->length] = 0;
    return true;
}

static pl_status refuse(const char *path, pl_error *error) {
    return pl_error_set(error, PL_INVALID, path, 0, 0, "what this .part file was made from cannot be read");
}

static pl_status settle(pl_situation *s, const item *items, const char *path, const char *inputs, pl_error *error) {
    char seed[32], futures[32], design[32], version[64], hash[65];
    if (!copy(&items[ITEM_SEED], seed, sizeof seed) || !copy(&items[ITEM_FUTURES], futures, sizeof futures) ||
        !copy(&items[ITEM_DESIGN], design, sizeof design) || !copy(&items[ITEM_VERSION], version, sizeof version))
        return refuse(path, error);
    pl_explore_options options = {.futures = strtol(futures, NULL, 10), .seed_given = 1,
                                  .seed = strtoull(seed, NULL, 10), .design = design};
    const item *keep = &items[ITEM_KEEP];
    if (pl_keep_read(&s->arena, keep->text, keep->length, &options.keep_series, &options.keep_count) != PL_OK)
        return pl_error_set(error, PL_MEMORY, path, 0, 0, "out of memory");
    if (pl_situation_override(s, &options, NULL) != PL_OK) return refuse(path, error);
    pl_situation_hash(s, version, hash);
    if (!inputs || strcmp(hash, inputs) == 0) return PL_OK;
    return pl_error_set(error, PL_INVALID, path, 0, 0, "the texts in this .part file do not agree with their hash");
}

pl_status pl_origin_read(const char *bytes, size_t length, const char *path, const char *inputs, pl_situation **s,
                         pl_error *error) {
    item items[ITEM_COUNT];
    size_t at = 0;
    *s = NULL;
    for (int i = 0; i < ITEM_COUNT; i++)
        if (!take(bytes, length, &at, names[i], &items[i])) return refuse(path, error);
    const item *given = &items[ITEM_GIVEN], *chosen = &items[ITEM_CHOSEN];
    pl_situation_texts texts = {.file = path,
                                .text = items[ITEM_SITUATION].text,
                                .length = items[ITEM_SITUATION].length,
                                .model = items[ITEM_MODEL].text,
                                .model_length = items[ITEM_MODEL].length,
                                .futures = given->length ? given->text : NULL,
                                .futures_length = given->length,
                                .chosen = chosen->text,
                                .chosen_length = chosen->length};
    pl_status status = pl_situation_parse_texts(&texts, s, NULL, error);
    if (status == PL_OK && (status = settle(*s, items, path, inputs, error)) != PL_OK) {
        pl_situation_free(*s);
        *s = NULL;
    }
    return status;
}
