/* `when` of a course: conditions over the model's variables, judged while the run goes on, and the settings that come
 * into force once one has held.  Each becomes a rule and overrides of levers (program.h). */
#include <stdio.h>
#include <string.h>

#include "ensemble/condition.h"
#include "ensemble/reading.h"

enum { MOST_RULES = 1024 };

const pl_setting *pl_course_setting(const pl_course *course, int index) {
    if (index < course->setting_count) return &course->settings[index];
    index -= course->setting_count;
    for (int i = 0; i < course->rule_count; i++) {
        if (index < course->rules[i].setting_count) return &course->rules[i].settings[index];
        index -= course->rules[i].setting_count;
    }
    return NULL;
}

/* A rule as it is read. */
typedef struct when_work {
    pl_when *when;
    int number; /* from 1 */
    const pl_condition *condition;
} when_work;

static void read_if(pl_reading *r, const pl_yaml *value, void *object) {
    when_work *w = object;
    pl_condition *condition = NULL;
    if (pl_reading_condition(r, value, true, &w->when->condition, &w->when->at, &condition)) w->condition = condition;
}

static void read_every(pl_reading *r, const pl_yaml *value, void *object) {
    double *every = &((when_work *)object)->when->every;
    if (!pl_reading_number(r, value, "'every'", every)) return;
    if (*every <= 0) pl_reading_error(r, value, "'every' must be above 0");
    else if (*every < r->dt)
        pl_reading_warn(r, value, "'every' is shorter than TIME STEP (%g): the condition is judged at every step", r->dt);
}

static void read_set(pl_reading *r, const pl_yaml *value, void *object) {
    when_work *w = object;
    pl_set_target target = {.rule = w->number};
    pl_reading_set(r, value, &target);
    w->when->settings = target.settings, w->when->setting_count = target.count;
    if (pl_yaml_is_empty(value) || (value->kind == PL_YAML_MAPPING && !value->count))
        pl_reading_error(r, value, "'set' in 'when' needs a lever");
}

static const pl_key_row rows[] = {{"if", true, read_if}, {"every", false, read_every}, {"set", true, read_set}};

static const char *name_rule(pl_reading *r, int number) {
    size_t room = strlen(r->owner) + 32;
    char *name = pl_arena_take(&r->s->arena, room);
    snprintf(name, room, "%s/when %d", r->owner, number);
    return name;
}

static void add_override(pl_reading *r, const pl_setting *setting, int armed, int rule) {
    r->late = pl_arena_grow(&r->s->arena, r->late, r->late_count, &r->late_room, r->late_count + 1, sizeof *r->late);
    int drawn = setting->drawn[0];
    r->late[r->late_count++] = (pl_override){.lever = setting->input, .armed = armed, .rule = rule,
                                             .value = drawn < 0 ? -1 : r->s->uncertainties[drawn].input,
                                             .number = setting->values[0].value};
}

static void add_rule(pl_reading *r, const when_work *w) {
    pl_situation *s = r->s;
    w->when->armed = pl_reading_own_input(r, name_rule(r, w->number), "", PL_INPUT_LEVER);
    s->rules = pl_arena_grow(&s->arena, s->rules, s->rule_count, &r->rule_room, s->rule_count + 1, sizeof *s->rules);
    s->rules[s->rule_count] = (pl_rule){pl_condition_expression(&s->arena, w->condition), w->when->armed, w->when->every};
    for (int i = 0; i < w->when->setting_count; i++)
        if (w->when->settings[i].count) add_override(r, &w->when->settings[i], w->when->armed, s->rule_count);
    s->rule_count++;
}

void pl_reading_when(pl_reading *r, const pl_yaml *node, pl_course *course) {
    if (pl_yaml_is_empty(node) || !pl_reading_is(r, node, PL_YAML_SEQUENCE, "'when'")) return;
    if (node->count > MOST_RULES) {
        pl_reading_error(r, node, "a course has at most %d rules in 'when'", MOST_RULES);
        return;
    }
    course->rules = PL_ARRAY(&r->s->arena, node->count, pl_when);
    for (int i = 0; i < node->count; i++) {
        when_work work = {.when = &course->rules[i], .number = i + 1};
        work.when->armed = -1;
        course->rule_count = i + 1;
        pl_reading_mapping(r, node->items[i], PL_ROWS(rows), "an entry of 'when'", &work, NULL);
        if (work.condition) add_rule(r, &work);
    }
}

void pl_reading_join_overrides(pl_reading *r) {
    pl_situation *s = r->s;
    int count = s->override_count + r->late_count;
    s->overrides = pl_arena_grow(&s->arena, s->overrides, s->override_count, &r->override_room, count,
                                 sizeof *s->overrides);
    if (r->late_count)
        memcpy(s->overrides + s->override_count, r->late, (size_t)r->late_count * sizeof *r->late);
    s->override_count = count;
}
