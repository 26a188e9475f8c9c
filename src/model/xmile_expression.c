/* Equations of XMILE: names, calls and operators.  Names become the keys of the whole model: inside a module its prefix
 * is put before them.  Height and depth are bounded as in expression.c. */
#include <string.h>

#include "model/xmile_lexer.h"

/* XMILE 1.0, 3.3.1; the operator // is that of Stella. */
static const pl_operator operators[] = {
    {"or", PL_FN_OR, 10, 11},           {"and", PL_FN_AND, 20, 21},        {"=", PL_FN_EQUAL, 30, 31},
    {"<>", PL_FN_UNEQUAL, 30, 31},      {"<", PL_FN_LESS, 40, 41},         {"<=", PL_FN_LESS_EQUAL, 40, 41},
    {">", PL_FN_GREATER, 40, 41},       {">=", PL_FN_GREATER_EQUAL, 40, 41}, {"+", PL_FN_ADD, 50, 51},
    {"-", PL_FN_SUBTRACT, 50, 51},      {"*", PL_FN_MULTIPLY, 60, 61},     {"/", PL_FN_DIVIDE, 60, 61},
    {"//", PL_FN_SAFEDIV, 60, 61},      {"mod", PL_FN_MOD, 60, 61},        {"^", PL_FN_RAISE, 81, 80},
};
enum { SIGN_POWER = 70 };

static pl_expr *expression(pl_xmile_lexer *l, int power);

/* ---- making expressions -------------------------------------------------------------------------------- */

pl_expr *pl_xmile_new(pl_xmile *x, pl_expr_kind kind, pl_position at) {
    pl_expr *expr = PL_NEW(x->reader->arena, pl_expr);
    expr->kind = kind, expr->at = at, expr->end = at, expr->height = 1, expr->size = 1;
    x->reader->nodes++;
    return expr;
}

pl_expr *pl_xmile_number(pl_xmile *x, double number, pl_position at) {
    pl_expr *expr = pl_xmile_new(x, PL_EXPR_NUMBER, at);
    expr->number = number;
    return expr;
}

pl_expr *pl_xmile_reference(pl_xmile *x, pl_variable *variable, pl_position at) {
    pl_expr *expr = pl_xmile_new(x, PL_EXPR_REFERENCE, at);
    expr->variable = variable, variable->used = true;
    return expr;
}

pl_expr *pl_xmile_name(pl_xmile *x, const char *key, const pl_subscript_name *names, int count, pl_position at) {
    pl_expr *expr = pl_xmile_new(x, PL_EXPR_NAME, at);
    expr->name = expr->key = key;
    expr->names = PL_ARRAY(x->reader->arena, count + 1, pl_subscript_name);
    if (count) memcpy(expr->names, names, (size_t)count * sizeof *names);
    expr->name_count = count;
    return expr;
}

/* Makes an expression part of another. */
static void include(pl_expr *expr, const pl_expr *part) {
    if (part->height >= expr->height) expr->height = part->height + 1;
    expr->size += part->size;
}

/* Functions may use an argument twice, which doubles what is below it: each level of such calls once more. */
static void check_size(pl_xmile *x, const pl_expr *expr) {
    if (expr->height > PL_DEEPEST_EXPRESSION)
        pl_xmile_fail(x, PL_INVALID, expr->at, "this expression is nested more than %d levels deep", PL_DEEPEST_EXPRESSION);
    if (expr->size > PL_MOST_NODES)
        pl_xmile_fail(x, PL_UNSUPPORTED, expr->at, "this expression is too large once its functions are written out");
    if (!pl_reader_grow(x->reader, 0, expr->at)) longjmp(x->reader->next_equation, 1);
}

/* A call by function; a NULL name makes an operator of it, which counts for no draw. */
pl_expr *pl_xmile_call(pl_xmile *x, pl_function_id id, const char *name, pl_expr **args, int count, pl_position at) {
    pl_expr *expr = pl_xmile_new(x, PL_EXPR_CALL, at);
    expr->function = &pl_functions[id], expr->name = expr->key = name;
    expr->args = PL_ARRAY(x->reader->arena, count + 1, pl_expr *);
    expr->arg_count = count;
    for (int i = 0; i < count; i++) {
        expr->args[i] = args[i];
        include(expr, args[i]);
    }
    check_size(x, expr);
    return expr;
}

static pl_expr *ended(pl_xmile_lexer *l, pl_expr *expr) {
    expr->end = pl_xmile_place_at(l, l->last_to);
    return expr;
}

