/* Expected payoffs by pairs of players: the other axes of the payoff array are summed out one after the other, the
 * fastest first, so that a table takes little more operations than the game has profiles. */
#include "study/marginals.h"

#include <string.h>

/* Sums out the axis of `count` values that lies between `outer` slower and `inner` faster ones; in place is fine. */
static void sum_out(const double *in, double *out, long outer, int count, long inner, const double *p) {
    for (long o = 0; o < outer; o++)
        for (long r = 0; r < inner; r++) {
            const double *at = in + o * count * inner + r;
            double sum = 0;
            for (int l = 0; l < count; l++) sum += at[l * inner] * p[l];
            out[o * inner + r] = sum;
        }
}

static void put_table(const double *in, int own, int other, bool own_first, double *table) {
    for (int k = 0; k < own; k++)
        for (int l = 0; l < other; l++) table[k * other + l] = own_first ? in[k * other + l] : in[l * own + k];
}

void pl_game_pairs(const pl_game *game, double *const *mixture, int i, int j, double *work, double *table) {
    const double *in = game->payoffs + (size_t)i * (size_t)game->profile_count;
    long outer = game->profile_count, inner = 1;
    for (int m = game->player_count - 1; m >= 0; m--) {
        int count = game->players[m].strategy_count;
        outer /= count;
        if (m == i || m == j) {
            inner *= count;
            continue;
        }
        sum_out(in, work, outer, count, inner, mixture[m]);
        in = work;
    }
    put_table(in, game->players[i].strategy_count, game->players[j].strategy_count, i < j, table);
}

long long pl_game_pairs_cost(const pl_game *game) { return 2 * (long long)game->profile_count; }
