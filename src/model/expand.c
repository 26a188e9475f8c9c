/* Macros: a call becomes hidden variables, one for each variable of the macro's body and for each argument that is more
 * than a number or a name, all of them with the iteration axes of the place of the call.  The prelude's functions are
 * macros too.  Also the evaluation of what must be a number while the model is read. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/reader.h"

/* ---- hidden variables ----------------------------------------------------------------------------------- */

/* The name of a hidden variable: "owner.MACRO n.inner". It addresses noise, so it depends on the owner only. */
static const char *hidden_name(pl_binder *binder, const char *call, const char *inner) {
    char name[600];
    int length = snprintf(name, sizeof name, "%.400s.%.80s", call, inner);
    return pl_arena_text(binder->reader->arena, name, (size_t)length);
}

static const char *call_name(pl_binder *binder, const pl_macro *macro) {
    const pl_variable *owner = binder->variable;
    char name[600], number[32] = "";
    int which = 0;
    while (which < owner->equation_count && owner->equations[which] != binder->equation) which++;
    if (owner->equation_count > 1 && !owner->hidden) snprintf(number, sizeof number, "#%d", which + 1);
    int length =
        snprintf(name, sizeof name, "%.300s%s.%.60s %d", owner->name, number, macro->name, ++binder->expansions);
    return pl_arena_text(binder->reader->arena, name, (size_t)length);
}

/* Copies which iterations of the caller's equation count; those of reductions inside it all do. */
static void fill_cells(const pl_binder *binder, pl_equation *equation) {
    const pl_equation *outer = binder->equation;
    int inner = outer->cell_count > 0 && equation->cell_count % outer->cell_count == 0
                    ? equation->cell_count / outer->cell_count
                    : 1;
    bool same = outer->cells && outer->cell_count * inner == equation->cell_count;
    for (int i = 0; i < equation->cell_count; i++) equation->cells[i] = same && outer->cells[i / inner] < 0 ? -1 : i;
}

static void mark_defined(pl_reader *reader, pl_variable *variable, const pl_equation *equation) {
    bool holes = false;
    for (int i = 0; i < equation->cell_count; i++) holes |= equation->cells[i] < 0;
    if (!holes) return;
    bool *defined = PL_ARRAY(reader->arena, variable->size, bool);
    for (int i = 0; i < equation->cell_count; i++) defined[i] = equation->cells[i] >= 0;
    variable->defined = defined;
}

/* A hidden variable over the axes of the place of the call, without equations; NULL where the model gets too large. */
static pl_variable *make_hidden(pl_binder *binder, const char *name, pl_position at) {
    enum { NODES = 8 }; /* what a variable takes, in nodes of expressions */
    pl_reader *reader = binder->reader;
    pl_variable *variable = pl_reader_hidden(reader, name, at);
    double size = 1.0;
    variable->rank = binder->axis_count;
    variable->axes = PL_ARRAY(reader->arena, variable->rank, pl_axis *);
    for (int i = 0; i < variable->rank; i++) variable->axes[i] = binder->axes[i], size *= binder->axes[i]->count;
    variable->used = true;
    if (size > (PL_MOST_ELEMENTS - reader->element_total) / 2 || !pl_reader_grow(reader, NODES, at)) return NULL;
    variable->size = (int)size;
    reader->element_total += 2 * variable->size;
    return variable;
}

static pl_equation *make_equation(pl_binder *binder, pl_variable *variable, pl_position at) {
    pl_reader *reader = binder->reader;
    pl_equation *equation = pl_reader_equation(reader, variable, at);
    equation->axes = variable->axes, equation->axis_count = variable->rank;
    equation->cell_count = variable->size;
    equation->cells = PL_ARRAY(reader->arena, variable->size, int);
    fill_cells(binder, equation);
    mark_defined(reader, variable, equation);
    return equation;
}

