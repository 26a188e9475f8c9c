/* From an ensemble to the game between its actors.  Payoffs are means over the futures; how far to trust them, and the
 * equilibria that hang on them, is asked by resampling the futures (resample.h); what happens where each side knows the
 * world, by a game for each of them (outlook.h). */
#include "study/play.h"

#include <math.h>
#include <setjmp.h>
#include <string.h>

#include "study/statistics.h"
#include "study/support.h"

/* Of mixed equilibria beyond these, how often their supports hold is not asked. */
enum { DEFAULT_REPLICATES = 1000, MOST_MIXED = 50 };

typedef struct work {
    pl_play *play;
    jmp_buf back;
    double *units, *weights; /* of one resample */
    double *means;     /* [actor x profile][replicate] */
    pl_game *drawn;    /* the game of one replicate */
    long *held;        /* [equilibrium] replicates in which it is one, or (mixed) its support carries one */
    pl_arena scratch;  /* of one replicate */
    pl_regret *regret; /* [equilibrium] */
} work;

static void leave(void *context) { longjmp(((work *)context)->back, 1); }

/* ---- the game ----------------------------------------------------------------------------------------- */

pl_status pl_situation_game(const pl_situation *s, pl_arena *arena, pl_game **game, pl_error *error) {
    pl_player *players = PL_ARRAY(arena, s->actor_count, pl_player);
    for (int i = 0; i < s->actor_count; i++) {
        const pl_actor *actor = &s->actors[i];
        const char **names = PL_ARRAY(arena, actor->course_count, const char *);
        for (int k = 0; k < actor->course_count; k++) names[k] = actor->courses[k].name;
        players[i] = (pl_player){actor->name, actor->course_count, names};
    }
    return pl_game_new(players, s->actor_count, game, error);
}

static size_t cell_count(const pl_play *play) {
    return (size_t)play->game->player_count * (size_t)play->game->profile_count;
}

/* Packs the payoffs of the futures that count, and means them into the game. */
static void gather(pl_play *play) {
    const pl_ensemble *e = play->ensemble;
    const double **rows = PL_ARRAY(&play->arena, e->actor_count, const double *);
    for (int a = 0; a < e->actor_count; a++) rows[a] = pl_ensemble_payoff(e, a, 0);
    pl_sample_make(&play->sample, &play->arena, e, rows, e->actor_count, "bootstrap of play");
    play->futures = play->sample.count;
    play->payoffs = PL_ARRAY(&play->arena, cell_count(play), pl_interval);
    for (size_t c = 0; c < cell_count(play); c++) {
        const double *column = play->sample.columns + c * (size_t)play->futures;
        double sum = 0;
        for (long f = 0; f < play->futures; f++) sum += column[f];
        play->game->payoffs[c] = sum / (double)play->futures;
        play->payoffs[c] = (pl_interval){play->game->payoffs[c], NAN, NAN};
    }
}

/* ---- what follows from the means ----------------------------------------------------------------------- */

static long find_best_joint(const pl_game *game) {
    long best = 0;
    for (long p = 1; p < game->profile_count; p++)
        if (pl_game_joint(game, p) > pl_game_joint(game, best)) best = p;
    return best;
}

/* The first actor that gains goes to its best course. */
static long next_of(const pl_game *game, long profile) {
    for (int i = 0; i < game->player_count; i++) {
        long best = profile;
        for (int k = 0; k < game->players[i].strategy_count; k++) {
            long other = pl_game_deviate(game, profile, i, k);
            if (pl_game_payoff(game, i, other) > pl_game_payoff(game, i, best)) best = other;
        }
        if (best != profile) return best;
    }
    return profile;
}

/* Follows each path to where it is known; UNKNOWN + 1 marks those on the path that is being followed. */
static void follow(pl_paths *paths, long from) {
    enum { UNKNOWN = -3, OPEN = -2 };
    long at = from, end;
    while (paths->end[at] == UNKNOWN && paths->next[at] != at) {
        paths->end[at] = OPEN;
        at = paths->next[at];
    }
    end = paths->end[at] == OPEN ? -1 : paths->end[at] == UNKNOWN ? at : paths->end[at];
    paths->end[at] = end;
    for (at = from; paths->end[at] == OPEN; at = paths->next[at]) paths->end[at] = end;
}

static void find_paths(pl_play *play) {
    const pl_game *game = play->game;
    play->paths.next = PL_ARRAY(&play->arena, game->profile_count, long);
    play->paths.end = PL_ARRAY(&play->arena, game->profile_count, long);
    for (long p = 0; p < game->profile_count; p++) {
        play->paths.next[p] = next_of(game, p);
        play->paths.end[p] = -3;
    }
    for (long p = 0; p < game->profile_count; p++) follow(&play->paths, p);
}

