/* Names: folding to keys, tables from keys to things, the nearest names for a misspelt one, finding variables. */
#include <stdio.h>
#include <string.h>

#include "model/reader.h"

/* Lower case of a two-byte UTF-8 letter (Latin-1 supplement, Latin extended A, Greek, Cyrillic), in place. */
static void lower_pair(unsigned char *pair) {
    unsigned code = (unsigned)(pair[0] & 0x1f) << 6 | (pair[1] & 0x3f);
    bool even_pairs =
        (code >= 0x100 && code <= 0x137) || (code >= 0x14a && code <= 0x177) || (code >= 0x460 && code <= 0x481);
    bool odd_pairs = (code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17e);
    if (code >= 0xc0 && code <= 0xde && code != 0xd7) code += 32;
    else if (code == 0x178) code = 0xff;
    else if (even_pairs) code |= 1;
    else if (odd_pairs) code += code & 1;
    else if ((code >= 0x391 && code <= 0x3a9) || (code >= 0x410 && code <= 0x42f)) code += 32;
    else if (code >= 0x400 && code <= 0x40f) code += 80;
    pair[0] = (unsigned char)(0xc0 | code >> 6);
    pair[1] = (unsigned char)(0x80 | (code & 0x3f));
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '_' || c == '\n' || c == '\r'; }

size_t pl_name_fold(const char *name, size_t length, char *out) {
    const char *at = name, *end = name + length;
    while (at < end && is_blank(*at)) at++;
    while (end > at && is_blank(end[-1])) end--;
    bool quoted = end - at >= 2 && *at == '"' && end[-1] == '"';
    if (quoted) at++, end--;
    char *to = out;
    for (bool blank = false; at < end; at++) {
        unsigned char c = (unsigned char)*at;
        if (is_blank(*at) || (c == 0xc2 && at + 1 < end && (unsigned char)at[1] == 0xa0)) {
            at += c == 0xc2;
            blank = to > out;
            continue;
        }
        if (c == '\\' && at + 1 < end && at[1] == '"') continue; /* an escaped quote */
        if (blank) *to++ = ' ', blank = false;
        if (c >= 0xc3 && c < 0xe0 && at + 1 < end && ((unsigned char)at[1] & 0xc0) == 0x80) {
            memcpy(to, at++, 2);
            lower_pair((unsigned char *)to);
            to += 2;
        } else {
            *to++ = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        }
    }
    *to = 0;
    return (size_t)(to - out);
}

const char *pl_name_key(pl_arena *arena, const char *name, size_t length) {
    char *key = pl_arena_array(arena, length + 1, 1);
    pl_name_fold(name, length, key);
    return key;
}

/* ---- tables: open addressing, at most half full --------------------------------------------------------- */

static size_t hash(const char *key) {
    uint64_t h = 14695981039346656037u;
    for (; *key; key++) h = (h ^ (unsigned char)*key) * 1099511628211u;
    return (size_t)(h ^ h >> 32);
}

static size_t slot_of(const pl_name_table *table, const char *key) {
    size_t mask = (size_t)table->room - 1, slot = hash(key) & mask;
    while (table->keys[slot] && strcmp(table->keys[slot], key) != 0) slot = (slot + 1) & mask;
    return slot;
}

void *pl_name_table_get(const pl_name_table *table, const char *key) {
    if (table->count == 0) return NULL;
    size_t slot = slot_of(table, key);
    return table->keys[slot] ? table->values[slot] : NULL;
}

static void enlarge(pl_arena *arena, pl_name_table *table) {
    pl_name_table larger = {.room = table->room ? table->room * 2 : 16, .count = table->count};
    larger.keys = PL_ARRAY(arena, larger.room, const char *);
    larger.values = PL_ARRAY(arena, larger.room, void *);
    for (int i = 0; i < table->room; i++) {
        if (!table->keys[i]) continue;
        size_t slot = slot_of(&larger, table->keys[i]);
        larger.keys[slot] = table->keys[i], larger.values[slot] = table->values[i];
    }
    *table = larger;
}

