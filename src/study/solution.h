/* What solvers find of a game: Nash equilibria, what they span, and other solution concepts.
 *
 * A solver is one row of PL_SOLVERS: it takes a game and adds what it finds to a solution. */
#ifndef PL_SOLUTION_H
#define PL_SOLUTION_H
#include "study/game.h"

/* A Nash equilibrium: a probability for each strategy of each player. */
typedef struct pl_equilibrium {
    double **mixture; /* [player][strategy] */
    double *payoffs;  /* [player] */
    double *regrets;  /* [player]; 0 but for rounding */
    double regret;    /* the largest of them */
    long profile;     /* the profile where it is pure, else -1 */
    bool certified;   /* proved in rational arithmetic: every regret is exactly 0 */
    double radius;  /* exactly one solution of the equations of its support lies within this of each probability; 0: not shown */
    const char ***exact;        /* [player][strategy] the probabilities as "1/3"; NULL where not known exactly */
    const char **exact_payoffs; /* [player] likewise */
} pl_equilibrium;

/* A maximal Nash subset (Millham, Naval Research Logistics Quarterly 21:307, 1974) of a game of two players: the
 * equilibria that it lists are its extreme points, and a mixture of their strategies by each player, on its own, is an
 * equilibrium too. Indices into the solution's equilibria. */
typedef struct pl_nash_subset {
    int *equilibria;
    int count;
} pl_nash_subset;

/* A connected component of the set of equilibria: Nash subsets that touch. In a game that is not degenerate each
 * equilibrium is one alone. Two players only. */
typedef struct pl_component {
    int *equilibria;
    int count;
    pl_nash_subset *subsets;
    int subset_count;
} pl_component;

/* A strategy that a mixture of the player's others is better than, whatever the others do that is left. */
typedef struct pl_dominated {
    int player, strategy;
    double *by; /* [strategy] the mixture; of weak dominance a single strategy */
    int round;  /* of elimination, from 1 */
    bool weak;  /* as good everywhere that is left, and better somewhere: reported, not eliminated */
} pl_dominated;

/* Equilibria of more than two players that are not isolated, or not known to be: each of them lies between low and
 * high, and none that is not listed lies elsewhere (unless the solver ran out of operations). */
typedef struct pl_continuum {
    double **low, **high;    /* [player][strategy] */
    pl_equilibrium *member;  /* one of them; NULL: none was found, and there may be none */
} pl_continuum;

/* A logit quantal response equilibrium (McKelvey and Palfrey, Games and Economic Behavior 10:6, 1995). */
typedef struct pl_logit {
    double lambda;
    double **mixture; /* [player][strategy] */
    double *payoffs;  /* [player] */
} pl_logit;

/* A correlated equilibrium (Aumann, Journal of Mathematical Economics 1:67, 1974). */
typedef struct pl_correlated {
    const char *what;    /* what it is the best of, such as "highest welfare" */
    double *probability; /* [profile] */
    double *payoffs;     /* [player] */
    double welfare;      /* their sum */
    double regret;       /* the most that a player gains by not doing as told: 0 but for rounding */
    double bound;        /* no correlated equilibrium goes beyond this welfare, by the dual: `welfare` but for rounding */
} pl_correlated;

/* What comes of moving in an order: the play on the path, each actor best off against what follows. */
typedef struct pl_sequence {
    const int *stage;  /* [player] the stage in which each moves */
    double **mixture;  /* [player][strategy] on the path */
    double *payoffs;   /* [player] */
    int best_for;      /* which equilibrium a stage continues with: -2 the logit limit, -1 the highest sum of payoffs,
                        * else the best for this player */
    long several;      /* stages (one for each combination of earlier moves) that had several equilibria */
    long unsolved;     /* those for which none was found, or not the one that the rule asks for */
    double **reactions; /* [player][profile x strategies]: what a player does after the earlier moves of a profile, in
                         * which its own and all later strategies are the first */
} pl_sequence;

/* What players learned to play over rounds (regret matching). */
typedef struct pl_learned {
    long rounds;
    double **mixture; /* [player][strategy] how often each was played, on average over the rounds */
    double *payoffs;  /* [player] on average */
    double *regrets;  /* [player] what one fixed strategy would have given more than that: the rounds together are a coarse
                       * correlated equilibrium but for the largest of these */
} pl_learned;

struct pl_solution {
    pl_arena arena;
    pl_equilibrium *equilibria; /* Nash equilibria only, each once; of two players the extreme ones */
    int count, room;
    bool complete; /* these are known to be all the Nash equilibria there are (two players: all extreme ones) */
    pl_component *components;
    int component_count, component_room;
    pl_dominated *dominated; /* in the order of elimination, the weak ones last */
    int dominated_count, dominated_room;
    pl_continuum *continua;
    int continuum_count;
    pl_logit *logit; /* along the principal branch: those at a lambda, or all of its points in order */
    int logit_count, logit_room;
    pl_equilibrium *limit; /* where the principal branch leads as lambda grows; NULL: not found */
    pl_correlated *correlated;
    int correlated_count, correlated_room;
    long *cycle; /* [cycle_length] profiles that best responses go round in, one for each turn of all players */
    long cycle_length;
    pl_learned *learned; /* NULL: regret matching was not asked for */
    pl_sequence *sequences;
    int sequence_count, sequence_room;
    long long left;   /* operations that the solver at work may still spend (pl_solution_spend) */
    pl_arena scratch; /* what the solver at work needs only meanwhile: emptied when it is done */
};

