/* The reader of .mdl files: what a model's text becomes. */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
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
    case PL_EXPR_ELEMENT:
        return (size_t)snprintf(out, room, "element %d from %d", e->subscripts->axis, e->subscripts->map[0]);
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
    pl_model *model =
        parse("{UTF-8}\n****\n\t.people\n****~\n\t\tA group\n|\n"
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
    pl_model *model = parse(
        "a=1~~|b=2~~|c=3~~|e1=a^b^c~~|e2=-a^b~~|e3=a^-b^-c~~|e4=a-b-c~~|e5=a/b*c~~|e6=:NOT: a=b :AND: c>a :OR: b<=c~~|"
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
    pl_model *model = parse(
        "t([(0,0)-(10,20),(1,2)],(0,1),(2,-3),(4,+5.5))~~|u(0,1,2,10,20,30)~~|x=t(Time)~~|"
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

/* Without SAVEPER every step is saved. */
static void saveper_may_be_absent(void **state) {
    (void)state;
    static const char text[] = "INITIAL TIME=0~~|FINAL TIME=1~~|TIME STEP=1~~|x=Time~~|";
    pl_model *model;
    assert_int_equal(pl_model_parse(text, sizeof text - 1, "m.mdl", &model, NULL, NULL), PL_OK);
    assert_true(model->saveper->hidden);
    assert_ptr_equal(model->saveper->equations[0]->expr->variable, model->time_step);
    pl_model_free(model);
}

static void reads_the_settings(void **state) {
    (void)state;
    static const struct {
        const char *line;
        pl_method method;
    } cases[] = {{"15:0,0,0,0,0,0", PL_EULER}, {"15:0,0,0,1,0,0", PL_RK4}, {"15:0,0,0,2,0,0", PL_EULER},
                 {"15:0,0,0,3,0,0", PL_RK2},   {"15:0,0,0,4,0,0", PL_RK2}, {"15:0,0,0,5,0,0", PL_RK4}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[1000];
        pl_model *model;
        snprintf(text, sizeof text,
                 "x=1~~|" TIMES
                 "\n\\\\\\---/// Sketch information\n*View | = ~ \"\n///---\\\\\\\n:L\x7f<%%^E!@\n1:a\n%s\n",
                 cases[i].line);
        assert_int_equal(pl_model_parse(text, strlen(text), "m.mdl", &model, NULL, NULL), PL_OK);
        assert_int_equal(model->method, cases[i].method);
        pl_model_free(model);
    }
}

static void reads_synonyms_of_units(void **state) {
    (void)state;
    static const char text[] =
        "x=1~People~| y=2~$/Month~|" TIMES
        "\n\\\\\\---/// Sketch\r\n22:not,yet\r\n///---\\\\\\\r\n:L\x7f<%^E!@\r\n22:$,Dollar,$s\r\n"
        "22:Person, People,Persons\r\n22:\r\n22:,Unit,\r\n15:0,0,0,0,0,0\r\n";
    pl_model *model;
    assert_int_equal(pl_model_parse(text, sizeof text - 1, "m.mdl", &model, NULL, NULL), PL_OK);
    assert_int_equal(model->synonym_count, 3);
    assert_int_equal(model->synonyms[0].count, 3);
    assert_string_equal(model->synonyms[0].names[2], "$s");
    assert_string_equal(model->synonyms[1].names[1], "People");
    assert_string_equal(model->synonyms[1].keys[1], "people");
    assert_int_equal(model->synonyms[2].count, 1);
    pl_model_free(model);
}

/* CRLF, a byte-order mark and latin-1 read as the plain text does. */
static void reads_other_encodings(void **state) {
    (void)state;
    static const char *const texts[] = {"\xef\xbb\xbf{UTF-8}\r\nCaf\xc3\x89 = 3 ~ Dmnl ~ |\r\n" TIMES,
                                        "Caf\xc9 = 3 ~ Dmnl ~ |\n" TIMES, "Caf\xc9 = 3 ~ Dmnl ~ |\r" TIMES};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        pl_model *model;
        assert_int_equal(pl_model_parse(texts[i], strlen(texts[i]), "m.mdl", &model, NULL, NULL), PL_OK);
        assert_string_equal(find(model, "caf\xc3\xa9")->name, "Caf\xc3\x89");
        assert_int_equal(find(model, "caf\xc3\xa9")->at.line, i == 0 ? 2 : 1);
        pl_model_free(model);
    }
}

static void conditions_survive_lack_of_memory(void **state) {
    (void)state;
    pl_expr *expr = NULL;
    for (long n = 1; !expr && n < 100; n++) {
        pl_arena arena = {0};
        pl_error error;
        pl_allocation_fail_after(n);
        expr = pl_expr_parse(&arena, "a + b * MAX(c, 3) > 2", "s.yaml", 1, 1, &error);
        pl_allocation_fail_after(0);
        if (!expr) assert_int_equal(error.status, PL_MEMORY);
        assert_true(expr || n == 1);
        pl_arena_free(&arena);
    }
    assert_non_null(expr);
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

/* ---- subscripts ----------------------------------------------------------------------------------------- */

static void reads_arrays(void **state) {
    (void)state;
    pl_model *model =
        parse("A : a1, a2, a3 ~~|\nB : (b1-b2) ~~|\nSub : a2, a3 ~~|\n"
              "m[A,B] = 1, 2; 3, 4; 5, 6; ~~|\nrow[A] = SUM(m[A,B!]) ~~|\nall = SUM(m[A!,B!] * row[A!]) ~~|\n"
              "part[Sub] = row[Sub] + m[a1,b2] ~~|\nturned[B,A] = m[A,B] + row[A] ~~|\n"
              "stock[A] = INTEG(row[A], m[A,b1]) ~~|\nsum[B] = SUM(m[Sub!,B]) ~~|");
    const pl_variable *m = find(model, "m");
    assert_int_equal(m->kind, PL_CONSTANT);
    assert_int_equal(m->size, 6);
    assert_true(m->equations[0]->numbers[3] == 4.0);
    assert_is(model, "row", "SUM(m[0:0][1:0])");
    assert_int_equal(expr_of(model, "row")->reduced_count, 1);
    assert_int_equal(expr_of(model, "row")->reduced[0]->count, 2);
    assert_is(model, "all", "SUM(MULTIPLY(m[0:0][1:0], row[0:0]))");
    assert_int_equal(expr_of(model, "all")->reduced_count, 2);
    assert_is(model, "part", "ADD(row[0:1], m[=0][=1])");
    assert_is(model, "turned", "ADD(m[1:0][0:0], row[1:0])");
    assert_is(model, "sum", "SUM(m[1:1][0:0])");
    assert_int_equal(find(model, "stock")->equations[0]->initial->subscripts[1].element, 0);
    pl_model_free(model);
}

static void reads_equations_by_part(void **state) {
    (void)state;
    pl_model *model = parse(
        "A : a1, a2, a3 ~~|\nB : b1, b2 ~~|\nSub : a2, a3 ~~|\n"
        "x[a1] = Time ~~|\nx[Sub] = 1, 2 ~ Units ~ |\ny[A,B] :EXCEPT: [Sub,b1], [a1,b2] = Time ~~|\ny[a1,b2] = 7 ~~|\n"
        "y[Sub,b1] = x[Sub] ~~|\nz[a3] = 1 ~~|\nz[a1] = Time ~~|");
    const pl_variable *x = find(model, "x"), *y = find(model, "y"), *z = find(model, "z");
    assert_int_equal(x->kind, PL_AUXILIARY);
    assert_string_equal(x->units, "Units");
    int defined = 0;
    for (int i = 0; i < x->equation_count; i++) {
        assert_non_null(x->equations[i]->expr);
        for (int j = 0; j < x->equations[i]->cell_count; j++) defined |= 1 << x->equations[i]->cells[j];
    }
    assert_int_equal(defined, 7);
    static const int cells[] = {0, -1, -1, 3, -1, 5};
    assert_int_equal(y->equations[0]->cell_count, 6);
    assert_memory_equal(y->equations[0]->cells, cells, sizeof cells);
    assert_null(y->defined);
    assert_int_equal(z->size, 2);
    assert_string_equal(z->axes[0]->names[0], "a1");
    assert_null(z->axes[0]->dimension);
    pl_model_free(model);
}

/* The manual's example: products are made by the skill that maps to them. */
static void follows_mappings(void **state) {
    (void)state;
    pl_model *model =
        parse("Skill : machiner, assembler -> Product ~~|\nProduct : part, system ~~|\nwork[Skill] = 5, 10 ~~|\n"
              "flow[Product] = work[Skill] ~~|\nAge : infant, child, old ~~|\nOlder : child, old ~~|\n"
              "Previous : infant, child -> Older ~~|\nn[Age] = 1, 2, 3 ~~|\naging[Older] = n[Previous] ~~|\n"
              "Copy <-> Age ~~|\nm[Copy] = n[Age] ~~|\n"
              "Group : g1, g2 -> (Age: Older, infant) ~~|\nw[Group] = 3, 4 ~~|\nv[Age] = w[Group] ~~|\n"
              "where[Age] = IF THEN ELSE(Age = old, Age, 0) ~~|\nhow many = ELMCOUNT(Age) ~~|");
    assert_is(model, "flow", "work[0:0]");
    const pl_subscript *previous = expr_of(model, "aging")->subscripts;
    assert_int_equal(previous->map[0], 0);
    assert_int_equal(previous->map[1], 1);
    assert_is(model, "m", "n[0:0]");
    const pl_subscript *group = expr_of(model, "v")->subscripts;
    assert_int_equal(group->map[0], 1);
    assert_int_equal(group->map[1], 0);
    assert_int_equal(group->map[2], 0);
    assert_is(model, "where", "IF_THEN_ELSE(EQUAL(element 0 from 1, 3), element 0 from 1, 0)");
    assert_is(model, "how many", "3");
    pl_model_free(model);
}

static void finds_elements(void **state) {
    (void)state;
    pl_model *model =
        parse("A : a1, a 2 ~~|\nB : (b1-b3) ~~|\nbig one[A,B] = 1, 2, 3; 4, 5, 6; ~~|\n\"odd [name]\" = 3 ~~|");
    pl_variable *variable = NULL;
    pl_error error;
    int element = 0;
    char name[100];
    assert_int_equal(pl_model_find_element(model, "Big_One[ A_2 , B3]", &variable, &element, &error), PL_OK);
    assert_int_equal(element, 5);
    pl_variable_element_name(variable, element, name, sizeof name);
    assert_string_equal(name, "big one[a 2,b3]");
    assert_int_equal(pl_model_find_element(model, "big one", &variable, &element, &error), PL_OK);
    assert_int_equal(element, -1);
    assert_int_equal(pl_model_find_element(model, "\"odd [name]\"", &variable, &element, &error), PL_OK);
    assert_int_equal(element, 0);
    assert_int_equal(pl_model_find_element(model, "big on", &variable, &element, &error), PL_INVALID);
    assert_string_equal(error.message, "the model has no variable 'big on'; did you mean 'big one'?");
    assert_int_equal(pl_model_find_element(model, "big one[a1,b4]", &variable, &element, &error), PL_INVALID);
    assert_string_equal(error.message, "'big one' has no element 'b4'; did you mean 'b1', 'b2', 'b3'?");
    assert_int_equal(pl_model_find_element(model, "big one[a1]", &variable, &element, &error), PL_INVALID);
    assert_int_equal(pl_model_find_element(model, "big one[a1,b1]x", &variable, &element, &error), PL_INVALID);
    pl_model_free(model);
}

/* ---- macros and the prelude ----------------------------------------------------------------------------- */

static void expands_the_prelude(void **state) {
    (void)state;
    pl_model *model =
        parse("A : a1, a2 ~~|\nin[A] = 3, 4 ~~|\nout[A] = 2 * SMOOTH(in[A] + Time, 5) ~~|\n"
              "total = SUM(DELAY1(in[A!], 2)) ~~|\nchain = DELAY N(Time, 6, 1, order) ~~|\norder = 1 + 2 ~~|");
    const pl_expr *out = expr_of(model, "out");
    const pl_variable *smooth = out->args[1]->variable;
    assert_int_equal(out->args[1]->kind, PL_EXPR_REFERENCE);
    assert_true(smooth->hidden);
    assert_int_equal(smooth->kind, PL_STOCK);
    assert_int_equal(smooth->size, 2);
    assert_string_equal(smooth->name, "out.SMOOTH 1.SMOOTH");
    char text[300];
    describe(smooth->equations[0]->expr, text, sizeof text);
    assert_string_equal(text, "DIVIDE(SUBTRACT(out.SMOOTH 1.input[0:0], out.SMOOTH 1.SMOOTH[0:0]), 5)");
    assert_is(model, "total", "SUM(total.DELAY1 1.DELAY1[0:0])");
    const pl_expr *chain = expr_of(model, "chain");
    assert_is(model, "chain", "chain.DELAY N 1.DELAY N");
    describe(chain->variable->equations[0]->expr, text, sizeof text);
    assert_string_equal(text, "chain.DELAY N 1.out 3");
    pl_model_free(model);
}

static void expands_macros(void **state) {
    (void)state;
    pl_model *model =
        parse("y = TWICE(1 + b, t) + TWICE(2, t) ~~|\n:MACRO: TWICE(x, f)\nTWICE = inner * 2 + Time$ + TIME STEP$ ~~|\n"
              "inner = f(x) ~~|\n:END OF MACRO:\nb = 4 ~~|\nt((0,0),(1,1)) ~~|\ninner = 3 ~~|");
    assert_is(model, "y", "ADD(y.TWICE 1.TWICE, y.TWICE 2.TWICE)");
    char text[300];
    const pl_variable *twice = expr_of(model, "y")->args[0]->variable;
    describe(twice->equations[0]->expr, text, sizeof text);
    assert_string_equal(text, "ADD(ADD(MULTIPLY(y.TWICE 1.inner, 2), TIME), TIME STEP)");
    const pl_variable *inner = twice->equations[0]->expr->args[0]->args[0]->args[0]->variable;
    describe(inner->equations[0]->expr, text, sizeof text);
    assert_string_equal(text, "LOOKUP(t, y.TWICE 1.x)");
    pl_model_free(model);
}

/* Every function of the prelude has a text that reads. */
static void prelude_is_whole(void **state) {
    (void)state;
    static const char *const args[] = {"", "(Time)", "(Time, 2)", "(Time, 2, 3)", "(Time, 2, 3, 1)"};
    for (int i = 0; i < PL_FN_COUNT; i++) {
        const pl_function *function = &pl_functions[i];
        char text[200];
        if (function->kind != PL_FUNCTION_PRELUDE) continue;
        snprintf(text, sizeof text, "x = %s%s ~~|", function->vensim, args[function->least]);
        pl_model_free(parse(text));
    }
}

/* ---- errors --------------------------------------------------------------------------------------------- */

static char *read_whole(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 1 << 16);
    assert_non_null(file);
    *length = fread(text, 1, (1 << 16) - 1, file);
    fclose(file);
    return text;
}

/* The findings as `parley check` prints them. */
static void print_findings(const pl_findings *findings, char *out, size_t room) {
    static const char *const severities[] = {"note", "warning", "error"};
    size_t used = 0;
    out[0] = 0;
    for (int i = 0; i < pl_findings_count(findings); i++) {
        pl_severity severity;
        const pl_error *e = pl_findings_get(findings, i, &severity);
        used += (size_t)snprintf(out + used, room - used, "%s", e->file);
        if (e->line) used += (size_t)snprintf(out + used, room - used, ":%d", e->line);
        if (e->column) used += (size_t)snprintf(out + used, room - used, ":%d", e->column);
        used += (size_t)snprintf(out + used, room - used, ": %s: %s\n", severities[severity], e->message);
        if (e->caret >= 0)
            used += (size_t)snprintf(out + used, room - used, "    %s\n    %*s^\n", e->source, e->caret, "");
    }
}

static const char *first_error(const pl_findings *findings) {
    pl_severity severity = PL_NOTE;
    for (int i = 0; i < pl_findings_count(findings); i++) {
        const pl_error *e = pl_findings_get(findings, i, &severity);
        if (severity == PL_ERROR) return e->message;
    }
    return "";
}

/* Each tests/errors/NAME.mdl gives exactly what NAME.txt says. */
static void says_what_is_wrong(void **state) {
    (void)state;
    const char *root = getenv("PARLEY_ROOT");
    char folder[400];
    int files = 0;
    snprintf(folder, sizeof folder, "%s/tests/errors", root ? root : ".");
    DIR *listing = opendir(folder);
    if (!listing) skip();
    for (struct dirent *entry; (entry = readdir(listing));) {
        char path[700], said[20000];
        size_t length = strlen(entry->d_name), text_length, expected_length;
        if (length < 5 || strcmp(entry->d_name + length - 4, ".mdl") != 0) continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        char *text = read_whole(path, &text_length);
        memcpy(path + strlen(path) - 4, ".txt", 4);
        char *expected = read_whole(path, &expected_length);
        pl_findings *findings = pl_findings_new();
        pl_model *model;
        pl_error error;
        pl_status status = pl_model_parse(text, text_length, entry->d_name, &model, findings, &error);
        assert_int_equal(status == PL_OK, model != NULL);
        if (model) status = pl_model_check(model, findings, &error); /* what only compiling tells */
        pl_model_free(model);
        assert_int_equal(pl_status_exit_code(status), 3);
        assert_string_equal(error.message, first_error(findings));
        print_findings(findings, said, sizeof said);
        assert_string_equal(said, expected);
        pl_findings_free(findings);
        free(text);
        free(expected);
        files++;
    }
    closedir(listing);
    assert_true(files >= 20);
}

static void says_what_cannot_be_read(void **state) {
    (void)state;
    pl_model *model;
    pl_error error;
    assert_int_equal(pl_model_read("/no/such/file.mdl", &model, NULL, &error), PL_FILE);
    assert_int_equal(pl_model_read("/no/such/file.stmx", &model, NULL, &error), PL_FILE);
}

/* A model that uses every part of the reader, with the n-th allocation failing for every n: PL_MEMORY, no leak. */
static void survives_lack_of_memory(void **state) {
    (void)state;
    static const char text[] =
        "{UTF-8}\nCaf\xc9 = 1 ~~|\nA : (a1-a3) -> B ~~|\nB : b1, b2, b3 ~~|\nC <-> A ~~|\nx[A] = 1, 2, 3 ~~|\ny[B] = "
        "x[A] + Caf\xc9 ~ Units [0,1] ~ A comment |\n"
        "z[A] :EXCEPT: [a1] = SMOOTH3(x[A] * 2, 3) ~~|\nz[a1] = SUM(x[A!]) ~~|\nt((0,0),(1,2),(3,4)) ~~|\nw = t(Time) "
        "+ WITH LOOKUP(Time, ((0,1),(2,3))) ~~|\n"
        ":MACRO: M(p)\nM = INTEG(p, 0) ~~|\n:END OF MACRO:\nv = M(w + 1) + DELAY N(w, 2, 0, 2) ~~|\n" TIMES;
    pl_status status = PL_MEMORY;
    long n = 0;
    while (status == PL_MEMORY && n < 10000) {
        pl_findings *findings = pl_findings_new();
        pl_model *model = NULL;
        pl_error error;
        pl_allocation_fail_after(++n);
        status = pl_model_parse(text, sizeof text - 1, "m.mdl", &model, findings, &error);
        pl_allocation_fail_after(0);
        assert_true(status == PL_OK ? model != NULL : model == NULL);
        if (status != PL_OK) assert_int_equal(error.status, PL_MEMORY);
        pl_model_free(model);
        pl_findings_free(findings);
    }
    assert_int_equal(status, PL_OK);
    assert_true(n > 5);
}

/* Long lines and deep texts end in an error, soon and without a fault. */
static void survives_hostile_texts(void **state) {
    (void)state;
    enum { LENGTH = 400000 };
    static const char *const parts[] = {"a",       "1+", "(",      "-", ":NOT:", "a[", "\"",   "{",
                                        "((0,0),", "1,", "a=1~~|", "~", "*",     "\n", "\\\n", "="};
    char *text = malloc(LENGTH + 40);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t length = strlen(parts[i]), used = 0;
        while (used + length <= LENGTH) memcpy(text + used, parts[i], length), used += length;
        for (int with_head = 0; with_head < 2; with_head++) {
            pl_model *model;
            if (with_head) memcpy(text, "x = ", 4);
            assert_int_not_equal(pl_model_parse(text, used, "m.mdl", &model, NULL, NULL), PL_OK);
        }
    }
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_scalar_model),
        cmocka_unit_test(operators_bind),
        cmocka_unit_test(reads_lookups),
        cmocka_unit_test(reads_the_settings),
        cmocka_unit_test(reads_synonyms_of_units),
        cmocka_unit_test(saveper_may_be_absent),
        cmocka_unit_test(reads_other_encodings),
        cmocka_unit_test(parses_conditions),
        cmocka_unit_test(conditions_survive_lack_of_memory),
        cmocka_unit_test(reads_arrays),
        cmocka_unit_test(reads_equations_by_part),
        cmocka_unit_test(follows_mappings),
        cmocka_unit_test(finds_elements),
        cmocka_unit_test(expands_the_prelude),
        cmocka_unit_test(expands_macros),
        cmocka_unit_test(prelude_is_whole),
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(says_what_cannot_be_read),
        cmocka_unit_test(survives_lack_of_memory),
        cmocka_unit_test(survives_hostile_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
