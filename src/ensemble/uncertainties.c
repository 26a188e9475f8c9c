/* `uncertainties` and `correlations`: what nobody knows, as distributions of constants, with their sources. */
#include <math.h>
#include <string.h>

#include "base/cholesky.h"
#include "base/philox.h"
#include "ensemble/design.h"
#include "ensemble/reading.h"
#include "program/math.h"

enum { MOST_UNCERTAINTIES = 4096, MOST_NUMBERS = 4096 };

/* ---- distributions ------------------------------------------------------------------------------------ */

static const struct {
    const char *name, *numbers;
    int count;
} kinds[] = {
#define X(id, name, count, text) {name, text, count},
    PL_DISTRIBUTIONS(X)
#undef X
};

int pl_distribution_named(const char *name) {
    for (int i = 0; i < PL_DIST_COUNT; i++)
        if (strcmp(kinds[i].name, name) == 0) return i;
    return -1;
}

/* What is wrong with the numbers of a distribution, or NULL. */
static const char *find_fault(const pl_distribution *d) {
    const double *x = d->number;
    double sum = 0;
    switch (d->kind) {
    case PL_DIST_UNIFORM: return x[0] < x[1] ? NULL : "low must be below high";
    case PL_DIST_TRIANGULAR:
        return x[0] <= x[1] && x[1] <= x[2] && x[0] < x[2] ? NULL : "they must rise from low over mode to high";
    case PL_DIST_NORMAL: return x[1] > 0 ? NULL : "the sd must be above 0";
    case PL_DIST_LOGNORMAL: return x[0] > 0 && x[1] > 0 ? NULL : "the median and the sd of the log must be above 0";
    case PL_DIST_LOGUNIFORM: return x[0] > 0 && x[0] < x[1] ? NULL : "low must be above 0 and below high";
    default: break;
    }
    for (int i = 0; i < d->count; i++) {
        if (x[d->count + i] <= 0) return "every probability must be above 0";
        for (int j = 0; j < i; j++)
            if (x[i] == x[j]) return "a value is given twice";
        sum += x[d->count + i];
    }
    return fabs(sum - 1) <= 1e-9 ? NULL : "the probabilities must sum to 1";
}

static bool read_pairs(pl_reading *r, const pl_yaml *node, pl_distribution *d) {
    if (!pl_reading_is(r, node, PL_YAML_MAPPING, "discrete")) return false;
    if (!node->count || node->count > MOST_NUMBERS) {
        pl_reading_error(r, node, "discrete takes from 1 to %d pairs of value: probability", MOST_NUMBERS);
        return false;
    }
    d->count = node->count;
    d->number = PL_ARRAY(&r->s->arena, 2 * node->count, double);
    for (int i = 0; i < node->count; i++)
        if (!pl_reading_number(r, node->keys[i], "a value", &d->number[i]) ||
            !pl_reading_number(r, node->items[i], "a probability", &d->number[node->count + i]))
            return false;
    return true;
}

static bool read_numbers(pl_reading *r, const pl_yaml *node, pl_distribution *d) {
    if (!pl_reading_is(r, node, PL_YAML_SEQUENCE, kinds[d->kind].name)) return false;
    if (node->count != kinds[d->kind].count) {
        pl_reading_error(r, node, "%s takes [%s], not %d numbers", kinds[d->kind].name, kinds[d->kind].numbers,
                         node->count);
        return false;
    }
    d->count = node->count;
    d->number = PL_ARRAY(&r->s->arena, node->count, double);
    for (int i = 0; i < node->count; i++)
        if (!pl_reading_number(r, node->items[i], "a distribution's parameter", &d->number[i])) return false;
    return true;
}

bool pl_reading_distribution(pl_reading *r, const pl_yaml *key, const pl_yaml *numbers, pl_distribution *d) {
    d->kind = (pl_distribution_kind)pl_distribution_named(key->text);
    bool read = kinds[d->kind].count < 0 ? read_pairs(r, numbers, d) : read_numbers(r, numbers, d);
    const char *fault = read ? find_fault(d) : NULL;
    if (fault) pl_reading_error(r, numbers, "%s [%s]: %s", key->text, kinds[d->kind].numbers, fault);
    return read && !fault;
}

/* ---- uncertainties ------------------------------------------------------------------------------------ */

static void read_title(pl_reading *r, const pl_yaml *value, void *u) {
    pl_reading_title(r, value, &((pl_uncertainty *)u)->title);
}
static void read_text(pl_reading *r, const pl_yaml *value, void *u) {
    pl_reading_title(r, value, &((pl_uncertainty *)u)->text);
}
static void read_source(pl_reading *r, const pl_yaml *value, void *u) {
    pl_reading_text(r, value, "'source'", &((pl_uncertainty *)u)->source);
}
static void read_contested(pl_reading *r, const pl_yaml *value, void *u) {
    pl_reading_truth(r, value, "'contested'", &((pl_uncertainty *)u)->contested);
}
/* A key that no row has is a distribution or unknown. */
static void read_uncertain_distribution(pl_reading *r, const pl_yaml *key, const pl_yaml *value, void *object);

