/* Reading, multiplying and printing units.  Division and multiplication group to the left, as in Vensim: a/b/c is
 * a/(b*c), a/b*c is (a/b)*c.  Powers are snapped to fractions with small denominators, so that algebra is exact. */
#include "model/units.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"

enum { MOST_BASES = 32, DEEPEST = 20, LONGEST = 200, LARGEST_DENOMINATOR = 12, LARGEST_POWER = 1000 };

const pl_units pl_dimensionless = {0, NULL, NULL};

/* ---- names ---------------------------------------------------------------------------------------------- */

/* Vensim's defaults (the lines 22: of a new model), and what means no dimension. */
static const char *const built_in[] = {"$,Dollar,Dollars,$s", "Day", "Hour", "Month", "Person,People,Persons",
                                       "Unit",                "Week", "Year"};
static const char *const none[] = {"dmnl", "dimensionless", "unitless", "fraction", "1"};

bool pl_units_mean_none(const char *text) {
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (strcasecmp(text, none[i]) == 0) return true;
    return false;
}

static bool ends_in(const char *key, size_t length, const char *ending) {
    size_t more = strlen(ending);
    return length >= more && memcmp(key + length - more, ending, more) == 0;
}

/* Cuts the ending of a plural off, from singulars too where they look like one: "houses" and "house" are "hous",
 * "boxes" and "box" are "box", "currencies" is "currency". Short names ("ms", "yrs") and "-ss", "-us", "-is" stay. */
static void cut_plural(char *key) {
    size_t length = strlen(key);
    if (length < 4) return;
    if (key[length - 1] == 's' && !strchr("sui", key[length - 2])) key[--length] = 0;
    if (ends_in(key, length, "ie") && length > 4) {
        strcpy(key + length - 2, "y");
    } else if (ends_in(key, length, "se") || ends_in(key, length, "xe") || ends_in(key, length, "ze") ||
               ends_in(key, length, "che") || ends_in(key, length, "she")) {
        key[length - 1] = 0;
    }
}

const char *pl_unit_key(pl_arena *arena, const char *name, size_t length) {
    char *key = PL_ARRAY(arena, length + 1, char);
    pl_name_fold(name, length, key);
    cut_plural(key);
    return key;
}

/* A base of its own. Its name stays open until a variable's units spell it. */
static pl_units *new_base(pl_unit_system *system, const char *key) {
    pl_units *units = PL_NEW(system->arena, pl_units);
    pl_unit_base *base = PL_NEW(system->arena, pl_unit_base);
    units->count = 1;
    units->bases = PL_NEW(system->arena, const pl_unit_base *);
    units->powers = PL_NEW(system->arena, double);
    base->key = key;
    *units->bases = base, *units->powers = 1.0;
    return units;
}

static void name_base(const pl_units *units, const char *name) {
    pl_unit_base *base = units->count == 1 ? (pl_unit_base *)units->bases[0] : NULL;
    if (base && !base->name) base->name = name;
}

/* Makes names stand for one thing: what the first known of them means, else a new base. */
static void join(pl_unit_system *system, const char *const *keys, int count) {
    const pl_units *known = NULL;
    for (int i = 0; i < count && !known; i++) known = pl_name_table_get(&system->names, keys[i]);
    if (!known && count > 0) known = new_base(system, keys[0]);
    for (int i = 0; i < count; i++) pl_name_table_set(system->arena, &system->names, keys[i], (void *)known);
}

static void join_list(pl_unit_system *system, const char *list) {
    const char *keys[8];
    int count = 0;
    for (;;) {
        size_t length = strcspn(list, ",");
        keys[count++] = pl_unit_key(system->arena, list, length);
        if (!list[length]) break;
        list += length + 1;
    }
    join(system, keys, count);
}

static void join_synonyms(pl_unit_system *system, const pl_synonyms *group) {
    const char **keys = PL_ARRAY(system->arena, group->count, const char *);
    for (int i = 0; i < group->count; i++)
        keys[i] = pl_unit_key(system->arena, group->names[i], strlen(group->names[i]));
    join(system, keys, group->count);
}

/* A definition "newton = kg*m/s^2" gives its names what the equation says. */
static void define(pl_unit_system *system, const pl_synonyms *group) {
    const pl_units *units = pl_units_read(system, group->equation);
    for (int i = 0; i < group->count && units; i++)
        pl_name_table_set(system->arena, &system->names,
                          pl_unit_key(system->arena, group->names[i], strlen(group->names[i])), (void *)units);
}