/* A reference to a hidden variable from any place with the same axes. */
static pl_expr *reference(pl_binder *binder, pl_variable *variable, const pl_expr *call) {
    pl_expr *expr = PL_NEW(binder->reader->arena, pl_expr);
    int missing;
    *expr = (pl_expr){.kind = PL_EXPR_REFERENCE, .height = 1, .variable = variable};
    expr->at = call->at.line ? call->at : binder->call_at, expr->end = call->at.line ? call->end : binder->call_at;
    expr->subscripts = PL_ARRAY(binder->reader->arena, variable->rank, pl_subscript);
    for (int i = 0; i < variable->rank; i++) {
        const pl_dimension *over = binder->axes[i]->dimension;
        expr->subscripts[i] =
            (pl_subscript){.axis = i, .map = pl_reader_map(binder->reader, over, over, binder->axes[i], &missing)};
    }
    return expr;
}

/* ---- calls ---------------------------------------------------------------------------------------------- */

/* What an argument's name means in the body: the argument itself where it is simple, else a hidden variable. */
static pl_expr *bind_argument(pl_binder *binder, const char *call, const char *name, pl_expr *arg) {
    if (arg->kind != PL_EXPR_CALL) return arg;
    pl_variable *variable = make_hidden(binder, hidden_name(binder, call, name), arg->at);
    if (!variable) return NULL;
    make_equation(binder, variable, arg->at)->expr = arg;
    return reference(binder, variable, arg);
}

/* The hidden variables of the body, without their equations. */
static bool make_locals(pl_binder *binder, pl_call_scope *scope, const char *call_text, const pl_expr *call) {
    const pl_macro *macro = scope->macro;
    pl_reader *reader = binder->reader;
    for (int i = 0; i < macro->variable_count; i++) {
        const pl_variable *raw = macro->variables[i];
        pl_variable *variable;
        if (raw->broken || raw->equation_count == 0) return false;
        if (raw->kind == PL_LOOKUP) {
            variable = pl_reader_hidden(reader, hidden_name(binder, call_text, raw->name), raw->at);
            pl_equation *equation = pl_reader_equation(reader, variable, raw->at);
            equation->table = raw->equations[0]->table;
            pl_reader_shape(reader, variable);
        } else {
            variable = make_hidden(binder, hidden_name(binder, call_text, raw->name),
                                   raw->at.line ? raw->at : binder->call_at);
        }
        if (!variable) return false;
        variable->kind = raw->kind;
        pl_binder rank_of = *binder;
        rank_of.axis_count = variable->rank;
        pl_name_table_set(reader->arena, &scope->locals, raw->key, reference(&rank_of, variable, call));
    }
    return true;
}

static void bind_bodies(pl_binder *binder, pl_call_scope *scope, pl_position at) {
    for (int i = 0; i < scope->macro->variable_count; i++) {
        const pl_variable *raw = scope->macro->variables[i];
        const pl_expr *local = pl_name_table_get(&scope->locals, raw->key);
        if (raw->kind == PL_LOOKUP) continue;
        pl_equation *equation = make_equation(binder, local->variable, raw->at.line ? raw->at : at);
        equation->expr = raw->equations[0]->expr;
        equation->initial = raw->equations[0]->initial;
        pl_binder_equation(binder->reader, equation, scope, at);
    }
}

static pl_expr *give_up(pl_binder *binder, const pl_expr *call, const char *why) {
    pl_position at = call->at.line ? call->at : binder->call_at;
    if (why) pl_reader_error(binder->reader, PL_UNSUPPORTED, at, "%.60s: %s", call->name, why);
    pl_expr *nothing = PL_NEW(binder->reader->arena, pl_expr);
    *nothing = (pl_expr){.kind = PL_EXPR_NUMBER, .number = NAN, .height = 1, .at = at, .end = at};
    return nothing;
}

/* The result of a call, which remembers what was called with what. */
static pl_expr *with_origin(pl_binder *binder, const pl_expr *local, const pl_macro *macro, const pl_expr *call,
                            pl_expr **args, int arg_count) {
    pl_expr *result = PL_NEW(binder->reader->arena, pl_expr), *origin = PL_NEW(binder->reader->arena, pl_expr);
    *origin = (pl_expr){.kind = PL_EXPR_CALL, .at = local->at, .end = local->end, .name = call->name};
    origin->macro = macro, origin->args = args, origin->arg_count = arg_count;
    origin->function = macro->function;
    *result = *local;
    result->origin = origin;
    return result;
}

