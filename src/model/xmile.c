/* The structure of an XMILE file: settings, dimensions, macros, and the variables of all modules, whose names get the
 * module's name and a dot before them.  First every variable is declared, then its equations are read, so that an
 * equation knows which names are variables and what dimensions they have.  An error skips to the next equation. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "model/xmile.h"

/* A variable as declared. */
typedef struct item {
    pl_xml *element;
    pl_variable *variable;
    const char *prefix, *source; /* source: key of what a module's input is connected to; NULL: none */
    struct item *next;
} item;

typedef struct walk {
    pl_xmile *x;
    item *first, *last;
    pl_name_table connections; /* key of a module's input -> key of its source */
    pl_name_table models;      /* key -> the <model> of that name */
} walk;

#define VARIABLES "stock flow aux gf module"

static pl_position at(const pl_xmile *x, const pl_xml *element) { return pl_xml_position(x, element); }

static bool is(const pl_xml *element, const char *name) { return strcmp(element->name, name) == 0; }

static bool is_one_of(const char *name, const char *list) {
    size_t length = strlen(name);
    for (const char *found = list; (found = strstr(found, name)); found++)
        if ((found == list || found[-1] == ' ') && (found[length] == ' ' || found[length] == 0)) return true;
    return false;
}

static void unsupported(pl_xmile *x, const pl_xml *element) {
    pl_reader_error(x->reader, PL_UNSUPPORTED, at(x, element), "the element <%.60s> is not supported here", element->name);
}

/* Refuses children that are not in a list of names. */
static void check_children(pl_xmile *x, const pl_xml *element, const char *allowed) {
    for (const pl_xml *child = element->first; child; child = child->next)
        if (!is_one_of(child->name, allowed)) unsupported(x, child);
}

static const char *key_of(pl_xmile *x, const char *name) { return pl_name_key(x->reader->arena, name, strlen(name)); }

/* The name attribute for showing, "" where it is missing. */
static const char *name_of(pl_xmile *x, const pl_xml *element) {
    const char *name = pl_xml_attribute(element, "name");
    if (name && strlen(name) > PL_LONGEST_NAME) {
        pl_reader_error(x->reader, PL_INVALID, at(x, element), "this name is longer than %d bytes", PL_LONGEST_NAME);
        return "";
    }
    return name ? pl_xmile_display(x, name, strlen(name)) : "";
}

/* ---- numbers and settings --------------------------------------------------------------------------------------------- */

/* The number that a text is, NaN where it is none. */
static double number_of(const char *text) {
    double value = NAN;
    bool minus = *text == '-';
    text += minus || *text == '+';
    size_t used = pl_number_read(text, strlen(text), &value);
    if (used == 0 || text[used]) return NAN;
    return minus ? -value : value;
}

/* A setting's number; fallback where the element is missing. */
static double setting(pl_xmile *x, const pl_xml *specs, const char *name, double fallback) {
    const pl_xml *element = pl_xml_child(specs, name);
    if (!element) return fallback;
    double value = number_of(pl_xml_text(x, element));
    if (!isnan(value)) return value;
    pl_reader_error(x->reader, PL_INVALID, at(x, element), "<%s> must be a number", name);
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
    double value = attribute ? number_of(attribute) : NAN;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) value = setting(x, specs, names[i], value);
    return value > 0.0 ? value : NAN;
}

/* The first of the methods named that is known. */
static void method_setting(pl_xmile *x, const pl_xml *specs) {
    static const struct { const char *key; pl_method method; } methods[] = {{"euler", PL_EULER}, {"rk2", PL_RK2}, {"rk4", PL_RK4}};
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
        pl_reader_error(x->reader, PL_UNSUPPORTED, at(x, specs), "the method '%.60s' is not supported: euler, rk2 or rk4", list);
}

static item *find_item(const walk *w, const pl_variable *variable) {
    for (item *i = w->first; i; i = i->next)
        if (i->variable == variable) return i;
    return NULL;
}

/* The variable of a time setting. A model that came from Vensim brings its own, of the same value; one that disagrees
 * with <sim_specs> keeps its name, and the run goes by a hidden one. */
