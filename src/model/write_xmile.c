/* A model of Vensim as an XMILE 1.0 file.  A rate that is a sum and difference of variables becomes flows, else one net
 * flow.  An equation is written for all elements at once where each subscript means itself, else element by element:
 * parts of dimensions, mappings and :EXCEPT: have no other counterpart.  Lookups become graphical functions. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/write.h"

typedef struct role { /* of a flow */
    const pl_variable *inflow_of, *outflow_of;
} role;

typedef struct term {
    const pl_expr *name;
    bool minus;
} term;

/* ---- XML ------------------------------------------------------------------------------------------------ */

static void put_escaped(pl_writer *w, const char *text) { pl_writer_escaped(w, text, strlen(text), false); }

/* A name as an attribute, with the escapes that XMILE gives names. */
static void put_name(pl_writer *w, const char *name) {
    const char *plain = pl_writer_plain_name(w, name);
    for (const char *at = plain; *at; at++) {
        if (*at == '\\' || *at == '"') pl_writer_put(w, "\\");
        pl_writer_escaped(w, at, 1, true);
    }
}

static void put_element(pl_writer *w, int indent, const char *name, const char *text) {
    if (!*text) return;
    pl_writer_format(w, "%*s<%s>", indent, "", name);
    put_escaped(w, text);
    pl_writer_format(w, "</%s>\n", name);
}

/* An expression as the text of an element. */
static void put_expression(pl_writer *w, int indent, const char *name, const pl_expr *expr) {
    pl_writer_format(w, "%*s<%s>", indent, "", name);
    int from = w->equation_from = w->length;
    pl_writer_expression(w, expr, 0);
    size_t length = (size_t)(w->length - from);
    const char *text = pl_arena_text(&w->arena, w->text + from, length);
    w->length = from, w->equation_from = -1;
    pl_writer_escaped(w, text, length, false);
    pl_writer_format(w, "</%s>\n", name);
}

/* ---- flows ---------------------------------------------------------------------------------------------- */

/* The terms of a sum and difference of names, from left to right; -1 where it is something else. */
static int find_terms(const pl_expr *expr, bool minus, term *terms, int count) {
    bool called = expr->kind == PL_EXPR_CALL;
    if (count < 0 || count == PL_MOST_TERMS) return -1;
    if (expr->kind == PL_EXPR_NAME && !expr->args) {
        terms[count] = (term){expr, minus};
        return count + 1;
    }
    if (called && expr->function->id == PL_FN_NEGATE && expr->args[0]->kind == PL_EXPR_NAME && count == 0)
        return find_terms(expr->args[0], true, terms, 0);
    bool sum = called && expr->function->id == PL_FN_ADD, difference = called && expr->function->id == PL_FN_SUBTRACT;
    if ((!sum && !difference) || expr->args[1]->kind != PL_EXPR_NAME) return -1;
    return find_terms(expr->args[1], difference, terms, find_terms(expr->args[0], minus, terms, count));
}

/* Whether a variable has the shape of a stock and stands in its rate with the subscripts of the left side. */
static bool runs_along(const pl_equation *e, const pl_expr *name, const pl_variable *flow) {
    const pl_variable *stock = e->variable;
    if (flow->rank != stock->rank || name->name_count != e->name_count) return false;
    for (int i = 0; i < flow->rank; i++) {
        if (!flow->axes[i]->dimension || flow->axes[i]->dimension != stock->axes[i]->dimension) return false;
        if (strcmp(name->names[i].key, e->names[i].key) != 0) return false;
    }
    return true;
}

static bool can_be_flow(const pl_writer *w, const pl_equation *e, term t) {
    const pl_variable *flow = pl_name_table_get(&w->model->names, t.name->key);
    const role *taken = flow ? pl_name_table_get(&w->flows, flow->key) : NULL;
    if (!flow || flow->kind != PL_AUXILIARY || pl_writer_is_control(w, flow)) return false;
    if (!runs_along(e, t.name, flow)) return false;
    if (!taken) return true;
    if (taken->inflow_of == e->variable || taken->outflow_of == e->variable) return false;
    return t.minus ? !taken->outflow_of : !taken->inflow_of;
}

