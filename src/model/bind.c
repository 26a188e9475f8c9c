/* Binding: every name of an equation becomes a variable with the positions of its subscripts, a number, a function or
 * a macro's hidden variable.  The raw tree is copied, never changed, for a macro's body is bound once for each call. */
#include <math.h>
#include <string.h>

#include "model/reader.h"

/* ---- helpers -------------------------------------------------------------------------------------------- */

/* A bound copy of a raw expression. Errors are recorded; a number stands for what could not be bound. */
static pl_expr *bind(pl_binder *binder, const pl_expr *raw);

static pl_position place(const pl_binder *binder, pl_position at) { return at.line ? at : binder->call_at; }

static pl_expr *new_expr(pl_binder *binder, pl_expr_kind kind, const pl_expr *raw) {
    pl_expr *expr = PL_NEW(binder->reader->arena, pl_expr);
    expr->kind = kind, expr->height = 1;
    expr->at = place(binder, raw->at), expr->end = raw->at.line ? raw->end : binder->call_at;
    return expr;
}

static pl_expr *new_number(pl_binder *binder, double number, const pl_expr *raw) {
    pl_expr *expr = new_expr(binder, PL_EXPR_NUMBER, raw);
    expr->number = number;
    return expr;
}

/* What stands for an expression that could not be bound; the model is thrown away. */
static pl_expr *nothing(pl_binder *binder, const pl_expr *raw) { return new_number(binder, NAN, raw); }

static pl_expr *new_call(pl_binder *binder, const pl_function *function, const pl_expr *raw, pl_expr **args,
                         int count) {
    pl_expr *expr = new_expr(binder, PL_EXPR_CALL, raw);
    expr->function = function, expr->args = args, expr->arg_count = count;
    for (int i = 0; i < count; i++)
        if (args[i]->height >= expr->height) expr->height = args[i]->height + 1;
    return expr;
}

/* The prelude is written as Vensim's text in models of both dialects. */
static pl_dialect dialect(const pl_binder *binder) {
    return binder->scope && binder->scope->macro->built_in ? PL_VENSIM : binder->reader->model->dialect;
}

static const pl_function *find_function(const pl_binder *binder, const char *key) {
    pl_reader *reader = binder->reader;
    return dialect(binder) == reader->model->dialect ? pl_name_table_get(&reader->functions, key) : pl_function_find(key, PL_VENSIM);
}

static pl_variable *find_variable(const pl_binder *binder, const char *key) {
    return pl_name_table_get(&binder->reader->model->names, key);
}

/* ---- subscripts ----------------------------------------------------------------------------------------- */

/* The iteration axis that a dimension's name on the right side follows; -1 where there is none. The same dimension
 * comes before an equal or mapped one. */
static int find_axis(const pl_binder *binder, const pl_dimension *dimension, bool reduced) {
    for (int i = binder->axis_count - 1; i >= 0; i--)
        if (binder->reduced[i] == reduced && binder->axes[i]->dimension == dimension) return i;
    for (int i = 0; i < binder->axis_count && !reduced; i++)
        if (!binder->reduced[i] && pl_reader_follow(binder->reader, dimension, binder->axes[i]->dimension)) return i;
    return -1;
}

static bool axis_error(pl_binder *binder, pl_subscript_name name) {
    pl_position at = place(binder, name.at);
    if (name.reduced)
        pl_reader_error(binder->reader, PL_INVALID, at, "'%.80s!' can only stand inside SUM, PROD, VMIN or VMAX",
                        name.name);
    else pl_reader_error(binder->reader, PL_INVALID, at, "the subscript '%.80s' is not on the left side", name.name);
    return false;
}

static bool bind_dimension(pl_binder *binder, const pl_variable *variable, int place_number, pl_subscript_name name,
                           pl_raw_dimension *raw, pl_subscript *out) {
    pl_dimension *dimension = &raw->dimension;
    int missing = 0;
    if (raw->broken) return false;
    out->axis = find_axis(binder, dimension, name.reduced);
    if (out->axis < 0) return !pl_reader_is_spent(binder->reader) && axis_error(binder, name);
    pl_dimension *over = binder->axes[out->axis]->dimension;
    out->map = pl_reader_map(binder->reader, over, dimension, variable->axes[place_number], &missing);
    if (out->map || pl_reader_is_spent(binder->reader)) return out->map;
    pl_reader_error(binder->reader, PL_INVALID, place(binder, name.at),
                    "'%.80s' has no element for '%.60s' of '%.60s' at place %d", variable->name,
                    over->element_names[missing], over->name, place_number + 1);
    return false;
}

