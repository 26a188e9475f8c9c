/* Logit quantal response equilibria (McKelvey and Palfrey, Games and Economic Behavior 10:6, 1995): each player plays a
 * strategy in proportion to exp(lambda x its expected payoff).
 *
 * The principal branch is followed from lambda = 0, where all strategies are equally likely, by pseudo-arclength
 * continuation in logarithms of probabilities (Turocy, Games and Economic Behavior 51:243, 2005; Allgower and Georg,
 * Introduction to Numerical Continuation Methods, 2003, ch. 2-6), through turning points.  Along one smooth curve the
 * determinant of the derivatives bordered by the direction keeps its sign.  Where a step changes it, the step is halved:
 * that tells a leap onto another curve, which ends, from a bifurcation, which stays; the branch then goes straight on,
 * so that in a symmetric game it stays symmetric.  Payoffs are divided by the widest range of a player's inside. */
#include <math.h>
#include <string.h>

#include "study/indifference.h"
#include "study/marginals.h"
#include "study/matrix.h"
#include "study/solution.h"
#include "study/support.h"

enum { MOST_STEPS = 20000, MOST_CORRECTIONS = 8 };

static const double FIRST_STEP = 0.1, LEAST_STEP = 1e-7, FAR = 1e8, NEAR_LIMIT = 1e4, TURNING_STEP = 0.02;
static const double FARTHEST = 1e12; /* rounding errors of payoffs times lambda would no longer be small */
static const double LEAST_COSINE = 0.95;

typedef struct branch {
    const pl_game *game;
    pl_solution *solution;
    int count;              /* unknowns: the logarithms of all probabilities, and lambda last */
    int *first;             /* [player] its first unknown */
    double scale;           /* the widest range of a player; lambda inside is lambda outside x scale */
    pl_game from_least;     /* the game with payoffs counted from each player's least: what they share is not rounded */
    double *range;          /* [player] */
    double near_limit, far; /* of lambda inside: from where on the limit is looked for, and up to where */
    double **mixture;
    double *values;         /* [unknown] expected payoffs, divided by the scale */
    double *point, *direction, *predicted, *trial, *turned;
    double *matrix, *residual, *work, *pairs;
    int *pivot;
    int sign, trial_sign;   /* of the bordered determinants at the point and at the trial */
    int corrections;        /* that the last correction took */
    long long cost;         /* operations of one linearization and its solution */
} branch;

/* ---- the equations -------------------------------------------------------------------------------------- */

static void set_mixture(branch *b, const double *z) {
    for (int i = 0; i < b->game->player_count; i++)
        for (int k = 0; k < b->game->players[i].strategy_count; k++) b->mixture[i][k] = exp(z[b->first[i] + k]);
}

static int likeliest(const branch *b, const double *z, int i) {
    int best = 0;
    for (int k = 1; k < b->game->players[i].strategy_count; k++)
        if (z[b->first[i] + k] > z[b->first[i] + best]) best = k;
    return best;
}

/* How the odds of player i's strategies move with the logarithms of j's probabilities; the values along the way. */
static void put_pair(branch *b, const double *z, int i, int j, int base, bool values) {
    int own = b->game->players[i].strategy_count, other = b->game->players[j].strategy_count, n = b->count;
    double lambda = z[n - 1];
    pl_game_pairs(&b->from_least, b->mixture, i, j, b->work, b->pairs);
    for (int k = 0; k < own; k++) {
        double *row = b->matrix + (b->first[i] + k) * n + b->first[j];
        const double *at = b->pairs + k * other, *zero = b->pairs + base * other;
        double sum = 0;
        for (int l = 0; l < other; l++) {
            if (k != base) row[l] = -lambda * (at[l] - zero[l]) / b->scale * b->mixture[j][l];
            sum += (at[l] - zero[l]) / b->scale * b->mixture[j][l];
        }
        if (values) b->values[b->first[i] + k] = sum;
    }
}

static void put_values(branch *b, const double *z, int i, int base) {
    if (b->game->player_count == 1)
        for (int k = 0; k < b->game->players[0].strategy_count; k++)
            b->values[k] = (b->game->payoffs[k] - b->game->payoffs[base]) / b->scale;
    bool values = true;
    for (int j = 0; j < b->game->player_count; j++) {
        if (j == i) continue;
        put_pair(b, z, i, j, base, values);
        values = false;
    }
}

/* Each player's rows: its probabilities sum to 1; log-odds against its likeliest strategy are lambda x the difference
 * of expected payoffs. The last row is left to the caller. */
