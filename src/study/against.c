/* See against.h. */
#include "study/against.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "study/deviation.h"

const char *const pl_others_names[PL_OTHERS_COUNT] = {
#define X(id, name, text) name,
    PL_OTHERS(X)
#undef X
};
const char *const pl_others_texts[PL_OTHERS_COUNT] = {
#define X(id, name, text) text,
    PL_OTHERS(X)
#undef X
};

pl_status pl_others_find(const pl_ensemble *e, const char *name, pl_others_kind *kind, long *profile, pl_error *error) {
    *profile = e->base;
    *kind = PL_OTHERS_RESPONSE;
    if (!name) return PL_OK;
    for (int i = 0; i < PL_OTHERS_PROFILE; i++) {
        *kind = (pl_others_kind)i;
        if (strcmp(name, pl_others_names[i]) == 0) return PL_OK;
    }
    *kind = PL_OTHERS_PROFILE;
    pl_error found;
    if (pl_profile_find(e, name, profile, &found) == PL_OK) return PL_OK;
    char rows[200] = "";
    for (int i = 0; i < PL_OTHERS_PROFILE; i++) {
        size_t used = strlen(rows);
        snprintf(rows + used, sizeof rows - used, "%s'%s'", i ? ", " : "", pl_others_names[i]);
    }
    return pl_error_set(error, PL_USAGE, NULL, 0, 0, "against '%.60s': neither %s nor a named profile (%.300s)", name,
                        rows,
                        found.message);
}

/* ---- profiles ------------------------------------------------------------------------------------------- */

static void set_one(pl_answer *answer, pl_arena *arena, long profile) {
    answer->count = 1;
    answer->profile = PL_ARRAY(arena, 1, long);
    answer->weight = PL_ARRAY(arena, 1, double);
    answer->profile[0] = profile;
    answer->weight[0] = 1;
}

/* The profiles in which the actor plays the course, with the probability that the others' mixture gives them (NULL:
 * each the same). */
static void set_mixture(pl_answer *answer, pl_arena *arena, const pl_game *game, int actor, int course,
                        double *const *mixture) {
    long all = game->profile_count / game->players[actor].strategy_count;
    answer->profile = PL_ARRAY(arena, all, long);
    answer->weight = PL_ARRAY(arena, all, double);
    for (long p = 0; p < game->profile_count; p++) {
        if (pl_game_strategy(game, p, actor) != course) continue;
        double weight = mixture ? 1 : 1 / (double)all;
        for (int j = 0; mixture && j < game->player_count; j++)
            if (j != actor) weight *= mixture[j][pl_game_strategy(game, p, j)];
        if (weight <= 0) continue;
        answer->profile[answer->count] = p;
        answer->weight[answer->count++] = weight;
    }
}

static void find_worst(pl_answer *answer, pl_arena *arena, const pl_play *play, int actor, int course) {
    const pl_game *game = play->game;
    answer->worst = PL_ARRAY(arena, play->futures, long);
    for (long k = 0; k < play->futures; k++) {
        long worst = -1;
        for (long p = 0; p < game->profile_count; p++) {
            if (pl_game_strategy(game, p, actor) != course) continue;
            const double *own = pl_sample_column(&play->sample, game->profile_count, actor, p);
            if (worst < 0 || own[k] < pl_sample_column(&play->sample, game->profile_count, actor, worst)[k]) worst = p;
        }
        answer->worst[k] = worst;
    }
}

/* ---- answers -------------------------------------------------------------------------------------------- */

/* The game of the others once the actor's course is fixed: mean payoffs. */
static pl_status make_rest(const pl_game *game, int actor, int course, pl_game **rest, pl_error *error) {
    pl_player players[64];
    int count = 0;
    for (int j = 0; j < game->player_count; j++)
        if (j != actor) players[count++] = game->players[j];
    pl_status status = pl_game_new(players, count, rest, error);
    if (status != PL_OK) return status;
    long at = 0;
    for (long p = 0; p < game->profile_count; p++) { /* the others' profiles come in the order of the rest's */
        if (pl_game_strategy(game, p, actor) != course) continue;
        for (int j = 0, i = 0; j < game->player_count; j++)
            if (j != actor)
                (*rest)->payoffs[(size_t)i++ * (size_t)(*rest)->profile_count + (size_t)at] = pl_game_payoff(game, j, p);
        at++;
    }
    return PL_OK;
}

/* The profile of the whole game for one of the rest's. */
static long whole_profile(const pl_game *game, int actor, int course, long rest) {
    long at = 0;
    for (long p = 0; p < game->profile_count; p++)
        if (pl_game_strategy(game, p, actor) == course && at++ == rest) return p;
    return -1;
}

