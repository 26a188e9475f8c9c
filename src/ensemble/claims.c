/* Reads a file of claims row by row; a row with errors is left out and the reading goes on.  See claims.h. */
#include "ensemble/claims.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "ensemble/reading.h"
#include "model/import.h"

const char *const pl_claim_form_names[] = {
#define X(id, name, text) name,
    PL_CLAIM_FORMS(X)
#undef X
};

static const char *const place_names[] = {
#define X(id, name, text) name,
    PL_PLACES(X)
#undef X
};

/* X(id, name) */
#define COLUMNS(X)                                                                                              \
    X(ID, "id") X(ARTICLE, "article") X(KIND, "kind") X(TEXT_EN, "text_en") X(TEXT_ES, "text_es")               \
    X(PLACE, "place") X(CAUSE, "cause") X(EFFECT, "effect") X(SIGN, "sign") X(FORM, "form")                     \
    X(CONTEXT, "context") X(HORIZON, "horizon") X(FROM, "from") X(ASSERTED_BY, "asserted_by") X(HEDGE, "hedge") \
    X(REASON, "reason")

typedef enum column {
#define X(id, name) COLUMN_##id,
    COLUMNS(X)
#undef X
        COLUMN_COUNT
} column;
static const char *const column_names[] = {
#define X(id, name) name,
    COLUMNS(X)
#undef X
};

enum { MOST_ERRORS = 100, MOST_PARTS = 64 };

typedef struct reader {
    const pl_situation *s;
    pl_claims *claims;
    pl_arena *arena;
    pl_csv csv;
    int column[COLUMN_COUNT]; /* -1: the file has none */
    pl_findings *findings;
    pl_error *error;
    pl_status status; /* of the first error */
    int errors, row;
    jmp_buf out;
} reader;

/* ---- errors ----------------------------------------------------------------------------------------------- */

static void keep(reader *r, const pl_error *found) {
    if (!r->errors++) {
        r->status = found->status;
        if (r->error) *r->error = *found;
    }
    if (!pl_findings_add(r->findings, PL_ERROR, found)) {
        r->status = PL_MEMORY;
        longjmp(r->out, 1);
    }
    if (r->errors >= MOST_ERRORS) longjmp(r->out, 1);
}

PL_FORMAT(3, 4) static bool refuse(reader *r, const pl_csv_field *field, const char *format, ...) {
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    pl_error found;
    pl_error_at(&found, PL_INVALID, pl_csv_place(&r->csv, field), "%s", message);
    keep(r, &found);
    return false;
}

/* ---- fields and their parts ------------------------------------------------------------------------------- */

/* The field of a column in the row at hand; an empty one where the file has no such column. */
static const pl_csv_field *field_of(const reader *r, column which) {
    return pl_csv_at(&r->csv, r->row, r->column[which]);
}

static const char *trimmed(reader *r, const char *text, size_t length) {
    while (length && (*text == ' ' || *text == '\t')) text++, length--;
    while (length && (text[length - 1] == ' ' || text[length - 1] == '\t')) length--;
    return pl_arena_text(r->arena, text, length);
}

/* The parts of a text between separators; empty ones are left out. */
static int split(reader *r, const char *text, const char *separator, const char *parts[MOST_PARTS]) {
    int count = 0;
    for (const char *next = text; next && count < MOST_PARTS;) {
        const char *end = strstr(next, separator);
        const char *part = trimmed(r, next, end ? (size_t)(end - next) : strlen(next));
        if (*part) parts[count++] = part;
        next = end ? end + strlen(separator) : NULL;
    }
    return count;
}

/* Cuts a text in two at the first separator. False where it has none. */
static bool cut(reader *r, const char *text, const char *separator, const char **left, const char **right) {
    const char *at = strstr(text, separator);
    if (!at) return false;
    *left = trimmed(r, text, (size_t)(at - text));
    *right = trimmed(r, at + strlen(separator), strlen(at + strlen(separator)));
    return true;
}

/* ---- names ------------------------------------------------------------------------------------------------ */

typedef const char *name_of(const pl_situation *s, int parent, int index);
static const char *measure_name(const pl_situation *s, int p, int i) { return (void)p, s->measures[i].name; }
static const char *actor_name(const pl_situation *s, int p, int i) { return (void)p, s->actors[i].name; }
static const char *course_name(const pl_situation *s, int p, int i) { return s->actors[p].courses[i].name; }
static const char *uncertainty_name(const pl_situation *s, int p, int i) { return (void)p, s->uncertainties[i].name; }
static const char *profile_name(const pl_situation *s, int p, int i) { return (void)p, s->profiles[i].name; }
static const char *risk_name(const pl_situation *s, int p, int i) { return (void)p, s->risks[i].name; }
static const char *check_name(const pl_situation *s, int p, int i) { return (void)p, s->checks[i].name; }