/* Goes along with an axis of the equation by its number, element by element in order of the dimension it names. */
static bool bind_axis(pl_binder *binder, const pl_variable *variable, int place_number, pl_subscript_name name,
                      pl_subscript *out) {
    pl_reader *reader = binder->reader;
    out->axis = name.axis - 1;
    if (out->axis >= binder->equation->axis_count) return axis_error(binder, name);
    const pl_dimension *over = binder->axes[out->axis]->dimension;
    const pl_raw_dimension *raw = pl_name_table_get(&reader->dimensions, name.key);
    const pl_dimension *named = raw && !raw->broken ? &raw->dimension : over;
    int missing = 0;
    out->map = pl_reader_ordered(reader, over, named, variable->axes[place_number], &missing);
    if (out->map || pl_reader_is_spent(reader)) return out->map;
    pl_reader_error(reader, PL_INVALID, place(binder, name.at), "'%.80s' has no element for '%.60s' of '%.60s' at place %d",
                    variable->name, over->element_names[missing], over->name, place_number + 1);
    return false;
}

static bool bind_subscript(pl_binder *binder, const pl_variable *variable, int place_number, pl_subscript_name name,
                           pl_subscript *out) {
    pl_reader *reader = binder->reader;
    pl_raw_dimension *raw = pl_name_table_get(&reader->dimensions, name.key);
    if (name.axis) return bind_axis(binder, variable, place_number, name, out);
    if (raw) return bind_dimension(binder, variable, place_number, name, raw, out);
    out->axis = -1;
    out->element = pl_axis_find(variable->axes[place_number], name.key);
    if (out->element >= 0 && !name.reduced) return true;
    if (!pl_name_table_get(&reader->elements, name.key)) pl_reader_unknown_subscript(reader, name);
    else if (name.reduced)
        pl_reader_error(reader, PL_INVALID, place(binder, name.at), "'%.80s' is an element: '!' marks whole dimensions",
                        name.name);
    else
        pl_reader_error(reader, PL_INVALID, place(binder, name.at), "'%.80s' has no element '%.80s' at place %d",
                        variable->name, name.name, place_number + 1);
    return false;
}

/* Whether a reference can meet an element without an equation: walks over all axes that it follows. */
static void check_defined(pl_binder *binder, const pl_expr *reference) {
    const pl_variable *variable = reference->variable;
    int at[PL_MOST_AXES] = {0};
    long count = 1;
    for (int i = 0; i < binder->axis_count; i++) count *= binder->axes[i]->count;
    if (!pl_reader_spend(binder->reader, 2.0 * (double)count * (variable->rank + 1), reference->at)) return;
    bool own = binder->equation->cell_count == count && !binder->scope;
    for (long n = 0; n < count; n++) {
        int flat = 0;
        for (int i = 0; i < variable->rank; i++) {
            pl_subscript s = reference->subscripts[i];
            flat = flat * variable->axes[i]->count + (s.axis < 0 ? s.element : s.map[at[s.axis]]);
        }
        if (!variable->defined[flat] && !(own && binder->equation->cells[n] < 0)) {
            char name[120];
            pl_variable_element_name(variable, flat, name, sizeof name);
            pl_reader_error(binder->reader, PL_INVALID, reference->at, "'%s' has no equation", name);
            return;
        }
        for (int i = binder->axis_count - 1; i >= 0 && ++at[i] == binder->axes[i]->count; i--) at[i] = 0;
    }
}

