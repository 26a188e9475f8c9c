/* The reader of games in normal form (.nfg): strategies as numbers or as names, then payoffs, or outcomes with payoffs
 * and the outcome of each profile.  In the file the first player's strategy changes fastest, in a pl_game the last
 * one's. */
#include <string.h>

#include "study/gamefile.h"

enum { MOST_PAYOFFS = 10000000 };

typedef struct outcome {
    const char **texts; /* [player] exact */
    double *values;     /* [player] nearest */
} outcome;

typedef struct table {
    pl_game_reader *r;
    pl_player *players;
    int player_count;
    mpq_t *number; /* the one read last */
    outcome *outcomes;
    int outcome_count, outcome_room;
} table;

/* ---- players and strategies --------------------------------------------------------------------------- */

static void name_strategies(table *t, pl_player *player, const char **names) {
    player->strategies = pl_labels(t->r->arena, names, player->strategy_count);
}

/* For each profile the text has at least a byte, so a few bytes cannot ask for many strategies. */
static void count_strategies(table *t) {
    enum { FEW = 10000 }; /* so few are counted to the end, and then compared with what the text may hold */
    long left = t->r->end - t->r->at, most = left < 1 ? 1 : left < MOST_PAYOFFS ? left : MOST_PAYOFFS, profiles = 1;
    for (int i = 0; i < t->player_count; i++) {
        pl_player *player = &t->players[i];
        pl_lexeme at = t->r->next;
        player->strategy_count = (int)pl_lexeme_whole(t->r, 1, most, "a number of strategies");
        profiles *= player->strategy_count;
        if (profiles > FEW && profiles > most)
            pl_lexeme_fail(t->r, &at, "the game has %ld profiles or more, for which the file is too short", profiles);
        const char **names = PL_ARRAY(t->r->arena, player->strategy_count, const char *);
        for (int k = 0; k < player->strategy_count; k++) names[k] = "";
        name_strategies(t, player, names);
    }
}

static void list_strategies(table *t) {
    for (int i = 0; i < t->player_count; i++) {
        pl_player *player = &t->players[i];
        name_strategies(t, player, pl_lexeme_list(t->r, &player->strategy_count, "strategies"));
    }
}

/* No more profiles than the rest of the text can have numbers for, so that a few bytes cannot ask for much memory. */
static long count_profiles(table *t, const pl_lexeme *at, bool by_outcome) {
    long profiles = 1, left = (t->r->end - t->r->at) + (long)t->r->next.length;
    long most = left / (by_outcome ? 1 : t->player_count) + 1;
    for (int i = 0; i < t->player_count; i++) {
        if (profiles > MOST_PAYOFFS / t->player_count / t->players[i].strategy_count)
            pl_lexeme_fail(t->r, at, "the game has more than %d payoffs", MOST_PAYOFFS);
        profiles *= t->players[i].strategy_count;
    }
    if (profiles > most)
        pl_lexeme_fail(t->r, at, "the game has %ld profiles, for which the file is too short", profiles);
    return profiles;
}

/* ---- payoffs ------------------------------------------------------------------------------------------ */

/* Profiles of a pl_game in the order of the file: the first player's strategy counts up fastest. */
static long next_profile(const pl_game *g, long profile) {
    for (int i = 0; i < g->player_count; i++) {
        if (pl_game_strategy(g, profile, i) + 1 < g->players[i].strategy_count) return profile + g->stride[i];
        profile -= (g->players[i].strategy_count - 1) * g->stride[i];
    }
    return profile;
}

static void set_payoff(pl_game *g, int player, long profile, const char *text, double value) {
    size_t place = (size_t)player * (size_t)g->profile_count + (size_t)profile;
    g->exact[place] = text;
    g->payoffs[place] = value;
}

static void read_payoffs(table *t, pl_game *g) {
    long profile = 0;
    for (long p = 0; p < g->profile_count; p++, profile = next_profile(g, profile))
        for (int i = 0; i < t->player_count; i++) {
            pl_lexeme_number(t->r, *t->number, "a payoff");
            set_payoff(g, i, profile, pl_rational_write(&g->arena, *t->number), pl_rational_double(*t->number));
        }
}

