/* One expression in the dialect that is written: operators with the brackets that they need there, names with their
 * subscripts, sums over dimensions, calls.  An expression may be written for one element: then dimensions stand for
 * the elements of pl_writer.fixed. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/write.h"
#include "model/xmile.h"

/* ---- operators ------------------------------------------------------------------------------------------ */

/* power: of the whole; left, right: what the operands must bind at least. Comparisons inside comparisons get brackets
 * always: the dialects group them differently. */
static const struct operator_row {
    pl_function_id id;
    const char *vensim, *xmile;
    int power, left, right;
} operators[] = {
    {PL_FN_OR, " :OR: ", " OR ", 10, 10, 11},      {PL_FN_AND, " :AND: ", " AND ", 20, 20, 21},
    {PL_FN_EQUAL, " = ", " = ", 30, 50, 50},       {PL_FN_UNEQUAL, " <> ", " <> ", 30, 50, 50},
    {PL_FN_LESS, " < ", " < ", 30, 50, 50},        {PL_FN_LESS_EQUAL, " <= ", " <= ", 30, 50, 50},
    {PL_FN_GREATER, " > ", " > ", 30, 50, 50},     {PL_FN_GREATER_EQUAL, " >= ", " >= ", 30, 50, 50},
    {PL_FN_ADD, " + ", " + ", 50, 50, 51},         {PL_FN_SUBTRACT, " - ", " - ", 50, 50, 51},
    {PL_FN_MULTIPLY, " * ", " * ", 60, 60, 61},    {PL_FN_DIVIDE, " / ", " / ", 60, 60, 61},
    {PL_FN_RAISE, " ^ ", " ^ ", 80, 81, 80},
};

static const struct operator_row *find_operator(pl_function_id id) {
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (operators[i].id == id) return &operators[i];
    return NULL;
}

static void begin(pl_writer *w, int own, int power) {
    if (own < power) pl_writer_put(w, "(");
}

static void end(pl_writer *w, int own, int power) {
    if (own < power) pl_writer_put(w, ")");
}

static void write_operator(pl_writer *w, const struct operator_row *row, const pl_expr *expr, int power) {
    begin(w, row->power, power);
    pl_writer_expression(w, expr->args[0], row->left);
    pl_writer_put(w, w->to == PL_XMILE ? row->xmile : row->vensim);
    pl_writer_expression(w, expr->args[1], row->right);
    end(w, row->power, power);
}

static void write_not(pl_writer *w, const pl_expr *expr, int power) {
    begin(w, 25, power);
    pl_writer_put(w, w->to == PL_XMILE ? "NOT " : ":NOT: ");
    pl_writer_expression(w, expr->args[0], PL_POWER_ATOM);
    end(w, 25, power);
}

static void write_negative(pl_writer *w, const pl_expr *expr, int power) {
    begin(w, 50, power);
    pl_writer_put(w, "-");
    pl_writer_expression(w, expr->args[0], 70);
    end(w, 50, power);
}

static void write_number(pl_writer *w, const pl_expr *expr, int power) {
    int own = signbit(expr->number) ? 50 : PL_POWER_ATOM;
    begin(w, own, power);
    pl_writer_number(w, expr->number, expr->at);
    end(w, own, power);
}

/* ---- subscripts ----------------------------------------------------------------------------------------- */

const pl_dimension *pl_writer_dimension(const pl_writer *w, const pl_subscript_name *name, int *position) {
    const pl_dimension *dimension = pl_name_table_get(&w->dimensions, name->key);
    *position = -1;
    if (name->axis > 0 && name->axis <= w->fixed_count) { /* goes along with an axis of the equation by its number */
        const pl_fixed *f = &w->fixed[name->axis - 1];
        if (!dimension) dimension = f->dimension;
        if (f->position < dimension->count) *position = f->position;
        return dimension;
    }
    if (!dimension) return NULL;
    for (int i = w->fixed_count - 1; i >= 0; i--) {
        const pl_fixed *f = &w->fixed[i];
        if (f->reduced != name->reduced || f->dimension != dimension) continue;
        *position = f->position;
        return dimension;
    }
    for (int i = 0; i < w->fixed_count && !name->reduced; i++) {
        const pl_fixed *f = &w->fixed[i];
        if (f->reduced || !pl_dimension_follows(dimension, f->dimension)) continue;
        *position = pl_dimension_follow(dimension, f->dimension, f->position);
        return dimension;
    }
    return dimension;
}

