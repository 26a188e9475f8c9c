/* From an ensemble to the game between its actors.  Payoffs are means over the futures; how far to trust them, and the
 * equilibria that hang on them, is asked by resampling the futures: the same ones for all profiles and actors, so that
 * what the futures share stays paired. */
#include "study/play.h"

#include <math.h>
#include <setjmp.h>
#include <string.h>

#include "base/philox.h"
#include "study/statistics.h"

enum { DEFAULT_REPLICATES = 1000 };

typedef struct work {
    pl_play *play;
    jmp_buf back;
    long *futures;     /* [play->futures] those in which every profile has its payoffs */
    double *weights;   /* [play->futures] times that each is drawn in a replicate */
    double *columns;   /* [actor][profile][play->futures] payoffs, packed */
    double *means;     /* [actor x profile][replicate] */
    pl_game *drawn;    /* the game of one replicate */
    long *held;        /* [equilibrium] replicates in which it is one */
} work;

static void leave(void *context) { longjmp(((work *)context)->back, 1); }

static pl_status make_game(pl_play *play, pl_game **game, pl_error *error) {
    const pl_situation *s = play->ensemble->situation;
    pl_player *players = PL_ARRAY(&play->arena, s->actor_count, pl_player);
    for (int i = 0; i < s->actor_count; i++) {
        const pl_actor *actor = &s->actors[i];
        const char **names = PL_ARRAY(&play->arena, actor->course_count, const char *);
        for (int k = 0; k < actor->course_count; k++) names[k] = actor->courses[k].name;
        players[i] = (pl_player){actor->name, actor->course_count, names};
    }
    return pl_game_new(players, s->actor_count, game, error);
}

static bool all_have_payoffs(const pl_ensemble *e, long future) {
    for (int a = 0; a < e->actor_count; a++)
        for (long p = 0; p < e->profiles; p++)
            if (isnan(pl_ensemble_payoff(e, a, p)[future])) return false;
    return true;
}

/* Packs the payoffs of the futures that count, and means them into the game. */
static void gather(work *w) {
    pl_play *play = w->play;
    const pl_ensemble *e = play->ensemble;
    w->futures = PL_ARRAY(&play->arena, e->futures, long);
    for (long f = 0; f < e->futures; f++)
        if (all_have_payoffs(e, f)) w->futures[play->futures++] = f;
    size_t cells = (size_t)e->actor_count * (size_t)e->profiles;
    w->columns = PL_ARRAY(&play->arena, cells * (size_t)play->futures, double);
    play->payoffs = PL_ARRAY(&play->arena, cells, pl_interval);
    for (size_t c = 0; c < cells; c++) {
        double *column = w->columns + c * (size_t)play->futures, sum = 0;
        for (long f = 0; f < play->futures; f++) {
            column[f] = e->payoffs[c * (size_t)e->futures + (size_t)w->futures[f]];
            sum += column[f];
        }
        play->game->payoffs[c] = sum / (double)play->futures;
        play->payoffs[c].estimate = play->game->payoffs[c];
    }
}

/* ---- resampling --------------------------------------------------------------------------------------- */

/* How often each future counts in a replicate: futures are drawn with replacement, or replicates of the design. */
static void draw_weights(work *w, uint64_t key, long replicate, bool random) {
    long count = w->play->futures;
    memset(w->weights, 0, (size_t)count * sizeof *w->weights);
    if (random) {
        for (long k = 0; k < count; k++)
            w->weights[(long)(pl_uniform_at(key, (uint64_t)replicate, (uint64_t)k) * (double)count)] += 1;
        return;
    }
    double times[PL_REPLICATES] = {0};
    for (int k = 0; k < PL_REPLICATES; k++)
        times[(int)(pl_uniform_at(key, (uint64_t)replicate, (uint64_t)k) * PL_REPLICATES)] += 1;
    for (long f = 0; f < count; f++)
        w->weights[f] = times[pl_design_replicate(w->play->ensemble->futures, w->futures[f]).number];
}

static void weigh(work *w, size_t cells) {
    long count = w->play->futures;
    double total = 0;
    for (long f = 0; f < count; f++) total += w->weights[f];
    if (total <= 0) { /* only replicates whose futures all failed were drawn */
        for (long f = 0; f < count; f++) w->weights[f] = 1;
        total = (double)count;
    }
    for (size_t c = 0; c < cells; c++) {
        const double *column = w->columns + c * (size_t)count;
        double sum = 0;
        for (long f = 0; f < count; f++) sum += w->weights[f] * column[f];
        w->drawn->payoffs[c] = sum / total;
    }
}

static bool has_pure(const pl_game *game) {
    for (long p = 0; p < game->profile_count; p++)
        if (pl_game_profile_regret(game, p) <= 0) return true;
    return false;
}

static void count_equilibria(work *w, long *without) {
    const pl_solution *solution = w->play->solution;
    for (int i = 0; i < solution->count; i++) {
        long profile = solution->equilibria[i].profile;
        w->held[i] += profile >= 0 && pl_game_profile_regret(w->drawn, profile) <= 0;
    }
    *without += !has_pure(w->drawn);
}