static pl_variable *control(walk *w, const pl_xml *specs, const char *name, double value) {
    pl_reader *reader = w->x->reader;
    const char *key = key_of(w->x, name);
    pl_variable *own = pl_name_table_get(&reader->model->names, key);
    const item *declared = own ? find_item(w, own) : NULL;
    const pl_xml *eqn = declared ? pl_xml_child(declared->element, "eqn") : NULL;
    double stated = eqn ? number_of(pl_xml_text(w->x, eqn)) : NAN;
    if (own && fabs(stated - value) <= 1e-9 * fabs(value)) return own;
    if (own) pl_reader_note(reader, PL_WARNING, own->at, "the run goes by <sim_specs>, which differs from this '%.40s'", name);
    pl_position place = at(w->x, specs);
    pl_variable *made = own ? pl_reader_hidden(reader, name, place) : pl_reader_variable(reader, name, key, place);
    made->supplementary = true;
    pl_reader_equation(reader, made, place)->expr = pl_xmile_number(w->x, value, place);
    return made;
}

static void settings(walk *w, const pl_xml *root) {
    pl_model *model = w->x->reader->model;
    const pl_xml *specs = pl_xml_child(root, "sim_specs");
    if (!specs) {
        pl_reader_error(w->x->reader, PL_INVALID, at(w->x, root), "the file has no <sim_specs> with the times of the run");
        return;
    }
    double save = save_setting(w->x, specs), step = step_setting(w->x, specs);
    pl_variable *own_save = pl_name_table_get(&model->names, "saveper");
    if (!pl_xml_child(specs, "stop")) pl_reader_error(w->x->reader, PL_INVALID, at(w->x, specs), "<sim_specs> has no <stop>");
    model->initial_time = control(w, specs, "INITIAL TIME", setting(w->x, specs, "start", 0.0));
    model->final_time = control(w, specs, "FINAL TIME", setting(w->x, specs, "stop", 0.0));
    model->time_step = control(w, specs, "TIME STEP", step);
    model->saveper = isnan(save) && own_save ? own_save : control(w, specs, "SAVEPER", isnan(save) ? step : save);
    method_setting(w->x, specs);
}

/* ---- dimensions ---------------------------------------------------------------------------------------------------------- */

static void add_element(pl_xmile *x, pl_raw_dimension *raw, const char *name, pl_position place) {
    if (++x->reader->subscript_total > PL_MOST_SUBSCRIPTS)
        pl_xmile_fail(x, PL_UNSUPPORTED, place, "the dimensions have more than %d elements together", PL_MOST_SUBSCRIPTS);
    raw->names = pl_arena_grow(x->reader->arena, raw->names, raw->name_count, &raw->name_room, raw->name_count + 1, sizeof *raw->names);
    raw->names[raw->name_count++] = (pl_subscript_name){name, key_of(x, name), false, place};
}

/* <dim name="d" size="3"/> has the elements 1, 2, 3; else <elem name="..."/> names them. */
static void dimension(pl_xmile *x, const pl_xml *element) {
    pl_model *model = x->reader->model;
    const char *name = name_of(x, element), *key = key_of(x, name), *size_text = pl_xml_attribute(element, "size");
    double size = size_text ? number_of(size_text) : 0.0;
    if (!*key) pl_xmile_fail(x, PL_INVALID, at(x, element), "this dimension has no name");
    if (pl_name_table_get(&x->reader->dimensions, key)) pl_xmile_fail(x, PL_INVALID, at(x, element), "the dimension '%.80s' is defined twice", name);
    pl_raw_dimension *raw = PL_NEW(x->reader->arena, pl_raw_dimension);
    raw->dimension.name = name, raw->dimension.key = key, raw->dimension.at = at(x, element);
    pl_name_table_set(x->reader->arena, &x->reader->dimensions, key, raw);
    model->dimensions = pl_arena_grow(x->reader->arena, model->dimensions, model->dimension_count, &model->dimension_room,
                                      model->dimension_count + 1, sizeof *model->dimensions);
    model->dimensions[model->dimension_count++] = &raw->dimension;
    raw->broken = true; /* until it is read whole */
    for (const pl_xml *child = element->first; child; child = child->next)
        if (is(child, "elem")) add_element(x, raw, name_of(x, child), at(x, child));
    if (raw->name_count == 0 && !(size >= 1.0 && size <= PL_MOST_SUBSCRIPTS))
        pl_xmile_fail(x, PL_INVALID, at(x, element), "the dimension '%.80s' has neither elements nor a size", name);
    for (int i = 1; raw->name_count < i && i <= size; i++) {
        char text[16];
        int length = snprintf(text, sizeof text, "%d", i);
        add_element(x, raw, pl_arena_text(x->reader->arena, text, (size_t)length), at(x, element));
    }
    raw->broken = false;
}