static void linearize(branch *b, const double *z) {
    int n = b->count;
    memset(b->matrix, 0, (size_t)n * (size_t)n * sizeof *b->matrix);
    set_mixture(b, z);
    for (int i = 0; i < b->game->player_count; i++) {
        int base = likeliest(b, z, i), at = b->first[i];
        put_values(b, z, i, base);
        b->residual[at + base] = -1;
        for (int k = 0; k < b->game->players[i].strategy_count; k++) {
            b->matrix[(at + base) * n + at + k] = b->mixture[i][k];
            b->residual[at + base] += b->mixture[i][k];
            if (k == base) continue;
            double *row = b->matrix + (at + k) * n;
            row[at + k] = 1;
            row[at + base] = -1;
            row[n - 1] = -b->values[at + k];
            b->residual[at + k] = z[at + k] - z[at + base] - z[n - 1] * b->values[at + k];
        }
    }
    pl_solution_spend(b->solution, b->cost);
}

static double dot(const double *a, const double *c, int n) {
    double sum = 0;
    for (int k = 0; k < n; k++) sum += a[k] * c[k];
    return sum;
}

/* Newton's method from a point, in the plane through it across `border`, or (border NULL) with lambda held. */
static bool correct(branch *b, double *z, const double *border) {
    int n = b->count;
    memcpy(b->predicted, z, (size_t)n * sizeof *z);
    double before = INFINITY;
    for (b->corrections = 1; b->corrections <= MOST_CORRECTIONS; b->corrections++) {
        linearize(b, z);
        double *last = b->matrix + (n - 1) * n;
        b->residual[n - 1] = 0;
        for (int k = 0; k < n; k++) {
            last[k] = border ? border[k] : k == n - 1;
            b->residual[n - 1] += last[k] * (z[k] - b->predicted[k]);
        }
        if (!pl_matrix_factor(b->matrix, b->pivot, n)) return false;
        pl_matrix_solve(b->matrix, b->pivot, n, b->residual);
        double size = 0;
        for (int k = 0; k < n; k++) {
            z[k] -= b->residual[k];
            size = fmax(size, fabs(b->residual[k]) / (1 + fabs(z[k])));
        }
        if (!(size < 0.5) || (b->corrections > 2 && size > before)) return size < 1e-9;
        if (size < (border ? 1e-9 : 1e-13)) return true;
        before = size;
    }
    return before < 1e-9;
}

/* The direction of the branch at z, on the side of `along`; the sign of the bordered determinant, 0 where singular. */
static int turn(branch *b, const double *z, const double *along, double *direction) {
    int n = b->count;
    linearize(b, z);
    memcpy(b->matrix + (n - 1) * n, along, (size_t)n * sizeof *along);
    int sign = pl_matrix_factor(b->matrix, b->pivot, n);
    if (!sign) return 0;
    memset(direction, 0, (size_t)n * sizeof *direction);
    direction[n - 1] = 1;
    pl_matrix_solve(b->matrix, b->pivot, n, direction);
    double length = sqrt(dot(direction, direction, n));
    for (int k = 0; k < n; k++) direction[k] /= length;
    return sign;
}

/* ---- steps ---------------------------------------------------------------------------------------------- */

/* A corrected point a step ahead in b->trial. */
static bool reach(branch *b, double step) {
    for (int k = 0; k < b->count; k++) b->trial[k] = b->point[k] + step * b->direction[k];
    return correct(b, b->trial, b->direction);
}

typedef enum outcome { FAILED, SHARP, CROSSED, FINE } outcome;

/* One trial step: what became of it. Its direction is left in b->turned. */
static outcome attempt(branch *b, double step) {
    int n = b->count;
    if (!reach(b, step)) return FAILED;
    b->trial_sign = turn(b, b->trial, b->direction, b->turned);
    if (!b->trial_sign) return FAILED;
    if (dot(b->turned, b->direction, n) < LEAST_COSINE) return SHARP;
    bool turns = (b->turned[n - 1] < 0) != (b->direction[n - 1] < 0);
    if (turns && step > TURNING_STEP) return SHARP;
    return b->trial_sign != b->sign ? CROSSED : FINE;
}

/* Takes a step of at most *step and leaves the next one to try there. A change of sign that lasts down to the least
 * step is a bifurcation, and is passed by the longest step that saw nothing else. */
static bool advance(branch *b, double *step) {
    double crossing = 0, size = *step;
    while (size > LEAST_STEP) {
        outcome what = attempt(b, size);
        if (what == FINE) {
            *step = size * (b->corrections <= 2 ? 2 : b->corrections <= 4 ? 1.2 : 0.7);
            return true;
        }
        if (what == CROSSED && crossing == 0) crossing = size;
        if (what != CROSSED) crossing = 0;
        size /= 2;
    }
    *step = crossing;
    return crossing > 0 && attempt(b, crossing) == CROSSED;
}