static pl_expr *bind_reference(pl_binder *binder, const pl_expr *raw, pl_variable *variable) {
    variable->used = true;
    if (variable->broken) return nothing(binder, raw);
    if (raw->name_count != variable->rank) {
        pl_reader_error(binder->reader, PL_INVALID, place(binder, raw->at),
                        "'%.80s' has %d subscript%s, here it has %d", variable->name, variable->rank,
                        variable->rank == 1 ? "" : "s", raw->name_count);
        return nothing(binder, raw);
    }
    pl_expr *expr = new_expr(binder, PL_EXPR_REFERENCE, raw);
    expr->variable = variable;
    expr->subscripts = PL_ARRAY(binder->reader->arena, variable->rank, pl_subscript);
    for (int i = 0; i < variable->rank; i++)
        if (!bind_subscript(binder, variable, i, raw->names[i], &expr->subscripts[i])) return nothing(binder, raw);
    if (variable->defined) check_defined(binder, expr);
    return expr;
}

/* ---- names ---------------------------------------------------------------------------------------------- */

/* A dimension or an element as a value: its number in the family, from 1. NULL: the name is neither. */
static pl_expr *bind_element(pl_binder *binder, const pl_expr *raw) {
    pl_reader *reader = binder->reader;
    pl_raw_dimension *dimension = pl_name_table_get(&reader->dimensions, raw->key);
    const pl_element_use *use = pl_name_table_get(&reader->elements, raw->key);
    if (!dimension && !use) return NULL;
    if (!dimension) {
        const pl_dimension *family = use->dimension->family;
        return new_number(binder, pl_dimension_find(family, raw->key) + 1, raw);
    }
    if (dimension->broken) return nothing(binder, raw);
    int axis = find_axis(binder, &dimension->dimension, false);
    if (axis < 0) {
        axis_error(binder, (pl_subscript_name){raw->name, raw->key, false, raw->at, 0});
        return nothing(binder, raw);
    }
    const pl_dimension *over = binder->axes[axis]->dimension;
    const int *map = pl_reader_numbers(reader, &dimension->dimension, over);
    if (!map) return nothing(binder, raw);
    pl_expr *expr = new_expr(binder, PL_EXPR_ELEMENT, raw);
    expr->subscripts = PL_NEW(reader->arena, pl_subscript);
    *expr->subscripts = (pl_subscript){.axis = axis, .map = map};
    return expr;
}

static pl_expr *unknown_name(pl_binder *binder, const pl_expr *raw) {
    pl_reader *reader = binder->reader;
    pl_nearest nearest = {.key = raw->key};
    char text[300];
    if (binder->scope)
        for (int i = 0; i < binder->scope->macro->variable_count; i++)
            pl_nearest_offer(&nearest, binder->scope->macro->variables[i]->name,
                             binder->scope->macro->variables[i]->key);
    for (int i = 0; i < reader->model->variable_count; i++)
        pl_nearest_offer(&nearest, reader->model->variables[i]->name, reader->model->variables[i]->key);
    pl_reader_error(reader, PL_INVALID, place(binder, raw->at), "unknown variable '%.80s'%s", raw->name,
                    pl_nearest_text(&nearest, text, sizeof text));
    return nothing(binder, raw);
}

static bool is_control(const char *key) {
    return strcmp(key, "initial time") == 0 || strcmp(key, "final time") == 0 || strcmp(key, "time step") == 0 ||
           strcmp(key, "saveper") == 0;
}

/* The key that a name of a macro's body has outside: "x$" is x of the model. NULL: it means nothing there. */
static const char *outer_key(const pl_binder *binder, const char *key) {
    size_t length = strlen(key);
    if (!binder->scope) return key;
    if (length > 1 && key[length - 1] == '$') return pl_name_key(binder->reader->arena, key, length - 1);
    return is_control(key) || strcmp(key, "time") == 0 ? key : NULL;
}

static pl_expr *lookup_as_value(pl_binder *binder, const pl_expr *raw, const pl_variable *variable) {
    pl_reader_error(binder->reader, PL_INVALID, place(binder, raw->at),
                    "'%.80s' is a lookup: it needs an argument in brackets", variable->name);
    return nothing(binder, raw);
}

