/* `set`: levers and their values, as a number or over time.  Shared by courses and checks. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "ensemble/reading.h"

/* A mapping is a distribution where its first key names one, else values over time. */
static bool is_distribution(const pl_yaml *node) {
    return node->kind == PL_YAML_MAPPING && node->count && pl_distribution_named(node->keys[0]->text) >= 0;
}

bool pl_reading_quantity(pl_reading *r, const pl_yaml *node, const char *what, pl_quantity *quantity) {
    if (r->search) return pl_reading_range(r, node, what, quantity);
    if (!is_distribution(node)) return pl_reading_number(r, node, what, &quantity->value);
    pl_distribution *d = PL_NEW(&r->s->arena, pl_distribution);
    if (node->count > 1) {
        pl_reading_error(r, node->keys[1], "%s takes one distribution", what);
        return false;
    }
    if (!pl_reading_distribution(r, node->keys[0], node->items[0], d)) return false;
    quantity->distribution = d, quantity->value = pl_distribution_mean(d);
    return true;
}

/* ---- values that are drawn ---------------------------------------------------------------------------- */

/* A setting as it is read. */
typedef struct setting_work {
    pl_setting *setting;
    const pl_set_target *target;
    const char *lever;  /* the constant's own name, with its element */
    const char *units;
} setting_work;

/* "actor/course/lever", behind it the time where there is one; of a rule "actor/course/when 1/lever". */
static const char *stream_name(pl_reading *r, const setting_work *w, double time) {
    char rule[32] = "", at[40] = "/";
    if (w->target->rule) snprintf(rule, sizeof rule, "when %d/", w->target->rule);
    if (isnan(time)) at[0] = 0;
    else pl_number_print(time, at + 1);
    size_t room = strlen(r->owner) + strlen(w->lever) + sizeof rule + sizeof at;
    char *name = pl_arena_take(&r->s->arena, room);
    snprintf(name, room, "%s/%s%s%s", r->owner, rule, w->lever, at);
    return name;
}

/* "Actor: course: lever", in each language. */
static pl_title title_of(pl_reading *r, const char *stream) {
    pl_title title;
    const char *lever = stream + strlen(r->owner) + 1;
    for (int l = 0; l < PL_LANGUAGES; l++) {
        const char *actor = r->actor->title.in[l], *course = r->course->title.in[l];
        size_t room = strlen(actor) + strlen(course) + strlen(lever) + 5;
        char *text = pl_arena_take(&r->s->arena, room);
        snprintf(text, room, "%s: %s: %s", actor, course, lever);
        title.in[l] = text;
    }
    return title;
}

static const char *armed_name(pl_reading *r, const char *stream) {
    size_t room = strlen(stream) + sizeof " in force";
    char *name = pl_arena_take(&r->s->arena, room);
    snprintf(name, room, "%s in force", stream);
    return name;
}

/* Value k has a distribution: an uncertainty of its own, which takes the lever's place while it is in force. */
static bool draw_value(pl_reading *r, const pl_yaml *node, const setting_work *w, int k) {
    pl_situation *s = r->s;
    const char *name = stream_name(r, w, w->setting->times[k]);
    int value = pl_reading_own_input(r, name, w->units, PL_INPUT_UNCERTAINTY);
    pl_uncertainty *u = pl_reading_new_uncertainty(r, node, name, name, value);
    if (!u) return false;
    u->of_course = true, u->title = title_of(r, name);
    u->distribution = *w->setting->values[k].distribution;
    w->setting->drawn[k] = u->place;
    if (w->target->rule) return true; /* the rule itself says when it is in force */
    w->setting->armed[k] = pl_reading_own_input(r, armed_name(r, name), "", PL_INPUT_LEVER);
    s->overrides = pl_arena_grow(&s->arena, s->overrides, s->override_count, &r->override_room, s->override_count + 1,
                                 sizeof *s->overrides);
    s->overrides[s->override_count++] =
        (pl_override){.lever = w->setting->input, .armed = w->setting->armed[k], .rule = -1, .value = value};
    return true;
}

/* A lever's value, at its time. */
static bool read_value(pl_reading *r, const pl_yaml *node, const setting_work *w, int k) {
    pl_quantity *quantity = &w->setting->values[k];
    if (!pl_reading_quantity(r, node, "a lever's value", quantity)) return false;
    if (!quantity->distribution) return true;
    if (!w->target->check) return draw_value(r, node, w, k);
    pl_reading_error(r, node, "a check sets numbers: it is one run");
    return false;
}

/* ---- values over time --------------------------------------------------------------------------------- */

typedef struct point {
    double time;
    const pl_yaml *key, *value;
} point;

static int compare_points(const void *a, const void *b) {
    double x = ((const point *)a)->time, y = ((const point *)b)->time;
    return (x > y) - (x < y);
}

/* The times at which a setting may act: a course's from run.from, a check's from INITIAL TIME; NaN = not known. */
static double earliest(const pl_reading *r, bool check) {
    return check || isnan(r->s->run_from) ? r->initial : r->s->run_from;
}
static double latest(const pl_reading *r) { return isnan(r->s->run_to) ? r->final : r->s->run_to; }

