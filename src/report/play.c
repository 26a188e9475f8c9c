/* The game and its equilibria: in words, and as JSON. */
#include "study/play.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/json.h"
#include "report/measures.h"

enum { DIGITS = 4 };

static const pl_actor *actor_of(const pl_play *play, int actor) { return &play->ensemble->situation->actors[actor]; }

static pl_interval payoff_of(const pl_play *play, int actor, long profile) {
    return play->payoffs[(size_t)actor * (size_t)play->game->profile_count + (size_t)profile];
}

/* ---- to read ------------------------------------------------------------------------------------------ */

static void put_courses(pl_text *out, const pl_play *play, long profile) {
    for (int a = 0; a < play->game->player_count; a++) {
        const pl_actor *actor = actor_of(play, a);
        const pl_course *course = &actor->courses[pl_game_strategy(play->game, profile, a)];
        pl_text_format(out, "%s%s: %s", a ? "; " : "", pl_actor_title(actor, PL_EN), pl_course_title(course, PL_EN));
    }
    pl_text_put(out, "\n");
}

static int widest_actor(const pl_play *play) {
    int width = 5;
    for (int a = 0; a < play->game->player_count; a++) {
        int own = pl_text_width(pl_actor_title(actor_of(play, a), PL_EN));
        if (own > width) width = own;
    }
    return width;
}

/* Each actor's payoff with its interval, and its regret; every actor has decimals of its own. */
static void put_payoffs(pl_text *out, const pl_play *play, long profile) {
    int width = widest_actor(play);
    pl_text_format(out, "   %-*s  %12s  %-27s  %s\n", width, "actor", "payoff", "95 % interval", "regret");
    for (int a = 0; a < play->game->player_count; a++) {
        pl_interval payoff = payoff_of(play, a, profile);
        char number[PL_ROUNDED_ROOM], low[PL_ROUNDED_ROOM], high[PL_ROUNDED_ROOM], range[2 * PL_ROUNDED_ROOM + 8];
        double largest = fmax(fabs(payoff.estimate), fmax(fabs(payoff.low), fabs(payoff.high))); /* NaN is left out */
        int decimals = pl_rounding(largest, DIGITS);
        pl_text_put(out, "   ");
        pl_text_left(out, pl_actor_title(actor_of(play, a), PL_EN), width);
        pl_text_format(out, "  %12s  ", pl_rounded(payoff.estimate, decimals, number));
        snprintf(range, sizeof range, "%s to %s", pl_rounded(payoff.low, decimals, low),
                 pl_rounded(payoff.high, decimals, high));
        if (isnan(payoff.low))
            snprintf(range, sizeof range, "n/a: %s", play->replicates ? "too few futures" : "one future");
        pl_text_left(out, range, 27);
        pl_text_format(out, "  %s\n", pl_rounded(pl_game_regret(play->game, profile, a), decimals, number));
    }
}

static void put_equilibria(pl_text *out, const pl_play *play) {
    const pl_solution *s = play->solution;
    if (s->count) pl_text_format(out, "Pure Nash equilibria: %d\n", s->count);
    else pl_text_put(out, "Pure Nash equilibria: none\n");
    if (!s->complete)
        pl_text_put(out, "(only courses played for certain are looked at: "
                         "equilibria in mixed strategies are not listed)\n");
    for (int i = 0; i < s->count; i++) {
        pl_text_format(out, "\n%d. ", i + 1);
        put_courses(out, play, s->equilibria[i].profile);
        put_payoffs(out, play, s->equilibria[i].profile);
        if (play->replicates)
            pl_text_format(out, "   stays an equilibrium in %.0f %% of %d bootstrap samples of the futures\n",
                           100 * play->share[i], play->replicates);
    }
    if (s->count == 0 && play->nearest_miss >= 0) {
        pl_text_put(out, "\nNearest to one (the smallest regret of any profile):\n   ");
        put_courses(out, play, play->nearest_miss);
        put_payoffs(out, play, play->nearest_miss);
    }
}

static const char *response_note(pl_response r) {
    if (r.only == r.combinations) return ": better than any other whatever they do";
    return r.best == r.combinations ? ": none is better whatever they do" : "";
}

static void put_responses(pl_text *out, const pl_play *play) {
    pl_text_put(out, "\nBest responses: to how many combinations of the others' courses each course is one\n");
    for (int a = 0; a < play->game->player_count; a++) {
        const pl_actor *actor = actor_of(play, a);
        pl_text_format(out, "   %s\n", pl_actor_title(actor, PL_EN));
        for (int k = 0; k < actor->course_count; k++) {
            pl_response r = pl_game_response(play->game, a, k);
            pl_text_put(out, "      ");
            pl_text_left(out, pl_course_title(&actor->courses[k], PL_EN), 36);
            pl_text_format(out, "  %ld of %ld%s\n", r.best, r.combinations, response_note(r));
        }
    }
}

