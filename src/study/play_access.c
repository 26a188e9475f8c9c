/* What the public interface gives of a game that was played: its equilibria. */
#include "study/play.h"
#include "study/staged.h"

int pl_play_count(const pl_play *play) { return play->solution->count; }

int pl_play_complete(const pl_play *play) { return play->solution->complete; }

double pl_play_probability(const pl_play *play, int equilibrium, int actor, int course) {
    return play->solution->equilibria[equilibrium].mixture[actor][course];
}

double pl_play_payoff(const pl_play *play, int equilibrium, int actor) {
    return play->solution->equilibria[equilibrium].payoffs[actor];
}

double pl_play_regret(const pl_play *play, int equilibrium) { return play->solution->equilibria[equilibrium].regret; }

pl_interval pl_staged_value(const pl_staged *staged, int actor) { return staged->rules[staged->selected].root[actor]; }

const pl_game *pl_play_game(const pl_play *play) { return play->game; }
