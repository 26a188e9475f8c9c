/* Reading units. Division and multiplication group to the left, as in Vensim: a/b/c is a/(b*c). */
#include "model/units.h"

#include <string.h>

#include "base/number.h"

enum { MOST_BASES = 32, DEEPEST = 20, LONGEST = 200 };

typedef struct unit_reader {
    pl_arena *arena;
    const pl_name_table *aliases;
    const char *at;
    int depth;
    bool failed;
    pl_unit *unit;
} unit_reader;

static void skip_blank(unit_reader *reader) { reader->at += strspn(reader->at, " \t\n"); }

/* Multiplies the unit by a power of a base, keeping the bases in order. */
static void multiply(unit_reader *reader, const char *base, double power) {
    pl_unit *unit = reader->unit;
    int i = 0;
    while (i < unit->count && strcmp(unit->bases[i], base) < 0) i++;
    if (i < unit->count && strcmp(unit->bases[i], base) == 0) {
        unit->powers[i] += power;
        if (unit->powers[i] != 0.0) return;
        unit->count--;
        memmove(&unit->bases[i], &unit->bases[i + 1], (size_t)(unit->count - i) * sizeof *unit->bases);
        memmove(&unit->powers[i], &unit->powers[i + 1], (size_t)(unit->count - i) * sizeof *unit->powers);
        return;
    }
    reader->failed |= unit->count == MOST_BASES;
    if (reader->failed || power == 0.0) return;
    memmove(&unit->bases[i + 1], &unit->bases[i], (size_t)(unit->count - i) * sizeof *unit->bases);
    memmove(&unit->powers[i + 1], &unit->powers[i], (size_t)(unit->count - i) * sizeof *unit->powers);
    unit->bases[i] = base, unit->powers[i] = power;
    unit->count++;
}

static void product(unit_reader *reader, double sign);

/* "^2", "^-1"; 1 where there is none. */
static double exponent(unit_reader *reader) {
    double power = 1.0;
    skip_blank(reader);
    if (*reader->at != '^') return 1.0;
    reader->at++;
    skip_blank(reader);
    bool minus = *reader->at == '-';
    reader->at += minus;
    size_t used = pl_number_read(reader->at, strlen(reader->at), &power);
    reader->failed |= used == 0;
    reader->at += used;
    return minus ? -power : power;
}

static void base(unit_reader *reader, double sign) {
    size_t length = strcspn(reader->at, "*/()^[]");
    char key[LONGEST + 1];
    if (length == 0 || length > LONGEST) {
        reader->failed = true;
        return;
    }
    pl_name_fold(reader->at, length, key);
    reader->at += length;
    double power = sign * exponent(reader);
    const char *known = pl_name_table_get(reader->aliases, key);
    bool one = strcmp(key, "dmnl") == 0 || strcmp(key, "dimensionless") == 0 || strcmp(key, "1") == 0;
    reader->failed |= key[0] == 0;
    if (!one && !reader->failed)
        multiply(reader, known ? known : pl_arena_text(reader->arena, key, strlen(key)), power);
}

static void factor(unit_reader *reader, double sign) {
    skip_blank(reader);
    if (*reader->at != '(') {
        base(reader, sign);
        return;
    }
    reader->failed |= ++reader->depth > DEEPEST;
    reader->at++;
    if (!reader->failed) product(reader, sign);
    reader->failed |= *reader->at != ')';
    reader->at += *reader->at == ')';
    skip_blank(reader);
    reader->failed |= *reader->at == '^'; /* the power of a bracket: nobody writes it */
    reader->depth--;
}

static void product(unit_reader *reader, double sign) {
    factor(reader, sign);
    for (;;) {
        skip_blank(reader);
        char sign_of = *reader->at;
        if (reader->failed || (sign_of != '*' && sign_of != '/')) return;
        reader->at++;
        factor(reader, sign_of == '*' ? sign : -sign);
    }
}

pl_unit *pl_unit_parse(pl_arena *arena, const pl_name_table *aliases, const char *text) {
    unit_reader reader = {.arena = arena, .aliases = aliases, .at = text};
    skip_blank(&reader);
    if (*reader.at == 0) return NULL;
    const char *bases[MOST_BASES + 1];
    double powers[MOST_BASES + 1];
    pl_unit unit = {0, bases, powers};
    reader.unit = &unit;
    product(&reader, 1.0);
    if (reader.failed || *reader.at) return NULL;
    pl_unit *copy = PL_NEW(arena, pl_unit);
    copy->count = unit.count;
    copy->bases = PL_ARRAY(arena, unit.count, const char *);
    copy->powers = PL_ARRAY(arena, unit.count, double);
    memcpy(copy->bases, bases, (size_t)unit.count * sizeof *bases);
    memcpy(copy->powers, powers, (size_t)unit.count * sizeof *powers);
    return copy;
}

bool pl_unit_equal(const pl_unit *a, const pl_unit *b) {
    if (a->count != b->count) return false;
    for (int i = 0; i < a->count; i++)
        if (strcmp(a->bases[i], b->bases[i]) != 0 || a->powers[i] != b->powers[i]) return false;
    return true;
}
