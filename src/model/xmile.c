/* The structure of an XMILE file: settings, dimensions, macros, and the variables of all modules, whose names get the
 * module's name and a dot before them.  First every variable is declared, then its equations are read, so that an
 * equation knows which names are variables and what dimensions they have.  An error skips to the next equation. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/xmile.h"

#define VARIABLES "stock flow aux gf module"

/* ---- declaring ----------------------------------------------------------------------------------------- */

static double range_end(const pl_xml *element, const char *end) {
    const pl_xml *range = pl_xml_child(element, "range");
    const char *text = range ? pl_xml_attribute(range, end) : NULL;
    return text ? pl_xmile_number_of(text) : NAN;
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
    bool has = has_text(pl_xml_child(element, "eqn"));
    for (const pl_xml *child = element->first; child; child = child->next)
        has = has || (pl_xml_is(child, "element") && has_text(pl_xml_child(child, "eqn")));
    return has;
}

static bool has_graphs(const pl_xml *element) {
    for (const pl_xml *child = element->first; child; child = child->next)
        if (pl_xml_is(child, "element") && pl_xml_child(child, "gf")) return true;
    return false;
}

static void check_variable(pl_xmile *x, const pl_xml *element) {
    const char *common = "eqn units doc documentation range scale format dimensions element non_negative isee";
    char allowed[200];
    const char *own = pl_xml_is(element, "stock")  ? "inflow outflow conveyor queue"
                      : pl_xml_is(element, "flow") ? "gf init_eqn multiplier leak leak_integers overflow"
                      : pl_xml_is(element, "aux")  ? "gf init_eqn"
                                                   : "";
    snprintf(allowed, sizeof allowed, "%s %s", common, own);
    pl_xmile_check_children(x, element, allowed);
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
        (*names)[count++] = (pl_subscript_name){name, pl_xmile_key_of(x, name), false, pl_xml_position(x, element), 0};
        text += length + (text[length] == ',');
    }
    return count;
}

/* A graphical function for each element, as one array that nobody sees. */
static pl_variable *arrayed_graph(pl_xmile *x, const pl_xml *element, const char *name, const char *key) {
    pl_variable *graph = NULL;
    for (const pl_xml *child = element->first; child; child = child->next) {
        const pl_xml *gf = pl_xml_is(child, "element") ? pl_xml_child(child, "gf") : NULL;
        if (!gf) continue;
        pl_equation *equation = pl_xmile_graph_equation(x, gf, &graph);
        equation->name_count = element_names(x, child, &equation->names);
    }
    graph->name = name, graph->key = key;
    return graph;
}

/* A macro's argument may stand among its variables too. */
static bool is_argument(const pl_macro *macro, const char *key) {
    for (int i = 0; macro && i < macro->input_count; i++)
        if (strcmp(macro->inputs[i], key) == 0) return true;
    return false;
}

static void declare_variable(pl_xmile_walk *w, pl_xml *element, const char *prefix, const char *shown_prefix) {
    pl_xmile *x = w->x;
    pl_reader *reader = x->reader;
    const char *own = pl_xmile_name_of(x, element), *name = pl_xmile_joined(x, shown_prefix, own),
               *key = pl_xmile_joined(x, prefix, pl_xmile_key_of(x, own));
    const pl_xml *gf = pl_xml_is(element, "gf") ? element : pl_xml_child(element, "gf");
    if (!*pl_xmile_key_of(x, own))
        pl_xmile_fail(x, PL_INVALID, pl_xml_position(x, element), "this <%s> has no name", element->name);
    if (strlen(name) > PL_LONGEST_NAME)
        pl_xmile_fail(x, PL_INVALID, pl_xml_position(x, element), "this name is longer than %d bytes", PL_LONGEST_NAME);
    if (is_argument(reader->macro, key) && !has_equation(element)) return;
    const pl_variable *known = pl_name_table_get(reader->macro ? &reader->macro->names : &reader->model->names, key);
    if (known)
        pl_xmile_fail(x, PL_INVALID, pl_xml_position(x, element), "'%.80s' is defined twice; first in line %d", name,
                      known->at.line);
    if (gf && !pl_xml_child(element, "element")) {
        pl_variable *graph = pl_xmile_graph(x, gf);
        graph->name = name, graph->key = key;
        graph->units = pl_xml_text(x, pl_xml_child(element, "units"));
        graph->comment = pl_xml_text(x, pl_xml_child(element, "doc"));
        pl_name_table_set(reader->arena, &x->graphs, key, graph);
    }
    pl_xmile_shape *shape = pl_xmile_shape_of(x, element);
    bool graphs = shape && shape->count && has_graphs(element);
    if (graphs) pl_name_table_set(reader->arena, &x->graphs, key, arrayed_graph(x, element, name, key));
    if ((gf || graphs) && !has_equation(element) && !reader->macro) { /* a function of its own, without a value */
        if (shape) pl_name_table_set(reader->arena, &x->shapes, key, shape);
        return;
    }
    check_variable(x, element);
    pl_variable *variable = pl_reader_variable(reader, name, key, pl_xml_position(x, element));
    variable->broken = !shape || shape->broken;
    variable->kind = pl_xml_is(element, "stock") ? PL_STOCK : PL_AUXILIARY;
    variable->units = pl_xml_text(x, pl_xml_child(element, "units"));
    variable->comment = pl_xml_text(x, pl_xml_child(element, "doc"));
    variable->low = range_end(element, "min"), variable->high = range_end(element, "max");
    if (shape) pl_name_table_set(reader->arena, &x->shapes, key, shape);
    pl_xmile_item *i = PL_NEW(reader->arena, pl_xmile_item);
    *i = (pl_xmile_item){element, variable, prefix, NULL, NULL};
    if (w->last) w->last->next = i;
    else w->first = i;
    w->last = i;
    if (!reader->macro) pl_name_table_set(reader->arena, &x->items, key, i);
}

