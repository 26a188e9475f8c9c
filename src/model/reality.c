/* Reality checks of Vensim: "name :TEST INPUT: variable = value" and "name :THE CONDITION: condition :IMPLIES:
 * consequence".  Reading a model only lists them.  To try one, the model is read again and changed before names are
 * bound: what the condition says is forced (the variable's own equations get another name, which the new ones use where
 * nothing is forced), every step is saved, and a variable of the check's name is 1 while the consequence holds.
 *
 * A condition is forced by name of a test input, "variable = value", an inequality (by MIN or MAX), or several of these
 * with :AND:.  Anything else is refused by name.  RC COMPARE, which needs the results of another run, is refused. */
#include <string.h>

#include "model/reader.h"

static const double tolerance = 1e-9; /* relative: how far equal numbers may be apart */

/* ---- raw expressions -------------------------------------------------------------------------------------------- */

static pl_expr *new_expr(pl_reader *reader, pl_expr_kind kind, pl_position at) {
    pl_expr *expr = PL_NEW(reader->arena, pl_expr);
    expr->kind = kind, expr->at = expr->end = at, expr->height = 1;
    return expr;
}

static pl_expr *number(pl_reader *reader, double value, pl_position at) {
    pl_expr *expr = new_expr(reader, PL_EXPR_NUMBER, at);
    expr->number = value;
    return expr;
}

static pl_expr *name_of(pl_reader *reader, const char *key, pl_position at) {
    pl_expr *expr = new_expr(reader, PL_EXPR_NAME, at);
    expr->name = expr->key = key;
    return expr;
}

static pl_expr *call(pl_reader *reader, pl_function_id id, const char *name, pl_expr *a, pl_expr *b, pl_expr *c) {
    pl_expr *given[3] = {a, b, c}, *expr = new_expr(reader, PL_EXPR_CALL, a->at);
    expr->function = &pl_functions[id], expr->name = expr->key = name;
    expr->args = PL_ARRAY(reader->arena, 3, pl_expr *);
    for (; expr->arg_count < 3 && given[expr->arg_count]; expr->arg_count++) {
        expr->args[expr->arg_count] = given[expr->arg_count];
        if (given[expr->arg_count]->height >= expr->height) expr->height = given[expr->arg_count]->height + 1;
    }
    return expr;
}

static pl_expr *pair(pl_reader *reader, pl_function_id id, pl_expr *a, pl_expr *b) {
    return call(reader, id, NULL, a, b, NULL);
}

static pl_expr *single(pl_reader *reader, pl_function_id id, pl_expr *a) {
    return call(reader, id, NULL, a, NULL, NULL);
}

static pl_expr *choose(pl_reader *reader, pl_expr *condition, pl_expr *yes, pl_expr *no) {
    return call(reader, PL_FN_IF_THEN_ELSE, NULL, condition, yes, no);
}

static void fail(pl_reader *reader, pl_position at, const char *what) {
    pl_reader_error(reader, PL_UNSUPPORTED, at, "%s", what);
    longjmp(reader->next_equation, 1);
}

/* A name in an expression may become another, and subscripts those that stand for them. */
typedef struct renaming {
    const char *from, *to;                   /* keys of a variable; NULL: none */
    const pl_subscript_name *names, *stand_in; /* [count] */
    int count;
} renaming;

static pl_expr *copy(pl_reader *reader, const pl_expr *expr, const renaming *r) {
    pl_expr *out = PL_NEW(reader->arena, pl_expr);
    *out = *expr;
    if (expr->kind == PL_EXPR_NAME && r->from && strcmp(expr->key, r->from) == 0) out->key = r->to;
    if (expr->name_count > 0) {
        out->names = PL_ARRAY(reader->arena, expr->name_count, pl_subscript_name);
        for (int i = 0; i < expr->name_count; i++) {
            out->names[i] = expr->names[i];
            for (int k = 0; k < r->count && !expr->names[i].reduced; k++)
                if (strcmp(expr->names[i].key, r->names[k].key) == 0) out->names[i] = r->stand_in[k];
        }
    }
    if (expr->args) out->args = PL_ARRAY(reader->arena, expr->arg_count + 1, pl_expr *);
    for (int i = 0; i < expr->arg_count; i++) out->args[i] = copy(reader, expr->args[i], r);
    return out;
}