const char *pl_xmile_display(pl_xmile *x, const char *text, size_t length) {
    while (length > 0 && strchr(" \t\r\n", *text)) text++, length--;
    while (length > 0 && strchr(" \t\r\n", text[length - 1])) length--;
    if (length > 1 && *text == '"' && text[length - 1] == '"') text++, length -= 2;
    char *copy = PL_ARRAY(x->reader->arena, length + 1, char), *to = copy;
    for (size_t i = 0; i < length; i++) {
        bool escape = text[i] == '\\' && i + 1 < length;
        if (escape && text[i + 1] == 'n') *to++ = ' ', i++;
        else if (escape && (text[i + 1] == '\\' || text[i + 1] == '"')) *to++ = text[++i];
        else *to++ = text[i] == '\n' || text[i] == '\r' ? ' ' : text[i];
    }
    return copy;
}

/* ---- names --------------------------------------------------------------------------------------------- */

bool pl_xmile_is_known(const pl_xmile *x, const char *key) {
    return pl_name_table_get(&x->reader->model->names, key) || pl_name_table_get(&x->graphs, key);
}

const char *pl_xmile_joined(pl_xmile *x, const char *prefix, const char *key) {
    size_t a = strlen(prefix), b = strlen(key);
    if (a == 0) return key;
    char *both = PL_ARRAY(x->reader->arena, a + b + 1, char);
    memcpy(both, prefix, a);
    memcpy(both + a, key, b);
    return both;
}

const char *pl_xmile_key(pl_xmile *x, const char *prefix, const char *key) {
    if (*key == '.') return key + 1;
    if (!*prefix) return key;
    const char *own = pl_xmile_joined(x, prefix, key);
    return pl_xmile_is_known(x, own) || pl_xmile_is_known(x, key) ? own : key;
}

static const char *global_key(const pl_xmile_lexer *l, const char *key) {
    return pl_xmile_key(l->x, l->place->prefix, key);
}

/* ---- calls --------------------------------------------------------------------------------------------- */

/* Whether the call whose "(" is the current token has one argument: looks for a comma before its ")". Only bytes are
 * looked at, for calls may be nested. */
static bool has_one_argument(const pl_xmile_lexer *l) {
    int open = 1;
    bool quoted = false;
    for (int i = l->token.to, braces = 0; i < l->length && open > 0; i++) {
        char c = l->text[i];
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '{') braces++;
        if (c == '}') braces--;
        if (braces > 0) continue;
        if (c == '(' || c == '[') open++;
        if (c == ')' || c == ']') open--;
        if (c == ',' && open == 1) return false;
    }
    return true;
}

/* Whether the argument that begins here says "*" between brackets, or is an array's name alone where the left side is
 * no array. */
static bool is_whole_array(const pl_xmile_lexer *l) {
    int open = 0, brackets = 0;
    bool quoted = false;
    for (int i = l->token.from; i < l->length && open >= 0; i++) {
        char c = l->text[i];
        quoted ^= c == '"';
        if (quoted) continue;
        open += (c == '(') - (c == ')'), brackets += (c == '[') - (c == ']');
        if (c == ',' && open == 0 && brackets == 0) break;
        if (brackets == 0 || (c != '[' && c != ',')) continue;
        for (i++; i < l->length && strchr(" \t\r\n", l->text[i]);) i++;
        if (i < l->length && l->text[i] == '*') return true;
        i--;
    }
    if (l->token.kind != PL_TOKEN_NAME || l->place->name_count > 0) return false;
    const pl_xmile_shape *shape = pl_name_table_get(&l->x->shapes, global_key(l, l->token.key));
    pl_xmile_lexer after = *l;
    pl_xmile_next(&after);
    return shape && shape->count > 0 && (pl_xmile_at(&after, ",") || pl_xmile_at(&after, ")"));
}

/* Which arguments of a function are whole arrays: none, all, the first, those that look like it. */
typedef enum wholes { NO_ARRAYS, ALL_ARRAYS, FIRST_ARRAY, SOME_ARRAYS } wholes;

static void arguments(pl_xmile_lexer *l, pl_expr *expr, wholes arrays) {
    int room = 0;
    bool outer = l->reducing;
    expr->args = PL_ARRAY(l->x->reader->arena, 1, pl_expr *);
    pl_xmile_next(l);
    if (!pl_xmile_at(l, ")")) {
        do {
            bool first = arrays == FIRST_ARRAY && expr->arg_count == 0;
            bool whole = arrays == ALL_ARRAYS || first || (arrays == SOME_ARRAYS && is_whole_array(l));
            l->reducing = whole || (outer && arrays != FIRST_ARRAY);
            pl_expr *arg = expression(l, 0);
            expr->args = pl_arena_grow(l->x->reader->arena, expr->args, expr->arg_count, &room, expr->arg_count + 1,
                                       sizeof *expr->args);
            expr->args[expr->arg_count++] = arg;
            include(expr, arg);
        } while (pl_xmile_accept(l, ","));
    }
    l->reducing = outer;
    if (!pl_xmile_at(l, ")")) pl_xmile_expected(l, "',' or ')' in the brackets of a function");
    pl_xmile_next(l);
}