static void try_dimension(pl_xmile *x, const pl_xml *element) {
    if (setjmp(x->reader->next_equation) == 0) dimension(x, element);
}

/* The dimensions that a variable names. */
static pl_xmile_shape *shape_of(pl_xmile *x, const pl_xml *element) {
    const pl_xml *list = pl_xml_child(element, "dimensions");
    pl_xmile_shape *shape = PL_NEW(x->reader->arena, pl_xmile_shape);
    pl_subscript_name *names = NULL;
    int room = 0;
    for (const pl_xml *child = list ? list->first : NULL; child; child = child->next) {
        const char *name = name_of(x, child), *key = key_of(x, name);
        if (!pl_name_table_get(&x->reader->dimensions, key)) {
            pl_reader_error(x->reader, PL_INVALID, at(x, child), "there is no dimension '%.80s'", name);
            return NULL;
        }
        names = pl_arena_grow(x->reader->arena, names, shape->count, &room, shape->count + 1, sizeof *names);
        names[shape->count++] = (pl_subscript_name){name, key, false, at(x, child)};
    }
    shape->names = names;
    return shape;
}

/* ---- graphical functions -------------------------------------------------------------------------------------------------- */

/* The numbers of <xpts> or <ypts>. */
static double *points(pl_xmile *x, const pl_xml *element, int *count) {
    const char *text = pl_xml_text(x, element), *separator = element ? pl_xml_attribute(element, "sep") : NULL;
    double *values = NULL;
    int room = 0;
    char stop = separator && *separator ? *separator : ',';
    *count = 0;
    while (*text) {
        double value = NAN;
        text += strspn(text, " \t\r\n");
        bool minus = *text == '-';
        text += minus || *text == '+';
        size_t used = pl_number_read(text, strlen(text), &value);
        text += used;
        text += strspn(text, " \t\r\n");
        if (used == 0 || (*text && *text != stop && stop != ' ')) pl_xmile_fail(x, PL_INVALID, at(x, element), "<%s> must be numbers with '%c' between them", element->name, stop);
        values = pl_arena_grow(x->reader->arena, values, *count, &room, *count + 1, sizeof *values);
        values[(*count)++] = minus ? -value : value;
        text += *text == stop;
    }
    return values;
}

static double scale(pl_xmile *x, const pl_xml *gf, const char *name, const char *end) {
    const pl_xml *element = pl_xml_child(gf, name);
    const char *text = element ? pl_xml_attribute(element, end) : NULL;
    (void)x;
    return text ? number_of(text) : NAN;
}

/* A step function as a line: just below each point the value of the one before. */
static void make_discrete(pl_xmile *x, pl_table *table) {
    double *xs = PL_ARRAY(x->reader->arena, 2 * table->count, double), *ys = PL_ARRAY(x->reader->arena, 2 * table->count, double);
    int count = 0;
    for (int i = 0; i < table->count; i++) {
        double below = nextafter(table->x[i], -INFINITY);
        if (i > 0 && below > table->x[i - 1]) xs[count] = below, ys[count++] = table->y[i - 1];
        xs[count] = table->x[i], ys[count++] = table->y[i];
    }
    table->x = xs, table->y = ys, table->count = count;
}

static void check_rising(pl_xmile *x, const pl_xml *gf, const pl_table *table) {
    for (int i = 1; i < table->count; i++)
        if (!(table->x[i] > table->x[i - 1]))
            pl_xmile_fail(x, PL_INVALID, at(x, gf), "the points of this graphical function are out of order: x = %g is followed by x = %g",
                          table->x[i - 1], table->x[i]);
}

