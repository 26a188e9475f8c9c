/* The outlook: one game per future, in which each side knows the world and what everybody wants in it.  Which profiles
 * are equilibria there, and which one is played, future by future, ready for what asks when each happens. */
#ifndef PL_OUTLOOK_H
#define PL_OUTLOOK_H
#include "ensemble/ensemble.h"
#include "study/resample.h"

/* A profile that is a pure equilibrium in some futures; profile -1: futures that have none. */
typedef struct pl_outlook_row {
    long profile;
    pl_interval share;  /* of the futures in which it is an equilibrium */
    pl_interval played; /* of the futures in which it is the one that is played */
} pl_outlook_row;

typedef struct pl_outlook {
    pl_outlook_row *rows; /* the most often played first */
    int count;
    int *row;             /* [future of the ensemble] the row that is played; -1 where payoffs are missing */
    int *equilibria;      /* [future of the ensemble] how many pure equilibria its game has */
    pl_interval several;  /* the share of futures with more than one */
    pl_interval **courses; /* [actor][course] the share of the futures in which it is played */
} pl_outlook;

/* The sum of the payoffs in a profile. */
double pl_game_joint(const pl_game *game, long profile);

/* Of several equilibria of a future the one is played that the actors' payoffs in sum speak for; of equal ones the
 * first. Leaves by the arena's out_of_memory. */
void pl_outlook_make(pl_outlook *outlook, pl_arena *arena, const pl_ensemble *ensemble, const pl_game *game,
                     const pl_sample *sample);
#endif
