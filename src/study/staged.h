/* Staged play solved: at each time the actors choose knowing what was done before, not what future they are in.
 *
 * The value of a sequence of profiles is the mean of each actor's payoff over the futures in which all sequences have
 * one. From the last time back, each node is a game whose payoffs are the values of what follows, and goes on with one
 * of its equilibria: backward induction (Selten, International Journal of Game Theory 4:25, 1975). Which equilibrium is
 * a rule that holds for the whole tree; the tree is solved under each of them. */
#ifndef PL_STAGED_H
#define PL_STAGED_H
#include "ensemble/stages.h"
#include "study/solution.h"

typedef struct pl_staged_rule {
    const char *name;     /* "logit", "joint", or an actor's: the equilibrium that is best for it */
    double **mixture;     /* [level][node x strategies + place of the strategy]: what is played */
    double **joint;       /* [level][node x profiles + profile] the probability of each profile there */
    double **value;       /* [level][node x actors + actor]; the last level's are the sequences' */
    int **count;          /* [level][node] equilibria that were found there */
    long several, lost;   /* nodes with several, and those where the limit of the logit branch was not found */
    bool complete;        /* all equilibria of all nodes are known */
    pl_interval *root;    /* [actor] the value at the start, with its interval over the futures */
} pl_staged_rule;

struct pl_staged {
    pl_arena arena;
    const pl_situation *situation; /* not owned: it outlives the play */
    pl_choice_set *courses;        /* [actor] */
    pl_stages stages;
    const int *order;              /* [actor] the turn in which each moves within a time; NULL: all at once */
    int strategies;                /* of all actors together: the width of a mixture */
    int *place;                    /* [actor] of its first strategy in a mixture */
    long *nodes;                   /* [level] 1, profiles, profiles^2, ...; the last: sequences */
    double *payoffs;               /* [leaf][actor][future] */
    long futures, *future;         /* those that count */
    pl_staged_rule *rules;
    int rule_count, selected;
};
#endif
