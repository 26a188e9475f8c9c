/* The reader of .mdl files: what a model's text becomes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "model/model.h"

#define TIMES "INITIAL TIME = 0 ~~| FINAL TIME = 10 ~~| TIME STEP = 0.5 ~~| SAVEPER = TIME STEP ~~|"

/* Reads a text with the time settings behind it; it must be right. */
static pl_model *parse(const char *text) {
    char whole[20000];
    pl_model *model;
    pl_error error;
    snprintf(whole, sizeof whole, "%s\n" TIMES, text);
    if (pl_model_parse(whole, strlen(whole), "test.mdl", &model, NULL, &error) != PL_OK)
        fail_msg("%d:%d: %s", error.line, error.column, error.message);
    return model;
}

static const pl_variable *find(const pl_model *model, const char *name) {
    const pl_variable *variable = pl_model_find(model, name);
    if (!variable) fail_msg("no variable '%s'", name);
    return variable;
}

static const pl_expr *expr_of(const pl_model *model, const char *name) { return find(model, name)->equations[0]->expr; }

/* Writes an expression as calls of the table's names, references with their subscripts' axes and first positions. */
static size_t describe(const pl_expr *e, char *out, size_t room) {
    size_t used = 0;
    switch (e->kind) {
    case PL_EXPR_NUMBER: return (size_t)snprintf(out, room, "%g", e->number);
    case PL_EXPR_TIME: return (size_t)snprintf(out, room, "TIME");
    case PL_EXPR_ELEMENT: return (size_t)snprintf(out, room, "element %d from %d", e->subscripts->axis, e->subscripts->map[0]);
    case PL_EXPR_NAME: used = (size_t)snprintf(out, room, "name %s", e->key); break;
    case PL_EXPR_CALL: used = (size_t)snprintf(out, room, "%s", e->function->name); break;
    case PL_EXPR_REFERENCE:
        used = (size_t)snprintf(out, room, "%s", e->variable->name);
        for (int i = 0; i < e->variable->rank; i++) {
            pl_subscript s = e->subscripts[i];
            if (s.axis < 0) used += (size_t)snprintf(out + used, room - used, "[=%d]", s.element);
            else used += (size_t)snprintf(out + used, room - used, "[%d:%d]", s.axis, s.map[0]);
        }
        return used;
    }
    for (int i = 0; i < e->arg_count; i++) {
        used += (size_t)snprintf(out + used, room - used, i ? ", " : "(");
        used += describe(e->args[i], out + used, room - used);
    }
    if (e->arg_count) used += (size_t)snprintf(out + used, room - used, ")");
    return used;
}

static void assert_is(const pl_model *model, const char *name, const char *expected) {
    char text[2000];
    describe(expr_of(model, name), text, sizeof text);
    assert_string_equal(text, expected);
}

static void reads_a_scalar_model(void **state) {
    (void)state;
    pl_model *model = parse("{UTF-8}\n****\n\t.people\n****~\n\t\tA group\n|\n"
                            "Sick people= INTEG (\n\tcatching-healing,\n\t\t5)\n\t~\tPeople [0,?]\n\t~\tThey are \\\n\t\till.\n\t|\n"
                            "healing = sick_people / Duration ~ People/Day ~ ~ :SUPPLEMENTARY |\n"
                            "catching = -2^2 + Time ~~|\nDuration = -5 ~Day~|\n");
    const pl_variable *sick = find(model, "SICK  people");
    assert_int_equal(sick->kind, PL_STOCK);
    assert_string_equal(sick->name, "Sick people");
    assert_string_equal(sick->units, "People");
    assert_string_equal(sick->comment, "They are ill.");
    assert_string_equal(sick->group, "people");
    assert_true(sick->low == 0.0 && isnan(sick->high));
    assert_is(model, "sick people", "SUBTRACT(catching, healing)");
    assert_true(sick->equations[0]->initial->number == 5.0);
    assert_true(find(model, "healing")->supplementary);
    assert_is(model, "catching", "ADD(NEGATE(SQUARE(2)), TIME)");
    assert_int_equal(find(model, "duration")->kind, PL_CONSTANT);
    assert_true(find(model, "duration")->equations[0]->numbers[0] == -5.0);
    assert_ptr_equal(model->time_step, find(model, "TIME STEP"));
    assert_int_equal(model->method, PL_EULER);
    pl_model_free(model);
}

/* Operators bind as Vensim's reference manual says: ^ before signs before products, :NOT: after comparisons. */
static void operators_bind(void **state) {
    (void)state;
    pl_model *model = parse("a=1~~|b=2~~|c=3~~|e1=a^b^c~~|e2=-a^b~~|e3=a^-b^-c~~|e4=a-b-c~~|e5=a/b*c~~|e6=:NOT: a=b :AND: c>a :OR: b<=c~~|"
                            "e7=POWER(a,2)~~|e8=a <> -b~~|e9=IF THEN ELSE(a = :NA:, (b), c)~~|");
    assert_is(model, "e1", "RAISE(a, RAISE(b, c))");
    assert_is(model, "e2", "NEGATE(RAISE(a, b))");
    assert_is(model, "e3", "RAISE(a, NEGATE(RAISE(b, NEGATE(c))))");
    assert_is(model, "e4", "SUBTRACT(SUBTRACT(a, b), c)");
    assert_is(model, "e5", "MULTIPLY(DIVIDE(a, b), c)");
    assert_is(model, "e6", "OR(AND(NOT(EQUAL(a, b)), GREATER(c, a)), LESS_EQUAL(b, c))");
    assert_is(model, "e7", "SQUARE(a)");
    assert_is(model, "e8", "UNEQUAL(a, NEGATE(b))");
    assert_is(model, "e9", "IF_THEN_ELSE(EQUAL(a, -6.49037e+32), b, c)");
    pl_model_free(model);
}