static void write_subscript(pl_writer *w, const pl_subscript_name *name) {
    int position;
    const pl_dimension *dimension = pl_writer_dimension(w, name, &position);
    if (dimension && position >= 0) {
        pl_writer_name(w, dimension->element_names[position]);
    } else if (name->axis > 0) {
        pl_writer_refuse(w, name->at, "this subscript has no counterpart");
    } else if (name->reduced && w->to == PL_XMILE) {
        pl_writer_put(w, "*");
    } else {
        pl_writer_name(w, name->name);
        if (name->reduced) pl_writer_put(w, "!");
    }
}

void pl_writer_subscripts(pl_writer *w, const pl_subscript_name *names, int count) {
    if (count == 0) return;
    pl_writer_put(w, "[");
    for (int i = 0; i < count; i++) {
        if (i > 0) pl_writer_put(w, w->to == PL_XMILE ? ", " : ",");
        write_subscript(w, &names[i]);
    }
    pl_writer_put(w, "]");
}

/* ---- names ---------------------------------------------------------------------------------------------- */

static bool is_local(const pl_writer *w, const char *key) {
    if (!w->macro) return false;
    for (int i = 0; i < w->macro->input_count; i++)
        if (strcmp(w->macro->inputs[i], key) == 0) return true;
    return pl_name_table_get(&w->macro->names, key) != NULL;
}

/* Inside a macro of Vensim "x$" is x of the model. */
static const char *outer_key(pl_writer *w, const char *key) {
    size_t length = strlen(key);
    bool marked = w->macro && w->model->dialect == PL_VENSIM && length > 1 && key[length - 1] == '$';
    return marked ? pl_name_key(&w->arena, key, length - 1) : key;
}

static void write_control(pl_writer *w, const pl_variable *v, const char *in_xmile) {
    if (w->to == PL_XMILE) {
        pl_writer_put(w, in_xmile);
        return;
    }
    pl_writer_name(w, v->name);
    if (w->macro) pl_writer_put(w, "$");
}

static void write_variable(pl_writer *w, const pl_expr *expr, const pl_variable *v) {
    const pl_model *m = w->model;
    if (v == m->time_step) write_control(w, v, "DT");
    else if (v == m->initial_time) write_control(w, v, "STARTTIME");
    else if (v == m->final_time) write_control(w, v, "STOPTIME");
    else if (v->hidden)
        pl_writer_refuse(w, expr->at, "what the reader makes of '%.80s' has no counterpart", v->name);
    else if (v->kind == PL_LOOKUP)
        pl_writer_refuse(w, expr->at, "the lookup '%.80s' as an argument has no counterpart", v->name);
    else if (w->macro && w->to == PL_XMILE)
        pl_writer_refuse(w, expr->at, "'%.80s' of the model inside a macro has no counterpart in XMILE", v->name);
    else {
        if (v == m->saveper) w->saveper_used = true;
        pl_writer_name(w, v->name);
        if (w->macro) pl_writer_put(w, "$");
        pl_writer_subscripts(w, expr->names, expr->name_count);
    }
}

/* A dimension or an element as a value. */
static bool write_place(pl_writer *w, const pl_expr *expr) {
    const pl_subscript_name name = {expr->name, expr->key, false, expr->at, 0};
    const pl_dimension *family = pl_name_table_get(&w->elements, expr->key);
    int position;
    const pl_dimension *dimension = pl_writer_dimension(w, &name, &position);
    if (!dimension && !family) return false;
    if (dimension && position >= 0) pl_writer_format(w, "%d", dimension->position[position] + 1);
    else if (!dimension && w->to == PL_XMILE)
        pl_writer_format(w, "%d", pl_dimension_find(family->family, expr->key) + 1);
    else pl_writer_name(w, expr->name);
    return true;
}

