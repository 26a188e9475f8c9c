/* Pure Nash equilibria (Nash, PNAS 36:48, 1950): the profiles in which no player gains by leaving alone.  Payoffs are
 * compared exactly: equal numbers are ties. */
#include "study/solution.h"

void pl_solve_pure(const pl_game *game, const pl_solve_options *options, pl_solution *solution) {
    (void)options;
    double **mixture = pl_mixture_new(&solution->arena, game);
    for (long p = 0; p < game->profile_count; p++) {
        if (pl_game_profile_regret(game, p) > 0) continue;
        for (int i = 0; i < game->player_count; i++) mixture[i][pl_game_strategy(game, p, i)] = 1;
        pl_solution_add(solution, game, mixture, 0);
        for (int i = 0; i < game->player_count; i++) mixture[i][pl_game_strategy(game, p, i)] = 0;
    }
    /* With one strategy each there is nothing to mix; otherwise mixed equilibria were not looked for. */
    solution->complete = game->profile_count == 1;
}
