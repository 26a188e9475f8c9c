/* See resample.h. */
#include "study/resample.h"

#include <math.h>
#include <string.h>

#include "base/philox.h"
#include "study/statistics.h"

/* ---- samples ------------------------------------------------------------------------------------------ */

static bool is_whole(const pl_ensemble *e, const double *const *rows, int row_count, long future) {
    for (int r = 0; r < row_count; r++)
        for (long p = 0; p < e->profiles; p++)
            if (isnan(rows[r][(size_t)p * (size_t)e->futures + (size_t)future])) return false;
    return true;
}

/* Replicates of the design that have futures, numbered anew. */
static void number_units(pl_sample *s, pl_arena *arena, long futures) {
    int *unit = PL_ARRAY(arena, s->count, int), last = -1;
    s->units = 0;
    for (long k = 0; k < s->count; k++) {
        int replicate = pl_design_replicate(futures, s->future[k]).number;
        if (replicate != last) s->units++;
        last = replicate;
        unit[k] = (int)s->units - 1;
    }
    s->unit = unit;
}

void pl_sample_make(pl_sample *s, pl_arena *arena, const pl_ensemble *e, const double *const *rows, int row_count,
                    const char *text) {
    long *future = PL_ARRAY(arena, e->futures, long);
    *s = (pl_sample){.future = future, .key = pl_stream_key(e->seed, pl_fnv1a(text, strlen(text)))};
    for (long f = 0; f < e->futures; f++)
        if (is_whole(e, rows, row_count, f)) future[s->count++] = f;
    double *columns = PL_ARRAY(arena, (size_t)row_count * (size_t)e->profiles * (size_t)s->count, double);
    s->columns = columns;
    for (int r = 0; r < row_count; r++)
        for (long p = 0; p < e->profiles; p++)
            for (long k = 0; k < s->count; k++) *columns++ = rows[r][(size_t)p * (size_t)e->futures + (size_t)future[k]];
    s->units = s->count;
    if (!pl_ensemble_is_random(e)) number_units(s, arena, e->futures);
}

/* ---- draws -------------------------------------------------------------------------------------------- */

void pl_sample_draw(const pl_sample *s, long replicate, double *weights) {
    memset(weights, 0, (size_t)s->units * sizeof *weights);
    for (long k = 0; k < s->units; k++)
        weights[(long)(pl_uniform_at(s->key, (uint64_t)replicate, (uint64_t)k) * (double)s->units)] += 1;
}

double pl_sample_spread(const pl_sample *s, const double *unit_weights, double *weights) {
    double total = 0;
    for (long f = 0; f < s->count; f++) total += weights[f] = unit_weights[s->unit ? s->unit[f] : f];
    if (total > 0) return total;
    for (long f = 0; f < s->count; f++) weights[f] = 1;
    return (double)s->count;
}

double pl_weighted_sum(const double *weights, const double *values, long count) {
    enum { LANES = 8 };
    double sums[LANES] = {0}, sum = 0;
    long f = 0;
    for (; f + LANES <= count; f += LANES)
        for (int k = 0; k < LANES; k++) sums[k] += weights[f + k] * values[f + k];
    for (; f < count; f++) sum += weights[f] * values[f];
    for (int k = 0; k < LANES; k++) sum += sums[k];
    return sum;
}

/* ---- gains of leaving --------------------------------------------------------------------------------- */

/* Adds a column of payoffs to the means of the units. */
static void add_column(const pl_sample *s, const double *numbers, const double *column, double weight, double *to) {
    for (long f = 0; f < s->count; f++) {
        int unit = s->unit ? s->unit[f] : (int)f;
        to[unit] += weight * column[f] / numbers[unit];
    }
}

/* How many futures each unit has. */
static double *count_units(pl_arena *arena, const pl_sample *s) {
    double *numbers = PL_ARRAY(arena, s->units, double);
    for (long f = 0; f < s->count; f++) numbers[s->unit ? s->unit[f] : f] += 1;
    return numbers;
}

/* What each strategy of a player gives by unit: values[strategy][units]. */
static void find_values(const pl_sample *s, const pl_game *game, double *const *mixture, int player,
                        const double *numbers, double *values) {
    for (long p = 0; p < game->profile_count; p++) {
        double weight = 1;
        for (int j = 0; j < game->player_count && weight != 0; j++)
            if (j != player) weight *= mixture[j][pl_game_strategy(game, p, j)];
        if (weight == 0) continue;
        const double *column = pl_sample_column(s, game->profile_count, player, p);
        add_column(s, numbers, column, weight, values + (size_t)pl_game_strategy(game, p, player) * (size_t)s->units);
    }
}

