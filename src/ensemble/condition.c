/* See condition.h.  Functions are the element-wise rows of model/functions.h: a condition knows what a model knows. */
#include "ensemble/condition.h"

#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "ensemble/reading.h"
#include "program/math.h"

enum { NUMBER = -1, TERM = -2, MOST_ARGUMENTS = 4 };

struct pl_condition_node {
    int op; /* a pl_function_id, NUMBER or TERM */
    int term, count;
    double number;
    pl_condition_node *args[MOST_ARGUMENTS];
};

typedef struct binder {
    pl_arena *arena;
    const pl_situation *s;  /* over measures, else NULL */
    const pl_model *model;
    const char *const *columns; /* over the columns of a table: their names, else NULL */
    int column_count;
    pl_condition *condition;
    pl_error *error;
    pl_status status;
    jmp_buf out;
} binder;

/* Functions whose value follows from their arguments alone. */
static const bool timeless[PL_FN_COUNT] = {
#define FN(id, vensim, xmile, arity, value, text, example) [PL_FN_##id] = true,
#define OTHER(id, vensim, xmile, least, most, text, example)
    PL_FUNCTIONS(FN, OTHER, OTHER, OTHER)
#undef FN
#undef OTHER
};

/* ---- errors --------------------------------------------------------------------------------------------- */

static void stop(binder *b, pl_status status) {
    b->status = status;
    longjmp(b->out, 1);
}

static void out_of_memory(void *context) { stop(context, PL_MEMORY); }

static void fail(binder *b, const pl_expr *at, const char *format, const char *name, const char *hint) {
    char message[512];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(message, sizeof message, format, name, hint);
#pragma GCC diagnostic pop
    stop(b, pl_error_set(b->error, PL_INVALID, NULL, at->at.line, at->at.column, "%s", message));
}

/* ---- terms ---------------------------------------------------------------------------------------------- */

static bool same_term(const pl_term *a, const pl_term *b) {
    return a->kind == b->kind && a->index == b->index && a->variable == b->variable && a->element == b->element;
}

static pl_condition_node *new_node(binder *b, int op) {
    pl_condition_node *node = PL_NEW(b->arena, pl_condition_node);
    node->op = op;
    return node;
}

static pl_condition_node *term_node(binder *b, pl_term term) {
    pl_condition *c = b->condition;
    pl_condition_node *node = new_node(b, TERM);
    for (node->term = 0; node->term < c->term_count; node->term++)
        if (same_term(&c->terms[node->term], &term)) return node;
    c->terms = pl_arena_grow(b->arena, c->terms, c->term_count, &c->term_room, c->term_count + 1, sizeof term);
    c->terms[c->term_count++] = term;
    return node;
}

static pl_condition_node *measure_node(binder *b, const pl_expr *expr, pl_term_kind kind) {
    for (int i = 0; i < b->s->measure_count; i++)
        if (pl_names_equal(b->s->measures[i].name, expr->name))
            return term_node(b, (pl_term){.kind = kind, .index = i});
    pl_near near;
    char text[PL_NEAR_TEXT];
    pl_near_start(&near, expr->name);
    for (int i = 0; i < b->s->measure_count; i++) pl_near_offer(&near, b->s->measures[i].name);
    fail(b, expr, "no measure is named '%.80s'%s", expr->name, pl_near_text(&near, text));
    return NULL;
}

static pl_condition_node *actor_node(binder *b, const pl_expr *expr, pl_term_kind kind) {
    for (int i = 0; i < b->s->actor_count; i++)
        if (pl_names_equal(b->s->actors[i].name, expr->name)) return term_node(b, (pl_term){.kind = kind, .index = i});
    pl_near near;
    char text[PL_NEAR_TEXT];
    pl_near_start(&near, expr->name);
    for (int i = 0; i < b->s->actor_count; i++) pl_near_offer(&near, b->s->actors[i].name);
    fail(b, expr, "no actor is named '%.80s'%s", expr->name, pl_near_text(&near, text));
    return NULL;
}

/* "name[element,element]" as pl_model_find_element takes it. */
static const char *full_name(binder *b, const pl_expr *expr) {
    size_t room = strlen(expr->name) + 8;
    for (int i = 0; i < expr->name_count; i++) room += strlen(expr->names[i].name) + 2;
    char *text = pl_arena_take(b->arena, room);
    bool quoted = strchr(expr->name, '[') != NULL;
    size_t length = (size_t)snprintf(text, room, quoted ? "\"%s\"" : "%s", expr->name);
    for (int i = 0; i < expr->name_count; i++)
        length += (size_t)snprintf(text + length, room - length, "%s%s", i ? "," : "[", expr->names[i].name);
    if (expr->name_count) snprintf(text + length, room - length, "]");
    return text;
}