/* ---- the RC functions ------------------------------------------------------------------------------------------- */

static const struct shape {
    const char *key;
    int least; /* arguments, without the grace of a CHECK; two more may follow: start and duration */
} shapes[] = {{"rc step", 2}, {"rc grow", 2}, {"rc decay", 2}, {"rc ramp", 3}, {"rc compare", 3}};

/* A call of RC X or, with `check`, of RC X CHECK: its row, else NULL. */
static const struct shape *shape_of(const pl_expr *expr, bool check) {
    if (expr->kind != PL_EXPR_NAME || !expr->args) return NULL;
    size_t length = strlen(expr->key);
    bool ends = length > 6 && strcmp(expr->key + length - 6, " check") == 0;
    if (ends != check) return NULL;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (strlen(shapes[i].key) == length - (ends ? 6 : 0) &&
            strncmp(shapes[i].key, expr->key, strlen(shapes[i].key)) == 0)
            return &shapes[i];
    return NULL;
}

static bool has_rc(const pl_expr *expr) {
    if (shape_of(expr, true) || shape_of(expr, false)) return true;
    for (int i = 0; i < expr->arg_count; i++)
        if (has_rc(expr->args[i])) return true;
    return false;
}

/* An RC call taken apart. */
typedef struct trajectory {
    const struct shape *shape;
    pl_expr *grace, *basis, *size, *span, *start, *duration; /* grace and duration NULL where there is none */
} trajectory;

static pl_expr *default_start(pl_reader *reader, pl_position at) {
    if (pl_name_table_get(&reader->model->names, "rc start time")) return name_of(reader, "rc start time", at);
    return pair(reader, PL_FN_ADD, name_of(reader, "initial time", at), name_of(reader, "time step", at));
}

static trajectory take_apart(pl_reader *reader, const pl_expr *expr, bool check) {
    trajectory t = {.shape = shape_of(expr, check)};
    int least = t.shape->least + check, next = 0;
    if (strcmp(t.shape->key, "rc compare") == 0)
        fail(reader, expr->at, "RC COMPARE needs the results of another run: not supported");
    if (expr->arg_count < least || expr->arg_count > least + 2)
        fail(reader, expr->at, "this RC function has a wrong number of arguments");
    if (check) t.grace = expr->args[next++];
    t.basis = expr->args[next++];
    t.size = expr->args[next++];
    if (t.shape->least == 3) t.span = expr->args[next++];
    t.start = next < expr->arg_count ? expr->args[next++] : default_start(reader, expr->at);
    t.duration = next < expr->arg_count ? expr->args[next++] : NULL;
    return t;
}

/* The time plus some half steps. */
static pl_expr *time_at(pl_reader *reader, double half_steps, pl_position at) {
    pl_expr *shift = pair(reader, PL_FN_MULTIPLY, number(reader, half_steps / 2, at), name_of(reader, "time step", at));
    return pair(reader, PL_FN_ADD, name_of(reader, "time", at), shift);
}

/* 1 from the start (and the grace) on, for the duration. */
static pl_expr *window(pl_reader *reader, const trajectory *t, pl_position at) {
    pl_expr *from = t->grace ? pair(reader, PL_FN_ADD, t->start, t->grace) : t->start;
    pl_expr *begun = pair(reader, PL_FN_GREATER, time_at(reader, 1, at), from);
    if (!t->duration) return begun;
    pl_expr *end = pair(reader, PL_FN_ADD, t->start, t->duration);
    return pair(reader, PL_FN_AND, begun, pair(reader, PL_FN_LESS, time_at(reader, 1, at), end));
}