/* The percentile interval, or Student's t over the design's own replicates. */
static void set_intervals(work *w, size_t cells) {
    pl_play *play = w->play;
    for (size_t c = 0; c < cells; c++) {
        double *means = w->means + c * (size_t)play->replicates;
        pl_sort(means, play->replicates);
        play->payoffs[c].low = pl_quantile(means, play->replicates, 0.025);
        play->payoffs[c].high = pl_quantile(means, play->replicates, 0.975);
    }
}

static void set_t_intervals(work *w, size_t cells) {
    pl_play *play = w->play;
    for (size_t c = 0; c < cells; c++) {
        const double *column = w->columns + c * (size_t)play->futures;
        double sum[PL_REPLICATES] = {0}, number[PL_REPLICATES] = {0};
        for (long f = 0; f < play->futures; f++) {
            int r = pl_design_replicate(play->ensemble->futures, w->futures[f]).number;
            sum[r] += column[f];
            number[r] += 1;
        }
        for (int r = 0; r < PL_REPLICATES; r++) sum[r] /= number[r]; /* NaN where a replicate is empty */
        double half = pl_replicates_half_width(sum);
        play->payoffs[c].low = play->payoffs[c].estimate - half;
        play->payoffs[c].high = play->payoffs[c].estimate + half;
    }
}

/* One future says nothing of how futures differ. */
static void leave_unsure(work *w, size_t cells) {
    pl_play *play = w->play;
    play->replicates = 0;
    play->none = NAN;
    play->share = PL_ARRAY(&play->arena, play->solution->count, double);
    for (int i = 0; i < play->solution->count; i++) play->share[i] = NAN;
    for (size_t c = 0; c < cells; c++) play->payoffs[c].low = play->payoffs[c].high = NAN;
}

static void resample(work *w) {
    pl_play *play = w->play;
    const pl_ensemble *e = play->ensemble;
    bool random = pl_ensemble_is_random(e);
    size_t cells = (size_t)e->actor_count * (size_t)e->profiles;
    w->weights = PL_ARRAY(&play->arena, play->futures, double);
    w->means = PL_ARRAY(&play->arena, cells * (size_t)play->replicates, double);
    w->held = PL_ARRAY(&play->arena, play->solution->count, long);
    play->share = PL_ARRAY(&play->arena, play->solution->count, double);
    static const char stream[] = "bootstrap of play";
    uint64_t key = pl_stream_key(e->seed, pl_fnv1a(stream, sizeof stream - 1));
    long without = 0;
    for (long r = 0; r < play->replicates; r++) {
        draw_weights(w, key, r, random);
        weigh(w, cells);
        count_equilibria(w, &without);
        for (size_t c = 0; c < cells; c++) w->means[c * (size_t)play->replicates + (size_t)r] = w->drawn->payoffs[c];
    }
    if (random) set_intervals(w, cells);
    else set_t_intervals(w, cells);
    for (int i = 0; i < play->solution->count; i++)
        play->share[i] = play->solution->equilibria[i].profile < 0 ? NAN : (double)w->held[i] / play->replicates;
    play->none = (double)without / play->replicates;
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

static pl_status build(work *w, const char *solver, pl_error *error) {
    pl_play *play = w->play;
    pl_status status = make_game(play, &play->game, error);
    if (status == PL_OK) status = make_game(play, &w->drawn, error);
    if (status != PL_OK) return status;
    gather(w);
    if (play->futures == 0)
        return pl_error_set(error, PL_INVALID, NULL, 0, 0, "there is no future in which every profile has its payoffs");
    status = pl_game_solve(play->game, solver, NULL, &play->solution, error);
    if (status != PL_OK) return status;
    play->nearest_miss = pl_game_nearest_miss(play->game);
    if (play->futures < 2) leave_unsure(w, (size_t)play->ensemble->actor_count * (size_t)play->ensemble->profiles);
    else resample(w);
    return PL_OK;
}

static pl_status guard(work *w, const char *solver, pl_error *error) {
    if (setjmp(w->back)) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    return build(w, solver, error);
}

pl_status pl_ensemble_play(const pl_ensemble *ensemble, const pl_play_options *options, pl_play **play,
                           pl_error *error) {
    *play = NULL;
    if (pl_ensemble_require_sample(ensemble, error) != PL_OK) return PL_UNSUPPORTED;
    if (ensemble->actor_count == 0)
        return pl_error_set(error, PL_INVALID, NULL, 0, 0, "the situation has no actors, so there is no game");
    pl_play *p = pl_allocate(sizeof *p);
    if (!p) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    work w = {.play = p};
    p->ensemble = ensemble;
    p->replicates = options && options->replicates > 0 ? options->replicates : DEFAULT_REPLICATES;
    p->arena.out_of_memory = leave;
    p->arena.context = &w;
    pl_status status = guard(&w, options ? options->solver : NULL, error);
    pl_game_free(w.drawn);
    p->arena.out_of_memory = NULL;
    if (status != PL_OK) pl_play_free(p);
    else *play = p;
    return status;
}

void pl_play_free(pl_play *play) {
    if (!play) return;
    pl_game_free(play->game);
    pl_solution_free(play->solution);
    pl_arena_free(&play->arena);
    pl_release(play);
}