static pl_condition_node *variable_node(binder *b, const pl_expr *expr, pl_term_kind kind) {
    pl_term term = {.kind = kind};
    pl_error error;
    if (strcmp(expr->key, "time") == 0 && !expr->name_count && kind == PL_TERM_VARIABLE)
        return term_node(b, (pl_term){.kind = PL_TERM_TIME});
    pl_status status = pl_model_find_element(b->model, full_name(b, expr), &term.variable, &term.element, &error);
    if (status == PL_MEMORY) stop(b, PL_MEMORY);
    if (status != PL_OK) fail(b, expr, "%s%s", error.message, "");
    if (term.variable->kind == PL_LOOKUP)
        fail(b, expr, "'%.80s' is a lookup, which has no value of its own%s", expr->name, "");
    if (term.element < 0 && term.variable->size > 1)
        fail(b, expr, "'%.80s' is an array; name one element%s", expr->name, "");
    if (term.element < 0) term.element = 0;
    return term_node(b, term);
}

static pl_condition_node *column_node(binder *b, const pl_expr *expr) {
    pl_near near;
    char text[PL_NEAR_TEXT];
    int found = -1;
    pl_near_start(&near, expr->name);
    for (int i = 0; i < b->column_count; i++) {
        if (strcmp(b->columns[i], expr->name) == 0)
            return term_node(b, (pl_term){.kind = PL_TERM_COLUMN, .index = i});
        if (found < 0 && pl_names_equal(b->columns[i], expr->name)) found = i;
        pl_near_offer(&near, b->columns[i]);
    }
    if (found < 0) fail(b, expr, "no column is named '%.80s'%s", expr->name, pl_near_text(&near, text));
    return term_node(b, (pl_term){.kind = PL_TERM_COLUMN, .index = found});
}

/* The call without arguments: equilibrium(). */
static pl_condition_node *equilibrium_node(binder *b, const pl_expr *expr) {
    if (expr->arg_count) fail(b, expr, "'%.80s' takes no arguments%s", expr->name, "");
    if (!b->s->actor_count) fail(b, expr, "'%.80s' needs actors%s", expr->name, "");
    return term_node(b, (pl_term){.kind = PL_TERM_EQUILIBRIUM});
}

/* ---- the tree ------------------------------------------------------------------------------------------- */

static pl_condition_node *bind(binder *b, const pl_expr *expr);

static pl_condition_node *bind_call(binder *b, const pl_function *function, const pl_expr *expr) {
    if (!timeless[function->id] || function->least > MOST_ARGUMENTS)
        fail(b, expr, "'%.80s' cannot be used in a condition%s", function->vensim, "");
    if (expr->arg_count != function->least)
        fail(b, expr, "'%.80s' has the wrong number of arguments%s", function->vensim, "");
    pl_condition_node *node = new_node(b, (int)function->id);
    node->count = expr->arg_count;
    for (int i = 0; i < expr->arg_count; i++) node->args[i] = bind(b, expr->args[i]);
    return node;
}

/* X(key, over measures, its terms' kind, what its argument names) */
#define OWN_CALLS(X)                                \
    X("base", true, PL_TERM_BASE, measure_node)     \
    X("payoff", true, PL_TERM_PAYOFF, actor_node)   \
    X("regret", true, PL_TERM_REGRET, actor_node)   \
    X("initial", false, PL_TERM_INITIAL, variable_node)

static const struct {
    const char *key;
    bool over_measures;
    pl_term_kind kind;
    pl_condition_node *(*node)(binder *, const pl_expr *, pl_term_kind);
} own_calls[] = {
#define X(key, over_measures, kind, node) {key, over_measures, kind, node},
    OWN_CALLS(X)
#undef X
};

/* A name with arguments: one of ours, or a function. */
static pl_condition_node *bind_named_call(binder *b, const pl_expr *expr) {
    if (b->s && strcmp(expr->key, "equilibrium") == 0) return equilibrium_node(b, expr);
    for (size_t i = 0; i < sizeof own_calls / sizeof *own_calls; i++) {
        if (strcmp(own_calls[i].key, expr->key) != 0 || own_calls[i].over_measures != (b->s != NULL)) continue;
        if (b->columns) continue;
        if (expr->arg_count != 1 || expr->args[0]->kind != PL_EXPR_NAME || expr->args[0]->args)
            fail(b, expr, "'%.80s' takes one name%s", expr->name, "");
        return own_calls[i].node(b, expr->args[0], own_calls[i].kind);
    }
    const pl_function *function = pl_function_find(expr->key, PL_VENSIM);
    if (!function) fail(b, expr, "no function is named '%.80s'%s", expr->name, "");
    return bind_call(b, function, expr);
}

