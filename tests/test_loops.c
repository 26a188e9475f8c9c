/* Feedback loops against a search of our own that tries every path, and the signs of links against calculus. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "study/loops.h"

#define TIMES "INITIAL TIME = 0 ~~| FINAL TIME = 1 ~~| TIME STEP = 1 ~~| SAVEPER = 1 ~~|"

static pl_model *parse(const char *text) {
    pl_model *model;
    pl_error error;
    if (pl_model_parse(text, strlen(text), "test.mdl", &model, NULL, &error) != PL_OK)
        fail_msg("%d:%d: %s", error.line, error.column, error.message);
    return model;
}

static pl_structure *structure_of(const pl_model *model) {
    pl_structure *structure;
    assert_int_equal(pl_structure_new(model, &structure, NULL), PL_OK);
    return structure;
}

/* ---- loops ---------------------------------------------------------------------------------------------- */

enum { MOST = 9 };

typedef struct graph {
    int count;
    bool link[MOST][MOST]; /* from, to */
} graph;

/* A model of stocks, each fed by those that act on it. */
static pl_model *model_of(const graph *g) {
    char text[4000] = "";
    size_t used = 0;
    for (int to = 0; to < g->count; to++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "x%d = INTEG(0", to);
        for (int from = 0; from < g->count; from++)
            if (g->link[from][to]) used += (size_t)snprintf(text + used, sizeof text - used, " + x%d", from);
        used += (size_t)snprintf(text + used, sizeof text - used, ", 1) ~~|\n");
    }
    snprintf(text + used, sizeof text - used, TIMES);
    return parse(text);
}

/* How many simple cycles of each length go through `start` and only variables from `least` up. */
static void extend(const graph *g, int start, int least, int at, int length, bool *on_path, long *counts) {
    for (int to = least; to < g->count; to++) {
        if (!g->link[at][to]) continue;
        if (to == start) counts[length]++;
        else if (!on_path[to]) {
            on_path[to] = true;
            extend(g, start, least, to, length + 1, on_path, counts);
            on_path[to] = false;
        }
    }
}

static long count_cycles(const graph *g, int start, int least, long counts[MOST + 2]) {
    bool on_path[MOST] = {false};
    long all = 0;
    memset(counts, 0, (MOST + 2) * sizeof *counts);
    on_path[start] = true;
    extend(g, start, least, start, 1, on_path, counts);
    for (int i = 1; i <= MOST + 1; i++) all += counts[i];
    return all;
}

static void check_shortest(const graph *g, pl_loops *loops, int start, const long counts[MOST + 2]) {
    pl_loop found[30];
    long all = 0;
    int count = pl_loops_shortest(loops, start, 30, found);
    for (int i = 1; i <= MOST + 1; i++) all += counts[i];
    assert_int_equal(count, all < 30 ? all : 30);
    for (int i = 0, length = 1, left = (int)counts[1]; i < count; i++, left--) {
        while (left == 0) left = (int)counts[++length];
        assert_int_equal(found[i].length, length);
        assert_int_equal(found[i].variables[0], start);
        for (int k = 0; k < length; k++)
            assert_true(g->link[found[i].variables[k]][found[i].variables[(k + 1) % length]]);
        for (int j = 0; j < i && found[j].length == length; j++)
            assert_false(length > 0 && j != i &&
                         memcmp(found[j].variables, found[i].variables, (size_t)length * sizeof(int)) == 0);
    }
}

static void check_graph(const graph *g) {
    pl_model *model = model_of(g);
    pl_structure *structure = structure_of(model);
    pl_loops loops = {0};
    long counts[MOST + 2], all = 0;
    pl_loops_start(&loops, structure);
    for (int start = 0; start < g->count; start++) {
        all += count_cycles(g, start, start, counts);
        long through = count_cycles(g, start, 0, counts);
        pl_loop_count found = pl_loops_count(&loops, start);
        assert_int_equal(found.count, through);
        assert_false(found.more);
        check_shortest(g, &loops, start, counts);
    }
    assert_int_equal(pl_loops_count(&loops, -1).count, all);
    pl_arena_free(&loops.arena);
    pl_structure_free(structure);
    pl_model_free(model);
}

static uint64_t random_state = 7;

static int draw(int below) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (int)((random_state >> 33) % (uint64_t)below);
}

static void finds_all_loops(void **state) {
    (void)state;
    for (int i = 0; i < 150; i++) {
        graph g = {.count = 1 + draw(MOST - 1)};
        int density = 1 + draw(5);
        for (int a = 0; a < g.count; a++)
            for (int b = 0; b < g.count; b++) g.link[a][b] = draw(8) < density;
        check_graph(&g);
    }
}

/* A complete graph of n variables has the sum of n! / (k (n - k)!) cycles of k = 2 ... n: 2365 for 7, 16064 for 8. */
static void stops_at_the_limit(void **state) {
    (void)state;
    for (int n = 7; n <= 8; n++) {
        graph g = {.count = n};
        for (int a = 0; a < n; a++)
            for (int b = 0; b < n; b++) g.link[a][b] = a != b;
        pl_model *model = model_of(&g);
        pl_structure *structure = structure_of(model);
        pl_loops loops = {0};
        pl_loops_start(&loops, structure);
        pl_loop_count found = pl_loops_count(&loops, -1);
        assert_int_equal(found.count, n == 7 ? 2365 : PL_MOST_LOOPS);
        assert_int_equal(found.more, n == 8);
        pl_arena_free(&loops.arena);
        pl_structure_free(structure);
        pl_model_free(model);
    }
}

