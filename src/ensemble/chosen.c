/* The courses that take part, where not all do: what was chosen is a line "ACTOR<tab>COURSE" for each of them, and the
 * others leave the situation's tree before anything of it is read, with the profiles that name one of them.  The base's
 * courses always stay.  The lines go into results, so that a situation is read from them as it was run. */
#include <stdio.h>
#include <string.h>

#include "ensemble/reading.h"

/* ---- the lines -------------------------------------------------------------------------------------------- */

/* Takes the next line apart; false behind the last. */
static bool next_line(const char **at, const char *end, const char **tab, const char **stop) {
    if (*at >= end) return false;
    const char *found = memchr(*at, '\n', (size_t)(end - *at));
    *stop = found ? found : end;
    *tab = memchr(*at, '\t', (size_t)(*stop - *at));
    if (!*tab) *tab = *stop;
    return true;
}

/* Whether a line names the actor, and (unless NULL) the course. */
static bool has_line(const pl_reading *r, const char *actor, const char *course) {
    const char *at = r->s->chosen, *end = at + r->s->chosen_length, *tab, *stop;
    for (; next_line(&at, end, &tab, &stop); at = stop + 1)
        if (pl_name_is(at, (size_t)(tab - at), actor) &&
            (!course || (tab < stop && pl_name_is(tab + 1, (size_t)(stop - tab - 1), course))))
            return true;
    return false;
}

void pl_reading_choose(pl_reading *r, const pl_choice *choices, int count) {
    size_t room = 1, at = 0;
    for (int i = 0; i < count; i++) room += strlen(choices[i].actor) + strlen(choices[i].course) + 2;
    char *lines = pl_arena_take(&r->s->arena, room);
    for (int i = 0; i < count; i++) {
        for (const char *c = choices[i].actor; *c; c++) lines[at++] = *c == '\n' || *c == '\t' ? ' ' : *c;
        lines[at++] = '\t';
        for (const char *c = choices[i].course; *c; c++) lines[at++] = *c == '\n' || *c == '\t' ? ' ' : *c;
        lines[at++] = '\n';
    }
    r->s->chosen = lines, r->s->chosen_length = at;
}

/* ---- the tree --------------------------------------------------------------------------------------------- */

static pl_yaml *in(const pl_yaml *node, const char *key) {
    return node && node->kind == PL_YAML_MAPPING ? pl_yaml_get(node, key) : NULL;
}

static pl_yaml *entry(const pl_yaml *mapping, const char *name) {
    for (int i = 0; mapping && mapping->kind == PL_YAML_MAPPING && i < mapping->count; i++)
        if (pl_names_equal(mapping->keys[i]->text, name)) return mapping->items[i];
    return NULL;
}

static pl_yaml *courses_of(const pl_reading *r, const char *actor) {
    pl_yaml *node = in(entry(in(r->root, "actors"), actor), "courses");
    return node && node->kind == PL_YAML_MAPPING ? node : NULL;
}

/* The course that an actor plays in the base: named there, or its first. */
static const char *base_course(const pl_reading *r, const char *actor) {
    const pl_yaml *base = in(r->root, "base"), *courses = courses_of(r, actor);
    const pl_yaml *profile = base && base->kind == PL_YAML_SCALAR ? entry(in(r->root, "profiles"), base->text) : NULL;
    const pl_yaml *named = entry(profile, actor);
    if (named && named->kind == PL_YAML_SCALAR) return named->text;
    return courses && courses->count ? courses->keys[0]->text : "";
}

static bool stays(const pl_reading *r, const char *actor, const char *course) {
    return !has_line(r, actor, NULL) || has_line(r, actor, course) || pl_names_equal(base_course(r, actor), course);
}

static void refuse(pl_reading *r, const pl_yaml *names, const char *what, const char *name) {
    pl_near near;
    char text[PL_NEAR_TEXT];
    pl_error error;
    pl_near_start(&near, name);
    for (int i = 0; names && names->kind == PL_YAML_MAPPING && i < names->count; i++)
        pl_near_offer(&near, names->keys[i]->text);
    pl_error_set(&error, PL_USAGE, NULL, 0, 0, "no %.100s is named '%.80s'%s", what, name, pl_near_text(&near, text));
    pl_reading_keep(r, PL_ERROR, &error);
}

