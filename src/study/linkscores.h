/* Link scores of the Loops That Matter method: how much of an effect's change over a step one cause gave, with the sign
 * of the link (Schoenberg, Davidsen, Eberlein, System Dynamics Review 36:158, 2020), between the elements of variables
 * that a user knows.  What the reader made itself (SMOOTH, DELAY3, macros) is one link, which has the score of the
 * strongest way through it; loops that lie inside of it are left out (Schoenberg and Eberlein, Seamlessly Integrating
 * Loops That Matter into Model Development and Analysis, 2020). */
#ifndef PL_LINKSCORES_H
#define PL_LINKSCORES_H
#include "study/partial.h"

typedef struct pl_score_node {
    const pl_variable *variable;
    int element, raw; /* raw: its place in partials->nodes */
    bool start;    /* a stock, or behind one that is hidden: each loop passes through one of these */
    int partition; /* loops of different cycle partitions share no stock */
} pl_score_node;

typedef struct pl_way { /* of one link, through what is hidden */
    const int *links; /* [length] in partials->links */
    int length;
} pl_way;

typedef struct pl_score_link {
    int from, to; /* nodes */
    const pl_way *ways;
    int way_count;
} pl_score_link;

typedef struct pl_link_graph {
    pl_arena arena;
    pl_partials *partials; /* owned */
    pl_score_node *nodes;  /* those on loops */
    int node_count, partition_count;
    pl_score_link *links;  /* on loops, rising by from, then by to */
    int link_count;
    int *first, *to;       /* links of node n: first[n] .. first[n + 1] - 1, which lead to to[] */
    int *partition_nodes;  /* [partition] */
    bool cut_off;          /* some ways through what is hidden are left out, because there are too many */
} pl_link_graph;

/* levers as in partial.h. */
pl_status pl_link_graph_new(const pl_model *model, const bool *levers, pl_link_graph **graph, pl_error *error);
void pl_link_graph_free(pl_link_graph *graph);
/* The scores of the step that ends at a saved row of the partials' outputs: scores[link]. row[output * stride] is of
 * one lane; raw has room for partials->link_count numbers. A change within rounding (16 units in the last place) is
 * none. */
void pl_link_scores(const pl_link_graph *graph, const double *row, size_t stride, double *raw, double *scores);
#endif