static void take_trial(branch *b) {
    size_t size = (size_t)b->count * sizeof(double);
    memcpy(b->point, b->trial, size);
    b->sign = b->trial_sign;
    memcpy(b->direction, b->turned, size);
}

/* ---- what is kept --------------------------------------------------------------------------------------- */

static void keep(branch *b, const double *z) {
    pl_solution *s = b->solution;
    s->logit = pl_arena_grow(&s->arena, s->logit, s->logit_count, &s->logit_room, s->logit_count + 1, sizeof *s->logit);
    pl_logit *at = &s->logit[s->logit_count++];
    *at = (pl_logit){.lambda = z[b->count - 1] / b->scale, .mixture = pl_mixture_new(&s->arena, b->game),
                     .payoffs = PL_ARRAY(&s->arena, b->game->player_count, double)};
    set_mixture(b, z);
    for (int i = 0; i < b->game->player_count; i++) {
        int count = b->game->players[i].strategy_count;
        memcpy(at->mixture[i], b->mixture[i], (size_t)count * sizeof(double));
        at->payoffs[i] = pl_game_expected(b->game, b->mixture, i);
    }
}

/* Moves b->trial to where lambda is within tolerance of the one asked for, by halving the step from b->point. */
static bool halve(branch *b, const double *reached, double lambda, double tolerance) {
    int last = b->count - 1;
    double low = 0, high = 0;
    for (int k = 0; k <= last; k++) high += b->direction[k] * (reached[k] - b->point[k]);
    bool rises = reached[last] > b->point[last];
    for (int round = 0; round < 60 && fabs(b->trial[last] - lambda) > tolerance; round++) {
        double middle = (low + high) / 2;
        if (!reach(b, middle)) return false;
        if ((b->trial[last] < lambda) == rises) low = middle;
        else high = middle;
    }
    return true;
}

/* The point of the step from b->point to b->trial where lambda is the one asked for. Close to it lambda is held; where
 * that is singular (a turning point, a pitchfork) the halving goes on. */
static void keep_between(branch *b, double lambda) {
    double reached[b->count];
    memcpy(reached, b->trial, sizeof reached);
    if (halve(b, reached, lambda, 1e-3 * fmin(1, lambda))) {
        b->trial[b->count - 1] = lambda;
        if (correct(b, b->trial, NULL)) {
            keep(b, b->trial);
        } else {
            memcpy(b->trial, reached, sizeof reached);
            if (halve(b, reached, lambda, 1e-13 * lambda)) {
                b->trial[b->count - 1] = lambda;
                keep(b, b->trial);
            }
        }
    }
    memcpy(b->trial, reached, sizeof reached);
}

/* ---- the limit ------------------------------------------------------------------------------------------ */

/* Each player's regret is measured by its own range: players may count in units of very different size. */
static bool is_equilibrium(const branch *b, double *const *mixture, double tolerance) {
    double regrets[b->game->player_count];
    pl_game_mixture_regret(&b->from_least, mixture, regrets);
    for (int i = 0; i < b->game->player_count; i++)
        if (!(regrets[i] <= tolerance * b->range[i])) return false;
    return true;
}

/* Whether Newton's method on the support that stands out makes an equilibrium of the point, close to it. */
static bool refine(branch *b, pl_indifference *system, double threshold, double **refined) {
    const pl_game *game = b->game;
    set_mixture(b, b->point);
    for (int i = 0; i < game->player_count; i++)
        for (int k = 0; k < game->players[i].strategy_count; k++) {
            system->used[i][k] = b->mixture[i][k] > threshold;
            refined[i][k] = b->mixture[i][k];
        }
    pl_indifference_set(system);
    if (!pl_indifference_solve(system, refined)) return false;
    for (int i = 0; i < game->player_count; i++)
        for (int k = 0; k < game->players[i].strategy_count; k++)
            if (!(fabs(refined[i][k] - b->mixture[i][k]) < 1e-2) || refined[i][k] < 0) return false;
    return is_equilibrium(b, refined, 1e-11);
}

/* Whether every probability is either large or vanishing, so that the support of the limit can be read off. */
static bool is_clear(const branch *b) {
    for (int k = 0; k < b->count - 1; k++)
        if (b->point[k] < -4 && b->point[k] > -25) return false;
    return true;
}

/* In a continuum of equilibria the system is singular: the point itself, without what vanishes, is its own limit as far
 * as the branch was followed. */
static bool truncate(branch *b, double **refined) {
    set_mixture(b, b->point);
    for (int i = 0; i < b->game->player_count; i++) {
        double sum = 0;
        for (int k = 0; k < b->game->players[i].strategy_count; k++)
            sum += refined[i][k] = b->mixture[i][k] < 1e-6 ? 0 : b->mixture[i][k];
        for (int k = 0; k < b->game->players[i].strategy_count; k++) refined[i][k] /= sum;
    }
    return is_equilibrium(b, refined, 1e-9);
}

