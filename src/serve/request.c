/* See request.h.  Whatever the bytes are, the result is a request within bounds or an error that says what is wrong. */
#include "serve/request.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/reader.h"
#include "report/playing.h"

typedef struct reading {
    const pl_situation *s;
    pl_request *request;
    pl_error *error;
} reading;

static pl_status refuse_name(const reading *r, const char *what, const char *name, const pl_nearest *nearest) {
    char near[300];
    return pl_error_set(r->error, PL_INVALID, NULL, 0, 0, "there is no %s '%.80s'%s", what, name,
                        pl_nearest_text(nearest, near, sizeof near));
}

static pl_status read_number(const reading *r, const char *name, const json_t *value, double *number) {
    if (!json_is_number(value))
        return pl_error_set(r->error, PL_INVALID, NULL, 0, 0, "'%.80s' needs a number", name);
    *number = json_number_value(value); /* finite: jansson refuses what a double cannot hold */
    return PL_OK;
}

/* ---- what there is to choose from ------------------------------------------------------------------------- */

static pl_status read_course(const reading *r, const char *name, const json_t *value) {
    const pl_situation *s = r->s;
    pl_nearest actors = {.key = name}, courses = {.key = json_string_value(value)};
    for (int a = 0; a < s->actor_count; a++) {
        const pl_actor *actor = &s->actors[a];
        pl_nearest_offer(&actors, actor->name, actor->name);
        if (strcmp(actor->name, name) != 0) continue;
        if (!courses.key)
            return pl_error_set(r->error, PL_INVALID, NULL, 0, 0, "'%.80s' needs the name of a course", name);
        for (int c = 0; c < actor->course_count; c++) {
            pl_nearest_offer(&courses, actor->courses[c].name, actor->courses[c].name);
            if (strcmp(actor->courses[c].name, courses.key) != 0) continue;
            r->request->courses[a] = c;
            return PL_OK;
        }
        return refuse_name(r, "course", courses.key, &courses);
    }
    return refuse_name(r, "actor", name, &actors);
}

/* The first setting of an input in the courses; NULL: none sets it. */
static const pl_setting *setting_of(const pl_situation *s, int input) {
    for (int a = 0; a < s->actor_count; a++)
        for (int c = 0; c < s->actors[a].course_count; c++) {
            const pl_setting *setting;
            for (int i = 0; (setting = pl_course_setting(&s->actors[a].courses[c], i)); i++)
                if (setting->input == input) return setting;
        }
    return NULL;
}

/* A lever that some course sets. */
static pl_status read_lever(const reading *r, const char *name, const json_t *value) {
    pl_nearest nearest = {.key = name};
    for (int input = 0; input < r->s->input_count; input++) {
        const pl_setting *setting = setting_of(r->s, input);
        char room[256];
        if (!setting) continue;
        if (strcmp(pl_playing_lever_name(r->s, input, room, sizeof room), name) == 0)
            return read_number(r, name, value, &r->request->set[input]);
        pl_nearest_offer(&nearest, setting->lever, setting->lever);
    }
    return refuse_name(r, "lever", name, &nearest);
}

static pl_status read_uncertainty(const reading *r, const char *name, const json_t *value) {
    pl_nearest nearest = {.key = name};
    for (int u = 0; u < r->s->uncertainty_count; u++) {
        const pl_uncertainty *uncertainty = &r->s->uncertainties[u];
        if (uncertainty->of_course) continue;
        if (strcmp(uncertainty->name, name) == 0) return read_number(r, name, value, &r->request->fixed[u]);
        pl_nearest_offer(&nearest, uncertainty->name, uncertainty->name);
    }
    return refuse_name(r, "uncertainty", name, &nearest);
}

/* ---- the keys --------------------------------------------------------------------------------------------- */

static pl_status read_futures(const reading *r, const json_t *value, long most) {
    json_int_t futures = json_integer_value(value);
    if (!json_is_integer(value) || futures < 1 || futures > most)
        return pl_error_set(r->error, PL_INVALID, NULL, 0, 0, "'futures' needs a whole number from 1 to %ld", most);
    r->request->futures = (long)futures;
    return PL_OK;
}

