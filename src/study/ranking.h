/* Where the ranking of options changes with a number: each option's value is a straight line in it (Hurwicz's alpha;
 * the weight of a want), the best option at each place is the upper envelope of the lines, and a switch is where it
 * passes from one line to another.  How far to trust a switch is asked of resamples of the futures. */
#ifndef PL_RANKING_H
#define PL_RANKING_H
#include <stdbool.h>

#include "base/arena.h"
#include "study/against.h"

typedef struct pl_lines {
    int count;
    const double *at_zero, *slope; /* [option] the value is at_zero + slope x */
} pl_lines;

typedef struct pl_switch {
    int from, to;
    pl_interval at; /* no interval: low and high are NaN */
} pl_switch;

typedef struct pl_switches {
    int best;          /* the best option at the low end; of equal ones the one that stays the best */
    pl_switch *items;  /* from the low end on */
    int count;
} pl_switches;

/* Between low and high, either of which may be infinite. switches has room for lines.count - 1; leaves no interval. */
void pl_lines_envelope(const pl_lines *lines, double low, double high, pl_switches *switches);

/* A want's weight from the low end of its range to the high end, all others at their means. */
typedef struct pl_want_ranking {
    int want;           /* of the actor */
    /* the range of its distribution (5 % and 95 % where it has no ends); of a number: 0 to twice it */
    double low, high;
    bool drawn;         /* it has a distribution */
    pl_switches within; /* that range */
    /* the nearest switch beyond either end, as the weight keeps its sign; from < 0: there is none */
    pl_switch below, above;
} pl_want_ranking;

typedef struct pl_ranking {
    double *means;       /* [want][course] of measure / per, over the futures */
    pl_interval *first;  /* [course] the share of draws of the weights in which it is the best in the means */
    long draws;          /* of the weights; 0: none of them is drawn, and first is NaN */
    pl_want_ranking *wants; /* [want] */
} pl_ranking;

/* The courses of the treatment's actor. Leaves by the arena's out_of_memory. */
void pl_ranking_make(pl_ranking *ranking, pl_arena *arena, const pl_play *play, const pl_against *against,
                     int replicates);
#endif