void pl_name_table_set(pl_arena *arena, pl_name_table *table, const char *key, void *value) {
    if (table->count * 2 >= table->room) enlarge(arena, table);
    size_t slot = slot_of(table, key);
    if (!table->keys[slot]) table->keys[slot] = key, table->count++;
    table->values[slot] = value;
}

/* ---- the nearest names ---------------------------------------------------------------------------------- */

enum { COMPARED = 64 };

/* Edit distance with swapped neighbours as one edit (optimal string alignment) of at most COMPARED bytes. */
static int distance(const char *a, const char *b, size_t a_length, size_t b_length) {
    int rows[3][COMPARED + 1];
    for (size_t j = 0; j <= b_length; j++) rows[0][j] = (int)j;
    for (size_t i = 1; i <= a_length; i++) {
        int *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        row[0] = (int)i;
        for (size_t j = 1; j <= b_length; j++) {
            int best = above[j - 1] + (a[i - 1] != b[j - 1]);
            if (above[j] + 1 < best) best = above[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped && before[j - 2] + 1 < best) best = before[j - 2] + 1;
            row[j] = best;
        }
    }
    return rows[a_length % 3][b_length];
}

void pl_nearest_offer(pl_nearest *nearest, const char *name, const char *key) {
    size_t a = strlen(nearest->key), b = strlen(key);
    if (a > COMPARED || b > COMPARED || a == 0 || nearest->compared++ > PL_MOST_COMPARED) return;
    size_t allowed = a < 2 ? 0 : a < 4 ? 1 : a < 8 ? 2 : a / 3;
    if ((a > b ? a - b : b - a) > allowed) return;
    int found = distance(nearest->key, key, a, b);
    if (found > (int)allowed) return;
    for (int i = 0; i < PL_NEAREST_COUNT; i++) {
        if (nearest->names[i] && nearest->distances[i] <= found) continue;
        for (int j = PL_NEAREST_COUNT - 1; j > i; j--)
            nearest->names[j] = nearest->names[j - 1], nearest->distances[j] = nearest->distances[j - 1];
        nearest->names[i] = name, nearest->distances[i] = found;
        return;
    }
}

const char *pl_nearest_text(const pl_nearest *nearest, char *out, size_t room) {
    size_t used = 0;
    out[0] = 0;
    for (int i = 0; i < PL_NEAREST_COUNT && nearest->names[i] && used < room; i++) {
        int more = snprintf(out + used, room - used, "%s'%.80s'", i ? ", " : "; did you mean ", nearest->names[i]);
        used += (size_t)more;
    }
    if (used > 0 && used + 1 < room) memcpy(out + used, "?", 2);
    return out;
}

/* ---- finding variables ---------------------------------------------------------------------------------- */

static pl_variable *find_key(const pl_model *model, const char *key) { return pl_name_table_get(&model->names, key); }

pl_variable *pl_model_find(const pl_model *model, const char *name) {
    char key[PL_LONGEST_NAME + 1];
    size_t length = strlen(name);
    if (length > PL_LONGEST_NAME) return NULL;
    pl_name_fold(name, length, key);
    return find_key(model, key);
}

static pl_status unknown_variable(const pl_model *model, const char *name, const char *key, pl_error *error) {
    pl_nearest nearest = {.key = key};
    char text[300];
    for (int i = 0; i < model->variable_count; i++)
        if (!model->variables[i]->hidden)
            pl_nearest_offer(&nearest, model->variables[i]->name, model->variables[i]->key);
    return pl_error_set(error, PL_INVALID, model->file, 0, 0, "the model has no variable '%.100s'%s", name,
                        pl_nearest_text(&nearest, text, sizeof text));
}