static void read_outcome(table *t) {
    pl_arena *arena = t->r->arena;
    t->outcomes = pl_arena_grow(arena, t->outcomes, t->outcome_count, &t->outcome_room, t->outcome_count + 1, sizeof *t->outcomes);
    outcome *o = &t->outcomes[t->outcome_count++];
    *o = (outcome){.texts = PL_ARRAY(arena, t->player_count, const char *), .values = PL_ARRAY(arena, t->player_count, double)};
    pl_lexeme at = t->r->next;
    if ((long)t->outcome_count * t->player_count > MOST_PAYOFFS)
        pl_lexeme_fail(t->r, &at, "the outcomes have more than %d payoffs", MOST_PAYOFFS);
    pl_lexeme_open(t->r, "an outcome");
    if (t->r->next.kind == PL_LEXEME_TEXT) pl_lexeme_next(t->r);
    bool none = t->r->next.kind == PL_LEXEME_CLOSE;
    if (none) pl_lexeme_warn(t->r, &at, "this outcome has no payoffs: they count as 0");
    for (int i = 0; i < t->player_count; i++) {
        o->texts[i] = "0";
        if (none) continue;
        pl_lexeme_number(t->r, *t->number, "a payoff");
        o->texts[i] = pl_rational_write(arena, *t->number);
        o->values[i] = pl_rational_double(*t->number);
    }
    pl_lexeme_close(t->r, "the payoffs of an outcome, one for each player,");
}

static void read_outcomes(table *t) {
    pl_lexeme_open(t->r, "the list of outcomes");
    while (t->r->next.kind != PL_LEXEME_CLOSE) read_outcome(t);
    pl_lexeme_next(t->r);
}

static void place_outcomes(table *t, pl_game *g) {
    long profile = 0;
    for (long p = 0; p < g->profile_count; p++, profile = next_profile(g, profile)) {
        long number = pl_lexeme_whole(t->r, 0, t->outcome_count, "the number of an outcome");
        for (int i = 0; i < t->player_count; i++) {
            const outcome *o = number ? &t->outcomes[number - 1] : NULL; /* 0: no outcome, which pays nothing */
            set_payoff(g, i, profile, o ? pl_arena_text(&g->arena, o->texts[i], strlen(o->texts[i])) : "0",
                       o ? o->values[i] : 0);
        }
    }
}

/* ---- the file ----------------------------------------------------------------------------------------- */

static pl_game *make_game(table *t, const pl_lexeme *at) {
    pl_error error;
    pl_status status = pl_game_new(t->players, t->player_count, &t->r->file->game, &error);
    if (status == PL_MEMORY) t->r->arena->out_of_memory(t->r->arena->context);
    if (status != PL_OK) pl_lexeme_fail(t->r, at, "%s", error.message);
    pl_game *g = t->r->file->game;
    g->arena.out_of_memory = t->r->arena->out_of_memory;
    g->arena.context = t->r->arena->context;
    g->exact = PL_ARRAY(&g->arena, (size_t)g->profile_count * (size_t)g->player_count, const char *);
    return g;
}

static void read_table(table *t, const char **names) {
    pl_game_reader *r = t->r;
    pl_lexeme at = r->next;
    const char **labels = pl_labels(r->arena, names, t->player_count);
    t->players = PL_ARRAY(r->arena, t->player_count, pl_player);
    for (int i = 0; i < t->player_count; i++) t->players[i].name = labels[i];
    pl_lexeme_open(r, "the strategies");
    if (r->next.kind == PL_LEXEME_OPEN) list_strategies(t);
    else count_strategies(t);
    pl_lexeme_close(r, "the strategies, which each player has,");
    r->file->comment = pl_lexeme_comment(r);
    bool by_outcome = r->next.kind == PL_LEXEME_OPEN;
    if (by_outcome) read_outcomes(t);
    count_profiles(t, &at, by_outcome);
    pl_game *g = make_game(t, &at);
    if (by_outcome) place_outcomes(t, g);
    else read_payoffs(t, g);
    if (r->next.kind != PL_LEXEME_END)
        pl_lexeme_fail(r, &r->next, "the game is complete with %ld profiles, but the file goes on", g->profile_count);
    g->arena.out_of_memory = NULL;
}

void pl_game_reader_nfg(pl_game_reader *r) {
    table t = {.r = r, .number = pl_rationals_new(&r->file->rationals, r->arena, 1)};
    const char **names = pl_lexeme_header(r, "NFG", 1, &t.player_count);
    read_table(&t, names);
}
