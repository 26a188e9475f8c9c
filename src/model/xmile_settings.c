/* What an XMILE file says of the run and of its arrays: <sim_specs>, <behavior> and <dimensions>. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/xmile.h"

/* ---- settings ------------------------------------------------------------------------------ */

/* A setting's number; fallback where the element is missing. */
static double setting(pl_xmile *x, const pl_xml *specs, const char *name, double fallback) {
    const pl_xml *element = pl_xml_child(specs, name);
    if (!element) return fallback;
    double value = pl_xmile_number_of(pl_xml_text(x, element));
    if (!isnan(value)) return value;
    pl_reader_error(x->reader, PL_INVALID, pl_xml_position(x, element), "<%s> must be a number", name);
    return fallback;
}

static double step_setting(pl_xmile *x, const pl_xml *specs) {
    double dt = setting(x, specs, "dt", 1.0);
    const pl_xml *element = pl_xml_child(specs, "dt");
    const char *reciprocal = element ? pl_xml_attribute(element, "reciprocal") : NULL;
    return reciprocal && strcmp(reciprocal, "true") == 0 ? 1.0 / dt : dt;
}

/* How often results are saved: not in XMILE 1.0, but in practice; NaN where nothing is said. */
static double save_setting(pl_xmile *x, const pl_xml *specs) {
    static const char *const names[] = {"save_interval", "save_step", "savestep"};
    const char *attribute = pl_xml_attribute(specs, "isee:save_interval");
    double value = attribute ? pl_xmile_number_of(attribute) : NAN;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) value = setting(x, specs, names[i], value);
    return value > 0.0 ? value : NAN;
}

/* The first of the methods named that is known. */
static void method_setting(pl_xmile *x, const pl_xml *specs) {
    static const struct {
        const char *key;
        pl_method method;
    } methods[] = {{"euler", PL_EULER}, {"rk2", PL_RK2}, {"rk4", PL_RK4}};
    const char *list = pl_xml_attribute(specs, "method");
    for (const char *from = list; from && *from;) {
        size_t length = strcspn(from, ",");
        char key[32] = "";
        if (length < sizeof key) pl_name_fold(from, length, key);
        for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
            if (strcmp(key, methods[i].key) == 0) {
                x->reader->model->method = methods[i].method;
                return;
            }
        from += length + (from[length] == ',');
    }
    if (list && *list)
        pl_reader_error(x->reader, PL_UNSUPPORTED, pl_xml_position(x, specs),
                        "the method '%.60s' is not supported: euler, rk2 or rk4", list);
}

static pl_xmile_item *find_item(const pl_xmile_walk *w, const pl_variable *variable) {
    for (pl_xmile_item *i = w->first; i; i = i->next)
        if (i->variable == variable) return i;
    return NULL;
}

/* The variable of a time setting. A model that came from Vensim brings its own, of the same value; one that disagrees
 * with <sim_specs> keeps its name, and the run goes by a hidden one. */
static pl_variable *control(pl_xmile_walk *w, const pl_xml *specs, const char *name, double value) {
    pl_reader *reader = w->x->reader;
    const char *key = pl_xmile_key_of(w->x, name);
    pl_variable *own = pl_name_table_get(&reader->model->names, key);
    const pl_xmile_item *declared = own ? find_item(w, own) : NULL;
    const pl_xml *eqn = declared ? pl_xml_child(declared->element, "eqn") : NULL;
    double stated = eqn ? pl_xmile_number_of(pl_xml_text(w->x, eqn)) : NAN;
    if (own && fabs(stated - value) <= 1e-9 * fabs(value)) return own;
    if (own)
        pl_reader_note(reader, PL_WARNING, own->at, "the run goes by <sim_specs>, which differs from this '%.40s'",
                       name);
    pl_position place = pl_xml_position(w->x, specs);
    pl_variable *made = own ? pl_reader_hidden(reader, name, place) : pl_reader_variable(reader, name, key, place);
    made->supplementary = true;
    if (pl_xml_attribute(specs, "time_units")) made->units = pl_xml_attribute(specs, "time_units");
    pl_reader_equation(reader, made, place)->expr = pl_xmile_number(w->x, value, place);
    return made;
}

void pl_xmile_settings(pl_xmile_walk *w, const pl_xml *root) {
    pl_model *model = w->x->reader->model;
    const pl_xml *specs = pl_xml_child(root, "sim_specs");
    if (!specs) {
        pl_reader_error(w->x->reader, PL_INVALID, pl_xml_position(w->x, root),
                        "the file has no <sim_specs> with the times of the run");
        return;
    }
    double save = save_setting(w->x, specs), step = step_setting(w->x, specs);
    pl_variable *own_save = pl_name_table_get(&model->names, "saveper");
    if (!pl_xml_child(specs, "stop"))
        pl_reader_error(w->x->reader, PL_INVALID, pl_xml_position(w->x, specs), "<sim_specs> has no <stop>");
    model->initial_time = control(w, specs, "INITIAL TIME", setting(w->x, specs, "start", 0.0));
    model->final_time = control(w, specs, "FINAL TIME", setting(w->x, specs, "stop", 0.0));
    model->time_step = control(w, specs, "TIME STEP", step);
    model->saveper = isnan(save) && own_save ? own_save : control(w, specs, "SAVEPER", isnan(save) ? step : save);
    method_setting(w->x, specs);
}