/* The value of a graphical function at x; the name may have subscripts, where each element has a function of its own.
 */
static pl_expr *graph_call(pl_xmile_lexer *l, pl_function_id id, pl_expr *graph, pl_expr **args, int count) {
    if (count != 1)
        pl_xmile_fail(l->x, PL_INVALID, graph->at, "the graphical function '%.60s' takes 1 argument, here it has %d",
                      graph->name, count);
    graph->variable = pl_name_table_get(&l->x->graphs, graph->key), graph->variable->used = true;
    graph->kind = PL_EXPR_REFERENCE;
    if (graph->variable->kind == PL_LOOKUP && graph->variable->equations[0]->name_count == 0) graph->name_count = 0;
    pl_expr *both[2] = {graph, args[0]};
    return pl_xmile_call(l->x, id, NULL, both, 2, graph->at);
}

/* The name of a graphical function, as an expression without a meaning yet. */
static pl_expr *graph_name(pl_xmile_lexer *l, const char *name, const char *key, pl_position at) {
    pl_expr *graph = pl_xmile_new(l->x, PL_EXPR_NAME, at);
    graph->name = name, graph->key = key;
    return graph;
}

/* LOOKUP(graphical function, x), LOOKUPINV(graphical function, y) */
static pl_expr *lookup_call(pl_xmile_lexer *l, pl_function_id id) {
    pl_xmile_next(l);
    if (l->token.kind != PL_TOKEN_NAME) pl_xmile_expected(l, "the name of a graphical function");
    pl_expr *graph = graph_name(l, l->token.name, global_key(l, l->token.key), pl_xmile_place_at(l, l->token.from));
    const pl_xmile_shape *shape = pl_name_table_get(&l->x->shapes, graph->key);
    if (!pl_name_table_get(&l->x->graphs, graph->key))
        pl_xmile_fail(l->x, PL_INVALID, graph->at, "'%.80s' has no graphical function of its own", graph->name);
    pl_xmile_next(l);
    if (pl_xmile_at(l, "[") && pl_xmile_subscripts(l, graph, shape) != graph)
        pl_xmile_fail(l->x, PL_UNSUPPORTED, graph->at, "a graphical function by a computed subscript is not supported");
    if (graph->name_count == 0 && shape && shape->count) pl_xmile_fill_names(l, graph, shape);
    if (!pl_xmile_accept(l, ",")) pl_xmile_expected(l, "',' behind the name of the graphical function");
    pl_expr *arg = expression(l, 0);
    if (!pl_xmile_accept(l, ")")) pl_xmile_expected(l, "')' at the end of LOOKUP");
    return graph_call(l, id, graph, &arg, 1);
}

/* Puts defaults in the place of arguments that are left out. */
static void complete(pl_xmile_lexer *l, const pl_macro *macro, pl_expr *raw) {
    pl_expr **defaults = pl_name_table_get(&l->x->defaults, macro->key);
    int given = raw->arg_count;
    if (!defaults || given >= macro->input_count) return;
    pl_expr **args = PL_ARRAY(l->x->reader->arena, macro->input_count, pl_expr *);
    for (int i = 0; i < given; i++) args[i] = raw->args[i];
    for (int i = given; i < macro->input_count && defaults[i]; i++) {
        args[i] = defaults[i], raw->arg_count = i + 1;
        include(raw, args[i]);
    }
    raw->args = args;
}