/* The flows of a stock: the same in all its equations; -1 where its rate is something else. */
static int find_flows(const pl_writer *w, const pl_variable *stock, term *terms) {
    term other[PL_MOST_TERMS];
    int count = find_terms(pl_equation_parsed(stock->equations[0]), false, terms, 0);
    for (int i = 0; i < count; i++) {
        if (!can_be_flow(w, stock->equations[0], terms[i])) return -1;
        for (int j = 0; j < i; j++)
            if (strcmp(terms[i].name->key, terms[j].name->key) == 0) return -1;
    }
    for (int k = 1; k < stock->equation_count && count >= 0; k++) {
        if (find_terms(pl_equation_parsed(stock->equations[k]), false, other, 0) != count) return -1;
        for (int i = 0; i < count; i++)
            if (strcmp(terms[i].name->key, other[i].name->key) != 0 || terms[i].minus != other[i].minus ||
                !can_be_flow(w, stock->equations[k], other[i]))
                return -1;
    }
    return count;
}

static bool stands_still(const pl_variable *stock) {
    for (int i = 0; i < stock->equation_count; i++) {
        const pl_expr *rate = pl_equation_parsed(stock->equations[i]);
        if (rate->kind != PL_EXPR_NUMBER || rate->number != 0.0) return false;
    }
    return true;
}

static role *role_of(pl_writer *w, const pl_variable *flow) {
    role *r = pl_name_table_get(&w->flows, flow->key);
    if (r) return r;
    r = PL_NEW(&w->arena, role);
    pl_name_table_set(&w->arena, &w->flows, flow->key, r);
    return r;
}

/* Decides what flows where, before anything is written. */
static void assign_flows(pl_writer *w, const pl_variable *stock, term *terms) {
    int count = stands_still(stock) ? -1 : find_flows(w, stock, terms);
    for (int i = 0; i < count; i++) {
        role *r = role_of(w, pl_name_table_get(&w->model->names, terms[i].name->key));
        if (terms[i].minus) r->outflow_of = stock;
        else r->inflow_of = stock;
    }
}

/* ---- graphical functions -------------------------------------------------------------------------------- */

static void put_points(pl_writer *w, int indent, const char *name, const double *values, int count) {
    pl_writer_format(w, "%*s<%s>", indent, "", name);
    for (int i = 0; i < count; i++) {
        if (i > 0) pl_writer_put(w, ",");
        pl_writer_number(w, values[i], (pl_position){0, 0});
    }
    pl_writer_format(w, "</%s>\n", name);
}

static void put_scale(pl_writer *w, int indent, const char *name, double low, double high) {
    if (!(low < high)) return;
    pl_writer_format(w, "%*s<%s min=\"", indent, "", name);
    pl_writer_number(w, low, (pl_position){0, 0});
    pl_writer_put(w, "\" max=\"");
    pl_writer_number(w, high, (pl_position){0, 0});
    pl_writer_put(w, "\"/>\n");
}

static void put_table(pl_writer *w, int indent, const pl_table *table) {
    put_scale(w, indent, "xscale", table->low_x, table->high_x);
    put_scale(w, indent, "yscale", table->low_y, table->high_y);
    put_points(w, indent, "xpts", table->x, table->count);
    put_points(w, indent, "ypts", table->y, table->count);
}

/* A function of its own. */
typedef struct graph {
    const pl_variable *lookup;
    const pl_table *table;
    const char *name;
    bool extrapolate;
    struct graph *next;
} graph;

