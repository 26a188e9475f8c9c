/* `set`: levers and their values, as a number or over time.  Shared by courses and checks. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ensemble/reading.h"

/* A mapping is a distribution where its first key names one, else values over time. */
static bool is_distribution(const pl_yaml *node) {
    return node->kind == PL_YAML_MAPPING && node->count && pl_distribution_named(node->keys[0]->text) >= 0;
}

bool pl_reading_quantity(pl_reading *r, const pl_yaml *node, const char *what, pl_quantity *quantity) {
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

/* A lever's value. */
static bool read_value(pl_reading *r, const pl_yaml *node, pl_quantity *quantity) {
    if (!pl_reading_quantity(r, node, "a lever's value", quantity)) return false;
    if (!quantity->distribution) return true;
    pl_reading_refuse(r, node, "a distribution in 'set' is");
    return false;
}

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

static void read_schedule(pl_reading *r, const pl_yaml *node, pl_setting *setting, bool check) {
    point *points = PL_ARRAY(&r->s->arena, node->count, point);
    for (int i = 0; i < node->count; i++) {
        points[i].key = node->keys[i], points[i].value = node->items[i];
        if (!pl_reading_number(r, node->keys[i], "a time", &points[i].time)) return;
        if (!check_time(r, &points[i], check)) return;
    }
    qsort(points, (size_t)node->count, sizeof *points, compare_points);
    setting->times = PL_ARRAY(&r->s->arena, node->count, double);
    setting->values = PL_ARRAY(&r->s->arena, node->count, pl_quantity);
    for (int i = 0; i < node->count; i++) {
        if (i && points[i].time == points[i - 1].time) {
            pl_reading_error(r, points[i].key, "the time %s is given twice", points[i].key->text);
            return;
        }
        setting->times[i] = points[i].time;
        if (!read_value(r, points[i].value, &setting->values[i])) return;
    }
    setting->count = node->count;
}

static void read_values(pl_reading *r, const pl_yaml *node, pl_setting *setting, bool check) {
    if (node->kind == PL_YAML_MAPPING && !is_distribution(node)) {
        if (!node->count) pl_reading_error(r, node, "a lever needs a value");
        read_schedule(r, node, setting, check);
        return;
    }
    setting->times = PL_NEW(&r->s->arena, double);
    setting->values = PL_NEW(&r->s->arena, pl_quantity);
    setting->times[0] = NAN;
    if (read_value(r, node, &setting->values[0])) setting->count = 1;
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
    read_values(r, value, setting, target->check);
    target->count++;
}

void pl_reading_set(pl_reading *r, const pl_yaml *node, pl_set_target *target) {
    if (pl_yaml_is_empty(node) || !pl_reading_is(r, node, PL_YAML_MAPPING, "'set'")) return;
    target->settings = PL_ARRAY(&r->s->arena, node->count, pl_setting);
    if (target->check) target->inputs = PL_ARRAY(&r->s->arena, node->count, pl_input);
    for (int i = 0; i < node->count; i++) read_setting(r, node->keys[i], node->items[i], target);
}