static pl_expr *call(pl_xmile_lexer *l, pl_xmile_token name, pl_position at) {
    const char *key = global_key(l, name.key);
    if (strcmp(name.key, "lookup") == 0) return lookup_call(l, PL_FN_LOOKUP);
    if (strcmp(name.key, "lookupinv") == 0) return lookup_call(l, PL_FN_LOOKUP_INVERT);
    pl_expr *raw = pl_xmile_new(l->x, PL_EXPR_NAME, at);
    const pl_raw_dimension *outer_part = l->part;
    const pl_macro *macro = pl_name_table_get(&l->x->reader->macros, name.key);
    bool reduces = !macro && pl_xmile_is_reduction(name.key);
    wholes arrays = !reduces                        ? NO_ARRAYS
                    : strcmp(name.key, "rank") == 0 ? FIRST_ARRAY
                    : has_one_argument(l)           ? ALL_ARRAYS
                                                    : SOME_ARRAYS;
    raw->name = name.name, raw->key = name.key;
    arguments(l, raw, arrays);
    l->part = outer_part;
    if (macro) complete(l, macro, raw);
    check_size(l->x, raw);
    if (pl_name_table_get(&l->x->graphs, key)) {
        pl_expr *graph = graph_name(l, name.name, key, at);
        const pl_xmile_shape *shape = pl_name_table_get(&l->x->shapes, key);
        if (shape && shape->count) pl_xmile_fill_names(l, graph, shape);
        return graph_call(l, PL_FN_LOOKUP, graph, raw->args, raw->arg_count);
    }
    pl_expr *constant = raw->arg_count == 0 ? pl_xmile_constant(l->x, name.key, at) : NULL; /* PI() */
    if (constant) return constant;
    pl_expr *builtin = macro ? NULL : pl_xmile_builtin(l->x, name.key, name.name, raw->args, raw->arg_count, at);
    return builtin ? builtin : raw;
}

/* "Dimension.element" is the element's number; NULL: it is something else. */
static pl_expr *element_value(pl_xmile_lexer *l, const char *key, pl_position at) {
    const char *dot = strrchr(key, '.');
    const char *dimension = dot && dot > key ? pl_arena_text(l->x->reader->arena, key, (size_t)(dot - key)) : "";
    pl_raw_dimension *raw = pl_name_table_get(&l->x->reader->dimensions, dimension);
    int element = raw ? pl_xmile_find_element(l->x, raw, dot + 1) : 0;
    return element ? pl_xmile_number(l->x, element, at) : NULL;
}

static pl_expr *name(pl_xmile_lexer *l) {
    pl_xmile_token name = l->token;
    pl_position at = pl_xmile_place_at(l, name.from);
    pl_xmile_next(l);
    if (pl_xmile_at(l, "(")) return ended(l, call(l, name, at));
    bool self = strcmp(name.key, "self") == 0 && !pl_xmile_is_known(l->x, global_key(l, name.key));
    const char *key = self ? l->place->self : global_key(l, name.key);
    const pl_xmile_shape *shape = pl_name_table_get(&l->x->shapes, key);
    pl_expr *element = pl_xmile_is_known(l->x, key) ? NULL : element_value(l, name.key, at);
    if (element) return ended(l, element);
    pl_expr *constant = pl_xmile_is_known(l->x, key) || pl_xmile_at(l, "[") ? NULL : pl_xmile_constant(l->x, key, at);
    if (constant) return ended(l, constant);
    pl_expr *expr = pl_xmile_new(l->x, PL_EXPR_NAME, at);
    expr->name = name.name, expr->key = key;
    if (pl_xmile_at(l, "[")) return ended(l, pl_xmile_subscripts(l, expr, shape));
    if (shape && shape->count) pl_xmile_fill_names(l, expr, shape);
    pl_xmile_transpose(l, expr, shape);
    return ended(l, expr);
}

/* ---- the parser ---------------------------------------------------------------------------------------- */

static pl_expr *operation(pl_xmile_lexer *l, pl_function_id id, pl_expr *a, pl_expr *b, pl_position at) {
    pl_expr *args[3] = {a, b, NULL};
    if (id == PL_FN_SAFEDIV) args[2] = pl_xmile_number(l->x, 0.0, at);
    if (id == PL_FN_RAISE && b->kind == PL_EXPR_NUMBER && b->number == 2.0) id = PL_FN_SQUARE, b = NULL;
    return ended(l, pl_xmile_call(l->x, id, NULL, args, args[2] ? 3 : b ? 2 : 1, at));
}

/* IF condition THEN value ELSE value, or IF THEN ELSE(condition, value, value). */
static pl_expr *condition(pl_xmile_lexer *l) {
    pl_position at = pl_xmile_place_at(l, l->token.from);
    pl_expr *parts[3];
    pl_xmile_next(l);
    if (pl_xmile_accept(l, "then")) {
        if (!pl_xmile_accept(l, "else") || !pl_xmile_at(l, "("))
            pl_xmile_expected(l, "'IF THEN ELSE(' or a condition behind IF");
        pl_expr *raw = pl_xmile_new(l->x, PL_EXPR_NAME, at);
        arguments(l, raw, NO_ARRAYS);
        if (raw->arg_count != 3)
            pl_xmile_fail(l->x, PL_INVALID, at, "IF THEN ELSE takes 3 arguments, here it has %d", raw->arg_count);
        return ended(l, pl_xmile_call(l->x, PL_FN_IF_THEN_ELSE, NULL, raw->args, 3, at));
    }
    parts[0] = expression(l, 0);
    if (!pl_xmile_accept(l, "then")) pl_xmile_expected(l, "THEN behind the condition of IF");
    parts[1] = expression(l, 0);
    if (!pl_xmile_accept(l, "else")) pl_xmile_expected(l, "ELSE behind the value of THEN");
    parts[2] = expression(l, 0);
    return ended(l, pl_xmile_call(l->x, PL_FN_IF_THEN_ELSE, NULL, parts, 3, at));
}

