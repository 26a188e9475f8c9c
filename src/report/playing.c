/* The part "playing": what the engine in the page needs to run the situation with other courses, levers and
 * uncertainties.  The compiled program goes along as data, with the draws of the first futures, each course as the changes
 * of levers that it makes, and the ranges that courses and distributions span; nothing is parsed in the page, and the same
 * futures give the same bits there. */
#include "report/playing.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "report/page.h"
#include "report/section.h"

enum { FUTURES = 200, MOST_ROWS = 121 };

typedef struct playing {
    pl_report *r;
    const pl_situation *s;
    pl_program *program;
    int output_count, futures;
} playing;

static const pl_page_file *engine_file(void) {
    for (const pl_page_file *file = pl_page_files; file->name; file++)
        if (strcmp(file->name, "parley.wasm") == 0) return file;
    return NULL;
}

/* ---- numbers as bytes ------------------------------------------------------------------------------------ */

/* The first futures of each row. */
static json_t *rows_as_bytes(const double *rows, int count, long stride, int futures) {
    size_t each = (size_t)futures * sizeof *rows;
    char *bytes = pl_allocate((size_t)count * each + 1);
    if (!bytes) return NULL;
    for (int i = 0; i < count; i++) memcpy(bytes + (size_t)i * each, rows + (size_t)i * (size_t)stride, each);
    json_t *text = pl_json_bytes(bytes, (size_t)count * each);
    pl_release(bytes);
    return text;
}

static json_t *program_as_bytes(const pl_program *program) {
    unsigned char *bytes;
    size_t size;
    if (pl_program_save(program, &bytes, &size) != PL_OK) return NULL;
    json_t *text = pl_json_bytes(bytes, size);
    pl_release(bytes);
    return text;
}

/* ---- ranges ---------------------------------------------------------------------------------------------- */

/* All that a distribution may give; of one without ends, what 99 % of its draws span. */
static void widen_by_distribution(const pl_distribution *d, double *low, double *high) {
    bool bounded = d->kind != PL_DIST_NORMAL && d->kind != PL_DIST_LOGNORMAL;
    double edge = bounded ? 0x1p-52 : 0.005;
    *low = fmin(*low, pl_distribution_quantile(d, edge));
    *high = fmax(*high, pl_distribution_quantile(d, 1 - edge));
}

static void widen_by_setting(const pl_setting *setting, double *low, double *high) {
    for (int k = 0; k < setting->count; k++) {
        const pl_quantity *value = &setting->values[k];
        if (value->distribution) widen_by_distribution(value->distribution, low, high);
        else *low = fmin(*low, value->value), *high = fmax(*high, value->value);
    }
}

bool pl_playing_lever_range(const pl_situation *s, const pl_program *program, int actor, int input, double *low,
                            double *high) {
    const pl_actor *a = &s->actors[actor];
    bool found = false;
    *low = *high = pl_program_input_value(program, input);
    for (int c = 0; c < a->course_count; c++) {
        const pl_setting *setting;
        for (int i = 0; (setting = pl_course_setting(&a->courses[c], i)); i++)
            if (setting->input == input) widen_by_setting(setting, low, high), found = true;
    }
    return found;
}

void pl_playing_uncertainty_range(const pl_situation *s, int uncertainty, double *low, double *high) {
    *low = INFINITY, *high = -INFINITY;
    widen_by_distribution(&s->uncertainties[uncertainty].distribution, low, high);
}

static void add_armed(const pl_setting *setting, json_t **armed) {
    for (int k = 0; k < setting->count; k++)
        if (setting->armed && setting->armed[k] >= 0) pl_json_append(armed, json_integer(setting->armed[k]));
}

const char *pl_playing_lever_name(const pl_situation *s, int input, char *room, size_t size) {
    const pl_input *in = &s->inputs[input];
    if (in->element >= 0) pl_variable_element_name(in->variable, in->element, room, size);
    return in->element >= 0 ? room : in->variable->name;
}