static int look_up(const reader *r, name_of *get, int parent, int count, const char *name) {
    for (int i = 0; i < count; i++)
        if (pl_names_equal(get(r->s, parent, i), name)) return i;
    return -1;
}

/* The index of a name; -1 after an error with the nearest. */
static int find(reader *r, const pl_csv_field *field, name_of *get, int parent, int count, const char *what,
                const char *name) {
    int found = look_up(r, get, parent, count, name);
    if (found >= 0) return found;
    pl_near near;
    char text[PL_NEAR_TEXT];
    pl_near_start(&near, name);
    for (int i = 0; i < count; i++) pl_near_offer(&near, get(r->s, parent, i));
    refuse(r, field, "no %s is named '%.80s'%s", what, name, pl_near_text(&near, text));
    return -1;
}

static bool find_variable(reader *r, const pl_csv_field *field, const char *name, pl_variable **variable, int *element) {
    pl_error found;
    if (pl_model_find_element(r->s->model, name, variable, element, &found) == PL_OK) {
        if ((*variable)->size == 1) *element = -1;
        return true;
    }
    return refuse(r, field, "%s", found.message);
}

static bool find_constant(reader *r, const pl_csv_field *field, const char *name, pl_variable **variable, int *element) {
    if (!find_variable(r, field, name, variable, element)) return false;
    if ((*variable)->kind == PL_CONSTANT) return true;
    return refuse(r, field, "'%.80s' is no constant of the model, so it cannot be set", name);
}

/* The input of a constant, or -1. */
static int input_of(const pl_situation *s, const pl_variable *variable, int element) {
    for (int i = 0; i < s->input_count; i++)
        if (s->inputs[i].variable == variable && s->inputs[i].element == element) return i;
    return -1;
}

static int uncertainty_of(const pl_situation *s, const pl_variable *variable, int element) {
    int input = input_of(s, variable, element);
    for (int u = 0; input >= 0 && u < s->uncertainty_count; u++)
        if (s->uncertainties[u].input == input) return u;
    return -1;
}

/* ---- places ----------------------------------------------------------------------------------------------- */

static bool bind_lever(reader *r, const pl_csv_field *field, const char *name, pl_claim_place *place) {
    pl_variable *variable;
    int element;
    if (!find_constant(r, field, name, &variable, &element)) return false;
    place->index = input_of(r->s, variable, element);
    if (place->index >= 0 && r->s->inputs[place->index].input_class == PL_INPUT_LEVER) return true;
    return refuse(r, field, "no course sets '%.80s', so it is no lever", name);
}

static bool bind_course(reader *r, const pl_csv_field *field, const char *name, pl_claim_place *place) {
    const char *actor, *course;
    if (!cut(r, name, "/", &actor, &course))
        return refuse(r, field, "expected 'course ACTOR/COURSE', not '%.80s'", name);
    place->index = find(r, field, actor_name, 0, r->s->actor_count, "actor", actor);
    if (place->index < 0) return false;
    place->course = find(r, field, course_name, place->index, r->s->actors[place->index].course_count, "course", course);
    return place->course >= 0;
}

static bool bind_variable(reader *r, const pl_csv_field *field, const char *name, pl_claim_place *place) {
    pl_variable *variable;
    int element;
    if (!find_variable(r, field, name, &variable, &element)) return false;
    place->index = variable->index;
    return true;
}

