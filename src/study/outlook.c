/* See outlook.h. */
#include "study/outlook.h"

#include <stdlib.h>

#include "study/statistics.h"

typedef struct tally {
    double hits[PL_REPLICATES]; /* futures, by replicate of the design */
} tally;

typedef struct work {
    pl_outlook *outlook;
    const pl_ensemble *e;
    const pl_sample *sample;
    pl_game game;   /* of one future: payoffs of its own, the rest shared */
    tally all;
    tally *held;    /* [profile] in which it is an equilibrium; the last: in which there is none */
    tally *played;  /* [profile] likewise */
    long *profile;  /* [future of the ensemble] what is played: profile_count where there is none, -1 where missing */
    bool random;
} work;

double pl_game_joint(const pl_game *game, long profile) {
    double sum = 0;
    for (int i = 0; i < game->player_count; i++) sum += pl_game_payoff(game, i, profile);
    return sum;
}

static void play_future(work *w, long place, long future) {
    long none = w->game.profile_count, best = none;
    size_t cells = (size_t)w->game.player_count * (size_t)w->game.profile_count;
    int replicate = pl_design_replicate(w->e->futures, future).number;
    for (size_t c = 0; c < cells; c++)
        w->game.payoffs[c] = w->sample->columns[c * (size_t)w->sample->count + (size_t)place];
    for (long p = 0; p < none; p++) {
        if (pl_game_profile_regret(&w->game, p) > 0) continue;
        w->held[p].hits[replicate] += 1;
        w->outlook->equilibria[future]++;
        if (best == none || pl_game_joint(&w->game, p) > pl_game_joint(&w->game, best)) best = p;
    }
    if (best == none) w->held[none].hits[replicate] += 1;
    w->played[best].hits[replicate] += 1;
    w->all.hits[replicate] += 1;
    w->profile[future] = best;
}

static pl_interval share(const work *w, const tally *t) {
    return pl_share_of_counts(t->hits, w->all.hits, w->random);
}

static bool any(const tally *t) {
    for (int r = 0; r < PL_REPLICATES; r++)
        if (t->hits[r] > 0) return true;
    return false;
}

static int more_often(const void *a, const void *b) {
    const pl_outlook_row *x = a, *y = b;
    if (x->played.estimate != y->played.estimate) return x->played.estimate < y->played.estimate ? 1 : -1;
    if (x->share.estimate != y->share.estimate) return x->share.estimate < y->share.estimate ? 1 : -1;
    return (x->profile > y->profile) - (x->profile < y->profile);
}

static void make_rows(work *w, pl_arena *arena) {
    pl_outlook *o = w->outlook;
    long none = w->game.profile_count, used = 0;
    int *row = PL_ARRAY(arena, none + 1, int); /* [profile] */
    for (long p = 0; p <= none; p++) used += any(&w->held[p]);
    o->rows = PL_ARRAY(arena, used, pl_outlook_row);
    for (long p = 0; p <= none; p++)
        if (any(&w->held[p]))
            o->rows[o->count++] = (pl_outlook_row){p < none ? p : -1, share(w, &w->held[p]), share(w, &w->played[p])};
    qsort(o->rows, (size_t)o->count, sizeof *o->rows, more_often);
    for (int i = 0; i < o->count; i++) row[o->rows[i].profile < 0 ? none : o->rows[i].profile] = i;
    for (long f = 0; f < w->e->futures; f++) o->row[f] = w->profile[f] < 0 ? -1 : row[w->profile[f]];
}

static void share_courses(work *w, pl_arena *arena) {
    const pl_game *game = &w->game;
    w->outlook->courses = PL_ARRAY(arena, game->player_count, pl_interval *);
    for (int i = 0; i < game->player_count; i++) {
        int count = game->players[i].strategy_count;
        tally *tallies = PL_ARRAY(arena, count, tally);
        for (long p = 0; p < game->profile_count; p++)
            for (int r = 0; r < PL_REPLICATES; r++)
                tallies[pl_game_strategy(game, p, i)].hits[r] += w->played[p].hits[r];
        w->outlook->courses[i] = PL_ARRAY(arena, count, pl_interval);
        for (int k = 0; k < count; k++) w->outlook->courses[i][k] = share(w, &tallies[k]);
    }
}

static void share_several(work *w) {
    tally several = {{0}};
    for (long f = 0; f < w->e->futures; f++)
        if (w->outlook->equilibria[f] > 1) several.hits[pl_design_replicate(w->e->futures, f).number] += 1;
    w->outlook->several = share(w, &several);
}

void pl_outlook_make(pl_outlook *outlook, pl_arena *arena, const pl_ensemble *ensemble, const pl_game *game,
                     const pl_sample *sample) {
    work w = {.outlook = outlook, .e = ensemble, .sample = sample, .game = *game,
              .random = pl_ensemble_is_random(ensemble)};
    size_t cells = (size_t)game->player_count * (size_t)game->profile_count;
    w.game.payoffs = PL_ARRAY(arena, cells, double);
    w.held = PL_ARRAY(arena, game->profile_count + 1, tally);
    w.played = PL_ARRAY(arena, game->profile_count + 1, tally);
    w.profile = PL_ARRAY(arena, ensemble->futures, long);
    outlook->row = PL_ARRAY(arena, ensemble->futures, int);
    outlook->equilibria = PL_ARRAY(arena, ensemble->futures, int);
    for (long f = 0; f < ensemble->futures; f++) w.profile[f] = -1;
    for (long k = 0; k < sample->count; k++) play_future(&w, k, sample->future[k]);
    make_rows(&w, arena);
    share_courses(&w, arena);
    share_several(&w);
}
