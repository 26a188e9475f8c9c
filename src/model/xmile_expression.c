/* Equations of XMILE: their tokens, and an operator-precedence parser over one table of operators.  Names become the
 * keys of the whole model: inside a module its prefix is put before them.  Every byte knows its place in the file, so
 * errors point there although entities have been replaced.  Height and depth are bounded as in expression.c. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "model/xmile.h"

typedef struct token {
    pl_token_kind kind;
    int from, to;
    const char *name, *key; /* NAME */
    double number;
    const char *symbol;     /* SYMBOL, KEYWORD: one of the texts below */
} token;

typedef struct lexer {
    pl_xmile *x;
    const char *text;
    const int *offsets;
    int at, length, depth;
    const pl_xmile_place *place;
    bool reducing; /* inside SUM(...) and its kind: * and a bare name mean all elements */
    token token;
    int last_to; /* end of the token before */
} lexer;

/* XMILE 1.0, 3.3.1; the operator // is that of Stella. */
static const pl_operator operators[] = {
    {"or", PL_FN_OR, 10, 11},           {"and", PL_FN_AND, 20, 21},        {"=", PL_FN_EQUAL, 30, 31},
    {"<>", PL_FN_UNEQUAL, 30, 31},      {"<", PL_FN_LESS, 40, 41},         {"<=", PL_FN_LESS_EQUAL, 40, 41},
    {">", PL_FN_GREATER, 40, 41},       {">=", PL_FN_GREATER_EQUAL, 40, 41}, {"+", PL_FN_ADD, 50, 51},
    {"-", PL_FN_SUBTRACT, 50, 51},      {"*", PL_FN_MULTIPLY, 60, 61},     {"/", PL_FN_DIVIDE, 60, 61},
    {"//", PL_FN_SAFEDIV, 60, 61},      {"mod", PL_FN_MOD, 60, 61},        {"^", PL_FN_RAISE, 81, 80},
};
enum { SIGN_POWER = 70 };

static const char *const keywords[] = {"if", "then", "else", "and", "or", "not", "mod"};
static const char *const symbols[] = {"//", "<=", ">=", "<>", "(", ")", "[", "]", ",", "=",
                                      "<",  ">",  "+",  "-",  "*", "/", "^", ":", "@", "'"};

static pl_expr *expression(lexer *l, int power);

/* ---- errors -------------------------------------------------------------------------------------------- */