/* ---- dimensions ---------------------------------------------------------------------------------------- */

static void add_element(pl_xmile *x, pl_raw_dimension *raw, const char *name, pl_position place) {
    if (++x->reader->subscript_total > PL_MOST_SUBSCRIPTS)
        pl_xmile_fail(x, PL_UNSUPPORTED, place, "the dimensions have more than %d elements together",
                      PL_MOST_SUBSCRIPTS);
    raw->names = pl_arena_grow(x->reader->arena, raw->names, raw->name_count, &raw->name_room, raw->name_count + 1,
                               sizeof *raw->names);
    raw->names[raw->name_count++] = (pl_subscript_name){name, pl_xmile_key_of(x, name), false, place, 0};
}

/* <dim name="d" size="3"/> has the elements 1, 2, 3; else <elem name="..."/> names them. */
static void dimension(pl_xmile *x, const pl_xml *element) {
    pl_model *model = x->reader->model;
    const char *name = pl_xmile_name_of(x, element), *key = pl_xmile_key_of(x, name),
               *size_text = pl_xml_attribute(element, "size");
    double size = size_text ? pl_xmile_number_of(size_text) : 0.0;
    if (!*key) pl_xmile_fail(x, PL_INVALID, pl_xml_position(x, element), "this dimension has no name");
    if (pl_name_table_get(&x->reader->dimensions, key))
        pl_xmile_fail(x, PL_INVALID, pl_xml_position(x, element), "the dimension '%.80s' is defined twice", name);
    pl_raw_dimension *raw = PL_NEW(x->reader->arena, pl_raw_dimension);
    raw->dimension.name = name, raw->dimension.key = key, raw->dimension.at = pl_xml_position(x, element);
    pl_name_table_set(x->reader->arena, &x->reader->dimensions, key, raw);
    model->dimensions = pl_arena_grow(x->reader->arena, model->dimensions, model->dimension_count,
                                      &model->dimension_room, model->dimension_count + 1, sizeof *model->dimensions);
    model->dimensions[model->dimension_count++] = &raw->dimension;
    raw->broken = true; /* until it is read whole */
    for (const pl_xml *child = element->first; child; child = child->next)
        if (pl_xml_is(child, "elem")) add_element(x, raw, pl_xmile_name_of(x, child), pl_xml_position(x, child));
    if (raw->name_count == 0 && !(size >= 1.0 && size <= PL_MOST_SUBSCRIPTS))
        pl_xmile_fail(x, PL_INVALID, pl_xml_position(x, element),
                      "the dimension '%.80s' has neither elements nor a size", name);
    for (int i = 1; raw->name_count < i && i <= size; i++) {
        char text[16];
        int length = snprintf(text, sizeof text, "%d", i);
        add_element(x, raw, pl_arena_text(x->reader->arena, text, (size_t)length), pl_xml_position(x, element));
    }
    raw->broken = false;
}

static void try_dimension(pl_xmile *x, const pl_xml *element) {
    if (setjmp(x->reader->next_equation) == 0) dimension(x, element);
}

void pl_xmile_dimensions(pl_xmile *x, const pl_xml *root) {
    const pl_xml *dimensions = pl_xml_child(root, "dimensions");
    for (const pl_xml *child = dimensions ? dimensions->first : NULL; child; child = child->next)
        try_dimension(x, child);
}

int pl_xmile_find_element(pl_xmile *x, pl_raw_dimension *raw, const char *key) {
    if (raw->places.count == 0)
        for (int i = raw->name_count; i > 0; i--) /* of a name that comes twice the first counts */
            pl_name_table_set(x->reader->arena, &raw->places, raw->names[i - 1].key, (void *)(intptr_t)i);
    return (int)(intptr_t)pl_name_table_get(&raw->places, key);
}

/* The dimensions that a variable names. */
pl_xmile_shape *pl_xmile_shape_of(pl_xmile *x, const pl_xml *element) {
    const pl_xml *list = pl_xml_child(element, "dimensions");
    pl_xmile_shape *shape = PL_NEW(x->reader->arena, pl_xmile_shape);
    pl_subscript_name *names = NULL;
    int room = 0;
    for (const pl_xml *child = list ? list->first : NULL; child; child = child->next) {
        const char *name = pl_xmile_name_of(x, child), *key = pl_xmile_key_of(x, name);
        const pl_raw_dimension *raw = pl_name_table_get(&x->reader->dimensions, key);
        if (!raw) {
            pl_reader_error(x->reader, PL_INVALID, pl_xml_position(x, child), "there is no dimension '%.80s'", name);
            return NULL;
        }
        names = pl_arena_grow(x->reader->arena, names, shape->count, &room, shape->count + 1, sizeof *names);
        names[shape->count++] = (pl_subscript_name){name, key, false, pl_xml_position(x, child), 0};
        shape->broken |= raw->broken;
    }
    shape->names = names;
    return shape;
}

void pl_xmile_behavior(pl_xmile *x, const pl_xml *element) {
    if (!element) return;
    pl_xmile_check_children(x, element, "non_negative stock flow");
    const pl_xml *stock = pl_xml_child(element, "stock"), *flow = pl_xml_child(element, "flow");
    bool all = pl_xml_child(element, "non_negative") != NULL;
    x->stocks_positive = all || (stock && pl_xml_child(stock, "non_negative"));
    x->flows_positive = all || (flow && pl_xml_child(flow, "non_negative"));
}