static const pl_key_row rows[] = {{"title", false, read_title},
                                  {"text", false, read_text},
                                  {"source", false, read_source},
                                  {"contested", false, read_contested}};

static void refuse_key(pl_reading *r, const pl_yaml *key) {
    pl_near near;
    char text[PL_NEAR_TEXT];
    pl_near_start(&near, key->text);
    for (int i = 0; i < PL_DIST_COUNT; i++) pl_near_offer(&near, kinds[i].name);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) pl_near_offer(&near, rows[i].name);
    pl_reading_error(r, key, "unknown key '%.80s' in an uncertainty%s", key->text, pl_near_text(&near, text));
}

static void read_uncertain_distribution(pl_reading *r, const pl_yaml *key, const pl_yaml *value, void *object) {
    pl_uncertainty *u = object;
    if (pl_distribution_named(key->text) < 0)
        refuse_key(r, key);
    else if (u->distribution.number)
        pl_reading_error(r, key, "an uncertainty takes one distribution");
    else if (!pl_reading_distribution(r, key, value, &u->distribution))
        u->distribution.number = PL_NEW(&r->s->arena, double); /* not missing: its error is recorded */
}

/* The key of a stream: its folded name, however the situation spells it. */
static uint64_t hash_name(pl_reading *r, const char *name) {
    size_t length = strlen(name);
    char *key = pl_arena_take(&r->s->arena, length + 1);
    return pl_fnv1a(key, pl_name_fold(name, length, key));
}

pl_uncertainty *pl_reading_new_uncertainty(pl_reading *r, const pl_yaml *node, const char *name, const char *stream,
                                           int input) {
    pl_situation *s = r->s;
    if (s->uncertainty_count == MOST_UNCERTAINTIES) {
        pl_reading_error(r, node, "a situation has at most %d uncertainties, values that courses draw among them",
                         MOST_UNCERTAINTIES);
        return NULL;
    }
    s->uncertainties = pl_arena_grow(&s->arena, s->uncertainties, s->uncertainty_count, &r->uncertainty_room,
                                     s->uncertainty_count + 1, sizeof *s->uncertainties);
    pl_uncertainty *u = &s->uncertainties[s->uncertainty_count];
    *u = (pl_uncertainty){.name = name, .at = {node->line, node->column}, .input = input, .source = "",
                          .hash = hash_name(r, stream), .place = s->uncertainty_count, .copula_row = -1};
    u->title = (pl_title){{name, name}};
    u->text = (pl_title){{"", ""}};
    s->uncertainty_count++;
    return u;
}

static void read_uncertainty(pl_reading *r, const pl_yaml *key, const pl_yaml *value) {
    pl_situation *s = r->s;
    pl_variable *variable;
    int element;
    if (!pl_reading_constant(r, key, key->text, &variable, &element)) return;
    for (int i = 0; i < s->uncertainty_count; i++) {
        const pl_input *input = &s->inputs[s->uncertainties[i].input];
        if (input->variable != variable || input->element != element) continue;
        pl_reading_error(r, key, "'%.80s' is given twice", key->text);
        return;
    }
    int input = pl_reading_input(r, key, variable, element, PL_INPUT_UNCERTAINTY);
    if (input < 0) return;
    pl_uncertainty *u =
        pl_reading_new_uncertainty(r, key, key->text, pl_reading_full_name(r, variable, element), input);
    if (!u) return;
    pl_reading_mapping(r, value, PL_ROWS(rows), "an uncertainty", u, read_uncertain_distribution);
    if (!u->distribution.number && value->kind == PL_YAML_MAPPING)
        pl_reading_error(r, key, "'%.80s' needs a distribution", key->text);
}

void pl_reading_uncertainties(pl_reading *r, const pl_yaml *node, void *object) {
    (void)object;
    if (pl_yaml_is_empty(node) || !pl_reading_is(r, node, PL_YAML_MAPPING, "'uncertainties'")) return;
    if (node->count > MOST_UNCERTAINTIES) {
        pl_reading_error(r, node, "a situation has at most %d uncertainties", MOST_UNCERTAINTIES);
        return;
    }
    for (int i = 0; i < node->count; i++) read_uncertainty(r, node->keys[i], node->items[i]);
}

/* ---- correlations ------------------------------------------------------------------------------------- */

static int find_uncertainty(pl_reading *r, const pl_yaml *node) {
    const char *name;
    if (!pl_reading_text(r, node, "an uncertainty", &name)) return -1;
    return pl_reading_uncertainty(r, node, name);
}

static void read_correlation(pl_reading *r, const pl_yaml *node, pl_correlation *c) {
    if (node->kind != PL_YAML_SEQUENCE || node->count != 3) {
        pl_reading_error(r, node, "a correlation is [uncertainty, uncertainty, number]");
        return;
    }
    c->a = find_uncertainty(r, node->items[0]);
    c->b = find_uncertainty(r, node->items[1]);
    if (c->a >= 0 && c->a == c->b) pl_reading_error(r, node->items[1], "a correlation needs two uncertainties");
    if (pl_reading_number(r, node->items[2], "a correlation", &c->rho) && !(c->rho > -1 && c->rho < 1))
        pl_reading_error(r, node->items[2], "a correlation lies between -1 and 1");
}