void pl_unit_system_start(pl_unit_system *system, pl_arena *arena, const pl_model *model) {
    *system = (pl_unit_system){.arena = arena, .dialect = model ? model->dialect : PL_VENSIM};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        pl_name_table_set(arena, &system->names, none[i], (void *)&pl_dimensionless);
    for (int i = 0; model && i < model->synonym_count; i++)
        if (!model->synonyms[i].equation) join_synonyms(system, &model->synonyms[i]);
    for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++) join_list(system, built_in[i]);
    for (int i = 0; model && i < model->synonym_count; i++)
        if (model->synonyms[i].equation) define(system, &model->synonyms[i]);
}

/* ---- algebra -------------------------------------------------------------------------------------------- */

static double snap(double power) {
    for (int q = 1; q <= LARGEST_DENOMINATOR; q++) {
        double p = round(power * q);
        if (fabs(power * q - p) < 1e-9) return p / q;
    }
    return power;
}

const pl_units *pl_units_combine(pl_arena *arena, const pl_units *a, double p, const pl_units *b, double q) {
    const pl_unit_base *bases[2 * MOST_BASES];
    double powers[2 * MOST_BASES];
    int count = 0;
    for (int i = 0, j = 0; i < a->count || j < b->count;) {
        int order = i == a->count ? 1 : j == b->count ? -1 : strcmp(a->bases[i]->key, b->bases[j]->key);
        bases[count] = order <= 0 ? a->bases[i] : b->bases[j];
        powers[count] = snap((order <= 0 ? a->powers[i] * p : 0.0) + (order >= 0 ? b->powers[j] * q : 0.0));
        i += order <= 0, j += order >= 0;
        if (!(fabs(powers[count]) <= LARGEST_POWER)) return NULL;
        count += powers[count] != 0.0;
    }
    if (count > MOST_BASES) return NULL;
    pl_units *units = PL_NEW(arena, pl_units);
    units->count = count;
    units->bases = PL_ARRAY(arena, count, const pl_unit_base *);
    units->powers = PL_ARRAY(arena, count, double);
    if (count > 0) memcpy(units->bases, bases, (size_t)count * sizeof *bases);
    if (count > 0) memcpy(units->powers, powers, (size_t)count * sizeof *powers);
    return units;
}

bool pl_units_equal(const pl_units *a, const pl_units *b) {
    if (a->count != b->count) return false;
    for (int i = 0; i < a->count; i++)
        if (a->bases[i] != b->bases[i] || fabs(a->powers[i] - b->powers[i]) > 1e-9) return false;
    return true;
}

/* ---- reading -------------------------------------------------------------------------------------------- */

typedef struct unit_reader {
    pl_unit_system *system;
    const char *at;
    int depth;
    bool failed;
} unit_reader;

static void skip_blank(unit_reader *reader) { reader->at += strspn(reader->at, " \t\r\n"); }

static bool accept(unit_reader *reader, char c) {
    skip_blank(reader);
    if (*reader->at != c) return false;
    reader->at++;
    return true;
}

static double number(unit_reader *reader) {
    double value = 0.0;
    bool minus = accept(reader, '-');
    skip_blank(reader);
    size_t used = pl_number_read(reader->at, strlen(reader->at), &value);
    reader->failed |= used == 0;
    reader->at += used;
    return minus ? -value : value;
}

/* "^2", "^-1", "^(1/2)"; 1 where there is none. */
static double exponent(unit_reader *reader) {
    if (!accept(reader, '^')) return 1.0;
    bool bracket = accept(reader, '(');
    double power = number(reader);
    if (bracket && accept(reader, '/')) power /= number(reader);
    reader->failed |= bracket && !accept(reader, ')');
    return power;
}

/* "per" between blanks, at a blank: XMILE's division. */
static bool is_per(const char *at) {
    static const char word[] = "per";
    at += strspn(at, " \t_");
    for (int i = 0; i < 3; i++)
        if ((at[i] | 32) != word[i]) return false;
    return at[3] && strchr(" \t_", at[3]);
}

static size_t name_length(const unit_reader *reader) {
    bool xmile = reader->system->dialect == PL_XMILE;
    size_t i = 0;
    for (; reader->at[i] && !strchr("*/()^[]", reader->at[i]); i++)
        if (xmile && i > 0 && (reader->at[i] == '-' || (strchr(" \t_", reader->at[i]) && is_per(reader->at + i)))) break;
    return i;
}