static json_t *units_json(const pl_situation *s, const pl_variable *variable) {
    return pl_report_title_json(pl_situation_units_title(s, variable->units), "");
}

/* A lever that an actor's courses set: its range over all courses, the model's value among them. */
static json_t *lever_of_actor(const playing *p, int actor, int input) {
    const pl_actor *a = &p->s->actors[actor];
    double value = pl_program_input_value(p->program, input), low, high;
    json_t *armed = json_array();
    bool found = pl_playing_lever_range(p->s, p->program, actor, input, &low, &high);
    for (int c = 0; c < a->course_count; c++) {
        const pl_setting *setting;
        for (int i = 0; (setting = pl_course_setting(&a->courses[c], i)); i++) {
            if (setting->input == input) add_armed(setting, &armed);
        }
    }
    json_t *object = NULL;
    if (found && low < high) {
        char room[256];
        object = json_object();
        pl_json_set(&object, "input", json_integer(input));
        const char *name = pl_playing_lever_name(p->s, input, room, sizeof room);
        pl_json_set(&object, "name", pl_json_text(name));
        pl_json_set(&object, "title", pl_report_title_json(pl_situation_variable_title(p->s, name), name));
        pl_json_set(&object, "units", units_json(p->s, p->s->inputs[input].variable));
        pl_json_set(&object, "value", pl_json_number(value));
        pl_json_set(&object, "low", pl_json_number(low));
        pl_json_set(&object, "high", pl_json_number(high));
        pl_json_set(&object, "armed", armed);
    } else {
        json_decref(armed);
    }
    return object;
}

static json_t *levers_of_actor(const playing *p, int actor) {
    json_t *levers = json_array();
    for (int input = 0; input < p->s->input_count; input++) {
        if (p->s->inputs[input].input_class != PL_INPUT_LEVER) continue;
        json_t *lever = lever_of_actor(p, actor, input);
        if (lever) pl_json_append(&levers, lever);
    }
    return levers;
}

/* ---- actors ---------------------------------------------------------------------------------------------- */

/* [[step, input, value]], in the order in which native code applies them. */
static json_t *changes_of_course(const playing *p, const pl_course *course) {
    pl_lever_change *changes;
    int count;
    if (pl_course_changes(p->program, course, &changes, &count) != PL_OK) return NULL;
    json_t *list = json_array();
    for (int i = 0; i < count; i++) {
        json_t *change = json_array();
        pl_json_append(&change, json_integer(changes[i].step));
        pl_json_append(&change, json_integer(changes[i].input));
        pl_json_append(&change, pl_json_number(changes[i].value));
        pl_json_append(&list, change);
    }
    pl_release(changes);
    return list;
}

static json_t *courses_of_actor(const playing *p, const pl_actor *actor) {
    json_t *courses = json_array();
    for (int c = 0; c < actor->course_count; c++) {
        const pl_course *course = &actor->courses[c];
        json_t *object = json_object();
        pl_json_set(&object, "name", pl_json_text(course->name));
        pl_json_set(&object, "text", pl_report_title_json(course->text, ""));
        pl_json_set(&object, "rules", json_integer(course->rule_count));
        pl_json_set(&object, "changes", changes_of_course(p, course));
        pl_json_append(&courses, object);
    }
    return courses;
}

/* weight: a number, or the row of "weights" that holds its draws. */
static json_t *wants_of_actor(const pl_actor *actor) {
    json_t *wants = json_array();
    for (int i = 0; i < actor->want_count; i++) {
        const pl_want *want = &actor->wants[i];
        json_t *object = json_object();
        pl_json_set(&object, "measure", json_integer(want->measure));
        pl_json_set(&object, "per", pl_json_number(want->per));
        if (want->drawn >= 0) pl_json_set(&object, "drawn", json_integer(want->drawn));
        else pl_json_set(&object, "weight", pl_json_number(want->weight.value));
        pl_json_append(&wants, object);
    }
    return wants;
}