/* The key of "module.variable", whose parts may be quoted; *rooted: it begins with a dot. */
static const char *path_key(pl_xmile *x, const char *path, bool *rooted) {
    char text[PL_LONGEST_NAME + 1];
    size_t length = 0;
    *rooted = *path == '.';
    for (path += *rooted; *path && length < PL_LONGEST_NAME; path++)
        if (*path != '"') text[length++] = *path;
    return pl_xmile_key_of(x, pl_xmile_display(x, text, length));
}

/* <connect to="module.input" from="other.variable"/>: the input is what it is connected to. Names are those of the
 * model around the module, with a dot before them those of the outermost; an input alone is the module's. Stella says
 * each once more as <connect2>, which counts where there is no other. */
static void connect(pl_xmile_walk *w, const pl_xml *element, const char *prefix, const char *module) {
    pl_xmile *x = w->x;
    const char *to = pl_xml_attribute(element, "to"), *from = pl_xml_attribute(element, "from");
    if (!to || !from) pl_xmile_fail(x, PL_INVALID, pl_xml_position(x, element), "<connect> needs 'to' and 'from'");
    bool rooted, from_rooted, again = pl_xml_is(element, "connect2");
    const char *key = path_key(x, to, &rooted), *source = path_key(x, from, &from_rooted);
    if (!rooted && !again && !strchr(key, '.')) key = pl_xmile_joined(x, module, key);
    if (!rooted) key = pl_xmile_joined(x, prefix, key);
    if (again && pl_name_table_get(&w->connections, key)) return;
    pl_xmile_connection *made = PL_NEW(x->reader->arena, pl_xmile_connection);
    *made = (pl_xmile_connection){source, from_rooted ? "" : prefix};
    pl_name_table_set(x->reader->arena, &w->connections, key, made);
}

static void module(pl_xmile_walk *w, const pl_xml *element, const char *prefix, const char *shown_prefix, int depth) {
    pl_xmile *x = w->x;
    const char *name = pl_xmile_name_of(x, element), *key = pl_xmile_key_of(x, name);
    const char *shown = pl_xmile_joined(x, name, "."), *inner = pl_xmile_joined(x, key, ".");
    const pl_xml *model = pl_name_table_get(&w->models, pl_xmile_joined(x, prefix, key));
    if (!model) model = pl_name_table_get(&w->models, key);
    if (!model || !*key)
        pl_xmile_fail(x, PL_INVALID, pl_xml_position(x, element), "there is no <model name=\"%.80s\"> for this module",
                      name);
    if (depth >= PL_DEEPEST_MODULE || ++x->modules > PL_MOST_MODULES)
        pl_xmile_fail(x, PL_UNSUPPORTED, pl_xml_position(x, element),
                      "modules contain each other too deeply or too often");
    for (const pl_xml *child = element->first; child; child = child->next) {
        if (pl_xmile_is_one_of(child->name, "connect connect2")) connect(w, child, prefix, inner);
        else if (!pl_xmile_is_one_of(child->name, "doc documentation units label")) pl_xmile_unsupported(x, child);
    }
    pl_xmile_declare(w, model, pl_xmile_joined(x, prefix, inner), pl_xmile_joined(x, shown_prefix, shown), depth + 1);
}