static void put_graph(pl_writer *w, const graph *g) {
    if (!g->table) {
        pl_writer_refuse(w, g->lookup->at, "the lookup '%.80s' has no counterpart in XMILE", g->lookup->name);
        return;
    }
    pl_writer_put(w, "            <gf name=\"");
    put_name(w, g->name);
    pl_writer_put(w, g->extrapolate ? "\" type=\"extrapolate\">\n" : "\">\n");
    put_element(w, 16, "doc", g->lookup->comment);
    put_element(w, 16, "units", g->lookup->units);
    put_table(w, 16, g->table);
    pl_writer_put(w, "            </gf>\n");
}

static const char *graph_name(pl_writer *w, const pl_variable *lookup, int element, bool extrapolate) {
    char base[2 * PL_LONGEST_NAME];
    int size = lookup->size, length;
    if (lookup->hidden) length = snprintf(base, sizeof base, "%.1900s lookup", w->variable->name);
    else length = snprintf(base, sizeof base, "%.1000s", lookup->name);
    for (int i = 0; i < lookup->rank && length < PL_LONGEST_NAME; i++) {
        size /= lookup->axes[i]->count;
        length += snprintf(base + length, sizeof base - (size_t)length, " %.300s",
                           lookup->axes[i]->names[element / size]);
        element %= size;
    }
    if (extrapolate) snprintf(base + length, sizeof base - (size_t)length, " extrapolated");
    return pl_writer_new_name(w, base);
}

const char *pl_writer_graph(pl_writer *w, const pl_variable *lookup, int element, bool extrapolate) {
    char key[64];
    if (!lookup->hidden && lookup->rank == 0 && !extrapolate) return lookup->name;
    int length = snprintf(key, sizeof key, "%d %d %d", lookup->index, element, extrapolate);
    graph *g = pl_name_table_get(&w->graphs, key);
    if (g) return g->name;
    g = PL_NEW(&w->arena, graph);
    const pl_table *table = lookup->tables ? lookup->tables[element] : lookup->equations[0]->table;
    *g = (graph){lookup, table, graph_name(w, lookup, element, extrapolate), extrapolate, NULL};
    pl_name_table_set(&w->arena, &w->graphs, pl_arena_text(&w->arena, key, (size_t)length), g);
    if (w->last_graph) w->last_graph->next = g;
    else w->first_graph = g;
    w->last_graph = g;
    return g->name;
}

/* The lookup whose value an equation is as a whole: it is written with the variable. */
static const pl_variable *own_lookup(const pl_writer *w, const pl_expr *expr, const pl_expr **argument) {
    const pl_variable *lookup = pl_writer_lookup_call(w, expr, argument);
    return lookup && lookup->hidden && !w->macro && w->variable->kind != PL_STOCK ? lookup : NULL;
}

/* ---- equations ------------------------------------------------------------------------------------------ */

typedef enum part { VALUE, RATE, START } part;

static const pl_expr *part_of(const pl_equation *e, part p) {
    return p == START ? pl_equation_parsed_initial(e) : pl_equation_parsed(e);
}

static void put_body(pl_writer *w, int indent, const pl_expr *expr) {
    const pl_expr *argument;
    const pl_function *function = pl_writer_function(w, expr);
    const pl_variable *lookup = own_lookup(w, expr, &argument);
    if (lookup) {
        put_expression(w, indent, "eqn", argument);
        pl_writer_format(w, "%*s<gf>\n", indent, "");
        put_table(w, indent + 4, lookup->equations[0]->table);
        pl_writer_format(w, "%*s</gf>\n", indent, "");
    } else if (function && function->id == PL_FN_ACTIVE_INITIAL && w->variable->kind != PL_STOCK) {
        put_expression(w, indent, "eqn", expr->args[0]);
        put_expression(w, indent, "init_eqn", expr->args[1]);
    } else {
        put_expression(w, indent, "eqn", expr);
    }
}