void pl_xmile_fail(pl_xmile *x, pl_status status, pl_position at, const char *format, ...) {
    char message[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    pl_reader_error(x->reader, status, at, "%s", message);
    longjmp(x->reader->next_equation, 1);
}

static pl_position position(const lexer *l, int at) { return pl_xmile_position(l->x, l->offsets[at]); }

static const char *token_text(const lexer *l, char *out, size_t room) {
    int length = l->token.to - l->token.from;
    if (l->token.kind == PL_TOKEN_END) snprintf(out, room, "the end of the equation");
    else snprintf(out, room, "'%.*s'", length < 60 ? length : 60, l->text + l->token.from);
    return out;
}

static void fail_expected(lexer *l, const char *what) {
    char found[100];
    pl_xmile_fail(l->x, PL_INVALID, position(l, l->token.from), "expected %s, found %s", what,
                  token_text(l, found, sizeof found));
}

/* ---- tokens -------------------------------------------------------------------------------------------- */

static bool is_blank(const lexer *l, int at) {
    return strchr(" \t\r\n\f", l->text[at]) ||
           ((unsigned char)l->text[at] == 0xc2 && (unsigned char)l->text[at + 1] == 0xa0);
}

/* Blanks and comments in braces, which may hold others. */
static void skip_blank(lexer *l) {
    while (l->at < l->length) {
        if (l->text[l->at] == '{') {
            int from = l->at, open = 0;
            do open += (l->text[l->at] == '{') - (l->text[l->at] == '}');
            while (++l->at < l->length && open > 0);
            if (open > 0) pl_xmile_fail(l->x, PL_INVALID, position(l, from), "this comment has no closing '}'");
        } else if (is_blank(l, l->at)) {
            l->at += (unsigned char)l->text[l->at] == 0xc2 ? 2 : 1;
        } else {
            return;
        }
    }
}

static bool begins_name(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c == '"' || c >= 0x80;
}

/* Appends the inside of a quoted name. */
static void quoted_part(lexer *l, char *name, size_t *length) {
    int from = l->at++;
    while (l->at < l->length && l->text[l->at] != '"') {
        char c = l->text[l->at++];
        if (c == '\\' && l->at < l->length) {
            c = l->text[l->at++];
            if (c == 'n') c = ' ';
        }
        if (*length + 2 >= PL_LONGEST_NAME)
            pl_xmile_fail(l->x, PL_INVALID, position(l, from), "this name is longer than %d bytes", PL_LONGEST_NAME);
        name[(*length)++] = c;
    }
    if (l->at == l->length) pl_xmile_fail(l->x, PL_INVALID, position(l, from), "this name has no closing quote");
    l->at++;
}

/* A name, or several joined by dots: "module.variable". */
static void name_token(lexer *l) {
    char name[PL_LONGEST_NAME + 1];
    size_t length = 0;
    for (;;) {
        if (l->at < l->length && l->text[l->at] == '"') quoted_part(l, name, &length);
        while (l->at < l->length && l->text[l->at] != '"' &&
               (begins_name((unsigned char)l->text[l->at]) || (l->text[l->at] >= '0' && l->text[l->at] <= '9'))) {
            if (is_blank(l, l->at)) break;
            if (length + 2 >= PL_LONGEST_NAME)
                pl_xmile_fail(l->x, PL_INVALID, position(l, l->token.from), "this name is longer than %d bytes",
                              PL_LONGEST_NAME);
            name[length++] = l->text[l->at++];
        }
        if (l->at + 1 >= l->length || l->text[l->at] != '.' || !begins_name((unsigned char)l->text[l->at + 1])) break;
        name[length++] = l->text[l->at++];
    }
    if (length == 0) pl_xmile_fail(l->x, PL_INVALID, position(l, l->token.from), "a name between quotes is empty");
    l->token.kind = PL_TOKEN_NAME;
    l->token.name = pl_arena_text(l->x->reader->arena, name, length);
    l->token.key = pl_name_key(l->x->reader->arena, name, length);
    for (size_t i = 0; l->text[l->token.from] != '"' && i < sizeof keywords / sizeof *keywords; i++)
        if (strcmp(keywords[i], l->token.key) == 0) l->token.kind = PL_TOKEN_KEYWORD, l->token.symbol = keywords[i];
}

static void symbol_token(lexer *l) {
    l->token.kind = PL_TOKEN_OTHER;
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        size_t length = strlen(symbols[i]);
        if (strncmp(l->text + l->at, symbols[i], length) != 0) continue;
        l->token.kind = PL_TOKEN_SYMBOL, l->token.symbol = symbols[i];
        l->at += (int)length;
        return;
    }
    l->at++;
}

static void next(lexer *l) {
    l->last_to = l->token.to;
    skip_blank(l);
    l->token = (token){.kind = PL_TOKEN_END, .from = l->at, .to = l->at};
    if (l->at >= l->length) return;
    size_t digits = pl_number_read(l->text + l->at, (size_t)(l->length - l->at), &l->token.number);
    bool rooted = l->text[l->at] == '.' && begins_name((unsigned char)l->text[l->at + 1]);
    if (digits > 0) l->token.kind = PL_TOKEN_NUMBER, l->at += (int)digits;
    else if (begins_name((unsigned char)l->text[l->at]) || rooted) name_token(l);
    else symbol_token(l);
    l->token.to = l->at;
}

static bool is(const lexer *l, const char *symbol) { return l->token.symbol && strcmp(l->token.symbol, symbol) == 0; }

static bool accept(lexer *l, const char *symbol) {
    if (!is(l, symbol)) return false;
    next(l);
    return true;
}

/* ---- making expressions -------------------------------------------------------------------------------- */