static void group(pl_xmile *x, const pl_xml *element, const char *prefix) {
    const char *name = pl_xmile_name_of(x, element);
    for (const pl_xml *child = element->first; child; child = child->next) {
        const char *member = pl_xml_is(child, "entity") ? pl_xmile_name_of(x, child) : "";
        pl_variable *variable = *member ? pl_name_table_get(&x->reader->model->names,
                                                            pl_xmile_joined(x, prefix, pl_xmile_key_of(x, member)))
                                        : NULL;
        if (variable) variable->group = name;
    }
}

static void declare_child(pl_xmile_walk *w, pl_xml *child, const char *prefix, const char *shown_prefix, int depth) {
    jmp_buf outer;
    memcpy(&outer, &w->x->reader->next_equation, sizeof outer); /* modules hold variables: each has its own way out */
    if (setjmp(w->x->reader->next_equation) == 0) {
        if (pl_xmile_is_one_of(child->name, VARIABLES) && !pl_xml_is(child, "module"))
            declare_variable(w, child, prefix, shown_prefix);
        else if (pl_xml_is(child, "module")) module(w, child, prefix, shown_prefix, depth);
        else if (!pl_xml_is(child, "group")) pl_xmile_unsupported(w->x, child);
    }
    memcpy(&w->x->reader->next_equation, &outer, sizeof outer);
}

/* The variables of a model stand in <variables>, in files before XMILE 1.0 in <model> itself. */
void pl_xmile_declare(pl_xmile_walk *w, const pl_xml *model, const char *prefix, const char *shown_prefix, int depth) {
    const pl_xml *variables = pl_xml_child(model, "variables"), *list = variables ? variables : model;
    if (pl_xml_is(model, "model"))
        pl_xmile_check_children(w->x, model, "variables views doc documentation stock flow aux gf module group");
    for (pl_xml *child = list->first; child && w->x->reader->error_count < PL_MOST_FINDINGS; child = child->next)
        if (variables || pl_xmile_is_one_of(child->name, VARIABLES))
            declare_child(w, child, prefix, shown_prefix, depth);
    for (const pl_xml *child = list->first; child; child = child->next)
        if (pl_xml_is(child, "group")) group(w->x, child, prefix);
}

/* ---- equations ----------------------------------------------------------------------------------------- */

/* The graphical function of a variable, NULL where it has none or one for each element. */
static pl_variable *plain_graph(const pl_xmile *x, const char *key) {
    pl_variable *graph = pl_name_table_get(&x->graphs, key);
    return graph && graph->equations[0]->name_count == 0 ? graph : NULL;
}

/* An expression, held at 0 where its flow is non-negative, put through its graphical function. */
static pl_expr *value(pl_xmile *x, const pl_xmile_item *i, const pl_xml *from, pl_expr *expr,
                      const pl_xmile_place *place) {
    pl_position where = expr->at;
    const pl_xml *gf = pl_xml_child(from, "gf"), *start = pl_xml_child(from, "init_eqn");
    pl_variable *graph =
        gf && from != i->element ? pl_xmile_graph(x, gf) : plain_graph(x, i->variable->key);
    pl_expr *args[2] = {NULL, expr};
    if (graph) {
        args[0] = pl_xmile_reference(x, graph, where);
        expr = pl_xmile_call(x, PL_FN_LOOKUP, NULL, args, 2, where);
    }
    bool held = pl_xml_is(i->element, "flow") && pl_xmile_is_positive(x, i->element) &&
                !(expr->kind == PL_EXPR_NUMBER && expr->number >= 0.0);
    if (held) {
        args[0] = expr, args[1] = pl_xmile_number(x, 0.0, where);
        expr = pl_xmile_call(x, PL_FN_MAX, NULL, args, 2, where);
    }
    args[0] = expr, args[1] = start ? pl_xmile_expression(x, start, place) : NULL;
    return args[1] ? pl_xmile_call(x, PL_FN_ACTIVE_INITIAL, NULL, args, 2, where) : expr;
}