static pl_expr *bind_name(pl_binder *binder, const pl_expr *raw, bool lookup_wanted) {
    pl_expr *local = binder->scope ? pl_name_table_get(&binder->scope->locals, raw->key) : NULL;
    if (local && raw->name_count == 0) {
        if (!lookup_wanted && local->kind == PL_EXPR_REFERENCE && local->variable->kind == PL_LOOKUP)
            return lookup_as_value(binder, raw, local->variable);
        return local;
    }
    const char *key = outer_key(binder, raw->key);
    if (!key) return unknown_name(binder, raw);
    pl_variable *variable = find_variable(binder, key);
    if (variable && variable->kind == PL_LOOKUP && !lookup_wanted && !variable->broken)
        return lookup_as_value(binder, raw, variable);
    if (variable) return bind_reference(binder, raw, variable);
    if (strcmp(key, "time") == 0 && raw->name_count == 0) return new_expr(binder, PL_EXPR_TIME, raw);
    pl_expr *element = raw->name_count == 0 ? bind_element(binder, raw) : NULL;
    return element ? element : unknown_name(binder, raw);
}

/* ---- calls ---------------------------------------------------------------------------------------------- */

static bool check_count(pl_binder *binder, const pl_expr *raw, int least, int most) {
    int given = raw->arg_count;
    if (given >= least && (most < 0 || given <= most)) return true;
    pl_position at = place(binder, raw->at);
    if (most < 0)
        pl_reader_error(binder->reader, PL_INVALID, at, "%.60s takes at least %d arguments, here it has %d", raw->name,
                        least, given);
    else if (least < most)
        pl_reader_error(binder->reader, PL_INVALID, at, "%.60s takes %d to %d arguments, here it has %d", raw->name,
                        least, most, given);
    else
        pl_reader_error(binder->reader, PL_INVALID, at, "%.60s takes %d argument%s, here it has %d", raw->name, least,
                        least == 1 ? "" : "s", given);
    return false;
}

static pl_expr **bind_args(pl_binder *binder, const pl_expr *raw) {
    pl_expr **args = PL_ARRAY(binder->reader->arena, raw->arg_count, pl_expr *);
    for (int i = 0; i < raw->arg_count; i++) args[i] = bind(binder, raw->args[i]);
    return args;
}

/* The first argument of LOOKUP FORWARD and its kind names a lookup. */
static bool takes_lookup(pl_function_id id) {
    return (id >= PL_FN_LOOKUP_EXTRAPOLATE && id <= PL_FN_LOOKUP_AREA) || id == PL_FN_RANDOM_LOOKUP;
}

static pl_expr **bind_lookup_args(pl_binder *binder, const pl_expr *raw) {
    const pl_expr *lookup = raw->args[0];
    if (lookup->kind != PL_EXPR_NAME || lookup->args) return bind_args(binder, raw);
    pl_expr **args = PL_ARRAY(binder->reader->arena, raw->arg_count, pl_expr *);
    args[0] = bind_name(binder, lookup, true);
    for (int i = 1; i < raw->arg_count; i++) args[i] = bind(binder, raw->args[i]);
    return args;
}

/* The arguments of a macro: a lookup may be one as a whole. */
static pl_expr **bind_macro_args(pl_binder *binder, const pl_expr *raw) {
    pl_expr **args = PL_ARRAY(binder->reader->arena, raw->arg_count, pl_expr *);
    for (int i = 0; i < raw->arg_count; i++) {
        const pl_expr *arg = raw->args[i];
        args[i] = arg->kind == PL_EXPR_NAME && !arg->args ? bind_name(binder, arg, true) : bind(binder, arg);
    }
    return args;
}

static bool is_reduction(pl_function_id id) {
    return id == PL_FN_SUM || id == PL_FN_PROD || id == PL_FN_VMIN || id == PL_FN_VMAX || id == PL_FN_VECTOR_SELECT;
}

/* Whether a raw expression is a call of SUM or its kin: by name, or as the reader of XMILE has found it. */
static bool calls_reduction(const pl_binder *binder, const pl_expr *raw) {
    const pl_function *function = raw->kind == PL_EXPR_CALL ? raw->function : NULL;
    if (raw->kind == PL_EXPR_NAME && raw->args && raw->name_count == 0) function = find_function(binder, raw->key);
    return function && is_reduction(function->id);
}

/* Adds the dimensions marked with ! in a raw expression to the binder's axes, each once, in the order of the text.
 * What a reduction inside it has marked is that one's alone. */