static pl_table *table_of(pl_xmile *x, const pl_xml *gf) {
    pl_table *table = PL_NEW(x->reader->arena, pl_table);
    const pl_xml *xpts = pl_xml_child(gf, "xpts"), *ypts = pl_xml_child(gf, "ypts");
    const char *type = pl_xml_attribute(gf, "type"), *discrete = pl_xml_attribute(gf, "discrete");
    int count = 0;
    double low = scale(x, gf, "xscale", "min"), high = scale(x, gf, "xscale", "max");
    *table = (pl_table){.low_x = low, .high_x = high, .low_y = scale(x, gf, "yscale", "min"), .high_y = scale(x, gf, "yscale", "max")};
    if (!ypts) pl_xmile_fail(x, PL_INVALID, at(x, gf), "this graphical function has no <ypts>");
    table->y = points(x, ypts, &table->count);
    if (table->count == 0) pl_xmile_fail(x, PL_INVALID, at(x, gf), "this graphical function has no points");
    double *xs = xpts ? points(x, xpts, &count) : PL_ARRAY(x->reader->arena, table->count, double);
    if (xpts && count != table->count)
        pl_xmile_fail(x, PL_INVALID, at(x, gf), "this graphical function has %d x, but %d y", count, table->count);
    if (!xpts && !(low < high)) pl_xmile_fail(x, PL_INVALID, at(x, gf), "this graphical function has neither <xpts> nor an <xscale> with min below max");
    for (int i = 0; i < table->count && !xpts; i++) xs[i] = table->count > 1 ? low + (high - low) * i / (table->count - 1) : low;
    table->x = xs;
    check_rising(x, gf, table);
    if (type && !is_one_of(type, "continuous extrapolate discrete"))
        pl_xmile_fail(x, PL_UNSUPPORTED, at(x, gf), "the type '%.40s' of a graphical function is not supported", type);
    if ((type && strcmp(type, "discrete") == 0) || (!type && discrete && strcmp(discrete, "true") == 0)) make_discrete(x, table);
    table->extrapolate = type && strcmp(type, "extrapolate") == 0;
    return table;
}

/* A hidden lookup with the points of a <gf>. */
static pl_variable *graph_of(pl_xmile *x, const pl_xml *gf) {
    pl_table *table = table_of(x, gf);
    pl_variable *graph = pl_reader_hidden(x->reader, "graph", at(x, gf));
    graph->kind = PL_LOOKUP;
    pl_reader_equation(x->reader, graph, at(x, gf))->table = table;
    return graph;
}

/* ---- declaring --------------------------------------------------------------------------------------------------------------- */

static double range_end(const pl_xml *element, const char *end) {
    const pl_xml *range = pl_xml_child(element, "range");
    const char *text = range ? pl_xml_attribute(range, end) : NULL;
    return text ? number_of(text) : NAN;
}

/* Whether an element has an equation that is more than a comment. */
static bool has_text(const pl_xml *element) {
    int open = 0;
    for (int i = 0; element && i < element->length; i++) {
        char c = element->text[i];
        if (c == '{') open++;
        else if (c == '}' && open > 0) open--;
        else if (open == 0 && !strchr(" \t\r\n", c)) return true;
    }
    return false;
}

static bool has_equation(const pl_xml *element) {
    return has_text(pl_xml_child(element, "eqn")) || pl_xml_child(element, "element");
}

static void check_variable(pl_xmile *x, const pl_xml *element) {
    const char *common = "eqn units doc documentation range scale format dimensions element non_negative isee";
    char allowed[200];
    snprintf(allowed, sizeof allowed, "%s %s", common, is(element, "stock") ? "inflow outflow" : is(element, "aux") || is(element, "flow") ? "gf init_eqn" : "");
    check_children(x, element, allowed);
}

static void declare_variable(walk *w, pl_xml *element, const char *prefix, const char *shown_prefix) {
    pl_xmile *x = w->x;
    pl_reader *reader = x->reader;
    const char *own = name_of(x, element), *name = pl_xmile_joined(x, shown_prefix, own), *key = pl_xmile_joined(x, prefix, key_of(x, own));
    const pl_xml *gf = is(element, "gf") ? element : pl_xml_child(element, "gf");
    if (!*key_of(x, own)) pl_xmile_fail(x, PL_INVALID, at(x, element), "this <%s> has no name", element->name);
    if (strlen(name) > PL_LONGEST_NAME) pl_xmile_fail(x, PL_INVALID, at(x, element), "this name is longer than %d bytes", PL_LONGEST_NAME);
    const pl_variable *known = pl_name_table_get(reader->macro ? &reader->macro->names : &reader->model->names, key);
    if (known) pl_xmile_fail(x, PL_INVALID, at(x, element), "'%.80s' is defined twice; first in line %d", name, known->at.line);
    if (gf && !pl_xml_child(element, "element")) pl_name_table_set(reader->arena, &x->graphs, key, graph_of(x, gf));
    if (gf && !has_equation(element) && !reader->macro) return; /* a function of its own, without a value */
    check_variable(x, element);
    pl_xmile_shape *shape = shape_of(x, element);
    pl_variable *variable = pl_reader_variable(reader, name, key, at(x, element));
    variable->broken = shape == NULL;
    variable->kind = is(element, "stock") ? PL_STOCK : PL_AUXILIARY;
    variable->units = pl_xml_text(x, pl_xml_child(element, "units"));
    variable->comment = pl_xml_text(x, pl_xml_child(element, "doc"));
    variable->low = range_end(element, "min"), variable->high = range_end(element, "max");
    if (shape) pl_name_table_set(reader->arena, &x->shapes, key, shape);
    item *i = PL_NEW(reader->arena, item);
    *i = (item){element, variable, prefix, NULL, NULL};
    if (w->last) w->last->next = i;
    else w->first = i;
    w->last = i;
}