/* ---- resampling --------------------------------------------------------------------------------------- */

static void draw_game(work *w, long replicate) {
    pl_play *play = w->play;
    pl_sample_draw(&play->sample, replicate, w->units);
    double total = pl_sample_spread(&play->sample, w->units, w->weights);
    for (size_t c = 0; c < cell_count(play); c++) {
        const double *column = play->sample.columns + c * (size_t)play->futures;
        double mean = pl_weighted_sum(w->weights, column, play->futures) / total;
        w->drawn->payoffs[c] = w->means[c * (size_t)play->replicates + (size_t)replicate] = mean;
    }
}

static bool has_pure(const pl_game *game) {
    for (long p = 0; p < game->profile_count; p++)
        if (pl_game_profile_regret(game, p) <= 0) return true;
    return false;
}

static bool is_judged(const pl_equilibrium *e, int *mixed) { return e->profile >= 0 || (*mixed)++ < MOST_MIXED; }

static void judge_equilibria(work *w, int replicate, long *without) {
    const pl_solution *solution = w->play->solution;
    int mixed = 0;
    for (int i = 0; i < solution->count; i++) {
        const pl_equilibrium *e = &solution->equilibria[i];
        if (is_judged(e, &mixed)) w->held[i] += pl_game_support_holds(w->drawn, e->mixture, NULL, &w->scratch);
        pl_arena_free(&w->scratch);
        pl_regret_draw(&w->regret[i], w->units, replicate);
    }
    *without += !has_pure(w->drawn);
}

/* The percentile interval, or Student's t over the design's own replicates. */
static void set_intervals(work *w) {
    pl_play *play = w->play;
    for (size_t c = 0; c < cell_count(play); c++) {
        double *means = w->means + c * (size_t)play->replicates;
        pl_sort(means, play->replicates);
        play->payoffs[c].low = pl_quantile(means, play->replicates, 0.025);
        play->payoffs[c].high = pl_quantile(means, play->replicates, 0.975);
    }
}

static void set_t_intervals(work *w) {
    pl_play *play = w->play;
    double *by_future = PL_ARRAY(&play->arena, play->ensemble->futures, double);
    for (long f = 0; f < play->ensemble->futures; f++) by_future[f] = NAN;
    for (size_t c = 0; c < cell_count(play); c++) {
        const double *column = play->sample.columns + c * (size_t)play->futures;
        for (long f = 0; f < play->futures; f++) by_future[play->sample.future[f]] = column[f];
        pl_interval mean = pl_mean_of(by_future, play->ensemble->futures, false);
        play->payoffs[c].low = mean.low;
        play->payoffs[c].high = mean.high;
    }
}

static void set_standing(work *w) {
    pl_play *play = w->play;
    int mixed = 0;
    for (int i = 0; i < play->solution->count; i++) {
        const pl_equilibrium *e = &play->solution->equilibria[i];
        play->share[i] = is_judged(e, &mixed) ? (double)w->held[i] / play->replicates : NAN;
        play->bound[i] = pl_regret_bound(&w->regret[i]);
        for (int a = 0; a < play->game->player_count; a++) {
            pl_interval *payoff = &play->expected[i * play->game->player_count + a];
            *payoff = e->profile < 0 ? pl_regret_payoff(&w->regret[i], a)
                                     : play->payoffs[a * play->game->profile_count + e->profile];
            payoff->estimate = e->payoffs[a];
        }
    }
}

static void resample(work *w, bool random) {
    pl_play *play = w->play;
    pl_arena *arena = &play->arena;
    w->units = PL_ARRAY(arena, play->sample.units, double);
    w->weights = PL_ARRAY(arena, play->futures, double);
    w->means = PL_ARRAY(arena, cell_count(play) * (size_t)play->replicates, double);
    w->held = PL_ARRAY(arena, play->solution->count, long);
    w->regret = PL_ARRAY(arena, play->solution->count, pl_regret);
    for (int i = 0; i < play->solution->count; i++)
        pl_regret_start(&w->regret[i], arena, &play->sample, play->game, play->solution->equilibria[i].mixture,
                        play->replicates);
    long without = 0;
    for (int r = 0; r < play->replicates; r++) {
        draw_game(w, r);
        judge_equilibria(w, r, &without);
    }
    if (random) set_intervals(w);
    else set_t_intervals(w);
    set_standing(w);
    play->none = (double)without / play->replicates;
}