static pl_status print_text(const pl_play *play, char **text, size_t *length) {
    char futures[PL_ROUNDED_ROOM];
    pl_text out = {0};
    pl_text_format(&out, "The game of %d actor%s over %ld profiles; a payoff is the mean over %s future%s\n",
                   play->game->player_count, play->game->player_count == 1 ? "" : "s", play->game->profile_count,
                   pl_rounded((double)play->futures, 0, futures), play->futures == 1 ? "" : "s");
    long left_out = play->ensemble->futures - play->futures;
    if (left_out) pl_text_format(&out, "(%ld futures are left out: a profile has no payoff in them)\n", left_out);
    put_equilibria(&out, play);
    if (play->none > 0)
        pl_text_format(&out, "\nIn %.0f %% of the bootstrap samples there is no pure equilibrium.\n", 100 * play->none);
    put_responses(&out, play);
    pl_text_put(&out, "\nRegret is what an actor gains at most by another course while the others keep theirs; in an\n"
                      "equilibrium no actor has any.\n");
    return pl_text_finish(&out, text, length);
}

/* ---- JSON --------------------------------------------------------------------------------------------- */

static json_t *strategies_object(const pl_play *play, double *const *mixture) {
    json_t *object = json_object();
    for (int a = 0; a < play->game->player_count; a++) {
        const pl_player *player = &play->game->players[a];
        json_t *courses = json_object();
        for (int k = 0; k < player->strategy_count; k++)
            pl_json_set(&courses, player->strategies[k], pl_json_number(mixture[a][k]));
        pl_json_set(&object, player->name, courses);
    }
    return object;
}

static json_t *actors_object(const pl_play *play, const double *values) {
    json_t *object = json_object();
    for (int a = 0; a < play->game->player_count; a++)
        pl_json_set(&object, play->game->players[a].name, pl_json_number(values[a]));
    return object;
}

static json_t *intervals_object(const pl_play *play, long profile) {
    json_t *object = json_object();
    for (int a = 0; a < play->game->player_count; a++)
        pl_json_set(&object, play->game->players[a].name, pl_json_interval(payoff_of(play, a, profile)));
    return object;
}

static json_t *equilibrium_object(const pl_play *play, int index) {
    const pl_equilibrium *e = &play->solution->equilibria[index];
    json_t *object = json_object();
    pl_json_set(&object, "strategies", strategies_object(play, e->mixture));
    pl_json_set(&object, "payoffs", actors_object(play, e->payoffs));
    pl_json_set(&object, "regret", pl_json_number(e->regret));
    pl_json_set(&object, "regrets", actors_object(play, e->regrets));
    if (e->profile >= 0) pl_json_set(&object, "intervals", intervals_object(play, e->profile));
    pl_json_set(&object, "share", pl_json_number(play->share[index]));
    return object;
}

static json_t *courses_object(const pl_play *play, long profile) {
    json_t *object = json_object();
    for (int a = 0; a < play->game->player_count; a++) {
        const pl_player *player = &play->game->players[a];
        pl_json_set(&object, player->name, pl_json_text(player->strategies[pl_game_strategy(play->game, profile, a)]));
    }
    return object;
}

static json_t *profile_object(const pl_play *play, long profile) {
    json_t *object = json_object(), *regrets = json_object();
    pl_json_set(&object, "courses", courses_object(play, profile));
    pl_json_set(&object, "payoffs", intervals_object(play, profile));
    for (int a = 0; a < play->game->player_count; a++)
        pl_json_set(&regrets, play->game->players[a].name, pl_json_number(pl_game_regret(play->game, profile, a)));
    pl_json_set(&object, "regrets", regrets);
    return object;
}

static pl_status print_json(const pl_play *play, char **text, size_t *length) {
    json_t *tree = json_object(), *equilibria = json_array(), *profiles = json_array();
    for (int i = 0; i < play->solution->count; i++) pl_json_append(&equilibria, equilibrium_object(play, i));
    pl_json_set(&tree, "equilibria", equilibria);
    pl_json_set(&tree, "complete", json_boolean(play->solution->complete));
    pl_json_set(&tree, "futures", json_integer(play->futures));
    pl_json_set(&tree, "replicates", json_integer(play->replicates));
    pl_json_set(&tree, "without_pure", pl_json_number(play->none));
    if (play->nearest_miss >= 0) pl_json_set(&tree, "nearest", profile_object(play, play->nearest_miss));
    for (long p = 0; p < play->game->profile_count; p++) pl_json_append(&profiles, profile_object(play, p));
    pl_json_set(&tree, "profiles", profiles);
    return pl_json_finish(tree, text, length);
}

pl_status pl_play_print(const pl_play *play, pl_format format, char **text, size_t *length) {
    if (format == PL_FORMAT_CSV) return PL_UNSUPPORTED;
    return format == PL_FORMAT_JSON ? print_json(play, text, length) : print_text(play, text, length);
}