static void declare(walk *w, const pl_xml *model, const char *prefix, const char *shown_prefix, int depth);

/* <connect to="input" from="module.variable"/>: the input is what it is connected to. */
static void connect(walk *w, const pl_xml *element, const char *prefix, const char *module) {
    pl_xmile *x = w->x;
    const char *to = pl_xml_attribute(element, "to"), *from = pl_xml_attribute(element, "from");
    if (!to || !from) pl_xmile_fail(x, PL_INVALID, at(x, element), "<connect> needs 'to' and 'from'");
    const char *key = key_of(x, pl_xmile_display(x, to, strlen(to)));
    size_t length = strlen(module);
    if (strncmp(key, module, length) == 0) key += length;
    pl_name_table_set(x->reader->arena, &w->connections, pl_xmile_joined(x, prefix, pl_xmile_joined(x, module, key)),
                      (void *)(uintptr_t)key_of(x, pl_xmile_display(x, from, strlen(from))));
}

static void module(walk *w, const pl_xml *element, const char *prefix, const char *shown_prefix, int depth) {
    pl_xmile *x = w->x;
    const char *name = name_of(x, element), *key = key_of(x, name);
    const char *shown = pl_xmile_joined(x, name, "."), *inner = pl_xmile_joined(x, key, ".");
    const pl_xml *model = pl_name_table_get(&w->models, pl_xmile_joined(x, prefix, key));
    if (!model) model = pl_name_table_get(&w->models, key);
    if (!model || !*key) pl_xmile_fail(x, PL_INVALID, at(x, element), "there is no <model name=\"%.80s\"> for this module", name);
    if (depth >= PL_DEEPEST_MODULE || ++x->modules > PL_MOST_MODULES)
        pl_xmile_fail(x, PL_UNSUPPORTED, at(x, element), "modules contain each other too deeply or too often");
    for (const pl_xml *child = element->first; child; child = child->next) {
        if (is(child, "connect")) connect(w, child, prefix, inner);
        else if (!is_one_of(child->name, "doc documentation units")) unsupported(x, child);
    }
    declare(w, model, pl_xmile_joined(x, prefix, inner), pl_xmile_joined(x, shown_prefix, shown), depth + 1);
}

static void group(pl_xmile *x, const pl_xml *element, const char *prefix) {
    const char *name = name_of(x, element);
    for (const pl_xml *child = element->first; child; child = child->next) {
        const char *member = is(child, "entity") ? name_of(x, child) : "";
        pl_variable *variable = *member ? pl_name_table_get(&x->reader->model->names, pl_xmile_joined(x, prefix, key_of(x, member))) : NULL;
        if (variable) variable->group = name;
    }
}

static void declare_child(walk *w, pl_xml *child, const char *prefix, const char *shown_prefix, int depth) {
    jmp_buf outer;
    memcpy(&outer, &w->x->reader->next_equation, sizeof outer); /* modules hold variables: each has its own way out */
    if (setjmp(w->x->reader->next_equation) == 0) {
        if (is_one_of(child->name, VARIABLES) && !is(child, "module")) declare_variable(w, child, prefix, shown_prefix);
        else if (is(child, "module")) module(w, child, prefix, shown_prefix, depth);
        else if (!is(child, "group")) unsupported(w->x, child);
    }
    memcpy(&w->x->reader->next_equation, &outer, sizeof outer);
}

/* The variables of a model stand in <variables>, in files before XMILE 1.0 in <model> itself. */
static void declare(walk *w, const pl_xml *model, const char *prefix, const char *shown_prefix, int depth) {
    const pl_xml *variables = pl_xml_child(model, "variables"), *list = variables ? variables : model;
    if (is(model, "model")) check_children(w->x, model, "variables views doc documentation stock flow aux gf module group");
    for (pl_xml *child = list->first; child && w->x->reader->error_count < PL_MOST_FINDINGS; child = child->next)
        if (variables || is_one_of(child->name, VARIABLES)) declare_child(w, child, prefix, shown_prefix, depth);
    for (const pl_xml *child = list->first; child; child = child->next)
        if (is(child, "group")) group(w->x, child, prefix);
}