/* What is chosen and is nowhere. */
static void check_lines(pl_reading *r) {
    const char *at = r->s->chosen, *end = at + r->s->chosen_length, *tab, *stop;
    for (; next_line(&at, end, &tab, &stop); at = stop + 1) {
        const char *actor = pl_arena_text(&r->s->arena, at, (size_t)(tab - at));
        const char *course = tab < stop ? pl_arena_text(&r->s->arena, tab + 1, (size_t)(stop - tab - 1)) : "";
        char what[128];
        snprintf(what, sizeof what, "course of '%.80s'", actor);
        if (!entry(in(r->root, "actors"), actor)) refuse(r, in(r->root, "actors"), "actor", actor);
        else if (!entry(courses_of(r, actor), course)) refuse(r, courses_of(r, actor), what, course);
    }
}

/* Whether all courses of a named profile stay. */
static bool profile_stays(const pl_reading *r, const pl_yaml *profile) {
    const pl_yaml *actors = in(r->root, "actors");
    for (int a = 0; actors && actors->kind == PL_YAML_MAPPING && a < actors->count; a++) {
        const pl_yaml *course = entry(profile, actors->keys[a]->text);
        if (course && course->kind == PL_YAML_SCALAR && entry(courses_of(r, actors->keys[a]->text), course->text) &&
            !stays(r, actors->keys[a]->text, course->text))
            return false;
    }
    return true;
}

static void leave_profiles(pl_reading *r) {
    pl_yaml *profiles = in(r->root, "profiles");
    int kept = 0;
    if (!profiles || profiles->kind != PL_YAML_MAPPING) return;
    for (int i = 0; i < profiles->count; i++) {
        if (!profile_stays(r, profiles->items[i])) continue;
        profiles->keys[kept] = profiles->keys[i];
        profiles->items[kept++] = profiles->items[i];
    }
    profiles->count = kept;
}

/* In `play: courses` an actor of which none stays is left out: all that it has take part. */
static void leave_play(pl_reading *r) {
    pl_yaml *lists = in(in(r->root, "play"), "courses");
    int kept = 0;
    if (!lists || lists->kind != PL_YAML_MAPPING) return;
    for (int a = 0; a < lists->count; a++) {
        pl_yaml *list = lists->items[a];
        int left = 0, had = list->count;
        for (int i = 0; list->kind == PL_YAML_SEQUENCE && i < list->count; i++)
            if (list->items[i]->kind != PL_YAML_SCALAR || stays(r, lists->keys[a]->text, list->items[i]->text))
                list->items[left++] = list->items[i];
        if (list->kind == PL_YAML_SEQUENCE) list->count = left;
        if (had && !list->count && list->kind == PL_YAML_SEQUENCE) continue;
        lists->keys[kept] = lists->keys[a];
        lists->items[kept++] = list;
    }
    lists->count = kept;
}

static void leave_courses(pl_reading *r, const char *actor) {
    pl_yaml *courses = courses_of(r, actor);
    const char *base = base_course(r, actor);
    int kept = 0;
    for (int i = 0; courses && i < courses->count; i++) {
        const char *name = courses->keys[i]->text;
        if (has_line(r, actor, NULL) && !has_line(r, actor, name) && !pl_names_equal(base, name)) continue;
        courses->keys[kept] = courses->keys[i];
        courses->items[kept++] = courses->items[i];
    }
    if (courses) courses->count = kept;
}

void pl_reading_leave_courses(pl_reading *r) {
    const pl_yaml *actors = in(r->root, "actors");
    if (!r->s->chosen_length) return;
    check_lines(r);
    if (r->errors || !actors || actors->kind != PL_YAML_MAPPING) return;
    leave_profiles(r);
    leave_play(r);
    for (int a = 0; a < actors->count; a++) leave_courses(r, actors->keys[a]->text);
}
