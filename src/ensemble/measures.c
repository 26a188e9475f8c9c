/* `measures`, `risks`, `checks`, `series` and `data`: what is taken from a run, and what is said about it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "ensemble/condition.h"
#include "ensemble/reading.h"

enum { MOST_MEASURES = 4096, MOST_CONDITIONS = 4096 };

/* ---- the window ---------------------------------------------------------------------------------------- */

static double run_start(const pl_reading *r) { return isnan(r->s->run_from) ? r->initial : r->s->run_from; }
static double run_end(const pl_reading *r) { return isnan(r->s->run_to) ? r->final : r->s->run_to; }

/* A time that lies in the run; the history before run.from is part of it. */
static bool read_time(pl_reading *r, const pl_yaml *node, const char *what, double *time) {
    if (!pl_reading_number(r, node, what, time)) return false;
    double half = isnan(r->dt) ? 0 : r->dt / 2;
    if (*time < r->initial - half)
        pl_reading_error(r, node, "%s %g is before the model's start (%g)", what, *time, r->initial);
    else if (*time > run_end(r) + half)
        pl_reading_error(r, node, "%s %g is after the run's end (%g)", what, *time, run_end(r));
    else
        return true;
    return false;
}

/* ---- one measure --------------------------------------------------------------------------------------- */

typedef struct draft {
    pl_measure *measure;
    const pl_yaml *take, *from, *to, *above, *below;
} draft;

static void read_title(pl_reading *r, const pl_yaml *value, void *d) {
    pl_reading_title(r, value, &((draft *)d)->measure->title);
}
static void read_text(pl_reading *r, const pl_yaml *value, void *d) {
    pl_reading_title(r, value, &((draft *)d)->measure->text);
}
static void read_units(pl_reading *r, const pl_yaml *value, void *d) {
    pl_reading_title(r, value, &((draft *)d)->measure->units_title);
}
static bool is_no_lookup(pl_reading *r, const pl_yaml *at, const pl_variable *variable) {
    if (variable->kind != PL_LOOKUP) return true;
    pl_reading_error(r, at, "'%.80s' is a lookup, which has no value of its own", variable->name);
    return false;
}
static void read_of(pl_reading *r, const pl_yaml *value, void *object) {
    pl_measure_spec *spec = &((draft *)object)->measure->spec;
    const char *name;
    pl_variable *variable;
    if (!pl_reading_text(r, value, "'of'", &name) || !pl_reading_variable(r, value, name, &variable, &spec->element))
        return;
    if (!is_no_lookup(r, value, variable)) return;
    if (spec->element < 0 && variable->size > 1)
        pl_reading_error(r, value, "'%.80s' is an array; name one element, as in %.80s[...]", name, name);
    else
        spec->variable = variable;
    if (spec->element < 0) spec->element = 0;
}
static void read_take(pl_reading *r, const pl_yaml *value, void *d) { (void)r, ((draft *)d)->take = value; }
static void read_from(pl_reading *r, const pl_yaml *value, void *d) { (void)r, ((draft *)d)->from = value; }
static void read_to(pl_reading *r, const pl_yaml *value, void *d) { (void)r, ((draft *)d)->to = value; }
static void read_above(pl_reading *r, const pl_yaml *value, void *d) { (void)r, ((draft *)d)->above = value; }
static void read_below(pl_reading *r, const pl_yaml *value, void *d) { (void)r, ((draft *)d)->below = value; }

static void read_burdens(pl_reading *r, const pl_yaml *value, void *d) {
    pl_reading_bearings(r, value, ((draft *)d)->measure, -1);
}
static void read_benefits(pl_reading *r, const pl_yaml *value, void *d) {
    pl_reading_bearings(r, value, ((draft *)d)->measure, 1);
}

static const pl_key_row measure_rows[] = {
    {"title", false, read_title}, {"text", false, read_text},   {"units", false, read_units},
    {"of", true, read_of},        {"take", true, read_take},    {"from", false, read_from},
    {"to", false, read_to},       {"above", false, read_above}, {"below", false, read_below},
    {"burdens", false, read_burdens}, {"benefits", false, read_benefits}};

