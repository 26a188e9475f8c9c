/* Exact arithmetic for games, by GMP: payoffs as rational numbers, and integer tableaus.
 *
 * GMP's numbers own memory that no arena knows of, so they are kept in a list and cleared at once by pl_exact_clear,
 * also after a longjmp. GMP itself ends the process where the system refuses it memory; the numbers here are small (a
 * few kilobytes for the largest games taken), so that arenas run dry long before. */
#ifndef PL_EXACT_H
#define PL_EXACT_H
#include <gmp.h>

#include "study/game.h"

typedef struct pl_exact_block pl_exact_block;
typedef struct pl_exact {
    pl_arena *arena; /* holds the numbers' heads */
    pl_exact_block *blocks;
} pl_exact;

mpz_t *pl_exact_integers(pl_exact *exact, size_t count);   /* all 0 */
mpq_t *pl_exact_rationals(pl_exact *exact, size_t count);  /* all 0 */
void pl_exact_clear(pl_exact *exact);

/* Reads "-2", "0.25", "1e-3" or "1/3"; false where it is none of these or its exponent is beyond that of doubles. */
bool pl_exact_read(mpq_t value, const char *text);
/* A player's payoff: game->exact where it is given and can be read, else the shortest decimal of the double. */
void pl_exact_payoff(mpq_t value, const pl_game *game, int player, long profile);
/* The nearest double (ties to the even one). */
double pl_exact_double(const mpq_t value);
/* As text: "-2", "1/3". */
const char *pl_exact_text(pl_arena *arena, const mpq_t value);
#endif
