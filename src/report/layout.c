/* See layout.h.  What Graphviz would print on standard error is dropped: an error is told by its return value. */
#include "report/layout.h"

#include <graphviz/gvc.h>
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static int drop(char *message) { return message == NULL; }

static void set(void *object, char *name, double value) {
    char text[40], empty[1] = "";
    snprintf(text, sizeof text, "%.4f", value);
    agsafeset(object, name, text, empty);
}

static void set_text(void *object, char *name, char *text) {
    char empty[1] = "";
    agsafeset(object, name, text, empty);
}

/* A graph of boxes without labels, by number. */
static Agraph_t *make_graph(const pl_layout *layout, Agnode_t **nodes, Agedge_t **edges) {
    char name[40] = "g", rank[2][3] = {"LR", "TB"};
    Agraph_t *graph = agopen(name, Agdirected, NULL);
    if (!graph) return NULL;
    set_text(graph, "rankdir", rank[layout->down != 0]);
    set(graph, "nodesep", 0.22), set(graph, "ranksep", 0.45);
    for (int i = 0; i < layout->node_count; i++) {
        snprintf(name, sizeof name, "%d", i);
        if (!(nodes[i] = agnode(graph, name, 1))) return graph;
        set_text(nodes[i], "label", ""), set_text(nodes[i], "shape", "box"), set_text(nodes[i], "fixedsize", "true");
        set(nodes[i], "width", layout->nodes[i].width / 72), set(nodes[i], "height", layout->nodes[i].height / 72);
    }
    for (int i = 0; i < layout->edge_count; i++) {
        const pl_layout_edge *e = &layout->edges[i];
        snprintf(name, sizeof name, "%d", i);
        if (!(edges[i] = agedge(graph, nodes[e->from], nodes[e->to], name, 1))) return graph;
        set(edges[i], "weight", (int)e->weight);
    }
    return graph;
}

static void read_edge(pl_arena *arena, const pl_layout *layout, Agedge_t *from, pl_layout_edge *edge) {
    const splines *found = ED_spl(from);
    if (!found || found->size == 0) return;
    const bezier *curve = &found->list[0];
    edge->points = PL_ARRAY(arena, 2 * curve->size, double);
    edge->count = edge->points ? (int)curve->size : 0;
    for (int i = 0; i < edge->count; i++) {
        edge->points[2 * i] = curve->list[i].x;
        edge->points[2 * i + 1] = layout->height - curve->list[i].y;
    }
    pointf tip = curve->eflag ? curve->ep : curve->list[curve->size - 1];
    edge->tip[0] = tip.x, edge->tip[1] = layout->height - tip.y;
}

static void read_layout(pl_arena *arena, pl_layout *layout, Agraph_t *graph, Agnode_t **nodes, Agedge_t **edges) {
    layout->width = GD_bb(graph).UR.x, layout->height = GD_bb(graph).UR.y;
    for (int i = 0; i < layout->node_count; i++) {
        layout->nodes[i].x = ND_coord(nodes[i]).x;
        layout->nodes[i].y = layout->height - ND_coord(nodes[i]).y;
    }
    for (int i = 0; i < layout->edge_count; i++) read_edge(arena, layout, edges[i], &layout->edges[i]);
}

/* Whether it could be laid out. */
static int lay_out(pl_arena *arena, pl_layout *layout, Agnode_t **nodes, Agedge_t **edges) {
    GVC_t *gvc = gvContext();
    Agraph_t *graph = gvc ? make_graph(layout, nodes, edges) : NULL;
    int found = graph && (!layout->node_count || nodes[layout->node_count - 1]) &&
                (!layout->edge_count || edges[layout->edge_count - 1]) && gvLayout(gvc, graph, "dot") == 0;
    if (found) {
        read_layout(arena, layout, graph, nodes, edges);
        gvFreeLayout(gvc, graph);
    }
    if (graph) agclose(graph);
    if (gvc) gvFreeContext(gvc);
    return found;
}

pl_status pl_layout_find(pl_arena *arena, pl_layout *layout, pl_error *error) {
    if (layout->node_count > PL_MOST_DRAWN || layout->edge_count > PL_MOST_DRAWN)
        return pl_error_set(error, PL_UNSUPPORTED, NULL, 0, 0, "a drawing has at most %d nodes and as many edges", PL_MOST_DRAWN);
    Agnode_t **nodes = pl_allocate(((size_t)layout->node_count + 1) * sizeof(Agnode_t *));
    Agedge_t **edges = pl_allocate(((size_t)layout->edge_count + 1) * sizeof(Agedge_t *));
    pl_status status = nodes && edges ? PL_OK : pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    if (status == PL_OK) {
        pthread_mutex_lock(&one_at_a_time);
        agseterrf(drop);
        if (!lay_out(arena, layout, nodes, edges))
            status = pl_error_set(error, PL_UNSUPPORTED, NULL, 0, 0, "Graphviz cannot lay out this drawing");
        agseterrf(NULL);
        pthread_mutex_unlock(&one_at_a_time);
    }
    pl_release(nodes);
    pl_release(edges);
    return status;
}