static const struct {
    const char *name;
    int needs;
} takes[] = {
#define X(id, name, needs, text) {name, needs},
    PL_TAKES(X)
#undef X
};

static int find_take(pl_reading *r, const pl_yaml *node, const char *name, size_t length) {
    pl_near near;
    char text[PL_NEAR_TEXT];
    pl_near_start(&near, name);
    for (int i = 0; i < PL_TAKE_COUNT; i++) {
        if (strlen(takes[i].name) == length && memcmp(takes[i].name, name, length) == 0) return i;
        if (i != PL_TAKE_FIRST_BELOW) pl_near_offer(&near, takes[i].name);
    }
    pl_reading_error(r, node, "'%.80s' is no way to take a measure%s", name, pl_near_text(&near, text));
    return -1;
}

/* The T of at(T). */
static void read_moment(pl_reading *r, const pl_yaml *node, const char *text, pl_measure_spec *spec) {
    size_t length = strlen(text);
    pl_yaml moment = *node;
    char *inner = pl_arena_text(&r->s->arena, length > 2 ? text + 1 : "", length > 2 ? length - 2 : 0);
    moment.text = inner, moment.quoted = false;
    if (length < 3 || text[0] != '(' || text[length - 1] != ')' || !pl_yaml_number(&moment, &spec->from))
        pl_reading_error(r, node, "'at' takes a time, as in at(2030)");
    else
        read_time(r, &moment, "the time", &spec->from);
}

static void read_threshold(pl_reading *r, const draft *d, const pl_yaml *node, pl_measure_spec *spec) {
    if (!d->above == !d->below) {
        pl_reading_error(r, d->take, "'first' takes one of 'above' and 'below'");
        return;
    }
    spec->take = d->above ? PL_TAKE_FIRST_ABOVE : PL_TAKE_FIRST_BELOW;
    pl_reading_number(r, node, d->above ? "'above'" : "'below'", &spec->threshold);
}

static void refuse_unused(pl_reading *r, const pl_yaml *node, const char *key, const char *take) {
    if (node) pl_reading_error(r, node, "'%s' has no meaning with '%s'", key, take);
}

static void read_window(pl_reading *r, const draft *d, pl_measure_spec *spec) {
    spec->from = isnan(r->s->run_from) ? NAN : run_start(r);
    spec->to = NAN;
    if (d->from) read_time(r, d->from, "'from'", &spec->from);
    if (d->to) read_time(r, d->to, "'to'", &spec->to);
    double from = isnan(spec->from) ? run_start(r) : spec->from;
    if (spec->to < from) pl_reading_error(r, d->to, "the window ends (%g) before it begins (%g)", spec->to, from);
}

static void read_taking(pl_reading *r, const draft *d) {
    const char *text;
    if (!d->take || !pl_reading_text(r, d->take, "'take'", &text)) return;
    size_t length = strcspn(text, "( ");
    int take = find_take(r, d->take, text, length);
    if (take < 0) return;
    pl_measure_spec *spec = &d->measure->spec;
    spec->take = (pl_take)take;
    if (takes[take].needs != 2) {
        refuse_unused(r, d->above, "above", text);
        refuse_unused(r, d->below, "below", text);
    }
    if (takes[take].needs == 1) {
        refuse_unused(r, d->from, "from", text);
        refuse_unused(r, d->to, "to", text);
        read_moment(r, d->take, text + length, spec);
        return;
    }
    if (text[length]) pl_reading_error(r, d->take, "'%.*s' takes nothing in brackets", (int)length, text);
    read_window(r, d, spec);
    if (takes[take].needs == 2) read_threshold(r, d, d->above ? d->above : d->below, spec);
}

/* ---- units --------------------------------------------------------------------------------------------- */

/* The units of a variable times those of time: "deaths/year" times "year" is "deaths". */
static const char *integrate_units(pl_reading *r, const char *units, const char *time) {
    size_t length = strlen(units), tail = strlen(time);
    if (!tail) return units;
    const char *slash = strrchr(units, '/');
    if (slash && slash > units) {
        const char *per = slash + 1 + strspn(slash + 1, " ");
        if (pl_names_equal(per, time)) {
            while (slash > units && slash[-1] == ' ') slash--;
            return pl_arena_text(&r->s->arena, units, (size_t)(slash - units));
        }
    }
    char *product = pl_arena_take(&r->s->arena, length + tail + 2);
    snprintf(product, length + tail + 2, "%s%s%s", units, length ? "*" : "", time);
    return product;
}

