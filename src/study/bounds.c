/* Bounds of expected payoffs over a box.  A gain is linear in each player's mixture: players are taken one after the
 * other, and for each the extreme of a linear function over the part of a simplex in the box is a fractional knapsack
 * (Dantzig, Operations Research 5:266, 1957), which is exact where one other player mixes. */
#include "study/bounds.h"

#include <math.h>
#include <string.h>

static double power_scale(const pl_game *game, int player) {
    double least = INFINITY, most = -INFINITY;
    for (long p = 0; p < game->profile_count; p++) {
        least = fmin(least, pl_game_payoff(game, player, p));
        most = fmax(most, pl_game_payoff(game, player, p));
    }
    int exponent = 0;
    frexp(most - least, &exponent);
    return most > least ? ldexp(1, -exponent) : 1;
}

void pl_bounds_new(pl_arena *arena, const pl_game *game, pl_bounds *bounds) {
    *bounds = (pl_bounds){.game = game, .first = PL_ARRAY(arena, game->player_count, int),
                          .scale = PL_ARRAY(arena, game->player_count, double)};
    for (int i = 0; i < game->player_count; i++) {
        bounds->first[i] = bounds->total;
        bounds->total += game->players[i].strategy_count;
        bounds->scale[i] = power_scale(game, i);
    }
    bounds->slack = (8 + 4 * bounds->total) * 0x1p-52;
}

void pl_box_new(pl_arena *arena, const pl_bounds *bounds, pl_box *box) {
    box->low = PL_ARRAY(arena, bounds->total, double);
    box->high = PL_ARRAY(arena, bounds->total, double);
    box->use = PL_ARRAY(arena, bounds->total, unsigned char);
    for (int k = 0; k < bounds->total; k++) box->high[k] = 1;
}

void pl_box_copy(const pl_bounds *bounds, const pl_box *from, pl_box *to) {
    memcpy(to->low, from->low, (size_t)bounds->total * sizeof *to->low);
    memcpy(to->high, from->high, (size_t)bounds->total * sizeof *to->high);
    memcpy(to->use, from->use, (size_t)bounds->total);
}

bool pl_box_active(const pl_box *box, int strategy) { return box->use[strategy] <= PL_USE_YES; }

static bool tighten_player(pl_box *box, int first, int count) {
    double low = 0, high = 0;
    for (int k = first; k < first + count; k++) {
        if (!pl_box_active(box, k)) box->low[k] = box->high[k] = 0;
        low += box->low[k];
        high += box->high[k];
    }
    static const double margin = 0x1p-48;
    if (low > 1 + margin || high < 1 - margin) return false;
    for (int k = first; k < first + count; k++) {
        double most = 1 - (low - box->low[k]) + margin, least = 1 - (high - box->high[k]) - margin;
        if (most < box->high[k]) box->high[k] = fmax(most, box->low[k]);
        if (least > box->low[k]) box->low[k] = fmin(least, box->high[k]);
        if (box->high[k] > 1) box->high[k] = 1;
    }
    return true;
}

bool pl_box_tighten(const pl_bounds *bounds, pl_box *box) {
    for (int i = 0; i < bounds->game->player_count; i++)
        if (!tighten_player(box, bounds->first[i], bounds->game->players[i].strategy_count)) return false;
    return true;
}

double pl_box_width(const pl_bounds *bounds, const pl_box *box, int *widest) {
    double width = 0;
    for (int k = 0; k < bounds->total; k++)
        if (pl_box_active(box, k) && box->high[k] - box->low[k] > width) {
            width = box->high[k] - box->low[k];
            if (widest) *widest = k;
        }
    return width;
}

/* ---- bounds --------------------------------------------------------------------------------------------- */

typedef struct query {
    const pl_bounds *bounds;
    const pl_box *box, *later;
    const double *payoffs; /* of the player whose gain is asked for */
    double scale;
    int player, fixed;     /* these do not mix */
    long difference;       /* from the profile of l to that of k */
    long turn;             /* from what `fixed` plays to what it plays instead; 0: it is nobody */
    long leaves;
} query;

/* The largest sum of p x value (least: of -p x value, with sign -1) over the part of the simplex in the box. */
static double knapsack(const double *value, const double *low, const double *high, int count, double sign) {
    double left = 1, sum = 0, key[count], room[count];
    for (int k = 0; k < count; k++) {
        int at = k;
        double own = sign * value[k], space = high[k] - low[k];
        sum += low[k] * own;
        left -= low[k];
        for (; at > 0 && key[at - 1] < own; at--) {
            key[at] = key[at - 1];
            room[at] = room[at - 1];
        }
        key[at] = own;
        room[at] = space;
    }
    for (int k = 0; k < count && left > 0; k++) {
        double share = k + 1 < count && room[k] < left ? room[k] : left;
        sum += share * key[k];
        left -= share;
    }
    return sign * sum;
}

static pl_gain_range span(query *q, int m, long profile) {
    const pl_game *game = q->bounds->game;
    while (m < game->player_count && (m == q->player || m == q->fixed)) m++;
    if (m == game->player_count) {
        q->leaves++;
        double gain = q->payoffs[profile + q->difference] - q->payoffs[profile];
        if (q->turn) gain -= q->payoffs[profile + q->turn + q->difference] - q->payoffs[profile + q->turn];
        return (pl_gain_range){gain * q->scale, gain * q->scale};
    }
    const pl_box *box = m > q->fixed ? q->later : q->box;
    int count = 0, most = game->players[m].strategy_count, first = q->bounds->first[m];
    double low[most], high[most], least[most], best[most], below = 0;
    for (int l = 0; l < most; l++) {
        if (!pl_box_active(box, first + l)) continue;
        pl_gain_range inner = span(q, m + 1, profile + l * game->stride[m]);
        least[count] = inner.low;
        best[count] = inner.high;
        low[count] = box->low[first + l];
        high[count] = box->high[first + l];
        if (low[count] < 0) below -= low[count] * (inner.high - inner.low); /* a negative weight takes the other end */
        count++;
    }
    if (count == 1) return (pl_gain_range){least[0], best[0]};
    return (pl_gain_range){knapsack(least, low, high, count, -1) - below, knapsack(best, low, high, count, 1) + below};
}

static pl_gain_range ask(pl_bounds *bounds, query *q, int i, int k, int l, long profile) {
    const pl_game *game = bounds->game;
    q->bounds = bounds;
    q->payoffs = game->payoffs + (size_t)i * (size_t)game->profile_count;
    q->scale = bounds->scale[i];
    q->player = i;
    q->difference = (k - l) * game->stride[i];
    pl_gain_range range = span(q, 0, profile + l * game->stride[i]);
    bounds->spent += 8 * q->leaves;
    return (pl_gain_range){range.low - bounds->slack, range.high + bounds->slack};
}

pl_gain_range pl_bounds_gain(pl_bounds *bounds, const pl_box *box, int i, int k, int l) {
    query q = {.box = box, .later = box, .fixed = -1};
    return ask(bounds, &q, i, k, l, 0);
}

pl_gain_range pl_bounds_slope(pl_bounds *bounds, const pl_box *box, const pl_box *later, int i, int k, int l, int j, int m,
                              int o) {
    long stride = bounds->game->stride[j];
    query q = {.box = box, .later = later, .fixed = j, .turn = (o - m) * stride};
    return ask(bounds, &q, i, k, l, m * stride);
}