static json_t *actors(const playing *p) {
    json_t *list = json_array();
    for (int a = 0; a < p->s->actor_count; a++) {
        const pl_actor *actor = &p->s->actors[a];
        json_t *object = json_object();
        pl_json_set(&object, "name", pl_json_text(actor->name));
        pl_json_set(&object, "title", pl_report_title_json(actor->title, actor->name));
        pl_json_set(&object, "courses", courses_of_actor(p, actor));
        pl_json_set(&object, "levers", levers_of_actor(p, a));
        pl_json_set(&object, "wants", wants_of_actor(actor));
        pl_json_append(&list, object);
    }
    return list;
}

/* ---- what is uncertain, what is seen ----------------------------------------------------------------------- */

static json_t *uncertainty(const playing *p, int index) {
    const pl_uncertainty *u = &p->s->uncertainties[index];
    double low, high;
    json_t *object = json_object();
    pl_playing_uncertainty_range(p->s, index, &low, &high);
    pl_json_set(&object, "name", pl_json_text(u->name));
    pl_json_set(&object, "title", pl_report_title_json(u->title, u->name));
    pl_json_set(&object, "units", units_json(p->s, p->s->inputs[u->input].variable));
    pl_json_set(&object, "low", pl_json_number(low));
    pl_json_set(&object, "high", pl_json_number(high));
    pl_json_set(&object, "contested", json_boolean(u->contested));
    pl_json_set(&object, "ofCourse", json_boolean(u->of_course));
    return object;
}

static json_t *measures(const pl_situation *s) {
    json_t *list = json_array();
    for (int m = 0; m < s->measure_count; m++) pl_json_append(&list, pl_json_text(s->measures[m].name));
    return list;
}

static json_t *outputs(const playing *p) {
    json_t *list = json_array();
    for (int i = 0; i < p->output_count; i++) {
        const pl_output *output = &p->r->fans->variables[i];
        char name[256];
        json_t *object = json_object();
        pl_variable_element_name(output->variable, output->element, name, sizeof name);
        pl_json_set(&object, "name", pl_json_text(name));
        pl_json_set(&object, "title", pl_report_title_json(pl_situation_variable_title(p->s, name), name));
        pl_json_set(&object, "units", units_json(p->s, output->variable));
        pl_json_append(&list, object);
    }
    return list;
}

json_t *pl_playing_times(const pl_program *program) {
    json_t *list = json_array();
    for (int step = 0; step <= pl_program_steps(program); step++) {
        bool saved;
        pl_program_row(program, step, &saved);
        if (saved) pl_json_append(&list, pl_json_number(pl_program_time(program, step)));
    }
    return list;
}

static json_t *courses_as_json(const pl_situation *s, const int *courses) {
    json_t *list = json_array();
    for (int a = 0; a < s->actor_count; a++) pl_json_append(&list, json_integer(courses[a]));
    return list;
}

static json_t *profiles(const pl_situation *s) {
    json_t *list = json_array();
    for (int i = 0; i < s->profile_count; i++) {
        json_t *object = json_object();
        pl_json_set(&object, "title", pl_report_title_json(s->profiles[i].title, s->profiles[i].name));
        pl_json_set(&object, "courses", courses_as_json(s, s->profiles[i].course));
        pl_json_append(&list, object);
    }
    return list;
}

/* ---- the part ----------------------------------------------------------------------------------------------- */

static json_t *drawn(const playing *p) {
    json_t *list = json_array();
    for (int u = 0; u < p->s->uncertainty_count; u++)
        pl_json_append(&list, json_integer(p->s->uncertainties[u].input));
    return list;
}

static json_t *uncertainties(const playing *p) {
    json_t *list = json_array();
    for (int u = 0; u < p->s->uncertainty_count; u++) pl_json_append(&list, uncertainty(p, u));
    return list;
}

static json_t *seed(uint64_t whole) {
    json_t *halves = json_array();
    pl_json_append(&halves, json_integer((json_int_t)(whole & UINT32_MAX)));
    pl_json_append(&halves, json_integer((json_int_t)(whole >> 32)));
    return halves;
}

