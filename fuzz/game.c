/* Games of up to three players and any finite payoffs: solved or refused, and what is claimed holds.  Of the input, the
 * first byte says which payoffs, the next the numbers of strategies, the rest are the payoffs. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "study/solution.h"

enum { MOST = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct input {
    const uint8_t *data;
    size_t size, at;
} input;

static unsigned next_byte(input *in) { return in->at < in->size ? in->data[in->at++] : 0; }

/* Bits of a double; a small whole number; a power of ten. */
static double next_payoff(input *in, unsigned kind) {
    if (kind == 0) {
        uint64_t bits = 0;
        double value;
        for (int k = 0; k < 8; k++) bits = bits << 8 | next_byte(in);
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    int byte = (int)next_byte(in) - 128;
    return kind == 1 ? byte % 4 : kind == 2 ? byte / 10.0 : byte ? pow(10, byte) : 0;
}

static pl_game *read_game(input *in) {
    static const char *names[MOST] = {"a", "b", "c", "d"};
    unsigned kind = next_byte(in) % 4, count = 1 + next_byte(in) % 3;
    pl_player players[3];
    for (unsigned i = 0; i < count; i++)
        players[i] = (pl_player){names[i], (int)(1 + next_byte(in) % (count == 3 ? 2 : MOST)), names};
    pl_game *game = NULL;
    if (pl_game_new(players, (int)count, &game, NULL) != PL_OK) abort();
    for (long k = 0; k < game->player_count * game->profile_count; k++) game->payoffs[k] = next_payoff(in, kind);
    return game;
}

static void check(const pl_game *game, const pl_solution *s) {
    for (int i = 0; i < s->count; i++) {
        const pl_equilibrium *e = &s->equilibria[i];
        if (e->certified && e->regret != 0) abort();
        for (int p = 0; p < game->player_count; p++) {
            double sum = 0;
            for (int k = 0; k < game->players[p].strategy_count; k++) {
                if (!(e->mixture[p][k] >= 0 && e->mixture[p][k] <= 1)) abort();
                sum += e->mixture[p][k];
            }
            if (fabs(sum - 1) > 1e-9) abort();
        }
    }
    /* Nash's theorem */
    if (s->complete && s->count == 0 && game->player_count <= 2) abort();
    if (game->player_count <= 2 && !s->complete) abort(); /* so few strategies are always within what is promised */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = {data, size, 0};
    pl_game *game = read_game(&in);
    pl_solve_options options = {.budget = 1000000};
    pl_solution *solution = NULL;
    pl_error error = {0};
    pl_status status = pl_game_solve(game, NULL, &options, &solution, &error);
    if (status == PL_OK) check(game, solution);
    else if (status != PL_INVALID || !error.message[0]) abort();
    for (int format = PL_FORMAT_TEXT; status == PL_OK && format <= PL_FORMAT_JSON; format += PL_FORMAT_JSON) {
        char *text;
        if (pl_solution_print(game, solution, (pl_format)format, &text, NULL) == PL_OK) pl_text_free(text);
    }
    pl_solution_free(solution);
    pl_game_free(game);
    return 0;
}