/* Whether one equation says the same of all elements. */
static bool applies_to_all(pl_writer *w, const pl_variable *v, part p) {
    const pl_equation *e = v->equations[0];
    if (v->rank == 0) return true;
    if (v->equation_count > 1 || e->except_count > 0 || !part_of(e, p) || v->defined) return false;
    for (int i = 0; i < v->rank; i++) {
        const pl_dimension *dimension = pl_name_table_get(&w->dimensions, e->names[i].key);
        if (!dimension || v->axes[i]->dimension != dimension) return false;
    }
    w->equation = e;
    return pl_writer_fits_all(w, part_of(e, p));
}

static void put_element_names(pl_writer *w, const pl_variable *v, int element) {
    int size = v->size;
    for (int i = 0; i < v->rank; i++) {
        const char *name = v->axes[i]->names[element / (size /= v->axes[i]->count)];
        if (strchr(name, ','))
            pl_writer_refuse(w, v->at, "the subscript '%.80s' with a comma has no counterpart in XMILE", name);
        if (i > 0) pl_writer_put(w, ", ");
        put_name(w, name);
        element %= size;
    }
}

/* One element of what an equation covers: its dimensions stand for the elements of the cell. */
static void put_cell(pl_writer *w, const pl_equation *e, int cell, part p) {
    const pl_expr *expr = part_of(e, p);
    int rest = cell;
    for (int i = e->axis_count - 1; i >= 0; i--) {
        w->fixed[i] = (pl_fixed){e->axes[i]->dimension, rest % e->axes[i]->count, false};
        rest /= e->axes[i]->count;
    }
    w->fixed_count = e->axis_count;
    pl_writer_put(w, "                <element subscript=\"");
    put_element_names(w, e->variable, e->cells[cell]);
    pl_writer_put(w, "\">\n");
    if (expr) {
        put_body(w, 20, expr);
    } else if (e->numbers) {
        pl_writer_put(w, "                    <eqn>");
        pl_writer_number(w, e->numbers[cell], e->at);
        pl_writer_put(w, "</eqn>\n");
    } else {
        pl_writer_refuse(w, e->at, "this equation has no counterpart in XMILE");
    }
    pl_writer_put(w, "                </element>\n");
    w->fixed_count = 0;
}

static void put_equations(pl_writer *w, const pl_variable *v, part p) {
    w->equation = v->equations[0];
    if (v->rank > PL_MOST_AXES) {
        pl_writer_refuse(w, v->at, "an array of more than %d dimensions has no counterpart", PL_MOST_AXES);
        return;
    }
    if (applies_to_all(w, v, p)) {
        const pl_expr *expr = part_of(v->equations[0], p);
        if (expr) put_body(w, 16, expr);
        else pl_writer_refuse(w, v->at, "this equation has no counterpart in XMILE");
        return;
    }
    for (int i = 0; i < v->equation_count; i++) {
        w->equation = v->equations[i];
        for (int j = 0; j < w->equation->cell_count; j++)
            if (w->equation->cells[j] >= 0) put_cell(w, w->equation, j, p);
    }
}

/* ---- variables ------------------------------------------------------------------------------------------ */

static bool has_all(const pl_writer *w, const pl_dimension *dimension, const pl_axis *axis) {
    for (int i = 0; i < axis->count; i++) {
        const char *key = pl_name_key(w->reader.arena, axis->names[i], strlen(axis->names[i]));
        if (pl_dimension_find(dimension, key) < 0) return false;
    }
    return true;
}

/* The dimension of an axis; of one that is only a list of elements the smallest that has them. */
static const pl_dimension *dimension_of(const pl_writer *w, const pl_axis *axis) {
    const pl_dimension *smallest = axis->dimension;
    for (int i = 0; i < w->model->dimension_count && !axis->dimension; i++) {
        const pl_dimension *d = w->model->dimensions[i];
        if ((!smallest || d->count < smallest->count) && has_all(w, d, axis)) smallest = d;
    }
    return smallest;
}

