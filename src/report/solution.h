/* What solvers found of a game, as text and as JSON: whole (pl_solution_print), or in pieces for `play`, which says more
 * of an equilibrium. */
#ifndef PL_REPORT_SOLUTION_H
#define PL_REPORT_SOLUTION_H
#include "report/json.h"
#include "study/solution.h"

/* {player: value}; {player: {strategy: probability}} */
json_t *pl_game_values_json(const pl_game *game, const double *values);
json_t *pl_game_mixture_json(const pl_game *game, double *const *mixture);
/* {"strategies", "payoffs", "regret", "regrets", "certified"} and, where it is known exactly, {"exact",
 * "exact_payoffs"} with rational numbers as text. */
json_t *pl_equilibrium_json(const pl_game *game, const pl_equilibrium *equilibrium);
/* Adds what a solution holds beside its equilibria: "complete", "components", "qre", "correlated", "stackelberg". */
void pl_solution_json(json_t **tree, const pl_game *game, const pl_solution *solution);

/* The components of degenerate games, by numbers of equilibria: [{"equilibria", "nash_subsets"}], and in words where one
 * holds several. */
json_t *pl_components_json(const pl_component *components, int count);
void pl_components_text(pl_text *out, const pl_component *components, int count);

/* How players and strategies are called in text: the game's own names where the functions are NULL. */
typedef struct pl_game_names {
    const pl_game *game;
    const char *(*player)(const void *context, int player);
    const char *(*strategy)(const void *context, int player, int strategy);
    const void *context;
} pl_game_names;
const char *pl_player_name(const pl_game_names *names, int player);
const char *pl_strategy_name(const pl_game_names *names, int player, int strategy);
/* A mixture in words: "1/3 stay + 2/3 go", "stay" where it is pure. exact: the probabilities as text, or NULL. */
void pl_mixture_text(pl_text *out, const pl_game_names *names, int player, const double *mixture,
                     const char *const *exact);
/* The heading of the equilibria with their number and how far they are known to be all. */
void pl_equilibria_heading(pl_text *out, const pl_game *game, const pl_solution *solution);
/* Components of degenerate games, quantal responses, correlated equilibria, and play in an order: what there is. */
void pl_solution_text(pl_text *out, const pl_game_names *names, const pl_solution *solution);
#endif
