/* `actors`, `profiles` and `play`: who plays, what each can do and wants, named combinations, who moves when. */
#include <stdio.h>
#include <string.h>

#include "base/philox.h"
#include "ensemble/reading.h"

enum { MOST_ACTORS = 64, MOST_COURSES = 4096, MOST_PROFILES = 1 << 20 };

/* ---- courses ------------------------------------------------------------------------------------------ */

static void read_course_title(pl_reading *r, const pl_yaml *value, void *course) {
    pl_reading_title(r, value, &((pl_course *)course)->title);
}
static void read_course_text(pl_reading *r, const pl_yaml *value, void *course) {
    pl_reading_title(r, value, &((pl_course *)course)->text);
}

static void read_course_set(pl_reading *r, const pl_yaml *value, void *object) {
    pl_course *course = object;
    pl_set_target target = {0};
    pl_reading_set(r, value, &target);
    course->settings = target.settings, course->setting_count = target.count;
}

static void read_course_when(pl_reading *r, const pl_yaml *value, void *course) { pl_reading_when(r, value, course); }

#define X(id, key, text)                                                                 \
    static void read_course_##id(pl_reading *r, const pl_yaml *value, void *course) {    \
        pl_reading_title(r, value, &((pl_course *)course)->facts[PL_FACT_##id]);          \
    }
PL_COURSE_FACTS(X)
#undef X

static void read_course_source(pl_reading *r, const pl_yaml *value, void *course) {
    pl_reading_text(r, value, "'source'", &((pl_course *)course)->source);
}

static const pl_key_row course_rows[] = {{"title", false, read_course_title},
                                         {"text", false, read_course_text},
#define X(id, key, text) {key, false, read_course_##id},
                                         PL_COURSE_FACTS(X)
#undef X
                                         {"source", false, read_course_source},
                                         {"set", false, read_course_set},
                                         {"when", false, read_course_when}};

/* "actor/course" */
static const char *name_owner(pl_reading *r, const pl_actor *actor, const pl_course *course) {
    size_t room = strlen(actor->name) + strlen(course->name) + 2;
    char *name = pl_arena_take(&r->s->arena, room);
    snprintf(name, room, "%s/%s", actor->name, course->name);
    return name;
}

static void read_courses(pl_reading *r, const pl_yaml *node, void *object) {
    pl_actor *actor = object;
    if (!pl_reading_is(r, node, PL_YAML_MAPPING, "'courses'")) return;
    if (!node->count) pl_reading_error(r, node, "'%.80s' needs at least one course", actor->name);
    if (node->count > MOST_COURSES) {
        pl_reading_error(r, node, "an actor has at most %d courses", MOST_COURSES);
        return;
    }
    actor->courses = PL_ARRAY(&r->s->arena, node->count, pl_course);
    for (int i = 0; i < node->count; i++) {
        pl_course *course = &actor->courses[i];
        course->name = node->keys[i]->text;
        for (int j = 0; j < i; j++)
            if (pl_names_equal(actor->courses[j].name, course->name))
                pl_reading_error(r, node->keys[i], "another course has the name '%.80s'", course->name);
        pl_reading_title(r, node->keys[i], &course->title); /* its name, until a title comes */
        course->text = (pl_title){{"", ""}};
        for (int k = 0; k < PL_FACT_COUNT; k++) course->facts[k] = (pl_title){{"", ""}};
        course->source = "";
        actor->course_count = i + 1;
        r->owner = name_owner(r, actor, course), r->actor = actor, r->course = course;
        pl_reading_mapping(r, node->items[i], PL_ROWS(course_rows), "a course", course, NULL);
    }
}

/* ---- wants -------------------------------------------------------------------------------------------- */

static void read_weight(pl_reading *r, const pl_yaml *value, void *want) {
    pl_reading_quantity(r, value, "a weight", &((pl_want *)want)->weight);
}
static void read_per(pl_reading *r, const pl_yaml *value, void *want) {
    double *per = &((pl_want *)want)->per;
    if (pl_reading_number(r, value, "'per'", per) && *per <= 0) pl_reading_error(r, value, "'per' must be above 0");
}
static const pl_key_row want_rows[] = {{"weight", true, read_weight}, {"per", false, read_per}};

/* A weight with a distribution joins those that are drawn. */
static void note_weight(pl_reading *r, const pl_actor *actor, pl_want *want) {
    pl_situation *s = r->s;
    want->drawn = -1;
    if (!want->weight.distribution) return;
    want->drawn = s->weight_count;
    const char *measure = s->measures[want->measure].name;
    size_t room = strlen(actor->name) + strlen(measure) + 2;
    char *name = pl_arena_take(&s->arena, room), *key = pl_arena_take(&s->arena, room);
    snprintf(name, room, "%s/%s", actor->name, measure);
    want->hash = pl_fnv1a(key, pl_name_fold(name, room - 1, key));
    s->weights = pl_arena_grow(&s->arena, s->weights, s->weight_count, &r->weight_room, s->weight_count + 1,
                               sizeof *s->weights);
    s->weights[s->weight_count++] = (pl_drawn_weight){(int)(actor - s->actors), (int)(want - actor->wants), name};
}

static void read_wants(pl_reading *r, const pl_yaml *node, void *object) {
    pl_actor *actor = object;
    if (pl_yaml_is_empty(node) || !pl_reading_is(r, node, PL_YAML_MAPPING, "'wants'")) return;
    actor->wants = PL_ARRAY(&r->s->arena, node->count, pl_want);
    for (int i = 0; i < node->count; i++) {
        pl_want *want = &actor->wants[actor->want_count];
        int measure = pl_reading_measure(r, node->keys[i], node->keys[i]->text);
        if (measure < 0) continue;
        for (int j = 0; j < actor->want_count; j++)
            if (actor->wants[j].measure == measure)
                pl_reading_error(r, node->keys[i], "'%.80s' is wanted twice", node->keys[i]->text);
        want->measure = measure, want->per = 1;
        actor->want_count++;
        pl_reading_mapping(r, node->items[i], PL_ROWS(want_rows), "a want", want, NULL);
        note_weight(r, actor, want);
    }
}

/* ---- actors ------------------------------------------------------------------------------------------- */

static void read_actor_title(pl_reading *r, const pl_yaml *value, void *actor) {
    pl_reading_title(r, value, &((pl_actor *)actor)->title);
}
static void read_actor_text(pl_reading *r, const pl_yaml *value, void *actor) {
    pl_reading_title(r, value, &((pl_actor *)actor)->text);
}
static const pl_key_row actor_rows[] = {{"title", false, read_actor_title},
                                        {"text", false, read_actor_text},
                                        {"courses", true, read_courses},
                                        {"wants", false, read_wants}};

static void check_actor_name(pl_reading *r, const pl_yaml *key, int before) {
    if (pl_names_equal(key->text, "title") || pl_names_equal(key->text, "text"))
        pl_reading_error(r, key, "an actor cannot have the name '%.80s': profiles use it as a key", key->text);
    for (int i = 0; i < before; i++)
        if (pl_names_equal(r->s->actors[i].name, key->text))
            pl_reading_error(r, key, "another actor has the name '%.80s'", key->text);
}

/* A lever is one actor's: two of them setting it in the same profile would have no meaning. */
static void check_owners(pl_reading *r) {
    pl_situation *s = r->s;
    int *owner = PL_ARRAY(&s->arena, s->input_count + 1, int); /* actor + 1 */
    for (int a = 0; a < s->actor_count; a++)
        for (int c = 0; c < s->actors[a].course_count; c++)
            for (int i = 0; pl_course_setting(&s->actors[a].courses[c], i); i++) {
                const pl_setting *setting = pl_course_setting(&s->actors[a].courses[c], i);
                int *own = &owner[setting->input];
                if (!*own) *own = a + 1;
                if (*own == a + 1) continue;
                pl_yaml at = {.line = setting->at.line, .column = setting->at.column};
                pl_reading_error(r, &at, "'%.80s' is also set by '%.80s'; a lever belongs to one actor", setting->lever,
                                 s->actors[*own - 1].name);
            }
}

void pl_reading_actors(pl_reading *r, const pl_yaml *node, void *object) {
    pl_situation *s = object;
    if (pl_yaml_is_empty(node) || !pl_reading_is(r, node, PL_YAML_MAPPING, "'actors'")) return;
    if (node->count > MOST_ACTORS) {
        pl_reading_error(r, node, "a situation has at most %d actors", MOST_ACTORS);
        return;
    }
    s->actors = PL_ARRAY(&s->arena, node->count, pl_actor);
    double combinations = 1;
    for (int i = 0; i < node->count; i++) {
        pl_actor *actor = &s->actors[i];
        actor->name = node->keys[i]->text;
        check_actor_name(r, node->keys[i], i);
        pl_reading_title(r, node->keys[i], &actor->title);
        actor->text = (pl_title){{"", ""}};
        s->actor_count = i + 1;
        pl_reading_mapping(r, node->items[i], PL_ROWS(actor_rows), "an actor", actor, NULL);
        combinations *= actor->course_count;
    }
    r->owner = NULL;
    pl_reading_join_overrides(r);
    check_owners(r);
    if (combinations > MOST_PROFILES)
        pl_reading_error(r, node, "the courses combine to %.0f profiles; at most %d are run", combinations,
                         MOST_PROFILES);
}

/* ---- profiles ----------------------------------------------------------------------------------------- */

static void read_profile_title(pl_reading *r, const pl_yaml *value, void *profile) {
    pl_reading_title(r, value, &((pl_profile *)profile)->title);
}
static void read_profile_text(pl_reading *r, const pl_yaml *value, void *profile) {
    pl_reading_title(r, value, &((pl_profile *)profile)->text);
}
static void read_profile_course(pl_reading *r, const pl_yaml *key, const pl_yaml *value, void *object) {
    pl_profile *profile = object;
    const char *name;
    int actor = pl_reading_actor(r, key, key->text);
    if (actor < 0 || !pl_reading_text(r, value, "a course", &name)) return;
    if (profile->course[actor] >= 0) pl_reading_error(r, key, "'%.80s' plays twice", key->text);
    int course = pl_reading_course(r, value, &r->s->actors[actor], name);
    if (course >= 0) profile->course[actor] = course;
}
static const pl_key_row profile_rows[] = {{"title", false, read_profile_title}, {"text", false, read_profile_text}};

static void read_base(pl_reading *r) {
    pl_situation *s = r->s;
    s->base = -1;
    s->base_course = PL_ARRAY(&s->arena, s->actor_count, int);
    const pl_yaml *node = pl_yaml_get(r->root, "base");
    const char *name;
    if (!node || !pl_reading_text(r, node, "'base'", &name)) return;
    pl_near near;
    char text[PL_NEAR_TEXT];
    pl_near_start(&near, name);
    for (int i = 0; i < s->profile_count; i++) {
        pl_near_offer(&near, s->profiles[i].name);
        if (pl_names_equal(s->profiles[i].name, name)) s->base = i;
    }
    if (s->base < 0)
        pl_reading_error(r, node, "no profile is named '%.80s'%s", name, pl_near_text(&near, text));
}

/* An actor left out of the base plays its first course; one left out of another profile plays the base's. */
static void complete_profiles(pl_situation *s) {
    for (int a = 0; a < s->actor_count; a++) {
        if (s->base >= 0 && s->profiles[s->base].course[a] >= 0) s->base_course[a] = s->profiles[s->base].course[a];
        for (int i = 0; i < s->profile_count; i++)
            if (s->profiles[i].course[a] < 0) s->profiles[i].course[a] = s->base_course[a];
    }
}

static void read_profile(pl_reading *r, const pl_yaml *key, const pl_yaml *value) {
    pl_situation *s = r->s;
    pl_profile *profile = &s->profiles[s->profile_count];
    profile->name = key->text;
    for (int i = 0; i < s->profile_count; i++)
        if (pl_names_equal(s->profiles[i].name, key->text))
            pl_reading_error(r, key, "another profile has the name '%.80s'", key->text);
    pl_reading_title(r, key, &profile->title);
    profile->text = (pl_title){{"", ""}};
    profile->course = PL_ARRAY(&s->arena, s->actor_count, int);
    for (int a = 0; a < s->actor_count; a++) profile->course[a] = -1;
    s->profile_count++;
    pl_reading_mapping(r, value, PL_ROWS(profile_rows), "a profile", profile, read_profile_course);
}

void pl_reading_profiles(pl_reading *r, const pl_yaml *node, void *object) {
    pl_situation *s = object;
    bool some = node && !pl_yaml_is_empty(node) && pl_reading_is(r, node, PL_YAML_MAPPING, "'profiles'");
    if (some && node->count > MOST_COURSES) {
        pl_reading_error(r, node, "a situation names at most %d profiles", MOST_COURSES);
        some = false;
    }
    if (some) s->profiles = PL_ARRAY(&s->arena, node->count, pl_profile);
    for (int i = 0; some && i < node->count; i++) read_profile(r, node->keys[i], node->items[i]);
    read_base(r);
    complete_profiles(s);
}

/* ---- play --------------------------------------------------------------------------------------------- */

static void read_stage(pl_reading *r, const pl_yaml *node, pl_order *stage, bool *moved) {
    if (!pl_reading_is(r, node, PL_YAML_SEQUENCE, "a stage of 'order'")) return;
    if (!node->count) pl_reading_error(r, node, "a stage of 'order' needs an actor");
    stage->actors = PL_ARRAY(&r->s->arena, node->count, int);
    for (int i = 0; i < node->count; i++) {
        const char *name;
        if (!pl_reading_text(r, node->items[i], "an actor", &name)) continue;
        int actor = pl_reading_actor(r, node->items[i], name);
        if (actor < 0) continue;
        if (moved[actor]) pl_reading_error(r, node->items[i], "'%.80s' moves twice", name);
        moved[actor] = true;
        stage->actors[stage->count++] = actor;
    }
}

static void read_order(pl_reading *r, const pl_yaml *node, void *object) {
    pl_situation *s = object;
    if (!pl_reading_is(r, node, PL_YAML_SEQUENCE, "'order'")) return;
    bool moved[MOST_ACTORS] = {false};
    s->order = PL_ARRAY(&s->arena, node->count, pl_order);
    s->order_count = node->count;
    for (int i = 0; i < node->count; i++) read_stage(r, node->items[i], &s->order[i], moved);
    for (int a = 0; a < s->actor_count; a++)
        if (!moved[a]) pl_reading_error(r, node, "'order' leaves out '%.80s'", s->actors[a].name);
}

static void read_play_at(pl_reading *r, const pl_yaml *node, void *object) {
    pl_situation *s = object;
    if (!pl_reading_is(r, node, PL_YAML_SEQUENCE, "'at'")) return;
    s->play_at = PL_ARRAY(&s->arena, node->count, double);
    for (int i = 0; i < node->count; i++) {
        if (!pl_reading_number(r, node->items[i], "a time", &s->play_at[i])) return;
        if (i && s->play_at[i] <= s->play_at[i - 1]) pl_reading_error(r, node->items[i], "the times in 'at' must rise");
        s->play_at_count = i + 1;
    }
}

static void read_taking_part(pl_reading *r, const pl_yaml *key, const pl_yaml *value, void *object) {
    pl_situation *s = object;
    int actor = pl_reading_actor(r, key, key->text);
    if (actor < 0 || !pl_reading_is(r, value, PL_YAML_SEQUENCE, "the courses of an actor")) return;
    if (!value->count) pl_reading_error(r, value, "'%.80s' needs a course", key->text);
    pl_choice_set *set = &s->play_courses[actor];
    set->courses = PL_ARRAY(&s->arena, value->count, int);
    for (int i = 0; i < value->count; i++) {
        const char *name;
        if (!pl_reading_text(r, value->items[i], "a course", &name)) continue;
        int course = pl_reading_course(r, value->items[i], &s->actors[actor], name);
        for (int k = 0; k < set->count; k++)
            if (set->courses[k] == course) pl_reading_error(r, value->items[i], "'%.80s' is there twice", name);
        if (course >= 0) set->courses[set->count++] = course;
    }
}

static void read_play_courses(pl_reading *r, const pl_yaml *node, void *object) {
    pl_situation *s = object;
    s->play_courses = PL_ARRAY(&s->arena, s->actor_count + 1, pl_choice_set);
    pl_reading_mapping(r, node, NULL, 0, "'courses' in 'play'", s, read_taking_part);
}

static const pl_key_row play_rows[] = {
    {"order", false, read_order}, {"at", false, read_play_at}, {"courses", false, read_play_courses}};

void pl_reading_play(pl_reading *r, const pl_yaml *node, void *situation) {
    pl_reading_mapping(r, node, PL_ROWS(play_rows), "'play'", situation, NULL);
}