static void add_reduced(pl_binder *binder, const pl_expr *raw, int first) {
    for (int i = 0; i < raw->name_count; i++) {
        pl_raw_dimension *dimension =
            raw->names[i].reduced ? pl_name_table_get(&binder->reader->dimensions, raw->names[i].key) : NULL;
        if (!dimension || dimension->broken || binder->axis_count == PL_MOST_AXES) continue;
        bool known = false;
        for (int j = first; j < binder->axis_count; j++) known |= binder->axes[j] == &dimension->axis;
        if (known) continue;
        binder->axes[binder->axis_count] = &dimension->axis;
        binder->reduced[binder->axis_count++] = true;
    }
    for (int i = 0; i < raw->arg_count && !calls_reduction(binder, raw); i++)
        add_reduced(binder, raw->args[i], first);
}

static pl_expr *bind_reduction(pl_binder *binder, const pl_function *function, const pl_expr *raw) {
    int first = binder->axis_count;
    double cells = 1.0;
    for (int i = 0; i < raw->arg_count; i++) add_reduced(binder, raw->args[i], first);
    int count = binder->axis_count - first;
    for (int i = 0; i < binder->axis_count; i++) cells *= binder->axes[i]->count;
    if (cells > PL_MOST_ELEMENTS) {
        binder->axis_count = first;
        pl_reader_error(binder->reader, PL_UNSUPPORTED, place(binder, raw->at),
                        "%.60s goes over %.0f elements, which are too many", raw->name, cells);
        return nothing(binder, raw);
    }
    if (count == 0) {
        int errors = binder->reader->error_count;
        bind(binder, raw->args[0]); /* a misspelt name inside is the better message */
        if (binder->reader->error_count == errors)
            pl_reader_error(binder->reader, PL_INVALID, place(binder, raw->at),
                            "%.60s needs a subscript marked with '!' in its argument", raw->name);
        return nothing(binder, raw);
    }
    pl_expr **args = bind_args(binder, raw);
    pl_expr *expr = new_call(binder, function, raw, args, raw->arg_count);
    expr->reduced = PL_ARRAY(binder->reader->arena, count, pl_axis *);
    memcpy(expr->reduced, &binder->axes[first], (size_t)count * sizeof *expr->reduced);
    expr->reduced_count = count;
    binder->axis_count = first;
    return expr;
}

static pl_expr *bind_element_count(pl_binder *binder, const pl_expr *raw) {
    const pl_expr *name = raw->args[0];
    pl_raw_dimension *dimension =
        name->kind == PL_EXPR_NAME ? pl_name_table_get(&binder->reader->dimensions, name->key) : NULL;
    if (dimension) return new_number(binder, dimension->dimension.count, raw);
    pl_reader_error(binder->reader, PL_INVALID, place(binder, name->at), "%.60s takes the name of a dimension",
                    raw->name);
    return nothing(binder, raw);
}

/* The order of DELAY N and SMOOTH N, 0 where it cannot be known. */
static int chain_order(pl_binder *binder, const pl_expr *raw, const pl_expr *order) {
    enum { MOST = 1000 };
    double value = pl_reader_settle(binder->reader, order);
    if (value >= 1.0 && value <= MOST) return (int)(value + 0.5);
    pl_reader_error(binder->reader, PL_UNSUPPORTED, place(binder, raw->args[3]->at),
                    "the order of %.60s must be a number from 1 to %d that the model's constants decide", raw->name,
                    MOST);
    return 0;
}

static pl_expr *bind_prelude(pl_binder *binder, const pl_function *function, const pl_expr *raw) {
    pl_expr **args = bind_args(binder, raw);
    bool chain = function->id == PL_FN_DELAY_N || function->id == PL_FN_SMOOTH_N;
    int order = chain ? chain_order(binder, raw, args[3]) : 0;
    if (chain && order == 0) return nothing(binder, raw);
    int lower = function->id == PL_FN_DELAY_N ? pl_reader_delay_order(binder->reader, args[1], order) : order;
    if (lower < order)
        pl_reader_note(binder->reader, PL_NOTE, raw->at, "%.60s is of order %d here: a stage takes TIME STEP at least",
                       raw->name, lower);
    order = lower;
    return pl_binder_expand(binder, pl_prelude_macro(binder->reader, function, order), raw, args,
                            chain ? 3 : raw->arg_count);
}