static void put_dimensions(pl_writer *w, const pl_variable *v) {
    if (v->rank == 0) return;
    pl_writer_put(w, "                <dimensions>\n");
    for (int i = 0; i < v->rank; i++) {
        pl_writer_put(w, "                    <dim name=\"");
        put_name(w, dimension_of(w, v->axes[i])->name);
        pl_writer_put(w, "\"/>\n");
    }
    pl_writer_put(w, "                </dimensions>\n");
}

static void put_flow_names(pl_writer *w, const pl_variable *stock, const term *terms, int count, const char *net) {
    for (int minus = 0; minus < 2; minus++)
        for (int i = 0; i < count; i++) {
            if (terms[i].minus != minus) continue;
            const pl_expr *name = terms[i].name;
            put_expression(w, 16, minus ? "outflow" : "inflow",
                           &(pl_expr){.kind = PL_EXPR_NAME, .name = name->name, .key = name->key, .at = name->at});
        }
    (void)stock;
    if (!net) return;
    pl_writer_put(w, "                <inflow>");
    int from = w->length;
    pl_writer_name(w, net);
    size_t length = (size_t)(w->length - from);
    const char *text = pl_arena_text(&w->arena, w->text + from, length);
    w->length = from;
    pl_writer_escaped(w, text, length, false);
    pl_writer_put(w, "</inflow>\n");
}

static void open_variable(pl_writer *w, const char *kind, const char *name) {
    pl_writer_format(w, "            <%s name=\"", kind);
    if (*pl_writer_plain_name(w, name) == '.')
        pl_writer_refuse(w, w->variable->at, "the name '%.80s' begins with a dot, which no name in XMILE does", name);
    put_name(w, name);
    pl_writer_put(w, "\">\n");
}

static void close_variable(pl_writer *w, const char *kind, const pl_variable *v) {
    put_element(w, 16, "units", v->units);
    put_scale(w, 16, "range", v->low, v->high);
    pl_writer_format(w, "            </%s>\n", kind);
}

static void put_rate_units(pl_writer *w, const char *units, const char *time) {
    char text[2 * PL_LONGEST_NAME];
    if (!*units || !*time || strlen(units) + strlen(time) + 8 > sizeof text) return;
    snprintf(text, sizeof text, strpbrk(units, "*/^") ? "(%s)/%s" : "%s/%s", units, time);
    put_element(w, 16, "units", text);
}

/* The flow that is a stock's whole rate. */
static void put_net_flow(pl_writer *w, const pl_variable *stock, const char *name) {
    open_variable(w, "flow", name);
    put_dimensions(w, stock);
    put_equations(w, stock, RATE);
    put_rate_units(w, stock->units, w->model->time_step->units);
    pl_writer_put(w, "            </flow>\n");
}

static bool has_flows(const pl_writer *w, const pl_variable *stock, const term *terms, int count) {
    for (int i = 0; i < count; i++) {
        const role *r = pl_name_table_get(&w->flows, terms[i].name->key);
        if (!r || (terms[i].minus ? r->outflow_of : r->inflow_of) != stock) return false;
    }
    return count >= 0;
}

static void put_stock(pl_writer *w, const pl_variable *v) {
    term *terms = PL_ARRAY(&w->arena, PL_MOST_TERMS, term);
    int count = w->macro ? -1 : find_terms(pl_equation_parsed(v->equations[0]), false, terms, 0);
    bool flows = has_flows(w, v, terms, count), still = stands_still(v);
    char base[PL_LONGEST_NAME + 20];
    snprintf(base, sizeof base, "%.1900s net flow", v->name);
    const char *net = flows || still ? NULL : pl_writer_new_name(w, base);
    open_variable(w, "stock", v->name);
    put_element(w, 16, "doc", v->comment);
    put_dimensions(w, v);
    put_equations(w, v, START);
    put_flow_names(w, v, terms, flows ? count : 0, net);
    close_variable(w, "stock", v);
    if (net) put_net_flow(w, v, net);
}