/* The new course: of the basis as it was at the start, for a check as it was just before. */
static pl_expr *course(pl_reader *reader, const trajectory *t, pl_position at) {
    pl_expr *early = pair(reader, PL_FN_LESS, time_at(reader, t->grace ? 1 : -1, at), t->start);
    pl_expr *held = call(reader, PL_FN_SAMPLE_IF_TRUE, "SAMPLE IF TRUE", early, t->basis, t->basis);
    pl_expr *passed = pair(reader, PL_FN_SUBTRACT, name_of(reader, "time", at), t->start);
    if (strcmp(t->shape->key, "rc step") == 0) return pair(reader, PL_FN_MULTIPLY, held, t->size);
    if (strcmp(t->shape->key, "rc ramp") == 0) {
        pl_expr *part = pair(reader, PL_FN_MIN, number(reader, 1, at), pair(reader, PL_FN_DIVIDE, passed, t->span));
        pl_expr *change =
            pair(reader, PL_FN_MULTIPLY, pair(reader, PL_FN_SUBTRACT, t->size, number(reader, 1, at)), part);
        return pair(reader, PL_FN_MULTIPLY, held, pair(reader, PL_FN_ADD, number(reader, 1, at), change));
    }
    bool grows = strcmp(t->shape->key, "rc grow") == 0;
    pl_expr *exponent = grows ? pair(reader, PL_FN_MULTIPLY, t->size, passed)
                              : single(reader, PL_FN_NEGATE, pair(reader, PL_FN_DIVIDE, passed, t->size));
    return pair(reader, PL_FN_MULTIPLY, held, single(reader, PL_FN_EXP, exponent));
}

/* ---- forcing ---------------------------------------------------------------------------------------------------- */

static const char *before_key(pl_reader *reader, const char *key) {
    size_t length = strlen(key);
    char *out = pl_arena_array(reader->arena, length + 20, 1);
    memcpy(out, key, length);
    memcpy(out + length, " before the test", 17);
    return out;
}

static bool same_names(const pl_equation *equation, const pl_subscript_name *names) {
    for (int i = 0; i < equation->name_count; i++)
        if (strcmp(equation->names[i].key, names[i].key) != 0) return false;
    return true;
}

static void add_except(pl_reader *reader, pl_equation *equation, const pl_subscript_name *names) {
    int count = equation->name_count, old = equation->except_count * count;
    pl_subscript_name *all = PL_ARRAY(reader->arena, old + count, pl_subscript_name);
    if (old) memcpy(all, equation->excepts, (size_t)old * sizeof *all);
    if (count) memcpy(all + old, names, (size_t)count * sizeof *all);
    equation->excepts = all, equation->except_count++;
}

/* The variable's equations go to one of another name; those of this one refer to it. */
static pl_variable *set_aside(pl_reader *reader, pl_variable *old, const char *key) {
    pl_name_table *names = &reader->model->names;
    const char *own = old->key, *shown = old->name;
    pl_name_table_set(reader->arena, names, own, NULL);
    pl_variable *variable = pl_reader_variable(reader, shown, own, old->at);
    old->key = old->name = key, old->hidden = true;
    pl_name_table_set(reader->arena, names, key, old);
    for (int i = 0; i < old->equation_count; i++) {
        const pl_equation *from = old->equations[i];
        pl_equation *to = pl_reader_equation(reader, variable, from->at);
        to->names = from->names, to->name_count = from->name_count;
        to->excepts = from->excepts, to->except_count = from->except_count;
        to->expr = name_of(reader, key, from->at);
        to->expr->names = from->names, to->expr->name_count = from->name_count;
    }
    return variable;
}

/* Removes the equations of the names themselves, and excepts the names from all others. */
static void make_room(pl_reader *reader, pl_variable *variable, const pl_expr *target) {
    int kept = 0;
    for (int i = 0; i < variable->equation_count; i++) {
        pl_equation *equation = variable->equations[i];
        if (equation->name_count != target->name_count)
            fail(reader, target->at, "the condition has other subscripts than the variable");
        if (same_names(equation, target->names)) continue;
        add_except(reader, equation, target->names);
        variable->equations[kept++] = equation;
    }
    variable->equation_count = kept;
}

