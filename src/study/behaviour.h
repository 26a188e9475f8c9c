/* What solvers find of a game in extensive form: equilibria in behaviour strategies, a probability for each action of
 * each information set.
 *
 * The tree is solved subgame by subgame, from the last ones on: a subgame that is solved stands as its value in what
 * comes before it, so that every equilibrium is subgame perfect (Selten, Zeitschrift fuer die gesamte Staatswissenschaft
 * 121:301, 1965).  Where a subgame has several equilibria each is carried on, up to a limit.  With perfect information
 * this is backward induction, and the equilibria are sequential ones. */
#ifndef PL_BEHAVIOUR_H
#define PL_BEHAVIOUR_H
#include "parley.h"
#include "study/solution.h"
#include "study/tree.h"

typedef struct pl_behaviour {
    mpq_t *probabilities; /* [action] of all players' sets */
    mpq_t *payoffs;       /* [player] */
    mpq_t *regrets;       /* [player] what the best other strategy would gain */
    bool *reached;        /* [set] with a positive probability */
    bool exact;           /* the probabilities are rational numbers, not the nearest doubles of a numerical solution */
} pl_behaviour;

/* An agent logit quantal response equilibrium (McKelvey and Palfrey, Experimental Economics 1:9, 1998): at each set the
 * player's agent there responds to what its actions give on the condition that the set is reached. */
typedef struct pl_agent_logit {
    double lambda;         /* infinity: the limit of the branch */
    double *probabilities; /* [action] */
    double *payoffs;       /* [player] */
} pl_agent_logit;

struct pl_tree_solution {
    pl_arena arena;
    pl_rationals rationals;
    const pl_tree *tree;
    const char *method;      /* how it was solved, in words */
    pl_behaviour *equilibria;
    int count, room;
    bool complete;           /* these are all: all extreme ones of each subgame, where two players act in it */
    bool cut_off;            /* there are more than the limit */
    int subgames;            /* that were solved, the whole game included */
    int ties;                /* subgames that had several equilibria */
    pl_component *components; /* two players, and a game without proper subgames */
    int component_count;
    pl_agent_logit *logit;
    int logit_count, logit_room;
    int limit;               /* the equilibrium that the logit branch leads to; -1: none of those found */
    /* Without perfect recall: the full normal form and its solution, in mixed strategies. NULL else. */
    pl_game *game;
    pl_solution *mixed;
};

/* X(id, name, what it does) */
#define PL_TREE_SOLVERS(X)                                                                                             \
    X(AUTO, "auto", "subgame by subgame: by comparison where one player acts, all extreme equilibria of the sequence "  \
                    "form where two do, the reduced normal form where more do; and the limit of agent logit")          \
    X(SEQUENCE, "sequence", "all extreme Nash equilibria of a game of two players, subgame perfect or not, by the "     \
                            "sequence form")                                                                           \
    X(LP, "lp", "one equilibrium of a zero-sum game of two players, by a linear program over the sequence form")        \
    X(LEMKE, "lemke", "one equilibrium of a game of two players, by Lemke's algorithm on the sequence form")            \
    X(LOGIT, "logit", "the agent logit equilibrium of --lambda, or the limit of its principal branch")                  \
    X(NORMAL, "normal", "the equilibria of the reduced normal form, in mixed strategies")

typedef enum pl_tree_solver {
#define X(id, name, text) PL_TREE_##id,
    PL_TREE_SOLVERS(X)
#undef X
        PL_TREE_SOLVER_COUNT
} pl_tree_solver;

/* See pl_game_file_solve. */
pl_status pl_tree_solve(const pl_tree *tree, const char *solver, const pl_solve_options *options,
                        pl_tree_solution **solution, pl_error *error);
#endif