static bool bind_place(reader *r, const pl_csv_field *field, const char *name, pl_claim_place *place) {
    const pl_situation *s = r->s;
    switch (place->kind) {
    case PL_PLACE_VARIABLE: return bind_variable(r, field, name, place);
    case PL_PLACE_LEVER: return bind_lever(r, field, name, place);
    case PL_PLACE_COURSE: return bind_course(r, field, name, place);
    case PL_PLACE_ACTOR: return (place->index = find(r, field, actor_name, 0, s->actor_count, "actor", name)) >= 0;
    case PL_PLACE_UNCERTAINTY:
        return (place->index = find(r, field, uncertainty_name, 0, s->uncertainty_count, "uncertainty", name)) >= 0;
    case PL_PLACE_MEASURE: return (place->index = find(r, field, measure_name, 0, s->measure_count, "measure", name)) >= 0;
    case PL_PLACE_PROFILE: return (place->index = find(r, field, profile_name, 0, s->profile_count, "profile", name)) >= 0;
    case PL_PLACE_RISK: return (place->index = find(r, field, risk_name, 0, s->risk_count, "risk", name)) >= 0;
    case PL_PLACE_CHECK: return (place->index = find(r, field, check_name, 0, s->check_count, "check", name)) >= 0;
    default: return !*name || refuse(r, field, "'%s' takes no name", place_names[place->kind]);
    }
}

static bool read_place(reader *r, const pl_csv_field *field, const char *text, pl_claim_place *place) {
    size_t length = strcspn(text, " \t");
    place->text = text;
    for (int k = 0; k < PL_PLACE_COUNT; k++) {
        if (strlen(place_names[k]) != length || strncmp(text, place_names[k], length) != 0) continue;
        place->kind = (pl_place_kind)k;
        return bind_place(r, field, trimmed(r, text + length, strlen(text + length)), place);
    }
    return refuse(r, field, "a place begins with variable, lever, course, actor, uncertainty, measure, profile, risk, "
                            "check, play or outside, not '%.40s'", text);
}

static bool read_places(reader *r, pl_claim *c) {
    const pl_csv_field *field = field_of(r, COLUMN_PLACE);
    const char *parts[MOST_PARTS];
    int count = split(r, field->text, ";", parts);
    c->places = PL_ARRAY(r->arena, count + 1, pl_claim_place);
    if (!count) return refuse(r, field, "every claim has a place, or is 'outside' with the reason");
    for (int i = 0; i < count; i++) {
        if (!read_place(r, field, parts[i], &c->places[i])) return false;
        if (c->places[i].kind == PL_PLACE_OUTSIDE && !*c->reason)
            return refuse(r, field, "a claim that is outside needs a reason");
        c->place_count++;
    }
    return true;
}

/* ---- what is changed -------------------------------------------------------------------------------------- */

static bool read_courses(reader *r, const pl_csv_field *field, const char *from, const char *to, pl_claim_move *move) {
    int count = r->s->actors[move->actor].course_count;
    move->from_course = -1;
    if (strcmp(from, "*") != 0) {
        move->from_course = find(r, field, course_name, move->actor, count, "course", from);
        if (move->from_course < 0) return false;
    }
    move->to_course = find(r, field, course_name, move->actor, count, "course", to);
    return move->to_course >= 0;
}

/* A number, or for an uncertainty `low` and `high`: its quantiles at 5 and 95 %. */
static bool read_value(reader *r, const pl_csv_field *field, const pl_claim_move *move, const char *text, double *value) {
    bool low = strcmp(text, "low") == 0;
    if (low || strcmp(text, "high") == 0) {
        int u = uncertainty_of(r->s, move->variable, move->element);
        if (u < 0) return refuse(r, field, "'%.80s' is no uncertainty, so it has no '%s'", move->variable->name, text);
        *value = pl_distribution_quantile(&r->s->uncertainties[u].distribution, low ? 0.05 : 0.95);
        return true;
    }
    pl_csv_field number = {text, field->line, field->column};
    return pl_csv_number(&number, value) || refuse(r, field, "expected a number, low or high, not '%.80s'", text);
}

static bool read_move(reader *r, const pl_csv_field *field, const char *text, pl_claim_move *move) {
    const char *name, *rest, *from, *to;
    if (!cut(r, text, ":", &name, &rest) || !cut(r, rest, "->", &from, &to))
        return refuse(r, field, "expected 'ACTOR: COURSE -> COURSE' or 'CONSTANT: VALUE -> VALUE', not '%.80s'", text);
    move->text = text;
    move->actor = look_up(r, actor_name, 0, r->s->actor_count, name);
    if (move->actor >= 0) return read_courses(r, field, from, to, move);
    if (!find_constant(r, field, name, &move->variable, &move->element)) return false;
    return read_value(r, field, move, from, &move->from) && read_value(r, field, move, to, &move->to);
}

/* ---- the context ------------------------------------------------------------------------------------------ */

