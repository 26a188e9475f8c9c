/* Exact numbers of games: see exact.h. */
#include "study/exact.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

enum { LARGEST_EXPONENT = 400, LONGEST = 2000 };

struct pl_exact_block {
    pl_exact_block *before;
    mpz_t *integers;
    mpq_t *rationals;
    size_t count;
};

/* The block is linked before its numbers begin to live, so that none is forgotten. */
static pl_exact_block *add_block(pl_exact *exact) {
    pl_exact_block *block = PL_NEW(exact->arena, pl_exact_block);
    block->before = exact->blocks;
    exact->blocks = block;
    return block;
}

mpz_t *pl_exact_integers(pl_exact *exact, size_t count) {
    mpz_t *numbers = PL_ARRAY(exact->arena, count, mpz_t);
    pl_exact_block *block = add_block(exact);
    for (size_t k = 0; k < count; k++) mpz_init(numbers[k]);
    block->integers = numbers;
    block->count = count;
    return numbers;
}

mpq_t *pl_exact_rationals(pl_exact *exact, size_t count) {
    mpq_t *numbers = PL_ARRAY(exact->arena, count, mpq_t);
    pl_exact_block *block = add_block(exact);
    for (size_t k = 0; k < count; k++) mpq_init(numbers[k]);
    block->rationals = numbers;
    block->count = count;
    return numbers;
}

void pl_exact_clear(pl_exact *exact) {
    for (pl_exact_block *block = exact->blocks; block; block = block->before) {
        for (size_t k = 0; block->integers && k < block->count; k++) mpz_clear(block->integers[k]);
        for (size_t k = 0; block->rationals && k < block->count; k++) mpq_clear(block->rationals[k]);
    }
    exact->blocks = NULL;
}

/* ---- reading and printing ----------------------------------------------------------------------------- */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Digits, at most one point among them: the integer they make without it, and how many follow it. */
static const char *read_digits(mpz_t value, const char *s, long *after) {
    bool point = false;
    long digits = 0;
    mpz_set_ui(value, 0);
    *after = 0;
    for (; is_digit(*s) || (*s == '.' && !point); s++) {
        if (*s == '.') {
            point = true;
            continue;
        }
        if (++digits > LONGEST) return NULL;
        mpz_mul_ui(value, value, 10);
        mpz_add_ui(value, value, (unsigned long)(*s - '0'));
        *after += point;
    }
    return digits ? s : NULL;
}

static const char *read_exponent(const char *s, long *exponent) {
    *exponent = 0;
    if (*s != 'e' && *s != 'E') return s;
    bool negative = s[1] == '-';
    s += 1 + (s[1] == '-' || s[1] == '+');
    if (!is_digit(*s)) return NULL;
    for (; is_digit(*s); s++)
        if ((*exponent = *exponent * 10 + (*s - '0')) > LARGEST_EXPONENT) return NULL;
    if (negative) *exponent = -*exponent;
    return s;
}

static void scale(mpq_t value, long exponent) {
    mpz_t power;
    mpz_init(power);
    mpz_ui_pow_ui(power, 10, (unsigned long)labs(exponent));
    if (exponent > 0) mpz_mul(mpq_numref(value), mpq_numref(value), power);
    else mpz_mul(mpq_denref(value), mpq_denref(value), power);
    mpz_clear(power);
}

bool pl_exact_read(mpq_t value, const char *text) {
    const char *s = text + (*text == '-' || *text == '+');
    long after, exponent, more;
    mpq_set_ui(value, 0, 1);
    s = read_digits(mpq_numref(value), s, &after);
    if (s) s = read_exponent(s, &exponent);
    if (!s) return false;
    if (*s == '/') {
        if (after || exponent) return false;
        s = read_digits(mpq_denref(value), s + 1, &more);
        if (!s || more || mpz_sgn(mpq_denref(value)) == 0) {
            mpq_set_ui(value, 0, 1);
            return false;
        }
    }
    if (*s) return false;
    scale(value, exponent - after);
    mpq_canonicalize(value);
    if (*text == '-') mpq_neg(value, value);
    return true;
}

void pl_exact_payoff(mpq_t value, const pl_game *game, int player, long profile) {
    const char *given = game->exact ? game->exact[player * game->profile_count + profile] : NULL;
    if (given && pl_exact_read(value, given)) return;
    char number[32];
    pl_number_print(pl_game_payoff(game, player, profile), number);
    pl_exact_read(value, number);
}

double pl_exact_double(const mpq_t value) {
    double low = mpq_get_d(value), high = nextafter(low, mpq_sgn(value) * INFINITY); /* get_d cuts off */
    if (!isfinite(high)) return low;
    mpq_t middle, half;
    mpq_inits(middle, half, NULL);
    mpq_set_d(middle, low);
    mpq_set_d(half, high);
    mpq_add(middle, middle, half);
    mpq_div_2exp(middle, middle, 1);
    int side = mpq_cmp(value, middle) * mpq_sgn(value);
    mpq_clears(middle, half, NULL);
    uint64_t bits;
    memcpy(&bits, &low, sizeof bits);
    return side < 0 || (side == 0 && bits % 2 == 0) ? low : high;
}

const char *pl_exact_text(pl_arena *arena, const mpq_t value) {
    size_t room = mpz_sizeinbase(mpq_numref(value), 10) + mpz_sizeinbase(mpq_denref(value), 10) + 3;
    return mpq_get_str(PL_ARRAY(arena, room, char), 10, value);
}
