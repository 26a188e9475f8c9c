/* `data` and `fit`: what was observed of variables over time, how it scatters about the model, and what is fitted to it.
 * The series themselves are read where they are asked for (study/observations.h). */
#include <math.h>
#include <string.h>

#include "ensemble/reading.h"

const char *const pl_observed_take_names[] = {
#define X(id, name, text) name,
    PL_OBSERVED_TAKES(X)
#undef X
};
const char *const pl_error_model_names[] = {
#define X(id, name, scale, text) name,
    PL_ERROR_MODELS(X)
#undef X
};

/* ---- data ----------------------------------------------------------------------------------------------- */

static void read_variable(pl_reading *r, const pl_yaml *node, void *object) {
    pl_observed *o = object;
    const char *name;
    if (!pl_reading_text(r, node, "'variable'", &name) || !pl_reading_variable(r, node, name, &o->variable, &o->element))
        return;
    if (o->variable->kind == PL_LOOKUP)
        pl_reading_error(r, node, "'%.80s' is a lookup, which has no value of its own", name);
    if (o->element < 0 && o->variable->size > 1)
        pl_reading_error(r, node, "'%.80s' is an array; name one element, as in %.80s[...]", name, name);
    if (o->element < 0) o->element = 0;
    o->name = pl_reading_full_name(r, o->variable, o->element);
}

static void read_file(pl_reading *r, const pl_yaml *node, void *object) {
    if (pl_reading_file(r, node, "the file of data")) ((pl_observed *)object)->file = node->text;
}
static void read_column(pl_reading *r, const pl_yaml *node, void *object) {
    pl_reading_text(r, node, "'column'", &((pl_observed *)object)->column);
}
static void read_times(pl_reading *r, const pl_yaml *node, void *object) {
    pl_reading_text(r, node, "'times'", &((pl_observed *)object)->times);
}
static void read_from(pl_reading *r, const pl_yaml *node, void *object) {
    pl_reading_number(r, node, "'from'", &((pl_observed *)object)->from);
}
static void read_to(pl_reading *r, const pl_yaml *node, void *object) {
    pl_observed *o = object;
    if (pl_reading_number(r, node, "'to'", &o->to) && o->to < o->from) pl_reading_error(r, node, "'to' is before 'from'");
}
static void read_holdout(pl_reading *r, const pl_yaml *node, void *object) {
    pl_reading_number(r, node, "'holdout'", &((pl_observed *)object)->holdout);
}
static void read_weight(pl_reading *r, const pl_yaml *node, void *object) {
    double *weight = &((pl_observed *)object)->weight;
    if (pl_reading_number(r, node, "'weight'", weight) && !(*weight >= 0 && isfinite(*weight)))
        pl_reading_error(r, node, "a weight is a number from 0 up");
}
static void read_over(pl_reading *r, const pl_yaml *node, void *object) {
    double *over = &((pl_observed *)object)->over;
    if (pl_reading_number(r, node, "'over'", over) && !(*over > 0 && isfinite(*over)))
        pl_reading_error(r, node, "'over' must be above 0");
}

/* The place of a name in a list, or -1 after an error that shows the list. */
static int choose(pl_reading *r, const pl_yaml *node, const char *what, const char *name, const char *const *names,
                  int count) {
    char list[200] = "";
    for (int k = 0; k < count; k++) {
        if (strcmp(names[k], name) == 0) return k;
        strncat(list, k ? ", " : "", sizeof list - strlen(list) - 1);
        strncat(list, names[k], sizeof list - strlen(list) - 1);
    }
    pl_reading_error(r, node, "%s is one of %s, not '%.40s'", what, list, name);
    return -1;
}

/* A number from 0 to below 1, or [low, high]. */
static void read_correlation(pl_reading *r, const pl_yaml *node, void *object) {
    pl_observed *o = object;
    bool range = node->kind == PL_YAML_SEQUENCE;
    if (range && node->count != 2) {
        pl_reading_error(r, node, "the range of 'autocorrelation' is [low, high]");
        return;
    }
    for (int k = 0; k < 2; k++) {
        const pl_yaml *number = range ? node->items[k] : node;
        if (!pl_reading_number(r, number, "'autocorrelation'", &o->correlation[k])) return;
        if (!(o->correlation[k] >= 0 && o->correlation[k] < 1))
            pl_reading_error(r, number, "an autocorrelation is at least 0 and below 1");
    }
    if (range && !(o->correlation[0] < o->correlation[1])) pl_reading_error(r, node, "low must be below high");
}

static void read_take(pl_reading *r, const pl_yaml *node, void *object) {
    const char *name;
    if (!pl_reading_text(r, node, "'take'", &name)) return;
    int take = choose(r, node, "'take'", name, pl_observed_take_names, PL_OBSERVED_TAKE_COUNT);
    if (take >= 0) ((pl_observed *)object)->take = (pl_observed_take)take;
}