/* Keeps what a call's named outputs stand for, until their own equations are bound. */
static bool keep_outputs(pl_binder *binder, const pl_call_scope *scope, const pl_expr *call) {
    const pl_macro *macro = scope->macro;
    pl_macro_call *outputs = call->outputs;
    if (!outputs) return true;
    if (outputs->count != macro->output_count) {
        pl_reader_error(binder->reader, PL_INVALID, call->at, "the macro '%.60s' has %d outputs behind ':', here %d",
                        macro->name, macro->output_count, outputs->count);
        return false;
    }
    outputs->results = PL_ARRAY(binder->reader->arena, outputs->count, pl_variable *);
    for (int i = 0; i < outputs->count; i++) {
        const pl_expr *local = pl_name_table_get(&scope->locals, macro->outputs[i]);
        if (!local || local->kind != PL_EXPR_REFERENCE || !pl_name_table_get(&macro->names, macro->outputs[i])) {
            pl_reader_error(binder->reader, PL_INVALID, call->at, "the macro '%.60s' has no equation for its output '%.60s'",
                            macro->name, macro->outputs[i]);
            return false;
        }
        outputs->results[i] = local->variable;
    }
    return true;
}

pl_expr *pl_binder_output(pl_binder *binder, const pl_expr *raw) {
    const pl_macro_call *outputs = raw->outputs;
    pl_variable *result = outputs->results ? outputs->results[raw->output - 1] : NULL;
    if (!result) return NULL; /* the call itself had an error */
    bool same = result->rank == binder->axis_count;
    for (int i = 0; same && i < result->rank; i++) same = result->axes[i] == binder->axes[i];
    if (same) return reference(binder, result, raw);
    pl_reader_error(binder->reader, PL_INVALID, raw->at, "'%.80s' must have the subscripts of the call of '%.60s' that gives it",
                    binder->variable->name, raw->name);
    return NULL;
}

/* Such a macro would be expanded without end, and with two calls of itself at twice the cost at each depth. */
static bool calls_itself(const pl_call_scope *scope) {
    for (const pl_call_scope *outer = scope->outer; outer; outer = outer->outer)
        if (outer->macro == scope->macro) return true;
    return false;
}

pl_expr *pl_binder_expand(pl_binder *binder, pl_macro *macro, const pl_expr *call, pl_expr **args, int arg_count) {
    pl_reader *reader = binder->reader;
    pl_call_scope *scope = PL_NEW(reader->arena, pl_call_scope);
    pl_position at = call->at.line ? call->at : binder->call_at;
    scope->macro = macro;
    scope->outer = binder->scope;
    scope->depth = binder->scope ? binder->scope->depth + 1 : 1;
    if (scope->depth > PL_DEEPEST_MACRO || calls_itself(scope)) return give_up(binder, call, "macros call each other too deeply");
    if (scope->depth > 1 && ++reader->expansions > PL_MOST_EXPANSIONS)
        return give_up(binder, call, "macros call each other too often");
    if (!pl_name_table_get(&macro->names, macro->key))
        return give_up(binder, call, "the macro has no equation for its own name");
    const char *name = call_name(binder, macro);
    for (int i = 0; i < arg_count; i++) {
        pl_expr *arg = bind_argument(binder, name, macro->inputs[i], args[i]);
        if (!arg) return give_up(binder, call, "the model has too many elements");
        pl_name_table_set(reader->arena, &scope->locals, macro->inputs[i], arg);
    }
    int errors = reader->error_count;
    if (!make_locals(binder, scope, name, call))
        return give_up(binder, call,
                       errors == reader->error_count && errors == 0 ? "the model has too many elements" : NULL);
    bind_bodies(binder, scope, at);
    if (!keep_outputs(binder, scope, call)) return give_up(binder, call, NULL);
    return with_origin(binder, pl_name_table_get(&scope->locals, macro->key), macro, call, args, arg_count);
}

/* ---- numbers at reading time ---------------------------------------------------------------------------- */