static pl_expr *negative(pl_xmile_lexer *l, pl_position at) {
    pl_xmile_next(l);
    pl_expr *expr = expression(l, SIGN_POWER);
    if (expr->kind != PL_EXPR_NUMBER) return operation(l, PL_FN_NEGATE, expr, NULL, at);
    expr->number = -expr->number, expr->at = at;
    return expr;
}

static pl_expr *bracket(pl_xmile_lexer *l) {
    pl_xmile_next(l);
    pl_expr *expr = expression(l, 0);
    if (!pl_xmile_accept(l, ")")) pl_xmile_expected(l, "')'");
    return expr;
}

static pl_expr *prefix(pl_xmile_lexer *l) {
    pl_position at = pl_xmile_place_at(l, l->token.from);
    if (l->token.kind == PL_TOKEN_NUMBER) {
        double value = l->token.number;
        pl_xmile_next(l);
        return ended(l, pl_xmile_number(l->x, value, at));
    }
    if (l->token.kind == PL_TOKEN_NAME || pl_xmile_at(l, "mod")) return name(l); /* MOD is a function too */
    if (pl_xmile_at(l, "(")) return bracket(l);
    if (pl_xmile_at(l, "-")) return negative(l, at);
    if (pl_xmile_at(l, "if")) return condition(l);
    if (pl_xmile_accept(l, "+")) return expression(l, SIGN_POWER);
    if (pl_xmile_accept(l, "not")) return operation(l, PL_FN_NOT, expression(l, SIGN_POWER), NULL, at);
    pl_xmile_expected(l, "a number, a name or '('");
    return NULL;
}

static bool at_symbol(const void *l, const char *symbol) { return pl_xmile_at(l, symbol); }
static void advance(void *l) { pl_xmile_next(l); }
static pl_expr *any_prefix(void *l) { return prefix(l); }

static pl_expr *combine(void *l, pl_function_id id, pl_expr *left, pl_expr *right) {
    return operation(l, id, left, right, left->at);
}

static void fail_depth(void *context) {
    pl_xmile_lexer *l = context;
    pl_xmile_fail(l->x, PL_INVALID, pl_xmile_place_at(l, l->token.from), PL_TOO_MANY_BRACKETS, PL_DEEPEST_BRACKETS);
}

static const pl_grammar grammar = {
    operators, sizeof operators / sizeof *operators, at_symbol, advance, any_prefix, combine, fail_depth};

pl_expr *pl_xmile_any_expression(pl_xmile_lexer *l) { return expression(l, 0); }

static pl_expr *expression(pl_xmile_lexer *l, int power) {
    return pl_grammar_expression(&grammar, l, &l->depth, power);
}

pl_expr *pl_xmile_expression(pl_xmile *x, const pl_xml *element, const pl_xmile_place *place) {
    pl_xmile_lexer l = {
        .x = x, .text = element->text, .offsets = element->offsets, .length = element->length, .place = place};
    if (element->length == 0) return NULL;
    pl_xmile_next(&l);
    if (l.token.kind == PL_TOKEN_END) return NULL;
    pl_expr *expr = expression(&l, 0);
    if (l.token.kind != PL_TOKEN_END) pl_xmile_expected(&l, "an operator");
    return expr;
}

int pl_xmile_list(pl_xmile *x, const pl_xml *element, const pl_xmile_place *place, pl_expr ***list) {
    pl_xmile_lexer l = {
        .x = x, .text = element->text, .offsets = element->offsets, .length = element->length, .place = place};
    int count = 0, room = 0;
    *list = NULL;
    pl_xmile_next(&l);
    do {
        pl_expr *expr = expression(&l, 0);
        *list = pl_arena_grow(x->reader->arena, *list, count, &room, count + 1, sizeof **list);
        (*list)[count++] = expr;
    } while (pl_xmile_accept(&l, ","));
    if (l.token.kind != PL_TOKEN_END) pl_xmile_expected(&l, "',' or the end of the list");
    return count;
}
