/* Names in a situation file: finding what they stand for, and the nearest where they stand for nothing. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ensemble/reading.h"

/* ---- nearest ------------------------------------------------------------------------------------------ */

/* Names are compared up to 64 bytes; what is longer has no neighbours. */
static void fold_short(const char *name, char out[PL_NEAR_ROOM]) {
    size_t length = strlen(name);
    pl_name_fold(name, length < PL_NEAR_ROOM ? length : PL_NEAR_ROOM - 1, out);
}

void pl_near_start(pl_near *near, const char *word) {
    memset(near, 0, sizeof *near);
    fold_short(word, near->key);
    near->nearest.key = near->key;
}

void pl_near_offer(pl_near *near, const char *name) {
    char key[PL_NEAR_ROOM];
    fold_short(name, key);
    pl_nearest_offer(&near->nearest, name, key);
}

const char *pl_near_text(const pl_near *near, char out[PL_NEAR_TEXT]) {
    return pl_nearest_text(&near->nearest, out, PL_NEAR_TEXT);
}

/* ---- names -------------------------------------------------------------------------------------------- */

bool pl_name_is(const char *text, size_t length, const char *name) {
    size_t n = strlen(name);
    char a[512], b[512];
    if (n == length && memcmp(text, name, n) == 0) return true;
    if (length >= sizeof a || n >= sizeof b) return false;
    length = pl_name_fold(text, length, a), n = pl_name_fold(name, n, b);
    return length == n && memcmp(a, b, n) == 0;
}

bool pl_names_equal(const char *a, const char *b) { return pl_name_is(a, strlen(a), b); }

/* Finds a name among `count` of them; get gives the i-th. */
static int find(pl_reading *r, const pl_yaml *node, const char *name, const char *what, int count,
                const char *(*get)(const void *list, int index), const void *list) {
    for (int i = 0; i < count; i++)
        if (pl_names_equal(get(list, i), name)) return i;
    pl_near near;
    char text[PL_NEAR_TEXT];
    pl_near_start(&near, name);
    for (int i = 0; i < count; i++) pl_near_offer(&near, get(list, i));
    pl_reading_error(r, node, "no %s is named '%.80s'%s", what, name, pl_near_text(&near, text));
    return -1;
}

static const char *measure_name(const void *list, int i) { return ((const pl_measure *)list)[i].name; }
static const char *actor_name(const void *list, int i) { return ((const pl_actor *)list)[i].name; }
static const char *group_name(const void *list, int i) { return ((const pl_group *)list)[i].name; }
static const char *course_name(const void *list, int i) { return ((const pl_course *)list)[i].name; }

int pl_reading_measure(pl_reading *r, const pl_yaml *node, const char *name) {
    return find(r, node, name, "measure", r->s->measure_count, measure_name, r->s->measures);
}

int pl_reading_actor(pl_reading *r, const pl_yaml *node, const char *name) {
    return find(r, node, name, "actor", r->s->actor_count, actor_name, r->s->actors);
}

int pl_reading_group(pl_reading *r, const pl_yaml *node, const char *name) {
    return find(r, node, name, "group", r->s->group_count, group_name, r->s->groups);
}

int pl_reading_course(pl_reading *r, const pl_yaml *node, const pl_actor *actor, const char *name) {
    char what[128];
    snprintf(what, sizeof what, "course of '%.80s'", actor->name);
    return find(r, node, name, what, actor->course_count, course_name, actor->courses);
}

static const char *uncertainty_name(const void *list, int i) { return ((const pl_uncertainty *)list)[i].name; }
static const char *profile_name(const void *list, int i) { return ((const pl_profile *)list)[i].name; }

int pl_reading_uncertainty(pl_reading *r, const pl_yaml *node, const char *name) {
    return find(r, node, name, "uncertainty", r->s->uncertainty_count, uncertainty_name, r->s->uncertainties);
}

int pl_reading_profile(pl_reading *r, const pl_yaml *node, const char *name) {
    return find(r, node, name, "profile", r->s->profile_count, profile_name, r->s->profiles);
}

/* ---- the model's names -------------------------------------------------------------------------------- */

