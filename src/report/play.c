/* The game and its equilibria in words.  What was asked for besides is in play_answers.c, JSON and CSV in play_json.c. */
#include "report/play.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/measures.h"

enum { DIGITS = 4, MOST_LISTED = 20, MOST_ROWS = 12 };

static const pl_actor *actor_of(const pl_play *play, int actor) { return &play->ensemble->situation->actors[actor]; }

/* ---- names -------------------------------------------------------------------------------------------- */

static const char *actor_title(const void *context, int actor) { return pl_actor_title(actor_of(context, actor), PL_EN); }

static const char *course_title(const void *context, int actor, int course) {
    return pl_course_title(&actor_of(context, actor)->courses[course], PL_EN);
}

pl_game_names pl_play_names(const pl_play *play) {
    return (pl_game_names){play->game, actor_title, course_title, play};
}

void pl_play_courses(pl_text *out, const pl_play *play, long profile) {
    for (int a = 0; a < play->game->player_count; a++)
        pl_text_format(out, "%s%s: %s", a ? "; " : "", actor_title(play, a),
                       course_title(play, a, pl_game_strategy(play->game, profile, a)));
}

static void put_mixture(pl_text *out, const pl_play *play, const pl_equilibrium *e) {
    pl_game_names names = pl_play_names(play);
    for (int a = 0; a < play->game->player_count; a++) {
        pl_text_format(out, "%s%s: ", a ? "; " : "", actor_title(play, a));
        pl_mixture_text(out, &names, a, e->mixture[a], NULL);
    }
    pl_text_put(out, "\n");
}

static int widest_actor(const pl_play *play) {
    int width = 5;
    for (int a = 0; a < play->game->player_count; a++) {
        int own = pl_text_width(actor_title(play, a));
        if (own > width) width = own;
    }
    return width;
}

/* ---- equilibria --------------------------------------------------------------------------------------- */

/* An actor's payoff with its interval, and its regret; every actor has decimals of its own. */
static void put_payoff(pl_text *out, const pl_play *play, int actor, pl_interval payoff, double regret) {
    char number[PL_ROUNDED_ROOM], low[PL_ROUNDED_ROOM], high[PL_ROUNDED_ROOM], range[2 * PL_ROUNDED_ROOM + 8];
    double largest = fmax(fabs(payoff.estimate), fmax(fabs(payoff.low), fabs(payoff.high))); /* NaN is left out */
    int decimals = pl_rounding(largest, DIGITS);
    pl_text_put(out, "   ");
    pl_text_left(out, actor_title(play, actor), widest_actor(play));
    pl_text_format(out, "  %12s  ", pl_rounded(payoff.estimate, decimals, number));
    snprintf(range, sizeof range, "%s to %s", pl_rounded(payoff.low, decimals, low),
             pl_rounded(payoff.high, decimals, high));
    if (isnan(payoff.low)) snprintf(range, sizeof range, "n/a: %s", play->replicates ? "too few futures" : "one future");
    pl_text_left(out, range, 27);
    pl_text_format(out, "  %s\n", pl_rounded(regret, decimals, number));
}

static void put_payoff_head(pl_text *out, const pl_play *play) {
    pl_text_format(out, "   %-*s  %12s  %-27s  %s\n", widest_actor(play), "actor", "payoff", "95 % interval", "regret");
}

static void put_payoffs(pl_text *out, const pl_play *play, long profile) {
    put_payoff_head(out, play);
    for (int a = 0; a < play->game->player_count; a++)
        put_payoff(out, play, a, pl_play_payoff_in(play, a, profile), pl_game_regret(play->game, profile, a));
}

/* How sure it is that an equilibrium of the sample is one. */
static void put_standing(pl_text *out, const pl_play *play, int index) {
    char bound[PL_ROUNDED_ROOM];
    const pl_equilibrium *e = &play->solution->equilibria[index];
    if (!play->replicates) return;
    if (!isnan(play->share[index]))
        pl_text_format(out, "   %s in %.0f %% of %d bootstrap samples of the futures\n",
                       e->profile >= 0 ? "stays an equilibrium" : "an equilibrium with the same courses is there",
                       100 * play->share[index], play->replicates);
    if (isnan(play->bound[index])) return;
    if (play->bound[index] > 0)
        pl_text_format(out, "   over all futures nobody would gain more than %s by leaving it (one-sided 95 %% bound)\n",
                       pl_rounded(play->bound[index], pl_rounding(play->bound[index], DIGITS - 1), bound));
    else
        pl_text_put(out, "   over all futures nobody would gain by leaving it (one-sided 95 % bound)\n");
}