static bool is_data(const pl_variable *v) {
    for (int i = 0; i < v->equation_count; i++)
        if (v->equations[i]->data || v->equations[i]->assigned) return true;
    return v->kind == PL_DATA || v->equation_count == 0;
}

static void note_imports(pl_writer *w, const pl_variable *v) {
    for (int i = 0; i < v->equation_count; i++)
        if (v->equations[i]->import && !v->equations[i]->data)
            pl_reader_note(&w->reader, PL_NOTE, v->equations[i]->at,
                           "'%.80s' is written as the numbers that its file holds", v->name);
}

static void put_variable(pl_writer *w, const pl_variable *v) {
    w->variable = v;
    note_imports(w, v);
    if (is_data(v)) {
        pl_writer_refuse(w, v->at, "'%.80s' takes its data from elsewhere, which has no counterpart in XMILE", v->name);
    } else if (v->kind == PL_LOOKUP && w->macro) {
        pl_writer_refuse(w, v->at, "the lookup '%.80s' inside a macro has no counterpart in XMILE", v->name);
    } else if (v->kind == PL_LOOKUP) {
        graph own = {v, v->tables ? v->tables[0] : v->equations[0]->table, v->name, false, NULL};
        if (v->rank == 0) put_graph(w, &own); /* of others each element when it is asked */
    } else if (v->kind == PL_STOCK) {
        put_stock(w, v);
    } else {
        const char *kind = !w->macro && pl_name_table_get(&w->flows, v->key) ? "flow" : "aux";
        open_variable(w, kind, v->name);
        put_element(w, 16, "doc", v->comment);
        put_dimensions(w, v);
        put_equations(w, v, VALUE);
        close_variable(w, kind, v);
    }
}

/* ---- macros --------------------------------------------------------------------------------------------- */

static void put_macro(pl_writer *w, const pl_macro *macro) {
    if (macro->output_count > 0) {
        pl_writer_refuse(w, macro->at, "the macro '%.80s' with several results has no counterpart in XMILE",
                         macro->name);
        return;
    }
    w->macro = macro;
    pl_writer_put(w, "    <macro name=\"");
    put_name(w, macro->name);
    pl_writer_put(w, "\">\n");
    for (int i = 0; i < macro->input_count; i++) {
        pl_writer_put(w, "        <parm>");
        pl_writer_name(w, macro->inputs[i]);
        pl_writer_put(w, "</parm>\n");
    }
    const pl_variable *own = pl_name_table_get(&macro->names, macro->key);
    pl_expr result = {.kind = PL_EXPR_NAME, .name = macro->name, .key = macro->key, .at = macro->at};
    bool alone = own && own->kind != PL_STOCK && own->equation_count == 1 && part_of(own->equations[0], VALUE);
    w->variable = own;
    put_expression(w, 8, "eqn", alone ? part_of(own->equations[0], VALUE) : &result);
    pl_writer_put(w, "        <variables>\n");
    for (int i = 0; i < macro->variable_count; i++)
        if (!alone || macro->variables[i] != own) put_variable(w, macro->variables[i]);
    pl_writer_put(w, "        </variables>\n    </macro>\n");
    w->macro = NULL;
}

/* ---- the file ------------------------------------------------------------------------------------------- */

/* Whether a value cannot change while the model runs; steps bound the search. */
static bool stays(const pl_expr *expr, int *steps) {
    if (--*steps < 0) return false;
    if (expr->kind == PL_EXPR_REFERENCE) {
        const pl_variable *v = expr->variable;
        const pl_expr *value = v->equation_count == 1 && v->kind == PL_AUXILIARY ? v->equations[0]->expr : NULL;
        return v->kind == PL_CONSTANT || (value && stays(value, steps));
    }
    const pl_function *f = expr->kind == PL_EXPR_CALL ? expr->function : NULL;
    bool timed = f && (f->kind != PL_FUNCTION_ELEMENTWISE || (f->id >= PL_FN_STEP && f->id <= PL_FN_PULSE_TRAIN));
    if (expr->kind != PL_EXPR_NUMBER && (!f || timed)) return false;
    for (int i = 0; i < expr->arg_count; i++)
        if (!stays(expr->args[i], steps)) return false;
    return true;
}