static pl_expr *new_expr(pl_xmile *x, pl_expr_kind kind, pl_position at) {
    pl_expr *expr = PL_NEW(x->reader->arena, pl_expr);
    expr->kind = kind, expr->at = at, expr->end = at, expr->height = 1;
    return expr;
}

pl_expr *pl_xmile_number(pl_xmile *x, double number, pl_position at) {
    pl_expr *expr = new_expr(x, PL_EXPR_NUMBER, at);
    expr->number = number;
    return expr;
}

pl_expr *pl_xmile_reference(pl_xmile *x, pl_variable *variable, pl_position at) {
    pl_expr *expr = new_expr(x, PL_EXPR_REFERENCE, at);
    expr->variable = variable, variable->used = true;
    return expr;
}

pl_expr *pl_xmile_name(pl_xmile *x, const char *key, const pl_subscript_name *names, int count, pl_position at) {
    pl_expr *expr = new_expr(x, PL_EXPR_NAME, at);
    expr->name = expr->key = key;
    expr->names = PL_ARRAY(x->reader->arena, count + 1, pl_subscript_name);
    if (count) memcpy(expr->names, names, (size_t)count * sizeof *names);
    expr->name_count = count;
    return expr;
}

/* A call by function; a NULL name makes an operator of it, which counts for no draw. */
pl_expr *pl_xmile_call(pl_xmile *x, pl_function_id id, const char *name, pl_expr **args, int count, pl_position at) {
    pl_expr *expr = new_expr(x, PL_EXPR_CALL, at);
    expr->function = &pl_functions[id], expr->name = expr->key = name;
    expr->args = PL_ARRAY(x->reader->arena, count + 1, pl_expr *);
    expr->arg_count = count;
    for (int i = 0; i < count; i++) {
        expr->args[i] = args[i];
        if (args[i]->height >= expr->height) expr->height = args[i]->height + 1;
    }
    if (expr->height > PL_DEEPEST_EXPRESSION)
        pl_xmile_fail(x, PL_INVALID, at, "this expression is nested more than %d levels deep", PL_DEEPEST_EXPRESSION);
    return expr;
}