typedef struct evaluation {
    const pl_reader *reader;
    int steps; /* left: circular definitions end */
    bool settles; /* what is met here may not vary any more */
} evaluation;

static double evaluate(evaluation *e, const pl_expr *expr, int depth);

/* The value of a variable that one number or one expression defines. */
static double variable_value(evaluation *e, pl_variable *variable, int depth) {
    if (!variable || variable->broken || variable->equation_count == 0) return NAN;
    variable->settled |= e->settles;
    const pl_equation *equation = variable->equations[0];
    if (variable->equation_count > 1) return NAN;
    if (equation->expr) return variable->kind == PL_STOCK ? NAN : evaluate(e, equation->expr, depth);
    for (int i = 1; i < equation->number_count; i++)
        if (equation->numbers[i] != equation->numbers[0]) return NAN;
    return equation->number_count > 0 ? equation->numbers[0] : NAN;
}

static double named_value(evaluation *e, const char *key, int depth) {
    return variable_value(e, pl_name_table_get(&e->reader->model->names, key), depth);
}

static double step_value(evaluation *e, double height, double time, int depth) {
    return named_value(e, "initial time", depth) + named_value(e, "time step", depth) / 2.0 > time ? height : 0.0;
}

static double call_value(evaluation *e, const pl_expr *expr, int depth) {
    const pl_function *function = expr->function ? expr->function : pl_name_table_get(&e->reader->functions, expr->key);
    if (!function || expr->arg_count < 1 || expr->arg_count > 2) return NAN;
    double a = evaluate(e, expr->args[0], depth), b = expr->arg_count > 1 ? evaluate(e, expr->args[1], depth) : 0.0;
    if (isnan(a) || isnan(b)) return NAN;
    switch (function->id) {
    case PL_FN_ADD: return a + b;
    case PL_FN_SUBTRACT: return a - b;
    case PL_FN_MULTIPLY: return a * b;
    case PL_FN_DIVIDE: return a / b;
    case PL_FN_NEGATE: return -a;
    case PL_FN_MIN: return a < b ? a : b;
    case PL_FN_MAX: return a > b ? a : b;
    case PL_FN_INTEGER: return trunc(a);
    case PL_FN_MODULO: return fmod(a, b);
    case PL_FN_ABS: return fabs(a);
    case PL_FN_STEP: return step_value(e, a, b, depth);
    case PL_FN_INITIAL:
    case PL_FN_GAME: return a;
    default: return NAN;
    }
}

static double evaluate(evaluation *e, const pl_expr *expr, int depth) {
    enum { DEEPEST = 200 };
    if (depth > DEEPEST || e->steps-- <= 0) return NAN;
    if (expr->kind == PL_EXPR_NUMBER) return expr->number;
    if (expr->kind == PL_EXPR_REFERENCE) return variable_value(e, expr->variable, depth + 1);
    if (expr->kind == PL_EXPR_TIME) return named_value(e, "initial time", depth + 1);
    if (expr->kind == PL_EXPR_NAME && !expr->args && strcmp(expr->key, "time") == 0)
        return named_value(e, "initial time", depth + 1);
    if (expr->kind == PL_EXPR_NAME && !expr->args) return named_value(e, expr->key, depth + 1);
    if (expr->kind == PL_EXPR_NAME || expr->kind == PL_EXPR_CALL) return call_value(e, expr, depth + 1);
    return NAN;
}

double pl_reader_settle(const pl_reader *reader, const pl_expr *expr) {
    evaluation e = {.reader = reader, .steps = 10000, .settles = true};
    return evaluate(&e, expr, 0);
}

double pl_reader_evaluate(const pl_reader *reader, const pl_expr *expr) {
    evaluation e = {.reader = reader, .steps = 10000};
    return evaluate(&e, expr, 0);
}

int pl_reader_delay_order(const pl_reader *reader, const pl_expr *time, int order) {
    evaluation e = {.reader = reader, .steps = 10000};
    if (reader->model->dialect != PL_VENSIM) return order;
    double delay = evaluate(&e, time, 0), step = named_value(&e, "time step", 0);
    while (order > 1 && order * step > delay * (1.0 + 1e-9)) order--;
    return order;
}