/* Of several equilibria in courses played for certain, the one that the payoffs in sum speak for, as in the outlook. */
static long best_pure(const pl_game *rest) {
    long best = -1;
    for (long p = 0; p < rest->profile_count; p++)
        if (pl_game_profile_regret(rest, p) <= 0 && (best < 0 || pl_game_joint(rest, p) > pl_game_joint(rest, best)))
            best = p;
    return best;
}

static void set_mixed_answer(pl_answer *answer, pl_arena *arena, const pl_game *game, int actor, int course,
                             const pl_equilibrium *e) {
    double **mixture = PL_ARRAY(arena, game->player_count, double *);
    for (int j = 0, i = 0; j < game->player_count; j++)
        if (j != actor) mixture[j] = e->mixture[i++];
    set_mixture(answer, arena, game, actor, course, mixture);
}

static pl_status answer_course(pl_answer *answer, pl_arena *arena, const pl_game *game, int actor, int course,
                               pl_error *error) {
    pl_game *rest = NULL;
    pl_solution *solution = NULL;
    pl_status status = make_rest(game, actor, course, &rest, error);
    if (status != PL_OK) return status;
    long pure = best_pure(rest);
    answer->pure = answer->found = pure >= 0;
    if (pure < 0) status = pl_game_solve(rest, NULL, NULL, &solution, error);
    if (status == PL_OK && solution && solution->count) {
        answer->found = true;
        set_mixed_answer(answer, arena, game, actor, course, &solution->equilibria[0]);
    } else if (status == PL_OK) {
        set_one(answer, arena, whole_profile(game, actor, course, pure >= 0 ? pure : pl_game_nearest_miss(rest)));
    }
    pl_solution_free(solution);
    pl_game_free(rest);
    return status;
}

/* ---- the whole -------------------------------------------------------------------------------------------- */

/* The equilibrium that is played of several: in courses played for certain the highest sum of payoffs; else the
 * first. */
static int find_equilibrium(const pl_play *play) {
    int best = play->solution->count ? 0 : -1;
    for (int i = 0; i < play->solution->count; i++) {
        long profile = play->solution->equilibria[i].profile, held = play->solution->equilibria[best].profile;
        if (profile >= 0 && (held < 0 || pl_game_joint(play->game, profile) > pl_game_joint(play->game, held)))
            best = i;
    }
    return best;
}

pl_status pl_against_make(pl_against *against, pl_arena *arena, const pl_play *play, int actor, pl_others_kind kind,
                          long profile, pl_error *error) {
    const pl_game *game = play->game;
    int courses = game->players[actor].strategy_count;
    if (game->player_count == 1) kind = PL_OTHERS_BASE;
    *against = (pl_against){.kind = kind, .actor = actor, .profile = profile, .equilibrium = find_equilibrium(play)};
    against->answers = PL_ARRAY(arena, courses, pl_answer);
    if (kind == PL_OTHERS_BASE) against->profile = play->ensemble->base;
    if (kind == PL_OTHERS_EQUILIBRIUM && against->equilibrium < 0)
        return pl_error_set(error, PL_INVALID, NULL, 0, 0,
                            "no equilibrium was found for the others to play: weigh against another treatment of them");
    for (int k = 0; k < courses; k++) {
        pl_answer *answer = &against->answers[k];
        pl_status status = PL_OK;
        switch (kind) {
        case PL_OTHERS_RESPONSE: status = answer_course(answer, arena, game, actor, k, error); break;
        case PL_OTHERS_EQUILIBRIUM:
            set_mixture(answer, arena, game, actor, k, play->solution->equilibria[against->equilibrium].mixture);
            break;
        case PL_OTHERS_MEAN: set_mixture(answer, arena, game, actor, k, NULL); break;
        case PL_OTHERS_WORST: find_worst(answer, arena, play, actor, k); break;
        case PL_OTHERS_BASE:
        case PL_OTHERS_PROFILE:
        case PL_OTHERS_COUNT: set_one(answer, arena, pl_game_deviate(game, against->profile, actor, k)); break;
        }
        if (status != PL_OK) return status;
    }
    return PL_OK;
}

void pl_against_values(const pl_against *against, const pl_play *play, const double *values, int course, double *out) {
    const pl_answer *answer = &against->answers[course];
    size_t futures = (size_t)play->ensemble->futures;
    const long *future = play->sample.future;
    if (answer->worst) {
        for (long k = 0; k < play->futures; k++)
            out[k] = values[(size_t)answer->worst[k] * futures + (size_t)future[k]];
        return;
    }
    for (long k = 0; k < play->futures; k++) out[k] = 0;
    for (int i = 0; i < answer->count; i++) {
        const double *column = values + (size_t)answer->profile[i] * futures;
        for (long k = 0; k < play->futures; k++) out[k] += answer->weight[i] * column[future[k]];
    }
}
