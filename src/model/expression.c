/* Expressions: one table of operators with their binding powers, and an operator-precedence (Pratt) parser over it.
 * The tree's height and the depth of brackets are bounded, so that recursion over an expression is always safe. */
#include <math.h>
#include <string.h>

#include "model/import.h"

static const pl_operator operators[] = {
    {":OR:", PL_FN_OR, 10, 11},       {":AND:", PL_FN_AND, 20, 21},  {"=", PL_FN_EQUAL, 40, 41},
    {"==", PL_FN_EQUAL, 40, 41},      {"<>", PL_FN_UNEQUAL, 40, 41}, {"<", PL_FN_LESS, 40, 41},
    {"<=", PL_FN_LESS_EQUAL, 40, 41}, {">", PL_FN_GREATER, 40, 41},  {">=", PL_FN_GREATER_EQUAL, 40, 41},
    {"+", PL_FN_ADD, 50, 51},         {"-", PL_FN_SUBTRACT, 50, 51}, {"*", PL_FN_MULTIPLY, 60, 61},
    {"/", PL_FN_DIVIDE, 60, 61},      {"^", PL_FN_RAISE, 81, 80},
};
enum { NOT_POWER = 30, SIGN_POWER = 70 };

static pl_expr *expression(pl_lexer *lexer, int power);

static pl_expr *new_expr(pl_lexer *lexer, pl_expr_kind kind, pl_position at) {
    pl_expr *expr = PL_NEW(lexer->arena, pl_expr);
    expr->kind = kind, expr->at = at, expr->end = at, expr->height = 1;
    return expr;
}

static pl_expr *number(pl_lexer *lexer, double value, pl_position at) {
    pl_expr *expr = new_expr(lexer, PL_EXPR_NUMBER, at);
    expr->number = value, expr->end = lexer->last_end;
    return expr;
}

static pl_expr *call(pl_lexer *lexer, pl_function_id id, pl_expr *a, pl_expr *b, pl_position at) {
    pl_expr *expr = new_expr(lexer, PL_EXPR_CALL, at);
    int height = b && b->height > a->height ? b->height : a->height;
    if (height >= PL_DEEPEST_EXPRESSION)
        pl_lexer_fail(lexer, at, "this expression is nested more than %d levels deep", PL_DEEPEST_EXPRESSION);
    expr->function = &pl_functions[id];
    expr->arg_count = b ? 2 : 1;
    expr->args = PL_ARRAY(lexer->arena, 2, pl_expr *);
    expr->args[0] = a, expr->args[1] = b;
    expr->height = height + 1, expr->end = lexer->last_end;
    return expr;
}

static pl_expr *negative(pl_lexer *lexer, pl_expr *expr, pl_position at) {
    if (expr->kind != PL_EXPR_NUMBER) return call(lexer, PL_FN_NEGATE, expr, NULL, at);
    expr->number = -expr->number, expr->at = at;
    return expr;
}

int pl_lexer_subscripts(pl_lexer *lexer, pl_subscript_name **names) {
    int count = 0, room = 0;
    char found[100];
    *names = NULL;
    do {
        pl_lexer_next(lexer);
        pl_token token = lexer->token;
        bool star = pl_lexer_is(lexer, "*");
        if (token.kind != PL_TOKEN_NAME && !star)
            pl_lexer_fail(lexer, token.at, "expected the name of a subscript, found %s",
                          pl_token_text(&token, found, sizeof found));
        pl_lexer_next(lexer);
        *names = pl_arena_grow(lexer->arena, *names, count, &room, count + 1, sizeof **names);
        (*names)[count++] = (pl_subscript_name){star ? "*" : token.name, star ? "*" : token.key, false, token.at, 0};
        (*names)[count - 1].reduced = pl_lexer_accept(lexer, "!");
    } while (pl_lexer_is(lexer, ","));
    pl_lexer_expect(lexer, "]", "behind the subscripts");
    return count;
}

/* "x, y[a]" behind the ":" of a macro's call: each becomes a variable of the model whose equation waits for the
 * call. */
static void macro_outputs(pl_lexer *lexer, pl_expr *expr) {
    pl_reader *reader = lexer->reader;
    pl_macro_call *outputs = expr->outputs = PL_NEW(lexer->arena, pl_macro_call);
    int room = 0;
    char found[100];
    if (!reader->model || reader->macro)
        pl_lexer_fail(lexer, lexer->token.at, "a call that names outputs is not supported %s",
                      reader->model ? "inside a macro" : "here");
    do {
        pl_token name = lexer->token;
        if (name.kind != PL_TOKEN_NAME)
            pl_lexer_fail(lexer, name.at, "expected the name of an output, found %s", pl_token_text(&name, found, sizeof found));
        pl_lexer_next(lexer);
        pl_equation *equation = pl_reader_equation(reader, pl_reader_variable(reader, name.name, name.key, name.at), name.at);
        if (pl_lexer_is(lexer, "[")) equation->name_count = pl_lexer_subscripts(lexer, &equation->names);
        equation->expr = new_expr(lexer, PL_EXPR_NAME, name.at);
        equation->expr->name = expr->name, equation->expr->key = expr->key;
        outputs->equations = pl_arena_grow(lexer->arena, outputs->equations, outputs->count, &room, outputs->count + 1,
                                           sizeof *outputs->equations);
        outputs->equations[outputs->count++] = equation;
        equation->expr->outputs = outputs, equation->expr->output = outputs->count;
    } while (pl_lexer_accept(lexer, ","));
}