static pl_expr *ended(lexer *l, pl_expr *expr) {
    expr->end = position(l, l->last_to);
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

static bool is_known(const pl_xmile *x, const char *key) {
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
    return is_known(x, own) || is_known(x, key) ? own : key;
}

static const char *global_key(const lexer *l, const char *key) { return pl_xmile_key(l->x, l->place->prefix, key); }

/* The subscripts of a name that stands without any: those of the equation over the same dimensions. */
static void fill_names(lexer *l, pl_expr *expr, const pl_xmile_shape *shape) {
    const pl_xmile_shape *own = pl_name_table_get(&l->x->shapes, l->place->self);
    expr->names = PL_ARRAY(l->x->reader->arena, shape->count, pl_subscript_name);
    expr->name_count = shape->count;
    for (int i = 0; i < shape->count; i++) {
        expr->names[i] = shape->names[i];
        expr->names[i].at = expr->at, expr->names[i].reduced = l->reducing;
        for (int j = 0; own && !l->reducing && j < own->count && j < l->place->name_count; j++)
            if (strcmp(own->names[j].key, shape->names[i].key) == 0) expr->names[i] = l->place->names[j];
    }
}

static void check_wildcards(lexer *l, const pl_expr *expr) {
    for (int i = 0; i < expr->name_count; i++)
        for (int j = 0; j < i; j++)
            if (expr->names[i].reduced && expr->names[j].reduced && strcmp(expr->names[i].key, expr->names[j].key) == 0)
                pl_xmile_fail(l->x, PL_UNSUPPORTED, expr->names[i].at,
                              "two '*' over the same dimension '%.60s' are not supported", expr->names[i].name);
}

/* A number between brackets is the place of an element in its dimension. */
static pl_subscript_name numbered(lexer *l, const pl_xmile_shape *shape, int place, pl_position at) {
    double number = l->token.number;
    const pl_raw_dimension *raw =
        shape && place < shape->count ? pl_name_table_get(&l->x->reader->dimensions, shape->names[place].key) : NULL;
    if (!raw) pl_xmile_fail(l->x, PL_INVALID, at, "there is no dimension here that this number could count");
    if (!(number >= 1 && number <= raw->name_count) || number != (int)number)
        pl_xmile_fail(l->x, PL_INVALID, at, "'%.60s' has elements 1 to %d", raw->dimension.name, raw->name_count);
    pl_subscript_name name = raw->names[(int)number - 1];
    name.at = at;
    return name;
}

static pl_subscript_name subscript(lexer *l, const pl_xmile_shape *shape, int place) {
    pl_position at = position(l, l->token.from);
    pl_subscript_name name = {0};
    if (is(l, "*")) {
        if (!l->reducing)
            pl_xmile_fail(l->x, PL_INVALID, at, "'*' can only stand inside SUM, MEAN, PROD, MIN, MAX or SIZE");
        if (!shape || place >= shape->count) pl_xmile_fail(l->x, PL_INVALID, at, "there is no dimension here for '*'");
        name = shape->names[place];
        name.at = at, name.reduced = true;
    } else if (l->token.kind == PL_TOKEN_NUMBER) {
        name = numbered(l, shape, place, at);
    } else if (l->token.kind == PL_TOKEN_NAME) {
        name = (pl_subscript_name){l->token.name, l->token.key, false, at};
    } else {
        pl_xmile_fail(l->x, is(l, "@") || is(l, "(") ? PL_UNSUPPORTED : PL_INVALID, at,
                      "expected a dimension, an element, a number or '*' as subscript");
    }
    next(l);
    if (!is(l, ",") && !is(l, "]"))
        pl_xmile_fail(l->x, PL_UNSUPPORTED, at, "a subscript that is computed, a range or transposed is not supported");
    return name;
}

static void subscripts(lexer *l, pl_expr *expr, const pl_xmile_shape *shape) {
    int room = 0;
    do {
        next(l);
        pl_subscript_name name = subscript(l, shape, expr->name_count);
        expr->names = pl_arena_grow(l->x->reader->arena, expr->names, expr->name_count, &room, expr->name_count + 1,
                                    sizeof *expr->names);
        expr->names[expr->name_count++] = name;
    } while (is(l, ","));
    next(l);
    check_wildcards(l, expr);
}

/* ---- calls --------------------------------------------------------------------------------------------- */

/* Whether the call whose "(" is the current token has one argument: looks for a comma before its ")". Only bytes are
 * looked at, for calls may be nested. */
static bool has_one_argument(const lexer *l) {
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

static void arguments(lexer *l, pl_expr *expr) {
    int room = 0;
    expr->args = PL_ARRAY(l->x->reader->arena, 1, pl_expr *);
    next(l);
    if (!is(l, ")")) {
        do {
            pl_expr *arg = expression(l, 0);
            expr->args = pl_arena_grow(l->x->reader->arena, expr->args, expr->arg_count, &room, expr->arg_count + 1,
                                       sizeof *expr->args);
            expr->args[expr->arg_count++] = arg;
            if (arg->height >= expr->height) expr->height = arg->height + 1;
        } while (accept(l, ","));
    }
    if (!is(l, ")")) fail_expected(l, "',' or ')' in the brackets of a function");
    next(l);
}

/* The value of a graphical function at x, by the function's name. */
static pl_expr *graph_call(lexer *l, const char *name, const char *key, pl_expr **args, int count, pl_position at) {
    pl_variable *graph = pl_name_table_get(&l->x->graphs, key);
    if (count != 1)
        pl_xmile_fail(l->x, PL_INVALID, at, "the graphical function '%.60s' takes 1 argument, here it has %d", name,
                      count);
    pl_expr *both[2] = {pl_xmile_reference(l->x, graph, at), args[0]};
    return pl_xmile_call(l->x, PL_FN_LOOKUP, NULL, both, 2, at);
}

/* LOOKUP(graphical function, x) */
static pl_expr *lookup_call(lexer *l, pl_position at) {
    next(l);
    if (l->token.kind != PL_TOKEN_NAME) fail_expected(l, "the name of a graphical function");
    const char *name = l->token.name, *key = global_key(l, l->token.key);
    pl_position name_at = position(l, l->token.from);
    if (!pl_name_table_get(&l->x->graphs, key))
        pl_xmile_fail(l->x, PL_INVALID, name_at, "'%.80s' has no graphical function of its own", name);
    next(l);
    if (!accept(l, ",")) fail_expected(l, "',' behind the name of the graphical function");
    pl_expr *arg = expression(l, 0);
    if (!accept(l, ")")) fail_expected(l, "')' at the end of LOOKUP");
    return graph_call(l, name, key, &arg, 1, at);
}

static pl_expr *call(lexer *l, token name, pl_position at) {
    const char *key = global_key(l, name.key);
    if (strcmp(name.key, "lookup") == 0) return lookup_call(l, at);
    pl_expr *raw = new_expr(l->x, PL_EXPR_NAME, at);
    bool outer = l->reducing, macro = pl_name_table_get(&l->x->reader->macros, name.key) != NULL;
    if (!macro && pl_xmile_is_reduction(name.key) && has_one_argument(l)) l->reducing = true;
    raw->name = name.name, raw->key = name.key;
    arguments(l, raw);
    l->reducing = outer;
    if (raw->height > PL_DEEPEST_EXPRESSION)
        pl_xmile_fail(l->x, PL_INVALID, at, "this expression is nested more than %d levels deep",
                      PL_DEEPEST_EXPRESSION);
    if (pl_name_table_get(&l->x->graphs, key)) return graph_call(l, name.name, key, raw->args, raw->arg_count, at);
    pl_expr *builtin = macro ? NULL : pl_xmile_builtin(l->x, name.key, name.name, raw->args, raw->arg_count, at);
    return builtin ? builtin : raw;
}

static pl_expr *name(lexer *l) {
    token name = l->token;
    pl_position at = position(l, name.from);
    next(l);
    if (is(l, "(")) return ended(l, call(l, name, at));
    bool self = strcmp(name.key, "self") == 0 && !is_known(l->x, global_key(l, name.key));
    const char *key = self ? l->place->self : global_key(l, name.key);
    const pl_xmile_shape *shape = pl_name_table_get(&l->x->shapes, key);
    pl_expr *constant = is_known(l->x, key) || is(l, "[") ? NULL : pl_xmile_constant(l->x, key, at);
    if (constant) return ended(l, constant);
    pl_expr *expr = new_expr(l->x, PL_EXPR_NAME, at);
    expr->name = name.name, expr->key = key;
    if (is(l, "[")) subscripts(l, expr, shape);
    else if (shape && shape->count) fill_names(l, expr, shape), check_wildcards(l, expr);
    return ended(l, expr);
}

/* ---- the parser ---------------------------------------------------------------------------------------- */

static pl_expr *operation(lexer *l, pl_function_id id, pl_expr *a, pl_expr *b, pl_position at) {
    pl_expr *args[3] = {a, b, NULL};
    if (id == PL_FN_SAFEDIV) args[2] = pl_xmile_number(l->x, 0.0, at);
    if (id == PL_FN_RAISE && b->kind == PL_EXPR_NUMBER && b->number == 2.0) id = PL_FN_SQUARE, b = NULL;
    return ended(l, pl_xmile_call(l->x, id, NULL, args, args[2] ? 3 : b ? 2 : 1, at));
}

/* IF condition THEN value ELSE value, or IF THEN ELSE(condition, value, value). */
static pl_expr *condition(lexer *l) {
    pl_position at = position(l, l->token.from);
    pl_expr *parts[3];
    next(l);
    if (accept(l, "then")) {
        if (!accept(l, "else") || !is(l, "(")) fail_expected(l, "'IF THEN ELSE(' or a condition behind IF");
        pl_expr *raw = new_expr(l->x, PL_EXPR_NAME, at);
        arguments(l, raw);
        if (raw->arg_count != 3)
            pl_xmile_fail(l->x, PL_INVALID, at, "IF THEN ELSE takes 3 arguments, here it has %d", raw->arg_count);
        return ended(l, pl_xmile_call(l->x, PL_FN_IF_THEN_ELSE, NULL, raw->args, 3, at));
    }
    parts[0] = expression(l, 0);
    if (!accept(l, "then")) fail_expected(l, "THEN behind the condition of IF");
    parts[1] = expression(l, 0);
    if (!accept(l, "else")) fail_expected(l, "ELSE behind the value of THEN");
    parts[2] = expression(l, 0);
    return ended(l, pl_xmile_call(l->x, PL_FN_IF_THEN_ELSE, NULL, parts, 3, at));
}

static pl_expr *negative(lexer *l, pl_position at) {
    next(l);
    pl_expr *expr = expression(l, SIGN_POWER);
    if (expr->kind != PL_EXPR_NUMBER) return operation(l, PL_FN_NEGATE, expr, NULL, at);
    expr->number = -expr->number, expr->at = at;
    return expr;
}

static pl_expr *bracket(lexer *l) {
    next(l);
    pl_expr *expr = expression(l, 0);
    if (!accept(l, ")")) fail_expected(l, "')'");
    return expr;
}

static pl_expr *prefix(lexer *l) {
    pl_position at = position(l, l->token.from);
    if (l->token.kind == PL_TOKEN_NUMBER) {
        double value = l->token.number;
        next(l);
        return ended(l, pl_xmile_number(l->x, value, at));
    }
    if (l->token.kind == PL_TOKEN_NAME || is(l, "mod")) return name(l); /* MOD is a function too */
    if (is(l, "(")) return bracket(l);
    if (is(l, "-")) return negative(l, at);
    if (is(l, "if")) return condition(l);
    if (accept(l, "+")) return expression(l, SIGN_POWER);
    if (accept(l, "not")) return operation(l, PL_FN_NOT, expression(l, SIGN_POWER), NULL, at);
    fail_expected(l, "a number, a name or '('");
    return NULL;
}

static bool at_symbol(const void *l, const char *symbol) { return is(l, symbol); }
static void advance(void *l) { next(l); }
static pl_expr *any_prefix(void *l) { return prefix(l); }

static pl_expr *combine(void *l, pl_function_id id, pl_expr *left, pl_expr *right) {
    return operation(l, id, left, right, left->at);
}

static void fail_depth(void *context) {
    lexer *l = context;
    pl_xmile_fail(l->x, PL_INVALID, position(l, l->token.from), PL_TOO_MANY_BRACKETS, PL_DEEPEST_BRACKETS);
}

static const pl_grammar grammar = {
    operators, sizeof operators / sizeof *operators, at_symbol, advance, any_prefix, combine, fail_depth};

static pl_expr *expression(lexer *l, int power) { return pl_grammar_expression(&grammar, l, &l->depth, power); }

pl_expr *pl_xmile_expression(pl_xmile *x, const pl_xml *element, const pl_xmile_place *place) {
    lexer l = {.x = x, .text = element->text, .offsets = element->offsets, .length = element->length, .place = place};
    if (element->length == 0) return NULL;
    next(&l);
    if (l.token.kind == PL_TOKEN_END) return NULL;
    pl_expr *expr = expression(&l, 0);
    if (l.token.kind != PL_TOKEN_END) fail_expected(&l, "an operator");
    return expr;
}

int pl_xmile_list(pl_xmile *x, const pl_xml *element, const pl_xmile_place *place, pl_expr ***list) {
    lexer l = {.x = x, .text = element->text, .offsets = element->offsets, .length = element->length, .place = place};
    int count = 0, room = 0;
    *list = NULL;
    next(&l);
    do {
        pl_expr *expr = expression(&l, 0);
        *list = pl_arena_grow(x->reader->arena, *list, count, &room, count + 1, sizeof **list);
        (*list)[count++] = expr;
    } while (accept(&l, ","));
    if (l.token.kind != PL_TOKEN_END) fail_expected(&l, "',' or the end of the list");
    return count;
}