/* A number, or [low, high] where it is estimated within them. */
static void read_scale(pl_reading *r, const pl_yaml *node, pl_observed *o) {
    bool range = node->kind == PL_YAML_SEQUENCE;
    if (o->error == PL_ERRORS_POISSON) {
        pl_reading_error(r, node, "poisson has no scale: its variance is its mean");
        return;
    }
    if (range && node->count != 2) {
        pl_reading_error(r, node, "the range of a scale is [low, high]");
        return;
    }
    for (int k = 0; k < 2; k++) {
        const pl_yaml *number = range ? node->items[k] : node;
        if (!pl_reading_number(r, number, "a scale", &o->scale[k])) return;
        if (!(o->scale[k] > 0 && isfinite(o->scale[k]))) pl_reading_error(r, number, "a scale must be above 0");
    }
    if (range && !(o->scale[0] < o->scale[1])) pl_reading_error(r, node, "low must be below high");
}

/* `error: normal`, or with its scale `error: {normal: 2}` or `error: {normal: [1, 5]}`. */
static void read_error(pl_reading *r, const pl_yaml *node, void *object) {
    pl_observed *o = object;
    const char *name;
    bool scaled = node->kind == PL_YAML_MAPPING && node->count == 1;
    if (scaled) name = node->keys[0]->text;
    else if (!pl_reading_text(r, node, "'error'", &name)) return;
    int kind = choose(r, node, "'error'", name, pl_error_model_names, PL_ERROR_MODEL_COUNT);
    if (kind < 0) return;
    o->error = (pl_error_model)kind;
    if (scaled) read_scale(r, node->items[0], o);
}

static const pl_key_row data_rows[] = {
    {"variable", true, read_variable}, {"file", true, read_file},     {"column", false, read_column},
    {"times", false, read_times},      {"from", false, read_from},    {"to", false, read_to},
    {"take", false, read_take},        {"over", false, read_over},    {"weight", false, read_weight},
    {"error", false, read_error},      {"autocorrelation", false, read_correlation},
    {"holdout", false, read_holdout}};

static void check_correlation(pl_reading *r, const pl_yaml *node, const pl_observed *o) {
    if (o->correlation[1] > 0 && (o->error == PL_ERRORS_POISSON || o->error == PL_ERRORS_NEGATIVE_BINOMIAL))
        pl_reading_error(r, pl_yaml_get(node, "autocorrelation"), "errors of counts have no autocorrelation here");
}

void pl_reading_data(pl_reading *r, const pl_yaml *node, void *situation) {
    pl_situation *s = situation;
    if (pl_yaml_is_empty(node) || !pl_reading_is(r, node, PL_YAML_SEQUENCE, "'data'")) return;
    s->observed = PL_ARRAY(&s->arena, node->count + 1, pl_observed);
    for (; s->observed_count < node->count; s->observed_count++) {
        const pl_yaml *item = node->items[s->observed_count];
        pl_observed *o = &s->observed[s->observed_count];
        *o = (pl_observed){.name = "", .column = "value", .from = NAN, .to = NAN, .over = 1, .weight = 1,
                           .scale = {NAN, NAN}, .holdout = NAN, .at = {item->line, item->column}};
        pl_reading_mapping(r, item, PL_ROWS(data_rows), "an entry of 'data'", o, NULL);
        if (item->kind == PL_YAML_MAPPING) check_correlation(r, item, o);
    }
}

/* ---- fit ------------------------------------------------------------------------------------------------- */

static void read_parameters(pl_reading *r, const pl_yaml *node, void *situation) {
    pl_situation *s = situation;
    if (!pl_reading_is(r, node, PL_YAML_SEQUENCE, "'parameters'")) return;
    s->fit.parameters = PL_ARRAY(&s->arena, node->count + 1, int);
    for (int i = 0; i < node->count; i++) {
        const char *name;
        if (!pl_reading_text(r, node->items[i], "a parameter", &name)) continue;
        int found = pl_reading_uncertainty(r, node->items[i], name);
        for (int k = 0; k < s->fit.parameter_count; k++)
            if (s->fit.parameters[k] == found) pl_reading_error(r, node->items[i], "'%.80s' is there twice", name);
        if (found >= 0) s->fit.parameters[s->fit.parameter_count++] = found;
    }
    if (!node->count) pl_reading_error(r, node, "'parameters' needs one; without it all that the data can reach are fitted");
}
static void read_fit_holdout(pl_reading *r, const pl_yaml *node, void *situation) {
    pl_reading_number(r, node, "'holdout'", &((pl_situation *)situation)->fit.holdout);
}
static void read_fit_profile(pl_reading *r, const pl_yaml *node, void *situation) {
    const char *name;
    if (pl_reading_text(r, node, "'profile'", &name))
        ((pl_situation *)situation)->fit.profile = pl_reading_profile(r, node, name);
}
static void read_fit_futures(pl_reading *r, const pl_yaml *node, void *situation) {
    double futures;
    if (pl_reading_whole(r, node, "'futures'", 1, 1000000, &futures))
        ((pl_situation *)situation)->fit.futures = (long)futures;
}
static const pl_key_row fit_rows[] = {{"parameters", false, read_parameters},
                                      {"holdout", false, read_fit_holdout},
                                      {"profile", false, read_fit_profile},
                                      {"futures", false, read_fit_futures}};

void pl_reading_fit(pl_reading *r, const pl_yaml *node, void *situation) {
    pl_situation *s = situation;
    if (!node) return;
    s->fit.at = (pl_position){node->line, node->column};
    pl_reading_mapping(r, node, PL_ROWS(fit_rows), "'fit'", s, NULL);
    if (!s->observed_count) pl_reading_error(r, node, "there is nothing to fit to: the situation has no 'data'");
}