/* The limit is one of the equilibria listed, where these are not known to be all there are (of two players: all extreme
 * ones, and it may lie between them). */
static void set_limit(branch *b, double *const *refined) {
    pl_solution *s = b->solution;
    int before = s->count, at = pl_solution_add(s, b->game, refined, 1e-9);
    s->limit = PL_NEW(&s->arena, pl_equilibrium);
    *s->limit = s->equilibria[at];
    if (s->complete) s->count = before;
}

static bool add_limit(branch *b, pl_indifference *system, double **refined, bool last) {
    static const double thresholds[] = {1e-3, 1e-2, 1e-5, 1e-7};
    bool found = false;
    for (int t = 0; t < 4 && !found; t++) found = refine(b, system, thresholds[t], refined);
    if (!found && last) found = truncate(b, refined);
    if (found) set_limit(b, refined);
    return found;
}

/* ---- the solver ----------------------------------------------------------------------------------------- */

/* Lambda must have become large for the player of the narrowest range, too. */
static void set_scales(branch *b, pl_arena *arena) {
    const pl_game *game = b->game;
    double widest = 0, narrowest = INFINITY;
    b->range = PL_ARRAY(arena, game->player_count, double);
    b->from_least = *game;
    b->from_least.payoffs = PL_ARRAY(arena, game->player_count * game->profile_count, double);
    for (int i = 0; i < game->player_count; i++) {
        double range = b->range[i] = pl_game_range(game, i);
        widest = fmax(widest, range);
        if (range > 0) narrowest = fmin(narrowest, range);
        double least = INFINITY, *own = b->from_least.payoffs + i * game->profile_count;
        for (long p = 0; p < game->profile_count; p++) least = fmin(least, pl_game_payoff(game, i, p));
        for (long p = 0; p < game->profile_count; p++) own[p] = pl_game_payoff(game, i, p) - least;
    }
    b->scale = widest > 0 ? widest : 1;
    double ratio = widest > 0 ? widest / narrowest : 1;
    b->near_limit = NEAR_LIMIT * ratio;
    b->far = fmin(FAR * ratio, FARTHEST);
}

static void start(branch *b, const pl_game *game, pl_solution *solution) {
    pl_arena *arena = &solution->scratch;
    *b = (branch){.game = game, .solution = solution};
    set_scales(b, arena);
    b->first = PL_ARRAY(arena, game->player_count, int);
    int most = 0;
    for (int i = 0; i < game->player_count; i++) {
        int count = game->players[i].strategy_count;
        b->first[i] = b->count;
        b->count += count;
        if (count > most) most = count;
    }
    size_t n = (size_t)++b->count;
    double **lines[] = {&b->values, &b->point, &b->direction, &b->predicted, &b->trial, &b->turned, &b->residual};
    for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) *lines[k] = PL_ARRAY(arena, n, double);
    b->matrix = PL_ARRAY(arena, n * n, double);
    b->pairs = PL_ARRAY(arena, most * most, double);
    b->work = PL_ARRAY(arena, game->profile_count, double);
    b->pivot = PL_ARRAY(arena, n, int);
    b->mixture = pl_mixture_new(arena, game);
    b->cost = game->player_count * (game->player_count - 1) * pl_game_pairs_cost(game) + b->count * b->count * b->count;
    for (int i = 0; i < game->player_count; i++)
        for (int k = 0; k < game->players[i].strategy_count; k++)
            b->point[b->first[i] + k] = -log(game->players[i].strategy_count);
    b->turned[b->count - 1] = 1;
    b->sign = turn(b, b->point, b->turned, b->direction);
}

static bool is_between(double x, double a, double c) { return (a < x && x <= c) || (c <= x && x < a); }

void pl_solve_logit(const pl_game *game, const pl_solve_options *options, pl_solution *solution) {
    branch b;
    pl_indifference system;
    start(&b, game, solution);
    pl_indifference_new(&solution->scratch, &b.from_least, &system);
    double **refined = pl_mixture_new(&solution->scratch, game);
    double target = options->lambda * b.scale, step = FIRST_STEP, after = 0;
    if (options->branch) keep(&b, b.point);
    for (int k = 0; k < MOST_STEPS && solution->left > 0 && after < b.far && advance(&b, &step); k++) {
        double before = b.point[b.count - 1];
        after = b.trial[b.count - 1];
        if (options->lambda > 0 && is_between(target, before, after)) keep_between(&b, target);
        take_trial(&b);
        if (options->branch) keep(&b, b.point);
        if (after > b.near_limit && after > target && is_clear(&b) && add_limit(&b, &system, refined, false)) return;
    }
    if (after > b.near_limit) add_limit(&b, &system, refined, true);
}