/* GET TIME VALUE: the time or INITIAL TIME, plus an offset. */
static pl_expr *bind_time_value(pl_binder *binder, const pl_expr *raw, pl_expr **args) {
    bool relative = args[0]->kind == PL_EXPR_NUMBER && (args[0]->number == 0.0 || args[0]->number == 1.0);
    if (!relative || args[2]->kind != PL_EXPR_NUMBER || args[2]->number != 0.0) {
        pl_reader_error(binder->reader, PL_UNSUPPORTED, place(binder, raw->args[relative ? 2 : 0]->at),
                        relative ? "%.60s gives the time in the model's units (0) only: calendars are not supported"
                                 : "%.60s starts from the time (0) or INITIAL TIME (1): clocks are not supported",
                        raw->name);
        return nothing(binder, raw);
    }
    pl_expr *start = new_expr(binder, args[0]->number == 0.0 ? PL_EXPR_TIME : PL_EXPR_REFERENCE, raw);
    if (start->kind == PL_EXPR_REFERENCE) start->variable = binder->reader->model->initial_time;
    if (start->kind == PL_EXPR_REFERENCE && !start->variable) return nothing(binder, raw); /* an error of its own */
    pl_expr **terms = PL_ARRAY(binder->reader->arena, 2, pl_expr *);
    terms[0] = start, terms[1] = args[1];
    return new_call(binder, &pl_functions[PL_FN_ADD], raw, terms, 2);
}

static pl_expr *bind_function(pl_binder *binder, const pl_function *function, const pl_expr *raw) {
    if (function->id == PL_FN_INTEG) {
        pl_reader_error(binder->reader, PL_INVALID, place(binder, raw->at),
                        "INTEG must stand alone on the right side of an equation");
        return nothing(binder, raw);
    }
    if (!check_count(binder, raw, function->least, function->most)) return nothing(binder, raw);
    if (is_reduction(function->id)) return bind_reduction(binder, function, raw);
    if (function->id == PL_FN_ELMCOUNT) return bind_element_count(binder, raw);
    if (function->kind == PL_FUNCTION_PRELUDE) return bind_prelude(binder, function, raw);
    int call = pl_function_draws(function) ? binder->calls++ : 0;
    pl_expr **args = takes_lookup(function->id) ? bind_lookup_args(binder, raw) : bind_args(binder, raw);
    if (function->id == PL_FN_GAME) return args[0];
    if (function->id == PL_FN_GET_TIME_VALUE) return bind_time_value(binder, raw, args);
    bool square = function->id == PL_FN_POWER && raw->args[1]->kind == PL_EXPR_NUMBER && raw->args[1]->number == 2.0;
    pl_expr *expr = square ? new_call(binder, &pl_functions[PL_FN_SQUARE], raw, args, 1)
                           : new_call(binder, function, raw, args, raw->arg_count);
    expr->call = call;
    return expr;
}

static pl_expr *bind_lookup(pl_binder *binder, const pl_expr *raw) {
    if (!check_count(binder, raw, 1, 1)) return nothing(binder, raw);
    pl_expr **args = PL_ARRAY(binder->reader->arena, 2, pl_expr *);
    args[0] = bind_name(binder, raw, true);
    args[1] = bind(binder, raw->args[0]);
    return new_call(binder, &pl_functions[PL_FN_LOOKUP], raw, args, 2);
}

static pl_expr *unknown_function(pl_binder *binder, const pl_expr *raw, const pl_variable *variable) {
    pl_reader *reader = binder->reader;
    pl_nearest nearest = {.key = raw->key};
    char text[300];
    if (variable) {
        if (!variable->broken)
            pl_reader_error(reader, PL_INVALID, place(binder, raw->at),
                            "'%.80s' is neither a function nor a lookup: is an operator missing before '('?",
                            raw->name);
        return nothing(binder, raw);
    }
    const pl_refused_function *refused = pl_refused_find(raw->key);
    if (refused) {
        pl_reader_error(reader, PL_UNSUPPORTED, place(binder, raw->at), "the function '%s' is not supported: %s",
                        refused->name, refused->why);
        return nothing(binder, raw);
    }
    pl_function_offer(&nearest, dialect(binder));
    for (int i = 0; i < reader->model->variable_count; i++)
        if (reader->model->variables[i]->kind == PL_LOOKUP)
            pl_nearest_offer(&nearest, reader->model->variables[i]->name, reader->model->variables[i]->key);
    pl_reader_error(reader, PL_INVALID, place(binder, raw->at), "unknown function '%.80s'%s", raw->name,
                    pl_nearest_text(&nearest, text, sizeof text));
    return nothing(binder, raw);
}