static void write_name(pl_writer *w, const pl_expr *expr) {
    bool same = w->to == PL_VENSIM && w->model->dialect == PL_VENSIM;
    const char *key = outer_key(w, expr->key);
    const pl_variable *v = pl_name_table_get(&w->model->names, key);
    if (is_local(w, expr->key) || (same && w->macro)) {
        pl_writer_name(w, expr->name);
        pl_writer_subscripts(w, expr->names, expr->name_count);
    } else if (same && v) {
        pl_writer_name(w, v->name);
        pl_writer_subscripts(w, expr->names, expr->name_count);
    } else if (v) {
        write_variable(w, expr, v);
    } else if (strcmp(key, "time") == 0 && expr->name_count == 0) {
        pl_writer_put(w, w->to == PL_XMILE ? "TIME" : w->macro ? "Time$" : "Time");
    } else if (expr->name_count > 0 || !write_place(w, expr)) {
        pl_writer_refuse(w, expr->at, "'%.80s' has no counterpart", expr->name);
    }
}

/* ---- lookups -------------------------------------------------------------------------------------------- */

const pl_variable *pl_writer_lookup_call(const pl_writer *w, const pl_expr *expr, const pl_expr **argument) {
    if (expr->kind == PL_EXPR_CALL && expr->function->id == PL_FN_LOOKUP) {
        *argument = expr->args[1];
        return expr->args[0]->kind == PL_EXPR_REFERENCE ? expr->args[0]->variable : NULL;
    }
    if (expr->kind != PL_EXPR_NAME || !expr->args || expr->arg_count != 1 || is_local(w, expr->key)) return NULL;
    if (pl_name_table_get(&w->macros, expr->key) || pl_name_table_get(&w->reader.functions, expr->key)) return NULL;
    const pl_variable *v = pl_name_table_get(&w->model->names, expr->key);
    *argument = expr->args[0];
    return v && v->kind == PL_LOOKUP ? v : NULL;
}

void pl_writer_points(pl_writer *w, const pl_table *table) {
    pl_position at = {0, 0};
    if (!isnan(table->low_x) && !isnan(table->high_x)) {
        double range[] = {table->low_x, table->low_y, table->high_x, table->high_y};
        for (int i = 0; i < 4; i++) {
            pl_writer_put(w, i == 0 ? "[(" : i == 2 ? ")-(" : ",");
            pl_writer_number(w, isnan(range[i]) ? 0.0 : range[i], at);
        }
        pl_writer_put(w, ")],");
    }
    for (int i = 0; i < table->count; i++) {
        pl_writer_put(w, i ? ",(" : "(");
        pl_writer_number(w, table->x[i], at);
        pl_writer_put(w, ",");
        pl_writer_number(w, table->y[i], at);
        pl_writer_put(w, ")");
    }
}

static void write_extrapolated(pl_writer *w, const pl_expr *expr, const char *name, const pl_expr *argument) {
    if (!name || (expr->kind == PL_EXPR_CALL && expr->args[0]->name_count > 0)) {
        pl_writer_refuse(w, expr->at, "a graphical function that extrapolates has no counterpart here");
        return;
    }
    pl_writer_put(w, "LOOKUP EXTRAPOLATE(");
    pl_writer_name(w, name);
    pl_writer_put(w, ", ");
    pl_writer_expression(w, argument, 0);
    pl_writer_put(w, ")");
}