/* The arguments of a call, from its "(" on. */
static void arguments(pl_lexer *lexer, pl_expr *expr) {
    int room = 0;
    pl_position open = lexer->token.at;
    pl_lexer_next(lexer);
    expr->args = PL_ARRAY(lexer->arena, 1, pl_expr *);
    if (!pl_lexer_is(lexer, ")")) {
        for (;;) {
            pl_expr *arg = expression(lexer, 0);
            expr->args = pl_arena_grow(lexer->arena, expr->args, expr->arg_count, &room, expr->arg_count + 1,
                                       sizeof *expr->args);
            expr->args[expr->arg_count++] = arg;
            if (arg->height >= expr->height) expr->height = arg->height + 1;
            if (!pl_lexer_accept(lexer, ",")) break;
        }
    }
    if (pl_lexer_accept(lexer, ":")) macro_outputs(lexer, expr);
    char found[100];
    if (!pl_lexer_is(lexer, ")"))
        pl_lexer_fail(lexer, lexer->token.at, "expected ',' or ')' for the '(' in line %d, column %d; found %s",
                      open.line, open.column, pl_token_text(&lexer->token, found, sizeof found));
    pl_lexer_next(lexer);
}

/* WITH LOOKUP(x, (points)): the points become a lookup of their own that nobody sees. */
static pl_expr *with_lookup(pl_lexer *lexer, pl_position at) {
    if (!lexer->reader->model) pl_lexer_fail(lexer, at, "WITH LOOKUP is not possible here");
    pl_lexer_next(lexer);
    pl_expr *x = expression(lexer, 0);
    pl_lexer_expect(lexer, ",", "behind the input of WITH LOOKUP");
    pl_position table_at = lexer->token.at;
    pl_lexer_expect(lexer, "(", "before the points of WITH LOOKUP");
    pl_table *table = pl_lexer_table(lexer);
    pl_lexer_expect(lexer, ")", "at the end of WITH LOOKUP");
    pl_variable *variable = pl_reader_hidden(lexer->reader, "lookup", table_at);
    variable->kind = PL_LOOKUP;
    pl_reader_equation(lexer->reader, variable, table_at)->table = table;
    pl_expr *lookup = new_expr(lexer, PL_EXPR_REFERENCE, table_at);
    lookup->variable = variable;
    return call(lexer, PL_FN_LOOKUP, lookup, x, at);
}

static pl_expr *name(pl_lexer *lexer) {
    pl_token token = lexer->token;
    pl_lexer_next(lexer);
    if (pl_lexer_is(lexer, "(") && strcmp(token.key, "with lookup") == 0) return with_lookup(lexer, token.at);
    if (pl_lexer_is(lexer, "(") && pl_import_is(token.key))
        pl_lexer_fail(lexer, token.at, "%.60s must stand alone behind '=' or ':='", token.name);
    pl_expr *expr = new_expr(lexer, PL_EXPR_NAME, token.at);
    expr->name = token.name, expr->key = token.key;
    if (pl_lexer_is(lexer, "[")) expr->name_count = pl_lexer_subscripts(lexer, &expr->names);
    if (pl_lexer_is(lexer, "(")) arguments(lexer, expr);
    expr->end = lexer->last_end;
    return expr;
}

static pl_expr *bracket(pl_lexer *lexer) {
    pl_position open = lexer->token.at;
    char found[100];
    pl_lexer_next(lexer);
    pl_expr *expr = expression(lexer, 0);
    if (!pl_lexer_is(lexer, ")"))
        pl_lexer_fail(lexer, lexer->token.at, "expected ')' for the '(' in line %d, column %d; found %s", open.line,
                      open.column, pl_token_text(&lexer->token, found, sizeof found));
    pl_lexer_next(lexer);
    return expr;
}

