/* The game between the actors, as text (play.c) and as JSON (play_json.c): what both need of it. */
#ifndef PL_REPORT_PLAY_H
#define PL_REPORT_PLAY_H
#include "report/solution.h"
#include "study/play.h"

/* Actors and courses by their titles. */
pl_game_names pl_play_names(const pl_play *play);
/* "actor: course; actor: course" of a profile. */
void pl_play_courses(pl_text *out, const pl_play *play, long profile);

static inline pl_interval pl_play_payoff_in(const pl_play *play, int actor, long profile) {
    return play->payoffs[(size_t)actor * (size_t)play->game->profile_count + (size_t)profile];
}
static inline pl_interval pl_play_expected_in(const pl_play *play, int equilibrium, int actor) {
    return play->expected[equilibrium * play->game->player_count + actor];
}

pl_status pl_play_json(const pl_play *play, char **text, size_t *length);
pl_status pl_play_csv(const pl_play *play, char **text, size_t *length);
/* The parts of the text that are printed where they were asked for. */
void pl_play_put_frontier(pl_text *out, const pl_play *play);
void pl_play_put_deviations(pl_text *out, const pl_play *play);
#endif