static void find_units(pl_reading *r, pl_measure *measure) {
    const char *units = measure->spec.variable->units, *time = r->s->model->time_step->units;
    if (!units) units = "";
    if (!time) time = "";
    pl_take take = measure->spec.take;
    if (take == PL_TAKE_INTEGRAL) units = integrate_units(r, units, time);
    if (take == PL_TAKE_FIRST_ABOVE || take == PL_TAKE_FIRST_BELOW) units = time;
    measure->units = units;
    if (!measure->units_title.in[PL_EN]) measure->units_title = pl_situation_units_title(r->s, units);
}

/* ---- measures ------------------------------------------------------------------------------------------ */

static void read_measure(pl_reading *r, const pl_yaml *key, const pl_yaml *value) {
    pl_situation *s = r->s;
    for (int i = 0; i < s->measure_count; i++)
        if (pl_names_equal(s->measures[i].name, key->text))
            pl_reading_error(r, key, "another measure has the name '%.80s'", key->text);
    pl_measure *measure = &s->measures[s->measure_count++];
    measure->name = key->text, measure->units = "";
    pl_reading_title(r, key, &measure->title);
    measure->text = (pl_title){{"", ""}};
    draft d = {.measure = measure};
    pl_reading_mapping(r, value, PL_ROWS(measure_rows), "a measure", &d, NULL);
    read_taking(r, &d);
    if (measure->spec.variable) find_units(r, measure);
}

void pl_reading_measures(pl_reading *r, const pl_yaml *node, void *object) {
    pl_situation *s = object;
    if (pl_yaml_is_empty(node) || !pl_reading_is(r, node, PL_YAML_MAPPING, "'measures'")) return;
    if (node->count > MOST_MEASURES) {
        pl_reading_error(r, node, "a situation has at most %d measures", MOST_MEASURES);
        return;
    }
    s->measures = PL_ARRAY(&s->arena, node->count, pl_measure);
    for (int i = 0; i < node->count; i++) read_measure(r, node->keys[i], node->items[i]);
}

/* ---- risks --------------------------------------------------------------------------------------------- */

/* Binds once, to find what is wrong with the names. */
static pl_status bind_once(pl_reading *r, const pl_expr *expr, bool over_variables, pl_condition **condition,
                           pl_error *error) {
    return over_variables ? pl_condition_over_variables(&r->s->arena, r->s->model, expr, condition, error)
                          : pl_condition_over_measures(&r->s->arena, r->s, expr, condition, error);
}

pl_expr *pl_reading_condition(pl_reading *r, const pl_yaml *node, bool over_variables, const char **text,
                              pl_position *at, pl_condition **condition) {
    pl_error error;
    pl_condition *unused;
    if (!pl_reading_text(r, node, "a condition", text)) return NULL;
    *at = (pl_position){node->line, node->column + (node->quoted && !node->block)};
    pl_expr *expr = pl_expr_parse(&r->s->arena, *text, r->s->file, at->line, at->column, &error);
    if (expr && over_variables && r->search) pl_reading_thresholds(r, expr);
    if (expr && bind_once(r, expr, over_variables, condition ? condition : &unused, &error) == PL_OK) return expr;
    pl_yaml inside = *node; /* a block's text stands elsewhere, so its head is pointed at */
    if (!node->block && error.line == node->line) inside.column = error.column;
    pl_reading_pass(r, &inside, &error);
    return NULL;
}

static void read_risk_title(pl_reading *r, const pl_yaml *value, void *risk) {
    pl_reading_title(r, value, &((pl_risk *)risk)->title);
}
static void read_risk_if(pl_reading *r, const pl_yaml *value, void *object) {
    pl_risk *risk = object;
    risk->expr = pl_reading_condition(r, value, false, &risk->condition, &risk->at, NULL);
}
static const pl_key_row risk_rows[] = {{"title", false, read_risk_title}, {"if", true, read_risk_if}};