static bool add_setting(reader *r, const pl_csv_field *field, const char *name, const char *text, pl_claim *c) {
    pl_claim_move place = {.actor = -1};
    double value;
    if (!find_constant(r, field, name, &place.variable, &place.element)) return false;
    if (!read_value(r, field, &place, text, &value)) return false;
    c->context_settings[c->context_setting_count++] = (pl_claim_setting){place.variable, place.element, value};
    return true;
}

/* ACTOR=COURSE, CONSTANT=VALUE, the name of a profile, or the moderator. */
static bool read_context_part(reader *r, const pl_csv_field *field, const char *text, pl_claim *c) {
    const char *name, *value;
    if (strstr(text, "->")) return read_move(r, field, text, &c->moderator);
    if (!cut(r, text, "=", &name, &value)) {
        int profile = find(r, field, profile_name, 0, r->s->profile_count, "profile", text);
        for (int a = 0; profile >= 0 && a < r->s->actor_count; a++)
            c->context_course[a] = r->s->profiles[profile].course[a];
        return profile >= 0;
    }
    int actor = look_up(r, actor_name, 0, r->s->actor_count, name);
    if (actor < 0) return add_setting(r, field, name, value, c);
    int course = find(r, field, course_name, actor, r->s->actors[actor].course_count, "course", value);
    if (course >= 0) c->context_course[actor] = course;
    return course >= 0;
}

static bool read_context(reader *r, pl_claim *c) {
    const pl_csv_field *field = field_of(r, COLUMN_CONTEXT);
    const char *parts[MOST_PARTS];
    int count = split(r, field->text, ";", parts);
    c->context_course = PL_ARRAY(r->arena, r->s->actor_count + 1, int);
    c->context_settings = PL_ARRAY(r->arena, count + 1, pl_claim_setting);
    for (int a = 0; a < r->s->actor_count; a++) c->context_course[a] = r->s->base_course[a];
    for (int i = 0; i < count; i++)
        if (!read_context_part(r, field, parts[i], c)) return false;
    if ((c->form == PL_CLAIM_MODERATED) == (c->moderator.text != NULL)) return true;
    return refuse(r, field, c->moderator.text ? "only a moderated claim has a moderator"
                                              : "a moderated claim needs a moderator: 'NAME: VALUE -> VALUE'");
}

/* ---- effects ---------------------------------------------------------------------------------------------- */

static bool read_form(reader *r, pl_claim *c) {
    const pl_csv_field *field = field_of(r, COLUMN_FORM);
    if (!*field->text) return true;
    for (int k = 0; k < PL_CLAIM_FORM_COUNT; k++) {
        if (strcmp(field->text, pl_claim_form_names[k]) != 0) continue;
        c->form = (pl_claim_form)k;
        return true;
    }
    return refuse(r, field, "a form is direct, chain, null, moderated, comparative, horizon or motive, not '%.40s'",
                  field->text);
}

static bool read_span(reader *r, const pl_csv_field *field, const char *text, pl_span *span) {
    char *dash = strchr(text + (*text == '-'), '-');
    pl_csv_field from = {dash ? trimmed(r, text, (size_t)(dash - text)) : text, field->line, field->column};
    pl_csv_field to = {dash ? trimmed(r, dash + 1, strlen(dash + 1)) : text, field->line, field->column};
    if (pl_csv_number(&from, &span->from) && pl_csv_number(&to, &span->to) && span->from <= span->to) return true;
    return refuse(r, field, "expected the years FROM-TO, not '%.60s'", text);
}

static bool read_spans(reader *r, pl_claim *c) {
    const pl_csv_field *field = field_of(r, COLUMN_HORIZON);
    const char *parts[MOST_PARTS];
    int count = split(r, field->text, ">", parts), wanted = c->form == PL_CLAIM_HORIZON ? 2 : 1;
    bool own = wanted == 2 && c->effect_count == 2 && !count; /* each measure has a window of its own */
    c->spans = PL_ARRAY(r->arena, 2, pl_span);
    c->spans[0] = c->spans[1] = (pl_span){NAN, NAN};
    c->span_count = wanted;
    if (!own && count != wanted && (count || wanted == 2))
        return refuse(r, field, wanted == 2 ? "a horizon claim needs two spans, 'FROM-TO > FROM-TO', or two measures"
                                            : "expected one span: 'FROM-TO'");
    for (int i = 0; i < count; i++)
        if (!read_span(r, field, parts[i], &c->spans[i])) return false;
    return true;
}