/* The value that makes `target relation value` true. */
static pl_expr *forced_value(pl_reader *reader, pl_function_id relation, pl_expr *own, pl_expr *value) {
    pl_position at = value->at;
    if (shape_of(value, false) && relation == PL_FN_EQUAL) {
        trajectory t = take_apart(reader, value, false);
        return choose(reader, window(reader, &t, at), course(reader, &t, at), own);
    }
    if (has_rc(value)) fail(reader, at, "an RC function stands alone behind '=' in a condition");
    if (relation == PL_FN_EQUAL) return value;
    bool below = relation == PL_FN_LESS || relation == PL_FN_LESS_EQUAL,
         strict = relation == PL_FN_LESS || relation == PL_FN_GREATER;
    pl_expr *scale = pair(reader, PL_FN_MAX, number(reader, 1, at), single(reader, PL_FN_ABS, value));
    pl_expr *margin = pair(reader, PL_FN_MULTIPLY, number(reader, strict ? 1e-6 : 0.0, at), scale);
    pl_expr *bound = pair(reader, below ? PL_FN_SUBTRACT : PL_FN_ADD, value, margin);
    return pair(reader, below ? PL_FN_MIN : PL_FN_MAX, own, bound);
}

static void force(pl_reader *reader, pl_function_id relation, const pl_expr *target, const pl_expr *value) {
    pl_variable *variable = pl_name_table_get(&reader->model->names, target->key);
    const char *key = before_key(reader, target->key);
    if (!variable) fail(reader, target->at, "the condition names no variable of the model");
    if (variable->kind == PL_LOOKUP || variable->kind == PL_DATA)
        fail(reader, target->at, "a lookup or data cannot be forced");
    if (!pl_name_table_get(&reader->model->names, key)) variable = set_aside(reader, variable, key);
    make_room(reader, variable, target);
    renaming r = {.from = target->key, .to = key};
    pl_equation *equation = pl_reader_equation(reader, variable, target->at);
    equation->names = target->names, equation->name_count = target->name_count;
    equation->expr = forced_value(reader, relation, copy(reader, target, &r), copy(reader, value, &r));
}

static bool is_call(const pl_expr *expr, pl_function_id id) {
    return expr->kind == PL_EXPR_CALL && expr->function->id == id && !expr->name;
}

static bool is_relation(const pl_expr *expr) {
    return is_call(expr, PL_FN_EQUAL) || is_call(expr, PL_FN_LESS) || is_call(expr, PL_FN_LESS_EQUAL) ||
           is_call(expr, PL_FN_GREATER) || is_call(expr, PL_FN_GREATER_EQUAL);
}

static const pl_reality *find_input(const pl_reader *reader, const char *key) {
    for (int i = 0; i < reader->model->reality_count; i++)
        if (reader->model->realities[i].is_input && strcmp(reader->model->realities[i].key, key) == 0)
            return &reader->model->realities[i];
    return NULL;
}

static void force_condition(pl_reader *reader, const pl_expr *condition, int depth) {
    const pl_reality *input =
        condition->kind == PL_EXPR_NAME && !condition->args ? find_input(reader, condition->key) : NULL;
    if (input && input->condition && depth == 0) {
        renaming r = {.names = input->names, .stand_in = condition->names,
                      .count = input->name_count == condition->name_count ? input->name_count : 0};
        force_condition(reader, copy(reader, input->condition, &r), 1);
    } else if (is_call(condition, PL_FN_AND)) {
        force_condition(reader, condition->args[0], depth);
        force_condition(reader, condition->args[1], depth);
    } else if (is_relation(condition) && condition->args[0]->kind == PL_EXPR_NAME && !condition->args[0]->args) {
        force(reader, condition->function->id, condition->args[0], condition->args[1]);
    } else {
        fail(reader, condition->at,
             "this condition cannot be forced: expected a test input, 'variable = value', an inequality, "
             "or several with :AND:");
    }
}

/* ---- the consequence -------------------------------------------------------------------------------------------- */

static pl_expr *judge(pl_reader *reader, const pl_expr *expr);

/* a relation b, equal numbers being apart by the tolerance at most. */
static pl_expr *compare(pl_reader *reader, pl_function_id relation, pl_expr *a, pl_expr *b) {
    pl_position at = a->at;
    pl_expr *size = pair(reader, PL_FN_MAX, single(reader, PL_FN_ABS, a), single(reader, PL_FN_ABS, b));
    pl_expr *slack = pair(reader, PL_FN_MULTIPLY, number(reader, tolerance, at), size);
    pl_expr *difference = pair(reader, PL_FN_SUBTRACT, a, b);
    switch (relation) {
    case PL_FN_EQUAL: return pair(reader, PL_FN_LESS_EQUAL, single(reader, PL_FN_ABS, difference), slack);
    case PL_FN_UNEQUAL: return pair(reader, PL_FN_GREATER, single(reader, PL_FN_ABS, difference), slack);
    case PL_FN_LESS_EQUAL: return pair(reader, PL_FN_LESS_EQUAL, difference, slack);
    case PL_FN_GREATER_EQUAL: return pair(reader, PL_FN_GREATER_EQUAL, difference, single(reader, PL_FN_NEGATE, slack));
    default: return pair(reader, relation, a, b);
    }
}