static void put_equilibrium(pl_text *out, const pl_play *play, int index) {
    const pl_equilibrium *e = &play->solution->equilibria[index];
    pl_text_format(out, "\n%d. ", index + 1);
    put_mixture(out, play, e);
    put_payoff_head(out, play);
    for (int a = 0; a < play->game->player_count; a++)
        put_payoff(out, play, a, pl_play_expected_in(play, index, a), e->regrets[a]);
    put_standing(out, play, index);
}

static void put_equilibria(pl_text *out, const pl_play *play) {
    const pl_solution *s = play->solution;
    pl_game_names names = pl_play_names(play);
    pl_equilibria_heading(out, play->game, s);
    for (int i = 0; i < s->count && i < MOST_LISTED; i++) put_equilibrium(out, play, i);
    if (s->count > MOST_LISTED) pl_text_format(out, "\n... and %d more (--json lists all)\n", s->count - MOST_LISTED);
    if (s->count == 0 && play->nearest_miss >= 0) {
        pl_text_put(out, "\nNearest to one (the smallest regret of any profile):\n   ");
        pl_play_courses(out, play, play->nearest_miss);
        pl_text_put(out, "\n");
        put_payoffs(out, play, play->nearest_miss);
    }
    pl_solution_text(out, &names, s);
    if (play->none > 0)
        pl_text_format(out, "\nIn %.0f %% of the bootstrap samples there is no pure equilibrium.\n", 100 * play->none);
}

/* ---- what they cost together ----------------------------------------------------------------------------- */

static double joint_of(const pl_play *play, int equilibrium) {
    double sum = 0;
    for (int a = 0; a < play->game->player_count; a++) sum += play->solution->equilibria[equilibrium].payoffs[a];
    return sum;
}

/* The price of anarchy is a ratio where payoffs are positive (Koutsoupias and Papadimitriou, STACS 1999), else what is
 * lost says the same. */
static void put_joint(pl_text *out, const pl_play *play) {
    double best = pl_game_joint(play->game, play->best_joint), low = INFINITY, high = -INFINITY;
    char number[3][PL_ROUNDED_ROOM];
    for (int i = 0; i < play->solution->count; i++) {
        low = fmin(low, joint_of(play, i));
        high = fmax(high, joint_of(play, i));
    }
    int decimals = pl_rounding(fmax(fabs(best), play->solution->count ? fmax(fabs(low), fabs(high)) : 0), DIGITS);
    pl_text_format(out, "\nBest for all together (the highest sum of payoffs, %s):\n   ", pl_rounded(best, decimals, number[0]));
    pl_play_courses(out, play, play->best_joint);
    pl_text_put(out, "\n");
    if (!play->solution->count) return;
    if (best - low <= 1e-9 * fmax(1, fabs(best)))
        pl_text_put(out, "   in equilibrium the sum is the same: nothing is lost");
    else if (high - low <= 1e-9 * fmax(1, fabs(high)))
        pl_text_format(out, "   in equilibrium the sum is %s: %s are lost", pl_rounded(low, decimals, number[0]),
                       pl_rounded(best - low, decimals, number[1]));
    else
        pl_text_format(out, "   in equilibrium the sum is %s to %s: at worst %s are lost",
                       pl_rounded(low, decimals, number[0]), pl_rounded(high, decimals, number[1]),
                       pl_rounded(best - low, decimals, number[2]));
    if (low > 0) pl_text_format(out, ", a price of anarchy of %s", pl_rounded(best / low, 3, number[0]));
    pl_text_put(out, "\n");
}

/* ---- who answers what ------------------------------------------------------------------------------------ */

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

/* The change that leads from a profile to the next. */
static void put_change(pl_text *out, const pl_play *play, long from, long to) {
    for (int a = 0; a < play->game->player_count; a++) {
        int course = pl_game_strategy(play->game, to, a);
        if (course == pl_game_strategy(play->game, from, a)) continue;
        pl_text_format(out, "   %s: %s\n", actor_title(play, a), course_title(play, a, course));
    }
}