/* The keys whose value is an object of names, and what reads each of them. */
static const struct names_key {
    const char *key;
    pl_status (*read)(const reading *, const char *name, const json_t *value);
} names_keys[] = {{"courses", read_course}, {"set", read_lever}, {"fixed", read_uncertainty}};
enum { NAMES_KEYS = sizeof names_keys / sizeof *names_keys };

static pl_status read_names(const reading *r, const struct names_key *of, json_t *values) {
    const char *name;
    json_t *value;
    if (!json_is_object(values))
        return pl_error_set(r->error, PL_INVALID, NULL, 0, 0, "'%s' needs an object of names and values", of->key);
    json_object_foreach(values, name, value) {
        pl_status status = of->read(r, name, value);
        if (status != PL_OK) return status;
    }
    return PL_OK;
}

static pl_status read_key(const reading *r, const char *key, json_t *value, long most) {
    pl_nearest nearest = {.key = key};
    if (strcmp(key, "futures") == 0) return read_futures(r, value, most);
    pl_nearest_offer(&nearest, "futures", "futures");
    for (int i = 0; i < NAMES_KEYS; i++) {
        if (strcmp(key, names_keys[i].key) == 0) return read_names(r, &names_keys[i], value);
        pl_nearest_offer(&nearest, names_keys[i].key, names_keys[i].key);
    }
    return refuse_name(r, "key", key, &nearest);
}

static pl_status read_keys(const reading *r, json_t *tree, long most) {
    const char *key;
    json_t *value;
    if (!json_is_object(tree)) return pl_error_set(r->error, PL_INVALID, NULL, 0, 0, "a request is one JSON object");
    if (!json_object_get(tree, "futures"))
        return pl_error_set(r->error, PL_INVALID, NULL, 0, 0, "'futures' is missing: how many to run");
    json_object_foreach(tree, key, value) {
        pl_status status = read_key(r, key, value, most);
        if (status != PL_OK) return status;
    }
    return PL_OK;
}

/* ---- the whole -------------------------------------------------------------------------------------------- */

static pl_status make_room(const pl_situation *s, pl_request *request, pl_error *error) {
    *request = (pl_request){.courses = pl_allocate((size_t)(s->actor_count + 1) * sizeof(int)),
                            .set = pl_allocate((size_t)(s->input_count + 1) * sizeof(double)),
                            .fixed = pl_allocate((size_t)(s->uncertainty_count + 1) * sizeof(double))};
    if (!request->courses || !request->set || !request->fixed)
        return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    for (int a = 0; a < s->actor_count; a++) request->courses[a] = s->base_course[a];
    for (int i = 0; i < s->input_count; i++) request->set[i] = NAN;
    for (int u = 0; u < s->uncertainty_count; u++) request->fixed[u] = NAN;
    return PL_OK;
}

static void find_differences(const pl_situation *s, pl_request *request) {
    request->same = true, request->fixes = false;
    for (int a = 0; a < s->actor_count; a++) request->same &= request->courses[a] == s->base_course[a];
    for (int i = 0; i < s->input_count; i++) request->same &= isnan(request->set[i]);
    for (int u = 0; u < s->uncertainty_count; u++) request->fixes |= !isnan(request->fixed[u]);
    request->same &= !request->fixes;
}

pl_status pl_request_read(const pl_situation *s, const char *text, size_t length, long most, pl_request *request,
                          pl_error *error) {
    reading r = {s, request, error};
    json_error_t why;
    pl_status status = make_room(s, request, error);
    if (status == PL_OK) {
        json_t *tree = json_loadb(text, length, JSON_REJECT_DUPLICATES, &why);
        status = tree ? read_keys(&r, tree, most)
                      : pl_error_set(error, PL_INVALID, NULL, why.line > 0 ? why.line : 0,
                                     why.column > 0 ? why.column : 0, "this is no JSON: %.120s", why.text);
        json_decref(tree);
    }
    if (status == PL_OK) find_differences(s, request);
    else pl_request_free(request);
    return status;
}

void pl_request_free(pl_request *request) {
    pl_release(request->courses), pl_release(request->set), pl_release(request->fixed);
    *request = (pl_request){0};
}