/* The default budget of pl_solve_options. Work is counted in operations (a multiplication and an addition, or a
 * comparison), never in seconds, so that the same game gives the same bytes on any machine. A few seconds' worth. */
#define PL_SOLVE_BUDGET 2000000000LL

/* X(id, name, function, most players (0: any), what it finds) */
#define PL_SOLVERS(X)                                                                                                  \
    X(AUTO, "auto", pl_solve_auto, 0, "what suits the game: the rows of PL_PLAN")                                      \
    X(PURE, "pure", pl_solve_pure, 0, "every equilibrium in pure strategies, by looking for a gain in each profile")   \
    X(DOMINANCE, "dominance", pl_solve_dominance, 0, "iterated elimination of strictly dominated strategies")          \
    X(EXTREME, "extreme", pl_solve_extreme, 2, "all extreme equilibria of two players, by the vertices of polytopes")  \
    X(LOGIT, "logit", pl_solve_logit, 0, "logit quantal responses along the principal branch, and where it leads")     \
    X(SUPPORTS, "supports", pl_solve_supports, 0, "all equilibria of small games of any number of players")            \
    X(SEQUENTIAL, "sequential", pl_solve_sequential, 0, "play in the declared order, by backward induction")           \
    X(RESPONSES, "responses", pl_solve_responses, 0, "iterated best responses, to an equilibrium or round a cycle")    \
    X(MATCHING, "matching", pl_solve_matching, 0, "regret matching: average play, a coarse correlated equilibrium")    \
    X(CORRELATED, "correlated", pl_solve_correlated, 0, "correlated equilibria of highest and lowest welfare")

/* How many supports a game has: the product over players of (2 to the strategies) - 1. */
double pl_game_supports(const pl_game *game);
/* How many supports a game has after what the solution holds of dominance: the product over players of (2 to the
 * strategies that are left) - 1. */
double pl_solution_supports(const pl_solution *solution, const pl_game *game);
enum { PL_MOST_SUPPORTS = 10000 };

/* What "auto" does: the solvers that run one after the other, each with a budget of its own and each adding to the same
 * solution. X(id of the solver, when it runs), over the game g, the options o and the solution s so far. A solver that
 * looks for all equilibria sets s->complete where it had the budget to find them. */
#define PL_PLAN(X) \
    X(DOMINANCE, true) \
    X(EXTREME, g->player_count <= 2) \
    X(SUPPORTS, g->player_count > 2 && pl_solution_supports(s, g) <= PL_MOST_SUPPORTS) \
    X(PURE, !s->complete)             \
    X(SEQUENTIAL, o->stage != NULL) \
    X(LOGIT, true) \
    X(CORRELATED, true)

typedef enum pl_solver_id {
#define X(id, name, function, most, text) PL_SOLVER_##id,
    PL_SOLVERS(X)
#undef X
        PL_SOLVER_COUNT
} pl_solver_id;

typedef struct pl_solver {
    const char *name;
    void (*solve)(const pl_game *game, const pl_solve_options *options, pl_solution *solution);
    int most_players;
    const char *text;
} pl_solver;
extern const pl_solver pl_solvers[PL_SOLVER_COUNT];

/* ---- for solvers: the solution's arenas leave by longjmp where memory runs out ---------------------------------- */

/* A mixture of a game's size, all 0. */
double **pl_mixture_new(pl_arena *arena, const pl_game *game);
/* Adds an equilibrium with its payoffs and regrets, unless one whose probabilities all differ by less than
 * `tolerance` is there. The mixture is copied. Returns its index. */
int pl_solution_add(pl_solution *solution, const pl_game *game, double *const *mixture, double tolerance);

/* Adds an equilibrium that is known not to be there, all 0 but for its arrays' room; mixture[player] is NULL. */
pl_equilibrium *pl_solution_append(pl_solution *solution, const pl_game *game);
/* The profile in which each player's strategy has all the probability; -1 where one mixes. */
long pl_mixture_profile(const pl_game *game, double *const *mixture);
/* Takes operations from what is left; false where they are used up: the solver ends with what it has. */
static inline bool pl_solution_spend(pl_solution *solution, long long operations) {
    return (solution->left -= operations) >= 0;
}

#define X(id, name, function, most, text) \
    void function(const pl_game *game, const pl_solve_options *options, pl_solution *solution);
PL_SOLVERS(X)
#undef X
#endif
