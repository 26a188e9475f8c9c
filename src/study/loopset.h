/* A set of feedback loops of a link graph: all of them in a cycle partition that has few, else those that the strongest
 * paths find (Eberlein and Schoenberg, Finding the Loops that Matter, 2020). Each loop stands once, whatever the order
 * in which it was met. */
#ifndef PL_LOOPSET_H
#define PL_LOOPSET_H
#include "study/linkscores.h"
#include "study/loops.h"

enum { PL_FEW_LOOPS = 1000, PL_MOST_FOUND = 6000 };

typedef struct pl_scored_loop {
    const int *nodes, *links; /* [length] link i leads from node i to the next one; the smallest node first */
    int length, partition;
    bool strong; /* it once had a share of PL_LEAST_SHARE, or all loops of its partition are here */
} pl_scored_loop;

#define PL_LEAST_SHARE 0.001

typedef struct pl_loop_set {
    pl_arena *arena; /* whose out_of_memory leaves */
    const pl_link_graph *graph;
    pl_scored_loop *loops;
    int count, room;
    int *buckets; /* of the hash of nodes: loop + 1 */
    int *chain, chain_room;
    bool *whole;  /* [partition] all its loops are here */
    bool full;    /* PL_MOST_FOUND was met: some were left out */
    bool searches; /* some partition is not whole */
    pl_loops finder; /* its arena is freed by pl_loop_set_end */
} pl_loop_set;

/* Starts a set; the loops of partitions with at most PL_FEW_LOOPS are put in. */
void pl_loop_set_start(pl_loop_set *set, pl_arena *arena, const pl_link_graph *graph);
void pl_loop_set_end(pl_loop_set *set); /* frees what is not the arena's, in any state that began as {0} */
/* An empty set for the same search. */
void pl_loop_set_like(pl_loop_set *set, pl_arena *arena, const pl_loop_set *other);
/* Adds the loops that the strongest paths from each stock find in the partitions that are not whole, and marks those
 * that are strong at these scores. */
void pl_loop_set_search(pl_loop_set *set, const double *scores);
/* Adds those of another set of the same graph that are strong, in its order. */
void pl_loop_set_join(pl_loop_set *set, const pl_loop_set *other);

/* The loops' scores at scores[link] of a step, products of their links', and shares: divided by the sum of sizes over
 * the loops of the partition; 0 throughout a partition where nothing changes. out and shares: [loop]; sums: [partition]
 * room. */
void pl_loop_set_scores(const pl_loop_set *set, const double *scores, double *out, double *shares, double *sums);
#endif
