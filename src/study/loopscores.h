/* Which loops drive a variable or a measure, and when: shares of loops (relative loop scores) in one run, and how they lie
 * over the futures.  See linkscores.h for the scores of links, loopset.h for how loops are found. */
#ifndef PL_LOOPSCORES_H
#define PL_LOOPSCORES_H
#include "ensemble/situation.h"
#include "study/loopset.h"

enum { PL_LOOP_PERIODS = 4, PL_LOOP_SERIES = 24 };

typedef enum pl_loop_polarity {
    PL_LOOP_REINFORCING,        /* R */
    PL_LOOP_BALANCING,          /* B */
    PL_LOOP_MOSTLY_REINFORCING, /* Ru: confidence above 0.99 */
    PL_LOOP_MOSTLY_BALANCING,   /* Bu */
    PL_LOOP_CHANGING,           /* U */
    PL_LOOP_IDLE                /* no score at all */
} pl_loop_polarity;

/* How a loop's mean share over the window lies over the futures. */
typedef struct pl_loop_futures {
    pl_spread share;
    pl_interval leads;    /* the share of futures in which it has the largest share of its partition */
    long counted;
    double *low, *median, *high; /* [points] 5 %, 50 % and 95 % of its share at each time; NULL where not kept */
} pl_loop_futures;

typedef struct pl_loop_result {
    int loop;                /* in the set */
    char name[16];           /* "R1" */
    pl_loop_polarity polarity;
    double share;            /* mean size of its share over the window, in the run */
    double largest;          /* the largest share in the window */
    double weight;           /* what they are ordered by: the median over futures, else the share */
    double periods[PL_LOOP_PERIODS];
    pl_loop_futures futures;
} pl_loop_result;

/* From one time on a loop has the largest share of its partition. */
typedef struct pl_loop_phase {
    double from, to;
    int result;   /* in results */
    double share; /* its mean then */
} pl_loop_phase;

/* A cycle partition whose loops count for what is asked. */
typedef struct pl_loop_partition {
    int partition, variables, loops;
    bool whole;
    double reinforcing[PL_LOOP_PERIODS + 1]; /* share of reinforcing loops: over the window, then in its periods */
    pl_loop_phase *phases;
    int phase_count;
    int first, count; /* its loops among the results */
} pl_loop_partition;

struct pl_loop_scores {
    pl_arena arena;
    const pl_model *model;
    const pl_situation *situation; /* NULL: a model alone */
    pl_link_graph *graph;
    pl_loop_set set;
    const char *target;   /* as asked; NULL: none */
    int measure;          /* of the situation; -1 */
    const pl_variable *variable;
    int element;
    bool through;         /* the variable lies on loops itself */
    int *entries, entry_count; /* nodes of the graph: the variable, or else what acts on it; its loops pass through them */
    long profile;
    double from, to;      /* the window that means are over */
    double *times;        /* [points] the first has no scores */
    int points, first, last; /* points of the window */
    double *scores, *shares; /* [loop][point] in the run */
    signed char *link_signs;  /* [link] in the run, else in the futures: 1, -1, or 0 where both or none was seen */
    pl_loop_partition *partitions;
    int partition_count;
    pl_loop_result *results; /* [result_count] by partition, the largest share first */
    int result_count;
    long futures;         /* 0: none were run */
    bool random;
    double period_ends[PL_LOOP_PERIODS];
};
#endif
