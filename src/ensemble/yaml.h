/* YAML as a tree with positions, strict enough for files that people write by hand: one document, no anchors, aliases
 * or tags, keys are plain texts and none comes twice, nesting is bounded.  Everything lives in the caller's arena. */
#ifndef PL_YAML_H
#define PL_YAML_H
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

typedef enum pl_yaml_kind { PL_YAML_SCALAR, PL_YAML_SEQUENCE, PL_YAML_MAPPING } pl_yaml_kind;

typedef struct pl_yaml pl_yaml;
struct pl_yaml {
    pl_yaml_kind kind;
    bool quoted;         /* a scalar in quotes or a block: never a number, a truth value or nothing */
    bool block;          /* | or >: its text stands below its place */
    const char *text;    /* of a scalar, without zero bytes */
    int line, column;    /* from 1; column in bytes */
    int count;
    pl_yaml **items;     /* [count] of a sequence, or the values of a mapping */
    pl_yaml **keys;      /* [count] of a mapping: scalars */
};

/* Longest file and deepest nesting that are read. */
enum { PL_YAML_LENGTH = 4 << 20, PL_YAML_DEPTH = 32 };

/* Reads a text; file names it in errors. PL_INVALID, PL_UNSUPPORTED, PL_MEMORY. */
pl_status pl_yaml_read(pl_arena *arena, const char *text, size_t length, const char *file, pl_yaml **root,
                       pl_error *error);
/* The value of a key of a mapping, or NULL. */
pl_yaml *pl_yaml_get(const pl_yaml *mapping, const char *key);
/* An empty value: nothing, ~ or null, out of quotes. */
bool pl_yaml_is_empty(const pl_yaml *node);
/* A number out of quotes, with an optional sign, of which nothing is left over. */
bool pl_yaml_number(const pl_yaml *node, double *value);
#endif