/* ---- equations ------------------------------------------------------------------------------------------------------------------ */

/* An expression, held at 0 where its flow is non-negative, put through its graphical function. */
static pl_expr *value(pl_xmile *x, const item *i, const pl_xml *from, pl_expr *expr, const pl_xmile_place *place) {
    pl_position where = expr->at;
    const pl_xml *gf = pl_xml_child(from, "gf"), *start = pl_xml_child(from, "init_eqn");
    pl_variable *graph = gf && from != i->element ? graph_of(x, gf) : pl_name_table_get(&x->graphs, i->variable->key);
    pl_expr *args[2] = {NULL, expr};
    if (graph) {
        args[0] = pl_xmile_reference(x, graph, where);
        expr = pl_xmile_call(x, PL_FN_LOOKUP, NULL, args, 2, where);
    }
    bool held = is(i->element, "flow") && pl_xmile_is_positive(x, i->element) && !(expr->kind == PL_EXPR_NUMBER && expr->number >= 0.0);
    if (held) {
        args[0] = expr, args[1] = pl_xmile_number(x, 0.0, where);
        expr = pl_xmile_call(x, PL_FN_MAX, NULL, args, 2, where);
    }
    args[0] = expr, args[1] = start ? pl_xmile_expression(x, start, place) : NULL;
    return args[1] ? pl_xmile_call(x, PL_FN_ACTIVE_INITIAL, NULL, args, 2, where) : expr;
}

/* One equation of a variable: its value, or a stock's initial value and rate. */
static void define(pl_xmile *x, const item *i, const pl_xml *from, const pl_xml *eqn, pl_subscript_name *names, int count) {
    pl_xmile_place place = {i->prefix, i->variable->key, names, count};
    pl_equation draft = {.variable = i->variable, .at = at(x, from), .names = names, .name_count = count};
    bool stock = i->variable->kind == PL_STOCK;
    pl_expr *expr = eqn ? pl_xmile_expression(x, eqn, &place) : NULL;
    if (!expr) pl_xmile_fail(x, PL_INVALID, at(x, eqn ? eqn : from), "'%.80s' has no equation", i->variable->name);
    draft.text_from = eqn->offsets[0], draft.text_to = eqn->offsets[eqn->length];
    if (stock) draft.initial = expr, draft.expr = pl_xmile_rate(x, i->element, &place);
    else draft.expr = value(x, i, from, expr, &place);
    *pl_reader_equation(x->reader, i->variable, draft.at) = draft;
}

/* "A1, B2" as names. */
static int element_names(pl_xmile *x, const pl_xml *element, pl_subscript_name **names) {
    const char *text = pl_xml_attribute(element, "subscript");
    int count = 0, room = 0;
    *names = NULL;
    while (text && *text) {
        size_t length = strcspn(text, ",");
        const char *name = pl_xmile_display(x, text, length);
        *names = pl_arena_grow(x->reader->arena, *names, count, &room, count + 1, sizeof **names);
        (*names)[count++] = (pl_subscript_name){name, key_of(x, name), false, at(x, element)};
        text += length + (text[length] == ',');
    }
    return count;
}

/* The names of the n-th element of a shape, row by row. */
static pl_subscript_name *nth_names(pl_xmile *x, const pl_xmile_shape *shape, long n, pl_position place) {
    pl_subscript_name *names = PL_ARRAY(x->reader->arena, shape->count, pl_subscript_name);
    for (int i = shape->count - 1; i >= 0; i--) {
        const pl_raw_dimension *raw = pl_name_table_get(&x->reader->dimensions, shape->names[i].key);
        if (raw->broken || raw->name_count == 0) return NULL;
        names[i] = raw->names[n % raw->name_count];
        names[i].at = place;
        n /= raw->name_count;
    }
    if (n > 0) pl_xmile_fail(x, PL_INVALID, place, "there are more <eqn> than elements");
    return names;
}

/* A module's input takes the value of what it is connected to. */
static void define_input(pl_xmile *x, const item *i, const pl_xmile_shape *shape) {
    pl_variable *v = i->variable;
    pl_equation *equation = pl_reader_equation(x->reader, v, v->at);
    equation->expr = pl_xmile_name(x, i->source, shape->names, shape->count, v->at);
    equation->names = equation->expr->names, equation->name_count = shape->count;
    v->kind = PL_AUXILIARY;
}

