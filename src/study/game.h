/* Normal-form games of n players with named strategies, and their solvers.
 *
 * A profile is one strategy for each player, numbered with the last player fastest; payoffs are [player][profile].
 * A solver is one row of PL_SOLVERS: it takes a game and adds what it finds to a solution. */
#ifndef PL_GAME_H
#define PL_GAME_H
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

typedef struct pl_player {
    const char *name;
    int strategy_count;
    const char **strategies; /* [strategy_count] */
} pl_player;

typedef struct pl_game {
    pl_arena arena;
    int player_count;
    pl_player *players;
    long profile_count;
    long *stride;    /* [player] how far apart in profiles two neighbouring strategies of the player lie */
    double *payoffs; /* [player][profile]; higher is better */
} pl_game;

/* A game with its strategies' names copied and payoffs all 0. PL_INVALID: no player, a player without a strategy, or
 * more profiles than memory has addresses for. */
pl_status pl_game_new(const pl_player *players, int player_count, pl_game **game, pl_error *error);
void pl_game_free(pl_game *game);

static inline double pl_game_payoff(const pl_game *g, int player, long profile) {
    return g->payoffs[(size_t)player * (size_t)g->profile_count + (size_t)profile];
}
/* The strategy of a player in a profile; the profile in which the player does something else instead. */
int pl_game_strategy(const pl_game *game, long profile, int player);
long pl_game_deviate(const pl_game *game, long profile, int player, int strategy);
/* The most that the player gains by another strategy while the others stay: 0 where none is better. */
double pl_game_regret(const pl_game *game, long profile, int player);
/* The largest regret of any player: 0 exactly at the pure Nash equilibria. */
double pl_game_profile_regret(const pl_game *game, long profile);
/* The profile of the smallest such regret that is no equilibrium (the first of them); -1 where all are. */
long pl_game_nearest_miss(const pl_game *game);

/* A strategy of a player against every combination of the others: in how many it is a best response, in how many the
 * only one. */
typedef struct pl_response {
    long combinations, best, only;
} pl_response;
pl_response pl_game_response(const pl_game *game, int player, int strategy);

/* ---- solutions ---------------------------------------------------------------------------------------- */

/* A Nash equilibrium: a probability for each strategy of each player. */
typedef struct pl_equilibrium {
    double **mixture; /* [player][strategy] */
    double *payoffs;  /* [player] */
    double *regrets;  /* [player]; 0 but for rounding */
    double regret;    /* the largest of them */
    long profile;     /* the profile where it is pure, else -1 */
} pl_equilibrium;

typedef struct pl_solution {
    pl_arena arena;
    pl_equilibrium *equilibria; /* each once, in the order of their profiles */
    int count, room;
    bool complete; /* these are known to be all the Nash equilibria there are */
} pl_solution;

/* X(id, name, function, what it finds) */
#define PL_SOLVERS(X) \
    X(PURE, "pure", pl_solve_pure, "every equilibrium in pure strategies, by looking for a gain in each profile")

typedef struct pl_solver {
    const char *name;
    void (*solve)(const pl_game *game, pl_solution *solution);
    const char *text;
} pl_solver;
extern const pl_solver pl_solvers[];
extern const int pl_solver_count;

/* Solves with the solver of a name (NULL: the first). PL_USAGE: no such solver; PL_MEMORY. */
pl_status pl_game_solve(const pl_game *game, const char *solver, pl_solution **solution, pl_error *error);
void pl_solution_free(pl_solution *solution);

/* Solvers allocate in the solution's arena, which leaves by longjmp where memory runs out. */
void pl_solve_pure(const pl_game *game, pl_solution *solution);
#endif
