/* The feedback loops of a model: the simple cycles of its links, without those that only count for initial values.  An
 * array is one variable, so a chain along an array is a loop of one. */
#ifndef PL_LOOPS_H
#define PL_LOOPS_H
#include "model/structure.h"

typedef struct pl_loop {
    const int *variables; /* [length] in the direction of cause and effect */
    int length;
    pl_sign sign; /* positive: reinforcing, negative: balancing */
} pl_loop;

typedef struct pl_loop_count {
    long count;
    bool more; /* there may be more: a limit was met */
} pl_loop_count;

enum { PL_MOST_LOOPS = 10000 }; /* counted; with the time spent, the limit of pl_loops_count */

typedef struct pl_loops {
    pl_arena arena; /* must leave by out_of_memory where it runs dry */
    const pl_structure *structure; /* NULL: of links alone */
    int count;             /* variables */
    const int *first, *to; /* what each acts on: to[first[v]] .. to[first[v + 1] - 1] */
    int *group;      /* the strongly connected group of each variable */
    int *group_size; /* [group] */
} pl_loops;

/* Finds the groups. The structure must outlive it. */
void pl_loops_start(pl_loops *loops, const pl_structure *structure);
/* The same for links between any nodes, which must outlive it. */
void pl_loops_start_links(pl_loops *loops, int count, const int *first, const int *to);
/* The number of loops through a variable, or (variable < 0) of all loops, by Johnson's algorithm (SIAM Journal on
 * Computing 4:77, 1975), up to PL_MOST_LOOPS. */
pl_loop_count pl_loops_count(pl_loops *loops, int variable);
/* Visits each loop once, at most `most` of them; false from `visit` ends it. */
typedef bool pl_loop_visit(void *context, const int *variables, int length);
pl_loop_count pl_loops_each(pl_loops *loops, long most, pl_loop_visit *visit, void *context);
/* The shortest loops through a variable of a structure, shortest first, at most `most` of them. Returns how many were
 * found before the time spent met a limit. */
int pl_loops_shortest(pl_loops *loops, int variable, int most, pl_loop *out);
#endif