static void define_all(pl_xmile *x, const item *i, const pl_xmile_shape *shape) {
    const pl_xml *eqn = pl_xml_child(i->element, "eqn"), *element = pl_xml_child(i->element, "element");
    int equations = 0;
    for (const pl_xml *child = i->element->first; child; child = child->next) equations += is(child, "eqn");
    pl_subscript_name *names = PL_ARRAY(x->reader->arena, shape->count + 1, pl_subscript_name);
    if (shape->count) memcpy(names, shape->names, (size_t)shape->count * sizeof *names);
    if (!element && equations <= 1) {
        define(x, i, i->element, eqn, names, shape->count);
        return;
    }
    if (shape->count == 0) pl_xmile_fail(x, PL_INVALID, at(x, i->element), "'%.80s' has several equations, but no dimensions", i->variable->name);
    long n = 0;
    for (const pl_xml *child = i->element->first; child; child = child->next) {
        int count = shape->count;
        if (is(child, "element")) count = element_names(x, child, &names);
        else if (is(child, "eqn") && !element) names = nth_names(x, shape, n++, at(x, child));
        else continue;
        if (names) define(x, i, is(child, "eqn") ? i->element : child, is(child, "eqn") ? child : pl_xml_child(child, "eqn"), names, count);
    }
}

static void equations_of(pl_xmile *x, const item *i) {
    const pl_xmile_shape *shape = pl_name_table_get(&x->shapes, i->variable->key);
    pl_xmile_shape none = {0};
    if (i->variable->broken) return;
    i->variable->broken = true; /* until all are read */
    i->variable->non_negative = i->variable->kind == PL_STOCK && !i->source && pl_xmile_is_positive(x, i->element);
    if (setjmp(x->reader->next_equation)) return;
    if (i->source) define_input(x, i, shape ? shape : &none);
    else define_all(x, i, shape ? shape : &none);
    i->variable->broken = false;
}

/* ---- macros ------------------------------------------------------------------------------------------------------------------------ */

static void declare_macro(pl_xmile *x, const pl_xml *element) {
    pl_reader *reader = x->reader;
    pl_macro *macro = PL_NEW(reader->arena, pl_macro);
    int room = 0;
    macro->name = name_of(x, element), macro->key = key_of(x, macro->name), macro->at = at(x, element);
    if (!*macro->key) pl_xmile_fail(x, PL_INVALID, macro->at, "this macro has no name");
    if (pl_name_table_get(&reader->macros, macro->key)) pl_xmile_fail(x, PL_INVALID, macro->at, "the macro '%.80s' is defined twice", macro->name);
    check_children(x, element, "parm eqn variables doc documentation format views");
    for (const pl_xml *child = element->first; child; child = child->next) {
        if (!is(child, "parm")) continue;
        if (pl_xml_attribute(child, "default"))
            pl_reader_error(reader, PL_UNSUPPORTED, at(x, child), "a default value of a macro's argument is not supported");
        macro->inputs = pl_arena_grow(reader->arena, macro->inputs, macro->input_count, &room, macro->input_count + 1, sizeof *macro->inputs);
        macro->inputs[macro->input_count++] = key_of(x, pl_xml_text(x, child));
    }
    pl_name_table_set(reader->arena, &reader->macros, macro->key, macro);
}

static void try_declare_macro(pl_xmile *x, const pl_xml *element) {
    if (setjmp(x->reader->next_equation) == 0) declare_macro(x, element);
}

/* The body: the macro's own equation, and variables that only it sees. */
static void define_macro(pl_xmile *x, pl_xml *element) {
    pl_reader *reader = x->reader;
    pl_macro *macro = pl_name_table_get(&reader->macros, key_of(x, name_of(x, element)));
    walk inner = {.x = x};
    pl_name_table graphs = x->graphs;
    if (!macro) return;
    reader->macro = macro;
    x->graphs = (pl_name_table){0};
    declare(&inner, element, "", "", 0);
    if (pl_xml_child(element, "eqn") && !pl_name_table_get(&macro->names, macro->key)) {
        pl_variable *result = pl_reader_variable(reader, macro->name, macro->key, macro->at);
        item own = {element, result, "", NULL, NULL};
        equations_of(x, &own);
    }
    for (const item *i = inner.first; i; i = i->next) {
        if (pl_xml_child(i->element, "dimensions") || (is(i->element, "stock") && pl_xmile_is_positive(x, i->element)))
            pl_reader_error(reader, PL_UNSUPPORTED, i->variable->at, "arrays and non-negative stocks inside a macro are not supported");
        equations_of(x, i);
    }
    x->graphs = graphs;
    reader->macro = NULL;
}