/* The length of the name before its '[': the first one outside quotes. */
static size_t name_length(const char *text) {
    bool quoted = false;
    size_t i = 0;
    for (; text[i] && (quoted || text[i] != '['); i++) {
        if (text[i] == '\\' && quoted && text[i + 1]) i++;
        else if (text[i] == '"') quoted = !quoted;
    }
    return i;
}

/* The flat element of "element,element]" behind a variable's '['. */
static pl_status find_flat(const pl_model *model, const pl_variable *variable, const char *text, int *element,
                           pl_error *error) {
    int flat = 0;
    for (int i = 0; i < variable->rank; i++) {
        size_t length = strcspn(text, ",]");
        char key[PL_LONGEST_NAME + 1];
        if (length > PL_LONGEST_NAME) length = PL_LONGEST_NAME;
        pl_name_fold(text, length, key);
        int position = pl_axis_find(variable->axes[i], key);
        if (position < 0) {
            pl_nearest nearest = {.key = key};
            char hint[300];
            for (int j = 0; j < variable->axes[i]->count; j++) {
                char other[PL_LONGEST_NAME + 1];
                pl_name_fold(variable->axes[i]->names[j], strlen(variable->axes[i]->names[j]), other);
                pl_nearest_offer(&nearest, variable->axes[i]->names[j], other);
            }
            return pl_error_set(error, PL_INVALID, model->file, 0, 0, "'%.80s' has no element '%.80s'%s",
                                variable->name, key, pl_nearest_text(&nearest, hint, sizeof hint));
        }
        flat = flat * variable->axes[i]->count + position;
        text += length;
        if (*text != (i + 1 < variable->rank ? ',' : ']'))
            return pl_error_set(error, PL_INVALID, model->file, 0, 0, "'%.80s' has %d subscript%s", variable->name,
                                variable->rank, variable->rank == 1 ? "" : "s");
        text++;
    }
    if (text[strspn(text, " \t")])
        return pl_error_set(error, PL_INVALID, model->file, 0, 0, "text behind the ']' of '%.80s'", variable->name);
    *element = flat;
    return PL_OK;
}

pl_status pl_model_find_element(const pl_model *model, const char *text, pl_variable **variable, int *element,
                                pl_error *error) {
    size_t length = name_length(text);
    char key[PL_LONGEST_NAME + 1];
    if (length > PL_LONGEST_NAME)
        return pl_error_set(error, PL_INVALID, model->file, 0, 0, "the name is too long: '%.40s...'", text);
    pl_name_fold(text, length, key);
    pl_variable *found = find_key(model, key);
    if (!found) return unknown_variable(model, key, key, error);
    *variable = found;
    *element = found->rank == 0 ? 0 : -1;
    if (text[length] != '[') return PL_OK;
    if (found->rank == 0)
        return pl_error_set(error, PL_INVALID, model->file, 0, 0, "'%.80s' has no subscripts", found->name);
    return find_flat(model, found, text + length + 1, element, error);
}

bool pl_variable_has_element(const pl_variable *v, int element) {
    return v->equation_count > 0 && (!v->defined || v->defined[element]);
}

static size_t append(char *out, size_t room, size_t used, const char *text) {
    size_t length = strlen(text);
    if (used + 1 < room) {
        size_t fits = length < room - used - 1 ? length : room - used - 1;
        memcpy(out + used, text, fits);
        out[used + fits] = 0;
    }
    return used + length;
}

int pl_variable_element_name(const pl_variable *variable, int element, char *out, size_t room) {
    size_t used = append(out, room, 0, variable->name);
    int size = variable->size;
    if (element < 0) return (int)used; /* the whole variable */
    for (int i = 0; i < variable->rank; i++) {
        size /= variable->axes[i]->count;
        used = append(out, room, used, i ? "," : "[");
        used = append(out, room, used, variable->axes[i]->names[element / size]);
        element %= size;
    }
    if (variable->rank > 0) used = append(out, room, used, "]");
    return (int)used;
}
