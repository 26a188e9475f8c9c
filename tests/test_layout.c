/* Layouts by Graphviz: nothing overlaps, edges end at their nodes, cycles and lone nodes are laid out, and threads that
 * ask at once get what each would get alone. */
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "report/layout.h"

enum { NODES = 6, EDGES = 7 };

/* A ring of four with a chord, a loop of one, and a node by itself. */
static pl_layout make(pl_layout_node nodes[NODES], pl_layout_edge edges[EDGES]) {
    static const int ends[EDGES][2] = {{0, 1}, {1, 2}, {2, 3}, {3, 0}, {1, 3}, {4, 4}, {4, 0}};
    for (int i = 0; i < NODES; i++) nodes[i] = (pl_layout_node){.width = 60 + 10 * i, .height = 24};
    for (int i = 0; i < EDGES; i++) edges[i] = (pl_layout_edge){.from = ends[i][0], .to = ends[i][1], .weight = 1};
    return (pl_layout){.nodes = nodes, .node_count = NODES, .edges = edges, .edge_count = EDGES};
}

static int touches(const pl_layout_node *n, double x, double y) {
    return fabs(x - n->x) < n->width / 2 + 12 && fabs(y - n->y) < n->height / 2 + 12;
}

static void places(void **state) {
    (void)state;
    for (int down = 0; down < 2; down++) {
        pl_layout_node nodes[NODES];
        pl_layout_edge edges[EDGES];
        pl_layout layout = make(nodes, edges);
        pl_arena arena = {0};
        pl_error error;
        layout.down = down;
        assert_int_equal(pl_layout_find(&arena, &layout, &error), PL_OK);
        for (int i = 0; i < NODES; i++) {
            assert_true(nodes[i].x >= 0 && nodes[i].x <= layout.width && nodes[i].y >= 0 &&
                        nodes[i].y <= layout.height);
            for (int k = 0; k < i; k++)
                assert_true(fabs(nodes[i].x - nodes[k].x) >= (nodes[i].width + nodes[k].width) / 2 - 1 ||
                            fabs(nodes[i].y - nodes[k].y) >= (nodes[i].height + nodes[k].height) / 2 - 1);
        }
        for (int i = 0; i < EDGES; i++) {
            assert_true(edges[i].count >= 4 && edges[i].count % 3 == 1);
            assert_true(touches(&nodes[edges[i].from], edges[i].points[0], edges[i].points[1]));
            assert_true(touches(&nodes[edges[i].to], edges[i].tip[0], edges[i].tip[1]));
        }
        pl_arena_free(&arena);
    }
}

static void *lay_out(void *context) {
    double *found = context;
    pl_layout_node nodes[NODES];
    pl_layout_edge edges[EDGES];
    for (int k = 0; k < 5; k++) {
        pl_arena arena = {0};
        pl_layout layout = make(nodes, edges);
        if (pl_layout_find(&arena, &layout, NULL) != PL_OK) return NULL;
        pl_arena_free(&arena);
    }
    for (int i = 0; i < NODES; i++) found[2 * i] = nodes[i].x, found[2 * i + 1] = nodes[i].y;
    return context;
}

static void threads(void **state) {
    (void)state;
    pthread_t others[3];
    double found[4][2 * NODES] = {{0}};
    for (int i = 0; i < 3; i++) assert_int_equal(pthread_create(&others[i], NULL, lay_out, found[i]), 0);
    assert_non_null(lay_out(found[3]));
    for (int i = 0; i < 3; i++) pthread_join(others[i], NULL);
    for (int i = 0; i < 3; i++) assert_memory_equal(found[i], found[3], sizeof found[3]);
}

static void too_large(void **state) {
    (void)state;
    pl_arena arena = {0};
    pl_layout layout = {.node_count = PL_MOST_DRAWN + 1};
    assert_int_equal(pl_layout_find(&arena, &layout, NULL), PL_UNSUPPORTED);
    layout = (pl_layout){0};
    assert_int_equal(pl_layout_find(&arena, &layout, NULL), PL_OK);
    pl_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(places), cmocka_unit_test(threads),
                                       cmocka_unit_test(too_large)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