/* The flat element that the subscripts of a lookup name; -1: none alone. */
static int element_of(const pl_writer *w, const pl_expr *name, const pl_variable *lookup) {
    int flat = 0;
    for (int i = 0; i < lookup->rank; i++) {
        int position;
        const pl_dimension *dimension = pl_writer_dimension(w, &name->names[i], &position);
        if (dimension && position < 0) return -1;
        const char *key = dimension ? dimension->element_keys[position] : name->names[i].key;
        int place = pl_axis_find(lookup->axes[i], key);
        if (place < 0) return -1;
        flat = flat * lookup->axes[i]->count + place;
    }
    return flat;
}

void pl_writer_ask(pl_writer *w, const pl_expr *name, const pl_variable *lookup, const pl_expr *argument,
                   bool extrapolate) {
    int element = w->macro ? -1 : element_of(w, name, lookup);
    if (element < 0) {
        pl_writer_refuse(w, name->at, "a lookup here has no counterpart in XMILE");
        return;
    }
    pl_writer_put(w, "LOOKUP(");
    pl_writer_name(w, pl_writer_graph(w, lookup, element, extrapolate));
    pl_writer_put(w, ", ");
    pl_writer_expression(w, argument, 0);
    pl_writer_put(w, ")");
}

static void write_lookup_call(pl_writer *w, const pl_expr *expr, const pl_variable *lookup, const pl_expr *argument) {
    const char *name = lookup->hidden ? w->lookup_names[lookup->index] : lookup->name;
    const pl_expr *asked = expr->kind == PL_EXPR_CALL ? expr->args[0] : expr;
    const pl_table *table = lookup->equations[0]->table;
    if (w->to == PL_XMILE) {
        pl_writer_ask(w, asked, lookup, argument, false);
        return;
    }
    if (lookup->rank > 0 && !name) {
        pl_writer_refuse(w, expr->at, "this graphical function has no counterpart");
        return;
    }
    if (table && table->extrapolate) {
        write_extrapolated(w, expr, name, argument);
        return;
    }
    if (name) {
        pl_writer_name(w, name);
        pl_writer_subscripts(w, asked->names, asked->name_count);
        pl_writer_put(w, "(");
    } else {
        pl_writer_put(w, "WITH LOOKUP(");
    }
    pl_writer_expression(w, argument, 0);
    if (!name) {
        pl_writer_put(w, ", (");
        pl_writer_points(w, table);
        pl_writer_put(w, ")");
    }
    pl_writer_put(w, ")");
}

/* ---- calls ---------------------------------------------------------------------------------------------- */

const pl_function *pl_writer_function(const pl_writer *w, const pl_expr *expr) {
    if (expr->kind == PL_EXPR_CALL) return expr->function;
    if (expr->kind != PL_EXPR_NAME || !expr->args || expr->name_count > 0) return NULL;
    if (is_local(w, expr->key) || pl_name_table_get(&w->macros, expr->key)) return NULL;
    return pl_name_table_get(&w->reader.functions, expr->key);
}

static void write_arguments(pl_writer *w, const pl_expr *expr) {
    pl_writer_put(w, "(");
    for (int i = 0; i < expr->arg_count; i++) {
        if (i > 0) pl_writer_put(w, ", ");
        pl_writer_expression(w, expr->args[i], 0);
    }
    for (int i = 0; expr->outputs && i < expr->outputs->count; i++) {
        const pl_equation *output = expr->outputs->equations[i];
        pl_writer_put(w, i > 0 ? ", " : " : ");
        pl_writer_name(w, output->variable->name);
        pl_writer_subscripts(w, output->names, output->name_count);
    }
    pl_writer_put(w, ")");
}

/* A lookup that is an argument of the macro in work, or a macro. */
static void write_named_call(pl_writer *w, const pl_expr *expr) {
    const pl_macro *macro = pl_name_table_get(&w->macros, expr->key);
    bool local = is_local(w, expr->key), same = w->to == w->model->dialect;
    const pl_function *stood_for = pl_writer_helper(w, expr->key);
    if (stood_for && macro) {
        pl_writer_put(w, stood_for->vensim);
        write_arguments(w, expr);
        return;
    }
    if ((!local && !macro) || (local && !same)) {
        pl_writer_refuse(w, expr->at, "the call of '%.80s' has no counterpart", expr->name);
        return;
    }
    pl_writer_name(w, local ? expr->name : macro->name);
    write_arguments(w, expr);
}