/* The number that a time setting has when the model is read. */
static double control_value(pl_writer *w, const pl_variable *v) {
    const pl_equation *e = v->equations[0];
    int steps = 1000;
    bool fixed = e->expr && stays(e->expr, &steps);
    double value = v->kind == PL_CONSTANT ? e->numbers[0] : fixed ? pl_reader_evaluate(&w->reader, e->expr) : NAN;
    if (!isfinite(value)) {
        pl_writer_refuse(w, v->at, "'%.40s' is computed while the model runs, which has no counterpart in XMILE",
                         v->name);
        return 0.0;
    }
    if (v->kind != PL_CONSTANT && v != w->model->saveper)
        pl_reader_note(&w->reader, PL_NOTE, v->at, "'%.40s' is written as the number that it has", v->name);
    return value;
}

static void put_setting(pl_writer *w, const char *name, double value) {
    pl_writer_format(w, "        <%s>", name);
    pl_writer_number(w, value, (pl_position){0, 0});
    pl_writer_format(w, "</%s>\n", name);
}

static void put_settings(pl_writer *w) {
    static const char *const methods[] = {[PL_EULER] = "Euler", [PL_RK2] = "RK2", [PL_RK4] = "RK4"};
    const pl_model *m = w->model;
    double dt = control_value(w, m->time_step), save = control_value(w, m->saveper);
    pl_writer_format(w, "    <sim_specs method=\"%s\"", methods[m->method]);
    if (*m->time_step->units) {
        pl_writer_put(w, " time_units=\"");
        pl_writer_escaped(w, m->time_step->units, strlen(m->time_step->units), true);
        pl_writer_put(w, "\"");
    }
    if (save != dt) {
        pl_writer_put(w, " isee:save_interval=\"");
        pl_writer_number(w, save, m->saveper->at);
        pl_writer_put(w, "\"");
    }
    pl_writer_put(w, ">\n");
    put_setting(w, "start", control_value(w, m->initial_time));
    put_setting(w, "stop", control_value(w, m->final_time));
    put_setting(w, "dt", dt);
    pl_writer_put(w, "    </sim_specs>\n");
}

static int most_dimensions(const pl_model *model) {
    int most = 0;
    for (int i = 0; i < model->variable_count; i++)
        if (!model->variables[i]->hidden && model->variables[i]->rank > most) most = model->variables[i]->rank;
    return most;
}

static void put_header(pl_writer *w) {
    int dimensions = most_dimensions(w->model);
    pl_writer_put(w, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                     "<xmile version=\"1.0\" xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\""
                     " xmlns:isee=\"http://iseesystems.com/XMILE\">\n"
                     "    <header>\n        <options namespace=\"std\">\n");
    if (dimensions > 0) pl_writer_format(w, "            <uses_arrays maximum_dimensions=\"%d\"/>\n", dimensions);
    if (w->model->macro_count > 0)
        pl_writer_put(w, "            <uses_macros recursive_macros=\"false\" option_filters=\"false\"/>\n");
    pl_writer_put(w, "        </options>\n");
    put_element(w, 8, "name", w->model->name);
    pl_writer_put(w, "        <vendor>parley</vendor>\n        <product version=\"" PL_VERSION
                     "\" lang=\"en\">parley</product>\n    </header>\n");
}