/* With an RC CHECK function on one side it counts within the window alone. */
static pl_expr *judge_relation(pl_reader *reader, const pl_expr *expr) {
    pl_expr *sides[2] = {expr->args[0], expr->args[1]}, *within = NULL;
    for (int i = 0; i < 2; i++) {
        if (shape_of(sides[i], true)) {
            trajectory t = take_apart(reader, sides[i], true);
            within = window(reader, &t, expr->at);
            sides[i] = course(reader, &t, expr->at);
        } else if (has_rc(sides[i])) {
            fail(reader, sides[i]->at, "an RC CHECK function stands alone on its side of a comparison");
        }
    }
    pl_expr *holds = compare(reader, expr->function->id, sides[0], sides[1]);
    return within ? choose(reader, within, holds, number(reader, 1, expr->at)) : holds;
}

static pl_expr *judge(pl_reader *reader, const pl_expr *expr) {
    if (is_relation(expr) || is_call(expr, PL_FN_UNEQUAL)) return judge_relation(reader, expr);
    if (is_call(expr, PL_FN_NOT)) return single(reader, PL_FN_NOT, judge(reader, expr->args[0]));
    if (is_call(expr, PL_FN_AND) || is_call(expr, PL_FN_OR))
        return pair(reader, expr->function->id, judge(reader, expr->args[0]), judge(reader, expr->args[1]));
    fail(reader, expr->at, "the consequence of a reality check consists of comparisons");
    return NULL;
}

/* ---- reading and trying ----------------------------------------------------------------------------------------- */

/* Behind the name: the whole of it, in a trial; else nothing. */
void pl_reality_read(pl_lexer *lexer, pl_token name, const pl_subscript_name *names, int name_count) {
    pl_reader *reader = lexer->reader;
    pl_model *model = reader->model;
    pl_reality reality = {.name = name.name, .key = name.key, .at = name.at, .names = names, .name_count = name_count,
                          .is_input = pl_lexer_is(lexer, ":TEST INPUT:")};
    int index = model->reality_count;
    model->realities =
        pl_arena_grow(reader->arena, model->realities, index, &model->reality_room, index + 1, sizeof reality);
    model->realities[model->reality_count++] = reality;
    if (reader->trial == 0 || (!reality.is_input && reader->trial != index + 1)) return;
    pl_lexer_next(lexer);
    model->realities[index].condition = pl_lexer_expression(lexer);
    if (reality.is_input) return;
    pl_lexer_expect(lexer, ":IMPLIES:", "behind the condition");
    model->realities[index].consequence = pl_lexer_expression(lexer);
}

static void replace_equation(pl_reader *reader, const char *key, pl_expr *expr) {
    pl_variable *variable = pl_name_table_get(&reader->model->names, key);
    if (!variable) return;
    variable->equation_count = 0, variable->kind = PL_AUXILIARY;
    pl_reader_equation(reader, variable, variable->at)->expr = expr;
}

void pl_reality_try(pl_reader *reader) {
    if (reader->trial > reader->model->reality_count || setjmp(reader->next_equation)) return;
    const pl_reality *check = &reader->model->realities[reader->trial - 1];
    if (!check->condition || !check->consequence) return;
    replace_equation(reader, "saveper", name_of(reader, "time step", check->at));
    force_condition(reader, check->condition, 0);
    pl_variable *result = pl_reader_variable(reader, check->name, check->key, check->at);
    pl_equation *equation = pl_reader_equation(reader, result, check->at);
    equation->names = (pl_subscript_name *)check->names, equation->name_count = check->name_count;
    equation->expr = judge(reader, check->consequence);
}