/* ---- the file --------------------------------------------------------------------------------------------------------------------- */

static void behavior(pl_xmile *x, const pl_xml *element) {
    if (!element) return;
    check_children(x, element, "non_negative stock flow");
    const pl_xml *stock = pl_xml_child(element, "stock"), *flow = pl_xml_child(element, "flow");
    bool all = pl_xml_child(element, "non_negative") != NULL;
    x->stocks_positive = all || (stock && pl_xml_child(stock, "non_negative"));
    x->flows_positive = all || (flow && pl_xml_child(flow, "non_negative"));
}

/* The model without a name, or the first. */
static pl_xml *find_models(walk *w) {
    pl_xml *main = NULL, *first = NULL;
    for (pl_xml *child = w->x->root->first; child; child = child->next) {
        if (!is(child, "model")) continue;
        const char *key = key_of(w->x, name_of(w->x, child));
        if (!first) first = child;
        if (!*key && !main) main = child;
        if (*key && !pl_name_table_get(&w->models, key)) pl_name_table_set(w->x->reader->arena, &w->models, key, child);
    }
    return main ? main : first;
}

/* The outermost model's module says ".x" for its own x; a module inside names what stands beside it. */
static void find_sources(walk *w) {
    const pl_name_table *names = &w->x->reader->model->names;
    for (item *i = w->first; i; i = i->next) {
        const char *from = pl_name_table_get(&w->connections, i->variable->key);
        if (!from) continue;
        size_t length = strlen(i->prefix) - 1; /* the prefix of the module around: up to the dot before the last */
        while (length > 0 && i->prefix[length - 1] != '.') length--;
        const char *outer = pl_arena_text(w->x->reader->arena, i->prefix, length);
        from += *from == '.';
        const char *near = pl_xmile_joined(w->x, outer, from);
        i->source = pl_name_table_get(names, near) ? near : from;
        if (pl_name_table_get(names, i->source)) continue;
        pl_reader_error(w->x->reader, PL_INVALID, i->variable->at, "'%.80s' is connected to '%.80s', which is no variable", i->variable->name, from);
        i->variable->broken = true;
    }
}

static void read_all(walk *w) {
    pl_xmile *x = w->x;
    check_children(x, x->root, "header sim_specs model_units dimensions behavior model macro data");
    behavior(x, pl_xml_child(x->root, "behavior"));
    const pl_xml *dimensions = pl_xml_child(x->root, "dimensions");
    for (const pl_xml *child = dimensions ? dimensions->first : NULL; child; child = child->next) try_dimension(x, child);
    const pl_xml *data = pl_xml_child(x->root, "data");
    if (data && data->first) unsupported(x, data->first);
    for (const pl_xml *child = x->root->first; child; child = child->next)
        if (is(child, "macro")) try_declare_macro(x, child);
    const pl_xml *main = find_models(w);
    if (!main) {
        pl_reader_error(x->reader, PL_INVALID, at(x, x->root), "the file has no <model>");
        return;
    }
    declare(w, main, "", "", 0);
    settings(w, x->root);
    for (pl_xml *child = x->root->first; child && x->reader->model->time_step; child = child->next)
        if (is(child, "macro")) define_macro(x, child);
    find_sources(w);
    for (const item *i = w->first; i; i = i->next)
        if (is(i->element, "stock") && !i->source)
            pl_xmile_note_drains(x, i->element, i->prefix, i->variable->key);
    for (const item *i = w->first; i && x->reader->error_count < PL_MOST_FINDINGS && x->reader->model->time_step; i = i->next) equations_of(x, i);
    pl_xmile_limit_flows(x);
}

void pl_reader_xmile(pl_reader *reader) {
    pl_xmile x = {.reader = reader};
    walk w = {.x = &x};
    reader->model->dialect = PL_XMILE;
    if (!pl_xmile_tree(&x)) return;
    if (is(x.root, "xmile")) read_all(&w);
    else pl_reader_error(reader, PL_INVALID, at(&x, x.root), "this is no XMILE file: its outermost element is <%.60s>", x.root->name);
}