bool pl_reading_variable(pl_reading *r, const pl_yaml *node, const char *name, pl_variable **variable, int *element) {
    pl_error error;
    if (pl_model_find_element(r->s->model, name, variable, element, &error) == PL_OK) {
        if ((*variable)->size == 1) *element = -1;
        return true;
    }
    pl_reading_pass(r, node, &error);
    return false;
}

bool pl_reading_constant(pl_reading *r, const pl_yaml *node, const char *name, pl_variable **variable, int *element) {
    if (!pl_reading_variable(r, node, name, variable, element)) return false;
    const pl_model *model = r->s->model;
    const pl_variable *v = *variable;
    if (v == model->time_step || v == model->saveper || v == model->initial_time || v == model->final_time) {
        pl_reading_error(r, node, "'%.80s' cannot be set here: it holds for all runs alike", v->name);
        return false;
    }
    if (v->kind == PL_CONSTANT) return true;
    pl_reading_error(r, node, "'%.80s' is no constant of the model, so it cannot be set", v->name);
    return false;
}

const char *pl_reading_full_name(pl_reading *r, const pl_variable *variable, int element) {
    if (element < 0) return variable->name;
    size_t room = (size_t)pl_variable_element_name(variable, element, NULL, 0) + 1;
    char *name = pl_arena_take(&r->s->arena, room);
    pl_variable_element_name(variable, element, name, room);
    return name;
}

/* ---- inputs ------------------------------------------------------------------------------------------- */

static int add_input(pl_reading *r, pl_variable *variable, int element, pl_input_class class) {
    pl_situation *s = r->s;
    s->inputs = pl_arena_grow(&s->arena, s->inputs, s->input_count, &r->input_room, s->input_count + 1,
                              sizeof *s->inputs);
    s->inputs[s->input_count] = (pl_input){.variable = variable, .element = element, .input_class = class};
    return s->input_count++;
}

int pl_reading_own_input(pl_reading *r, const char *name, const char *units, pl_input_class class) {
    pl_arena *arena = &r->s->arena;
    pl_model *model = r->s->model;
    pl_variable *v = PL_NEW(arena, pl_variable);
    pl_equation *equation = PL_NEW(arena, pl_equation);
    *equation = (pl_equation){.variable = v, .cells = PL_NEW(arena, int), .cell_count = 1,
                              .expr = PL_NEW(arena, pl_expr), .numbers = PL_NEW(arena, double), .number_count = 1};
    equation->expr->height = 1; /* the number 0 */
    *v = (pl_variable){.name = name, .key = name, .kind = PL_CONSTANT, .size = 1, .equations = PL_NEW(arena, pl_equation *),
                       .equation_count = 1, .units = units, .comment = "", .group = "", .low = NAN, .high = NAN,
                       .hidden = true, .index = model->variable_count};
    v->equations[0] = equation;
    model->variables = pl_arena_grow(arena, model->variables, model->variable_count, &model->variable_room,
                                     model->variable_count + 1, sizeof(pl_variable *));
    model->variables[model->variable_count++] = v;
    return add_input(r, v, -1, class);
}

/* The input with the same constant, or one that shares elements with it; -1: none. */
static int find_input(const pl_situation *s, const pl_variable *variable, int element) {
    for (int i = 0; i < s->input_count; i++) {
        const pl_input *input = &s->inputs[i];
        if (input->variable == variable && (input->element == element || input->element < 0 || element < 0)) return i;
    }
    return -1;
}

int pl_reading_input(pl_reading *r, const pl_yaml *node, pl_variable *variable, int element, pl_input_class class) {
    pl_situation *s = r->s;
    int found = find_input(s, variable, element);
    if (found >= 0 && s->inputs[found].element != element) {
        pl_reading_error(r, node, "'%.80s' is set as a whole and by its elements; keep one of the two", variable->name);
        return -1;
    }
    if (found >= 0 && s->inputs[found].input_class != class) {
        pl_reading_error(r, node, "'%.80s' is both an uncertainty and set by a course", variable->name);
        return -1;
    }
    return found >= 0 ? found : add_input(r, variable, element, class);
}