/* One future says nothing of how futures differ. */
static void leave_unsure(pl_play *play) {
    play->replicates = 0;
    play->none = NAN;
    for (int i = 0; i < play->solution->count; i++) {
        play->share[i] = play->bound[i] = NAN;
        for (int a = 0; a < play->game->player_count; a++)
            play->expected[i * play->game->player_count + a] =
                (pl_interval){play->solution->equilibria[i].payoffs[a], NAN, NAN};
    }
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

static pl_status build_frontier(pl_play *play, const pl_play_options *options, pl_error *error) {
    if (!options->frontier && !options->limit) return PL_OK;
    if (!options->frontier || !options->limit)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "a frontier needs both: the measures, and the one to limit");
    play->frontier = PL_NEW(&play->arena, pl_frontier);
    return pl_frontier_make(play->frontier, &play->arena, play->ensemble, options->frontier, options->limit,
                            play->replicates ? play->replicates : 1, error);
}

static pl_status build_deviations(pl_play *play, const pl_play_options *options, pl_error *error) {
    long profile;
    if (!options->profile) return PL_OK;
    pl_status status = pl_profile_find(play->ensemble, options->profile, &profile, error);
    if (status != PL_OK) return status;
    play->deviations = PL_NEW(&play->arena, pl_deviations);
    pl_deviations_make(play->deviations, &play->arena, play->ensemble, &play->sample, profile);
    return PL_OK;
}

/* The stage in which each actor moves; NULL where all move at once. */
static const int *find_stages(pl_play *play) {
    const pl_situation *s = play->ensemble->situation;
    if (s->order_count < 2) return NULL;
    int *stage = PL_ARRAY(&play->arena, s->actor_count, int);
    for (int i = 0; i < s->order_count; i++)
        for (int k = 0; k < s->order[i].count; k++) stage[s->order[i].actors[k]] = i;
    return stage;
}

static pl_status build(work *w, const pl_play_options *options, pl_error *error) {
    pl_play *play = w->play;
    const pl_situation *s = play->ensemble->situation;
    pl_status status = pl_situation_game(s, &play->arena, &play->game, error);
    if (status == PL_OK) status = pl_situation_game(s, &play->arena, &w->drawn, error);
    if (status != PL_OK) return status;
    gather(play);
    if (play->futures == 0)
        return pl_error_set(error, PL_INVALID, NULL, 0, 0, "there is no future in which every profile has its payoffs");
    pl_solve_options told = {.stage = find_stages(play), .lambda = options->lambda};
    status = pl_game_solve(play->game, options->solver, &told, &play->solution, error);
    if (status != PL_OK) return status;
    int count = play->solution->count;
    play->nearest_miss = pl_game_nearest_miss(play->game);
    play->best_joint = find_best_joint(play->game);
    find_paths(play);
    pl_outlook_make(&play->outlook, &play->arena, play->ensemble, play->game, &play->sample);
    play->share = PL_ARRAY(&play->arena, count, double);
    play->bound = PL_ARRAY(&play->arena, count, double);
    play->expected = PL_ARRAY(&play->arena, (size_t)count * (size_t)play->game->player_count, pl_interval);
    if (play->sample.units < 2) leave_unsure(play);
    else resample(w, pl_ensemble_is_random(play->ensemble));
    status = build_frontier(play, options, error);
    return status == PL_OK ? build_deviations(play, options, error) : status;
}

static pl_status guard(work *w, const pl_play_options *options, pl_error *error) {
    if (setjmp(w->back)) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    return build(w, options, error);
}

pl_status pl_ensemble_play(const pl_ensemble *ensemble, const pl_play_options *options, pl_play **play,
                           pl_error *error) {
    static const pl_play_options usual = {0};
    *play = NULL;
    if (!options) options = &usual;
    if (pl_ensemble_require_sample(ensemble, error) != PL_OK) return PL_UNSUPPORTED;
    if (ensemble->actor_count == 0)
        return pl_error_set(error, PL_INVALID, NULL, 0, 0, "the situation has no actors, so there is no game");
    pl_play *p = pl_allocate(sizeof *p);
    if (!p) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    work w = {.play = p};
    p->ensemble = ensemble;
    p->replicates = options->replicates > 0 ? options->replicates : DEFAULT_REPLICATES;
    p->arena.out_of_memory = w.scratch.out_of_memory = leave;
    p->arena.context = w.scratch.context = &w;
    pl_status status = guard(&w, options, error);
    pl_game_free(w.drawn);
    pl_arena_free(&w.scratch);
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