static bool check_time(pl_reading *r, const point *p, bool check) {
    double half = isnan(r->dt) ? 0 : r->dt / 2;
    if (p->time < earliest(r, check) - half) {
        pl_reading_error(r, p->key, "time %s is before the run's start (%g)", p->key->text, earliest(r, check));
        return false;
    }
    if (p->time > latest(r) + half)
        pl_reading_warn(r, p->key, "time %s is after the run's end (%g), so it has no effect", p->key->text, latest(r));
    return true;
}

static void make_room(pl_reading *r, pl_setting *setting, int count) {
    setting->times = PL_ARRAY(&r->s->arena, count, double);
    setting->values = PL_ARRAY(&r->s->arena, count, pl_quantity);
    setting->drawn = PL_ARRAY(&r->s->arena, count, int);
    setting->armed = PL_ARRAY(&r->s->arena, count, int);
    for (int i = 0; i < count; i++) setting->times[i] = NAN, setting->drawn[i] = setting->armed[i] = -1;
}

static void read_schedule(pl_reading *r, const pl_yaml *node, const setting_work *w) {
    bool check = w->target->check;
    pl_setting *setting = w->setting;
    point *points = PL_ARRAY(&r->s->arena, node->count, point);
    for (int i = 0; i < node->count; i++) {
        points[i].key = node->keys[i], points[i].value = node->items[i];
        if (!pl_reading_number(r, node->keys[i], "a time", &points[i].time)) return;
        if (!check_time(r, &points[i], check)) return;
    }
    qsort(points, (size_t)node->count, sizeof *points, compare_points);
    make_room(r, setting, node->count);
    for (int i = 0; i < node->count; i++) {
        if (i && points[i].time == points[i - 1].time) {
            pl_reading_error(r, points[i].key, "the time %s is given twice", points[i].key->text);
            return;
        }
        setting->times[i] = points[i].time;
        if (!read_value(r, points[i].value, w, i)) return;
    }
    setting->count = node->count;
}

static void read_values(pl_reading *r, const pl_yaml *node, const setting_work *w) {
    bool over_time = node->kind == PL_YAML_MAPPING && !is_distribution(node);
    if (over_time && w->target->rule) {
        pl_reading_error(r, node, "'%.80s' takes one value in 'when', from then on: values over time belong in 'set'",
                         w->setting->lever);
    } else if (over_time) {
        if (!node->count) pl_reading_error(r, node, "a lever needs a value");
        read_schedule(r, node, w);
    } else {
        make_room(r, w->setting, 1);
        if (read_value(r, node, w, 0)) w->setting->count = 1;
    }
}

/* The index of a constant among a check's own inputs, or -1 after an error. */
static int own_input(pl_reading *r, const pl_yaml *key, pl_set_target *target, pl_variable *variable, int element) {
    for (int i = 0; i < target->count; i++) {
        const pl_input *input = &target->inputs[target->settings[i].input];
        if (input->variable != variable) continue;
        if (input->element != element && input->element >= 0 && element >= 0) continue;
        pl_reading_error(r, key, "'%.80s' is set twice", variable->name);
        return -1;
    }
    target->inputs[target->count] = (pl_input){variable, element, PL_INPUT_LEVER};
    return target->count;
}

static int shared_input(pl_reading *r, const pl_yaml *key, const pl_set_target *target, pl_variable *variable,
                        int element) {
    int input = pl_reading_input(r, key, variable, element, PL_INPUT_LEVER);
    for (int i = 0; input >= 0 && i < target->count; i++) {
        if (target->settings[i].input != input) continue;
        pl_reading_error(r, key, "'%.80s' is set twice", variable->name);
        return -1;
    }
    return input;
}

static void read_setting(pl_reading *r, const pl_yaml *key, const pl_yaml *value, pl_set_target *target) {
    pl_variable *variable;
    int element;
    if (!pl_reading_constant(r, key, key->text, &variable, &element)) return;
    int input = target->check ? own_input(r, key, target, variable, element)
                              : shared_input(r, key, target, variable, element);
    if (input < 0) return;
    pl_setting *setting = &target->settings[target->count];
    setting->lever = key->text;
    setting->input = input;
    setting->at = (pl_position){key->line, key->column};
    setting_work work = {setting, target, pl_reading_full_name(r, variable, element), variable->units};
    read_values(r, value, &work);
    target->count++;
}

void pl_reading_set(pl_reading *r, const pl_yaml *node, pl_set_target *target) {
    if (pl_yaml_is_empty(node) || !pl_reading_is(r, node, PL_YAML_MAPPING, "'set'")) return;
    target->settings = PL_ARRAY(&r->s->arena, node->count, pl_setting);
    if (target->check) target->inputs = PL_ARRAY(&r->s->arena, node->count, pl_input);
    for (int i = 0; i < node->count; i++) read_setting(r, node->keys[i], node->items[i], target);
}
