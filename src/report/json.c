/* See json.h.  jansson prints reals with a fixed number of digits; parley's numbers are the shortest that read back, so
 * the tree is walked here and only strings are printed by jansson. */
#include "report/json.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

/* The length of the UTF-8 character at s, or 0 where there is none. */
static size_t character(const unsigned char *s) {
    size_t length = s[0] < 0x80             ? 1
                    : (s[0] & 0xE0) == 0xC0 ? 2
                    : (s[0] & 0xF0) == 0xE0 ? 3
                    : (s[0] & 0xF8) == 0xF0 ? 4
                                            : 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xC0) != 0x80) return 0;
    char copy[5] = {0};
    memcpy(copy, s, length);
    json_t *accepted = length ? json_string(copy) : NULL; /* overlong forms and surrogates */
    json_decref(accepted);
    return accepted ? length : 0;
}

json_t *pl_json_text(const char *string) {
    json_t *value = json_string(string);
    if (value) return value;
    pl_text text = {0};
    for (const unsigned char *s = (const unsigned char *)string; *s;) {
        size_t length = character(s);
        if (length) pl_text_put_bytes(&text, (const char *)s, length);
        else pl_text_put(&text, "\xEF\xBF\xBD");
        s += length ? length : 1;
    }
    value = text.failed || !text.data ? NULL : json_string(text.data);
    pl_release(text.data);
    return value;
}

json_t *pl_json_number(double value) { return isfinite(value) ? json_real(value) : json_null(); }

json_t *pl_json_interval(pl_interval interval) {
    return json_pack("[o,o,o]", pl_json_number(interval.estimate), pl_json_number(interval.low),
                     pl_json_number(interval.high));
}

static void drop_unless(int fine, json_t **tree) {
    if (fine) return;
    json_decref(*tree);
    *tree = NULL;
}

void pl_json_set(json_t **tree, const char *key, json_t *value) {
    drop_unless(json_object_set_new(*tree, key, value) == 0, tree);
}

void pl_json_append(json_t **tree, json_t *value) { drop_unless(json_array_append_new(*tree, value) == 0, tree); }

static void print_string(pl_text *text, const char *string) {
    json_t *value = json_string(string);
    char *dumped = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
    if (dumped) pl_text_put(text, dumped);
    else text->failed = true;
    free(dumped);
    json_decref(value);
}

static void print_value(pl_text *text, const json_t *value, int depth);

static void start_line(pl_text *text, int depth) {
    pl_text_put(text, "\n");
    pl_text_repeat(text, ' ', 2 * depth);
}

/* True where no part of it holds parts of its own: such arrays and objects stay on one line. */
static bool is_flat(const json_t *value) {
    if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++) {
            const json_t *item = json_array_get(value, i);
            if (json_is_array(item) || json_is_object(item)) return false;
        }
        return true;
    }
    const char *key;
    json_t *item;
    json_object_foreach((json_t *)value, key, item) if (json_is_array(item) || json_is_object(item)) return false;
    return true;
}

static void separate(pl_text *text, bool first, bool flat, int depth) {
    if (!first) pl_text_put(text, flat ? ", " : ",");
    if (!flat) start_line(text, depth + 1);
}

static void print_array(pl_text *text, const json_t *value, int depth) {
    bool flat = is_flat(value);
    pl_text_put(text, "[");
    for (size_t i = 0; i < json_array_size(value); i++) {
        separate(text, i == 0, flat, depth);
        print_value(text, json_array_get(value, i), depth + 1);
    }
    if (!flat) start_line(text, depth);
    pl_text_put(text, "]");
}

static void print_object(pl_text *text, const json_t *value, int depth) {
    bool flat = is_flat(value), first = true;
    const char *key;
    json_t *item;
    pl_text_put(text, "{");
    json_object_foreach((json_t *)value, key, item) {
        separate(text, first, flat, depth);
        first = false;
        print_string(text, key);
        pl_text_put(text, ": ");
        print_value(text, item, depth + 1);
    }
    if (!flat) start_line(text, depth);
    pl_text_put(text, "}");
}

static void print_value(pl_text *text, const json_t *value, int depth) {
    switch (json_typeof(value)) {
    case JSON_OBJECT: print_object(text, value, depth); break;
    case JSON_ARRAY: print_array(text, value, depth); break;
    case JSON_STRING: print_string(text, json_string_value(value)); break;
    case JSON_INTEGER: pl_text_format(text, "%" JSON_INTEGER_FORMAT, json_integer_value(value)); break;
    case JSON_REAL: pl_text_number(text, json_real_value(value)); break;
    case JSON_TRUE: pl_text_put(text, "true"); break;
    case JSON_FALSE: pl_text_put(text, "false"); break;
    case JSON_NULL: pl_text_put(text, "null"); break;
    }
}

pl_status pl_json_finish(json_t *tree, char **out, size_t *length) {
    pl_text text = {0};
    if (tree) print_value(&text, tree, 0);
    else text.failed = true;
    pl_text_put(&text, "\n");
    json_decref(tree);
    return pl_text_finish(&text, out, length);
}
