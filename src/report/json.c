/* See json.h.  jansson prints reals with a fixed number of digits; parley's numbers are the shortest that read back, so
 * the tree is walked here and only strings are printed by jansson. */
#include "report/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
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

json_t *pl_json_rounded(double value, int digits) {
    char text[32];
    if (!isfinite(value)) return json_null();
    snprintf(text, sizeof text, "%.*g", digits, value);
    return json_real(strtod(text, NULL));
}

json_t *pl_json_interval(pl_interval interval) {
    return json_pack("[o,o,o]", pl_json_number(interval.estimate), pl_json_number(interval.low),
                     pl_json_number(interval.high));
}

/* ---- packed numbers -------------------------------------------------------------------------------------- */

enum { PACKED_STEPS = 65534, PACKED_MISSING = 65535 };

static unsigned packed(double value, double low, double step) {
    if (!isfinite(value)) return PACKED_MISSING;
    return step > 0 ? (unsigned)floor((value - low) / step + 0.5) : 0;
}

static void put_base64(pl_text *out, const unsigned char *bytes, size_t count) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < count; i += 3) {
        unsigned left = (unsigned)(count - i < 3 ? count - i : 3), all = (unsigned)bytes[i] << 16;
        if (left > 1) all |= (unsigned)bytes[i + 1] << 8;
        if (left > 2) all |= bytes[i + 2];
        char four[4] = {digits[all >> 18], digits[all >> 12 & 63], digits[all >> 6 & 63], digits[all & 63]};
        for (unsigned k = left + 1; k < 4; k++) four[k] = '=';
        pl_text_put_bytes(out, four, 4);
    }
}

json_t *pl_json_bytes(const void *bytes, size_t count) {
    pl_text text = {0};
    put_base64(&text, bytes, count);
    json_t *string = text.failed ? NULL : json_stringn(text.data ? text.data : "", text.length);
    pl_release(text.data);
    return string;
}

static json_t *packed_bytes(const double *values, size_t count, double low, double step) {
    unsigned char *bytes = pl_allocate(2 * count + 1);
    if (!bytes) return NULL;
    for (size_t i = 0; i < count; i++) {
        unsigned value = packed(values[i], low, step);
        bytes[2 * i] = (unsigned char)(value & 255);
        bytes[2 * i + 1] = (unsigned char)(value >> 8);
    }
    json_t *string = pl_json_bytes(bytes, 2 * count);
    pl_release(bytes);
    return string;
}

json_t *pl_json_packed(const double *values, size_t count) {
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(values[i])) continue;
        low = fmin(low, values[i]);
        high = fmax(high, values[i]);
    }
    if (high < low) low = high = 0;
    double step = high / PACKED_STEPS - low / PACKED_STEPS; /* their difference may be beyond all doubles */
    json_t *object = json_object();
    pl_json_set(&object, "low", pl_json_number(low));
    pl_json_set(&object, "step", pl_json_number(step));
    pl_json_set(&object, "packed", packed_bytes(values, count, low, step));
    return object;
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

/* A depth below 0: everything on one line. */
static int inner(int depth) { return depth < 0 ? depth : depth + 1; }

static void separate(pl_text *text, bool first, bool flat, int depth) {
    if (!first) pl_text_put(text, flat ? ", " : ",");
    if (!flat) start_line(text, depth + 1);
}

static void print_array(pl_text *text, const json_t *value, int depth) {
    bool flat = depth < 0 || is_flat(value);
    pl_text_put(text, "[");
    for (size_t i = 0; i < json_array_size(value); i++) {
        separate(text, i == 0, flat, depth);
        print_value(text, json_array_get(value, i), inner(depth));
    }
    if (!flat) start_line(text, depth);
    pl_text_put(text, "]");
}

static void print_object(pl_text *text, const json_t *value, int depth) {
    bool flat = depth < 0 || is_flat(value), first = true;
    const char *key;
    json_t *item;
    pl_text_put(text, "{");
    json_object_foreach((json_t *)value, key, item) {
        separate(text, first, flat, depth);
        first = false;
        print_string(text, key);
        pl_text_put(text, ": ");
        print_value(text, item, inner(depth));
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

/* < > & as escapes of JSON, which stand in strings only: no end of a script or of a comment can appear. */
void pl_json_put_script(pl_text *out, const json_t *tree) {
    pl_text text = {0};
    if (tree) print_value(&text, tree, -1);
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == '<' || c == '>' || c == '&') pl_text_format(out, "\\u%04x", (unsigned)c);
        else pl_text_put_bytes(out, &c, 1);
    }
    out->failed |= text.failed || !tree;
    pl_release(text.data);
}