static void reads_lookups(void **state) {
    (void)state;
    pl_model *model = parse("t([(0,0)-(10,20),(1,2)],(0,1),(2,-3),(4,+5.5))~~|u(0,1,2,10,20,30)~~|x=t(Time)~~|"
                            "y= WITH LOOKUP(Time/2, ((0,0),(1,1)\\\n\t\t,(2,0) ))~~|fall((3,1),(2,5),(2,5),(1,9))~~|z=u(1)+fall(2)~~|");
    const pl_variable *t = find(model, "t");
    assert_int_equal(t->kind, PL_LOOKUP);
    assert_int_equal(t->tables[0]->count, 3);
    assert_true(t->tables[0]->x[1] == 2.0 && t->tables[0]->y[1] == -3.0 && t->tables[0]->y[2] == 5.5);
    assert_true(t->tables[0]->high_x == 10.0 && t->tables[0]->high_y == 20.0);
    assert_true(find(model, "u")->tables[0]->x[2] == 2.0 && find(model, "u")->tables[0]->y[2] == 30.0);
    assert_int_equal(find(model, "fall")->tables[0]->count, 3);
    assert_true(find(model, "fall")->tables[0]->x[0] == 1.0 && find(model, "fall")->tables[0]->y[0] == 9.0);
    assert_is(model, "x", "LOOKUP(t, TIME)");
    const pl_expr *y = expr_of(model, "y");
    assert_int_equal(y->function->id, PL_FN_LOOKUP);
    assert_int_equal(y->args[0]->variable->tables[0]->count, 3);
    assert_true(y->args[0]->variable->hidden);
    pl_model_free(model);
}

static void reads_the_settings(void **state) {
    (void)state;
    static const struct {
        const char *line;
        pl_method method;
    } cases[] = {{"15:0,0,0,0,0,0", PL_EULER}, {"15:0,0,0,1,0,0", PL_RK4}, {"15:0,0,0,2,0,0", PL_EULER},
                 {"15:0,0,0,3,0,0", PL_RK2}, {"15:0,0,0,4,0,0", PL_RK2}, {"15:0,0,0,5,0,0", PL_RK4}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[1000];
        pl_model *model;
        snprintf(text, sizeof text, "x=1~~|" TIMES "\n\\\\\\---/// Sketch information\n*View | = ~ \"\n///---\\\\\\\n:L\x7f<%%^E!@\n1:a\n%s\n", cases[i].line);
        assert_int_equal(pl_model_parse(text, strlen(text), "m.mdl", &model, NULL, NULL), PL_OK);
        assert_int_equal(model->method, cases[i].method);
        pl_model_free(model);
    }
}

/* CRLF, a byte-order mark and latin-1 read as the plain text does. */
static void reads_other_encodings(void **state) {
    (void)state;
    static const char *const texts[] = {"\xef\xbb\xbf{UTF-8}\r\nCaf\xc3\x89 = 3 ~ Dmnl ~ |\r\n" TIMES, "Caf\xc9 = 3 ~ Dmnl ~ |\n" TIMES,
                                        "Caf\xc9 = 3 ~ Dmnl ~ |\r" TIMES};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        pl_model *model;
        assert_int_equal(pl_model_parse(texts[i], strlen(texts[i]), "m.mdl", &model, NULL, NULL), PL_OK);
        assert_string_equal(find(model, "caf\xc3\xa9")->name, "Caf\xc3\x89");
        assert_int_equal(find(model, "caf\xc3\xa9")->at.line, i == 0 ? 2 : 1);
        pl_model_free(model);
    }
}

static void parses_conditions(void **state) {
    (void)state;
    pl_arena arena = {0};
    pl_error error;
    char text[200];
    pl_expr *expr = pl_expr_parse(&arena, "\"a b\" > 1.2 * base(homicides)", "s.yaml", 3, 7, &error);
    assert_non_null(expr);
    describe(expr, text, sizeof text);
    assert_string_equal(text, "GREATER(name a b, MULTIPLY(1.2, name base(name homicides)))");
    assert_null(pl_expr_parse(&arena, "a > (b", "s.yaml", 3, 7, &error));
    assert_int_equal(error.line, 3);
    assert_int_equal(error.column, 13);
    pl_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_scalar_model), cmocka_unit_test(operators_bind),       cmocka_unit_test(reads_lookups),
        cmocka_unit_test(reads_the_settings),   cmocka_unit_test(reads_other_encodings), cmocka_unit_test(parses_conditions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