/* A claim is tested from its source's year on, where nothing else is said. */
static bool read_since(reader *r, pl_claim *c) {
    const pl_csv_field *field = field_of(r, COLUMN_FROM);
    double year;
    if (!*field->text) return true;
    if (!pl_csv_number(field, &year)) return refuse(r, field, "expected a year, not '%.40s'", field->text);
    if (isnan(c->spans[0].from)) c->spans[0].from = year;
    return true;
}

static bool read_signs(reader *r, pl_claim *c) {
    const pl_csv_field *field = field_of(r, COLUMN_SIGN);
    const char *parts[MOST_PARTS];
    int count = split(r, field->text, ">", parts);
    int wanted = c->form == PL_CLAIM_HORIZON ? 2 : c->effect_count;
    c->signs = PL_ARRAY(r->arena, wanted + 1, char);
    if (count != 1 && count != wanted)
        return refuse(r, field, "expected one sign, or one for each of %d", wanted);
    for (int i = 0; i < wanted; i++) {
        const char *sign = parts[count == 1 ? 0 : i];
        if (strlen(sign) != 1 || !strchr("+-0?", *sign)) return refuse(r, field, "a sign is +, -, 0 or ?, not '%.20s'", sign);
        c->signs[i] = *sign;
    }
    return true;
}

static bool read_effects(reader *r, pl_claim *c) {
    const pl_csv_field *field = field_of(r, COLUMN_EFFECT);
    const char *parts[MOST_PARTS];
    int count = split(r, field->text, ">", parts);
    if (c->form == PL_CLAIM_CHAIN && count < 2)
        return refuse(r, field, "a chain needs at least two measures: 'MEASURE > MEASURE'");
    if (count > 1 && c->form != PL_CLAIM_CHAIN && !(c->form == PL_CLAIM_HORIZON && count == 2))
        return refuse(r, field, "only a chain has several effects, and a horizon claim two");
    c->effects = PL_ARRAY(r->arena, count + 1, int);
    for (; c->effect_count < count; c->effect_count++) {
        int measure = find(r, field, measure_name, 0, r->s->measure_count, "measure", parts[c->effect_count]);
        if (measure < 0) return false;
        c->effects[c->effect_count] = measure;
    }
    return true;
}

/* What a form needs besides. */
static bool check_form(reader *r, const pl_claim *c) {
    const pl_csv_field *field = field_of(r, COLUMN_CAUSE);
    bool courses = c->cause.actor >= 0;
    if (courses && c->cause.from_course < 0 && c->form != PL_CLAIM_COMPARATIVE)
        return refuse(r, field, "'* ->' is for comparative claims");
    if (c->form == PL_CLAIM_COMPARATIVE && !courses)
        return refuse(r, field, "a comparative claim needs 'ACTOR: * -> COURSE' or 'ACTOR: COURSE -> COURSE'");
    if (c->form != PL_CLAIM_MOTIVE) return true;
    if (!courses) return refuse(r, field, "a motive is an actor's: 'ACTOR: COURSE -> COURSE'");
    const pl_actor *actor = &r->s->actors[c->cause.actor];
    for (int w = 0; w < actor->want_count; w++)
        if (actor->wants[w].measure == c->effects[0]) return true;
    return refuse(r, field_of(r, COLUMN_EFFECT), "'%.80s' is no want of '%.80s', so it is no motive",
                  r->s->measures[c->effects[0]].name, actor->name);
}

static bool read_test(reader *r, pl_claim *c) {
    const pl_csv_field *cause = field_of(r, COLUMN_CAUSE), *effect = field_of(r, COLUMN_EFFECT);
    c->cause.actor = c->moderator.actor = -1;
    if (!*cause->text && !*effect->text) return true;
    if (!*cause->text || !*effect->text) return refuse(r, *cause->text ? cause : effect, "a cause needs an effect, and an effect a cause");
    c->tested = true;
    return read_form(r, c) && read_move(r, cause, cause->text, &c->cause) && read_effects(r, c) && read_spans(r, c) &&
           read_since(r, c) && read_signs(r, c) && read_context(r, c) && check_form(r, c);
}

/* ---- rows ------------------------------------------------------------------------------------------------- */

static bool is_double(const reader *r, const char *id) {
    for (int i = 0; i < r->claims->count; i++)
        if (strcmp(r->claims->claims[i].id, id) == 0) return true;
    return false;
}