static pl_condition_node *bind(binder *b, const pl_expr *expr) {
    if (expr->kind == PL_EXPR_NUMBER) {
        pl_condition_node *node = new_node(b, NUMBER);
        node->number = expr->number;
        return node;
    }
    if (expr->kind == PL_EXPR_CALL) return bind_call(b, expr->function, expr);
    if (expr->kind == PL_EXPR_REFERENCE) return term_node(b, (pl_term){.kind = PL_TERM_VARIABLE, .variable = expr->variable});
    if (expr->kind != PL_EXPR_NAME) fail(b, expr, "this cannot be used in a condition%s%s", "", "");
    if (expr->args) return bind_named_call(b, expr);
    if (b->columns && expr->name_count)
        fail(b, expr, "'%.80s' has brackets: put the whole name of the column between double quotes%s", expr->name, "");
    if (b->columns) return column_node(b, expr);
    if (!b->s) return variable_node(b, expr, PL_TERM_VARIABLE);
    if (expr->name_count) fail(b, expr, "the measure '%.80s' has no subscripts%s", expr->name, "");
    return measure_node(b, expr, PL_TERM_MEASURE);
}

static void bind_or_stop(binder *b, const pl_expr *expr) {
    if (setjmp(b->out)) return;
    b->condition = PL_NEW(b->arena, pl_condition);
    b->condition->tolerance = b->s || b->columns ? 0 : 1e-9;
    b->condition->root = bind(b, expr);
}

static pl_status bind_all(binder *b, const pl_expr *expr, pl_condition **condition) {
    void (*hook)(void *) = b->arena->out_of_memory;
    void *context = b->arena->context;
    b->arena->out_of_memory = out_of_memory, b->arena->context = b;
    bind_or_stop(b, expr);
    b->arena->out_of_memory = hook, b->arena->context = context;
    if (b->status == PL_MEMORY) pl_error_set(b->error, PL_MEMORY, NULL, 0, 0, "out of memory");
    *condition = b->status == PL_OK ? b->condition : NULL;
    return b->status;
}

pl_status pl_condition_over_measures(pl_arena *arena, const pl_situation *s, const pl_expr *expr,
                                     pl_condition **condition, pl_error *error) {
    binder b = {.arena = arena, .s = s, .model = s->model, .error = error};
    return bind_all(&b, expr, condition);
}

pl_status pl_condition_over_variables(pl_arena *arena, const pl_model *model, const pl_expr *expr,
                                      pl_condition **condition, pl_error *error) {
    binder b = {.arena = arena, .model = model, .error = error};
    return bind_all(&b, expr, condition);
}

pl_status pl_condition_over_columns(pl_arena *arena, const char *const *names, int count, const pl_expr *expr,
                                    pl_condition **condition, pl_error *error) {
    binder b = {.arena = arena, .columns = names, .column_count = count, .error = error};
    return bind_all(&b, expr, condition);
}

/* ---- as an expression of the model ---------------------------------------------------------------------- */

static pl_expr *new_expression(pl_arena *arena, pl_expr_kind kind, int function, int arg_count) {
    pl_expr *expr = PL_NEW(arena, pl_expr);
    expr->kind = kind;
    if (kind == PL_EXPR_CALL) expr->function = &pl_functions[function];
    expr->args = PL_ARRAY(arena, arg_count, pl_expr *);
    expr->arg_count = arg_count;
    return expr;
}

static pl_expr *refer(pl_arena *arena, const pl_term *term) {
    if (term->kind == PL_TERM_TIME) return new_expression(arena, PL_EXPR_TIME, 0, 0);
    pl_expr *reference = new_expression(arena, PL_EXPR_REFERENCE, 0, 0);
    pl_variable *v = reference->variable = term->variable;
    reference->subscripts = PL_ARRAY(arena, v->rank, pl_subscript);
    for (int r = v->rank, element = term->element; r-- > 0; element /= v->axes[r]->count)
        reference->subscripts[r] = (pl_subscript){.axis = -1, .element = element % v->axes[r]->count};
    if (term->kind != PL_TERM_INITIAL) return reference;
    pl_expr *initial = new_expression(arena, PL_EXPR_CALL, PL_FN_INITIAL, 1);
    initial->args[0] = reference;
    return initial;
}

static pl_expr *express(pl_arena *arena, const pl_condition *c, const pl_condition_node *node) {
    if (node->op == TERM) return refer(arena, &c->terms[node->term]);
    pl_expr *expr = new_expression(arena, node->op == NUMBER ? PL_EXPR_NUMBER : PL_EXPR_CALL, node->op, node->count);
    expr->number = node->number;
    for (int i = 0; i < node->count; i++) expr->args[i] = express(arena, c, node->args[i]);
    return expr;
}