static void put_path(pl_text *out, const pl_play *play) {
    long at = play->ensemble->base, ended = 0, steps = 0;
    for (long p = 0; p < play->game->profile_count; p++) ended += play->paths.end[p] >= 0;
    pl_text_format(out, "\nFrom the base, each answering in turn with its best course:\n");
    if (play->paths.next[at] == at) pl_text_put(out, "   nobody changes\n");
    for (; play->paths.next[at] != at && steps < MOST_ROWS; steps++) {
        put_change(out, play, at, play->paths.next[at]);
        at = play->paths.next[at];
    }
    pl_text_format(out, "   %s; of %ld profiles %ld lead to an equilibrium so\n",
                   play->paths.end[play->ensemble->base] < 0 ? "this goes on for ever"
                   : play->paths.next[at] == at              ? "and so to an equilibrium"
                                                             : "... and in the end to an equilibrium",
                   play->game->profile_count, ended);
}

/* ---- where each side knows the world --------------------------------------------------------------------- */

static void put_outlook_row(pl_text *out, const pl_play *play, const pl_outlook_row *row) {
    pl_text_format(out, "   in %.0f %% of futures", 100 * row->played.estimate);
    if (isnan(row->played.low)) pl_text_put(out, ": ");
    else pl_text_format(out, " (%.0f to %.0f): ", 100 * fmax(0, row->played.low), 100 * fmin(1, row->played.high));
    if (row->profile < 0) pl_text_put(out, "no equilibrium in courses played for certain");
    else pl_play_courses(out, play, row->profile);
    if (row->share.estimate > row->played.estimate)
        pl_text_format(out, " [an equilibrium in %.0f %%]", 100 * row->share.estimate);
    pl_text_put(out, "\n");
}

static void put_outlook(pl_text *out, const pl_play *play) {
    const pl_outlook *o = &play->outlook;
    pl_text_put(out, "\nWhere each side knows which future it is in: what is played then, and its 95 % interval\n");
    for (int i = 0; i < o->count && i < MOST_ROWS; i++) put_outlook_row(out, play, &o->rows[i]);
    if (o->count > MOST_ROWS) pl_text_format(out, "   ... and %d more (--json lists all)\n", o->count - MOST_ROWS);
    if (o->several.estimate > 0)
        pl_text_format(out, "   (in %.0f %% there are several equilibria: the highest sum of payoffs is played)\n",
                       100 * o->several.estimate);
    for (int a = 0; a < play->game->player_count; a++) {
        pl_text_format(out, "   %s:", actor_title(play, a));
        const char *separator = "";
        for (int k = 0; k < play->game->players[a].strategy_count; k++) {
            if (o->courses[a][k].estimate <= 0) continue;
            pl_text_format(out, "%s %.0f %% %s", separator, 100 * o->courses[a][k].estimate, course_title(play, a, k));
            separator = ",";
        }
        pl_text_put(out, "\n");
    }
}

/* ---- the whole ------------------------------------------------------------------------------------------- */

static pl_status print_text(const pl_play *play, char **text, size_t *length) {
    char futures[PL_ROUNDED_ROOM];
    pl_text out = {0};
    pl_text_format(&out, "The game of %d actor%s over %ld profile%s; a payoff is the mean over %s future%s\n",
                   play->game->player_count, pl_plural(play->game->player_count), play->game->profile_count,
                   pl_plural(play->game->profile_count), pl_rounded((double)play->futures, 0, futures),
                   pl_plural(play->futures));
    long left_out = play->ensemble->futures - play->futures;
    if (left_out) pl_text_format(&out, "(%ld future%s left out: a profile has no payoff there)\n", left_out,
                                 left_out == 1 ? " is" : "s are");
    put_equilibria(&out, play);
    put_outlook(&out, play);
    put_joint(&out, play);
    put_responses(&out, play);
    put_path(&out, play);
    pl_play_put_frontier(&out, play);
    pl_play_put_deviations(&out, play);
    pl_text_put(&out, "\nRegret is what an actor gains at most by another course while the others keep theirs; in an\n"
                      "equilibrium no actor has any.\n");
    return pl_text_finish(&out, text, length);
}

pl_status pl_play_print(const pl_play *play, pl_format format, char **text, size_t *length) {
    if (format == PL_FORMAT_CSV) return pl_play_csv(play, text, length);
    return format == PL_FORMAT_JSON ? pl_play_json(play, text, length) : print_text(play, text, length);
}