/* A ring of many variables is one loop, found without recursion. */
static void walks_a_long_ring(void **state) {
    (void)state;
    enum { COUNT = 100000 };
    char *text = malloc(COUNT * 40 + 200);
    size_t used = (size_t)sprintf(text, "x0 = INTEG(x%d, 1) ~~|\n", COUNT - 1);
    for (int i = 1; i < COUNT; i++) used += (size_t)sprintf(text + used, "x%d = -x%d ~~|\n", i, i - 1);
    strcpy(text + used, TIMES);
    pl_model *model = parse(text);
    pl_structure *structure = structure_of(model);
    pl_loops loops = {0};
    pl_loop loop;
    pl_loops_start(&loops, structure);
    assert_int_equal(pl_loops_count(&loops, COUNT / 2).count, 1);
    assert_int_equal(pl_loops_shortest(&loops, 0, 1, &loop), 1);
    assert_int_equal(loop.length, COUNT);
    assert_int_equal(loop.sign, PL_SIGN_NEGATIVE); /* an odd number of links that fall */
    pl_arena_free(&loops.arena);
    pl_structure_free(structure);
    pl_model_free(model);
    free(text);
}

/* ---- signs ---------------------------------------------------------------------------------------------- */

static const pl_link *find_link(const pl_structure *s, const char *cause, const char *effect) {
    const pl_variable *from = pl_model_find(s->model, cause), *to = pl_model_find(s->model, effect);
    for (int i = s->first_cause[to->index]; i < s->first_cause[to->index + 1]; i++)
        if (s->causes[i].variable == from->index) return &s->causes[i];
    return NULL;
}

static void tells_signs(void **state) {
    (void)state;
    static const struct {
        const char *equation;
        char sign; /* of y's slope in x; 'i': only at the start, 0: no link */
    } cases[] = {
        {"y = x + up", '+'},
        {"y = up - 2 * x", '-'},
        {"y = up * x", '+'},
        {"y = x * down", '-'},
        {"y = any * x", '?'},
        {"y = up / x", '-'},
        {"y = x / down", '-'},
        {"y = x ^ 2", '+'},
        {"y = any ^ 2 * x", '+'},
        {"y = any ^ 2 + free ^ 2", 0},
        {"y = free ^ 2 + x * 0", '?'},
        {"y = -(-x)", '+'},
        {"y = EXP(-x)", '-'},
        {"y = MAX(x, any) - 1", '+'},
        {"y = IF THEN ELSE(any > 0, x, 2 * x)", '+'},
        {"y = IF THEN ELSE(x > 0, 1, 2)", '?'},
        {"y = x - x ^ 2", '?'},
        {"y = rising(x)", '+'},
        {"y = falling(x)", '-'},
        {"y = bent(x)", '?'},
        {"y = up * falling(x) * level", '-'},
        {"y = SMOOTH(x, up)", '+'},
        {"y = -DELAY3(x, 5)", '-'},
        {"y = SMOOTHI(up, 2, x)", 'i'},
        {"y = DELAY FIXED(up, 2, x)", 'i'},
        {"y = INITIAL(x)", 'i'},
        {"y = INTEG(-x, 3)", '-'},
        {"y = INTEG(up, x)", 'i'},
        {"y = INTEG(x, x)", '+'},
        {"y = 1 - SMOOTH(up * x, 3) * up", '-'},
        {"y = ZIDZ(x, up)", '+'},
        {"y = x * level", '+'},
        {"y = x * drained", '+'},
        {"y = x * loose", '?'},
        {"y = x * ranged", '-'},
        {"y = up", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[2000];
        snprintf(text, sizeof text,
                 "%s ~~|\nx = 2 ~~|\nup = 3 ~~|\ndown = -3 ~~|\nany = INTEG(-1, 1) ~~|\nfree = INTEG(-1, 1) ~~|\n"
                 "rising((0,0),(1,1),(2,4)) ~~|\nfalling((0,3),(1,1),(2,0)) ~~|\nbent((0,0),(1,1),(2,0)) ~~|\n"
                 "level = INTEG(up, 0) ~~|\ndrained = INTEG(up - outflow, 1) ~~|\noutflow = drained / 4 ~~|\n"
                 "loose = INTEG(up - level, 1) ~~|\nranged = INTEG(any, -1) ~ x [?,0] ~|\n" TIMES,
                 cases[i].equation);
        pl_model *model = parse(text);
        pl_structure *structure = structure_of(model);
        const pl_link *link = find_link(structure, "x", "y");
        char sign = !link                            ? 0
                    : link->initial                  ? 'i'
                    : link->sign == PL_SIGN_POSITIVE ? '+'
                    : link->sign == PL_SIGN_NEGATIVE ? '-'
                                                     : '?';
        if (sign != cases[i].sign) fail_msg("%s: %c", cases[i].equation, sign ? sign : '0');
        pl_structure_free(structure);
        pl_model_free(model);
    }
}

/* What a macro needs is needed by its caller, without a sign; what only its first value needs is not. */
static void sees_through_macros(void **state) {
    (void)state;
    pl_model *model = parse(":MACRO: M(a, b)\nM = INTEG(a * c$ - M, b) ~~|\n:END OF MACRO:\n"
                            "y = M(x, start) ~~|\nx = 1 ~~|\nstart = 2 ~~|\nc = 3 ~~|\n" TIMES);
    pl_structure *structure = structure_of(model);
    assert_int_equal(find_link(structure, "x", "y")->sign, PL_SIGN_UNKNOWN);
    assert_non_null(find_link(structure, "c", "y"));
    assert_true(find_link(structure, "start", "y")->initial);
    assert_null(find_link(structure, "y", "y"));
    pl_structure_free(structure);
    pl_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_all_loops), cmocka_unit_test(stops_at_the_limit),  cmocka_unit_test(walks_a_long_ring),
        cmocka_unit_test(tells_signs),     cmocka_unit_test(sees_through_macros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