static void write_call(pl_writer *w, const pl_expr *expr, int power) {
    const pl_expr *argument;
    const pl_variable *lookup = pl_writer_lookup_call(w, expr, &argument);
    const pl_function *function = pl_writer_function(w, expr);
    const struct operator_row *row = function ? find_operator(function->id) : NULL;
    if (lookup) write_lookup_call(w, expr, lookup, argument);
    else if (!function) write_named_call(w, expr);
    else if (row) write_operator(w, row, expr, power);
    else if (function->id == PL_FN_NOT) write_not(w, expr, power);
    else if (function->id == PL_FN_NEGATE) write_negative(w, expr, power);
    else pl_writer_call(w, function, expr, power);
}

/* The argument of LOOKUP INVERT and its kind. */
static void write_lookup_name(pl_writer *w, const pl_expr *expr) {
    pl_writer_name(w, w->lookup_names[expr->variable->index]);
    pl_writer_subscripts(w, expr->names, expr->name_count);
}

void pl_writer_expression(pl_writer *w, const pl_expr *expr, int power) {
    if (expr->outputs && w->to == PL_XMILE)
        pl_writer_refuse(w, expr->at, "the call of '%.80s', which gives several outputs, has no counterpart",
                         expr->name);
    else if (expr->kind == PL_EXPR_NUMBER) write_number(w, expr, power);
    else if (expr->kind == PL_EXPR_CALL || (expr->kind == PL_EXPR_NAME && expr->args)) write_call(w, expr, power);
    else if (expr->kind == PL_EXPR_NAME) write_name(w, expr);
    else if (expr->kind == PL_EXPR_REFERENCE && w->lookup_names[expr->variable->index]) write_lookup_name(w, expr);
    else if (expr->kind == PL_EXPR_REFERENCE && expr->name_count == 0) write_variable(w, expr, expr->variable);
    else pl_writer_refuse(w, expr->at, "this has no counterpart");
}

/* ---- all elements at once ------------------------------------------------------------------------------- */

static bool is_on_left(const pl_writer *w, const char *key) {
    for (int i = 0; i < w->equation->name_count; i++)
        if (strcmp(w->equation->names[i].key, key) == 0) return true;
    return false;
}

/* Whether a subscript means the same in XMILE, where a dimension is itself and nothing else. */
static bool subscript_fits(const pl_writer *w, const pl_subscript_name *name, const pl_axis *axis) {
    const pl_dimension *dimension = pl_name_table_get(&w->dimensions, name->key);
    return !dimension || name->reduced || (axis->dimension == dimension && is_on_left(w, name->key));
}

static bool name_fits(const pl_writer *w, const pl_expr *expr) {
    const pl_variable *v = pl_name_table_get(&w->model->names, expr->key);
    const pl_dimension *dimension = v ? NULL : pl_name_table_get(&w->dimensions, expr->key);
    if (dimension) return dimension->family == dimension && is_on_left(w, expr->key);
    if (expr->name_count == 0) return true;
    if (!v || v->rank != expr->name_count || v->defined) return false;
    for (int i = 0; i < v->rank; i++)
        if (!subscript_fits(w, &expr->names[i], v->axes[i])) return false;
    return true;
}

bool pl_writer_fits_all(pl_writer *w, const pl_expr *expr) {
    bool call = expr->kind == PL_EXPR_NAME && expr->args;
    if (expr->kind == PL_EXPR_NAME && !call && !name_fits(w, expr)) return false;
    for (int i = 0; call && i < expr->name_count; i++) /* a lookup: each element is a function of its own */
        if (pl_name_table_get(&w->dimensions, expr->names[i].key)) return false;
    for (int i = 0; i < expr->arg_count; i++)
        if (!pl_writer_fits_all(w, expr->args[i])) return false;
    return true;
}
