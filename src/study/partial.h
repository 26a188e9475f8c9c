/* Partial changes: what each link of a model does in each step, by the model's own equations.  A copy of the model gets a
 * further variable for each link x -> z that lies on a loop: the equation of z with x as it is now and all else as it was
 * one TIME STEP before.  The copy runs as any model, so lookups, arrays and macros need no second evaluator, and what the
 * model itself computes keeps every bit (each draw is addressed by its own variable's name).
 *
 * Nodes are elements of variables.  A stock is reached through its net flow, so that how flows are put together does not
 * matter (Schoenberg, Hayward, Eberlein, System Dynamics Review 39:140, 2023).  A fixed delay passes on what comes in as if
 * at once, and what changes with the time, or is drawn, is a node of its own. */
#ifndef PL_PARTIAL_H
#define PL_PARTIAL_H
#include "model/model.h"
#include "program/program.h"

typedef struct pl_partial_node {
    const pl_variable *variable;
    int element;
    int now, before; /* outputs; -1 where it lies on no loop */
    bool stock;
} pl_partial_node;

/* The change of z by x alone is row[out] - row[base], that of z row[now] - row[before]: all of them outputs. */
typedef struct pl_partial_link {
    int from, to; /* nodes */
    int out, base, now, before;
} pl_partial_link;

typedef struct pl_partials {
    pl_arena arena;
    pl_model *model;     /* the copy: its first variables are the model's own, which it shares */
    pl_output *outputs;  /* [output_count] single elements */
    int output_count, output_room;
    pl_partial_node *nodes;
    int node_count;
    int *first, *to;     /* who acts on whom: to[first[n]] .. to[first[n + 1] - 1], on loops or not */
    pl_partial_link *links; /* those on loops, rising by from, then by to */
    int link_count;
    const pl_variable **unscored; /* on loops, but holding a conveyor, a queue, or state inside a sum over subscripts */
    int unscored_count;
} pl_partials;

enum { PL_MOST_PARTIALS = 60000 }; /* links between elements of which the equations are copied */

/* levers[variable]: constants that change during a run; NULL: none. The model must outlive it. PL_UNSUPPORTED where the
 * arrays make too many links; PL_MEMORY. */
pl_status pl_partials_new(const pl_model *model, const bool *levers, pl_partials **partials, pl_error *error);
void pl_partials_free(pl_partials *partials);
#endif