/* The player's payoff is the mixture of the values; the gains are what each value is more. */
static void compare_values(pl_regret *r, const pl_game *game, double *const *mixture, int player, double *gains) {
    double *payoff = r->payoff + (size_t)player * (size_t)r->sample->units;
    for (int k = 0; k < game->players[player].strategy_count; k++)
        for (long u = 0; u < r->sample->units; u++)
            payoff[u] += mixture[player][k] * gains[(size_t)k * (size_t)r->sample->units + (size_t)u];
    for (int k = 0; k < game->players[player].strategy_count; k++)
        for (long u = 0; u < r->sample->units; u++) gains[(size_t)k * (size_t)r->sample->units + (size_t)u] -= payoff[u];
}

/* Gains centred at their means, and the means' standard errors. */
static void standardise(pl_regret *r) {
    double units = (double)r->sample->units;
    for (int c = 0; c < r->gains; c++) {
        double *gain = r->gain + (size_t)c * (size_t)r->sample->units, sum = 0, squares = 0;
        for (long u = 0; u < r->sample->units; u++) sum += gain[u];
        r->mean[c] = sum / units;
        for (long u = 0; u < r->sample->units; u++) {
            gain[u] -= r->mean[c];
            squares += gain[u] * gain[u];
        }
        r->error[c] = units > 1 ? sqrt(squares / units / (units - 1)) : 0;
    }
}

void pl_regret_start(pl_regret *r, pl_arena *arena, const pl_sample *sample, const pl_game *game,
                     double *const *mixture, int replicates) {
    *r = (pl_regret){.sample = sample, .actors = game->player_count, .replicates = replicates};
    for (int i = 0; i < game->player_count; i++) r->gains += game->players[i].strategy_count;
    r->gain = PL_ARRAY(arena, (size_t)r->gains * (size_t)sample->units, double);
    r->payoff = PL_ARRAY(arena, (size_t)r->actors * (size_t)sample->units, double);
    r->mean = PL_ARRAY(arena, r->gains, double);
    r->error = PL_ARRAY(arena, r->gains, double);
    r->most = PL_ARRAY(arena, replicates, double);
    r->payoffs = PL_ARRAY(arena, (size_t)r->actors * (size_t)replicates, double);
    const double *numbers = count_units(arena, sample);
    double *gains = r->gain;
    for (int i = 0; i < game->player_count; i++) {
        find_values(sample, game, mixture, i, numbers, gains);
        compare_values(r, game, mixture, i, gains);
        gains += (size_t)game->players[i].strategy_count * (size_t)sample->units;
    }
    standardise(r);
}

/* ---- resamples ---------------------------------------------------------------------------------------- */

/* d - s t of a gain in a resample. Where all that was drawn is alike, its error is that of the sample. */
static double plausible_gain(const pl_regret *r, int c, const double *weights) {
    const double *gain = r->gain + (size_t)c * (size_t)r->sample->units;
    double units = (double)r->sample->units, sum = 0, squares = 0;
    if (r->error[c] == 0) return r->mean[c];
    for (long u = 0; u < r->sample->units; u++) {
        double part = weights[u] * gain[u];
        sum += part;
        squares += part * gain[u];
    }
    double shift = sum / units, variance = (squares / units - shift * shift) / (units - 1);
    double error = variance > 0 ? sqrt(variance) : r->error[c];
    return r->mean[c] - r->error[c] * (shift / error);
}

void pl_regret_draw(pl_regret *r, const double *unit_weights, int replicate) {
    long units = r->sample->units;
    double most = 0;
    for (int c = 0; c < r->gains && units >= PL_LEAST_UNITS; c++) {
        double gain = plausible_gain(r, c, unit_weights);
        if (gain > most) most = gain;
    }
    r->most[replicate] = most;
    for (int i = 0; i < r->actors; i++)
        r->payoffs[(size_t)i * (size_t)r->replicates + (size_t)replicate] =
            pl_weighted_sum(unit_weights, r->payoff + (size_t)i * (size_t)units, units) / (double)units;
}

double pl_regret_bound(pl_regret *r) {
    if (r->sample->units < PL_LEAST_UNITS || r->replicates < 1) return NAN;
    pl_sort(r->most, r->replicates);
    long rank = (long)ceil(0.95 * (r->replicates + 1)); /* an exact level where (replicates + 1) x 0.95 is whole */
    return r->most[(rank > r->replicates ? r->replicates : rank) - 1];
}

pl_interval pl_regret_payoff(pl_regret *r, int actor) {
    double *payoffs = r->payoffs + (size_t)actor * (size_t)r->replicates;
    pl_sort(payoffs, r->replicates);
    return (pl_interval){NAN, pl_quantile(payoffs, r->replicates, 0.025), pl_quantile(payoffs, r->replicates, 0.975)};
}
