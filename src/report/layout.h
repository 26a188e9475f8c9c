/* Where the nodes and edges of a diagram or a tree stand, by Graphviz's library.  It is given numbers only, never a name,
 * so no text of a model reaches it; and it is used by one thread at a time, because it keeps state of its own. */
#ifndef PL_LAYOUT_H
#define PL_LAYOUT_H
#include "base/arena.h"
#include "base/error.h"

typedef struct pl_layout_node {
    double width, height; /* given, in points */
    double x, y;          /* found: its middle; y grows downwards */
} pl_layout_node;

typedef struct pl_layout_edge {
    int from, to;     /* given */
    double weight;    /* given: the more, the straighter and shorter; at least 1 */
    double *points;   /* found: x, y of 3 n + 1 points of a Bezier curve (cubic), from the one node towards the other */
    int count;        /* of points */
    double tip[2];    /* where its arrow ends */
} pl_layout_edge;

typedef struct pl_layout {
    int down; /* ranks go from top to bottom, else from left to right */
    pl_layout_node *nodes;
    int node_count;
    pl_layout_edge *edges;
    int edge_count;
    double width, height; /* found */
} pl_layout;

enum { PL_MOST_DRAWN = 600 }; /* nodes, and edges, of one layout */

/* Fills in what is found; points are the arena's. PL_UNSUPPORTED: it is too large, or Graphviz cannot lay it out;
 * PL_MEMORY. */
pl_status pl_layout_find(pl_arena *arena, pl_layout *layout, pl_error *error);
#endif