/* What may begin an expression: a number, a name, a bracket, a sign, :NOT:. */
static pl_expr *prefix(pl_lexer *lexer) {
    pl_token token = lexer->token;
    char found[100];
    if (token.kind == PL_TOKEN_NUMBER) {
        pl_lexer_next(lexer);
        return number(lexer, token.number, token.at);
    }
    if (token.kind == PL_TOKEN_NAME) return name(lexer);
    if (pl_lexer_is(lexer, "(")) return bracket(lexer);
    if (pl_lexer_accept(lexer, ":NA:")) return number(lexer, -0x1p109, token.at);
    if (pl_lexer_accept(lexer, "-")) return negative(lexer, expression(lexer, SIGN_POWER), token.at);
    if (pl_lexer_accept(lexer, "+")) return expression(lexer, SIGN_POWER);
    if (pl_lexer_accept(lexer, ":NOT:")) return call(lexer, PL_FN_NOT, expression(lexer, NOT_POWER), NULL, token.at);
    pl_lexer_fail(lexer, token.at, "expected a number, a name or '(', found %s",
                  pl_token_text(&token, found, sizeof found));
}

/* x^2 with the number 2 in the text is x*x, whatever x turns out to be. */
static pl_expr *combine(void *lexer, pl_function_id function, pl_expr *left, pl_expr *right) {
    if (function == PL_FN_RAISE && right->kind == PL_EXPR_NUMBER && right->number == 2.0)
        return call(lexer, PL_FN_SQUARE, left, NULL, left->at);
    return call(lexer, function, left, right, left->at);
}

static const pl_operator *infix(const pl_grammar *grammar, const void *lexer) {
    for (int i = 0; i < grammar->count; i++)
        if (grammar->is(lexer, grammar->operators[i].symbol)) return &grammar->operators[i];
    return NULL;
}

pl_expr *pl_grammar_expression(const pl_grammar *grammar, void *lexer, int *depth, int power) {
    if (++*depth > PL_DEEPEST_BRACKETS) grammar->fail_depth(lexer);
    pl_expr *left = grammar->prefix(lexer);
    for (const pl_operator *row; (row = infix(grammar, lexer)) && row->left >= power;) {
        grammar->next(lexer);
        left = grammar->combine(lexer, row->function, left, pl_grammar_expression(grammar, lexer, depth, row->right));
    }
    --*depth;
    return left;
}

static bool at_symbol(const void *lexer, const char *symbol) { return pl_lexer_is(lexer, symbol); }
static void advance(void *lexer) { pl_lexer_next(lexer); }
static pl_expr *any_prefix(void *lexer) { return prefix(lexer); }

static void fail_depth(void *lexer) {
    pl_lexer_fail(lexer, ((pl_lexer *)lexer)->token.at, PL_TOO_MANY_BRACKETS, PL_DEEPEST_BRACKETS);
}

static const pl_grammar vensim = {
    operators, sizeof operators / sizeof *operators, at_symbol, advance, any_prefix, combine, fail_depth};

static pl_expr *expression(pl_lexer *lexer, int power) {
    return pl_grammar_expression(&vensim, lexer, &lexer->depth, power);
}

pl_expr *pl_lexer_expression(pl_lexer *lexer) {
    lexer->depth = 0;
    return expression(lexer, 0);
}

/* ---- lookups -------------------------------------------------------------------------------------------- */

bool pl_lexer_signed_number(pl_lexer *lexer, double *value) {
    bool minus = pl_lexer_is(lexer, "-");
    if (minus || pl_lexer_is(lexer, "+")) pl_lexer_next(lexer);
    if (lexer->token.kind != PL_TOKEN_NUMBER) return false;
    *value = minus ? -lexer->token.number : lexer->token.number;
    pl_lexer_next(lexer);
    return true;
}

static double table_number(pl_lexer *lexer) {
    double value = 0.0;
    char found[100];
    if (!pl_lexer_signed_number(lexer, &value))
        pl_lexer_fail(lexer, lexer->token.at, "expected a number in the lookup, found %s",
                      pl_token_text(&lexer->token, found, sizeof found));
    return value;
}

/* "(x,y)" */
static void point(pl_lexer *lexer, double *x, double *y) {
    pl_lexer_expect(lexer, "(", "before a point of the lookup");
    *x = table_number(lexer);
    pl_lexer_expect(lexer, ",", "between x and y of the lookup");
    *y = table_number(lexer);
    pl_lexer_expect(lexer, ")", "behind a point of the lookup");
}

/* "[(0,0)-(10,10),(1,2)...]," : the range for drawing, and points of a drawing that do not count. */
static void table_range(pl_lexer *lexer, pl_table *table) {
    double x, y;
    pl_lexer_next(lexer);
    point(lexer, &table->low_x, &table->low_y);
    pl_lexer_expect(lexer, "-", "in the range of the lookup");
    point(lexer, &table->high_x, &table->high_y);
    while (pl_lexer_accept(lexer, ",")) point(lexer, &x, &y);
    pl_lexer_expect(lexer, "]", "behind the range of the lookup");
    pl_lexer_accept(lexer, ",");
}

typedef struct number_list {
    double *numbers;
    int count, room;
} number_list;