static json_t *everything(const playing *p) {
    const pl_ensemble *e = p->r->ensemble;
    json_t *object = json_object();
    pl_json_set(&object, "program", program_as_bytes(p->program));
    pl_json_set(&object, "futures", json_integer(p->futures));
    pl_json_set(&object, "seed", seed(e->seed));
    pl_json_set(&object, "draws", rows_as_bytes(e->draws, e->uncertainty_count, e->futures, p->futures));
    pl_json_set(&object, "weights", rows_as_bytes(e->weights, p->s->weight_count, e->futures, p->futures));
    pl_json_set(&object, "drawn", drawn(p));
    pl_json_set(&object, "act", json_integer(pl_program_act_step(p->program)));
    pl_json_set(&object, "times", pl_playing_times(p->program));
    pl_json_set(&object, "actFrom", pl_json_number(pl_program_time(p->program, pl_program_act_step(p->program))));
    pl_json_set(&object, "actors", actors(p));
    pl_json_set(&object, "uncertainties", uncertainties(p));
    pl_json_set(&object, "measures", measures(p->s));
    pl_json_set(&object, "outputs", outputs(p));
    pl_json_set(&object, "profiles", profiles(p->s));
    pl_json_set(&object, "base", courses_as_json(p->s, p->s->base_course));
    return object;
}

/* The time between rows, so that there are few enough to be drawn. */
static pl_status choose_interval(const pl_situation *s, double *interval, pl_error *error) {
    pl_program *program;
    double every = s->series_every;
    pl_status status = pl_situation_compile(s, false, NULL, 0, &program, error);
    if (status != PL_OK) return status;
    double span = pl_program_final_time(program) - pl_program_initial_time(program);
    int rows = every > 0 ? (int)fmin(span / every, 1e6) : pl_program_rows(program);
    double step = pl_program_time_step(program);
    pl_program_free(program);
    *interval = rows <= MOST_ROWS ? every : step * ceil(span / (MOST_ROWS - 1) / step);
    return PL_OK;
}

pl_status pl_playing_compile(const pl_situation *s, const pl_output *variables, int count, pl_program **program,
                             pl_error *error) {
    pl_compile_options options = {.measures = true, .outputs = variables,
                                  .output_count = count < PL_PLAYING_OUTPUTS ? count : PL_PLAYING_OUTPUTS};
    pl_status status = choose_interval(s, &options.every, error);
    return status == PL_OK ? pl_situation_compile_for(s, &options, program, error) : status;
}

static pl_status compile(playing *p, pl_error *error) {
    const pl_fans *fans = p->r->fans;
    pl_status status = pl_playing_compile(p->s, fans->variables, fans->variable_count, &p->program, error);
    if (status == PL_OK) p->output_count = pl_program_output_count(p->program);
    return status;
}

static void put_engine(pl_text *out, const pl_page_file *file) {
    pl_text_put(out, "<div id=\"play\"></div>\n<script type=\"application/gzip\" id=\"parley-wasm\">");
    for (const char *const *text = file->texts; *text; text++) pl_text_put(out, *text);
    pl_text_put(out, "</script>\n");
}

pl_status pl_part_playing(pl_report *r, pl_error *error) {
    pl_phrase caption;
    playing p = {.r = r, .s = r->situation, .futures = r->ensemble->futures < FUTURES ? (int)r->ensemble->futures : FUTURES};
    const pl_page_file *engine = engine_file();
    if (!r->fans || !r->fans->variable_count) return PL_OK;
    if (engine) {
        pl_status status = compile(&p, error);
        if (status != PL_OK) return status;
    }
    pl_section_open(r);
    pl_section_caption(r, pl_phrase_start(&caption, engine ? PL_WORD_PLAYING_LEAD : PL_WORD_PLAYING_LEFT_OUT));
    if (p.program) {
        put_engine(&r->out, engine);
        pl_section_data(r, everything(&p));
    }
    pl_section_close(r, "run");
    pl_program_free(p.program);
    return PL_OK;
}