static void put_units(pl_writer *w) {
    if (w->model->synonym_count == 0) return;
    pl_writer_put(w, "    <model_units>\n");
    for (int i = 0; i < w->model->synonym_count; i++) {
        const pl_synonyms *s = &w->model->synonyms[i];
        pl_writer_put(w, "        <unit name=\"");
        pl_writer_escaped(w, s->names[0], strlen(s->names[0]), true);
        pl_writer_put(w, "\">\n");
        if (s->equation) put_element(w, 12, "eqn", s->equation);
        for (int j = 1; j < s->count; j++) put_element(w, 12, "alias", s->names[j]);
        pl_writer_put(w, "        </unit>\n");
    }
    pl_writer_put(w, "    </model_units>\n");
}

static void put_all_dimensions(pl_writer *w) {
    if (w->model->dimension_count == 0) return;
    pl_writer_put(w, "    <dimensions>\n");
    for (int i = 0; i < w->model->dimension_count; i++) {
        const pl_dimension *d = w->model->dimensions[i];
        pl_writer_put(w, "        <dim name=\"");
        put_name(w, d->name);
        pl_writer_put(w, "\">\n");
        for (int j = 0; j < d->count; j++) {
            pl_writer_put(w, "            <elem name=\"");
            put_name(w, d->element_names[j]);
            pl_writer_put(w, "\"/>\n");
        }
        pl_writer_put(w, "        </dim>\n");
    }
    pl_writer_put(w, "    </dimensions>\n");
}

static bool is_written(const pl_writer *w, const pl_variable *v) { return !v->hidden && !pl_writer_is_control(w, v); }

static void put_group(pl_writer *w, const char *group) {
    pl_writer_put(w, "            <group name=\"");
    put_name(w, group);
    pl_writer_put(w, "\">\n");
    for (int i = 0; i < w->model->variable_count; i++) {
        const pl_variable *v = w->model->variables[i];
        if (!is_written(w, v) || strcmp(v->group, group) != 0) continue;
        pl_writer_put(w, "                <entity name=\"");
        put_name(w, v->name);
        pl_writer_put(w, "\"/>\n");
    }
    pl_writer_put(w, "            </group>\n");
}

static void put_groups(pl_writer *w) {
    pl_name_table groups = {0};
    for (int i = 0; i < w->model->variable_count; i++) {
        const pl_variable *v = w->model->variables[i];
        if (!is_written(w, v) || !*v->group || pl_name_table_get(&groups, v->group)) continue;
        pl_name_table_set(&w->arena, &groups, v->group, w);
        put_group(w, v->group);
    }
}

static void put_saveper(pl_writer *w) {
    const pl_variable *v = w->model->saveper;
    if (!w->saveper_used) return;
    pl_writer_put(w, "            <aux name=\"SAVEPER\">\n                <eqn>");
    pl_writer_number(w, control_value(w, v), v->at);
    pl_writer_put(w, "</eqn>\n            </aux>\n");
}

void pl_writer_xmile(pl_writer *w) {
    const pl_model *model = w->model;
    term *terms = PL_ARRAY(&w->arena, PL_MOST_TERMS, term);
    for (int i = 0; i < model->variable_count; i++)
        if (!model->variables[i]->hidden && model->variables[i]->kind == PL_STOCK)
            assign_flows(w, model->variables[i], terms);
    for (int i = 0; i < model->reality_count; i++)
        pl_reader_note(&w->reader, PL_WARNING, model->realities[i].at,
                       "the reality check '%.80s' is left out: XMILE has none", model->realities[i].name);
    put_header(w);
    put_settings(w);
    put_units(w);
    put_all_dimensions(w);
    pl_writer_put(w, "    <model>\n        <variables>\n");
    for (int i = 0; i < model->variable_count; i++)
        if (is_written(w, model->variables[i])) put_variable(w, model->variables[i]);
    for (const graph *g = w->first_graph; g; g = g->next) put_graph(w, g);
    put_saveper(w);
    put_groups(w);
    pl_writer_put(w, "        </variables>\n    </model>\n");
    for (int i = 0; i < model->macro_count; i++) put_macro(w, model->macros[i]);
    pl_writer_helpers(w);
    pl_writer_put(w, "</xmile>\n");
}