static void append(pl_lexer *lexer, number_list *list, double value) {
    if (list->count >= PL_LONGEST_LIST)
        pl_lexer_fail(lexer, lexer->token.at, "a list of more than %d numbers", PL_LONGEST_LIST);
    list->numbers =
        pl_arena_grow(lexer->arena, list->numbers, list->count, &list->room, list->count + 1, sizeof(double));
    list->numbers[list->count++] = value;
}

/* Reads "(x,y),(x,y)..." into the list as x y x y ... */
static void points(pl_lexer *lexer, number_list *list) {
    do {
        double x, y;
        if (pl_lexer_is(lexer, ")")) return; /* a comma behind the last */
        point(lexer, &x, &y);
        append(lexer, list, x);
        append(lexer, list, y);
    } while (pl_lexer_accept(lexer, ","));
}

/* Reads "x1,x2,...,y1,y2,..." into the list as x y x y ... */
static void columns(pl_lexer *lexer, number_list *list, pl_position at) {
    number_list flat = {0};
    do append(lexer, &flat, table_number(lexer));
    while (pl_lexer_accept(lexer, ","));
    if (flat.count % 2) pl_lexer_fail(lexer, at, "a lookup of %d numbers: expected as many y as x", flat.count);
    for (int i = 0; i < flat.count / 2; i++) {
        append(lexer, list, flat.numbers[i]);
        append(lexer, list, flat.numbers[flat.count / 2 + i]);
    }
}

/* Takes the points in order of x. Points from high to low are turned round; a point given twice is taken once. */
static void fill(pl_lexer *lexer, pl_table *table, const number_list *list, pl_position at) {
    int count = list->count / 2, kept = 0;
    double *x = PL_ARRAY(lexer->arena, count, double), *y = PL_ARRAY(lexer->arena, count, double);
    bool falling = count > 1 && list->numbers[0] > list->numbers[2];
    for (int i = 0; i < count; i++) {
        int from = falling ? count - 1 - i : i;
        double px = list->numbers[2 * from], py = list->numbers[2 * from + 1];
        if (kept > 0 && px == x[kept - 1] && py == y[kept - 1]) continue;
        if (kept > 0 && !(px > x[kept - 1]))
            pl_lexer_fail(lexer, at, "the points of this lookup are out of order: x = %g is followed by x = %g",
                          falling ? px : x[kept - 1], falling ? x[kept - 1] : px);
        x[kept] = px, y[kept++] = py;
    }
    table->count = kept, table->x = x, table->y = y;
}

pl_table *pl_lexer_table(pl_lexer *lexer) {
    pl_table *table = PL_NEW(lexer->arena, pl_table);
    number_list list = {0};
    pl_position at = lexer->token.at;
    table->low_x = table->high_x = table->low_y = table->high_y = NAN;
    if (pl_lexer_is(lexer, "[")) table_range(lexer, table);
    if (pl_lexer_is(lexer, "(")) points(lexer, &list);
    else columns(lexer, &list, at);
    pl_lexer_expect(lexer, ")", "at the end of the lookup");
    if (list.count == 0) pl_lexer_fail(lexer, at, "this lookup has no points");
    fill(lexer, table, &list, at);
    return table;
}

/* ---- conditions ----------------------------------------------------------------------------------------- */

static void jump_out(void *context) { longjmp(*(jmp_buf *)context, 1); }

pl_expr *pl_expr_parse(pl_arena *arena, const char *text, const char *file, int line, int column, pl_error *error) {
    pl_error ignored;
    pl_reader reader = {.arena = arena,
                        .error = error ? error : &ignored,
                        .file = file,
                        .text = text,
                        .length = strlen(text),
                        .first_line = line > 0 ? line : 1};
    pl_lexer lexer = {.reader = &reader,
                      .arena = arena,
                      .at = text,
                      .end = text + reader.length,
                      .line_start = text,
                      .line = reader.first_line,
                      .column_offset = column > 0 ? column - 1 : 0};
    pl_arena before = *arena;
    jmp_buf out_of_memory;
    char found[100];
    pl_expr *volatile expr = NULL;
    arena->out_of_memory = jump_out, arena->context = &out_of_memory;
    if (setjmp(out_of_memory)) {
        pl_error_set(error, PL_MEMORY, file, line, column, "out of memory");
    } else if (!setjmp(reader.next_equation)) {
        pl_lexer_next(&lexer);
        pl_expr *parsed = pl_lexer_expression(&lexer);
        if (lexer.token.kind != PL_TOKEN_END)
            pl_lexer_fail(&lexer, lexer.token.at, "expected an operator, found %s",
                          pl_token_text(&lexer.token, found, sizeof found));
        expr = parsed;
    }
    arena->out_of_memory = before.out_of_memory, arena->context = before.context;
    return expr;
}