/* One equation of a variable: its value, or a stock's initial value and rate. */
static void define(pl_xmile *x, const pl_xmile_item *i, const pl_xml *from, const pl_xml *eqn, pl_subscript_name *names,
                   int count) {
    pl_xmile_place place = {i->prefix, i->variable->key, names, count};
    pl_equation draft = {.variable = i->variable, .at = pl_xml_position(x, from), .names = names, .name_count = count};
    bool stock = i->variable->kind == PL_STOCK;
    pl_expr *list = stock ? pl_xmile_initial_list(x, i->variable->key, &place) : NULL;
    pl_expr *expr = list ? list : eqn ? pl_xmile_expression(x, eqn, &place) : NULL;
    if (!expr)
        pl_xmile_fail(x, PL_INVALID, pl_xml_position(x, eqn ? eqn : from), "'%.80s' has no equation",
                      i->variable->name);
    draft.text_from = eqn->offsets[0], draft.text_to = eqn->offsets[eqn->length];
    if (stock) draft.initial = expr, draft.expr = pl_xmile_rate(x, i->element, &place);
    else draft.expr = value(x, i, from, expr, &place);
    if (!stock && !x->reader->macro && !pl_xmile_is_driven(x, i->variable->key))
        draft.expr = pl_xmile_admit(x, i->variable->key, draft.expr, &place);
    *pl_reader_equation(x->reader, i->variable, draft.at) = draft;
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

/* "1, 2, 3" in an array: a value for each element, row by row. False: there is no list. */
static bool define_list(pl_xmile *x, const pl_xmile_item *i, const pl_xml *eqn, const pl_xmile_shape *shape) {
    pl_xmile_place place = {i->prefix, i->variable->key, shape->names, shape->count};
    pl_expr **list;
    bool possible = eqn && eqn->length && shape->count && !pl_xmile_is_belt(i->element) &&
                    memchr(eqn->text, ',', (size_t)eqn->length);
    int count = possible ? pl_xmile_list(x, eqn, &place, &list) : 0;
    if (count < 2) return false;
    for (int n = 0; n < count; n++) {
        pl_subscript_name *names = nth_names(x, shape, n, list[n]->at);
        pl_equation *equation = pl_reader_equation(x->reader, i->variable, list[n]->at);
        if (!names) return true;
        place.names = names;
        equation->names = names, equation->name_count = shape->count;
        if (i->variable->kind == PL_STOCK)
            equation->initial = list[n], equation->expr = pl_xmile_rate(x, i->element, &place);
        else
            equation->expr = pl_xmile_admit(x, i->variable->key, value(x, i, i->element, list[n], &place), &place);
    }
    return true;
}

/* A module's input takes the value of what it is connected to. */
static void define_input(pl_xmile *x, const pl_xmile_item *i, const pl_xmile_shape *shape) {
    pl_variable *v = i->variable;
    pl_equation *equation = pl_reader_equation(x->reader, v, v->at);
    equation->expr = pl_xmile_name(x, i->source, shape->names, shape->count, v->at);
    equation->names = equation->expr->names, equation->name_count = shape->count;
    v->kind = PL_AUXILIARY;
}

static void define_all(pl_xmile *x, const pl_xmile_item *i, const pl_xmile_shape *shape) {
    const pl_xml *eqn = pl_xml_child(i->element, "eqn"), *element = pl_xml_child(i->element, "element");
    int equations = 0;
    for (const pl_xml *child = i->element->first; child; child = child->next) equations += pl_xml_is(child, "eqn");
    pl_subscript_name *names = PL_ARRAY(x->reader->arena, shape->count + 1, pl_subscript_name);
    if (shape->count) memcpy(names, shape->names, (size_t)shape->count * sizeof *names);
    if (!element && equations <= 1) {
        if (define_list(x, i, eqn, shape)) return;
        define(x, i, i->element, eqn, names, shape->count);
        return;
    }
    if (shape->count == 0)
        pl_xmile_fail(x, PL_INVALID, pl_xml_position(x, i->element), "'%.80s' has several equations, but no dimensions",
                      i->variable->name);
    long n = 0;
    for (const pl_xml *child = i->element->first; child; child = child->next) {
        int count = shape->count;
        if (pl_xml_is(child, "element")) count = element_names(x, child, &names);
        else if (pl_xml_is(child, "eqn") && !element) names = nth_names(x, shape, n++, pl_xml_position(x, child));
        else continue;
        if (names)
            define(x, i, pl_xml_is(child, "eqn") ? i->element : child,
                   pl_xml_is(child, "eqn")      ? child
                   : pl_xml_child(child, "eqn") ? pl_xml_child(child, "eqn")
                                                : eqn,
                   names, count);
    }
}

void pl_xmile_define_aside(pl_xmile *x, const pl_xmile_item *i, pl_variable *made) {
    const pl_xmile_shape *shape = pl_name_table_get(&x->shapes, i->variable->key);
    pl_xmile_shape none = {0};
    pl_xmile_item aside = *i;
    aside.variable = made;
    define_all(x, &aside, shape ? shape : &none);
}

void pl_xmile_equations(pl_xmile *x, const pl_xmile_item *i) {
    const pl_xmile_shape *shape = pl_name_table_get(&x->shapes, i->variable->key);
    pl_xmile_shape none = {0};
    if (i->variable->broken) return;
    i->variable->broken = true; /* until all are read */
    i->variable->non_negative = i->variable->kind == PL_STOCK && !i->source && pl_xmile_is_positive(x, i->element) &&
                                !pl_xmile_is_belt(i->element);
    if (setjmp(x->reader->next_equation)) return;
    if (i->source) define_input(x, i, shape ? shape : &none);
    else if (!x->reader->macro && pl_xmile_is_driven(x, i->variable->key)) pl_xmile_define_driven(x, i);
    else define_all(x, i, shape ? shape : &none);
    i->variable->broken = false;
}

/* ---- the file ------------------------------------------------------------------------------------------ */

/* The model without a name, or the first. */
static pl_xml *find_models(pl_xmile_walk *w) {
    pl_xml *main = NULL, *first = NULL;
    for (pl_xml *child = w->x->root->first; child; child = child->next) {
        if (!pl_xml_is(child, "model")) continue;
        const char *key = pl_xmile_key_of(w->x, pl_xmile_name_of(w->x, child));
        if (!first) first = child;
        if (!*key && !main) main = child;
        if (*key && !pl_name_table_get(&w->models, key)) pl_name_table_set(w->x->reader->arena, &w->models, key, child);
    }
    return main ? main : first;
}

/* A source is looked for beside the module that names it, then in the outermost model. */
static void find_sources(pl_xmile_walk *w) {
    const pl_name_table *names = &w->x->reader->model->names;
    for (pl_xmile_item *i = w->first; i; i = i->next) {
        const pl_xmile_connection *connection = pl_name_table_get(&w->connections, i->variable->key);
        if (!connection) continue;
        const char *near = pl_xmile_joined(w->x, connection->prefix, connection->from);
        i->source = pl_name_table_get(names, near) ? near : connection->from;
        if (strcmp(i->source, i->variable->key) == 0)
            i->source = NULL; /* a module that tells where its own values go */
        if (!i->source || pl_name_table_get(names, i->source)) continue;
        pl_reader_error(w->x->reader, PL_INVALID, i->variable->at,
                        "'%.80s' is connected to '%.80s', which is no variable", i->variable->name, connection->from);
        i->variable->broken = true;
    }
}

static void read_all(pl_xmile_walk *w) {
    pl_xmile *x = w->x;
    pl_xmile_check_children(x, x->root, "header sim_specs model_units dimensions behavior model macro data");
    pl_xmile_behavior(x, pl_xml_child(x->root, "behavior"));
    pl_xmile_units(x);
    pl_xmile_dimensions(x, x->root);
    const pl_xml *data = pl_xml_child(x->root, "data");
    if (data && data->first) pl_xmile_unsupported(x, data->first);
    for (const pl_xml *child = x->root->first; child; child = child->next)
        if (pl_xml_is(child, "macro")) pl_xmile_declare_macro(x, child);
    const pl_xml *main = find_models(w);
    if (!main) {
        pl_reader_error(x->reader, PL_INVALID, pl_xml_position(x, x->root), "the file has no <model>");
        return;
    }
    pl_xmile_declare(w, main, "", "", 0);
    pl_xmile_settings(w, x->root);
    for (pl_xml *child = x->root->first; child && x->reader->model->time_step; child = child->next)
        if (pl_xml_is(child, "macro")) pl_xmile_define_macro(x, child);
    find_sources(w);
    pl_xmile_note_belts(w);
    for (const pl_xmile_item *i = w->first; i; i = i->next)
        if (pl_xml_is(i->element, "stock") && !i->source && !pl_xmile_is_belt(i->element))
            pl_xmile_note_drains(x, i->element, i->prefix, i->variable->key);
    for (const pl_xmile_item *i = w->first;
         i && x->reader->error_count < PL_MOST_FINDINGS && x->reader->model->time_step; i = i->next)
        pl_xmile_equations(x, i);
    pl_xmile_limit_flows(x);
}

void pl_reader_xmile(pl_reader *reader) {
    pl_xmile x = {.reader = reader};
    pl_xmile_walk w = {.x = &x};
    reader->model->dialect = PL_XMILE;
    if (!pl_xmile_tree(&x)) return;
    if (pl_xml_is(x.root, "xmile")) read_all(&w);
    else
        pl_reader_error(reader, PL_INVALID, pl_xml_position(&x, x.root),
                        "this is no XMILE file: its outermost element is <%.60s>", x.root->name);
}