void pl_reading_risks(pl_reading *r, const pl_yaml *node, void *object) {
    pl_situation *s = object;
    if (pl_yaml_is_empty(node) || !pl_reading_is(r, node, PL_YAML_MAPPING, "'risks'")) return;
    if (node->count > MOST_CONDITIONS) {
        pl_reading_error(r, node, "a situation has at most %d risks", MOST_CONDITIONS);
        return;
    }
    s->risks = PL_ARRAY(&s->arena, node->count, pl_risk);
    for (int i = 0; i < node->count; i++) {
        pl_risk *risk = &s->risks[s->risk_count++];
        risk->name = node->keys[i]->text;
        pl_reading_title(r, node->keys[i], &risk->title);
        if (node->items[i]->kind == PL_YAML_MAPPING)
            pl_reading_mapping(r, node->items[i], PL_ROWS(risk_rows), "a risk", risk, NULL);
        else
            read_risk_if(r, node->items[i], risk);
    }
}

/* ---- checks -------------------------------------------------------------------------------------------- */

static void read_check_title(pl_reading *r, const pl_yaml *value, void *check) {
    pl_reading_title(r, value, &((pl_check *)check)->title);
}
static void read_check_set(pl_reading *r, const pl_yaml *value, void *object) {
    pl_check *check = object;
    pl_set_target target = {.check = true};
    pl_reading_set(r, value, &target);
    check->settings = target.settings, check->setting_count = target.count, check->inputs = target.inputs;
}
static void read_check_expect(pl_reading *r, const pl_yaml *value, void *object) {
    pl_check *check = object;
    check->expr = pl_reading_condition(r, value, true, &check->condition, &check->at, NULL);
}
static const pl_key_row check_rows[] = {
    {"title", false, read_check_title}, {"set", false, read_check_set}, {"expect", true, read_check_expect}};

void pl_reading_checks(pl_reading *r, const pl_yaml *node, void *object) {
    pl_situation *s = object;
    if (pl_yaml_is_empty(node) || !pl_reading_is(r, node, PL_YAML_MAPPING, "'checks'")) return;
    if (node->count > MOST_CONDITIONS) {
        pl_reading_error(r, node, "a situation has at most %d checks", MOST_CONDITIONS);
        return;
    }
    s->checks = PL_ARRAY(&s->arena, node->count, pl_check);
    for (int i = 0; i < node->count; i++) {
        pl_check *check = &s->checks[s->check_count++];
        check->name = node->keys[i]->text;
        pl_reading_title(r, node->keys[i], &check->title);
        pl_reading_mapping(r, node->items[i], PL_ROWS(check_rows), "a check", check, NULL);
    }
}

/* ---- series -------------------------------------------------------------------------------------------- */

static void read_series_variables(pl_reading *r, const pl_yaml *node, void *object) {
    pl_situation *s = object;
    if (!pl_reading_is(r, node, PL_YAML_SEQUENCE, "'variables'")) return;
    s->series = PL_ARRAY(&s->arena, node->count, pl_output);
    for (int i = 0; i < node->count; i++) {
        const char *name;
        pl_output *output = &s->series[s->series_count];
        if (pl_reading_text(r, node->items[i], "a variable", &name) &&
            pl_reading_variable(r, node->items[i], name, &output->variable, &output->element) &&
            is_no_lookup(r, node->items[i], output->variable))
            s->series_count++;
    }
}
static void read_series_every(pl_reading *r, const pl_yaml *node, void *object) {
    double *every = &((pl_situation *)object)->series_every;
    if (pl_reading_number(r, node, "'every'", every) && !(*every > 0))
        pl_reading_error(r, node, "'every' must be above 0");
}
static const pl_key_row series_rows[] = {
    {"variables", true, read_series_variables}, {"every", false, read_series_every}};

void pl_reading_series(pl_reading *r, const pl_yaml *node, void *situation) {
    pl_reading_mapping(r, node, PL_ROWS(series_rows), "'series'", situation, NULL);
}
