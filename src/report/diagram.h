/* The causal-loop diagram of the strongest loops, condensed to stocks and to variables at which ways part or join, with
 * the places that Graphviz gives them. */
#ifndef PL_DIAGRAM_H
#define PL_DIAGRAM_H
#include "study/table.h"
#include "report/json.h"
#include "report/layout.h"
#include "study/loopscores.h"

typedef struct pl_diagram_edge {
    int sign;      /* of the link or the chain that it stands for: 1, -1; 0: it changes */
    double weight; /* the share of all loops that pass through it */
} pl_diagram_edge;

typedef struct pl_diagram {
    pl_arena arena;
    pl_layout layout;
    int *node;               /* [layout.node_count] node of the link graph */
    pl_diagram_edge *edges;  /* [layout.edge_count] */
    int loop_count;          /* the loops of a partition that are drawn */
    int *ranks;              /* [loop_count] their places among its results, rising */
    int **loop_edges, *loop_lengths; /* [loop_count] */
} pl_diagram;

/* The strongest loops of a partition, as many as stay readable; loops of a stock with itself only where it is drawn anyhow
 * or where there are no others. Statuses of pl_layout_find. */
pl_status pl_diagram_make(const pl_loop_scores *scores, const pl_loop_partition *partition, pl_diagram **diagram,
                          pl_error *error);
void pl_diagram_free(pl_diagram *diagram);
/* {"width", "height", "nodes": [{"x", "y", "w", "h", "lines", "name": [English, Spanish], "stock"}], "edges": [{"points", "tip",
 * "sign", "weight"}], "loops": [[edge, ...]]}; lines are in both languages. */
json_t *pl_diagram_json(const pl_loop_scores *scores, const pl_diagram *diagram);
/* How readers see a node's variable. */
void pl_diagram_label(const pl_loop_scores *scores, int node, pl_language language, char out[PL_NAME_ROOM]);
#endif