static pl_expr *bind_call(pl_binder *binder, const pl_expr *raw) {
    pl_expr *local = binder->scope ? pl_name_table_get(&binder->scope->locals, raw->key) : NULL;
    if (local && local->kind == PL_EXPR_REFERENCE && local->variable->kind == PL_LOOKUP)
        return bind_lookup(binder, raw);
    pl_macro *macro = raw->name_count == 0 ? pl_name_table_get(&binder->reader->macros, raw->key) : NULL;
    if (macro && !(binder->scope && binder->scope->macro->built_in)) {
        if (!check_count(binder, raw, macro->input_count, macro->input_count)) return nothing(binder, raw);
        return pl_binder_expand(binder, macro, raw, bind_macro_args(binder, raw), raw->arg_count);
    }
    if (raw->outputs) {
        pl_reader_error(binder->reader, PL_INVALID, place(binder, raw->at), "'%.80s' is no macro: it gives no outputs",
                        raw->name);
        return nothing(binder, raw);
    }
    const pl_function *function = raw->name_count == 0 ? find_function(binder, raw->key) : NULL;
    if (function) return bind_function(binder, function, raw);
    const char *key = outer_key(binder, raw->key);
    pl_variable *variable = key ? find_variable(binder, key) : NULL;
    if (variable && variable->kind == PL_LOOKUP) return bind_lookup(binder, raw);
    return unknown_function(binder, raw, variable);
}

/* An operator, or the call of a WITH LOOKUP. */
static pl_expr *bind_operator(pl_binder *binder, const pl_expr *raw) {
    if (raw->name) return bind_function(binder, raw->function, raw); /* a builtin that the reader of XMILE has found */
    return new_call(binder, raw->function, raw, bind_args(binder, raw), raw->arg_count);
}

static pl_expr *bind_output(pl_binder *binder, const pl_expr *raw) {
    pl_expr *output = pl_binder_output(binder, raw);
    return output ? output : nothing(binder, raw);
}

static pl_expr *bind(pl_binder *binder, const pl_expr *raw) {
    binder->reader->now = place(binder, raw->at);
    if (!pl_reader_grow(binder->reader, 1, binder->reader->now)) return nothing(binder, raw);
    if (raw->outputs && raw->output) return bind_output(binder, raw);
    if (raw->kind == PL_EXPR_NUMBER) return new_number(binder, raw->number, raw);
    if (raw->kind == PL_EXPR_CALL) return bind_operator(binder, raw);
    if (raw->kind == PL_EXPR_NAME) return raw->args ? bind_call(binder, raw) : bind_name(binder, raw, false);
    if (raw->kind == PL_EXPR_REFERENCE && raw->name_count) return bind_reference(binder, raw, raw->variable);
    pl_expr *copy = new_expr(binder, raw->kind, raw); /* the lookup of a WITH LOOKUP: the rest has been bound before */
    copy->variable = raw->variable;
    return copy;
}

void pl_binder_equation(pl_reader *reader, pl_equation *equation, pl_call_scope *scope, pl_position call_at) {
    pl_binder binder = {
        .reader = reader, .variable = equation->variable, .equation = equation, .scope = scope, .call_at = call_at};
    for (int i = 0; i < equation->axis_count && i < PL_MOST_AXES; i++)
        binder.axes[binder.axis_count++] = equation->axes[i];
    if (!scope) equation->raw = equation->expr, equation->raw_initial = equation->initial;
    if (equation->expr) equation->expr = bind(&binder, equation->expr);
    if (equation->initial) equation->initial = bind(&binder, equation->initial);
}