static void read_row(reader *r) {
    const pl_csv_field *id = field_of(r, COLUMN_ID);
    pl_claim c = {.id = id->text,
                  .article = field_of(r, COLUMN_ARTICLE)->text,
                  .kind = field_of(r, COLUMN_KIND)->text,
                  .asserted_by = field_of(r, COLUMN_ASSERTED_BY)->text,
                  .hedge = field_of(r, COLUMN_HEDGE)->text,
                  .reason = field_of(r, COLUMN_REASON)->text,
                  .context = field_of(r, COLUMN_CONTEXT)->text,
                  .at = pl_csv_place(&r->csv, id)};
    c.text.in[PL_EN] = field_of(r, COLUMN_TEXT_EN)->text;
    c.text.in[PL_ES] = *field_of(r, COLUMN_TEXT_ES)->text ? field_of(r, COLUMN_TEXT_ES)->text : c.text.in[PL_EN];
    bool good = *c.id ? !is_double(r, c.id) || refuse(r, id, "the id '%.40s' comes twice", c.id)
                      : refuse(r, id, "a claim needs an id");
    good = read_places(r, &c) && good;
    if (read_test(r, &c) && good) r->claims->claims[r->claims->count++] = c;
}

static void read_columns(reader *r) {
    pl_csv_columns(&r->csv, column_names, COLUMN_COUNT, r->column);
    for (int c = -1; (c = pl_csv_other(&r->csv, r->column, COLUMN_COUNT, c + 1)) >= 0;) {
        const pl_csv_field *field = pl_csv_at(&r->csv, -1, c);
        refuse(r, field, "there is no column '%.60s' in a file of claims, or it comes twice", field->text);
    }
    for (int k = 0; k < COLUMN_COUNT; k++)
        if (r->column[k] < 0 && (k == COLUMN_ID || k == COLUMN_PLACE))
            refuse(r, pl_csv_at(&r->csv, -1, 0), "a file of claims needs a column '%s'", column_names[k]);
}

static void read_rows(reader *r) {
    pl_status status = pl_csv_read(r->arena, r->claims->text, r->claims->length, r->claims->file, &r->csv, r->error);
    if (status != PL_OK) {
        pl_error found = *r->error;
        keep(r, &found);
        return;
    }
    read_columns(r);
    if (r->errors) return;
    r->claims->claims = PL_ARRAY(r->arena, r->csv.rows + 1, pl_claim);
    for (r->row = 0; r->row < r->csv.rows; r->row++) read_row(r);
}

static void leave(void *context) {
    reader *r = context;
    r->status = PL_MEMORY;
    longjmp(r->out, 1);
}

/* In a function of its own: what setjmp leaves behind must not live in the caller's registers. */
static void guard(reader *r) {
    if (setjmp(r->out) == 0) read_rows(r);
}

pl_status pl_claims_parse(const pl_situation *situation, const char *text, size_t length, const char *file,
                          pl_claims **claims, pl_findings *findings, pl_error *error) {
    pl_error own;
    reader r = {.s = situation, .findings = findings, .error = error ? error : &own, .status = PL_OK};
    *claims = NULL;
    if (!(r.claims = pl_allocate(sizeof *r.claims))) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    r.arena = &r.claims->arena;
    r.claims->text = pl_arena_text(r.arena, text, length);
    r.claims->file = r.claims->text ? pl_arena_text(r.arena, file, strlen(file)) : NULL;
    r.claims->length = length;
    r.arena->out_of_memory = leave, r.arena->context = &r;
    if (r.claims->file) guard(&r);
    else r.status = PL_MEMORY;
    r.arena->out_of_memory = NULL, r.arena->context = NULL;
    if (r.status == PL_OK) *claims = r.claims;
    else pl_claims_free(r.claims);
    if (r.status == PL_MEMORY) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    return r.status;
}

pl_status pl_claims_read(const pl_situation *situation, pl_claims **claims, pl_findings *findings, pl_error *error) {
    *claims = NULL;
    if (!situation->claims)
        return pl_error_set(error, PL_NO_DATA, situation->file, 0, 0, "the situation names no file of claims");
    char path[2048], *text;
    size_t length = 0;
    snprintf(path, sizeof path, "%s/%s", situation->folder, situation->claims);
    pl_status status = pl_reader_file(path, &text, &length, error);
    if (status != PL_OK) return status;
    status = pl_claims_parse(situation, text, length, path, claims, findings, error);
    pl_release(text);
    return status;
}

void pl_claims_free(pl_claims *claims) {
    if (!claims) return;
    pl_arena_free(&claims->arena);
    pl_release(claims);
}