static const char *spelled(pl_arena *arena, const char *from, size_t length) {
    char *name = pl_arena_text(arena, from, length);
    for (char *at = name; *at; at++)
        if ((unsigned char)*at < ' ') *at = ' ';
    return name;
}

static const pl_units *base(unit_reader *reader) {
    pl_unit_system *system = reader->system;
    size_t length = name_length(reader);
    const char *from = reader->at;
    reader->at += length;
    while (length > 0 && strchr(" \t\r\n", from[length - 1])) length--;
    if (length == 0 || length > LONGEST) return NULL;
    const char *key = pl_unit_key(system->arena, from, length);
    if (!*key) return NULL;
    const pl_units *units = system->locals ? pl_name_table_get(system->locals, key) : NULL;
    if (units) return units;
    units = pl_name_table_get(&system->names, key);
    if (!units) {
        units = new_base(system, key);
        pl_name_table_set(system->arena, &system->names, key, (void *)units);
    }
    name_base(units, spelled(system->arena, from, length));
    return units;
}

static const pl_units *product(unit_reader *reader);

static const pl_units *factor(unit_reader *reader) {
    const pl_units *units;
    if (accept(reader, '(')) {
        if (++reader->depth > DEEPEST) return NULL;
        units = product(reader);
        reader->depth--;
        if (!units || !accept(reader, ')')) return NULL;
    } else {
        units = base(reader);
    }
    double power = units ? exponent(reader) : 1.0;
    if (!units || reader->failed) return NULL;
    return power == 1.0 ? units
                        : pl_units_combine(reader->system->arena, units, power, &pl_dimensionless, 1.0);
}

/* The sign of the power of what follows: 0 where nothing more does. */
static double operation(unit_reader *reader) {
    bool xmile = reader->system->dialect == PL_XMILE;
    if (accept(reader, '*') || (xmile && accept(reader, '-'))) return 1.0;
    if (accept(reader, '/')) return -1.0;
    if (!xmile || !is_per(reader->at)) return 0.0;
    reader->at += strspn(reader->at, " \t_") + 3;
    reader->at += strspn(reader->at, " \t_");
    return -1.0;
}

static const pl_units *product(unit_reader *reader) {
    const pl_units *units = factor(reader);
    double sign;
    while (units && (sign = operation(reader)) != 0.0) {
        const pl_units *next = factor(reader);
        units = next ? pl_units_combine(reader->system->arena, units, 1.0, next, sign) : NULL;
    }
    return units;
}

const pl_units *pl_units_read(pl_unit_system *system, const char *text) {
    unit_reader reader = {.system = system, .at = text};
    const pl_units *units = product(&reader);
    skip_blank(&reader);
    return *reader.at ? NULL : units;
}

/* ---- printing ------------------------------------------------------------------------------------------- */

typedef struct line {
    char *out;
    size_t room, used;
} line;

static void put(line *l, const char *text) {
    size_t length = strlen(text);
    if (length >= l->room - l->used) length = l->room - l->used - 1;
    memcpy(l->out + l->used, text, length);
    l->used += length;
    l->out[l->used] = 0;
}

static void put_power(line *l, double power) {
    char text[64], number[32];
    int q = 1;
    while (q <= LARGEST_DENOMINATOR && fabs(power * q - round(power * q)) > 1e-9) q++;
    if (power == 1.0) return;
    pl_number_print(power, number);
    if (q == 1 || q > LARGEST_DENOMINATOR) snprintf(text, sizeof text, "^%s", number);
    else snprintf(text, sizeof text, "^(%.0f/%d)", round(power * q), q);
    put(l, text);
}

/* The factors whose power has a sign, joined by *. */
static int put_factors(line *l, const pl_units *units, double sign) {
    int count = 0;
    for (int i = 0; i < units->count; i++) {
        if (units->powers[i] * sign < 0.0) continue;
        if (count++ > 0) put(l, "*");
        put(l, units->bases[i]->name ? units->bases[i]->name : units->bases[i]->key);
        put_power(l, units->powers[i] * sign);
    }
    return count;
}

const char *pl_units_text(const pl_units *units, char *out, size_t room) {
    line l = {out, room, 0};
    int below = 0;
    *out = 0;
    for (int i = 0; i < units->count; i++) below += units->powers[i] < 0.0;
    if (units->count == 0) put(&l, "Dmnl");
    else if (put_factors(&l, units, 1.0) == 0) put(&l, "1");
    if (below > 0) put(&l, below > 1 ? "/(" : "/");
    if (below > 0) put_factors(&l, units, -1.0);
    if (below > 1) put(&l, ")");
    return out;
}