pl_expr *pl_condition_expression(pl_arena *arena, const pl_condition *condition) {
    return express(arena, condition, condition->root);
}

/* ---- values --------------------------------------------------------------------------------------------- */

static double apply(int op, double A, double B, double C, double D) {
    (void)D;
    switch (op) {
#define FN(id, vensim, xmile, arity, value, text, example) case PL_FN_##id: return value;
#define OTHER(id, vensim, xmile, least, most, text, example)
        PL_FUNCTIONS(FN, OTHER, OTHER, OTHER)
#undef FN
#undef OTHER
    default: return NAN;
    }
}

/* Comparisons under a relative tolerance: equal comes first, and what is equal is neither less nor greater. */
static bool compare(int op, double a, double b, double tolerance, double *value) {
    double size = fabs(a) > fabs(b) ? fabs(a) : fabs(b);
    bool equal = a == b || fabs(a - b) <= tolerance * size;
    switch (op) {
    case PL_FN_EQUAL: *value = equal; return true;
    case PL_FN_UNEQUAL: *value = !equal; return true;
    case PL_FN_LESS: *value = a < b && !equal; return true;
    case PL_FN_LESS_EQUAL: *value = a < b || equal; return true;
    case PL_FN_GREATER: *value = a > b && !equal; return true;
    case PL_FN_GREATER_EQUAL: *value = a > b || equal; return true;
    default: return false;
    }
}

static double evaluate(const pl_condition *c, const pl_condition_node *node, const double *terms) {
    if (node->op == NUMBER) return node->number;
    if (node->op == TERM) return terms[node->term];
    double args[MOST_ARGUMENTS] = {0}, value;
    for (int i = 0; i < node->count; i++) args[i] = evaluate(c, node->args[i], terms);
    if (compare(node->op, args[0], args[1], c->tolerance, &value)) return value;
    return apply(node->op, args[0], args[1], args[2], args[3]);
}

double pl_condition_value(const pl_condition *c, const double *terms) {
    for (int i = 0; i < c->term_count; i++)
        if (isnan(terms[i])) return NAN;
    return evaluate(c, c->root, terms);
}

bool pl_condition_sides(const pl_condition *c, const double *terms, double *left, double *right) {
    const pl_condition_node *node = c->root;
    double value;
    while (node->op == PL_FN_AND) node = node->args[evaluate(c, node->args[0], terms) != 0];
    if (node->count != 2 || !compare(node->op, 0, 0, 0, &value)) return false;
    *left = evaluate(c, node->args[0], terms);
    *right = evaluate(c, node->args[1], terms);
    return true;
}

/* ---- over an ensemble ----------------------------------------------------------------------------------- */

double pl_ensemble_regret(const pl_ensemble *e, int actor, long profile, long future) {
    const pl_situation *s = e->situation;
    long stride = 1;
    for (int a = s->actor_count - 1; a > actor; a--) stride *= s->actors[a].course_count;
    long first = profile - (long)pl_situation_course(s, profile, actor) * stride;
    double best = -INFINITY, own = pl_ensemble_payoff(e, actor, profile)[future];
    for (int k = 0; k < s->actors[actor].course_count; k++) {
        double payoff = pl_ensemble_payoff(e, actor, first + k * stride)[future];
        if (isnan(payoff)) return NAN;
        if (payoff > best) best = payoff;
    }
    return best - own;
}

static double equilibrium_in_case(const pl_ensemble *e, long profile, long future) {
    double holds = 1;
    for (int a = 0; a < e->actor_count; a++) {
        double regret = pl_ensemble_regret(e, a, profile, future);
        if (isnan(regret)) return NAN;
        if (regret > 0) holds = 0;
    }
    return holds;
}

static double term_in_case(const pl_term *term, const pl_ensemble *e, long profile, long future) {
    switch (term->kind) {
    case PL_TERM_MEASURE: return pl_ensemble_measure(e, term->index, profile)[future];
    case PL_TERM_BASE: return pl_ensemble_measure(e, term->index, e->base)[future];
    case PL_TERM_PAYOFF: return pl_ensemble_payoff(e, term->index, profile)[future];
    case PL_TERM_REGRET: return pl_ensemble_regret(e, term->index, profile, future);
    case PL_TERM_EQUILIBRIUM: return equilibrium_in_case(e, profile, future);
    default: return NAN;
    }
}

double pl_condition_in_case(const pl_condition *c, const pl_ensemble *e, long profile, long future, double *work) {
    for (int i = 0; i < c->term_count; i++) work[i] = term_in_case(&c->terms[i], e, profile, future);
    return pl_condition_value(c, work);
}