static bool check_twice(pl_reading *r, const pl_yaml *node) {
    const pl_correlation *all = r->s->correlations;
    for (int i = 0; i < node->count; i++)
        for (int j = 0; j < i; j++) {
            bool same = all[i].a == all[j].a && all[i].b == all[j].b, turned = all[i].a == all[j].b && all[i].b == all[j].a;
            if (!same && !turned) continue;
            pl_reading_error(r, node->items[i], "this correlation is given twice");
            return false;
        }
    return true;
}

static void make_copula(pl_reading *r, const pl_yaml *node) {
    pl_situation *s = r->s;
    pl_copula *copula = PL_NEW(&s->arena, pl_copula);
    for (int i = 0; i < s->correlation_count; i++)
        s->uncertainties[s->correlations[i].a].copula_row = s->uncertainties[s->correlations[i].b].copula_row = 0;
    copula->members = PL_ARRAY(&s->arena, s->uncertainty_count, pl_copula_member);
    for (int u = 0; u < s->uncertainty_count; u++) {
        if (s->uncertainties[u].copula_row < 0) continue;
        s->uncertainties[u].copula_row = copula->count;
        copula->members[copula->count++] = (pl_copula_member){s->uncertainties[u].hash, u};
    }
    int n = copula->count;
    copula->lower = PL_ARRAY(&s->arena, n * n, double);
    for (int i = 0; i < n; i++) copula->lower[i * n + i] = 1;
    for (int i = 0; i < s->correlation_count; i++) {
        int a = s->uncertainties[s->correlations[i].a].copula_row, b = s->uncertainties[s->correlations[i].b].copula_row;
        double rho = 2 * pl_sin(3.14159265358979323846 * s->correlations[i].rho / 6);
        copula->lower[a * n + b] = copula->lower[b * n + a] = rho;
    }
    if (!pl_cholesky_factor(copula->lower, n))
        pl_reading_error(r, node, "these correlations cannot all hold: their matrix is not positive definite");
    s->copula = copula;
}

void pl_reading_correlations(pl_reading *r, const pl_yaml *node, void *object) {
    pl_situation *s = object;
    if (pl_yaml_is_empty(node) || !pl_reading_is(r, node, PL_YAML_SEQUENCE, "'correlations'") || !node->count) return;
    s->correlations = PL_ARRAY(&s->arena, node->count, pl_correlation);
    s->correlation_count = node->count;
    int errors = r->errors;
    for (int i = 0; i < node->count; i++) read_correlation(r, node->items[i], &s->correlations[i]);
    if (r->errors > errors || !check_twice(r, node)) return;
    if (pl_design_basis_of(s->design) == PL_BASIS_NONE)
        pl_reading_error(r, node, "the design '%s' takes no correlations", s->design);
    make_copula(r, node);
}

/* ---- input groups -------------------------------------------------------------------------------------------- */

static void read_group(pl_reading *r, const pl_yaml *name, const pl_yaml *list) {
    pl_situation *s = r->s;
    if (!pl_reading_is(r, list, PL_YAML_SEQUENCE, "a group")) return;
    for (int g = 0; g < s->input_group_count; g++)
        if (pl_names_equal(s->input_groups[g], name->text)) pl_reading_error(r, name, "a group '%.80s' is there already", name->text);
    s->input_groups[s->input_group_count] = name->text;
    for (int i = 0; i < list->count; i++) {
        int u = find_uncertainty(r, list->items[i]);
        if (u < 0) continue;
        if (s->input_group[u] >= 0) pl_reading_error(r, list->items[i], "'%.80s' is in a group already", s->uncertainties[u].name);
        s->input_group[u] = s->input_group_count;
    }
    if (!list->count) pl_reading_error(r, name, "the group '%.80s' is empty", name->text);
    s->input_group_count++;
}

void pl_reading_input_groups(pl_reading *r, const pl_yaml *node, void *object) {
    pl_situation *s = object;
    if (pl_yaml_is_empty(node) || !pl_reading_is(r, node, PL_YAML_MAPPING, "'input groups'") || !node->count) return;
    s->input_group = PL_ARRAY(&s->arena, s->uncertainty_count + 1, int);
    s->input_groups = PL_ARRAY(&s->arena, node->count + s->uncertainty_count, const char *);
    for (int u = 0; u < s->uncertainty_count; u++) s->input_group[u] = -1;
    for (int i = 0; i < node->count; i++) read_group(r, node->keys[i], node->items[i]);
    for (int u = 0; u < s->uncertainty_count; u++) {
        if (s->input_group[u] >= 0) continue;
        s->input_groups[s->input_group_count] = s->uncertainties[u].name;
        s->input_group[u] = s->input_group_count++;
    }
}
